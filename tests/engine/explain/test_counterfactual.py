"""From the pixels of an image to counterfactuals, by runs as they lie on disk."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from engine.counterfactuals import Counterfactual, CounterfactualOptions
from engine.errors import Cancelled, JobError
from engine.explain.counterfactual import ImaginedRun, counterfactuals, load_imagined, seconds_expected
from engine.explain.counterfactual_cache import EncodingCache
from engine.explain.subject import look_at, probabilities
from engine.hashing import file_sha256
from engine.jobs.run import open_run
from tests.engine.explain.made import film, made_run
from tests.engine.explain.made_imaginer import FINDINGS, made_base, made_head, made_runs

FILM = film(80, 60)
SHORT = {"encode_steps": 12, "decode_steps": 10}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    made_runs(folder)
    return folder


@pytest.fixture(scope="module")
def run(runs: Path) -> ImaginedRun:
    return load_imagined(runs / "head")


def asked(
    run: ImaginedRun, *targets: str, cache: EncodingCache | None = None, **entries: object
) -> list[Counterfactual]:
    options = CounterfactualOptions.model_validate({**SHORT, **entries})
    return counterfactuals(run, FILM, targets, options, cache=cache)


def close(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, atol=2e-3))


def test_each_target_comes_back_with_its_provenance(run: ImaginedRun, runs: Path) -> None:
    found = asked(run, "wires", "effusion")
    assert [each.target for each in found] == ["wires", "effusion"]
    assert [each.target for each in asked(run)] == list(FINDINGS)
    for each in found:
        assert (each.image_rows, each.image_columns, each.run) == (80, 60, "head")
        assert each.factual.shape == each.reconstruction.shape == (32, 24)  # the image without the square's padding
        assert each.weights_sha256 == file_sha256(runs / "head" / "checkpoints" / "best.safetensors")
        assert each.base_sha256 == file_sha256(runs / "base" / "checkpoints" / "best.safetensors")
        assert each.options["encode_steps"] == 12 and "torch" in each.versions
        np.testing.assert_array_equal(each.reconstruction, found[0].reconstruction)
        assert abs(each.factual - each.reconstruction).mean() < 0.1


def test_amplitude_0_is_the_reconstruction_and_drawings_leave_from_it(run: ImaginedRun) -> None:
    """Also in the limit: a step of nearly nothing, which is drawn on its own, draws nearly the same."""
    (found,) = asked(run, "drain", amplitudes=(0.0, 1e-4, 2.0))
    np.testing.assert_array_equal(found.drawings[0], found.reconstruction)
    assert np.abs(found.differences[1]).max() < 2e-3
    assert np.abs(found.differences[2]).max() > 0.02
    assert found.wanted[0] == found.probability and found.drawn[0] == found.drawn_reconstruction
    assert np.isnan(found.confirmed[0])


def test_it_works_both_ways(run: ImaginedRun) -> None:
    (found,) = asked(run, "drain", amplitudes=(-2.0, -1.0, 0.0, 1.0, 2.0))
    assert list(found.wanted) == sorted(found.wanted) and found.wanted[0] < found.probability < found.wanted[-1]
    away, towards = found.differences[0], found.differences[-1]
    assert np.corrcoef(away.ravel(), towards.ravel())[0, 1] < 0


def test_a_probability_is_reached_from_above_and_from_below(run: ImaginedRun) -> None:
    for probability in (0.01, 0.99):
        (found,) = asked(run, "effusion", probability=probability)
        assert found.wanted[0] == pytest.approx(probability, abs=1e-5)
        assert (found.amplitudes[0] > 0) == (probability > found.probability)


def test_named_steps(run: ImaginedRun) -> None:
    weights = run.head.weights[FINDINGS.index("wires")]
    (released,), (paper,) = asked(run, "wires"), asked(run, "wires", named="paper")
    (removed,) = asked(run, "wires", named="released", remove=True)
    assert released.amplitudes == (pytest.approx(0.6 * 16**0.5),)
    assert paper.amplitudes == (pytest.approx(0.3 * float(weights.norm())),)
    assert removed.amplitudes == (-released.amplitudes[0],)
    assert removed.wanted[0] < removed.probability < released.wanted[0]


def test_what_is_drawn_is_judged_as_a_picture_of_its_own(run: ImaginedRun) -> None:
    """`drawn` is what the head says of the drawing where it is an image: nothing drawn into the padding counts."""
    (found,) = asked(run, "drain", amplitudes=(2.0,))
    trained = run.explained.trained
    for picture, told in ((found.drawings[0], found.drawn[0]), (found.reconstruction, found.drawn_reconstruction)):
        with torch.no_grad():
            square = np.zeros((32, 32), np.float32)
            square[:, 4:28] = picture
            again = trained.net(trained.tensor(square[None])).sigmoid()[0, FINDINGS.index("drain")]
        assert float(again) == pytest.approx(told, abs=1e-4)
    with torch.no_grad():
        first = trained.net(look_at(trained, FILM).x).sigmoid()[0, FINDINGS.index("drain")]
    assert float(first) == pytest.approx(found.probability, abs=1e-4)


def test_one_target_alone_is_the_same_as_among_others(run: ImaginedRun) -> None:
    together = asked(run, *FINDINGS, amplitudes=(-1.0, 2.0))
    for each in together:
        (alone,) = asked(run, each.target, amplitudes=(2.0,))
        assert close(alone.drawings[0], each.drawings[1])
        assert alone.drawn[0] == pytest.approx(each.drawn[1], abs=1e-3)


def test_the_same_is_drawn_every_time(run: ImaginedRun) -> None:
    (one,), (other,) = asked(run, "drain"), asked(run, "drain")
    assert replace(one, seconds=0.0).to_bytes() == replace(other, seconds=0.0).to_bytes()


def test_an_image_is_encoded_once(run: ImaginedRun, tmp_path: Path) -> None:
    """The second time only the drawing is worked on, from the same noise, also by another process."""
    looks: list[float] = []
    (first,) = asked(run, "drain", cache=EncodingCache(tmp_path))
    with counted(run) as calls:
        (again,) = asked(run, "drain", cache=EncodingCache(tmp_path))
        assert len(calls) == SHORT["decode_steps"]
    assert close(first.drawings, again.drawings)
    np.testing.assert_array_equal(first.reconstruction, again.reconstruction)
    options = CounterfactualOptions(amplitudes=(0.0,), **SHORT)
    counterfactuals(run, FILM, ["drain"], options, looks.append, EncodingCache(tmp_path))
    assert looks == []  # all of it is known
    with counted(run) as calls:
        asked(run, "drain", cache=EncodingCache(tmp_path), preview=True)
        assert len(calls) == 19 + 20


class counted:
    """The looks at the network within."""

    def __init__(self, run: ImaginedRun) -> None:
        self._unet = run.base.net.unet

    def __enter__(self) -> list[int]:
        calls: list[int] = []

        def note(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            calls.append(len(inputs[0]))

        self._hook = self._unet.register_forward_pre_hook(note)
        return calls

    def __exit__(self, *_: object) -> None:
        self._hook.remove()


def test_all_drawings_are_one_batch(run: ImaginedRun) -> None:
    with counted(run) as calls:
        asked(run, amplitudes=(1.0, 2.0))
    assert calls == [1] * 11 + [7] * 10


def test_a_damaged_entry_of_the_cache_is_made_anew(run: ImaginedRun, tmp_path: Path) -> None:
    (first,) = asked(run, "drain", cache=EncodingCache(tmp_path))
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:100])
    (again,) = asked(run, "drain", cache=EncodingCache(tmp_path))
    np.testing.assert_array_equal(first.drawings, again.drawings)
    assert entry.stat().st_size > 100


def test_progress_rises_to_its_end_and_can_stop_the_work(run: ImaginedRun) -> None:
    shares: list[float] = []
    counterfactuals(run, FILM, ["drain"], CounterfactualOptions(**SHORT), shares.append)
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0) and len(shares) == 11 + 10

    def stop(share: float) -> None:
        shares.append(share)
        raise Cancelled("stopped")

    shares.clear()
    with pytest.raises(Cancelled):
        counterfactuals(run, FILM, ["drain"], CounterfactualOptions(**SHORT), stop)
    assert len(shares) == 1


def test_the_time_it_will_take_is_measured(run: ImaginedRun) -> None:
    full, preview = CounterfactualOptions(), CounterfactualOptions(preview=True)
    with counted(run) as calls:
        long = seconds_expected(run, full, ["drain"])
    assert len(calls) <= 6
    assert long > seconds_expected(run, preview, ["drain"]) > 0


def test_a_finding_that_is_not_told_is_named(run: ImaginedRun) -> None:
    with pytest.raises(JobError, match="does not know 'gout'; it knows effusion, drain, wires"):
        asked(run, "gout")


@pytest.fixture
def moved(runs: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(runs, tmp_path / "moved")
    yield tmp_path / "moved"


def test_runs_may_be_moved_together(moved: Path) -> None:
    assert load_imagined(moved / "head").targets == FINDINGS


def test_a_base_with_other_weights_is_refused(moved: Path) -> None:
    shutil.rmtree(moved / "base")
    made_base(moved / "base", seed=7)
    with pytest.raises(JobError, match=r"head was trained on the codes of base .* train the head again, or put"):
        load_imagined(moved / "head")


def test_a_base_that_is_gone_is_refused(moved: Path) -> None:
    shutil.rmtree(moved / "base")
    with pytest.raises(JobError, match="the run 'base' is not there"):
        load_imagined(moved / "head")


def test_runs_that_draw_nothing_are_refused(moved: Path) -> None:
    made_run(moved / "plain")
    with pytest.raises(JobError, match="base is a diffusion run and tells no finding; ask a head"):
        load_imagined(moved / "base")
    with pytest.raises(JobError, match="plain classifies images and draws none"):
        load_imagined(moved / "plain")
    with pytest.raises(JobError, match="is not a run"):
        load_imagined(moved)


@pytest.fixture(scope="module")
def classes(runs: Path) -> ImaginedRun:
    """A head that chooses one of three, on the same base."""
    sha256 = file_sha256(runs / "base" / "checkpoints" / "best.safetensors")
    made_head(runs / "classes", open_run(runs / "base"), sha256, activation="softmax")
    return load_imagined(runs / "classes")


def test_of_classes_the_probabilities_are_those_of_the_head(classes: ImaginedRun, run: ImaginedRun) -> None:
    """And the image is drawn again as any head on the base has it drawn again."""
    found = asked(classes, amplitudes=(3.0,))
    assert sum(each.probability for each in found) == pytest.approx(1)
    subject = look_at(classes.explained.trained, FILM)
    told = probabilities(classes.explained.trained, subject.x)[0]
    assert [each.probability for each in found] == pytest.approx(told.tolist(), abs=1e-3)
    assert all(each.wanted[0] > each.probability for each in found)
    assert close(found[0].reconstruction, asked(run, "drain")[0].reconstruction)


def test_a_class_is_reached_and_left(classes: ImaginedRun) -> None:
    assert classes.head.exclusive
    for probability in (0.2, 0.6):
        (found,) = asked(classes, "wires", probability=probability)
        assert found.wanted[0] == pytest.approx(probability, abs=1e-3)
        assert (found.amplitudes[0] > 0) == (probability > found.probability)
    (away,) = asked(classes, "wires", named="paper", remove=True)
    assert away.amplitudes[0] == pytest.approx(-0.3 * float(classes.head.direction(2).norm()))
    assert away.wanted[0] < away.probability


def test_a_class_that_another_outdoes_is_refused_by_name(classes: ImaginedRun) -> None:
    weights = classes.head.weights
    between = replace(classes, explained=classes.explained)
    between.__dict__["head"] = replace(classes.head, weights=torch.stack([-weights[2], 0.2 * weights[2], weights[2]]))
    with pytest.raises(JobError, match=r"drain: a probability of 0\.99 is not reached .*; ask for less, or give"):
        asked(between, "drain", probability=0.99)
