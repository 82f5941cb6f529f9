"""The command `engine explain counterfactual`. torch is imported only where a network works."""

import math
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from engine.commandline import RunToRead, progress_bar
from engine.counterfactuals import Counterfactual, CounterfactualOptions, counterfactual_options, in_percent
from engine.jobs.work import imported
from engine.progress import duration

__all__ = ["counterfactual"]

_LONG_SECONDS = 20.0


@click.command()
@click.argument("run", type=RunToRead())
@click.option("--image", required=True, type=click.Path(path_type=Path, exists=True), help="DICOM, NIfTI, PNG, JPEG.")
@click.option("--frame", default=0, show_default=True, type=click.IntRange(0), help="Which frame or slice of it.")
@click.option("--target", "targets", multiple=True, help="Finding or class; may be repeated. [default: all]")
@click.option("--amplitude", "amplitudes", multiple=True, type=float, help="How far; repeated, a trajectory.")
@click.option("--probability", type=float, help="The smallest step that reaches it, in place of an amplitude.")
@click.option("--named", type=click.Choice(["paper", "released"]), help="A published step. [default: released]")
@click.option("--remove", is_flag=True, help="With a published step: take the finding away.")
@click.option("--preview", is_flag=True, help="20 + 20 looks of second order in place of DDIM's.")
@click.option("--steps", nargs=2, type=int, metavar="ENCODE DECODE", help="Looks of DDIM each way. [default: 250 200]")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
@click.option("--dicom", is_flag=True, help="Also write every picture as DICOM (DERIVED, Secondary Capture).")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep the image's encoding in your cache folder.")
@click.option("--device", help="cpu or cuda. [default: cuda where there is one]")
def counterfactual(
    run: Path,
    image: Path,
    frame: int,
    targets: tuple[str, ...],
    amplitudes: tuple[float, ...],
    probability: float | None,
    named: str | None,
    remove: bool,
    preview: bool,
    steps: tuple[int, int] | None,
    out: Path,
    dicom: bool,
    no_cache: bool,
    device: str | None,
) -> None:
    """The same image as RUN imagines it with a finding, or without it (DiffChest, Equations 4 and 5).

    RUN is a head on the codes of a diffusion run: of findings, or of a column of which an image has one class (target
    race, sex …). A negative amplitude, or a probability below the image's own, takes the finding away. Every picture
    says that it is synthetic; compare it with the reconstruction, not with the image.

    \b
    Example:
      engine explain counterfactual head --image film.dcm --target pneumothorax --preview --out imagined
      engine explain counterfactual head --image film.dcm --target effusion --amplitude -6 --amplitude 6 --out imagined
      engine explain counterfactual race-head --image film.dcm --target Black --probability 0.9 --out imagined
    """
    if preview and steps:
        raise click.UsageError("--preview has its own number of looks; leave --steps out")
    entries = {"amplitudes": amplitudes, "probability": probability, "named": named, "remove": remove}
    looks = {"encode_steps": steps[0], "decode_steps": steps[1]} if steps else {}
    options = counterfactual_options({**entries, "preview": preview, **looks})
    found = _found(run, _shown(image, frame), targets, options, no_cache, device)
    written = imported("engine.explain.counterfactual_files:write_counterfactuals")(
        found, out, image, frame=frame, dicom=dicom
    )
    for each in found:
        _say(each)
    click.echo(f"{len(written)} files in {out}; all of them synthetic, for research use only")


def _shown(image: Path, frame: int) -> np.ndarray:
    from engine.images.grey import presentation
    from engine.images.opening import open_image

    return presentation(open_image(image), frame)


def _found(
    run: Path,
    shown: np.ndarray,
    targets: tuple[str, ...],
    options: CounterfactualOptions,
    no_cache: bool,
    device: str | None,
) -> list[Counterfactual]:
    load, draw, seconds_expected = (
        imported(f"engine.explain.counterfactual:{name}")
        for name in ("load_imagined", "counterfactuals", "seconds_expected")
    )
    cache_of = imported("engine.explain.counterfactual_cache:opened_cache")
    loaded = load(run, imported("engine.explain.counterfactual:best_device")(device))
    _announce(options, lambda asked: seconds_expected(loaded, asked, targets))
    with progress_bar("counterfactual") as progress:
        found: list[Counterfactual] = draw(loaded, shown, targets, options, progress, cache_of(not no_cache))
    return found


def _announce(options: CounterfactualOptions, seconds_of: Callable[[CounterfactualOptions], float]) -> None:
    """How long it will take, before it starts; and that there is a quicker way where it will be long."""
    seconds = seconds_of(options)
    hint = "; --preview is quicker" if seconds > _LONG_SECONDS and not options.preview else ""
    click.echo(
        f"this will take about {duration(max(1, seconds))}, less where the image was encoded before{hint}", err=True
    )


def _say(found: Counterfactual) -> None:
    click.echo(
        f"{found.target}: probability {found.probability:.3f}; of the reconstruction {found.drawn_reconstruction:.3f}"
    )
    for amplitude, wanted, drawn, share in zip(found.amplitudes, found.wanted, found.drawn, found.confirmed):
        confirmed = "" if math.isnan(share) else f", {in_percent(share)} of the change confirmed"
        click.echo(f"  amplitude {amplitude:+.4g}: wanted {wanted:.3f}, seen in the drawing {drawn:.3f}{confirmed}")
