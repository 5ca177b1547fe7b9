"""
Requirements with a custom check: its input, its result, and the finding made from it.

The function returns what counts. Everything else works as for other requirements: how much is needed, what depends on
details that are not recorded, and a line for every training. Whatever in its result can be looked up is verified.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.errors import UnusableCheck, shown, shown_id
from peer_ledger.evaluation._alike import Alike
from peer_ledger.evaluation._classes import WRONG, Classes
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decided import decided
from peer_ledger.evaluation._disagreements import disagreements_of
from peer_ledger.evaluation._doubt import deciding, doubt_of, rank_of
from peer_ledger.evaluation._eligibility import Days, counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.records import Document, Quantity
from peer_ledger.reports import Finding, Line, Result, Subject
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import (
    CheckInput,
    CheckResult,
    Custom,
    InputCredit,
    InputTraining,
    TrainingFilter,
    Unstated,
    find_custom_check,
)
from peer_ledger.values._fields import is_text
from peer_ledger.values.hours import ONE, plain_hours


@attrs.frozen(kw_only=True)
class _Countable:
    """
    A training or a document that may count.

    Attributes:
        id: The id of its record.
        day: Its day.
        recorded: How much it is, in the unit of the requirement, as far as the records say; `None` where they do not.
        why_not: Why nothing of it can count; `None` where something may.
    """

    id: str
    day: date
    recorded: Fraction | None
    why_not: Remark | None = None


@attrs.frozen(kw_only=True)
class _Taken:
    """The result of a custom check, once it was verified."""

    counted: Mapping[str, Fraction]
    possible: Fraction
    because: str | None
    why_not: Mapping[str, Remark]

    @property
    def certain(self) -> Fraction:
        return sum(self.counted.values(), Fraction(0))


def check_custom(context: Context, requirement: Custom) -> Finding:
    """
    Call the custom check that a requirement names, and return the finding made from its result.

    Of records that are one training the check sees the longest.

    Raises:
        UnusableCheck: It cannot be found, it raised an exception, or its result is impossible.
    """
    events = context.history.trainings
    alike = Alike(events, once=False, disagreements=disagreements_of(events, _details))

    def under(classes: Classes) -> Finding:
        return _checked(context, requirement, classes)

    found, is_exact = decided(context, alike, under, lambda one: rank_of(one.result, one.counted))
    if found.result != "short":
        return found
    asked = deciding(context, alike, lambda other: check_custom(other, requirement).result)
    doubt = doubt_of(asked, is_exact=is_exact)
    if doubt is None:
        return found
    return attrs.evolve(found, result="undetermined", short=Fraction(0), because=(*found.because, doubt))


def _checked(context: Context, requirement: Custom, classes: Classes) -> Finding:
    """Return the finding where some records are of one training."""
    is_training = requirement.subject == "hours"
    edition = context.life.edition
    earning = requirement.earning or (edition.earning if edition is not None and is_training else None)
    first, last = context.days(earning)
    need = context.figure(requirement.id, requirement.need, requirement.unit)
    documents, events = tuple(_document_value(context)), context.history.events
    days = Days(first, last, context.life.as_of)
    why_nots = {event.record.id: days.why_outside(event) or _why_again(event, classes) for event in events}
    asked = CheckInput(
        need=None if isinstance(need, Unstated) else need,
        unit=requirement.unit,
        first_day=first,
        last_day=last,
        as_of=context.life.as_of,
        cycle_begins=context.life.grant.begins if context.life.grant is not None else None,
        due=context.life.grant.due if context.life.grant is not None and context.life.grant.is_due_known else None,
        trainings=tuple(_asked_about(context, event) for event in events if why_nots[event.record.id] is None),
        documents=documents
        if is_training
        else tuple(document for document in documents if _lies(document, first, last)),
        fits=_fits(context),
    )
    if is_training:
        countable = [_training(context, requirement, event, why_nots[event.record.id]) for event in events]
    else:
        countable = [_document(requirement, document) for document in asked.documents]
    taken = _taken(requirement, asked, countable)
    if not is_training:
        countable = [item for item in countable if item.id in taken.counted or item.id in taken.why_not]
    lines = tuple(_line(item, taken, context.ruleset.counts_in) for item in countable)
    result = _result(context, taken, need, requirement.subject, first)
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject=requirement.subject,
        result=result,
        unit=requirement.unit,
        need=asked.need,
        recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
        eligible=taken.possible,
        counted=taken.certain,
        short=asked.need - taken.certain if result == "short" and asked.need is not None else Fraction(0),
        because=() if result == "met" else tuple(_because(taken, need, requirement, result)),
        lines=lines,
        cites=context.sources(requirement.cites),
    )


def _document_value(context: Context) -> Iterable[Document]:
    for document in context.history.documents:
        if document.on <= context.life.as_of and document.step in (None, context.life.step):
            yield document


def _lies(document: Document, first: date | None, last: date | None) -> bool:
    return (first is None or first <= document.on) and (last is None or document.on <= last)


def _asked_about(context: Context, event: Event) -> InputTraining:
    return InputTraining(
        record=event.record,
        credits=None if event.credits is None else tuple(_credits(context, event)),
        delivery=event.delivery,
        provider=event.provider,
        approved_by=event.approved_by,
    )


def _credits(context: Context, event: Event) -> Iterable[InputCredit]:
    for credit, amount in zip(event.credits or (), event.amounts, strict=True):
        worth = context.worth.get(credit.unit)
        yield InputCredit(record=credit, hours=None if worth is None else amount * worth)


def _fits(context: Context) -> Any:
    """Return the function that decides whether a training is of some kind, under the readings taken."""
    events = {event.record.id: event for event in context.history.events}

    def fits(training: InputTraining, wanted: TrainingFilter | None, credit: InputCredit | None) -> bool | None:
        event = events[training.id]
        carried = (None,) if event.credits is None else event.credits
        looked_at = carried if credit is None else (credit.record,)
        answers = [counts_as(wanted, event, record, context.readings) for record in looked_at]
        return True if True in answers else None if None in answers else False

    return fits


def _why_again(event: Event, classes: Classes) -> Remark | None:
    """Return why the check does not see a record; `None` where it is the longest of its training."""
    if event.record.id in classes.wrong:
        return WRONG
    right = [one for one in (event, *classes.others(event)) if one.record.id not in classes.wrong]
    longest = min(right, key=lambda one: (-sum(one.amounts, Fraction(0)), one.record.id))
    return None if longest.record.id == event.record.id else classes.why_again(event, [longest])


def _details(event: Event) -> Hashable:
    """Return what a check may look at of a training."""
    return event.credits, event.delivery, event.provider, event.approved_by, event.record.course


def _training(context: Context, requirement: Custom, event: Event, why_not: Remark | None) -> _Countable:
    worth = context.worth.get(requirement.unit)
    recorded: Fraction | None = ONE
    if worth is not None:
        known = [credit.hours for credit in _credits(context, event) if credit.hours is not None]
        recorded = sum(known, Fraction(0)) / worth if known or event.credits == () else None
    return _Countable(
        id=event.record.id,
        day=event.record.completed,
        recorded=recorded,
        why_not=why_not,
    )


def _document(requirement: Custom, document: Document) -> _Countable:
    recorded: Fraction | None = ONE
    if requirement.unit != "document":
        value = document.value
        recorded = Fraction(value.amount) if isinstance(value, Quantity) and value.unit == requirement.unit else None
    return _Countable(id=document.id, day=document.on, recorded=recorded)


def _line(item: _Countable, taken: _Taken, counts_in: str) -> Line:
    counted = taken.counted.get(item.id, Fraction(0))
    why_not = item.why_not or taken.why_not.get(item.id)
    if counted == item.recorded and item.why_not is None:
        why_not = None
    elif why_not is None:
        is_known = item.recorded is not None
        why_not = remark("not-of-what-counts") if is_known else remark("amount-not-recorded", unit=counts_in)
    return Line(record=item.id, day=item.day, recorded=item.recorded, counted=counted, why_not=why_not)


def _result(context: Context, taken: _Taken, need: Fraction | Unstated, subject: Subject, first: date | None) -> Result:
    """Return the result; missing documents count as missing only where all of them are on file."""
    if isinstance(need, Unstated):
        return "undetermined"
    if taken.certain >= need:
        return "met"
    if subject == "documents":
        covered = context.history.covers("document", first, context.life.as_of)
        return context.without(covered=covered, enough=taken.possible >= need)
    return context.if_recorded() if taken.possible >= need else "short"


def _because(taken: _Taken, need: Fraction | Unstated, requirement: Custom, result: Result) -> Iterable[Remark]:
    """Yield what keeps the requirement from being met, if there is more to say than how much is missing."""
    if isinstance(need, Unstated):
        unit = requirement.unit
        yield remark("figure-decides", figure=need.says, is_cap=False, is_sure=False, amount=taken.certain, unit=unit)
    elif taken.because is not None:
        yield remark("own-finding", text=taken.because)
    elif result == "undetermined" and taken.possible >= need:
        yield remark("details-not-recorded")
    elif result == "undetermined" and requirement.subject == "documents":
        yield remark("perhaps-not-recorded", counted=taken.certain)


def _taken(requirement: Custom, asked: CheckInput, countable: list[_Countable]) -> _Taken:
    """Call the custom check and verify its result."""
    function = find_custom_check(requirement.check)
    try:
        answer = function(asked)
    except Exception as error:
        raise UnusableCheck(requirement.check, f"raised {type(error).__name__}") from error
    if not isinstance(answer, CheckResult):
        raise UnusableCheck(requirement.check, f"must return a CheckResult, not {shown(answer)}")
    try:
        counted, why_not, unsaid = dict(answer.counted), dict(answer.why_not), dict(answer.not_recorded)
    except Exception as error:
        raise UnusableCheck(requirement.check, "must return what counted, and why not, as mappings from ids") from error
    if wrong := _problem(answer, counted, {**why_not, **unsaid}, {item.id: item for item in countable}):
        raise UnusableCheck(requirement.check, wrong)
    reasons = {record: remark("own-words", text=text) for record, text in why_not.items()}
    reasons |= {record: remark("own-words-not-recorded", text=text) for record, text in unsaid.items()}
    exact = {record: Fraction(amount) for record, amount in counted.items()}
    certain = sum(exact.values(), Fraction(0))
    possible = certain if answer.possible is None else Fraction(answer.possible)
    if possible < certain:
        less = f"{plain_hours(possible)} possible, which is less than the {plain_hours(certain)} that counted"
        raise UnusableCheck(requirement.check, f"returned {less}")
    return _Taken(counted=exact, possible=possible, because=answer.because, why_not=reasons)


def _problem(
    answer: CheckResult, counted: Mapping[Any, Any], why_not: Mapping[Any, Any], countable: Mapping[str, _Countable]
) -> str | None:
    """Return what is wrong with the result of a custom check; `None` when nothing is."""
    for record, amount in counted.items():
        if problem := _not_exact(amount):
            return f"counts {problem} of {shown_id(record)}"
        item = countable.get(record)
        if item is None or item.why_not is not None:
            return f"counts {shown_id(record)}, which it was not given"
        if Fraction(amount) > (item.recorded or 0):
            known = "its amount is not" if item.recorded is None else f"only {plain_hours(item.recorded)} is"
            return f"counts {plain_hours(Fraction(amount))} of {shown_id(record)}, but {known} recorded"
    for record, reason in why_not.items():
        if record not in countable or countable[record].why_not is not None:
            return f"says why {shown_id(record)} did not count, which it was not given"
        if type(reason) is not str or not is_text(reason):
            return f"must say why {shown_id(record)} did not count in a plain text, not {shown(reason)}"
    if answer.possible is not None and (problem := _not_exact(answer.possible)):
        return f"returned as possible {problem}"
    if answer.because is not None and (type(answer.because) is not str or not is_text(answer.because)):
        return f"must say what is missing in a plain text, not {shown(answer.because)}"
    return None


def _not_exact(amount: object) -> str | None:
    if type(amount) is float:
        return f"{amount}, a binary float where exactness counts,"
    if type(amount) not in (int, Decimal, Fraction) or (isinstance(amount, Decimal) and not amount.is_finite()):
        return f"{shown(amount)}, which is not an exact amount,"
    return f"{amount}, which is less than 0," if amount < 0 else None  # type: ignore[operator]  # it is a number
