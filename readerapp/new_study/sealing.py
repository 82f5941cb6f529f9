"""The last page of the form: what is still open, each line with a way there; passphrases; the seal."""

from collections.abc import Callable, Iterable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.fields import card
from readerapp.new_study.parts import PassphraseForm, Section
from readerapp.operations import COORDINATOR, Draft
from readerapp.page import button, labelled
from readerapp.sentences import told
from readerapp.wording import check_word
from studies.planning.draft import Readiness
from studies.planning.form import BASIS, CASES, ITEMS, READERS, READING, SECTIONS, FormLook

_PLACES = {  # what a line of the checklist is about → the page of the form where it is mended
    "draft": BASIS,
    "cohort": BASIS,
    "images": CASES,
    "items": ITEMS,
    "exemplars": ITEMS,
    "readers": READERS,
    "order": READING,
    "cases and order": CASES,
    "explanations": READING,
    "practice": CASES,
    "cases": CASES,
}


class SealSection(Section):
    """The checklist, the passphrases, the seal."""

    asked_for = Signal(str)  # a page of the form
    seal_asked = Signal(object)  # passphrases by person

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__(
            "seal",
            self.tr("Check and seal"),
            self.tr("Sealing fixes protocol, cases and orders. Nothing can be added later."),
        )
        self._titles = titles
        self._draft: Draft | None = None
        self._edited = False
        self.title, self.place = labelled("", "heading"), labelled("", "muted")
        self.checklist = QVBoxLayout()
        self.passphrases = PassphraseForm()
        self.problem = labelled("", "muted")
        self.seal = button(self.tr("Seal the study"), "primary", "seal")
        list_card, self._seal_card = card(), card()
        self._arrange(list_card)
        self.column.addStretch(1)
        self.passphrases.changed.connect(self._look_at_passphrases)
        self.seal.clicked.connect(lambda: self.seal_asked.emit(self.passphrases.passphrases()))
        self._seal_card.hide()

    def show_look(self, look: FormLook) -> None:
        """What a form that is no draft yet still lacks, a line a page."""
        if self._draft is None:
            self.title.setText(self.tr("Before the draft"))
            self.place.setText(self.tr("Create the draft below when every line is done; the images are checked then."))
            self._fill(self._look_lines(look))

    def show_draft(self, draft: Draft | None) -> None:
        """The checklist of a draft, and the fields for passphrases."""
        self._draft, self._edited = draft, False
        self._seal_card.setVisible(draft is not None)
        if draft:
            self.title.setText(self.tr("{title}: before sealing").format(title=draft.title))
            self.place.setText(self.tr("The draft lies in {place}").format(place=draft.root))
            self._fill(_CheckLine(check, self._way_to(check)) for check in draft.checks)
            self.passphrases.ask_for((COORDINATOR, *draft.readers))
            self._look_at_passphrases()

    def note_edits(self, edited: bool) -> None:
        """Whether the form says something else than the draft: it is saved before it is sealed."""
        if edited != self._edited:
            self._edited = edited
            self._look_at_passphrases()

    def _look_lines(self, look: FormLook) -> "Iterable[_CheckLine]":
        for section in SECTIONS:
            wrong = look.of_section(section)
            sentence = "; ".join(map(told, wrong)) or self.tr("complete")
            check = Readiness(self._titles[section], not wrong, sentence)
            yield _CheckLine(check, self._to(section) if wrong else None)

    def _way_to(self, check: Readiness) -> Callable[[], None] | None:
        if check.ok:
            return None
        section = CASES if check.what.startswith("stratum") else _PLACES.get(check.what)
        return self._to(section) if section else None

    def _to(self, section: str) -> Callable[[], None]:
        return lambda: self.asked_for.emit(section)

    def _fill(self, lines: "Iterable[_CheckLine]") -> None:
        while (item := self.checklist.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for one in lines:
            self.checklist.addWidget(one)

    def _look_at_passphrases(self) -> None:
        problem = self.passphrases.problem()
        if self._edited:
            problem = self.tr("The form was changed: save the draft below first.")
        if self._draft and not self._draft.ready:
            problem = self.tr("The lines marked ✗ above have to be mended first; then save the draft again.")
        self.problem.setText(problem or self.tr("Ready: sealing fixes protocol, cases and orders."))
        self.seal.setEnabled(self._draft is not None and not problem)

    def _arrange(self, list_card: QFrame) -> None:
        column = QVBoxLayout(list_card)
        column.setContentsMargins(22, 16, 22, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.place)
        column.addLayout(self.checklist)
        below = QVBoxLayout(self._seal_card)
        below.setContentsMargins(22, 16, 22, 16)
        below.setSpacing(8)
        below.addWidget(labelled(self.tr("Passphrases"), "heading"))
        words = self.tr("Each person needs one of their own. They are stored nowhere: write them down before you seal.")
        below.addWidget(labelled(words, "muted"))
        below.addWidget(self.passphrases)
        below.addWidget(self.problem)
        below.addWidget(self.seal, 0, Qt.AlignmentFlag.AlignRight)
        self.column.addWidget(list_card)
        self.column.addWidget(self._seal_card)


class _CheckLine(QWidget):
    """✓, ! or ✗, what it is about, a sentence, and where it is mended a button that goes there."""

    def __init__(self, check: Readiness, go: Callable[[], None] | None) -> None:
        super().__init__()
        mark, color = ("✓", theme.COLORS.good) if check.ok else ("!", theme.COLORS.warning)
        if not check.ok and check.blocking:
            mark, color = "✗", theme.COLORS.error
        what, sentence = escape(check_word(check.what)), escape(told(check.sentence))
        words = labelled(f'<span style="color: {color}">{mark}&nbsp; {what}</span>: {sentence}')
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        if go is not None:
            there = button(self.tr("Go there"), "quiet", f"go_{check.what}")
            there.setAccessibleName(self.tr("Go to: {what}").format(what=check_word(check.what)))
            there.clicked.connect(go)
            row.addWidget(there, 0, Qt.AlignmentFlag.AlignTop)
