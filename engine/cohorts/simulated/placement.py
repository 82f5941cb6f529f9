"""On which side each thing lies, so that what belongs together lies together."""

from dataclasses import dataclass

import numpy as np

from engine.cohorts.simulated.spec import ChestSpec, Side


def seed_words(seed: int | tuple[int, ...]) -> tuple[int, ...]:
    """A seed as the words that `numpy.random.SeedSequence` takes."""
    return seed if isinstance(seed, tuple) else (seed,)


def generator(seed: int | tuple[int, ...], purpose: int) -> np.random.Generator:
    """An independent random stream for one purpose of one seed."""
    return np.random.default_rng(np.random.SeedSequence(seed_words(seed), spawn_key=(purpose,)))


@dataclass(frozen=True)
class Placement:
    """Sides of the findings and devices of one person; drawn for all, present or not."""

    effusion: Side
    pneumothorax: Side
    consolidation: Side
    nodule: Side
    atelectasis: Side
    drain: Side  # of its pneumothorax; without one, of its effusion
    jugular: Side
    subclavian: Side
    pacemaker: Side


def place(spec: ChestSpec) -> Placement:
    """Sides from the person's seed: the same in every view and at every date."""
    rng = generator(spec.body_seed, 2)

    def side(left: float) -> Side:
        return "L" if rng.random() < left else "R"

    pneumothorax, effusion = side(0.5), side(0.5)
    if "pneumothorax" in spec.findings:
        effusion = _other(pneumothorax)
    consolidation, nodule, atelectasis, drain = side(0.45), side(0.5), side(0.5), side(0.5)
    if "pleural_effusion" in spec.findings:  # fluid would hide what lies low on its side
        nodule, atelectasis = _other(effusion), effusion
    if "pneumothorax" in spec.findings:
        consolidation = nodule = _other(pneumothorax)
        drain = pneumothorax
    elif "pleural_effusion" in spec.findings:
        drain = effusion
    return Placement(
        effusion, pneumothorax, consolidation, nodule, atelectasis, drain, side(0.2), side(0.35), side(0.85)
    )


def _other(side: Side) -> Side:
    return "R" if side == "L" else "L"
