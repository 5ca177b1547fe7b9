"""
Rows of a table as records: what many rows share is checked once, by the records' own reader.

A row is a shape, with an id, a person, a day and often an amount of its own. For each different shape one record is
built, as strictly as from JSON, and stands for all rows that have it; of the other cells each different value is
checked once. So no row escapes a check, and a record is made for a row only when somebody needs it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import attrs

from peer_ledger.columns._apart import ApartCells, Wrong, absent, in_order, which
from peer_ledger.columns._cells import plain
from peer_ledger.columns._codes import Coded, Texts, coded, paired
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._tables import APART, FLAT, TABLES, Columns, field_types
from peer_ledger.errors import InvalidData, InvalidValue, Problem
from peer_ledger.records import Credit, Record, TrainingEvent
from peer_ledger.records._record import _derived_id
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.values._slots import setters_of

Made = TypeVar("Made", bound=Record | Credit)

MOST_SHAPES = 200_000
"""How many different shapes of the rows of a table are remembered."""

_STAND_INS: Mapping[str, str] = {
    "id": "any", "person": "any", "completed": "2000-01-01", "on": "2000-01-01", "seen": "2000-01-01",
    "event": "any", "retracts": "any", "reason": "any",
}  # fmt: skip
"""What stands in a shape's record for what differs from row to row."""

STAND_IN_AMOUNT = 1
"""The amount of the only credit of a shape's record where each row has its own."""

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
            _with(self.examples[shape], {name: values[codes[place]] for name, codes, values in own})
            for place, shape in enumerate(self.shapes[positions].tolist())
        ]

    def record(self, position: int) -> Any:
        """Return the record of a row."""
        return self.records([position])[0]


def with_amount(credits_: tuple[Credit, ...], amount: Decimal) -> tuple[Credit, ...]:
    """Return the only credit of a shape's record with the amount of a row."""
    [credit] = credits_
    return (another(credit, {"amount": amount}),)


def _with(record: Any, own: dict[str, Any]) -> Any:
    amount = own.pop("amount", None)
    if amount is not None:
        own["credits"] = with_amount(record.credits, amount)
    return another(record, own)


def another(record: Made, own: Mapping[str, Any]) -> Made:
    """
    Return a record or a credit like another one, with other values of some fields.

    Nothing is checked: the values must have been, and must not depend on the fields that stay.
    """
    cls = type(record)
    values_of, setters = _fields_of(cls)
    made = cls.__new__(cls)
    for put, value in zip(setters.values(), values_of(record), strict=True):
        put(made, value)
    for name, value in own.items():
        setters[name](made, value)
    return made


_FIELDS: dict[type, tuple[Callable[[Any], tuple[Any, ...]], dict[str, Callable[[Any, Any], None]]]] = {}


def _fields_of(cls: type) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, Callable[[Any, Any], None]]]:
    """Return what reads all fields of an instance of a class at once, and what writes each."""
    if cls not in _FIELDS:
        setters = setters_of(cls)
        _FIELDS[cls] = attrgetter(*setters), setters
    return _FIELDS[cls]


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
        self._cells = ApartCells(columns.cls)
        self._examples: list[Record | _Refused] = []
        self._is_refused = bytearray()
        self._numbers: dict[bytes, int] = {}
        self._values: defaultdict[int, dict[tuple[type, Any], int]] = defaultdict(dict)
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
            self._values.clear()
        apart = {name: self._cells.checked(table.column(name), name) for name in self._columns.apart}
        shapes = self._shapes_of(table, apart)
        for name in ("id", "person"):
            if name not in apart and name in self._types:
                is_needed = name == "person" and self.table != "coverage"
                apart[name] = absent(len(places), is_needed=is_needed)
        apart["id"] = self._named(apart["id"], shapes, places)
        wrong = numpy().array(self._is_refused, dtype=bool)[shapes]
        for codes, values in apart.values():
            if isinstance(values, list) and any(isinstance(value, Wrong) for value in values):
                wrong |= which(values, lambda value: isinstance(value, Wrong))[codes]
        every = Rows(self._columns, places, shapes, self._examples, apart, [])
        rejected = [each for row in numpy().flatnonzero(wrong).tolist() for each in self._rejected(every, row)]
        return attrs.evolve(every.taken(~wrong) if rejected else every, rejected=rejected)

    def _shapes_of(self, table: Any, apart: Mapping[str, Coded]) -> Any:
        """Return the number of the shape of each row."""
        names = self._columns.shape
        found = [coded(table.column(name)) for name in names]
        if "amount" in apart:  # whether a row has an amount, and so a credit
            codes, amounts = apart["amount"]
            is_there = which(amounts, lambda value: value is not None)[codes].astype(numpy().int64)
            found.append(Coded(is_there, [None, STAND_IN_AMOUNT]))
            names = (*names, "amount")
        if self._columns.table == "certifications":  # which of its days are known, and whether they are in order
            days = {name: apart[name] for name in ("on", "expires") if name in apart}
            found += in_order(days, table.num_rows)
            names = (*names, *days)
        if self._is_timed:  # where a training began is known, that must be before its end
            began = found[names.index("started")]
            ended = coded(table.column("completed"))
            has_begun = which(began.values, lambda value: value is not None)[began.codes]
            found.append(Coded(numpy().where(has_begun, ended.codes, len(ended.values)), [*ended.values, None]))
            names = (*names, "completed")
        both, first = paired([codes for codes, _ in found], table.num_rows)
        keys = self._keys(found, first)
        for key, row in zip(keys, first.tolist(), strict=True):
            if key not in self._numbers:
                cells = [each[codes[row]] for codes, each in found]
                self._numbers[key] = self._new(dict(zip(names, cells, strict=True)))
        return numpy().array([self._numbers[key] for key in keys], dtype=numpy().int64)[both]

    def _keys(self, found: Sequence[Coded], rows: Any) -> list[bytes]:
        """Return for each of some rows the numbers of its values, which are the same in all parts of the table."""
        np, columns = numpy(), list[Any]()
        for place, (codes, values) in enumerate(found):
            numbers = self._values[place]
            each = [numbers.setdefault((type(value), value), len(numbers)) for value in values]
            columns.append(np.array(each, dtype=np.int32)[codes[rows]])
        if not columns:
            return [b""] * len(rows)
        together = np.stack(columns, axis=1)
        keys: list[bytes] = together.view(f"V{together.strides[0]}").ravel().tolist()
        return keys

    def _new(self, cells: dict[str, Any]) -> int:
        """Return the number of a new shape."""
        example = self._of_known(cells) or self._example(cells)
        self._examples.append(example)
        self._is_refused.append(isinstance(example, tuple))
        return len(self._examples) - 1

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
            if isinstance(value, Wrong):
                yield Rejected(self._columns.table, place, known, name, value.message)
        for problem in example if isinstance(example, tuple) else ():
            yield Rejected(self._columns.table, place, known, problem.path or None, problem.message)
