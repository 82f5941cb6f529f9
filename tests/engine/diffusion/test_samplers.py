"""What is known without a network: an oracle's image comes back, and of normal pixels the walk has a closed form."""

import numpy as np
import pytest
import torch

from engine.diffusion.samplers import ddim_decode, ddim_encode, fast_decode, fast_encode
from engine.diffusion.schedule import NoiseSchedule
from tests.engine.diffusion.gaussian import noise_of, of_normal, oracle

SCHEDULE = NoiseSchedule()
MEAN, DEVIATION = -0.2, 0.3


def made_images(count: int = 2, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    images = MEAN + DEVIATION * torch.randn(count, 1, 8, 8, generator=generator, dtype=torch.float64)
    return images.clamp(-1, 1)


@pytest.mark.parametrize(
    ("encode", "decode"), [(ddim_encode, ddim_decode), (fast_encode, fast_decode)], ids=["full", "fast"]
)
def test_an_oracle_s_image_comes_back(encode: object, decode: object) -> None:
    images = made_images()
    denoise = oracle(images, SCHEDULE)
    noise = encode(denoise, images, SCHEDULE)  # type: ignore[operator]
    again = decode(denoise, noise, SCHEDULE)  # type: ignore[operator]
    assert float((again - images).abs().max()) < 1e-9


def test_ddim_walks_where_the_equation_goes() -> None:
    """250 steps up and 200 down, as DiffChest's: the errors are those of steps this long, and shrink with them."""
    images = made_images()
    denoise, exact = of_normal(MEAN, DEVIATION, SCHEDULE), noise_of(made_images(), MEAN, DEVIATION, SCHEDULE)

    def errors(up: int, down: int) -> tuple[float, float]:
        noise = ddim_encode(denoise, images, SCHEDULE, up, clip=False)
        again = ddim_decode(denoise, noise, SCHEDULE, down, clip=False)
        return float((noise - exact).abs().max()), float((again - images).abs().max())

    published, all_steps = errors(250, 200), errors(1000, 1000)
    assert published[0] < 0.06 and published[1] < 0.04  # 0.049 and 0.033
    assert all_steps[0] < published[0] / 3 and all_steps[1] < published[1] / 3


def test_twenty_fast_steps_are_as_good_as_hundreds() -> None:
    images = made_images()
    denoise, exact = of_normal(MEAN, DEVIATION, SCHEDULE), noise_of(made_images(), MEAN, DEVIATION, SCHEDULE)

    def error(found: torch.Tensor, expected: torch.Tensor) -> float:
        return float((found - expected).abs().max())

    noise = fast_encode(denoise, images, SCHEDULE, 20)
    assert error(noise, exact) <= error(ddim_encode(denoise, images, SCHEDULE, 250, clip=False), exact)
    down = fast_decode(denoise, exact, SCHEDULE, 20, clip=False)
    assert error(down, images) <= error(ddim_decode(denoise, exact, SCHEDULE, 200, clip=False), images)
    assert error(fast_decode(denoise, noise, SCHEDULE, 20, clip=False), images) < 0.005


def test_what_the_network_thinks_stays_in_range_where_it_is_cut() -> None:
    bright = torch.full((1, 1, 4, 4), 1.5, dtype=torch.float64)
    denoise = oracle(bright, SCHEDULE)
    noise = torch.randn(1, 1, 4, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert float(ddim_decode(denoise, noise, SCHEDULE, 50).max()) == 1.0
    assert float(ddim_decode(denoise, noise, SCHEDULE, 50, clip=False).max()) > 1.4
    assert float(fast_decode(denoise, noise, SCHEDULE, 20).max()) == 1.0


def test_one_image_alone_is_the_image_of_a_batch() -> None:
    images = made_images(3)
    denoise = of_normal(MEAN, DEVIATION, SCHEDULE)
    for encode, decode in ((ddim_encode, ddim_decode), (fast_encode, fast_decode)):
        together = decode(denoise, encode(denoise, images, SCHEDULE), SCHEDULE)
        alone = decode(denoise, encode(denoise, images[1:2], SCHEDULE), SCHEDULE)
        torch.testing.assert_close(together[1:2], alone, rtol=0, atol=0)


def test_every_look_can_be_the_last() -> None:
    """A cancel is heard between two looks at the network, and each step is one look."""
    looks = 0

    def check() -> None:
        nonlocal looks
        looks += 1
        if looks == 7:
            raise InterruptedError

    images = made_images()
    with pytest.raises(InterruptedError):
        ddim_encode(of_normal(0, 1, SCHEDULE), images, SCHEDULE, check=check)
    assert looks == 7
    counted: list[float] = []

    def counting(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        counted.append(float(times[0]))
        return torch.zeros_like(x)

    ddim_encode(counting, images, SCHEDULE, 250)
    assert len(counted) == 249 and counted[0] == 0 and np.all(np.diff(counted) > 0)
    counted.clear()
    ddim_decode(counting, images, SCHEDULE, 200)
    assert len(counted) == 200 and counted[0] == 999 and counted[-1] == 0


def test_memory_does_not_grow_with_steps() -> None:
    """No step's image is kept: whatever the number of steps, as many tensors are alive."""
    import gc

    def alive_during(steps: int) -> int:
        most = 0

        def check() -> None:
            nonlocal most
            most = max(most, sum(isinstance(each, torch.Tensor) for each in gc.get_objects()))

        ddim_encode(of_normal(0, 1, SCHEDULE), made_images(), SCHEDULE, steps, check=check)
        return most

    assert alive_during(40) == alive_during(10)
