"""The explanation of the case at hand: over the image once the unaided answers are locked, and nothing said about it.

Which run and method it is from, and whether it is a sham, is not known here. When it comes into view and goes, and how
strongly it is shown, is journaled before it is done.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from readerapp.reading.saving import Saving
from readerapp.reading.session import ReadingSession
from readerapp.viewer.heat import HeatLayer
from readerapp.viewer.stage import Stage
from studies.reading.shown_maps import ShownMap

__all__ = ["CaseExplanation"]

_STEP = 0.1  # of opacity
_OPACITIES = (0.1, 0.9)  # the least still shows colour, the most still shows the image


class CaseExplanation(QObject):
    """From keys to the stage. `hint`: a sentence about what a key did or could not do; `at_hand`: whether the item in
    focus has an explanation, in view or put away.
    """

    hint = Signal(str)
    at_hand = Signal(bool)

    def __init__(self, session: ReadingSession, saving: Saving, stage: Stage) -> None:
        super().__init__(stage)
        self._session, self._saving, self._stage = session, saving, stage
        self._maps: tuple[ShownMap, ...] = ()
        self._opacity: float | None = None  # the reader's own choice, which stays for the cases that follow
        self._shown = False
        self._laid: tuple[object, ...] = ()

    def actions(self) -> dict[str, Callable[[], object]]:
        """What keys do while a case is open for answers."""
        return {
            "explanation": self.toggle,
            "explanation_stronger": lambda: self._step(1),
            "explanation_weaker": lambda: self._step(-1),
        }

    @property
    def shown(self) -> bool:
        """Whether it lies over the image now."""
        return self._shown

    def begin(self, maps: tuple[ShownMap, ...] | None) -> None:
        """The case is on the screen and open for answers. `maps`: None where they cannot be read."""
        self._maps, self._shown, self._laid = maps or (), False, ()
        if not self._session.explanations:
            return
        if maps:
            self._turn(True)
        else:
            self._saving.hand(self._session.note_unreadable_explanation)
            self.hint.emit(
                self.tr("The explanation of this case cannot be shown. Confirm your answers and tell the coordinator.")
            )

    def toggle(self) -> None:
        """Into view or out of it."""
        if self._maps and self._session.explanations:
            self._turn(not self._shown)
        else:
            self.hint.emit(self.tr("there is no explanation to show"))

    def show(self) -> None:
        """Lays over the images what belongs to the item in focus."""
        item = str(self._session.focus or "")
        own = [one for one in self._maps if one.item in ("", item)] if self._session.explanations else []
        self.at_hand.emit(bool(own))
        wanted = own if self._shown else []
        laid = (self._opacity, *map(id, wanted))
        if laid != self._laid:
            self._laid = laid
            self._stage.set_heat({one.image: self._layer(one) for one in wanted})

    def _turn(self, shown: bool) -> None:
        """Written down first, shown after."""
        if self._saving.hand(lambda: self._session.show_explanation(shown, self._strength)):
            self._shown = shown
            self.show()

    def _step(self, steps: int) -> None:
        if not self._shown:
            return
        opacity = min(max(self._strength + steps * _STEP, _OPACITIES[0]), _OPACITIES[1])
        if self._saving.hand(lambda: self._session.show_explanation(True, opacity)):
            self._opacity = opacity
            self.show()

    @property
    def _strength(self) -> float:
        """The opacity in use: the reader's own, else the study's."""
        return self._opacity if self._opacity is not None else self._maps[0].opacity

    def _layer(self, one: ShownMap) -> HeatLayer:
        return HeatLayer(one.values, self._strength, one.threshold, one.color_map)
