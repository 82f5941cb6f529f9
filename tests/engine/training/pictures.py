"""A small cohort of pictures on which the tasks of classification can be learned in seconds."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Pillow

from engine.cohorts.cohort import Cohort, write_cohort

PATIENTS = 36


def picture(stripes: str, bright: bool, generator: np.random.Generator) -> np.ndarray:
    pixels = generator.uniform(60, 120, (32, 32))
    if stripes == "down":
        pixels[:, ::4] += 60
    if stripes == "across":
        pixels[::4] += 60
    if bright:
        pixels[8:20, 8:20] += 70
    return pixels.astype(np.uint8)


def made_pictures(root: Path) -> Cohort:
    """Three groups told by their stripes, a finding told by a bright square; two images a patient."""
    (root / "images").mkdir(parents=True)
    generator = np.random.default_rng(0)
    rows = []
    for patient in range(PATIENTS):
        group = ("down", "across", "none")[patient % 3]
        split = "train" if patient < 24 else "val" if patient < 30 else "test"
        for number in range(2):
            name, present = f"p{patient:02d}-{number}", bool(generator.random() < 0.5)
            Pillow.fromarray(picture(group, present, generator)).save(root / "images" / f"{name}.png")
            label = "-1" if patient == 3 else "" if patient == 4 else str(int(present))
            rows.append(
                {
                    "image_id": name,
                    "patient_id": f"p{patient:02d}",
                    "study_id": f"s{patient:02d}",
                    "path": f"images/{name}.png",
                    "view": "PA",
                    "race": group,
                    "sex": "F" if patient % 2 else "M",
                    "split": split,
                    "label.square": label,
                    "label.constant": "0",
                }
            )
    return write_cohort(root, pd.DataFrame(rows), {"adapter": "test"})
