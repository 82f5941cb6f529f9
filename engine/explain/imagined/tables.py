"""The three tables of counterfactuals in print. No torch."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from engine.counterfactuals import CounterfactualOptions
from engine.rounding import NOT_ESTIMABLE, estimate, number, with_interval
from engine.tables import Table

__all__ = ["detector_table", "quality_table", "yield_table"]

_YIELD_NOTE = (
    "Films of the split that show neither the finding nor the device, pushed towards the finding. Planted: P(device | "
    "finding) − P(device | no finding) by the cohort's confounding table, which is what readers of the drawings should "
    "find. Yield: share of drawings in which a detector of the device sees it; as it is: of the same films drawn "
    "without a push; at random: pushed as far in a random direction. A device that comes along has a difference whose "
    "interval lies above 0, and more than at random. Shares with Wilson's 95 % intervals, adjusted for more films of a "
    "patient; differences with percentile intervals of redrawn patients (none where all films say the same). Each "
    "row stands by itself: of many some miss 0 by chance."
)
_QUALITY_NOTE = (
    "Fréchet distance of pooled features of the shipped network of findings to films of other patients: of drawings, "
    "of reconstructions, and of the same films themselves (what as few pictures have by chance). Code: distance of the "
    "normalised code of the drawing, encoded again, to that of the film, at right angles to the push, by entry; beside "
    "that of reconstructions and of films of two patients. Changed: share of the picture that the push changed by more "
    "than 5 % of the grey scale; pixels: mean distance to the film outside of it, of the grey scale. Reached: share of "
    "drawings to which the head, encoding them again, gives at least a probability of 0.5; confirmed: of the change of "
    "the logit that was wanted, how much the drawing shows. Told apart: area under the curve of a network that was "
    "trained to tell reconstructions from films (0.5: cannot), without any badge, with Obuchowski's interval. 95 % "
    "intervals, else percentiles of redrawn patients."
)
_DETECTOR_NOTE = (
    "How well the detector sees planted devices at the network's resolution, at thresholds chosen on val (Youden), in "
    "films of the split and in reconstructions of films of the split. Wilson's 95 % intervals, adjusted for several "
    "films of a patient."
)


def yield_table(frame: pd.DataFrame, options: CounterfactualOptions) -> Table:
    """A row for each finding and device; those the table plants come first."""
    ordered = frame.sort_values(
        ["target", "planted", "planted_difference"], ascending=[True, False, False], kind="stable"
    ).reset_index(drop=True)
    rows = ordered.to_dict("records")
    printed = pd.DataFrame(
        {
            "Finding": [_words(row["target"]) for row in rows],
            "Device": [_words(row["device"]) for row in rows],
            "Planted": [
                ("yes, " if row["planted"] else "no, ") + estimate(row["planted_difference"], 2) for row in rows
            ],
            "n": [str(row["n"]) for row in rows],
            "Yield (95 % CI)": [_said(row, "yield") for row in rows],
            "As it is": [number(row["at_zero"], 2) for row in rows],
            "At random": [number(row["at_random"], 2) for row in rows],
            "Yield − as it is (95 % CI)": [_said(row, "difference") for row in rows],
            "Yield − at random (95 % CI)": [_said(row, "over_random") for row in rows],
            "Remark": [row["status"] for row in rows],
        }
    )
    title = "Confounders that come along in counterfactuals"
    return Table(ordered, title, f"{_how(options)} {_YIELD_NOTE}", printed)


def _how(options: CounterfactualOptions) -> str:
    if options.amplitudes:
        far = f"amplitude {options.amplitudes[0]:g} along the unit weights"
    elif options.probability is not None:
        far = f"to a probability of {options.probability:g}"
    else:
        far = "by 0.3 times the weights" if options.named == "paper" else "by 0.6 times the root of the code's length"
    steps = "20 + 20 steps (preview)" if options.preview else f"{options.encode_steps} + {options.decode_steps} steps"
    return f"Pushed {far}; drawn in {steps}."


def quality_table(frame: pd.DataFrame) -> Table:
    """A row for each finding, and for pushes in random directions."""
    rows = frame.to_dict("records")
    printed = pd.DataFrame(
        {
            "Pushed to": [_words(row["target"]) for row in rows],
            "n": [str(row["n"]) for row in rows],
            "Fréchet": [estimate(row["frechet"], 3) for row in rows],
            "of reconstructions": [number(row["frechet_reconstructions"], 3) for row in rows],
            "of films": [number(row["frechet_films"], 3) for row in rows],
            "Code (95 % CI)": [_said(row, "code") for row in rows],
            "code of reconstructions": [number(row["code_reconstructions"], 2) for row in rows],
            "of strangers": [number(row["code_strangers"], 2) for row in rows],
            "Changed": [number(row["changed"], 2) for row in rows],
            "Pixels (95 % CI)": [_said(row, "pixels", 3) for row in rows],
            "pixels of reconstructions": [number(row["pixels_reconstructions"], 3) for row in rows],
            "Reached (95 % CI)": [_said(row, "reached") for row in rows],
            "Confirmed (95 % CI)": [_said(row, "confirmed") for row in rows],
            "Told apart (95 % CI)": [_said(row, "auc_drawings") for row in rows],
            "reconstructions told apart (95 % CI)": [_said(row, "auc_reconstructions") for row in rows],
        }
    )
    return Table(frame, "Are counterfactuals real, of the same patient, and what was asked?", _QUALITY_NOTE, printed)


def detector_table(frame: pd.DataFrame) -> Table:
    """A row for each device and kind of picture."""
    rows = frame.to_dict("records")
    printed = pd.DataFrame(
        {
            "Device": [_words(row["device"]) for row in rows],
            "Seen in": [row["pictures"] for row in rows],
            "n": [str(row["n"]) for row in rows],
            "with it": [str(row["n_positive"]) for row in rows],
            "Sensitivity (95 % CI)": [_said(row, "sensitivity") for row in rows],
            "Specificity (95 % CI)": [_said(row, "specificity") for row in rows],
        }
    )
    return Table(frame, "What the detector of planted devices sees", _DETECTOR_NOTE, printed)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _said(row: Mapping[str, Any], measure: str, digits: int = 2) -> str:
    return with_interval(row[measure], row[f"{measure}_low"], row[f"{measure}_high"], digits) or NOT_ESTIMABLE
