"""Checkpoints that are whole or absent: tensors as safetensors, everything else as JSON in their metadata. No pickle.

`last.state.safetensors` alone is what a run resumes from: weights, moving average, optimizer and place in one file, so
that no kill can leave parts of two moments. `last` and `best` hold the weights that others use.
"""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from engine.errors import JobError

__all__ = ["load_optimizer", "optimizer_tensors", "read_state", "write_whole"]

STATE = "last.state.safetensors"


def write_whole(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> None:
    """Write a safetensors file so that `path` is the old one or the new one at every moment, also after a power cut.

    Raises JobError, with the old file untouched, where the disk is full or refuses.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.touch()
        mode = part.stat().st_mode  # safetensors would leave the file to its owner alone
        save_file({name: value.detach().contiguous() for name, value in tensors.items()}, part, dict(metadata))
        part.chmod(mode)
        with part.open("r+b") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except (OSError, SafetensorError) as error:
        part.unlink(missing_ok=True)
        size = sum(value.nbytes for value in tensors.values()) / 1e6
        reason = "the disk is full" if _is_full(error) else str(error)
        raise JobError(
            f"the checkpoint {path.name} of {size:.0f} MB cannot be written: {reason}; make room and go on with "
            f"`engine resume {path.parent.parent}`, which begins at the checkpoint before"
        ) from error


def _is_full(error: Exception) -> bool:
    full = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return getattr(error, "errno", None) in full or any(f"os error {code}" in str(error) for code in full)


def read_state(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Tensors and facts of a state file; None where there is none. JobError for one that cannot be read."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["state"])  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise JobError(f"{path} cannot be read: {error}; delete it to train from the beginning") from error


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """What the optimizer remembers of each weight, as "optimizer.<number of the weight>.<name>"."""
    return {
        f"optimizer.{number}.{name}": value
        for number, facts in optimizer.state_dict()["state"].items()
        for name, value in facts.items()
        if isinstance(value, torch.Tensor)
    }


def load_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    """Give an optimizer of the same kind and weights back what `optimizer_tensors` told.

    Each lies in memory as its weight does (channels_last): fused optimizers walk over both side by side.
    """
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        kind, _, rest = key.partition(".")
        if kind == "optimizer":
            number, _, name = rest.partition(".")
            weight = weights[int(number)]
            laid = torch.empty_like(weight).copy_(value) if value.shape == weight.shape else value
            state.setdefault(int(number), {})[name] = laid
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
