"""Readers with known error rates give the prevalence that design rule 7 says: p·s + (1 − p)(1 − c)."""

import math

import pytest

from readerapp.demo.simulated_reader import (
    ErrorRates,
    Look,
    SimulatedReader,
    expected_changes,
    expected_composite,
    expected_prevalences,
    simulated_readers,
)
from resources.files import shipped_file
from studies.protocol import load_protocol


def readers(hesitation: float) -> list[SimulatedReader]:
    rates = [
        {"a": ErrorRates(0.9, 0.95), "b": ErrorRates(0.7, 0.99)},
        {"a": ErrorRates(0.8, 0.9), "b": ErrorRates(1.0, 0.8)},
    ]
    return [SimulatedReader(f"r{number}", rate, hesitation) for number, rate in enumerate(rates)]


def truths(n: int) -> list[dict[str, bool]]:
    return [{"a": number % 4 == 0, "b": number % 10 == 0} for number in range(n)]


def test_expected_prevalence_is_rogan_and_gladen_backwards() -> None:
    line = next(entry for entry in expected_prevalences(truths(20), readers(0.0)) if entry.item == "a")
    by_hand = ((0.25 * 0.9 + 0.75 * 0.05) + (0.25 * 0.8 + 0.75 * 0.1)) / 2
    assert line.planted == 0.25
    assert line.expected == pytest.approx(by_hand)
    assert line.n == 40


@pytest.mark.parametrize("hesitation", [0.0, 0.2])
def test_many_answers_come_out_as_expected_with_uncertain_left_out(hesitation: float) -> None:
    cases, team = truths(4000), readers(hesitation)
    for entry in expected_prevalences(cases, team):
        answers = [r.answer(f"c{i}", entry.item, truth[entry.item]) for r in team for i, truth in enumerate(cases)]
        known = [answer for answer in answers if answer != "uncertain"]
        seen = known.count("present") / len(known)
        assert abs(seen - entry.expected) < 4 * math.sqrt(entry.expected * (1 - entry.expected) / len(known))
        assert len(known) / len(answers) == pytest.approx(1 - hesitation, abs=0.02)


@pytest.mark.parametrize("hesitation", [0.0, 0.2])
def test_a_composite_is_expected_case_by_case(hesitation: float) -> None:
    cases, team = truths(4000), readers(hesitation)
    entry = expected_composite("any", ["a", "b"], cases, team)
    present = absent = 0
    for reader in team:
        for number, truth in enumerate(cases):
            given = [reader.answer(f"c{number}", item, truth[item]) for item in ("a", "b")]
            present += "present" in given
            absent += given == ["absent", "absent"]
    seen = present / (present + absent)
    assert abs(seen - entry.expected) < 4 * math.sqrt(entry.expected * (1 - entry.expected) / (present + absent))


def test_an_answer_depends_on_the_showing_alone_and_a_repeat_is_read_anew() -> None:
    reader = SimulatedReader("r", {"a": ErrorRates(0.5, 0.5)}, hesitation=0.0)
    first = [reader.answer(f"c{number}", "a", True) for number in range(200)]
    again = [reader.answer(f"c{number}", "a", True) for number in range(200)]
    other = [reader.answer(f"d{number}", "a", True) for number in range(200)]
    assert first == again != other


def test_every_reader_of_the_demo_has_rates_for_every_item() -> None:
    protocol = load_protocol(shipped_file("protocols/demo.toml"))
    team = simulated_readers(protocol, seed=7)
    assert [reader.reader_id for reader in team] == [reader.id for reader in protocol.readers]
    for reader in team:
        assert set(reader.rates) == {item.id for item in protocol.items}
        assert all(0.5 <= rate.sensitivity <= 1 and 0.5 <= rate.specificity <= 1 for rate in reader.rates.values())
    means = [sum(rate.sensitivity for rate in reader.rates.values()) for reader in team]
    assert means == sorted(means, reverse=True)


def test_a_reader_follows_what_is_pointed_at_as_often_as_told() -> None:
    reader = SimulatedReader("r1", {"a": ErrorRates(0.9, 0.9)}, follows=0.6, doubts=0.2)
    again = [reader.answer_again(f"K{n}", "a", "absent", pointed_at=True) for n in range(2000)]
    assert again.count("present") / 2000 == pytest.approx(0.6, abs=0.04)
    back = [reader.answer_again(f"K{n}", "a", "present", pointed_at=False) for n in range(2000)]
    assert back.count("absent") / 2000 == pytest.approx(0.2, abs=0.04)
    for before, pointed_at in (("uncertain", False), ("absent", False), ("present", True), ("present", None)):
        assert {reader.answer_again(f"K{n}", "a", before, pointed_at) for n in range(200)} == {before}


def test_changes_come_as_often_as_expected_and_none_where_maps_are_not_followed() -> None:
    rates = {"a": ErrorRates(0.7, 0.9)}
    team = [SimulatedReader("r1", rates, follows=0.0), SimulatedReader("r2", rates, follows=0.9, doubts=0.3)]
    seen = [Look("aided", r.reader_id, "a", n % 3 == 0, n % 3 == 0 and n % 2 == 0) for r in team for n in range(6000)]
    for line in expected_changes(seen, team):
        reader = next(r for r in team if r.reader_id == line.reader_id)
        up = down = 0
        for n, look in enumerate(look for look in seen if look.reader_id == line.reader_id):
            before = reader.answer(f"K{n}", "a", look.planted)
            change = (before, reader.answer_again(f"K{n}", "a", before, look.pointed_at))
            up, down = up + (change == ("absent", "present")), down + (change == ("present", "absent"))
        assert line.n == 6000
        for found, (mean, error) in ((up, line.to_present), (down, line.to_absent)):
            assert abs(found - mean) <= 4 * error
            assert (mean > 50) == (reader.reader_id == "r2")
