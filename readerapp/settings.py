"""What the program keeps for the person at this computer: keymap, size of text, language, places of windows.

One file, `settings.ini`, in the folder where the system keeps settings of programs. Nothing of a patient, a study or an
answer is ever written there.
"""

import os
from pathlib import Path

from platformdirs import user_config_path
from PySide6.QtCore import QSettings

from readerapp.trouble import APPLICATION

__all__ = ["FOLDER_VARIABLE", "SCREENS", "settings", "settings_folder"]

FOLDER_VARIABLE = "READERAPP_SETTINGS"  # another folder: a locked-down computer, a demonstration, a test
SCREENS = "screens"  # group of everything that says where a window was: forgotten together


def settings_folder() -> Path:
    """Where settings and a person's own keymaps are kept. The folder may not exist yet."""
    other = os.environ.get(FOLDER_VARIABLE)
    return Path(other) if other else user_config_path(APPLICATION, appauthor=False)


def settings() -> QSettings:
    """The settings; what is set is written soon after, by Qt. Where the folder refuses, nothing is remembered."""
    return QSettings(str(settings_folder() / "settings.ini"), QSettings.Format.IniFormat)
