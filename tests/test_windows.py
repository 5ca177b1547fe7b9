"""The days between relative dates, found once and shared, are those that each person's grant gives."""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Certification
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._windows import Filed, Windows
from peer_ledger.rules import Anniversary, RelativeDate

DUE = date(2026, 2, 28)
DAYS = st.dates(date(2022, 1, 1), date(2026, 2, 28))
OF = "award", "last-grant", "cycle-start", "due", "after-due", "filing", "lapse", "inactive", "never"


def grant(day):
    """Return a grant that is due on the same day as all others, all of whose other days are one."""
    act = Certification(id="c", person="p", credential="xx", act="renewed", on=day)
    return Grant(
        act=act, day=day, anchor=day, cycles_from=day, rule=Anniversary(months=24), schedule=None, number=1, begins=day,
        due=DUE, is_due_known=True, printed=True, day_known=True, level=None, follows_missing=False,
    )  # fmt: skip


@st.composite
def points(draw):
    inner = draw(st.none() | st.builds(RelativeDate, of=st.sampled_from(OF)))
    until = draw(st.sampled_from((None, date(2025, 12, 31))))
    return RelativeDate(
        of=draw(st.sampled_from(OF)), months=draw(st.sampled_from((0, -6, 24))), days=draw(st.integers(-2, 2)),
        month_end=draw(st.booleans()), included=draw(st.booleans()),
        due_until=until, otherwise=inner if until else None,
    )  # fmt: skip


FILED = st.builds(Filed, DAYS, st.none() | DAYS)
PAIRS = st.lists(st.tuples(st.none() | points(), st.none() | points(), st.integers(0, 1)), min_size=1, max_size=5)


@given(PAIRS, st.tuples(FILED, FILED), DAYS, DAYS)
@effort(300)
def test_everybody_with_a_due_date_shares_what_is_not_counted_from_days_of_their_own(pairs, filed, one, other):
    """What is found for the first person is handed to another one, whose windows are as if found alone."""
    windows = Windows(pairs)
    shared = windows.shared(grant(one), filed)
    expected = [days_between(begins, ends, grant(other), *filed[number]) for begins, ends, number in pairs]
    assert expected == windows.of(shared, grant(other), filed)


def test_days_of_ones_own_are_not_shared():
    """The day after the award of each of two people, and the due date, which is the same for both."""
    windows = Windows([(RelativeDate(of="last-grant", included=False), RelativeDate(of="due"), 0)])
    filed = (Filed(date(2026, 1, 15), None),)
    first, second = grant(date(2024, 3, 1)), grant(date(2024, 5, 1))
    shared = windows.shared(first, filed)
    assert [(date(2024, 3, 2), DUE)] == windows.of(shared, first, filed)
    assert [(date(2024, 5, 2), DUE)] == windows.of(shared, second, filed)


@pytest.mark.parametrize("day", ["day", "anchor", "begins"])
def test_a_date_to_be_used_otherwise_is_ones_own_too(day):
    """After 2025 the day is counted from the grant, and not from the due date."""
    of = {"day": "last-grant", "anchor": "award", "begins": "cycle-start"}[day]
    point = RelativeDate(of="due", due_until=date(2025, 12, 31), otherwise=RelativeDate(of=of))
    windows, filed = Windows([(point, None, 0)]), (Filed(date(2026, 1, 15), None),)
    first = grant(date(2024, 3, 1))
    second = attrs.evolve(first, **{day: date(2024, 7, 7)})
    assert [(date(2024, 7, 7), None)] == windows.of(windows.shared(first, filed), second, filed)


@pytest.mark.parametrize("of", ["filing", "lapse", "inactive"])
def test_what_filing_changes_is_found_for_each_filing(of):
    """Two filings, and a lapse before each; the day itself, and the same to be used otherwise after 2025."""
    filed = Filed(date(2026, 1, 15), date(2025, 6, 1)), Filed(date(2026, 2, 2), date(2025, 7, 7))
    days = [date(2026, 1, 15), date(2026, 2, 2)] if of == "filing" else [date(2025, 6, 1), date(2025, 7, 7)]
    plain, otherwise = (
        RelativeDate(of=of),
        RelativeDate(of="due", due_until=date(2025, 12, 31), otherwise=RelativeDate(of=of)),
    )
    windows, mine = Windows([(point, None, place) for point in (plain, otherwise) for place in (0, 1)]), grant(DUE)
    assert [(day, None) for day in [*days, *days]] == windows.of(windows.shared(mine, filed), mine, filed)


def test_what_no_filing_changes_is_found_once():
    """The due date, and the day of the grant, for two filings: one of each is handed to everybody, or found anew."""
    filed = Filed(date(2026, 1, 15), None), Filed(date(2026, 2, 2), None)
    mine = grant(date(2024, 3, 1))
    windows = Windows([(RelativeDate(of="last-grant"), RelativeDate(of="due"), place) for place in (0, 1)])
    assert windows.shared(mine, filed) == [None, DUE]
    assert windows.of([None, DUE], mine, filed) == [(date(2024, 3, 1), DUE)] * 2
