"""The diffusion autoencoder in the one loop: images of any cohorts, without a label (DiffChest, Equation 2)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch import nn

from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.store import StoreSpec
from engine.diffusion.samplers import fast_decode, fast_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, Prediction, TrainedAutoencoder
from engine.errors import JobError
from engine.jobs.run import RunFolder
from engine.jobs.specs import DiffusionSpec
from engine.models.autoencoder import Autoencoder, AutoencoderShape
from engine.models.normalisation import symmetric
from engine.training.augmentation import Augmentation
from engine.training.dataset import Dataset, open_dataset, store_progress
from engine.training.examples import ImageExamples
from engine.training.loop import Forward, Learning, train_model
from engine.training.sampling import Epochs
from engine.training.sentences import in_sentences
from engine.training.world import World, joined

__all__ = ["noise_loss", "predict", "shape_of", "train"]

_JUDGED = 2048  # validation images whose loss is taken
_AT_ONCE = 64


def train(run: RunFolder) -> None:
    """Train a diffusion run to its end, from its last state.

    Raises JobError, CohortError or Cancelled; the run can be resumed after each.
    """
    with joined() as world, in_sentences(run, world):
        spec = run.spec
        assert isinstance(spec, DiffusionSpec)
        train_model(_learning(run, spec, world), spec, run, world)


def predict(run: RunFolder, cohort: Cohort, name: str, split: str) -> Path:
    """Always raises JobError: a run without labels tells no class."""
    raise JobError(
        f"{run.path.name} was trained without labels and tells no class; train a head on its codes with "
        f"`engine train probe --set base_run={run.path} --set target=findings`"
    )


def shape_of(spec: DiffusionSpec) -> AutoencoderShape:
    """The network of a spec. JobError where a size cannot be halved as often as there are maps."""
    side, deepest = spec.image_size // spec.patch, max(len(spec.multipliers), len(spec.encoder_multipliers))
    if spec.image_size % spec.patch or side % 2 ** (deepest - 1):
        raise JobError(
            f"image_size = {spec.image_size} with patch = {spec.patch} cannot be halved {deepest - 1} times; choose a "
            f"multiple of {spec.patch * 2 ** (deepest - 1)}"
        )
    return AutoencoderShape(
        spec.image_size,
        spec.channels,
        spec.multipliers,
        spec.encoder_multipliers,
        spec.blocks,
        spec.attention,
        spec.latent,
        spec.dropout,
        spec.colours,
        spec.patch,
        spec.places,
    )


def noise_loss(
    schedule: NoiseSchedule,
    forward: Forward,
    images: torch.Tensor,
    truths: torch.Tensor,
    prediction: Prediction = "noise",
) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean squared error of the noise (Equation 2) or velocity of each image, summed, and the number of images.

    images: (N, C, H, W) in [−1, 1]. Times and noise come from torch's random generator, which the loop seeds.
    """
    times = torch.randint(schedule.steps, (len(images),), device=images.device)
    errors = _errors(schedule, prediction, forward, images, times, torch.randn_like(images))
    return errors.sum(), torch.tensor(float(len(images)), device=images.device)


def _errors(
    schedule: NoiseSchedule,
    prediction: Prediction,
    forward: Forward,
    images: torch.Tensor,
    times: torch.Tensor,
    noise: torch.Tensor,
) -> torch.Tensor:
    """(N,) float32."""
    alphas = torch.from_numpy(schedule.alphas).float().to(images.device)[times].reshape(-1, 1, 1, 1)
    noisy = alphas.sqrt() * images + (1 - alphas).sqrt() * noise
    wanted = noise if prediction == "noise" else alphas.sqrt() * noise - (1 - alphas).sqrt() * images
    return (forward(noisy, times, images).float() - wanted).square().mean((1, 2, 3))


def _learning(run: RunFolder, spec: DiffusionSpec, world: World) -> Learning:
    cohorts = [load_cohort(Path(source.path)) for source in spec.cohorts]
    if not cohorts:
        raise JobError("a training needs a cohort; give one with --cohort DIR")
    schedule = NoiseSchedule(spec.noise_steps, spec.noise_first, spec.noise_last)
    description = AutoencoderDescription(shape_of(spec), schedule, spec.bits, spec.ct, spec.prediction)
    dataset = open_dataset(
        cohorts,
        [source.name for source in spec.cohorts],
        StoreSpec(spec.image_size, spec.bits, spec.ct),
        world,
        progress=store_progress(run),
        warn=lambda text: run.log.say("warning", text=text),
    )
    torch.manual_seed(spec.seed)
    source = _examples(spec, dataset, "train", world)
    return Learning(
        model=Autoencoder(description.shape),
        loss=partial(noise_loss, schedule, prediction=spec.prediction),
        validate=_Validation(run, spec, description, _examples(spec, dataset, "val", world), world),
        score=lambda metrics: -metrics.get("loss", float("nan")),
        source=source,
        epochs=Epochs(len(source.image_ids), spec.batch_size, spec.seed),
        draws=Augmentation.DRAWS,
        description=description.to_json(),
    )


def _examples(spec: DiffusionSpec, dataset: Dataset, split: str, world: World) -> ImageExamples:
    """The images of a split, of every cohort. JobError where train is empty."""
    rows: pd.DataFrame = dataset.frame[dataset.frame["split"] == split]
    if rows.empty and split == "train":
        raise JobError("no image is in split 'train'; give the cohort splits, or import it again")
    rows = rows if len(rows) else dataset.frame.iloc[:1]
    pixels, ordered = dataset.pixels(rows, world.device)
    augmentation = Augmentation(spec.flip, spec.rotate_degrees, spec.zoom) if split == "train" else Augmentation()
    nothing = torch.zeros((len(ordered), 0), dtype=torch.int8, device=world.device)
    prepare = partial(symmetric, colours=spec.colours)
    return ImageExamples(pixels, nothing, ordered["image_id"].tolist(), augmentation, spec.channels_last, prepare)


class _Validation:
    """The loss of validation images with noise that is the same at every epoch, and some of them drawn again."""

    def __init__(
        self,
        run: RunFolder,
        spec: DiffusionSpec,
        description: AutoencoderDescription,
        source: ImageExamples,
        world: World,
    ) -> None:
        self._run, self._spec, self._description, self._source, self._world = run, spec, description, source, world
        self._count = min(len(source.image_ids), _JUDGED)

    @torch.no_grad()
    def __call__(self, net: nn.Module) -> Mapping[str, float]:
        own = np.arange(self._world.rank, self._count, self._world.size)
        schedule = self._description.schedule
        pieces = [own[start : start + _AT_ONCE] for start in range(0, len(own), _AT_ONCE)]
        total = torch.zeros((), device=self._world.device)
        for piece, (images, _) in zip(pieces, self._source.batches(iter(pieces), None)):
            times, noise = self._chance(piece, images)
            total += _errors(schedule, self._spec.prediction, net, images, times, noise).sum()
        if self._world.first and self._spec.samples:
            self._draw(net)
        return {"loss": float(self._world.summed(total)) / self._count}

    def _chance(self, positions: np.ndarray, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Times spread evenly over all steps, and each image's own noise."""
        steps = self._description.schedule.steps
        order = np.random.default_rng(self._spec.seed).permutation(self._count)
        times = torch.from_numpy((order[positions] + 0.5) * steps / self._count).long()
        noise = [
            torch.randn(images.shape[1:], generator=torch.Generator().manual_seed(int(position)))
            for position in positions
        ]
        return times.to(images.device), torch.stack(noise).to(images.device)

    def _draw(self, net: nn.Module) -> None:
        """A sheet for the eye: images, drawn again from code and noise, drawn from the code and other noise."""
        assert isinstance(net, Autoencoder)
        count = min(self._spec.samples, self._count)
        images, _ = next(iter(self._source.batches(iter([np.arange(count)]), None)))
        trained = TrainedAutoencoder(net, self._description, {})
        codes, schedule = trained.codes(images), self._description.schedule
        again = fast_decode(trained.denoiser(codes), fast_encode(trained.denoiser(codes), images, schedule), schedule)
        _, noise = self._chance(np.arange(count), images)
        other = fast_decode(trained.denoiser(codes), noise, schedule)
        rows = [torch.cat(list(row[:, 0]), 1) for row in (images, again, other)]  # (3) of (size, count · size)
        sheet = (torch.cat(rows).float().cpu().numpy() + 1) / 2
        folder = self._run.path / "samples"
        folder.mkdir(exist_ok=True)
        number = len(list(folder.glob("*.png"))) + 1
        Image.fromarray(np.rint(sheet.clip(0, 1) * 255).astype(np.uint8)).save(folder / f"epoch-{number:04}.png")
