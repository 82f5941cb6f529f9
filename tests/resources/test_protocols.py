"""The protocols and vocabularies that ship are valid, agree with each other, and fit the cohorts they are for."""

import tomllib

import pytest

from resources.files import shipped_file, shipped_files
from studies.planning.vocabulary import load_vocabulary, shipped_vocabulary, vocabulary_names
from studies.protocol import load_protocol

# DiffChest, Table 1: diagnosis and number of radiographs (30 each, or all if fewer).
TABLE_1 = {
    "artificial heart valve": 30,
    "central venous catheter via jugular vein": 30,
    "endotracheal tube": 30,
    "heart insufficiency": 30,
    "artificial aortic heart valve": 24,
    "pleural effusion": 30,
    "lung metastasis": 30,
    "pneumothorax": 30,
    "cardiomegaly": 30,
    "calcified densities": 30,
    "catheter": 9,
}
TABLE_2 = {
    "central venous catheter via jugular vein",
    "pleural effusion",
    "cardiomegaly",
    "calcified densities",
    "lung metastasis",
    "catheter",
}


@pytest.mark.parametrize("path", shipped_files("protocols"), ids=lambda path: path.stem)
def test_shipped_protocols_are_valid(path):
    protocol = load_protocol(path)
    assert protocol.items and protocol.readers


def test_a_file_that_does_not_ship_is_named_with_its_neighbours():
    with pytest.raises(FileNotFoundError, match=r"protocols/dem\.toml.*demo\.toml"):
        shipped_file("protocols/dem.toml")


@pytest.mark.parametrize("name", vocabulary_names())
def test_vocabularies_say_what_each_item_means(name):
    vocabulary = shipped_vocabulary(name)
    assert vocabulary.version
    for item in vocabulary.items:
        assert item.kind == "presence" and item.group in ("treatment", "physiology", "technique")
        assert item.help.endswith(".") and 1 <= item.help.count(". ") + 1 <= 2, item.id
        assert len(item.key) == 1, f"{item.id} has no key"


def test_a_vocabulary_with_a_key_twice_is_refused(tmp_path):
    text = 'version = "1"\ntitle = "t"\n' + "".join(
        f'[[items]]\nid = "{name}"\ntext = "x"\nkey = "D"\n' for name in ("one", "two")
    )
    file = tmp_path / "v.toml"
    file.write_text(text)
    with pytest.raises(Exception, match="item key 'D' is given twice"):
        load_vocabulary(file)


@pytest.mark.parametrize("name", ["demo", "diffchest_confounders"])
def test_protocol_items_are_word_for_word_those_of_the_vocabulary(name):
    vocabulary = {item.id: item for item in shipped_vocabulary("chest_confounders").items}
    for item in load_protocol(shipped_file(f"protocols/{name}.toml")).items:
        assert item == vocabulary[item.id]


def test_step_1_asks_for_the_vocabulary_and_for_what_it_lacks():
    vocabulary = {item.id: item for item in shipped_vocabulary("chest_confounders").items}
    items = load_protocol(shipped_file("protocols/diffchest_step1.toml")).items
    listed = [item.model_copy(update={"finding": ""}) for item in items if item.kind == "presence"]
    assert listed == list(vocabulary.values())
    assert [(item.id, item.group) for item in items if item.kind == "text"] == [
        ("other_treatment", "treatment"),
        ("other_physiology", "physiology"),
    ]


def test_the_diffchest_protocol_has_the_strata_of_tables_1_and_2():
    protocol = load_protocol(shipped_file("protocols/diffchest_confounders.toml"))
    strata = {stratum.name: stratum for stratum in protocol.selection.strata}
    assert strata.keys() == TABLE_1.keys()
    assert all(stratum.n == 30 for stratum in strata.values())
    assert len(protocol.readers) == 3
    groups = {item.id: item.group for item in protocol.items}
    with_physiology = {
        name for name, s in strata.items() if any(groups[item] == "physiology" for item in s.confounders)
    }
    assert with_physiology == TABLE_2
    assert all(any(groups[item] == "treatment" for item in s.confounders) for s in strata.values())
    assert "chest_drain" in strata["pneumothorax"].confounders  # introduction
    assert "congestion" in strata["cardiomegaly"].confounders  # Figure 4 d


def test_the_demo_asks_only_for_columns_the_simulation_plants():
    from engine.cohorts.simulated.confounding import DEVICES, FINDINGS

    protocol = load_protocol(shipped_file("protocols/demo.toml"))
    planted = {f"label.{name}" for name in (*FINDINGS, *DEVICES)}
    assert protocol.training is not None
    asked = {column for columns in protocol.training.truth.values() for column in columns}
    asked |= {column for stratum in protocol.selection.strata for column in stratum.where}
    assert asked <= planted
    assert protocol.training.truth.keys() == {item.id for item in protocol.items}
    assert 20 <= sum(stratum.n for stratum in protocol.selection.strata) <= 30


def test_the_template_shows_every_entry_of_a_protocol():
    from studies.protocol import (
        Arm,
        Item,
        Navigation,
        Order,
        Protocol,
        Reader,
        Selection,
        Sessions,
        Step1,
        Stratum,
        Timing,
        Training,
    )

    text = shipped_file("protocols/template.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)
    for entry in (
        Protocol,
        Selection,
        Stratum,
        Item,
        Arm,
        Order,
        Training,
        Sessions,
        Navigation,
        Timing,
        Step1,
        Reader,
    ):
        for name in entry.model_fields:
            assert f"{name} = " in text or f"{name}]" in text, f"{entry.__name__}.{name} is not in the template"


def test_the_explained_demo_is_the_demo_with_arms():
    plain, explained = (load_protocol(shipped_file(f"protocols/{name}.toml")) for name in ("demo", "demo_explained"))
    items = tuple(item.model_copy(update={"finding": ""}) for item in explained.items)
    same = {"items": items, "arms": plain.arms, "instructions": plain.instructions}
    assert explained.model_copy(update=same) == plain
    assert explained.instructions.startswith(plain.instructions.rstrip())
    assert [arm.kind for arm in explained.arms] == ["unaided", "aided", "sham"]
    assert explained.arms[1].explanation == explained.arms[2].explanation
