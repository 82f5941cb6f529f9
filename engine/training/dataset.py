"""Cohorts as a training reads them: one table, and the rows of their stores that belong to it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from engine.cohorts.cohort import Cohort
from engine.cohorts.store import Store, StoreSpec, store_for
from engine.errors import Cancelled
from engine.jobs.run import RunFolder
from engine.training.examples import Pixels
from engine.training.world import World

__all__ = ["Dataset", "open_dataset", "store_progress"]

_SAY_EVERY_S = 1.0
_SHOWN = 3  # reasons that a warning names


@dataclass(frozen=True, eq=False)
class Dataset:
    """frame: one row a stored square (an image, or a slice `image_id#k` of a volume); `cohort`, `row`: where it is."""

    frame: pd.DataFrame
    labels: tuple[str, ...]
    names: tuple[str, ...]  # of the cohorts
    stores: tuple[Store, ...]

    def pixels(self, frame: pd.DataFrame, device: torch.device) -> tuple[Pixels, pd.DataFrame]:
        """The squares of some rows of `frame`, and these rows in the order of the squares."""
        ordered = frame.sort_values("cohort", kind="stable")
        parts = [
            (store.pixels, ordered.loc[ordered["cohort"] == number, "row"].to_numpy(np.int64))
            for number, store in enumerate(self.stores)
        ]
        return Pixels(parts, device), ordered


def open_dataset(
    cohorts: Sequence[Cohort],
    names: Sequence[str],
    spec: StoreSpec,
    world: World,
    *,
    progress: Callable[[float], None] | None = None,
    warn: Callable[[str], None] = lambda text: None,
) -> Dataset:
    """Rows of cohorts one after the other; stores are built where there are none, by the first process.

    Findings that one cohort lacks are not stated there. Images that cannot be read are left out, said through `warn`.
    Raises CohortError where a cohort has no readable image.
    """
    if world.first:
        for cohort in cohorts:
            store_for(cohort, spec, progress=progress)
    world.wait()
    stores = tuple(store_for(cohort, spec) for cohort in cohorts)
    frames = [_stored_rows(cohort, store, number) for number, (cohort, store) in enumerate(zip(cohorts, stores))]
    if world.first:
        for name, store in zip(names, stores):
            if store.left_out:
                warn(_left_out(name, store))
    labels = dict.fromkeys(label for cohort in cohorts for label in cohort.labels)
    return Dataset(pd.concat(frames, ignore_index=True), tuple(labels), tuple(names), stores)


def _stored_rows(cohort: Cohort, store: Store, number: int) -> pd.DataFrame:
    rows, which = store.rows_of_images(cohort.frame["image_id"].tolist())
    frame = cohort.frame.iloc[which].reset_index(drop=True)
    return frame.assign(image_id=[store.image_ids[row] for row in rows], cohort=number, row=rows)


def _left_out(name: str, store: Store) -> str:
    reasons = [f"{image_id}: {reason}" for image_id, reason in list(store.left_out.items())[:_SHOWN]]
    more = len(store.left_out) - len(reasons)
    return f"{len(store.left_out):,} images of cohort {name} cannot be read and are left out: {'; '.join(reasons)}" + (
        f"; and {more:,} more" if more else ""
    )


def store_progress(run: RunFolder) -> Callable[[float], None]:
    """Says how far the store is, about once a second; raises Cancelled when the run is asked to stop."""
    said = 0.0

    def report(share: float) -> None:
        nonlocal said
        if run.cancel_asked:
            raise Cancelled("stopped while the images were being prepared; `engine resume` goes on from there")
        if time.monotonic() - said >= _SAY_EVERY_S:
            said = time.monotonic()
            run.log.say("state", state="running", preparing_images=round(share, 4))

    return report
