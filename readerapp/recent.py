"""What the program remembers on this computer: folders of the latest studies, and the window's place.

Nothing of any patient: title and state of a study are read from the study itself each time.
"""

import json
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QByteArray, QSettings

from readerapp.trouble import APPLICATION

KEPT = 12


class Memory:
    """Kept in one folder: this user's own, or any other (the headless demo and the tests keep theirs apart)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_data_path(APPLICATION, appauthor=False)
        self._list = self.folder / "recent.json"
        self._settings = QSettings(str(self.folder / "window.ini"), QSettings.Format.IniFormat)

    @property
    def demo(self) -> Path:
        """Where the demo of the start page lives."""
        return self.folder / "demo"

    def recent_studies(self) -> list[Path]:
        """Folders, the latest first. A list that cannot be read is an empty one."""
        try:
            listed = json.loads(self._list.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [Path(entry) for entry in listed if isinstance(entry, str)] if isinstance(listed, list) else []

    def remember(self, root: Path) -> None:
        """Put a study first. Where the list cannot be written, the study is simply not remembered."""
        others = [other for other in self.recent_studies() if other != root.resolve()]
        self._write([root.resolve(), *others][:KEPT])

    def forget(self, root: Path) -> None:
        """Take a study off the list; its folder stays as it is."""
        self._write([other for other in self.recent_studies() if other not in (root, root.resolve())])

    def geometry(self) -> QByteArray | None:
        """The window's size and place when it was closed last."""
        kept = self._settings.value("geometry")
        return kept if isinstance(kept, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)
        self._settings.sync()

    def _write(self, roots: list[Path]) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._list.write_text(json.dumps([str(root) for root in roots], indent=1), encoding="utf-8")
        except OSError:
            return
