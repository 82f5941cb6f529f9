"""What pages are made of: labels, buttons, headings, the foot that says what this is not."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from readerapp import theme
from readerapp.wording import QT_TRANSLATE_NOOP

_PAGE_LIST = (  # names of the pages of a room
    "QListView { background: transparent; border: 1px solid transparent; }"
    f"QListView:focus {{ border: 1px solid {theme.COLORS.accent}; }}"
    "QListView::item { padding: 7px 8px; border-left: 3px solid transparent; }"
    f"QListView::item:selected {{ background: {theme.COLORS.focus}; border-left: 3px solid {theme.COLORS.accent}; }}"
)
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


def room_of_pages(
    room: QWidget, head: Sequence[QWidget], pages: QListWidget, leave: QWidget, stack: QWidget, width: int
) -> None:
    """Arranges a room as the desk and the lab are: its pages by name on the left, the page shown, the foot.

    `head` stands above the names; `width`: logical pixels of the left side at the usual text size.
    """
    side = QFrame()
    theme.set_role(side, "panel")
    side.setFixedWidth(theme.wide(width))
    column = QVBoxLayout(side)
    column.setContentsMargins(12, 18, 12, 14)
    column.setSpacing(10)
    for widget in head:
        column.addWidget(widget)
    pages.setStyleSheet(_PAGE_LIST)
    column.addWidget(pages, 1)
    column.addWidget(leave, 0, Qt.AlignmentFlag.AlignLeft)
    main = QVBoxLayout()
    main.setContentsMargins(0, 0, 16, 0)
    main.addWidget(stack, 1)
    main.addWidget(foot())
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(side)
    row.addLayout(main, 1)


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


def scrolled(content: QWidget, name: str, area: QScrollArea | None = None) -> QScrollArea:
    """A scroll area that the keyboard can scroll; `area`: one that is to be it."""
    area = area or KeyboardScroll()
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
