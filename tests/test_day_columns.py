"""The days that relative dates name for many people at once are those that they name for each."""

from datetime import date, timedelta

import attrs
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Certification
from peer_ledger.columns import _day_columns as day_columns
from peer_ledger.evaluation._crowds import Days
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY, days_between
from peer_ledger.evaluation._life import Grant
from peer_ledger.rules import Anniversary, RelativeDate

DAYS = st.one_of(
    st.dates(date(2023, 12, 25), date(2028, 3, 5)),
    st.sampled_from([FIRST_DAY, LAST_DAY, date(2199, 11, 30), date(1900, 2, 28), date(2024, 2, 29), date(2026, 3, 31)]),
)
ANCHORS = ("award", "last-grant", "cycle-start", "due", "after-due", "filing", "lapse", "inactive", "never")


@st.composite
def points(draw, depth=2):
    """Return relative dates, a few of which exist only for some due dates."""
    fields = {
        "of": draw(st.sampled_from([*ANCHORS, "calendar"])),
        "months": draw(st.sampled_from([0, 0, 1, -1, 6, -6, 24, -1200, 1200])),
        "days": draw(st.sampled_from([0, 0, 1, -1, 30, -400])),
        "month_end": draw(st.booleans()),
        "included": draw(st.booleans()),
    }
    if fields["of"] == "calendar":
        fields["day"] = draw(DAYS)
    if depth and draw(st.booleans()):
        name = draw(st.sampled_from(["due_from", "due_until"]))
        fields |= {name: draw(DAYS), "otherwise": draw(st.none() | points(depth - 1))}
    return RelativeDate(**fields)


RULE = Anniversary(months=24)


def granted(anchor, day, begins, due):
    act = Certification(id="c", person="p", credential="us-zz-any", act="awarded", on=day, expires=max(day, due))
    return Grant(
        act=act, day=day, anchor=anchor, cycles_from=anchor, rule=RULE, schedule=RULE, number=1, begins=begins, due=due,
        is_due_known=True, printed=True, day_known=True, level=None, follows_missing=False,
    )  # fmt: skip


PEOPLE = st.lists(st.tuples(st.none() | st.builds(granted, DAYS, DAYS, DAYS, DAYS), DAYS, st.none() | DAYS), min_size=1)


def numbers(days):
    return np.array([0 if day is None else day.toordinal() for day in days], dtype=np.int64)


def of_each(begins, ends, people):
    """Return the first and last days of people, worked out one by one."""
    found = [days_between(begins, ends, *person) for person in people]
    return [[*numbers(days)] for days in zip(*found, strict=True)]


def bases_of(people):
    """Return what relative dates of all of them are counted from."""
    grants, as_of, lapsed_on = zip(*people, strict=True)
    rows = np.array([[0] * 4 if grant is None else [*Days.of(grant)] for grant in grants], dtype=np.int64)
    return day_columns.Bases(rows, numbers(as_of), numbers(lapsed_on))


def of_all(begins, ends, people):
    """Return the same for all of them at once."""
    return [[*days] for days in day_columns.days_between(begins, ends, bases_of(people))]


MONTH_ENDS = [(granted(day, day, day, day), day, None) for day in (date(2025, 3, 31), date(2024, 2, 29), LAST_DAY)]


@given(st.none() | points(), st.none() | points(), PEOPLE)
@example(RelativeDate(of="due", months=-1), RelativeDate(of="due", months=-1), MONTH_ENDS)
@example(RelativeDate(of="after-due", months=-1), RelativeDate(of="after-due", month_end=True), MONTH_ENDS)
@example(RelativeDate(of="due", month_end=True, days=1), RelativeDate(of="due", days=1), MONTH_ENDS)
@effort(200)
def test_days_of_many_are_those_of_each(begins, ends, people):
    assert of_all(begins, ends, people) == of_each(begins, ends, people)


def keep_the_day_of_the_month(patch):
    real = day_columns._months_after

    def fault(days, months):
        first = day_columns._months_of(days)
        there = day_columns._days_of(first + months) + days - day_columns._days_of(first)
        return np.where(real(days, months) > 0, there, 0)

    patch.setattr(day_columns, "_months_after", fault)


def count_back_as_forward(patch):
    real = day_columns._counted
    patch.setattr(day_columns, "_counted", lambda point, start, *, is_end: real(point, start, is_end=True))


def leave_the_calendar(patch):
    patch.setattr(day_columns, "LAST", LAST_DAY.toordinal() + 100_000)


def include_every_end(patch):
    patch.setattr(
        day_columns,
        "days_between",
        lambda begins, ends, bases: (
            day_columns.day_of(begins, bases),
            day_columns.day_of(ends, bases, is_end=True),
        ),
    )


def forget_for_which_due_dates(patch):
    real = day_columns.day_of

    def fault(point, bases, *, is_end=False):
        bare = point and attrs.evolve(point, due_from=None, due_until=None, otherwise=None)
        return real(bare, bases, is_end=is_end)

    patch.setattr(day_columns, "day_of", fault)


SOME = [
    (granted(day, day - timedelta(days=3), day - timedelta(days=1), day + timedelta(days=number)), day, None)
    for number in range(40)
    for day in (date(2150, 1, 1), date(2025, 1, 31), date(2024, 2, 29), date(2026, 3, 31) - timedelta(days=number))
]
SHOWN = [
    RelativeDate(of="due", months=1),
    RelativeDate(of="due", months=-1),
    RelativeDate(of="due", months=24, included=False),
    RelativeDate(of="due", months=1200),
    RelativeDate(of="due", due_from=date(2026, 2, 20), otherwise=RelativeDate(of="award")),
]


@pytest.mark.parametrize("point", SHOWN)
def test_days_of_many_are_whole_numbers(point):
    """So a person and a day are one number, which is exact however many people there are."""
    assert {np.dtype(np.int64)} == {days.dtype for days in day_columns.days_between(point, point, bases_of(SOME))}


@pytest.mark.parametrize(
    "fault",
    [
        keep_the_day_of_the_month,
        count_back_as_forward,
        leave_the_calendar,
        include_every_end,
        forget_for_which_due_dates,
    ],
)
def test_a_fault_in_the_days_of_many_shows(fault, monkeypatch):
    assert all(of_all(point, point, SOME) == of_each(point, point, SOME) for point in SHOWN)
    fault(monkeypatch)
    assert any(of_all(point, point, SOME) != of_each(point, point, SOME) for point in SHOWN)
