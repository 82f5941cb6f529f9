"""One door to every method: an image and targets in, explanations with their provenance out."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.explain.gradcam import gradcam
from engine.explain.occlusion import occlusion
from engine.explain.options import GradCamOptions, Options
from engine.explain.subject import ExplainedRun, Subject, look_at
from engine.explanations import Explanation, Method

__all__ = ["explain", "maps_of"]


def explain(
    run: ExplainedRun,
    presentation: np.ndarray,
    targets: Sequence[str],
    options: Options,
    check: Callable[[float], None] | None = None,
) -> list[Explanation]:
    """Explanations of one image for each target (of none: for every class), in that order, in one pass.

    presentation: (rows, columns) float32 in [0, 1]. The kind of `options` is the method. check: called with the share
    that is done between batches; what it raises ends the work. Raises JobError for a target the run does not tell.
    """
    which = run.indices(targets)
    subject = look_at(run.trained, presentation)
    maps, whole = maps_of(subject, which, options, check)
    signed = not (isinstance(options, GradCamOptions) and options.relu)
    facts = options.model_dump(mode="json")
    return [
        Explanation(
            values=values,
            image_rows=subject.rows,
            image_columns=subject.columns,
            method=method_of(options),
            target=run.trained.classes[index],
            run=run.name,
            spec_sha256=run.spec_sha256,
            probability=float(whole[index]),
            options=facts,
            signed=signed,
            randomised_seed=run.randomised_seed,
            weights_sha256=run.weights_sha256,
            versions=run.versions,
        )
        for index, values in zip(which, maps, strict=True)
    ]


def maps_of(
    subject: Subject, targets: Sequence[int], options: Options, check: Callable[[float], None] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Maps (T, h, w) float32 over the image, and its probabilities (C,)."""
    if isinstance(options, GradCamOptions):
        found = gradcam(subject, targets, options)
        if check:
            check(1.0)
        return found
    return occlusion(subject, targets, options, check)


def method_of(options: Options) -> Method:
    return "gradcam" if isinstance(options, GradCamOptions) else "occlusion"
