"""Files of one frame (`engine.messages`): what an explanation and a counterfactual are kept in. No torch.

The same content gives the same bytes, so that a study can name a file by its hash.
"""

import io
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import FrameError, JobError
from engine.messages import read_frame, write_frame

__all__ = ["artifact_bytes", "file_part", "file_stem", "read_artifact", "write_whole_file"]

_ENDING = re.compile(r"\.(dcm|dicom|ima|nii(\.gz)?|png|jpe?g|tiff?|bmp)$", re.IGNORECASE)


def file_stem(image: Path) -> str:
    """An image's file name without its ending: how names of files about it begin. A UID keeps its dots."""
    return _ENDING.sub("", image.name) or image.name


def file_part(text: str) -> str:
    """A target as part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", text)


def artifact_bytes(form: str, facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """The content of a file of a format ("explanation 1"): facts as plain JSON, and arrays."""
    stream = io.BytesIO()
    write_frame(stream, {"format": form, **facts}, dict(arrays))
    return stream.getvalue()


def write_whole_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def read_artifact(
    source: Path | bytes, form: str, arrays: Collection[str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Facts and arrays of a file of that format, or of its bytes. JobError for a missing, damaged or other one."""
    kind = form.partition(" ")[0]
    name = "these bytes" if isinstance(source, bytes) else source.name
    try:
        frame = read_frame(io.BytesIO(source if isinstance(source, bytes) else source.read_bytes()))
    except OSError as error:
        raise JobError(f"the {kind} {name} cannot be read: {error.strerror}") from error
    except FrameError as error:
        raise JobError(f"the {kind} {name} is damaged: {error}") from error
    if frame is None or frame[0].pop("format", None) != form or not set(arrays) <= set(frame[1]):
        raise JobError(f"{name} holds no {kind} that this program reads")
    return frame
