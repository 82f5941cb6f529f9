"""One cohort: its images behind filters, and what its labels say of each group."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.desk.columns import Column, Row, words
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice, line, no_wider
from readerapp.lab.cohort_table import FILTERS, STATED, CohortLook, Count, Filter, Rows
from readerapp.lab.image_table import ImageTable
from readerapp.page import button, labelled
from readerapp.wording import QT_TRANSLATE_NOOP, answer_word

__all__ = ["CohortBrowser"]

_PAUSE_MS = 150  # after the last key of a search
_NAMES = {
    "split": QT_TRANSLATE_NOOP("CohortBrowser", "Split"),
    "sex": QT_TRANSLATE_NOOP("CohortBrowser", "Sex"),
    "race": QT_TRANSLATE_NOOP("CohortBrowser", "Race"),
    "view": QT_TRANSLATE_NOOP("CohortBrowser", "View"),
    "site": QT_TRANSLATE_NOOP("CohortBrowser", "Site"),
    "modality": QT_TRANSLATE_NOOP("CohortBrowser", "Modality"),
}


class CohortBrowser(QWidget):
    """Filters above, then tabs: images, counts, how the cohort was made."""

    image_opened = Signal(object, int)  # CohortLook, place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: CohortLook | None = None
        self._rows: Rows | None = None
        self.boxes = {name: choice(f"filter_{name}", self.tr(_NAMES[name])) for name in FILTERS}
        self.label = choice("filter_label", self.tr("Label"))
        self.stated = choice("filter_stated", self.tr("What the label says"))
        self.text = line("filter_text", self.tr("Search"), self.tr("search: image, patient, study"))
        self.clear = button(self.tr("Clear"), "quiet", "clear_filters")
        self.shown = labelled("", "muted")
        self.table = ImageTable()
        self.group = choice("count_group", self.tr("Counts by"))
        self.counts = RowsTable((), "cohort_counts", self.tr("Labels by group"))
        self.history = RowsTable((words(self.tr("Step"), "step"),), "cohort_history", self.tr("How it was made"))
        self.made_by = labelled("", "muted")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Parts of the page"))
        self._names: dict[str, QLabel] = {}
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._arrange()
        self._connect()

    def show_cohort(self, look: CohortLook | None) -> None:
        """Browse another cohort, from its beginning."""
        self.look = look
        self.table.thumbnails.show(look.cohort if look else None)
        self._offer()
        self._filter()
        self._show_history()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.table.thumbnails.stop()
        super().closeEvent(event)

    @property
    def wanted(self) -> Filter:
        """What the boxes say."""
        chosen = {name: box.currentData() for name, box in self.boxes.items() if box.currentData() is not None}
        label = self.label.currentData() or ""
        return Filter(chosen, label, str(self.stated.currentData()), self.text.text().strip())

    def _offer(self) -> None:
        """The values of this cohort; a column with one value has no box."""
        self._block(True)
        for name, box in self.boxes.items():
            values = self.look.choices(name) if self.look else []
            _fill(box, self.tr("all"), values, self.tr("not given"))
            for widget in (box, self._names[name]):
                widget.setVisible(bool(values))
        _fill(self.label, self.tr("any"), list(self.look.labels) if self.look else [], "")
        self.stated.clear()
        for value in STATED:
            self.stated.addItem(answer_word(value), value)
        self.group.clear()
        for name in (name for name in FILTERS if self.look and self.look.choices(name)):
            self.group.addItem(self.tr(_NAMES[name]), name)
        self.text.clear()
        self._block(False)

    def _block(self, on: bool) -> None:
        for box in (*self.boxes.values(), self.label, self.stated, self.group, self.text):
            box.blockSignals(on)

    def _filter(self) -> None:
        self.stated.setEnabled(self.label.currentData() is not None)
        self._rows = self.look.rows(self.wanted) if self.look else None
        if self.look is None or self._rows is None:
            self.table.show_rows(None, self.table.images._rows[:0])
            self.shown.clear()
        else:
            self.table.show_rows(self.look, self._rows)
            patients = len(set(self.look.values["patient_id"][self._rows].tolist()))
            words_of = self.tr("{images} of {all} images, {patients} patients")
            if not len(self._rows):
                words_of = self.tr("No image of {all} meets all filters; Clear shows them again.")
            self.shown.setText(
                words_of.format(images=f"{len(self._rows):,}", all=f"{len(self.look):,}", patients=f"{patients:,}")
            )
        self._count()

    def _count(self) -> None:
        column = self.group.currentData()
        if self.look is None or self._rows is None or column is None:
            self.counts.show_rows([], (words(self.tr("Label"), "label"),))
            return
        rows: list[Row] = []
        groups: list[str] = []
        for label in self.look.labels:
            counted = self.look.counts(label, column, self._rows)
            groups = list(counted)
            rows.append({"label": label, **counted})
        columns = [words(self.tr("Label"), "label"), *(_counted(name, self.tr("not given")) for name in groups)]
        self.counts.show_rows(rows, columns)

    def _show_history(self) -> None:
        info = self.look.cohort.info if self.look else {}
        rows: list[Row] = [
            {
                "step": entry["step"],
                "images": entry["images"],
                "patients": entry["patients"],
                "published": _print(entry),
            }
            for entry in info.get("steps", [])
        ]
        rows += [
            {
                "step": self.tr("left out: {reason}").format(reason=entry["reason"]),
                "images": entry["count"],
                "patients": None,
                "published": ", ".join(entry.get("examples", [])),
            }
            for entry in info.get("dropped", [])
        ]
        said = [self.tr("Made by the adapter {name}.").format(name=info.get("adapter", "–"))]
        said += [] if info.get("dropped") else [self.tr("Nothing was left out.")]
        self.made_by.setText(" ".join(said) if self.look else "")
        self.history.setVisible(bool(rows))
        columns = (
            words(self.tr("Step"), "step"),
            _plain(self.tr("Images"), "images"),
            _plain(self.tr("Patients"), "patients"),
            words(self.tr("Published, or examples"), "published"),
        )
        self.history.show_rows(rows, columns)

    def _clear(self) -> None:
        self._offer()
        self._filter()

    def _connect(self) -> None:
        for box in (*self.boxes.values(), self.label, self.stated):
            box.currentIndexChanged.connect(self._filter)
        self.group.currentIndexChanged.connect(self._count)
        self.text.textChanged.connect(lambda _text: self._timer.start())
        self.text.returnPressed.connect(self._filter)
        self._timer.timeout.connect(self._filter)
        self.clear.clicked.connect(self._clear)
        self.table.image_opened.connect(lambda place: self.image_opened.emit(self.look, place))

    def _arrange(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(8)
        fields = [*((self.tr(_NAMES[name]), box) for name, box in self.boxes.items())]
        fields += [(self.tr("Label"), self.label), (self.tr("is"), self.stated)]
        for column, (name, box) in enumerate(fields):
            # All share the width there is: with large text the words of eight boxes do not fit beside each other.
            no_wider(box, characters=2)
            heading = labelled(name, "small")
            heading.setWordWrap(False)
            field = QVBoxLayout()
            field.setSpacing(2)
            field.addWidget(heading)
            field.addWidget(box)
            filters.addLayout(field, 1)
            if column < len(self.boxes):
                self._names[list(self.boxes)[column]] = heading
        below = QHBoxLayout()
        below.addWidget(self.shown, 1)
        self.text.setMinimumWidth(theme.wide(220))
        below.addWidget(self.text)
        below.addWidget(self.clear)
        counts = QWidget()
        column_of = QVBoxLayout(counts)
        by = QHBoxLayout()
        by.addWidget(labelled(self.tr("Images with the label present, of those where it is present or absent, by")), 1)
        by.addWidget(self.group)
        column_of.addLayout(by)
        column_of.addWidget(self.counts)
        made = QWidget()
        steps = QVBoxLayout(made)
        steps.addWidget(self.made_by)
        steps.addWidget(self.history, 1)
        steps.addStretch(0)
        self.tabs.addTab(self.table, self.tr("Images"))
        self.tabs.addTab(counts, self.tr("Counts"))
        self.tabs.addTab(made, self.tr("How it was made"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(filters)
        layout.addLayout(below)
        layout.addWidget(self.tabs, 1)


def _fill(box: QComboBox, everything: str, values: list[str], nothing: str) -> None:
    box.clear()
    box.addItem(everything, None)
    for value in values:
        box.addItem(value or nothing, value)


def _counted(name: str, nothing: str) -> Column:
    """`12 of 40 (30 %)`; sorted by the share."""

    def text(row: Row) -> str:
        found: Count | None = row.get(name)
        if found is None or not found.present + found.absent:
            return "–"
        stated = found.present + found.absent
        unsure = f" · {found.uncertain}?" if found.uncertain else ""
        return f"{found.present:,} / {stated:,} ({found.present / stated:.0%}){unsure}"

    def share(row: Row) -> float | None:
        found: Count | None = row.get(name)
        stated = found.present + found.absent if found else 0
        return found.present / stated if found and stated else None

    return Column(name or nothing, text, share)


def _plain(title: str, name: str) -> Column:
    return Column(title, lambda row: "" if row[name] is None else f"{row[name]:,}", lambda row: row[name])


def _print(entry: Row) -> str:
    published = entry.get("published") or {}
    return ", ".join(f"{number:,} {what}" for what, number in published.items())
