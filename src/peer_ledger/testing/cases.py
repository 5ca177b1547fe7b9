"""
Worked cases: records, a day, a rule set, and what must come of them, with the derivation by hand.

A file of cases is TOML.  `groups` names lists of records that several cases share; each case has

* `id`, `says` (what it is about) and `basis` (`DECIDED`: a source settles it; `DERIVED`: it follows from one;
  `AMBIGUOUS`: sources leave it open; `FURTHER`: it tests the arithmetic);
* `on`, and, where they are not the default, `person` (`p`), `ruleset`, `readings`, `cycle`;
* `records`, in the interchange format, and `include`, the names of groups;
* `expect`: any of `standing`, `step` (`none` where there is none), `in_force`, `outcome`, `hours_outcome`,
  `documents_outcome`, `status`, `edition`, `dates` (by name; a list where it is not decided), `findings` (a list of
  `requirement` and any of `result`, `need`, `recorded`, `eligible`, `counted`, `short`), `questions` (all that are
  open), `alternatives` (by question and
  reading: the components that differ), `caveat` (words that some caveat has) and `pending_since`;
* `derivation`: how its figures are worked out by hand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import attrs

from peer_ledger.errors import InvalidData, InvalidValue, PeerLedgerError, Problem, nearest, shown, shown_id
from peer_ledger.evaluation import check_proof, evaluate
from peer_ledger.ledger import Ledger
from peer_ledger.records import Record
from peer_ledger.reports import Report
from peer_ledger.rules import OF_FACTS, Edition, RuleSet, questions_of
from peer_ledger.rulesets import ruleset
from peer_ledger.testing._case_forms import LOADER, Basis, CaseForm, FileForm
from peer_ledger.values._strict import is_built
from peer_ledger.values._toml import parse_toml

BASES = get_args(Basis)
_COMPONENTS = ("standing", "step", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
_FIGURES = ("need", "recorded", "eligible", "counted", "short")
_LONGEST_SAID = 1000
_LONGEST_NAME = 100
_WHAT = "file of cases"
LARGEST = 2**22
"""How many characters a file may have."""


@attrs.frozen(kw_only=True)
class WorkedCase:
    """
    One case, as it is written.

    Attributes:
        id: Its id.
        says: What it is about.
        basis: `DECIDED`, `DERIVED`, `AMBIGUOUS` or `FURTHER`.
        on: The day asked about.
        person: The person asked about.
        ruleset: The rule set's id.
        readings: Questions that are answered.
        cycle: A closed cycle to be judged; `None` for the step that is next.
        records: The records.
        expect: What must come of it.
        derivation: How its figures are worked out by hand; `None` where there are none.
    """

    id: str
    says: str
    basis: str
    on: date
    person: str
    ruleset: str
    readings: Mapping[str, str] = attrs.field(hash=False)
    cycle: int | None
    records: tuple[Record, ...]
    expect: Mapping[str, Any] = attrs.field(hash=False)
    derivation: str | None


@attrs.frozen(kw_only=True)
class CaseResult:
    """
    What came of a case.

    Attributes:
        case: The case.
        differences: What was expected and not found; empty when it passed.
        report: The answer; `None` when there was none.
    """

    case: WorkedCase
    differences: tuple[str, ...]
    report: Report | None

    @property
    def passed(self) -> bool:
        """Whether everything came as expected."""
        return not self.differences

    def __str__(self) -> str:
        if self.passed:
            return f"{self.case.id}: passed"
        found = "" if self.report is None else "\n  " + str(self.report).replace("\n", "\n  ")
        return f"{self.case.id}: {self.case.says}" + "".join(f"\n  - {one}" for one in self.differences) + found


def read_cases(path: str | Path) -> tuple[WorkedCase, ...]:
    """
    Read a file of worked cases.

    Raises:
        InvalidData: Something in it is wrong; everything is listed with its path.
    """
    try:
        text = Path(path).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidData(_WHAT, (Problem("", f"is not UTF-8 at byte {error.start + 1}"),)) from None
    data = parse_toml(text, _WHAT, LARGEST)
    problems: list[Problem] = []
    read: Any = LOADER.build(FileForm, data, problems)  # what could not be built is REFUSED in its place
    forms = read.cases if isinstance(read.cases, tuple) else ()
    groups = read.groups if isinstance(read.groups, dict) else {}
    cases: list[tuple[int, Any]] = [(place, form) for place, form in enumerate(forms) if isinstance(form, CaseForm)]
    ids = Counter(form.id for _, form in cases if is_built(form.id))
    problems += [Problem("cases", f"{shown_id(one)} stands there twice") for one in sorted(ids) if ids[one] > 1]
    for place, form in cases:
        for name in form.include if isinstance(form.include, tuple) else ():
            if name not in groups:
                there = f"there is no group {shown(name)}{nearest(name, groups)}"
                problems.append(Problem(f"cases[{place}].include", there))
    if problems:
        raise InvalidData(_WHAT, tuple(problems))
    return tuple(_case(form, groups, data["cases"][place]["expect"]) for place, form in cases)


def run_cases(path: str | Path, rulesets: Mapping[str, RuleSet] | None = None) -> Iterator[CaseResult]:
    """
    Hold the cases of a file against the rules, one by one.

    Args:
        path: The file.
        rulesets: Rule sets by id, for those that cannot be found by their id.

    Raises:
        InvalidData: The file cannot be read.
    """
    for case in read_cases(path):
        yield run_case(case, rulesets)


def run_case(case: WorkedCase, rulesets: Mapping[str, RuleSet] | None = None) -> CaseResult:
    """
    Hold one case against the rules.
    """
    try:
        ledger = Ledger()
        ledger.append(case.records)
        rules = (rulesets or {}).get(case.ruleset) or ruleset(case.ruleset)
        report = evaluate(ledger, case.person, on=case.on, ruleset=rules, readings=case.readings, cycle=case.cycle)
    except PeerLedgerError as error:
        return CaseResult(case=case, differences=(f"no answer: {error}",), report=None)
    differences = [
        *_unknown_names(case.expect, rules),
        *_differences(case.expect, report),
        *(f"the proof fails: {one}" for one in check_proof(report)),
    ]
    return CaseResult(case=case, differences=tuple(differences), report=report)


def _case(form: CaseForm, groups: Mapping[str, tuple[Record, ...]], expect: Mapping[str, Any]) -> WorkedCase:
    shared = [record for name in form.include for record in groups[name]]
    return WorkedCase(
        id=form.id,
        says=form.says,
        basis=form.basis,
        on=form.on,
        person=form.person,
        ruleset=form.ruleset,
        readings=form.readings,
        cycle=form.cycle,
        records=(*shared, *form.records),
        expect=expect,
        derivation=form.derivation,
    )


def _unknown_names(expect: Mapping[str, Any], rules: RuleSet) -> Iterator[str]:
    """Look for names of which the rule set knows nothing: what is expected of them would be passed over."""
    editions = [edition for procedure in rules.procedures for edition in procedure.editions]
    questions = {question.id: question for question in (*questions_of(rules), *OF_FACTS)}
    readings = {f"{question.id} = {reading.id}" for question in questions.values() for reading in question.readings}
    asked = [*expect.get("questions", []), *expect.get("alternatives", {})]
    taken = [f"{one} = {reading}" for one, given in expect.get("alternatives", {}).items() for reading in given]
    for kind, names, known in (
        ("requirement", [one.get("requirement") for one in expect.get("findings", [])], _requirements(editions)),
        ("edition", [expect.get("edition", "none")], {"none", *(edition.id for edition in editions)}),
        ("question", asked, questions.keys()),
        ("reading", [one for one in taken if one.split(" = ")[0] in questions], readings),
    ):
        for name in names:
            if name not in known:
                cut = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
                yield f"the rule set has no {kind} {cut!r}{nearest(name, known)}"


def _requirements(editions: Iterable[Edition]) -> set[str]:
    return {name for edition in editions for requirement in edition.requirements for name in requirement.ids()}


def _differences(expect: Mapping[str, Any], report: Report) -> Iterator[str]:
    for name in _COMPONENTS:
        if name in expect:
            yield from _differs(name, expect[name], getattr(report, name) or "none")
    if "edition" in expect:
        yield from _differs("edition", expect["edition"], report.provenance.edition or "none")
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
    if "caveat" in expect and not any(expect["caveat"] in caveat for caveat in report.caveats):
        yield f"caveat: expected one with {_said(expect['caveat'])!r}, found {list(report.caveats)}"


def _finding_differences(wanted: Mapping[str, Any], report: Report) -> Iterator[str]:
    name = wanted.get("requirement", "")
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


def _alternative_differences(question: str, reading: str, gives: Mapping[str, str], report: Report) -> Iterator[str]:
    for one in report.questions:
        for alternative in one.alternatives:
            if (one.question.id, alternative.reading.id) == (question, reading):
                found = dict(alternative.gives)
                for name, value in gives.items():
                    yield from _differs(f"{question} = {reading}: {name}", str(value), found.get(name, "as assumed"))
                return
    known = [one.question.id for one in report.questions]
    yield f"{question} = {reading}: expected among the open questions, found {known}"


def _differs(name: str, expected: Any, found: Any) -> Iterator[str]:
    if expected != found:
        yield f"{name}: expected {_said(expected)}, found {_said(found)}"


def _said(value: Any) -> str:
    said = ", ".join(map(_said, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}..."
