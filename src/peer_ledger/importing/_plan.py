"""
What an import would change in a ledger, to be looked at before anything is appended.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._cell_text import folded
from peer_ledger.importing._plausibility import plain_id
from peer_ledger.importing._result import Imported
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._entries import retraction_of
from peer_ledger.ledger.reconciliation import Correction, reconcile
from peer_ledger.records import (
    Approval,
    Coverage,
    Credit,
    Document,
    Origin,
    Quantity,
    Record,
    Retraction,
    TrainingEvent,
)
from peer_ledger.records._record import first_id
from peer_ledger.values._wording import counted
from peer_ledger.values.hours import plain

_MOST_SHOWN = 10
_COMPLETE = "complete"


@attrs.frozen(kw_only=True)
class ImportPlan:
    """
    What an import would change.

    Attributes:
        new: Records that the ledger does not have.
        corrections: Records that it has otherwise.
        unchanged: How many it has just so.
        withdrawn: How many it had and somebody withdrew since; they stay withdrawn.
        beyond: How many more there are of the series, about people in the file, on days before its first or after its
            last one: those were not compared.
        missing: Records of the same series that the ledger has and the file has not: a row that was removed there, or
            whose key was changed.  Of documents only those of a kind that the file lists.
        twice: New trainings of which the ledger has the like from another source: the id of the new record, and of the
            other.
        ids: Ids of people in the file that differ from one in the ledger, or in a file read at the same time, only in
            leading zeros or the case of letters; that one comes second.
        withdrawals: What would withdraw the missing ones.
    """

    new: tuple[Record, ...] = attrs.field(repr=False)
    corrections: tuple[Correction, ...] = attrs.field(repr=False)
    unchanged: int
    withdrawn: int
    missing: tuple[Record, ...] = attrs.field(repr=False)
    beyond: int
    twice: tuple[tuple[str, str], ...]
    ids: tuple[tuple[str, str], ...]
    withdrawals: tuple[Retraction, ...] = attrs.field(repr=False)

    def to_append(self, *, corrections: bool = True, withdraw_missing: bool = False) -> Iterator[Record]:
        """
        Yield what `Ledger.append` is to add.

        Args:
            corrections: Whether to correct what reads otherwise.
            withdraw_missing: Whether to withdraw what the file no longer has.
        """
        yield from self.new
        for correction in self.corrections if corrections else ():
            yield correction.retraction
            yield correction.new
        if withdraw_missing:
            yield from self.withdrawals

    @property
    def changes(self) -> tuple[tuple[Correction, str], ...]:
        """The corrections, and what each of them changes."""
        return tuple(
            (one, f"({_who(one.old)}): {'; '.join(_change(one, name) for name in one.fields)}")
            for one in self.corrections
        )

    @property
    def missed(self) -> tuple[tuple[Record, str], ...]:
        """The missing records, and whom and which day each of them is about."""
        return tuple((record, _who(record)) for record in self.missing)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"{len(self.new)} new, {counted(len(self.corrections), 'correction')}, {self.unchanged} unchanged"
            + (f", {self.withdrawn} withdrawn earlier" if self.withdrawn else "")
            + (f", {len(self.missing)} no longer in the file" if self.missing else "")
        )
        if self.beyond:
            lie = "lies" if self.beyond == 1 else "lie"
            records = f"{counted(self.beyond, 'record')} of these people from earlier files of this series"
            where = f"{lie} before the first or after the last day of the file"
            yield f"  not compared: {records} {where}; --withdraw-missing looks at them, too"
        for correction, says in self.changes[:_MOST_SHOWN]:
            yield f"  correction of {correction.old.id} {says}"
        yield from _rest("correction", len(self.corrections))
        for record, who in self.missed[:_MOST_SHOWN]:
            yield f"  no longer in the file: {record.id} ({who})"
        yield from _rest("no longer in the file", len(self.missing))
        about = {record.id: _who(record) for record in self.new}
        for one, old in self.twice[:_MOST_SHOWN]:
            yield f"  likely twice: {one} ({about[one]}) is like {old}, which came from elsewhere; both count"
        yield from _rest("likely twice", len(self.twice))
        for new, old in self.ids[:_MOST_SHOWN]:
            alike = f"{new} and {old} differ only in leading zeros or the case of letters"
            yield f"  likely one person: {alike}; if they are, say so in a file of the kind same-person"
        yield from _rest("likely one person", len(self.ids))


def _rest(what: str, count: int) -> Iterator[str]:
    if count > _MOST_SHOWN:
        yield f"  {what}: and {count - _MOST_SHOWN} more"


def _who(record: Record) -> str:
    day = next((str(day) for name in ("completed", "on", "seen", "sent") if (day := getattr(record, name, None))), None)
    return ", ".join(filter(None, (getattr(record, "person", None), day))) or record.record_type


def _change(correction: Correction, name: str) -> str:
    before, after = getattr(correction.old, name), getattr(correction.new, name)
    return f"{name} {_said(before)} -> {_said(after)}"


def _said(value: object) -> str:
    """Show the value of a field where that gives nothing away."""
    if value is None:
        return "unknown"
    if isinstance(value, date):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Credit):
        on = f" on {', '.join(sorted(value.topics))}" if value.topics else ""
        return f"{plain(value.amount)} {value.unit}{on}"
    if isinstance(value, Quantity):
        return f"{plain(value.amount)} {value.unit}"
    if isinstance(value, Approval):
        return value.by
    if isinstance(value, frozenset):
        return ", ".join(sorted(one if isinstance(one, str) else _said(one) for one in value)) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(_said, value)) or "none"
    return "changed"


def plan_import(
    ledger: LedgerView, imported: Imported, *, whole: bool = False, alongside: Iterable[Imported] = ()
) -> ImportPlan:
    """
    Compare what was read from a file with what a ledger holds; the ledger stays as it was.

    Args:
        ledger: What is known.
        imported: What was read.
        whole: Whether the file is to hold all of its series: whatever else the ledger has of that source and kind is
            missing, whenever it was and whomever it is about.  Otherwise only what lies between the first and the last
            day of the file, and is about people whom it lists.
        alongside: What was read from other files at the same time: what they list is not missing.

    Returns:
        What would be new, corrected, unchanged or missing.
    """
    plan = reconcile(ledger, imported.records, reason="it reads otherwise in its source")
    others = [one for one in alongside if one is not imported]
    there = {person: _of_kind(ledger.records_of(person), imported.kind) for person in _people(imported)}
    missing, beyond = _missing(ledger, imported, [imported, *others], there, whole=whole)
    twice: list[tuple[str, str]] = []
    gone = {record.id for record in missing}
    for record in plan.new:
        if isinstance(record, TrainingEvent):
            for other in there.get(record.person, ()):
                if other.id not in gone and _alike(record, other):
                    twice.append((record.id, other.id))
                    break
    return ImportPlan(
        new=plan.new,
        corrections=plan.corrections,
        unchanged=plan.unchanged,
        withdrawn=len(plan.withdrawn),
        missing=tuple(missing),
        beyond=beyond,
        twice=tuple(twice),
        ids=tuple(_written_otherwise(ledger, imported, others)),
        withdrawals=tuple(
            retraction_of(ledger._store, ledger._last, record.id, "its source does not list it any more")
            for record in missing
        ),
    )


def _people(imported: Imported) -> Iterable[str]:
    return dict.fromkeys(person for record in imported.records if (person := getattr(record, "person", None)))


def _written_otherwise(ledger: LedgerView, imported: Imported, others: list[Imported]) -> Iterator[tuple[str, str]]:
    """Find ids that may be those of people whom the ledger, or another file, has under an id that looks alike."""
    people = set(_people(imported))
    known = dict.fromkeys(chain(ledger.people(), *map(_people, others)))
    by_plain: dict[str, list[str]] = {}
    for one in known:
        by_plain.setdefault(plain_id(one), []).append(one)
    for person in _people(imported):
        for other in by_plain.get(plain_id(person), ()):
            once = other not in people or person < other
            if other != person and once and other not in ledger.same_person(person):
                yield person, other
                break


def _of_kind(records: Iterable[Record], kind: str) -> list[Record]:
    return [record for record in records if record.record_type == kind]


def _missing(
    ledger: LedgerView,
    imported: Imported,
    files: list[Imported],
    there: Mapping[str, list[Record]],
    *,
    whole: bool,
) -> tuple[list[Record], int]:
    """Find what a ledger has of the series of a file and the file has not; and count what lies beyond its days."""
    series = [one for one in files if (one.source, one.kind) == (imported.source, imported.kind)]
    read = {record.id for one in series for record in one.records}
    kinds = {record.kind for record in imported.records if isinstance(record, Document)}
    days = _span(imported.records)
    known: Iterable[Record] = (record for records in there.values() for record in records)
    if whole:
        everybody = (record for person in ledger.people() for record in ledger.records_of(person))
        known = _of_kind(chain(ledger.shared_records(), everybody), imported.kind)
    found = {
        record.id: record
        for record in known
        if record.origin is not None
        and record.origin.source == imported.source
        and not (isinstance(record, Coverage) and record.origin.key[0] == _COMPLETE)
        and not (isinstance(record, Document) and record.kind not in kinds)
        and _root(record) not in read
    }
    within = [
        record
        for record in found.values()
        if whole or (days is not None and days[0] <= (_day(record) or date.min) <= days[1])
    ]
    return within, len(found) - len(within)


def complete(imported: Imported, *, until: date | str, credential: str | None = None) -> tuple[Coverage, ...]:
    """
    Declare that a file lists everything of its kind until a day, so that what it does not list did not happen.

    It holds until that day and no longer: what happened later is unknown again.

    Args:
        imported: What was read from it.
        until: The day.
        credential: The rule set that it is about; `None` for all.

    Returns:
        What is complete: one statement, and for documents one for each kind of them that the file lists.

    Raises:
        InvalidRecord: Of its kind nothing can be said to be complete.
        InvalidValue: Rows of it were rejected, so that what was read is not all that it lists.
    """
    if imported.rejected_count:
        raise InvalidValue(
            f"rejected: {counted(imported.rejected_count, 'row')}, so that what was read is not all there is; mend the "
            "file first"
        )
    kinds: list[str | None] = [None]
    if imported.kind == "document":
        kinds = list(dict.fromkeys(record.kind for record in imported.records if isinstance(record, Document)))
    return tuple(
        Coverage(
            origin=Origin(
                source=imported.source,
                key=(_COMPLETE, imported.kind, credential or "", str(until), *([kind] if kind else [])),
            ),
            covers=imported.kind,  # type: ignore[arg-type]  # the record refuses what cannot be covered
            document_kind=kind,
            credential=credential,
            last_day=until,
        )
        for kind in kinds
    )


def newest_courses(known: Iterable[Record], imported: Imported) -> list[Record]:
    """
    Return the courses of a catalog as they are once a file of courses is appended.

    Args:
        known: The catalog so far.
        imported: What was read from the file.
    """
    read = {record.id for record in imported.records}
    return [*imported.records, *(record for record in known if _root(record) not in read)]


def _root(record: Record) -> str:
    return record.id if record.replaces is None else first_id(record.id)


def _day(record: Record) -> date | None:
    return next(
        (
            day
            for name in ("completed", "on", "seen", "sent", "received", "awarded")
            if (day := getattr(record, name, None))
        ),
        None,
    )


def _span(records: Iterable[Record]) -> tuple[date, date] | None:
    days = [day for record in records if (day := _day(record)) is not None]
    return (min(days), max(days)) if days else None


def _alike(new: TrainingEvent, old: Record) -> bool:
    if not isinstance(old, TrainingEvent) or new.completed != old.completed:
        return False
    if new.course is not None and new.course == old.course:
        return True
    return new.title is not None and old.title is not None and folded(new.title) == folded(old.title)
