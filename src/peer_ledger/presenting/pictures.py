"""
Pictures: a person's certificate over time, and for a roster, due dates by month and hours by topic.

They are SVG drawn without a plotting library.  Libraries that draw with JavaScript (altair, plotly) show nothing where
scripts are blocked, as in email, untrusted notebooks and many notebook hosts; libraries that make images (matplotlib)
fit only one color theme and leave nothing for a screen reader.  These pictures need no scripts and no network, survive
notebook exports, take the color of the surrounding text, and can be read without color.  Each has its data below it as
a table, which any plotting library can use: `picture.table.to_frame(...)`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from html import escape

import attrs

from peer_ledger.evaluation import Period, evaluate, standing_history
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._question import asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting._drawing import LOOKS, LaneMark, LaneSpan, drawn_bars, drawn_months, drawn_timeline
from peer_ledger.presenting._roster_cells import month_due
from peer_ledger.presenting.rosters import Roster
from peer_ledger.presenting.tables import Cell, ColumnKind, Table
from peer_ledger.presenting.transcripts import ALL, transcript
from peer_ledger.reports import Report
from peer_ledger.reports._html import page, part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import an_instance, arguments
from peer_ledger.values._wording import short_amount, spoken_day
from peer_ledger.values.dates import DAY, as_day


@attrs.frozen(kw_only=True)
class Picture:
    """
    A picture with its data as a table.

    Attributes:
        title: What it shows.
        svg: The drawing.
        table: The data that it shows.
    """

    title: str
    svg: str = attrs.field(repr=False)
    table: Table

    def html(self) -> str:
        """Return the picture as a complete page."""
        return page(self.title, self._repr_html_())

    def _repr_html_(self) -> str:
        rows = self.table.html_part(self.table.title)
        body = f"<figure style='margin:0'><figcaption><strong>{escape(self.title)}</strong></figcaption>\n{self.svg}\n"
        return part(f"{body}<details><summary>The same as a table</summary>{rows}</details></figure>", label=self.title)


@asks()
def timeline(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Picture:
    """
    Draw a person's certificate over time: standing, cycles, earning days, filing days, training and acts.

    Open questions are drawn under their assumed readings.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day asked about.
        ruleset: The rule set, or its id.
        rulesets: The rule sets that exist, by id, as `evaluate` takes them.
        readings: The readings taken, by question id.

    Raises:
        InvalidValue: `on` is not a valid date, or `readings` names an unknown question or reading.
        RuleSetNotFound: There is no such rule set.
    """
    position, view = RuleSetsAtHand(rulesets).position(ruleset, readings), ledger.pinned()
    rules = position.known.rules
    answer = evaluate(view, person, on=on, ruleset=rules, rulesets=rulesets, readings=readings)
    report = answer.assumed
    history = history_of(view, person, on=report.on, credential=rules.id)
    grants = life_on(history, rules, position.readings()).grants
    periods = standing_history(view, person, until=report.on + DAY, ruleset=rules, readings=readings)
    spans = [*_standings(periods), *_cycles(grants), *_intervals(report)]
    marks = [*_trainings(history, report), *_acts(history)]
    title = f"{person} on {spoken_day(report.on)}: {answer.status}"
    if answer.questions:
        title += f" ({len(answer.questions)} open; drawn as assumed)"
    return Picture(
        title=title,
        svg=drawn_timeline(title, report.on, spans, marks),
        table=_timeline_table(title, spans, marks),
    )


def _timeline_table(title: str, spans: Iterable[LaneSpan], marks: Iterable[LaneMark]) -> Table:
    rows = [(span.lane, span.first, span.last, span.says) for span in spans]
    rows += [(mark.lane, mark.day, mark.day, mark.says) for mark in marks]
    kinds: tuple[ColumnKind, ...] = ("category", "day", "day", "text")
    return Table(headings=("what", "from", "until", "says"), rows=tuple(rows), kinds=kinds, title=title)


def _standings(periods: Iterable[Period]) -> Iterator[LaneSpan]:
    looks = {
        "current": "met", "filing closed": "short", "pending": "short", "late": "short", "undetermined": "undetermined"
    }  # fmt: skip
    for period in periods:
        look = looks.get(period.standing, "other" if period.in_force == "no" else "undetermined")
        yield LaneSpan("certificate", period.begins, period.ends - DAY, period.standing, look)


def _cycles(grants: Iterable[Grant]) -> Iterator[LaneSpan]:
    before: Grant | None = None
    for grant in grants:
        begins = grant.day
        if not grant.is_due_known:
            return
        if before is not None and grant.act.act == "renewed" and before.due < grant.due:
            begins = before.due + DAY
        yield LaneSpan("cycle", begins, grant.due, f"cycle {grant.number}", "frame")
        before = grant


def _intervals(report: Report) -> Iterator[LaneSpan]:
    days = {name: day.day or day.candidates[0] for name, day in report.dates.items()}
    begins, ends = days.get("earning_begins"), days.get("earning_ends", report.on)
    if begins is not None and begins <= ends:
        yield LaneSpan("training counts", begins, ends, "training counts", "met")
    due = days.get("due")
    if due is not None:
        opens = days.get("opens") or begins or report.on
        yield LaneSpan("filing", min(opens, due), days.get("timely_until", due), "filing in time", "met")
        in_time = max(due, days.get("timely_until", due))
        if "late_until" in days:
            yield LaneSpan("filing", in_time + DAY, days["late_until"], "filing late", "short")


def _trainings(history: History, report: Report) -> Iterator[LaneMark]:
    counted: dict[str, Fraction] = {}
    why: dict[str, str] = {}
    for finding in report.findings:
        for line in finding.lines if finding.unit == report.provenance.counts_in and finding.part_of is None else ():
            counted[line.record] = counted.get(line.record, Fraction(0)) + line.counted
            why.setdefault(line.record, str(line.why_not or ""))
    for event in history.events:
        record = event.record
        if record.completed <= history.on:
            hours = counted.get(record.id, Fraction(0))
            says = f"{record.title or record.id}: {short_amount(hours, report.provenance.counts_in)} counted"
            if why.get(record.id):
                says += f"; the rest not: {why[record.id]}"
            weight = float(sum(event.amounts, Fraction(0)))
            yield LaneMark("training", record.completed, says, weight, hours > 0)


def _acts(history: History) -> Iterator[LaneMark]:
    for act in history.acts:
        if act.on is not None:
            yield LaneMark("acts and filings", act.on, act.act.replace("-", " "), 0, full=True)
    for filing in history.filings:
        yield LaneMark("acts and filings", filing.filed_on, f"{filing.step} filed", 0, full=False)


@arguments(roster=an_instance("a Roster", Roster))
def due_picture(roster: Roster) -> Picture:
    """
    Draw how many people of a roster are due in each month, by outcome.

    People with nothing to renew, or with an undetermined due date, are counted in the title.
    """
    counts: dict[tuple[date, str], int] = {}
    without = 0
    for report in roster.reports:
        month = month_due(report)
        if month is None:
            without += 1
        else:
            counts[month, report.outcome] = counts.get((month, report.outcome), 0) + 1
    return drawn_due(counts, without, roster.reports[0].on if roster.reports else None)


def drawn_due(found: Mapping[tuple[date, str], int], without: int, on: date | None) -> Picture:
    """
    Draw how many people are due in each month, by outcome.

    Args:
        found: Their numbers, by the first day of the month and the outcome.
        without: How many others there are.
        on: The day asked about; `None` where nobody was asked about.
    """
    counts: dict[tuple[date, str], int] = {}
    for (month, outcome), number in found.items():
        key = month, outcome if outcome in LOOKS else "other"
        counts[key] = counts.get(key, 0) + number
    months = _months({month for month, _ in counts})
    words = {"met": "requirements met", "short": "something missing", "undetermined": "not settled"}
    rows: list[tuple[Cell, ...]] = [
        (month, *(counts.get((month, outcome), 0) for outcome in words)) for month in months
    ]
    most = max((sum(counts.get((month, outcome), 0) for outcome in words) for month in months), default=0)
    title = "Who is due when"
    if on is not None:
        title += f", as of {spoken_day(on)}"
    title += f" (due: {sum(counts.values())}; without a settled due date: {without})"
    kinds: tuple[ColumnKind, ...] = ("day", "count", "count", "count")
    return Picture(
        title=title,
        svg=drawn_months(title, months, counts, most, words),
        table=Table(headings=("month", *words.values()), rows=tuple(rows), kinds=kinds, title=title),
    )


def _months(found: set[date]) -> list[date]:
    """Return every month from the first to the last."""
    months = []
    day = min(found, default=None)
    while day is not None and day <= max(found):
        months.append(day)
        day = (day + timedelta(days=31)).replace(day=1)
    return months


def topics_picture(
    roster: Roster, ledger: LedgerView, *, since: date | str | None = None, ruleset: str | RuleSet = DEFAULT
) -> Picture:
    """
    Draw the training hours of a roster's people by topic, up to the roster's day.

    A credit on several topics counts in full for each of them.

    Args:
        roster: The people.
        ledger: The ledger.
        since: The first day to include; `None` for everything on file.
        ruleset: The rule set, or its id, that sets the worth of units other than hours.
    """
    first = None if since is None else as_day(since)
    hours: dict[str, Fraction] = {}
    people: dict[str, set[str]] = {}
    for report in roster.reports:
        found = transcript(ledger, report.person, until=report.on, ruleset=ruleset)
        kept = attrs.evolve(
            found, entries=tuple(entry for entry in found.entries if not first or entry.completed >= first)
        )
        for (_, topic), amount in kept.sums().items():
            if topic != ALL:
                hours[topic] = hours.get(topic, Fraction(0)) + amount
                people.setdefault(topic, set()).add(report.person)
    order = sorted(hours, key=lambda topic: (-hours[topic], topic))
    rows = tuple((topic, as_decimal(hours[topic]), len(people[topic])) for topic in order)
    title = "Hours by topic" + ("" if first is None else f" since {spoken_day(first)}")
    kinds: tuple[ColumnKind, ...] = ("category", "hours", "count")
    return Picture(
        title=title,
        svg=drawn_bars(title, [(topic, hours[topic], len(people[topic])) for topic in order]),
        table=Table(headings=("topic", "hours", "people"), rows=rows, kinds=kinds, title=title),
    )
