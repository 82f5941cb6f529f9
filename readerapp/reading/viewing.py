"""What the keyboard does to the images of the case at hand, and how they were looked at, kept and restored."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from readerapp.viewer.cine import Cine
from readerapp.viewer.drawing import arrow_step
from readerapp.viewer.keymap import Keymap
from readerapp.viewer.layouts import MPR
from readerapp.viewer.linking import Link
from readerapp.viewer.planes import obstacle_text
from readerapp.viewer.presets import has_header_window, preset_text, presets_for
from readerapp.viewer.slab import Slab, slab_possible
from readerapp.viewer.stage import Stage
from readerapp.viewer.tools import ToolKind
from readerapp.viewer.view_state import PreparedImage, view_from_record, view_to_record

__all__ = ["CaseViewing"]

_VIEW_DELAY_MS = 400  # a view is kept once hands rest
_FRAMES_A_PAGE = 10
_REPEATING = {
    *("next_frame", "previous_frame", "frames_forward", "frames_back", "zoom_in", "zoom_out"),
    *("pan_left", "pan_right", "pan_up", "pan_down", "window_wider", "window_narrower", "level_up", "level_down"),
    *("brush_larger", "brush_smaller"),
}
_TOOLS: dict[str, ToolKind] = {
    "draw_arrow": "arrow",
    "draw_box": "box",
    "draw_ellipse": "ellipse",
    "draw_star": "star",
    "draw_polyline": "polyline",
    "draw_freehand": "freehand",
    "draw_mask": "mask",
    "erase_mask": "erase",
    "measure_length": "length",
    "measure_angle": "angle",
    "measure_cobb": "cobb",
    "measure_region": "region",
}


class CaseViewing(QObject):
    """Keys to the stage; `keep` receives the view record, debounced."""

    refused = Signal(str)  # why a key changed nothing

    def __init__(self, stage: Stage, keymap: Keymap, keep: Callable[[dict], None]) -> None:
        super().__init__(stage)
        self._stage = stage
        self._keymap = keymap
        self._keep = keep
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_VIEW_DELAY_MS)
        self._timer.timeout.connect(self._keep_now)
        stage.view_changed.connect(self._timer.start)
        stage.marks_refused.connect(self._refuse_marks)
        self._resumed = False  # links are the reader's, not the case's: they come back once a session
        self._cine = Cine(stage)
        self._cine.changed.connect(self._show_cine)
        self._actions = self._make_actions()

    def _make_actions(self) -> dict[str, Callable[[], object]]:
        return {**self._view_actions(), **self._frame_actions(), **self._layout_actions()}

    def _view_actions(self) -> dict[str, Callable[[], object]]:
        """Window, place, orientation."""
        stage = self._stage
        return {
            "fill": lambda: stage.canvas.fill(),
            "true_size": self._true_size,
            "smoothing": lambda: stage.canvas.toggle_smoothing(),
            "rotate_left": lambda: stage.canvas.rotate(-1),
            "rotate_right": lambda: stage.canvas.rotate(1),
            "flip_horizontal": lambda: stage.canvas.flip_horizontal(),
            "flip_vertical": lambda: stage.canvas.flip_vertical(),
            "pan_left": lambda: stage.canvas.pan_by(-1, 0),
            "pan_right": lambda: stage.canvas.pan_by(1, 0),
            "pan_up": lambda: stage.canvas.pan_by(0, -1),
            "pan_down": lambda: stage.canvas.pan_by(0, 1),
            "window_wider": lambda: stage.canvas.step_window(wider=1),
            "window_narrower": lambda: stage.canvas.step_window(wider=-1),
            "level_up": lambda: stage.canvas.step_window(up=1),
            "level_down": lambda: stage.canvas.step_window(up=-1),
            "window_region": lambda: self.toggle_tool("window_region"),
            "probe": stage.pointing.toggle_probe,
            "brush_larger": lambda: self._step_brush(1),
            "brush_smaller": lambda: self._step_brush(-1),
            "magnifier": lambda: stage.pointing.set_magnifier(True),
            "invert": lambda: stage.canvas.invert(),
            "zoom_in": lambda: stage.canvas.zoom_by(1),
            "zoom_out": lambda: stage.canvas.zoom_by(-1),
            "fit": lambda: stage.canvas.fit(),
            "one_to_one": lambda: stage.canvas.one_to_one(),
            "reset_view": lambda: stage.canvas.reset_view(),
            "hide_marks": lambda: stage.hide_overlays(True),
        }

    def _frame_actions(self) -> dict[str, Callable[[], object]]:
        """Which image and which slice."""
        stage = self._stage
        return {
            "next_frame": lambda: self._scroll(1),
            "previous_frame": lambda: self._scroll(-1),
            "frames_forward": lambda: self._scroll(_FRAMES_A_PAGE),
            "frames_back": lambda: self._scroll(-_FRAMES_A_PAGE),
            "first_frame": lambda: stage.canvas.set_frame(0),
            "last_frame": lambda: stage.canvas.set_frame(10**9),
            "next_image": lambda: stage.step_image(1),
            "previous_image": lambda: stage.step_image(-1),
        }

    def _layout_actions(self) -> dict[str, Callable[[], object]]:
        """Which images stand side by side, what follows what, what plays."""
        stage = self._stage
        return {
            "layout_1x1": lambda: self._lay_out(lambda: stage.set_layout("1x1")),
            "layout_1x2": lambda: self._lay_out(lambda: stage.set_layout("1x2")),
            "layout_2x2": lambda: self._lay_out(lambda: stage.set_layout("2x2")),
            "layout_mpr": lambda: self._cut(lambda: stage.set_layout(MPR.name)),
            "plane_next": lambda: self._cut(stage.next_plane),
            "layout_next": lambda: self._lay_out(stage.next_layout),
            "maximise": lambda: self._lay_out(stage.toggle_maximised),
            "link_zoom": lambda: self._link("zoom"),
            "link_scroll": lambda: self._link("scroll"),
            "link_window": lambda: self._link("window"),
            "slab_thicker": lambda: self._thicken(1),
            "slab_thinner": lambda: self._thicken(-1),
            "slab_mode": lambda: self._set_slab(stage.canvas.view.slab.other_mode()),
            "cine": self._play,
            "cine_faster": lambda: self._cine.step_rate(1),
            "cine_slower": lambda: self._cine.step_rate(-1),
        }

    def tool_actions(self) -> dict[str, Callable[[], object]]:
        """Tools that need a case open for answers: what they draw is a mark."""
        return {action: partial(self.toggle_tool, kind) for action, kind in _TOOLS.items()}

    def tool_key(self, key: str, repeated: bool) -> bool:
        """A key that belongs to the armed tool or the selected mark before it means anything else.

        Held keys move the crosshair only: each move of a mark is written down.
        """
        canvas = self._stage.canvas
        if repeated and arrow_step(key) is None:
            return canvas.armed is not None and key in ("Return", "Enter")
        return canvas.tool_key(key)

    def release(self, action: str | None) -> None:
        """A key that was held is let go; None: all of them, wherever their release went."""
        if action in ("hide_marks", None):
            self._stage.hide_overlays(False)
        if action in ("magnifier", None):
            self._stage.pointing.set_magnifier(False)

    def use_keymap(self, keymap: Keymap) -> None:
        """Takes these keys from now on."""
        self._keymap = keymap

    def show(self, images: Sequence[PreparedImage], record: Mapping | None) -> None:
        """Shows a case as it was looked at last, or as it opens."""
        kept = (record or {}).get("images", [])
        views = [
            view_from_record(kept[index], entry.image) if index < len(kept) else None
            for index, entry in enumerate(images)
        ]
        self._timer.stop()
        if not self._resumed:
            self._resumed = True
            self._stage.restore_links((record or {}).get("links"))
        layout, active = (record or {}).get("layout"), (record or {}).get("active")
        self._stage.show_case(
            images,
            views,
            active if isinstance(active, int) else None,
            layout if isinstance(layout, Mapping) else None,
        )
        self._timer.stop()

    def key(self, key: str, repeated: bool) -> bool:
        """Acts on the image; False where the key is for something else. Held keys repeat scrolling and zooming only."""
        action = self._keymap.action(key)
        if self._stage.canvas.image is None:
            return False
        if action == "cancel":
            return self._stage.canvas.cancel()
        if action in self._actions:
            if not repeated or action in _REPEATING:
                self._actions[action]()
            return True
        return self._choose_window(key)

    def toggle_tool(self, kind: ToolKind) -> None:
        """Arms a tool for one mark, or disarms it."""
        canvas = self._stage.canvas
        if canvas.image is None:
            return
        if kind != "window_region" and not self._stage.takes_marks:
            self._refuse_marks()
        else:
            canvas.arm(None if canvas.armed == kind else kind)

    def window_keys(self) -> list[tuple[str, str]]:
        """(key, preset name) of the windows that the image at hand offers."""
        image = self._stage.canvas.image
        if image is None:
            return []
        presets = presets_for(image)
        return [
            (key, preset_text(presets[preset_id]))
            for key, preset_id in self._keymap.presets(image).items()
            if preset_id in presets and (has_header_window(image) or not presets[preset_id].header)
        ]

    def flush(self) -> None:
        """Keeps a view that is still waiting, now."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep_now()

    def _keep_now(self) -> None:
        if self._stage.count:
            images = [view_to_record(view) for view in self._stage.views]
            arranged = {"layout": self._stage.arrangement, "links": sorted(self._stage.links)}
            self._keep({"active": self._stage.active, "images": images, **arranged})

    def _show_cine(self) -> None:
        rate = self._cine.rate
        self._stage.set_playing(self.tr("▶ {rate} images/s").format(rate=f"{rate:g}") if rate else "")

    # What an image or a case may not allow

    def _true_size(self) -> None:
        if not self._stage.canvas.true_size():
            self.refused.emit(self.tr("true size: the image or the screen does not say how large its pixels are"))

    def _cut(self, act: Callable[[], None]) -> None:
        """Other planes of a stack, where it has them."""
        found = self._stage.plane_obstacle
        if found is None or self._stage.arrangement["grid"] == MPR.name:
            act()
        else:
            self.refused.emit(obstacle_text(found))

    def _refuse_marks(self) -> None:
        self.refused.emit(self.tr("marks and measurements lie on slices as acquired: go back to that plane first"))

    def _step_brush(self, sizes: int) -> None:
        if not self._stage.canvas.step_brush(sizes):
            self.refused.emit(self.tr("the brush changes its size while it is in hand"))

    def _lay_out(self, act: Callable[[], None]) -> None:
        planes = self._stage.arrangement["grid"] == MPR.name  # any other layout leads out of it
        act()
        if self._stage.count == 1 and not planes:
            self.refused.emit(self.tr("this case has one image"))

    def _link(self, link: Link) -> None:
        if link in self._stage.possible_links:
            self._stage.toggle_link(link)
        else:
            self.refused.emit(self.tr("no images of this case can be linked so"))

    def _play(self) -> None:
        self._cine.toggle()
        self._refuse_single()

    def _thicken(self, steps: int) -> None:
        canvas = self._stage.canvas
        if canvas.image is not None:
            self._set_slab(canvas.view.slab.thicker(steps, canvas.image))

    def _set_slab(self, slab: Slab) -> None:
        image = self._stage.canvas.image
        self._stage.canvas.set_slab(slab)
        if image is not None and image.frames > 1 and not slab_possible(image):
            self.refused.emit(self.tr("the slices of this stack cannot be shown as a slab"))
        self._refuse_single()

    def _refuse_single(self) -> None:
        image = self._stage.canvas.image
        if image is not None and image.frames == 1:
            self.refused.emit(self.tr("this is one image, not a stack"))

    def _scroll(self, frames: int) -> None:
        canvas = self._stage.canvas
        canvas.set_frame(canvas.view.frame + frames)

    def _choose_window(self, key: str) -> bool:
        canvas = self._stage.canvas
        if canvas.image is None:
            return False
        preset_id = self._keymap.preset_id(key, canvas.image)
        preset = presets_for(canvas.image).get(preset_id or "")
        if preset is None:
            return False
        if preset.header and not has_header_window(canvas.image):
            self.refused.emit(self.tr("the image brings no window of its own"))
            return True
        canvas.apply_preset(preset)
        return True
