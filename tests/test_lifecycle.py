"""Where a certificate is in its life: on the very days on which rules change, and where little is on record."""

from datetime import date

import attrs
import pytest

from boards import AWARD, COVERED, XX, act, asked, board, document, filed, hours, ruled, trained
from peer_ledger import Ledger, evaluate, evaluate_all, standing_history
from peer_ledger.records import Certification, MonthDay, Quantity
from peer_ledger.rules import (
    Birthday,
    ByQuestion,
    Chosen,
    Cohort,
    Cohorts,
    Edition,
    EffectiveFrom,
    FixedDate,
    Interval,
    Procedure,
    Question,
    Reading,
    RelativeDate,
)
from remarks import sentences


def test_a_renewal_on_the_due_date_itself_is_not_late():
    """Due on May 31, 2026 and renewed on that day: only a board that counts anew from early renewals counts anew."""
    late = board(after_late="renewal")
    early = board(after_early="renewal")
    on_the_day = [AWARD, act("r", "renewed", "2026-05-31")]
    assert asked(on_the_day, "2026-07-01", late).dates.due.day == date(2028, 5, 31)
    assert asked(on_the_day, "2026-07-01", early).dates.due.day == date(2028, 5, 30)
    ten_days_late = [AWARD, act("r", "renewed", "2026-06-10")]
    assert asked(ten_days_late, "2026-07-01", late).dates.due.day == date(2028, 6, 9)
    assert asked(ten_days_late, "2026-07-01", early).dates.due.day == date(2028, 5, 31)


def test_a_filing_that_came_too_late_is_what_a_renewal_closed_all_the_same():
    """Filed twenty days after the last day and renewed: what was learned after the filing came too late for it."""
    records = [
        AWARD,
        filed("f", "2026-06-20"),
        trained("e", 8, day="2026-07-01"),
        act("r", "renewed", "2026-07-15"),
    ]
    closed = asked(records, "2026-08-01", board(), cycle=1)
    assert (closed.hours_outcome, closed.finding("training").short) == ("short", 8)


def test_a_ruling_made_before_the_grant_moves_the_date_that_it_names():
    """On May 1, 2024, before the award, the board moves the date that falls on May 31, 2026, and no other."""
    for first, last, due in (
        (date(2026, 5, 31), date(2026, 5, 31), date(2026, 8, 31)),
        (date(2026, 6, 1), date(2026, 6, 30), date(2026, 5, 31)),
        (date(2026, 5, 1), date(2026, 5, 30), date(2026, 5, 31)),
    ):
        moved = ruled("due", "moves", on="2024-05-01", day=date(2026, 8, 31), first_day=first, last_day=last)
        assert asked([AWARD, moved], "2026-01-01", board()).dates.due.day == due


def test_a_renewal_of_somebody_whose_birthday_nobody_knows_leaves_the_due_date_open():
    """The award prints its expiry; the renewal does not, and when the next birthday is, nobody knows."""
    some = [act("c", "awarded", "2024-06-01", expires="2025-05-04"), act("r", "renewed", "2025-04-20")]
    report = asked(some, "2025-06-01", board(cycle=Birthday()))
    assert (report.standing, report.in_force) == ("undetermined", "undetermined")
    assert asked(some[:1], "2025-05-04", board(cycle=Birthday())).standing == "current"


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [
        ("12", "month", date(2025, 5, 31)),
        ("2", "year", date(2026, 5, 31)),
        ("1", "year", date(2025, 5, 31)),
        ("18", "month", None),
        ("1.5", "year", None),
        ("24", "hour", None),
    ],
)
def test_a_length_that_cannot_be_chosen_or_is_none_leaves_the_due_date_open(amount, unit, due):
    """One year or two may be chosen, in months or years; 18 months, or 24 hours, are nothing of the kind."""
    rule = Chosen(document_kind="term", months=(12, 24))
    chosen = document("a", "term", "2024-05-01", Quantity(amount=amount, unit=unit))
    report = asked([chosen, AWARD], "2025-01-01", board(cycle=rule))
    if due is None:
        assert report.standing == "undetermined"
        assert report.dates.due is None
    else:
        assert (report.standing, report.dates.due.day) == ("current", due)


def test_a_birthday_board_may_end_cycles_with_the_birthday():
    """Born on May 4: the first cycle ends with May 4, 2025, or the day before it, as the board has it."""
    born = document("b", "birthday", "2024-05-01", MonthDay(5, 4))
    for begins, due in (("same-day", date(2025, 5, 3)), ("next-day", date(2025, 5, 4))):
        report = asked([born, AWARD], "2025-01-01", board(cycle=Birthday(begins=begins)))
        assert report.dates.due.day == due


@pytest.mark.parametrize(("day", "due"), [("2026-05-31", date(2026, 5, 31)), ("2026-06-01", date(2028, 5, 31))])
def test_a_suspension_is_lifted_until_the_due_date_and_after_it_a_reinstatement_begins_another_cycle(day, due):
    some = [AWARD, act("s", "suspended", "2026-01-10"), act("r", "reinstated", day)]
    assert asked(some, "2026-06-01", board()).dates.due.day == due


def returning(after, **edition):
    """A board with hours in a reinstatement, those earned since the certificate was made inactive or had lapsed."""
    counted = Interval(begins=RelativeDate(of="lapse"), cites=("P",))
    back = Edition(id="back-1", says="Back.", earning=counted, requirements=(hours(8),), **edition)
    reinstatement = Procedure(step="reinstatement", after=after, editions=(back,))
    return board(procedures=(*board().procedures, reinstatement))


INACTIVE = act("i", "made-inactive", "2025-01-10")


@pytest.mark.parametrize(
    ("after", "inactive", "lapsed"),
    [
        (None, None, "short"),
        (("lapse",), None, "short"),
        (("inactive",), "reinstatement", "not applicable"),
        (("lapse", "inactive"), "reinstatement", "short"),
    ],
)
def test_what_a_reinstatement_follows_is_the_boards(after, inactive, lapsed):
    """Made inactive on January 10, 2025, or due on May 31, 2026 and not renewed."""
    kept = asked([AWARD, INACTIVE], "2025-02-01", returning(after))
    assert (kept.standing, kept.status, kept.in_force, kept.step) == ("inactive", "inactive", "no", inactive)
    over = asked([AWARD], "2026-08-01", returning(after))
    assert (over.standing, over.outcome) == ("lapsed", lapsed)


@pytest.mark.parametrize(("day", "result"), [("2025-01-09", "short"), ("2025-01-10", "met")])
def test_hours_of_a_return_may_be_counted_from_inactive_status(day, result):
    """Eight hours on the day before and on the day on which the certificate was made inactive."""
    report = asked([AWARD, INACTIVE, trained("e", 8, day=day)], "2025-02-01", returning(("inactive",)))
    assert (report.outcome, report.dates.due, report.dates.expiry.day) == (result, None, date(2026, 5, 31))


@pytest.mark.parametrize(
    ("on", "step"), [("2026-09-10", "reinstatement"), ("2026-09-11", "initial"), ("2027-09-10", "initial")]
)
def test_a_return_ends_as_many_months_after_the_last_inactive_status_as_the_board_says(on, step):
    """Inactive in January 2025, reinstated, and inactive again from March 10, 2026: until six months after that."""
    until = {"late_until": RelativeDate(of="inactive", months=6)}
    again = [act("r", "reinstated", "2025-02-10"), act("j", "made-inactive", "2026-03-10")]
    report = asked([AWARD, INACTIVE, *again], on, returning(("inactive",), **until))
    assert (report.standing, report.step) == ("inactive", step)


def test_people_made_inactive_on_different_days_are_told_apart_in_a_roster():
    """Two people whose certificates are due on one day: the return of the one has ended, that of the other has not."""
    until = {"late_until": RelativeDate(of="inactive", months=6)}
    ledger = Ledger()
    ledger.append(COVERED)
    for person, day in (("p", "2025-01-10"), ("q", "2025-03-10")):
        inactive = act(f"i-{person}", "made-inactive", day)
        ledger.append([attrs.evolve(one, id=f"{one.id}-{person}", person=person) for one in (AWARD, inactive)])
    rows = evaluate_all(ledger, on="2025-08-01", ruleset=returning(("inactive",), **until))
    assert [(row.person, row.step) for row in rows] == [("p", "initial"), ("q", "reinstatement")]


def test_how_long_a_late_certificate_holds_may_hang_on_the_filing():
    """Due on May 31, 2026, late until August 29; filed on June 10, it holds for 30 days more, until July 10."""
    late = {"late_until": RelativeDate(of="due", days=90), "in_force_until": RelativeDate(of="filing", days=30)}
    records = [AWARD, filed("f", "2026-06-10")]
    for on, expected in (("2026-07-10", "yes"), ("2026-07-11", "no")):
        report = asked(records, on, board(edition=late))
        assert (report.standing, report.in_force) == ("late", expected)


def test_what_is_printed_may_be_the_day_after_the_last_one():
    """June 1, 2026 is printed: the last day is the one before, unless the board prints the last day itself."""
    printed = act("c", "awarded", "2024-06-01", expires="2026-06-01")
    for meaning, due in (("day-after", date(2026, 5, 31)), ("last-day", date(2026, 6, 1))):
        assert asked([printed], "2026-01-01", board(printed=meaning)).dates.due.day == due


def test_a_renewal_of_the_cycle_that_was_due_does_not_follow_one_that_is_missing():
    report = asked([AWARD, act("r", "renewed", "2026-05-20")], "2026-07-01", board())
    assert not any("seems not to be on file" in caveat for caveat in sentences(report.caveats))


@pytest.mark.parametrize(("awarded", "due"), [("2026-05-29", date(2026, 5, 29)), ("2026-05-30", date(2027, 5, 31))])
def test_a_certificate_of_a_weekend_after_a_deadline_that_was_moved_before_it_is_due_a_year_later(awarded, due):
    """May 31, 2026 is a Sunday, so what was due is due on Friday the 29th; May 31, 2027 is a Monday."""
    rule = FixedDate(begins=MonthDay(6, 1), working_day=True)
    assert asked([act("c", "awarded", awarded)], awarded, board(cycle=rule)).dates.due.day == due


UNENDING = board(
    unending=True,
    edition={
        "earning": Interval(begins=RelativeDate(of="cycle-start"), ends=RelativeDate(of="due"), cites=("P",)),
    },
)


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        ("2026-05-31", date(2024, 6, 1), date(2026, 5, 31)),
        ("2026-06-01", date(2026, 6, 1), date(2028, 5, 31)),
        ("2031-01-01", date(2030, 6, 1), date(2032, 5, 31)),
    ],
)
def test_a_certificate_without_an_end_goes_on_without_an_act_of_the_board(on, first, last):
    """Two years from June 1, 2024, and then two more; the 8 hours of 2025 count in the first ones alone."""
    report = asked([AWARD, trained("t", "8")], on, UNENDING)
    assert (report.standing, report.in_force, report.questions) == ("current", "yes", ())
    assert (report.dates.earning_begins.day, report.dates.due.day) == (first, last)
    assert report.outcome == ("met" if last.year == 2026 else "short")


def test_what_the_board_ends_has_an_end():
    """Revoked on May 1, 2027; a renewal that is recorded in between changes no date."""
    acts = [AWARD, act("r", "renewed", "2026-05-20"), act("x", "revoked", "2027-05-01")]
    assert asked(acts[:2], "2026-07-01", UNENDING).dates.due.day == date(2028, 5, 31)
    assert asked(acts, "2030-07-01", UNENDING).standing == "revoked"


@pytest.mark.parametrize(
    ("made", "moved_to", "on", "begins", "due"),
    [
        # Made in the first cycle, it moves May 31, 2026; the second cycle begins after that day and ends as ever.
        ("2025-01-01", date(2026, 8, 31), "2026-07-01", date(2024, 6, 1), date(2026, 8, 31)),
        ("2025-01-01", date(2026, 8, 31), "2026-10-01", date(2026, 9, 1), date(2028, 5, 31)),
        # Made in the second cycle, it leaves the first one alone and moves May 31, 2028.
        ("2027-01-01", date(2028, 8, 31), "2028-07-01", date(2026, 6, 1), date(2028, 8, 31)),
        # A day before the cycle in which it was made is not the end of that cycle.
        ("2027-01-01", date(2026, 5, 30), "2027-06-01", date(2026, 6, 1), date(2028, 5, 31)),
    ],
)
def test_a_ruling_moves_the_due_date_of_the_cycle_in_which_it_was_made(made, moved_to, on, begins, due):
    report = asked([AWARD, ruled("due", "moves", on=made, day=moved_to)], on, UNENDING)
    assert (report.dates.earning_begins.day, report.dates.due.day) == (begins, due)


def test_a_certificate_without_an_end_has_one_period():
    """From the award to the day that is asked about, though cycles begin in between."""
    ledger = Ledger()
    ledger.append([AWARD])
    periods = standing_history(ledger, "p", ruleset=UNENDING, until="2031-01-01")
    assert [(period.standing, period.begins, period.ends) for period in periods] == [
        ("current", date(2024, 6, 1), date(2031, 1, 1))
    ]


def test_after_the_last_day_of_filing_the_edition_of_that_day_is_asked_about():
    """Whether it was renewed by May 31, 2026 nobody knows; what begins in July is nothing to that renewal."""
    plain = board()
    first = plain.procedures[0].editions[0]
    later = Edition(
        id="renewal-2", says="9.", requirements=(hours(9),), begins=EffectiveFrom(day=date(2026, 7, 1), cites=("P",))
    )
    ruleset = board(procedures=(Procedure(step="renewal", editions=(first, later)),))
    ledger = Ledger()
    ledger.append([AWARD])
    report = evaluate(ledger, "p", on="2026-10-01", ruleset=ruleset)
    assert (report.standing, report.provenance.edition) == ("undetermined", "renewal-1")


def test_a_ruling_moves_the_first_day_of_filing():
    """It opens 60 days before May 31, 2026, on April 1; for this person on March 1."""
    opens = {"opens": RelativeDate(of="due", days=-60)}
    assert asked([AWARD], "2026-01-01", board(edition=opens)).dates.opens.day == date(2026, 4, 1)
    moved = ruled("opens", "moves", day=date(2026, 3, 1))
    assert asked([AWARD, moved], "2026-01-01", board(edition=opens)).dates.opens.day == date(2026, 3, 1)


def test_a_ruling_made_after_a_renewal_leaves_the_cycle_alone_that_it_closed():
    """Renewed in May 2026; in 2027 the board moves the due date of 2028: the cycle began on June 1, 2026 all the same."""
    since_start = {"earning": Interval(begins=RelativeDate(of="cycle-start"), cites=("P",))}
    moved = ruled("due", "moves", on="2027-01-01", day=date(2028, 8, 31))
    report = asked([AWARD, act("r-1", "renewed", "2026-05-20"), moved], "2027-06-01", board(edition=since_start))
    assert report.dates.earning_begins.day == date(2026, 6, 1)
    assert report.dates.due.day == date(2028, 8, 31)


@pytest.mark.parametrize(("refused", "pending"), [("2026-05-09", True), ("2026-05-10", False), ("2026-05-20", False)])
def test_a_refusal_that_names_no_filing_decides_what_was_filed_until_then(refused, pending):
    records = [AWARD, filed("f", "2026-05-10"), act("x", "refused", refused)]
    assert (asked(records, "2026-05-25", board()).pending_since is not None) is pending


def test_after_a_refusal_another_filing_is_pending():
    """One refused without naming it, one refused by name, and a third that nobody has decided."""
    records = [
        AWARD,
        filed("f-1", "2026-03-01"),
        act("x-1", "refused", "2026-03-10"),
        filed("f-2", "2026-04-01"),
        act("x-2", "refused", "2026-03-31", filing="f-2"),
        filed("f-3", "2026-05-10"),
    ]
    assert asked(records, "2026-05-25", board()).pending_since == date(2026, 5, 10)


def test_a_ruling_moves_no_date_that_the_rules_do_not_have():
    """Filing may begin on any day; a ruling about its first day has nothing to move."""
    moved = ruled("opens", "moves", day=date(2026, 3, 1))
    assert asked([AWARD, moved], "2026-01-01", board()).dates.opens is None


@pytest.mark.parametrize(("filed_when", "pending"), [("sent", date(2026, 5, 30)), ("received", None)])
def test_a_filing_is_in_time_when_it_is_sent_or_when_it_is_received_as_the_board_has_it(filed_when, pending):
    """Due on May 31, 2026, sent on the 30th and received on June 2."""
    edition = board().procedures[0].editions
    ruleset = board(procedures=(Procedure(step="renewal", filed_when=filed_when, editions=edition),))
    report = asked([AWARD, filed("f", "2026-05-30", received="2026-06-02")], "2026-06-10", ruleset)
    assert (report.pending_since, report.standing) == (pending, "pending" if pending else "lapsed")


@pytest.mark.parametrize(("filed_when", "is_pending"), [("sent", False), ("received", True)])
def test_a_refusal_decides_what_was_filed_until_then_as_the_board_counts_filings(filed_when, is_pending):
    """Sent on May 10, refused without a name on the 15th, received on the 20th."""
    edition = board().procedures[0].editions
    ruleset = board(procedures=(Procedure(step="renewal", filed_when=filed_when, editions=edition),))
    records = [AWARD, filed("f", "2026-05-10", received="2026-05-20"), act("x", "refused", "2026-05-15")]
    assert (asked(records, "2026-05-25", ruleset).pending_since is not None) is is_pending


# What is next, where nobody knows where the certificate stands.

FIRST = board(
    procedures=(Procedure(step="initial", editions=(Edition(id="initial-1", says="8.", requirements=(hours(8),)),)),)
)


def test_training_of_somebody_of_whom_no_certificate_is_on_file_is_not_short():
    """Nobody said that all certificates are on file: what is next may be a renewal, so nothing is said to be missing."""
    ledger = Ledger()
    ledger.append([trained("e", 3)])
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=FIRST)
    assert (report.standing, report.step) == ("undetermined", "initial")
    assert (report.outcome, report.hours_outcome) == ("undetermined", "undetermined")
    assert report.finding("training").short == 5
    assert "For certification, if that is what is next:" in str(report)
    ledger.append([COVERED[1]])
    covered = evaluate(ledger, "p", on="2025-06-01", ruleset=FIRST)
    assert (covered.standing, covered.outcome, covered.hours_outcome) == ("not certified", "short", "short")
    assert "For certification:" in str(covered)


def test_a_renewal_that_may_have_been_granted_is_not_said_to_be_short():
    """The due date is over, nothing is on file since, and nobody said that all acts are: it may have been renewed."""
    ledger = Ledger()
    ledger.append([AWARD, trained("e", 3)])
    report = evaluate(ledger, "p", on="2027-06-01", ruleset=board(hours(8)))
    assert (report.standing, report.outcome, report.hours_outcome) == ("undetermined",) * 3


@pytest.mark.parametrize(
    ("expires", "said"), [("2026-06-18", True), ("2027-05-24", True), ("2027-05-25", False), ("2028-05-31", False)]
)
def test_an_expiry_that_comes_soon_after_a_renewal_is_told(expires, said):
    """Renewed on May 31, 2026 for 24 months; one less than 360 days later, half a cycle, may be that of the old certificate."""
    renewal = Certification(id="r", person="p", credential=XX, act="renewed", on="2026-05-31", expires=expires)
    report = asked([AWARD, renewal], "2026-06-01", board(hours(8)))
    assert (
        any("days after it; if it belongs to the certificate before, it" in one for one in sentences(report.caveats))
        == said
    )


def test_an_expiry_that_comes_soon_after_an_award_is_not_told():
    award = Certification(id="c", person="p", credential=XX, act="awarded", on="2024-06-01", expires="2024-12-31")
    assert not any(
        "certificate before" in one for one in sentences(asked([award], "2024-06-02", board(hours(8))).caveats)
    )


# Days on which a life changes, and days that two cycles share.


def test_a_life_begins_on_the_earliest_day_by_any_reading():
    """
    Only an expiry of January 15, 2025 is printed, and nobody says whether it is the last day or the day after it.

    Reckoned back, the certificate begins on January 16, 2023 or on the day before: on that day it is not decided.
    """
    question = Question(
        id="printed", asks="Is what is printed the last day?",
        readings=(Reading(id="last", says="Yes.", cites=("P",)), Reading(id="after", says="No.", cites=("P",))),
        assumed="last", weight="blocking",
    )  # fmt: skip
    printed = ByQuestion(by="printed", values=(("last", "last-day"), ("after", "day-after")))
    ruleset = board(hours(8), questions=(question,), printed=printed)
    ledger = Ledger()
    ledger.append([COVERED[1], Certification(id="c", person="p", credential=XX, act="awarded", expires="2025-01-15")])
    periods = standing_history(ledger, "p", until="2024-01-01", ruleset=ruleset)
    assert [(one.begins, one.standing) for one in periods] == [
        (date(2023, 1, 15), "undetermined"),
        (date(2023, 1, 16), "current"),
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-05-31", False), ("2026-06-01", True), ("2026-06-10", True), ("2026-06-11", False)],
)
def test_training_that_lies_in_two_cycles_is_told(day, said):
    """
    Training counts from the first day of the cycle to the filing, and it was filed ten days late, on June 10, 2026.

    What was learned from 1 to June 10 counted for the cycle before, and counts for this one: nothing says it may not.
    """
    earning = {
        "earning": Interval(begins=RelativeDate(of="cycle-start"), cites=("P",)),
        "late_until": RelativeDate(of="due", days=30),
    }
    ruleset = board(hours(8), edition=earning)
    records = [AWARD, trained("e", 8, day=day), filed("f", "2026-06-10"), act("r", "renewed", "2026-06-20")]
    report = asked(records, "2027-01-01", ruleset)
    words = "1 training counted for training also falls in the certification period renewed on June 20, 2026; "
    assert [words in caveat for caveat in sentences(report.caveats) if "may count for both" in caveat] == [True] * said


def test_a_cohort_assigned_after_the_award_does_not_move_the_cycle_of_the_award():
    """By the cohort of odd years a cycle ends on September 1, 2025; the board assigned the other one later."""
    odd, even = (
        Cohort(name=name, begins=MonthDay(9, 2), years=2, phase=phase) for name, phase in (("odd", 1), ("even", 0))
    )
    rules = board(cycle=Cohorts(document_kind="cohort", cohorts=(odd, even)))
    some = [
        *COVERED,
        act("c", "awarded", "2024-10-01"),
        document("d-1", "cohort", on="2024-09-01", value="odd"),
        document("d-2", "cohort", on="2025-06-01", value="even"),
    ]
    assert date(2025, 9, 1) == asked(some, "2025-07-01", rules).dates.due.day


def test_a_renewal_nearer_to_the_award_than_to_the_due_date_is_told():
    """Awarded on June 1, 2024, due on May 31, 2026: three months after the award is early, three before the due date not."""
    for day, is_told in (("2024-09-01", True), ("2026-03-01", False)):
        report = asked([*COVERED, AWARD, act("r", "renewed", day)], "2026-04-01", board())
        assert is_told == ("early-renewal" in {caveat.kind for caveat in report.caveats})
