"""Real radiographs from pretraining to counterfactual and back, by the commands a researcher types.

457 images check the code, not the method: what so few images teach is no explanation of anything.
"""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image as Pillow

from engine.__main__ import main
from engine.counterfactuals import Counterfactual
from tests.conftest import SHARED_DATA
from tests.engine.cohorts.test_manifest import CXR_COLUMNS

CXR = SHARED_DATA / "cxr"
pytestmark = pytest.mark.skipif(not CXR.is_dir(), reason=f"there is no {CXR}")
TINY = (
    "image_size=32",
    "epochs=1",
    "channels=8",
    "multipliers=1,2",
    "encoder_multipliers=1,2",
    "latent=16",
    "samples=2",
)
SMALL = ("epochs=100", "batch_size=16", "channels=32", "samples=4")  # some two thousand steps at 64²


def typed(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("settings", [TINY, pytest.param(SMALL, marks=pytest.mark.full)], ids=["tiny", "small"])
def test_from_pretraining_to_counterfactual_and_back(tmp_path: Path, settings: tuple[str, ...]) -> None:
    cohort, base, head, out = (tmp_path / name for name in ("cxr", "base", "head", "imagined"))
    typed("cohort", "import", "csv", "--source", CXR, "--columns", CXR_COLUMNS, "--out", cohort)
    typed("train", "diffusion", "--cohort", cohort, "--out", base, *(w for s in settings for w in ("--set", s)))
    of_head = (f"base_run={base}", "target=findings", "findings=effusion,pneumothorax", "epochs=5", "batch_size=32")
    typed("train", "probe", "--cohort", cohort, "--out", head, *(w for s in of_head for w in ("--set", s)))

    image = sorted((CXR / "images").glob("*.png"))[0]
    steps = ("--amplitude", "-4", "--amplitude", "0", "--amplitude", "4", "--preview", "--no-cache")
    typed("explain", "counterfactual", head, "--image", image, "--target", "effusion", *steps, "--out", out)
    found = Counterfactual.load(next(out.glob("*.counterfactual")))
    with Pillow.open(image) as picture:
        assert (found.image_columns, found.image_rows) == picture.size
    away, still, towards = found.drawings
    np.testing.assert_array_equal(still, found.reconstruction)
    assert found.wanted[0] < found.probability < found.wanted[2]
    assert np.abs(towards - still).max() > 0 and np.abs(away - still).max() > 0
    if settings is SMALL:  # and back: the reconstruction is the image again
        assert np.abs(found.reconstruction - found.factual).mean() < 0.05
