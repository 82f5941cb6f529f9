"""Carries what was done to one view over to the views beside it, as far as they are linked."""

from collections.abc import Iterable, Sequence
from typing import get_args

from engine.images.image import Image
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.linking import (
    Link,
    Seen,
    follow_frame,
    follow_placement,
    follow_point,
    follow_window,
    related,
)
from readerapp.viewer.planes import carried, met_at
from readerapp.viewer.presets import has_header_window, presets_for
from readerapp.viewer.view_state import ImageView, drag_start, opening_view

__all__ = ["Links", "show_pointer"]


ALL_LINKS: tuple[Link, ...] = get_args(Link)


class Links:
    """Which links are on, and what follows from them. All are on to begin with."""

    def __init__(self) -> None:
        self._on: set[Link] = set(ALL_LINKS)

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

    def spread(self, leader: ImageCanvas, was: ImageView, others: Iterable[ImageCanvas]) -> None:
        """Takes to `others` what changed on the leader since its view was `was`."""
        view = leader.view
        for other in others:
            if leader.image is None or other.image is None or not related(leader.image, other.image):
                continue
            if "scroll" in self._on and view.frame != was.frame and not _one_volume(leader, other):
                frame = follow_frame(leader.image, view.frame, other.image)
                other.set_frame(other.view.frame if frame is None else frame)
            if "zoom" in self._on and view.placement != was.placement:
                _carry_placement(leader, other)
            if "window" in self._on and (view.window, view.preset_id) != (was.window, was.preset_id):
                if _one_volume(leader, other):  # values are of one scale, however much of them each plane shows
                    other.set_window(view.window, view.preset_id)
                else:
                    _carry_window(leader.image, view, other)


def show_pointer(leader: ImageCanvas, point: tuple[float, float], other: ImageCanvas) -> tuple[float, float] | None:
    """Scrolls another view to the slice of a point of the leader; the point's place there, None where it has none."""
    if leader.image is None or other.image is None:
        return None
    if _one_volume(leader, other):
        return _show_voxel(leader, point, other)
    found = follow_point(leader.image, leader.view.frame, point, other.image)
    if found is None:
        return None
    other.set_frame(found[0])
    return found[1]


def _one_volume(leader: ImageCanvas, other: ImageCanvas) -> bool:
    """Both show planes of one stack."""
    one, two = leader.reformat, other.reformat
    return one is not None and two is not None and one.volume is two.volume


def _show_voxel(leader: ImageCanvas, point: tuple[float, float], other: ImageCanvas) -> tuple[float, float] | None:
    assert leader.reformat is not None and other.reformat is not None
    found = met_at(leader.reformat, leader.view.frame, point, other.reformat)
    if found is None:
        return None
    other.set_frame(found[0])
    return found[1]


def _carry_placement(leader: ImageCanvas, other: ImageCanvas) -> None:
    if leader.view.placement is None:
        other.fit()
    elif _one_volume(leader, other):
        assert leader.reformat is not None and other.reformat is not None
        other.set_placement(carried(leader.reformat, leader.placement(), other.reformat, other.placement()))
    elif leader.image is not None and other.image is not None:
        seen = Seen(leader.image, leader.placement(), leader.resting(), leader.view.frame)
        other.set_placement(
            follow_placement(seen, Seen(other.image, other.placement(), other.resting(), other.view.frame))
        )


def _carry_window(image: Image, view: ImageView, other: ImageCanvas) -> None:
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
