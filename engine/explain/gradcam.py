"""Grad-CAM (Selvaraju et al. 2017) of any number of targets for the price of one forward pass."""

from collections.abc import Sequence

import numpy as np
import torch

from engine.explain.options import GradCamOptions
from engine.explain.subject import Subject
from engine.explanations import bilinear

__all__ = ["gradcam"]


def gradcam(subject: Subject, targets: Sequence[int], options: GradCamOptions) -> tuple[np.ndarray, np.ndarray]:
    """Maps (T, h, w) float32 over the image, one a target, and the probabilities (C,) of the whole image.

    A map has the image's share of the network's square (`Subject.map_shape`); between the centres of the last
    convolutional map it is bilinear.
    """
    maps, logits = _maps(subject, targets, options.relu)
    step = maps.shape[-1] / subject.trained.image_size, maps.shape[-2] / subject.trained.image_size
    left, top, width, height = subject.box
    box = (left * step[0], top * step[1], width * step[0], height * step[1])
    values = bilinear(maps, box, subject.map_shape)
    if options.normalise:
        largest = np.abs(values).max(axis=(1, 2), keepdims=True)
        values = np.divide(values, largest, out=np.zeros_like(values), where=largest > 0)
    return values, subject.trained.probabilities(logits)[0].cpu().numpy()


def _maps(subject: Subject, targets: Sequence[int], relu: bool) -> tuple[np.ndarray, torch.Tensor]:
    """(T, h, w) float32 over the square, and logits (1, C).

    The forward pass keeps nothing; only from the last map to the logits is there anything to go back through, and all
    targets go back at once, each through a view of its own. The map is cloned: a head may begin with an in-place ReLU.
    """
    trained = subject.trained
    with torch.no_grad():
        features = trained.features(subject.x).float()  # (1, F, h, w)
    with torch.enable_grad():
        views = features.expand(len(targets), -1, -1, -1).clone().requires_grad_()  # (T, F, h, w)
        logits = trained.head(views.clone())  # (T, C), rows equal
        (gradients,) = torch.autograd.grad(logits[range(len(targets)), list(targets)].sum(), views)
    weights = gradients.mean((2, 3))  # (T, F), equation 1
    maps = torch.einsum("tf,fyx->tyx", weights, features[0])  # equation 2
    return (maps.relu() if relu else maps).cpu().numpy(), logits[:1].detach()
