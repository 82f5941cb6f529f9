"""Cases loaded in a thread of their own: order, progress, and how much is held."""

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.images.image import Image
from readerapp.reading import loading
from readerapp.reading.loading import CaseLoader
from readerapp.viewer.pixels import ScreenPixels
from readerapp.viewer.view_state import prepare, sampling_key
from tests.readerapp.made_study import small_image

Made = Callable[..., CaseLoader]
SMALL = small_image(0).pixels.nbytes


@pytest.fixture
def made() -> Iterator[Made]:
    loaders = []

    def make(read: Callable[[str, Callable[[float], None]], Sequence[Image]]) -> CaseLoader:
        loaders.append(CaseLoader(read))
        return loaders[-1]

    yield make
    for loader in loaders:
        loader.stop()


def two_images(code: str, progress: Callable[[float], None]) -> list[Image]:
    images = []
    for number in (1, 2):
        images.append(small_image(number))
        progress(number / 2)
    return images


def test_the_case_at_hand_comes_first_and_tells_how_far_it_is(made: Made, qtbot: QtBot) -> None:
    loader = made(two_images)
    told: list[tuple[str, float]] = []
    loader.progressed.connect(lambda code, share: told.append((code, share)))
    loader.want(["a", "b"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("b") is not None)
    assert [share for code, share in told if code == "a"] == [0.25, 0.5, 0.75, 1.0]
    assert [code for code, _ in told] == ["a"] * 4 + ["b"] * 4
    assert loader.case("a").size_bytes == 2 * SMALL  # type: ignore[union-attr]


def test_no_case_is_loaded_ahead_where_much_is_held(made: Made, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_AHEAD_BYTES", 3 * SMALL)
    loader = made(two_images)
    loader.want(["a", "b", "c", "d"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("b") is not None)
    qtbot.wait(100)
    assert loader.case("c") is None and loader.case("d") is None
    loader.want(["c", "d"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("c") is not None and loader.case("d") is not None)
    assert loader.case("a") is None


def test_a_case_that_was_put_off_is_loaded_when_its_turn_comes_at_that_moment(
    made: Made, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MOST_AHEAD_BYTES", 0)
    loader = made(two_images)
    loader.want(["a", "b"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("a") is not None)
    loader.want(["a", "b"])  # type: ignore[list-item]
    reached = threading.Event()
    loader._pool.submit(reached.set)  # after this the thread has put b off; that news is still on its way
    assert reached.wait(5)
    loader.want(["b"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("b") is not None)


def test_a_case_that_cannot_be_read_says_why(made: Made, qtbot: QtBot) -> None:
    def broken(code: str, progress: Callable[[float], None]) -> list[Image]:
        raise OSError("the disk is gone")

    loader = made(broken)
    with qtbot.waitSignal(loader.loaded) as signal:
        loader.want(["a"])  # type: ignore[list-item]
    assert isinstance(signal.args[0].error, OSError)
    assert np.size(signal.args[0].images) == 0


def test_an_image_alone_comes_with_its_first_picture(made: Made, qtbot: QtBot) -> None:
    loader = made(lambda _code, _progress: [small_image(1, 600, 400)])
    loader.viewport = (300, 200)
    loader.want(["a"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("a") is not None)
    ready = loader.case("a").images[0]  # type: ignore[union-attr]
    fresh = prepare(ready.image)
    placement = fresh.opening.placed(fresh.image, (300, 200))
    assert ready.sampled is not None and fresh.sampled is None
    assert ready.sampled[0] == sampling_key(fresh.opening, placement, (300, 200))
    painted = []
    for prepared in (ready, fresh):
        pixels = ScreenPixels()
        pixels.show(prepared)
        picture = pixels.picture(prepared.opening, placement, (300, 200))
        assert picture is not None
        painted.append((picture.left, picture.top, picture.image.copy()))
    assert painted[0] == painted[1]


def test_images_side_by_side_come_without(made: Made, qtbot: QtBot) -> None:
    loader = made(two_images)
    loader.viewport = (300, 200)
    loader.want(["a"])  # type: ignore[list-item]
    qtbot.waitUntil(lambda: loader.case("a") is not None)
    assert [entry.sampled for entry in loader.case("a").images] == [None, None]  # type: ignore[union-attr]
