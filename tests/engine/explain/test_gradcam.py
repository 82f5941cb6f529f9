from typing import get_args

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from engine.explain.gradcam import gradcam
from engine.explain.options import GradCamOptions
from engine.explain.subject import Subject, look_at
from engine.jobs.specs import ModelName
from engine.models.classifier import Classifier
from tests.engine.explain.made import CLASSES, film, plain_network, trained

ALL = range(len(CLASSES))


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("name", get_args(ModelName))
def test_every_network_gives_captums_maps(name: ModelName, relu: bool) -> None:
    """Captum's LayerGradCam, one backward pass a target, as the oracle; a square image, so that nothing is cut off."""
    of = trained(model=name)
    subject = look_at(of, film(64, 64))
    maps, probabilities = gradcam(subject, ALL, GradCamOptions(relu=relu))
    peer = LayerGradCam(of.net, of.net.trunk)
    for target in ALL:
        x = subject.x.clone().requires_grad_()
        theirs = peer.attribute(x, target, relu_attributions=relu).detach()
        wide = nn.functional.interpolate(theirs, (64, 64), mode="bilinear", align_corners=False)[0, 0].numpy()
        np.testing.assert_allclose(maps[target], wide, atol=1e-4 * np.abs(wide).max() + 1e-9)
    with torch.no_grad():
        np.testing.assert_allclose(probabilities, of.net(subject.x).sigmoid()[0].numpy(), atol=1e-6)


def test_a_linear_network_by_hand() -> None:
    """With the image as last map and mean pooling, the gradient of logit k with respect to channel c is W[k, c] / n."""
    of = trained(plain_network(), size=8)
    subject = look_at(of, film(8, 8))
    maps, _ = gradcam(subject, ALL, GradCamOptions(relu=False))
    weights = of.net.fc.weight.numpy() / 64
    np.testing.assert_allclose(maps, np.einsum("kc,cyx->kyx", weights, subject.x[0].numpy()), atol=1e-6)


def test_a_target_does_not_depend_on_the_others() -> None:
    subject = look_at(trained(), film())
    together, _ = gradcam(subject, [2, 0, 2], GradCamOptions(relu=False))
    for place, target in enumerate([2, 0, 2]):
        alone, _ = gradcam(subject, [target], GradCamOptions(relu=False))
        np.testing.assert_allclose(together[place], alone[0], rtol=1e-5)


class ReluAtOnce(Classifier):
    """A head that writes over the map it is given, as torchvision's DenseNet does."""

    def head(self, features: torch.Tensor) -> torch.Tensor:
        return super().head(nn.functional.relu(features, inplace=True))


def test_a_head_that_works_in_place_does_not_change_the_map() -> None:
    torch.manual_seed(0)
    conv = nn.Conv2d(3, 4, 3, padding=1)
    of = trained(ReluAtOnce(conv, 4, 3), size=16)
    subject = look_at(of, film(16, 16))
    maps, _ = gradcam(subject, [0], GradCamOptions(relu=False))
    features = conv(subject.x)[0].numpy()
    assert features.min() < 0
    weights = of.net.fc.weight.numpy()[0] * (features > 0).mean((1, 2)) / features[0].size
    np.testing.assert_allclose(maps[0], np.einsum("c,cyx->yx", weights * 1.0, features), atol=1e-6)


def moved(rows: int, columns: int) -> tuple[Subject, np.ndarray]:
    """A bright spot, and a network whose map is the image: the spot must stand where it is."""
    shown = np.zeros((rows, columns), np.float32)
    shown[rows // 4 : rows // 4 + 4, columns * 3 // 4 : columns * 3 // 4 + 4] = 1
    of = trained(plain_network(), size=32)
    with torch.no_grad():
        of.net.fc.weight.fill_(1.0)
    return look_at(of, shown), shown


@pytest.mark.parametrize(("rows", "columns"), [(64, 64), (64, 40), (30, 64), (128, 20)])
def test_the_map_covers_the_image_and_not_the_padding(rows: int, columns: int) -> None:
    subject, shown = moved(rows, columns)
    values, _ = gradcam(subject, [0], GradCamOptions())
    assert values.shape[1:] == subject.map_shape
    high, wide = values.shape[1:]
    row, column = np.unravel_index(values[0].argmax(), (high, wide))
    top, left = np.argwhere(shown == 1).mean(0) + 0.5
    assert abs((row + 0.5) * rows / high - top) <= rows / high + 1
    assert abs((column + 0.5) * columns / wide - left) <= columns / wide + 1


def test_normalised_maps_have_one_as_their_largest() -> None:
    subject = look_at(trained(), film())
    plain, _ = gradcam(subject, ALL, GradCamOptions(relu=False))
    values, _ = gradcam(subject, ALL, GradCamOptions(relu=False, normalise=True))
    np.testing.assert_allclose(np.abs(values).max((1, 2)), 1, atol=1e-6)
    np.testing.assert_allclose(values, plain / np.abs(plain).max((1, 2), keepdims=True), atol=1e-6)


def test_nothing_is_left_in_the_network() -> None:
    of = trained()
    gradcam(look_at(of, film()), ALL, GradCamOptions())
    assert all(weight.grad is None and not weight.requires_grad for weight in of.net.parameters())
