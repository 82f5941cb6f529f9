"""What an export is made of: the sealed design, and what readers did, as tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from studies.design import SealedDesign
from studies.protocol import Protocol


@dataclass(frozen=True)
class StudyRecord:
    """All that an export is made of: the sealed design, and what readers did, as tables."""

    protocol: Protocol
    design: SealedDesign
    readings: pd.DataFrame
    marks: pd.DataFrame
    times: pd.DataFrame
    events: pd.DataFrame
    heads: Mapping[str, str]
