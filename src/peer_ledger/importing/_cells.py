"""
Turning cells into the values of fields.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._cell_text import (
    BLANKS,
    HEADINGS_OF_A_TERM,
    MOST_COMPARED,
    MOST_SAID,
    SEPARATORS,
    NumberText,
    clean,
    folded,
    joined_words,
    near_words,
    slug,
    split_at_separators,
    suggestion,
)
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._fields import Field
from peer_ledger.importing._meanings import ERRORS, CellRefusal, Meaning, day_reader, looked_at
from peer_ledger.importing._shown_cells import SAFE, amount_for_message, cell_for_message
from peer_ledger.records import Course, MonthDay, Quantity
from peer_ledger.rulesets import ruleset_ids
from peer_ledger.values._cached import cached_property
from peer_ledger.values._checks import IDENTIFIER
from peer_ledger.values._fields import TERM, is_text
from peer_ledger.values.hours import exact
from peer_ledger.values.vocabularies import Vocabularies, Vocabulary

_UNSAVED = "holds a formula whose value was not saved; open the file in a spreadsheet program and save it"
_IS_UTC = re.compile(r"\b(?:UTC|GMT|Zulu)\b", re.IGNORECASE)
_FLOAT_ID = re.compile(r"[0-9]+\.0+")
_COMMA = re.compile(r",[0-9]")
_RELATIVE_DATE = re.compile(r"\.[0-9]")
_WITH_UNIT = re.compile(r"([0-9.]+)\s*([^\W\d_][^\d]*)")
_HOURS_AND_MINUTES = re.compile(
    r"([0-9]{1,4})\s*(?:h|hrs?|hours?)\.?,?\s*(?:and\s*)?([0-9]{1,4})\s*(?:m|mins?|minutes?)\.?", re.IGNORECASE
)
_CLOCK = re.compile(r"[0-9]{1,4}:[0-9]{2}")
_EFFECTS = {
    "topics": "; it is recorded as a new topic, which no rule requires",
    "documents": "; it is recorded as a new kind of document, which no rule requires",
    "approvers": "; where a rule asks for an approval, it stays open whether this one counts",
}
_FLAGS = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "x": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


class CellReader:
    """
    Turns the cells of one file into values.

    Args:
        vocabularies: The declared words.
        courses: The catalog.
        days: The reader of days.
        parts: The names of the fields that hold the hours on one topic.
        decimal: The decimal sign of amounts, `.` or `,`.
    """

    def __init__(
        self,
        vocabularies: Vocabularies,
        courses: Iterable[Course],
        days: DayReader,
        parts: Iterable[str] = (),
        decimal: str = ".",
    ) -> None:
        self.decimal = decimal
        self.parts = tuple(parts)
        self.credits: dict[Any, Any] = {}
        self._compared = 0
        self.vocabularies = vocabularies
        self.days = days
        self.courses: dict[str, Course] = {}
        self.by_id: dict[str, Course] = {}
        self._codes_as_written: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        self._doubtful: set[str] = set()
        for course in courses:
            self.by_id[course.id] = course
            for code in (*(course.codes or ()), course.id):
                self.courses.setdefault(folded(code), course)
                self._codes_as_written.setdefault(folded(code), code)

    @cached_property
    def _credentials(self) -> frozenset[str]:
        """The credentials that a rule set answers for."""
        return frozenset(ruleset_ids())

    def reader(self, field: Field, meanings: Mapping[str, str], heading: str = "") -> Callable[[object], Meaning]:
        """
        Return the function that reads the cells of a column.

        Args:
            field: The field of the column.
            meanings: The meanings that a profile gives some cells, by folded text.
            heading: The heading of the column.

        Returns:
            A function of a cell that is not empty; it raises `CellRefusal` for a cell that it cannot read.
        """
        read: Callable[[str, Field], Meaning] = getattr(self, f"_{field.reads}")
        if field.reads == "day":
            is_utc = _IS_UTC.search(heading.replace("_", " ")) is not None
            return day_reader(self._reader_of(read, field, meanings), self.days, meanings, is_utc=is_utc)
        return self._reader_of(read, field, meanings)

    def _reader_of(
        self, read: Callable[[str, Field], Meaning], field: Field, meanings: Mapping[str, str]
    ) -> Callable[[object], Meaning]:

        def reads(cell: object) -> Meaning:
            if isinstance(cell, datetime) and field.reads != "raw":
                return reads(cell.date())
            if isinstance(cell, date):
                return Meaning(cell) if field.reads in ("day", "raw") else read(str(cell), field)
            if not isinstance(cell, str):
                raise CellRefusal(str(getattr(cell, "reason", _UNSAVED)))
            if type(cell) is NumberText and field.reads not in ("amount", "raw"):
                return reads(str(cell))
            if cell in ERRORS:
                raise CellRefusal("holds an error of the spreadsheet program, not a value; correct the formula")
            meant = clean(meanings.get(folded(cell), cell)) if meanings else cell
            return read(meant, field) if meant else Meaning(None)

        return reads

    def _text(self, text: str, _field: Field) -> Meaning:
        if not is_text(text):
            text = BLANKS.sub(" ", text).strip()
        if not is_text(text):
            raise CellRefusal("is longer than 10000 characters, or holds control characters")
        return Meaning(text)

    def _raw(self, text: str, _field: Field) -> Meaning:
        return Meaning(text)

    def _id(self, text: str, _field: Field) -> Meaning:
        if _FLOAT_ID.fullmatch(text):
            raise CellRefusal(
                "ends in '.0': a program made a number of the id; write it without, or let the program keep ids as text"
            )
        if not IDENTIFIER.holds(text):
            raise CellRefusal(
                "is not an id: an id is 1 to 200 ASCII letters, digits and punctuation marks without spaces. If the "
                "column holds names, give people ids, such as employee numbers, and use that column"
            )
        return Meaning(text)

    def _named(self, text: str, _field: Field) -> Meaning:
        if not IDENTIFIER.holds(text):
            raise CellRefusal("is not the id of a record or a requirement; write it as in a report or an export")
        return Meaning(text)

    def _day(self, text: str, _field: Field) -> Meaning:
        found = looked_at(self.days, text)
        return Meaning(found.day, counted=found.says)

    def _term(self, text: str, field: Field) -> Meaning:
        if not TERM.holds(text):
            raise CellRefusal("is not a credential; write the id of its rule set, such as us-nc-cpss")
        if text in self._credentials:
            return Meaning(text)
        near = near_words(text, self._credentials) if self._may_compare(len(self._credentials)) else None
        effect = "it is recorded" if field.is_recorded else "the time zone of its days is not known"
        return Meaning(text, f"is not a credential that a rule set covers{suggestion(near)}; {effect}")

    def _choice(self, text: str, field: Field) -> Meaning:
        word = slug(text)
        if word not in field.choices:
            raise CellRefusal(
                f"must be one of {', '.join(field.choices)}; a profile can define the meaning of other words"
            )
        return Meaning(word)

    def _amount(self, text: str, _field: Field) -> Meaning:
        """Read an amount and the unit written after it, where there is one."""
        unit = None
        whole = _HOURS_AND_MINUTES.fullmatch(text)
        if whole is not None:
            return Meaning((exact(str(int(whole[1]) * 60 + int(whole[2]))), "minute"))
        if _CLOCK.fullmatch(text):
            raise CellRefusal("could be hours and minutes, or minutes and seconds; write '2h 30m' or '150 minutes'")
        text = self._with_point(text)
        found = _WITH_UNIT.fullmatch(text)
        if found is not None:
            text, unit = found[1], self.vocabularies["units"].find(found[2])
            if unit is None:
                raise CellRefusal("has an unknown unit; write '1.5', '1.5 hours', '90 minutes' or '0.1 CEU'")
        if text.startswith("."):
            text = f"0{text}"
        text = text.lstrip("0") or "0" if re.fullmatch(r"0+[0-9]*", text) else text
        return Meaning((_exact(text), unit))

    def _with_point(self, text: str) -> str:
        """Return an amount with a decimal point; numbers of a workbook always have one."""
        if isinstance(text, NumberText):
            return str(text)
        if self.decimal == "." and _COMMA.search(text):
            raise CellRefusal(
                "has a comma in a number; write '1.5', or, if all amounts have decimal commas, declare them: "
                "decimal=',', or --decimal ,"
            )
        if self.decimal == "," and _RELATIVE_DATE.search(text):
            raise CellRefusal("has a point in a number, but amounts are declared to have decimal commas")
        return text.replace(",", ".") if self.decimal == "," else text

    def _unit(self, text: str, _field: Field) -> Meaning:
        word = self.vocabularies["units"].find(text)
        if word is None:
            raise CellRefusal(f"is not a known unit{suggestion(self._nearest(self.vocabularies['units'], text))}")
        return Meaning(word)

    def _delivery(self, text: str, _field: Field) -> Meaning:
        words = self.vocabularies["deliveries"]
        word = words.find(text)
        if word is not None:
            return Meaning(word)
        near = suggestion(self._nearest(words, text))
        return Meaning(None, f"is not a known kind of delivery{near}; it is recorded as unknown")

    def _word(self, text: str, field: Field) -> Meaning:
        vocabulary = self.vocabularies[field.choices[0]]
        word = vocabulary.find(text)
        if word is not None:
            return Meaning(word)
        made = slug(text)
        if made is None:
            raise CellRefusal("cannot be spelled as a declared word; a profile can define its meaning")
        if not vocabulary:  # an open vocabulary without words, such as providers
            return Meaning(made)
        effect = _EFFECTS.get(vocabulary.name, "")
        parts = [part for part in (text, *joined_words(text)) if part]
        near = (vocabulary.find(part) or self._nearest(vocabulary, part) for part in parts)
        return Meaning(made, f"is not one of the {vocabulary.name}{effect}{suggestion(next(filter(None, near), None))}")

    def _words(self, text: str, field: Field) -> Meaning:
        vocabulary = self.vocabularies[field.choices[0]]
        if folded(text) == "none":
            return Meaning(frozenset())
        whole = vocabulary.find(text)
        if whole is not None:
            return Meaning(frozenset({whole}))
        found: set[str] = set()
        notices: dict[str, None] = {}  # in order and once each
        for part in SEPARATORS.split(text):
            inner = [part] if vocabulary.find(part) else part.split(",")
            for word in chain.from_iterable(split_at_separators(vocabulary, piece.strip()) for piece in inner):
                meant = self._word(word, field)
                found.add(meant.value)
                if meant.notice is not None:
                    alone = vocabulary.name not in SAFE or word == text.strip()
                    notices[meant.notice if alone else f"{cell_for_message(field, word)} {meant.notice}"] = None
        more = f"; and {len(notices) - MOST_SAID} more such words" if len(notices) > MOST_SAID else ""
        return Meaning(frozenset(found), "; ".join(list(notices)[:MOST_SAID]) + more or None)

    def _codes(self, text: str, _field: Field) -> Meaning:
        codes = frozenset(filter(None, (code.strip() for code in SEPARATORS.split(text))))
        if not codes or not all(map(is_text, codes)):
            raise CellRefusal("holds no code, or a code with control characters")
        return Meaning(codes)

    def _course(self, text: str, _field: Field) -> Meaning:
        """Find a course by its code; an unknown code gives no course, and a notice that suggests the nearest code."""
        course = self.courses.get(folded(text))
        if course is not None:
            return Meaning(course)
        if not self.courses:
            return Meaning(None, counted="code")
        found = near_words(folded(text), self.courses) if self._may_compare(len(self.courses)) else None
        near = self._codes_as_written.get(found or "")
        if near is not None:
            self._doubtful.add(folded(text))
        return Meaning(None, f"is not in the catalog{suggestion(near)}", is_slip=near is not None)

    def kept_code(self, code: str) -> str | None:
        """
        Return the id of a course whose code no catalog has; `None` when the code may be misspelled.

        The same code in other capitals is the same course.
        """
        written = self._kept.setdefault(folded(code), "-".join(code.split()))
        return written if folded(code) not in self._doubtful and IDENTIFIER.holds(written) else None

    def _nearest(self, vocabulary: Vocabulary, text: str) -> str | None:
        """Suggest a word of a vocabulary, unless so many were compared already that the file would take minutes."""
        return vocabulary.nearest(text) if self._may_compare(HEADINGS_OF_A_TERM * len(vocabulary)) else None

    def _may_compare(self, number: int) -> bool:
        self._compared += number
        return self._compared <= MOST_COMPARED

    def document_value(self, kind: str | None, cell: object, unit: str | None) -> Meaning:
        """
        Read the value of a document.

        Args:
            kind: The type of value that such a document has; `None` when it has no value.
            cell: The cell.
            unit: The unit of a quantity that does not name its own.

        Raises:
            CellRefusal: The cell does not hold a value of that type.
        """
        text = str(cell.date() if isinstance(cell, datetime) else cell)
        try:
            if kind == "quantity":
                return Meaning(self._quantity(cell if isinstance(cell, NumberText) else text, unit))
            if kind == "day":
                return self._stated_day(cell)
            if kind == "month_day":
                return Meaning(self._birthday(cell))
        except InvalidValue as error:
            raise CellRefusal(error.message) from None
        if kind == "flag" and text.lower() in _FLAGS:
            return Meaning(_FLAGS[text.lower()])
        if kind == "word" and (word := slug(text)) is not None:
            return Meaning(word)
        wanted = {"flag": "must be yes or no", "word": "cannot be spelled as a declared word"}
        raise CellRefusal(wanted.get(kind or "", "a document of this kind has no value"))

    def _stated_day(self, cell: object) -> Meaning:
        """Read the day that a document states; of a moment, the day in the time zone of the row."""
        if isinstance(cell, date) and not isinstance(cell, datetime):
            return Meaning(cell)
        found = self.days.of_moment(cell) if isinstance(cell, datetime) else self.days.look_at(str(cell))
        moved = f"the moment is on another day in {self.days.time_zone}, and that day is recorded"
        return Meaning(found.day, moved if found.says == "moved" else None)

    def _quantity(self, text: str, unit: str | None) -> Quantity:
        found = re.fullmatch(r"(\$?)\s*([0-9.]+)\s*(.*)", self._with_point(text))
        if found is None:
            raise InvalidValue("must be an amount, such as '18 months' or '20'")
        said = "us-dollar" if found[1] else self.vocabularies["units"].find(found[3]) if found[3] else unit
        if said is None:
            raise InvalidValue("must be an amount and a known unit, such as '18 months' or '20 dollars'")
        return Quantity(amount=_exact(found[2]), unit=said)

    def _birthday(self, cell: object) -> MonthDay:
        """Read a birthday; the year, which no rule needs, is dropped."""
        if isinstance(cell, str) and re.fullmatch(r"[0-9]{2}-[0-9]{2}", cell):
            return MonthDay.parse(cell)
        day = cell if isinstance(cell, date) else self.days.read(str(cell))
        return MonthDay(day.month, day.day)


def _exact(text: str) -> Decimal:
    try:
        return exact(text)
    except InvalidValue as error:
        raise CellRefusal(error.message.replace(repr(text), amount_for_message(text))) from None
