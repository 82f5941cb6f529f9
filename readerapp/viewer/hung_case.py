"""The images of a case as they hang: in which layout, on which page, which of them keys act on. No Qt widgets.

Cells of the page are counted in slots, 0 is the first; a place is an image of the case in one of its planes
(`readerapp.viewer.planes`).
"""

from collections.abc import Iterable, Mapping, Sequence

from engine.images.image import Image
from readerapp.viewer.display import Placement
from readerapp.viewer.layouts import GRIDS, LAYOUTS, Cell, Edge, Grid, Hanging, hang, resting
from readerapp.viewer.planes import PLANES, CaseImages, Place
from readerapp.viewer.view_state import ImageView, PreparedImage

__all__ = ["HungCase"]

_ONE = Grid(1, 1)
_HELD: dict[Edge, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}  # share of a cell's width that keys zoom about


class HungCase:
    """A case on its pages; without images there is one empty cell and no page."""

    def __init__(self, images: CaseImages | None = None, hanging: Hanging | None = None) -> None:
        self.images = images or CaseImages()
        self._hanging = hanging or Hanging(_ONE, ())
        self._grid = self._hanging.grid
        self._grid_before_planes = _ONE if self._grid.planes else self._grid
        self._page: tuple[Cell, ...] = ()
        self.maximised = False
        self.active = 0  # index of the image that keys act on

    @classmethod
    def hung(
        cls,
        images: Sequence[PreparedImage],
        views: Sequence[ImageView | None],
        active: int | None = None,
        arrangement: Mapping[str, object] | None = None,
    ) -> "HungCase":
        """A case as it hangs by the rules, in the layout of an `arrangement` that was kept where there is one.

        `views` has one entry an image, None for one that opens as it hangs. `turn_page` brings its page up.
        """
        hanging = hang([entry.image for entry in images])
        flipped = {cell.image for cell in hanging.cells if cell.flipped}
        case = cls(CaseImages.hung(images, views, flipped), hanging)
        kept = arrangement or {}
        case.images.restore(kept.get("planes"))
        case._grid = LAYOUTS.get(str(kept.get("grid")), hanging.grid)
        case.maximised = kept.get("maximised") is True
        first = next(cell.image for cell in hanging.cells if cell.image is not None)
        case.active = active if active is not None and 0 <= active < len(images) else first
        return case

    @property
    def count(self) -> int:
        return self.images.count

    @property
    def place(self) -> Place:
        """The image and the plane of it that keys act on."""
        return self.images.shown(self.active)

    @property
    def arrangement(self) -> dict[str, object]:
        """The layout in use and the planes of stacks, as plain JSON values."""
        return {"grid": self._grid.name, "maximised": self.maximised, **self.images.record()}

    # The page that is up

    @property
    def grid(self) -> Grid:
        """Rows and columns of the page."""
        return _ONE if self._grid.planes and not self.in_planes else self._grid

    @property
    def layout(self) -> str:
        """What the layout in use is called."""
        return _ONE.name if self.maximised else self._grid.name

    @property
    def in_planes(self) -> bool:
        """The page shows the planes of one stack; that of an image without others shows it alone."""
        return self._grid.planes and len(self._page) == PLANES

    @property
    def asks_for_planes(self) -> bool:
        """The layout is the one of planes, whether the image has any or not."""
        return self._grid.planes

    @property
    def several_pages(self) -> bool:
        return len(self._pages()) > 1

    @property
    def filled(self) -> list[tuple[int, Place]]:
        """Slot and place of each cell of the page that has an image."""
        return [(slot, cell.place) for slot, cell in enumerate(self._page) if cell.image is not None]

    @property
    def elsewhere(self) -> dict[Place, Image]:
        """The images that are not on this page, as acquired."""
        here = {cell.image for cell in self._page}
        return {(index, 0): self.images.image((index, 0)) for index in range(self.count) if index not in here}

    def place_of(self, slot: int) -> Place | None:
        """What hangs in a slot, None where it is empty."""
        cell = self._page[slot] if slot < len(self._page) else Cell(None)
        return cell.place if cell.image is not None else None

    def slot_of(self, place: Place) -> int:
        """Where a place hangs; the first slot where it is on another page."""
        return next((slot for slot, cell in enumerate(self._page) if cell.place == place), 0)

    def rests(self, slots: Iterable[int], size: tuple[int, int]) -> list[tuple[int, Placement | None, float]]:
        """Where images lie that nobody has moved, for cells of one `size` (width, height, screen pixels).

        For each of the `slots` that has an image: the slot, the placement (None: fitted), and about which share of the
        cell's width keys zoom.
        """
        places = [(slot, place) for slot in slots if (place := self.place_of(slot)) is not None]
        cells = [
            Cell(place[0], "centre" if self.maximised else self._page[slot].edge, self.images.view(place).flipped)
            for slot, place in places
        ]
        images = [self.images.image(place) for _, place in places]
        rests = resting(images, cells, size, self._hanging.same_scale or self._grid.planes)
        return [(slot, rest, _HELD[cell.edge]) for (slot, _), rest, cell in zip(places, rests, cells, strict=True)]

    # What becomes of it

    def turn_page(self) -> bool:
        """Brings the page of the active image up. False where it is up already, each cell as it was."""
        old = self._page
        self._page = next(page for page in self._pages() if any(cell.image == self.active for cell in page))
        return old != self._page

    def go_to(self, place: Place) -> None:
        """Makes a place the one that keys act on; `turn_page` brings its page up."""
        self.active = place[0]
        self.images.show(place)

    def beside(self, steps: int) -> Place:
        """The place so many steps after this one in the order in which they hang, at most the last or the first."""
        places = [cell.place for page in self._pages() for cell in page if cell.image is not None]
        if self.place not in places:
            return self.place
        return places[min(max(places.index(self.place) + steps, 0), len(places) - 1)]

    def next_plane(self) -> Place:
        """The active image in its next plane: as acquired, then the two at right angles, then again as acquired."""
        return self.active, (self.place[1] + 1) % PLANES

    def lay_out(self, name: str) -> bool:
        """One of `layouts.LAYOUTS`, none maximised; False where that changes nothing or cannot be.

        "mpr" goes where it came from when asked again. Planes that stood side by side leave the acquired one behind.
        """
        grid = LAYOUTS[name]
        if grid.planes and self._grid.planes and not self.maximised:
            grid = self._grid_before_planes
        has_planes = self.images.obstacle(self.active) is None
        possible = has_planes if grid.planes else self.count > 1 or self._grid.planes
        if not possible or (grid == self._grid and not self.maximised):
            return False
        if self._grid.planes and not grid.planes:
            for index in range(self.count):
                self.images.show((index, 0))
        elif grid.planes and not self._grid.planes:
            self._grid_before_planes = self._grid
        self._grid, self.maximised = grid, False
        return True

    def next_layout(self) -> str:
        """The name of the grid after the one in use; after the last the first."""
        names = list(GRIDS)
        place = names.index(self._grid.name) if self._grid.name in names else -1
        return names[(place + 1) % len(names)]

    def _pages(self) -> tuple[tuple[Cell, ...], ...]:
        return self.images.pages(self._hanging, self._grid)
