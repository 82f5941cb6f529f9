"""The fonts of a report: DejaVu, which ships with matplotlib, has Greek and the names of Europe, and is embedded."""

from functools import cache
from pathlib import Path

import matplotlib as mpl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD, SLANTED, FIXED = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono"


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab, once."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name in (PLAIN, BOLD, SLANTED, FIXED):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=SLANTED, boldItalic=BOLD)


def width_of(text: str, font: str, size: float) -> float:
    """Width of a line of text, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
