"""A simulated cohort on disk: patients drawn from a confounding table, their DICOM files, and each image's truth."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image as PilImage

from engine.cohorts.cohort import write_cohort
from engine.cohorts.parallel import in_order
from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.confounding import CHRONIC, DEVICES, FINDINGS, ConfoundingTable, default_table
from engine.cohorts.simulated.dicom import Identity, write_dicom
from engine.cohorts.simulated.spec import VIEWS, ChestSpec, SimulatedImage, TruthObject, View
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError

VERSION = "2"
FOLLOW_UP = 0.2  # P(a second study)
WITH_LATERAL = 0.35  # P(a lateral film beside a PA film)
BEDSIDE = {True: 0.85, False: 0.12}  # P(AP), with and without one of INTENSIVE
INTENSIVE = frozenset({"endotracheal_tube", "chest_drain", "nasogastric_tube"})
MASKS = ("heart", "lung_right", "lung_left", *(finding for finding in FINDINGS))
_AFTER_DEATH = "The cohort is not whole: delete its folder and begin again"


@dataclass(frozen=True)
class PlannedImage:
    """One image to be made: its names and its spec."""

    identity: Identity
    spec: ChestSpec


@dataclass(frozen=True)
class Task:
    """What one worker does: all images of one patient."""

    patient: int
    seed: int
    out: Path
    size: int
    views: tuple[View, ...]
    table: ConfoundingTable = field(repr=False)


def simulate_chest_cohort(
    patients: int,
    seed: int,
    out: Path,
    *,
    size: int = 512,
    table: ConfoundingTable | None = None,
    views: Sequence[View] = VIEWS,
    processes: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Path:
    """Write a cohort of simulated chest radiographs to the folder `out`, and return it.

    `images/<image_id>.dcm`, `truth/<image_id>.json` with masks beside it, `cohort.csv`, `cohort.json`. Each patient has
    an own random stream, so that a patient is the same whatever the number of patients or processes. `size`: pixels a
    side; `views`: what may be taken; `progress`: called with 0 to 1. Raises CohortError for a folder that is not empty.
    """
    table = table or default_table()
    if patients < 1:
        raise CohortError(f"a cohort needs at least 1 patient; asked for {patients}")
    if not views or set(views) - set(VIEWS):
        raise CohortError(f"views are one or more of {', '.join(VIEWS)}; given {', '.join(views) or 'none'}")
    _refuse_used(out)
    for folder in ("images", "truth"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    tasks = [Task(number, seed, out, size, tuple(views), table) for number in range(1, patients + 1)]
    rows: list[dict[str, Any]] = []
    with closing(in_order(make_patient, tasks, processes, _AFTER_DEATH)) as patients_made:
        for done, made in enumerate(patients_made, 1):
            rows += made
            if progress:
                progress(done / patients)
    frame = pd.DataFrame(rows)
    frame["split"] = assign_splits(frame["patient_id"], frame["race"], seed=seed)
    write_cohort(out, frame, _facts(seed, size, table, views))
    return out


def _refuse_used(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise CohortError(f"{out} is a file; give a new folder for the cohort")
    names = {place.name for place in out.iterdir()}
    if names and names <= {"images", "truth"}:
        raise CohortError(
            f"{out} holds part of a simulated cohort that was interrupted; delete it, or give a new folder"
        )
    if names:
        raise CohortError(f"{out} is not empty; give a new folder for the cohort")


def make_patient(task: Task) -> list[dict[str, Any]]:
    """Write all images of one patient; gives their rows of `cohort.csv`, without the split."""
    rows = []
    for planned in plan_patient(task.table, task.seed, task.patient, task.views):
        simulated = simulate_chest(planned.spec, task.size)
        image_id = planned.identity.image_id
        write_dicom(task.out / "images" / f"{image_id}.dcm", simulated, planned.identity)
        masks = write_truth(task.out, planned.identity, simulated)
        rows.append(_row(planned, masks))
    return rows


def plan_patient(
    table: ConfoundingTable, seed: int, patient: int, views: Sequence[View] = VIEWS
) -> Iterator[PlannedImage]:
    """The images of patient number `patient` (from 1), drawn from the table; nothing is rendered.

    What lasts (`CHRONIC`) stays from one study to the next, everything else is drawn anew.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(patient,)))
    race = _drawn(rng, table.races)
    site = _drawn(rng, table.site_shares[race])
    sex = "F" if rng.random() < table.female else "M"
    age = float(np.clip(rng.normal(58, 17), 18, 94))
    bmi = float(np.clip(rng.normal(26.5, 4.8), 16.5, 45))
    name, lasting, number = f"SIM-{patient:06d}", None, 0
    for visit in range(1, 2 + (rng.random() < FOLLOW_UP)):
        findings, devices = _drawn_study(rng, table, race, lasting)
        lasting = findings | devices
        for view in _drawn_views(rng, views, devices):
            number += 1
            spec = ChestSpec(
                body_seed=(seed, patient),
                exposure_seed=(seed, patient, number),
                view=view,
                sex="F" if sex == "F" else "M",
                age_years=round(age + 0.2 * (visit - 1), 1),
                bmi=round(bmi, 1),
                race=race,
                races=tuple(table.races),
                findings=findings,
                devices=devices,
                site=table.sites[site],
                race_signal=table.race_signal,
                monochrome1=bool(rng.random() < table.sites[site].monochrome1),
                device_density=table.device_density,
            )
            yield PlannedImage(Identity(f"{name}-{number}", name, f"{name}-S{visit}", number, seed, site), spec)


def _drawn(rng: np.random.Generator, shares: Any) -> str:
    names = list(shares)
    limits = np.cumsum([shares[name] for name in names])
    return names[min(int(np.searchsorted(limits, rng.random(), side="right")), len(names) - 1)]


def _drawn_study(
    rng: np.random.Generator, table: ConfoundingTable, race: str, lasting: frozenset[str] | None
) -> tuple[frozenset[str], frozenset[str]]:
    """Findings and devices of one study; `lasting`: what the study before had, None for the first."""
    chances = rng.random(len(FINDINGS) + len(DEVICES))

    def present(name: str, chance: float, probability: float) -> bool:
        return name in lasting if lasting is not None and name in CHRONIC else chance < probability

    findings = frozenset(
        finding
        for finding, chance in zip(FINDINGS, chances, strict=False)
        if present(finding, chance, table.finding_probability(finding, race))
    )
    chance_of = dict(zip(DEVICES, chances[len(FINDINGS) :], strict=True))
    single = table.device_probability("single_chamber_pacemaker", findings, race)
    # One pacemaker at most: the two share a draw, the second kind takes the piece of [0, 1) after the first one's.
    chance_of["dual_chamber_pacemaker"] = (chance_of["single_chamber_pacemaker"] - single) % 1.0
    devices = frozenset(
        device
        for device, chance in chance_of.items()
        if present(device, chance, table.device_probability(device, findings, race))
    )
    return findings, devices


def _drawn_views(rng: np.random.Generator, views: Sequence[View], devices: frozenset[str]) -> list[View]:
    bedside, beside = rng.random() < BEDSIDE[bool(devices & INTENSIVE)], rng.random() < WITH_LATERAL
    if "AP" in views and (bedside or "PA" not in views):
        return ["AP"]
    taken: list[View] = ["PA"] if "PA" in views else []
    return [*taken, "LATERAL"] if "LATERAL" in views and (beside or not taken) else taken


def write_truth(out: Path, identity: Identity, simulated: SimulatedImage) -> dict[str, str]:
    """Write `truth/<image_id>.json` and its masks; gives the masks' names and paths within the cohort."""
    image, spec = simulated.image, simulated.spec
    folder = Path("truth") / identity.image_id
    (out / folder).mkdir(exist_ok=True)
    objects, masks = [], {}
    for found in simulated.truth:
        entry: dict[str, Any] = {"kind": found.kind, "side": found.side, **found.facts}
        if found.polyline is not None:
            entry["polyline"] = np.round(found.polyline, 2).tolist()
        if found.mask is not None:
            name = mask_name(found)
            entry["mask"] = masks[name] = (folder / f"{name}.png").as_posix()
            PilImage.fromarray(found.mask).save(out / entry["mask"], compress_level=1)
        objects.append(entry)
    truth = {
        "image_id": identity.image_id,
        "view": spec.view,
        "columns": image.columns,
        "rows": image.rows,
        "coordinates": "(column, row), 0-based, pixel centres, of the stored image",
        "findings": sorted(spec.findings),
        "devices": sorted(spec.devices),
        "race_signal": asdict(spec.race_signal),
        "objects": objects,
    }
    text = json.dumps(truth, separators=(",", ":"))
    (out / "truth" / f"{identity.image_id}.json").write_text(text + "\n", encoding="utf-8")
    return masks


def mask_name(found: TruthObject) -> str:
    """Name of an object's mask: its kind, with the side for paired organs."""
    return f"lung_{'right' if found.side == 'R' else 'left'}" if found.kind == "lung" and found.side else found.kind


def _row(planned: PlannedImage, masks: dict[str, str]) -> dict[str, Any]:
    identity, spec = planned.identity, planned.spec
    row: dict[str, Any] = {
        "image_id": identity.image_id,
        "patient_id": identity.patient_id,
        "study_id": identity.study_id,
        "path": f"images/{identity.image_id}.dcm",
        "modality": "DX",
        "body_part": "CHEST",
        "view": spec.view,
        "laterality": "",
        "sex": spec.sex,
        "age_years": spec.age_years,
        "race": spec.race,
        "site": identity.site,
    }
    row |= {f"label.{name}": int(name in spec.findings) for name in FINDINGS}
    row |= {f"label.{name}": int(name in spec.devices) for name in DEVICES}
    row["attr.bmi"] = spec.bmi
    return row | {f"mask.{name}": masks.get(name, "") for name in MASKS}


def _facts(seed: int, size: int, table: ConfoundingTable, views: Sequence[View]) -> dict[str, Any]:
    return {
        "adapter": "simulated",
        "kind": "chest",
        "adapter_version": VERSION,
        "seed": seed,
        "size": size,
        "views": list(views),
        "sources": [],
        "dropped": [],
        "table": table.to_json(),
        "note": "Simulated; research use only, not for diagnosis; not known to transfer to patients.",
    }
