"""From path lengths to the stored picture: beam, scatter, noise, the vendor's processing, marker and collimation."""

from functools import lru_cache

import numpy as np
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont
from scipy import ndimage

from engine.cohorts.simulated.materials import Materials
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.spec import ChestSpec
from engine.cohorts.simulated.splatting import broad_blur

# Effective linear attenuation at about 70 keV behind a filtered 110 kV beam, per cm (NIST XCOM, soft tissue and
# cortical bone), lowered a little for beam hardening.
MU_SOFT, MU_BONE, MU_METAL = 0.185, 0.46, 1.1
SCATTER = 0.20  # of the local mean signal, behind a grid


def log_signal(materials: Materials, spec: ChestSpec, rng: np.random.Generator) -> np.ndarray:
    """−log of the detector's signal with scatter and photon noise, float32 (size, size); larger = denser."""
    attenuation = materials.soft * np.float32(MU_SOFT)
    attenuation += materials.bone * np.float32(MU_BONE)
    attenuation += materials.metal * np.float32(MU_METAL)
    signal = np.exp(np.negative(attenuation, out=attenuation), out=attenuation)
    signal += np.float32(SCATTER) * broad_blur(signal, 0.075) + np.float32(0.003)
    pixels_per_cm2 = (materials.soft.shape[0] / 512) ** 2
    photons = np.float32(
        rng.uniform(0.8e5, 2.5e5) * spec.site.dose * (0.5 if spec.view == "AP" else 1) / pixels_per_cm2
    )
    noise = rng.standard_normal(signal.shape, dtype=np.float32)
    deviation = signal * np.float32(1 / photons)
    noise *= np.sqrt(deviation, out=deviation)  # Gaussian in place of Poisson: counts are in the hundreds
    noise += signal
    np.log(np.maximum(noise, np.float32(1e-4), out=noise), out=noise)
    return np.negative(noise, out=noise)


def processed(signal: np.ndarray, spec: ChestSpec, rng: np.random.Generator) -> np.ndarray:
    """The presentation picture in [0, 1], brighter = denser: range compression, edge enhancement, tone curve."""
    low = broad_blur(signal, 0.06)
    flat, detail = np.float32(rng.uniform(0.52, 0.78)), np.float32(rng.uniform(0.85, 1.1))
    picture = signal - low
    picture *= detail
    low *= flat
    picture += low
    edges = picture - ndimage.gaussian_filter(picture, 1.5 * signal.shape[0] / 512, truncate=2.0)
    edges *= np.float32(rng.uniform(0.25, 0.6) * spec.site.sharpening)
    picture += edges
    dark, bright = np.percentile(picture[::4, ::4], [2, 99.5])
    picture -= np.float32(dark)
    picture *= np.float32(1 / (bright - dark))
    return _tone(np.clip(picture, -0.05, 1.1, out=picture), spec, rng)


def _tone(picture: np.ndarray, spec: ChestSpec, rng: np.random.Generator) -> np.ndarray:
    slope = np.float32(rng.uniform(3.2, 6.6) * spec.site.contrast)
    middle = np.float32(rng.uniform(0.44, 0.66) - spec.site.brightness)

    def sigmoid(value: np.ndarray | np.float32) -> np.ndarray:
        power = np.asarray(middle - value)
        power *= slope
        np.exp(power, out=power)
        power += 1
        return np.reciprocal(power, out=power)

    low, high = sigmoid(np.float32(-0.02)), sigmoid(np.float32(1.05))
    top, fog = rng.uniform(0.74, 0.96), 0.012 + max(0.0, rng.normal(0, 0.04))
    grey = sigmoid(picture)
    grey -= low
    grey *= np.float32((top - fog) / (high - low))
    grey += np.float32(fog)
    return np.clip(grey, 0, 1, out=grey)


def stamp_marker(picture: np.ndarray, spec: ChestSpec, rng: np.random.Generator) -> tuple[str, tuple[float, float]]:
    """Burn the lead side marker into the picture; gives its letter and centre (column, row) in pixels."""
    size = picture.shape[0]
    letter = "L" if not spec.frontal or rng.random() < 0.55 else "R"
    unit = size / 512
    tile = _marker(letter, spec.site.marker, size).rotate(
        float(rng.uniform(-14, 14)), resample=PilImage.Resampling.BICUBIC
    )
    right_of_film = letter == "L" if spec.frontal else bool(rng.random() < 0.5)
    column = (450 if right_of_film else 10) + float(rng.uniform(0, 24))
    row = float(rng.uniform(8, 70))
    left, top = int(column * unit), int(row * unit)
    alpha = np.asarray(tile, np.float32) / 255
    area = picture[top : top + alpha.shape[0], left : left + alpha.shape[1]]
    alpha = alpha[: area.shape[0], : area.shape[1]]
    area += (np.float32(0.95) - area) * alpha * np.float32(0.95)
    return letter, (left + alpha.shape[1] / 2, top + alpha.shape[0] / 2)


def stamp_bedside_text(picture: np.ndarray, spec: ChestSpec, rng: np.random.Generator) -> tuple[float, float] | None:
    """The word that many bedside films carry; gives its centre (column, row) where it was burned in."""
    text, shown = ("PORTABLE", "SUPINE", "AP")[int(rng.integers(3))], rng.random() < 0.5
    across, down = float(rng.uniform(0.05, 0.75)), float(rng.uniform(0.02, 0.09))
    if spec.view != "AP" or not shown:
        return None
    size = picture.shape[0]
    tall = max(6, round(13 * size / 512))
    tile = PilImage.new("L", (tall * len(text), tall + 2))
    ImageDraw.Draw(tile).text((0, 0), text, fill=255, font=ImageFont.load_default(tall))
    alpha = np.asarray(tile, np.float32)[:, : size // 4] / 255
    left, top = int(across * size), int(down * size)
    area = picture[top : top + alpha.shape[0], left : left + alpha.shape[1]]
    area += (np.float32(0.95) - area) * alpha[: area.shape[0], : area.shape[1]] * np.float32(0.95)
    return left + alpha.shape[1] / 2, top + alpha.shape[0] / 2


@lru_cache(maxsize=64)
def _marker(letter: str, style: str, size: int) -> PilImage.Image:
    side = max(12, round(42 * size / 512))
    tile = PilImage.new("L", (side, side))
    pen = ImageDraw.Draw(tile)
    font = ImageFont.load_default(side * 0.55)
    pen.text((side / 2, side / 2), letter, fill=255, font=font, anchor="mm")
    if style == "framed":
        inset = side * 0.18
        pen.rectangle((inset, inset, side - inset, side - inset), outline=230, width=max(1, side // 21))
    elif style == "initials":
        pen.text((side / 2, side * 0.88), "RT", fill=220, font=ImageFont.load_default(side * 0.26), anchor="mm")
    return tile


def collimate(picture: np.ndarray, projection: Projection, rng: np.random.Generator) -> None:
    """Darken what the collimator's blades covered, on some sides of some films."""
    size = picture.shape[0]
    for axis in (0, 1):
        for end in (0, 1):
            covered = float(rng.uniform(2, 16)) * size / 512 if rng.random() < 0.22 else 0.0
            if covered:
                lean = float(rng.normal(0, 0.006))
                _cover(picture if axis else picture.T, covered, lean, bool(end))


def _cover(picture: np.ndarray, covered: float, lean: float, far: bool) -> None:
    size = picture.shape[0]
    reach = int(covered + abs(lean) * size) + 3
    strip = picture[:, size - reach :][:, ::-1] if far else picture[:, :reach]
    edge = covered + lean * (np.arange(size)[:, None] - size / 2)
    shade = np.clip(np.arange(reach)[None] - edge, 0, 1).astype(np.float32)
    strip *= shade
    strip += (1 - shade) * np.float32(0.012)
