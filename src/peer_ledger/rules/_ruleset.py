"""
A rule set: procedures with editions, and what holds for all of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records import Step
from peer_ledger.rules._cycles import Anniversary, Birthday, Chosen, Cohorts, CycleRule, FixedDate
from peer_ledger.rules._kinds import are_requirements
from peer_ledger.rules._points import INTERVAL, RELATIVE_DATE, Interval, RelativeDate
from peer_ledger.rules._questions import CITES, ByQuestion, Question, Reading, Source
from peer_ledger.rules._requirements import Requirement
from peer_ledger.rules._values import FLAG, NOTICE, all_of, an, any_of, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refused
from peer_ledger.values._fields import DAY, TERM, TEXT, is_term, one_of, several

PROSE = frozenset({"title", "name", "body", "says", "asks", "notes", "dated", "confidence", "extends"})
"""The fields that explain and do not decide; a rule set's digest leaves them out."""

CountedFrom = Literal["due", "renewal"]
"""What the next cycle is counted from: the due date of the cycle before, or the renewal."""

Printed = Literal["last-day", "day-after"]
"""Which day is printed on a certificate as its expiry."""

Confidence = Literal["high", "medium", "low"]
"""How well facts are known: from the board's own texts, from parts of them, or from others'."""


def _are_ruleset_ids(value: Any) -> bool:
    return type(value) is tuple and all(map(is_term, value)) and len(set(value)) == len(value)


_RULESETS = Check(_are_ruleset_ids, must_be("the ids of other rule sets, each once"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class MethodDay:
    """
    A first day for filings by one method.

    Attributes:
        method: The method, such as `mail`.
        day: The day.
    """

    method: str = field(validator=TERM)
    day: date = field(validator=DAY)


@attrs.frozen(kw_only=True, field_transformer=fused)
class EffectiveFrom:
    """
    When an edition takes effect.

    Attributes:
        day: The first deciding date it governs; `None` when that is unknown.
        by_method: Another first day for filings by some method.
        not_before: Where the day is unknown: it is not before this one; `None` when nothing is known.
        not_after: Where the day is unknown: it is not after this one; `None` for the day the facts were seen.
        assumed: Where the day is unknown: whether a deciding date in between is taken to be governed by this edition.
        weight: Where the day is unknown: whether that leaves an answer undetermined.
        cites: On whose authority.
    """

    day: date | None = field(default=None, validator=optional(DAY))
    by_method: tuple[MethodDay, ...] = field(default=(), validator=several(MethodDay))
    not_before: date | None = field(default=None, validator=optional(DAY))
    not_after: date | None = field(default=None, validator=optional(DAY))
    assumed: bool = field(default=True, validator=FLAG)
    weight: Literal["blocking", "caveat"] = field(default="blocking", validator=one_of(Literal["blocking", "caveat"]))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if (self.day is None) is (self.not_before is None):
            raise refused(self, (Problem("day", "give the day, or not_before when only a range is known"),))
        if self.day is not None and self.not_after is not None:
            raise refused(self, (Problem("not_after", "is for a day that is not known"),))
        if self.not_before and self.not_after and self.not_after < self.not_before:
            raise refused(self, (Problem("not_after", f"is before not_before, {self.not_before}"),))
        if self.not_before and self.not_after == self.not_before:
            raise refused(self, (Problem("not_after", "is not_before: that is a day that is known; give it as day"),))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Edition:
    """
    What one procedure asked from one day on.

    Attributes:
        id: Its id.
        says: What is new in it.
        begins: When it takes effect; `None` for the first.
        earning: Which days of training count.
        opens: The first day of filing; `None` when unknown or not limited.
        timely_until: The last day of filing in time, where that is not the due date: after it the filing is late,
            though before the due date the certificate is not; `None` for the due date.
        late_until: The last day of filing late; `None` when there is no filing late.  Of a reinstatement, the last day
            on which there is one, after which it takes an initial certification; `None` without end.
        in_force_until: The last day on which a certificate that is late is in force; `None` where the rule set's
            `in_force_while_late` holds for the whole late window.
        requirements: What is asked.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    begins: EffectiveFrom | None = field(default=None, validator=optional(an(EffectiveFrom)))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    opens: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    timely_until: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    late_until: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    in_force_until: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    requirements: tuple[Requirement, ...] = field(
        default=(),
        validator=Check(are_requirements, must_be("requirements"), {}),
    )


@attrs.frozen(kw_only=True, field_transformer=fused)
class Procedure:
    """
    How a certificate is got, kept or got back.

    Attributes:
        step: Which.
        decided_by: What selects the edition: the day of filing, the day the cycle is due, or the first day of the
            cycle.
        filed_when: Which day of a filing counts: the day it was sent, or received.
        editions: From the oldest to the newest.
    """

    step: Step = field(validator=one_of(Step))
    decided_by: Literal["filing", "due", "cycle-start"] = field(
        default="filing", validator=one_of(Literal["filing", "due", "cycle-start"])
    )
    filed_when: Literal["sent", "received"] = field(default="sent", validator=one_of(Literal["sent", "received"]))
    editions: tuple[Edition, ...] = field(validator=several(Edition))


def _is_ratio(value: Any) -> bool:
    if type(value) is not str:
        return False
    head, _, tail = value.partition("/")
    return all(
        part.isascii() and part.isdecimal() and len(part) < 10 for part in ([head, tail] if "/" in value else [head])
    ) and (int(head) > 0 and (not tail or int(tail) > 0))


@attrs.frozen(kw_only=True, field_transformer=fused)
class UnitValue:
    """
    What a unit is worth.

    Attributes:
        unit: The unit.
        hours: How many clock hours, as a text: `1`, `10`, `5/6`.
        cites: On whose authority.
    """

    unit: str = field(validator=TERM)
    hours: str = field(validator=Check(_is_ratio, must_be("a text such as '10' or '5/6'"), {}))
    cites: tuple[str, ...] = field(validator=CITES)

    @property
    def ratio(self) -> Fraction:
        """How many clock hours."""
        return Fraction(self.hours)


@attrs.frozen(kw_only=True, field_transformer=fused, cache_hash=True)
class RuleSet:
    """
    The rules of one credential of one body.

    Attributes:
        id: Its id, such as `us-nc-cpss`.
        name: The credential.
        body: Who awards it.
        jurisdiction: Where, such as `us-nc`.
        time_zone: The time zone in which its days are meant.
        version: The version of what is written here.
        seen_on: The day on which the facts were seen; later than that they may be stale.
        extends: The id of the rule set that it refines; `None` when it stands alone.
        confidence: How well the facts are known that it was made from; `None` when nobody graded them.
        notice_days: How many days before it is due a renewal that is short is called *due soon*.
        cycle: How cycles lie on the calendar.
        cycle_cites: On whose authority.
        after_early: Where the cycle after an early renewal is counted from, when no expiry is printed: from the `due`
            date of the cycle before, or from the `renewal`.
        after_late: Where the cycle after a late renewal is counted from, when no expiry is printed.
        printed: Which day the expiry is that is printed on a certificate: the `last-day` on which it holds, or the
            `day-after`.
        in_force_while_late: Whether the certificate holds while a renewal may be filed late.
        clock_with: The ids of other rule sets: the cycles of somebody who holds several of these certificates are
            counted from the latest award of all.
        units: What units are worth, apart from clock hours and minutes.
        sources: The texts that are cited.
        questions: What is left open.
        procedures: Initial certification, renewal, reinstatement.
        notes: What a reader should know beside.
    """

    id: str = field(validator=TERM)
    name: str = field(validator=TEXT)
    body: str = field(validator=TEXT)
    jurisdiction: str = field(validator=TERM)
    time_zone: str = field(validator=TEXT)
    version: str = field(validator=TEXT)
    seen_on: date = field(validator=DAY)
    extends: str | None = field(default=None, validator=optional(TERM))
    confidence: Confidence | None = field(default=None, validator=optional(one_of(Confidence)))
    notice_days: int = field(default=90, validator=NOTICE)
    cycle: CycleRule | ByQuestion = field(validator=varying(any_of(Anniversary, FixedDate, Birthday, Cohorts, Chosen)))
    cycle_cites: tuple[str, ...] = field(validator=CITES)
    after_early: CountedFrom | ByQuestion = field(default="due", validator=varying(one_of(CountedFrom)))
    after_late: CountedFrom | ByQuestion = field(default="due", validator=varying(one_of(CountedFrom)))
    printed: Printed | ByQuestion = field(default="last-day", validator=varying(one_of(Printed)))
    in_force_while_late: bool | ByQuestion = field(default=False, validator=varying(FLAG))
    clock_with: tuple[str, ...] = field(default=(), validator=_RULESETS)
    units: tuple[UnitValue, ...] = field(default=(), validator=several(UnitValue))
    sources: tuple[Source, ...] = field(validator=several(Source))
    questions: tuple[Question, ...] = field(default=(), validator=several(Question))
    procedures: tuple[Procedure, ...] = field(validator=several(Procedure))
    notes: tuple[str, ...] = field(default=(), validator=Check(all_of(str), must_be("texts"), {}))

    def procedure(self, step: str) -> Procedure | None:
        """Return the procedure of a step; `None` when the rule set has none."""
        return next((procedure for procedure in self.procedures if procedure.step == step), None)

    def source(self, source_id: str) -> Source:
        """Return a source by its id."""
        return next(source for source in self.sources if source.id == source_id)


def questions_of(ruleset: RuleSet) -> tuple[Question, ...]:
    """
    Return a rule set's questions, and those that its editions raise about themselves.

    An edition of which the first day is known only as a range raises the question whether it had begun; a range without
    an end closes on the day the facts were seen.  An edition that begins on another day for filings by some method
    raises the question whether a filing that does not say so was by that method.
    """
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    return (
        *ruleset.questions,
        *(_begun(ruleset, edition) for edition in editions if _is_open(edition)),
        *(question for edition in editions for question in _by_methods(ruleset, edition)),
    )


def edition_question(edition: Edition) -> str:
    """Return the id of the question whether an edition had begun."""
    return f"{edition.id}-begun"


def method_question(edition: Edition, method: str) -> str:
    """Return the id of the question whether a filing was by a method for which an edition begins on another day."""
    return f"{edition.id}-by-{method}"


def _is_open(edition: Edition) -> bool:
    return edition.begins is not None and edition.begins.day is None


def _begun(ruleset: RuleSet, edition: Edition) -> Question:
    begins = edition.begins
    assert begins is not None, "only an edition that begins on an unknown day raises a question"
    return Question(
        id=edition_question(edition),
        asks=f"Had this rule begun: {edition.says}",
        readings=(
            Reading(id="begun", says="It had begun.", cites=begins.cites),
            Reading(id="not-yet", says="It had not begun yet.", cites=begins.cites),
        ),
        assumed="begun" if begins.assumed else "not-yet",
        weight=begins.weight,
        first_day=begins.not_before,
        last_day=(begins.not_after or ruleset.seen_on) - timedelta(days=1),
    )


def _by_methods(ruleset: RuleSet, edition: Edition) -> Iterator[Question]:
    begins = edition.begins
    for one in begins.by_method if begins is not None else ():
        assert begins is not None, "it has methods"
        first_day = min(one.day, begins.day or begins.not_before or one.day)
        last_day = max(one.day, begins.day or begins.not_after or ruleset.seen_on) - timedelta(days=1)
        if first_day <= last_day:
            yield Question(
                id=method_question(edition, one.method),
                asks=f"Was it filed by {one.method}? By {one.method}, this rule begins on {one.day}: {edition.says}",
                readings=(
                    Reading(id="yes", says=f"It was filed by {one.method}.", cites=begins.cites),
                    Reading(id="no", says=f"It was not filed by {one.method}.", cites=begins.cites),
                ),
                assumed="yes",
                weight="blocking",
                about="facts",
                first_day=first_day,
                last_day=last_day,
            )
