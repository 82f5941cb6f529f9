"""Open viewing: an image of a cohort, or any file, and what a model looks at laid over it. It is no reading."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from engine.cohorts.cohort import Cohort
from engine.explanations import Explanation
from readerapp.lab import operations
from readerapp.lab.certainty import Past, runs_with_weights
from readerapp.lab.explaining import Question
from readerapp.lab.explanation_panel import ExplanationPanel
from readerapp.lab.extra import engine_is_there, engine_missing
from readerapp.lab.image_page import ImagePage
from readerapp.lab.memory import LabMemory
from readerapp.lab.opened import Shown, as_seen_by, of_cohort, of_file
from readerapp.page import labelled
from readerapp.viewer.heat import HeatLayer

if TYPE_CHECKING:
    pass

__all__ = ["ViewerPage"]

_PAUSE_MS = 400  # on a slice, before the model is asked about it


class ViewerPage(ImagePage):
    """The stage on the left, the panel on the right; keys as in the reading room, answers excepted."""

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        hint = QCoreApplication.translate("ViewerPage", "Open an image of a cohort by a double click, or a file.")
        super().__init__(memory, "image", hint, _PAUSE_MS, parent)
        self._past: Past | None = None
        self._past_of: Path | None = None
        self._answers: dict[Question, tuple[Explanation, ...]] = {}
        self.setAccessibleName(self.tr("Viewer"))
        self.panel = ExplanationPanel()
        self.sides = labelled("", "small")
        self.sides.setVisible(False)
        self._lay_out([self.sides], self.stage, self.panel)
        self._connect()
        self.stage.show_message(self.tr("No image is open."))

    def refresh(self) -> None:
        """The runs there are now; the engine's process is started before it is needed."""
        self.panel.offer_runs(runs_with_weights(self._memory.runs))
        if not engine_is_there():
            self.panel.setEnabled(False)
            self.panel.say(engine_missing(), "warning")
        elif self.panel.chosen_run is not None:
            self.explainer.warm()
            self._ask()
        self.setFocus()

    def open(
        self, cohort: Cohort, place: int, run: Path | None = None, finding: str = "", frame: int | None = None
    ) -> None:
        """An image of a cohort; `run`: the model to be asked, `finding`: about what, `frame`: of a stack."""
        if run is not None:
            self.panel.offer_runs(runs_with_weights(self._memory.runs), run)
        if finding:
            self.panel.choose_finding(finding)
        self._take(of_cohort(cohort, place, frame))

    def open_path(self, path: Path) -> None:
        """Any image file."""
        self._take(of_file(path))

    # The image

    def _take(self, shown: Shown) -> None:
        self._begin(shown)
        self._answers.clear()
        self.panel.forget()
        self.stage.show_message(self.tr("loading …"))

    def _refuse(self, sentence: str) -> None:
        self.stage.show_message(sentence)

    def _arrived(self) -> None:
        self._hang()
        self._ask()

    def _hang(self) -> None:
        """The image once, or twice beside itself, each with a map of its own."""
        if self._image is None:
            return
        twice = len(self.panel.lookings) > 1
        ways = {"left": self.panel.method.currentText(), "right": self.panel.beside.currentText()}
        self.sides.setText(self.tr("left: {left}  ·  right: {right}").format(**ways))
        self.sides.setVisible(twice)
        if self.stage.count == (2 if twice else 1):
            return
        images = [self._image]
        if twice:
            images.append(replace(self._image, image=replace(self._image.image)))  # another one, that can be linked
        self.stage.show_case(images, [replace(entry.opening, frame=self._frame) for entry in images])
        if twice:
            self.stage.set_layout("1x2")
            self.stage.restore_links(["zoom", "scroll", "window"])

    # The model

    def _questions(self) -> tuple[Question, ...]:
        run = self.panel.chosen_run
        if run is None or self._shown is None or self._image is None:
            return ()
        return tuple(Question(self._shown.code, self._frame, run, looking) for looking in self.panel.lookings)

    def _ask(self) -> None:
        """What is not known yet, of the image and the run in view."""
        self._hang()
        questions = self._questions()
        if not questions or self._image is None or not engine_is_there():
            self.panel.show_working(False)
            self._say_what_is_missing()
            self._draw()
            return
        self._read_past(questions[0].run)
        missing = [question for question in questions if question not in self._answers]
        if missing:
            image, frame = self._image.image, self._frame
            self.panel.show_working(True)
            self.panel.say(self.tr("asking the model …"))
            run = questions[0].run
            self.explainer.ask(missing, lambda: as_seen_by(run, image, frame))
        else:
            self.explainer.cancel()
            self.panel.show_working(False)
            self.panel.say("")
        self._tell()
        self._draw()

    def _say_what_is_missing(self) -> None:
        if self.panel.chosen_run is None and engine_is_there():
            self.panel.forget()
            self.panel.say(self.tr("Choose a run to see what it looks at."))

    def _read_past(self, run: Path) -> None:
        if run != self._past_of:
            self._past, self._past_of = None, run
            read = operations.read_past(parent=self, path=run)
            read.on_success(lambda past: self._keep_past(run, past)).on_failure(lambda _error: None).quietly().run()

    def _keep_past(self, run: Path, past: Past | None) -> None:
        if run == self._past_of:
            self._past = past
            self._tell()

    def _on_explained(self, question: Question, found: tuple[Explanation, ...]) -> None:
        self._answers[question] = found
        if question in self._questions():
            self._tell()
            self._draw()

    def _on_failed(self, question: Question, sentence: str) -> None:
        if question in self._questions():
            self.panel.say(sentence, "error")
            self.panel.show_working(False, unanswered=True)

    def _on_finished(self) -> None:
        answered = all(question in self._answers for question in self._questions())
        self.panel.show_working(False, unanswered=not answered)
        if answered:
            self.panel.say("")

    def _cancel(self) -> None:
        self.explainer.cancel()
        self.panel.show_working(False, unanswered=True)
        self.panel.say(self.tr("stopped"))

    def _tell(self) -> None:
        """The probabilities, from whichever answer is there; random weights tell none."""
        for question in self._questions():
            if question in self._answers and question.looking.randomised_seed is None and self._shown is not None:
                told = {each.target: each.probability for each in self._answers[question]}
                self.panel.show_probabilities(told, self._past, self._shown.labels)
                return

    def _draw(self) -> None:
        layers: dict[int, HeatLayer] = {}
        for place, question in enumerate(self._questions()):
            found = next((e for e in self._answers.get(question, ()) if e.target == self.panel.finding), None)
            if found is not None and self.panel.on.isChecked():
                layers[place] = self._layer(found)
        self.stage.set_heat(layers)

    def _layer(self, found: Explanation) -> HeatLayer:
        return HeatLayer(
            np.clip(found.normalised(), 0, 1),
            self.panel.opacity.value() / 100,
            self.panel.threshold.value() / 100,
            self.panel.color_map.currentText(),
        )

    def _on_view(self) -> None:
        """Another slice: its map is asked for once hands rest."""
        frame = self.stage.canvas.view.frame
        if self._image is not None and frame != self._frame:
            self._frame = frame
            self.stage.set_heat({})
            self._timer.start()

    # Keys

    def _keys(self) -> dict[str, Callable[[], object]]:
        """The letters that answer in the reading room, where there is nothing to answer."""
        return {
            "G": self.panel.toggle,
            "S": self.panel.toggle_beside,
            "N": lambda: self.panel.step_finding(1),
            "Shift+N": lambda: self.panel.step_finding(-1),
            "C": self.panel.step_color_map,
            "Shift+PgUp": lambda: self.panel.step_opacity(1),
            "Shift+PgDown": lambda: self.panel.step_opacity(-1),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._keymap.key(event)
        action = self._keymap.action(key)
        if key in self._keys():
            self._keys()[key]()
        elif action in ("next_case", "previous_case"):
            self._step_image(1 if action == "next_case" else -1)
        elif action in ("next_item", "previous_item") or not self.viewing.key(key, event.isAutoRepeat()):
            super().keyPressEvent(event)

    # How it stands

    def _fit_side(self, room: int) -> None:
        self.panel.fit(room)

    def _connect(self) -> None:
        self.stage.view_changed.connect(self._on_view)
        self.panel.asked.connect(self._ask)
        self.panel.shown_otherwise.connect(self._draw)
        self.panel.cancelled.connect(self._cancel)
        self.explainer.explained.connect(self._on_explained)
        self.explainer.failed.connect(self._on_failed)
        self.explainer.progressed.connect(self.panel.note)
        self.explainer.said.connect(lambda text: self.panel.say(text, "warning"))
        self.explainer.finished.connect(self._on_finished)
