"""Words that stand in tables before they are shown: marked where they are written, translated where they are shown."""

from PySide6.QtCore import QCoreApplication

__all__ = ["QT_TRANSLATE_NOOP", "answer_word", "gesture_words", "mark_word"]


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


_GESTURES = {
    "Left": QT_TRANSLATE_NOOP("Gestures", "left drag"),
    "Middle": QT_TRANSLATE_NOOP("Gestures", "middle drag"),
    "Right": QT_TRANSLATE_NOOP("Gestures", "right drag"),
    "Wheel": QT_TRANSLATE_NOOP("Gestures", "wheel"),
}


def gesture_words(gesture: str) -> str:
    """A mouse gesture as a keymap writes it ("Shift+Left"), in words: "Shift + left drag"."""
    *modifiers, name = gesture.split("+")
    return " + ".join([*modifiers, QCoreApplication.translate("Gestures", _GESTURES[name])])


_MARKS = {
    "arrow": QT_TRANSLATE_NOOP("MarkKinds", "arrow"),
    "box": QT_TRANSLATE_NOOP("MarkKinds", "box"),
    "ellipse": QT_TRANSLATE_NOOP("MarkKinds", "ellipse"),
    "polyline": QT_TRANSLATE_NOOP("MarkKinds", "line of points"),
    "freehand": QT_TRANSLATE_NOOP("MarkKinds", "freehand line"),
    "length": QT_TRANSLATE_NOOP("MarkKinds", "length"),
    "angle": QT_TRANSLATE_NOOP("MarkKinds", "angle"),
    "cobb": QT_TRANSLATE_NOOP("MarkKinds", "Cobb angle"),
    "region": QT_TRANSLATE_NOOP("MarkKinds", "region"),
}


def mark_word(kind: str) -> str:
    """A kind of mark in the person's language."""
    return QCoreApplication.translate("MarkKinds", _MARKS[kind]) if kind in _MARKS else kind
