"""Pages that stand where the image would: instructions, a break, the end."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from readerapp.theme import set_role

__all__ = ["MessagePage", "paragraphs"]

_MOST_WIDTH = 640


def paragraphs(text: str) -> str:
    """Running text as a protocol file breaks it, with the lines of each paragraph joined; lists keep their lines."""
    joined = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines()]
        listed = any(line.startswith(("-", "*", "•")) or line[:1].isdigit() for line in lines)
        joined.append("\n".join(lines) if listed else " ".join(lines))
    return "\n\n".join(joined)


class MessagePage(QWidget):
    """A heading, a text and at most two buttons, in the middle of the room."""

    main_pressed = Signal()
    other_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = _text("title")
        self._body = _text("")
        self._scroll = QScrollArea()
        self._main = QPushButton()
        set_role(self._main, "primary")
        self._other = QPushButton()
        for button, signal in ((self._main, self.main_pressed), (self._other, self.other_pressed)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(signal)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self._main)
        buttons.addWidget(self._other)
        buttons.addStretch(1)
        body = self._scroll
        body.setWidgetResizable(True)
        body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body.setWidget(self._body)
        body.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(18)
        column.addStretch(1)
        column.addWidget(self._heading)
        column.addWidget(body, 8)
        column.addLayout(buttons)
        column.addStretch(2)
        purpose = _text("small")
        purpose.setText(self.tr("research use only, not for diagnosis"))
        column.addWidget(purpose)
        box = QWidget()
        box.setLayout(column)
        box.setMaximumWidth(_MOST_WIDTH)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(box, 8)
        row.addStretch(1)

    def show_text(self, heading: str, body: str, main: str, other: str = "") -> None:
        """Fills the page; a button without text is hidden."""
        self._heading.setText(heading)
        self._body.setText(body)
        for button, text in ((self._main, main), (self._other, other)):
            button.setText(text)
            button.setVisible(bool(text))
        self._fit_body()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_body()

    def _fit_body(self) -> None:
        """The text takes the height it needs, so that the buttons follow it; long texts scroll."""
        width = min(_MOST_WIDTH, round(self.width() * 0.8))
        self._scroll.setMaximumHeight(max(self._body.heightForWidth(width), 24) + 8)


def _text(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        set_role(label, role)
    return label
