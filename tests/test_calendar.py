"""Who becomes due when: a calendar that agrees with asking on every day, notices that are sent once, and the pace."""

import sys
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

import icalendar
import pytest
from hypothesis import strategies as st

from boards import AWARD as BOARD_AWARD
from boards import COVERED, board, hours
from effort import examples, sized
from peer_ledger import Certification, Credit, Document, Filing, Ledger, TrainingEvent, evaluate, evaluate_all, ruleset
from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.example import ON, import_example
from peer_ledger.planning import due_calendar, forecast, notices, pace
from peer_ledger.planning._topics import Topics
from peer_ledger.rules import Part, TrainingFilter
from peer_ledger.testing import check_law

DAY = timedelta(days=1)
AWARD = Certification(
    id="c-1", person="p-17", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)
MARKS = ("opens", "timely_until", "due", "late_until", "reinstate_until")


def held(*records):
    ledger = Ledger()
    ledger.append([AWARD, *records])
    return ledger


def asked_day_by_day(report_on, since, until):
    """Return what comes about, by asking on each day: a change of standing, and dates of the report that are the day."""
    found, standing = [], report_on(since - DAY).standing
    for number in range((until - since).days):
        day = since + number * DAY
        report = report_on(day)
        if report.standing != standing:
            found.append((day, "standing", report.standing, report.standing != "undetermined"))
        standing = report.standing
        for name, mark in report.dates.items():
            if name in MARKS and report.pending_since is None and day in mark.candidates:
                found.append((day, name, None, mark.day is not None))
    return Counter(found)


def answer(ledger, person, day):
    return evaluate(ledger, person, on=day)


def shown(made):
    return Counter(
        (one.day, one.kind, one.says if one.kind == "standing" else None, one.is_settled) for one in made.days
    )


def test_a_year_day_by_day():
    """The calendar of the invented people says what evaluating on each day of a year says."""
    ledger, _ = import_example()
    since, until = date(2025, 10, 1), date(2026, 10, 1)
    everybody = [report.person for report in evaluate_all(ledger, on=ON)]
    for person in sized(everybody, ["p-103"]):
        made = due_calendar(ledger, since=since, until=until, people=[person])
        assert shown(made) == asked_day_by_day(partial(answer, ledger, person), since, until), person


def days_are_those_of_the_answers(situation):
    """Around the days that matter to a life, whatever the rules are."""
    asked = {"ruleset": situation.ruleset, "rulesets": situation.rulesets, "readings": situation.readings}
    since = situation.on - situation.draw(st.integers(0, 30)) * DAY
    until = since + 60 * DAY
    ledger = situation.ledger()
    made = due_calendar(ledger, since=since, until=until, people=["p"], **asked)
    assert shown(made) == asked_day_by_day(lambda day: evaluate(ledger, "p", on=day, **asked), since, until)


@pytest.mark.parametrize("rules", sized(["us-nc-cpss", "us-wa-cpss"], ["us-nc-cpss"]))
def test_days_are_those_of_the_answers(rules):
    """In lives drawn at the edges of the rules."""
    assert check_law(ruleset(rules), days_are_those_of_the_answers, examples=examples(10), shrink=False)


def test_a_calendar_in_sentences():
    """A certificate becomes due, late and lapsed; a renewal that is filed is due no more."""
    made = due_calendar(held(), since="2026-01-01", until="2027-01-01")
    said = [(str(one.day), one.says) for one in made.days]
    assert ("2026-03-31", "due") in said
    assert ("2026-04-01", "late") in said
    assert "March 31, 2026: p-17: due." in str(made)
    assert due_calendar(held(), since="2027-06-01", until="2027-06-01").days == ()
    assert str(due_calendar(held(), since="2026-01-01", until="2026-01-02")) == "Nothing happens."
    letter = Document(id="d-1", person="p-17", kind="reference-letter", on="2026-03-31")  # a day of a change, too
    again = due_calendar(held(letter), since="2026-01-01", until="2027-01-01")
    assert [(one.day, one.kind) for one in again.days] == [(one.day, one.kind) for one in made.days]
    filed = held(Filing(id="f-1", person="p-17", credential="us-nc-cpss", step="renewal", sent="2026-02-01"))
    kinds = {one.kind for one in due_calendar(filed, since="2026-02-02", until="2026-04-30").days}
    assert "due" not in kinds
    assert "p-17" in made._repr_html_()
    assert made.to_dict()["days"][0]["id"] == made.days[0].id
    assert made.table().to_rows()[0]["person"] == "p-17"
    with pytest.raises(InvalidValue, match="until must not be before since"):
        due_calendar(held(), since="2026-01-02", until="2026-01-01")


def test_a_feed_is_the_same_when_it_is_read_again():
    """A calendar program finds an all-day event for each thing, under ids that stay and do not name the person."""
    made = due_calendar(held(), since="2026-01-01", until="2027-01-01")
    feed = made.to_ical()
    assert feed == due_calendar(held(), since="2026-01-01", until="2027-01-01").to_ical()
    events = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    assert [(event.decoded("dtstart"), str(event["summary"]).split(" (")[0]) for event in events] == [
        (one.day, f"p-17: {one.says}") for one in made.days
    ]
    ids = {str(event["uid"]) for event in events}
    assert len(ids) == len(events)
    assert not [name for name in ids if "p-17" in name]
    longer = due_calendar(held(), since="2025-06-01", until="2028-01-01").to_ical()
    assert ids <= {str(event["uid"]) for event in icalendar.Calendar.from_ical(longer).walk("VEVENT")}


def test_a_feed_needs_its_extra(monkeypatch):
    """The message names it."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(LedgerMisuse, match="icalendar"):
        due_calendar(held(), since="2026-01-01", until="2026-02-01").to_ical()


# Notices


def test_notices_are_due_ahead_of_a_deadline_and_on_a_change():
    """Ninety, thirty and seven days ahead and on the day itself; each once, with what is missing."""
    ledger = held(TrainingEvent(id="e-1", person="p-17", completed="2025-02-03", credits=[Credit(amount=19)]))
    due = [
        (str(on), str(one.day), one.says)
        for on in (date(2026, 3, 31) - days * DAY for days in (91, 90, 89, 30, 7, 1, 0, -1))
        for one in notices(ledger, on=on)
        if one.kind in ("due", "standing")
    ]
    assert due == [
        ("2025-12-31", "2026-03-31", "due"),
        ("2026-03-01", "2026-03-31", "due"),
        ("2026-03-24", "2026-03-31", "due"),
        ("2026-03-31", "2026-03-31", "due"),
        ("2026-04-01", "2026-04-01", "late"),
    ]
    assert [one.kind for one in notices(ledger, on="2026-01-30")] == []  # ninety days before the end of filing late
    assert [one.kind for one in notices(ledger, on="2026-04-23")] == ["late_until"]
    [one] = [one for one in notices(ledger, on="2026-03-01") if one.kind == "due"]
    assert one.lead.startswith("Recertification due March 31, 2026.")
    assert "p-17: due on March 31, 2026, in 30 days." in str(notices(ledger, on="2026-03-01"))


def test_notices_are_sent_once_however_often_and_seldom_they_are_asked_for():
    """Asking daily and asking after a break return the same ids, of one deadline only the latest."""
    ledger, _ = import_example()
    begin, few = date(2026, 1, 24), ["p-103", "p-133"]
    daily = [one for number in range(1, 10) for one in notices(ledger, on=begin + number * DAY, people=few)]
    assert len({one.id for one in daily}) == len(daily)
    late = notices(ledger, on=begin + 9 * DAY, since=begin, people=few)
    assert [one.id for one in late] == [one.id for one in notices(ledger, on=begin + 9 * DAY, since=begin, people=few)]
    latest = {(one.person, one.day, one.kind, one.says): one.id for one in daily}  # the last of each is kept
    assert {one.id for one in late} == set(latest.values())
    assert daily
    assert notices(ledger, on=begin, since=begin).all == ()
    assert str(notices(ledger, on=begin, since=begin)) == "No notice is due."
    with pytest.raises(InvalidValue, match="since must not be after on"):
        notices(ledger, on=begin, since=begin + DAY)
    assert late.to_dict()["notices"][0]["id"] == late.all[0].id
    assert len(late.table().rows) == len(late)


# Pace


def test_pace():
    """Five hours from January to March are an hour and forty minutes a month."""
    done = [Credit(amount=12, topics={"recovery"}), Credit(amount=3, topics={"ethics"})]
    ledger = held(TrainingEvent(id="e-1", person="p-17", completed="2025-02-03", credits=done))
    made = pace(evaluate(ledger, "p-17", on="2026-01-15"))
    assert (made.by, made.months) == (date(2026, 3, 31), 3)
    assert [(need.requirement, need.amount, need.a_month) for need in made.needs] == [
        ("training", Fraction(5), Fraction(5, 3))
    ]
    assert str(made).startswith("5 hours for 'training' until March 31, 2026: 1 2/3 hours in each of 3 months.") or (
        "in each of 3 months." in str(made)
    )
    assert made.to_dict()["needs"][0]["a_month"] == "5/3"
    assert made.table().rows
    assert "training" in made._repr_html_()


def test_a_forecast_spreads_what_is_missing():
    """Every month of a person has the same share, and the months add up to what is missing."""
    ledger, _ = import_example()
    reports = list(evaluate_all(ledger, on=ON))
    rows = forecast(reports).to_rows()
    missing = sum(
        (addition.amount for report in reports for finding in report.assumed.findings if finding.subject == "hours"
         and finding.part_of is None and finding.designation is None for addition in finding.additions),
        Fraction(0),
    )  # fmt: skip
    assert abs(sum(Fraction(row["hours"]) for row in rows) - missing) < Fraction(1, 1000)
    ethics = [row for row in rows if row["requirement"] == "ethics"]
    assert ethics
    assert {row["month"].day for row in rows if row["month"]} == {1}
    with pytest.raises(InvalidValue):
        forecast(["p-17"])


def test_a_forecast_by_topic():
    """Ethics and any topic in North Carolina; a part without topics of its own has those of the whole."""
    ledger, _ = import_example()
    rows = forecast(evaluate_all(ledger, on=ON)).to_rows()
    assert {("ethics", "ethics"), ("training", None)} <= {(row["requirement"], row["topics"]) for row in rows}
    unknown = forecast(evaluate_all(ledger, on=ON), rulesets={}).to_rows()
    assert {None} == {row["topics"] for row in unknown}
    assert sum(row["hours"] for row in rows) == pytest.approx(sum(row["hours"] for row in unknown))


def test_topics_of_requirements():
    """Of options, those of all; and where one option has none, any will do."""
    part = Part(id="part", says="Some.", need=1, cites=("P",))
    own = TrainingFilter(topics={"ethics", "boundaries"})
    some = TrainingFilter(any_of=(TrainingFilter(topics={"recovery"}), TrainingFilter(topics={"wellness"})))
    open_ = TrainingFilter(any_of=(TrainingFilter(topics={"recovery"}), TrainingFilter(deliveries={"in-person"})))
    for counts, wanted in ((own, "boundaries; ethics"), (some, "recovery; wellness"), (open_, None)):
        rules = board(hours(8, counts=counts, parts=(part,)))
        assert (
            Topics({rules.id: rules}).of(
                evaluate(Ledger(), "p", on="2026-02-01", ruleset=rules, rulesets={rules.id: rules}), "part"
            )
            == ()
        )
        ledger = Ledger()
        ledger.append([*COVERED, BOARD_AWARD])
        report = evaluate(ledger, "p", on="2026-02-01", ruleset=rules)
        found = [row["topics"] for row in forecast([report], rulesets={rules.id: rules}).to_rows()]
        assert set(found) == {wanted}
