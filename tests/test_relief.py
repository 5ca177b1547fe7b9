"""Of which kind the missing hours are where another credential has used its hours first."""

import random
from itertools import product

import pytest

from boards import AWARD, XX, act, asked, board, hours, trained
from effort import sized
from peer_ledger import Ledger, evaluate
from peer_ledger.rules import NotSharedWith, Part, TrainingFilter

PEER, FAMILY, YY = "us-id-cpss", "us-id-cfsp", "yy-board"


def reports(general, ethics):
    """Return Idaho's two reports on somebody whose certificates are both due on May 31, 2025."""
    ledger = Ledger()
    ledger.append([act(name[-2:], "awarded", "2024-06-01", credential=name, level="full") for name in (PEER, FAMILY)])
    ledger.append([trained("g", general, {"recovery"}, day="2024-10-01")])
    ledger.append([trained("e", ethics, {"ethics"}, day="2024-10-02")])
    return [evaluate(ledger, "p", on="2025-05-01", ruleset=name) for name in (FAMILY, PEER)]


@pytest.mark.parametrize(
    ("general", "ethics", "counted", "on_ethics"),
    [
        # Each asks 10 hours with 1 on ethics (BPA); the family partner's is settled first and leaves what it can.
        ("17", "2", "9", "1"),  # it takes 9 and 1, and leaves 8 and 1
        ("17.75", "2", "9.75", "1"),
        ("9", "2", "1", "1"),
        ("9", "1.75", "0.75", "0.75"),  # a quarter of an hour must be on ethics, 9 hours may be anything
        ("1", "18", "9", "1"),
        ("18", "1", "9", "0"),  # the only hour on ethics is taken
        ("30", "1", "9", "0"),
        ("5", "2", "0", "0"),  # it takes all 7, and lacks 3 itself
    ],
)
def test_ethics_is_missing_only_where_no_training_on_ethics_is_left(general, ethics, counted, on_ethics):
    family, peer = reports(general, ethics)
    assert family.hours_outcome == ("short" if general == "5" else "met")
    training, part = peer.finding("training"), peer.finding("ethics")
    wide, narrow = 10 - float(counted), 1 - float(on_ethics)
    assert (float(training.counted), float(training.short)) == (float(counted), wide)
    assert (float(part.counted), float(part.short), part.result) == (
        float(on_ethics),
        narrow,
        "short" if narrow else "met",
    )
    missing = {addition.serves[0]: float(addition.amount) for addition in training.additions}
    wanted = {"ethics": narrow, "training": wide - narrow}
    assert missing == {name: amount for name, amount in wanted.items() if amount}


def test_what_is_missing_is_named_by_the_widest_kind_that_helps():
    """Of 17 hours and 2 on ethics one hour is missing, of any kind: the other credential does not use both on ethics."""
    _, peer = reports("17", "2")
    assert str(peer).startswith("Recertification due May 31, 2025. Still missing: 1 hour of training.\n")


def rules(need, ethics, name, other):
    """Return a board that asks so many hours, so many of them on ethics, and shares none with another credential."""
    counts = TrainingFilter(topics={"ethics"})
    part = Part(id="ethics", says="Of ethics.", need=ethics, counts=counts, cites=("P",))
    shared = (NotSharedWith(ruleset=other, requirement="training", cites=("P",)),)
    return board(hours(need, parts=(part,), together="exclusive", not_shared_with=shared), id=name)


def lacks(asked_of, general, ethics):
    """Return how many hours are missing with so many at hand, and how many of them at least on ethics."""
    need, part = asked_of
    return max(need - general - ethics, part - ethics, 0), max(part - ethics, 0)


def by_hand(theirs, mine, general, ethics):
    """Return what is missing here, tried out hour by hour: the other one lacks least, then this one, then on ethics."""
    ways = product(range(general + 1), range(ethics + 1))
    least = min(lacks(theirs, *way)[0] for way in product(range(general + 1), range(ethics + 1)))
    return min(lacks(mine, general - one, ethics - two) for one, two in ways if lacks(theirs, one, two)[0] == least)


@pytest.mark.parametrize("seed", range(sized(300, 40)))
def test_what_is_missing_is_what_trying_hour_by_hour_finds(seed):
    draw = random.Random(seed).randint
    (theirs, mine), general, ethics = [(need := draw(2, 8), draw(1, need)) for _ in "ab"], draw(1, 12), draw(1, 8)
    records = [
        AWARD, act("o", "awarded", "2024-05-01", credential=YY),
        trained("g", general, {"recovery"}), trained("e", ethics, {"ethics"}),
    ]  # fmt: skip
    others = {YY: rules(*theirs, YY, XX)}
    report = asked(records, "2025-06-01", rules(*mine, XX, YY), rulesets=others)
    found = report.finding("training").short, report.finding("ethics").short
    assert found == by_hand(theirs, mine, general, ethics), (theirs, mine, general, ethics)
