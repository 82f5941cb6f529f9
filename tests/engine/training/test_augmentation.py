import numpy as np
import pytest
import torch

from engine.training.augmentation import Augmentation

HALF = np.full((1, 3), 0.5)  # no turn, no zoom, no flip


def drawn(angle: float = 0.5, zoom: float = 0.5, flip: float = 0.9) -> np.ndarray:
    return np.array([[angle, zoom, flip]])


@pytest.fixture
def image() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).random((1, 24, 24), np.float32))


def test_nothing_asked_is_nothing_done(image: torch.Tensor) -> None:
    assert Augmentation()(image, drawn(0.1, 0.9, 0.1)) is image
    assert not Augmentation()


def test_the_middle_of_the_draws_leaves_the_image(image: torch.Tensor) -> None:
    same = Augmentation(rotate_degrees=15, zoom=0.1)(image, HALF)
    torch.testing.assert_close(same, image, atol=1e-5, rtol=0)


def test_a_flip_is_left_to_right(image: torch.Tensor) -> None:
    flipped = Augmentation(flip=True)(image, drawn(flip=0.1))
    torch.testing.assert_close(flipped, image.flip(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(Augmentation(flip=True)(image, drawn(flip=0.9)), image, atol=1e-5, rtol=0)


def test_a_quarter_turn_is_exact(image: torch.Tensor) -> None:
    turned = Augmentation(rotate_degrees=90)(image, drawn(angle=1.0))
    same = [torch.allclose(turned, torch.rot90(image, k, (1, 2)), atol=1e-4) for k in (1, 3)]
    assert any(same)


def test_what_comes_in_from_outside_is_black(image: torch.Tensor) -> None:
    smaller = Augmentation(zoom=0.5)(image + 1, drawn(zoom=0.0))
    assert (smaller[:, :4] == 0).all()
    assert (smaller[:, 10:14, 10:14] > 0.9).all()


def test_images_of_a_batch_do_not_touch_each_other(image: torch.Tensor) -> None:
    draws = np.random.default_rng(2).random((3, Augmentation.DRAWS))
    batch = torch.cat([image, image.flip(1), image * 0.5])
    augmentation = Augmentation(True, 15, 0.1)
    together = augmentation(batch, draws)
    for k in range(3):
        torch.testing.assert_close(together[k : k + 1], augmentation(batch[k : k + 1], draws[k : k + 1]))


def test_angles_and_zooms_stay_within_what_was_asked() -> None:
    draws = np.random.default_rng(3).random((500, Augmentation.DRAWS))
    maps = Augmentation(False, 15, 0.1).maps(draws)
    scale = np.hypot(maps[:, 0, 0], maps[:, 1, 0])
    angle = np.rad2deg(np.arctan2(maps[:, 1, 0], maps[:, 0, 0]))
    assert 14 < np.abs(angle).max() <= 15.001
    assert 1 / 1.1 - 1e-6 <= scale.min() < 0.93
    assert 1.08 < scale.max() <= 1 / 0.9 + 1e-6
