"""
A transcript: what somebody has learned, certified or not, with the hours by topic and year.

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

from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._history import Dossier, Shared
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import Kind, Table
from peer_ledger.reports._html import cell, grid, page, part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import plain, plain_hours
from peer_ledger.values.vocabularies import standard_vocabularies

NO_TOPIC = "not recorded"
"""What stands for the topic of a credit of which it is unknown, or that has none."""

ALL = "all topics"
"""What stands for the topic in sums over all, in which each credit counts once."""

_OWN_WORTH = {"hour": Fraction(1), "minute": Fraction(1, 60)}


@attrs.frozen(kw_only=True)
class TranscriptLine:
    """
    One credit of a training, or a training without any.

    Attributes:
        event: The training's id.
        completed: The day it was completed.
        title: What it was called, or its course; `None` when unknown.
        provider: Who gave it; `None` when unknown.
        delivery: How; `None` when unknown.
        role: What the person did there.
        topics: What it was about; `None` when unknown.
        recorded: The amount and its unit, as recorded; `None` when unknown.
        hours: The same in hours; `None` when unknown, or no source says what the unit is worth.
        note: Why it is not in the sums; `None` when it is.
    """

    event: str
    completed: date
    title: str | None
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
    What somebody has learned.

    Attributes:
        person: The id asked for.
        until: The last day that is looked at; `None` for everything on file.
        units_by: The rule set that says what units other than hours are worth.
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
        """Return one row a credit."""
        columns: dict[str, Kind] = {
            "completed": "day", "title": "text", "provider": "category", "delivery": "category", "role": "category",
            "topics": "text", "recorded": "text", "hours": "hours", "note": "text", "event": "text",
        }  # fmt: skip
        rows = tuple(
            (
                one.completed, one.title, one.provider, one.delivery, one.role,
                None if one.topics is None else "; ".join(sorted(one.topics)), one.recorded,
                None if one.hours is None else as_decimal(one.hours), one.note, one.event,
            )
            for one in self.entries
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def hours(self) -> Table:
        """
        Return the hours of each year and topic, and of each year in all.

        A credit on several topics counts in full for each of them, and once for the year.
        """
        found = self.sums()
        rows = tuple((year, topic, as_decimal(hours)) for (year, topic), hours in found.items())
        kinds: tuple[Kind, ...] = ("count", "category", "hours")
        return Table(headings=("year", "topic", "hours"), rows=rows, kinds=kinds, title=f"{self.title}: hours by topic")

    def sums(self) -> dict[tuple[int, str], Fraction]:
        """Add the hours of each year and topic, and of each year in all, exactly; years and topics are in order."""
        sums: dict[tuple[int, str], Fraction] = {}
        for one in self.entries:
            if one.hours is not None and one.note is None:
                for topic in (*(one.topics or (NO_TOPIC,)), ALL):
                    key = (one.completed.year, topic)
                    sums[key] = sums.get(key, Fraction(0)) + one.hours
        order = sorted(sums, key=lambda key: (key[0], key[1] == ALL, key[1] == NO_TOPIC, key[1]))
        return {key: sums[key] for key in order}

    def html(self) -> str:
        """Write it as a page to print."""
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
                cell(str(one.completed), kind="plain", header=True),
                cell(one.title or one.event),
                cell(
                    ", ".join(filter(None, (one.provider, one.delivery, one.role if one.role != "attended" else None)))
                ),
                cell("; ".join(map(topic_name, sorted(one.topics))) if one.topics else NO_TOPIC),
                cell("unknown" if one.hours is None else plain_hours(one.hours), kind="number"),
                cell("; ".join(filter(None, (_recorded_apart(one), one.note)))),
            ]
            for one in self.entries
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
        topics = sorted({topic for _, topic in sums}, key=lambda one: (one == ALL, one == NO_TOPIC, topic_name(one)))
        rows = []
        for topic in topics:
            hours = [sums.get((year, topic)) for year in years]
            whole = sum((one for one in hours if one is not None), Fraction(0))
            cells = [cell("" if one is None else plain_hours(one), kind="number") for one in (*hours, whole)]
            rows.append([cell(topic_name(topic), header=True), *cells])
        numbers = frozenset(range(1, len(years) + 2))
        return grid("Hours by topic and year", ("topic", *map(str, years), "all years"), rows, numbers=numbers)


def transcript(
    ledger: LedgerView, person: str, *, until: date | str | None = None, ruleset: str | RuleSet = DEFAULT
) -> Transcript:
    """
    Gather what somebody has learned; no certificate is needed.

    Args:
        ledger: What is known.
        person: Any of the person's ids.
        until: The last day that is looked at; `None` for everything on file.
        ruleset: The rules, or their id, that say what units other than hours are worth, and whose reviews hold.

    Raises:
        InvalidValue: The day is none.
        RuleSetNotFound: There is no such rule set.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    day = None if until is None else as_day(until)
    view = ledger.pinned()
    shared = Shared(view)
    history = Dossier(view, person, shared).on(day or date.max, credential=rules.id)
    worth = {one.unit: one.ratio for one in rules.units} | _OWN_WORTH
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
        note=event.why_not,
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
    """Return how an amount was recorded, where that was not in hours."""
    return None if entry.recorded is None or entry.recorded.endswith(" hour") else f"recorded as {entry.recorded}"


def topic_name(topic: str) -> str:
    """
    Name a topic; one that nobody declared is named by its id.

    >>> topic_name("trauma-informed-practice"), topic_name("drumming")
    ('Trauma-informed practice', 'drumming')
    """
    term = standard_vocabularies()["topics"].term(topic)
    return topic if term is None else term.name
