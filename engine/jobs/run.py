"""A run: the folder that is the whole interface of a training. No torch.

RUN/spec.json                    the spec, and the versions it was started with
RUN/events.jsonl                 what it says of itself
RUN/process.json                 who works on it now: pid, host, started (a lock that names its holder)
RUN/cancel                       put there by whoever wants it to stop; it stops at the next batch
RUN/checkpoints/*.safetensors    weights; `last` and `best`, beside them the state of the optimizer
RUN/predictions/COHORT/SPLIT.csv image_id, patient_id, study_id, p.<class>, y.<class>
RUN/report/                      tables and figures
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import JobError
from engine.jobs.events import Event, EventLog, State, read_events
from engine.jobs.specs import TrainingSpec
from engine.jobs.tasks import TASKS, spec_class
from engine.locking import is_held
from resources.files import shipped_folder

__all__ = ["RunFolder", "base_places", "create_run", "find_run", "open_run", "spec_sha256"]


@dataclass(frozen=True)
class RunFolder:
    """Where the parts of a run lie, and what can be told without torch."""

    path: Path
    spec: TrainingSpec

    @property
    def log(self) -> EventLog:
        return EventLog(self.path / "events.jsonl")

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def report(self) -> Path:
        return self.path / "report"

    @property
    def cancel_asked(self) -> bool:
        return (self.path / "cancel").exists()

    def predictions(self, cohort: str, split: str) -> Path:
        """The table of a cohort's predictions, whether it is there or not."""
        return self.path / "predictions" / cohort / f"{split}.csv"

    def events(self) -> list[Event]:
        """All whole events so far."""
        return read_events(self.path / "events.jsonl")[0]

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    def state(self) -> State:
        """The last state that was said; "queued" where none was, "interrupted" where its process is gone."""
        states = [event.facts["state"] for event in self.events() if event.kind == "state"]
        state: State = states[-1] if states else "queued"
        return "interrupted" if state == "running" and not is_held(self.lock) else state

    def ask_to_cancel(self) -> None:
        """The training stops at its next batch, checkpointed, and can be resumed."""
        (self.path / "cancel").touch()

    def forget_cancel(self) -> None:
        """Whoever starts a run, or goes on with one, wants it to go on."""
        (self.path / "cancel").unlink(missing_ok=True)


# Entries that specs gained after runs were made from them, at the value that means what was before: such a run is read
# with it, whatever the default is by now, and its hash stays.
_GAINED: Mapping[str, Mapping[str, Any]] = {
    **{task: {"patients_share": 1.0} for task in ("race", "pathology", "reidentification")},
    "probe": {"patients_share": 1.0, "findings": [], "uncertain": "masked"},
    "diffusion": {"places": False},
}


def spec_sha256(spec: TrainingSpec) -> str:
    """Hash (hex) of what a spec says, independent of where its cohorts lie."""
    facts = spec.model_dump(mode="json")
    for cohort in facts["cohorts"]:
        cohort.pop("path")
    for name, before in _GAINED.get(spec.task, {}).items():
        if facts[name] == before:
            facts.pop(name)
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def create_run(path: Path, spec: TrainingSpec, versions: Mapping[str, str] | None = None) -> RunFolder:
    """A new run folder. JobError where `path` holds something already."""
    if path.exists() and any(path.iterdir()):
        raise JobError(f"{path} is not empty; choose another folder, or go on with `engine resume {path}`")
    for folder in (path / "checkpoints", path / "predictions", path / "report"):
        folder.mkdir(parents=True, exist_ok=True)
    facts: dict[str, Any] = {"spec": spec.model_dump(mode="json"), "spec_sha256": spec_sha256(spec)}
    facts["versions"] = dict(versions or {})
    part = path / "spec.json.part"
    part.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    part.replace(path / "spec.json")
    return RunFolder(path, spec)


def open_run(path: Path) -> RunFolder:
    """The run in a folder. JobError with a sentence for a missing or inconsistent one."""
    try:
        facts = json.loads((path / "spec.json").read_text(encoding="utf-8"))["spec"]
        facts = {**_GAINED.get(facts["task"], {}), **facts}
        return RunFolder(path, spec_class(facts["task"]).model_validate(facts))
    except FileNotFoundError:
        raise JobError(f"{path} is not a run: it has no spec.json; start one with `engine train`") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise JobError(f"the spec of {path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobError(f"the spec of {path.name} cannot be read: {error}; tasks are {', '.join(TASKS)}") from error


def find_run(run: str, places: Sequence[Path]) -> RunFolder:
    """A run by its whole path, or within the first of the places that has it. JobError naming where it was sought."""
    tried = [Path(run)] if Path(run).is_absolute() else [place / run for place in places]
    found = next((path for path in tried if (path / "spec.json").is_file()), None)
    if found is None:
        where = " or ".join(str(path) for path in tried)
        raise JobError(f"the run '{run}' is not there: no {where} with a spec.json; train it, or name its folder")
    return open_run(found)


def base_places(run: RunFolder) -> tuple[Path, ...]:
    """Where the run that another is built on is looked for: here, beside that other, and among those that ship."""
    return Path.cwd(), run.path.resolve().parent, shipped_folder()
