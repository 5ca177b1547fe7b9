"""
Laws about what has to be settled together: unstated figures, and hours that two credentials do not share.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.errors import PeerLedgerError
from peer_ledger.records import Quantity
from peer_ledger.reports import Finding, Report
from peer_ledger.rules import ACTS_ON_FILE, ByQuestion, Documents, Edition, Hours, RuleSet, Unstated, UnstatedQuantity
from peer_ledger.rules.soundness import problems_of
from peer_ledger.testing._calendar_laws import edition_of
from peer_ledger.testing._hypothesis import st
from peer_ledger.testing._mentions import walk
from peer_ledger.testing._situations import Situation, questions_of_all

_SMALL, _LARGE = Decimal("0.01"), Decimal(1000)


def an_unstated_figure_may_be_any_figure(situation: Situation) -> None:
    """What is decided while a figure is not stated stays decided, and no less is short, when any figure is stated."""
    unstated = sorted({says for rules in _all_rules(situation) for says in _unstated_in(rules)})
    if not unstated:
        return
    amounts = st.sampled_from([_SMALL, Decimal(1), Decimal(3), Decimal(6), Decimal(10), _LARGE])
    values = {says: situation.choose(f"stated: {says}", amounts) for says in unstated}
    try:
        stated = {rules.id: _stated(rules, values) for rules in _all_rules(situation)}
    except PeerLedgerError:  # a figure is impossible where it would stand
        return
    if any(map(problems_of, stated.values())):
        return
    before = situation.report()
    after = situation.report(ruleset=stated[situation.ruleset.id], rulesets=stated)
    for name in ("hours_outcome", "documents_outcome"):
        was, now = getattr(before, name), getattr(after, name)
        assert was == now or was not in ("met", "short"), f"{name} was {was} and is {now}"
    findings = {finding.requirement: finding for finding in after.findings}
    for finding in before.findings:
        if finding.part_of is not None or finding.result not in ("met", "short"):
            continue
        now = findings[finding.requirement]
        assert now.result == finding.result, f"{finding.requirement} was {finding.result} and is {now.result}"
        assert now.unit != finding.unit or now.short >= finding.short, (
            f"{finding.requirement} was at least {finding.short} short and is {now.short} short"
        )


def no_hour_counts_for_two_credentials(situation: Situation) -> None:
    """Where two credentials share no hours, what counts for the one and for the other is no more than there is."""
    mine = situation.report(readings=_assumed(situation, situation.ruleset))
    for requirement, other, theirs in _kept_apart(situation, situation.ruleset, mine):
        rules = situation.rulesets[other]
        report = situation.report(ruleset=rules, readings=_assumed(situation, rules))
        back = _kept_apart(situation, rules, report)
        if (theirs, situation.ruleset.id, requirement) not in back:
            continue
        findings = mine.finding(requirement), report.finding(theirs)
        on_file = _eligible_for_any(findings)
        both = sum(finding.counted for finding in findings)
        assert both <= on_file, f"{requirement} and {theirs} of {other}: {both} counted, of {on_file} that may count"


def _eligible_for_any(findings: Iterable[Finding]) -> Fraction:
    """Return the hours of the trainings that have a place in the allocation of at least one of the findings."""
    hours: dict[str, Fraction] = {}
    for finding in findings:
        placed = _placed_in(finding)
        recorded: dict[str, Fraction] = defaultdict(Fraction)
        for line in finding.lines:
            if placed is None or line.record in placed:
                recorded[line.record] += line.recorded or Fraction()
        for name, amount in recorded.items():
            hours[name] = max(amount, hours.get(name, amount))
    return sum(hours.values(), Fraction())


def _placed_in(finding: Finding) -> set[str] | None:
    """Return the trainings that an allocation may place; `None` where there is no allocation to look at."""
    if finding.proof is None:
        return None
    options = (option for choice in finding.proof.alternatives for option in choice.options)
    cells = (*finding.proof.cells, *(cell for option in options for cell in option))
    return {cell.key.split()[1] for cell in cells}  # a key is a day, an id and a place


def _kept_apart(situation: Situation, rules: RuleSet, report: Report) -> list[tuple[str, str, str]]:
    """Return the requirements of a renewal that share no hours, each with the other rule set and its requirement."""
    edition = edition_of(rules, report)
    return [] if report.step != "renewal" or edition is None else list(_apart_in(situation, edition, report))


def _apart_in(situation: Situation, edition: Edition, report: Report) -> Iterator[tuple[str, str, str]]:
    for asked in edition.requirements:
        if isinstance(asked, Hours) and not any(isinstance(value, Unstated) for _, value in walk(asked)):
            for apart in asked.not_shared_with:
                is_asked = any(
                    finding.requirement == asked.id and finding.result != "not asked" for finding in report.findings
                )
                if apart.ruleset in situation.rulesets and is_asked:
                    yield asked.id, apart.ruleset, apart.requirement


def _assumed(situation: Situation, rules: RuleSet) -> dict[str, str]:
    """Return the assumed readings of a rule set, except whether all acts of the board are on file."""
    readings = {question.id: question.assumed for question in questions_of_all(rules)}
    return readings | {ACTS_ON_FILE.id: situation.readings.get(ACTS_ON_FILE.id, ACTS_ON_FILE.assumed)}


def _all_rules(situation: Situation) -> list[RuleSet]:
    others = [rules for name, rules in situation.rulesets.items() if name != situation.ruleset.id]
    return [situation.ruleset, *others]


def _unstated_in(rules: RuleSet) -> Iterator[str]:
    for _, value in walk(rules.procedures):
        if isinstance(value, Unstated | UnstatedQuantity):
            yield value.says


def _stated(value: Any, values: Mapping[str, Decimal]) -> Any:
    """Return rules in which a figure stands in the place of each that no source states."""
    if isinstance(value, Documents) and isinstance(value.need, Unstated):
        return _stated(attrs.evolve(value, need=max(1, math.ceil(values[value.need.says]))), values)
    if isinstance(value, Unstated):
        return values[value.says]
    if isinstance(value, UnstatedQuantity):
        return Quantity(amount=values[value.says], unit=value.unit)
    if isinstance(value, ByQuestion):
        return ByQuestion(by=value.by, values=[(name, _stated(part, values)) for name, part in value.values])
    if isinstance(value, tuple):
        return tuple(_stated(part, values) for part in value)
    if not attrs.has(type(value)):
        return value
    fields = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
    changed = {name: _stated(part, values) for name, part in fields.items()}
    return value if all(changed[name] is part for name, part in fields.items()) else attrs.evolve(value, **changed)
