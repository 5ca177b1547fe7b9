"""
What a ledger says about each person: read for one, or for many in few readings.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import attrs

from peer_ledger.ledger._cache_file import Known
from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._known import known_about, rows_known
from peer_ledger.ledger._reading import joined_among, merged, rows_by_id, rows_in_effect
from peer_ledger.ledger._view import LedgerView
from peer_ledger.records import Record
from peer_ledger.records._record import first_id

AT_ONCE = 100
"""How many people are read at once."""


@attrs.frozen(kw_only=True)
class About:
    """
    What a ledger says about one person.

    Attributes:
        people: Every id of the person.
        entries: The number of entries.
        records: The records that are not withdrawn, without retractions, in the order in which they were recorded.
    """

    people: frozenset[str]
    entries: int
    records: tuple[Record, ...]


class RowsAbout(NamedTuple):
    """
    The entries of what a ledger says about one person, whose records are not read yet.

    Attributes:
        person: The id asked for.
        people: Every id of the person.
        entries: The number of entries.
        last: The number of the last of them; 0 where there is none.
        rows: The entries in effect, without retractions, in order.
    """

    person: str
    people: frozenset[str]
    entries: int
    last: int
    rows: list[StoredRow]


def read_about(view: LedgerView, person: str) -> About:
    """Read everything about a person in one pass."""
    last = view._last
    known = known_about(view._store, person, last)
    return about_rows(view, rows_about(view, person, last)) if known is None else _about_known(known)


def read_about_each(view: LedgerView, people: Iterable[str]) -> Iterator[About]:
    """Read everything about each of some people, many at once."""
    waiting = iter(people)
    while some := list(islice(waiting, AT_ONCE)):
        known = rows_known(view._store, some, view._last)
        read = rows_about_each(view, [person for person in some if person not in known])
        for person in some:
            yield _about_known(known[person].known()) if person in known else about_rows(view, next(read))


def read_kinds(view: LedgerView, person: str, kinds: frozenset[str]) -> About:
    """Read what there is about a person of some types of record; other records are not decoded."""
    last = view._last
    known = known_about(view._store, person, last)
    if known is not None:
        about = _about_known(known)
        return attrs.evolve(about, records=tuple([r for r in about.records if r.record_type in kinds]))
    found = rows_about(view, person, last)
    return about_rows(view, found._replace(rows=[row for row in found.rows if row.type in kinds]))


def rows_about_each(view: LedgerView, people: Iterable[str]) -> Iterator[RowsAbout]:
    """Yield the entries about each of some people, in their order; any number of people needs the same memory."""
    waiting = iter(people)
    while some := list(islice(waiting, AT_ONCE)):
        last = view._last
        read = view._store.rows_of_each(some, last)
        for person in some:
            yield _rows_about(person, rows_by_id(view._store, person, last, read))


def first_ids(view: LedgerView, people: Iterable[str] | None = None) -> list[str]:
    """
    Return the first of each person's ids, sorted, reading nothing about them but what joins ids.

    Args:
        view: The ledger.
        people: Any ids of the people; `None` for everyone.
    """
    before: dict[str, str] = {}  # an id before each that is not the first of its person's

    def first(one: str) -> str:
        while one in before:
            above = before[one]
            before[one] = one = before.get(above, above)  # the way becomes half as long for the next
        return one

    for pair in joined_among(view._store.rows_about_two(view._last)):
        least, *others = sorted({first(one) for one in pair})
        before |= dict.fromkeys(others, least)
    return sorted({first(one) for one in (view.people() if people is None else people)})


def rows_about(view: LedgerView, person: str, last: int) -> RowsAbout:
    """Return the entries about a person, until one."""
    return _rows_about(person, rows_by_id(view._store, person, last))


def about_rows(view: LedgerView, found: RowsAbout) -> About:
    """Read the records of entries."""
    return About(people=found.people, entries=found.entries, records=view._store.records(found.rows))


def _rows_about(person: str, found: dict[str, list[StoredRow]]) -> RowsAbout:
    rows = merged(found)
    return RowsAbout(person, frozenset(found), len(rows), rows[-1].seq if rows else 0, rows_in_effect(rows))


def _about_known(known: Known) -> About:
    return About(people=known.people, entries=known.entries, records=known.records)


def latest_states(records: Sequence[Record]) -> Sequence[Record]:
    """Return some records, in their order, each in the last of its states: an earlier one may be in effect again."""
    corrected = {first_id(record.id) for record in records if record.replaces is not None}
    if not corrected:
        return records
    states = [
        first_id(record.id) if record.replaces is not None or record.id in corrected else record.id
        for record in records
    ]
    last = {state: place for place, state in enumerate(states)}
    return [records[place] for place in sorted(last.values())]
