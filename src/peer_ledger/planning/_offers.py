"""
Offers: the trainings that a person could take, with days, hours, topics and prices.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from os import PathLike
from typing import Any

import attrs
from attrs import field

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidData, InvalidRecord, InvalidValue, Problem, nearest, shown_name
from peer_ledger.records import Approval, Credit, TrainingEvent
from peer_ledger.records._training import to_approvals, to_credits
from peer_ledger.values._checks import IDENTIFIER, fused, optional
from peer_ledger.values._fields import AMOUNT_OR_ZERO, DAY, TEXT, set_of, several, shown_set, to_amount, word
from peer_ledger.values._fields import to_optional_day as _to_optional_day
from peer_ledger.values._inputs import read_text
from peer_ledger.values._wording import spoken_amount, spoken_day
from peer_ledger.values.hours import WORTH, plain
from peer_ledger.values.vocabularies import standard_vocabularies

_LARGEST = 2**22
_HEADINGS = ("id", "title", "hours", "topics", "day", "delivery", "provider", "approved by", "course", "price")
_REQUIRED = ("id", "title", "hours")


def _to_optional_amount(value: Decimal | int | str | None) -> Decimal | None:
    return None if value is None else to_amount(value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Offer:
    """
    A training that a person could take.

    Attributes:
        id: Its id, different from those of the other offers.
        title: Its title.
        credits: What it is worth.
        day: The day on which it would be completed; `None` when it can be taken on any day.
        course: The id or code of its course, by which it is known that a person took it before; `None` for none.
        delivery: How it is given: `in-person`, `live-online`, `self-paced` ...; `None` when unknown.
        provider: Who gives it, a declared word; `None` when unknown.
        approvals: Who recognizes it; empty when nobody does, `None` when unknown.
        price: What it costs, in dollars; `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.

    >>> print(Offer(id="eth-300", title="Ethics for peers", day="2026-03-03", price=45,
    ...             credits=[Credit(amount=3, topics={"ethics"})]))
    'Ethics for peers' on March 3, 2026 (3 hours, $45)
    """

    id: str = field(validator=IDENTIFIER)
    title: str = field(validator=TEXT)
    credits: tuple[Credit, ...] = field(converter=to_credits, validator=several(Credit))
    day: date | None = field(default=None, converter=_to_optional_day, validator=optional(DAY))
    course: str | None = field(default=None, validator=optional(IDENTIFIER))
    delivery: str | None = field(default=None, validator=optional(word("deliveries")))
    provider: str | None = field(default=None, validator=optional(word("providers")))
    approvals: frozenset[Approval] | None = field(
        default=None, converter=to_approvals, validator=optional(set_of(Approval)), repr=shown_set
    )
    price: Decimal | None = field(default=None, converter=_to_optional_amount, validator=optional(AMOUNT_OR_ZERO))

    @property
    def hours(self) -> Fraction:
        """Its clock hours; units that only rules define the worth of are not among them."""
        return sum((Fraction(one.amount) * WORTH.get(one.unit, 0) for one in self.credits), Fraction(0))

    def event(self, person: str, day: date) -> TrainingEvent:
        """
        Return the training as it would be recorded.

        Args:
            person: The person.
            day: The day on which it is completed, where the offer is not on a day of its own.
        """
        return TrainingEvent(
            id=f"plan-{person}-{self.id}", person=person, completed=self.day or day, title=self.title,
            course=self.course, provider=self.provider, delivery=self.delivery, credits=self.credits,
            approvals=self.approvals,
        )  # fmt: skip

    def __str__(self) -> str:
        when = "" if self.day is None else f" on {spoken_day(self.day)}"
        worth = ", ".join(_worth(self))
        return f"'{visible(self.title)}'{when} ({worth}{'' if self.price is None else f', ${plain(self.price)}'})"


def _worth(offer: Offer) -> Iterator[str]:
    if offer.hours:
        yield spoken_amount(offer.hours, "hour")
    others = {one.unit for one in offer.credits if one.unit not in WORTH}
    for unit in sorted(others):
        yield spoken_amount(sum((Fraction(one.amount) for one in offer.credits if one.unit == unit), Fraction(0)), unit)


def read_offers(path: str | PathLike[str]) -> tuple[Offer, ...]:
    """
    Read offers from a CSV file with a row for each.

    The columns are `id`, `title` and `hours`, and if need be `topics` (separated by semicolons), `day` (as
    2026-03-03), `delivery`, `provider`, `approved by`, `course` and `price` (in dollars), in any order.  All hours of a
    row are on all of its topics; rows with the same id are one offer with several credits.

    Raises:
        InvalidData: A heading is missing or unknown, or a cell is invalid; every problem is listed with its line.
        LedgerFileError: The file cannot be read.
    """
    rows = csv.reader(StringIO(read_text(path, "list of offers", _LARGEST)))
    headings = [" ".join(name.casefold().replace("_", " ").split()) for name in next(rows, [])]
    problems = list(_heading_problems(headings))
    if problems:
        raise InvalidData("list of offers", tuple(problems))
    found: dict[str, Offer] = {}
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        line = f"line {rows.line_num}"
        given = {name: cell.strip() for name, cell in zip(headings, cells, strict=False) if cell.strip()}
        try:
            offer = _offer(given)
        except InvalidRecord as error:
            problems += [Problem(f"{line}.{one.path}", one.message) for one in error.problems]
            continue
        except InvalidValue as error:
            problems.append(Problem(line, str(error)))
            continue
        first = found.get(offer.id, offer)
        if attrs.evolve(first, credits=offer.credits) != offer:
            problems.append(Problem(line, f"is the offer {offer.id!r} again, with another title, day or price"))
        found[offer.id] = offer if first is offer else attrs.evolve(first, credits=first.credits + offer.credits)
    if problems:
        raise InvalidData("list of offers", tuple(problems))
    return tuple(found.values())


def _heading_problems(headings: list[str]) -> Iterator[Problem]:
    for name in headings:
        if name not in _HEADINGS:
            near = nearest(name, _HEADINGS)
            yield Problem("line 1", f"there is no column {shown_name(name)}{near}; there are {', '.join(_HEADINGS)}")
    for name in _REQUIRED:
        if name not in headings:
            yield Problem("line 1", f"has no column {name!r}, which is required")
    for name in sorted({name for name in headings if headings.count(name) > 1}):
        yield Problem("line 1", f"has the column {name!r} twice")


def _offer(given: Mapping[str, str]) -> Offer:
    for name in _REQUIRED:
        if name not in given:
            raise InvalidValue(f"{name} is empty")
    topics = (
        None if "topics" not in given else {_word("topics", one) for one in given["topics"].split(";") if one.strip()}
    )
    by = given.get("approved by")
    fields: dict[str, Any] = {
        name: given.get(name) for name in ("id", "title", "day", "course", "provider")
    }  # fmt: skip
    return Offer(
        **fields,
        credits=(Credit(amount=given["hours"], topics=topics),),
        delivery=None if "delivery" not in given else _word("deliveries", given["delivery"]),
        approvals=None
        if by is None
        else {Approval(by=_word("approvers", one)) for one in by.split(";") if one.strip()},
        price=given["price"].removeprefix("$") if "price" in given else None,
    )


def _word(vocabulary: str, text: str) -> str:
    """
    Return the declared word that a cell stands for.

    Raises:
        InvalidValue: It stands for none; what is on a topic that no rule knows would never count.
    """
    known = standard_vocabularies()[vocabulary]
    found = known.find(text)
    if found is None:
        near = known.nearest(text)
        raise InvalidValue(
            f"{shown_name(text.strip())} is none of the {vocabulary}"
            + (f"; write {near!r} if that is meant" if near else "")
        )
    return found
