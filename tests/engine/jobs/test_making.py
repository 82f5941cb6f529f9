import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import JobError
from engine.jobs.making import make_spec, parse_settings, software_versions
from engine.jobs.presets import PRESETS
from engine.jobs.specs import RaceSpec
from engine.jobs.tasks import TASKS


def test_a_setting_wins_over_the_preset_and_the_preset_over_the_default() -> None:
    spec = make_spec("race", preset="chest-resnet34", settings={"epochs": 3})
    assert isinstance(spec, RaceSpec)
    assert (spec.epochs, spec.batch_size, spec.image_size, spec.momentum) == (3, 256, 320, 0.9)
    assert spec.preset == "chest-resnet34"


@pytest.mark.parametrize("task", list(PRESETS))
def test_every_preset_is_a_spec_of_its_task(task: str) -> None:
    for name in PRESETS[task]:
        assert make_spec(task, preset=name).task == task


def test_race_presets_are_those_of_supplemental_table_1() -> None:
    """Reading Race, Supplemental Table 1; where paper and released notebooks differ both are there."""
    assert make_spec("race", preset="hand-resnet50").learning_rate == 1e-5
    assert make_spec("race", preset="hand-resnet50-as-released").learning_rate == 1e-6
    densenet = make_spec("race", preset="chest-densenet121")
    assert (densenet.schedule, densenet.schedule_every, round(densenet.schedule_factor, 4)) == ("step", 2, 0.9512)
    assert all(preset.values["flip"] for preset in PRESETS["race"].values())  # the paper flips; nothing else here does
    assert not make_spec("race").flip


@pytest.mark.parametrize(
    ("task", "settings", "sentence"),
    [
        ("race", {"epoch": 3}, "a race training has no entry 'epoch'; its entries are task, preset"),
        ("race", {"epochs": 0}, "epochs = 0 is not possible"),
        ("race", {"model": "vgg"}, "model = 'vgg' is not possible"),
        ("dreaming", {}, "there is no task 'dreaming'; there are race, pathology"),
    ],
)
def test_what_is_wrong_is_named(task: str, settings: dict, sentence: str) -> None:
    with pytest.raises(JobError) as caught:
        make_spec(task, settings=settings)
    assert sentence in str(caught.value)


def test_an_unknown_preset_is_told_those_there_are() -> None:
    with pytest.raises(JobError, match="has no preset 'x'; there are chest-resnet34"):
        make_spec("race", preset="x")


def test_settings_of_the_shell() -> None:
    settings = ["epochs=3", "learning_rate=1e-4", "model=resnet50", "classes=Black,White", "compile=true"]
    assert parse_settings([*settings, "early_stopping_patience=null", "weights=none"]) == {
        "epochs": 3,
        "learning_rate": 1e-4,
        "model": "resnet50",
        "classes": ("Black", "White"),
        "compile": True,
        "early_stopping_patience": None,
        "weights": "none",
    }
    with pytest.raises(JobError, match="'epochs' is no setting"):
        parse_settings(["epochs"])


@given(st.text())
def test_any_text_is_a_setting_or_a_sentence(text: str) -> None:
    try:
        parse_settings([text])
    except JobError as error:
        assert "no setting" in str(error)


def test_versions_name_what_the_numbers_depend_on() -> None:
    assert {"python", "readerapp", "numpy"} <= set(software_versions())


def test_every_task_names_functions_of_the_engine() -> None:
    for task in TASKS.values():
        assert task.train.startswith("engine.training.") and ":" in task.train
