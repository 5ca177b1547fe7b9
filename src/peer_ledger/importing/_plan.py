"""
What an import would change in a ledger, for review before anything is appended.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue
from peer_ledger.importing._near_ids import near_ids, people_of, written_otherwise
from peer_ledger.importing._numbered import numbered_as_known
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
from peer_ledger.records._sameness import Likeness, same_record
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
        corrections: Records that read differently in the ledger.
        unchanged: The number of records that the ledger has unchanged.
        withdrawn: The number of records that were withdrawn from the ledger; they stay withdrawn.
        missing: Records of the same series that the ledger has and the file does not: their rows were removed from the
            file, or their keys were changed.  Documents count only if the file lists others of their kind.
        beyond: The number of other records of the series about people in the file, on days before the file's first day
            or after its last; they were not compared.
        twice: New trainings that look like a training in the ledger, recorded twice: the ids of both records.
        ids: Ids of people in the file that differ only in leading zeros or in the case of letters from an id in the
            ledger, or in a file read at the same time; the other id comes second.
        near: Ids of people new to the ledger that differ from a known id by one digit, or by two digits exchanged; the
            known id comes second.
        withdrawals: The retractions of the missing records.
    """

    new: tuple[Record, ...] = attrs.field(repr=False)
    corrections: tuple[Correction, ...] = attrs.field(repr=False)
    unchanged: int
    withdrawn: int
    missing: tuple[Record, ...] = attrs.field(repr=False)
    beyond: int
    twice: tuple[tuple[str, str], ...]
    ids: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]
    withdrawals: tuple[Retraction, ...] = attrs.field(repr=False)

    def to_append(self, *, corrections: bool = True, withdraw_missing: bool = False) -> Iterator[Record]:
        """
        Yield the records for `Ledger.append`.

        Args:
            corrections: Whether to correct the records that read differently.
            withdraw_missing: Whether to withdraw the missing records.
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
            (
                correction,
                f"({_who(correction.old)}): {'; '.join(_change(correction, name) for name in correction.fields)}",
            )
            for correction in self.corrections
        )

    @property
    def missed(self) -> tuple[tuple[Record, str], ...]:
        """The missing records, each with its person and day."""
        return tuple((record, _who(record)) for record in self.missing)

    def __str__(self) -> str:
        return "\n".join(map(visible, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield (
            f"{len(self.new)} new, {counted(len(self.corrections), 'correction')}, {self.unchanged} unchanged"
            + (f", {self.withdrawn} withdrawn earlier" if self.withdrawn else "")
            + (f", {len(self.missing)} no longer in the file" if self.missing else "")
        )
        if self.beyond:
            records = f"{counted(self.beyond, 'record')} of these people from earlier files of this series"
            where = "before the first or after the last day of the file"
            yield f"  not compared: {records} {where}; missing='withdraw' (--withdraw-missing) compares them, too"
        for correction, says in self.changes[:_MOST_SHOWN]:
            yield f"  correction of {correction.old.id} {says}"
        yield from _rest("correction", len(self.corrections))
        for record, who in self.missed[:_MOST_SHOWN]:
            yield f"  no longer in the file: {record.id} ({who})"
        yield from _rest("no longer in the file", len(self.missing))
        about = {record.id: _who(record) for record in self.new}
        for new, old in self.twice[:_MOST_SHOWN]:
            yield f"  likely duplicate: {new} ({about[new]}) looks like {old}; reports count one of them, or ask"
        yield from _rest("likely duplicate", len(self.twice))
        for new, old in self.ids[:_MOST_SHOWN]:
            alike = f"{new} and {old} differ only in leading zeros or the case of letters"
            yield f"  likely the same person: {alike}; if they are one person, import a file of the kind same-person"
        yield from _rest("likely the same person", len(self.ids))
        for new, old in self.near[:_MOST_SHOWN]:
            yield f"  new id: {new} differs from {old} by a digit; if it is mistyped, correct it in the file"
        yield from _rest("new id", len(self.near))


def _rest(what: str, count: int) -> Iterator[str]:
    if count > _MOST_SHOWN:
        yield f"  {what}: and {count - _MOST_SHOWN} more"


def _who(record: Record) -> str:
    day = next((str(day) for name in ("completed", "on", "seen", "sent") if (day := getattr(record, name, None))), None)
    return ", ".join(filter(None, (getattr(record, "person", None), day))) or record.record_type


def _change(correction: Correction, name: str) -> str:
    before, after = getattr(correction.old, name), getattr(correction.new, name)
    return f"{name} {_shown(before)} -> {_shown(after)}"


def _shown(value: object) -> str:
    """Return the value of a field as text, or just 'changed' if it may identify a person."""
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
        return ", ".join(sorted(item if isinstance(item, str) else _shown(item) for item in value)) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value)) or "none"
    return "changed"


def plan_import(
    ledger: LedgerView, imported: Imported, *, whole: bool = False, alongside: Iterable[Imported] = ()
) -> ImportPlan:
    """
    Compare what was read from a file with what a ledger holds, without changing the ledger.

    Args:
        ledger: The ledger.
        imported: What was read.
        whole: Whether the file holds all of its series: then every other record of that source and kind is missing, on
            any day and about anybody.  Otherwise only records between the first and the last day of the file, about
            people whom it lists, can be missing.
        alongside: What was read from other files at the same time; what they list is not missing.

    Returns:
        What would be new, corrected, unchanged or missing.
    """
    there = {person: _of_kind(ledger.records_of(person), imported.kind) for person in people_of(imported)}
    known = _all_of_kind(ledger, imported.kind) if whole else list(chain.from_iterable(there.values()))
    others = [
        numbered_as_known(other, known) if (other.source, other.kind) == (imported.source, imported.kind) else other
        for other in alongside
        if other is not imported
    ]
    imported = numbered_as_known(imported, known)
    plan = reconcile(ledger, imported.records, reason="its source now says something else")
    missing: list[Record] = []
    beyond = 0
    if not imported.is_partial:
        missing, beyond = _missing(ledger, imported, [imported, *others], there, whole=whole)
    return ImportPlan(
        new=plan.new,
        corrections=plan.corrections,
        unchanged=plan.unchanged,
        withdrawn=len(plan.withdrawn),
        missing=tuple(missing),
        beyond=beyond,
        twice=tuple(_likely_twice(plan.new, there, {record.id for record in missing})),
        ids=tuple(written_otherwise(ledger, imported, others)),
        near=tuple(near_ids(ledger, imported, others)),
        withdrawals=tuple(
            retraction_of(ledger._store, ledger._last, record.id, "its source no longer lists it") for record in missing
        ),
    )


def _likely_twice(
    new: Iterable[Record], there: Mapping[str, list[Record]], missing: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the ids of each new training and of a training of the ledger, not itself missing, that is like it."""
    for record in new:
        if isinstance(record, TrainingEvent):
            for other in there.get(record.person, ()):
                if other.id not in missing and _may_be_one(record, other):
                    yield record.id, other.id
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
    """Return the records of a file's series that the ledger has and the file does not, and how many lie beyond it."""
    series = [file for file in files if (file.source, file.kind) == (imported.source, imported.kind)]
    listed = {record.id for file in series for record in file.records}
    known = _all_of_kind(ledger, imported.kind) if whole else chain.from_iterable(there.values())
    kinds = {record.kind for record in imported.records if isinstance(record, Document)}
    unlisted = {
        record.id: record
        for record in known
        if _is_of_series(record, imported.source, kinds) and _first_state(record) not in listed
    }
    span = (date.min, date.max) if whole else _span(imported.records)
    within = [record for record in unlisted.values() if span and span[0] <= (_day(record) or date.min) <= span[1]]
    return within, len(unlisted) - len(within)


def _is_of_series(record: Record, source: str, kinds: set[str]) -> bool:
    """Return whether a record was read from a series of files, among its documents only those of these kinds."""
    if record.origin is None or record.origin.source != source:
        return False
    if isinstance(record, Coverage):
        return record.origin.key[0] != _COMPLETE
    return not isinstance(record, Document) or record.kind in kinds


def _all_of_kind(ledger: LedgerView, kind: str) -> list[Record]:
    """Return the records of a kind about anybody and about nobody in particular."""
    everybody = (record for person in ledger.people() for record in ledger.records_of(person))
    return _of_kind(chain(ledger.shared_records(), everybody), kind)


def complete(imported: Imported, *, until: date | str, credential: str | None = None) -> tuple[Coverage, ...]:
    """
    Declare that a file lists everything of its kind up to a day, so that what it does not list did not happen.

    What happened after that day is unknown.

    Args:
        imported: What was read from the file.
        until: The last day for which the file is complete.
        credential: The rule set that the file is about; `None` for all.

    Returns:
        One declaration or, for documents, one for each kind that the file lists.

    Raises:
        InvalidRecord: The file is of a kind that cannot be declared complete.
        InvalidValue: Rows were rejected, so not everything that the file lists was read; or the file is one of
            corrected rows.
    """
    if imported.is_partial:
        raise InvalidValue("a file of corrected rows does not list everything; declare the whole file to be complete")
    if imported.unread_count:
        raise InvalidValue(
            f"rejected: {counted(imported.unread_count, 'row')}, so not everything that the file lists was read; "
            "correct the file first"
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
            covers=imported.kind,  # type: ignore[arg-type]  # the record refuses other kinds
            document_kind=kind,
            credential=credential,
            last_day=until,
        )
        for kind in kinds
    )


def newest_courses(known: Iterable[Record], imported: Imported) -> list[Record]:
    """
    Return the courses of a catalog after a file of courses is appended.

    Args:
        known: The catalog so far.
        imported: What was read from the file.
    """
    read = {record.id for record in imported.records}
    return [*imported.records, *(record for record in known if _first_state(record) not in read)]


def _first_state(record: Record) -> str:
    """Return the id of the first state of a record."""
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


def _may_be_one(new: TrainingEvent, old: Record) -> bool:
    return (
        isinstance(old, TrainingEvent)
        and new.completed == old.completed
        and same_record(Likeness.of(new), Likeness.of(old)) == "likely"
    )
