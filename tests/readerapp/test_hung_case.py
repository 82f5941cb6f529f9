"""A case on its pages, without a window: what is where, what keys act on, which layouts are possible."""

from collections.abc import Sequence

import pytest

from engine.images.image import Image
from readerapp.viewer.hung_case import HungCase
from readerapp.viewer.view_state import prepare
from tests.readerapp.test_layouts import breast
from tests.readerapp.test_linking import film, volume


def hung(images: Sequence[Image], **more: object) -> HungCase:
    case = HungCase.hung([prepare(image) for image in images], [None] * len(images), **more)  # type: ignore[arg-type]
    case.turn_page()
    return case


def mammograms() -> list[Image]:
    return [breast("MLO", "L"), breast("CC", "L"), breast("MLO", "R"), breast("CC", "R")]


def stack() -> Image:
    return volume(12, 32, 2.0, 2.0)


def test_no_images_have_no_page() -> None:
    case = HungCase()
    assert (case.count, case.filled, case.place_of(0), case.elsewhere) == (0, [], None, {})
    assert case.beside(1) == case.place and not case.lay_out("1x2") and not case.lay_out("mpr")


def test_mammograms_hang_in_their_places_and_steps_go_in_that_order() -> None:
    case = hung(mammograms())
    assert (case.layout, [place for _, place in case.filled]) == ("2x2", [(3, 0), (1, 0), (2, 0), (0, 0)])
    assert (case.active, case.slot_of((2, 0)), case.place_of(3)) == (3, 2, (0, 0))
    assert [case.beside(steps) for steps in (-1, 1, 2, 9)] == [(3, 0), (1, 0), (2, 0), (0, 0)]


def test_the_page_turns_with_the_active_image_only() -> None:
    case = hung([film() for _ in range(3)])
    assert case.lay_out("1x2") and case.turn_page()
    assert case.several_pages and [place for _, place in case.filled] == [(0, 0), (1, 0)]
    assert set(case.elsewhere) == {(2, 0)}
    case.go_to((1, 0))
    assert not case.turn_page()
    case.go_to((2, 0))
    assert case.turn_page() and case.filled == [(0, (2, 0))] and set(case.elsewhere) == {(0, 0), (1, 0)}


def test_layouts_that_change_nothing_or_cannot_be_are_refused() -> None:
    assert not hung([film()]).lay_out("2x2")  # one image fills one cell
    case = hung(mammograms())
    assert not case.lay_out("2x2") and not case.lay_out("mpr")
    case.maximised = True
    assert case.layout == "1x1" and case.lay_out("2x2") and not case.maximised
    names = []
    for _ in range(3):
        case.lay_out(case.next_layout())
        names.append(case.layout)
    assert names == ["1x1", "1x2", "2x2"]


def test_planes_stand_side_by_side_and_go_where_they_came_from() -> None:
    case = hung([stack(), stack()])
    before = case.layout
    case.go_to((1, 2))
    assert case.next_plane() == (1, 0)
    assert case.lay_out("mpr") and case.turn_page()
    assert case.in_planes and [place for _, place in case.filled] == [(1, 0), (1, 1), (1, 2)]
    assert case.lay_out("mpr") and case.turn_page()
    assert (case.layout, case.place) == (before, (1, 0))  # the acquired plane is what remains


def test_an_image_without_planes_stands_alone_among_them() -> None:
    case = hung([stack(), film()])
    assert case.lay_out("mpr") and case.turn_page() and case.grid.cells == 3
    case.go_to((1, 0))
    assert case.turn_page() and not case.in_planes and case.asks_for_planes and case.grid.cells == 1


def test_an_arrangement_comes_back() -> None:
    case = hung([stack(), stack()])
    case.lay_out("1x2")
    case.go_to((1, 1))
    case.maximised = True
    again = hung([stack(), stack()], active=1, arrangement=case.arrangement)
    assert (again.arrangement, again.place, again.layout) == (case.arrangement, (1, 1), "1x1")


@pytest.mark.parametrize(
    "kept", [{"grid": "9x9"}, {"grid": None, "maximised": "yes"}, {"planes": {"shown": [[0, 7]]}}, {"planes": 3}]
)
def test_an_arrangement_that_does_not_fit_is_passed_over(kept: dict[str, object]) -> None:
    case, fresh = hung([film(), film()], arrangement=kept, active=5), hung([film(), film()])
    assert (case.arrangement, case.active) == (fresh.arrangement, fresh.active)


def test_images_rest_against_the_edge_that_the_rule_names() -> None:
    case = hung(mammograms())
    rests = case.rests(range(4), (400, 300))
    assert [slot for slot, _, _ in rests] == [0, 1, 2, 3]
    assert [held for _, _, held in rests] == [1.0, 0.0, 1.0, 0.0]  # the chest walls meet in the middle
    left, right = rests[1][1], rests[0][1]
    assert left is not None and right is not None and left.x > right.x
    case.maximised = True
    assert [held for _, _, held in case.rests([0], (400, 300))] == [0.5]
