"""What an explanation costs: Grad-CAM against one plain forward pass, occlusion against MONAI on the same windows, and
its preview against the dense map.

DenseNet-121 at 224², one thread, 14 findings. Seconds are processor time of the thread that works, ours and the peer
in turn, the least of several. MONAI's map is of the probability that is left, ours of its fall, so theirs and ours add
up to the probability of the whole image. MONAI hides with one value in all channels and guesses the activation from
their number, so it is given the raw grey image, the normalising as a part of the network, and a callable.

The preview is judged on the small network with weights that were drawn and a head that was fitted to tell pictures
with bright spots from those without: a map of nothing but noise has no top decile to agree on.
"""

import copy
import warnings
from collections.abc import Callable, Iterator
from time import thread_time

import numpy as np
import torch
from monai.visualize import OcclusionSensitivity
from torch import nn

from engine.explain.gradcam import gradcam
from engine.explain.occlusion import occlusion, windows_of
from engine.explain.options import GradCamOptions, OcclusionOptions
from engine.explain.subject import Subject, look_at
from engine.models.normalisation import normalised
from engine.models.trained import Description, Trained
from tests.benchmarks.figure import Figure

SIZE, FINDINGS, TURNS = 224, 14, 2
WINDOWS = OcclusionOptions(size=32, stride=32, fill=0.5, batch=16)  # 49 of them; each costs what any other would
PICTURES = 96  # that the head of the small network is fitted to
_ALL = list(range(FINDINGS))


def run() -> Iterator[Figure]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        subject = _subject()
        yield from _grad_cam(subject)
        yield _occlusion(subject)
        yield from _preview()
    finally:
        torch.set_num_threads(before)


def _subject() -> Subject:
    torch.manual_seed(0)
    description = Description("densenet121", "average", 0.0, tuple(f"finding {k}" for k in _ALL), "sigmoid", SIZE)
    net = description.build().to(memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
    return look_at(Trained(net, description, {}), _film())


def _film() -> np.ndarray:
    row, column = np.mgrid[:SIZE, :SIZE] / SIZE
    body = 0.6 * np.exp(-(((row - 0.5) / 0.4) ** 2) - ((column - 0.5) / 0.35) ** 2)
    spots = 0.4 * np.exp(-(((row - 0.3) / 0.06) ** 2) - ((column - 0.65) / 0.08) ** 2)
    noise = np.random.default_rng(1).normal(0, 0.02, row.shape)
    return np.clip(body + spots + noise, 0, 1).astype(np.float32)


def _grad_cam(subject: Subject) -> Iterator[Figure]:
    net, x = subject.trained.net, subject.x

    def plain() -> None:
        with torch.no_grad():
            net(x)

    for count in (1, FINDINGS):
        ours, peer = _in_turn(lambda count=count: gradcam(subject, _ALL[:count], GradCamOptions()), plain, 7)
        ratio = ours / peer
        note = f"{1e3 * ours:.0f} ms; peer: one plain forward, {1e3 * peer:.0f} ms"
        yield Figure(f"gradcam_{count}_findings", ratio, "x forward", "<= 1.3", ratio <= 1.3, 1 / ratio, note)


class _Raw(nn.Module):
    """(N, 1, H, W) in [0, 1] → logits, in the memory layout that torch has by itself."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = copy.deepcopy(net).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(normalised(x[:, 0], channels_last=False))  # type: ignore[no-any-return]


def _occlusion(subject: Subject) -> Figure:
    size, stride = WINDOWS.window(SIZE)
    peer = OcclusionSensitivity(
        _Raw(subject.trained.net),
        mask_size=size,
        n_batch=WINDOWS.batch,
        verbose=False,
        mode=0.5,
        overlap=1 - stride / size,
        activate=lambda logits: logits.sigmoid(),
    )
    x = torch.from_numpy(subject.unit)[None, None]
    found: dict[str, np.ndarray] = {}

    def ours() -> None:
        maps, whole = occlusion(subject, _ALL, WINDOWS)
        found["ours"] = whole[:, None, None] - maps

    def theirs() -> None:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MONAI indexes as torch would have it no more
            found["theirs"] = peer(x)[0][0].numpy()

    mine, other = _in_turn(ours, theirs, TURNS)
    ratio, apart = mine / other, float(np.abs(found["ours"] - found["theirs"]).max())
    count = len(windows_of(subject, WINDOWS))
    note = f"{count} windows, {FINDINGS} findings at once, {mine:.1f} s; peer: MONAI; maps differ by {apart:.0e}"
    return Figure("occlusion_dense", ratio, "x MONAI", "<= 0.85", ratio <= 0.85 and apart < 1e-4, 1 / ratio, note)


def _preview() -> Iterator[Figure]:
    subject = _spotted()
    dense, preview = OcclusionOptions(), OcclusionOptions(coarse_to_fine=True)
    found: dict[str, np.ndarray] = {}

    def run_of(name: str, options: OcclusionOptions) -> Callable[[], None]:
        return lambda: found.update({name: occlusion(subject, [1], options)[0][0]})

    mine, other = _in_turn(run_of("preview", preview), run_of("dense", dense), TURNS)
    ratio = mine / other
    note = f"{len(windows_of(subject, dense))} windows dense, {other:.1f} s; a head fitted to spots"
    yield Figure("occlusion_preview", ratio, "x dense", "<= 0.25", ratio <= 0.25, 1 / ratio, note)
    overlap = _overlap(found["preview"], found["dense"])
    yield Figure("occlusion_preview_top_decile", overlap, "overlap", ">= 0.9", overlap >= 0.9, note="with dense")


def _overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Share of the highest tenth of the pixels that two maps have in common."""
    count = first.size // 10
    tops = [set(np.argsort(-values.ravel(), kind="stable")[:count]) for values in (first, second)]
    return len(tops[0] & tops[1]) / count


def _spotted() -> Subject:
    """The small network with a head fitted by least squares, and a picture with a spot."""
    torch.manual_seed(0)
    description = Description("small", "average", 0.0, ("plain", "spot"), "softmax", SIZE)
    net = description.build().to(memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
    trained = Trained(net, description, {})
    rng = np.random.default_rng(2)
    truths = np.arange(PICTURES) % 2
    films = [_picture(rng, bool(truth)) for truth in truths]
    with torch.no_grad():
        pooled = torch.cat([net.pooled(net.features(look_at(trained, film).x)) for film in films]).double()
    design = torch.cat([pooled, torch.ones(PICTURES, 1, dtype=torch.float64)], 1)
    ridge = design.T @ design + 1e-3 * torch.eye(design.shape[1], dtype=torch.float64)
    weights = torch.linalg.solve(ridge, design.T @ torch.from_numpy(4.0 * truths - 2.0))
    head = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
    head.weight.copy_(torch.stack([torch.zeros_like(weights[:-1]), weights[:-1]]))
    head.bias.copy_(torch.stack([torch.zeros_like(weights[-1]), weights[-1]]))
    return look_at(trained, _picture(rng, True))


def _picture(rng: np.random.Generator, spot: bool) -> np.ndarray:
    film = _film() + rng.normal(0, 0.02, (SIZE, SIZE))
    if spot:
        row, column = np.mgrid[:SIZE, :SIZE] / SIZE
        at = rng.uniform(0.2, 0.8, 2)
        film += 0.3 * np.exp(-((row - at[0]) ** 2 + (column - at[1]) ** 2) / 0.06**2)
    return np.clip(film, 0, 1).astype(np.float32)


def _in_turn(ours: Callable[[], object], peer: Callable[[], object], turns: int) -> tuple[float, float]:
    """The least seconds of each, measured in turn."""
    taken = [(_seconds(ours), _seconds(peer)) for _ in range(turns)]
    return min(mine for mine, _ in taken), min(other for _, other in taken)


def _seconds(work: Callable[[], object]) -> float:
    start = thread_time()
    work()
    return thread_time() - start
