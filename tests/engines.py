"""
The example's people on an engine of a cluster, in local mode with two workers, of which one is killed in the middle.

`python tests/engines.py dask|spark` ends without an error if the answers are those of `evaluate_frame` on the same tables, and one
worker was killed. One person has many times the rows of all others. The tests run it where the engine is installed.
"""

import os
import signal
import sys
import tempfile
from functools import reduce
from pathlib import Path

import pyarrow as pa

from peer_ledger.columns import answer_schema, evaluate_frame, partition_answers, tables_of
from peer_ledger.example import ON, import_example

PARTITIONS = 4


def tables():
    """Return the example's tables, with many more trainings of one person."""
    ledger = import_example()[0]
    found = tables_of(
        [*ledger.shared_records(), *(record for one in ledger.people() for record in ledger.records_of(one))]
    )
    rows = found["trainings"].to_pylist()
    first = rows[0]["person"]
    own = [row for row in rows if row["person"] == first]
    more = [{**row, "id": f"{row['id']}-{time}", "origin": None} for row in own for time in range(200)]
    return {**found, "trainings": pa.Table.from_pylist([*rows, *more], schema=found["trainings"].schema)}


def whole(of_people):
    """Return one table of everybody's rows, each a struct in the column of its table, beside the person."""
    some = [
        pa.table({"person": table.column("person"), name: table.to_struct_array()}) for name, table in of_people.items()
    ]
    return pa.concat_tables(some, promote_options="default")


def on_dask(of_people, answers):
    """Return the answers, with the rows of one person together by Dask's own shuffle."""
    import cloudpickle  # noqa: PLC0415 - it need not be installed
    import dask  # noqa: PLC0415 - it need not be installed
    import dask.dataframe as dd  # noqa: PLC0415 - it need not be installed
    from distributed import Client, LocalCluster  # noqa: PLC0415 - it need not be installed

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    table = whole(of_people)
    schema = table.schema

    def answered(frame):
        batches = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).to_batches()
        return pa.Table.from_batches(list(answers(batches)), answer_schema()).to_pandas(date_as_object=True)

    empty = answer_schema().empty_table().to_pandas(date_as_object=True)
    with (
        dask.config.set({"dataframe.convert-string": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        frame = dd.from_pandas(table.to_pandas(date_as_object=True), npartitions=PARTITIONS)
        together = frame.shuffle("person", npartitions=PARTITIONS)
        found = together.map_partitions(answered, meta=empty).compute()
    return pa.Table.from_pandas(found, schema=answer_schema(), preserve_index=False).to_pylist()


def on_spark(of_people, answers):
    """Return the answers, with the rows of one person together by Spark's own shuffle."""
    from pyspark import cloudpickle  # noqa: PLC0415 - it need not be installed
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it need not be installed
    from pyspark.sql.functions import struct  # noqa: PLC0415 - it need not be installed
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - it need not be installed

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1"}
    spark = SparkSession.builder.master("local[2,4]").config(map=settings).getOrCreate()  # each task may fail 3 times
    try:
        frames = {name: spark.createDataFrame(table) for name, table in of_people.items()}
        rows = [frame.select("person", struct("*").alias(name)) for name, frame in frames.items()]
        everything = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), rows)
        together = everything.repartition(PARTITIONS, "person")
        found = together.mapInArrow(answers, from_arrow_schema(answer_schema())).collect()
    finally:
        spark.stop()
    return [row.asDict() for row in found]


ENGINES = {"dask": on_dask, "spark": on_spark}


def main():
    found = tables()
    shared = {name: found[name] for name in ("courses", "coverage")}
    answer, killed = partition_answers(on=ON, **shared), Path(tempfile.mkdtemp()) / "killed"

    def answers(batches):
        if not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from answer(batches)

    of_people = {name: table for name, table in found.items() if name not in shared}
    rows = sorted(ENGINES[sys.argv[1]](of_people, answers), key=lambda row: row["person"])
    assert killed.exists(), "no worker was killed"
    assert rows == evaluate_frame(**found, on=ON, to="pyarrow").people.to_pylist(), "the answers differ"


if __name__ == "__main__":
    main()
