"""What is asked is found anew only for deciding dates between which something changes that the requirement names."""

from datetime import date

import test_evaluation as small
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
