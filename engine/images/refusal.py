"""One kind of error for a file that cannot be opened, one sentence, and the limits that keep a bad file from harm."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import ImageError

LARGEST_FRAME_PIXELS = 2**27  # 134 million: four times the largest mammogram
LARGEST_IMAGE_BYTES = 2**31  # 2 GiB decoded: a CT of 4,000 slices


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Whatever goes wrong inside becomes an ImageError that begins with the file's name (no folder) and says what.

    Everything is caught on purpose: the libraries that parse files answer damaged ones with every exception there is
    (struct.error, AttributeError, RecursionError …), and a reader's list of files must survive all of them.
    """
    name = shown_name(path)
    try:
        yield
    except ImageError as error:
        if str(error).startswith(f"{name}: "):
            raise
        raise ImageError(f"{name}: {_one_line(error)}") from error
    except FileNotFoundError as error:
        raise ImageError(f"{name}: there is no such file") from error
    except ImportError as error:  # no fault of the file
        raise ImageError(
            f"{name}: cannot be opened: a library of this program is missing: {_one_line(error)}"
        ) from error
    except MemoryError as error:
        raise ImageError(f"{name}: opening it needs more memory than there is") from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise ImageError(f"{name}: is damaged: its zip-compressed data are broken") from error
    except OSError as error:
        what = f"cannot be read: {error.strerror}" if error.errno else f"is damaged: {_one_line(error)}"
        raise ImageError(f"{name}: {what}") from error
    except Exception as error:
        raise ImageError(f"{name}: is damaged: {_one_line(error) or type(error).__name__}") from error


def shown_name(path: Path) -> str:
    """The file's name for a message: one line, printable, whatever bytes the disk has for it."""
    return "".join(letter if letter.isprintable() else "?" for letter in path.name)


def check_size(rows: int, columns: int, frames: int = 1, bytes_per_pixel: int = 1) -> None:
    """Refuse a declared size that is empty or larger than the limits, before anything is allocated for it."""
    if min(rows, columns, frames) < 1:
        raise ImageError(f"declares an empty image of {rows:,} x {columns:,} pixels and {frames:,} frames")
    if rows * columns > LARGEST_FRAME_PIXELS:
        raise ImageError(
            f"declares {rows:,} x {columns:,} pixels; more than {LARGEST_FRAME_PIXELS:,} in a frame are not opened"
        )
    total = rows * columns * frames * bytes_per_pixel
    if total > LARGEST_IMAGE_BYTES:
        raise ImageError(
            f"declares {frames:,} frames of {rows:,} x {columns:,} pixels, {total:,} bytes; "
            f"more than {LARGEST_IMAGE_BYTES:,} are not opened"
        )


def _one_line(error: object) -> str:
    """Printable, without line breaks, short: messages quote damaged headers."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(error))
    text = " ".join(text.split())
    return text if len(text) <= 240 else text[:237] + "..."
