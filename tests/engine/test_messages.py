import io
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from engine.errors import FrameError
from engine.messages import HEADER_LIMIT, PAYLOAD_LIMIT, read_frame, write_frame

DTYPES = st.sampled_from(["bool", "uint8", "uint16", "int16", "int32", "int64", "float32", "float64", ">f4", ">u2"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def framed(header: dict[str, Any], arrays: dict[str, np.ndarray] | None = None) -> bytes:
    stream = io.BytesIO()
    write_frame(stream, header, arrays)
    return stream.getvalue()


def raw(header: Any, payload: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + payload


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.text(max_size=5).filter(lambda key: key != "arrays"), JSON, max_size=4),
    st.dictionaries(
        st.text(max_size=5),
        DTYPES.flatmap(lambda d: arrays_of.arrays(d, arrays_of.array_shapes(min_dims=0, max_dims=4, max_side=4))),
        max_size=3,
    ),
)
def test_a_frame_comes_back_as_it_was(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    stream = io.BytesIO(framed(header, arrays) * 2)
    for _ in range(2):
        frame = read_frame(stream)
        assert frame is not None
        assert frame[0] == header
        assert list(frame[1]) == list(arrays)
        for name, array in arrays.items():
            assert frame[1][name].dtype == array.dtype.newbyteorder("=")
            np.testing.assert_array_equal(frame[1][name], array)
    assert read_frame(stream) is None


def test_an_array_that_is_a_view_is_sent_in_its_own_order() -> None:
    array = np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::-3]
    frame = read_frame(io.BytesIO(framed({}, {"a": array, "t": array.T})))
    assert frame is not None
    np.testing.assert_array_equal(frame[1]["a"], array)
    np.testing.assert_array_equal(frame[1]["t"], array.T)
    frame[1]["a"][0, 0] = 7  # who got it may write to it


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    try:
        read_frame(io.BytesIO(data))
    except FrameError:
        pass
    else:
        assert data == b"" or data[0] == 0


@settings(deadline=None)
@given(st.data())
def test_a_frame_cut_short_is_refused(data: st.DataObject) -> None:
    whole = framed({"id": 3}, {"a": np.arange(5.0)})
    length = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(FrameError, match="ends within"):
        read_frame(io.BytesIO(whole[:length]))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Welcome to host\n", "no frame: it begins with b'Welc'"),
        (raw(b"{nonsense"), "no JSON"),
        (raw([]), "no JSON object"),
        (raw(b"[" * 100_000), "no JSON"),
        (raw(b'{"x": NaN, "arrays": []}'), "NaN is no JSON"),
        (raw({}), "lists its arrays"),
        (raw({"arrays": [3]}), "needs name, dtype and shape"),
        (raw({"arrays": [{"name": "a", "dtype": "object", "shape": [1]}]}), "arrays of object are not sent"),
        (raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [-1]}]}), "no shape"),
        (raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [True]}]}), "no shape"),
        (raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [1] * 9}]}), "no shape"),
        (raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [0]}] * 2}), "the same name"),
        (raw({"arrays": [{"name": "a", "dtype": "float64", "shape": [PAYLOAD_LIMIT // 8, 2]}]}), "the limit is"),
        (raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [PAYLOAD_LIMIT]}]}, b"123"), "3 of 1,073,741,824"),
        (struct.pack(">I", HEADER_LIMIT + 1), "no frame"),
    ],
)
def test_bad_frames_get_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FrameError, match=sentence):
        read_frame(io.BytesIO(data))


def test_what_is_announced_takes_no_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(raw({"arrays": [{"name": "a", "dtype": "uint8", "shape": [PAYLOAD_LIMIT]}]}, b"1" * 99)))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("header", "arrays"),
    [
        ({"x": float("nan")}, {}),
        ({"x": object()}, {}),
        ({"x": "y" * HEADER_LIMIT}, {}),
        ({}, {"a": np.zeros(1, complex)}),
    ],
)
def test_nothing_is_written_that_no_reader_would_take(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    stream = io.BytesIO()
    with pytest.raises(FrameError):
        write_frame(stream, header, arrays)
    assert stream.getvalue() == b""
