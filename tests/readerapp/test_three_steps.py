"""The three steps from a training to Tables 1 and 2: the tables are what was planted, seen through the error rates."""

import itertools
import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from readerapp.demo.expected_steps import ExpectedRow, expected_row
from readerapp.demo.simulated_reader import ErrorRates, SimulatedReader, simulated_readers
from readerapp.demo.three_steps import StepsSize, expected_rows, planted_truths, run_three_steps
from readerapp.demo_study import DemoSize, demo_passphrases
from studies.errors import StudyError
from studies.planning.verification import verify_study
from studies.reading.study import CoordinatorView, open_as_coordinator

SEED = 3
SIZE = StepsSize(cohort=DemoSize(patients=130, size=64, seed=SEED), imagined=6, real=14, redraws=100)
ITEMS = ("drain", "wires")


def reader(name: str, sensitivity: float, specificity: float, hesitation: float) -> SimulatedReader:
    return SimulatedReader(name, {item: ErrorRates(sensitivity, specificity) for item in ITEMS}, hesitation)


def test_the_expectation_is_that_of_every_possible_way_to_answer() -> None:
    """Two readers, two cases, two items: all 3⁸ ways to answer, each with its probability."""
    readers = [reader("a", 0.8, 0.9, 0.1), reader("b", 0.6, 0.95, 0.2)]
    truths = [{"drain": True, "wires": False}, {"drain": False, "wires": False}]
    places = list(itertools.product(range(2), range(2), ITEMS))
    present = valid = majority = squared = 0.0
    for answers in itertools.product("pau", repeat=len(places)):
        chance, votes = 1.0, 0
        given = dict(zip(places, answers))
        for (case, number, item), answer in given.items():
            who = readers[number]
            seen = who.rates[item].present(truths[case][item])
            chance *= {"p": (1 - who.hesitation) * seen, "a": (1 - who.hesitation) * (1 - seen), "u": who.hesitation}[
                answer
            ]
        for case in range(2):
            composites = [_composite([given[case, who, item] for item in ITEMS]) for who in range(2)]
            present += chance * composites.count("p")
            valid += chance * (2 - composites.count("u"))
            votes += composites.count("p") > composites.count("a")
        majority += chance * votes
        squared += chance * votes**2
    found = expected_row(ITEMS, truths, readers)
    assert found.planted == 0.5
    assert found.ratio == pytest.approx(100 * present / valid)
    assert found.majority == pytest.approx(majority)
    assert found.majority_error == pytest.approx(math.sqrt(squared - majority**2))


def _composite(answers: list[str]) -> str:
    return "p" if "p" in answers else "a" if set(answers) == {"a"} else "u"


def test_perfect_readers_leave_no_room_for_chance() -> None:
    perfect = [reader(name, 1, 1, 0) for name in "abc"]
    found = expected_row(ITEMS, [{"drain": True}, {}, {"wires": True}, {}], perfect)
    assert (found.planted, found.ratio, found.majority) == (0.5, 50, 2)
    assert found.far({"ratio_percent": 50.0, "confounder_present": 2}) == 0
    assert found.far({"ratio_percent": 50.0, "confounder_present": 3}) == math.inf


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="imagining findings needs the engine extra")
    out = tmp_path_factory.mktemp("steps") / "demo"
    said: list[str] = []
    run_three_steps(out, said.append, SIZE)
    assert any(line.startswith("engine cohort counterfactual") for line in said)
    return out


@pytest.fixture(scope="module")
def step3(demo: Path) -> CoordinatorView:
    return open_as_coordinator(demo / "step3", demo_passphrases(demo / "step3")["coordinator"])


Rows = dict[tuple[str, str], tuple[Mapping[str, float], ExpectedRow]]


@pytest.fixture(scope="module")
def rows(demo: Path, step3: CoordinatorView) -> Rows:
    readers = simulated_readers(step3.protocol, SEED + 1)
    made = expected_rows(step3, demo / "tables", planted_truths(step3), readers)
    found: Rows = {}
    for name, table, expected in made:
        group = name.split(", ")[1].removesuffix("-related")
        assert set(table["diagnosis"]) == set(expected)
        for row in table.to_dict("records"):
            found[group, row["diagnosis"]] = row, expected[row["diagnosis"]]
    return found


def test_tables_1_and_2_are_the_planted_prevalence_seen_through_the_error_rates(rows: Rows) -> None:
    assert len([group for group, _ in rows if group == "treatment"]) == 3
    assert len([group for group, _ in rows if group == "physiology"]) >= 2
    for (group, diagnosis), (row, expected) in rows.items():
        assert expected.far(row) < 4, (group, diagnosis, row, expected)


def test_a_wrong_map_would_be_seen(rows: Rows, step3: CoordinatorView) -> None:
    """Over all items of the group, or with the finding itself among them, expectations are far from the tables."""
    readers, truths = simulated_readers(step3.protocol, SEED + 1), planted_truths(step3)
    far = {"all items": 0.0, "the finding itself": 0.0}
    for stratum in step3.protocol.selection.strata:
        cases = [truths[str(case.case_id)] for case in step3.design.cases if case.stratum == stratum.name]
        for group in ("treatment", "physiology"):
            items = [str(item.id) for item in step3.protocol.items if item.group == group]
            own = [item for item in items if item in stratum.finding_items]
            mine = [item for item in items if item in stratum.confounders]
            if not mine:
                continue
            row, _ = rows[group, stratum.name]
            rest = [item for item in items if item not in own]
            far["all items"] = max(far["all items"], expected_row(rest, cases, readers).far(row))
            if own:
                with_own = expected_row([*mine, *own], cases, readers).far(row)
                far["the finding itself"] = max(far["the finding itself"], with_own)
    assert far["all items"] > 4
    assert far["the finding itself"] > 8


def test_the_tables_are_those_of_the_readings(demo: Path, rows: Rows, step3: CoordinatorView) -> None:
    """Counted again from the long table of readings, without anything of ours."""
    long = pd.read_csv(demo / "tables" / "readings_long.csv", keep_default_na=False)
    maps = {stratum.name: stratum.confounders for stratum in step3.protocol.selection.strata}
    for (group, diagnosis), (row, _) in rows.items():
        mine = long[(long["stratum"] == diagnosis) & (long["item_group"] == group) & long["item"].isin(maps[diagnosis])]
        answers = mine.groupby(["case_id", "reader_id"])["value"].agg(set)
        told = answers.map(lambda values: 1.0 if "present" in values else 0.0 if values == {"absent"} else None)
        assert row["ratio_percent"] == pytest.approx(100 * told.mean())
        votes = told.groupby("case_id").agg(["sum", "count"])
        assert row["confounder_present"] == (2 * votes["sum"] > votes["count"]).sum()


def test_patients_are_apart_and_readers_are_others(demo: Path, step3: CoordinatorView) -> None:
    step1 = open_as_coordinator(demo / "step1", demo_passphrases(demo / "step1")["coordinator"])
    first, third = ({case.patient_id for case in view.design.cases} for view in (step1, step3))
    assert not first & third
    assert step3.protocol.step1 is not None
    assert step3.protocol.step1.seal == step1.design.seal_hash
    step1.close()
    assert len(third) == len(step3.design.cases)
    assert not set(demo_passphrases(demo / "step1")) & set(demo_passphrases(demo / "step3")) - {"coordinator"}


def test_both_studies_are_whole_and_all_figures_are_there(demo: Path) -> None:
    assert verify_study(demo / "step1") == verify_study(demo / "step3") == []
    for folder in ("tables_step1", "tables"):  # Extended Data Figure 3, of drawings and of real images
        assert (demo / folder / "figures" / "confounders_by_finding_treatment.svg").is_file()
    for group in ("treatment", "physiology"):  # Extended Data Figures 4 and 5
        assert (demo / "tables" / "figures" / f"concordance_any_{group}_by_stratum.svg").is_file()
    assert (demo / "tables_step1" / "proposals.csv").is_file()
    assert "Table 1, treatment-related (step 3)" in (demo / "summary.txt").read_text(encoding="utf-8")


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="imagining findings needs the engine extra")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="was not made by the demo"):
        run_three_steps(tmp_path, print, SIZE)
