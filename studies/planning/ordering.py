"""The order of one reader's showings: random, with distance between cases of a patient, and a case and its repeat.

Algorithm (the numbers come from one `RandomStream`):

1. The places of hidden repeats are spread: the places from `repeat_distance` on are cut into as many equal runs as
   there are repeats, each repeat gets a random place of its run, and its first showing a random free place far enough
   before it.
2. Cases with a repeat and cases without are shuffled, and the places are filled from first to last: each takes the
   first case of its list whose patient is far enough from every place that patient has already, so that a case which
   would come too early waits for the next place where it may come. A patient with so many cases left that waiting
   would make them fit no more goes first.
3. Where a place finds no case, the attempt is given up and made anew with the next numbers of the stream, each attempt
   placing patients with many cases earlier and, in the last third, the repeats as late as can be. After `ATTEMPTS` the
   constraints count as impossible. So the search always ends.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studies.errors import SealError
from studies.planning.random_stream import RandomStream
from studies.protocol import CaseId

ATTEMPTS = 60


@dataclass(frozen=True)
class Showing:
    """One place in a reader's order."""

    case_id: CaseId
    repeat: int  # 1: the hidden repeat


def random_order(
    patients: Mapping[CaseId, str],
    repeated: Sequence[CaseId],
    *,
    patient_spacing: int,
    repeat_distance: int,
    stream: RandomStream,
) -> list[Showing]:
    """Every case once and every case of `repeated` twice, in random order.

    `patients` gives each case's patient. Between two showings of one patient lie at least `patient_spacing` others; a
    repeat stands at least `repeat_distance` places after its first showing. Raises SealError naming the constraint
    that cannot be met.
    """
    _refuse_impossible(patients, repeated, patient_spacing, repeat_distance)
    for attempt in range(ATTEMPTS):
        order = _Attempt(patients, repeated, patient_spacing + 1, repeat_distance, stream, attempt).fill()
        if order is not None:
            return order
    raise SealError(
        f"order: no arrangement of {len(patients)} cases of {len(set(patients.values()))} patients with "
        f"{len(repeated)} hidden repeats was found that keeps patient_spacing = {patient_spacing} and "
        f"repeat_distance = {repeat_distance} ({ATTEMPTS} attempts); lower one of them, or repeat_share"
    )


def _refuse_impossible(
    patients: Mapping[CaseId, str], repeated: Sequence[CaseId], patient_spacing: int, repeat_distance: int
) -> None:
    total = len(patients) + len(repeated)
    if repeated and len(patients) < repeat_distance:
        raise SealError(
            f"order.repeat_distance = {repeat_distance} cannot be met: {len(repeated)} repeats that far after "
            f"their first showing need at least {repeat_distance} cases, and there are {len(patients)}; lower it"
        )
    showings = Counter(patients.values()) + Counter(patients[case_id] for case_id in repeated)
    most = max(showings.values(), default=0)
    with_most = [patient for patient, count in showings.items() if count == most]
    needed = (most - 1) * (patient_spacing + 1) + len(with_most)
    if most > 1 and needed > total:
        raise SealError(
            f"order.patient_spacing = {patient_spacing} cannot be met: patient '{min(with_most)}' is shown {most} "
            f"times among {total} showings, which would need {needed}; lower it, or read fewer of their images"
        )


class _Attempt:
    """One try at filling the places from first to last."""

    def __init__(
        self,
        patients: Mapping[CaseId, str],
        repeated: Sequence[CaseId],
        step: int,
        repeat_distance: int,
        stream: RandomStream,
        attempt: int,
    ) -> None:
        self._patients = patients
        self._step = step  # least difference of two places of one patient
        self._distance = max(repeat_distance, step)
        self._stream = stream
        self._total = len(patients) + len(repeated)
        third = ATTEMPTS // 3
        self._margin = 0 if attempt < third else self._total * (attempt - third + 1) // third
        self._late = attempt >= 2 * third
        twice = set(repeated)
        self._pools = {
            True: stream.shuffled(sorted(twice)),
            False: stream.shuffled(sorted(case_id for case_id in patients if case_id not in twice)),
        }
        self._places: defaultdict[str, list[int]] = defaultdict(list)  # of each patient, also those promised to repeats
        showings = Counter(patients.values()) + Counter(patients[case_id] for case_id in twice)
        # The last place at which each patient's next showing may come, if the others are to follow in time.
        self._latest = {p: self._total - 1 - (n - 1) * step for p, n in showings.items() if n > 1}
        self._heap = sorted((latest, patient) for patient, latest in self._latest.items())

    def fill(self) -> list[Showing] | None:
        """The order, or None where this attempt leads nowhere."""
        pairs = self._repeat_places(len(self._pools[True]))
        if pairs is None:
            return None
        order: list[Showing | None] = [None] * self._total
        for place in range(self._total):
            if order[place] is not None:
                continue
            again = pairs.get(place)
            case_id = self._take(place, again)
            if case_id is None:
                return None
            order[place] = Showing(case_id, 0)
            if again is not None:
                order[again] = Showing(case_id, 1)
        return [showing for showing in order if showing is not None]

    def _repeat_places(self, repeats: int) -> dict[int, int] | None:
        """Place of a first showing → place of its repeat, spread over the order."""
        start = self._total - repeats if self._late else self._distance
        width = self._total - start
        if width < repeats:
            return None
        pairs: dict[int, int] = {}
        for number in range(repeats):
            low, high = start + number * width // repeats, start + (number + 1) * width // repeats
            again = low + self._stream.below(high - low)
            used = {*pairs, *pairs.values()}
            free = [place for place in range(again - self._distance + 1) if place not in used]
            if not free or again in used:
                return None
            pairs[self._stream.choice(free)] = again
        return pairs

    def _take(self, place: int, again: int | None) -> CaseId | None:
        """Remove and return the case for this place; its repeat, if it has one, comes at `again`."""
        pool = self._pools[again is not None]
        for patient in self._urgent(place):
            for index, case_id in enumerate(pool):
                if self._patients[case_id] == patient and self._fits(case_id, place, again):
                    return self._place(pool, index, place, again)
        for index, case_id in enumerate(pool):
            if self._fits(case_id, place, again):
                return self._place(pool, index, place, again)
        return None

    def _urgent(self, place: int) -> list[str]:
        """Patients whose next showing cannot wait, the most pressing first."""
        while self._heap and self._latest.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)  # has been moved since
        if not self._heap or self._heap[0][0] > place + self._margin:
            return []
        pressing = [(latest, patient) for patient, latest in self._latest.items() if latest <= place + self._margin]
        return [patient for _, patient in sorted(pressing)]

    def _fits(self, case_id: CaseId, place: int, again: int | None) -> bool:
        wanted = (place,) if again is None else (place, again)
        taken = self._places[self._patients[case_id]]
        return all(abs(new - old) >= self._step for new in wanted for old in taken)

    def _place(self, pool: list[CaseId], index: int, place: int, again: int | None) -> CaseId:
        case_id = pool.pop(index)
        patient = self._patients[case_id]
        self._places[patient] += [place] if again is None else [place, again]
        if patient in self._latest:
            self._latest[patient] += self._step * (1 if again is None else 2)
            if self._latest[patient] < self._total:
                heapq.heappush(self._heap, (self._latest[patient], patient))
            else:
                del self._latest[patient]
        return case_id
