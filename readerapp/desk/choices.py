"""The row above a table: stratum, arm, how "uncertain" counts, and a filter. What has one value only is not asked."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from readerapp.page import labelled
from readerapp.results import Choice

translate = QCoreApplication.translate

_FIRST = {"stratum": "all", "arm": "all", "uncertain_as": "left out"}  # before anyone has chosen: nothing is claimed
_TYPING_MS = 120  # after the last key, so that a long table is not filtered at every one


def choice_word(field: str, value: str) -> str:
    """What a value of the tables is called; names of strata and arms stay as the protocol has them."""
    if value == "all":
        return translate("Choices", "all")
    if field != "uncertain_as":
        return value
    return {
        "left out": translate("Choices", "left out"),
        "present": translate("Choices", "counted as present"),
        "absent": translate("Choices", "counted as absent"),
    }.get(value, value)


class FilterField(QLineEdit):
    """Words that a row must hold, all of them, wherever they stand. Ctrl+F leads to it."""

    filtered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter")
        self.setAccessibleName(self.tr("Filter rows"))
        self.setPlaceholderText(self.tr("filter rows  (Ctrl+F)"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(150)
        self.setMaximumWidth(260)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_TYPING_MS)
        self._wait.timeout.connect(self.filtered)
        self.textChanged.connect(lambda _text: self._wait.start())

    def look_after(self, page: QWidget) -> None:
        """Ctrl+F anywhere on the page leads here."""
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def meets(self, *texts: str) -> bool:
        """Whether all words stand in any of the texts; case does not matter."""
        whole = " ".join(texts).casefold()
        return all(word in whole for word in self.text().casefold().split())


class Choices(QWidget):
    """Combo boxes over the values that tell slices of a table apart."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = {"stratum": self.tr("Stratum"), "arm": self.tr("Arm"), "uncertain_as": self.tr("Uncertain")}
        self.boxes: dict[str, QComboBox] = {}
        self._labels: dict[str, QLabel] = {}
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        for field, title in titles.items():
            label, box = labelled(title, "muted"), QComboBox()
            label.setWordWrap(False)
            box.setObjectName(f"choose_{field}")
            box.setAccessibleName(title)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(self.changed)
            box.hide()
            label.hide()
            self.boxes[field], self._labels[field] = box, label
            self.row.addWidget(label)
            self.row.addWidget(box)
        self.filter = FilterField()
        self.filter.filtered.connect(self.changed)
        self.row.addWidget(self.filter, 1)
        self.row.addStretch(1)

    def offer(self, offered: Mapping[str, tuple[str, ...]]) -> None:
        """Offer values, in their order; what was chosen before stays chosen where it still exists."""
        for field, box in self.boxes.items():
            before = box.currentData() or _FIRST[field]
            box.blockSignals(True)
            box.clear()
            for value in offered.get(field, ()):
                box.addItem(choice_word(field, value), value)
            box.setCurrentIndex(max(0, box.findData(before)))
            box.blockSignals(False)
            box.setVisible(box.count() > 1)
            self._labels[field].setVisible(box.count() > 1)

    @property
    def chosen(self) -> Choice:
        """Stratum, arm and way to count "uncertain"."""
        values = [str(box.currentData() or _FIRST[field]) for field, box in self.boxes.items()]
        return values[0], values[1], values[2]
