"""Days as files write them: one declared order, time zones, numbers of days, and what is refused with a hint."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger.errors import InvalidValue
from peer_ledger.importing import Row, import_rows
from peer_ledger.importing._days import DayReader

NC = "America/New_York"
TWO_AM = datetime(2026, 4, 1, 2, 0)  # noqa: DTZ001 - a workbook's moments have no zone
FIRST, LAST = datetime(1990, 1, 1), datetime(2049, 12, 31)  # noqa: DTZ001 - the strategy adds the zone


def read(heading, *cells, **options):
    rows = [["ID", "Title", heading, "Hours"], *(["p-1", f"T{number}", cell, "3"] for number, cell in enumerate(cells))]
    return import_rows([Row(number, number, row) for number, row in enumerate(rows, 1)], **options)


def days(imported):
    return [record.completed for record in imported.records]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (date(2026, 3, 31), "2026-04-01T02:00:00Z"),
        (date(2026, 3, 31), "2026-04-01 03:59:59.250 UTC"),
        (date(2026, 4, 1), "2026-04-01T04:00:00Z"),
        (date(2026, 3, 31), "2026-04-01T02:00:00+00:00"),
        (date(2026, 4, 1), "2026-03-31T22:30:00-0600"),
        (date(2026, 3, 31), "April 1, 2026 1:30 AM GMT"),
        (date(2026, 4, 1), "2026-04-01 1:30 AM EDT"),
        (date(2026, 4, 1), "2026-03-31 11:30 PM PDT"),
        (date(2026, 1, 1), "2026-01-01T05:00:00Z"),
        (date(2025, 12, 31), "2026-01-01T04:59:00Z"),
    ],
)
def test_a_moment_with_a_zone_is_the_day_it_is_here(expected, text):
    """10 in the evening of March 31 in North Carolina is April 1 in UTC."""
    imported = read("Completed", text, fixed={"credential": "us-nc-cpss"})
    assert ([expected], 0) == (days(imported), imported.rejected_count)
    [notice] = imported.notices
    assert ("dates", NC in notice.says) == (notice.kind, True)
    assert notice.says.startswith("1 row: the moment is on ")


def test_the_declared_zone_comes_before_that_of_the_credential():
    """Alaska is four hours behind North Carolina."""
    text = "2026-04-01T06:00:00Z"
    assert [date(2026, 4, 1)] == days(read("Completed", text, fixed={"credential": "us-nc-cpss"}))
    declared = read("Completed", text, fixed={"credential": "us-nc-cpss"}, time_zone="America/Anchorage")
    assert [date(2026, 3, 31)] == days(declared)
    with pytest.raises(InvalidValue, match="there is no time zone"):
        read("Completed", text, time_zone="America/Nowhere")


@pytest.mark.parametrize("heading", ["Completed (UTC)", "Completed On GMT", "completed_at_utc"])
def test_a_heading_that_says_utc_is_believed(heading):
    """Also for a moment of a workbook; a day without a time is as written, and that is said."""
    cells = ["2026-04-01 02:00", TWO_AM, "2026-04-01"]
    imported = read(heading, *cells, time_zone=NC, mapping={"completed": heading})
    assert [date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 1)] == days(imported)
    assert ["2 rows: the moment is on another", "1 row: the heading says UTC, but"] == [
        notice.says[:32] for notice in imported.notices
    ]


def test_where_no_zone_is_known_the_day_is_as_written_and_that_is_said():
    """Every row is counted, also when many hold the same moment."""
    imported = read("Completed", *["2026-04-01T02:00:00Z"] * 3)
    assert [date(2026, 4, 1)] * 3 == days(imported)
    [notice] = imported.notices
    assert notice.says.startswith("3 rows: the moment has a time zone, and the time zone of the days is not known")
    assert "--time-zone" in notice.says


def test_a_time_without_a_zone_is_of_the_day_as_written():
    """Nothing is to be said about it."""
    imported = read("Completed", "2026-04-01 02:00", TWO_AM, time_zone=NC)
    assert ([date(2026, 4, 1)] * 2, ()) == (days(imported), imported.notices)


@given(
    st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from([NC, "America/Los_Angeles", "Pacific/Honolulu", "UTC"]),
)
def test_the_day_of_any_moment(moment, minutes, zone):
    """As the standard library's zones say."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = aware.astimezone(ZoneInfo(zone)).date()
    assert expected == DayReader([], zone).read(aware.isoformat())
    assert expected == DayReader([], zone).of_moment(aware).day
    text = aware.astimezone(UTC).strftime("%m/%d/%Y %I:%M:%S %p UTC")
    assert expected == DayReader(["MM/DD/YYYY"], zone).read(text)


@pytest.mark.parametrize("text", ["04/02/2025", "4/2/25", "4/2/2025", "04-02-25", "4.2.2025", "2025-04-02", "2-Apr-25"])
def test_one_declaration_of_the_order_is_enough(text):
    """However many figures the year has, and whatever parts them; what is certain needs none."""
    assert date(2025, 4, 2) == DayReader(["MM/DD/YYYY"]).read(text)
    other = date(2025, 4, 2) if text.startswith("2") else date(2025, 2, 4)
    assert other == DayReader(["DD/MM/YYYY"]).read(text)


def test_the_order_that_fits_all_is_proposed():
    """Two figures of the year or four: the notice proposes one declaration."""
    imported = read("Date", "04/02/2025", "4/3/25", "4/14/25", "04-15-2025")
    assert ([date(2025, 4, 14), date(2025, 4, 15)], 2) == (days(imported), imported.rejected_count)
    [notice] = [notice for notice in imported.notices if notice.kind == "dates"]
    assert "dates=['MM/DD/YYYY'], or --dates MM/DD/YYYY" in notice.says
    assert 4 == len(days(read("Date", "04/02/2025", "4/3/25", "4/14/25", "04-15-2025", dates=["MM/DD/YYYY"])))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (date(2025, 3, 31), "45747"),
        (date(2025, 3, 31), "45747.9166"),
        (date(2025, 3, 4), "4-Mar-25"),
        (date(2025, 3, 4), "04-MAR-2025"),
        (date(2025, 3, 4), "March 4th, 2025"),
        (date(2025, 3, 4), "Tuesday, March 4, 2025"),
        (date(2025, 3, 4), "4 March 2025"),
        (date(2025, 3, 4), "20250304"),
        (date(2025, 12, 31), "12/31/25"),
    ],
)
def test_days_that_can_be_read_in_one_way(expected, text):
    """2025-01-01 is day 45658 of spreadsheet programs, so 45747, 89 days later, is March 31."""
    assert expected == DayReader([]).read(text)
    assert expected == DayReader(["MM/DD/YYYY"]).read(text)


def test_numbers_of_days_are_said_with_their_count():
    """Whoever sees a wrong day can tell why."""
    imported = read("Date", "45747", "45748")
    assert [date(2025, 3, 31), date(2025, 4, 1)] == days(imported)
    assert ["2 rows: the number of a day in a spreadsheet program was read as that day (first in line 2)"] == [
        notice.says for notice in imported.notices
    ]


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("names no day of the month", "March 2025"),
        ("names no day of the month", "Mar-25".replace("-", " ")),
        ("names no day of the month", "03/2025"),
        ("names no day of the month", "2025"),
        ("names several days", "June 3-4, 2025"),
        ("names several days", "06/03/2025 - 06/04/2025"),
        ("names several days", "6/3/25 to 6/4/25"),
        ("can be 2025-04-13 (DD/MM/YY) or 2013-04-25 (YY/MM/DD)", "13/4/25"),
        ("has no such time of day", "2025-03-04T25:00Z"),
        ("is not a day", "2025-02-31"),
        ("is not a day", "12345"),
    ],
)  # fmt: skip
def test_what_is_no_certain_day_is_refused_with_a_hint(hint, text):
    """The message shows a cell that is written as days are; any other may be about a person."""
    [rejected] = read("Date", text).rejected
    assert (hint in rejected.reason, repr(text) in rejected.reason) == (True, True)
