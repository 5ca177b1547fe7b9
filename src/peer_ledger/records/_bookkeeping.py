"""
Records about other records: what is complete, withdrawn, merged, kept or erased.
"""

from datetime import date
from typing import ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records._record import Record
from peer_ledger.values._checks import IDENTIFIER, fused, optional, refused
from peer_ledger.values._fields import (
    COUNTS,
    DAY,
    DIGEST,
    LONG_ASCII,
    PAIR,
    TERM,
    TEXT,
    one_of,
    shown_set,
    to_counts,
    to_optional_day,
    to_words,
    word,
)

CoveredType = Literal[
    "training-event", "designation", "certification", "verification", "filing", "document", "review", "ruling"
]
"""The types of record that a ledger can be declared to hold in full."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Coverage(Record):
    """
    The ledger holds every record of one type within some days: what is not recorded did not happen.

    Attributes:
        covers: The type of record.
        document_kind: The kind of documents, a declared word; `None` for all kinds, and for other types of record.
        person: The person, as an opaque id; `None` for everybody.
        credential: The id of the rule set; `None` for all.
        first_day: The first day; `None` for no beginning.
        last_day: The last day; `None` for no end.

    Raises:
        InvalidRecord: A field has an invalid value, or the last day is before the first.
    """

    record_type: ClassVar[str] = "coverage"

    covers: CoveredType = field(validator=one_of(CoveredType))
    document_kind: str | None = field(default=None, validator=optional(word("documents")))
    person: str | None = field(default=None, validator=optional(IDENTIFIER))
    credential: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.document_kind is not None and self.covers != "document":
            problems.append(Problem("document_kind", "give it only if covers is 'document'"))
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems.append(Problem("last_day", f"{self.last_day} is before first_day, {self.first_day}"))
        if problems:
            raise refused(self, tuple(problems))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Retraction(Record):
    """
    An earlier record is withdrawn, as if it had never existed; a retraction can itself be retracted.

    Attributes:
        retracts: The id of the record.
        reason: Why.
        by: Who withdrew it, as an opaque id; `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.
    """

    record_type: ClassVar[str] = "retraction"

    retracts: str = field(validator=IDENTIFIER)
    reason: str = field(validator=TEXT, repr=False)
    by: str | None = field(default=None, validator=optional(IDENTIFIER))


@attrs.frozen(kw_only=True, field_transformer=fused)
class SamePerson(Record):
    """
    Two ids belong to the same person.

    Attributes:
        people: The two ids, in no particular order.
        by: Who stated it, as an opaque id; `None` when unknown.

    Raises:
        InvalidRecord: `people` does not hold two different ids, or another field has an invalid value.

    >>> SamePerson(id="s-1", people={"p-1", "p-7"}) == SamePerson(id="s-1", people=["p-7", "p-1"])
    True
    """

    record_type: ClassVar[str] = "same-person"

    people: frozenset[str] = field(converter=to_words, validator=PAIR, repr=shown_set)
    by: str | None = field(default=None, validator=optional(IDENTIFIER))


@attrs.frozen(kw_only=True, field_transformer=fused)
class RuleSetText(Record):
    """
    A rule set as it was when it was evaluated, so that its answers can be reproduced.

    `peer_ledger.rulesets.kept` creates and reads it.

    Attributes:
        ruleset: The id of the rule set.
        version: Its version.
        digest: The digest of all of it except its prose, as in every report.
        text: All of it, as JSON in one line.

    Raises:
        InvalidRecord: A field has an invalid value.
    """

    record_type: ClassVar[str] = "rule-set"

    ruleset: str = field(validator=TERM)
    version: str = field(validator=TEXT)
    digest: str = field(validator=DIGEST)
    text: str = field(validator=LONG_ASCII, repr=False)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Erasure(Record):
    """
    The content of some entries about a person was removed; their places in the chain remain.

    The ledger itself records it.  It names no person and no record, only the entries.

    Attributes:
        entries: The sequence numbers of the entries, in ascending order.

    Raises:
        InvalidRecord: A field has an invalid value.
    """

    record_type: ClassVar[str] = "erasure"

    entries: tuple[int, ...] = field(converter=to_counts, validator=COUNTS)
