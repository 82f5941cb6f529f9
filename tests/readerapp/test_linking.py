"""How one view follows another, in millimetres."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.image import Image, Window
from readerapp.viewer.display import Placement, fit
from readerapp.viewer.linking import Seen, follow_frame, follow_placement, follow_point, follow_window, related

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def volume(
    frames: int, pixels: int, spacing: float, step: float, start: float = 0.0, reference: str = "a", **facts: object
) -> Image:
    """An axial stack whose middle lies on the axis of the patient."""
    corner = -spacing * (pixels - 1) / 2
    places = tuple(start + step * frame for frame in range(frames))
    base: dict = {
        "modality": "CT",
        "spacing_mm": (spacing, spacing),
        "slice_spacing_mm": step,
        "frame_positions_mm": places,
        "orientation": AXIAL,
        "frame_origins_mm": tuple((corner, corner, place) for place in places),
        "frame_of_reference": reference,
    }
    return Image(pixels=np.zeros((frames, pixels, pixels), np.int16), **(base | facts))


def film(view: str = "PA", side: str = "", **facts: object) -> Image:
    base: dict = {"modality": "MG" if side else "DX", "view": view, "laterality": side, "spacing_mm": (0.1, 0.1)}
    return Image(pixels=np.zeros((80, 60), np.uint16), **(base | facts))


def seen(image: Image, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0, frame: int = 0) -> Seen:
    rest = fit(image.rows, image.columns, (600, 600))
    return Seen(image, replace(rest, scale=rest.scale * scale, x=rest.x + dx, y=rest.y + dy), rest, frame)


def test_stacks_scroll_by_millimetres() -> None:
    thin, thick = volume(40, 32, 1.0, 1.0), volume(8, 32, 1.0, 5.0)
    assert [follow_frame(thin, frame, thick) for frame in (0, 2, 3, 20, 39)] == [0, 0, 1, 4, 7]
    assert follow_frame(thick, 4, thin) == 20
    assert follow_frame(thin, 39, volume(40, 32, 1.0, 1.0, start=1000.0)) == 0  # the end that is nearest


def test_stacks_without_places_scroll_by_their_share() -> None:
    bare = {"frame_positions_mm": (), "frame_origins_mm": (), "orientation": (), "frame_of_reference": ""}
    assert follow_frame(volume(11, 8, 1, 1, **bare), 5, volume(101, 8, 1, 1, **bare)) == 50
    other_reference = volume(21, 8, 1.0, 1.0, start=5000.0, reference="b")
    assert follow_frame(volume(11, 8, 1.0, 1.0), 5, other_reference) == 10


def test_stacks_of_other_planes_and_single_images_do_not_scroll_together() -> None:
    assert follow_frame(volume(5, 8, 1, 1), 2, volume(5, 8, 1, 1, orientation=SAGITTAL)) is None
    assert follow_frame(volume(5, 8, 1, 1), 2, film()) is None


def test_only_images_of_one_kind_are_related() -> None:
    assert related(film(), film("LATERAL"))
    assert not related(film(), film("CC", "L"))
    assert not related(volume(5, 8, 1, 1), film(modality="CT"))


def test_zoom_keeps_millimetres_and_place_goes_through_the_patient() -> None:
    fine, coarse = volume(4, 512, 0.5, 1.0), volume(4, 128, 2.0, 1.0)
    leader = seen(fine, scale=3.0, dx=40.0, dy=-20.0)
    followed = follow_placement(leader, seen(coarse))
    assert followed.scale / 2.0 == pytest.approx(leader.placement.scale / 0.5)
    middle = (128 - 1) / 2
    assert (followed.x - middle) * 2.0 == pytest.approx(40 * 0.5)
    assert (followed.y - middle) * 2.0 == pytest.approx(-20 * 0.5)


@settings(deadline=None)
@given(st.floats(-200, 200), st.floats(-200, 200), st.floats(0.2, 8))
def test_following_back_comes_to_where_it_began(dx: float, dy: float, scale: float) -> None:
    one, other = volume(4, 256, 0.7, 1.0), volume(4, 100, 1.9, 1.0)
    leader = seen(one, scale, dx, dy)
    there = follow_placement(leader, seen(other))
    back = follow_placement(replace(seen(other), placement=there), seen(one))
    assert (back.x, back.y, back.scale) == pytest.approx(
        (leader.placement.x, leader.placement.y, leader.placement.scale), abs=1e-6
    )


def test_a_breast_follows_the_other_one_mirrored() -> None:
    right, left = film("CC", "R", row_direction="P"), film("CC", "L", row_direction="A")
    followed = follow_placement(seen(right, 2.0, dx=-7.0, dy=3.0), seen(left))
    rest = seen(left).rest
    assert (followed.x - rest.x, followed.y - rest.y) == pytest.approx((7.0, 3.0))
    # What the header says counts: this right breast is stored like a left one and hangs flipped.
    stored_alike = film("CC", "R", row_direction="A")
    assert follow_placement(seen(stored_alike, 2.0, dx=-7.0), seen(left)).x - rest.x == pytest.approx(-7.0)
    without_header = film("CC", "R"), film("MLO", "L")
    assert follow_placement(seen(without_header[0], 1.0, dx=-7.0), seen(without_header[1])).x > rest.x


def test_frontal_and_lateral_share_their_height_only() -> None:
    followed = follow_placement(seen(film("PA"), 2.0, dx=9.0, dy=4.0), seen(film("LATERAL")))
    rest = seen(film("LATERAL")).rest
    assert (followed.x, followed.y) == pytest.approx((rest.x, rest.y + 4.0))


def test_images_without_a_scale_follow_by_shares() -> None:
    small = film("PA", spacing_mm=None)
    large = replace(small, pixels=np.zeros((160, 120), np.uint16))
    leader = seen(small, 2.0, dx=3.0)
    followed = follow_placement(leader, seen(large))
    assert followed.x - seen(large).rest.x == pytest.approx(6.0)
    assert followed.scale == pytest.approx(2.0 * seen(large).rest.scale)


def test_a_turned_view_stays_turned() -> None:
    follower = seen(film("PA"))
    turned = replace(follower, placement=replace(follower.placement, quarter_turns=1, flipped=True))
    followed = follow_placement(seen(film("PA"), 2.0), turned)
    assert (followed.quarter_turns, followed.flipped) == (1, True)


def test_windows_follow_as_they_are_in_ct_and_by_shares_elsewhere() -> None:
    ct = volume(4, 8, 1, 1)
    lung, was = Window(-600, 1500), Window(40, 400)
    assert follow_window(ct, lung, was, ct, Window(0, 80)) == lung
    followed = follow_window(film(), Window(1200, 1000), Window(1000, 2000), film("LATERAL"), Window(500, 1000))
    assert followed is not None
    assert (followed.center, followed.width) == (600, 500)
    colour = Image(pixels=np.zeros((4, 4, 3), np.uint8), photometric="RGB", modality="DX")
    assert follow_window(film(), lung, was, colour, was) is None


def test_a_point_is_found_in_another_stack_of_the_patient() -> None:
    axial, coarse = volume(40, 64, 1.0, 1.0), volume(10, 32, 2.0, 4.0)
    found = follow_point(axial, 17, (40.0, 20.0), coarse)
    assert found is not None
    frame, (x, y) = found
    assert frame == 4  # 17 mm: nearest to 16
    assert ((x - 15.5) * 2.0, (y - 15.5) * 2.0) == pytest.approx((40 - 31.5, 20 - 31.5))


def test_a_point_is_found_in_another_plane() -> None:
    axial = volume(40, 64, 1.0, 1.0)
    origins = tuple((float(x), -31.5, 39.0) for x in range(-20, 21))
    sagittal = volume(
        41, 64, 1.0, 1.0, orientation=SAGITTAL, frame_origins_mm=origins, frame_positions_mm=tuple(range(-20, 21))
    )
    found = follow_point(axial, 10, (36.5, 12.0), sagittal)  # x = 5 mm, y = −19.5 mm, z = 10 mm
    assert found is not None
    assert found[0] == 25
    assert found[1] == pytest.approx((12.0, 29.0))


def test_a_point_outside_or_of_another_patient_is_not_shown() -> None:
    axial = volume(40, 64, 1.0, 1.0)
    assert follow_point(axial, 39, (32, 32), volume(5, 64, 1.0, 1.0)) is None
    assert follow_point(axial, 2, (0, 0), volume(5, 8, 1.0, 1.0)) is None
    assert follow_point(axial, 2, (32, 32), volume(40, 64, 1.0, 1.0, reference="b")) is None
    assert follow_point(axial, 2, (32, 32), volume(40, 64, 1.0, 1.0, reference="")) is None


def test_placements_are_finite_at_the_limits_of_zoom() -> None:
    followed = follow_placement(seen(volume(2, 16, 0.01, 1.0), 1e6), seen(volume(2, 16, 50.0, 1.0)))
    assert followed.scale == 64.0 and isinstance(followed, Placement)
