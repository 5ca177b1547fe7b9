"""
What is not known of a rule set, and what does not fit its grade.
"""

from collections.abc import Iterator
from typing import Any

from peer_ledger.errors import Problem
from peer_ledger.rules._built import placed
from peer_ledger.rules._consulted import inside
from peer_ledger.rules._cycle_editions import CycleEditions
from peer_ledger.rules._cycles import UnknownCycle
from peer_ledger.rules._figures import Unstated, UnstatedQuantity
from peer_ledger.rules._hours import Hours
from peer_ledger.rules._requirements import Documents
from peer_ledger.rules._ruleset import Edition, RuleSet
from peer_ledger.values._strict import is_built
from peer_ledger.values._wording import counted


def gaps_of(rules: RuleSet) -> tuple[str, ...]:
    """
    Return what is not known of the newest renewal of a rule set, in a few words each.

    Args:
        rules: The rule set.

    Returns:
        The gaps; empty when there are none, and for a rule set that is only named, of which nothing is known.
    """
    return () if rules.grade == "named" else tuple(dict.fromkeys(_gaps(rules)))


def _gaps(rules: RuleSet) -> Iterator[str]:
    yield from rules.gaps
    yield from _unknown_cycles(rules)
    renewal = rules.procedure("renewal")
    if renewal is None:
        yield "what a renewal asks"
        return
    newest = renewal.editions[-1]
    yield from (value.says for _, value in inside("", newest) if isinstance(value, Unstated | UnstatedQuantity))
    if newest.begins is not None and newest.begins.day is None:
        yield f"the day on which the edition {newest.id} took effect"
    blocking = sum(question.weight == "blocking" for question in rules.questions)
    if blocking:
        yield f"the answers to {counted(blocking, 'question')} that the sources leave open"


def _unknown_cycles(rules: RuleSet) -> Iterator[str]:
    cycles: list[Any] = [rules.cycle]
    if isinstance(rules.cycle, CycleEditions):  # the last one decides now; it may be no list, of which nothing is known
        cycles = [one.cycle for _, one in placed(rules.cycle.editions)][-1:]
    yield from (value.says for cycle in cycles for _, value in inside("", cycle) if isinstance(value, UnknownCycle))


def _unstated(edition: Edition) -> Iterator[str]:
    """Yield the figures that no source states of what everybody is asked, whatever the answers to questions."""
    for _, asked in placed(edition.requirements):
        if isinstance(asked, Hours | Documents) and asked.only_if is None:
            for figure in (asked.need, asked.at_least if isinstance(asked, Documents) else None):
                if isinstance(figure, Unstated | UnstatedQuantity):
                    yield figure.says


def grade_problems(rules: RuleSet) -> Iterator[Problem]:
    """
    Yield what does not fit the grade of a rule set.

    Args:
        rules: The rule set, as far as it could be built.
    """
    if not is_built(rules.grade):
        return
    if rules.grade == "named":
        yield from _of_named(rules)
        return
    if rules.procedures == ():
        yield Problem("procedures", "are missing; give one or more, or the grade 'named'")
    if rules.gaps != () and rules.grade == "complete":
        yield Problem("gaps", "are of rules that are not complete; leave them out, or give the grade 'partial'")
    is_open = is_built(rules.cycle) and any(_unknown_cycles(rules))
    if is_open and rules.grade == "complete":
        yield Problem("cycle", "is missing; give it, or the grade 'partial' where no source states it")
    if not is_open and rules.cycle_cites == ():
        yield Problem("cycle_cites", "is missing; give the ids of the sources of cycle")


def _of_named(rules: RuleSet) -> Iterator[Problem]:
    known = "are for rules that are known; leave them out, or give the grade 'partial'"
    if rules.procedures != ():
        yield Problem("procedures", known)
    if rules.questions != ():
        yield Problem("questions", known)
    if is_built(rules.cycle) and not isinstance(rules.cycle, UnknownCycle):
        yield Problem("cycle", known.replace("are", "is", 1).replace("them", "it"))
    if rules.ask is None:
        yield Problem("ask", "is missing; give the address at which the body can be asked")


def grade_notes(rules: RuleSet) -> Iterator[Problem]:
    """
    Yield a note where a rule set is called complete and leaves a figure open, or is called partial and leaves nothing.

    Args:
        rules: A rule set without problems.
    """
    if rules.grade == "partial" and not gaps_of(rules):
        yield Problem(
            "grade", "is 'partial', and nothing is said to be missing; list it as gaps, or leave the grade out"
        )
    for place, procedure in placed(rules.procedures):
        if rules.grade == "complete" and procedure.step == "renewal":
            last = len(procedure.editions) - 1
            for says in _unstated(procedure.editions[last]):
                path = f"procedures[{place}].editions[{last}]"
                yield Problem(path, f"no source states {says}, so the rules are not complete; give the grade 'partial'")
