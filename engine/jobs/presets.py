"""Named starting points of a spec, each with its source. What a preset does not name keeps the default of the spec.

The presets of Reading Race (Supplemental Table 1, and the released notebooks where the two differ) keep the paper's
augmentation, horizontal flips included: radiographs are flipped nowhere else. Horizontal flip, rotation by up to 15°,
zoom by up to 10 %, and seed 2021 are the same in all of them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import JobError

__all__ = ["PRESETS", "Preset", "preset_values"]


@dataclass(frozen=True)
class Preset:
    summary: str
    values: Mapping[str, Any] = field(default_factory=dict)


_KERAS: dict[str, Any] = {"flip": True, "rotate_degrees": 15.0, "zoom": 0.1, "seed": 2021, "weights": "imagenet"}
_RACE: Mapping[str, Preset] = {
    "chest-resnet34": Preset(
        "Reading Race, chest radiographs (MIMIC, CheXpert, Emory): ResNet-34 at 320²",
        _KERAS
        | {
            "model": "resnet34",
            "image_size": 320,
            "batch_size": 256,
            "epochs": 100,
            "learning_rate": 1e-3,
            "schedule": "plateau",
            "schedule_factor": 0.1,
            "schedule_patience": 2,
            "least_learning_rate": 1e-5,
            "early_stopping_patience": 4,
        },
    ),
    "chest-densenet121": Preset(
        "Reading Race, MIMIC: DenseNet-121 at 224², max pooling, the rate × exp(−0.05) every second epoch",
        _KERAS
        | {
            "model": "densenet121",
            "pooling": "max",
            "image_size": 224,
            "batch_size": 128,
            "epochs": 10,
            "learning_rate": 1e-3,
            "schedule": "step",
            "schedule_factor": math.exp(-0.05),
            "schedule_every": 2,
        },
    ),
    "chest-densenet121-scratch": Preset(
        "Reading Race, Emory: DenseNet-121 at 224² from scratch, dropout 0.5 (epochs not stated: 10, as its sister)",
        _KERAS
        | {
            "model": "densenet121",
            "weights": "none",
            "dropout": 0.5,
            "image_size": 224,
            "batch_size": 128,
            "epochs": 10,
            "learning_rate": 1e-3,
        },
    ),
    "chest-efficientnet-b0": Preset(
        "Reading Race: EfficientNet-B0 at 224², dropout 0.4",
        _KERAS
        | {
            "model": "efficientnet_b0",
            "dropout": 0.4,
            "image_size": 224,
            "batch_size": 256,
            "epochs": 20,
            "learning_rate": 1e-3,
        },
    ),
    "chest-ct-densenet121": Preset(
        "Reading Race, NLST: DenseNet-121 at 512², SGD with momentum from 1e-4 down to 1e-5 (epochs not stated: 10)",
        _KERAS
        | {
            "model": "densenet121",
            "image_size": 512,
            "bits": 16,
            "ct": "reading-race",
            "batch_size": 16,
            "epochs": 10,
            "optimizer": "sgd",
            "learning_rate": 1e-4,
            "least_learning_rate": 1e-5,
        },
    ),
    "hand-resnet50": Preset(
        "Reading Race, Digital Hand Atlas: ResNet-50 at 320², rate 1e-5 as the paper's table says",
        _KERAS
        | {
            "model": "resnet50",
            "image_size": 320,
            "batch_size": 8,
            "epochs": 100,
            "learning_rate": 1e-5,
            "schedule": "none",
        },
    ),
    "hand-resnet50-as-released": Preset(
        "Reading Race, Digital Hand Atlas: the same with the rate of the released code, 1e-6",
        _KERAS
        | {
            "model": "resnet50",
            "image_size": 320,
            "batch_size": 8,
            "epochs": 100,
            "learning_rate": 1e-6,
            "schedule": "none",
        },
    ),
    "mammogram-efficientnet-b2": Preset(
        "Reading Race, mammography: EfficientNet-B2 at 256² (ImageNet weights stand for the noisy-student ones)",
        _KERAS
        | {
            "model": "efficientnet_b2",
            "image_size": 256,
            "batch_size": 32,
            "epochs": 10,
            "learning_rate": 1e-3,
            "early_stopping_patience": 4,
        },
    ),
    "spine-resnet34": Preset(
        "Reading Race, cervical spine: ResNet-34 at 320²",
        _KERAS
        | {
            "model": "resnet34",
            "image_size": 320,
            "batch_size": 64,
            "epochs": 16,
            "learning_rate": 1e-3,
            "early_stopping_patience": 4,
        },
    ),
    "frequency-densenet121": Preset(
        "Reading Race, experiments C1 and C4 (the PyTorch code): DenseNet-121 at 224², rate 1e-4",
        {
            "model": "densenet121",
            "weights": "imagenet",
            "image_size": 224,
            "batch_size": 64,
            "epochs": 10,
            "learning_rate": 1e-4,
            "schedule": "plateau",
            "schedule_factor": 0.1,
            "schedule_patience": 5,
            "early_stopping_patience": 7,
            "flip": True,
            "rotate_degrees": 15.0,
            "zoom": 0.1,
            "seed": 2021,
        },
    ),
}

# Han et al. 2023 (DiffChest) on Preechakul et al. 2022; what the text leaves open is from the released code.
_DIFFCHEST: dict[str, Any] = {
    "image_size": 256,
    "channels": 128,
    "multipliers": (1, 1, 2, 2, 4, 4),
    "encoder_multipliers": (1, 1, 2, 2, 4, 4, 4),
    "blocks": 2,
    "attention": (16,),
    "latent": 512,
    "dropout": 0.1,
    "colours": 3,
    "patch": 1,
    "places": False,
    "prediction": "noise",
    "batch_size": 12,
    "learning_rate": 1e-4,
    "clip_norm": 1.0,
    "ema_decay": 0.9999,
    "seed": 0,
    "epochs": 402,  # of 497,215 images: the paper's 200 million
}
_SMALLER = {"colours": 1, "batch_size": 32}
_DIFFUSION: Mapping[str, Preset] = {
    "diffchest-256": Preset(
        "DiffChest: 168.5 million weights at 256², 200 million images of the paper's cohorts", _DIFFCHEST
    ),
    "diffchest-256-as-published": Preset(
        "DiffChest as its code was run: half of the images flipped left to right", _DIFFCHEST | {"flip": True}
    ),
    "diffchest-128": Preset(
        "the same at 128², grey once, with half the channels",
        _DIFFCHEST
        | _SMALLER
        | {
            "image_size": 128,
            "channels": 64,
            "multipliers": (1, 1, 2, 3, 4),
            "encoder_multipliers": (1, 1, 2, 3, 4, 4),
        },
    ),
    "diffchest-64": Preset(
        "the same at 64², grey once, with half the channels",
        _DIFFCHEST
        | _SMALLER
        | {
            "image_size": 64,
            "channels": 64,
            "multipliers": (1, 2, 4, 8),
            "encoder_multipliers": (1, 2, 4, 8, 8),
        },
    ),
}

PRESETS: Mapping[str, Mapping[str, Preset]] = {
    "race": _RACE,
    "diffusion": _DIFFUSION,
    "pathology": {
        "chest-densenet121": Preset(
            "Reading Race, experiment A3, first part: DenseNet-121 at 320², 14 sigmoids",
            _KERAS
            | {
                "model": "densenet121",
                "image_size": 320,
                "batch_size": 128,
                "epochs": 10,
                "learning_rate": 1e-3,
            },
        ),
    },
    "probe": {
        "chest-densenet121": Preset(
            "Reading Race, experiment A3, second part: everything frozen but a new softmax",
            {
                "image_size": 320,
                "batch_size": 512,
                "epochs": 100,
                "learning_rate": 3e-3,
                "schedule": "plateau",
                "schedule_factor": 0.5,
                "early_stopping_patience": 6,
                "seed": 2021,
            },
        ),
    },
    "reidentification": {
        "chest-densenet121": Preset(
            "Reading Race, experiment A3: patients with at least 20 frontal images, at 320²",
            _KERAS | {"model": "densenet121", "image_size": 320, "batch_size": 128, "least_images": 20},
        ),
    },
}


def preset_values(task: str, name: str) -> dict[str, Any]:
    """What the preset sets. JobError naming the presets there are."""
    known = PRESETS.get(task, {})
    if name not in known:
        there = f"; there are {', '.join(known)}" if known else "; it has none"
        raise JobError(f"the task '{task}' has no preset '{name}'{there}")
    return dict(known[name].values) | {"preset": name}
