"""Making a cohort: from a dataset as it is published, from a folder, or simulated. The engine does it in a process."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.cohorts.adapters.registry import ADAPTERS
from readerapp.fields import PathField, choice, whole
from readerapp.lab.engine_call import EngineCall, Outcome
from readerapp.lab.log_view import LogView
from readerapp.page import KeyboardScroll, button, heading, labelled, scrolled
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["ImportForm", "MakingForm", "SimulateForm"]

_MOST_PATIENTS = 100_000
_LEAST_FIELDS = 6  # lines of text that the fields are high, at least
_SUMMARIES = {  # of what is no published dataset
    "folder": QT_TRANSLATE_NOOP("ImportForm", "a folder of DICOM, NIfTI, PNG or JPEG files, or a DICOMDIR"),
    "csv": QT_TRANSLATE_NOOP("ImportForm", "a table, and a column map that says what its columns mean"),
}


class _FieldsScroll(KeyboardScroll):
    """Wants the height of what it holds, and never less than its width."""

    def __init__(self, fields: QWidget) -> None:
        super().__init__()
        self._fields = fields

    def sizeHint(self) -> QSize:
        return self._fields.sizeHint() + self._around()

    def minimumSizeHint(self) -> QSize:
        least = self._fields.minimumSizeHint() + self._around()
        return QSize(least.width(), min(least.height(), _LEAST_FIELDS * self.fontMetrics().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # another height of the fields is another height of this
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _around(self) -> QSize:
        return QSize(self.verticalScrollBar().sizeHint().width(), 2 * self.frameWidth())


class MakingForm(QWidget):
    """What imports and simulations share: start, progress, cancel, and what the engine said at the end."""

    made = Signal(object)  # Path of the cohort
    left = Signal()

    def __init__(self, title: str, explanation: str, start: str) -> None:
        super().__init__()
        self._call: EngineCall | None = None
        self._out = Path()  # of what is being made
        self.out = PathField("cohort_out", self.tr("Folder of the new cohort"), "", self._choose_out)
        self.form = QFormLayout()
        self.start_button = button(start, "primary", "make_cohort")
        self.cancel_button = button(self.tr("Cancel"), "", "cancel_cohort")
        self.back = button(self.tr("‹ Back to the cohorts"), "quiet", "leave_making")
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.step = labelled("", "small")
        self.message = labelled("", "error")
        hint = self.tr("Here stands in the end what was read, and what was left out and why.")
        self.log = LogView("cohort_log", self.tr("What the engine said"), hint)
        self.told = QVBoxLayout()  # a form may tell more
        self._arrange(title, explanation)
        self.start_button.clicked.connect(self._start)
        self.cancel_button.clicked.connect(self._cancel)
        self.back.clicked.connect(self.left)
        self._show_state(False)

    @property
    def working(self) -> bool:
        """Whether the engine is at work."""
        return self._call is not None

    def arguments(self) -> list[str]:
        """The command, without `engine`. Raises ValueError with what has to be filled in first."""
        raise NotImplementedError

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        raise NotImplementedError

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._call is not None:
            self._call.stop()
        super().closeEvent(event)

    def folder(self) -> Path:
        """Where the cohort goes. ValueError where nothing was entered."""
        if (out := self.out.path()) is None:
            raise ValueError(self.tr("Choose a folder for the new cohort."))
        return out

    def _start(self) -> None:
        self.message.clear()
        self.log.clear()
        try:
            asked = self.arguments()
            self._out = self.folder()
        except ValueError as error:
            self.message.setText(str(error))
            return
        self._call = EngineCall([*asked, "--out", str(self._out)], self)
        self._call.progressed.connect(self._follow)
        self._call.said.connect(self.log.appendPlainText)
        self._call.ended.connect(self._finish)
        self._show_state(True)
        self._call.start()

    def _cancel(self) -> None:
        if self._call is not None:
            self.step.setText(self.tr("stopping …"))
            self._call.cancel()

    def _follow(self, share: float, what: str) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(share * 1000))
        self.step.setText(f"{what}  {share:.0%}".strip())

    def _finish(self, outcome: Outcome) -> None:
        self._call = None
        self._show_state(False)
        self.log.setPlainText("\n".join(outcome.lines))
        if outcome.cancelled:
            self.message.setText(self.tr("Stopped as you asked: no cohort was made."))
        elif outcome.error:
            self.message.setText(outcome.error)
        else:
            self.made.emit(self._out)

    def _show_state(self, working: bool) -> None:
        self.start_button.setEnabled(not working)
        self.cancel_button.setEnabled(working)
        for widget in (self.bar, self.step):
            widget.setVisible(working)
        self.bar.setRange(0, 0 if working else 1)
        self.step.clear()
        if working:
            self.cancel_button.setFocus()

    def _choose_out(self, parent: QWidget) -> str:
        return QFileDialog.getSaveFileName(parent, self.tr("Folder of the new cohort"))[0]

    def _arrange(self, title: str, explanation: str) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        buttons = QHBoxLayout()
        for widget in (self.start_button, self.cancel_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(heading(title, explanation))
        layout.addWidget(self._fields())
        layout.addLayout(buttons)
        for told in (self.bar, self.step, self.message):
            self.told.addWidget(told)
        layout.addLayout(self.told)
        layout.addWidget(self.log, 1)

    def _fields(self) -> QWidget:
        """As high as they are, where there is room; else they are scrolled."""
        body = QWidget()
        self.form.setContentsMargins(0, 0, 8, 0)
        body.setLayout(self.form)
        area = scrolled(body, self.tr("What the cohort is made of"), _FieldsScroll(body))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields in it take the keyboard
        return area


class ImportForm(MakingForm):
    """An adapter, the dataset's own files, and a seed for the split by patient."""

    def __init__(self) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("ImportForm", "Import a cohort"),
            translate("ImportForm", "From a dataset as it is published, a folder of images, or a table."),
            translate("ImportForm", "Import"),
        )
        self.adapter = choice("adapter", self.tr("Dataset"), tuple((name, name) for name in ADAPTERS))
        self.about = labelled("", "small")
        folder, file = self._choose_folder, self._choose_file
        self.source = PathField("source", self.tr("Source"), self.tr("folder as it was downloaded"), folder)
        self.demographics = PathField("demographics", self.tr("Demographics"), self.tr("table or folder"), file)
        self.columns = PathField("columns", self.tr("Column map"), self.tr("TOML file"), file)
        self.construction = choice("construction", self.tr("Rows"))
        self.seed = whole("import_seed", self.tr("Seed of the split"), 0, 2**31 - 1, 0)
        rows: list[tuple[str, QWidget]] = [
            (self.tr("Dataset"), self.adapter),
            ("", self.about),
            (self.tr("Source"), self.source),
            (self.tr("Demographics"), self.demographics),
            (self.tr("Column map"), self.columns),
            (self.tr("Rows"), self.construction),
            (self.tr("Seed of the split"), self.seed),
            (self.tr("New cohort"), self.out),
        ]
        for name, field in rows:
            self.form.addRow(name, field)
        self.adapter.currentIndexChanged.connect(self._show_adapter)
        self._show_adapter()

    def arguments(self) -> list[str]:
        source = self.source.path()
        if source is None:
            raise ValueError(self.tr("Choose the folder or table to import."))
        arguments = ["cohort", "import", str(self.adapter.currentData()), "--source", str(source)]
        options = {"--demographics": self.demographics, "--columns": self.columns}
        for option, field in options.items():
            if self.form.isRowVisible(field) and (place := field.path()) is not None:
                arguments += [option, str(place)]
        if self.form.isRowVisible(self.construction):
            arguments += ["--construction", str(self.construction.currentData())]
        return [*arguments, "--seed", str(self.seed.value())]

    def first_field(self) -> QWidget:
        return self.adapter

    def _show_adapter(self) -> None:
        adapter = ADAPTERS[str(self.adapter.currentData())]
        needed = [self.tr("needed: {files}").format(files=adapter.files)] if adapter.files else []
        summary = _SUMMARIES.get(str(self.adapter.currentData()))
        about = self.tr(summary) if summary else adapter.summary
        self.about.setText(".\n".join([about, *needed, *([adapter.apply] if adapter.apply else [])]))
        self.form.setRowVisible(self.demographics, adapter.takes_demographics)
        self.form.setRowVisible(self.columns, adapter.takes_columns)
        self.construction.clear()
        for name in adapter.constructions:
            self.construction.addItem(name, name)
        self.form.setRowVisible(self.construction, len(adapter.constructions) > 1)

    def _choose_folder(self, parent: QWidget) -> str:
        return QFileDialog.getExistingDirectory(parent, self.tr("Choose the source"))

    def _choose_file(self, parent: QWidget) -> str:
        return QFileDialog.getOpenFileName(parent, self.tr("Choose a table"))[0]


class SimulateForm(MakingForm):
    """Patients, seed and size of a simulated cohort of chest radiographs."""

    def __init__(self) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("SimulateForm", "Simulate a cohort"),
            translate(
                "SimulateForm", "Chest radiographs with planted findings, devices and confounding: truth is known."
            ),
            translate("SimulateForm", "Simulate"),
        )
        self.patients = whole("sim_patients", self.tr("Patients"), 1, _MOST_PATIENTS, 200)
        self.seed = whole("sim_seed", self.tr("Seed"), 0, 2**31 - 1, 0)
        self.side = whole("sim_size", self.tr("Pixels along each side"), 64, 4096, 512)
        fields: tuple[tuple[str, QSpinBox | PathField], ...] = (
            (self.tr("Patients"), self.patients),
            (self.tr("Seed"), self.seed),
            (self.tr("Pixels along each side"), self.side),
            (self.tr("New cohort"), self.out),
        )
        for name, field in fields:
            self.form.addRow(name, field)

    def arguments(self) -> list[str]:
        numbers: dict[str, QSpinBox] = {"--patients": self.patients, "--seed": self.seed, "--size": self.side}
        return ["cohort", "simulate", *(part for name, box in numbers.items() for part in (name, str(box.value())))]

    def first_field(self) -> QWidget:
        return self.patients
