"""NIfTI-1 and NIfTI-2 files (.nii, .nii.gz) to an `Image` with the patient's left on the right, as radiologists look.

The stored array has no fixed orientation; the affine says where its axes go. Volumes are shown in the plane they were
acquired in (the axis of clearly thickest voxels is scrolled), else axially: rows run to P (or F), columns to L (or P),
slices along row × column, just as a sorted DICOM series. Coordinates of marks are of this arrangement.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import nibabel
import numpy as np
from nibabel.orientations import io_orientation

from engine.errors import ImageError
from engine.images.geometry import direction_letters
from engine.images.header import Header
from engine.images.image import Image, Window
from engine.images.refusal import check_size, named

_THICK = 1.3  # a voxel axis this much longer than both others is the slice axis
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0])
_UNITS = {1: 1000.0, 2: 1.0, 3: 0.001}  # mm in a metre, millimetre, micrometre; files without a unit mean mm
# For the scrolled axis (0 = left-right, 1 = front-back, 2 = foot-head): axes of frames, rows, columns, and whether each
# runs against RAS, so that columns go to L or P, rows to P or F, and frames along row × column.
_PLANES = {2: ((2, 1, 0), (False, True, True)), 1: ((1, 2, 0), (True, True, True)), 0: ((0, 2, 1), (False, True, True))}
_PLAIN = {"u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"}


@dataclass(frozen=True, eq=False)
class _Volume:
    """The checked header of a file."""

    shape: tuple[int, int, int]
    volumes: int  # time points or other further axes, multiplied
    dtype: np.dtype
    offset: int
    affine: np.ndarray  # (4, 4), voxel to RAS, mm
    oriented: bool  # the header gives an orientation at all
    slope: float
    intercept: float
    window: tuple[float, float] | None


def nifti_header(path: Path) -> Header:
    """Sizes as `open_nifti` would arrange them. Raises ImageError."""
    with named(path), _stream(path) as stream:
        volume = _read_header(stream)
        frames, rows, columns = (volume.shape[axis] for axis in _input_axes(volume))
        samples = 3 if volume.dtype.names else 1
        return Header(kind="nifti", rows=rows, columns=columns, frames=frames * volume.volumes, samples=samples)


def open_nifti(path: Path) -> Image:
    """The volume of a file; of four axes, one volume after another. Raises ImageError with one sentence."""
    with named(path), _stream(path) as stream:
        volume = _read_header(stream)
        return _image(volume, _read_pixels(stream, volume))


def _stream(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if zipped else path.open("rb")


def _read_header(stream: IO[bytes]) -> _Volume:
    start = _some(stream, 348)
    newer = int.from_bytes(start[:4], "little") == 540 or int.from_bytes(start[:4], "big") == 540
    kind = nibabel.Nifti2Header if newer else nibabel.Nifti1Header
    start += _some(stream, kind.template_dtype.itemsize - len(start))
    if len(start) < kind.template_dtype.itemsize:
        raise ImageError(f"ends after {len(start)} bytes of its NIfTI header")
    header = kind(start, check=False)
    magic = bytes(header["magic"])[:3]
    if magic not in (b"n+1", b"n+2"):
        if magic in (b"ni1", b"ni2") or magic == b"\0\0\0":
            raise ImageError("is the header of a NIfTI or Analyze pair (.hdr and .img); convert it to one .nii file")
        raise ImageError("is damaged: its NIfTI header has no valid magic number")
    return _checked(header)


def _checked(header: Any) -> _Volume:
    axes = int(header["dim"][0])
    if not 1 <= axes <= 7:
        raise ImageError(f"declares {axes} axes; NIfTI has 1 to 7")
    sizes = [int(size) for size in header["dim"][1 : axes + 1]] + [1, 1, 1]
    shape, volumes = (sizes[0], sizes[1], sizes[2]), int(np.prod(sizes[3:], dtype=object)) if axes > 3 else 1
    try:
        dtype = header.get_data_dtype()
    except KeyError as error:
        raise ImageError(f"has voxels of type {int(header['datatype'])}, which NIfTI does not define") from error
    if not (dtype.names == ("R", "G", "B") or dtype.str[1:] in _PLAIN | {"i8", "u8"}):
        raise ImageError(f"has voxels of type {header['datatype']} ({dtype}), which is not opened")
    check_size(shape[0], shape[1], shape[2] * volumes if volumes > 0 else 0, dtype.itemsize)
    check_size(shape[1], shape[2])
    check_size(shape[0], shape[2])
    slope, intercept = header.get_slope_inter()
    low, high = float(header["cal_min"]), float(header["cal_max"])
    return _Volume(
        shape,
        volumes,
        dtype,
        int(header.get_data_offset()),
        _affine(header),
        int(header["qform_code"]) > 0 or int(header["sform_code"]) > 0,
        1.0 if slope is None else float(slope),
        0.0 if intercept is None else float(intercept),
        (low, high) if np.isfinite([low, high]).all() and high > low else None,
    )


def _affine(header: Any) -> np.ndarray:
    unit = _UNITS.get(int(header["xyzt_units"]) & 7, 1.0)
    affine = np.array(header.get_best_affine(), np.float64)
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not np.isfinite(affine).all() or (lengths < 1e-6).any() or (lengths > 1e6).any():
        raise ImageError("is damaged: its affine is not one of a volume")
    affine[:3] *= unit
    return affine


def _some(stream: IO[bytes], count: int) -> bytes:
    """Up to `count` bytes: fewer where the file, or its gzip stream, ends before."""
    parts = []
    try:
        while count > 0 and (part := stream.read(min(count, 2**24))):
            parts.append(part)
            count -= len(part)
    except EOFError:
        pass
    return b"".join(parts)


def _read_pixels(stream: IO[bytes], volume: _Volume) -> np.ndarray:
    """(x, y, z, volumes[, 3]) in the order of the file."""
    stream.seek(volume.offset)
    voxels = int(np.prod(volume.shape)) * volume.volumes
    data = _some(stream, voxels * volume.dtype.itemsize)
    if len(data) < voxels * volume.dtype.itemsize:
        raise ImageError(f"pixel data ends after {len(data):,} of {voxels * volume.dtype.itemsize:,} bytes")
    if volume.dtype.names:
        return (
            np.frombuffer(data, np.uint8)
            .reshape((3, *volume.shape, volume.volumes), order="F")
            .transpose(1, 2, 3, 4, 0)
        )
    return np.frombuffer(data, volume.dtype).reshape((*volume.shape, volume.volumes), order="F")


def _arrangement(volume: _Volume) -> tuple[np.ndarray, tuple[int, int, int], tuple[bool, bool, bool]]:
    """Orientation of the input axes (nibabel's), and the plane to show them in."""
    orientation = io_orientation(volume.affine)
    if np.isnan(orientation).any():
        raise ImageError("is damaged: its affine does not tell its axes apart")
    lengths = np.linalg.norm(volume.affine[:3, :3], axis=0)
    thickest = int(np.argmax(lengths))
    others = np.delete(lengths, thickest)
    scrolled = int(orientation[thickest, 0]) if lengths[thickest] >= _THICK * others.max() else 2
    axes, against = _PLANES[scrolled]
    return orientation, axes, against


def _input_axes(volume: _Volume) -> list[int]:
    """Axes of the file for frames, rows, columns."""
    orientation, axes, _against = _arrangement(volume)
    return [int(np.flatnonzero(orientation[:, 0] == axis)[0]) for axis in axes]


def _image(volume: _Volume, pixels: np.ndarray) -> Image:
    orientation, _axes, against = _arrangement(volume)
    inputs = _input_axes(volume)
    flipped = [bool((orientation[axis, 1] < 0) != reverse) for axis, reverse in zip(inputs, against)]
    is_color = pixels.ndim == 5
    arranged = pixels.transpose(3, *inputs, *((4,) if is_color else ()))
    arranged = arranged[:, *(slice(None, None, -1) if flip else slice(None) for flip in flipped)]
    frames = arranged.reshape(-1, *arranged.shape[2:])
    geometry = _geometry(volume, inputs, flipped)
    notes = (f"{volume.volumes} volumes, one after another",) if volume.volumes > 1 else ()
    if not volume.oriented:
        geometry |= {"row_direction": "", "column_direction": "", "orientation": (), "frame_origins_mm": ()}
        notes = (*notes, "the file does not say how the volume lies in the patient")
    frames = _plain(frames)
    look: dict[str, Any] = {}
    if not is_color:
        look = {"slope": volume.slope, "intercept": volume.intercept, "windows": _windows(volume)}
    return Image(
        np.ascontiguousarray(frames if len(frames) > 1 else frames[0]),
        "RGB" if is_color else "MONOCHROME2",
        bits_stored=frames.dtype.itemsize * 8,
        notes=notes,
        **look,
        **geometry,
    )


def _plain(frames: np.ndarray) -> np.ndarray:
    """Native byte order; 64-bit integers as 32 bits where they fit, else as float64."""
    dtype = frames.dtype.newbyteorder("=")
    if frames.dtype.kind in "ui" and frames.dtype.itemsize == 8:
        fits = np.iinfo(np.int32).min <= frames.min() and frames.max() <= np.iinfo(np.int32).max
        dtype = np.dtype(np.int32 if fits else np.float64)
    return frames.astype(dtype, copy=False)


def _windows(volume: _Volume) -> tuple[Window, ...]:
    if volume.window is None:
        return ()
    low, high = volume.window
    return (Window((low + high) / 2, high - low, "LINEAR_EXACT", "cal_min to cal_max"),)


def _geometry(volume: _Volume, inputs: list[int], flipped: list[bool]) -> dict[str, Any]:
    steps = _RAS_TO_LPS @ volume.affine[:3, :3]
    steps = steps[:, inputs] * np.where(flipped, -1.0, 1.0)  # one step of frame, row, column index in mm
    corner = _RAS_TO_LPS @ volume.affine[:3, 3]
    for axis, flip in zip(inputs, flipped):
        if flip:
            corner = corner + _RAS_TO_LPS @ volume.affine[:3, axis] * (volume.shape[axis] - 1)
    frame, down, along = steps.T
    row, column = (vector / np.linalg.norm(vector) for vector in (along, down))
    normal = np.cross(row, column)
    step = float(frame @ (normal / np.linalg.norm(normal)))
    first = float(corner @ (normal / np.linalg.norm(normal)))
    count = volume.shape[inputs[0]]
    places = tuple(round(first + step * index, 4) for index in range(count)) * volume.volumes
    origins = tuple((float(x), float(y), float(z)) for x, y, z in corner + np.arange(count)[:, None] * frame)
    return {
        "spacing_mm": (float(np.linalg.norm(down)), float(np.linalg.norm(along))),
        "spacing_calibrated": True,
        "slice_spacing_mm": abs(step) if count > 1 else None,
        "frame_positions_mm": places if len(places) > 1 else (),
        "row_direction": direction_letters(row.tolist()),
        "column_direction": direction_letters(column.tolist()),
        "orientation": (*row.tolist(), *column.tolist()),
        "frame_origins_mm": origins * volume.volumes if len(places) > 1 else (),
    }
