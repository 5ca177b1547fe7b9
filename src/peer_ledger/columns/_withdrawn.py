"""
Which records are withdrawn, by the table of retractions.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from peer_ledger.columns._codes import coded
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._shapes import Rejected
from peer_ledger.columns._sources import Source
from peer_ledger.records import Retraction


def withdrawn(
    retractions: Mapping[int, Retraction], sources: Iterable[Source]
) -> tuple[frozenset[str], list[Rejected]]:
    """
    Return the ids of the withdrawn records, and the retractions that withdraw nothing.

    A retraction that is itself withdrawn has no effect.  One is rejected if no record has the id that it names, if
    records of several tables have it, or if it withdraws itself by a detour.

    Args:
        retractions: The retractions, by the number of the row.
        sources: The tables of all other records.
    """
    of = dict[str, list[str]]()
    named = {retraction.id for retraction in retractions.values()}
    tables, derives = _tables_of({retraction.retracts for retraction in retractions.values()} - named, sources)
    rejected = []
    for row, retraction in retractions.items():
        target = retraction.retracts
        found = tables.get(target, set()) | ({"retractions"} if target in named else set())
        why = _refusal(found, is_open=derives) or ("withdraws itself" if _is_circular(retraction, of) else None)
        if why is None:
            of.setdefault(target, []).append(retraction.id)
        else:
            rejected.append(Rejected("retractions", row, None, "retracts", why))
    return frozenset(target for target in of if _is_gone(target, of)), rejected


def _refusal(found: set[str], *, is_open: bool) -> str | None:
    if not found and not is_open:
        return "no record has this id"
    if len(found) > 1:
        return f"several records have this id: in {' and '.join(sorted(found))}"
    return None


def _is_circular(retraction: Retraction, of: Mapping[str, list[str]]) -> bool:
    """Return whether a retraction is withdrawn by what it withdraws."""
    waiting, seen = [retraction.id], set[str]()
    while waiting:
        one = waiting.pop()
        if one == retraction.retracts:
            return True
        if one not in seen:
            seen.add(one)
            waiting += of.get(one, ())
    return False


def _is_gone(target: str, of: Mapping[str, list[str]]) -> bool:
    return any(not _is_gone(retraction, of) for retraction in of.get(target, ()))


def _tables_of(targets: set[str], sources: Iterable[Source]) -> tuple[dict[str, set[str]], bool]:
    """Return the tables in which ids occur, and whether some table derives ids from the origins of its records."""
    pa, found, derives = arrow(), dict[str, set[str]](), False
    wanted = pa.array(sorted(targets), pa.large_string())
    for source in sources:
        derives = derives or "origin" in source.columns
        for known in _ids_of(source) if len(wanted) else ():
            for value in known & targets:
                found.setdefault(value, set()).add(source.name)
    return found, derives


def _ids_of(source: Source) -> Iterator[set[Any]]:
    """Yield the ids in a table, some at a time; rows without one are named by their place."""
    row = 0
    for batch in source.batches(["id"] if "id" in source.columns else [source.columns[0]]):
        places = range(row + 1, row + 1 + batch.num_rows)
        row += batch.num_rows
        if "id" in source.columns:
            found = coded(batch.column(0))
            yield {str(value) for value in found.values if value is not None}
            if None not in found.values:
                continue
        yield {f"{source.name}-{place}" for place in places}
