"""A ledger is the same after it was written as files of Parquet and read again, and a changed cell is found."""

import shutil
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from effort import effort
from peer_ledger import Ledger, Retraction, evaluate_all, ruleset
from peer_ledger.columns import _ledgers as ledgers
from peer_ledger.columns import evaluate_frame, read_parquet, tables_in, write_parquet
from peer_ledger.errors import InvalidData, LedgerMisuse
from peer_ledger.example import ON, import_example
from peer_ledger.rulesets.kept import keep_rules
from peer_ledger.testing import records


def filled():
    """Return a ledger in which something of every kind happened."""
    ledger = import_example()[0]
    keep_rules(ledger, ruleset("us-nc-cpss"))
    first = next(record for record in ledger.records_of("p-101") if record.record_type == "training-event")
    ledger.append(Retraction(id="back", retracts=first.id, reason="entered twice"))
    ledger.erase("p-107")
    return ledger


def test_a_ledger_is_the_same_after_it_was_files(tmp_path):
    ledger = filled()
    counts = write_parquet(ledger, tmp_path / "ours")
    assert sum(counts.values()) == len(ledger)
    assert {"trainings", "certifications", "erased", "rule_sets", "retractions"} <= counts.keys()
    again = read_parquet(tmp_path / "ours")
    assert again.head == ledger.head
    assert list(again) == list(ledger)
    assert again.verify(head=ledger.head)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ours").iterdir()} == {0o600}


def test_the_files_of_a_ledger_are_tables_to_evaluate(tmp_path):
    ledger = filled()
    write_parquet(ledger, tmp_path / "ours")
    answers = evaluate_frame(**tables_in(tmp_path / "ours"), on=ON, to="polars")
    reports = list(evaluate_all(ledger, on=ON))
    assert answers.rejected.is_empty()
    expected = [(report.person, report.status, report.hours_outcome) for report in reports]
    assert expected == list(zip(*(answers.people[name] for name in ("person", "status", "hours")), strict=True))


@given(records())
@effort(100)
def test_any_record_is_the_same_after_it_was_a_row(record):
    cls, cells = type(record), ledgers.cells_of(record)
    table = pa.Table.from_pylist([cells], schema=pa.schema(ledgers.fields_of(cls)))
    row = table.to_pylist()[0]
    assert ledgers.record_from_dict({"type": cls.record_type, **ledgers.plain_form(row, cls)}) == record


def other_than(value):
    if isinstance(value, str):
        return value[:-1] + ("1" if value[-1] != "1" else "2")
    return value + 1 if isinstance(value, int) else None


@pytest.mark.parametrize("name", ["trainings", "erased"])
def test_a_changed_cell_is_found(name, tmp_path):
    write_parquet(filled(), tmp_path / "ours")
    whole = pq.read_table(tmp_path / "ours" / f"{name}.parquet")
    random = Random(1)
    for column in (
        "seq",
        "entry_digest",
        "id" if name == "trainings" else "commitment",
        "salt" if name == "trainings" else "entry_digest",
    ):
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        shutil.copytree(tmp_path / "ours", tmp_path / "other")
        place, row = whole.column_names.index(column), random.randrange(whole.num_rows)
        values = whole.column(place).to_pylist()
        values[row] = other_than(values[row])
        changed = whole.set_column(place, whole.schema.field(place), pa.array(values, whole.schema.field(place).type))
        pq.write_table(changed, tmp_path / "other" / f"{name}.parquet")
        with pytest.raises(InvalidData, match="entry"):
            read_parquet(tmp_path / "other")


def test_a_file_that_is_missing_is_found(tmp_path):
    write_parquet(filled(), tmp_path / "ours")
    (tmp_path / "ours" / "documents.parquet").unlink()
    ledger = Ledger()
    with pytest.raises(InvalidData):
        read_parquet(tmp_path / "ours", into=ledger)
    assert len(ledger) == 0


def test_what_is_there_is_not_overwritten(tmp_path):
    with pytest.raises(LedgerMisuse, match="exists"):
        write_parquet(Ledger(), tmp_path)
    write_parquet(Ledger(), tmp_path / "empty")
    assert len(read_parquet(tmp_path / "empty")) == 0
    pq.write_table(pa.table({"x": [1]}), tmp_path / "empty" / "trainings.parquet")
    with pytest.raises(InvalidData, match="not those of one ledger"):
        read_parquet(tmp_path / "empty")
