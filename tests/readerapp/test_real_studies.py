"""Real radiographs and real DICOM, read by three readers through the real window, and exported.

The full study of all 457 radiographs takes a while: `pytest -m full tests/readerapp/test_real_studies.py`. Screenshots
and tables are left in the folder that READERAPP_REAL_STUDIES names, where it is set.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from readerapp.application import make_application
from readerapp.demo.hands import Hands
from readerapp.demo.planted import Drawn, Planted
from readerapp.demo.reading_hands import ReadingHands
from readerapp.demo.simulated_reader import simulated_readers
from readerapp.reading.session import ReadingSession
from readerapp.recent import Memory
from readerapp.window import MainWindow
from studies.exports.export import export_study
from studies.planning.sealing import create_study, seal_study
from studies.planning.verification import verify_study
from studies.reading.study import CoordinatorView, open_as_coordinator

PASSPHRASES = {name: f"{name} reads films" for name in ("coordinator", "r1", "r2", "r3")}
READERS = '[[readers]]\nid = "r1"\n[[readers]]\nid = "r2"\n[[readers]]\nid = "r3"\n'
RADIOGRAPHS = """
title = "Three findings in public radiographs"
instructions = "Answer every question of every radiograph."
{selection}
[order]
seed = 3
repeat_share = 0.05
[[items]]
id = "effusion"
text = "Pleural effusion"
group = "physiology"
[[items]]
id = "pneumothorax"
text = "Pneumothorax"
group = "physiology"
[[items]]
id = "chest_drain"
text = "Chest drain"
group = "treatment"
"""
EVERYTHING = """
title = "Whatever a hospital folder holds"
instructions = "Say what can be said."
[order]
patient_spacing = 0
[[items]]
id = "readable"
text = "Readable as it is shown"
[[items]]
id = "implant"
text = "Metal implant"
group = "treatment"
"""


def read_by_three(study: Path, pictures: Path, every: int) -> CoordinatorView:
    """Each reader opens the study from the start page and reads it to the end."""
    make_application()
    window = MainWindow(Memory(pictures / "window"))
    window.resize(1680, 1050)
    window.show()
    sessions: list[ReadingSession] = []
    window.start.way_in.reading_opened.connect(sessions.append)
    hands = Hands(window, pictures)
    view = open_as_coordinator(study, PASSPHRASES["coordinator"])
    planted = planted_by_labels(view)
    for reader in simulated_readers(view.protocol, seed=1):
        window.offer(study)
        hands.wait_for_work()
        hands.wait_for("the study on the start page", lambda: hands.find(QPushButton, "open").isEnabled())
        hands.choose(hands.find(QComboBox, "who"), f"Reader: {reader.reader_id}")
        field = hands.find(QLineEdit, "passphrase")
        hands.type(field, PASSPHRASES[reader.reader_id])
        hands.press(field, "Return")
        hands.wait_for("the reading room", lambda: window.page == "reading")
        at_work = ReadingHands(hands, sessions[-1], reader, planted)
        shown = {number: f"{reader.reader_id}_{number:03d}" for number in range(0, 2000, every)}
        at_work.read_all(shown if reader.reader_id == "r1" else {})
        at_work.close()
        hands.wait_for("the start page", lambda: window.page == "start")
    window.close()
    return view


def planted_by_labels(view: CoordinatorView) -> Planted:
    """Where the table of the cohort has a label of the item's name it is the truth; elsewhere the item is absent."""
    labels = {case.case_id: case.labels or {} for case in view.design.cases}
    truth = {}
    for shown in view.design.presentations:
        known = labels[shown.case_id]
        truth[str(shown.code)] = {item.id: known.get(f"label.read_{item.id}") == "1" for item in view.protocol.items}
    somewhere = Drawn(np.array([[120.0, 300.0]]), columns=512, rows=512)  # a mark is made there
    return Planted(truth, {code: {"effusion": somewhere} for code in truth})


def check_export(view: CoordinatorView, out: Path, cases: int) -> None:
    assert view.complete
    assert verify_study(view.root) == []
    export_study(view, out)
    agreement = pd.read_csv(out / "agreement.csv", keep_default_na=False)
    prevalence = pd.read_csv(out / "prevalence.csv", keep_default_na=False)
    whole = agreement[(agreement["stratum"] == "all") & (agreement["arm"] == "all")]
    assert set(whole.loc[whole["item"].isin([i.id for i in view.protocol.items]), "n_cases"].astype(int)) <= {cases}
    assert {"r1", "r2", "r3", "all", "majority", "any"} <= set(prevalence["reader_id"])


@pytest.fixture
def pictures(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    kept = os.environ.get("READERAPP_REAL_STUDIES")
    return Path(kept) / request.node.name if kept else tmp_path / "pictures"


@pytest.mark.parametrize(
    ("selection", "cases"),
    [
        pytest.param('[selection.filter]\n"label.read_effusion" = 1', None, id="effusions"),
        pytest.param("", 457, id="all_457", marks=pytest.mark.full),
    ],
)
def test_real_radiographs(
    qapp: QApplication, shared_data: Path, tmp_path: Path, pictures: Path, selection: str, cases: int | None
) -> None:
    columns = Path(__file__).parents[1] / "engine" / "cohorts" / "cxr_columns.toml"
    cohort = import_cohort("csv", shared_data / "cxr", tmp_path / "cohort", columns=columns)
    wanted = cases or int((cohort.frame["label.read_effusion"] == 1).sum())
    view = sealed_and_read(RADIOGRAPHS.format(selection=selection), tmp_path, pictures, every=40)
    check_export(view, pictures / "tables", wanted)


@pytest.mark.full
def test_real_dicom(qapp: QApplication, shared_data: Path, tmp_path: Path, pictures: Path) -> None:
    cohort = import_cohort("folder", shared_data / "dicom", tmp_path / "cohort")
    view = sealed_and_read(EVERYTHING, tmp_path, pictures, every=1)
    check_export(view, pictures / "tables", len(cohort.frame))


def test_both_views_of_a_study_are_one_case(qapp: QApplication, tmp_path: Path, pictures: Path) -> None:
    cohort = simulate_chest_cohort(6, seed=11, out=tmp_path / "cohort", size=256)
    views = load_cohort(cohort).frame.groupby("study_id")["view"].nunique()
    assert views.max() == 2
    protocol = RADIOGRAPHS.replace('instructions = "', 'case_unit = "study"\ninstructions = "')
    view = sealed_and_read(protocol.format(selection=""), tmp_path, pictures, every=1)
    shown = {len(presentation.images) for presentation in view.design.presentations}
    assert shown == set(views)
    check_export(view, pictures / "tables", len(views))


def sealed_and_read(protocol: str, folder: Path, pictures: Path, every: int) -> CoordinatorView:
    pictures.mkdir(parents=True, exist_ok=True)
    (folder / "protocol.toml").write_text(protocol + READERS, encoding="utf-8")
    study = create_study(folder / "protocol.toml", folder / "cohort", folder / "study")
    seal_study(study, PASSPHRASES)
    return read_by_three(study, pictures, every)
