"""On a small simulated cohort, with networks whose behaviour is known."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner

from engine.__main__ import main
from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.errors import CohortError, JobError
from engine.explain.planted import LINE_SHARE, Planted, at_map, planted_in
from engine.explain.truth import Sampling, evaluate_explanations, truth_lines
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run
from engine.models.trained import Description
from engine.training.checkpoints import write_whole

CLASSES = ("pleural_effusion", "cardiomegaly", "ecg_leads")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    out = tmp_path_factory.mktemp("truth") / "chest"
    simulate_chest_cohort(14, 5, out, size=64, processes=1)
    frame = pd.read_csv(out / "cohort.csv", dtype=str, keep_default_na=False)
    frame.assign(split="test").to_csv(out / "cohort.csv", index=False)
    return load_cohort(out)


@pytest.fixture(scope="module")
def run(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    path = tmp_path_factory.mktemp("runs") / "run"
    made = create_run(
        path, make_spec("pathology", [cohort_source(f"chest={cohort.root}")], settings={"image_size": 64})
    )
    torch.manual_seed(0)
    description = Description("small", "average", 0.0, CLASSES, "sigmoid", 64)
    facts = {"network": description.to_json(), "facts": "{}"}
    write_whole(made.checkpoints / "best.safetensors", description.build().state_dict(), facts)
    return made


def test_regions_are_where_the_truth_says(cohort: Cohort) -> None:
    for row in cohort.frame.to_dict("records"):
        planted = planted_in(cohort.root, row["image_id"])
        for name in cohort.labels:
            found = planted.region(name)
            if row[f"label.{name}"] != "1" and row[f"label.{name}"] != 1:
                assert found is None
        lungs = planted.race_signal
        assert lungs is not None and 0.1 < lungs.mean() < 0.6


def test_a_line_is_a_band_around_it() -> None:
    line = {"kind": "tube", "polyline": [[10, 50], [90, 50]]}
    planted = Planted(Path(), 100, 100, (line,), {})
    band = planted.region("tube")
    assert band is not None
    half = LINE_SHARE * 100
    rows, columns = np.nonzero(band)
    assert rows.min() == np.ceil(50 - half) and rows.max() == np.floor(50 + half)
    assert columns.min() == np.ceil(10 - half) and columns.max() == np.floor(90 + half)
    outside = Planted(Path(), 100, 100, ({"kind": "tube", "polyline": [[150, 20], [190, -40]]},), {})
    assert outside.region("tube") is None and planted.region("wire") is None


def test_leads_are_part_of_their_pacemaker() -> None:
    lead = {"kind": "dual_chamber_pacemaker_lead", "polyline": [[10, 50], [90, 50]]}
    planted = Planted(Path(), 100, 100, (lead,), {})
    assert planted.region("dual_chamber_pacemaker") is not None
    assert planted.region("single_chamber_pacemaker") is None


def test_a_region_keeps_its_area_at_any_size_of_map() -> None:
    region = np.zeros((90, 60), bool)
    region[10:30, 20:50] = True
    for shape in ((90, 60), (7, 7), (45, 30), (200, 100)):
        assert at_map(region, shape).mean() == pytest.approx(region.mean(), abs=1e-5)


def test_the_table_of_a_run(run: RunFolder, cohort: Cohort) -> None:
    seen: list[float] = []
    path = evaluate_explanations(run, {}, "test", Sampling(images=2, redraws=50), seen.append)
    frame = pd.read_csv(path)
    assert seen[-1] == pytest.approx(1) and seen == sorted(seen)
    assert set(frame["method"]) == {"noise", "gradcam", "occlusion"}
    assert set(frame["target"]) <= set(CLASSES)
    for _, rows in frame.groupby("target"):
        assert rows["n"].nunique() == 1 and rows["n"].iloc[0] <= 2  # the same images for every method
        assert rows["pointing_by_area"].nunique() == rows["share_by_area"].round(4).nunique() == 1
    shares = frame[["pointing", "share", "share_by_area", "insertion", "deletion"]].stack().dropna()
    assert len(shares)
    assert shares.between(0, 1).all()
    trained = frame[frame["weights"] == "trained"]
    assert trained["rank_correlation"].isna().all()
    random = frame[frame["weights"] == "random weights"]["rank_correlation"].dropna()
    assert random.between(-1, 1).all() and (random < 0.999).any()
    lines = list(truth_lines(path))
    assert len(lines) == 1 + len(frame) and "by area" in lines[1]
    assert (path.parent / "explanations.tex").is_file() and (path.parent / "explanations.html").is_file()
    again = pd.read_csv(evaluate_explanations(run, {}, "test", Sampling(images=2, redraws=50)))
    pd.testing.assert_frame_equal(frame, again)


def test_images_of_a_split_that_shows_nothing_get_a_sentence(run: RunFolder) -> None:
    with pytest.raises(JobError, match="no image of split val of chest shows anything planted that run tells"):
        evaluate_explanations(run, {}, "val")


def test_a_cohort_without_truth_is_refused(run: RunFolder, cohort: Cohort, tmp_path: Path) -> None:
    plain = Cohort(tmp_path, cohort.frame, cohort.info)
    with pytest.raises(CohortError, match="has a planted truth"):
        evaluate_explanations(run, {"chest": plain}, "test")
    with pytest.raises(CohortError, match="simulated cohorts"):
        planted_in(tmp_path, "SIM-1")


def test_the_shell_writes_artifact_picture_and_provenance(run: RunFolder, cohort: Cohort, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    film = cohort.image_paths(cohort.frame.iloc[0])[0]
    arguments = [str(run.path), "--image", str(film), "--target", "ecg_leads", "--out", str(tmp_path / "looks")]
    told = CliRunner().invoke(main, ["explain", "gradcam", *arguments, "--signed"])
    assert told.exit_code == 0, told.output
    assert "ecg_leads: probability" in told.output
    hidden = CliRunner().invoke(main, ["explain", "occlusion", *arguments, "--size", "16", "--stride", "16"])
    assert hidden.exit_code == 0, hidden.output
    stem = film.name.split(".")[0]
    facts = json.loads((tmp_path / "looks" / f"{stem}.ecg_leads.gradcam.json").read_text())
    assert facts["signed"] and facts["options"] == {"relu": False, "normalise": False}
    assert "not for diagnosis" in facts["notice"] and len(facts["image"]["sha256"]) == 64
    assert (tmp_path / "looks" / f"{stem}.ecg_leads.occlusion.png").read_bytes().startswith(b"\x89PNG")
    wrong = CliRunner().invoke(main, ["explain", "gradcam", *arguments[:3], "--target", "gout", "--out", str(tmp_path)])
    assert wrong.exit_code == 1 and "does not know 'gout'" in wrong.output and "Traceback" not in wrong.output


def test_engine_evaluate_holds_explanations_against_the_truth(run: RunFolder, cohort: Cohort) -> None:
    torch.set_num_threads(1)
    made = CliRunner().invoke(main, ["predict", str(run.path), "--cohort", f"chest={cohort.root}"])
    assert made.exit_code == 0, made.output
    arguments = [str(run.path), "--explanations", "--images", "1", "--redraws", "20"]
    told = CliRunner().invoke(main, ["evaluate", *arguments])
    assert told.exit_code == 0, told.output
    assert "explanations of chest, test, held against the planted truth:" in told.output
    assert (run.report / "explanations.csv").is_file() and (run.report / "metrics.csv").is_file()
