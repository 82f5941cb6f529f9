"""Everything a manuscript and its reviewers need, in one folder that appears whole or not at all."""

from collections.abc import Callable
from pathlib import Path

from studies.exports.statistics import StatisticsOrder, write_statistics
from studies.exports.writing import whole_folder
from studies.ratings import Ratings

Progress = Callable[[float], None]


def export_ratings(
    ratings: Ratings, out: Path, progress: Progress | None = None, *, redraws: int = 2000, seed: int = 0
) -> list[Path]:
    """Agreement and prevalence of any table of readings, with figures, into `out`. Returns the files written."""
    order = StatisticsOrder(redraws=redraws, seed=seed)
    with whole_folder(out) as folder:
        write_statistics(ratings, folder, order, progress or (lambda share: None))
        names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [out / name for name in names]
