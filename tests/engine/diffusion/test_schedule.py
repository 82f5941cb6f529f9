import numpy as np

from engine.diffusion.schedule import NoiseSchedule


def test_the_paper_s_schedule_ends_in_noise() -> None:
    """Ho et al. 2020, section 4: β from 1e-4 to 0.02 over 1000 steps; 4e-5 of the power of x_0 is left."""
    schedule = NoiseSchedule()
    assert schedule.alphas.shape == (1000,)
    assert schedule.alphas[0] == 1 - 1e-4
    assert 4.0e-5 < schedule.alphas[-1] < 4.1e-5
    assert (np.diff(schedule.alphas) < 0).all()


def test_between_two_steps_the_share_is_between_theirs() -> None:
    schedule = NoiseSchedule()
    np.testing.assert_allclose(schedule.alpha(np.array([0.0, 10.0, 999.0])), schedule.alphas[[0, 10, 999]])
    between = schedule.alpha(np.array([10.5]))[0]
    assert schedule.alphas[11] < between < schedule.alphas[10]


def test_times_begin_and_end_with_the_schedule() -> None:
    schedule = NoiseSchedule()
    for times in (schedule.evenly(250), schedule.by_noise(20)):
        assert times[0] == 0
        assert abs(times[-1] - 999) < 1e-9
        assert (np.diff(times) > 0).all()
    assert len(schedule.evenly(5000)) == 1000  # there are no more


def test_times_by_noise_are_even_in_its_logarithm() -> None:
    schedule = NoiseSchedule()
    alphas = schedule.alpha(schedule.by_noise(12))
    ratios = 0.5 * np.log(alphas / (1 - alphas))
    np.testing.assert_allclose(np.diff(ratios), np.diff(ratios).mean(), rtol=1e-2)
