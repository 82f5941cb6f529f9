"""What the engine said, line by line, in letters of one width: its columns stand below each other."""

from PySide6.QtWidgets import QPlainTextEdit

__all__ = ["LogView"]

_LETTERS = "QPlainTextEdit { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; }"


class LogView(QPlainTextEdit):
    """To be read and copied; Tab leaves it. `hint` stands there while it is empty."""

    def __init__(self, name: str, title: str, hint: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setPlaceholderText(hint)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setStyleSheet(_LETTERS)
