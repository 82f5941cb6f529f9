"""The badge that no picture of a counterfactual leaves without. Pillow and numpy only.

It is a strip below the picture, so that it hides nothing, and a mark in a corner of the picture itself, which stays
where somebody cuts the strip off.
"""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.counterfactuals import BADGE

__all__ = ["STATEMENT", "badged", "enlarged"]

STATEMENT = f"{BADGE} · research use only"
_SMALLEST, _LARGEST = 9, 28  # pixels of letters in the strip
_WORDS = 15  # of the line below the statement, at most
_MARK_SHARE = 1 / 3  # of the width, that the mark may take
_INK, _PAPER = (0, 0, 0), (255, 194, 10)  # black on amber: neither is a colour of any map, and both stay apart in grey


def enlarged(picture: np.ndarray, least: int = 256) -> np.ndarray:
    """A picture (h, w[, 3]) whose pixels are repeated until its longer side has at least `least` of them."""
    factor = max(1, -(-least // max(picture.shape[:2])))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def badged(picture: np.ndarray, corner: bool = True, words: str = "") -> np.ndarray:
    """A picture with its badge: (h, w) or (h, w, 3) uint8 → (h + strip, w, 3) or, of a grey one, (h + strip, w) uint8.

    corner: the mark in the picture itself; without it whatever was drawn has to bear one already. words: one more line
    of the strip, what it is and where it comes from; what does not fit ends in an ellipsis.

    Below the h rows nothing is picture. In narrow pictures the words are on several lines; from 56 columns on all of
    them can be read.
    """
    rows, columns = picture.shape[:2]
    marked = Image.fromarray(picture).convert("RGB")
    if corner:
        _mark(ImageDraw.Draw(marked), columns)
    strip = _strip(columns, words)
    whole = Image.new("RGB", (columns, rows + strip.height))
    whole.paste(marked, (0, 0))
    whole.paste(strip, (0, rows))
    return np.asarray(whole if picture.ndim == 3 else whole.convert("L"))


def _mark(drawing: ImageDraw.ImageDraw, columns: int) -> None:
    """White letters with a dark edge in the upper left corner: seen on lung and on bone."""
    words = (BADGE, BADGE[:3])
    sizes = range(_SMALLEST, max(_SMALLEST, min(_LARGEST, columns // 20)) + 1)
    fitting = [(_font(size), word) for word in words for size in reversed(sizes) if _fits(word, size, columns)]
    font, word = fitting[0] if fitting else (_font(_SMALLEST), words[-1])
    drawing.text((2, 1), word, font=font, fill=(255, 255, 255), stroke_width=1, stroke_fill=(0, 0, 0))


def _fits(word: str, size: int, columns: int) -> bool:
    return _font(size).getlength(word) <= columns * _MARK_SHARE


def _strip(columns: int, words: str) -> Image.Image:
    """The statement over the whole width, letters as large as the width allows; the words below it, smaller."""
    lines, font = _laid_out(columns)
    written = [(line, font) for line in lines]
    if words:
        small = _font(min(_WORDS, font.size))
        written.append((_shortened(words, small, columns - 2), small))
    strip = Image.new("RGB", (columns, sum(sum(each.getmetrics()) for _, each in written) + 2), _PAPER)
    drawing, above = ImageDraw.Draw(strip), 1
    for line, each in written:
        left = max(0, round((columns - each.getlength(line)) / 2))
        drawing.text((left, above), line, font=each, fill=_INK)
        above += sum(each.getmetrics())
    return strip


def _shortened(words: str, font: ImageFont.FreeTypeFont, columns: int) -> str:
    """As much of the words as fits."""
    if font.getlength(words) <= columns:
        return words
    return next((cut for n in range(len(words), 0, -1) if font.getlength(cut := f"{words[:n]} …") <= columns), "")


def _laid_out(columns: int) -> tuple[tuple[str, ...], ImageFont.FreeTypeFont]:
    use = STATEMENT.removeprefix(f"{BADGE} · ")
    ways = ((STATEMENT,), (BADGE, use), (BADGE, *_halves(use)))
    largest = min(_LARGEST, max(_SMALLEST, columns // 18))
    for lines in ways:
        for size in range(largest, _SMALLEST - 1, -1):
            if max(_font(size).getlength(line) for line in lines) <= columns - 2:
                return lines, _font(size)
    return ways[-1], _font(_SMALLEST)


def _halves(text: str) -> tuple[str, str]:
    first, _, rest = text.partition(" ")
    return first, rest


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own, so that it looks the same everywhere."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
