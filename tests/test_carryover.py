"""Hours that count for one credential only, and hours that are carried: held against a linear program and a plain sum."""

import random
from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from scipy.optimize import linprog

from boards import AWARD, XX, act, asked, board, filed, hours, trained
from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate
from peer_ledger.evaluation import check_proof
from peer_ledger.evaluation._carryover import closed_steps
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._known import known
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.rules import (
    ByQuestion,
    CarryOver,
    Edition,
    NotSharedWith,
    Part,
    Procedure,
    Question,
    Reading,
    TrainingFilter,
)
from remarks import in_words, sentences

PEER, FAMILY = "us-id-cpss", "us-id-cfsp"
HOURS, ETHICS = 10, 1
"""What each of Idaho's two credentials asks a year (BPA Health, continuing education)."""


class CheckInput:
    """One year of one certificate, in the program: what it may take of each training, and what it lacks."""

    def __init__(self, first, last):
        self.first, self.last = first, last


def lacking(years, trainings):
    """
    Return what each of some years lacks, in the order in which they are settled, in hours.

    The program has a share of each training for each year, and for each year two additions, of general training and of
    training on ethics.  What a year lacks is the least addition, while all years before keep theirs.
    """
    count, wide = len(trainings), len(trainings) + 2
    bounds = []
    for year in years:
        bounds += [(0, None) if year.first <= day <= year.last else (0, 0) for day, _, _ in trainings]
        bounds += [(0, None), (0, None)]
    above, limits = [], []
    for place, (_, amount, _) in enumerate(trainings):
        above.append([float(column % wide == place) for column in range(wide * len(years))])
        limits.append(amount)
    for number in range(len(years)):
        inside = range(number * wide, (number + 1) * wide)
        above.append([-float(column in inside) for column in range(wide * len(years))])
        limits.append(-HOURS)
        on_ethics = [float(trainings[place][2]) for place in range(count)] + [0.0, 1.0]
        above.append(
            [-on_ethics[column - inside[0]] if column in inside else 0.0 for column in range(wide * len(years))]
        )
        limits.append(-ETHICS)
    found = []
    for number in range(len(years)):
        added = {number * wide + count, number * wide + count + 1}
        costs = [float(column in added) for column in range(wide * len(years))]
        solved = linprog(costs, A_ub=above, b_ub=limits, bounds=bounds)
        assert solved.status == 0
        found.append(solved.fun)
        above.append(costs)
        limits.append(solved.fun + 1e-9)
    return found


def lives(seed):
    """Draw two certificates of one person, with or without a renewal, and a few trainings about their years."""
    rng = random.Random(seed)
    awarded = {
        credential: date(2024, 1, 1) + timedelta(days=rng.choice((0, 1, 90, 180, 364))) for credential in (PEER, FAMILY)
    }
    days = [date(2024, 1, 1) + timedelta(days=rng.randrange(0, 730)) for _ in range(rng.randrange(1, 6))]
    trainings = [(day, rng.choice((1, 2, 5, 9, 10, 11)), rng.random() < 0.4) for day in sorted(days)]
    return awarded, trainings


def ledger_of(awarded, trainings, *more):
    ledger = Ledger()
    ledger.append(
        [
            *(
                Certification(id=f"c-{credential}", person="p", credential=credential, act="awarded", on=day)
                for credential, day in awarded.items()
            ),
            *(
                TrainingEvent(
                    id=f"e-{number}",
                    person="p",
                    completed=day,
                    credits=[Credit(amount=hours, topics={"ethics"} if on_ethics else {"recovery"})],
                )
                for number, (day, hours, on_ethics) in enumerate(trainings)
            ),
            *more,
        ]
    )
    return ledger


def year_of(day):
    return CheckInput(day, day.replace(year=day.year + 1) - timedelta(days=1))


@pytest.mark.parametrize("block", range(8))
def test_what_two_credentials_ask_is_what_a_linear_program_says(block):
    """Of somebody who holds both, what is due first takes its hours, in the way that leaves most for the other."""
    short = 0
    for seed in range(block * 25, block * 25 + 25):
        awarded, trainings = lives(seed)
        on = max(min(awarded.values()).replace(year=2025) - timedelta(days=1), *awarded.values())
        seen = [training for training in trainings if training[0] <= on]
        order = sorted(awarded, key=lambda credential: (year_of(awarded[credential]).last, credential))
        expected = lacking([year_of(awarded[credential]) for credential in order], seen)
        for credential, lacks in zip(order, expected, strict=True):
            if on > year_of(awarded[credential]).last:
                continue
            report = evaluate(ledger_of(awarded, trainings), "p", on=on, ruleset=credential)
            found = report.finding("training")
            assert float(found.short) == pytest.approx(lacks), (seed, credential)
            assert found.counted + found.short == HOURS, (seed, credential)
            assert sum((one.amount for one in found.additions), Fraction(0)) == found.short
            assert check_proof(report) == ()
            short += lacks > 0
    assert short > 5


def test_a_renewal_takes_what_its_year_asked():
    """A renewal closes its year with the smaller of what it asked and what there was; the other credential has the rest."""
    for seed in range(60):
        awarded, trainings = lives(seed)
        first = min(awarded, key=lambda credential: (year_of(awarded[credential]).last, credential))
        (other,) = set(awarded) - {first}
        closed = year_of(awarded[first]).last
        on = closed + timedelta(days=20)
        if on > year_of(awarded[other]).last or awarded[other] > closed:
            continue
        renewal = Certification(id="c-r", person="p", credential=first, act="renewed", on=closed)
        seen = [training for training in trainings if training[0] <= on]
        expected = lacking([year_of(awarded[first]), year_of(awarded[other])], seen)[1]
        report = evaluate(ledger_of(awarded, trainings, renewal), "p", on=on, ruleset=other)
        assert float(report.finding("training").short) == pytest.approx(expected), seed


# What a renewal closed.


def test_of_two_filings_the_last_one_before_the_renewal_is_what_it_closed():
    """8 hours between the filings of February 1 and March 1: the board renewed on the second, which has them."""
    records = [
        AWARD,
        filed("f-1", "2026-02-01"),
        trained("e", 8, day="2026-02-10"),
        filed("f-2", "2026-03-01"),
        act("r", "renewed", "2026-03-20"),
    ]
    assert asked(records, "2026-06-01", board(), cycle=1).hours_outcome == "met"


def test_the_filing_that_a_renewal_names_is_what_it_closed():
    """The renewal names the first filing, so what was learned after it came too late; 3 of 8 hours came before."""
    records = [
        AWARD,
        trained("d", 3, day="2026-01-10"),
        filed("f-1", "2026-02-01"),
        trained("e", 8, day="2026-02-10"),
        filed("f-2", "2026-03-01"),
        act("r", "renewed", "2026-03-20", filing="f-1"),
    ]
    closed = asked(records, "2026-06-01", board(), cycle=1)
    assert (closed.hours_outcome, closed.finding("training").short) == ("short", 5)


def test_a_renewal_that_two_systems_recorded_closes_one_cycle():
    """Both records are of one act, so before it the certificate was in its first cycle, due on May 31, 2026."""
    records = [AWARD, trained("e", 8), act("r-1", "renewed", "2026-05-20"), act("r-2", "renewed", "2026-05-20")]
    closed = asked(records, "2026-07-01", board(), cycle=1)
    assert (closed.step, closed.dates.due.day, closed.hours_outcome) == ("renewal", date(2026, 5, 31), "met")


@pytest.mark.parametrize(
    ("before", "after", "short"),
    [(8, 8, 0), (13, 3, 0), (13, 2, 1), (12, 3, 1), (20, 3, 0), (20, 2, 1), (8, 7, 1), (5, 8, 0)],
)
def test_what_a_cycle_did_not_need_is_carried_up_to_what_may_be(before, after, short):
    """8 hours are asked, and 5 may be carried: of 13 the first cycle leaves 5, of 12 only 4, and of 20 no more than 5."""
    ruleset = board(hours(8, carry_over=CarryOver(at_most=5, cites=("P",))))
    records = [
        AWARD,
        trained("e-1", before, day="2025-03-04"),
        act("r", "renewed", "2026-05-31"),
        trained("e-2", after, day="2026-08-01"),
    ]
    found = asked(records, "2027-01-01", ruleset).finding("training")
    assert (found.short, found.result) == (short, "short" if short else "met")
    assert found.counted == 8 - short


def test_a_cycle_that_took_over_hours_does_not_leave_them_to_the_one_after_the_next():
    """16 hours in the first cycle, nothing in the second: 5 are carried there, and none of them any further."""
    ruleset = board(hours(8, carry_over=CarryOver(at_most=5, cites=("P",))))
    records = [
        AWARD,
        trained("e-1", 16, day="2025-03-04"),
        act("r-1", "renewed", "2026-05-31"),
        act("r-2", "renewed", "2028-05-31"),
    ]
    assert asked(records, "2027-01-01", ruleset).finding("training").counted == 5
    assert asked(records, "2029-01-01", ruleset).finding("training").counted == 0


def test_what_was_learned_for_the_certificate_itself_is_not_carried_into_its_first_cycle():
    """8 hours are asked for the award of June 1, 2024, and 13 were there: the first cycle begins with none of them."""
    first = Edition(id="initial-1", says="8.", requirements=(hours(8),))
    renewal = board(hours(8, carry_over=CarryOver(at_most=5, cites=("P",)))).procedures[0]
    ruleset = board(procedures=(Procedure(step="initial", editions=(first,)), renewal))
    assert asked([trained("e", 13, day="2024-05-01"), AWARD], "2025-06-01", ruleset).finding("training").counted == 0


def test_filings_after_a_renewal_or_for_another_step_are_nothing_to_the_cycle_that_it_closed():
    """Filed on March 1, learned on March 10, renewed on March 20, 2026: that came too late, whatever is filed later."""
    records = [
        AWARD,
        filed("f-1", "2026-03-01"),
        trained("e", 8, day="2026-03-10"),
        filed("f-2", "2026-03-15", step="initial"),
        act("r", "renewed", "2026-03-20"),
        filed("f-3", "2028-03-01"),
    ]
    assert asked(records, "2028-04-01", board(), cycle=1).hours_outcome == "short"


def test_a_renewal_may_be_granted_on_the_day_on_which_it_was_filed():
    records = [AWARD, filed("f", "2026-03-20"), act("r", "renewed", "2026-03-20")]
    assert asked(records, "2026-06-01", board(), cycle=1).pending_since == date(2026, 3, 20)


def test_a_closed_cycle_is_asked_what_held_on_its_own_deciding_date():
    """
    From July 1, 2026 on it is open whether 8 or 12 hours are asked; before that 8 are.

    Of 13 hours the first cycle leaves 5, which are carried, also for a caller who says that 12 are asked by now.
    """
    question = Question(
        id="twelve", asks="Are 12 asked?",
        readings=(Reading(id="no", says="No.", cites=("P",)), Reading(id="yes", says="Yes.", cites=("P",))),
        assumed="no", weight="blocking", first_day=date(2026, 7, 1),
    )  # fmt: skip
    need = ByQuestion(by="twelve", values=(("no", 8), ("yes", 12)))
    ruleset = board(hours(need, carry_over=CarryOver(at_most=5, cites=("P",))), questions=(question,))
    records = [AWARD, trained("e", 13), act("r", "renewed", "2026-05-31")]
    found = asked(records, "2027-01-01", ruleset, readings={"twelve": "yes"}).finding("training")
    assert (found.counted, found.short) == (5, 7)


# What another credential takes.


def apart(other):
    return (NotSharedWith(ruleset=other, requirement="training", cites=("P",)),)


def not_shared_with(other):
    return board(hours(8, not_shared_with=apart(other)))


def test_a_credential_of_which_nobody_has_the_rules_takes_nothing():
    records = [AWARD, act("o", "awarded", "2024-05-01", credential="zz-board"), trained("e", 8)]
    report = asked(records, "2025-06-01", not_shared_with("zz-board"))
    assert report.outcome == "met"
    assert [caveat for caveat in sentences(report.caveats) if "zz-board" in caveat] == [
        "No rules for zz-board are available; it is assumed to need no hours and to end as printed."
    ]


def test_a_credential_without_rules_of_renewal_takes_nothing():
    """It was awarded and renewed, and what a renewal asks is not written down."""
    first = Edition(id="initial-1", says="8.", requirements=(hours(8),))
    other = board(id="yy-board", procedures=(Procedure(step="initial", editions=(first,)),))
    there = [act("o", "awarded", "2022-05-01", credential="yy-board")]
    there.append(act("o-2", "renewed", "2024-05-01", credential="yy-board"))
    report = asked(
        [AWARD, *there, trained("e", 8)], "2025-06-01", not_shared_with("yy-board"), rulesets={"yy-board": other}
    )
    assert report.outcome == "met"


@pytest.mark.parametrize(("lapses", "counted"), [(False, 0), (True, 8)])
def test_a_credential_that_lapsed_takes_nothing_for_its_reinstatement(lapses, counted):
    """The other one is due on April 30: until then it takes the 8 hours, and once it has lapsed it is not due."""
    again = Edition(id="again-1", says="8.", requirements=(hours(8),))
    plain = board(hours(8, not_shared_with=apart(XX)), id="yy-board")
    other = attrs.evolve(
        plain, procedures=(*plain.procedures, Procedure(step="reinstatement", editions=(again,)))
    )  # fmt: skip
    records = [AWARD, act("o", "awarded", "2024-05-01", credential="yy-board"), trained("e", 8)]
    day = "2026-05-01" if lapses else "2026-04-30"
    report = asked(records, day, not_shared_with("yy-board"), rulesets={"yy-board": other})
    assert report.finding("training").counted == counted


@pytest.mark.parametrize(("together", "left"), [("shared", 5), ("exclusive", 8)])
def test_what_another_credential_took_together_is_taken_once(together, left):
    """
    Both ask 8 hours; the other one, which is due first, 4 of ethics and 4 of crisis among them.

    Of 13 hours, 4 are on both topics.  Where one hour may serve both parts, the other takes those 4 and 4 more, and
    leaves 5.  Where it may not, the two parts are all of its 8 hours: the 4 on both topics serve one of them, nothing
    serves the other, and 9 are left, of which 8 are needed here.
    """
    both = tuple(
        Part(id=topic, says="4 of it.", need=4, counts=TrainingFilter(topics={topic}), cites=("P",))
        for topic in ("ethics", "crisis")
    )
    other = board(hours(8, parts=both, together=together, not_shared_with=apart(XX)), id="yy-board")
    ours = not_shared_with("yy-board")
    records = [
        AWARD,
        act("o", "awarded", "2024-05-01", credential="yy-board"),
        trained("e-1", 4, {"ethics", "crisis"}),
        trained("e-2", 9, {"recovery"}),
    ]
    report = asked(records, "2025-06-01", ours, rulesets={"yy-board": other})
    assert report.finding("training").counted == left
    assert check_proof(report) == ()


def test_what_another_credential_still_lacks_is_told():
    """
    Both ask 10 hours a year; the family partner's certificate is due on December 31, the specialist's in February.

    Of 5 hours the first takes all and lacks 5 itself: 10 more are enough for the other one only where the first one
    cannot take them, and that is said.  With 10 on file the first lacks nothing, and nothing is said.
    """
    for hours_there, told in ((5, True), (10, False)):
        ledger = Ledger()
        ledger.append(
            [
                act("f", "awarded", "2024-01-01", credential="us-id-cfsp"),
                act("s", "awarded", "2024-03-01", credential="us-id-cpss"),
                trained("e", hours_there, {"ethics"}, day="2024-05-01"),
            ]
        )
        finding = evaluate(ledger, "p", on="2024-06-01", ruleset="us-id-cpss").finding("training")
        assert finding.short == 10
        assert (
            "training of us-id-cfsp due on December 31, 2024 is itself 5 hours short"
            in (in_words(finding.because) or "")
        ) == told


@pytest.mark.parametrize("carried", ["carried", "not-carried"])
def test_a_limit_of_a_year_in_which_nothing_was_asked_limits_nothing(carried):
    """
    Montana, awarded in August 2022, whose first renewal asks for no hours: what was prepared in 2022 is under the limit of 10
    hours and does not carry over, and nothing of it counts in 2024 (the 20 hours of that year are missing).
    """
    acts = [
        Certification(id="c-1", person="p", credential="us-mt-cbhpss", act="awarded", on="2022-08-03"),
        Certification(id="c-2", person="p", credential="us-mt-cbhpss", act="renewed", on="2023-12-20"),
    ]
    prepared = trained("e", 20, {"recovery"}, day="2022-11-05", role="authored", approvals=[])
    ledger = Ledger()
    ledger.append([*acts, prepared])
    readings = {"first-renewal": "none", "first-year-carried": carried}
    report = evaluate(ledger, "p", on="2024-06-12", ruleset="us-mt-cbhpss", readings=readings)
    finding = report.finding("training")
    assert (finding.result, finding.counted, finding.short) == ("short", 0, 20)
    assert check_proof(report) == ()


def test_only_a_renewal_closes_a_cycle():
    """
    Awarded on June 1, 2024, renewed on May 10, 2026, lapsed on May 31, 2028, and reinstated on August 1.

    The reinstatement begins the third cycle and closes none. A renewal that is the first act on file closes none that is
    known.
    """
    records = [AWARD, act("r-1", "renewed", "2026-05-10"), act("r-2", "reinstated", "2028-08-01")]
    assert ["xx-board renewed on May 10, 2026"] == closed_cycles(records)
    assert [] == closed_cycles(records[1:])
    assert [] == closed_cycles([AWARD, records[2]])


def closed_cycles(records):
    """Return the names of the cycles that were closed by September 1, 2028."""
    ledger, rules = Ledger(), board(hours(8))
    ledger.append(records)
    position = Position(known(rules, is_sound=True), {}, consulted={})
    answers = Scenarios(position, history_of(ledger, "p", on=date(2028, 9, 1), credential=rules.id))
    return [step.name for step in closed_steps(answers.context(answers.assumed), "training")]
