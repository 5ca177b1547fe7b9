"""
A transcript: a person's training, certified or not, with hours by topic and year.

>>> from peer_ledger import Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append(TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", title="Ethics for peers",
...                                 credits=[Credit(amount="1.5", topics={"ethics"})]))
>>> print(transcript(ledger, "p-1").hours().text())
year  topic       hours
2025  ethics      1.5
2025  all topics  1.5
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs

from peer_ledger.evaluation._dossiers import Dossiers, Shared
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports._html import cell, grid, page, part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_DAY_OR_NONE
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import WORTH, plain, plain_hours
from peer_ledger.values.vocabularies import standard_vocabularies

NO_TOPIC = "not recorded"
"""What is shown as the topic of a credit whose topics are unknown or empty."""

ALL = "all topics"
"""What is shown as the topic of sums over all topics, in which each credit counts once."""


@attrs.frozen(kw_only=True)
class TranscriptLine:
    """
    A credit of a training, or a training without credits.

    Attributes:
        event: The training's id.
        completed: The day it was completed.
        title: Its title, or that of its course; `None` when unknown.
        provider: Who provided it; `None` when unknown.
        delivery: How it was delivered; `None` when unknown.
        role: The person's role in it.
        topics: Its topics; `None` when unknown.
        recorded: The amount and unit as recorded; `None` when unknown.
        hours: The amount in hours; `None` when unknown, or when no source says what the unit is worth.
        note: Why it is not in the sums; `None` when it is.
    """

    event: str
    completed: date
    title: str | None = attrs.field(repr=False)
    provider: str | None
    delivery: str | None
    role: str
    topics: frozenset[str] | None
    recorded: str | None
    hours: Fraction | None
    note: str | None


@attrs.frozen(kw_only=True)
class Transcript:
    """
    A person's training.

    Attributes:
        person: The id that was asked for.
        until: The last day included; `None` for everything on file.
        units_by: The id of the rule set that sets the worth of units other than hours.
        entries: The credits, by day.
    """

    person: str
    until: date | None
    units_by: str
    entries: tuple[TranscriptLine, ...]

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Transcript of {self.person}" + ("" if self.until is None else f" until {spoken_day(self.until)}")

    def trainings(self) -> Table:
        """Return one row per credit."""
        columns: dict[str, ColumnKind] = {
            "completed": "day", "title": "text", "provider": "category", "delivery": "category", "role": "category",
            "topics": "text", "recorded": "text", "hours": "hours", "note": "text", "event": "text",
        }  # fmt: skip
        rows = tuple(
            (
                entry.completed, entry.title, entry.provider, entry.delivery, entry.role,
                None if entry.topics is None else "; ".join(sorted(entry.topics)), entry.recorded,
                None if entry.hours is None else as_decimal(entry.hours), entry.note, entry.event,
            )
            for entry in self.entries
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def hours(self) -> Table:
        """
        Return the hours of each year by topic, and the total of each year.

        A credit on several topics counts in full for each of them, and once for the year.
        """
        found = self.sums()
        rows = tuple((year, topic, as_decimal(hours)) for (year, topic), hours in found.items())
        kinds: tuple[ColumnKind, ...] = ("count", "category", "hours")
        return Table(headings=("year", "topic", "hours"), rows=rows, kinds=kinds, title=f"{self.title}: hours by topic")

    def sums(self) -> dict[tuple[int, str], Fraction]:
        """Return the exact hours of each year by topic and in total, sorted by year and topic."""
        sums: dict[tuple[int, str], Fraction] = {}
        for entry in self.entries:
            if entry.hours is not None and entry.note is None:
                for topic in (*(entry.topics or (NO_TOPIC,)), ALL):
                    key = (entry.completed.year, topic)
                    sums[key] = sums.get(key, Fraction(0)) + entry.hours
        order = sorted(sums, key=lambda key: (key[0], key[1] == ALL, key[1] == NO_TOPIC, key[1]))
        return {key: sums[key] for key in order}

    def html(self) -> str:
        """Return the transcript as a page to print."""
        return page(self.title, self._repr_html_())

    def _repr_html_(self) -> str:
        return part("\n".join(self._body()), label=self.title)

    def _body(self) -> Iterator[str]:
        if not self.entries:
            yield "<p>No training is on file.</p>"
            return
        yield self._by_year()
        rows = [
            [
                cell(str(entry.completed), kind="plain", header=True),
                cell(entry.title or entry.event),
                cell(
                    ", ".join(
                        filter(None, (entry.provider, entry.delivery, entry.role if entry.role != "attended" else None))
                    )
                ),
                cell("; ".join(map(topic_name, sorted(entry.topics))) if entry.topics else NO_TOPIC),
                cell("unknown" if entry.hours is None else plain_hours(entry.hours), kind="number"),
                cell("; ".join(filter(None, (_recorded_apart(entry), entry.note)))),
            ]
            for entry in self.entries
        ]
        headings = ("completed", "training", "by, how", "topics", "hours", "note")
        yield grid("Trainings", headings, rows, numbers=frozenset({4}))
        yield (
            f'<p class="quiet">Made from the records on file; units other than hours by the rule set '
            f"{self.units_by}. A credit on several topics counts in full for each of them, and once for the year.</p>"
        )

    def _by_year(self) -> str:
        sums = self.sums()
        years = sorted({year for year, _ in sums})
        topics = sorted(
            {topic for _, topic in sums}, key=lambda topic: (topic == ALL, topic == NO_TOPIC, topic_name(topic))
        )
        rows = []
        for topic in topics:
            hours = [sums.get((year, topic)) for year in years]
            whole = sum((amount for amount in hours if amount is not None), Fraction(0))
            cells = [cell("" if amount is None else plain_hours(amount), kind="number") for amount in (*hours, whole)]
            rows.append([cell(topic_name(topic), header=True), *cells])
        numbers = frozenset(range(1, len(years) + 2))
        return grid("Hours by topic and year", ("topic", *map(str, years), "all years"), rows, numbers=numbers)


@asks(until=A_DAY_OR_NONE)
def transcript(
    ledger: LedgerView, person: str, *, until: date | str | None = None, ruleset: str | RuleSet = DEFAULT
) -> Transcript:
    """
    Return a person's transcript; the person need not be certified.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        until: The last day to include; `None` for everything on file.
        ruleset: The rule set, or its id, that sets the worth of units other than hours and whose reviews apply.

    Raises:
        InvalidValue: `until` is not a valid date.
        RuleSetNotFound: There is no such rule set.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    day = None if until is None else as_day(until)
    view = ledger.pinned()
    shared, history = Shared(view), Dossiers(view).of(person).on(day or date.max, credential=rules.id)
    worth = {unit.unit: unit.ratio for unit in rules.units} | WORTH
    entries = [
        entry
        for event in history.events
        if day is None or event.record.completed <= day
        for entry in _entries(event, shared, worth)
    ]
    return Transcript(person=person, until=day, units_by=rules.id, entries=tuple(entries))


def _entries(event: Event, shared: Shared, worth: dict[str, Fraction]) -> Iterator[TranscriptLine]:
    record = event.record
    course = None if record.course is None else shared.course(record.course)
    bare = TranscriptLine(
        event=record.id,
        completed=record.completed,
        title=record.title or (course.title if course is not None else None),
        provider=event.provider,
        delivery=event.delivery,
        role=record.role,
        topics=None,
        recorded=None,
        hours=None if event.credits is None else Fraction(0),
        note=None if event.why_not is None else str(event.why_not),
    )
    if not event.credits:
        yield bare
    for credit, amount in zip(event.credits or (), event.amounts, strict=True):
        yield attrs.evolve(
            bare,
            topics=credit.topics,
            recorded=f"{plain(credit.amount)} {credit.unit}",
            hours=amount * worth[credit.unit] if credit.unit in worth else None,
        )


def _recorded_apart(entry: TranscriptLine) -> str | None:
    """Return how an amount was recorded if that was not in hours."""
    return None if entry.recorded is None or entry.recorded.endswith(" hour") else f"recorded as {entry.recorded}"


def topic_name(topic: str) -> str:
    """
    Return the name of a topic; the id of an undeclared one.

    >>> topic_name("trauma-informed-practice"), topic_name("drumming")
    ('Trauma-informed practice', 'drumming')
    """
    term = standard_vocabularies()["topics"].term(topic)
    return topic if term is None else term.name
