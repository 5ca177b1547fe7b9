"""Partitions of a cluster's tables are answered as the whole is: by the function alone, on Dask and on Spark."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engines
from peer_ledger.columns import _partitions as partitions
from peer_ledger.columns import answer_schema, evaluate_frame, partition_answers, tables_of
from peer_ledger.errors import InvalidValue
from peer_ledger.example import ON, import_example

LEDGER = import_example()[0]
RECORDS = [*LEDGER.shared_records(), *(record for one in LEDGER.people() for record in LEDGER.records_of(one))]
TABLES = tables_of(RECORDS)
SHARED = {name: TABLES[name] for name in ("courses", "coverage")}
OF_PEOPLE = {name: table for name, table in TABLES.items() if name not in SHARED}


def structs(table, name):
    """Return a table whose rows are structs in a column of its name, beside the person."""
    return pa.table({"person": table.column("person"), name: table.to_struct_array()})


def whole():
    """Return one table of everybody's rows."""
    return pa.concat_tables([structs(table, name) for name, table in OF_PEOPLE.items()], promote_options="default")


def in_partitions(table, count):
    """Return the batches of each partition, in which all rows of one person are."""
    numbers = [crc32(person.encode()) % count for person in table.column("person").to_pylist()]
    return [
        table.filter(pa.array([number == one for number in numbers])).to_batches(max_chunksize=50)
        for one in range(count)
    ]


def answered(batches):
    return sorted((row for batch in batches for row in batch.to_pylist()), key=lambda row: row["person"])


def expected(**how):
    return evaluate_frame(**TABLES, on=ON, to="pyarrow", **how)


@pytest.mark.parametrize("count", [1, 40])
def test_partitions_are_answered_as_the_whole_is(count):
    answer = partition_answers(on=ON, **SHARED)
    batches = [batch for some in in_partitions(whole(), count) for batch in answer(some)]
    assert answered(batches) == expected().people.to_pylist()
    assert {batch.schema for batch in batches} == {answer_schema()}


@pytest.mark.parametrize("what", ["findings", "rejected"])
def test_the_other_frames_of_an_answer_are_those_of_the_whole(what):
    also = ("findings",) if what == "findings" else ()
    damaged = whole().slice(0, 0).to_pylist() or whole().to_pylist()
    damaged[0][next(name for name in OF_PEOPLE if damaged[0][name])]["id"] = "not an id"
    table = pa.Table.from_pylist(damaged, schema=whole().schema)
    answer = partition_answers(on=ON, also=also, what=what, **SHARED)
    batches = [batch for some in in_partitions(table, 5) for batch in answer(some)]
    assert {batch.schema for batch in batches} == {answer_schema(also=also, what=what)}
    rows = [row for batch in batches for row in batch.to_pylist()]
    if what == "rejected":
        assert [(row["column"], row["person"]) for row in rows] == [("id", damaged[0]["person"])]
    else:
        untouched = [row for row in expected(also=also).findings.to_pylist() if row["person"] != damaged[0]["person"]]
        assert sorted(map(str, untouched)) == sorted(str(row) for row in rows if row["person"] != damaged[0]["person"])


def test_a_statement_about_everybody_holds_beside_those_about_one():
    own = pa.table({"covers": ["filing"], "person": ["p-101"]})
    table = pa.concat_tables([whole(), structs(own, "coverage")], promote_options="default")
    answer = partition_answers(on=ON, **SHARED)
    assert (
        answered(batch for some in in_partitions(table, 3) for batch in answer(some)) == expected().people.to_pylist()
    )


def test_what_partitions_cannot_hold_is_refused():
    with pytest.raises(InvalidValue, match="courses and coverage"):
        partition_answers(on=ON, same_people=pa.table({"people": [["a", "b"]]}))
    with pytest.raises(InvalidValue, match="named for a table"):
        partitions.tables_of_partition([pa.record_batch({"courses": [{"title": "x"}]})])


@pytest.mark.parametrize(("engine", "needed"), [("dask", "distributed"), ("spark", "pyspark")])
def test_an_engine_gives_the_same_answers_although_a_worker_is_killed(engine, needed):
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    done = subprocess.run(
        [sys.executable, engines.__file__, engine], check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize(("engine", "needed"), [("dask", "distributed"), ("spark", "pyspark")])
def test_the_program_of_the_documentation_writes_the_same_answers(engine, needed, tmp_path):
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    (tmp_path / "ours").mkdir()
    for name, table in TABLES.items():
        pq.write_table(table, tmp_path / "ours" / f"{name}.parquet")
    program = Path(__file__).parents[1] / "docs" / "how-to" / "roster_on_a_cluster.py"
    asked = [engine, str(tmp_path / "ours"), str(ON), str(tmp_path / "answers"), "3"]
    done = subprocess.run(
        [sys.executable, str(program), *asked], check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = pq.read_table(tmp_path / "answers").to_pylist()
    assert sorted(rows, key=lambda row: row["person"]) == expected().people.to_pylist()
