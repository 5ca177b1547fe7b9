"""
The check of a rule file for its author: problems and notes, each named by ids and by the line of the file.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.errors import InvalidData, PeerLedgerError, Problem, nearest, shown_id, shown_name
from peer_ledger.rules import Hours, NotSharedWith, RuleSet
from peer_ledger.rules._consulted import inside
from peer_ledger.rules._notes import rule_notes, unused
from peer_ledger.rules._points import Condition
from peer_ledger.rules._words import check_rule_words
from peer_ledger.rulesets._files import read_rulesets
from peer_ledger.rulesets._registry import ruleset, ruleset_ids

_STEP = re.compile(r"([A-Za-z_-]+)|\[([0-9]+)\]")
_NAMED_BY = ("id", "step", "unit", "method", "name")


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
        more = (Remark(line=None, where="", says=f"and {rest} more", is_problem=True),) if rest else ()
        return (), (*_remarks(text, error.problems, is_problem=True), *more)
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


def _remarks(text: str, problems: Any, *, is_problem: bool) -> Iterator[Remark]:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        data = {}
    lines = text.splitlines()
    for problem in problems:
        where, line = _place(problem.path, data, lines)
        yield Remark(line=line, where=where, says=problem.message, is_problem=is_problem)


def _place(path: str, data: Any, lines: list[str]) -> tuple[str, int | None]:
    """Return the ids on a path, with the field at its end, and the line of the file at which that most likely is."""
    names, fields, line, is_inherited = list[str](), list[str](), 0, False
    value = data
    for step in _STEP.finditer(path):
        if step[1] is not None:
            fields.append(step[1])
            value = value.get(step[1]) if isinstance(value, Mapping) else None
            continue
        place = int(step[2])
        value = value[place] if isinstance(value, list) and place < len(value) else None
        is_inherited = is_inherited or (isinstance(value, Mapping) and "extends" in value)
        key = next((key for key in _NAMED_BY if isinstance(value, Mapping) and isinstance(value.get(key), str)), None)
        if key is None or value is None:
            fields.append(f"[{place}]")
            continue
        names.append(shown_id(value[key]).strip("'"))
        fields = []
        line = _after(lines, line, rf"\b{key}\s*=\s*[\"']{re.escape(value[key])}[\"']") or line
    where = ".".join(fields).replace(".[", "[")
    field = next((name for name in reversed(fields) if not name.startswith("[")), None)
    if field is not None:
        line = (names and _after(lines, max(line - 1, 0), rf"\b{re.escape(field)}\s*=", most=12)) or line
    where = ", ".join(names) + (f": {where}" if names and where else where)
    return where, line if line and not is_inherited else None


def _after(lines: list[str], line: int, pattern: str, most: int | None = None) -> int | None:
    """Return the number of the first line from a line on that matches a pattern."""
    last = len(lines) if most is None else min(len(lines), line + most)
    return next((number + 1 for number in range(line, last) if re.search(pattern, lines[number])), None)
