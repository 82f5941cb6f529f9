"""Example images of an item: chosen from files or from the cohort, looked at, taken off again."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from readerapp import operations
from readerapp.new_study.case_picker import CasePicker
from readerapp.new_study.preview import FilePreview
from readerapp.page import button, labelled
from readerapp.theme import wide
from studies.planning.exemplars import MOST_EXEMPLARS, CohortImage, free_name

_HIGHEST = 200  # pixels of the preview beside text of 10 points

__all__ = ["ExemplarField", "ExemplarFiles"]


class ExemplarFiles:
    """Where the files behind the names lie: those chosen in the form, and those beside the protocol or in the draft."""

    def __init__(self) -> None:
        self.chosen: dict[str, Path] = {}  # name in the protocol → file
        self.folder: Path | None = None  # of the others

    def place(self, name: str) -> Path | None:
        """The file of a name; None where there is no folder to look in."""
        return self.chosen.get(name, self.folder / name if self.folder is not None else None)

    def clear(self, folder: Path | None) -> None:
        """Nothing chosen; names are files of a folder."""
        self.chosen, self.folder = {}, folder

    def choose(self, item_id: str, file: Path, taken: Sequence[str]) -> str:
        """The name that a chosen file gets, which says nothing of where it comes from."""
        name = free_name(item_id, file, {*taken, *self.chosen})
        self.chosen[name] = file
        return name


class _Names(QListWidget):
    """The list; Delete takes the row at hand off."""

    delete_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


class ExemplarField(QWidget):
    """The example images of the item at hand."""

    changed = Signal()

    def __init__(self, files: ExemplarFiles) -> None:
        super().__init__()
        self.files = files
        self.cohort: Path | None = None
        self._item_id = ""
        self._known: tuple[Path, tuple[CohortImage, ...]] | None = None  # of the cohort that was looked at last
        self.list = _Names()
        self.list.setObjectName("item_exemplars")
        self.list.setAccessibleName(self.tr("Example images of the item"))
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.from_files = button(self.tr("File …"), "", "exemplar_files")
        self.from_files.setAccessibleName(self.tr("Example image from a file"))
        self.from_cases = button(self.tr("Case …"), "", "exemplar_cases")
        self.from_cases.setAccessibleName(self.tr("Example image from a case of the cohort"))
        self.take_off = button(self.tr("Take off"), "", "exemplar_remove")
        self.preview = FilePreview(self.tr("Preview of the example image"))
        self.preview.setMaximumHeight(wide(_HIGHEST))
        self.note = labelled("", "small")
        self.note.setObjectName("exemplar_note")
        self._arrange()
        self.list.currentRowChanged.connect(self._show_current)
        self.list.delete_pressed.connect(self._remove)
        self.from_files.clicked.connect(self._choose_files)
        self.from_cases.clicked.connect(self._ask_cohort)
        self.take_off.clicked.connect(self._remove)
        self.show_item("", ())

    def names(self) -> list[str]:
        """The names as the protocol has them."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def show_item(self, item_id: str, names: Sequence[str]) -> None:
        """The images of an item; "" where there is none at hand."""
        self._item_id = item_id
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems(list(names))
        self.list.blockSignals(False)
        self.list.setCurrentRow(0 if names else -1)
        self._show_current()

    def show_cohort(self, cohort: Path | None) -> None:
        """The cohort whose cases may be chosen."""
        self.cohort = cohort
        self._refresh()

    def add_files(self, files: Sequence[Path]) -> None:
        """Show the item by these files too, as many as there is place for."""
        for file in files[: MOST_EXEMPLARS - self.list.count()]:
            self.list.addItem(self.files.choose(self._item_id, file, self.names()))
        self.list.setCurrentRow(self.list.count() - 1)
        self._refresh()
        self.changed.emit()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.files.chosen.pop(self.list.takeItem(row).text(), None)
            self._show_current()
            self.changed.emit()
            self.list.setFocus()

    def _show_current(self) -> None:
        entry = self.list.currentItem()
        self.preview.show_file(self.files.place(entry.text()) if entry is not None else None)
        self._refresh()

    def _refresh(self) -> None:
        full = self.list.count() >= MOST_EXEMPLARS
        self.from_files.setEnabled(bool(self._item_id) and not full)
        self.from_cases.setEnabled(bool(self._item_id) and not full and self.cohort is not None)
        self.take_off.setEnabled(self.list.currentRow() >= 0)
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(max(self.list.sizeHintForRow(0), 1) * max(self.list.count(), 1) + 6)
        self.preview.setVisible(self.list.count() > 0)
        words = self.tr("Shown beside the question, {n} at most; frozen without names by the seal.")
        if full:
            words = self.tr("There are {n}, as many as a reader sees: take one off to choose another.")
        elif self.cohort is None:
            words = self.tr("Shown beside the question, {n} at most. Cases can be chosen once the cohort is named.")
        self.note.setText(words.format(n=MOST_EXEMPLARS))

    def _choose_files(self) -> None:
        kinds = self.tr("Images (*.dcm *.png *.jpg *.jpeg *.nii *.nii.gz);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose example images"), "", kinds)
        if chosen:
            self.add_files([Path(name) for name in chosen])

    def _ask_cohort(self) -> None:
        cohort = self.cohort
        if cohort is None:
            return
        if self._known is not None and self._known[0] == cohort:
            self._pick(self._known[1])
            return
        look = operations.list_cohort_images(parent=self, cohort=cohort)
        look.on_success(lambda images: self._keep_and_pick(cohort, images)).disabling(self.from_cases).run()

    def _keep_and_pick(self, cohort: Path, images: tuple[CohortImage, ...]) -> None:
        self._known = cohort, images
        self._pick(images)

    def _pick(self, images: tuple[CohortImage, ...]) -> None:
        picker = CasePicker(images, self)
        picker.picked.connect(lambda image: self.add_files([image.place]))
        picker.open()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(labelled(self.tr("Example images"), "group"))
        column.addWidget(self.list)
        row = QHBoxLayout()
        for one in (self.from_files, self.from_cases, self.take_off):
            row.addWidget(one)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.preview, 1)
        column.addWidget(self.note)
