"""Small sealed studies, written straight through `Journal.create`: quick to make, everything in them known."""

import dataclasses
import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.images import Image, save_image
from studies.design import Case, CaseImage, Passphrase, Presentation, SealedDesign, compute_seal_hash, sha256_text
from studies.protocol import CaseId, PresentationCode, ReaderId, parse_protocol, protocol_hash
from studies.reading.database import DATABASE
from studies.reading.journal import Journal

COORDINATOR_PHRASE = "chief-of-the-desk"

PROTOCOL = """
title = "Small study"
instructions = "Read."

[selection]
[[selection.strata]]
name = "secret-stratum"
where = { "label.effusion" = 1 }
n = 2
confounders = ["catheter"]

[[items]]
id = "catheter"
text = "Central venous catheter"
group = "treatment"

[[items]]
id = "pacemaker"
text = "Pacemaker"
group = "treatment"

[[items]]
id = "congestion"
text = "Congestion"
group = "physiology"
"""
OTHER_ITEMS = """
[[items]]
id = "quality"
text = "Quality"
kind = "ordinal"
options = ["poor", "fair", "good"]

[[items]]
id = "devices"
text = "Devices"
kind = "multi"
options = ["tube", "drain", "leads"]

[[items]]
id = "remark"
text = "Remark"
kind = "text"
"""


def phrase(reader_id: str) -> str:
    """The passphrase of a reader of a made study."""
    return f"phrase-of-{reader_id}"


def quick_passphrase(text: str) -> Passphrase:
    """A verifier as `make_passphrase` makes it, with scrypt parameters fit for tests only."""
    salt = hashlib.sha256(text.encode()).digest()[:16]
    return Passphrase(salt.hex(), hashlib.scrypt(text.encode(), salt=salt, n=4, r=8, p=1, dklen=32).hex(), 4, 8, 1)


def made_design(
    *,
    readers: Sequence[str] = ("r1", "r2"),
    cases: int = 4,
    extra: str = "",
    images: Sequence[str] = ("0" * 64,),
    **showing: Any,
) -> SealedDesign:
    """A design in which every reader reads every case, each in an order of their own; image k of `images` is case k's.

    `extra` is TOML after the items; `showing` maps a field of Presentation to its values, cycled along each order.
    """
    text = PROTOCOL + extra + "".join(f'\n[[readers]]\nid = "{reader}"\n' for reader in readers)
    parse_protocol(text)
    made = [
        Case(CaseId(f"case-{k}"), f"patient-{k}", "secret-stratum", (CaseImage(f"image-{k}", images[k % len(images)]),))
        for k in range(cases)
    ]
    presentations = []
    for number, reader in enumerate(readers):
        for position in range(cases):
            case = made[(position + number) % cases]
            fields = {name: values[position % len(values)] for name, values in showing.items()}
            shown = tuple(image.sha256 for image in case.images)
            code = PresentationCode(f"{chr(67 + number)}{position + 20}")
            basis = Presentation(code, ReaderId(reader), position, shown, case_id=case.case_id, arm="unaided")
            presentations.append(dataclasses.replace(basis, **fields))
    return design_of(text, made, presentations)


def design_of(
    text: str,
    cases: Sequence[Case],
    presentations: Sequence[Presentation],
    cohort_rows: str = "image_id,patient_id\n",
) -> SealedDesign:
    """A design of these cases and presentations, sealed by hand: no cohort is needed."""
    design = SealedDesign(
        protocol_text=text,
        protocol_sha256=protocol_hash(text),
        cohort_sha256=sha256_text(cohort_rows),
        cohort_rows=cohort_rows,
        cases=tuple(cases),
        presentations=tuple(presentations),
        algorithm="made/1",
        software="0.1.0",
        sealed_at="2026-03-01T09:00:00+00:00",
        seal_hash="",
        flags={},
    )
    return dataclasses.replace(design, seal_hash=compute_seal_hash(design))


def write_study(root: Path, design: SealedDesign, readers: Sequence[str] = ("r1", "r2")) -> Path:
    """The design as a sealed study folder."""
    root.mkdir(parents=True, exist_ok=True)
    phrases = {reader: quick_passphrase(phrase(reader)) for reader in readers}
    Journal.create(root, design, {**phrases, "coordinator": quick_passphrase(COORDINATOR_PHRASE)})
    return root


def make_study(root: Path, *, readers: Sequence[str] = ("r1", "r2"), **design: Any) -> Path:
    """A sealed study folder; `design` as `made_design` takes it."""
    return write_study(root, made_design(readers=readers, **design), readers)


def freeze_images(root: Path, number: int) -> tuple[str, ...]:
    """That many small frozen images in `root`/images; returns their sha256."""
    return tuple(freeze(Image(np.full((4, 5), 100 + k, np.uint16), bits_stored=12), root) for k in range(number))


def freeze(image: Image, root: Path) -> str:
    """The image frozen in `root`/images; returns its sha256."""
    (root / "images").mkdir(parents=True, exist_ok=True)
    part = root / "images" / "part"
    sha256 = save_image(image, part)
    part.replace(root / "images" / sha256)
    return sha256


def tamper(root: Path, *statements: str | tuple[str, Sequence[Any]]) -> None:
    """What somebody with another tool may do: the triggers go, the rows change, the triggers come back."""
    db = sqlite3.connect(root / DATABASE)
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(*([statement] if isinstance(statement, str) else statement))
    for _, sql in triggers:
        db.execute(sql)
    db.commit()
    db.close()
