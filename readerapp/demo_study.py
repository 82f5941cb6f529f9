"""The demonstration study: a simulated cohort and a sealed study on it, with passphrases everyone may know. No Qt."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from resources.files import shipped_file
from studies.errors import StudyError

COORDINATOR = "coordinator"
MARKER = "demo.json"
DEMO_PROTOCOL = "protocols/demo.toml"
STUDY, COHORT, TABLES, SCREENSHOTS = "study", "cohort", "tables", "screenshots"
_OURS = (
    STUDY,
    COHORT,
    TABLES,
    SCREENSHOTS,
    MARKER,
    "agreement.csv",
    "prevalence.csv",
    "journal.csv",
    "journal.jsonl",
    "summary.txt",
)


@dataclass(frozen=True)
class DemoSize:
    """How much is simulated. The default is read in about a minute by the simulated readers."""

    patients: int = 56
    size: int = 512  # pixels a side
    seed: int = 7
    processes: int = 2


FULL = DemoSize()


def demo_protocol() -> str:
    """The text of the protocol the demo uses."""
    return shipped_file(DEMO_PROTOCOL).read_text(encoding="utf-8")


def demo_passphrases(root: Path) -> Mapping[str, str]:
    """Passphrases of a demonstration study by person, coordinator first; empty for a study that is none."""
    try:
        facts = json.loads((root.parent / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    phrases = facts.get("passphrases", {}) if isinstance(facts, dict) else {}
    return {str(who): str(phrase) for who, phrase in phrases.items()} if root.name == STUDY else {}


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


def mark_demo(out: Path, size: DemoSize) -> dict[str, str]:
    """Make the folder and mark it as a demo's; returns the passphrases by person, coordinator first."""
    from studies.protocol import parse_protocol

    protocol = parse_protocol(demo_protocol(), "demo.toml")
    phrases = {COORDINATOR: "desk-demo"} | {reader.id: f"{reader.id}-demo" for reader in protocol.readers}
    out.mkdir(parents=True, exist_ok=True)
    facts = {"made_by": "readerapp demo", "patients": size.patients, "seed": size.seed, "passphrases": phrases}
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

    phrases = mark_demo(out, size)
    simulate_cohort(out / COHORT, size, lambda share, what: progress(0.7 * share, what))
    create_study(shipped_file(DEMO_PROTOCOL), out / COHORT, out / STUDY)
    seal_study(out / STUDY, phrases, lambda share, what: progress(0.7 + 0.3 * share, what))
    return out / STUDY
