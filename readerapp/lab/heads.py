"""Runs that counterfactuals can be asked of: heads on the codes of a diffusion run. No torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import JobError
from engine.jobs.run import base_places, find_run, open_run
from engine.jobs.specs import DiffusionSpec, ProbeSpec

__all__ = ["Heads", "amplitudes_of", "heads_among"]

_RELEASED_SHARE = 0.6  # of √latent: how far the paper's released code goes


@dataclass(frozen=True)
class Heads:
    """Name → folder of each head, and a sentence for each whose diffusion run is not to be found."""

    runs: Mapping[str, Path]
    unusable: tuple[str, ...] = ()


def heads_among(runs: Mapping[str, Path]) -> Heads:
    """Those of many runs (name → folder) that draw counterfactuals."""
    found, unusable = {}, []
    for name, path in runs.items():
        try:
            if _base(path) is not None:
                found[name] = path
        except JobError as error:
            unusable.append(f"{name}: {error}")
    return Heads(found, tuple(unusable))


def amplitudes_of(run: Path, away: bool, steps: int) -> tuple[float, ...]:
    """Steps of a trajectory, the last as long as that of the paper's released code. JobError for no head."""
    base = _base(run)
    if base is None:
        raise JobError(f"{run} is no head on the codes of a diffusion run; choose one")
    longest = _RELEASED_SHARE * math.sqrt(base.latent) * (-1 if away else 1)
    return tuple(longest * step / steps for step in range(1, steps + 1))


def _base(path: Path) -> DiffusionSpec | None:
    """The spec of the diffusion run; None where it is a run of another kind. JobError where there is none."""
    run = open_run(path)
    spec = find_run(run.spec.base_run, base_places(run)).spec if isinstance(run.spec, ProbeSpec) else None
    return spec if isinstance(spec, DiffusionSpec) else None
