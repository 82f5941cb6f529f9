"""Stacks of DICOM slices below the folders of patients or series, as rows of a cohort."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.cohorts.adapters.published import Source
from engine.images import FoundImage, find_series

_FEWEST_SLICES = 20  # fewer are a localizer or a scout, not a volume


@dataclass(frozen=True)
class Stack:
    """One volume: its slices in order along the normal, and the series folder they lie in."""

    folder: Path
    paths: tuple[Path, ...]


def ct_stacks(source: Source, folders: Sequence[Path]) -> Iterator[tuple[int, Stack]]:
    """(number of the folder, volume) of every CT stack in each folder; the order of slices is that of their headers.

    What is no volume (localizers, damaged files, other modalities) goes to the ledger with its reason.
    """
    short: list[str] = []
    unread: list[str] = []
    for number, folder in enumerate(folders):
        for entry in find_series(folder):
            if not isinstance(entry, FoundImage):
                unread.append(entry.path.name)
            elif entry.header.modality not in ("CT", "") or len(entry.paths) < _FEWEST_SLICES:
                short.append(entry.paths[0].parent.name)
            else:
                yield number, Stack(entry.paths[0].parent, entry.paths)
        source.progress((number + 1) / len(folders))
    reason = f"have fewer than {_FEWEST_SLICES} slices or are no CT (localizers, reports)"
    source.ledger.note("read slices", reason, len(short), tuple(short))
    source.ledger.note("read slices", "files are no image or cannot be read", len(unread), tuple(unread))
