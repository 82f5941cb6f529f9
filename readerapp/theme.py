"""How every window looks: one palette, one style sheet, fonts that follow the person's own size.

A near-black ground keeps the eye adapted to the image; one accent marks focus and the next step; warm means present,
cool means absent, violet uncertain. No state is told by colour alone: words and symbols always stand beside it.
"""

from dataclasses import asdict, dataclass
from importlib.resources import files
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from readerapp.settings import settings

__all__ = [
    "ANSWER_MARKS",
    "COLORS",
    "SCALES",
    "AnswerLook",
    "Colors",
    "answer_look",
    "apply",
    "keep_scale",
    "kept_scale",
    "scaled",
    "set_role",
    "wide",
]

SCALES = (80, 200)  # percent: the smallest and the largest size of text
_SCALE_KEY = "scale_percent"
_BASE_POINTS = "base_points"  # of the application's font before it was scaled


@dataclass(frozen=True)
class Colors:
    """The palette, as `#rrggbb`. Text colours reach 4.5:1 on `panel` (WCAG 2.1, 1.4.3); `faint` only decorates."""

    image: str = "#000000"  # behind images
    ground: str = "#0e1116"
    panel: str = "#14181e"
    raised: str = "#1c222b"
    line: str = "#2a323d"
    text: str = "#e6e9ee"
    muted: str = "#9aa4b1"
    faint: str = "#5b6673"
    accent: str = "#4da3ff"
    accent_text: str = "#06121f"
    focus: str = "#1b2a3a"  # ground of the row in focus
    present: str = "#ffb454"  # warm
    absent: str = "#7fb2e5"  # cool
    uncertain: str = "#c8a2ff"
    not_assessable: str = "#b3bac4"
    warning: str = "#ffb454"
    error: str = "#ff8f7a"
    good: str = "#6fd3b0"


COLORS = Colors()


@dataclass(frozen=True)
class AnswerLook:
    """How an answer is told: a symbol, and a colour beside the word. Never the colour alone."""

    symbol: str
    color: str


ANSWER_MARKS: dict[str, AnswerLook] = {
    "": AnswerLook("–", COLORS.faint),
    "present": AnswerLook("●", COLORS.present),
    "absent": AnswerLook("○", COLORS.absent),
    "uncertain": AnswerLook("◐", COLORS.uncertain),
    "not assessable": AnswerLook("⊘", COLORS.not_assessable),
}


def answer_look(value: str) -> AnswerLook:
    """The look of an answer; an option of a choice item looks like any given answer."""
    return ANSWER_MARKS.get(value, AnswerLook("✓", COLORS.text))


def apply(app: QApplication, percent: int | None = None) -> None:
    """Gives the application its style, palette and style sheet; sizes follow the application's own font.

    `percent` scales all text, now and in windows that are open; None takes the size that the person chose.
    """
    percent = kept_scale() if percent is None else percent
    if app.property(_BASE_POINTS) is None:
        app.setProperty(_BASE_POINTS, app.font().pointSizeF() if app.font().pointSizeF() > 0 else 10.0)
    font = QFont(app.font())
    font.setPointSizeF(float(app.property(_BASE_POINTS)) * percent / 100)
    app.setFont(font)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setStyleSheet(_style_sheet(font))


def kept_scale() -> int:
    """The size of text that the person chose, in percent, 100 where none was."""
    try:
        percent = int(str(settings().value(_SCALE_KEY, 100)))
    except ValueError:
        return 100
    return min(max(percent, SCALES[0]), SCALES[1])


def keep_scale(percent: int) -> None:
    """Remember a size of text, in percent within `SCALES`."""
    kept = settings()
    kept.setValue(_SCALE_KEY, percent)
    kept.sync()


def wide(pixels: int) -> int:
    """A width that was chosen in pixels beside text of 10 points, for text of the size in use."""
    points = QApplication.font().pointSizeF()
    return round(pixels * max(points, 8.0) / 10.0) if points > 0 else pixels


def scaled(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A copy of `font`, `factor` times as large."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(round(font.pixelSize() * factor))
    copy.setWeight(weight)
    return copy


def _style_sheet(font: QFont) -> str:
    text = files("resources.theme").joinpath("dark.qss").read_text(encoding="utf-8")
    base = font.pointSizeF() if font.pointSizeF() > 0 else 10.0
    sizes = {
        "small": f"{base * 0.9:.1f}pt",
        "normal": f"{base:.1f}pt",
        "large": f"{base * 1.25:.1f}pt",
        "title": f"{base * 1.7:.1f}pt",
    }
    return Template(text).substitute(asdict(COLORS) | sizes)


def _palette() -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: COLORS.ground,
        QPalette.ColorRole.WindowText: COLORS.text,
        QPalette.ColorRole.Base: COLORS.panel,
        QPalette.ColorRole.AlternateBase: COLORS.raised,
        QPalette.ColorRole.Text: COLORS.text,
        QPalette.ColorRole.PlaceholderText: COLORS.muted,
        QPalette.ColorRole.Button: COLORS.raised,
        QPalette.ColorRole.ButtonText: COLORS.text,
        QPalette.ColorRole.BrightText: COLORS.warning,
        QPalette.ColorRole.Highlight: COLORS.accent,
        QPalette.ColorRole.HighlightedText: COLORS.accent_text,
        QPalette.ColorRole.ToolTipBase: COLORS.raised,
        QPalette.ColorRole.ToolTipText: COLORS.text,
        QPalette.ColorRole.Link: COLORS.accent,
        QPalette.ColorRole.LinkVisited: COLORS.uncertain,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(COLORS.faint))
    return palette


def set_role(widget: QWidget, role: str) -> None:
    """Names the part a widget plays in the style sheet (`[role="…"]`) and restyles it."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
