"""Small cohorts and protocols that tests make up."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Pillow

from engine.cohorts.cohort import write_cohort
from studies.protocol import Protocol, parse_protocol

ITEMS = '[[items]]\nid = "drain"\ntext = "Chest drain"\ngroup = "treatment"\n'
AIDED_AND_SHAM = """
[[arms]]
name = "unaided"
[[arms]]
name = "aided"
kind = "aided"
share = {share}
explanation = {{ run = "run", method = "gradcam", target = "pneumothorax" }}
[[arms]]
name = "sham"
kind = "sham"
share = {share}
explanation = {{ run = "run", method = "gradcam", target = "pneumothorax" }}
"""


def cohort_frame(patients: list[str], **columns: object) -> pd.DataFrame:
    """One image a row; `patients` gives the patient of each, further columns as they come."""
    ids = [f"image{number}" for number in range(len(patients))]
    base = {"image_id": ids, "patient_id": patients, "study_id": [f"s{p}" for p in patients], "path": "x", "view": "PA"}
    return pd.DataFrame({**base, **columns})


def protocol_text(*sections: str, readers: int = 2, top: str = "") -> str:
    listed = "".join(f'[[readers]]\nid = "r{number + 1}"\n' for number in range(readers))
    return "\n".join(['title = "Test"', top, *sections, ITEMS, listed])


def protocol(*sections: str, readers: int = 2, top: str = "") -> Protocol:
    return parse_protocol(protocol_text(*sections, readers=readers, top=top))


def stratum(name: str, where: str, n: int) -> str:
    return f'[[selection.strata]]\nname = "{name}"\nwhere = {{ {where} }}\nn = {n}\n'


def write_small_cohort(root: Path, patients: list[str], **columns: object) -> Path:
    """A cohort folder with one small picture a row, each different."""
    frame = cohort_frame(patients, **columns)
    frame["path"] = [f"{image_id}.png" for image_id in frame["image_id"]]
    write_cohort(root, frame, {"adapter": "made", "adapter_version": 1})
    ramp = np.add.outer(np.arange(24), np.arange(32)).astype(np.uint8)
    for number, name in enumerate(frame["path"]):
        Pillow.fromarray(ramp + np.uint8(number)).save(root / name)
    return root


def passphrases(*readers: str) -> dict[str, str]:
    return {name: f"the passphrase of {name}" for name in ("coordinator", *readers)}
