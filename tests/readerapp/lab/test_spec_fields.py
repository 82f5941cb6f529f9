"""The form's fields come from the specs themselves: their types, ranges, choices and comments."""

import pytest

from engine.jobs.making import make_spec
from engine.jobs.tasks import TASKS, spec_class
from readerapp.lab.spec_fields import SpecField, spec_fields


def field(task: str, name: str) -> SpecField:
    return next(entry for entry in spec_fields(task) if entry.name == name)


@pytest.mark.parametrize("task", list(TASKS))
def test_every_entry_of_every_task_is_asked_for(task: str) -> None:
    asked = {entry.name for entry in spec_fields(task)}
    assert asked == set(spec_class(task).model_fields) - {"task", "preset", "cohorts"}


@pytest.mark.parametrize("task", list(TASKS))
def test_the_defaults_as_written_read_back_as_they_were(task: str) -> None:
    read = {entry.name: entry.value(entry.text(entry.default)) for entry in spec_fields(task) if entry.kind != "yes_no"}
    assert make_spec(task, (), "", read) == make_spec(task)


def test_types_ranges_and_choices() -> None:
    rate = field("race", "learning_rate")
    assert (rate.kind, rate.low, rate.open_low, rate.high) == ("decimal", 0.0, True, None)
    size = field("race", "image_size")
    assert (size.kind, size.low, size.high, size.range_text) == ("whole", 16.0, 2048.0, "16 … 2048")
    assert field("race", "optimizer").choices == ("adam", "adamw", "sgd")
    assert field("race", "bits").value("16") == 16
    assert field("race", "flip").kind == "yes_no"
    assert field("pathology", "findings").value("a, b ,") == ("a", "b")


def test_an_entry_that_may_be_left_out_is_none_when_it_is_empty() -> None:
    patience = field("race", "early_stopping_patience")
    assert patience.optional
    assert patience.value(" ") is None
    assert patience.value("4") == 4


def test_help_is_the_comment_beside_the_entry_or_above_it() -> None:
    assert field("race", "image_size").help == "pixels along each side; images are padded to a square"
    assert field("race", "weights").help.startswith("auto: ImageNet weights")
    assert field("race", "epochs").help == ""


def test_what_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError):
        field("race", "epochs").value("many")
