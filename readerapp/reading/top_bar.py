"""The thin bar above the image: the case's code, how far the reader is, and whether every answer is on disk."""

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from readerapp.theme import set_role, wide
from readerapp.viewer.keymap import Keymap, cap

__all__ = ["TopBar"]


class TopBar(QFrame):
    """Nothing here identifies a case but its code and position."""

    asked = Signal(str)  # an action by its name: "instructions", "preferences", "shortcuts"
    leave_asked = Signal()

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "bar")
        self.saved = True
        self._has_case = False
        self._keys: dict[str, str] = {}
        self._case = QLabel()
        set_role(self._case, "heading")
        self._practice = QLabel(self.tr("practice"))
        set_role(self._practice, "badge")
        self._explained = QLabel(self.tr("with explanation"))
        set_role(self._explained, "badge")
        self._paused = QLabel()
        set_role(self._paused, "warning")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(180, 10)
        self._position = QLabel()
        self._saved = QLabel()
        self._buttons = {
            "instructions": self._quiet(self.tr("instructions")),
            "preferences": self._quiet(self.tr("preferences")),
            "shortcuts": self._quiet(self.tr("shortcuts")),
            "leave": self._quiet(self.tr("leave")),
        }
        for name, button in self._buttons.items():
            button.clicked.connect(self.leave_asked if name == "leave" else partial(self.asked.emit, name))
        self._lay_out()
        self.use_keymap(keymap)
        self.show_nothing()
        self.show_paused("")
        self.show_saved(True)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(12)
        left = QHBoxLayout()
        left.setSpacing(12)
        for widget in (self._case, self._practice, self._explained, self._paused):
            left.addWidget(widget)
        left.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._progress)
        middle.addWidget(self._position)
        right = QHBoxLayout()
        right.setSpacing(4)
        right.addStretch(1)
        right.addWidget(self._saved)
        for button in self._buttons.values():
            right.addWidget(button)
        row.addLayout(left, 1)
        row.addLayout(middle)
        row.addLayout(right, 1)

    def show_case(self, code: str, position: int, count: int, read: int, practice: bool) -> None:
        """`position` is 1-based; `read` of `count` cases are finished."""
        self._case.setText(self.tr("Case") + f"  {code}")
        self._practice.setVisible(practice)
        self._progress.setRange(0, max(count, 1))
        self._progress.setValue(read)
        self._has_case = True
        self._progress.setAccessibleName(self.tr("{read} of {count} cases read").format(read=read, count=count))
        self._position.setText(self.tr("{position} of {count}").format(position=position, count=count))
        self._fit()

    def show_explained(self, explained: bool) -> None:
        """Whether the item in focus has an explanation, which the locked unaided answers let be seen."""
        if self._explained.isHidden() == explained:
            self._explained.setVisible(explained)
            QTimer.singleShot(0, self, self._fit)  # once the badge has its size

    def show_nothing(self) -> None:
        """Between cases."""
        self._explained.hide()
        self._has_case = False
        self._case.setText("")
        self._practice.hide()
        self._progress.hide()
        self._position.setText("")

    def show_saved(self, saved: bool) -> None:
        """Whether everything given so far is on disk."""
        self.saved = saved
        self._saved.setText(self.tr("✓ all answers saved") if saved else self.tr("✗ NOT saved"))
        set_role(self._saved, "muted" if saved else "error")

    def show_paused(self, why: str) -> None:
        """That the clock stands, and why; "" where it runs."""
        self._paused.setText(self.tr("paused: {why}").format(why=why) if why else "")
        self._paused.setVisible(bool(why))
        self._fit()

    @property
    def paused(self) -> str:
        return self._paused.text()

    def use_keymap(self, keymap: Keymap) -> None:
        """Shows these keys from now on."""
        self._keys = {name: cap(keymap.keys(name)[0]) for name in self._buttons}
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """The bar never makes the room wider than the screen: what does not fit is left out, step by step."""
        return QSize(wide(320), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._fit)  # once what stands in the bar has its new size

    def _fit(self) -> None:
        """Keys do all that the buttons do: their words go first, then they; case, position and "saved" stay."""
        for step in range(4):
            for name, button in self._buttons.items():
                button.setText(self._keys[name] if step >= 2 else f"{self._keys[name]}  {button.accessibleName()}")
                button.setVisible(step < 1 or (step < 3 and name in ("shortcuts", "leave")))
            self._progress.setVisible(self._has_case and step < 1)
            if self._needed() <= self.width():
                break

    def _needed(self) -> int:
        """Pixels that all that is shown takes side by side."""
        shown = [widget for widget in self.findChildren(QWidget) if not widget.isHidden()]
        slack = 24 if self._explained.isHidden() else 24 + wide(64)  # both sides of the middle take as much
        return sum(widget.sizeHint().width() + 12 for widget in shown) + slack

    def _quiet(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_role(button, "quiet")
        return button
