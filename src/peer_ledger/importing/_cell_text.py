"""
Cells as plain text: cleaned, split, and written into messages without anything that may name a person.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from peer_ledger._closest import closest
from peer_ledger.importing._fields import Field
from peer_ledger.values._fields import TERM
from peer_ledger.values.vocabularies import Vocabularies, Vocabulary, standard_vocabularies

_NOTHING = frozenset({"", "-", "--", "\u2013", "\u2014", "n/a", "N/A", "#N/A"})
SEPARATORS = re.compile(r"[;|\n]+")
_JOINED = re.compile(r"[/&+]|\band\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:grand |sub ?-?|over ?all )?totals?(?: (?:hours?|hrs?|credits?|ceus?|minutes?|people|for .*))?"
    r"\s*[:=]?\s*[0-9.,]*(?: (?:hours?|hrs?))?|sums?\s*:?|[^:]{1,40} totals?\s*:?",
    re.IGNORECASE,
)
BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_PERSONAL = re.compile(r"@|(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])")
SAFE = frozenset({"topics", "documents"})
"""Vocabularies whose columns say nothing about a person, so that a message may show their cells."""

_LONGEST_WORD = 60
_LONGEST_LOOKED_AT = 500
_SHORTEST_KNOWN = 4
MOST_SAID = 10
HEADINGS_OF_A_TERM = 4
FIGURES = frozenset({"day", "amount"})
"""How the cells of columns are read that hold days or amounts."""

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


def cell_for_message(field: Field, cell: object) -> str:
    """Return a cell as a message may show it: in full only if its field cannot hold anything about a person."""
    if field.masked:
        return f"a text of {len(str(cell))} characters"
    if isinstance(cell, date):
        return str(cell)
    return quoted(str(cell), in_digits=field.reads in FIGURES)


def quoted(text: str, *, in_digits: bool = False) -> str:
    """
    Return a cell of a column that says nothing about a person, unless the cell itself does.

    An address of e-mail and a number like one of Social Security are not shown.  Nor is what stands in the wrong column
    and may be a name: a cell without a digit in a column of days or amounts, and several words of which none is known.

    Args:
        text: The cell.
        in_digits: Whether the column holds days or amounts.

    >>> quoted("March  2025"), quoted("zoe@example.org"), quoted("415-55-0199")
    ("'March 2025'", 'a text of 15 characters', 'a text of 11 characters')
    >>> quoted("Ethcs"), quoted("Harm reducton"), quoted("Jane Roe"), quoted("Ethics; Roe, Jane")
    ("'Ethcs'", "'Harm reducton'", 'a text of 8 characters', 'a text of 17 characters')
    """
    if _PERSONAL.search(text) or (in_digits and not any(map(str.isdigit, text))) or _may_be_name(text):
        return f"a text of {len(text)} characters"
    plain = " ".join(text[: 2 * _LONGEST_WORD].split())
    plain = "".join(character for character in plain if character.isprintable())
    return repr(
        plain if len(plain) <= _LONGEST_WORD and len(text) <= _LONGEST_WORD * 2 else f"{plain[:_LONGEST_WORD]}..."
    )


def _may_be_name(text: str) -> bool:
    """Return whether a cell, or a part of it, is several words without a digit, none of which is known."""
    for part in SEPARATORS.split(text[:_LONGEST_LOOKED_AT]):
        words = re.findall(r"[^\W_]+", part.casefold())
        if len(part.split()) > 1 and not any(map(str.isdigit, part)) and _known_words().isdisjoint(words):
            return True
    return False


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """Return the words of which the declared words and their headings consist, except the shortest."""
    terms = [term for name in Vocabularies.NAMES for term in standard_vocabularies()[name]]
    texts = [text for term in terms for text in (term.id, term.name, *term.aliases)]
    words = {word for text in texts for word in re.findall(r"[^\W_]+", text.casefold())}
    return frozenset(word for word in words if len(word) >= _SHORTEST_KNOWN)


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
