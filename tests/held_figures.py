"""
Which figures and days of the bundled rule sets no worked case holds.

    python tests/held_figures.py us-nc-cpss us-az-cprs

moves each figure and each day of a rule file, one at a time, by its smallest step up and down, and runs the worked cases
against what comes of it.  A step that no case notices is printed, unless it is listed with a reason; so is how many there
were.  Without ids it takes all rule sets.  The steps are a quarter hour of training, a month of a cycle, a day of a date,
otherwise one.

A figure that an edition takes over from the one that it is like, or a rule set from the one that it extends, stands in
the file once: a case of any of these holds it.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs

from peer_ledger import ruleset, ruleset_ids
from peer_ledger.errors import PeerLedgerError
from peer_ledger.records import MonthDay
from peer_ledger.rules import ByQuestion, RelativeDate, RuleSet
from peer_ledger.rulesets._bundled import bundled_files
from peer_ledger.testing import read_cases
from peer_ledger.testing.cases import WorkedCase, run_case

DAY = timedelta(days=1)
QUARTER = Decimal("0.25")
NOT_RULES = {"notice_days", "seen_on", "questions", "sources", "step_notes", "provisional.longest"}
"""What holds no figure of a rule: when a table says *due soon*, when a page was seen, what tells two certificates apart."""

Rebuilt = Callable[[Any], Any]


Where = tuple[str, ...]
Rebuilt = Callable[[Any], Any]
Key = tuple[str, Where, int]


@attrs.frozen
class Step:
    """A figure or day of a rule set, and the rule set in which it is one step higher or lower."""

    ruleset: str
    path: Where
    way: int
    value: Any
    to: Any
    rules: RuleSet

    def __str__(self) -> str:
        return f"{self.ruleset}: {'.'.join(self.path)}: {shown(self.value)} -> {shown(self.to)}"


def steps(rules: RuleSet) -> Iterator[Step]:
    """Yield each step of each figure and day of a rule set that can be built."""
    for path, value, rebuilt in figures(rules, (), lambda new: new):
        for way, to in moved(value, path):
            try:
                changed = rebuilt(to)
            except (PeerLedgerError, ValueError, OverflowError):
                continue
            yield Step(rules.id, path, way, value, to, changed)


def figures(value: Any, path: Where, rebuilt: Rebuilt) -> Iterator[tuple[Where, Any, Rebuilt]]:
    """Yield each figure and day of a part of a rule set, with its path and with what builds the rule set with another."""
    if set(path) & NOT_RULES or ".".join(path) in NOT_RULES:
        return
    if isinstance(value, int | Decimal | date | MonthDay | RelativeDate) and not isinstance(value, bool):
        yield path, value, rebuilt
    if isinstance(value, ByQuestion):
        for place, (reading, part) in enumerate(value.values):

            def under(new: Any, place: int = place, reading: str = reading) -> Any:
                values = (*value.values[:place], (reading, new), *value.values[place + 1 :])
                return rebuilt(attrs.evolve(value, values=values))

            yield from figures(part, (*path, reading), under)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):

            def among(new: Any, place: int = place) -> Any:
                return rebuilt((*value[:place], new, *value[place + 1 :]))

            name = getattr(part, "id", None) or getattr(part, "step", None) or str(place)
            yield from figures(part, (*path, name), among)
    elif attrs.has(type(value)) and not isinstance(value, MonthDay):
        for field in attrs.fields(type(value)):
            if isinstance(value, RelativeDate) and field.name in ("months", "days", "day"):
                continue  # moved as a whole

            def inside(new: Any, name: str = field.name) -> Any:
                return rebuilt(attrs.evolve(value, **{name: new}))

            yield from figures(getattr(value, field.name), (*path, field.name), inside)


def moved(value: Any, path: Where) -> Iterator[tuple[int, Any]]:
    """Yield a figure or day one step higher and one lower, where there is such a one that may change an answer."""
    for way in (1, -1):
        if isinstance(value, RelativeDate):
            is_any_time = value.of == "never" or any(_is_before_all(day) for day in (value.day, value.due_until))
            is_asked_until_filing = path[-1] == "ends" or path[-2] == "ends"
            if is_any_time or (way == 1 and value.of == "filing" and is_asked_until_filing and not value.months):
                continue  # nothing counts that is dated after the filing
            yield way, attrs.evolve(value, days=value.days + way)
        elif isinstance(value, MonthDay):
            day = date(2000, value.month, value.day) + way * DAY
            yield way, MonthDay(month=day.month, day=day.day)
        elif isinstance(value, date):
            if not _is_before_all(value):
                yield way, value + way * DAY
        elif not (path[-1] in _SAID_BY_DEFAULT and value == _SAID_BY_DEFAULT[path[-1]] and type(value) is int):
            step = (
                QUARTER if isinstance(value, Decimal) and not {"at_least", "at_most", "grows"} & set(path[-3:]) else 1
            )
            step = QUARTER if path[-1] == "at_most" and "caps" in path else step
            yield way, value + way * step


def _is_before_all(day: date | None) -> bool:
    """Return whether a day stands for one before all others, as in `any time` and `no day`."""
    return day is not None and day.year < _FIRST_YEAR


_FIRST_YEAR = 1950
_SAID_BY_DEFAULT = {"need": 1, "shortest": 0}
"""One document of a kind goes without saying, and a sum of documents is counted by its amount; so is a short first cycle."""


class Files:
    """
    Where each figure stands.

    Args:
        every: All rule sets by id.
    """

    def __init__(self, every: Mapping[str, RuleSet]) -> None:
        self._every = every
        self._tables = {
            name: tomllib.loads(files("peer_ledger.rulesets").joinpath(file).read_text("utf-8")).get(name, {})
            for name, file in bundled_files().items()
        }
        self._figures = {
            name: {path: value for path, value, _ in figures(rules, (), lambda new: new)}
            for name, rules in every.items()
        }

    def root(self, ruleset: str, path: Where) -> tuple[str, Where]:
        """Return the rule set and the place at which the figure at a place stands in its file."""
        value = self._figures[ruleset][path]
        for other, place in self._bases(ruleset, path):
            if self._figures[other].get(place) == value:
                return self.root(other, place)
        return ruleset, path

    def _bases(self, ruleset: str, path: Where) -> Iterator[tuple[str, Where]]:
        if path[0] == "procedures" and len(path) > _EDITION:
            edition = self._tables[ruleset].get(path[1], {}).get(path[_EDITION])
            if isinstance(edition, dict) and "like" in edition:
                for step in (path[1], *(other for other in _STEPS if other != path[1])):
                    yield ruleset, ("procedures", step, "editions", edition["like"], *path[_EDITION + 1 :])
        base = self._every[ruleset].extends
        if base is not None:
            yield base, path


_STEPS = ("initial", "renewal", "reinstatement")
_EDITION = 3
"""The place of an edition's id in a path: `procedures`, the step, `editions`, the id."""


LISTED = Path(__file__).parent / "samples" / "figures-not-held.txt"
"""The steps that can change no answer, each under the reason why."""


def reasons(text: str) -> dict[str, str]:
    """
    Return the reason of each step of a list.

    Args:
        text: The list, in sections that a blank line ends: a reason in lines that begin with `#`, and the steps.

    Raises:
        ValueError: A step has no reason, a reason has no steps, or a step is listed twice.
    """
    found: dict[str, str] = {}
    for section in filter(None, text.strip().split("\n\n")):
        lines = section.splitlines()
        told = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
        listed = [line for line in lines if not line.startswith("#")]
        reason = " ".join(told)
        if len(reason.split()) < _FEWEST_WORDS or not reason.endswith("."):
            raise ValueError(f"give the reason in a sentence above: {listed[0] if listed else section}")
        if not listed or lines[: len(told)] != [line for line in lines if line.startswith("#")]:
            raise ValueError(f"one reason, and its steps below: {reason}")
        if twice := [step for step in listed if step in found or listed.count(step) > 1]:
            raise ValueError(f"listed twice: {twice[0]}")
        found |= dict.fromkeys(listed, reason)
    return found


_FEWEST_WORDS = 5


def noticed(step: Step, cases: list[WorkedCase], every: Mapping[str, RuleSet]) -> bool:
    """Return whether a case notices a step; the one that does is tried first the next time."""
    changed = dict(every) | {step.ruleset: step.rules}
    for case in cases:
        if not run_case(case, changed).passed:
            cases.remove(case)
            cases.insert(0, case)
            return True
    return False


def all_cases() -> dict[str, list[WorkedCase]]:
    """Return the bundled worked cases by rule set."""
    cases: dict[str, list[WorkedCase]] = {name: [] for name in ruleset_ids()}
    for file in files("peer_ledger.rulesets").iterdir():
        if file.name.endswith(".cases.toml"):
            for case in read_cases(Path(str(file))):
                cases[case.ruleset].append(case)
    return cases


def places(every: Mapping[str, RuleSet]) -> dict[Key, list[Step]]:
    """Return the steps of some rule sets by the place in a file at which the figure stands."""
    standing = Files(every)
    found: dict[Key, list[Step]] = {}
    for rules in every.values():
        for step in steps(rules):
            found.setdefault((*standing.root(step.ruleset, step.path), step.way), []).append(step)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the steps that no worked case notices and that are not listed; return 0 when there is none."""
    parser = argparse.ArgumentParser(prog="python tests/held_figures.py", description=__doc__.strip().splitlines()[0])
    parser.add_argument("ids", nargs="*", metavar="ID", help="a rule set (all of them)")
    asked = parser.parse_args(arguments)
    every = {name: ruleset(name) for name in ruleset_ids()}
    cases = all_cases()
    left = tried = 0
    listed = reasons(LISTED.read_text("utf-8"))
    for (name, _, _), alike in places(every).items():
        if name in (asked.ids or every):
            tried += 1
            if str(alike[0]) not in listed and not any(noticed(step, cases[step.ruleset], every) for step in alike):
                left += 1
                print(alike[0], flush=True)
    print(f"{left} of {tried} steps are noticed by no case, and not listed")
    return 1 if left else 0


def shown(value: Any) -> str:
    """Return a figure or day in a few characters."""
    if isinstance(value, RelativeDate):
        return f"{value.day or value.of} {value.months:+}m {value.days:+}d"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
