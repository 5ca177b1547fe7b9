"""
Checks of a rule set as a whole, for problems that no part shows by itself.

A rule set read from a file with errors is checked as far as it could be built: a part that could not be built is
`REFUSED`, and no problem is reported that only follows from that.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, get_args

import attrs

from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.rules._built import all_ids, is_before, is_known_day, is_known_text, placed, twice
from peer_ledger.rules._completions import completion_problems
from peer_ledger.rules._custom import custom_check_problem
from peer_ledger.rules._gaps import grade_problems
from peer_ledger.rules._hours import Cap, Hours, Part, Recurrence
from peer_ledger.rules._kinds import Kind
from peer_ledger.rules._points import OF_COMPLETION, Anchor, Condition, RelativeDate
from peer_ledger.rules._provisional import level_problems
from peer_ledger.rules._questions import ByQuestion, Question, ReadingIs
from peer_ledger.rules._raised import edition_question, method_question
from peer_ledger.rules._requirements import AnyOf, Custom, Documents, Option, SessionCount
from peer_ledger.rules._ruleset import Edition, EffectiveFrom, Procedure, RuleSet
from peer_ledger.rules._sound_days import Scope, edition_days, edition_overlaps, is_always_after
from peer_ledger.rules._sound_hours import hours_problems
from peer_ledger.rules._sound_ids import ids_of
from peer_ledger.rules._sound_records import record_question_problems
from peer_ledger.rules._sound_windows import (
    cycle_problems,
    document_problems,
    edition_problems,
    following_problems,
    window_problems,
)
from peer_ledger.values._fields import TERM
from peer_ledger.values._strict import is_built
from peer_ledger.values.dates import DAY, is_time_zone
from peer_ledger.values.hours import WORTH

_ANCHORS = {
    "initial": ("filing", *OF_COMPLETION, "calendar", "never"),
    "renewal": (
        "award",
        "last-grant",
        "cycle-start",
        "due",
        "after-due",
        "filing",
        *OF_COMPLETION,
        "calendar",
        "never",
    ),
}
"""The anchors available at a step, for steps where not all are."""


def problems_of(ruleset: RuleSet) -> tuple[Problem, ...]:
    """
    Check a rule set as a whole: citations of missing sources, missing questions, figures that cannot be met.

    Returns:
        The problems; empty when there are none.
    """
    return tuple(_Whole(ruleset).problems())


class _Whole:
    """One pass through a rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._ruleset = ruleset
        self._procedures = list(placed(ruleset.procedures))
        self._sources = all_ids(ruleset.sources)
        self._questions = {one.id: one for _, one in placed(ruleset.questions) if is_built(one.id)}
        self._are_all_known = all_ids(ruleset.questions) is not None

    def problems(self) -> Iterator[Problem]:
        yield from twice("sources", (source.id for _, source in placed(self._ruleset.sources)))
        yield from twice("questions", (question.id for _, question in placed(self._ruleset.questions)))
        yield from twice("procedures", (procedure.step for _, procedure in self._procedures))
        yield from self._units()
        zone = self._ruleset.time_zone
        if is_known_text(zone) and not is_time_zone(zone):
            yield Problem("time_zone", "is not the time zone of a place; write it as 'America/New_York'")
        yield from grade_problems(self._ruleset)
        yield from record_question_problems(self._ruleset)
        yield from completion_problems(self._ruleset)
        yield from (problem.below("cycle") for problem in cycle_problems(self._ruleset.cycle))
        yield from edition_problems(self._ruleset)
        yield from self._shared_edition_ids()
        yield from self._parts("", self._ruleset, Scope())
        yield from self._circles()
        for place, procedure in self._procedures:
            yield from (problem.below(f"procedures[{place}]") for problem in self._of_procedure(procedure))

    def _units(self) -> Iterator[Problem]:
        yield from twice("units", (worth.unit for _, worth in placed(self._ruleset.units)))
        for place, worth in placed(self._ruleset.units):
            if worth.unit in WORTH:
                yield Problem(f"units[{place}].unit", "hours and minutes have a fixed worth; leave them out")
        counts_in = self._ruleset.counts_in
        if is_known_text(counts_in) and counts_in != "hour":
            worths = [worth.hours for _, worth in placed(self._ruleset.units) if worth.unit == counts_in]
            if worths != ["1"]:
                yield Problem("counts_in", f"{shown_name(counts_in)} must be one of the units, with a worth of '1'")

    def _parts(self, path: str, value: Any, scope: Scope) -> Iterator[Problem]:
        if isinstance(value, Part | Cap):
            scope = self._taking_condition(value.only_if, scope)
        if isinstance(value, Custom) and is_known_text(value.check) and (message := custom_check_problem(value.check)):
            yield Problem(f"{path}.check", message)
        for field in attrs.fields(type(value)):
            name = f"{path}.{field.name}" if path else field.name
            part = getattr(value, field.name)
            if field.name.endswith("cites"):
                yield from self._citations(name, part)
            elif isinstance(value, Procedure) and field.name == "editions":
                for place, edition in placed(part):
                    yield from self._parts(f"{name}[{place}]", edition, self._span(value, place))
            elif isinstance(value, Edition | Option) and field.name == "requirements":
                for place, requirement in placed(part):
                    yield from self._parts(f"{name}[{place}]", requirement, self._asked(requirement, scope))
            else:
                yield from self._part(name, part, scope)

    def _part(self, name: str, part: Any, scope: Scope) -> Iterator[Problem]:
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
                isinstance(part, RelativeDate)
                and is_built(part.of)
                and part.of not in _ANCHORS.get(scope.step or "", get_args(Anchor))
            ):
                yield Problem(f"{name}.of", f"{part.of!r} is not available at the step {scope.step!r}")
            yield from self._parts(name, part, scope)

    def _citations(self, name: str, cites: tuple[str, ...]) -> Iterator[Problem]:
        if not is_built(cites):
            return
        for cited in cites:
            if self._sources is not None and cited not in self._sources:
                yield Problem(name, f"{cited!r} is not one of the sources{nearest(cited, self._sources)}")
        yield from twice(name, cites)

    def _question(self, path: str, question_id: str) -> Iterator[Problem]:
        if question_id not in self._questions and self._are_all_known:
            hint = nearest(question_id, self._questions)
            yield Problem(path, f"{shown_name(question_id)} is not one of the questions{hint}")

    def _known_readings(self, question_id: str) -> tuple[str, ...] | None:
        """Return the ids of a question's readings; `None` when they are not all known."""
        question = self._questions.get(question_id)
        return None if question is None else all_ids(question.readings)

    def _values(self, name: str, value: ByQuestion, scope: Scope) -> Iterator[Problem]:
        yield from self._question(f"{name}.by", value.by)
        known = self._known_readings(value.by)
        given = [reading for reading, _ in value.values]
        if known is not None:
            yield from twice(f"{name}.values", given)
            for reading in sorted(set(known) - set(given)):
                yield Problem(f"{name}.values", f"has no value for the reading {reading!r} of {value.by!r}")
            for reading in given:
                if reading not in known:
                    found = f"{shown_name(reading)} is not a reading of {value.by!r}{nearest(reading, known)}"
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
            yield Problem(name, f"{shown_name(one.reading)} is not a reading of {one.question!r}{hint}")

    def _condition(self, name: str, condition: Condition, scope: Scope) -> Iterator[Problem]:
        if scope.step not in (None, "renewal") and isinstance(condition.late, bool):
            yield Problem(f"{name}.late", f"only a renewal can be late, not the step {scope.step!r}")
        if not is_known_text(condition.question) or not is_known_text(condition.reading):
            return
        taken = scope.given.get(condition.question, condition.reading)
        if taken != condition.reading:
            yield Problem(name, f"never holds: {condition.question!r} always has the reading {taken!r} here")
        elif condition.reading != self._assumed(condition.question, condition.reading):
            yield from self._never_arises(name, condition.question, scope)

    def _assumed(self, question_id: str, otherwise: str) -> str:
        """Return the reading taken of a question that does not arise; `otherwise` when it is unknown."""
        question, known = self._questions.get(question_id), self._known_readings(question_id)
        is_known = question is not None and known is not None and {question.assumed, otherwise} <= {*known}
        return question.assumed if question is not None and is_known else otherwise

    def _never_arises(self, path: str, question_id: str, scope: Scope) -> Iterator[Problem]:
        """Yield a problem if a question cannot arise where a reading other than the assumed one is required."""
        if scope.misses(self._questions[question_id]):
            yield Problem(path, f"never holds: {question_id!r} does not arise on the days on which this applies")
        for above, reading in self._under(question_id):
            if scope.given.get(above, reading) != reading:
                found = f"never holds: {question_id!r} arises only under the reading {reading!r} of {above!r}"
                yield Problem(path, f"{found}, and the reading here is {scope.given[above]!r}")

    def _asked(self, requirement: Kind, scope: Scope) -> Scope:
        """Narrow the scope to where a requirement applies."""
        return self._taking_condition(requirement.only_if, scope.within(requirement))

    def _taking_condition(self, condition: Condition | None, scope: Scope) -> Scope:
        """Narrow the scope to where a condition holds."""
        if not isinstance(condition, Condition):
            return scope
        question, reading = condition.question, condition.reading
        return self._taking(question, reading, scope) if is_known_text(question) and is_known_text(reading) else scope

    def _taking(self, question_id: str, reading: str, scope: Scope) -> Scope:
        is_assumed = self._assumed(question_id, reading) == reading
        implied = {} if is_assumed else dict(self._under(question_id))
        return attrs.evolve(scope, given={**implied, question_id: reading, **scope.given})

    def _under(self, question_id: str) -> Iterator[tuple[str, str]]:
        """Yield the questions and readings that a question requires in order to arise."""
        seen = {question_id}
        question = self._questions.get(question_id)
        while question is not None and isinstance(question.under, ReadingIs):
            under = question.under
            if not is_built(under.question) or not is_built(under.reading) or under.question in seen:
                return
            seen.add(under.question)
            yield under.question, under.reading
            question = self._questions.get(under.question)

    def _span(self, procedure: Procedure, place: int) -> Scope:
        """Return the deciding dates that an edition may govern, by any method and under any reading."""
        begins = procedure.editions[place].begins
        following = procedure.editions[place + 1] if place + 1 < len(procedure.editions) else None
        first_day = min(edition_days(begins), default=None) if isinstance(begins, EffectiveFrom) else None
        last_day = None
        if isinstance(following, Edition) and isinstance(following.begins, EffectiveFrom):
            closes = self._closes(following.begins)
            ends = [*edition_days(following.begins), closes] if closes is not None else []
            last_day = max(ends) - DAY if ends else None
        step = procedure.step if is_built(procedure.step) else None
        return Scope(step=step, first_day=first_day, last_day=last_day)

    def _closes(self, begins: EffectiveFrom) -> date | None:
        """Return the first day on which an edition has certainly begun, except for methods with a day of their own."""
        day = begins.day if begins.day is not None else begins.not_after or self._ruleset.seen_on
        return day if is_known_day(day) else None

    def _shared_edition_ids(self) -> Iterator[Problem]:
        """Find editions of different procedures that share an id, and so would share a question."""
        seen: dict[str, str] = {}
        for place, procedure in self._procedures:
            for _, edition in placed(procedure.editions):
                if is_built(edition.id) and seen.setdefault(edition.id, procedure.step) != procedure.step:
                    yield Problem(
                        f"procedures[{place}].editions", f"{edition.id!r} is also an edition of {seen[edition.id]}"
                    )

    def _circles(self) -> Iterator[Problem]:
        for place, question in placed(self._ruleset.questions):
            seen: set[str] = set()
            step: Question | None = question
            while step is not None and isinstance(step.under, ReadingIs) and step.id not in seen:
                seen.add(step.id)
                step = self._questions.get(step.under.question)
            if step is not None and step.id in seen and step.id == question.id:
                yield Problem(f"questions[{place}].under", "the question depends on itself, directly or through others")

    def _of_procedure(self, procedure: Procedure) -> Iterator[Problem]:
        if procedure.editions == ():
            yield Problem("editions", "are missing; give one or more")
        if procedure.step == "initial" and procedure.decided_by in ("due", "cycle-start"):
            yield Problem(
                "decided_by", "must be 'filing': there is no due date or cycle before the first certification"
            )
        yield from following_problems(procedure)
        yield from twice("editions", (edition.id for _, edition in placed(procedure.editions)))
        before: dict[str | None, date] = {}
        for place, edition in placed(procedure.editions):
            path = f"editions[{place}]"
            if is_built(edition.begins) and (edition.begins is None) is not (place == 0):
                yield Problem(f"{path}.begins", "is left out of the first edition and required for all others")
            if isinstance(edition.begins, EffectiveFrom):
                yield from (problem.below(f"{path}.begins") for problem in edition_overlaps(edition.begins, before))
                inner = [*self._own_questions(edition), *self._of_range(edition, procedure.editions[place + 1 :])]
                yield from (problem.below(path) for problem in inner)
            yield from (problem.below(path) for problem in self._of_days_in_force(edition))
            yield from (
                problem.below(path) for problem in window_problems(edition, procedure.step, self._ruleset.cycle)
            )
            for name in ("timely_until", "in_force_until"):
                if is_always_after(getattr(edition, name), edition.late_until):
                    yield Problem(f"{path}.{name}", "is after late_until, the last day to file late")
            yield from twice(f"{path}.requirements", ids_of(edition))
            span = self._span(procedure, place)
            for number, requirement in placed(edition.requirements):
                inner = [*_of_days(requirement, span), *_of_kind(requirement)]
                inner += self._of_others(requirement, procedure.step)
                yield from (problem.below(f"{path}.requirements[{number}]") for problem in inner)

    def _of_days_in_force(self, edition: Edition) -> Iterator[Problem]:
        """Yield what contradicts the last day on which a late certificate is in force."""
        if edition.in_force_until is not None and edition.late_until is None:
            yield Problem("in_force_until", "needs a late window; give late_until, or leave it out")
        if edition.in_force_until is not None and isinstance(self._ruleset.in_force_while_late, ByQuestion):
            says = (
                "overrides in_force_while_late, which depends on a question; let the day depend on it, or leave it out"
            )
            yield Problem("in_force_until", says)

    def _of_others(self, requirement: Kind, step: str) -> Iterator[Problem]:
        """Check what a requirement says about other credentials and about cycles."""
        own = self._ruleset.id
        for place, other in placed(requirement.not_shared_with if isinstance(requirement, Hours) else ()):
            if other.ruleset == own:
                yield Problem(f"not_shared_with[{place}].ruleset", "is this rule set's own id; name another")
        recurs = requirement.recurs if isinstance(requirement, Hours | SessionCount) else None
        if step == "initial" and isinstance(recurs, Recurrence):
            yield Problem("recurs", "needs a due date, and there is none before the first certification")
        condition = requirement.only_if
        if isinstance(condition, Condition):
            yield from level_problems(condition, self._ruleset.provisional, step, "only_if")
            if condition.credential == own:
                yield Problem("only_if.credential", "is this rule set's own id; name another")
            if step == "initial" and (condition.cycle_from or condition.cycle_to or condition.cycle_every):
                yield Problem("only_if.cycle_from", "never holds: no cycle begins before the first certification")

    def _own_questions(self, edition: Edition) -> Iterator[Problem]:
        """Check the ids of the questions that an edition raises about itself."""
        if not is_built(edition.id) or edition.begins is None:
            return
        own = [edition_question(edition)] if edition.begins.day is None else []
        own += [method_question(edition, one.method) for _, one in placed(edition.begins.by_method)]
        for question in own:
            if not TERM.holds(question):
                yield Problem("id", "is too long to form the id of a question about the edition; shorten it")
            if question in self._questions:
                yield Problem("id", f"forms the id {question!r}, which is already the id of a question; rename either")

    def _of_range(self, edition: Edition, later: tuple[Edition, ...]) -> Iterator[Problem]:
        """Check an edition whose first day is known only as a range."""
        begins = edition.begins
        if begins is None or begins.day is not None or not is_known_day(begins.not_before):
            return
        closes = self._closes(begins)
        if begins.not_after is None and closes is not None and not is_before(begins.not_before, closes):
            yield Problem("begins.not_before", f"is not before {closes}, the day the facts were seen; give not_after")
        following = later[0].begins if later and isinstance(later[0], Edition) else None
        if isinstance(following, EffectiveFrom) and is_known_day(following.day) and is_before(following.day, closes):
            yield Problem(
                "begins.not_after", f"must not be after {following.day}, the day on which the next edition begins"
            )


def _of_days(requirement: Kind, span: Scope) -> Iterator[Problem]:
    """Yield a problem if a requirement never applies while its edition governs."""
    if is_before(span.last_day, requirement.first_day):
        yield Problem("first_day", f"is after {span.last_day}, the last day that this edition may govern")
    if is_before(requirement.last_day, span.first_day):
        yield Problem("last_day", f"is before {span.first_day}, the first day that this edition may govern")


def _of_options(requirement: AnyOf) -> Iterator[Problem]:
    """Check the requirements of the options."""
    for place, option in placed(requirement.options):
        for number, inner in placed(option.requirements):
            yield from (problem.below(f"options[{place}].requirements[{number}]") for problem in _of_kind(inner))


_OF_KINDS: dict[type[Any], Callable[[Any], Iterator[Problem]]] = {
    Hours: hours_problems,
    AnyOf: _of_options,
    Documents: document_problems,
}
"""The checks of a requirement as a whole, for the kinds whose parts can contradict each other."""


def _of_kind(requirement: Kind) -> Iterator[Problem]:
    look = _OF_KINDS.get(type(requirement))
    return iter(()) if look is None else look(requirement)
