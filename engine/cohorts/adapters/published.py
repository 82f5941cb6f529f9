"""The one way from a public dataset's own files to a cohort; each dataset adds only what its tables mean.

A dataset's `build` reads tables through `Source` and returns one row an image with `path` relative to the source.
Everything after that is the same for all: groups are checked, splits given, files looked for, and what was read is
recorded. The tables a cohort came from are always hashed. Of the images, hundreds of thousands in many terabytes, every
one is listed in `sources.csv` with its size, and about fifty spread over the list with their sha256.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.cohorts.adapters.ledger import Ledger, check_groups, check_labels
from engine.cohorts.adapters.request import Request
from engine.cohorts.adapters.tables import Names, find_tables, named, read_table
from engine.cohorts.cohort import Cohort, dropped_to_json, write_cohort
from engine.cohorts.sources import write_sources
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError

PUBLISHED, ALL = "published", "all"
ADAPTER_VERSION = 1
_STAT_THREADS = 8  # the wait is for the disk or the network, not for Python
_HASHED_IMAGES = 50
_BUILD, _LOOK = 0.4, 0.3  # shares of the progress: reading tables and headers, looking for files; the rest hashes


@dataclass(frozen=True)
class Dataset:
    """A public dataset: what it is, where to apply for it, and how its tables become rows."""

    name: str  # of the adapter
    title: str
    summary: str  # one line for the list of adapters
    apply: str  # one sentence: where a researcher gets it
    files: str  # what is looked for below the source, for the manual
    build: Callable[["Source"], pd.DataFrame]
    constructions: tuple[str, ...] = (ALL,)  # the first is the default
    takes_demographics: bool = False
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words that each must occur
    published_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # more of them, in `published`
    shares: tuple[float, float, float] = (0.7, 0.1, 0.2)  # of patients in train, val, test
    terms: str = ""  # what its licence asks of whoever publishes

    def run(self, request: Request) -> Cohort:
        """Make the cohort. CohortError with one sentence where a file, a column or a group is not as published."""
        request.refuse(self.name, "columns", *([] if self.takes_demographics else ["demographics"]))
        source = Source(self, request, self._construction(request))
        frame = self.build(source).reset_index(drop=True)
        request.progress(_BUILD)
        check_groups(self.title, frame, self._needed(source.construction))
        check_labels(self.title, frame)
        if "split" not in frame:
            frame["split"] = assign_splits(frame["patient_id"], seed=request.seed, shares=self.shares)
            source.split = f"by patient, {_percent(self.shares)}, seed {request.seed}"
        frame, files = _with_files(source, frame)
        return _written(self, source, frame, files)

    def _construction(self, request: Request) -> str:
        chosen = request.construction or self.constructions[0]
        if chosen not in self.constructions:
            raise CohortError(
                f"the {self.name} adapter knows the construction {' and '.join(self.constructions)}; given '{chosen}'"
            )
        return chosen

    def _needed(self, construction: str) -> dict[str, tuple[str, ...]]:
        more = self.published_groups if construction == PUBLISHED else {}
        return {**self.groups, **more}


@dataclass
class Source:
    """What a dataset's `build` reads from: its folder, its tables by name, and the ledger of its steps."""

    dataset: Dataset
    request: Request
    construction: str
    ledger: Ledger = field(init=False)
    stacks: dict[str, tuple[Path, ...]] = field(default_factory=dict)  # image_id → its slices in order
    read: list[Path] = field(default_factory=list)
    split: str = ""  # where the splits come from, for cohort.json
    facts: dict[str, Any] = field(default_factory=dict)  # anything else for cohort.json

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.dataset.title)
        self._tables = find_tables(self.root)
        apart = self.request.demographics
        self._apart = find_tables(apart) if apart else []

    @property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        return self.request.source if self.request.source.is_dir() else self.request.source.parent

    @property
    def published(self) -> bool:
        """Whether rows are chosen as the paper's text says."""
        return self.construction == PUBLISHED

    def find(self, *patterns: str) -> list[Path]:
        """Tables of the source (then of the demographics) whose name fits; [] where there is none."""
        return named(self._tables, *patterns) or named(self._apart, *patterns)

    def one(self, *patterns: str) -> Path:
        """The one table of that name, the least deep one. CohortError that says where to apply where there is none."""
        found = self.find(*patterns)
        if not found:
            looked = " or ".join(patterns)
            raise CohortError(
                f"{self.dataset.title}: no table {looked} in {self.request.source} or the folders in it; "
                f"{self.dataset.apply}"
            )
        return found[0]

    def table(self, path: Path, columns: Mapping[str, Names], optional: Mapping[str, Names] | None = None) -> Any:
        """`read_table`, and the file noted as a source of the cohort."""
        table = read_table(path, columns, optional)
        self.read.append(path)
        return table

    def demographics(self, *patterns: str) -> Path | None:
        """The table shipped apart: the file given, or one of that name in the folder given or in the source."""
        apart = self.request.demographics
        if apart is not None and apart.is_file():
            return apart
        found = named(self._apart, *patterns) or self.find(*patterns)
        return found[0] if found else None

    def relative(self, path: Path) -> str:
        """A path below the source as the table of a cohort writes it, without the root."""
        return path.relative_to(self.root).as_posix()

    def progress(self, share: float) -> None:
        """Share of `build` that is done, 0 to 1; for builds that read more than tables."""
        self.request.progress(_BUILD * share)


def first_that_exists(root: Path, candidates: Mapping[str, pd.Series], sample: int = 200) -> pd.Series:
    """Of several layouts of the same images, the column of paths of which most exist in a sample of the rows.

    candidates: layout → (n,) paths relative to `root`. Where none exists the first layout stands.
    """
    best, most = next(iter(candidates.values())), 0
    for paths in candidates.values():
        tried = paths.iloc[:: max(1, len(paths) // sample)]
        found = sum((root / path).is_file() for path in tried)
        if found > most:
            best, most = paths, found
    return best


def _with_files(source: Source, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[Path, int]]:
    """The rows whose image is there, and every image file with its bytes; a missing mask leaves its cell empty."""
    files: dict[Path, int] = {}
    alone = ~frame["image_id"].isin(source.stacks)
    sizes = pd.Series(1, index=frame.index)
    sizes[alone] = np.array(_sizes(source, [source.root / path for path in frame.loc[alone, "path"]]), np.int64)
    if not (sizes > 0).any():
        raise CohortError(
            f"{source.dataset.title}: none of the {len(frame)} images of the tables is below {source.root}; "
            f"the first would be {frame['path'].iloc[0]}"
        )
    for image_id, path, size in zip(frame["image_id"], frame["path"], sizes):
        if image_id in source.stacks:
            files |= {place: _size(place) for place in source.stacks[image_id]}
        elif size:
            files[source.root / path] = int(size)
    frame = source.ledger.keep(frame, sizes > 0, "image file is there", "have no image file, or an empty one")
    return _without_missing_masks(source, frame), files


def _without_missing_masks(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    for column in [column for column in frame if column.startswith("mask.")]:
        there = pd.Series([bool(path) and (source.root / path).is_file() for path in frame[column]])
        gone = frame[column][~there & (frame[column] != "")]
        source.ledger.note("look for masks", "there is no such mask in the source folder", len(gone), tuple(gone))
        frame[column] = frame[column].where(there, "")
    return frame


def _sizes(source: Source, paths: list[Path]) -> list[int]:
    """Bytes of each file, 0 where it is missing."""
    sizes: list[int] = []
    with ThreadPoolExecutor(_STAT_THREADS) as threads:
        for part in _parts(paths, 4096):
            sizes += threads.map(_size, part)
            source.request.progress(_BUILD + _LOOK * len(sizes) / len(paths))
    return sizes


def _parts(paths: list[Path], length: int) -> Iterator[list[Path]]:
    rest = iter(paths)
    while part := list(islice(rest, length)):
        yield part


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _written(dataset: Dataset, source: Source, frame: pd.DataFrame, files: dict[Path, int]) -> Cohort:
    out = source.request.out
    frame["path"] = [
        _slice_list(out, image_id, source) if image_id in source.stacks else f"{{source}}/{path}"
        for image_id, path in zip(frame["image_id"], frame["path"])
    ]
    for column in [column for column in frame if column.startswith("mask.")]:
        frame[column] = [f"{{source}}/{path}" if path else "" for path in frame[column]]
    return write_cohort(out, frame, _facts(dataset, source, frame, files))


def _slice_list(out: Path, image_id: str, source: Source) -> str:
    listing = out / "series" / f"{image_id}.txt"
    listing.parent.mkdir(parents=True, exist_ok=True)
    lines = ["{source}/" + source.relative(path) for path in source.stacks[image_id]]
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"series/{image_id}.txt"


def _facts(dataset: Dataset, source: Source, frame: pd.DataFrame, files: dict[Path, int]) -> dict[str, Any]:
    request = source.request
    roots = {"source": str(source.root.resolve())}
    if (apart := request.demographics) is not None:
        roots["demographics"] = str((apart if apart.is_dir() else apart.parent).resolve())
    sample = set(islice(files, 0, None, max(1, len(files) // _HASHED_IMAGES)))
    hashed = [*dict.fromkeys(source.read), *sorted(sample)]
    unhashed = {path: size for path, size in files.items() if path not in sample}
    start = _BUILD + _LOOK
    return {
        "adapter": dataset.name,
        "adapter_version": ADAPTER_VERSION,
        "dataset": dataset.title,
        "construction": source.construction,
        "seed": request.seed,
        "split": source.split,
        **({"terms": dataset.terms} if dataset.terms else {}),
        **source.facts,
        "roots": roots,
        "tables": [path.name for path in dict.fromkeys(source.read)],
        "source_files": write_sources(
            request.out,
            source.root,
            hashed,
            lambda share: request.progress(start + (1 - start) * share),
            sizes_only=unhashed,
            roots={name: Path(folder) for name, folder in roots.items() if name != "source"},
        ),
        "steps": [step.to_json() for step in source.ledger.steps],
        "counts": {"images kept": len(frame)},
        "dropped": dropped_to_json(source.ledger.dropped),
    }


def _percent(shares: tuple[float, float, float]) -> str:
    return "/".join(f"{100 * share:.0f}" for share in shares)
