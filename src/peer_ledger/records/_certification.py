"""
The records about a certificate: acts of the board, verifications, filings and documents.
"""

from datetime import date
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records._record import Record
from peer_ledger.values._checks import IDENTIFIER, Check, fused, must_be, optional, refused
from peer_ledger.values._fields import DAY, TERM, TEXT, is_day, is_term, one_of, to_day, to_optional_day, word
from peer_ledger.values._quantity import Quantity
from peer_ledger.values.dates import MonthDay

Act = Literal["awarded", "renewed", "reinstated", "refused", "made-inactive", "suspended", "revoked", "surrendered"]
"""What a board does with a certificate."""

Level = Literal["provisional", "full"]
"""The levels of a certificate."""

Step = Literal["initial", "renewal", "reinstatement", "designation"]
"""What a person can apply for."""

_GRANTS = ("awarded", "renewed", "reinstated")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Certification(Record):
    """
    An act of the board, effective on its day.

    Attributes:
        person: Whose certificate, as an opaque id.
        credential: The id of the rule set of the credential, as `us-nc-cpss`.
        act: What the board did.
        on: The day it takes effect; `None` when only the printed expiry is known, as in many rosters.
        level: Provisional or full; `None` when unknown or the credential has no levels.
        expires: The expiry printed on the certificate; `None` when none is printed or it is unknown.
        filing: The id of the filing it decides; `None` when unknown.
        number: The certificate's number; `None` when unknown.  Boards publish names by it, so a repr leaves it out.

    Raises:
        InvalidRecord: A field has an invalid value, the expiry is before the effective day, or no day is known.

    >>> Certification(
    ...     id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
    ... )  # doctest: +NORMALIZE_WHITESPACE
    Certification(id='c-1', replaces=None, person='p-1', credential='us-nc-cpss', act='awarded',
        on=datetime.date(2024, 3, 14), level=None, expires=datetime.date(2026, 3, 31), filing=None)
    """

    record_type: ClassVar[str] = "certification"

    person: str = field(validator=IDENTIFIER)
    credential: str = field(validator=TERM)
    act: Act = field(validator=one_of(Act))
    on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    level: Level | None = field(default=None, validator=optional(one_of(Level)))
    expires: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    filing: str | None = field(default=None, validator=optional(IDENTIFIER))
    number: str | None = field(default=None, validator=optional(TEXT), repr=False)

    def __attrs_post_init__(self) -> None:
        if self.on is None and not (self.act in _GRANTS and self.expires):
            what = "the day it takes effect, or the expiration date printed on the certificate"
            raise refused(self, (Problem("on", f"give {what if self.act in _GRANTS else 'the day it takes effect'}"),))
        if self.act in _GRANTS and self.on and self.expires and self.expires < self.on:
            raise refused(self, (Problem("expires", f"{self.expires} is before on, {self.on}"),))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Verification(Record):
    """
    The board's public page was looked at: an observation, not an act of the board.

    Attributes:
        person: Whose entry, as an opaque id.
        credential: The id of the rule set of the credential.
        seen: The day it was looked at.
        status: The status shown, a declared word; `None` when none was shown.
        shown_until: The date shown; `None` when none was.  It may be after the expiry: North Carolina's page shows a
            date that includes the late window (pss.unc.edu/index.php/verification, archived copy read in 2026).
        number: The number shown; `None` when none was.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.
    """

    record_type: ClassVar[str] = "verification"

    person: str = field(validator=IDENTIFIER)
    credential: str = field(validator=TERM)
    seen: date = field(converter=to_day, validator=DAY)
    status: str | None = field(default=None, validator=optional(word("board-statuses")))
    shown_until: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    number: str | None = field(default=None, validator=optional(TEXT), repr=False)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Filing(Record):
    """
    An application was filed.

    Attributes:
        person: The applicant, as an opaque id.
        credential: The id of the rule set of the credential.
        step: What was applied for.
        designation: The designation applied for, a declared word, when the step is `designation`; otherwise `None`.
        method: How it was filed: `online`, `mail` ...; `None` when unknown.
        sent: The day it was sent: a postmark, an upload; `None` when unknown.
        received: The day it arrived; `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value, neither day is known, or it arrived before it was sent.
    """

    record_type: ClassVar[str] = "filing"

    person: str = field(validator=IDENTIFIER)
    credential: str = field(validator=TERM)
    step: Step = field(validator=one_of(Step))
    designation: str | None = field(default=None, validator=optional(word("designations")))
    method: str | None = field(default=None, validator=optional(word("filing-methods")))
    sent: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    received: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.sent is None and self.received is None:
            problems.append(Problem("sent", "give the day it was sent, the day it was received, or both"))
        elif self.sent and self.received and self.received < self.sent:
            problems.append(Problem("received", f"{self.received} is before sent, {self.sent}"))
        if (self.step == "designation") is (self.designation is None):
            problems.append(Problem("designation", "give it if and only if the step is 'designation'"))
        if problems:
            raise refused(self, tuple(problems))

    @property
    def filed_on(self) -> date:
        """The day it was sent, or the day it was received where that is not known."""
        day = self.sent or self.received
        assert day is not None, "a filing has a day"
        return day


DocumentValue = bool | date | MonthDay | Quantity | str
"""What a document may state: a flag, a day, a birthday, a quantity or a declared word."""


def _is_document_value(value: Any) -> bool:
    return type(value) in (bool, MonthDay, Quantity) or is_day(value) or is_term(value)


DOCUMENT_VALUE = Check(
    _is_document_value,
    must_be(
        "a flag, a day, a MonthDay, a Quantity (as Quantity(amount=18, unit='year')) or a declared word (as 'diploma')"
    ),
    {"$ref": "#/$defs/DocumentValue"},
)


def to_document_value(value: DocumentValue | None) -> DocumentValue | None:
    """Convert a date of any kind to a plain one; return other values unchanged."""
    return to_day(value) if isinstance(value, date) else value


@attrs.frozen(kw_only=True, field_transformer=fused)
class Document(Record):
    """
    Any other document, with its day: a letter, a signed code of ethics, an exam, a fee, work hours ...

    Attributes:
        person: The person it is about, as an opaque id.
        kind: A declared kind such as `reference-letter`, which also determines the type of its value.
        on: The day it was attested.
        by: Who attested it, as an opaque id; `None` when unknown, or when it was the person.
        credential: The id of the rule set it was meant for; `None` for none in particular.
        step: The step it was meant for; `None` for none in particular.
        value: What was attested: how long the writer has known the person, the age, the fee; `None` when the document
            states no value.  What a person is recovering from is never stored.  A repr leaves the value out.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.

    >>> letter = Document(id="a-1", person="p-1", kind="reference-letter", on="2026-02-01", by="w-9",
    ...                      value=Quantity(amount=18, unit="month"))
    >>> letter.value
    Quantity(amount=Decimal('18'), unit='month')
    """

    record_type: ClassVar[str] = "document"

    person: str = field(validator=IDENTIFIER)
    kind: str = field(validator=word("documents"))
    on: date = field(converter=to_day, validator=DAY)
    by: str | None = field(default=None, validator=optional(IDENTIFIER))
    credential: str | None = field(default=None, validator=optional(TERM))
    step: Step | None = field(default=None, validator=optional(one_of(Step)))
    value: DocumentValue | None = field(
        default=None, converter=to_document_value, validator=optional(DOCUMENT_VALUE), repr=False
    )
