"""Cost is bounded: near-linear in one person's records, and a budget for rule sets; counted in calls, not in seconds."""

import cProfile
import sys
from datetime import date, timedelta
from functools import partial
from pstats import Stats
from random import Random

import attrs
import pytest

from boards import AWARD, COVERED, XX, act, board, document, filed, hours, ruled
from effort import sized
from peer_ledger import (
    Credit,
    Ledger,
    MonthDay,
    Quantity,
    TrainingEvent,
    evaluate,
    evaluate_all,
    in_force,
    standing_history,
)
from peer_ledger.allocation._assignment import seated
from peer_ledger.allocation._cut import EnumeratedCut, Portion, asking_sets
from peer_ledger.allocation._flow import FlowCut
from peer_ledger.allocation._held import HeldKinds
from peer_ledger.allocation._terms import Demand
from peer_ledger.allocation._trees import nested_limits, trees_of
from peer_ledger.evaluation import _disagreements as disagreements
from peer_ledger.evaluation import _grants_over_time as grants_over_time
from peer_ledger.evaluation import _same_records as same_records
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._groupings import groupings_of
from peer_ledger.evaluation._histories import Histories
from peer_ledger.ledger import _about as about
from peer_ledger.ledger._about import first_ids
from peer_ledger.records import (
    Certification,
    Coverage,
    Designation,
    Document,
    Filing,
    Origin,
    Review,
    SamePerson,
)
from peer_ledger.records._sameness import Likeness, same_record
from peer_ledger.rules import Anniversary, Birthday, ByQuestion, Chosen, Cohort, Cohorts, Part, Question, Reading
from remarks import sentences

FIRST = date(2024, 4, 1)
AWARDED = Certification(
    id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)
MANY = sized(200, 48)


def trained(number, title=None, amount="1", day=FIRST, topics=("ethics",), source=None):
    return TrainingEvent(
        id=f"e-{number}",
        person="p",
        completed=day,
        title=title,
        credits=[Credit(amount=amount, topics=set(topics))],
        origin=None if source is None else Origin(source=source, key=(str(number),)),
    )


def later(number):
    return FIRST + timedelta(days=number % 600)


SHAPES = {
    "equal": lambda n: trained(n),
    "equal, with a title": lambda n: trained(n, "Ethics"),
    "equal, of several lists": lambda n: trained(n, "Ethics", source=f"s-{n % 5}"),
    "all different": lambda n: trained(n, f"Course {n}", f"{1 + n % 5}", later(n)),
    "all of one day": lambda n: trained(n, f"Course {n}"),
    "all of one day and of different length": lambda n: trained(n, f"Course {n}", f"{1 + n / 100:.2f}"),
    "without a title": lambda n: trained(n, None, f"{1 + n % 5}", later(n)),
    "one title": lambda n: trained(n, "Ethics", "1", later(n)),
    "titles alike": lambda n: trained(n, f"Ethics {'I' * (1 + n % 7)}", f"{1 + n % 3}", later(n)),
    "each twice": lambda n: trained(n, f"Course {n // 2}", "1", later(n // 2)),
}


def calls_of(work):
    """Return how many functions are called."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return Stats(profile).total_calls


def lines_of(work, module):
    """Return how many lines of a module are run: a loop may go on without calling anything."""
    number = 0

    def traced(frame, event, _):
        nonlocal number
        if frame.f_code.co_filename != module.__file__:
            return None
        number += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return number


def asking(shape, number):
    ledger = Ledger()
    ledger.append(AWARDED)
    ledger.append([SHAPES[shape](place) for place in range(number)])

    def ask():
        report = evaluate(ledger, "p", on="2026-01-15")
        return report.findings, report.caveats, report.questions

    return ask


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_trainings_cost_less_than_six_times_as_much(shape):
    """The square of four is sixteen."""
    asking(shape, 8)()
    few, many = (calls_of(asking(shape, number)) for number in (MANY // 4, MANY))
    assert many < 6 * few


def linked(number):
    """Return a ledger in which one person has many ids, with a training under each."""
    ledger = Ledger()
    ledger.append(
        [AWARDED, *(SamePerson(id=f"s-{place}", people=[name(place), name(place + 1)]) for place in range(number))]
    )
    ledger.append(
        [
            attrs.evolve(trained(place, f"Course {place}", "1", later(place)), person=name(place))
            for place in range(number)
        ]
    )
    return ledger


def name(place):
    return f"q-{place}" if place else "p"


READERS = {
    "read": lambda ledger: ledger.records_of("p"),
    "evaluate": lambda ledger: evaluate(ledger, "p", on="2026-01-15").findings,
    "evaluate everybody": lambda ledger: [report.status for report in evaluate_all(ledger, on="2026-01-15")],
}


@pytest.mark.parametrize("reader", READERS)
def test_four_times_the_ids_of_one_person_cost_less_than_six_times_as_much(reader):
    """A person may be listed under a hundred ids, each linked to the one before."""
    READERS[reader](linked(4))
    few, many = (calls_of(partial(READERS[reader], linked(number))) for number in (sized(250, 50), sized(1000, 200)))
    assert many < 6 * few


ORDERS = {
    "one after the other": lambda n: [(place, place + 1) for place in range(n)],
    "backwards": lambda n: [(place, place + 1) for place in reversed(range(n))],
    "in any order": lambda n: Random(n).sample([(place, place + 1) for place in range(n)], n),
    "all to the first": lambda n: [(0, place + 1) for place in range(n)],
    "all to the last": lambda n: [(place, n) for place in range(n)],
    "in pairs, and pairs of pairs": lambda n: [
        (place, place + width) for width in (2**power for power in range(n.bit_length())) for place in range(0, n - width, 2 * width)
    ],
    "each to one before": lambda n: [(Random(place).randrange(place + 1), place + 1) for place in range(n)],
}  # fmt: skip
"""In which order ids were said to be one person's."""


@pytest.mark.parametrize("order", ORDERS)
def test_four_times_the_joined_ids_of_everybody_cost_less_than_six_times_as_much(order):
    """Whatever the order, only ids are read, and each way to the first id becomes shorter for the next."""

    def joining(number):
        ledger = Ledger()
        ledger.append(
            SamePerson(id=f"s-{place}", people=[f"q-{number:05}" for number in pair])
            for place, pair in enumerate(ORDERS[order](number))
        )
        assert first_ids(ledger.pinned()) == ["q-00000"]
        return partial(first_ids, ledger.pinned())

    joining(4)()
    for cost in (calls_of, lambda work: lines_of(work, about)):
        few, many = (cost(joining(number)) for number in (sized(1000, 250), sized(4000, 1000)))
        assert many < 6 * few


def renewed(number, *, filed):
    """Return a ledger with many renewals, several of each cycle, with an application and a letter for each or without."""
    ledger = Ledger()
    first = {"person": "p", "credential": "us-nc-cpss"}
    days = [date(1912 + 2 * (place % 50), 3, 1) + timedelta(days=place // 50) for place in range(number)]
    ledger.append(Certification(id="c", act="awarded", on="1910-03-14", expires="1912-03-31", **first))
    ledger.append(
        Certification(id=f"r-{place}", act="renewed", on=day, expires=date(day.year + 2, 3, 31), **first)
        for place, day in enumerate(days)
    )
    if filed:
        ledger.append(Filing(id=f"f-{place}", step="renewal", sent=day, **first) for place, day in enumerate(days))
        ledger.append(Document(id=f"d-{place}", person="p", kind="letter", on=day) for place, day in enumerate(days))
    return ledger


@pytest.mark.parametrize("filed", [False, True])
def test_four_times_the_renewals_cost_less_than_four_times_as_much(filed):
    """The standing over time, with its answer for each day on which it may change."""
    standing_history(renewed(2, filed=filed), "p", until="2026-01-15")
    few, many = (
        calls_of(partial(standing_history, renewed(number, filed=filed), "p", until="2026-01-15"))
        for number in (sized(80, 40), sized(320, 160))
    )
    assert many < 4 * few


def stated(kind, place, day, value):
    return document(f"d-{place}", kind, on=day - timedelta(days=3), value=value)


def moving(name, place, day, **named):
    ruling = ruled(name, "moves", on=day - timedelta(days=3), day=day + timedelta(days=40), **named)
    return attrs.evolve(ruling, id=f"u-{place}")


COHORTS = Cohorts(
    document_kind="cohort",
    cohorts=tuple(Cohort(name=name, begins=MonthDay(4, 1), years=2, phase=phase) for phase, name in enumerate("eo")),
)
CLOCKS = {
    "birthday": (Birthday(years=2), lambda place, day: stated("birthday", place, day, MonthDay(5, 5))),
    "another birthday each time": (
        Birthday(years=2), lambda place, day: stated("birthday", place, day, MonthDay(5, 5 + place % 2))
    ),
    "cohort": (COHORTS, lambda place, day: stated("cohort", place, day, "e")),
    "chosen": (
        Chosen(document_kind="length", months=(12, 24)),
        lambda place, day: stated("length", place, day, Quantity(amount=2, unit="year")),
    ),
    "rulings": (Anniversary(months=24), lambda place, day: moving("due", place, day)),
    "rulings that name days": (
        Anniversary(months=9),
        lambda place, day: moving("due", place, day, first_day=day - timedelta(60), last_day=day + timedelta(60)),
    ),
    "awards on a common clock": (
        Anniversary(months=24), lambda place, day: act(f"o-{place}", "awarded", day + timedelta(100), credential="zz-other")
    ),
    "rulings about late filing": (Anniversary(months=24), lambda place, day: moving("late_until", place, day)),
}  # fmt: skip


def of_clock(name, number):
    """Return rules and a ledger with many renewals, each with a document or a ruling that decides its cycle."""
    cycle, beside = CLOCKS[name]
    if name == "rulings that name days":
        days = [date(1901, 1, 1) + timedelta(days=274 * place) for place in range(number)]
    else:
        days = [date(1912 + 2 * (place % 50), 3, 1) + timedelta(days=place // 50) for place in range(number)]
    ledger = Ledger()
    ledger.append(act("c", "awarded", "1900-03-14"))
    ledger.append(act(f"r-{place}", "renewed", day) for place, day in enumerate(days))
    ledger.append(beside(place, day) for place, day in enumerate(days))
    clock_with = ("zz-other",) if name == "awards on a common clock" else ()
    return board(cycle=cycle, clock_with=clock_with), ledger, days


def over_time(name, number):
    rules, ledger, _ = of_clock(name, number)
    return partial(standing_history, ledger, "p", until="2026-01-15", ruleset=rules)


def each_day(name, number):
    rules, ledger, days = of_clock(name, number)
    services = [("p", day + timedelta(days=more)) for day in days for more in (0, 30)]
    return lambda: list(in_force(ledger, services, ruleset=rules))


@pytest.mark.parametrize("ask", [over_time, each_day])
@pytest.mark.parametrize("name", CLOCKS)
def test_four_times_the_renewals_by_a_clock_of_their_own_cost_less_than_five_times_as_much(name, ask):
    """What each renewal rests on is looked at again only where it may have changed."""
    ask(name, 2)()
    few, many = (calls_of(ask(name, number)) for number in (40, 160))
    assert many < 5 * few


@pytest.mark.parametrize("is_moved", [False, True])
def test_four_times_the_renewals_without_an_end_cost_less_than_five_times_as_much(is_moved):
    """
    Cycles follow each other without an act.

    The last act ends the certificate: otherwise the cycles until the end of the calendar would cost most.
    """

    def ask(number):
        days = [date(1901, 1, 1) + timedelta(days=400 * place) for place in range(number)]
        ledger = Ledger()
        ledger.append(act("c", "awarded", "1900-03-14"))
        ledger.append(act(f"r-{place}", "renewed", day) for place, day in enumerate(days))
        ledger.append(act("s", "surrendered", days[-1] + timedelta(days=800)))
        if is_moved:
            ledger.append(moving("due", place, day + timedelta(days=50)) for place, day in enumerate(days))
        rules = board(cycle=Anniversary(months=6), unending=True)
        return partial(standing_history, ledger, "p", until="2100-01-15", ruleset=rules)

    ask(2)()
    few, many = (calls_of(ask(number)) for number in (30, 120))
    assert many < 5 * few


def test_four_times_the_rulings_on_a_certificate_without_an_end_cost_less_than_twice_as_much():
    """What follows without an act is made again until the next ruling, not each time until the end of the calendar."""

    def ask(number):
        ledger = Ledger()
        ledger.append(act("c", "awarded", "2000-03-14"))
        days = [date(2001, 1, 1) + timedelta(days=20 * place) for place in range(number)]
        ledger.append(moving("due", place, day) for place, day in enumerate(days))
        rules = board(cycle=Anniversary(months=6), unending=True)
        return partial(standing_history, ledger, "p", until="2020-01-15", ruleset=rules)

    ask(2)()
    few, many = (calls_of(ask(number)) for number in (10, 40))
    assert many < 2 * few


def spread(number, step=90):
    return [date(1901, 1, 1) + timedelta(days=step * place) for place in range(number)]


def naming(place, made, since, until, day):
    """Return a ruling that moves the due date of the cycles that would end in some days."""
    return attrs.evolve(moving("due", place, made, first_day=since, last_day=until), day=day)


def renewals(days):
    return [act(f"r-{place}", "renewed", day) for place, day in enumerate(days)]


def of_the_first_cycle(days):
    """Rulings that each name the first cycle."""
    first, last = date(1900, 3, 14), date(1903, 3, 14)
    return [
        naming(place, day, first, last, date(1901, 1, 1) + timedelta(place % 300)) for place, day in enumerate(days)
    ]


def of_any_cycle(days):
    """Rulings that each name some cycle that is over."""
    chance = Random(len(days))
    named = [days[chance.randrange(place + 1)] for place in range(len(days))]
    return [
        naming(place, day, name, name + timedelta(90), day + timedelta(40))
        for place, (day, name) in enumerate(zip(days, named, strict=True))
    ]


def suspended(days):
    """Each suspension is lifted three days later."""
    return [
        act(f"s-{place}-{kind}", kind, day + timedelta(more))
        for place, day in enumerate(days)
        for kind, more in (("suspended", 0), ("reinstated", 3))
    ]


def elsewhere(days):
    return [act(f"o-{place}", "awarded", day + timedelta(30), credential="zz-other") for place, day in enumerate(days)]


def undated(days):
    return [moving("due", place, day) for place, day in enumerate(days)]


NINE = Anniversary(months=9)
GRANTED = {
    "rulings on the first cycle": (board(cycle=NINE), renewals, of_the_first_cycle),
    "rulings on any cycle": (board(cycle=NINE), renewals, of_any_cycle),
    "rulings on the first cycle, without renewals": (board(cycle=NINE), of_the_first_cycle),
    "suspensions and rulings": (board(cycle=NINE), suspended, undated),
    "suspensions and rulings on the first cycle": (board(cycle=NINE), suspended, of_the_first_cycle),
    "suspensions of a certificate without an end, and rulings": (board(cycle=NINE, unending=True), suspended, undated),
    "rulings on the first cycle without an end": (board(cycle=NINE, unending=True), renewals, of_the_first_cycle),
    "rulings on the first cycle without an end, without renewals": (board(cycle=NINE, unending=True), of_the_first_cycle),
    "a common clock without an end": (board(cycle=NINE, clock_with=("zz-other",), unending=True), renewals, elsewhere),
    "a common clock without an end, without renewals": (board(cycle=NINE, clock_with=("zz-other",), unending=True), elsewhere),
    "a common clock without an end, and rulings": (
        board(cycle=NINE, clock_with=("zz-other",), unending=True), renewals, elsewhere, of_any_cycle
    ),
    "a common clock, suspensions and rulings": (
        board(cycle=NINE, clock_with=("zz-other",)), suspended, elsewhere, undated
    ),
}  # fmt: skip


def test_rulings_that_change_all_cycles_again_and_again_come_to_an_end(monkeypatch):
    """Each of them changes every cycle, so that all of them would cost the square of their number."""
    monkeypatch.setattr(grants_over_time, "MOST_AGAIN", 40 * 40)

    def ask(number):
        days, ledger = spread(number), Ledger()
        made = [days[-1] + timedelta(10 + place) for place in range(number)]
        rulings = [
            naming(place, day, date(1900, 1, 1), days[-1] + timedelta(900), day + timedelta(40 + place % 7))
            for place, day in enumerate(made)
        ]
        ledger.append([act("c", "awarded", "1900-03-14"), *renewals(days), *rulings])
        return partial(standing_history, ledger, "p", until="2100-01-15", ruleset=board(cycle=NINE))

    ask(2)()
    calls = [calls_of(ask(number)) for number in (40, 160, 640)]
    assert calls[1] < 4.5 * calls[0]
    assert calls[2] < 4.5 * calls[1]


@pytest.mark.parametrize("name", GRANTED)
def test_four_times_what_decides_grants_costs_less_than_five_times_as_much(name):
    """Only those grants are made again that a ruling or an award elsewhere changes, and those that follow from them."""
    rules, *makers = GRANTED[name]

    def ask(number):
        days, ledger = spread(number), Ledger()
        ledger.append(act("c", "awarded", "1900-03-14"))
        for make in makers:
            ledger.append(make(days))
        ledger.append(act("end", "surrendered", days[-1] + timedelta(900)))
        return partial(standing_history, ledger, "p", until="2100-01-15", ruleset=rules)

    ask(2)()
    few, many = (calls_of(ask(number)) for number in (40, 160))
    assert many < 5 * few


BESIDE = {
    "an application for each": lambda place, day: filed(f"f-{place}", day - timedelta(9)),
    "a statement of what is on file": lambda place, day: Coverage(
        id=f"v-{place}", covers="certification", first_day=day, last_day=day + timedelta(30)
    ),
    "a training that was reviewed": lambda place, day: Review(
        id=f"w-{place}", person="p", event=f"e-{place % 7}", decision="approved", on=day
    ),
    "a designation": lambda place, day: Designation(id=f"g-{place}", person="p", name=f"x-{place}", awarded=day),
    "another credential": lambda place, day: act(f"o-{place}", "awarded", day, credential=f"zz-{place}"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_four_times_the_renewals_beside_other_records_cost_less_than_five_times_as_much(name):
    """What is known on a day is cut from what is known until any day."""

    def ask(number):
        days, ledger = spread(number), Ledger()
        ledger.append([act("c", "awarded", "1900-03-14"), *renewals(days)])
        ledger.append([BESIDE[name](place, day) for place, day in enumerate(days)])
        return partial(standing_history, ledger, "p", until="2026-01-15", ruleset=board(cycle=NINE))

    ask(2)()
    few, many = (calls_of(ask(number)) for number in (40, 160))
    assert many < 5 * few


@pytest.mark.parametrize("is_in_order", [True, False])
def test_what_is_known_on_a_day_is_what_is_on_file_until_then(is_in_order):
    """Also where records were not recorded by day, and for another credential."""
    days = [date(2025, 3, 1), date(2025, 4, 1), None, date(2025, 5, 1)]
    days = days if is_in_order else days[::-1]
    ledger = Ledger()
    ledger.append(
        act(f"c-{place}", "renewed", day, expires="2027-01-01" if day is None else None)
        for place, day in enumerate(days)
    )
    ledger.append(Designation(id=f"g-{place}", person="p", name="x", awarded=day) for place, day in enumerate(days))
    for place, day in enumerate(filter(None, days)):
        ledger.append(filed(f"f-{place}", day))
        ledger.append(document(f"d-{place}", "letter", on=day))
        ledger.append(attrs.evolve(ruled("due", "moves", on=day, day="2027-03-01"), id=f"u-{place}"))
        ledger.append(trained(place, day=day))
        ledger.append(Review(id=f"w-{place}", person="p", event=f"e-{place}", decision="rejected", on=day))
        ledger.append(act(f"o-{place}", "awarded", day, credential="zz-other"))
    dossier = Dossiers(ledger).of("p")
    histories = Histories(dossier, XX)
    for day in [each + timedelta(more) for each in filter(None, days) for more in (-1, 0)]:
        found, expected = histories.on(day), dossier.on(day, credential=XX)
        assert expected == found
        assert (expected.entries, expected.repeated, expected.events) == (
            found.entries, found.repeated, found.events
        )  # fmt: skip
    assert 1 == len(histories.on(date(2025, 3, 1)).documents)
    assert 2 == len(histories.on(date(2025, 3, 31)).acts)
    assert 0 == len(histories.on(date(2025, 2, 28)).rulings)


def applied(number):
    """Return a ledger with many pending applications, one each month, for a certificate that is due in 2090."""
    ledger = Ledger()
    ledger.append([*COVERED, act("c", "awarded", "2000-03-14", expires="2090-12-31")])
    ledger.append(filed(f"f-{place}", date(2001, 1, 1) + timedelta(30 * place)) for place in range(number))
    return ledger


def at_last(ledger):
    report = evaluate(ledger, "p", on="2085-01-15", ruleset=board())
    return report.findings, report.caveats, report.questions


def all_along(ledger):
    return standing_history(ledger, "p", until="2085-01-15", ruleset=board())


@pytest.mark.parametrize("ask", [at_last, all_along])
def test_four_times_the_pending_applications_cost_less_than_five_times_as_much(ask):
    """Which of them are open is worked out once, and over time only a new one is looked at."""
    ask(applied(2))
    few, many = (calls_of(partial(ask, applied(number))) for number in (sized(160, 40), sized(640, 160)))
    assert many < 5 * few


def test_applications_that_stay_pending_for_decades_cost_no_more_than_for_a_year():
    """All of them leave the certificate current, so no day between is looked at; on each, what they lack may change."""

    def ask(year):
        return partial(standing_history, applied(3), "p", until=date(year, 1, 15), ruleset=board())

    ask(2002)()
    few, many = (calls_of(ask(year)) for year in (2003, 2083))
    assert many < 2 * few


class Counting:
    """A cut that counts how often it is asked for a shortfall, and of how many portions."""

    def __init__(self, cut):
        self._cut, self.times, self.portions = cut, 0, 0

    def handle(self, mask):
        return self._cut.handle(mask)

    def shortfall(self, portions, kinds):
        self.times += 1
        self.portions += len(portions)
        return self._cut.shortfall(portions, kinds)

    def held(self, portions):
        return HeldKinds(self, portions)


@pytest.mark.parametrize("cut_of", [FlowCut, lambda tree, nesting: EnumeratedCut(asking_sets(tree), nesting)])
def test_an_assignment_is_found_with_few_questions_about_few_portions(cut_of):
    """Eight parts of two units each, and portions of three kinds: a question for each portion, and for each full place."""
    parts = tuple(Demand(name=f"part-{place}", minimum=2) for place in range(8))
    [tree] = trees_of(Demand(name="whole", minimum=16, children=parts, group="exclusive"))
    kinds = (tree.full, 3, 5)
    for number in (60, 240):
        counting = Counting(cut_of(tree, nested_limits(())))
        seats = seated(tree, counting, [Portion(1, kinds[place % 3], 0) for place in range(number)], 0)
        assert 16 == sum(amount for places in seats for amount in places.values())
        # One question for all, one for each portion, and in the end one for each of the 16 units and each full place.
        assert counting.times <= 1 + number + 16 + 3 * len(tree.nodes)
        assert counting.portions <= counting.times * (len(kinds) + len(tree.nodes) + 1)


def disagreeing(number):
    """Return an hour of ethics, written down in many lists, each with a length of its own."""
    return [trained(place, "Ethics", f"{1 + place / 100:.2f}", source=f"s-{place}") for place in range(number)]


@pytest.mark.parametrize(("few", "many"), [(4, 16), (16, 17), (17, 68)])
def test_four_times_the_records_that_disagree_cost_less_than_five_times_as_much(monkeypatch, few, many):
    """Each may be the right one, so that there are as many worlds as records; of more than 16 not all are looked at."""
    monkeypatch.setattr(disagreements, "MOST_IN_WORLDS", 64)
    monkeypatch.setattr(disagreements, "MOST_SAID", 16)
    costs = []
    for number in (3, few, many):
        ledger = Ledger()
        ledger.append([AWARDED, *disagreeing(number)])
        costs.append(calls_of(partial(READERS["evaluate"], ledger)))
    assert costs[2] < 5 * costs[1]


@pytest.mark.parametrize("most", [128, 2])
@pytest.mark.parametrize("seed", range(sized(300, 20)))
def test_what_is_connected_is_what_comparing_each_with_each_connects(monkeypatch, seed, most):
    """Of more than are compared at least as much is connected."""
    rng = Random(seed)
    events = [
        trained(
            place,
            rng.choice([None, "WRAP", "wrap.", "Ethics"]),
            rng.choice(["1", "2"]),
            FIRST + timedelta(days=rng.randrange(2)),
            rng.choice([("ethics",), ("recovery",)]),
            rng.choice([None, "a", "b"]),
        )
        for place in range(rng.randrange(2, 9))
    ]
    likenesses = [Likeness.of(event) for event in events]
    pairs = [
        (one, other)
        for one in range(len(events))
        for other in range(one)
        if same_record(likenesses[one], likenesses[other]) == "likely"
    ]
    naive = same_records.first_of_each(len(events), pairs)
    monkeypatch.setattr(same_records, "MOST_COMPARED", most)
    places = same_records.by_key(zip(likenesses, range(len(events)), strict=True))
    found = same_records.first_of_each(len(events), same_records.connecting(places))
    if most > len(events):
        assert naive == found
    assert all(found[one] == found[other] for one, other in pairs)


def test_very_many_nodes_are_grouped_in_bounded_work():
    """What is not looked at is told: the groupings are not all."""
    links = {(place, place + 1) for place in range(63)}
    found = groupings_of(range(64), links, {(0, 63)})
    assert not found.is_complete
    assert found.all


def asked(number):
    """Return exclusive parts of which each has a figure that depends on a question of its own."""
    readings = tuple(Reading(id=one, says=f"{one}.", cites=("P",)) for one in ("yes", "no"))
    names = [f"q-{place}" for place in range(number)]
    questions = tuple(
        Question(id=name, asks="Is it?", readings=readings, assumed="yes", weight="blocking") for name in names
    )
    parts = tuple(
        Part(id=f"part-{name}", says="So many.", need=ByQuestion(by=name, values=(("yes", 1), ("no", 2))), cites=("P",))
        for name in names
    )
    return names, board(hours(2 * number, parts=parts, together="exclusive"), questions=questions)


@pytest.mark.parametrize("number", [3, sized(12, 11)])
def test_a_rule_set_that_would_be_expensive_is_answered_within_a_budget(number):
    """Of 12 questions there are 4,096 combinations, each of 12 exclusive parts: not all are looked at."""
    names, rules = asked(number)
    ledger = Ledger()
    ledger.append([*COVERED, AWARD, *(trained(place, f"C {place}", "2", date(2025, 3, 4)) for place in range(4))])

    def ask():
        found.append(evaluate(ledger, "p", on="2025-06-01", ruleset=rules))
        found[-1].questions, found[-1].caveats

    found = []
    assert calls_of(ask) < 6_000_000
    [report] = found
    is_cut = any("not all combinations" in one for one in sentences(report.caveats))
    assert is_cut == (number > 3)
    if is_cut:
        assert report.outcome == "undetermined"
        assert {one.question.id for one in report.questions} >= {*names}


@pytest.mark.parametrize(
    ("kind", "credential", "amounts"), [("age", "us-wa-cpss", (2, 17, 30)), ("recovery", "us-ar-pr", (3, 1, 2))]
)
def test_papers_about_one_time_cost_in_proportion_to_their_number(kind, credential, amounts):
    """Each may settle what another one leaves open, or say that it is over."""

    def cost(number):
        papers = [
            Document(
                id=f"d-{place:04}",
                person="p",
                kind=kind,
                on=date(2022, 1, 1) + timedelta(days=place),
                value=Quantity(amount=amounts[place % 3], unit="year"),
            )
            for place in range(number)
        ]
        ledger = Ledger()
        ledger.append([Coverage(id="acts", covers="certification"), Coverage(id="papers", covers="document"), *papers])
        return calls_of(lambda: str(evaluate(ledger, "p", on="2026-01-15", ruleset=credential)))

    cost(10)
    few, many = (cost(number) for number in (MANY, 4 * MANY))
    assert many < 5 * few
