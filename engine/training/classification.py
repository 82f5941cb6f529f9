"""Races, findings and patients told from images: what the one loop learns in each of the four tasks of classification.

Every task is truths (n, C) of images and a classifier; they differ in where truths come from (`labels`), in softmax or
sigmoid, and in which weights learn. Reading Race (Gichoya et al. 2022): `race` is its main model, `pathology`,
`reidentification` and `probe` are experiment A3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional

from engine.cohorts.cohort import Cohort, load_cohort
from engine.cohorts.splits import share_of_patients
from engine.cohorts.store import StoreSpec
from engine.diffusion.trained import TrainedAutoencoder, load_autoencoder
from engine.errors import JobError
from engine.jobs.run import RunFolder, base_places, find_run
from engine.jobs.specs import ClassifierSpec, DiffusionSpec, ProbeSpec
from engine.metrics.roc import macro_auc
from engine.models.classifier import NETWORKS, Classifier, LatentClassifier
from engine.models.pretrained import imagenet_weights
from engine.models.trained import Activation, Description, Trained, load_trained
from engine.training.augmentation import Augmentation
from engine.training.checkpoints import STATE
from engine.training.dataset import Dataset, open_dataset, store_progress
from engine.training.examples import FeatureExamples, ImageExamples
from engine.training.labels import (
    UNSTATED,
    Truths,
    group_column,
    stated_truths,
    task_classes,
    task_frame,
    tells_findings,
    training_truths,
)
from engine.training.loop import Forward, Learning, Source, train_model
from engine.training.prediction import outputs_of, write_predictions
from engine.training.sampling import Epochs, balanced_weights
from engine.training.sentences import in_sentences
from engine.training.world import World, joined

__all__ = ["predict", "softmax_loss", "train"]

_SPLITS_PREDICTED = ("val", "test")
_TIE = 1e-5  # weight of the loss between equal areas


def train(run: RunFolder) -> None:
    """Train a run of one of the four tasks to its end, from its last state, and write its predictions of val and test.

    Raises JobError, CohortError or Cancelled; the run can be resumed after each.
    """
    with joined() as world, in_sentences(run, world):
        spec = run.spec
        assert isinstance(spec, ClassifierSpec), f"{spec.task} is no classification"
        prepared = _prepared(run, spec, world)
        learning = _learning(run, spec, prepared, world)
        train_model(learning, spec, run, world)
        world.wait()
        trained = load_trained(run, device=world.device)
        for number, name in enumerate(prepared.dataset.names):
            for split in _SPLITS_PREDICTED:
                _predicted(run, spec, trained, prepared, number, name, split, world)


def predict(run: RunFolder, cohort: Cohort, name: str, split: str) -> Path:
    """Write the predictions of a run for a split of any cohort, `predictions/<name>/<split>.csv`; gives its path.

    Raises JobError where the run has no checkpoint, or no readable image is in that split.
    """
    world = World(device=torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu"))
    with in_sentences(run, world):
        spec = run.spec
        assert isinstance(spec, ClassifierSpec), f"{spec.task} is no classification"
        trained = load_trained(run, device=world.device)
        dataset = open_dataset([cohort], [name], trained.description.store, world)
        prepared = _Prepared(dataset, task_frame(spec, dataset.frame), trained.description)
        path = _predicted(run, spec, trained, prepared, 0, name, split, world)
        if path is None:
            raise JobError(f"cohort {name} has no readable image in split '{split}'; choose another split")
        return path


Base = Trained | TrainedAutoencoder


@dataclass(frozen=True, eq=False)
class _Prepared:
    dataset: Dataset
    frame: pd.DataFrame  # the images of the task, with its splits
    description: Description  # of the network
    base: Base | None = None  # whose trunk a probe uses


def _prepared(run: RunFolder, spec: ClassifierSpec, world: World) -> _Prepared:
    base = _base(run, spec) if isinstance(spec, ProbeSpec) else None
    store = base.description.store if base else StoreSpec(spec.image_size, spec.bits, spec.ct)
    cohorts = [load_cohort(Path(source.path)) for source in spec.cohorts]
    if not cohorts:
        raise JobError("a training needs a cohort; give one with --cohort DIR")
    dataset = open_dataset(
        cohorts,
        [source.name for source in spec.cohorts],
        store,
        world,
        progress=store_progress(run),
        warn=lambda text: run.log.say("warning", text=text),
    )
    frame = task_frame(spec, dataset.frame)
    classes = task_classes(spec, frame, dataset.labels)
    activation: Activation = "sigmoid" if tells_findings(spec) else "softmax"
    if isinstance(base, Trained):
        description = replace(base.description, classes=classes, activation=activation, dropout=spec.dropout)
    elif base:
        description = _latent_description(spec, base, classes, activation)
    else:
        network = (spec.model, spec.pooling, spec.dropout, classes, activation)
        description = Description(*network, spec.image_size, spec.bits, spec.ct)
    return _Prepared(dataset, frame, description, base)


def _base(run: RunFolder, spec: ProbeSpec) -> Base:
    if not spec.base_run:
        raise JobError("a probe needs the run whose features it uses; give it with --set base_run=RUN")
    base = find_run(spec.base_run, base_places(run))
    return load_autoencoder(base) if isinstance(base.spec, DiffusionSpec) else load_trained(base)


def _latent_description(
    spec: ClassifierSpec, base: TrainedAutoencoder, classes: tuple[str, ...], activation: Activation
) -> Description:
    assert isinstance(spec, ProbeSpec)
    shape = base.description.shape
    return Description(
        "latent",
        "average",
        spec.dropout,
        classes,
        activation,
        shape.image_size,
        base.description.bits,
        base.description.ct,
        shape,
        spec.base_run,
        base.weights_sha256,
    )


def _learning(run: RunFolder, spec: ClassifierSpec, prepared: _Prepared, world: World) -> Learning:
    torch.manual_seed(spec.seed)
    model = _probe_network(prepared, prepared.base) if prepared.base else _network(run, spec, prepared, world)
    train_rows = prepared.frame[prepared.frame["split"] == "train"]
    train_rows = train_rows[share_of_patients(train_rows["patient_id"], spec.patients_share, spec.seed)]
    learned = training_truths(spec, stated_truths(spec, train_rows, prepared.description.classes))
    train_rows = train_rows[(learned != UNSTATED).any(1)]
    source, ordered = _examples(spec, prepared, train_rows, model, world, augmented=True)
    if isinstance(model, LatentClassifier) and not (run.checkpoints / STATE).exists():
        model.standardise.learn(_codes(model, spec, prepared, train_rows, source, world))
    weights = _weights(spec, prepared, ordered) if spec.balanced_by else None
    loss = softmax_loss if prepared.description.activation == "softmax" else sigmoid_loss
    return Learning(
        model=model,
        loss=loss,
        validate=_validation(run, spec, prepared, loss, model, world),
        score=_score,
        source=source,
        epochs=Epochs(len(ordered), spec.batch_size, spec.seed, weights),
        draws=Augmentation.DRAWS,
        description=prepared.description.to_json(),
    )


def _network(run: RunFolder, spec: ClassifierSpec, prepared: _Prepared, world: World) -> Classifier:
    if spec.weights == "none" or (run.checkpoints / STATE).exists():
        return prepared.description.build()
    try:
        imagenet = imagenet_weights(spec.model)
    except JobError as error:
        if spec.weights == "imagenet":
            raise
        if world.first and NETWORKS[spec.model].published:
            run.log.say("warning", text=f"trained from scratch: {error}")
        return prepared.description.build()
    return prepared.description.build(imagenet)


def _probe_network(prepared: _Prepared, base: Base) -> Classifier:
    fresh = prepared.description.build()
    if isinstance(fresh, LatentClassifier):
        assert isinstance(base, TrainedAutoencoder)
        fresh.trunk, fresh.project = base.net.encoder.trunk, base.net.encoder.project
    else:
        assert isinstance(base, Trained)
        fresh.trunk = base.net.trunk
    fresh.freeze_trunk()
    return fresh


def _examples(
    spec: ClassifierSpec, prepared: _Prepared, rows: pd.DataFrame, model: Classifier, world: World, augmented: bool
) -> tuple[Source, pd.DataFrame]:
    """Examples of some rows, and the rows in their order: features where a frozen trunk sees them as they are."""
    pixels, ordered = prepared.dataset.pixels(rows, world.device)
    stated = stated_truths(spec, ordered, prepared.description.classes)
    truths = torch.from_numpy(training_truths(spec, stated) if augmented else np.maximum(stated, UNSTATED))
    augmentation = Augmentation(spec.flip, spec.rotate_degrees, spec.zoom) if augmented else Augmentation()
    images = ImageExamples(
        pixels,
        truths.to(world.device),
        ordered["image_id"].tolist(),
        augmentation,
        spec.channels_last,
        prepared.description.prepare,
    )
    if not model.frozen or Augmentation(spec.flip, spec.rotate_degrees, spec.zoom):
        return images, ordered
    model.to(world.device).eval()
    features = outputs_of(lambda x: model.pooled(model.features(x)), images, len(ordered), world)
    return FeatureExamples(torch.from_numpy(features).to(world.device), images.truths, images.image_ids), ordered


def _codes(
    model: Classifier, spec: ClassifierSpec, prepared: _Prepared, rows: pd.DataFrame, source: Source, world: World
) -> torch.Tensor:
    """The codes (n, latent) of the training images as they are, also where training changes them."""
    if isinstance(source, FeatureExamples):
        return source.features
    plain = spec.model_copy(update={"flip": False, "rotate_degrees": 0.0, "zoom": 0.0})
    features, _ = _examples(plain, prepared, rows, model, world, augmented=True)
    assert isinstance(features, FeatureExamples)
    return features.features


def _weights(spec: ClassifierSpec, prepared: _Prepared, rows: pd.DataFrame) -> np.ndarray:
    column = spec.balanced_by
    if column == "label":
        if tells_findings(spec):
            raise JobError("balanced_by=label is for tasks with one class an image; name a column of the cohort")
        column = group_column(spec)
    if column not in rows:
        raise JobError(f"balanced_by={column}: the cohort has no such column; it has {', '.join(rows.columns)}")
    return balanced_weights(rows[column].astype("string").fillna("").to_numpy(str))


def softmax_loss(forward: Forward, inputs: torch.Tensor, truths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Cross entropy of each image, summed, and the number of images. truths: (N, C), one 1 a row."""
    logits = forward(inputs).float()  # (N, C)
    return -(truths * logits.log_softmax(1)).sum(), torch.tensor(float(len(logits)), device=logits.device)


def sigmoid_loss(forward: Forward, inputs: torch.Tensor, truths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Binary cross entropy of every stated pair of image and finding, summed, and their number. truths: (N, C)."""
    logits, stated = forward(inputs).float(), truths >= 0
    each = functional.binary_cross_entropy_with_logits(logits, truths.float(), reduction="none")
    return (each * stated).sum(), stated.sum()


def _validation(
    run: RunFolder, spec: ClassifierSpec, prepared: _Prepared, loss: Callable, model: Classifier, world: World
) -> Callable[[nn.Module], Mapping[str, float]]:
    """Metrics of the val split: the loss, the macro ROC-AUC over the classes that can be estimated, and accuracy."""
    rows = prepared.frame[prepared.frame["split"] == "val"]
    if rows.empty:
        if world.first:
            run.log.say(
                "warning", text="no image is in split 'val': the last epoch is kept, and the rate does not fall"
            )
        return lambda net: {}
    source, ordered = _examples(spec, prepared, rows, model, world, augmented=False)
    truths = np.maximum(stated_truths(spec, ordered, prepared.description.classes), UNSTATED)
    if world.first:
        _warn_of_classes(run, prepared.description.classes, truths)
    softmax = prepared.description.activation == "softmax"

    def validate(net: nn.Module) -> dict[str, float]:
        logits = outputs_of(net, source, len(ordered), world)
        scores = torch.from_numpy(logits).softmax(1).numpy() if softmax else logits
        stated = (truths != UNSTATED).any(1)
        total, weight = loss(lambda x: x, torch.from_numpy(logits[stated]), torch.from_numpy(truths[stated]))
        metrics = {"loss": float(total / weight) if weight else float("nan"), "macro_auc": macro_auc(truths, scores)}
        if softmax and stated.any():
            metrics["accuracy"] = float((logits[stated].argmax(1) == truths[stated].argmax(1)).mean())
        return metrics

    return validate


def _warn_of_classes(run: RunFolder, classes: tuple[str, ...], truths: Truths) -> None:
    for number, name in enumerate(classes):
        stated = truths[:, number][truths[:, number] >= 0]
        if len(set(stated)) < 2:
            word = "negative" if not stated.any() else "positive"
            reason = f"all {len(stated)} images of val are {word}" if len(stated) else "no image of val states it"
            run.log.say("warning", text=f"{name} is not estimable in validation: {reason}")


def _score(metrics: Mapping[str, float]) -> float:
    """The macro ROC-AUC; between equal ones, as where it is 1, the smaller loss. Without an area the loss alone."""
    auc, loss = metrics.get("macro_auc", float("nan")), metrics.get("loss", float("nan"))
    return auc - _TIE * loss if np.isfinite(auc) else -loss


def _predicted(
    run: RunFolder,
    spec: ClassifierSpec,
    trained: Trained,
    prepared: _Prepared,
    number: int,
    name: str,
    split: str,
    world: World,
) -> Path | None:
    """The predictions of one split of one cohort; None where it has no image."""
    frame = prepared.frame
    rows = frame[(frame["cohort"] == number) & (frame["split"] == split)]
    if rows.empty:
        return None
    pixels, ordered = prepared.dataset.pixels(rows, world.device)
    stated = stated_truths(spec, ordered, trained.classes)
    names, prepare = ordered["image_id"].tolist(), trained.description.prepare
    source = ImageExamples(pixels, torch.from_numpy(stated).to(world.device), names, prepare=prepare)
    logits = torch.from_numpy(outputs_of(trained.net, source, len(ordered), world))
    path = run.predictions(name, split)
    if world.first:
        write_predictions(path, ordered, trained.classes, trained.probabilities(logits).numpy(), stated)
    world.wait()
    return path
