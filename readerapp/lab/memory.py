"""What the lab remembers on this computer: folders of cohorts, and the folder in which its runs lie."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["LabMemory"]

_KEPT = 40  # cohorts


class LabMemory:
    """`lab.json` in the folder where the program remembers studies. One that cannot be read is an empty one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "lab.json"

    def cohorts(self) -> list[Path]:
        """Folders of cohorts, the latest first."""
        listed = self._read().get("cohorts")
        return [Path(entry) for entry in listed if isinstance(entry, str)] if isinstance(listed, list) else []

    def remember_cohort(self, root: Path) -> None:
        """Put a cohort first."""
        place = root.resolve()
        others = [other for other in self.cohorts() if other != place]
        self._write({"cohorts": [str(root) for root in [place, *others][:_KEPT]]})

    def forget_cohort(self, root: Path) -> None:
        """Take a cohort off the list; its folder stays as it is."""
        self._write({"cohorts": [str(other) for other in self.cohorts() if other not in (root, root.resolve())]})

    @property
    def runs(self) -> Path:
        """The folder whose sub-folders are runs."""
        kept = self._read().get("runs")
        return Path(kept) if isinstance(kept, str) and kept else self._folder / "runs"

    def keep_runs(self, root: Path) -> None:
        """Another folder of runs."""
        self._write({"runs": str(root.resolve())})

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, changed: Mapping[str, Any]) -> None:
        """Where the folder refuses, nothing is remembered."""
        kept = self._read() | dict(changed)
        part = self._file.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            part.replace(self._file)
        except OSError:
            return
