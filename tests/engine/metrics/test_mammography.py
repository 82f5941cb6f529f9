"""Areas of real readers against a published reader study: VIPER, film against digital mammography.

Gallas et al. 2019, J Med Imaging 6(1):015501, Table 3, has the difference of the reader-averaged areas by the iMRMC
U-statistic, which weighs readers by their cases; a plain mean over readers agrees within 0.004.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.metrics.roc import macro_auc, roc_auc

SUBSTUDIES = ["screeningLowP", "screeningMedP", "screeningHighP", "challengeMedP", "challengeHighP"]


@pytest.mark.parametrize("substudy", SUBSTUDIES)
def test_the_published_difference_of_two_techniques(shared_data: Path, substudy: str) -> None:
    reads = pd.read_csv(shared_data / "raters" / "viper_mammography_reads.csv.gz")
    known = pd.read_csv(shared_data / "raters" / "reference_values.csv")
    row = known[(known["subset"] == substudy) & known["statistic"].str.contains("AUC difference")].iloc[0]
    means = {}
    for technique, part in reads[reads["subStudyLabel"] == substudy].groupby("modalityID"):
        areas = [roc_auc(own["cancerStatus455"], own["score"]) for _, own in part.groupby("readerID")]
        means[technique] = np.nanmean(areas)
    difference = means["FFDM"] - means["SFM"]
    assert difference == pytest.approx(float(row["recomputed"]), abs=5e-5)
    assert difference == pytest.approx(float(row["reference_value"]), abs=0.004)


def test_the_mean_over_readers_is_the_macro_area_of_a_crossed_table(shared_data: Path) -> None:
    reads = pd.read_csv(shared_data / "raters" / "viper_mammography_reads.csv.gz")
    part = reads[(reads["subStudyLabel"] == "challengeHighP") & (reads["modalityID"] == "FFDM")]
    scores = part.pivot_table(index="caseID", columns="readerID", values="score").fillna(-1)
    truth = part.pivot_table(index="caseID", columns="readerID", values="cancerStatus455")
    areas = [roc_auc(own["cancerStatus455"], own["score"]) for _, own in part.groupby("readerID")]
    assert macro_auc(truth.to_numpy(), scores.to_numpy()) == pytest.approx(np.mean(areas), abs=1e-12)
