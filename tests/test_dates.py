"""Days are calendar days, moments know their offset, and nothing is guessed from either."""

import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import attrs
import pendulum
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.errors import InvalidValue
from peer_ledger.records import MonthDay
from peer_ledger.values.dates import FIRST_YEAR, LAST_YEAR, as_day, as_moment, moment_text, months_after, utc_now

# A busy machine is no fault of a test.

LENGTHS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

some_days = st.sampled_from([date(1900, 1, 1), date(2000, 2, 29), date(2024, 2, 29), date(2199, 12, 31)]) | st.dates(
    date(1900, 1, 1), date(2199, 12, 31)
)
offsets = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timezone(timedelta(minutes=minutes)))
first, last = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2199-12-31")
moments = st.datetimes(first, last, timezones=offsets)


class Holiday(date):
    """A date of somebody's own."""


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length(year, month):
    return 29 if month == 2 and is_leap(year) else LENGTHS.get(month, 0)


def refusal(take, value):
    with pytest.raises(InvalidValue) as caught:
        take(value)
    return str(caught.value)


@effort(100)
@given(some_days)
def test_a_day_is_stored_as_a_plain_date(day):
    """A date, a text, a pendulum Date and a subclass of date all become the same plain `datetime.date`."""
    given_as = [
        day,
        day.isoformat(),
        pendulum.date(day.year, day.month, day.day),
        Holiday(day.year, day.month, day.day),
    ]
    taken = [as_day(value) for value in given_as]
    assert [day] * 4 == taken
    assert {date} == {type(value) for value in taken}


@pytest.mark.parametrize(
    "moment",
    [
        datetime.fromisoformat("2025-03-04"),
        datetime(2025, 3, 4, tzinfo=UTC),
        pendulum.datetime(2025, 3, 4),
        pendulum.naive(2025, 3, 4),
        pendulum.datetime(2025, 3, 4, 23, 30, tz="America/New_York"),
    ],
    ids=repr,
)
def test_a_moment_is_no_day(moment):
    """Which day a moment lies on depends on the zone, so even midnight is refused, with what to do."""
    expected = "a calendar day is needed, not a moment: convert it to the time zone you mean and take .date()"
    assert expected == refusal(as_day, moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "today",
        "2024",
        "2024-02",
        "20250304",
        "2025-3-4",
        "2025-W10-2",
        "2025-W10",
        "2025-063",
        "2025063",
        "2025/03/04",
        "03/04/2025",
        "4.3.2025",
        "2025-03-04T00:00",
        "2025-03-04T00:00:00Z",
        "2025-03-04 ",
        " 2025-03-04",
        "2025-03-04\n",
        "25-03-04",
        "02025-03-04",
        "+2025-03-04",
        "-2025-03-04",
        "２０２５-03-04",
        "٢٠٢٥-٠٣-٠٤",
        "2025\u221203\u221204",
        "2025-03-04\x00",
    ],
    ids=ascii,
)
def test_a_day_is_written_in_one_form_only(text):
    """Only YYYY-MM-DD in ASCII digits is a day; what other parsers guess at is refused."""
    assert refusal(as_day, text).startswith("a day is written 'YYYY-MM-DD', not as ")


@pytest.mark.parametrize("year", [1900, 1996, 2000, 2023, 2024, 2100, 2199])
def test_the_days_of_a_year_are_those_of_the_calendar(year):
    """Every month has its days and no more, February 29 only in leap years, in each case of the rule."""
    for month in range(14):
        for day in range(34):
            text = f"{year}-{month:02}-{day:02}"
            if 1 <= day <= length(year, month):
                assert (year, month, day) == as_day(text).timetuple()[:3]
            else:
                assert f"there is no day {text!r} in the calendar" == refusal(as_day, text)


def test_a_leap_day_is_a_day_in_every_leap_year_and_in_no_other():
    """Of the 300 years that days may lie in, 73 are leap years (75 multiples of 4, without 1900 and 2100)."""
    leap_days = [year for year in range(1900, 2200) if is_leap(year)]
    assert len(leap_days) == 73
    assert [f"{year}-02-29" for year in leap_days] == [as_day(f"{year}-02-29").isoformat() for year in leap_days]
    for year in set(range(1900, 2200)) - set(leap_days):
        assert "in the calendar" in refusal(as_day, f"{year}-02-29")


def test_days_lie_in_three_centuries():
    """1900 to 2199 is in, the day before and the day after are out, in whatever form they come."""
    assert (FIRST_YEAR, LAST_YEAR) == (1900, 2199)
    for first_or_last in (date(1900, 1, 1), date(2199, 12, 31)):
        assert first_or_last == as_day(first_or_last) == as_day(first_or_last.isoformat())
    for outside in (date(1899, 12, 31), date(2200, 1, 1), date.min, date.max):
        expected = f"a day must be in the years 1900 to 2199, not in {outside.year}"
        assert expected == refusal(as_day, outside)
        assert expected == refusal(as_day, outside.isoformat())
        assert expected == refusal(as_day, pendulum.date(outside.year, outside.month, outside.day))


@pytest.mark.parametrize(
    "value",
    [None, True, 20250304, 45720.0, b"2025-03-04", (2025, 3, 4), time(9), timedelta(1), MonthDay(3, 4), "Jane Doe"],
    ids=repr,
)
def test_what_is_no_day_is_refused_without_repeating_it(value):
    """A number, bytes or a name is no day, and the name does not come back in the message."""
    message = refusal(as_day, value)
    assert message.startswith("a day is ")
    assert "Jane" not in message


def test_a_refused_day_says_what_it_is():
    """A number is shown, since it is likely a spreadsheet's serial day."""
    assert refusal(as_day, 45720) == "a day is a datetime.date or a text such as '2025-03-31', not 45720"


@effort(100)
@given(moments)
@example(datetime(2026, 3, 1, 23, 59, 59, 999999, timezone(timedelta(hours=-5))))
def test_a_moment_is_the_same_moment_in_utc(moment):
    """Datetimes with an offset, pendulum's and texts become the same plain UTC datetime, to the microsecond."""
    minutes = moment.utcoffset() // timedelta(minutes=1)
    naive = moment.replace(tzinfo=None) - timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    text = f"{moment.replace(tzinfo=None).isoformat()}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    for taken in (as_moment(moment), as_moment(text), as_moment(pendulum.instance(moment))):
        assert naive == taken.replace(tzinfo=None)
        assert (datetime, UTC) == (type(taken), taken.tzinfo)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2026-03-01T14:30:00.000000Z", "2026-03-01T09:30-05:00"),
        ("2026-03-01T14:30:00.000000Z", "2026-03-01 14:30Z"),
        ("2026-03-01T14:30:01.500000Z", "2026-03-01T14:30:01.5Z"),
        ("2026-02-28T23:30:00.000000Z", "2026-03-01T09:30:00+10:00"),
        ("2024-02-29T00:00:00.000001Z", "2024-02-29T00:00:00.000001+00:00"),
        ("2026-01-01T00:29:00.000000Z", "2026-01-01T00:00:00-00:29"),
        ("0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_known_moments(expected, text):
    """Moments converted to UTC by hand are written in 27 characters."""
    assert expected == moment_text(as_moment(text))
    assert len(expected) == 27


def test_an_hour_that_occurs_twice_is_two_moments():
    """01:30 on the day the clocks go back in New York is 05:30 UTC the first time and 06:30 the second."""
    zone = ZoneInfo("America/New_York")
    twice = [datetime(2025, 11, 2, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1)]
    assert [datetime(2025, 11, 2, 5, 30, tzinfo=UTC), datetime(2025, 11, 2, 6, 30, tzinfo=UTC)] == [
        as_moment(one) for one in twice
    ]
    assert [as_moment(one).fold for one in twice] == [0, 0]


@effort(100)
@given(moments, moments)
@example(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, microsecond=1, tzinfo=UTC))
def test_texts_of_moments_sort_as_moments_do(one, other):
    """A ledger compares moments as texts, so their order and equality must be those of the moments."""
    texts = [moment_text(as_moment(one)), moment_text(as_moment(other))]
    assert [one, other] == [as_moment(text) for text in texts]
    assert (one < other, one == other) == (texts[0] < texts[1], texts[0] == texts[1])


@pytest.mark.parametrize("moment", [datetime.fromisoformat("2026-03-01T09:30"), pendulum.naive(2026, 3, 1)], ids=repr)
def test_a_moment_needs_its_time_zone(moment):
    """A datetime that does not know its offset is refused, never taken as local time or UTC."""
    assert refusal(as_moment, moment).startswith("a moment needs its time zone: ")


@pytest.mark.parametrize("day", [date(2026, 3, 1), pendulum.date(2026, 3, 1)], ids=repr)
def test_a_day_is_no_moment(day):
    """A day is not taken as its midnight."""
    assert refusal(as_moment, day).endswith("not a day")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-03-01",
        "2026-03-01T09:30",
        "2026-03-01T09:30:00",
        "20260301T093000Z",
        "2026-03-01T09Z",
        "2026-W09-7T09:30Z",
        "2026-03-01t09:30z",
        "2026-03-01T09:30z",
        "2026-03-01T09:30:00,5Z",
        "2026-03-01T09:30:00.Z",
        "2026-03-01T09:30:00.1234567Z",
        "2026-03-01T09:30+0500",
        "2026-03-01T09:30+05",
        "2026-03-01T09:30Z\n",
        " 2026-03-01T09:30Z",
        "2026-03-01T09:30 Z",
        "2026-03-01T٠٩:30Z",
    ],
    ids=ascii,
)
def test_a_moment_is_written_in_few_forms_only(text):
    """A text without offset, or in a form of ISO 8601 that parsers read differently, is refused."""
    assert refusal(as_moment, text).startswith(
        "a moment is written with its offset, such as '2026-03-01T09:30:00-05:00', not "
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00Z",
        "2026-13-01T00:00Z",
        "2026-03-01T25:00Z",
        "2026-03-01T09:60Z",
        "2026-03-01T09:30:61Z",
        "2026-03-01T09:30+24:00",
    ],
)
def test_a_moment_is_one_of_the_calendar_and_the_clock(text):
    """A day, an hour or an offset that does not exist is refused."""
    assert f"there is no moment {text!r}" == refusal(as_moment, text)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
def test_a_moment_whose_utc_lies_outside_the_calendar_is_refused(text):
    """The conversion to UTC never leaves the years 1 to 9999."""
    assert refusal(as_moment, text) == "that moment is outside the calendar"
    assert refusal(as_moment, datetime.fromisoformat(text)) == "that moment is outside the calendar"


@pytest.mark.parametrize(
    "value", [None, True, 1772357400, 1.5, b"2026-03-01T09:30Z", time(9, tzinfo=UTC), ["Jane Doe"]], ids=repr
)
def test_what_is_no_moment_is_refused(value):
    """A timestamp in seconds is not guessed at, and nothing that might be a name is repeated."""
    message = refusal(as_moment, value)
    assert message.startswith("a moment is a datetime with its time zone, or a text such as ")
    assert "Jane" not in message


def test_now_is_now():
    """The clock is read in UTC."""
    before = datetime.now(UTC)
    now = utc_now()
    assert before <= now <= datetime.now(UTC)
    assert UTC is now.tzinfo


def test_birthdays_are_the_366_days_of_a_leap_year():
    """Every day of a leap year is a birthday, written MM-DD and read back; no other pair of figures is one."""
    found = 0
    for month in range(100):
        for day in range(100):
            text = f"{month:02}-{day:02}"
            if 1 <= day <= length(2000, month):
                found += 1
                assert MonthDay(month, day) == MonthDay.parse(text)
                assert text == str(MonthDay(month, day))
            else:
                assert f"no year has a day {text}" == refusal(MonthDay.parse, text)
    assert found == 366


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2-29",
        "02/29",
        "0229",
        "229",
        "--02-29",
        "2000-02-29",
        "02-29 ",
        "02-29\n",
        "٠٢-٢٩",
        "Jane Doe",
        None,
        229,
        ("02", "29"),
    ],
    ids=ascii,
)
def test_a_birthday_is_written_in_one_form_only(text):
    """Only MM-DD in ASCII digits is read, and nothing that might be a name is repeated."""
    message = refusal(MonthDay.parse, text)
    assert message.startswith("a month and a day are written 'MM-DD', not as ")
    assert "Jane" not in message


@pytest.mark.parametrize("pair", [(True, 1), (1, True), (1.0, 1), ("1", 1), (None, 1), (1, None)], ids=repr)
def test_a_birthday_is_made_of_whole_numbers(pair):
    """Flags, floats and texts are no months and no days."""
    assert refusal(lambda both: MonthDay(*both), pair) == "a month and a day are whole numbers, such as MonthDay(5, 17)"


@pytest.mark.parametrize(
    ("month", "day"),
    [(0, 1), (13, 1), (-1, 1), (1, 0), (1, 32), (2, 30), (4, 31), (2**31, 1), (10**30, 1), (1, 10**30), (1, -(10**30))],
)
def test_a_birthday_is_a_day_that_some_year_has(month, day):
    """Figures that no year has, however large, are refused as such."""
    with pytest.raises(InvalidValue, match=r"^no year has (a day [0-9-]+|such a day)$"):
        MonthDay(month, day)


def test_birthdays_are_values():
    """A birthday is frozen, slotted, hashable, ordered within the year, and survives copying and pickling."""
    birthday = MonthDay(2, 29)
    assert [MonthDay(1, 31), birthday, MonthDay(12, 1)] == sorted([MonthDay(12, 1), MonthDay(1, 31), birthday])
    assert {birthday} == {MonthDay.parse("02-29"), pickle.loads(pickle.dumps(birthday)), copy.deepcopy(birthday)}
    assert repr(birthday) == "MonthDay(month=2, day=29)"
    assert not hasattr(birthday, "__dict__")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        birthday.day = 28


def test_months_beyond_any_calendar_are_refused():
    expected = "99999 months from 2024-02-29 is outside the calendar, 1900 to 2199"
    assert expected == refusal(lambda value: months_after(value, 99999), date(2024, 2, 29))
