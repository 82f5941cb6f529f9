"""Random numbers that anyone can derive again, in any language, on any machine: SHA-256 in counter mode.

A stream is named by a list of words. Its key is SHA-256 of those words as canonical JSON (UTF-8, no spaces). Block i
(i = 0, 1, …) is SHA-256(key ‖ i as 8 bytes, big-endian); each block gives four 64-bit words, big-endian, in order.
`below(n)` takes the next word w and returns w mod n, refusing words ≥ 2⁶⁴ − (2⁶⁴ mod n) so that every value is
equally likely. `shuffled` is Fisher–Yates (Durstenfeld's form): for i from the last place down to 1, swap places i
and below(i + 1).
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

from studies.design import canonical_json, sha256_text

T = TypeVar("T")
_WORDS = 2**64


class RandomStream:
    """One named stream; the same name always gives the same numbers."""

    def __init__(self, *name: str | int) -> None:
        self._key = hashlib.sha256(canonical_json(list(name)).encode("utf-8")).digest()
        self._words = self._generate()

    def below(self, n: int) -> int:
        """The next whole number, uniform in [0, n)."""
        limit = _WORDS - _WORDS % n
        return next(word for word in self._words if word < limit) % n

    def choice(self, values: Sequence[T]) -> T:
        """One of the values, each equally likely."""
        return values[self.below(len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in random order."""
        mixed = list(values)
        for i in range(len(mixed) - 1, 0, -1):
            j = self.below(i + 1)
            mixed[i], mixed[j] = mixed[j], mixed[i]
        return mixed

    def _generate(self) -> Iterator[int]:
        block = 0
        while True:
            digest = hashlib.sha256(self._key + block.to_bytes(8, "big")).digest()
            yield from (int.from_bytes(digest[start : start + 8], "big") for start in range(0, 32, 8))
            block += 1


def priority(*name: str | int) -> str:
    """A random rank that depends on the name only: SHA-256 (hex) of the words as canonical JSON. Sort by it."""
    return sha256_text(canonical_json(list(name)))
