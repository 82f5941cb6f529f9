"""Words that stand in tables before they are shown: marked where they are written, translated where they are shown.

What is translated: every word of the windows, and of `studies` and `engine` the short fixed words that stand in them
(kinds of items, steps of long work, what a line of a checklist is about) and the sentences that are seen every day
(`readerapp.sentences`). What stays as it was written: what a protocol, a cohort or a person says (titles, items,
options, strata, names of arms, readers and chains, comments), numbers and units, names of files, and every other
sentence of `studies` and `engine` (errors, findings of a verification), the same in the terminal and in exported files.
"""

import re

from PySide6.QtCore import QCoreApplication

__all__ = [
    "QT_TRANSLATE_NOOP",
    "answer_word",
    "check_word",
    "gesture_words",
    "mark_word",
    "protocol_word",
    "step_words",
]


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
    "star": QT_TRANSLATE_NOOP("MarkKinds", "star"),
    "polyline": QT_TRANSLATE_NOOP("MarkKinds", "line of points"),
    "freehand": QT_TRANSLATE_NOOP("MarkKinds", "freehand line"),
    "length": QT_TRANSLATE_NOOP("MarkKinds", "length"),
    "angle": QT_TRANSLATE_NOOP("MarkKinds", "angle"),
    "cobb": QT_TRANSLATE_NOOP("MarkKinds", "Cobb angle"),
    "region": QT_TRANSLATE_NOOP("MarkKinds", "region"),
    "mask": QT_TRANSLATE_NOOP("MarkKinds", "painted region"),
}


def mark_word(kind: str) -> str:
    """A kind of mark in the person's language."""
    return QCoreApplication.translate("MarkKinds", _MARKS[kind]) if kind in _MARKS else kind


_PROTOCOL = {  # the words that a protocol chooses from
    "presence": QT_TRANSLATE_NOOP("Protocol", "presence"),
    "choice": QT_TRANSLATE_NOOP("Protocol", "choice"),
    "multi": QT_TRANSLATE_NOOP("Protocol", "multi"),
    "ordinal": QT_TRANSLATE_NOOP("Protocol", "ordinal"),
    "text": QT_TRANSLATE_NOOP("Protocol", "text"),
    "treatment": QT_TRANSLATE_NOOP("Protocol", "treatment"),
    "physiology": QT_TRANSLATE_NOOP("Protocol", "physiology"),
    "technique": QT_TRANSLATE_NOOP("Protocol", "technique"),
    "image": QT_TRANSLATE_NOOP("Protocol", "image"),
    "study": QT_TRANSLATE_NOOP("Protocol", "study"),
    "patient": QT_TRANSLATE_NOOP("Protocol", "patient"),
    "unaided": QT_TRANSLATE_NOOP("Protocol", "unaided"),
    "aided": QT_TRANSLATE_NOOP("Protocol", "aided"),
    "sham": QT_TRANSLATE_NOOP("Protocol", "sham"),
}


def protocol_word(word: str) -> str:
    """A kind of item or arm, a group, a unit of cases in the person's language; a group of one's own as it is."""
    return QCoreApplication.translate("Protocol", _PROTOCOL[word]) if word in _PROTOCOL else word


_CHECKS = {  # studies.planning.draft.Readiness.what
    "draft": QT_TRANSLATE_NOOP("Checks", "draft"),
    "seal": QT_TRANSLATE_NOOP("Checks", "seal"),
    "cohort": QT_TRANSLATE_NOOP("Checks", "cohort"),
    "images": QT_TRANSLATE_NOOP("Checks", "images"),
    "items": QT_TRANSLATE_NOOP("Checks", "items"),
    "exemplars": QT_TRANSLATE_NOOP("Checks", "exemplars"),
    "readers": QT_TRANSLATE_NOOP("Checks", "readers"),
    "order": QT_TRANSLATE_NOOP("Checks", "order"),
    "cases and order": QT_TRANSLATE_NOOP("Checks", "cases and order"),
    "explanations": QT_TRANSLATE_NOOP("Checks", "explanations"),
    "passphrases": QT_TRANSLATE_NOOP("Checks", "passphrases"),
    "practice": QT_TRANSLATE_NOOP("Checks", "practice"),
    "cases": QT_TRANSLATE_NOOP("Checks", "cases"),
}


def check_word(what: str) -> str:
    """What a line of a checklist is about, in the person's language; the name of a stratum stays."""
    if found := re.fullmatch(r"stratum (?P<name>.+)", what):
        return QCoreApplication.translate("Checks", "stratum {name}").format(name=found["name"])
    return QCoreApplication.translate("Checks", _CHECKS[what]) if what in _CHECKS else what


_STEPS = (  # what long work says of itself, with the numbers in it
    (r"writing the draft", QT_TRANSLATE_NOOP("Steps", "writing the draft")),
    (r"checking what is still open", QT_TRANSLATE_NOOP("Steps", "checking what is still open")),
    (r"choosing cases and orders", QT_TRANSLATE_NOOP("Steps", "choosing cases and orders")),
    (r"freezing image (?P<n>\d+) of (?P<total>\d+)", QT_TRANSLATE_NOOP("Steps", "freezing image {n} of {total}")),
    (r"explaining case (?P<n>\d+) of (?P<total>\d+)", QT_TRANSLATE_NOOP("Steps", "explaining case {n} of {total}")),
    (r"writing the seal", QT_TRANSLATE_NOOP("Steps", "writing the seal")),
    (r"sealed", QT_TRANSLATE_NOOP("Steps", "sealed")),
    (r"packing image (?P<n>\d+) of (?P<total>\d+)", QT_TRANSLATE_NOOP("Steps", "packing image {n} of {total}")),
    (r"unpacking image (?P<n>\d+) of (?P<total>\d+)", QT_TRANSLATE_NOOP("Steps", "unpacking image {n} of {total}")),
    (r"unpacking", QT_TRANSLATE_NOOP("Steps", "unpacking")),
    (r"simulating radiographs", QT_TRANSLATE_NOOP("Steps", "simulating radiographs")),
)


def step_words(step: str) -> str:
    """What long work is at, in the person's language; a step that is not known here as it is."""
    for pattern, words in _STEPS:
        if found := re.fullmatch(pattern, step):
            return QCoreApplication.translate("Steps", words).format(**found.groupdict())
    return step
