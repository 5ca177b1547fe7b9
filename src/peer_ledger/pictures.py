"""
Pictures: one person's certificate over time, and of a roster who is due when and the hours by topic.

They are drawn as SVG without a plotting library.  One that draws with JavaScript (altair, plotly) shows nothing where
scripts are refused, as in mail, in notebooks that are not trusted and on many hosts of them; one that gives images
(matplotlib) has colours for one theme only, and nothing to read aloud.  These need no scripts and no network, survive
the export of a notebook, take the colour of the surrounding text, are told apart without colour, and what each shows
stands below it as a table, which is also what a plotting library of one's own wants: `picture.table.to_frame(...)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from html import escape

import attrs

from peer_ledger._answers import known
from peer_ledger._default import DEFAULT
from peer_ledger._html import page, part
from peer_ledger._report_text import spoken_day
from peer_ledger._standing import Grant, life_on
from peer_ledger.dates import as_day
from peer_ledger.evaluation import evaluate, standing_history
from peer_ledger.findings import plain_hours
from peer_ledger.history import History, filed_on, history_of
from peer_ledger.ledger import LedgerView
from peer_ledger.questions import Readings
from peer_ledger.reports import Report
from peer_ledger.rosters import Roster, month_due
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.tables import Cell, Kind, Table, as_decimal
from peer_ledger.transcripts import ALL, topic_name, transcript

_WIDTH = 880
_DAY = timedelta(days=1)
_MOST_LABELS = 14
_LOOKS = {"met": "url(#pl-met)", "short": "url(#pl-short)", "undetermined": "url(#pl-open)", "other": "url(#pl-other)"}
_PATTERNS = """<defs>
<pattern id="pl-met" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#2b8a6e"/>
</pattern>
<pattern id="pl-short" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="8" height="8" fill="#d9822b"/><rect width="3" height="8" fill="#a85a17"/></pattern>
<pattern id="pl-open" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#7a86b8"
 fill-opacity=".35"/><rect width="2" height="6" fill="#7a86b8"/></pattern>
<pattern id="pl-other" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="3" cy="3" r="1.2"
 fill="currentColor" fill-opacity=".55"/></pattern>
</defs>"""


@attrs.frozen(kw_only=True)
class Picture:
    """
    A picture, and the same as a table.

    Attributes:
        title: What it shows.
        svg: The drawing.
        table: What it shows as a table.
    """

    title: str
    svg: str
    table: Table

    def html(self) -> str:
        """Write it as a page of its own."""
        return page(self.title, self._repr_html_())

    def _repr_html_(self) -> str:
        rows = self.table.html_part(self.table.title)
        body = f"<figure style='margin:0'><figcaption><strong>{escape(self.title)}</strong></figcaption>\n{self.svg}\n"
        return part(f"{body}<details><summary>The same as a table</summary>{rows}</details></figure>", label=self.title)


def timeline(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
) -> Picture:
    """
    Draw a person's certificate over time: standing, cycles, the days that earn, the days of filing, training and acts.

    Open questions are drawn under their assumed readings.

    Args:
        ledger: What is known.
        person: Any of the person's ids.
        on: The day asked about.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Raises:
        InvalidValue: The day is none, or a question or reading is unknown.
        RuleSetNotFound: There is no such rule set.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    view = ledger.pinned()
    answer = evaluate(view, person, on=on, ruleset=rules, readings=readings)
    report = answer.assumed
    history = history_of(view, person, on=report.on, credential=rules.id)
    grants = life_on(history, rules, Readings(known(rules).questions.values(), readings)).grants
    spans = [
        *(
            _Span("certificate", one.begins, one.ends - _DAY, one.standing, _standing_looks(one.standing, one.in_force))
            for one in standing_history(view, person, until=report.on + _DAY, ruleset=rules, readings=readings)
        ),
        *_cycles(grants),
        *_intervals(report),
    ]
    marks = [*_trainings(history, report), *_acts(history)]
    title = f"{person} on {spoken_day(report.on)}: {answer.status}"
    if answer.questions:
        title += f" ({len(answer.questions)} open; drawn as assumed)"
    rows = [(one.lane, one.first, one.last, one.says) for one in spans]
    rows += [(one.lane, one.day, one.day, one.says) for one in marks]
    kinds: tuple[Kind, ...] = ("category", "day", "day", "text")
    return Picture(
        title=title,
        svg=_drawn_timeline(title, report.on, spans, marks),
        table=Table(headings=("what", "from", "until", "says"), rows=tuple(rows), kinds=kinds, title=title),
    )


@attrs.frozen
class _Span:
    """Some days in a lane of the timeline, the first and last included."""

    lane: str
    first: date
    last: date
    says: str
    looks: str


@attrs.frozen
class _Mark:
    """One day in a lane of the timeline."""

    lane: str
    day: date
    says: str
    weight: float
    full: bool


def _standing_looks(standing: str, force: str) -> str:
    return {"current": "met", "late": "short", "undetermined": "undetermined"}.get(
        standing, "other" if force == "no" else "undetermined"
    )


def _cycles(grants: Iterable[Grant]) -> Iterator[_Span]:
    before: Grant | None = None
    for grant in grants:
        begins = grant.day
        if not grant.is_due_known:
            return
        if before is not None and grant.act.act == "renewed" and before.due < grant.due:
            begins = before.due + _DAY
        yield _Span("cycle", begins, grant.due, f"cycle {grant.number}", "frame")
        before = grant


def _intervals(report: Report) -> Iterator[_Span]:
    days = {name: one.day or one.candidates[0] for name, one in report.dates.items()}
    begins, ends = days.get("earning_begins"), days.get("earning_ends", report.on)
    if begins is not None and begins <= ends:
        yield _Span("training counts", begins, ends, "training counts", "met")
    due = days.get("due")
    if due is not None:
        opens = days.get("opens") or begins or report.on
        yield _Span("filing", min(opens, due), days.get("timely_until", due), "filing in time", "met")
        in_time = max(due, days.get("timely_until", due))
        if "late_until" in days:
            yield _Span("filing", in_time + _DAY, days["late_until"], "filing late", "short")


def _trainings(history: History, report: Report) -> Iterator[_Mark]:
    counted: dict[str, Fraction] = {}
    why: dict[str, str] = {}
    for finding in report.findings:
        for line in finding.lines if finding.unit == "hour" and finding.part_of is None else ():
            counted[line.record] = counted.get(line.record, Fraction(0)) + line.counted
            why.setdefault(line.record, line.why_not or "")
    for event in history.events:
        record = event.record
        if record.completed <= history.on:
            hours = counted.get(record.id, Fraction(0))
            says = f"{record.title or record.id}: {plain_hours(hours)} h counted"
            if why.get(record.id):
                says += f"; the rest not: {why[record.id]}"
            weight = float(sum(event.amounts, Fraction(0)))
            yield _Mark("training", record.completed, says, weight, hours > 0)


def _acts(history: History) -> Iterator[_Mark]:
    for act in history.acts:
        if act.on is not None:
            yield _Mark("acts and filings", act.on, act.act.replace("-", " "), 0, full=True)
    for filing in history.filings:
        yield _Mark("acts and filings", filed_on(filing), f"{filing.step} filed", 0, full=False)


_LANES = ("certificate", "cycle", "training counts", "filing", "training", "acts and filings")
_LEFT, _LANE, _TOP = 110, 34, 44


def _drawn_timeline(title: str, on: date, spans: list[_Span], marks: list[_Mark]) -> str:
    days = [on, *(one.first for one in spans), *(one.last for one in spans), *(one.day for one in marks)]
    first, last = min(days) - timedelta(days=30), max(days) + timedelta(days=45)
    scale = (_WIDTH - _LEFT - 10) / max((last - first).days, 1)

    def across(day: date) -> float:
        return round(_LEFT + (day - first).days * scale, 1)

    bottom = _TOP + _LANE * len(_LANES)
    drawn = [*_year_lines(first, last, across, bottom)]
    for place, lane in enumerate(_LANES):
        middle = _TOP + _LANE * place + _LANE // 2
        drawn.append(f'<text x="{_LEFT - 12}" y="{middle + 4}" text-anchor="end">{lane}</text>')
        drawn += [
            _drawn_span(one, across(one.first), across(one.last + _DAY), middle) for one in spans if one.lane == lane
        ]
        drawn += [_drawn_mark(one, across(one.day), middle) for one in marks if one.lane == lane]
    drawn.append(
        f'<line x1="{across(on)}" x2="{across(on)}" y1="{_TOP - 10}" y2="{bottom}" stroke="currentColor" '
        f'stroke-width="1.5" stroke-dasharray="4 3"/><text x="{across(on)}" y="{_TOP - 14}" '
        f'text-anchor="middle" font-weight="600">{on}</text>'
    )
    legend = (
        ("met", "in force, in time"), ("short", "late"), ("undetermined", "not decided"), ("other", "not in force"),
    )  # fmt: skip
    drawn += [*_legend(legend, bottom + 18), _dots_legend(bottom + 42)]
    return _svg(title, bottom + 54, drawn)


def _year_lines(first: date, last: date, across: Callable[[date], float], bottom: int) -> Iterator[str]:
    for year in range(first.year, last.year + 2):
        begins = date(year, 1, 1)
        if first <= begins <= last:
            yield (
                f'<line x1="{across(begins)}" x2="{across(begins)}" y1="{_TOP}" y2="{bottom}" stroke="currentColor" '
                f'stroke-opacity=".18"/>'
            )
        middle = max(begins, first) + (min(date(year, 12, 31), last) - max(begins, first)) / 2
        if first <= middle <= last and (min(date(year, 12, 31), last) - max(begins, first)).days > 60:
            yield f'<text x="{across(middle)}" y="12" text-anchor="middle" opacity=".7">{year}</text>'


def _drawn_span(span: _Span, left: float, right: float, middle: int) -> str:
    width = max(round(right - left, 1), 2)
    fill = "none" if span.looks == "frame" else _LOOKS[span.looks]
    shown = f'<rect x="{left}" y="{middle - 9}" width="{width}" height="18" rx="2" fill="{fill}" stroke="currentColor" '
    shown += f'stroke-opacity=".5"><title>{escape(span.says)}: {span.first} to {span.last}</title></rect>'
    fitting = span.says.removeprefix("cycle ") if width < 60 else span.says
    if span.looks == "frame" and width > 8 * len(fitting):
        shown += f'<text x="{left + width / 2:.1f}" y="{middle + 4}" text-anchor="middle">{escape(fitting)}</text>'
    return shown


def _drawn_mark(mark: _Mark, across: float, middle: int) -> str:
    fill = "currentColor" if mark.full else "none"
    tip = f"<title>{mark.day}: {escape(mark.says)}</title>"
    if mark.lane == "training":
        radius = round(min(3 + mark.weight**0.5, 9), 1)
        look = f'fill="{fill}" fill-opacity=".7" stroke="currentColor" stroke-width="1.3"'
        return f'<circle cx="{across}" cy="{middle}" r="{radius}" {look}>{tip}</circle>'
    look = f'fill="{fill}" stroke="currentColor" stroke-width="1.3"'
    return f'<path d="M{across} {middle - 7}l6 7-6 7-6-7z" {look}>{tip}</path>'


def _legend(entries: Iterable[tuple[str, str]], top: int) -> Iterator[str]:
    left = _LEFT
    for looks, words in entries:
        yield (
            f'<rect x="{left}" y="{top}" width="22" height="12" fill="{_LOOKS[looks]}" stroke="currentColor" '
            f'stroke-opacity=".5"/><text x="{left + 28}" y="{top + 10}">{words}</text>'
        )
        left += 48 + round(6.5 * len(words))


def _dots_legend(top: int) -> str:
    full = f'<circle cx="{_LEFT + 11}" cy="{top}" r="5" fill="currentColor" fill-opacity=".7" stroke="currentColor"/>'
    hollow = f'<circle cx="{_LEFT + 176}" cy="{top}" r="5" fill="none" stroke="currentColor"/>'
    act = f'<path d="M{_LEFT + 328} {top - 7}l6 7-6 7-6-7z" fill="currentColor"/>'
    filed = f'<path d="M{_LEFT + 454} {top - 7}l6 7-6 7-6-7z" fill="none" stroke="currentColor"/>'
    words = ((28, "training that counted"), (189, "training that did not"), (341, "act of the board"), (467, "filing"))
    texts = "".join(f'<text x="{_LEFT + left}" y="{top + 4}">{one}</text>' for left, one in words)
    return full + hollow + act + filed + texts


def due_picture(roster: Roster) -> Picture:
    """
    Draw how many people of a roster are due in which month, and how they stand.

    Whoever has nothing to renew, or no due date that is decided, is counted in the title.
    """
    counts: dict[tuple[date, str], int] = {}
    without = 0
    for report in roster.reports:
        month = month_due(report)
        if month is None:
            without += 1
        else:
            key = (month, report.outcome if report.outcome in _LOOKS else "other")
            counts[key] = counts.get(key, 0) + 1
    months = _months({month for month, _ in counts})
    words = {"met": "requirements met", "short": "something missing", "undetermined": "not decided"}
    rows: list[tuple[Cell, ...]] = [
        (month, *(counts.get((month, outcome), 0) for outcome in words)) for month in months
    ]
    most = max((sum(counts.get((month, one), 0) for one in words) for month in months), default=0)
    title = "Who is due when"
    if roster.reports:
        title += f", as of {spoken_day(roster.reports[0].on)}"
    title += f" (due: {len(roster.reports) - without}; without a due date that is decided: {without})"
    kinds: tuple[Kind, ...] = ("day", "count", "count", "count")
    return Picture(
        title=title,
        svg=_drawn_months(title, months, counts, most, words),
        table=Table(headings=("month", *words.values()), rows=tuple(rows), kinds=kinds, title=title),
    )


def _months(found: set[date]) -> list[date]:
    """Give all months from the first to the last of some."""
    months = []
    day = min(found, default=None)
    while day is not None and day <= max(found):
        months.append(day)
        day = (day + timedelta(days=31)).replace(day=1)
    return months


def _drawn_months(
    title: str, months: list[date], counts: Mapping[tuple[date, str], int], most: int, words: Mapping[str, str]
) -> str:
    top, high, left = 30, 170, 34
    step = (_WIDTH - left - 10) / max(len(months), 1)
    wide = round(min(step * 0.7, 40), 1)
    bottom = top + high
    drawn = [f'<line x1="{left}" x2="{_WIDTH - 10}" y1="{bottom}" y2="{bottom}" stroke="currentColor"/>']
    every = -(-len(months) // _MOST_LABELS) or 1
    for place, month in enumerate(months):
        middle = round(left + step * (place + 0.5), 1)
        base = float(bottom)
        for outcome in words:
            count = counts.get((month, outcome), 0)
            if count:
                tall = round(high * count / most, 1)
                base = round(base - tall, 1)
                tip = f"<title>{month:%B %Y}: {count} {words[outcome]}</title>"
                drawn.append(
                    f'<rect x="{middle - wide / 2:.1f}" y="{base}" width="{wide}" height="{tall}" '
                    f'fill="{_LOOKS[outcome]}" stroke="currentColor" stroke-opacity=".5">{tip}</rect>'
                )
        whole = sum(counts.get((month, one), 0) for one in words)
        if whole:
            drawn.append(f'<text x="{middle}" y="{base - 6}" text-anchor="middle">{whole}</text>')
        if place % every == 0:
            drawn.append(f'<text x="{middle}" y="{bottom + 17}" text-anchor="middle">{month:%b}</text>')
        if place % every == 0 and (place < every or month.year != months[place - every].year):
            drawn.append(f'<text x="{middle}" y="{bottom + 33}" text-anchor="middle" opacity=".7">{month.year}</text>')
    drawn += _legend(words.items(), bottom + 48)
    return _svg(title, bottom + 68, drawn)


def topics_picture(
    roster: Roster, ledger: LedgerView, *, since: date | str | None = None, ruleset: str | RuleSet = DEFAULT
) -> Picture:
    """
    Draw how many hours the people of a roster have learned on each topic until its day.

    A credit on several topics counts in full for each of them.

    Args:
        roster: The people.
        ledger: What is known.
        since: The first day that is looked at; `None` from the beginning.
        ruleset: The rules, or their id, that say what units other than hours are worth.
    """
    first = None if since is None else as_day(since)
    hours: dict[str, Fraction] = {}
    people: dict[str, set[str]] = {}
    for report in roster.reports:
        found = transcript(ledger, report.person, until=report.on, ruleset=ruleset)
        kept = attrs.evolve(found, entries=tuple(one for one in found.entries if not first or one.completed >= first))
        for (_, topic), amount in kept.sums().items():
            if topic != ALL:
                hours[topic] = hours.get(topic, Fraction(0)) + amount
                people.setdefault(topic, set()).add(report.person)
    order = sorted(hours, key=lambda topic: (-hours[topic], topic))
    rows = tuple((topic, as_decimal(hours[topic]), len(people[topic])) for topic in order)
    title = "Hours by topic" + ("" if first is None else f" since {spoken_day(first)}")
    kinds: tuple[Kind, ...] = ("category", "hours", "count")
    return Picture(
        title=title,
        svg=_drawn_bars(title, [(topic, hours[topic], len(people[topic])) for topic in order]),
        table=Table(headings=("topic", "hours", "people"), rows=rows, kinds=kinds, title=title),
    )


def _drawn_bars(title: str, bars: list[tuple[str, Fraction, int]]) -> str:
    left, lane = 230, 24
    most = max((amount for _, amount, _ in bars), default=Fraction(1)) or Fraction(1)
    drawn = []
    for place, (topic, amount, people) in enumerate(bars):
        top = 6 + lane * place
        wide = round(float(amount / most) * (_WIDTH - left - 170), 1)
        said = f"{plain_hours(amount)} h, {people} {'person' if people == 1 else 'people'}"
        drawn.append(
            f'<text x="{left - 10}" y="{top + 14}" text-anchor="end">{escape(topic_name(topic))}</text>'
            f'<rect x="{left}" y="{top + 2}" width="{wide}" height="{lane - 7}" fill="{_LOOKS["met"]}" '
            f'stroke="currentColor" stroke-opacity=".5"/>'
            f'<text x="{left + wide + 8}" y="{top + 14}">{said}</text>'
        )
    return _svg(title, 12 + lane * max(len(bars), 1), drawn)


def _svg(title: str, height: int, drawn: Iterable[str]) -> str:
    inside = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" role="img" '
        f'aria-label="{escape(title)}" font-size="12" color="currentColor">\n{_PATTERNS}\n{inside}\n</svg>'
    )
