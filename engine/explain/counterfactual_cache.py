"""Encodings that were made before, in memory and on disk: what makes the second look at an image quick.

An entry is the code of an image, the noise it comes from and its reconstruction. From these three the image can be
drawn again, so the folder is the user's own, bounded in size, and holds no name, path or date.
"""

import contextlib
import hashlib
import logging
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from platformdirs import user_cache_path
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from engine.diffusion.counterfactual import Quality
from engine.diffusion.trained import TrainedAutoencoder

__all__ = ["Encoding", "EncodingCache", "cache_folder", "encoding_key"]

_LOG = logging.getLogger(__name__)
_FORMAT = "encoding 1"  # part of every key: what another version wrote is not found
_REMEMBERED = 32
_DISK_BYTES = 512 << 20  # 200 films of the paper's size; 10,000 of 64²
_NAMES = ("code", "noise", "reconstruction")


@dataclass(frozen=True, eq=False)
class Encoding:
    """code: (1, latent); noise and reconstruction: (1, C, H, W), the latter in [−1, 1]. float32."""

    code: torch.Tensor
    noise: torch.Tensor
    reconstruction: torch.Tensor

    def to(self, device: torch.device) -> "Encoding":
        return Encoding(*(getattr(self, name).to(device) for name in _NAMES))


def cache_folder() -> Path:
    """Where encodings are kept on this computer, for this user."""
    return user_cache_path("readerapp", appauthor=False) / "encodings"


def encoding_key(base: TrainedAutoencoder, stored: np.ndarray, quality: Quality) -> str:
    """sha256 (hex) of all that an encoding depends on: the network's square, the weights, and the steps."""
    facts = f"{_FORMAT} {base.weights_sha256} {quality} {stored.dtype.str} {stored.shape} "
    return hashlib.sha256(facts.encode() + np.ascontiguousarray(stored).tobytes()).hexdigest()


class EncodingCache:
    """The encodings asked for last. folder: where they also lie on disk; None: in memory only.

    Nothing that goes wrong with a file ends the work: a damaged entry is made anew, a full disk keeps none.
    """

    def __init__(self, folder: Path | None = None, *, disk_bytes: int = _DISK_BYTES, remembered: int = _REMEMBERED):
        self._folder, self._disk_bytes, self._remembered = folder, disk_bytes, remembered
        self._memory: OrderedDict[str, Encoding] = OrderedDict()

    def get(self, key: str, image: torch.Tensor) -> Encoding | None:
        """The encoding of an image (1, C, H, W), on its device; None where there is none that fits."""
        found = self._memory.get(key) or self._read(key)
        if found is None or found.noise.shape != image.shape:
            return None
        self._remember(key, found)
        return found.to(image.device)

    def put(self, key: str, encoding: Encoding) -> None:
        kept = encoding.to(torch.device("cpu"))
        self._remember(key, kept)
        if self._folder is not None:
            try:
                self._write(self._folder, key, kept)
                self._shrink(self._folder)
            except (OSError, SafetensorError) as error:
                _LOG.warning("an encoding could not be kept in %s: %s", self._folder, error)

    def _remember(self, key: str, encoding: Encoding) -> None:
        self._memory[key] = encoding
        self._memory.move_to_end(key)
        while len(self._memory) > self._remembered:
            self._memory.popitem(last=False)

    def _read(self, key: str) -> Encoding | None:
        if self._folder is None:
            return None
        path = self._folder / f"{key}.safetensors"
        try:
            found = Encoding(**load_file(path))
            if not all(_sound(getattr(found, name)) for name in _NAMES):
                raise ValueError("it holds what is no encoding")
            os.utime(path)  # the ones used longest ago go first
        except FileNotFoundError:
            return None
        except (SafetensorError, OSError, TypeError, ValueError) as error:
            _LOG.warning("an encoding in %s is damaged and made anew: %s", self._folder, error)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return found

    def _write(self, folder: Path, key: str, encoding: Encoding) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{key}.safetensors"
        part = path.with_suffix(f".{os.getpid()}.part")
        save_file({name: getattr(encoding, name).contiguous() for name in _NAMES}, part)
        part.replace(path)

    def _shrink(self, folder: Path) -> None:
        """Drop what was used longest ago until the folder is within its bound; another process may do the same."""
        entries = []
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                facts = path.stat()
                entries.append((facts.st_mtime_ns, facts.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self._disk_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


def _sound(values: torch.Tensor) -> bool:
    return values.dtype == torch.float32 and values.ndim in (2, 4) and bool(torch.isfinite(values).all())
