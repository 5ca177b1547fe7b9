"""
What an import would change in a ledger, to be looked at before anything is appended.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from peer_ledger._entries import retraction_of
from peer_ledger._record import first_id
from peer_ledger.errors import InvalidValue
from peer_ledger.importing._fields import folded
from peer_ledger.importing._imported import Imported
from peer_ledger.ledger import LedgerView
from peer_ledger.reconciliation import Correction, reconcile
from peer_ledger.records import Coverage, Origin, Record, Retraction, TrainingEvent

_MOST_SHOWN = 10


@attrs.frozen(kw_only=True)
class ImportPlan:
    """
    What an import would change.

    Attributes:
        new: Records that the ledger does not have.
        corrections: Records that it has otherwise.
        unchanged: How many it has just so.
        withdrawn: How many it had and somebody withdrew since; they stay withdrawn.
        missing: Records of the same series, about the same people and within the same days, that the ledger has and the
            file has not: a row that was removed there, or whose key was changed.
        twice: New trainings of which the ledger has the like from another source: the id of the new record, and of the
            other.
        withdrawals: What would withdraw the missing ones.
    """

    new: tuple[Record, ...] = attrs.field(repr=False)
    corrections: tuple[Correction, ...] = attrs.field(repr=False)
    unchanged: int
    withdrawn: int
    missing: tuple[Record, ...] = attrs.field(repr=False)
    twice: tuple[tuple[str, str], ...]
    withdrawals: tuple[Retraction, ...] = attrs.field(repr=False)

    def to_append(self, *, corrections: bool = True, withdraw_missing: bool = False) -> Iterator[Record]:
        """
        Give what `Ledger.append` is to add.

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

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"{len(self.new)} new, {len(self.corrections)} corrections, {self.unchanged} unchanged"
            + (f", {self.withdrawn} withdrawn earlier" if self.withdrawn else "")
            + (f", {len(self.missing)} no longer in the file" if self.missing else "")
        )
        for correction in self.corrections[:_MOST_SHOWN]:
            changes = "; ".join(_change(correction, name) for name in correction.fields)
            yield f"  correction of {correction.old.id} ({_who(correction.old)}): {changes}"
        yield from _rest("correction", len(self.corrections))
        for record in self.missing[:_MOST_SHOWN]:
            yield f"  no longer in the file: {record.id} ({_who(record)})"
        yield from _rest("no longer in the file", len(self.missing))
        for new, old in self.twice[:_MOST_SHOWN]:
            yield f"  likely twice: {new} is like {old}, which came from elsewhere"
        yield from _rest("likely twice", len(self.twice))


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
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(map(repr, value))) if isinstance(value, frozenset) else ", ".join(map(_credit, value))
    return "changed" if isinstance(value, str) else repr(value)


def _credit(value: object) -> str:
    amount, unit, topics = (getattr(value, name, None) for name in ("amount", "unit", "topics"))
    on = f" on {', '.join(sorted(topics))}" if topics else ""
    return f"{amount} {unit}{on}"


def plan_import(ledger: LedgerView, imported: Imported) -> ImportPlan:
    """
    Compare what was read from a file with what a ledger holds; the ledger stays as it was.

    Args:
        ledger: What is known.
        imported: What was read.

    Returns:
        What would be new, corrected, unchanged or missing.
    """
    plan = reconcile(ledger, imported.records, reason="it reads otherwise in its source")
    there: dict[str, list[Record]] = {}
    days = _span(imported.records)
    read = {record.id for record in imported.records}
    missing: list[Record] = []
    twice: list[tuple[str, str]] = []
    people = dict.fromkeys(person for record in imported.records if (person := getattr(record, "person", None)))
    for person in people:
        there[person] = [record for record in ledger.records_of(person) if record.record_type == imported.kind]
        missing += [
            record
            for record in there[person]
            if record.origin is not None
            and record.origin.source == imported.source
            and _root(record) not in read
            and days is not None
            and days[0] <= (_day(record) or date.min) <= days[1]
        ]
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
        twice=tuple(twice),
        withdrawals=tuple(
            retraction_of(ledger._store, ledger._last, record.id, "its source does not list it any more")
            for record in missing
        ),
    )


def complete(imported: Imported, *, until: date | str, credential: str | None = None) -> Coverage:
    """
    Say that a file lists all there is of its kind until a day, so that what it does not list did not happen.

    Args:
        imported: What was read from it.
        until: The day.
        credential: The rule set that it is about; `None` for all.

    Raises:
        InvalidRecord: Of its kind nothing can be said to be complete.
        InvalidValue: Rows of it were rejected, so that what was read is not all that it lists.
    """
    if imported.rejected_count:
        raise InvalidValue(
            f"{imported.rejected_count} rows were rejected, so that what was read is not all there is; mend them first"
        )
    key = ("complete", imported.kind, credential or "", str(until))
    return Coverage(
        origin=Origin(source=imported.source, key=key),
        covers=imported.kind,  # type: ignore[arg-type]  # the record refuses what cannot be covered
        credential=credential,
        last_day=until,
    )


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
