"""Adapter `hand-atlas`: the Digital Hand Atlas of USC (Gertych et al. 2007), hand radiographs of healthy children.

Race and sex are the name of the folder, JPEGimages/{ASI,BLK,CAU,HIS}{F,M}; there is no table. `published` keeps Black
and White children as Reading Race does (691 films); `all` keeps the four groups.
"""

import re

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.tables import image_files
from engine.errors import CohortError

_RACES = {"ASI": "Asian", "BLK": "Black", "CAU": "White", "HIS": "Hispanic"}
_GROUP = re.compile(r"(ASI|BLK|CAU|HIS)([FM])", re.IGNORECASE)
_AGE_FOLDER = re.compile(r"(?:ASI|BLK|CAU|HIS)[FM]?_?(\d{1,2})[FM]?", re.IGNORECASE)


def _build(source: Source) -> pd.DataFrame:
    rows = []
    strangers: list[str] = []
    for path in image_files(source.root, (".jpg", ".jpeg")):
        parts = path.relative_to(source.root).parts
        group = next((match for part in parts[:-1] if (match := _GROUP.fullmatch(part))), None)
        if group is None:
            strangers.append(path.name)
            continue
        rows.append(_row(source.relative(path), path.stem, group, parts))
    if not rows:
        raise CohortError(
            f"Digital Hand Atlas: no JPEG lies in a folder ASIF, ASIM, BLKF … HISM below {source.root}; "
            f"{source.dataset.apply}"
        )
    source.ledger.note("look for images", "lie in no folder of a group", len(strangers), tuple(strangers))
    frame = pd.DataFrame(rows)
    source.ledger.count(frame, "JPEG files in the folders of the groups")
    if not source.published:
        return frame
    kept = frame["race"].isin(["Black", "White"])
    return source.ledger.keep(frame, kept, "Black or White", "are of another group", Printed(691, 691))


def _row(path: str, stem: str, group: re.Match[str], parts: tuple[str, ...]) -> dict[str, str]:
    code = group[0].upper()
    age = next((match[1] for part in parts[:-1] if (match := _AGE_FOLDER.fullmatch(part))), "")
    child = f"{code}-{stem}"
    return {
        "image_id": child,
        "patient_id": child,
        "study_id": child,
        "path": path,
        "modality": "DX",
        "body_part": "HAND",
        "view": "PA",
        "sex": code[3],
        "race": _RACES[code[:3]],
        "attr.age_group": age,
    }


HAND_ATLAS = Dataset(
    name="hand-atlas",
    title="Digital Hand Atlas",
    summary="Digital Hand Atlas: hands of children, race and sex by folder (Los Angeles)",
    apply="it is at https://ipilab.usc.edu/research/baaweb/",
    files="JPEGimages/ASIF, ASIM, BLKF, BLKM, CAUF, CAUM, HISF, HISM",
    build=_build,
    constructions=(PUBLISHED, ALL),
    groups={"sex": ("F", "M"), "race": ("Black", "White")},
)
