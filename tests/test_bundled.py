"""What holds of every bundled rule set beside the laws: it stands the calendar's edges, says how well it is known, and is data."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import peer_ledger
from effort import looked_at
from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate, ruleset, ruleset_ids
from peer_ledger.rules import Hours, Part
from peer_ledger.testing._mentions import walk

IDS = [name for name in ruleset_ids() if name.startswith(("us-", "national-"))]
LOOKED_AT = looked_at(IDS)
PACKAGE = Path(peer_ledger.__file__).parent
EDGES = [date(1900, 1, 1), date(2199, 11, 30), date(2199, 12, 31)]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_certificates_at_the_edges_of_the_calendar_are_answered(name):
    """A certificate that "never expires" in somebody's roster, or began before all others, stops nobody's evaluation."""
    for expires in EDGES:
        for awarded in (None, expires):
            ledger = Ledger()
            training = TrainingEvent(
                id="e", person="p", completed=max(date(1900, 1, 1), expires - timedelta(days=30)),
                credits=[Credit(amount=10, topics={"ethics"})],
            )  # fmt: skip
            act = Certification(id="c", person="p", credential=name, act="awarded", on=awarded, expires=expires)
            ledger.append([act, training])
            for on in {date(2026, 1, 1), expires}:
                assert str(evaluate(ledger, "p", on=on, ruleset=name))


@pytest.mark.parametrize("name", LOOKED_AT)
def test_rule_set_says_when_and_how_well_its_facts_were_seen(name):
    """The day and the grade of the facts, and sources that were seen by then."""
    rules = ruleset(name)
    assert rules.seen_on >= max(source.seen for source in rules.sources)
    if rules.grade != "named":
        assert rules.confidence in ("high", "medium", "low")
        assert rules.notes or rules.questions


def test_hours_are_named_as_people_name_them():
    """Where the id of hours does not read as what they are of, the rule set says how they are called."""
    unnamed = {
        (name, one.id)
        for name in IDS
        for _, one in walk(ruleset(name).procedures)
        if isinstance(one, Hours | Part) and one.called is None and one.id not in {"training", "supervisor-training"}
    }
    assert set() == unnamed


def test_what_is_kept_apart_is_kept_apart_on_both_sides():
    """A requirement that names another as one with which it shares no hour is named by that one, too."""
    pairs = {
        ((rules.id, one.id), (other.ruleset, other.requirement))
        for rules in map(ruleset, IDS)
        for _, one in walk(rules.procedures)
        if isinstance(one, Hours)
        for other in one.not_shared_with
    }
    assert pairs
    assert {(there, here) for here, there in pairs} == pairs


def test_no_state_is_named_in_the_code():
    """Code knows kinds of rules; which state has which stands in the rule files (examples in docstrings and help apart)."""
    named = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*.py")
        if "example" not in path.parts
        for found in [set(re.findall(r"""["'](us-[a-z]{2}-[a-z-]+|national-[a-z-]+)["']""", _code_of(path)))]
        if found
    }
    assert set(named) <= {"rulesets/_bundled.py", "testing/strategies.py"}, named


def _code_of(path):
    """Return a module's text without docstrings, and without what stands in messages that show an example."""
    text = re.sub(r'""".*?"""', "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r'"[^"\n]* [^"\n]*"', '""', text)
