"""A trained diffusion autoencoder as everything after training uses it: codes of images, and images of codes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from engine.cohorts.store import StoreSpec
from engine.diffusion.samplers import Denoiser
from engine.diffusion.schedule import NoiseSchedule
from engine.errors import JobError
from engine.hashing import file_sha256
from engine.jobs.run import RunFolder
from engine.models.autoencoder import Autoencoder, AutoencoderShape, shape_from_entries
from engine.models.normalisation import as_tensor, symmetric, unit_pixels

__all__ = ["AutoencoderDescription", "Prediction", "TrainedAutoencoder", "load_autoencoder"]

Prediction = Literal["noise", "velocity"]
_KIND = "autoencoder"


@dataclass(frozen=True)
class AutoencoderDescription:
    """What a checkpoint says of its network, in its metadata under "network"."""

    shape: AutoencoderShape
    schedule: NoiseSchedule
    bits: Literal[8, 16] = 8  # of the stored pixels it was trained on
    ct: str = ""  # how volumes became slices
    prediction: Prediction = "noise"  # what the U-Net says

    @property
    def store(self) -> StoreSpec:
        """The store whose squares it was trained on."""
        return StoreSpec(self.shape.image_size, self.bits, self.ct)

    def to_json(self) -> str:
        return json.dumps({"kind": _KIND} | asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "AutoencoderDescription":
        """Raises KeyError, TypeError or ValueError for what is no description of an autoencoder."""
        entries = json.loads(text)
        if entries.get("kind") != _KIND:
            raise ValueError("its network is no diffusion autoencoder")
        schedule = NoiseSchedule(**entries["schedule"])
        return cls(
            shape_from_entries(entries["shape"]), schedule, entries["bits"], entries["ct"], entries["prediction"]
        )

    def noise(self, said: torch.Tensor, x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        """The noise in x (N, C, H, W) at `times` (N,), from what the U-Net said of it."""
        if self.prediction == "noise":
            return said
        alphas = torch.from_numpy(self.schedule.alpha(times.double().cpu().numpy())).to(x).reshape(-1, 1, 1, 1)
        return (1 - alphas).sqrt() * x + alphas.sqrt() * said


@dataclass(frozen=True, eq=False)
class TrainedAutoencoder:
    """A network in evaluation mode, in channels_last, without gradients of its weights."""

    net: Autoencoder
    description: AutoencoderDescription
    facts: dict[str, Any]  # of the checkpoint: images, epoch, metrics
    weights_sha256: str = ""  # of the file

    @property
    def device(self) -> torch.device:
        return next(self.net.parameters()).device

    def tensor(self, squares: Any) -> torch.Tensor:
        """(N, size, size) uint8, uint16 (full range) or float32 in [0, 1] → (N, C, size, size) in [−1, 1]."""
        pixels, bits = as_tensor(squares)
        pixels = pixels.to(self.device)
        unit = pixels if bits == 0 else unit_pixels(pixels, bits)
        return symmetric(unit, colours=self.description.shape.colours)

    @torch.no_grad()
    def codes(self, images: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) in [−1, 1] → (N, latent) float32."""
        return self.net.encoder(images).float()

    def denoiser(self, codes: torch.Tensor) -> Denoiser:
        """The network told by codes (N, latent), one for each image that is drawn."""

        def denoise(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
            with torch.no_grad():
                said = self.net.unet(x.contiguous(memory_format=torch.channels_last), times, codes).float()
            return self.description.noise(said, x, times)

        return denoise


def load_autoencoder(
    run: RunFolder, *, device: torch.device | str = "cpu", checkpoint: str = "best"
) -> TrainedAutoencoder:
    """The network of a diffusion run: the moving average of its weights. Nothing in the file is run.

    JobError where the run has no checkpoint yet, one that cannot be read, or one of another kind of network.
    """
    path = run.checkpoints / f"{checkpoint}.safetensors"
    if not path.is_file():
        raise JobError(f"{run.path} has no {path.name} yet; train it, or go on with `engine resume`")
    description, facts = _read(path)
    net = Autoencoder(description.shape)
    net.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    net = net.to(device=device, memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
    return TrainedAutoencoder(net, description, facts, file_sha256(path))


def _read(path: Path) -> tuple[AutoencoderDescription, dict[str, Any]]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        return AutoencoderDescription.from_json(metadata["network"]), json.loads(metadata["facts"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise JobError(f"the checkpoint {path} is not one of a diffusion run: {error}") from error
