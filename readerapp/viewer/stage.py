"""The images of one case in the cells of a layout: canvases, what keys and hands do to them, what follows what."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.images.image import Image
from engine.images.reformat import Obstacle
from readerapp.viewer.brush import Brush
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.cell_grid import CellGrid
from readerapp.viewer.hands import Hands
from readerapp.viewer.heat import HeatLayer
from readerapp.viewer.hung_case import HungCase
from readerapp.viewer.laid_over import LaidOver, PlacedMark
from readerapp.viewer.layouts import GRIDS
from readerapp.viewer.linking import BREAST_VIEWS, Link
from readerapp.viewer.links import Links
from readerapp.viewer.planes import Place, met_at
from readerapp.viewer.pointing import Pointing
from readerapp.viewer.stage_bar import StageBar
from readerapp.viewer.tools import ToolKind
from readerapp.viewer.view_state import ImageView, PreparedImage
from studies.reading.marks import Point

__all__ = ["Stage"]

_MOST_CELLS = max(grid.cells for grid in GRIDS.values())


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
    marks_refused = Signal()  # a tool that makes marks was put away: these planes hold none

    def __init__(self, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case = HungCase()
        self._unpainted: set[int] = set()
        self._following = False
        self._links = Links()
        self._cells = CellGrid(self)
        self._canvases = [ImageCanvas(hands, self._cells) for _ in range(_MOST_CELLS)]
        brush = Brush()
        for canvas in self._canvases:
            canvas.share_brush(brush)
        self._laid_over = LaidOver(self._canvases, self._on_crossing)
        self._pointing = Pointing(self._canvases, lambda: self.canvas, lambda: self.canvases, self._followed, self)
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
        self._bar.plane_asked.connect(self.next_plane)

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
        self._case = HungCase.hung(images, views, active, arrangement)
        self._laid_over.clear()
        self._links.begin()
        self._turn_page()
        self._unpainted = {slot for slot in self._visible if self._case.place_of(slot) is not None}
        self.case_shown.emit()

    def show_message(self, text: str) -> None:
        """A sentence in place of images."""
        self._case = HungCase()
        self._laid_over.clear()
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
        return self._case.count

    def image(self, index: int) -> Image | None:
        """An image of the case, None where it has no such one."""
        return self._case.images.image((index, 0)) if 0 <= index < self.count else None

    @property
    def active(self) -> int:
        """Index of the image that keys act on."""
        return self._case.active

    @property
    def place(self) -> Place:
        """The image and the plane of it that keys act on."""
        return self._case.place

    @property
    def takes_marks(self) -> bool:
        """Marks lie on slices as they were acquired: the active plane is one of those."""
        return self.place[1] == 0

    @property
    def views(self) -> list[ImageView]:
        """How each image of the case is looked at now, as acquired."""
        return self._case.images.views

    @property
    def arrangement(self) -> dict[str, object]:
        """The layout in use and the planes of stacks, as plain JSON values."""
        return self._case.arrangement

    @property
    def links(self) -> frozenset[Link]:
        """The links that are on."""
        return self._links.on

    @property
    def canvas(self) -> ImageCanvas:
        """The canvas that keys act on."""
        return self._canvases[self._case.slot_of(self.place)]

    @property
    def all_canvases(self) -> list[ImageCanvas]:
        """The canvases, in use or not."""
        return self._canvases

    @property
    def canvases(self) -> list[ImageCanvas]:
        """The canvases that show an image; the first one where there is none."""
        shown = [self._canvases[slot] for slot in self._visible if self._case.place_of(slot) is not None]
        return shown or self._canvases[:1]

    @property
    def selected_mark(self) -> str:
        return next((canvas.selected_mark for canvas in self.canvases if canvas.selected_mark), "")

    def set_marks(self, marks: Sequence[PlacedMark]) -> None:
        """All marks of the case; each is drawn on its own image and frame."""
        self._laid_over.set_marks(marks, self._case)

    def set_heat(self, layers: Mapping[int, HeatLayer]) -> None:
        """Lays maps over images, by their index in the case; those that are not named have none."""
        self._laid_over.set_heat(layers, self._case)

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
    def pointing(self) -> Pointing:
        """What follows the mouse: values, the lens."""
        return self._pointing

    def painted_texts(self) -> list[str]:
        """Every text written on and under the visible canvases."""
        texts = [text for canvas in self.canvases for text in canvas.painted_texts()]
        return texts + (self._bar.texts() if self._bar.isVisible() else [])

    # What keys do

    def show_image(self, index: int) -> None:
        """Makes an image the active one, in the plane it is looked at; the page that it hangs on comes up."""
        if 0 <= index < self.count:
            self._go_to(self._case.images.shown(index))

    def show_slice(self, index: int, frame: int) -> None:
        """Makes a frame of an image, as it was acquired, the active one."""
        if 0 <= index < self.count:
            self._go_to((index, 0))
            self.canvas.set_frame(frame)

    def _go_to(self, place: Place) -> None:
        if place == self.place:
            return
        armed = self.canvas.armed
        self._case.go_to(place)
        self._turn_page()
        self._keep_armed(armed)
        self.view_changed.emit()

    def _keep_armed(self, armed: ToolKind | None) -> None:
        """A tool goes with the active image; one that makes marks does not go to a plane that holds none."""
        refused = armed is not None and armed != "window_region" and not self.takes_marks
        for canvas in self._canvases:
            if canvas.armed != (wanted := armed if canvas is self.canvas and not refused else None):
                canvas.arm(wanted)
        if refused:
            self.marks_refused.emit()

    def step_image(self, steps: int) -> None:
        """The next image in the order in which they hang, or one before; side by side with it, the next plane."""
        self._go_to(self._case.beside(steps))

    def show_mark(self, mark_id: str) -> None:
        """Brings a mark's image and frame up and selects it."""
        placed = self._laid_over.mark(mark_id)
        if placed is not None:
            self.show_slice(placed.image, placed.frame)
            self.canvas.select_mark(mark_id)

    def set_layout(self, name: str) -> None:
        """One of `layouts.LAYOUTS`; the active image stays in view. "mpr" goes where it came from when asked again."""
        if self._case.lay_out(name):
            self._relay()

    def next_layout(self) -> None:
        """The grid after the one in use; after the last the first."""
        self.set_layout(self._case.next_layout())

    @property
    def plane_obstacle(self) -> Obstacle | None:
        """Why the active image has no other planes; None where it has."""
        return self._case.images.obstacle(self.active)

    def next_plane(self) -> None:
        """The active image in its next plane: as acquired, then the two at right angles, then again as acquired."""
        if self.plane_obstacle is None:
            self._go_to(self._case.next_plane())

    def toggle_maximised(self) -> None:
        """The active image alone, or all again."""
        if self._case.maximised or self.side_by_side:
            self._case.maximised = not self._case.maximised
            self._relay()

    @property
    def possible_links(self) -> frozenset[Link]:
        """The links that would do anything among the images of the case, on whatever page."""
        seen = [canvas.image for canvas in self.canvases if canvas.image is not None]
        found = self._links.possible([*seen, *self._case.elsewhere.values()])
        return found - {"scroll"} if self._case.asks_for_planes else found  # the planes of a stack cross

    def toggle_link(self, link: Link) -> None:
        """Switches a link, where there is something to link."""
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
        self._keep_armed(armed)
        self.view_changed.emit()

    # What canvases tell

    def _on_painted(self, slot: int) -> None:
        if slot in self._unpainted:
            self._unpainted.discard(slot)
            if not self._unpainted:
                self.first_painted.emit()

    def _on_view(self, slot: int) -> None:
        place = self._case.place_of(slot)
        if place is None:
            return
        was, view = self._case.images.view(place), self._canvases[slot].view
        self._case.images.keep(place, view)
        if not self._following:
            with self._followed():
                leader = self._canvases[slot]
                # Those that wait behind a maximised one follow too: all are at one place when they come back.
                elsewhere = self._case.elsewhere if place[1] == 0 else {}
                others = [canvas for canvas in self._page_canvases if canvas is not leader]
                self._links.spread(leader, was, others, elsewhere)
            self.view_changed.emit()
        if view.flipped != was.flipped:
            self._rest_images()
        if view.frame != was.frame:
            self._laid_over.follow_frames(self._case)

    def _on_crossing(self, slot: int, point: Point) -> None:
        """A hand moves the lines on one plane: the others scroll there."""
        leader = self._canvases[slot]
        for other in self._page_canvases:
            if other is not leader and leader.reformat is not None and other.reformat is not None:
                met = met_at(leader.reformat, leader.view.frame, point, other.reformat)
                other.set_frame(met[0] if met is not None else other.view.frame)

    @contextmanager
    def _followed(self) -> Iterator[None]:
        """What changes meanwhile follows another view, and is followed by none."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    def _on_activated(self, slot: int) -> None:
        place = self._case.place_of(slot)
        if place is not None:
            self._go_to(place)

    def _on_drawn(self, slot: int, kind: str, points: object) -> None:
        place = self._case.place_of(slot)
        if place is not None and place[1] == 0:
            self.mark_drawn.emit(kind, points, place[0], self._case.images.view(place).frame)

    def _on_mask(self, slot: int, mark_id: str, mask: object) -> None:
        place = self._case.place_of(slot)
        if place is not None and place[1] == 0:
            self.mask_painted.emit(mark_id, mask, place[0], self._case.images.view(place).frame)

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

    @property
    def _page_canvases(self) -> list[ImageCanvas]:
        """Those of the page that have an image, in view or behind a maximised one."""
        return [self._canvases[slot] for slot, _ in self._case.filled]

    def _turn_page(self) -> None:
        """Brings the page of the active image up; images that are there already stay as they are."""
        if self._case.turn_page():
            for slot in range(_MOST_CELLS):
                self._fill(slot)
        self._arrange()
        with self._followed():
            for slot, place in self._case.filled:
                self._links.catch_up(place, self._canvases[slot])
        self._laid_over.spread(self._case)

    def _fill(self, slot: int) -> None:
        shown = self._case.place_of(slot)
        canvas = self._canvases[slot]
        if shown is None:
            canvas.show_message("")
            return
        images = self._case.images
        index, image = shown[0], images.image(shown)
        side = f"{image.laterality} {image.view}".strip() if image.view in BREAST_VIEWS else ""
        place = self.tr("image {number} of {count}").format(number=index + 1, count=self.count)
        words = [side, place if self._case.several_pages else ""]
        reformat = images.reformat(shown) if shown[1] or self._case.in_planes else None
        caption = "   ".join(word for word in words if word)
        canvas.show_image(images.prepared(shown), images.view(shown), caption, reformat)

    def _arrange(self) -> None:
        self._pointing.forget()
        self._cells.arrange(self._case.grid, self._case.slot_of(self.place) if self._case.maximised else None)
        self._rest_images()
        self._show_active()

    def _rest_images(self) -> None:
        """Where images lie that nobody has moved: follows the size of the cells."""
        first = self._canvases[self._visible[0]]
        ratio = first.devicePixelRatioF()
        size = max(1, round(first.width() * ratio)), max(1, round(first.height() * ratio))
        for slot, rest, held in self._case.rests(self._visible, size):
            self._canvases[slot].set_rest(rest, held)

    def _show_active(self) -> None:
        for canvas in self._canvases:
            canvas.set_active(self.side_by_side and canvas is self.canvas)
        self._show_bar()

    def _show_bar(self) -> None:
        images = [canvas.image for canvas in self.canvases if canvas.image is not None]
        stack = any(image.frames > 1 for image in images)
        self._bar.setVisible(self.count > 1 or stack)
        shown = sorted({place[0] + 1 for slot in self._visible if (place := self._case.place_of(slot)) is not None})
        text = self.tr("images {shown} of {count}").format(shown=", ".join(map(str, shown)), count=self.count)
        self._bar.show_layout(
            self._case.layout,
            self.count > 1,
            text if len(shown) < self.count else "",
        )
        self._bar.show_links(self._links.on, self.possible_links)
        self._bar.show_planes(bool(self.count) and self.plane_obstacle is None)
