"""Tables of the desk: words for numbers, sorting, copying; and the concordance matrix as it is painted."""

import math
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from readerapp import theme
from readerapp.application import make_application
from readerapp.desk.columns import MISSING, count, decimal, percent, with_interval, words
from readerapp.desk.matrix import MatrixView, Scale, scale_color, text_color
from readerapp.desk.tables import RowsTable
from readerapp.numbers import NOT_ESTIMABLE, decimal_text

NAN = math.nan
COLUMNS = (
    words("Item", "item"),
    count("Cases", "n"),
    percent("Present", "share", low="low", high="high"),
    with_interval("κ", "kappa", "low", "high"),
    decimal("PABAK", "pabak"),
)
ROWS = [
    {"item": "drain", "n": 1200, "share": 0.125, "kappa": 0.61, "low": 0.48, "high": 0.745, "pabak": -0.004},
    {"item": "ECG", "n": 40, "share": NAN, "kappa": NAN, "low": NAN, "high": NAN, "pabak": -0.25},
    {"item": "wires", "n": 7, "share": 1.0, "kappa": 0.7, "low": NAN, "high": NAN, "pabak": 0.5},
]


@pytest.fixture
def table(qtbot: QtBot) -> RowsTable:
    make_application()
    table = RowsTable(COLUMNS, "test_table")
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    table.show_rows(ROWS)
    return table


def shown(table: RowsTable, column: int) -> list[str]:
    model = table.rows_model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_numbers_are_readable_and_what_cannot_be_estimated_is_said(table: RowsTable) -> None:
    assert shown(table, 1) == ["1,200", "40", "7"]
    assert shown(table, 2) == ["12.5% (48–74)", NOT_ESTIMABLE, "100.0%"]
    assert shown(table, 3) == ["0.61 (0.48 to 0.74)", NOT_ESTIMABLE, "0.70"]
    assert shown(table, 4) == ["0.00", "−0.25", "0.50"]


@pytest.mark.parametrize(
    ("value", "text"), [(-0.0, "0.00"), (-0.31, "−0.31"), (NAN, NOT_ESTIMABLE), (None, NOT_ESTIMABLE)]
)
def test_decimals(value: float | None, text: str) -> None:
    assert decimal_text(value) == text


def test_a_click_on_a_header_sorts_by_value_and_leaves_the_missing_last(qtbot: QtBot, table: RowsTable) -> None:
    header = table.horizontalHeader()
    middle = header.sectionViewportPosition(3) + header.sectionSize(3) // 2
    place = header.rect().center()
    place.setX(middle)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    first = shown(table, 3)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    second = shown(table, 3)
    assert {tuple(first[:2]), tuple(second[:2])} == {("0.61 (0.48 to 0.74)", "0.70"), ("0.70", "0.61 (0.48 to 0.74)")}
    assert first[2] == second[2] == NOT_ESTIMABLE


def test_copy_takes_the_table_as_tab_separated_text(qtbot: QtBot, table: RowsTable) -> None:
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Item\tCases\tPresent\tκ\tPABAK"
    assert lines[1].split("\t")[0] == "drain" and len(lines) == 4
    table.selectAll()
    table.clearSelection()
    table.choose(1)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line.split("\t")[0] for line in QGuiApplication.clipboard().text().splitlines()] == ["Item", "ECG", "wires"]


def test_no_column_clips_its_words(table: RowsTable) -> None:
    metrics = table.fontMetrics()
    for column in range(table.rows_model.columnCount()):
        widest = max(metrics.horizontalAdvance(text) for text in shown(table, column))
        assert table.columnWidth(column) > widest


def test_the_scale_gets_lighter_all_the_way_and_its_text_stands_out() -> None:
    lightness = [scale_color(share / 50).lightnessF() for share in range(51)]
    assert all(a < b + 0.02 for a, b in pairwise(lightness))
    for share in range(51):
        ground = scale_color(share / 50)
        assert contrast(ground, text_color(ground)) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1 contrast ratio."""

    def luminance(color: QColor) -> float:
        parts = (color.redF(), color.greenF(), color.blueF())
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_matrix_paints_each_cell_in_the_colour_of_its_value(qtbot: QtBot) -> None:
    make_application()
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(400, 360)
    view.show()
    view.show_matrix(("r1", "r2"), ((8, 2), (2, NAN)), "cases both call present", Scale(high=8, digits=0, own=True))
    picture = view.grab().toImage()
    cell, origin = view._geometry()
    colors = [
        [
            QColor(picture.pixel(int(origin.x() + column * cell + 6), int(origin.y() + row * cell + 6)))
            for column in range(2)
        ]
        for row in range(2)
    ]
    assert colors[0][0] == scale_color(1.0)
    assert colors[0][1] == colors[1][0] == scale_color(0.25)
    assert colors[1][1] == QColor(theme.COLORS.raised)
    assert "r1 and r2: 2" in view.accessibleDescription()
    assert view._text(1, 1) == MISSING
