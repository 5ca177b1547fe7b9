"""
What a rule set says: procedures with editions, intervals of training and filing, requirements, and citations.

Rule sets are frozen objects.  The bundled ones are read from TOML files (`peer_ledger.rulesets`), and a Python author
may build the same objects by hand.  `peer_ledger.soundness` finds what is wrong with one as a whole.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger._checks import (
    AMOUNT,
    COUNT,
    DAY,
    TERM,
    TERMS,
    TEXT,
    Check,
    fused,
    must_be,
    one_of,
    optional,
    refuse_reversed,
    refused,
    several,
    shown_set,
    to_amount,
    to_optional_day,
    to_optional_words,
)
from peer_ledger.cycles import Anniversary, Birthday, CycleRule, FixedDate
from peer_ledger.errors import Problem
from peer_ledger.questions import CITES, ByQuestion, Question, Reading, Source
from peer_ledger.records import Quantity, Step

PROSE = frozenset({"title", "name", "body", "says", "asks", "notes", "dated"})
"""The fields that explain and do not decide; a rule set's digest leaves them out."""

Anchor = Literal["award", "last-grant", "cycle-start", "due", "filing", "lapse", "calendar"]
"""
What a date is counted from: the first day of the certification; the day of the last grant; the first day of the cycle;
the day the cycle is due; the day of filing, or the day asked about while nothing is filed; the last day of filing late;
a day of the calendar.
"""

CountedFrom = Literal["due", "renewal"]
"""What the next cycle is counted from: the due date of the cycle before, or the renewal."""

Together = Literal["exclusive", "shared"]
"""Whether a minute sits in one part of a group, or may sit in several."""


_COUNTER = count()


def _varying(check: Check) -> Check:
    """Let a value stand that depends on a question, if under each of its readings it may stand itself."""

    def holds(value: ByQuestion) -> bool:
        return all(holds(part) if type(part) is ByQuestion else check.holds(part) for _, part in value.values)

    def inside(value: Any) -> Iterator[Problem]:
        if isinstance(value, ByQuestion):
            for name, part in value.values:
                yield from varying.problems(f"values.{name}", part)

    name = f"holds_{next(_COUNTER)}"
    test = f"{name}(v) if type(v) is ByQuestion else ({check.test})"
    varying = attrs.evolve(
        check, test=test, names={**check.names, "ByQuestion": ByQuestion, name: holds}, inside=inside
    )
    return varying


def _one(cls: type) -> Check:
    return Check(f"type(v) is {cls.__name__}", must_be(f"a {cls.__name__}"), {}, {cls.__name__: cls})


def _any_of(*classes: type) -> Check:
    names = {cls.__name__: cls for cls in classes}
    return Check(f"type(v) in ({', '.join(names)},)", must_be(f"one of {', '.join(names)}"), {}, names)


def _to_figure(value: Any) -> Any:
    return _under_each(value, lambda one: one if isinstance(one, Unstated) else to_amount(one))


def _to_optional_amount(value: Decimal | int | str | None) -> Decimal | None:
    return None if value is None else to_amount(value)


def _to_words(value: Any) -> Any:
    return _under_each(value, to_optional_words)


def _under_each(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert a value, or each of the values that it has under the readings of a question."""
    if isinstance(value, ByQuestion):
        return ByQuestion(by=value.by, values=[(name, _under_each(part, convert)) for name, part in value.values])
    return convert(value)


def _shown_words(value: Any) -> str:
    return repr(value) if isinstance(value, ByQuestion) else shown_set(value)


FLAG = Check("type(v) is bool", must_be("true or false"), {"type": "boolean"})
WHOLE = Check(
    "type(v) is int and -1200 <= v <= 1200", must_be("a whole number from -1200 to 1200"), {"type": "integer"}
)
NOTICE = Check("type(v) is int and 0 <= v <= 1200", must_be("a whole number from 0 to 1200"), {"type": "integer"})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Unstated:
    """
    A figure that no source states; a ruling of the board may set it for a person.

    It is not guessed: a requirement that hinges on it stays undetermined, and the finding gives the figure up to which
    it would be met.

    Attributes:
        says: What it is, in a few plain words: "the hours that the board's letter asks".
    """

    kind: ClassVar[str] = "unstated"

    says: str = field(validator=TEXT)


FIGURE = _varying(
    attrs.evolve(
        AMOUNT,
        test=f"type(v) is Unstated or ({AMOUNT.test})",
        names={**AMOUNT.names, "Unstated": Unstated},
    )
)

Figure = Decimal | Unstated | ByQuestion
"""An exact amount, one that nobody states, or one that depends on a question."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Point:
    """
    A day counted from another.

    Attributes:
        of: What it is counted from.
        months: How many months later; earlier when negative.
        days: How many days later after that; earlier when negative.
        month_end: Whether it moves on to the last day of its month, before days are counted.
        due_from: It is there only if the due date is this day or later; `None` for any.
        due_until: It is there only if the due date is this day or earlier; `None` for any.
        day: With `of = "calendar"`, the day itself.
        included: As the end of an interval: whether the day itself lies within.
    """

    of: Anchor = field(validator=one_of(Anchor))
    months: int = field(default=0, validator=WHOLE)
    days: int = field(default=0, validator=WHOLE)
    month_end: bool = field(default=False, validator=FLAG)
    due_from: date | None = field(default=None, validator=optional(DAY))
    due_until: date | None = field(default=None, validator=optional(DAY))
    day: date | None = field(default=None, validator=optional(DAY))
    included: bool = field(default=True, validator=FLAG)

    def __attrs_post_init__(self) -> None:
        if (self.of == "calendar") is (self.day is None):
            raise refused(self, (Problem("day", "give it where of is 'calendar', and only there"),))
        refuse_reversed(self, "due_from", "due_until")


POINT = optional(_varying(_one(Point)))


def _is_later(begins: Point, ends: Point) -> bool:
    """Whether one point is later than another that is counted from the same, or is the same and not included."""
    if begins.of != ends.of or begins.month_end is not ends.month_end:
        return False
    if begins.day is not None and ends.day is not None and begins.day != ends.day:
        return (begins.months, begins.days) == (ends.months, ends.days) and begins.day > ends.day
    later = (begins.months - ends.months, begins.days - ends.days)
    return min(later) >= 0 and (max(later) > 0 or not (begins.included and ends.included))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Interval:
    """
    Which days count.

    Attributes:
        begins: Where it begins; `None` without beginning.
        ends: Where it ends; `None` without end.
        cites: On whose authority.
    """

    begins: Point | ByQuestion | None = field(default=None, validator=POINT)
    ends: Point | ByQuestion | None = field(default=None, validator=POINT)
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if self.begins is None and self.ends is None:
            raise refused(self, (Problem("begins", "give where it begins, where it ends, or both"),))
        if isinstance(self.begins, Point) and isinstance(self.ends, Point) and _is_later(self.begins, self.ends):
            raise refused(self, (Problem("ends", "is before it begins, or is the very day and is left out"),))


INTERVAL = optional(_one(Interval))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Condition:
    """
    When a requirement is asked at all; all that is given must hold.

    Attributes:
        question: A question, of which
        reading: this reading is taken.
        holds: A designation that the person holds.
        late: Whether the filing is late.
    """

    question: str | None = field(default=None, validator=optional(TERM))
    reading: str | None = field(default=None, validator=optional(TERM))
    holds: str | None = field(default=None, validator=optional(TERM))
    late: bool | None = field(default=None, validator=optional(FLAG))

    def __attrs_post_init__(self) -> None:
        if (self.question is None) is not (self.reading is None):
            raise refused(self, (Problem("reading", "a question and its reading are given together"),))
        if self.question is None and self.holds is None and self.late is None:
            raise refused(self, (Problem("holds", "give a designation, a question and its reading, or late"),))


CONDITION = optional(_one(Condition))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Training:
    """
    Which training counts; all that is given must hold, each by any one of its words.

    Attributes:
        topics: Topics.
        deliveries: Ways of delivery.
        roles: What the person did there.
        approved_by: Who approves it.
        providers: Who gives it.
        courses: Ids of courses.
        not_topics: Topics that do not count.
        shortest: How many hours of it one training has at least; `None` for any.
        if_unknown: Whether what the records do not say stays open, or is taken to be as it must.
    """

    topics: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    deliveries: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    roles: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    approved_by: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    providers: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    courses: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    not_topics: frozenset[str] | ByQuestion | None = field(
        default=None, converter=_to_words, validator=optional(_varying(TERMS)), repr=_shown_words
    )
    shortest: Decimal | None = field(default=None, converter=_to_optional_amount, validator=optional(AMOUNT))
    if_unknown: Literal["open", "fits"] = field(default="open", validator=one_of(Literal["open", "fits"]))

    def __attrs_post_init__(self) -> None:
        named = ("topics", "deliveries", "roles", "approved_by", "providers", "courses")
        problems = [
            Problem(name, "names nothing; leave it out for any") for name in named if getattr(self, name) == set()
        ]
        if self.not_topics is None and all(getattr(self, name) is None for name in named):
            problems.append(Problem("topics", "say which training counts, or leave all of it out for any"))
        if self.topics and isinstance(self.not_topics, frozenset) and self.topics <= self.not_topics:
            problems.append(Problem("not_topics", "leaves none of the topics that count"))
        if problems:
            raise refused(self, tuple(problems))


TRAINING = optional(_varying(_one(Training)))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Part:
    """
    Of which so many hours of some training.

    Attributes:
        id: Its id within the rule set's editions.
        says: The rule in a plain sentence.
        need: How many hours.
        counts: Which training.
        parts: Of which again.
        together: Whether a minute sits in one of several parts, or may sit in several; there is no default.
        spills: Whether what it does not need counts for what it is a part of.
        only_if: When it is asked.
        cites: On whose authority.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    need: Figure = field(converter=_to_figure, validator=FIGURE)
    counts: Training | ByQuestion | None = field(default=None, validator=TRAINING)
    parts: tuple["Part", ...] = field(
        default=(),
        validator=Check("type(v) is tuple and all(type(p).__name__ == 'Part' for p in v)", must_be("parts"), {}),
    )
    together: Together | None = field(default=None, validator=optional(one_of(Together)))
    spills: bool | ByQuestion = field(default=True, validator=_varying(FLAG))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    cites: tuple[str, ...] = field(validator=CITES)


attrs.resolve_types(Part)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Cap:
    """
    At most so many hours of some training are counted.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        at_most: How many hours.
        counts: Which training.
        only_if: When it holds.
        cites: On whose authority.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    at_most: Figure = field(converter=_to_figure, validator=FIGURE)
    counts: Training | ByQuestion = field(validator=_varying(_one(Training)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Hours:
    """
    So many hours of training, of which ...

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        need: How many hours.
        counts: Which training; `None` for any.
        parts: Of which so many of some training.
        together: Whether a minute sits in one of several parts, or may sit in several; there is no default.
        caps: At most so many of some training.
        earning: Which days count, where not those of the edition.
        repeats: Whether every event of one course counts, or only one of them.
        divisible: Whether the hours of one credit may be split between parts, or sit in one of them as a whole.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "hours"

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    need: Figure = field(converter=_to_figure, validator=FIGURE)
    counts: Training | ByQuestion | None = field(default=None, validator=TRAINING)
    parts: tuple[Part, ...] = field(default=(), validator=several(Part))
    together: Together | None = field(default=None, validator=optional(one_of(Together)))
    caps: tuple[Cap, ...] = field(default=(), validator=several(Cap))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    repeats: Literal["count", "once"] | ByQuestion = field(
        default="count", validator=_varying(one_of(Literal["count", "once"]))
    )
    divisible: bool | ByQuestion = field(default=True, validator=_varying(FLAG))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Attested:
    """
    So many attestations of a kind.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        attested: Which kind.
        need: How many, from 1.
        at_least: What each must say at least: a quantity, or for a day how long ago it must lie; `None` for anything.
        adds_up: Whether several may make up the quantity together, as fees do and ages do not.
        from_different: Whether each must come from somebody else.
        within: Which days count; `None` for any.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "attested"

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    attested: str = field(validator=TERM)
    need: int = field(default=1, validator=COUNT)
    at_least: Quantity | ByQuestion | None = field(default=None, validator=optional(_varying(_one(Quantity))))
    adds_up: bool = field(default=False, validator=FLAG)
    from_different: bool = field(default=False, validator=FLAG)
    within: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Trainings:
    """
    So many trainings, whatever their length.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        need: How many, from 1.
        counts: Which training; `None` for any.
        earning: Which days count, where not those of the edition.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "trainings"

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    need: int = field(default=1, validator=COUNT)
    counts: Training | ByQuestion | None = field(default=None, validator=TRAINING)
    earning: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


Requirement = Hours | Attested | Trainings
"""The kinds of requirement."""


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
class Begins:
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
        late_until: The last day of filing late; `None` when there is no filing late.
        requirements: What is asked.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    begins: Begins | None = field(default=None, validator=optional(_one(Begins)))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    opens: Point | ByQuestion | None = field(default=None, validator=POINT)
    late_until: Point | ByQuestion | None = field(default=None, validator=POINT)
    requirements: tuple[Requirement, ...] = field(
        default=(),
        validator=Check(
            "type(v) is tuple and all(type(r) in kinds for r in v)",
            must_be("requirements"),
            {},
            {"kinds": (Hours, Attested, Trainings)},
        ),
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


def _is_ratio(text: str) -> bool:
    head, _, tail = text.partition("/")
    return all(
        part.isascii() and part.isdecimal() and len(part) < 10 for part in ([head, tail] if "/" in text else [head])
    ) and (int(head) > 0 and (not tail or int(tail) > 0))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Worth:
    """
    What a unit is worth.

    Attributes:
        unit: The unit.
        hours: How many clock hours, as a text: `1`, `10`, `5/6`.
        cites: On whose authority.
    """

    unit: str = field(validator=TERM)
    hours: str = field(
        validator=Check(
            "type(v) is str and is_ratio(v)",
            must_be("a text such as '10' or '5/6'"),
            {},
            {"is_ratio": _is_ratio},
        )
    )
    cites: tuple[str, ...] = field(validator=CITES)

    @property
    def ratio(self) -> Fraction:
        """How many clock hours."""
        return Fraction(self.hours)


@attrs.frozen(kw_only=True, field_transformer=fused)
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
        notice_days: How many days before it is due a renewal that is short is called *due soon*.
        cycle: How cycles lie on the calendar.
        cycle_cites: On whose authority.
        after_early: Where the cycle after an early renewal is counted from, when no expiry is printed: from the `due`
            date of the cycle before, or from the `renewal`.
        after_late: Where the cycle after a late renewal is counted from, when no expiry is printed.
        in_force_while_late: Whether the certificate holds while a renewal may be filed late.
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
    notice_days: int = field(default=90, validator=NOTICE)
    cycle: CycleRule = field(validator=_any_of(Anniversary, FixedDate, Birthday))
    cycle_cites: tuple[str, ...] = field(validator=CITES)
    after_early: CountedFrom | ByQuestion = field(default="due", validator=_varying(one_of(CountedFrom)))
    after_late: CountedFrom | ByQuestion = field(default="due", validator=_varying(one_of(CountedFrom)))
    in_force_while_late: bool | ByQuestion = field(default=False, validator=_varying(FLAG))
    units: tuple[Worth, ...] = field(default=(), validator=several(Worth))
    sources: tuple[Source, ...] = field(validator=several(Source))
    questions: tuple[Question, ...] = field(default=(), validator=several(Question))
    procedures: tuple[Procedure, ...] = field(validator=several(Procedure))
    notes: tuple[str, ...] = field(
        default=(), validator=Check("type(v) is tuple and all(type(n) is str for n in v)", must_be("texts"), {})
    )

    def procedure(self, step: str) -> Procedure | None:
        """Give the procedure of a step; `None` when the rule set has none."""
        return next((procedure for procedure in self.procedures if procedure.step == step), None)

    def source(self, source_id: str) -> Source:
        """Give a source by its id."""
        return next(source for source in self.sources if source.id == source_id)


def ids_of(one: "Requirement | Part") -> Iterator[str]:
    """
    Give the id of a requirement, and those of its parts and caps.
    """
    yield one.id
    if isinstance(one, Hours):
        yield from (cap.id for cap in one.caps)
    if isinstance(one, Hours | Part):
        for part in one.parts:
            yield from ids_of(part)


def questions_of(ruleset: RuleSet) -> tuple[Question, ...]:
    """
    Give a rule set's questions, and those that its editions raise about themselves.

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
    """Give the id of the question whether an edition had begun."""
    return f"{edition.id}-begun"


def method_question(edition: Edition, method: str) -> str:
    """Give the id of the question whether a filing was by a method for which an edition begins on another day."""
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
