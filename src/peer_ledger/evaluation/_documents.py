"""
Requirements of documents held against what is on file.
"""

from datetime import date
from fractions import Fraction

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._context import Context
from peer_ledger.records import Document, Quantity
from peer_ledger.reports import Finding, Line, Result
from peer_ledger.rules import Documents
from peer_ledger.values.dates import months_after
from peer_ledger.values.hours import ONE, plain_hours


def check_documents(context: Context, requirement: Documents) -> Finding:
    first, last = context.days(requirement.within)
    needed: Quantity | None = context.quantity(requirement.id, context.readings.of(requirement.at_least))
    adds_up = requirement.adds_up and needed is not None
    need = ONE if adds_up else Fraction(context.count(requirement.id, requirement.need, "document"))
    if adds_up and needed is not None:
        need = Fraction(needed.amount)
    lines: list[Line] = []
    writers: set[str | None] = set()
    counted = unsure = eligible = Fraction(0)
    for one in context.history.documents:
        if one.kind != requirement.document_kind:
            continue
        worth: Fraction | None = _amount(one, needed) if adds_up and needed is not None else ONE
        why_not = _document_left_out(one, first, last, context)
        if why_not is None and needed is not None:
            is_enough = (worth is not None or None) if adds_up else _says_enough(one, needed, context.life.as_of)
            if is_enough is None:
                unsure += 1
                why_not = f"it does not say how many {needed.unit}s"
            elif not is_enough:
                why_not = "it says less than is asked"
        if why_not is None and requirement.from_different and one.by in writers:
            why_not = "a second document from the same person"
        taken = Fraction(0)
        if why_not is None and worth is not None:
            eligible += worth
            taken = min(worth, need - counted)
            counted += taken
            writers |= {one.by} - {None}
            why_not = None if taken == worth else "not needed"
        lines.append(Line(record=one.id, day=one.on, recorded=worth, counted=taken, why_not=why_not))
    covered = context.history.covers("document", first, context.life.as_of, document_kind=requirement.document_kind)
    result: Result = "met"
    if counted < need:
        result = context.without(covered=covered, enough=unsure > 0 if adds_up else counted + unsure >= need)
    unit = needed.unit if adds_up and needed is not None else "document"
    rest = "" if covered else ", and not all need be on file"
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="documents",
        result=result,
        unit=unit,
        need=need,
        recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
        eligible=eligible,
        counted=counted,
        short=need - counted if result == "short" else Fraction(0),
        because=None if counted == need else f"{plain_hours(counted)} of {plain_hours(need)} on file{rest}",
        lines=tuple(lines),
        cites=context.sources(requirement.cites),
    )


def _document_left_out(one: Document, first: date | None, last: date | None, context: Context) -> str | None:
    if one.step is not None and one.step != context.life.step:
        return f"it was meant for {one.step}"
    if first is not None and one.on < first:
        return f"before {first}"
    if one.on > context.life.as_of:
        return "after the filing"
    return f"after {last}" if last is not None and one.on > last else None


_MONTHS = {"month": 1, "year": 12}


def _says_enough(one: Document, needed: Quantity, as_of: date) -> bool | None:
    value = one.value
    if isinstance(value, Quantity):
        if value.unit == needed.unit:
            return value.amount >= needed.amount
        if value.unit in _MONTHS and needed.unit in _MONTHS:
            return value.amount * _MONTHS[value.unit] >= needed.amount * _MONTHS[needed.unit]
        return None
    if isinstance(value, date) and needed.unit in _MONTHS:
        try:
            return months_after(value, int(needed.amount * _MONTHS[needed.unit])) <= as_of
        except InvalidValue:
            return False
    return None


def _amount(one: Document, needed: Quantity) -> Fraction | None:
    """Return how much a document says, in the unit asked for; `None` when it does not say."""
    value = one.value
    return Fraction(value.amount) if isinstance(value, Quantity) and value.unit == needed.unit else None
