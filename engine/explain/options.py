"""What may be asked of each method, with its defaults: one list for the shell, the worker and the window. No torch."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import JobError
from engine.explanations import METHODS

__all__ = ["GradCamOptions", "OcclusionOptions", "Options", "options_of"]

Share = Annotated[float, Field(ge=0, le=1)]


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GradCamOptions(_Options):
    """Selvaraju et al. 2017 (Grad-CAM), equations 1 and 2."""

    relu: bool = True  # what speaks for the target only; without it the map is signed
    normalise: bool = False  # divided by its largest magnitude


class OcclusionOptions(_Options):
    """Zeiler and Fergus 2014: how the probability falls when a grey square hides a part of the image."""

    size: Annotated[int, Field(ge=1)] | None = None  # pixels of the network's square along each side; None: 1/14 of it
    stride: Annotated[int, Field(ge=1)] | None = None  # pixels from one window to the next; None: 2/5 of the size
    fill: Share | Literal["mean"] = 0.5  # grey of the window, before normalising; mean: of the image itself
    coarse_to_fine: bool = False  # a preview: every third window along each side, then those where the map is high
    batch: Annotated[int, Field(ge=1, le=4096)] = 32  # windows looked at at once; the map does not depend on it

    def window(self, image_size: int) -> tuple[int, int]:
        """(size, stride) for a network's square of `image_size` pixels."""
        size = min(self.size or max(1, round(image_size / 14)), image_size)
        return size, self.stride or max(1, round(0.4 * size))


Options = GradCamOptions | OcclusionOptions
_KINDS: Mapping[str, type[Options]] = {"gradcam": GradCamOptions, "occlusion": OcclusionOptions}


def options_of(method: str, entries: Mapping[str, Any]) -> Options:
    """The options of a method from plain values. JobError naming the entry, its value and what it may be."""
    if method not in _KINDS:
        raise JobError(f"there is no method '{method}'; there are {', '.join(METHODS)}")
    try:
        return _KINDS[method].model_validate(dict(entries))
    except ValidationError as error:
        first = error.errors()[0]
        known = ", ".join(_KINDS[method].model_fields)
        entry = str(first["loc"][0]) if first["loc"] else method
        raise JobError(f"{method}: {entry} = {first['input']!r} is not possible: {first['msg']} ({known})") from error
