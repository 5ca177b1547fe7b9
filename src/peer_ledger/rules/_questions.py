"""
Open questions with their readings, values that depend on them, and the sources that answer them.

Sources contradict each other and leave much unsaid.  A disputed value in a rule is not one figure but one for each
reading of a question; `Readings` holds the readings taken.

>>> inside = Question(
...     id="ethics-inside",
...     asks="Are the 3 hours of ethics part of the 20, or on top of them?",
...     readings=(
...         Reading(id="inside", says="Part of them.", cites=("board-page",)),
...         Reading(id="on-top", says="On top of them.", cites=("state-page",)),
...     ),
...     assumed="inside",
... )
>>> need = ByQuestion(by="ethics-inside", values=(("inside", 20), ("on-top", 23)))
>>> readings = Readings((inside,))
>>> readings.of(need), readings.asked
(20, ('ethics-inside',))
>>> Readings((inside,), {"ethics-inside": "on-top"}).of(need)
23
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

import attrs
from attrs import field

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, Problem, nearest, shown_name
from peer_ledger.rules._depth import refuse_deep
from peer_ledger.values._cached import OnlyFields, cached_property
from peer_ledger.values._checks import (
    IDENTIFIER,
    Check,
    fused,
    is_identifier,
    must_be,
    optional,
    refuse_reversed,
    refused,
)
from peer_ledger.values._fields import DAY, TERM, TEXT, is_a, one_of, several, shown_set, to_optional_day

SourceKind = Literal["board", "code", "agency", "directory", "other"]
"""Whose text it is: a board's, a law or rule, a state agency's, a directory's, or another.  The first three outrank
the others."""

Weight = Literal["blocking", "caveat"]
"""Whether an open question leaves an answer undetermined, or is answered as assumed with a caveat."""


def _are_ids(value: Any) -> bool:
    return type(value) is tuple and all(map(is_identifier, value))


def _are_cites(value: Any) -> bool:
    return _are_ids(value) and len(value) > 0


CITES = Check(
    _are_cites,
    must_be("the ids of one or more sources"),
    {"type": "array", "items": IDENTIFIER.schema, "minItems": 1},
)


CITED = attrs.evolve(CITES, holds=_are_ids)
"""The same where nothing need be cited."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Source:
    """
    A text that rules cite.

    Attributes:
        id: The id that citations use.
        title: Its title or a short description.
        address: Where it can be found.
        kind: Whose text it is.
        seen: The day it was read.
        dated: Its own date, or how it was dated; `None` when unknown.
    """

    id: str = field(validator=IDENTIFIER)
    title: str = field(validator=TEXT)
    address: str = field(validator=TEXT)
    kind: SourceKind = field(validator=one_of(SourceKind))
    seen: date = field(validator=DAY)
    dated: str | None = field(default=None, validator=optional(TEXT))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Reading:
    """
    One answer to a question.

    Attributes:
        id: The id that values use.
        says: The answer in plain words.
        cites: The ids of the sources that support it; empty when none does.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    cites: tuple[str, ...] = field(default=(), validator=CITED)


@attrs.frozen(kw_only=True, field_transformer=fused)
class ReadingIs:
    """
    A question and one of its readings.

    Attributes:
        question: The question's id.
        reading: The reading's id.
    """

    question: str = field(validator=TERM)
    reading: str = field(validator=TERM)


@attrs.frozen(kw_only=True, field_transformer=fused, slots=False)
class Question(OnlyFields):
    """
    Something that the sources or the records leave open.

    Attributes:
        id: The id that values use.
        asks: The question in plain words.
        readings: The possible answers, two or more.
        assumed: The id of the reading that is assumed where one is needed.
        weight: Whether it leaves an answer undetermined while it is open.
        about: Whether the rules or the facts leave it open.
        under: The reading of another question under which it arises; `None` when it always does.
        first_day: The first deciding date for which it arises; `None` when there is no first.
        last_day: The last deciding date for which it arises; `None` when there is no last.

    Raises:
        InvalidRecord: A value is invalid, two readings share an id, or the assumed reading is not one of the readings.
    """

    id: str = field(validator=TERM)
    asks: str = field(validator=TEXT)
    readings: tuple[Reading, ...] = field(validator=several(Reading))
    assumed: str = field(validator=TERM)
    weight: Weight = field(default="caveat", validator=one_of(Weight))
    about: Literal["rules", "facts"] = field(default="rules", validator=one_of(Literal["rules", "facts"]))
    under: ReadingIs | None = field(
        default=None,
        validator=optional(Check(is_a(ReadingIs), must_be("a ReadingIs"), {})),
    )
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        problems = []
        ids = [reading.id for reading in self.readings]
        if len(ids) < 2:
            problems.append(Problem("readings", f"must be two or more, not {len(ids)}"))
        if len(set(ids)) != len(ids):
            problems.append(Problem("readings", "must have different ids"))
        if self.assumed not in ids:
            problems.append(Problem("assumed", f"must be one of {', '.join(ids)}{nearest(self.assumed, ids)}"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "first_day", "last_day")

    @cached_property
    def is_conditional(self) -> bool:
        """Whether it arises only under a reading of another question, or on some deciding dates."""
        return self.under is not None or self.first_day is not None or self.last_day is not None

    def reading(self, reading_id: str) -> Reading:
        """
        Return a reading by its id.

        Raises:
            InvalidValue: There is no such reading; the message lists the ids.
        """
        for reading in self.readings:
            if reading.id == reading_id:
                return reading
        known = [reading.id for reading in self.readings]
        hint = nearest(reading_id, known)
        raise InvalidValue(f"{self.id!r} has no reading {shown_name(reading_id)}{hint}; it has {few_of(known)}")


def _pairs(values: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    try:
        pairs = [(name, tuple(value) if isinstance(value, list) else value) for name, value in values]
    except (TypeError, ValueError):
        raise InvalidValue("values must be pairs of a reading's id and a value") from None
    return tuple(sorted(pairs, key=lambda pair: str(pair[0])))


def _shown_pairs(pairs: tuple[tuple[str, Any], ...]) -> str:
    """Show pairs the same way regardless of the process's hash seed."""
    shown = (shown_set(value) if isinstance(value, frozenset) else repr(value) for _, value in pairs)
    return "(" + ", ".join(f"({name!r}, {value})" for (name, _), value in zip(pairs, shown, strict=True)) + ")"


@attrs.frozen(kw_only=True, slots=False)
class ByQuestion(OnlyFields):
    """
    A value that depends on a question.

    Attributes:
        by: The question's id.
        values: The value under each reading: pairs of the reading's id and the value, sorted by id.
    """

    by: str
    values: tuple[tuple[str, Any], ...] = field(converter=_pairs, repr=_shown_pairs)

    def __attrs_post_init__(self) -> None:
        if any(attrs.has(type(value)) for _, value in self.values):
            refuse_deep(self)

    @cached_property
    def by_reading(self) -> Mapping[str, Any]:
        """The value by the id of the reading."""
        return dict(self.values)


class Readings:
    """
    The readings taken of a rule set's questions, with a record of which questions mattered.

    Args:
        questions: All questions.
        taken: The readings taken, by question; other questions take their assumed readings.
        deciding: The deciding date, on which some questions may not arise; `None` while it is unknown.

    Raises:
        InvalidValue: A question or reading is unknown; the message lists the known ones.
    """

    def __init__(
        self, questions: Iterable[Question], taken: Mapping[str, str] | None = None, *, deciding: date | None = None
    ) -> None:
        self._questions: Mapping[str, Question] = {question.id: question for question in questions}
        self._taken: Mapping[str, str] = dict(taken or {})
        self._asked: dict[str, None] = {}
        self.deciding = deciding
        for question_id, reading_id in self._taken.items():
            self.question(question_id).reading(reading_id)

    @classmethod
    def known(
        cls, questions: Mapping[str, Question], taken: Mapping[str, str], *, deciding: date | None = None
    ) -> "Readings":
        """Build readings without checking that each question and reading exists."""
        readings = cls.__new__(cls)
        readings._questions, readings._taken, readings.deciding = questions, taken, deciding
        readings._asked = {}
        return readings

    def at(self, deciding: date | None) -> "Readings":
        """Return the same readings for another deciding date, or none, with an empty record of questions."""
        return Readings.known(self._questions, self._taken, deciding=deciding)

    def sharing(self, deciding: date | None) -> "Readings":
        """Return the same readings for another deciding date, or none, that share this record of questions."""
        readings = Readings.known(self._questions, self._taken, deciding=deciding)
        readings._asked = self._asked
        return readings

    def taking(self, question_id: str, reading_id: str) -> "Readings":
        """Return the same readings but for one question, with an empty record of questions."""
        return Readings.known(self._questions, {**self._taken, question_id: reading_id}, deciding=self.deciding)

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids of the questions that a value depended on, in the order in which they came up."""
        return tuple(self._asked)

    @property
    def taken(self) -> Mapping[str, str]:
        """The readings taken, by question."""
        return self._taken

    def note(self, asked: Iterable[str]) -> None:
        """Record questions that a value depended on which was worked out elsewhere under these readings."""
        self._asked.update(dict.fromkeys(asked))

    def question(self, question_id: str) -> Question:
        """
        Return a question by its id.

        Raises:
            InvalidValue: There is no such question; the message lists the ids.
        """
        if question_id not in self._questions:
            hint, known = nearest(question_id, self._questions), few_of(self._questions)
            raise InvalidValue(f"there is no question {shown_name(question_id)}{hint}; available: {known}")
        return self._questions[question_id]

    def find(self, question_id: str) -> Question | None:
        """Return a question by its id; `None` when there is none."""
        return self._questions.get(question_id)

    def of(self, value: Any) -> Any:
        """Return what a value is under the readings taken."""
        while isinstance(value, ByQuestion):
            value = value.by_reading[self.take(value.by)]
        return value

    def take(self, question_id: str) -> str:
        """Return the reading taken of a question, and record that the question mattered."""
        question = self._questions.get(question_id) or self.question(question_id)
        if question.is_conditional and not self._arises(question):
            return question.assumed
        self._asked[question_id] = None
        return self._taken.get(question_id, question.assumed)

    def _arises(self, question: Question) -> bool:
        if self.deciding is not None:
            if question.first_day is not None and self.deciding < question.first_day:
                return False
            if question.last_day is not None and self.deciding > question.last_day:
                return False
        return question.under is None or self.take(question.under.question) == question.under.reading
