"""Runs of training: a list that follows their folders, curves, and what can be done with them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.progress import duration
from readerapp.background import Operation
from readerapp.desk.columns import Column, Row, words
from readerapp.desk.tables import RowsTable
from readerapp.lab import operations
from readerapp.lab.extra import engine_is_there, engine_missing
from readerapp.lab.memory import LabMemory
from readerapp.lab.run_details import RunDetails
from readerapp.lab.run_watch import RunLook, RunsLook, RunsWatch
from readerapp.lab.run_words import last_metric, rate, state_color, state_text
from readerapp.lab.training_form import TrainingForm
from readerapp.page import button, heading, labelled

__all__ = ["TrainingPage"]

_EVERY_MS = 1000


class TrainingPage(QWidget):
    """The list and the details of what is selected; the form for a new run takes their place."""

    results_asked = Signal(object)  # Path of a run
    runs_changed = Signal()

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._watch = RunsWatch()
        self._looking: Operation[RunsLook] | None = None
        self._wanted: Path | None = None  # a run that was just started
        self.runs: list[RunLook] = []
        self.table = RunsTable(self)
        self.details = RunDetails()
        self.form = TrainingForm(memory)
        self.new = button(self.tr("New training …"), "primary", "new_training")
        self.cancel_button = button(self.tr("Cancel"), "", "cancel_run")
        self.resume_button = button(self.tr("Resume"), "", "resume_run")
        self.duplicate_button = button(self.tr("Duplicate with changes …"), "", "duplicate_run")
        self.results_button = button(self.tr("Results"), "", "run_results")
        self.folder_button = button(self.tr("Other folder …"), "quiet", "runs_folder")
        self.folder = labelled("", "small")
        self.empty = labelled("", "")
        self.unreadable = labelled("", "warning")
        self.missing = labelled("" if engine_is_there() else engine_missing(), "warning")
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._pages = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._arrange()
        self._connect()
        self._enable()

    def refresh(self) -> None:
        """Follow the runs while the page is shown."""
        self.folder.setText(self.tr("Runs in {folder}").format(folder=self._memory.runs))
        self._look()
        self._timer.start()

    def rest(self) -> None:
        """Another page is shown: nobody looks."""
        self._timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.rest()
        super().closeEvent(event)

    def _look(self) -> None:
        """Read the folders in the background; one look at a time."""
        if self._looking is None or self._looking.done:
            self._looking = operations.look_at_runs(parent=self, watch=self._watch, root=self._memory.runs)
            self._looking.on_success(self._show).quietly().run()

    def _show(self, look: RunsLook) -> None:
        self.runs = runs = list(look.runs)
        self.unreadable.setText("\n".join(self.tr("Not shown: {why}").format(why=why) for why in look.unreadable))
        self.unreadable.setVisible(bool(look.unreadable))
        self.table.show_runs(runs)
        if self._wanted is not None and any(run.path == self._wanted for run in runs):
            self.table.select(self._wanted)
            self._wanted = None
        self.empty.setVisible(not runs)
        self._split.setVisible(bool(runs))
        self._follow()

    def _follow(self) -> None:
        self.details.show_runs(self.chosen)
        self._enable()

    @property
    def chosen(self) -> list[RunLook]:
        """The runs that are selected, in the order of the list."""
        paths = self.table.selected()
        return [run for run in self.runs if run.path in paths]

    def _enable(self) -> None:
        chosen = self.chosen
        one = chosen[0] if len(chosen) == 1 else None
        self.cancel_button.setEnabled(any(run.at_work for run in chosen))
        can_train = not self.missing.text()
        self.new.setEnabled(can_train)
        self.resume_button.setEnabled(can_train and one is not None and one.can_resume)
        self.duplicate_button.setEnabled(can_train and one is not None)
        self.results_button.setEnabled(one is not None and not one.at_work and one.has_results)

    def _cancel(self) -> None:
        runs = [run.run for run in self.chosen if run.at_work]
        operations.cancel_runs(parent=self, runs=runs).on_success(lambda _: self._look()).run()

    def _resume(self) -> None:
        resume = operations.resume_run(parent=self, run=self.chosen[0].run)
        resume.on_success(lambda _: self._look()).disabling(self.resume_button).run()

    def _duplicate(self) -> None:
        self.form.duplicate(self.chosen[0].run)
        self._enter_form()

    def _begin(self) -> None:
        self.form.begin()
        self._enter_form()

    def _enter_form(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self.form.task.setFocus()

    def _leave_form(self) -> None:
        self._pages.setCurrentIndex(0)
        self.table.setFocus()

    def _launched(self, path: Path) -> None:
        self._wanted = path
        self._leave_form()
        self._look()
        self.runs_changed.emit()

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder of runs"), str(self._memory.runs))
        if folder:
            self._memory.keep_runs(Path(folder))
            self.refresh()
            self.runs_changed.emit()

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.table.row_opened.connect(lambda row: self.results_asked.emit(row["path"]))
        self.new.clicked.connect(self._begin)
        self.cancel_button.clicked.connect(self._cancel)
        self.resume_button.clicked.connect(self._resume)
        self.duplicate_button.clicked.connect(self._duplicate)
        self.results_button.clicked.connect(lambda: self.results_asked.emit(self.chosen[0].path))
        self.folder_button.clicked.connect(self._choose_folder)
        self.form.launched.connect(self._launched)
        self.form.left.connect(self._leave_form)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.new, self.cancel_button, self.resume_button, self.duplicate_button, self.results_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self.empty.setText(self.tr("No run yet. A run goes on when this window is closed, and is found here again."))
        self.unreadable.setVisible(False)
        split = self._split
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(1, 1)
        split.setSizes([210, 400])
        foot = QHBoxLayout()
        foot.addWidget(self.folder, 1)
        foot.addWidget(self.folder_button)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading(self.tr("Training")))
        column.addLayout(buttons)
        self.missing.setVisible(bool(self.missing.text()))
        column.addWidget(self.missing)
        column.addWidget(self.empty)
        column.addWidget(self.unreadable)
        column.addWidget(split, 1)
        column.addStretch(0)
        column.addLayout(foot)
        self._pages.addWidget(page)
        self._pages.addWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 8)
        layout.addWidget(self._pages)


class RunsTable(RowsTable):
    """Runs in rows; what is selected stays selected while they go on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((), "runs", "", parent)
        self.setAccessibleName(self.tr("Runs"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def show_runs(self, runs: Sequence[RunLook]) -> None:
        """The runs as they are now."""
        rows = [_row(run) for run in runs]
        model = self.rows_model
        fresh = {row["path"]: row for row in rows}
        if model.columns and fresh.keys() == {row["path"] for row in model.rows}:
            changed = [place for place, row in enumerate(model.rows) if row != fresh[row["path"]]]
            for place in changed:
                model.rows[place] = fresh[model.rows[place]["path"]]
                model.dataChanged.emit(model.index(place, 0), model.index(place, model.columnCount() - 1))
            if changed:
                self.fit_columns()
            return
        selected = self.selected()
        self.show_rows(rows, self._columns())
        self._select(selected or {row["path"] for row in rows[:1]})

    def selected(self) -> set[Path]:
        """Folders of the selected runs."""
        return {self.rows_model.rows[index.row()]["path"] for index in self.selectionModel().selectedRows()}

    def select(self, path: Path) -> None:
        """Select one run alone."""
        self._select({path})

    def _select(self, paths: set[Path]) -> None:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        places = [place for place, row in enumerate(self.rows_model.rows) if row["path"] in paths]
        self.selectionModel().clearSelection()
        for number, place in enumerate(places):
            if number == 0:
                self.selectionModel().setCurrentIndex(self.rows_model.index(place, 0), flags)
            self.selectionModel().select(self.rows_model.index(place, 0), flags)

    def _columns(self) -> list[Column]:
        return [
            words(self.tr("Run"), "name"),
            words(self.tr("Task"), "task"),
            Column(
                self.tr("State"),
                lambda row: state_text(row["state"], row["preparing"]),
                lambda row: row["state"],
                numeric=False,
                color=lambda row: state_color(row["state"]),
            ),
            Column(
                self.tr("Done"),
                lambda row: "" if row["state"] == "weights" else f"{row['share']:.0%}",
                lambda row: row["share"],
            ),
            Column(self.tr("Epoch"), lambda row: str(row["epoch"] or ""), lambda row: row["epoch"]),
            Column(self.tr("Images/s"), lambda row: rate(row["rate"]), lambda row: row["rate"]),
            Column(self.tr("Time left"), lambda row: duration(row["left"]), lambda row: row["left"]),
            words(self.tr("Latest validation"), "metric"),
        ]


def _row(run: RunLook) -> Row:
    return {
        "path": run.path,
        "name": run.name,
        "task": run.run.spec.task,
        "state": run.state,
        "preparing": run.preparing,
        "share": run.share,
        "epoch": run.epoch,
        "rate": run.images_per_s,
        "left": run.remaining_s,
        "metric": last_metric(run),
    }
