"""The results of a run: areas with their bands, subgroups, calls, calibration, and the worst errors to look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QTabWidget, QVBoxLayout, QWidget

from engine.cohorts.cohort import Cohort
from engine.errors import JobError
from engine.jobs.run import RunFolder, open_run
from engine.rounding import has_width
from readerapp import theme, trouble
from readerapp.desk.columns import Axis, Column, Row, Span, count, drawn, words
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice
from readerapp.lab import operations
from readerapp.lab.engine_call import EngineCall, Outcome
from readerapp.lab.evaluation import ClassLook, Evaluation, Part, runs_with_predictions
from readerapp.lab.memory import LabMemory
from readerapp.lab.plots import Band, Line, Plot
from readerapp.numbers import absent, decimal_text, interval_text
from readerapp.page import button, heading, labelled
from readerapp.wording import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Mistaken", "ResultsPage"]

_CALLS = {
    "present": QT_TRANSLATE_NOOP("ResultsPage", "present"),
    "absent": QT_TRANSLATE_NOOP("ResultsPage", "absent"),
    "positive": QT_TRANSLATE_NOOP("ResultsPage", "called positive"),
    "negative": QT_TRANSLATE_NOOP("ResultsPage", "called negative"),
}
_GROUPS = {
    "all": QT_TRANSLATE_NOOP("ResultsPage", "all images"),
    "sex": QT_TRANSLATE_NOOP("ResultsPage", "sex"),
    "age": QT_TRANSLATE_NOOP("ResultsPage", "age"),
    "race": QT_TRANSLATE_NOOP("ResultsPage", "race"),
    "view": QT_TRANSLATE_NOOP("ResultsPage", "view"),
    "site": QT_TRANSLATE_NOOP("ResultsPage", "site"),
}
_VALUES = {  # of subgroups, where the report has its own words
    "under 20": QT_TRANSLATE_NOOP("ResultsPage", "under 20"),
    "20 to 39": QT_TRANSLATE_NOOP("ResultsPage", "20 to 39"),
    "40 to 59": QT_TRANSLATE_NOOP("ResultsPage", "40 to 59"),
    "60 to 79": QT_TRANSLATE_NOOP("ResultsPage", "60 to 79"),
    "80 and over": QT_TRANSLATE_NOOP("ResultsPage", "80 and over"),
    "not recorded": QT_TRANSLATE_NOOP("ResultsPage", "not recorded"),
}


@dataclass(frozen=True, eq=False)
class Mistaken:
    """An image that a run was wrong about, to be looked at. `frame`: of a stack, None where it is a single image."""

    cohort: Cohort
    place: int
    run: Path
    finding: str
    frame: int | None = None


class ResultsPage(QWidget):
    """One run, one cohort and split, one class at a time."""

    image_opened = Signal(object)  # Mistaken

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._call: EngineCall | None = None
        self.evaluation: Evaluation | None = None
        self._run: RunFolder | None = None
        self.run_box = choice("results_run", self.tr("Run"))
        self.part_box = choice("results_part", self.tr("Cohort and split"))
        self.class_box = choice("results_class", self.tr("Class"))
        self.evaluate = button(self.tr("Evaluate"), "primary", "evaluate")
        self.stop = button(self.tr("Cancel"), "", "cancel_evaluation")
        self.report = button(self.tr("Open the report"), "", "open_report")
        self.bar = QProgressBar()
        self.message = labelled("", "muted")
        self.areas = RowsTable((), "results_areas", self.tr("Areas of all classes"))
        self.roc = Plot("roc", self.tr("ROC curve"), self.tr("1 − specificity"), self.tr("sensitivity"), moving=False)
        self.forest = RowsTable((), "forest", self.tr("AUC by subgroup"))
        self.calls = RowsTable((), "confusion", self.tr("Truth and call"))
        self.about_calls = labelled("", "muted")
        across, up = self.tr("predicted probability"), self.tr("share positive")
        self.calibration = Plot("calibration", self.tr("Calibration"), across, up, moving=False)
        self.errors = RowsTable((), "worst_errors", self.tr("Worst errors"))
        self.about_errors = labelled("", "muted")
        self.look = button(self.tr("Open in the viewer"), "", "open_mistake")
        self.remark = labelled("", "small")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Parts of the page"))
        self._arrange()
        self._connect()
        self._show_nothing("")

    def refresh(self) -> None:
        """The runs of the folder; what is shown stays."""
        before = self.run_box.currentData()
        self.run_box.blockSignals(True)
        self.run_box.clear()
        for path in runs_with_predictions(self._memory.runs):
            self.run_box.addItem(path.name, str(path))
        self.run_box.setCurrentIndex(self.run_box.findData(before))
        self.run_box.blockSignals(False)
        if before is None and self.run_box.count():
            self.run_box.setCurrentIndex(0)
        if not self.run_box.count():
            self._show_nothing(self.tr("No run has predictions yet: train one on the page Training."))

    def show_run(self, path: Path) -> None:
        """The results of one run; it is evaluated where it was not and has predictions."""
        self.refresh()
        place = self.run_box.findData(str(path))
        if place >= 0 and place != self.run_box.currentIndex():
            self.run_box.setCurrentIndex(place)
        else:
            self._read()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._call is not None:
            self._call.stop()
        super().closeEvent(event)

    # Reading, evaluating

    def _read(self) -> None:
        path, self._run = self.run_box.currentData(), None
        if path is None:
            self._show_nothing("")
            return
        try:
            self._run = open_run(Path(path))
        except JobError as error:
            self._refuse(error)
            return
        self._show_nothing("")
        read = operations.read_evaluation(parent=self, run=self._run, known=self._memory.cohorts())
        read.on_success(self._show).on_failure(self._refuse).run()

    def _evaluate(self) -> None:
        if self._run is None or self._call is not None:
            return
        self._call = EngineCall(["evaluate", str(self._run.path)], self)
        self._call.progressed.connect(lambda share, _what: self._note(share))
        self._call.ended.connect(self._evaluated)
        self._show_working(True)
        self._call.start()

    def _evaluated(self, outcome: Outcome) -> None:
        self._call = None
        self._show_working(False)
        if outcome.error:
            self._say(outcome.error, "error")
        elif not outcome.cancelled:
            self._read()

    def _note(self, share: float) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(share * 1000))

    def _show_working(self, working: bool) -> None:
        self.bar.setVisible(working)
        self.bar.setRange(0, 0 if working else 1)
        self.stop.setVisible(working)
        self.evaluate.setEnabled(not working and self._run is not None)
        self.run_box.setEnabled(not working)

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, trouble.EXPECTED):
            trouble.log_error(error)
        self._show_nothing("")
        self._say(trouble.sentence(error), "error")

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        theme.set_role(self.message, role)

    def _show_nothing(self, text: str) -> None:
        self.evaluation = None
        self.tabs.setVisible(False)
        self.report.setEnabled(False)
        self._show_working(False)
        self._say(text, "muted")

    # What is shown

    def _show(self, found: Evaluation | None) -> None:
        self.evaluation = found
        if found is None:
            self.evaluate.setText(self.tr("Evaluate"))
            self._say(
                self.tr("This run was not evaluated yet. Evaluating takes its predictions of test and val."), "muted"
            )
            self.evaluate.setFocus()
            return
        self.evaluate.setText(self.tr("Evaluate again"))
        self._say("", "muted")
        self.tabs.setVisible(True)
        self.report.setEnabled(found.page.is_file())
        self.part_box.blockSignals(True)
        self.part_box.clear()
        for part in found.parts:
            self.part_box.addItem(part.name, part)
        self.part_box.blockSignals(False)
        self._show_part()

    @property
    def part(self) -> Part | None:
        """The cohort and split in view."""
        found = self.part_box.currentData()
        return found if isinstance(found, Part) else None

    def _show_part(self) -> None:
        part = self.part
        if part is None:
            return
        before = self.class_box.currentText()
        self.class_box.blockSignals(True)
        self.class_box.clear()
        self.class_box.addItems(list(part.of.classes))
        self.class_box.setCurrentIndex(max(0, self.class_box.findText(before)))
        self.class_box.blockSignals(False)
        self.areas.show_rows([_named(row) for row in part.overall], self._area_columns())
        self._show_class()

    def _show_class(self) -> None:
        part, name = self.part, self.class_box.currentText()
        if part is None or not name:
            return
        self.forest.show_rows([_named(row) for row in part.subgroups(name)], self._forest_columns(name))
        self._mark_class(name)
        operations.look_at_class(parent=self, part=part, name=name).on_success(self._draw).run()

    def _mark_class(self, name: str) -> None:
        """The class at hand in the table of all."""
        places = [place for place, row in enumerate(self.areas.rows_model.rows) if row["class"] == name]
        if places:
            self.areas.choose(places[0])

    def _draw(self, look: ClassLook) -> None:
        part = self.part
        if part is None or look.name != self.class_box.currentText():
            return
        self._draw_roc(part, look)
        self._draw_calibration(look)
        self._show_calls(look)
        self._show_errors(look)

    def _draw_roc(self, part: Part, look: ClassLook) -> None:
        row, bands = part.row(look.name), look.bands
        self.roc.set_title(look.name, self._area_words(row))
        curve = [(0.0, 0.0), *zip(bands.false_positive_rate.tolist(), bands.sensitivity.tolist(), strict=True)]
        known = not np.isnan(bands.sensitivity).any()
        trusted = has_width(row.get("auc_low"), row.get("auc_high")) and not np.isnan(bands.low).any()
        band = [Band(bands.false_positive_rate, bands.low, bands.high, 0)] if trusted else []
        self.roc.show_lines([Line(look.name, curve, 0)] if known else [], band)
        self.roc.diagonal()
        self.roc.unit_square()

    def _area_words(self, row: Row) -> str:
        """The area with its interval, which is withheld where the report withholds it: then there is no band either."""
        if absent(row.get("auc")):
            return self.tr("AUC not estimable")
        area = decimal_text(row["auc"], 3)
        if not has_width(row["auc_low"], row["auc_high"]):
            return self.tr("AUC {area}, no interval").format(area=area)
        words_of = self.tr("AUC {area} (95 % CI {interval})")
        return words_of.format(area=area, interval=interval_text(row["auc_low"], row["auc_high"]))

    def _draw_calibration(self, look: ClassLook) -> None:
        found = look.reliability
        points = list(zip(found.probability.tolist(), found.share.tolist(), strict=True))
        limits = [
            Line("", [(p, low), (p, high)], 0)
            for p, low, high in zip(found.probability, found.low, found.high, strict=True)
            if not np.isnan(low)
        ]
        self.calibration.set_title(look.name, self.tr("with 95 % intervals over patients"))
        self.calibration.show_lines([*limits, Line(look.name, points, 0, dots=True)])
        self.calibration.diagonal()
        self.calibration.unit_square()

    def _show_calls(self, look: ClassLook) -> None:
        counts, down, across = look.confusion
        totals = counts.sum(axis=1)
        rows: list[Row] = [
            {
                "name": self._call_word(name),
                **{str(k): (int(counts[place, k]), int(totals[place])) for k in range(len(across))},
            }
            for place, name in enumerate(down)
        ]
        columns = [words(self.tr("Truth"), "name")]
        columns += [_calls_column(self._call_word(name), str(k)) for k, name in enumerate(across)]
        self.calls.show_rows(rows, columns)
        exclusive = self.part is not None and self.part.of.exclusive
        threshold = self.tr("Called positive from {threshold} on.").format(threshold=f"{look.threshold:.3g}")
        self.about_calls.setText(self.tr("True class down, likeliest class across.") if exclusive else threshold)

    def _show_errors(self, look: ClassLook) -> None:
        rows: list[Row] = [
            {"image": m.image_id, "truth": self._call_word(m.truth), "p": m.p, "wrong": m.wrong_by}
            for m in look.mistakes
        ]
        columns = [
            words(self.tr("Image"), "image"),
            words(self.tr("Truth"), "truth"),
            Column(self.tr("Probability"), lambda row: f"{row['p']:.3f}", lambda row: row["p"]),
            Column(self.tr("Wrong by"), lambda row: f"{row['wrong']:.3f}", lambda row: row["wrong"]),
        ]
        self.errors.show_rows(rows, columns, choose_first=True)
        self.look.setEnabled(bool(rows))
        told = self.tr("No call of {name} was wrong.").format(name=look.name)
        if rows:
            told = self.tr("Wrong calls of {name}, the worst first. Enter or a double click opens one in the viewer.")
            told = told.format(name=look.name)
        self.about_errors.setText(told)

    def _open(self, row: Row | None) -> None:
        part = self.part
        if part is None or self._run is None or row is None:
            return
        if part.cohort is None:
            self._say(
                self.tr("The cohort is not where it was when the run was made: images cannot be opened."), "warning"
            )
            return
        place = part.place(row["image"])
        if place is None:
            words_of = self.tr("The cohort has no image of that name any more: {image}")
            self._say(words_of.format(image=row["image"]), "warning")
            return
        _, _, frame = row["image"].partition("#")
        finding = self.class_box.currentText()
        self.image_opened.emit(
            Mistaken(part.cohort, place, self._run.path, finding, int(frame) if frame.isdigit() else None)
        )

    def _call_word(self, name: str) -> str:
        return self.tr(_CALLS[name]) if name in _CALLS else name

    def _area_columns(self) -> "Sequence[Column]":
        return [
            words(self.tr("Class"), "class"),
            drawn(self.tr("AUC (95 % CI)"), [("auc", "auc_low", "auc_high")], _auc_axis),
            count(self.tr("Positive"), "n_positive"),
            count(self.tr("Images"), "n"),
        ]

    def _forest_columns(self, name: str) -> "Sequence[Column]":
        return [
            Column(self.tr("Subgroup"), self._group_words, self._group_words, numeric=False),
            count(self.tr("Images"), "n"),
            count(self.tr("Positive"), "n_positive"),
            drawn(self.tr("AUC of {name} (95 % CI)").format(name=name), [("auc", "auc_low", "auc_high")], _auc_axis),
            words(self.tr("Remark"), "remark"),
        ]

    def _group_words(self, row: Row) -> str:
        group = self.tr(_GROUPS[row["group"]]) if row["group"] in _GROUPS else row["group"]
        return group if row["group"] == "all" else f"{group}: {self._value_word(str(row['value']))}"

    def _value_word(self, value: str) -> str:
        return self.tr(_VALUES[value]) if value in _VALUES else value

    # How it stands

    def _connect(self) -> None:
        self.run_box.currentIndexChanged.connect(self._read)
        self.part_box.currentIndexChanged.connect(self._show_part)
        self.class_box.currentIndexChanged.connect(self._show_class)
        self.evaluate.clicked.connect(self._evaluate)
        self.stop.clicked.connect(lambda: self._call.cancel() if self._call else None)
        self.report.clicked.connect(self._open_report)
        self.errors.row_opened.connect(self._open)
        self.areas.row_chosen.connect(self._choose_class)
        self.look.clicked.connect(lambda: self._open(self.errors.chosen))

    def _choose_class(self, row: Row) -> None:
        self.remark.setText(f"{row['class']}: {row['remark']}" if row["remark"] else "")
        place = self.class_box.findText(row["class"])  # the mean of all has no curve of its own
        if place >= 0:
            self.class_box.setCurrentIndex(place)

    def _open_report(self) -> None:
        if self.evaluation is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.evaluation.page)))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        for name, box in (
            (self.tr("Run"), self.run_box),
            (self.tr("Cohort"), self.part_box),
            (self.tr("Class"), self.class_box),
        ):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumContentsLength(12)
            label = labelled(name, "small")
            label.setWordWrap(False)
            top.addWidget(label)
            top.addWidget(box)
        top.addStretch(1)
        first = QHBoxLayout()
        first.addLayout(heading(self.tr("Results")), 1)
        for widget in (self.evaluate, self.stop, self.report):
            first.addWidget(widget)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress"))
        curves = QWidget()
        row = QHBoxLayout()
        row.addWidget(self.roc, 2)
        row.addWidget(self.areas, 3)
        both = QVBoxLayout(curves)
        both.addLayout(row, 1)
        both.addWidget(self.remark)
        wrong = QWidget()
        told = QHBoxLayout()
        told.addWidget(self.about_errors, 1)
        told.addWidget(self.look)
        rows = QVBoxLayout(wrong)
        rows.addLayout(told)
        rows.addWidget(self.errors, 1)
        calls = QWidget()
        column = QVBoxLayout(calls)
        column.addWidget(self.about_calls)
        column.addWidget(self.calls, 1)
        pages = (
            (curves, self.tr("ROC")),
            (self.forest, self.tr("Subgroups")),
            (calls, self.tr("Confusion")),
            (self.calibration, self.tr("Calibration")),
            (wrong, self.tr("Worst errors")),
        )
        for page, name in pages:
            self.tabs.addTab(page, name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 8)
        layout.setSpacing(10)
        layout.addLayout(first)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addWidget(self.tabs, 1)
        layout.addStretch(0)


def _named(row: Row) -> Row:
    return {**row, "remark": "" if row.get("status") == "ok" else row.get("status", "")}


def _auc_axis(spans: "Sequence[Span]") -> Axis:
    """From the tenth below the smallest, at most 0.4, to 1; chance stands at 0.5."""
    ends = [end for span in spans for end in (span.value, span.low) if end == end]
    low = min(0.4, float(np.floor(min(ends, default=0.5) * 10) / 10))
    ticks = [tick / 10 for tick in range(round(low * 10), 11) if tick % 2 == 0]
    return Axis(low, 1.0, tuple((tick, f"{tick:.1f}") for tick in ticks), reference=0.5)


def _calls_column(title: str, key: str) -> Column:
    """Counts with their share of the row, on a ground that is lighter where the share is larger."""

    def text(row: Row) -> str:
        n, total = row[key]
        return f"{n:,} ({n / total:.0%})" if total else f"{n:,}"

    def ground(row: Row) -> str:
        n, total = row[key]
        share = n / total if total else 0.0
        return f"#{round(20 + 20 * share):02x}{round(24 + 70 * share):02x}{round(30 + 110 * share):02x}"

    return Column(title, text, lambda row: row[key][0], ground=ground)
