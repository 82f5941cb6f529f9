"""`engine evaluate` as people type it."""

from pathlib import Path

from click.testing import CliRunner

from engine.__main__ import main
from tests.engine.evaluation.made_runs import made_cohort, race_run


def _typed(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["evaluate", *map(str, words)])
    return result.exit_code, result.output


def test_a_report_is_written_and_its_areas_printed(tmp_path: Path) -> None:
    cohort = made_cohort(tmp_path / "cohort", 40, ct=True, plain=True)
    run, weaker = race_run(tmp_path / "run", cohort), race_run(tmp_path / "weaker", cohort, gain=0.2)
    code, output = _typed(run.path, "--redraws", 50, "--against", weaker.path, "--permutations", 99)
    assert code == 0, output
    assert "made, test: 20 images of 20 patients" in output and "macro  image  AUC 0.9" in output
    assert (run.report / "comparison.csv").is_file()


def test_what_cannot_be_evaluated_ends_with_a_sentence(tmp_path: Path) -> None:
    cohort = made_cohort(tmp_path / "cohort", 20, ct=True, plain=True)
    run = race_run(tmp_path / "run", cohort)
    for words, sentence in (
        ((run.path, "--split", "train"), "has no predictions of split train"),
        ((run.path, "--cohort", f"elsewhere={cohort.root}"), "no predictions of elsewhere, split test; there are"),
        ((tmp_path,), "is not a run"),
    ):
        code, output = _typed(*words)
        assert code == 1 and sentence in output.replace("\n", " "), output
