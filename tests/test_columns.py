"""Frames are answered as a ledger of the same records is, and a bad cell is a rejected row."""

import gc
import tempfile
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from random import Random

import attrs
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort, looked_at
from peer_ledger import (
    Ledger,
    Roster,
    evaluate_all,
    ruleset,
    ruleset_ids,
)
from peer_ledger.columns import (
    _apart,
    _codes,
    _parts,
    _people,
    _shapes,
    _sources,
    due_picture,
    evaluate_batches,
    evaluate_frame,
    tables_of,
)
from peer_ledger.columns import _seen as seen
from peer_ledger.columns import _trainings as trainings
from peer_ledger.columns._about import of_all
from peer_ledger.columns._rows_of_answers import AnswerRows
from peer_ledger.columns._tables import TABLES, columns_of
from peer_ledger.errors import InvalidData, InvalidValue, LedgerMisuse
from peer_ledger.evaluation._position import forget_positions
from peer_ledger.example import ON, import_example
from peer_ledger.presenting import pictures
from peer_ledger.records import record_from_dict
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing import days_about, lives

ALSO = ("short", "questions", "findings")


def some_of_the_example():
    """Return the records of a few people of the example, whatever came before others."""
    ledger, records = import_example()[0], {}
    for person in sorted(ledger.people())[::5]:
        records |= {record.id: record for record in ledger.records_of(person)}
    return [*ledger.shared_records(), *records.values()]


SOME = some_of_the_example()
NC = ruleset("us-nc-cpss")
TABLES_OF_SOME = tables_of(SOME)


@cache
def answers_to_some():
    return expected(SOME, ON, NC, ())


def expected(records, day, rules, also=ALSO, readings=None):
    """Return the rows about people and requirements that a ledger of the same records gives."""
    ledger = Ledger()
    ledger.append(records)
    people, findings = AnswerRows(rules, also).tables(
        evaluate_all(ledger, on=day, ruleset=rules, readings=readings), ()
    )
    return people.to_pylist(), findings.to_pylist()


def found(tables, day, rules, also=ALSO, **how):
    """Return the same from tables."""
    answers = evaluate_frame(**tables, on=day, ruleset=rules, also=also, to="pyarrow", **how)
    assert answers.rejected.to_pylist() == []
    return answers.people.to_pylist(), answers.findings.to_pylist()


@st.composite
def crowds(draw, rules):
    """Draw some people's lives under a rule set, and a day that matters to one of them."""
    marks = "abc"[: draw(st.integers(1, 3))]
    drawn = [draw(lives(rules, person=f"p-{mark}", mark=mark, beside=consulted_by(rules).values())) for mark in marks]
    records = [record for life in drawn for record in life]
    return records, draw(days_about(rules, drawn[0]))


@pytest.mark.parametrize("name", looked_at(ruleset_ids()))
def test_tables_are_answered_as_a_ledger_of_their_records(name):
    rules = ruleset(name)

    @given(crowds(rules), st.integers(1, 40), st.booleans())
    @effort(4)
    def agree(crowd, at_once, everything):
        records, day = crowd
        also = ALSO if everything else ()
        assert expected(records, day, rules, also) == found(tables_of(records), day, rules, also, rows_at_once=at_once)

    agree()


def shuffled(table):
    order = list(range(table.num_rows))
    Random(7).shuffle(order)
    return table.take(pa.array(order))


def in_files(tables, folder, **how):
    """Return the paths of files that hold some tables."""
    paths = {name: folder / f"{name}.parquet" for name in tables}
    for name, table in tables.items():
        pq.write_table(table, paths[name], **how)
    return paths


def in_folders(tables, folder):
    """Return the paths of folders, each with the table in two files."""
    for name, table in tables.items():
        (folder / name).mkdir()
        half = table.num_rows // 2
        pq.write_table(table.slice(0, half), folder / name / "1.parquet")
        pq.write_table(table.slice(half), folder / name / "2.parquet")
    return {name: str(folder / name) for name in tables}


def of_duckdb(tables):
    duckdb = pytest.importorskip("duckdb")
    return {name: duckdb.from_arrow(table) for name, table in tables.items()}


class OnlyStream:
    """A table that is known by Arrow's stream alone, which it yields once."""

    def __init__(self, table):
        self._tables = [table]

    def __arrow_c_stream__(self, requested_schema=None):
        return self._tables.pop().__arrow_c_stream__(requested_schema)


def in_dictionaries(table):
    """Return a table whose texts are dictionaries of Arrow, as categories of pandas and polars are."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(place, field.name, table.column(place).dictionary_encode())
    return table


def each(change):
    return lambda tables, _: {name: change(table) for name, table in tables.items()}


WAYS = {
    "pyarrow": each(lambda table: table),
    "pyarrow dictionaries": each(in_dictionaries),
    "pandas": each(lambda table: table.to_pandas()),
    "pandas days": each(lambda table: table.to_pandas(date_as_object=False)),
    "polars": each(pl.from_arrow),
    "polars lazy": each(lambda table: pl.from_arrow(table).lazy()),
    "duckdb": lambda tables, _: of_duckdb(tables),
    "stream": each(OnlyStream),
    "shuffled stream": each(lambda table: OnlyStream(shuffled(table))),
    "files": in_files,
    "files of few rows at once": lambda tables, folder: in_files(tables, folder, row_group_size=3),
    "shuffled files": lambda tables, folder: in_files({n: shuffled(t) for n, t in tables.items()}, folder),
    "folders": in_folders,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at_once", [20, 1_000_000])
def test_every_kind_of_table_is_answered_alike(way, at_once, tmp_path, monkeypatch):
    monkeypatch.setattr(_sources, "IN_MEMORY", at_once)
    assert answers_to_some() == found(WAYS[way](TABLES_OF_SOME, tmp_path), ON, NC, (), rows_at_once=at_once)


@pytest.mark.parametrize("kind", ["pyarrow", "polars", "pandas"])
def test_the_picture_of_who_is_due_when_is_that_of_a_roster(kind):
    ledger = Ledger()
    ledger.append(SOME)
    picture = pictures.due_picture(Roster(evaluate_all(ledger, on=ON, ruleset=NC)))
    answers = evaluate_frame(**TABLES_OF_SOME, on=ON, ruleset=NC, to=kind)
    assert due_picture(answers, on=ON) == picture
    parts = evaluate_batches(**TABLES_OF_SOME, on=ON, ruleset=NC, to=kind, rows_at_once=20)
    assert due_picture(parts, on=ON).table == picture.table


def test_only_answers_are_drawn():
    with pytest.raises(InvalidValue, match="evaluate_frame"):
        due_picture([TABLES_OF_SOME["trainings"]], on=ON)


def put_a_row_in_the_next_part(patch):
    """The last row of a batch is taken for one about the people of the next part."""
    real = _people.People.parts_of

    def fault(self, people, ends):
        parts = real(self, people, ends).copy()
        parts[-1:] = np.minimum(parts[-1:] + 1, len(ends))
        return parts

    patch.setattr(_people.People, "parts_of", fault)


def take_every_file_for_sorted(patch):
    real = _people.People.count

    def fault(self, source):
        real(self, source)
        self.sorted.add(source.name)

    patch.setattr(_people.People, "count", fault)


def leave_out_a_part(patch):
    real = _parts._streamed

    def fault(*asked):
        parts = list(real(*asked))
        return iter([*parts[:3], *parts[4:], _parts._nothing(*asked[:2])])

    patch.setattr(_parts, "_streamed", fault)


@pytest.mark.parametrize(
    ("fault", "order"),
    [
        (put_a_row_in_the_next_part, shuffled),
        (take_every_file_for_sorted, shuffled),
        (leave_out_a_part, lambda table: table.sort_by("person") if "person" in table.column_names else table),
    ],
)
def test_a_fault_in_what_belongs_together_shows(fault, order, monkeypatch, tmp_path):
    paths = in_files({name: order(table) for name, table in TABLES_OF_SOME.items()}, tmp_path)
    assert answers_to_some() == found(paths, ON, NC, (), rows_at_once=20)
    fault(monkeypatch)
    try:
        outcome = found(paths, ON, NC, (), rows_at_once=20)
    except (AssertionError, ValueError):
        return
    assert outcome != answers_to_some()


@pytest.mark.parametrize("people", [("p-1", "p-1", "p-2", "p-3"), ("p-3", "p-1", "p-2", "p-1")])
@pytest.mark.parametrize("at_once", [1, 250_000])
def test_a_bad_row_of_a_file_is_named_by_its_number(people, at_once, tmp_path):
    """The second row and the fourth, in a file that is sorted by person and in one that is not."""
    days = ["2025-03-01", "2025-13-01", "2025-03-03", "2025-02-30"]
    amounts = ["1", "1", "1", "1"]
    pq.write_table(pa.table({"person": people, "completed": days, "amount": amounts}), tmp_path / "t.parquet")
    rejected = evaluate_frame(trainings=tmp_path / "t.parquet", on=ON, rows_at_once=at_once).rejected
    assert [(each["row"], each["person"]) for each in rejected.to_pylist()] == [(2, people[1]), (4, people[3])]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "duckdb"])
def test_answers_are_frames_of_the_library_of_the_first_table(kind):
    tables = WAYS[kind](TABLES_OF_SOME, None)
    answers = evaluate_frame(**tables, on=ON)
    assert [type(frame).__module__.split(".")[0].lstrip("_") for frame in (answers.people, answers.rejected)] == [
        kind
    ] * 2
    days = {"pandas": lambda: str(answers.people["due"].dtype), "polars": lambda: str(answers.people["due"].dtype)}
    assert days.get(kind, lambda: None)() in ("datetime64[s]", "Date", None)
    floats = evaluate_frame(**tables, on=ON, hours="float", to="polars").people["hours_short"]
    assert floats.dtype == pl.Float64
    assert floats.sum() == float(evaluate_frame(**tables, on=ON, to="polars").people["hours_short"].sum())


def test_answers_come_a_part_of_the_people_at_a_time():
    tables, told = TABLES_OF_SOME, []
    parts = list(evaluate_batches(**tables, on=ON, rows_at_once=20, progress=lambda *so_far: told.append(so_far)))
    whole = evaluate_frame(**tables, on=ON).people.to_pylist()
    assert [row for part in parts for row in part.people.to_pylist()] == whole
    assert len(parts) > 3
    assert told[-1] == (len(whole), len(whole))
    assert told == sorted(told)


# What a row must be.

TEXTS = ["", "Jane Doe", "p 1", "x" * 201, "2025-02-30", "1900-01-01", "2020-02-29", "2024-06-01", "-1", "1e3", "1.1234567", "0", "12",
         "ethics", "Ethics", "true", "awarded", "renewed", "us-nc-cpss", "initial", "hour", "e-1", "\u202e", "a\x00b", "2025"]  # fmt: skip
ROWS = [
    ("trainings", {"person": "p-1", "completed": "2025-03-04", "started": "2025-03-01", "title": "Ethics", "delivery": "in-person"}),
    ("trainings", {"person": "p-1", "completed": "2025-03-04", "title": "Ethics", "delivery": "in-person", "provider": "board", "role": "taught"}),
    ("certifications", {"person": "p-1", "credential": "us-nc-cpss", "act": "awarded", "on": "2024-06-01", "expires": "2026-05-31"}),
    ("certifications", {"person": "p-1", "credential": "us-nc-cpss", "act": "suspended", "on": "2024-06-01"}),
    ("documents", {"person": "p-1", "kind": "reference-letter", "on": "2025-03-04", "by": "w-1", "step": "renewal"}),
    ("filings", {"person": "p-1", "credential": "us-nc-cpss", "step": "renewal", "sent": "2025-03-04", "received": "2025-03-05"}),
    ("designations", {"person": "p-1", "name": "military", "awarded": "2024-06-01", "last_day": "2026-05-31"}),
    ("verifications", {"person": "p-1", "credential": "us-nc-cpss", "seen": "2025-03-04", "status": "active"}),
    ("reviews", {"person": "p-1", "event": "e-1", "decision": "approved", "on": "2025-03-04", "reason": "seen"}),
    ("rulings", {"person": "p-1", "credential": "us-nc-cpss", "on": "2025-03-04", "requirement": "due", "effect": "moves", "day": "2026-06-30"}),
    ("coverage", {"person": "p-1", "covers": "document", "document_kind": "fee", "first_day": "2024-01-01", "last_day": "2025-01-01"}),
    ("retractions", {"retracts": "e-1", "reason": "entered twice", "by": "w-1"}),
]  # fmt: skip


BEFORE_1900 = ("documents", [{"id": "d-1", **dict(ROWS)["documents"], "on": "1899-12-31"}])
BEGUN = (None, "2025-03-01", "2025-03-04", "2025-03-05")
ENDED_BEFORE_IT_BEGAN = ("trainings", [{"id": f"e-{day}", **ROWS[0][1], "started": day} for day in BEGUN])
"""Trainings that differ in the day on which they began alone; the last one ended on the day before."""


@st.composite
def damaged(draw):
    """Draw a table of texts, of which some cells are of a row that is a record and others are not."""
    table, row = draw(st.sampled_from(ROWS))
    rows = [
        {
            name: draw(st.sampled_from([*[None] * 6, *TEXTS])) if draw(st.integers(0, 7)) == 0 else value
            for name, value in {"id": f"r-{place}", **row}.items()
        }
        for place in range(draw(st.integers(1, 8)))
    ]
    return table, rows


def by_the_reader_of_records(table, rows):
    """Return the records that each row alone gives, by its number, as the reader of the interchange format takes it."""
    taken = {}
    for place, row in enumerate(rows, 1):
        known = {name: value for name, value in row.items() if value not in (None, "")}
        try:
            taken[place] = record_from_dict({"type": TABLES[table].record_type, "id": f"{table}-{place}", **known})
        except InvalidData:
            continue
    return taken


def days_of(cells):
    """Return a column of days; `None` where a cell is not a day of the calendar."""
    try:
        return pa.array([None if cell is None else date.fromisoformat(cell) for cell in cells], pa.date32())
    except ValueError:
        return None


def of_texts(cells):
    return pa.array(cells, pa.string())


def of_days(cells):
    days = days_of(cells)
    return of_texts(cells) if days is None else days


def of_moments(cells):
    days = days_of(cells)
    return of_texts(cells) if days is None else days.cast(pa.timestamp("us"))


def of_texts_kept_once(cells):
    return of_texts(cells).dictionary_encode()


def by_columns(table, rows, column_of=of_texts):
    columns = columns_of(table, rows[0])
    whole = pa.table({name: column_of([row[name] for row in rows]) for name in rows[0]})
    shapes = _shapes.Shapes(columns)
    half = len(rows) // 2
    parts = [
        shapes.rows(whole.slice(begin, count), np.arange(begin + 1, begin + count + 1))
        for begin, count in ((0, half), (half, len(rows) - half))
    ]
    rejected = {each.row for part in parts for each in part.rejected}
    taken = {place: record for part in parts for place, record in of_all(part)}
    assert sorted([*rejected, *taken]) == list(range(1, len(rows) + 1))
    return taken


@pytest.mark.parametrize("column_of", [of_texts, of_days, of_moments, of_texts_kept_once])
def test_a_row_is_a_record_if_the_reader_of_records_takes_it(column_of):
    @given(damaged())
    @example(BEFORE_1900)
    @example(ENDED_BEFORE_IT_BEGAN)
    @effort(400)
    def looked(drawn):
        assert by_columns(*drawn, column_of) == by_the_reader_of_records(*drawn)

    looked()


def check_nothing_apart(patch):
    real = _apart.ApartCells._checked

    def fault(self, name, value):
        checked = real(self, name, value)
        return value if isinstance(checked, _apart.Wrong) else checked

    patch.setattr(_apart.ApartCells, "_checked", fault)


def take_each_beginning_for_any(patch):
    real = _shapes.Shapes.__init__

    def fault(self, columns):
        real(self, columns)
        self._is_timed = False

    patch.setattr(_shapes.Shapes, "__init__", fault)


def take_each_day_for_the_next(patch):
    real = _codes.DaysInARow.__init__
    patch.setattr(_codes.DaysInARow, "__init__", lambda self, first, count: real(self, first + 1, count))


def take_any_day(patch):
    patch.setattr(_apart, "_FIRST", 1)


def take_a_missing_day_for_the_first(patch):
    real = _codes.coded_days
    patch.setattr(
        _apart,
        "coded_days",
        lambda *asked: (found := real(*asked)) and found._replace(codes=np.maximum(found.codes, 1)),
    )


def ask_for_no_day(patch):
    real = _apart.check_of
    patch.setattr(_apart, "check_of", lambda field: (check := real(field)) and attrs.evolve(check, optional=True))


def number_values_anew_in_each_part(patch):
    real = _shapes.Shapes._keys

    def fault(self, found, rows):
        self._values.clear()
        return real(self, found, rows)

    patch.setattr(_shapes.Shapes, "_keys", fault)


TAUGHT, DOCUMENT = ROWS[1][1], dict(ROWS)["documents"]
WITHOUT_A_DAY = (
    "certifications",
    [{"id": "c-1", "person": "p-1", "credential": "us-nc-cpss", "act": "suspended", "on": None}],
)


def put_a_day_for_a_missing_one(patch):
    patch.setattr(
        _shapes, "in_order", lambda days, rows: [_shapes.Coded(np.zeros(rows, int), [date(2000, 1, 1)]) for _ in days]
    )


def take_acts_that_end_before_they_begin(patch):
    patch.setattr(_apart, "numbers_of", lambda days: np.ones(len(days.codes), dtype=np.int64))


def take_any_value_of_a_field_for_the_first(patch):
    real = _shapes.Shapes._by_field
    patch.setattr(_shapes.Shapes, "_by_field", lambda self, cells: ((name, "any") for name, _ in real(self, cells)))


def take_anything_for_an_id(patch):
    patch.setattr(_codes, "_are_ids", lambda texts: True)


def take_what_is_refused(patch):
    real = _shapes.Shapes._new

    def fault(self, cells):
        number = real(self, cells)
        if isinstance(self._examples[number], tuple):
            number = next((place for place, one in enumerate(self._examples) if not isinstance(one, tuple)), number)
        return number

    patch.setattr(_shapes.Shapes, "_new", fault)


@pytest.mark.parametrize(
    "fault",
    [
        check_nothing_apart,
        take_each_beginning_for_any,
        put_a_day_for_a_missing_one,
        take_acts_that_end_before_they_begin,
        take_any_value_of_a_field_for_the_first,
        take_anything_for_an_id,
        take_what_is_refused,
        take_each_day_for_the_next,
        take_any_day,
        take_a_missing_day_for_the_first,
        ask_for_no_day,
        number_values_anew_in_each_part,
    ],
)
def test_a_fault_in_the_check_of_rows_shows(fault, monkeypatch):
    fault(monkeypatch)
    seen = []

    @given(damaged())
    @example(WITHOUT_A_DAY)
    @example(BEFORE_1900)
    @example(("documents", [{"id": "d-1", **DOCUMENT}, {"id": "d-2", **DOCUMENT, "on": None}]))
    @example(("trainings", [{"id": "e-1", **ROWS[0][1]}]))
    @example(
        (
            "trainings",
            [
                {"id": "e-1", **TAUGHT},
                {"id": "e-2", **TAUGHT, "title": "Wellness"},
                {"id": "e-3", **TAUGHT, "role": None},
            ],
        )
    )
    @example(("certifications", [{"id": "c-1", **ROWS[2][1], "expires": "2020-02-29"}]))
    @example(("certifications", [{"id": f"c-{day}", **ROWS[2][1], "expires": day} for day in (None, "2026-05-31")] * 2))
    @example(("documents", [{"id": "d 1", **DOCUMENT}]))
    @effort(400)
    def looked(drawn):
        if not seen:
            try:
                wanted = by_the_reader_of_records(*drawn)
                same = all(by_columns(*drawn, column_of) == wanted for column_of in (of_texts, of_days))
            except (AssertionError, AttributeError, IndexError, TypeError, ValueError):
                same = False
            seen.extend([] if same else [drawn])

    looked()
    assert seen


def answers_to(*, on="2026-01-15", **tables):
    return evaluate_frame(on=on, **{name: pa.Table.from_pylist(rows) for name, rows in tables.items()})


AWARD = {"person": "p-1", "credential": "us-nc-cpss", "act": "awarded", "on": "2024-03-14", "expires": "2026-03-31"}


def test_a_bad_cell_is_named_with_its_place_and_counted_for_its_person():
    trainings = [
        {"person": "p-1", "completed": "2025-02-03", "amount": "3", "topics": "ethics"},
        {"person": "p-1", "completed": "2025-02-03", "amount": "-3", "topics": "ethics; Not A Word"},
        {"person": "p 2", "completed": "2025-13-03", "amount": "3", "topics": None},
        {"person": None, "completed": "2025-02-03", "amount": None, "topics": "ethics"},
    ]
    answers = answers_to(trainings=trainings, certifications=[AWARD])
    assert [("p-1", 1)] == [(row["person"], row["rejected"]) for row in answers.people.to_pylist()]
    places = [(row["table"], row["row"], row["person"], row["column"]) for row in answers.rejected.to_pylist()]
    assert places == [
        ("trainings", 2, "p-1", "amount"),
        ("trainings", 2, "p-1", "topics"),
        ("trainings", 3, None, "completed"),
        ("trainings", 3, None, "person"),
        ("trainings", 4, None, "amount"),
        ("trainings", 4, None, "person"),
    ]
    assert not any("Jane" in row["reason"] for row in answers.rejected.to_pylist())


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (1.1, "1.1"), (3.0, "3"), (7, "7"), (Decimal("2.50"), "2.5"), ("2.5", "2.5"), (0.1 + 0.2, None), (float("inf"), None),
        (np.float32(1.1), None), (-1.0, None), (0, None), (True, None), ("1,5", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_was_written_or_not_at_all(written, amount):
    table = pa.table({"person": ["p-1"], "completed": [date(2025, 2, 3)], "amount": pa.array([written])})
    rows = _shapes.Shapes(columns_of("trainings", table.column_names)).rows(table, np.array([1]))
    assert [str(record.credits[0].amount) for _, record in of_all(rows)] == ([] if amount is None else [amount])
    assert [each.column for each in rows.rejected] == (["amount"] if amount is None else [])


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime.fromisoformat("2025-02-03"), date(2025, 2, 3)),
        (datetime.fromisoformat("2025-02-03T07:00"), None),
        ("2025-02-03", date(2025, 2, 3)),
        ("02/03/2025", None),
        (20250203, None),
        (date(1850, 2, 3), None),
    ],
)
def test_a_day_is_a_day_of_the_calendar(cell, day):
    table = pa.table({"person": ["p-1"], "completed": pa.array([cell])})
    rows = _shapes.Shapes(columns_of("trainings", table.column_names)).rows(table, np.array([1]))
    assert [record.completed for _, record in of_all(rows)] == [day][: day is not None]


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"trainings": {"person": ["p-1"]}}, "trainings.completed: the column is missing"),
        ({"trainings": {"person": ["p-1"], "completd": ["2025-02-03"]}}, "did you mean 'completed'"),
        ({"trainings": {"person": ["p"], "completed": ["2025-02-03"], "credits": [None], "amount": [1]}}, "either the column credits"),
        ({"trainings": {"person": ["p"], "completed": ["2025-02-03"], "topics": ["ethics"]}}, "trainings.amount"),
        ({"documents": {"person": [1.5], "kind": ["fee"], "on": ["2025-02-03"]}}, "documents.person: a column of ids must hold"),
    ],
)  # fmt: skip
def test_wrong_columns_are_told_before_anything_is_read(tables, says):
    with pytest.raises(InvalidData) as raised:
        evaluate_frame(**{name: pa.table(columns) for name, columns in tables.items()}, on=ON)
    assert says in str(raised.value)


def test_what_is_no_table_is_refused(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"no parquet")
    with pytest.raises(LedgerMisuse, match="trainings must be a frame"):
        evaluate_frame(trainings=[1], on=ON)
    with pytest.raises(InvalidData, match="not a file of Parquet"):
        evaluate_frame(trainings=tmp_path / "x.parquet", on=ON)
    with pytest.raises(InvalidData, match="no files"):
        evaluate_frame(trainings=_made(tmp_path / "empty"), on=ON)
    with pytest.raises(InvalidValue, match="did you mean 'trainings'"):
        evaluate_frame(training=pa.table({}), on=ON)


def test_no_tables_are_about_nobody():
    answers = evaluate_frame(trainings=None, on=ON, also=ALSO)
    assert (answers.people.num_rows, answers.findings.num_rows, answers.rejected.num_rows) == (0, 0, 0)
    empty = {name: table.slice(0, 0) for name, table in TABLES_OF_SOME.items()}
    assert evaluate_frame(**empty, on=ON, also=ALSO).people.schema == answers.people.schema


def _made(folder):
    folder.mkdir()
    return folder


# What rows say about rows.


def test_a_row_that_is_there_twice_counts_once_and_another_with_its_id_not_at_all():
    training = {"id": "e-1", "person": "p-1", "completed": "2025-02-03", "amount": "12", "topics": "ethics"}
    answers = answers_to(trainings=[training, training, {**training, "amount": "13"}], certifications=[AWARD])
    assert [(row["row"], row["column"]) for row in answers.rejected.to_pylist()] == [(3, "id")]
    assert [(row["hours_short"], row["rejected"]) for row in answers.people.to_pylist()] == [(8, 1)]


def test_everything_about_one_person_is_read_together_whatever_the_id():
    training = {"completed": "2025-02-03", "amount": "12", "topics": "ethics"}
    same = [{"id": "s", "people": ["p-1", "q-1"]}]
    trainings = [{"id": f"e-{place}", "person": f"{place}", **training} for place in ("q-1", "r-1")]
    answers = answers_to(trainings=trainings, certifications=[AWARD], same_people=same)
    assert [(row["person"], row["hours_short"]) for row in answers.people.to_pylist()] == [("p-1", 8), ("r-1", None)]


@pytest.mark.parametrize(
    ("retractions", "short", "wrong"),
    [
        ([], 8, []),
        ([("r-1", "e-1")], 20, []),
        ([("r-1", "e-1"), ("r-2", "r-1")], 8, []),
        ([("r-2", "r-1"), ("r-1", "e-1"), ("r-3", "r-2")], 20, []),
        ([("r-1", "e-1"), ("r-2", "r-1"), ("r-3", "e-1")], 20, []),
        ([("r-1", "e-9")], 8, [1]),
        ([("r-1", "r-2"), ("r-2", "r-1")], 8, [2]),
        ([("r-1", "r-1")], 8, [1]),
        ([("r-1", "both")], 8, [1]),
    ],
)  # fmt: skip
def test_what_is_withdrawn_does_not_count(retractions, short, wrong):
    trainings = [{"id": "e-1", "person": "p-1", "completed": "2025-02-03", "amount": "12", "topics": "ethics"}]
    trainings.append({**trainings[0], "id": "both", "person": "p-2"})
    letters = [{"id": "both", "person": "p-2", "kind": "reference-letter", "on": "2025-02-03"}]
    given_ = {"retractions": [{"id": a, "retracts": b, "reason": "x"} for a, b in retractions]} if retractions else {}
    answers = answers_to(trainings=trainings, certifications=[AWARD], documents=letters, **given_)
    assert answers.people.to_pylist()[0]["hours_short"] == short
    assert [row["row"] for row in answers.rejected.to_pylist()] == wrong


def test_statements_about_everybody_and_about_one_person():
    people = ["p-1", "p-2"]
    awards = [{**AWARD, "person": person} for person in people]
    covered = [
        {"covers": "document", "person": None},
        {"covers": "training-event", "person": "p-3"},
        {"covers": "nothing", "person": "p-2"},
    ]
    answers = answers_to(certifications=awards, coverage=covered)
    assert [(row["person"], row["documents"], row["rejected"]) for row in answers.people.to_pylist()] == [
        ("p-1", "short", 0), ("p-2", "short", 1), ("p-3", "undetermined", 0)
    ]  # fmt: skip
    assert [(row["row"], row["column"]) for row in answers.rejected.to_pylist()] == [(3, "covers")]


def test_the_answers_of_other_processes_are_the_same(tmp_path):
    tables = dict(TABLES_OF_SOME)
    tables["trainings"] = tables["trainings"].set_column(
        tables["trainings"].column_names.index("delivery"), "delivery",
        pa.array([None if row else "By Mail" for row in range(tables["trainings"].num_rows)]),
    )  # fmt: skip
    asked = {"on": ON, "rows_at_once": 60}
    one, two = evaluate_frame(**tables, **asked), evaluate_frame(**tables, **asked, processes=2)
    assert one.rejected.num_rows == 1
    for name in ("people", "findings", "rejected"):
        assert getattr(one, name).to_pylist() == getattr(two, name).to_pylist()


def left_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("peer-ledger-"))


@pytest.mark.parametrize("way", ["shuffled files", "shuffled stream"])
def test_nothing_is_left_of_temporary_files_however_the_work_ends(way, tmp_path, monkeypatch):
    (tmp_path / "given").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(_sources, "IN_MEMORY", 20)
    seen = []

    def interrupt(*_):
        seen.append(left_in(tmp_path / "temporary"))
        assert {(tmp_path / "temporary" / name).stat().st_mode & 0o777 for name in seen[-1]} == {0o700}
        if len(seen) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_frame(**WAYS[way](TABLES_OF_SOME, tmp_path / "given"), on=ON, rows_at_once=20, progress=interrupt)
    assert seen[0]
    gc.collect()
    assert left_in(tmp_path / "temporary") == []
    parts = evaluate_batches(**WAYS[way](TABLES_OF_SOME, _made(tmp_path / "again")), on=ON, rows_at_once=20)
    next(parts)
    assert left_in(tmp_path / "temporary")
    parts.close()
    gc.collect()
    assert left_in(tmp_path / "temporary") == []


def take_the_first_of_a_shape_for_all(patch):
    real = seen.TrainingShapes._of

    def fault(self, *asked):
        found = real(self, *asked)
        return attrs.evolve(found, credits=self.kinds.of_records(self._examples[:1])[0])

    patch.setattr(seen.TrainingShapes, "_of", fault)


def forget_names(patch):
    patch.setattr(seen, "names_of", lambda *_: ())


def forget_other_records(patch):
    patch.setattr(seen.TrainingShapes, "are_alike", lambda *_: False)


def forget_who_has_it(patch):
    """The training of the next person is taken."""
    real = trainings.Trainings.of
    patch.setattr(trainings.Trainings, "of", lambda self, place: real(self, min(place + 1, len(self.bounds) - 2)))


def training_of(person, day, amount, **more):
    columns = dict.fromkeys(("delivery", "title", "course", "provider"))
    return {"person": person, "completed": day, "amount": amount, "topics": "recovery", **columns, **more}


ETHICS = training_of("p-1", "2025-01-02", "3", topics="ethics", delivery="in-person")
FAULTY = {
    take_the_first_of_a_shape_for_all: [ETHICS, training_of("p-1", "2025-02-03", "17"), training_of("p-2", "2025-02-04", "8")],
    forget_names: [ETHICS, *(training_of("p-1", day, "8.5", course="W-1", provider="board") for day in ("2025-02-03", "2025-05-04"))],
    forget_other_records: [ETHICS, *(training_of("p-1", "2025-02-03", "8.5") for _ in range(2))],
    forget_who_has_it: [ETHICS, training_of("p-1", "2025-02-03", "17"), training_of("p-2", "2025-02-04", "8")],
}  # fmt: skip
ONCE = {forget_names: {"repeats": "once"}}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_in_what_is_seen_of_training_shows(fault, monkeypatch):
    rows = {"trainings": FAULTY[fault], "certifications": [AWARD, {**AWARD, "person": "p-2"}]}
    tables = {name: pa.Table.from_pylist(of_table) for name, of_table in rows.items()}
    records = [
        record
        for name, table in tables.items()
        for _, record in of_all(
            _shapes.Shapes(columns_of(name, table.column_names)).rows(table, np.arange(1, table.num_rows + 1))
        )
    ]
    day = date(2026, 1, 15)
    defined = expected(records, day, NC, (), readings=ONCE.get(fault))
    assert defined == found(tables, day, NC, (), readings=ONCE.get(fault))
    fault(monkeypatch)
    forget_positions()
    assert defined != found(tables, day, NC, (), readings=ONCE.get(fault))
    forget_positions()
