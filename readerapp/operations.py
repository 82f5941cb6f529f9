"""Every user action as a named background operation.

A function here describes an action and returns it un-run; the caller adds what to do with the result and runs it::

    operations.export_study(parent=self, view=view, out=folder).on_success(self.show_files).disabling(self.button).run()

Its title is in the person's language; the step that the work reports is English, and translated where it is shown
(`readerapp.wording.step_words`). The heavy libraries are imported inside the work, in the worker's thread: the first
window opens without them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from readerapp.background import Operation, Progress

if TYPE_CHECKING:
    from readerapp.reading.session import ReadingSession
    from readerapp.reading_progress import ProgressTables
    from readerapp.results import Results, What
    from studies.design import SealedDesign
    from studies.planning.exemplars import CohortImage
    from studies.planning.form import FormLook
    from studies.planning.sealing import Readiness
    from studies.planning.verification import Problem
    from studies.reading.disputes import Dispute, Verdict
    from studies.reading.packing import MergeReport
    from studies.reading.study import CoordinatorView
    from studies.statistics.disputes import Topic
    from studies.steps.step2 import Selected

COORDINATOR = "coordinator"
EXEMPLARS = "exemplars"  # studies.planning.exemplars.EXEMPLARS: the folder of a draft


@dataclass(frozen=True)
class StudyCard:
    """What the start page shows of a study: nothing of any patient."""

    root: Path
    title: str
    state: str  # "draft", "sealed", "pack" (one reader's), or "missing" where the folder is gone or is no study
    readers: tuple[str, ...] = ()


def look_at_studies(*, parent: QWidget, roots: Sequence[Path]) -> Operation[list[StudyCard]]:
    """Title, state and readers of studies, for the list of recent ones. One that cannot be read is "missing"."""
    return Operation(
        parent,
        QCoreApplication.translate("Operations", "Looking at recent studies"),
        lambda _progress: [_card_or_missing(root) for root in roots],
    )


def look_at_study(*, parent: QWidget, place: Path) -> Operation[StudyCard]:
    """One study that a person chose; an error says why it is none. A pack's file is unpacked beside itself first."""

    def work(progress: Progress) -> StudyCard:
        if place.is_dir():
            return _card(place)
        from studies.reading.packing import unpack_study

        progress(0.0, "unpacking")
        return _card(unpack_study(place))

    return Operation(parent, QCoreApplication.translate("Operations", "Opening the study"), work)


def _card_or_missing(root: Path) -> StudyCard:
    from studies.errors import StudyError

    try:
        return _card(root)
    except (StudyError, OSError):
        return StudyCard(root, root.name, "missing")


def _card(root: Path) -> StudyCard:
    from studies.reading.study import is_pack, list_readers, study_state, study_title

    state = "pack" if is_pack(root) else study_state(root)
    return StudyCard(root, study_title(root), state, tuple(list_readers(root)))


def open_reading(*, parent: QWidget, root: Path, reader_id: str, passphrase: str) -> "Operation[ReadingSession]":
    """A reader's own session of a sealed study. AccessError for a wrong passphrase."""

    def work(_progress: Progress) -> "ReadingSession":
        from readerapp.reading.session import ReadingSession
        from studies.reading.study import open_as_reader

        import_module("readerapp.reading.room")  # here, so that the window need not wait for it
        import_module("readerapp.keymaps").entries()  # reads all that ship, for the preferences of the room
        return ReadingSession(open_as_reader(root, reader_id, passphrase))

    return Operation(parent, QCoreApplication.translate("Operations", "Opening the reading room"), work)


def open_desk(*, parent: QWidget, root: Path, passphrase: str) -> "Operation[CoordinatorView]":
    """The coordinator's view of a study. AccessError for a wrong passphrase."""

    def work(_progress: Progress) -> "CoordinatorView":
        from studies.reading.study import open_as_coordinator

        import_module("readerapp.desk.desk")  # here, so that the window need not wait for it
        return open_as_coordinator(root, passphrase)

    return Operation(parent, QCoreApplication.translate("Operations", "Opening the desk"), work)


def open_lab(*, parent: QWidget) -> Operation[None]:
    """What the lab is made of, read before its window is: pages of tables and plots."""

    def work(_progress: Progress) -> None:
        import_module("readerapp.lab.lab")  # here, so that the window need not wait for it

    return Operation(parent, QCoreApplication.translate("Operations", "Opening the lab"), work)


def read_protocol(*, parent: QWidget, file: Path) -> "Operation[tuple[str, Mapping[str, Any]]]":
    """A protocol's text, and its entries for the form. ProtocolError names every wrong entry."""

    def work(_progress: Progress) -> "tuple[str, Mapping[str, Any]]":
        from studies.planning.protocol_text import protocol_entries
        from studies.protocol import load_protocol

        return file.read_text(encoding="utf-8"), protocol_entries(load_protocol(file))

    return Operation(parent, QCoreApplication.translate("Operations", "Reading the protocol"), work)


def look_at_form(*, parent: QWidget, entries: Mapping[str, Any], cohort: Path | None) -> "Operation[FormLook]":
    """What a form for a new study lacks, how many cases its rules choose, how much is to be read."""

    def work(_progress: Progress) -> "FormLook":
        from studies.planning.form import look_at_form

        return look_at_form(entries, cohort)

    return Operation(parent, QCoreApplication.translate("Operations", "Counting cases"), work)


@dataclass(frozen=True)
class Planned:
    """The protocol of a step of the confounder study, for the form to begin with."""

    text: str
    entries: Mapping[str, Any]
    cohort: Path


def plan_step1(*, parent: QWidget, cohort: Path) -> Operation[Planned]:
    """The protocol of step 1 for a cohort of counterfactuals. SealError where it is none."""

    def work(_progress: Progress) -> Planned:
        from resources.files import shipped_file
        from studies.planning.protocol_text import protocol_text
        from studies.protocol import load_protocol
        from studies.steps.step1 import STEP1_PROTOCOL, step1_entries

        entries = step1_entries(load_protocol(shipped_file(STEP1_PROTOCOL)), cohort)
        return Planned(protocol_text(entries), entries, cohort)

    return Operation(parent, QCoreApplication.translate("Operations", "Planning step 1"), work)


@dataclass(frozen=True)
class PlannedStep3:
    """Step 3's protocol, and what was chosen for it."""

    planned: Planned
    selected: "Selected"


def plan_step3(
    *, parent: QWidget, view: "CoordinatorView", cohort: Path, options: Mapping[str, Any]
) -> Operation[PlannedStep3]:
    """Step 2: the protocol that checks in real images what step 1 found. `options`: of `studies.steps.step2.Step2`."""

    def work(_progress: Progress) -> PlannedStep3:
        from studies.planning.protocol_text import protocol_entries
        from studies.protocol import parse_protocol
        from studies.steps.step2 import Step2, step3_protocol

        selected = step3_protocol(view, cohort, Step2(**options))
        entries = protocol_entries(parse_protocol(selected.text))
        return PlannedStep3(Planned(selected.text, entries, cohort), selected)

    return Operation(parent, QCoreApplication.translate("Operations", "Choosing real images"), work)


def write_protocol(*, parent: QWidget, text: str, out: Path) -> Operation[Path]:
    """A protocol as a new file. ProtocolError where there is one of that name."""

    def work(_progress: Progress) -> Path:
        from studies.planning.protocol_text import write_protocol

        write_protocol(out, text)
        return out

    return Operation(parent, QCoreApplication.translate("Operations", "Writing the protocol"), work)


def list_cohort_images(*, parent: QWidget, cohort: Path) -> "Operation[tuple[CohortImage, ...]]":
    """The images of a cohort that an item may be shown by."""

    def work(_progress: Progress) -> "tuple[CohortImage, ...]":
        from studies.planning.exemplars import cohort_images

        return cohort_images(cohort)

    return Operation(parent, QCoreApplication.translate("Operations", "Looking at the cohort's images"), work)


@dataclass(frozen=True)
class Draft:
    """A study that was created and is not sealed yet."""

    root: Path
    title: str
    readers: tuple[str, ...]
    checks: "tuple[Readiness, ...]"
    entries: Mapping[str, Any]  # of its protocol, for the form
    cohort: Path

    @property
    def ready(self) -> bool:
        return all(check.ok or not check.blocking for check in self.checks)


def create_study(
    *,
    parent: QWidget,
    text: str,
    cohort: Path,
    out: Path,
    exemplars_from: Path | None = None,
    exemplars: Mapping[str, Path] | None = None,
) -> Operation[Draft]:
    """Write a draft study and look at what is still open before it can be sealed.

    `exemplars_from`: where the exemplar images that the protocol names lie; `exemplars`: those chosen elsewhere.
    """

    def work(progress: Progress) -> Draft:
        from studies.planning.draft import create_draft

        progress(0.1, "writing the draft")
        create_draft(text, cohort, out, exemplars_from=exemplars_from, exemplars=exemplars)
        progress(0.6, "checking what is still open")
        return _draft(out)

    return Operation(parent, QCoreApplication.translate("Operations", "Creating the study"), work)


def change_draft(
    *, parent: QWidget, root: Path, text: str, exemplars: Mapping[str, Path] | None = None
) -> Operation[Draft]:
    """Put another protocol into a draft, with exemplar images chosen for it, and look again at what is open."""

    def work(_progress: Progress) -> Draft:
        from studies.planning.draft import change_draft

        change_draft(root, text, exemplars)
        return _draft(root)

    return Operation(parent, QCoreApplication.translate("Operations", "Changing the draft"), work)


def look_at_draft(*, parent: QWidget, root: Path) -> Operation[Draft]:
    """What is still open in a draft made earlier."""
    return Operation(
        parent, QCoreApplication.translate("Operations", "Checking the draft"), lambda _progress: _draft(root)
    )


def _draft(root: Path) -> Draft:
    from studies.planning.draft import PROTOCOL, cohort_folder
    from studies.planning.protocol_text import protocol_entries
    from studies.planning.sealing import readiness
    from studies.protocol import load_protocol
    from studies.reading.study import list_readers, study_title

    entries = protocol_entries(load_protocol(root / PROTOCOL))
    checks = tuple(readiness(root))
    return Draft(root, study_title(root), tuple(list_readers(root)), checks, entries, cohort_folder(root))


def seal_study(*, parent: QWidget, root: Path, passphrases: Mapping[str, str]) -> "Operation[SealedDesign]":
    """Freeze a draft: order, images and protocol. Nothing can be added afterwards."""

    def work(progress: Progress) -> "SealedDesign":
        from studies.planning.sealing import seal_study

        return seal_study(root, passphrases, progress)

    return Operation(parent, QCoreApplication.translate("Operations", "Sealing the study"), work)


def verify_study(*, parent: QWidget, root: Path) -> "Operation[list[Problem]]":
    """Re-derive order and hashes and walk every chain of the journal. An empty list: intact."""

    def work(progress: Progress) -> "list[Problem]":
        from studies.planning.verification import verify_study

        return verify_study(root, progress)

    return Operation(parent, QCoreApplication.translate("Operations", "Verifying seal, images and journal"), work)


def read_results(
    *, parent: QWidget, view: "CoordinatorView", what: "What", known: "Results | None"
) -> "Operation[Results]":
    """Tables of agreement, prevalence or bias; while readers are at work only who is still to finish."""

    def work(progress: Progress) -> "Results":
        from readerapp.results import read_results

        return read_results(view, what, known, progress)

    return Operation(parent, QCoreApplication.translate("Operations", "Working out the tables"), work)


def read_progress(
    *, parent: QWidget, view: "CoordinatorView", known: "ProgressTables | None" = None
) -> "Operation[ProgressTables]":
    """How far each reader is, times, and the heads of the chains; `known` where nothing was written since."""

    def work(_progress: Progress) -> "ProgressTables":
        from readerapp.reading_progress import read_progress

        return read_progress(view, known)

    return Operation(parent, QCoreApplication.translate("Operations", "Reading the journal"), work)


@dataclass(frozen=True)
class DisputedCases:
    """The cases on which readers differ, and what was adjudicated of them so far."""

    disputes: "tuple[Dispute, ...]"
    verdicts: "Mapping[tuple[str, str, str], Verdict]"


def open_disputes(*, parent: QWidget, view: "CoordinatorView", topic: "Topic") -> Operation[DisputedCases]:
    """The disputed cases behind a number; that they were opened is recorded."""

    def work(_progress: Progress) -> DisputedCases:
        return DisputedCases(view.disputes(topic), view.verdicts())

    return Operation(parent, QCoreApplication.translate("Operations", "Looking for disputed cases"), work)


def name_readers(*, parent: QWidget, view: "CoordinatorView", case_id: str) -> Operation[dict[str, str]]:
    """Letter → reader of a disputed case; that they were named is recorded."""
    title = QCoreApplication.translate("Operations", "Recording that readers are named")
    return Operation(parent, title, lambda _progress: view.name_readers(case_id))


def adjudicate(
    *, parent: QWidget, view: "CoordinatorView", verdict: "Verdict"
) -> "Operation[Mapping[tuple[str, str, str], Verdict]]":
    """Record what was agreed on for a case; the result is every verdict so far."""

    def work(_progress: Progress) -> "Mapping[tuple[str, str, str], Verdict]":
        view.adjudicate(verdict)
        return view.verdicts()

    return Operation(parent, QCoreApplication.translate("Operations", "Recording the verdict"), work)


def look_early(*, parent: QWidget, view: "CoordinatorView", reason: str) -> Operation[None]:
    """Unlock agreement before every reader has finished; the reason goes into the desk's chain of the journal."""
    title = QCoreApplication.translate("Operations", "Recording the reason")
    return Operation(parent, title, lambda _progress: view.look_early(reason))


def read_lock(*, parent: QWidget, view: "CoordinatorView") -> Operation[str]:
    """Why nothing can be exported yet, in a sentence; "" where everything can."""

    def work(_progress: Progress) -> str:
        from readerapp.results import finished_so_far

        if view.agreement_unlocked:
            return ""
        sentence = QCoreApplication.translate(
            "Operations",
            "answers are locked until every reader has finished (so far {counts}); to look earlier, give a reason, "
            "which is recorded",
        )
        return sentence.format(counts=finished_so_far(view))

    return Operation(parent, QCoreApplication.translate("Operations", "Reading the journal"), work)


def export_study(*, parent: QWidget, view: "CoordinatorView", out: Path) -> Operation[list[Path]]:
    """Every table, figure and raw file of a study into a folder."""

    def work(progress: Progress) -> list[Path]:
        from studies.exports.export import export_study

        return export_study(view, out, progress)

    return Operation(parent, QCoreApplication.translate("Operations", "Exporting tables and figures"), work)


def make_demo(*, parent: QWidget, out: Path) -> Operation[Path]:
    """The demonstration study: simulated images, a sealed study on them. One made earlier is opened as it is."""

    def work(progress: Progress) -> Path:
        from readerapp.demo_study import make_demo_study

        return make_demo_study(out, progress)

    return Operation(parent, QCoreApplication.translate("Operations", "Making the demonstration study"), work)


def pack_reader(*, parent: QWidget, root: Path, reader_id: str, out: Path, passphrase: str) -> Operation[Path]:
    """One reader's study in a file to take to another workstation; of an unpacked pack, the readings to bring back."""

    def work(_progress: Progress) -> Path:
        from studies.reading.packing import pack_study

        return pack_study(root, reader_id, out, passphrase)

    title = QCoreApplication.translate("Operations", "Packing for {reader}").format(reader=reader_id)
    return Operation(parent, title, work)


def merge_packs(*, parent: QWidget, root: Path, files: Sequence[Path], passphrase: str) -> "Operation[MergeReport]":
    """Bring readings back from packs; one of another seal is refused."""

    def work(_progress: Progress) -> "MergeReport":
        from studies.reading.packing import merge_packs

        return merge_packs(root, files, passphrase)

    return Operation(parent, QCoreApplication.translate("Operations", "Merging readings"), work)
