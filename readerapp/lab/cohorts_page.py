"""The cohorts of this computer: a list, making more of them, and a browser of the one that is chosen."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from readerapp import theme, trouble
from readerapp.lab import operations
from readerapp.lab.cohort_browser import CohortBrowser
from readerapp.lab.cohort_table import CohortLook
from readerapp.lab.imagine_form import ImagineForm
from readerapp.lab.making import ImportForm, MakingForm, SimulateForm
from readerapp.lab.memory import LabMemory
from readerapp.page import button, labelled

__all__ = ["CohortsPage"]


class CohortsPage(QWidget):
    """The list on the left; on the right the browser, or a form that makes another cohort."""

    image_opened = Signal(object, int)  # CohortLook, place
    cohorts_changed = Signal()
    step1_asked = Signal(object)  # Path of a cohort of counterfactuals

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._asked: Path | None = None
        self.list = QListWidget()
        self.list.setObjectName("cohorts")
        self.list.setAccessibleName(self.tr("Cohorts"))
        self.open_other = button(self.tr("Open a cohort …"), "", "open_cohort")
        self.import_button = button(self.tr("Import …"), "", "import_cohort")
        self.simulate_button = button(self.tr("Simulate …"), "", "simulate_cohort")
        self.imagine_button = button(self.tr("Imagine …"), "", "imagine_cohort")
        self.forget = button(self.tr("Remove from this list"), "quiet", "forget_cohort")
        self.browser = CohortBrowser()
        self.message = labelled(self.tr("No cohort yet: import one, or simulate one to try the lab."), "muted")
        self._nothing = QWidget()
        self.importing, self.simulating, self.imagining = ImportForm(), SimulateForm(), ImagineForm(memory)
        self._right = QStackedWidget()
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """The list again, and the cohort that is chosen, where none is shown yet."""
        if not self.list.count():
            self._list(None)

    def open(self, root: Path) -> None:
        """Remember a cohort and browse it."""
        self._memory.remember_cohort(root)
        self._list(root.resolve())
        self.cohorts_changed.emit()

    def imagine(self, run: Path | None = None, finding: str = "", cohort: Path | None = None) -> None:
        """The form that makes a cohort of counterfactuals, with this run, finding and cohort where they are given."""
        self.imagining.begin(run, finding, cohort or (self.browser.look.root if self.browser.look else None))
        self._enter(self.imagining)

    @property
    def _forms(self) -> tuple[MakingForm, ...]:
        return self.importing, self.simulating, self.imagining

    def closeEvent(self, event: QCloseEvent) -> None:
        for part in (self.browser, *self._forms):
            part.close()
        super().closeEvent(event)

    def _list(self, chosen: Path | None) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for root in self._memory.cohorts():
            item = QListWidgetItem(root.name)
            item.setData(Qt.ItemDataRole.UserRole, root)
            item.setToolTip(str(root))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.forget.setEnabled(self.list.count() > 0)
        roots = [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]
        if roots:
            self.list.setCurrentRow(roots.index(chosen) if chosen in roots else 0)
        else:
            self._say(self.tr("No cohort yet: import one, or simulate one to try the lab."), "muted")

    def _choose(self, row: int) -> None:
        if row >= 0:
            self._leave_form()
            self._load(self.list.item(row).data(Qt.ItemDataRole.UserRole))

    def _load(self, root: Path) -> None:
        self._asked = root
        look = operations.look_at_cohort(parent=self, root=root)
        look.on_success(self._show).on_failure(self._refuse).run()

    def _show(self, look: CohortLook) -> None:
        """In the browser, which comes up unless a form tells how the cohort was just made."""
        if look.root == self._asked:
            self.browser.show_cohort(look)
            if self._right.currentWidget() is self._nothing:
                self._right.setCurrentWidget(self.browser)

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, trouble.EXPECTED):
            trouble.log_error(error)
        self._say(trouble.sentence(error), "error")

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        theme.set_role(self.message, role)
        self._right.setCurrentWidget(self._nothing)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a cohort's folder"))
        if folder:
            self.open(Path(folder))

    def _forget(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._memory.forget_cohort(item.data(Qt.ItemDataRole.UserRole))
            self._list(None)
            self.cohorts_changed.emit()

    def _enter(self, form: MakingForm) -> None:
        self._right.setCurrentWidget(form)
        form.first_field().setFocus()

    def _leave_form(self) -> None:
        self._right.setCurrentWidget(self.browser if self.browser.look is not None else self._nothing)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._choose)
        self.list.itemClicked.connect(lambda item: self._choose(self.list.row(item)))
        self.open_other.clicked.connect(self._choose_folder)
        self.import_button.clicked.connect(lambda: self._enter(self.importing))
        self.simulate_button.clicked.connect(lambda: self._enter(self.simulating))
        self.forget.clicked.connect(self._forget)
        self.browser.image_opened.connect(self.image_opened)
        self.imagine_button.clicked.connect(lambda: self.imagine())
        self.imagining.step1_asked.connect(self.step1_asked)
        for form in self._forms:
            form.left.connect(self._leave_form)
            form.made.connect(self._made)

    def _made(self, root: Path) -> None:
        """The new cohort is in the list; what the engine said stays in view until the person goes on."""
        self._memory.remember_cohort(root)
        self.list.currentRowChanged.disconnect(self._choose)
        self._list(root.resolve())
        self.list.currentRowChanged.connect(self._choose)
        self._load(root.resolve())
        self.cohorts_changed.emit()

    def _arrange(self) -> None:
        inner = QVBoxLayout(self._nothing)
        inner.addWidget(self.message)
        inner.addStretch(1)
        for widget in (self._nothing, self.browser, *self._forms):
            self._right.addWidget(widget)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(labelled(self.tr("Cohorts"), "heading"))
        side.addWidget(self.list, 1)
        for widget in (self.open_other, self.import_button, self.simulate_button, self.imagine_button, self.forget):
            side.addWidget(widget)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(theme.wide(210))
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 18, 20, 8)
        row.setSpacing(18)
        row.addWidget(holder)
        row.addWidget(self._right, 1)
