"""
The kinds of requirement.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records import Quantity
from peer_ledger.rules._figures import FIGURE, Figure, GrowingAmount, Unstated, UnstatedQuantity, to_figure
from peer_ledger.rules._hours import Hours, Part, Recurrence
from peer_ledger.rules._kinds import Subject, are_requirements
from peer_ledger.rules._points import CONDITION, INTERVAL, Condition, Interval
from peer_ledger.rules._questions import CITES, ByQuestion
from peer_ledger.rules._training import TRAINING_FILTER, TrainingFilter
from peer_ledger.rules._values import FLAG, MONTHS, an, any_of, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import COUNT, DAY, TERM, TEXT, is_count, one_of, several, to_optional_day

attrs.resolve_types(TrainingFilter)
attrs.resolve_types(Part)


def _is_number(value: Any) -> bool:
    return type(value) is Unstated or is_count(value)


_NUMBER = attrs.evolve(COUNT, holds=_is_number, refusal=must_be("a whole number from 1, or Unstated"))
"""How many documents are needed; one that no source states."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Documents:
    """
    A number of documents of one kind.

    What one states is so on its own day.  On the day judged an age has grown, and some other times may have gone on, as
    the vocabulary says of the kind of document.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        document_kind: The kind of document.
        need: How many, from 1; one that no source states, where some are needed and nobody says how many.
        at_least: The minimum each must state: a quantity or, for a day, how long ago it must be; one that no source
            states, where there is a minimum and nobody says which; `None` for none.
        grows: What is added to the minimum over time, in its unit, as a late fee that rises by the month; `None` for
            nothing.  Only documents that add up have it.
        at_most: The maximum each may state, such as an age of 30 years when certified; `None` for none.
        adds_up: Whether several documents may add up to the minimum, as fees do and ages do not.
        from_different: Whether each must come from a different person.
        within: The days that count; `None` for any.
        only_if: When it applies.
        designation: The designation that it is asked for, an option beside the step itself: whether that is kept has an
            outcome of its own; `None` for a requirement of the step.
        first_day: The first deciding date for which it applies; `None` for the edition's first.
        last_day: The last deciding date for which it applies; `None` for the edition's last.
        cites: The ids of the sources.
    """

    kind: ClassVar[str] = "documents"
    subject: ClassVar[Subject] = "documents"
    unit: ClassVar[str] = "document"
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    document_kind: str = field(validator=TERM)
    need: int | Unstated = field(default=1, validator=_NUMBER)
    at_least: Quantity | UnstatedQuantity | ByQuestion | None = field(
        default=None, validator=optional(varying(any_of(Quantity, UnstatedQuantity)))
    )
    grows: GrowingAmount | ByQuestion | None = field(default=None, validator=optional(varying(an(GrowingAmount))))
    at_most: Quantity | None = field(default=None, validator=optional(an(Quantity)))
    adds_up: bool = field(default=False, validator=FLAG)
    from_different: bool = field(default=False, validator=FLAG)
    within: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    designation: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def ids(self) -> Iterator[str]:
        """Yield its id."""
        yield self.id

    def __attrs_post_init__(self) -> None:
        if self.grows is not None and (self.at_least is None or not self.adds_up):
            raise refused(self, (Problem("grows", "is for documents that add up to at_least, as fees do"),))
        if self.grows is not None and isinstance(self.at_least, UnstatedQuantity):
            raise refused(self, (Problem("grows", "has nothing to grow from, as no source states at_least"),))
        if self.adds_up and isinstance(self.need, Unstated):
            raise refused(self, (Problem("need", "is a number; of documents that add up, at_least may be unstated"),))
        refuse_reversed(self, "first_day", "last_day")

    @property
    def fewest(self) -> int:
        """How many are surely needed: one where no source states how many."""
        return 1 if isinstance(self.need, Unstated) else self.need

    @property
    def is_decided_by_number(self) -> bool:
        """Whether the number of documents decides: it is known how many are needed, and each counts as it is."""
        return self.at_least is None and self.at_most is None and not isinstance(self.need, Unstated)

    @property
    def units(self) -> frozenset[str]:
        """The units in which the board may set its figure for one person: documents, or what each must state."""
        varied = self.at_least.values if isinstance(self.at_least, ByQuestion) else (("", self.at_least),)
        stated = {quantity.unit for _, quantity in varied if isinstance(quantity, Quantity | UnstatedQuantity)}
        return frozenset(stated if self.adds_up and stated else {"document", *stated})


@attrs.frozen(kw_only=True, field_transformer=fused)
class SessionCount:
    """
    A number of trainings, whatever their length.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        need: How many, from 1.
        counts: The training that counts; `None` for any.
        repeats: Whether every training of one course counts, or only one of them.
        spread: The length in months of periods in which at most one training counts, measured from the first day that
            counts, or by the calendar when there is none; `None` when trainings need not be spread.
        earning: The days that count; `None` for those of the edition.
        recurs: Its own rolling period; `None` for the certification period.
        only_if: When it applies.
        designation: The designation that it is asked for, an option beside the step itself: whether that is kept has an
            outcome of its own; `None` for a requirement of the step.
        first_day: The first deciding date for which it applies; `None` for the edition's first.
        last_day: The last deciding date for which it applies; `None` for the edition's last.
        cites: The ids of the sources.
    """

    kind: ClassVar[str] = "sessions"
    subject: ClassVar[Subject] = "hours"
    unit: ClassVar[str] = "training"
    units: ClassVar[frozenset[str] | None] = frozenset({"training"})
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    need: int = field(default=1, validator=COUNT)
    counts: TrainingFilter | ByQuestion | None = field(default=None, validator=TRAINING_FILTER)
    repeats: Literal["count", "once"] | ByQuestion = field(
        default="count", validator=varying(one_of(Literal["count", "once"]))
    )
    spread: int | None = field(default=None, validator=optional(MONTHS))
    earning: Interval | None = field(default=None, validator=INTERVAL)
    recurs: Recurrence | None = field(default=None, validator=optional(an(Recurrence)))
    only_if: Condition | None = field(default=None, validator=CONDITION)
    designation: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    def ids(self) -> Iterator[str]:
        """Yield its id."""
        yield self.id

    def __attrs_post_init__(self) -> None:
        if self.recurs is not None and self.earning is not None:
            raise refused(self, (Problem("recurs", "already sets the days that count; leave earning out"),))
        refuse_reversed(self, "first_day", "last_day")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Custom:
    """
    A rule checked in code, because no other kind can express it: the last resort.

    The function is found by its name (`peer_ledger.rules.custom_check`) and returns what counts.  Whether that is
    enough, and what depends on unrecorded details, is decided as for other requirements.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        check: The name of the function.
        subject: What is counted: training (`hours`) or documents (`documents`).
        unit: The unit of the count.  Training is counted in hours or in another unit whose worth the rule set states;
            in any other unit a training counts for one at most.  Documents are counted in `document`, one each, or in
            the unit of the quantity they state.
        need: How much is needed, in that unit.
        earning: The days that count; `None` for those of the edition (training) or all days (documents).
        only_if: When it applies.
        designation: The designation that it is asked for, an option beside the step itself: whether that is kept has an
            outcome of its own; `None` for a requirement of the step.
        first_day: The first deciding date for which it applies; `None` for the edition's first.
        last_day: The last deciding date for which it applies; `None` for the edition's last.
        cites: The ids of the sources.
    """

    kind: ClassVar[str] = "custom"
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    check: str = field(validator=TERM)
    subject: Subject = field(validator=one_of(Subject))
    unit: str = field(validator=TERM)
    need: Figure = field(converter=to_figure, validator=FIGURE)
    earning: Interval | None = field(default=None, validator=INTERVAL)
    only_if: Condition | None = field(default=None, validator=CONDITION)
    designation: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    @property
    def units(self) -> frozenset[str]:
        """The unit in which the board may set its figure for one person."""
        return frozenset({self.unit})

    def ids(self) -> Iterator[str]:
        """Yield its id."""
        yield self.id

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


Single = Hours | Documents | SessionCount | Custom
"""The kinds of requirement that are not made of others."""


def _are_singles(value: Any) -> bool:
    return are_requirements(value) and len(value) > 0 and not any(requirement.inner for requirement in value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Option:
    """
    One way to meet a requirement that can be met in several ways.

    Attributes:
        id: Its id.
        says: The option in a plain sentence.
        requirements: The requirements of the option.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    requirements: tuple[Single, ...] = field(validator=Check(_are_singles, must_be("requirements"), {}))

    def __attrs_post_init__(self) -> None:
        problems = [
            Problem(f"requirements[{place}].{name}", "is not allowed in an option; use a requirement of its own")
            for place, requirement in enumerate(self.requirements)
            for name in ("carry_over", "not_shared_with", "recurs", "designation")
            if getattr(requirement, name, None)
        ]
        if problems:
            raise refused(self, tuple(problems))


_OPTIONS = several(Option)


def _are_two_or_more_options(value: Any) -> bool:
    return _OPTIONS.holds(value) and len(value) > 1


@attrs.frozen(kw_only=True, field_transformer=fused)
class AnyOf:
    """
    A requirement that can be met in any one of several ways.

    Attributes:
        id: Its id.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence: `ethics`, `the approved course`; `None` for its id in words.
        options: The ways to meet it.
        only_if: When it applies.
        designation: The designation that it is asked for, an option beside the step itself: whether that is kept has an
            outcome of its own; `None` for a requirement of the step.
        first_day: The first deciding date for which it applies; `None` for the edition's first.
        last_day: The last deciding date for which it applies; `None` for the edition's last.
        cites: The ids of the sources.
    """

    kind: ClassVar[str] = "any-of"
    unit: ClassVar[str] = "option"
    units: ClassVar[frozenset[str] | None] = None

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    called: str | None = field(default=None, validator=optional(TEXT))
    options: tuple[Option, ...] = field(
        validator=attrs.evolve(
            _OPTIONS,
            holds=_are_two_or_more_options,
            refusal=must_be("a list of two or more options"),
        )
    )
    only_if: Condition | None = field(default=None, validator=CONDITION)
    designation: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    cites: tuple[str, ...] = field(validator=CITES)

    @property
    def inner(self) -> tuple[Single, ...]:
        """The requirements of all options."""
        return tuple(requirement for option in self.options for requirement in option.requirements)

    @property
    def subject(self) -> Subject:
        """Hours if any of its options asks for hours, otherwise documents."""
        return "hours" if any(requirement.subject == "hours" for requirement in self.inner) else "documents"

    def ids(self) -> Iterator[str]:
        """Yield its id and the ids of its options' requirements."""
        yield self.id
        for requirement in self.inner:
            yield from requirement.ids()

    def __attrs_post_init__(self) -> None:
        refuse_reversed(self, "first_day", "last_day")


Requirement = Hours | Documents | SessionCount | Custom | AnyOf
"""The kinds of requirement."""
