"""A real study, sealed and read by three readers, exported whole: what is in the folder, and that it adds up."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from statsmodels.stats.inter_rater import fleiss_kappa

from studies.errors import AccessError, RatingsError
from studies.exports.export import export_ratings, export_study
from studies.exports.masks import mask_pixels
from studies.planning.sealing import create_study, seal_study
from studies.reading.events import event_from_json, walk_events
from studies.reading.masks import checked_mask, mask_fields, mask_of_counts
from studies.reading.study import CoordinatorView, open_as_coordinator, open_as_reader
from studies.statistics.agreement import agreement_table
from studies.statistics.ratings import Ratings, read_long
from tests.studies.made_cohorts import passphrases, write_small_cohort

READERS = ("r1", "r2", "r3")
PROTOCOL = """
title = "Small study"
[selection]
[[selection.strata]]
name = "pneumothorax"
where = { "label.pneumothorax" = 1 }
n = 9
confounders = ["drain", "wire", "congestion"]
finding_items = ["pneumothorax"]
[[selection.strata]]
name = "effusion"
where = { "label.pneumothorax" = 0 }
n = 9
confounders = ["wire"]
[order]
repeat_share = 0.2
repeat_distance = 3
[[items]]
id = "drain"
text = "Chest drain"
group = "treatment"
help = "A pleural drain of any calibre"
[[items]]
id = "wire"
text = "Sternal wires"
group = "treatment"
[[items]]
id = "congestion"
text = "Congestion"
group = "physiology"
[[items]]
id = "pneumothorax"
text = "Pneumothorax"
group = "pathology"
[[items]]
id = "side"
text = "Side"
kind = "choice"
options = ["none", "left", "right"]
[[items]]
id = "zones"
text = "Zones"
kind = "multi"
options = ["upper", "lower"]
[[items]]
id = "note"
text = "Note"
kind = "text"
"""


def _answers(case: int, reader: int, repeat: int) -> dict[str, str]:
    """What a reader says about a case: wire is never there, the drain is in every third case, r3 overlooks some."""
    overlooked = reader == 2 and case % 4 == 0
    answers = {
        "drain": "present" if case % 3 == 0 and not overlooked else "absent",
        "wire": "absent",
        "congestion": "uncertain" if case == 5 else "present" if case % 2 else "absent",
        "side": ("none", "left", "right")[(case + (repeat and reader)) % 3],
        "zones": json.dumps(["upper", "lower"] if case % 2 else []),
        "note": '=HYPERLINK("http://x")' if case == 1 else "",
    }
    if not (case == 2 and reader == 1):
        answers["pneumothorax"] = "not assessable" if case == 4 else "present"
    return {item: value for item, value in answers.items() if value}


def _painted(reader: int) -> dict:
    """A region of 4 rows and 6 columns that lies two columns further to the right with each reader; 12 × 10 pixels."""
    first = 2 * reader * 10 + 3
    mask = mask_of_counts(10, 12, [first, *([4, 6] * 5), 4, 120 - first - 54])
    points = [[2 * reader - 0.5, 2.5], [2 * reader + 5.5, 6.5]]
    place = {"item_id": "drain", "kind": "mask", "image": 0, "frame": 0, "spacing_mm": [0.5, 0.2], "calibrated": True}
    return {"id": "m2", "points": points, "mask": mask_fields(mask), **place}


def _read(root: Path, reader_id: str, finish: bool = True) -> None:
    reader = READERS.index(reader_id)
    view = open_as_reader(root, reader_id, passphrases(*READERS)[reader_id])
    # The desk's knowledge of which case a code stands for: a reader does not have it.
    desk = open_as_coordinator(root, passphrases()["coordinator"])
    cases = {p.code: (int(p.case_id.removeprefix("image")), p.repeat) for p in desk.design.presentations}
    desk.close()
    view.journal_append("s", "session_started", "", {})
    for showing in view.presentations if finish else view.presentations[:2]:
        view.journal_append("s", "case_opened", showing.code, {})
        view.journal_append("s", "painted", showing.code, {})
        for item, value in _answers(cases[showing.code][0], reader, cases[showing.code][1]).items():
            view.journal_append("s", "answered", showing.code, {"item": item, "old": "", "new": value})
        mark = {"id": "m1", "item_id": "drain", "kind": "arrow", "points": [[1, 2], [3, 4]], "image": 0, "frame": 0}
        view.journal_append("s", "mark_added", showing.code, {"new": mark})
        view.journal_append("s", "mark_added", showing.code, {"new": _painted(reader)})
        view.journal_append("s", "case_finished", showing.code, {})
    view.journal_append("s", "session_ended", "", {})
    view.close()


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    labels = [int(case < 9) for case in range(18)]
    patients = [f"p{case // 3}" for case in range(18)]
    cohort = write_small_cohort(folder / "cohort", patients, **{"label.pneumothorax": labels})
    listed = "".join(f'[[readers]]\nid = "{reader}"\n' for reader in READERS)
    (folder / "protocol.toml").write_text(PROTOCOL + listed, encoding="utf-8")
    root = create_study(folder / "protocol.toml", cohort, folder / "study")
    seal_study(root, passphrases(*READERS))
    return root


@pytest.fixture(scope="module")
def exported(sealed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[CoordinatorView, Path]:
    _read(sealed, "r1", finish=False)
    view = open_as_coordinator(sealed, passphrases()["coordinator"])
    with pytest.raises(AccessError, match=r"locked until every reader has finished \(so far r1 \d+ of \d+;"):
        export_study(view, sealed.parent / "early")
    assert not (sealed.parent / "early").exists()
    for reader in READERS:
        _read(sealed, reader)
    out = tmp_path_factory.mktemp("out") / "tables"
    shares: list[float] = []
    files = export_study(view, out, shares.append, redraws=300)
    assert sorted(files) == sorted(path for path in out.rglob("*") if path.is_file())
    assert shares == sorted(shares)
    assert shares[-1] == 1
    return view, out


def test_every_file_is_there(exported: tuple[CoordinatorView, Path]) -> None:
    _, out = exported
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    tables = ["agreement", "prevalence", "table1_treatment", "table2_physiology"]
    expected = {f"{name}.{ending}" for name in tables for ending in ("csv", "tex", "html")}
    expected |= {f"{name}.csv" for name in ("pairwise", "concordance", "reader_effects", "leave_one_reader_out")}
    expected |= {
        "intra_reader.csv",
        "readings_long.csv",
        "readings_wide.csv",
        "marks.csv",
        "mask_overlap.csv",
        "times.csv",
        "protocol.toml",
    }
    expected |= {"journal.csv", "journal.jsonl", "chain_heads.csv", "codebook.csv", "codebook.html", "README.txt"}
    expected |= {"SHA256SUMS.txt", "figures/kappa_forest.svg", "figures/kappa_forest.png"}
    for group in ("treatment", "physiology", "any_treatment_by_stratum", "any_physiology_by_stratum"):
        expected |= {f"figures/concordance_{group}.{ending}" for ending in ("svg", "png")}
    assert expected <= names


def test_agreement_is_that_of_the_long_readings(exported: tuple[CoordinatorView, Path]) -> None:
    """`studies agreement` on the exported readings gives the same numbers for every binary and nominal item."""
    _, out = exported
    table = pd.read_csv(out / "agreement.csv")
    again = agreement_table(read_long(out / "readings_long.csv"), redraws=300)
    columns = ["fleiss_kappa", "fleiss_kappa_low", "fleiss_kappa_boot_low", "ac1", "krippendorff_alpha", "n_readings"]
    for item in ("drain", "wire", "congestion", "pneumothorax"):
        one, other = (frame[frame["item"] == item][columns].to_numpy(float) for frame in (table, again))
        assert np.allclose(one, other, equal_nan=True)
    assert set(table["item"]) >= {"zones = upper", "zones = lower", "side", "any:treatment", "any:physiology"}
    assert "note" not in set(table["item"])


def test_table_1_counts_the_majority(exported: tuple[CoordinatorView, Path]) -> None:
    """Drains in cases 0, 3, 6 of pneumothorax: r3 overlooks those of cases 0 and 4; the majority finds all three."""
    _, out = exported
    table = pd.read_csv(out / "table1_treatment.csv").set_index("diagnosis")
    row = table.loc["pneumothorax"]
    assert (row["radiographs_n"], row["confounder_present"]) == (9, 3)
    assert row["ratio_percent"] == pytest.approx(100 * 8 / 27)
    counts = np.array([[0, 3]] * 2 + [[1, 2]] + [[3, 0]] * 6)
    assert row["fleiss_kappa"] == pytest.approx(fleiss_kappa(counts))
    assert table.loc["effusion", "status"] == "not estimable: all 27 readings negative"
    assert pd.isna(table.loc["effusion", "fleiss_kappa"])
    page = (out / "table1_treatment.html").read_text(encoding="utf-8")
    assert "not estimable" in page
    assert "a tied majority is not present (0 tied)" in page
    physiology = pd.read_csv(out / "table2_physiology.csv")
    assert list(physiology["diagnosis"]) == ["pneumothorax"]  # the only stratum with such a confounder


def test_raw_readings(exported: tuple[CoordinatorView, Path]) -> None:
    view, out = exported
    long = pd.read_csv(out / "readings_long.csv", dtype=str, keep_default_na=False)
    assert len(long) == len(view.readings())
    wide = pd.read_csv(out / "readings_wide.csv", dtype=str, keep_default_na=False)
    assert len(wide) * 7 == len(long)
    row = wide[(wide["case_id"] == "image2") & (wide["reader_id"] == "r2") & (wide["repeat"] == "0")].iloc[0]
    assert (row["pneumothorax"], row["drain"]) == ("", "absent")
    marks = pd.read_csv(out / "marks.csv")
    assert set(marks["item"]) == {"drain"}


def test_masks_can_be_worked_out_again(exported: tuple[CoordinatorView, Path]) -> None:
    _, out = exported
    marks = pd.read_csv(out / "marks.csv")
    masks = marks[marks["kind"] == "mask"]
    assert len(masks) == len(marks) / 2
    for row in masks.to_dict("records"):
        pixels = np.array(Image.open(out / row["mask_file"]))
        reader = READERS.index(row["reader_id"])
        expected = np.zeros((10, 12), bool)
        expected[3:7, 2 * reader : 2 * reader + 6] = True
        assert pixels.dtype == bool and np.array_equal(pixels, expected)
        assert np.array_equal(mask_pixels(checked_mask(json.loads(row["mask"]))), expected)
        area = expected.sum() * row["row_spacing_mm"] * row["column_spacing_mm"]
        assert (row["area_px"], row["unit"], row["calibrated"]) == (24, "mm²", 1)
        assert row["measured"] == pytest.approx(area)
    assert marks.loc[marks["kind"] != "mask", ["mask", "mask_file", "area_px"]].isna().all(axis=None)


def test_overlap_of_masks_is_that_of_their_pixels(exported: tuple[CoordinatorView, Path]) -> None:
    _, out = exported
    found = pd.read_csv(out / "mask_overlap.csv")
    marks = pd.read_csv(out / "marks.csv")
    cases = marks.loc[marks["repeat"] == 0, "case_id"].nunique()
    assert len(found) == 3 * cases
    apart = {("r1", "r2"): 2, ("r2", "r3"): 2, ("r1", "r3"): 4}
    for row in found.to_dict("records"):
        shared = 4 * (6 - apart[row["reader_a"], row["reader_b"]])
        assert (row["area_a_px"], row["area_b_px"], row["overlap_px"]) == (24, 24, shared)
        assert row["dice"] == pytest.approx(2 * shared / 48)
        assert row["jaccard"] == pytest.approx(shared / (48 - shared))


def test_no_cell_is_a_formula_and_the_journal_has_it_verbatim(exported: tuple[CoordinatorView, Path]) -> None:
    _, out = exported
    for path in out.glob("*.csv"):
        cells = pd.read_csv(path, dtype=str, keep_default_na=False).to_numpy().ravel()
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], path.name
    long = pd.read_csv(out / "readings_long.csv", dtype=str, keep_default_na=False)
    assert set(long.loc[(long["item"] == "note") & (long["value"] != ""), "value"]) == {'\'=HYPERLINK("http://x")'}
    assert '"=HYPERLINK(' in (out / "journal.jsonl").read_text(encoding="utf-8")


def test_the_exported_journal_can_be_walked(exported: tuple[CoordinatorView, Path]) -> None:
    """Its hashes hold, and lead to the exported heads, without the study."""
    view, out = exported
    events = [event_from_json(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    heads = pd.read_csv(out / "chain_heads.csv").set_index("chain")["head"]
    for chain, head in heads.items():
        own = [event for event in events if event.chain == chain]
        assert walk_events(own, view.design.seal_hash, str(chain)) == []
        assert own[-1].hash == head


def test_the_journal_is_checked_by_what_its_readme_says(exported: tuple[CoordinatorView, Path]) -> None:
    """Nothing of ours is used here: README.txt and the standard library only."""
    _, out = exported

    def canonical(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def sha256(text: str) -> str:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    readme = (out / "README.txt").read_text(encoding="utf-8").splitlines()
    seal = next(line.removeprefix("Seal: ") for line in readme if line.startswith("Seal: "))
    heads: dict[str, tuple[int, str]] = {}
    for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        claimed = event.pop("hash")
        seq, head = heads.get(event["chain"], (0, sha256(canonical([seal, event["chain"]]))))
        event["payload"] = canonical(event["payload"])
        assert (event["seq"], event["previous_hash"]) == (seq + 1, head)
        assert sha256(canonical(event)) == claimed
        heads[event["chain"]] = (event["seq"], claimed)
    exported_heads = pd.read_csv(out / "chain_heads.csv").set_index("chain")["head"].to_dict()
    assert {chain: head for chain, (_, head) in heads.items()} == exported_heads


def test_codebook_names_every_column(exported: tuple[CoordinatorView, Path]) -> None:
    _, out = exported
    book = pd.read_csv(out / "codebook.csv", keep_default_na=False)
    for path in out.glob("*.csv"):
        if path.name != "codebook.csv":
            rows = book[book["file"] == path.name]
            assert list(rows["column"]) == list(pd.read_csv(path, nrows=0).columns)
            assert (rows["meaning"] != "").all(), rows[rows["meaning"] == ""]
    drain = book[(book["file"] == "(item)") & (book["column"] == "drain")].iloc[0]
    assert drain["values"] == "present; absent; uncertain; not assessable"


def test_readme_names_seal_versions_and_hashes(exported: tuple[CoordinatorView, Path]) -> None:
    view, out = exported
    text = (out / "README.txt").read_text(encoding="utf-8")
    for part in ("Research use only", view.design.seal_hash, view.design.protocol_sha256, "numpy", "300 redraws"):
        assert part in text
    sums = dict(line.split("  ")[::-1] for line in (out / "SHA256SUMS.txt").read_text().splitlines())
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {"SHA256SUMS.txt"}
    assert set(sums) == files
    assert all(hashlib.sha256((out / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())


def _small_ratings() -> Ratings:
    rows = [(f"c{case}", f"r{reader}", "drain", int(case < 4 + reader)) for case in range(12) for reader in range(3)]
    return Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))


def test_same_ratings_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_ratings(_small_ratings(), tmp_path / name, redraws=100)
    sums = [(tmp_path / name / "SHA256SUMS.txt").read_text() for name in ("one", "two")]
    assert sums[0] == sums[1]
    assert "figures/kappa_forest.png" in sums[0]


def test_a_stopped_export_leaves_nothing(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_ratings(_small_ratings(), tmp_path / "out", stop, redraws=100)
    assert list(tmp_path.iterdir()) == []


def test_a_study_without_readings_is_refused(sealed: Path, tmp_path: Path) -> None:
    from studies.exports.export import StudyRecord, export_record

    view = open_as_coordinator(sealed, passphrases()["coordinator"])
    view.look_early("to see what an empty export says")
    none = view.readings().iloc[:0]
    record = StudyRecord(view.protocol, view.design, none, view.marks(), view.times(), view.events(), view.heads())
    with pytest.raises(RatingsError, match="no reader has finished a case yet"):
        export_record(record, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
