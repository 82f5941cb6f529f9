from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import JobError
from engine.explanations import Explanation, bilinear

VALUES = np.array([[0.0, 1.0, 2.0], [3.0, -4.0, 5.0]], np.float32)


def made(**changes: Any) -> Explanation:
    entries: dict[str, Any] = {
        "values": VALUES,
        "image_rows": 40,
        "image_columns": 30,
        "method": "occlusion",
        "target": "pleural_effusion",
        "run": "run",
        "spec_sha256": "ab",
        "probability": 0.25,
        "options": {"fill": "mean", "size": None},
        "signed": True,
        "versions": {"torch": "2"},
    }
    return Explanation(**{**entries, **changes})


def test_the_scale_is_image_pixels_per_pixel_of_the_map() -> None:
    assert made().scale == (10.0, 20.0)


def test_a_file_holds_the_whole_explanation_and_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    path = tmp_path / "one.explanation"
    made().save(path)
    assert path.read_bytes() == made().to_bytes()
    again = Explanation.load(path)
    assert again.to_json() == made().to_json()
    np.testing.assert_array_equal(again.values, VALUES)
    assert Explanation.load(path.read_bytes()).to_bytes() == path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["one.explanation"]


def test_damaged_files_get_a_sentence(tmp_path: Path) -> None:
    whole = made().to_bytes()
    for number, data in enumerate((b"", b"GIF89a", whole[:-1], whole.replace(b"explanation 1", b"explanation 9"))):
        path = tmp_path / f"{number}.explanation"
        path.write_bytes(data)
        with pytest.raises(JobError, match=path.name):
            Explanation.load(path)
    with pytest.raises(JobError, match="cannot be read"):
        Explanation.load(tmp_path / "none")


@pytest.mark.parametrize(
    "changes",
    [
        {"values": np.array([[np.nan]], np.float32)},
        {"values": np.zeros((2, 2))},
        {"values": np.zeros((0, 2), np.float32)},
        {"probability": float("nan")},
        {"image_rows": 0},
        {"method": "guessing"},
    ],
)
def test_what_is_no_explanation_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(JobError):
        made(**changes)


@pytest.mark.parametrize("odd", [{"signed": 1}, {"target": None}, {"more": 1}, {"options": 3}])
def test_facts_from_another_process_are_checked(odd: dict[str, Any]) -> None:
    with pytest.raises(JobError, match="not whole"):
        Explanation.from_parts({**made().to_json(), **odd}, VALUES)


def test_normalised_keeps_the_sign_and_an_empty_map_empty() -> None:
    np.testing.assert_allclose(made().normalised(), VALUES / 5)
    assert not replace(made(), values=np.zeros((2, 2), np.float32)).normalised().any()


@pytest.mark.parametrize("shape", [(40, 30), (5, 7), (1, 1), (2, 3)])
def test_bilinear_is_torchs_interpolation(shape: tuple[int, int]) -> None:
    """torch.nn.functional.interpolate(mode="bilinear", align_corners=False) as the oracle."""
    values = np.random.default_rng(0).random((2, 6, 4), dtype=np.float32)
    theirs = torch.nn.functional.interpolate(
        torch.from_numpy(values)[None], shape, mode="bilinear", align_corners=False
    )
    np.testing.assert_allclose(bilinear(values, (0, 0, 4, 6), shape), theirs[0].numpy(), atol=1e-6)


def test_at_image_size_covers_the_image() -> None:
    """A map that rises by one from pixel to pixel rises evenly in the image; its ends are half a map pixel inside."""
    ramp = replace(made(), values=np.tile(np.arange(4, dtype=np.float32), (2, 1)), image_columns=8)
    whole = ramp.at_image_size()
    assert whole.shape == (40, 8)
    np.testing.assert_allclose(whole[0], [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3], atol=1e-6)


def test_a_part_is_cut_out_at_fractions_of_a_pixel() -> None:
    ramp = np.tile(np.arange(10, dtype=np.float32), (10, 1))
    part = bilinear(ramp, (2.5, 0.0, 5.0, 10.0), (10, 5))  # centres at 3.0, 4.0 … of the edge scale
    np.testing.assert_allclose(part[3], [2.5, 3.5, 4.5, 5.5, 6.5], atol=1e-6)
