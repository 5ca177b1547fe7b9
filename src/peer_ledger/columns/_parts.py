"""
The rows of a table, a part of all people at a time.

A table in memory is sorted by part. A file whose rows are sorted by person is read as it is. Any other is written to
files of a few parts each first, in a temporary folder that only its owner can read and that is removed afterward.
"""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

from peer_ledger.columns._codes import Texts
from peer_ledger.columns._libraries import arrow, numpy
from peer_ledger.columns._people import People
from peer_ledger.columns._sources import Source, closed_whole
from peer_ledger.values._folders import TemporaryFolder
from peer_ledger.values._outputs import disk_errors

ROW = "row of the table"
PERSON = "first id of the person"
MOST_FILES = 100
"""How many temporary files are written at most for a table."""


class PartOf(NamedTuple):
    """
    The rows of a table about some people.

    Attributes:
        table: The rows.
        places: The number of each row in its table, from 1.
        people: The first id of the person of each row.
    """

    table: Any
    places: Any
    people: Any

    def about_somebody(self) -> "PartOf":
        """Return the rows that name a person; statements about everybody name none."""
        there = arrow("compute").not_equal(self.people, "")
        places = self.places[there.to_numpy(zero_copy_only=False)]
        return PartOf(self.table.filter(there), places, self.people.filter(there))


def parts_of(source: Source, people: People, ends: list[str]) -> Iterator[PartOf]:
    """
    Yield the rows of a table about the people of each part, in the order of the parts.

    Args:
        source: The table.
        people: Everybody.
        ends: Where people are divided.
    """
    if source.table is not None:
        yield from _cut(_numbered(source.table, people, source.name, 0), people, ends, range(len(ends) + 1))
    elif source.name in people.sorted or not ends:
        yield from _streamed(source, people, ends)
    else:
        yield from _spilled(source, people, ends)


def _numbered(table: Any, people: People, name: str, begin: int) -> Any:
    """Return a table with the number of each row, and the first id of its person."""
    pa = arrow()
    places = pa.array(numpy().arange(begin + 1, begin + 1 + table.num_rows))
    person = people.first_ids(_column(table, "person"), name)
    return table.append_column(ROW, places).append_column(PERSON, person)


def _column(table: Any, name: str) -> Any:
    column = table.column(name).combine_chunks()
    return column if not hasattr(column, "chunks") else arrow().concat_arrays(column.chunks)


def _part(table: Any) -> PartOf:
    places = table.column(ROW).to_numpy()
    return PartOf(table.drop_columns([ROW, PERSON]), places, _column(table, PERSON))


def _cut(table: Any, people: People, ends: list[str], numbers: range) -> Iterator[PartOf]:
    """Yield the parts with some numbers of a table in memory."""
    np = numpy()
    parts = people.parts_of(_column(table, PERSON), ends) if table.num_rows else np.zeros(0, dtype=np.int64)
    order = np.argsort(parts, kind="stable")
    bounds = np.searchsorted(parts[order], np.arange(numbers.start, numbers.stop + 1))
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        yield _part(table.take(arrow().array(order[begin:end])))


def _streamed(source: Source, people: People, ends: list[str]) -> Iterator[PartOf]:
    """Yield the parts of a table that is sorted by person, or is to be read as a whole."""
    pa = arrow()
    waiting: list[Any] = []
    number, empty = 0, None
    for batch in _numbered_batches(source, people):
        empty = batch.slice(0, 0) if empty is None else empty
        begin, texts = 0, Texts(_column(batch, PERSON))
        for last in ends[number:]:
            end = bisect_right(texts, last, lo=begin)
            if end == len(texts):  # there may be more of this part
                break
            yield _part(pa.concat_tables([empty, *waiting, batch.slice(begin, end - begin)]))
            waiting, number, begin = [], number + 1, end
        waiting.append(batch.slice(begin))
    for _ in range(number, len(ends) + 1):
        yield _part(pa.concat_tables([empty, *waiting])) if empty is not None else _nothing(source, people)
        waiting = []


def _numbered_batches(source: Source, people: People) -> Iterator[Any]:
    begin = 0
    for batch in source.batches():
        yield _numbered(arrow().Table.from_batches([batch]), people, source.name, begin)
        begin += batch.num_rows


def _nothing(source: Source, people: People) -> PartOf:
    pa = arrow()
    empty = pa.table({name: pa.nulls(0) for name in source.columns})
    return _part(_numbered(empty, people, source.name, 0))


def _spilled(source: Source, people: People, ends: list[str]) -> Iterator[PartOf]:
    """Yield the parts of a table in any order, of which several at a time are kept in a temporary file."""
    pa, count = arrow(), len(ends) + 1
    together = -(-count // MOST_FILES)
    groups = [range(begin, min(begin + together, count)) for begin in range(0, count, together)]
    with closing(TemporaryFolder()) as folder:
        paths = [folder.path / f"{place}.arrow" for place in range(len(groups))]
        _spill(source, people, ends, paths, together)
        for path, numbers in zip(paths, groups, strict=True):
            if not path.exists():
                for _ in numbers:
                    yield _nothing(source, people)
                continue
            with pa.OSFile(str(path)) as file:
                table = pa.ipc.open_stream(file).read_all()
            path.unlink()
            yield from _cut(table, people, ends, numbers)


def _spill(source: Source, people: People, ends: list[str], paths: list[Path], together: int) -> None:
    np, pa = numpy(), arrow()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    writers: dict[int, Any] = {}
    with ExitStack() as opened:
        for batch in _numbered_batches(source, people):
            groups = people.parts_of(_column(batch, PERSON), ends) // together
            order = np.argsort(groups, kind="stable")
            by_group, groups, begin = batch.take(pa.array(order)), groups[order], 0
            while begin < len(groups):
                end, group = int(np.searchsorted(groups, groups[begin], side="right")), int(groups[begin])
                with disk_errors(paths[group]):
                    if group not in writers:
                        file = opened.enter_context(pa.OSFile(str(paths[group]), "wb"))
                        writers[group] = pa.ipc.new_stream(file, by_group.schema, options=options)
                        opened.enter_context(closed_whole(writers[group], paths[group]))
                    writers[group].write_table(by_group.slice(begin, end - begin))
                begin = end
