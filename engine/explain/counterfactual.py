"""An image as a run imagines it with a finding, without it or as another class (DiffChest): pixels → `Counterfactual`.

The run is a head on the codes of a diffusion run; what it stands on is found and checked by `load_imagined`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from engine.counterfactuals import Counterfactual, CounterfactualOptions
from engine.diffusion.counterfactual import (
    Encoded,
    LatentHead,
    Quality,
    amplitude_among,
    amplitude_for,
    draw,
    encode,
    looks_of,
    named_amplitude,
)
from engine.diffusion.trained import TrainedAutoencoder, load_autoencoder
from engine.errors import JobError
from engine.explain.counterfactual_cache import Encoding, EncodingCache, encoding_key
from engine.explain.subject import ExplainedRun, Subject, load_explained, look_at
from engine.explanations import bilinear
from engine.jobs.run import RunFolder, base_places, find_run, open_run
from engine.models.classifier import LatentClassifier

__all__ = ["ImaginedRun", "best_device", "counterfactuals", "load_imagined", "quality_of", "seconds_expected"]

AT_ONCE = 16  # drawings that are one batch

Check = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class ImaginedRun:
    """A head and the diffusion network whose codes it reads, ready to draw."""

    explained: ExplainedRun  # the head, with its provenance
    base: TrainedAutoencoder
    column: str = ""  # of a cohort, of which the targets are the classes; "" where they are findings

    @cached_property
    def head(self) -> LatentHead:
        """The logistic regression, on the network's device."""
        trained = self.explained.trained
        net, exclusive = trained.net, trained.activation == "softmax"
        assert isinstance(net, LatentClassifier)
        return LatentHead(net.fc.weight, net.fc.bias, net.standardise.mean, net.standardise.deviation, exclusive)

    @property
    def targets(self) -> tuple[str, ...]:
        return self.explained.trained.classes


def best_device(wanted: str | None = None) -> str:
    """The device that was asked for; of None a GPU where there is one. JobError for one that cannot be used here."""
    if wanted is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.zeros(1, device=wanted)
    except (RuntimeError, AssertionError) as error:  # AssertionError: torch was built without it
        raise JobError(f"the device '{wanted}' cannot be used here: {str(error).splitlines()[0]}; try cpu") from error
    return wanted


def load_imagined(run: Path, device: torch.device | str = "cpu") -> ImaginedRun:
    """The head in a folder, of findings or of one class of several, and the diffusion run it was trained on.

    JobError where `run` is no such head, where its base is not there, or where the base has other weights by now.
    """
    opened = open_run(run)
    if opened.spec.task == "diffusion":
        raise JobError(
            f"{run.name} is a diffusion run and tells no finding; ask a head on its codes, trained with "
            f"`engine train probe --set base_run={run} --set target=findings` (or race, sex …)"
        )
    explained = load_explained(run, device=device)
    description = explained.trained.description
    if description.latent is None:
        raise JobError(
            f"{run.name} classifies images and draws none; counterfactuals need a head on the codes of a diffusion "
            "run, trained with `engine train probe --set base_run=DIFFUSION_RUN --set target=findings`"
        )
    base = load_autoencoder(find_run(description.base_run, base_places(opened)), device=device)
    _check_base(opened, description.base_run, description.base_sha256, base.weights_sha256)
    column = getattr(opened.spec, "target", "") if description.activation == "softmax" else ""
    return ImaginedRun(explained, base, column)


def _check_base(run: RunFolder, base: str, expected: str, found: str) -> None:
    if found != expected:
        raise JobError(
            f"{run.path.name} was trained on the codes of {base} when its weights were {expected[:12]}…, but they are "
            f"{found[:12]}… now; train the head again, or put those weights back"
        )


def quality_of(options: CounterfactualOptions) -> Quality:
    return Quality.preview() if options.preview else Quality(options.encode_steps, options.decode_steps)


def counterfactuals(
    run: ImaginedRun,
    presentation: np.ndarray,
    targets: Sequence[str] = (),
    options: CounterfactualOptions | None = None,
    check: Check | None = None,
    cache: EncodingCache | None = None,
) -> list[Counterfactual]:
    """One image moved along each target (of none: along every finding), in that order, all drawn as one batch.

    presentation: (rows, columns) float32 in [0, 1]. check: called with the share that is done after every look at the
    network; what it raises ends the work. cache: encodings made before. Raises JobError for a target the run does not
    tell.
    """
    started = time.monotonic()
    options = options or CounterfactualOptions()
    which = run.explained.indices(targets)
    subject = look_at(run.explained.trained, presentation)
    drawn = _drawn(run, subject, which, options, check or (lambda share: None), cache or EncodingCache())
    seconds = time.monotonic() - started
    return [_counterfactual(run, subject, drawn, place, options, seconds) for place in range(len(which))]


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What the network gave: row 0 of the arrays is of the reconstruction, the others are those in `rows`."""

    which: list[int]  # targets
    amplitudes: list[tuple[float, ...]]  # of each target
    rows: list[list[int]]  # of each target and amplitude
    wanted: np.ndarray  # (M, K) float64 logits of the codes that were drawn
    seen: np.ndarray  # (M, K) float64 logits of the drawings, encoded again
    pictures: np.ndarray  # (M, h, w) float32 in [0, 1]


def _drawn(
    run: ImaginedRun,
    subject: Subject,
    which: list[int],
    options: CounterfactualOptions,
    check: Check,
    cache: EncodingCache,
) -> _Drawn:
    quality, image = quality_of(options), run.base.tensor(subject.stored[None])
    key = encoding_key(run.base, subject.stored, quality)
    known = cache.get(key, image)
    code = known.code if known else run.base.codes(image)
    before = _logits(run, code)[0]
    amplitudes = [_amplitudes(run, code, float(before[index]), index, options) for index in which]
    codes, rows = _codes(run.head, code, which, amplitudes)
    progress = _Looks(check, 0 if known else looks_of(quality, 1), (len(codes) - 1) * quality.decode_steps)
    if known:
        encoded, new = Encoded(code, known.noise, quality), codes[1:]
    else:
        encoded, new = encode(run.base, image, quality, progress), codes
    drawings = draw(run.base, encoded, new, progress, AT_ONCE) if len(new) else image[:0]
    if known:
        drawings = torch.cat([known.reconstruction, drawings])
    else:
        cache.put(key, Encoding(encoded.code, encoded.noise, drawings[:1]))
    squares = _squares(drawings, subject)
    seen = np.concatenate([_logits(run, run.base.codes(run.base.tensor(some))) for some in _pieces(squares)])
    return _Drawn(which, amplitudes, rows, _logits(run, codes), seen, _cut(squares, subject))


class _Looks:
    """Looks at the network as the share of all that there will be."""

    def __init__(self, check: Check, *expected: int) -> None:
        self._check, self._total, self._done = check, max(1, sum(expected)), 0

    def __call__(self, looks: int) -> None:
        self._done += looks
        self._check(min(1.0, self._done / self._total))


def _logits(run: ImaginedRun, codes: torch.Tensor) -> np.ndarray:
    """(N, latent) → (N, K) float64."""
    with torch.no_grad():
        return run.head.logits(codes).double().cpu().numpy()


def _amplitudes(
    run: ImaginedRun, code: torch.Tensor, logit: float, index: int, options: CounterfactualOptions
) -> tuple[float, ...]:
    if options.amplitudes:
        return options.amplitudes
    if options.probability is None:
        return (named_amplitude(options.named or "released", run.head, index) * (-1 if options.remove else 1),)
    if not run.head.exclusive:
        return (amplitude_for(options.probability, logit, run.head, index),)
    try:
        return (amplitude_among(options.probability, code, run.head, index),)
    except ValueError as error:
        raise JobError(f"{run.targets[index]}: {error}; ask for less, or give an amplitude") from error


def _codes(
    head: LatentHead, code: torch.Tensor, which: list[int], amplitudes: list[tuple[float, ...]]
) -> tuple[torch.Tensor, list[list[int]]]:
    """Codes to draw, (M, latent), the image's own first; and which of them each target and amplitude is."""
    codes, rows = [code], []
    for index, steps in zip(which, amplitudes):
        mine = []
        for amplitude in steps:
            mine.append(len(codes) if amplitude else 0)  # amplitude 0 is the reconstruction, for every target
            if amplitude:
                codes.append(head.stepped(code, index, torch.tensor([amplitude], device=code.device)))
        rows.append(mine)
    return torch.cat(codes), rows


def _squares(drawings: torch.Tensor, subject: Subject) -> np.ndarray:
    """(M, C, size, size) in [−1, 1] → (M, size, size) float32 in [0, 1], black where the square is padding.

    What is drawn into the padding is in no picture, so the classifier that looks again must not see it either.
    """
    squares = ((drawings.mean(1) + 1) / 2).clamp(0, 1).float().cpu().numpy()
    left, top, width, height = subject.box
    inside = np.zeros(squares.shape[1:], bool)
    inside[int(top) : int(np.ceil(top + height)), int(left) : int(np.ceil(left + width))] = True
    squares[:, ~inside] = 0
    return squares


def _pieces(squares: np.ndarray) -> list[np.ndarray]:
    return [squares[start : start + AT_ONCE] for start in range(0, len(squares), AT_ONCE)]


def _cut(squares: np.ndarray, subject: Subject) -> np.ndarray:
    """The image's part of squares (..., size, size): (..., h, w)."""
    return np.clip(bilinear(squares, subject.box, subject.map_shape), 0, 1)


def _counterfactual(
    run: ImaginedRun, subject: Subject, drawn: _Drawn, place: int, options: CounterfactualOptions, seconds: float
) -> Counterfactual:
    index, rows = drawn.which[place], drawn.rows[place]
    told = run.explained
    return Counterfactual(
        factual=_cut(subject.unit, subject),
        reconstruction=drawn.pictures[0],
        drawings=drawn.pictures[rows],
        amplitudes=drawn.amplitudes[place],
        target=run.targets[index],
        probability=_probability(drawn.wanted[0, index]),
        wanted=tuple(_probability(each) for each in drawn.wanted[rows, index]),
        drawn=tuple(_probability(each) for each in drawn.seen[rows, index]),
        drawn_reconstruction=_probability(drawn.seen[0, index]),
        image_rows=subject.rows,
        image_columns=subject.columns,
        run=told.name,
        spec_sha256=told.spec_sha256,
        weights_sha256=told.weights_sha256,
        base_sha256=run.base.weights_sha256,
        options=options.model_dump(mode="json"),
        versions=told.versions,
        seconds=seconds,
    )


def _probability(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -500, 500))))


def seconds_expected(run: ImaginedRun, options: CounterfactualOptions, targets: Sequence[str] = ()) -> float:
    """About how long `counterfactuals` of an image that was never encoded takes: measured on a look or two now."""
    quality = quality_of(options)
    drawings = 1 + len(run.explained.indices(targets)) * max(1, len(options.amplitudes))
    batches = [min(AT_ONCE, drawings - start) for start in range(0, drawings, AT_ONCE)]
    seconds = {count: _seconds_of_a_look(run.base, count) for count in {1, *batches}}
    return (quality.encode_steps - 1) * seconds[1] + quality.decode_steps * sum(seconds[count] for count in batches)


def _seconds_of_a_look(base: TrainedAutoencoder, images: int) -> float:
    shape = base.description.shape
    x = torch.zeros((images, shape.colours, shape.image_size, shape.image_size), device=base.device)
    denoise = base.denoiser(torch.zeros((images, shape.latent), device=base.device))
    times = torch.full((images,), base.description.schedule.steps / 2, device=base.device)

    def look() -> float:
        started = time.perf_counter()
        denoise(x, times).flatten()[0].item()  # read: a GPU has then really finished
        return time.perf_counter() - started

    look()  # the first one sets things up
    return (look() + look()) / 2
