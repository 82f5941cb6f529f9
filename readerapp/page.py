"""What pages are made of: labels, buttons, headings, the foot that says what this is not."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.wording import QT_TRANSLATE_NOOP

RESEARCH_ONLY = QT_TRANSLATE_NOOP("Page", "research use only, not for diagnosis")


def research_only() -> str:
    """What every window says, in the person's language."""
    return QCoreApplication.translate("Page", RESEARCH_ONLY)


def labelled(text: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that plays a part in the style sheet."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    if role:
        theme.set_role(label, role)
    return label


def button(text: str, role: str = "", name: str = "") -> QPushButton:
    """A push button that plays a part in the style sheet; `name` is how tests and screen readers find it."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(True)
    if role:
        theme.set_role(made, role)
    return made


def foot() -> QFrame:
    """The last line of a page."""
    line = QFrame()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 4, 0, 4)
    layout.addStretch(1)
    label = QLabel(research_only())
    theme.set_role(label, "small")
    layout.addWidget(label)
    return line


def heading(title: str, explanation: str = "") -> QVBoxLayout:
    """A page's title and one sentence on what it shows."""
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(labelled(title, "heading"))
    if explanation:
        column.addWidget(labelled(explanation, "muted"))
    return column


class KeyboardScroll(QScrollArea):
    """Brings what gets the keyboard into view from wherever it comes; Qt's own does for what it holds itself only."""

    def __init__(self) -> None:
        super().__init__()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, widget: QWidget | None) -> None:
        if widget is not None and widget is not self and self.isAncestorOf(widget):
            self.ensureWidgetVisible(widget)


def scrolled(content: QWidget, name: str) -> QScrollArea:
    """A scroll area that the keyboard can scroll."""
    area = KeyboardScroll()
    theme.set_role(area, "reader")
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setAccessibleName(name)
    area.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    area.verticalScrollBar().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    content.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
