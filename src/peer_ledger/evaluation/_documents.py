"""
Requirements of documents held against what is on file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Final, TypeAlias

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligibility import NOT_KNOWN
from peer_ledger.evaluation._event import as_fraction
from peer_ledger.evaluation._given_for import came_with_another
from peer_ledger.evaluation._other_papers import OtherPapers
from peer_ledger.evaluation._paid_for import PAID, left_by_others
from peer_ledger.evaluation._stated_bounds import in_unit_of, says_enough, says_no_more
from peer_ledger.records import Document, Quantity
from peer_ledger.reports import Finding, Line, Result, Subject
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import GIVEN_FOR, PAID_FOR, UNKNOWN_WRITERS, Documents, Unstated, UnstatedQuantity
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import ZERO

Amount: TypeAlias = int | Fraction
"""How much of something counts: most documents count as one each."""

Judged: TypeAlias = tuple[Document, Amount | None, Remark | None]
"""A document, how much it counts, if at all, and why it does not count."""

_UNSURE: Final = frozenset({"value-not-stated", "value-stated-earlier"})
"""Why a document does not count that may count, because of what it does not state."""

_BOUNDS: Final = frozenset({"value-too-small", "value-too-large"})
"""Why a document does not count because of what it states."""

_STATED: Final = _BOUNDS | {"value-stated-earlier"}
"""The same, and where that may no longer be so."""


class DocumentsTally:
    """
    The documents on file counted for one requirement, before it is decided what those that are not on file may change.

    Args:
        context: The records and readings.
        requirement: The requirement.

    Attributes:
        raised: The questions that documents raise of which a detail is not on file.
    """

    def __init__(self, context: Context, requirement: Documents) -> None:
        self._context, self._requirement = context, requirement
        self._first, self._last = context.days(requirement.within)
        least, self._is_certain = context.quantity(requirement)
        self._unstated = least if isinstance(least, UnstatedQuantity) else None
        self._needed = least if isinstance(least, Quantity) else None
        self._adds_up = requirement.adds_up and self._needed is not None
        number = context.count(requirement.id, requirement.need, "document")
        self._unknown_number = number if isinstance(number, Unstated) else None
        self._need: Amount
        if self._adds_up and self._needed is not None:
            self._need = as_fraction(self._needed.amount)
        else:
            self._need = requirement.fewest if isinstance(number, Unstated) else number
        self._lines: list[tuple[Document, Amount | None, Amount, Remark | None]] = []
        self._counted: Amount = 0
        self._eligible: Amount = 0
        self._unsure: list[Document] = []
        self._may_be_more = False
        self._eligible_documents: list[Document] = []
        self.raised: set[str] = set()
        self._count()

    def _count(self) -> None:
        kind = self._requirement.document_kind
        documents = [document for document in self._context.history.documents if document.kind == kind]
        judged = self._settled([(document, *self._worth(document)) for document in documents])
        if not judged:
            return
        self._unsure = [document for document, _, why_not in judged if why_not is not None and why_not.kind in _UNSURE]
        unknown = self._unknown_writers([document for document, _, why_not in judged if why_not is None])
        left = self._left([(document, worth) for document, worth, why_not in judged if worth and not why_not])
        writers: set[str | None] = set()
        for document, worth, why in judged:
            why_not = why
            if why_not is None and self._requirement.from_different and document.by in writers:
                why_not = remark("same-writer")
            if why_not is None and document.id in unknown:
                why_not = remark("writer-not-recorded")
            taken: Amount = 0
            if why_not is None and worth is not None:
                mine = left.get(document.id, worth)
                self._eligible += mine
                self._eligible_documents += [document] if mine else []
                taken = mine if self._unknown_number else min(mine, self._need - self._counted)
                self._counted += taken
                writers |= {document.by} - {None}
                why_not = self._why_not_all(taken, mine, worth)
            self._lines.append((document, worth, taken, why_not))

    def _left(self, documents: Sequence[tuple[Document, Amount]]) -> Mapping[str, Amount]:
        """Return what is left of payments of which other certificates may take something; all of it of others."""
        if self._requirement.document_kind not in PAID:
            return {}
        paid = [(document, as_fraction(worth)) for document, worth in documents]
        left = left_by_others(paid, self._requirement, self._context)
        if sum(left.values()) == sum(worth for _, worth in documents):
            return {}
        self.raised.add(PAID_FOR.id)
        return left if self._context.readings.take(PAID_FOR.id) == "other" else {}

    def _unknown_writers(self, documents: list[Document]) -> frozenset[str]:
        """Return the ids of documents without a writer that count only if they are by different people, and do not."""
        if not self._requirement.from_different:
            return frozenset()
        need, (least, most) = self._need, writers_of(documents)
        least_perhaps, most_perhaps = writers_of([*documents, *self._unsure])
        if least < need and (most >= need or least_perhaps < need <= most_perhaps):
            self.raised.add(UNKNOWN_WRITERS.id)
            if self._context.readings.take(UNKNOWN_WRITERS.id) == "different":
                return frozenset()
        if most == least:
            return frozenset()
        self._may_be_more = True
        nameless = [document.id for document in documents if document.by is None]
        return frozenset(nameless[1:] if least == 1 and len(nameless) == len(documents) else nameless)

    def _worth(self, document: Document) -> tuple[Amount | None, Remark | None]:
        """Return how much a document counts, if at all, and why it does not count."""
        needed = self._needed
        worth: Amount | None = _amount(document, needed.unit) if self._adds_up and needed is not None else 1
        why_not = _document_left_out(document, self._first, self._last, self._context)
        if why_not is None and came_with_another(document, self._context.life, self._context.history):
            self.raised.add(GIVEN_FOR.id)
            if self._context.readings.take(GIVEN_FOR.id) == "other":
                why_not = remark("perhaps-for-other-step")
        if why_not is None:
            why_not = self._why_not_stated(document, worth)
        return worth, why_not

    def _why_not_stated(self, document: Document, worth: Amount | None) -> Remark | None:
        """Return why a document does not count because of what it states, or does not state."""
        needed, most, as_of = self._needed, self._requirement.at_most, self._context.life.as_of
        if self._adds_up and needed is not None:
            return None if worth is not None else _not_stated(needed.unit)
        is_enough = needed is None or says_enough(document, needed, as_of)
        is_within = most is None or says_no_more(document, most, as_of)
        if is_enough is False:
            return remark("value-too-small")
        if is_within is False:
            return remark("value-too-large")
        if is_enough is None or is_within is None:
            bound = needed if is_enough is None and needed is not None else most
            assert bound is not None, "what is not known is held against a bound"
            if document.on < as_of and in_unit_of(document, bound) is not None:
                return remark("value-stated-earlier", day=document.on)
            return _not_stated(bound.unit)
        return None

    def _settled(self, judged: list[Judged]) -> list[Judged]:
        """Return the documents, where others may settle what some leave open, or say last what of them is still so."""
        stated = [(other, why) for other, _, why in judged if why is not None and why.kind in _STATED]
        if not stated:
            return judged
        others = OtherPapers(stated, self._context.life.as_of)
        decided = OtherPapers([(other, why) for other, why in stated if why.kind in _BOUNDS], self._context.life.as_of)
        return [(document, worth, _after_others(document, why, others, decided)) for document, worth, why in judged]

    @cached_property
    def is_met(self) -> bool:
        """Whether there is enough on file."""
        is_known = self._is_certain and self._unstated is None and self._unknown_number is None
        return is_known and self._counted >= self._need

    @cached_property
    def is_covered(self) -> bool:
        """Whether all documents of the kind are known to be on file."""
        kind = self._requirement.document_kind
        return self._context.history.covers("document", self._first, self._context.life.as_of, document_kind=kind)

    @property
    def if_all_are_on_file(self) -> Result:
        """The result if there are no other documents."""
        return "met" if self.is_met else "undetermined" if self.may_be_enough else "short"

    @property
    def may_be_enough(self) -> bool:
        """Whether there would be enough if every unknown detail of those on file turned out favorable."""
        if not self._is_certain:
            return self._counted >= self._need or bool(self._unsure)
        if self._adds_up:
            return bool(self._unsure)
        if not self._requirement.from_different:
            return self._counted + len(self._unsure) >= self._need
        least, most = writers_of([*self._eligible_documents, *self._unsure])
        is_same = UNKNOWN_WRITERS.id in self.raised and self._context.readings.take(UNKNOWN_WRITERS.id) == "same"
        return (least if is_same else most) >= self._need

    def finding(self, result: Result) -> Finding:
        """Return the finding of the requirement, given its result."""
        requirement, need, counted = self._requirement, self._need, self._counted
        return Finding(
            requirement=requirement.id,
            says=requirement.says,
            subject="documents",
            result=result,
            document_kind=requirement.document_kind,
            unit=self._needed.unit if self._adds_up and self._needed is not None else "document",
            need=as_fraction(need) if self._unknown_number is None else None,
            recorded=as_fraction(sum([worth or 0 for _, worth, _, _ in self._lines])),
            eligible=as_fraction(self._eligible),
            counted=as_fraction(counted),
            short=as_fraction(need - counted) if result == "short" else ZERO,
            because=tuple(self._doubts()) if result == "undetermined" else (),
            lines=tuple(
                Line(
                    record=document.id,
                    day=document.on,
                    recorded=None if worth is None else as_fraction(worth),
                    counted=as_fraction(taken),
                    why_not=why_not,
                )
                for document, worth, taken, why_not in self._lines
            ),
            cites=self._context.sources(requirement.cites),
        )

    def _doubts(self) -> Iterator[Remark]:
        """Yield what of the documents leaves the requirement open."""
        if not self.is_covered:
            yield remark("perhaps-not-recorded", counted=as_fraction(self._counted))
        if UNKNOWN_WRITERS.id in self.raised:
            yield remark("writers-not-recorded")
        if GIVEN_FOR.id in self.raised:
            yield remark("perhaps-given-for-other-step")
        if PAID_FOR.id in self.raised:
            yield remark("perhaps-paid-for-other-certificate")
        if any(why_not is not None and why_not.kind == "value-not-stated" for *_, why_not in self._lines):
            yield remark("values-not-stated")
        if any(why_not is not None and why_not.kind == "value-stated-earlier" for *_, why_not in self._lines):
            yield remark("values-stated-earlier")
        figures = [figure for figure in (self._unknown_number, self._unstated) if figure is not None]
        if figures and self._eligible_documents:
            yield self._not_stated(figures)
            yield remark("ask-for-figure", body=self._context.ruleset.body)

    def _not_stated(self, figures: Sequence[Unstated | UnstatedQuantity]) -> Remark:
        """Return which figures no source states and, where one decides, up to which amount or number it is met."""
        figure, *others = figures
        stated: list[Fraction | None]
        if isinstance(figure, UnstatedQuantity):
            stated, unit = [_amount(document, figure.unit) for document in self._eligible_documents], figure.unit
        else:
            stated, unit = [as_fraction(self._counted)], "document"
        known = sum([amount for amount in stated if amount is not None], Fraction(0))
        is_decided = isinstance(figure, Unstated) or self._requirement.adds_up
        if others or not is_decided or not known or self.raised:
            return remark("figure-not-stated", figures=tuple([one.says for one in figures]))
        is_sure = self.is_covered and not self._unsure and not self._may_be_more and None not in stated
        return remark("figure-decides", figure=figure.says, is_cap=False, is_sure=is_sure, amount=known, unit=unit)

    def _why_not_all(self, taken: Amount, left: Amount, worth: Amount) -> Remark | None:
        """Return why no more of a document counts than what is taken of what other certificates leave of it."""
        if taken == worth:
            return None
        if taken == left < worth:
            return remark("perhaps-paid-for-other")
        if self._unstated is not None:
            return remark("amount-not-stated")
        return remark("not-needed")


def writers_of(documents: Iterable[Document]) -> tuple[int, int]:
    """Return by how many people documents are, at least and at most; a writer who is not on file may be any of them."""
    by = [document.by for document in documents]
    named, nameless = len({*by} - {None}), by.count(None)
    return max(named, min(nameless, 1)), named + nameless


@attrs.frozen
class DocumentsCheck:
    """
    A requirement of documents held against what is on file.

    Attributes:
        tally: What is on file.
        result: How it stands.
    """

    tally: DocumentsTally
    result: Result
    subject: Subject = "documents"

    def findings(self) -> Iterator[Finding]:
        """Yield the finding of the requirement."""
        yield self.tally.finding(self.result)


def check_documents(context: Context, requirement: Documents) -> DocumentsCheck:
    """Check a requirement of documents; it is undetermined where the readings of open questions disagree on it."""
    tally = DocumentsTally(context, requirement)
    results = {_result(tally, context)}
    for question, readings in _ABOUT_DOCUMENTS.items():
        if question in tally.raised & context.still_open and len(results) == 1:
            still_open = context.still_open - {question}
            for reading in readings:
                if reading == context.readings.take(question) and tally.raised.isdisjoint(still_open):
                    continue  # that is how it was counted
                under = context.taking(question, reading, still_open=still_open)
                results.add(check_documents(under, requirement).result)
    return DocumentsCheck(tally, results.pop() if len(results) == 1 else "undetermined")


def _result(tally: DocumentsTally, context: Context) -> Result:
    """Return how a requirement stands under the readings taken; where not all need be on file, a question decides."""
    if tally.is_met:
        return "met"
    return context.without(covered=tally.is_covered, enough=tally.may_be_enough)


_ABOUT_DOCUMENTS: Final = {
    question.id: tuple(reading.id for reading in question.readings)
    for question in (GIVEN_FOR, UNKNOWN_WRITERS, PAID_FOR)
}
"""The questions that the documents on file may raise, with their readings."""


def _after_others(
    document: Document, why_not: Remark | None, others: OtherPapers, decided: OtherPapers
) -> Remark | None:
    """
    Return why a document does not count, given others that do not.

    Args:
        document: The document.
        why_not: Why it does not count by itself; `None` where it does.
        others: Those that do not count because of what they state.
        decided: Those of them of which that is so whatever happened since.
    """
    if why_not is None and decided.replace(document):
        return remark("value-replaced")
    if why_not is None and others.replace(document):
        return remark("value-stated-earlier", day=document.on)
    if why_not is not None and why_not.kind == "value-stated-earlier":
        return decided.settling(document) or why_not
    return why_not


@cache
def _not_stated(unit: str) -> Remark:
    """Return why a document does not count that states no amount in a unit, which is one object for all of them."""
    return remark("value-not-stated", unit=unit)


def _document_left_out(document: Document, first: date | None, last: date | None, context: Context) -> Remark | None:
    if document.step is not None and document.step != context.life.step:
        return remark("for-other-step", step=document.step)
    if first == NOT_KNOWN:
        return remark("days-not-known")
    if first is not None and document.on < first:
        return remark("document-before", day=first)
    if document.on > context.life.as_of:
        return remark("after-filing")
    return remark("document-after", day=last) if last is not None and document.on > last else None


def _amount(document: Document, unit: str) -> Fraction | None:
    """Return how much a document says, in the unit asked for; `None` when it does not say."""
    value = document.value
    return Fraction(value.amount) if isinstance(value, Quantity) and value.unit == unit else None
