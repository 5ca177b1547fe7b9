"""
Samples drawn for an audit, by a method that anybody can repeat with paper, a list and SHA-256.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.presenting.tables import Table
from peer_ledger.reports._html import part
from peer_ledger.values._arguments import A_COUNT, A_TEXT, TEXTS_OR_NONE, arguments
from peer_ledger.values._wording import counted

METHOD = (
    "The ids are sorted by the code points of their characters, each once. The draws are numbered from 1. For each "
    "draw, with m people left, take the text SEED:DRAW:TRY for TRY 0, 1, 2 and so on, and read its SHA-256 as a number "
    "x. If x is less than the largest multiple of m that is not above 2 to the 256, the person at position x modulo m "
    "of those left, counted from 0, is drawn and taken out; otherwise go on with the next try."
)
"""How people are drawn, for whoever repeats it."""

_ALL = 2**256

Number = Callable[[int, int], int]
"""Returns a number from 0 up to some limit for a draw and a try."""


@attrs.frozen(kw_only=True)
class Sample:
    """
    People drawn at random from a list, so that everybody is as likely to be drawn, and every group of them as well.

    Attributes:
        seed: The seed; whoever knows it can redraw, so choose it after the list is fixed, and in public.
        population: How many people there were to draw from.
        population_digest: The SHA-256 of the sorted list of their ids as compact JSON.
        people: Those drawn, in the order of the draws.
        method: How they were drawn.
    """

    seed: str
    population: int
    population_digest: str
    people: tuple[str, ...]
    method: str = attrs.field(default=METHOD, repr=False)

    @property
    def title(self) -> str:
        """What it shows."""
        return f"{len(self.people)} of {counted(self.population, 'person')}".replace("persons", "people")

    def table(self) -> Table:
        """Return a row for each draw."""
        rows = tuple(enumerate(self.people, 1))
        return Table(headings=("draw", "person"), rows=rows, kinds=("count", "text"), title=self.title)

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as plain values."""
        return {"format": "peer-ledger sample", "version": 1, **attrs.asdict(self), "people": list(self.people)}

    def __str__(self) -> str:
        return (
            f"{self.title}, drawn with the seed {self.seed!r}: {', '.join(self.people)}.\n{self.method}\n"
            f"SHA-256 of the list, as JSON: {self.population_digest}."
        )

    def _repr_html_(self) -> str:
        return part(self.table().html_part(self.title), label=self.title)


@arguments(people=TEXTS_OR_NONE, size=A_COUNT, seed=A_TEXT)
def draw_sample(people: Iterable[str], *, size: int, seed: str) -> Sample:
    """
    Draw people at random, each group of them as likely as any other, and so that the draw can be repeated.

    Args:
        people: The ids of the people to draw from; an id that is given twice counts once.
        size: How many to draw.
        seed: Any text.

    Raises:
        InvalidValue: There are fewer people than are to be drawn, or the seed is empty.

    >>> draw_sample(["p-1", "p-2", "p-3", "p-4"], size=2, seed="board meeting of March 3, 2026").people
    ('p-1', 'p-2')
    """
    population = sorted(set(people))
    if size > len(population):
        raise InvalidValue(f"size must be at most {len(population)}, the number of people to draw from, not {size}")
    if not seed:
        raise InvalidValue("seed must be a text that is not empty, such as 'board meeting of March 3, 2026'")
    listed = json.dumps(population, separators=(",", ":"))
    return Sample(
        seed=seed,
        population=len(population),
        population_digest=hashlib.sha256(listed.encode()).hexdigest(),
        people=drawn(population, size, lambda draw, attempt: _number(f"{seed}:{draw}:{attempt}"), _ALL),
    )


def drawn(population: Iterable[str], size: int, number: Number, limit: int) -> tuple[str, ...]:
    """
    Return people drawn from a list, without putting anybody back.

    Args:
        population: The list.
        size: How many to draw.
        number: Returns a number from 0 to below the limit, for a draw and a try.
        limit: The limit.
    """
    left, found = list(population), list[str]()
    for draw in range(1, size + 1):
        found.append(left.pop(_position(len(left), draw, number, limit)))
    return tuple(found)


def _position(people: int, draw: int, number: Number, limit: int) -> int:
    """Return a position among some people; numbers that would make some positions likelier are passed over."""
    whole = limit - limit % people
    attempt = 0
    while (found := number(draw, attempt)) >= whole:
        attempt += 1
    return found % people


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
