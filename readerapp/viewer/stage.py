"""The images of one case in the cells of a layout: which is where, which one keys act on, what follows what."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.images.image import Image
from readerapp.viewer.brush import Brush
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.cell_grid import CellGrid
from readerapp.viewer.hands import Hands
from readerapp.viewer.layouts import GRIDS, Cell, Edge, Grid, Hanging, hang, pages, resting
from readerapp.viewer.linked_cursor import LinkedCursor
from readerapp.viewer.linking import BREAST_VIEWS, Link
from readerapp.viewer.links import Links, show_pointer
from readerapp.viewer.marks import MarkView
from readerapp.viewer.stage_bar import StageBar
from readerapp.viewer.view_state import ImageView, PreparedImage

__all__ = ["PlacedMark", "Stage"]

_MOST_CELLS = max(grid.cells for grid in GRIDS.values())
_ONE = Grid(1, 1)
_HELD: dict[Edge, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}  # share of a cell's width that keys zoom about


@dataclass(frozen=True)
class PlacedMark:
    """A mark with the image (index in the case) and frame it lies on."""

    image: int
    frame: int
    mark: MarkView


class Stage(QWidget):
    """Canvases in a grid and the images of a case."""

    first_painted = Signal()  # every visible image is on screen
    pressed = Signal()  # by the mouse
    menu_asked = Signal(object)  # QPoint on the stage, of a right click
    view_changed = Signal()  # an image is looked at in another way, or another layout
    case_shown = Signal()  # other images, or none
    mark_drawn = Signal(str, object, int, int)  # kind, points, image, frame
    mark_moved = Signal(str, object)
    mask_painted = Signal(str, object, int, int)  # id ("": a new one), mask or None, image, frame
    mark_selected = Signal(str)
    tool_changed = Signal(str)

    def __init__(self, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[PreparedImage] = []
        self._views: list[ImageView] = []
        self._marks: tuple[PlacedMark, ...] = ()
        self._hanging = Hanging(_ONE, ())
        self._grid = _ONE
        self._maximised = False
        self._page: tuple[Cell, ...] = ()
        self._active = 0
        self._unpainted: set[int] = set()
        self._following = False
        self._magnified = False
        self._pointed: ImageCanvas | None = None  # under the mouse
        self._links = Links()
        self._cells = CellGrid(self)
        self._canvases = [ImageCanvas(hands, self._cells) for _ in range(_MOST_CELLS)]
        brush = Brush()
        for canvas in self._canvases:
            canvas.share_brush(brush)
        self._pointers = [LinkedCursor(canvas) for canvas in self._canvases]
        self._cells.set_cells(self._canvases)
        self._bar = StageBar(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._cells, 1)
        column.addWidget(self._bar)
        self._connect_all()
        self._arrange()

    def _connect_all(self) -> None:
        for slot, canvas in enumerate(self._canvases):
            self._connect(slot, canvas)
        self._cells.arranged.connect(self._rest_images)
        self._bar.layout_asked.connect(self.set_layout)
        self._bar.link_asked.connect(self.toggle_link)

    def _connect(self, slot: int, canvas: ImageCanvas) -> None:
        canvas.first_painted.connect(lambda: self._on_painted(slot))
        canvas.view_changed.connect(lambda: self._on_view(slot))
        canvas.activated.connect(lambda: self._on_activated(slot))
        canvas.activated.connect(self.pressed)
        canvas.menu_asked.connect(lambda at: self.menu_asked.emit(canvas.mapTo(self, at.toPoint())))
        canvas.maximise_asked.connect(self.toggle_maximised)
        canvas.mark_drawn.connect(lambda kind, points: self._on_drawn(slot, kind, points))
        canvas.mark_moved.connect(self.mark_moved)
        canvas.mask_painted.connect(lambda mark_id, mask: self._on_mask(slot, mark_id, mask))
        canvas.mark_selected.connect(lambda mark_id: self._on_selected(slot, mark_id))
        canvas.tool_changed.connect(lambda kind: self._on_tool(slot, kind))
        canvas.installEventFilter(self)

    # What is shown

    def show_case(
        self,
        images: Sequence[PreparedImage],
        views: Sequence[ImageView | None],
        active: int | None = None,
        arrangement: Mapping[str, object] | None = None,
    ) -> None:
        """Shows a case; `first_painted` follows. `views` has one entry an image, None for one that opens as it hangs.

        It hangs by the rules, in the layout of an `arrangement` that was kept where there is one. A tool that was armed
        is put away: it was meant for the case before.
        """
        for canvas in self._canvases:
            canvas.arm(None)
        self._hanging = hang([entry.image for entry in images])
        self._images = _opening_as_hung(images, self._hanging)
        self._views = [view or entry.opening for view, entry in zip(views, self._images, strict=True)]
        self._marks = ()
        kept = arrangement or {}
        self._grid = GRIDS.get(str(kept.get("grid")), self._hanging.grid)
        self._maximised = kept.get("maximised") is True
        first = next(cell.image for cell in self._hanging.cells if cell.image is not None)
        self._active = active if active is not None and 0 <= active < len(images) else first
        self._page = ()
        self._turn_page()
        self._unpainted = {slot for slot in self._visible if self._image_of(slot) is not None}
        self.case_shown.emit()

    def show_message(self, text: str) -> None:
        """A sentence in place of images."""
        self._images, self._views, self._marks, self._active = [], [], (), 0
        self._hanging, self._grid, self._maximised, self._page = Hanging(_ONE, ()), _ONE, False, ()
        self._arrange()
        for canvas in self._canvases:
            canvas.show_message("")
            canvas.arm(None)
        self._canvases[0].show_message(text)
        self._show_active()
        self.case_shown.emit()

    def set_hands(self, hands: Hands) -> None:
        """What buttons and wheel do from now on."""
        for canvas in self._canvases:
            canvas.set_hands(hands)

    @property
    def side_by_side(self) -> bool:
        """More than one image is in view."""
        return len(self.canvases) > 1

    @property
    def count(self) -> int:
        return len(self._images)

    def image(self, index: int) -> Image | None:
        """An image of the case, None where it has no such one."""
        return self._images[index].image if 0 <= index < len(self._images) else None

    @property
    def active(self) -> int:
        """Index of the image that keys act on."""
        return self._active

    @property
    def views(self) -> list[ImageView]:
        """How each image of the case is looked at now."""
        return list(self._views)

    @property
    def arrangement(self) -> dict[str, object]:
        """The layout in use, as plain JSON values."""
        return {"grid": self._grid.name, "maximised": self._maximised}

    @property
    def links(self) -> frozenset[Link]:
        """The links that are on."""
        return self._links.on

    @property
    def canvas(self) -> ImageCanvas:
        """The canvas that keys act on."""
        return self._canvases[self._slot_of(self._active)]

    @property
    def all_canvases(self) -> list[ImageCanvas]:
        """The canvases, in use or not."""
        return self._canvases

    @property
    def canvases(self) -> list[ImageCanvas]:
        """The canvases that show an image; the first one where there is none."""
        shown = [self._canvases[slot] for slot in self._visible if self._image_of(slot) is not None]
        return shown or self._canvases[:1]

    @property
    def selected_mark(self) -> str:
        return next((canvas.selected_mark for canvas in self.canvases if canvas.selected_mark), "")

    def set_marks(self, marks: Sequence[PlacedMark]) -> None:
        """All marks of the case; each is drawn on its own image and frame."""
        self._marks = tuple(marks)
        self._spread_marks()

    def set_echo(self, text: str) -> None:
        for canvas in self._canvases:
            canvas.set_echo("")
        self.canvases[-1].set_echo(text)

    def set_playing(self, text: str) -> None:
        """What plays, or how slices are shown, in the line under the images."""
        self._bar.show_playing(text)

    def hide_overlays(self, hidden: bool) -> None:
        for canvas in self._canvases:
            canvas.hide_overlays(hidden)

    @property
    def probing(self) -> bool:
        """Values are shown under the mouse, in whichever view it is."""
        return self.canvas.probing

    def toggle_probe(self) -> None:
        """Shows the value under the mouse in every view, from case to case; without a mouse, of the active view."""
        on = not self.probing
        for canvas in self._canvases:
            canvas.set_probing(on, centred=on and canvas is (self._pointed or self.canvas))

    def set_magnifier(self, shown: bool) -> None:
        """A lens in the view under the mouse, else in the active one, while a key is held."""
        self._magnified = shown
        self._magnify((self._pointed or self.canvas) if shown else None)

    def _magnify(self, view: ImageCanvas | None) -> None:
        for canvas in self._canvases:
            if canvas.magnifying or canvas is view:
                canvas.set_magnifier(canvas is view)

    def painted_texts(self) -> list[str]:
        """Every text written on and under the visible canvases."""
        texts = [text for canvas in self.canvases for text in canvas.painted_texts()]
        return texts + (self._bar.texts() if self._bar.isVisible() else [])

    # What keys do

    def show_image(self, index: int) -> None:
        """Makes an image the active one; the page that it hangs on comes up."""
        if not 0 <= index < len(self._images) or index == self._active:
            return
        armed = self.canvas.armed
        self._active = index
        self._turn_page()
        for canvas in self._canvases:
            if canvas.armed != (wanted := armed if canvas is self.canvas else None):
                canvas.arm(wanted)
        self.view_changed.emit()

    def step_image(self, steps: int) -> None:
        """The next image in the order in which they hang, or one before."""
        order = [cell.image for cell in self._hanging.cells if cell.image is not None]
        if order:
            self.show_image(order[min(max(order.index(self._active) + steps, 0), len(order) - 1)])

    def show_mark(self, mark_id: str) -> None:
        """Brings a mark's image and frame up and selects it."""
        for placed in self._marks:
            if placed.mark.id == mark_id:
                self.show_image(placed.image)
                self.canvas.set_frame(placed.frame)
                self.canvas.select_mark(mark_id)

    def set_layout(self, name: str) -> None:
        """One of the grids of `layouts.GRIDS`; the active image stays in view."""
        if self.count > 1 and (GRIDS[name] != self._grid or self._maximised):
            self._grid, self._maximised = GRIDS[name], False
            self._relay()

    def next_layout(self) -> None:
        """The grid after the one in use; after the last the first."""
        names = list(GRIDS)
        self.set_layout(names[(names.index(self._grid.name) + 1) % len(names)])

    def toggle_maximised(self) -> None:
        """The active image alone, or all again."""
        if self._maximised or self.side_by_side:
            self._maximised = not self._maximised
            self._relay()

    @property
    def possible_links(self) -> frozenset[Link]:
        """The links that would do anything among the images in view."""
        return self._links.possible([canvas.image for canvas in self.canvases if canvas.image is not None])

    def toggle_link(self, link: Link) -> None:
        """Switches a link, where there is something to link: what is not seen is not changed."""
        if link in self.possible_links:
            self._links.toggle(link)
            self._show_bar()
            self.view_changed.emit()

    def restore_links(self, on: object) -> None:
        """The links that were on when a session was broken off; anything else than a list of them changes nothing."""
        if isinstance(on, list):
            self._links.restore(on)

    def _relay(self) -> None:
        armed = self.canvas.armed
        for canvas in self._canvases:
            canvas.arm(None)
        self._turn_page()
        self.canvas.arm(armed)
        self.view_changed.emit()

    # What canvases tell

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift with the mouse shows the same place in the other views."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._pointed = canvas = self._canvases[self._canvases.index(watched)]  # type: ignore[arg-type]
            if self._magnified and not canvas.magnifying:
                self._magnify(canvas)
            shown = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not event.buttons()
            self._point_from(self._canvases.index(canvas), event if shown else None)
        elif event.type() == QEvent.Type.Leave:
            self._pointed = None
            self._point_from(0, None)
        return False

    def _point_from(self, slot: int, event: QMouseEvent | None) -> None:
        leader = self._canvases[slot]
        with self._followed():
            for canvas, pointer in zip(self._canvases, self._pointers, strict=True):
                point = None
                if event is not None and canvas is not leader and canvas in self.canvases:
                    point = show_pointer(leader, leader.to_image(event.position()), canvas)
                if point != pointer.point:
                    pointer.show_at(point)

    def _on_painted(self, slot: int) -> None:
        if slot in self._unpainted:
            self._unpainted.discard(slot)
            if not self._unpainted:
                self.first_painted.emit()

    def _on_view(self, slot: int) -> None:
        index = self._image_of(slot)
        if index is None:
            return
        was, self._views[index] = self._views[index], self._canvases[slot].view
        if not self._following:
            with self._followed():
                leader = self._canvases[slot]
                # Those that wait behind a maximised one follow too: all are at one place when they come back.
                page = [self._canvases[other] for other, cell in enumerate(self._page) if cell.image is not None]
                self._links.spread(leader, was, [canvas for canvas in page if canvas is not leader])
            self.view_changed.emit()
        if self._views[index].flipped != was.flipped:
            self._rest_images()
        if self._views[index].frame != was.frame:
            self._spread_marks()

    @contextmanager
    def _followed(self) -> Iterator[None]:
        """What changes meanwhile follows another view, and is followed by none."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    def _on_activated(self, slot: int) -> None:
        index = self._image_of(slot)
        if index is not None:
            self.show_image(index)

    def _on_drawn(self, slot: int, kind: str, points: object) -> None:
        index = self._image_of(slot)
        if index is not None:
            self.mark_drawn.emit(kind, points, index, self._views[index].frame)

    def _on_mask(self, slot: int, mark_id: str, mask: object) -> None:
        index = self._image_of(slot)
        if index is not None:
            self.mask_painted.emit(mark_id, mask, index, self._views[index].frame)

    def _on_selected(self, slot: int, mark_id: str) -> None:
        if mark_id:
            for other, canvas in enumerate(self._canvases):
                if other != slot:
                    canvas.select_mark("")
        self.mark_selected.emit(mark_id)

    def _on_tool(self, slot: int, kind: str) -> None:
        if self._canvases[slot] is self.canvas:
            self.tool_changed.emit(kind)

    # Cells

    @property
    def _visible(self) -> range:
        return self._cells.visible_cells

    def _image_of(self, slot: int) -> int | None:
        return self._page[slot].image if slot < len(self._page) else None

    def _slot_of(self, image: int) -> int:
        return next((slot for slot, cell in enumerate(self._page) if cell.image == image), 0)

    def _turn_page(self) -> None:
        """Brings the page of the active image up; images that are there already stay as they are."""
        old = self._page
        all_pages = pages(self._hanging, self._grid)
        self._page = next(page for page in all_pages if any(cell.image == self._active for cell in page))
        if old != self._page:
            for slot in range(_MOST_CELLS):
                self._fill(slot, len(all_pages) > 1)
        self._arrange()
        self._spread_marks()

    def _fill(self, slot: int, several_pages: bool) -> None:
        index = self._image_of(slot)
        canvas = self._canvases[slot]
        if index is None:
            canvas.show_message("")
            return
        image = self._images[index].image
        side = f"{image.laterality} {image.view}".strip() if image.view in BREAST_VIEWS else ""
        place = self.tr("image {number} of {count}").format(number=index + 1, count=self.count)
        words = [side, place if several_pages else ""]
        canvas.show_image(self._images[index], self._views[index], "   ".join(word for word in words if word))

    def _arrange(self) -> None:
        self._point_from(0, None)
        self._cells.arrange(self._grid, self._slot_of(self._active) if self._maximised else None)
        self._rest_images()
        self._show_active()

    def _rest_images(self) -> None:
        """Where images lie that nobody has moved: follows the size of the cells."""
        slots = [slot for slot in self._visible if self._image_of(slot) is not None]
        if not slots:
            return
        first = self._canvases[slots[0]]
        ratio = first.devicePixelRatioF()
        size = max(1, round(first.width() * ratio)), max(1, round(first.height() * ratio))
        images = [self._images[index].image for slot in slots if (index := self._image_of(slot)) is not None]
        cells = [
            Cell(index, "centre" if self._maximised else self._page[slot].edge, self._views[index].flipped)
            for slot in slots
            if (index := self._image_of(slot)) is not None
        ]
        rests = resting(images, cells, size, self._hanging.same_scale)
        for slot, cell, rest in zip(slots, cells, rests, strict=True):
            self._canvases[slot].set_rest(rest, _HELD[cell.edge])

    def _spread_marks(self) -> None:
        for slot, canvas in enumerate(self._canvases):
            index, frame = self._image_of(slot), canvas.view.frame
            canvas.set_marks([mark.mark for mark in self._marks if (mark.image, mark.frame) == (index, frame)])

    def _show_active(self) -> None:
        for canvas in self._canvases:
            canvas.set_active(self.side_by_side and canvas is self.canvas)
        self._show_bar()

    def _show_bar(self) -> None:
        images = [canvas.image for canvas in self.canvases if canvas.image is not None]
        stack = any(image.frames > 1 for image in images)
        self._bar.setVisible(self.count > 1 or stack)
        shown = sorted(index + 1 for slot in self._visible if (index := self._image_of(slot)) is not None)
        text = self.tr("images {shown} of {count}").format(shown=", ".join(map(str, shown)), count=self.count)
        self._bar.show_layout(
            _ONE.name if self._maximised else self._grid.name, self.count > 1, text if len(shown) < self.count else ""
        )
        self._bar.show_links(self._links.on, self.possible_links)


def _opening_as_hung(images: Sequence[PreparedImage], hanging: Hanging) -> list[PreparedImage]:
    """The images of a case, those flipped to begin with that hang so."""
    flipped = {cell.image for cell in hanging.cells if cell.flipped}
    return [
        replace(entry, opening=replace(entry.opening, flipped=True)) if index in flipped else entry
        for index, entry in enumerate(images)
    ]
