"""The researcher's lab: cohorts, training, results, and a viewer that shows what models look at."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QListWidget, QStackedWidget, QWidget

from readerapp.lab.cohort_table import CohortLook
from readerapp.lab.cohorts_page import CohortsPage
from readerapp.lab.counterfactual_page import CounterfactualPage
from readerapp.lab.memory import LabMemory
from readerapp.lab.opened import Shown
from readerapp.lab.results_page import Mistaken, ResultsPage
from readerapp.lab.training_page import TrainingPage
from readerapp.lab.viewer_page import ViewerPage
from readerapp.page import button, labelled, room_of_pages

__all__ = ["Lab"]

COHORTS, TRAINING, RESULTS, VIEWER, COUNTERFACTUALS = range(5)


class Page(Protocol):
    """What the lab asks of a page."""

    def refresh(self) -> None:
        """The page is shown: look again at what it shows."""


class Lab(QWidget):
    """Pages are made when they are first shown. Leaving stops nothing that trains."""

    left = Signal()
    step1_asked = Signal(object)  # Path of a cohort of counterfactuals

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.memory = LabMemory(folder)
        self._makers: dict[int, tuple[str, Callable[[], QWidget]]] = {
            COHORTS: (self.tr("Cohorts"), self._make_cohorts),
            TRAINING: (self.tr("Training"), self._make_training),
            RESULTS: (self.tr("Results"), self._make_results),
            VIEWER: (self.tr("Viewer"), lambda: ViewerPage(self.memory)),
            COUNTERFACTUALS: (self.tr("Counterfactuals"), self._make_counterfactuals),
        }
        self._made: dict[int, QWidget] = {}
        self._carried: Shown | None = None  # the image that went from the viewer to the counterfactuals last
        self.list = QListWidget()
        self.list.setObjectName("lab_pages")
        self.list.setAccessibleName(self.tr("Pages of the lab"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # the longest name just fits
        self.list.addItems([name for name, _ in self._makers.values()])
        self._stack = QStackedWidget()
        self.leave = button(self.tr("‹ Leave the lab"), "quiet", "leave_lab")
        self._arrange()
        self.leave.clicked.connect(self.left)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(COHORTS)
        self.setFocusProxy(self.list)

    @property
    def cohorts(self) -> CohortsPage:
        return cast(CohortsPage, self.page(COHORTS))

    @property
    def training(self) -> TrainingPage:
        return cast(TrainingPage, self.page(TRAINING))

    @property
    def results(self) -> ResultsPage:
        return cast(ResultsPage, self.page(RESULTS))

    @property
    def viewer(self) -> ViewerPage:
        return cast(ViewerPage, self.page(VIEWER))

    @property
    def counterfactuals(self) -> CounterfactualPage:
        return cast(CounterfactualPage, self.page(COUNTERFACTUALS))

    def page(self, place: int) -> QWidget:
        """A page, made when it is first asked for."""
        if place not in self._made:
            self._made[place] = self._makers[place][1]()
            self._stack.addWidget(self._made[place])
        return self._made[place]

    def closeEvent(self, event: QCloseEvent) -> None:
        for page in self._made.values():
            page.close()
        super().closeEvent(event)

    def _make_cohorts(self) -> QWidget:
        page = CohortsPage(self.memory)
        page.image_opened.connect(self._open_image)
        page.step1_asked.connect(self.step1_asked)
        return page

    def _make_training(self) -> QWidget:
        page = TrainingPage(self.memory)
        page.results_asked.connect(self._show_results)
        return page

    def _make_results(self) -> QWidget:
        page = ResultsPage(self.memory)
        page.image_opened.connect(self._open_mistake)
        return page

    def _make_counterfactuals(self) -> QWidget:
        page = CounterfactualPage(self.memory)
        page.cohort_asked.connect(self._imagine)
        return page

    def _imagine(self, run: Path, finding: str, cohort: Path | None) -> None:
        """The form of the page of cohorts, filled with what is looked at."""
        self.list.setCurrentRow(COHORTS)
        self.cohorts.imagine(run, finding, cohort)

    def _open_image(self, look: CohortLook, place: int) -> None:
        self.viewer.open(look.cohort, place)
        self.list.setCurrentRow(VIEWER)

    def _open_mistake(self, wrong: Mistaken) -> None:
        self.viewer.open(wrong.cohort, wrong.place, wrong.run, wrong.finding, wrong.frame)
        self.list.setCurrentRow(VIEWER)

    def _show_results(self, run: Path) -> None:
        self.list.setCurrentRow(RESULTS)
        self.results.show_run(run)

    def _show(self, row: int) -> None:
        if TRAINING in self._made and row != TRAINING:
            self.training.rest()
        page = self.page(row)
        self._stack.setCurrentWidget(page)
        cast(Page, page).refresh()
        if row == COUNTERFACTUALS and VIEWER in self._made and self.viewer.shown is not self._carried:
            self._carried = self.viewer.shown
            if self._carried is not None:
                self.counterfactuals.open(self._carried)

    def _arrange(self) -> None:
        room_of_pages(self, [labelled(self.tr("LAB"), "group")], self.list, self.leave, self._stack, 160)
