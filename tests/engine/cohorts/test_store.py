"""The store: what a row is, that nothing is lost whenever the building is killed, and that damage is named."""

import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Raster

from engine.cohorts import store_building
from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import Cohort, load_cohort, write_cohort
from engine.cohorts.store import Store, StoreSpec, open_store, prepare, store_for, to_stored
from engine.errors import Cancelled, CohortError
from engine.images import open_image, open_series
from engine.images.grey import modality_values, presentation
from tests.engine.cohorts.stored_films import SPEC, film, make_films, store_files

FILMS = 200  # seven chunks


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return make_films(tmp_path_factory.mktemp("films") / "cohort", FILMS)


@pytest.fixture(scope="module")
def whole(films: Cohort) -> Store:
    """Built by one process, without a break."""
    return store_for(films, SPEC, processes=1)


def elsewhere(films: Cohort, root: Path) -> Cohort:
    """A table of the same films in another folder, without a store."""
    frame = films.frame.assign(path="{films}/" + films.frame["path"])
    return write_cohort(root, frame, {"adapter": "test", "roots": {"films": str(films.root)}})


def copied(films: Cohort, root: Path) -> Cohort:
    """A copy with the films, to damage them."""
    shutil.copytree(films.root, root, ignore=shutil.ignore_patterns("stores"))
    return load_cohort(root)


def interrupted_after(chunks: int) -> Callable[[float], None]:
    """A progress that cancels once so many chunks are written."""
    seen: list[float] = []

    def progress(share: float) -> None:
        seen.append(share)
        if len(seen) == chunks:
            raise Cancelled("enough")

    return progress


def test_a_row_is_the_presentation_padded_averaged_and_rounded(whole: Store) -> None:
    assert len(whole) == FILMS and whole.pixels.shape == (FILMS, 24, 24) and whole.pixels.dtype == np.uint8
    for number in (0, 5, 63, 199):
        (row,) = whole.rows([f"I{number}"])
        square, box = prepare(film(number).astype(np.float32) / 255, 24)
        assert (whole.pixels[row] == np.rint(square * 255)).all()
        assert whole.boxes[row].tolist() == pytest.approx(box)


def test_rows_come_in_the_order_asked_and_an_unknown_one_is_named(whole: Store) -> None:
    rows = whole.rows(["I7", "I0", "I7"])
    assert rows.dtype == np.int64 and rows.tolist() == [7, 0, 7]
    with pytest.raises(CohortError, match="'X9' is not in the store"):
        whole.rows(["I1", "X9"])


def test_pixels_cannot_be_written_to(whole: Store) -> None:
    with pytest.raises(ValueError, match="read-only"):
        whole.pixels[0, 0, 0] = 1


def test_it_is_a_plain_numpy_file_and_opened_once(whole: Store, films: Cohort) -> None:
    assert (np.load(whole.folder / "pixels.npy") == whole.pixels).all()
    before = (whole.folder / "pixels.npy").stat().st_mtime_ns
    again = store_for(films, SPEC)
    assert again.sha256 == whole.sha256 and (whole.folder / "pixels.npy").stat().st_mtime_ns == before


def test_another_process_maps_the_file_itself(whole: Store) -> None:
    pickled = pickle.dumps(whole)
    assert len(pickled) < 1000
    assert (pickle.loads(pickled).pixels == whole.pixels).all()  # noqa: S301  our own bytes, of this line


def test_several_processes_write_the_same_bytes(films: Cohort, whole: Store, tmp_path: Path) -> None:
    shares: list[float] = []
    store = store_for(elsewhere(films, tmp_path / "cohort"), SPEC, processes=2, progress=shares.append)
    assert store_files(store.folder) == store_files(whole.folder)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) >= 7


def test_an_edited_cohort_gets_another_store(films: Cohort, tmp_path: Path) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    fewer = write_cohort(cohort.root, cohort.frame[:50], cohort.info)
    assert len(store_for(fewer, SPEC)) == 50
    assert len(store_for(cohort, SPEC)) == FILMS
    relabelled = write_cohort(cohort.root, cohort.frame.assign(race="White"), cohort.info)
    assert store_for(relabelled, SPEC).folder == store_for(cohort, SPEC).folder, "its pixels are the same"
    assert len(list((cohort.root / "stores").iterdir())) == 2


def test_killed_while_it_builds_it_goes_on_and_ends_with_the_same_bytes(
    films: Cohort, whole: Store, tmp_path: Path
) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    command = [sys.executable, "-m", "tests.engine.cohorts.stored_films", str(cohort.root), "2", "0.2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(2)]
    process.kill()
    process.wait()
    assert all(0 < float(line) < 1 for line in first)
    (folder,) = (cohort.root / "stores").iterdir()
    assert not (folder / "store.json").exists(), "it was killed before the end"
    with pytest.raises(CohortError, match="not a finished store"):
        open_store(folder)
    shares: list[float] = []
    store = store_for(cohort, SPEC, processes=1, progress=shares.append)
    assert shares[0] > float(first[0]), "it went on where it was"
    assert store_files(store.folder) == store_files(whole.folder)


@settings(deadline=None, max_examples=10)
@given(chunks=st.integers(1, 6), cut=st.integers(0, 4000), garbage=st.binary(max_size=300))
def test_whatever_a_kill_leaves_the_bytes_are_the_same(
    films: Cohort, whole: Store, tmp_path_factory: pytest.TempPathFactory, chunks: int, cut: int, garbage: bytes
) -> None:
    """The log cut anywhere, and pixels after the last line that a crash wrote or half wrote."""
    cohort = elsewhere(films, tmp_path_factory.mktemp("cut") / "cohort")
    with pytest.raises(Cancelled):
        store_for(cohort, SPEC, processes=1, progress=interrupted_after(chunks))
    (folder,) = (cohort.root / "stores").iterdir()
    log = folder / "build.jsonl"
    log.write_bytes(log.read_bytes()[: -cut or None])
    with (folder / "pixels.npy").open("ab") as stream:
        stream.write(garbage)
    assert store_files(store_for(cohort, SPEC, processes=1).folder) == store_files(whole.folder)


def test_pixels_that_never_came_to_disk_are_read_again(films: Cohort, whole: Store, tmp_path: Path) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    with pytest.raises(Cancelled):
        store_for(cohort, SPEC, processes=1, progress=interrupted_after(4))
    (folder,) = (cohort.root / "stores").iterdir()
    with (folder / "pixels.npy").open("r+b") as stream:
        stream.truncate(128 + 50 * SPEC.row_bytes)  # within the second chunk
    assert store_files(store_for(cohort, SPEC, processes=1).folder) == store_files(whole.folder)


def test_cancelled_it_leaves_no_rows_about(films: Cohort, tmp_path: Path) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    with pytest.raises(Cancelled):
        store_for(cohort, SPEC, processes=2, progress=interrupted_after(2))
    (folder,) = (cohort.root / "stores").iterdir()
    assert {path.name for path in folder.iterdir()} == {"lock", "build.jsonl", "pixels.npy"}
    assert (folder / "pixels.npy").stat().st_size == 128 + 64 * SPEC.row_bytes


def test_a_second_process_waits_for_the_first(films: Cohort, whole: Store, tmp_path: Path) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    command = [sys.executable, "-m", "tests.engine.cohorts.stored_films", str(cohort.root), "1", "0"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].split() for process in both]
    assert [lines[-1] for lines in said] == [whole.sha256] * 2
    (folder,) = (cohort.root / "stores").iterdir()
    assert store_files(folder) == store_files(whole.folder)


def test_a_wrong_checksum_is_named(films: Cohort, tmp_path: Path) -> None:
    store = store_for(elsewhere(films, tmp_path / "cohort"), SPEC, processes=1)
    store.verify()
    with (store.folder / "pixels.npy").open("r+b") as stream:
        stream.seek(128 + 100 * SPEC.row_bytes)
        stream.write(bytes([store.pixels[100, 0, 0] ^ 1]))
    with pytest.raises(CohortError, match=r"rows 96 to 127 .*from I96 on.*another checksum"):
        open_store(store.folder).verify()


def test_a_shortened_file_is_refused(films: Cohort, tmp_path: Path) -> None:
    store = store_for(elsewhere(films, tmp_path / "cohort"), SPEC, processes=1)
    folder = store.folder
    del store
    with (folder / "pixels.npy").open("r+b") as stream:
        stream.truncate(5000)
    with pytest.raises(CohortError, match="has 5,000 of 115,328 bytes"):
        open_store(folder)


def test_what_cannot_be_read_is_left_out_with_its_reason(films: Cohort, tmp_path: Path) -> None:
    cohort = copied(films, tmp_path / "cohort")
    (cohort.root / "images" / "3.png").write_bytes(b"no picture")
    (cohort.root / "images" / "150.png").unlink()
    store = store_for(cohort, SPEC, processes=2)
    assert set(store.left_out) == {"I3", "I150"} and len(store) == FILMS - 2 == len(set(store.image_ids))
    assert store.left_out["I150"] == "150.png: there is no such file"
    for number in (2, 4, 149, 151, 199):  # rows after a gap are still those of their names
        square, _ = prepare(film(number).astype(np.float32) / 255, 24)
        assert (store.pixels[store.rows([f"I{number}"])[0]] == to_stored(square, 8)).all()
    with pytest.raises(CohortError, match=r"'I150' was left out of the store: 150\.png: there is no such file"):
        store.rows(["I150"])
    rows, which = store.rows_of_images(["I2", "I3", "I4"])
    assert (rows.tolist(), which.tolist()) == ([2, 3], [0, 2])


def test_a_cohort_of_which_nothing_can_be_read_fails_and_is_tried_again(films: Cohort, tmp_path: Path) -> None:
    cohort = copied(films, tmp_path / "cohort")
    (cohort.root / "images").rename(cohort.root / "elsewhere")
    with pytest.raises(CohortError, match=r"none of the 200 images .*I0: 0.png: there is no such file"):
        store_for(cohort, SPEC, processes=1)
    (cohort.root / "elsewhere").rename(cohort.root / "images")
    assert len(store_for(cohort, SPEC, processes=1)) == FILMS


def test_a_disk_without_room_is_said_before_anything_is_written(films: Cohort, tmp_path: Path) -> None:
    cohort = elsewhere(films, tmp_path / "cohort")
    free = shutil.disk_usage(tmp_path).free
    many = int(free // 2048**2 // 2 + 2)
    frame = cohort.frame.assign(n_slices=many)
    with pytest.raises(CohortError, match=r"needs [\d,.]+ GB more, and [\d,.]+ GB are free"):
        store_for(Cohort(cohort.root, frame, cohort.info), StoreSpec(2048, 16), processes=1)


FULL_DISK = """
import resource, sys
from pathlib import Path
from engine.cohorts.cohort import load_cohort
from engine.cohorts.store import store_for
from tests.engine.cohorts.stored_films import SPEC
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
store_for(load_cohort(Path(sys.argv[1])), SPEC, processes=1)
"""


def test_a_disk_that_fills_up_is_a_sentence_and_loses_nothing(films: Cohort, whole: Store, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("limits the size of a file as POSIX does")
    cohort = elsewhere(films, tmp_path / "cohort")
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(cohort.root)], capture_output=True, text=True)
    assert "cannot be written: File too large; what is done is kept" in done.stderr.splitlines()[-1]
    shares: list[float] = []
    store = store_for(cohort, SPEC, processes=1, progress=shares.append)
    assert shares[0] == (96 + 32) / FILMS, "three chunks had their place"
    assert store_files(store.folder) == store_files(whole.folder)


def test_sixteen_bits_keep_what_eight_lose(tmp_path: Path) -> None:
    values = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16
    (tmp_path / "films").mkdir()
    Raster.fromarray(values).save(tmp_path / "films" / "ramp.png")
    cohort = import_cohort("folder", tmp_path / "films", tmp_path / "cohort")
    deep, shallow = (store_for(cohort, StoreSpec(64, bits), processes=1) for bits in (16, 8))
    assert deep.pixels.dtype == np.uint16 and len(np.unique(deep.pixels)) > 4000 > 256 >= len(np.unique(shallow.pixels))
    expected = presentation(open_image(tmp_path / "films" / "ramp.png"))
    assert np.abs(deep.pixels[0] / 65535 - expected).max() <= 0.5 / 65535 + 1e-6


def test_colour_is_stored_as_its_luma(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    Raster.fromarray(np.full((16, 16, 3), (250, 100, 50), np.uint8)).save(tmp_path / "films" / "tissue.png")
    cohort = import_cohort("folder", tmp_path / "films", tmp_path / "cohort")
    luma = round(0.299 * 250 + 0.587 * 100 + 0.114 * 50)  # ITU-R BT.601
    assert (store_for(cohort, StoreSpec(16), processes=1).pixels == luma).all()


@pytest.mark.parametrize(
    ("size", "bits", "ct", "said"),
    [(8, 8, "", "asked for 8"), (64, 12, "", "asked for 12"), (64, 8, "lungs", "there are reading-race, ucsf-pdgm")],
)
def test_a_store_that_cannot_be_is_refused(size: int, bits: int, ct: str, said: str) -> None:
    with pytest.raises(CohortError, match=said):
        StoreSpec(size, bits, ct)


def test_a_volume_has_a_row_for_every_slice(tmp_path: Path) -> None:
    voxels = np.full((32, 32, 6), -1000, np.int16)
    voxels[8:24, 8:24] = 40
    voxels[..., 4] -= 1000  # air that is no air
    (tmp_path / "scans").mkdir()
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), tmp_path / "scans" / "chest.nii.gz")
    cohort = import_cohort("folder", tmp_path / "scans", tmp_path / "cohort")
    (name,) = cohort.frame["image_id"]
    store = store_for(cohort, StoreSpec(32, 16, "reading-race"), processes=1)
    assert store.image_ids == tuple(f"{name}#{k}" for k in (0, 1, 2, 3, 5))
    assert list(store.left_out) == [f"{name}#4"] and "air of slice 4 has the value -976" in store.left_out[f"{name}#4"]
    assert sorted(np.unique(store.pixels)) == [round(24 / 3000 * 65535), round(1064 / 3000 * 65535)]
    rows, which = store.rows_of_images([name])
    assert rows.tolist() == [0, 1, 2, 3, 4] and not which.any()
    with pytest.raises(CohortError, match="is a volume of 5 slices"):
        store.rows([name])


def test_real_radiographs_of_every_syntax(shared_data: Path, tmp_path: Path) -> None:
    cohort = import_cohort("folder", shared_data / "dicom" / "radiographs", tmp_path / "cohort")
    store = store_for(cohort, StoreSpec(96), processes=1)
    assert not store.left_out
    for _, row in cohort.frame[::4].iterrows():
        image = open_series(cohort.image_paths(row))
        square, box = prepare(presentation(image), 96)
        stored = store.rows([row["image_id"]])[0]
        assert (store.pixels[stored] == to_stored(square, 8)).all()
        assert store.boxes[stored, 2:].max() == 96 and store.boxes[stored].tolist() == pytest.approx(box)


def test_a_real_ct_series_in_a_brain_window(shared_data: Path, tmp_path: Path) -> None:
    cohort = import_cohort("folder", shared_data / "dicom" / "series_ct_head", tmp_path / "cohort")
    store = store_for(cohort, StoreSpec(128, ct="brain"), processes=1)
    (row,) = (row for _, row in cohort.frame.iterrows())
    assert len(store) == row["n_slices"] > 1
    middle = len(store) // 2
    hounsfield = modality_values(open_series(cohort.image_paths(row)), middle)
    exact, _ = prepare(np.clip((hounsfield - 39.5) / 79 + 0.5, 0, 1).astype(np.float32), 128)  # PS3.3 C.11.2.1.2
    assert np.abs(store.pixels[middle] / 255 - exact).max() <= 0.5 / 255 + 1e-5


def test_a_row_is_found_in_microseconds(whole: Store) -> None:
    names = [f"I{number}" for number in range(FILMS)]
    whole.rows(names)
    fastest = min(_seconds(lambda: [whole.pixels[row] for row in whole.rows(names)]) for _ in range(20))
    assert fastest / FILMS < 100e-6


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_half_a_million_images_fit_the_arithmetic_of_the_manual() -> None:
    frame = pd.DataFrame({"n_slices": pd.array([None] * 500_000, "Int64")})
    rows = store_building.expected_rows(frame, StoreSpec(256))
    assert (rows, rows * StoreSpec(256).row_bytes, StoreSpec(256, 16).row_bytes) == (500_000, 32_768_000_000, 131_072)
