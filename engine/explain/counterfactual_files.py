"""Counterfactuals as files in a folder: all of them, or, where somebody stops it, none. No torch."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.artifacts import file_part, file_stem
from engine.counterfactuals import Counterfactual
from engine.errors import JobError
from engine.explain.counterfactual_badge import STATEMENT
from engine.explain.counterfactual_dicom import Part, derived_dicom, description_of
from engine.explain.counterfactual_picture import difference_picture, finding_grid, grey_picture, trajectory_sheet
from engine.hashing import file_sha256
from engine.tables import NOTICE, whole_folder

__all__ = ["write_counterfactuals", "write_dicom", "write_picture"]

_DPI = 150


def write_counterfactuals(
    found: Sequence[Counterfactual], out: Path, image: Path, *, frame: int = 0, dicom: bool = False
) -> list[Path]:
    """Write all pictures of counterfactuals of one image (file `image`) into the folder `out`; what was written.

    Of each target: `.counterfactual`, `.json`, a sheet, and for every amplitude the drawing and its difference, as PNG
    and, where asked, as DICOM; of all: the reconstruction, and the grid of findings where there are several. What is
    already in `out` under the same name is replaced. Raises JobError for none, ExportError where a file of `out` cannot
    be replaced; `out` is then as it was.
    """
    if not found:
        raise JobError("there is no counterfactual to write")
    with whole_folder(out) as folder:
        _write_all(_Folder(folder, image, frame, dicom), found)
        names = sorted(path.name for path in folder.iterdir())
    return [out / name for name in names]


def write_picture(path: Path, picture: np.ndarray, found: Sequence[Counterfactual], part: Part, place: int = 0) -> None:
    """A picture that bears its badge as PNG, whose text says it again. found: what it shows, one but for a grid."""
    info = PngInfo()
    for name, value in _words(found, description_of(found, part, place)).items():
        info.add_itxt(name, value)
    Image.fromarray(picture).save(path, format="PNG", pnginfo=info)


def write_dicom(
    path: Path,
    picture: np.ndarray,
    found: Sequence[Counterfactual],
    part: Part,
    place: int = 0,
    source: Path | None = None,
    frame: int = 0,
) -> None:
    """The same as DICOM (DERIVED, SyntheticData). source: file of the image, and which frame, where known."""
    derived_dicom(picture, found, part, place, source, frame).save_as(path, enforce_file_format=True)


def _words(found: Sequence[Counterfactual], description: str) -> dict[str, str]:
    """Keywords of PNG (W3C PNG 11.3.3), and our own; the provenance of several is a list."""
    made = [each.to_json() for each in found]
    return {
        "Title": STATEMENT,
        "Description": description,
        "Disclaimer": NOTICE,
        "ImageType": "DERIVED",
        "Provenance": json.dumps(made if len(made) > 1 else made[0], ensure_ascii=False, sort_keys=True),
    }


@dataclass(frozen=True)
class _Folder:
    """Where files of one image go."""

    path: Path
    image: Path
    frame: int
    dicom: bool

    def named(self, *parts: str) -> Path:
        return self.path / ".".join((file_stem(self.image), *parts))

    def picture(self, picture: np.ndarray, found: Counterfactual, part: Part, place: int, *name: str) -> None:
        write_picture(self.named(*name, "png"), picture, [found], part, place)
        if self.dicom:
            write_dicom(self.named(*name, "dcm"), picture, [found], part, place, self.image, self.frame)

    def figure(self, figure: Figure, found: Sequence[Counterfactual], description: str, *name: str) -> None:
        words = {"Software": None, **_words(found, description)}
        figure.savefig(self.named(*name, "png"), dpi=_DPI, metadata=words)


def _write_all(folder: _Folder, found: Sequence[Counterfactual]) -> None:
    folder.picture(grey_picture(found[0].reconstruction), found[0], "reconstruction", 0, "reconstruction")
    for each in found:
        _write_one(folder, each)
    if len(found) > 1:
        folder.figure(finding_grid(found), found, f"{STATEMENT}. Counterfactuals of one image.", "findings")


def _write_one(folder: _Folder, found: Counterfactual) -> None:
    target = file_part(found.target)
    found.save(folder.named(target, "counterfactual"))
    text = json.dumps(_facts(folder, found), indent=2, ensure_ascii=False, allow_nan=False)
    folder.named(target, "json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    folder.figure(trajectory_sheet(found), [found], f"{STATEMENT}. Counterfactuals of {found.target}.", target, "sheet")
    most = float(np.abs(found.differences).max()) or 1.0
    for place, amplitude in enumerate(found.amplitudes):
        name = (target, f"{amplitude:+.6g}")
        folder.picture(grey_picture(found.drawings[place]), found, "drawing", place, *name)
        difference = difference_picture(found.differences[place], most)
        folder.picture(difference, found, "difference", place, *name, "difference")


def _facts(folder: _Folder, found: Counterfactual) -> dict[str, Any]:
    return {
        "notice": f"{STATEMENT}. {NOTICE}",
        **found.to_json(),
        "confirmed": [None if math.isnan(share) else share for share in found.confirmed],
        "image": {"file": folder.image.name, "sha256": file_sha256(folder.image), "frame": folder.frame},
    }
