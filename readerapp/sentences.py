"""Sentences of `studies` that stand in pages every day, in the person's language.

`studies` says them in English, in the terminal and in exported files as well. A sentence that is not one of these, word
for word, is shown as it was said: a study with an unforeseen fault is better told of in English than not at all.
"""

import re

from PySide6.QtCore import QCoreApplication

from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["told"]

_REMARKS = (  # studies.statistics: agreement, pairs, bias
    QT_TRANSLATE_NOOP("Sentences", "not estimable: no valid reading"),
    QT_TRANSLATE_NOOP("Sentences", "not estimable: no case has two valid readings ({n} reading)"),
    QT_TRANSLATE_NOOP("Sentences", "not estimable: no case has two valid readings ({n} readings)"),
    QT_TRANSLATE_NOOP("Sentences", "not estimable: all {n} readings negative"),
    QT_TRANSLATE_NOOP("Sentences", "not estimable: all {n} readings positive"),
    QT_TRANSLATE_NOOP("Sentences", "not estimable: no case was read by this reader and another"),
    QT_TRANSLATE_NOOP("Sentences", "intervals not estimable: one patient only"),
    QT_TRANSLATE_NOOP("Sentences", "interval not estimable: one patient only"),
    QT_TRANSLATE_NOOP("Sentences", "interval not estimable: the difference is the same in every case"),
    QT_TRANSLATE_NOOP("Sentences", "no disagreement was seen"),
    QT_TRANSLATE_NOOP("Sentences", "no disagreement was seen: intervals have no width"),
    QT_TRANSLATE_NOOP("Sentences", "bootstrap interval withheld: {parts} redraws"),
    QT_TRANSLATE_NOOP("Sentences", "{name} undefined in {n} of {total}"),
    QT_TRANSLATE_NOOP("Sentences", "Cochran's Q not estimable: {parts}"),
    QT_TRANSLATE_NOOP("Sentences", "fewer than two readers"),
    QT_TRANSLATE_NOOP("Sentences", "no case was answered by every reader"),
    QT_TRANSLATE_NOOP("Sentences", "no disagreement in {n} complete case"),
    QT_TRANSLATE_NOOP("Sentences", "no disagreement in {n} complete cases"),
    QT_TRANSLATE_NOOP("Sentences", "Cochran's Q is for binary items: see the rows of the categories"),
)
_CHECKS = (  # studies.planning: draft, form
    QT_TRANSLATE_NOOP("Sentences", "choose the folder of a cohort: it holds the images"),
    QT_TRANSLATE_NOOP("Sentences", "title: is missing"),
    QT_TRANSLATE_NOOP("Sentences", "items: is missing"),
    QT_TRANSLATE_NOOP("Sentences", "readers: is missing"),
    QT_TRANSLATE_NOOP("Sentences", "{n} image in {name}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} images in {name}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} item asked of every case"),
    QT_TRANSLATE_NOOP("Sentences", "{n} items asked of every case"),
    QT_TRANSLATE_NOOP("Sentences", "{n} reader: {name}; one reader gives no agreement between readers"),
    QT_TRANSLATE_NOOP("Sentences", "{n} readers: {names}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} of {total} wanted"),
    QT_TRANSLATE_NOOP("Sentences", "{n} case of the cohort meet it"),
    QT_TRANSLATE_NOOP("Sentences", "{n} cases of the cohort meet it"),
    QT_TRANSLATE_NOOP("Sentences", "of which {n} are of patients taken by another part of the study"),
    QT_TRANSLATE_NOOP("Sentences", "each reader reads {n} case and {parts}"),
    QT_TRANSLATE_NOOP("Sentences", "each reader reads {n} cases and {parts}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} hidden repeat"),
    QT_TRANSLATE_NOOP("Sentences", "{n} hidden repeats"),
    QT_TRANSLATE_NOOP("Sentences", "after {n} for practice"),
    QT_TRANSLATE_NOOP("Sentences", "{n} image found"),
    QT_TRANSLATE_NOOP("Sentences", "{n} images found"),
    QT_TRANSLATE_NOOP("Sentences", "with readable headers"),
    QT_TRANSLATE_NOOP("Sentences", "sealing asks for {n}: coordinator, {names}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} explained case for {names}"),
    QT_TRANSLATE_NOOP("Sentences", "{n} explained cases for {names}"),
    QT_TRANSLATE_NOOP("Sentences", "sealing computes them with the engine"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "arms with explanations need the engine, which is not installed here; install it "
        "(`uv tool install 'readerapp[engine]'`), or seal on a machine that has it",
    ),
    QT_TRANSLATE_NOOP("Sentences", "also read as cases: {names}; readers would know the answer, choose others"),
    QT_TRANSLATE_NOOP("Sentences", "{name}: step 1 found no confounder of it"),  # studies.steps
    QT_TRANSLATE_NOOP("Sentences", "{name}: the cohort has no image with it of another patient"),
    QT_TRANSLATE_NOOP("Sentences", "{name}: the cohort has no column {names}"),
    QT_TRANSLATE_NOOP("Sentences", "the study is sealed; its design cannot be changed any more"),
)
_SHAPES = {"n": r"\d+", "total": r"\d+", "name": r"[^;,]+", "names": r"[^;]+", "parts": r".+"}


def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence looks like with its values in it."""
    pieces = re.split(r"{(\w+)}", sentence)  # words and names of values in turn
    return re.compile(
        "".join(f"(?P<{p}>{_SHAPES[p]})" if place % 2 else re.escape(p) for place, p in enumerate(pieces))
    )


_KNOWN = tuple((_pattern(sentence), sentence) for sentence in (*_REMARKS, *_CHECKS))


def told(sentence: str) -> str:
    """A sentence in the person's language, also where several were joined by "; " or ", "; else as it was said."""
    for pattern, known in _KNOWN:
        if found := pattern.fullmatch(sentence):
            values = found.groupdict()
            if "parts" in values:
                values["parts"] = told(values["parts"])
            return QCoreApplication.translate("Sentences", known).format(**values)
    for joint in ("; ", ", "):
        if joint in sentence:
            return joint.join(map(told, sentence.split(joint)))
    return sentence
