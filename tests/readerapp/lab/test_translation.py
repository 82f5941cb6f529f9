"""Every word of the lab goes through translation: with a language of brackets, no word stands outside them.

What stays as it was written: names of cohorts, columns, findings and runs, keys and values of specs, and sentences of
the engine (summaries of presets and datasets, remarks of a report, what a run said).
"""

import re
from pathlib import Path

import pytest

from engine.cohorts.adapters.registry import ADAPTERS
from engine.cohorts.cohort import Cohort, load_cohort
from engine.evaluation.report import evaluate
from engine.jobs.presets import PRESETS
from engine.jobs.tasks import TASKS
from readerapp.demo.hands import Hands
from readerapp.lab.memory import LabMemory
from readerapp.lab.results_page import ResultsPage
from readerapp.lab.spec_fields import spec_fields
from readerapp.lab.spec_words import entry_help, entry_name, metric_words, task_words
from readerapp.recent import Memory
from readerapp.window import MainWindow
from tests.engine.evaluation.made_runs import FINDINGS, RACES, made_cohort, pathology_run, race_run
from tests.readerapp import every_page
from tests.readerapp.lab.conftest import enter_lab
from tests.readerapp.test_translation import brackets, findings, in_words, painted, said

__all__ = ["brackets"]  # a fixture

# Methods, networks and colours by their names; a file format; the sums of a split.
_NAMES = ("Grad-CAM", "torchrun", "Slurm", "sbatch", "viridis", "cividis", "inferno", "ROC", "AUC", "simulated")
_SAID = "the disk is full"
_TASKS = list(TASKS)


def words_of_specs() -> list[str]:
    fields = {field.name: field for task in TASKS for field in spec_fields(task)}
    values = [str(value) for field in fields.values() for value in field.choices]
    presets = [part for of in PRESETS.values() for name, preset in of.items() for part in (name, preset.summary)]
    return [*fields, *values, *presets, *TASKS, "task", "cohorts", "preset"]


def words_of_datasets() -> list[str]:
    return [
        part
        for name, adapter in ADAPTERS.items()
        for part in (name, adapter.summary, adapter.files, adapter.apply, *adapter.constructions)
        if part
    ]


def words_of(cohort: Cohort) -> list[str]:
    """Every value of its table, and what a narrow cell leaves of its findings."""
    columns = ("image_id", "patient_id", "split", "sex", "race", "view", "site")
    values = [str(value) for name in columns for value in cohort.frame[name].unique() if str(value)]
    cut = [name[: place.end()] for name in cohort.labels for place in re.finditer("_", name)]
    return [*values, *cohort.labels, *cut]


def remarks(page: ResultsPage) -> list[str]:
    found = [page.evaluation] if page.evaluation is not None else []
    return [str(text) for each in found for part in each.parts for text in part.metrics["status"]]


def occurring(window: MainWindow, words: set[str]) -> tuple[str, ...]:
    """Those of many words that the window shows at all: the others need not be looked for in every text."""
    shown = " ".join([*painted(window), *(text for _, text in said(window))]).casefold()
    return tuple(word for word in words if word.casefold() in shown)


@pytest.fixture
def made_runs(lab_memory: LabMemory, tmp_path: Path) -> Cohort:
    """One that is evaluated, and one that failed before it was."""
    cohort = made_cohort(tmp_path / "made", 20)
    evaluate(pathology_run(lab_memory.runs / "first", cohort), redraws=20)
    other = race_run(lab_memory.runs / "second", cohort)
    other.log.say("metric", epoch=1, images=10, split="val", name="macro_auc", value=0.6)
    other.log.say("error", text=_SAID)
    other.log.say("state", state="failed")
    return cohort


def test_every_page_of_the_lab(
    made_runs: Cohort, lab_memory: LabMemory, brackets: None, memory: Memory, cohort: Path, tmp_path: Path
) -> None:
    window = MainWindow(memory)
    window.resize(1366, 768)
    window.show()
    hands = Hands(window, tmp_path / "pictures", patience_s=120)
    hands.wait_for_work()
    lab = enter_lab(hands)
    own = [*_NAMES, *words_of_specs(), *words_of_datasets(), *words_of(made_runs), *words_of(load_cohort(cohort))]
    own += [
        *FINDINGS,
        *RACES,
        "first",
        "second",
        "made",
        cohort.name,
        _SAID,
        str(lab_memory.runs),
        "demo",
        "findings-head",
        "drains-head",
        "macro",
        every_page.NOTHING,
        *every_page.IMAGINED,
    ]
    found = {}
    for state in every_page.lab_pages(hands, lab):
        hands.settle()
        about = (
            re.findall(r"\w+", " ".join(words_of_datasets())) if state.startswith("import by") else []
        )  # are wrapped
        found[state] = findings(window, occurring(window, {*own, *remarks(lab.results), *about}))
    window.close()
    assert not any(found.values()), in_words(found)


@pytest.mark.parametrize("task", _TASKS)
def test_every_entry_has_a_name_and_help_in_words(task: str, brackets: None) -> None:
    for field in spec_fields(task):
        for words in (entry_name(field.name), entry_help(field)):
            assert words.startswith("⟦"), (field.name, words)
    assert task_words(task).startswith("⟦")


def test_metrics_in_words() -> None:
    assert metric_words("val macro_auc") == "mean AUC, validation"
    assert metric_words("val macro_auc", split=False) == "mean AUC"
    assert metric_words("test auc.chest_drain") == "AUC of chest_drain, test"
    assert metric_words("val something_new") == "something_new, validation"
    assert metric_words("loss") == "loss"
