"""A cohort of counterfactuals: images without any finding, and how a run imagines them with one. No torch.

Each case is a study of three images: the original as the network sees it, its reconstruction, the counterfactual. The
table says of each which image, run and weights it comes from (columns `attr.*`), so does a JSON file beside it. The
patients are those of the originals; a case has no label and no split: what was drawn is no truth, and nothing to learn
from.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.cohorts.cohort import Cohort, cohort_sha256, load_cohort, write_cohort
from engine.counterfactuals import Counterfactual
from engine.errors import CohortError, EngineError
from engine.explain.derived_picture import write_sheet
from engine.images.grey import presentation
from engine.images.opening import open_image
from engine.rounding import counted
from engine.tables import NOTICE, whole_folder

__all__ = ["KINDS", "Chosen", "Draw", "ImaginedSpec", "choose_sources", "imagine_cohort"]

KINDS = ("factual", "reconstruction", "counterfactual")  # in hanging order
HEALTHY = ("no_finding", "normal")  # labels that say there is none
ADAPTER, VERSION = "counterfactual", 1
_FRONTAL = ("PA", "AP")
_KEPT = ("modality", "body_part", "view", "laterality", "sex", "age_years", "race", "site")

Draw = Callable[[np.ndarray, str], Counterfactual]  # presentation (rows, columns) in [0, 1], target


@dataclass(frozen=True)
class ImaginedSpec:
    """Which images are taken to imagine findings in. Of each patient one image is, for one finding.

    column: of which the targets are classes, where the run's head chooses one (race, sex …); "" where they are
    findings. An image that is of the class already is not pushed there.
    """

    targets: tuple[str, ...]
    per_finding: int = 20
    split: str = "test"  # "": any
    seed: int = 0
    column: str = ""


@dataclass(frozen=True)
class Chosen:
    """Rows of the cohort for each target, and what there was to choose from."""

    rows: Mapping[str, pd.DataFrame]
    images: int  # without any finding
    patients: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def choose_sources(cohort: Cohort, spec: ImaginedSpec) -> Chosen:
    """Images without any finding, dealt out to the targets by seed; fewer of each where patients run out.

    Without a finding: no label is present or uncertain (but one of HEALTHY), and at least one is known. Frontal
    radiographs where there are such, no stacks. Raises CohortError where no image is left for one of the targets.
    """
    frame = cohort.frame
    if spec.split:
        frame = frame[frame["split"] == spec.split]
    frame = frame[frame["n_slices"].isna() | (frame["n_slices"] == 1)]
    if not (frontal := frame[frame["view"].isin(_FRONTAL)]).empty:
        frame = frontal
    clean = frame[_without_findings(frame)]
    where = f"the {spec.split} split of {cohort.root.name}" if spec.split else cohort.root.name
    order = sorted(clean.index, key=lambda index: _rank(spec.seed, str(clean.at[index, "image_id"])))
    dealt = clean.loc[order].drop_duplicates("patient_id")
    if len(dealt) < len(spec.targets):
        raise CohortError(
            f"{where} has {counted(len(dealt), 'patient')} with an image without any finding, and "
            f"{counted(len(spec.targets), 'finding')} to imagine; take another split, or fewer findings"
        )
    rows = {
        target: _of_another(dealt.iloc[place :: len(spec.targets)], spec.column, target).head(spec.per_finding)
        for place, target in enumerate(spec.targets)
    }
    if empty := [target for target, own in rows.items() if own.empty]:
        raise CohortError(
            f"every image without any finding of {where} that was dealt to {empty[0]} is of {spec.column} {empty[0]} "
            "already; take another split, or fewer classes"
        )
    return Chosen(rows, len(clean), len(dealt))


def _without_findings(frame: pd.DataFrame) -> "pd.Series[bool]":
    labels = [name for name in frame if name.startswith("label.")]
    findings = [name for name in labels if name.removeprefix("label.") not in HEALTHY]
    known = frame[findings].notna().any(axis=1) | (frame[[n for n in labels if n not in findings]] == 1).any(axis=1)
    found = frame[findings].isin([1, -1]).any(axis=1)
    return known & ~found


def _of_another(frame: pd.DataFrame, column: str, target: str) -> pd.DataFrame:
    return frame[frame[column].astype(str) != target] if column in frame else frame


def _rank(seed: int, image_id: str) -> str:
    return hashlib.sha256(f"counterfactual/{seed}/{image_id}".encode()).hexdigest()


def imagine_cohort(
    cohort: Cohort,
    out: Path,
    spec: ImaginedSpec,
    draw: Draw,
    facts: Mapping[str, Any] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Cohort:
    """Draw every case and write the cohort to `out`, which appears whole or not at all.

    An image that cannot be read is left out with its reason. facts: what cohort.json says of the run besides. Raises
    CohortError for a folder that is not empty, or where nothing is left.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CohortError(f"{out} is not empty; give a new folder for the cohort")
    chosen = choose_sources(cohort, spec)
    todo = [(target, row) for target, rows in chosen.rows.items() for _, row in rows.iterrows()]
    made: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    with whole_folder(out) as folder:
        (folder / "images").mkdir()
        for done, (target, row) in enumerate(todo, start=1):
            try:
                pixels = presentation(open_image(cohort.image_paths(row)[0]))
            except EngineError as error:
                dropped.append({"step": "reading", "reason": str(error), "count": 1, "examples": [row["image_id"]]})
                continue
            made += _case(folder, row, draw(pixels, target))
            if progress:
                progress(done / len(todo))
        if not made:
            raise CohortError(f"none of {counted(len(todo), 'image')} can be read: {dropped[0]['reason']}")
        info = _info(cohort, spec, chosen, dropped, facts or {})
        write_cohort(folder, pd.DataFrame(made), info)
    return load_cohort(out)


def _case(folder: Path, row: "pd.Series[Any]", drawn: Counterfactual) -> list[dict[str, Any]]:
    """Write the three images of a case and the JSON beside each; their rows of the table."""
    study = f"{row['image_id']}-{drawn.target}"
    rows = []
    for place, kind in enumerate(KINDS, start=1):
        image_id = f"{study}-{place}"
        file = f"{image_id}.dcm"
        write_sheet(folder / "images" / file, drawn, kind)
        told = _provenance(str(row["image_id"]), drawn, kind)
        text = json.dumps({"notice": NOTICE, "image_id": image_id, **told}, indent=2, ensure_ascii=False)
        (folder / "images" / f"{image_id}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
        rows.append(
            {name: row[name] for name in _KEPT}
            | {"image_id": image_id, "patient_id": row["patient_id"], "study_id": study, "path": f"images/{file}"}
            | {f"attr.{name}": value for name, value in told.items()}
        )
    return rows


def _provenance(source: str, drawn: Counterfactual, kind: str) -> dict[str, Any]:
    """What is known of one image; probabilities are of the target."""
    moved = kind == "counterfactual"
    seen = {
        "factual": None,
        "reconstruction": drawn.drawn_reconstruction,
        "counterfactual": drawn.drawn[0],
    }[kind]
    return {
        "kind": kind,
        "synthetic": int(kind != "factual"),
        "source_image": source,
        "run": drawn.run,
        "spec_sha256": drawn.spec_sha256,
        "weights_sha256": drawn.weights_sha256,
        "base_sha256": drawn.base_sha256,
        "target": drawn.target,
        "amplitude": drawn.amplitudes[0] if moved else 0.0,
        "probability": drawn.wanted[0] if moved else drawn.probability,  # of the code
        "probability_seen": seen,  # of the picture, encoded again
    }


def _info(
    cohort: Cohort,
    spec: ImaginedSpec,
    chosen: Chosen,
    dropped: list[dict[str, Any]],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "adapter": ADAPTER,
        "adapter_version": VERSION,
        "notice": "Synthetic images; research use only, not for diagnosis",
        "source": {"cohort": cohort.root.name, "cohort_sha256": cohort_sha256(cohort.root)},
        "seed": spec.seed,
        "split": spec.split,
        "wanted_per_finding": spec.per_finding,
        "cases": {target: len(rows) for target, rows in chosen.rows.items()},
        "steps": [
            {"step": "without any finding, frontal", "images": chosen.images, "patients": chosen.patients},
        ],
        "dropped": dropped,
        **facts,
    }
