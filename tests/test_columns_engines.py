"""Partitions of a cluster's tables are answered as the whole is: by the function alone, on Dask and on Spark."""

import os
import signal
from zlib import crc32

import pyarrow as pa
import pytest

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


@pytest.mark.parametrize("count", [1, 7, 200])
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


def ended_once(path):
    """Kill the process that works on the first partition, once."""
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def test_on_dask(tmp_path):
    """Several workers, one of which is killed in the middle; somebody has many times the rows of the others."""
    distributed = pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    answer, killed = partition_answers(on=ON, **SHARED), tmp_path / "killed"

    def answers(batches):
        ended_once(killed)
        return [batch.to_pylist() for batch in answer(batches)]

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 5}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = client.gather(client.map(answers, in_partitions(whole(), 4), pure=False))
    assert killed.exists()
    rows = sorted((row for some in found for batch in some for row in batch), key=lambda row: row["person"])
    assert rows == expected().people.to_pylist()


def test_on_spark(tmp_path):
    """Spark's own shuffle puts the rows of one person together; one worker is killed in the middle."""
    sql = pytest.importorskip("pyspark.sql")
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - it need not be installed

    answer, killed = partition_answers(on=ON, **SHARED), tmp_path / "killed"

    def answers(batches):
        ended_once(killed)
        yield from answer(batches)

    builder = sql.SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        frame = spark.createDataFrame(whole().to_pandas(), from_arrow_schema(whole().schema))
        rows = frame.repartition(4, "person").mapInArrow(answers, from_arrow_schema(answer_schema())).collect()
    finally:
        spark.stop()
    assert killed.exists()
    found = sorted((row.asDict() for row in rows), key=lambda row: row["person"])
    assert found == expected().people.to_pylist()
