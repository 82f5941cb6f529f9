"""From a draft to a sealed study.

The images that are read are copied, de-identified, to `images/<sha256>`; the protocol, the cohort's rows, every
reader's order and every code go into the journal's database. Writing the database is the one step that makes a study
sealed: whatever stops the work before, even a power cut, leaves a draft that can be sealed again.
"""

import dataclasses
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.cohorts.cohort import Cohort
from engine.errors import EngineError
from engine.images import open_image, open_series, read_header, save_image
from engine.worker_client import Worker
from studies.design import Case, CaseImage, Presentation, SealedDesign, compute_seal_hash, sha256_text
from studies.errors import SealError
from studies.planning.allocation import Allocation
from studies.planning.burned_in import suspect_burned_in
from studies.planning.draft import (
    CLAIMED,
    COORDINATOR,
    DATABASE,
    DRAFT,
    IMAGES,
    PROTOCOL,
    Draft,
    Readiness,
    create_study,
    flush_to_disk,
    open_draft,
    readiness,
    rows_of,
    unreadable_sentence,
    write_text,
)
from studies.planning.exemplars import EXEMPLARS, exemplar_names
from studies.planning.explaining import (
    EXPLAINED,
    Explainer,
    FrozenMaps,
    explanations_needed,
    freeze_maps,
    with_maps,
)
from studies.planning.selection import as_text
from studies.protocol import Protocol, protocol_hash
from studies.provenance import software_version, utc_now, wall_text
from studies.reading.access import make_passphrase
from studies.reading.journal import Journal
from studies.reading.shown_maps import EXPLANATIONS

__all__ = ["Readiness", "create_study", "readiness", "seal_study"]

Progress = Callable[[float, str], None]  # share done, what is being done; may raise engine.errors.Cancelled

_STAGING = "sealing-"
_WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class _Frozen:
    sha256: str
    flag: str


def seal_study(
    root: Path, passphrases: Mapping[str, str], progress: Progress | None = None, explainer: Explainer | None = None
) -> SealedDesign:
    """Freeze a draft. `passphrases` has one for each reader id and one for "coordinator".

    What aided and sham arms show is computed by `explainer`; where there is none, by an engine process of its own.

    `progress` is called in the caller's thread; raising from it (`engine.errors.Cancelled`) stops the work and leaves
    the draft. Raises SealError for a study sealed already, a missing passphrase, images that cannot be read, an order
    that cannot be met.
    """
    tell = progress or (lambda _share, _what: None)
    _refuse_sealed(root)
    draft = open_draft(root)
    _check_passphrases(draft.protocol, passphrases)
    tell(0.0, "choosing cases and orders")
    allocation = draft.allocate()
    if obstacle := draft.explanation_obstacle(allocation):
        raise SealError(f"the study cannot be sealed yet: {obstacle}")
    staging = root / f"{_STAGING}{secrets.token_hex(4)}"
    try:
        staging.mkdir()
        images, maps = _parts(tell, bool(explanations_needed(allocation)))
        frozen = _freeze_images(draft.cohort, allocation.image_ids, staging, images)
        exemplars = _freeze_exemplars(draft.protocol, root, staging)
        explained = _explain(draft, allocation, frozen, staging, explainer, maps)
        design = _design(draft, allocation, frozen, exemplars, explained)
        verifiers = {name: make_passphrase(phrase) for name, phrase in passphrases.items()}
        tell(0.99, "writing the seal")
        with _claim(root):
            _publish(staging, root / IMAGES, {image.sha256 for image in frozen.values()} | set(exemplars.values()))
            if explained.files or (root / EXPLANATIONS).exists():
                _publish(staging / EXPLANATIONS, root / EXPLANATIONS, explained.files)
            write_text(root / PROTOCOL, draft.text)
            Journal.create(root, design, verifiers, {"selection": _chosen_from(draft.cohort, allocation)})
    except OSError as error:
        _refuse_sealed(root)
        raise SealError(f"the study in {root} could not be written: {error}; the draft is as it was") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _tidy(root)
    tell(1.0, "sealed")
    return design


def frozen_rows(frame: pd.DataFrame, image_ids: Sequence[str]) -> str:
    """The rows of the given images as CSV text (LF, sorted by image id): what is frozen and hashed."""
    rows = as_text(frame[frame["image_id"].isin(list(image_ids))]).sort_values("image_id", kind="stable")
    return rows.to_csv(index=False, lineterminator="\n")


def _parts(tell: Progress, explained: bool) -> tuple[Progress, Progress]:
    """Progress of the images and of the explanations, which take most of the time where there are any."""
    half = 0.2 if explained else 0.98
    return lambda share, what: tell(half * share, what), lambda share, what: tell(half + (0.98 - half) * share, what)


def _explain(
    draft: Draft,
    allocation: Allocation,
    frozen: "Mapping[str, _Frozen]",
    staging: Path,
    explainer: Explainer | None,
    tell: Progress,
) -> FrozenMaps:
    """What arms show, in the folder `explanations` of `staging`; nothing where no case has an explanation."""
    sha256 = {image_id: image.sha256 for image_id, image in frozen.items()}
    cases, _ = with_images(allocation, sha256)
    needed = explanations_needed(dataclasses.replace(allocation, cases=cases))
    if not needed:
        return FrozenMaps()
    out = staging / EXPLANATIONS
    out.mkdir()
    kept, digest = draft.root / EXPLAINED, protocol_hash(draft.text)
    with nullcontext(explainer) if explainer is not None else Worker() as engine:
        return freeze_maps(
            draft.protocol, digest, needed, staging, out, kept, draft.run_folders, engine, tell
        )  # fmt: skip


def with_images(allocation: Allocation, sha256: Mapping[str, str]) -> tuple[tuple[Case, ...], tuple[Presentation, ...]]:
    """Cases and presentations of an allocation with the frozen copy of each image; `sha256` is by image id."""
    cases = tuple(
        dataclasses.replace(case, images=tuple(CaseImage(i.image_id, sha256[i.image_id]) for i in case.images))
        for case in allocation.cases
    )
    shown = {case.case_id: tuple(image.sha256 for image in case.images) for case in cases}
    return cases, tuple(dataclasses.replace(p, images=shown[p.case_id]) for p in allocation.presentations)


def _refuse_sealed(root: Path) -> None:
    if not (root / DATABASE).exists():
        return
    with Journal(root) as journal:
        sealed = journal.design().protocol_sha256
    try:
        changed = protocol_hash((root / PROTOCOL).read_text(encoding="utf-8")) != sealed
    except (OSError, UnicodeDecodeError):
        changed = True
    if changed:
        raise SealError(
            "the study is sealed, and its protocol.toml was changed afterwards: the change has no effect, cases, items "
            "and readers stay as they were sealed; make a new study with `studies create` for another design"
        )
    raise SealError("the study is sealed already: nothing can be added or changed; make a new study for another design")


def _check_passphrases(protocol: Protocol, passphrases: Mapping[str, str]) -> None:
    wanted = [COORDINATOR, *(reader.id for reader in protocol.readers)]
    if missing := [name for name in wanted if not passphrases.get(name, "").strip()]:
        raise SealError(f"a passphrase is missing for {', '.join(missing)}; each reader and the coordinator need one")
    if unknown := sorted(set(passphrases) - set(wanted)):
        raise SealError(f"a passphrase was given for {', '.join(unknown)}; the protocol has {', '.join(wanted)}")
    if same := [reader.id for reader in protocol.readers if passphrases[reader.id] == passphrases[COORDINATOR]]:
        raise SealError(
            f"reader {same[0]} has the coordinator's passphrase, which would open everyone's readings; choose another"
        )


def _freeze_images(cohort: Cohort, image_ids: Sequence[str], folder: Path, tell: Progress) -> dict[str, _Frozen]:
    """De-identified copies in `folder`, named by their hash. Raises SealError naming the images that cannot be read."""
    frozen: dict[str, _Frozen] = {}
    reasons: list[str] = []
    for done, (image_id, outcome) in enumerate(_in_threads(cohort, image_ids, folder), start=1):
        if isinstance(outcome, _Frozen):
            frozen[image_id] = outcome
        else:
            reasons.append(outcome)
        tell(done / len(image_ids), f"freezing image {done} of {len(image_ids)}")
    if reasons:
        raise SealError(unreadable_sentence(sorted(reasons), len(image_ids)))
    return frozen


def _in_threads(cohort: Cohort, image_ids: Sequence[str], folder: Path) -> Iterator[tuple[str, _Frozen | str]]:
    """Each image id with what became of it; a few at a time, so that memory holds only a few images."""
    rows = iter(rows_of(cohort, image_ids))
    running: dict[Future[_Frozen | str], str] = {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        while True:
            for row in rows:
                running[pool.submit(_freeze, cohort, row, folder)] = str(row["image_id"])
                if len(running) > _WORKERS:
                    break
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()


def _freeze(cohort: Cohort, row: pd.Series, folder: Path) -> _Frozen | str:
    """Copy one image; or the reason why it cannot be read."""
    part = folder / f"{secrets.token_hex(8)}.part"
    try:
        paths = cohort.image_paths(row)
        image = open_image(paths[0]) if len(paths) == 1 else open_series(paths)
        digest = save_image(image, part)
        flag = suspect_burned_in(image, read_header(paths[0]))
    except EngineError as error:
        return f"{row['image_id']} ({error})"
    flush_to_disk(part)
    os.replace(part, folder / digest)
    return _Frozen(digest, flag)


def _freeze_exemplars(protocol: Protocol, root: Path, folder: Path) -> dict[str, str]:
    """De-identified copies in `folder`, named by their sha256 (hex); returns file name → sha256.

    Raises SealError naming the file that cannot be read.
    """
    frozen = {}
    for name in exemplar_names(protocol):
        part = folder / f"{secrets.token_hex(8)}.part"
        try:
            digest = save_image(open_image(root / EXEMPLARS / name), part)
        except (EngineError, OSError) as error:
            raise SealError(f"the exemplar image {name} cannot be read: {error}; replace it, or take it out") from error
        flush_to_disk(part)
        os.replace(part, folder / digest)
        frozen[name] = digest
    return frozen


@contextmanager
def _claim(root: Path) -> Iterator[None]:
    """Let one program at a time write the seal: renaming the draft's note succeeds for one only, on every system.

    A program killed meanwhile leaves the renamed note, which `open_draft` takes up again.
    """
    claim = root / f"{CLAIMED}{secrets.token_hex(4)}.json"
    try:
        os.rename(root / DRAFT, claim)
    except FileNotFoundError:
        _refuse_sealed(root)
        raise SealError(
            "another program is sealing this study at this moment; look again when it has finished"
        ) from None
    try:
        _refuse_sealed(root)
        yield
    finally:
        if (root / DATABASE).exists():
            claim.unlink(missing_ok=True)
        else:
            os.replace(claim, root / DRAFT)


def _publish(staging: Path, folder: Path, wanted: set[str]) -> None:
    """Move frozen files to their place; what a stopped seal left there goes."""
    folder.mkdir(exist_ok=True)
    for name in wanted:
        os.replace(staging / name, folder / name)
    for left in folder.iterdir():
        if left.name not in wanted:
            left.unlink()


def _design(
    draft: Draft,
    allocation: Allocation,
    frozen: Mapping[str, _Frozen],
    exemplars: Mapping[str, str],
    explained: FrozenMaps,
) -> SealedDesign:
    cases, plain = with_images(allocation, {image_id: image.sha256 for image_id, image in frozen.items()})
    shown = with_maps(plain, explained.records)
    presentations = tuple(dataclasses.replace(p, explanations=shown[p.code]) for p in plain)
    rows = frozen_rows(draft.cohort.frame, allocation.image_ids)
    design = SealedDesign(
        protocol_text=draft.text,
        protocol_sha256=protocol_hash(draft.text),
        cohort_sha256=sha256_text(rows),
        cohort_rows=rows,
        cases=cases,
        presentations=presentations,
        algorithm=allocation.algorithm,
        software=software_version(),
        sealed_at=wall_text(utc_now()),
        seal_hash="",
        flags={image.sha256: image.flag for image in frozen.values() if image.flag},
        exemplars=exemplars,
        explanations=explained.records,
    )
    return dataclasses.replace(design, seal_hash=compute_seal_hash(design))


def _chosen_from(cohort: Cohort, allocation: Allocation) -> dict[str, object]:
    """What the cases were chosen from, in numbers: the flow of a report begins here."""
    info = cohort.info
    return {
        "cohort_images": len(cohort.frame),
        "cohort_patients": int(cohort.frame["patient_id"].nunique()),
        "left_out_at_import": [
            {name: left.get(name) for name in ("step", "reason", "count")} for left in info.get("dropped", [])
        ],
        "sampled": [dataclasses.asdict(sampled) for sampled in allocation.sampled],
    }


def _tidy(root: Path) -> None:
    """Remove what seals that were stopped left behind; the note of where the cohort lies went with the seal."""
    shutil.rmtree(root / EXPLAINED, ignore_errors=True)
    shutil.rmtree(root / EXEMPLARS, ignore_errors=True)  # their frozen copies are among the images
    for left in root.glob(f"{_STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
