"""
Answers about everyone from a folder of Parquet, on Spark or Dask with the workers of this machine.

`python roster_on_a_cluster.py spark|dask FOLDER DAY ANSWERS [PARTITIONS]` reads the tables of the folder, such as
`trainings.parquet`, and writes a folder of Parquet with the answers of `evaluate_frame`. On a cluster, use your own
session or client. Pairs of ids of one person and withdrawals have to be applied before: they concern rows of several
partitions.
"""

import os
import sys
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from peer_ledger.columns import answer_schema, partition_answers, tables_in


def shared_tables(tables: dict[str, Path]) -> dict[str, pa.Table]:
    """Return what every partition needs: the catalog, and what is said of everybody's records."""
    shared = {name: pq.read_table(tables.pop(name)) for name in ("courses", "coverage") if name in tables}
    if "coverage" in shared and "person" in shared["coverage"].column_names:
        own = pc.is_valid(shared["coverage"]["person"])
        if pc.any(own).as_py():
            raise SystemExit(
                "statements about single people have to be a table of their own, beside those about everyone"
            )
    return shared


def on_spark(tables: dict[str, Path], answer, answers: str, partitions: int) -> None:
    """Write the answers, with the rows of one person together by Spark's own shuffle."""
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import struct
    from pyspark.sql.pandas.types import from_arrow_schema

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frames = {name: spark.read.parquet(str(path)) for name, path in tables.items()}
        rows = [frame.select("person", struct("*").alias(name)) for name, frame in frames.items()]
        everything = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), rows)
        together = everything.repartition(partitions, "person")
        together.mapInArrow(answer, from_arrow_schema(answer_schema())).write.parquet(answers)
    finally:
        spark.stop()


def on_dask(tables: dict[str, Path], answer, answers: str, partitions: int) -> None:
    """Write the answers, with the rows of one person together by Dask's own shuffle."""
    import dask
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    structs = [
        pa.table({"person": table.column("person"), name: table.to_struct_array()})
        for name, table in ((name, pq.read_table(path)) for name, path in tables.items())
    ]
    whole = pa.concat_tables(structs, promote_options="default")
    schema, empty = whole.schema, answer_schema().empty_table().to_pandas(date_as_object=True)

    def answered(frame):
        batches = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).to_batches()
        return pa.Table.from_batches(list(answer(batches)), answer_schema()).to_pandas(date_as_object=True)

    with (
        dask.config.set({"dataframe.convert-string": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        frame = dd.from_pandas(whole.to_pandas(date_as_object=True), npartitions=partitions)
        together = frame.shuffle("person", npartitions=partitions)
        together.map_partitions(answered, meta=empty).to_parquet(answers, schema=answer_schema(), write_index=False)


def main() -> None:
    """Read the arguments and answer."""
    engine, folder, day, answers, *rest = sys.argv[1:]
    tables = tables_in(folder)
    answer = partition_answers(on=day, **shared_tables(tables))
    {"spark": on_spark, "dask": on_dask}[engine](tables, answer, answers, int(rest[0]) if rest else 8)


if __name__ == "__main__":
    main()
