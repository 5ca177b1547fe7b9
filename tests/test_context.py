"""What a requirement is asked of: the conditions of rules, held against designations, other certificates and cycles."""

from datetime import date

import pytest

from boards import AWARD, XX, act, asked, board, document, filed, hours, ruled, trained
from peer_ledger import Ledger, evaluate
from peer_ledger.records import Certification, Coverage, Credit, Designation, Quantity
from peer_ledger.rules import (
    AnyOf,
    Condition,
    Documents,
    GrowingAmount,
    Option,
    Question,
    Reading,
    ReadingIs,
    RelativeDate,
    SessionCount,
    Span,
    TrainingFilter,
)
from remarks import sentences

YY = "yy-board"
HELD = Question(
    id="held",
    asks="Is the other certificate held?",
    readings=(Reading(id="yes", says="Yes.", cites=("P",)), Reading(id="no", says="No.", cites=("P",))),
    assumed="no",
    weight="blocking",
    about="facts",
)


def result(records, on, ruleset, requirement="extra", **more):
    return asked(records, on, ruleset, **more).finding(requirement).result


def extra(**condition):
    """8 hours of everybody, and 1 more hour under a condition."""
    return board(hours(8), hours(1, "extra", only_if=Condition(**condition)))


def other(name, kind, on, expires=None, credential=YY):
    return Certification(id=name, person="p", credential=credential, act=kind, on=on, expires=expires)


# Another certificate.


@pytest.mark.parametrize(
    ("expires", "asked_for"),
    [("2025-06-01", True), ("2025-06-02", True), ("2025-05-31", False), (None, False)],
)
def test_of_a_certificate_whose_rules_nobody_has_the_printed_expiry_says_whether_it_is_held(expires, asked_for):
    """On June 1, 2025 one that is printed to hold until then is held; of an older one, or without a date, nobody knows."""
    there = other("o", "awarded", "2024-01-01", expires)
    assert (result([AWARD, there], "2025-06-01", extra(credential=YY)) != "not asked") is asked_for


def test_where_the_records_do_not_tell_whether_another_certificate_is_held_the_question_says():
    """Nothing is on file of it: that settles it only if all acts of that board are."""
    ruleset = board(
        hours(8),
        hours(1, "extra", only_if=Condition(credential=YY, if_unrecorded=ReadingIs(question="held", reading="yes"))),
        questions=(HELD,),
    )
    ledger = Ledger()
    ledger.append([AWARD, Coverage(id="cov-c", covers="certification", credential=XX)])
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset, readings={"held": "yes"})
    assert report.finding("extra").result == "short"
    ledger.append(Coverage(id="cov-y", covers="certification", credential=YY, last_day="2025-05-31"))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset, readings={"held": "yes"})
    assert report.finding("extra").result == "short"
    ledger.append(Coverage(id="cov-z", covers="certification", credential=YY, first_day="2025-06-01"))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset, readings={"held": "yes"})
    assert report.finding("extra").result == "not asked"


@pytest.mark.parametrize(
    ("acts", "on", "asked_for"),
    [
        ([("awarded", "2024-01-15")], "2025-06-01", True),
        ([("awarded", "2024-01-15"), ("revoked", "2025-05-01")], "2025-06-01", False),
        ([("awarded", "2022-01-15")], "2025-06-01", False),
    ],
)
def test_of_a_certificate_whose_rules_are_known_its_standing_says_whether_it_is_held(acts, on, asked_for):
    """North Carolina's holds for two years from the award, unless it was revoked; all acts of its board are on file."""
    there = [other(f"o-{place}", kind, day, credential="us-nc-cpss") for place, (kind, day) in enumerate(acts)]
    assert (result([AWARD, *there], on, extra(credential="us-nc-cpss")) != "not asked") is asked_for


def test_of_a_certificate_that_may_have_been_renewed_nobody_knows_whether_it_is_held():
    """Awarded in North Carolina in 2022 and due in 2024: without word that all acts are on file, the question says."""
    condition = Condition(credential="us-nc-cpss", if_unrecorded=ReadingIs(question="held", reading="yes"))
    ruleset = board(hours(8), hours(1, "extra", only_if=condition), questions=(HELD,))
    ledger = Ledger()
    ledger.append([AWARD, other("o", "awarded", "2022-01-15", credential="us-nc-cpss")])
    for reading, expected in (("yes", "short"), ("no", "not asked")):
        report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset, readings={"held": reading})
        assert report.finding("extra").result == expected


def test_both_a_designation_and_a_certificate_are_asked_for_where_a_condition_names_both():
    both = extra(holds="military", credential=YY)
    there = other("o", "awarded", "2024-01-01", "2026-01-01")
    held = Designation(id="d", person="p", name="military", awarded="2024-06-01")
    none = Coverage(id="cov-d", covers="designation")
    assert result([AWARD, there, held], "2025-06-01", both) == "short"
    assert result([AWARD, there, none], "2025-06-01", both) == "not asked"
    assert result([AWARD, held], "2025-06-01", both) == "not asked"


# Cycles and days.


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ({"cycle_from": 2}, [2, 3, 4, 5]),
        ({"cycle_to": 2}, [1, 2]),
        ({"cycle_from": 2, "cycle_to": 3}, [2, 3]),
        ({"cycle_every": 2}, [1, 3, 5]),
        ({"cycle_from": 2, "cycle_every": 3}, [2, 5]),
    ],
)
def test_a_condition_may_name_cycles(condition, numbers):
    """Awarded in 2024 and renewed every two years from 2026 on: the days fall into the cycles 1 to 5."""
    renewals = [act(f"r-{year}", "renewed", f"{year}-05-31") for year in (2026, 2028, 2030, 2032)]
    found = [
        number
        for number, year in enumerate((2025, 2027, 2029, 2031, 2033), start=1)
        if result([AWARD, *renewals], f"{year}-01-01", extra(**condition)) != "not asked"
    ]
    assert numbers == found


@pytest.mark.parametrize(
    ("day", "asked_for"), [("2026-03-31", False), ("2026-04-01", True), ("2026-05-01", True), ("2026-05-02", False)]
)
def test_a_condition_may_name_the_days_within_which_the_filing_lies(day, asked_for):
    span = Span(
        begins=RelativeDate(of="calendar", day=date(2026, 4, 1)), ends=RelativeDate(of="calendar", day=date(2026, 5, 1))
    )  # fmt: skip
    assert (result([AWARD, filed("f", day)], "2026-05-20", extra(filed=span)) != "not asked") is asked_for


@pytest.mark.parametrize(("day", "asked_for"), [(date(2024, 5, 31), False), (date(2024, 6, 1), True)])
def test_a_condition_may_name_the_days_within_which_the_certificate_was_awarded(day, asked_for):
    span = Span(ends=RelativeDate(of="calendar", day=day))
    assert (result([AWARD], "2025-06-01", extra(awarded=span)) != "not asked") is asked_for


@pytest.mark.parametrize(
    ("day", "asked_for"), [("2024-12-31", False), ("2025-01-01", True), ("2025-06-30", True), ("2025-07-01", False)]
)
def test_a_requirement_may_have_days_of_its_own_between_which_it_is_asked(day, asked_for):
    ruleset = board(hours(8), hours(1, "extra", first_day=date(2025, 1, 1), last_day=date(2025, 6, 30)))
    assert (result([AWARD], day, ruleset) != "not asked") is asked_for


# Figures.


@pytest.mark.parametrize(
    ("ruling", "short"),
    [
        (None, 5),
        (("fee", ("12", "us-dollar")), 0),
        (("fee", ("17", "us-dollar")), 2),
        (("fee", ("12", "hour")), 5),
        (("training", ("12", "us-dollar")), 5),
    ],
)
def test_a_ruling_sets_what_attestations_must_say_in_their_own_unit(ruling, short):
    """20 dollars are asked and 15 were paid; the board may ask less of this person, in dollars, and of this fee."""
    fee = Documents(
        id="fee", says="20 dollars.", document_kind="fee", at_least=Quantity(amount=20, unit="us-dollar"), adds_up=True,
        cites=("P",),
    )  # fmt: skip
    records = [AWARD, document("paid", "fee", value=Quantity(amount=15, unit="us-dollar"))]
    if ruling is not None:
        records.append(ruled(ruling[0], "sets", figure=ruling[1]))
    found = asked(records, "2025-06-01", board(hours(8), fee)).finding("fee")
    assert (found.short, found.result) == (short, "short" if short else "met")


@pytest.mark.parametrize(
    ("figure", "need", "said"),
    [
        (("3", "document"), 3, None),
        (("2", "year"), 1, None),
        (("3", "hour"), 1, "Ruling r is in hours, not in documents or years, and was ignored."),
    ],
)
def test_a_ruling_sets_how_many_attestations_are_asked_where_it_is_in_documents(figure, need, said):
    """One letter of a year's acquaintance is asked: the board may ask for three, or for two years, and not for 3 hours."""
    letter = Documents(
        id="letter", says="A letter.", document_kind="reference-letter", at_least=Quantity(amount=1, unit="year"), cites=("P",)
    )  # fmt: skip
    report = asked([AWARD, ruled("letter", "sets", figure=figure)], "2025-06-01", board(hours(8), letter))
    assert report.finding("letter").need == need
    assert [caveat for caveat in sentences(report.caveats) if "Ruling" in caveat] == [said] * (said is not None)


@pytest.mark.parametrize(
    ("unit", "need", "said"),
    [("training", 3, None), ("hour", 1, "Ruling r is in hours, not in trainings, and was ignored.")],
)
def test_a_ruling_sets_how_many_trainings_are_asked_where_it_is_in_trainings(unit, need, said):
    course = SessionCount(id="course", says="A course.", cites=("P",))
    ways = (
        Option(id="o-1", says="It.", requirements=(course,)),
        Option(id="o-2", says="Hours.", requirements=(hours(40, "h"),)),
    )
    any_of = AnyOf(id="any-of", says="A course.", options=ways, cites=("P",))
    for one in (course, any_of):
        report = asked([AWARD, ruled("course", "sets", figure=("3", unit))], "2025-06-01", board(hours(8), one))
        assert [caveat for caveat in sentences(report.caveats) if "Ruling" in caveat] == [said] * (said is not None)
    report = asked([AWARD, ruled("course", "sets", figure=("3", unit))], "2025-06-01", board(hours(8), course))
    assert report.finding("course").need == need


def test_hours_that_the_board_set_in_a_unit_of_unknown_worth_are_an_unknown_number():
    report = asked([AWARD, ruled("training", "sets", figure=("3", "point")), trained("e", 20)], "2025-06-01", board())
    assert (report.outcome, report.finding("training").need) == ("undetermined", None)


@pytest.mark.parametrize(
    ("count", "day", "need"),
    [
        ("complete", "2025-05-31", 2),
        ("complete", "2025-06-01", 5),
        ("complete", "2026-05-31", 5),
        ("begun", "2024-06-01", 2),
        ("begun", "2025-06-01", 5),
        ("begun", "2025-06-02", 8),
        ("begun", "2026-05-31", 8),
    ],
)
def test_a_figure_grows_on_the_day_on_which_a_year_is_complete_or_the_day_after_it_begins(count, day, need):
    """2 hours, and 3 for each year from June 1, 2024 to the filing: the first is complete on June 1, 2025."""
    figure = GrowingAmount(
        base=2, each=3, months=12, since=RelativeDate(of="award"), until=RelativeDate(of="filing"), count=count
    )
    report = asked([AWARD], day, board(hours(figure)))
    assert report.finding("training").need == need


def test_a_figure_grows_no_further_than_it_says():
    figure = GrowingAmount(
        base=2, each=3, months=6, since=RelativeDate(of="award"), until=RelativeDate(of="filing"), count="complete", most=9
    )  # fmt: skip
    needs = [asked([AWARD], day, board(hours(figure))).finding("training").need for day in ("2025-06-01", "2026-05-31")]
    assert needs == [2 + 2 * 3, 9]


# What training is.


def test_only_what_is_on_the_topic_makes_a_training_long_enough():
    """In one training 2.75 hours of ethics and 8 of something else: 3 hours on ethics it has not."""
    ethics = hours(2, "ethics", counts=TrainingFilter(topics={"ethics"}, shortest=3))
    both = [Credit(amount="2.75", topics={"ethics"}), Credit(amount=8, topics={"crisis"})]
    found = asked([AWARD, trained("e", 1, credits=both)], "2025-06-01", board(ethics)).finding("ethics")
    assert (found.result, found.counted, found.short) == ("short", 0, 2)


@pytest.mark.parametrize(
    ("day", "counted"), [("2024-12-31", 0), ("2025-01-01", 1), ("2025-03-31", 1), ("2025-04-01", 0)]
)
def test_training_may_count_between_two_days_of_the_calendar(day, counted):
    between = TrainingFilter(completed_from=date(2025, 1, 1), completed_to=date(2025, 3, 31))
    found = asked([AWARD, trained("e", 1, day=day)], "2025-06-01", board(hours(1, counts=between))).finding("training")
    assert (found.counted, found.result) == (counted, "met" if counted else "short")
