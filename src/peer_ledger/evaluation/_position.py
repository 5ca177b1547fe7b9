"""
What a caller takes as given: a rule set, answers to some questions, and how strictly open questions are taken.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from threading import Lock
from typing import Any

from peer_ledger.evaluation._eras import breaks
from peer_ledger.evaluation._known import Known
from peer_ledger.evaluation._parts import Part, Parts
from peer_ledger.evaluation._plans import Plan, Plans
from peer_ledger.evaluation._shapes import Shape
from peer_ledger.evaluation._shared_lives import LifeKey, SharedLives
from peer_ledger.reports import Finding
from peer_ledger.rules import Edition, Hours, Interval, Readings, RelativeDate, Requirement, RuleSet, with_inner
from peer_ledger.rules import Part as PartOfHours

MOST_KEPT = 16
"""How many positions are kept for the next answers."""

MOST_PLANS = 10_000
"""How many plans and layouts a position may hold to be taken again."""


class Position:
    """
    The questions of a rule set, with what the caller says about them.

    Args:
        known: The results that depend on the rule set alone.
        given: The readings that the caller chose, by question.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        consulted: The other rule sets that the rule set looks at, and that these look at, by id.

    Attributes:
        known: The results that depend on the rule set alone.
        given: The readings that the caller chose, by question.
        consulted: The other rule sets that the rule set looks at, and that these look at, by id.
        rulesets: These and the rule set itself, by id.
        base: The given or else the assumed reading of each question, by id.
        weighing: The questions that leave an answer undetermined while they are open.
        shared: The parts of answers that depend on nobody's records.
        joined: How bad hours and documents can be together, by what is joined.
        joined_filings: The same for several filings.
        routines: The plans for an edition, by what they follow from.
        tests: What decides a headline by sums and counts, by what the states of the certificate follow from.
        drafts: The same for all due dates of a shape.
        filed: The same for those of people who filed alike.
        layouts: What is summed and counted of a person, by the plans that it follows from.
        not_asked: The findings of requirements that are not asked, by the id of the object, which is kept.
        mattering: Which open questions matter, by the pattern of answers under all readings.
        lives: The states of certificates, shared by everybody whose certificate is due on the same day.

    Raises:
        InvalidValue: A question or reading given is unknown.
    """

    def __init__(
        self, known: Known, given: Mapping[str, str], *, consulted: Mapping[str, RuleSet], strict: bool = False
    ) -> None:
        Readings(known.questions.values(), given)
        self.known, self.given, self.consulted = known, dict(given), consulted
        self.rulesets: Mapping[str, RuleSet] = {**consulted, known.rules.id: known.rules}
        self.base = {**known.assumed, **given}
        self._strict = strict
        self.weighing = frozenset(
            name
            for name, question in known.questions.items()
            if name not in given and (strict or question.weight == "blocking")
        )

        self.lives = SharedLives(known.rules, partial(Readings.known, known.questions, self.base), self.weighing)
        self.shared = Parts(known.questions, self.base, self.weighing)
        self._called: dict[str, Mapping[str, str | None]] = {}
        self._lists: dict[tuple[int, ...], Plans] = {}
        self._plans: dict[tuple[int, int, int], Plan] = {}
        self.routines: dict[tuple[object, ...], Plans] = {}
        self.tests: dict[LifeKey, Any] = {}
        self.drafts: dict[Shape, Any] = {}
        self.filed: dict[Any, Any] = {}
        self.layouts: dict[Any, Any] = {}
        self.not_asked: dict[int, Finding] = {}
        self.mattering: dict[Any, frozenset[str]] = {}
        self.joined: dict[Any, frozenset[tuple[int, int]]] = {}
        self.joined_filings: dict[Any, frozenset[Any]] = {}
        # Between two of these days the same questions arise and the same requirements are asked.
        self._breaks = sorted({*breaks([*known.questions.values(), *_requirements(known.rules)])})

    def beside(self, rulesets: Mapping[str, RuleSet]) -> "Position":
        """Return the same position with other rule sets to look at beside those that the rules name."""
        consulted = dict(sorted({**rulesets, **self.consulted}.items()))
        return position_on(self.known, self.given, consulted=consulted, strict=self._strict)

    def called(self, edition: Edition) -> Mapping[str, str | None]:
        """Return what each requirement of an edition, and each part of one, is called, by its id."""
        found = self._called.get(edition.id)
        if found is None:
            found = self._called[edition.id] = dict(_called(edition.requirements))
        return found

    @property
    def is_full(self) -> bool:
        """Whether it holds so much that another one is better begun with."""
        return len(self._plans) + len(self.layouts) > MOST_PLANS

    def era(self, deciding: date) -> int:
        """Return the number of the stretch of deciding dates with the same questions and requirements."""
        return bisect_right(self._breaks, deciding)

    def plan(self, requirement: Requirement, asked: Part, days: Part, bare: Part | None = None) -> Plan:
        """
        Return the plan with these contents, which are shared parts.

        Args:
            requirement: The requirement.
            asked: Whether it is asked, or the programs of what it asks.
            days: The first and the last day that count, as relative dates.
            bare: The programs for a person without training; `None` where there are no programs.
        """
        key = id(requirement), id(asked), id(days)  # all of them are kept, so that nothing else gets the same id
        found = self._plans.get(key)
        if found is None:
            found = Plan(requirement=requirement, asked=asked, bare=bare, days=days)
            self._plans[key] = found
        return found

    def plans(self, plans: Plans) -> Plans:
        """Return the same plans for the requirements of an edition, which are one object for all states."""
        return self._lists.setdefault(tuple(map(id, plans)), plans)

    def interval(self, interval: Interval | None, deciding: date, begun: Mapping[str, str]) -> Part:
        """
        Return the first and the last day of an interval as relative dates, under all open readings.

        Args:
            interval: The interval; `None` for all days.
            deciding: The deciding date.
            begun: The readings that are taken already.
        """
        key = interval, self.era(deciding)
        return self.shared.part(key, begun, lambda: partial(self.points, interval, deciding))

    def points(
        self, interval: Interval | None, deciding: date, full: Mapping[str, str]
    ) -> tuple[tuple[str, ...], tuple[RelativeDate | None, RelativeDate | None]]:
        """Return the same under the reading of every question, with the questions that they depend on."""
        readings = Readings.known(self.known.questions, full, deciding=deciding)
        points = (None, None) if interval is None else (readings.of(interval.begins), readings.of(interval.ends))
        return readings.asked, points

    def readings(self) -> Readings:
        """Return the readings that the caller chose, and the assumed ones of all other questions."""
        return Readings.known(self.known.questions, self.base)


_kept: "OrderedDict[tuple[object, ...], Position]" = OrderedDict()
_keeping = Lock()


def position_on(
    known: Known, given: Mapping[str, str], *, consulted: Mapping[str, RuleSet], strict: bool = False
) -> Position:
    """
    Return what a caller takes as given; one that was asked for lately is found again, with all that it prepared.

    It holds nothing of any person.

    Args:
        known: The results that depend on the rule set alone.
        given: The readings that the caller chose, by question.
        consulted: The other rule sets that the rule set looks at, and that these look at, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.

    Raises:
        InvalidValue: A question or reading given is unknown.
    """
    # The position holds on to all of these, so that nothing else gets the same ids.
    key = id(known), frozenset(given.items()), strict, frozenset((name, id(rules)) for name, rules in consulted.items())
    with _keeping:
        found = _kept.pop(key, None)
        if found is not None and not found.is_full:
            _kept[key] = found
            return found
    made = Position(known, given, consulted=consulted, strict=strict)
    with _keeping:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def forget_positions() -> None:
    """Forget all positions that are kept."""
    with _keeping:
        _kept.clear()


def _requirements(rules: RuleSet) -> Iterator[Requirement]:
    """Yield the requirements of all editions, without those inside others."""
    for procedure in rules.procedures:
        for edition in procedure.editions:
            yield from edition.requirements


def _called(requirements: Iterable[Requirement]) -> Iterator[tuple[str, str | None]]:
    """Yield the id of each requirement and part, with what it is called."""
    for requirement in with_inner(requirements):
        yield requirement.id, requirement.called
        yield from _parts_called(requirement.parts if isinstance(requirement, Hours) else ())


def _parts_called(parts: Iterable[PartOfHours]) -> Iterator[tuple[str, str | None]]:
    for part in parts:
        yield part.id, part.called
        yield from _parts_called(part.parts)
