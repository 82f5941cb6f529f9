"""Drawing counterfactuals: all findings as one batch beside one by one, the preview beside the full, and memory.

The peer is what DiffChest's released code does: the image is encoded anew and drawn alone for each finding. On two
cores the full 250 + 200 steps of eight findings take minutes, so both are measured with a tenth of the steps and
scaled.
"""

import gc
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from skimage.metrics import structural_similarity

from engine.diffusion.counterfactual import Quality, draw, encode
from engine.diffusion.samplers import ddim_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder, load_autoencoder
from engine.jobs.making import make_spec
from engine.jobs.run import open_run
from engine.jobs.specs import DiffusionSpec
from engine.models.autoencoder import Autoencoder
from engine.training.diffusion import shape_of
from resources.files import shipped_folder
from tests.benchmarks.figure import Figure

FINDINGS = 8
SHARE = 10  # of the steps on a CPU: one in ten, scaled
FULL, PREVIEW = Quality(), Quality.preview()
SIZE = {True: "diffchest-256", False: ""}


def run() -> Iterator[Figure]:
    gpu = torch.cuda.is_available()
    trained, image, real = _network(gpu)
    codes = _codes(trained, image)
    yield from _together(trained, image, codes, gpu)
    yield from _previewed(trained, image, codes, gpu, real)
    yield _memory()


def _network(gpu: bool) -> tuple[TrainedAutoencoder, torch.Tensor, bool]:
    """The network that ships, where it does, or one of random weights; an image to draw; whether it was trained."""
    device = "cuda" if gpu else "cpu"
    shipped: Path = shipped_folder() / "demo" / "diffusion"
    if not gpu and shipped.is_dir():
        trained = load_autoencoder(open_run(shipped), device=device)
    else:
        spec = make_spec("diffusion", preset=SIZE[gpu])
        assert isinstance(spec, DiffusionSpec)
        torch.manual_seed(0)
        net = Autoencoder(shape_of(spec)).to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        trained = TrainedAutoencoder(
            net.eval().requires_grad_(False), AutoencoderDescription(net.shape, NoiseSchedule()), {}
        )
    size = trained.description.shape.image_size
    rows, columns = np.mgrid[:size, :size] / size
    square = (0.5 + 0.3 * np.cos(5 * rows) * np.sin(4 * columns)).astype(np.float32)
    return trained, trained.tensor(square[None]), shipped.is_dir() and not gpu


def _codes(trained: TrainedAutoencoder, image: torch.Tensor) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    code = trained.codes(image)
    steps = torch.randn(FINDINGS, code.shape[1], generator=generator).to(code.device)
    return code + 0.3 * code.abs().mean() * steps


def _together(trained: TrainedAutoencoder, image: torch.Tensor, codes: torch.Tensor, gpu: bool) -> Iterator[Figure]:
    share = 1 if gpu else SHARE
    quality = Quality(FULL.encode_steps // share, FULL.decode_steps // share)
    ours, peer = [], []
    for _ in range(3):
        ours.append(_timed(lambda: draw(trained, encode(trained, image, quality), codes), gpu))
        peer.append(_timed(lambda: [draw(trained, encode(trained, image, quality), code[None]) for code in codes], gpu))
    mine, theirs = share * min(ours), share * min(peer)
    note = f"250 + 200 steps, {FINDINGS} findings, one encoding and one batch; peer: each encoded and drawn alone"
    note += "" if gpu else "; a tenth of the steps, scaled (a batch gains nothing on a CPU, encoding once does)"
    goal = 0.2 if gpu else 0.75
    yield Figure("full_8_findings", mine, "s", f"<= {goal:g}x", mine <= goal * theirs, theirs / mine, note)


def _previewed(
    trained: TrainedAutoencoder, image: torch.Tensor, codes: torch.Tensor, gpu: bool, real: bool
) -> Iterator[Figure]:
    seconds = min(_timed(lambda: draw(trained, encode(trained, image, PREVIEW), codes), gpu) for _ in range(3))
    goal = 1.0 if gpu else 30.0
    note = f"20 + 20 steps, {FINDINGS} findings"
    yield Figure("preview_8_findings", seconds, "s", f"<= {goal:g}", seconds <= goal, note=note)
    if not real:
        return  # what random weights draw is no picture to compare
    quick = draw(trained, encode(trained, image, PREVIEW), codes[:2]).cpu().numpy()
    whole = draw(trained, encode(trained, image, FULL), codes[:2]).cpu().numpy()
    alike = [structural_similarity(a[0], b[0], data_range=2.0) for a, b in zip(quick, whole, strict=True)]
    yield Figure("preview_ssim", min(alike), "", ">= 0.98", min(alike) >= 0.98, note="preview against the full drawing")


def _memory() -> Figure:
    """Bytes of tensors alive while an image is encoded, by 250 steps over those by 10."""

    def alive(steps: int) -> int:
        most = 0

        def check() -> None:
            nonlocal most
            most = max(most, sum(each.nbytes for each in gc.get_objects() if type(each) is torch.Tensor))

        image = torch.zeros(1, 3, 256, 256)
        ddim_encode(lambda x, times: torch.zeros_like(x), image, NoiseSchedule(), steps, check=check)
        return most

    few, many = alive(10), alive(250)
    return Figure("encode_memory", many / few, "x", "<= 1.01", many <= 1.01 * few, note="250 steps against 10, 256²")


def _timed(work: object, gpu: bool) -> float:
    start = perf_counter()
    work()  # type: ignore[operator]
    if gpu:
        torch.cuda.synchronize()
    return perf_counter() - start
