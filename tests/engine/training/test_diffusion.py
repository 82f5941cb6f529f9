"""A diffusion run and a head on its codes, on pictures small enough for seconds."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image as Pillow

from engine.cohorts.cohort import Cohort
from engine.diffusion.samplers import fast_decode, fast_encode
from engine.diffusion.trained import load_autoencoder
from engine.errors import Cancelled, JobError
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run, open_run
from engine.models.trained import load_trained, read_description
from engine.training.classification import train as train_head
from engine.training.diffusion import predict, train
from tests.engine.training.made import tensors_of
from tests.engine.training.pictures import made_pictures

SETTINGS = {
    "image_size": 32,
    "channels": 16,
    "multipliers": (1, 2),
    "encoder_multipliers": (1, 2, 2),
    "latent": 24,
    "batch_size": 8,
    "epochs": 10,
    "seed": 3,
    "samples": 2,
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return made_pictures(tmp_path_factory.mktemp("made") / "pictures")


def made(cohort: Cohort, path: Path, **settings: object) -> RunFolder:
    spec = make_spec("diffusion", [cohort_source(str(cohort.root))], settings={**SETTINGS, **settings})
    return create_run(path, spec)


@pytest.fixture(scope="module")
def run(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    torch.set_num_threads(1)
    opened = made(cohort, tmp_path_factory.mktemp("diffusion") / "base")
    train(opened)
    return opened


def made_head(cohort: Cohort, path: Path, base: RunFolder, **settings: object) -> RunFolder:
    values = {"base_run": str(base.path), "target": "findings", "epochs": 3, "learning_rate": 0.02, "batch_size": 8}
    return create_run(path, make_spec("probe", [cohort_source(str(cohort.root))], settings={**values, **settings}))


@pytest.fixture(scope="module")
def head(cohort: Cohort, run: RunFolder) -> RunFolder:
    opened = made_head(cohort, run.path.parent / "head", run)
    train_head(opened)
    return opened


def losses(run: RunFolder, split: str) -> list[float]:
    return [
        each.facts["value"]
        for each in run.events()
        if each.kind == "metric" and each.facts["split"] == split and each.facts["name"] == "loss"
    ]


def test_noise_is_learned_to_be_told(run: RunFolder) -> None:
    """A network that says nothing has the loss of the velocity's own size, near that of the images and the noise."""
    validation = losses(run, "val")
    assert validation[0] < 0.6
    assert min(validation) < 0.75 * validation[0]


def test_every_epoch_leaves_a_sheet_to_look_at(run: RunFolder) -> None:
    sheets = sorted((run.path / "samples").glob("*.png"))
    assert len(sheets) == SETTINGS["epochs"]
    with Pillow.open(sheets[-1]) as sheet:
        assert sheet.size == (2 * 32, 3 * 32)


def test_an_image_is_drawn_again_from_its_own_noise(run: RunFolder) -> None:
    """So short a training draws badly, but nearer to an image from its own noise than from another's."""
    trained = load_autoencoder(run)
    files = sorted((Path(run.spec.cohorts[0].path) / "images").glob("*.png"))[:4]
    images = trained.tensor(np.stack([np.asarray(Pillow.open(path)) for path in files]))
    denoise, schedule = trained.denoiser(trained.codes(images)), trained.description.schedule
    noise = fast_encode(denoise, images, schedule, 20)

    def error(noise: torch.Tensor) -> torch.Tensor:
        return (fast_decode(denoise, noise, schedule, 20) - images).square().mean((1, 2, 3))

    assert (error(noise) < 0.7 * error(noise.roll(1, 0))).all()


def test_the_checkpoint_says_what_it_is(run: RunFolder) -> None:
    trained = load_autoencoder(run)
    assert trained.description.shape.latent == 24
    assert trained.description.store.size == 32
    assert trained.facts["images"] == SETTINGS["epochs"] * 48
    assert len(trained.weights_sha256) == 64
    assert not any(weight.requires_grad for weight in trained.net.parameters())


def test_a_killed_run_ends_with_the_same_bits(cohort: Cohort, tmp_path: Path) -> None:
    whole, stopped = made(cohort, tmp_path / "whole", epochs=2), made(cohort, tmp_path / "stopped", epochs=2)
    train(whole)
    stopped.ask_to_cancel()
    with pytest.raises(Cancelled):
        train(stopped)
    stopped.forget_cancel()
    train(stopped)
    for name in ("best", "last", "last.state"):
        mine, theirs = (tensors_of(each.checkpoints / f"{name}.safetensors") for each in (whole, stopped))
        assert all(np.array_equal(mine[key], theirs[key]) for key in mine)


def test_it_tells_no_class(run: RunFolder, cohort: Cohort) -> None:
    with pytest.raises(JobError, match="trained without labels and tells no class; train a head"):
        predict(run, cohort, "pictures", "test")


def test_sizes_that_cannot_be_halved_are_refused(cohort: Cohort, tmp_path: Path) -> None:
    with pytest.raises(
        JobError, match="image_size = 36 with patch = 2 cannot be halved 2 times; choose a multiple of 8"
    ):
        train(made(cohort, tmp_path / "run", image_size=36))


def test_a_head_tells_findings_from_codes(head: RunFolder) -> None:
    table = pd.read_csv(head.predictions("pictures", "test"))
    assert list(table) == ["image_id", "patient_id", "study_id", "p.square", "y.square"]
    assert table["p.square"].between(0, 1).all()


def test_a_head_normalises_by_the_images_it_was_trained_on(head: RunFolder, run: RunFolder, cohort: Cohort) -> None:
    """The mean and deviation of the fine-tune set, as the paper says; and the encoder is that of the base run."""
    trained, base = load_trained(head), load_autoencoder(run)
    rows = cohort.frame[(cohort.frame["split"] == "train") & cohort.frame["label.square"].isin([0, 1])]
    squares = np.stack([np.asarray(Pillow.open(cohort.root / path)) for path in rows["path"]])
    with torch.no_grad():
        codes = base.codes(base.tensor(squares))
        torch.testing.assert_close(trained.net.norm.mean, codes.mean(0), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(trained.net.norm.deviation, codes.std(0), rtol=1e-4, atol=1e-5)
        x = trained.tensor(squares)
        torch.testing.assert_close(trained.net.pooled(trained.features(x)), codes, rtol=1e-4, atol=1e-5)
        logits = ((codes - codes.mean(0)) / codes.std(0)) @ trained.net.fc.weight.T + trained.net.fc.bias
        torch.testing.assert_close(trained.net(x), logits, rtol=1e-3, atol=1e-3)


def test_a_head_says_which_run_it_stands_on(head: RunFolder, run: RunFolder) -> None:
    description, _ = read_description(head.checkpoints / "best.safetensors")
    assert description.model == "latent"
    assert description.base_run == str(run.path)
    assert description.base_sha256 == load_autoencoder(run).weights_sha256
    assert description.from_json(description.to_json()) == description


def test_a_head_finds_its_base_beside_itself(run: RunFolder, cohort: Cohort) -> None:
    opened = made_head(cohort, run.path.parent / "beside", run, base_run=run.path.name, epochs=1)
    train_head(opened)
    assert read_description(opened.checkpoints / "best.safetensors")[0].base_run == run.path.name


def test_a_base_that_is_not_there_is_named(run: RunFolder, cohort: Cohort, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="the run 'nowhere' is not there"):
        train_head(made_head(cohort, tmp_path / "head", run, base_run="nowhere"))


def test_the_spec_of_a_head_is_read_again(head: RunFolder) -> None:
    assert open_run(head.path).spec == head.spec
    assert json.loads((head.path / "spec.json").read_text())["spec"]["target"] == "findings"
