import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.counterfactuals import Counterfactual, CounterfactualOptions, counterfactual_options, in_percent
from engine.errors import JobError


def made(
    amplitudes: tuple[float, ...] = (-1.5, 2.0), shape: tuple[int, int] = (6, 4), **changes: Any
) -> Counterfactual:
    chance = np.random.default_rng(4)
    count = len(amplitudes)
    facts: dict[str, Any] = {
        "factual": chance.random(shape, np.float32),
        "reconstruction": chance.random(shape, np.float32),
        "drawings": chance.random((count, *shape), np.float32),
        "amplitudes": amplitudes,
        "target": "effusion",
        "probability": 0.2,
        "wanted": tuple(0.5 for _ in amplitudes),
        "drawn": tuple(0.4 for _ in amplitudes),
        "drawn_reconstruction": 0.25,
        "image_rows": 60,
        "image_columns": 40,
        "run": "head",
        "spec_sha256": "1" * 64,
        "weights_sha256": "2" * 64,
        "base_sha256": "3" * 64,
        "options": {"preview": True},
        "versions": {"torch": "2"},
    }
    return Counterfactual(**{**facts, **changes})


def test_a_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    saved = made(seconds=1.5)
    saved.save(tmp_path / "film.counterfactual")
    loaded = Counterfactual.load(tmp_path / "film.counterfactual")
    for each in dataclasses.fields(Counterfactual):
        mine, theirs = getattr(saved, each.name), getattr(loaded, each.name)
        assert np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs
    assert loaded.to_bytes() == saved.to_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["film.counterfactual"]


def test_a_damaged_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    whole = made().to_bytes()
    for damaged in (whole[:-5], whole[:30], b"", b"nonsense that is no frame"):
        with pytest.raises(JobError, match=r"damaged|holds no counterfactual"):
            Counterfactual.load(damaged)
    with pytest.raises(JobError, match="cannot be read"):
        Counterfactual.load(tmp_path / "nowhere")


@pytest.mark.parametrize("change", [{"target": 3}, {"wanted": 0.5}, {"surplus": 1}, {"run": None}])
def test_facts_that_are_not_whole_are_refused(change: dict[str, Any]) -> None:
    one = made()
    with pytest.raises(JobError, match="not whole"):
        Counterfactual.from_parts({**one.to_json(), **change}, one.factual, one.reconstruction, one.drawings)


@pytest.mark.parametrize(
    "change",
    [
        {"drawings": np.zeros((1, 6, 4), np.float32)},
        {"reconstruction": np.zeros((6, 5), np.float32)},
        {"wanted": (0.5,)},
        {"drawn": (0.5, 1.5)},
        {"probability": float("nan")},
        {"reconstruction": np.full((6, 4), 2, np.float32)},
        {"factual": np.zeros((6, 4))},
    ],
)
def test_what_is_no_counterfactual_cannot_be_made(change: dict[str, Any]) -> None:
    with pytest.raises(JobError):
        made(**change)


def logistic(logit: float) -> float:
    return 1 / (1 + np.exp(-logit))


@given(st.floats(-3, 3), st.floats(0.5, 3), st.sampled_from([-1, 1]), st.floats(-1, 2))
@settings(deadline=None)
def test_the_confirmed_share_is_of_the_change_of_the_logit(before: float, step: float, way: int, share: float) -> None:
    """The reconstruction may be judged otherwise than the image: what counts is the change from each."""
    seen = before + 0.7
    one = made(
        (1.0,),
        probability=logistic(before),
        wanted=(logistic(before + way * step),),
        drawn_reconstruction=logistic(seen),
        drawn=(logistic(seen + share * way * step),),
    )
    assert one.confirmed[0] == pytest.approx(share, abs=1e-6)


def test_where_nothing_was_to_change_nothing_is_confirmed() -> None:
    assert np.isnan(made((0.0,), probability=0.5).confirmed[0])


def test_differences_are_from_the_reconstruction() -> None:
    one = made()
    np.testing.assert_array_equal(one.differences[1], one.drawings[1] - one.reconstruction)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"amplitudes": [1.0], "probability": 0.9}, "amplitudes and probability both say how far; give one of them"),
        ({"named": "paper", "probability": 0.9}, "probability and named both say how far"),
        ({"remove": True, "amplitudes": [2.0]}, "give a negative amplitude"),
        ({"probability": 1.0}, "probability = 1.0 is not possible"),
        ({"amplitudes": [float("inf")]}, "amplitudes"),
        ({"named": "mine"}, "named = 'mine' is not possible"),
        ({"amplitude": 2.0}, "amplitude = 2.0 is not possible"),
        ({"encode_steps": 1}, "encode_steps = 1"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(entries: dict[str, Any], sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        counterfactual_options(entries)


def test_options_come_back_from_plain_values() -> None:
    asked = CounterfactualOptions(amplitudes=(1.0, -2.5), preview=True)
    assert counterfactual_options(asked.model_dump(mode="json")) == asked
    assert counterfactual_options({"named": "paper", "remove": True}).remove


def test_a_share_for_a_person_is_never_minus_nothing() -> None:
    assert [in_percent(share) for share in (0.853, -0.001, -0.2)] == ["85 %", "0 %", "-20 %"]
