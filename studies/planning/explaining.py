"""The explanations of a study: what is needed, whether it can be had, and how it is computed and frozen at the seal.

A network looks at the frozen copy of each image, as readers see it. Aided and sham maps are made by one procedure and
stored in one form; a sham differs in its network only, which has random weights, for each image from a seed of its own
that is sealed: one random network for all would tell every reader the same of every image. What is finished is kept in
the draft until the seal is written: work that was stopped goes on where it stopped.
"""

import hashlib
import importlib.util
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from engine.errors import Cancelled, EngineError, JobError
from engine.explanations import METHODS, Explanation
from engine.images import load_image
from engine.images.grey import presentation
from engine.jobs.networks import classes_of, weights_sha256
from engine.jobs.run import RunFolder, find_run, spec_sha256
from engine.rounding import counted
from studies.design import Case, Presentation, canonical_json, sha256_text
from studies.errors import SealError
from studies.planning.allocation import ALGORITHM, Allocation
from studies.planning.random_stream import RandomStream
from studies.protocol import ITEM_TARGET, Arm, CaseId
from studies.protocol import Explanation as Asked
from studies.protocol import Protocol as StudyProtocol
from studies.reading.shown_maps import ShownMap, shown_values

__all__ = [
    "EXPLAINED",
    "Explainer",
    "FrozenMaps",
    "explanation_obstacle",
    "explanations_needed",
    "freeze_maps",
    "maps_of",
    "sham_seeds",
]

EXPLAINED = "explained"  # folder of a draft: explanations that were computed before the seal was stopped
_SEEDS = 2**31
_SHAM_TRIES = 8  # one random network in ten sees nothing in an image; a trained one always sees something

Tell = Callable[[float, str], None]  # share done, what is being done; may raise Cancelled
Shown = tuple[CaseId, str]  # case, name of the arm


class Explainer(Protocol):
    """Who explains: `engine.worker_client.Worker`."""

    def explain(
        self,
        presentation: np.ndarray,
        run: Path,
        method: Any,
        targets: Sequence[str],
        options: Mapping[str, Any] | None = None,
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        randomised_seed: int | None = None,
    ) -> list[Explanation]: ...


@dataclass(frozen=True)
class FrozenMaps:
    """`records`: one a case, arm, image and item, for the sealed design; the files lie where they were asked for."""

    records: tuple[Mapping[str, Any], ...] = ()

    @property
    def files(self) -> set[str]:
        """sha256 of every file."""
        return {str(record["sha256"]) for record in self.records}


@dataclass(frozen=True)
class _Request:
    """One pass of a network over one image."""

    image_sha256: str
    run: RunFolder
    weights: str  # sha256 of its checkpoint
    asked: Asked
    targets: tuple[str, ...]
    seed: int | None  # of the random weights of a sham

    @property
    def name(self) -> str:
        """The same for the same request, in every attempt at the seal."""
        facts = [self.image_sha256, spec_sha256(self.run.spec), self.weights, self.asked.method, self.targets]
        return sha256_text(canonical_json([*facts, self.asked.options, self.seed]))


def explanations_needed(allocation: Allocation) -> dict[Shown, Case]:
    """Every case and arm in which an explanation is shown, each once, in the order of the cases."""
    shown = {(p.case_id, p.arm) for p in allocation.presentations if p.explained}
    return {
        (case.case_id, arm): case
        for case in allocation.cases
        for arm in sorted(arm for case_id, arm in shown if case_id == case.case_id)
    }


def explanation_obstacle(protocol: StudyProtocol, places: Sequence[Path], stacks: Sequence[str] = ()) -> str:
    """Why the explanations that arms ask for cannot be computed here; "" where they can. Nothing is changed.

    `places`: folders that a run's folder is looked for in. `stacks`: images of more than one frame that would need one.
    """
    arms = [arm for arm in protocol.arms if arm.explanation is not None]
    if not arms:
        return ""
    if importlib.util.find_spec("torch") is None:
        return (
            "arms with explanations need the engine, which is not installed here; install it "
            "(`uv tool install 'readerapp[engine]'`), or seal on a machine that has it"
        )
    if stacks:
        return (
            f"{counted(len(stacks), 'image')} to be explained ({', '.join(stacks[:3])} …) are stacks of slices; "
            "explanations are of single images: leave the stacks out, or the arms"
        )
    try:
        for arm in arms:
            _check_arm(protocol, arm, places)
    except (EngineError, SealError) as error:
        return str(error)
    return ""


def _check_arm(protocol: StudyProtocol, arm: Arm, places: Sequence[Path]) -> None:
    """Raises SealError or JobError with a sentence where the arm's explanation cannot be computed."""
    asked = _asked(arm)
    if asked.method not in METHODS:
        raise SealError(
            f"arm '{arm.name}' asks for {asked.method} explanations; the engine computes {', '.join(METHODS)}"
        )
    classes = classes_of(find_run(asked.run, places))
    for _, target in targets_of(protocol, asked):
        if target not in classes:
            raise SealError(
                f"arm '{arm.name}' explains '{target}', which is no class of the run {Path(asked.run).name}; "
                f"it has {', '.join(classes)}"
            )


def targets_of(protocol: StudyProtocol, asked: Asked) -> tuple[tuple[str, str], ...]:
    """(item id, class of the run) of each map of an image; the item is "" where one map is shown with every item."""
    if asked.target != ITEM_TARGET:
        return (("", asked.target),)
    return tuple((str(item.id), item.finding) for item in protocol.items if item.finding)


def sham_seeds(protocol: StudyProtocol, protocol_sha256: str, arm: str, image_sha256: str) -> tuple[int, ...]:
    """Seeds of the random weights of a sham of one image, in the order of trying; anyone can derive them again."""
    stream = RandomStream(ALGORITHM, protocol_sha256, protocol.order.seed, "sham", arm, image_sha256)
    return tuple(stream.below(_SEEDS) for _ in range(_SHAM_TRIES))


def maps_of(records: Sequence[Mapping[str, Any]]) -> dict[Shown, tuple[str, ...]]:
    """sha256 of what is shown of each case in each arm, by image and item."""
    shown: dict[Shown, tuple[str, ...]] = {}
    for record in records:
        key = (CaseId(str(record["case_id"])), str(record["arm"]))
        shown[key] = (*shown.get(key, ()), str(record["sha256"]))
    return shown


def with_maps(
    presentations: Sequence[Presentation], records: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """What each presentation shows after its lock, by code."""
    shown = maps_of(records)
    return {p.code: shown.get((p.case_id, p.arm), ()) if p.explained else () for p in presentations}


def freeze_maps(
    protocol: StudyProtocol,
    protocol_sha256: str,
    cases: Mapping[Shown, Case],
    images: Path,
    out: Path,
    kept: Path,
    places: Sequence[Path],
    explainer: Explainer,
    tell: Tell,
) -> FrozenMaps:
    """Compute what `cases` need and write it to `out`, each file named by its sha256.

    `images`: the frozen copies; `kept`: where finished explanations stay if the work is stopped. Raises SealError
    naming what could not be computed, and what `tell` raises (Cancelled).
    """
    records: list[Mapping[str, Any]] = []
    kept.mkdir(exist_ok=True)
    weights: dict[Path, str] = {}
    for done, ((_, arm_name), case) in enumerate(cases.items()):
        arm = protocol.arm(arm_name)
        asked, pairs = _asked(arm), targets_of(protocol, _asked(arm))
        run = find_run(asked.run, places)
        if run.path not in weights:
            weights[run.path] = weights_sha256(run)
        for place, image in enumerate(case.images):
            targets = tuple(dict.fromkeys(target for _, target in pairs))
            sham = arm.kind == "sham"
            seeds = sham_seeds(protocol, protocol_sha256, arm_name, image.sha256) if sham else (None,)
            request = _Request(image.sha256, run, weights[run.path], asked, targets, None)
            now = _Step(tell, done + place / len(case.images), 1 / len(case.images), len(cases))
            request, made = _seeing(request, seeds, images, kept, explainer, now)
            found = dict(zip(targets, made, strict=True))
            for item, target in pairs:
                facts = {"case_id": case.case_id, "arm": arm_name, "kind": arm.kind, "image_id": image.image_id}
                shown = ShownMap(
                    place, item, shown_values(found[target].values), asked.opacity, asked.threshold, asked.color_map
                )
                records.append({**facts, **_record(request, found[target], shown, out)})
    return FrozenMaps(tuple(records))


@dataclass(frozen=True)
class _Step:
    """A part of the whole work, to be told of."""

    tell: Tell
    begun: float  # in explained cases
    length: float
    total: int

    def part(self, number: int, of: int) -> "_Step":
        return replace(self, begun=self.begun + self.length * number / of, length=self.length / of)

    def at(self, share: float) -> None:
        number = min(int(self.begun) + 1, self.total)
        self.tell((self.begun + share * self.length) / self.total, f"explaining case {number} of {self.total}")


def _seeing(
    request: _Request, seeds: Sequence[int | None], images: Path, kept: Path, explainer: Explainer, step: _Step
) -> tuple[_Request, tuple[Explanation, ...]]:
    """The explanations with the first of the seeds whose network sees something for every target; else for the most.

    An empty map would tell the reader that it is a sham.
    """
    best, most = request, -1
    found: tuple[Explanation, ...] = ()
    for number, seed in enumerate(seeds):
        tried = replace(request, seed=seed)
        made = _explained(tried, images, kept, explainer, step.part(number, len(seeds)))
        seen = sum(bool(each.values.max() > 0) for each in made)
        if seen > most:
            best, most, found = tried, seen, made
        if seen == len(made):
            break
    return best, found


def _explained(
    request: _Request, images: Path, kept: Path, explainer: Explainer, step: _Step
) -> tuple[Explanation, ...]:
    """An explanation for each target: computed, or as it was computed before."""
    step.at(0)
    names = [kept / f"{request.name}.{number}" for number in range(len(request.targets))]
    try:
        return tuple(Explanation.load(name) for name in names)
    except JobError:
        pass  # not there yet, or half written: made anew
    found = _ask(request, presentation(load_image(images / request.image_sha256)), explainer, step)
    for name, explanation in zip(names, found, strict=True):
        explanation.save(name)
    return found


def _ask(request: _Request, pixels: np.ndarray, explainer: Explainer, step: _Step) -> tuple[Explanation, ...]:
    stopped: list[Cancelled] = []

    def progress(share: float) -> None:
        try:
            step.at(share)
        except Cancelled as wish:  # told to the engine, which is still at work
            stopped.append(wish)

    try:
        return tuple(
            explainer.explain(
                pixels,
                request.run.path,
                request.asked.method,
                request.targets,
                dict(request.asked.options),
                progress,
                lambda: bool(stopped),
                randomised_seed=request.seed,
            )
        )
    except Cancelled:
        raise
    except EngineError as error:
        raise SealError(
            f"an explanation could not be computed: {error}; those that are finished are kept, seal again to go on"
        ) from error


def _record(request: _Request, explanation: Explanation, shown: ShownMap, out: Path) -> dict[str, Any]:
    """Write the file that is shown, and say what the desk has to know of it."""
    content = shown.to_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with _whole(out / digest) as part:
        part.write_bytes(content)
    return {
        **explanation.to_json(),
        "sha256": digest,
        "image": shown.image,
        "item": shown.item,
        "image_sha256": request.image_sha256,
        "weights_sha256": request.weights,
        "randomised_seed": request.seed,
        "map_rows": shown.values.shape[0],
        "map_columns": shown.values.shape[1],
        "scale": list(explanation.scale),
        "largest": max(float(explanation.values.max()), 0.0),  # what a shown value of 1 stands for
        "opacity": shown.opacity,
        "threshold": shown.threshold,
        "color_map": shown.color_map,
    }


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file that is there as a whole or not at all, and on disk."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    yield part
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(part, path)


def _asked(arm: Arm) -> Asked:
    if arm.explanation is None:
        raise SealError(f"arm '{arm.name}' shows no explanation")
    return arm.explanation
