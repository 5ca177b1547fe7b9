"""Days, intervals and quantities of a rule file are read as they are written, and nothing else is read as one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.rulesets._phrases import ANCHORS, beginning_of, end_of, interval_of, point_of, quantity_of

DUE = {"of": "due"}
POINTS = {
    "the due date": DUE,
    "2026-07-01": {"of": "calendar", "day": date(2026, 7, 1)},
    "any time": {"of": "calendar", "day": date(1900, 1, 1)},
    "no day": {"of": "due", "due_until": date(1900, 1, 1)},
    "1 day after the due date": {"of": "due", "days": 1},
    "90 days before the due date": {"of": "due", "days": -90},
    "24 months before the filing": {"of": "filing", "months": -24},
    "1 month and 28 days after the due date": {"of": "due", "months": 1, "days": 28},
    "1 day before 24 months after the due date": {"of": "due", "months": 24, "days": -1},
    "the end of the month of the due date": {"of": "due", "month_end": True},
    "30 days after the end of the month of the due date": {"of": "due", "days": 30, "month_end": True},
    "the end of the month 1 month after the due date": {"of": "due", "months": 1, "month_end": True},
    "1 day after the end of the month 1 month before the due date": {
        "of": "due", "months": -1, "days": 1, "month_end": True,
    },
}  # fmt: skip
NO_POINTS = (
    "", "the due", "due", "90 days the due date", "90 days past the due date", "two days after the due date",
    "2026-02-30", "the end of the due date", "the end of the month of 1 month after the due date",
    "the end of the month the due date", "1 day after 1 month and 2 days after the due date", "the due date ",
    "90 days before the due date or so", "99999 days after the due date",
)  # fmt: skip
INTERVALS = {
    "from the first day of the cycle to the due date": ({"of": "cycle-start"}, DUE),
    "after the last grant": ({"of": "last-grant", "included": False}, None),
    "to 6 months after the due date": (None, {"of": "due", "months": 6}),
    "before the due date": (None, {"of": "due", "included": False}),
    "after the last grant to the filing": ({"of": "last-grant", "included": False}, {"of": "filing"}),
    "from the due date before the filing": (DUE, {"of": "filing", "included": False}),
    "from 12 months before the filing to the filing": ({"of": "filing", "months": -12}, {"of": "filing"}),
    "from 12 months before the filing before the due date": (
        {"of": "filing", "months": -12}, {"of": "due", "included": False},
    ),
    "more than 6 months after the due date": ({"of": "due", "months": 6, "included": False}, None),
    "less than 24 months before the filing": ({"of": "filing", "months": -24, "included": False}, None),
    "to less than 6 months after the due date": (None, {"of": "due", "months": 6, "included": False}),
    "to more than 3 days before the due date": (None, {"of": "due", "days": -3, "included": False}),
    "more than 6 months after the due date to 7 months after the due date": (
        {"of": "due", "months": 6, "included": False}, {"of": "due", "months": 7},
    ),
}  # fmt: skip
NO_INTERVALS = (
    "", "the due date", "from the due date from the filing", "to the due date from the filing", "after", "in the cycle",
    "after 6 months after the due date", "more than the due date", "more than 6 months before the due date",
    "less than 6 months after the due date", "from the due date to", "from to the due date",
    "to less than 3 days before the due date", "more than the end of the month of the due date",
)  # fmt: skip


@pytest.mark.parametrize("text", POINTS)
def test_a_day_is_what_it_says(text):
    """The table that the classes have for it."""
    assert POINTS[text] == point_of(text)


@pytest.mark.parametrize("text", NO_POINTS)
def test_what_is_no_day_is_none(text):
    """It is told, and not guessed."""
    assert point_of(text) is None


@pytest.mark.parametrize("text", INTERVALS)
def test_an_interval_is_what_it_says(text):
    """With a beginning, an end, or both, and whether those days count."""
    begins, ends = INTERVALS[text]
    expected = ({} if begins is None else {"begins": begins}) | ({} if ends is None else {"ends": ends})
    assert expected == interval_of(text)


@pytest.mark.parametrize("text", NO_INTERVALS)
def test_what_is_no_interval_is_none(text):
    """A day alone is none, and so is an end before a beginning."""
    assert interval_of(text) is None


def test_a_beginning_and_an_end_may_leave_their_day_out():
    """In the words of an interval, and only those that fit the place."""
    assert beginning_of("after the last grant") == {"of": "last-grant", "included": False}
    assert beginning_of("less than 24 months before the filing") == {"of": "filing", "months": -24, "included": False}
    assert end_of("before the due date") == {"of": "due", "included": False}
    assert end_of("less than 6 months after the due date") == {"of": "due", "months": 6, "included": False}
    assert [None] * 4 == [
        beginning_of("before the due date"),
        beginning_of("less than 6 months after the due date"),
        end_of("after the due date"),
        end_of("less than 24 months before the filing"),
    ]


def written(months, days, *, month_end, anchor):
    """Say a day in words, by a rule of its own: days of months of the anchor."""

    def moved(count, unit, text):
        way = "after" if count > 0 else "before"
        return f"{abs(count)} {unit}{'s' if abs(count) > 1 else ''} {way} {text}" if count else text

    if not month_end:
        return moved(days, "day", moved(months, "month", anchor))
    of = "" if months else "of "
    return moved(days, "day", f"the end of the month {of}{moved(months, 'month', anchor)}")


@effort(100)
@given(
    months=st.integers(-1200, 1200), days=st.integers(-1200, 1200), month_end=st.booleans(),
    anchor=st.sampled_from([*ANCHORS, "2026-02-28"]),
)  # fmt: skip
def test_every_day_can_be_said(months, days, month_end, anchor):
    """However many months and days it is away, before or after, with or without the end of a month."""
    of = {"of": ANCHORS[anchor]} if anchor in ANCHORS else {"of": "calendar", "day": date(2026, 2, 28)}
    moved = {name: value for name, value in (("months", months), ("days", days), ("month_end", month_end)) if value}
    assert {**of, **moved} == point_of(written(months, days, month_end=month_end, anchor=anchor))


@effort(100)
@given(text=st.text(st.sampled_from("from to after before the due date 0123456789-"), max_size=60))
def test_any_text_is_read_or_refused(text):
    """Without an error."""
    assert all(read(text) is None or read(text) for read in (point_of, interval_of, quantity_of))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("18 years", "18", "year"),
        ("1 year", "1", "year"),
        ("2,000 hours", "2000", "hour"),
        ("1.5 hours", "1.5", "hour"),
        ("24 semester credits", "24", "semester-credit"),
        ("$20", "20", "us-dollar"),
        ("$1,250.50", "1250.50", "us-dollar"),
        ("20 us dollars", "20", "us-dollar"),
        ("20 dollrs", "20", "dollr"),  # which the check of words then tells
    ],
)
def test_a_quantity_is_what_it_says(text, amount, unit):
    """In the singular or the plural, with a comma in thousands."""
    assert {"amount": amount, "unit": unit} == quantity_of(text)


@pytest.mark.parametrize(
    "text", ["", "18", "years", "eighteen years", "$", "$ 20", "20$", "18 years of age", "-1 year"]
)
def test_what_is_no_quantity_is_none(text):
    """It is told, and not guessed."""
    assert quantity_of(text) is None
