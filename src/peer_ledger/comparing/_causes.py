"""
Causes: what may have changed an answer between two moments, and which of it did.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Literal

import attrs

from peer_ledger.ledger import Entry
from peer_ledger.records import (
    Certification,
    Course,
    Coverage,
    Designation,
    Document,
    Erasure,
    Filing,
    Record,
    Retraction,
    Review,
    RuleSetText,
    Ruling,
    TrainingEvent,
    Verification,
)
from peer_ledger.values._wording import spoken_day, with_article

CauseKind = Literal["calendar", "rules", "record", "correction", "withdrawal"]
"""What may change an answer: the day, the rules, a record, a correction of one, or a withdrawal without another."""

MOST_TRIED = 6
"""Among how many causes all sets are tried."""

MOST_LEFT_OUT = 60
"""Without how many sets of causes another explanation is looked for."""


@attrs.frozen(kw_only=True)
class Cause:
    """
    One thing that may have changed an answer.

    Attributes:
        kind: What it is: `calendar` for the days that passed, `rules` for other rules, and what came to the records: a
            `record`, a `correction` of an earlier record, or the `withdrawal` of one, or of a withdrawal.
        records: The ids of the records that it brought, in order, retractions among them; empty for the calendar and
            the rules.
        corrects: The ids of earlier records that it withdrew; empty when there are none.
        says: What it is, in words.
    """

    kind: CauseKind
    records: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()
    says: str

    def __str__(self) -> str:
        return self.says


def calendar(since: date, until: date) -> Cause:
    """Return the cause that days passed."""
    return Cause(kind="calendar", says=f"the calendar, from {spoken_day(since)} to {spoken_day(until)}")


def rules_cause(before: str, after: str) -> Cause:
    """Return the cause that rules are others."""
    return Cause(kind="rules", says=f"the rules, {after} instead of {before}")


def record_causes(entries: Sequence[Entry], *, known: int, since: date, until: date) -> tuple[Cause, ...]:
    """
    Return what came to the records about a person.

    Records that withdraw or replace one another are one cause together.

    Args:
        entries: All entries about the person and about everybody, in order.
        known: The number of the last entry that was known before.
        since: The day before.
        until: The day after: records of the days between belong to the causes even when they were known before.
    """
    there = {entry.record.id: entry for entry in entries if entry.record is not None}
    own = [
        entry
        for entry in there.values()
        if not isinstance(entry.record, Erasure | RuleSetText)
        and (entry.seq > known or _is_between(entry.record, since, until))
    ]
    groups: dict[str, list[Entry]] = {}
    names: dict[str, str] = {}
    for entry in own:
        assert entry.record is not None, "erased entries are left out"
        keys = [entry.record.id, *_named_by(entry.record)]
        found = {names[key] for key in keys if key in names}
        whole = min(found, default=entry.record.id)
        members = [one for name in sorted(found) for one in groups.pop(name)]
        groups[whole] = [*members, entry]
        for one in groups[whole]:
            assert one.record is not None, "erased entries are left out"
            names |= dict.fromkeys([one.record.id, *_named_by(one.record)], whole)
    ordered = sorted((sorted(some, key=_number) for some in groups.values()), key=lambda some: some[0].seq)
    return tuple(_cause(some, known, there) for some in ordered)


def _number(entry: Entry) -> int:
    return entry.seq


def _named_by(record: Record) -> Iterator[str]:
    """Yield the ids of the records that one withdraws or replaces."""
    if isinstance(record, Retraction):
        yield record.retracts
    if record.replaces is not None:
        yield record.replaces


def _cause(entries: list[Entry], known: int, there: dict[str, Entry]) -> Cause:
    records = [entry.record for entry in entries if entry.record is not None]
    since = [entry.record for entry in entries if entry.record is not None and entry.seq > known]
    ids = {record.id for record in records}
    news = [record for record in records if not isinstance(record, Retraction)]
    corrects = tuple(
        dict.fromkeys(name for record in since for name in _named_by(record) if name not in ids and name in there)
    )
    kind: CauseKind = "record" if not corrects else "correction" if news else "withdrawal"
    if kind == "withdrawal":
        says = f"the withdrawal of {', '.join(corrects)}"
    else:
        last = news[-1]
        says = _described(last) if not corrects else f"the correction of {', '.join(corrects)} by {_described(last)}"
        gone = [record.id for record in records if isinstance(record, Retraction) and record.retracts == last.id]
        says += ", withdrawn since" if gone else ""
    return Cause(kind=kind, records=tuple(record.id for record in records), corrects=corrects, says=says)


def _described(record: Record) -> str:
    day = day_of(record)
    what = "training" if isinstance(record, TrainingEvent) else record.record_type.replace("-", " ")
    if isinstance(record, Document):
        what = f"document ({record.kind})"
    elif isinstance(record, Certification):
        what = f"act of the board ({record.act})"
    return f"{record.id}, {with_article(what)}" + ("" if day is None else f" of {spoken_day(day)}")


def day_of(record: Record) -> date | None:
    """
    Return the day on which what a record states took place; `None` where it has none.
    """
    if isinstance(record, TrainingEvent):
        return record.completed
    if isinstance(record, Certification | Document | Review | Ruling):
        return record.on
    if isinstance(record, Filing):
        return record.sent or record.received
    if isinstance(record, Verification):
        return record.seen
    return record.awarded if isinstance(record, Designation) else None


def _is_between(record: Record | None, since: date, until: date) -> bool:
    if record is None or isinstance(record, Course | Coverage):
        return False
    day = day_of(record)
    return day is not None and since < day <= until


def causes_of(
    possible: Sequence[Cause], suffices: Callable[[Sequence[Cause]], bool], shared: frozenset[Cause] = frozenset()
) -> tuple[tuple[tuple[Cause, ...], ...], bool]:
    """
    Return the sets of causes that explain a change, that of the latest things left out first at the front.

    A set explains it if its causes alone suffice, and no longer do without any one of them.

    Args:
        possible: All possible causes, which suffice together.
        suffices: Returns whether some causes, with none of the others, give the answer that there is after.
        shared: Those of them that are about nobody in particular, which are left out before all others.

    Returns:
        The sets, and whether these are all there are: among more than six possible causes, some of the others may be
        missing.
    """
    first = _shrunk(possible, suffices, shared)
    if len(possible) <= MOST_TRIED:
        explaining = [
            some
            for some in _subsets(possible)
            if suffices(some) and not any(suffices(_less(some, [one])) for one in some)
        ]
        return (first, *(some for some in explaining if set(some) != set(first))), True
    return tuple(_others(possible, suffices, shared, first)), False


def _others(
    possible: Sequence[Cause], suffices: Callable[[Sequence[Cause]], bool], shared: frozenset[Cause],
    first: tuple[Cause, ...],
) -> Iterator[tuple[Cause, ...]]:  # fmt: skip
    """Yield a set that explains a change, and others: each is found where something of all found before is left out."""
    found, waiting, seen = [first], [frozenset[Cause]()], {frozenset[Cause]()}
    yield first
    while waiting and len(seen) < MOST_LEFT_OUT:
        gone = waiting.pop(0)
        known = next((some for some in found if gone.isdisjoint(some)), None)
        if known is None:
            rest = _less(possible, gone)
            if not suffices(rest):
                continue
            known = _shrunk(rest, suffices, shared)
            found.append(known)
            yield known
        more = [gone | {cause} for cause in known]
        waiting += [some for some in more if some not in seen]
        seen.update(more)


def _subsets(causes: Sequence[Cause]) -> Iterator[tuple[Cause, ...]]:
    for size in range(1, len(causes) + 1):
        yield from combinations(causes, size)


def _less(causes: Iterable[Cause], gone: Collection[Cause]) -> tuple[Cause, ...]:
    return tuple(cause for cause in causes if cause not in gone)


def _shrunk(
    causes: Sequence[Cause], suffices: Callable[[Sequence[Cause]], bool], shared: frozenset[Cause]
) -> tuple[Cause, ...]:
    """
    Return causes of which none can be left out: those that are shared are left out first, then the latest.

    Many are left out at once where that does, so that few questions are asked where few of many causes matter.
    """
    kept = _without_runs(tuple(causes), [cause for cause in causes if cause in shared], suffices)
    kept = _without_runs(kept, [cause for cause in reversed(kept) if cause not in shared], suffices)
    # Leaving one out may make another one superfluous that was needed before, so that all are tried until none is.
    while True:
        before = kept
        for cause in reversed(before):
            fewer = _less(kept, [cause])
            kept = fewer if suffices(fewer) else kept
        if kept == before:
            return kept


def _without_runs(
    kept: tuple[Cause, ...], order: Sequence[Cause], suffices: Callable[[Sequence[Cause]], bool]
) -> tuple[Cause, ...]:
    """Return causes without those that can be left out one after the other: runs of them at once, longer and longer."""
    place, length = 0, 1
    while place < len(order):
        fewer = _less(kept, order[place : place + length])
        if suffices(fewer):
            kept, place, length = fewer, place + length, length * 2
        elif length == 1:
            place += 1
        else:
            length //= 2
    return kept
