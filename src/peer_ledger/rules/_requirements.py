"""
The kinds of requirement, and of what they are made.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger._checks import (
    AMOUNT,
    AMOUNT_OR_ZERO,
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
    to_words,
)
from peer_ledger.errors import Problem
from peer_ledger.questions import CITES, ByQuestion
from peer_ledger.records import Quantity
from peer_ledger.rules._points import CONDITION, INTERVAL, Condition, Interval, Point
from peer_ledger.rules._values import (
    FLAG,
    MONTHS,
    an,
    shown_words,
    to_optional_amount,
    to_varying_words,
    under_each,
    varying,
)

Together = Literal["exclusive", "shared"]
"""Whether a minute sits in one part of a group, or may sit in several."""

Repeats = Literal["count", "once", "once-ever"]
"""What of the events of one course counts: every one, one of them, or the first ever."""


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


@attrs.frozen(kw_only=True, field_transformer=fused)
class Growing:
    """
    A figure that grows with time: so much, and so much more for every so many months between two days.

    "12 hours for each year missed and 12 for the current one" grows from the due date to the filing; "10 hours for
    each year of the term" grows from the first day of the cycle to the day after it.  Where one of the days is not
    known, the figure is not stated.

    Attributes:
        base: What it begins with.
        each: What is added each time.
        months: For every so many months.
        since: From which day.
        until: To which day.
        count: Whether months that have `begun` count whole, or only those that are `complete`.
        most: What it never exceeds; `None` without limit.
    """

    kind: ClassVar[str] = "growing"

    base: Decimal = field(converter=to_amount, validator=AMOUNT_OR_ZERO)
    each: Decimal = field(converter=to_amount, validator=AMOUNT)
    months: int = field(validator=MONTHS)
    since: Point = field(validator=an(Point))
    until: Point = field(validator=an(Point))
    count: Literal["begun", "complete"] = field(validator=one_of(Literal["begun", "complete"]))
    most: Decimal | None = field(default=None, converter=to_optional_amount, validator=optional(AMOUNT))


def _to_figure(value: Any) -> Any:
    return under_each(value, lambda one: one if isinstance(one, Unstated | Growing) else to_amount(one))


FIGURE = varying(
    attrs.evolve(
        AMOUNT,
        test=f"type(v) in (Unstated, Growing) or ({AMOUNT.test})",
        names={**AMOUNT.names, "Unstated": Unstated, "Growing": Growing},
    )
)

Figure = Decimal | Unstated | Growing | ByQuestion
"""An exact amount, one that nobody states, one that grows with time, or one that depends on a question."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Recurrence:
    """
    A duty with a period of its own, which rolls: it is met by training of the last so many months before the due date.

    Attributes:
        months: How many months.
        first: When it is asked for the first time: at the first due date (`at-once`), or at the first one that comes a
            whole period after the award (`after-a-period`); until then it is *not yet due*.
        cites: On whose authority.
    """

    months: int = field(validator=MONTHS)
    first: Literal["at-once", "after-a-period"] | ByQuestion = field(
        validator=varying(one_of(Literal["at-once", "after-a-period"]))
    )
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Carry:
    """
    Hours that their own cycle did not need, and that serve the next one.

    A cycle takes what it needs first, from what is limited by a cap before all else; what was itself carried into a
    cycle is not carried on.

    Attributes:
        at_most: How many hours.
        cites: On whose authority.
    """

    at_most: Decimal = field(converter=to_amount, validator=AMOUNT)
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Apart:
    """
    A requirement of another credential, which takes hours of its own: none counts for both.

    It has to say the same of this one; otherwise it takes nothing.

    Of somebody who holds both certificates, what is settled first takes what it needs, and in such a way that as much
    as possible is left for what follows: what the boards closed, on its day; what was filed, on that; what is due.

    Attributes:
        ruleset: The id of the other rule set.
        requirement: The id of its requirement of hours.
        cites: On whose authority.
    """

    ruleset: str = field(validator=TERM)
    requirement: str = field(validator=TERM)
    cites: tuple[str, ...] = field(validator=CITES)


WANTED = ("topics", "deliveries", "roles", "approved_by", "providers", "courses")
"""What training is told apart by."""

FILTERS = (*WANTED, *(f"not_{name}" for name in WANTED))
"""The fields of `Training` that name what counts and what does not."""


_TOLD = Check(
    "type(v) is frozenset and v <= told",
    must_be(f"a set of some of {', '.join((*WANTED, 'length'))}"),
    {},
    {"told": frozenset((*WANTED, "length"))},
)
_TRAININGS = Check(
    "type(v) is tuple and len(v) != 1 and all(type(t).__name__ == 'Training' for t in v)",
    must_be("two kinds of training or more"),
    {},
)


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
        not_deliveries: Ways of delivery that do not count.
        not_roles: Roles that do not count.
        not_approved_by: What is approved by one of these does not count.
        not_providers: Who gives what does not count.
        not_courses: Ids of courses that do not count.
        shortest: How many hours of it one training has at least; `None` for any.
        completed_from: The first day of completion; `None` without beginning.
        completed_to: The last day of completion; `None` without end.
        either: Kinds of training, of which it is one or more.
        unknown_fits: Which of `topics`, `deliveries`, `roles`, `approved_by`, `providers`, `courses` and `length` are
            taken to be as they must where the records do not say; the others stay open.
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
        default=None, converter=to_varying_words, validator=optional(varying(TERMS)), repr=shown_words
    )
    not_deliveries: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    not_roles: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    not_approved_by: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    not_providers: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    not_courses: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TERMS), repr=shown_set
    )
    shortest: Decimal | None = field(default=None, converter=to_optional_amount, validator=optional(AMOUNT))
    completed_from: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    completed_to: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    either: tuple["Training", ...] = field(default=(), validator=_TRAININGS)
    unknown_fits: frozenset[str] = field(default=frozenset(), converter=to_words, validator=_TOLD, repr=shown_set)

    def __attrs_post_init__(self) -> None:
        named = [name for name in FILTERS if name != "not_topics"]
        problems = [
            Problem(name, "names nothing; leave it out for any") for name in named if getattr(self, name) == set()
        ]
        is_dated = self.completed_from is not None or self.completed_to is not None
        is_told = is_dated or self.shortest is not None or bool(self.either)
        if not is_told and all(getattr(self, name) is None for name in FILTERS):
            problems.append(Problem("topics", "say which training counts, or leave all of it out for any"))
        for name in WANTED:
            wanted, left_out = getattr(self, name), getattr(self, f"not_{name}")
            if wanted and isinstance(left_out, frozenset) and wanted <= left_out:
                problems.append(Problem(f"not_{name}", f"leaves none of the {name} that count"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "completed_from", "completed_to")


attrs.resolve_types(Training)
TRAINING = optional(varying(an(Training)))


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
        within: On which of the days that count for what it is a part of; `None` for all of them.
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
    spills: bool | ByQuestion = field(default=True, validator=varying(FLAG))
    within: Interval | None = field(default=None, validator=INTERVAL)
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
    counts: Training | ByQuestion = field(validator=varying(an(Training)))
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
        repeats: Whether every event of one course counts, only one of them (`once`), or only the first ever since the
            certification (`once-ever`).
        divisible: Whether the hours of one credit may be split between parts, or sit in one of them as a whole.
        carry: How many hours that the cycle before did not need may serve; `None` for none, and where there are parts.
        apart_from: The requirements of other credentials with which it shares no hour.
        recurs: The period of its own that it has; `None` for that of the certificate.
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
    repeats: Repeats | ByQuestion = field(default="count", validator=varying(one_of(Repeats)))
    divisible: bool | ByQuestion = field(default=True, validator=varying(FLAG))
    carry: Carry | None = field(default=None, validator=optional(an(Carry)))
    apart_from: tuple[Apart, ...] = field(default=(), validator=several(Apart))
    recurs: Recurrence | None = field(default=None, validator=optional(an(Recurrence)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.carry is not None and self.parts:
            problems.append(
                Problem("carry", "is for hours without parts; put the parts into a requirement of their own")
            )
        if self.recurs is not None and self.carry is not None:
            problems.append(Problem("recurs", "has a period of its own, from which nothing is carried"))
        if self.recurs is not None and self.earning is not None:
            problems.append(Problem("recurs", "says which days count; leave earning out"))
        whole = "is for hours of which every minute counts: no repeats, all divisible"
        if not (self.repeats == "count" and self.divisible is True):
            problems += [Problem(name, whole) for name in ("carry", "apart_from") if getattr(self, name)]
        if self.apart_from and self.recurs is not None:
            problems.append(Problem("recurs", "lets hours serve again, which apart_from does not"))
        if self.apart_from and self.caps:
            problems.append(Problem("caps", "are not for hours that are kept apart from another credential's"))
        if len({(one.ruleset, one.requirement) for one in self.apart_from}) < len(self.apart_from):
            problems.append(Problem("apart_from", "names a requirement twice"))
        if problems:
            raise refused(self, tuple(problems))
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
    at_least: Quantity | ByQuestion | None = field(default=None, validator=optional(varying(an(Quantity))))
    adds_up: bool = field(default=False, validator=FLAG)
    from_different: bool = field(default=False, validator=FLAG)
    within: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")

    @property
    def units(self) -> frozenset[str]:
        """The units in which the board may set it for one person: documents, or what each must say."""
        varied = self.at_least.values if isinstance(self.at_least, ByQuestion) else (("", self.at_least),)
        said = {one.unit for _, one in varied if isinstance(one, Quantity)}
        return frozenset(said if self.adds_up and said else {"document", *said})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Trainings:
    """
    So many trainings, whatever their length.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        need: How many, from 1.
        counts: Which training; `None` for any.
        repeats: Whether every training of one course counts, or only one of them.
        spread: One at most counts in each so many months, counted from the first day that counts, or else of the
            calendar; `None` for any number.
        earning: Which days count, where not those of the edition.
        recurs: The period of its own that it has; `None` for that of the certificate.
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
    repeats: Literal["count", "once"] | ByQuestion = field(
        default="count", validator=varying(one_of(Literal["count", "once"]))
    )
    spread: int | None = field(default=None, validator=optional(MONTHS))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    recurs: Recurrence | None = field(default=None, validator=optional(an(Recurrence)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if self.recurs is not None and self.earning is not None:
            raise refused(self, (Problem("recurs", "says which days count; leave earning out"),))
        refuse_reversed(self, "first_day", "last_day")

    @property
    def units(self) -> frozenset[str]:
        """The units in which the board may set it for one person."""
        return frozenset({"training"})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Judged:
    """
    What a function judges, because no other kind can say it: the last resort.

    The function is found by its name (`peer_ledger.rules.judge`) and says what counts; whether that is enough, and what
    of it hangs on what is not recorded, is said as of other requirements.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        judge: The name of the function.
        subject: What is counted: training (`hours`) or attestations (`documents`).
        unit: What it is counted in.  Training counts in hours or in another unit of which the rule set says what it is
            worth; in every other unit one training is one, and counts for one at most.  Attestations count in
            `document`, one each, or in the unit of the quantity that they state.
        need: How much is needed, in that unit.
        earning: Which days count; left out, those of the edition for training, and all days for attestations.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "judged"

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    judge: str = field(validator=TERM)
    subject: Literal["hours", "documents"] = field(validator=one_of(Literal["hours", "documents"]))
    unit: str = field(validator=TERM)
    need: Figure = field(converter=_to_figure, validator=FIGURE)
    earning: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


Single = Hours | Attested | Trainings | Judged
"""The kinds of requirement that are not made of others."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Option:
    """
    One way to meet a requirement that can be met in several.

    Attributes:
        id: Its id.
        says: It in a plain sentence.
        requirements: What it asks.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    requirements: tuple[Single, ...] = field(
        validator=Check(
            "type(v) is tuple and len(v) > 0 and all(type(r) in singles for r in v)",
            must_be("requirements"),
            {},
            {"singles": (Hours, Attested, Trainings, Judged)},
        )
    )

    def __attrs_post_init__(self) -> None:
        problems = [
            Problem(f"requirements[{place}].{name}", "is for a requirement of its own, not for one of several ways")
            for place, one in enumerate(self.requirements)
            for name in ("carry", "apart_from", "recurs")
            if getattr(one, name, None)
        ]
        if problems:
            raise refused(self, tuple(problems))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Either:
    """
    What can be met in several ways, of which one is enough.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        options: The ways.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "either"

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    options: tuple[Option, ...] = field(
        validator=attrs.evolve(
            several(Option),
            test=f"({several(Option).test}) and len(v) > 1",
            refusal=must_be("a list of two options or more"),
        )
    )
    only_if: Condition | None = field(default=None, validator=CONDITION)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


Requirement = Hours | Attested | Trainings | Judged | Either
"""The kinds of requirement."""


def with_inner(requirements: "Iterable[Requirement]") -> "Iterator[Requirement]":
    """
    Give requirements, and after each what its options ask.
    """
    for one in requirements:
        yield one
        if isinstance(one, Either):
            for option in one.options:
                yield from with_inner(option.requirements)


def ids_of(one: "Requirement | Part") -> Iterator[str]:
    """
    Give the id of a requirement, and those of its parts and caps, and of what its options ask.
    """
    yield one.id
    if isinstance(one, Either):
        for option in one.options:
            for inner in option.requirements:
                yield from ids_of(inner)
    if isinstance(one, Hours):
        yield from (cap.id for cap in one.caps)
    if isinstance(one, Hours | Part):
        for part in one.parts:
            yield from ids_of(part)
