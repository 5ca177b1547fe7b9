"""
The check of a rule file for its author: problems and notes, each named by ids and by the line of the file.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from peer_ledger.errors import InvalidData, PeerLedgerError, Problem, nearest, shown_name
from peer_ledger.rules import Hours, NotSharedWith, RuleSet
from peer_ledger.rules._consulted import inside
from peer_ledger.rules._notes import rule_notes, unused
from peer_ledger.rules._points import Condition
from peer_ledger.rules._words import check_rule_words
from peer_ledger.rulesets._files import read_rulesets
from peer_ledger.rulesets._registry import ruleset, ruleset_ids
from peer_ledger.rulesets._where import rule_file_places

_LINE = re.compile(r"at line ([0-9]+)")
_MISSING = re.compile(r"'([^']+)' is not one of the sources")


@attrs.frozen(kw_only=True)
class Remark:
    """
    Something to mend or to look at in a rule file.

    Attributes:
        line: The line at which it most likely is; `None` when it is about the whole file, or about what another rule
            set says.
        where: The place, by ids: `us-nc-cpss, renewal, renewal-4, training: need`.
        says: What is wrong and what to do.
        is_problem: Whether the file cannot be used; otherwise it is a note.
    """

    line: int | None
    where: str
    says: str
    is_problem: bool


def checked_file(text: str) -> tuple[tuple[RuleSet, ...], tuple[Remark, ...]]:
    """
    Check the text of a rule file.

    Args:
        text: The text.

    Returns:
        Its rule sets, none when it has a problem; and what is to be mended or looked at.
    """
    try:
        found = read_rulesets(text)
    except InvalidData as error:
        rest = error.total - len(error.problems)
        problems = _each_source_once(error.problems)
        more = (Remark(line=None, where="", says=f"and {rest} more", is_problem=True),) if rest else ()
        return (), (*_remarks(text, problems, is_problem=True), *more)
    notes = [
        problem.below(f"rulesets[{place}]")
        for place, rules in enumerate(found)
        for problem in (*rule_notes(rules), *check_rule_words(rules), *other_notes(rules, found))
    ]
    notes += [problem.below(f"rulesets[{place}]") for place, problem in unused(found)]
    return found, tuple(_remarks(text, notes, is_problem=False))


def other_notes(rules: RuleSet, beside: tuple[RuleSet, ...] = ()) -> Iterator[Problem]:
    """
    Yield what a rule set says about other rule sets that is not so.

    Args:
        rules: The rule set.
        beside: The rule sets of the same file.
    """
    known = {*ruleset_ids(), *(one.id for one in beside)}

    def other(ruleset_id: str) -> RuleSet | None:
        own = next((one for one in beside if one.id == ruleset_id), None)
        try:
            return own or ruleset(ruleset_id)
        except PeerLedgerError:  # that of another distribution, which `rules list` names
            return None

    for place, name in enumerate(rules.clock_with):
        if name not in known:
            yield Problem(f"clock_with[{place}]", f"there is no rule set {shown_name(name)}{nearest(name, known)}")
    for path, value in inside("", rules):
        if isinstance(value, Condition) and value.credential is not None and value.credential not in known:
            found = f"there is no rule set {shown_name(value.credential)}{nearest(value.credential, known)}"
            yield Problem(f"{path}.credential", found)
        if isinstance(value, Hours):
            for place, shared in enumerate(value.not_shared_with):
                about = _of_sharing(shared, other(shared.ruleset), own=(rules.id, value.id))
                yield from (problem.below(f"{path}.not_shared_with[{place}]") for problem in about)


def _of_sharing(shared: NotSharedWith, rules: RuleSet | None, *, own: tuple[str, str]) -> Iterator[Problem]:
    """Check what a requirement says about a requirement of another rule set, which must say the same of it."""
    named, requirement = shared.ruleset, shared.requirement
    if rules is None:
        yield Problem("ruleset", f"there is no rule set {shown_name(named)}{nearest(named, ruleset_ids())}")
        return
    theirs = {one.id: one for _, one in inside("", rules) if isinstance(one, Hours)}
    naming = [one for _, one in inside("", rules) if isinstance(one, Hours) and one.id == requirement]
    if not naming:
        found = f"{named!r} has no requirement for hours {shown_name(requirement)}{nearest(requirement, theirs)}"
        yield Problem("requirement", found)
    elif own not in [(back.ruleset, back.requirement) for one in naming for back in one.not_shared_with]:
        yield Problem("", f"{requirement!r} of {named!r} does not name {own[1]!r} in turn, so that it uses no hours")


def _each_source_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the problems, and only the first of those about one missing source: others may inherit its citation."""
    alike = Counter(problem.message for problem in problems if _MISSING.match(problem.message))
    told = set[str]()
    for problem in problems:
        more = alike[problem.message] - 1
        if problem.message in told:
            continue
        if more > 0:
            told.add(problem.message)
            others = f"{more} more places cite it, or inherit that" if more > 1 else "one more place cites it"
            yield Problem(problem.path, f"{problem.message}; {others}")
        else:
            yield problem


def _remarks(text: str, problems: Any, *, is_problem: bool) -> Iterator[Remark]:
    places = rule_file_places(text)
    remarks = []
    for problem in problems:
        where, line = places.of(problem.path)
        if line is None and (found := _LINE.search(problem.message)) is not None:
            line = int(found[1])
        if (found := _MISSING.match(problem.message)) is not None:
            line = _cited_at(text, found[1]) or line
        remarks.append(Remark(line=line, where=where, says=problem.message, is_problem=is_problem))
    yield from sorted(remarks, key=lambda one: one.line or 0)


def _cited_at(text: str, source: str) -> int | None:
    """Return the first line that cites a source, which those that inherit the citation do not; `None` if none does."""
    cites = re.compile(rf"""(?<=["'\[ ]){re.escape(source)}(?=["',\]])""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if cites.search(line)), None)
