"""
What an answer depends on: the fewest records whose loss breaks it, and how much each requirement can lose.
"""

from bisect import bisect
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

import attrs

from peer_ledger import allocation
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.planning._asked import Asked, of_step
from peer_ledger.planning._shown import Shown
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.records import Designation, Document, Record, Review, TrainingEvent
from peer_ledger.reports import Finding, Outcome, Report
from peer_ledger.reports._missing import missing_sentence
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_COUNT
from peer_ledger.values._wording import counted, spoken_amount, spoken_day
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import plain_hours

MOST_RECORDS = 3
"""The size of the largest sets of records that are looked at."""

_CAN_BE_LOST = (TrainingEvent, Document, Designation, Review)


@attrs.frozen(kw_only=True)
class Spare:
    """
    How much a requirement of hours can lose.

    Attributes:
        requirement: The id of the requirement.
        says: The rule in a plain sentence.
        amount: The most that can be lost of what can serve it, whichever it is, while it stays met; it is also how much
            more the rule could ask for.
        unit: The unit of the amount.
    """

    requirement: str
    says: str
    amount: Fraction
    unit: str


@attrs.frozen(kw_only=True)
class Loss:
    """
    What would be true without some records.

    Attributes:
        records: The ids of the records, in order.
        described: The records in words.
        hours_outcome: The outcome of the hours without them.
        documents_outcome: The outcome of the documents without them.
        hours_short: How many hours would be missing; `None` when that would be undetermined.
        says: What would be missing, in a sentence.
    """

    records: tuple[str, ...]
    described: str
    hours_outcome: Outcome
    documents_outcome: Outcome
    hours_short: Fraction | None
    says: str


@attrs.frozen(kw_only=True)
class Fragility(Shown):
    """
    What the outcome of a person's hours and documents depends on.

    Attributes:
        person: The id of the person.
        on: The day.
        met: What is met and can break: `hours`, `documents`.
        losses: The smallest sets of records whose loss breaks what is met: all those of the smallest size, in order;
            empty when none of up to three records does.
        looked_at: How many sets were looked at.
        is_complete: Whether all sets of this size or, where none breaks, of up to three records were looked at.
        spares: How much each requirement of hours that is met can lose.
    """

    person: str
    on: date
    met: tuple[str, ...]
    losses: tuple[Loss, ...]
    looked_at: int
    is_complete: bool
    spares: tuple[Spare, ...]

    @property
    def title(self) -> str:
        """What it shows."""
        return f"What the answer about {self.person} on {spoken_day(self.on)} depends on"

    def sentences(self) -> Iterator[str]:
        """Yield what breaks it, and how much each requirement can lose."""
        what = " and ".join(self.met)
        if not self.met:
            yield "Neither hours nor documents are certainly met, so no single record decides."
        elif self.losses:
            size = len(self.losses[0].records)
            these = "each of these records" if size == 1 else f"each of these sets of {size} records"
            yield f"The {what} are met, and depend on {these}."
        else:
            yield f"The {what} are met, and stay so without any {MOST_RECORDS} records."
        if not self.is_complete:
            yield f"Not all sets of records were looked at: {counted(self.looked_at, 'evaluation')} were made."
        yield from (f"Without {loss.described}: {loss.says}" for loss in self.losses)
        for spare in self.spares:
            much = spoken_amount(spare.amount, spare.unit) if spare.amount else "nothing"
            yield f"May be lost of “{spare.says.rstrip('.')}”: {much}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values: days and amounts are texts."""
        return {
            "person": self.person,
            "on": self.on.isoformat(),
            "met": list(self.met),
            "losses": [
                {
                    **attrs.asdict(loss),
                    "records": list(loss.records),
                    "hours_short": None if loss.hours_short is None else plain_hours(loss.hours_short),
                }
                for loss in self.losses
            ],
            "looked_at": self.looked_at,
            "is_complete": self.is_complete,
            "spares": [{**attrs.asdict(spare), "amount": plain_hours(spare.amount)} for spare in self.spares],
        }

    def table(self) -> Table:
        """Return a row for each loss."""
        columns: dict[str, ColumnKind] = {
            "without": "text", "hours": "category", "documents": "category", "hours_short": "hours", "missing": "text",
        }  # fmt: skip
        rows = tuple(
            (
                ", ".join(loss.records), loss.hours_outcome, loss.documents_outcome,
                None if loss.hours_short is None else as_decimal(loss.hours_short), loss.says,
            )
            for loss in self.losses
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)


@asks(tries=A_COUNT)
def fragility(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    tries: int = 20_000,
) -> Fragility:
    """
    Return the fewest records whose loss breaks what is met, and how much each requirement of hours can lose.

    A record that can be lost is a training, a document, a designation or a review.  What is met breaks when it is not
    met for sure any more: the evaluation of the ledger without the records says so.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        tries: How many sets of records may be looked at.

    Raises:
        InvalidValue: `on` is not a valid date, or `readings` names an unknown question or reading.
        RuleSetNotFound: There is no such rule set.
    """
    asked, view, day = Asked(person, ruleset, rulesets, readings, strict=strict), ledger.pinned(), as_day(on)
    before = asked.on(view, day)
    met = tuple(name for name in ("hours", "documents") if _outcome(before, name) == "met")
    records = {record.id: record for record in view.records_of(person) if isinstance(record, _CAN_BE_LOST)}
    losses: list[Loss] = []
    looked_at, is_complete = 0, True
    for size in range(1, MOST_RECORDS + 1) if met else ():
        for some in combinations(records, size):
            if looked_at == tries:
                is_complete = False
                break
            looked_at += 1
            after = asked.on(view.without(some), day)
            if any(_outcome(after, name) != "met" for name in met):
                losses.append(_loss([records[name] for name in some], after))
        if losses or not is_complete:
            break
    return Fragility(
        person=person, on=day, met=met, losses=tuple(losses), looked_at=looked_at, is_complete=is_complete,
        spares=tuple(_spares(before)),
    )  # fmt: skip


def _outcome(report: Report, name: str) -> Outcome:
    return report.hours_outcome if name == "hours" else report.documents_outcome


def _loss(records: list[Record], after: Report) -> Loss:
    return Loss(
        records=tuple(record.id for record in records),
        described=" and ".join(map(_described, records)),
        hours_outcome=after.hours_outcome,
        documents_outcome=after.documents_outcome,
        hours_short=after.hours_short,
        says=missing_sentence(after),
    )


def _described(record: Record) -> str:
    if isinstance(record, TrainingEvent):
        title = f"'{record.title}', " if record.title else ""
        return f"{record.id} ({title}{spoken_day(record.completed)})"
    if isinstance(record, Document):
        return f"{record.id} ({record.kind.replace('-', ' ')}, {spoken_day(record.on)})"
    return record.id


def _spares(report: Report) -> Iterator[Spare]:
    findings = {finding.requirement: finding for finding in of_step(report)}
    for whole in findings.values():
        if whole.proof is not None and whole.result == "met":
            for name, amount in spare_units(whole.proof.plan, whole.proof.cells, whole.proof.alternatives):
                finding, unit = findings.get(name), _unit(whole)
                if finding is not None and finding.need and finding.result == "met" and unit is not None:
                    yield Spare(
                        requirement=name, says=finding.says, amount=Fraction(amount) * unit, unit=finding.unit
                    )  # fmt: skip


def _unit(whole: Finding) -> Fraction | None:
    """Return how much of the finding's unit a unit of its allocation is worth."""
    minimum = whole.proof.plan.demand.minimum if whole.proof is not None else 0
    return None if not minimum or whole.need is None else whole.need / minimum


def spare_units(
    plan: allocation.Plan, cells: tuple[allocation.Cell, ...], alternatives: tuple[allocation.Alternatives, ...]
) -> Iterator[tuple[str, int]]:
    """
    Yield for each demand without a maximum how many more units it could ask for while all stays met.

    Args:
        plan: A plan.
        cells: The cells that meet it.
        alternatives: The sets of cells of which only one counts.
    """
    most = sum(cell.amount for cell in cells) + sum(
        max(sum(cell.amount for cell in option) for option in some.options) for some in alternatives
    )

    def is_short(name: str, more: int) -> int:
        asked = allocation.compile_plan(_raised(plan.demand, name, more), limits=plan.limits)
        return int(not asked.allocate(cells, alternatives=alternatives).met)

    for name, minimum, is_limited in _demands(plan.demand):
        if minimum and not is_limited:
            yield name, bisect(range(1, most + 1), 0, key=partial(is_short, name))


def _demands(demand: allocation.Demand, *, is_limited: bool = False) -> Iterator[tuple[str, int, bool]]:
    here = is_limited or demand.maximum is not None
    yield demand.name, demand.minimum, here
    for child in demand.children:
        yield from _demands(child, is_limited=here)


def _raised(demand: allocation.Demand, name: str, more: int) -> allocation.Demand:
    """Return a demand in which one asks for more."""
    minimum = demand.minimum + (more if demand.name == name else 0)
    children = [_raised(child, name, more) for child in demand.children]
    return allocation.Demand(
        name=demand.name,
        minimum=minimum,
        maximum=demand.maximum,
        children=children,  # type: ignore[arg-type]  # the converter freezes it
        group=demand.group,
    )
