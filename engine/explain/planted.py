"""Where the truth of a simulated image lies: the objects that were planted, as shares of a map's pixels. No torch."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PilImage

from engine.cohorts.simulated.confounding import DEVICES
from engine.errors import CohortError
from engine.images.resampling import area_means

__all__ = ["LINE_SHARE", "Planted", "planted_in"]

LINE_SHARE = 0.012  # half the width of the band around a line, of the longer side of the image


@dataclass(frozen=True)
class Planted:
    """The truth of one image."""

    root: Path  # of the cohort
    rows: int
    columns: int
    objects: tuple[Mapping[str, Any], ...]
    signal: Mapping[str, Any]  # of the race label: strength, region

    def region(self, target: str) -> np.ndarray | None:
        """Where a finding or device is, (rows, columns) bool; None where the image has none, or it has no place.

        A pacemaker's leads are part of it: what tells two chambers from one is in the atrium.
        """
        return self._union(lambda kind: kind in (target, f"{target}_lead"))

    @cached_property
    def devices(self) -> np.ndarray | None:
        """Where any treatment-related confounder is."""
        known = (*DEVICES, *(f"{device}_lead" for device in DEVICES))
        return self._union(lambda kind: kind in known)

    @cached_property
    def race_signal(self) -> np.ndarray | None:
        """Where the texture is that tells the race label; None where there is none, or it is everywhere."""
        region = self.signal.get("region")
        if not self.signal.get("strength") or region not in ("lungs", "heart", "outside_lungs"):
            return None
        found = self._union(lambda kind: kind == ("heart" if region == "heart" else "lung"))
        return ~found if found is not None and region == "outside_lungs" else found

    def _union(self, wanted: Callable[[str], bool]) -> np.ndarray | None:
        regions = [self._drawn(each) for each in self.objects if wanted(each["kind"])]
        whole = np.logical_or.reduce(regions) if regions else None
        return whole if whole is not None and whole.any() else None

    def _drawn(self, entry: Mapping[str, Any]) -> np.ndarray:
        if "mask" in entry:
            with PilImage.open(self.root / entry["mask"]) as picture:
                return np.asarray(picture) > 0
        line = np.array(entry["polyline"], np.float64).reshape(-1, 2)
        return _near(line, (self.rows, self.columns), LINE_SHARE * max(self.rows, self.columns))


def planted_in(root: Path, image_id: str) -> Planted:
    """The truth of an image of a simulated cohort. CohortError where it has none."""
    path = root / "truth" / f"{image_id}.json"
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Planted(root, facts["rows"], facts["columns"], tuple(facts["objects"]), facts.get("race_signal", {}))
    except FileNotFoundError:
        raise CohortError(
            f"{root.name} has no {path.parent.name}/{path.name}: explanations can be held against the truth in "
            "simulated cohorts only; make one with `engine cohort simulate`"
        ) from None
    except (OSError, ValueError, KeyError) as error:
        raise CohortError(f"the truth {path} cannot be read: {error}") from error


def at_map(region: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Share of each pixel of a map (h, w) over the image that a region (rows, columns) covers, float32 in [0, 1]."""
    rows, columns = region.shape
    shares = area_means(region.astype(np.float32), (0, 0, columns, rows), (shape[1], shape[0]), np.float32)
    return np.clip(shares, 0.0, 1.0, out=shares)


def _near(line: np.ndarray, shape: tuple[int, int], distance: float) -> np.ndarray:
    """Pixels whose centre lies within `distance` of a polyline (n, 2) of (column, row)."""
    near = np.zeros(shape, bool)
    for start, end in zip(line[: max(len(line) - 1, 1)], line[1:] if len(line) > 1 else line):
        low = np.floor(np.minimum(start, end) - distance).astype(int).clip(0)
        high = np.ceil(np.maximum(start, end) + distance).astype(int) + 1
        columns, rows = (np.arange(low[axis], min(high[axis], shape[1 - axis])) for axis in (0, 1))
        along = end - start
        across, down = columns[None, :] - start[0], rows[:, None] - start[1]
        share = np.clip((across * along[0] + down * along[1]) / max(float(along @ along), 1e-12), 0, 1)
        close = (across - share * along[0]) ** 2 + (down - share * along[1]) ** 2 <= distance**2
        near[np.ix_(rows, columns)] |= close
    return near
