"""The grants of a certificate on any day are those that the acts until that day make."""

from datetime import date
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, act, board, document, ruled
from effort import effort
from peer_ledger import Ledger, MonthDay, Quantity, ruleset, ruleset_ids
from peer_ledger.evaluation import _grants_over_time as grants_over_time
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._grants import grants_on
from peer_ledger.evaluation._grants_over_time import GrantsOverTime
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    ByQuestion,
    Chosen,
    Cohort,
    Cohorts,
    CycleEditions,
    DatedCycle,
    FixedDate,
    Provisional,
    Question,
    Reading,
    Readings,
    questions_of,
)
from peer_ledger.testing import lives
from peer_ledger.testing._lives import PERSON
from peer_ledger.values.dates import DAY, as_day


def compare(rules, records, taken, days, *, person=PERSON):
    """Check grants, standing and the questions asked on some days, in any order."""
    ledger = Ledger()
    ledger.append(records)
    dossier = Dossiers(ledger).of(person)
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    for day in days:
        history = dossier.on(day, credential=rules.id)
        apart, together = (Readings(questions_of(rules), taken) for _ in range(2))
        assert grants_on(history, rules, apart) == over_time.until(history, rules, together)
        assert apart.asked == together.asked


def one_of_each_kind():
    """Return a rule set for each kind of cycles, and of those that have levels, share a clock or need no renewal."""
    found = {}
    for name in ruleset_ids():
        rules = ruleset(name)
        found.setdefault(
            (type(rules.cycle), bool(rules.provisional), bool(rules.clock_with), bool(rules.unending)), name
        )
    return sorted(found.values())


@pytest.mark.parametrize("name", one_of_each_kind())
@given(st.data())
@effort(40)
def test_grants_on_a_day_are_the_first_of_all_grants(name, data):
    """Whatever the life, and whichever readings are taken."""
    rules = ruleset(name)
    records = data.draw(lives(rules))
    taken = {
        question.id: data.draw(st.sampled_from([reading.id for reading in question.readings]))
        for question in questions_of(rules)
    }
    days = {record.on for record in records if getattr(record, "on", None) is not None}
    days |= {day - DAY for day in days} | {LAST_DAY}
    compare(rules, records, taken, data.draw(st.permutations(sorted(days))))


LIFE = [
    AWARD,
    act("r-1", "renewed", "2026-05-01"),
    act("s-1", "suspended", "2026-09-01"),
    act("s-2", "reinstated", "2026-10-01"),
    act("r-2", "renewed", "2028-05-01", expires="2030-05-31"),
    act("s-3", "revoked", "2029-01-01"),
]


def test_what_is_granted_and_what_ended_it_is_told_day_by_day():
    """Two years from June 1, 2024: renewed, suspended, resumed, renewed, revoked."""
    rules = board()
    ledger = Ledger()
    ledger.append(LIFE)
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = []
    for day in ("2029-01-01", "2024-05-31", "2026-09-30", "2026-05-01", "2026-10-01", "2028-12-31"):
        history = dossier.on(as_day(day), credential=rules.id)
        grants, ended = over_time.until(history, rules, Readings(questions_of(rules)))
        found.append(([grant.act.id for grant in grants], ended))
    assert [
        (["c", "r-1", "r-2"], "revoked"),
        ([], None),
        (["c", "r-1"], "suspended"),
        (["c", "r-1"], None),
        (["c", "r-1"], None),
        (["c", "r-1", "r-2"], None),
    ] == found


def test_a_ruling_that_moves_a_date_is_not_known_before_it_was_made():
    """The due date of the award is moved in 2026; asked about the year before, it is where it was."""
    moving = ruled("due", "moves", on="2026-05-15", day="2026-08-31")
    days = [as_day(day) for day in ("2026-05-14", "2026-05-15", "2025-01-01", "2027-01-01")]
    compare(board(), [AWARD, moving], {}, days, person="p")


def test_a_birthday_is_not_known_before_it_was_recorded():
    """The first cycle ends before the first birthday, May 5, 2025, or nobody knows when."""
    born = document("b", "birthday", on="2024-09-01", value=MonthDay(5, 5))
    days = [as_day(day) for day in ("2024-08-31", "2024-09-01", "2026-01-01", "2024-06-01")]
    compare(board(cycle=Birthday()), [AWARD, born], {}, days, person="p")


def test_a_clock_that_is_shared_starts_with_another_certificate():
    """The award of the other certificate, on March 1, 2025, restarts the cycle, but not the day before."""
    other = act("o", "awarded", "2025-03-01", credential="zz-other")
    days = [as_day(day) for day in ("2025-02-28", "2025-03-01", "2026-07-01")]
    compare(board(clock_with=("zz-other",)), [AWARD, other], {}, days, person="p")


@pytest.mark.parametrize(
    ("awarded", "is_unending", "before", "since"),
    [
        ("2026-05-31", False, ["2026-05-31"], ["2028-05-30"]),
        ("2026-05-31", True, ["2026-05-31"], ["2028-05-30"]),
        ("2026-06-01", False, ["2026-05-31"], ["2026-05-31"]),
        ("2026-06-01", True, ["2026-05-31"], ["2026-05-31", "2028-05-31"]),
        ("2027-03-01", True, ["2026-05-31", "2028-05-31"], ["2026-05-31", "2028-05-31"]),
    ],
)
def test_a_clock_that_is_shared_restarts_the_cycle_of_an_act_until_its_last_day(awarded, is_unending, before, since):
    """Two years from June 1, 2024; cycles that follow without an act are not restarted."""
    other = act("o", "awarded", awarded, credential="zz-other")
    rules, ledger, day = board(clock_with=("zz-other",), unending=is_unending), Ledger(), as_day(awarded)
    ledger.append([AWARD, other])
    compare(rules, [AWARD, other], {}, [day - DAY, day, day + DAY, day + 900 * DAY], person="p")
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = [over_time.until(dossier.on(on, credential=rules.id), rules, Readings(())) for on in (day - DAY, day)]
    assert [before, since] == [[str(grant.due) for grant in grants] for grants, _ in found]


def test_cycles_that_follow_without_an_act_end_with_the_day_asked_about():
    """A certificate that need not be renewed: on June 1, 2028, the third cycle of two years begins."""
    days = [as_day(day) for day in ("2028-05-31", "2028-06-01", "2024-06-01")]
    compare(board(unending=True), [AWARD], {}, days, person="p")


@pytest.mark.parametrize(
    ("made", "moved", "before", "since"),
    [
        ("2026-05-31", "2026-08-31", ["2026-05-31"], ["2026-08-31"]),
        ("2028-05-31", "2028-08-31", ["2026-05-31", "2028-05-31"], ["2026-05-31", "2028-08-31"]),
        ("2026-06-01", "2028-03-31", ["2026-05-31"], ["2026-05-31", "2028-03-31"]),
    ],
)
def test_a_ruling_of_the_last_day_of_a_cycle_is_made_during_it(made, moved, before, since):
    """A certificate that need not be renewed, awarded on June 1, 2024: two years each, and the day after is the next one."""
    ruling = ruled("due", "moves", on=made, day=moved)
    rules, ledger, day = board(unending=True), Ledger(), as_day(made)
    ledger.append([AWARD, ruling])
    compare(rules, [AWARD, ruling], {}, [day - DAY, day, day + DAY, day + 500 * DAY], person="p")
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = [over_time.until(dossier.on(on, credential=rules.id), rules, Readings(())) for on in (day - DAY, day)]
    assert [before, since] == [[str(grant.due) for grant in grants] for grants, _ in found]


COHORTS = Cohorts(
    document_kind="cohort",
    cohorts=(
        Cohort(name="odd", begins=MonthDay(4, 1), years=2, phase=1),
        Cohort(name="even", begins=MonthDay(4, 1), years=2, phase=0),
    ),
)
BY_QUESTION = Question(
    id="length",
    asks="How long?",
    assumed="two",
    readings=(Reading(id="two", says="Two years.", cites=("P",)), Reading(id="born", says="By the birthday.")),
)
MOVED_BOARDS = {
    "anniversary": board(),
    "fixed": board(cycle=FixedDate(begins=MonthDay(7, 1), years=2)),
    "birthday": board(cycle=Birthday(years=2)),
    "cohort": board(cycle=COHORTS),
    "chosen": board(cycle=Chosen(document_kind="length", months=(12, 24))),
    "another cycle from a day on": board(
        cycle=CycleEditions(
            editions=(
                DatedCycle(cycle=Birthday(years=2)),
                DatedCycle(first_day=date(2017, 3, 1), cycle=COHORTS),
                DatedCycle(first_day=date(2020, 3, 1), cycle=Anniversary(months=12)),
            )
        )
    ),
    "without an end": board(unending=True, cycle=Anniversary(months=18)),
    "without an end, by birthday": board(unending=True, cycle=Birthday(years=2)),
    "a shared clock": board(clock_with=("zz-other", "zz-more"), cycle=Anniversary(months=18)),
    "a shared clock, by birthday": board(clock_with=("zz-other",), cycle=Birthday(years=2)),
    "a shared clock, without an end": board(clock_with=("zz-other",), unending=True),
    "by question": board(
        cycle=ByQuestion(by="length", values=(("two", Anniversary(months=24)), ("born", Birthday(years=2)))),
        questions=(BY_QUESTION,),
    ),
}
STATED = {
    "birthday": [MonthDay(5, 5), MonthDay(11, 30), None],
    "cohort": ["odd", "even", "none"],
    "length": [Quantity(amount=years, unit="year") for years in (1, 2, 3)],
}
DAYS = st.integers(0, 4000).map(lambda number: date(2012, 1, 1) + number * DAY)
ACTS = st.sampled_from(
    ["renewed"] * 5 + ["suspended", "reinstated", "reinstated", "made-inactive", "revoked", "awarded"]
)


@st.composite
def moved_lives(draw):
    """Draw acts, with suspensions that are lifted, rulings that move due dates, and what documents state now and then."""
    records = [act("c", "awarded", draw(DAYS))]
    for place in range(draw(st.integers(1, 8))):
        kind, day = draw(ACTS), draw(DAYS)
        printed = (
            day + draw(st.integers(1, 900)) * DAY if kind in ("renewed", "awarded") and draw(st.booleans()) else None
        )
        on = None if printed is not None and draw(st.integers(0, 4)) == 0 else day
        records.append(act(f"a-{place}", kind, on, expires=printed))
    for place in range(draw(st.integers(0, 5))):
        day, named = draw(DAYS), draw(DAYS)
        width = draw(st.sampled_from([0, 40, 400, 12_000])) * DAY
        names = draw(
            st.sampled_from(
                [
                    {},
                    {},
                    {"first_day": named},
                    {"last_day": named},
                    {"first_day": named - width, "last_day": named + width},
                ]
            )
        )
        moving = ruled("due", "moves", on=day, day=day + draw(st.integers(-400, 900)) * DAY, **names)
        records.append(attrs.evolve(moving, id=f"u-{place}"))
    for place in range(draw(st.integers(0, 4))):
        credential = draw(st.sampled_from(["zz-other", "zz-other", "zz-more"]))
        kind = draw(st.sampled_from(["awarded", "awarded", "renewed"]))
        records.append(act(f"o-{place}", kind, draw(DAYS), credential=credential))
    for place in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(sorted(STATED)))
        records.append(document(f"d-{place}", kind, on=draw(DAYS), value=draw(st.sampled_from(STATED[kind]))))
    return records  # fmt: skip


@pytest.mark.parametrize("name", MOVED_BOARDS)
@given(moved_lives(), st.sampled_from(["two", "born"]), st.randoms(use_true_random=False))
@effort(300)
def test_what_is_known_later_moves_no_grant_before_it_was_known(name, records, reading, order):
    """Rulings, birthdays, cohorts and lengths, on each day on which something was done and on the day before, in any order."""
    days = {record.on for record in records if record.on is not None}
    days = sorted(days | {day - DAY for day in days} | {LAST_DAY})
    order.shuffle(days)
    compare(MOVED_BOARDS[name], records, {"length": reading} if name == "by question" else {}, days, person="p")


def test_each_grant_is_found_as_it_was_known():
    """
    Two years from June 1, 2024, so due on May 31, 2026, and renewed to May 31, 2028, which a ruling of 2027 moves by a month.

    A ruling of 2029 moves the due date of the award, which it names, to April 30, 2026. The renewal of May 1, 2026, is
    late from then on; the cycle that it begins ends when it did.
    """
    records = [
        AWARD,
        act("r-1", "renewed", "2026-05-01"),
        attrs.evolve(ruled("due", "moves", on="2027-03-01", day="2028-06-30"), id="u-1"),
        attrs.evolve(
            ruled("due", "moves", on="2029-03-01", day="2026-04-30", first_day="2026-05-31", last_day="2026-05-31"),
            id="u-2",
        ),
        act("r-2", "renewed", "2029-06-01"),
    ]
    rules, ledger = board(), Ledger()
    ledger.append(records)
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)

    def due_on(day):
        grants, _ = over_time.until(dossier.on(as_day(day), credential=rules.id), rules, Readings(()))
        return [str(grant.due) for grant in grants]

    assert due_on("2029-03-01") == ["2026-04-30", "2028-06-30"]
    assert due_on("2026-04-30") == ["2026-05-31"]
    assert due_on("2027-02-28") == ["2026-05-31", "2028-05-31"]
    assert due_on("2027-03-01") == ["2026-05-31", "2028-06-30"]
    assert due_on("2029-02-28") == ["2026-05-31", "2028-06-30"]
    assert len(due_on("2029-06-01")) == 3


@pytest.mark.parametrize(
    ("moved", "since"), [("2027-01-31", ["c"]), ("2026-08-01", ["c"]), ("2026-07-31", ["c", "s-2"])]
)
def test_a_ruling_may_decide_whether_a_reinstatement_only_lifted_a_suspension(moved, since):
    """
    Due on May 31, 2026, suspended, and reinstated on August 1: a new cycle, as the old one was over.

    A ruling of September moves the due date to January 31, 2027; since then the old cycle was not over in August. The
    same to August 1, its last day then; to the day before, and it was over.
    """
    records = [
        AWARD,
        act("s-1", "suspended", "2025-01-01"),
        act("s-2", "reinstated", "2026-08-01"),
        ruled("due", "moves", on="2026-09-01", day=moved),
    ]
    days = [as_day(day) for day in ("2026-08-31", "2026-09-01", "2026-07-31", "2027-06-01")]
    compare(board(), records, {}, days, person="p")
    ledger = Ledger()
    ledger.append(records)
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=board().id), board())
    found = [over_time.until(dossier.on(day, credential=board().id), board(), Readings(())) for day in days]
    assert [[grant.act.id for grant in grants] for grants, _ in found] == [["c", "s-2"], since, ["c"], since]


def named(name, on, day, names):
    moving = ruled("due", "moves", on=on, day=day, first_day=names, last_day=names)
    return attrs.evolve(moving, id=name)


SHORTENED = [
    AWARD,
    act("s-1", "suspended", "2025-01-01"),
    named("u-1", "2025-02-01", "2026-02-28", "2026-05-31"),
    act("s-2", "reinstated", "2026-04-01"),
    act("o", "awarded", "2026-05-01", credential="zz-other"),
]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], [["c", "s-2"], ["c"], ["c"]]),
        (
            [
                named("u-2", "2025-03-01", "2026-03-01", "2028-04-30"),
                named("u-3", "2026-09-01", "2028-04-30", "2028-04-30"),
            ],
            [["c", "s-2"], ["c", "s-2"], ["c"]],
        ),
    ],
)
def test_a_shared_clock_may_decide_whether_a_reinstatement_only_lifted_a_suspension(more, expected):
    """
    Due on May 31, 2026, which a ruling moved to February 28: the reinstatement of April 1 begins a new cycle.

    The award of May 1 restarts the first cycle, now due on April 30, 2028, so that it was not over; unless that day was
    moved, too, until a ruling of September 1 moves it back.
    """
    days = [as_day(day) for day in ("2026-04-30", "2026-05-01", "2026-09-01")]
    rules, records = board(clock_with=("zz-other",)), [*SHORTENED, *more]
    compare(rules, records, {}, days, person="p")
    ledger = Ledger()
    ledger.append(records)
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = [over_time.until(dossier.on(day, credential=rules.id), rules, Readings(())) for day in days]
    assert expected == [[grant.act.id for grant in grants] for grants, _ in found]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.integers(0, 12))
@effort(60)
def test_what_rulings_change_again_and_again_is_undetermined_in_the_end(moved, most):
    """Until a ruling all is as it is, and from then on nothing but undetermined."""
    renewals = [act(f"r-{number}", "renewed", f"20{26 + 2 * number}-05-01") for number in range(4)]
    rulings = [
        attrs.evolve(
            ruled("due", "moves", on=f"2034-{1 + number:02}-15", day=as_day("2026-07-01") + days * DAY),
            id=f"m-{number}", first_day=as_day("2020-01-01"), last_day=as_day("2040-01-01"),
        )
        for number, days in enumerate(moved)
    ]  # fmt: skip
    rules, ledger = board(), Ledger()
    ledger.append([AWARD, *renewals, *rulings])
    dossier = Dossiers(ledger).of("p")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grants_over_time, "MOST_AGAIN", most)
        over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
        days = [as_day("2026-05-01"), *(ruling.on for ruling in rulings), as_day("2036-01-01")]
        are_known = []
        for day in days:
            history = dossier.on(day, credential=rules.id)
            grants, ended = over_time.until(history, rules, Readings(questions_of(rules)))
            are_known.append(ended is None)
            assert ended in {None, "undetermined"}
            if ended is None:
                assert (grants, ended) == grants_on(history, rules, Readings(questions_of(rules)))
    assert are_known == sorted(are_known, reverse=True)
    assert are_known[:2] == [True, True]
    assert are_known[2] or most < 5
    assert not (most == 0 and are_known[2])
    assert all(are_known) or 5 * len(moved) > most


def either_way(name):
    """Return a rule set whose cycles are counted from the renewal or not, and which prints this day or that, by question."""
    values = {"after-early": ("due", "renewal"), "after-late": ("due", "renewal"), "printed": ("last-day", "day-after")}
    questions = tuple(
        Question(
            id=question,
            asks="Which?",
            assumed=first,
            readings=(Reading(id=first, says="So.", cites=("P",)), Reading(id=second, says="Otherwise.")),
        )
        for question, (first, second) in values.items()
    )
    decided = {
        question.replace("-", "_"): ByQuestion(by=question, values=((first, first), (second, second)))
        for question, (first, second) in values.items()
    }
    cycle = {"months": Anniversary(months=9), "working day": FixedDate(begins=MonthDay(7, 1), working_day=True)}[name]
    return board(cycle=cycle, questions=questions, **decided)


RENEWED_BOARDS = {
    "nine months": board(cycle=Anniversary(months=9)),
    "from the renewal": board(cycle=Anniversary(months=12), after_early="renewal", after_late="renewal"),
    "late ones from the renewal": board(cycle=Anniversary(months=12), after_late="renewal"),
    "early ones from the renewal": board(cycle=Anniversary(months=12), after_early="renewal"),
    "another first cycle": board(cycle=Anniversary(months=5, begins="next-month", first_months=8)),
    "to a working day": board(cycle=FixedDate(begins=MonthDay(7, 1), years=2, working_day=True)),
    "by birthday": board(cycle=Birthday(birthday=MonthDay(5, 5))),
    "by question": either_way("months"),
    "by question, to a working day": either_way("working day"),
    "with levels": board(cycle=Anniversary(months=12), provisional=Provisional(months=6, cites=("P",))),
    "a shared clock": board(cycle=Anniversary(months=12), clock_with=("zz-other",)),
    "a shared clock, from the renewal": board(
        cycle=Anniversary(months=12), clock_with=("zz-other",), after_early="renewal"
    ),
    "a shared clock, another first cycle": board(
        cycle=Anniversary(months=12, first_months=7), clock_with=("zz-other",)
    ),
    "without an end": board(cycle=Anniversary(months=9), unending=True),
    "without an end, a shared clock": board(
        cycle=Anniversary(months=9), unending=True, clock_with=("zz-other",), after_late="renewal"
    ),
}


def a_renewed_life(rng):
    """Return an award, renewals about when they are due, and rulings that name many cycles, one, or none."""
    chance, day = rng.choice, date(2001, 3, 14)
    gap, records, days = chance([60, 180, 270, 365, 700]), [act("c", "awarded", day)], [day]
    for place in range(chance([2, 4, 8, 12])):
        day += (gap + rng.randint(-30, 30)) * DAY
        kind = chance(["renewed"] * 9 + ["suspended"] * 3 + ["reinstated", "awarded"])
        printed = day + rng.randint(1, 900) * DAY if kind == "renewed" and chance([True, *[False] * 7]) else None
        level = chance([None] * 5 + ["full", "provisional"]) if kind in ("awarded", "renewed") else None
        records.append(act(f"a-{place}", kind, day, expires=printed, level=level))
        days.append(day)
        if kind == "suspended":
            days.append(day + chance([1, 20, gap - 31]) * DAY)
            records.append(act(f"l-{place}", "reinstated", days[-1]))
    are_named = chance([True, False])
    for place in range(chance([1, 2, 4, 7])):
        about = chance(days) + chance([0, 180, 273, 274, 364, 365, 366, 730]) * DAY + rng.randint(-1, 1) * DAY
        made = chance([chance(days), chance(days) + DAY, about, days[-1] + rng.randint(1, 1500) * DAY])
        moved = about + chance([-400, -60, -1, 0, 1, 60, 274, 365, 3000]) * DAY
        wide = chance([0, 1, 20, 400]) * DAY
        names = [
            {"first_day": date(1900, 1, 1), "last_day": chance([made, date(2199, 12, 31)])},
            {"first_day": about - wide, "last_day": about + wide},
        ]
        names += [] if are_named else [{}, {"first_day": about}, {"last_day": about}]
        to = chance([moved, chance(days), chance(days) - DAY])
        records.append(attrs.evolve(ruled("due", "moves", on=made, day=to, **chance(names)), id=f"u-{place}"))
    awards = [chance(days) + chance([0, 1, 90]) * DAY for _ in range(chance([0, 0, 0, 2]))]
    return records + [act(f"o-{place}", "awarded", on, credential="zz-other") for place, on in enumerate(awards)]


@pytest.mark.parametrize("name", RENEWED_BOARDS)
@given(st.integers(0, 2**32))
@effort(300)
def test_rulings_that_move_many_cycles_leave_the_grants_that_the_acts_make(name, seed):
    """Made on the day of a renewal, during any cycle or long after; for all cycles, for those over, one or none."""
    rng, rules = Random(seed), RENEWED_BOARDS[name]
    records = a_renewed_life(rng)
    taken = {one.id: rng.choice([reading.id for reading in one.readings]) for one in questions_of(rules)}
    days = {record.on for record in records}
    days = sorted(days | {day - DAY for day in days} | {LAST_DAY})
    rng.shuffle(days)
    compare(rules, records, taken, days, person="p")


def test_a_cycle_that_follows_without_an_act_may_end_on_its_first_day_but_not_before():
    """
    Two years each from June 1, 2024. A ruling of 2027 moves May 31, 2028, to June 1, 2026, the first day of that cycle.

    The next one begins on June 2, 2026, and ends on May 31, 2028, too: moved, it would end before it begins.
    """
    ruling = named("u", "2027-01-01", "2026-06-01", "2028-05-31")
    rules, ledger, day = board(unending=True), Ledger(), as_day("2027-01-01")
    ledger.append([AWARD, ruling])
    compare(rules, [AWARD, ruling], {}, [day - DAY, day, day + 600 * DAY], person="p")
    dossier = Dossiers(ledger).of("p")
    over_time = GrantsOverTime(dossier.on(LAST_DAY, credential=rules.id), rules)
    found = []
    for on in (day - DAY, day, as_day("2026-06-01"), as_day("2028-06-01")):
        [*_, last], _ = over_time.until(dossier.on(on, credential=rules.id), rules, Readings(()))
        found.append(f"{last.begins} to {last.due}, the {last.number}.")
    assert [
        "2026-06-01 to 2028-05-31, the 2.",
        "2026-06-02 to 2028-05-31, the 3.",
        "2026-06-01 to 2028-05-31, the 2.",
        "2028-06-01 to 2030-05-31, the 4.",
    ] == found
