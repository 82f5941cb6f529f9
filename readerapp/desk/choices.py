"""The row of choices above a table: stratum, arm, how "uncertain" is counted. What has one value only is not asked."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from readerapp.desk.tables import Row
from readerapp.page import labelled

_FIRST = "left out"  # what is shown before anyone has chosen: neither present nor absent is claimed of "uncertain"
_WORDS = {"all": "all", "left out": "left out", "present": "counted as present", "absent": "counted as absent"}


class Choices(QWidget):
    """Combo boxes over the values that columns of a table take."""

    changed = Signal()

    def __init__(self, fields: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`fields`: column name, and what it is called before the box."""
        super().__init__(parent)
        self.boxes: dict[str, QComboBox] = {}
        self._labels: dict[str, QLabel] = {}
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(10)
        for field, title in fields:
            label, box = labelled(title, "muted"), QComboBox()
            label.setWordWrap(False)
            box.setObjectName(f"choose_{field}")
            box.setAccessibleName(title)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(self.changed)
            self.boxes[field], self._labels[field] = box, label
            self.row.addWidget(label)
            self.row.addWidget(box)
            self.row.addSpacing(10)
        self.row.addStretch(1)

    def offer(self, rows: Sequence[Row]) -> None:
        """Offer the values found in rows, in their order; what was chosen before stays chosen where it still exists."""
        for field, box in self.boxes.items():
            before = box.currentData()
            box.blockSignals(True)
            box.clear()
            for value in dict.fromkeys(str(row[field]) for row in rows):
                box.addItem(_WORDS.get(value, value), value)
            box.setCurrentIndex(max(0, box.findData(_FIRST if before is None else before)))
            box.blockSignals(False)
            box.setVisible(box.count() > 1)
            self._labels[field].setVisible(box.count() > 1)

    def meets(self, row: Row) -> bool:
        """Whether a row has the chosen value in every column."""
        return all(str(row[field]) == box.currentData() for field, box in self.boxes.items())
