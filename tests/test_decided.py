"""What a requirement comes to where not all ways in which records disagree were tried: each case by hand."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from peer_ledger.evaluation._alike import JOINING, Ways
from peer_ledger.evaluation._decided import Decided, decided_under
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE

TWICE, DISAGREE = RECORDED_TWICE.id, RECORDS_DISAGREE.id


def only(way):
    return Ways(all=[way], merged=None)


def found(*, strictest, nothing_wrong, is_complete=False, worlds=()):
    """
    Return what it comes to where equal rows are one training, and the record by which most counts is right.

    Args:
        strictest: How well the requirement stands where least counts.
        nothing_wrong: The ways in which it may stand where no record is wrong.
        is_complete: Whether all worlds were looked at.
        worlds: How well it stands in each of them.
    """
    alike = SimpleNamespace(
        questions=(TWICE, DISAGREE),
        disagreements=SimpleNamespace(is_complete=is_complete),
        least=lambda joining: only(strictest),
        ways=lambda joining: nothing_wrong,
        most=lambda joining: [only(world) for world in worlds],
    )
    readings = {TWICE: JOINING[TWICE], DISAGREE: "most"}
    return decided_under(readings.__getitem__, alike, lambda way: way, lambda way: (way, Fraction(0)))


SHORT, UNKNOWN, MET = 0, 1, 2


@pytest.mark.parametrize(
    ("nothing_wrong", "expected"),
    [
        (only(SHORT), Decided(SHORT, is_exact=True)),
        (only(UNKNOWN), Decided(UNKNOWN, is_exact=False)),
        (only(MET), Decided(MET, is_exact=False)),
        (Ways(all=[SHORT], merged=SHORT), Decided(SHORT, is_exact=True)),
        (Ways(all=[UNKNOWN], merged=SHORT), Decided(SHORT, is_exact=False)),
    ],
)
def test_of_too_many_worlds_only_a_shortage_where_no_record_is_wrong_is_exact(nothing_wrong, expected):
    """Where no record is wrong, most counts: so nothing is met for certain, but what is short then is short in all worlds."""
    assert expected == found(strictest=SHORT, nothing_wrong=nothing_wrong)


def test_what_is_met_where_least_counts_is_met():
    assert Decided(MET, is_exact=True) == found(strictest=MET, nothing_wrong=only(SHORT))


def test_of_all_worlds_the_one_in_which_most_counts_decides():
    worlds = (SHORT, MET, UNKNOWN)
    assert Decided(MET, is_exact=True) == found(
        strictest=SHORT, nothing_wrong=only(SHORT), is_complete=True, worlds=worlds
    )
