"""What the keyboard does to the images of the case at hand, and how they were looked at, kept and restored."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from readerapp.viewer.keymap import Keymap
from readerapp.viewer.marks import MarkKind
from readerapp.viewer.presets import has_header_window, preset_text, presets_for
from readerapp.viewer.stage import Stage
from readerapp.viewer.view_state import PreparedImage, view_from_record, view_to_record

__all__ = ["CaseViewing"]

_VIEW_DELAY_MS = 400  # a view is kept once hands rest
_FRAMES_A_PAGE = 10
_REPEATING = {"next_frame", "previous_frame", "frames_forward", "frames_back", "zoom_in", "zoom_out"}


class CaseViewing(QObject):
    """Keys to the stage; `keep` receives the view record, debounced."""

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
        self._actions = self._make_actions()

    def _make_actions(self) -> dict[str, Callable[[], object]]:
        stage = self._stage
        return {
            "invert": lambda: stage.canvas.invert(),
            "zoom_in": lambda: stage.canvas.zoom_by(1),
            "zoom_out": lambda: stage.canvas.zoom_by(-1),
            "fit": lambda: stage.canvas.fit(),
            "one_to_one": lambda: stage.canvas.one_to_one(),
            "reset_view": lambda: stage.canvas.reset_view(),
            "next_frame": lambda: self._scroll(1),
            "previous_frame": lambda: self._scroll(-1),
            "frames_forward": lambda: self._scroll(_FRAMES_A_PAGE),
            "frames_back": lambda: self._scroll(-_FRAMES_A_PAGE),
            "first_frame": lambda: stage.canvas.set_frame(0),
            "last_frame": lambda: stage.canvas.set_frame(10**9),
            "next_image": lambda: stage.show_image(stage.active + 1),
            "previous_image": lambda: stage.show_image(stage.active - 1),
            "hide_marks": lambda: stage.hide_overlays(True),
        }

    def use_keymap(self, keymap: Keymap) -> None:
        """Takes these keys from now on."""
        self._keymap = keymap

    def show(self, images: Sequence[PreparedImage], record: Mapping | None) -> None:
        """Shows a case as it was looked at last, or as it opens."""
        kept = (record or {}).get("images", [])
        views = [
            view_from_record(kept[index], entry.image) if index < len(kept) else entry.opening
            for index, entry in enumerate(images)
        ]
        self._timer.stop()
        self._stage.show_case(images, views, int((record or {}).get("active", 0)))
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

    def toggle_tool(self, kind: MarkKind) -> None:
        """Arms a tool for one mark, or disarms it."""
        canvas = self._stage.canvas
        if canvas.image is not None:
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
            self._keep({"active": self._stage.active, "images": images})

    def _scroll(self, frames: int) -> None:
        canvas = self._stage.canvas
        canvas.set_frame(canvas.view.frame + frames)

    def _choose_window(self, key: str) -> bool:
        canvas = self._stage.canvas
        if canvas.image is None:
            return False
        preset_id = self._keymap.preset_id(key, canvas.image)
        preset = presets_for(canvas.image).get(preset_id or "")
        if preset is None or (preset.header and not has_header_window(canvas.image)):
            return False
        canvas.apply_preset(preset)
        return True
