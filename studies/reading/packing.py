"""A study taken to another workstation and back: one reader's part in one file.

A pack is a zip file of `pack.json` (the reading design, the reader's passphrase verifier), `events.jsonl` (the reader's
own events), `images/<sha256>` and `explanations/<sha256>`. No case, stratum, arm, repeat or other reader is in it.
Unpacked, it is a study folder that opens for its reader. Packed again there, it holds readings only.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from studies.design import Passphrase
from studies.errors import SealError, StudyError
from studies.provenance import software_version
from studies.reading.database import DATABASE
from studies.reading.events import DESK, Event, event_from_json, event_to_json, walk_events
from studies.reading.journal import Journal
from studies.reading.reading_design import ReadingDesign, reading_design_from_json
from studies.reading.readings import replay

Progress = Callable[[float, str], None]  # share done, what is being done; what it raises stops the work

FORMAT = 1

_DESIGN, _EVENTS = "pack.json", "events.jsonl"
_FROZEN = re.compile(r"(images|explanations)/[0-9a-f]{64}")
_LARGEST = {_DESIGN: 2**28, _EVENTS: 2**30}  # bytes, unpacked
_LARGEST_FROZEN = 2**33  # bytes: a long CT
_CHUNK = 2**20


@dataclass(frozen=True)
class Pack:
    """What a pack says, checked: its chain is whole and fits its presentations."""

    name: str  # of the file or folder, for sentences
    design: ReadingDesign
    passphrase: Passphrase
    events: tuple[Event, ...]
    frozen: tuple[str, ...] = ()  # "images/<sha256>" …; empty where it holds readings only


@dataclass(frozen=True)
class Merged:
    """What one pack brought."""

    name: str
    reader_id: str
    new_events: int
    finished: int
    count: int

    def line(self) -> str:
        what = f"{self.new_events} new events" if self.new_events else "nothing new"
        return f"{self.name}: reader {self.reader_id}, {what}; {self.finished} of {self.count} cases finished"


@dataclass(frozen=True)
class MergeReport:
    """What each pack brought, in the order given."""

    merged: tuple[Merged, ...] = field(default=())

    def lines(self) -> list[str]:
        """A sentence for each pack."""
        return [entry.line() for entry in self.merged]


def pack_study(
    root: Path, reader_id: str, out: Path, coordinator_passphrase: str, progress: Progress | None = None
) -> Path:
    """One reader's part of a sealed study as a file, to take to another workstation; returns `out`.

    In an unpacked pack it makes the file to bring back, without images, and takes the reader's own passphrase. Raises
    AccessError for a wrong passphrase or an unknown reader, StudyError where the disk fails; `out` is then as before.
    """
    with Journal(root) as journal:
        if journal.is_pack:
            journal.check_reader(reader_id, coordinator_passphrase)
        else:
            journal.check_coordinator(coordinator_passphrase)
        design = journal.reading_design(reader_id)
        events = journal.events(reader_id)
        frozen = () if journal.is_pack else _frozen_names(design)
        head = {"format": FORMAT, "software": software_version(), "passphrase": asdict(journal.passphrase(reader_id))}
        _write_pack(root, out, {**head, "design": json.loads(design.to_json())}, events, frozen, progress or _silent)
        if not journal.is_pack:
            _note(journal, "packed", reader_id)
    return out


def unpack_study(file: Path, folder: Path | None = None, progress: Progress | None = None) -> Path:
    """A study folder from a pack, for its reader on this workstation; returns the folder.

    Without `folder` it lies beside the file, by its name. Where it was unpacked there before, reading goes on: what the
    file has in addition is taken over. Raises StudyError for a damaged pack, another study, or readings that forked.
    """
    pack = read_pack(file)
    folder = folder or file.with_name(f"{file.stem} study")
    if (folder / DATABASE).exists():
        with Journal(folder) as journal:
            _check_same(journal, pack)
            journal.adopt(pack.design.reader_id, _new_events(journal.events(pack.design.reader_id), pack))
        return folder
    if not pack.frozen:
        raise StudyError(f"{file.name} holds readings to be merged, no images: it cannot be opened for reading")
    with _sentences(file):
        _extract(file, folder, progress or _silent)
    Journal.create_for_reader(folder, pack.design, pack.passphrase, pack.events)
    return folder


def merge_packs(root: Path, files: Sequence[Path], coordinator_passphrase: str) -> MergeReport:
    """Bring readings back from packs, or from folders they were unpacked to. What is there already is left as it is.

    Either every pack is merged or none: raises SealError for another seal or another passphrase, StudyError for damaged
    packs and for readings that went on in two places; the sentence names the file.
    """
    with Journal(root) as journal:
        journal.check_coordinator(coordinator_passphrase)
        known: dict[str, list[Event]] = {}
        plan: list[tuple[Pack, list[Event]]] = []
        for pack in map(read_pack, files):
            _check_same(journal, pack)
            reader = pack.design.reader_id
            there = known.setdefault(reader, journal.events(reader))
            new = _new_events(there, pack)
            there.extend(new)
            plan.append((pack, new))
        return MergeReport(tuple(_merge(journal, pack, new) for pack, new in plan))


def read_pack(path: Path) -> Pack:
    """A pack from its file, or from the folder it was unpacked to. Raises StudyError naming what is wrong."""
    if path.is_dir():
        return _checked(_pack_of_folder(path))
    with _sentences(path), zipfile.ZipFile(path) as archive:
        names = _safe_names(archive, path.name)
        head = json.loads(_read(archive, _DESIGN))
        if head["format"] != FORMAT:
            raise StudyError(
                f"{path.name} is a pack of format {head['format']}; this program knows {FORMAT}: update it"
            )
        design = reading_design_from_json(json.dumps(head["design"]))
        events = tuple(map(event_from_json, _read(archive, _EVENTS).decode("utf-8").splitlines()))
        passphrase = Passphrase(**head["passphrase"])
        return _checked(Pack(path.name, design, passphrase, events, tuple(names - set(_LARGEST))))


def _pack_of_folder(folder: Path) -> Pack:
    with Journal(folder) as journal:
        if not journal.is_pack:
            raise StudyError(f"{folder.name} is a whole study, not a reader's pack; packs are merged into it")
        (reader,) = journal.readers()
        design, events = journal.reading_design(reader), tuple(journal.events(reader))
        return Pack(folder.name, design, journal.passphrase(reader), events)


def _checked(pack: Pack) -> Pack:
    """The pack, if its chain is whole and speaks of its own cases only."""
    reader = pack.design.reader_id
    if problems := walk_events(pack.events, pack.design.seal_hash, reader):
        raise StudyError(f"{pack.name} was changed or damaged: {problems[0].what}; nothing was taken over")
    if strange := set(replay(pack.events).cases) - {p.code for p in pack.design.presentations}:
        raise StudyError(f"{pack.name} has events of case {min(strange)}, which reader {reader} does not have")
    needed = set(_frozen_names(pack.design))
    if pack.frozen and set(pack.frozen) != needed:
        raise StudyError(f"{pack.name} is damaged: it has {len(pack.frozen)} images and needs {len(needed)}")
    return pack


def _check_same(journal: Journal, pack: Pack) -> None:
    """Raises SealError where the pack is not of this study as it was sealed."""
    reader = pack.design.reader_id
    if pack.design.seal_hash != journal.seal_hash:
        raise SealError(
            f"{pack.name} has another seal ({pack.design.seal_hash[:12]}… instead of {journal.seal_hash[:12]}…): it "
            "belongs to another study, or to this one as sealed another time; nothing was merged"
        )
    if reader not in journal.readers():
        raise SealError(f"{pack.name} is of reader '{reader}', whom the study does not have; nothing was merged")
    if pack.passphrase != journal.passphrase(reader):
        raise SealError(f"{pack.name} has another passphrase for reader {reader} than the study; nothing was merged")
    if pack.design != journal.reading_design(reader):
        raise SealError(f"{pack.name} shows reader {reader} other cases or items than the study; nothing was merged")


def _new_events(there: Sequence[Event], pack: Pack) -> list[Event]:
    """What the pack has beyond what is there. Raises StudyError where both went on, differently."""
    for mine, theirs in zip(there, pack.events, strict=False):
        if mine.hash != theirs.hash:
            raise StudyError(
                f"{pack.name}: reader {pack.design.reader_id} went on reading in two places, which differ from event "
                f"{mine.seq} on ({mine.wall_time} here, {theirs.wall_time} in the pack); nothing was merged. Keep both "
                "and decide which of the two readings counts"
            )
    return list(pack.events[len(there) :])


def _merge(journal: Journal, pack: Pack, new: Sequence[Event]) -> Merged:
    reader = pack.design.reader_id
    if new:
        journal.adopt(reader, new)
        _note(journal, "merged", reader)
    cases = replay(journal.events(reader)).cases.values()
    return Merged(pack.name, reader, len(new), sum(case.closed for case in cases), len(pack.design.presentations))


def _silent(share: float, what: str) -> None:
    """Progress nobody asked for."""


def _note(journal: Journal, kind: str, reader: str) -> None:
    heads = {reader: journal.noted_heads()[reader]}
    journal.append(DESK, secrets.token_hex(8), kind, "", {"reader": reader, "heads": heads})


def _frozen_names(design: ReadingDesign) -> tuple[str, ...]:
    """`images/<sha256>`, `explanations/<sha256>` of all presentations, each once."""
    names = [f"images/{sha256}" for p in design.presentations for sha256 in p.images]
    names += [f"images/{sha256}" for item in design.items for sha256 in item.exemplars]
    names += [f"explanations/{sha256}" for p in design.presentations for sha256 in p.explanations]
    return tuple(dict.fromkeys(names))


def _write_pack(
    root: Path, out: Path, head: dict[str, Any], events: Sequence[Event], frozen: Sequence[str], tell: Progress
) -> None:
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # Level 1: images come as they are stored, and shrink by about a third at the speed of the disk.
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_DESIGN, json.dumps(head, ensure_ascii=False))
            archive.writestr(_EVENTS, "".join(f"{event_to_json(event)}\n" for event in events))
            for done, name in enumerate(frozen):
                tell(done / len(frozen), f"packing image {done + 1} of {len(frozen)}")
                archive.write(root / name, name)
        os.replace(part, out)
    except OSError as error:
        raise StudyError(f"the pack {out.name} could not be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _safe_names(archive: zipfile.ZipFile, name: str) -> set[str]:
    """Names in the archive. Raises StudyError for a name or a size that no pack of ours has."""
    names: set[str] = set()
    for info in archive.infolist():
        if info.filename in names or not (info.filename in _LARGEST or _FROZEN.fullmatch(info.filename)):
            raise StudyError(f"{name} is not a pack: it holds '{info.filename[:80]}'; nothing was unpacked")
        if info.file_size > _LARGEST.get(info.filename, _LARGEST_FROZEN):
            raise StudyError(f"{name} is not a pack: '{info.filename}' would have {info.file_size:,} bytes unpacked")
        names.add(info.filename)
    return names


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_LARGEST[name])


def _extract(file: Path, folder: Path, tell: Progress) -> None:
    """Images and explanations into the folder, each checked against its name."""
    with zipfile.ZipFile(file) as archive:
        wanted = [info for info in archive.infolist() if _FROZEN.fullmatch(info.filename)]
        folder.mkdir(parents=True, exist_ok=True)
        size, free = sum(info.file_size for info in wanted), shutil.disk_usage(folder).free
        if size > free:
            raise StudyError(f"{file.name} needs {size:,} bytes unpacked; {folder} has {free:,} free")
        for done, info in enumerate(wanted):
            tell(done / len(wanted), f"unpacking image {done + 1} of {len(wanted)}")
            target = folder / info.filename
            target.parent.mkdir(exist_ok=True)
            with archive.open(info) as source:
                _copy_checked(source, target, file.name)


def _copy_checked(source: IO[bytes], target: Path, name: str) -> None:
    part = target.with_name(f".{target.name}.part")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as stream:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        if digest.hexdigest() != target.name:
            raise StudyError(f"{name} is damaged: image {target.name[:12]}… is not the one that was sealed")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StudyError(f"{path.name} cannot be read or unpacked: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise StudyError(f"{path.name} is not a pack, or is damaged: {error}") from error
    except (KeyError, ValueError, TypeError) as error:
        raise StudyError(f"{path.name} is not a pack, or is damaged: {error!r}") from error
