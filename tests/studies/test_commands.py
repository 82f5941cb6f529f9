"""The `studies` command line: the whole way from a protocol to tables, and one sentence for bad input."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from readerapp.reading.session import ReadingSession
from studies.__main__ import main
from studies.reading.journal import Journal
from studies.reading.study import open_as_reader
from tests.studies.made_cohorts import write_small_cohort

PROTOCOL = """
title = "Chest tubes"
[[items]]
id = "tube"
text = "Chest tube"
[[readers]]
id = "r1"
[[readers]]
id = "r2"
"""
PASSPHRASES = "coordinator: one long phrase\nr1: another long phrase\nr2: a third long phrase\n"


def studies(*arguments: object, stdin: str = "") -> Result:
    return CliRunner().invoke(main, [str(part) for part in arguments], input=stdin)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A sealed study of six images, made by the commands."""
    write_small_cohort(tmp_path / "cohort", [f"P{number}" for number in range(6)])
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    made = studies("create", tmp_path / "protocol.toml", "--cohort", tmp_path / "cohort", "--out", tmp_path / "study")
    assert made.exit_code == 0, made.output
    sealed = studies("seal", tmp_path / "study", stdin=PASSPHRASES)
    assert sealed.exit_code == 0, sealed.output
    assert "sealed: 6 cases, 12 presentations" in sealed.output
    return tmp_path / "study"


def test_a_sealed_study_is_intact_and_says_so(study: Path) -> None:
    assert studies("verify", study).output.startswith("intact")


def test_tampering_is_named_and_ends_with_1(study: Path) -> None:
    (study / "protocol.toml").write_text(PROTOCOL.replace("Chest tubes", "Chest drains"), encoding="utf-8")
    verified = studies("verify", study)
    assert verified.exit_code == 1
    assert "protocol.toml" in verified.output


def test_a_pack_goes_out_and_comes_back(study: Path, tmp_path: Path) -> None:
    packed = studies("pack", study, "--reader", "r1", "--out", tmp_path / "r1.pack", stdin="one long phrase\n")
    assert packed.exit_code == 0, packed.output
    merged = studies("merge", study, tmp_path / "r1.pack", stdin="one long phrase\n")
    assert merged.exit_code == 0, merged.output


def test_export_before_the_reading_is_done_says_why_not(study: Path, tmp_path: Path) -> None:
    refused = studies("export", study, "--out", tmp_path / "tables", stdin="one long phrase\n")
    assert refused.exit_code == 1
    assert refused.output.count("\n") <= 2
    assert "so far r1 0 of 6; r2 0 of 6" in refused.output and "--reason TEXT" in refused.output
    assert not (tmp_path / "tables").exists()


def test_an_early_export_needs_a_reason_which_is_recorded(study: Path, tmp_path: Path) -> None:
    read_cases(study, "r1", "another long phrase", 6)
    read_cases(study, "r2", "a third long phrase", 2)
    blank = studies("export", study, "--out", tmp_path / "tables", "--reason", " ", stdin="one long phrase\n")
    assert blank.exit_code == 1 and "needs a reason" in blank.output
    reason = "interim look agreed with the board"
    early = studies("export", study, "--out", tmp_path / "tables", "--reason", reason, stdin="one long phrase\n")
    assert early.exit_code == 0, early.output
    with Journal(study) as journal:
        looks = [event.payload for event in journal.events("desk") if event.kind == "looked_early"]
    assert looks == [{"reason": reason, "finished": {"r1": [6, 6], "r2": [2, 6]}}]
    assert reason in (tmp_path / "tables" / "journal.jsonl").read_text(encoding="utf-8")


def test_a_reason_where_all_have_finished_is_not_recorded_as_an_early_look(study: Path, tmp_path: Path) -> None:
    read_cases(study, "r1", "another long phrase", 6)
    read_cases(study, "r2", "a third long phrase", 6)
    late = studies("export", study, "--out", tmp_path / "tables", "--reason", "habit", stdin="one long phrase\n")
    assert late.exit_code == 0, late.output
    with Journal(study) as journal:
        assert "looked_early" not in [event.kind for event in journal.events("desk")]


def read_cases(study: Path, reader: str, passphrase: str, number: int) -> None:
    session = ReadingSession(open_as_reader(study, reader, passphrase))
    for _ in range(number):
        session.open_next()
        session.painted()
        session.answer("tube", "present")
        session.finish()
    session.end()
    session.view.close()


def test_agreement_of_a_table_without_a_study(tmp_path: Path) -> None:
    """Feinstein and Cicchetti 1990, table 40/9/6/45: kappa 0.699, AC1 0.70075 (reading-apps 6.3)."""
    pairs = [("1", "1")] * 40 + [("1", "0")] * 9 + [("0", "1")] * 6 + [("0", "0")] * 45
    rows = [f"c{case},{reader},tube,{value}" for case, pair in enumerate(pairs) for reader, value in zip("AB", pair)]
    (tmp_path / "readings.csv").write_text("case_id,reader_id,item,value\n" + "\n".join(rows) + "\n")
    done = studies("agreement", tmp_path / "readings.csv", "--out", tmp_path / "tables")
    assert done.exit_code == 0, done.output
    row = pd.read_csv(tmp_path / "tables" / "agreement.csv").set_index("item").loc["tube"]
    assert row["fleiss_kappa"] == pytest.approx(0.69925, abs=5e-6)
    assert row["ac1"] == pytest.approx(0.70075, abs=5e-6)


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (["seal", "{study}"], PASSPHRASES, "sealed"),
        (["export", "{study}", "--out", "{study}/x"], "a wrong phrase\n", "passphrase"),
        (["pack", "{study}", "--reader", "r9", "--out", "{study}/x"], "one long phrase\n", "r9"),
        (["agreement", "{study}/protocol.toml", "--out", "{study}/x"], "", "case_id"),
        (["verify", "{study}/images"], "", "study"),
    ],
)
def test_bad_input_gets_one_sentence(study: Path, arguments: list[str], stdin: str, sentence: str) -> None:
    result = studies(*[part.format(study=study) for part in arguments], stdin=stdin)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["create", "seal", "verify", "export", "pack", "merge", "agreement"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = studies(command, "--help")
    assert result.exit_code == 0
    assert "Example:" in result.output
