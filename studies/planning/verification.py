"""Check a sealed study: is it as it was sealed, and does each chain of events hold?

What is compared, each against something that was not written by the one who changed it:

* `protocol.toml` and the sealed protocol text with the sealed hash; the frozen cohort rows with theirs;
* cases, orders, arms, repeats and codes with the allocation derived again from protocol and rows;
* every file of `images` and `explanations` with the sha256 in its name and with the lists of what was sealed;
* what each presentation shows with the explanations of its case and arm, and the seed of each sham;
* the seal hash with the hash of all of it;
* every chain of events, link by link, and every event with the presentations of its reader.

An unkeyed chain proves order and wholeness against anyone who changes part of it. It cannot prove that nobody wrote the
whole database anew; for that, compare the head hashes that were shown or exported when a session ended.
"""

import dataclasses
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from engine.hashing import file_sha256
from studies.design import Case, Presentation, SealedDesign, compute_seal_hash, sha256_text
from studies.errors import SealError, StudyError
from studies.planning.allocation import ALGORITHM, allocate
from studies.planning.draft import DATABASE, DRAFT, IMAGES, PROTOCOL
from studies.planning.explaining import maps_of, sham_seeds
from studies.planning.sealing import with_images
from studies.protocol import ReaderId, parse_protocol, protocol_hash
from studies.reading.journal import Journal
from studies.reading.shown_maps import EXPLANATIONS

_NAMES = {
    "case_id": "case",
    "code": "code",
    "arm": "arm",
    "explained": "explanation",
    "repeat": "repeat",
    "part": "part",
    "practice": "practice",
    "images": "images",
    "position": "position",
    "feedback": "feedback",
}


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was sealed or written."""

    where: str  # "protocol", "image 3f2a…", "reader anna, presentation 7", "journal of anna, event 12" …
    what: str  # one sentence


def verify_study(root: Path, progress: Callable[[float], None] | None = None) -> list[Problem]:
    """Everything that is not as it was sealed or written; empty for an intact study.

    Raises SealError for a folder that is no sealed study.
    """
    if not (root / DATABASE).is_file():
        reason = "it is a draft: seal it first" if (root / DRAFT).is_file() else f"it has no {DATABASE}"
        raise SealError(f"{root} is not a sealed study: {reason}")
    try:
        with Journal(root) as journal:
            return list(dict.fromkeys(_problems(root, journal, progress or (lambda _share: None))))
    except StudyError as error:
        return [Problem(DATABASE, f"it cannot be read: {error}")]


def _problems(root: Path, journal: Journal, tell: Callable[[float], None]) -> Iterator[Problem]:
    try:
        design = journal.design()
    except StudyError as error:
        yield Problem("seal", f"the sealed design cannot be read: {error}")
    else:
        yield from _check_protocol(root, design)
        yield from _check_rows(design)
        yield from _check_allocation(design)
        yield from _check_images(root / IMAGES, design, tell)
        yield from _check_maps(root / EXPLANATIONS, design)
        yield from _check_shown(design)
        yield from _check_seal(design)
        yield from _check_journal(journal, design)


def _check_protocol(root: Path, design: SealedDesign) -> Iterator[Problem]:
    if protocol_hash(design.protocol_text) != design.protocol_sha256:
        yield Problem("seal", "the sealed protocol's text does not have the sealed protocol's hash: one was changed")
    try:
        text = (root / PROTOCOL).read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(PROTOCOL, f"the file cannot be read: {error}")
        return
    if text != design.protocol_text:
        lines = zip_longest(text.split("\n"), design.protocol_text.split("\n"))
        number, (now, sealed) = next((n, pair) for n, pair in enumerate(lines, start=1) if pair[0] != pair[1])
        yield Problem(
            PROTOCOL, f"line {number} was changed after sealing: it is {_quoted(now)}, sealed was {_quoted(sealed)}"
        )


def _check_rows(design: SealedDesign) -> Iterator[Problem]:
    if sha256_text(design.cohort_rows) != design.cohort_sha256:
        yield Problem("cohort rows", "the frozen cohort rows do not have the sealed hash: rows or hash were changed")


def _check_allocation(design: SealedDesign) -> Iterator[Problem]:
    if design.algorithm != ALGORITHM:
        yield Problem(
            "order", f"sealed with {design.algorithm}; this version knows {ALGORITHM} and cannot derive it again"
        )
        return
    try:
        protocol = parse_protocol(design.protocol_text, "the sealed protocol")
        rows = pd.read_csv(io.StringIO(design.cohort_rows), dtype=str, keep_default_na=False)
        derived = allocate(protocol, protocol_hash(design.protocol_text), rows)
    except (StudyError, ValueError, KeyError) as error:
        yield Problem("order", f"the order cannot be derived again from the sealed protocol and rows: {error}")
        return
    sealed_images = {image.image_id: image.sha256 for case in design.cases for image in case.images}
    sha256 = {image_id: sealed_images.get(image_id, "") for image_id in derived.image_ids}
    cases, presentations = with_images(derived, sha256)
    yield from _compare_cases(design.cases, cases)
    yield from _compare_presentations(design.presentations, presentations)


def _compare_cases(sealed: tuple[Case, ...], derived: tuple[Case, ...]) -> Iterator[Problem]:
    before, after = ({case.case_id: case for case in cases} for cases in (derived, sealed))
    for case_id in sorted(before.keys() | after.keys()):
        if case_id not in after:
            yield Problem(f"case {case_id}", "it is missing; protocol and cohort rows give it")
        elif case_id not in before:
            yield Problem(f"case {case_id}", "it was added; protocol and cohort rows do not give it")
        elif differences := _differences(after[case_id], before[case_id]):
            yield Problem(f"case {case_id}", f"{', '.join(differences)}; it was changed after sealing")


def _compare_presentations(sealed: tuple[Presentation, ...], derived: tuple[Presentation, ...]) -> Iterator[Problem]:
    for reader_id in dict.fromkeys(p.reader_id for p in (*derived, *sealed)):
        pairs = zip_longest(_of_reader(sealed, reader_id), _of_reader(derived, reader_id))
        for number, (now, before) in enumerate(pairs, start=1):
            where = f"reader {reader_id}, presentation {number}"
            if now is None:
                yield Problem(where, "it is missing; the protocol gives it")
            elif before is None:
                yield Problem(where, f"{now.code} was added; the protocol does not give it")
            elif differences := _differences(dataclasses.replace(now, explanations=()), before):
                yield Problem(where, f"{now.code}: {', '.join(differences)}; the order was changed after sealing")


def _of_reader(presentations: tuple[Presentation, ...], reader_id: ReaderId) -> list[Presentation]:
    return sorted((p for p in presentations if p.reader_id == reader_id), key=lambda p: p.position)


def _differences(now: object, before: object) -> list[str]:
    """Fields of two records of one kind that differ, with both values."""
    differences = []
    for field in dataclasses.fields(now):  # type: ignore[arg-type]
        is_now, was = getattr(now, field.name), getattr(before, field.name)
        if is_now != was:
            differences.append(f"{_NAMES.get(field.name, field.name)} is {_short(is_now)}, should be {_short(was)}")
    return differences


def _check_images(folder: Path, design: SealedDesign, tell: Callable[[float], None]) -> Iterator[Problem]:
    cases = {sha256: f"image {sha256[:12]}, exemplar {name}" for name, sha256 in design.exemplars.items()}
    cases |= {i.sha256: f"image {i.sha256[:12]} of case {case.case_id}" for case in design.cases for i in case.images}
    yield from _check_files(folder, cases, "image", tell)


def _check_maps(folder: Path, design: SealedDesign) -> Iterator[Problem]:
    maps = {str(one["sha256"]): f"explanation {str(one['sha256'])[:12]}" for one in design.explanations}
    yield from _check_files(folder, maps, "explanation", lambda _share: None)


def _check_files(folder: Path, sealed: dict[str, str], what: str, tell: Callable[[float], None]) -> Iterator[Problem]:
    """`sealed`: sha256, which is the file's name → what to call it."""
    there = {file.name: file for file in folder.iterdir()} if folder.is_dir() else {}
    for done, (name, where) in enumerate(sorted(sealed.items()), start=1):
        if name not in there:
            yield Problem(where, f"the file {folder.name}/{name} is missing")
        elif (digest := _digest(there[name])) != name:
            yield Problem(where, f"the file was changed after sealing: its sha256 is now {digest[:12]}…")
        tell(done / len(sealed))
    for name in sorted(there.keys() - sealed.keys()):
        yield Problem(f"file {folder.name}/{name}", f"it is no {what} of the sealed study: it was added")


def _check_shown(design: SealedDesign) -> Iterator[Problem]:
    """What readers are shown is what was computed for their case and arm."""
    shown = maps_of(design.explanations)
    for p in design.presentations:
        if p.explanations != (shown.get((p.case_id, p.arm), ()) if p.explained else ()):
            what = (
                f"{p.code} shows other explanations than were made for its case and arm; it was changed after sealing"
            )
            yield Problem(f"reader {p.reader_id}, presentation {p.position + 1}", what)
    images = {(case.case_id, image.sha256) for case in design.cases for image in case.images}
    try:
        protocol = parse_protocol(design.protocol_text, "the sealed protocol")
    except StudyError:
        return  # told of already
    for one in design.explanations:
        where = f"explanation {str(one['sha256'])[:12]}"
        sham = protocol.arm(str(one["arm"])).kind == "sham"
        known = (str(one["arm"]), str(one["image_sha256"]))
        seeds = sham_seeds(protocol, design.protocol_sha256, *known) if sham else (None,)
        if (one["case_id"], one["image_sha256"]) not in images:
            yield Problem(where, f"it is of an image that case {one['case_id']} does not have")
        if one["randomised_seed"] not in seeds:
            wanted = f"one of {', '.join(map(str, seeds))}" if sham else "none"
            what = f"its network has random weights of seed {one['randomised_seed']}, should be {wanted}"
            yield Problem(where, what)


def _digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError:
        return "(cannot be read)"


def _check_seal(design: SealedDesign) -> Iterator[Problem]:
    computed = compute_seal_hash(design)
    if computed != design.seal_hash:
        yield Problem(
            "seal", f"the sealed design was changed: its hash is {computed[:12]}…, sealed was {design.seal_hash[:12]}…"
        )


def _check_journal(journal: Journal, design: SealedDesign) -> Iterator[Problem]:
    try:
        chains = list(journal.heads())
    except StudyError as error:
        yield Problem("journal", f"its chains cannot be read: {error}")
        return
    for chain in chains:
        problems = journal.walk(chain)
        for problem in problems:
            place = f", event {problem.seq}" if problem.seq else ""
            yield Problem(f"journal of {chain}{place}", problem.what)
        if not problems:
            yield from _check_codes(journal, design, chain)


def _check_codes(journal: Journal, design: SealedDesign, chain: str) -> Iterator[Problem]:
    """Events of a reader about presentations that are not theirs."""
    own = {p.code for p in design.presentations if p.reader_id == chain}
    for event in journal.events(chain):
        if own and event.code and event.code not in own:
            what = f"it is about presentation {event.code}, which is not one of this reader"
            yield Problem(f"journal of {chain}, event {event.seq}", what)


def _quoted(line: str | None) -> str:
    return "absent" if line is None else f"'{line[:60]}'"


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
