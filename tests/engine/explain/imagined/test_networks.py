"""The whole of it on a small simulated cohort, with networks that were not trained: what is written, and kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner
from PIL import Image as Pillow

from engine.__main__ import main
from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.simulated.confounding import flat_table
from engine.counterfactuals import BADGE, CounterfactualOptions
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, load_autoencoder
from engine.errors import Cancelled, JobError
from engine.explain.imagined.detectors import Learning, rich_in
from engine.explain.imagined.drawing import RANDOM, NetworkImaginer, Wanted, load_imaginer
from engine.explain.imagined.evaluation import Imagining, evaluate_counterfactuals, imagined_lines
from engine.explain.imagined.measures import Draws
from engine.explain.imagined.truth_maps import DEVICES
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run
from engine.models.autoencoder import Autoencoder, AutoencoderShape
from engine.models.classifier import LatentClassifier
from engine.models.trained import Description
from engine.training.checkpoints import write_whole
from tests.engine.explain.made import made_run

SHAPE = AutoencoderShape(32, 16, (1, 2), (1, 2, 2), 1, (), 24, 0.0, 1)
TARGETS = ("pneumothorax", "cardiomegaly")
SMALL = Imagining(
    images=3,
    draws=Draws(40, 1),
    judged=4,
    learning=Learning(films=12, drawings=4, validation=4, device_looks=64, synthetic_looks=64),
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    out = tmp_path_factory.mktemp("imagined") / "chest"
    simulate_chest_cohort(18, 5, out, size=64, processes=1)
    frame = pd.read_csv(out / "cohort.csv", dtype=str, keep_default_na=False)
    patients = {patient: k for k, patient in enumerate(frame["patient_id"].unique())}
    splits = frame["patient_id"].map(lambda patient: ("train", "val", "test")[patients[patient] % 3])
    frame.assign(split=splits).to_csv(out / "cohort.csv", index=False)
    return load_cohort(out)


@pytest.fixture(scope="module")
def run(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A head on a network whose every layer says something, also those that begin at zero."""
    torch.set_num_threads(1)
    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("runs")
    base = create_run(folder / "base", make_spec("diffusion", settings={"image_size": 32}))
    net = Autoencoder(SHAPE)
    for weight in net.parameters():
        if weight.ndim > 1 and not weight.any():
            torch.nn.init.normal_(weight, std=0.05)
    described = AutoencoderDescription(SHAPE, NoiseSchedule()).to_json()
    write_whole(base.checkpoints / "best.safetensors", net.state_dict(), {"network": described, "facts": "{}"})
    sha256 = load_autoencoder(base).weights_sha256
    source = cohort_source(f"chest={cohort.root}")
    head = create_run(folder / "head", make_spec("probe", [source], settings={"base_run": "base"}))
    described = Description(
        "latent", "average", 0.0, TARGETS, "sigmoid", 32, latent=SHAPE, base_run="base", base_sha256=sha256
    )
    classifier = described.build()
    assert isinstance(classifier, LatentClassifier)
    classifier.load_state_dict(
        {key.replace("encoder.", ""): value for key, value in net.state_dict().items() if key.startswith("encoder.")},
        strict=False,
    )
    facts = {"network": described.to_json(), "facts": "{}"}
    write_whole(head.checkpoints / "best.safetensors", classifier.state_dict(), facts)
    return head


def squares(n: int) -> np.ndarray:
    return np.random.default_rng(8).uniform(0, 1, (n, 32, 32)).astype(np.float32)


def imaginer_of(run: RunFolder, **options: object) -> NetworkImaginer:
    return load_imaginer(run, CounterfactualOptions.model_validate({"encode_steps": 4, "decode_steps": 4, **options}))


def test_an_image_alone_is_drawn_as_in_a_batch(run: RunFolder) -> None:
    imaginer, films = imaginer_of(run), squares(3)
    wanted = [Wanted(2, "pneumothorax"), Wanted(0, "cardiomegaly"), Wanted(2, RANDOM, 7)]
    again, drawn = imaginer.draw(films, wanted, lambda share: None)
    alone, own = imaginer.draw(films[2:], [Wanted(0, "pneumothorax"), Wanted(0, RANDOM, 7)], lambda share: None)
    for one, other in ((again[2], alone[0]), (drawn[0], own[0]), (drawn[2], own[1])):
        assert np.abs(one - other).mean() < 1e-4  # rounding differs, and untrained networks magnify it
    assert np.abs(drawn[0] - again[2]).mean() > 1e-3
    assert np.abs(drawn[2] - again[2]).mean() > 1e-3


def test_no_push_is_the_reconstruction(run: RunFolder) -> None:
    imaginer = imaginer_of(run, amplitudes=(0.0,))
    again, drawn = imaginer.draw(squares(2), [Wanted(1, "pneumothorax"), Wanted(1, RANDOM, 3)], lambda share: None)
    assert np.allclose(drawn, again[1], atol=1e-5)


def test_a_push_goes_as_far_as_was_asked(run: RunFolder) -> None:
    codes = imaginer_of(run).codes(squares(4))
    for options, far in (({"amplitudes": (2.5,)}, 2.5), ({}, 0.6 * np.sqrt(24))):
        moved = imaginer_of(run, **options).pushed(codes, "cardiomegaly")
        assert np.linalg.norm(moved - codes, axis=1) == pytest.approx(np.full(4, far), rel=1e-5)
    sure = imaginer_of(run, probability=0.9)
    assert sure.probabilities(sure.pushed(codes, "cardiomegaly"), "cardiomegaly") == pytest.approx(0.9, abs=1e-4)


def test_progress_reaches_the_end_and_may_end_the_work(run: RunFolder) -> None:
    seen: list[float] = []
    imaginer_of(run).draw(squares(2), [Wanted(0, "pneumothorax")], seen.append)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(1.0)

    def end(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        imaginer_of(run).draw(squares(2), [], end)


def test_the_tables_of_a_run(run: RunFolder) -> None:
    seen: list[float] = []
    path = evaluate_counterfactuals(run, {}, "test", SMALL, seen.append)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(1.0)
    frame = pd.read_csv(path)
    assert list(frame["target"].unique()) == sorted(TARGETS)
    assert all(list(rows["device"].sort_values()) == sorted(DEVICES) for _, rows in frame.groupby("target"))
    drain = frame[(frame["target"] == "pneumothorax") & (frame["device"] == "chest_drain")].iloc[0]
    assert drain["planted"] and drain["planted_difference"] > 0.5
    assert (frame["yield"].isna() == frame["status"].notna()).all()
    quality = pd.read_csv(path.parent / "counterfactuals_quality.csv")
    assert list(quality["target"]) == [*TARGETS, RANDOM]
    assert quality[["frechet", "frechet_films", "code", "pixels"]].notna().all(axis=None)
    assert quality["reached"].isna().tolist() == [False, False, True]
    detector = pd.read_csv(path.parent / "counterfactuals_detector.csv")
    assert len(detector) == 2 * len(DEVICES)
    for name in ("counterfactuals", "counterfactuals_quality", "counterfactuals_detector"):
        assert "not for diagnosis" in (path.parent / f"{name}.html").read_text(encoding="utf-8")
        assert (path.parent / f"{name}.tex").is_file()
    lines = list(imagined_lines(path))
    assert len(lines) == 1 + len(TARGETS) * (1 + len(DEVICES))
    with Pillow.open(path.parent / "counterfactuals_pneumothorax.png") as sheet:
        assert BADGE in sheet.info["Description"] and sheet.size[0] == 3 * 192


def test_detectors_are_kept_while_nothing_has_changed(run: RunFolder) -> None:
    path = evaluate_counterfactuals(run, {}, "test", SMALL)
    first, kept = pd.read_csv(path), path.parent / "counterfactual_detectors" / "detectors.safetensors"
    made = kept.stat().st_mtime_ns
    pd.testing.assert_frame_equal(first, pd.read_csv(evaluate_counterfactuals(run, {}, "test", SMALL)))
    assert kept.stat().st_mtime_ns == made
    kept.write_bytes(b"damaged")
    pd.testing.assert_frame_equal(first, pd.read_csv(evaluate_counterfactuals(run, {}, "test", SMALL)))
    made = kept.stat().st_mtime_ns
    evaluate_counterfactuals(run, {}, "test", replace(SMALL, learning=replace(SMALL.learning, seed=3)))
    assert kept.stat().st_mtime_ns != made


def test_detectors_may_learn_in_another_cohort(run: RunFolder, cohort: Cohort, tmp_path: Path) -> None:
    """Of it are then what they are tried on and what is said of how well they see; of the other one the drawings."""
    simulate_chest_cohort(21, 6, tmp_path / "flat", size=64, table=flat_table(), views=("PA",), processes=1)
    school = load_cohort(tmp_path / "flat")
    path = evaluate_counterfactuals(run, {}, "test", replace(SMALL, school=school, judged=5))
    detector = pd.read_csv(path.parent / "counterfactuals_detector.csv").set_index(["device", "pictures"])
    assert detector.loc[("chest_drain", "films"), "n"] == (school.frame["split"] == "test").sum()
    assert detector.loc[("chest_drain", "reconstructions"), "n"] == 5
    frame = pd.read_csv(path)
    drain = frame[(frame["target"] == "pneumothorax") & (frame["device"] == "chest_drain")].iloc[0]
    assert drain["planted"], "the table is that of the cohort whose films are drawn"
    assert set(frame["cohort"]) == {"chest"}


def test_a_school_without_truth_is_refused(run: RunFolder, cohort: Cohort, tmp_path: Path) -> None:
    shutil.copytree(cohort.root, tmp_path / "films", ignore=shutil.ignore_patterns("truth"))
    with pytest.raises(JobError, match="films has no planted truth that detectors could learn from"):
        evaluate_counterfactuals(run, {}, "test", replace(SMALL, school=load_cohort(tmp_path / "films")))


def test_what_a_run_does_not_tell_is_named(run: RunFolder) -> None:
    with pytest.raises(JobError, match="does not tell the finding 'nodule'; it tells pneumothorax, cardiomegaly"):
        evaluate_counterfactuals(run, {}, "test", replace(SMALL, targets=("nodule",)))


def test_a_run_that_imagines_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="classifies images and draws none; counterfactuals need a head"):
        load_imaginer(made_run(tmp_path / "run"), CounterfactualOptions())


def test_a_base_that_was_trained_on_since_is_refused(run: RunFolder) -> None:
    path = run.path.parent / "base" / "checkpoints" / "best.safetensors"
    kept = path.read_bytes()
    try:
        description = AutoencoderDescription(SHAPE, NoiseSchedule()).to_json()
        write_whole(path, Autoencoder(SHAPE).state_dict(), {"network": description, "facts": "{}"})
        with pytest.raises(
            JobError, match=r"head was trained on the codes of base when its weights were .*train the head again"
        ):
            imaginer_of(run)
    finally:
        path.write_bytes(kept)


def test_rare_devices_are_chosen_first() -> None:
    present = np.zeros((200, 3), bool)
    present[:5, 0], present[5:25, 1], present[25:150, 2] = True, True, True
    rows = rich_in(present, 60, seed=0)
    assert len(rows) == len(set(rows.tolist())) == 60
    counts = present[rows].sum(0)
    assert counts[0] == 5 and counts[1] >= 10 and counts[2] >= 10
    assert set(rich_in(present, 500, 0).tolist()) == set(range(200))


def test_the_shell_says_what_it_needs(run: RunFolder, cohort: Cohort) -> None:
    told = CliRunner().invoke(main, ["predict", str(run.path), "--cohort", f"chest={cohort.root}"])
    assert told.exit_code == 0, told.output
    arguments = ["evaluate", str(run.path), "--counterfactuals", "--target", "gout", "--redraws", "20"]
    told = CliRunner().invoke(main, arguments)
    assert told.exit_code == 1, told.output
    assert "does not tell the finding 'gout'" in told.output and "Traceback" not in told.output
