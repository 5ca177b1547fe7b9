"""
Sameness: which trainings are of one course, and which records are of one training.

This is decided here and nowhere else, from what is on record: course, title, provider, day, length and source.  A pair
is surely the same, surely two, or it only looks alike; what only looks alike is for a person to decide.

>>> from peer_ledger.records import TrainingEvent
>>> june, september = (
...     Likeness.of(TrainingEvent(id=f"e-{day}", person="p-1", completed=day, title=title))
...     for day, title in (("2025-06-01", "WRAP: part I"), ("2025-09-01", "Wrap - Part I"))
... )
>>> same_course(june, september), same_record(june, september)
('likely', 'different')
"""

import unicodedata
from collections.abc import Hashable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import attrs

from peer_ledger.records._record import first_id
from peer_ledger.records._training import Course, Credit, TrainingEvent
from peer_ledger.values.hours import WORTH

Sameness = Literal["same", "likely", "unlike", "different"]
"""Surely the same; alike, so that it is likely; not alike, though nothing rules it out; surely not the same."""

_QUOTES = dict.fromkeys(map(ord, "'\u2019\u2018\u02bc\u00b4`"))
_LETTERS = "LMN"
"""The categories of letters, marks and numerals."""


@lru_cache(maxsize=65536)
def folded_title(title: str) -> str:
    """
    Return a title as it is compared: case, spacing, punctuation, dashes and Unicode's compatible forms do not matter.

    >>> folded_title("Ethics & Boundaries\u2014Part \u2160"), folded_title("ethics and  boundaries: part i")
    ('ethics and boundaries part i', 'ethics and boundaries part i')
    """
    text = title
    for _ in range(2):  # a letter whose case was folded may have a compatible form of its own
        text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate(_QUOTES).replace("&", " and ")
    words = "".join([letter if unicodedata.category(letter)[0] in _LETTERS else " " for letter in text]).split()
    return unicodedata.normalize("NFC", " ".join(words)) or text.strip()


def folded_code(code: str) -> str:
    """
    Return the code of a course as it is compared: case does not matter, and a hyphen is as good as a space.

    >>> folded_code("ETH 101") == folded_code("eth-101")
    True
    """
    return "-".join(code.casefold().split())


Content = frozenset[tuple[frozenset[str] | None, Fraction | tuple[str, Fraction]]]
"""How much a training has on each set of topics: hours, or an amount in a unit that is no stretch of time."""


@lru_cache(maxsize=65536)
def content_of(credits_: tuple[Credit, ...]) -> Content:
    """Return how much credits are on each set of topics, however they are split and in whatever unit of time."""
    sums: dict[tuple[frozenset[str] | None, str | None], Fraction] = {}
    for credit in credits_:
        worth = WORTH.get(credit.unit)
        key = credit.topics, None if worth is not None else credit.unit
        sums[key] = sums.get(key, Fraction(0)) + Fraction(credit.amount) * (worth or 1)
    return frozenset((topics, sum_ if unit is None else (unit, sum_)) for (topics, unit), sum_ in sums.items())


@lru_cache(maxsize=65536)
def length_of(content: Content) -> frozenset[tuple[str | None, Fraction]]:
    """Return how much a training has in time and in each unit that is no stretch of time, whatever its topics."""
    sums: dict[str | None, Fraction] = {}
    for _, amount in content:
        unit, sum_ = amount if isinstance(amount, tuple) else (None, amount)
        sums[unit] = sums.get(unit, Fraction(0)) + sum_
    return frozenset(sums.items())


@attrs.frozen(cache_hash=True)
class Likeness:
    """
    What of a training decides whether it is the same as another one.

    Attributes:
        course: Its course: the first id in the catalog, or else the id or code on the record without regard to case.
        in_catalog: Whether the course is on file.
        codes: The codes of the course in the catalog.
        titles: Its titles as they are compared: its own, and that of its course.
        provider: Who gave it.
        day: The day it was completed.
        role: What the person did there.
        content: How much it has on each set of topics; `None` when unknown.
        source: The list it was read from; `None` for a record that was not imported.
        person: The person's id on the record; two ids of one person are two lists.
        is_confirmed: Whether a reviewer accepted the record as a training of its own.
    """

    course: str | None
    in_catalog: bool
    codes: frozenset[str]
    titles: frozenset[str]
    provider: str | None
    day: date
    role: str
    content: Content | None
    source: str | None
    person: str
    is_confirmed: bool = False

    @classmethod
    def of(cls, event: TrainingEvent, course: Course | None = None, *, is_confirmed: bool = False) -> "Likeness":
        """
        Return the likeness of a training.

        Args:
            event: The training.
            course: Its course, if that is on file.
            is_confirmed: Whether a reviewer accepted the record as a training of its own.
        """
        credits_ = event.credits if event.credits is not None or course is None else course.credits
        return cls(
            course=name_of_course(event, course),
            in_catalog=course is not None,
            codes=codes_of(course),
            titles=titles_of(event, course),
            provider=event.provider or (course.provider if course is not None else None),
            day=event.completed,
            role=event.role,
            content=None if credits_ is None else content_of(credits_),
            source=None if event.origin is None else event.origin.source,
            person=event.person,
            is_confirmed=is_confirmed,
        )

    @property
    def sure_course(self) -> tuple[str, str | None] | None:
        """What trainings that surely are of the same course have in common; `None` where that is not known."""
        return None if self.course is None else (self.course, None if self.in_catalog else self.provider)

    @property
    def told_as_course(self) -> Hashable:
        """What of it tells whether it is of the same course as another training."""
        return self.course, self.in_catalog, self.codes, self.titles, self.provider

    @property
    def course_names(self) -> set[Hashable]:
        """What trainings that may be of one course have in common: titles, and what names the course."""
        return {*self.titles, *((code,) for code in {self.course, *self.codes} - {None})}


def name_of_course(event: TrainingEvent, course: Course | None) -> str | None:
    """Return what names the course of a training; a code that is in no catalog is compared without regard to case."""
    if course is not None:
        return course.id if course.replaces is None else first_id(course.id)
    return None if event.course is None else folded_code(event.course)


def codes_of(course: Course | None) -> frozenset[str]:
    """Return the codes of a course as they are compared."""
    return frozenset(map(folded_code, course.codes)) if course is not None and course.codes else frozenset()


def titles_of(event: TrainingEvent, course: Course | None) -> frozenset[str]:
    """Return the titles of a training as they are compared: its own, and that of its course."""
    titles = (event.title, None if course is None else course.title)
    return frozenset([folded_title(title) for title in titles if title is not None])


def same_course(one: Likeness, other: Likeness) -> Sameness:
    """
    Return whether two trainings are of the same course.

    They surely are if they name the same course of the catalog, or the same code of the same provider.  They are likely
    to be if they have the same title, and neither their courses nor their providers differ; and if they have the same
    code, and the provider of one of them is not on record.
    """
    if _are_two_courses(one, other):
        return "different"
    if one.course is not None and other.course is not None:
        if one.sure_course == other.sure_course:
            return "same"
        has_untitled = not (one.titles and other.titles)
        is_alike = has_untitled or one.titles & other.titles or not _differ(one.provider, other.provider)
        return "likely" if is_alike else "different"
    if _differ(one.provider, other.provider):
        return "different"
    return "likely" if one.titles & other.titles else "unlike"


def same_record(one: Likeness, other: Likeness) -> Sameness:
    """
    Return whether two records are of the same training; they never surely are, as two short sessions may be equal.

    Records of one list must be equal but for the title's spelling.  Two lists, and one list under two ids of a person,
    may write the same training with other codes, providers, topics or hours, but not under two titles, unless they name
    the same course.
    """
    if one.day != other.day or one.role != other.role or (one.is_confirmed and other.is_confirmed):
        return "different"
    is_one_list = (one.source, one.person) == (other.source, other.person)
    if _are_two_courses(one, other) and (is_one_list or (one.in_catalog and other.in_catalog)):
        return "different"
    if is_one_list and (_differ(one.provider, other.provider) or _differ(one.content, other.content)):
        return "different"
    if one.titles & other.titles or (one.course is not None and one.course == other.course):
        return "likely"
    if one.titles and other.titles:
        return "different"  # a third record, without a title, may be of one of these trainings, but not of both
    # Without titles only the length tells; in one list, a title that one of two rows lacks is a difference.
    if (is_one_list and (one.titles or other.titles)) or not one.content or not other.content:
        return "unlike"
    return "likely" if length_of(one.content) == length_of(other.content) else "unlike"


def _are_two_courses(one: Likeness, other: Likeness) -> bool:
    """Return whether both courses are on record and differ: a code that several courses have may be of any of them."""
    return _differ(one.course, other.course) and one.course not in other.codes and other.course not in one.codes


def _differ(one: object, other: object) -> bool:
    """Return whether two details are both on record and differ."""
    return one is not None and other is not None and one != other
