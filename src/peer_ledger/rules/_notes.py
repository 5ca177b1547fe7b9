"""
What an author of a rule set should look at: it is no contradiction, and most likely a slip.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import attrs

from peer_ledger.errors import Problem
from peer_ledger.rules._built import all_parts
from peer_ledger.rules._gaps import grade_notes
from peer_ledger.rules._hours import Hours, Part
from peer_ledger.rules._kinds import with_inner
from peer_ledger.rules._points import Condition
from peer_ledger.rules._questions import ByQuestion, ReadingIs
from peer_ledger.rules._requirements import SessionCount
from peer_ledger.rules._ruleset import Edition, RuleSet
from peer_ledger.values.hours import plain
from peer_ledger.values.vocabularies import standard_vocabularies

_HOURS_SAID = re.compile(
    r"(?<![0-9.,/-])([0-9]{1,5}(?:\.[0-9]{1,4})?)(?: of the(?: [0-9.]+)?)?"
    r"[ -](?:[A-Za-z]+ ){0,2}?(?:hours?|CEUs?|trainings?)\b"
)
"""An amount in a sentence; of "6 of the 20 hours" only the 6."""

_MANY_PARTS = 9
_MANY_QUESTIONS = 12


def rule_notes(ruleset: RuleSet) -> Iterator[Problem]:
    """
    Yield what an author should look at in a sound rule set.

    That is what no sentence and figure agree on, and what is expensive to answer; `unused` finds the rest.

    Args:
        ruleset: A rule set without problems.
    """
    yield from grade_notes(ruleset)
    for number, procedure in enumerate(ruleset.procedures):
        for place, edition in enumerate(procedure.editions):
            yield from (problem.below(f"procedures[{number}].editions[{place}]") for problem in _of_edition(edition))
    for path, requirement in _requirements(ruleset):
        yield from (problem.below(path) for problem in _of_requirement(requirement))


def unused(rulesets: Sequence[RuleSet]) -> Iterator[tuple[int, Problem]]:
    """
    Yield the sources and questions that nothing uses, each with the position of the first rule set that has it.

    Args:
        rulesets: The rule sets of a file, which may share sources and refine one another.
    """
    cited, asked = set[str](), set[str]()
    for rules in rulesets:
        _collect(rules, cited, asked)
        if rules.grade == "named":  # what it is known from
            cited |= {source.id for source in rules.sources}
        cited |= {source.id for source in rules.sources if any(source.id in _words(note) for note in rules.notes)}
    told = set[Any]()
    for position, rules in enumerate(rulesets):
        if rules.extends is not None:  # what it refines may have them for others
            continue
        for place, source in enumerate(rules.sources):
            if source.id not in cited and source not in told:
                told.add(source)
                says = "is cited by nothing; cite it where it says something, or remove it"
                yield position, Problem(f"sources[{place}]", f"{source.id!r} {says}")
        for place, question in enumerate(rules.questions):
            if question.id not in asked:
                says = "decides nothing, because no figure and no condition depends on it; remove it"
                yield position, Problem(f"questions[{place}]", says)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[!-~]+", re.sub(r"[][(),;:]|\.(?= |$)", " ", text)))


def _collect(value: Any, cited: set[str], asked: set[str]) -> None:
    """Add the ids of the sources and questions that a value refers to."""
    if isinstance(value, tuple):
        for part in value:
            _collect(part, cited, asked)
        return
    if not attrs.has(type(value)):
        return
    if isinstance(value, ByQuestion):
        asked.add(value.by)
    if isinstance(value, ReadingIs | Condition) and value.question is not None:
        asked.add(value.question)
    for field in attrs.fields(type(value)):
        part = getattr(value, field.name)
        if field.name.endswith("cites"):
            cited.update(part)
        else:
            _collect(part, cited, asked)


def _of_edition(edition: Edition) -> Iterator[Problem]:
    """Yield a problem when the sentence of an edition names an amount that is none of its figures."""
    figures = set(_figures(edition.requirements))
    said = dict.fromkeys(Decimal(found) for found in _HOURS_SAID.findall(edition.says))
    other = [plain(amount) for amount in said if amount not in figures]
    if other and edition.requirements:
        yield Problem("says", f"names {' and '.join(other)}, which is none of the figures below; one of them is wrong")


def _figures(value: Any) -> Iterator[Decimal]:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield Decimal(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _figures(part)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _figures(getattr(value, field.name))


def _requirements(ruleset: RuleSet) -> Iterator[tuple[str, Any]]:
    for number, procedure in enumerate(ruleset.procedures):
        for place, edition in enumerate(procedure.editions):
            for position, requirement in enumerate(edition.requirements):
                yield f"procedures[{number}].editions[{place}].requirements[{position}]", requirement


def _of_requirement(requirement: Any) -> Iterator[Problem]:
    asked = set[str]()
    _collect(requirement, set(), asked)
    if len(asked) > _MANY_QUESTIONS:
        yield Problem(
            "",
            f"depends on {len(asked)} questions, which may make {2 ** len(asked)} combinations and a slow answer; "
            "split the requirement, or join questions",
        )
    for one in with_inner([requirement]):
        groups: list[tuple[str, Any]] = [("", one), *all_parts("", one.parts)] if isinstance(one, Hours) else []
        for path, group in groups:
            if group.together == "exclusive" and len(group.parts) > _MANY_PARTS:
                found = f"has {len(group.parts)} exclusive parts: {2 ** len(group.parts)} sets of them may be looked at"
                yield Problem(
                    path, f"{found}, which makes a slow answer; nest parts, or make requirements of their own"
                )
        for path, part in groups[1:]:
            yield from (problem.below(path) for problem in _of_any_training(part))
        for path, said in groups if isinstance(one, Hours) else [("", one)]:
            yield from (problem.below(path) if path else problem for problem in _says_otherwise(said))


def _of_any_training(part: Part) -> Iterator[Problem]:
    """Yield a problem when a part has nothing that tells its training from that of the whole."""
    if part.counts is None and part.within is None and not part.parts:
        topics = standard_vocabularies()["topics"]
        near = topics.find(part.id) or topics.nearest(part.id)
        hint = f" ({part.id!r} is not a declared topic; did you mean {near!r}?)" if near else ""
        yield Problem("counts", f"is not given, so that any training counts; name what counts{hint}")


def _says_otherwise(asking: Any) -> Iterator[Problem]:
    """Yield a problem when a sentence names amounts, and none of them is the figure."""
    need = getattr(asking, "need", None)
    if not isinstance(asking, Hours | Part | SessionCount) or not isinstance(need, Decimal | int):
        return
    said = [Decimal(found) for found in _HOURS_SAID.findall(asking.says)]
    if said and need not in said:
        named = " and ".join(plain(amount) for amount in dict.fromkeys(said))
        yield Problem("says", f"names {named}, and need is {plain(Decimal(need))}; one of them is wrong")
