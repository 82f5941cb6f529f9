"""A sheet over the reading room: help, keys, marks, preferences. The case stays open beneath, and its clock runs on.

It is a widget of the room, not a window of its own: a window would take the room from the front, and the reader would
be counted as away.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from readerapp.theme import set_role
from readerapp.viewer.keymap import cap, pressed

__all__ = ["Overlay", "label"]

_MARGIN = 24  # pixels of the room that stay free around a sheet


class Overlay(QFrame):
    """A heading, a body, and a way out: Esc, the key that opened it, the button. It keeps Tab and all keys inside."""

    closed = Signal()

    def __init__(self, title: str, room: QWidget) -> None:
        super().__init__(room)
        set_role(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.closing_keys: frozenset[str] = frozenset()  # beside Esc: those that opened it
        self._heading = label(title, "heading", wrap=False)
        self._close = QPushButton(self.tr("close") + "  " + cap("Esc"))
        self._close.setAutoDefault(False)
        self._close.clicked.connect(self.close_sheet)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(12)
        self.bar.addWidget(self._heading, 1)
        self.bar.addWidget(self._close)
        self.body = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 16, 22, 18)
        column.setSpacing(12)
        column.addLayout(self.bar)
        column.addLayout(self.body, 1)
        self.hide()

    def set_title(self, title: str) -> None:
        """The heading, which is also what a screen reader calls the sheet."""
        self._heading.setText(title)
        self.setAccessibleName(title)

    def first_field(self) -> QWidget:
        """What has the keyboard when the sheet opens."""
        return self

    def wanted_size(self, room: QSize) -> QSize:
        """As large as its lines need, up to `room`."""
        return self.sizeHint().boundedTo(room)

    def open_over(self, area: QRect) -> None:
        """Shows the sheet in the middle of `area` and gives it the keyboard."""
        self.show()  # before it is measured: what was just filled in counts from then on
        self.place(area)
        self.raise_()
        self.first_field().setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self, area: QRect) -> None:
        """Fits the sheet into the middle of `area`."""
        room = QSize(area.width() - 2 * _MARGIN, area.height() - 2 * _MARGIN)
        heading = QSize(self.bar.sizeHint().width() + 48, 0)
        wanted = self.wanted_size(room).expandedTo(self.minimumSizeHint())
        size = wanted.expandedTo(heading).boundedTo(room)
        corner = area.center() - QRect(0, 0, size.width(), size.height()).center()
        self.setGeometry(QRect(corner, size))

    def close_sheet(self) -> None:
        """Takes the sheet away."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def leave(self) -> None:
        """The hand went on elsewhere: what was typed counts where the sheet takes any, and the sheet goes."""
        self.close_sheet()

    def closes(self, key: str) -> bool:
        """Whether a key, in a keymap's spelling, takes the sheet away."""
        return key == "Esc" or key in self.closing_keys

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no shortcut of the window around it is meant
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # nothing that is typed here reaches the case
        if self.closes(pressed(event)) and not event.isAutoRepeat():
            self.close_sheet()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round within the sheet."""
        start = self.focusWidget() or self
        widget: QWidget | None = start
        while (widget := _neighbour(widget, next)) is not None and widget is not start:
            if self._takes_tab(widget):
                reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
                widget.setFocus(reason)
                break
        return True

    def _takes_tab(self, widget: QWidget) -> bool:
        reached = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
        return reached and self.isAncestorOf(widget) and widget.isVisibleTo(self) and widget.isEnabled()


def _neighbour(widget: QWidget | None, forward: bool) -> QWidget | None:
    """The next widget of the window's focus chain, which is a ring."""
    if widget is None:
        return None
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def label(text: str, role: str = "", wrap: bool = True) -> QLabel:
    """Plain text: what a protocol says is never taken for markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)  # before it is styled for the first time: styling it twice takes twice as long
    return made
