"""Words that stand in tables before they are shown: marked where they are written, translated where they are shown."""

from PySide6.QtCore import QCoreApplication

__all__ = ["QT_TRANSLATE_NOOP", "answer_word"]


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for `pyside6-lupdate`, which looks for this name; Qt's own gives no type to what it returns."""
    return text


_ANSWERS = {
    "present": QT_TRANSLATE_NOOP("Answers", "present"),
    "absent": QT_TRANSLATE_NOOP("Answers", "absent"),
    "uncertain": QT_TRANSLATE_NOOP("Answers", "uncertain"),
    "not assessable": QT_TRANSLATE_NOOP("Answers", "not assessable"),
}


def answer_word(value: str) -> str:
    """An answer in the person's language; options and texts of the protocol stay as they were written."""
    return QCoreApplication.translate("Answers", _ANSWERS[value]) if value in _ANSWERS else value
