"""
Cells as plain text: cleaned, split, and compared.
"""

import re
import unicodedata
from collections.abc import Iterable

from peer_ledger._closest import closest
from peer_ledger.values._fields import TERM
from peer_ledger.values.vocabularies import Vocabulary

_NOTHING = frozenset({"", "-", "--", "\u2013", "\u2014", "n/a", "N/A", "#N/A"})
SEPARATORS = re.compile(r"[;|\n]+")
_JOINED = re.compile(r"[/&+]|\band\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:grand |sub ?-?|over ?all )?totals?(?: (?:hours?|hrs?|credits?|ceus?|minutes?|people|for .*))?"
    r"\s*[:=]?\s*[0-9.,]*(?: (?:hours?|hrs?))?|sums?\s*:?|[^:]{1,40} totals?\s*:?",
    re.IGNORECASE,
)
BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_LONGEST_WORD = 60
MOST_SAID = 10
HEADINGS_OF_A_TERM = 4
MOST_COMPARED = 2**20
"""The most comparisons made for one file in search of the known words and codes nearest to its unknown ones."""


class NumberText(str):
    """A number of a workbook as text, always with a decimal point."""

    __slots__ = ()


def clean(cell: object) -> str:
    """Return a cell's text without spaces at its ends; a placeholder such as `n/a` becomes an empty text."""
    if type(cell) is NumberText:
        return cell
    text = cell if type(cell) is str else str(cell)
    if not text.isprintable() or text[:1] == " " or text[-1:] == " ":
        text = text.strip("\ufeff\u200b \t\r\n\u00a0\x00").replace("\r\n", "\n").replace("\r", "\n")
    return "" if text in _NOTHING else text


def slug(text: str) -> str | None:
    """
    Spell a text as declared words are spelled; return `None` when no letter or digit of it can be kept.

    >>> slug("Basket Weaving & Co."), slug("\u00c9tica")
    ('basket-weaving-and-co', 'etica')
    """
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    return made if TERM.holds(made) else None


def says_total(cell: object) -> bool:
    """
    Return whether a cell marks its row as a row of totals.

    >>> [says_total(cell) for cell in ("Total", "Grand total:", "Total hours: 20", "4711 Total", "Total wellness")]
    [True, True, True, True, False]
    """
    return isinstance(cell, str) and len(cell) <= _LONGEST_WORD and _TOTAL.fullmatch(clean(cell)) is not None


def names_total(cell: object) -> bool:
    """Return whether a cell in the column of people marks its row as a row of totals, such as 'Total Jane'."""
    return isinstance(cell, str) and clean(cell)[:6].lower() == "total "


def joined_words(text: str) -> list[str]:
    """Split a text at each 'and' or similar sign."""
    return [part.strip() for part in _JOINED.split(text)]


def split_at_separators(vocabulary: Vocabulary, text: str) -> list[str]:
    """Split a cell such as 'Ethics and boundaries' if each part is a declared word and the whole is not."""
    parts = [part for part in joined_words(text) if part]
    if vocabulary.find(text) is None and parts and all(map(vocabulary.find, parts)):
        return parts
    return [text] if text else []


def folded(text: str) -> str:
    """Return a text as it is compared: case and spacing do not matter."""
    return " ".join(text.casefold().split())


def near_words(text: str, known: Iterable[str]) -> str | None:
    return closest(text[:100], known, likeness=0.75)


def suggestion(near: str | None) -> str:
    return f"; did you mean {near!r}?" if near else ""
