"""
Cells as messages show them: what is needed to correct them, and nothing that may be about a person.

A cell in the wrong column may hold anything.  A column of days shows what is written as days are, a column of amounts
what is written as amounts are, and a column of words from a list what is such a word or a slip of one.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import chain

from peer_ledger.importing._cell_text import SEPARATORS
from peer_ledger.importing._fields import Field
from peer_ledger.rulesets import ruleset_ids
from peer_ledger.values.vocabularies import Vocabularies, standard_vocabularies

SAFE = frozenset({"topics", "documents"})
"""Vocabularies whose columns say nothing about a person, so that a message may show their cells."""

_PERSONAL = re.compile(r"@|(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])")
_LONGEST = 60
_LONGEST_LOOKED_AT = 500
_SHORTEST_KNOWN = 4
_SHORTEST_MISTYPED = 4
_MOST_DIGITS = 8
"""The most digits of an amount that is shown: more may be a number of a person."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_PIECES = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}|[0-9]{4}|[0-9]{8})(?![0-9])(?:st|nd|rd|th)?"
    rf"|{_MONTH}(?=[ .,'-]{{0,3}}[0-9])|(?<=[0-9])[ -]?{_MONTH}\b"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:to|through|and|utc|gmt|[ecmp][sd]t)\b|(?<=[0-9])t(?=[0-9])|(?<=[0-9])z\b|(?<=[0-9]) ?[ap]\.?m\b"
    r"|(?<=[0-9]{2})\.[0-9]{1,9}(?![0-9])|[-\s.,:/'+&\u2013\u2014]",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[-+$]?[0-9.,:\s%]*")
_CODE = re.compile(r"[A-Z]{1,6}[-. ]?[0-9A-Z]{1,4}(?:[-.][0-9A-Z]{1,4})?")


def cell_for_message(field: Field, cell: object) -> str:
    """
    Return a cell as a message may show it: described, unless it can only be what its field holds, or a slip of it.

    >>> day, unit = Field("day"), Field("unit", choices=("units",))
    >>> cell_for_message(day, "13/32/2025"), cell_for_message(day, "Jane Roe 2025"), cell_for_message(unit, "hors")
    ("'13/32/2025'", 'a text of 13 characters', "'hors'")
    """
    text = str(cell)
    if field.masked:
        return described(text)
    if isinstance(cell, date):
        return text
    if field.reads == "day":
        return day_for_message(text)
    if field.reads == "amount":
        return amount_for_message(text)
    if field.reads in ("word", "words") and SAFE.intersection(field.choices):
        return quoted(text)
    if field.reads in ("course", "codes"):
        is_known = _CODE.fullmatch(text) is not None and any(map(str.isdigit, text))
    else:
        is_known = _is_like(text, _words_of(field))
    return cut(text) if is_known else described(text)


def described(text: str) -> str:
    """Return what is said of a cell that a message does not show."""
    return f"a text of {len(text)} characters"


def day_for_message(text: str) -> str:
    """
    Return a cell of a column of days: as it is, if it consists of what days are written with, and holds a digit.

    >>> day_for_message("June 3-4, 2025"), day_for_message("June Roe 4"), day_for_message("415-55-0199")
    ("'June 3-4, 2025'", 'a text of 10 characters', 'a text of 11 characters')
    """
    is_day = len(text) <= _LONGEST and any(map(str.isdigit, text)) and not _DAY_PIECES.sub("", text)
    return cut(text) if is_day or _SERIAL.fullmatch(text) else described(text)


def amount_for_message(text: str) -> str:
    """
    Return a cell of a column of amounts: as it is, if it consists of few digits, signs of numbers, and units.

    >>> amount_for_message("1,5 hours"), amount_for_message("3 Roe"), amount_for_message("919 555 0199")
    ("'1,5 hours'", 'a text of 5 characters', 'a text of 12 characters')
    """
    digits = sum(map(str.isdigit, text[: 2 * _LONGEST]))
    rest = re.sub(r"[^\W\d_]+", lambda found: "" if found[0].casefold() in _units() else found[0], text[: 2 * _LONGEST])
    return cut(text) if 0 < digits <= _MOST_DIGITS and _NUMBER.fullmatch(rest) else described(text)


def quoted(text: str) -> str:
    """
    Return a cell of a column of topics or kinds of documents, unless the cell itself may be about a person.

    An address of e-mail and a number like one of Social Security are not shown.  Nor are several words of which none is
    known: they may be a name in the wrong column.

    >>> quoted("March  2025"), quoted("zoe@example.org"), quoted("415-55-0199")
    ("'March 2025'", 'a text of 15 characters', 'a text of 11 characters')
    >>> quoted("Ethcs"), quoted("Harm reducton"), quoted("Jane Roe"), quoted("Ethics; Roe, Jane")
    ("'Ethcs'", "'Harm reducton'", 'a text of 8 characters', 'a text of 17 characters')
    """
    return described(text) if _PERSONAL.search(text) or _may_be_name(text) else cut(text)


def cut(text: str) -> str:
    """Return a text in quotes, on one line, and cut if it is long."""
    plain = " ".join(text[: 2 * _LONGEST].split())
    plain = "".join(character for character in plain if character.isprintable())
    return repr(plain if len(plain) <= _LONGEST and len(text) <= _LONGEST * 2 else f"{plain[:_LONGEST]}...")


def _may_be_name(text: str) -> bool:
    """Return whether a cell, or a part of it, is several words without a digit, none of which is known."""
    for part in SEPARATORS.split(text[:_LONGEST_LOOKED_AT]):
        words = _words_in(part)
        if len(part.split()) > 1 and not any(map(str.isdigit, part)) and _known_words().isdisjoint(words):
            return True
    return False


def _words_in(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W_]+", text.casefold())}


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """Return the words of which the declared words and their headings consist, except the shortest."""
    return frozenset(word for word in _declared(Vocabularies.NAMES) if len(word) >= _SHORTEST_KNOWN)


def _declared(names: Iterable[str]) -> set[str]:
    terms = [term for name in names for term in standard_vocabularies()[name]]
    return _words_in(*(text for term in terms for text in (term.id, term.name, *term.aliases)))


@lru_cache(maxsize=1)
def _units() -> frozenset[str]:
    return frozenset({"h", "m", "hr", "hrs", "min", "mins", "and", *_declared(["units"])})


@lru_cache(maxsize=256)
def _words_of(field: Field) -> frozenset[str]:
    """Return the words of a field that holds words of a list, and what is left of each without one of its letters."""
    if field.reads == "term":
        words = _words_in(*ruleset_ids())
    elif field.reads == "choice":
        words = _words_in(*field.choices)
    else:
        words = _declared(_LISTS.get(field.reads, field.choices))
    slips = (_slips(word) for word in words if len(word) > _SHORTEST_MISTYPED)
    return frozenset(chain(words, *slips))


_LISTS = {"unit": ("units",), "delivery": ("deliveries",)}
"""The vocabularies of the fields that name none."""


def _slips(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_like(text: str, known: frozenset[str]) -> bool:
    """Return whether a text consists of known words, or of words that differ from known ones by a letter or two."""
    words = _words_in(text) if len(text) <= _LONGEST else set()
    return bool(words) and all(
        word in known or (len(word) >= _SHORTEST_MISTYPED and not known.isdisjoint(_slips(word))) for word in words
    )
