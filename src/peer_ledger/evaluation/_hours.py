"""
Check of one hours requirement against one person's training.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Literal

import attrs

from peer_ledger import allocation
from peer_ledger.evaluation._carryover import Claim, Claimed, Step, Taken, claims_before, closed_on
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligibility import counts_as, why_outside
from peer_ledger.evaluation._history import Event
from peer_ledger.records import Credit
from peer_ledger.reports import Addition, Finding, Line, Proof, Result, Subject
from peer_ledger.rules import UNRECORDED_TRAINING, Hours, Interval, Part, Unstated
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.hours import ONE, plain_hours


@attrs.frozen(kw_only=True)
class _Item:
    """
    A credit that may count, with the parts it fits and the caps that limit it.

    Parts and caps are known twice: with every unknown detail turned out against the credit (`fits`, `caps`), and with
    every unknown detail turned out in its favor (`might_fit`, `sure_caps`).
    """

    key: str
    event: Event
    hours: Fraction
    is_vague: bool
    fits: frozenset[str]
    might_fit: frozenset[str]
    caps: frozenset[str]
    sure_caps: frozenset[str]


_RELIEF = "~ what is short"
"""The key of a credit that stands for the missing hours; no credit on file has it."""


class HoursCheck:
    """
    One hours requirement checked against one person's training.

    Args:
        context: The records and readings it is checked against.
        hours: The requirement.
        earning: The days that count.
        claims: The hours that other requirements use first; `None` to find them.

    Attributes:
        subject: The subject of its findings, hours.
        result: Whether it is met.
    """

    subject: Subject = "hours"

    def __init__(
        self,
        context: Context,
        hours: Hours,
        earning: Interval | None,
        *,
        claims: tuple[Claim, ...] | None = None,
    ) -> None:
        self._context, self._hours, self._earning = context, hours, earning
        self._claims = claims_before(context, hours, _settle) if claims is None else claims
        self._of = context.readings.of
        self._first, self._last = context.days(earning)
        self._lines: list[Line] = []
        self._items: list[_Item] = []
        self._vague: list[str] = []
        self._is_unbounded = False
        self._needs = {hours.id: context.need(hours.id, hours.need)}
        self._needs |= {part.id: context.need(part.id, part.need) for part in self._all_asked(hours.parts)}
        self._days = {
            part.id: context.days(part.within) for part in self._all_asked(hours.parts) if part.within is not None
        }
        self._caps_asked = [cap for cap in hours.caps if context.is_asked(cap)]
        self._limits = {cap.id: context.need(cap.id, cap.at_most) for cap in self._caps_asked}
        self._carried = self._carry()
        self._gather()
        self.result = self._result()

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self._hours.id

    @property
    def short(self) -> Fraction:
        """The hours that are missing."""
        return self._scaled_back(self._proof.allocation.shortfall)

    @cached_property
    def _proof(self) -> Proof:
        return self._allocate(favorable=False)

    def _result(self) -> Result:
        """Return whether the requirement is met; where only unknown details could make it met, a question decides."""
        if self._proof.allocation.met:
            return "met"
        if not self._is_open or not self._favorable.met:
            return "short"
        if self._unstated or self._is_unbounded:
            return "undetermined"
        counts = self._context.readings.take(UNRECORDED_TRAINING.id) == "counts"
        return "undetermined" if UNRECORDED_TRAINING.id in self._context.still_open else "met" if counts else "short"

    @property
    def _is_open(self) -> bool:
        return bool(self._unstated or self._is_unbounded or self._is_unsure)

    @cached_property
    def _favorable(self) -> allocation.Allocation:
        """Best case: the allocation if every unknown detail turned out favorable."""
        return self._allocate(favorable=True, unstated="easiest").allocation

    @cached_property
    def _unstated(self) -> dict[str, Unstated]:
        figures = {**self._needs, **self._limits}
        return {name: figure for name, figure in figures.items() if isinstance(figure, Unstated)}

    @property
    def _is_unsure(self) -> bool:
        return any(item.fits != item.might_fit or item.caps != item.sure_caps for item in self._items)

    def findings(self) -> Iterator[Finding]:
        """Yield the finding of the requirement, then those of its parts."""
        proof, result = self._proof, self.result
        certain = proof.allocation
        counted = self._counted(certain, self._hours)
        lines = (*self._lines, *self._counted_lines(counted))
        total = sum(counted.values(), Fraction(0))
        yield Finding(
            requirement=self._hours.id,
            says=self._hours.says,
            subject="hours",
            result=result,
            unit="hour",
            need=self._needed(self._hours),
            recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
            eligible=sum((item.hours for item in self._items), Fraction(0)),
            counted=total,
            short=self._scaled_back(certain.shortfall) if result == "short" else Fraction(0),
            additions=self._additions(certain) if result == "short" else (),
            because=self._sentence(certain, result),
            lines=lines,
            cites=self._context.sources(self._hours.cites),
            proof=proof,
        )
        yield from self._part_findings(self._hours.parts, self._hours.id, certain, result)

    def _part_findings(
        self, parts: tuple[Part, ...], above: str, certain: allocation.Allocation, whole: Result
    ) -> Iterator[Finding]:
        for part in self._asked(parts):
            names = {part.id, *(inner.id for inner in _below(part))}
            counted = self._counted(certain, part)
            lines = (*self._lines, *(self._part_line(item, part, counted) for item in self._items))
            total = sum(counted.values(), Fraction(0))
            missing = self._missing(certain, names)
            is_short = bool(missing) and (not self._is_open or bool(self._missing(self._favorable, names)))
            yield Finding(
                requirement=part.id,
                part_of=above,
                says=part.says,
                subject="hours",
                result="met" if not missing else "short" if is_short and whole == "short" else "undetermined",
                unit="hour",
                need=self._needed(part),
                recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
                eligible=sum((item.hours for item in self._items if part.id in item.fits), Fraction(0)),
                counted=total,
                short=missing if is_short and whole == "short" else Fraction(0),
                lines=lines,
                cites=self._context.sources(part.cites),
            )
            yield from self._part_findings(part.parts, part.id, certain, whole)

    def _missing(self, found: allocation.Allocation, names: set[str]) -> Fraction:
        missing = self._relieved[1] if self._is_relieved(found) else found.missing
        return sum((self._scaled_back(missing.get(name, 0)) for name in names), Fraction(0))

    def _is_relieved(self, found: allocation.Allocation) -> bool:
        """Return whether the missing hours of a common allocation were moved onto this requirement, see `_relieved`."""
        return bool(self._claims) and not found.met and found is self._proof.allocation

    @cached_property
    def _relieved(self) -> tuple[allocation.Allocation, dict[str, allocation.Units]]:
        """
        Return the allocation once the missing hours are added, and how many of them each part of this requirement gets.
        """
        # A common allocation may leave the gap anywhere, also in a requirement that was settled earlier and had its
        # hours. So exactly the missing hours are added as one credit that only this requirement may use: then the
        # earlier requirements keep the training on file, and where that credit sits is what is short here.
        proof, own = self._proof, frozenset({*self._needs} - {*self._limits})
        short = proof.allocation.shortfall
        cell = allocation.Cell(amount=int(short), serves=own, limits=frozenset(), key=_RELIEF)
        found = proof.plan.allocate([*proof.cells, cell], alternatives=proof.alternatives)
        return found, {
            assigned.demand: assigned.amount for assigned in found.assignment if assigned.cell.key == _RELIEF
        }

    def _part_line(self, item: _Item, part: Part, counted: dict[str, Fraction]) -> Line:
        amount = counted.get(item.key, Fraction(0))
        why_not = None
        if amount != item.hours:
            if part.id in item.fits:
                why_not = "not needed here"
            elif part.id in item.might_fit:
                why_not = "the records do not say whether it is of the kind that counts here"
            else:
                why_not = self._outside(part, item.event) or "not of the kind that counts here"
        return _line(item.event, item.hours, amount, why_not)

    def _asked(self, parts: tuple[Part, ...]) -> Iterator[Part]:
        return (part for part in parts if self._context.is_asked(part))

    def _all_asked(self, parts: tuple[Part, ...]) -> Iterator[Part]:
        for part in self._asked(parts):
            yield part
            yield from self._all_asked(part.parts)

    def _stated(self, name: str) -> Fraction | None:
        need = self._needs[name]
        return None if isinstance(need, Unstated) else need

    def _needed(self, rule: Hours | Part) -> Fraction | None:
        """Return the hours needed: its own figure, or the hours its parts need together if that is more."""
        need = self._stated(rule.id)
        parts = [self._needed(part) or Fraction(0) for part in self._asked(rule.parts)]
        below = max(parts, default=Fraction(0)) if rule.together == "shared" else sum(parts, Fraction(0))
        return None if need is None else max(need, below)

    def _additions(self, certain: allocation.Allocation) -> tuple[Addition, ...]:
        """Return the smallest addition that meets all; of several requirements it serves, the narrowest comes first."""
        order = list(self._needs)
        if self._is_relieved(certain):
            missing = self._relieved[1].items()
            return tuple(Addition(serves=(name,), amount=self._scaled_back(amount)) for name, amount in missing)
        return tuple(
            Addition(
                serves=tuple(sorted((name for name in extra.serves if name in order), key=order.index, reverse=True)),
                amount=self._scaled_back(extra.amount),
            )
            for extra in certain.supplements
        )

    def _gather(self) -> None:
        """Sort the training into credits that may count, and lines that say why the rest cannot."""
        earlier = self._first_of_courses() if self._of(self._hours.repeats) == "once-ever" else {}
        for event in self._context.history.events:
            outside = why_outside(event, self._first, self._last, self._context.life.as_of)
            first = earlier.get(event.record.course or "", event)
            if outside is None and first is not event:
                counted = spoken_day(first.record.completed)
                outside = f"this course was already counted on {counted}, and counts only once"
            self._refuse(event, outside)
            for place, credit in enumerate((None,) if event.credits is None else event.credits):
                if _key(event, place) not in self._carried:
                    self._take(event, place, credit, outside)
        self._items += self._carried.values()

    def _first_of_courses(self) -> dict[str, Event]:
        """Return for each course the first training since the award that counted or may have counted."""
        intervals = list(self._intervals())
        found: dict[str, Event] = {}
        for event in self._context.history.events:
            is_counting = any(why_outside(event, *days) is None for days in intervals) and any(
                counts_as(self._hours.counts, event, credit, self._context.readings) is not False
                for credit in ((None,) if event.credits is None else event.credits)
            )
            if event.record.course is not None and is_counting:
                found.setdefault(event.record.course, event)
        return found

    def _intervals(self) -> Iterator[tuple[date | None, date | None, date]]:
        """Yield the days that count, and the day of filing, of every cycle up to this one."""
        life = self._context.life
        for place, _ in enumerate(life.grants):
            until = life.grants[place + 1].day if place + 1 < len(life.grants) else life.as_of
            then = attrs.evolve(life, grants=life.grants[: place + 1], as_of=until)
            first, last = attrs.evolve(self._context, life=then).days(self._earning)
            yield first, last, until

    def _carry(self) -> dict[str, _Item]:
        """Return the credits that the cycle before may leave to this one: those earned in it that no cap limits."""
        grant = self._context.life.grant
        if self._hours.carry_over is None or grant is None:
            return {}
        name = _in_common(closed_on(self._context.ruleset.id, grant.day), self._hours.id)
        before = next((claim for claim in self._claims if claim.taken.name == name), None)
        # In the common allocation a carried credit may serve the cycle before or, up to the carry-over limit, this one;
        # the cycle before takes what it needs, so only the rest is left. What was carried into it is not carried on.
        return {
            key: _Item(
                key=key,
                event=credit.event,
                hours=credit.hours,
                is_vague=False,
                fits=frozenset({self._carried_name}),
                might_fit=frozenset({self._carried_name}),
                caps=frozenset(),
                sure_caps=frozenset(),
            )
            for key, credit in (before.credits if before is not None else {}).items()
            if credit.is_own and not credit.caps
        }

    @property
    def _carried_name(self) -> str:
        return f"{self._hours.id} carried"

    def _refuse(self, event: Event, outside: str | None) -> None:
        """Add a line for the hours that a reviewer did not grant."""
        if event.claimed and outside is None:
            rest = self._in_hours(event.claimed) - self._in_hours(event.credits or ())
            if rest > 0:
                self._lines.append(_line(event, rest, Fraction(0), "not granted in review"))

    def _in_hours(self, credits_: Iterable[Credit]) -> Fraction:
        worth = self._context.worth
        return sum((Fraction(credit.amount) * worth.get(credit.unit, Fraction(0)) for credit in credits_), Fraction(0))

    def _take(self, event: Event, place: int, credit: Credit | None, outside: str | None) -> None:
        """Take a credit as an item, or add a line that says why not; its hours are vague in a unit of unknown worth."""
        worth = None if credit is None else self._context.worth.get(credit.unit)
        hours = None if worth is None else event.amounts[place] * worth if worth is not ONE else event.amounts[place]
        fits = counts_as(self._hours.counts, event, credit, self._context.readings)
        if outside is not None or fits is False:
            self._lines.append(_line(event, hours, Fraction(0), outside or "not of the kind that counts"))
            return
        if hours is None:
            unit = "" if credit is None else credit.unit
            why_not = f"no source says what the unit {unit} is worth" if unit else "its hours are not recorded"
            self._lines.append(_line(event, None, Fraction(0), why_not))
            self._vague.append(event.record.id)
        certain, possible = self._parts_fitted(self._hours.parts, event, credit, {self._hours.id})
        caps = {
            cap.id: within
            for cap in self._caps_asked
            if (within := counts_as(cap.counts, event, credit, self._context.readings)) is not False
        }
        self._items.append(
            _Item(
                key=_key(event, place),
                event=event,
                hours=hours or Fraction(0),
                is_vague=hours is None,
                fits=frozenset(certain if fits and hours is not None else ()),
                might_fit=frozenset(certain | possible),
                caps=frozenset(caps),
                sure_caps=frozenset(cap for cap, within in caps.items() if within),
            )
        )

    def _outside(self, part: Part, event: Event) -> str | None:
        """Return the reason why an event is outside the days of a part; `None` when it is inside."""
        days = self._days.get(part.id)
        return None if days is None else why_outside(event, *days, self._context.life.as_of)

    def _parts_fitted(
        self, parts: tuple[Part, ...], event: Event, credit: Credit | None, above: set[str]
    ) -> tuple[set[str], set[str]]:
        """Return the requirements that a credit certainly serves, and those that it may serve."""
        # A credit that fits a part which does not spill serves only the part: what is above it is taken away again.
        certain, possible = set(above), set[str]()
        for part in self._asked(parts):
            fits = counts_as(part.counts, event, credit, self._context.readings)
            if fits is False or self._outside(part, event):
                continue
            inner, maybe = self._parts_fitted(part.parts, event, credit, {part.id})
            if fits and not self._of(part.spills):
                certain -= above
            (certain if fits else possible).update(inner)
            possible |= maybe
        return certain, possible

    def _allocate(
        self, *, favorable: bool, unstated: Literal["easiest", "hardest"] = "hardest", tried: int | None = None
    ) -> Proof:
        """
        Return an allocation of the hours, with what proves it.

        Args:
            favorable: Whether unknown details are assumed to be favorable.
            unstated: Whether unstated figures are assumed to be the easiest or the hardest to meet.
            tried: A value, in units of the allocation, for the only unstated figure; `None` for that extreme.
        """
        root = self._node(self._hours, self._hours.parts, unstated, tried, spills=True)
        if self._claims:
            trees = [root, *(self._claimed(claim.taken) for claim in self._claims)]
            root = allocation.Demand(
                name="all",
                minimum=0,
                children=trees,  # type: ignore[arg-type]  # the converter freezes it
                group="exclusive",
            )
        plan = _plan(root, (*self._caps(unstated, tried), *self._claimed_caps()))
        once, divisible = self._of(self._hours.repeats) == "once", self._of(self._hours.divisible)
        cells: list[allocation.Cell] = []
        repeated: dict[str, list[list[allocation.Cell]]] = {}
        for items in self._by_event():
            option = [
                allocation.Cell(
                    amount=self._plenty if item.is_vague else int(item.hours * self._scale),
                    serves=(item.might_fit if favorable else item.fits) | self._claiming(item.key),
                    limits=item.sure_caps if favorable else item.caps,
                    key=item.key,
                    divisible=divisible,
                )
                for item in items
                if (item.might_fit if favorable else item.fits)
            ]
            course = items[0].event.record.course
            if once and course is not None:
                repeated.setdefault(course, []).append(option)
            else:
                cells += option
        cells += self._claimed_cells(divisible=divisible)
        alternatives = []
        for options in map(_undominated, repeated.values()):
            if len(options) == 1:
                cells += options[0]
            else:
                alternatives.append(allocation.Alternatives(options=options))
        try:
            found = plan.allocate(cells, alternatives=alternatives)
        except allocation.TooManyCombinations:
            # There are too many choices to try. What the first choice meets is met for certain; and what all choices
            # together do not meet, even when every credit may be split, is short for certain.
            self._is_unbounded = True
            for choice in alternatives:
                chosen = choice.options if favorable else choice.options[:1]
                cells += [cell for option in chosen for cell in option]
            alternatives = []
            if not divisible and not favorable:
                cells = []
            found = plan.allocate([attrs.evolve(cell, divisible=True) for cell in cells])
        return Proof(plan=plan, cells=tuple(cells), alternatives=tuple(alternatives), allocation=found)

    def _claimed(self, taken: Taken) -> allocation.Demand:
        amount = int(taken.hours * self._scale)
        parts = [self._claimed(part) for part in taken.parts]
        return allocation.Demand(
            name=taken.name,
            minimum=amount,
            maximum=None if taken.at_most is None else int(taken.at_most * self._scale),
            children=parts,  # type: ignore[arg-type]  # the converter freezes it
            group=taken.together,
        )

    def _claimed_caps(self) -> Iterator[allocation.Limit]:
        for claim in self._claims:
            for name, limit in claim.caps.items():
                yield allocation.Limit(name=name, maximum=int(limit * self._scale))

    def _claiming(self, key: str) -> frozenset[str]:
        """Return the earlier requirements that a credit may serve."""
        if not self._claims:
            return frozenset()
        return frozenset().union(*(claim.credits[key].fits for claim in self._claims if key in claim.credits))

    def _claimed_cells(self, *, divisible: bool) -> Iterator[allocation.Cell]:
        """Yield the credits that serve earlier requirements only."""
        own = {item.key for item in self._items}
        others = {key: credit for claim in self._claims for key, credit in claim.credits.items() if key not in own}
        for key, credit in others.items():
            yield allocation.Cell(
                amount=int(credit.hours * self._scale),
                serves=self._claiming(key),
                limits=frozenset().union(*(claim.credits[key].caps for claim in self._claims if key in claim.credits)),
                key=key,
                divisible=divisible,
            )

    def claim(self, step: Step) -> Claim:
        """Return the hours it uses before the requirements that are settled later."""
        certain = self._proof.allocation
        found = {
            item.key: Claimed(
                event=item.event,
                hours=item.hours,
                fits=frozenset(_in_common(step.name, name) for name in item.fits),
                is_own=item.key not in self._carried,
                caps=frozenset(_in_common(step.name, cap) for cap in item.caps),
            )
            for item in self._items
            if item.fits
        }
        limits = {
            _in_common(step.name, name): limit
            for name, limit in self._limits.items()
            if not isinstance(limit, Unstated)
        }
        top = _in_common(step.name, self._hours.id)
        taken = self._taken(step, certain, self._hours) if step.is_asked else Taken(name=top, hours=Fraction(0))
        if not step.is_asked:
            found = {key: attrs.evolve(credit, fits=frozenset({top})) for key, credit in found.items()}
        need = self._stated(self._hours.id) if step.is_asked else None
        lacks = Fraction(0) if need is None or certain.met else self._scaled_back(certain.shortfall)
        return Claim(taken=taken, credits=found, caps=limits, lacks=lacks, is_open=not step.context.history.closing)

    def _taken(self, step: Step, certain: allocation.Allocation, rule: Hours | Part) -> Taken:
        parts = [self._taken(step, certain, part) for part in self._asked(rule.parts)]
        if rule is self._hours and self._hours.carry_over is not None and self._carried:
            name, most = _in_common(step.name, self._carried_name), Fraction(self._hours.carry_over.at_most)
            parts.append(Taken(name=name, hours=Fraction(0), at_most=most))
        need = self._stated(rule.id)
        hours = need
        # A requirement that was short when it was settled uses what it had then, and gets no more now.
        if need is None or not certain.met:
            counted = sum(self._counted(certain, rule).values(), Fraction(0))
            hours = counted if need is None else min(need, counted)
        return Taken(
            name=_in_common(step.name, rule.id),
            hours=hours or Fraction(0),
            parts=tuple(parts),
            together="shared" if rule.together == "shared" else "exclusive",
        )

    def _by_event(self) -> Iterable[list[_Item]]:
        events: dict[str, list[_Item]] = {}
        for item in self._items:
            events.setdefault(item.event.record.id, []).append(item)
        return events.values()

    def _node(
        self,
        rule: Hours | Part,
        parts: tuple[Part, ...],
        unstated: Literal["easiest", "hardest"],
        tried: int | None,
        *,
        spills: bool,
    ) -> allocation.Demand:
        children = [
            self._node(part, part.parts, unstated, tried, spills=self._of(part.spills)) for part in self._asked(parts)
        ]
        if rule is self._hours and self._hours.carry_over is not None and self._carried:
            most = int(Fraction(self._hours.carry_over.at_most) * self._scale)
            children.append(allocation.Demand(name=self._carried_name, minimum=0, maximum=most))
        need = self._stated(rule.id)
        if need is not None:
            minimum = int(need * self._scale)
        elif tried is not None:
            minimum = tried
        else:
            minimum = 0 if unstated == "easiest" else self._beyond
        if rule.together != "shared":  # hours in a part are in the whole, whatever figure the whole states
            minimum = max(minimum, sum(child.minimum for child in children))
        return allocation.Demand(
            name=rule.id,
            minimum=minimum,
            maximum=None if spills else minimum,
            children=children,  # type: ignore[arg-type]  # the converter freezes it
            group="shared" if rule.together == "shared" else "exclusive",
        )

    def _caps(self, unstated: Literal["easiest", "hardest"], tried: int | None) -> tuple[allocation.Limit, ...]:
        otherwise = tried if tried is not None else self._beyond if unstated == "easiest" else 0
        return tuple(
            allocation.Limit(
                name=name, maximum=otherwise if isinstance(limit, Unstated) else int(Fraction(limit) * self._scale)
            )
            for name, limit in self._limits.items()
        )

    @cached_property
    def _plenty(self) -> int:
        """More units than all stated figures need together."""
        return sum(int(need * self._scale) for need in self._needs.values() if not isinstance(need, Unstated)) + 1

    @cached_property
    def _beyond(self) -> int:
        """More units than all credits have together."""
        return sum(int(item.hours * self._scale) for item in self._items) + 1

    @cached_property
    def _threshold(self) -> Fraction:
        """The largest value of the only unstated figure for which all is met; of a cap, the smallest."""
        [name] = self._unstated
        is_cap = name in self._limits
        met, unmet = (self._beyond, 0) if is_cap else (0, self._beyond)
        while abs(met - unmet) > 1:
            middle = (met + unmet) // 2
            if self._allocate(favorable=False, tried=middle).allocation.met:
                met = middle
            else:
                unmet = middle
        return self._scaled_back(met)

    @cached_property
    def _scale(self) -> int:
        """How many units of the allocation an hour has, so that every figure and credit is a whole number of units."""
        figures = [
            Fraction(figure).denominator
            for figure in (*self._needs.values(), *self._limits.values())
            if not isinstance(figure, Unstated)
        ]
        figures += [amount.denominator for claim in self._claims for amount in _amounts(claim.taken)]
        figures += [credit.hours.denominator for claim in self._claims for credit in claim.credits.values()]
        figures += [limit.denominator for claim in self._claims for limit in claim.caps.values()]
        if self._hours.carry_over is not None:
            figures.append(Fraction(self._hours.carry_over.at_most).denominator)
        return lcm(*figures, *(item.hours.denominator for item in self._items))

    def _scaled_back(self, amount: allocation.Units) -> Fraction:
        return Fraction(amount) / self._scale

    def _counted(self, result: allocation.Allocation, rule: Hours | Part) -> dict[str, Fraction]:
        """Return the hours of each item counted in a requirement and its parts; hours in several parts count once."""
        below = [self._counted(result, part) for part in self._asked(rule.parts)]
        own = {key: self._scaled_back(amount) for key, amount in self._seated(result).get(rule.id, {}).items()}
        if rule is self._hours:
            carried = self._seated(result).get(self._carried_name, {})
            own |= {key: self._scaled_back(amount) for key, amount in carried.items()}
        is_shared = rule.together == "shared"  # hours in the rest of a shared requirement may also sit in its parts
        counted: dict[str, Fraction] = {}
        for key in {*own, *(key for part in below for key in part)}:
            amounts = [own.get(key, Fraction(0)), *(part.get(key, Fraction(0)) for part in below)]
            counted[key] = max(amounts) if is_shared else sum(amounts, Fraction(0))
        return counted

    def _seated(self, result: allocation.Allocation) -> dict[str, dict[str, allocation.Units]]:
        """Return the units of each credit that the allocation put into each requirement."""
        seated: dict[str, dict[str, allocation.Units]] = {}
        for assigned in (self._relieved[0] if self._is_relieved(result) else result).assignment:
            if assigned.cell.key == _RELIEF:
                continue
            amounts = seated.setdefault(assigned.demand, {})
            amounts[assigned.cell.key] = amounts.get(assigned.cell.key, 0) + assigned.amount
        return seated

    def _counted_lines(self, counted: dict[str, Fraction]) -> Iterator[Line]:
        once = self._of(self._hours.repeats) == "once"
        for item in self._items:
            amount = counted.get(item.key, Fraction(0))
            why_not = None if amount == item.hours else self._why_rest(item, once=once and not amount)
            yield _line(item.event, item.hours, amount, why_not)

    def _why_rest(self, item: _Item, *, once: bool) -> str:
        """Return the reason why not all of an item was counted."""
        if item.key in self._carried:
            return "earned in the certification period before, which needed the rest; or over the carry-over limit"
        if self._claiming(item.key) and not item.caps:
            return "already used by an earlier certification period or another credential"
        if not item.fits:
            return "the records do not say whether it is of the kind that counts"
        course = item.event.record.course
        taken = {other.event.record.id for other in self._items if other.event.record.course == course}
        if once and course is not None and len(taken) > 1:
            return "the same course again"
        if item.caps:
            return f"over the cap {', '.join(sorted(item.caps))}"
        return "not needed" if self.result == "met" else "cannot replace the hours that are still missing"

    def _sentence(self, certain: allocation.Allocation, result: Result) -> str | None:
        """Return what keeps the requirement from being met beyond its own figure; `None` when there is nothing more."""
        collision = certain.collision
        if collision is None:
            return None
        if self._unstated and result == "undetermined" and not self._vague:
            return self._unstated_sentence()
        said = []
        if collision.demands != (self._hours.id,) or any(weight.kind == "limit" for weight in collision.weights):
            said.append(collision.sentence(lambda amount: f"{plain_hours(self._scaled_back(amount))} h"))
        for claim in self._claims if result == "short" and self._hours.not_shared_with else ():
            if claim.lacks and claim.is_open:
                lacks = f"{claim.taken.name} is itself {plain_hours(claim.lacks)} h short"
                said.append(f"{lacks}, and training that counts for both serves it first")
        if result == "undetermined":
            vague = len(set(self._vague))
            if vague:
                said.append(f"the hours of {vague} training{'s' if vague > 1 else ''} are not known")
            elif self._is_unbounded:
                said.append("there are too many ways to place credits that cannot be split; not all were tried")
            else:
                said.append("the records do not say what kind some of the training was")
        return "; ".join(said) or None

    def _unstated_sentence(self) -> str:
        """Return which figures no source states and, for a single one, up to which value the requirement is met."""
        if len(self._unstated) > 1 or not self._allocate(favorable=False, unstated="easiest").allocation.met:
            return f"no source states {' or '.join(figure.says for figure in self._unstated.values())}"
        [(name, figure)] = self._unstated.items()
        most = "at least" if name in self._limits else "at most"
        return f"no source states {figure.says}; it is met if that is {most} {plain_hours(self._threshold)} h"


def _settle(step: Step, claims: tuple[Claim, ...]) -> Claim:
    edition = step.context.life.edition
    earning = step.hours.earning or (edition.earning if edition is not None else None)
    return HoursCheck(step.context, step.hours, earning, claims=claims).claim(step)


def _key(event: Event, place: int) -> str:
    return f"{event.record.completed} {event.record.id} {place:03}"


def _in_common(step: str, requirement: str) -> str:
    """Return the name of a requirement in the common allocation, different at each step."""
    return f"{requirement} of {step}"


def _amounts(taken: Taken) -> Iterator[Fraction]:
    yield from (taken.hours, taken.at_most or Fraction(0))
    for part in taken.parts:
        yield from _amounts(part)


def _line(event: Event, recorded: Fraction | None, counted: Fraction, why_not: str | None) -> Line:
    record = event.record
    return Line(record=record.id, day=record.completed, recorded=recorded, counted=counted, why_not=why_not)


def _undominated(options: list[list[allocation.Cell]]) -> list[list[allocation.Cell]]:
    """Return the repeats of a course without those dominated by another repeat; of equal repeats, the first stays."""
    # Only one repeat of a course counts, and every further repeat multiplies the combinations to try. A repeat with no
    # more hours of any kind than another repeat adds nothing to try.
    given = [_by_kind(option) for option in options]

    def is_dominated(place: int) -> bool:
        return any(
            other != place
            and all(theirs.get(kind, 0) >= amount for kind, amount in given[place].items())
            and (theirs != given[place] or other < place)
            for other, theirs in enumerate(given)
        )

    return [option for place, option in enumerate(options) if not is_dominated(place)]


def _by_kind(option: list[allocation.Cell]) -> dict[tuple[frozenset[str], frozenset[str]], int]:
    """Return the units that an option has for each set of requirements served and caps touched."""
    amounts: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for cell in option:
        amounts[cell.serves, cell.limits] = amounts.get((cell.serves, cell.limits), 0) + cell.amount
    return amounts


@lru_cache(maxsize=4096)
def _plan(demand: allocation.Demand, limits: tuple[allocation.Limit, ...]) -> allocation.Plan:
    return allocation.compile_plan(demand, limits=limits)


def _below(part: Part) -> Iterator[Part]:
    for inner in part.parts:
        yield inner
        yield from _below(inner)
