"""The four views of a counterfactual: one slider, a blink in place, marks on all, a watermark that stays."""

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.counterfactuals import BADGE
from engine.errors import JobError
from readerapp import keymaps
from readerapp.lab.counterfactual_panel import CounterfactualPanel
from readerapp.lab.counterfactual_views import COUNTERFACTUAL, DIFFERENCE, ORIGINAL, RECONSTRUCTION, percent, views_of
from readerapp.lab.findings_grid import FindingsGrid
from readerapp.lab.imagined_stage import ImaginedStage
from readerapp.lab.synthetic_picture import Seen, grabbed, save_seen
from readerapp.viewer.captions import watermark
from readerapp.viewer.diverging import difference_colors
from readerapp.viewer.hands import Hands
from readerapp.viewer.stage import Stage
from tests.readerapp.lab.imagined import made_counterfactual


@pytest.fixture
def shown(qtbot: QtBot) -> ImaginedStage:
    """Four steps towards pneumothorax, on a stage."""
    stage = Stage(Hands())
    qtbot.addWidget(stage)
    stage.resize(900, 700)
    stage.show()
    imagined = ImaginedStage(stage)
    imagined.show(made_counterfactual())
    QTest.qWait(20)
    return imagined


def pixels(imagined: ImaginedStage, place: int) -> np.ndarray:
    """What the view at a place holds, of the frame in view."""
    canvas = imagined.stage.canvases[place]
    assert canvas.image is not None
    return canvas.image.frame(canvas.view.frame)


def test_frame_0_is_the_reconstruction_and_the_difference_is_signed() -> None:
    found = made_counterfactual()
    views = views_of(found)
    images = [prepared.image for prepared in views.images]
    assert np.array_equal(images[ORIGINAL].frame(3), found.factual)
    assert np.array_equal(images[COUNTERFACTUAL].frame(0), images[RECONSTRUCTION].frame(2))
    assert np.array_equal(images[COUNTERFACTUAL].frame(4), found.drawings[3])
    assert (images[DIFFERENCE].frame(0) == 128).all()
    expected = difference_colors(found.drawings[3] - found.reconstruction, views.scale)
    assert np.array_equal(images[DIFFERENCE].frame(4), expected)
    assert f"{views.scale:.2f}" in views.images[DIFFERENCE].names[0]


def test_the_last_step_comes_first_and_a_step_moves_all_views(shown: ImaginedStage) -> None:
    assert shown.step == 4
    shown.set_step(2)
    assert [canvas.view.frame for canvas in shown.stage.canvases] == [2] * 4
    shown.stage.canvases[ORIGINAL].set_frame(1)  # by the wheel, on any of them
    assert shown.step == 1
    assert [canvas.view.frame for canvas in shown.stage.canvases] == [1] * 4


def test_a_blink_shows_the_reconstruction_in_the_same_geometry_and_window(shown: ImaginedStage) -> None:
    canvas = shown.stage.canvases[COUNTERFACTUAL]
    canvas.zoom_by(2)
    canvas.step_window(wider=2)
    before = canvas.view
    others = [other.view for other in shown.stage.canvases if other is not canvas]
    shown.blink(True)
    assert np.array_equal(pixels(shown, COUNTERFACTUAL), pixels(shown, RECONSTRUCTION))
    assert (canvas.view.placement, canvas.view.window) == (before.placement, before.window)
    assert [other.view for other in shown.stage.canvases if other is not canvas] == others
    shown.blink(False)
    assert canvas.view == before
    assert shown.step == 4
    assert shown.stage.links >= {"zoom", "scroll", "window"}


def test_zoom_and_window_are_shared_and_stay_with_another_finding(shown: ImaginedStage) -> None:
    shown.stage.canvases[ORIGINAL].zoom_by(3)
    shown.stage.canvases[ORIGINAL].step_window(up=2)
    places = [canvas.view.placement for canvas in shown.stage.canvases]
    assert all(place is not None and place == places[0] for place in places)
    windows = [canvas.view.window for canvas in shown.stage.canvases[:3]]
    assert all(window is not None and window.center == windows[0].center for window in windows)  # type: ignore[union-attr]
    shown.show(made_counterfactual("cardiomegaly", 8))
    assert shown.step == 8  # the same share of the way
    assert [canvas.view.placement for canvas in shown.stage.canvases] == places
    assert [canvas.view.window for canvas in shown.stage.canvases[:3]] == windows


def test_every_synthetic_view_bears_the_watermark_whatever_is_hidden(shown: ImaginedStage) -> None:
    for place, canvas in enumerate(shown.stage.canvases):
        assert (watermark() in canvas.painted_texts()) == (place != ORIGINAL)
    hidden = []
    for canvas in shown.stage.canvases[1:]:
        canvas.hide_overlays(True)
        hidden.append(np.asarray(light(canvas.grab().toImage())))
        canvas.hide_overlays(False)
    shown.stage.canvases[ORIGINAL].hide_overlays(True)
    plain = light(shown.stage.canvases[ORIGINAL].grab().toImage())
    assert all(not np.array_equal(seen[-120:], plain[-120:]) for seen in hidden)


def light(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def test_a_mark_lies_on_all_views_and_can_be_taken_back(shown: ImaginedStage) -> None:
    shown.stage.mark_drawn.emit("star", ((10.0, 12.0),), COUNTERFACTUAL, 4)
    shown.stage.mark_drawn.emit("arrow", ((1.0, 2.0), (8.0, 9.0)), ORIGINAL, 4)
    marks = shown.marks.on(4, 4)
    assert len(marks) == 8
    shown.set_step(1)
    shown.step_mark(1)
    assert shown.stage.selected_mark
    shown.stage.mark_moved.emit(shown.stage.selected_mark, ((20.0, 22.0),))
    assert {placed.mark.points for placed in shown.marks.on(4, 1)} == {((20.0, 22.0),), ((1.0, 2.0), (8.0, 9.0))}
    shown.undo()
    shown.step_mark(1)
    shown.delete_mark()
    assert len(shown.marks) == 1
    shown.undo()
    assert len(shown.marks) == 2


def test_a_saved_picture_bears_badge_and_provenance(shown: ImaginedStage, tmp_path: Path) -> None:
    found = made_counterfactual()
    seen = Seen(grabbed(shown.stage), [found], 3)
    save_seen(seen, tmp_path / "seen.png")
    read = QImage(str(tmp_path / "seen.png"))
    assert read.text("Title").startswith(BADGE)
    assert "amplitude +6" in read.text("Description")
    assert json.loads(read.text("Provenance"))["weights_sha256"] == "b" * 64
    assert (read.width(), read.height() > shown.stage.height()) == (shown.stage.width(), True)
    views = grabbed(shown.stage, shown.stage.canvases)
    assert views.shape[0] < shown.stage.height(), "without the bar below the views"
    assert np.array_equal(views, seen.pixels[: views.shape[0], : views.shape[1]])
    above = read.copy(0, 0, shown.stage.width(), shown.stage.height())
    assert np.array_equal(light(above), light(shown.stage.grab().toImage())), "the strip hides nothing"
    strip = light(read)[shown.stage.height() :]
    assert len(np.unique(strip)) > 2
    save_seen(seen, tmp_path / "seen.dcm")
    derived = pydicom.dcmread(tmp_path / "seen.dcm")
    assert (derived.ImageType[0], derived.SyntheticData, derived.BurnedInAnnotation) == ("DERIVED", "YES", "YES")
    assert (derived.PatientName, derived.PatientID) == ("", BADGE)
    assert "amplitude +6" in derived.DerivationDescription
    assert np.array_equal(derived.pixel_array, pixels_of(tmp_path / "seen.png"))
    with pytest.raises(JobError, match=r"seen\.jpg is neither \.png nor \.dcm"):
        save_seen(seen, tmp_path / "seen.jpg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seen.dcm", "seen.png"]


def test_the_reconstruction_and_the_grid_say_what_they_are(shown: ImaginedStage, tmp_path: Path) -> None:
    save_seen(Seen(grabbed(shown.stage), [made_counterfactual()]), tmp_path / "zero.png")
    assert "drawn again" in QImage(str(tmp_path / "zero.png")).text("Description")
    both = [made_counterfactual("pneumothorax", 1), made_counterfactual("cardiomegaly", 1)]
    save_seen(Seen(grabbed(shown.stage), both, 0), tmp_path / "all.png")
    assert "pneumothorax +1.5, cardiomegaly +1.5" in QImage(str(tmp_path / "all.png")).text("Description")


def pixels_of(path: Path) -> np.ndarray:
    with Pillow.open(path) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize("width", [250, 420])
def test_every_column_of_the_findings_is_in_sight(width: int, qtbot: QtBot) -> None:
    """A long name gives way, and its tip has all of it; the sorting and the frozen column stay as they are."""
    panel = CounterfactualPanel(keymaps.chosen()[1])
    qtbot.addWidget(panel)
    names = ["cardiomegaly", "central_venous_catheter_subclavian_or_jugular", "nodule"]
    panel.offer_findings(names)
    panel.show_probabilities(dict.fromkeys(names, 0.25), {"nodule": 1})
    panel.resize(width, 700)
    panel.show()
    QTest.qWait(20)
    table = panel.findings
    last = table.columnViewportPosition(2) + table.horizontalHeader().sectionSizeHint(2)
    assert last <= table.viewport().width()
    assert table.columnWidth(0) > 60
    index = table.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == names[1]


def test_the_grid_has_every_finding_and_tells_which_is_meant(qtbot: QtBot) -> None:
    grid = FindingsGrid()
    qtbot.addWidget(grid)
    grid.resize(700, 500)
    grid.show()
    grid.show_all([made_counterfactual("pneumothorax", 1), made_counterfactual("cardiomegaly", 1)])
    assert [grid.item(row).text().split("\n")[-1] for row in range(3)] == [
        "reconstruction",
        "pneumothorax",
        "cardiomegaly",
    ]
    assert "20%" in grid.item(1).text()
    said: list[str] = []
    grid.enlarged.connect(said.append)
    grid.setCurrentRow(2)
    qtbot.keyClick(grid, "\r")
    assert said == ["cardiomegaly"]


def test_shares_in_words() -> None:
    assert [percent(share) for share in (0.5, -0.001, -0.2, float("nan"))] == ["50%", "0%", "−20%", "–"]
