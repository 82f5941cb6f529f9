"""A study before its seal: a folder with `protocol.toml` and `draft.json`, which says where the cohort lies."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.cohorts.cohort import Cohort, load_cohort
from engine.errors import CohortError, EngineError, ImageError
from engine.images import read_header
from engine.rounding import counted
from resources.files import shipped_folder
from studies.errors import SealError, StudyError
from studies.planning.allocation import Allocation, allocate
from studies.planning.exemplars import (
    EXEMPLARS,
    copy_chosen,
    copy_exemplars,
    missing_exemplars,
    read_as_cases,
    refuse_missing,
)
from studies.planning.explaining import explanation_obstacle, explanations_needed
from studies.protocol import Protocol, parse_protocol, protocol_hash
from studies.provenance import software_version, utc_now, wall_text

PROTOCOL, DRAFT, DATABASE, IMAGES = "protocol.toml", "draft.json", "study.db", "images"
CLAIMED = "draft-"  # the note of a draft that a program is writing the seal of
COORDINATOR = "coordinator"
_NAMED = 5  # reasons shown in one sentence


@dataclass(frozen=True)
class Readiness:
    """One line of the checklist before sealing."""

    what: str
    ok: bool
    sentence: str
    blocking: bool = True  # sealing is refused while this is not ok


@dataclass(frozen=True)
class Draft:
    root: Path
    text: str  # of the protocol, line endings "\n"
    protocol: Protocol
    cohort: Cohort
    run_folders: tuple[Path, ...] = ()  # where the runs that arms name are looked for

    def explanation_obstacle(self, allocation: Allocation) -> str:
        """Why the explanations that are needed cannot be computed here; "" where they can, or where none is needed."""
        needed = explanations_needed(allocation)
        if not needed:
            return ""
        ids = list(dict.fromkeys(image.image_id for case in needed.values() for image in case.images))
        return explanation_obstacle(self.protocol, self.run_folders, _stacks(self.cohort, ids))

    def allocate(self) -> Allocation:
        """The allocation this draft would be sealed with. Raises SealError where protocol and cohort do not fit."""
        return allocate(self.protocol, protocol_hash(self.text), self.cohort.frame)


def create_study(protocol: Path, cohort: Path, out: Path) -> Path:
    """Make a draft study in `out` from a protocol file and a cohort folder; returns `out`.

    Raises ProtocolError, CohortError or SealError where the protocol does not fit the cohort: nothing is written then.
    """
    return create_draft(_read_text(protocol), cohort, out, protocol.name, protocol.parent)


def create_draft(
    text: str,
    cohort: Path,
    out: Path,
    source: str = PROTOCOL,
    exemplars_from: Path | None = None,
    exemplars: Mapping[str, Path] | None = None,
) -> Path:
    """`create_study` from the protocol's text; `source` is what messages call it, `exemplars_from` where the exemplar
    images that it names lie, but those of `exemplars` (name → file), which were chosen elsewhere.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SealError(f"{out} is not empty; a study needs a folder of its own")
    parsed = parse_protocol(text, source)
    Draft(out, text, parsed, load_cohort(cohort)).allocate()
    folder = out if exemplars_from is None else exemplars_from
    refuse_missing(parsed, folder, exemplars or {})
    out.mkdir(parents=True, exist_ok=True)
    copy_exemplars(parsed, folder, out, exemplars or {})
    write_text(out / PROTOCOL, text)
    draft = {"cohort": str(cohort.resolve()), "runs": str((exemplars_from or Path()).resolve())}
    draft |= {"created_at": wall_text(utc_now()), "software": software_version()}
    write_text(out / DRAFT, json.dumps(draft, indent=2, ensure_ascii=False) + "\n")
    return out


def change_draft(root: Path, text: str, exemplars: Mapping[str, Path] | None = None) -> None:
    """Put another protocol into a draft, with the exemplar images (name → file) that were chosen for it.

    Raises SealError for a sealed study; a protocol that does not fit the cohort, or a chosen file that is gone, is
    refused (ProtocolError, SealError), and the draft is as it was.
    """
    if (root / DATABASE).exists():
        raise SealError(
            "the study is sealed: its design cannot be changed any more; make a new study for another design"
        )
    _take_up_claimed(root)
    parsed = parse_protocol(text, PROTOCOL)
    Draft(root, text, parsed, _cohort_of(root)).allocate()
    copy_chosen(parsed, root, exemplars or {})
    write_text(root / PROTOCOL, text)


def open_draft(root: Path) -> Draft:
    """The draft in a folder. Raises SealError, ProtocolError with a sentence."""
    _take_up_claimed(root)
    cohort = _cohort_of(root)
    text = _read_text(root / PROTOCOL)
    return Draft(root, text, parse_protocol(text, PROTOCOL), cohort, _run_folders(root))


def _run_folders(root: Path) -> tuple[Path, ...]:
    """Beside the protocol that the draft was made from, in the draft, among what ships with the program."""
    beside = json.loads((root / DRAFT).read_text(encoding="utf-8")).get("runs")
    return (*([Path(str(beside))] if beside else []), root, shipped_folder())


def cohort_folder(root: Path) -> Path:
    """Where a draft's cohort lies. Raises SealError."""
    if not (root / DRAFT).is_file():
        raise SealError(f"{root} is not a draft study: it has no {DRAFT}; make one with `studies create`")
    try:
        return Path(json.loads((root / DRAFT).read_text(encoding="utf-8"))["cohort"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SealError(
            f"{DRAFT} in {root} cannot be read ({error!r}); make the draft anew with `studies create`"
        ) from error


def _cohort_of(root: Path) -> Cohort:
    try:
        return load_cohort(cohort_folder(root))
    except CohortError as error:
        raise SealError(f"the draft's cohort cannot be opened: {error}; {DRAFT} says where it should lie") from error


def _take_up_claimed(root: Path) -> None:
    """Give the draft's note its name back where a program was killed while it wrote the seal."""
    if (root / DRAFT).exists() or (root / DATABASE).exists():
        return
    for claimed in sorted(root.glob(f"{CLAIMED}*.json")):
        os.replace(claimed, root / DRAFT)


def readiness(root: Path) -> list[Readiness]:
    """What is there and what is missing before a draft can be sealed, a sentence each; a bad draft is a line of it."""
    if (root / DATABASE).exists():
        return [Readiness("seal", True, "the study is sealed; its design cannot be changed any more")]
    try:
        draft = open_draft(root)
    except (StudyError, EngineError) as error:
        return [Readiness("draft", False, str(error))]
    checks = [
        Readiness("cohort", True, f"{counted(len(draft.cohort.frame), 'image')} in {draft.cohort.root.name}"),
        Readiness("items", True, f"{counted(len(draft.protocol.items), 'item')} asked of every case"),
        Readiness("readers", True, _readers_sentence(draft.protocol)),
    ]
    try:
        allocation = draft.allocate()
    except StudyError as error:
        return [*checks, Readiness("cases and order", False, str(error))]
    checks += _sample_checks(allocation)
    checks.append(_images_check(draft.cohort, allocation))
    checks += _explanation_checks(draft, allocation)
    if missing := missing_exemplars(draft.protocol, root / EXEMPLARS):
        checks.append(Readiness("exemplars", False, f"not in {EXEMPLARS}: {', '.join(missing)}; put them there"))
    elif known := read_as_cases(draft.protocol, root / EXEMPLARS, _places(draft.cohort, allocation)):
        sentence = f"also read as cases: {', '.join(known)}; readers would know the answer, choose others"
        checks.append(Readiness("exemplars", False, sentence, blocking=False))
    names = [COORDINATOR, *(reader.id for reader in draft.protocol.readers)]
    checks.append(Readiness("passphrases", True, f"sealing asks for {len(names)}: {', '.join(names)}", blocking=False))
    return checks


def _places(cohort: Cohort, allocation: Allocation) -> Iterator[Path]:
    """The files of the images that are read; those that cannot be found are told of elsewhere."""
    for row in rows_of(cohort, allocation.image_ids):
        try:
            yield from cohort.image_paths(row)
        except CohortError:
            continue


def rows_of(cohort: Cohort, image_ids: Sequence[str]) -> list[pd.Series]:
    """The cohort's row of each image."""
    table = cohort.frame.set_index("image_id", drop=False)
    return [table.loc[image_id] for image_id in image_ids]


def unreadable_sentence(reasons: Sequence[str], total: int) -> str:
    """One sentence for images that cannot be read: how many, the first few reasons, what to do."""
    more = f"; and {len(reasons) - _NAMED} more" if len(reasons) > _NAMED else ""
    return (
        f"{len(reasons)} of {counted(total, 'image')} cannot be read: {'; '.join(reasons[:_NAMED])}{more}. "
        "Leave them out (selection.filter = { image_id = { exclude = [...] } }) or import the cohort again"
    )


def write_text(path: Path, text: str) -> None:
    """Write a file as a whole or not at all, and have it on disk before returning."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    part.write_bytes(text.encode("utf-8"))
    flush_to_disk(part)
    os.replace(part, path)


def flush_to_disk(path: Path) -> None:
    """Have a written file on disk, power cut or not, before going on."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SealError(f"the protocol {path.name} cannot be read: {error}") from error


def _readers_sentence(protocol: Protocol) -> str:
    names = ", ".join(reader.id for reader in protocol.readers)
    alone = "; one reader gives no agreement between readers" if len(protocol.readers) == 1 else ""
    return f"{counted(len(protocol.readers), 'reader')}: {names}{alone}"


def _sample_checks(allocation: Allocation) -> list[Readiness]:
    checks = []
    for stratum in allocation.sampled:
        sentence = (
            f"{stratum.sampled} of {stratum.wanted} wanted; {counted(stratum.available, 'case')} of the cohort meet it"
        )
        if stratum.taken_elsewhere:
            sentence += f", of which {stratum.taken_elsewhere} are of patients taken by another part of the study"
        checks.append(Readiness(stratum.title, stratum.sampled == stratum.wanted, sentence, blocking=False))
    first = [p for p in allocation.presentations if p.reader_id == allocation.presentations[0].reader_id]
    repeats, practice = sum(p.repeat for p in first), sum(p.practice for p in first)
    cases = counted(len(first) - repeats - practice, "case")
    sentence = f"each reader reads {cases} and {counted(repeats, 'hidden repeat') if repeats else 'no hidden repeats'}"
    if practice:
        sentence += f", after {counted(practice, 'practice case')}"
    return [*checks, Readiness("order", True, sentence)]


def _images_check(cohort: Cohort, allocation: Allocation) -> Readiness:
    reasons = []
    for row in rows_of(cohort, allocation.image_ids):
        try:
            for path in cohort.image_paths(row):
                header = read_header(path)
                if not header.has_pixels or not header.rows or not header.columns:
                    raise ImageError(f"{path.name}: holds no pixels, or does not say how many")
        except EngineError as error:
            reasons.append(f"{row['image_id']} ({error})")
    if reasons:
        return Readiness("images", False, unreadable_sentence(reasons, len(allocation.image_ids)))
    return Readiness("images", True, f"{counted(len(allocation.image_ids), 'image')} found, with readable headers")


def _explanation_checks(draft: Draft, allocation: Allocation) -> list[Readiness]:
    needed = explanations_needed(allocation)
    if not needed:
        return []
    if obstacle := draft.explanation_obstacle(allocation):
        return [Readiness("explanations", False, obstacle)]
    arms = ", ".join(arm.name for arm in draft.protocol.arms if arm.kind != "unaided")
    sentence = f"{counted(len(needed), 'explained case')} for {arms}; sealing computes them with the engine"
    return [Readiness("explanations", True, sentence)]


def _stacks(cohort: Cohort, image_ids: Sequence[str]) -> list[str]:
    """Those of the images that are stacks of slices."""
    counts = ((str(row["image_id"]), row.get("n_slices")) for row in rows_of(cohort, image_ids))
    return [image_id for image_id, count in counts if count is not None and not pd.isna(count) and int(count) > 1]
