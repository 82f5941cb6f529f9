"""What stands in place of agreement while readers are still at work, and the recorded way past it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.page import button, labelled

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

SHORTEST_REASON = 10


class LockedNotice(QWidget):
    """Says why agreement is locked; a reason, once recorded, unlocks it until the desk is left."""

    unlocked = Signal()

    def __init__(self, view: "CoordinatorView", title: str, parent: QWidget | None = None) -> None:
        """`title`: what is locked, as a heading."""
        super().__init__(parent)
        self._view = view
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName(self.tr("Reason for looking early"))
        self.reason.setPlaceholderText(
            self.tr("reason, for example: interim look planned in the protocol, version 2, section 4")
        )
        self.look = button(self.tr("Look early and record the reason"), "", "look_early")
        self.problem = labelled("", "error")
        self.state = labelled("", "muted")
        self._arrange(title)
        self.look.clicked.connect(self._ask)
        self.reason.returnPressed.connect(self._ask)

    def show_state(self, sentence: str) -> None:
        """Who has finished and who has not."""
        self.state.setText(sentence)

    def _ask(self) -> None:
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST_REASON:
            self.problem.setText(
                self.tr("Write at least {n} characters: a later reader has to understand why.").format(
                    n=SHORTEST_REASON
                )
            )
            return
        self.problem.clear()
        early = operations.look_early(parent=self, view=self._view, reason=reason)
        early.on_success(lambda _none: self.unlocked.emit()).disabling(self.look, self.reason).run()

    def _arrange(self, title: str) -> None:
        card = QFrame()
        theme.set_role(card, "card")
        card.setMaximumWidth(720)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(10)
        inner.addWidget(labelled(title, "heading"))
        why = self.tr(
            "Every reader has to finish first. Whoever knows the running agreement can, without meaning to, influence "
            "the readers who are still at work; a reviewer will ask."
        )
        early = self.tr(
            "If there is a reason to look now, write it down: it goes into the journal with the time, for good."
        )
        for text, role in ((why, ""), (early, "muted")):
            inner.addWidget(labelled(text, role))
        inner.insertWidget(2, self.state)
        inner.addWidget(self.reason)
        inner.addWidget(self.problem)
        inner.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
