from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image as Raster

from engine.__main__ import main
from engine.cohorts.cohort import load_cohort
from resources.files import shipped_file


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    Raster.fromarray(np.zeros((8, 6), np.uint8)).save(folder / "one.png")
    return folder


def test_import_and_show(films: Path, tmp_path: Path) -> None:
    out = tmp_path / "cohort"
    made = CliRunner().invoke(main, ["cohort", "import", "folder", "--source", str(films), "--out", str(out)])
    assert made.exit_code == 0, made.output
    assert "1 images of 1 patients" in made.output
    shown = CliRunner().invoke(main, ["cohort", "show", str(out)])
    assert shown.exit_code == 0
    assert "made by    folder" in shown.output
    checked = CliRunner().invoke(main, ["cohort", "show", str(out), "--check"])
    assert checked.exit_code == 0 and "unchanged" in checked.output
    Raster.fromarray(np.ones((8, 6), np.uint8)).save(films / "one.png")
    checked = CliRunner().invoke(main, ["cohort", "show", str(out), "--check"])
    assert checked.exit_code == 1
    assert "1 of the files that cohort was made from are gone or have changed since: one.png" in checked.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cohort", "import", "nosuch", "--source", "{films}", "--out", "{films}/c"], "there is no adapter 'nosuch'"),
        (["cohort", "show", "{films}"], "is not a cohort"),
    ],
)
def test_bad_input_gets_one_sentence_and_no_traceback(films: Path, arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(main, [part.format(films=films) for part in arguments])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_cohort_is_simulated_of_the_views_and_the_table_that_are_named(tmp_path: Path) -> None:
    words = ["cohort", "simulate", "--patients", "4", "--size", "64", "--processes", "1", "--out", str(tmp_path / "c")]
    table = str(shipped_file("tables/drains.toml"))
    made = CliRunner().invoke(main, [*words, "--view", "PA", "--table", table])
    assert made.exit_code == 0, made.output
    cohort = load_cohort(tmp_path / "c")
    assert set(cohort.frame["view"]) == {"PA"}
    assert cohort.info["table"]["device_density"] == 6.0
    assert not cohort.frame["label.nodule"].astype(int).any()


@pytest.mark.parametrize("command", [[], ["cohort"], ["cohort", "import"], ["cohort", "simulate"], ["cohort", "show"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    if command != ["cohort"]:
        assert "Example:" in result.output
