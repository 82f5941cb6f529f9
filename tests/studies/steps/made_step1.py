"""A finished study of counterfactuals, read as told."""

from collections.abc import Callable
from pathlib import Path

from readerapp.reading.session import ReadingSession
from studies.planning.protocol_text import protocol_text
from studies.planning.sealing import create_study, seal_study
from studies.protocol import Protocol, parse_protocol
from studies.reading.study import CoordinatorView, open_as_coordinator, open_as_reader
from studies.steps.step1 import step1_entries
from tests.studies.made_cohorts import passphrases

ITEMS = """
[[items]]
id = "drain"
text = "Chest drain"
group = "treatment"
[[items]]
id = "wires"
text = "Sternal wires"
group = "treatment"
[[items]]
id = "other_treatment"
text = "Not in the list"
kind = "text"
group = "treatment"
[[items]]
id = "effusion"
text = "Pleural effusion"
group = "physiology"
[[items]]
id = "collapse"
text = "Pneumothorax"
group = "physiology"
finding = "pneumothorax"
"""
READERS = ("anna", "ben")
Answers = Callable[[str, str, int], dict[str, str]]  # reader, finding, number of the case → item → answer


def step1_protocol() -> Protocol:
    text = 'title = "Imagined"\ncase_unit = "study"\n' + ITEMS + '[[readers]]\nid = "x"\n'
    return parse_protocol(text)


def sealed_step1(root: Path, cohort: Path, readers: tuple[str, ...] = READERS) -> Path:
    file = root / "step1.toml"
    file.write_text(protocol_text(step1_entries(step1_protocol(), cohort, readers)), encoding="utf-8")
    study = create_study(file, cohort, root / "step1")
    seal_study(study, passphrases(*readers))
    return study


def read_step1(study: Path, answers: Answers, readers: tuple[str, ...] = READERS) -> CoordinatorView:
    """Everyone reads everything as `answers` says, "absent" elsewhere. A case's number counts within its finding."""
    view = open_as_coordinator(study, passphrases()["coordinator"])
    targets = {str(case.case_id): (case.labels or {})["attr.target"] for case in view.design.cases}
    numbers: dict[str, tuple[str, int]] = {}
    for case in sorted(targets, key=lambda each: (len(each), each)):
        finding = targets[case]
        numbers[case] = finding, sum(told == finding for told, _ in numbers.values())
    of_code = {str(p.code): numbers[str(p.case_id)] for p in view.design.presentations}
    for reader in readers:
        _read(study, reader, of_code, answers)
    return view


def _read(study: Path, reader: str, of_code: dict[str, tuple[str, int]], answers: Answers) -> None:
    opened = open_as_reader(study, reader, passphrases(reader)[reader])
    session = ReadingSession(opened)
    while not session.finished:
        code = str(session.open_next().code)
        session.painted()
        for item, value in answers(reader, *of_code[code]).items():
            session.answer(item, value)
        session.answer_rest_absent()
        session.finish(confirmed=True)
    session.end()
    opened.close()
