import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from studies.planning.random_stream import RandomStream, priority


def test_the_stream_is_what_its_description_says():
    # Written again from the description, in other words: key, blocks, big-endian words.
    key = hashlib.sha256(b'["order",7,"anna"]').digest()
    block = hashlib.sha256(key + bytes(8)).digest() + hashlib.sha256(key + bytes(7) + b"\x01").digest()
    words = [int.from_bytes(block[i : i + 8], "big") for i in range(0, 64, 8)]
    stream = RandomStream("order", 7, "anna")
    assert [stream.below(1000) for _ in range(8)] == [word % 1000 for word in words]


def test_golden_values_hold_on_every_machine_and_version():
    # The same ten numbers come out of a Perl program written from the description (Digest::SHA, Math::BigInt).
    # A change here changes every order ever sealed.
    assert RandomStream("order", 7, "anna").shuffled(range(10)) == [5, 3, 8, 0, 9, 7, 1, 2, 6, 4]
    assert priority("ä", 1) == hashlib.sha256('["ä",1]'.encode()).hexdigest()


@given(st.integers(0, 10**6), st.integers(1, 50))
def test_a_shuffle_keeps_every_value(seed, size):
    assert sorted(RandomStream("shuffle", seed).shuffled(range(size))) == list(range(size))


def test_orders_of_three_are_equally_likely():
    counts = Counter(tuple(RandomStream("orders", seed).shuffled("abc")) for seed in range(3000))
    assert len(counts) == 6
    # Chi-squared with 5 degrees of freedom stays below 20.5 (p = 0.001).
    assert sum((n - 500) ** 2 / 500 for n in counts.values()) < 20.5
