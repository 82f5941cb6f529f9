"""The export of a study with explanations: what changed, where each explanation is from, and the report's section."""

from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from studies.exports.export import export_study
from studies.reading.study import open_as_coordinator
from tests.studies.made_explained import CASES, PHRASES, make_explained, read_explained


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    root = make_explained(folder)
    for reader in ("r1", "r2"):
        read_explained(root, reader)
    view = open_as_coordinator(root, PHRASES["coordinator"])
    export_study(view, folder / "tables", redraws=100)
    view.close()
    return folder / "tables"


def table(out: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(out / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_changes_are_by_direction_arm_and_reader(out: Path) -> None:
    changes = table(out, "changes").set_index(["arm", "reader_id"])
    pairs = table(out, "answer_pairs")
    assert len(pairs) == 2 * CASES
    for arm in ("aided", "sham"):
        own = pairs[(pairs["arm"] == arm) & (pairs["reader_id"] == "r1")]
        assert changes.loc[(arm, "r1"), "absent_to_present"] == (own["before"] == "absent").sum() > 0
        assert changes.loc[(arm, "r2"), "n_changed"] == 0
        assert changes.loc[(arm, "all"), "n"] == CASES


def test_base_tables_have_each_arm_apart(out: Path) -> None:
    prevalence = table(out, "prevalence")
    rows = prevalence[(prevalence["reader_id"] == "r1") & (prevalence["uncertain_as"] == "left out")]
    assert rows.set_index("arm")["prevalence"].to_dict() | {"all": 0} == {
        "all": 0, "unaided": 0.5, "aided": 1.0, "sham": 1.0,
    }  # fmt: skip


def test_every_explanation_is_traced(out: Path) -> None:
    explanations = table(out, "explanations")
    assert len(explanations) == 2 * CASES and set(explanations["kind"]) == {"aided", "sham"}
    assert explanations["randomised_seed"].notna().tolist() == (explanations["kind"] == "sham").tolist()
    assert set(explanations["run"]) == {"run"} and explanations["spec_sha256"].str.len().eq(64).all()


def test_every_column_is_in_the_codebook(out: Path) -> None:
    book = table(out, "codebook")
    for name in ("changes", "answer_pairs", "explanations", "explanations_in_view", "times"):
        rows = book[book["file"] == f"{name}.csv"]
        assert len(rows) and rows["meaning"].notna().all(), rows[rows["meaning"].isna()]["column"].tolist()


def test_the_report_has_its_section(out: Path) -> None:
    words = "\n".join(page.extract_text() for page in PdfReader(out / "report.pdf").pages)
    assert "What explanations changed" in words and "Changes by direction" in words
    assert "Agreement between readers before and after" in words and "Explanations in view" in words
