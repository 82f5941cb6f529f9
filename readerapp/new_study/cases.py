"""The page of the form that chooses cases: filter, diagnoses with their numbers, practice."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.fields import add_row, choice, line, tick, whole
from readerapp.new_study.parts import Row, Rows, Section
from readerapp.page import labelled
from studies.planning.conditions import ConditionRow, condition_rows, conditions_of
from studies.planning.form import CohortFacts, FormLook
from studies.planning.selection import Sampled

Names = Sequence[tuple[str, str]]  # id and text of every item of the form


class Condition(Row):
    """Column, relation, words."""

    def __init__(self, facts: CohortFacts | None) -> None:
        super().__init__("condition")
        self.column = choice("condition_column", self.tr("Column of the cohort"))
        self.column.setEditable(True)
        self.column.setMinimumContentsLength(16)
        self.relation = choice(
            "condition_relation",
            self.tr("Relation"),
            (
                (self.tr("is"), "is"),
                (self.tr("is not"), "is not"),
                (self.tr("is at least"), "at least"),
                (self.tr("is at most"), "at most"),
            ),
        )
        self.words = line("condition_words", self.tr("Values"), self.tr("one value, or several with commas"))
        self._facts = facts
        self.setLayout(self.line_of((self.column, 2), (self.relation, 1), (self.words, 3)))
        self.offer(facts)
        self.column.currentTextChanged.connect(self._column_changed)
        self.relation.currentIndexChanged.connect(self.changed)
        self.words.textChanged.connect(self.changed)

    def first_field(self) -> QWidget:
        return self.column

    def offer(self, facts: CohortFacts | None) -> None:
        """The columns of a cohort to choose from."""
        self._facts = facts
        chosen = self.column.currentText()
        self.column.blockSignals(True)
        self.column.clear()
        self.column.addItems(list(facts.columns) if facts else [])
        self.column.setCurrentText(chosen)
        self.column.blockSignals(False)
        self._offer_values()

    def show_row(self, row: ConditionRow) -> None:
        self.column.setCurrentText(row.column)
        self.relation.setCurrentIndex(self.relation.findData(row.relation))
        self.words.setText(row.words)

    def row(self) -> ConditionRow:
        return ConditionRow(self.column.currentText(), self.relation.currentData(), self.words.text())

    def _column_changed(self) -> None:
        self._offer_values()
        self.changed.emit()

    def _offer_values(self) -> None:
        known = self._facts.columns.get(self.column.currentText(), ()) if self._facts else ()
        completer = QCompleter([value for value, _ in known if value], self.words)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.words.setCompleter(completer)
        empty = self.tr("empty")
        examples = ", ".join(f"{value or empty} ({count})" for value, count in known[:4])
        self.words.setPlaceholderText(examples or self.tr("one value, or several with commas"))


class Conditions(Rows):
    """Conditions that must all hold."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self.tr("Add a condition"), lambda: Condition(self._facts))
        self._facts: CohortFacts | None = None

    def offer(self, facts: CohortFacts | None) -> None:
        self._facts = facts
        for row in self.rows():
            if isinstance(row, Condition):
                row.offer(facts)

    def load(self, conditions: Mapping[str, Any]) -> None:
        self.clear()
        for given in condition_rows(conditions):
            row = self.add()
            if isinstance(row, Condition):
                row.show_row(given)

    def entries(self) -> dict[str, Any]:
        return conditions_of(row.row() for row in self.rows() if isinstance(row, Condition))


class Chosen(QListWidget):
    """Items of the form, some of them ticked."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFixedHeight(104)
        self._given: list[str] = []  # the order in which a protocol names them; what is ticked later follows

    def offer(self, names: Names) -> None:
        """The items there are; what is ticked stays so, by id."""
        self.show_ids(self.ids(), names)

    def show_ids(self, ids: Iterable[str], names: Names) -> None:
        wanted = self._given = list(ids)
        unknown = [(one, one) for one in wanted if one not in {item_id for item_id, _ in names}]
        self.blockSignals(True)
        self.clear()
        for item_id, text in (*names, *unknown):
            entry = QListWidgetItem(text or item_id)
            entry.setData(Qt.ItemDataRole.UserRole, item_id)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Checked if item_id in wanted else Qt.CheckState.Unchecked)
            self.addItem(entry)
        self.blockSignals(False)

    def ids(self) -> list[str]:
        entries = (self.item(place) for place in range(self.count()))
        ticked = [e.data(Qt.ItemDataRole.UserRole) for e in entries if e.checkState() == Qt.CheckState.Checked]
        return [one for one in self._given if one in ticked] + [one for one in ticked if one not in self._given]


class Stratum(Row):
    """Cases sampled for one diagnosis."""

    def __init__(self, facts: CohortFacts | None, names: Names) -> None:
        super().__init__("stratum")
        theme.set_role(self, "card")
        self.name = line("stratum_name", self.tr("Diagnosis"), self.tr("diagnosis, e.g. pneumothorax"))
        self.n = whole("stratum_n", self.tr("Number of cases, or all if fewer"), 1, 99999, 30)
        self.available = labelled("", "muted")
        self.available.setObjectName("stratum_available")
        self.where = Conditions("stratum_condition")
        self.where.offer(facts)
        self.confounders = Chosen("stratum_confounders", self.tr("Confounders that step 1 found for it"))
        self.findings = Chosen("stratum_findings", self.tr("Items that are the diagnosis itself"))
        self._arrange()
        self.offer_items(names)
        self.name.textChanged.connect(self.changed)
        self.n.valueChanged.connect(self.changed)
        self.where.changed.connect(self.changed)
        for chosen in (self.confounders, self.findings):
            chosen.itemChanged.connect(self.changed)

    def first_field(self) -> QWidget:
        return self.name

    def order_tabs(self) -> None:
        super().order_tabs()
        order = (self.remove_button, self.where.add_button, self.confounders, self.findings)
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def last_field(self) -> QWidget:
        return self.findings

    def offer_items(self, names: Names) -> None:
        self.confounders.offer(names)
        self.findings.offer(names)

    def load(self, entries: Mapping[str, Any], names: Names) -> None:
        self.name.setText(str(entries.get("name", "")))
        self.n.setValue(int(entries.get("n", 30)))
        self.where.load(entries.get("where", {}))
        self.confounders.show_ids(entries.get("confounders", ()), names)
        self.findings.show_ids(entries.get("finding_items", ()), names)

    def entries(self) -> dict[str, Any]:
        return {
            "name": self.name.text().strip(),
            "where": self.where.entries(),
            "n": self.n.value(),
            "confounders": self.confounders.ids(),
            "finding_items": self.findings.ids(),
        }

    def show_count(self, sampled: Sampled | None) -> None:
        """How many cases there are for it."""
        self.available.setText(count_words(sampled) if sampled else "")
        short = sampled is not None and sampled.sampled < sampled.wanted
        theme.set_role(self.available, "warning" if short else "good" if sampled else "muted")

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addLayout(self.line_of((self.name, 3), (QLabel(self.tr("cases")), 0), (self.n, 0), (self.available, 3)))
        layout.addWidget(self.where)
        lists = QHBoxLayout()
        for title, chosen in (
            (self.tr("Confounders that step 1 found for it (only the desk sees this)"), self.confounders),
            (self.tr("Items that are the diagnosis itself (never a confounder of it)"), self.findings),
        ):
            column = QVBoxLayout()
            column.addWidget(labelled(title, "small"))
            column.addWidget(chosen)
            lists.addLayout(column)
        layout.addLayout(lists)


def count_words(sampled: Sampled) -> str:
    """How many cases there are of those asked for."""
    if sampled.sampled == sampled.wanted:
        words = QCoreApplication.translate("NewStudy", "✓ {n} of {available} available")
    else:
        words = QCoreApplication.translate("NewStudy", "! {n}: all of the {available} available")
    text = words.format(n=sampled.sampled, available=sampled.available)
    if sampled.taken_elsewhere:
        words = QCoreApplication.translate("NewStudy", ", {n} are of patients of an earlier one")
        text += words.format(n=sampled.taken_elsewhere)
    return text


class CasesSection(Section):
    """Which images become cases. Counts follow while a person types."""

    def __init__(self) -> None:
        super().__init__(
            "cases",
            self.tr("Cases"),
            self.tr("Without a diagnosis below, every case that meets the filter is read. Rare diagnoses come first."),
        )
        self._facts: CohortFacts | None = None
        self._names: Names = ()
        self._truth: dict[str, Any] = {}
        grid = self.grid(self.tr("Filter, for every image"))
        self.filter = Conditions("filter")
        self.seed = whole("selection_seed", self.tr("Seed of the sample"), 0, 2**31 - 1, 0)
        grid.addWidget(self.filter, grid.rowCount(), 0, 1, 2)
        add_row(grid, self.tr("Seed of the sample"), self.seed)
        self.column.addWidget(labelled(self.tr("Diagnoses, with a number of cases each"), "group"))
        self.strata = Rows("stratum", self.tr("Add a diagnosis"), lambda: Stratum(self._facts, self._names))
        self.column.addWidget(self.strata)
        self._add_practice()
        self.column.addStretch(1)
        for part in (self.filter, self.strata, self.where):
            part.changed.connect(self.changed)
        for number in (self.seed, self.practice_n, self.practice_seed):
            number.valueChanged.connect(self.changed)
        self.practice.toggled.connect(self.changed)
        self.match.toggled.connect(self.changed)

    def _add_practice(self) -> None:
        grid = self.grid(self.tr("Practice"))
        self.practice = tick(
            "practice", self.tr("Begin with practice cases: read first, with feedback, never analysed")
        )
        self.practice_n = whole("practice_n", self.tr("Practice cases"), 1, 999, 3)
        self.practice_seed = whole("practice_seed", self.tr("Seed of the practice cases"), 0, 2**31 - 1, 0)
        self.match = tick("practice_match", self.tr("Feedback from labels of the cohort that have an item's id"))
        self.practice_count = labelled("", "muted")
        self.where = Conditions("practice_condition")
        grid.addWidget(self.practice, grid.rowCount(), 0, 1, 2)
        add_row(grid, self.tr("Practice cases"), self.practice_n)
        add_row(grid, self.tr("Seed"), self.practice_seed)
        grid.addWidget(self.practice_count, grid.rowCount(), 1)
        grid.addWidget(self.match, grid.rowCount(), 1)
        add_row(grid, self.tr("Only images where"), self.where)

    def load(self, entries: Mapping[str, Any]) -> None:
        selection, training = entries.get("selection", {}), entries.get("training")
        self._names = [(str(i.get("id", "")), str(i.get("text", ""))) for i in entries.get("items", [])]
        self.filter.load(selection.get("filter", {}))
        self.seed.setValue(int(selection.get("seed", 0)))
        self.strata.clear()
        for given in selection.get("strata", []):
            row = self.strata.add()
            if isinstance(row, Stratum):
                row.load(given, self._names)
        self.practice.setChecked(training is not None)
        self.practice_n.setValue(int((training or {}).get("n", 3)))
        self.practice_seed.setValue(int((training or {}).get("seed", 0)))
        self.where.load((training or {}).get("where", {}))
        self._truth = dict((training or {}).get("truth", {}))
        self.match.setChecked(False)

    def entries(self) -> dict[str, Any]:
        strata = [row.entries() for row in self.strata.rows() if isinstance(row, Stratum)]
        found: dict[str, Any] = {
            "selection": {"seed": self.seed.value(), "filter": self.filter.entries(), "strata": strata}
        }
        if self.practice.isChecked():
            found["training"] = {
                "n": self.practice_n.value(),
                "seed": self.practice_seed.value(),
                "where": self.where.entries(),
                "truth": self._feedback(),
            }
        return found

    def _feedback(self) -> dict[str, Any]:
        """Item → label columns: those the protocol named, for items still there, and those of the same name."""
        ids = {item_id for item_id, _ in self._names}
        kept = {item: columns for item, columns in self._truth.items() if item in ids}
        columns = self._facts.columns if self._facts and self.match.isChecked() else {}
        return {item: [f"label.{item}"] for item in sorted(ids) if f"label.{item}" in columns} | kept

    def offer_items(self, names: Names) -> None:
        """The items of the form, for the lists of each diagnosis."""
        if list(names) != list(self._names):
            self._names = list(names)
            for row in self.strata.rows():
                if isinstance(row, Stratum):
                    row.offer_items(names)

    def show_look(self, look: FormLook) -> None:
        """The counts, beside what they count."""
        if look.cohort is not self._facts:
            self._facts = look.cohort
            for conditions in (
                self.filter,
                self.where,
                *(r.where for r in self.strata.rows() if isinstance(r, Stratum)),
            ):
                conditions.offer(look.cohort)
        by_name = {one.name: one for one in look.sampled if not one.practice}
        for row in self.strata.rows():
            if isinstance(row, Stratum):
                row.show_count(by_name.get(row.name.text().strip()))
        practice = next((one for one in look.sampled if one.practice), None)
        self.practice_count.setText(count_words(practice) if practice else "")
