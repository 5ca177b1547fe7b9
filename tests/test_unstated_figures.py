"""Figures that no source states: an unstated cap is not 0, nor is an unstated minimum endless."""

from fractions import Fraction

import attrs
import pytest

from peer_ledger import Certification, Credit, Ledger, Ruling, TrainingEvent, evaluate, ruleset
from peer_ledger.evaluation import check_proof
from peer_ledger.records import Quantity
from peer_ledger.rules import Cap, Hours, NotSharedWith, Part, TrainingFilter, Unstated
from remarks import in_words, sentences

CAPPED = {"self-study-capped": "capped", "renewal-4-begun": "begun"}


def of_north_carolina(*amounts, delivery=None, readings=CAPPED, rules="us-nc-cpss", records=()):
    """Return the report on a renewal with 3 hours of ethics and other hours."""
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"),
        *(
            TrainingEvent(
                id=f"e-{place}", person="p", completed="2025-02-03", delivery=delivery, title=f"Day {place}",
                credits=[Credit(amount=amount, topics={"recovery"} if place else {"ethics"})],
            )
            for place, amount in enumerate(amounts)
        ),
        *records,
    ])  # fmt: skip
    return evaluate(ledger, "p", on="2026-01-15", readings=readings, ruleset=rules)


def test_what_is_missing_under_an_unstated_cap_is_what_is_missing_whatever_it_is():
    """With 19.75 hours of which nobody knows the delivery, a quarter is missing for certain, and not 20 hours."""
    report = of_north_carolina(3, "16.75")
    training = report.finding("training")
    assert ("short", Fraction(1, 4), Fraction(79, 4)) == (training.result, training.short, training.counted)
    assert in_words(training.because).startswith(
        "at least 15 minutes short; how much more depends on the limit on self-paced hours, which no source states"
    )
    assert report.hours_short == Fraction(1, 4)
    assert check_proof(report) == ()
    assert "20 hours short" not in str(report)
    assert report.finding("ethics").result == "undetermined"


@pytest.mark.parametrize(
    ("delivery", "because"),
    [
        ("self-paced", "it is met if that is at least 20 hours, and short if it is less"),
        (None, "it is met if that is at least 20 hours"),
    ],
)
def test_enough_under_an_unstated_cap_is_open_with_its_threshold(delivery, because):
    """With 20 hours that the cap may touch, the finding says from which figure on they suffice."""
    training = of_north_carolina(3, 17, delivery=delivery).finding("training")
    assert ("undetermined", Fraction(20), Fraction(0)) == (training.result, training.counted, training.short)
    assert in_words(training.because).endswith(because)


@pytest.mark.parametrize("delivery", ["self-paced", None])
def test_what_nobody_knows_of_a_cap_and_of_a_length_together_is_open(delivery):
    """A limit that no source states may be 20 hours, and training of unknown length 17: with 3 that is enough."""
    unknown = TrainingEvent(id="x", person="p", completed="2025-05-06", delivery=delivery, title="Of unknown length")
    report = of_north_carolina(3, delivery="self-paced", records=[unknown])
    training = report.finding("training")
    assert ("undetermined", Fraction(3), "undetermined") == (training.result, training.counted, report.hours_outcome)
    without = of_north_carolina(3, delivery="self-paced").finding("training")
    assert ("short", Fraction(3), Fraction(17)) == (without.result, without.counted, without.short)


def test_hours_beyond_the_need_are_not_over_a_cap_that_nobody_states():
    """21 hours count for 20; the last one is not needed, and no cap is known that it exceeds."""
    training = of_north_carolina(3, 18, delivery="self-paced").finding("training")
    assert {"not needed"} == {in_words(line.why_not) for line in training.lines if in_words(line.why_not)}


def test_a_cap_that_touches_nothing_changes_nothing():
    """Training in person is not self-paced: the question about the cap is not mentioned, and nothing is open."""
    here = of_north_carolina(3, "16.75", delivery="in-person")
    assert here.finding("training").short == Fraction(1, 4)
    assert "no source states" not in in_words(here.finding("training").because)
    asked = of_north_carolina(3, "16.75", delivery="in-person", readings={"renewal-4-begun": "begun"})
    assert not any("self-paced" in caveat for caveat in sentences(asked.caveats))


def test_the_unstated_cap_is_no_reason_to_name_another_amount():
    """A quarter of an hour is missing with the cap and without it: the question is not mentioned."""
    report = of_north_carolina(3, "16.75", delivery="self-paced", readings={"renewal-4-begun": "begun"})
    assert report.finding("training").short == Fraction(1, 4)
    assert not any("20 hours of training would be missing" in caveat for caveat in sentences(report.caveats))


def test_a_ruling_on_the_cap_decides():
    """Ten self-paced hours may count by a letter of the board: then 10 are missing."""
    letter = Ruling(
        id="r", person="p", credential="us-nc-cpss", on="2025-06-01", requirement="self-study", effect="sets",
        figure=Quantity(amount=10, unit="hour"),
    )  # fmt: skip
    training = of_north_carolina(3, 17, delivery="self-paced", records=[letter]).finding("training")
    assert ("short", Fraction(10), Fraction(10)) == (training.result, training.short, training.counted)


def with_training(rules, **changed):
    """Return a rule set whose newest renewal asks for 20 hours, changed in some ways."""
    cites = (rules.sources[0].id,)
    training = Hours(id="training", says="At least 20 hours.", need=20, cites=cites, **changed)
    renewal = rules.procedure("renewal")
    edition = attrs.evolve(renewal.editions[-1], requirements=(training,))
    return attrs.evolve(
        rules,
        procedures=tuple(
            attrs.evolve(renewal, editions=(*renewal.editions[:-1], edition)) if one.step == "renewal" else one
            for one in rules.procedures
        ),
    )


@pytest.mark.parametrize("credential", ["us-oh-cprs", "us-mn-mhcps"])
def test_a_part_of_an_unstated_minimum_adds_nothing_to_what_is_missing(credential):
    """19 of 20 hours are there, and a part asks for so much that no source states: 1 hour is missing, whatever it is."""
    rules = ruleset(credential)
    crisis = Part(
        id="crisis", says="Some of crisis.", need=Unstated(says="how many are of crisis"),
        counts=TrainingFilter(topics={"crisis"}), cites=(rules.sources[0].id,),
    )  # fmt: skip
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential=credential, act="awarded", on="2025-01-14"),
        TrainingEvent(id="e", person="p", completed="2025-06-03", credits=[Credit(amount=19, topics={"recovery"})]),
    ])  # fmt: skip
    report = evaluate(ledger, "p", on="2025-12-15", ruleset=with_training(rules, parts=(crisis,)))
    training = report.finding("training")
    assert ("short", Fraction(1)) == (training.result, training.short)
    assert in_words(training.because).startswith(
        "at least 1 hour short; how much more depends on how many are of crisis"
    )
    assert report.finding("crisis").result == "undetermined"
    assert check_proof(report) == ()


def test_an_unstated_part_beside_another_credential_adds_nothing_either():
    """With a second credential that shares no hour and needs none, 19 of 20 hours still lack 1."""
    rules = ruleset("us-oh-cprs")
    cites = (rules.sources[0].id,)
    crisis = Part(
        id="crisis", says="Some of crisis.", need=Unstated(says="how many are of crisis"),
        counts=TrainingFilter(topics={"crisis"}), cites=cites,
    )  # fmt: skip
    apart = (NotSharedWith(ruleset="us-id-cpss", requirement="training", cites=cites),)
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential="us-oh-cprs", act="awarded", on="2025-01-14"),
        Certification(id="d", person="p", credential="us-id-cpss", act="awarded", on="2025-01-14"),
        TrainingEvent(id="e", person="p", completed="2025-06-03", credits=[Credit(amount=19, topics={"recovery"})]),
    ])  # fmt: skip
    changed = with_training(rules, parts=(crisis,), not_shared_with=apart)
    training = evaluate(ledger, "p", on="2025-12-15", ruleset=changed).finding("training")
    assert ("short", Fraction(1), Fraction(19)) == (training.result, training.short, training.counted)


def test_a_stated_cap_still_limits():
    """A cap with a figure counts as much as it says, beside one that no source states."""
    rules = ruleset("us-oh-cprs")
    cites = (rules.sources[0].id,)
    caps = (
        Cap(id="few", says="At most 5.", at_most=5, counts=TrainingFilter(topics={"wellness"}), cites=cites),
        Cap(
            id="some", says="Some.", at_most=Unstated(says="how many on recovery count"),
            counts=TrainingFilter(topics={"recovery"}), cites=cites,
        ),
    )  # fmt: skip
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential="us-oh-cprs", act="awarded", on="2025-01-14"),
        TrainingEvent(id="e", person="p", completed="2025-06-03", credits=[Credit(amount=9, topics={"recovery"})]),
        TrainingEvent(id="f", person="p", completed="2025-06-04", credits=[Credit(amount=8, topics={"wellness"})]),
    ])  # fmt: skip
    training = evaluate(ledger, "p", on="2025-12-15", ruleset=with_training(rules, caps=caps)).finding("training")
    assert ("short", Fraction(6), Fraction(14)) == (training.result, training.short, training.counted)
    assert {"more than the cap “few” allows"} == {
        in_words(line.why_not) for line in training.lines if in_words(line.why_not)
    }
