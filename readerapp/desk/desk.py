"""The coordinator's desk: pages of one study, chosen on the left."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QListWidget, QStackedWidget, QWidget

from readerapp.desk.agreement_page import AgreementPage
from readerapp.desk.bias_page import BiasPage
from readerapp.desk.changes_page import ChangesPage
from readerapp.desk.disputes_page import DisputesPage
from readerapp.desk.export_page import ExportPage
from readerapp.desk.flags_page import FlagsPage
from readerapp.desk.prevalence_page import PrevalencePage
from readerapp.desk.progress_page import ProgressPage
from readerapp.desk.readers_page import ReadersPage
from readerapp.desk.results_page import ResultsPage
from readerapp.desk.step2_page import Step2Page
from readerapp.desk.study_page import StudyPage
from readerapp.page import button, labelled, room_of_pages
from studies.design import targets_of

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView
    from studies.statistics.disputes import Topic


class Page(Protocol):
    """What the desk asks of a page."""

    def refresh(self) -> None:
        """Read again what the page shows."""


class Desk(QWidget):
    """A page is read again each time it is shown, so what stands there is what the journal says now."""

    left = Signal()
    planned = Signal(object)  # readerapp.operations.Planned: the protocol of the next step

    def __init__(self, view: "CoordinatorView", passphrase: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        readers = [reader.id for reader in view.protocol.readers]
        self._makers: dict[str, Callable[[], QWidget]] = {
            self.tr("Progress"): lambda: ProgressPage(view),
            self.tr("Flags"): lambda: FlagsPage(view),
            self.tr("Agreement"): lambda: self._results(AgreementPage(view)),
            self.tr("Prevalence"): lambda: self._results(PrevalencePage(view)),
            self.tr("Reader bias"): lambda: self._results(BiasPage(view)),
            **self._explained(view),
            self.tr("Disputes"): lambda: DisputesPage(view),
            **self._imagined(view),
            self.tr("Export"): lambda: ExportPage(view, view.root),
            self.tr("Packs"): lambda: ReadersPage(view, view.root, passphrase, readers),
            self.tr("Study"): lambda: StudyPage(view),
        }
        self._made: dict[str, QWidget] = {}
        self.list = QListWidget()
        self.list.setObjectName("desk_pages")
        self.list.setAccessibleName(self.tr("Pages of the desk"))
        self.list.addItems(self.names)
        self._stack = QStackedWidget()
        self.leave = button(self.tr("‹ Leave the desk"), "quiet", "leave_desk")
        self._arrange()
        self.leave.clicked.connect(self.left)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.setFocusProxy(self.list)

    def _explained(self, view: "CoordinatorView") -> dict[str, Callable[[], QWidget]]:
        """The page of studies with explanations."""
        explained = any(arm.explanation is not None for arm in view.protocol.arms)
        return {self.tr("Explanations"): lambda: ChangesPage(view)} if explained else {}

    def _imagined(self, view: "CoordinatorView") -> dict[str, Callable[[], QWidget]]:
        """The page of studies of counterfactuals."""
        return {self.tr("Real images"): lambda: self._step2(Step2Page(view))} if targets_of(view.design) else {}

    @property
    def names(self) -> list[str]:
        """The pages, as the list on the left names them."""
        return list(self._makers)

    def page(self, name: str) -> QWidget:
        """A page, made when it is first asked for: the desk opens at once."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self._stack.addWidget(self._made[name])
        return self._made[name]

    def closeEvent(self, event: QCloseEvent) -> None:
        for page in self._made.values():
            page.close()
        super().closeEvent(event)

    def _results(self, page: ResultsPage) -> ResultsPage:
        page.dispute_asked.connect(self._show_disputes)
        return page

    def _step2(self, page: Step2Page) -> Step2Page:
        page.planned.connect(self.planned)
        return page

    def _show_disputes(self, topic: "Topic") -> None:
        """The page of disputes with the cases behind a number."""
        name = self.tr("Disputes")
        cast(DisputesPage, self.page(name)).ask(topic)
        self.list.setCurrentRow(self.names.index(name))

    def _show(self, row: int) -> None:
        page = self.page(self.names[row])
        self._stack.setCurrentWidget(page)
        cast(Page, page).refresh()

    def _arrange(self) -> None:
        head = [labelled(self.tr("COORDINATOR"), "group"), labelled(self.view.protocol.title, "heading")]
        room_of_pages(self, head, self.list, self.leave, self._stack, 210)
