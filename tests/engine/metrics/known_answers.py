"""Data with published ROC results."""

import numpy as np

# DeLong, DeLong and Clarke-Pearson 1988, the 43 complete patients with ovarian cancer (SAS/STAT user's guide, PROC
# LOGISTIC, example "Comparing Receiver Operating Characteristic Curves"): albumin, total protein, 10 − K-G score, and
# 0 where surgery did not help, which is the event.
_OVARIAN = """3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1
    3.8 5.7 5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0
    2.3 4.4 6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
    3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0
    3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
    3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1"""

# The aSAH data of R's pROC (Turck et al. 2010, Intensive Care Med 36:107): outcome of 113 patients with subarachnoid
# haemorrhage, 72 good and 41 poor, by rising NDKA; patients with equal values in brackets.
NDKA = (
    "gpggpppgggggggggpggggggppggpg(gg)gp(gp)ggggpggpggggggpppgpgg"
    "pgggggpg(gp)ggpggppgppgg(gp)ppgggpggggppppggpgggppppggpgpgpgp"
)
# The same patients' S100B, µg/l: value, good, poor.
_S100B = """.03 0 1  .04 5 0  .05 3 0  .06 2 0  .07 6 3  .08 6 1  .09 6 2  .10 7 2  .11 4 1  .12 0 1  .13 3 2  .14 4 1
    .15 4 0  .16 3 1  .17 2 0  .18 1 0  .19 2 0  .22 0 1  .23 0 1  .24 1 0  .25 0 1  .26 0 1  .27 0 1  .28 1 0
    .30 0 1  .32 1 1  .33 1 1  .34 1 0  .35 0 1  .38 1 0  .41 0 1  .43 1 0  .44 0 2  .45 1 0  .46 1 0  .47 2 0
    .48 1 1  .49 0 1  .50 2 0  .52 0 1  .56 0 1  .58 0 1  .70 0 1  .71 0 2  .74 0 1  .77 0 1  .82 0 1  .86 0 1
    .96 0 1  2.07 0 1"""


def ovarian() -> tuple[np.ndarray, np.ndarray]:
    """Truth (43,) and scores (43, 3): albumin, K-G score, total protein; higher speaks for the event."""
    albumin, protein, score, surgery = np.array(_OVARIAN.split(), dtype=float).reshape(-1, 4).T
    return 1 - surgery, np.stack([-albumin, score, -protein], axis=1)


def ndka() -> tuple[np.ndarray, np.ndarray]:
    """Truth (113,), 1 = poor outcome, and the rank of NDKA."""
    truth, scores, place, together = [], [], 0, False
    for mark in NDKA:
        if mark in "()":
            together, place = mark == "(", place + 1
            continue
        truth.append(int(mark == "p"))
        place += not together
        scores.append(place)
    return np.array(truth), np.array(scores)


def s100b() -> tuple[np.ndarray, np.ndarray]:
    """Truth (113,), 1 = poor outcome, and S100B."""
    value, *counts = np.array(_S100B.split(), dtype=float).reshape(-1, 3).T
    good, poor = (count.astype(int) for count in counts)
    truth = np.concatenate([np.zeros(good.sum()), np.ones(poor.sum())])
    return truth, np.concatenate([np.repeat(value, good), np.repeat(value, poor)])
