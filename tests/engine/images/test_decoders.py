"""The named decoders, and the process that runs the native ones."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.images import ImageError, isolation
from engine.images.codestreams import StreamInfo, stream_info
from engine.images.decoders import CODECS, FrameFormat, decode_frame
from engine.images.dicom_file import read_dicom
from engine.images.encapsulation import frames_of
from tests.engine.images.mutants import damaged_stream


def stream_of(shared_data: Path, name: str) -> tuple[bytes, str, FrameFormat]:
    file = read_dicom(shared_data / "dicom" / name)
    dataset = file.dataset
    assert file.pixels is not None
    form = FrameFormat(
        dataset.Rows,
        dataset.Columns,
        dataset.SamplesPerPixel,
        dataset.BitsAllocated,
        str(dataset.PhotometricInterpretation),
    )
    return frames_of(file.pixels.value, int(dataset.get("NumberOfFrames", 1) or 1))[0], file.syntax, form


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("formats/US1_J2KR.dcm", StreamInfo("j2k", 480, 640, 3, 8)),
        ("formats/HTJ2K_08_RGB.dcm", StreamInfo("htj2k", 480, 640, 3, 8)),
        ("formats/JLSL_RGB_ILV1.dcm", StreamInfo("jpeg-ls", 256, 256, 3, 8, interleave=1)),
        ("formats/JPGExtended.dcm", StreamInfo("jpeg", 1024, 256, 1, 12, marker=0xC1)),
        ("syntax_ct/ct_1.2.840.10008.1.2.4.70.dcm", StreamInfo("jpeg", 512, 512, 1, 16, marker=0xC3)),
        ("malformed/GDCMJ2K_TextGBR.dcm", StreamInfo("j2k", 400, 400, 3, 8)),
    ],
)
def test_streams_are_described_from_their_markers(shared_data: Path, name: str, expected: StreamInfo) -> None:
    stream, _, _ = stream_of(shared_data, name)
    assert replace(stream_info(stream), colour_known=False) == expected


def test_a_stream_of_another_size_is_refused_before_decoding(shared_data: Path) -> None:
    stream, syntax, form = stream_of(shared_data, "formats/JPEG2000.dcm")
    with pytest.raises(ImageError, match="holds 256 x 1,024 pixels where the header says 256 x 1,000"):
        decode_frame(stream, syntax, replace(form, rows=1000))
    with pytest.raises(ImageError, match="samples per pixel"):
        decode_frame(stream, syntax, replace(form, samples=3))


def test_unknown_syntaxes_and_videos_are_named() -> None:
    form = FrameFormat(8, 8, 1, 8, "MONOCHROME2")
    with pytest.raises(ImageError, match="is a video"):
        decode_frame(b"", "1.2.840.10008.1.2.4.102", form)
    with pytest.raises(ImageError, match="no decoder"):
        decode_frame(b"", "1.2.840.10008.1.2.4.94", form)


def test_every_syntax_of_the_real_files_has_a_codec(shared_data: Path) -> None:
    real = {read_dicom(path).syntax for path in (shared_data / "dicom/syntax_ct").glob("*.dcm")}
    assert {uid for uid in real if uid.startswith("1.2.840.10008.1.2.4.")} <= set(CODECS)


def test_a_decoder_process_that_dies_is_a_sentence(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder whose process ends before it answers, by crash or by the clock; the next frame gets a new process."""
    stream, syntax, form = stream_of(shared_data, "formats/JPEG2000.dcm")
    expected = decode_frame(stream, syntax, form).samples
    monkeypatch.setattr(isolation, "SECONDS_AT_LEAST", 0.0)
    monkeypatch.setattr(isolation, "SECONDS_PER_PIXEL", 0.0)  # killed before it can answer
    with pytest.raises(ImageError, match="the decoder stopped on them"):
        decode_frame(stream, syntax, form)
    monkeypatch.undo()
    assert (decode_frame(stream, syntax, form).samples == expected).all()


def test_a_decoder_process_ends_with_a_request_still_on_its_way() -> None:
    decoder = isolation._Decoder()
    decoder._process.kill()
    decoder._process.wait()
    assert decoder._process.stdin is not None
    decoder._process.stdin.write(b"not flushed")
    decoder.end()
    assert not decoder.alive
    assert decoder._process.stdin.closed


@pytest.mark.parametrize(
    "name",
    [
        "formats/JPGExtended.dcm",
        "formats/JPEG2000.dcm",
        "formats/HTJ2K_08_RGB.dcm",
        "formats/JLSL_RGB_ILV1.dcm",
        "formats/SC_rgb_jpeg_app14_dcmd.dcm",
        "formats/MR_small_RLE.dcm",
        "malformed/GDCMJ2K_TextGBR.dcm",
        "syntax_ct/ct_1.2.840.10008.1.2.4.53.dcm",
        "syntax_ct/ct_1.2.840.10008.1.2.4.55.dcm",
        "syntax_ct/ct_1.2.840.10008.1.2.4.70.dcm",
    ],
)
def test_damaged_streams_give_pixels_or_one_sentence(shared_data: Path, name: str) -> None:
    """Seeds 38, 236, 418, 670, 731 and 791 crash GDCM 3.2.6 in one syntax or another."""
    stream, syntax, form = stream_of(shared_data, name)
    refused = 0
    for seed in (38, 236, 418, 670, 731, 791, *range(20)):
        try:
            frame = decode_frame(damaged_stream(stream, seed), syntax, form)
            assert frame.samples.shape[:2] == (form.rows, form.columns)
        except ImageError as error:
            assert str(error)
            refused += 1
    assert refused > 0


def test_gdcm_aborting_does_not_take_the_caller_along() -> None:
    """GDCM ends its process on 1-bit RLE (an uncaught C++ exception): asked directly here, never by `decode_frame`."""
    program = (
        "import gdcm\n"
        "f = gdcm.Fragment(); f.SetByteStringValue(bytes(64) + b'\\x00' * 64)\n"
        "s = gdcm.SequenceOfFragments.New(); s.AddFragment(f)\n"
        "e = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x10)); e.SetValue(s.__ref__())\n"
        "i = gdcm.Image(); i.SetNumberOfDimensions(2); i.SetDimensions((8, 8, 1)); i.SetDataElement(e)\n"
        "t = gdcm.TransferSyntax.GetTSType('1.2.840.10008.1.2.5'); i.SetTransferSyntax(gdcm.TransferSyntax(t))\n"
        "i.SetPixelFormat(gdcm.PixelFormat(1, 1, 1, 0, 0)); i.GetBuffer()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert done.returncode != 0, "GDCM no longer aborts here: its isolation may be reconsidered"


def test_the_decoder_process_ends_with_its_pipe() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "engine.images.decoder_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=30) == 0


def test_rle_segments_by_hand() -> None:
    """PS3.5 G.3.1: 0xFE repeats the next byte 3 times (257 - 254), 2 copies the next 3; two segments make 16 bits."""
    high, low = b"\xfe\x01\x02\x05\x06\x07", b"\xfb\x09"
    header = np.array([2, 64, 64 + len(high), *[0] * 13], "<u4").tobytes()
    form = FrameFormat(2, 3, 1, 16, "MONOCHROME2")
    decoded = decode_frame(header + high + low, "1.2.840.10008.1.2.5", form)
    assert decoded.samples.tolist() == [[0x0109, 0x0109, 0x0109], [0x0509, 0x0609, 0x0709]]
    with pytest.raises(ImageError, match="too few for"):
        decode_frame(header + high + low, "1.2.840.10008.1.2.5", replace(form, rows=3000, columns=3000))


def test_frames_are_told_apart_with_and_without_an_offset_table() -> None:
    def item(content: bytes) -> bytes:
        return b"\xfe\xff\x00\xe0" + len(content).to_bytes(4, "little") + content

    first, second = (b"\xff\xd8\xff\xe0aa", b"bb"), (b"\xff\xd8\xff\xe0cc",)
    fragments = b"".join(item(part) for part in (*first, *second))
    table = np.array([0, 8 + 6 + 8 + 2], "<u4").tobytes()
    end = b"\xfe\xff\xdd\xe0\0\0\0\0"
    expected = [b"".join(first), b"".join(second)]
    assert frames_of(memoryview(item(table) + fragments + end), 2) == expected
    assert frames_of(memoryview(item(b"") + fragments + end), 2) == expected
    assert frames_of(memoryview(item(b"") + fragments + end), 1) == [b"".join((*first, *second))]
    with pytest.raises(ImageError, match="has 3 compressed frames of the 4"):
        frames_of(memoryview(item(b"") + fragments), 4)
    with pytest.raises(ImageError, match="pixel data ends after 4 of 6 bytes of fragment 3"):
        frames_of(memoryview(item(b"") + fragments[:-2]), 2)


def test_importing_costs_no_reader_library() -> None:
    program = (
        "import sys; from pathlib import Path; from engine.images import open_image\n"
        "assert not {'pydicom', 'PIL', 'nibabel'} & set(sys.modules), 'imported before the first file'\n"
        "open_image(Path(sys.argv[1]))\n"
    )
    data = Path(__file__).parents[4] / "shared/data/dicom/formats/JPEG2000.dcm"
    if not data.exists():
        pytest.skip("the real test data is not there")
    subprocess.run([sys.executable, "-c", program, str(data)], check=True, env=os.environ)
