"""From a table of real radiographs to ROC figure and explanations, by the commands a researcher types."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from engine.__main__ import main
from engine.cohorts.cohort import load_cohort
from engine.explanations import Explanation
from tests.conftest import SHARED_DATA
from tests.engine.cohorts.test_manifest import CXR_COLUMNS

CXR = SHARED_DATA / "cxr"
pytestmark = pytest.mark.skipif(not CXR.is_dir(), reason=f"there is no {CXR}")


def typed(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_from_csv_to_roc_and_explanations(tmp_path: Path) -> None:
    """457 radiographs of 356 patients. Small data: the point is that it is right, with honest intervals."""
    cohort, run, looks = tmp_path / "cxr", tmp_path / "run", tmp_path / "looks"
    typed("cohort", "import", "csv", "--source", CXR, "--columns", CXR_COLUMNS, "--out", cohort)
    findings = ("effusion", "pneumothorax", "covid_19")
    settings = ("epochs=2", "image_size=128", f"findings={','.join(findings)}")
    typed("train", "pathology", "--cohort", cohort, "--out", run, *(w for s in settings for w in ("--set", s)))
    typed("evaluate", run, "--redraws", 200)

    frame = load_cohort(cohort).frame.set_index("image_id")
    test = pd.read_csv(run / "predictions" / "cxr" / "test.csv", dtype={"image_id": str}).set_index("image_id")
    assert set(test.index) == set(frame.index[frame["split"] == "test"])
    assert set(test["patient_id"]).isdisjoint(frame.loc[frame["split"] == "train", "patient_id"])  # by patient
    for finding in findings:
        stated = frame.loc[test.index, f"label.{finding}"]
        assert np.array_equal(test[f"y.{finding}"].astype("Int64").to_numpy(), stated.to_numpy())
    assert (run / "report" / "figures").is_dir() and (run / "report" / "report.html").is_file()
    _intervals_are_as_wide_as_small_data_is(pd.read_csv(run / "report" / "metrics.csv"))

    image = CXR / "images" / f"{test.index[0]}.png"
    for method in ("gradcam", "occlusion"):
        said = typed("explain", method, run, "--image", image, "--target", "effusion", "--out", looks)
        path = Path(said.strip().rsplit(", ", 1)[1])
        shown = Explanation.load(path)
        assert (shown.image_rows, shown.image_columns) == (
            int(pd.read_csv(CXR / "metadata.csv").set_index("image").loc[image.name, "height"]),
            int(pd.read_csv(CXR / "metadata.csv").set_index("image").loc[image.name, "width"]),
        )
        assert np.isfinite(shown.values).all() and shown.probability == pytest.approx(
            test["p.effusion"].iloc[0], abs=0.02
        )


def _intervals_are_as_wide_as_small_data_is(metrics: pd.DataFrame) -> None:
    """Some thirty positives at most: an interval narrower than a tenth would claim too much."""
    rows = metrics[(metrics["class"] == "effusion") & (metrics["level"] == "image")]
    whole = rows.iloc[0]
    assert whole["auc_high"] - whole["auc_low"] > 0.1
