"""Every day lies in exactly one cycle, and cycles begin where a calendar kept day by day says they do."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger.errors import InvalidValue
from peer_ledger.records import MonthDay
from peer_ledger.rules import Anniversary, Birthday, Cohort, Cohorts, FixedDate
from peer_ledger.rules._cycles import Cycle, cycle_of_number, cycle_on
from peer_ledger.values.dates import months_after

DAY = timedelta(days=1)

month_days = st.sampled_from([(1, 1), (1, 31), (2, 28), (2, 29), (3, 1), (9, 1), (10, 31), (12, 31)]) | st.dates(
    date(2000, 1, 1), date(2000, 12, 31)
).map(lambda day: (day.month, day.day))
anchors = st.sampled_from(
    [date(2024, 2, 29), date(2024, 1, 31), date(2023, 12, 31), date(2024, 3, 1), date(1999, 2, 28), date(2096, 2, 29)]
) | st.dates(date(1950, 1, 1), date(2100, 12, 31))
anniversaries = st.builds(
    Anniversary,
    months=st.sampled_from([1, 6, 12, 24, 36, 48]),
    begins=st.sampled_from(["same-day", "month", "next-month"]),
)
fixed_dates = st.integers(1, 4).flatmap(
    lambda years: (
        st.builds(
            FixedDate,
            begins=month_days.filter(lambda pair: pair != (2, 29)).map(lambda pair: MonthDay(*pair)),
            years=st.just(years),
            phase=st.integers(0, years - 1),
            shortest=st.sampled_from([0, 6, 12]),
        )
        | st.builds(
            FixedDate,
            begins=month_days.filter(lambda pair: pair != (2, 29)).map(lambda pair: MonthDay(*pair)),
            years=st.just(years),
            from_award=st.just(True),
            shortest=st.sampled_from([0, 6, 12]),
        )
    )
)
birthdays = st.builds(
    Birthday,
    birthday=month_days.map(lambda pair: MonthDay(*pair)),
    years=st.integers(1, 3),
    leap_day=st.sampled_from(["February 28", "March 1"]),
)


def months_on(day, months):
    """Turn the leaves of a wall calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def begins_anew(day, rule, anchor):
    """Return whether a cycle may begin on a day, looking at nothing but that day's leaf of the calendar."""
    if isinstance(rule, Birthday):
        return is_birthday(day, rule)
    if isinstance(rule, FixedDate):
        is_date = (day.month, day.day) == (rule.begins.month, rule.begins.day)
        phase = anchor.year % rule.years if rule.from_award else rule.phase
        return is_date and day.year % rule.years == phase and day >= months_on(anchor, rule.shortest)
    leaves = (day.year - anchor.year) * 12 + day.month - anchor.month
    leaves -= 1 if rule.begins == "next-month" else 0
    if leaves < rule.months or leaves % rule.months:
        return False
    return day == months_on(anchor, leaves) if rule.begins == "same-day" else day.day == 1


def is_birthday(day, rule):
    born = (rule.birthday.month, rule.birthday.day)
    if born == (2, 29) and not calendar.isleap(day.year):
        born = (2, 28) if rule.leap_day == "February 28" else (3, 1)
    return (day.month, day.day) == born


def days_of_beginning(rule, anchor, until):
    """Walk day by day from the anchor and note where cycles begin; of birthdays only every so many are."""
    found = [anchor]
    passed = 0
    day = anchor + DAY
    while day <= until:
        if begins_anew(day, rule, anchor):
            if not isinstance(rule, Birthday) or passed % rule.years == 0:
                found.append(day)
            passed += 1
        day += DAY
    return found


@given(rule=anniversaries | fixed_dates | birthdays, anchor=anchors)
def test_cycles_begin_where_a_calendar_says(rule, anchor):
    """For ten years and more, cycles begin on the days that a walk over the calendar finds."""
    until = anchor + timedelta(days=4000)
    expected = days_of_beginning(rule, anchor, until)
    found = []
    number = 1
    while (first := cycle_of_number(number, rule, anchor=anchor).first_day) <= until:
        found.append(first)
        number += 1
    assert expected == found


@given(
    rule=anniversaries | fixed_dates | birthdays,
    anchor=anchors,
    days=st.integers(0, 9000) | st.sampled_from([0, 1, 365, 366, 730, 731]),
)
def test_every_day_lies_in_exactly_one_cycle(rule, anchor, days):
    """A day lies in the cycle that is found for it, and not in the one before or after; those follow without a gap."""
    day = anchor + timedelta(days=days)
    cycle = cycle_on(day, rule, anchor=anchor)
    after = cycle_of_number(cycle.number + 1, rule, anchor=anchor)
    assert day in cycle
    assert day not in after
    assert cycle.last_day + DAY == after.first_day
    if cycle.number > 1:
        assert cycle_of_number(cycle.number - 1, rule, anchor=anchor).last_day + DAY == cycle.first_day
    else:
        assert cycle.first_day == anchor


@given(anchor=anchors, months=st.integers(-600, 600))
def test_months_are_counted_as_on_a_calendar(anchor, months):
    """So many months on is so many leaves on, and the last day of a leaf that is too short."""
    assert months_on(anchor, months) == months_after(anchor, months)


@pytest.mark.parametrize(
    ("awarded", "last_day"),
    [
        (date(2024, 1, 2), date(2026, 1, 31)),
        (date(2024, 1, 31), date(2026, 1, 31)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 2, 28), date(2024, 2, 29)),
        (date(2024, 12, 31), date(2026, 12, 31)),
    ],
)
def test_to_the_end_of_the_anniversary_month(awarded, last_day):
    """Two years and to the end of the month, as North Carolina's notice of July 2020 says."""
    rule = Anniversary(months=24, begins="next-month")
    assert last_day == cycle_of_number(1, rule, anchor=awarded).last_day


def test_to_the_end_of_the_anniversary_year():
    """Two years from March 14, 2024, and to the end of the year; and so is the next cycle."""
    rule = Anniversary(months=24, begins="next-year")
    assert Cycle(1, date(2024, 3, 14), date(2026, 12, 31)) == cycle_of_number(1, rule, anchor=date(2024, 3, 14))
    assert Cycle(2, date(2027, 1, 1), date(2028, 12, 31)) == cycle_of_number(2, rule, anchor=date(2024, 3, 14))


def test_from_the_first_of_the_month():
    """Certified on November 14, 2009 for two years, from the first of the month (Michigan)."""
    rule = Anniversary(months=24, begins="month")
    assert Cycle(8, date(2023, 11, 1), date(2025, 10, 31)) == cycle_on(
        date(2024, 12, 1), rule, anchor=date(2009, 11, 14)
    )


def test_a_date_in_odd_years_for_everybody():
    """All of Nebraska's certificates end on September 1 of odd years: the next cycle begins the day after."""
    rule = FixedDate(begins=MonthDay(9, 2), years=2, phase=1)
    assert Cycle(2, date(2025, 9, 2), date(2027, 9, 1)) == cycle_on(date(2026, 1, 1), rule, anchor=date(2024, 5, 5))


def test_every_fourth_year_for_everybody():
    """Mississippi: September 30 of 2015, 2019, 2023 and so on, with a first period that is shorter."""
    rule = FixedDate(begins=MonthDay(10, 1), years=4, phase=2015 % 4)
    first = cycle_of_number(1, rule, anchor=date(2017, 6, 1))
    assert (date(2019, 9, 30), date(2023, 9, 30)) == (
        first.last_day,
        cycle_of_number(2, rule, anchor=date(2017, 6, 1)).last_day,
    )


@pytest.mark.parametrize(
    ("award", "last"),
    [
        ((2023, 1, 5), (2025, 10, 31)),
        ((2023, 10, 31), (2025, 10, 31)),
        ((2023, 12, 31), (2025, 10, 31)),
        ((2024, 1, 1), (2026, 10, 31)),
        ((2024, 11, 1), (2026, 10, 31)),
    ],
)
def test_the_year_of_the_award_sets_the_years(award, last):
    """Wisconsin: October 31 of the second year after that of the award, on whichever day of it that was."""
    rule = FixedDate(begins=MonthDay(11, 1), years=2, from_award=True, shortest=12)
    second = date(last[0] + 2, 10, 31)
    assert (date(*last), second) == tuple(
        cycle_of_number(number, rule, anchor=date(*award)).last_day for number in (1, 2)
    )


def test_no_creep_over_a_leap_day():
    """Awarded on February 29, the anniversary of every fourth year is the 29th again."""
    rule = Anniversary(months=24)
    firsts = [cycle_of_number(number, rule, anchor=date(2024, 2, 29)).first_day for number in (2, 3)]
    assert [date(2026, 2, 28), date(2028, 2, 29)] == firsts


@pytest.mark.parametrize(
    ("rule", "ends"),
    [
        (Anniversary(months=12), [(2024, 12, 31), (2025, 12, 31), (2026, 12, 31), (2027, 12, 31), (2028, 12, 31)]),
        (Birthday(birthday=MonthDay(5, 4)), [(2024, 5, 3), (2025, 5, 3), (2026, 5, 3), (2027, 5, 3), (2028, 5, 3)]),
        (
            Birthday(birthday=MonthDay(5, 4), begins="next-day"),
            [(2024, 5, 4), (2025, 5, 4), (2026, 5, 4), (2027, 5, 4), (2028, 5, 4)],
        ),
    ],
)
def test_the_first_and_the_last_day_of_a_cycle_lie_in_it(rule, ends):
    """From January 1, 2024; the day after the last one begins the next."""
    anchor = first = date(2024, 1, 1)
    for number, last in enumerate((date(*end) for end in ends), start=1):
        cycle = Cycle(number, first, last)
        assert cycle_on(first, rule, anchor=anchor) == cycle_on(last, rule, anchor=anchor) == cycle
        assert (first - DAY in cycle, first in cycle, last in cycle, last + DAY in cycle) == (False, True, True, False)
        first = last + DAY


def test_before_the_anchor_there_is_no_cycle():
    """A day before the first cycle lies in none."""
    assert cycle_on(date(2024, 3, 13), Anniversary(months=24), anchor=date(2024, 3, 14)) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: FixedDate(begins=MonthDay(2, 29)),
        lambda: FixedDate(begins=MonthDay(9, 1), years=2, phase=2),
        lambda: FixedDate(begins=MonthDay(9, 1), years=2, phase=1, from_award=True),
        lambda: cycle_of_number(0, Anniversary(months=24), anchor=date(2024, 1, 1)),
        lambda: cycle_of_number(100, Anniversary(months=24), anchor=date(2024, 1, 1)),
        lambda: Birthday(birthday=MonthDay(5, 5), years=1).beginning(300, date(2024, 1, 1)),
    ],
)
def test_what_no_calendar_has_is_refused(make):
    """A cycle that cannot be, or lies beyond the calendar, is refused with our own error."""
    with pytest.raises(InvalidValue):
        make()


def test_cohorts_are_two_or_more_with_different_names():
    """One cohort is no choice, and of two with one name nobody could say which is meant."""
    odd = Cohort(name="odd", begins=MonthDay(9, 2), years=2, phase=1)
    even = Cohort(name="even", begins=MonthDay(9, 2), years=2, phase=0)
    assert Cohorts(document_kind="cohort", cohorts=(odd, even)).cohorts == (odd, even)
    for cohorts in ((odd,), (odd, Cohort(name="odd", begins=MonthDay(9, 2), years=2, phase=0))):
        with pytest.raises(InvalidValue, match="two or more cohorts with different names"):
            Cohorts(document_kind="cohort", cohorts=cohorts)


def test_a_cycle_before_the_first_is_refused_with_the_number_that_was_asked_for():
    with pytest.raises(InvalidValue, match="cycle numbers start at 1, not 0"):
        cycle_of_number(0, Anniversary(months=24), anchor=date(2024, 1, 1))
