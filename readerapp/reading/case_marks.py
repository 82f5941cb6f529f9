"""The marks of the case at hand: drawn, moved, copied, gone through, deleted; journaled before they are shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from readerapp.reading.session import ReadingSession
from readerapp.viewer.laid_over import PlacedMark
from readerapp.viewer.marks import MarkView, Point
from readerapp.viewer.shapes import shifted_within
from readerapp.viewer.stage import Stage
from studies.reading.marks import Mark
from studies.reading.masks import Mask, shifted

__all__ = ["CaseMarks"]

_COPY_ASIDE = 16.0  # screen pixels


class CaseMarks(QObject):
    """From hands on the stage to the session. `change` writes a change down, says it beside the image and refreshes."""

    def __init__(
        self,
        session: ReadingSession,
        stage: Stage,
        change: Callable[[Callable[[], object], str], None],
        texts: Mapping[str, str],
    ) -> None:
        super().__init__(stage)
        self._session, self._stage, self._change = session, stage, change
        self._texts = texts  # of the items, by id, in the order of the panel
        self._numbers = {item_id: str(number) for number, item_id in enumerate(texts, start=1)}

    def actions(self) -> dict[str, Callable[[], object]]:
        """What keys do to marks while a case is open for answers."""
        return {
            "delete_mark": self.delete,
            "duplicate_mark": self.duplicate,
            "next_mark": lambda: self.select(1),
            "previous_mark": lambda: self.select(-1),
        }

    def add(self, kind: str, points: Sequence[Point], image: int, frame: int) -> None:
        """A mark that was drawn, for the item in focus; a measurement keeps the spacing it was made with."""
        item_id = self._session.focus
        if item_id:
            text = self.tr("mark: {item}").format(item=self._texts[str(item_id)])
            shown = self._stage.image(image)
            spacing, calibrated = (shown.spacing_mm, shown.spacing_calibrated) if shown else (None, False)
            self._change(
                lambda: self._session.marks.add(item_id, kind, points, image, frame, spacing, calibrated), text
            )

    def paint(self, mark_id: str, mask: Mask | None, image: int, frame: int) -> None:
        """A stroke of the brush: a new mask for the item in focus, more or less of one there was, or its end."""
        session, item_id = self._session, self._session.focus
        if mark_id not in session.state.marks:
            if mask is not None and item_id:
                self._add_mask(str(item_id), mask, image, frame)
        elif mask is None:
            self._change(lambda: session.marks.delete(mark_id), self.tr("mark deleted"))
        else:
            self._change(lambda: session.marks.change_mask(mark_id, mask), "")
            self._stage.show_mark(mark_id)

    def _add_mask(self, item_id: str, mask: Mask, image: int, frame: int) -> None:
        shown = self._stage.image(image)
        spacing, calibrated = (shown.spacing_mm, shown.spacing_calibrated) if shown else (None, False)
        made: list[Mark] = []
        self._change(
            lambda: made.append(self._session.marks.add_mask(item_id, mask, image, frame, spacing, calibrated)),
            self.tr("mark: {item}").format(item=self._texts[item_id]),
        )
        if made:  # the next stroke goes on with it
            self._stage.show_mark(made[0].id)

    def move(self, mark_id: str, points: Sequence[Point]) -> None:
        """A mark was dragged, or one of its handles."""
        if mark_id not in self._session.state.marks:
            return  # deleted by a key while the hand moved it
        self._change(lambda: self._session.marks.change(mark_id, points), "")

    def duplicate(self) -> None:
        """A copy of the selected mark, for the same item, a little aside and selected."""
        mark = self._session.state.marks.get(self._stage.selected_mark)
        shown = self._stage.image(mark.image) if mark is not None else None
        if mark is None or shown is None:
            return
        aside = _COPY_ASIDE / self._stage.canvas.placement().scale
        points = shifted_within(mark.points, aside, aside, shown.columns, shown.rows)
        place = (mark.image, mark.frame, mark.spacing_mm, mark.calibrated)
        copies: list[Mark] = []
        self._change(
            lambda: copies.append(self._copy(mark, points, *place)),
            self.tr("mark copied"),
        )
        if copies:
            self._stage.show_mark(copies[0].id)

    def _copy(self, mark: Mark, points: Sequence[Point], *place: Any) -> Mark:
        if mark.mask is None:
            return self._session.marks.add(mark.item_id, mark.kind, points, *place)
        across, down = (int(new - old) for new, old in zip(points[0], mark.points[0], strict=True))
        return self._session.marks.add_mask(mark.item_id, shifted(mark.mask, across, down), *place)

    def select(self, step: int) -> None:
        """The next mark of the case, in the order of images and slices, around the ends."""
        marks = sorted(self._session.state.marks.values(), key=lambda mark: (mark.image, mark.frame))
        ids = [mark.id for mark in marks]
        if ids:
            selected = self._stage.selected_mark
            place = ids.index(selected) + step if selected in ids else 0 if step > 0 else -1
            self._stage.show_mark(ids[place % len(ids)])

    def delete(self) -> None:
        """The selected mark goes; undo brings it back."""
        mark_id = self._stage.selected_mark
        if mark_id:
            self._change(lambda: self._session.marks.delete(mark_id), self.tr("mark deleted"))

    def show(self) -> None:
        """Puts the marks on the images as the session has them now."""
        focus = str(self._session.focus or "")
        self._stage.set_marks(
            [
                PlacedMark(
                    mark.image,
                    mark.frame,
                    MarkView(
                        str(mark.id),
                        self._numbers[str(mark.item_id)],
                        mark.kind,
                        mark.points,
                        str(mark.item_id) == focus,
                        mark.mask,
                    ),
                )
                for mark in self._session.state.marks.values()
            ]
        )
