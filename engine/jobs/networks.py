"""What a run's checkpoint says of its network, read without torch."""

import json
import struct

from engine.errors import JobError
from engine.hashing import file_sha256
from engine.jobs.run import RunFolder

__all__ = ["classes_of", "weights_sha256"]

_LONGEST_HEADER = 100_000_000  # bytes, as the format has it


def classes_of(run: RunFolder) -> tuple[str, ...]:
    """The classes of a run's best network, from the header of its safetensors file (8 bytes of length, then JSON).

    Raises JobError where there is no checkpoint yet, or one that cannot be read.
    """
    path = run.checkpoints / "best.safetensors"
    try:
        with path.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > _LONGEST_HEADER:
                raise ValueError(f"its header would have {length:,} bytes")
            facts = json.loads(stream.read(length))["__metadata__"]
        return tuple(map(str, json.loads(facts["network"])["classes"]))
    except FileNotFoundError:
        raise JobError(f"{run.path} has no {path.name} yet; train it, or go on with `engine resume`") from None
    except (OSError, KeyError, TypeError, ValueError, struct.error) as error:
        raise JobError(f"the checkpoint {path} cannot be read: {error}") from error


def weights_sha256(run: RunFolder) -> str:
    """sha256 (hex) of the file of the best network. JobError where it cannot be read."""
    path = run.checkpoints / "best.safetensors"
    try:
        return file_sha256(path)
    except OSError as error:
        raise JobError(f"the checkpoint {path} cannot be read: {error.strerror or error}") from error
