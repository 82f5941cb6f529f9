"""The report of a run: RUN/report with metrics.csv (.tex, .html), figures, report.html and report.json.

Every number can be traced: report.json names the run, the hash of its spec, the cohorts and the predictions with their
hashes, the draws and the versions of the software.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from engine.cohorts.cohort import Cohort, cohort_sha256, load_cohort
from engine.errors import CohortError, JobError
from engine.evaluation.comparison import COMPARISON_COLUMNS, compare
from engine.evaluation.figures import (
    NamedFigure,
    confusion_figures,
    forest_figures,
    reliability_figures,
    roc_figures,
)
from engine.evaluation.findings import LEAST_POSITIVES, findings_of, foreign_scores
from engine.evaluation.measures import ALL, METRICS_COLUMNS, Draws, Thresholds, choose_thresholds, measure
from engine.evaluation.predictions import Predictions, at_study_level, load_predictions
from engine.evaluation.printing import comparison_table, metrics_table
from engine.hashing import file_sha256
from engine.jobs.making import software_versions
from engine.jobs.run import RunFolder, spec_sha256
from engine.progress import turn
from engine.rounding import counted, is_missing, with_interval
from engine.tables import NOTICE, Picture, Table, html_report, whole_folder, write_figure, write_table

__all__ = ["evaluate", "summary_lines"]

IMAGE, STUDY = "image", "study"
_FORMAT_VERSION = 1
_FIGURES = "figures"


def _nothing(_: float) -> None: ...


def evaluate(
    run: RunFolder,
    *,
    split: str = "test",
    cohorts: Mapping[str, Cohort] | None = None,
    against: RunFolder | Path | None = None,
    least_positives: int = LEAST_POSITIVES,
    redraws: int = 1000,
    permutations: int = 10_000,
    seed: int = 0,
    progress: Callable[[float], None] = _nothing,
) -> Path:
    """Write the report of every cohort that has predictions of `split`, and return its folder.

    cohorts: name → cohort, for those that do not lie where the spec says. against: another run with predictions of the
    same images, or a table of foreign scores (`foreign_scores`). least_positives: of a finding in the table and figure
    that lay findings beside each other. Thresholds are chosen on the predictions of `val`, of the same cohort where it
    has them, else of a cohort the run was trained on. Raises JobError, CohortError; the folder is then as it was.
    """
    found = _sources(run, split, cohorts or {})
    draws = Draws(redraws, seed)
    record = _Record(run, draws, permutations, against, least_positives)
    with whole_folder(run.report) as folder:
        (folder / _FIGURES).mkdir()
        for place, source in enumerate(found):
            _evaluate_one(record, source, folder, turn(progress, place, len(found)))
        _write(record, folder)
    progress(1.0)
    return run.report


@dataclass(frozen=True)
class _Source:
    """One table of predictions, and where the rest of what is known about its images comes from."""

    name: str  # of the cohort
    split: str
    table: Path
    validation: Path | None
    cohort: Cohort | None
    notes: tuple[str, ...]


class _Record:
    """What a report gathers while its cohorts are evaluated one by one."""

    def __init__(
        self, run: RunFolder, draws: Draws, permutations: int, against: RunFolder | Path | None, least_positives: int
    ) -> None:
        self.run, self.draws, self.permutations, self.against = run, draws, permutations, against
        self.least_positives = least_positives
        self.findings: list[Table] = []
        self.metrics: list[dict[str, Any]] = []
        self.comparison: list[dict[str, Any]] = []
        self.pictures: list[Picture] = []
        self.sources: list[dict[str, Any]] = []
        self.notes: list[str] = []

    @property
    def other(self) -> str:
        """Name of what is compared with."""
        if isinstance(self.against, RunFolder):
            return self.against.path.name
        return self.against.stem if self.against else ""


def _sources(run: RunFolder, split: str, cohorts: Mapping[str, Cohort]) -> list[_Source]:
    tables = sorted((run.path / "predictions").glob(f"*/{split}.csv"))
    if not tables:
        raise JobError(
            f"{run.path.name} has no predictions of split {split}; make them with "
            f"`engine predict {run.path} --cohort DIR --split {split}`"
        )
    if strangers := sorted(set(cohorts) - {table.parent.name for table in tables}):
        raise JobError(
            f"{run.path.name} has no predictions of {strangers[0]}, split {split}; there are predictions of "
            f"{', '.join(table.parent.name for table in tables)}; name a cohort with --cohort NAME=DIR"
        )
    return [_source(run, table, cohorts) for table in tables]


def _source(run: RunFolder, table: Path, cohorts: Mapping[str, Cohort]) -> _Source:
    name, split, notes = table.parent.name, table.stem, []
    cohort = cohorts.get(name)
    if cohort is None:
        cohort, why = _cohort_of_spec(run, name)
        notes += [why] if why else []
    own = run.predictions(name, "val")
    places = [own, *(run.predictions(source.name, "val") for source in run.spec.cohorts)]
    validation = next((place for place in places if place.is_file()), None)
    if validation is None:
        notes.append(f"{name} {split}: no validation predictions, so no threshold was chosen")
    elif validation != own:
        notes.append(f"{name} {split}: thresholds were chosen on the validation images of {validation.parent.name}")
    elif split == "val":
        notes.append(f"{name} val: thresholds were chosen on these same images; sensitivity and specificity flatter")
    return _Source(name, split, table, validation, cohort, tuple(notes))


def _cohort_of_spec(run: RunFolder, name: str) -> tuple[Cohort | None, str]:
    """The cohort of that name where the spec says it lies, or why there are no subgroups; the two may come together."""
    for source in run.spec.cohorts:
        if source.name != name:
            continue
        try:
            cohort = load_cohort(Path(source.path))
        except CohortError as error:
            return None, f"{name}: no subgroups, {error}"
        if source.sha256 and cohort_sha256(cohort.root) != source.sha256:
            return cohort, f"{name}: cohort.csv has changed since the run was started"
        return cohort, ""
    return None, f"{name}: no subgroups, the run does not know where this cohort lies; name it with --cohort {name}=DIR"


def _evaluate_one(record: _Record, source: _Source, folder: Path, progress: Callable[[float], None]) -> None:
    images = load_predictions(source.table, source.cohort)
    validation = None if source.validation is None else load_predictions(source.validation)
    levels = [(IMAGE, images, validation)]
    if len(set(images.studies)) < len(images):
        levels.append((STUDY, at_study_level(images), None if validation is None else at_study_level(validation)))
    for place, (level, of, chosen_on) in enumerate(levels):
        thresholds = None if chosen_on is None else choose_thresholds(chosen_on)
        done = turn(lambda share: progress(0.8 * share), place, len(levels))
        rows = list(measure(of, level, thresholds, record.draws, done))
        head = {"cohort": source.name, "split": source.split}
        record.metrics += [head | row for row in rows]
        if record.against is not None:
            record.comparison += [head | row for row in _compared(record, source, images, of, level)]
        _write_figures(record, source, folder, level, of, rows, thresholds)
    _beside_each_other(record, source, folder, images)
    record.sources.append(_facts(source, images))
    record.notes += source.notes
    progress(1.0)


def _compared(
    record: _Record, source: _Source, images: Predictions, of: Predictions, level: str
) -> Iterator[dict[str, Any]]:
    other = _other(record, source, images)
    assert other is not None
    return compare(of, at_study_level(other) if level == STUDY else other, level, record.draws, record.permutations)


def _other(record: _Record, source: _Source, images: Predictions) -> Predictions | None:
    """What the other model says of the same images."""
    if isinstance(record.against, RunFolder):
        return load_predictions(record.against.predictions(source.name, source.split))
    return foreign_scores(record.against, images) if record.against else None


def _beside_each_other(record: _Record, source: _Source, folder: Path, images: Predictions) -> None:
    """Table and figure of all findings, where several have enough positives."""
    other = _other(record, source, images)
    found = findings_of(images, record.draws, other, record.other, record.least_positives, record.permutations)
    if images.exclusive or len(found.rows) < 2:
        return
    where = f"{source.name}_{source.split}"
    table = found.table()
    record.findings.append(replace(table, title=f"{table.title} ({where})"))
    write_table(record.findings[-1], folder, f"{where}_findings")
    each = found.figure()
    title = f"{each.title} ({source.name}, {source.split})"
    write_figure(each.figure, folder / _FIGURES, f"{where}_{each.name}", title)
    record.pictures.insert(0, Picture(f"{_FIGURES}/{where}_{each.name}.svg", title))
    record.notes.append(f"{where}: {found.sentence()}")


def _facts(source: _Source, images: Predictions) -> dict[str, Any]:
    return {
        "cohort": source.name,
        "split": source.split,
        "images": len(images),
        "patients": images.n_patients,
        "studies": len(set(images.studies)),
        "classes": list(images.classes),
        "groups": list(images.groups),
        "predictions_sha256": file_sha256(source.table),
        "validation_sha256": "" if source.validation is None else file_sha256(source.validation),
        "cohort_sha256": "" if source.cohort is None else cohort_sha256(source.cohort.root),
    }


def _write_figures(
    record: _Record,
    source: _Source,
    folder: Path,
    level: str,
    of: Predictions,
    rows: Sequence[dict[str, Any]],
    thresholds: Thresholds | None,
) -> None:
    frame = _frame(rows, METRICS_COLUMNS)
    whole = frame[frame["group"] == ALL]
    made: list[NamedFigure] = [*roc_figures(of, whole, record.draws)]
    if level == IMAGE:  # of studies the tables have the rest
        made += [*forest_figures(frame), *confusion_figures(of, thresholds), *reliability_figures(of)]
    where = f"{source.name}_{source.split}" + ("" if level == IMAGE else f"_{level}")
    for each in made:
        title = f"{each.title} ({source.name}, {source.split}, {_counted_level(of, level)})"
        write_figure(each.figure, folder / _FIGURES, f"{where}_{each.name}", title)
        record.pictures.append(Picture(f"{_FIGURES}/{where}_{each.name}.svg", title))


def _frame(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Counts are whole numbers, also where a row has none."""
    frame = pd.DataFrame(rows).reindex(columns=list(columns))
    counts = [name for name in columns if name == "n" or name.startswith("n_")]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def _counted_level(of: Predictions, level: str) -> str:
    """`12 images of 5 patients`."""
    things = counted(len(of), "image") if level == IMAGE else f"{len(of)} stud{'y' if len(of) == 1 else 'ies'}"
    return f"{things} of {counted(len(set(of.patients)), 'patient')}"


def _write(record: _Record, folder: Path) -> None:
    where = ["cohort", "split"]
    metrics = metrics_table(_frame(record.metrics, where + METRICS_COLUMNS))
    whole = metrics_table(metrics.frame[metrics.frame["group"] == ALL])
    first: list[Table] = [whole]
    write_table(metrics, folder, "metrics")
    if record.against is not None:
        compared = _frame(record.comparison, where + COMPARISON_COLUMNS)
        first.append(comparison_table(compared, record.other))
        write_table(first[-1], folder, "comparison")
    facts = _provenance(record)
    (folder / "report.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8", newline="\n")
    last = [metrics, _as_table(facts)] if len(metrics.frame) > len(whole.frame) else [_as_table(facts)]
    page = html_report(
        f"Report of {record.run.path.name}", [*record.notes, *first, *record.findings, *record.pictures, *last]
    )
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")


def _provenance(record: _Record) -> dict[str, Any]:
    facts = {
        "format_version": _FORMAT_VERSION,
        "notice": NOTICE,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        **_run_facts(record.run),
        "redraws": record.draws.redraws,
        "seed": record.draws.seed,
        "cohorts": record.sources,
        "notes": record.notes,
        "versions": software_versions(),
    }
    if record.against is not None:
        against = record.against
        facts |= {
            "against": _run_facts(against)
            if isinstance(against, RunFolder)
            else {"scores_sha256": file_sha256(against)},
            "permutations": record.permutations,
        }
    return facts


def _run_facts(run: RunFolder) -> dict[str, str]:
    return {"run": run.path.name, "task": run.spec.task, "spec_sha256": spec_sha256(run.spec)}


def _as_table(facts: Mapping[str, Any]) -> Table:
    """Where the numbers come from, a line each."""
    lines = [(key, str(value)) for key, value in facts.items() if not isinstance(value, list | dict)]
    for source in facts["cohorts"]:
        lines += [(f"{source['cohort']} {source['split']}: {key}", str(value)) for key, value in source.items()]
    lines += [(f"version of {package}", version) for package, version in facts["versions"].items()]
    return Table(pd.DataFrame(lines, columns=["What", "Value"]), "Where these numbers come from")


def summary_lines(report: Path) -> Iterator[str]:
    """What the shell prints of a report: areas over all images, and what could not be done. JobError without one."""
    try:
        facts = json.loads((report / "report.json").read_text(encoding="utf-8"))
        frame = pd.read_csv(report / "metrics.csv", keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise JobError(f"{report} holds no report: {error}; make it with `engine evaluate`") from error
    for source in facts["cohorts"]:
        images = counted(source["images"], "image")
        yield f"{source['cohort']}, {source['split']}: {images} of {counted(source['patients'], 'patient')}"
        here = (frame["cohort"] == source["cohort"]) & (frame["split"] == source["split"]) & (frame["group"] == ALL)
        rows = frame[here].to_dict("records")
        width = max(len(str(row["class"])) for row in rows)
        yield from (_line(row, width) for row in rows)
    yield from (f"note: {note}" for note in facts["notes"])
    yield f"report: {report / 'report.html'}"


def _line(row: Mapping[str, Any], width: int) -> str:
    area = with_interval(row["auc"], row["auc_low"], row["auc_high"])
    text = f"  {row['class']:<{width}}  {row['level']:<5}  AUC {area}"
    if not is_missing(row["sensitivity_youden"]) and not is_missing(row["specificity_youden"]):
        text += f", sensitivity {row['sensitivity_youden']:.3f}, specificity {row['specificity_youden']:.3f}"
    return text if row["status"] == "ok" else f"{text} ({row['status']})"
