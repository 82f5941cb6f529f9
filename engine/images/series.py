"""Files to stacks: a folder's files grouped into images and series; a series to one `Image` in order of geometry."""

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ImageError
from engine.images.geometry import SAME_PLACE_MM, stack_order
from engine.images.header import Header
from engine.images.image import Image
from engine.images.opening import kind_of, open_image, read_header
from engine.images.refusal import check_size, named, shown_name

_MOST_AT_ONCE = 4
_SLICES_PER_PROCESS = 16
_SAME_DIRECTION = 1e-3  # largest difference of a direction cosine within a stack


@dataclass(frozen=True)
class FoundImage:
    """One image of a folder: a file, or the files of a stack in order. `header` is the first file's."""

    header: Header
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Rejected:
    """A file that is no image or cannot be read, and why, in one sentence."""

    path: Path
    reason: str


def find_series(folder: Path, progress: Callable[[float], None] | None = None) -> list[FoundImage | Rejected]:
    """Everything in a folder and its folders, or of a DICOMDIR: images, stacks, and what is neither.

    Single-frame DICOM files of one series with the same size and orientation and known, different places become one
    stack, ordered along the normal; several stacks in one series (echoes, time points) are kept apart where the header
    tells them apart. Sorted by first path. Raises ImageError where the folder itself cannot be read.
    """
    paths, missing = _files(folder)
    found: list[FoundImage | Rejected] = [*missing]
    headers: list[tuple[Path, Header]] = []
    for number, path in enumerate(paths):
        try:
            header = read_header(path)
            if header.no_image:
                raise ImageError(f"{shown_name(path)}: {header.no_image}")
            headers.append((path, header))
        except ImageError as error:
            found.append(Rejected(path, str(error)))
        if progress:
            progress((number + 1) / len(paths))
    headers, copies = _without_copies(headers)
    found += copies
    for group in _groups(headers):
        found += [FoundImage(part[0][1], tuple(path for path, _ in part)) for part in _stacks(group)]
    return sorted(found, key=lambda item: str(item.path if isinstance(item, Rejected) else item.paths[0]))


def open_series(paths: Sequence[Path]) -> Image:
    """One stack from the files of a series, sorted along the normal; notes say tilt, uneven spacing, missing slices.

    DICOM slices without a place are ordered by instance number, other files as given. Raises ImageError that names the
    file which cannot be read or does not belong (another size, orientation or kind of pixels).
    """
    if not paths:
        raise ImageError("a series needs at least one file; none was given")
    if len(paths) == 1:
        return open_image(paths[0])
    slices = _slices(paths)
    _check_same(slices)
    order, geometry, notes = _order(slices)
    return _stacked([slices[index] for index in order], geometry, notes)


@dataclass(frozen=True, eq=False)
class _Slice:
    path: Path
    header: Header
    image: Image


def _slices(paths: Sequence[Path]) -> list[_Slice]:
    """The slices in the order of `paths`; several at once where decoder processes do the work.

    Python's lock would make threads slower for every other kind, and each process takes a while to start.
    """
    from engine.images.decoders import decodes_apart

    first = _slice(paths[0])
    at_once = min(_MOST_AT_ONCE, os.cpu_count() or 1, len(paths) // _SLICES_PER_PROCESS)
    if at_once < 2 or not decodes_apart(first.header.transfer_syntax):
        return [first, *map(_slice, paths[1:])]
    with ThreadPoolExecutor(at_once) as threads:
        try:
            return [first, *threads.map(_slice, paths[1:])]
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def _slice(path: Path) -> _Slice:
    with named(path):
        if kind_of(path) != "dicom":
            return _Slice(path, read_header(path), open_image(path))
        from engine.images.dicom_file import read_dicom
        from engine.images.dicom_header import header_of
        from engine.images.dicom_image import image_of

        file = read_dicom(path)
        return _Slice(path, header_of(file), image_of(file))


def _check_same(slices: list[_Slice]) -> None:
    first = slices[0]
    for each in slices:
        with named(each.path):
            if each.image.frames > 1:
                raise ImageError(f"has {each.image.frames} frames and is a stack of its own")
            if each.image.pixels.shape != first.image.pixels.shape:
                raise ImageError(
                    f"has {each.image.columns} x {each.image.rows} pixels where the stack has "
                    f"{first.image.columns} x {first.image.rows}, or other colour; it does not belong"
                )
            if each.image.photometric != first.image.photometric:
                raise ImageError(f"is {each.image.photometric} where the stack is {first.image.photometric}")
            if not _same_direction(each.header, first.header):
                raise ImageError("lies in another plane than the rest of the stack")
            if (each.image.modality_lut is None) != (first.image.modality_lut is None):
                raise ImageError("has a modality table where others of the stack have none, or the reverse")
    check_size(first.image.rows, first.image.columns, len(slices), first.image.pixels[..., 0:1].itemsize)


def _order(slices: list[_Slice]) -> tuple[Sequence[int], dict[str, Any], tuple[str, ...]]:
    points = [each.header.position_mm for each in slices]
    known = [point for point in points if point is not None]
    orientation = slices[0].header.orientation
    if len(known) == len(points) and slices[0].header.normal is not None:
        stack = stack_order(known, orientation)
        geometry = {
            "frame_positions_mm": stack.positions_mm,
            "slice_spacing_mm": stack.spacing_mm,
            "frame_origins_mm": tuple(known[index] for index in stack.order),
        }
        return stack.order, geometry, stack.notes
    if slices[0].header.kind != "dicom":
        return range(len(slices)), {"frame_origins_mm": ()}, ()
    numbers = [each.header.instance_number for each in slices]
    order = sorted(range(len(slices)), key=lambda i: (numbers[i] is None, numbers[i] or 0, i))
    return order, {"frame_origins_mm": ()}, ("the slices do not say where they lie; they are ordered by their number",)


def _stacked(slices: list[_Slice], geometry: dict[str, Any], notes: tuple[str, ...]) -> Image:
    images = [each.image for each in slices]
    middle = images[len(images) // 2]
    dtype = np.result_type(*{image.pixels.dtype for image in images})
    pixels = np.empty((len(images), *middle.pixels.shape), dtype)
    for index, image in enumerate(images):
        pixels[index] = image.pixels
    own = tuple(dict.fromkeys(note for image in images for note in image.notes))
    if any(image.overlays for image in images):
        own = (*own, "overlay planes of single slices are not shown in the stack")
    return replace(
        middle,
        pixels=pixels,
        bits_stored=max(image.bits_stored for image in images),
        slope=_common([image.rescale()[0] for image in images]),
        intercept=_common([image.rescale()[1] for image in images]),
        overlays=(),
        notes=(*own, *notes),
        **geometry,
    )


def _common(values: list[float]) -> float | tuple[float, ...]:
    return values[0] if len(set(values)) == 1 else tuple(values)


def _same_direction(one: Header, other: Header) -> bool:
    if len(one.orientation) != len(other.orientation):
        return False
    return all(abs(a - b) <= _SAME_DIRECTION for a, b in zip(one.orientation, other.orientation))


def _files(folder: Path) -> tuple[list[Path], list[Rejected]]:
    """All files below a folder, DICOMDIR and hidden ones left out; files that a DICOMDIR names and are not there."""
    if folder.is_file():
        listed = _listed(folder)
        return [p for p in listed if p.is_file()], [_not_there(p) for p in listed if not p.is_file()]
    if not folder.is_dir():
        raise ImageError(f"{folder.name}: there is no such folder")
    paths, missing = [], []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.upper() == "DICOMDIR":
                missing += [_not_there(p) for p in _listed_or_none(Path(place, name)) if not p.is_file()]
            elif not name.startswith("."):
                paths.append(Path(place, name))
    return paths, missing


def _not_there(path: Path) -> Rejected:
    return Rejected(path, f"{shown_name(path)}: is listed in the DICOMDIR and is not there")


def _listed_or_none(dicomdir: Path) -> list[Path]:
    try:
        return _listed(dicomdir)
    except ImageError:  # the folder's files are read all the same
        return []


def _listed(dicomdir: Path) -> list[Path]:
    """Files that a DICOMDIR refers to (PS3.10 8, PS3.3 F.3); none outside its folder."""
    with named(dicomdir):
        from engine.images.dicom_file import read_dicom_header

        dataset = read_dicom_header(dicomdir).dataset
        if "DirectoryRecordSequence" not in dataset:
            raise ImageError("is neither a folder nor a DICOMDIR")
        return list(_references(dataset, dicomdir.parent))


def _references(dataset: Any, folder: Path) -> Iterator[Path]:
    for record in dataset.DirectoryRecordSequence:
        parts = record.get("ReferencedFileID")
        if not parts:
            continue
        parts = [parts] if isinstance(parts, str) else [str(part) for part in parts]
        if not any(part in ("", ".", "..") or "/" in part or "\\" in part or ":" in part for part in parts):
            yield folder.joinpath(*parts)


def _without_copies(headers: list[tuple[Path, Header]]) -> tuple[list[tuple[Path, Header]], list[Rejected]]:
    """Files with one and the same instance UID, series and number of frames are copies; the first is kept."""
    seen: dict[tuple[object, ...], Path] = {}
    kept, copies = [], []
    for path, header in headers:
        key = (header.series_id, header.instance_id, header.frames, header.position_mm, header.transfer_syntax)
        if header.instance_id and key in seen:
            first = shown_name(seen[key])
            copies.append(Rejected(path, f"{shown_name(path)}: is a copy of {first} (the same SOP Instance UID)"))
        else:
            seen[key] = path
            kept.append((path, header))
    return kept, copies


_Group = list[tuple[Path, Header]]


def _groups(headers: _Group) -> Iterator[_Group]:
    """Files that could be slices of one stack together, the others alone."""
    candidates: dict[tuple[object, ...], list[_Group]] = defaultdict(list)
    for path, header in headers:
        if header.kind != "dicom" or header.frames > 1 or header.depth_mm is None or not header.series_id:
            yield [(path, header)]
            continue
        key = (header.study_id, header.series_id, header.rows, header.columns, header.samples, header.photometric)
        for group in candidates[key]:
            if _same_direction(group[0][1], header):
                group.append((path, header))
                break
        else:
            candidates[key].append([(path, header)])
    for groups in candidates.values():
        yield from groups


def _stacks(group: _Group) -> list[_Group]:
    """One stack, or several where places repeat and one attribute of the header tells them apart."""
    group = sorted(group, key=lambda item: (item[1].depth_mm or 0.0, item[1].instance_number or 0, str(item[0])))
    if _places_differ(group):
        return [group]
    for index in range(len(group[0][1].stack)):
        parts: dict[str, _Group] = defaultdict(list)
        for item in group:
            parts[item[1].stack[index]].append(item)
        if len(parts) > 1 and all(_places_differ(part) for part in parts.values()):
            return list(parts.values())
    return [group]


def _places_differ(group: _Group) -> bool:
    depths = [header.depth_mm or 0.0 for _, header in group]
    return all(second - first > SAME_PLACE_MM for first, second in itertools.pairwise(depths))
