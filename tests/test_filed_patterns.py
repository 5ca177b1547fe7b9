"""What is found again for others who filed alike is what their own records give."""

from fractions import Fraction
from random import Random

import attrs
import pytest

import test_evaluation as small
from effort import sized
from filed_alike import ON, people_filed_alike
from peer_ledger import Credit, Filing, Ledger, TrainingEvent, ruleset
from peer_ledger.evaluation import _filed_patterns as filed_patterns
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _shapes as shapes
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._filed_join import headline_of_filed
from peer_ledger.evaluation._filed_patterns import headline_by_pattern
from peer_ledger.evaluation._headline import headline_of_all
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._known import known
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.rules import Condition, RelativeDate
from peer_ledger.rulesets import consulted_by


def differences(rules, records):
    """Return who is answered from a pattern otherwise than by the own records, and how many are from one at all."""
    ledger = Ledger()
    ledger.append(records)
    consulted = consulted_by(rules)
    shared = Position(known(rules, is_sound=True), {}, consulted=consulted)
    found, answered = [], 0
    for person in ledger.people():
        history = history_of(ledger, person, on=ON, credential=rules.id)
        first = Scenarios(shared, history)
        told = headline_by_pattern(first, lambda first=first: Join(first))
        if told is not None:
            answered += 1
            alone = Scenarios(Position(known(rules, is_sound=True), {}, consulted=consulted), history)
            join = Join(alone)
            defined = join.headline() or headline_of_filed(alone, join) or headline_of_all(alone)
            found += [person] if told != defined else []
    return found, answered


def late_board():
    """A board that asks more of those who are late, and takes renewals for three months."""
    rules = small.rules(small.hours(8), small.hours(20, "late", only_if=Condition(late=True)))
    procedure = rules.procedures[0]
    edition = attrs.evolve(procedure.editions[0], late_until=RelativeDate(of="due", months=3))
    return attrs.evolve(rules, procedures=(attrs.evolve(procedure, editions=(edition,)), *rules.procedures[1:]))


RULES = {"us-nc-cpss": ruleset, "us-ny-crpa": ruleset, "us-ca-cmpss": ruleset, small.XX: lambda _: late_board()}


@pytest.mark.parametrize("name", RULES)
def test_people_who_filed_alike_are_answered_as_each_alone(name):
    random, rules = Random(name), RULES[name](name)
    of_all = [differences(rules, people_filed_alike(random, rules, 12)) for _ in range(sized(60, 12))]
    assert [found for found, _ in of_all if found] == []
    assert sum(answered for _, answered in of_all) > 3 * len(of_all)


def filed_in_time(person, amount):
    """Return the records of somebody with some hours who filed before the certificate is due."""
    credits_ = [Credit(amount=amount, topics={"ethics"})]
    return [
        attrs.evolve(small.AWARD, id=f"c-{person}", person=person),
        TrainingEvent(id=f"e-{person}", person=person, completed="2025-05-05", title="Ethics", credits=credits_),
        Filing(
            id=f"f-{person}", person=person, credential=small.XX, step="renewal", method="online", sent="2026-01-10"
        ),
    ]


def test_hours_that_are_asked_under_one_reading_alone_are_decided_by_sums():
    """Of the two readings the assumed one asks for 20 hours more; both people are answered from patterns."""
    more = small.hours(20, "more", only_if=Condition(question="duty", reading="yes"))
    rules = small.rules(small.hours(8), more, questions=(small.question("duty"),))
    assert ([], 2) == differences(rules, [*small.COVERED, *filed_in_time("p-1", 10), *filed_in_time("p-2", 4)])


def forget(place):
    """Return a fault: people are taken to have filed alike who differ in one thing."""

    def plant(patch):
        real = filed_patterns._alike

        def fault(scenarios):
            found = real(scenarios)
            return found and found._replace(key=(*found.key[:place], *found.key[place + 1 :]))

        patch.setattr(filed_patterns, "_alike", fault)

    return plant


def forget_the_days_of_filings(patch):
    real = shapes.Shapes.of

    def fault(self, key, grant, filed=()):
        found = real(self, key, grant, filed)
        return found._replace(shape=real(self, key, grant).shape)

    patch.setattr(shapes.Shapes, "of", fault)


def forget_the_pattern(patch):
    real = filed_patterns.PatternOfSums

    def fault(*given):
        found = real(*given)
        found.pattern = found.pattern and ()
        return found

    patch.setattr(filed_patterns, "PatternOfSums", fault)


def forget_the_hours(patch):
    patch.setattr(filed_patterns.PatternOfSums, "short", lambda _self, _asked: Fraction(0))


def forget_the_day_of_filing(patch):
    """What came after the filing, until the day asked about, is counted, too."""
    real = filed_patterns._looked_at
    patch.setattr(filed_patterns, "_looked_at", lambda *of: (look := real(*of)) and look._replace(as_of=0))


def forget_the_pattern_of_others(patch):
    """How filings come out for people whose days lie otherwise is taken for how they come out here."""
    real = filed_patterns._Filed._find
    patch.setattr(filed_patterns._Filed, "_find", lambda self, _key, join: real(self, (), join))


FAULTS = (
    forget_the_pattern_of_others,
    forget(1),
    forget_the_days_of_filings,
    forget_the_pattern,
    forget_the_hours,
    forget_the_day_of_filing,
)


@pytest.mark.parametrize("plant", FAULTS)
def test_the_comparison_finds_a_fault(monkeypatch, plant):
    known_rules._known.cache_clear()
    plant(monkeypatch)
    try:
        for name, rules_of in RULES.items():
            random, rules = Random(name), rules_of(name)
            for _ in range(40):
                try:
                    is_found = bool(differences(rules, people_filed_alike(random, rules, 12))[0])
                except ValueError:  # the states of two people who are taken to be alike are not as many
                    is_found = True
                if is_found:
                    return
    finally:
        known_rules._known.cache_clear()
    pytest.fail("the fault shows nowhere")
