"""Like questions are weighed alike in all bundled rule sets, and North Carolina's silent points are questions."""

from datetime import date, timedelta

import attrs
import pytest

from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Filing,
    Ledger,
    TrainingEvent,
    evaluate,
    ruleset,
    ruleset_ids,
)
from peer_ledger.records import MonthDay, Quantity
from peer_ledger.rules import Anniversary, Birthday, ByQuestion, FixedDate
from peer_ledger.rules._cycles import cycle_of_number
from remarks import sentences

QUESTIONS = {(name, question.id): question for name in ruleset_ids() for question in ruleset(name).questions}


@pytest.mark.parametrize(
    ("ids", "weight", "least"),
    [
        ({"last-day", "expiry-day"}, "caveat", 14),  # the last day of a computed period: the earlier one is assumed
        ({"supervises", "is-supervisor", "new-felony", "was-grandfathered"}, "caveat", 7),  # a duty of few people
        (
            {"meetings", "works-in-treatment", "exam-in-time", "three-attempts"},
            "caveat",
            7,
        ),  # what applies to few people
        ({"repeats"}, "caveat", 2),
        ({"cycle-after-early"}, "caveat", 5),
        (
            {"last-two-weeks", "last-sixty-days", "last-month"},
            "blocking",
            4,
        ),  # whether filing closes before the due date
        ({"cycle-after-late"}, "blocking", 5),
        # what a directory or an older text alone asks of new applicants: nobody is short by it without a question
        ({"education-asked", "directory-asks", "older-text", "own-recovery", "diploma", "exam-asked"}, "blocking", 9),
        ({"degree", "member", "academy-graduate", "recovery-specialist"}, "blocking", 4),  # less is asked of few people
        ({"late-training", "late-education", "probation-training"}, "blocking", 7),  # training after the due date
        # whether what is on file is of the kind that counts, or from the day on which it counts
        ({"teaching-hours", "first-time", "crisis-years", "employer-training", "in-training"}, "blocking", 6),
        ({"work-domains", "work-kinds", "work-alike", "supervising", "supervised-year"}, "blocking", 6),
    ],
)
def test_like_questions_are_weighed_alike(ids, weight, least):
    """A kind of question leaves an answer open in every rule set that has it, or in none."""
    apart = {("national-cprp", "repeats")}  # whether training of an earlier certificate counts again: another question
    found = {key: question.weight for key, question in QUESTIONS.items() if key[1] in ids and key not in apart}
    assert len(found) >= least
    assert {weight} == set(found.values())


def ends_of(cycle):
    """Return the last days of the first cycles from some award days; `None` where these depend on the records."""
    if isinstance(cycle, ByQuestion):
        return ends_of(cycle.values[0][1])
    if isinstance(cycle, Birthday):
        cycle = attrs.evolve(cycle, birthday=MonthDay(month=3, day=4))
    elif not isinstance(cycle, Anniversary | FixedDate):
        return None
    return [cycle_of_number(1, cycle, anchor=day).last_day for day in (date(2023, 5, 9), date(2024, 2, 29))]


def test_a_question_about_the_length_of_a_certificate_leaves_its_dates_open():
    """The last day alone is a note; where a certificate would end more than a month later, nobody is told a date."""
    found = {}
    for name in ruleset_ids():
        cycle = ruleset(name).cycle
        if isinstance(cycle, ByQuestion):
            ends = [ends_of(value) for _, value in cycle.values]
            is_near = None not in ends and all(
                max(days) - min(days) <= timedelta(days=31) for days in zip(*ends, strict=True)
            )
            found[name, cycle.by] = is_near
    lengths = {key for key, is_near in found.items() if not is_near}
    assert {("us-tn-cprs", "term"), ("us-va-rprs", "year-ends"), ("us-ny-nycps", "three-year-term")} <= lengths
    assert {"blocking"} == {QUESTIONS[key].weight for key in lengths}
    assert {"caveat"} == {QUESTIONS[key].weight for key in found.keys() - lengths}


def test_what_no_record_shows_of_every_training_is_said_at_a_renewal():
    """Whether a training bears on the field, or is approved where records do not say by whom, is a note, not a guess."""
    said = {
        name
        for name in ruleset_ids()
        for note in ruleset(name).step_notes
        if "renewal" in note.bears_on and note.says.endswith("this is not checked.")
    }
    assert {"us-az-cprs", "us-fl-crps", "us-id-cprc", "us-in-caprc-ii", "us-ne-cpss", "us-pa-crs", "us-va-cprs"} <= said
    silent = [
        name
        for name in ruleset_ids()
        for note in ruleset(name).notes
        if "is assumed" in note and ("training is" in note or "a training" in note.lower())
    ]
    assert silent == []


def report_of(*records, on, awarded="2024-03-14", expires=None, **also):
    ledger = Ledger()
    award = Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on=awarded, expires=expires)
    ledger.append([award, Coverage(id="k", covers="document"), Coverage(id="a", covers="certification"), *records])
    return evaluate(ledger, "p", on=on, **also)


def test_who_supervises_is_a_note_in_every_state():
    """Nobody is undetermined because no record says whether they supervise; the answer says what was assumed."""
    for name, question in (("us-oh-cprs", "supervises"), ("us-wa-cpss", "is-supervisor")):
        assert ("caveat", "no", "facts") == (
            QUESTIONS[name, question].weight,
            QUESTIONS[name, question].assumed,
            QUESTIONS[name, question].about,
        )


@pytest.mark.parametrize(
    ("reading", "due"),
    [("month-end", date(2026, 3, 31)), ("anniversary", date(2026, 3, 14)), ("day-before", date(2026, 3, 13))],
)
def test_the_last_day_of_a_certificate_without_a_printed_expiry(reading, due):
    """The end of the month, the anniversary or the day before it: N20, R2 and R3 say the one, R5 and V the others."""
    assert due == report_of(on="2026-01-15", readings={"last-day": reading}).dates.due.day
    printed = report_of(on="2026-01-15", expires="2026-03-20", readings={"last-day": reading})
    assert printed.dates.due.day == date(2026, 3, 20)


def test_the_last_day_is_mentioned_only_where_it_is_computed():
    """With a printed expiry, nothing depends on it."""
    asks = QUESTIONS["us-nc-cpss", "last-day"].asks
    assert any(caveat.startswith(asks) for caveat in sentences(report_of(on="2026-01-15").caveats))
    assert not any(
        caveat.startswith(asks) for caveat in sentences(report_of(on="2026-01-15", expires="2026-03-31").caveats)
    )


def letter(place, months):
    value = None if months is None else Quantity(amount=months, unit="month")
    return Document(id=f"l-{place}", person="p", kind="reference-letter", on="2026-01-02", by=f"w-{place}", value=value)


@pytest.mark.parametrize(
    ("reading", "months", "result"),
    [("not-asked", (3, 3), "not asked"), ("a-year", (12, 30), "met"), ("a-year", (3, 30), "short")],
)
def test_how_long_the_writers_of_letters_have_known_the_person(reading, months, result):
    """A year is asked after a lapse (LAPSE); of a renewal no text says it."""
    letters = [letter(place, known) for place, known in enumerate(months)]
    report = report_of(*letters, on="2026-01-15", readings={"letters-known": reading})
    assert result == report.finding("letters-known").result
    assert report.finding("letters").result == "met"


@pytest.mark.parametrize(
    ("filed", "reading", "result"),
    [
        ("2026-03-14", "accepted", "met"),
        ("2026-03-14", "refused", "short"),
        ("2026-03-13", "refused", "met"),
        ("2026-03-15", "accepted", "short"),
    ],
)
def test_the_second_anniversary_of_a_course(filed, reading, result):
    """No more than two years old, counted from its completion on March 14, 2024."""
    ledger = Ledger()
    ledger.append([
        TrainingEvent(
            id="k", person="p", completed="2024-03-14", delivery="in-person",
            credits=[Credit(amount=50, topics={"core-training"})],
        ),
        Filing(id="f", person="p", credential="us-nc-cpss", step="initial", method="online", sent=filed),
        Coverage(id="a", covers="certification"),
    ])  # fmt: skip
    report = evaluate(ledger, "p", on="2026-04-01", readings={"two-year-day": reading})
    assert result == report.finding("course").result


@pytest.mark.parametrize(("reading", "result"), [("none", "not asked"), ("fifteen", "short")])
def test_the_fee_for_a_renewal_before_july_2018(reading, result):
    """15 dollars are named for a first certification (A1), and none for a renewal (R1)."""
    filed = Filing(id="f", person="p", credential="us-nc-cpss", step="renewal", method="mail", sent="2018-03-02")
    report = report_of(filed, on="2018-03-10", awarded="2016-03-14", readings={"fee-before-july-2018": reading})
    assert result == report.finding("fee").result
    later = of_july(reading)
    assert later.finding("fee").result == "short"


def of_july(reading):
    """Return the report on a filing of July 2018, for which 20 dollars are asked whatever was asked before."""
    filed = Filing(id="f", person="p", credential="us-nc-cpss", step="renewal", method="mail", sent="2018-07-05")
    return report_of(filed, on="2018-07-10", awarded="2016-07-14", readings={"fee-before-july-2018": reading})


@pytest.mark.parametrize(("reading", "short"), [("first-only", 0), ("renewal-too", 7)])
def test_children_and_families_at_renewal(reading, short):
    """Of 15 hours on families 8 count if the limit holds for a renewal, too: 5 + 8 of 20."""
    events = [
        TrainingEvent(id="e", person="p", completed="2025-02-03", credits=[Credit(amount=5, topics={"ethics"})]),
        TrainingEvent(id="f", person="p", completed="2025-02-04", credits=[Credit(amount=15, topics={"family"})]),
    ]
    report = report_of(
        *events, on="2026-01-15", readings={"children-cap-at-renewal": reading, "renewal-4-begun": "begun"}
    )
    assert short == report.finding("training").short
