"""The preferences as a page of the window, reached from the start page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from readerapp.page import button, foot, labelled
from readerapp.preferences import PreferencesPanel

__all__ = ["PreferencesPage"]


class PreferencesPage(QWidget):
    """Esc, or the button, goes back; what was changed is kept already."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = PreferencesPanel()
        self.back = button(self.tr("Back"), "primary", "leave_preferences")
        self.back.clicked.connect(self.left)
        top = QHBoxLayout()
        top.addWidget(labelled(self.tr("Keys, mouse and preferences"), "title"), 1)
        top.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 24, 36, 12)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(self.panel, 1)
        column.addWidget(foot())

    def start(self) -> None:
        """Gives the keyboard to the list of actions."""
        self.panel.editor.tree.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.left.emit()
        else:
            super().keyPressEvent(event)
