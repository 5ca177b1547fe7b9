"""
How what answers under single readings sum comes out for one person.
"""

from collections.abc import Iterator, Sequence

from peer_ledger.evaluation._hours_program import HoursProgram, Verdicts
from peer_ledger.evaluation._training import TrainingByDay
from peer_ledger.evaluation._variants import NotShared, VariantsOnDays
from peer_ledger.evaluation._windows import Days
from peer_ledger.reports import Result
from peer_ledger.values._cached import cached_property


class Summed:
    """
    How what is summed comes out for one person.

    Args:
        training: The person's training.
        found: What is summed.
        windows: The days of each of its stretches.

    Raises:
        NotShared: Sums do not decide it.
    """

    def __init__(self, training: TrainingByDay, found: VariantsOnDays, windows: Sequence[Days]) -> None:
        self._training, self._variants = training, found.variants
        self._windows, self._stretches = windows, found.stretches
        self._places = [
            training.places(first, last, filed.as_of)
            for (first, last), (_, _, filed, _) in zip(windows, found.stretches, strict=True)
        ]
        if training.may_be_one or training.is_unclear:
            raise NotShared
        self._supplies = [self._supply(begin, end) for begin, end in self._places]
        self._own = {place: self._more_than_a_sum(*self._variants.hours[place]) for place in self._variants.not_by_sum}
        self._found: dict[int, Verdicts] = {}

    def _supply(self, begin: int, end: int) -> int:
        found = self._training.supply(self._variants.lanes, begin, end)
        if found is None:
            raise NotShared
        return found

    @cached_property
    def outcomes(self) -> list[tuple[Result, Result]]:
        """How each stands if training counts of which the records do not say enough, and if it does not."""
        found = list(self._outcomes())
        return [found[place] for place in self._variants.order]

    def _outcomes(self) -> Iterator[tuple[Result, Result]]:
        for section, supply in zip(self._variants.sections, self._supplies, strict=True):
            yield from [_OUTCOMES[verdict] for verdict in section.verdicts(supply)]
        for met, unmet in self._own.values():
            yield met.result, unmet.result

    def is_any(self, place: int) -> bool:
        """Return whether there is any training within the days that count."""
        begin, end = self._places[self._variants.hours[place][0]]
        return not self._training.is_empty(begin, end)

    def verdicts(self, place: int) -> Verdicts:
        """Return the verdicts, with the hours that are missing."""
        found = self._own.get(place) or self._found.get(place)
        if found is None:
            variants, (stretch, program) = self._variants, self._variants.hours[place]
            found = variants.lanes.verdicts(variants.places[program], self._supplies[stretch])
            self._found[place] = found
        return found

    def _more_than_a_sum(self, stretch: int, program: HoursProgram) -> Verdicts:
        first, last = self._windows[stretch]
        verdicts = program.verdicts_of(self._training.between(first, last, self._stretches[stretch][2].as_of))
        if verdicts is None:
            raise NotShared
        return verdicts


_OUTCOMES: dict[str, tuple[Result, Result]] = {
    "met": ("met", "met"),
    "open": ("met", "short"),
    "short": ("short", "short"),
}
