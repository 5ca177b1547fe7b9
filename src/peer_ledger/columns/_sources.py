"""
Where tables come from: frames, files of Parquet, relations of DuckDB, and whatever else speaks Arrow's C stream.

All of them are read as batches of Arrow, by one way: what an object yields through `__arrow_c_stream__`. What may come
only once, and is large, is written to a temporary file first, which only its owner can read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Any, Literal, cast

from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._tables import repeating
from peer_ledger.errors import InvalidData, LedgerMisuse, Problem, shown
from peer_ledger.presenting._frames import Library
from peer_ledger.values._folders import TemporaryFolder
from peer_ledger.values._outputs import disk_errors, input_errors

FrameKind = Library | Literal["duckdb", "stream"]
"""The libraries whose frames are read; answers to a stream are returned as those to files are, as tables of pyarrow."""

BATCH = 65_536
"""How many rows are read at once."""

IN_MEMORY = 1_000_000
"""How many rows of a stream are kept in memory."""

_STREAM = "__arrow_c_stream__"
_LIBRARIES = ("pandas", "polars", "pyarrow")


class Source:
    """
    A table that can be read any number of times.

    Args:
        name: The name of the argument, for messages.
        given: What was given.

    Attributes:
        name: The name of the argument.
        kind: The library of the frame.
        columns: The names of its columns.
        table: All of it, where it is in memory anyway; otherwise `None`.

    Raises:
        LedgerMisuse: It is nothing that can be read, or a library that is needed is not installed.
        InvalidData: A file is not one of Parquet, or the files of a folder have different columns.
        LedgerFileError: A file cannot be read.
    """

    def __init__(self, name: str, given: Any) -> None:
        self.name = name
        self.kind: FrameKind = "pyarrow"
        self.table: Any = None
        self._files: list[Path] = []
        self._texts: dict[Path, list[str]] = {}
        if isinstance(given, str | PathLike):
            self._files = _files_of(name, Path(given))
            self.columns = self._columns_of_files()
            return
        self.kind = _kind_of(given)
        if self.kind == "polars" and hasattr(given, "collect"):
            given = given.collect()
        if not hasattr(given, _STREAM) or isinstance(given, type):
            raise LedgerMisuse(
                f"{name} must be a frame of pandas, polars or pyarrow, a relation of DuckDB, or the path of a file or "
                f"folder of Parquet, not {shown(given)}"
            )
        self.table = self._whole(given) if self.kind in _LIBRARIES else self._drained(given)
        self.columns = list(self.table.column_names) if self.table is not None else self._columns_of_files()

    def batches(self, names: list[str] | None = None) -> Iterator[Any]:
        """
        Yield its rows, a batch at a time.

        Args:
            names: The columns to read; `None` for all.
        """
        for batch in self._batches(names):
            yield _plainly(batch)

    def _batches(self, names: list[str] | None) -> Iterator[Any]:
        if self.table is not None:
            yield from (self.table if names is None else self.table.select(names)).to_batches(max_chunksize=BATCH)
            return
        for path in self._files:
            with input_errors(path), opened_parquet(self.name, path, self._texts[path]) as file:
                yield from file.iter_batches(batch_size=BATCH, columns=names)

    def _whole(self, given: Any) -> Any:
        """Return a frame as a table of Arrow."""
        pa = arrow()
        try:
            if self.kind == "pandas":
                index = any(name is not None for name in given.index.names)
                return pa.Table.from_pandas(given, preserve_index=index).replace_schema_metadata(None)
            return _plainly(pa.table(given))
        except (pa.ArrowException, TypeError, ValueError) as error:
            what = f"a column cannot be read: {type(error).__name__}; every column must hold values of one type"
            raise InvalidData("frame", (Problem(self.name, what),)) from None

    def _drained(self, given: Any) -> Any:
        """Return what a stream yields as a table; `None` where it is too large and was written to a file."""
        pa, kept, rows = arrow(), list[Any](), 0
        reader = pa.RecordBatchReader.from_stream(given)
        for batch in reader:
            kept.append(_plainly(batch))
            rows += batch.num_rows
            if rows > IN_MEMORY:
                self._written(kept, reader)
                return None
        return pa.Table.from_batches(kept, None if kept else reader.schema)

    def _written(self, kept: list[Any], rest: Any) -> None:
        self._folder = TemporaryFolder()
        path = self._folder.path / f"{self.name}.parquet"
        self._files = [path]
        try:
            with disk_errors(path):
                writer = arrow("parquet").ParquetWriter(path, kept[0].schema)
            with closed_whole(writer, path):
                for batch in chain(_taken_out(kept), map(_plainly, rest)):
                    with disk_errors(path):
                        writer.write_batch(batch)
        except BaseException:
            self._folder.close()
            raise

    def _columns_of_files(self) -> list[str]:
        found: list[str] = []
        for path in self._files:
            with input_errors(path), opened_parquet(self.name, path) as file:
                schema = file.schema_arrow
            names = list(schema.names)
            self._texts[path] = [one for one in repeating(self.name, names) if is_text(schema.field(one).type)]
            if found and names != found:
                what = f"{path.name} has other columns than {self._files[0].name}"
                raise InvalidData("folder", (Problem(self.name, what),))
            found = names
        return found


def _files_of(name: str, path: Path) -> list[Path]:
    with input_errors(path):
        if not path.is_dir():
            return [path]
        found = sorted(one for one in path.iterdir() if one.suffix == ".parquet")
    if not found:
        raise InvalidData("folder", (Problem(name, "there are no files with the ending .parquet in it"),))
    return found


def opened_parquet(name: str, path: Path, texts: Sequence[str] = ()) -> Any:
    """
    Open a file of Parquet.

    Args:
        name: The name of the table, for messages.
        path: The file.
        texts: Its columns of texts that repeat, which are read once each, and not for each row.

    Raises:
        InvalidData: It is none.
    """
    pa = arrow()
    try:
        return arrow("parquet").ParquetFile(path, read_dictionary=texts)
    except pa.ArrowInvalid:
        raise InvalidData("file", (Problem(name, f"{path.name} is not a file of Parquet"),)) from None


@contextmanager
def closed_whole(writer: Any, path: Path) -> Iterator[None]:
    """Close what writes a file, which may write the last of it."""
    try:
        yield
    finally:
        with disk_errors(path):
            writer.close()


def _taken_out(batches: list[Any]) -> Iterator[Any]:
    """Yield batches, and keep none that was yielded."""
    while batches:
        yield batches.pop(0)


def _plainly(table: Any) -> Any:
    """Return a table or a batch with its texts kept one after the other: not everything works on views of them."""
    pa = arrow()
    fields = [pa.field(field.name, _without_views(field.type)) for field in table.schema]
    return table if all(map(_is_same, fields, table.schema)) else table.cast(pa.schema(fields))


def is_text(kind: Any) -> bool:
    """Return whether a column of a type of Arrow holds texts."""
    types = arrow("types")
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_same(one: Any, other: Any) -> bool:
    return bool(one.type == other.type)


def _without_views(kind: Any) -> Any:
    pa, types = arrow(), arrow("types")
    if types.is_string_view(kind):
        return pa.large_string()
    if types.is_dictionary(kind) and types.is_string_view(kind.value_type):
        return pa.dictionary(kind.index_type, pa.large_string())
    if types.is_list(kind):
        return pa.list_(_without_views(kind.value_type))
    if types.is_large_list(kind):
        return pa.large_list(_without_views(kind.value_type))
    if types.is_struct(kind):
        fields = (kind.field(place) for place in range(kind.num_fields))
        return pa.struct([pa.field(field.name, _without_views(field.type)) for field in fields])
    return kind


def _kind_of(given: object) -> FrameKind:
    """Return the library of a frame; `stream` for what speaks Arrow and is of no known library."""
    for cls in type(given).__mro__:
        library = cls.__module__.partition(".")[0].lstrip("_")
        if library in (*_LIBRARIES, "duckdb"):
            return cast("FrameKind", "stream" if cls.__name__ == "RecordBatchReader" else library)
    return "stream"
