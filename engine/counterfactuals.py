"""A counterfactual image: what a model imagines the same image to be with or without a finding. No torch.

It is synthetic, and nothing that shows or keeps it may forget that: pictures bear a badge, files say DERIVED.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.artifacts import artifact_bytes, read_artifact, write_whole_file
from engine.errors import JobError

__all__ = ["BADGE", "Counterfactual", "CounterfactualOptions", "counterfactual_options", "in_percent"]

BADGE = "SYNTHETIC"  # burned into every picture that leaves the program
_FORMAT = "counterfactual 1"
_PICTURES = ("factual", "reconstruction", "drawings")

Amplitude = Annotated[float, Field(allow_inf_nan=False)]


class CounterfactualOptions(BaseModel):
    """How far a code is moved, and how finely images are drawn (DiffChest, Equations 4 and 5).

    Exactly one of amplitudes, probability and named says how far; none of them: `named` "released". A negative
    amplitude, or a probability below the image's own, takes the finding away; with `named` the step goes away from the
    finding where `remove` is set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Along the unit weights, in the space of normalised codes; several are a trajectory.
    amplitudes: Annotated[tuple[Amplitude, ...], Field(max_length=101)] = ()
    probability: Annotated[float, Field(gt=0, lt=1)] | None = None  # the smallest step that reaches it
    named: Literal["paper", "released"] | None = None  # 0.3 ‖w‖ of the paper's text; 0.6 √latent of its released code
    remove: bool = False
    preview: bool = False  # 20 + 20 steps of second order in place of DDIM's
    encode_steps: Annotated[int, Field(ge=2, le=1000)] = 250  # of DDIM
    decode_steps: Annotated[int, Field(ge=2, le=1000)] = 200

    @model_validator(mode="after")
    def _one_way(self) -> "CounterfactualOptions":
        asked = [name for name in ("amplitudes", "probability", "named") if getattr(self, name) not in ((), None)]
        if len(asked) > 1:
            raise ValueError(f"{' and '.join(asked)} both say how far; give one of them")
        if self.remove and asked and asked != ["named"]:
            raise ValueError("remove goes with a named step; give a negative amplitude, or a lower probability")
        return self


def counterfactual_options(entries: Mapping[str, Any]) -> CounterfactualOptions:
    """Options from plain values. JobError naming what is not possible and why."""
    try:
        return CounterfactualOptions.model_validate(dict(entries))
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise JobError(f"counterfactual: {why}") from error
        entry = ".".join(map(str, first["loc"]))
        known = ", ".join(CounterfactualOptions.model_fields)
        raise JobError(f"counterfactual: {entry} = {first['input']!r} is not possible: {why} ({known})") from error


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """One image moved along one finding or class by one or several amplitudes, all from the same noise.

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
        told = (self.probability, self.drawn_reconstruction, *self.wanted, *self.drawn)
        if not all(0 <= p <= 1 for p in told):
            raise JobError(f"a probability of the counterfactual of {self.target} is none; is the run sound?")
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

    def to_json(self) -> dict[str, Any]:
        """All but the pictures, as plain JSON: the provenance."""
        facts = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _PICTURES}
        lists = {name: list(facts[name]) for name in ("amplitudes", "wanted", "drawn")}
        return {**facts, **lists, "options": dict(self.options), "versions": dict(self.versions)}

    def to_bytes(self) -> bytes:
        """The file's content, one frame of `engine.messages`; the same counterfactual gives the same bytes."""
        return artifact_bytes(_FORMAT, self.to_json(), {name: getattr(self, name) for name in _PICTURES})

    def save(self, path: Path) -> None:
        """Write the file (`.counterfactual`), whole or not at all."""
        write_whole_file(path, self.to_bytes())

    @staticmethod
    def load(source: Path | bytes) -> "Counterfactual":
        """The counterfactual in a file, or in its bytes. JobError with a sentence for a missing or damaged one."""
        facts, pictures = read_artifact(source, _FORMAT, _PICTURES)
        return Counterfactual.from_parts(facts, *(pictures[name] for name in _PICTURES))

    @staticmethod
    def from_parts(
        facts: Mapping[str, Any], factual: np.ndarray, reconstruction: np.ndarray, drawings: np.ndarray
    ) -> "Counterfactual":
        """From `to_json` and the pictures. JobError where an entry is missing, unknown or of another type."""
        known = {each.name for each in fields(Counterfactual)} - set(_PICTURES)
        odd = sorted(set(facts) ^ known)
        if odd or not all(isinstance(facts[name], kind) for name, kind in _TYPES.items()):
            raise JobError(f"the facts of a counterfactual are not whole: {', '.join(odd) or 'a wrong type'}")
        lists: dict[str, Any] = {name: tuple(map(float, facts[name])) for name in ("amplitudes", "wanted", "drawn")}
        return Counterfactual(factual, reconstruction, drawings, **{**facts, **lists})


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("amplitudes", "wanted", "drawn"), list),
    **dict.fromkeys(("probability", "drawn_reconstruction", "seconds"), (float, int)),
    **dict.fromkeys(("image_rows", "image_columns"), int),
    **dict.fromkeys(("target", "run", "spec_sha256", "weights_sha256", "base_sha256"), str),
    **dict.fromkeys(("options", "versions"), Mapping),
}


def in_percent(share: float) -> str:
    """A share for a person: 0.853 → 85 %; never −0 %."""
    return f"{round(100 * share) + 0} %"


def _logit(probability: float) -> float:
    p = min(max(probability, 1e-12), 1 - 1e-12)
    return float(np.log(p) - np.log1p(-p))
