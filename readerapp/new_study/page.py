"""The form for a new study: its pages, the live count at the foot, drafts that are kept, and the seal at the end."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations, theme, trouble
from readerapp.background import Operation
from readerapp.operations import Draft, Planned
from readerapp.page import button, foot, labelled
from readerapp.recent import Memory
from readerapp.sentences import told

if TYPE_CHECKING:
    from studies.planning.form import FormLook

_PAUSE_MS = 400  # after the last key, before cases are counted
_UNFINISHED = "unfinished_study.json"


class NewStudyPage(QWidget):
    """From an empty form, or a protocol, to a sealed study. The pages are made when they are first shown."""

    left = Signal()
    sealed = Signal(object)  # Path of the sealed study

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._draft: Draft | None = None
        self._loaded: dict[str, Any] = {}  # what the form said when a protocol was put into it
        self._source = ""  # the text of that protocol, with its comments
        self._asked: object = None  # the count that is under way
        self._counting: Operation[FormLook] | None = None
        self._loading = False
        self._planned = False  # the protocol was made for this form and lies in no file
        self._built = False

    def start_over(self) -> None:
        """An empty form."""
        self._build()
        self._draft, self._source, self._planned = None, "", False
        self._loading = True
        self.basis.clear()
        self._loading = False
        self.basis.lock(False)
        self.items.files.clear(None)
        self._load({}, "")
        self.seal.show_draft(None)
        self.basis.resume.setVisible(self._kept_file.is_file())
        self.sections.setCurrentRow(0)
        self._say(self.tr("Choose a protocol and a cohort: the counts appear here at once."), "muted")

    def continue_draft(self, root: Path) -> None:
        """Go on with a draft made earlier: the checklist and the seal; its design can still be changed."""
        self.start_over()
        operations.look_at_draft(parent=self, root=root).on_success(self._show_draft).run()

    def begin_with(self, planned: Planned) -> None:
        """A protocol that a step before this study made, on its cohort; a form that is left like this is kept."""
        self.start_over()
        self.basis.cohort.edit.setText(str(planned.cohort))
        self._load(planned.entries, planned.text)
        self._planned = True
        self.basis.resume.hide()
        self.basis.out.setFocus()

    @property
    def problem(self) -> QWidget:
        """The sentence on the passphrases."""
        return self.seal.problem

    def entries(self) -> dict[str, Any]:
        """What the form says now, in the shape of a protocol."""
        found: dict[str, Any] = {}
        for section in (self.basis, self.cases, self.items, self.readers, self.reading):
            found |= section.entries()
        return found

    # Building

    def _build(self) -> None:
        if self._built:
            return
        from readerapp.new_study.basis import BasisSection
        from readerapp.new_study.cases import CasesSection
        from readerapp.new_study.items import ItemsSection
        from readerapp.new_study.readers import ReadersSection
        from readerapp.new_study.reading import ReadingSection
        from readerapp.new_study.sealing import SealSection
        from readerapp.new_study.workload import WorkloadSection

        self._built = True
        self._titles = self._section_titles()
        self.basis, self.cases, self.items = BasisSection(), CasesSection(), ItemsSection()
        self.readers, self.reading, self.workload = ReadersSection(), ReadingSection(), WorkloadSection()
        self.seal = SealSection(self._titles)
        self._pages = (self.basis, self.cases, self.items, self.readers, self.reading, self.workload, self.seal)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._typed = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._arrange()
        self._connect()

    def _section_titles(self) -> dict[str, str]:
        return {
            "basis": self.tr("Basis"),
            "cases": self.tr("Cases"),
            "items": self.tr("Items"),
            "readers": self.tr("Readers"),
            "reading": self.tr("Reading"),
            "workload": self.tr("Workload"),
            "seal": self.tr("Check and seal"),
        }

    def _arrange(self) -> None:
        self.sections = QListWidget()
        self.sections.setObjectName("form_sections")
        self.sections.setAccessibleName(self.tr("Pages of the form"))
        self.sections.addItems(list(self._titles.values()))
        self.sections.setFixedWidth(theme.wide(190))
        self.stack = QStackedWidget()
        for page in self._pages:
            self.stack.addWidget(page)
        self.check = labelled("", "muted")
        self.check.setObjectName("check")
        self.create_button = button(self.tr("Create the draft"), "primary", "create")
        back = button(self.tr("‹ Back to start"), "quiet", "back")
        back.clicked.connect(self._leave)
        side = QVBoxLayout()
        side.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(labelled(self.tr("New study"), "heading"))
        side.addWidget(self.sections, 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addLayout(side)
        middle.addWidget(self.stack, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.check, 1)
        bottom.addWidget(self.create_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 20, 4)
        layout.addLayout(middle, 1)
        layout.addLayout(bottom)
        layout.addWidget(foot())

    def _connect(self) -> None:
        self.sections.currentRowChanged.connect(self.stack.setCurrentIndex)
        for section in (self.basis, self.cases, self.items, self.readers, self.reading):
            section.changed.connect(self._note_change)
        self.basis.protocol_chosen.connect(self._protocol_chosen)
        self.basis.resume_asked.connect(self._resume)
        self._pause.timeout.connect(self._count)
        self._typed.timeout.connect(self._read_protocol)
        self.create_button.clicked.connect(self._create)
        self.seal.asked_for.connect(self.go_to)
        self.seal.seal_asked.connect(self._seal)

    def go_to(self, section: str) -> None:
        """Turn to a page of the form, with the keyboard in it."""
        self.sections.setCurrentRow(list(self._titles).index(section))
        self._pages[self.sections.currentRow()].enter()

    # Loading and keeping

    def _load(self, entries: Mapping[str, Any], source: str) -> None:
        """Put entries into the form; `source` is the text they come from."""
        self._loading = True
        for section in (self.basis, self.cases, self.items, self.readers, self.reading):
            section.load(entries)
        self._loading = False
        self._loaded, self._source = self.entries(), source
        self._note_change()

    def _protocol_chosen(self) -> None:
        if not self._loading:
            self.create_button.setEnabled(False)
            self._typed.start()

    def _read_protocol(self) -> None:
        file = self.basis.chosen_protocol()
        if file is None:
            self.items.files.clear(None)
            self._load({"title": ""}, "")
            return
        read = operations.read_protocol(parent=self, file=file)
        read.on_success(lambda found: self._take_protocol(file, found))
        read.on_failure(lambda error: self._show_misread(file, error)).run()

    def _take_protocol(self, file: Path, found: tuple[str, Mapping[str, Any]]) -> None:
        if file == self.basis.chosen_protocol() and self._draft is None:
            self.items.files.clear(file.parent)
            self._load(found[1], found[0])

    def _show_misread(self, file: Path, error: BaseException) -> None:
        if file == self.basis.chosen_protocol():
            self._pause.stop()
            self._asked = None
            self._say(trouble.sentence(error), "error")
            self.create_button.setEnabled(False)

    @property
    def _kept_file(self) -> Path:
        return self._memory.folder / _UNFINISHED

    def _leave(self) -> None:
        self._keep()
        self.left.emit()

    def _keep(self) -> None:
        """Keep a form that somebody has begun and that is no draft yet; a folder that refuses is no error."""
        if self._draft is not None or (self.entries() == self._loaded and not self._planned):
            return
        kept = {
            "entries": self.entries(),
            "cohort": self.basis.cohort.edit.text(),
            "out": self.basis.out.edit.text(),
            "exemplars": {name: str(file) for name, file in self._exemplar_files().items()},
        }
        try:
            self._memory.folder.mkdir(parents=True, exist_ok=True)
            self._kept_file.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
        except OSError:
            return

    def _exemplar_files(self) -> dict[str, Path]:
        """The file of every exemplar that the form names, wherever it lies."""
        names = [name for item in self.items.entries()["items"] for name in item.get("exemplars", ())]
        return {name: file for name in names if (file := self.items.files.place(name)) is not None}

    def _resume(self) -> None:
        try:
            kept = json.loads(self._kept_file.read_text(encoding="utf-8"))
            entries = dict(kept["entries"])
            places = str(kept["cohort"]), str(kept["out"])
            exemplars = {str(name): Path(file) for name, file in dict(kept.get("exemplars", {})).items()}
        except (OSError, ValueError, KeyError, TypeError):
            self._say(self.tr("The form that was kept cannot be read any more; begin a new one."), "error")
            return
        self.basis.cohort.edit.setText(places[0])
        self.basis.out.edit.setText(places[1])
        self.items.files.clear(None)
        self.items.files.chosen = exemplars
        self._load(entries, "")
        self._loaded = {}
        self.basis.resume.hide()

    # Counting

    def _note_change(self) -> None:
        """Something was changed: names of items go to the lists of cases, and the count follows after a pause."""
        if self._loading:
            return
        self.cases.offer_items(self.items.names())
        self.create_button.setEnabled(False)
        self.seal.note_edits(self._draft is not None and self.entries() != self._loaded)
        self._pause.start()

    def _cohort(self) -> Path | None:
        return self._draft.cohort if self._draft else self.basis.cohort.path()

    def _count(self) -> None:
        entries, cohort = self.entries(), self._cohort()
        self._asked = asked = object()
        if self._counting is not None and not self._counting.done:
            self._counting.cancel()  # of a form that says something else by now
        self._counting = look = operations.look_at_form(parent=self, entries=entries, cohort=cohort)
        look.on_success(lambda found: self._show_look(asked, found))
        look.on_failure(lambda error: self._show_failure(asked, error)).quietly().run()

    def _show_failure(self, asked: object, error: BaseException) -> None:
        if asked is self._asked:
            if not isinstance(error, trouble.EXPECTED):
                trouble.log_error(error)
            self._say(trouble.sentence(error), "error")

    def _show_look(self, asked: object, look: "FormLook") -> None:
        if asked is not self._asked:
            return
        self.cases.show_look(look)
        self.workload.show_look(look)
        self.items.show_look(look, self._cohort())
        self.seal.show_look(look)
        for row, (section, title) in enumerate(self._titles.items()):
            open_ = bool(look.of_section(section))
            self.sections.item(row).setText(f"{title}   !" if open_ else title)
        self._show_count(look)

    def _show_count(self, look: "FormLook") -> None:
        begun = self._cohort() is not None or self.entries() != self._loaded
        placed = self._draft is not None or self.basis.out.path() is not None
        changed = self._draft is None or self.entries() != self._loaded
        self.create_button.setText(self.tr("Save the draft") if self._draft else self.tr("Create the draft"))
        self.create_button.setVisible(changed)
        self.create_button.setEnabled(look.ready and placed and changed)
        if not begun and not look.ready and not self._source:
            return
        words = self._count_words(look)
        if look.problems:
            self._say("<br>".join([*words, self._first_problem(look)]), "error" if self._asserts(look) else "muted")
            return
        if not placed:
            asked = self.tr("Now choose a folder for the study.")
            words.append(f"<b>{asked}</b>")
        self._say("<br>".join(words), "")

    def _asserts(self, look: "FormLook") -> bool:
        """Whether something is wrong, not only missing: an error is not shouted at an empty form."""
        return any("missing" not in p.sentence and "choose the folder" not in p.sentence for p in look.problems)

    def _first_problem(self, look: "FormLook") -> str:
        first = next((p for p in look.problems if "missing" not in p.sentence), look.problems[0])
        more = len(look.problems) - 1
        words = f"{self._titles[first.section]}: {escape(told(first.sentence))}"
        return words + (self.tr("; and {n} more").format(n=more) if more else "")

    def _count_words(self, look: "FormLook") -> list[str]:
        """Title and counts, then each diagnosis with what there is."""
        if look.cases is None or look.cohort is None:
            return []
        title = escape(self.basis.title.text().strip() or self.tr("Untitled"))
        words = self.tr("<b>{title}</b>: {cases} cases of {patients} patients{practice}; {items} items; {readers}")
        practice = sum(one.sampled for one in look.sampled if one.practice)
        readers = [row["id"] for row in self.readers.entries()["readers"] if row["id"]]
        named = self.tr("{n} readers ({names})").format(n=len(readers), names=escape(", ".join(readers)))
        lines = [
            words.format(
                title=title,
                cases=look.cases,
                patients=look.patients,
                practice=self.tr(", and {n} practice cases").format(n=practice) if practice else "",
                items=len(self.items.names()),
                readers=named if readers else self.tr("no reader yet"),
            )
        ]
        if look.readings:
            total, one = sum(look.readings.values()), max(look.readings.values())
            hours = f"{total * self.workload.seconds.value() / 3600:.1f}"
            words = self.tr("{total} readings ({one} a reader, {repeats} hidden repeats), about {hours} hours in all")
            lines.append(words.format(total=total, one=one, repeats=look.repeats, hours=hours))
        named_strata = [one for one in look.sampled if one.name and not one.practice]
        if named_strata:
            lines.append("; ".join(self._stratum_words(one.name, one.wanted, one.sampled) for one in named_strata))
        return lines

    def _stratum_words(self, name: str, wanted: int, found: int) -> str:
        words = self.tr("{name}: {n} cases").format(name=escape(name), n=found)
        return words + (
            self.tr(" of the {wanted} asked for: all there are").format(wanted=wanted) if found < wanted else ""
        )

    def _say(self, text: str, role: str) -> None:
        self.check.setText(text)
        theme.set_role(self.check, role)

    # Draft and seal

    def _text(self) -> str:
        """The protocol's own text where the form says the same; else as the form writes it."""
        from studies.planning.protocol_text import protocol_text

        entries = self.entries()
        return self._source if self._source and entries == self._loaded else protocol_text(entries)

    def _create(self) -> None:
        if self._draft is not None:
            root, chosen = self._draft.root, dict(self.items.files.chosen)
            change = operations.change_draft(parent=self, root=root, text=self._text(), exemplars=chosen)
            change.on_success(self._show_draft).disabling(self.create_button).run()
            return
        cohort, out = self.basis.cohort.path(), self.basis.out.path()
        if cohort and out:
            file = self.basis.chosen_protocol()
            create = operations.create_study(
                parent=self,
                text=self._text(),
                cohort=cohort,
                out=out,
                exemplars_from=file.parent if file else None,
                exemplars=dict(self.items.files.chosen),
            )
            create.on_success(self._created).disabling(self.create_button).run()

    def _created(self, draft: Draft) -> None:
        self._kept_file.unlink(missing_ok=True)
        self._show_draft(draft)

    def _show_draft(self, draft: Draft) -> None:
        self._draft = draft
        self._memory.remember(draft.root)
        self.basis.lock(True)
        self.basis.resume.hide()
        self.items.files.clear(draft.root / operations.EXEMPLARS)
        self._load(draft.entries, "")
        self.seal.show_draft(draft)
        self.create_button.hide()
        self.sections.setCurrentRow(len(self._titles) - 1)

    def _seal(self, passphrases: Mapping[str, str]) -> None:
        if self._draft:
            root = self._draft.root
            seal = operations.seal_study(parent=self, root=root, passphrases=passphrases)
            seal.on_success(lambda _design: self._finish(root)).disabling(self.seal.seal, self.seal.passphrases).run()

    def _finish(self, root: Path) -> None:
        self.start_over()
        self.sealed.emit(root)
