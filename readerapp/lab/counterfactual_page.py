"""What a head run imagines: an image pushed towards a finding or away from it, beside what it was. It is no reading."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from engine.counterfactuals import Counterfactual
from engine.errors import JobError
from engine.jobs.networks import classes_of
from engine.jobs.run import open_run
from engine.progress import duration
from readerapp import theme
from readerapp.lab import operations
from readerapp.lab.counterfactual_panel import CounterfactualPanel
from readerapp.lab.extra import engine_is_there, engine_missing
from readerapp.lab.findings_grid import FindingsGrid
from readerapp.lab.heads import Heads
from readerapp.lab.image_page import ImagePage
from readerapp.lab.imagined_stage import ImaginedStage
from readerapp.lab.imagining import STEPS, Duration, Imagined, Overview, Probabilities, Trajectory
from readerapp.lab.memory import LabMemory
from readerapp.lab.opened import Shown, as_seen_by
from readerapp.lab.synthetic_picture import Seen, grabbed
from readerapp.page import scrolled

__all__ = ["CounterfactualPage"]

_PANEL_PX, _LEAST_PX = 420, 250  # of the panel, at the usual text size
_PAUSE_MS = 300  # on a finding, before the model is asked about it
_KEPT = 64  # answers in memory: a trajectory at 256² is 2.5 MB
_NO_TOOLS = ("draw_mask", "erase_mask")  # painted regions are for readings


class CounterfactualPage(ImagePage):
    """Views or the grid of findings on the left, the panel on the right; keys as in the viewer, and some of its own."""

    cohort_asked = Signal(object, str, object)  # a cohort of such images: Path of the run, finding, Path | None

    def __init__(self, memory: LabMemory, parent: QWidget | None = None) -> None:
        hint = QCoreApplication.translate("CounterfactualPage", "Open an image in the viewer, or a file.")
        super().__init__(memory, "imagined", hint, _PAUSE_MS, parent)
        self._classes: tuple[str, ...] = ()
        self._full: Trajectory | None = None  # asked for in full, by hand
        self._answers: OrderedDict[Imagined, object] = OrderedDict()
        self._working_on: tuple[Imagined, ...] = ()
        self.setAccessibleName(self.tr("Counterfactuals"))
        self.imagined = ImaginedStage(self.stage)
        self.grid = FindingsGrid()
        self.panel = CounterfactualPanel(self._keymap)
        self._images = QStackedWidget()
        self._side = scrolled(self.panel, self.tr("What is imagined, and how far"))
        self._keys = self._make_keys()
        for images in (self.stage, self.grid):
            self._images.addWidget(images)
        self._lay_out([], self._images, self._side)
        self._connect()
        self.imagined.clear(self.tr("No image is open."))

    def refresh(self) -> None:
        """The heads there are now; the engine's process is started before it is needed."""
        if not engine_is_there():
            self.panel.setEnabled(False)
            self.panel.say(engine_missing(), "warning")
            return
        operations.find_heads(parent=self, root=self._memory.runs).on_success(self._offer).quietly().run()
        self.setFocus()

    def open(self, shown: Shown) -> None:
        """Another image; nothing where it is the one that is open."""
        if self._shown is None or shown.code != self._shown.code:
            self._take(shown)

    def _take(self, shown: Shown) -> None:
        self._begin(shown)
        self._full = None
        self.imagined.clear(self.tr("loading …"), forget_marks=True)
        self.grid.show_all(())
        self.panel.show_probabilities({}, shown.labels)

    # The run and the image

    def _offer(self, heads: Heads) -> None:
        self.panel.offer_runs(heads.runs)
        if heads.runs:
            self.explainer.warm()
            self._change_run()
        else:
            self.imagined.clear(self.tr("No run draws counterfactuals yet."))
            words = self.tr(
                "Train a run of the task diffusion, then a probe with its folder as the run whose features are used "
                "and with the target findings."
            )
            self.panel.say("\n".join([words, *heads.unusable]), "warning")

    def _change_run(self) -> None:
        run = self.panel.chosen_run
        if run is None:
            return
        try:
            self._classes = classes_of(open_run(run))
        except JobError as error:
            self._classes = ()
            self.panel.say(str(error), "error")
        self.panel.offer_findings(self._classes)
        self._ask()

    def _arrived(self) -> None:
        self._ask()

    def _refuse(self, sentence: str) -> None:
        self.imagined.clear(sentence)

    # The model

    @property
    def shows_grid(self) -> bool:
        """All findings are seen, not one."""
        return self._images.currentWidget() is self.grid

    def _trajectory(self, preview: bool, steps: int = STEPS) -> Trajectory | None:
        run = self.panel.chosen_run
        if run is None or self._shown is None or self._image is None or not self.panel.finding:
            return None
        return Trajectory(self._shown.code, self._frame, run, self.panel.finding, self.panel.away, preview, steps)

    def _overview(self) -> Overview | None:
        run = self.panel.chosen_run
        if run is None or self._shown is None or self._image is None or not self._classes:
            return None
        return Overview(self._shown.code, self._frame, run, self._classes, self.panel.away)

    def _wanted(self) -> tuple[Imagined, ...]:
        """What is to be known of what is in view, in the order in which it is asked."""
        preview, full, overview = self._trajectory(True), self._trajectory(False), self._overview()
        if preview is None or full is None or overview is None:
            return ()
        first = Probabilities(preview.image, preview.frame, preview.run)
        if self.shows_grid:
            return first, overview
        drawn = (full,) if full in self._answers else (preview, full) if full == self._full else (preview,)
        at_once = self._trajectory(preview=True, steps=1)
        if at_once is not None and self._best() is None:
            drawn = (at_once, *drawn)
        return first, *drawn, Duration(preview.run, self._classes[0])

    def _ask(self) -> None:
        """What is not known yet."""
        wanted = self._wanted()
        missing = [question for question in wanted if question not in self._answers]
        self._draw()
        if not missing or self._image is None or not engine_is_there():
            self.explainer.cancel()
            self._working_on = ()
            self.panel.show_working(False)
            if wanted:
                self.panel.say("")
            return
        image, frame, run = self._image.image, self._frame, missing[0].run
        self._working_on = tuple(missing)
        self.panel.show_working(True)
        self._say_what_is_drawn()
        self.explainer.ask(missing, lambda: as_seen_by(run, image, frame))

    def _say_what_is_drawn(self) -> None:
        asked = next((q for q in self._working_on if q not in self._answers), None)
        if isinstance(asked, Trajectory) and not asked.preview:
            seconds = self._seconds()
            about = self.tr("drawing in full, about {time} …").format(time=duration(seconds))
            self.panel.say(about if seconds is not None else self.tr("drawing in full …"))
        elif isinstance(asked, Trajectory | Overview):
            self.panel.say(self.tr("drawing a preview …"))
        elif asked is not None:
            self.panel.say(self.tr("asking the model …"))

    def _seconds(self) -> float | None:
        """How long a drawing in full takes with the run that is chosen, where that was measured."""
        run = self.panel.chosen_run
        known = self._answers.get(Duration(run, self._classes[0])) if run is not None and self._classes else None
        return known if isinstance(known, float) else None

    def _on_answered(self, question: Imagined, answer: object) -> None:
        self._answers[question] = answer
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)
        if question in self._working_on:
            self._say_what_is_drawn()
            self._draw()

    def _on_failed(self, question: Imagined, sentence: str) -> None:
        if question in self._working_on:
            self._full = None
            self.panel.say(sentence, "error")
            self.panel.show_working(False, unanswered=True)

    def _on_finished(self) -> None:
        answered = all(question in self._answers for question in self._wanted())
        self._working_on = ()
        self.panel.show_working(False, unanswered=not answered)
        if answered:
            self.panel.say("")

    def _cancel(self) -> None:
        self.explainer.cancel()
        self._full = None
        self._working_on = ()
        self.panel.show_working(False, unanswered=any(q not in self._answers for q in self._wanted()))
        self.panel.say(self.tr("stopped"))

    def _ask_in_full(self) -> None:
        full = self._trajectory(False)
        if full is not None and not self.shows_grid:
            self._full = full
            self._ask()

    def _ask_cohort(self) -> None:
        if (run := self.panel.chosen_run) is not None:
            cohort = self._shown.cohort if self._shown is not None else None
            self.cohort_asked.emit(run, self.panel.finding, cohort.root if cohort is not None else None)

    # What is seen

    def _best(self) -> Counterfactual | None:
        """The finding in view in full, else as a preview, else as the grid has it."""
        for question in (self._trajectory(False), self._trajectory(True), self._trajectory(True, 1)):
            found = self._answers.get(question) if question is not None else None
            if isinstance(found, Counterfactual):
                return found
        return next((each for each in self._overview_found() if each.target == self.panel.finding), None)

    def _overview_found(self) -> Sequence[Counterfactual]:
        question = self._overview()
        found = self._answers.get(question) if question is not None else None
        return found if isinstance(found, tuple) else ()

    def _draw(self) -> None:
        wanted = self._wanted()
        if not wanted:
            return
        told = self._answers.get(wanted[0])
        if isinstance(told, dict) and self._shown is not None:
            self.panel.show_probabilities(told, self._shown.labels)
        if self.shows_grid and self.grid.shown is not self._overview_found():
            self.grid.show_all(self._overview_found())
        found = self._best()
        if found is not None:
            self.imagined.show(found)
        else:
            self.imagined.clear(self.tr("nothing is drawn yet"))
        self._tell()
        full = self._trajectory(False)
        self.panel.tell_full(self._seconds(), drawn=full in self._answers)

    def _tell(self) -> None:
        found, views = self.imagined.found, self.imagined.views
        self.panel.show_steps(len(found.amplitudes) if found else 0, self.imagined.step)
        self.panel.tell(found, self.imagined.step, views.scale if views else 0.0)

    def _toggle_grid(self) -> None:
        self._images.setCurrentWidget(self.stage if self.shows_grid else self.grid)
        self.panel.show_grid(self.shows_grid)
        self._ask()
        (self.grid if self.shows_grid else self).setFocus()

    def _enlarge(self, target: str) -> None:
        """One finding of the grid; the reconstruction is the first step of any."""
        self._images.setCurrentWidget(self.stage)
        self.panel.show_grid(False)
        if target:
            self.panel.choose_finding(target)
        self._ask()
        self.imagined.set_step(len(self.imagined.found.amplitudes) if target and self.imagined.found else 0)
        self.setFocus()

    def _save(self) -> None:
        picture, derived = self.tr("PNG picture"), self.tr("DICOM, derived")  # no f-string: it hides them from lupdate
        kinds = f"{picture} (*.png);;{derived} (*.dcm)"
        name, kind = QFileDialog.getSaveFileName(self, self.tr("Save the picture"), "", kinds)
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(".dcm" if "*.dcm" in kind else ".png"))

    def save_to(self, path: Path) -> None:
        """What is seen, as PNG or DICOM by the ending, with badge and provenance as the engine writes them."""
        seen = self._seen()
        if seen is not None:
            saved = operations.save_picture(parent=self, seen=seen, path=path)
            saved.on_success(lambda place: self.note.setText(self.tr("saved as {path}").format(path=place))).run()

    def _seen(self) -> Seen | None:
        found = self._overview_found() if self.shows_grid else (self.imagined.found,)
        drawn = tuple(each for each in found if each is not None)
        if not drawn or self._shown is None:
            return None
        place = 0 if self.shows_grid else self.imagined.step - 1
        pixels = grabbed(self.grid) if self.shows_grid else grabbed(self.stage, self.stage.canvases)
        return Seen(pixels, drawn, place, self._shown.files, self._frame)

    # Keys

    def _make_keys(self) -> dict[str, Callable[[], object]]:
        imagined, panel = self.imagined, self.panel
        tools = {name: act for name, act in self.viewing.tool_actions().items() if name not in _NO_TOOLS}
        return {
            **tools,
            "blink": lambda: imagined.blink(True),
            "finding_next": lambda: panel.step_finding(1),
            "finding_previous": lambda: panel.step_finding(-1),
            "finding_direction": panel.turn,
            "findings_grid": self._toggle_grid,
            "draw_in_full": self._ask_in_full,
            "save_picture": self._save,
            "next_case": lambda: self._step_image(1),
            "previous_case": lambda: self._step_image(-1),
            "delete_mark": imagined.delete_mark,
            "undo": imagined.undo,
            "next_mark": lambda: imagined.step_mark(1),
            "previous_mark": lambda: imagined.step_mark(-1),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._keymap.key(event)
        action = self._keymap.action(key)
        if not self.shows_grid and self.viewing.tool_key(key, event.isAutoRepeat()):
            return
        if action in self._keys:
            if not event.isAutoRepeat():
                self._keys[action]()
        elif action == "cancel" and not self.stage.canvas.cancel() and self._working_on:
            self._cancel()
        elif (
            self.shows_grid
            or action in ("next_item", "previous_item")
            or not self.viewing.key(key, event.isAutoRepeat())
        ):
            super().keyPressEvent(event)

    def _release(self, action: str | None) -> None:
        """A key that was held is let go; None: all of them."""
        super()._release(action)
        if action in ("blink", None):
            self.imagined.blink(False)

    # How it stands

    def _fit_side(self, room: int) -> None:
        self._side.setFixedWidth(max(theme.wide(_LEAST_PX), min(theme.wide(_PANEL_PX), room)))

    def _connect(self) -> None:
        self.imagined.stepped.connect(lambda _step: self._tell())
        self.panel.run.currentIndexChanged.connect(self._change_run)
        self.panel.asked.connect(self._timer.start)
        self.panel.stepped.connect(self.imagined.set_step)
        self.panel.full_asked.connect(self._ask_in_full)
        self.panel.cancelled.connect(self._cancel)
        self.panel.grid_asked.connect(self._toggle_grid)
        self.panel.save_asked.connect(self._save)
        self.panel.cohort_asked.connect(self._ask_cohort)
        self.panel.tool_asked.connect(self._arm)
        self.grid.enlarged.connect(self._enlarge)
        self.explainer.explained.connect(self._on_answered)
        self.explainer.failed.connect(self._on_failed)
        self.explainer.progressed.connect(self.panel.note)
        self.explainer.said.connect(lambda text: self.panel.say(text, "warning"))
        self.explainer.finished.connect(self._on_finished)

    def _arm(self, kind: str) -> None:
        self.viewing.toggle_tool(kind)  # type: ignore[arg-type]
        self.setFocus()
