"""
The commands: each passes its arguments to the library and prints the result.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from peer_ledger._visible import visible
from peer_ledger.cli._asked import about, asked, how_asked
from peer_ledger.cli._ledger_commands import ATTENTION, DONE, FAILED, WAITING, Given, opened
from peer_ledger.cli._progress import Progress, day_asked
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import InvalidValue, PeerLedgerError
from peer_ledger.ledger import Ledger
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import today_in

if TYPE_CHECKING:
    from peer_ledger.importing import ImportedFiles

Item = TypeVar("Item")


def example(_given: Given) -> int:
    """Show the files of some invented people, where they stand, and a report in full."""
    from peer_ledger.evaluation import evaluate
    from peer_ledger.example import ON, SHOWN, import_example
    from peer_ledger.presenting._answer_tables import report_written

    ledger, files = import_example()
    rules = ruleset(DEFAULT)
    for name, imported in files:
        say(f"{name}: {imported.summary}")
    say(f"\nLedger: {ledger.verify()}\nRules: {rules.name}\n")
    _print_status(ledger, ON, rules, _asked(None))
    say(f"\n{'-' * 80}\n{report_written(evaluate(ledger, SHOWN, on=ON), 'table', ledger)}")
    say(
        "\nThese people are invented. For your own: peer-ledger import FILE..., then peer-ledger status; "
        "see peer-ledger --help."
    )
    return DONE


def import_(given: Given) -> int:
    """Import files, and show what they change."""
    from peer_ledger.importing import ImportOptions, import_files
    from peer_ledger.presenting._import_tables import import_written

    rules = ruleset(given.rules)
    today = today_in(rules.time_zone)
    options = ImportOptions(
        profile=given.profile,
        today=today,
        kind=given.kind,
        mapping=dict(given.map),
        fixed=dict(given.fixed),
        dates=given.dates,
        source=given.source,
        encoding=given.encoding,
        delimiter={"\\t": "\t", "tab": "\t"}.get(given.delimiter, given.delimiter),
        decimal=given.decimal,
        sheet=given.sheet,
        accept=given.accept,
        reject=given.reject,
        ignore=given.ignore,
        pass_mark=given.pass_mark,
        course_parts=given.course_parts,
        time_zone=given.time_zone or rules.time_zone,
        headings=not given.no_headings,
        matrix=given.course or given.matrix,
        people=given.people,
    )
    with Progress() as progress, _said_what_is_in(given):
        done = import_files(
            given.ledger,
            given.files,
            options,
            credential=rules.id,
            corrections=given.corrections,
            missing="withdraw" if given.withdraw_missing else "keep" if given.keep_missing else "ask",
            complete_until=today if given.complete else None,
            partial=given.partial,
            dry_run=given.dry_run,
            progress=lambda name, number: progress(f"{name}: rows", number),
        )
    for name, error in done.unread:
        message = str(error)
        complain(f"peer-ledger: {message if visible(name) in message else f'{visible(name)}: {message}'}")
    if done.unread:
        if len(given.files) > 1:
            complain("peer-ledger: no file was appended")
        return FAILED
    show(import_written(done, given.format).rstrip(), given.format)
    _write_rejected(done, given)
    for note in done.notes:
        complain(note)
    for declaration in done.declared:
        (say if given.format == "table" else complain)(declaration)
    if done.head is not None and given.format == "table":
        say(f"Head of the ledger: {done.head[0]}:{done.head[1]}")
    if done.waiting:
        complain("\n".join(done.waiting))
        return WAITING
    return ATTENTION if done.rejected_count else DONE


@contextmanager
def _said_what_is_in(given: Given) -> Iterator[None]:
    """Complain, with what was appended of several files, when an error or an interrupt ends their import."""
    try:
        yield
    except PeerLedgerError:
        if len(given.files) > 1:
            complain("peer-ledger: no file was appended")
        raise
    except KeyboardInterrupt:
        complain(
            "peer-ledger: interrupted; the files are appended all together or not at all, and importing them again "
            "adds nothing twice"
        )
        raise


def _write_rejected(done: "ImportedFiles", given: Given) -> None:
    """Write the rejected rows of the only file that has any; other files have other columns."""
    from peer_ledger.importing import write_rejected

    refused = [file for file in done.files if file.imported.rejected_rows]
    if given.rejected is None:
        return
    if len(refused) > 1:
        raise InvalidValue(
            f"rows of {counted(len(refused), 'file')} were rejected, and --rejected writes those of one; import "
            "each of them by itself"
        )
    for file in refused:
        written = counted(write_rejected(file.imported, given.rejected), "rejected row")
        complain(f"{written} written to {visible(given.rejected)}; correct them, and import that file")


def status(given: Given) -> int:
    """Show where everyone stands."""
    rules = ruleset(given.rules)
    on = day_asked(given, rules)
    with opened(given) as ledger:
        _print_status(ledger, on, rules, given)
    return DONE


def _print_status(ledger: Ledger, on: date, rules: RuleSet, given: Given) -> None:
    from peer_ledger.evaluation import evaluate_all
    from peer_ledger.presenting._answer_tables import status_table
    from peer_ledger.presenting.rosters import Roster, roster_page

    with Progress() as progress:
        reports = evaluate_all(ledger, on=on, ruleset=rules, **how_asked(given))
        shown = _showing_progress(reports, lambda number: progress("people", number))
        if given.format == "html":
            page = roster_page(Roster(shown))
            show(page.rstrip(), given.format)
            return
        table = status_table(shown)
    if given.format == "table":
        say(f"On {spoken_day(on)} ({rules.time_zone}), by {rules.id}:")
        table = table.without("on", "rules")
    show(table.written(given.format).rstrip(), given.format)


def report(given: Given) -> int:
    """Print where one person stands."""
    from peer_ledger.evaluation import evaluate
    from peer_ledger.presenting._answer_tables import report_written

    with opened(given) as ledger:
        made = evaluate(about(ledger, given), given.person, **asked(given))
        show(report_written(made, given.format, ledger).rstrip(), given.format)
    return DONE


def _asked(on: str | None) -> Given:
    return argparse.Namespace(on=on, reading=[], strict=False, format="table")


def _showing_progress(items: Iterable[Item], show: Callable[[int], None]) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        yield item
        show(number)
