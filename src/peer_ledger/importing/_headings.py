"""
What the headings of a table say: which column each of them heads, and the unit and topic that it names.
"""

import re
from collections.abc import Mapping, Sequence

import attrs

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing._cell_text import clean
from peer_ledger.importing._column_names import column_letters
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._result_words import plain_word, words_of_results
from peer_ledger.importing._text_tables import Row
from peer_ledger.values.vocabularies import Vocabularies

_UNIT_WORDS = {"min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute", "hours": "hour"}
_LENGTH_WORDS = {"duration", "length", "time", "credit", "credits", "points", "units", "ces", "ceu", "ceus"}
_AMOUNT_WORDS = re.compile(r"\b(?:number|no|of|in|on|training|ce|credit|contact|clock|hours?|hrs?|credits?)\b|#")
_PERSONAL = frozenset({"mail", "email", "ssn", "dob", "birth", "birthday", "phone", "surname", "address"})
_NAMED_THINGS = frozenset(
    {"course", "training", "class", "event", "session", "workshop", "activity", "module", "topic"}
)
_TICKS = frozenset({"x", "0", "1"})
_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9._#/-]{1,20}")
_LONGEST_SHOWN = 60
_MOST_NAMED = 20


@attrs.frozen
class Headings:
    """
    The headings of a table, indexed once, as there may be thousands.

    Attributes:
        texts: The headings as written.
        plain: The headings as they are compared.
        places: The columns of each heading, from 0, by the heading as it is compared.
        below: The first rows below the headings, as far as they were looked at.
    """

    texts: list[str]
    plain: list[str]
    places: Mapping[str, list[int]]
    below: Sequence[Row] = ()

    @classmethod
    def of(cls, row: Row, below: Sequence[Row] = ()) -> "Headings":
        """Read the headings from a row."""
        texts = [cell if isinstance(cell, str) else "" for cell in row.cells]
        plain = [plain_heading(text) for text in texts]
        places: dict[str, list[int]] = {}
        for place, text in enumerate(plain):
            places.setdefault(text, []).append(place)
        return cls(texts, plain, places, below)

    def cells(self, place: int) -> list[str]:
        """Return the first cells of a column that are not empty, as texts."""
        return [text for row in self.below if place < len(row.cells) and (text := clean(str(row.cells[place])))]

    def may_hold(self, place: int, reads: str) -> bool:
        """Return whether the first cells of a column may be what a field reads: days, amounts or ids."""
        cells = self.cells(place)
        if reads == "day":
            return not cells or any(any(map(str.isdigit, cell)) and cell not in ("0", "1") for cell in cells)
        if reads == "amount":
            return not cells or any(any(map(str.isdigit, cell)) for cell in cells)
        return reads != "id" or not cells or any(" " not in cell for cell in cells)

    def only_answers(self, place: int) -> bool:
        """Return whether the first cells of a column are answers or results, such as yes or passed, and not days."""
        words = list(map(plain_word, self.cells(place)))
        return bool(words) and all(word in _TICKS or word in words_of_results() for word in words)

    def holds_codes(self, place: int) -> bool:
        """Return whether the first cells of a column are codes, such as ETH-101, and not titles."""
        cells = self.cells(place)
        return bool(cells) and all(_CODE.fullmatch(cell) for cell in cells)

    def shown(self, place: int) -> str:
        """Return the heading of a column for a message."""
        return one_line(self.texts[place])

    def column(self, text: str) -> int | None:
        """
        Find the column with this heading; `None` when no column has it.

        Raises:
            InvalidData: Several columns have it.
        """
        wanted = plain_heading(text)
        if not wanted or wanted not in self.places:
            return None
        if len(self.places[wanted]) > 1:
            some = self.places[wanted][:_MOST_NAMED]
            letters = " and ".join(column_letters(place + 1) for place in some)
            if len(some) < len(self.places[wanted]):
                letters += f" and {len(self.places[wanted]) - len(some)} more"
            what = f"columns {letters} have the same heading; rename all but the one that is meant"
            raise InvalidData("table", (Problem("headings", what),))
        return self.places[wanted][0]


def names_people(heading: str) -> bool:
    """
    Return whether a column may hold the names or addresses of people, whatever field it was mapped to.

    >>> names_people("Learner name"), names_people("E-Mail"), names_people("Course name"), names_people("Date")
    (True, True, False, False)
    """
    words = set(plain_heading(heading).split())
    return bool(words & _PERSONAL) or ("name" in words and not words & _NAMED_THINGS)


def one_line(heading: str) -> str:
    """Return a heading on one line, shortened if it is very long."""
    plain = " ".join(heading.split())
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}..."


def unit_in(heading: str) -> str | None:
    """
    Return the unit that a heading of amounts clearly names; `None` when it names no unit, or several.

    >>> unit_in("Seat time (min)"), unit_in("Contact hrs"), unit_in("CE Hours (min)"), unit_in("CEUs")
    ('minute', 'hour', None, None)
    """
    named = {unit for word in plain_heading(heading).split() if (unit := _UNIT_WORDS.get(word)) is not None}
    return named.pop() if len(named) == 1 else None


def leaves_unit_open(heading: str) -> bool:
    """Return whether a heading of amounts, as it is compared, could stand for several units."""
    words = set(heading.split())
    return unit_in(heading) is None and bool(words & (_UNIT_WORDS.keys() | _LENGTH_WORDS))


def topic_in(heading: str, vocabularies: Vocabularies) -> str | None:
    """Return the topic that a heading such as 'Ethics hours' names; `None` when it names none."""
    if not re.search(r"\b(?:hours?|hrs?)\b", heading):
        return None
    rest = " ".join(_AMOUNT_WORDS.sub(" ", heading).split())
    return vocabularies["topics"].find(rest) if rest else None
