"""The studies opened lately on this computer: their folders, nothing else; title and state come from the study."""

import json
from pathlib import Path

from platformdirs import user_data_path

from readerapp.trouble import APPLICATION

KEPT = 12


def recent_file() -> Path:
    """Where the list is kept."""
    return user_data_path(APPLICATION, appauthor=False) / "recent.json"


def recent_studies() -> list[Path]:
    """Folders, the latest first. A list that cannot be read is an empty one."""
    try:
        listed = json.loads(recent_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Path(entry) for entry in listed if isinstance(entry, str)] if isinstance(listed, list) else []


def remember(root: Path) -> None:
    """Put a study first. Where the list cannot be written, the study is simply not remembered."""
    _write([root.resolve(), *(other for other in recent_studies() if other != root.resolve())][:KEPT])


def forget(root: Path) -> None:
    """Take a study off the list; its folder stays as it is."""
    _write([other for other in recent_studies() if other not in (root, root.resolve())])


def _write(roots: list[Path]) -> None:
    try:
        recent_file().parent.mkdir(parents=True, exist_ok=True)
        recent_file().write_text(json.dumps([str(root) for root in roots], indent=1), encoding="utf-8")
    except OSError:
        return
