"""
What an answer is under single readings, for everybody whose certificate is in like states.

The assumed answer, and the answers under another reading of one question each, are made of a few things: the state of
the certificate, the programs of hours and the counts of documents, and the days within which each counts. Under most
readings these are the same. So they are laid out once for all due dates of a shape, and a person only adds how the sums
and counts come out.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple

import attrs

from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._finders import filed_last
from peer_ledger.evaluation._hours_program import HoursProgram
from peer_ledger.evaluation._layout import NO_PLACE, Count, Stretch
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import days_of
from peer_ledger.evaluation._quick import are_counted
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import State, due_of
from peer_ledger.evaluation._sure_grants import is_from_cycle
from peer_ledger.evaluation._windows import Days, Filed, is_own
from peer_ledger.reports import Components, DateName, InForce, Subject
from peer_ledger.rules import (
    DOCUMENTS_ON_FILE,
    UNKNOWN_WRITERS,
    UNRECORDED_TRAINING,
    Documents,
    Interval,
    RelativeDate,
)
from peer_ledger.values._cached import cached_property

MOST_TOLD = 10_000
"""For how many patterns of sums and counts it is remembered what changes with a reading."""

OF_PERSON: Final = (UNRECORDED_TRAINING.id, DOCUMENTS_ON_FILE.id, UNKNOWN_WRITERS.id)
"""The questions that may arise for one person, and not for another, in the same state of the certificate."""


class NotShared(Exception):
    """
    Sums and counts do not decide what is asked for.
    """


class Step(NamedTuple):
    """
    How a requirement is decided.

    Attributes:
        id: The id of the requirement.
        subject: Whether it is about hours or about documents.
        designation: The designation that it is asked for; `None` for a requirement of the step.
        hours: The place of what is summed; `None` where nothing is.
        counting: The place of what is counted; `None` where nothing is.
        asked: The questions that decide what is asked, and within which days.
        filters: The questions that decide what counts, if there is any training.
    """

    id: str
    subject: Subject
    designation: str | None
    hours: int | None
    counting: int | None
    asked: frozenset[str]
    filters: frozenset[str]


@attrs.frozen(slots=False)
class Variant:
    """
    The answer under one reading of every question, before it is known how sums and counts come out.

    Attributes:
        life: The state of the certificate, on the first due date.
        force: Whether the certificate is in force.
        steps: How each requirement is decided.
        earning: The place of the days on which training counts.
        days: The other dates of the answer, by their places among the days of a due date.
        readings: The readings of `OF_PERSON`.
        full: The reading of every question.
        asked: The questions that the state, and the days on which training counts, depend on apart from the grants.
        state: The state with what follows from it.
    """

    life: Life
    force: InForce
    steps: tuple[Step, ...]
    earning: int
    days: tuple[tuple[DateName, int], ...]
    readings: tuple[str, ...]
    full: Mapping[str, str] = attrs.field(eq=False)
    asked: frozenset[str] = attrs.field(eq=False)
    state: State = attrs.field(eq=False)

    @cached_property
    def taken(self) -> dict[str, str]:
        """The readings of `OF_PERSON`, by question."""
        return dict(zip(OF_PERSON, self.readings, strict=True))

    @cached_property
    def summed(self) -> tuple[object, ...]:
        """All that the hours that are missing depend on, beside the sums."""
        steps = [(step.id, step.hours) for step in self.steps if step.designation is None and step.hours is not None]
        return self.taken[UNRECORDED_TRAINING.id], *steps

    @cached_property
    def for_designations(self) -> tuple["Step", ...]:
        """What is asked for a designation."""
        asked = [step for step in self.steps if step.hours is not None or step.counting is not None]
        return tuple([step for step in asked if step.designation is not None])


@attrs.frozen(eq=False)
class Told:
    """
    What answers under single readings come to for all whose sums and counts come out alike, as far as that is known.

    Attributes:
        otherwise: Whether something else is said under another reading, by question.
        components: The components of an answer, by the id of the object, which is kept.
    """

    otherwise: dict[str, bool] = attrs.field(factory=dict)
    components: dict[int, Components] = attrs.field(factory=dict)


class Variants:
    """
    The answers under single readings, for all due dates of a shape.

    Args:
        scenarios: The answers of the first person with such a due date.
        days: The days of that due date.

    Attributes:
        base: The assumed answer.
        hours: What is summed: the place of its days in `stretches`, and the program.
        counts: What is counted; where it matters what documents state, with the requirement.
        counted_in: An answer in which it is counted, and the place of the requirement there, by place.
        lanes: The programs that one sum decides.
        places: The place of each of them in the lanes.
        sections: These, by the days that count for them.
        not_by_sum: The places in `hours` of what takes more than a sum.
        order: The place of each of `hours` when they are taken section by section, and then what takes more.
        stretches: The days that count for something.
        earning: The relative dates between which training counts, each with the places of what they are counted from.

    Raises:
        NotShared: Sums and counts do not decide the answers.
    """

    def __init__(self, scenarios: Scenarios, days: Sequence[date | None]) -> None:
        self._position = scenarios.position
        self._place_of = {day: place for place, day in enumerate(days)} | {None: NO_PLACE}
        self._filed: dict[tuple[int, int], int] = {}
        self._stretches: dict[Stretch, int] = {}
        self._hours: dict[tuple[int, HoursProgram], int] = {}
        self._counts: dict[tuple[Count, Documents | None], int] = {}
        self._earning: dict[tuple[RelativeDate | None, RelativeDate | None, int, int], int] = {}
        base = self._position.base
        self.base = self._variant(scenarios, base)
        self._others: dict[tuple[str, str], Variant] = {}
        for question in sorted(self._touched()):
            for reading in scenarios.questions[question].readings:
                if reading.id != base[question]:
                    self._others[question, reading.id] = self._variant(scenarios, {**base, question: reading.id})
        self._same()
        self.hours, self.counts, self.stretches = list(self._hours), list(self._counts), list(self._stretches)
        self.counted_in = {
            step.counting: (variant, place)
            for variant in (*self._others.values(), self.base)
            for place, step in enumerate(variant.steps)
            if step.counting is not None
        }
        self._lay_out()
        self._told: dict[tuple[object, ...], Told] = {}

    @cached_property
    def are_from_cycle(self) -> bool:
        """Whether some day is counted from the first day of the cycle."""
        ends = [(one.begins, one.ends) for one in self.stretches] + [(begins, end) for begins, end, *_ in self._earning]
        is_counted = any(is_from_cycle(point) for pair in ends for point in pair)
        return is_counted or "cycle-start" in self._position.lives.anchors

    @cached_property
    def are_growing(self) -> bool:
        """Whether how much some document must state grows with time, and so may depend on the grants."""
        return any(requirement is not None and requirement.grows is not None for _, requirement in self.counts)

    def _lay_out(self) -> None:
        """Lay out what is summed, by the days that count for it."""
        by_sum = dict.fromkeys(program for _, program in self.hours if program.gauge is not None)
        self.lanes = self._position.known.lanes(tuple(by_sum))
        self.places = {program: place for place, program in enumerate(by_sum)}
        of_stretch: list[list[int]] = [[] for _ in self.stretches]
        self.not_by_sum: list[int] = []
        for place, (stretch, program) in enumerate(self.hours):
            (of_stretch[stretch] if program in by_sum else self.not_by_sum).append(place)
        self.sections = [self.lanes.section([self.places[self.hours[one][1]] for one in some]) for some in of_stretch]
        found = [*chain.from_iterable(of_stretch), *self.not_by_sum]
        self.order = sorted(range(len(found)), key=found.__getitem__)

    def told_of(self, pattern: tuple[object, ...]) -> Told:
        """Return what the answers come to for all whose sums and counts come out like this, as far as that is known."""
        found = self._told.get(pattern)
        if found is None:
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            found = self._told[pattern] = Told()
        return found

    def under(self, question: str, reading: str) -> Variant:
        """Return the answer under another reading of one question."""
        return self._others.get((question, reading), self.base)

    def others(self, question: str) -> tuple[tuple[str, Variant], ...]:
        """Return the readings of a question under which the answer is another one, each with the answer."""
        return self._different.get(question, ())

    def summed_otherwise(self, question: str) -> tuple[tuple[str, Variant], ...]:
        """Return the readings of a question under which other sums may be short, each with the answer."""
        return self._summed.get(question, ())

    @cached_property
    def differing(self) -> frozenset[str]:
        """The questions under another reading of which the answer is another one."""
        return frozenset(self._different)

    def _touched(self) -> set[str]:
        """Return the questions that the assumed answer may depend on, of those that the caller did not answer."""
        steps = self.base.steps
        found = set(OF_PERSON) | self.base.asked
        return found.union(*(step.asked | step.filters for step in steps)) - self._position.given.keys()

    def _same(self) -> None:
        """Let equal answers be one object."""
        different = [self.base]
        for key, variant in self._others.items():
            found = next((one for one in different if one == variant), variant)
            if found is variant:
                different.append(variant)
            self._others[key] = found
        self._different: dict[str, tuple[tuple[str, Variant], ...]] = {}
        self._summed: dict[str, tuple[tuple[str, Variant], ...]] = {}
        for (question, reading), variant in self._others.items():
            if variant is not self.base:
                self._different[question] = (*self._different.get(question, ()), (reading, variant))
            if variant.summed != self.base.summed:
                self._summed[question] = (*self._summed.get(question, ()), (reading, variant))

    def _place(self, day: date | None) -> int:
        place = self._place_of.get(day)
        if place is None:
            raise NotShared
        return place

    def _variant(self, scenarios: Scenarios, full: Mapping[str, str]) -> Variant:
        life, force, asked = scenarios.certificate.beside_grants(full)
        edition = life.edition
        requirements = edition.requirements if edition is not None else ()
        steps = tuple([self._step(scenarios, life, full, place) for place in range(len(requirements))])
        on_days, points = self._position.points(edition.earning if edition else None, life.deciding, full)
        window = (*points, self._place(filed_last(life)), self._place(life.lapsed_on))
        bare = life.with_grants(())
        return Variant(
            life=bare,
            force=force,
            steps=steps,
            earning=self._earning.setdefault(window, len(self._earning)),
            days=tuple((name, self._place(day)) for name, day in days_of(life).items()),
            readings=tuple(full[question] for question in OF_PERSON),
            full=full,
            asked=frozenset({*asked, *on_days}),
            state=State({}, bare, due_of(life), force),
        )

    def _step(self, scenarios: Scenarios, life: Life, full: Mapping[str, str], place: int) -> Step:
        """Return how a requirement of the edition is decided."""
        assert life.edition is not None, "a requirement is that of an edition"
        known, edition = self._position.known, life.edition
        requirement = edition.requirements[place]
        key = edition.id, place
        if key not in known.by_designation:
            raise NotShared
        context_of = partial(scenarios.finders.context_of, life)
        context = context_of(full)
        is_asked, asked = context.is_asked(requirement), frozenset(context.readings.asked)
        step = Step(requirement.id, requirement.subject, requirement.designation, None, None, asked, frozenset())
        if not is_asked:
            return step
        if key not in known.general:
            raise NotShared
        if isinstance(requirement, Documents):
            return self._counting(step, requirement, life, full)
        programs = known.programs.get(key)
        if programs is None or not programs.are_general:
            raise NotShared
        find = programs.under(life.deciding, is_late=life.is_late, context=context_of)
        questions, program = find(full)
        if not program.is_simple:
            raise NotShared
        on_days, stretch = self._stretch(programs.hours.earning or edition.earning, life, full)
        return step._replace(
            hours=self._hours.setdefault((stretch, program), len(self._hours)),
            asked=frozenset({*questions[: program.depth], *on_days}),
            filters=frozenset(questions[program.depth :]),
        )

    def _counting(self, step: Step, requirement: Documents, life: Life, full: Mapping[str, str]) -> Step:
        """Return how a requirement of documents is decided."""
        if not are_counted(requirement):
            raise NotShared
        on_days, stretch = self._stretch(requirement.within, life, full)
        count = Count.of(requirement, life.step, stretch)
        key = count, requirement if count.is_stated else None
        return step._replace(counting=self._counts.setdefault(key, len(self._counts)), asked=step.asked.union(on_days))

    def _stretch(self, interval: Interval | None, life: Life, full: Mapping[str, str]) -> tuple[tuple[str, ...], int]:
        """Return the place of the days that count for something, with the questions that they depend on."""
        filed = self._place(life.as_of), self._place(life.lapsed_on)
        number = self._filed.setdefault(filed, len(self._filed))
        asked, points = self._position.points(interval, life.deciding, full)
        return asked, self._stretches.setdefault(Stretch(*points, number), len(self._stretches))

    def on(self, days: Sequence[date | None], grant: Grant | None) -> "VariantsOnDays":
        """
        Return the same for one due date.

        Args:
            days: The days of that due date.
            grant: The last grant; `None` without one.
        """
        at: tuple[Any, ...] = (*days, None)
        filed = [Filed(at[as_of], at[lapsed_on]) for as_of, lapsed_on in self._filed]
        stretches = [(begins, ends, filed[number]) for begins, ends, number in self.stretches]
        earning = [(begins, ends, Filed(at[last], at[lapsed_on])) for begins, ends, last, lapsed_on in self._earning]
        return VariantsOnDays(
            variants=self,
            days=at,
            stretches=[(*one, _shared(*one, grant)) for one in stretches],
            earning=[(*one, _shared(*one, grant)) for one in earning],
        )

    def life(self, variant: Variant, at: Sequence[date | None]) -> Life:
        """Return the state of the certificate for one due date, given its days, without grants."""
        return variant.life.with_days(lambda day: at[self._place(day)])


Between = tuple[RelativeDate | None, RelativeDate | None, Filed, Days | None]
"""Relative dates, what they are counted from, and the days themselves where they are the same for everybody."""


@attrs.frozen(eq=False)
class VariantsOnDays:
    """
    The answers under single readings, for everybody whose certificate is due on the same day.

    Attributes:
        variants: The answers.
        days: The days of the due date.
        stretches: The days that count for something.
        earning: The days between which training counts.
    """

    variants: Variants
    days: tuple[date | None, ...]
    stretches: list[Between]
    earning: list[Between]
    _lives: dict[int, Life] = attrs.field(factory=dict)

    def life(self, variant: Variant) -> Life:
        """Return the state of the certificate, without grants."""
        found = self._lives.get(id(variant))  # the variants are kept
        if found is None:
            found = self._lives[id(variant)] = self.variants.life(variant, self.days)
        return found


def _shared(begins: RelativeDate | None, ends: RelativeDate | None, filed: Filed, grant: Grant | None) -> Days | None:
    """Return the days between relative dates, as far as they are the same for everybody; otherwise `None`."""
    return None if is_own(begins) or is_own(ends) else days_between(begins, ends, grant, *filed)
