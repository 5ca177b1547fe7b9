"""
A rule set: procedures with editions, and what applies to all of them.
"""

from datetime import date
from fractions import Fraction
from typing import Any, Literal, get_args

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records import Step
from peer_ledger.rules._cycle_editions import CycleEditions
from peer_ledger.rules._cycles import Anniversary, Birthday, Chosen, Cohorts, CycleRule, FixedDate, UnknownCycle
from peer_ledger.rules._kinds import are_requirements
from peer_ledger.rules._knowledge import Grade, Recognition
from peer_ledger.rules._points import INTERVAL, RELATIVE_DATE, Interval, RelativeDate
from peer_ledger.rules._provisional import Provisional
from peer_ledger.rules._questions import CITED, CITES, ByQuestion, Question, Source, Weight
from peer_ledger.rules._requirements import Requirement
from peer_ledger.rules._values import FLAG, NOTICE, all_of, an, any_of, varying
from peer_ledger.values._cached import OnlyFields, cached_property
from peer_ledger.values._checks import Check, fused, must_be, optional, refused
from peer_ledger.values._fields import DAY, TERM, TEXT, is_term, one_of, several

PROSE = frozenset(
    {"title", "name", "called", "body", "says", "asks", "notes", "dated", "confidence", "extends", "grade", "ask"}
    | {"gaps", "recognition"}
)
"""The fields that explain rather than decide; a rule set's digest leaves them out."""

CountedFrom = Literal["due", "renewal"]
"""What the next cycle is counted from: the due date of the previous cycle, or the renewal."""

Printed = Literal["last-day", "day-after"]
"""The day printed on a certificate as its expiration date: the last day it is valid, or the day after."""

Confidence = Literal["high", "medium", "low"]
"""How well the facts are known: from the board's own texts, from parts of them, or from other texts."""


def _are_ruleset_ids(value: Any) -> bool:
    return type(value) is tuple and all(map(is_term, value)) and len(set(value)) == len(value)


_RULESETS = Check(_are_ruleset_ids, must_be("the ids of other rule sets, each once"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class MethodDay:
    """
    The first day that applies to filings by one method.

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
        day: The first deciding date it governs; `None` when unknown.
        by_method: Different first days for filings by certain methods.
        not_before: When the day is unknown, the earliest day it may be; `None` with a `day`.
        not_after: When the day is unknown, the latest day it may be; `None` for the day the facts were seen.
        assumed: When the day is unknown, whether deciding dates in the range are assumed to fall under this edition.
        weight: When the day is unknown, whether that leaves an answer undetermined.
        cites: The ids of the sources.
    """

    day: date | None = field(default=None, validator=optional(DAY))
    by_method: tuple[MethodDay, ...] = field(default=(), validator=several(MethodDay))
    not_before: date | None = field(default=None, validator=optional(DAY))
    not_after: date | None = field(default=None, validator=optional(DAY))
    assumed: bool = field(default=True, validator=FLAG)
    weight: Weight = field(default="blocking", validator=one_of(Weight))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if (self.day is None) is (self.not_before is None):
            raise refused(self, (Problem("day", "give either day, or not_before when only a range is known"),))
        if self.day is not None and self.not_after is not None:
            raise refused(self, (Problem("not_after", "is for an unknown day; leave it out"),))
        if self.not_before and self.not_after and self.not_after < self.not_before:
            raise refused(self, (Problem("not_after", f"is before not_before, {self.not_before}"),))
        if self.not_before and self.not_after == self.not_before:
            raise refused(
                self, (Problem("not_after", "is the same day as not_before, so the day is known; give it as day"),)
            )


@attrs.frozen(kw_only=True, field_transformer=fused)
class Edition:
    """
    The rules of one procedure from an effective date on.

    Attributes:
        id: Its id.
        says: What is new in it.
        begins: When it takes effect; `None` for the first edition.
        earning: The days on which training counts.
        opens: The first day to file; `None` when unknown or unlimited.
        timely_until: The last day to file on time, when that is not the due date: after it a filing is late even if
            the certificate has not expired, or filing has closed; `None` for the due date.
        late_until: The last day to file late, not before the due date; `None` when late filing is not possible, so that
            filing closes with the last day on time.  For a reinstatement, the last day to apply for one, after which an
            initial certification is needed; `None` when there is no limit.
        in_force_until: The last day a late certificate is in force; `None` when the rule set's `in_force_while_late`
            applies to the whole late window.
        requirements: The requirements.
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


Following = Literal["lapse", "inactive"]
"""What a reinstatement follows."""


def _are_followed(value: Any) -> bool:
    return (
        type(value) is tuple and 0 < len(value) == len(set(value)) and all(one in get_args(Following) for one in value)
    )


_FOLLOWING = Check(_are_followed, must_be("'lapse', 'inactive', or both"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Procedure:
    """
    The rules for getting, renewing or regaining a certificate.

    Attributes:
        step: The step.
        decided_by: The date that selects the edition: the day of filing, the due date, or the first day of the cycle.
        filed_when: The day of a filing that counts: the day it was sent, or the day it was received.
        after: For a reinstatement, what it follows: a `lapse`, inactive status (`inactive`), or both; `None` for a
            lapse alone.
        editions: The editions, oldest first.
    """

    step: Step = field(validator=one_of(Step))
    decided_by: Literal["filing", "due", "cycle-start"] = field(
        default="filing", validator=one_of(Literal["filing", "due", "cycle-start"])
    )
    filed_when: Literal["sent", "received"] = field(default="sent", validator=one_of(Literal["sent", "received"]))
    after: tuple[Following, ...] | None = field(default=None, validator=optional(_FOLLOWING))
    editions: tuple[Edition, ...] = field(validator=several(Edition))

    def follows(self, what: Following) -> bool:
        """Return whether this procedure is open after a lapse, or to a holder with inactive status."""
        return what in (self.after or ("lapse",))


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
    The worth of a unit in clock hours, or in the unit that the rule set counts in.

    Attributes:
        unit: The unit.
        hours: How many of these, as text: `1`, `10`, `5/6`.
        cites: The ids of the sources.
    """

    unit: str = field(validator=TERM)
    hours: str = field(validator=Check(_is_ratio, must_be("a text such as '10' or '5/6'"), {}))
    cites: tuple[str, ...] = field(validator=CITES)

    @property
    def ratio(self) -> Fraction:
        """The number of clock hours."""
        return Fraction(self.hours)


Bearing = Literal["initial", "renewal", "reinstatement", "expiring"]
"""What a note bears on: the next step, or a due date that is near or past."""


def _are_bearings(value: Any) -> bool:
    return type(value) is tuple and 0 < len(value) == len(set(value)) and all(one in get_args(Bearing) for one in value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class StepNote:
    """
    What a person should know at a step: a report says it there.

    Attributes:
        says: The note, in one or two sentences.
        bears_on: Where it matters: at the steps `initial`, `renewal` or `reinstatement`, or with a renewal whose due
            date is near or past (`expiring`).
    """

    says: str = field(validator=TEXT)
    bears_on: tuple[Bearing, ...] = field(
        validator=Check(_are_bearings, must_be(f"one or more of {', '.join(get_args(Bearing))}, each once"), {})
    )


@attrs.frozen(kw_only=True, field_transformer=fused, cache_hash=True, slots=False)
class RuleSet(OnlyFields):
    """
    The rules of one credential of one certifying body.

    Attributes:
        id: Its id, such as `us-nc-cpss`.
        name: The name of the credential.
        body: The body that awards it.
        jurisdiction: The jurisdiction, such as `us-nc`.
        time_zone: The time zone of its days.
        version: The version of this rule set.
        seen_on: The day the facts were last checked; they may have changed since.
        extends: The id of the rule set that it refines; `None` when it stands alone.
        confidence: How well the facts behind it are known; `None` when they have not been graded.
        grade: How much of the rules is known; one that is `named` has no procedures, and nothing is judged by it.
        gaps: What a reader of a `partial` rule set should know to be missing from it, each in a few words: "what a
            renewal costs".  What it leaves open by itself need not be listed.
        ask: The address at which the body can be asked what is not known here; `None` when none is given.
        recognition: Whether the body recognizes certificates of other states; `None` when that is not known.
        notice_days: How many days before the due date a renewal with something missing is called *due soon*.
        cycle: How the board sets certification cycles; unknown when it is left out.
        cycle_cites: The ids of the sources for `cycle`; empty when it is unknown.
        provisional: The provisional stage before the full certificate; `None` when the board has no such levels.
        after_early: What the cycle after an early renewal is counted from, when no expiration date is printed: the
            `due` date of the previous cycle, or the `renewal`.
        after_late: What the cycle after a late renewal is counted from, when no expiration date is printed.
        printed: The day printed on a certificate as its expiration date: the `last-day` it is valid, or the
            `day-after`.
        in_force_while_late: Whether the certificate is in force while a renewal may be filed late.
        unending: Whether a certificate has no end: a cycle follows the one before it without an act of the board, and
            what is asked in a cycle is a duty of its holder.
        clock_with: The ids of other rule sets: the cycles of a person who holds several of these certificates are
            counted from the latest award among them.
        counts_in: The unit that its amounts of training are in, a declared word such as `point`; reports, tables and
            pages use its words.  Its worth is stated as 1.
        units: The worth of units other than clock hours and minutes, in the unit that the rule set counts in.
        sources: The texts that are cited.
        questions: What the sources leave open.
        procedures: Initial certification, renewal, reinstatement.
        step_notes: What a person should know at a step; reports say it there.
        notes: Other things that a reader should know.
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
    grade: Grade = field(default="complete", validator=one_of(Grade))
    gaps: tuple[str, ...] = field(default=(), validator=Check(all_of(str), must_be("texts"), {}))
    ask: str | None = field(default=None, validator=optional(TEXT))
    recognition: Recognition | None = field(default=None, validator=optional(an(Recognition)))
    notice_days: int = field(default=90, validator=NOTICE)
    cycle: CycleRule | CycleEditions | ByQuestion = field(
        default=UnknownCycle(),
        validator=varying(any_of(Anniversary, FixedDate, Birthday, Cohorts, Chosen, UnknownCycle, CycleEditions)),
    )
    cycle_cites: tuple[str, ...] = field(default=(), validator=CITED)
    provisional: Provisional | None = field(default=None, validator=optional(an(Provisional)))
    after_early: CountedFrom | ByQuestion = field(default="due", validator=varying(one_of(CountedFrom)))
    after_late: CountedFrom | ByQuestion = field(default="due", validator=varying(one_of(CountedFrom)))
    printed: Printed | ByQuestion = field(default="last-day", validator=varying(one_of(Printed)))
    in_force_while_late: bool | ByQuestion = field(default=False, validator=varying(FLAG))
    unending: bool = field(default=False, validator=FLAG)
    clock_with: tuple[str, ...] = field(default=(), validator=_RULESETS)
    counts_in: str = field(default="hour", validator=TERM)
    units: tuple[UnitValue, ...] = field(default=(), validator=several(UnitValue))
    sources: tuple[Source, ...] = field(validator=several(Source))
    questions: tuple[Question, ...] = field(default=(), validator=several(Question))
    procedures: tuple[Procedure, ...] = field(default=(), validator=several(Procedure))
    step_notes: tuple[StepNote, ...] = field(default=(), validator=several(StepNote))
    notes: tuple[str, ...] = field(default=(), validator=Check(all_of(str), must_be("texts"), {}))

    def procedure(self, step: str) -> Procedure | None:
        """Return the procedure of a step; `None` when the rule set has none."""
        return next((procedure for procedure in self.procedures if procedure.step == step), None)

    def source(self, source_id: str) -> Source:
        """Return a source by its id."""
        return self._by_id[source_id]

    def cited(self, source_ids: tuple[str, ...]) -> tuple[Source, ...]:
        """Return sources by their ids; for equal ids it is one tuple."""
        found = self._cited.get(source_ids)
        if found is None:
            found = self._cited[source_ids] = tuple([self._by_id[source_id] for source_id in source_ids])
        return found

    @cached_property
    def _cited(self) -> dict[tuple[str, ...], tuple[Source, ...]]:
        return {}

    @cached_property
    def _by_id(self) -> dict[str, Source]:
        """The sources by their ids."""
        return {source.id: source for source in reversed(self.sources)}
