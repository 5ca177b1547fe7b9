"""What sums say of trainings that may be one, that disagree, or of which the amount is not known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import test_evaluation as small
from effort import effort, sized
from peer_ledger import Coverage, Review, evaluate
from peer_ledger.evaluation import _alike as alike
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _training as training
from peer_ledger.evaluation import _training_sums as training_sums
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.records import Origin
from peer_ledger.rules import Cap, Part, TrainingFilter
from test_join import differences

ON = date(2025, 6, 1)


@st.composite
def rule_sets(draw):
    """Rules of one or two requirements of hours, with a part and perhaps a cap, that see repeats in one way or two."""
    once = st.sampled_from(["once", "count", small.by("first", yes="once", no="count")])

    def hours(name):
        ethics = Part(
            id=f"{name}-ethics", says="Of which.", need=draw(st.sampled_from([1, 3, 4])),
            counts=TrainingFilter(topics={"ethics"}), cites=("P",), surplus_counts=draw(st.booleans()),
        )  # fmt: skip
        cap = Cap(
            id=f"{name}-online", says="At most.", at_most=4, counts=TrainingFilter(deliveries={"live-online"}),
            cites=("P",),
        )  # fmt: skip
        return small.hours(
            draw(st.sampled_from([4, 6, 8, 11])),
            name,
            parts=(ethics,) if draw(st.booleans()) else (),
            caps=(cap,) if draw(st.integers(0, 3)) == 0 else (),
            counts=draw(st.sampled_from([None, None, TrainingFilter(topics={"ethics", "crisis"})])),
            repeats=draw(once),
        )

    names = ["one", "two"][: draw(st.sampled_from([1, 2, 2, 2]))]
    return small.rules(*map(hours, names), questions=(small.question("first"),))


@st.composite
def lives(draw):
    """Up to six trainings on two days, from so few words and amounts that many of them look alike."""
    records = [small.AWARD, *small.COVERED]
    for number in range(draw(st.integers(1, 6))):
        amount = draw(st.sampled_from([None, 2, 2, 3, Decimal("4.5"), 5]))
        topics = draw(st.sampled_from([None, {"ethics"}, {"ethics"}, {"crisis"}, {"recovery"}]))
        named = draw(st.sampled_from([{}, {"title": "WRAP"}, {"title": "WRAP"}, {"title": f"Title {number}"}]))
        listed = draw(st.sampled_from(["lms", "tracker"]))
        records.append(
            small.event(
                f"e-{number}",
                *([] if amount is None else [(amount, topics)]),
                day=draw(st.sampled_from(["2025-03-04", "2025-03-04", "2025-04-01"])),
                delivery=draw(st.sampled_from([None, "in-person", "live-online", "live-online"])),
                origin=Origin(source=listed, key=(f"e-{number}",)),
                **named,
            )
        )
    if draw(st.integers(0, 3)) == 0:
        decision = draw(st.sampled_from(["rejected", "approved"]))
        records.append(Review(id="v", person="p", event="e-0", decision=decision, on="2025-05-01"))
    return records + draw(st.lists(st.just(Coverage(id="t", covers="training-event")), max_size=1))


ASKED = st.tuples(rule_sets(), lives(), st.booleans())


def found_differences(asked):
    rules, records, strict = asked
    return differences(rules, records, ON, strict=strict)


@given(ASKED)
@effort(sized(400, 60))
def test_sums_say_what_is_found_credit_by_credit(asked):
    assert found_differences(asked) == []


def test_sums_say_it_without_looking_at_single_credits(monkeypatch):
    """8 hours are asked and 5 are there, beside what two lists say: of one training, or of one each."""
    monkeypatch.setattr(HoursCheck, "__init__", None)
    for others, outcome in (
        (((4,), (4,)), "met"),
        (((2,), (2,)), "undetermined"),
        (((1,), (1,)), "short"),
        (((2,), (3,)), "undetermined"),
        (((1,), (2,)), "undetermined"),
        (((1,), (Decimal("1.5"),)), "short"),
        ((None, (1,)), "undetermined"),
    ):
        listed = [
            small.event(
                f"e-{place}", *([] if amount is None else [(*amount, {"crisis"})]), title="WRAP",
                origin=Origin(source=str(place), key=("e",)),
            )
            for place, amount in enumerate(others)
        ]  # fmt: skip
        ledger = small.ledger_of(small.event("e", (5, {"crisis"}), day="2025-01-07"), *listed)
        ledger.append([Coverage(id="t", covers="training-event")])
        report = evaluate(ledger, "p", on=ON, ruleset=small.rules(small.hours(8)))
        assert (others, report.hours_outcome) == (others, outcome)


def take_an_unknown_amount_for_certain(patch):
    patch.setattr(training.TrainingKinds, "vague", property(lambda _: set(), lambda *_: None), raising=False)


def take_an_unknown_amount_for_nothing(patch):
    patch.setattr(training, "PLENTY", 0)


def judge(otherwise):
    """Return a fault: sums see other trainings as one, or as wrong, than are."""

    def plant(patch):
        real = training_sums._Judged._found_verdicts
        patch.setattr(training_sums._Judged, "_found_verdicts", lambda self, classes: real(self, otherwise(classes)))

    return plant


def take_the_first_of_those_that_are_one(patch):
    patch.setattr(training_sums, "_best", lambda each: each[0])


def share_what_is_alike_whatever(place):
    """Return a fault: requirements share what is alike although they differ in one thing that it follows from."""

    def plant(patch):
        real = alike.alike_key
        patch.setattr(alike, "alike_key", lambda *of: (*(key := real(*of))[:place], *key[place + 1 :]))

    return plant


def forget_what_was_asked(patch):
    real = training_sums._Judged._under
    patch.setattr(training_sums._Judged, "_under", lambda *of: (found := real(*of)) and found._replace(asked=()))


FAULTS = (
    take_an_unknown_amount_for_certain,
    take_an_unknown_amount_for_nothing,
    judge(lambda classes: Classes(classes.groups)),
    judge(lambda classes: Classes(wrong=classes.wrong)),
    take_the_first_of_those_that_are_one,
    share_what_is_alike_whatever(0),
    share_what_is_alike_whatever(2),
    forget_what_was_asked,
)


@pytest.mark.parametrize("plant", FAULTS)
def test_the_comparison_finds_a_fault(monkeypatch, plant):
    known_rules._known.cache_clear()
    plant(monkeypatch)
    try:
        find(
            ASKED,
            found_differences,
            settings=settings(max_examples=sized(10_000, 3_000), phases=[Phase.generate], database=None, deadline=None),
        )
    finally:
        known_rules._known.cache_clear()


@pytest.mark.parametrize("faulty", [False, True])
def test_what_is_alike_is_shared_by_those_requirements_alone_that_see_the_same(monkeypatch, faulty):
    """Two lists differ in the topic of one training: for 4 hours of any it does not matter, for ethics it does."""
    ethics = Part(id="ethics", says="Of which.", need=4, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    rules = small.rules(small.hours(4), small.hours(4, "other", parts=(ethics,)))
    lists = [
        small.event(name, (4, {topic}), title="WRAP", origin=Origin(source=name, key=("e",)))
        for name, topic in (("lms", "ethics"), ("tracker", "crisis"))
    ]
    if faulty:
        share_what_is_alike_whatever(1)(monkeypatch)
    ledger = small.ledger_of(*lists, Coverage(id="t", covers="training-event"))
    report = evaluate(ledger, "p", on=ON, ruleset=rules, readings={"recorded-twice": "one", "same-course": "same"})
    assert report.hours_outcome == ("met" if faulty else "undetermined")
