"""
Days that are counted from the completion of training that another requirement asks for, and the question when it was.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import attrs

from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.rules._built import is_known_text, is_whole, placed
from peer_ledger.rules._figures import Unstated
from peer_ledger.rules._hours import Hours, Part
from peer_ledger.rules._points import OF_COMPLETION, RelativeDate
from peer_ledger.rules._questions import ByQuestion, Question, Reading
from peer_ledger.rules._requirements import AnyOf, SessionCount

Asking: TypeAlias = tuple[Hours | SessionCount | Part, ...]
"""A requirement of training or, of one, a part with all that it is in, the outermost first."""

_DAYS_THAT_COUNT = re.compile(r"\.requirements\[\d+\](\..+)?\.(earning|within)\.(begins|ends)(\.values(\[\d+\]){2})*")
"""Where in an edition a day may be counted from a completion: at the days that count for a requirement or a part."""


@attrs.frozen(kw_only=True)
class CompletionQuestion(Question):
    """
    The question when training was complete, for people of whom that is not on file.
    """


def completion_question(requirement: str) -> str:
    """Return the id of the question when the training that a requirement or part asks for was complete."""
    return f"{requirement}-completed"


def completion_questions(procedures: Any) -> Iterator[Question]:
    """
    Yield a question for each requirement or part from whose completion days are counted.

    Args:
        procedures: The procedures of a rule set.
    """
    for requirement in dict.fromkeys(point.requirement for _, point in _points("", procedures)):
        if is_known_text(requirement):
            called = called_in(procedures, requirement)
            yield CompletionQuestion(
                id=completion_question(requirement),
                asks=f"When was {called} completed? That is not on file, and other things count from that day.",
                readings=(
                    Reading(id="counts", says="On a day from which what is on file counts."),
                    Reading(id="does-not", says="On another day, or not yet."),
                ),
                assumed="does-not",
                weight="blocking",
                about="facts",
            )


def called_in(procedures: Any, requirement: str) -> str:
    """Return what a requirement or part is called; its id in words where it has no other name."""
    found = (
        asking[-1].called
        for _, procedure in placed(procedures)
        for _, edition in placed(procedure.editions)
        for asking in askings(edition)
        if asking[-1].id == requirement and asking[-1].called
    )
    return next(found, requirement.replace("-", " "))


def is_from_completion(value: Any) -> bool:
    """
    Return whether any day is counted from the completion of training, under any reading.

    Args:
        value: An interval, a requirement, or a part of one.
    """
    return any(True for _ in _points("", value))


def askings(edition: Any) -> Iterator[Asking]:
    """
    Yield every requirement of training of an edition, and every part of one.

    Args:
        edition: The edition, or an option of a requirement; it may be built in part.
    """
    for _, requirement in placed(edition.requirements):
        if isinstance(requirement, AnyOf):
            for _, option in placed(requirement.options):
                yield from askings(option)
        elif isinstance(requirement, Hours | SessionCount):
            yield from _with_parts((requirement,))


@lru_cache(maxsize=256)
def asking_of(edition: Any, requirement: str) -> Asking:
    """
    Return a requirement of training by its id or, of a part, the part with all that it is in.

    Args:
        edition: The edition.
        requirement: The id, which is one of the edition's.
    """
    return next(asking for asking in askings(edition) if asking[-1].id == requirement)


def _with_parts(asking: Asking) -> Iterator[Asking]:
    yield asking
    innermost = asking[-1]
    for _, part in placed(innermost.parts if isinstance(innermost, Hours | Part) else ()):
        yield from _with_parts((*asking, part))


def _points(path: str, value: Any) -> Iterator[tuple[str, RelativeDate]]:
    """Yield every day within a value that is counted from a completion, with its path."""
    if isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _points(f"{path}[{place}]", one)
    elif isinstance(value, RelativeDate):
        if value.of in OF_COMPLETION:
            yield path, value
        yield from _points(f"{path}.otherwise", value.otherwise)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _points(f"{path}.{field.name}", getattr(value, field.name))


def completion_problems(ruleset: Any) -> Iterator[Problem]:
    """
    Yield what is wrong with the days of a rule set that are counted from a completion.

    Args:
        ruleset: The rule set, which may be built in part.
    """
    for place, procedure in placed(ruleset.procedures):
        for number, edition in placed(procedure.editions):
            path = f"procedures[{place}].editions[{number}]"
            yield from (problem.below(path) for problem in _of_edition(edition))
    named = {point.requirement for _, point in _points("", ruleset.procedures) if is_known_text(point.requirement)}
    taken = {completion_question(name): name for name in named}
    for place, question in placed(ruleset.questions):
        if question.id in taken:
            says = f"{question.id!r} is the id of the question when {taken[question.id]!r} was completed; rename it"
            yield Problem(f"questions[{place}].id", says)


def _of_edition(edition: Any) -> Iterator[Problem]:
    by_id = {asking[-1].id: asking for asking in askings(edition) if is_known_text(asking[-1].id)}
    for path, point in _points("", edition):
        name, at = point.requirement, path.removeprefix(".")
        if not _DAYS_THAT_COUNT.fullmatch(path):
            yield Problem(f"{at}.of", f"{point.of!r} is for the days that count for a requirement or a part alone")
        elif is_known_text(name) and name not in by_id and is_whole(edition.requirements):
            what = "is not the id of a requirement of training in this edition, or of a part of one"
            yield Problem(f"{at}.requirement", f"{shown_name(name)} {what}{nearest(name, by_id)}")
        elif is_known_text(name) and name in by_id:
            yield from (Problem(f"{at}.requirement", f"{name!r} {why}") for why in _why_never(by_id, name))
        if any(value not in (None, 0, False) for value in (point.due_from, point.due_until, point.otherwise)):
            yield Problem(f"{at}.of", f"{point.of!r} has no due date; leave due_from, due_until and otherwise out")


def _why_never(by_id: Mapping[str, Asking], name: str) -> Iterator[str]:
    """Yield why training that is asked for is never complete, or not on one day."""
    asking = by_id[name]
    need = asking[-1].need
    figures = [value for _, value in need.values] if isinstance(need, ByQuestion) else [need]
    if any(isinstance(figure, Unstated) for figure in figures):
        yield "asks for an amount that no source states, so when it was complete is not known"
    if not isinstance(asking[0], Part) and asking[0].recurs is not None:
        yield "recurs, and so is completed more than once"
    if name in _counted_from(by_id, name):
        yield "counts from its own completion, directly or through others"


def _counted_from(by_id: Mapping[str, Asking], name: str) -> set[str]:
    """Return the ids of all requirements and parts on whose completion that of another one depends."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for asked in by_id.get(waiting.pop(), ()):
            days = asked.within if isinstance(asked, Part) else asked.earning
            for _, point in _points("", days):
                if is_known_text(point.requirement) and point.requirement not in found:
                    found.add(point.requirement)
                    waiting.append(point.requirement)
    return found
