"""
The pages about rule files and about errors, generated from the classes when the documentation is built.
"""

import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

import peer_ledger
from peer_ledger import PeerLedgerError, ruleset, ruleset_ids
from peer_ledger.presenting.rule_keys import RuleKey, doc_entries, doc_sections, keys_of, rule_classes, top_keys
from peer_ledger.rules import ByQuestion
from peer_ledger.rulesets._bundled import bundled_text
from peer_ledger.rulesets._phrases import ANCHORS
from peer_ledger.rulesets._short_keys import SHORT_FORMS
from peer_ledger.rulesets._where import RuleFilePlaces, rule_file_places

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
    "be met. Without a document of the kind, one for documents is short.",
    "UnstatedQuantity": "Without a document of the kind the requirement is short, or an open question if not all need "
    "be on file. With one it is undetermined, whatever that states.",
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


def prose(text: str) -> str:
    """Join the lines of each paragraph."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


# --- what a rule file may hold ----------------------------------------------------------------------------------------


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
        '`{ by = "QUESTION", READING = VALUE, ... }`.\n'
    )
    yield f"What a day may be counted from: {', '.join(ANCHORS)}, any time, or a day such as 2026-07-01.\n"
    yield "## The top of a file\n"
    yield from _rows(top_keys())
    for cls in rule_classes():
        yield from _kind(cls)


def _kind(cls: type) -> Iterator[str]:
    said = doc_sections(cls)
    kind = vars(cls).get("kind")
    yield f"## {cls.__name__}\n"
    if isinstance(kind, str):
        yield f'Written with `kind = "{kind}"`.\n'
    yield f"{prose(said[''])}\n"
    if cls.__name__ in UNKNOWN:
        yield f"**When details are unknown.** {UNKNOWN[cls.__name__]}\n"
    if cls.__name__ in SHORT_FORMS:
        yield f"Instead of the table: {SHORT_FORMS[cls.__name__]}.\n"
    yield from _rows(keys_of(cls))
    found = example(cls)
    if found is None:
        yield "No bundled rule set has one.\n"
    else:
        yield f"In `{found[0]}`:\n\n```toml\n{found[1]}\n```\n"


def _rows(keys: Iterable[RuleKey]) -> Iterator[str]:
    yield "| key | holds | default | meaning |\n|---|---|---|---|"
    for key in keys:
        default = key.default if " " in key.default or key.default in ("required", "none") else f"`{key.default}`"
        yield _row(", ".join(f"`{one}`" for one in key.key.split(", ")), key.holds, default, key.meaning)
    yield ""


def example(cls: type) -> tuple[str, str] | None:
    """Return the first value of a class that a bundled file states: the id of the rule set, and its lines there."""
    for name in ruleset_ids():
        for path in _paths(ruleset(name), cls, ""):
            lines = _lines_at(bundled_text(name) or "", f"{name}{path}")
            if lines:
                return name, "\n".join(lines)
    return None


def _paths(value: Any, cls: type, path: str) -> Iterator[str]:
    if type(value) is cls:
        yield path
    if isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _paths(part, cls, f"{path}[{place}]")
    elif isinstance(value, ByQuestion):
        for reading, part in value.values:
            yield from _paths(part, cls, f"{path}.values.{reading}")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _paths(getattr(value, field.name), cls, f"{path}.{field.name}")


def _readable(lines: list[str]) -> list[str]:
    """Return as many of the first lines as can be read by themselves."""
    while lines:
        try:
            tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError:
            lines = lines[:-1]
        else:
            break
    return lines


@cache
def _places(text: str) -> RuleFilePlaces:
    return rule_file_places(text)


def _lines_at(text: str, path: str, most: int = 14) -> list[str]:
    """Return the lines of a file at which a value stands, with the heading above them."""
    places = _places(text)
    wanted = places.names_of(path)
    own = [line for names, line in places.lines if names[: len(wanted)] == wanted]
    if not own:
        return []
    lines = text.splitlines()
    after = min((line for _, line in places.lines if line > max(own)), default=len(lines) + 1)
    heading = next((line for line in reversed(lines[: min(own)]) if line.startswith("[")), None)
    found = lines[min(own) - 1 : after - 1]
    found = [line for line in found if not line.startswith(("[", "#")) or line == found[0]]
    while found and not found[-1].strip():
        found.pop()
    shown = found if len(found) <= most else [*_readable(found[:most]), "# and so on"]
    return shown if heading is None or shown[0] == heading else [heading, *shown]


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
        for error, when in doc_entries(doc_sections(thing).get("Raises", "")).items():
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
        said = doc_sections(cls)
        built_in = next(base.__name__ for base in cls.__mro__ if base.__module__ == "builtins")
        an = "an" if built_in[0] in "AEIO" else "a"
        where = cls.__module__ if "._" not in cls.__module__ else cls.__module__.partition("._")[0]
        yield f"## {cls.__name__}\n"
        yield f"`{where}.{cls.__name__}`, also {an} `{built_in}`. {prose(said[''])}\n"
        yield f"**What to do.** {TO_DO[cls.__name__]}\n"
        carried = doc_entries(said.get("Attributes", ""))
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
