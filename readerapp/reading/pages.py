"""Pages that stand where the image would: instructions, a break, the end; and the sheet of shortcuts over it."""

import re

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from readerapp.theme import set_role
from readerapp.viewer.keymap import ACTIONS, Keymap, action_text

__all__ = ["MessagePage", "ShortcutSheet", "paragraphs"]

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


class ShortcutSheet(QFrame):
    """Every key and mouse gesture, over the room; any key or click closes it."""

    closed = Signal()

    def __init__(self, keymap: Keymap, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Keyboard shortcuts"))
        self._keymap = keymap
        self._windows = _stacked()
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(self._column(["Answers", "Cases"]))
        columns.addLayout(self._column(["Image"]))
        last = self._column(["Marks", "Program"])
        last.insertLayout(2, self._windows)
        last.insertLayout(3, self._mouse())
        columns.addLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        heading = _text("heading")
        heading.setText(self.tr("Keys and mouse"))
        column.addWidget(heading)
        column.addLayout(columns)
        column.addStretch(1)
        self.hide()

    def show_over(self, area: QRect, windows: list[tuple[str, str]]) -> None:
        """Shows the sheet in the middle of `area`; `windows` are (key, preset name) of the image at hand."""
        self.hide()
        _clear(self._windows)
        self._windows.addWidget(_group(self.tr("Windows")))
        self._windows.addLayout(_table(windows))
        self.show()  # before it is measured: rows just made count from then on
        size = self._size_within(area.size())
        self.setGeometry(
            QRect(
                area.left() + (area.width() - size.width()) // 2,
                area.top() + (area.height() - size.height()) // 2,
                size.width(),
                size.height(),
            )
        )
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.closed.emit()

    def _size_within(self, room: QSize) -> QSize:
        """As large as its lines are; in a narrow room they are smaller, never cut off."""
        size = self._size_in("")
        share = min(room.width() / size.width(), room.height() / size.height())
        if share < 1:
            points = QLabel().font().pointSizeF() * share * 0.93  # room for edges, which do not shrink
            size = self._size_in(f"QLabel {{ font-size: {points:.1f}pt; }}")
        return size.boundedTo(room)

    def _size_in(self, style: str) -> QSize:
        self.setStyleSheet(style)
        for label in self.findChildren(QLabel):
            label.ensurePolished()
            label.updateGeometry()
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        layout.activate()
        return layout.totalSizeHint()

    def _column(self, groups: list[str]) -> QVBoxLayout:
        column = _stacked()
        for name in groups:
            column.addWidget(_group(QCoreApplication.translate("Keymap", name)))
            rows = []
            for action in ACTIONS[name]:
                keys = " / ".join(_cap(key) for key in self._keymap.keys(action)[:2])
                rows.append((keys, action_text(action)))
            if name == "Answers":
                rows.append(("Shift+" + self.tr("letter"), self.tr("jump to the item with that letter")))
            column.addLayout(_table(rows))
        column.addStretch(1)
        return column

    def _mouse(self) -> QVBoxLayout:
        words = {
            "window": self.tr("window (right: width +, up: centre +)"),
            "pan": self.tr("move the image"),
            "zoom": self.tr("zoom"),
        }
        rows = [
            (self.tr("{button} drag").format(button=button), words[drag]) for button, drag in self._keymap.mouse.items()
        ]
        rows.append((self.tr("wheel"), self.tr("zoom; slices in a stack (Ctrl: zoom)")))
        column = _stacked()
        column.addWidget(_group(self.tr("Mouse")))
        column.addLayout(_table(rows))
        return column


def _stacked() -> QVBoxLayout:
    """A column of its own spacing: layouts within layouts take their parent's."""
    column = QVBoxLayout()
    column.setSpacing(5)
    return column


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    for row, (keys, words) in enumerate(rows):
        cap = _text("key")
        cap.setText(keys)
        cap.setWordWrap(False)
        text = _text("")
        text.setText(words)
        text.setWordWrap(False)
        grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(text, row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _cap(key: str) -> str:
    symbols = {"Return": "↵", "Down": "↓", "Up": "↑", "Left": "←", "Right": "→"}
    *modifiers, name = key.split("+") if key != "+" else ["+"]
    return "+".join([*modifiers, symbols.get(name, name)])


def _group(text: str) -> QLabel:
    label = _text("group")
    label.setText(text.upper())
    label.setWordWrap(False)
    label.setFixedHeight(label.fontMetrics().height() + 16)
    label.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
    return label


def _text(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        set_role(label, role)
    return label


def _clear(layout: QVBoxLayout) -> None:
    while entry := layout.takeAt(0):
        if widget := entry.widget():
            widget.deleteLater()
        elif isinstance(inner := entry.layout(), QGridLayout):
            while part := inner.takeAt(0):
                if widget := part.widget():
                    widget.deleteLater()
            inner.deleteLater()
