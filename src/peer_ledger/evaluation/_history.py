"""
What is on record about one person on one day, with retractions applied.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

import attrs

from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._training import TrainingByDay, TrainingKinds
from peer_ledger.records import Certification, Coverage, Designation, Document, Filing, Ruling, Verification
from peer_ledger.values._lazy import Lazy, when_read
from peer_ledger.values.dates import DAY


@when_read("events", "repeated", "entries")
@attrs.frozen(kw_only=True, slots=False)
class History(Lazy):
    """
    The records of one person known on one day, for one credential.

    Attributes:
        person: The id asked for.
        people: All ids of the person.
        on: The day.
        credential: The rule set's id.
        events: Training, by day and id; training after the day is included, so that a finding can name it.
        acts: Acts of the board until the day, by day.
        filings: Filings until the day, by day.
        documents: Documents on file until the day, by day.
        designations: Designations held on the day or before.
        rulings: Rulings of the board for the person until the day, by day.
        verifications: What was seen on the board's page until the day.
        coverages: Statements that all records of some kind are on file.
        entries: How many ledger entries were read.
        elsewhere: Returns the person's history for another credential, given the id of its rule set and a day.
        training: Returns the training that may count until any day, as the filters of a rule set see it.
        repeated: The training of which another one may be the same, or of the same course: all that need be compared.
        alike: Which of the training may be one, once that was found, by all that it follows from.
        granted: What was found of these acts, documents and rulings, on any day, by all else that it follows from.
        closing: Whether a closed renewal is checked again, so that its certificate is not taken to have lapsed.
    """

    person: str
    people: frozenset[str]
    on: date
    credential: str
    events: tuple[Event, ...]
    acts: tuple[Certification, ...]
    filings: tuple[Filing, ...]
    documents: tuple[Document, ...]
    designations: tuple[Designation, ...]
    rulings: tuple[Ruling, ...]
    verifications: tuple[Verification, ...]
    coverages: tuple[Coverage, ...]
    entries: int
    elsewhere: Callable[[str, date], "History"] = attrs.field(eq=False, repr=False)
    training: Callable[[TrainingKinds], TrainingByDay] = attrs.field(eq=False, repr=False)
    repeated: list[Event] = attrs.field(eq=False, repr=False)
    alike: dict[Hashable, Any] = attrs.field(eq=False, repr=False)
    granted: dict[Hashable, Any] = attrs.field(eq=False, repr=False)
    closing: bool = False

    @property
    def trainings(self) -> list[Event]:
        """The training that may count."""
        return [event for event in self.events if event.why_not is None]

    @property
    def is_ruled_on(self) -> bool:
        """Whether a ruling is about a requirement, and not only about a date."""
        return any(ruling.effect != "moves" for ruling in self.rulings)

    def before_closing(self, acts: tuple[Certification, ...], filings: tuple[Filing, ...]) -> "History":
        """
        Return the history as it was before a renewal closed a cycle.

        Args:
            acts: Its acts, without the renewal.
            filings: Its filings: the one for the renewal, or none.
        """
        made: dict[str, Callable[[History], Any]] = {
            "events": lambda _: self.events,
            "repeated": lambda _: self.repeated,
            "entries": lambda _: self.entries,
        }
        known = {field.name: getattr(self, field.name) for field in attrs.fields(History) if field.name not in made}
        changed = {"acts": acts, "filings": filings, "granted": {}, "closing": True}
        return History.partly_made(made, **{**known, **changed})

    def covers(self, what: str, first: date | None, last: date, *, document_kind: str | None = None) -> bool:
        """
        Return whether all records of a kind within some days are said to be on file.

        Args:
            what: The type of record.
            first: The first day; `None` for the beginning of the calendar.
            last: The last day.
            document_kind: The kind of documents; `None` for other types of record.
        """
        # The statements are taken by their first day; `wanted` is the first day that none of them covers so far.
        wanted = first or date.min
        for begins, ends in sorted(
            [
                (coverage.first_day or date.min, coverage.last_day or date.max)
                for coverage in self.coverages
                if coverage.covers == what
                and coverage.document_kind in (None, document_kind)
                and coverage.credential in (None, self.credential)
            ]
        ):
            if begins > wanted:
                return False
            if ends >= last:
                return True
            wanted = ends + DAY if ends >= wanted else wanted
        return False

    def holds(self, designation: str, day: date) -> bool:
        """Return whether a designation is on file and held on a day."""
        return any(
            held.name == designation
            and (held.awarded is None or held.awarded <= day)
            and (held.last_day is None or day <= held.last_day)
            for held in self.designations
        )
