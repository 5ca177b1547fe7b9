"""
The findings of an hours requirement: what counted, what did not and why, what is missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim
from peer_ledger.evaluation._classes import WRONG
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligible_credits import EligibleCredits, Item, line_of
from peer_ledger.evaluation._hours_plan import HoursPlan
from peer_ledger.evaluation._seating import Seated, counted_in, seated_in
from peer_ledger.reports import Addition, Finding, Line, Result
from peer_ledger.reports._remarks import Remark, remark, too_little_together
from peer_ledger.rules import Part
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import ZERO, sum_of


class HoursFindings:
    """
    The findings of one hours requirement.

    Args:
        context: The records and readings it is checked against.
        asked: The requirement.
        eligible: The credits that may count.
        plan: Their allocation.
        claims: The hours that other requirements use first.
        result: Whether the requirement is met.
        is_open: Whether something unknown may decide that.
        doubt: What of the trainings that look alike leaves that open; `None` when nothing does.
    """

    def __init__(
        self,
        context: Context,
        asked: AskedHours,
        eligible: EligibleCredits,
        plan: HoursPlan,
        claims: tuple[Claim, ...],
        *,
        result: Result,
        is_open: bool,
        doubt: Remark | None,
    ) -> None:
        self._context, self._asked, self._credits, self._plan = context, asked, eligible, plan
        self._claims, self._result, self._is_open, self._doubt = claims, result, is_open, doubt
        self._certain, self._least, self._shown = plan.proof.allocation, plan.least.allocation, plan.shown.allocation

    def all(self) -> Iterator[Finding]:
        """Yield the finding of the requirement, then those of its parts."""
        hours, result = self._asked.hours, self._result
        counted = counted_in(hours, self._seated, self._asked)
        yield Finding.partly_made(
            {
                "lines": lambda _: (*self._credits.lines, *self._counted_lines(counted)),
                "recorded": _recorded,
                "because": lambda _: tuple(self._reasons()),
                "proof": lambda _: self._plan.shown,
            },
            requirement=hours.id,
            part_of=None,
            designation=None,
            curable=None,
            called=hours.called,
            document_kind=None,
            says=hours.says,
            subject="hours",
            result=result,
            unit=self._unit,
            need=self._asked.needed(hours),
            eligible=self._plan.eligible(self._credits.items),
            counted=self._plan.in_hours(sum(counted.values())),
            short=self._plan.short if result == "short" else ZERO,
            additions=self._additions() if result == "short" else (),
            cites=self._context.sources(hours.cites),
        )
        yield from self._part_findings(hours.id)

    @cached_property
    def _seated(self) -> Seated:
        """What of each credit was put into each requirement."""
        return seated_in(self._shown, self._plan)

    def _part_findings(self, above: str) -> Iterator[Finding]:
        for part in self._asked.parts[above]:
            names = {part.id, *(inner.id for inner in self._asked.below(part))}
            counted = counted_in(part, self._seated, self._asked)
            missing, is_certain = self._missing(self._least, names), not self._missing(self._certain, names)
            is_short = bool(missing) and (not self._is_open or bool(self._missing(self._plan.favorable, names)))
            is_short = is_short and self._result == "short"
            yield Finding.partly_made(
                {"lines": partial(self._part_lines, part, counted), "recorded": _recorded},
                requirement=part.id,
                part_of=above,
                designation=None,
                curable=None,
                called=part.called,
                document_kind=None,
                additions=(),
                because=(),
                proof=None,
                says=part.says,
                subject="hours",
                result="met" if is_certain else "short" if is_short else "undetermined",
                unit=self._unit,
                need=self._asked.needed(part),
                eligible=self._plan.eligible([item for item in self._credits.items if part.id in item.fit.fits]),
                counted=self._plan.in_hours(sum(counted.values())),
                short=missing if is_short else ZERO,
                cites=self._context.sources(part.cites),
            )
            yield from self._part_findings(part.id)

    def _missing(self, found: allocation.Allocation, names: set[str]) -> Fraction:
        missing = self._plan.relieved(found)[1] if self._plan.is_relieved(found) else found.missing
        return sum_of(self._plan.in_hours(missing[name]) for name in names if name in missing)

    def _additions(self) -> tuple[Addition, ...]:
        """Return the smallest addition that meets all; of several requirements it serves, the narrowest comes first."""
        order, in_hours = list(self._asked.needs), self._plan.in_hours
        if self._plan.is_relieved(self._least):
            missing = self._plan.relieved(self._least)[1].items()
            return tuple(Addition(serves=(name,), amount=in_hours(amount)) for name, amount in missing)
        return tuple(
            Addition(
                serves=tuple(sorted((name for name in extra.serves if name in order), key=order.index, reverse=True)),
                amount=in_hours(extra.amount),
            )
            for extra in self._least.supplements
        )

    def _part_lines(self, part: Part, counted: Mapping[str, allocation.Units], _: Finding) -> tuple[Line, ...]:
        lines = [self._part_line(item, part, counted) for item in self._credits.items]
        return (*self._credits.lines, *lines)

    def _part_line(self, item: Item, part: Part, counted: Mapping[str, allocation.Units]) -> Line:
        amount = counted.get(item.key, 0)
        why_not = None
        if not self._plan.is_all(amount, item):
            if part.id in item.fit.fits:
                why_not = remark("not-needed-here")
            elif part.id in item.fit.might_fit:
                why_not = remark("kind-not-recorded-here")
            else:
                outside = self._credits.why_outside_part(part, item.event)
                why_not = outside or remark("not-of-kind-here")
        return line_of(item.event, item.hours, self._plan.in_hours(amount), why_not)

    def _counted_lines(self, counted: Mapping[str, allocation.Units]) -> Iterator[Line]:
        used = {item.event.record.id for item in self._credits.items if counted.get(item.key)}
        for item in self._credits.items:
            amount = counted.get(item.key, 0)
            again = self._why_again(item, used) if not amount else None
            why_not = None if self._plan.is_all(amount, item) else again or self._why_rest(item)
            yield line_of(item.event, item.hours, self._plan.in_hours(amount), why_not)

    def _why_again(self, item: Item, used: set[str]) -> Remark | None:
        """Return why an item does not count beside a training that is the same; `None` where there is none."""
        same = [other for other in self._plan.classes.others(item.event) if other.record.id in used]
        if item.event.record.id in self._plan.classes.wrong:
            return WRONG
        return self._plan.classes.why_again(item.event, same) if same and item.fit.fits else None

    def _why_rest(self, item: Item) -> Remark:
        """Return the reason why not all of an item was counted."""
        if item.key in self._credits.carried:
            return remark("left-to-period-before")
        if self._plan.claiming(item.key) and not item.fit.caps:
            return remark("counted-elsewhere")
        if not item.fit.fits:
            return remark("kind-not-recorded")
        caps = item.fit.caps - self._asked.unstated.keys()
        if caps and caps.isdisjoint(item.fit.sure_caps):  # it may be limited: that is not on record
            return remark("kind-not-recorded")
        if caps:
            return remark("over-cap", caps=tuple(sorted(caps)))
        return remark("not-needed") if self._least.met else remark("cannot-replace", unit=self._unit)

    def _reasons(self) -> Iterator[Remark]:
        """Yield what keeps the requirement from being met beyond its own figure."""
        is_unstated = self._plan.unstated and self._doubt is None
        if is_unstated and self._result == "undetermined" and not self._credits.vague:
            yield self._figure_not_stated()
            return
        if self._result == "short" and self._plan.may_lack_more:
            figures = tuple(self._unstated_figures())
            yield remark("at-least-short", amount=self._plan.short, unit=self._unit, figures=figures)
        elif self._result == "short" and 0 < self._plan.favorable.shortfall < self._least.shortfall:
            amount = self._plan.in_hours(self._plan.favorable.shortfall)
            yield remark("at-least-by-records", amount=amount, unit=self._unit)
        if self._result != "met":
            yield from self._collisions()
        if self._result == "undetermined":
            yield self._what_is_open()

    def _collisions(self) -> Iterator[Remark]:
        """Yield which requirements and caps keep this one from being met, and what another one uses first."""
        collision = self._least.collision
        is_capped = bool(self._asked.limits.keys() - self._asked.unstated.keys())
        if collision is not None and (
            collision.demands != (self._asked.hours.id,)
            or (is_capped and any(weight.kind == "limit" for weight in collision.weights))
        ):
            yield too_little_together(collision, self._plan.in_hours, self._unit)
        for claim in self._claims if self._result == "short" and self._asked.hours.not_shared_with else ():
            if claim.lacks and claim.is_open:
                yield remark("other-served-first", name=claim.name, amount=claim.lacks, unit=self._unit)

    def _what_is_open(self) -> Remark:
        """Return what in the records leaves the requirement undetermined."""
        vague = len(set(self._credits.vague))
        if self._doubt is not None:
            return self._doubt
        if vague:
            return remark("hours-not-known", trainings=vague, unit=self._unit)
        if self._plan.is_unbounded:
            return remark("too-many-ways")
        return remark("kinds-not-recorded" if self._is_open else "approvers-not-known")

    def _figure_not_stated(self) -> Remark:
        """Return which figures no source states and, for a single one, up to which value the requirement is met."""
        unstated = self._asked.unstated
        if len(self._plan.unstated) > 1 or not unstated or not self._least.met:
            return remark("figure-not-stated", figures=tuple(self._unstated_figures()))
        [(name, figure)] = unstated.items()
        return remark(
            "figure-decides",
            figure=figure.says,
            is_cap=name in self._asked.limits,
            is_sure=not self._credits.is_unsure,
            amount=self._plan.threshold,
            unit=self._unit,
        )

    def _unstated_figures(self) -> Iterable[str]:
        """Return which figures no source states, each once, those of another credential with its id."""
        said = dict.fromkeys(figure.says for figure in self._asked.unstated.values())
        for claim in self._claims:
            other = "" if claim.ruleset == self._context.ruleset.id else f" for {claim.ruleset}"
            said |= dict.fromkeys(f"{figure.says}{other}" for figure in claim.unstated.values())
        return said

    @property
    def _unit(self) -> str:
        return self._context.ruleset.counts_in


def _recorded(finding: Finding) -> Fraction:
    return sum_of(line.recorded for line in finding.lines if line.recorded is not None)
