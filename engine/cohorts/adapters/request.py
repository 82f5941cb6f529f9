"""What a cohort adapter is asked to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CohortError

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Request:
    """One import. Only `source` and `out` concern every adapter; an adapter refuses what it does not take."""

    source: Path  # the folder (or table) as the dataset ships it
    out: Path  # folder of the new cohort
    seed: int = 0  # of the split by patient, where the dataset has no official one
    columns: Path | None = None  # column map of the csv adapter
    demographics: Path | None = None  # table, or folder with tables, that is shipped apart from the images
    construction: str = ""  # which rows; "" is the adapter's own default
    progress: Progress = lambda share: None  # called with 0 to 1; what it raises ends the import

    def refuse(self, adapter: str, *options: str) -> None:
        """CohortError where one of `options` ("columns" …) was given to an adapter that does not take it."""
        given = [option for option in options if getattr(self, option)]
        if given:
            raise CohortError(f"the {adapter} adapter takes no --{given[0]}; leave it out")
