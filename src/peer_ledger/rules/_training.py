"""
Filters that select the training that counts.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._depth import refuse_deep
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._values import an, shown_words, to_optional_amount, to_varying_words, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import (
    AMOUNT,
    DAY,
    MOST_ITEMS,
    TERMS,
    shown_set,
    to_optional_day,
    to_optional_words,
    to_words,
)

WANTED = ("topics", "deliveries", "roles", "approved_by", "providers", "courses")
"""The properties by which a filter selects training."""

FILTERS = (*WANTED, *(f"not_{name}" for name in WANTED))
"""The fields of `TrainingFilter` that list words: of training that counts, and of training that does not."""


def _are_wanted(value: Any) -> bool:
    return type(value) is frozenset and value <= {*WANTED, "length"}


def _are_training_filters(value: Any) -> bool:
    is_tuple = type(value) is tuple and len(value) != 1 and len(value) <= MOST_ITEMS
    return is_tuple and all(type(item) is TrainingFilter for item in value)


_UNKNOWN_FITS = Check(_are_wanted, must_be(f"a set of some of {', '.join((*WANTED, 'length'))}"), {})
_TRAINING_FILTERS = Check(_are_training_filters, must_be(f"two to {MOST_ITEMS} TrainingFilters"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class TrainingFilter:
    """
    The training that counts; it must satisfy every field that is given, and one word is enough for a field.

    Attributes:
        topics: Topics.
        deliveries: Ways of delivery.
        roles: The person's roles in the training.
        approved_by: Approving bodies.
        providers: Providers.
        courses: Ids of courses.
        not_topics: Topics that do not count.
        not_deliveries: Ways of delivery that do not count.
        not_roles: Roles that do not count.
        not_approved_by: Bodies whose approved training does not count.
        not_providers: Providers whose training does not count.
        not_courses: Ids of courses that do not count.
        shortest: The minimum hours of one training; `None` for any.
        completed_from: The first day of completion; `None` when there is no first.
        completed_to: The last day of completion; `None` when there is no last.
        any_of: Filters of which it must satisfy at least one.
        unknown_fits: Which of `topics`, `deliveries`, `roles`, `approved_by`, `providers`, `courses` and `length` are
            assumed to match where the records do not say; the others stay open.
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
    any_of: tuple["TrainingFilter", ...] = field(default=(), validator=_TRAINING_FILTERS)
    unknown_fits: frozenset[str] = field(
        default=frozenset(), converter=to_words, validator=_UNKNOWN_FITS, repr=shown_set
    )

    def __attrs_post_init__(self) -> None:
        named = [name for name in FILTERS if name != "not_topics"]
        problems = [
            Problem(name, "is empty; leave it out to allow any") for name in named if getattr(self, name) == set()
        ]
        is_dated = self.completed_from is not None or self.completed_to is not None
        is_limited = is_dated or self.shortest is not None or bool(self.any_of)
        if not is_limited and all(getattr(self, name) is None for name in FILTERS):
            problems.append(Problem("topics", "is missing, as is every other field; give any, or leave the filter out"))
        for name in WANTED:
            wanted, left_out = getattr(self, name), getattr(self, f"not_{name}")
            if wanted and isinstance(left_out, frozenset) and wanted <= left_out:
                problems.append(Problem(f"not_{name}", f"excludes all of the {name} that count"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "completed_from", "completed_to")
        if self.any_of:
            refuse_deep(self)


TRAINING_FILTER = optional(varying(an(TrainingFilter)))
