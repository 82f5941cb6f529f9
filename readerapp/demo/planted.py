"""What was drawn in each case of the demonstration, and whether a map points at it. No Qt."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from readerapp.demo.simulated_reader import Look, Truth, planted_truth
from studies.design import SealedDesign
from studies.protocol import Protocol
from studies.reading.shown_maps import EXPLANATIONS, map_from_bytes

__all__ = ["Drawn", "Planted", "looks", "planted_in"]

_NEAR = 0.03  # of the image's width: a map points at what its largest value lies on, or beside
_EVERY = 4  # of a mask's pixels along each side: near enough


@dataclass(frozen=True, eq=False)
class Drawn:
    """Where an item was drawn: `points` (n, 2) float64, (column, row) of an image of `columns` × `rows` pixels."""

    points: np.ndarray
    columns: int
    rows: int

    @property
    def middle(self) -> tuple[float, float]:
        """A point of it, (column, row)."""
        column, row = self.points[len(self.points) // 2]
        return float(column), float(row)

    def pointed_at_by(self, values: np.ndarray) -> bool:
        """Whether a map (h, w) over the whole image is largest at it; a map of nothing points nowhere."""
        if not values.any():
            return False
        row, column = np.unravel_index(int(values.argmax()), values.shape)
        x = (float(column) + 0.5) * self.columns / values.shape[1] - 0.5
        y = (float(row) + 0.5) * self.rows / values.shape[0] - 0.5
        nearest = min(math.dist((x, y), point) for point in self.points)
        return nearest <= _NEAR * self.columns


@dataclass(frozen=True)
class Planted:
    """What the demo knows and no reader does: the truth behind each code, and where in the first image it was drawn."""

    truth: Mapping[str, Truth]  # presentation code → item → planted
    drawn: Mapping[str, Mapping[str, Drawn]]  # presentation code → item → where; items that were not drawn left out

    def pointed_at(self, code: str, item: str, values: np.ndarray) -> bool:
        """Whether a map of a case points at what was drawn for an item."""
        drawn = self.drawn[code].get(item)
        return drawn is not None and drawn.pointed_at_by(values)


def planted_in(design: SealedDesign, protocol: Protocol, cohort: Path) -> Planted:
    """Of every presentation of a study on a simulated cohort."""
    cases = {case.case_id: case for case in design.cases}
    columns = protocol.training.truth if protocol.training else {}
    kinds = {item: {column.removeprefix("label.") for column in named} for item, named in columns.items()}
    drawn = {case_id: _drawn(cohort, case.images[0].image_id, kinds) for case_id, case in cases.items()}
    shown = [(str(presentation.code), presentation.case_id) for presentation in design.presentations]
    truth = {code: planted_truth(protocol, cases[case_id]) for code, case_id in shown}
    return Planted(truth, {code: drawn[case_id] for code, case_id in shown})


def looks(study: Path, design: SealedDesign, planted: Planted) -> Iterator[Look]:
    """Every look at a map that the study has in store: what was planted, and whether the frozen map points at it."""
    frozen: dict[tuple[str, str], list[Mapping[str, object]]] = {}
    for record in design.explanations:
        frozen.setdefault((str(record["case_id"]), str(record["arm"])), []).append(record)
    for shown in design.presentations:
        code = str(shown.code)
        for record in frozen.get((str(shown.case_id), shown.arm), ()) if shown.explained else ():
            item = str(record["item"])
            values = map_from_bytes((study / EXPLANATIONS / str(record["sha256"])).read_bytes()).values
            pointed = planted.pointed_at(code, item, values)
            yield Look(shown.arm, str(shown.reader_id), item, planted.truth[code][item], pointed)


def _drawn(cohort: Path, image_id: str, kinds: Mapping[str, set[str]]) -> dict[str, Drawn]:
    facts = json.loads((cohort / "truth" / f"{image_id}.json").read_text(encoding="utf-8"))
    found = {}
    for item, named in kinds.items():
        points = [_points(cohort, one) for one in facts["objects"] if one["kind"] in named]
        if points and sum(map(len, points)):
            found[item] = Drawn(np.concatenate(points), int(facts["columns"]), int(facts["rows"]))
    return found


def _points(cohort: Path, drawn: Mapping[str, object]) -> np.ndarray:
    """(n, 2) float64, (column, row): the points of a line, or every few pixels of an area."""
    if "mask" not in drawn:
        return np.asarray(drawn["polyline"], np.float64).reshape(-1, 2)
    with Pillow.open(cohort / str(drawn["mask"])) as picture:
        inside = np.asarray(picture)[::_EVERY, ::_EVERY] > 0
    return np.argwhere(inside)[:, ::-1] * float(_EVERY)
