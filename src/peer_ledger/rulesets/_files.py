"""
Rule sets as TOML: read strictly, written back, and digested.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from peer_ledger.errors import MOST_PROBLEMS, InvalidData, InvalidValue, Problem, nearest, shown, shown_name
from peer_ledger.records import MonthDay
from peer_ledger.rules import PROSE, ByQuestion, RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._brackets import A_TABLE, with_brackets_mended
from peer_ledger.rulesets._defaults import FILE_KEYS, in_sentences
from peer_ledger.rulesets._once import likes_of, usable, without_inherited
from peer_ledger.rulesets._resolving import MOST_LEVELS, RuleFile, named_sets, parts_of, resolved
from peer_ledger.rulesets._short import written_out
from peer_ledger.rulesets._told import in_words, is_baseless, is_missing, told
from peer_ledger.values._arguments import A_TEXT, arguments
from peer_ledger.values._fields import MOST_ITEMS
from peer_ledger.values._strict import REFUSED, Strict, exactly, is_built
from peer_ledger.values._toml import parse_toml
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import exact, plain

FORMAT = 1
_TOP = ("format", "sources", "rulesets", *FILE_KEYS)
LARGEST = 2**18
"""How many characters a file may have."""


@arguments(text=A_TEXT)
def read_rulesets(text: str) -> tuple[RuleSet, ...]:
    """
    Read a file of rule sets.

    Args:
        text: TOML with `format = 1`, `[[sources]]` that all of its rule sets may cite, and `[[rulesets]]`.

    Raises:
        InvalidData: Something in it is wrong; the first hundred problems are listed with their paths.
    """
    data, brackets = with_brackets_mended(_parsed(text))
    named = {name for name, _ in named_sets(data)}
    problems = brackets + [
        Problem(shown_name(key).strip("'"), A_TABLE if "-" in key else f"unknown key{nearest(key, _TOP)}")
        for key in data
        if key not in _TOP and key not in named
    ]
    if type(data.get("format")) is not int or data["format"] != FORMAT:
        problems.append(Problem("format", f"is {FORMAT}, not {shown(data.get('format'))}"))
    data, wrong = usable(data, _TOP)
    problems += wrong
    file = parts_of(data)
    is_listed = type(data["rulesets"]) is list if "rulesets" in data else bool(named)
    if not is_listed or not 0 < len(file.rulesets) <= MOST_ITEMS:
        problems.append(Problem("rulesets", f"is a list of one rule set or more, and of {MOST_ITEMS} at most"))
        file = RuleFile(file.top, ())
    rulesets, inner = _several(file)
    problems += inner
    ids = Counter(ruleset.id for ruleset in rulesets if is_built(ruleset.id))
    twice = [(name, times) for name, times in ids.items() if times > 1]
    problems += [Problem("rulesets", f"{name!r} is listed {times} times; list it once") for name, times in twice]
    if problems:
        raise InvalidData("rule file", tuple(map(in_words, problems)))
    return tuple(rulesets)


def _several(file: RuleFile) -> tuple[list[RuleSet], list[Problem]]:
    """Build the rule sets of a file, until there are more problems than are told."""
    top = dict(file.top)
    if type(top.get("sources")) is list:  # of too many so many are looked at that they are found to be too many
        top["sources"] = top["sources"][: MOST_ITEMS + 1]
    rulesets: list[RuleSet] = []
    problems: dict[Problem, None] = {}
    before: dict[str, Any] = {}
    depths: dict[str, int] = {}
    told: set[str] = set()
    baseless: set[str] = set()
    for path, one in file.rulesets:
        own: list[Problem] = []
        is_refining = type(one) is dict and "extends" in one
        levels = depths.get(one["extends"], 0) + 1 if is_refining and type(one["extends"]) is str else 0
        if levels > MOST_LEVELS:
            problems[Problem(f"{path}.extends", f"extends more than {MOST_LEVELS} rule sets, one by another")] = None
            break
        whole = resolved(one, top, before, _parsed, own)
        is_shared = "sources" in top and type(one) is dict and "sources" not in one and not is_refining
        made, inner = _ruleset(path, whole, own, is_shared=is_shared)
        tails = set(map(_tail, inner))
        if is_refining:  # what is wrong with the one that it extends is told there
            inner = [problem for problem in inner if _tail(problem) not in told]
        if is_refining and type(one["extends"]) is str and one["extends"] in baseless:
            inner = [problem for problem in inner if not is_missing(problem)]
        told |= tails
        if type(one) is dict and type(one.get("id")) is str and any(map(is_baseless, inner)):
            baseless.add(one["id"])
        inner = list(without_inherited(inner, whole, likes_of(written_out(one))))
        if type(whole) is dict and type(whole.get("id")) is str:
            before[whole["id"]] = whole
            depths[whole["id"]] = levels
        problems |= dict.fromkeys(inner)
        rulesets += [made] if made is not None else []
        if len(problems) >= MOST_PROBLEMS:
            break
    return rulesets, list(problems)


def _tail(problem: Problem) -> str:
    """Return the path of a problem without the place of its rule set in the file."""
    return problem.path if problem.path.startswith("sources") else problem.path.partition(".")[2] or problem.path


def _ruleset(path: str, data: Any, own: list[Problem], *, is_shared: bool) -> tuple[RuleSet | None, list[Problem]]:
    """Build one rule set of a file; sources that all of them share stand at the file's top."""
    made, problems = _built(in_sentences(data))
    problems = told(own, problems)
    return made, [
        problem if problem.path.startswith("sources") and is_shared else problem.below(path) for problem in problems
    ]


def _built(data: Any) -> tuple[RuleSet | None, list[Problem]]:
    problems: list[Problem] = []
    try:
        made = _STRICT.build(RuleSet, data, problems)
        if made is REFUSED:
            return None, problems
        return made, [*problems, *problems_of(made)]
    except RecursionError:
        return None, [Problem("", "is nested too deeply")]


def ruleset_to_dict(ruleset: RuleSet) -> dict[str, Any]:
    """
    Turn a rule set into plain values: what `read_rulesets` reads, with days and amounts as texts for JSON.
    """
    plain_form: dict[str, Any] = _plain(ruleset, frozenset())
    return plain_form


def ruleset_from_dict(data: Any) -> RuleSet:
    """
    Build the rule set that plain values describe.

    Raises:
        InvalidData: Something in them is wrong; all of it is listed.
    """
    made, problems = _built(data)
    if made is None or problems:
        raise InvalidData("rule set", tuple(problems))
    return made


def digest_of(ruleset: RuleSet) -> str:
    """
    Return the digest of what a rule set decides: of its canonical form without the prose fields.

    Returns:
        64 hexadecimal digits.
    """
    text = json.dumps(_plain(ruleset, PROSE), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(text: str) -> dict[str, Any]:
    return parse_toml(text, "rule file", LARGEST, _Float)


class _Float(str):
    """A figure with a point that was not written as a text."""

    __slots__ = ()


def _day(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date | str) or isinstance(value, _Float):
        raise InvalidValue(f"must be a day, such as 2020-07-01, not {shown(value)}")
    return as_day(value)


def _amount(value: Any) -> Decimal:
    if type(value) is _Float:
        written = f'"{value}"' if len(value) <= 40 else "it as a text"
        raise InvalidValue(f"is a binary float where exactness counts; write {written}")
    if type(value) not in (int, str):
        raise InvalidValue(f'must be a whole number or a text such as "1.5", not {shown(value)}')
    return exact(value)


_LEAVES: dict[Any, Callable[[Any], Any]] = {
    str: exactly(str, "a text"),
    int: exactly(int, "a whole number"),
    bool: exactly(bool, "true or false"),
    date: _day,
    Decimal: _amount,
    MonthDay: MonthDay.parse,
}
_STRICT = Strict(_LEAVES, varying=ByQuestion)


def _plain(value: Any, without: frozenset[str]) -> Any:
    if isinstance(value, ByQuestion):
        return {"by": value.by, "values": {name: _plain(part, without) for name, part in value.values}}
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | MonthDay):
        return str(value)
    if isinstance(value, tuple | frozenset):
        return [_plain(part, without) for part in (value if isinstance(value, tuple) else sorted(value))]
    return _plain_object(value, without) if attrs.has(type(value)) else value


def _plain_object(value: Any, without: frozenset[str]) -> dict[str, Any]:
    kind = getattr(type(value), "kind", None)
    known = {
        field.name: _plain(part, without)
        for field in attrs.fields(type(value))
        if field.name not in without
        and (part := getattr(value, field.name)) is not None
        and not (part == () and field.default == ())
    }
    return known if kind is None else {"kind": kind, **known}
