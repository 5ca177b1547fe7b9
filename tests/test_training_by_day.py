"""One person's training by day: what is summed within days, found part by part, is what a plain loop finds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Approval, Credit, Ledger, Review, TrainingEvent, ruleset
from peer_ledger.allocation._terms import MOST
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._may_be_one import NONE
from peer_ledger.evaluation._training import TrainingByDay, TrainingKinds

BEGIN = date(2025, 1, 1)
RULES = ruleset("us-nc-cpss")
KINDS = TrainingKinds(RULES)

AMOUNTS = st.integers(1, 9) | st.integers(MOST // 2, MOST // 2 + 2)
EVENTS = st.lists(
    st.tuples(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 3), AMOUNTS), max_size=3)), max_size=8
)
WINDOWS = st.lists(st.tuples(st.none() | st.integers(-2, 32), st.none() | st.integers(-2, 32), st.integers(-2, 32)))


class Adding:
    """Lanes that tell the kinds apart."""

    @staticmethod
    def supply(amounts):
        return sum(units * (2 * MOST) ** kind for kind, units in amounts.items())


def on(number):
    return None if number is None else BEGIN + timedelta(days=number)


@given(EVENTS, WINDOWS)
@effort(300)
def test_what_is_within_days_is_summed_whatever_was_asked_before(events, windows):
    """The credits of an event are found once; an event without credits is nothing; too much is no sum."""
    events, asked = sorted(events, key=lambda event: event[0]), []

    def credits_of(some):
        asked.extend(range(len(events))[some])
        return [tuple(credits_) for _, credits_ in events[some]]

    training = TrainingByDay(
        [on(day) for day, _ in events], credits_of, KINDS, NONE,
        are_approved=False,
    )  # fmt: skip
    for first, last, as_of in windows:
        within = [
            credit
            for day, credits_ in events
            if (first is None or first <= day) and (last is None or day <= last) and day <= as_of
            for credit in credits_
        ]
        expected = {kind: sum(units for other, units in within if other == kind) for kind, _ in within}
        is_summed = sum(expected.values()) <= MOST
        begin, end = training.places(on(first), on(last), on(as_of))
        assert training.is_empty(begin, end) is (not within)
        assert training.supply(Adding, begin, end) == (Adding.supply(expected) if is_summed else None)
        assert training.least_supply(Adding, begin, end) == training.supply(Adding, begin, end)
        sums = training.between(on(first), on(last), on(as_of))
        assert (sums.is_empty, sums.amounts) == (not within, expected if is_summed else None)
        assert len(asked) == len({*asked})
    assert training.kinds_of(len(events)) == [kind for _, credits_ in events for kind, _ in credits_]
    assert training.kinds_of(len(events) + 1) is None


def event(**more):
    more = {"credits": [Credit(amount=3)], **more}
    return TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", **more)


@pytest.mark.parametrize(
    ("records", "is_unclear", "is_empty"),
    [
        ([event()], False, False),
        ([event(approvals={Approval(by="unheard-of")})], True, False),
        ([event(credits=())], False, True),
        ([event(credits=None)], False, False),
        (
            [event(), Review(id="v", person="p-1", event="e-1", decision="granted", credits=(), on="2025-04-01")],
            False,
            True,
        ),
        ([event(), Review(id="v", person="p-1", event="e-1", decision="rejected", on="2025-04-01")], False, True),
    ],
)
def test_records_say_what_is_unclear_and_what_is_nothing(records, is_unclear, is_empty):
    """A body that the rules do not know, no credits, credits that are not known, and what a review says."""
    ledger = Ledger()
    ledger.append(records)
    training = history_of(ledger, "p-1", on=date(2025, 12, 31), credential=RULES.id).training(KINDS)
    assert training.is_unclear is is_unclear
    assert training.is_empty(*training.places(None, None, date(2025, 12, 31))) is is_empty
