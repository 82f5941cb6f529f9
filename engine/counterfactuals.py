"""A counterfactual image: what a model imagines the same image to be with or without a finding. No torch.

It is synthetic, and nothing that shows or keeps it may forget that: pictures bear a badge, files say DERIVED.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from engine.errors import JobError

__all__ = ["BADGE", "Counterfactual", "CounterfactualOptions"]

BADGE = "SYNTHETIC"  # burned into every picture that leaves the program


class CounterfactualOptions(BaseModel):
    """How far a code is moved, and how finely images are drawn (DiffChest, Equations 4 and 5).

    Exactly one of amplitudes, probability and named says how far; none of them: `named` "released". A negative
    amplitude, or a probability below the image's own, takes the finding away; with `named` the step goes away from the
    finding where `remove` is set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    amplitudes: tuple[
        float, ...
    ] = ()  # along the unit weights, in the space of normalised codes; several: a trajectory
    probability: Annotated[float, Field(gt=0, lt=1)] | None = None  # the smallest step that reaches it
    named: Literal["paper", "released"] | None = None  # 0.3 ‖w‖ of the paper's text; 0.6 √latent of its released code
    remove: bool = False
    preview: bool = False  # 20 + 20 steps of second order in place of DDIM's
    encode_steps: Annotated[int, Field(ge=2, le=1000)] = 250  # of DDIM
    decode_steps: Annotated[int, Field(ge=2, le=1000)] = 200


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """One image moved along one finding by one or several amplitudes, all from the same noise.

    Pictures are (h, w) float32 in [0, 1] at the network's resolution and cover exactly the image: the padding of the
    network's square is cut off. `reconstruction` is the drawing at amplitude 0: what the model makes of the image
    as it is. Compare drawings with it, not with the factual image.
    """

    factual: np.ndarray  # (h, w): the image as the network sees it
    reconstruction: np.ndarray  # (h, w)
    drawings: np.ndarray  # (A, h, w)
    amplitudes: tuple[float, ...]  # A, along the unit weights
    target: str
    probability: float  # of the image's own code, in [0, 1]
    wanted: tuple[float, ...]  # A: probabilities of the moved codes
    drawn: tuple[float, ...]  # A: probabilities of the drawings, encoded again
    drawn_reconstruction: float  # of the reconstruction, encoded again
    image_rows: int
    image_columns: int
    run: str  # name of the head's run
    spec_sha256: str
    weights_sha256: str  # of the head
    base_sha256: str  # of the diffusion network
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # it took

    def __post_init__(self) -> None:
        count, shape = len(self.amplitudes), self.factual.shape
        if self.drawings.shape != (count, *shape) or self.reconstruction.shape != shape or not count:
            raise JobError(
                f"a counterfactual has {count} amplitudes, but drawings {self.drawings.shape} of an image {shape}"
            )
        if len(self.wanted) != count or len(self.drawn) != count:
            raise JobError(f"a counterfactual of {count} amplitudes needs as many probabilities")
        for picture in (self.factual, self.reconstruction, self.drawings):
            if picture.dtype != np.float32 or not (picture.min() >= 0 and picture.max() <= 1):
                raise JobError("pictures of a counterfactual are float32 in [0, 1]; is the run sound?")

    @property
    def differences(self) -> np.ndarray:
        """(A, h, w) float32 in [−1, 1]: each drawing minus the reconstruction; above 0 is brighter."""
        return self.drawings - self.reconstruction

    @property
    def confirmed(self) -> tuple[float, ...]:
        """How much of the wanted change of the logit the classifier sees in each drawing, encoded again.

        1 all of it, 0 none, below 0 the opposite; NaN where nothing was to change.
        """
        before, seen = _logit(self.probability), _logit(self.drawn_reconstruction)
        return tuple(
            (_logit(drawn) - seen) / (_logit(wanted) - before) if abs(_logit(wanted) - before) > 1e-9 else float("nan")
            for wanted, drawn in zip(self.wanted, self.drawn, strict=True)
        )


def _logit(probability: float) -> float:
    p = min(max(probability, 1e-12), 1 - 1e-12)
    return float(np.log(p) - np.log1p(-p))
