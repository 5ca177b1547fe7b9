"""
The commands: each hands its arguments to the library and prints what comes back.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from peer_ledger.dates import as_day, today_in
from peer_ledger.errors import (
    InvalidData,
    InvalidValue,
    LedgerFileError,
    LedgerNotFound,
    PeerLedgerError,
    Problem,
    UnknownPerson,
)
from peer_ledger.ledger import Ledger
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset, ruleset_ids

if TYPE_CHECKING:
    from peer_ledger.importing import Imported, ImportPlan
    from peer_ledger.records import Coverage

Given = argparse.Namespace
One = TypeVar("One")

DONE, ATTENTION, FAILED, WAITING = 0, 1, 2, 3
_BLINK = 0.2
_TABLES = (".csv", ".tsv", ".xlsx", ".html", ".htm")


def example(_given: Given) -> int:
    """Show the files of some invented people, where they stand, and one report in full."""
    from peer_ledger.example import ON, SHOWN, import_example

    ledger, files = import_example()
    rules = ruleset("us-nc-cpss")
    for name, imported in files:
        print(f"{name}: {imported.summary}")
    print(f"\nLedger: {ledger.verify()}\nRules: {rules.name}\n")
    _print_status(ledger, ON, rules, _asked(None))
    print(f"\n{'-' * 80}\n{_report(ledger, SHOWN, ON, rules, _asked(None))}")
    print(
        "\nThese people are invented. For your own: peer-ledger import FILE..., then peer-ledger status; "
        "see peer-ledger --help."
    )
    return DONE


def import_(given: Given) -> int:
    """Read files, show what they would change, and append it."""
    from peer_ledger.importing import plan_import
    from peer_ledger.tables import import_to_dict, imported_table

    rules = ruleset(given.rules)
    today = today_in(rules.time_zone)
    whole = given.complete or given.withdraw_missing
    with _opened(given) as ledger:
        files = _read_files(given, ledger, rules, today)
        if files is None:
            return FAILED
        read = [imported for _, imported in files]
        planned = [
            (name, imported, plan_import(ledger, imported, whole=whole, alongside=read)) for name, imported in files
        ]
    waiting = [f"{name}: {one}" for name, imported, plan in planned for one in _undecided(imported, plan, given)]
    if given.format == "table":
        for name, imported, plan in planned:
            print(f"{name}: {imported}\n  ledger: {plan}")
    elif given.format != "json":
        print(imported_table(planned).written(given.format).rstrip())
    head = None
    if not waiting and not given.dry_run and any(_does_something(given, *one) for one in planned):
        waiting, head = _append_files(given, planned, rules, today)
    if given.format == "json":
        appended = head is not None and not waiting
        print(json.dumps(import_to_dict(planned, appended=appended, waiting=waiting), indent=2))
    if head is not None and given.format == "table":
        print(f"Head of the ledger: {head[0]}:{head[1]}")
    if waiting:
        print("\n".join(waiting), file=sys.stderr)
        return WAITING
    return ATTENTION if any(imported.rejected_count for imported in read) else DONE


def _read_files(given: Given, ledger: Ledger, rules: RuleSet, today: date) -> "list[tuple[str, Imported]] | None":
    """Read all files; `None` when one of them cannot be read, which is said of each such one."""
    from peer_ledger.importing import import_file, newest_courses, profile

    layout = None if given.profile is None else profile(given.profile)
    files: list[tuple[str, Imported]] = []
    failed = False
    courses = list(ledger.shared_records())
    for path in given.files:
        name = Path(path).name
        try:
            with _Progress(f"{name}: rows") as progress:
                imported = import_file(
                    path,
                    profile=layout,
                    kind=given.kind,
                    mapping=dict(given.map),
                    fixed={"credential": rules.id, **dict(given.fixed)},
                    dates=given.dates,
                    source=given.source,
                    catalogue=courses,
                    today=today,
                    encoding=given.encoding,
                    delimiter={"\\t": "\t", "tab": "\t"}.get(given.delimiter, given.delimiter),
                    decimal=given.decimal,
                    sheet=given.sheet,
                    progress=progress,
                )
        except PeerLedgerError as error:
            said = str(error)
            print(f"peer-ledger: {said}" if name in said else f"peer-ledger: {name}: {said}", file=sys.stderr)
            failed = True
            continue
        files.append((name, imported))
        if imported.kind == "course":
            courses = newest_courses(courses, imported)
    if failed and len(given.files) > 1:
        print("peer-ledger: nothing was appended of any file", file=sys.stderr)
    return None if failed else files


def _append_files(
    given: Given, planned: "list[tuple[str, Imported, ImportPlan]]", rules: RuleSet, today: date
) -> tuple[list[str], tuple[int, str]]:
    """Append what was planned; what a file says of a row that one before it has, too, may still have to wait."""
    from peer_ledger.importing import complete, plan_import
    from peer_ledger.records import CoveredType

    waiting: list[str] = []
    series = Counter((imported.source, imported.kind) for _, imported, _ in planned)
    read = [imported for _, imported, _ in planned]
    whole = given.complete or given.withdraw_missing
    with _opened(given, to_write=True) as ledger:
        for name, imported, looked_at in planned:
            plan = looked_at
            if series[imported.source, imported.kind] > 1:
                plan = plan_import(ledger, imported, whole=whole, alongside=read)
                if undecided := _undecided(imported, plan, given):
                    waiting += [f"{name}: {one}" for one in undecided]
                    continue
            ledger.append(plan.to_append(corrections=given.corrections, withdraw_missing=given.withdraw_missing))
            if given.complete and imported.rejected_count:
                print(f"{name}: not complete, as rows were rejected", file=sys.stderr)
            elif given.complete and imported.kind in get_args(CoveredType):
                covered = complete(imported, until=today, credential=rules.id)
                ledger.append(covered)
                for one in covered:
                    where = sys.stdout if given.format == "table" else sys.stderr
                    print(f"{name}: {_completed(one)}", file=where)
        return waiting, ledger.head


def _does_something(given: Given, _name: str, imported: "Imported", plan: "ImportPlan") -> bool:
    return bool(imported.records or plan.missing or (given.complete and not imported.rejected_count))


def _completed(covered: "Coverage") -> str:
    what = covered.attested or covered.covers
    return f"{what}: complete until {covered.last_day}; what is not listed counts as not there until that day"


def _undecided(imported: "Imported", plan: "ImportPlan", given: Given) -> list[str]:
    """Say what somebody has to decide before anything of a file is appended."""
    waiting = []
    if plan.corrections and not given.corrections:
        waiting.append(f"{len(plan.corrections)} corrections wait: look at them, then give --corrections")
    count = len(plan.missing)
    series = f"series {imported.source!r} (--source names another)"
    if plan.missing and given.withdraw_missing and imported.rejected_count:
        waiting.append(
            f"{imported.rejected_count} rows were rejected, and may be what is missed of the {count} records that "
            "would be withdrawn: mend them first, or give --keep-missing"
        )
    elif plan.missing and given.complete and not (given.withdraw_missing or given.keep_missing):
        waiting.append(
            f"the file is said to be complete, and {count} records of the {series} are not in it: look at them, then "
            "give --withdraw-missing, or --keep-missing"
        )
    elif plan.missing and not (given.withdraw_missing or given.keep_missing):
        waiting.append(
            f"{count} records of an earlier import of the {series} are not in the file any more: look at them, "
            "then give --withdraw-missing, or --keep-missing"
        )
    return [f"nothing was appended; {one}" for one in waiting]


def status(given: Given) -> int:
    """Show where everybody stands."""
    rules = ruleset(given.rules)
    on = _day(given, rules)
    with _opened(given) as ledger:
        _print_status(ledger, on, rules, given)
    return DONE


def _print_status(ledger: Ledger, on: date, rules: RuleSet, given: Given) -> None:
    from peer_ledger.evaluation import evaluate_all
    from peer_ledger.tables import status_table

    with _Progress("people") as progress:
        reports = evaluate_all(ledger, on=on, ruleset=rules, readings=dict(given.reading), strict=given.strict)
        table = status_table(_counted(reports, progress))
    if given.format == "table":
        print(f"On {on} ({rules.time_zone}), by {rules.id}:")
        table = table.without("on", "rules")
    print(table.written(given.format).rstrip())


def report(given: Given) -> int:
    """Say where one person stands."""
    rules = ruleset(given.rules)
    on = _day(given, rules)
    with _opened(given) as ledger:
        print(_report(ledger, given.person, on, rules, given).rstrip())
    return DONE


def _report(ledger: Ledger, person: str, on: date, rules: RuleSet, given: Given) -> str:
    from peer_ledger.evaluation import evaluate
    from peer_ledger.tables import report_written

    if not ledger.entries_of(person):
        raise UnknownPerson(person)
    made = evaluate(ledger, person, on=on, ruleset=rules, readings=dict(given.reading), strict=given.strict)
    return report_written(made, given.format)


def rules_list(given: Given) -> int:
    """List the rule sets there are."""
    from peer_ledger.tables import rules_table

    print(rules_table(map(ruleset, ruleset_ids())).written(given.format).rstrip())
    return DONE


def rules_show(given: Given) -> int:
    """Say what a rule set asks."""
    from peer_ledger._ruleset_files import ruleset_to_dict
    from peer_ledger.rule_sentences import describe
    from peer_ledger.tables import requirements_table

    rules = ruleset(given.rules)
    if given.format == "table":
        print(describe(rules))
    elif given.format == "json":
        print(json.dumps(ruleset_to_dict(rules), indent=2))
    else:
        print(requirements_table(rules).written(given.format).rstrip())
    return DONE


def rules_check(given: Given) -> int:
    """Look whether a file of rule sets is sound."""
    from peer_ledger._ruleset_files import read_rulesets
    from peer_ledger.tables import Table

    try:
        found = read_rulesets(_file_text(given.file))
    except InvalidData as error:
        rows = tuple((problem.path, problem.message) for problem in error.problems)
        print(Table(headings=("where", "problem"), rows=rows, title=given.file).written(given.format).rstrip())
        return ATTENTION
    sound = tuple((one.id, one.name, "sound") for one in found)
    print(Table(headings=("id", "credential", "is"), rows=sound, title=given.file).written(given.format).rstrip())
    return DONE


def rules_diff(given: Given) -> int:
    """Say in sentences what is different between two editions."""
    from peer_ledger.rule_sentences import compare_editions
    from peer_ledger.tables import Table

    sentences = compare_editions(ruleset(given.rules), given.old, given.new)
    if given.format == "table":
        print("\n".join(sentences) or "Both ask the same.")
    else:
        rows = tuple((one,) for one in sentences)
        title = f"{given.rules}: from {given.old} to {given.new}"
        print(Table(headings=("difference",), rows=rows, title=title).written(given.format).rstrip())
    return DONE


def verify(given: Given) -> int:
    """Look whether the ledger was altered."""
    from peer_ledger.tables import Table

    with _opened(given) as ledger:
        found = ledger.verify(head=given.head)
    if given.format == "table":
        print(f"{given.ledger}: {found}")
        if found:
            print("To prove later that nothing before it changed, note this down elsewhere:")
            print(f"{found.head[0]}:{found.head[1]}")
    else:
        head = f"{found.head[0]}:{found.head[1]}"
        rows = ((str(found.entries), str(found.erased), head, "; ".join(found.problems)),)
        table = Table(headings=("entries", "erased", "head", "problems"), rows=rows, title=given.ledger)
        print(table.written(given.format).rstrip())
    return DONE if found else ATTENTION


def export(given: Given) -> int:
    """Write the ledger, or records of one type."""
    from peer_ledger.archive import write_archive
    from peer_ledger.tables import records_table

    if given.kind is None and given.to is None:
        raise InvalidValue("one is required: --to FILE for every entry, or --kind KIND for the records of one type")
    if given.kind is None and (given.format != "table" or Path(given.to).suffix.lower() in _TABLES):
        raise InvalidValue(
            "every entry is written as JSON Lines, to a file such as ours.jsonl; for a table, name the type of record: "
            f"--kind training-event --format {'csv' if given.format == 'table' else given.format} --to FILE"
        )
    with _opened(given) as ledger:
        if given.to is None:
            print(records_table(ledger, given.kind).written(given.format).rstrip())
            return DONE
        try:
            if given.kind is None:
                said = f"{write_archive(ledger, given.to)} entries"
            else:
                table = records_table(ledger, given.kind)
                Path(given.to).write_text(table.written(given.format).rstrip() + "\n", "utf-8", newline="")
                said = f"{len(table.rows)} records"
        except OSError as error:
            if isinstance(error, LedgerFileError):
                raise
            raise LedgerFileError(Path(given.to), f"it cannot be written: {error.strerror}") from None
        print(f"{said} written to {given.to}")
    return DONE


def _asked(on: str | None) -> Given:
    return argparse.Namespace(on=on, reading=[], strict=False, format="table")


def _day(given: Given, rules: RuleSet) -> date:
    return today_in(rules.time_zone) if given.on is None else as_day(given.on)


def _opened(given: Given, *, to_write: bool = False) -> Ledger:
    path = Path(given.ledger)
    if to_write:
        return Ledger.open(path)
    if not path.exists():
        if given.run is import_:
            return Ledger()
        raise LedgerNotFound(path, "there is no such file; make it with peer-ledger import, or name it with --ledger")
    return Ledger.open(path, read_only=True)


def _file_text(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except FileNotFoundError:
        raise LedgerNotFound(Path(name), "there is no such file") from None
    except UnicodeDecodeError:
        raise InvalidData("rule file", (Problem("", "is not UTF-8"),)) from None
    except OSError as error:
        raise LedgerFileError(Path(name), f"it cannot be read: {error.strerror}") from None


class _Progress:
    """Says on a terminal, and nowhere else, how far long work has come."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shows = sys.stderr.isatty()
        self._next = time.monotonic() + 2 * _BLINK
        self._shown = False

    def __enter__(self) -> Callable[[int], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _tell(self, number: int) -> None:
        if self._shows and time.monotonic() >= self._next:
            self._shown = True
            self._next = time.monotonic() + _BLINK
            print(f"\r{self._what}: {number}", end="", file=sys.stderr, flush=True)


def _counted(some: Iterable[One], tell: Callable[[int], None]) -> Iterator[One]:
    for number, one in enumerate(some, 1):
        yield one
        tell(number)
