"""
The result of an import as a card for a notebook or a page: how much was read, what was rejected and why, what to check.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple

from peer_ledger.reports._html import bar, cell, grid, part

_MOST_SHOWN = 100


class Place(NamedTuple):
    """
    A row of the file that was rejected, or that is to be checked.

    Attributes:
        line: Its line; `None` for the file as a whole.
        column: The column; `None` for the row as a whole.
        value: The cell; `None` where it does not matter.
        says: Why it was rejected, or what to check.
    """

    line: int | None
    column: str | None
    value: str | None
    says: str


class FileCard(NamedTuple):
    """
    What the card of one file shows.

    Attributes:
        summary: The number of rows, and what they gave.
        rows: The number of rows.
        asked: The questions about the file.
        rejected: The rejected rows, as far as they are listed.
        rejected_count: The number of rejected rows.
        notices: What to check, as far as it is listed.
        notice_count: The number of notices.
        columns: Each heading with how its column was read.
    """

    summary: str
    rows: int
    asked: Sequence[str]
    rejected: Iterable[Place]
    rejected_count: int
    notices: Iterable[Place]
    notice_count: int
    columns: Sequence[tuple[str, str]]

    def body(self) -> str:
        """Return what the card says of the file, as HTML."""
        return "\n".join(filter(None, self._parts()))

    def _parts(self) -> Iterator[str]:
        share = (self.rows - self.rejected_count) / self.rows if self.rows else 1
        yield f"<p>{escape(self.summary)}{bar(share, result='short' if self.rejected_count else 'met')}</p>"
        yield items("Questions about this file", self.asked, is_open=True)
        yield _places("Rejected", self.rejected, self.rejected_count, is_open=True)
        yield _places("To check", self.notices, self.notice_count)
        cells = [[cell(heading, header=True), cell(how)] for heading, how in self.columns]
        shown = grid("How each column was read", ("heading", "read as"), cells)
        yield _folded(f"Columns ({len(cells)})", shown)


def card(body: str, *, label: str) -> str:
    """
    Return a card: part of a page.

    Args:
        body: What it shows, as HTML.
        label: Its label for a screen reader; any text.
    """
    return part(f'<div class="card">{body}</div>', label=label)


def batch_card(
    files: Iterable[tuple[str, FileCard, str]],
    *,
    what: str,
    waiting: Iterable[str],
    unread: Iterable[str],
    notes: Iterable[str],
) -> str:
    """
    Return the card of files that were imported together.

    Args:
        files: The name of each file, its card, and what it changes in the ledger.
        what: What was appended, in a sentence.
        waiting: What must be decided first.
        unread: The files that could not be read, and why.
        notes: What else to know.
    """
    parts = [
        f'<p class="lead">{escape(what)}</p>',
        items("What you must decide first", waiting, is_open=True),
        items("Not read", unread, is_open=True),
    ]
    for name, file, change in files:
        parts += [f'<p class="head"><strong>{escape(name)}</strong></p>', file.body()]
        parts.append(items("In the ledger", change.splitlines(), is_open=True))
    parts.append(items("Notes", notes))
    return card("\n".join(filter(None, parts)), label="What was imported")


def items(what: str, texts: Iterable[str], *, is_open: bool = False) -> str:
    """
    Return a list that can be folded away; empty without texts.

    Args:
        what: Its heading.
        texts: Any texts.
        is_open: Whether it is unfolded at first.
    """
    listed = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return _folded(what, f"<ul>{listed}</ul>", is_open=is_open) if listed else ""


def _places(what: str, places: Iterable[Place], number: int, *, is_open: bool = False) -> str:
    cells = [
        [
            cell("" if place.line is None else str(place.line), header=True),
            cell(place.column or ""),
            cell(place.value or ""),
            cell(place.says),
        ]
        for place in islice(places, _MOST_SHOWN)
    ]
    if not cells:
        return ""
    caption = what if number == len(cells) else f"{what}: the first {len(cells)}"
    shown = grid(caption, ("line", "column", "value", "why"), cells, sortable=True)
    return _folded(f"{what} ({number})", shown, is_open=is_open)


def _folded(summary: str, body: str, *, is_open: bool = False) -> str:
    return f"<details{' open' if is_open else ''}><summary>{escape(summary)}</summary>{body}</details>"
