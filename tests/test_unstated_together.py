"""
Unstated figures beside hours that two credentials do not share, or that are carried: held against a linear program.

The program knows stated figures alone.  An answer with an unstated figure is held against the program's answers for the
figures that it may be: met if all are met, short by the least of them if all are short, and open otherwise.
"""

import random
from fractions import Fraction
from itertools import product

import attrs
import pytest
from scipy.optimize import linprog

from boards import AWARD, XX, act, asked, board, hours, trained
from effort import sized
from peer_ledger.evaluation import check_proof
from peer_ledger.rules import CarryOver, NotSharedWith, Part, TrainingFilter, Unstated
from remarks import in_words

YY = "yy-board"
FIGURES = (0, 1, 2, 3, 4, 6, 8, 20, 40)
"""What an unstated figure may be; 40 is more than anybody has."""


@attrs.frozen
class Asked:
    """So many hours, so many of them on ethics (`None` for no such part); "?" where no source states how many."""

    need: int | str
    ethics: int | str | None = None
    carried: int = 0

    def possible(self):
        """Yield the same with each figure that it may have; a part is no more than its whole."""
        for need, ethics in product(FIGURES if self.need == "?" else [self.need], FIGURES):
            if self.ethics in ("?", ethics) and ethics <= need:
                yield attrs.evolve(self, need=need, ethics=ethics)
            elif self.ethics is None and ethics == 0:
                yield attrs.evolve(self, need=need)

    def rules(self, name, other):
        parts = () if self.ethics is None else (ethics_part(self.ethics),)
        shared = (NotSharedWith(ruleset=other, requirement="training", cites=("P",)),) if other else ()
        carried = CarryOver(at_most=self.carried, cites=("P",)) if self.carried else None
        need = figure(self.need, "hours")
        together = "exclusive" if parts else None
        return board(
            hours(need, parts=parts, together=together, not_shared_with=shared, carry_over=carried), id=name
        )  # fmt: skip


def figure(amount, what):
    return Unstated(says=f"how many {what} are asked") if amount == "?" else amount


def ethics_part(amount):
    counts = TrainingFilter(topics={"ethics"})
    return Part(id="ethics", says="Of ethics.", need=figure(amount, "hours of ethics"), counts=counts, cites=("P",))


@attrs.frozen
class Year:
    """What is asked in a cycle, the days that count, and how much of another one's may be carried into it."""

    asked: Asked
    first: str
    last: str
    before: "Year | None" = None


def lacking(years, trainings):
    """
    Return what the last of some years lacks, in the order in which they are settled.

    The program has two shares of each training for each year, on ethics and otherwise, and two additions of each kind.
    What a year lacks is the least addition, while all years before keep theirs.
    """
    count = len(trainings)
    wide = 2 * count + 2
    bounds, rows, most = [], [], []

    def counts(year, training):
        own = year.first <= training[0] <= year.last
        return own or (year.before is not None and year.before.first <= training[0] <= year.before.last)

    def row(*cells):
        made = [0.0] * (wide * len(years))
        for place, value in cells:
            made[place] = value
        return made

    for year in years:
        free = [(0, None) if counts(year, training) else (0, 0) for training in trainings]
        on_ethics = [bound if training[2] else (0, 0) for bound, training in zip(free, trainings, strict=True)]
        bounds += [*free, *on_ethics, (0, None), (0, None)]
    for place, (_, amount, _) in enumerate(trainings):
        shares = [number * wide + offset + place for number in range(len(years)) for offset in (0, count)]
        rows.append(row(*((share, 1.0) for share in shares)))
        most.append(amount)
    for number, year in enumerate(years):
        start = number * wide
        rows.append(row(*((place, -1.0) for place in range(start, start + wide))))
        most.append(-year.asked.need)
        ethics = [*range(start + count, start + 2 * count), start + 2 * count + 1]
        rows.append(row(*((place, -1.0) for place in ethics)))
        most.append(-(year.asked.ethics or 0))
        earlier = [place for place, training in enumerate(trainings) if not year.first <= training[0] <= year.last]
        rows.append(row(*((start + offset + place, 1.0) for place in earlier for offset in (0, count))))
        most.append(year.asked.carried)
    for number in range(len(years)):
        addition = row(*((number * wide + 2 * count + kind, 1.0) for kind in (0, 1)))
        found = linprog(addition, A_ub=rows, b_ub=most, bounds=bounds)
        assert found.success, found.message
        rows.append(addition)
        most.append(found.fun + 1e-9)
    return round(found.fun, 6)


def beside_another(pick):
    """Return two credentials that share no hours, as what is asked, who is settled first, and the records."""
    mine, theirs = (
        Asked(pick([4, 6, 8, "?"]), ethics=pick([None, 2, 3, "?", "?"])) for _ in range(2)
    )  # fmt: skip
    first = pick([True, True, False])
    there = act("o", "awarded", "2024-05-01" if first else "2024-06-20", credential=YY)
    return mine, theirs, first, [AWARD, there]


def drawn_trainings(pick, days):
    return [(pick(days), pick([1, 2, 4, 5, 8]), pick([True, False])) for _ in range(pick([1, 2, 3, 4]))]


def on_file(trainings):
    return [
        trained(f"e-{place}", amount, {"ethics"} if on_ethics else {"recovery"}, day=day, title=f"Day {place}")
        for place, (day, amount, on_ethics) in enumerate(trainings)
    ]


def agrees(report, lacks):
    """Return whether a report says what the program says for all figures that may be meant."""
    found = report.finding("training")
    assert check_proof(report) == ()
    least, most = min(lacks), max(lacks)
    if most == 0:
        return found.result == "met"
    if least == 0:
        return found.result == "undetermined"
    return found.result == "short" and abs(found.short - Fraction(least)) < Fraction(1, 1000)


@pytest.mark.parametrize("seed", range(sized(400, 20)))
def test_hours_that_are_not_shared_with_unstated_figures(seed):
    pick = random.Random(seed).choice
    mine, theirs, first, certificates = beside_another(pick)
    trainings = drawn_trainings(pick, ["2024-07-10", "2025-03-04"])
    lacks = []
    for one, other in product(mine.possible(), theirs.possible()):
        beside = [Year(other, "2024-05-02", "2025-06-01")] if first else []
        lacks.append(lacking([*beside, Year(one, "2024-06-02", "2025-06-01")], trainings))
    others = {YY: theirs.rules(YY, XX)}
    records = [*certificates, *on_file(trainings)]
    assert agrees(asked(records, "2025-06-01", mine.rules(XX, YY), rulesets=others), lacks), (mine, theirs, trainings)


@pytest.mark.parametrize("seed", range(sized(200, 20)))
def test_hours_that_are_carried_with_an_unstated_figure(seed):
    pick = random.Random(seed).choice
    mine = Asked(pick([4, 8, "?"]), carried=pick([2, 4, 10]))
    trainings = drawn_trainings(pick, ["2024-07-10", "2025-03-04", "2026-08-01"])
    lacks = []
    for one in mine.possible():
        closed = Year(attrs.evolve(one, carried=0), "2024-06-02", "2026-05-31")
        lacks.append(lacking([closed, Year(one, "2026-06-01", "2027-01-01", before=closed)], trainings))
    records = [AWARD, act("r", "renewed", "2026-05-31"), *on_file(trainings)]
    assert agrees(asked(records, "2027-01-01", mine.rules(XX, None)), lacks), (mine, trainings)


def nineteen(ethics, rest, theirs, mine=20):
    """Return the finding of somebody with so many hours on ethics and others, who holds two certificates."""
    records = [
        AWARD, act("o", "awarded", "2024-05-01", credential=YY),
        trained("e", ethics, {"ethics"}), trained("f", rest, {"recovery"}),
    ]  # fmt: skip
    others = {YY: theirs.rules(YY, XX)}
    return asked(records, "2025-06-01", Asked(mine).rules(XX, YY), rulesets=others).finding("training")


def test_a_part_of_another_credential_that_nobody_states_takes_no_more_than_its_whole():
    """
    The other one asks 10 hours, of which nobody states how many on ethics, and is settled first.

    Of 29 hours it leaves 19, however many of its 10 are on ethics: one is short here.  18 of them are on ethics.
    """
    found = nineteen(18, 11, Asked(10, ethics="?"))
    assert (found.result, found.counted, found.short) == ("short", 19, 1)
    assert "no source states" not in in_words(found.because)


def test_what_depends_on_another_credentials_figure_says_so():
    """
    Of 29 hours 5 are on ethics.  If the other one asks 5 of them or fewer, it takes 10 and leaves 19.

    If it asks all of its 10 on ethics, it takes those 5, lacks 5 itself, and leaves 24.
    """
    found = nineteen(5, 24, Asked(10, ethics="?"))
    assert (found.result, found.short) == ("undetermined", 0)
    assert in_words(found.because) == "no source states how many hours of ethics are asked for yy-board"
    least = nineteen(5, 20, Asked(10, ethics="?"), mine=22)
    assert (least.result, least.short) == ("short", 2)
    assert in_words(least.because).startswith(
        "at least 2 hours short; how much more depends on how many hours of ethics are asked for yy-board"
    )
