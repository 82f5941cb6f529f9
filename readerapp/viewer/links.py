"""Carries what was done to one view over to the other views of the case, as far as they are linked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from engine.images.image import Image
from engine.images.reformat import Reformat
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.display import Placement
from readerapp.viewer.linking import (
    Link,
    Seen,
    follow_frame,
    follow_placement,
    follow_point,
    follow_window,
    related,
)
from readerapp.viewer.planes import Place, carried, met_at
from readerapp.viewer.presets import has_header_window, presets_for
from readerapp.viewer.view_state import ImageView, drag_start, opening_view

__all__ = ["Links", "show_pointer"]


ALL_LINKS: tuple[Link, ...] = get_args(Link)
_IN_TURN: tuple[Link, ...] = ("scroll", "zoom", "window")  # the place in the patient depends on the slice


class Links:
    """Which links are on, and what follows from them. All are on to begin with."""

    def __init__(self) -> None:
        self._on: set[Link] = set(ALL_LINKS)
        self._waiting: dict[Place, dict[Link, _Lead]] = {}  # place on another page → what it follows, by link

    @property
    def on(self) -> frozenset[Link]:
        return frozenset(self._on)

    def restore(self, on: Iterable[object]) -> None:
        """Only these are on; what is no link is passed over."""
        kept = set(on)
        self._on = {link for link in ALL_LINKS if link in kept}

    def toggle(self, link: Link) -> None:
        """Switches a link off, or on again: what was moved apart meanwhile stays so until the next movement."""
        self._on ^= {link}

    @staticmethod
    def possible(images: Sequence[Image]) -> frozenset[Link]:
        """The links that would do anything among these images."""
        pairs = [(one, other) for one in images for other in images if one is not other]
        near = [pair for pair in pairs if related(*pair)]
        found: set[Link] = set()
        if near:
            found.add("zoom")
        if any(follow_frame(one, 0, other) is not None for one, other in near):
            found.add("scroll")
        if any(not one.is_color and not other.is_color for one, other in near):
            found.add("window")
        return frozenset(found)

    def begin(self) -> None:
        """Another case: nothing waits to follow."""
        self._waiting.clear()

    def spread(
        self, leader: ImageCanvas, was: ImageView, others: Iterable[ImageCanvas], elsewhere: Mapping[Place, Image]
    ) -> None:
        """Takes to `others` what changed on the leader since its view was `was`.

        Images of other pages (place in the case → image) follow with `catch_up`, once they have a canvas.
        """
        lead = _Lead.of(leader)
        changed = [link for link in _changed(was, leader.view) if link in self._on]
        if lead is None or not changed:
            return
        for other in others:
            if other.image is not None and related(lead.image, other.image):
                for link in changed:
                    _CARRY[link](lead, other)
        for place, image in elsewhere.items():
            if related(lead.image, image):
                self._waiting.setdefault(place, {}).update(dict.fromkeys(changed, lead))

    def catch_up(self, place: Place, canvas: ImageCanvas) -> None:
        """The canvas shows an image that was on another page: it follows what happened meanwhile."""
        waiting = self._waiting.pop(place, {})
        for link in _IN_TURN:
            if link in waiting:
                _CARRY[link](waiting[link], canvas)


@dataclass(frozen=True)
class _Lead:
    """How a leader is looked at, at the moment of a change."""

    image: Image
    view: ImageView
    placement: Placement
    rest: Placement
    reformat: Reformat | None  # where its planes run, if it shows one of a volume's

    @classmethod
    def of(cls, canvas: ImageCanvas) -> "_Lead | None":
        if canvas.image is None:
            return None
        return cls(canvas.image, canvas.view, canvas.placement(), canvas.resting(), canvas.reformat)


def show_pointer(leader: ImageCanvas, point: tuple[float, float], other: ImageCanvas) -> tuple[float, float] | None:
    """Scrolls another view to the slice of a point of the leader; the point's place there, None where it has none."""
    if leader.image is None or other.image is None:
        return None
    if _one_volume(leader.reformat, other):
        return _show_voxel(leader, point, other)
    found = follow_point(leader.image, leader.view.frame, point, other.image)
    if found is None:
        return None
    other.set_frame(found[0])
    return found[1]


def _one_volume(one: Reformat | None, other: ImageCanvas) -> bool:
    """Both show planes of one stack."""
    two = other.reformat
    return one is not None and two is not None and one.volume is two.volume


def _show_voxel(leader: ImageCanvas, point: tuple[float, float], other: ImageCanvas) -> tuple[float, float] | None:
    assert leader.reformat is not None and other.reformat is not None
    found = met_at(leader.reformat, leader.view.frame, point, other.reformat)
    if found is None:
        return None
    other.set_frame(found[0])
    return found[1]


def _changed(was: ImageView, now: ImageView) -> list[Link]:
    before = {"scroll": was.frame, "zoom": was.placement, "window": (was.window, was.preset_id)}
    after = {"scroll": now.frame, "zoom": now.placement, "window": (now.window, now.preset_id)}
    return [link for link in _IN_TURN if before[link] != after[link]]


def _carry_frame(lead: _Lead, other: ImageCanvas) -> None:
    if other.image is not None and not _one_volume(lead.reformat, other):
        frame = follow_frame(lead.image, lead.view.frame, other.image)
        other.set_frame(other.view.frame if frame is None else frame)


def _carry_placement(lead: _Lead, other: ImageCanvas) -> None:
    if lead.view.placement is None:
        other.fit()
    elif _one_volume(lead.reformat, other):
        assert lead.reformat is not None and other.reformat is not None
        other.set_placement(carried(lead.reformat, lead.placement, other.reformat, other.placement()))
    elif other.image is not None:
        seen = Seen(lead.image, lead.placement, lead.rest, lead.view.frame)
        other.set_placement(
            follow_placement(seen, Seen(other.image, other.placement(), other.resting(), other.view.frame))
        )


def _carry_window(lead: _Lead, other: ImageCanvas) -> None:
    image, view = lead.image, lead.view
    if _one_volume(lead.reformat, other):  # values are of one scale, however much of them each plane shows
        other.set_window(view.window, view.preset_id)
        return
    if other.image is None or image.is_color or other.image.is_color:
        return
    preset = presets_for(other.image).get(view.preset_id)
    if preset is not None and (has_header_window(other.image) or not preset.header):
        other.apply_preset(preset)
        return
    was = drag_start(image, opening_view(image, view.frame))
    opening = drag_start(other.image, opening_view(other.image, other.view.frame))
    window = follow_window(image, drag_start(image, view), was, other.image, opening)
    if window is not None:
        other.set_window(window)


_CARRY: Mapping[Link, Callable[[_Lead, ImageCanvas], None]] = {
    "scroll": _carry_frame,
    "zoom": _carry_placement,
    "window": _carry_window,
}
