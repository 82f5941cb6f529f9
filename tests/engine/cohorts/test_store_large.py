"""A store of 50,000 images: time, memory and bytes.

`uv run pytest -n 0 -m full -s tests/engine/cohorts/test_store_large.py` prints them.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Raster
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

from engine.cohorts.cohort import write_cohort
from engine.cohorts.store import StoreSpec, open_store

FILES, IMAGES, SIDE, SIZE = 500, 50_000, 512, 256

BUILD = """
import json, re, resource, sys, time
from pathlib import Path
from engine.cohorts.cohort import load_cohort
from engine.cohorts.store import StoreSpec, store_for
if __name__ == "__main__":
    cohort, start = load_cohort(Path(sys.argv[1])), time.perf_counter()
    store = store_for(cohort, StoreSpec(int(sys.argv[2])), processes=2)
    took = time.perf_counter() - start
    ours, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({
        "folder": str(store.folder), "wall_s": took,
        # Not ru_maxrss, which begins with what the process had that started this one.
        "peak_mb": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024,
        "peak_of_a_process_mb": theirs.ru_maxrss / 1024,
        "processor_s": sum(each.ru_utime + each.ru_stime for each in (ours, theirs)),
    }))
"""


def write_dicom(path: Path, pixels: np.ndarray) -> None:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = (
        ExplicitVRLittleEndian,
        DigitalXRayImageStorageForPresentation,
    )
    meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    dataset.Modality, dataset.Rows, dataset.Columns = "DX", *pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME1", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.WindowCenter, dataset.WindowWidth = 2048, 4096
    dataset.PixelData = pixels.astype("<u2").tobytes()
    dataset.save_as(path, enforce_file_format=True)


def make_cohort(root: Path) -> None:
    """Half of the files PNG, half DICOM; the table names each of them a hundred times."""
    root.mkdir()
    rng = np.random.default_rng(0)
    row, column = np.mgrid[:SIDE, :SIDE]
    paths = []
    for number in range(FILES):
        grey = 0.5 + 0.3 * np.sin(row / (20 + number % 40)) + 0.1 * np.cos(column / 31) + rng.normal(0, 0.02, row.shape)
        if number % 2:
            paths.append(f"{number}.png")
            Raster.fromarray(np.uint8(255 * np.clip(grey, 0, 1))).save(root / paths[-1])
        else:
            paths.append(f"{number}.dcm")
            write_dicom(root / paths[-1], np.uint16(4095 * np.clip(grey, 0, 1)))
    names = [f"I{number:05d}" for number in range(IMAGES)]
    frame = pd.DataFrame({"image_id": names, "patient_id": names, "path": paths * (IMAGES // FILES)})
    write_cohort(root, frame, {"adapter": "made"})


@pytest.mark.full
def test_fifty_thousand_images(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("peak memory is asked for as on Linux")
    make_cohort(tmp_path / "cohort")
    command = [sys.executable, "-c", BUILD, str(tmp_path / "cohort"), str(SIZE)]
    facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    start = time.perf_counter()
    store = open_store(Path(facts["folder"]))
    opened = time.perf_counter() - start
    stored = sum(path.stat().st_size for path in store.folder.iterdir())
    print(facts | {"bytes": stored, "images_per_processor_s": IMAGES / facts["processor_s"], "open_s": opened})
    assert len(store) == IMAGES and not store.left_out
    assert stored == pytest.approx(IMAGES * StoreSpec(SIZE).row_bytes, rel=0.002)
    assert facts["peak_mb"] < 250 and facts["peak_of_a_process_mb"] < 250
    assert (store.pixels[FILES + 3] == store.pixels[3]).all() and not (store.pixels[4] == store.pixels[3]).all()
    store.verify()
