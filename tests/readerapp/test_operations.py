"""Work in the background: its result, its errors, its cancel and its panel, with real clicks off-screen."""

import logging
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import ImageError
from readerapp import background, trouble
from readerapp.background import Operation, Progress, ProgressPanel
from studies.errors import StudyError


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    page.resize(900, 600)
    QVBoxLayout(page).addWidget(QPushButton("go", page))
    qtbot.addWidget(page)
    page.show()
    return page


def error_box(page: QWidget) -> QMessageBox | None:
    return page.findChild(QMessageBox, "error")


def test_the_result_comes_back_in_the_window_thread(qtbot: QtBot, page: QWidget) -> None:
    threads, results = [], []

    def work(_progress: Progress) -> int:
        threads.append(threading.current_thread())
        return 42

    def receive(value: int) -> None:
        results.append((value, threading.current_thread()))

    operation = Operation(page, "Working", work).on_success(receive)
    with qtbot.waitSignal(operation.ended):
        operation.run()
    assert results == [(42, threading.main_thread())]
    assert threads[0] is not threading.main_thread()
    assert background.running() == ()


def test_operations_run_one_after_the_other(qtbot: QtBot, page: QWidget) -> None:
    inside, most = [], []

    def work(_progress: Progress) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()

    for _ in range(4):
        Operation(page, "Working", work).run()
    qtbot.waitUntil(lambda: not background.running())
    assert most == [1, 1, 1, 1]


def test_short_work_shows_no_panel_long_work_does(qtbot: QtBot, page: QWidget) -> None:
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress(0.4, "half way")
        go_on.wait(10)
        progress(0.5, "nearly")

    Operation(page, "Counting rows", work).run()
    qtbot.wait(background.PANEL_DELAY_MS // 2)
    assert page.findChild(ProgressPanel) is None
    qtbot.waitUntil(lambda: page.findChild(ProgressPanel) is not None)
    panel = page.findChild(ProgressPanel)
    assert panel.isVisible()
    assert page.rect().contains(panel.geometry())
    go_on.set()
    qtbot.waitUntil(lambda: not background.running())
    qtbot.waitUntil(lambda: page.findChild(ProgressPanel) is None)


def test_cancel_stops_the_work_and_calls_nobody(qtbot: QtBot, page: QWidget) -> None:
    reached, results, failures = [], [], []

    def work(progress: Progress) -> None:
        for step in range(1000):
            progress(step / 1000, "long work")
            reached.append(step)
            time.sleep(0.01)

    operation = Operation(page, "Long work", work).on_success(results.append).on_failure(failures.append)
    operation.run()
    qtbot.waitUntil(lambda: page.findChild(ProgressPanel) is not None)
    with qtbot.waitSignal(operation.ended):
        qtbot.mouseClick(page.findChild(ProgressPanel).cancel_button, Qt.MouseButton.LeftButton)
    assert 0 < len(reached) < 1000
    assert (results, failures) == ([], [])
    assert error_box(page) is None


def test_cancelling_before_the_work_starts_prevents_it(qtbot: QtBot, page: QWidget) -> None:
    hold, ran = threading.Event(), []
    Operation(page, "First", lambda _progress: hold.wait(10)).run()
    second = Operation(page, "Second", lambda _progress: ran.append(1)).run()
    second.cancel()
    hold.set()
    qtbot.waitUntil(lambda: not background.running())
    assert ran == []


def test_named_widgets_rest_until_the_end(qtbot: QtBot, page: QWidget) -> None:
    button = page.findChild(QPushButton)
    hold = threading.Event()

    def fail(_progress: Progress) -> None:
        hold.wait(10)
        raise StudyError("no")

    Operation(page, "Working", fail).on_failure(lambda _error: None).disabling(button).run()
    assert not button.isEnabled()
    hold.set()
    qtbot.waitUntil(lambda: not background.running())
    assert button.isEnabled()


@pytest.mark.parametrize(
    "error", [StudyError("reader 'x' is unknown; choose one of a, b"), ImageError("a.dcm: cut short")]
)
def test_our_errors_are_shown_as_they_are(qtbot: QtBot, page: QWidget, error: Exception) -> None:
    def fail(_progress: Progress) -> None:
        raise error

    Operation(page, "Working", fail).run()
    qtbot.waitUntil(lambda: error_box(page) is not None)
    assert error_box(page).text() == str(error)
    error_box(page).close()


def test_an_unexpected_error_is_a_sentence_and_its_message_is_not_logged(
    qtbot: QtBot, page: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_progress: Progress) -> None:
        raise ZeroDivisionError("Doe^Jane 1970-01-01")

    with caplog.at_level(logging.ERROR, logger=trouble.APPLICATION):
        Operation(page, "Working", fail).run()
        qtbot.waitUntil(lambda: error_box(page) is not None)
    text = error_box(page).text()
    error_box(page).close()
    assert text.startswith("Something went wrong")
    assert "ZeroDivisionError" not in text and "Traceback" not in text and "Doe" not in text
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "ZeroDivisionError" in logged and "test_operations.py" in logged
    assert "Doe" not in logged and "1970" not in logged


def test_system_errors_name_the_file_without_its_folder() -> None:
    error = PermissionError(13, "Permission denied", "/home/someone/Doe_Jane/study.db")
    assert trouble.sentence(error).startswith("study.db may not be opened")
    assert "Doe_Jane" not in trouble.sentence(error)


def test_closing_the_window_ends_the_work(qtbot: QtBot) -> None:
    page = QWidget()
    page.show()
    seen = []

    def work(progress: Progress) -> None:
        for step in range(2000):
            progress(step / 2000)
            seen.append(step)
            time.sleep(0.005)

    Operation(page, "Long work", work).run()
    qtbot.waitUntil(lambda: len(seen) > 2)
    background.stop_all()
    before = len(seen)
    qtbot.wait(50)
    page.deleteLater()
    assert len(seen) == before < 2000


def test_progress_of_a_part_fills_its_share() -> None:
    reports: list[tuple[float, str]] = []
    part = Progress(lambda share, what: reports.append((share, what))).part(0.5, 1.0, "sealing")
    part(0.0)
    part(0.5)
    part(1.0)
    assert reports == [(0.5, "sealing"), (0.75, "sealing"), (1.0, "sealing")]


def test_the_log_file_lies_in_the_log_folder_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(trouble, "user_log_path", lambda *args, **kwargs: tmp_path)
    assert trouble.log_file() == tmp_path / "readerapp.log"


def test_what_is_worked_out_while_a_person_types_shows_no_panel(qtbot: QtBot, page: QWidget) -> None:
    go = threading.Event()
    operation = Operation(page, "quiet", lambda _progress: go.wait(5)).quietly().run()
    qtbot.wait(background.PANEL_DELAY_MS + 150)
    assert page.window().findChildren(ProgressPanel) == [] and not operation.done
    go.set()
    qtbot.waitUntil(lambda: operation.done)
