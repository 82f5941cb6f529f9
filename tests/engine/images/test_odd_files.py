"""Files that are not what they are called: sparse giants, pipes, links in circles, names of several lines."""

import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from engine.errors import ImageError
from engine.images import Rejected, find_series, open_image, read_header

GIB = 2**30


def grown(path: Path, start: bytes, size: int) -> Path:
    """A file of `size` bytes, of which all but the start are a hole."""
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
    return path


def peak_memory(path: Path) -> int:
    tracemalloc.start()
    try:
        open_image(path)
    except ImageError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


@pytest.mark.skipif(os.name == "nt", reason="Windows fills such a file")
def test_a_giant_costs_no_memory_before_it_is_known_to_be_an_image(shared_data: Path, tmp_path: Path) -> None:
    small = shared_data / "dicom" / "formats" / "CT_small.dcm"
    open_image(small)  # libraries are loaded
    assert peak_memory(grown(tmp_path / "zeros.dcm", b"", 2 * GIB)) < 2**20
    padded = grown(tmp_path / "padded.dcm", small.read_bytes(), 2 * GIB)
    assert peak_memory(padded) < 2**22
    assert (open_image(padded).pixels == open_image(small).pixels).all()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.dcm")
    outcome: list[object] = []

    def look() -> None:
        for opener in (open_image, read_header):
            try:
                opener(tmp_path / "pipe.dcm")
            except ImageError as error:
                outcome.append(str(error))
        outcome.extend(find_series(tmp_path))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(20)
    sentence = "pipe.dcm: is a pipe or a device, not a file"
    assert outcome == [sentence, sentence, Rejected(tmp_path / "pipe.dcm", sentence)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_of_two_lines_makes_a_sentence_of_one(tmp_path: Path) -> None:
    (tmp_path / "two\nlines.dcm").write_bytes(b"hello")
    with pytest.raises(ImageError, match=r"^two\?lines\.dcm: is not a DICOM"):
        open_image(tmp_path / "two\nlines.dcm")
    (tmp_path / "größe 図像.dcm").write_bytes(b"hello")
    with pytest.raises(ImageError, match=r"^größe 図像\.dcm: is not"):
        read_header(tmp_path / "größe 図像.dcm")
