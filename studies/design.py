"""What a sealed study consists of, as plain records: cases, presentations in each reader's order, and who may read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from studies.protocol import CaseId, PresentationCode, ReaderId


@dataclass(frozen=True)
class CaseImage:
    """One image of a case: its frozen, de-identified copy (`images/<sha256>`) and the cohort row it came from."""

    image_id: str
    sha256: str


@dataclass(frozen=True)
class Case:
    """What a reader reads in one go. Known to the desk only."""

    case_id: CaseId
    patient_id: str
    stratum: str  # "" where the protocol has no strata
    images: tuple[CaseImage, ...]
    practice: bool = False
    truth: Mapping[str, str] | None = None  # practice: item id → value shown as feedback
    labels: Mapping[str, str] | None = None  # the cohort row's sex, age, race, view, label.* … of the first image


_NO_CASE = CaseId("")
TARGET = "attr.target"  # column of a cohort of counterfactuals: the finding that an image was pushed towards


@dataclass(frozen=True)
class Presentation:
    """One showing of a case to a reader. `case_id`, `arm`, `repeat` never reach the reader; a pack has them empty."""

    code: PresentationCode  # unique in the study; all that identifies the showing to its reader, e.g. "K7-RF"
    reader_id: ReaderId
    position: int  # 0-based place in the reader's order; practice cases come first
    images: tuple[str, ...]  # sha256 of each image, in hanging order
    case_id: CaseId = _NO_CASE
    arm: str = ""  # name of the arm shown after the unaided answer is locked, or of the unaided arm
    explained: bool = False  # an explanation (aided or sham: the reader cannot tell) follows the locked unaided answer
    explanations: tuple[str, ...] = ()  # sha256 of what is shown then
    repeat: int = 0  # 1: a hidden repeat
    part: int = 0  # session part
    practice: bool = False
    feedback: Mapping[str, str] | None = None  # practice: item id → expected value


@dataclass(frozen=True)
class Passphrase:
    """A scrypt verifier (RFC 7914); the passphrase itself is nowhere."""

    salt: str  # hex
    verifier: str  # hex
    n: int
    r: int
    p: int


@dataclass(frozen=True)
class SealedDesign:
    """All that sealing fixes. `seal_hash` covers everything but the passphrases."""

    protocol_text: str
    protocol_sha256: str
    cohort_sha256: str  # of the frozen cohort rows
    cohort_rows: str  # the cohort rows of every selected image, as CSV
    cases: tuple[Case, ...]
    presentations: tuple[Presentation, ...]
    algorithm: str  # name and version of the allocation algorithm
    software: str  # version that sealed it
    sealed_at: str  # ISO 8601, UTC
    seal_hash: str
    flags: Mapping[str, str]  # image sha256 → what a person should look at (burned-in text suspected …)
    exemplars: Mapping[str, str] = field(default_factory=dict)  # file as the protocol names it → sha256 of its copy
    explanations: tuple[Mapping[str, Any], ...] = ()  # one a case, arm, image and item: what it is and where it is from


def targets_of(design: SealedDesign) -> dict[str, str]:
    """Case id → the finding that it imagines; empty for a study of real images. Practice cases are not in it."""
    labelled = {case.case_id: (case.labels or {}).get(TARGET, "") for case in design.cases if not case.practice}
    return {str(case_id): target for case_id, target in labelled.items() if target}


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: the one text form that hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_text(text: str) -> str:
    """sha256 (hex) of UTF-8 text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def compute_seal_hash(design: SealedDesign) -> str:
    """sha256 (hex) over the canonical JSON of every field of the design but `seal_hash` itself; passphrases are apart.

    So it covers the protocol's text, the frozen cohort rows, cases with the sha256 of their images, every presentation
    in its order with its code, arm and repeat, the algorithm, the software, the time of sealing and the flags; and the
    exemplars and explanations, where there are any (studies sealed before there were such keep their hash).
    """
    fields = asdict(design)
    del fields["seal_hash"]
    for name in ("exemplars", "explanations"):
        if not fields[name]:
            del fields[name]
    return sha256_text(canonical_json(fields))
