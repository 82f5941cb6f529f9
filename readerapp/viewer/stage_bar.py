"""The line under the images: how they are laid out, what is linked, what plays. Never a word about the case."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from readerapp.theme import set_role
from readerapp.viewer.layouts import GRIDS, MPR
from readerapp.viewer.linking import Link

__all__ = ["StageBar"]

_LINKS: tuple[Link, ...] = ("zoom", "scroll", "window")


class StageBar(QWidget):
    """Shows and offers by mouse what keys do too; it takes no keyboard focus, which belongs to the reading."""

    layout_asked = Signal(str)  # name of a grid
    link_asked = Signal(str)
    plane_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._texts: dict[str, str] = {
            "zoom": self.tr("zoom"),
            "scroll": self.tr("slices"),
            "window": self.tr("window"),
        }
        self._grids = {name: self._button(name.replace("x", " × "), self.tr("layout")) for name in GRIDS}
        self._mpr = self._button(self.tr("3 planes"), self.tr("layout"))
        self._plane = self._button(self.tr("next plane"), self.tr("stack"))
        self._plane.setCheckable(False)
        self._links = {link: self._button(self._texts[link], self.tr("linked")) for link in _LINKS}
        self._page, self._linked, self._playing = QLabel(), QLabel(self.tr("linked:")), QLabel()
        for name, button in self._grids.items():
            button.clicked.connect(lambda _=False, name=name: self.layout_asked.emit(name))
        self._mpr.clicked.connect(lambda _=False: self.layout_asked.emit(MPR.name))
        self._plane.clicked.connect(lambda _=False: self.plane_asked.emit())
        for link, button in self._links.items():
            button.clicked.connect(lambda _=False, link=link: self.link_asked.emit(link))
        self._lay_out()

    def sizeHint(self) -> QSize:
        """As high with nothing in it as with everything: images must not jump when something begins to play."""
        height = next(iter(self._grids.values())).sizeHint().height() + 4
        return QSize(super().sizeHint().width(), max(height, super().sizeHint().height()))

    def _button(self, text: str, group: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        button.setAccessibleName(f"{group}: {text}")
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(6)
        for label in (self._page, self._linked, self._playing):
            set_role(label, "muted")
        for widget in (*self._grids.values(), self._mpr, self._plane, self._page):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._playing)
        row.addStretch(1)
        for widget in (self._linked, *self._links.values()):
            row.addWidget(widget)

    def show_layout(self, grid: str, several: bool, page: str) -> None:
        """The grid in use; `several`: there is more than one image to lay out; `page`: which images these are."""
        for name, button in self._grids.items():
            button.setChecked(name == grid)
            button.setVisible(several)
        self._mpr.setChecked(grid == MPR.name)
        self._page.setText(page)

    def show_planes(self, possible: bool) -> None:
        """`possible`: the image that keys act on is a stack that can be cut in other planes."""
        self._mpr.setVisible(possible)
        self._plane.setVisible(possible)

    def show_links(self, on: Iterable[Link], possible: Iterable[Link]) -> None:
        """The links that are on, of those that the images in view allow. A tick stands beside the colour."""
        offered = set(possible)
        for link, button in self._links.items():
            button.setChecked(link in on)
            button.setText(f"{'✓' if link in on else '✗'} {self._texts[link]}")
            button.setVisible(link in offered)
        self._linked.setVisible(bool(offered))

    def show_playing(self, text: str) -> None:
        self._playing.setText(text)

    def texts(self) -> list[str]:
        """Every text that stands in the line."""
        labels = [label for label in (self._page, self._linked, self._playing) if label.isVisible()]
        offered = (*self._grids.values(), self._mpr, self._plane, *self._links.values())
        buttons = [button for button in offered if button.isVisible()]
        texts = [*(label.text() for label in labels), *(button.text() for button in buttons)]
        return [text for text in texts if text]
