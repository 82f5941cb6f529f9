"""Through every page of the desk, of the form for a new study and of the lab: nothing is found by its words."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QPushButton, QTabWidget

from readerapp.demo.hands import Hands
from readerapp.desk.disputes_page import DisputesPage
from readerapp.desk.readers_page import ReadersPage
from readerapp.lab.lab import COHORTS, COUNTERFACTUALS, RESULTS, TRAINING, VIEWER, Lab
from readerapp.lab.training_form import TrainingForm
from readerapp.new_study.cases import Stratum
from readerapp.reading.session import ReadingSession
from readerapp.window import MainWindow
from studies.reading.packing import unpack_study
from studies.reading.study import open_as_coordinator, open_as_reader
from tests.readerapp.lab.imagined import made_counterfactual
from tests.readerapp.small_study import PHRASES, TITLE, make_cohort
from tests.readerapp.test_desk_disputes import read

PROGRESS, FLAGS, AGREEMENT, PREVALENCE, BIAS, DISPUTES, EXPORT, PACKS, STUDY = range(9)
COMMENT = "cut at the apex"
REASON = "interim look of the pilot"
NOTHING = "no such image"
IMAGINED = ("pneumothorax", "cardiomegaly")


def flag_a_case(study: Path) -> None:
    """One reader flags the first case, and reads no further."""
    view = open_as_reader(study, "anna", PHRASES["anna"])
    session = ReadingSession(view)
    session.open_next()
    session.painted()
    session.flag(COMMENT)
    session.end()
    view.close()


def open_desk(hands: Hands, window: MainWindow, study: Path) -> None:
    window.enter_desk(open_as_coordinator(study, PHRASES["coordinator"]), PHRASES["coordinator"])
    hands.wait_for_work()


def turn_to(hands: Hands, page: int) -> None:
    hands.find(QListWidget, "desk_pages").setCurrentRow(page)
    hands.wait_for_work()
    hands.settle()


def desk_while_reading(hands: Hands, window: MainWindow, study: Path) -> Iterator[str]:
    """The pages while answers are locked; each is named when it is shown."""
    flag_a_case(study)
    open_desk(hands, window, study)
    for page in (PROGRESS, FLAGS, AGREEMENT, PREVALENCE, BIAS, DISPUTES, EXPORT):
        turn_to(hands, page)
        yield f"page {page} while reading"
    turn_to(hands, AGREEMENT)
    hands.click(hands.find(QPushButton, "look_early"))
    yield "a reason is asked for"
    hands.type(hands.find(QLineEdit, "reason"), REASON)
    hands.click(hands.find(QPushButton, "look_early"))
    hands.wait_for_work()
    hands.wait_for_work()
    yield "nobody has finished a case"


def desk_when_read(hands: Hands, window: MainWindow, study: Path, folder: Path) -> Iterator[str]:
    """The pages of a study that all have read, with every part, and what they say when something was done."""
    for reader in ("anna", "ben"):
        read(study, reader)
    open_desk(hands, window, study)
    for page in range(hands.find(QListWidget, "desk_pages").count()):
        turn_to(hands, page)
        yield f"page {page}"
        for tabs in (one for one in window.findChildren(QTabWidget) if one.isVisible()):
            for place in range(1, tabs.count()):
                tabs.setCurrentIndex(place)
                hands.settle()
                yield f"page {page}, part {place}"
    yield from _disputes(hands)
    turn_to(hands, EXPORT)
    hands.type(hands.find(QLineEdit, "export_folder"), str(folder / "out"))
    hands.click(hands.find(QPushButton, "export"))
    hands.wait_for_work()
    yield "exported"
    yield from _packs(hands, folder)
    turn_to(hands, STUDY)
    hands.click(hands.find(QPushButton, "verify"))
    hands.wait_for_work()
    yield "verified"


def _disputes(hands: Hands) -> Iterator[str]:
    turn_to(hands, DISPUTES)
    page = hands.find(DisputesPage)
    hands.find(QComboBox, "dispute_item").setCurrentIndex(page.item.findData("wires"))
    hands.click(hands.find(QPushButton, "open_disputes"))
    hands.wait_for_work()
    hands.wait_for("the image", lambda: page.stage.count > 0)
    yield "disputes"
    hands.click(page.panel.names)
    hands.wait_for_work()
    yield "readers named"
    hands.click(hands.find(QPushButton, "record_verdict"))
    yield "a reason of the verdict is asked for"
    hands.type(hands.find(QLineEdit, "verdict_reason"), REASON)
    hands.click(hands.find(QPushButton, "record_verdict"))
    hands.wait_for_work()
    yield "adjudicated"


def _packs(hands: Hands, folder: Path) -> Iterator[str]:
    turn_to(hands, PACKS)
    page = hands.find(ReadersPage)
    page.pack(folder / "anna.pack")
    hands.wait_for_work()
    page.merge([unpack_study(folder / "anna.pack", folder / "elsewhere")])
    hands.wait_for_work()
    yield "packs"


def form_pages(hands: Hands, window: MainWindow, folder: Path) -> Iterator[str]:
    """Each page of the form, empty; then filled in with a row of every kind; then the draft, before the seal."""
    hands.click(hands.find(QPushButton, "new_study"))
    hands.wait_for_work()
    sections = hands.find(QListWidget, "form_sections")
    for row in range(sections.count()):
        yield from _section(hands, row, "empty")
    yield from _fill_in(hands, window, folder)
    for row in range(sections.count()):
        yield from _section(hands, row, "filled in")
    hands.wait_for("the button", lambda: hands.find(QPushButton, "create").isEnabled())
    hands.click(hands.find(QPushButton, "create"))
    hands.wait_for_work()
    yield "draft"
    hands.type(hands.find(QLineEdit, "passphrase_anna"), "short")
    yield "a passphrase"


def _section(hands: Hands, row: int, state: str) -> Iterator[str]:
    hands.find(QListWidget, "form_sections").setCurrentRow(row)
    hands.settle()
    yield f"section {row}, {state}"


def _fill_in(hands: Hands, window: MainWindow, folder: Path) -> Iterator[str]:
    sections = hands.find(QListWidget, "form_sections")
    sections.setCurrentRow(0)
    hands.type(hands.find(QLineEdit, "cohort"), str(make_cohort(folder)))
    hands.type(hands.find(QLineEdit, "out"), str(folder / "new"))
    hands.type(hands.find(QLineEdit, "title"), TITLE)
    sections.setCurrentRow(1)
    hands.click(hands.find(QPushButton, "add_stratum"))
    hands.type(hands.find(QLineEdit, "stratum_name"), "effusion")
    hands.click(hands.find(Stratum).where.add_button)
    hands.type(hands.find(QComboBox, "condition_column").lineEdit(), "label.effusion")
    hands.type(hands.find(QLineEdit, "condition_words"), "1")
    sections.setCurrentRow(2)
    hands.click(hands.find(QPushButton, "add_item"))
    hands.type(hands.find(QLineEdit, "item_text"), "Chest drain")
    sections.setCurrentRow(3)
    for name in ("anna", "ben"):
        hands.click(hands.find(QPushButton, "add_reader"))
        hands.type([field for field in window.findChildren(QLineEdit, "reader_id") if field.isVisible()][-1], name)
    sections.setCurrentRow(4)
    hands.click(hands.find(QPushButton, "add_arm"))
    hands.settle()
    yield "an arm"
    hands.click(hands.find(QPushButton, "remove_arm"))


def lab_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    """Through every page of the lab: it knows a cohort, and a folder of runs of which one is evaluated."""
    yield from _cohort_pages(hands, lab)
    yield from _training_pages(hands, lab)
    yield from _result_pages(hands, lab)
    yield from _viewer_pages(hands, lab)
    yield from _counterfactual_pages(hands, lab)
    lab.list.setCurrentRow(COHORTS)


def _tabs(tabs: QTabWidget, page: str) -> Iterator[str]:
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        yield f"{page}, part {place}"
    tabs.setCurrentIndex(0)


def _cohort_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    browser = lab.cohorts.browser
    yield from _tabs(browser.tabs, "cohorts")
    browser.text.setText(NOTHING)
    browser.text.returnPressed.emit()
    yield "nothing is found"
    hands.click(browser.clear)
    forms = (lab.cohorts.importing, lab.cohorts.simulating, lab.cohorts.imagining)
    for name, form in zip(("import_cohort", "simulate_cohort", "imagine_cohort"), forms, strict=True):
        hands.click(hands.find(QPushButton, name))
        hands.wait_for_work()
        yield name
        hands.click(form.start_button)
        yield f"{name}, refused"
    for row in range(lab.cohorts.imagining.far.count()):
        lab.cohorts.imagining.far.setCurrentIndex(row)
        yield f"how far, {row}"
    lab.cohorts.imagining.made.emit(lab.cohorts.browser.look.root if lab.cohorts.browser.look else Path())
    hands.wait_for_work()
    yield "a cohort was imagined"
    importing = lab.cohorts.importing
    hands.click(hands.find(QPushButton, "import_cohort"))
    for row in range(importing.adapter.count()):
        importing.adapter.setCurrentIndex(row)
        yield f"import by adapter {row}"
    hands.click(importing.back)


def _training_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    lab.list.setCurrentRow(TRAINING)
    page = lab.training
    hands.wait_for("the runs", lambda: bool(page.runs))
    yield from _tabs(page.details.tabs, "training")
    page.table.selectAll()
    yield from _tabs(page.details.tabs, "runs compared")
    hands.click(page.new)
    yield from _form_of_a_training(hands, page.form)
    hands.click(page.form.back)
    page.rest()


def _form_of_a_training(hands: Hands, form: TrainingForm) -> Iterator[str]:
    for row in range(form.task.count()):
        form.task.setCurrentIndex(row)
        form.preset.setCurrentIndex(form.preset.count() - 1)
        yield f"the form of task {row}"
    epochs = form.spec.rows["epochs"].widget
    assert isinstance(epochs, QLineEdit)
    hands.type(epochs, "many")
    yield "an entry that is changed, and no number"
    if form.where.findData("slurm") < 0:
        form.where.addItem("Slurm", "slurm")
    for row in range(form.where.count()):
        form.where.setCurrentIndex(row)
        yield f"the form, place {row}"
    hands.type(form.name, " ")
    hands.click(form.launch_button)
    yield "the form is refused"


def _result_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    lab.list.setCurrentRow(RESULTS)
    page = lab.results
    for row in range(page.run_box.count()):
        page.run_box.setCurrentIndex(row)
        for _ in range(3):  # the report, then the curves
            hands.wait_for_work()
        yield f"results of run {row}"
        if page.evaluation is not None:
            yield from _tabs(page.tabs, f"results of run {row}")


def _viewer_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    lab.list.setCurrentRow(VIEWER)
    hands.wait_for_work()
    yield "the viewer, empty"
    page, look = lab.viewer, lab.cohorts.browser.look
    assert look is not None
    page.open(look.cohort, 0)
    hands.wait_for("the image", lambda: page.stage.count == 1)
    page.panel.run.setCurrentIndex(0)
    hands.settle()
    yield "the viewer, no run"
    page.panel.run.setCurrentIndex(page.panel.run.findText("demo/pathology"))
    answered = lambda: bool(page._questions()) and all(asked in page._answers for asked in page._questions())  # noqa: E731
    hands.wait_for("the map", answered)
    hands.wait_for_work()
    yield "the viewer with a map"
    page.panel.toggle_beside()
    yield "the viewer, asking"
    hands.wait_for("both maps", answered)
    hands.settle()
    yield "the viewer with two maps"
    page.panel.toggle_beside()
    hands.settle()


def _counterfactual_pages(hands: Hands, lab: Lab) -> Iterator[str]:
    lab.list.setCurrentRow(COUNTERFACTUALS)
    hands.wait_for_work()
    yield "counterfactuals, no run that draws"
    page = lab.counterfactuals
    page.panel.offer_findings(IMAGINED)
    page.panel.show_probabilities(dict.fromkeys(IMAGINED, 0.25), {IMAGINED[0]: 1})
    page.panel.say("")
    page.imagined.show(made_counterfactual(IMAGINED[0]))
    page._tell()
    page.panel.tell_full(75.0, drawn=False)
    yield "counterfactuals, four views"
    page.panel.show_working(True)
    page.imagined.set_step(0)
    yield "counterfactuals, the reconstruction"
    page.imagined.show(made_counterfactual(IMAGINED[1], preview=False))
    page._tell()
    page.panel.show_working(False, unanswered=True)
    page.panel.tell_full(75.0, drawn=True)
    yield "counterfactuals, in full"
    page.grid.show_all([made_counterfactual(name, 1) for name in IMAGINED])
    page._toggle_grid()
    yield "counterfactuals, all findings"
    page._toggle_grid()
