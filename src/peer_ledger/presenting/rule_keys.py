"""
Every table and key of a rule file, told by the classes that hold them.
"""

import inspect
import re
import types
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.presenting.tables import Table
from peer_ledger.records import MonthDay, Quantity
from peer_ledger.rules import ByQuestion, RuleSet
from peer_ledger.rulesets._papers import PAPERS
from peer_ledger.rulesets._phrases import ANCHORS, COMPLETIONS
from peer_ledger.rulesets._short_keys import EXTRA_KEYS, SHORT_FORMS


@attrs.frozen(kw_only=True)
class RuleKey:
    """
    A key of a table of a rule file.

    Attributes:
        table: The table: the name of its class, or `File` for the top of a file.
        key: The key, or several that are alike.
        holds: What it holds, in words.
        default: What it is when it is left out; `required` when it may not be.
        meaning: What it means.
    """

    table: str
    key: str
    holds: str
    default: str
    meaning: str


def rule_classes() -> tuple[type, ...]:
    """
    Return the classes that appear in a rule file, the rule set itself first.
    """
    found: list[type] = []
    waiting: list[type] = [RuleSet]
    while waiting:
        cls = waiting.pop(0)
        if cls not in found:
            found.append(cls)
            waiting += [part for field in get_type_hints(cls).values() for part in _classes_in(field)]
    return tuple(found)


def _classes_in(held: Any) -> Iterator[type]:
    """Yield the classes in a type that are written as tables of their own."""
    if isinstance(held, type) and attrs.has(held) and held not in (Quantity, MonthDay, ByQuestion):
        yield held
    for part in get_args(held) if get_origin(held) is not Literal else ():
        yield from _classes_in(part)


def doc_sections(thing: Any) -> dict[str, str]:
    """
    Split a docstring into its sections by name; the text before them has an empty name.
    """
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in (inspect.getdoc(thing) or "").splitlines():
        if re.fullmatch(r"(Attributes|Args|Raises|Returns):", line):
            name = line[:-1]
            found[name] = []
        elif line.startswith(">>>"):
            break
        else:
            found[name].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def doc_entries(section: str) -> dict[str, str]:
    """
    Return the text of a section of a docstring for each name in it.
    """
    found: dict[str, str] = {}
    name = None
    for line in section.splitlines():
        begins = re.match(r"    (\w+): (.*)", line)
        if begins:
            name = begins[1]
            found[name] = begins[2]
        elif name is not None and line.strip():
            found[name] += f" {line.strip()}"
    return found


def keys_of(cls: type) -> Iterator[RuleKey]:
    """
    Yield the keys of a class of a rule file, and those that only a file has.

    Args:
        cls: One of `rule_classes()`.
    """
    meanings = doc_entries(doc_sections(cls).get("Attributes", ""))
    hints = get_type_hints(cls)
    for field in attrs.fields(cls):
        default = "required" if field.default is attrs.NOTHING else _default(field.default)
        if default == "required" and field.name in _MADE.get(cls.__name__, ()):
            default = "made from the rest"
        held = held_in_words(hints[field.name])
        yield RuleKey(
            table=cls.__name__, key=field.name, holds=held, default=default, meaning=meanings.get(field.name, "")
        )
    yield from _extra(cls.__name__)


_REQUIREMENT = ("says", "cites")
_MADE = {
    "RuleSet": ("jurisdiction", "version", "seen_on", "sources"),
    "Source": ("address", "kind", "seen"),
    "Question": ("assumed",),
    "EffectiveFrom": ("cites",),
    "Interval": ("cites",),
    "Edition": ("says",),
    "Procedure": ("step",),
    "UnitValue": ("cites",),
    "Provisional": ("cites",),
    "Recognition": ("cites",),
    "Recurrence": ("cites",),
    "CarryOver": ("cites",),
    "NotSharedWith": ("cites",),
    "Option": ("says",),
    "Documents": (*_REQUIREMENT, "document_kind"),
    **dict.fromkeys(("Hours", "Part", "Cap", "SessionCount", "Custom", "AnyOf"), _REQUIREMENT),
}
"""What need not be written where the file says it elsewhere, or where it can be made from the rest."""


def top_keys() -> Iterator[RuleKey]:
    """
    Yield the keys at the top of a file.
    """
    yield from _extra("File")


def _extra(table: str) -> Iterator[RuleKey]:
    for key, meaning in EXTRA_KEYS.get(table, {}).items():
        yield RuleKey(table=table, key=key, holds="", default="only in a file", meaning=meaning)


def _default(value: Any) -> str:
    if value is None or value in ((), frozenset()):
        return "none"
    if attrs.has(type(value)):
        return str(getattr(value, "kind", ""))
    return str(value).lower() if isinstance(value, bool) else str(value)


def held_in_words(held: Any) -> str:
    """
    Return what a key holds, in words.

    >>> held_in_words(bool), held_in_words(int | None)
    ('`true` or `false`', 'a whole number')
    """
    if get_origin(held) in (Union, types.UnionType):
        return ", or ".join(held_in_words(part) for part in get_args(held) if part is not type(None))
    if get_origin(held) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(held))
    if get_origin(held) is frozenset:
        return "a list of words"
    if get_origin(held) is tuple:
        inner = get_args(held)[0]
        plurals = {str: "strings", int: "whole numbers"}
        return f"a list of {plurals.get(inner) or held_in_words(inner)}"
    words = {
        str: "a string", int: "a whole number", bool: "`true` or `false`", date: "a day", Any: "a value",
        Decimal: 'an exact amount, such as `3` or `"1.5"`', ByQuestion: "a question",
        MonthDay: 'a day of a month, such as `"06-30"`', Quantity: '`"6 months"`',
    }  # fmt: skip
    return words.get(held) or f"[{held.__name__}](#{held.__name__.lower()})"


def _chosen(table: str | None) -> tuple[type, ...]:
    classes = rule_classes()
    if table is None:
        return classes
    names = {cls.__name__.casefold(): cls for cls in classes}
    names |= {kind: cls for cls in classes if isinstance(kind := vars(cls).get("kind"), str)}
    wanted = table.casefold().replace(" ", "")
    if wanted not in names:
        near, known = nearest(wanted, names), few_of(sorted(names))
        raise InvalidValue(f"a rule file has no table {shown_name(table)}{near}; it has {known}")
    return (names[wanted],)


def keys_table(table: str | None = None) -> Table:
    """
    Return every table and key of a rule file.

    Args:
        table: The name or the kind of one table, such as `edition` or `hours`; `None` for all.

    Raises:
        InvalidValue: There is no such table; the message lists those there are.

    >>> keys_table("source").to_rows()[0]["key"]
    'id'
    """
    keys = [*(top_keys() if table is None else ()), *(key for cls in _chosen(table) for key in keys_of(cls))]
    rows = tuple((key.table, key.key, _unlinked(key.holds), key.default, key.meaning) for key in keys)
    return Table(headings=("table", "key", "holds", "default", "meaning"), rows=rows, title="The keys of a rule file")


def keys_text(table: str | None = None) -> str:
    """
    Return every table and key of a rule file as text.

    Args:
        table: The name or the kind of one table, such as `edition` or `hours`; `None` for all.

    Raises:
        InvalidValue: There is no such table; the message lists those there are.
    """
    return "\n".join(_text(table)).strip()


def _text(table: str | None) -> Iterator[str]:
    if table is None:
        yield "The top of a file"
        yield from map(_line, top_keys())
        yield ""
        anchors = ", ".join((*ANCHORS, *(f"{words}ID" for words in COMPLETIONS)))
        yield f"What a day may be counted from: {anchors}, any time, or a day such as 2026-07-01"
        yield f"Papers by name: {', '.join(PAPERS)}, and every kind of document"
        yield 'A value that depends on a question: { by = "QUESTION", READING = VALUE, ... }'
        yield ""
    for cls in _chosen(table):
        kind = vars(cls).get("kind")
        yield f"{cls.__name__}{f' (kind = {kind!r})' if isinstance(kind, str) else ''}".replace("'", '"')
        yield f"  {' '.join(doc_sections(cls)[''].split())}"
        if cls.__name__ in SHORT_FORMS:
            yield f"  Instead of the table: {SHORT_FORMS[cls.__name__]}"
        yield from map(_line, keys_of(cls))
        yield ""


def _line(key: RuleKey) -> str:
    holds = f"{_unlinked(key.holds)}; " if key.holds else ""
    return f"  {key.key}: {holds}{key.default}. {key.meaning}"


def _unlinked(text: str) -> str:
    return re.sub(r"\[(\w+)\]\(#\w+\)", r"\1", text)
