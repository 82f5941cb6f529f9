"""The four tasks on a small cohort of pictures: what is written, that it is learned, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image as Pillow

from engine.cohorts.cohort import Cohort, load_cohort, write_cohort
from engine.errors import Cancelled, CohortError, JobError
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run
from engine.models.trained import load_trained, read_description
from engine.training.classification import predict, sigmoid_loss, softmax_loss, train
from tests.engine.training.made import tensors_of

SETTINGS = {"model": "small", "image_size": 32, "batch_size": 8, "epochs": 2, "learning_rate": 3e-3, "seed": 1}
PATIENTS = 36


def picture(stripes: str, bright: bool, generator: np.random.Generator) -> np.ndarray:
    pixels = generator.uniform(60, 120, (32, 32))
    if stripes == "down":
        pixels[:, ::4] += 60
    if stripes == "across":
        pixels[::4] += 60
    if bright:
        pixels[8:20, 8:20] += 70
    return pixels.astype(np.uint8)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """Three groups told by their stripes, a finding told by a bright square; two images a patient."""
    root = tmp_path_factory.mktemp("made") / "pictures"
    (root / "images").mkdir(parents=True)
    generator = np.random.default_rng(0)
    rows = []
    for patient in range(PATIENTS):
        group = ("down", "across", "none")[patient % 3]
        split = "train" if patient < 24 else "val" if patient < 30 else "test"
        for number in range(2):
            name, present = f"p{patient:02d}-{number}", bool(generator.random() < 0.5)
            Pillow.fromarray(picture(group, present, generator)).save(root / "images" / f"{name}.png")
            label = "-1" if patient == 3 else "" if patient == 4 else str(int(present))
            rows.append(
                {
                    "image_id": name,
                    "patient_id": f"p{patient:02d}",
                    "study_id": f"s{patient:02d}",
                    "path": f"images/{name}.png",
                    "view": "PA",
                    "race": group,
                    "sex": "F" if patient % 2 else "M",
                    "split": split,
                    "label.square": label,
                    "label.constant": "0",
                }
            )
    return write_cohort(root, pd.DataFrame(rows), {"adapter": "test"})


def made(task: str, cohort: Cohort, path: Path, **settings: object) -> RunFolder:
    return create_run(path, make_spec(task, [cohort_source(str(cohort.root))], settings={**SETTINGS, **settings}))


def warnings(run: RunFolder) -> list[str]:
    return [event.facts["text"] for event in run.events() if event.kind == "warning"]


@pytest.fixture(scope="module")
def race_run(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    torch.set_num_threads(1)
    run = made("race", cohort, tmp_path_factory.mktemp("race") / "run", epochs=8)
    train(run)
    return run


def test_a_race_training_writes_predictions_of_val_and_test(race_run: RunFolder, cohort: Cohort) -> None:
    table = pd.read_csv(race_run.predictions("pictures", "test"), dtype={"image_id": str})
    assert list(table) == [
        *("image_id", "patient_id", "study_id"),
        *("p.across", "p.down", "p.none", "y.across", "y.down", "y.none"),
    ]
    expected = cohort.frame[cohort.frame["split"] == "test"]
    assert table["image_id"].tolist() == expected["image_id"].tolist()
    np.testing.assert_allclose(table.filter(like="p.").sum(axis=1), 1, atol=1e-6)
    assert (
        table.filter(like="y.").to_numpy().argmax(1) == expected["race"].map(["across", "down", "none"].index)
    ).all()
    assert race_run.predictions("pictures", "val").is_file()
    assert not race_run.predictions("pictures", "train").exists()


def test_it_learned_the_stripes(race_run: RunFolder) -> None:
    aucs = [e.facts["value"] for e in race_run.events() if e.kind == "metric" and e.facts["name"] == "macro_auc"]
    assert max(aucs) > 0.9


def test_the_checkpoint_says_what_it_is(race_run: RunFolder) -> None:
    description, facts = read_description(race_run.checkpoints / "best.safetensors")
    assert description.classes == ("across", "down", "none")
    assert (description.activation, description.image_size, description.model) == ("softmax", 32, "small")
    assert facts["epoch"] >= 1 and facts["metrics"]["macro_auc"] > 0.5


def test_a_trained_network_says_the_same_as_the_table(race_run: RunFolder, cohort: Cohort) -> None:
    """Of one image alone, of any dtype: neither the batch nor the order has a part in it."""
    trained = load_trained(race_run)
    table = pd.read_csv(race_run.predictions("pictures", "test"), index_col="image_id")
    square = np.asarray(Pillow.open(cohort.root / "images" / f"{table.index[0]}.png"))[None]
    for squares in (square, square.astype(np.uint16) * 257, (square / 255).astype(np.float32)):
        x = trained.tensor(squares)
        assert x.shape == (1, 3, 32, 32)
        with torch.no_grad():
            logits = trained.net(x)
            torch.testing.assert_close(trained.head(trained.features(x)), logits)
        p = trained.probabilities(logits)[0].numpy()
        np.testing.assert_allclose(p, table.filter(like="p.").iloc[0], atol=1e-4)
    assert not any(weight.requires_grad for weight in trained.net.parameters())
    assert not trained.net.training


def test_random_weights_are_another_network_each_seed_its_own(race_run: RunFolder) -> None:
    before = torch.random.get_rng_state()
    one, same, other, real = (load_trained(race_run, randomised_seed=seed).net.fc.weight for seed in (1, 1, 2, None))
    assert torch.equal(one, same)
    assert not torch.equal(one, other) and not torch.equal(one, real)
    assert torch.equal(before, torch.random.get_rng_state())


def test_predict_writes_any_split_of_any_cohort(race_run: RunFolder, cohort: Cohort) -> None:
    path = predict(race_run, cohort, "elsewhere", "test")
    assert path == race_run.predictions("elsewhere", "test")
    again = race_run.predictions("pictures", "test").read_text()
    assert path.read_text() == again
    with pytest.raises(JobError, match="no readable image in split 'holdout'"):
        predict(race_run, cohort, "elsewhere", "holdout")


def test_a_run_without_a_checkpoint_predicts_nothing(cohort: Cohort, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="yet; train it, or go on with `engine resume`"):
        predict(made("race", cohort, tmp_path / "run"), cohort, "pictures", "test")


def test_pathology_leaves_out_what_is_not_stated(cohort: Cohort, tmp_path: Path) -> None:
    run = made("pathology", cohort, tmp_path / "run", epochs=1)
    train(run)
    table = pd.read_csv(predict(run, cohort, "pictures", "train"), index_col="image_id")
    assert list(table) == ["patient_id", "study_id", "p.square", "y.square"]
    assert table.loc["p03-0", "y.square"] == -1
    assert np.isnan(table.loc["p04-0", "y.square"])
    steps = [event.facts for event in run.events() if event.kind == "step"]
    assert steps[0]["of"] == 40, "44 of 48 images state it, five batches of eight"


def test_a_probe_learns_a_head_on_frozen_features(cohort: Cohort, race_run: RunFolder, tmp_path: Path) -> None:
    run = made("probe", cohort, tmp_path / "run", base_run=str(race_run.path), target="sex", image_size=64)
    train(run)
    base, probe = (tensors_of(each.checkpoints / "best.safetensors") for each in (race_run, run))
    assert all(np.array_equal(base[name], probe[name]) for name in base if name.startswith("trunk."))
    trained = load_trained(run)
    assert trained.classes == ("F", "M")
    assert trained.image_size == 32, "its trunk's"
    table = pd.read_csv(run.predictions("pictures", "test"))
    np.testing.assert_allclose(table["p.F"] + table["p.M"], 1, atol=1e-6)


def test_a_probe_sees_augmented_images_where_asked(cohort: Cohort, race_run: RunFolder, tmp_path: Path) -> None:
    run = made("probe", cohort, tmp_path / "run", base_run=str(race_run.path), target="sex", epochs=1, flip=True)
    train(run)
    base, probe = (tensors_of(each.checkpoints / "best.safetensors") for each in (race_run, run))
    assert all(np.array_equal(base[name], probe[name]) for name in base if name.startswith("trunk."))


def test_a_probe_without_a_run_is_refused(cohort: Cohort, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="give it with --set base_run=RUN"):
        train(made("probe", cohort, tmp_path / "run"))


def test_reidentification_tells_patients_apart(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame.copy()
    frame["patient_id"] = frame["race"]  # three "patients" with many images
    frame["split"] = "train"
    root = tmp_path / "many"
    write_cohort(root, frame.assign(path="{pictures}/" + frame["path"]), {"roots": {"pictures": str(cohort.root)}})
    run = made("reidentification", load_cohort(root), tmp_path / "run", least_images=20, epochs=1)
    train(run)
    table = pd.read_csv(run.predictions("many", "test"))
    assert set(table["patient_id"]) == {"across", "down", "none"}
    assert {"p.across", "y.none"} <= set(table)


def test_a_class_that_val_lacks_is_said_to_be_not_estimable(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame.copy()
    frame = frame[~((frame["split"] == "val") & (frame["race"] == "down"))]
    root = tmp_path / "lacking"
    write_cohort(root, frame.assign(path="{pictures}/" + frame["path"]), {"roots": {"pictures": str(cohort.root)}})
    run = made("race", load_cohort(root), tmp_path / "run", epochs=1)
    train(run)
    assert "down is not estimable in validation: all 8 images of val are negative" in warnings(run)
    assert run.predictions("lacking", "test").is_file()


def test_without_val_the_last_epoch_is_kept_and_said(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame[cohort.frame["split"] != "val"]
    root = tmp_path / "without"
    write_cohort(root, frame.assign(path="{pictures}/" + frame["path"]), {"roots": {"pictures": str(cohort.root)}})
    run = made("race", load_cohort(root), tmp_path / "run", epochs=2, early_stopping_patience=1)
    train(run)
    assert any("no image is in split 'val'" in text for text in warnings(run))
    assert read_description(run.checkpoints / "best.safetensors")[1]["epoch"] == 2


def test_images_that_cannot_be_read_are_left_out_and_said(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame.assign(path="{pictures}/" + cohort.frame["path"])
    frame.loc[frame["image_id"] == "p00-0", "path"] = "{pictures}/images/gone.png"
    root = tmp_path / "damaged"
    write_cohort(root, frame, {"roots": {"pictures": str(cohort.root)}})
    run = made("race", load_cohort(root), tmp_path / "run", epochs=1)
    train(run)
    text = next(text for text in warnings(run) if "left out" in text)
    assert text.startswith("1 images of cohort damaged cannot be read and are left out: p00-0: ")


def test_where_no_image_can_be_read_it_is_one_sentence(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame.assign(path="nowhere/" + cohort.frame["path"])
    write_cohort(tmp_path / "empty", frame, {})
    with pytest.raises((CohortError, JobError)) as caught:
        train(made("race", load_cohort(tmp_path / "empty"), tmp_path / "run"))
    assert len(str(caught.value).splitlines()) == 1


def test_two_cohorts_are_one_training_and_two_tables(cohort: Cohort, tmp_path: Path) -> None:
    frame = cohort.frame.assign(path="{pictures}/" + cohort.frame["path"])
    write_cohort(tmp_path / "second", frame, {"roots": {"pictures": str(cohort.root)}})
    sources = [cohort_source(str(cohort.root)), cohort_source(str(tmp_path / "second"))]
    run = create_run(tmp_path / "run", make_spec("race", sources, settings={**SETTINGS, "epochs": 1}))
    train(run)
    assert next(e.facts["of"] for e in run.events() if e.kind == "step") == 96
    assert run.predictions("pictures", "test").read_text() == run.predictions("second", "test").read_text()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"weights": "imagenet", "model": "resnet18"}, "weights not found at"),
        ({"balanced_by": "weight"}, "balanced_by=weight: the cohort has no such column"),
        ({"classes": ("down", "up")}, "class 'up' of race has no image in train"),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_sentence(
    settings: dict, sentence: str, cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "empty"))
    with pytest.raises(JobError, match=sentence):
        train(made("race", cohort, tmp_path / "run", **settings))


def test_balanced_sampling_and_sixteen_bits_train_too(cohort: Cohort, tmp_path: Path) -> None:
    run = made("race", cohort, tmp_path / "run", epochs=1, balanced_by="label", bits=16, rotate_degrees=5.0)
    train(run)
    assert load_trained(run).description.bits == 16


def test_a_killed_process_resumes_to_the_same_predictions(cohort: Cohort, race_run: RunFolder, tmp_path: Path) -> None:
    run = made("race", cohort, tmp_path / "run", epochs=8)
    command = [sys.executable, "-m", "engine", "resume", str(run.path)]
    process = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, stderr=subprocess.DEVNULL)
    while not (run.checkpoints / "last.state.safetensors").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    assert run.state() == "interrupted"
    train(run)
    for name in ("best", "last", "last.state"):
        mine, theirs = (tensors_of(each.checkpoints / f"{name}.safetensors") for each in (race_run, run))
        assert all(mine[key].tobytes() == theirs[key].tobytes() for key in mine)
    for split in ("val", "test"):
        assert run.predictions("pictures", split).read_bytes() == race_run.predictions("pictures", split).read_bytes()


def test_cancelled_before_the_first_step_it_says_so(cohort: Cohort, tmp_path: Path) -> None:
    run = made("race", cohort, tmp_path / "run")
    run.ask_to_cancel()
    with pytest.raises(Cancelled, match="stopped while the images were being prepared; `engine resume` goes on"):
        train(run)
    assert not list(run.checkpoints.iterdir())


def test_losses_are_torchs() -> None:
    logits, truths = torch.randn(5, 3), torch.eye(3, dtype=torch.int8)[[0, 2, 1, 1, 0]]
    total, weight = softmax_loss(lambda x: x, logits, truths)
    torch.testing.assert_close(total / weight, torch.nn.functional.cross_entropy(logits, truths.argmax(1)))
    masked = truths.clone()
    masked[0, 1] = masked[3, 2] = -1
    total, weight = sigmoid_loss(lambda x: x, logits, masked)
    known = masked >= 0
    peer = torch.nn.functional.binary_cross_entropy_with_logits(logits[known], masked[known].float())
    torch.testing.assert_close(total / weight, peer)
    assert weight == 13


def test_events_are_plain_json(race_run: RunFolder) -> None:
    for line in (race_run.path / "events.jsonl").read_text().splitlines():
        assert json.loads(line)["kind"] in ("state", "step", "metric", "warning", "error")
