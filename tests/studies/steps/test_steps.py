"""From counterfactuals that were read to the protocol of real images: what was found, what is chosen, who may read."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.cohorts.cohort import load_cohort
from studies.design import targets_of
from studies.errors import AccessError, ProtocolError, SealError
from studies.exports.export import export_study
from studies.planning.protocol_text import protocol_text
from studies.planning.sealing import create_study, readiness, seal_study
from studies.planning.selection import select_cases
from studies.planning.vocabulary import shipped_vocabulary
from studies.protocol import parse_protocol
from studies.reading.packing import pack_study
from studies.reading.study import CoordinatorView, open_as_coordinator
from studies.steps.proposals import accept_proposals, proposals_frame
from studies.steps.step1 import found_confounders, found_table, step1_entries
from studies.steps.step2 import Selected, Step2, step3_protocol
from tests.studies.made_cohorts import passphrases, write_small_cohort
from tests.studies.made_imagined import write_imagined_cohort
from tests.studies.steps.made_step1 import read_step1, sealed_step1, step1_protocol


def answers(reader: str, finding: str, number: int) -> dict[str, str]:
    """Both find the drain in all pneumothoraces but one, ben wires in one, anna is unsure; both see the finding."""
    if finding == "effusion":
        return {"effusion": "present", "wires": "present" if number < 2 else "absent"}
    if finding == "nodule":
        return {"drain": "uncertain"}
    told = {"collapse": "present", "drain": "absent" if number == 3 else "present"}
    if reader == "ben" and number == 0:
        told |= {"wires": "present", "other_treatment": "Skin staples;  drain of chest\nskin  Staples"}
    return told


@pytest.fixture(scope="module")
def imagined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_imagined_cohort(
        tmp_path_factory.mktemp("steps") / "imagined", {"pneumothorax": 4, "effusion": 3, "nodule": 2}
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 films: 12 pneumothoraces, 9 effusions, both in three of them; the first six are of patients of step 1."""
    patients = [f"source{number}" if number < 6 else f"p{number}" for number in range(30)]
    pneumothorax = [int(number < 12) for number in range(30)]
    effusion = [int(9 <= number < 18) for number in range(30)]
    view = ["LATERAL" if number == 11 else "PA" for number in range(30)]
    return write_small_cohort(
        tmp_path_factory.mktemp("real") / "real",
        patients,
        **{"label.pneumothorax": pneumothorax, "label.effusion": effusion, "view": view},
    )


@pytest.fixture(scope="module")
def step1(imagined: Path) -> Iterator[CoordinatorView]:
    view = read_step1(sealed_step1(imagined.parent, imagined), answers)
    yield view
    view.close()


def test_step_1_has_a_stratum_for_each_finding_imagined(imagined: Path) -> None:
    protocol = parse_protocol(protocol_text(step1_entries(step1_protocol(), imagined)))
    assert [(s.name, s.n, s.finding_items) for s in protocol.selection.strata] == [
        ("pneumothorax", 4, ("collapse",)),
        ("effusion", 3, ("effusion",)),
        ("nodule", 2, ()),
    ]
    cases = select_cases(protocol, load_cohort(imagined).frame).cases
    assert len(cases) == 9
    for case in cases:
        assert [image.image_id[-1] for image in case.images] == ["1", "2", "3"], "original first, counterfactual last"


def test_a_cohort_of_real_images_is_no_step_1(real: Path) -> None:
    with pytest.raises(SealError, match=r"real is no cohort of counterfactuals: it has no column attr\.target"):
        step1_entries(step1_protocol(), real)


def test_what_was_found_is_counted_by_cases_and_readers(step1: CoordinatorView) -> None:
    table = found_table(step1.ratings(), step1.protocol, targets_of(step1.design))
    counts = {(r.finding, r.item, r.min_readers): (r.n_found, r.n_imagined) for r in table.itertuples()}
    assert counts["pneumothorax", "drain", 1] == counts["pneumothorax", "drain", 2] == (3, 4)
    assert counts["pneumothorax", "wires", 1] == (1, 4)
    assert counts["pneumothorax", "wires", 2] == (0, 4)
    assert counts["effusion", "wires", 2] == (2, 3)
    assert counts["nodule", "drain", 1] == (0, 2), "uncertain is not present"
    assert not {("pneumothorax", "collapse", 1), ("effusion", "effusion", 1)} & counts.keys(), (
        "never the finding itself"
    )
    assert ("pneumothorax", "effusion", 1) in counts


@pytest.mark.parametrize(
    ("readers", "cases", "expected"),
    [
        (1, 1, {"pneumothorax": ["drain", "wires"], "effusion": ["wires"]}),
        (2, 1, {"pneumothorax": ["drain"], "effusion": ["wires"]}),
        (1, 3, {"pneumothorax": ["drain"]}),
        (2, 4, {}),
    ],
)
def test_more_readers_and_cases_find_less(
    step1: CoordinatorView, readers: int, cases: int, expected: dict[str, list[str]]
) -> None:
    table = found_table(step1.ratings(), step1.protocol, targets_of(step1.design))
    assert found_confounders(table, readers, cases) == expected


def test_more_readers_than_there_were_are_refused(step1: CoordinatorView, real: Path) -> None:
    with pytest.raises(SealError, match="3 readers were asked for to find a confounder, and step 1 has 2"):
        step3_protocol(step1, real, Step2(min_readers=3))


@pytest.fixture(scope="module")
def selected(step1: CoordinatorView, real: Path) -> Selected:
    return step3_protocol(step1, real, Step2(per_finding=4, seed=2, min_readers=2))


def test_real_images_are_of_other_patients_disjoint_and_frontal(selected: Selected, real: Path) -> None:
    protocol = parse_protocol(selected.text)
    frame = load_cohort(real).frame.set_index("image_id")
    cases = select_cases(protocol, frame.reset_index()).cases
    patients = [case.patient_id for case in cases]
    assert len(patients) == len(set(patients))
    assert not any(patient.startswith("source") for patient in patients)
    for case in cases:
        row = frame.loc[case.images[0].image_id]
        assert row["view"] == "PA"
        assert row[f"label.{case.stratum}"] == 1
    assert {name: sum(case.stratum == name for case in cases) for name in ("pneumothorax", "effusion")} == {
        "pneumothorax": 4,
        "effusion": 4,
    }


def test_the_rarest_finding_chooses_first_and_all_are_read_if_fewer(step1: CoordinatorView, real: Path) -> None:
    """Five frontal pneumothoraces of other patients are left, and nine effusions; two films have both."""
    chosen = step3_protocol(step1, real, Step2(per_finding=30, min_readers=2))
    assert [(part.name, part.sampled, part.available) for part in chosen.sampled] == [
        ("pneumothorax", 5, 5),
        ("effusion", 6, 8),
    ]


def test_other_seeds_choose_others(step1: CoordinatorView, real: Path) -> None:
    frame = load_cohort(real).frame

    def chosen(seed: int) -> set[str]:
        text = step3_protocol(step1, real, Step2(per_finding=2, seed=seed, min_readers=2)).text
        return {case.images[0].image_id for case in select_cases(parse_protocol(text), frame).cases}

    assert chosen(1) == chosen(1)
    assert len({frozenset(chosen(seed)) for seed in range(4)}) > 1


def test_the_map_stands_in_the_strata_and_every_case_is_asked_the_same(selected: Selected) -> None:
    protocol = parse_protocol(selected.text)
    assert {s.name: s.confounders for s in protocol.selection.strata} == {
        "pneumothorax": ("drain",),
        "effusion": ("wires",),
    }
    assert [item.id for item in protocol.items] == ["drain", "wires"]
    assert selected.left_out == ("nodule: step 1 found no confounder of it",)


def test_what_is_looked_for_is_told_with_its_cases(selected: Selected) -> None:
    assert [(each.finding, each.text, each.n_found, each.n_imagined) for each in selected.checked] == [
        ("pneumothorax", "Chest drain", 3, 4),
        ("effusion", "Sternal wires", 2, 3),
    ]
    assert selected.excluded == 9


def test_findings_without_real_images_are_named(step1: CoordinatorView, tmp_path: Path) -> None:
    cohort = write_small_cohort(tmp_path / "few", [f"p{k}" for k in range(6)], **{"label.effusion": [1] * 6})
    chosen = step3_protocol(step1, cohort, Step2(min_readers=2))
    assert chosen.left_out == (
        "nodule: step 1 found no confounder of it",
        "pneumothorax: the cohort has no column label.pneumothorax",
    )
    nothing = write_small_cohort(tmp_path / "none", ["source1", "p2"], **{"label.effusion": [1, 0]})
    with pytest.raises(SealError, match=r"nothing to check in none: .*has no image with it of another patient"):
        step3_protocol(step1, nothing, Step2(min_readers=2))


def test_who_read_the_counterfactuals_is_refused(
    step1: CoordinatorView, selected: Selected, real: Path, tmp_path: Path
) -> None:
    """By the command, at creation, and at the seal of a draft whose protocol was changed by hand."""
    sentence = r"reader 'Anna' read the counterfactuals of step 1 and cannot read the real images"
    with pytest.raises(ProtocolError, match=sentence):
        step3_protocol(step1, real, Step2(readers=("Anna", "carl"), min_readers=2))
    file = tmp_path / "step3.toml"
    file.write_text(selected.text.replace('id = "reader1"', 'id = "Anna"'), encoding="utf-8")
    with pytest.raises(ProtocolError, match=sentence):
        create_study(file, real, tmp_path / "refused")
    file.write_text(selected.text, encoding="utf-8")
    draft = create_study(file, real, tmp_path / "draft")
    (draft / "protocol.toml").write_text(selected.text.replace('id = "reader1"', 'id = "Anna"'), encoding="utf-8")
    assert any("cannot read the real images" in check.sentence for check in readiness(draft))
    with pytest.raises(ProtocolError, match=sentence):
        seal_study(draft, passphrases("Anna", "reader2", "reader3"))


def test_a_pack_tells_its_reader_nothing_of_step_1(selected: Selected, real: Path, tmp_path: Path) -> None:
    file = tmp_path / "step3.toml"
    file.write_text(selected.text, encoding="utf-8")
    study = create_study(file, real, tmp_path / "step3")
    phrases = passphrases("reader1", "reader2", "reader3")
    seal_study(study, phrases)
    pack_study(study, "reader1", tmp_path / "r1.pack", phrases["coordinator"])
    with zipfile.ZipFile(tmp_path / "r1.pack") as pack:
        words = b"".join(pack.read(name) for name in pack.namelist())
    assert b"Chest drain" in words
    for secret in (b"Imagined", b"anna", b'"confounders"', b"pneumothorax", b"step1"):
        assert secret not in words, secret


def test_an_unfinished_step_1_is_locked(tmp_path: Path, real: Path) -> None:
    study = sealed_step1(tmp_path, write_imagined_cohort(tmp_path / "imagined", {"effusion": 2}))
    view = open_as_coordinator(study, passphrases()["coordinator"])
    with pytest.raises(AccessError, match="locked until every reader has finished"):
        step3_protocol(view, real, Step2())
    view.close()


def test_the_export_of_step_1_has_what_was_found_and_what_is_proposed(step1: CoordinatorView, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    export_study(step1, out, redraws=100)
    found = pd.read_csv(out / "confounders_found.csv")
    assert len(found) == (3 + 3 + 4) * 2, "items but the finding's own, by one reader or more and by two"
    html = (out / "confounders_found.html").read_text(encoding="utf-8")
    assert "Chest drain" in html
    assert "Pneumothorax" not in html, "nobody's confounder"
    proposals = pd.read_csv(out / "proposals.csv", keep_default_na=False)
    told = [(r.term, r.item_group, r.proposed_by, r.proposed_in, r.strata) for r in proposals.itertuples()]
    assert told == [
        ("drain of chest", "treatment", 1, 1, "pneumothorax"),
        ("Skin staples", "treatment", 1, 1, "pneumothorax"),
    ]
    for group in ("treatment", "physiology"):
        assert (out / "figures" / f"confounders_by_finding_{group}.svg").is_file()
    meanings = pd.read_csv(out / "codebook.csv", keep_default_na=False)
    ours = meanings[meanings["file"].isin(["confounders_found.csv", "proposals.csv"])]
    assert (ours["meaning"] != "").all()


def test_accepted_proposals_become_items_of_a_vocabulary(step1: CoordinatorView, tmp_path: Path) -> None:
    base, table = shipped_vocabulary("chest_confounders"), tmp_path / "proposals.csv"
    frame = proposals_frame(step1.readings(), step1.protocol)
    frame.to_csv(table, index=False)
    with pytest.raises(ProtocolError, match=r'no proposal of proposals\.csv is accepted; write "yes"'):
        accept_proposals(table, base, tmp_path / "v.toml")
    frame["accepted"] = np.where(frame["term"] == "Skin staples", "yes", "")
    frame.to_csv(table, index=False)
    with pytest.raises(ProtocolError, match=r"'Skin staples' is accepted in proposals\.csv without a definition"):
        accept_proposals(table, base, tmp_path / "v.toml")
    assert not (tmp_path / "v.toml").exists()
    frame["help"] = 'Staples of the "skin", seen as short bright lines.'
    frame.to_csv(table, index=False)
    made = accept_proposals(table, base, tmp_path / "v.toml")
    assert made.version == "1.0+1"
    assert made.items[:-1] == base.items
    new = made.items[-1]
    assert (new.id, new.text, new.group, new.help) == (
        "skin_staples", "Skin staples", "treatment", 'Staples of the "skin", seen as short bright lines.',
    )  # fmt: skip
    with pytest.raises(ProtocolError, match="has the id 'skin_staples', which v has already"):
        accept_proposals(table, made, tmp_path / "again.toml")
