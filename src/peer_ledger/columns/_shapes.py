"""
Rows of a table as records: what many rows share is checked once, by the records' own reader.

A row is a shape, with an id, a person and a day of its own. For each different shape one record is built, as strictly
as from JSON, and stands for all rows that have it; of the other cells each different value is checked once. So no row
escapes a check, and a record is made for a row only when somebody needs it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import attrs

from peer_ledger.columns._cells import plain
from peer_ledger.columns._codes import Coded, Texts, coded, coded_ids, paired
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._tables import APART, FLAT, TABLES, Columns, field_types
from peer_ledger.errors import InvalidData, InvalidValue, Problem
from peer_ledger.records import Credit, Record, TrainingEvent
from peer_ledger.records._record import _derived_id
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.values._checks import check_of
from peer_ledger.values.dates import as_day

MOST_SHAPES = 200_000
"""How many different shapes of the rows of a table are remembered."""

_STAND_INS: Mapping[str, str] = {
    "id": "any", "person": "any", "completed": "2000-01-01", "on": "2000-01-01", "seen": "2000-01-01",
    "event": "any", "retracts": "any", "reason": "any",
}  # fmt: skip
"""What stands in a shape's record for what differs from row to row."""

_IN_ORDER: Mapping[str, date] = {"on": date(2000, 1, 1), "expires": date(2000, 12, 31)}
"""The days of an act, with what stands in a shape's record for those that are known."""

_OPTIONAL: Mapping[type[Record], frozenset[str]] = {
    cls: frozenset(field.name for field in attrs.fields(cls) if field.default is not attrs.NOTHING) - {"id"}
    for cls in TABLES.values()
}
"""The fields that may be unknown, for which nothing stands in."""

_Refused = tuple[Problem, ...]


class Rejected(NamedTuple):
    """
    A row that is not a record.

    Attributes:
        table: The table, by the name of the argument.
        row: The number of the row, from 1.
        person: Whom it is about; `None` where the cell holds no id.
        column: The column; `None` where the row as a whole is wrong.
        reason: What is wrong.
    """

    table: str
    row: int
    person: str | None
    column: str | None
    reason: str


@attrs.frozen(eq=False)
class Rows:
    """
    Some rows of a table, of which every one is a record.

    Attributes:
        columns: The columns.
        places: The number of each row in its table, from 1.
        shapes: The number of the shape of each row.
        examples: The record of each shape.
        apart: The columns that differ from row to row, by name.
        rejected: The other rows.
    """

    columns: Columns
    places: Any
    shapes: Any
    examples: Sequence[Any]
    apart: dict[str, Coded]
    rejected: list[Rejected]

    def __len__(self) -> int:
        return len(self.places)

    def taken(self, rows: Any) -> "Rows":
        """Return some of the rows, given their positions or a mask."""
        apart = {name: Coded(codes[rows], values) for name, (codes, values) in self.apart.items()}
        return attrs.evolve(self, places=self.places[rows], shapes=self.shapes[rows], apart=apart)

    def records(self, positions: Sequence[int]) -> list[Any]:
        """Return the records of some rows."""
        own = [(name, codes[positions].tolist(), values) for name, (codes, values) in self.apart.items()]
        return [
            another(self.examples[shape], {name: values[codes[place]] for name, codes, values in own})
            for place, shape in enumerate(self.shapes[positions].tolist())
        ]

    def record(self, position: int) -> Any:
        """Return the record of a row."""
        return self.records([position])[0]


def another(record: Record, own: Mapping[str, Any]) -> Record:
    """
    Return a record like another one, with other values of some fields.

    Nothing is checked: the values must have been, and must not depend on the fields that stay.
    """
    cls = type(record)
    made, put = cls.__new__(cls), object.__setattr__
    for name in _names_of(cls):
        put(made, name, own[name] if name in own else getattr(record, name))
    return made


_NAMES: dict[type, tuple[str, ...]] = {}


def _names_of(cls: type) -> tuple[str, ...]:
    found = _NAMES.get(cls)
    if found is None:
        found = _NAMES[cls] = tuple(field.name for field in attrs.fields(cls))
    return found


class Shapes:
    """
    The shapes of the rows of one table.

    Args:
        columns: The columns of the table.

    Attributes:
        table: The name of the table.
    """

    def __init__(self, columns: Columns) -> None:
        self.table = columns.table
        self._columns, self._types = columns, field_types(columns.cls)
        self._examples: list[Record | _Refused] = []
        self._is_refused = bytearray()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._days: dict[str, dict[date, Any]] = {}
        self._known: dict[tuple[str, Any], tuple[Any]] = {}
        self._first: TrainingEvent | None = None
        self._is_timed = columns.table == "trainings" and "started" in columns.names

    def rows(self, table: Any, places: Any) -> Rows:
        """
        Return the rows of a part of the table as records, and those that are none.

        Args:
            table: The part, as a table of Arrow.
            places: The number of each row in the whole table, from 1.
        """
        if len(self._numbers) > MOST_SHAPES:  # others may still hold on to the list, so that a new one is begun
            self._examples, self._is_refused, self._numbers = [], bytearray(), {}
        apart = {name: self._apart(table, name) for name in self._columns.apart}
        shapes = self._shapes_of(table, apart)
        for name in ("id", "person"):
            if name not in apart and name in self._types:
                apart[name] = self._absent(name, len(places))
        apart["id"] = self._named(apart["id"], shapes, places)
        wrong = numpy().array(self._is_refused, dtype=bool)[shapes]
        for codes, values in apart.values():
            if not isinstance(values, Texts) and any(isinstance(value, _Wrong) for value in values):
                wrong |= _which(isinstance, values, _Wrong)[codes]
        every = Rows(self._columns, places, shapes, self._examples, apart, [])
        rejected = [each for row in numpy().flatnonzero(wrong).tolist() for each in self._rejected(every, row)]
        return attrs.evolve(every.taken(~wrong) if rejected else every, rejected=rejected)

    def _shapes_of(self, table: Any, apart: Mapping[str, Coded]) -> Any:
        """Return the number of the shape of each row."""
        names = self._columns.shape
        found = [coded(table.column(name)) for name in names]
        if self._columns.table == "certifications":  # which of its days are known, and whether they are in order
            days = {name: apart[name] for name in ("on", "expires") if name in apart}
            found += _in_order(days, table.num_rows)
            names = (*names, *days)
        if self._is_timed:  # where a training began is known, that must be before its end
            began = found[names.index("started")]
            ended, has_begun = coded(table.column("completed")), _which(_is_there, began.values, None)[began.codes]
            found.append(Coded(numpy().where(has_begun, ended.codes, len(ended.values)), [*ended.values, None]))
            names = (*names, "completed")
        both, first = paired([codes for codes, _ in found], table.num_rows)
        numbers = [
            self._number(tuple([values[codes[row]] for codes, values in found]), names) for row in first.tolist()
        ]
        return numpy().array(numbers, dtype=numpy().int64)[both]

    def _number(self, values: tuple[Any, ...], names: tuple[str, ...]) -> int:
        number = self._numbers.get(values)
        if number is None:
            number = self._numbers[values] = len(self._examples)
            cells = dict(zip(names, values, strict=True))
            example = self._of_known(cells) or self._example(cells)
            self._examples.append(example)
            self._is_refused.append(isinstance(example, tuple))
        return number

    def _of_known(self, cells: Mapping[str, Any]) -> Record | None:
        """
        Return the record of a shape of trainings, all cells of which are those of other records; otherwise `None`.

        No field of a training has anything to do with another one, but for the day on which it began.
        """
        if self._columns.cls is not TrainingEvent or cells.get("started") is not None:
            return None
        known = {}
        for name, value in self._by_field(cells):
            found = self._known.get((name, value))
            if found is None:
                return None
            known[name] = found[0]
        return another(self._first, known) if self._first is not None else None

    def _by_field(self, cells: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the fields of a shape, each with the cells that it is made of."""
        if self._columns.is_flat:
            yield "credits", tuple([cells.get(name) for name in FLAT])
        for name, value in cells.items():
            if name in self._types and name != "started":
                yield name, value

    def _keep(self, cells: Mapping[str, Any], record: Any) -> None:
        """Note which values the cells of a record have."""
        if self._first is None and record.started is None:
            self._first = record
        if len(self._known) < MOST_SHAPES:
            self._known |= {key: (getattr(record, key[0]),) for key in self._by_field(cells)}

    def _example(self, cells: dict[str, Any]) -> Record | _Refused:
        """Return the record of a shape, or what is wrong with it."""
        problems, given = list[Problem](), dict(cells)
        kind = self._columns.cls.record_type
        if cells.pop("type", None) not in (None, kind):
            problems.append(Problem("type", f"this table holds records of the type {kind!r} only"))
        credit = {name: cells.pop(name, None) for name in FLAT} if self._columns.is_flat else {}
        data = dict[str, Any]()
        for name, value in cells.items():
            try:
                data[name] = plain(value, self._types[name])
            except InvalidValue as error:
                problems.append(Problem(name, error.message))
        if any(value not in (None, "") for value in credit.values()):
            data["credits"] = self._credit(credit, problems)
        apart = {"id", "person", *APART.get(self._columns.cls, ())} & self._types.keys() - _OPTIONAL[self._columns.cls]
        needed = {name: _STAND_INS[name] for name in apart & _STAND_INS.keys()}
        known = {name: value for name, value in data.items() if value is not None}
        try:
            record = record_from_dict({"type": kind, **needed, **known})
        except InvalidData as error:
            return (*problems, *(self._named_column(problem) for problem in error.problems))
        if not problems and isinstance(record, TrainingEvent):
            self._keep(given, record)
        return tuple(problems) or record

    def _credit(self, cells: dict[str, Any], problems: list[Problem]) -> list[dict[str, Any]]:
        """Return the only credit of a training, whose cells are columns of the table."""
        types, found = field_types(Credit), dict[str, Any]()
        for name, value in cells.items():
            try:
                found[name] = plain(value, types[name])
            except InvalidValue as error:
                problems.append(Problem(name, error.message))
        return [{name: value for name, value in found.items() if value is not None}]

    def _named_column(self, problem: Problem) -> Problem:
        """Return a problem with the column that it is in."""
        if self._columns.is_flat and problem.path.startswith("credits[0]."):
            return Problem(problem.path.removeprefix("credits[0]."), problem.message)
        return problem

    def _apart(self, table: Any, name: str) -> Coded:
        """Return a column that differs from row to row, with each different value checked."""
        if name in ("id", "person"):
            ids = coded_ids(table.column(name))
            if ids is not None:
                return ids
        codes, values = coded(table.column(name))
        field = attrs.fields_dict(self._columns.cls)[name]
        check = check_of(field)
        if check is None or field.type in (date, date | None):
            return Coded(codes, [self._checked_day(name, value) for value in values])
        holds = check.holds  # most are texts that are taken as they are
        return Coded(
            codes, [value if type(value) is str and holds(value) else self._checked(name, value) for value in values]
        )

    def _checked_day(self, name: str, value: Any) -> Any:
        """Return the same as `_checked`, which is remembered of days of the calendar."""
        if type(value) is not date:
            return self._checked(name, value)
        seen = self._days.setdefault(name, {})
        if value not in seen:
            seen[value] = self._checked(name, value)
        return seen[value]

    def _checked(self, name: str, value: Any) -> Any:
        field = attrs.fields_dict(self._columns.cls)[name]
        check = check_of(field)
        assert check is not None, "every field that differs from row to row has a check"
        try:
            found = plain(value, field.type)
            if found is None and name == "id":
                return None
            if found is not None and field.type in (date, date | None):
                found = as_day(found) if isinstance(found, str) else found
        except InvalidValue as error:
            return _Wrong(error.message)
        if found is None and not check.optional:
            return _Wrong("is missing")
        message = check.problem(found)
        return found if message is None else _Wrong(message)

    def _absent(self, name: str, rows: int) -> Coded:
        """Return a column that the table does not have."""
        is_needed = name == "person" and self._columns.table != "coverage"
        return Coded(numpy().zeros(rows, dtype=numpy().int64), [_Wrong("is missing") if is_needed else None])

    def _named(self, ids: Coded, shapes: Any, places: Any) -> Coded:
        """Return the ids, with those of rows without one: derived from their origin, or else from their place."""
        empty = (
            [] if isinstance(ids.values, Texts) else [code for code, value in enumerate(ids.values) if value is None]
        )
        if not empty:
            return ids
        codes, values = ids.codes.copy(), list(ids.values)
        for row in numpy().flatnonzero(numpy().isin(ids.codes, empty)).tolist():
            example = self._examples[shapes[row]]
            derived = _derived_id(example) if isinstance(example, Record) else None
            codes[row] = len(values)
            values.append(derived or f"{self._columns.table}-{places[row]}")
        return Coded(codes, values)

    def _rejected(self, rows: Rows, row: int) -> Iterator[Rejected]:
        """Yield what is wrong with a row."""
        cells = {name: values[codes[row]] for name, (codes, values) in rows.apart.items()}
        person, place = cells.get("person"), int(rows.places[row])
        known = person if isinstance(person, str) else None
        example = rows.examples[rows.shapes[row]]
        for name, value in cells.items():
            if isinstance(value, _Wrong):
                yield Rejected(self._columns.table, place, known, name, value.message)
        for problem in example if isinstance(example, tuple) else ():
            yield Rejected(self._columns.table, place, known, problem.path or None, problem.message)


class _Wrong(NamedTuple):
    """What is wrong with a cell."""

    message: str


def _in_order(days: Mapping[str, Coded], rows: int) -> list[Coded]:
    """
    Return the days of acts as far as they matter to whether an act can be a record.

    They matter themselves only where the expiry is before the day; otherwise it matters which of them are known.
    """
    np = numpy()
    there = {name: _which(_is_there, values, None)[codes] for name, (codes, values) in days.items()}
    are_reversed = np.zeros(rows, dtype=bool)
    if len(days) == len(_IN_ORDER):
        on, expires = (_ordinals(days[name]) for name in _IN_ORDER)
        are_reversed = (expires > 0) & (expires < on)
    return [
        Coded(
            np.where(are_reversed, days[name].codes + 2, there[name]),
            [None, stand_in, *(None if isinstance(value, _Wrong) else value for value in days[name].values)],
        )
        for name, stand_in in _IN_ORDER.items()
        if name in days
    ]


def _ordinals(days: Coded) -> Any:
    """Return days as numbers of the calendar, as an array; 0 for what is none."""
    numbers = [value.toordinal() if isinstance(value, date) else 0 for value in days.values]
    return numpy().array(numbers, dtype=numpy().int64)[days.codes]


def _is_there(value: Any, _: None) -> bool:
    return value is not None


def _which(test: Callable[[Any, Any], bool], values: Sequence[Any], what: Any) -> Any:
    """Return as an array of which values something is true."""
    return numpy().fromiter((test(value, what) for value in values), dtype=bool, count=len(values))
