"""
How the cost of an answer grows with the people, with their trainings, and with the questions that are open.

`python tests/benchmarks/growth.py [PICTURE]` asks for headlines under North Carolina's rules: of more and more people with 30
trainings each; of as many people with more and more trainings; and of as many people with more and more of the questions
answered, in the order of the rule set. It prints what a person costs, in times of the naive loop of `evaluation.py` over
the same records in the same run, the first time that anything is asked and for days not asked about before, and draws it
as SVG where a file is named for it.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count as numbers
from math import log10
from pathlib import Path
from typing import NamedTuple

from evaluation import ON, all_answered, best, headline, ledger_of, naive, people  # it lies beside this file

from peer_ledger.evaluation._position import forget_positions

PEOPLE = (100, 300, 1_000, 3_000, 10_000, 30_000)
TRAININGS = (0, 10, 30, 100, 300)
ANSWERED = (0, 5, 10, 20, 30, len(all_answered()))
SOME = 1_000
"""As many people are asked about with more and more trainings and answers."""


class Cost(NamedTuple):
    """
    What a headline costs a person, in times of the naive loop.

    Attributes:
        of: How many people, trainings or answers there are.
        first: The first time that anything is asked.
        again: For days that were not asked about before, when what was read of the ledger is kept.
    """

    of: int
    first: float
    again: float


def cost(of: int, how_many: int, events: int, answered: int) -> Cost:
    """Measure one point, beside the naive loop over as many people with 30 trainings each."""
    records = people(how_many, 30)
    unit = best(lambda: naive(records)) / how_many
    ledger, days = ledger_of(how_many, events), (ON + timedelta(days=after) for after in numbers(40))
    readings = dict(list(all_answered().items())[:answered])
    forget_positions()
    first = best(lambda: headline(ledger, readings=readings), 1)
    again = best(lambda: headline(ledger, next(days), readings=readings))
    return Cost(of, first / how_many / unit, again / how_many / unit)


def measured() -> Iterator[tuple[str, list[Cost]]]:
    """Yield the points of each curve, with what it goes by."""
    yield "people", [cost(of, of, 30, 0) for of in PEOPLE]
    yield "trainings a person", [cost(of, SOME, of, 0) for of in TRAININGS]
    yield "questions answered", [cost(of, SOME, 30, of) for of in ANSWERED]


WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 220, 46, 34, 40
LEAST, MOST = 1.0, 1_000.0


def drawn(curves: Sequence[tuple[str, Sequence[Cost]]]) -> str:
    """Return a picture of all curves side by side, on a common logarithmic scale."""
    whole = LEFT + len(curves) * (WIDTH + GAP)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {HEIGHT + TOP + 52}" role="img" '
            'font-family="sans-serif" font-size="12" fill="#33415c">'
        ),
        "<title>What a headline costs a person, in times of a naive loop</title>",
        f'<rect width="{whole}" height="{HEIGHT + TOP + 52}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18" font-weight="600">What a headline costs a person, in times of a naive loop</text>',
    ]
    for place, (name, points) in enumerate(curves):
        parts += _panel(name, points, LEFT + place * (WIDTH + GAP))
    return "\n".join([*parts, *_legend(TOP + HEIGHT + 44), "</svg>\n"])


def _panel(name: str, points: Sequence[Cost], left: int) -> Iterator[str]:
    """Yield one curve with its axes."""
    for value in (1, 10, 100, 1000):
        y = _height(value)
        yield f'<line x1="{left}" x2="{left + WIDTH}" y1="{y}" y2="{y}" stroke="#d7dce5"/>'
        yield f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value:,}</text>'
    across = _spread([point.of for point in points], left)
    for point, x in zip(points, across, strict=True):
        yield f'<text x="{x}" y="{TOP + HEIGHT + 16}" text-anchor="middle" font-size="11">{point.of:,}</text>'
    yield f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 32}" text-anchor="middle">{name}</text>'
    for looks, value_of in LINES:
        pairs = [(x, _height(value_of(point))) for point, x in zip(points, across, strict=True)]
        yield f'<polyline {looks} fill="none" points="{" ".join(f"{x},{y}" for x, y in pairs)}"/>'
        yield from (f'<circle {looks} cx="{x}" cy="{y}" r="2.5"/>' for x, y in pairs)


LINES: tuple[tuple[str, Callable[[Cost], float]], ...] = (
    ('stroke="#d9822b" stroke-width="2"', lambda point: point.first),
    ('stroke="#2b8a6e" stroke-width="2" stroke-dasharray="5 3"', lambda point: point.again),
)


def _legend(y: int) -> Iterator[str]:
    """Yield what the lines stand for."""
    for place, ((looks, _), says) in enumerate(zip(LINES, ("the first time", "for another day"), strict=True)):
        x = LEFT + place * 150
        yield f'<line {looks} x1="{x}" x2="{x + 30}" y1="{y - 4}" y2="{y - 4}"/><text x="{x + 36}" y="{y}">{says}</text>'


def _spread(values: Sequence[int], left: int) -> list[float]:
    """Return how far across each value is; all are equally far apart."""
    return [round(left + 20 + place * (WIDTH - 40) / (len(values) - 1), 1) for place in range(len(values))]


def _height(value: float) -> float:
    return round(TOP + HEIGHT * (1 - log10(min(max(value, LEAST), MOST) / LEAST) / log10(MOST / LEAST)), 1)


def main() -> None:
    curves = list(measured())
    for name, points in curves:
        print(f"{name}: a headline in times of the naive loop, the first time and for another day")
        for point in points:
            print(f"  {point.of:>10,} {point.first:10.1f} {point.again:10.1f}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(drawn(curves), encoding="utf-8")


if __name__ == "__main__":
    main()
