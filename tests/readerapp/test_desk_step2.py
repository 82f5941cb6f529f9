"""From step 1's finished study to step 3's protocol at the desk: what the command writes, in a file and in the form."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from readerapp.demo.hands import Hands
from readerapp.desk.desk import Desk
from readerapp.desk.step2_page import Step2Page
from readerapp.window import MainWindow
from studies.__main__ import main as studies
from studies.planning.sealing import seal_study
from studies.reading.study import CoordinatorView, open_as_coordinator
from tests.readerapp.small_study import PHRASES as OTHER_PHRASES
from tests.readerapp.small_study import make_study as make_study_of_real_images
from tests.studies.made_cohorts import passphrases, write_small_cohort
from tests.studies.made_imagined import write_imagined_cohort
from tests.studies.steps.made_step1 import read_step1, sealed_step1

PHRASE = passphrases()["coordinator"]
REASON = "interim look that the protocol plans"


def answers(_reader: str, finding: str, number: int) -> dict[str, str]:
    """Drains come with pneumothorax in two of three cases, wires with effusion in one; nothing with a nodule."""
    if finding == "pneumothorax":
        return {"drain": "present" if number < 2 else "absent"}
    return {"wires": "present"} if finding == "effusion" and number == 0 else {}


@pytest.fixture(scope="module")
def imagined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cases = {"pneumothorax": 3, "effusion": 2, "nodule": 1}
    return write_imagined_cohort(tmp_path_factory.mktemp("step2") / "imagined", cases)


@pytest.fixture(scope="module")
def step1(imagined: Path) -> Path:
    study = sealed_step1(imagined.parent, imagined)
    read_step1(study, answers).close()
    return study


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 films, the first three of patients of step 1: 10 pneumothoraces, 8 effusions, both in two of them."""
    patients = [f"source{number}" if number < 3 else f"p{number}" for number in range(24)]
    return write_small_cohort(
        tmp_path_factory.mktemp("real") / "real",
        patients,
        **{
            "label.pneumothorax": [int(number < 10) for number in range(24)],
            "label.effusion": [int(8 <= number < 16) for number in range(24)],
        },
    )


@pytest.fixture
def view(step1: Path) -> Iterator[CoordinatorView]:
    yield open_as_coordinator(step1, PHRASE)


def page_of(window: MainWindow, hands: Hands, view: CoordinatorView) -> Step2Page:
    window.enter_desk(view, PHRASE)
    hands.wait_for_work()
    desk = hands.find(Desk)
    desk.list.setCurrentRow(desk.names.index("Real images"))
    hands.wait_for_work()
    return hands.find(Step2Page)


def chosen(page: Step2Page, hands: Hands, real: Path) -> None:
    hands.type(page.cohort.edit, str(real))
    page.each.setValue(4)
    page.min_readers.setValue(2)
    page.seed.setValue(3)
    hands.type(page.readers, "carl, dora")
    QTest.keyClick(page.readers, Qt.Key.Key_Return)
    hands.wait_for_work()


def cells(page: Step2Page) -> tuple[list[str], list[str]]:
    return page.findings.as_text().splitlines()[1:], page.confounders.as_text().splitlines()[1:]


def test_what_is_chosen_is_shown_and_written_as_the_command_writes_it(
    window: MainWindow, hands: Hands, view: CoordinatorView, step1: Path, real: Path, tmp_path: Path
) -> None:
    page = page_of(window, hands, view)
    assert not page.open_form.isVisible()
    chosen(page, hands, real)
    assert page.message.text() == ""
    assert cells(page) == (
        ["pneumothorax\t4\t7\t0", "effusion\t4\t8\t1"],
        ["pneumothorax\tChest drain\t2\t3", "effusion\tSternal wires\t1\t2"],
    )
    assert "6 patients" in page.left_out.text()
    assert "nodule: step 1 found no confounder of it" in page.left_out.text()
    if place := os.environ.get("PICTURES"):
        window.grab().save(f"{place}/desk_step2.png")
    page.write_to(tmp_path / "window.toml")
    hands.wait_for_work()
    assert "keep it from readers" in page.outcome.text()
    options = ["--per-finding", "4", "--seed", "3", "--min-readers", "2", "--reader", "carl", "--reader", "dora"]
    command = ["step2", str(step1), "--cohort", str(real), *options, "--out", str(tmp_path / "command.toml")]
    done = CliRunner().invoke(studies, command, input=f"{PHRASE}\n")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "window.toml").read_bytes() == (tmp_path / "command.toml").read_bytes()
    page.write_to(tmp_path / "window.toml")
    hands.wait_for_work()
    assert "is there already; name a new file" in page.message.text()


def test_the_form_takes_it_to_the_seal(
    window: MainWindow, hands: Hands, view: CoordinatorView, real: Path, tmp_path: Path
) -> None:
    page = page_of(window, hands, view)
    chosen(page, hands, real)
    assert page.open_form.hasFocus()
    assert page._found is not None
    text = page._found.planned.text
    QTest.keyClick(page.open_form, Qt.Key.Key_Space)
    hands.wait_for("the form", lambda: window.page == "new study")
    hands.type(hands.find(QLineEdit, "out"), str(tmp_path / "step3"))
    hands.wait_for("the count", lambda: hands.find(QPushButton, "create").isEnabled())
    hands.click(hands.find(QPushButton, "create"))
    hands.wait_for_work()
    assert (tmp_path / "step3" / "protocol.toml").read_text(encoding="utf-8") == text
    design = seal_study(tmp_path / "step3", passphrases("carl", "dora"))
    assert sorted(case.stratum for case in design.cases) == ["effusion"] * 4 + ["pneumothorax"] * 4
    assert not {case.patient_id for case in design.cases} & {f"source{number}" for number in range(6)}


def test_another_rule_takes_back_what_was_chosen(
    window: MainWindow, hands: Hands, view: CoordinatorView, real: Path
) -> None:
    page = page_of(window, hands, view)
    chosen(page, hands, real)
    page.min_cases.setFocus()
    QTest.keyClick(page.min_cases, Qt.Key.Key_Up)
    assert not page.open_form.isVisible()
    hands.click(page.choose)
    hands.wait_for_work()
    assert cells(page)[1] == ["pneumothorax\tChest drain\t2\t3"]
    page.min_cases.setValue(3)
    hands.click(page.choose)
    hands.wait_for_work()
    assert "no item was found by 2 or more readers in 3 or more cases" in page.message.text()
    assert not page.open_form.isVisible()
    page.cohort.edit.clear()
    hands.click(page.choose)
    assert page.message.text() == "Choose the cohort of real images first."


def test_it_is_locked_while_readers_read(
    window: MainWindow, hands: Hands, real: Path, imagined: Path, tmp_path: Path
) -> None:
    page = page_of(window, hands, open_as_coordinator(sealed_step1(tmp_path, imagined), PHRASE))
    assert not page.choose.isVisible()
    hands.type(hands.find(QLineEdit, "reason"), REASON)
    hands.click(hands.find(QPushButton, "look_early"))
    hands.wait_for_work()
    hands.wait_for_work()
    assert page.choose.isVisible()


def test_a_study_of_real_images_has_no_such_page(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    window.enter_desk(
        open_as_coordinator(make_study_of_real_images(tmp_path), OTHER_PHRASES["coordinator"]),
        OTHER_PHRASES["coordinator"],
    )
    hands.wait_for_work()
    assert "Real images" not in hands.find(Desk).names
