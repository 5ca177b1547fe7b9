"""Grants are found once for all days on which the same is on file, and anew where more is known."""

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import Certification, Ledger, Ruling, evaluate, ruleset
from peer_ledger.evaluation import _dossiers as dossiers
from peer_ledger.evaluation import _grants as grants
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing import days_about, lives

NAMES = "us-nc-cpss", "us-ca-cmpss", "us-tx-mhps", "us-ny-crpa", "national-naadac-ncprss"


@st.composite
def asked(draw):
    """Draw a rule set, a life and some days in any order."""
    rules = ruleset(draw(st.sampled_from(NAMES)))
    records = draw(lives(rules, beside=consulted_by(rules).values()))
    return rules, records, draw(st.lists(days_about(rules, records), min_size=2, max_size=4))


def told(ledger, rules, day):
    return evaluate(ledger, "p", on=day, ruleset=rules).to_dict()


def differing(rules, records, days):
    """Return the days on which a ledger that was asked about others before says something else than a new one."""
    kept = ledger_of(records)
    return [day for day in days if told(kept, rules, day) != told(ledger_of(records), rules, day)]


def ledger_of(records):
    ledger = Ledger()
    ledger.append(records)
    return ledger


@given(asked())
@effort(150)
def test_a_day_is_answered_whatever_was_asked_before(life):
    assert [] == differing(*life)


def keep_them_whatever_is_known(patch):
    """Grants are taken to be the same on all days."""
    real, kept = dossiers.Dossier.history, {}

    def fault(self, *how, **known):
        found = real(self, *how, **known)
        object.__setattr__(found, "granted", kept.setdefault(id(self), (self, {}))[1])
        return found

    patch.setattr(dossiers.Dossier, "history", fault)


def test_a_fault_in_what_is_kept_shows(monkeypatch):
    keep_them_whatever_is_known(monkeypatch)
    shown = settings(max_examples=sized(3000, 1500), phases=[Phase.generate], database=None, derandomize=True)
    assert find(asked(), lambda life: bool(differing(*life)), settings=shown)


@pytest.mark.parametrize("days", [("2024-03-01", "2025-01-01"), ("2025-01-01", "2024-03-01")])
def test_an_award_without_a_day_begins_on_the_day_that_its_expiry_gives(days):
    """Two years to the end of a month lead back to April 30, 2024; the act is on file all the time."""
    award = Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", expires="2026-04-30")
    ledger = ledger_of([award])
    standing = {day: evaluate(ledger, "p", on=day).standing for day in days}
    assert "current" == standing["2025-01-01"]
    assert "current" != standing["2024-03-01"]


def test_grants_are_found_once_until_more_is_known(monkeypatch):
    """An award, a day later the same, then a renewal, then a ruling that moves its due date."""
    days, made = ("2024-07-01", "2024-07-02", "2026-06-01", "2026-06-02", "2026-07-01"), []
    real = grants.GrantBuilder.__init__

    def noted(self, history, *how, **more):
        made.append(history.on.isoformat())
        real(self, history, *how, **more)

    monkeypatch.setattr(grants.GrantBuilder, "__init__", noted)
    common = {"person": "p", "credential": "us-nc-cpss"}
    ledger = ledger_of(
        [
            Certification(id="c-1", act="awarded", on="2024-06-01", **common),
            Certification(id="c-2", act="renewed", on="2026-06-01", **common),
            Ruling(id="r", effect="moves", requirement="due", on="2026-06-15", day="2028-09-01", **common),
        ]
    )
    readings = {question.id: question.assumed for question in ruleset("us-nc-cpss").questions}
    for day in days:
        _ = evaluate(ledger, "p", on=day, readings=readings).standing
    assert [days[0], days[2], days[4]] == list(dict.fromkeys(made))
