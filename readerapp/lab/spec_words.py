"""Entries of a spec, tasks and metrics in words. What has no words here shows the engine's own name and comment."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from engine.jobs.tasks import TASKS
from readerapp.lab.spec_fields import SpecField
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["entry_help", "entry_name", "metric_words", "task_words"]

_NAMES: Mapping[str, str] = {
    "task": QT_TRANSLATE_NOOP("SpecEntries", "Task"),
    "preset": QT_TRANSLATE_NOOP("SpecEntries", "Preset"),
    "cohorts": QT_TRANSLATE_NOOP("SpecEntries", "Cohorts"),
    "target": QT_TRANSLATE_NOOP("SpecEntries", "Column to predict"),
    "classes": QT_TRANSLATE_NOOP("SpecEntries", "Classes"),
    "findings": QT_TRANSLATE_NOOP("SpecEntries", "Findings"),
    "uncertain": QT_TRANSLATE_NOOP("SpecEntries", "Uncertain labels"),
    "least_images": QT_TRANSLATE_NOOP("SpecEntries", "Least images of a patient"),
    "base_run": QT_TRANSLATE_NOOP("SpecEntries", "Run whose features are used"),
    "model": QT_TRANSLATE_NOOP("SpecEntries", "Network"),
    "weights": QT_TRANSLATE_NOOP("SpecEntries", "Weights at the start"),
    "pooling": QT_TRANSLATE_NOOP("SpecEntries", "Pooling"),
    "dropout": QT_TRANSLATE_NOOP("SpecEntries", "Dropout"),
    "patients_share": QT_TRANSLATE_NOOP("SpecEntries", "Share of the patients"),
    "image_size": QT_TRANSLATE_NOOP("SpecEntries", "Image size"),
    "bits": QT_TRANSLATE_NOOP("SpecEntries", "Bits of a pixel"),
    "epochs": QT_TRANSLATE_NOOP("SpecEntries", "Epochs"),
    "batch_size": QT_TRANSLATE_NOOP("SpecEntries", "Batch size"),
    "learning_rate": QT_TRANSLATE_NOOP("SpecEntries", "Learning rate"),
    "early_stopping_patience": QT_TRANSLATE_NOOP("SpecEntries", "Stop early after"),
    "seed": QT_TRANSLATE_NOOP("SpecEntries", "Seed"),
    "balanced_by": QT_TRANSLATE_NOOP("SpecEntries", "Balanced by"),
    "flip": QT_TRANSLATE_NOOP("SpecEntries", "Flip"),
    "rotate_degrees": QT_TRANSLATE_NOOP("SpecEntries", "Rotate"),
    "zoom": QT_TRANSLATE_NOOP("SpecEntries", "Zoom"),
    "ct": QT_TRANSLATE_NOOP("SpecEntries", "Slices of volumes"),
    "optimizer": QT_TRANSLATE_NOOP("SpecEntries", "Optimizer"),
    "beta1": QT_TRANSLATE_NOOP("SpecEntries", "First moment"),
    "beta2": QT_TRANSLATE_NOOP("SpecEntries", "Second moment"),
    "momentum": QT_TRANSLATE_NOOP("SpecEntries", "Momentum"),
    "weight_decay": QT_TRANSLATE_NOOP("SpecEntries", "Weight decay"),
    "schedule": QT_TRANSLATE_NOOP("SpecEntries", "Schedule of the rate"),
    "schedule_factor": QT_TRANSLATE_NOOP("SpecEntries", "Factor of the schedule"),
    "schedule_patience": QT_TRANSLATE_NOOP("SpecEntries", "Patience of the schedule"),
    "schedule_every": QT_TRANSLATE_NOOP("SpecEntries", "Epochs between steps"),
    "least_learning_rate": QT_TRANSLATE_NOOP("SpecEntries", "Least learning rate"),
    "ema_decay": QT_TRANSLATE_NOOP("SpecEntries", "Averaged weights"),
    "clip_norm": QT_TRANSLATE_NOOP("SpecEntries", "Gradient clipping"),
    "precision": QT_TRANSLATE_NOOP("SpecEntries", "Precision"),
    "channels_last": QT_TRANSLATE_NOOP("SpecEntries", "Channels last"),
    "compile": QT_TRANSLATE_NOOP("SpecEntries", "Compile the network"),
    "checkpoint_every_images": QT_TRANSLATE_NOOP("SpecEntries", "Checkpoint every"),
    "channels": QT_TRANSLATE_NOOP("SpecEntries", "Channels"),
    "multipliers": QT_TRANSLATE_NOOP("SpecEntries", "Channels of each map"),
    "encoder_multipliers": QT_TRANSLATE_NOOP("SpecEntries", "Channels of the encoder's maps"),
    "blocks": QT_TRANSLATE_NOOP("SpecEntries", "Residual blocks"),
    "attention": QT_TRANSLATE_NOOP("SpecEntries", "Attention"),
    "latent": QT_TRANSLATE_NOOP("SpecEntries", "Length of the code"),
    "colours": QT_TRANSLATE_NOOP("SpecEntries", "Colour channels"),
    "patch": QT_TRANSLATE_NOOP("SpecEntries", "Patch"),
    "places": QT_TRANSLATE_NOOP("SpecEntries", "Code keeps places"),
    "prediction": QT_TRANSLATE_NOOP("SpecEntries", "What is predicted"),
    "noise_steps": QT_TRANSLATE_NOOP("SpecEntries", "Steps of noise"),
    "noise_first": QT_TRANSLATE_NOOP("SpecEntries", "Noise of the first step"),
    "noise_last": QT_TRANSLATE_NOOP("SpecEntries", "Noise of the last step"),
    "samples": QT_TRANSLATE_NOOP("SpecEntries", "Samples"),
}
_HELP: Mapping[str, str] = {
    "target": QT_TRANSLATE_NOOP(
        "SpecEntries", "the column of the cohort; sex works as well; of a probe also findings: several at once"
    ),
    "classes": QT_TRANSLATE_NOOP(
        "SpecEntries", "with commas; empty: those of the training split, in alphabetical order"
    ),
    "findings": QT_TRANSLATE_NOOP(
        "SpecEntries", "with commas; empty: every finding that is present and absent in the training split"
    ),
    "uncertain": QT_TRANSLATE_NOOP("SpecEntries", "what a label −1 counts as while training"),
    "least_images": QT_TRANSLATE_NOOP("SpecEntries", "frontal images a patient must have"),
    "base_run": QT_TRANSLATE_NOOP("SpecEntries", "its folder; a diffusion run for counterfactuals"),
    "model": QT_TRANSLATE_NOOP(
        "SpecEntries", "small: our own, a hundredth of resnet34's work; the others are torchvision's"
    ),
    "weights": QT_TRANSLATE_NOOP(
        "SpecEntries",
        "auto: ImageNet weights where they lie on this machine, else from scratch, which the log tells; imagenet: "
        "refused without them; none: from scratch",
    ),
    "pooling": QT_TRANSLATE_NOOP("SpecEntries", "of the last feature maps, before the head"),
    "dropout": QT_TRANSLATE_NOOP("SpecEntries", "share left out before the head"),
    "image_size": QT_TRANSLATE_NOOP("SpecEntries", "pixels along each side; images are padded to a square"),
    "bits": QT_TRANSLATE_NOOP("SpecEntries", "as images are stored for training"),
    "epochs": QT_TRANSLATE_NOOP("SpecEntries", "how often every image of the training split is seen"),
    "batch_size": QT_TRANSLATE_NOOP("SpecEntries", "images of one step, over all GPUs together"),
    "learning_rate": QT_TRANSLATE_NOOP("SpecEntries", "at the start; the schedule lowers it"),
    "early_stopping_patience": QT_TRANSLATE_NOOP(
        "SpecEntries", "epochs without a better validation; empty: all epochs are trained"
    ),
    "seed": QT_TRANSLATE_NOOP("SpecEntries", "the same seed on the same machine gives the same network"),
    "balanced_by": QT_TRANSLATE_NOOP(
        "SpecEntries",
        "label, or a column of the cohort (race, sex …): drawn with equal weight; empty: images as they come",
    ),
    "flip": QT_TRANSLATE_NOOP("SpecEntries", "left to right, at random; radiographs are not flipped unless asked for"),
    "rotate_degrees": QT_TRANSLATE_NOOP("SpecEntries", "degrees, up to this much either way"),
    "zoom": QT_TRANSLATE_NOOP("SpecEntries", "up to this share in or out"),
    "ct": QT_TRANSLATE_NOOP("SpecEntries", "how volumes become slices, such as reading-race; empty: as they look"),
    "optimizer": QT_TRANSLATE_NOOP("SpecEntries", "how weights follow the gradient"),
    "beta1": QT_TRANSLATE_NOOP("SpecEntries", "of adam and adamw: how long the mean gradient remembers"),
    "beta2": QT_TRANSLATE_NOOP("SpecEntries", "of adam and adamw: how long the mean square remembers"),
    "momentum": QT_TRANSLATE_NOOP("SpecEntries", "of sgd"),
    "weight_decay": QT_TRANSLATE_NOOP("SpecEntries", "how strongly weights are drawn to 0"),
    "schedule": QT_TRANSLATE_NOOP(
        "SpecEntries", "plateau: lower where validation no longer improves; step: lower every few epochs"
    ),
    "schedule_factor": QT_TRANSLATE_NOOP("SpecEntries", "the rate is multiplied by it"),
    "schedule_patience": QT_TRANSLATE_NOOP("SpecEntries", "epochs without a better validation that plateau waits"),
    "schedule_every": QT_TRANSLATE_NOOP("SpecEntries", "of the schedule step"),
    "least_learning_rate": QT_TRANSLATE_NOOP("SpecEntries", "the schedule goes no lower"),
    "ema_decay": QT_TRANSLATE_NOOP("SpecEntries", "share kept at each step, such as 0.999; empty: no averaging"),
    "clip_norm": QT_TRANSLATE_NOOP("SpecEntries", "greatest norm of a gradient; empty: none"),
    "precision": QT_TRANSLATE_NOOP("SpecEntries", "auto: bfloat16 on CUDA, float32 elsewhere"),
    "channels_last": QT_TRANSLATE_NOOP("SpecEntries", "order in memory; faster on most devices"),
    "compile": QT_TRANSLATE_NOOP("SpecEntries", "minutes at the start, faster afterwards; for long runs on a GPU"),
    "checkpoint_every_images": QT_TRANSLATE_NOOP("SpecEntries", "images; besides the one at the end of every epoch"),
    "channels": QT_TRANSLATE_NOOP("SpecEntries", "of the finest map of the network that draws"),
    "multipliers": QT_TRANSLATE_NOOP("SpecEntries", "times the channels, with commas; the finest map first"),
    "encoder_multipliers": QT_TRANSLATE_NOOP(
        "SpecEntries", "the same for the network that makes the code; the finest map first"
    ),
    "blocks": QT_TRANSLATE_NOOP("SpecEntries", "of each map"),
    "attention": QT_TRANSLATE_NOOP(
        "SpecEntries", "sides of maps in pixels, with commas, whose blocks attend; the middle always does"
    ),
    "latent": QT_TRANSLATE_NOOP("SpecEntries", "numbers that say what an image shows; counterfactuals move them"),
    "colours": QT_TRANSLATE_NOOP("SpecEntries", "1, or 3 as in the paper, whose films are grey three times over"),
    "patch": QT_TRANSLATE_NOOP(
        "SpecEntries", "pixels along each side that become channels at the entry; 1 in the paper"
    ),
    "places": QT_TRANSLATE_NOOP(
        "SpecEntries", "where things lie; learns from far fewer images, and is not in the paper's network"
    ),
    "prediction": QT_TRANSLATE_NOOP(
        "SpecEntries", "noise: as in the paper; velocity: learns from far fewer images what a code draws"
    ),
    "patients_share": QT_TRANSLATE_NOOP("SpecEntries", "of the training patients, chosen by seed"),
    "noise_steps": QT_TRANSLATE_NOOP("SpecEntries", "from an image to nothing but noise"),
    "noise_first": QT_TRANSLATE_NOOP("SpecEntries", "variance that it adds"),
    "noise_last": QT_TRANSLATE_NOOP("SpecEntries", "variance that it adds; evenly spaced between"),
    "samples": QT_TRANSLATE_NOOP("SpecEntries", "validation images drawn again after each epoch, to look at"),
}
_TASKS: Mapping[str, str] = {
    "race": QT_TRANSLATE_NOOP("Tasks", "one of several groups: race, sex, or any column (softmax)"),
    "pathology": QT_TRANSLATE_NOOP("Tasks", "several findings at once (sigmoids)"),
    "reidentification": QT_TRANSLATE_NOOP("Tasks", "which patient an image is of"),
    "probe": QT_TRANSLATE_NOOP("Tasks", "a new head on the frozen features, or the codes, of another run"),
    "diffusion": QT_TRANSLATE_NOOP("Tasks", "images drawn from noise and a code, without labels"),
}
_SPLITS: Mapping[str, str] = {
    "train": QT_TRANSLATE_NOOP("Metrics", "{metric}, training"),
    "val": QT_TRANSLATE_NOOP("Metrics", "{metric}, validation"),
    "test": QT_TRANSLATE_NOOP("Metrics", "{metric}, test"),
}
_METRICS: Mapping[str, str] = {
    "macro_auc": QT_TRANSLATE_NOOP("Metrics", "mean AUC"),
    "loss": QT_TRANSLATE_NOOP("Metrics", "loss"),
    "accuracy": QT_TRANSLATE_NOOP("Metrics", "accuracy"),
}


def entry_name(name: str) -> str:
    """What an entry of a spec is called; its own name where nobody gave it another."""
    return QCoreApplication.translate("SpecEntries", _NAMES[name]) if name in _NAMES else name


def entry_help(field: SpecField) -> str:
    """What an entry does; the comment beside it in the spec where nobody put it in other words."""
    return QCoreApplication.translate("SpecEntries", _HELP[field.name]) if field.name in _HELP else field.help


def task_words(task: str) -> str:
    """What a task learns."""
    return QCoreApplication.translate("Tasks", _TASKS[task]) if task in _TASKS else TASKS[task].summary


def metric_words(name: str, split: bool = True) -> str:
    """`val macro_auc` → "mean AUC, validation"; without `split` "mean AUC"; `val auc.nodule` → "AUC of nodule, …"."""
    where, _, measured = name.rpartition(" ")
    if measured.startswith("auc."):
        words = QCoreApplication.translate("Metrics", "AUC of {name}").format(name=measured.removeprefix("auc."))
    else:
        known = _METRICS.get(measured)
        words = QCoreApplication.translate("Metrics", known) if known else measured
    if not split or where not in _SPLITS:
        return words
    return QCoreApplication.translate("Metrics", _SPLITS[where]).format(metric=words)
