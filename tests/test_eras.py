"""What is asked is found anew only for deciding dates between which something changes that the requirement names."""

from datetime import date
from itertools import pairwise

import test_evaluation as small
from peer_ledger import evaluate_all
from peer_ledger.evaluation._known import known
from peer_ledger.rules import ReadingIs, TrainingFilter

BEFORE, BETWEEN, AFTER = date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1)


def programs_of(*questions, need=8, counts=None):
    rules = small.rules(small.hours(need, counts=counts), questions=questions)
    [programs] = [found for (edition, _), found in known(rules).programs.items() if edition == "renewal-1"]
    return programs


def eras(programs):
    """Return how many different eras three days are in, of which a question arises on the one between alone."""
    return len({programs.era(day, is_late=False) for day in (BEFORE, BETWEEN, AFTER)})


DATED = {"first_day": "2025-01-01", "last_day": "2025-06-30"}


def test_a_question_that_the_requirement_does_not_name_changes_nothing():
    assert 1 == eras(programs_of(small.question("other", **DATED)))


def test_a_question_about_its_figure_does():
    need = small.by("figure", yes=8, no=9)
    assert 3 == eras(programs_of(small.question("figure", **DATED), need=need))


def test_a_question_deep_in_what_counts_does():
    either = small.by("deep", yes={"ethics"}, no={"crisis"})
    counts = TrainingFilter(any_of=(TrainingFilter(topics={"recovery"}), TrainingFilter(not_topics=either)))
    assert 3 == eras(programs_of(small.question("deep", **DATED), counts=counts))


def test_a_question_under_which_one_that_is_named_arises_does():
    below = small.question("figure", under=ReadingIs(question="above", reading="yes"))
    need = small.by("figure", yes=8, no=9)
    assert 3 == eras(programs_of(small.question("above", **DATED), below, need=need))


def test_each_of_two_questions_that_it_names_does():
    """One of the figure, which arises under one more, and one of what counts, in two different years."""
    figure, deep = small.by("figure", yes=8, no=9), small.by("deep", yes={"ethics"}, no={"crisis"})
    asked = [
        small.question("above", **DATED),
        small.question("figure", under=ReadingIs(question="above", reading="yes")),
        small.question("deep", first_day="2026-01-01", last_day="2026-06-30"),
    ]
    for questions in (asked, asked[::-1]):
        programs = programs_of(*questions, need=figure, counts=TrainingFilter(not_topics=deep))
        days = BEFORE, BETWEEN, AFTER, date(2026, 1, 1), date(2026, 7, 1)
        assert 5 == len({programs.era(day, is_late=False) for day in days})


def test_it_changes_on_the_first_day_and_on_the_day_after_the_last():
    programs = programs_of(small.question("figure", **DATED), need=small.by("figure", yes=8, no=9))
    days = ["2024-12-31", "2025-01-01", "2025-01-02", "2025-06-29", "2025-06-30", "2025-07-01"]
    found = [programs.era(date.fromisoformat(day), is_late=False) for day in days]
    assert [False, True, True, True, False] == [one == other for one, other in pairwise(found)]


def test_what_is_asked_between_two_days_is_asked_on_both_of_them_and_on_no_other():
    """Of 20 hours, which are asked in May and June, ten are missing; of 8 none is."""
    rules = small.rules(small.hours(8), small.hours(20, "more", first_day="2025-05-01", last_day="2025-06-30"))
    ledger = small.ledger_of(small.event("e", (10, {"ethics"})))
    short = {
        day: [report.hours_short for report in evaluate_all(ledger, on=day, ruleset=rules)]
        for day in ("2025-04-30", "2025-05-01", "2025-06-30", "2025-07-01")
    }
    assert short == {"2025-04-30": [0], "2025-05-01": [10], "2025-06-30": [10], "2025-07-01": [0]}
