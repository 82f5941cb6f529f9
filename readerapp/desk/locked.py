"""What stands in place of agreement while readers are still at work, and the recorded way past it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.page import button, labelled

SHORTEST_REASON = 10
_WHY = (
    "Every reader has to finish first. Whoever knows the running agreement can, without meaning to, influence the "
    "readers who are still at work; a reviewer will ask."
)
_EARLY = "If there is a reason to look now, write it down: it goes into the journal with the time, for good."


class LockedNotice(QWidget):
    """Says why agreement is locked; a reason, once recorded, unlocks it until the desk is left."""

    unlocked = Signal()

    def __init__(self, view: object, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName("Reason for looking early")
        self.reason.setPlaceholderText(
            "reason, for example: interim look planned in the protocol, version 2, section 4"
        )
        self.look = button("Look early and record the reason", "", "look_early")
        self.problem = labelled("", "error")
        self.state = labelled("", "muted")
        self._arrange(what)
        self.look.clicked.connect(self._ask)
        self.reason.returnPressed.connect(self._ask)

    def show_state(self, sentence: str) -> None:
        """Who has finished and who has not."""
        self.state.setText(sentence)

    def _ask(self) -> None:
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST_REASON:
            self.problem.setText(f"Write at least {SHORTEST_REASON} characters: a later reader has to understand why.")
            return
        self.problem.clear()
        early = operations.look_early(parent=self, view=self._view, reason=reason)  # type: ignore[arg-type]
        early.on_success(lambda _none: self.unlocked.emit()).disabling(self.look, self.reason).run()

    def _arrange(self, what: str) -> None:
        card = QFrame()
        theme.set_role(card, "card")
        card.setMaximumWidth(720)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(10)
        inner.addWidget(labelled(f"{what} is locked", "heading"))
        for text, role in ((_WHY, ""), (_EARLY, "muted")):
            inner.addWidget(labelled(text, role))
        inner.insertWidget(2, self.state)
        inner.addWidget(self.reason)
        inner.addWidget(self.problem)
        inner.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
