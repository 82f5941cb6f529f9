"""Sentences and steps of `studies`: in English they stay word for word, in another language their values stay."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from readerapp.sentences import told
from readerapp.wording import check_word, protocol_word, step_words
from resources.files import shipped_file

SAID = (
    "not estimable: all 16 readings negative",
    "no disagreement was seen; bootstrap interval withheld: alpha undefined in 202 of 2000 redraws",
    "bootstrap interval withheld: kappa undefined in 3 of 20, alpha undefined in 4 of 20 redraws",
    "Cochran's Q not estimable: no disagreement in 7 complete cases",
    "4 of 30 wanted; 4 cases of the cohort meet it, of which 2 are of patients taken by another part of the study",
    "each reader reads 4 cases and 1 hidden repeat, after 0 for practice",
    "8 images found, with readable headers",
    "sealing asks for 3: coordinator, anna, ben",
    "1 reader: anna; one reader gives no agreement between readers",
    "title: is missing; choose the folder of a cohort: it holds the images",
)
STEPS = ("freezing image 3 of 8", "unpacking", "writing the seal", "sealed", "packing image 1 of 1")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[QTranslator]:
    translator = QTranslator(qapp)
    assert translator.load(str(shipped_file("translations/readerapp_de.qm")))
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@given(st.text())
@settings(deadline=None)
def test_in_english_every_sentence_stays_as_it_was_said(sentence: str) -> None:
    assert told(sentence) == sentence
    assert step_words(sentence) == sentence


@pytest.mark.parametrize("sentence", SAID)
def test_a_known_sentence_is_said_in_german_with_its_values(sentence: str, german: QTranslator) -> None:
    words = told(sentence)
    assert {*digits(words)} == {*digits(sentence)}
    english = ("the", "not", "cases", "reads", "wanted", "redraws", "readers", "missing", "found", "undefined")
    assert not [word for word in english if f" {word} " in f" {words} "], words


@pytest.mark.parametrize("sentence", SAID)
def test_a_known_sentence_stays_in_english(sentence: str) -> None:
    assert told(sentence) == sentence


@pytest.mark.parametrize("step", STEPS)
def test_steps_of_long_work(step: str, german: QTranslator) -> None:
    words = step_words(step)
    assert words != step and digits(words) == digits(step)


def test_what_is_not_known_is_said_as_it_is(german: QTranslator) -> None:
    assert told("the disk of the study burns") == "the disk of the study burns"
    assert step_words("melting") == "melting"
    assert (protocol_word("treatment"), protocol_word("my own group")) == ("Therapie", "my own group")
    assert (check_word("readers"), check_word("stratum 'oedema'")) == ("Befunder", "Stratum 'oedema'")


def digits(text: str) -> list[str]:
    return [word for word in text.replace(":", " ").replace(",", " ").split() if word.isdigit()]
