"""From stored squares to what a network sees. Normalising is the last thing that happens to pixels."""

import numpy as np
import torch

__all__ = ["IMAGENET_MEAN", "IMAGENET_STD", "normalised", "symmetric", "unit_pixels"]

# torchvision's constants; trunks trained from scratch see the same range, so that one pipeline serves all.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


def unit_pixels(stored: torch.Tensor, bits: int) -> torch.Tensor:
    """Stored pixels of 8 bits (uint8) or 16 (their bytes as int16) → float32 in [0, 1], of the same shape."""
    if bits == 8:
        return stored.to(torch.float32) / 255
    values = stored.to(torch.float32)  # few operations know uint16, so its bytes travel as int16
    return torch.where(values < 0, values + 65536, values) / 65535


def as_tensor(squares: np.ndarray) -> tuple[torch.Tensor, int]:
    """uint8, uint16 or float32 squares as a tensor and its bits; 0 stands for float32, which is in [0, 1] already.

    Raises TypeError for another dtype.
    """
    own = np.require(squares, requirements=["C", "W"])  # a tensor of what must not be written would be one that can
    if squares.dtype == np.uint16:
        return torch.from_numpy(own.view(np.int16)), 16
    if squares.dtype == np.uint8:
        return torch.from_numpy(own), 8
    if squares.dtype == np.float32:
        return torch.from_numpy(own), 0
    raise TypeError(f"squares are uint8, uint16 or float32, not {squares.dtype}")


def normalised(images: torch.Tensor, channels_last: bool = True) -> torch.Tensor:
    """(N, H, W) in [0, 1] → (N, 3, H, W), every channel the same grey, with ImageNet's mean and deviation."""
    mean = torch.tensor(IMAGENET_MEAN, device=images.device).reshape(1, 3, 1, 1)
    std = torch.tensor(IMAGENET_STD, device=images.device).reshape(1, 3, 1, 1)
    x = (images.unsqueeze(1) - mean) / std  # (N, 3, H, W)
    return x.contiguous(memory_format=torch.channels_last) if channels_last else x


def symmetric(images: torch.Tensor, channels_last: bool = True, colours: int = 1) -> torch.Tensor:
    """(N, H, W) in [0, 1] → (N, colours, H, W) in [−1, 1], the range that diffusion works in."""
    x = (2 * images - 1).unsqueeze(1).expand(-1, colours, -1, -1)
    return x.contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)
