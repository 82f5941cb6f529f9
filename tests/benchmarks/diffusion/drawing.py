"""Drawing counterfactuals: all findings as one batch beside one by one, the preview beside the full, and memory.

The peer is what DiffChest's released code does: the image is encoded anew and drawn alone for each finding. On a CPU
the network and head that ship draw a simulated film; on two cores their full 250 + 200 steps of eight findings, one by
one, take minutes, so both are timed with a tenth of the steps and scaled. On a GPU the paper's network is timed, with
random weights. What the preview shows is compared with the full drawing by the network that ships, everywhere.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from skimage.metrics import structural_similarity

from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.cohort import plan_patient
from engine.cohorts.simulated.confounding import default_table
from engine.cohorts.simulated.dicom import write_dicom
from engine.diffusion.counterfactual import Quality, draw, encode, named_amplitude
from engine.diffusion.samplers import ddim_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder
from engine.explain.counterfactual import load_imagined
from engine.explain.subject import look_at
from engine.images.grey import presentation
from engine.images.opening import open_image
from engine.jobs.making import make_spec
from engine.jobs.specs import DiffusionSpec
from engine.models.autoencoder import Autoencoder
from engine.training.diffusion import shape_of
from resources.files import shipped_folder
from tests.benchmarks.figure import Figure

FINDINGS = 8
SHARE = 10  # of the steps on a CPU: one in ten, scaled
FULL, PREVIEW = Quality(), Quality.preview()
SEED, TURNS = 5, 3


@dataclass(frozen=True, eq=False)
class _Task:
    """What is drawn: one image, and the codes it is drawn from."""

    trained: TrainedAutoencoder
    image: torch.Tensor  # (1, C, s, s) in [−1, 1]
    codes: torch.Tensor  # (FINDINGS, latent)

    def drawn(self, quality: Quality) -> torch.Tensor:
        return draw(self.trained, encode(self.trained, self.image, quality), self.codes)

    def drawn_alone(self, quality: Quality) -> None:
        for code in self.codes:
            draw(self.trained, encode(self.trained, self.image, quality), code[None])


def run() -> Iterator[Figure]:
    gpu = torch.cuda.is_available()
    shipped = _shipped("cuda" if gpu else "cpu")
    timed = _paper_sized() if gpu else shipped
    yield _together(timed, gpu)
    yield _previewed(timed, gpu)
    yield _alike(shipped)
    yield _memory()


def _shipped(device: str) -> _Task:
    """The network and head that ship; a film pushed to each of the head's first findings, as far as published."""
    run = load_imagined(shipped_folder() / "demo" / "findings-head", device)
    subject = look_at(run.explained.trained, _film())
    image = run.base.tensor(subject.stored[None])
    code, head = run.base.codes(image), run.head
    steps = [torch.tensor([named_amplitude("released", head, finding)], device=device) for finding in range(FINDINGS)]
    return _Task(run.base, image, torch.cat([head.stepped(code, k, step) for k, step in enumerate(steps)]))


def _film() -> np.ndarray:
    """A simulated film, (rows, columns) float32 in [0, 1]."""
    planned = next(plan_patient(default_table(), SEED, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        write_dicom(path, simulate_chest(planned.spec, 256), planned.identity)
        return presentation(open_image(path))


def _paper_sized() -> _Task:
    spec = make_spec("diffusion", preset="diffchest-256")
    assert isinstance(spec, DiffusionSpec)
    torch.manual_seed(0)
    net = Autoencoder(shape_of(spec)).to(device="cuda", memory_format=torch.channels_last)  # type: ignore[call-overload]
    description = AutoencoderDescription(net.shape, NoiseSchedule())
    trained = TrainedAutoencoder(net.eval().requires_grad_(False), description, {})
    rows, columns = np.mgrid[:256, :256] / 256
    image = trained.tensor((0.5 + 0.3 * np.cos(5 * rows) * np.sin(4 * columns)).astype(np.float32)[None])
    code = trained.codes(image)
    steps = torch.randn(FINDINGS, code.shape[1], generator=torch.Generator().manual_seed(1)).to(code.device)
    return _Task(trained, image, code + 0.3 * code.abs().mean() * steps)


def _together(task: _Task, gpu: bool) -> Figure:
    share = 1 if gpu else SHARE
    quality = Quality(FULL.encode_steps // share, FULL.decode_steps // share)
    ours, peer = [], []
    for _ in range(TURNS):
        ours.append(_timed(lambda: task.drawn(quality), gpu))
        peer.append(_timed(lambda: task.drawn_alone(quality), gpu))
    mine, theirs = share * min(ours), share * min(peer)
    note = f"250 + 200 steps, {FINDINGS} findings, one encoding and one batch; peer: each encoded and drawn alone"
    note += "" if gpu else "; a tenth of the steps, scaled (a batch gains nothing on a CPU, encoding once does)"
    goal = 0.2 if gpu else 0.75
    return Figure("full_8_findings", mine, "s", f"<= {goal:g}x", mine <= goal * theirs, theirs / mine, note)


def _previewed(task: _Task, gpu: bool) -> Figure:
    seconds = min(_timed(lambda: task.drawn(PREVIEW), gpu) for _ in range(TURNS))
    goal = 1.0 if gpu else 30.0
    note = f"20 + 20 steps, {FINDINGS} findings"
    return Figure("preview_8_findings", seconds, "s", f"<= {goal:g}", seconds <= goal, note=note)


def _alike(task: _Task) -> Figure:
    """The least of the eight; what random weights draw would be no picture to compare."""
    quick, whole = (task.drawn(quality)[:, 0].cpu().numpy() for quality in (PREVIEW, FULL))
    alike = [structural_similarity(a, b, data_range=2.0) for a, b in zip(quick, whole, strict=True)]
    note = f"least of {FINDINGS} findings, preview against 250 + 200 steps, the network that ships"
    return Figure("preview_ssim", min(alike), "", ">= 0.98", min(alike) >= 0.98, note=note)


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


def _timed(work: Callable[[], object], gpu: bool) -> float:
    start = perf_counter()
    work()
    if gpu:
        torch.cuda.synchronize()
    return perf_counter() - start
