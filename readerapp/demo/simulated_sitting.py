"""A simulated reader at a whole study without a window: each answer goes through the session that the room uses. No Qt.

What the reader sees of a case is told by its truth; nobody looks at pixels.
"""

import random
from collections.abc import Mapping
from pathlib import Path

from readerapp.demo.simulated_reader import SimulatedReader, Truth
from readerapp.reading.session import ReadingSession
from studies.protocol import Item
from studies.reading.study import open_as_reader

__all__ = ["read_study"]


def read_study(
    root: Path,
    passphrase: str,
    reader: SimulatedReader,
    cases: Mapping[str, str],
    truths: Mapping[str, Truth],
    remarks: Mapping[str, tuple[str, float]] | None = None,
) -> int:
    """Read every case to the end; returns how many. `cases`: presentation code → case; `truths`: case → item → there.

    Answers depend on the case, not on its code, which is another in each study that is sealed: the same seed gives the
    same tables. So no hidden repeats, which would be answered alike.
    remarks: text item → what the reader writes there, and in which share of cases.
    """
    view = open_as_reader(root, reader.reader_id, passphrase)
    try:
        session = ReadingSession(view)
        read = 0
        while not session.finished:
            case = cases[str(session.open_next().code)]
            session.painted()
            for item in session.items:
                if value := _answer(item, reader, case, truths[case], remarks or {}):
                    session.answer(item.id, value)
            session.answer_rest_absent()
            session.finish(confirmed=True)
            read += 1
        session.end()
    finally:
        view.close()
    return read


def _answer(
    item: Item, reader: SimulatedReader, case: str, truth: Truth, remarks: Mapping[str, tuple[str, float]]
) -> str:
    """What is answered one by one; "absent" is left to one key at the end."""
    if item.kind == "presence":
        value = reader.answer(case, str(item.id), truth.get(str(item.id), False))
        return "" if value == "absent" else value
    words, share = remarks.get(str(item.id), ("", 0.0))
    dice = random.Random(f"{reader.seed}/{reader.reader_id}/{case}/{item.id}")
    return words if dice.random() < share else ""
