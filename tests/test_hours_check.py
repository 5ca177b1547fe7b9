"""Requirements of hours, reckoned by hand: what is carried, what is left out and why, and what hinges on what nobody states."""

import pytest

from boards import AWARD, act, asked, board, document, hours, ruled, trained
from peer_ledger import check_proof
from peer_ledger.records import Credit, Review
from peer_ledger.rules import (
    AnyOf,
    Cap,
    CarryOver,
    Interval,
    Option,
    Part,
    RelativeDate,
    SessionCount,
    TrainingFilter,
    Unstated,
)
from remarks import in_words

ON = "2025-06-01"
BOTH = {"ethics", "crisis"}
LETTER = Unstated(says="the hours that the letter asks")


def part(name, need, topics=None, **more):
    return Part(
        id=name, says=f"{need} of it.", need=need, counts=TrainingFilter(topics=topics or {name}), cites=("P",), **more
    )  # fmt: skip


def cap(name, at_most, topic):
    return Cap(id=name, says="At most.", at_most=at_most, counts=TrainingFilter(topics={topic}), cites=("P",))


def finding(requirement, *records, on=ON, name="training", **more):
    report = asked([AWARD, *records], on, board(requirement), **more)
    assert check_proof(report) == ()
    return report.finding(name)


def why(one):
    return {line.record: in_words(line.why_not) for line in one.lines}


CARRY = CarryOver(at_most=5, cites=("P",))


# What is carried.


def test_a_cycle_takes_what_it_was_left_before_its_own_and_no_more_than_may_be_carried():
    """
    8 hours a cycle: 16 in the first, 6 in the second, none in the third.

    The first leaves 8, of which 5 may be carried; the second needs 3 of its own beside them, and leaves 3.
    """
    records = [
        trained("e-1", 16),
        act("r-1", "renewed", "2026-05-31"),
        trained("e-2", 6, day="2026-08-01"),
        act("r-2", "renewed", "2028-05-31"),
    ]
    one = finding(hours(8, carry_over=CARRY), *records, on="2029-01-01")
    assert (one.counted, one.short) == (3, 5)
    words = "earned in the certification period before, which needed the rest; or over the carry-over limit"
    assert why(one)["e-2"] == words


def test_what_lies_in_a_cap_is_taken_first_and_not_carried():
    """8 hours, at most 3 on crisis: of 3 on crisis and 8 others the cycle takes all 3, and leaves 3 of the others."""
    capped = hours(8, caps=(cap("cap", 3, "crisis"),), carry_over=CARRY)
    records = [
        trained("e-1", 3, {"crisis"}),
        trained("e-2", 8, {"recovery"}),
        act("r-1", "renewed", "2026-05-31"),
    ]
    one = finding(capped, *records, on="2027-01-01")
    assert (one.counted, one.short) == (3, 5)


# Figures of parts that are more than those of the whole.


@pytest.mark.parametrize(("together", "need"), [("exclusive", 5), ("shared", 3)])
def test_what_the_parts_need_is_needed_although_the_board_asked_for_less_in_all(together, need):
    """The board set 1 hour for this person, and left the 3 of ethics and 2 on crisis as they are."""
    both = hours(8, parts=(part("ethics", 3), part("crisis", 2)), together=together)
    one = finding(both, ruled("training", "sets", figure=("1", "hour")))
    assert (one.need, one.counted, one.short) == (need, 0, need)


# Days of parts.


def year(name, need, first, last, **more):
    within = Interval(
        begins=RelativeDate(of="award", months=first, days=1), ends=RelativeDate(of="award", months=last), cites=("P",)
    )
    return Part(id=name, says=f"{need} of it.", need=need, within=within, cites=("P",), **more)


YEARLY = hours(20, parts=(year("first", 6, 0, 12), year("second", 6, 12, 24)), together="exclusive")


@pytest.mark.parametrize(
    ("days", "short", "in_years"),
    [
        ({"2024-06-02": 6, "2025-06-02": 14}, 0, (6, 14)),
        ({"2024-06-02": 14, "2025-06-01": 6}, 6, (20, 0)),
        ({"2025-06-01": 5, "2025-06-02": 20}, 1, (5, 20)),
        ({"2025-06-01": 5, "2025-06-02": 9}, 6, (5, 9)),
        ({"2025-06-01": 6, "2025-06-02": 6}, 8, (6, 6)),
    ],
)
def test_a_part_counts_on_days_of_its_own(days, short, in_years):
    """
    20 hours from June 2, 2024 on, of which 6 up to June 1, 2025 and 6 after it.

    What a year has beyond its 6 counts for the 20; what it lacks nothing of another year replaces.
    """
    some = [trained(f"e-{day}", amount, day=day) for day, amount in days.items()]
    report = asked([AWARD, *some], "2026-05-31", board(YEARLY))
    assert check_proof(report) == ()
    whole, first, second = report.findings
    assert (whole.short, whole.result) == (short, "short" if short else "met")
    assert (first.eligible, second.eligible) == in_years
    assert (first.short, second.short) == (max(0, 6 - in_years[0]), max(0, 6 - in_years[1]))


def test_what_lies_outside_the_days_of_a_part_is_said_there():
    one = finding(YEARLY, trained("e", 2, day="2025-06-02"), on="2026-05-31", name="first")
    assert why(one) == {"e": "after June 1, 2025, the last day on which training counts"}


def test_a_part_within_a_part_has_the_days_of_both():
    """3 hours of ethics in the first year: those of the second serve neither it nor its part."""
    ethics = part("ethics", 3)
    nested = hours(20, parts=(year("first", 6, 0, 12, parts=(ethics,)),))
    some = [trained("e-1", 17, {"crisis"}, day="2025-06-01"), trained("e-2", 3, {"ethics"}, day="2025-06-02")]
    assert finding(nested, *some, on="2026-05-31", name="ethics").short == 3
    assert finding(nested, *some, on="2026-05-31").short == 3


# Why something is left out.


def test_a_course_taken_once_is_never_called_the_same_course_again():
    """10 hours of one course where 8 are asked: two are not needed; taken twice, the second time is the same again."""
    once = hours(8, repeats="once")
    assert why(finding(once, trained("e", 10, course="c-1"))) == {"e": "not needed"}
    twice = finding(once, trained("d", 8, course="c-1", day="2025-03-01"), trained("e", 4, course="c-1"))
    assert why(twice) == {"d": None, "e": "the same course as on March 1, 2025"}


def test_what_a_cap_leaves_out_names_the_cap():
    one = finding(hours(8, caps=(cap("crisis-cap", 3, "crisis"),)), trained("e", 5, {"crisis"}))
    assert (one.counted, one.short, why(one)) == (3, 5, {"e": "more than the cap “crisis-cap” allows"})


def test_what_is_no_use_for_what_is_missing_says_so():
    """8 hours, 3 of them ethics: of 9 others, 5 count, and no more of them would help."""
    one = finding(hours(8, parts=(part("ethics", 3),)), trained("e", 9, {"recovery"}))
    assert (one.counted, one.short) == (5, 3)
    assert why(one) == {"e": "extra; the hours still missing must be of another kind"}
    ethics = finding(hours(8, parts=(part("ethics", 3),)), trained("e", 9, {"recovery"}), name="ethics")
    assert why(ethics) == {"e": "not of the kind that counts here"}
    assert (ethics.part_of, ethics.short, ethics.eligible, ethics.recorded) == ("training", 3, 0, 9)


def test_what_is_over_a_part_is_not_needed_there():
    one = finding(hours(8, parts=(part("ethics", 3),)), trained("e", 9, {"ethics"}), name="ethics")
    assert (one.result, one.eligible, one.need) == ("met", 9, 3)
    assert one.counted >= 3
    assert set(why(one).values()) <= {None, "not needed here"}
    assert [line.counted for line in one.lines] == [one.counted]


def test_what_was_granted_of_an_unknown_amount_leaves_nothing_out():
    """5 CEU were recorded, and nobody says what one is worth; 2 hours were granted."""
    claimed = trained("e", 1, credits=[Credit(amount=5, unit="ceu")])
    granted = Review(id="v", person="p", event="e", decision="granted", on="2025-04-01", credits=[Credit(amount=2)])
    one = finding(hours(8), claimed, granted)
    assert [(line.recorded, line.counted, in_words(line.why_not)) for line in one.lines] == [(2, 2, None)]


@pytest.mark.parametrize(("granted", "left_out"), [(3, [5]), (8, []), (9, [])])
def test_only_what_was_not_granted_is_left_out_in_review(granted, left_out):
    review = Review(
        id="v", person="p", event="e", decision="granted", on="2025-04-01", credits=[Credit(amount=granted)]
    )  # fmt: skip
    one = finding(hours(9), trained("e", 8), review)
    left = [line for line in one.lines if in_words(line.why_not) == "not granted in review"]
    assert ([line.recorded for line in left], [line.counted for line in left]) == (left_out, [0] * len(left_out))
    assert one.counted == granted


def test_of_what_has_no_hours_none_are_counted():
    one = finding(hours(8), trained("e", 8, credits=None), trained("f", 1, credits=[Credit(amount=1, unit="ceu")]))
    assert [(line.recorded, line.counted, in_words(line.why_not)) for line in one.lines[:2]] == [
        (None, 0, "its hours are not recorded"),
        (None, 0, "no source says what one ceu is worth"),
    ]
    assert (one.result, in_words(one.because)) == ("undetermined", "the hours of 2 trainings are not known")


# What nobody states.


def test_what_hinges_on_a_figure_and_on_the_records_names_no_threshold():
    """3 hours of ethics are asked within an unknown number: 2 are there, and 3 of which nobody knows the topic."""
    unstated = hours(LETTER, parts=(part("ethics", 3),))
    some = trained("e", 2, {"ethics"}), trained("f", 3)
    one = finding(unstated, *some)
    assert (one.result, in_words(one.because)) == ("undetermined", "no source states the hours that the letter asks")
    one = finding(hours(LETTER), *some)
    assert (
        in_words(one.because)
        == "no source states the hours that the letter asks; it is met if that is at most 5 hours, and short if it is more"
    )


def test_two_figures_that_nobody_states_are_both_named():
    other = Unstated(says="how many of them are ethics")
    ethics = Part(id="ethics", says="Ethics.", need=other, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    one = finding(hours(LETTER, parts=(ethics,)), trained("e", 8, {"ethics"}))
    assert (one.result, in_words(one.because)) == (
        "undetermined",
        "no source states the hours that the letter asks or how many of them are ethics",
    )


# What was repeated.


def test_repeats_of_many_courses_that_bring_too_little_are_short_and_not_open():
    """30 courses of an hour each were taken twice, the second time for no more: that is 30 of 31, whatever is chosen."""
    twice = [
        trained(f"e-{number}-{time}", 1, course=f"c-{number}", day=f"2025-03-{time:02}")
        for number in range(30)
        for time in (1, 2)
    ]
    one = finding(hours(31, repeats="once"), *twice)
    assert (one.result, one.short) == ("short", 1)


def test_a_repeat_in_one_piece_does_not_take_the_place_of_credits_that_fill_two_parts():
    """Parts of 2 and 3 hours and credits that cannot be split: 2 and 3 meet them, and 6 in one piece do not."""
    requirement = hours(
        5,
        parts=(part("ethics", 2, BOTH), part("crisis", 3, BOTH)),
        together="exclusive",
        repeats="once",
        divisible=False,
    )
    pieces = [Credit(amount=2, topics=BOTH), Credit(amount=3, topics=BOTH)]
    first = trained("e-1", 5, day="2024-07-01", course="c", credits=pieces)
    again = trained("e-2", 6, BOTH, day="2025-01-05", course="c")
    assert finding(requirement, first).result == "met"
    assert finding(requirement, again).result == "short"
    assert finding(requirement, first, again).result == "met"


def test_of_a_course_taken_twice_the_longer_time_counts_and_so_does_that_which_is_needed():
    """2 hours, then 5: with 3 others that makes 8. On ethics the first time only: 3 of ethics are not there."""
    some = trained("d", 2, course="c-1", day="2025-03-01"), trained("e", 5, course="c-1"), trained("f", 3)
    one = finding(hours(8, repeats="once"), *some)
    assert (one.result, why(one)["d"]) == ("met", "the same course as on March 4, 2025")
    some = (
        trained("d", 3, {"ethics"}, course="c-1", day="2025-03-01"),
        trained("e", 5, {"recovery"}, course="c-1"),
        trained("f", 5, {"recovery"}, day="2025-03-05"),
    )
    with_ethics = hours(8, parts=(part("ethics", 3),), repeats="once")
    one = finding(with_ethics, *some)
    assert (one.result, why(one)["e"]) == ("met", "the same course as on March 1, 2025")


@pytest.mark.parametrize(("day", "counted"), [("2026-09-01", 0), ("2026-06-01", 0)])
def test_a_course_that_counts_once_ever_does_not_count_in_a_later_cycle(day, counted):
    ever = hours(8, repeats="once-ever")
    records = [
        trained("d", 8, course="c-1"),
        act("r", "renewed", "2026-05-31"),
        trained("e", 8, course="c-1", day=day),
    ]
    one = finding(ever, *records, on="2027-01-01")
    assert (one.counted, one.short) == (counted, 8)
    assert why(one)["e"] == "this course was already counted on March 4, 2025, and counts only once"
    assert finding(ever, records[0], on=ON).result == "met"


# What every finding says.


def test_every_finding_says_the_rule_and_on_whose_authority():
    choice = AnyOf(
        id="any-of", says="One of these.",
        options=(
            Option(id="a", says="A.", requirements=(hours(1, "a-hours"),)),
            Option(id="b", says="B.", requirements=(hours(2, "b-hours"),)),
        ),
        cites=("P",),
    )  # fmt: skip
    count = SessionCount(id="courses", says="Two trainings.", need=2, cites=("P",))
    waived = hours(9, "waived")
    report = asked(
        [AWARD, document("l", "fee"), ruled("waived", "waives")],
        ON,
        board(hours(8, parts=(part("ethics", 3),)), count, choice, waived),
    )
    assert {one.requirement: one.says for one in report.findings} == {
        "training": "So many hours.",
        "ethics": "3 of it.",
        "courses": "Two trainings.",
        "any-of": "One of these.",
        "a-hours": "So many hours.",
        "b-hours": "So many hours.",
        "waived": "So many hours.",
    }
    assert {tuple(source.id for source in one.cites) for one in report.findings} == {("P",)}


def test_more_ways_to_choose_among_repeats_than_can_be_looked_at_leave_it_open():
    """
    40 courses were taken twice, once on ethics and once on crisis; 20 hours of each are asked.

    There are 2 to the 40th ways to choose.  The first times of all give no hour on crisis, and both times of all give
    40 of each: so it may be met, and is not called so.  41 of each are out of reach, whatever is chosen.
    """
    twice = [
        trained(f"e-{number}-{time}", 1, {topic}, course=f"c-{number}", day=f"2025-03-0{time}")
        for number in range(40)
        for time, topic in ((1, "ethics"), (2, "crisis"))
    ]
    for need, result in ((20, "undetermined"), (41, "short")):
        one = finding(
            hours(2 * need, parts=(part("ethics", need), part("crisis", need)), together="exclusive", repeats="once"),
            *twice,
        )
        assert one.result == result
        if result == "undetermined":
            assert in_words(one.because).endswith(
                "there are too many ways to place credits that cannot be split; not all were tried"
            )


def test_of_a_training_that_is_not_needed_no_hour_is_counted():
    one = finding(hours(8), trained("d", 8, day="2025-03-01"), trained("e", 4))
    assert sum(line.counted for line in one.lines) == 8
    none = finding(hours(8, parts=(part("ethics", 8),)), trained("d", 8, {"ethics"}), trained("e", 4, {"crisis"}))
    assert {line.record: line.counted for line in none.lines} == {"d": 8, "e": 0}


def test_of_two_trainings_of_which_one_is_enough_the_earlier_counts():
    """The earlier one is of a later day of its month, and has the later id."""
    one = finding(hours(8), trained("b", 8, day="2025-01-31"), trained("a", 8, day="2025-02-01"))
    assert {line.record: line.counted for line in one.lines} == {"b": 8, "a": 0}


def test_training_of_an_unknown_kind_says_why_it_was_not_counted():
    """Eight hours of ethics are needed; of two hours nobody wrote down the topic, and three are of another one."""
    asking = hours(8, counts=TrainingFilter(topics={"ethics"}))
    records = [trained("e-1", 2, None), trained("e-2", 3, {"ethics"}), trained("e-3", 3, {"recovery"})]
    why = {line.record: line.why_not and line.why_not.kind for line in finding(asking, *records).lines}
    assert why == {"e-1": "kind-not-recorded", "e-2": None, "e-3": "not-of-kind"}
