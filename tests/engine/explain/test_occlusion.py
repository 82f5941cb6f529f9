from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import Occlusion

from engine.errors import Cancelled, JobError
from engine.explain.occlusion import occlusion, windows_of
from engine.explain.options import GradCamOptions, OcclusionOptions, options_of
from engine.explain.subject import look_at
from engine.models.normalisation import normalised
from tests.engine.explain.made import CLASSES, film, plain_network, trained

ALL = range(len(CLASSES))


def grey(value: float, size: tuple[int, ...]) -> torch.Tensor:
    return normalised(torch.full(size, value))


def test_all_targets_at_once_are_captums_one_by_one() -> None:
    """Captum's Occlusion, one run a target, as the oracle: windows of 16 every 8 pixels over 64."""
    of = trained()
    subject = look_at(of, film(64, 64))
    maps, whole = occlusion(subject, ALL, OcclusionOptions(size=16, stride=8, fill=0.5))
    peer = Occlusion(lambda x: of.net(x).sigmoid())
    for target in ALL:
        with torch.no_grad():
            theirs = peer.attribute(
                subject.x, (3, 16, 16), (3, 8, 8), grey(0.5, (1, 64, 64)), target, perturbations_per_eval=16
            )
        np.testing.assert_allclose(maps[target], theirs[0, 0].numpy(), atol=2e-6)
    with torch.no_grad():
        np.testing.assert_allclose(whole, of.net(subject.x).sigmoid()[0].numpy(), atol=1e-6)


def test_a_linear_network_by_hand() -> None:
    """Mean pooling of the image: a window over n of 64 pixels moves the logit by W · (grey − its pixels) / 64."""
    of = trained(plain_network(), size=8)
    subject = look_at(of, film(8, 8))
    maps, whole = occlusion(subject, [1], OcclusionOptions(size=4, stride=4, fill=0.25))
    x = subject.x[0].numpy()
    weights, bias = of.net.fc.weight.numpy()[1], of.net.fc.bias.numpy()[1]
    logit = weights @ x.mean((1, 2)) + bias
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    assert whole[1] == pytest.approx(sigmoid(logit), abs=1e-6)
    fill = grey(0.25, (1, 4, 4))[0].numpy()
    for top in (0, 4):
        for left in (0, 4):
            change = weights @ (fill - x[:, top : top + 4, left : left + 4]).sum((1, 2)) / 64
            expected = sigmoid(logit) - sigmoid(logit + change)
            np.testing.assert_allclose(maps[0, top : top + 4, left : left + 4], expected, atol=1e-6)


def test_hiding_with_the_mean_of_the_image_leaves_an_even_image_as_it_is() -> None:
    subject = look_at(trained(), np.full((64, 40), 0.3, np.float32))
    maps, _ = occlusion(subject, ALL, OcclusionOptions(fill="mean", size=16, stride=16))
    assert np.abs(maps).max() < 1e-3
    other, _ = occlusion(subject, ALL, OcclusionOptions(fill=1.0, size=16, stride=16))
    assert np.abs(other).max() > 10 * np.abs(maps).max()


@pytest.mark.parametrize("batch", [1, 7, 4096])
def test_the_map_does_not_depend_on_the_batch(batch: int) -> None:
    subject = look_at(trained(), film())
    usual, _ = occlusion(subject, ALL, OcclusionOptions(size=16, stride=16))
    other, _ = occlusion(subject, ALL, OcclusionOptions(size=16, stride=16, batch=batch))
    np.testing.assert_allclose(other, usual, atol=1e-6)


@pytest.mark.parametrize(("rows", "columns"), [(64, 64), (90, 60), (41, 90), (9, 90), (5, 64)])
@pytest.mark.parametrize(("size", "stride"), [(10, 4), (7, 7), (64, 1), (3, 9)])
def test_windows_cover_the_image_and_stay_inside_it(rows: int, columns: int, size: int, stride: int) -> None:
    subject = look_at(trained(plain_network()), film(rows, columns))
    windows = windows_of(subject, OcclusionOptions(size=size, stride=stride))
    left, top, width, height = subject.box
    for starts, length, first, extent in (
        (windows.tops, windows.size[0], top, height),
        (windows.lefts, windows.size[1], left, width),
    ):
        assert starts[0] == np.floor(first) and starts[-1] + length == np.ceil(first + extent)
        covered = {pixel for start in starts for pixel in range(start, start + length)}
        if stride <= size:
            assert covered == set(range(starts[0], starts[-1] + length))
    assert len({windows.corner(number) for number in range(len(windows))}) == len(windows)


def test_the_preview_looks_at_a_quarter_and_finds_the_spot() -> None:
    """What it looked at it has exactly; where it did not it is near."""
    of = trained(plain_network(), size=64)
    with torch.no_grad():
        of.net.fc.weight.fill_(3.0)
    shown = np.zeros((64, 64), np.float32)
    shown[40:47, 12:21] = 1
    subject = look_at(of, shown)
    dense_options = OcclusionOptions(size=6, stride=2, fill=0.0)
    dense, _ = occlusion(subject, [0], dense_options)
    seen: list[float] = []
    options = OcclusionOptions(size=6, stride=2, fill=0.0, coarse_to_fine=True, batch=1)
    preview, _ = occlusion(subject, [0], options, seen.append)
    assert len(seen) < 0.25 * len(windows_of(subject, dense_options))
    assert seen[-1] == pytest.approx(1) and seen == sorted(seen)
    count = dense.size // 10
    top = lambda values: set(np.argsort(-values.ravel(), kind="stable")[:count])  # noqa: E731
    assert len(top(dense) & top(preview)) >= 0.9 * count
    np.testing.assert_allclose(preview.max(), dense.max(), atol=1e-6)


def test_a_preview_of_few_windows_is_the_whole() -> None:
    subject = look_at(trained(), film(64, 64))
    dense, _ = occlusion(subject, ALL, OcclusionOptions(size=40, stride=24))
    preview, _ = occlusion(subject, ALL, OcclusionOptions(size=40, stride=24, coarse_to_fine=True))
    np.testing.assert_allclose(preview, dense, atol=1e-6)


def test_it_is_stopped_between_batches() -> None:
    calls = 0

    def check(share: float) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        occlusion(look_at(trained(), film()), ALL, OcclusionOptions(batch=2, stride=16), check)
    assert calls == 2


@pytest.mark.parametrize(
    ("method", "entries", "sentence"),
    [
        ("occlusion", {"size": 0}, "size = 0 is not possible"),
        ("occlusion", {"fill": "black"}, "fill = 'black' is not possible"),
        ("occlusion", {"fill": 1.5}, "fill = 1.5 is not possible"),
        ("occlusion", {"colour": 1}, "colour = 1 is not possible"),
        ("gradcam", {"relu": "perhaps"}, "relu = 'perhaps' is not possible"),
        ("tealeaves", {}, "there is no method 'tealeaves'; there are gradcam, occlusion"),
    ],
)
def test_options_that_are_none_get_a_sentence(method: str, entries: dict[str, Any], sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        options_of(method, entries)


def test_options_default_to_those_of_the_papers() -> None:
    assert options_of("gradcam", {}) == GradCamOptions(relu=True)
    assert OcclusionOptions().window(224) == (16, 6)  # MONAI's default: 16, overlap 0.6
