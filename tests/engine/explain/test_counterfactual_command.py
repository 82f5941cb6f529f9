import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image as Pillow

from engine.__main__ import main
from engine.cohorts.cohort import load_cohort
from engine.counterfactuals import Counterfactual
from engine.hashing import file_sha256
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import create_run, open_run
from engine.training.classification import train as train_head
from engine.training.diffusion import train as train_diffusion
from tests.engine.explain.made import film
from tests.engine.explain.made_imaginer import made_head, made_runs
from tests.engine.training.pictures import made_pictures


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_runs(tmp_path_factory.mktemp("runs"))[1].path


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    Pillow.fromarray(np.rint(film(80, 60) * 255).astype(np.uint8)).save(path)
    return path


def called(*words: object, rc: int = 0) -> str:
    result = CliRunner().invoke(main, ["explain", "counterfactual", *map(str, words)])
    assert result.exit_code == rc, result.output
    return result.output


def test_a_trajectory_is_drawn_and_said(head: Path, image: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["--steps", 12, 10, "--no-cache", "--dicom", "--device", "cpu"]
    told = called(
        head, "--image", image, "--target", "drain", "--amplitude", -2, "--amplitude", 1.5, *words, "--out", out
    )
    assert "this will take about" in told and "less where the image was encoded before" in told
    assert "drain: probability" in told and "amplitude +1.5: wanted" in told and "of the change confirmed" in told
    assert "all of them synthetic, for research use only" in told
    found = Counterfactual.load(out / "film.drain.counterfactual")
    assert found.amplitudes == (-2.0, 1.5) and found.options["encode_steps"] == 12
    expected = {
        f"film.drain.{a}{kind}.{end}" for a in ("-2", "+1.5") for kind in ("", ".difference") for end in ("png", "dcm")
    }
    assert expected <= {path.name for path in out.iterdir()}


def test_of_no_target_every_finding_is_drawn_in_a_grid(head: Path, image: Path, tmp_path: Path) -> None:
    called(head, "--image", image, "--preview", "--probability", 0.9, "--no-cache", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "film.findings.png").is_file()
    assert len(list((tmp_path / "out").glob("*.counterfactual"))) == 3


def test_a_class_of_several_is_drawn_as_a_finding_is(head: Path, image: Path, tmp_path: Path) -> None:
    """Also as a cohort, whose films are of another class."""
    base = open_run(head.parent / "base")
    groups = made_head(
        head.parent / "groups", base, file_sha256(base.checkpoints / "best.safetensors"), activation="softmax"
    )
    words = ("--target", "wires", "--probability", 0.7, "--preview", "--no-cache")
    told = called(groups.path, "--image", image, *words, "--out", tmp_path / "out")
    assert "wires: probability" in told and "wanted 0.700, seen in the drawing" in told
    cohort = made_pictures(tmp_path / "pictures")
    derived = ["cohort", "counterfactual", groups.path, "--cohort", cohort.root, "--target", "wires", "--target"]
    result = CliRunner().invoke(main, [*map(str, derived), "gout", "--out", str(tmp_path / "derived")])
    assert result.exit_code == 1 and "does not know 'gout'; it knows" in result.output
    derived = [*derived[:-1], "--amplitude", 2, "--preview", "--per-finding", 2, "--out", tmp_path / "derived"]
    result = CliRunner().invoke(main, list(map(str, derived)))
    assert result.exit_code == 0 and "6 images of 2 cases" in result.output, result.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--amplitude", 1, "--probability", 0.5), "amplitudes and probability both say how far"),
        (("--probability", 2), "probability = 2.0 is not possible"),
        (("--remove", "--amplitude", 1), "give a negative amplitude"),
        (("--target", "gout"), "does not know 'gout'; it knows effusion, drain, wires"),
        (("--steps", 1, 10), "encode_steps = 1 is not possible"),
        (("--device", "banana"), "the device 'banana' cannot be used here"),
        (("--device", "cuda:99"), "the device 'cuda:99' cannot be used here"),
        (("--frame", 3), "frame 3 was asked of an image with 1 frame"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    head: Path, image: Path, tmp_path: Path, words: tuple[object, ...], sentence: str
) -> None:
    assert sentence in called(head, "--image", image, *words, "--out", tmp_path / "out", rc=1)
    assert not (tmp_path / "out").exists()


def test_a_run_that_ships_is_named_as_it_is_in_the_readme(image: Path, tmp_path: Path) -> None:
    told = called(Path("demo/drains-head"), "--image", image, "--target", "pneumothorax", "--preview", "--no-cache",
                  "--out", tmp_path / "out")  # fmt: skip
    assert "pneumothorax: probability" in told
    assert "does not exist" in called(Path("demo/nobody"), "--image", image, "--out", tmp_path / "none", rc=2)


def test_a_preview_has_its_own_steps(head: Path, image: Path, tmp_path: Path) -> None:
    assert "leave --steps out" in called(head, "--image", image, "--preview", "--steps", 5, 5, "--out", tmp_path, rc=2)


# A job in the background of a shell ignores Ctrl+C, and so do its children until they say otherwise.
LISTENING = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('engine', run_name='__main__')"
)


@pytest.mark.skipif(sys.platform == "win32", reason="a console of its own is needed to send Ctrl+C there")
def test_ctrl_c_leaves_nothing_half_written(head: Path, image: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", LISTENING, "explain", "counterfactual", str(head), "--image", str(image)]
    command += ["--steps", "1000", "1000", "--no-cache", "--out", str(out)]
    command += [word for amplitude in range(1, 60) for word in ("--amplitude", str(amplitude))]  # minutes of work
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        assert "this will take about" in process.stderr.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 1 and "Aborted" in said
    assert {path.name for path in tmp_path.iterdir()} == {"film.png"}


def test_from_training_to_a_counterfactual(tmp_path: Path) -> None:
    """Both runs really trained, though so shortly that only the way is checked: the head is of these very codes."""
    cohort = made_pictures(tmp_path / "pictures")
    sources = [cohort_source(str(cohort.root))]
    short = {"image_size": 32, "channels": 8, "multipliers": (1, 2), "encoder_multipliers": (1, 2), "latent": 16}
    base = create_run(
        tmp_path / "base",
        make_spec("diffusion", sources, settings={**short, "epochs": 1, "samples": 0, "batch_size": 16}),
    )
    train_diffusion(base)
    asked = {"base_run": "base", "target": "findings", "epochs": 1, "batch_size": 16}
    head = create_run(tmp_path / "head", make_spec("probe", sources, settings=asked))
    train_head(head)
    first = cohort.root / load_cohort(cohort.root).frame["path"].iloc[0]
    called(head.path, "--image", first, "--preview", "--no-cache", "--out", tmp_path / "out")
    (found,) = [Counterfactual.load(path) for path in (tmp_path / "out").glob("*.counterfactual")]
    assert found.target == "square" and found.wanted[0] > found.probability
    shutil.rmtree(tmp_path / "base" / "checkpoints")
    assert "has no best.safetensors yet" in called(head.path, "--image", first, "--out", tmp_path / "out", rc=1)
