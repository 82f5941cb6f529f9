"""A word to the coordinator about the case at hand: it is flagged, with a comment; the answers stay what they are."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from readerapp.reading.overlay import Overlay, label
from readerapp.reading.session import LONGEST_COMMENT
from readerapp.theme import set_role, wide

__all__ = ["FlagSheet"]


class FlagSheet(Overlay):
    """`flagged` carries the comment, "" where the flag is taken away."""

    flagged = Signal(str)

    def __init__(self, room: QWidget) -> None:
        super().__init__("", room)
        self.set_title(self.tr("Flag this case"))
        words = self.tr(
            "The coordinator sees the case code and your comment. Write what is wrong with the image or the case, "
            "not what you found: findings belong into the answers."
        )
        self._words = label(words, "muted")
        self.comment = QLineEdit()
        self.comment.setAccessibleName(self.tr("Comment for the coordinator"))
        self.comment.setPlaceholderText(self.tr("what is wrong with this case"))
        self.comment.setMaxLength(LONGEST_COMMENT)
        self.comment.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.comment.returnPressed.connect(self._flag)
        self._flag_button = QPushButton(self.tr("Flag the case"))
        set_role(self._flag_button, "primary")
        self._flag_button.clicked.connect(self._flag)
        self._remove = QPushButton(self.tr("Take the flag away"))
        self._remove.clicked.connect(lambda: self._done(""))
        row = QHBoxLayout()
        row.addWidget(self._flag_button)
        row.addWidget(self._remove)
        row.addStretch(1)
        for widget in (self._words, self.comment):
            self.body.addWidget(widget)
        self.body.addLayout(row)

    def fill(self, comment: str) -> None:
        """The comment that the case has, "" where it is not flagged."""
        self.comment.setText(comment)
        self.comment.setModified(False)
        self._remove.setVisible(bool(comment))

    def first_field(self) -> QWidget:
        return self.comment

    def leave(self) -> None:
        """A comment that was typed flags the case that it was typed for."""
        if self.comment.isModified() and self.comment.text().strip():
            self._flag()
        else:
            self.close_sheet()

    def wanted_size(self, room: QSize) -> QSize:
        width = min(wide(520), room.width())
        self._words.setMinimumHeight(self._words.heightForWidth(width - 48))
        return QSize(width, self.sizeHint().height()).boundedTo(room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            event.accept()  # on a button, which Enter does not press by itself
            focus = self.focusWidget()
            if isinstance(focus, QPushButton):
                focus.click()
            return
        super().keyPressEvent(event)

    def _flag(self) -> None:
        comment = " ".join(self.comment.text().split())
        if comment:
            self._done(comment)
        else:
            self.comment.setFocus()

    def _done(self, comment: str) -> None:
        self.close_sheet()
        self.flagged.emit(comment)
