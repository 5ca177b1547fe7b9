"""
Requirements for hours: their parts, caps, carry-over and periods.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._depth import refuse_deep
from peer_ledger.rules._figures import FIGURE, Figure, to_figure
from peer_ledger.rules._kinds import Subject
from peer_ledger.rules._points import CONDITION, INTERVAL, Condition, Interval
from peer_ledger.rules._questions import CITES, ByQuestion
from peer_ledger.rules._training import TRAINING_FILTER, TrainingFilter
from peer_ledger.rules._values import FLAG, MONTHS, an, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import AMOUNT, DAY, TERM, TEXT, one_of, several, to_amount, to_optional_day

Together = Literal["exclusive", "shared"]
"""Whether a minute counts in only one part of a group, or may count in several."""

Repeats = Literal["count", "once", "once-ever"]
"""Which events of one course count: all of them, only one, or only the first ever."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Recurrence:
    """
    A rolling period of its own: the requirement is met by training in a number of months before the due date.

    Attributes:
        months: The length of the period in months.
        first: When it first applies: at the first due date (`at-once`), or at the first due date that is a whole period
            after the award (`after-a-period`); until then it is *not yet due*.
        cites: The ids of the sources.
    """

    months: int = field(validator=MONTHS)
    first: Literal["at-once", "after-a-period"] | ByQuestion = field(
        validator=varying(one_of(Literal["at-once", "after-a-period"]))
    )
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class CarryOver:
    """
    Hours that a cycle did not need and that count in the next one.

    A cycle first uses what it needs, starting with hours that are subject to a cap.  Hours carried into a cycle are not
    carried again.

    Attributes:
        at_most: The maximum number of hours carried.
        cites: The ids of the sources.
    """

    at_most: Decimal = field(converter=to_amount, validator=AMOUNT)
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class NotSharedWith:
    """
    A requirement of another credential with which this one shares no hours: no hour counts for both.

    The other requirement must name this one in turn; otherwise it uses no hours.

    When a person holds both certificates, the requirement that is settled first uses the hours it needs, and leaves as
    much as possible to the other.  Cycles closed by a board come first, in the order in which they were closed; then
    what was filed, by filing day; then what is due.

    Attributes:
        ruleset: The id of the other rule set.
        requirement: The id of its requirement for hours.
        cites: The ids of the sources.
    """

    ruleset: str = field(validator=TERM)
    requirement: str = field(validator=TERM)
    cites: tuple[str, ...] = field(validator=CITES)


def _are_parts(value: Any) -> bool:
    return type(value) is tuple and all(type(part) is Part for part in value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Part:
    """
    A minimum of hours of a certain kind within the requirement it belongs to.

    Attributes:
        id: Its id within the rule set's editions.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        need: How many hours.
        counts: The training that counts.
        parts: The minimums within this one.
        together: Whether a minute counts in only one of several parts, or may count in several; there is no default.
        surplus_counts: Whether hours beyond its need count for the whole it is a part of.
        within: The days that count, of those that count for the whole; `None` for all of them.
        only_if: When it applies.
        cites: The ids of the sources.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    need: Figure = field(converter=to_figure, validator=FIGURE)
    counts: TrainingFilter | ByQuestion | None = field(default=None, validator=TRAINING_FILTER)
    parts: tuple["Part", ...] = field(
        default=(),
        validator=Check(_are_parts, must_be("parts"), {}),
    )
    together: Together | None = field(default=None, validator=optional(one_of(Together)))
    surplus_counts: bool | ByQuestion = field(default=True, validator=varying(FLAG))
    within: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if self.parts:
            refuse_deep(self)

    def ids(self) -> Iterator[str]:
        """Yield its id and the ids of its parts."""
        yield self.id
        for part in self.parts:
            yield from part.ids()


@attrs.frozen(kw_only=True, field_transformer=fused)
class Cap:
    """
    A maximum of hours of a certain kind that are counted.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        at_most: How many hours.
        counts: The training that is limited.
        only_if: When it applies.
        cites: The ids of the sources.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    at_most: Figure = field(converter=to_figure, validator=FIGURE)
    counts: TrainingFilter | ByQuestion = field(validator=varying(an(TrainingFilter)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    cites: tuple[str, ...] = field(validator=CITES)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Hours:
    """
    A number of hours of training, with minimums and maximums for certain kinds.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        need: How many hours.
        counts: The training that counts; `None` for any.
        parts: The minimums within it.
        together: Whether a minute counts in only one of several parts, or may count in several; there is no default.
        caps: The maximums of certain training.
        earning: The days that count; `None` for those of the edition.
        repeats: Whether every event of one course counts, only one of them (`once`), or only the first ever since the
            certification (`once-ever`).
        divisible: Whether the hours of one credit may be split between parts, or must all count in the same part.
        carry_over: How many unused hours of the previous cycle may count; `None` for none, and always with parts.
        not_shared_with: The requirements of other credentials with which it shares no hours.
        recurs: Its own rolling period; `None` for the certification period.
        only_if: When it applies.
        designation: The designation that it is asked for, an option beside the step itself: whether that is kept has an
            outcome of its own; `None` for a requirement of the step.
        first_day: The first deciding date for which it applies; `None` for the edition's first.
        last_day: The last deciding date for which it applies; `None` for the edition's last.
        cites: The ids of the sources.
    """

    kind: ClassVar[str] = "hours"
    subject: ClassVar[Subject] = "hours"
    unit: ClassVar[str] = "hour"
    units: ClassVar[frozenset[str] | None] = None
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    need: Figure = field(converter=to_figure, validator=FIGURE)
    counts: TrainingFilter | ByQuestion | None = field(default=None, validator=TRAINING_FILTER)
    parts: tuple[Part, ...] = field(default=(), validator=several(Part))
    together: Together | None = field(default=None, validator=optional(one_of(Together)))
    caps: tuple[Cap, ...] = field(default=(), validator=several(Cap))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    repeats: Repeats | ByQuestion = field(default="count", validator=varying(one_of(Repeats)))
    divisible: bool | ByQuestion = field(default=True, validator=varying(FLAG))
    carry_over: CarryOver | None = field(default=None, validator=optional(an(CarryOver)))
    not_shared_with: tuple[NotSharedWith, ...] = field(default=(), validator=several(NotSharedWith))
    recurs: Recurrence | None = field(default=None, validator=optional(an(Recurrence)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    designation: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def ids(self) -> Iterator[str]:
        """Yield its id and the ids of its caps and parts."""
        yield self.id
        yield from (cap.id for cap in self.caps)
        for part in self.parts:
            yield from part.ids()

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.carry_over is not None and self.parts:
            problems.append(
                Problem("carry_over", "cannot be combined with parts; make the parts requirements of their own")
            )
        if self.recurs is not None and self.carry_over is not None:
            problems.append(
                Problem("recurs", "cannot be combined with carry_over: nothing is carried between rolling periods")
            )
        if self.recurs is not None and self.earning is not None:
            problems.append(Problem("recurs", "already sets the days that count; leave earning out"))
        if not (self.repeats == "count" and self.divisible is True):
            whole = "cannot be combined with repeats or divisible, which may leave minutes uncounted; leave those out"
            problems += [Problem(name, whole) for name in ("carry_over", "not_shared_with") if getattr(self, name)]
        if self.not_shared_with and self.recurs is not None:
            problems.append(Problem("recurs", "counts hours more than once, which not_shared_with does not allow"))
        if self.not_shared_with and self.caps:
            problems.append(Problem("caps", "cannot be combined with not_shared_with"))
        if len({(other.ruleset, other.requirement) for other in self.not_shared_with}) < len(self.not_shared_with):
            problems.append(Problem("not_shared_with", "names a requirement twice"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "first_day", "last_day")
