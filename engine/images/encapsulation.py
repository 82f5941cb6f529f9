"""Fragments and frames of encapsulated pixel data, PS3.5 A.4; every length is checked against what is there."""

import struct
from collections.abc import Sequence

from engine.errors import ImageError

_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP")


def frames_of(value: memoryview, count: int, extended_offsets: bytes | None = None) -> list[bytes]:
    """The compressed stream of each of `count` frames. Raises ImageError where they cannot be told apart."""
    offsets, starts, fragments = _fragments(value)
    if not fragments:
        raise ImageError("its compressed pixel data hold no fragment")
    if count == 1:
        return [b"".join(fragments)]
    if len(fragments) == count:
        return [bytes(fragment) for fragment in fragments]
    if len(fragments) < count:
        raise ImageError(f"has {len(fragments):,} compressed frames of the {count:,} it declares")
    if extended_offsets and len(extended_offsets) >= 8 * count:
        offsets = struct.unpack(f"<{count}Q", extended_offsets[: 8 * count])
    if len(offsets) == count and set(offsets) <= set(starts) and list(offsets) == sorted(set(offsets)):
        firsts = [starts.index(offset) for offset in offsets]
    else:
        firsts = [index for index, fragment in enumerate(fragments) if bytes(fragment[:6]).startswith(_STARTS)]
    if len(firsts) != count or firsts[0] != 0:
        raise ImageError(f"its {len(fragments):,} fragments cannot be told apart into {count:,} frames")
    ends = [*firsts[1:], len(fragments)]
    return [b"".join(fragments[first:end]) for first, end in zip(firsts, ends)]


def _fragments(value: memoryview) -> tuple[Sequence[int], list[int], list[memoryview]]:
    """Basic offset table, offset of each fragment's item from the first one, and the fragments."""
    items: list[memoryview] = []
    starts: list[int] = []
    place = 0
    while place + 8 <= len(value):
        group, element, length = struct.unpack_from("<HHL", value, place)
        tag = group << 16 | element
        if tag == _END:
            break
        if tag != _ITEM:
            raise ImageError(f"its compressed pixel data are broken after {len(items):,} fragments")
        if place + 8 + length > len(value):
            there = len(value) - place - 8
            raise ImageError(f"pixel data ends after {there:,} of {length:,} bytes of fragment {max(1, len(items)):,}")
        starts.append(place)
        items.append(value[place + 8 : place + 8 + length])
        place += 8 + length
    if not items:
        return (), [], []
    table, base = items[0], starts[1] if len(starts) > 1 else 0
    offsets = struct.unpack(f"<{len(table) // 4}L", table[: len(table) // 4 * 4])
    return offsets, [start - base for start in starts[1:]], items[1:]
