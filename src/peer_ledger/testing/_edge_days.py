"""
The days on which an answer may change, and the order in which records can be appended.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from peer_ledger.evaluation import evaluate
from peer_ledger.ledger import Ledger
from peer_ledger.records import Certification, Record, Retraction
from peer_ledger.reports import Report
from peer_ledger.rules import OF_FACTS, RuleSet, questions_of
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._mentions import walk
from peer_ledger.values.dates import DAY, FIRST_YEAR, LAST_YEAR

FIRST, LAST = date(FIRST_YEAR + 50, 1, 1), date(LAST_YEAR - 50, 12, 31)
EDGES = ("2012-02-29", "2024-02-29", "2023-01-31", "2022-12-31", "2024-01-01", "2025-06-30")


def days_about(ruleset: RuleSet, records: Sequence[Record]) -> SearchStrategy[date]:
    """
    Return days on which an answer may change: around the records' days and the boundaries that follow from them.

    Args:
        ruleset: The rule set.
        records: The life.
    """
    days = {value for record in records for _, value in walk(record) if isinstance(value, date)}
    for record in records:
        if isinstance(record, Certification) and record.act in ("awarded", "renewed"):
            asked = record.on or record.expires or ruleset.seen_on
            days |= set(boundaries(assumed_report(ruleset, records, record.person, asked)))
    near = sorted(day + by * DAY for day in days | {ruleset.seen_on} for by in (-1, 0, 1))
    hot = [day for day in near if FIRST <= day <= LAST]
    return st.sampled_from(hot) | st.dates(hot[0], min(hot[-1] + 400 * DAY, LAST))


def assumed_report(ruleset: RuleSet, records: Iterable[Record], person: str, on: date) -> Report:
    """
    Return the report under the assumed readings, from the board's acts alone.
    """
    ledger = Ledger()
    ledger.append(record for record in records if isinstance(record, Certification))
    questions = (*questions_of(ruleset), *OF_FACTS)
    return evaluate(ledger, person, on=on, ruleset=ruleset, readings={asked.id: asked.assumed for asked in questions})


def boundaries(report: Report) -> list[date]:
    """
    Return the dates of a report: the due date, the last day to file late, the earning days, and so on.
    """
    return sorted({day for _, date_of in report.dates.items() for day in date_of.candidates})


def in_order(records: Sequence[Record]) -> Iterator[Record]:
    """
    Yield records in the given order, except that a retraction follows what it retracts.
    """
    waiting, known = list(records), set[str]()
    while waiting:
        ready = [record for record in waiting if not isinstance(record, Retraction) or record.retracts in known]
        assert ready, "what is retracted is among the records"
        known |= {record.id for record in ready}
        yield from ready
        waiting = [record for record in waiting if record.id not in known]
