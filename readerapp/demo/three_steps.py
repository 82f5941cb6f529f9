"""`readerapp demo --three-steps`: DiffChest's reader study from a training to Tables 1 and 2, without a window.

A cohort is simulated, a diffusion network and a head are trained on it (or those that ship are taken), findings are
imagined, two simulated readers say what came along (step 1), real images are chosen by that (step 2), and three others
look for it there (step 3). Simulated readers look at no pixels. Of real images the truth is what was planted; nobody
knows what is in a drawing, so what readers of step 1 meet is dealt out by `IMAGINED`, the finding itself too.
"""

import importlib.util
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from readerapp import demo_study
from readerapp.demo.expected_steps import ExpectedRow, expected_row, row_lines
from readerapp.demo.simulated_reader import SimulatedReader, Truth, simulated_readers
from readerapp.demo.simulated_sitting import read_study
from readerapp.demo_study import COHORT, COORDINATOR, TABLES, DemoSize
from resources.files import shipped_file, shipped_folder
from studies.errors import StudyError
from studies.protocol import Protocol

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

__all__ = ["IMAGINED", "SMALL", "StepsSize", "expected_rows", "run_three_steps"]

Say = Callable[[str], None]
IMAGINED: Mapping[
    str, Mapping[str, float]
] = {  # finding → item → share of its counterfactuals that are said to have it
    "pneumothorax": {
        "pneumothorax": 0.9,
        "chest_drain": 0.7,
        "central_venous_catheter_subclavian": 0.5,
        "atelectasis": 0.5,
    },
    "cardiomegaly": {
        "cardiomegaly": 0.9,
        "sternal_wires": 0.6,
        "pacemaker": 0.6,
        "congestion": 0.6,
        "pleural_effusion": 0.9,
    },
    "pleural_effusion": {
        "pleural_effusion": 0.9,
        "chest_drain": 0.5,
        "ecg_leads": 0.6,
        "central_venous_catheter_jugular": 0.5,
        "congestion": 0.9,
    },
}
_STEP1, _STEP3 = "step1", "step3"
_STEP1_READERS = ("anna", "ben")
_REMARKS = {"other_treatment": ("Skin staples", 0.1), "other_physiology": ("Companion shadow", 0.05)}
_TINY = {  # a network of seconds: it shows that the steps work, and draws badly
    "image_size": "32",
    "channels": "16",
    "multipliers": "1,2",
    "encoder_multipliers": "1,2,2",
    "latent": "24",
    "batch_size": "8",
    "epochs": "3",
}
_HEAD = {"target": "findings", "epochs": "3", "learning_rate": "0.02", "batch_size": "32"}


_COHORT = DemoSize(patients=260, size=192, seed=5)


@dataclass(frozen=True)
class StepsSize:
    """How much is simulated and read."""

    cohort: DemoSize = _COHORT
    imagined: int = 8  # counterfactuals of each finding
    real: int = 25  # images of each finding
    redraws: int = 500


SMALL = StepsSize()


def run_three_steps(out: Path, say: Say, size: StepsSize = SMALL) -> None:
    """All three steps into `out`. Raises StudyError for a folder the demo did not make, or without the engine."""
    if importlib.util.find_spec("torch") is None:
        raise StudyError(
            "imagining findings needs the engine, which is not installed here; install it "
            "(`uv tool install 'readerapp[engine]'`)"
        )
    started = time.monotonic()
    demo_study.clear_demo(out)
    ThreeSteps(out, say, size).run()
    say(f"Done in {time.monotonic() - started:.0f} s: studies, tables and summary.txt in {out}")


class ThreeSteps:
    """The steps, in their order. What is run by the engine is said as the command that it is."""

    def __init__(self, out: Path, say: Say, size: StepsSize) -> None:
        self._out, self._say, self._size = out, say, size
        self._seed = size.cohort.seed

    def run(self) -> None:
        demo_study.mark_steps(self._out, self._size.cohort)
        demo_study.simulate_cohort(self._out / COHORT, self._size.cohort, lambda share, what: None)
        self._imagine(self._head())
        lines = self._step1()
        self._step2()
        lines += self._step3()
        (self._out / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for line in lines:
            self._say(line)

    def _head(self) -> Path:
        """The head to ask: the one that ships, else one that is trained now."""
        if shipped := _shipped_head():
            self._say(f"Findings are imagined by the network that ships ({shipped.name}).")
            return shipped
        self._say(
            "No network ships that imagines findings: a tiny one is trained, and what it draws is not worth a look."
        )
        cohort = str(self._out / COHORT)
        base, head = self._out / "base", self._out / "head"
        seed = {"seed": str(self._seed)}
        self._engine("train", "diffusion", "--cohort", cohort, "--out", str(base), *_settings(_TINY | seed))
        entries = _HEAD | seed | {"base_run": str(base.resolve())}
        self._engine("train", "probe", "--cohort", cohort, "--out", str(head), *_settings(entries))
        return head

    def _imagine(self, head: Path) -> None:
        targets = [word for finding in IMAGINED for word in ("--target", finding)]
        amount = ["--per-finding", str(self._size.imagined), "--split", "any", "--seed", str(self._seed), "--preview"]
        places = ["--cohort", str(self._out / COHORT), "--out", str(self._out / "imagined")]
        self._engine("cohort", "counterfactual", str(head), *places, *targets, *amount)

    def _engine(self, *words: str) -> None:
        """A command of the engine, in a process of its own: torch is never in this one."""
        self._say(f"engine {' '.join(words)}")
        done = subprocess.run([sys.executable, "-m", "engine", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise StudyError(f"engine {words[0]} {words[1]} failed: {done.stderr.strip().splitlines()[-1]}")

    def _step1(self) -> list[str]:
        from studies.design import targets_of
        from studies.planning.protocol_text import protocol_text
        from studies.protocol import load_protocol
        from studies.steps.step1 import step1_entries

        base = load_protocol(shipped_file("protocols/diffchest_step1.toml"))
        imagined = self._out / "imagined"
        file = self._out / f"{_STEP1}.toml"
        file.write_text(protocol_text(step1_entries(base, imagined, _STEP1_READERS)), encoding="utf-8")
        view = self._sealed(file, imagined, _STEP1)
        try:
            targets = targets_of(view.design)
            truths = {case: _dealt(target, case, self._seed) for case, target in targets.items()}
            readers = simulated_readers(view.protocol, self._seed)
            self._read(view, truths, readers, _STEP1)
            self._export(view, f"{TABLES}_{_STEP1}")
            return _found_lines(self._out / f"{TABLES}_{_STEP1}" / "confounders_found.csv", len(readers))
        finally:
            view.close()

    def _step2(self) -> None:
        from studies.reading.study import open_as_coordinator
        from studies.steps.step2 import Step2, step3_protocol

        view = open_as_coordinator(self._out / _STEP1, demo_study.step_passphrase(COORDINATOR))
        try:
            options = Step2(self._size.real, self._seed, min_readers=len(_STEP1_READERS), min_cases=2)
            selected = step3_protocol(view, self._out / COHORT, options)
        finally:
            view.close()
        (self._out / f"{_STEP3}.toml").write_text(selected.text, encoding="utf-8")
        for part in selected.sampled:
            self._say(f"step 2, {part.name}: {part.sampled} of {part.available} real images")
        for sentence in selected.left_out:
            self._say(f"step 2, left out: {sentence}")

    def _step3(self) -> list[str]:
        view = self._sealed(self._out / f"{_STEP3}.toml", self._out / COHORT, _STEP3)
        try:
            truths = planted_truths(view)
            readers = simulated_readers(view.protocol, self._seed + 1)
            self._read(view, truths, readers, _STEP3)
            self._export(view, TABLES)
            lines = [
                "",
                "Expected: what was planted, seen through each reader's sensitivity and specificity, case by case.",
            ]
            for name, table, expected in expected_rows(view, self._out / TABLES, truths, readers):
                lines += ["", f"{name} (step 3)", *row_lines(table, expected)]
            return lines
        finally:
            view.close()

    def _sealed(self, protocol: Path, cohort: Path, name: str) -> "CoordinatorView":
        from studies.planning.sealing import create_study, seal_study
        from studies.reading.study import open_as_coordinator

        root = create_study(protocol, cohort, self._out / name)
        people = [COORDINATOR, *(reader.id for reader in _protocol(protocol).readers)]
        seal_study(root, {who: demo_study.step_passphrase(who) for who in people})
        return open_as_coordinator(root, demo_study.step_passphrase(COORDINATOR))

    def _read(
        self, view: "CoordinatorView", truths: Mapping[str, Truth], readers: Sequence[SimulatedReader], name: str
    ) -> None:
        """Every reader reads everything; `truths` by case."""
        cases = {str(p.code): str(p.case_id) for p in view.design.presentations}
        for reader in readers:
            phrase = demo_study.step_passphrase(reader.reader_id)
            read = read_study(view.root, phrase, reader, cases, truths, _REMARKS)
            self._say(f"{name}, {reader.reader_id}: {read} cases read")

    def _export(self, view: "CoordinatorView", folder: str) -> None:
        from studies.exports.export import export_study

        export_study(view, self._out / folder, redraws=self._size.redraws, seed=self._seed)


def _shipped_head() -> Path | None:
    """A run that ships and imagines the findings of this demonstration."""
    from engine.errors import EngineError
    from engine.jobs.networks import classes_of
    from engine.jobs.run import open_run
    from engine.jobs.specs import ProbeSpec

    for place in sorted((shipped_folder() / "demo").glob("*/spec.json")):
        try:
            run = open_run(place.parent)
            told = set(classes_of(run))
        except EngineError:
            continue
        if isinstance(run.spec, ProbeSpec) and run.spec.target == "findings" and told >= set(IMAGINED):
            return place.parent
    return None


def _settings(entries: Mapping[str, str]) -> list[str]:
    return [word for name, value in entries.items() for word in ("--set", f"{name}={value}")]


def _protocol(path: Path) -> Protocol:
    from studies.protocol import load_protocol

    return load_protocol(path)


def _dealt(finding: str, case: str, seed: int) -> Truth:
    """What is said to be in a counterfactual."""
    dice = random.Random(f"{seed}/imagined/{case}")
    return {item: dice.random() < share for item, share in IMAGINED[finding].items()}


def planted_truths(view: "CoordinatorView") -> dict[str, Truth]:
    """Case id → item → planted, of real images; by the columns that judge the practice cases of the other demo."""
    training = _protocol(shipped_file(demo_study.UNAIDED)).training
    columns = training.truth if training else {}
    truths: dict[str, Truth] = {}
    for case in view.design.cases:
        labels = case.labels or {}
        truths[str(case.case_id)] = {
            item: any(labels.get(column) == "1" for column in named) for item, named in columns.items()
        }
    return truths


def expected_rows(
    view: "CoordinatorView", tables: Path, truths: Mapping[str, Truth], readers: Sequence[SimulatedReader]
) -> list[tuple[str, pd.DataFrame, dict[str, ExpectedRow]]]:
    """Name, rows and expectation of each of Tables 1 and 2 that an export has."""
    groups = {str(item.id): item.group for item in view.protocol.items}
    found = []
    for number, group in enumerate(("treatment", "physiology"), start=1):
        path = tables / f"table{number}_{group}.csv"
        if not path.is_file():
            continue
        expected = {}
        for stratum in view.protocol.selection.strata:
            items = [item for item in stratum.confounders if groups[item] == group]
            cases = [truths[str(case.case_id)] for case in view.design.cases if case.stratum == stratum.name]
            if items:
                expected[stratum.name] = expected_row(items, cases, readers)
        found.append((f"Table {number}, {group}-related", pd.read_csv(path), expected))
    return found


def _found_lines(path: Path, readers: int) -> list[str]:
    """What step 1 found, by all of its readers."""
    table = pd.read_csv(path)
    table = table[(table["min_readers"] == readers) & (table["n_found"] > 0)]
    lines = [
        "Step 1's simulated readers look at no drawing: what they find is dealt out, and says nothing of the network.",
        f"Step 1: counterfactuals in which all {readers} readers found it",
    ]
    for finding, rows in table.groupby("finding", sort=False):
        told = ", ".join(f"{row.item} {row.n_found}" for row in rows.itertuples())
        lines.append(f"{finding} ({rows['n_imagined'].iloc[0]} cases): {told}")
    return lines
