"""A question that moves the last grant, or only where its cycle begins, is asked about whoever it matters to."""

from datetime import date

import attrs
import pytest

import test_evaluation as small
from peer_ledger import Certification, Ledger, Ruling, evaluate_all
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._grants import grants_on
from peer_ledger.evaluation._sure_grants import is_from_cycle, is_last_sure
from peer_ledger.rules import Interval, Provisional, Readings, RelativeDate

ON = date(2026, 1, 15)


def act(kind, on, expires=None):
    return Certification(id=f"c-{kind}", person="p", credential=small.XX, act=kind, on=on, expires=expires)


def board(begins, question, **more):
    """Return a board that asks for 8 hours since a day, and one question that does not weigh."""
    rules = small.rules(small.hours(8), questions=(question,), **more)
    [renewal] = rules.procedures
    edition = attrs.evolve(renewal.editions[0], earning=Interval(begins=RelativeDate(of=begins), cites=("P",)))
    return attrs.evolve(rules, procedures=(attrs.evolve(renewal, editions=(edition,)),))


def reported(rules, *records):
    """Return the headline, and whether a question is among the caveats: it is only where it changes the answer."""
    ledger = Ledger()
    ledger.append([*small.COVERED, *records])
    [report] = evaluate_all(ledger, on=ON, ruleset=rules)
    return report.status, any(str(caveat).startswith("Is it ") for caveat in report.caveats)


@pytest.mark.parametrize(
    ("begins", "day", "status", "matters"),
    [
        ("cycle-start", "2024-05-15", "in progress", True),  # within the cycle only if that began with the renewal
        ("cycle-start", "2024-06-15", "compliant", True),  # within it either way, and it began on one of two days
        ("last-grant", "2024-05-15", "compliant", False),  # the renewal was on May 1 either way
    ],
)
def test_where_a_cycle_begins_matters_if_training_is_counted_from_there(begins, day, status, matters):
    """Renewed on May 1 until May 31, 2026, before the end of May: assumed is a cycle from June 1 on."""
    early = small.question("early", "due", "renewal", weight="caveat")
    rules = board(begins, early, after_early=small.by("early", due="due", renewal="renewal"))
    acts = act("awarded", "2022-06-01", "2024-05-31"), act("renewed", "2024-05-01", "2026-05-31")
    found = reported(rules, *acts, small.event("e", (10, {"ethics"}), day=day))
    assert found == (status, matters)


@pytest.mark.parametrize(("awarded", "expires"), [("2024-01-15", "2026-01-15"), ("2024-03-01", None)])
def test_what_is_printed_matters_where_an_expiry_is_printed(awarded, expires):
    """Held until today or, if the day after is what is printed, until yesterday; else for 24 months from the award."""
    printed = small.question("printed", "last", "after", weight="caveat")
    rules = board("last-grant", printed, printed=small.by("printed", last="last-day", after="day-after"))
    training = small.event("e", (10, {"ethics"}), day="2024-05-15")
    assert reported(rules, act("awarded", awarded, expires), training) == ("compliant", expires is not None)


FIRST, LAST = act("awarded", "2022-06-01", "2024-05-31"), act("renewed", "2024-05-01", "2026-05-31")


@pytest.mark.parametrize(
    ("is_sure", "acts", "more"),
    [
        (True, [FIRST], {}),
        (True, [FIRST, LAST], {}),
        (True, [attrs.evolve(FIRST, expires=None), LAST], {}),
        (True, [FIRST, act("suspended", "2023-01-01"), LAST], {}),
        (False, [FIRST, attrs.evolve(LAST, expires=None)], {}),
        (False, [attrs.evolve(FIRST, on=None), LAST], {}),
        (False, [FIRST, act("suspended", "2023-01-01"), act("reinstated", "2023-02-01", "2024-05-31"), LAST], {}),
        (False, [FIRST, LAST], {"unending": True}),
        (False, [FIRST, LAST], {"provisional": Provisional(months=12, cites=("P",))}),
        (False, [FIRST, LAST], {"clock_with": ("xx-other",)}),
        (False, [FIRST, LAST], {"printed": small.by("early", due="last-day", renewal="day-after")}),
        (False, [], {}),
    ],
)
def test_a_last_grant_is_sure_that_follows_from_days_on_file(is_sure, acts, more):
    """Every act has its day, none is a reinstatement, and the last one says until when it holds."""
    early = small.question("early", "due", "renewal", weight="caveat")
    rules = small.rules(small.hours(8), questions=(early,), after_early=small.by("early", due="due", renewal="renewal"))
    rules = attrs.evolve(rules, **more)
    ledger = Ledger()
    ledger.append(acts)
    history = history_of(ledger, "p", on=ON, credential=small.XX)
    last = []
    for reading in ("due", "renewal"):
        grants, _ = grants_on(history, rules, Readings.known({"early": early}, {"early": reading}))
        assert is_last_sure(history, rules, grants) is is_sure
        last += grants[-1:]
    if is_sure:  # it is one grant, but for the cycle
        one, other = (attrs.evolve(grant, begins=ON, cycles_from=ON) for grant in last)
        assert one == other


def test_a_ruling_may_move_the_last_grant():
    ledger = Ledger()
    moved = Ruling(
        id="r", person="p", credential=small.XX, on="2024-06-01", requirement="due", effect="moves", day="2026-06-30"
    )
    ledger.append([FIRST, LAST, moved])
    history = history_of(ledger, "p", on=ON, credential=small.XX)
    rules = small.rules(small.hours(8))
    grants, _ = grants_on(history, rules, Readings.known({}, {}))
    assert not is_last_sure(history, rules, grants)


@pytest.mark.parametrize(
    ("point", "is_counted"),
    [
        (None, False),
        (RelativeDate(of="due"), False),
        (RelativeDate(of="cycle-start"), True),
        (RelativeDate(of="due", due_until=ON, otherwise=RelativeDate(of="cycle-start")), True),
        (RelativeDate(of="cycle-start", due_until=ON, otherwise=RelativeDate(of="due")), True),
        (RelativeDate(of="due", due_until=ON, otherwise=RelativeDate(of="award")), False),
    ],
)
def test_a_date_is_counted_from_the_cycle_also_where_it_is_so_for_some_due_dates_only(point, is_counted):
    assert is_from_cycle(point) is is_counted
