"""
Worked cases: records, a day, a rule set and the expected answer, derived by hand.

A file of cases is TOML.  `groups` names lists of records that several cases share; each case has

* `id`, `says` (what it is about) and `basis` (`DECIDED`: a source settles it; `DERIVED`: it follows from a source;
  `AMBIGUOUS`: the sources leave it open; `FURTHER`: it tests the arithmetic);
* `on`, and, where they differ from the default, `person` (`p`), `ruleset`, `readings` and `cycle`;
* `records`, in the interchange format or shorter, and `include`, the names of groups: `{ training = "e-1",
  completed = 2025-02-03, hours = 3, topics = ["ethics"] }` is a training of the case's person, and
  `{ document = "f", kind = "fee", on = 2026-01-04, value = "$20" }` a document of theirs, while acts, filings and
  rulings are also for the case's rule set;
* `expect`: any of `standing`, `step` (`none` when there is none), `in_force`, `outcome`, `hours_outcome`,
  `documents_outcome`, `status`, `designations` (the outcome by name), `edition`, `dates` (by name; a list of days when
  undetermined), `findings` (a list of `requirement` and any of `result`, `need`, `recorded`, `eligible`, `counted`,
  `short`), `questions` (all open ones),
  `alternatives` (by question and reading: the components that differ), `lead` (words that the first line contains),
  `caveat` (words that a caveat contains) and `pending_since`;
* `derivation`: how its figures are worked out by hand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import (
    MOST_PROBLEMS,
    InvalidData,
    InvalidValue,
    PeerLedgerError,
    Problem,
    nearest,
    shown,
    shown_id,
)
from peer_ledger.evaluation import check_proof, evaluate
from peer_ledger.ledger import Ledger
from peer_ledger.records import Record
from peer_ledger.reports import DESIGNATION, Report
from peer_ledger.reports._lead import lead
from peer_ledger.rules import OF_FACTS, Edition, RuleSet, questions_of
from peer_ledger.rulesets import consulted_by, ruleset
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.testing._case_forms import LOADER, Expectation
from peer_ledger.testing._case_records import at_short_key, file_written_out
from peer_ledger.testing.case_text import COMPONENT_FIELDS
from peer_ledger.values._inputs import read_text
from peer_ledger.values._strict import is_built
from peer_ledger.values._toml import parse_toml

Basis = Literal["DECIDED", "DERIVED", "AMBIGUOUS", "FURTHER"]
BASES: tuple[Basis, ...] = get_args(Basis)
_FIGURES = ("need", "recorded", "eligible", "counted", "short")
_LONGEST_TEXT = 1000
_LONGEST_NAME = 100
_WHAT = "file of cases"
LARGEST = 2**22
"""The most characters that a file may have."""


@attrs.frozen(kw_only=True)
class WorkedCase:
    """
    A worked case, as its file states it.

    Attributes:
        id: Its id.
        says: What it is about.
        basis: `DECIDED`, `DERIVED`, `AMBIGUOUS` or `FURTHER`.
        on: The day asked about.
        person: The person asked about.
        ruleset: The rule set's id.
        readings: The answers to questions, by question.
        cycle: A closed cycle to evaluate; `None` for the next step.
        include: The groups whose records come first.
        records: The records, with those of the included groups.
        expect: The expected answer.
        derivation: How its figures are worked out by hand; `None` when it has none.
    """

    id: str
    says: str
    basis: Basis
    on: date
    person: str = "p"
    ruleset: str = DEFAULT
    readings: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    cycle: int | None = None
    include: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    expect: Expectation = attrs.field(hash=False)
    derivation: str | None = None


@attrs.frozen(kw_only=True)
class _File:
    """A file of cases."""

    groups: dict[str, tuple[Record, ...]] = attrs.field(factory=dict)
    cases: tuple[WorkedCase, ...] = ()


@attrs.frozen(kw_only=True)
class CaseResult:
    """
    The result of running a worked case.

    Attributes:
        case: The case.
        differences: Where the answer differs from what was expected; empty when the case passed.
        report: The answer; `None` when there was none.
    """

    case: WorkedCase
    differences: tuple[str, ...]
    report: Report | None

    @property
    def passed(self) -> bool:
        """Whether the answer is as expected."""
        return not self.differences

    def __str__(self) -> str:
        if self.passed:
            return f"{_line(self.case.id)}: passed"
        shown = [f"\n  - {_line(difference)}" for difference in self.differences[:MOST_PROBLEMS]]
        if len(self.differences) > MOST_PROBLEMS:
            shown.append(f"\n  - and {len(self.differences) - MOST_PROBLEMS} more")
        report = "" if self.report is None else "\n  " + str(self.report).replace("\n", "\n  ")
        return f"{_line(self.case.id)}: {_line(self.case.says)}{''.join(shown)}{report}"


def read_cases(path: str | Path) -> tuple[WorkedCase, ...]:
    """
    Read a file of worked cases.

    Raises:
        InvalidData: The file is not UTF-8, not TOML, or not as described above; all problems are listed with their
            paths.
        LedgerFileError: It cannot be read.
    """
    data = parse_toml(read_text(path, _WHAT, LARGEST), _WHAT, LARGEST)
    problems: list[Problem] = []
    file: Any = LOADER.build(_File, file_written_out(data, DEFAULT), problems)  # what could not be built is REFUSED
    problems = [at_short_key(problem, data) for problem in problems]
    cases = file.cases if isinstance(file.cases, tuple) else ()
    groups = file.groups if isinstance(file.groups, dict) else {}
    ids = Counter(case.id for case in cases if isinstance(case, WorkedCase) and is_built(case.id))
    problems += [Problem("cases", f"{shown_id(name)} is the id of {ids[name]} cases") for name in ids if ids[name] > 1]
    for position, case in enumerate(cases):
        included = case.include if isinstance(case, WorkedCase) and isinstance(case.include, tuple) else ()
        problems += [
            Problem(f"cases[{position}].include", f"there is no group {shown(name)}{nearest(name, groups)}")
            for name in included
            if name not in groups
        ]
    if problems:
        raise InvalidData(_WHAT, tuple(problems))
    return tuple(_with_groups(case, groups) for case in cases)


def _with_groups(case: WorkedCase, groups: Mapping[str, tuple[Record, ...]]) -> WorkedCase:
    shared = (record for name in case.include for record in groups[name])
    return attrs.evolve(case, records=(*shared, *case.records))


def run_cases(path: str | Path, rulesets: Mapping[str, RuleSet] | None = None) -> Iterator[CaseResult]:
    """
    Run the cases of a file one by one, and yield their results.

    Args:
        path: The file.
        rulesets: Rule sets by id, for those that are neither bundled nor installed.

    Raises:
        InvalidData: The file cannot be read as worked cases.
    """
    for case in read_cases(path):
        yield run_case(case, rulesets)


def run_case(case: WorkedCase, rulesets: Mapping[str, RuleSet] | None = None) -> CaseResult:
    """
    Run one worked case.

    Args:
        case: The case.
        rulesets: Rule sets by id, for those that are neither bundled nor installed; they take the place of those that
            are, also where the rule set of the case looks at them.
    """
    try:
        ledger = Ledger()
        ledger.append(case.records)
        rules = (rulesets or {}).get(case.ruleset) or ruleset(case.ruleset)
        others = None if rulesets is None else consulted_by(rules, rulesets)
        report = evaluate(
            ledger, case.person, on=case.on, ruleset=rules, rulesets=others, readings=case.readings, cycle=case.cycle
        )
    except PeerLedgerError as error:
        return CaseResult(case=case, differences=(f"no answer: {error}",), report=None)
    differences = [
        *_nothing_expected(case.expect),
        *_unknown_names(case.expect, rules),
        *_differences(case.expect, report),
        *(f"the proof fails: {problem}" for problem in check_proof(report)),
    ]
    return CaseResult(case=case, differences=tuple(differences), report=report)


def _nothing_expected(expect: Mapping[str, Any]) -> Iterator[str]:
    if not expect:
        yield "expect is empty, so that any answer would do; give what is expected"


def _unknown_names(expect: Mapping[str, Any], rules: RuleSet) -> Iterator[str]:
    """Yield the names in an expectation that the rule set does not have; nothing would be compared for them."""
    editions = [edition for procedure in rules.procedures for edition in procedure.editions]
    questions = {question.id: question for question in (*questions_of(rules), *OF_FACTS)}
    readings = {f"{question.id} = {reading.id}" for question in questions.values() for reading in question.readings}
    alternatives = expect.get("alternatives", {})
    requirements = [finding["requirement"] for finding in expect.get("findings", [])]
    given = [f"{name} = {reading}" for name in alternatives if name in questions for reading in alternatives[name]]
    for kind, names, known in (
        ("requirement", requirements, _requirements(editions)),
        ("edition", [expect.get("edition", "none")], {"none", *(edition.id for edition in editions)}),
        ("question", [*expect.get("questions", []), *alternatives], questions.keys()),
        ("reading", given, readings),
    ):
        for name in names:
            if name not in known:
                cut = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
                yield f"the rule set has no {kind} {cut!r}{nearest(name, known)}"


def _requirements(editions: Iterable[Edition]) -> set[str]:
    return {name for edition in editions for requirement in edition.requirements for name in requirement.ids()}


def _differences(expect: Mapping[str, Any], report: Report) -> Iterator[str]:
    for name in (*COMPONENT_FIELDS, "step"):
        if name in expect:
            yield from _differs(name, expect[name], getattr(report, name) or "none")
    if "edition" in expect:
        yield from _differs("edition", expect["edition"], report.provenance.edition or "none")
    yield from _designation_differences(expect.get("designations", {}), report)
    if "pending_since" in expect:
        yield from _differs("pending_since", expect["pending_since"], report.pending_since or "none")
    for name, day in expect.get("dates", {}).items():
        found = getattr(report.dates, name)
        known: Any = "none" if found is None else found.day or list(found.candidates)
        yield from _differs(f"dates.{name}", day, known)
    for wanted in expect.get("findings", []):
        yield from _finding_differences(wanted, report)
    if "questions" in expect:
        yield from _differs("questions", sorted(expect["questions"]), sorted(q.question.id for q in report.questions))
    alternatives = [(q, r, gives) for q, rs in expect.get("alternatives", {}).items() for r, gives in rs.items()]
    for question, reading, gives in alternatives:
        yield from _alternative_differences(question, reading, gives, report)
    yield from _differences_in_words(expect, report)


def _differences_in_words(expect: Mapping[str, Any], report: Report) -> Iterator[str]:
    if "lead" in expect and expect["lead"] not in lead(report):
        yield f"lead: expected {_shortened(expect['lead'])!r}, found {lead(report)!r}"
    if "caveat" in expect and not any(expect["caveat"] in str(caveat) for caveat in report.caveats):
        found = [str(caveat) for caveat in report.caveats]
        yield f"caveat: expected one with {_shortened(expect['caveat'])!r}, found {found}"


def _designation_differences(wanted: Mapping[str, str], report: Report) -> Iterator[str]:
    outcomes = {kept.designation: kept.outcome for kept in report.designations}
    for name, outcome in wanted.items():
        yield from _differs(f"designations.{name}", outcome, outcomes.get(name, "none"))


def _finding_differences(wanted: Mapping[str, Any], report: Report) -> Iterator[str]:
    name = wanted["requirement"]
    try:
        finding = report.finding(name)
    except InvalidValue:
        if wanted.get("result") != "not asked":
            yield f"{name}: expected a finding, found none"
        return
    if "result" in wanted:
        yield from _differs(f"{name}.result", wanted["result"], finding.result)
    for figure in _FIGURES:
        if figure in wanted:
            yield from _differs(f"{name}.{figure}", Fraction(Decimal(str(wanted[figure]))), getattr(finding, figure))


def _alternative_differences(question: str, reading: str, gives: Mapping[str, Any], report: Report) -> Iterator[str]:
    for open_question in report.questions:
        for alternative in open_question.alternatives:
            if (open_question.question.id, alternative.reading.id) == (question, reading):
                found = dict(alternative.gives)
                kept: Mapping[str, str] = gives.get("designations", {})
                named = {name: value for name, value in gives.items() if name != "designations"}
                named |= {f"{DESIGNATION}{name}": outcome for name, outcome in kept.items()}
                for name, value in named.items():
                    yield from _differs(f"{question} = {reading}: {name}", str(value), found.get(name, "as assumed"))
                return
    known = [open_question.question.id for open_question in report.questions]
    yield f"{question} = {reading}: expected among the open questions, found {known}"


def _differs(name: str, expected: Any, found: Any) -> Iterator[str]:
    if expected != found:
        yield f"{name}: expected {_shortened(expected)}, found {_shortened(found)}"


def _line(text: str) -> str:
    """Return a text as one line of bounded length, whatever a file of cases says."""
    most = 3 * _LONGEST_TEXT  # what was expected, what was found, and the words between
    return visible(text if len(text) <= most else f"{text[:most]}...")


def _shortened(value: Any) -> str:
    said = ", ".join(map(_shortened, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= _LONGEST_TEXT else f"{said[:_LONGEST_TEXT]}..."
