"""Training images in batches: from the device where all of them fit, else gathered from the memory-mapped store."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from engine.models.normalisation import as_tensor, normalised, unit_pixels
from engine.training.augmentation import Augmentation

__all__ = ["FeatureExamples", "ImageExamples", "Pixels"]

_SHARE_OF_MEMORY = 0.5  # of what is free on the GPU; the rest is the network's
_AS_IT_IS = Augmentation()
_PIECE = 2048  # images that are copied at once


class Pixels:
    """Some images of one or several stores, numbered 0 … n − 1, as stored.

    parts: (pixels (m, size, size) uint8 or uint16, rows (k,) int64) of each store, in the order of the numbers.
    """

    def __init__(self, parts: Sequence[tuple[np.ndarray, np.ndarray]], device: torch.device) -> None:
        self.device = device
        self.bits = 8 if parts[0][0].dtype == np.uint8 else 16
        self._parts = [pixels for pixels, _ in parts]
        self._part_of = np.concatenate([np.full(len(rows), k) for k, (_, rows) in enumerate(parts)])
        self._row_of = np.concatenate([rows for _, rows in parts]).astype(np.int64)
        self._resident = self._all_on_device() if device.type == "cuda" and self._fits() else None

    def __len__(self) -> int:
        return len(self._row_of)

    @property
    def gathers(self) -> bool:
        """Whether a batch is read from the memory map while a GPU waits for it."""
        return self._resident is None and self.device.type == "cuda"

    def take(self, positions: np.ndarray) -> torch.Tensor:
        """(b,) positions → (b, size, size) as stored, on the device."""
        if self._resident is not None:
            return self._resident[torch.from_numpy(positions).to(self.device, non_blocking=True)]
        return self.move(self.gather(positions))

    def gather(self, positions: np.ndarray) -> torch.Tensor:
        """(b,) positions → (b, size, size) as stored, in memory; pinned where a GPU will fetch it."""
        parts, rows = self._part_of[positions], self._row_of[positions]
        squares = np.empty((len(positions), *self._parts[0].shape[1:]), self._parts[0].dtype)
        for number in np.unique(parts):
            of_part = parts == number
            squares[of_part] = self._parts[number][rows[of_part]]
        stored, _ = as_tensor(squares)
        return stored.pin_memory() if self.device.type == "cuda" else stored

    def move(self, stored: torch.Tensor) -> torch.Tensor:
        return stored.to(self.device, non_blocking=True)

    def _fits(self) -> bool:
        first = self._parts[0]
        needed = len(self) * int(np.prod(first.shape[1:])) * first.dtype.itemsize
        return needed <= _SHARE_OF_MEMORY * torch.cuda.mem_get_info(self.device)[0]

    def _all_on_device(self) -> torch.Tensor:
        dtype = torch.uint8 if self.bits == 8 else torch.int16
        whole = torch.empty((len(self), *self._parts[0].shape[1:]), dtype=dtype, device=self.device)
        for start in range(0, len(self), _PIECE):
            piece = np.arange(start, min(start + _PIECE, len(self)))
            whole[start : start + len(piece)] = self.gather(piece).to(self.device)
        return whole


@dataclass(frozen=True, eq=False)
class ImageExamples:
    """Images with their truths; augmented in [0, 1], normalised last.

    truths: (n, C) int8: 1, 0, −1 where it is not stated, on the pixels' device.
    """

    pixels: Pixels
    truths: torch.Tensor
    image_ids: Sequence[str]
    augmentation: Augmentation = _AS_IT_IS
    channels_last: bool = True
    prepare: Callable[[torch.Tensor, bool], torch.Tensor] = normalised  # (b, H, W) in [0, 1] → what a network sees

    def batches(
        self, positions: Iterable[np.ndarray], draws: Iterable[np.ndarray] | None
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """(b, 3, H, W) float32 and (b, C) int8 for each (b,) positions; draws: (b, Augmentation.DRAWS) or None."""
        chances = iter(draws) if draws is not None else None
        for each, stored in self._stored(positions):
            images = unit_pixels(stored, self.pixels.bits)  # (b, H, W) in [0, 1]
            if chances is not None:
                images = self.augmentation(images, next(chances))
            yield self.prepare(images, self.channels_last), self.truths[torch.from_numpy(each).to(self.truths.device)]

    def names(self, positions: np.ndarray) -> list[str]:
        return [self.image_ids[position] for position in positions]

    def _stored(self, positions: Iterable[np.ndarray]) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
        """The next batch is gathered while a GPU works on this one."""
        if not self.pixels.gathers:
            yield from ((each, self.pixels.take(each)) for each in positions)
            return
        with ThreadPoolExecutor(1) as ahead:
            waiting: tuple[np.ndarray, Future[torch.Tensor]] | None = None
            for each in positions:
                coming = each, ahead.submit(self.pixels.gather, each)
                if waiting:
                    yield waiting[0], self.pixels.move(waiting[1].result())
                waiting = coming
            if waiting:
                yield waiting[0], self.pixels.move(waiting[1].result())


@dataclass(frozen=True, eq=False)
class FeatureExamples:
    """Pooled features of a frozen trunk, computed once: (n, F) float32, and truths (n, C) int8."""

    features: torch.Tensor
    truths: torch.Tensor
    image_ids: Sequence[str]

    def batches(
        self, positions: Iterable[np.ndarray], draws: Iterable[np.ndarray] | None
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """(b, F) float32 and (b, C) int8 for each (b,) positions; features are not augmented."""
        for each in positions:
            chosen = torch.from_numpy(each).to(self.features.device)
            yield self.features[chosen], self.truths[chosen]

    def names(self, positions: np.ndarray) -> list[str]:
        return [self.image_ids[position] for position in positions]
