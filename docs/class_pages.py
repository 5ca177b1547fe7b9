"""
The pages about rule files and about errors, generated from the classes when the documentation is built.
"""

import inspect
import json
import pkgutil
import re
import types
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

import peer_ledger
from peer_ledger import PeerLedgerError, RuleSet, ruleset, ruleset_ids
from peer_ledger.records import MonthDay, Quantity
from peer_ledger.rules import ByQuestion
from peer_ledger.rulesets import ruleset_to_dict

FOLDER = Path(__file__).parent / "reference" / "classes"

UNKNOWN = {
    "Hours": "A training whose records lack a detail that decides whether it counts (its hours, its delivery, its "
    "topics) leaves the requirement undetermined if it could make the difference, and otherwise changes nothing.",
    "SessionCount": "A training whose records lack a detail that decides whether it counts leaves the requirement "
    "undetermined if it could make the difference.",
    "Documents": "A document that is not on file is missing only if the ledger says that all such documents are on "
    "file; otherwise the requirement is an open question. A document that does not state its amount counts for "
    "nothing, and leaves the requirement undetermined if it could make the difference.",
    "Custom": "The function states how much would count if every unrecorded detail were favorable. Training that "
    "could make the difference leaves the requirement undetermined; documents are treated as with `Documents`.",
    "AnyOf": "It is met as soon as any option is certainly met. Otherwise it is undetermined if any option is "
    "undetermined, and short only if all are short.",
    "Condition": "A designation or another certificate that is not on file is not held, unless the ledger may be "
    "incomplete and `if_unrecorded` names a question about the facts: then that question is open.",
    "GrowingAmount": "If a day that it grows from or to is unknown, the figure is unstated.",
    "Recurrence": "The same as for its requirement; while the requirement is not due for the first time, it is *not "
    "yet due* instead of short or undetermined.",
    "CarryOver": "Only hours that certainly count are carried over.",
    "NotSharedWith": "The other credential uses only hours that certainly count, under the assumed readings of its "
    "questions. A rule set that cannot be found uses none.",
    "Birthday": "Without the person's birthday or a printed expiration date, the standing is undetermined.",
    "Cohorts": "Without the person's cohort or a printed expiration date, the standing is undetermined.",
    "Chosen": "Without the chosen length or a printed expiration date, the standing is undetermined.",
    "Unstated": "A requirement that depends on it is undetermined, and the finding gives the largest figure that would "
    "be met.",
}
"""What happens when a detail is not on record, for classes whose docstrings do not say."""

TO_DO = {
    "PeerLedgerError": "Catch it to catch every error that the package raises on purpose.",
    "InvalidRecord": "Fix each of the `problems`, whose paths name the fields, and build the record again.",
    "InvalidData": "Fix each of the `problems` at its path, and read the data again; none of it was accepted.",
    "InvalidValue": "Pass a value as the message describes.",
    "NotARecord": "Build a record from `peer_ledger.records` first, or read one with `record_from_dict`.",
    "ConflictingRecords": "Correct an entry with `Ledger.correct` or `reconcile`; a different record needs its own id.",
    "UnknownRecord": "Check the id: it is case-sensitive, and ids of other ledgers are unknown here.",
    "UnknownPerson": "Check the id: it is case-sensitive.",
    "LedgerMisuse": "Do as the message says: reopen the ledger, open it for writing, or install the extra it names.",
    "LedgerFileError": "Do as the message says; the file was not changed.",
    "LedgerNotFound": "Check the path; to create a ledger, open it for writing.",
    "NotALedger": "Pass the path of a ledger; the file was not changed.",
    "NewerFormat": "Install the version of the package that wrote the file, or a later one.",
    "DamagedLedger": "Keep the file, and restore the last copy in which `verify` finds the head that was noted down.",
    "LedgerNotWritable": "Let the process write to the file and its folder, or open it with `read_only=True`.",
    "LedgerReplaced": "Close everything that has the ledger open, and restore it as the how-to describes.",
    "DiskFull": "Free some space and append the same records again; earlier entries are intact.",
    "OutputRefused": "Give the output another name; nothing was written.",
    "LedgerBusy": "Try again, or open the ledger with a longer `wait`, in seconds.",
    "RuleSetNotFound": "Ask for a rule set that the message lists, or install the distribution that has it.",
    "UnusableRuleSet": "Uninstall one of the distributions that the message names, or fix it.",
    "UnusableCheck": "Fix the function that the message names, install the distribution that has it, or rename one of "
    "two; an exception that the function raised is the error's `__cause__`.",
    "ProfileNotFound": "Ask for a profile that the message lists, or pass the path of a file of profiles.",
    "InvalidPlan": "Fix the requirements as the message says.",
    "InvalidCell": "Fix the hours as the message says.",
    "TooManyCombinations": "State fewer alternatives, let cells be divided, or raise `most_combinations`.",
    "NotABoolean": "Use the attribute that the message names instead of treating the result as true or false.",
}
"""What a caller should do about each error."""


def write_pages(*_: Any) -> None:
    """Write both pages; a page that has not changed is left alone."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in (("kinds.md", kinds_page()), ("errors.md", errors_page())):
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


# --- docstrings -------------------------------------------------------------------------------------------------------


def sections(thing: Any) -> dict[str, str]:
    """Split a docstring into its sections by name; the text before them has an empty name."""
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


def named(section: str) -> dict[str, str]:
    """Return the text of a section for each name in it."""
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


def prose(text: str) -> str:
    """Join the lines of each paragraph."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


# --- what a rule file may hold ----------------------------------------------------------------------------------------


def kinds() -> list[type]:
    """Return the classes that appear in a rule file, the rule set itself first."""
    found: list[type] = []
    waiting: list[type] = [RuleSet]
    while waiting:
        cls = waiting.pop(0)
        if cls not in found:
            found.append(cls)
            waiting += [part for field in get_type_hints(cls).values() for part in classes_in(field)]
    return found


def classes_in(held: Any) -> Iterator[type]:
    """Yield the classes in a type that are written as tables of their own."""
    if isinstance(held, type) and attrs.has(held) and held not in (Quantity, MonthDay, ByQuestion):
        yield held
    for part in get_args(held) if get_origin(held) is not Literal else ():
        yield from classes_in(part)


def kinds_page() -> str:
    """Return the page about the contents of a rule file."""
    return "\n".join(_kinds_page()) + "\n"


def _kinds_page() -> Iterator[str]:
    yield "# Every table and key of a rule file\n"
    yield (
        "Generated from the classes when this documentation is built: each table of a rule file, its keys, and its "
        "first use in a bundled rule set. [Rule sets](../rules.md) explains how a file is laid out.\n"
    )
    yield (
        "Hours are clock hours. Where a key accepts *a question*, its value may be written as "
        '`{ by = "QUESTION", values = { READING = VALUE, ... } }`.\n'
    )
    for cls in kinds():
        yield from _kind(cls)


def _kind(cls: type) -> Iterator[str]:
    said = sections(cls)
    meanings = named(said.get("Attributes", ""))
    kind = vars(cls).get("kind")
    yield f"## {cls.__name__}\n"
    if isinstance(kind, str):
        yield f'Written with `kind = "{kind}"`.\n'
    yield f"{prose(said[''])}\n"
    if cls.__name__ in UNKNOWN:
        yield f"**When details are unknown.** {UNKNOWN[cls.__name__]}\n"
    yield "| key | holds | default | meaning |\n|---|---|---|---|"
    hints = get_type_hints(cls)
    for field in attrs.fields(cls):
        default = "required" if field.default is attrs.NOTHING else _default(field.default)
        yield _row(f"`{field.name}`", holds(hints[field.name]), default, meanings.get(field.name, ""))
    yield ""
    found = example(cls)
    if found is None:
        yield "No bundled rule set has one.\n"
    else:
        yield f"In `{found[0]}`:\n\n```toml\n{found[1]}\n```\n"


def _default(value: Any) -> str:
    if value is None or value == ():
        return "none"
    return f"`{_toml(value)}`"


def holds(held: Any) -> str:
    """Return what a key holds, in words."""
    if get_origin(held) in (Union, types.UnionType):
        return ", or ".join(holds(part) for part in get_args(held) if part is not type(None))
    if get_origin(held) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(held))
    if get_origin(held) is frozenset:
        return "a list of words"
    if get_origin(held) is tuple:
        inner = get_args(held)[0]
        plurals = {str: "strings", int: "whole numbers"}
        return f"a list of {plurals.get(inner) or holds(inner)}"
    words = {
        str: "a string", int: "a whole number", bool: "`true` or `false`", date: "a day", Any: "a value",
        Decimal: 'an exact amount, such as `3` or `"1.5"`', ByQuestion: "a question",
        MonthDay: 'a day of a month, such as `"06-30"`', Quantity: '`{ amount = "6", unit = "month" }`',
    }  # fmt: skip
    return words.get(held) or f"[{held.__name__}](#{held.__name__.lower()})"


def example(cls: type) -> tuple[str, str] | None:
    """Return the first value of a class in the bundled rule sets: the id of the rule set, and the value as TOML."""
    for name in ruleset_ids():
        rules = ruleset(name)
        found = _found(rules, ruleset_to_dict(rules), cls)
        if found is not None:
            return name, "\n".join(_written(found))
    return None


def _found(value: Any, data: Any, cls: type) -> dict[str, Any] | None:
    if type(value) is cls:
        return dict(data)
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, tuple):
        inner = list(zip(value, data, strict=True))
    elif isinstance(value, ByQuestion):
        inner = [(part, data["values"][name]) for name, part in value.values]
    elif attrs.has(type(value)) and isinstance(data, dict):
        inner = [(getattr(value, field.name), data.get(field.name)) for field in attrs.fields(type(value))]
    return next((found for built, part in inner if part and (found := _found(built, part, cls)) is not None), None)


def _written(data: dict[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and len(json.dumps(value)) > 300:
            yield f"# {name}: {len(value)} tables"
        else:
            yield f"{name} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list | tuple | frozenset):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool | int) else str(value)


# --- errors -----------------------------------------------------------------------------------------------------------


def modules() -> list[Any]:
    """Return every module of the package."""
    found = pkgutil.walk_packages(peer_ledger.__path__, "peer_ledger.")
    return [import_module(module.name) for module in found if not module.name.endswith("__main__")]


def error_classes() -> list[type]:
    """Return every error class of the package, each before those that derive from it."""
    modules()
    found: list[type] = []

    def take(cls: type) -> None:
        if cls not in found and cls.__module__.startswith("peer_ledger") and not cls.__name__.startswith("_"):
            found.append(cls)
            for derived in cls.__subclasses__():
                take(derived)

    take(PeerLedgerError)
    return found


def raisers() -> dict[str, dict[str, str]]:
    """Return, by the name of each error, the functions documented to raise it, and when."""
    found: dict[str, dict[str, str]] = {}
    for module in modules():
        if "._" in module.__name__:
            continue
        for thing in vars(module).values():
            if inspect.isfunction(thing) or inspect.isclass(thing):
                _take_raised(thing, found)
                for method in vars(thing).values() if inspect.isclass(thing) else ():
                    _take_raised(getattr(method, "__func__", method), found)
    return found


def _take_raised(thing: Any, found: dict[str, dict[str, str]]) -> None:
    name = getattr(thing, "__qualname__", "")
    module = str(getattr(thing, "__module__", ""))
    is_public = "._" not in module or name.partition(".")[0] in peer_ledger.__all__
    if name and is_public and module.startswith("peer_ledger"):
        for error, when in named(sections(thing).get("Raises", "")).items():
            found.setdefault(error, {})[name] = when


def errors_page() -> str:
    """Return the page about errors."""
    return "\n".join(_errors_page()) + "\n"


def _errors_page() -> Iterator[str]:
    yield "# Errors\n"
    yield (
        "Generated from the classes when this documentation is built. Every error is a `PeerLedgerError` and also the "
        "built-in error that a caller would catch. Its attributes hold the details; a message shows no more of a value "
        "than a figure, a date, an id or a word.\n"
    )
    raised = raisers()
    for cls in error_classes():
        said = sections(cls)
        built_in = next(base.__name__ for base in cls.__mro__ if base.__module__ == "builtins")
        an = "an" if built_in[0] in "AEIO" else "a"
        where = cls.__module__ if "._" not in cls.__module__ else cls.__module__.partition("._")[0]
        yield f"## {cls.__name__}\n"
        yield f"`{where}.{cls.__name__}`, also {an} `{built_in}`. {prose(said[''])}\n"
        yield f"**What to do.** {TO_DO[cls.__name__]}\n"
        carried = named(said.get("Attributes", ""))
        if carried:
            yield "| attribute | meaning |\n|---|---|"
            yield from (_row(f"`{name}`", what) for name, what in carried.items())
            yield ""
        if raised.get(cls.__name__):
            yield "| raised by | when |\n|---|---|"
            yield from (_row(f"`{name}`", when) for name, when in sorted(raised[cls.__name__].items()))
            yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
