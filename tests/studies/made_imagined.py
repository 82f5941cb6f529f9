"""Cohorts of counterfactuals without a network: the tables that the steps of a study work on."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Pillow

from engine.cohorts.cohort import write_cohort
from engine.explain.derived_cohort import KINDS


def write_imagined_cohort(root: Path, cases: dict[str, int], first: int = 0) -> Path:
    """`cases` of each target, each a study of three small pictures, of patients `source<first>` and on."""
    rows = []
    ramp = np.add.outer(np.arange(24), np.arange(32)).astype(np.uint8)
    root.mkdir(parents=True)
    number = first
    for target, count in cases.items():
        for _ in range(count):
            for place, kind in enumerate(KINDS, start=1):
                name = f"film{number}-{target}-{place}"
                Pillow.fromarray(ramp + np.uint8(3 * number + place)).save(root / f"{name}.png")
                rows.append(
                    {
                        "image_id": name,
                        "patient_id": f"source{number}",
                        "study_id": f"film{number}-{target}",
                        "path": f"{name}.png",
                        "view": "PA",
                        "attr.kind": kind,
                        "attr.target": target,
                        "attr.source_image": f"film{number}",
                    }
                )
            number += 1
    write_cohort(root, pd.DataFrame(rows), {"adapter": "counterfactual", "adapter_version": 1})
    return root
