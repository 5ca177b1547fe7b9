"""
The headline from a pattern: how a few sums of training and counts of documents come out.

Everybody whose certificate is in the same states is judged by the same programs, within days that are found in the same
way.  So what has to be summed and counted is laid out once.  How it comes out for a person is a short pattern, and few
patterns occur: the parts of an answer are joined for the first person of each, and found again for all others.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

import attrs

from peer_ledger.evaluation._by_reading import ByReading
from peer_ledger.evaluation._grants import Grants
from peer_ledger.evaluation._headline import EARNING, Headline, decided_dates, sure_dates
from peer_ledger.evaluation._hours_program import HoursProgram, Verdicts, as_read
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._layout import UNKNOWN, Assumed, Count, Draft, Layout, Pattern, Tests, tests_in
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._outcome import UNDETERMINED
from peer_ledger.evaluation._paid_for import may_be_paid_for_another
from peer_ledger.evaluation._quick import count_of
from peer_ledger.evaluation._quick_by_reading import QuickByReading
from peer_ledger.evaluation._relevance import questions_that_matter
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import MOST_SHARED, LifeKey, States
from peer_ledger.evaluation._variants import NotShared, Variants, VariantsOnDays
from peer_ledger.evaluation._windows import Days, Filed
from peer_ledger.reports import DateName, Dates, Day
from peer_ledger.rules import UNRECORDED_TRAINING

MOST_PATTERNS = 10_000
"""How many patterns of one layout are remembered."""


def pattern_of(scenarios: Scenarios, join: Callable[[], Join]) -> "PatternOfPerson | None":
    """
    Return how the sums and counts of a person come out; `None` where they do not decide the headline.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.
    """
    found = prepared_for(scenarios, join)
    if found is None:
        return None
    made = PatternOfPerson(scenarios, *found)
    return None if made.pattern is None else made


@attrs.define(eq=False)
class Prepared:
    """
    What decides the headline of everybody with the same due date, which has tests of its own.

    Attributes:
        states: The states, which other due dates may share.
        tests: The tests.
        draft: What decides it for all due dates of the shape.
        days: The days of the due date.
        variants: What decides the answers under single readings; `None` until it is asked for.
    """

    states: States
    tests: Tests
    draft: Draft
    days: Sequence[date | None]
    variants: VariantsOnDays | None = None


def prepared_for(scenarios: Scenarios, join: Callable[[], Join]) -> tuple[Prepared, tuple[Grant, ...]] | None:
    """
    Return what decides the headline of a person.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.

    Returns:
        What decides it, and the person's grants; `None` where sums and counts do not decide the headline.
    """
    if scenarios.life_key is None:
        return None
    key, grants = scenarios.life_key
    tests, grant = scenarios.position.tests, grants[-1] if grants else None
    found = tests.get(key, UNKNOWN)
    if found is UNKNOWN:
        if len(tests) >= MOST_SHARED:
            tests.clear()
        found = tests[key] = _tests(scenarios, key, grant, join)
    return None if found is None else (found, grants)


def _tests(scenarios: Scenarios, key: LifeKey, grant: Grant | None, join: Callable[[], Join]) -> Prepared | None:
    """Return what decides the headline of everybody with a due date, and states like theirs; `None` for nothing."""
    position = scenarios.position
    shape, days = position.known.shapes.of(key, grant)
    draft = position.drafts.get(shape)
    if draft is not None:
        return Prepared(draft.states, draft.tests(days, grant), draft, days)
    if scenarios.shared is None:
        return None
    states, lives = scenarios.lives
    tests = tests_in(position, states, lives, join())
    if tests is None:
        return None
    if len(position.drafts) >= MOST_SHARED:
        position.drafts.clear()
    draft = position.drafts[shape] = Draft(states, tests, days)
    return Prepared(states, tests, draft, days)


def answers_by_reading(scenarios: Scenarios, join: Callable[[], Join]) -> ByReading:
    """
    Return the answers of a person under single readings, from sums and counts where these decide them.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.
    """
    found = prepared_for(scenarios, join)
    try:
        return ByReading(scenarios) if found is None else _from_sums(scenarios, *found)
    except NotShared:
        return ByReading(scenarios)


def _from_sums(scenarios: Scenarios, prepared: Prepared, grants: tuple[Grant, ...]) -> ByReading:
    draft = prepared.draft
    if draft.variants is UNKNOWN:
        draft.variants = None
        draft.variants = Variants(scenarios, prepared.days)
    if draft.variants is None:
        raise NotShared
    if prepared.variants is None:
        prepared.variants = draft.variants.on(prepared.days, grants[-1] if grants else None)
    return QuickByReading(scenarios, prepared.variants, grants, partial(_with_grants, scenarios))


def _with_grants(scenarios: Scenarios, granted: Grants) -> ByReading:
    """Return the answers of the same person with other grants."""
    other = Scenarios(scenarios.position, scenarios.history, lambda *_: granted)
    return answers_by_reading(other, lambda: Join(other))


class PatternOfSums:
    """
    How the sums and counts of one person come out.

    Args:
        scenarios: The answers for one person and day.
        layout: What is summed and counted.
        filed: What the days of its stretches are counted from, apart from the grant.
        windows: The days of each stretch; others may follow.

    Attributes:
        pattern: How they come out; `None` where sums do not say it.
    """

    def __init__(self, scenarios: Scenarios, layout: Layout, filed: Sequence[Filed], windows: Sequence[Days]) -> None:
        self._position, self._history = scenarios.position, scenarios.history
        self._layout, self._filed, self._windows = layout, filed, windows
        self._training = scenarios.sums.training
        self._supplies: dict[int, tuple[bool, int]] = {}
        self._verdicts: dict[tuple[int, HoursProgram], Verdicts] = {}
        self.pattern = self._found()

    def _found(self) -> Pattern | None:
        layout, training, windows = self._layout, self._training, self._windows
        if training.is_unclear:
            return None
        found: list[object] = []
        for place in layout.summed:
            (first, last), section = windows[place], layout.sections[place]
            as_of = self._filed[layout.stretches[place].filed].as_of
            begin, end = training.places(first, last, as_of)
            if not training.is_doubtful(begin, end):
                supply = training.supply(layout.lanes, begin, end)
            else:
                # What counts for certain is enough for everything, or else it must be found out what is one.
                supply = training.least_supply(layout.lanes, begin, end)
                if supply is not None and any(verdict != "met" for verdict in section.verdicts(supply)):
                    return None
            if supply is None:
                return None
            is_empty = training.is_empty(begin, end)
            self._supplies[place] = is_empty, supply
            found += (is_empty, section.verdicts(supply))
            for program in layout.others[place]:
                verdicts = program.verdicts_of(training.between(first, last, as_of))
                if verdicts is None:
                    return None
                self._verdicts[place, program] = verdicts
                found.append(verdicts[0].result if verdicts[0] is verdicts[1] else "open")
        for count in layout.counts:
            counted = self._counted(count, *windows[count.stretch])
            if counted is None:
                return None
            found.append(counted)
        return tuple(found)

    def _counted(self, count: Count, first: date | None, last: date | None) -> int | None:
        """Return whether enough documents are on file, as a number; `None` where a count does not say it."""
        history, as_of = self._history, self._filed[self._layout.stretches[count.stretch].filed].as_of
        documents = [document for document in history.documents if document.kind == count.kind]
        most = 0
        if documents:
            if count.is_stated or may_be_paid_for_another(count.kind, history, self._position.rulesets):
                return None
            least, most = count_of(documents, count.step, (first, last), as_of, from_different=count.from_different)
            if least >= count.need:
                return 0
        is_covered = history.covers("document", first, as_of, document_kind=count.kind)
        return 1 + is_covered + 2 * (most >= count.need)

    def short(self, assumed: Sequence[Assumed]) -> Fraction:
        """Return the hours that are missing under the assumed readings, given what is asked under them."""
        layout, short = self._layout, Fraction(0)
        counts = self._position.base[UNRECORDED_TRAINING.id] == "counts"
        for place, asked, bare in assumed:
            is_empty, supply = self._supplies[place]
            program = bare if is_empty else asked
            if not program.is_asked:
                continue
            if program in layout.places:
                verdict, units = layout.lanes.stands(layout.places[program], supply)
                if verdict == "short" or (verdict == "open" and not counts):
                    short += Fraction(units, program.grain)
            else:
                taken = as_read(self._verdicts[place, program], self._position.base)
                short += taken.short if taken.result == "short" else 0
        return short


class PatternOfPerson(PatternOfSums):
    """
    How the sums and counts of one person come out who did not file.

    Args:
        scenarios: The answers for one person and day.
        prepared: What decides the headline.
        grants: The person's grants.
    """

    def __init__(self, scenarios: Scenarios, prepared: Prepared, grants: tuple[Grant, ...]) -> None:
        self._draft, self._states, self._tests = prepared.draft, prepared.states, prepared.tests
        tests, self._grant = prepared.tests, grants[-1] if grants else None
        windows = tests.windows.of(tests.shared, self._grant, tests.filed)
        super().__init__(scenarios, tests.layout, tests.filed, windows)
        self._earned = windows[len(tests.layout.stretches) :]

    def headline(self, join: Callable[[], Join]) -> Headline | None:
        """Return the headline, given what joins the parts; `None` where some part has too many combinations."""
        pattern = self.pattern
        assert pattern is not None, "without a pattern another way is taken"
        patterns = self._layout.patterns
        possible = patterns.get(pattern)
        if possible is None:
            possible = join().possible()
            if possible is None:
                return None
            if len(patterns) >= MOST_PATTERNS:
                patterns.clear()
            patterns[pattern] = possible
        on, notice_days = self._history.on, self._position.known.rules.notice_days
        components = self._states.components_of(possible, on, notice_days)
        return Headline(
            step=self._tests.step,
            filed_on=None,
            edition=self._tests.edition,
            components=components,
            dates=Dates(**{**self._tests.dates, **self._earning()}),
            hours_short=None if components["hours"] == UNDETERMINED else self.short(self._layout.assumed),
        )

    def mattering(self, join: Callable[[], Join]) -> frozenset[str] | None:
        """Return the open questions that change the answer, as `questions_that_matter` does."""
        # Beside the pattern it matters which of the dates of training are the same.
        windows = self._earned
        key = self.pattern, tuple(map(windows.index, windows))
        remembered = self._draft.mattering
        if key not in remembered:
            if len(remembered) >= MOST_PATTERNS:
                remembered.clear()
            remembered[key] = questions_that_matter(join(), self._position)
        return remembered[key]

    def _earning(self) -> dict[DateName, Day]:
        """Return the dates between which training counts."""
        tests, windows = self._tests, self._earned
        if windows.count(windows[0]) == len(windows):  # as it is for most
            return sure_dates(dict(zip(EARNING, windows[0], strict=True)))
        seen = [
            (dict(zip(EARNING, window, strict=True)), tests.filed[number].lapsed_on)
            for window, (_, _, number) in zip(windows, tests.earning, strict=True)
        ]
        return decided_dates(self._grant, seen, complete=True, names=EARNING)
