"""Hanging rules: which image of a case goes where."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.image import Image
from readerapp.viewer.layouts import (
    GRIDS,
    Cell,
    Grid,
    Hanging,
    HangingError,
    hang,
    load_rules,
    pages,
    parse_rules,
    resting,
)

LAST = '\n[[rules]]\nname = "rest"\ngrid = "1x1"\n'


def image(view: str = "", side: str = "", **facts: object) -> Image:
    base: dict = {"modality": "MG" if side else "DX", "view": view, "laterality": side, "bits_stored": 12}
    return Image(pixels=np.zeros((40, 20), np.uint16), **(base | facts))


def stack(frames: int = 5, **facts: object) -> Image:
    base: dict = {"modality": "CT"}
    return Image(pixels=np.zeros((frames, 16, 16), np.int16), **(base | facts))


def breast(view: str, side: str, **facts: object) -> Image:
    return image(view, side, **({"row_direction": "P" if side == "R" else "A"} | facts))


FOUR = [breast("MLO", "L"), breast("CC", "L"), breast("MLO", "R"), breast("CC", "R")]


def order(images: list[Image]) -> list[int | None]:
    return [cell.image for cell in hang(images).cells]


def test_four_mammograms_hang_with_the_chest_walls_meeting() -> None:
    hanging = hang(FOUR)
    assert (hanging.grid, hanging.same_scale) == (Grid(2, 2), True)
    assert [cell.image for cell in hanging.cells] == [3, 1, 2, 0]
    assert [cell.edge for cell in hanging.cells] == ["right", "left", "right", "left"]
    assert not any(cell.flipped for cell in hanging.cells)


def test_a_missing_mammogram_leaves_its_own_place_empty() -> None:
    assert order(FOUR[:3]) == [None, 1, 2, 0]
    assert order([FOUR[0], FOUR[1], FOUR[3]]) == [2, 1, None, 0]


def test_a_fifth_mammogram_follows_on_the_next_page() -> None:
    hanging = hang([*FOUR, breast("CC", "R")])
    shown = pages(hanging, hanging.grid)
    assert [[cell.image for cell in page] for page in shown] == [[3, 1, 2, 0], [4, None, None, None]]


def test_an_image_that_runs_the_other_way_is_flipped() -> None:
    wrong = breast("MLO", "R", row_direction="A")
    assert [cell.flipped for cell in hang([breast("MLO", "L"), wrong]).cells] == [True, False]
    unknown = breast("MLO", "R", row_direction="")
    assert not any(cell.flipped for cell in hang([breast("MLO", "L"), unknown]).cells)


@pytest.mark.parametrize(
    ("images", "grid", "expected"),
    [
        ([image("LATERAL"), image("PA")], "1x2", [1, 0]),
        ([image("AP"), image("LATERAL"), image("PA")], "1x2", [0, 1, 2]),
        ([image("PA")], "1x1", [0]),
        ([image("PA"), image("PA")], "1x2", [0, 1]),
        ([image("PA"), image("PA"), image("PA")], "1x1", [0, 1, 2]),
        ([image("", modality="OT")] * 3, "2x2", [0, 1, 2]),
        ([stack()], "1x1", [0]),
        ([stack(), stack(modality="MR")], "1x2", [0, 1]),
        ([stack(), stack(), stack()], "2x2", [0, 1, 2]),
        ([stack(), image("PA")], "1x2", [0, 1]),
        ([breast("MLO", "R"), breast("CC", "R")], "1x2", [1, 0]),
    ],
)
def test_standard_rules(images: list[Image], grid: str, expected: list[int]) -> None:
    assert hang(images).grid == GRIDS[grid]
    assert order(images) == expected


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CC", "MLO", "PA", "AP", "LATERAL", ""]), st.sampled_from(["L", "R", ""]), st.booleans()
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(list(GRIDS)),
)
def test_every_image_hangs_once_in_every_grid(facts: list[tuple[str, str, bool]], name: str) -> None:
    images = [
        stack(view=view, laterality=side) if deep else image(view, side, row_direction="A")
        for view, side, deep in facts
    ]
    hanging = hang(images)
    for grid in (hanging.grid, GRIDS[name]):
        shown = pages(hanging, grid)
        assert sorted(cell.image for page in shown for cell in page if cell.image is not None) == list(
            range(len(images))
        )
        assert all(len(page) == grid.cells for page in shown)


def test_nothing_but_what_an_image_shows_decides() -> None:
    """Pixels, notes and windows could follow a label; the same facts hang the same way whatever those are."""
    other = [replace(each, pixels=each.pixels + 7, notes=("simulated",), bits_stored=16) for each in FOUR]
    assert hang(other) == hang(FOUR)


def test_edges_count_only_where_the_columns_are_the_rules() -> None:
    hanging = hang(FOUR)
    assert [cell.edge for cell in pages(hanging, GRIDS["1x2"])[0]] == ["right", "left"]
    assert all(cell.edge == "centre" for page in pages(hanging, GRIDS["1x1"]) for cell in page)
    assert len(pages(hanging, GRIDS["1x1"])) == 4


def test_a_millimetre_is_equally_long_in_every_cell_and_breasts_touch_the_middle() -> None:
    large = breast("MLO", "L", spacing_mm=(1.0, 1.0))
    small = breast("MLO", "R", spacing_mm=(0.5, 0.5))  # the same pixels, half as large
    size = (100, 60)
    left, right = resting([small, large], [Cell(0, "right"), Cell(1, "left")], size, same_scale=True)
    assert left is not None and right is not None
    assert left.scale / 0.5 == pytest.approx(right.scale / 1.0)
    assert right.scale == pytest.approx(60 / 40)  # the larger one fills its cell
    assert left.to_screen(19.5, 0, size)[0] == pytest.approx(100)
    assert right.to_screen(-0.5, 0, size)[0] == pytest.approx(0)


def test_a_flipped_image_lies_against_the_same_edge_of_the_screen() -> None:
    size = (100, 60)
    (rest,) = resting([image("CC", "R")], [Cell(0, "right", flipped=True)], size, same_scale=False)
    assert rest is not None
    placed = replace(rest, flipped=True)
    assert placed.to_screen(-0.5, 0, size)[0] == pytest.approx(100)


def test_images_without_a_scale_are_fitted_each_on_its_own() -> None:
    images = [image("PA", spacing_mm=(1, 1)), image("LATERAL")]
    assert resting(images, [Cell(0), Cell(1)], (100, 60), same_scale=True) == [None, None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = ", "not valid TOML"),
        ("x = 1", "[[rules]]"),
        ('[[rules]]\ngrid = "1x1"', "rule 1 of hanging rules has no name"),
        ('[[rules]]\nname = "a"\ngrid = "3x3"', "rule 'a' has the grid '3x3'; use one of 1x1, 1x2, 2x2"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\ncolour = 1', "'colour', which means nothing"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\nimages = [4, 2]', "images = [4, 2]"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\nstacks = "yes"', "stacks = 'yes'; write true or false"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\nmodality = []', "modality = []"),
        ('[[rules]]\nname = "a"\ngrid = "1x2"\n[[rules.cells]]\nview = "PA"', "describes 1 cells for a grid of 1x2"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\n[[rules.cells]]\nedge = "left"', "does not say which image it takes"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\n[[rules.cells]]\nview = "PA"\nedge = "top"', "the edge 'top'"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\n[[rules.cells]]\nview = "PA"\nfaces_right = "X"', "faces_right = 'X'"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\nleast = 2\n[[rules.cells]]\nview = "PA"', "least = 2 of its 1 cells"),
        ('[[rules]]\nname = "a"\ngrid = "1x1"\nstacks = true', "does not fit every case"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(HangingError) as refused:
        parse_rules(text)
    assert words in str(refused.value)


def test_rules_are_tried_in_their_order() -> None:
    first = '[[rules]]\nname = "chests"\ngrid = "2x2"\nbody_part = "chest"\nmodality = ["DX", "CR"]\n'
    rules = parse_rules(first + LAST)
    chest = image("PA", body_part="CHEST")
    assert hang([chest, chest], rules).grid == Grid(2, 2)
    assert hang([chest, image("PA", body_part="HIP")], rules) == Hanging(Grid(1, 1), (Cell(0), Cell(1)))


def test_the_standard_rules_can_be_read() -> None:
    assert load_rules()[0].name == "mammography, four views"
