"""README.txt of an export: how the numbers were made, by which software, from which seal."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from engine.tables import NOTICE
from studies.statistics.ratings import Ratings

JOURNAL = "journal.jsonl"
_PACKAGES = ("readerapp", "numpy", "scipy", "pandas", "statsmodels", "matplotlib", "reportlab")

_METHODS = """\
Agreement. Fleiss' kappa in Gwet's form, which allows missing readings: cases with at least two
valid readings weigh into agreement, all with at least one into the marginals. Its standard error is
Gwet's linearised variance with terms summed by patient, its interval uses t with (patients − 1)
degrees of freedom; beside it stands the percentile bootstrap over patients ({redraws} redraws, seed
{seed}, the same redraws for every item). Redraws in which kappa is undefined are counted, and above
5 % of them the bootstrap interval is withheld. Gwet's AC1 has the same kind of interval; PABAK is
Brennan and Prediger's coefficient; Krippendorff's alpha (nominal) has a bootstrap interval.
Positive and negative agreement are specific agreement over all pairs of readings. Readers are taken
as fixed: intervals generalise to further cases read by these readers, not to other readers.

Not assessable and missing answers are left out. Uncertain is counted as present, as absent, and
left out, a row each. What cannot be estimated is an empty cell, and the column status says why.
Hidden repeats count for intra-reader agreement only (intra_reader.csv: Cohen's kappa and AC1
between first reading and repeat).

Prevalence. Wilson's interval for one reader, for the majority and for any; where patients repeat, n
is divided by the design effect (variance with terms summed by patient over p(1 − p)/n, at least 1),
and where none or all are present n is the number of patients. The row "all" pools readings and has
the percentile bootstrap over patients. A tied majority is counted, and is not present.

Composites. any:<group> is present where any of the items of that group is that were identified for
the stratum's diagnosis (never the diagnosis itself), absent where all are absent, else missing;
"(all items)" is over every item of the group.

Text cells that begin with =, +, -, @, a tab or a return carry an apostrophe in front, so that no
spreadsheet runs them; `studies agreement` takes it off again. journal.jsonl holds every text as it
was entered.
"""

_JOURNAL = """\
Journal. journal.jsonl holds one event a line. Events of one "chain" (a reader's id, or desk) stand in
the order of "seq", 1, 2, 3 …; chains follow each other. Canonical JSON here: keys sorted, separators
"," and ":" without spaces, UTF-8 without escapes but those JSON asks for, numbers in the shortest form
that reads back the same (in Python: json.dumps(value, sort_keys=True, separators=(",", ":"),
ensure_ascii=False)). To check an event: take its "hash" out, replace "payload" by its canonical JSON as
a text, and compare the hash with the SHA-256 (hex, of UTF-8) of the canonical JSON of what is left.
"previous_hash" is the hash of the event before it in its chain; of the first, the SHA-256 of the
canonical JSON of [seal, chain], with the seal above. The hash of the last event of each chain stands in
chain_heads.csv. The chain has no secret key: compare the heads with what was noted at the end of each
session, or with an earlier export.
"""


def write_methods(ratings: Ratings, folder: Path, redraws: int, seed: int, facts: Mapping[str, str]) -> None:
    """`README.txt` and, last of all, `SHA256SUMS.txt` over every file written before it."""
    lines = [NOTICE, "", *(f"{name}: {value}" for name, value in facts.items()), *_numbers(ratings), ""]
    lines += [_METHODS.format(redraws=redraws, seed=seed)]
    if (folder / JOURNAL).exists():
        lines += [_JOURNAL]
    lines += [f"Software: {software_sentence()}.", ""]
    (folder / "README.txt").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    _write_sums(folder)


def software_sentence() -> str:
    """What the numbers were made with: every package that takes part, with its version."""
    versions = [f"{name} {_version(name)}" for name in _PACKAGES]
    return f"{', '.join(versions)}; Python {platform.python_version()}; {platform.system()}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def _numbers(ratings: Ratings) -> Sequence[str]:
    return [
        f"Cases: {len(ratings.case_ids)}; patients: {len(ratings.patient_ids)}; readers: {len(ratings.reader_ids)}; "
        f"items: {len(ratings.items)}; hidden repeats: {len(set(zip(ratings.repeats.case, ratings.repeats.reader)))}",
    ]


def _write_sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / "SHA256SUMS.txt").write_text("\n".join(sums) + "\n", encoding="utf-8", newline="\n")
