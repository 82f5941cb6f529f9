"""Window presets: a name for a window of one kind of image, bound to keys by id."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary

from PySide6.QtCore import QCoreApplication

from engine.images.grey import default_window, full_window, percentile_window
from engine.images.image import Image, Window
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "NAMES",
    "Preset",
    "has_header_window",
    "preset_names",
    "preset_text",
    "preset_window",
    "presets_for",
    "starting_preset",
]

# The names that the tables under `resources/window_presets` give, so that they can be translated.
NAMES = (
    QT_TRANSLATE_NOOP("Presets", "auto"),
    QT_TRANSLATE_NOOP("Presets", "soft tissue"),
    QT_TRANSLATE_NOOP("Presets", "lung"),
    QT_TRANSLATE_NOOP("Presets", "lung field"),
    QT_TRANSLATE_NOOP("Presets", "bone"),
    QT_TRANSLATE_NOOP("Presets", "bone detail"),
    QT_TRANSLATE_NOOP("Presets", "brain"),
    QT_TRANSLATE_NOOP("Presets", "abdomen"),
    QT_TRANSLATE_NOOP("Presets", "liver"),
    QT_TRANSLATE_NOOP("Presets", "angio"),
    QT_TRANSLATE_NOOP("Presets", "full range"),
    QT_TRANSLATE_NOOP("Presets", "as acquired"),
)


@dataclass(frozen=True)
class Preset:
    """One preset: a fixed `window` (center, width), `percentiles` (low, high), the whole range, or the header's own."""

    id: str
    name: str
    window: tuple[float, float] | None = None
    percentiles: tuple[float, float] | None = None
    full: bool = False
    header: bool = False


def preset_text(preset: Preset) -> str:
    """A preset's name in the person's language."""
    return QCoreApplication.translate("Presets", preset.name)


def preset_names(kind: str) -> dict[str, str]:
    """Id → name, in the person's language, of every preset of CT ("ct") or of any other image ("other")."""
    tables = _tables()
    chosen = [tables["CT"]] if kind == "ct" else [table for modality, table in tables.items() if modality != "CT"]
    return {preset.id: preset_text(preset) for table in reversed(chosen) for preset in table.values()}


def presets_for(image: Image) -> dict[str, Preset]:
    """The presets offered for an image, by id: those of its modality, else those of any."""
    tables = _tables()
    return tables.get(image.modality, tables["*"])


def preset_window(image: Image, preset: Preset, frame: int = 0) -> Window | None:
    """The preset's window for one frame; None stands for the header's VOI LUT (`display_table` with no window).

    Percentiles count from dark to bright as shown: on an inverted image (MONOCHROME1) they come from the other end.
    """
    if preset.window is not None:
        return Window(preset.window[0], preset.window[1], "LINEAR", preset.name)
    if preset.header:
        return None if image.voi_luts else default_window(image, frame)
    known = _known.setdefault(image, {})
    if (preset.id, frame) not in known:
        known[preset.id, frame] = _measured(image, preset, frame)
    return known[preset.id, frame]


def starting_preset(image: Image) -> str:
    """The preset an image opens with: the header's own where it has one, else `auto`; 8-bit ones show their range."""
    if image.voi_luts or image.windows:
        return "header"
    eight_bit = image.pixels.dtype.kind in "ui" and image.bits_stored <= 8
    return "full" if image.is_color or eight_bit else "auto"


def has_header_window(image: Image) -> bool:
    """True where the header offers a window or a VOI LUT of its own."""
    return bool(image.voi_luts or image.windows)


_known: "WeakKeyDictionary[Image, dict[tuple[str, int], Window]]" = WeakKeyDictionary()


def _measured(image: Image, preset: Preset, frame: int) -> Window:
    if preset.full or preset.percentiles is None:
        return full_window(image, frame)
    low, high = preset.percentiles
    if image.inverted:
        low, high = 100 - high, 100 - low
    return percentile_window(image, frame, low, high)


@cache
def _tables() -> dict[str, dict[str, Preset]]:
    tables: dict[str, dict[str, Preset]] = {}
    for name in ("ct.toml", "projection.toml", "signal.toml"):
        table = tomllib.loads(files("resources.window_presets").joinpath(name).read_text(encoding="utf-8"))
        presets = {entry["id"]: _preset(entry) for entry in table["presets"]}
        for modality in table["modalities"]:
            tables[modality] = presets
    return tables


def _preset(entry: dict) -> Preset:
    return Preset(
        id=entry["id"],
        name=entry["name"],
        window=(float(entry["center"]), float(entry["width"])) if "center" in entry else None,
        percentiles=(float(entry["percentiles"][0]), float(entry["percentiles"][1]))
        if "percentiles" in entry
        else None,
        full=entry.get("full", False),
        header=entry.get("header", False),
    )
