"""
Requirements of hours: their parts, caps, carry-over and periods.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._figures import FIGURE, Figure, to_figure
from peer_ledger.rules._kinds import Subject
from peer_ledger.rules._points import CONDITION, INTERVAL, Condition, Interval
from peer_ledger.rules._questions import CITES, ByQuestion
from peer_ledger.rules._training import TRAINING_FILTER, TrainingFilter
from peer_ledger.rules._values import FLAG, MONTHS, an, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import AMOUNT, DAY, TERM, TEXT, one_of, several, to_amount, to_optional_day

Together = Literal["exclusive", "shared"]
"""Whether a minute sits in one part of a group, or may sit in several."""

Repeats = Literal["count", "once", "once-ever"]
"""What of the events of one course counts: every one, one of them, or the first ever."""


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
class CarryOver:
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
class NotSharedWith:
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


def _are_parts(value: Any) -> bool:
    return type(value) is tuple and all(type(part) is Part for part in value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Part:
    """
    A minimum of hours of certain training within the requirement it belongs to.

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
    need: Figure = field(converter=to_figure, validator=FIGURE)
    counts: TrainingFilter | ByQuestion | None = field(default=None, validator=TRAINING_FILTER)
    parts: tuple["Part", ...] = field(
        default=(),
        validator=Check(_are_parts, must_be("parts"), {}),
    )
    together: Together | None = field(default=None, validator=optional(one_of(Together)))
    spills: bool | ByQuestion = field(default=True, validator=varying(FLAG))
    within: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    cites: tuple[str, ...] = field(validator=CITES)

    def ids(self) -> Iterator[str]:
        """Yield its id and the ids of its parts."""
        yield self.id
        for part in self.parts:
            yield from part.ids()


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
    at_most: Figure = field(converter=to_figure, validator=FIGURE)
    counts: TrainingFilter | ByQuestion = field(validator=varying(an(TrainingFilter)))
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
        carry_over: How many unused hours of the cycle before may count; `None` for none, and where there are parts.
        not_shared_with: The requirements of other credentials with which it shares no hour.
        recurs: The period of its own that it has; `None` for that of the certificate.
        only_if: When it is asked.
        first_day: It is asked for deciding dates from this day on; `None` from the edition's beginning.
        last_day: It is asked for deciding dates to this day; `None` to the edition's end.
        cites: On whose authority.
    """

    kind: ClassVar[str] = "hours"
    subject: ClassVar[Subject] = "hours"
    unit: ClassVar[str] = "hour"
    units: ClassVar[frozenset[str] | None] = None
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
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
                Problem("carry_over", "is for hours without parts; put the parts into a requirement of their own")
            )
        if self.recurs is not None and self.carry_over is not None:
            problems.append(Problem("recurs", "has a period of its own, from which nothing is carried"))
        if self.recurs is not None and self.earning is not None:
            problems.append(Problem("recurs", "says which days count; leave earning out"))
        whole = "is for hours of which every minute counts: no repeats, all divisible"
        if not (self.repeats == "count" and self.divisible is True):
            problems += [Problem(name, whole) for name in ("carry_over", "not_shared_with") if getattr(self, name)]
        if self.not_shared_with and self.recurs is not None:
            problems.append(Problem("recurs", "lets hours serve again, which apart_from does not"))
        if self.not_shared_with and self.caps:
            problems.append(Problem("caps", "are not for hours that are kept apart from another credential's"))
        if len({(one.ruleset, one.requirement) for one in self.not_shared_with}) < len(self.not_shared_with):
            problems.append(Problem("not_shared_with", "names a requirement twice"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "first_day", "last_day")
