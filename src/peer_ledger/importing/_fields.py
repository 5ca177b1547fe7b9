"""
What the columns of each kind of record may be, and how a cell becomes the value of a field.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any, get_args

import attrs

from peer_ledger._checks import IDENTIFIER, TERM, is_text
from peer_ledger.dates import MonthDay
from peer_ledger.errors import InvalidValue, shown
from peer_ledger.hours import exact
from peer_ledger.importing._days import DayReader
from peer_ledger.records import Act, Course, CoveredType, Decision, Effect, Level, Quantity, Step
from peer_ledger.vocabularies import Vocabularies, Vocabulary

PART = "hours."
"""What the name of a field begins with that holds how many of the hours were on one topic, as `hours.ethics`."""

_NOTHING = frozenset({"", "-", "--", "\u2013", "\u2014", "n/a", "N/A", "#N/A"})
_ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_COMMA = re.compile(r",[0-9]")
_POINT = re.compile(r"\.[0-9]")
_WITH_UNIT = re.compile(r"([0-9.]+)\s*([^\W\d_][^\d]*)")
_HOURS_AND_MINUTES = re.compile(
    r"([0-9]{1,4})\s*(?:h|hrs?|hours?)\.?,?\s*(?:and\s*)?([0-9]{1,4})\s*(?:m|mins?|minutes?)\.?", re.IGNORECASE
)
_CLOCK = re.compile(r"[0-9]{1,4}:[0-9]{2}")
_SEPARATORS = re.compile(r"[;|\n]+")
_JOINED = re.compile(r"[/&+]|\band\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:grand |sub ?-?|over ?all )?totals?(?: (?:hours?|hrs?|credits?|ceus?|minutes?|people|for .*))?"
    r"\s*[:=]?\s*[0-9.,]*(?: (?:hours?|hrs?))?|sums?\s*:?|[^:]{1,40} totals?\s*:?",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9._#/-]{1,40}")
_SAFE = frozenset({"topics", "attestations"})
"""Vocabularies whose columns say nothing of a person, so that a message may show what stands there."""

_EFFECTS = {
    "topics": ", and is recorded as a topic of its own, which no rule asks for",
    "attestations": ", and is recorded as a kind of its own, which no rule asks for",
}
_LONGEST_WORD = 60
_MOST_SAID = 10
_HEADINGS_OF_A_TERM = 4
MOST_COMPARED = 2**20
"""With how many known words and codes the unknown ones of one file are compared, to suggest one that is near."""
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


class Figure(str):
    """What a workbook holds as a number, written with a decimal point."""

    __slots__ = ()


class Refusal(Exception):
    """
    A cell cannot be the value of its field.

    Attributes:
        reason: Why, and what to do.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason


@attrs.frozen
class Field:
    """
    One field that a column may fill.

    Attributes:
        reads: How its cells are read.
        masked: Whether its cells may identify somebody, and are never shown.
        choices: What `reads` needs to know: the vocabulary, or the words there are.
    """

    reads: str
    masked: bool = False
    choices: tuple[str, ...] = ()


def _text(*, masked: bool = True) -> Field:
    return Field("text", masked=masked)


_PERSON = Field("id", masked=True)
_DAY = Field("day")
_TERM = Field("term")
_NAMED = Field("named", masked=True)
_ROW = Field("text", masked=True)


def _word(vocabulary: str) -> Field:
    return Field("word", choices=(vocabulary,))


def _words(vocabulary: str) -> Field:
    return Field("words", choices=(vocabulary,))


def _choice(literal: Any) -> Field:
    return Field("choice", choices=get_args(literal))


_CREDITS = {"hours": Field("amount"), "unit": Field("unit"), "topics": _words("topics")}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "training-event": {
        "row": _ROW,
        "person": _PERSON,
        "completed": _DAY,
        "started": _DAY,
        "title": _text(),
        "course": Field("course"),
        "provider": _word("providers"),
        "delivery": Field("delivery"),
        "role": _word("roles"),
        **_CREDITS,
        "approvals": _words("approvers"),
        "evidence": _text(),
    },
    "course": {
        "row": _ROW,
        "title": _text(),
        "codes": Field("codes"),
        "provider": _word("providers"),
        "delivery": Field("delivery"),
        **_CREDITS,
        "approvals": _words("approvers"),
    },
    "certification": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "act": _choice(Act),
        "on": _DAY,
        "awarded": _DAY,
        "renewed": _DAY,
        "reinstated": _DAY,
        "expires": _DAY,
        "level": _choice(Level),
        "number": _text(),
    },
    "verification": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "seen": _DAY,
        "status": _word("board-statuses"),
        "shown_until": _DAY,
        "number": _text(),
    },
    "filing": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "step": _choice(Step),
        "designation": _word("designations"),
        "method": _word("filing-methods"),
        "sent": _DAY,
        "received": _DAY,
    },
    "attestation": {
        "row": _ROW,
        "person": _PERSON,
        "attested": _word("attestations"),
        "on": _DAY,
        "by": _PERSON,
        "credential": _TERM,
        "step": _choice(Step),
        "value": Field("raw", masked=True),
        "unit": Field("unit"),
    },
    "designation": {
        "row": _ROW,
        "person": _PERSON,
        "name": _word("designations"),
        "awarded": _DAY,
        "by": _word("approvers"),
        "credential": _TERM,
        "last_day": _DAY,
    },
    "coverage": {
        "row": _ROW,
        "covers": _choice(CoveredType),
        "attested": _word("attestations"),
        "person": _PERSON,
        "credential": _TERM,
        "first_day": _DAY,
        "last_day": _DAY,
    },
    "review": {
        "row": _ROW,
        "person": _PERSON,
        "event": _NAMED,
        "decision": _choice(Decision),
        "on": _DAY,
        **_CREDITS,
        "credential": _TERM,
        "by": _PERSON,
        "reason": _text(),
    },
    "ruling": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "on": _DAY,
        "requirement": _NAMED,
        "effect": _choice(Effect),
        "figure": Field("raw", masked=True),
        "unit": Field("unit"),
        "day": _DAY,
        "first_day": _DAY,
        "last_day": _DAY,
        "by": _PERSON,
        "reason": _text(),
    },
    "same-person": {
        "row": _ROW,
        "person": _PERSON,
        "other": _PERSON,
        "by": _PERSON,
    },
}
"""The fields of each kind of record that can be imported."""

NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "training-event": (("person",), ("completed",)),
    "course": (("title",), ("codes", "hours", "topics")),
    "certification": (("person",), ("on", "awarded", "renewed", "reinstated", "expires")),
    "verification": (("person",), ("seen",)),
    "filing": (("person",), ("sent", "received")),
    "attestation": (("person",), ("attested",), ("on",)),
    "designation": (("person",), ("name",)),
    "coverage": (("covers",),),
    "review": (("person",), ("event",), ("decision",), ("on",)),
    "ruling": (("person",), ("requirement",), ("on",), ("effect", "figure", "day")),
    "same-person": (("person",), ("other",)),
}
"""Of each of these groups, a kind of record needs a column for one field at least."""


def field_of(kind: str, name: str) -> Field | None:
    """
    Find a field of a kind of record; `None` when it has none of that name.

    >>> field_of("training-event", "hours.ethics").reads
    'amount'
    """
    if name.startswith(PART) and "hours" in FIELDS[kind] and TERM.holds(name[len(PART) :]):
        return FIELDS[kind]["hours"]
    return FIELDS[kind].get(name)


def clean(cell: object) -> str:
    """Give a cell's text without blanks at its ends, and nothing for what people write when there is nothing."""
    if type(cell) is Figure:
        return cell
    text = cell if type(cell) is str else str(cell)
    if not text.isprintable() or text[:1] == " " or text[-1:] == " ":
        text = text.strip("\ufeff\u200b \t\r\n\u00a0\x00").replace("\r\n", "\n").replace("\r", "\n")
    return "" if text in _NOTHING else text


def slug(text: str) -> str | None:
    """
    Spell a text as a declared word is spelt; `None` when nothing of it can be.

    >>> slug("Basket Weaving & Co."), slug("\u00c9tica")
    ('basket-weaving-and-co', 'etica')
    """
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    return made if TERM.holds(made) else None


def shown_cell(field: Field, cell: object) -> str:
    """Show a cell in a message, as little as its field allows."""
    if field.masked:
        return f"a text of {len(str(cell))} characters"
    if isinstance(cell, date):
        return str(cell)
    if _SAFE.intersection(field.choices):
        plain = " ".join(str(cell).split())
        return repr(plain if len(plain) <= _LONGEST_WORD else f"{plain[:_LONGEST_WORD]}...")
    return repr(cell) if field.reads == "course" and _CODE.fullmatch(str(cell)) else shown(cell)


@attrs.define
class Meaning:
    """
    What a cell was taken for.

    Attributes:
        value: The field's value.
        notice: What somebody should look at; `None` when nothing.
    """

    value: Any
    notice: str | None = None


class CellReader:
    """
    Turns the cells of one file into values.

    Args:
        vocabularies: The words there are.
        courses: The catalogue.
        days: How days are written.
        parts: Which fields hold how many of the hours were on one topic.
        decimal: What parts the whole of an amount from its decimals: a point, or a comma.
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
        for course in courses:
            self.by_id[course.id] = course
            for code in (*(course.codes or ()), course.id):
                self.courses.setdefault(folded(code), course)
                self._codes_as_written.setdefault(folded(code), code)

    def reader(self, field: Field, meanings: Mapping[str, str]) -> Callable[[object], Meaning]:
        """
        Give what reads the cells of a column.

        Args:
            field: The field they are for.
            meanings: What some cells stand for, as a profile says; by folded text.

        Returns:
            A function of a cell that is not empty; it raises `Refusal`.
        """
        read: Callable[[str, Field], Meaning] = getattr(self, f"_{field.reads}")

        def reads(cell: object) -> Meaning:
            if isinstance(cell, date):
                return Meaning(cell) if field.reads in ("day", "raw") else read(str(cell), field)
            if not isinstance(cell, str):
                raise Refusal("holds a formula whose value was not saved; open it in a spreadsheet program and save it")
            if type(cell) is Figure and field.reads not in ("amount", "raw"):
                return reads(str(cell))
            if cell in _ERRORS:
                raise Refusal("holds an error of the spreadsheet program instead of a value")
            meant = clean(meanings.get(folded(cell), cell)) if meanings else cell
            return read(meant, field) if meant else Meaning(None)

        return reads

    def _text(self, text: str, _field: Field) -> Meaning:
        if not is_text(text):
            text = _BLANKS.sub(" ", text).strip()
        if not is_text(text):
            raise Refusal("is longer than 10000 characters, or holds control characters")
        return Meaning(text)

    def _raw(self, text: str, _field: Field) -> Meaning:
        return Meaning(text)

    def _id(self, text: str, _field: Field) -> Meaning:
        if not IDENTIFIER.holds(text):
            raise Refusal(
                "is no id: an id is 1 to 200 letters, digits and signs of ASCII without blanks. If the column holds "
                "names, give people ids of your own, as an employee number, and use that column"
            )
        return Meaning(text)

    def _named(self, text: str, _field: Field) -> Meaning:
        if not IDENTIFIER.holds(text):
            raise Refusal("is no id of a record or a requirement: write it as a report or an export does")
        return Meaning(text)

    def _day(self, text: str, _field: Field) -> Meaning:
        try:
            return Meaning(self.days.read(text))
        except InvalidValue as error:
            raise Refusal(error.message) from None

    def _term(self, text: str, _field: Field) -> Meaning:
        if not TERM.holds(text):
            raise Refusal("is no credential: write the id of its rule set, as us-nc-cpss")
        return Meaning(text)

    def _choice(self, text: str, field: Field) -> Meaning:
        word = slug(text)
        if word not in field.choices:
            raise Refusal(f"must be one of {', '.join(field.choices)}; a profile can say what a cell means")
        return Meaning(word)

    def _amount(self, text: str, _field: Field) -> Meaning:
        """Read an amount and the unit written after it, where there is one."""
        unit = None
        whole = _HOURS_AND_MINUTES.fullmatch(text)
        if whole is not None:
            return Meaning((exact(str(int(whole[1]) * 60 + int(whole[2]))), "minute"))
        if _CLOCK.fullmatch(text):
            raise Refusal("may be hours and minutes, or minutes and seconds; write '2h 30m' or '150 minutes'")
        text = self._with_point(text)
        found = _WITH_UNIT.fullmatch(text)
        if found is not None:
            text, unit = found[1], self.vocabularies["units"].find(found[2])
            if unit is None:
                raise Refusal("is an amount of an unknown unit; write '1.5', '1.5 hours', '90 minutes' or '0.1 CEU'")
        if text.startswith("."):
            text = f"0{text}"
        text = text.lstrip("0") or "0" if re.fullmatch(r"0+[0-9]*", text) else text
        try:
            return Meaning((exact(text), unit))
        except InvalidValue as error:
            raise Refusal(error.message) from None

    def _with_point(self, text: str) -> str:
        """Write an amount with a decimal point; figures of a workbook have one, whatever its texts are written with."""
        if isinstance(text, Figure):
            return str(text)
        if self.decimal == "." and _COMMA.search(text):
            raise Refusal(
                "has a comma within a figure; write '1.5', or, if all amounts are written with decimal commas, say so: "
                "--decimal , (in a profile, decimal = ',')"
            )
        if self.decimal == "," and _POINT.search(text):
            raise Refusal("has a point within a figure, and amounts are declared to be written with decimal commas")
        return text.replace(",", ".") if self.decimal == "," else text

    def _unit(self, text: str, _field: Field) -> Meaning:
        word = self.vocabularies["units"].find(text)
        if word is None:
            raise Refusal(f"is no known unit{_suggested(self._nearest(self.vocabularies['units'], text))}")
        return Meaning(word)

    def _delivery(self, text: str, _field: Field) -> Meaning:
        words = self.vocabularies["deliveries"]
        word = words.find(text)
        if word is not None:
            return Meaning(word)
        near = _suggested(self._nearest(words, text))
        return Meaning(None, f"is no known way of delivery{near}; it is taken as unknown")

    def _word(self, text: str, field: Field) -> Meaning:
        vocabulary = self.vocabularies[field.choices[0]]
        word = vocabulary.find(text)
        if word is not None:
            return Meaning(word)
        made = slug(text)
        if made is None:
            raise Refusal("cannot be spelt as a declared word; a profile can say what a cell means")
        if not vocabulary:  # nobody declared any: providers, approvers
            return Meaning(made)
        effect = _EFFECTS.get(vocabulary.name, "")
        parts = [part for part in (text, *_joined(text)) if part]
        near = (vocabulary.find(part) or self._nearest(vocabulary, part) for part in parts)
        return Meaning(made, f"is none of the {vocabulary.name}{effect}{_suggested(next(filter(None, near), None))}")

    def _words(self, text: str, field: Field) -> Meaning:
        vocabulary = self.vocabularies[field.choices[0]]
        if folded(text) == "none":
            return Meaning(frozenset())
        whole = vocabulary.find(text)
        if whole is not None:
            return Meaning(frozenset({whole}))
        found: set[str] = set()
        notices: dict[str, None] = {}  # in order and once each
        for part in _SEPARATORS.split(text):
            inner = [part] if vocabulary.find(part) else part.split(",")
            for one in chain.from_iterable(_parted(vocabulary, piece.strip()) for piece in inner):
                meant = self._word(one, field)
                found.add(meant.value)
                if meant.notice is not None:
                    alone = vocabulary.name not in _SAFE or one == text.strip()
                    notices[meant.notice if alone else f"{shown_cell(field, one)} {meant.notice}"] = None
        more = f"; and {len(notices) - _MOST_SAID} more such words" if len(notices) > _MOST_SAID else ""
        return Meaning(frozenset(found), "; ".join(list(notices)[:_MOST_SAID]) + more or None)

    def _codes(self, text: str, _field: Field) -> Meaning:
        codes = frozenset(filter(None, (code.strip() for code in _SEPARATORS.split(text))))
        if not codes or not all(map(is_text, codes)):
            raise Refusal("holds no code, or one with control characters")
        return Meaning(codes)

    def _course(self, text: str, _field: Field) -> Meaning:
        """Find a course of the catalogue by its code; an unknown one is left out, with the nearest known one named."""
        course = self.courses.get(folded(text))
        if course is not None:
            return Meaning(course)
        if not self.courses:
            return Meaning(None, "is a course code, and no catalogue was given to look it up in")
        found = _near(folded(text), self.courses) if self._may_compare(len(self.courses)) else None
        near = self._codes_as_written.get(found or "")
        return Meaning(None, f"is no course of the catalogue{_suggested(near)}")

    def _nearest(self, vocabulary: Vocabulary, text: str) -> str | None:
        """Suggest a word of a vocabulary, unless so many were compared that the file would take minutes."""
        return vocabulary.nearest(text) if self._may_compare(_HEADINGS_OF_A_TERM * len(vocabulary)) else None

    def _may_compare(self, number: int) -> bool:
        self._compared += number
        return self._compared <= MOST_COMPARED

    def attested(self, kind: str | None, cell: object, unit: str | None) -> Any:
        """
        Read what was attested.

        Args:
            kind: What the value of such an attestation is, as the vocabulary says; `None` when it has none.
            cell: What stands there.
            unit: The unit of a quantity that names none.

        Raises:
            Refusal: It is none of that kind.
        """
        text = str(cell)
        try:
            if kind == "quantity":
                return self._quantity(cell if isinstance(cell, Figure) else text, unit)
            if kind == "day":
                return cell if isinstance(cell, date) else self.days.read(text)
            if kind == "month_day":
                return self._birthday(cell)
        except InvalidValue as error:
            raise Refusal(error.message) from None
        if kind == "flag" and text.lower() in _FLAGS:
            return _FLAGS[text.lower()]
        if kind == "word" and (word := slug(text)) is not None:
            return word
        wanted = {"flag": "must be yes or no", "word": "cannot be spelt as a declared word"}
        raise Refusal(wanted.get(kind or "", "an attestation of this kind has no value"))

    def _quantity(self, text: str, unit: str | None) -> Quantity:
        found = re.fullmatch(r"(\$?)\s*([0-9.]+)\s*(.*)", self._with_point(text))
        if found is None:
            raise InvalidValue("must be an amount, as '18 months' or '20'")
        said = "us-dollar" if found[1] else self.vocabularies["units"].find(found[3]) if found[3] else unit
        if said is None:
            raise InvalidValue("must be an amount and a known unit, as '18 months' or '20 dollars'")
        return Quantity(amount=exact(found[2]), unit=said)

    def _birthday(self, cell: object) -> MonthDay:
        """Read a birthday; the year, which no rule needs, is forgotten."""
        if isinstance(cell, str) and re.fullmatch(r"[0-9]{2}-[0-9]{2}", cell):
            return MonthDay.parse(cell)
        day = cell if isinstance(cell, date) else self.days.read(str(cell))
        return MonthDay(day.month, day.day)


def says_total(cell: object) -> bool:
    """
    Tell whether a cell says that its row holds sums.

    >>> [says_total(cell) for cell in ("Total", "Grand total:", "Total hours: 20", "4711 Total", "Total wellness")]
    [True, True, True, True, False]
    """
    return isinstance(cell, str) and len(cell) <= _LONGEST_WORD and _TOTAL.fullmatch(clean(cell)) is not None


def names_total(cell: object) -> bool:
    """Tell whether what stands in place of a person's id says that its row holds sums, as 'Total Jane'."""
    return isinstance(cell, str) and clean(cell)[:6].lower() == "total "


def _joined(text: str) -> list[str]:
    """Part a text where it has an 'and' or the like."""
    return [part.strip() for part in _JOINED.split(text)]


def _parted(vocabulary: Vocabulary, text: str) -> list[str]:
    """Part a cell such as 'Ethics and boundaries' where each part is a declared word and the whole is none."""
    parts = [part for part in _joined(text) if part]
    if vocabulary.find(text) is None and parts and all(map(vocabulary.find, parts)):
        return parts
    return [text] if text else []


def folded(text: str) -> str:
    """Give a text as it is compared: without regard to case and blanks."""
    return " ".join(text.casefold().split())


def _near(text: str, known: Iterable[str]) -> str | None:
    matches = difflib.get_close_matches(text[:100], list(known), n=1, cutoff=0.75)
    return matches[0] if matches else None


def _suggested(near: str | None) -> str:
    return f"; did you mean {near!r}?" if near else ""
