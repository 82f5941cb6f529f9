"""The four views of a counterfactual on a stage: one slider scrolls them, a held key blinks, marks lie on all."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.counterfactuals import Counterfactual
from readerapp.lab.counterfactual_views import COUNTERFACTUAL, Views, views_of
from readerapp.lab.free_marks import FreeMarks
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.linking import Link
from readerapp.viewer.stage import Stage

__all__ = ["ImaginedStage"]

_LINKED: tuple[Link, ...] = ("zoom", "scroll", "window")


class ImaginedStage(QObject):
    """Puts counterfactuals on a stage; how it is looked at stays where the geometry stays."""

    stepped = Signal(int)  # another step of the amplitude is in view

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.stage = stage
        self.marks = FreeMarks()
        self.found: Counterfactual | None = None
        self.views: Views | None = None
        self._step = 0
        self._blinking: frozenset[Link] | None = None  # the links that come back with the key
        stage.view_changed.connect(self._follow)
        stage.mark_drawn.connect(self._add)
        stage.mark_moved.connect(self._move)

    @property
    def step(self) -> int:
        """Which amplitude is in view, 0 the reconstruction."""
        return self._step

    def clear(self, text: str, forget_marks: bool = False) -> None:
        """A sentence in place of images."""
        self.found = self.views = None
        self._blinking = None
        if forget_marks:
            self.marks.clear()
        self.stage.show_message(text)

    def show(self, found: Counterfactual) -> None:
        """Another counterfactual, at about the share of the amplitude that was in view; at first its last step."""
        if found is self.found:
            return
        self.blink(False)
        before = self.found
        same = before is not None and before.factual.shape == found.factual.shape
        share = self._step / len(before.amplitudes) if before is not None else 1.0
        views, arrangement = self.stage.views, self.stage.arrangement
        self.found, self.views = found, views_of(found)
        self._step = round(share * len(found.amplitudes))
        images = self.views.images
        at = [replace(view, frame=self._step) for view in (views if same else [entry.opening for entry in images])]
        active = self.stage.active if same else COUNTERFACTUAL
        self.stage.show_case(images, at, active, arrangement if same else None)
        if not same:
            self.stage.set_layout("2x2")
            self.stage.restore_links(list(_LINKED))
        self._show_marks()

    def set_step(self, step: int) -> None:
        """Another amplitude; all views follow."""
        for canvas in self.stage.canvases:
            canvas.set_frame(step)

    def blink(self, held: bool) -> None:
        """The reconstruction in the counterfactual's place, in its geometry and window, while a key is held."""
        canvas = self._counterfactual()
        if canvas is None or held == (self._blinking is not None):
            return
        if held:
            self._blinking = self.stage.links
            self.stage.restore_links(sorted(self._blinking - {"scroll"}))
            canvas.set_frame(0)
        else:
            canvas.set_frame(self._step)
            assert self._blinking is not None
            self.stage.restore_links(sorted(self._blinking))
            self._blinking = None

    def delete_mark(self) -> None:
        if self.marks.delete(self.stage.selected_mark):
            self._show_marks()

    def undo(self) -> None:
        """The last point of a mark in the making, else the last mark."""
        if not self.stage.canvas.take_back_point() and self.marks.undo():
            self._show_marks()

    def step_mark(self, by: int) -> None:
        """Selects the next mark on the active view, or the one before."""
        names = [placed.mark.id for placed in self.marks.on(1, self._step)]
        mine = [f"{name.rpartition(' ')[0]} {self.stage.active}" for name in names]
        if mine:
            chosen = self.stage.selected_mark
            here = mine.index(chosen) + by if chosen in mine else 0
            self.stage.show_mark(mine[here % len(mine)])

    def _counterfactual(self) -> ImageCanvas | None:
        image = self.views.images[COUNTERFACTUAL].image if self.views is not None else None
        return next((canvas for canvas in self.stage.canvases if image is not None and canvas.image is image), None)

    def _follow(self) -> None:
        """Some view was scrolled, by whatever hand."""
        if self.found is None or self._blinking is not None:
            return
        step = self.stage.canvas.view.frame
        if step != self._step:
            self._step = step
            self._show_marks()
            self.stepped.emit(step)

    def _add(self, kind: str, points: object, _image: int, _frame: int) -> None:
        self.marks.add(kind, points)  # type: ignore[arg-type]
        self._show_marks()

    def _move(self, mark_id: str, points: object) -> None:
        self.marks.move(mark_id, points)  # type: ignore[arg-type]
        self._show_marks()

    def _show_marks(self) -> None:
        self.stage.set_marks(self.marks.on(self.stage.count, self._step))
