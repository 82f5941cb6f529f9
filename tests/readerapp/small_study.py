"""A small real study for the tests of the windows: eight images, three items, two readers, sealed and read."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from engine.cohorts.cohort import write_cohort
from readerapp.reading.session import ReadingSession
from studies.planning.sealing import create_study, seal_study
from studies.reading.study import open_as_reader

PHRASES = {"coordinator": "the desk phrase", "anna": "anna's phrase", "ben": "ben's phrase"}
TITLE = "Drains and wires"
PROTOCOL = f"""
title = "{TITLE}"
instructions = "Say what you see."
[[selection.strata]]
name = "effusion"
where = {{ "label.effusion" = 1 }}
n = 4
confounders = ["drain", "wires"]
[[selection.strata]]
name = "nodule"
where = {{ "label.effusion" = 0 }}
n = 4
confounders = ["wires"]
[[items]]
id = "drain"
text = "Chest drain"
group = "treatment"
[[items]]
id = "wires"
text = "Sternal wires"
group = "treatment"
[[items]]
id = "valve"
text = "Artificial valve"
group = "treatment"
[[readers]]
id = "anna"
[[readers]]
id = "ben"
"""


def make_protocol(folder: Path, text: str = PROTOCOL) -> Path:
    file = folder / "protocol.toml"
    file.write_text(text, encoding="utf-8")
    return file


def make_cohort(folder: Path, n: int = 8) -> Path:
    """Images of one bright square each, two patients' worth of nothing that identifies anyone."""
    root = folder / "cohort"
    (root / "images").mkdir(parents=True)
    rows = []
    for number in range(n):
        pixels = np.zeros((48, 40), np.uint8)
        pixels[10 + number : 20 + number, 8:30] = 200
        Image.fromarray(pixels).save(root / "images" / f"i{number}.png")
        path = f"images/i{number}.png"
        rows.append({"image_id": f"i{number}", "patient_id": f"p{number}", "path": path, "label.effusion": number % 2})
    write_cohort(root, pd.DataFrame(rows), {"adapter": "test"})
    return root


def make_study(folder: Path) -> Path:
    """A sealed study nobody has read yet."""
    study = folder / "study"
    create_study(make_protocol(folder), make_cohort(folder), study)
    seal_study(study, PHRASES)
    return study


def read(study: Path, reader: str, cases: int = 100) -> None:
    """Read up to that many cases, findings by the order of the images; ben unsure once, one wire more; no valve."""
    view = open_as_reader(study, reader, PHRASES[reader])
    session = ReadingSession(view)
    films = sorted({image for presentation in view.presentations for image in presentation.images})
    for number in range(min(cases, session.count)):
        session.open_next()
        session.painted()
        image = films.index(session.presentation.images[0])  # both readers see the same "findings"
        drain = "present" if image % 2 else "absent"
        session.answer("drain", "uncertain" if reader == "ben" and number == 0 else drain)
        session.answer("wires", "present" if (image % 4 == 0) != (reader == "ben" and number == 3) else "absent")
        session.answer("valve", "absent")
        session.finish()
    session.end()
    view.close()
