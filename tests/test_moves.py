"""A ruling moves a date that is for it, or that is of the grant during which it was made, and the last one counts."""

from datetime import date
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import document, ruled
from effort import effort
from peer_ledger import Quantity
from peer_ledger.evaluation._cycle_rules import in_months
from peer_ledger.evaluation._moved_dates import moved
from peer_ledger.evaluation._moves import Moves
from peer_ledger.evaluation._stated import Stated
from peer_ledger.values.dates import DAY

SINCE, DUE, NEXT = date(2024, 6, 1), date(2026, 5, 31), date(2026, 6, 10)
MOVED = date(2026, 9, 30)


def ruling(on, number=0, **more):
    return attrs.evolve(ruled("due", "moves", on=on, day=MOVED + number * DAY, **more), id=f"u-{number}")


def both(rulings, day=DUE, since=SINCE, until=NEXT):
    """Return the date as each of the two ways gives it."""
    history = SimpleNamespace(rulings=tuple(rulings))
    return {moved(history, "due", day, since, until), Moves(rulings, "due").of(day, since, until)}


CASES = {
    "made on the day of the grant": (ruling(SINCE), MOVED),
    "made the day before the grant": (ruling(SINCE - DAY), DUE),
    "made the day before the next grant": (ruling(NEXT - DAY), MOVED),
    "made on the day of the next grant": (ruling(NEXT), DUE),
    "for the days that end with the date, made before": (ruling(date(2020, 1, 1), first_day=DUE - DAY, last_day=DUE), MOVED),
    "for the days that begin with the date, made after": (ruling(date(2030, 1, 1), first_day=DUE, last_day=DUE), MOVED),
    "for days that are over": (ruling(SINCE, first_day=DUE - DAY, last_day=DUE - DAY), DUE),
    "for days to come": (ruling(SINCE, first_day=DUE + DAY, last_day=DUE + DAY), DUE),
    "for very many days": (ruling(date(2020, 1, 1), first_day=date(1950, 1, 1), last_day=date(2090, 1, 1)), MOVED),
    "until the date, made during": (ruling(SINCE, last_day=DUE), MOVED),
    "until the day before": (ruling(SINCE, last_day=DUE - DAY), DUE),
    "until the date, made before the grant": (ruling(SINCE - DAY, last_day=DUE), DUE),
    "from the date on, made during": (ruling(SINCE, first_day=DUE), MOVED),
    "from the date on, made before the grant": (ruling(SINCE - DAY, first_day=DUE), DUE),
    "from the day after": (ruling(SINCE, first_day=DUE + DAY), DUE),
    "of another date": (attrs.evolve(ruling(SINCE), requirement="late_until"), DUE),
    "of another kind": (ruled("due", "waives", on=SINCE), DUE),
    "to no day": (attrs.evolve(ruling(SINCE), effect="waives", day=None), DUE),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_ruling_moves_a_date_or_does_not(name):
    one, expected = CASES[name]
    assert both([one]) == {expected}


def test_the_last_of_several_counts_whether_it_names_days_or_not():
    """Made one after the other: one that names days, one during the grant, and one for other days."""
    naming = ruling(date(2025, 1, 1), 1, first_day=DUE, last_day=DUE)
    during = ruling(date(2025, 2, 1), 2)
    other = ruling(date(2025, 3, 1), 3, first_day=SINCE, last_day=SINCE)
    assert both([naming, during, other]) == {MOVED + 2 * DAY}
    later = ruling(date(2026, 6, 20), 4, first_day=DUE, last_day=DUE)
    assert both([naming, during, other, later]) == {MOVED + 4 * DAY}
    assert both([during, ruling(date(2027, 1, 1), 5)], until=None) == {MOVED + 5 * DAY}
    assert both([]) == {DUE}


DAYS = st.integers(0, 40).map(lambda number: date(2025, 12, 20) + number * DAY)
NAMED = st.tuples(st.none() | DAYS, st.none() | DAYS).filter(lambda pair: None in pair or pair[0] <= pair[1])


@given(st.lists(st.tuples(DAYS, NAMED, st.booleans()), max_size=5), DAYS, DAYS, st.none() | DAYS)
@effort(500)
def test_looking_rulings_up_is_looking_at_each(drawn, day, since, until):
    """Whatever they name, on days about the turn of a year, and where days of very many years are named."""
    drawn.sort(key=lambda one: one[0])
    rulings = []
    for number, (on, (first, last), is_wide) in enumerate(drawn):
        wide = {"first_day": date(1950, 1, 1)} if is_wide and last is not None else {"first_day": first}
        rulings.append(ruling(on, number, last_day=last, **wide))
    assert len(both(rulings, day, since, until)) == 1


def test_the_last_document_of_a_kind_counts_from_its_day_on():
    """One that states nothing takes the place of one that did."""
    first, second, third = date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)
    stated = Stated(
        [document("a", "cohort", on=first, value="odd"), document("b", "other", on=first, value="x"),
         document("c", "cohort", on=second, value="even"), document("d", "cohort", on=third)]
    )  # fmt: skip
    assert [stated.on(day, "cohort") for day in (first - DAY, first, second - DAY, second, third - DAY, third)] == [
        None, "odd", "odd", "even", "even", None,
    ]  # fmt: skip
    assert stated.on(third, "birthday") is None


@pytest.mark.parametrize(
    ("amount", "unit", "months"),
    [("2", "year", 24), ("18", "month", 18), ("1.5", "year", None), ("2", "day", None), ("0.5", "month", None)],
)
def test_a_length_is_of_whole_months_or_years(amount, unit, months):
    assert in_months(Quantity(amount=amount, unit=unit)) == months


@pytest.mark.parametrize("value", [None, "two years"])
def test_what_is_no_length_is_none(value):
    assert in_months(value) is None
