"""Passphrases: kept as scrypt verifiers (RFC 7914), never as text."""

import hashlib
import hmac
import secrets
import unicodedata

from studies.design import Passphrase
from studies.errors import AccessError

LEAST_CHARACTERS = 6

# 32 MiB and about 50 ms a try: RFC 7914 section 2, N = 2^15, r = 8, p = 1.
_N, _R, _P = 2**15, 8, 1
_MOST_MEMORY = 2**26  # bytes that a verifier may ask for
_SALT_BYTES, _KEY_BYTES = 16, 32


def make_passphrase(text: str) -> Passphrase:
    """A verifier for a new passphrase. Raises AccessError where it is shorter than `LEAST_CHARACTERS`."""
    if len(text.strip()) < LEAST_CHARACTERS:
        raise AccessError(
            f"the passphrase has {len(text.strip())} characters; choose one with at least {LEAST_CHARACTERS}"
        )
    salt = secrets.token_bytes(_SALT_BYTES)
    return Passphrase(salt.hex(), _derive(text, salt, _N, _R, _P).hex(), _N, _R, _P)


def check_passphrase(text: str, passphrase: Passphrase) -> bool:
    """True where the text is the passphrase. Takes the same time for every wrong one.

    Raises AccessError where the verifier itself is damaged or asks for more memory than ours ever do.
    """
    try:
        salt, wanted = bytes.fromhex(passphrase.salt), bytes.fromhex(passphrase.verifier)
        given = _derive(text, salt, passphrase.n, passphrase.r, passphrase.p)
    except (ValueError, TypeError, MemoryError) as error:
        raise AccessError(
            f"the stored passphrase verifier is damaged: {error}; restore the study's database"
        ) from error
    return hmac.compare_digest(given, wanted)


def _derive(text: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    # NFKC: the same keys pressed on another system give the same bytes. Spaces around come from copying.
    secret = unicodedata.normalize("NFKC", text.strip()).encode("utf-8")
    if n * r * p * 128 > _MOST_MEMORY:
        raise ValueError(f"scrypt parameters n={n}, r={r}, p={p} are beyond what this program makes")
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=2 * _MOST_MEMORY, dklen=_KEY_BYTES)
