"""One simulated chest radiograph, from its spec to 12-bit pixels with truth."""

import numpy as np

from engine.cohorts.simulated.body import make_body
from engine.cohorts.simulated.exposure import collimate, log_signal, processed, stamp_bedside_text, stamp_marker
from engine.cohorts.simulated.frontal import frontal_materials
from engine.cohorts.simulated.lateral import lateral_materials
from engine.cohorts.simulated.materials import Materials
from engine.cohorts.simulated.placement import generator, place
from engine.cohorts.simulated.projection import pose
from engine.cohorts.simulated.signals import race_texture
from engine.cohorts.simulated.spec import ChestSpec, SimulatedImage, TruthObject
from engine.cohorts.simulated.splatting import Grid
from engine.images.image import Image, Window

BITS = 12
FULL = 2**BITS - 1


def simulate_chest(spec: ChestSpec, size: int = 512) -> SimulatedImage:
    """One radiograph of `size` × `size` pixels over 40 cm. The same spec gives the same bits.

    The race label changes the picture through `spec.race_signal` only: with strength 0 it changes no bit.
    """
    if not 64 <= size <= 4096:
        raise ValueError(f"size {size} px is outside 64 to 4096")
    grid = Grid(size)
    placement = place(spec)
    body = make_body(spec, placement, generator(spec.exposure_seed, 0))
    projection = pose(generator(spec.exposure_seed, 1), grid, spec.view)
    draw = frontal_materials if spec.frontal else lateral_materials
    materials = draw(body, placement, spec, projection)
    rng = generator(spec.exposure_seed, 2)
    picture = processed(log_signal(materials, spec, rng), spec, rng)
    letter, at = stamp_marker(picture, spec, rng)
    word = stamp_bedside_text(picture, spec, rng)
    collimate(picture, projection, rng)
    if spec.race_signal.strength > 0:
        texture = race_texture(
            spec.race_signal,
            spec.races.index(spec.race),
            len(spec.races),
            _region(spec, materials),
            generator(spec.exposure_seed, 9),
        )
        picture += texture
    truth = [*materials.truth, TruthObject("marker", "R" if letter == "R" else "L", np.array([at]))]
    if word:
        truth.append(TruthObject("burned_in_word", "", np.array([word])))
    if "cardiomegaly" in spec.findings:
        truth.append(TruthObject("cardiomegaly", "", mask=materials.heart))
    return SimulatedImage(_stored(picture, spec, generator(spec.exposure_seed, 6)), tuple(truth), spec)


def _region(spec: ChestSpec, materials: Materials) -> np.ndarray:
    match spec.race_signal.region:
        case "lungs":
            return materials.lungs & ~materials.heart
        case "outside_lungs":
            return ~materials.lungs & (materials.soft > 1)
        case "heart":
            return materials.heart
        case _:
            return np.ones_like(materials.lungs)


def _stored(picture: np.ndarray, spec: ChestSpec, rng: np.random.Generator) -> Image:
    """12-bit values; the window of the header gives the presentation picture back exactly."""
    low, high = int(rng.integers(0, 300)), int(rng.integers(3500, FULL))
    grey = np.round(np.clip(picture, 0, 1) * np.float32(high - low)).astype(np.uint16)
    pixels = np.uint16(high) - grey if spec.monochrome1 else grey + np.uint16(low)
    # PS3.3 C.11.2.1.2.1: LINEAR maps center − 0.5 ± (width − 1) / 2 to the ends of the range.
    window = Window(center=(low + high) / 2 + 0.5, width=high - low + 1, explanation="NORMAL")
    spacing = 10 * 40.0 / picture.shape[0]
    return Image(
        pixels=pixels,
        photometric="MONOCHROME1" if spec.monochrome1 else "MONOCHROME2",
        bits_stored=BITS,
        windows=(window,),
        inverted=spec.monochrome1,
        spacing_mm=(spacing, spacing),
        row_direction="L" if spec.frontal else "P",
        column_direction="F",
        modality="DX",
        body_part="CHEST",
        view=spec.view,
    )
