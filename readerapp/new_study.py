"""The form for a new study: protocol, cohort, folder, live check, draft, passphrases, seal."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from readerapp import operations, theme, trouble
from readerapp.operations import COORDINATOR, Draft, StudyPlan
from readerapp.page import button, foot, heading, labelled
from readerapp.recent import Memory
from resources.files import shipped_files
from studies.reading.access import LEAST_CHARACTERS

if TYPE_CHECKING:
    from studies.planning.sealing import Readiness

_PAUSE_MS = 400  # after the last key, before the check starts
_FROM_FILE = "another file …"


def ready_protocols() -> dict[str, Path]:
    """Name → file of the protocols that ship with the program."""
    return {path.stem.replace("_", " "): path for path in shipped_files("protocols") if path.suffix == ".toml"}


class PathField(QWidget):
    """A path to type, or to choose with a dialog."""

    changed = Signal()

    def __init__(self, name: str, hint: str, choose: Callable[[QWidget], str]) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setObjectName(name)
        self.edit.setPlaceholderText(hint)
        self._choose = choose
        browse = button("Choose …", "", f"{name}_choose")
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        row.addWidget(browse)
        self.edit.textChanged.connect(self.changed)

    def path(self) -> Path | None:
        text = self.edit.text().strip().strip('"')
        return Path(text).expanduser() if text else None

    def _browse(self) -> None:
        chosen = self._choose(self)
        if chosen:
            self.edit.setText(chosen)


class PassphraseForm(QFrame):
    """A passphrase, given twice, for the coordinator and each reader."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._fields: dict[str, tuple[QLineEdit, QLineEdit]] = {}

    def ask_for(self, names: tuple[str, ...]) -> None:
        """Show a row for each name, empty."""
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self._fields = {}
        for row, name in enumerate(names):
            fields = (_secret(f"passphrase_{name}", "passphrase"), _secret(f"repeat_{name}", "the same again"))
            self._fields[name] = fields
            self._grid.addWidget(labelled(name), row, 0)
            for column, field in enumerate(fields, start=1):
                self._grid.addWidget(field, row, column)
                field.textChanged.connect(self.changed)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)

    def passphrases(self) -> dict[str, str]:
        return {name: first.text() for name, (first, _second) in self._fields.items()}

    def problem(self) -> str:
        """What still has to be entered, in a sentence; "" when all is there."""
        for name, (first, second) in self._fields.items():
            if len(first.text()) < LEAST_CHARACTERS:
                return f"{name}: a passphrase needs at least {LEAST_CHARACTERS} characters."
            if first.text() != second.text():
                return f"{name}: the two passphrases differ."
        texts = [first.text() for first, _second in self._fields.values()]
        if len(set(texts)) < len(texts):
            return "Two people have the same passphrase: each needs one of their own."
        return ""


class NewStudyPage(QWidget):
    """From protocol and cohort to a sealed study, on one page."""

    left = Signal()
    sealed = Signal(object)  # Path of the sealed study

    def __init__(self, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._ready = ready_protocols()
        self._draft: Draft | None = None
        self.protocol = QComboBox()
        self.protocol.setObjectName("protocol")
        self.protocol.addItems([*self._ready, _FROM_FILE])
        self.protocol_file = PathField("protocol_file", "protocol.toml", _choose_protocol)
        self.cohort = PathField("cohort", "folder with cohort.csv", _choose_cohort)
        self.out = PathField("out", "a new folder for the study", _choose_out)
        self.check = labelled("", "muted")
        self.check.setObjectName("check")
        self.create_button = button("Create the draft", "primary", "create")
        self.checklist = QVBoxLayout()
        self.passphrases = PassphraseForm()
        self.seal_button = button("Seal the study", "primary", "seal")
        self.problem = labelled("", "muted")
        self._plan_card, self._seal_card = _card(), _card()
        self._draft_title, self._draft_place = labelled("", "heading"), labelled("", "muted")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._arrange()
        self._connect()
        self.start_over()

    def start_over(self) -> None:
        """An empty form."""
        self._draft = None
        for field in (self.protocol_file, self.cohort, self.out):
            field.edit.clear()
        self._plan_card.show()
        self._seal_card.hide()
        self._wait_for_more()

    def continue_draft(self, root: Path) -> None:
        """Go on with a draft made earlier: the checklist and the seal."""
        self.start_over()
        self._plan_card.hide()
        operations.look_at_draft(parent=self, root=root).on_success(self._show_draft).run()

    def _connect(self) -> None:
        self.protocol.currentIndexChanged.connect(self._wait_for_more)
        for field in (self.protocol_file, self.cohort, self.out):
            field.changed.connect(self._wait_for_more)
        self._pause.timeout.connect(self._check)
        self.create_button.clicked.connect(self._create)
        self.seal_button.clicked.connect(self._seal)
        self.passphrases.changed.connect(self._look_at_passphrases)

    def _chosen_protocol(self) -> Path | None:
        return self._ready.get(self.protocol.currentText()) or self.protocol_file.path()

    def _wait_for_more(self) -> None:
        self.protocol_file.setVisible(self.protocol.currentText() == _FROM_FILE)
        self.create_button.setEnabled(False)
        self._say(self.check, "Choose a protocol and a cohort: the counts appear here at once.", "muted")
        if self._chosen_protocol() and self.cohort.path():
            self._pause.start()

    def _check(self) -> None:
        protocol, cohort = self._chosen_protocol(), self.cohort.path()
        if protocol is None or cohort is None:
            return
        asked = (protocol, cohort)
        plan = operations.plan_study(parent=self, protocol=protocol, cohort=cohort)
        plan.on_success(lambda found: self._show_plan(asked, found))
        plan.on_failure(lambda error: self._show_misfit(asked, error)).run()

    def _is_current(self, asked: tuple[Path, Path]) -> bool:
        return asked == (self._chosen_protocol(), self.cohort.path()) and self._draft is None

    def _show_plan(self, asked: tuple[Path, Path], plan: StudyPlan) -> None:
        if not self._is_current(asked):
            return
        self._say(self.check, _plan_text(plan), "")
        self.create_button.setEnabled(self.out.path() is not None)
        if self.out.path() is None:
            self._say(self.check, _plan_text(plan) + "<br><b>Now choose a folder for the study.</b>", "")

    def _show_misfit(self, asked: tuple[Path, Path], error: BaseException) -> None:
        if self._is_current(asked):
            if not isinstance(error, trouble.EXPECTED):
                trouble.log_error(error)
            self._say(self.check, trouble.sentence(error), "error")

    def _create(self) -> None:
        protocol, cohort, out = self._chosen_protocol(), self.cohort.path(), self.out.path()
        if protocol and cohort and out:
            create = operations.create_study(parent=self, protocol=protocol, cohort=cohort, out=out)
            create.on_success(self._show_draft).disabling(self.create_button).run()

    def _show_draft(self, draft: Draft) -> None:
        self._draft = draft
        self._memory.remember(draft.root)
        self._plan_card.hide()
        self._draft_title.setText(f"{draft.title}: before sealing")
        self._draft_place.setText(f"The draft lies in {draft.root}")
        while (item := self.checklist.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for check in draft.checks:
            self.checklist.addWidget(_check_line(check))
        self.passphrases.ask_for((COORDINATOR, *draft.readers))
        self._seal_card.show()
        self._look_at_passphrases()

    def _look_at_passphrases(self) -> None:
        problem = self.passphrases.problem()
        if self._draft and not self._draft.ready:
            problem = (
                "The list above has to be mended first: correct the protocol or the cohort and create the draft again."
            )
        self.problem.setText(problem or "Sealing fixes protocol, cases and orders. Nothing can be added afterwards.")
        self.seal_button.setEnabled(not problem)

    def _seal(self) -> None:
        if self._draft:
            root = self._draft.root
            seal = operations.seal_study(parent=self, root=root, passphrases=self.passphrases.passphrases())
            seal.on_success(lambda _design: self._finish(root)).disabling(self.seal_button, self.passphrases).run()

    def _finish(self, root: Path) -> None:
        self.start_over()
        self.sealed.emit(root)

    def _say(self, label: QLabel, text: str, role: str) -> None:
        label.setText(text)
        theme.set_role(label, role)

    def _arrange(self) -> None:
        self._fill_plan_card()
        self._fill_seal_card()
        body = QWidget()
        body.setMaximumWidth(900)
        column = QVBoxLayout(body)
        column.setContentsMargins(36, 28, 36, 12)
        column.setSpacing(18)
        back = button("‹ Back to start", "quiet", "back")
        back.clicked.connect(self.left)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(
            heading("New study", "A protocol says what is asked; a cohort holds the images; sealing fixes both.")
        )
        column.addWidget(self._plan_card)
        column.addWidget(self._seal_card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 16, 4)
        layout.addWidget(scroll, 1)
        layout.addWidget(foot())

    def _fill_plan_card(self) -> None:
        form = QGridLayout(self._plan_card)
        form.setContentsMargins(22, 18, 22, 18)
        form.setVerticalSpacing(10)
        form.setColumnStretch(1, 1)
        rows = (
            ("Protocol", self.protocol),
            ("", self.protocol_file),
            ("Cohort", self.cohort),
            ("Study folder", self.out),
        )
        for number, (name, widget) in enumerate(rows):
            if name:
                form.addWidget(labelled(name), number, 0)
            form.addWidget(widget, number, 1)
        form.addWidget(self.check, len(rows), 1)
        form.addWidget(self.create_button, len(rows) + 1, 1, Qt.AlignmentFlag.AlignRight)

    def _fill_seal_card(self) -> None:
        column = QVBoxLayout(self._seal_card)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(self._draft_title)
        column.addWidget(self._draft_place)
        column.addLayout(self.checklist)
        column.addSpacing(8)
        column.addWidget(labelled("Passphrases", "heading"))
        column.addWidget(
            labelled(
                "Each person needs one of their own. They are stored nowhere: write them down before you seal.", "muted"
            )
        )
        column.addWidget(self.passphrases)
        column.addWidget(self.problem)
        column.addWidget(self.seal_button, 0, Qt.AlignmentFlag.AlignRight)


def _plan_text(plan: StudyPlan) -> str:
    practice = f", and {plan.practice} practice cases" if plan.practice else ""
    lines = [
        f"✓ <b>{plan.title}</b>: {plan.cases} cases{practice}; {plan.items} items; {len(plan.readers)} readers "
        f"({', '.join(plan.readers)})",
        f"✓ cohort: {plan.images} images of {plan.patients} patients",
    ]
    for name, wanted, found in plan.strata:
        short = "" if found >= wanted else f" of the {wanted} asked for: all there are"
        lines.append(f"{name}: {found} cases{short}")
    return "<br>".join(lines)


def _check_line(check: "Readiness") -> QLabel:
    mark, color = ("✓", theme.COLORS.good) if check.ok else ("!", theme.COLORS.warning)
    if not check.ok and check.blocking:
        mark, color = "✗", theme.COLORS.error
    what, sentence = escape(check.what), escape(check.sentence)
    line = labelled(f'<span style="color: {color}">{mark}&nbsp; {what}</span>: {sentence}')
    line.setContentsMargins(0, 0, 0, 0)
    return line


def _secret(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(hint)
    return field


def _card() -> QFrame:
    card = QFrame()
    theme.set_role(card, "card")
    return card


def _choose_protocol(parent: QWidget) -> str:
    return QFileDialog.getOpenFileName(parent, "Choose a protocol", "", "Protocols (*.toml)")[0]


def _choose_cohort(parent: QWidget) -> str:
    return QFileDialog.getExistingDirectory(parent, "Choose a cohort's folder")


def _choose_out(parent: QWidget) -> str:
    return QFileDialog.getSaveFileName(parent, "Name a new folder for the study")[0]
