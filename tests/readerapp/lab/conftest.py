"""A small simulated cohort and a run trained on it for a moment, shared by the tests of the lab."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from engine.cohorts.simulated.cohort import simulate_chest_cohort
from readerapp.demo.hands import Hands
from readerapp.lab.lab import Lab
from readerapp.lab.memory import LabMemory
from readerapp.recent import Memory
from readerapp.window import MainWindow

PATIENTS = 24


@pytest.fixture(scope="session")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated chest radiographs, made in this process."""
    root = tmp_path_factory.mktemp("lab") / "chest"
    simulate_chest_cohort(PATIENTS, 3, root, size=64, processes=1)
    return root


def _train(task: str, cohort: Path, out: Path, *settings: str) -> None:
    command = [sys.executable, "-m", "engine", "train", task, "--cohort", str(cohort), "--out", str(out)]
    command += [part for setting in settings for part in ("--set", setting)]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}  # so small a network only waits for the others
    done = subprocess.run(command, env=one_thread, capture_output=True, text=True, timeout=480, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def heads(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a diffusion run trained for a moment, and a head on its codes, `head`."""
    root = tmp_path_factory.mktemp("heads")
    small = ("channels=16", "multipliers=[1,2]", "encoder_multipliers=[1,2,2]", "latent=16", "samples=0")
    _train("diffusion", cohort, root / "base", "image_size=16", "epochs=1", "batch_size=8", *small)
    base = f"base_run={root / 'base'}"
    _train("probe", cohort, root / "head", base, "target=findings", "epochs=1", "batch_size=8", "learning_rate=0.01")
    return root


@pytest.fixture(scope="session")
def runs(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one finished run, `short`."""
    root = tmp_path_factory.mktemp("runs")
    settings = ("model=small", "image_size=32", "epochs=1", "weights=none", "batch_size=16")
    _train("pathology", cohort, root / "short", *settings)
    return root


@pytest.fixture
def lab_memory(memory: Memory, cohort: Path) -> LabMemory:
    """The lab knows the cohort, and keeps its runs in a folder of the test."""
    kept = LabMemory(memory.folder)
    kept.remember_cohort(cohort)
    kept.keep_runs(memory.folder / "own runs")
    return kept


@pytest.fixture
def lab(lab_memory: LabMemory, window: MainWindow, hands: Hands) -> Lab:
    """The lab, entered from the start page."""
    return enter_lab(hands)


def enter_lab(hands: Hands) -> Lab:
    """By its button on the start page."""
    hands.click(hands.find(QPushButton, "lab"))
    hands.wait_for("the lab", lambda: any(found.isVisible() for found in hands.window.findChildren(Lab)))
    hands.wait_for_work()
    return hands.find(Lab)
