"""
One requirement held against one person's records: what counted, what did not and why, and what is missing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Literal

import attrs

from peer_ledger import allocation
from peer_ledger._standing import Life, day_of
from peer_ledger.dates import months_after
from peer_ledger.errors import InvalidValue
from peer_ledger.history import Event, History
from peer_ledger.questions import ATTESTED, ByQuestion, Readings, Source
from peer_ledger.records import Attestation, Credit, Quantity, Ruling
from peer_ledger.rules import (
    Attested,
    Condition,
    Figure,
    Hours,
    Interval,
    Part,
    Requirement,
    RuleSet,
    Training,
    Trainings,
)

Result = Literal["met", "short", "undetermined", "not asked"]
"""How a requirement stands."""

Subject = Literal["hours", "documents"]
"""What a requirement is about."""

DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Line:
    """
    What became of one credit, training or attestation under one requirement.

    Attributes:
        record: The record's id.
        recorded: How much was recorded, in the unit of the requirement; `None` where its unit is worth nothing known.
        counted: How much of it counted.
        why_not: Why the rest did not; `None` when all of it counted.
    """

    record: str
    recorded: Fraction | None
    counted: Fraction
    why_not: str | None


@attrs.frozen(kw_only=True)
class Proof:
    """
    What was allocated, and the answer: enough for `check_proof` to hold one against the other.

    Attributes:
        plan: The requirements and caps.
        cells: The hours.
        alternatives: The hours of which only one choice counts.
        allocation: The answer.
    """

    plan: allocation.Plan
    cells: tuple[allocation.Cell, ...]
    alternatives: tuple[allocation.Alternatives, ...]
    allocation: allocation.Allocation


@attrs.frozen(kw_only=True)
class Finding:
    """
    How one requirement stands.

    Attributes:
        requirement: Its id.
        part_of: The id of the requirement it is a part of; `None` when it is none.
        says: The rule in a plain sentence.
        subject: Whether it is about hours or about documents.
        result: How it stands.
        unit: What it is counted in.
        need: How much is needed.
        recorded: How much is on record at all, as far as it can be converted.
        eligible: How much of it may count here.
        counted: How much was counted.
        short: How much is missing; 0 unless the result is *short*.
        because: What is missing and why, in a sentence; `None` when nothing is.
        lines: What became of each credit or document.
        cites: The sources.
        proof: For hours, what was allocated and how; `None` for the rest.
    """

    requirement: str
    part_of: str | None = None
    says: str
    subject: Subject
    result: Result
    unit: str
    need: Fraction
    recorded: Fraction = Fraction(0)
    eligible: Fraction = Fraction(0)
    counted: Fraction = Fraction(0)
    short: Fraction = Fraction(0)
    because: str | None = None
    lines: tuple[Line, ...] = ()
    cites: tuple[Source, ...] = ()
    proof: Proof | None = attrs.field(default=None, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Case:
    """
    What a requirement is held against.

    Attributes:
        ruleset: The rules.
        history: The records.
        readings: The readings taken.
        life: Where the certificate is.
        still_open: Questions that nobody answered, so that a finding which hinges on missing records is not decided.
    """

    ruleset: RuleSet
    history: History
    readings: Readings
    life: Life
    still_open: frozenset[str] = frozenset()

    @property
    def is_late(self) -> bool:
        """Whether the filing is late, or would be on the day asked about."""
        grant = self.life.grant
        return self.life.step == "renewal" and grant is not None and self.life.as_of > grant.due

    def days(self, interval: Interval | None) -> tuple[date | None, date | None]:
        """Give the first and the last day of an interval; `None` where it has none."""
        if interval is None:
            return None, None
        begins, ends = self.readings.of(interval.begins), self.readings.of(interval.ends)
        first = day_of(begins, self.life.grant, self.life.as_of, self.life.lapsed_on)
        last = day_of(ends, self.life.grant, self.life.as_of, self.life.lapsed_on)
        return (
            first if first is None or begins.included else first + DAY,
            last if last is None or ends.included else last - DAY,
        )

    def asks(self, condition: Condition | None, first: date | None = None, last: date | None = None) -> bool:
        """Tell whether a requirement is asked at all."""
        deciding = self.life.deciding
        if (first is not None and deciding < first) or (last is not None and deciding > last):
            return False
        if condition is None:
            return True
        if condition.late is not None and condition.late is not self.is_late:
            return False
        if condition.holds is not None and not self.history.holds(condition.holds):
            return False
        return condition.question is None or self.readings.take(condition.question) == condition.reading

    def ruling(self, requirement: str, effect: str) -> Ruling | None:
        """Find the last ruling of the board that has this effect on a requirement or date."""
        deciding = self.life.deciding
        found = [
            ruling
            for ruling in self.history.rulings
            if ruling.requirement == requirement
            and ruling.effect == effect
            and (ruling.first_day is None or ruling.first_day <= deciding)
            and (ruling.last_day is None or deciding <= ruling.last_day)
        ]
        return max(found, key=lambda ruling: (ruling.on, ruling.id), default=None)

    def need(self, requirement: str, figure: Figure) -> Decimal:
        """Give a figure under the readings taken, or as the board set it for this person."""
        ruling = self.ruling(requirement, "sets")
        need: Decimal = self.readings.of(figure)
        return need if ruling is None or ruling.figure is None else ruling.figure.amount

    def sources(self, cites: Iterable[str]) -> tuple[Source, ...]:
        """Look citations up."""
        return tuple(self.ruleset.source(cited) for cited in cites)


def findings_of(case: Case) -> tuple[Finding, ...]:
    """
    Hold every requirement of the edition against the records.
    """
    edition = case.life.edition
    if edition is None:
        return ()
    return tuple(
        finding for requirement in edition.requirements for finding in _judge(case, requirement, edition.earning)
    )


def verdict_of(case: Case, requirement: Requirement) -> tuple[Subject, Result]:
    """
    Hold one requirement of the edition against the records, and say no more than how it stands.
    """
    earning = case.life.edition.earning if case.life.edition else None
    if isinstance(requirement, Hours) and _is_asked(case, requirement):
        return "hours", _HoursCase(case, requirement, requirement.earning or earning).result
    finding = next(_judge(case, requirement, earning))
    return finding.subject, finding.result


def _is_asked(case: Case, requirement: Requirement) -> bool:
    asked = case.asks(requirement.only_if, requirement.first_day, requirement.last_day)
    return asked and case.ruling(requirement.id, "waives") is None


def _judge(case: Case, requirement: Requirement, earning: Interval | None) -> Iterator[Finding]:
    if not _is_asked(case, requirement):
        waiver = case.ruling(requirement.id, "waives")
        yield Finding(
            requirement=requirement.id,
            says=requirement.says,
            subject="documents" if isinstance(requirement, Attested) else "hours",
            result="not asked",
            unit=_UNITS[requirement.kind],
            need=Fraction(0),
            because=None if waiver is None else f"waived by the ruling {waiver.id} of {waiver.on}",
            cites=case.sources(requirement.cites),
        )
    elif isinstance(requirement, Hours):
        yield from _HoursCase(case, requirement, requirement.earning or earning).findings()
    elif isinstance(requirement, Trainings):
        yield _judge_trainings(case, requirement, requirement.earning or earning)
    else:
        yield _judge_attested(case, requirement)


_WORTH = {"hour": Fraction(1), "minute": Fraction(1, 60)}
_UNITS = {"hours": "hour", "trainings": "training", "attested": "document"}


def _fits(wanted: Training | ByQuestion | None, event: Event, credit: Credit | None, readings: Readings) -> bool | None:
    """Tell whether training is of a kind that counts; `None` when the records do not say."""
    training: Training | None = readings.of(wanted)
    if training is None:
        return True
    topics = credit.topics if credit is not None else None
    not_topics = readings.of(training.not_topics)
    answers = [
        _meets(training.topics, topics),
        _meets(training.deliveries, None if event.delivery is None else {event.delivery}),
        _meets(training.roles, {event.record.role}),
        _meets(training.approved_by, event.approved_by),
        _meets(training.providers, None if event.provider is None else {event.provider}),
        _meets(training.courses, None if event.record.course is None else {event.record.course}),
    ]
    if not_topics:
        answers.append(None if topics is None else not topics & frozenset(not_topics))
    if False in answers:
        return False
    return None if None in answers and training.if_unknown == "open" else True


def _meets(wanted: frozenset[str] | None, known: Iterable[str] | None) -> bool | None:
    if wanted is None:
        return True
    return None if known is None else not wanted.isdisjoint(known)


def _outside(event: Event, first: date | None, last: date | None, as_of: date) -> str | None:
    """Say why an event lies outside the days that count."""
    day = event.record.completed
    if event.why_not is not None:
        return event.why_not
    if first is not None and day < first:
        return f"before {first}, from which day on training counts"
    if day > as_of:
        return "after the filing"
    if last is not None and day > last:
        return f"after {last}, until which day training counts"
    return None


@attrs.frozen(kw_only=True)
class _Item:
    """A credit that may count, with the parts it fits: for certain, and if what is not recorded were favourable."""

    key: str
    event: Event
    hours: Fraction
    fits: frozenset[str]
    might_fit: frozenset[str]
    caps: frozenset[str]


class _HoursCase:
    """One requirement of hours held against one person's training."""

    def __init__(self, case: Case, hours: Hours, earning: Interval | None) -> None:
        self._case, self._hours = case, hours
        self._of = case.readings.of
        self._first, self._last = case.days(earning)
        self._worth = {worth.unit: worth.ratio for worth in case.ruleset.units} | _WORTH
        self._lines: list[Line] = []
        self._items: list[_Item] = []
        self._vague: list[str] = []
        self._gather()

    @cached_property
    def _proof(self) -> Proof:
        return self._allocate(favourable=False)

    @cached_property
    def result(self) -> Result:
        """How the requirement stands: undetermined where what is not recorded could make it met."""
        if self._proof.allocation.met:
            return "met"
        if self._vague or (self._is_unsure and self._allocate(favourable=True).allocation.met):
            return "undetermined"
        return "short"

    @property
    def _is_unsure(self) -> bool:
        return any(item.fits != item.might_fit for item in self._items)

    def findings(self) -> Iterator[Finding]:
        """Give the finding of the requirement, and of each of its parts."""
        need = Fraction(self._case.need(self._hours.id, self._hours.need))
        proof, result = self._proof, self.result
        certain = proof.allocation
        counted = self._counted(certain)
        lines = (*self._lines, *self._counted_lines(counted))
        total = sum(counted.values(), Fraction(0))
        say = self._sentence(certain, result)
        yield Finding(
            requirement=self._hours.id,
            says=self._hours.says,
            subject="hours",
            result=result,
            unit="hour",
            need=need,
            recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
            eligible=sum((item.hours for item in self._items), Fraction(0)),
            counted=total,
            short=self._scaled_back(certain.shortfall) if result == "short" else Fraction(0),
            because=say,
            lines=lines,
            cites=self._case.sources(self._hours.cites),
            proof=proof,
        )
        yield from self._part_findings(self._hours.parts, self._hours.id, certain, result)

    def _part_findings(
        self, parts: tuple[Part, ...], above: str, certain: allocation.Allocation, whole: Result
    ) -> Iterator[Finding]:
        for part in self._asked(parts):
            names = {part.id, *(one.id for one in _below(part))}
            counted = self._counted(certain, names)
            lines = (*self._lines, *(self._part_line(item, part, counted) for item in self._items))
            total = sum(counted.values(), Fraction(0))
            need = Fraction(self._case.need(part.id, part.need))
            missing = sum((self._scaled_back(certain.missing.get(name, 0)) for name in names), Fraction(0))
            yield Finding(
                requirement=part.id,
                part_of=above,
                says=part.says,
                subject="hours",
                result="met" if not missing else "short" if whole == "short" else "undetermined",
                unit="hour",
                need=need,
                recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
                eligible=sum((item.hours for item in self._items if part.id in item.fits), Fraction(0)),
                counted=total,
                short=missing if whole == "short" else Fraction(0),
                lines=lines,
                cites=self._case.sources(part.cites),
            )
            yield from self._part_findings(part.parts, part.id, certain, whole)

    def _part_line(self, item: _Item, part: Part, counted: dict[str, Fraction]) -> Line:
        amount = counted.get(item.key, Fraction(0))
        why_not = None
        if amount != item.hours:
            if part.id in item.fits:
                why_not = "not needed here"
            elif part.id in item.might_fit:
                why_not = "the records do not say whether it is of the kind that counts here"
            else:
                why_not = "not of the kind that counts here"
        return Line(record=item.event.record.id, recorded=item.hours, counted=amount, why_not=why_not)

    def _asked(self, parts: tuple[Part, ...]) -> Iterator[Part]:
        return (part for part in parts if self._case.asks(part.only_if))

    def _gather(self) -> None:
        for event in self._case.history.events:
            outside = _outside(event, self._first, self._last, self._case.life.as_of)
            if event.credits is None:
                if outside is None:
                    self._vague.append(event.record.id)
                self._leave(event, None, outside or "its hours are not recorded")
                continue
            for place, credit in enumerate(event.credits):
                self._take(event, place, credit, outside)

    def _take(self, event: Event, place: int, credit: Credit, outside: str | None) -> None:
        worth = self._worth.get(credit.unit)
        hours = None if worth is None else Fraction(credit.amount) * worth
        fits = _fits(self._hours.counts, event, credit, self._case.readings)
        if outside is not None or fits is False or hours is None:
            if outside is None and fits is not False:
                self._vague.append(event.record.id)
            unit = f"no source says what the unit {credit.unit} is worth"
            self._leave(event, hours, outside or ("not of the kind that counts" if fits is False else unit))
            return
        certain, possible = self._parts_fitted(self._hours.parts, event, credit, {self._hours.id})
        caps = {
            cap.id
            for cap in self._hours.caps
            if self._case.asks(cap.only_if) and _fits(cap.counts, event, credit, self._case.readings)
        }
        self._items.append(
            _Item(
                key=f"{event.record.completed} {event.record.id} {place:03}",
                event=event,
                hours=hours,
                fits=frozenset(certain if fits else ()),
                might_fit=frozenset(certain | possible),
                caps=frozenset(caps),
            )
        )

    def _parts_fitted(
        self, parts: tuple[Part, ...], event: Event, credit: Credit, above: set[str]
    ) -> tuple[set[str], set[str]]:
        """Find the requirements that a credit may serve, for certain and possibly."""
        certain, possible = set(above), set[str]()
        for part in self._asked(parts):
            fits = _fits(part.counts, event, credit, self._case.readings)
            if fits is False:
                continue
            inner, maybe = self._parts_fitted(part.parts, event, credit, {part.id})
            if fits and not self._of(part.spills):
                certain -= above
            (certain if fits else possible).update(inner)
            possible |= maybe
        return certain, possible

    def _leave(self, event: Event, hours: Fraction | None, why_not: str) -> None:
        self._lines.append(Line(record=event.record.id, recorded=hours, counted=Fraction(0), why_not=why_not))

    def _allocate(self, *, favourable: bool) -> Proof:
        plan = _plan(self._requirement(), self._caps())
        once = self._of(self._hours.repeats) == "once"
        cells: list[allocation.Cell] = []
        repeated: dict[str, list[list[allocation.Cell]]] = {}
        for items in self._by_event():
            some = [
                allocation.Cell(
                    amount=int(item.hours * self._scale),
                    serves=item.might_fit if favourable else item.fits,
                    caps=item.caps,
                    key=item.key,
                )
                for item in items
                if (item.might_fit if favourable else item.fits)
            ]
            course = items[0].event.record.course
            if once and course is not None:
                repeated.setdefault(course, []).append(some)
            else:
                cells += some
        alternatives = []
        for options in repeated.values():
            if len(options) == 1:
                cells += options[0]
            else:
                alternatives.append(allocation.Alternatives(options=options))
        found = plan.allocate(cells, alternatives=alternatives)
        return Proof(plan=plan, cells=tuple(cells), alternatives=tuple(alternatives), allocation=found)

    def _by_event(self) -> Iterable[list[_Item]]:
        events: dict[str, list[_Item]] = {}
        for item in self._items:
            events.setdefault(item.event.record.id, []).append(item)
        return events.values()

    def _requirement(self) -> allocation.Requirement:
        return self._node(
            self._hours.id,
            self._case.need(self._hours.id, self._hours.need),
            self._hours.parts,
            self._hours.together,
            spills=True,
        )

    def _node(
        self, name: str, need: Decimal, parts: tuple[Part, ...], together: str | None, *, spills: bool
    ) -> allocation.Requirement:
        minimum = int(Fraction(need) * self._scale)
        children = [
            self._node(
                part.id, self._case.need(part.id, part.need), part.parts, part.together, spills=self._of(part.spills)
            )
            for part in self._asked(parts)
        ]
        return allocation.Requirement(
            name=name,
            minimum=minimum,
            maximum=None if spills else minimum,
            children=children,  # type: ignore[arg-type]  # the converter freezes it
            group="shared" if together == "shared" else "exclusive",
        )

    def _caps(self) -> tuple[allocation.Cap, ...]:
        return tuple(
            allocation.Cap(name=cap.id, limit=int(Fraction(self._of(cap.at_most)) * self._scale))
            for cap in self._hours.caps
            if self._case.asks(cap.only_if)
        )

    @cached_property
    def _scale(self) -> int:
        figures = [
            self._case.need(self._hours.id, self._hours.need),
            *(self._of(cap.at_most) for cap in self._hours.caps),
        ]
        figures += [self._case.need(part.id, part.need) for part in _all(self._hours.parts)]
        return lcm(
            *(Fraction(figure).denominator for figure in figures), *(item.hours.denominator for item in self._items)
        )

    def _scaled_back(self, amount: allocation.Amount) -> Fraction:
        return Fraction(amount) / self._scale

    def _counted(
        self, result: allocation.Allocation, names: frozenset[str] | set[str] | None = None
    ) -> dict[str, Fraction]:
        """Say how much of each item was counted in some requirements, or in any; a unit counts once."""
        counted: dict[str, dict[str, Fraction]] = {}
        for one in result.assignment:
            if names is None or one.requirement in names:
                place = one.requirement if self._hours.together == "shared" else ""
                places = counted.setdefault(one.cell.key, {})
                places[place] = places.get(place, Fraction(0)) + self._scaled_back(one.amount)
        return {key: max(places.values()) for key, places in counted.items()}

    def _counted_lines(self, counted: dict[str, Fraction]) -> Iterator[Line]:
        once = self._of(self._hours.repeats) == "once"
        for item in self._items:
            amount = counted.get(item.key, Fraction(0))
            yield Line(
                record=item.event.record.id,
                recorded=item.hours,
                counted=amount,
                why_not=None if amount == item.hours else self._why_rest(item, once=once),
            )

    def _why_rest(self, item: _Item, *, once: bool) -> str:
        if not item.fits:
            return "the records do not say whether it is of the kind that counts"
        course = item.event.record.course
        if once and course is not None and sum(one.event.record.course == course for one in self._items) > 1:
            return "the same course again"
        if item.caps:
            return f"over the cap {', '.join(sorted(item.caps))}"
        return "not needed"

    def _sentence(self, certain: allocation.Allocation, result: Result) -> str | None:
        """Say what collides, where it is more than the requirement's own figure, and what the records leave open."""
        collision = certain.collision
        if collision is None:
            return None
        said = []
        if collision.requirements != (self._hours.id,) or any(one.kind == "cap" for one in collision.weights):
            said.append(collision.sentence(lambda amount: f"{plain_hours(self._scaled_back(amount))} h"))
        if result == "undetermined":
            vague = len(set(self._vague))
            said.append(
                f"of {vague} training{'s' if vague > 1 else ''} the hours are not known"
                if vague
                else "of some training the records do not say what kind it was"
            )
        return "; ".join(said) or None


@lru_cache(maxsize=4096)
def _plan(requirement: allocation.Requirement, caps: tuple[allocation.Cap, ...]) -> allocation.Plan:
    return allocation.compile_plan(requirement, caps=caps)


def _below(part: Part) -> Iterator[Part]:
    for one in part.parts:
        yield one
        yield from _below(one)


def _all(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def plain_hours(amount: Fraction) -> str:
    """
    Write an amount of hours: in decimals where they end, otherwise as a fraction.

    >>> plain_hours(Fraction(79, 4)), plain_hours(Fraction(1, 3)), plain_hours(Fraction(20))
    ('19.75', '1/3', '20')
    """
    if amount.denominator == 1:
        return str(amount.numerator)
    rest = amount.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(amount)
    text = f"{Decimal(amount.numerator) / Decimal(amount.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _judge_trainings(case: Case, requirement: Trainings, earning: Interval | None) -> Finding:
    first, last = case.days(earning)
    need = int(case.need(requirement.id, Decimal(requirement.need)))
    lines: list[Line] = []
    certain = possible = 0
    for event in case.history.events:
        outside = _outside(event, first, last, case.life.as_of)
        answers = [_fits(requirement.counts, event, credit, case.readings) for credit in event.credits or (None,)]
        fits = True if True in answers else None if None in answers else False
        why_not = outside or ("not of the kind that counts" if fits is False else None)
        if why_not is None:
            possible += 1
            certain += fits is True
            why_not = None if fits else "the records do not say whether it is of the kind that counts"
        lines.append(
            Line(record=event.record.id, recorded=Fraction(1), counted=Fraction(int(why_not is None)), why_not=why_not)
        )
    result: Result = "met" if certain >= need else "undetermined" if possible >= need else "short"
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="hours",
        result=result,
        unit="training",
        need=Fraction(need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(possible),
        counted=Fraction(certain),
        short=Fraction(need - certain if result == "short" else 0),
        because=None if result == "met" else f"{certain} of {need} on file",
        lines=tuple(lines),
        cites=case.sources(requirement.cites),
    )


def _judge_attested(case: Case, requirement: Attested) -> Finding:
    first, last = case.days(requirement.within)
    lines: list[Line] = []
    sound: list[Attestation] = []
    unsure = 0
    needed = case.readings.of(requirement.at_least)
    for one in case.history.attestations:
        if one.attested != requirement.attested:
            continue
        why_not = _document_outside(one, first, last, case)
        enough = True if needed is None or requirement.adds_up else _says_enough(one, needed, case.life.as_of)
        if why_not is None and enough is False:
            why_not = "it says less than is asked"
        if why_not is None and enough is None:
            unsure += 1
            why_not = "it does not say how much"
        if why_not is None:
            sound.append(one)
        lines.append(Line(record=one.id, recorded=Fraction(1), counted=Fraction(int(why_not is None)), why_not=why_not))
    count = len({one.by or one.id for one in sound}) if requirement.from_different else len(sound)
    if requirement.adds_up and needed is not None:
        count = int(_sum(sound, needed) >= needed.amount)
    met = count >= requirement.need
    covered = case.history.covers("attestation", first, case.life.as_of, attested=requirement.attested)
    result: Result = "met"
    if not met:
        result = _without(case, covered=covered, enough=count + unsure >= requirement.need)
    missing = requirement.need - count
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="documents",
        result=result,
        unit="document",
        need=Fraction(requirement.need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(len(sound)),
        counted=Fraction(min(count, requirement.need)),
        short=Fraction(missing if result == "short" else 0),
        because=None
        if met
        else f"{count} of {requirement.need} on file{'' if covered else ', and not all need be on file'}",
        lines=tuple(lines),
        cites=case.sources(requirement.cites),
    )


def _without(case: Case, *, covered: bool, enough: bool) -> Result:
    """Say what it means that documents are missing: how that stands depends on whether all of them are on file."""
    if covered:
        return "undetermined" if enough else "short"
    reading = case.readings.take(ATTESTED.id)
    if ATTESTED.id in case.still_open:
        return "undetermined"
    if reading == "not-all":
        return "met"
    return "undetermined" if enough else "short"


def _document_outside(one: Attestation, first: date | None, last: date | None, case: Case) -> str | None:
    if one.step is not None and one.step != case.life.step:
        return f"it was meant for {one.step}"
    if first is not None and one.on < first:
        return f"before {first}"
    if one.on > case.life.as_of:
        return "after the filing"
    return f"after {last}" if last is not None and one.on > last else None


_MONTHS = {"month": 1, "year": 12}


def _says_enough(one: Attestation, needed: Quantity, as_of: date) -> bool | None:
    value = one.value
    if isinstance(value, Quantity):
        if value.unit == needed.unit:
            return value.amount >= needed.amount
        if value.unit in _MONTHS and needed.unit in _MONTHS:
            return value.amount * _MONTHS[value.unit] >= needed.amount * _MONTHS[needed.unit]
        return None
    if isinstance(value, date) and needed.unit in _MONTHS:
        try:
            return months_after(value, int(needed.amount * _MONTHS[needed.unit])) <= as_of
        except InvalidValue:
            return False
    return None


def _sum(sound: Iterable[Attestation], needed: Quantity) -> Fraction:
    return sum(
        (
            Fraction(one.value.amount)
            for one in sound
            if isinstance(one.value, Quantity) and one.value.unit == needed.unit
        ),
        Fraction(0),
    )
