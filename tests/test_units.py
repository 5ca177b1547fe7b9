"""What a rule set counts in: reports, tables, pictures and sentences use that unit's words."""

import re
import sys
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from peer_ledger import Certification, Credit, Ledger, Roster, TrainingEvent, evaluate, evaluate_all, ruleset, timeline
from peer_ledger.presenting.rule_sentences import compare_editions, describe
from peer_ledger.rules import CarryOver, UnitValue, check_rule_words
from peer_ledger.rules.soundness import problems_of

sys.path.insert(0, str(Path(__file__).parent / "third_party"))
from norrland_rules import RULES, YOUTH

HOURS = re.compile(r"\bhours?\b|\d h\b")


def in_norrland(*amounts, rules=RULES, unit="point", awarded="2023-03-14", **also):
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential=rules.id, act="awarded", on=awarded),
        *(
            TrainingEvent(
                id=f"e-{place}", person="p", completed="2025-02-03", delivery="in-person", provider=f"school-{place}",
                title=f"Day {place}",
                credits=[Credit(amount=amount, unit=unit, topics=topics)] if amount else None,
            )
            for place, (amount, topics) in enumerate(amounts)
        ),
    ])  # fmt: skip
    return ledger, evaluate(ledger, "p", on="2025-12-15" if awarded > "2024" else "2026-06-01", ruleset=rules, **also)


@pytest.mark.parametrize("rules", [RULES, YOUTH])
def test_a_report_says_points_and_nowhere_hours(rules):
    """Norrland counts in points: findings, what is missing, reasons and notes name them, in singular and plural."""
    _, report = in_norrland((5, {"ethics"}), ("0.5", {"recovery"}), (None, ()), rules=rules)
    findings = [finding for finding in report.findings if finding.requirement == "poang"]
    assert {"point"} == {finding.unit for finding in findings}
    said = str(report)
    assert "points missing" in said
    assert HOURS.findall(said) == []
    assert HOURS.findall(re.sub(r"<style.*?</style>", "", report._repr_html_(), flags=re.DOTALL)) == []
    assert report.provenance.counts_in == "point"
    assert report.to_dict()["provenance"]["counts_in"] == "point"


def test_one_point_is_in_the_singular():
    """A single one that is missing is a point."""
    _, report = in_norrland((14, {"recovery"}), rules=YOUTH, awarded="2025-01-14")
    assert report.finding("poang").short == Fraction(1)
    assert "1 point missing" in str(report)
    assert "1 points" not in str(report)


def test_open_questions_name_points():
    """What the other reading of a question would give is said of the points."""
    ledger, _ = in_norrland()
    ledger.append([
        TrainingEvent(
            id="t", person="p", completed="2025-02-03", delivery="in-person", role="taught",
            credits=[Credit(amount=12, unit="point", topics={"ethics"}), Credit(amount=6, unit="point", topics={"supervision"}),
                     Credit(amount=42, unit="point", topics={"recovery"})],
        ),
    ])  # fmt: skip
    report = evaluate(ledger, "p", on="2026-06-01", ruleset=RULES)
    assert HOURS.findall(str(report)) == []


def test_tables_and_pictures_count_points():
    """A roster has the points of each requirement, and a timeline says how many counted."""
    ledger, report = in_norrland((5, {"ethics"}), (9, {"recovery"}))
    roster = Roster(evaluate_all(ledger, on="2026-06-01", ruleset=RULES))
    [row] = [row for row in roster.findings().to_rows() if row["requirement"] == "poang" and not row["part_of"]]
    assert row["unit"] == "point"
    credits_ = [row for row in roster.credits(ledger).to_rows() if row["requirement"] == "poang"]
    assert {"e-0", "e-1"} == {row["record"] for row in credits_}
    short = [row for row in roster.hours_short().to_rows() if row["requirement"] == "poang"]
    assert short
    assert HOURS.findall(" ".join(map(str, roster.findings().to_rows()))) == []
    assert "5 points counted" in timeline(ledger, "p", on="2026-06-01", ruleset=RULES).svg
    assert report.hours_short


def test_rules_in_sentences_use_the_unit():
    """A carry-over of points is at most so many points."""
    renewal = YOUTH.procedures[0]
    edition = renewal.editions[0]
    [points] = edition.requirements
    carried = attrs.evolve(points, carry_over=CarryOver(at_most=5, cites=points.cites))
    before = attrs.evolve(edition, id="old")
    later = attrs.evolve(
        YOUTH, procedures=(attrs.evolve(renewal, editions=(before, attrs.evolve(edition, requirements=(carried,)))),)
    )
    [difference] = compare_editions(later, "old", edition.id)
    assert "at most 5 points" in difference
    assert HOURS.findall(describe(YOUTH)) == []


def test_hours_are_the_default():
    """Every bundled rule set counts in hours, and says so."""
    assert ruleset("us-nc-cpss").counts_in == "hour"
    assert check_rule_words(attrs.evolve(YOUTH, counts_in="pont"))[0].path == "counts_in"


@pytest.mark.parametrize("units", [(), (UnitValue(unit="point", hours="2", cites=("STADGA",)),)])
def test_the_unit_that_is_counted_in_is_worth_one(units):
    """Without a worth no training would count; with another worth than 1 the figures would be in another unit."""
    [problem] = problems_of(attrs.evolve(YOUTH, units=units))
    assert (problem.path, "with a worth of '1'" in problem.message) == ("counts_in", True)


@pytest.mark.parametrize("unit", ["standard", "module"])
def test_standards_and_modules(unit):
    """A scheme of standards or of modules says its own words."""
    rules = attrs.evolve(YOUTH, counts_in=unit, units=(UnitValue(unit=unit, hours="1", cites=("STADGA",)),))
    assert problems_of(rules) == ()
    assert not any(problem.path == "counts_in" for problem in check_rule_words(rules))
    _, report = in_norrland((5, {"recovery"}), rules=rules, unit=unit, awarded="2025-01-14")
    assert f"10 {unit}s missing" in str(report)
    assert HOURS.findall(str(report)) == []
