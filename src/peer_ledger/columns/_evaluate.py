"""
The public functions: where everybody stands of whom tables say something.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Unpack, get_args

import attrs

from peer_ledger.columns._answering import Answered, Answering, Request, Setting
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._parts import parts_of
from peer_ledger.columns._people import ROWS_AT_ONCE
from peer_ledger.columns._reading import Tables
from peer_ledger.columns._rows_of_answers import Also, as_frame, rejected_table
from peer_ledger.columns._shapes import Rejected
from peer_ledger.columns._sources import FrameKind
from peer_ledger.columns._tables import GivenTables
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._processes import OtherProcesses
from peer_ledger.evaluation._question import PROCESSES, PROGRESS, RULE_SETS_BY_ID, RULES
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_DAY, A_FLAG, READINGS, Wanted, arguments
from peer_ledger.values.dates import as_day

_ALSO = get_args(Also)
_KINDS = ("pandas", "polars", "pyarrow", "duckdb")

PARTS: Wanted = (
    lambda value: isinstance(value, Collection) and not isinstance(value, str) and set(value) <= set(_ALSO),
    f"a list of {', '.join(_ALSO)}",
)
KIND: Wanted = (lambda value: value is None or value in _KINDS, f"one of {', '.join(_KINDS)}, or None")
AMOUNTS: Wanted = (lambda value: value in ("decimal", "float"), "'decimal' or 'float'")
ROWS: Wanted = (lambda value: type(value) is int and value > 0, "a whole number from 1")
ANSWER_ARGUMENTS: Mapping[str, Wanted] = {
    "on": A_DAY, "ruleset": RULES, "rulesets": RULE_SETS_BY_ID, "readings": READINGS, "strict": A_FLAG, "also": PARTS,
}  # fmt: skip
_CHECKS: Mapping[str, Wanted] = {
    **ANSWER_ARGUMENTS,
    "to": KIND, "hours": AMOUNTS, "processes": PROCESSES, "progress": PROGRESS, "rows_at_once": ROWS,
}  # fmt: skip


PARTS_EACH = 2
"""How many parts of the tables are at hand for each of several processes, so that memory is bounded."""


@attrs.frozen(eq=False)
class FrameAnswers:
    """
    Where people stand, as frames.

    Attributes:
        people: One row for each person, by id.
        findings: One row for each person and requirement; without rows unless they were asked for.
        rejected: One row for everything that is wrong with a row: the table, the row's number from 1, the person, the
            column and the reason. Nothing of a rejected row counts; `people` says of each person how many there are.
    """

    people: Any
    findings: Any
    rejected: Any

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {len(self.people)} people, {len(self.rejected)} problems of rows>"


@arguments(**_CHECKS)
def evaluate_frame(
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    also: Collection[Also] = (),
    to: FrameKind | None = None,
    hours: str = "decimal",
    processes: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
    **tables: Unpack[GivenTables],
) -> FrameAnswers:
    """
    Return where everybody stands of whom some tables say something, as `evaluate_all` on a ledger of the same records.

    A table is a frame of pandas, polars or pyarrow, a relation of DuckDB, the path of a file or a folder of Parquet, or
    anything else that speaks Arrow's C stream. Its columns are the fields of the records in it. A row with a bad cell
    is rejected, and named in the answer.

    Args:
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        also: What to return beside the headline of each answer: `questions`, the open questions; `short`, the amount
            missing for each requirement, and `findings`, a frame with a row for each person and requirement, which
            take a report on each person, which costs far more.
        to: The library of the frames to return; `None` for that of the first table, and pyarrow for files.
        hours: What amounts become: exact decimals, or binary floats.
        processes: How many processes work on it, this one among them; `None` or 1 for this one alone.
        progress: Called with the number of people so far and of all, after each part of them.
        rows_at_once: How many rows of all tables are looked at at once, on which the memory that is needed depends.
        tables: The tables: `trainings`, `certifications`, `documents`, `filings`, `designations`, `verifications`,
            `reviews`, `rulings`, `coverage`, `courses`, `same_people` and `retractions`, all of which may be left out.

    Raises:
        InvalidValue: An argument is not valid, or there is no table of this name.
        InvalidData: A table has wrong columns; all problems are listed.
        RuleSetNotFound: There is no such rule set.
        LedgerMisuse: The extra `columns` is not installed, something given is no table, or a process ended early.
        LedgerFileError: A file cannot be read.

    >>> import pyarrow
    >>> trainings = pyarrow.table({"person": ["p-1", "p-1"], "completed": ["2025-02-03", "2025-13-01"],
    ...                            "amount": ["16.75", "3"], "topics": ["recovery", "ethics"]})
    >>> certifications = pyarrow.table({"person": ["p-1"], "credential": ["us-nc-cpss"], "act": ["awarded"],
    ...                                 "on": ["2024-03-14"], "expires": ["2026-03-31"]})
    >>> answers = evaluate_frame(trainings=trainings, certifications=certifications, on="2026-01-15")
    >>> answers.people.select(["person", "standing", "hours", "hours_short", "rejected"]).to_pylist()
    [{'person': 'p-1', 'standing': 'current', 'hours': 'short', 'hours_short': Decimal('3.250000'), 'rejected': 1}]
    >>> answers.rejected.to_pylist()[0]["reason"]
    "there is no day '2025-13-01' in the calendar"
    """
    found = list(
        _answered(
            on=on, ruleset=ruleset, rulesets=rulesets, readings=readings, strict=strict, also=also,
            processes=processes, progress=progress, rows_at_once=rows_at_once, tables=tables,
        )
    )  # fmt: skip
    kind = to or found[0].kind
    pa = arrow()
    people, findings = (
        pa.concat_tables([part[place] for part in found]).unify_dictionaries().combine_chunks() for place in (0, 1)
    )
    rejected = sorted((each for part in found for each in part.rejected), key=_place)
    tables_of = (people, findings, rejected_table(rejected))
    return FrameAnswers(*(as_frame(table, kind, floats=hours == "float") for table in tables_of))


@arguments(**_CHECKS)
def evaluate_batches(
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    also: Collection[Also] = (),
    to: FrameKind | None = None,
    hours: str = "decimal",
    processes: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
    **tables: Unpack[GivenTables],
) -> Iterator[FrameAnswers]:
    """
    Yield the same as `evaluate_frame` for some people at a time, in the order of their ids.

    Memory is needed for some rows at once, however many there are, and for the ids of all people.  The arguments and
    the errors are those of `evaluate_frame`; the tables are read when the first answers are requested.
    """
    for part in _answered(
        on=on, ruleset=ruleset, rulesets=rulesets, readings=readings, strict=strict, also=also,
        processes=processes, progress=progress, rows_at_once=rows_at_once, tables=tables,
    ):  # fmt: skip
        made = (part.people, part.findings, rejected_table(sorted(part.rejected, key=_place)))
        yield FrameAnswers(*(as_frame(table, to or part.kind, floats=hours == "float") for table in made))


def _place(rejected: Rejected) -> tuple[str, int, str]:
    return rejected.table, rejected.row, rejected.column or ""


def _answered(
    *,
    on: date | str,
    ruleset: str | RuleSet,
    rulesets: Mapping[str, RuleSet] | None,
    readings: Mapping[str, str] | None,
    strict: bool,
    also: Collection[Also],
    processes: int | None,
    progress: Callable[[int, int], object] | None,
    rows_at_once: int,
    tables: Mapping[str, Any],
) -> Iterator[Answered]:
    """Yield the answers about the people of each part."""
    asking = Asking(RuleSetsAtHand(rulesets), ruleset, readings, strict=strict)
    read = Tables(tables)
    ends = read.people.ends(rows_at_once)
    setting = Setting(asking, as_day(on), read.columns, read.shared, read.gone, tuple(sorted(also)))
    done, everybody = 0, len(read.people)
    for place, found in enumerate(_each(setting, _requests(read, ends), min(processes or 1, len(ends) + 1))):
        done += found.people.num_rows
        if progress is not None:
            progress(done, max(everybody, done))
        rejected = [*found.rejected, *(read.rejected if place == 0 else ())]
        yield found._replace(rejected=rejected, kind=read.kind)


def _requests(read: Tables, ends: list[str]) -> Iterator[Request]:
    names = list(read.of_people)
    parts = [parts_of(read.of_people[name], read.people, ends) for name in names]
    named = read.named(ends)
    for place in range(len(ends) + 1):
        some, ids = named[place]
        yield Request({name: next(part) for name, part in zip(names, parts, strict=True)}, some, ids)


def _each(setting: Setting, requests: Iterable[Request], processes: int) -> Iterator[Answered]:
    here = Answering(setting)
    if processes == 1:
        yield from map(here, requests)
    else:
        with OtherProcesses(processes - 1, PARTS_EACH) as others:
            done = others.answers(Answering, (setting,), requests, there=_itself, here=here, ahead=here)
            yield from (answered for _, answered in done)


def _itself(request: Request) -> Request:
    return request
