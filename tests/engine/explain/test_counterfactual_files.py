"""Every picture that is written says what it is: in its pixels, in its text, in its DICOM attributes."""

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image as Pillow

from engine.counterfactuals import Counterfactual
from engine.errors import JobError
from engine.explain.counterfactual_badge import STATEMENT, badged, enlarged
from engine.explain.counterfactual_dicom import derived_dicom
from engine.explain.counterfactual_files import write_counterfactuals
from engine.explain.counterfactual_picture import difference_picture, finding_grid, grey_picture, trajectory_sheet
from engine.images.grey import presentation
from engine.images.opening import open_image
from tests.engine.test_counterfactuals import made


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    Pillow.fromarray(np.random.default_rng(1).integers(0, 255, (60, 40), np.uint8)).save(path)
    return path


@pytest.mark.parametrize("side", [56, 64, 128, 256, 1024])
@pytest.mark.parametrize("colours", [(), (3,)])
def test_the_badge_is_below_the_picture_and_a_mark_is_in_it(side: int, colours: tuple[int, ...]) -> None:
    plain = np.full((side, side, *colours), 128, np.uint8)
    bearing = badged(plain)
    assert bearing.shape[1:] == plain.shape[1:] and len(bearing) > side + 10
    changed = (bearing[:side] != plain).reshape(side, side, -1).any(2)
    assert changed.any() and changed[: side // 4, : side // 2].sum() == changed.sum()  # in one corner
    assert changed.mean() < 0.08
    strip = bearing[side:].reshape(len(bearing) - side, side, -1)
    ink = (strip < 100).all(2)
    assert 0.05 < ink.mean() < 0.5
    assert not ink[:, 0].any() and not ink[:, -1].any()  # no word is cut


def test_the_badge_says_the_same_on_black_and_on_white() -> None:
    black, white = badged(np.zeros((64, 64), np.uint8)), badged(np.full((64, 64), 255, np.uint8))
    np.testing.assert_array_equal(black[64:], white[64:])
    assert (black[:64] > 200).sum() > 10 and (white[:64] < 50).sum() > 10


def test_small_pictures_are_enlarged_by_whole_pixels() -> None:
    picture = np.arange(24, dtype=np.uint8).reshape(6, 4)
    large = enlarged(picture)
    assert large.shape == (258, 172)
    np.testing.assert_array_equal(large[::43, ::43], picture)
    assert enlarged(np.zeros((300, 10), np.uint8)).shape == (300, 10)


def test_a_difference_is_grey_where_there_is_none_and_tells_its_sign() -> None:
    difference = np.zeros((64, 64), np.float32)
    difference[40], difference[50] = 0.1, -0.1
    colours = difference_picture(difference, 0.1)[:256:4, ::4][30:].astype(int)
    nothing, brighter, darker = colours[0, 30], colours[10, 30], colours[20, 30]
    assert np.ptp(nothing) < 5
    assert brighter[0] - brighter[2] > 100 and darker[2] - darker[0] > 100


def texts(path: Path) -> dict[str, str]:
    with Pillow.open(path) as picture:
        picture.load()
        return dict(picture.text)  # type: ignore[attr-defined]


def test_every_picture_says_what_it_is(tmp_path: Path, image: Path) -> None:
    one, other = made((0.0, 2.0)), made((1.0, 3.5), target="chest/drain")
    same = {name: getattr(one, name) for name in ("factual", "reconstruction")}
    found = [one, made((1.0, 3.5), target="chest/drain", **same)]
    written = write_counterfactuals(found, tmp_path / "out", image, dicom=True)
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    names = {path.name for path in written}
    assert {"film.findings.png", "film.reconstruction.png", "film.effusion.sheet.png"} <= names
    assert {"film.effusion.+2.png", "film.effusion.+2.difference.dcm", "film.chest_drain.+3.5.dcm"} <= names
    pictures = [path for path in written if path.suffix == ".png"]
    assert len(pictures) == 1 + 2 * (1 + 4) + 1
    for path in pictures:
        told = texts(path)
        assert told["Title"] == STATEMENT and STATEMENT in told["Description"] and told["ImageType"] == "DERIVED"
        made_by = json.loads(told["Provenance"])
        of_all = made_by if path.name == "film.findings.png" else [made_by]
        assert {each["base_sha256"] for each in of_all} == {"3" * 64}
        if len(of_all) > 1:
            assert [each["target"] for each in of_all] == ["effusion", "chest/drain"]
    assert Counterfactual.load(tmp_path / "out" / "film.effusion.counterfactual").to_bytes() == one.to_bytes()
    facts = json.loads((tmp_path / "out" / "film.effusion.json").read_text(encoding="utf-8"))
    assert facts["notice"].startswith(STATEMENT) and facts["confirmed"][0] is not None
    assert facts["image"]["file"] == "film.png" and other.target == "chest/drain"


def test_the_badge_is_in_the_pixels_of_every_file(tmp_path: Path, image: Path) -> None:
    one = made()
    for path in write_counterfactuals([one], tmp_path / "out", image):
        if path.suffix != ".png" or "sheet" in path.name:
            continue
        with Pillow.open(path) as picture:
            pixels = np.asarray(picture.convert("L")).astype(int)
        assert pixels.shape[0] > 258  # the strip, below 6 x 43 rows
        assert (pixels[262:] < 60).mean() > 0.02 and np.median(pixels[262:]) > 180


def test_nothing_is_left_where_writing_ends_early(tmp_path: Path, image: Path) -> None:
    """The second target's name is longer than any file's may be."""
    one = made()
    long = made(target="x" * 400, factual=one.factual, reconstruction=one.reconstruction)
    for out in (tmp_path / "out", tmp_path):
        with pytest.raises(OSError):
            write_counterfactuals([one, long], out, image)
        assert {path.name for path in tmp_path.iterdir()} == {"film.png"}


def test_files_are_replaced_and_others_stay(tmp_path: Path, image: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    first = write_counterfactuals([made()], tmp_path / "out", image)
    again = write_counterfactuals([made(probability=0.3)], tmp_path / "out", image)
    assert first == again
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
    assert Counterfactual.load(tmp_path / "out" / "film.effusion.counterfactual").probability == 0.3


def test_a_grid_is_of_one_image() -> None:
    with pytest.raises(JobError, match="of one image"):
        finding_grid([made(), made(factual=np.zeros((6, 4), np.float32))])
    with pytest.raises(JobError, match="of one image"):
        finding_grid([])


@pytest.mark.parametrize("count", [1, 5, 11])
def test_sheets_show_every_amplitude_and_finding_with_its_probabilities(count: int) -> None:
    sheet = trajectory_sheet(made(tuple(float(number) for number in range(count))))
    told = [text.get_text() for axes in sheet.axes for text in axes.texts]
    assert sum("p 0.20 → 0.50" in text and "seen 0.40" in text for text in told) == count
    assert STATEMENT in sheet.get_suptitle()
    one = made()
    grid = finding_grid([one] * count)
    assert sum(axes.get_title() == "effusion" for axes in grid.axes) == count


def a_dicom(part: str = "drawing", source: Path | None = None) -> pydicom.Dataset:
    one = made()
    picture = difference_picture(one.differences[1], 1.0) if part == "difference" else grey_picture(one.drawings[1])
    return derived_dicom(picture, [one], part, 1, source)  # type: ignore[arg-type]


def test_the_dicom_of_a_grid_names_every_finding_and_its_amplitude() -> None:
    found = [made(), made((1.5, 3.0), target="chest/drain")]
    dataset = derived_dicom(np.zeros((8, 8, 3), np.uint8), found, "findings", 1)
    assert "effusion +" in dataset.DerivationDescription and "chest/drain +3" in dataset.DerivationDescription
    assert dataset.SeriesDescription.endswith("2 findings")
    other = derived_dicom(np.zeros((8, 8, 3), np.uint8), found[:1], "findings", 1)
    assert other.SeriesInstanceUID != dataset.SeriesInstanceUID
    many = derived_dicom(
        np.zeros((8, 8, 3), np.uint8), [made(target=f"finding_{n}") for n in range(193)], "findings", 1
    )
    assert len(many.DerivationDescription) <= 1024
    assert "finding_0 +" in many.DerivationDescription and "…" in many.DerivationDescription


@pytest.mark.parametrize("part", ["reconstruction", "drawing", "difference"])
def test_dicom_says_derived_and_names_no_patient(tmp_path: Path, part: str) -> None:
    a_dicom(part).save_as(tmp_path / "a.dcm", enforce_file_format=True)
    read = pydicom.dcmread(tmp_path / "a.dcm")
    assert list(read.ImageType[:2]) == ["DERIVED", "SECONDARY"]
    assert (read.SOPClassUID.name, read.Modality, read.ConversionType) == (
        "Secondary Capture Image Storage",
        "OT",
        "SYN",
    )
    assert read.SyntheticData == "YES" and read.BurnedInAnnotation == "YES"
    assert read.PatientName == "" and read.PatientID == "SYNTHETIC" and read.StudyDate == ""
    assert STATEMENT in read.DerivationDescription and "333333333333" in read.DerivationDescription
    codes = [item.CodeValue for item in read.DerivationCodeSequence]
    assert codes == (["113085", "113062"] if part == "difference" else ["113085"])
    assert "SourceImageSequence" not in read
    shown = presentation(open_image(tmp_path / "a.dcm"), 0)
    assert shown.shape == (read.Rows, read.Columns) and shown.std() > 0.05
    if part == "drawing":
        np.testing.assert_allclose(shown, grey_picture(made().drawings[1]) / 255, atol=0.01)


def test_dicom_attributes_are_valid() -> None:
    for element in a_dicom("difference").iterall():
        pydicom.dataelem.DataElement(element.tag, element.VR, element.value, validation_mode=pydicom.config.RAISE)


def test_uids_depend_on_what_is_drawn_alone() -> None:
    assert a_dicom().SOPInstanceUID == a_dicom().SOPInstanceUID != a_dicom("difference").SOPInstanceUID
    assert a_dicom().StudyInstanceUID == a_dicom("difference").StudyInstanceUID


@pytest.mark.parametrize("removed", ["YES", "NO", None])
def test_the_source_is_named_only_where_it_was_deidentified(tmp_path: Path, removed: str | None) -> None:
    source = a_dicom()
    del source.PatientIdentityRemoved
    if removed:
        source.PatientIdentityRemoved = removed
    source.PatientName = "Somebody"
    source.save_as(tmp_path / "source.dcm", enforce_file_format=True)
    dataset = a_dicom(source=tmp_path / "source.dcm")
    assert ("SourceImageSequence" in dataset) == (removed == "YES")
    if removed == "YES":
        assert dataset.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert "Somebody" not in str(dataset)


def test_a_source_that_is_no_dicom_is_not_named(image: Path) -> None:
    assert "SourceImageSequence" not in a_dicom(source=image)
