import numpy as np
import pytest
import torch
import torchvision

from engine.models.classifier import NETWORKS, build_classifier
from engine.models.normalisation import as_tensor, normalised, unit_pixels


@pytest.mark.parametrize("name", [name for name, network in NETWORKS.items() if network.published])
def test_a_network_is_torchvisions_up_to_its_head(name: str) -> None:
    """Same weights, same features: our trunk, pooling and head give torchvision's logits."""
    torch.manual_seed(0)
    peer = torchvision.models.get_model(name, weights=None, num_classes=1000).eval()
    ours = build_classifier(name, 1000, imagenet=peer.state_dict()).eval()  # type: ignore[arg-type]
    last = [module for module in peer.modules() if isinstance(module, torch.nn.Linear)][-1]
    ours.fc.load_state_dict(last.state_dict())
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), peer(x), rtol=1e-4, atol=1e-5)
        features = ours.features(x)
        torch.testing.assert_close(ours.head(features), ours(x))
        torch.testing.assert_close(ours(ours.pooled(features)), ours(x))


def test_the_small_network_is_small() -> None:
    net = build_classifier("small", 3).eval()
    assert sum(weight.numel() for weight in net.parameters()) < 0.3e6
    x = torch.randn(1, 3, 64, 64)
    assert net.features(x).shape == (1, net.fc.in_features, 4, 4)
    assert (net.features(x) >= 0).all()


def test_max_pooling_takes_the_largest_of_each_map() -> None:
    net = build_classifier("resnet18", 2, pooling="max")
    features = torch.randn(3, 512, 4, 5)
    torch.testing.assert_close(net.pooled(features), features.reshape(3, 512, 20).max(2).values)


def test_dropout_is_before_the_head_and_rests_in_evaluation() -> None:
    net = build_classifier("resnet18", 2, dropout=0.9)
    features = torch.ones(1, 512, 2, 2)
    assert not torch.equal(net.train().head(features), net.head(features))
    assert torch.equal(net.eval().head(features), net.head(features))


def test_a_frozen_trunk_learns_nothing_and_keeps_its_statistics() -> None:
    net = build_classifier("resnet18", 2)
    net.freeze_trunk()
    net.train()
    before = {name: value.clone() for name, value in net.trunk.state_dict().items()}
    net(torch.randn(4, 3, 32, 32)).sum().backward()
    assert all(torch.equal(before[name], value) for name, value in net.trunk.state_dict().items())
    assert [name for name, weight in net.named_parameters() if weight.grad is not None] == ["fc.weight", "fc.bias"]
    assert net.fc.training and not net.trunk.training


@pytest.mark.parametrize(("dtype", "top"), [(np.uint8, 255), (np.uint16, 65535)])
def test_stored_pixels_become_their_share_of_the_range(dtype: type, top: int) -> None:
    values = np.linspace(0, top, 1 << 12).round().astype(dtype).reshape(1, 64, 64)
    stored, bits = as_tensor(values)
    np.testing.assert_allclose(unit_pixels(stored, bits).numpy(), values / top, atol=1e-6)


def test_normalising_is_imagenets_on_three_equal_channels() -> None:
    x = normalised(torch.tensor([[[0.0, 1.0]]]))
    assert x.shape == (1, 3, 1, 2)
    np.testing.assert_allclose(x[0, :, 0, 0], -np.array([0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225], rtol=1e-5)
    np.testing.assert_allclose(x[0, :, 0, 1], (1 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225], rtol=1e-5)


def test_other_dtypes_are_refused() -> None:
    with pytest.raises(TypeError, match="not int32"):
        as_tensor(np.zeros((1, 2, 2), np.int32))
