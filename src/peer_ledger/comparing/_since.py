"""
From when on two rule sets answer differently about a person.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import attrs

from peer_ledger.comparing._differences import answer_of
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._over_time import days_of_rules
from peer_ledger.ledger import Basis
from peer_ledger.records import Record
from peer_ledger.reports import Report
from peer_ledger.values.dates import DAY


class Since:
    """
    From when on two answers about one person differ.

    Args:
        asked: What answers before and after.
        dossier: Everything on file about the person.
        basis: What the ledger shows.
    """

    def __init__(self, asked: tuple[Asking, Asking], dossier: Dossier, basis: Basis) -> None:
        self._asked, self._dossier, self._basis = asked, dossier.whole(), basis
        self._recorded = {day for record in dossier.records for day in _days_in(record)}
        self._known = self._recorded | {day + DAY for day in self._recorded}
        self._known |= {day for asking in asked for day in days_of_rules(asking.position.known)}

    def before(self, on: date) -> date | None:
        """
        Return the first of the days until one day on all of which the answers differ.

        Whether answers differ changes on days of records, of rules and of their own dates.  Between two of these it
        changes once at most, as where days that count are counted back from the day asked about, or where a status
        begins some days ahead of a date; that day is found by halving.

        Args:
            on: The day, on which they differ.

        Returns:
            The day; `None` where they differ on every day from the first on file on.
        """
        day, first = on, min(self._recorded, default=on)
        while day >= first:
            reports = self._reports(day)
            begins = max((one for one in self._changes(reports) if one <= day), default=day)
            if not self._differ(begins - DAY):
                return begins if begins == day or self._differ(begins) else self._between(begins, day)
            day = begins - DAY
        return None

    def _between(self, same: date, other: date) -> date:
        """Return the first day on which the answers differ, after one on which they do not."""
        days = range(1, (other - same).days + 1)
        return same + timedelta(days=days[bisect_left(days, 1, key=lambda days: self._differ(same + days * DAY))])

    def _differ(self, day: date) -> bool:
        one, other = self._reports(day)
        return answer_of(one) != answer_of(other)

    def _reports(self, day: date) -> list[Report]:
        return [asking.report(self._dossier, day, basis=self._basis) for asking in self._asked]

    def _changes(self, reports: Iterable[Report]) -> Iterator[date]:
        """Yield the days on which answers may change, as far as is known from some days' answers."""
        yield from self._known
        for report in reports:
            for found in dict(report.dates.items()).values():
                yield from (near for day in found.candidates for near in (day, day + DAY))


def _days_in(record: Record) -> Iterator[date]:
    """Yield the days that a record states."""
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        if isinstance(value, date):
            yield value
