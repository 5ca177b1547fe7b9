"""
What is not decided: questions with readings, values that depend on them, and sources that answer them.

Sources contradict each other and are silent on much.  A value of a rule that is in doubt is not one figure but one
for each reading of a question; `Readings` says which reading is taken.

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

from peer_ledger.errors import InvalidValue, Problem, nearest, shown_name
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
"""Who speaks: a board, a law or rule, a state agency, a list, anybody else.  The first three outrank the others."""

Weight = Literal["blocking", "caveat"]
"""Whether an open question leaves an answer undetermined, or the assumed reading is taken and named."""


def _are_ids(value: Any) -> bool:
    return type(value) is tuple and all(map(is_identifier, value))


def _are_cites(value: Any) -> bool:
    return _are_ids(value) and len(value) > 0


CITES = Check(
    _are_cites,
    must_be("the ids of one source or more"),
    {"type": "array", "items": IDENTIFIER.schema, "minItems": 1},
)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Source:
    """
    A text on whose authority something is said.

    Attributes:
        id: How citations name it.
        title: What it is.
        address: Where it is found.
        kind: Who speaks.
        seen: The day it was read.
        dated: Its own date, or how it was dated; `None` when nothing is known.
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
    One way to answer a question.

    Attributes:
        id: How values name it.
        says: The answer in plain words.
        cites: The sources that say so; empty when none does.
    """

    id: str = field(validator=TERM)
    says: str = field(validator=TEXT)
    cites: tuple[str, ...] = field(default=(), validator=attrs.evolve(CITES, holds=_are_ids))


@attrs.frozen(kw_only=True, field_transformer=fused)
class ReadingIs:
    """
    A reading that is taken of a question.

    Attributes:
        question: The question's id.
        reading: The reading's id.
    """

    question: str = field(validator=TERM)
    reading: str = field(validator=TERM)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Question:
    """
    Something that the sources or the records leave open.

    Attributes:
        id: How values name it.
        asks: The question in plain words.
        readings: Two answers or more.
        assumed: The id of the reading that is assumed where one is needed.
        weight: Whether it leaves an answer undetermined while it is open.
        about: Whether rules or facts leave it open.
        under: The reading of another question under which alone it arises; `None` when it always does.
        first_day: It arises for deciding dates from this day on; `None` from the beginning.
        last_day: It arises for deciding dates to this day; `None` without end.

    Raises:
        InvalidRecord: Something given is not what is meant, readings share an id, or the assumed one is none of them.
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
            problems.append(Problem("readings", "are two or more"))
        if len(set(ids)) != len(ids):
            problems.append(Problem("readings", "have different ids"))
        if self.assumed not in ids:
            problems.append(Problem("assumed", f"is one of {', '.join(ids)}{nearest(self.assumed, ids)}"))
        if problems:
            raise refused(self, tuple(problems))
        refuse_reversed(self, "first_day", "last_day")

    def reading(self, reading_id: str) -> Reading:
        """
        Find a reading by its id.

        Raises:
            InvalidValue: There is none; the message lists those there are.
        """
        for reading in self.readings:
            if reading.id == reading_id:
                return reading
        known = [reading.id for reading in self.readings]
        hint = nearest(reading_id, known)
        raise InvalidValue(f"{self.id!r} has no reading {shown_name(reading_id)}; it has {', '.join(known)}{hint}")


def _on_file(kind: str, plural: str) -> Question:
    return Question(
        id=f"{plural}-on-file",
        asks=f"Is every {kind} of this person on file?",
        readings=(
            Reading(id="all", says="Yes: what is not on file does not exist."),
            Reading(id="not-all", says="No: what is missing exists and is not on file."),
        ),
        assumed="not-all",
        weight="blocking",
        about="facts",
    )


ACTS_ON_FILE = _on_file("act of the board", "certifications")
"""Whether acts of the board are all on file, where no `Coverage` says so and the answer depends on it."""

DOCUMENTS_ON_FILE = _on_file("document", "documents")
"""The same of documents: letters, forms, fees and the like."""

UNRECORDED_TRAINING = Question(
    id="unrecorded-training",
    asks="Does training count of which the records do not say how long or of what kind it was?",
    readings=(
        Reading(id="counts", says="Yes: it was of the kind and as long as it must be."),
        Reading(id="does-not", says="No: it was of no kind that counts."),
    ),
    assumed="does-not",
    weight="blocking",
    about="facts",
)
"""Whether what the records leave out of some training is as it must be, where the answer depends on it."""

OF_FACTS = (ACTS_ON_FILE, DOCUMENTS_ON_FILE, UNRECORDED_TRAINING)
"""The questions about facts that every rule set has: what no `Coverage` covers, and what the records leave out."""


def _pairs(values: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    try:
        pairs = [(name, tuple(value) if isinstance(value, list) else value) for name, value in values]
    except (TypeError, ValueError):
        raise InvalidValue("the values of a question are pairs of a reading's id and a value") from None
    return tuple(sorted(pairs, key=lambda pair: str(pair[0])))


def _shown_pairs(pairs: tuple[tuple[str, Any], ...]) -> str:
    """Show pairs in the same words whatever the process's hash seed."""
    shown = (shown_set(value) if isinstance(value, frozenset) else repr(value) for _, value in pairs)
    return "(" + ", ".join(f"({name!r}, {value})" for (name, _), value in zip(pairs, shown, strict=True)) + ")"


@attrs.frozen(kw_only=True)
class ByQuestion:
    """
    A value that depends on a question.

    Attributes:
        by: The question's id.
        values: The value under each reading, as pairs of the reading's id and the value, sorted by id.
    """

    by: str
    values: tuple[tuple[str, Any], ...] = field(converter=_pairs, repr=_shown_pairs)


class Readings:
    """
    The readings that are taken of a rule set's questions; it notes which were asked for.

    Args:
        questions: The questions there are.
        taken: The reading taken, by question; of the others the assumed one is.
        deciding: The deciding date, which may do away with a question; `None` while there is none.

    Raises:
        InvalidValue: A question or reading is unknown; the message lists those there are.
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
        """Make readings of which it is known that each question and reading is there."""
        readings = cls(())
        readings._questions, readings._taken, readings.deciding = questions, taken, deciding
        return readings

    def at(self, deciding: date) -> "Readings":
        """Return the same readings for another deciding date, with nothing asked for yet."""
        return Readings.known(self._questions, self._taken, deciding=deciding)

    def sharing(self, deciding: date | None) -> "Readings":
        """Return the same readings for another deciding date, or none; what they are asked for is noted here, too."""
        readings = Readings.known(self._questions, self._taken, deciding=deciding)
        readings._asked = self._asked
        return readings

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids of the questions that some value depended on, in the order in which they were met."""
        return tuple(self._asked)

    def question(self, question_id: str) -> Question:
        """
        Find a question by its id.

        Raises:
            InvalidValue: There is none; the message lists those there are.
        """
        if question_id not in self._questions:
            known = ", ".join(self._questions) or "none"
            hint = nearest(question_id, self._questions)
            raise InvalidValue(f"there is no question {shown_name(question_id)}; there are {known}{hint}")
        return self._questions[question_id]

    def of(self, value: Any) -> Any:
        """Return a value as it is under the readings taken."""
        while isinstance(value, ByQuestion):
            value = dict(value.values)[self.take(value.by)]
        return value

    def take(self, question_id: str) -> str:
        """Return the reading that is taken of a question, and note that it was asked for."""
        question = self.question(question_id)
        if not self._arises(question):
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
