"""Which image of a case hangs where, by the rules under `resources/hanging/`. No Qt.

A rule looks at what the images show and at nothing else: not at names, strata, readers or answers.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from engine.images.image import Image
from engine.images.reformat import obstacle
from readerapp.viewer.display import Placement, aspect_of, fit

__all__ = [
    "GRIDS",
    "LAYOUTS",
    "MPR",
    "Cell",
    "Edge",
    "Grid",
    "Hanging",
    "HangingError",
    "Rule",
    "hang",
    "load_rules",
    "pages",
    "parse_rules",
    "resting",
]

Edge = Literal["left", "right", "centre"]
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_FACTS = ("modality", "body_part", "view", "laterality")


class HangingError(Exception):
    """Rules that cannot be used; the message names the rule and what to write instead."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns of cells on one page; `planes`: they show the three planes of one stack."""

    rows: int
    columns: int
    planes: bool = False

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def name(self) -> str:
        """ "1x2": one row, two columns; "mpr": three planes of one stack."""
        return "mpr" if self.planes else f"{self.rows}x{self.columns}"


GRIDS = {grid.name: grid for grid in (Grid(1, 1), Grid(1, 2), Grid(2, 2))}  # in the order of `layout_next`
MPR = Grid(1, 3, planes=True)  # multiplanar: as acquired, and two reformats at right angles
LAYOUTS = {**GRIDS, MPR.name: MPR}


@dataclass(frozen=True)
class Cell:
    """A place of a page: `image` is an index in the case, None where the cell is empty; `plane` 0 is as acquired."""

    image: int | None
    edge: Edge = "centre"
    flipped: bool = False
    plane: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """(image, plane); (-1, 0) for an empty cell."""
        return (-1 if self.image is None else self.image), self.plane


@dataclass(frozen=True)
class Hanging:
    """Every image of a case exactly once, in hanging order; a page after the other takes as many cells as it has."""

    grid: Grid
    cells: tuple[Cell, ...]
    same_scale: bool = False


@dataclass(frozen=True)
class CellRule:
    """The image a cell takes: `wanted` has the words allowed for a fact of `Image`."""

    wanted: Mapping[str, tuple[str, ...]]
    edge: Edge = "centre"
    faces_right: str = ""

    def takes(self, image: Image) -> bool:
        return all(getattr(image, fact) in words for fact, words in self.wanted.items())

    def hung(self, index: int, image: Image) -> Cell:
        """The image in this cell, flipped where its header says that it runs the other way."""
        runs = image.row_direction[:1].upper()
        return Cell(index, self.edge, bool(self.faces_right) and runs == _OPPOSITE.get(self.faces_right))


@dataclass(frozen=True)
class Rule:
    """One rule of the file; its fields are explained there."""

    name: str
    grid: Grid
    images: tuple[int, int] = (1, 10**9)
    wanted: Mapping[str, tuple[str, ...]] | None = None
    stacks: bool | None = None
    same_scale: bool = False
    cells: tuple[CellRule, ...] = ()
    least: int = 0

    def hang(self, images: Sequence[Image]) -> Hanging | None:
        """The case as this rule hangs it, None where the rule does not fit."""
        if not self._fits(images):
            return None
        left = list(range(len(images)))
        cells = []
        for rule in self.cells:
            index = next((i for i in left if rule.takes(images[i])), None)
            cells.append(Cell(None) if index is None else rule.hung(index, images[index]))
            if index is not None:
                left.remove(index)
        if sum(cell.image is not None for cell in cells) < self.least:
            return None
        return Hanging(self.grid, (*cells, *map(Cell, left)), self.same_scale)

    def _fits(self, images: Sequence[Image]) -> bool:
        return (
            self.images[0] <= len(images) <= self.images[1]
            and all(getattr(image, fact) in words for fact, words in (self.wanted or {}).items() for image in images)
            and (self.stacks is None or all((image.frames > 1) == self.stacks for image in images))
            and not (self.grid.planes and any(obstacle(image) for image in images))
        )


def hang(images: Sequence[Image], rules: Sequence[Rule] | None = None) -> Hanging:
    """How a case hangs by the first rule that fits; the standard rules fit every case. At least one image."""
    for rule in load_rules() if rules is None else rules:
        hanging = rule.hang(images)
        if hanging is not None:
            return hanging
    raise HangingError("no rule fits the case; end the rules with one that has a grid only")


def pages(
    hanging: Hanging, grid: Grid, planes_of: Callable[[int], int] = lambda image: 1
) -> tuple[tuple[Cell, ...], ...]:
    """The cells of each page of a grid, short pages filled with empty ones.

    In the rule's own grid every image keeps the place and the edge that the rule gave it. In another one images close
    up, and lie against an edge only where it has as many columns: there the neighbours are the same. In the grid of
    planes every image has a page of its own, with as many cells as `planes_of` says.
    """
    cells = hanging.cells
    if grid.planes:
        shown = [cell.image for cell in cells if cell.image is not None]
        return tuple(tuple(Cell(image, plane=plane) for plane in range(planes_of(image))) for image in shown)
    if grid != hanging.grid:
        cells = tuple(cell for cell in cells if cell.image is not None)
        if grid.columns != hanging.grid.columns:
            cells = tuple(replace(cell, edge="centre") for cell in cells)
    chunks = [cells[start : start + grid.cells] for start in range(0, len(cells), grid.cells)]
    chunks = [chunk for chunk in chunks if any(cell.image is not None for cell in chunk)]
    return tuple((*chunk, *(Cell(None) for _ in range(grid.cells - len(chunk)))) for chunk in chunks)


def resting(
    images: Sequence[Image], cells: Sequence[Cell], size: tuple[int, int], same_scale: bool
) -> list[Placement | None]:
    """Where the images of a page lie before a hand moves them, for cells of one `size` (width, height, screen pixels).

    None: fitted, as any image alone. `images[k]` hangs in `cells[k]`. With `same_scale` a millimetre is equally long in
    all, as long as the one that needs most room allows; that takes a spacing in every header.
    """
    fitted = [fit(image.rows, image.columns, size, aspect_of(image)) for image in images]
    scales = [placement.scale for placement in fitted]
    spacings = [image.spacing_mm[1] for image in images if image.spacing_mm is not None]
    if same_scale and len(spacings) == len(images):
        per_mm = min(scale / spacing for scale, spacing in zip(scales, spacings, strict=True))
        scales = [per_mm * spacing for spacing in spacings]
    hung: list[Placement | None] = []
    for image, cell, placement, scale in zip(images, cells, fitted, scales, strict=True):
        if scale == placement.scale and cell.edge == "centre":
            hung.append(None)
        else:
            hung.append(replace(placement, scale=scale, x=_centre(image, cell, scale, size[0])))
    return hung


def _centre(image: Image, cell: Cell, scale: float, width: int) -> float:
    """The column at the middle of a cell `width` wide, so that the picture lies against the cell's edge."""
    middle = (image.columns - 1) / 2
    room = (width / scale - image.columns) / 2  # columns left over on either side
    toward = {"left": 1, "right": -1, "centre": 0}[cell.edge]
    return middle + toward * room * (-1 if cell.flipped else 1)


@cache
def load_rules(name: str = "standard") -> tuple[Rule, ...]:
    """The rules that ship with the program. Raises HangingError."""
    text = files("resources.hanging").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_rules(text, f"{name}.toml")


def parse_rules(text: str, source: str = "hanging rules") -> tuple[Rule, ...]:
    """Rules from TOML text. Raises HangingError for a word the program does not know, or a value that cannot be."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HangingError(f"{source} is not valid TOML: {error}") from error
    entries = table.get("rules")
    if not isinstance(entries, list) or not entries or set(table) != {"rules"}:
        raise HangingError(f"{source} must have [[rules]] and nothing else; begin each rule with [[rules]]")
    rules = tuple(_rule(entry, f"rule {number} of {source}") for number, entry in enumerate(entries, start=1))
    if rules[-1] != Rule(rules[-1].name, rules[-1].grid) or rules[-1].grid.planes:
        raise HangingError(
            f"{source} ends with a rule that does not fit every case; end it with a name and a grid only, not mpr"
        )
    return rules


def _rule(entry: Mapping[str, Any], where: str) -> Rule:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise HangingError(f"{where} has no name; give it one")
    where = f"rule '{name}'"
    _refuse_unknown(
        entry, {"name", "grid", "images", "modality", "body_part", "stacks", "same_scale", "least", "cells"}, where
    )
    grid = LAYOUTS.get(str(entry.get("grid")))
    if grid is None:
        raise HangingError(f"{where} has the grid {entry.get('grid')!r}; use one of {', '.join(LAYOUTS)}")
    if grid.planes and entry.get("cells"):
        raise HangingError(f"{where} describes cells of the grid mpr, whose cells are planes of one stack; remove them")
    cells = tuple(_cell(cell, f"cell {n} of {where}") for n, cell in enumerate(entry.get("cells", []), start=1))
    if cells and len(cells) != grid.cells:
        raise HangingError(f"{where} describes {len(cells)} cells for a grid of {grid.name}; describe {grid.cells}")
    least = entry.get("least", len(cells))
    if not isinstance(least, int) or not 0 <= least <= len(cells) or (cells and least == 0):
        raise HangingError(f"{where} asks for least = {least!r} of its {len(cells)} cells; use 1 to {len(cells)}")
    wanted = _wanted(entry, where)
    same_scale = _flag(entry, "same_scale", where) or False
    return Rule(
        name, grid, _range(entry, where), wanted or None, _flag(entry, "stacks", where), same_scale, cells, least
    )


def _cell(entry: Mapping[str, Any], where: str) -> CellRule:
    _refuse_unknown(entry, {*_FACTS, "edge", "faces_right"}, where)
    wanted = _wanted(entry, where)
    if not wanted:
        raise HangingError(f"{where} does not say which image it takes; give it a view or another fact")
    edge = entry.get("edge", "centre")
    if edge not in get_args(Edge):
        raise HangingError(f"{where} has the edge {edge!r}; use left, right or centre")
    faces = entry.get("faces_right", "")
    if faces and faces not in _OPPOSITE:
        raise HangingError(f"{where} has faces_right = {faces!r}; use one of {', '.join(_OPPOSITE)}")
    return CellRule(wanted, edge, faces)


def _wanted(entry: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    wanted = {}
    for fact in _FACTS:
        if fact in entry:
            words = entry[fact] if isinstance(entry[fact], list) else [entry[fact]]
            if not words or not all(isinstance(word, str) and word for word in words):
                raise HangingError(f"{where} has {fact} = {entry[fact]!r}; write one word, or several in brackets")
            wanted[fact] = tuple(word.upper() for word in words)
    return wanted


def _range(entry: Mapping[str, Any], where: str) -> tuple[int, int]:
    bounds = entry.get("images", [1, 10**9])
    sound = isinstance(bounds, list) and len(bounds) == 2 and all(type(bound) is int for bound in bounds)
    if not sound or not 1 <= bounds[0] <= bounds[1]:
        raise HangingError(f"{where} has images = {bounds!r}; write the least and the most, as in [2, 4]")
    return bounds[0], bounds[1]


def _flag(entry: Mapping[str, Any], name: str, where: str) -> bool | None:
    value = entry.get(name)
    if value is not None and not isinstance(value, bool):
        raise HangingError(f"{where} has {name} = {value!r}; write true or false")
    return value


def _refuse_unknown(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := set(entry) - known:
        raise HangingError(f"{where} has the entry '{sorted(unknown)[0]}', which means nothing; remove it")
