"""A diffusion run and a head on its codes. Nothing is trained: weights come from a seed, and the code matters."""

from pathlib import Path

import torch
from torch import nn

from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription
from engine.hashing import file_sha256
from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run
from engine.models.autoencoder import Autoencoder, AutoencoderShape
from engine.models.classifier import LatentClassifier
from engine.models.trained import Description
from engine.training.checkpoints import write_whole

FINDINGS = ("effusion", "drain", "wires")
SHAPE = AutoencoderShape(32, 8, (1, 2), (1, 2), 1, (), 16, 0.0, 1)


_TOLD = 0.004  # the noise that is told: drawing sums it up to 157 times that


def made_network(seed: int = 1, shape: AutoencoderShape = SHAPE) -> Autoencoder:
    """A denoiser that says a little everywhere, for another code something else: an image is drawn again well."""
    torch.manual_seed(seed)
    net = Autoencoder(shape)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.Conv2d) and not module.weight.any():
                nn.init.normal_(module.weight, std=0.05)
        net.encoder.project.weight *= 4
        x = torch.randn(4, shape.colours, shape.image_size, shape.image_size)
        last = net.unet.last[2]
        last.weight *= _TOLD / net(x, torch.full((4,), 500.0), x.clamp(-1, 1)).std()
    return net.eval().requires_grad_(False)


def made_base(path: Path, seed: int = 1) -> RunFolder:
    """A run folder with a checkpoint, as a training of diffusion leaves it."""
    settings = {"image_size": SHAPE.image_size, "channels": SHAPE.channels, "latent": SHAPE.latent}
    run = create_run(path, make_spec("diffusion", settings=settings))
    description = AutoencoderDescription(SHAPE, NoiseSchedule())
    facts = {"network": description.to_json(), "facts": '{"epoch": 1}'}
    write_whole(run.checkpoints / "best.safetensors", made_network(seed).state_dict(), facts)
    return run


def made_head(path: Path, base: RunFolder, base_sha256: str, activation: str = "sigmoid") -> RunFolder:
    """A head on the codes of a base, which is beside it, as a probe leaves it: of findings, or of groups (softmax)."""
    target = "findings" if activation == "sigmoid" else "race"
    run = create_run(path, make_spec("probe", settings={"base_run": base.path.name, "target": target}))
    description = Description(
        "latent", "average", 0.0, FINDINGS, activation, SHAPE.image_size,  # type: ignore[arg-type]
        latent=SHAPE, base_run=base.path.name, base_sha256=base_sha256,
    )  # fmt: skip
    torch.manual_seed(2)
    net = LatentClassifier(SHAPE, len(FINDINGS))
    encoder = made_network().encoder
    net.trunk.load_state_dict(encoder.trunk.state_dict())
    net.project.load_state_dict(encoder.project.state_dict())
    net.standardise.learn(torch.randn(50, SHAPE.latent) * 0.4 + 0.1)
    facts = {"network": description.to_json(), "facts": '{"epoch": 1}'}
    write_whole(run.checkpoints / "best.safetensors", net.state_dict(), facts)
    return run


def made_runs(folder: Path) -> tuple[RunFolder, RunFolder]:
    """The base and the head on it."""
    base = made_base(folder / "base")
    return base, made_head(folder / "head", base, file_sha256(base.checkpoints / "best.safetensors"))
