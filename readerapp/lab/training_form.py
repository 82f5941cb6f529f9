"""A new training: what, on which cohorts, from which preset, where it runs, and every entry of its spec."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.errors import JobError
from engine.jobs.launch import Here, Place, Slurm, Torchrun, slurm_is_there
from engine.jobs.making import make_spec
from engine.jobs.presets import PRESETS, preset_values
from engine.jobs.run import RunFolder
from engine.jobs.tasks import TASKS
from readerapp import theme, trouble
from readerapp.fields import choice, line, whole
from readerapp.lab import operations
from readerapp.lab.memory import LabMemory
from readerapp.lab.operations import Asked
from readerapp.lab.spec_form import SpecForm
from readerapp.lab.spec_words import task_words
from readerapp.page import button, heading, labelled, scrolled

__all__ = ["TrainingForm"]

_NAME = re.compile(r"[^\w.\-]+")


class TrainingForm(QWidget):
    """One form for every task: it is made from the spec."""

    launched = Signal(object)  # Path of the run
    left = Signal()

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._base: dict[str, Any] = {}  # what the form began with, over the defaults of the model
        self._copied = ""  # name of the run that was duplicated
        self.task = choice("task", self.tr("Task"), tuple((name, name) for name in TASKS))
        self.about = labelled("", "small")
        self.preset = choice("preset", self.tr("Preset"))
        self.about_preset = labelled("", "small")
        self.cohorts = QListWidget()
        self.name = line("run_name", self.tr("Name of the run"))
        self.where = choice("where", self.tr("Where it runs"))
        self.processes = whole("processes", self.tr("Processes"), 2, 64, 2)
        self.partition = line("partition", self.tr("Partition"), self.tr("the cluster's default"))
        self.gpus = whole("slurm_gpus", self.tr("GPUs of a machine"), 0, 64, 1)
        self.nodes = whole("slurm_nodes", self.tr("Machines"), 1, 64, 1)
        self.cpus = whole("slurm_cpus", self.tr("Cores for each GPU"), 1, 256, 4)
        self.memory_gb = whole("slurm_memory", self.tr("Memory of a machine, GB"), 1, 4096, 32)
        self.hours = whole("slurm_hours", self.tr("Hours at most"), 1, 24 * 30, 24)
        self.account = line("slurm_account", self.tr("Account"), self.tr("your default"))
        self._of_slurm = (self.partition, self.nodes, self.gpus, self.cpus, self.memory_gb, self.hours, self.account)
        self.spec = SpecForm()
        self.launch_button = button(self.tr("Start training"), "primary", "launch")
        self.back = button(self.tr("‹ Back to the runs"), "quiet", "leave_form")
        self.message = labelled("", "error")
        self.rows = QFormLayout()
        self._arrange()
        self._connect()
        self._show_task()

    def refresh(self) -> None:
        """The cohorts that are known now; those that were ticked stay so."""
        ticked = set(self._ticked())
        self.cohorts.clear()
        for root in self._memory.cohorts():
            item = QListWidgetItem(root.name)
            item.setData(Qt.ItemDataRole.UserRole, root)
            item.setToolTip(str(root))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if root in ticked else Qt.CheckState.Unchecked)
            self.cohorts.addItem(item)
        if not ticked and self.cohorts.count():
            self.cohorts.item(0).setCheckState(Qt.CheckState.Checked)
        self._name_run()

    def begin(self) -> None:
        """An empty form: the defaults of the task."""
        self._copied = ""
        self._show_task()
        self.refresh()

    def duplicate(self, run: RunFolder) -> None:
        """The form as a run was started; what is changed from then on is marked."""
        self._copied = run.path.name
        self.task.setCurrentIndex(self.task.findData(run.spec.task))
        self._offer_presets(run.spec.preset)
        self._base = run.spec.model_dump()
        self.spec.show_task(run.spec.task, self._base)
        for source in run.spec.cohorts:
            if Path(source.path).is_dir():
                self._memory.remember_cohort(Path(source.path))
        self.cohorts.clear()
        self.refresh()
        self._tick({Path(source.path) for source in run.spec.cohorts})
        self._name_run()
        self._check()

    def asked(self) -> Asked:
        """What the form says. ValueError, JobError with what is not possible."""
        cohorts = tuple(self._ticked())
        if not cohorts:
            raise ValueError(self.tr("Tick at least one cohort; import or simulate one on the page Cohorts."))
        if not self.name.text().strip():
            raise ValueError(self.tr("Give the run a name."))
        task, preset = str(self.task.currentData()), str(self.preset.currentData() or "")
        settings = self.spec.changed_settings()
        if self._copied:
            known = preset_values(task, preset) if preset else {}
            kept = {
                name: row.base for name, row in self.spec.rows.items() if row.base != known.get(name, row.field.default)
            }
            settings = kept | settings
        make_spec(task, (), preset, settings)
        out = self._memory.runs / _NAME.sub("-", self.name.text().strip())
        return Asked(task, preset, settings, cohorts, out, self._place())

    def _place(self) -> Place:
        if self.where.currentData() == "torchrun":
            return Torchrun(self.processes.value())
        if self.where.currentData() == "slurm":
            return Slurm(
                self.partition.text().strip(),
                self.gpus.value(),
                self.nodes.value(),
                self.cpus.value(),
                self.memory_gb.value(),
                self.hours.value() * 60,
                self.account.text().strip(),
            )
        return Here()

    def _launch(self) -> None:
        try:
            asked = self.asked()
        except (ValueError, JobError) as error:
            self.message.setText(str(error))
            return
        start = operations.start_training(parent=self, asked=asked)
        start.on_success(self.launched.emit).on_failure(self._refuse).disabling(self.launch_button).run()

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, trouble.EXPECTED):
            trouble.log_error(error)
        self.message.setText(trouble.sentence(error))

    def _check(self) -> None:
        """The first thing that is not possible, at once."""
        try:
            make_spec(str(self.task.currentData()), (), "", self.spec.changed_settings())
            self.message.clear()
        except (ValueError, JobError) as error:
            self.message.setText(str(error))

    def _show_task(self) -> None:
        self._offer_presets("")
        self._show_preset()
        self._name_run()

    def _offer_presets(self, chosen: str) -> None:
        task = str(self.task.currentData())
        self.about.setText(task_words(task))
        self.preset.blockSignals(True)
        self.preset.clear()
        self.preset.addItem(self.tr("none: the defaults"), "")
        for name in PRESETS.get(task, {}):
            self.preset.addItem(name, name)
        self.preset.setCurrentIndex(max(0, self.preset.findData(chosen)))
        self.preset.blockSignals(False)
        self._tell_preset()

    def _show_preset(self) -> None:
        task, preset = str(self.task.currentData()), str(self.preset.currentData() or "")
        self._copied = ""
        self._base = preset_values(task, preset) if preset else {}
        self.spec.show_task(task, self._base)
        self._tell_preset()
        self._check()

    def _tell_preset(self) -> None:
        entry = PRESETS.get(str(self.task.currentData()), {}).get(str(self.preset.currentData()))
        self.about_preset.setText(entry.summary if entry else "")
        self.about_preset.setVisible(entry is not None)

    def _ticked(self) -> Sequence[Path]:
        items = [self.cohorts.item(row) for row in range(self.cohorts.count())]
        return [i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() == Qt.CheckState.Checked]

    def _tick(self, roots: set[Path]) -> None:
        for row in range(self.cohorts.count()):
            item = self.cohorts.item(row)
            there = item.data(Qt.ItemDataRole.UserRole) in roots
            item.setCheckState(Qt.CheckState.Checked if there else Qt.CheckState.Unchecked)

    def _name_run(self) -> None:
        """A name that is free, as long as nobody gave one."""
        if self.name.isModified():
            return
        stem = self._copied or str(self.task.currentData())
        stem = re.sub(r"-\d+$", "", stem)
        taken = {path.name for path in self._memory.runs.glob("*")} if self._memory.runs.is_dir() else set()
        number = next(n for n in range(1, 10_000) if f"{stem}-{n}" not in taken)
        self.name.setText(f"{stem}-{number}")

    def _show_where(self) -> None:
        chosen = self.where.currentData()
        self.rows.setRowVisible(self.processes, chosen == "torchrun")
        for field in self._of_slurm:
            self.rows.setRowVisible(field, chosen == "slurm")

    def _connect(self) -> None:
        self.task.currentIndexChanged.connect(self._show_task)
        self.preset.currentIndexChanged.connect(self._show_preset)
        self.where.currentIndexChanged.connect(self._show_where)
        self.spec.changed.connect(self._check)
        self.launch_button.clicked.connect(self._launch)
        self.back.clicked.connect(self.left)

    def _offer_places(self) -> None:
        self.where.addItem(self.tr("here, one process"), "here")
        self.where.addItem(self.tr("here, several processes (torchrun)"), "torchrun")
        if slurm_is_there():
            self.where.addItem(self.tr("on the Slurm cluster"), "slurm")

    def _arrange(self) -> None:
        self._offer_places()
        self.cohorts.setObjectName("training_cohorts")
        self.cohorts.setAccessibleName(self.tr("Cohorts to train on"))
        self.cohorts.setFixedHeight(round(self.fontMetrics().height() * 5.5))
        self.rows.setHorizontalSpacing(14)
        self.rows.setVerticalSpacing(6)
        fields: list[tuple[str, QWidget]] = [
            (self.tr("Task"), self.task),
            ("", self.about),
            (self.tr("Preset"), self.preset),
            ("", self.about_preset),
            (self.tr("Cohorts"), self.cohorts),
            (self.tr("Name of the run"), self.name),
            (self.tr("Where it runs"), self.where),
            (self.tr("Processes"), self.processes),
            (self.tr("Partition"), self.partition),
            (self.tr("Machines"), self.nodes),
            (self.tr("GPUs of a machine"), self.gpus),
            (self.tr("Cores for each GPU"), self.cpus),
            (self.tr("Memory of a machine, GB"), self.memory_gb),
            (self.tr("Hours at most"), self.hours),
            (self.tr("Account"), self.account),
        ]
        for name, field in fields:
            if isinstance(field, (QComboBox, QSpinBox)) or field in (self.name, self.partition, self.account):
                field.setMaximumWidth(theme.wide(420))
            self.rows.addRow(name, field)
        if not slurm_is_there():
            self.rows.addRow("", labelled(self.tr("No sbatch on this machine: Slurm is not offered."), "small"))
        self._show_where()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addLayout(self.rows)
        column.addWidget(self.spec)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.launch_button)
        foot.addWidget(self.message, 1)
        foot.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(heading(self.tr("New training")))
        layout.addWidget(scrolled(body, self.tr("What is trained, and how")), 1)
        layout.addLayout(foot)
