"""Hours that count for one credential only, and hours that are carried: held against a linear programme and a plain sum."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest
from scipy.optimize import linprog

from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate
from peer_ledger.evaluation import check_proof

PEER, FAMILY = "us-id-cpss", "us-id-cfsp"
HOURS, ETHICS = 10, 1
"""What each of Idaho's two credentials asks a year (BPA Health, continuing education)."""


class Asked:
    """One year of one certificate, in the programme: what it may take of each training, and what it lacks."""

    def __init__(self, first, last):
        self.first, self.last = first, last


def lacking(years, trainings):
    """
    Give what each of some years lacks, in the order in which they are settled, in hours.

    The programme has a share of each training for each year, and for each year two additions, of general training and of
    training on ethics.  What a year lacks is the least addition, while all years before keep theirs.
    """
    count, wide = len(trainings), len(trainings) + 2
    bounds = []
    for year in years:
        bounds += [(0, None) if year.first <= day <= year.last else (0, 0) for day, _, _ in trainings]
        bounds += [(0, None), (0, None)]
    above, limits = [], []
    for place, (_, hours, _) in enumerate(trainings):
        above.append([float(column % wide == place) for column in range(wide * len(years))])
        limits.append(hours)
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
    return Asked(day, day.replace(year=day.year + 1) - timedelta(days=1))


@pytest.mark.parametrize("block", range(8))
def test_what_two_credentials_ask_is_what_a_linear_programme_says(block):
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
