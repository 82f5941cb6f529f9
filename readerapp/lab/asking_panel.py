"""What the panels share that ask a model about the image beside them: the run, progress, a way out, what went wrong."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from readerapp import theme
from readerapp.desk.columns import Row
from readerapp.desk.tables import RowsTable
from readerapp.fields import choice
from readerapp.page import button, labelled
from readerapp.wording import answer_word

__all__ = ["AskingPanel", "label_sign", "label_word"]

_LABELS = {1: "present", 0: "absent", -1: "uncertain"}


class AskingPanel(QWidget):
    """A run and its findings. `asked`: something else is to be computed; `cancelled`: what is under way is not."""

    asked = Signal()
    cancelled = Signal()

    def __init__(self, of: str, findings: RowsTable, parent: QWidget | None = None) -> None:
        """of: of what the panel is, in the names of its fields."""
        super().__init__(parent)
        self.findings = findings
        self.run = choice(f"{of}_run", self.tr("Run"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.cancel = button(self.tr("Cancel"), "quiet", f"{of}_cancel")
        self.again = button(self.tr("Ask again"), "quiet", f"{of}_again")
        self.message = labelled("", "small")
        self.working = QHBoxLayout()
        self.working.addWidget(self.progress, 1)
        for each in (self.cancel, self.again):
            self.working.addWidget(each)
        self.cancel.clicked.connect(self.cancelled)
        self.again.clicked.connect(self.asked)
        self._finding = ""
        self.show_working(False)

    @property
    def chosen_run(self) -> Path | None:
        found = self.run.currentData()
        return Path(found) if found else None

    @property
    def finding(self) -> str:
        """The finding that is shown; "" before any is known."""
        return self._finding

    def step_finding(self, by: int) -> None:
        """The next finding of the list, or the one before."""
        names = [row["name"] for row in self.findings.rows_model.rows]
        if names:
            here = names.index(self._finding) if self._finding in names else 0
            self.findings.choose(min(max(here + by, 0), len(names) - 1))

    def say(self, text: str, role: str = "small") -> None:
        """A sentence below the progress."""
        self.message.setText(text)
        theme.set_role(self.message, role)

    def show_working(self, working: bool, *, unanswered: bool = False) -> None:
        """Progress and cancel, while the engine is at it; a way to ask again where it gave no answer."""
        self.again.setVisible(unanswered and not working)
        self.progress.setVisible(working)
        self.cancel.setVisible(working)
        self.progress.setRange(0, 0 if working else 1)

    def note(self, share: float) -> None:
        """How far the engine is, 0 to 1."""
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(share * 1000))

    def _list_runs(self, runs: Mapping[str, Path]) -> None:
        for name, path in runs.items():
            self.run.addItem(name, str(path))

    def _select(self, name: str) -> None:
        """The row of a finding, where there is one."""
        for place, row in enumerate(self.findings.rows_model.rows):
            if row["name"] == name:
                self.findings.choose(place)


def label_sign(row: Row) -> str:
    """The truth of a row of findings as readers' answers are drawn; "–": the cohort says nothing."""
    return theme.ANSWER_MARKS[_LABELS[row["label"]]].symbol if row["label"] in _LABELS else "–"


def label_word(row: Row) -> str:
    """The same in words."""
    return answer_word(_LABELS[row["label"]]) if row["label"] in _LABELS else "–"
