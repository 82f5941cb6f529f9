"""The first page of the form: where the images come from, what the study is called, what a case is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from readerapp.fields import PathField, add_row, choice, line
from readerapp.new_study.parts import Section
from readerapp.page import button
from resources.files import shipped_files


def ready_protocols() -> dict[str, Path]:
    """Name → file of the protocols that ship with the program."""
    return {path.stem.replace("_", " "): path for path in shipped_files("protocols") if path.suffix == ".toml"}


class BasisSection(Section):
    """Protocol to begin with, cohort, folder; title, instructions, case unit."""

    protocol_chosen = Signal()  # another one to begin with
    resume_asked = Signal()  # the form that was left unfinished

    def __init__(self) -> None:
        super().__init__(
            "basis", self.tr("Basis"), self.tr("A cohort holds the images; a protocol says what is asked of them.")
        )
        self._ready = ready_protocols()
        self.resume = button(self.tr("Go on with the form you left unfinished"), "", "resume_form")
        self.resume.clicked.connect(self.resume_asked)
        self.column.addWidget(self.resume)
        grid = self.grid()
        self.protocol = choice("protocol", self.tr("Begin with"))
        self.protocol.addItems([self.tr("an empty form"), *self._ready, self.tr("another file …")])
        self.protocol_file = PathField("protocol_file", self.tr("Protocol file"), "protocol.toml", _choose_protocol)
        self.cohort = PathField("cohort", self.tr("Cohort"), self.tr("folder with cohort.csv"), _choose_cohort)
        self.out = PathField("out", self.tr("Study folder"), self.tr("a new folder for the study"), _choose_out)
        add_row(grid, self.tr("Begin with"), self.protocol)
        grid.addWidget(self.protocol_file, grid.rowCount(), 1)
        add_row(grid, self.tr("Cohort"), self.cohort)
        add_row(grid, self.tr("Study folder"), self.out)
        self._add_words()
        self.column.addStretch(1)
        self._connect()

    def _add_words(self) -> None:
        grid = self.grid()
        self.title = line("title", self.tr("Title"), self.tr("shown to readers and on every export"))
        self.instructions = QPlainTextEdit()
        self.instructions.setObjectName("instructions")
        self.instructions.setAccessibleName(self.tr("Instructions to readers"))
        self.instructions.setTabChangesFocus(True)
        self.instructions.setFixedHeight(130)
        self.unit = choice(
            "case_unit",
            self.tr("A case is"),
            (
                (self.tr("one image"), "image"),
                (self.tr("all images of a study"), "study"),
                (self.tr("all images of a patient"), "patient"),
            ),
        )
        add_row(grid, self.tr("Title"), self.title)
        add_row(grid, self.tr("Instructions"), self.instructions)
        add_row(grid, self.tr("A case is"), self.unit)

    def _connect(self) -> None:
        self.protocol.currentIndexChanged.connect(self._choose)
        self.protocol_file.changed.connect(self.protocol_chosen)
        for field in (self.cohort, self.out):
            field.changed.connect(self.changed)
        self.title.textChanged.connect(self.changed)
        self.instructions.textChanged.connect(self.changed)
        self.unit.currentIndexChanged.connect(self.changed)

    def _choose(self) -> None:
        self.protocol_file.setVisible(self._from_file())
        self.protocol_chosen.emit()

    def _from_file(self) -> bool:
        return self.protocol.currentIndex() == self.protocol.count() - 1

    def chosen_protocol(self) -> Path | None:
        """The protocol to begin with; None for an empty form, or while no file is named."""
        return self.protocol_file.path() if self._from_file() else self._ready.get(self.protocol.currentText())

    def clear(self) -> None:
        """As it was at first."""
        self.protocol.setCurrentIndex(0)
        self.protocol_file.setVisible(False)
        for field in (self.protocol_file, self.cohort, self.out):
            field.edit.clear()
        self.load({})

    def lock(self, drafted: bool) -> None:
        """Cohort and folder of a draft stay as they are."""
        for field in (self.protocol, self.protocol_file, self.cohort, self.out):
            field.setEnabled(not drafted)

    def load(self, entries: Mapping[str, Any]) -> None:
        self.title.setText(str(entries.get("title", "")))
        self.instructions.setPlainText(str(entries.get("instructions", "")))
        self.unit.setCurrentIndex(max(0, self.unit.findData(entries.get("case_unit", "image"))))

    def entries(self) -> dict[str, Any]:
        return {
            "title": self.title.text().strip(),
            "instructions": self.instructions.toPlainText(),
            "case_unit": self.unit.currentData(),
        }


def _choose_protocol(parent: QWidget) -> str:
    words = (
        QCoreApplication.translate("NewStudy", "Choose a protocol"),
        QCoreApplication.translate("NewStudy", "Protocols (*.toml)"),
    )
    return QFileDialog.getOpenFileName(parent, words[0], "", words[1])[0]


def _choose_cohort(parent: QWidget) -> str:
    return QFileDialog.getExistingDirectory(parent, QCoreApplication.translate("NewStudy", "Choose a cohort's folder"))


def _choose_out(parent: QWidget) -> str:
    return QFileDialog.getSaveFileName(
        parent, QCoreApplication.translate("NewStudy", "Name a new folder for the study")
    )[0]
