"""Passphrases and their verifiers."""

import dataclasses
import hashlib

import pytest

from studies.design import Passphrase
from studies.errors import AccessError
from studies.reading.access import LEAST_CHARACTERS, check_passphrase, make_passphrase


def test_a_passphrase_opens_and_another_does_not() -> None:
    verifier = make_passphrase("correct horse")
    assert check_passphrase("correct horse", verifier)
    assert check_passphrase(" correct horse\n", verifier)  # as it comes from a paste or a pipe
    assert not check_passphrase("correct horsf", verifier)
    assert not check_passphrase("", verifier)


def test_the_verifier_is_scrypt_and_does_not_hold_the_text() -> None:
    """RFC 7914, section 12: P = "password", S = "NaCl", N = 1024, r = 8, p = 16; its first 32 bytes."""
    known = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    assert check_passphrase("password", Passphrase(b"NaCl".hex(), known, 1024, 8, 16))
    made = make_passphrase("correct horse")
    assert b"correct horse".hex() not in made.verifier and "correct" not in repr(made)
    assert hashlib.scrypt(
        b"correct horse", salt=bytes.fromhex(made.salt), n=made.n, r=made.r, p=made.p, maxmem=2**27, dklen=32
    ) == bytes.fromhex(made.verifier)


def test_the_same_passphrase_twice_has_two_salts() -> None:
    assert make_passphrase("correct horse").salt != make_passphrase("correct horse").salt


def test_one_text_typed_on_two_systems_is_one_passphrase() -> None:
    assert check_passphrase("Röntgen-1895", make_passphrase("Ro\u0308ntgen-1895"))


@pytest.mark.parametrize("text", ["", "     ", "x" * (LEAST_CHARACTERS - 1), " x" + " " * 20])
def test_short_passphrases_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(AccessError, match=f"at least {LEAST_CHARACTERS}"):
        make_passphrase(text)


def test_a_verifier_that_asks_for_all_memory_is_refused() -> None:
    verifier = dataclasses.replace(make_passphrase("correct horse"), n=2**30)
    with pytest.raises(AccessError, match="verifier is damaged"):
        check_passphrase("correct horse", verifier)


def test_a_damaged_verifier_is_a_sentence() -> None:
    verifier = dataclasses.replace(make_passphrase("correct horse"), salt="not hex")
    with pytest.raises(AccessError, match="verifier is damaged"):
        check_passphrase("correct horse", verifier)
