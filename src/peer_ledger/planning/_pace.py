"""
Pace: how many hours a month are needed to be done in time, for one person and for many.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.evaluation._question import RULE_SETS_BY_ID
from peer_ledger.planning._asked import last_day, of_step
from peer_ledger.planning._shown import Shown
from peer_ledger.planning._topics import Topics
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import Report
from peer_ledger.reports._report import all_reports
from peer_ledger.rules import RuleSet
from peer_ledger.values._arguments import an_instance, arguments
from peer_ledger.values._wording import counted, spoken_day, training_amount
from peer_ledger.values.hours import plain_hours


@attrs.frozen(kw_only=True)
class MonthlyNeed:
    """
    Training of one kind that is missing.

    Attributes:
        requirement: The narrowest requirement that it has to count for.
        amount: How much is missing in all.
        a_month: How much that is in each month.
        unit: The unit of both.
    """

    requirement: str
    amount: Fraction
    a_month: Fraction
    unit: str


@attrs.frozen(kw_only=True)
class Pace(Shown):
    """
    How much training one person needs in each month to be done in time.

    Attributes:
        person: The id of the person.
        on: The day from which it is counted.
        by: The last day that is surely in time; `None` when no day is known.
        months: The calendar months from one day to the other, including both of theirs; 0 when no day is known.
        needs: The training that is missing under the assumed readings; empty when none is.
        is_settled: Whether it is decided how much is missing.
    """

    person: str
    on: date
    by: date | None
    months: int
    needs: tuple[MonthlyNeed, ...]
    is_settled: bool

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Training that {self.person} needs in each month"

    def sentences(self) -> Iterator[str]:
        """Yield how much is needed in each month."""
        if not self.needs:
            yield "No training is missing." if self.is_settled else "It is not settled whether training is missing."
        for need in self.needs:
            much = f"{training_amount(need.amount, need.unit)} for {need.requirement!r}"
            if self.by is None:
                yield f"{much} without a known last day."
            else:
                a_month = training_amount(need.a_month, need.unit)
                yield f"{much} until {spoken_day(self.by)}: {a_month} in each of {counted(self.months, 'month')}."
        if self.needs and not self.is_settled:
            yield "How much is missing is not settled; these are the assumed readings."

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values: days and amounts are texts."""
        return {
            "person": self.person,
            "on": self.on.isoformat(),
            "by": None if self.by is None else self.by.isoformat(),
            "months": self.months,
            "needs": [
                {**attrs.asdict(need), "amount": plain_hours(need.amount), "a_month": plain_hours(need.a_month)}
                for need in self.needs
            ],
            "is_settled": self.is_settled,
        }

    def table(self) -> Table:
        """Return a row for each kind of training that is missing."""
        columns: dict[str, ColumnKind] = {
            "requirement": "category", "missing": "hours", "a_month": "hours", "unit": "category",
        }  # fmt: skip
        rows = tuple(
            (need.requirement, as_decimal(need.amount), as_decimal(need.a_month), need.unit) for need in self.needs
        )
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)


@arguments(report=an_instance("a report, as evaluate returns it", Report))
def pace(report: Report) -> Pace:
    """
    Return how much training a person needs in each month to be done in time.

    Args:
        report: The person's report.
    """
    by = last_day(report)
    months = 0 if by is None else len(list(_months(report.on, by)))
    return Pace(
        person=report.person,
        on=report.on,
        by=by,
        months=months,
        needs=tuple(
            MonthlyNeed(requirement=name, amount=amount, a_month=amount / max(months, 1), unit=unit)
            for name, amount, unit in _missing(report)
        ),
        is_settled=report.hours_outcome != "undetermined",
    )


@arguments(rulesets=RULE_SETS_BY_ID)
def forecast(reports: Iterable[Report], *, rulesets: Mapping[str, RuleSet] | None = None) -> Table:
    """
    Return the hours that people have to be trained in each month, by topic and by what they have to count for.

    What a person is missing is spread evenly over the calendar months until the last day that is surely in time.  The
    month is empty for what has no known last day.  People about whom it is not settled count as the readings assume.

    Args:
        reports: The reports, as `evaluate_all` returns them.
        rulesets: The rule sets that exist, by id, in which the topics of requirements are looked up; `None` for those
            that can be found by id.

    Returns:
        A row for each month, requirement and unit.  A training for it must be on one of the topics; where there are
        none, any will do, or the rules were not found.

    Raises:
        InvalidValue: Something among the reports is none.
    """
    known = Topics(rulesets)
    sums: dict[tuple[date | None, str, str, str, str], dict[str, Fraction]] = {}
    for report in all_reports(reports):
        by = last_day(report)
        months: list[date | None] = [None] if by is None else [*_months(report.on, by)]
        for name, amount, unit in _missing(report):
            for month in months:
                topics = "; ".join(known.of(report, name))
                people = sums.setdefault((month, topics, report.provenance.ruleset, name, unit), {})
                people[report.person] = people.get(report.person, Fraction(0)) + amount / len(months)
    columns: dict[str, ColumnKind] = {
        "month": "day", "topics": "category", "rules": "category", "requirement": "category", "people": "count",
        "hours": "hours", "unit": "category",
    }  # fmt: skip
    order = sorted(sums, key=lambda key: (key[0] is None, key[0] or date.min, key[1:]))
    rows = tuple(
        (month, topics or None, *key, len(people), as_decimal(sum(people.values(), Fraction(0))), unit)
        for month, topics, *key, unit in order
        for people in [sums[month, topics, key[0], key[1], unit]]
    )
    title = "Training that is needed in each month"
    return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=title)


def _missing(report: Report) -> Iterator[tuple[str, Fraction, str]]:
    """Yield the smallest additions of training, each with the narrowest requirement that it has to count for."""
    for finding in of_step(report):
        if finding.result == "short" and finding.part_of is None and finding.subject == "hours":
            for addition in finding.additions:
                name = addition.serves[0] if addition.serves else finding.requirement
                yield name, addition.amount, finding.unit


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first days of the calendar months from that of one day to that of another."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)
