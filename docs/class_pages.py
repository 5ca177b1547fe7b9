"""
The pages of what a rule file may hold and of the errors, made from the classes whenever the documentation is built.
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
    "Hours": "A training of which the records do not say what decides whether it counts (its hours, its delivery, its "
    "topics) leaves the requirement undetermined if it could make the difference, and otherwise changes nothing.",
    "SessionCount": "A training of which the records do not say what decides whether it counts leaves the requirement "
    "undetermined if it could make the difference.",
    "Documents": "What is not on file is missing only where the ledger says that all such documents are on file; "
    "otherwise that is a question. A document that does not say how much counts for nothing, and leaves the "
    "requirement undetermined if it could make the difference.",
    "Custom": "The function says how much would count if what is not recorded were as it must be. Training that could "
    "make the difference in this way leaves the requirement undetermined; of documents it is as for `Documents`.",
    "AnyOf": "It is met as soon as one way is met for certain. While none is, it is undetermined if one of the "
    "ways is, and short only if all are.",
    "Condition": "A designation or another certificate that is not on file is not held, unless the ledger need not "
    "have them all and `if_unrecorded` names a question about the facts: then that question is open.",
    "GrowingAmount": "Where a day that it grows from or to is not known, the figure is not stated.",
    "Recurrence": "As for the requirement it stands in; what is not met before it is due for the first time is *not "
    "yet due*, and neither short nor undetermined.",
    "CarryOver": "Only what is certain is carried: hours that the records leave open stay behind.",
    "NotSharedWith": "The other credential takes only what is certain, under the assumed readings of its questions. "
    "A rule set that cannot be found takes nothing.",
    "Birthday": "Without the person's birthday, and without a printed expiry, where the certificate stands is not "
    "decided.",
    "Cohorts": "Without the person's cohort, and without a printed expiry, where the certificate stands is not "
    "decided.",
    "Chosen": "Without the length that was chosen, and without a printed expiry, where the certificate stands is "
    "not decided.",
    "Unstated": "What hinges on it is undetermined, and the figure up to which it would be met is told.",
}
"""What becomes of what the records do not say, for classes whose own words do not tell."""

TO_DO = {
    "PeerLedgerError": "Catch it to catch every error that the package raises on purpose.",
    "InvalidRecord": "Mend each of the `problems`, whose paths name the fields, and build the record again.",
    "InvalidData": "Mend each of the `problems` where its path says, and read the data again; nothing of it was taken.",
    "InvalidValue": "Give the value as the message says.",
    "NotARecord": "Build a record of `peer_ledger.records` first, or read it with `record_from_dict`.",
    "ConflictingRecords": "Correct an entry with `Ledger.correct` or `reconcile`; a different record needs another id.",
    "UnknownRecord": "Look the id up: it is case-sensitive, and those of other ledgers are not known here.",
    "UnknownPerson": "Look the id up: it is case-sensitive.",
    "LedgerMisuse": "Do as the message says: open the ledger anew, or to be written, or install the extra it names.",
    "LedgerFileError": "Do as the message says; the file was left as it was.",
    "LedgerNotFound": "Look at the path; a ledger is made by opening it to be written.",
    "NotALedger": "Give the path of a ledger; the file was left as it was.",
    "NewerFormat": "Install the version of the package that wrote the file, or a later one.",
    "DamagedLedger": "Keep the file, and restore the last copy of which `verify` finds the head that was noted down.",
    "LedgerNotWritable": "Give the process leave to write the file and its folder, or open it with `read_only=True`.",
    "DiskFull": "Make room and append the same again: what had been appended before is there.",
    "LedgerBusy": "Try again, or open the ledger with a longer `wait`, in seconds.",
    "RuleSetNotFound": "Ask for one of those that the message lists, or install the distribution that has it.",
    "UnusableRuleSet": "Uninstall one of the distributions that the message names, or mend it.",
    "UnusableCheck": "Mend the function that the message names, install the distribution that has it, or rename one of "
    "two; what it raised itself is the error's `__cause__`.",
    "ProfileNotFound": "Ask for one of those that the message lists, or give the path of a file of profiles.",
    "InvalidPlan": "Mend the requirements as the message says.",
    "InvalidCell": "Mend the hours as the message says.",
    "TooManyCombinations": "State fewer alternatives, let cells be divided, or raise `most_combinations`.",
    "NotABoolean": "Ask for what the message names instead of taking an answer for yes or no.",
}
"""What a caller is to do about each error."""


def write_pages(*_: Any) -> None:
    """Write both pages; what has not changed is left alone."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in (("kinds.md", kinds_page()), ("errors.md", errors_page())):
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


# --- docstrings -------------------------------------------------------------------------------------------------------


def sections(thing: Any) -> dict[str, str]:
    """Part a docstring into what stands above its sections, under an empty name, and each of them."""
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
    """Return what a section says of each name."""
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
    """Write paragraphs in one line each."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


# --- what a rule file may hold ----------------------------------------------------------------------------------------


def kinds() -> list[type]:
    """List the classes of which a rule file holds values, the rule set itself first."""
    found: list[type] = []
    waiting: list[type] = [RuleSet]
    while waiting:
        cls = waiting.pop(0)
        if cls not in found:
            found.append(cls)
            waiting += [one for field in get_type_hints(cls).values() for one in classes_in(field)]
    return found


def classes_in(held: Any) -> Iterator[type]:
    """Yield the classes of this package that are parts of a type and are written as tables of their own."""
    if isinstance(held, type) and attrs.has(held) and held not in (Quantity, MonthDay, ByQuestion):
        yield held
    for part in get_args(held) if get_origin(held) is not Literal else ():
        yield from classes_in(part)


def kinds_page() -> str:
    """Make the page of what a rule file may hold."""
    return "\n".join(_kinds_page()) + "\n"


def _kinds_page() -> Iterator[str]:
    yield "# What a rule file may hold\n"
    yield (
        "Made from the classes when this documentation is built: each table of a rule file, its keys, and the first "
        "place in a bundled rule set where it occurs. [Rule sets](../rules.md) says how a file is laid out.\n"
    )
    yield (
        "Hours are clock hours. Where *a question* may stand, the value may be written "
        '`{ by = "QUESTION", values = { READING = VALUE, ... } }`. `cites` are the ids of sources.\n'
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
        yield f"**What is not known.** {UNKNOWN[cls.__name__]}\n"
    yield "| key | holds | left out | meaning |\n|---|---|---|---|"
    hints = get_type_hints(cls)
    for field in attrs.fields(cls):
        default = "needed" if field.default is attrs.NOTHING else _default(field.default)
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
    """Say what a key holds."""
    if get_origin(held) in (Union, types.UnionType):
        return ", or ".join(holds(part) for part in get_args(held) if part is not type(None))
    if get_origin(held) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(held))
    if get_origin(held) is frozenset:
        return "a list of words"
    if get_origin(held) is tuple:
        inner = get_args(held)[0]
        return "a list of texts" if inner is str else f"a list of {holds(inner)}"
    words = {
        str: "a text", int: "a whole number", bool: "`true` or `false`", date: "a day", Any: "a value",
        Decimal: 'an exact amount, as `3` or `"1.5"`', ByQuestion: "a question",
        MonthDay: 'a day of a month, as `"06-30"`', Quantity: '`{ amount = "6", unit = "month" }`',
    }  # fmt: skip
    return words.get(held) or f"[{held.__name__}](#{held.__name__.lower()})"


def example(cls: type) -> tuple[str, str] | None:
    """Find the first value of a class in the bundled rule sets: whose it is, and how it is written."""
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
    return next((found for one, part in inner if part and (found := _found(one, part, cls)) is not None), None)


def _written(data: dict[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and len(json.dumps(value)) > 300:
            yield f"# {name}: {len(value)} of them"
        else:
            yield f"{name} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple | frozenset):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool | int) else str(value)


# --- errors -----------------------------------------------------------------------------------------------------------


def modules() -> list[Any]:
    """Return every module of the package."""
    found = pkgutil.walk_packages(peer_ledger.__path__, "peer_ledger.")
    return [import_module(one.name) for one in found if not one.name.endswith("__main__")]


def error_classes() -> list[type]:
    """List every error of the package, the root first and each one before those that derive from it."""
    modules()
    found: list[type] = []

    def take(cls: type) -> None:
        if cls not in found and cls.__module__.startswith("peer_ledger") and not cls.__name__.startswith("_"):
            found.append(cls)
            for one in cls.__subclasses__():
                take(one)

    take(PeerLedgerError)
    return found


def raisers() -> dict[str, dict[str, str]]:
    """Return for the name of each error the functions that say that they raise it, and when."""
    found: dict[str, dict[str, str]] = {}
    for module in modules():
        if "._" in module.__name__:
            continue
        for one in vars(module).values():
            if inspect.isfunction(one) or inspect.isclass(one):
                _take_raised(one, found)
                for method in vars(one).values() if inspect.isclass(one) else ():
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
    """Make the page of the errors."""
    return "\n".join(_errors_page()) + "\n"


def _errors_page() -> Iterator[str]:
    yield "# Errors\n"
    yield (
        "Made from the classes when this documentation is built. Every error is a `PeerLedgerError` and also the "
        "built-in error that a caller would catch. What it is about stands in its attributes; no message shows more of "
        "a value than a figure, a date, an id or a word.\n"
    )
    raised = raisers()
    for cls in error_classes():
        said = sections(cls)
        built_in = next(one.__name__ for one in cls.__mro__ if one.__module__ == "builtins")
        an = "an" if built_in[0] in "AEIO" else "a"
        where = cls.__module__ if "._" not in cls.__module__ else cls.__module__.partition("._")[0]
        yield f"## {cls.__name__}\n"
        yield f"`{where}.{cls.__name__}`, also {an} `{built_in}`. {prose(said[''])}\n"
        yield f"**What to do.** {TO_DO[cls.__name__]}\n"
        carried = named(said.get("Attributes", ""))
        if carried:
            yield "| it carries | which is |\n|---|---|"
            yield from (_row(f"`{name}`", what) for name, what in carried.items())
            yield ""
        if raised.get(cls.__name__):
            yield "| raised by | when |\n|---|---|"
            yield from (_row(f"`{name}`", when) for name, when in sorted(raised[cls.__name__].items()))
            yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"
