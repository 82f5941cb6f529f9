"""Explanations of a study: what stands in their way, how they are frozen, what a stopped seal keeps."""

import importlib.util
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.explanations import Explanation
from engine.images import load_image
from engine.images.grey import presentation
from studies.design import canonical_json
from studies.errors import ReadingError, SealError
from studies.planning.explaining import EXPLAINED, maps_of, sham_seeds
from studies.planning.sealing import create_study, readiness, seal_study
from studies.planning.verification import verify_study
from studies.protocol import parse_protocol
from studies.reading.packing import pack_study
from studies.reading.shown_maps import map_from_bytes, shown_values
from studies.reading.study import open_as_coordinator, open_as_reader
from tests.studies.made_cohorts import AIDED_AND_SHAM, passphrases, protocol_text, write_small_cohort
from tests.studies.made_maps import RuleExplainer, make_run
from tests.studies.made_studies import tamper

PHRASES = passphrases("r1", "r2")
HALVES = AIDED_AND_SHAM.format(share=0.5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A draft of six images, all explained: half aided, half sham."""
    make_run(tmp_path / "run")
    return draft(tmp_path, protocol_text(HALVES))


def draft(folder: Path, text: str, **columns: object) -> Path:
    (folder / "protocol.toml").write_text(text, encoding="utf-8")
    cohort = folder / "cohort"
    if not cohort.exists():
        write_small_cohort(cohort, [f"p{n}" for n in range(6)], **columns)
    return create_study(folder / "protocol.toml", cohort, folder / "study")


def check(root: Path) -> tuple[bool, bool, str]:
    line = {line.what: line for line in readiness(root)}["explanations"]
    return line.ok, line.blocking, line.sentence


def test_what_is_sealed_is_what_was_computed(root: Path) -> None:
    explainer = RuleExplainer()
    design = seal_study(root, PHRASES, explainer=explainer)
    assert verify_study(root) == []
    shown = maps_of(design.explanations)
    for p in design.presentations:
        assert p.explained and p.explanations == shown[p.case_id, p.arm] and len(p.explanations) == 1
    seeds = [seed for _, _, seed in explainer.asked if seed is not None]
    assert len(set(seeds)) == len(seeds) == 6  # random weights of its own for each image
    assert len(explainer.asked) == len(set(shown)) == 12  # each image once as it is, once as a sham


def test_a_frozen_map_is_the_explanation_of_the_frozen_image(root: Path) -> None:
    design = seal_study(root, PHRASES, explainer=RuleExplainer())
    for record in design.explanations:
        one = map_from_bytes((root / "explanations" / str(record["sha256"])).read_bytes())
        image = load_image(root / "images" / str(record["image_sha256"]))
        if record["kind"] == "aided":
            wanted = RuleExplainer().explain(presentation(image), root.parent / "run", "gradcam", ["pneumothorax"])
            assert np.array_equal(one.values, shown_values(wanted[0].values))
            assert record["largest"] == pytest.approx(float(wanted[0].values.max()))
        assert one.values.max() == 1 and one.values.min() >= 0
        assert (record["run"], record["method"], record["target"]) == ("run", "gradcam", "pneumothorax")
        assert len(str(record["spec_sha256"])) == 64 and record["scale"] == [8.0, 6.0]
        assert (record["opacity"], record["color_map"]) == (one.opacity, one.color_map)


@dataclass
class Blind(RuleExplainer):
    """Random networks see nothing `times` in a row."""

    times: int = 2

    def explain(self, *args: Any, **more: Any) -> list[Explanation]:
        found = super().explain(*args, **more)
        if more["randomised_seed"] is None or len([ask for ask in self.asked if ask[2] is not None]) > self.times:
            return found
        return [replace(each, values=-np.abs(each.values)) for each in found]


def test_a_sham_that_shows_nothing_is_drawn_again(root: Path) -> None:
    """An empty map would say that it is none of a trained network."""
    explainer = Blind()
    design = seal_study(root, PHRASES, explainer=explainer)
    assert verify_study(root) == []
    assert len(explainer.asked) == 14  # two of the first image in vain
    protocol = parse_protocol(design.protocol_text)
    for number, one in enumerate([record for record in design.explanations if record["kind"] == "sham"]):
        seeds = sham_seeds(protocol, design.protocol_sha256, str(one["arm"]), str(one["image_sha256"]))
        assert one["randomised_seed"] == seeds[0 if number else 2]
        assert map_from_bytes((root / "explanations" / str(one["sha256"])).read_bytes()).values.max() == 1


def test_where_no_random_network_sees_anything_the_seal_does_not_wait_for_ever(root: Path) -> None:
    explainer = Blind(times=10**9)
    seal_study(root, PHRASES, explainer=explainer)
    assert verify_study(root) == [] and len(explainer.asked) == 6 + 6 * 8


def test_sham_and_aided_files_are_alike_but_for_their_values(root: Path) -> None:
    design = seal_study(root, PHRASES, explainer=RuleExplainer())
    heads = set()
    for record in design.explanations:
        content = (root / "explanations" / str(record["sha256"])).read_bytes()
        one = map_from_bytes(content)
        heads.add(content.replace(one.values.tobytes(), b""))
    assert len(heads) == 1


def test_nothing_in_a_pack_says_what_a_map_is(root: Path, tmp_path: Path) -> None:
    design = seal_study(root, PHRASES, explainer=RuleExplainer())
    pack = pack_study(root, "r1", tmp_path / "r1.pack", PHRASES["coordinator"])
    own = {sha256 for p in design.presentations if p.reader_id == "r1" for sha256 in p.explanations}
    with zipfile.ZipFile(pack) as archive:
        names = archive.namelist()
        content = "\n".join(names).encode() + b"".join(map(archive.read, names))
    assert {name.removeprefix("explanations/") for name in names if name.startswith("explanations/")} == own
    seed = str(next(r["randomised_seed"] for r in design.explanations if r["kind"] == "sham"))
    for word in ("sham", 'aided"', "gradcam", "pneumothorax", "0.625", "run", seed, "spec_sha256", "randomised"):
        assert word.encode() not in content, word


def test_a_reader_s_maps_are_checked_against_the_seal(root: Path) -> None:
    seal_study(root, PHRASES, explainer=RuleExplainer())
    view = open_as_reader(root, "r1", PHRASES["r1"])
    first, second = view.presentations[:2]
    (shown,) = view.load_maps(first.code)
    assert shown.values.shape == (4, 4) and (shown.image, shown.item) == (0, "")
    (root / "explanations" / first.explanations[0]).write_bytes(b"other")
    with pytest.raises(ReadingError, match=f"the explanation of case {first.code} is not the one that was sealed"):
        view.load_maps(first.code)
    (root / "explanations" / second.explanations[0]).unlink()
    with pytest.raises(ReadingError, match=f"explanation of case {second.code} cannot be read"):
        view.load_maps(second.code)
    view.close()
    problems = {problem.what.split(":")[0] for problem in verify_study(root)}
    assert problems == {
        "the file was changed after sealing",
        f"the file explanations/{second.explanations[0]} is missing",
    }


def test_each_item_has_the_map_of_its_finding(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    item = '\n[[items]]\nid = "ptx"\ntext = "Pneumothorax"\nfinding = "pneumothorax"\n'
    item += '[[items]]\nid = "fluid"\ntext = "Effusion"\nfinding = "effusion"\n'
    arm = '[[arms]]\nname = "unaided"\n[[arms]]\nname = "helped"\nkind = "aided"\n'
    arm += 'explanation = { run = "run", method = "occlusion", target = "item", opacity = 0.3 }\n'
    root = draft(tmp_path, protocol_text(arm, item))
    explainer = RuleExplainer()
    design = seal_study(root, PHRASES, explainer=explainer)
    assert {targets for _, targets, _ in explainer.asked} == {("pneumothorax", "effusion")}  # both in one pass
    view = open_as_reader(root, "r1", PHRASES["r1"])
    shown = view.load_maps(view.presentations[0].code)
    assert [(one.item, one.opacity) for one in shown] == [("ptx", 0.3), ("fluid", 0.3)]
    assert all(not item.finding for item in view.items)
    view.close()
    assert {(r["item"], r["target"]) for r in design.explanations} == {("ptx", "pneumothorax"), ("fluid", "effusion")}


def test_a_stopped_seal_goes_on_where_it_stopped(root: Path) -> None:
    before = {file.name for file in root.iterdir()}
    with pytest.raises(Cancelled):
        seal_study(root, PHRASES, explainer=RuleExplainer(stop_after=5))
    assert {file.name for file in root.iterdir()} == before | {EXPLAINED}
    rest = RuleExplainer()
    design = seal_study(root, PHRASES, explainer=rest)
    assert len(rest.asked) == 7 and len(design.explanations) == 12
    assert verify_study(root) == [] and not (root / EXPLAINED).exists()


def test_a_wish_to_stop_reaches_the_engine(root: Path) -> None:
    """Told within an explanation, not only between two."""
    explainer = RuleExplainer()

    def stop(share: float, what: str) -> None:
        if explainer.asked:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        seal_study(root, PHRASES, stop, explainer)
    assert len(explainer.asked) == 1


def test_other_weights_are_explained_anew(root: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        seal_study(root, PHRASES, explainer=RuleExplainer(stop_after=5))
    weights = tmp_path / "run" / "checkpoints" / "best.safetensors"
    weights.write_bytes(weights.read_bytes() + b"trained further")
    again = RuleExplainer()
    seal_study(root, PHRASES, explainer=again)
    assert len(again.asked) == 12


def test_what_stands_in_the_way_is_said_before_anything_is_changed(root: Path, tmp_path: Path) -> None:
    ok, _, sentence = check(root)
    assert ok and sentence == "12 explained cases for aided, sham; sealing computes them with the engine"
    (tmp_path / "run" / "spec.json").rename(tmp_path / "run" / "gone.json")
    before = sorted(file.name for file in root.iterdir())
    ok, blocking, sentence = check(root)
    assert not ok and blocking and sentence.startswith("the run 'run' is not there: no ")
    with pytest.raises(SealError, match="cannot be sealed yet: the run 'run' is not there"):
        seal_study(root, PHRASES, explainer=RuleExplainer())
    assert sorted(file.name for file in root.iterdir()) == before


def test_a_run_without_that_class_is_a_sentence(tmp_path: Path) -> None:
    make_run(tmp_path / "run", classes=("effusion",))
    sentence = check(draft(tmp_path, protocol_text(HALVES)))[2]
    assert sentence == "arm 'aided' explains 'pneumothorax', which is no class of the run run; it has effusion"


def test_a_run_without_weights_is_a_sentence(root: Path, tmp_path: Path) -> None:
    (tmp_path / "run" / "checkpoints" / "best.safetensors").write_bytes(b"\xff" * 20)
    assert "cannot be read: its header would have" in check(root)[2]
    (tmp_path / "run" / "checkpoints" / "best.safetensors").unlink()
    assert "has no best.safetensors yet; train it" in check(root)[2]


def test_counterfactuals_are_not_promised(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    text = protocol_text(HALVES.replace("gradcam", "counterfactual"))
    assert (
        "asks for counterfactual explanations; the engine computes gradcam, occlusion"
        in check(draft(tmp_path, text))[2]
    )


def test_stacks_are_refused(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    root = draft(tmp_path, protocol_text(HALVES), n_slices=["", "40", "", "", "1", ""])
    assert check(root)[2].startswith("1 image to be explained (image1 …) are stacks of slices")


def test_without_the_engine_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "torch" else found(name, *more)
    )
    ok, blocking, sentence = check(root)
    assert not ok and blocking and sentence.startswith("arms with explanations need the engine, which is not installed")
    with pytest.raises(SealError, match="need the engine"):
        seal_study(root, PHRASES)


def test_changed_records_do_not_verify(root: Path) -> None:
    records = json.loads(json.dumps(seal_study(root, PHRASES, explainer=RuleExplainer()).explanations))
    next(record for record in records if record["kind"] == "sham")["randomised_seed"] = None
    tamper(root, ("UPDATE seal SET value = ? WHERE name = 'explanations'", [json.dumps(records)]))
    problems = [problem.what for problem in verify_study(root)]
    assert any("random weights of seed None" in what for what in problems)
    assert any("the sealed design was changed" in what for what in problems)


def test_the_desk_has_their_provenance(root: Path) -> None:
    sealed = seal_study(root, PHRASES, explainer=RuleExplainer())
    view = open_as_coordinator(root, PHRASES["coordinator"])
    assert canonical_json(view.design.explanations) == canonical_json(sealed.explanations)
    assert view.design.seal_hash == sealed.seal_hash
    view.close()


def test_a_real_engine_seals_aided_and_sham(tmp_path: Path) -> None:
    """A process of its own: the aided map is what its network says of the frozen image, the sham is another's."""
    from engine.worker_client import Worker
    from tests.engine.explain.made import made_run

    made_run(tmp_path / "run", size=32, model="small")
    text = protocol_text(HALVES.replace('"pneumothorax"', '"tube"'), readers=2)
    root = draft(tmp_path, text)
    seen: list[str] = []
    with Worker() as worker:
        design = seal_study(root, PHRASES, lambda _share, what: seen.append(what), worker)
        one = next(r for r in design.explanations if r["kind"] == "aided" and r["image_id"] == "image0")
        image = load_image(root / "images" / str(one["image_sha256"]))
        (again,) = worker.explain(presentation(image), tmp_path / "run", "gradcam", ["tube"])
    assert verify_study(root) == [] and len(design.explanations) == 12
    assert "explaining case 12 of 12" in seen
    files = {(r["image_id"], r["kind"]): r["sha256"] for r in design.explanations}
    assert all(sha256 != files[image_id, "sham"] for (image_id, kind), sha256 in files.items() if kind == "aided")
    shown = map_from_bytes((root / "explanations" / str(one["sha256"])).read_bytes())
    assert np.array_equal(shown.values, shown_values(again.values))
    assert one["probability"] == pytest.approx(again.probability) and one["weights_sha256"]
