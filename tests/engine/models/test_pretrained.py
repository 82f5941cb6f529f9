import hashlib
import pickle
from pathlib import Path

import pytest
import torch
import torchvision

from engine.errors import JobError
from engine.models.classifier import NETWORKS, build_classifier
from engine.models.pretrained import imagenet_file, imagenet_weights, read_weights


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    return tmp_path / "hub" / "checkpoints"


def named_by_hash(path: Path, name: str) -> Path:
    """As torch.hub names a file: its name ends with the first digits of its sha256."""
    return path.rename(path.with_name(f"{name}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.pth"))


@pytest.mark.parametrize("name", [name for name, network in NETWORKS.items() if network.published])
def test_absent_weights_are_told_with_where_they_belong(name: str, cache: Path) -> None:
    with pytest.raises(JobError) as caught:
        imagenet_weights(name)  # type: ignore[arg-type]
    path, url = imagenet_file(name)  # type: ignore[arg-type]
    assert path.parent == cache
    assert f"not available: weights not found at {path}" in str(caught.value)
    assert url in str(caught.value) and "weights=none" in str(caught.value)


def test_a_network_that_nobody_trained_on_imagenet_says_so() -> None:
    with pytest.raises(JobError, match="there are no ImageNet weights of small"):
        imagenet_weights("small")


def test_a_file_under_its_name_with_another_content_is_refused(cache: Path) -> None:
    path, _ = imagenet_file("resnet18")
    path.write_bytes(b"half a download")
    with pytest.raises(JobError, match="is damaged: its sha256 begins with"):
        imagenet_weights("resnet18")


def test_weights_are_read(tmp_path: Path) -> None:
    torch.save({"a": torch.arange(3.0)}, tmp_path / "x")
    assert torch.equal(read_weights(named_by_hash(tmp_path / "x", "net"))["a"], torch.arange(3.0))


class Harmful:
    def __reduce__(self) -> tuple:
        return Path.write_text, (Path("harm"), "done")


def test_nothing_in_a_file_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").write_bytes(pickle.dumps(Harmful(), protocol=2))
    with pytest.raises(JobError, match="does not hold weights"):
        read_weights(named_by_hash(tmp_path / "x", "net"))
    assert not (tmp_path / "harm").exists()


def test_the_old_names_of_densenet_are_todays(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published file says norm.1 where today's network says norm1."""
    peer = torchvision.models.densenet121(weights=None)
    old = {}
    for key, value in peer.state_dict().items():
        for part in ("norm1", "norm2", "relu1", "relu2", "conv1", "conv2"):
            if "denselayer" in key:
                key = key.replace(part, f"{part[:-1]}.{part[-1]}")
        if not key.endswith("num_batches_tracked"):  # younger than the file
            old[key] = value
    assert set(old) != set(peer.state_dict())
    torch.save(old, cache / "x")
    path = named_by_hash(cache / "x", "densenet121")
    monkeypatch.setattr("engine.models.pretrained.imagenet_file", lambda name: (path, ""))
    weights = imagenet_weights("densenet121")
    net = build_classifier("densenet121", 3, imagenet=weights)
    assert torch.equal(
        net.trunk[0].denseblock1.denselayer1.norm1.weight, weights["features.denseblock1.denselayer1.norm1.weight"]
    )
