import re
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studies.errors import ProtocolError, SealError
from studies.planning.allocation import (
    CODE_DIGITS,
    CODE_LETTERS,
    allocate,
    balanced_word,
    largest_remainder,
    round_half_up,
)
from studies.protocol import parse_protocol, protocol_hash
from tests.studies.made_cohorts import AIDED_AND_SHAM, cohort_frame, protocol, protocol_text, stratum

FORTY = cohort_frame([f"p{n}" for n in range(40)], **{"label.a": [int(n % 2 == 0) for n in range(40)]})


def allocated(text, frame=FORTY):
    return allocate(parse_protocol(text), protocol_hash(text), frame)


def by_reader(allocation):
    readers = defaultdict(list)
    for presentation in allocation.presentations:
        readers[presentation.reader_id].append(presentation)
    return readers


def test_each_reader_reads_every_case_in_a_private_order():
    readers = by_reader(allocated(protocol_text(readers=3)))
    orders = {reader: [p.case_id for p in presentations] for reader, presentations in readers.items()}
    assert all(sorted(order) == sorted(FORTY["image_id"]) for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) == 3
    assert all([p.position for p in presentations] == list(range(40)) for presentations in readers.values())


def test_a_reader_s_order_depends_on_seed_protocol_and_reader_only():
    text = protocol_text("[order]\nseed = 1")
    first = allocated(text)
    assert allocated(text, FORTY.iloc[::-1]) == first
    assert [p.case_id for p in allocated(text.replace("seed = 1", "seed = 2")).presentations] != [
        p.case_id for p in first.presentations
    ]
    assert [p.case_id for p in allocated(text + "# a word\n").presentations] != [p.case_id for p in first.presentations]


def test_repeats_are_new_presentations_of_unaided_cases():
    text = protocol_text("[order]\nrepeat_share = 0.1", AIDED_AND_SHAM.format(share=0.4))
    for presentations in by_reader(allocated(text)).values():
        repeats = [p for p in presentations if p.repeat]
        assert len(repeats) == 4  # 10 % of 40
        first = {p.case_id: p for p in presentations if not p.repeat}
        for repeat in repeats:
            assert repeat.arm == first[repeat.case_id].arm == "unaided" and not repeat.explained
            assert repeat.code != first[repeat.case_id].code
            assert repeat.position - first[repeat.case_id].position >= 10


def test_repeats_are_shared_over_strata_and_over_cases_by_the_readers():
    text = protocol_text(
        "[order]\nrepeat_share = 0.2", stratum("a", '"label.a" = 1', 20), stratum("b", '"label.a" = 0', 20), readers=5
    )
    allocation = allocated(text)
    strata = {case.case_id: case.stratum for case in allocation.cases}
    for presentations in by_reader(allocation).values():
        assert Counter(strata[p.case_id] for p in presentations if p.repeat) == {"a": 4, "b": 4}
    # Five readers, eight repeats each, forty cases: each case is repeated by one reader.
    assert set(Counter(p.case_id for p in allocation.presentations if p.repeat).values()) == {1}


@pytest.mark.parametrize("share", [0.5, 0.4, 0.25, 0.1])
def test_arms_are_balanced_within_reader_stratum_and_case(share):
    text = protocol_text(
        AIDED_AND_SHAM.format(share=share),
        stratum("a", '"label.a" = 1', 13),
        stratum("b", '"label.a" = 0', 20),
        readers=4,
    )
    allocation = allocated(text)
    shares = {"aided": share, "sham": share, "unaided": 1 - 2 * share}
    strata = {case.case_id: case.stratum for case in allocation.cases}
    groups = defaultdict(Counter)
    for p in allocation.presentations:
        for key in (("reader", p.reader_id), ("stratum", p.reader_id, strata[p.case_id]), ("case", p.case_id)):
            groups[key][p.arm] += 1
        assert p.explained == (p.arm != "unaided")
    for counts in groups.values():
        for arm, part in shares.items():
            assert abs(counts[arm] - part * counts.total()) < 2


@settings(deadline=None, max_examples=25)
@given(
    aided=st.integers(1, 10),
    sham=st.integers(1, 10),
    left=st.integers(0, 10),
    cases=st.integers(6, 40),
    readers=st.integers(1, 5),
    seed=st.integers(0, 2**20),
)
def test_whatever_the_shares_sham_is_balanced_and_never_beside_aided(aided, sham, left, cases, readers, seed):
    """Each reader's cases hold each arm in its share, to within two; and each case one arm per reader."""
    total = aided + sham + left
    shares = {"aided": aided / total, "sham": sham / total}
    arms = "".join(
        f'[[arms]]\nname = "{kind}"\nkind = "{kind}"\nshare = {round(share, 6) - 1e-6:.6f}\n'
        'explanation = { run = "run", method = "gradcam", target = "pneumothorax" }\n'
        for kind, share in shares.items()
    )
    text = protocol_text('[[arms]]\nname = "unaided"\n' + arms, f"[order]\nseed = {seed}\n", readers=readers)
    frame = cohort_frame([f"p{number}" for number in range(cases)])
    allocation = allocate(parse_protocol(text), protocol_hash(text), frame)
    counts = defaultdict(Counter)
    shown = defaultdict(set)
    for p in allocation.presentations:
        counts[p.reader_id][p.arm] += 1
        shown[p.reader_id, p.case_id].add(p.arm)
    assert all(len(names) == 1 for names in shown.values())
    for own in counts.values():
        assert all(abs(own[arm] - share * cases) < 2 for arm, share in shares.items())


def test_sham_and_aided_never_meet_on_a_case_of_a_reader():
    allocation = allocated(protocol_text(AIDED_AND_SHAM.format(share=0.5), readers=3))
    arms = defaultdict(set)
    for p in allocation.presentations:
        arms[p.reader_id, p.case_id].add(p.arm)
    assert all(len(names) == 1 for names in arms.values())
    # Over the three readers, every case has both kinds of explanation.
    over_readers = defaultdict(set)
    for (_, case_id), names in arms.items():
        over_readers[case_id] |= names
    assert all(names == {"aided", "sham"} for names in over_readers.values())


def test_shares_of_arms_that_do_not_fit_are_refused():
    with pytest.raises(ProtocolError, match=r"shares of the aided and sham arms add up to 1\.2"):
        protocol(AIDED_AND_SHAM.format(share=0.6))
    with pytest.raises(ProtocolError, match="the aided and sham arms leave none"):
        protocol(AIDED_AND_SHAM.format(share=0.5), "[order]\nrepeat_share = 0.1")
    with pytest.raises(SealError, match=r"asks for 12 hidden repeats of unaided cases; reader 'r1' has 8"):
        allocated(protocol_text(AIDED_AND_SHAM.format(share=0.4), "[order]\nrepeat_share = 0.3\nrepeat_distance = 2"))


def test_codes_are_unique_and_free_of_signs_that_are_mistaken():
    text = protocol_text("[order]\nrepeat_share = 0.5", readers=4)
    codes = [p.code for p in allocated(text).presentations]
    assert len(set(codes)) == len(codes) == 240
    pattern = f"[{CODE_LETTERS}][{CODE_DIGITS}]-[{CODE_LETTERS}]{{2}}"
    assert all(re.fullmatch(pattern, code) for code in codes)
    assert not set("01AEIOUBGSZ") & set(CODE_LETTERS + CODE_DIGITS)


def test_a_code_says_nothing_of_its_case():
    # Other cases on the same places: the same codes.
    text = protocol_text()
    other = FORTY.assign(image_id=[f"other{n}" for n in range(40)])
    assert [p.code for p in allocated(text).presentations] == [p.code for p in allocated(text, other).presentations]


def test_codes_grow_where_short_ones_would_run_out():
    frame = cohort_frame([f"p{n}" for n in range(3000)])
    codes = [p.code for p in allocated(protocol_text(readers=4), frame).presentations]
    assert len(set(codes)) == 12_000 and {len(code) for code in codes} == {6}


def test_parts_and_practice():
    text = protocol_text("[sessions]\nparts = 3", '[training]\nn = 4\ntruth = { drain = "label.a" }')
    allocation = allocated(text)
    truths = {case.case_id: case.truth for case in allocation.cases}
    for presentations in by_reader(allocation).values():
        assert [p.practice for p in presentations] == [True] * 4 + [False] * 36
        assert [p.part for p in presentations] == [0] * 4 + [0] * 12 + [1] * 12 + [2] * 12
        assert all(p.feedback == truths[p.case_id] for p in presentations[:4])
        assert all(p.feedback is None and not p.repeat for p in presentations[4:])


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 120))
def test_a_balanced_word_keeps_every_share_at_every_length(weights, length):
    shares = {str(n): Fraction(weight, sum(weights)) for n, weight in enumerate(weights)}
    counts = Counter()
    for t, letter in enumerate(balanced_word(shares, length), start=1):
        counts[letter] += 1
        assert all(abs(counts[name] - share * t) < 1 for name, share in shares.items())  # Tijdeman 1980


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 50), min_size=1, max_size=6), st.data())
def test_largest_remainder_shares_out_everything_within_one(sizes, data):
    whole = sum(sizes.values())
    total = data.draw(st.integers(0, whole))
    quotas = largest_remainder(sizes, total)
    assert sum(quotas.values()) == total
    assert all(
        abs(quotas[name] - total * size / whole) < 1 and quotas[name] <= size for name, size in sizes.items() if whole
    )


def test_halves_round_up():
    assert [round_half_up(Fraction(n, 2)) for n in (0, 1, 3, 5)] == [0, 1, 2, 3]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    owners=st.lists(st.integers(0, 30), min_size=6, max_size=60),
    readers=st.integers(1, 4),
    spacing=st.integers(0, 3),
    repeat_share=st.sampled_from([0, 0.1, 0.25]),
    distance=st.integers(1, 12),
    share=st.sampled_from([None, 0.2, 0.3]),
    parts=st.integers(1, 3),
    practice=st.booleans(),
    seed=st.integers(0, 10**9),
)
def test_allocations_keep_what_the_protocol_promises(
    owners, readers, spacing, repeat_share, distance, share, parts, practice, seed
):
    text = protocol_text(
        f"[order]\nseed = {seed}\npatient_spacing = {spacing}",
        f"repeat_share = {repeat_share}\nrepeat_distance = {distance}",
        f"[sessions]\nparts = {parts}",
        "[training]\nn = 2" if practice else "",
        AIDED_AND_SHAM.format(share=share) if share else "",
        readers=readers,
    )
    frame = cohort_frame([f"p{owner}" for owner in owners])
    try:
        allocation = allocated(text, frame)
    except SealError as error:
        assert str(error).startswith(("order", "no case is left"))
        return
    assert allocated(text, frame) == allocation
    codes = [p.code for p in allocation.presentations]
    assert len(set(codes)) == len(codes)
    patients = {case.case_id: case.patient_id for case in allocation.cases}
    practised = {case.patient_id for case in allocation.cases if case.practice}
    orders = by_reader(allocation)
    assert len(orders) == readers
    n_repeats = {sum(p.repeat for p in presentations) for presentations in orders.values()}
    assert len(n_repeats) == 1
    for presentations in orders.values():
        read = [p for p in presentations if not p.practice]
        assert not practised & {patients[p.case_id] for p in read}
        assert sorted(p.part for p in read) == [p.part for p in read]
        for earlier, p in enumerate(read):
            for q in read[earlier + 1 : earlier + 1 + spacing]:
                assert patients[p.case_id] != patients[q.case_id]
        first = {p.case_id: p.position for p in read if not p.repeat}
        assert all(p.position - first[p.case_id] >= distance for p in read if p.repeat)
        assert all(p.arm == "unaided" for p in read if p.repeat)
    if readers > 1 and len(first) >= 12:
        ordered = [tuple(p.case_id for p in presentations) for presentations in orders.values()]
        assert len(set(ordered)) == readers
