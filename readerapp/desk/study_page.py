"""The study itself: what was sealed, from which seeds, and whether all of it is still as it was."""

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.desk.columns import count, words
from readerapp.desk.tables import RowsTable
from readerapp.page import button, heading, labelled
from readerapp.viewer.keymap import item_letters
from readerapp.wording import protocol_word

if TYPE_CHECKING:
    from studies.planning.verification import Problem
    from studies.protocol import Item
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate


class StudyPage(QWidget):
    """The sealed design in facts, strata, items, and the verification."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.verify_button = button(self.tr("Verify now"), "", "verify")
        self.verify_button.clicked.connect(self.verify)
        self.verdict = labelled(self.tr("Not verified in this sitting."), "muted")
        self.verdict.setObjectName("verdict")
        self.strata = RowsTable(
            (
                words(self.tr("Stratum"), "stratum"),
                count(self.tr("Asked"), "wanted"),
                count(self.tr("Cases"), "cases"),
                count(self.tr("Patients"), "patients"),
            ),
            "strata_table",
            self.tr("Strata and practice"),
        )
        self.items = RowsTable(
            (
                words(self.tr("Item"), "text"),
                words(self.tr("Group"), "group"),
                words(self.tr("Kind"), "kind"),
                words(self.tr("Key"), "key"),
            ),
            "items_table",
            self.tr("Items"),
        )
        self._arrange()
        self.strata.show_rows(_strata(view))
        letters = item_letters((item.id, item.text, item.key) for item in view.protocol.items)
        self.items.show_rows([_item_row(item) | {"key": letters.get(item.id, "")} for item in view.protocol.items])

    def refresh(self) -> None:
        """A sealed design does not change: there is nothing to read again."""

    def verify(self) -> None:
        """Re-derive order and hashes and walk the chains, in the background."""
        check = operations.verify_study(parent=self, root=self._view.root)
        check.on_success(self._show_problems).disabling(self.verify_button).run()

    def _show_problems(self, problems: "list[Problem]") -> None:
        lines = [f"{problem.where}: {problem.what}" for problem in problems]
        intact = self.tr("Intact: protocol, order, images and journal are as they were sealed and written.")
        self.verdict.setText("\n".join(lines) or intact)
        theme.set_role(self.verdict, "error" if lines else "good")

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addLayout(heading(self.tr("Study"), self.tr("What was sealed, and whether it is still so.")))
        column.addWidget(_facts(self._view))
        check = QHBoxLayout()
        check.addWidget(self.verify_button, 0, Qt.AlignmentFlag.AlignTop)
        check.addWidget(self.verdict, 1)
        column.addLayout(check)
        tables = QHBoxLayout()
        tables.setSpacing(16)
        parts = ((self.tr("STRATA AND PRACTICE"), self.strata, 2), (self.tr("ITEMS"), self.items, 3))
        for title, table, stretch in parts:
            part = QVBoxLayout()
            part.addWidget(labelled(title, "group"))
            part.addWidget(table, 1)
            table.setMinimumHeight(300)
            tables.addLayout(part, stretch)
        column.addLayout(tables, 1)
        body = QWidget()
        body.setLayout(column)
        column.setContentsMargins(28, 22, 28, 8)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.tr("About this study"))
        theme.set_role(scroll, "reader")
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)


def _facts(view: "CoordinatorView") -> QFrame:
    card = QFrame()
    theme.set_role(card, "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(22, 16, 22, 16)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, text) in enumerate(_lines(view)):
        label = labelled(name, "muted")
        label.setWordWrap(False)
        value = QLabel(text)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)
    return card


def _lines(view: "CoordinatorView") -> list[tuple[str, str]]:
    protocol, design = view.protocol, view.design
    order = protocol.order
    per_reader = Counter(p.reader_id for p in design.presentations)
    repeats = sum(p.repeat > 0 for p in design.presentations)
    cases = sum(not case.practice for case in design.cases)
    shown = translate("StudyPage", "{reader} ({n} presentations)")
    cases_told = translate("StudyPage", "{cases} to read, {practice} for practice; one case is one {unit}")
    repeats_told = translate("StudyPage", "{n} presentations in all, at least {distance} positions apart")
    seeds = translate("StudyPage", "order {order}, selection {selection}; algorithm {algorithm}")
    sealed = translate("StudyPage", "{when} by version {version}")
    practice = len(design.cases) - cases
    lines = [
        (translate("StudyPage", "Title"), protocol.title),
        (
            translate("StudyPage", "Cases"),
            cases_told.format(cases=cases, practice=practice, unit=protocol_word(protocol.case_unit)),
        ),
        (
            translate("StudyPage", "Readers"),
            ", ".join(shown.format(reader=reader, n=n) for reader, n in per_reader.items()),
        ),
        (
            translate("StudyPage", "Arms"),
            ", ".join(
                arm.name if arm.name == arm.kind else f"{arm.name} ({protocol_word(arm.kind)})" for arm in protocol.arms
            ),
        ),
        (
            translate("StudyPage", "Hidden repeats"),
            repeats_told.format(n=repeats, distance=order.repeat_distance),
        ),
        (
            translate("StudyPage", "Seeds"),
            seeds.format(order=order.seed, selection=protocol.selection.seed, algorithm=design.algorithm),
        ),
        (translate("StudyPage", "Sealed"), sealed.format(when=design.sealed_at, version=design.software)),
        (translate("StudyPage", "Seal"), design.seal_hash),
        (translate("StudyPage", "Protocol (sha256)"), design.protocol_sha256),
        (translate("StudyPage", "Cohort rows (sha256)"), design.cohort_sha256),
    ]
    if design.flags:
        looks = "; ".join(f"{image[:12]}: {why}" for image, why in design.flags.items())
        lines.append((translate("StudyPage", "Look at"), looks))
    return lines


def _item_row(item: "Item") -> dict[str, object]:
    return item.model_dump() | {"group": protocol_word(item.group), "kind": protocol_word(item.kind)}


def _strata(view: "CoordinatorView") -> list[dict[str, object]]:
    wanted = {stratum.name: stratum.n for stratum in view.protocol.selection.strata}
    rows: list[dict[str, object]] = []
    names = [*(wanted or [""]), *(["practice"] if any(case.practice for case in view.design.cases) else [])]
    for name in names:
        practice = name == "practice" and name not in wanted
        cases = [case for case in view.design.cases if case.practice == practice and (practice or case.stratum == name)]
        asked = view.protocol.training.n if practice and view.protocol.training else wanted.get(name)
        patients = len({case.patient_id for case in cases})
        label = translate("StudyPage", "practice") if practice else name or translate("StudyPage", "all")
        rows.append({"stratum": label, "wanted": asked, "cases": len(cases), "patients": patients})
    return rows
