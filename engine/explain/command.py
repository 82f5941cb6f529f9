"""The commands `engine explain` and `engine worker`. torch is imported only where a network works."""

from pathlib import Path
from typing import Any

import click

from engine.commandline import Commands, RunToRead, progress_bar
from engine.explain.counterfactual_command import counterfactual
from engine.jobs.work import imported

__all__ = ["explain_group", "worker_command"]

_SHARED = (
    click.argument("run", type=RunToRead()),
    click.option(
        "--image", required=True, type=click.Path(path_type=Path, exists=True), help="DICOM, NIfTI, PNG, JPEG."
    ),
    click.option("--frame", default=0, show_default=True, type=click.IntRange(0), help="Which frame or slice of it."),
    click.option("--target", "targets", multiple=True, help="Finding or class; may be repeated. [default: all]"),
    click.option("--randomised", type=click.IntRange(0), help="Random weights from this seed: a sanity check."),
    click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files."),
)


@click.group("explain", cls=Commands)
def explain_group() -> None:
    """Show what a run looks at in an image. Research use only, not for diagnosis."""


def _shared(command: Any) -> Any:
    for decorate in reversed(_SHARED):
        command = decorate(command)
    return command


@explain_group.command()
@_shared
@click.option("--signed", is_flag=True, help="Keep what speaks against the target, without the ReLU.")
@click.option("--normalise", is_flag=True, help="Divide by the largest magnitude.")
def gradcam(signed: bool, normalise: bool, **shared: Any) -> None:
    """Grad-CAM (Selvaraju et al. 2017) of any number of targets in one pass.

    \b
    Example:
      engine explain gradcam run --image film.dcm --target pneumothorax --out looks
    """
    _explained("gradcam", {"relu": not signed, "normalise": normalise}, **shared)


@explain_group.command()
@_shared
@click.option(
    "--size", type=click.IntRange(1), help="Pixels of the window along each side. [default: 1/14 of the input]"
)
@click.option("--stride", type=click.IntRange(1), help="Pixels between windows. [default: 2/5 of the size]")
@click.option("--fill", default="0.5", show_default=True, help="Grey of the window, 0 to 1, or mean.")
@click.option("--preview", is_flag=True, help="Coarse to fine: a quarter of the windows.")
def occlusion(size: int | None, stride: int | None, fill: str, preview: bool, **shared: Any) -> None:
    """Occlusion: how far the probability falls when a grey square hides a part of the image.

    \b
    Example:
      engine explain occlusion run --image film.dcm --target pneumothorax --out looks
    """
    options = {"size": size, "stride": stride, "fill": _number_or_word(fill), "coarse_to_fine": preview}
    _explained("occlusion", options, **shared)


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _explained(
    method: str,
    options: dict[str, Any],
    run: Path,
    image: Path,
    frame: int,
    targets: tuple[str, ...],
    randomised: int | None,
    out: Path,
) -> None:
    """Compute, write and name the files."""
    from engine.explain.options import options_of
    from engine.explain.picture import write_explanation
    from engine.images.grey import presentation
    from engine.images.opening import open_image

    wanted = options_of(method, options)
    shown = presentation(open_image(image), frame)
    explain, load = imported("engine.explain.methods:explain"), imported("engine.explain.subject:load_explained")
    with progress_bar(method) as progress:
        found = explain(load(run, randomised_seed=randomised), shown, targets, wanted, progress)
    for each in found:
        path = write_explanation(each, shown, out, image)
        click.echo(f"{each.target}: probability {each.probability:.3f}, {path}")


explain_group.add_command(counterfactual)


@click.command("worker")
@click.option("--threads", type=click.IntRange(1), help="[default: all cores but one]")
@click.option("--device", help="cpu or cuda. [default: cuda where there is one]")
def worker_command(threads: int | None, device: str | None) -> None:
    """Answer requests for predictions and explanations over standard input and output, for other programs.

    \b
    Example:
      ssh host engine worker
    """
    imported("engine.worker:main")(threads, device)
