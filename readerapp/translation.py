r"""The language of the windows: the system's, or the one a person chose, where a translation ships; else English.

Sources and compiled translations lie in `resources/translations`. After texts have changed:

    uv run pyside6-lupdate $(git ls-files 'readerapp/*.py') -no-obsolete -locations none \
        -ts resources/translations/readerapp_de.ts
    uv run pyside6-lrelease resources/translations/readerapp_de.ts

(`pyside6-linguist` edits the first file; another language is another `readerapp_<code>.ts`, named in `LANGUAGES`.)
"""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from readerapp.settings import settings
from resources.files import shipped_file

__all__ = ["LANGUAGES", "choose_language", "chosen_language", "install"]

LANGUAGES = ("en", "de")
_SOURCE = "en"  # the language that the code is written in: needs no translation
_KEY = "language"


def chosen_language() -> str:
    """The person's choice, one of `LANGUAGES`; "" where it follows the system."""
    code = settings().value(_KEY)
    return code if code in LANGUAGES else ""


def choose_language(code: str) -> None:
    """Remember a language for the next start; "" follows the system."""
    kept = settings()
    kept.setValue(_KEY, code)
    kept.sync()


def install(app: QCoreApplication) -> str:
    """Load the translation at the start, before any window is made; returns the language that is shown."""
    code = chosen_language() or _of_the_system()
    if code == _SOURCE:
        return code
    own = shipped_file(f"translations/readerapp_{code}.qm")
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{code}.qm"
    shown = _SOURCE
    for file in (qt, own):
        translator = QTranslator(app)
        if translator.load(str(file)) and app.installTranslator(translator) and file == own:
            shown = code
    return shown


def _of_the_system() -> str:
    code = QLocale.system().name().partition("_")[0]
    return code if code in LANGUAGES else _SOURCE
