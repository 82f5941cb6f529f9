"""A study as its people see it: a reader their own part, the coordinator all of it. Each needs their passphrase."""

import hashlib
import platform
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.hashing import file_sha256
from studies.design import Presentation, SealedDesign
from studies.errors import AccessError, ReadingError, SealError
from studies.protocol import (
    Item,
    Navigation,
    PresentationCode,
    Protocol,
    ReaderId,
    Sessions,
    Timing,
    load_protocol,
    parse_protocol,
)
from studies.reading.database import DATABASE
from studies.reading.events import DESK, Event
from studies.reading.journal import Journal
from studies.reading.readings import CaseState, ChainRecord, replay

if TYPE_CHECKING:
    import pandas as pd

    from engine.images.image import Image
    from studies.reading.disputes import Dispute, Verdict
    from studies.reading.shown_maps import ShownMap
    from studies.statistics.disputes import Topic
    from studies.statistics.ratings import Ratings

PROTOCOL, IMAGES = "protocol.toml", "images"


def study_state(root: Path) -> Literal["draft", "sealed"]:
    """Whether a study folder is sealed. Raises SealError for a folder that is no study."""
    if (root / DATABASE).is_file():
        return "sealed"
    if (root / PROTOCOL).is_file():
        return "draft"
    raise SealError(f"{root} is not a study: it has neither {PROTOCOL} nor {DATABASE}")


def study_title(root: Path) -> str:
    """Title of a draft, a sealed study or an unpacked pack."""
    if study_state(root) == "draft":
        return load_protocol(root / PROTOCOL).title
    with Journal(root) as journal:
        return journal.title()


def list_readers(root: Path) -> tuple[str, ...]:
    """Ids of the readers, in the protocol's order; in an unpacked pack its one reader."""
    if study_state(root) == "draft":
        return tuple(reader.id for reader in load_protocol(root / PROTOCOL).readers)
    with Journal(root) as journal:
        return journal.readers()


def is_pack(root: Path) -> bool:
    """True for a folder that was unpacked from a pack: it opens for its reader only."""
    if study_state(root) == "draft":
        return False
    with Journal(root) as journal:
        return journal.is_pack


def open_as_reader(root: Path, reader_id: str, passphrase: str) -> "ReaderView":
    """A reader's own part of a sealed study or of their unpacked pack. Raises AccessError, SealError."""
    journal = _sealed(root)
    try:
        journal.check_reader(reader_id, passphrase)
        return ReaderView(journal, reader_id)
    except BaseException:
        journal.close()
        raise


def open_as_coordinator(root: Path, passphrase: str) -> "CoordinatorView":
    """The whole of a sealed study; that it was opened, and the heads of all chains, go into the desk's chain.

    Raises AccessError, SealError.
    """
    journal = _sealed(root)
    try:
        if journal.is_pack:
            raise AccessError("this is one reader's pack: the coordinator opens the study it was packed from")
        journal.check_coordinator(passphrase)
        return CoordinatorView(journal)
    except BaseException:
        journal.close()
        raise


def _sealed(root: Path) -> Journal:
    if study_state(root) == "draft":
        raise SealError(f"the study in {root} is not sealed yet; seal it first")
    return Journal(root)


class ReaderView:
    """What one reader sees of a study: items, rules, own presentations in order, own events. Nothing of anyone else."""

    def __init__(self, journal: Journal, reader_id: str) -> None:
        self._journal = journal
        self._design = journal.reading_design(reader_id)
        self._by_code = {str(p.code): p for p in self._design.presentations}

    @property
    def title(self) -> str:
        return self._design.title

    @property
    def instructions(self) -> str:
        return self._design.instructions

    @property
    def items(self) -> tuple[Item, ...]:
        return self._design.items

    @property
    def navigation(self) -> Navigation:
        return self._design.navigation

    @property
    def timing(self) -> Timing:
        return self._design.timing

    @property
    def sessions(self) -> Sessions:
        return self._design.sessions

    @property
    def reader_id(self) -> ReaderId:
        return self._design.reader_id

    @property
    def presentations(self) -> tuple[Presentation, ...]:
        """In reading order, practice first; without case, arm and repeat."""
        return self._design.presentations

    def load_images(
        self, code: PresentationCode | str, progress: Callable[[float], None] | None = None
    ) -> "list[Image]":
        """The images of a presentation, in hanging order; from any thread. `progress` is told shares, 0 to 1.

        Raises ReadingError, naming the code only, where a frozen copy is missing or is not the one that was sealed.
        """
        return _load_images(self._journal.root, self._presentation(code).images, f"case {code}", _TELL, progress)

    def load_maps(self, code: PresentationCode | str) -> "tuple[ShownMap, ...]":
        """What is shown of a presentation after its lock; from any thread. Empty where nothing is.

        Raises ReadingError, naming the code only, where a file is missing or is not the one that was sealed.
        """
        return tuple(_load_map(self._journal.root, sha256, code) for sha256 in self._presentation(code).explanations)

    def load_exemplars(self, item_id: str) -> "list[Image]":
        """The images that show what an item means, in the protocol's order; from any thread.

        Raises ReadingError where there is no such item, or a frozen copy is missing or is not the one that was sealed.
        """
        for item in self.items:
            if item.id == item_id:
                return _load_images(self._journal.root, item.exemplars, f"item {item_id}", _TELL)
        raise ReadingError(f"the study has no item '{item_id}'")

    def events(self) -> list[Event]:
        """This reader's events, in order."""
        return self._journal.events(self.reader_id)

    def head(self) -> str:
        """Hash of this reader's last event: shown and noted at the end of a session."""
        return self._journal.head(self.reader_id)

    def journal_append(
        self,
        session_id: str,
        kind: str,
        code: str,
        payload: Mapping[str, Any],
        *,
        monotonic_s: float | None = None,
        wall: datetime | None = None,
        after: str | None = None,
    ) -> Event:
        """Add an event to this reader's chain (`Journal.append`); it is on disk when this returns."""
        return self._journal.append(
            self.reader_id, session_id, kind, code, payload, monotonic_s=monotonic_s, wall=wall, after=after
        )

    def close(self) -> None:
        """Let go of the study's database."""
        self._journal.close()

    def _presentation(self, code: str) -> Presentation:
        if code not in self._by_code:
            raise ReadingError(f"there is no case '{code}' among those of reader {self.reader_id}")
        return self._by_code[code]


class CoordinatorView:
    """All of a study. Answers and marks stay locked until every reader has finished, or a reason is on record."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.design: SealedDesign = journal.design()
        self.protocol: Protocol = parse_protocol(self.design.protocol_text, "the sealed protocol")
        self._session_id = secrets.token_hex(8)
        self._looked_early = False
        self._records: dict[str, tuple[str, list[Event], ChainRecord]] = {}
        self._ratings: tuple[tuple[str, ...], Ratings] | None = None  # and the heads they are of
        self._append("desk_opened", {"heads": journal.noted_heads(), "system": platform.system()})

    @property
    def root(self) -> Path:
        return self._journal.root

    @property
    def complete(self) -> bool:
        """True where every reader has finished every case."""
        return all(done == total for done, total in self.finished_counts().values())

    @property
    def agreement_unlocked(self) -> bool:
        """True where every reader has finished, or a reason to look earlier was given in this view."""
        return self._looked_early or self.complete

    def finished_counts(self) -> dict[str, tuple[int, int]]:
        """Reader id → cases finished, cases to read (practice included)."""
        counts = {}
        for reader, presentations in self._presentations.items():
            cases = self._record(reader).cases
            counts[reader] = (sum(p.code in cases and cases[p.code].closed for p in presentations), len(presentations))
        return counts

    def look_early(self, reason: str) -> None:
        """Unlock answers before every reader has finished; the reason goes into the desk's chain first.

        It counts for this view: who opens the study again gives a reason again. Raises AccessError without one.
        """
        if not reason.strip():
            raise AccessError("looking before every reader has finished needs a reason, which is recorded")
        counts = {reader: list(count) for reader, count in self.finished_counts().items()}
        self._append("looked_early", {"reason": reason.strip(), "finished": counts})
        self._looked_early = True

    def locked_sentence(self) -> str:
        """Why answers are locked, how far each reader is, and what unlocks them."""
        counts = "; ".join(f"{reader} {done} of {total}" for reader, (done, total) in self.finished_counts().items())
        return (
            f"answers are locked until every reader has finished (so far {counts}); to look earlier, give a reason, "
            "which is recorded"
        )

    def readings(self) -> "pd.DataFrame":
        """Answers, long: `studies.reading.frames.readings_frame`. Raises AccessError while locked."""
        from studies.reading.frames import readings_frame

        self._refuse_locked()
        return readings_frame(self.design, self.protocol, self._states())

    def marks(self) -> "pd.DataFrame":
        """Marks, one row each: `studies.reading.frames.marks_frame`. Raises AccessError while locked."""
        from studies.reading.frames import marks_frame

        self._refuse_locked()
        return marks_frame(self.design, self.protocol, self._states())

    def events(self) -> "pd.DataFrame":
        """Every event, `studies.reading.frames.events_frame`; AccessError while locked, for answers are in it."""
        from studies.reading.frames import events_frame

        self._refuse_locked()
        own = [event for reader in self._presentations for event in self._events(reader)]
        return events_frame([*own, *self._journal.events(DESK)])

    def times(self) -> "pd.DataFrame":
        """Reading times: `studies.reading.frames.times_frame`. Never locked: no answer is in it."""
        from studies.reading.frames import times_frame

        return times_frame(self.design, self.protocol, self._states())

    def progress(self) -> "pd.DataFrame":
        """Case × reader: `studies.reading.frames.progress_frame`. Never locked."""
        from studies.reading.frames import progress_frame

        return progress_frame(self.design, self._states())

    def flags(self) -> "pd.DataFrame":
        """Flagged cases with the readers' comments: `studies.reading.frames.flags_frame`.

        Never locked: a comment is a word to the coordinator about a case that cannot be read as it is.
        """
        from studies.reading.frames import flags_frame

        return flags_frame(self.design, self._states())

    @property
    def anything_read(self) -> bool:
        """True where any reader has finished a case that is not for practice."""
        practice = {p.code for own in self._presentations.values() for p in own if p.practice}
        return any(
            case.closed and code not in practice
            for reader in self._presentations
            for code, case in self._record(reader).cases.items()
        )

    def ratings(self) -> "Ratings":
        """The readings as codes; derived anew only where anyone has read since. AccessError while locked.

        Raises RatingsError where there are none.
        """
        from studies.statistics.ratings import Ratings

        self._refuse_locked()
        heads = tuple(self._journal.head(reader) for reader in self._presentations)
        if self._ratings is None or self._ratings[0] != heads:
            self._ratings = heads, Ratings.from_frame(self.readings(), self.protocol.items)
        return self._ratings[1]

    def disputes(self, topic: "Topic") -> "tuple[Dispute, ...]":
        """The cases on which readers differ, without names; that they were opened goes into the desk's chain first.

        Raises AccessError while locked, RatingsError for a line of the tables that there is not.
        """
        from studies.reading.disputes import composite_items, disputes_of, items_behind
        from studies.statistics.disputes import find_disputes

        found = find_disputes(self.ratings(), topic, confounders=composite_items(self.protocol))
        self._append("disputes_opened", {**asdict(topic), "readers": list(topic.readers), "n_cases": len(found)})
        items, states = items_behind(self.protocol, topic.item, topic.stratum), self._states()
        return disputes_of(found, self.design, self.protocol, items, states)

    def name_readers(self, case_id: str) -> dict[str, str]:
        """Letter → reader of a disputed case; that they were named goes into the desk's chain first."""
        from studies.reading.disputes import letters_of

        self._refuse_locked()
        self._append("readers_named", {"case_id": case_id})
        return letters_of(self.design, case_id, list(self._presentations))

    def adjudicate(self, verdict: "Verdict") -> None:
        """Record what was agreed on for an item of a case; no reading changes. Raises ReadingError without a reason."""
        from studies.reading.disputes import ADJUDICATED

        self._refuse_locked()
        if not verdict.reason.strip() or not verdict.value:
            raise ReadingError("an adjudicated answer needs the answer and a reason, which are recorded")
        payload = asdict(verdict) | {"reason": verdict.reason.strip()}
        del payload["wall_time"]
        self._append(ADJUDICATED, payload)

    def verdicts(self) -> "dict[tuple[str, str, str], Verdict]":
        """(case, arm, item) → what was adjudicated last. AccessError while locked."""
        from studies.reading.disputes import verdicts

        self._refuse_locked()
        return verdicts(self._journal.events(DESK))

    def load_images(self, hashes: Sequence[str], progress: Callable[[float], None] | None = None) -> "list[Image]":
        """Frozen images by their sha256; from any thread. `progress` is told shares, 0 to 1. Raises ReadingError."""
        advice = "`studies verify` says what was changed"
        return _load_images(self._journal.root, hashes, "the case", advice, progress)

    def heads(self) -> dict[str, str]:
        """Head of each chain."""
        return self._journal.heads()

    def close(self) -> None:
        """Let go of the study's database."""
        self._journal.close()

    @cached_property
    def _presentations(self) -> dict[str, list[Presentation]]:
        own: dict[str, list[Presentation]] = {reader.id: [] for reader in self.protocol.readers}
        for presentation in self.design.presentations:
            own[presentation.reader_id].append(presentation)
        return own

    def _refuse_locked(self) -> None:
        if not self.agreement_unlocked:
            raise AccessError(self.locked_sentence())

    def _states(self) -> dict[str, dict[str, CaseState]]:
        return {
            reader: {code: case.state() for code, case in self._record(reader).cases.items()}
            for reader in self._presentations
        }

    def _events(self, reader: str) -> list[Event]:
        self._record(reader)
        return self._records[reader][1]

    def _record(self, reader: str) -> ChainRecord:
        """The reader's chain as it is now; derived anew only where it has grown."""
        head = self._journal.head(reader)
        if reader not in self._records or self._records[reader][0] != head:
            events = self._journal.events(reader)
            self._records[reader] = (head, events, replay(events))
        return self._records[reader][2]

    def _append(self, kind: str, payload: Mapping[str, Any]) -> None:
        self._journal.append(DESK, self._session_id, kind, "", payload)


def _load_images(
    root: Path, hashes: Sequence[str], whose: str, advice: str, progress: Callable[[float], None] | None = None
) -> "list[Image]":
    """Frozen copies by their sha256; `progress` is told shares, 0 to 1. Raises ReadingError naming whose."""
    from engine.errors import EngineError

    images = []
    for number, sha256 in enumerate(hashes, start=1):
        path = root / IMAGES / sha256
        try:
            image = _sealed_image(path, sha256)
            if image is None:
                raise ReadingError(f"image {number} of {whose} is not the one that was sealed; {advice}")
            images.append(image)
            if progress:
                progress(number / len(hashes))
        except (OSError, EngineError) as error:
            raise ReadingError(f"image {number} of {whose} cannot be read; {advice}") from error
    return images


def _load_map(root: Path, sha256: str, code: str) -> "ShownMap":
    from studies.reading.shown_maps import EXPLANATIONS, map_from_bytes

    try:
        content = (root / EXPLANATIONS / sha256).read_bytes()
    except OSError as error:
        raise ReadingError(f"the explanation of case {code} cannot be read; {_TELL}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReadingError(f"the explanation of case {code} is not the one that was sealed; {_TELL}")
    return map_from_bytes(content)


def _sealed_image(path: Path, sha256: str) -> "Image | None":
    """A frozen copy, checked in a second thread while it is read; None where it is not the one that was sealed."""
    from engine.images import load_image

    with ThreadPoolExecutor(max_workers=1) as pool:
        digest = pool.submit(file_sha256, path)
        try:
            image = load_image(path)
        except Exception:  # what cannot be read because it was changed is told as changed
            if digest.result() != sha256:
                return None
            raise
        return image if digest.result() == sha256 else None


_TELL = "tell the coordinator the case code"
