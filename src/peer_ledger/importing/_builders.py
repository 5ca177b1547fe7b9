"""
Building records from the values of a row, with the keys that identify them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from peer_ledger.importing._cell_text import folded
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._fields import PART
from peer_ledger.importing._meanings import CellRefusal
from peer_ledger.records import (
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Record,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)
from peer_ledger.records._record import first_id
from peer_ledger.records._sameness import folded_title
from peer_ledger.values.hours import total

Values = Mapping[str, Any]
Amount = tuple[Decimal, str | None]
_MOST_REMEMBERED = 2**14
_PAID = "fee"
_GRANTED = ("awarded", "renewed", "reinstated")


class Draft(NamedTuple):
    """
    A record to be made from a row.

    Attributes:
        cls: Its class.
        key: What identifies it among the records of its kind.
        values: Its fields, except the origin.
        notices: What to check: the kind of notice, the field and the text.
    """

    cls: type[Record]
    key: tuple[str, ...]
    values: dict[str, Any]
    notices: tuple[tuple[str, str | None, str], ...] = ()


class FieldRefusal(Exception):
    """
    A field of a row has a value that does not fit.

    Attributes:
        field: The name of the field.
        reason: Why its value does not fit, and what to do.
    """

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason


def _recognized(values: Values) -> frozenset[Approval] | None:
    bodies = values.get("approvals")
    return None if bodies is None else frozenset(Approval(by=body) for body in bodies)


Builder = Callable[[Values, CellReader], Iterator[Draft]]


def key_of(values: Values, *names: str) -> tuple[str, ...]:
    """
    Return what identifies a row: the id that the source itself gives it, or else the values of some fields.
    """
    row = values.get("row")
    return (row,) if row is not None else tuple(_part(name, values.get(name)) for name in names)


KEYS: Mapping[str, str] = {
    "training-event": "person title completed",
    "course": "codes",
    "certification": "person credential act on",
    "verification": "person credential seen",
    "filing": "person credential step sent received",
    "document": "person document_kind on by",
    "designation": "person name credential awarded",
    "coverage": "covers document_kind person credential first_day",
    "review": "person event on credential by",
    "ruling": "person credential on requirement first_day last_day",
    "same-person": "person other",
}
"""The fields that identify a row of each kind without an id of its own, and are the parts of its key."""


def key_pattern(kind: str, values: Values, names: Sequence[str]) -> tuple[str | None, ...]:
    """
    Return what is known of the key of a rejected row.

    Args:
        kind: The kind of the row.
        values: Its values, as far as its cells can be read.
        names: The fields that a profile names as its key; empty for those that are usual.

    Returns:
        The parts of the key; `None` for each that is unknown, or may be filled in.
    """
    acts = ["act"] * (kind == "certification")
    if values.get("row") is not None:
        return (values["row"], *(values.get(name) for name in acts))
    parts = [*names, *acts] if names else KEYS[kind].split()
    if not names and kind == "training-event" and values.get("course_code"):
        parts[1] = "course_code"
    if not names and kind == "course" and not values.get("codes"):
        parts = ["title"]
    return tuple(None if values.get(name) is None else _part(name, values[name]) for name in parts)


def _part(name: str, value: Any) -> str:
    if type(value) is str:
        return folded_title(value) if name == "title" else folded(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _given(values: Values, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := values.get(name)) is not None}


def _credits(values: Values, reader: CellReader) -> tuple[tuple[Credit, ...] | None, str | None]:
    """Return the credits of a row, and what to check about them; each `None` when there is nothing."""
    course: Course | None = values.get("course")
    hours: Amount | None = values.get("hours")
    topics: frozenset[str] | None = values.get("topics")
    parts = {name[len(PART) :]: values[name] for name in reader.parts if name in values}
    alike = (hours, values.get("unit"), topics, course and course.id, *parts.items())
    found = reader.credits.get(alike)
    if found is None:
        if len(reader.credits) > _MOST_REMEMBERED:
            reader.credits.clear()
        found = reader.credits[alike] = _credited(course, hours, topics, parts, values.get("unit") or "hour")
    return found


def _credited(
    course: Course | None,
    hours: Amount | None,
    topics: frozenset[str] | None,
    parts: Mapping[str, Amount],
    column_unit: str,
) -> tuple[tuple[Credit, ...] | None, str | None]:
    if hours is None and not parts:
        known = course is not None and course.credits is not None
        return None, None if known else "neither the row nor its course gives the number of hours"
    if hours is None:
        return tuple(_parts(parts, column_unit)), None
    unit = hours[1] or column_unit
    inner = tuple(_parts(parts, unit))
    if any(credit.unit != unit for credit in inner):
        raise FieldRefusal("hours", "and the hours on single topics have different units")
    rest = hours[0] - total(credit.amount for credit in inner)
    if rest < 0:
        raise FieldRefusal("hours", "is less than the sum of the hours on single topics")
    if parts:
        others = topics - set(parts) if topics is not None else frozenset()
        return (*inner, Credit(amount=rest, unit=unit, topics=others)) if rest else inner, None
    if not rest:
        return (), None
    if topics is None and course is not None and course.credits:
        if {credit.unit for credit in course.credits} == {unit} and total(c.amount for c in course.credits) == rest:
            return None, None  # the course says the same, with its topics
        if len(course.credits) == 1:
            topics = course.credits[0].topics
        else:
            return (
                (Credit(amount=rest, unit=unit),),
                "differs from the hours of the course, so the topics are unknown",
            )
    return (Credit(amount=rest, unit=unit, topics=topics),), None


def _parts(parts: Mapping[str, Amount], unit: str) -> Iterator[Credit]:
    for topic, (amount, own) in parts.items():
        if amount:
            yield Credit(amount=amount, unit=own or unit, topics={topic})


def _training_event(values: Values, reader: CellReader) -> Iterator[Draft]:
    credits_, notice = _credits(values, reader)
    made = _given(values, "person", "completed", "started", "title", "provider", "delivery", "role", "evidence")
    if (approvals := _recognized(values)) is not None:
        made["approvals"] = approvals
    course = values.get("course")
    if course is not None:
        made["course"] = course.id if course.replaces is None else first_id(course.id)
    elif values.get("course_code") and (code := reader.kept_code(values["course_code"])) is not None:
        made["course"] = code
    if credits_ is not None:
        made["credits"] = credits_
    what = "course_code" if values.get("course_code") else "title"
    yield Draft(
        TrainingEvent,
        key_of(values, "person", what, "completed"),
        made,
        () if notice is None else (("hours", "hours", notice),),
    )


def _course(values: Values, reader: CellReader) -> Iterator[Draft]:
    credits_, _ = _credits(values, reader)
    made = _given(values, "title", "codes", "provider", "delivery")
    if (approvals := _recognized(values)) is not None:
        made["approvals"] = approvals
    if credits_ is not None:
        made["credits"] = credits_
    notices = () if credits_ is not None else (("hours", None, "the catalog does not give the number of hours"),)
    yield Draft(Course, key_of(values, "codes" if values.get("codes") else "title"), made, notices)


def _certification(values: Values, _reader: CellReader) -> Iterator[Draft]:
    common = _given(values, "person", "credential", "level", "number")
    expires = values.get("expires")
    if values.get("act") is not None or values.get("on") is not None:
        if values.get("act") is None:
            raise FieldRefusal("act", "is missing; state what the board did, such as awarded or renewed")
        made = {**common, **_given(values, "act", "on", "expires")}
        yield _act(values, made)
        return
    days = sorted((day, act) for act in _GRANTED if (day := values.get(act)) is not None)
    if not days and expires is None:
        raise FieldRefusal("person", "has no date in this row; at least one is needed")
    if not days:
        yield _act(values, {**common, "act": "awarded", "expires": expires})
    for place, (day, act) in enumerate(days):
        made = {**common, "act": act, "on": day}
        if place == len(days) - 1 and expires is not None:
            made["expires"] = expires
        yield _act(values, made)


def _act(values: Values, made: dict[str, Any]) -> Draft:
    """Draft an act of the board; the acts of one row are distinguished by what was done."""
    if values.get("row") is not None:
        return Draft(Certification, (values["row"], made["act"]), made)
    return Draft(
        Certification, key_of(made, "person", "credential", "act", "on" if made.get("on") else "expires"), made
    )


def _document(values: Values, reader: CellReader) -> Iterator[Draft]:
    made = _given(values, "person", "on", "by", "credential", "step")
    if values.get("document_kind") is not None:
        made["kind"] = values["document_kind"]
    notices: list[tuple[str, str | None, str]] = []
    if values.get("value") is not None:
        term = reader.vocabularies["documents"].term(values.get("document_kind") or "")
        try:
            meant = reader.document_value(term.value if term else "word", values["value"], values.get("unit"))
        except CellRefusal as refusal:
            raise FieldRefusal("value", refusal.reason) from None
        made["value"] = meant.value
        notices += [("dates", "value", meant.notice)] if meant.notice else []
    elif made.get("kind") == _PAID:
        notices.append(("amount", "value", "no amount"))
    yield Draft(Document, key_of(values, *KEYS["document"].split()), made, tuple(notices))


def _review(values: Values, reader: CellReader) -> Iterator[Draft]:
    made = _given(values, "person", "event", "decision", "on", "credential", "by", "reason")
    if values.get("hours") is not None or any(name in values for name in reader.parts):
        made["credits"], _ = _credits(values, reader)
    yield Draft(Review, key_of(values, *KEYS["review"].split()), made)


def _ruling(values: Values, reader: CellReader) -> Iterator[Draft]:
    """Draft a ruling; without a column for the effect, a figure means `sets` and a day means `moves`."""
    made = _given(
        values, "person", "credential", "on", "requirement", "effect", "day", "first_day", "last_day", "by", "reason"
    )
    if values.get("figure") is not None:
        try:
            made["figure"] = reader.document_value("quantity", values["figure"], values.get("unit")).value
        except CellRefusal as refusal:
            raise FieldRefusal("figure", refusal.reason) from None
    if "effect" not in made:
        if ("figure" in made) is ("day" in made):
            raise FieldRefusal("effect", "is missing; state what the ruling does: sets, moves or waives")
        made["effect"] = "sets" if "figure" in made else "moves"
    yield Draft(Ruling, key_of(values, *KEYS["ruling"].split()), made)


def _same_person(values: Values, _reader: CellReader) -> Iterator[Draft]:
    ids = sorted(filter(None, (values.get("person"), values.get("other"))))
    if len(set(ids)) != 2:
        raise FieldRefusal("other", "must differ from the person's id, and neither may be empty")
    key = (values["row"],) if values.get("row") is not None else tuple(ids)
    yield Draft(SamePerson, key, {"people": frozenset(ids), **_given(values, "by")})


def _plainly(cls: type[Record], fields: str) -> Builder:
    """Return a builder that copies these fields into one record."""
    key = KEYS[cls.record_type].split()

    def build(values: Values, _reader: CellReader) -> Iterator[Draft]:
        yield Draft(cls, key_of(values, *key), _given(values, *fields.split()))

    return build


BUILDERS: Mapping[str, Builder] = {
    "training-event": _training_event,
    "course": _course,
    "certification": _certification,
    "verification": _plainly(Verification, "person credential seen status shown_until number"),
    "filing": _plainly(Filing, "person credential step designation method sent received"),
    "document": _document,
    "designation": _plainly(Designation, "person name awarded by credential last_day"),
    "coverage": _plainly(Coverage, "covers document_kind person credential first_day last_day"),
    "review": _review,
    "ruling": _ruling,
    "same-person": _same_person,
}
"""The builder of records for each kind of row."""
