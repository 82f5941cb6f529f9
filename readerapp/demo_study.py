"""The demonstration study: a simulated cohort and a sealed study on it, with passphrases everyone may know. No Qt."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resources.files import shipped_file, shipped_folder
from studies.errors import StudyError

COORDINATOR = "coordinator"
MARKER = "demo.json"
UNAIDED, EXPLAINED = "protocols/demo.toml", "protocols/demo_explained.toml"
STUDY, COHORT, TABLES, SCREENSHOTS = "study", "cohort", "tables", "screenshots"
_OURS = (
    STUDY,
    COHORT,
    TABLES,
    SCREENSHOTS,
    MARKER,
    "agreement.csv",
    "prevalence.csv",
    "changes.csv",
    "journal.csv",
    "journal.jsonl",
    "summary.txt",
    "imagined",
    "base",
    "head",
    "step1",
    "step1.toml",
    "step3",
    "step3.toml",
    "tables_step1",
)
_STEPS = ("step1", "step3")  # studies of the demonstration in three steps


@dataclass(frozen=True)
class DemoSize:
    """How much is simulated. The default is read in about a minute by the simulated readers."""

    patients: int = 56
    size: int = 512  # pixels a side
    seed: int = 7
    processes: int = 2


FULL = DemoSize()


@dataclass(frozen=True)
class DemoDesign:
    """The protocol the demo uses, and why it has no arms with explanations; "" where it has them."""

    protocol: Path
    unaided_only: str


def demo_design() -> DemoDesign:
    """With explanations where the engine and the weights that ship are there to compute them."""
    from studies.planning.explaining import explanation_obstacle
    from studies.protocol import load_protocol

    explained = shipped_file(EXPLAINED)
    obstacle = explanation_obstacle(load_protocol(explained), (shipped_folder(),))
    return DemoDesign(shipped_file(UNAIDED) if obstacle else explained, obstacle)


def demo_passphrases(root: Path) -> Mapping[str, str]:
    """Passphrases of a demonstration study by person, coordinator first; empty for a study that is none."""
    if root.name in _STEPS and _facts(root).get("steps"):
        return {who: step_passphrase(who) for who in (COORDINATOR, *_readers(root))}
    phrases = _facts(root).get("passphrases", {})
    return {str(who): str(phrase) for who, phrase in phrases.items()}


def unaided_only(root: Path) -> str:
    """Why a demonstration study was made without explanations; "" where it has them, and for a study that is none."""
    return str(_facts(root).get("unaided_only", ""))


def _facts(root: Path) -> dict[str, Any]:
    """What the demo noted beside its study; nothing where it made none."""
    try:
        facts = json.loads((root.parent / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) and root.name in (STUDY, *_STEPS) else {}


def step_passphrase(who: str) -> str:
    """What a person of the demonstration in three steps types."""
    return "desk-demo" if who == COORDINATOR else f"{who}-demo"


def _readers(root: Path) -> tuple[str, ...]:
    from studies.reading.study import list_readers

    return list_readers(root)


def mark_steps(out: Path, size: DemoSize) -> None:
    """Make the folder of the demonstration in three steps, and mark it as a demo's."""
    out.mkdir(parents=True, exist_ok=True)
    facts = {"made_by": "readerapp demo", "patients": size.patients, "seed": size.seed, "steps": True}
    (out / MARKER).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def make_demo_study(out: Path, progress: Callable[[float, str], None], size: DemoSize = FULL) -> Path:
    """The sealed demonstration study in `out`. One made there earlier is kept with its readings, and returned.

    Raises StudyError where `out` holds something that is not a demo.
    """
    from studies.reading.study import study_state

    study = out / STUDY
    if (out / MARKER).is_file() and (study / "study.db").is_file() and study_state(study) == "sealed":
        return study
    clear_demo(out)
    return _make(out, progress, size)


def clear_demo(out: Path) -> None:
    """Remove an earlier demo, and only what the demo wrote; StudyError for a folder the demo did not make."""
    if not out.exists():
        return
    if not out.is_dir() or (any(out.iterdir()) and not (out / MARKER).is_file()):
        raise StudyError(f"{out} exists and was not made by the demo; name a new folder with --out")
    for name in _OURS:
        place = out / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def mark_demo(out: Path, size: DemoSize, design: DemoDesign) -> dict[str, str]:
    """Make the folder and mark it as a demo's; returns the passphrases by person, coordinator first."""
    from studies.protocol import load_protocol

    protocol = load_protocol(design.protocol)
    phrases = {COORDINATOR: "desk-demo"} | {reader.id: f"{reader.id}-demo" for reader in protocol.readers}
    out.mkdir(parents=True, exist_ok=True)
    facts = {"made_by": "readerapp demo", "patients": size.patients, "seed": size.seed, "passphrases": phrases}
    if design.unaided_only:
        facts["unaided_only"] = design.unaided_only
    (out / MARKER).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return phrases


def simulate_cohort(out: Path, size: DemoSize, progress: Callable[[float, str], None]) -> None:
    """Frontal radiographs with planted truth, as DICOM files."""
    from engine.cohorts.simulated.cohort import simulate_chest_cohort

    simulate_chest_cohort(
        size.patients,
        size.seed,
        out,
        size=size.size,
        views=("PA", "AP"),
        processes=size.processes,
        progress=lambda share: progress(share, "simulating radiographs"),
    )


def _make(out: Path, progress: Callable[[float, str], None], size: DemoSize) -> Path:
    from studies.planning.sealing import create_study, seal_study

    design = demo_design()
    phrases = mark_demo(out, size, design)
    simulated = 0.7 if design.unaided_only else 0.35  # of all the time; explanations take as long again
    simulate_cohort(out / COHORT, size, lambda share, what: progress(simulated * share, what))
    create_study(design.protocol, out / COHORT, out / STUDY)
    seal_study(out / STUDY, phrases, lambda share, what: progress(simulated + (1 - simulated) * share, what))
    return out / STUDY
