"""A board that changes its cycle: each certificate keeps the cycle under which it began."""

import calendar
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import act, asked, board
from peer_ledger.errors import InvalidData, InvalidRecord
from peer_ledger.records import MonthDay
from peer_ledger.rules import (
    Anniversary,
    ByQuestion,
    Chosen,
    CycleEditions,
    DatedCycle,
    FixedDate,
    Provisional,
    Question,
    Reading,
    UnknownCycle,
)
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import read_rulesets

DAY = timedelta(days=1)
YEAR, TWO_YEARS = Anniversary(months=12), Anniversary(months=24)


def changed(first_day, first=YEAR, then=TWO_YEARS, **more):
    """A board whose cycles are others from a day on."""
    editions = (DatedCycle(cycle=first), DatedCycle(first_day=first_day, cycle=then))
    return board(cycle=CycleEditions(editions=editions, **more))


def later(day, months):
    """Return a day some months later, cut to the length of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due(records, on, ruleset):
    """Return the due date, or all that it may be."""
    found = asked(records, on, ruleset).dates.due
    return None if found is None else found.day or found.candidates


awards = st.sampled_from([date(2012, 2, 29), date(2013, 8, 31), date(2014, 6, 1), date(2014, 12, 31)]) | st.dates(
    date(2012, 1, 1), date(2014, 12, 31)
)


@given(awards, st.integers(-3, 3), st.integers(0, 3), st.sampled_from([12, 18, 36]), st.sampled_from([6, 24]))
def test_a_cycle_is_as_long_as_on_the_day_on_which_it_begins(award, shift, number, old, new):
    """Renewals on the last days: the third cycle or another one begins some days before or after the change."""
    begins = [award]
    for _ in range(number):
        begins.append(later(award, old * len(begins)))
    change = begins[-1] + shift * DAY
    # Where the change is later, the last cycle still begins under the old edition.
    expected = later(award, old * (number + 1)) if change > begins[-1] else later(begins[-1], new)
    acts = [act("a", "awarded", award), *(act(f"r{day}", "renewed", day - DAY) for day in begins[1:])]
    ruleset = changed(change, Anniversary(months=old), Anniversary(months=new))
    if change > award or number == 0:
        assert due(acts, begins[-1], ruleset) == expected - DAY


@given(awards, st.lists(st.integers(1, 1500), max_size=3), st.sampled_from([YEAR, TWO_YEARS]), st.integers(0, 1500))
def test_an_edition_that_changes_nothing_changes_nothing(award, waits, cycle, after):
    """The same cycle from any day on, whatever was renewed early, late or not at all."""
    acts, day = [act("a", "awarded", award)], award
    for place, wait in enumerate(waits):
        day += wait * DAY
        acts.append(act(f"r{place}", "renewed", day))
    for first_day in (award, award + after * DAY):
        given_twice = asked(acts, day + DAY, changed(first_day, cycle, cycle))
        given_once = asked(acts, day + DAY, board(cycle=cycle))
        assert (given_twice.standing, given_twice.dates) == (given_once.standing, given_once.dates)


@given(awards, st.lists(st.integers(1, 900), max_size=3), st.sampled_from(["grant", "cycle-start"]))
def test_before_the_change_the_old_cycle_holds_and_after_it_the_new_one(award, waits, decided_by):
    """A change on the day of the award is as if there had been one cycle, and so is one that is still to come."""
    acts, day = [act("a", "awarded", award)], award
    for place, wait in enumerate(waits):
        day += wait * DAY
        acts.append(act(f"r{place}", "renewed", day))
    new = asked(acts, day + DAY, changed(award, decided_by=decided_by))
    assert new.dates == asked(acts, day + DAY, board(cycle=TWO_YEARS)).dates
    old = asked(acts, day + DAY, changed(date(2090, 1, 1), decided_by=decided_by))
    assert old.dates == asked(acts, day + DAY, board(cycle=YEAR)).dates


@pytest.mark.parametrize(
    ("decided_by", "renewed", "ends"),
    [
        ("cycle-start", "2016-05-20", date(2018, 6, 2)),  # the next cycle begins on June 3, 2016
        ("grant", "2016-05-20", date(2017, 6, 2)),
        ("grant", "2016-06-02", date(2017, 6, 2)),
        ("grant", "2016-06-03", date(2018, 6, 2)),
        ("cycle-start", "2016-06-10", date(2018, 6, 2)),
    ],
)
def test_an_early_renewal_is_under_the_edition_of_its_day_or_of_its_cycle(decided_by, renewed, ends):
    """Due on June 2, 2016; cycles are two years from June 3 on."""
    acts = [act("a", "awarded", "2015-06-03"), act("r", "renewed", renewed)]
    assert due(acts, "2016-07-01", changed(date(2016, 6, 3), decided_by=decided_by)) == ends


def test_a_cycle_counted_from_the_renewal_is_under_the_edition_of_that_day():
    """Renewed on May 20, 2016, and counted from that day, before the change of June 3: one year."""
    acts = [act("a", "awarded", "2015-06-03"), act("r", "renewed", "2016-05-20")]
    assert due(acts, "2016-07-01", attrs.evolve(changed(date(2016, 6, 3)), after_early="renewal")) == date(2017, 5, 19)


def test_a_cycle_that_ends_on_the_anniversary_goes_on_ending_on_it():
    """Due on June 3, 2016: the two years after it end on June 3, 2018."""
    first, then = Anniversary(months=12, begins="next-day"), Anniversary(months=24, begins="next-day")
    acts = [act("a", "awarded", "2015-06-03"), act("r", "renewed", "2016-05-20")]
    assert due(acts, "2016-07-01", changed(date(2016, 6, 3), first, then)) == date(2018, 6, 3)


def test_a_day_for_everyone_may_move():
    """From August 30 of every second year to October 31: the cycle in between is two months longer."""
    old = FixedDate(begins=MonthDay(8, 31), years=2, from_award=True, shortest=12)
    new = FixedDate(begins=MonthDay(11, 1), years=2, from_award=True, shortest=12)
    acts = [act("a", "awarded", "2021-10-05"), act("r", "renewed", "2023-08-20"), act("s", "renewed", "2025-10-01")]
    ruleset = changed(date(2023, 1, 1), old, new)
    assert due(acts[:1], "2023-08-30", ruleset) == date(2023, 8, 30)
    assert due(acts[:2], "2023-12-01", ruleset) == date(2025, 10, 31)
    assert due(acts, "2025-12-01", ruleset) == date(2027, 10, 31)


def test_missing_renewals_are_counted_with_the_old_cycle():
    """Awarded on June 3, 2012 and renewed only on May 20, 2016: the fourth year ends on June 2, 2016."""
    acts = [act("a", "awarded", "2012-06-03"), act("r", "renewed", "2016-05-20")]
    for years in (2, 3):
        then = Anniversary(months=12 * years)
        assert due(acts, "2016-07-01", changed(date(2016, 6, 3), YEAR, then)) == date(2016 + years, 6, 2)


@pytest.mark.parametrize(
    ("expires", "begins"),
    [
        ("2018-06-02", date(2016, 6, 3)),  # two years from the change on
        ("2018-06-01", date(2017, 6, 2)),  # two years would have begun before it
        ("2016-01-31", date(2015, 2, 1)),
    ],
)
def test_a_renewal_without_a_day_is_counted_back_by_the_edition_under_which_it_began(expires, begins):
    """Of a renewal only the printed expiration date is known; training counts from the day after its first day."""
    report = asked([act("a", "renewed", None, expires=expires)], expires, changed(date(2016, 6, 3)))
    assert (report.dates.due.day, report.dates.earning_begins.day) == (date.fromisoformat(expires), begins + DAY)


def test_an_edition_may_be_unknown_or_depend_on_a_question():
    """What is open of one edition leaves the others alone."""
    question = Question(
        id="term", asks="How long?", assumed="one", weight="blocking",
        readings=(Reading(id="one", says="A year."), Reading(id="two", says="Two years.")),
    )  # fmt: skip
    term = ByQuestion(by="term", values=(("one", YEAR), ("two", TWO_YEARS)))
    ruleset = attrs.evolve(changed(date(2016, 6, 3), UnknownCycle(), term), questions=(question,))
    assert problems_of(ruleset) == ()
    before, after = act("a", "awarded", "2016-06-02"), act("a", "awarded", "2016-06-03")
    report = asked([before], "2016-07-01", ruleset)
    assert report.standing == "undetermined"
    assert "end-not-known" in {caveat.kind for caveat in report.caveats}
    assert due([after], "2016-07-01", ruleset) == (date(2017, 6, 2), date(2018, 6, 2))
    old = attrs.evolve(changed(date(2016, 6, 3), YEAR, term), questions=(question,))
    report = asked([before], "2016-07-01", old)
    assert (report.dates.due.day, report.questions) == (date(2017, 6, 1), ())


def test_a_length_that_the_holder_chooses_may_follow_a_fixed_one():
    """Where no document says what was chosen, the due date is open; a year was fixed before."""
    ruleset = changed(date(2016, 6, 3), YEAR, Chosen(document_kind="term", months=(12, 24)))
    acts = [act("a", "awarded", "2015-06-03"), act("r", "renewed", "2016-05-20")]
    assert due(acts[:1], "2016-01-01", ruleset) == date(2016, 6, 2)
    report = asked(acts, "2016-07-01", ruleset)
    assert report.standing == "undetermined"
    assert "length-not-known" in {caveat.kind for caveat in report.caveats}


@pytest.mark.parametrize(
    ("days", "place", "says"),
    [
        ([None], "editions", "must be two or more"),
        ([date(2016, 1, 1), date(2017, 1, 1)], "editions[0].first_day", "is left out of the first"),
        ([None, None], "editions[1].first_day", "is missing"),
        ([None, date(2016, 1, 2), date(2016, 1, 2)], "editions[2].first_day", "must be after 2016-01-02"),
    ],
)
def test_editions_are_in_order(days, place, says):
    """The first edition has no day, and each later one has a day after the one before."""
    with pytest.raises(InvalidRecord) as raised:
        CycleEditions(editions=tuple(DatedCycle(first_day=day, cycle=YEAR) for day in days))
    (problem,) = raised.value.problems
    assert (problem.path, problem.message[: len(says)]) == (place, says)


def test_what_cannot_be_combined_is_refused():
    """A certificate without an end, and a provisional stage, have one cycle."""
    ruleset = changed(date(2016, 6, 3))
    assert problems_of(ruleset) == ()
    stage = Provisional(months=6, cites=("P",))
    for name, value in (("unending", True), ("provisional", stage)):
        (problem,) = problems_of(attrs.evolve(ruleset, **{name: value}))
        assert problem.path == name
        assert "editions of the cycle" in problem.message
    (problem,) = problems_of(changed(date(2016, 6, 3), YEAR, Anniversary(months=1200)))
    assert problem.path == "cycle.editions[1].cycle"


FILE = """
format = 1
seen = 2026-01-04
[sources]
P = { title = "Page", board = "https://board.example" }
[us-xx-yyy]
name = "Specialist"
body = "The board"
time_zone = "UTC"
cites = ["P"]
cycle.editions.first = { months = 12, ends = "anniversary" }
cycle.editions.2016-06-03 = { ends = "10-31", years = 1 }
[us-xx-yyy.renewal.renewal-1]
says = "Hours."
training.need = 8
"""


def test_a_file_names_editions_by_their_days():
    """The edition called `first` has no day; any other name that is no day is a problem of its own."""
    (ruleset,) = read_rulesets(FILE)
    assert ruleset.cycle == CycleEditions(
        editions=(
            DatedCycle(cycle=Anniversary(months=12, begins="next-day")),
            DatedCycle(first_day=date(2016, 6, 3), cycle=FixedDate(begins=MonthDay(11, 1))),
        )
    )
    with pytest.raises(InvalidData) as raised:
        read_rulesets(FILE.replace("2016-06-03", "june"))
    (problem,) = raised.value.problems
    assert problem.path == "us-xx-yyy.cycle.editions[1].first_day"
