"""
Cells that differ from row to row: each different value is checked once.

Ids and days of most columns need no look at single values: whether they are what a record may hold follows from the
bytes, or from the first and the last day.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from peer_ledger.columns._cells import plain
from peer_ledger.columns._codes import Coded, DaysInARow, coded, coded_days, coded_ids, numbers_of
from peer_ledger.columns._libraries import numpy
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.records import Record, TrainingEvent
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.values._checks import check_of
from peer_ledger.values.dates import FIRST_YEAR, LAST_YEAR, as_day

_FIRST, _LAST = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()

MOST_AMOUNTS = 200_000
"""How many different amounts are remembered."""

_ANY_TRAINING = {"id": "any", "person": "any", "completed": "2000-01-01"}

_IN_ORDER: Mapping[str, date] = {"on": date(2000, 1, 1), "expires": date(2000, 12, 31)}
"""The days of an act, with what stands in a shape's record for those that are known."""


class Wrong(NamedTuple):
    """What is wrong with a cell."""

    message: str


class ApartCells:
    """
    Checks the cells of fields that differ from record to record.

    Args:
        cls: The class of the records.
    """

    def __init__(self, cls: type[Record]) -> None:
        self._fields = attrs.fields_dict(cls)
        self._amounts: dict[tuple[type, Any], Decimal | Wrong | None] = {}

    def checked(self, column: Any, name: str) -> Coded:
        """
        Return a column with each different value checked.

        Args:
            column: The column, as an array of Arrow or a chunked one.
            name: The name of the field.
        """
        if name in ("id", "person"):
            ids = coded_ids(column)
            if ids is not None:
                return ids
        if name == "amount":
            return self._checked_amounts(column)
        field = self._fields[name]
        check = check_of(field)
        assert check is not None, "every field that differs from row to row has a check"
        if field.type in (date, date | None):
            are_known = check.optional or not column.null_count
            days = coded_days(column, _FIRST, _LAST) if are_known else None
            return days or self._checked_days(name, column)
        codes, values = coded(column)
        holds = check.holds  # most are texts that are taken as they are
        return Coded(
            codes, [value if type(value) is str and holds(value) else self._checked(name, value) for value in values]
        )

    def _checked_amounts(self, column: Any) -> Coded:
        """Return a column of the amounts of only credits; `None` where there is none."""
        codes, values = coded(column)
        if len(self._amounts) > MOST_AMOUNTS:
            self._amounts.clear()
        for value in values:
            if (type(value), value) not in self._amounts:
                self._amounts[type(value), value] = _amount(value)
        return Coded(codes, [self._amounts[type(value), value] for value in values])

    def _checked_days(self, name: str, column: Any) -> Coded:
        """Return a column of days in which there are other things, or which are texts."""
        codes, values = coded(column)
        return Coded(codes, [self._checked(name, value) for value in values])

    def _checked(self, name: str, value: Any) -> Any:
        field = self._fields[name]
        check = check_of(field)
        assert check is not None, "every field that differs from row to row has a check"
        try:
            found = plain(value, field.type)
            if found is None and name == "id":
                return None
            if found is not None and field.type in (date, date | None):
                found = as_day(found) if isinstance(found, str) else found
        except InvalidValue as error:
            return Wrong(error.message)
        if found is None and not check.optional:
            return Wrong("is missing")
        message = check.problem(found)
        return found if message is None else Wrong(message)


def _amount(value: Any) -> Decimal | Wrong | None:
    """Return the amount of a credit as the records' own reader takes it."""
    try:
        found = plain(value, Decimal)
        if found is None:
            return None
        record = record_from_dict({"type": TrainingEvent.record_type, **_ANY_TRAINING, "credits": [{"amount": found}]})
    except InvalidValue as error:
        return Wrong(error.message)
    except InvalidData as error:
        return Wrong(error.problems[0].message)
    assert isinstance(record, TrainingEvent)
    [credit] = record.credits or ()
    return credit.amount


def absent(rows: int, *, is_needed: bool) -> Coded:
    """Return a column that the table does not have."""
    return Coded(numpy().zeros(rows, dtype=numpy().int64), [Wrong("is missing") if is_needed else None])


def in_order(days: Mapping[str, Coded], rows: int) -> list[Coded]:
    """
    Return the days of acts as far as they matter to whether an act can be a record.

    They matter themselves only where the expiry is before the day; otherwise it matters which of them are known.
    """
    np = numpy()
    are_reversed = np.zeros(rows, dtype=bool)
    if len(days) == len(_IN_ORDER):
        on, expires = (numbers_of(days[name]) for name in _IN_ORDER)
        are_reversed = (expires > 0) & (expires < on)
    some = np.flatnonzero(are_reversed)
    found = []
    for name, stand_in in _IN_ORDER.items():
        if name not in days:
            continue
        codes, values = _known(days[name]), [None, stand_in]
        if len(some):
            different, places = np.unique(days[name].codes[some], return_inverse=True)
            codes[some] = places + len(values)
            values += [_day_or_none(days[name].values[code]) for code in different.tolist()]
        found.append(Coded(codes, values))
    return found


def _known(days: Coded) -> Any:
    """Return which days are known, as an array of 0 and 1."""
    codes, values = days
    if isinstance(values, DaysInARow):
        return (codes > 0).astype(numpy().int64)
    return which(values, lambda value: value is not None)[codes].astype(numpy().int64)


def _day_or_none(value: Any) -> Any:
    return None if isinstance(value, Wrong) else value


def which(values: Sequence[Any], test: Callable[[Any], bool]) -> Any:
    """Return as an array of which values something is true."""
    return numpy().fromiter(map(test, values), dtype=bool, count=len(values))
