"""`engine evaluate RUN --information`: the bound of Equations 3 and 8 for a run and a split, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.store import store_for
from engine.diffusion.information import CodeTerms, code_terms
from engine.diffusion.trained import TrainedAutoencoder, load_autoencoder
from engine.errors import JobError
from engine.jobs.run import RunFolder
from engine.metrics.resampling import mean_by_patient
from engine.progress import Progress, turn
from engine.rounding import counted, number, with_interval
from engine.tables import Table, write_table

__all__ = ["Asked", "evaluate_information", "information_lines"]

_NEAR = 0.05  # nats: a bound as near to its ceiling as that says little but that more codes are needed
_MEASURES = (
    "bound",
    "bound_bits",
    "log_posterior",
    "gap_per_pixel",
    "likeliest",
    "l_last_per_pixel",
    "l_between_per_pixel",
    "l_first_per_pixel",
    "l_between_others_per_pixel",
    "l_first_others_per_pixel",
)
_NOTE = (
    "Bound: I(z; x) is at least H(z) + E[log p(z | x)] (DiffChest, Equations 3 and 8) for a code that is one of K, the "
    "image's own and those of images of K − 1 other patients; H(z) = log K is the most it can be, and where it is "
    "near, more codes would raise it. Own code likeliest: share of images of which no other code draws better. Gap: "
    "log p(x | z) less that of another patient's code, in nats a pixel. Prior, steps and decoder: the terms L_T, the "
    "sum of L_t, and L_0 of Equation 9 with the image's own code, in nats a pixel; in brackets with other patients' "
    "codes. 95 % percentile intervals of redrawn patients."
)


@dataclass(frozen=True)
class Asked:
    """How much is looked at, and with which draws."""

    images: int = 25  # of the split, drawn by seed
    codes: int = 16  # K, the image's own among them; as many as there are patients where those are fewer
    steps: int = 12  # of the schedule, for each image and code
    redraws: int = 1000
    seed: int = 0


def evaluate_information(
    run: RunFolder,
    cohorts: Mapping[str, Cohort],
    split: str = "test",
    asked: Asked | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write RUN/report/information.csv (.tex, .html) of a diffusion run: a row for each cohort. Gives the CSV.

    cohorts: name → cohort; of none those of the spec. Raises JobError for a run of another task or without a
    checkpoint, or where the split has images of fewer than two patients; CohortError where a cohort is not there.
    """
    asked, report = asked or Asked(), progress or (lambda share: None)
    if run.spec.task != "diffusion":
        raise JobError(
            f"{run.path.name} is a run of {run.spec.task}; the information of codes is that of a diffusion run"
            + (f", such as {base}" if (base := getattr(run.spec, "base_run", "")) else "")
        )
    trained = load_autoencoder(run, device="cuda" if torch.cuda.is_available() else "cpu")
    named = cohorts or {source.name: load_cohort(Path(source.path)) for source in run.spec.cohorts}
    if not named:
        raise JobError(f"{run.path.name} names no cohort; give one with --cohort [NAME=]DIR")
    rows = []
    for place, (name, cohort) in enumerate(named.items()):
        measured = _row(trained, cohort, split, asked, turn(report, place, len(named)))
        rows.append({"cohort": name, "split": split} | measured)
    run.report.mkdir(exist_ok=True)
    write_table(_table(pd.DataFrame(rows)), run.report, "information")
    return run.report / "information.csv"


def _row(trained: TrainedAutoencoder, cohort: Cohort, split: str, asked: Asked, report: Progress) -> dict[str, Any]:
    store = store_for(cohort, trained.description.store, progress=lambda share: report(0.1 * share))
    frame = cohort.frame[cohort.frame["split"] == split].reset_index(drop=True)
    rows, which = store.rows_of_images(list(frame["image_id"]))
    order = np.random.default_rng(asked.seed).permutation(len(rows))
    patients = frame["patient_id"].to_numpy(str)[which[order]]
    codes, images = min(asked.codes, len(set(patients))), min(asked.images, len(order))
    if codes < 2:
        raise JobError(
            f"split '{split}' of {cohort.root.name} has images of {counted(codes, 'patient')}, and a code is told from "
            "another patient's; take another --split"
        )
    pool = order[: max(images, _reaching(patients, codes))]
    looks, taken = images * (asked.steps + 1), count(1)
    terms = code_terms(
        trained,
        trained.tensor(store.pixels[rows[pool]]),
        patients[: len(pool)].tolist(),
        codes,
        asked.steps,
        asked.seed,
        check=lambda: report(0.1 + 0.9 * next(taken) / looks),
        judged=images,
    )
    return _measured(terms, patients[:images], asked)


def _reaching(patients: np.ndarray, wanted: int) -> int:
    """How many images from the first on are of `wanted` patients."""
    _, first = np.unique(patients, return_index=True)
    return int(np.sort(first)[wanted - 1]) + 1


def _measured(terms: CodeTerms, patients: np.ndarray, asked: Asked) -> dict[str, Any]:
    """A row of information.csv, but for whose it is."""
    pixels = terms.pixels
    values = (
        terms.bound,
        terms.bound / np.log(2),
        terms.log_posterior,
        terms.gap_per_pixel,
        terms.likeliest,
        terms.last / pixels,
        terms.between / pixels,
        terms.first / pixels,
        terms.between_others / pixels,
        terms.first_others / pixels,
    )
    counts = {"n": len(patients), "n_patients": len(set(patients)), "codes": terms.codes, "steps": terms.steps}
    measures = mean_by_patient(dict(zip(_MEASURES, values, strict=True)), patients, asked.redraws, asked.seed)
    return {**counts, "redraws": asked.redraws, "seed": asked.seed, "entropy": terms.entropy, **measures}


def _table(frame: pd.DataFrame) -> Table:
    rows = frame.to_dict("records")
    printed = pd.DataFrame(
        {
            "Cohort": [f"{row['cohort']}, {row['split']}" for row in rows],
            "n": [str(row["n"]) for row in rows],
            "Patients": [str(row["n_patients"]) for row in rows],
            "K": [str(row["codes"]) for row in rows],
            "H(z), nats": [number(row["entropy"], 2) for row in rows],
            "Bound, nats (95 % CI)": [_said(row, "bound", 2) for row in rows],
            "Bound, bits (95 % CI)": [_said(row, "bound_bits", 2) for row in rows],
            "Own code likeliest (95 % CI)": [_said(row, "likeliest", 2) for row in rows],
            "Gap, nats a pixel (95 % CI)": [_said(row, "gap_per_pixel", 4) for row in rows],
            "Prior": [number(row["l_last_per_pixel"], 5) for row in rows],
            "Steps": [_both(row, "l_between") for row in rows],
            "Decoder": [_both(row, "l_first") for row in rows],
        }
    )
    return Table(frame, "How much the code tells of the image, at least", _NOTE, printed)


def _said(row: Mapping[str, Any], measure: str, digits: int) -> str:
    return with_interval(row[measure], row[f"{measure}_low"], row[f"{measure}_high"], digits)


def _both(row: Mapping[str, Any], term: str) -> str:
    return f"{number(row[f'{term}_per_pixel'], 4)} [{number(row[f'{term}_others_per_pixel'], 4)}]"


def information_lines(path: Path) -> list[str]:
    """What the shell prints of information.csv: three lines for each cohort."""
    return [line for row in pd.read_csv(path).to_dict("records") for line in _lines(row)]


def _lines(row: Mapping[str, Any]) -> list[str]:
    ceiling, bits = f"log {row['codes']} = {number(row['entropy'], 2)} nats", _said(row, "bound_bits", 2)
    near = row["entropy"] - row["bound"] < _NEAR
    more = ", and it is near: more --codes would raise it" if near else ""
    images, patients = counted(row["n"], "image"), counted(row["n_patients"], "patient")
    return [
        f"information of code and image, {row['cohort']}, {row['split']}: at least {_said(row, 'bound', 2)} nats, "
        f"{bits} bits",
        f"  {images} of {patients}, each told its own code among {row['codes']}; the estimate cannot exceed {ceiling}"
        + more,
        f"  own code likeliest {_said(row, 'likeliest', 2)}, gap to other patients' codes "
        f"{_said(row, 'gap_per_pixel', 4)} nats a pixel",
    ]
