"""
The SVG drawing of timelines and bar charts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from html import escape

import attrs

from peer_ledger.presenting.transcripts import topic_name
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.dates import DAY
from peer_ledger.values.hours import plain_hours

_WIDTH = 880
_MOST_LABELS = 14
_MOST_TIERS = 24
_DUE_IN = "month in which recertification is due"
LOOKS = {"met": "url(#pl-met)", "short": "url(#pl-short)", "undetermined": "url(#pl-open)", "other": "url(#pl-other)"}
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


@attrs.frozen
class LaneSpan:
    """A range of days in a lane of the timeline, first and last day included."""

    lane: str
    first: date
    last: date
    says: str
    looks: str


@attrs.frozen
class LaneMark:
    """A single day in a lane of the timeline."""

    lane: str
    day: date
    says: str
    weight: float
    full: bool


_LANES = ("certificate", "cycle", "training counts", "filing", "training", "acts and filings")
_LEFT, _LANE, _TOP = 110, 34, 44


def drawn_timeline(title: str, on: date, spans: list[LaneSpan], marks: list[LaneMark]) -> str:
    days = [on, *(span.first for span in spans), *(span.last for span in spans), *(mark.day for mark in marks)]
    first, last = min(days) - timedelta(days=30), max(days) + timedelta(days=45)
    scale = (_WIDTH - _LEFT - 10) / max((last - first).days, 1)

    def across(day: date) -> float:
        return round(_LEFT + (day - first).days * scale, 1)

    drawn, bottom = list[str](), _TOP
    for lane in _LANES:
        middle = bottom + _LANE // 2
        drawn.append(f'<text x="{_LEFT - 12}" y="{middle + 4}" text-anchor="end">{lane}</text>')
        drawn += [
            _drawn_span(span, across(span.first), across(span.last + DAY), middle)
            for span in spans
            if span.lane == lane
        ]
        in_lane = sorted((mark for mark in marks if mark.lane == lane), key=lambda mark: mark.day)
        tiers = _tiers([(across(mark.day), _radius(mark)) for mark in in_lane])
        step = round(2 * max((_radius(mark) for mark in in_lane), default=0) + 3)
        drawn += [
            _drawn_mark(mark, across(mark.day), middle + tier * step) for mark, tier in zip(in_lane, tiers, strict=True)
        ]
        bottom += _LANE + step * max(tiers, default=0)
    drawn = [*_year_lines(first, last, across, bottom), *drawn]
    drawn.append(
        f'<line x1="{across(on)}" x2="{across(on)}" y1="{_TOP - 10}" y2="{bottom}" stroke="currentColor" '
        f'stroke-width="1.5" stroke-dasharray="4 3"/><text x="{across(on)}" y="{_TOP - 14}" '
        f'text-anchor="middle" font-weight="600">{spoken_day(on)}</text>'
    )
    looks = (
        ("met", "in force, in time"), ("short", "late"), ("undetermined", "not settled"), ("other", "not in force"),
    )  # fmt: skip
    drawn += [*legend(looks, bottom + 18), _dots_legend(bottom + 42)]
    return drawing(title, bottom + 54, drawn)


def _tiers(marks: list[tuple[float, float]]) -> list[int]:
    """
    Return the row of each mark, so that no two of them overlap while there are rows; the marks are sorted by place.

    >>> _tiers([(0, 5), (4, 5), (20, 5), (22, 5)])
    [0, 1, 0, 1]
    """
    ends, chosen = list[float](), list[int]()
    for place, radius in marks:
        free = (tier for tier, end in enumerate(ends) if end < place - radius)
        tier = next(free, min(len(ends), _MOST_TIERS - 1))
        ends[tier : tier + 1] = [place + radius]
        chosen.append(tier)
    return chosen


def _radius(mark: LaneMark) -> float:
    """Return how far a mark reaches to each side: for training, by its hours."""
    return round(min(3 + mark.weight**0.5, 9), 1) if mark.lane == "training" else 7


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


def _drawn_span(span: LaneSpan, left: float, right: float, middle: int) -> str:
    width = max(round(right - left, 1), 2)
    fill = "none" if span.looks == "frame" else LOOKS[span.looks]
    shown = f'<rect x="{left}" y="{middle - 9}" width="{width}" height="18" rx="2" fill="{fill}" stroke="currentColor" '
    shown += f'stroke-opacity=".5"><title>{escape(span.says)}: {span.first} to {span.last}</title></rect>'
    fitting = span.says.removeprefix("cycle ") if width < 60 else span.says
    if span.looks == "frame" and width > 8 * len(fitting):
        shown += f'<text x="{left + width / 2:.1f}" y="{middle + 4}" text-anchor="middle">{escape(fitting)}</text>'
    return shown


def _drawn_mark(mark: LaneMark, across: float, middle: int) -> str:
    fill = "currentColor" if mark.full else "none"
    tip = f"<title>{mark.day}: {escape(mark.says)}</title>"
    if mark.lane == "training":
        look = f'fill="{fill}" fill-opacity=".7" stroke="currentColor" stroke-width="1.3"'
        return f'<circle cx="{across}" cy="{middle}" r="{_radius(mark)}" {look}>{tip}</circle>'
    look = f'fill="{fill}" stroke="currentColor" stroke-width="1.3"'
    return f'<path d="M{across} {middle - 7}l6 7-6 7-6-7z" {look}>{tip}</path>'


def legend(entries: Iterable[tuple[str, str]], top: int) -> Iterator[str]:
    """Yield a sample of each look, with its words."""
    left = _LEFT
    for looks, words in entries:
        yield (
            f'<rect x="{left}" y="{top}" width="22" height="12" fill="{LOOKS[looks]}" stroke="currentColor" '
            f'stroke-opacity=".5"/><text x="{left + 28}" y="{top + 10}">{words}</text>'
        )
        left += 48 + round(6.5 * len(words))


def _dots_legend(top: int) -> str:
    full = f'<circle cx="{_LEFT + 11}" cy="{top}" r="5" fill="currentColor" fill-opacity=".7" stroke="currentColor"/>'
    hollow = f'<circle cx="{_LEFT + 176}" cy="{top}" r="5" fill="none" stroke="currentColor"/>'
    act = f'<path d="M{_LEFT + 328} {top - 7}l6 7-6 7-6-7z" fill="currentColor"/>'
    filed = f'<path d="M{_LEFT + 454} {top - 7}l6 7-6 7-6-7z" fill="none" stroke="currentColor"/>'
    sizes = "".join(
        f'<circle cx="{_LEFT + left}" cy="{top}" r="{radius}" fill="none" stroke="currentColor"/>'
        for left, radius in ((530, 4), (546, 8))
    )
    words = (
        (28, "training that counted"), (189, "training that did not"), (341, "act of the board"), (467, "filing"),
        (560, "fewer and more hours"),
    )  # fmt: skip
    texts = "".join(f'<text x="{_LEFT + left}" y="{top + 4}">{text}</text>' for left, text in words)
    return full + hollow + act + filed + sizes + texts


def drawn_months(
    title: str, months: list[date], counts: Mapping[tuple[date, str], int], most: int, words: Mapping[str, str]
) -> str:
    top, high, left = 30, 170, 34
    step = (_WIDTH - left - 10) / max(len(months), 1)
    wide = round(min(step * 0.7, 40), 1)
    bottom = top + high
    drawn = [
        f'<line x1="{left}" x2="{_WIDTH - 10}" y1="{bottom}" y2="{bottom}" stroke="currentColor"/>',
        '<text x="4" y="14" opacity=".7">people</text>',
        f'<text x="{_WIDTH - 10}" y="{bottom + 52}" text-anchor="end" opacity=".7">{_DUE_IN}</text>',
    ]
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
                    f'fill="{LOOKS[outcome]}" stroke="currentColor" stroke-opacity=".5">{tip}</rect>'
                )
        whole = sum(counts.get((month, outcome), 0) for outcome in words)
        if whole:
            drawn.append(f'<text x="{middle}" y="{base - 6}" text-anchor="middle">{whole}</text>')
        if place % every == 0:
            drawn.append(f'<text x="{middle}" y="{bottom + 17}" text-anchor="middle">{month:%b}</text>')
        if place % every == 0 and (place < every or month.year != months[place - every].year):
            drawn.append(f'<text x="{middle}" y="{bottom + 33}" text-anchor="middle" opacity=".7">{month.year}</text>')
    drawn += legend(words.items(), bottom + 48)
    return drawing(title, bottom + 68, drawn)


def drawn_bars(title: str, bars: list[tuple[str, Fraction, int]]) -> str:
    left, lane = 230, 24
    most = max((amount for _, amount, _ in bars), default=Fraction(1)) or Fraction(1)
    drawn = [f'<text x="{left}" y="12" opacity=".7">hours of training, and people</text>']
    for place, (topic, amount, people) in enumerate(bars):
        top = 20 + lane * place
        wide = round(float(amount / most) * (_WIDTH - left - 170), 1)
        said = f"{plain_hours(amount)} h, {people} {'person' if people == 1 else 'people'}"
        drawn.append(
            f'<text x="{left - 10}" y="{top + 14}" text-anchor="end">{escape(topic_name(topic))}</text>'
            f'<rect x="{left}" y="{top + 2}" width="{wide}" height="{lane - 7}" fill="{LOOKS["met"]}" '
            f'stroke="currentColor" stroke-opacity=".5"/>'
            f'<text x="{left + wide + 8}" y="{top + 14}">{said}</text>'
        )
    return drawing(title, 26 + lane * max(len(bars), 1), drawn)


def drawing(title: str, height: int, drawn: Iterable[str]) -> str:
    """Return a drawing of some height from what is drawn."""
    inside = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" role="img" '
        f'aria-label="{escape(title)}" font-size="12" color="currentColor">\n{_PATTERNS}\n{inside}\n</svg>'
    )
