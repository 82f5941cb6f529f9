"""What a training is: typed, validated, and complete enough to run it again. No torch.

Every spec is flat, so that `--set key=value`, a form and a line of JSON say the same thing. Lengths are in images and
epochs, never in steps of a device: the same spec means the same training on one GPU or eight.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ClassifierSpec",
    "CohortSource",
    "DiffusionSpec",
    "ModelName",
    "PathologySpec",
    "ProbeSpec",
    "RaceSpec",
    "ReidentificationSpec",
    "TrainingSpec",
]

ModelName = Literal["small", "resnet18", "resnet34", "resnet50", "densenet121", "efficientnet_b0", "efficientnet_b2"]
Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class CohortSource(_Frozen):
    """A cohort a run was made from: its name in predictions, its folder, and what its table was at the time."""

    name: str
    path: str
    sha256: str = ""  # of cohort.csv


class TrainingSpec(_Frozen):
    """What every training has. Rates, shares and durations are those of one epoch over the whole training split."""

    task: str
    preset: str = ""
    cohorts: tuple[CohortSource, ...] = ()
    epochs: Positive = 10
    image_size: Annotated[int, Field(ge=16, le=2048)] = 224  # pixels along each side; images are padded to a square
    bits: Literal[8, 16] = 8  # of a stored pixel
    ct: str = ""  # how volumes become slices: a preset of engine.cohorts.slices, such as reading-race
    batch_size: Positive = 32  # images of one optimizer step, over all GPUs together
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    seed: Annotated[int, Field(ge=0)] = 0
    optimizer: Literal["adam", "adamw", "sgd"] = "adam"
    beta1: Share = 0.9
    beta2: Share = 0.999
    momentum: Share = 0.9  # of sgd
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["none", "plateau", "step"] = "plateau"
    schedule_factor: Annotated[float, Field(gt=0, le=1)] = 0.1
    schedule_patience: Annotated[int, Field(ge=0)] = 2  # epochs without a better validation that plateau waits
    schedule_every: Positive = 2  # epochs between two steps of `step`
    least_learning_rate: Annotated[float, Field(ge=0)] = 0.0
    early_stopping_patience: Annotated[int, Field(ge=1)] | None = None  # epochs; None trains them all
    ema_decay: Annotated[float, Field(gt=0, lt=1)] | None = None
    clip_norm: Annotated[float, Field(gt=0)] | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # auto: bfloat16 on CUDA, float32 elsewhere
    channels_last: bool = True
    compile: bool = False
    balanced_by: str = ""  # "label", or a column of the cohort (race, sex …): drawn with equal weight; "" as they come
    flip: bool = False  # left to right; radiographs are not flipped unless a spec says so
    rotate_degrees: Annotated[float, Field(ge=0, le=180)] = 0.0  # up to this much either way
    zoom: Annotated[float, Field(ge=0, lt=1)] = 0.0  # up to this share in or out
    checkpoint_every_images: Positive = 50_000  # besides the one at the end of every epoch


class ClassifierSpec(TrainingSpec):
    """A trunk with a new linear head.

    The defaults are for a machine without a GPU: `small` tells the groups of the simulated cohort after minutes, and
    256 pixels are what its finest texture needs. The presets have the networks of the papers.
    """

    image_size: Annotated[int, Field(ge=16, le=2048)] = 256  # pixels along each side; images are padded to a square
    batch_size: Positive = 16  # images of one optimizer step, over all GPUs together
    model: ModelName = "small"  # small: our own, a hundredth of resnet34's work; the others are torchvision's
    # auto: ImageNet weights where they lie on this machine, else from scratch, said in an event. imagenet: refused
    # without them. none: from scratch.
    weights: Literal["auto", "imagenet", "none"] = "auto"
    pooling: Literal["average", "max"] = "average"
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0  # before the head
    patients_share: Annotated[float, Field(gt=0, le=1)] = 1.0  # of the training patients, chosen by seed


class RaceSpec(ClassifierSpec):
    """One of several groups (softmax), scored one against the rest."""

    task: Literal["race"] = "race"
    target: str = "race"  # the column of the cohort; sex works as well
    classes: tuple[str, ...] = ()  # empty: those of the training split, in alphabetical order


class PathologySpec(ClassifierSpec):
    """Several findings at once (sigmoid); what a label does not say takes no part in the loss."""

    task: Literal["pathology"] = "pathology"
    findings: tuple[str, ...] = ()  # empty: every finding of the cohort that the training split has both of
    uncertain: Literal["masked", "present", "absent"] = "masked"  # what −1 counts as while training


class ReidentificationSpec(ClassifierSpec):
    """Which patient an image is of, among patients with many images (Reading Race, experiment A3).

    Images of a patient are split, not patients: there would be nothing to recognise otherwise.
    """

    task: Literal["reidentification"] = "reidentification"
    least_images: Annotated[int, Field(ge=3)] = 20  # frontal images a patient must have


class ProbeSpec(ClassifierSpec):
    """A new head on the frozen features of a finished run.

    A softmax on those of a classifier is Reading Race's experiment A3; findings told from the codes of a diffusion run
    are DiffChest's classifier, which counterfactual images need.
    """

    task: Literal["probe"] = "probe"
    base_run: str = ""  # folder of the run whose features are used: of a classifier, or of a diffusion run its codes
    target: str = "race"  # a column of the cohort, or "findings": several at once (sigmoid)
    classes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()  # of target "findings"; empty: every one that the training split has both of
    uncertain: Literal["masked", "present", "absent"] = "masked"  # what −1 counts as while training on findings


class DiffusionSpec(TrainingSpec):
    """A diffusion autoencoder, trained without labels (DiffChest; Preechakul et al. 2022).

    The defaults are for a machine without a GPU: 64 pixels, of which 2 × 2 become channels at the entry. The presets
    have the network of the paper.
    """

    task: Literal["diffusion"] = "diffusion"
    image_size: Annotated[int, Field(ge=16, le=1024)] = 64  # pixels along each side; images are padded to a square
    epochs: Positive = 60
    batch_size: Positive = 32  # images of one optimizer step, over all GPUs together
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    schedule: Literal["none", "plateau", "step"] = "none"
    ema_decay: Annotated[float, Field(gt=0, lt=1)] | None = 0.9999
    clip_norm: Annotated[float, Field(gt=0)] | None = 1.0
    channels: Positive = 48  # of the finest map
    multipliers: Annotated[tuple[Positive, ...], Field(min_length=1)] = (1, 2, 2)  # channels of each map, finest first
    encoder_multipliers: Annotated[tuple[Positive, ...], Field(min_length=1)] = (1, 2, 2, 3)
    blocks: Positive = 1  # residual blocks of each map
    attention: tuple[Positive, ...] = ()  # sides of the maps, in pixels, whose blocks attend; the middle always does
    latent: Positive = 128  # length of the semantic code
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    colours: Literal[1, 3] = 1  # 3 in the paper, whose films are grey three times over
    patch: Positive = 2  # pixels along each side that become channels at the entry; 1 in the paper
    places: bool = True  # the code keeps where things lie: learns from far fewer images; not in the paper's network
    # noise: ε, as the paper. velocity: √ᾱ ε − √(1 − ᾱ) x_0 (Salimans and Ho 2022), which learns from far fewer images
    # what an image is where little but its code tells it.
    prediction: Literal["noise", "velocity"] = "velocity"
    noise_steps: Annotated[int, Field(ge=2)] = 1000
    noise_first: Annotated[float, Field(gt=0, lt=1)] = 1e-4  # variance added at the first step
    noise_last: Annotated[float, Field(gt=0, lt=1)] = 0.02  # and at the last; evenly spaced between
    samples: Annotated[int, Field(ge=0, le=64)] = 8  # validation images drawn again after each epoch, to look at
