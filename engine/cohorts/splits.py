"""Train, validation and test split by patient, seeded, and balanced over groups."""

import hashlib

import pandas as pd

from engine.errors import CohortError

SPLITS = ("train", "val", "test")


def assign_splits(
    patient_ids: pd.Series,
    groups: pd.Series | None = None,
    *,
    seed: int,
    shares: tuple[float, float, float] = (0.7, 0.1, 0.2),
) -> pd.Series:
    """The split of each image, all images of a patient in the same one.

    patient_ids, groups: (n_images,) patient and, to balance over, group (race …) of each image; a patient whose images
    name several groups counts in the first. Within a group patients are ordered by sha256(seed, patient) and cut at the
    cumulated `shares` of train, val, test, so that the result depends neither on row order nor on a random generator,
    and a patient's place does not change when labels do.

    Returns (n_images,) "train", "val" or "test" with the index of `patient_ids`.
    Raises CohortError where the shares do not sum to 1.
    """
    if abs(sum(shares) - 1) > 1e-9 or min(shares) < 0:
        raise CohortError(f"split shares must be at least 0 and sum to 1; given {shares}")
    patients = pd.DataFrame({"patient": patient_ids.astype(str), "group": "" if groups is None else groups.astype(str)})
    patients = patients.drop_duplicates("patient")
    patients["rank"] = [hashlib.sha256(f"{seed}:{patient}".encode()).hexdigest() for patient in patients["patient"]]
    patients = patients.sort_values("rank")
    place = (patients.groupby("group").cumcount() + 0.5) / patients.groupby("group")["patient"].transform("size")
    train_end, val_end = shares[0], shares[0] + shares[1]
    patients["split"] = ["train" if p < train_end else "val" if p < val_end else "test" for p in place]
    split_of = patients.set_index("patient")["split"]
    return patient_ids.astype(str).map(split_of).rename("split")


def share_of_patients(patient_ids: pd.Series, share: float, seed: int) -> pd.Series:
    """(n_images,) bool: whose patient is among the first `share` of them by sha256(seed, patient); at least one.

    A smaller share of the same seed is part of a larger one.
    """
    patients = sorted(set(patient_ids.astype(str)), key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    kept = set(patients[: max(1, round(share * len(patients)))])
    return patient_ids.astype(str).isin(kept)
