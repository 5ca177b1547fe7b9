"""Requirements other than hours, on their edges: counts of trainings, documents, duties with a period, and ways to choose from."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, COVERED, XX, act, asked, board, document, filed, hours, ruled, trained
from peer_ledger import Ledger, evaluate
from peer_ledger.records import Coverage, Quantity
from peer_ledger.rules import (
    AnyOf,
    Condition,
    Documents,
    Interval,
    Option,
    Recurrence,
    RelativeDate,
    SessionCount,
    TrainingFilter,
)
from remarks import in_words

ON = "2025-06-01"


def trainings(need, name="courses", **more):
    return SessionCount(id=name, says="So many trainings.", need=need, cites=("P",), **more)


def letters(name="letters", **more):
    return Documents(id=name, says="Letters.", document_kind="reference-letter", cites=("P",), **more)


def letter(name, on="2025-03-04", **more):
    return document(name, "reference-letter", on, **more)


def found(requirement, *records, on=ON, name=None, **more):
    report = asked([AWARD, *records], on, board(requirement), **more)
    return report.finding(name or requirement.id)


# Counts of trainings.


@pytest.mark.parametrize(("taken", "result", "short"), [(1, "short", 1), (2, "met", 0), (3, "met", 0)])
def test_so_many_trainings_are_asked_whatever_their_length(taken, result, short):
    some = [trained(f"e-{number}", "0.25", title=f"Course {number}") for number in range(taken)]
    one = found(trainings(2), *some)
    assert (one.result, one.short, one.counted, one.need, one.unit) == (result, short, taken, 2, "training")
    assert one.because == ()
    assert [(line.recorded, line.counted) for line in one.lines] == [(1, 1)] * taken


def test_a_training_of_another_kind_or_outside_the_days_is_left_out_with_its_reason():
    ethics = trainings(2, counts=TrainingFilter(topics={"ethics"}))
    one = found(
        ethics,
        trained("a", 1, {"ethics"}, day="2024-06-01"),
        trained("b", 1, {"ethics"}, day="2024-06-02"),
        trained("x", 1, {"crisis"}, day="2025-03-05"),
        trained("d", 1, {"ethics", "crisis"}, day="2025-06-01"),
    )
    assert [in_words(line.why_not) for line in one.lines] == [
        "before June 2, 2024, the first day on which training counts",
        None,
        "not of the kind that counts",
        None,
    ]
    assert (one.result, one.recorded, one.eligible, one.counted) == ("met", 4, 2, 2)


def test_a_training_of_unknown_kind_leaves_it_open_only_where_it_would_be_enough():
    """One of two is of unknown kind: with two of three it is open, and 'counts' or 'does not' closes it."""
    ethics = TrainingFilter(topics={"ethics"})
    some = trained("a", 1, {"ethics"}), trained("b", 1, None)
    assert found(trainings(1, counts=ethics), *some).result == "met"
    one = found(trainings(2, counts=ethics), *some)
    assert (one.result, one.short, one.counted, one.eligible) == ("undetermined", 0, 1, 2)
    assert in_words(one.lines[1].why_not) == "the records do not say whether it is of the kind that counts"
    three = found(trainings(3, counts=ethics), *some)
    assert (three.result, three.short) == ("short", 2)
    for reading, result in (("counts", "met"), ("does-not", "short")):
        closed = found(trainings(2, counts=ethics), *some, readings={"unrecorded-training": reading})
        assert closed.result == result


def test_a_course_taken_twice_counts_once_where_it_is_asked_once():
    some = [
        trained("a", 1, course="c-1", day="2025-03-01"),
        trained("b", 1, course="c-1", day="2025-03-02"),
        trained("x", 1, day="2025-03-03"),
        trained("d", 1, day="2025-03-04"),
    ]
    assert found(trainings(4), *some).result == "met"
    once = found(trainings(4, repeats="once"), *some)
    assert (once.result, once.counted) == ("short", 3)
    assert [line.why_not and line.why_not.kind for line in once.lines] == [None, "same-course", None, None]


def test_a_course_of_unknown_kind_takes_no_place_from_the_same_course_of_a_known_one():
    """The first time nobody recorded what it was on; the second time counts, and one is enough."""
    ethics = trainings(1, counts=TrainingFilter(topics={"ethics"}), repeats="once")
    some = trained("a", 1, None, course="c-1", day="2025-03-01"), trained("b", 1, {"ethics"}, course="c-1")
    assert found(ethics, *some).result == "met"


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        (("2024-06-02", "2025-06-01"), 1),
        (("2024-06-02", "2025-06-02"), 2),
        (("2024-07-01", "2025-06-02", "2026-05-31"), 2),
    ],
)
def test_trainings_that_are_to_be_spread_count_once_in_each_year(days, counted):
    """Training counts from June 2, 2024, so the years begin on June 2."""
    some = [trained(f"e-{number}", 1, day=day) for number, day in enumerate(days)]
    one = found(trainings(2, spread=12), *some, on="2026-05-31")
    assert (one.counted, one.result) == (counted, "met" if counted == 2 else "short")
    assert [in_words(line.why_not) for line in one.lines if not line.counted] == [
        "another training counts for the same months"
    ] * (len(days) - counted)


# Documents.


@pytest.mark.parametrize(
    ("day", "why_not"),
    [
        ("2024-05-31", "before June 1, 2024"),
        ("2024-06-01", None),
        ("2025-03-01", None),
        ("2025-03-02", "after March 1, 2025"),
    ],
)
def test_a_paper_counts_from_the_first_to_the_last_day_of_its_interval(day, why_not):
    within = Interval(
        begins=RelativeDate(of="award"), ends=RelativeDate(of="calendar", day=date(2025, 3, 1)), cites=("P",)
    )
    one = found(letters(within=within), letter("l", day))
    assert (in_words(one.lines[0].why_not), one.result) == (why_not, "short" if why_not else "met")


def test_a_paper_that_came_after_the_filing_or_was_meant_for_another_step_is_left_out():
    some = [
        filed("f", "2026-03-01"),
        letter("a", "2026-03-01"),
        letter("b", "2026-03-02"),
        letter("i", step="initial"),
        letter("d", step="renewal"),
    ]
    one = found(letters(need=3), *some, on="2026-03-20")
    assert {line.record: in_words(line.why_not) for line in one.lines} == {
        "i": "it was given for certification",
        "d": None,
        "a": None,
        "b": "after the filing",
    }
    assert (one.result, one.counted, one.short, one.because) == ("short", 2, 1, ())


YEAR = Quantity(amount=1, unit="year")


@pytest.mark.parametrize(
    ("value", "asked_for", "result"),
    [
        (Quantity(amount=12, unit="month"), YEAR, "met"),
        (Quantity(amount=11, unit="month"), YEAR, "short"),
        (Quantity(amount=1, unit="year"), Quantity(amount=12, unit="month"), "met"),
        (Quantity(amount=1, unit="year"), Quantity(amount=13, unit="month"), "undetermined"),
        (Quantity(amount=1, unit="year"), Quantity(amount=23, unit="month"), "undetermined"),
        (Quantity(amount=1, unit="year"), Quantity(amount=24, unit="month"), "short"),
        (Quantity(amount=1, unit="year"), YEAR, "met"),
        (Quantity(amount=2000, unit="hour"), YEAR, "undetermined"),
        (Quantity(amount=2, unit="year"), Quantity(amount=2, unit="hour"), "undetermined"),
        (date(2024, 6, 1), YEAR, "met"),
        (date(2024, 6, 2), YEAR, "short"),
        (date(2024, 12, 1), Quantity(amount=6, unit="month"), "met"),
        (date(2024, 12, 2), Quantity(amount=6, unit="month"), "short"),
        (date(2024, 6, 1), Quantity(amount=1, unit="hour"), "undetermined"),
        (date(2198, 1, 1), Quantity(amount=5, unit="year"), "short"),
        (None, YEAR, "undetermined"),
    ],
)
def test_a_paper_says_enough_in_months_years_or_since_a_day(value, asked_for, result):
    """
    On its own day: a year's acquaintance reaches from June 1, 2025 back to June 1, 2024; hours say nothing of it.

    A year that is complete may be anything from 12 to 23 months.
    """
    one = found(letters(at_least=asked_for), letter("l", ON, value=value))
    assert one.result == result
    words = {
        "met": None,
        "short": "it shows less than is required",
        "undetermined": f"it does not say how many {asked_for.unit}s",
    }
    assert in_words(one.lines[0].why_not) == words[result]


THIRTY = Quantity(amount=30, unit="year")


@pytest.mark.parametrize(
    ("value", "result", "why"),
    [
        (Quantity(amount=17, unit="year"), "short", "it shows less than is required"),
        (Quantity(amount=18, unit="year"), "met", None),
        (Quantity(amount=30, unit="year"), "met", None),
        (Quantity(amount=31, unit="year"), "short", "it shows more than is allowed"),
        (Quantity(amount=360, unit="month"), "met", None),
        (Quantity(amount=371, unit="month"), "met", None),
        (Quantity(amount=372, unit="month"), "short", "it shows more than is allowed"),
        (Quantity(amount=30, unit="hour"), "undetermined", "it does not say how many years"),
        (None, "undetermined", "it does not say how many years"),
    ],
)
def test_a_paper_may_state_too_much(value, result, why):
    """Of 18 to 30 years, both are within, until the 31st is complete; hours, or nothing, may mean anything."""
    one = found(letters(at_least=Quantity(amount=18, unit="year"), at_most=THIRTY), letter("l", ON, value=value))
    assert (one.result, in_words(one.lines[0].why_not)) == (result, why)
    assert one.counted == (result == "met")


@given(st.lists(st.one_of(st.none(), st.integers(1, 60)), max_size=4), st.integers(1, 3))
def test_papers_within_a_maximum_are_counted_one_by_one(ages, need):
    """
    Each paper of that day of at most 30 years counts, each of more does not, and one without a number may be either.

    With all papers on file the requirement is met by those that count, short where those without a number would not
    help, and open in between.
    """
    papers = [
        letter(f"l-{place}", ON, value=None if age is None else Quantity(amount=age, unit="year"))
        for place, age in enumerate(ages)
    ]
    report = asked([AWARD, *papers], ON, board(letters(need=need, at_most=THIRTY)))
    one = report.finding("letters")
    count, may = sum(age is not None and age <= 30 for age in ages), ages.count(None)
    expected = "met" if count >= need else "undetermined" if count + may >= need else "short"
    assert report.documents_outcome == expected
    assert (one.result, one.counted) == (expected, min(count, need))
    assert one.short == (need - min(count, need) if expected == "short" else 0)


def test_papers_of_unknown_writers_are_taken_to_be_neither_by_one_nor_by_two():
    """One of two counts, and whether the other one does is asked; where one writer is enough, nothing is."""
    papers = letter("a"), letter("b")
    report = asked([AWARD, *papers], ON, board(letters(need=2, from_different=True)))
    one = report.finding("letters")
    assert (one.result, one.counted, in_words(one.because)) == (
        "undetermined",
        1,
        "who wrote some of them is not on file",
    )
    assert [in_words(line.why_not) for line in one.lines] == [
        None,
        "its writer is not on file, and may be the same person",
    ]
    [question] = [listed for listed in report.questions if listed.question.id == "unknown-writers"]
    results = {other.reading.id: dict(other.answer)["documents"] for other in question.alternatives}
    assert results == {"different": "met", "same": "short"}
    for reading, result, counted, short in (("different", "met", 2, 0), ("same", "short", 1, 1)):
        known = found(letters(need=2, from_different=True), *papers, readings={"unknown-writers": reading})
        assert (known.result, known.counted, known.short) == (result, counted, short)
    report = asked([AWARD, *papers], ON, board(letters(need=1, from_different=True)))
    assert (report.finding("letters").result, report.questions) == ("met", ())


def test_of_several_writers_each_counts_once():
    by = [letter(f"l-{place}", by=name) for place, name in enumerate(["w-1", "w-2", "w-1"])]
    one = found(letters(need=3, from_different=True), *by)
    assert (one.result, one.counted, one.short) == ("short", 2, 1)


@pytest.mark.parametrize(("need", "result"), [(1, "undetermined"), (2, "undetermined"), (3, "short")])
def test_papers_that_do_not_say_enough_leave_open_what_all_of_them_could_meet(need, result):
    """Two letters of unknown length may be two of those that are asked, and no third; all documents are on file."""
    assert found(letters(need=need, at_least=YEAR), letter("a"), letter("b")).result == result


def test_what_is_missing_is_short_only_where_every_paper_is_on_file():
    """One of two letters is there; that all are on file is said until May 31 only, so on June 1 nobody knows."""
    ledger = Ledger()
    ledger.append([AWARD, COVERED[1], letter("a"), Coverage(id="cov", covers="document", last_day="2025-05-31")])
    two = board(letters(need=2))
    one = evaluate(ledger, "p", on="2025-05-31", ruleset=two).finding("letters")
    assert (one.result, one.because) == ("short", ())
    one = evaluate(ledger, "p", on="2025-06-01", ruleset=two).finding("letters")
    assert (one.result, one.short, in_words(one.because)) == (
        "undetermined",
        0,
        "the rest may exist and not be recorded yet",
    )
    other = Coverage(id="cov-f", covers="document", document_kind="fee", first_day="2025-06-01")
    ledger.append(other)
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=two).finding("letters").result == "undetermined"
    ledger.append(Coverage(id="cov-l", covers="document", document_kind="reference-letter", first_day="2025-06-01"))
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=two).finding("letters").result == "short"


# Duties with a period of their own.


def test_a_duty_is_met_by_training_of_its_own_period_before_the_due_date():
    """Due on May 31, 2026: the last three years reach back to June 1, 2023, although training counts from the award."""
    duty = hours(2, "duty", recurs=Recurrence(months=36, first="at-once", cites=("P",)))
    for day, result in (("2023-05-31", "short"), ("2023-06-01", "met")):
        assert found(duty, trained("e", 2, day=day)).result == result


@pytest.mark.parametrize(("day", "result"), [("2026-05-31", "met"), ("2026-06-01", "short")])
def test_a_duty_is_met_by_training_until_the_due_date_also_where_it_is_filed_late(day, result):
    """Due on May 31, 2026, and filed on June 10: other training counts until then, that of the duty does not."""
    duty = hours(2, "duty", recurs=Recurrence(months=36, first="at-once", cites=("P",)))
    ruleset = board(hours(2), duty, edition={"late_until": RelativeDate(of="due", days=90)})
    report = asked([AWARD, trained("e", 2, day=day), filed("f", "2026-06-10")], "2026-06-20", ruleset)
    assert (report.finding("training").result, report.finding("duty").result) == ("met", result)


@pytest.mark.parametrize(("months", "result"), [(12, "short"), (24, "short"), (25, "not yet due"), (36, "not yet due")])
def test_a_duty_is_asked_for_the_first_time_when_a_whole_period_is_over(months, result):
    """Awarded on June 1, 2024 and due on May 31, 2026, a whole period of 24 months and not of 25."""
    duty = hours(2, "duty", recurs=Recurrence(months=months, first="after-a-period", cites=("P",)))
    one = found(duty)
    assert (one.result, one.short) == (result, 2 if result == "short" else 0)
    if months == 36:
        assert in_words(one.because) == "first required for what is due on May 31, 2027 or later"
        assert one.additions == ()
        report = asked([AWARD], ON, board(duty))
        assert (report.outcome, report.finding("duty").subject) == ("met", "hours")
    assert found(duty, trained("e", 2, day="2025-06-01")).result == "met"


# What is not asked, and what can be met in several ways.


def test_what_the_board_waived_is_not_asked_and_says_by_which_ruling():
    one = found(letters(), ruled("letters", "waives", on="2025-02-01"))
    assert (one.result, in_words(one.because), one.unit) == (
        "not asked",
        "waived on February 1, 2025 (ruling r)",
        "document",
    )
    assert (one.need, one.subject) == (0, "documents")
    sometimes = hours(2, "sometimes", only_if=Condition(cycle_from=2))
    one = found(sometimes)
    assert (one.result, in_words(one.because), one.unit, one.subject) == ("not asked", None, "hour", "hours")


def any_of(*ways, **more):
    options = tuple(
        Option(id=f"way-{place}", says=f"Way {place}.", requirements=way) for place, way in enumerate(ways, start=1)
    )
    return AnyOf(id="any-of", says="One of these.", options=options, cites=("P",), **more)


def test_of_several_ways_the_first_that_is_met_is_shown_and_all_while_none_is():
    choice = any_of((hours(2, "short-course"),), (hours(4, "long-course"), letters()))
    report = asked([AWARD], ON, board(choice))
    one = report.finding("any-of")
    assert (one.result, one.short, one.counted, one.eligible, one.need) == ("short", 1, 0, 0, 1)
    assert in_words(one.because) == "none of the options is certainly met: “Way 1” or “Way 2”"
    assert [(each.requirement, each.part_of) for each in report.findings] == [
        ("any-of", None),
        ("short-course", "any-of"),
        ("long-course", "any-of"),
        ("letters", "any-of"),
    ]
    report = asked([AWARD, trained("e", 4), letter("l")], ON, board(choice))
    one = report.finding("any-of")
    assert (one.result, one.short, one.counted, one.eligible) == ("met", 0, 1, 2)
    assert in_words(one.because) == "met by this option: “Way 1”"
    assert [each.requirement for each in report.findings] == ["any-of", "short-course"]
    report = asked([AWARD, trained("e", 4)], ON, board(choice))
    assert report.outcome == "met"
    only_second = any_of((letters("first", need=2),), (letters("second"),))
    report = asked([AWARD, letter("l")], ON, board(only_second))
    assert [each.requirement for each in report.findings] == ["any-of", "second"]
    assert (report.finding("any-of").subject, report.documents_outcome) == ("documents", "met")


def test_a_way_of_which_one_part_is_short_is_not_met_and_one_that_is_open_leaves_it_open():
    choice = any_of((hours(2, "course"), letters(),), (letters("many", need=3),))  # fmt: skip
    assert found(choice, trained("e", 2)).result == "short"
    assert found(choice, trained("e", 2), letter("l")).result == "met"
    ledger = Ledger()
    ledger.append([AWARD, COVERED[1], trained("e", 2)])
    assert evaluate(ledger, "p", on=ON, ruleset=board(choice)).outcome == "undetermined"
    ledger = Ledger()
    ledger.append([AWARD, COVERED[1]])
    only_papers = any_of((hours(2, "course"), letters()), (hours(3, "longer"),))
    assert evaluate(ledger, "p", on=ON, ruleset=board(only_papers)).outcome == "short"


def test_a_choice_of_which_no_way_is_asked_is_not_asked():
    later = Condition(cycle_from=2)
    choice = any_of((letters("a", only_if=later),), (hours(2, "b", only_if=later),))
    one = found(choice)
    assert (one.result, one.subject, one.unit) == ("not asked", "hours", "option")
    documents = any_of((letters("a", only_if=later),), (letters("b", only_if=later),))
    assert found(documents).subject == "documents"
    half = any_of((letters("a", only_if=later),), (hours(2, "b"),))
    assert found(half).result == "short"
    renewed = act("r", "renewed", "2026-05-31")
    assert XX == renewed.credential
    assert found(choice, renewed, on="2027-01-01").result == "short"
