import os
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.counterfactual import Quality
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder
from engine.explain.counterfactual_cache import Encoding, EncodingCache, encoding_key
from tests.engine.explain.made_imaginer import SHAPE, made_network

IMAGE = torch.zeros(1, 1, 8, 8)


def made(seed: int = 0, size: int = 8) -> Encoding:
    generator = torch.Generator().manual_seed(seed)
    square = torch.rand((1, 1, size, size), generator=generator)
    return Encoding(torch.rand((1, 4), generator=generator), square, square * 2 - 1)


def same(one: Encoding | None, other: Encoding) -> bool:
    return one is not None and all(
        torch.equal(getattr(one, name), getattr(other, name)) for name in ("code", "noise", "reconstruction")
    )


def test_what_was_put_is_found_again_also_by_another(tmp_path: Path) -> None:
    EncodingCache(tmp_path / "kept").put("a", made())
    assert same(EncodingCache(tmp_path / "kept").get("a", IMAGE), made())
    assert EncodingCache(tmp_path / "kept").get("b", IMAGE) is None
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["a.safetensors"]


def test_without_a_folder_it_is_remembered_only(tmp_path: Path) -> None:
    cache = EncodingCache(remembered=2)
    for number in range(3):
        cache.put(str(number), made(number))
    assert cache.get("0", IMAGE) is None
    assert same(cache.get("2", IMAGE), made(2))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["cut", "nonsense", "empty", "other tensors", "not finite"])
def test_a_damaged_entry_is_none_and_is_taken_away(tmp_path: Path, damage: str) -> None:
    from safetensors.torch import save_file

    EncodingCache(tmp_path).put("a", made())
    path = tmp_path / "a.safetensors"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif damage == "nonsense":
        path.write_bytes(b"\xff" * 300)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other tensors":
        save_file({"weights": torch.zeros(3)}, path)
    else:
        nothing = torch.full((1, 1, 8, 8), float("nan"))
        save_file({"code": torch.zeros(1, 4), "noise": nothing, "reconstruction": nothing.clone()}, path)
    cache = EncodingCache(tmp_path)
    assert cache.get("a", IMAGE) is None
    assert not path.exists()
    cache.put("a", made())
    assert same(EncodingCache(tmp_path).get("a", IMAGE), made())


def test_an_entry_of_another_shape_does_not_fit(tmp_path: Path) -> None:
    EncodingCache(tmp_path).put("a", made(size=4))
    assert EncodingCache(tmp_path).get("a", IMAGE) is None


def test_the_folder_stays_within_its_bound_and_the_oldest_go(tmp_path: Path) -> None:
    cache = EncodingCache(tmp_path, disk_bytes=1 << 30, remembered=0)
    for number in range(4):
        cache.put(str(number), made(number))
        os.utime(tmp_path / f"{number}.safetensors", (number, number))
    each = (tmp_path / "0.safetensors").stat().st_size
    assert same(cache.get("1", IMAGE), made(1))  # what is used stays
    EncodingCache(tmp_path, disk_bytes=3 * each).put("4", made(4))
    assert {path.stem for path in tmp_path.iterdir()} == {"1", "3", "4"}


def test_a_folder_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = EncodingCache(tmp_path / "file" / "folder")
    cache.put("a", made())
    assert same(cache.get("a", IMAGE), made())


def test_the_key_is_of_pixels_weights_and_steps() -> None:
    description = AutoencoderDescription(SHAPE, NoiseSchedule())
    net = made_network()
    one, other = (TrainedAutoencoder(net, description, {}, sha256) for sha256 in ("1" * 64, "2" * 64))
    square = np.arange(1024, dtype=np.uint8).reshape(32, 32)
    keys = {
        encoding_key(one, square, Quality()),
        encoding_key(other, square, Quality()),
        encoding_key(one, square + 1, Quality()),
        encoding_key(one, square.astype(np.uint16), Quality()),
        encoding_key(one, square, Quality(100, 200)),
        encoding_key(one, square, Quality(250, 100)),
        encoding_key(one, square, Quality(250, 200, fast=True)),
    }
    assert len(keys) == 7
    assert encoding_key(one, square.copy(), Quality()) in keys
