"""Sealed studies that tests make up: small images, one reader, and rows full of what a reader must never see."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.images.image import Image, Window
from readerapp.reading.session import ReadingSession
from studies.design import Case, CaseImage, Presentation
from studies.protocol import CaseId, PresentationCode, ReaderId
from studies.reading.access import make_passphrase
from studies.reading.journal import Journal
from studies.reading.shown_maps import EXPLANATIONS, ShownMap
from studies.reading.study import open_as_reader
from tests.studies.made_studies import design_of, freeze

PASSPHRASE = "correct horse"

ITEMS = """
[[items]]
id = "tube"
text = "Endotracheal tube"
group = "treatment"
key = "E"
help = "Cuff or tube wall visible."
[[items]]
id = "drain"
text = "Chest drain"
group = "treatment"
key = "D"
[[items]]
id = "congestion"
text = "Pulmonary congestion"
group = "physiology"
key = "C"
"""

MORE_ITEMS = """
[[items]]
id = "projection"
text = "Projection"
kind = "choice"
options = ["PA", "AP erect", "AP supine"]
[[items]]
id = "limits"
text = "What limits it"
kind = "multi"
options = ["rotation", "motion", "exposure"]
[[items]]
id = "comment"
text = "Comment"
kind = "text"
"""

# What stands in the frozen rows and must never be seen while reading.
FORBIDDEN = (
    "MUSTERMANN", "ERIKA", "PID-0815", "1961-04-30", "1.2.840.113619", "img_secret", "stratum-ptx", "case-secret",
    "F047",
)  # fmt: skip


COHORT_ROWS = (
    "image_id,patient_id,study_id,path,sex,age_years\n"
    "img_secret_0,PID-0815,1.2.840.113619,/scans/MUSTERMANN_ERIKA_1961-04-30.dcm,F,F047\n"
)


@dataclass(frozen=True)
class MadeStudy:
    """A sealed study on disk."""

    root: Path
    codes: tuple[str, ...]
    reader: str = "r1"

    def session(self) -> ReadingSession:
        return ReadingSession(open_as_reader(self.root, self.reader, PASSPHRASE))


def small_image(number: int, rows: int = 96, columns: int = 96, **facts: object) -> Image:
    """A radiograph-like ramp, each different."""
    y, x = np.mgrid[0:rows, 0:columns]
    pixels = ((x * 20 + y * 11 + number * 37) % 4096).astype(np.uint16)
    base: dict = {"bits_stored": 12, "windows": (Window(1600, 2600),), "modality": "DX", "row_direction": "L"}
    return Image(pixels=pixels, **(base | facts))


def freeze_map(shown: ShownMap, root: Path) -> str:
    """The map frozen in `root`/explanations; returns its sha256."""
    content = shown.to_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    (root / EXPLANATIONS).mkdir(exist_ok=True)
    (root / EXPLANATIONS / sha256).write_bytes(content)
    return sha256


def make_study(
    root: Path,
    cases: Sequence[Sequence[Image]],
    *,
    items: str = ITEMS,
    sections: str = "",
    practice: int = 0,
    maps: Mapping[int, Sequence[ShownMap]] | None = None,
) -> MadeStudy:
    """Seals a study of these cases in their order, for one reader; the first `practice` of them give feedback.

    `maps`: what is shown of a case after its unaided answers are locked, by the case's place.
    """
    root.mkdir(parents=True, exist_ok=True)
    protocol = f'title = "Test"\ninstructions = "Read as usual."\n{sections}\n{items}\n[[readers]]\nid = "r1"\n'
    codes = tuple(f"K{number}-RF" for number in range(len(cases)))
    kept, shown = [], []
    for number, images in enumerate(cases):
        hashes = tuple(freeze(image, root) for image in images)
        case_id = CaseId(f"case-secret-{number}")
        rows = tuple(CaseImage(f"img_secret_{number}", sha256) for sha256 in hashes)
        is_practice = number < practice
        kept.append(Case(case_id, "PID-0815 MUSTERMANN^ERIKA", "stratum-ptx", rows, practice=is_practice))
        feedback = {"tube": "present", "drain": "absent"} if is_practice else None
        shown.append(
            Presentation(
                PresentationCode(codes[number]), ReaderId("r1"), number, hashes, case_id, "unaided",
                practice=is_practice, feedback=feedback, explained=number in (maps or {}),
                explanations=tuple(freeze_map(one, root) for one in (maps or {}).get(number, ())),
            )
        )  # fmt: skip
    design = design_of(protocol, kept, shown, COHORT_ROWS)
    verifier = make_passphrase(PASSPHRASE)
    Journal.create(root, design, {"r1": verifier, "coordinator": verifier})
    return MadeStudy(root, codes)
