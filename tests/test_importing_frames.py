"""Frames of pandas, polars and pyarrow: read as a file with the same content is, and each value by its type."""

import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import Ledger
from peer_ledger.errors import InvalidData, InvalidValue, LedgerMisuse
from peer_ledger.importing import import_file, import_files, import_frame, import_rows, plan_import
from peer_ledger.importing._frames import cell_of, is_frame

TEXT = """\
Employee ID,Name,Course,Completed,Hours,Topics,Status
4711,Jane,Ethics,2025-03-04,1.5,ethics,done
4711,Jane,WRAP,2025-03-05,3,,done
4712,John,Crisis,2025-03-06,,crisis response,no show
4713,Mary,Crisis,,2,,done
"""
COLUMNS = {
    "Employee ID": [4711, 4711, 4712, 4713],
    "Name": ["Jane", "Jane", "John", "Mary"],
    "Course": ["Ethics", "WRAP", "Crisis", "Crisis"],
    "Completed": [date(2025, 3, 4), date(2025, 3, 5), date(2025, 3, 6), None],
    "Hours": [1.5, 3.0, None, 2.0],
    "Topics": ["ethics", None, "crisis response", None],
    "Status": ["done", "done", "no show", "done"],
}
NATIVE = {
    "pandas": lambda columns: pd.DataFrame(columns),
    "pandas moments": lambda columns: pd.DataFrame({**columns, "Completed": pd.to_datetime(columns["Completed"])}),
    "pandas nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
    "pandas categories": lambda columns: pd.DataFrame(columns).astype({"Course": "category", "Status": "category"}),
    "pandas indexed": lambda columns: pd.DataFrame(columns).set_index(["Employee ID", "Name"]),
    "pandas texts": lambda columns: pd.DataFrame(
        {name: [None if value is None else str(value) for value in values] for name, values in columns.items()}
    ),
    "polars": lambda columns: pl.DataFrame(columns),
    "polars lazy": lambda columns: pl.DataFrame(columns).lazy(),
    "pyarrow": lambda columns: pa.table(columns),
    "pyarrow batch": lambda columns: pa.RecordBatch.from_pydict(columns),
}  # fmt: skip


class OnlyStream:
    """A frame of a library that is known only by Arrow's stream."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


NATIVE["any other"] = lambda columns: OnlyStream(pa.table(columns))


def facts(imported):
    return [(record.person, record.title, record.completed, record.credits) for record in imported.records]


@pytest.mark.parametrize("made", NATIVE)
def test_a_frame_is_read_as_its_file_is(tmp_path, made):
    """The same records, ids included, the same columns, rejections and notices; the file has one line more."""
    (tmp_path / "list.csv").write_text(TEXT)
    expected = import_file(tmp_path / "list.csv")
    imported = import_frame(NATIVE[made](COLUMNS))
    assert (2, 2) == (len(expected.records), expected.rejected_count)
    assert expected.records == imported.records
    assert (expected.columns, expected.ignored, expected.rows) == (imported.columns, imported.ignored, imported.rows)
    assert [(row.line - 1, row.column, row.reason) for row in expected.rejected] == [
        (row.line, row.column, row.reason) for row in imported.rejected
    ]
    assert [(notice.kind, notice.says) for notice in expected.notices] == [
        (notice.kind, notice.says) for notice in imported.notices
    ]


@pytest.mark.parametrize("made", NATIVE)
def test_import_rows_takes_frames(made):
    """And the result goes into a ledger as that of a file does."""
    imported = import_rows(NATIVE[made](COLUMNS))
    ledger = Ledger()
    assert 2 == ledger.append(plan_import(ledger, imported).to_append()).added
    assert 2 == plan_import(ledger, import_frame(NATIVE[made](COLUMNS))).unchanged


def test_options_apply_to_frames():
    """Profiles, mappings and fixed values."""
    frame = pl.DataFrame({"Badge": ["a"], "When": ["18.09.2025"], "Long": [45]})
    imported = import_frame(
        frame,
        mapping={"person": "Badge", "completed": "When", "hours": "Long"},
        fixed={"unit": "minute"},
        dates=["DD.MM.YYYY"],
    )
    assert [date(2025, 9, 18)] == [record.completed for record in imported.records]
    zoom = pd.DataFrame(
        {"User Email": ["a@b.c"], "Join Time": pd.to_datetime(["2025-03-04 09:00:00"]), "Duration (Minutes)": [60]}
    )
    assert ["minute"] == [record.credits[0].unit for record in import_frame(zoom, profile="zoom-participants").records]
    wide = pd.DataFrame({"ID": ["a", "b"], "Ethics": [date(2025, 3, 4), None], "WRAP": [None, date(2025, 3, 5)]})
    assert [("a", "Ethics"), ("b", "WRAP")] == [fact[:2] for fact in facts(import_frame(wide, matrix=True))]


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("", None), ("", float("nan")), ("", np.float32("nan")), ("", pd.NaT), ("", pd.NA), ("", Decimal("NaN")),
        ("3", 3), ("3", 3.0), ("3", np.int64(3)), ("16.75", 16.75), ("0.5", np.float64(0.5)), ("1.10", Decimal("1.10")),
        ("true", True), ("false", np.bool_(False)), ("12345678901234567890", 12345678901234567890),
        (date(2025, 3, 4), date(2025, 3, 4)), (datetime.fromisoformat("2025-03-04T23:59"), datetime.fromisoformat("2025-03-04T23:59")),
        (date(2025, 3, 4), pd.Timestamp("2025-03-04")), (date(2025, 3, 4), np.datetime64("2025-03-04")),
        (datetime(2025, 3, 4, 23, tzinfo=UTC), datetime(2025, 3, 4, 23, tzinfo=UTC)),
        (datetime(2025, 3, 4, 23, tzinfo=UTC), pd.Timestamp("2025-03-04T23:00Z")),
        ("1h 30m", timedelta(minutes=90)), ("1h 30m", pd.Timedelta(minutes=90)),
        ("a; b", ["a", "b"]), ("a; b", {"b", "a"}), ("a; 1", np.array(["a", "1"])), ("", []), ("a", ["a", None]),
        ("x", np.str_("x")),
    ],
)  # fmt: skip
def test_a_value_is_read_by_its_type(expected, value):
    """A missing value is empty, a number exact, a day a day; a moment in a time zone keeps it."""
    found = cell_of(value)
    assert (expected, isinstance(expected, str)) == (found, isinstance(found, str))
    assert type(found).__name__ in ("str", "NumberText", "str_", "date", "datetime")


@pytest.mark.parametrize("dates", [None, ["MM/DD/YYYY"]])
@pytest.mark.parametrize("made", ["pandas", "polars", "pyarrow"])
def test_a_moment_is_of_the_day_of_the_time_zone_that_is_meant(made, dates):
    """Two in the morning of UTC is the evening before in North Carolina, whatever is declared about texts."""
    columns = {"ID": ["a"], "Completed": [datetime(2025, 4, 1, 2, tzinfo=UTC)], "Hours": [1]}
    frame = pd.DataFrame(columns) if made == "pandas" else NATIVE[made](columns)
    [record] = import_frame(frame, time_zone="America/New_York", dates=dates).records
    assert date(2025, 3, 31) == record.completed
    naive = {**columns, "Completed": [datetime.fromisoformat("2025-04-01T02:00")]}
    [record] = import_frame(NATIVE[made](naive), time_zone="America/New_York", dates=dates).records
    assert date(2025, 4, 1) == record.completed


@pytest.mark.parametrize("value", [{"a": 1}, b"bytes", object(), [{"a": 1}], complex(1, 2)])
def test_a_value_that_cannot_be_read_rejects_its_row(value):
    """With the class of what was found, if the column is read; other columns do not matter."""
    frame = pd.DataFrame({"ID": ["a"], "Completed": ["2025-03-04"], "Hours": [1], "Course": [value]})
    [rejected] = import_frame(frame).rejected
    assert rejected.reason.startswith(f"holds a {type(value).__name__}; a text, a number, a day")
    assert 1 == len(import_frame(frame.rename(columns={"Course": "Notes"})).records)


@pytest.mark.parametrize("value", [None, "x.csv", {"ID": ["a"]}, pd.Series([1]), pd.DataFrame, pl.Series([1])])
def test_what_is_no_frame_is_refused(value):
    """Not with an AttributeError."""
    with pytest.raises(LedgerMisuse, match="frame must"):
        import_frame(value)


def test_rows_that_are_no_rows_are_refused():
    """The message says what was expected."""
    with pytest.raises(LedgerMisuse, match="rows must be Row objects, or a frame"):
        import_rows([{"ID": "a"}])
    assert not is_frame([1])


def test_two_columns_of_one_name_are_refused():
    """As in a file."""
    frame = pd.DataFrame([["a", "b", "2025-03-04"]], columns=["ID", "ID", "Completed"])
    with pytest.raises(InvalidData, match="columns A and B have the same heading"):
        import_frame(frame)


def test_levels_of_headings_are_joined_and_numbers_are_texts():
    """No name of a column is a crash."""
    levels = pd.MultiIndex.from_tuples([("Employee", "ID"), ("Date", "Completed"), ("", "Hours")])
    frame = pd.DataFrame([["a", "2025-03-04", 1]], columns=levels)
    assert "Employee ID = person" in str(import_frame(frame))
    with pytest.raises(InvalidData):
        import_frame(pd.DataFrame([["a", "2025-03-04"]]))
    with pytest.raises(InvalidData):
        import_frame(pd.DataFrame())


def test_rows_of_nothing_are_passed_over():
    """The lines of the others are their positions."""
    frame = pd.DataFrame({"ID": [None, "a"], "Completed": [None, "2025-03-04"], "Hours": [None, "x"]})
    assert [2] == [row.line for row in import_frame(frame).rejected]


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.decimals(0, 99, places=2)),
        max_size=5,
    )
)
def test_amounts_and_days_survive_each_library(listed):
    """Exact decimals stay exact."""
    columns = {
        "ID": [f"p-{person}" for person, _, _ in listed],
        "Completed": [day for _, day, _ in listed],
        "Hours": [amount for _, _, amount in listed],
    }
    schema = pa.schema([("ID", pa.string()), ("Completed", pa.date32()), ("Hours", pa.decimal128(9, 2))])
    expected = [(f"p-{person}", day, amount) for person, day, amount in listed]
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns, schema_overrides={"Hours": pl.Decimal(9, 2)}),
                  pa.table(columns, schema=schema)):  # fmt: skip
        made = import_frame(frame)
        assert not made.rejected_count
        assert expected == [
            (record.person, record.completed, sum((credit.amount for credit in record.credits), Decimal(0)))
            for record in made.records
        ]


def test_importing_loads_no_library_of_frames():
    """Neither the package nor reading a file does."""
    program = (
        "import sys, peer_ledger.importing as i; i.import_rows([i.Row(1, 1, ['ID', 'Completed'])], kind='training-event'); "
        "print(sorted({'pandas', 'polars', 'pyarrow', 'numpy', 'python_calamine'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]" == found.stdout.strip()


def test_frames_and_files_go_into_a_ledger_in_one_call(tmp_path):
    """With the decisions that files need; a frame is named by its number."""
    (tmp_path / "list.csv").write_text(TEXT)
    ledger = Ledger()
    certificates = pl.DataFrame({"ID": ["4711"], "Certified": [date(2024, 3, 14)], "Expires": [date(2026, 3, 31)]})
    done = import_files(ledger, [tmp_path / "list.csv", certificates, pd.DataFrame({"x": [1]})])
    assert (["list.csv", "frame 1"], ["frame 2"]) == (
        [one.name for one in done.files],
        [name for name, _ in done.unread],
    )
    done = import_files(ledger, [tmp_path / "list.csv", certificates])
    assert (True, 3) == (done.is_appended, len(ledger))
    done = import_files(ledger, [certificates.with_columns(Expires=date(2026, 4, 30))])
    assert ("1 correction pending" in done.waiting[0], 3) == (True, len(ledger))


@pytest.mark.parametrize("paths", ["list.csv", pd.DataFrame({"ID": ["a"]}), [1], [None]])
def test_what_is_no_list_of_files_is_refused(paths):
    """A single path would otherwise be read letter by letter."""
    with pytest.raises(InvalidValue, match="paths must"):
        import_files(Ledger(), paths)


class Raising:
    """A value that cannot even be shown."""

    dtype = "object"
    ndim = 0

    def __str__(self):
        raise RuntimeError("Jane Roe")

    __repr__ = item = tolist = __str__


def listed(levels):
    """Return a list in a list in a list."""
    made = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize("library", [pd, pl])
@pytest.mark.parametrize(
    "value",
    [10**5000, -(10**5000), Decimal("1e99999999"), Decimal("1e-99999999"), Decimal("sNaN"), Raising(), {Raising()}, listed(5000)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
@pytest.mark.parametrize("column", ["Employee ID", "Course", "Completed", "Hours"])
def test_no_value_of_a_frame_is_more_than_a_cell_that_cannot_be_read(library, value, column):
    """Numbers of any length, and objects whose own methods fail, reject their row or leave a cell empty, at once."""
    row = {"Employee ID": "p-1", "Course": "Ethics", "Completed": "2025-01-02", "Hours": "2"} | {column: value}
    if library is pd:
        frame = pd.DataFrame({name: pd.Series([cell], dtype=object) for name, cell in row.items()})
    else:
        made = {
            name: pl.Series(name, [cell], dtype=pl.Object if name == column else pl.String)
            for name, cell in row.items()
        }
        frame = pl.DataFrame(made)  # fmt: skip
    begun = time.process_time()
    found = import_frame(frame, kind="training-event", source="s")
    assert time.process_time() - begun < 2
    assert "Roe" not in str(found)
    assert len(str(found)) < 5000


def test_a_name_of_a_column_that_cannot_be_shown_is_none():
    columns = {10**5000: ["x"], "Employee ID": ["p-1"], "Completed": ["2025-01-02"], "Hours": ["2"]}
    frame = pd.DataFrame(columns)
    assert len(import_frame(frame, kind="training-event", source="s").records) == 1


@pytest.mark.parametrize("amount", ["1e99999999", "1e-99999999", "9" * 4000])
def test_credits_of_a_badge_are_no_number_without_end(amount, tmp_path):
    """An exponent makes a number of millions of digits of ten characters, which took minutes to write out."""
    path = tmp_path / "badge.json"
    text = (Path(__file__).parent / "samples" / "open-badge.json").read_text("utf-8")
    badge = json.loads(text)
    badge["credentialSubject"]["creditsEarned"] = "AMOUNT"
    path.write_text(json.dumps(badge).replace('"AMOUNT"', amount), "utf-8")
    begun = time.process_time()
    (rejected,) = import_file(path).rejected
    assert time.process_time() - begun < 2
    assert "holds a number of more than 40 digits" in rejected.reason
