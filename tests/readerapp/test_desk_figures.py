"""Figures of the desk: axes, drawn intervals, learning curves; and the pages that hold them, on a small study."""

import math
import statistics
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget
from pytestqt.qtbot import QtBot
from statsmodels.stats.contingency_tables import cochrans_q

from readerapp.application import make_application
from readerapp.demo.hands import Hands
from readerapp.desk import progress_page
from readerapp.desk.agreement_page import AgreementPage
from readerapp.desk.bias_page import BiasPage
from readerapp.desk.columns import Span, difference_axis, difference_text, drawn, kappa_axis, shares_axis, words
from readerapp.desk.curves import CurvesView, _Scale
from readerapp.desk.prevalence_page import PrevalencePage
from readerapp.desk.progress_columns import time_text
from readerapp.desk.progress_page import ProgressPage
from readerapp.desk.spans import LOOKS, place_on
from readerapp.desk.tables import RowsTable
from readerapp.reading.session import ReadingSession
from readerapp.reading_progress import learning_curve
from readerapp.window import MainWindow
from studies.reading.study import open_as_reader
from tests.readerapp.small_study import PHRASES, make_study, read
from tests.readerapp.test_desk import open_desk, turn_to

NAN = math.nan
ends = st.floats(-1, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(ends, ends, ends), max_size=6), st.sampled_from([kappa_axis, difference_axis]))
def test_every_interval_lies_on_its_axis(values: list, make: object) -> None:
    spans = [Span(*(sorted(v)[i] for i in (1, 0, 2))) for v in values]
    axis = make(spans)  # type: ignore[operator]
    assert axis.low < axis.high and all(axis.low <= tick <= axis.high for tick, _ in axis.ticks)
    assert 2 <= len(axis.ticks) <= 12 and axis.reference == 0.0
    for span in spans:
        assert axis.low - 1e-9 <= span.low and span.high <= axis.high + 1e-9


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=5))
def test_shares_start_at_nothing(values: list[float]) -> None:
    axis = shares_axis([Span(v, NAN, NAN) for v in values])
    assert axis.low == 0 and axis.high >= max(values, default=0) - 1e-9 and axis.ticks[0][1] == "0%"


@pytest.mark.parametrize(
    ("value", "text"), [(0.108, "+10.8"), (-0.054, "−5.4"), (-0.0001, "0.0"), (NAN, "not estimable")]
)
def test_differences_have_their_sign(value: float, text: str) -> None:
    assert difference_text(value) == text


def test_an_interval_is_drawn_where_its_numbers_are(qtbot: QtBot) -> None:
    make_application()
    table = RowsTable((words("Item", "item"), drawn("κ", (("k", "low", "high"),), kappa_axis)), "forest")
    qtbot.addWidget(table)
    table.resize(700, 200)
    table.show()
    table.show_rows(
        [{"item": "a", "k": 0.5, "low": 0.1, "high": 0.9}, {"item": "b", "k": NAN, "low": NAN, "high": NAN}]
    )
    picture = table.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    color, axis = QColor(LOOKS[0]), table.rows_model.axes[1]
    rect = QRectF(table.visualRect(table.rows_model.index(0, 1)))
    for value, painted in ((0.05, False), (0.2, True), (0.5, True), (0.8, True), (0.95, False)):
        x, y = round(place_on(axis, rect, value)), round(rect.center().y())
        brightest = max(picture.pixelColor(x, y + by).blue() for by in (-1, 0, 1))
        assert (brightest > color.blue() - 60) == painted, value
    below = table.visualRect(table.rows_model.index(1, 1))
    row = [picture.pixelColor(x, below.center().y()).blue() for x in range(below.left(), below.right())]
    assert max(row) < 200  # nothing estimable: the words in grey, nothing drawn
    table.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1:] == ["a\t0.50 (0.10 to 0.90)", "b\tnot estimable"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=300))
def test_the_running_median_is_of_its_window(seconds: list[float]) -> None:
    curve = learning_curve("r", [(2 * n, value) for n, value in enumerate(seconds)][::-1])
    half = max(5, len(seconds) // 10) // 2
    for place, middle in curve.middle:
        at = int(place) - 1
        assert middle == statistics.median(seconds[max(0, at - half) : at + half + 1])
    assert curve.points[0] == (1, seconds[0]) and len(curve.points) <= 150 and len(curve.middle) <= 60


def test_no_two_ticks_of_the_times_read_the_same(qtbot: QtBot) -> None:
    """However short the times: below a tenth of a second no digit is shown."""
    for seconds in ([0.01, 0.02, 0.09], [0.03, 0.16], [0.01], [4.0, 900.0]):
        scale = _Scale(QRectF(0, 0, 400, 300), [learning_curve("anna", list(enumerate(seconds)))])
        told = [time_text(tick) for tick in scale.seconds]
        assert len(set(told)) == len(told) >= 2
        assert all(0 <= scale.at(1, one).y() <= 300 for one in seconds)


def test_words_in_place_of_a_value_are_not_crossed_by_the_axis(qtbot: QtBot) -> None:
    table = RowsTable((words("Item", "name"), drawn("κ", (("k", "low", "high"),), kappa_axis)), "forest")
    qtbot.addWidget(table)
    table.resize(700, 200)
    table.show()
    inks = []
    for value in (0.5, NAN):
        table.show_rows([{"name": "a", "k": value, "low": value, "high": value}])
        cell = table.visualRect(table.rows_model.index(0, 1))
        picture = table.viewport().grab(cell).toImage()
        row = [picture.pixelColor(x, 1).name() for x in range(2, picture.width() - 2)]
        inks.append(len(set(row)))
    assert inks[0] > 1 and inks[1] == 1  # above the words: lines of the axis, or the ground alone


def test_curves_are_told_and_copied(qtbot: QtBot) -> None:
    make_application()
    view = CurvesView()
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    empty = view.grab().toImage()
    view.show_curves([learning_curve("anna", [(n, 60 - n) for n in range(30)]), learning_curve("ben", [])])
    assert view.grab().toImage() != empty
    assert "anna: from 59 s to 32 s" in view.accessibleDescription() and "ben" not in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[1] == "anna\t1\t59.00"


# The pages


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


def enter(hands: Hands, window: MainWindow, study: Path, page: str) -> None:
    open_desk(hands, window, study)
    turn_to(hands, page)


def finish(study: Path) -> None:
    for reader in ("anna", "ben"):
        read(study, reader)


def test_typing_filters_the_rows_and_ctrl_f_leads_there(
    hands: Hands, window: MainWindow, study: Path, qtbot: QtBot
) -> None:
    finish(study)
    enter(hands, window, study, "Prevalence")
    page = hands.find(PrevalencePage)
    whole = page.table.rows_model.rowCount()
    page.table.setFocus()
    hands.press(page.table, "Ctrl+F")
    assert page.choices.filter.hasFocus()
    qtbot.keyClicks(page.choices.filter, "WIRES st")
    hands.wait_for("the filter", lambda: page.table.rows_model.rowCount() < whole)
    assert [row["name"] for row in page.table.rows_model.rows] == ["Sternal wires"]
    assert {row["name"] for row in page.forest.rows_model.rows} == {"Sternal wires"}
    page.choices.filter.clear()
    hands.wait_for("all rows", lambda: page.table.rows_model.rowCount() == whole)


def test_the_forest_follows_the_table_and_sorts(hands: Hands, window: MainWindow, study: Path) -> None:
    finish(study)
    enter(hands, window, study, "Agreement")
    page = hands.find(AgreementPage)
    names = [row["name"] for row in page.table.rows_model.rows]
    page.table.choose(names.index("Chest drain"))
    page.tabs.setCurrentWidget(page.forest)
    hands.settle()
    assert page.forest.chosen["name"] == "Chest drain"
    page.forest.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    kappas = [row["fleiss_kappa"] for row in page.forest.rows_model.rows]
    known = [kappa for kappa in kappas if kappa == kappa]
    assert known == sorted(known, reverse=True) and all(kappa == kappa for kappa in kappas[: len(known)])


def test_reader_bias_and_cochran_are_of_the_readings(hands: Hands, window: MainWindow, study: Path) -> None:
    finish(study)
    enter(hands, window, study, "Reader bias")
    page = hands.find(BiasPage)
    names = [row["name"] for row in page.effects.rows_model.rows]
    page.effects.choose(names.index("Sternal wires"))
    readings = page._view.readings()
    wires = readings[readings["item"] == "wires"].pivot(index="case_id", columns="reader_id", values="value")
    codes = (wires == "present").to_numpy(dtype=int)
    (anna, ben) = page.bias.rows_model.rows
    assert ben["bias"] == pytest.approx(float(np.mean(codes[:, 1] - codes[:, 0]))) == -anna["bias"]
    oracle = cochrans_q(codes)
    assert page.effects.chosen["cochran_q"] == pytest.approx(oracle.statistic)
    assert page.effects.chosen["cochran_p"] == pytest.approx(oracle.pvalue)
    assert [row["reader_left_out"] for row in page.left_out.rows_model.rows] == ["anna", "ben"]


def test_nothing_read_is_said(hands: Hands, window: MainWindow, study: Path) -> None:
    enter(hands, window, study, "Agreement")
    page = hands.find(AgreementPage)
    hands.type(page.locked.reason, "interim look of the pilot")
    hands.click(page.locked.look)
    hands.wait_for_work()
    hands.wait_for_work()
    assert page.empty.isVisible() and "Nobody has finished a case yet" in page.empty.text()


def test_one_reader_alone_has_no_agreement_and_a_prevalence(hands: Hands, window: MainWindow, study: Path) -> None:
    read(study, "anna")
    enter(hands, window, study, "Agreement")
    page = hands.find(AgreementPage)
    hands.type(page.locked.reason, "interim look of the pilot")
    hands.click(page.locked.look)
    hands.wait_for_work()
    hands.wait_for_work()
    assert all("two valid readings" in row["remark"] for row in page.table.rows_model.rows)
    for name, kind in (("Prevalence", PrevalencePage), ("Reader bias", BiasPage)):
        hands.choose_row(hands.find(QListWidget, "desk_pages"), name)
        hands.wait_for_work()
        assert hands.find(kind).isVisible()
    assert hands.find(BiasPage).effects.rows_model.rowCount() > 0


def test_progress_follows_the_reading_by_itself(
    hands: Hands, window: MainWindow, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_page, "LIVE_MS", 30)
    enter(hands, window, study, "Progress")
    page = hands.find(ProgressPage)
    assert page.times.rows_model.rowCount() == 0
    read(study, "ben", cases=3)
    hands.wait_for("the cases", lambda: page.times.rows_model.rowCount() == 3)
    hands.settle()
    words = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
    assert "3 of 8" in words
    hands.choose(hands.find(QComboBox, "show_only"), "finished by someone")
    assert page.grid.rows_model.rowCount() == 3


def test_what_a_reader_flags_stands_in_the_grid(hands: Hands, window: MainWindow, study: Path) -> None:
    session = ReadingSession(open_as_reader(study, "anna", PHRASES["anna"]))
    session.open_next()
    session.painted()
    session.flag("the left base is cut off")
    session.end()
    session.view.close()
    enter(hands, window, study, "Progress")
    page = hands.find(ProgressPage)
    hands.choose(hands.find(QComboBox, "show_only"), "flagged")
    (row,) = page.grid.rows_model.rows
    first = page.grid.rows_model.index(0, 0)
    assert str(first.data()).endswith("⚑") and "anna: the left base is cut off" in str(
        first.data(Qt.ItemDataRole.ToolTipRole)
    )
    assert row["anna"][0].state == "open"


def test_times_are_shown_with_and_without_the_time_away(hands: Hands, window: MainWindow, study: Path) -> None:
    finish(study)
    enter(hands, window, study, "Progress")
    page = hands.find(ProgressPage)
    page.tabs.setCurrentIndex(1)
    hands.settle()
    times = page._view.times().set_index(["case_id", "reader_id"])
    for clock, text in (("total_s", "with the time away"), ("active_s", "at work (away not counted)")):
        hands.choose(hands.find(QComboBox, "clock"), text)
        column = next(c for c in page.times.rows_model.columns if c.title == "anna")
        for row in page.times.rows_model.rows:
            assert column.key(row) == pytest.approx(times.loc[(row["case_id"], "anna"), clock])
