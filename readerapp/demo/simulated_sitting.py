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
    truths: Mapping[str, Truth],
    remarks: Mapping[str, tuple[str, float]] | None = None,
) -> int:
    """Read every case to the end; returns how many. `truths`: presentation code → item → what is there.

    remarks: text item → what the reader writes there, and in which share of cases.
    """
    view = open_as_reader(root, reader.reader_id, passphrase)
    try:
        session = ReadingSession(view)
        read = 0
        while not session.finished:
            code = str(session.open_next().code)
            session.painted()
            for item in session.items:
                if value := _answer(item, reader, code, truths[code], remarks or {}):
                    session.answer(item.id, value)
            session.answer_rest_absent()
            session.finish(confirmed=True)
            read += 1
        session.end()
    finally:
        view.close()
    return read


def _answer(
    item: Item, reader: SimulatedReader, code: str, truth: Truth, remarks: Mapping[str, tuple[str, float]]
) -> str:
    """What is answered one by one; "absent" is left to one key at the end."""
    if item.kind == "presence":
        value = reader.answer(code, str(item.id), truth.get(str(item.id), False))
        return "" if value == "absent" else value
    words, share = remarks.get(str(item.id), ("", 0.0))
    dice = random.Random(f"{reader.seed}/{reader.reader_id}/{code}/{item.id}")
    return words if dice.random() < share else ""
