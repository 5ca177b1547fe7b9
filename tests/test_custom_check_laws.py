"""Rule sets that a function judges under the same laws: a sound judge obeys all of them, and faulty ones are found out."""

import random
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from boards import board, hours
from effort import examples
from peer_ledger.rules import (
    AnyOf,
    ByQuestion,
    CheckResult,
    Custom,
    Interval,
    Option,
    Question,
    Reading,
    RelativeDate,
    TrainingFilter,
)
from peer_ledger.rules import _custom as _judges
from peer_ledger.testing import LAWS, _mentions, check_law, check_ruleset

EARNING = Interval(begins=RelativeDate(of="cycle-start"), ends=RelativeDate(of="due"), cites=("P",))
LONG = examples(500)


@pytest.fixture(autouse=True)
def judges(monkeypatch):
    """Forget what a test registers, and let nothing be installed."""
    monkeypatch.setattr(_judges, "_REGISTERED", {})
    monkeypatch.setattr(_judges, "_FOUND", {})
    monkeypatch.setattr(_judges, "_announced", tuple)


def judged_by(function, need=4, unit="hour", **more):
    """Return a board that asks so many hours, or so much of something else, as a function judges."""
    _judges._REGISTERED["mine"] = function
    requirement = Custom(
        id="j", says="Judged.", check="mine", unit=unit, need=need, cites=("P",), **{"subject": "hours", **more}
    )
    return board(requirement, edition={"earning": EARNING})


# Sound ones.


def every_hour(asked):
    """As `hours` would."""
    vague = any(one.hours is None for one in asked.trainings)
    certain = {one.id: one.hours or 0 for one in asked.trainings}
    return CheckResult(counted=certain, possible=sum(certain.values()) + (asked.need or 0) if vague else None)


def half_on_ethics(asked):
    """An hour on another topic counts if there is one on ethics for it."""
    kind = TrainingFilter(topics={"ethics"})
    sure, other, maybe = Fraction(0), Fraction(0), Fraction(0)
    counted = {}
    for one in asked.trainings:
        for credit in one.credits or ():
            fits = asked.fits(one, kind, credit)
            if credit.hours is None or fits is None:
                maybe += asked.need if credit.hours is None else credit.hours
            elif fits:
                sure += credit.hours
                counted[one.id] = counted.get(one.id, 0) + credit.hours
        maybe += asked.need if one.credits is None else 0
    for one in asked.trainings:
        for credit in one.credits or ():
            if credit.hours is not None and asked.fits(one, kind, credit) is False:
                taken = min(credit.hours, sure - other)
                other += taken
                counted[one.id] = counted.get(one.id, 0) + taken
    everything = sum((credit.hours or 0 for one in asked.trainings for credit in one.credits or ()), Fraction(0))
    return CheckResult(counted=counted, possible=max(sum(counted.values()), everything + maybe) if maybe else None)


def writers(asked):
    """Count documents of different writers."""
    first = {one.by: one.id for one in reversed(asked.documents) if one.by is not None}
    vague = sum(one.by is None for one in asked.documents)
    return CheckResult(counted=dict.fromkeys(first.values(), 1), possible=len(first) + vague)


@pytest.mark.parametrize("custom_check", [every_hour, half_on_ethics])
def test_a_sound_judge_obeys_every_law(custom_check):
    looked = check_ruleset(judged_by(custom_check), examples=examples(8))
    assert looked.keys() == LAWS.keys()
    assert {law for law, count in looked.items() if count == 0} <= {"decided_is_what_all_readings_agree_in"}


def test_a_sound_judge_of_documents_obeys_every_law():
    assert check_ruleset(judged_by(writers, need=2, unit="document", subject="documents"), examples=examples(5))


def test_a_sound_judge_beside_others_obeys_every_law():
    """As one of two ways, with a figure that hangs on a question."""
    readings = (Reading(id="few", says="Four.", cites=("P",)), Reading(id="many", says="Six.", cites=("P",)))
    question = Question(id="how-many", asks="How many?", readings=readings, assumed="few", weight="blocking")
    inner = judged_by(every_hour, need=ByQuestion(by="how-many", values=(("few", 4), ("many", 6))))
    (custom_requirement,) = inner.procedures[0].editions[0].requirements
    ways = (
        Option(id="w-1", says="Judged.", requirements=(custom_requirement,)),
        Option(id="w-2", says="By hours.", requirements=(hours(8),)),
    )
    any_of = AnyOf(id="ways", says="One of two.", options=ways, cites=("P",))
    assert check_ruleset(board(any_of, edition={"earning": EARNING}, questions=(question,)), examples=examples(5))


# Faulty ones, each with the law that finds it, or with what the engine says that refuses it.


def counts_a_minute_twice(asked):
    return CheckResult(counted={one.id: 2 * (one.hours or 0) for one in asked.trainings})


def counts_an_hour_in_two_trainings(asked):
    """What one training has is counted as the next one's, too."""
    total = sum((one.hours or 0 for one in asked.trainings), Fraction(0))
    return CheckResult(counted={one.id: total for one in asked.trainings})


def hangs_on_ids(asked):
    """Counts what an id says it may."""
    return CheckResult(
        counted={one.id: one.hours or 0 for one in asked.trainings if not one.id.endswith(("2", "5", "8"))}
    )


def hangs_on_whose_id_it_is(asked):
    """A person with two ids is two people."""
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if one.record.person == "p"})


def counts_what_was_filed_later():
    """Remembers trainings of another day, and counts them outside of the days."""
    seen = {}

    def custom_check(asked):
        seen.update({one.id: one.hours or 0 for one in asked.trainings})
        return CheckResult(counted=seen)

    return custom_check


def counts_outside_the_days(asked):
    """Counts each training on the day after the last one that counts, of which it was not asked."""
    return CheckResult(counted={f"{one.id}-and-more": one.hours or 0 for one in asked.trainings})


def hurts_by_one_more_hour(asked):
    """Only who did not learn too much has learned enough."""
    certain = {one.id: one.hours or 0 for one in asked.trainings}
    return CheckResult(counted=certain if sum(certain.values()) <= 2 * asked.need else {})


def counts_the_average(asked):
    """One more short training makes all of them shorter."""
    known = [one.hours for one in asked.trainings if one.hours]
    least = min(known, default=Fraction(0))
    return CheckResult(counted={one.id: min(least, one.hours) for one in asked.trainings if one.hours})


def looks_at_the_clock(asked):
    today = date.today()  # noqa: DTZ011 - it is the fault
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if one.day <= today})


def looks_at_another_clock(asked):
    now = datetime.fromtimestamp(time.time()).date()  # noqa: DTZ006 - it is the fault
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if one.day <= now})


def looks_at_a_third_clock(asked):
    today = datetime.now(UTC).date()
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if one.day <= today})


def draws_lots(asked):
    """With hardly any chance of another answer."""
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if random.random() < 2})


def counts_what_it_sees_first():
    """What it saw once, it does not count again."""
    seen = set()

    def custom_check(asked):
        counted = {one.id: one.hours or 0 for one in asked.trainings if one.record not in seen}
        seen.update(one.record for one in asked.trainings)
        return CheckResult(counted=counted)

    return custom_check


def gets_used_to_it():
    """The more often it was asked, the less it counts; after seven times it begins again."""
    asked_before = []

    def custom_check(asked):
        asked_before.append(asked)
        few = asked.trainings[: max(0, len(asked.trainings) - len(asked_before) % 7)]
        return CheckResult(counted={one.id: one.hours or 0 for one in few})

    return custom_check


def takes_the_claim_for_what_was_granted(asked):
    """What a reviewer granted is less, so that more counts than there is."""
    claimed = {one.id: sum((credit.amount for credit in one.record.credits or ()), 0) for one in asked.trainings}
    return CheckResult(counted=claimed)


def counts_credits(asked):
    """A training of two credits is worth more than one of one."""
    full = {one.id: one.hours or 0 for one in asked.trainings if len(one.credits or ()) > 1}
    return CheckResult(counted=full)


def reads_figures_without_their_unit(asked):
    """Takes minutes and hours for the same, as far as there are as many."""
    said = {
        one.id: min(
            one.hours or Fraction(0), sum((Fraction(c.record.amount) for c in one.credits or ()), Fraction(0)) / 2
        )
        for one in asked.trainings
    }
    return CheckResult(counted=said)


def takes_unknown_for_no(asked):
    """What nobody recorded is taken not to be there."""
    kind = TrainingFilter(topics={"ethics"})
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings if asked.fits(one, kind)})


def is_not_exact(asked):
    return CheckResult(counted={one.id: float(one.hours or 0) for one in asked.trainings})


def takes_unknown_length_for_none(asked):
    return CheckResult(counted={one.id: one.hours or 0 for one in asked.trainings})


FAULTS = {
    takes_unknown_length_for_none: "what_is_not_recorded_is_a_question",
    hangs_on_ids: "names_do_not_matter",
    hangs_on_whose_id_it_is: "names_do_not_matter",
    hurts_by_one_more_hour: "one_more_hour_never_hurts",
    counts_the_average: "one_more_hour_never_hurts",
    looks_at_the_clock: "neither_clock_nor_chance_plays_a_part",
    looks_at_another_clock: "neither_clock_nor_chance_plays_a_part",
    looks_at_a_third_clock: "neither_clock_nor_chance_plays_a_part",
    draws_lots: "neither_clock_nor_chance_plays_a_part",
    counts_what_it_sees_first: "twice_is_once",
    gets_used_to_it: "twice_is_once",
    counts_credits: "splitting_a_credit_changes_nothing",
    reads_figures_without_their_unit: "an_hour_is_sixty_minutes",
    takes_unknown_for_no: "what_is_not_recorded_is_a_question",
}
REFUSED = {
    counts_a_minute_twice: "UnusableCheck: the custom check 'mine' counts ",
    counts_an_hour_in_two_trainings: "UnusableCheck: the custom check 'mine' counts ",
    counts_outside_the_days: "UnusableCheck: the custom check 'mine' counts ",
    counts_what_was_filed_later: "UnusableCheck: the custom check 'mine' counts ",
    takes_the_claim_for_what_was_granted: "UnusableCheck: the custom check 'mine' counts ",
    is_not_exact: "UnusableCheck: the custom check 'mine' counts ",
}
MAKERS = (counts_what_was_filed_later, counts_what_it_sees_first, gets_used_to_it)


def made(fault):
    return fault() if fault in MAKERS else fault


@pytest.mark.parametrize(("fault", "law"), FAULTS.items(), ids=lambda one: getattr(one, "__name__", one))
def test_a_law_finds_the_faulty_judge(fault, law):
    with pytest.raises(AssertionError, match=f"xx-board breaks {law}[: ]"):
        check_law(judged_by(made(fault)), LAWS[law], examples=500, start=1, shrink=False)


@pytest.mark.parametrize(("fault", "words"), REFUSED.items(), ids=lambda one: getattr(one, "__name__", one))
def test_what_no_judge_may_tell_is_refused_under_whatever_law(fault, words):
    with pytest.raises(AssertionError, match=words):
        check_law(judged_by(made(fault)), LAWS["twice_is_once"], examples=LONG, start=1, shrink=False)


def test_a_fault_that_comes_and_goes_is_told_as_such():
    """What breaks a law once, and not when it is tried again, remembers something."""
    times = []

    def law(situation):
        """Nothing is asked a third time."""
        times.append(situation)
        assert len(times) != 3

    with pytest.raises(AssertionError, match="breaks law with a life, but not with the same life again"):
        check_law(judged_by(every_hour), law, examples=20, start=1)


def test_lives_are_aimed_at_what_is_judged_in_code():
    """At the figure and shares of it, with as many trainings as it may take, and with rulings in its unit."""
    rules = judged_by(every_hour, need=60)
    (target,) = _mentions.targets_of(rules.procedures[0].editions[0])
    assert {Decimal(one) for one in ("30", "29.99", "20", "15", "60")} <= set(target.amounts)
    assert target.times == 4
    months = judged_by(every_hour, need=5, unit="month")
    assert next(_mentions.targets_of(months.procedures[0].editions[0])).times == 5
    named = dict(_mentions.mentions_of(months).named)
    assert [(str(one.amount), one.unit) for one in named["j"]] == [("5", "month")]
