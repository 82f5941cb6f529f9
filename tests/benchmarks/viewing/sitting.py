"""A process that reads a study to its end and says what it weighed after every fifty cases."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

from readerapp.application import make_application
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from studies.reading.study import open_as_reader
from tests.benchmarks.viewing.started import resident_mb
from tests.readerapp.fast_reader import read_on
from tests.readerapp.made_study import PASSPHRASE


def main(root: Path, cases: int) -> None:
    application = make_application()
    room = ReadingRoom(ReadingSession(open_as_reader(root, "r1", PASSPHRASE)))
    room.resize(1366, 768)
    room.show()
    application.processEvents()
    weights: list[tuple[int, float]] = []
    read_on(room, cases, lambda read: weights.append((read, resident_mb())) if read % 50 == 0 else None)
    print(json.dumps({"resident_mb": weights}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
