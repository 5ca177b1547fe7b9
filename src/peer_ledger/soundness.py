"""
What is wrong with a rule set as a whole, though each of its parts may stand.

A rule set that was read from a file with faults is looked through as far as it could be built: what could not be built
is `REFUSED`, and nothing is said that follows from that alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeGuard, get_args

import attrs

from peer_ledger._checks import TERM
from peer_ledger._strict import is_built
from peer_ledger.dates import months_after
from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.questions import ByQuestion, Question, ReadingIs
from peer_ledger.rules import (
    Anchor,
    Begins,
    Cap,
    Condition,
    Edition,
    Either,
    Figure,
    Hours,
    Judged,
    Part,
    Point,
    Procedure,
    Recurrence,
    Requirement,
    RuleSet,
    edition_question,
    judge_problem,
    method_question,
)
from peer_ledger.vocabularies import Vocabularies, Vocabulary, standard_vocabularies

_DAY = timedelta(days=1)
_MOST = Decimal(10**7)
_CLOCK = ("hour", "minute")

_ANCHORS = {
    "initial": ("filing", "calendar", "never"),
    "renewal": ("award", "last-grant", "cycle-start", "due", "after-due", "filing", "calendar", "never"),
}
"""What there is to count from at a step, where that is not everything."""


def problems_of(ruleset: RuleSet) -> tuple[Problem, ...]:
    """
    Find what is wrong with a rule set as a whole: citations of nothing, missing questions, figures that cannot be met.

    Returns:
        A problem for each; none when all is well.
    """
    return tuple(_Whole(ruleset).problems())


_VOCABULARIES = {
    "Training.topics": "topics", "Training.not_topics": "topics",
    "Training.deliveries": "deliveries", "Training.not_deliveries": "deliveries",
    "Training.roles": "roles", "Training.not_roles": "roles",
    "Attested.attested": "attestations", "Cohorts.attested": "attestations", "Chosen.attested": "attestations",
    "Condition.holds": "designations", "MethodDay.method": "filing-methods",
    "Quantity.unit": "units", "Worth.unit": "units",
}  # fmt: skip
"""Which vocabulary declares the words of a field."""


def check_words(ruleset: RuleSet, vocabularies: Vocabularies | None = None) -> tuple[Problem, ...]:
    """
    Find the words of a rule set that nobody declared: one that is misspelt matches no record, and nothing else tells.

    Args:
        ruleset: The rule set; words of its own are no fault.
        vocabularies: The words that are declared; `None` for those that come with the package.

    Returns:
        A problem for each, with its path in the rule set; none when all is declared.

    >>> from peer_ledger.rulesets import ruleset
    >>> check_words(ruleset("us-nc-cpss"))
    ()
    """
    return tuple(_undeclared("", ruleset, vocabularies or standard_vocabularies()))


def _undeclared(path: str, value: Any, known: Vocabularies) -> Iterator[Problem]:
    if isinstance(value, ByQuestion):
        for reading, part in value.values:
            yield from _undeclared(f"{path}.values.{reading}", part, known)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _undeclared(f"{path}[{place}]", part, known)
    elif attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            name = f"{path}.{one.name}" if path else one.name
            part = getattr(value, one.name)
            vocabulary = _VOCABULARIES.get(f"{type(value).__name__}.{one.name}")
            if vocabulary is None:
                yield from _undeclared(name, part, known)
            else:
                yield from _unknown_words(name, part, known[vocabulary])


def _unknown_words(path: str, words: Any, vocabulary: Vocabulary) -> Iterator[Problem]:
    if isinstance(words, ByQuestion):
        for reading, part in words.values:
            yield from _unknown_words(f"{path}.values.{reading}", part, vocabulary)
        return
    for word in sorted(words) if isinstance(words, frozenset) else filter(None, [words]):
        if word not in vocabulary:
            near = vocabulary.find(word) or vocabulary.nearest(word)
            hint = f" (did you mean {near!r}?)" if near else ""
            yield Problem(path, f"{shown_name(word)} is none of the {vocabulary.name} that are declared{hint}")


@attrs.frozen(kw_only=True)
class _Scope:
    """
    Under what a part of a rule set is looked at.

    Attributes:
        step: The step; `None` outside of procedures.
        given: The readings that are taken, by question.
        first_day: The first deciding date; `None` when it is not limited or not known.
        last_day: The last deciding date; `None` when it is not limited or not known.
    """

    step: str | None = None
    given: Mapping[str, str] = attrs.field(factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    def misses(self, one: Any) -> bool:
        """Whether what has a `first_day` and a `last_day` lies outside."""
        return _is_before(one.last_day, self.first_day) or _is_before(self.last_day, one.first_day)

    def within(self, one: Any) -> "_Scope":
        """Narrow it to what has a `first_day` and a `last_day`."""
        return attrs.evolve(
            self,
            first_day=max(filter(_is_day, (self.first_day, one.first_day)), default=None),
            last_day=min(filter(_is_day, (self.last_day, one.last_day)), default=None),
        )


class _Whole:
    """One look through a rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._ruleset = ruleset
        self._procedures = list(_placed(ruleset.procedures))
        self._sources = _all_ids(ruleset.sources)
        self._questions = {one.id: one for _, one in _placed(ruleset.questions) if is_built(one.id)}
        self._are_all_known = _all_ids(ruleset.questions) is not None

    def problems(self) -> Iterator[Problem]:
        yield from _twice("sources", (source.id for _, source in _placed(self._ruleset.sources)))
        yield from _twice("questions", (question.id for _, question in _placed(self._ruleset.questions)))
        yield from _twice("procedures", (procedure.step for _, procedure in self._procedures))
        yield from self._units()
        if self._ruleset.procedures == ():
            yield Problem("procedures", "are one or more")
        yield from self._shared_edition_ids()
        yield from self._parts("", self._ruleset, _Scope())
        yield from self._circles()
        for place, procedure in self._procedures:
            yield from (problem.below(f"procedures[{place}]") for problem in self._of_procedure(procedure))

    def _units(self) -> Iterator[Problem]:
        yield from _twice("units", (worth.unit for _, worth in _placed(self._ruleset.units)))
        for place, worth in _placed(self._ruleset.units):
            if worth.unit in _CLOCK:
                yield Problem(f"units[{place}].unit", "an hour and a minute are what the clock says; leave them out")

    def _parts(self, path: str, value: Any, scope: _Scope) -> Iterator[Problem]:
        if isinstance(value, Requirement | Part | Cap):
            scope = self._asked(value, scope)
        if isinstance(value, Judged) and _is_text(value.judge) and (message := judge_problem(value.judge)):
            yield Problem(f"{path}.judge", message)
        for one in attrs.fields(type(value)):
            name = f"{path}.{one.name}" if path else one.name
            part = getattr(value, one.name)
            if one.name.endswith("cites"):
                yield from self._citations(name, part)
            elif isinstance(value, Procedure) and one.name == "editions":
                for place, edition in _placed(part):
                    yield from self._parts(f"{name}[{place}]", edition, self._span(value, place))
            else:
                yield from self._part(name, part, scope)

    def _part(self, name: str, part: Any, scope: _Scope) -> Iterator[Problem]:
        if isinstance(part, ByQuestion):
            yield from self._values(name, part, scope)
        elif isinstance(part, tuple):
            for place, item in enumerate(part):
                yield from self._part(f"{name}[{place}]", item, scope)
        elif attrs.has(type(part)):
            if isinstance(part, ReadingIs | Condition):
                yield from self._reading(name, part)
            if isinstance(part, Condition):
                yield from self._condition(name, part, scope)
            if (
                isinstance(part, Point)
                and is_built(part.of)
                and part.of not in _ANCHORS.get(scope.step or "", get_args(Anchor))
            ):
                yield Problem(f"{name}.of", f"there is no {part.of!r} to count from at the step {scope.step!r}")
            yield from self._parts(name, part, scope)

    def _citations(self, name: str, cites: tuple[str, ...]) -> Iterator[Problem]:
        if not is_built(cites):
            return
        for cited in cites:
            if self._sources is not None and cited not in self._sources:
                yield Problem(name, f"{cited!r} is none of the sources{nearest(cited, self._sources)}")
        yield from _twice(name, cites)

    def _question(self, path: str, question_id: str) -> Iterator[Problem]:
        if question_id not in self._questions and self._are_all_known:
            hint = nearest(question_id, self._questions)
            yield Problem(path, f"{shown_name(question_id)} is none of the questions{hint}")

    def _known_readings(self, question_id: str) -> tuple[str, ...] | None:
        """Give the ids of a question's readings; `None` when they are not all known."""
        question = self._questions.get(question_id)
        return None if question is None else _all_ids(question.readings)

    def _values(self, name: str, value: ByQuestion, scope: _Scope) -> Iterator[Problem]:
        yield from self._question(f"{name}.by", value.by)
        known = self._known_readings(value.by)
        given = [reading for reading, _ in value.values]
        if known is not None:
            yield from _twice(f"{name}.values", given)
            for reading in sorted(set(known) - set(given)):
                yield Problem(f"{name}.values", f"has no value for the reading {reading!r} of {value.by!r}")
            for reading in given:
                if reading not in known:
                    found = f"{shown_name(reading)} is no reading of {value.by!r}{nearest(reading, known)}"
                    yield Problem(f"{name}.values", found)
        for reading, part in value.values:
            yield from self._part(f"{name}.values.{reading}", part, self._taking(value.by, reading, scope))

    def _reading(self, name: str, one: ReadingIs | Condition) -> Iterator[Problem]:
        if one.question is None or not is_built(one.question):
            return
        yield from self._question(name, one.question)
        known = self._known_readings(one.question)
        if known is not None and one.reading is not None and is_built(one.reading) and one.reading not in known:
            hint = nearest(one.reading, known)
            yield Problem(name, f"{shown_name(one.reading)} is no reading of {one.question!r}{hint}")

    def _condition(self, name: str, condition: Condition, scope: _Scope) -> Iterator[Problem]:
        if scope.step not in (None, "renewal") and isinstance(condition.late, bool):
            yield Problem(f"{name}.late", f"only a renewal can be late, not the step {scope.step!r}")
        if not _is_text(condition.question) or not _is_text(condition.reading):
            return
        taken = scope.given.get(condition.question, condition.reading)
        if taken != condition.reading:
            yield Problem(name, f"never holds: only the reading {taken!r} of {condition.question!r} comes here")
        elif condition.reading != self._assumed(condition.question, condition.reading):
            yield from self._never_arises(name, condition.question, scope)

    def _assumed(self, question_id: str, otherwise: str) -> str:
        """Give the reading that is taken of a question that does not arise; another text when it is not known."""
        question, known = self._questions.get(question_id), self._known_readings(question_id)
        is_known = question is not None and known is not None and {question.assumed, otherwise} <= {*known}
        return question.assumed if question is not None and is_known else otherwise

    def _never_arises(self, path: str, question_id: str, scope: _Scope) -> Iterator[Problem]:
        """Look whether a question can arise where a reading is asked for that is not the assumed one."""
        if scope.misses(self._questions[question_id]):
            yield Problem(path, f"never holds: {question_id!r} does not arise on the days on which this is asked")
        for above, reading in self._under(question_id):
            if scope.given.get(above, reading) != reading:
                found = f"never holds: {question_id!r} arises only where the reading {reading!r} of {above!r} is taken"
                yield Problem(path, f"{found}, and here {scope.given[above]!r} is")

    def _asked(self, one: Requirement | Part | Cap, scope: _Scope) -> _Scope:
        """Narrow the scope to where a requirement or a part of one is asked."""
        if isinstance(one, Requirement):
            scope = scope.within(one)
        condition = one.only_if
        if not isinstance(condition, Condition):
            return scope
        question, reading = condition.question, condition.reading
        return self._taking(question, reading, scope) if _is_text(question) and _is_text(reading) else scope

    def _taking(self, question_id: str, reading: str, scope: _Scope) -> _Scope:
        is_assumed = self._assumed(question_id, reading) == reading
        implied = {} if is_assumed else dict(self._under(question_id))
        return attrs.evolve(scope, given={**implied, question_id: reading, **scope.given})

    def _under(self, question_id: str) -> Iterator[tuple[str, str]]:
        """Give the readings under which alone a question arises, by question."""
        seen = {question_id}
        question = self._questions.get(question_id)
        while question is not None and isinstance(question.under, ReadingIs):
            under = question.under
            if not is_built(under.question) or not is_built(under.reading) or under.question in seen:
                return
            seen.add(under.question)
            yield under.question, under.reading
            question = self._questions.get(under.question)

    def _span(self, procedure: Procedure, place: int) -> _Scope:
        """Give the deciding dates that an edition may govern, by some method and under some reading."""
        begins = procedure.editions[place].begins
        following = procedure.editions[place + 1] if place + 1 < len(procedure.editions) else None
        first_day = min(_days(begins), default=None) if isinstance(begins, Begins) else None
        last_day = None
        if isinstance(following, Edition) and isinstance(following.begins, Begins):
            closes = self._closes(following.begins)
            ends = [*_days(following.begins), closes] if closes is not None else []
            last_day = max(ends) - _DAY if ends else None
        step = procedure.step if is_built(procedure.step) else None
        return _Scope(step=step, first_day=first_day, last_day=last_day)

    def _closes(self, begins: Begins) -> date | None:
        """Give the first day on which an edition has begun for certain, by every method that is not named."""
        day = begins.day if begins.day is not None else begins.not_after or self._ruleset.seen_on
        return day if _is_day(day) else None

    def _shared_edition_ids(self) -> Iterator[Problem]:
        """Look for editions of different procedures that have one id, and so would share a question."""
        seen: dict[str, str] = {}
        for place, procedure in self._procedures:
            for _, edition in _placed(procedure.editions):
                if is_built(edition.id) and seen.setdefault(edition.id, procedure.step) != procedure.step:
                    yield Problem(
                        f"procedures[{place}].editions", f"{edition.id!r} is an edition of {seen[edition.id]} too"
                    )

    def _circles(self) -> Iterator[Problem]:
        for place, question in _placed(self._ruleset.questions):
            seen: set[str] = set()
            step: Question | None = question
            while step is not None and isinstance(step.under, ReadingIs) and step.id not in seen:
                seen.add(step.id)
                step = self._questions.get(step.under.question)
            if step is not None and step.id in seen and step.id == question.id:
                yield Problem(f"questions[{place}].under", "it arises only under itself, by way of others or directly")

    def _of_procedure(self, procedure: Procedure) -> Iterator[Problem]:
        if procedure.editions == ():
            yield Problem("editions", "are one or more")
        if procedure.step == "initial" and procedure.decided_by in ("due", "cycle-start"):
            yield Problem("decided_by", "nothing is due, and no cycle runs, before the first certification")
        yield from _twice("editions", (edition.id for _, edition in _placed(procedure.editions)))
        before: dict[str | None, date] = {}
        for place, edition in _placed(procedure.editions):
            path = f"editions[{place}]"
            if is_built(edition.begins) and (edition.begins is None) is not (place == 0):
                yield Problem(f"{path}.begins", "is left out of the first edition, and of no other")
            if isinstance(edition.begins, Begins):
                yield from (problem.below(f"{path}.begins") for problem in _overlaps(edition.begins, before))
                inner = [*self._own_questions(edition), *self._of_range(edition, procedure.editions[place + 1 :])]
                yield from (problem.below(path) for problem in inner)
            if edition.in_force_until is not None and edition.late_until is None:
                yield Problem(f"{path}.in_force_until", "is for a late window, and there is none")
            for name in ("timely_until", "in_force_until"):
                if _is_always_after(getattr(edition, name), edition.late_until):
                    yield Problem(f"{path}.{name}", "lies after late_until, the last day of filing late")
            yield from _twice(f"{path}.requirements", _ids(edition))
            span = self._span(procedure, place)
            for number, requirement in _placed(edition.requirements):
                inner = [*_of_days(requirement, span), *_of_options(requirement), *_of_hours(requirement)]
                inner += self._of_others(requirement, procedure.step)
                yield from (problem.below(f"{path}.requirements[{number}]") for problem in inner)

    def _of_others(self, requirement: Requirement, step: str) -> Iterator[Problem]:
        """Look at what a requirement says of other credentials, and of cycles."""
        own = self._ruleset.id
        for place, other in _placed(getattr(requirement, "apart_from", ())):
            if other.ruleset == own:
                yield Problem(f"apart_from[{place}].ruleset", "is this rule set itself")
        if step == "initial" and isinstance(getattr(requirement, "recurs", None), Recurrence):
            yield Problem(
                "recurs", "nothing is due before the first certification, from which it could be counted back"
            )
        condition = requirement.only_if
        if isinstance(condition, Condition):
            if condition.credential == own:
                yield Problem("only_if.credential", "is this rule set itself")
            if step == "initial" and (condition.cycle_from or condition.cycle_to or condition.cycle_every):
                yield Problem("only_if.cycle_from", "never holds: there is no cycle before the first certification")

    def _own_questions(self, edition: Edition) -> Iterator[Problem]:
        """Look at the ids of the questions that an edition raises about itself."""
        if not is_built(edition.id) or edition.begins is None:
            return
        own = [edition_question(edition)] if edition.begins.day is None else []
        own += [method_question(edition, one.method) for _, one in _placed(edition.begins.by_method)]
        for question in own:
            if not TERM.holds(question):
                yield Problem("id", "is too long for a question about the edition to be named by it")
            if question in self._questions:
                yield Problem("id", f"the question about it would be {question!r}, which is a question already")

    def _of_range(self, edition: Edition, later: tuple[Edition, ...]) -> Iterator[Problem]:
        """Look at an edition of which the first day is known only as a range."""
        begins = edition.begins
        if begins is None or begins.day is not None or not _is_day(begins.not_before):
            return
        closes = self._closes(begins)
        if begins.not_after is None and closes is not None and not _is_before(begins.not_before, closes):
            yield Problem("begins.not_before", f"is not before {closes}, the day the facts were seen; give not_after")
        following = later[0].begins if later and isinstance(later[0], Edition) else None
        if isinstance(following, Begins) and _is_day(following.day) and _is_before(following.day, closes):
            yield Problem(
                "begins.not_after", f"is {following.day} at the latest, the day on which the next edition begins"
            )


def _is_whole(value: Any) -> bool:
    """Whether everything in a value could be built."""
    if isinstance(value, tuple):
        return all(map(_is_whole, value))
    return all(map(_is_whole, attrs.astuple(value, recurse=False))) if attrs.has(type(value)) else is_built(value)


def _is_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_before(day: date | None, other: date | None) -> bool:
    return _is_day(day) and _is_day(other) and day < other


def _placed(values: Any) -> Iterator[tuple[int, Any]]:
    """Give those of some values that could be built, with their places."""
    if isinstance(values, tuple):
        yield from ((place, value) for place, value in enumerate(values) if is_built(value))


def _all_ids(values: Any) -> tuple[str, ...] | None:
    """Give the ids of some values; `None` when not all of them are known."""
    if not isinstance(values, tuple):
        return None
    ids = tuple(value.id for _, value in _placed(values) if _is_text(value.id))
    return ids if len(ids) == len(values) else None


def _twice(name: str, ids: Iterable[str]) -> Iterator[Problem]:
    for one, times in Counter(ids).items():
        if times > 1 and is_built(one):
            yield Problem(name, f"{one!r} stands there {times} times")


def _days(begins: Begins) -> list[date]:
    """Give the days on which an edition may begin at the earliest, in general and by each method."""
    days = [begins.day, begins.not_before, *(one.day for _, one in _placed(begins.by_method))]
    return [day for day in days if _is_day(day)]


def _overlaps(begins: Begins, before: dict[str | None, date]) -> Iterator[Problem]:
    """Look whether an edition begins after the one before, by every method; and note when it begins."""
    methods = [one for _, one in _placed(begins.by_method) if is_built(one.method)]
    yield from _twice("", (one.method for one in methods))
    general = begins.day if begins.day is not None else begins.not_before
    if not _is_day(general):
        return
    days: dict[str | None, date] = {None: general, **{one.method: one.day for one in methods if _is_day(one.day)}}
    wrong = [
        (day, last)
        for method in dict.fromkeys([*before, *days])
        if (day := days.get(method, general)) <= (last := before.get(method, before.get(None, date.min)))
    ]
    if wrong:
        yield Problem("", f"{wrong[0][0]} is not after the edition before, {wrong[0][1]}: they overlap")
    for method in [*before, *days]:
        before[method] = days.get(method, general)


_DUE = (date(2024, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2025, 6, 15), date(2025, 12, 31))
"""Due dates on the edges of months."""


def _is_always_after(point: Any, other: Any) -> bool:
    """Whether a day that is counted from the due date lies after another one, whenever it is due."""
    pairs = [(_counted(point, due), _counted(other, due)) for due in _DUE]
    return all(_is_before(second, first) for first, second in pairs)


def _counted(point: Any, due: date) -> date | None:
    """Count a day from a due date; `None` where it is counted from something else, or only for some due dates."""
    if not (isinstance(point, Point) and _is_whole(point)) or point.due_from or point.due_until:
        return None
    start = {"due": due, "after-due": due + _DAY}.get(point.of)
    if start is None:
        return None
    day = months_after(start, point.months)
    if point.month_end:
        day = months_after(day.replace(day=1), 1) - _DAY
    return day + timedelta(days=point.days)


def _of_days(requirement: Requirement, span: _Scope) -> Iterator[Problem]:
    """Look whether a requirement is ever asked while its edition governs."""
    if _is_before(span.last_day, requirement.first_day):
        yield Problem("first_day", f"is after {span.last_day}, the last day that this edition may govern")
    if _is_before(requirement.last_day, span.first_day):
        yield Problem("last_day", f"is before {span.first_day}, the first day that this edition may govern")


def _of_options(requirement: Requirement) -> Iterator[Problem]:
    """Look at what the ways ask of which one is enough."""
    if isinstance(requirement, Either):
        for place, option in _placed(requirement.options):
            for number, inner in _placed(option.requirements):
                yield from (problem.below(f"options[{place}].requirements[{number}]") for problem in _of_hours(inner))


def _ids(edition: Edition) -> Iterator[str]:
    yield from _ids_in(edition.requirements)


def _ids_in(requirements: tuple[Requirement, ...]) -> Iterator[str]:
    for _, requirement in _placed(requirements):
        yield requirement.id
        if isinstance(requirement, Either):
            for _, option in _placed(requirement.options):
                yield option.id
                yield from _ids_in(option.requirements)
        if isinstance(requirement, Hours):
            yield from (cap.id for _, cap in _placed(requirement.caps))
            yield from (part.id for _, part in _all_parts("", requirement.parts))


def _all_parts(path: str, parts: tuple[Part, ...]) -> Iterator[tuple[str, Part]]:
    for place, part in _placed(parts):
        yield f"{path}parts[{place}]", part
        yield from _all_parts(f"{path}parts[{place}].", part.parts)


def _figures(figure: Figure) -> Iterator[Decimal]:
    """Give the amounts that a figure may be; what is not known may be anything."""
    if isinstance(figure, ByQuestion):
        for _, value in figure.values:
            yield from _figures(value)
    elif isinstance(figure, Decimal):
        yield figure
    else:
        yield from (Decimal(0), _MOST)


def _may_be(one: Any, *, value: Any) -> bool:
    """Tell whether something has a value, under some reading."""
    if isinstance(one, ByQuestion):
        return any(_may_be(part, value=value) for _, part in one.values)
    return one is value


def _least(figure: Figure) -> Decimal:
    return min(_figures(figure), default=Decimal(0))


def _most(figure: Figure) -> Decimal:
    return max(_figures(figure), default=_MOST)


def _exceeds(part: Figure, whole: Figure) -> tuple[Decimal, Decimal] | None:
    """Give a figure of a part and the one of the whole that it is above, whatever the readings."""
    if isinstance(part, ByQuestion) and isinstance(whole, ByQuestion) and part.by == whole.by:
        wholes = dict(whole.values)
        pairs = [(one, wholes[reading]) for reading, one in part.values if reading in wholes]
        return next((found for one, all_of in pairs if (found := _exceeds(one, all_of)) is not None), None)
    least, most = _least(part), _most(whole)
    return (least, most) if least > most else None


def _of_hours(requirement: Requirement) -> Iterator[Problem]:
    if isinstance(requirement, Hours):
        yield from _of_group(requirement)
        parts = list(_all_parts("", requirement.parts))
        for path, part in parts:
            yield from (problem.below(path) for problem in _of_group(part))
        yield from _of_caps(requirement, [requirement, *(part for _, part in parts)])


def _of_group(group: Hours | Part) -> Iterator[Problem]:
    if group.together is None and is_built(group.parts) and len(group.parts) > 1:
        yield Problem("together", "several parts are either 'exclusive' or 'shared'; there is no default")
    parts = list(_placed(group.parts))
    for place, part in parts:
        if (found := _exceeds(part.need, group.need)) is not None:
            yield Problem(f"parts[{place}].need", f"{found[0]} is more than the {found[1]} it is a part of")
        if group.together == "shared" and _may_be(part.spills, value=False):
            limits = "limits nothing where what it turns away from one part counts all the same; put a cap instead"
            yield Problem(f"parts[{place}].spills", limits)
    if group.together == "exclusive":
        least = sum(_least(part.need) for _, part in parts if part.only_if is None)
        most = _most(group.need)
        if least > most:
            yield Problem("parts", f"need {least} together, which is more than the {most} they are parts of")


def _of_caps(hours: Hours, wholes: list[Hours | Part]) -> Iterator[Problem]:
    for place, cap in _placed(hours.caps):
        for one in wholes:
            is_same = one.counts == cap.counts and _is_whole(cap.counts)
            if is_same and _exceeds(one.need, cap.at_most) is not None:
                found = f"allows fewer hours than {shown_name(one.id)} needs of the same training"
                yield Problem(f"caps[{place}].at_most", found)
