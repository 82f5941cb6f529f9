"""Digital Hand Atlas: the folder says race and sex."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, printed, reasons, write_film

GROUPS = ("ASIF", "ASIM", "BLKF", "BLKM", "CAUF", "CAUM", "HISF", "HISM")


def atlas(root: Path, groups: tuple[str, ...] = GROUPS) -> Path:
    for group in groups:
        write_film(root / "JPEGimages" / group / f"{group}07" / "4501.jpg")
        write_film(root / "JPEGimages" / group / f"{group}11" / "4502.jpg")
    write_film(root / "JPEGimages" / "readme" / "logo.jpg")
    return root


def test_race_and_sex_come_from_the_folder(tmp_path: Path) -> None:
    cohort = imported("hand-atlas", atlas(tmp_path / "atlas"), tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert sorted(set(frame["race"])) == ["Black", "White"] and len(frame) == 8
    assert frame.loc["BLKF-4501", ["race", "sex", "attr.age_group"]].tolist() == ["Black", "F", "07"]
    assert printed(cohort) == {"Black or White": {"images": 691, "patients": 691}}
    assert reasons(cohort) == {"lie in no folder of a group": 1, "are of another group": 8}


def test_all_four_groups_where_asked(tmp_path: Path) -> None:
    frame = imported("hand-atlas", atlas(tmp_path / "atlas"), tmp_path / "cohort", construction="all").frame
    assert frame["race"].value_counts().to_dict() == {"Asian": 4, "Black": 4, "White": 4, "Hispanic": 4}


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="column 'race' holds no Black"):
        imported("hand-atlas", atlas(tmp_path / "one", ("CAUF", "CAUM")), tmp_path / "cohort")
    with pytest.raises(CohortError, match="no JPEG lies in a folder ASIF"):
        imported("hand-atlas", atlas(tmp_path / "two", ()), tmp_path / "cohort")
