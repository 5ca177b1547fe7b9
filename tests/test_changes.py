"""What changed between two moments: every cause that is named is needed, and none is missing."""

from datetime import date
from itertools import combinations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, COVERED, act, board, document, hours, trained
from effort import effort
from peer_ledger import Course, Credit, Ledger, SamePerson, TrainingEvent, evaluate
from peer_ledger.comparing import AsOf, changes
from peer_ledger.comparing._causes import Cause, causes_of, day_of, record_causes
from peer_ledger.errors import InvalidValue
from peer_ledger.records import Retraction

FIRST, SECOND = "2026-01-10T12:00Z", "2026-02-10T12:00Z"
BETWEEN = "2026-01-20T12:00Z"
RULES, STRICTER = board(hours(8)), board(hours(12), version="2")
PARTS = ("standing", "step", "in_force", "status", "outcome", "hours_outcome", "documents_outcome", "hours_short",
         "pending_since")  # fmt: skip


def answer(report):
    """Return what is compared, in words of its own."""
    days = {name: (day.day, day.candidates) for name, day in report.dates.items()}
    return [getattr(report, name) for name in PARTS], days


def found(ledger, since, until, **more):
    return changes(ledger, since=since, until=until, **{"ruleset": RULES, **more})


DAYS = ("2025-03-04", "2025-12-20", "2026-01-05", "2026-01-25", "2026-02-05")
OPERATIONS = st.one_of(
    st.tuples(st.just("train"), st.sampled_from(DAYS), st.sampled_from((1, 2, 4, 8))),
    st.tuples(st.just("retract"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("correct"), st.integers(0, 3), st.sampled_from((1, 3, 8))),
    st.tuples(st.just("undo"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("act"), st.sampled_from(("renewed", "suspended")), st.sampled_from(DAYS[1:])),
)


def filled(before, after):
    """Return a ledger in which some operations were recorded before a moment, and others after it."""
    ledger = Ledger()
    ledger.append([*COVERED, AWARD], at=FIRST)
    names, withdrawals = [], []
    for number, (what, one, other) in enumerate([*before, *after]):
        at = FIRST if number < len(before) else SECOND
        if what == "train":
            names.append(f"e-{number}")
            ledger.append(trained(names[-1], other, day=one, title=f"Training {number}"), at=at)
        elif what == "act":
            ledger.append(act(f"a-{number}", one, other), at=at)
        elif what == "undo" and withdrawals and not ledger.is_withdrawn(withdrawals[one % len(withdrawals)]):
            ledger.retract(withdrawals[one % len(withdrawals)], reason="it was right", at=at)
        elif what in ("retract", "correct") and names and not ledger.is_withdrawn(names[one % len(names)]):
            name = names[one % len(names)]
            if what == "retract":
                withdrawals.append(ledger.retract(name, reason="wrong", at=at).id)
            elif ledger.record(name).credits[0].amount != other:
                names.append(ledger.correct(name, {"credits": [Credit(amount=other)]}, reason="wrong", at=at).id)
    return ledger


class Asked:
    """What the answer is when only some of the possible causes are there, worked out from a ledger of its own."""

    def __init__(self, ledger, since, until, rules):
        self.entries = [(entry.seq, entry.record) for entry in ledger]
        self.since, self.until, self.rules = since, until, rules
        self.known = len(ledger.known_at(since.known_at)) if since.known_at else len(ledger)
        self.possible = {record.id for seq, record in self.entries if seq > self.known or self.is_between(record)}

    def is_between(self, record):
        day = getattr(record, "completed", None) or getattr(record, "on", None)
        return day is not None and self.since.on < day <= self.until.on

    def under(self, causes):
        kinds, kept = {cause.kind for cause in causes}, {name for cause in causes for name in cause.records}
        ledger, there = Ledger(), set()
        for _, record in self.entries:
            is_left_out = record.id in self.possible and record.id not in kept
            if not is_left_out and not (isinstance(record, Retraction) and record.retracts not in there):
                ledger.append(record)
                there.add(record.id)
        on = self.until.on if "calendar" in kinds else self.since.on
        rules = self.rules[1] if "rules" in kinds else self.rules[0]
        return answer(evaluate(ledger, "p", on=on, ruleset=rules))


def check(ledger, since, until, rules=(RULES, RULES)):
    """Check each cause of a change against an oracle; return the change, or None."""
    done = changes(ledger, since=attrs.evolve(since, ruleset=rules[0]), until=attrs.evolve(until, ruleset=rules[1]))
    sides = [
        answer(
            evaluate(ledger.known_at(side.known_at) if side.known_at else ledger, "p", on=side.on, ruleset=under)
        )
        for side, under in zip((since, until), rules, strict=True)
    ]  # fmt: skip
    assert bool(done.changed) is (sides[0] != sides[1])
    if not done.changed:
        return None
    [change] = done.changed
    asked = Asked(ledger, since, until, rules)
    assert sides == [answer(change.before), answer(change.after)]
    for causes in (change.causes, *change.otherwise):
        assert sides[1] == asked.under(causes)
        for cause in causes:
            assert sides[1] != asked.under([other for other in causes if other != cause])
    return change


@effort(150)
@given(
    st.lists(OPERATIONS, max_size=4),
    st.lists(OPERATIONS, max_size=4),
    st.sampled_from(
        (
            ("2026-02-01", "2026-02-01"),
            ("2025-12-31", "2026-02-20"),
            ("2026-01-15", "2026-07-01"),
            ("2025-12-20", "2026-01-25"),
        )
    ),
    st.booleans(),
)
def test_a_named_cause_removed_removes_the_change(before, after, days, is_stricter):
    """The causes suffice, each is needed, and whose answer is the same is not listed; held against ledgers built anew."""
    rules = (RULES, STRICTER if is_stricter else RULES)
    check(filled(before, after), AsOf(on=days[0], known_at=BETWEEN), AsOf(on=days[1]), rules)


def test_all_explanations_are_found():
    """Of three trainings of 4 hours, of which two make the 8 hours needed, each pair explains it."""
    ledger = filled([], [("train", "2025-03-04", 4)] * 3)
    change = check(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    sets = [[name for cause in causes for name in cause.records] for causes in (change.causes, *change.otherwise)]
    assert [list(pair) for pair in combinations(("e-0", "e-1", "e-2"), 2)] == sorted(sets)
    assert ["e-0", "e-1"] == sets[0]
    assert change.is_complete
    assert "would have been enough, too" in str(change)


def test_many_possible_causes():
    """Of twenty trainings, the two that make the hours are named; and so is one that would do, recorded after them."""
    trainings = [("train", "2025-03-04", 4), *[("train", "2019-03-04", 8)] * 18, ("train", "2025-03-05", 4)]
    change = check(filled([], trainings), AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    assert ["e-0", "e-19"] == [name for cause in change.causes for name in cause.records]
    assert not change.is_complete
    more = [*trainings, ("train", "2025-03-06", 8)]
    change = check(filled([], more), AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    assert [["e-0", "e-19"], ["e-20"]] == [
        [name for cause in causes for name in cause.records] for causes in (change.causes, *change.otherwise)
    ]


CAUSES = tuple(Cause(kind="record", records=(f"e-{number}",), says=f"e-{number}") for number in range(24))


@st.composite
def explained(draw):
    """Return causes, and sets of them of which any one suffices."""
    number = draw(st.integers(7, 24))
    sets = draw(st.lists(st.sets(st.integers(0, number - 1), min_size=1, max_size=3), min_size=1, max_size=3))
    return CAUSES[:number], [{CAUSES[place] for place in some} for some in sets]


@effort(150)
@given(explained(), st.sets(st.sampled_from(CAUSES), max_size=3))
def test_explanations_among_many_causes(case, shared):
    """Whatever suffices: no cause that is named can be left out, and all explanations are found where they are few."""
    causes, sets = case
    asked = []

    def suffices(some):
        asked.append(some)
        return any(one <= {*some} for one in sets)

    found, is_complete = causes_of(causes, suffices, frozenset(shared) & {*causes})
    least = [some for some in sets if not any(other < some for other in sets)]
    assert {frozenset(some) for some in found} == {frozenset(some) for some in least}
    assert len(found) == len({frozenset(some) for some in found})
    assert not is_complete
    # Left out one after the other, first the shared ones, then the latest.
    order = [cause for cause in reversed(causes) if cause not in shared]
    kept = [*causes]
    for cause in [*(cause for cause in causes if cause in shared), *order]:
        fewer = [one for one in kept if one != cause]
        kept = fewer if any(one <= {*fewer} for one in sets) else kept
    assert kept == [*found[0]]


@effort(150)
@given(st.integers(7, 12), st.data())
def test_named_causes_are_needed_whatever_suffices(number, data):
    """Also where more causes are enough less often than fewer."""
    causes = CAUSES[:number]
    answers = {frozenset(causes): True}

    def suffices(some):
        key = frozenset(some)
        if key not in answers:
            answers[key] = data.draw(st.sampled_from((True, False, False)))
        return answers[key]

    for some in causes_of(causes, suffices)[0]:
        assert suffices(some)
        assert not any(suffices([one for one in some if one != cause]) for cause in some)


def test_few_questions_where_few_of_many_causes_matter():
    """Two of two hundred causes are found with some dozens of questions."""
    causes = tuple(Cause(kind="record", records=(str(number),), says=str(number)) for number in range(200))
    asked = []
    found, _ = causes_of(causes, lambda some: asked.append(some) or {causes[30], causes[150]} <= {*some})
    assert [(causes[30], causes[150])] == [*found]
    assert len(asked) < 60


def kinds_of(change):
    return [cause.kind for cause in change.causes]


def test_the_calendar_alone():
    """Nothing was recorded and no day of a record passed: the renewal became due soon because days went by."""
    ledger = filled([], [])
    change = check(ledger, AsOf(on="2026-01-15"), AsOf(on="2026-05-15"))
    assert ["calendar"] == kinds_of(change)
    assert "p: due soon instead of in progress. Because of the calendar, from January 15, 2026 to May 15, 2026." == str(
        change
    )


def test_training_of_the_days_between_acts_with_the_calendar():
    """It was recorded beforehand, and counts from its day on: the day and the record act together."""
    ledger = filled([("train", "2026-01-25", 8)], [])
    change = check(ledger, AsOf(on="2026-01-15"), AsOf(on="2026-02-01"))
    assert ["calendar", "record"] == kinds_of(change)
    assert "e-0, a training of January 25, 2026" in str(change)


def test_a_correction_is_one_cause():
    """The record withdrawn and the record in its place are named as one, with the record that they correct."""
    ledger = filled([("train", "2025-03-04", 8)], [("correct", 0, 3)])
    change = check(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    [cause] = change.causes
    assert ("correction", ("e-0",)) == (cause.kind, cause.corrects)
    assert "e-0~2" in cause.records
    assert "the correction of e-0 by e-0~2, a training of March 4, 2025" in str(change)


def test_a_withdrawal_and_its_undoing():
    """A record that is withdrawn is a cause; withdrawn and restored within the time, nothing changed."""
    ledger = filled([("train", "2025-03-04", 8)], [("retract", 0, 0)])
    change = check(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    assert ["withdrawal"] == kinds_of(change)
    assert "the withdrawal of e-0." in str(change)
    ledger = filled([("train", "2025-03-04", 8)], [("retract", 0, 0), ("undo", 0, 0)])
    assert check(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01")) is None


def test_the_rules_alone_and_with_a_record():
    """12 hours instead of 8: with 8 on file the rules are the cause; with 4 more recorded since, nothing changed."""
    ledger = filled([("train", "2025-03-04", 8)], [])
    change = check(ledger, AsOf(on="2026-02-01"), AsOf(on="2026-02-01"), (RULES, STRICTER))
    assert ["rules"] == kinds_of(change)
    both = filled([("train", "2025-03-04", 8)], [("train", "2025-03-05", 4)])
    assert check(both, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"), (RULES, STRICTER)) is None


def test_what_belongs_to_nobody_is_a_cause():
    """A catalog that says how long a course is comes later than the training that names it."""
    ledger = Ledger()
    event = TrainingEvent(id="e-1", person="p", completed="2025-03-04", course="eth")
    ledger.append([*COVERED, AWARD, event], at=FIRST)
    ledger.append(Course(id="eth", title="Ethics", credits=[Credit(amount=8)]), at=SECOND)
    change = check(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), AsOf(on="2026-02-01"))
    assert [("eth",)] == [cause.records for cause in change.causes]


def test_ids_that_were_joined():
    """The training of another id counts since the two were said to be one person; both ids are looked at."""
    ledger = Ledger()
    ledger.append([*COVERED, AWARD, attrs.evolve(trained("e-1", 8), person="p-0")], at=FIRST)
    ledger.append(SamePerson(id="s", people={"p", "p-0"}), at=SECOND)
    done = found(ledger, AsOf(on="2026-02-01", known_at=BETWEEN), "2026-02-01")
    assert [("p", ["s"]), ("p-0", ["s"])] == sorted(
        (change.person, [name for cause in change.causes for name in cause.records]) for change in done.changed
    )
    assert 2 == done.people


def test_others_are_looked_at_and_not_listed():
    """Whose answer is the same is counted, and not listed."""
    ledger = Ledger()
    two = [attrs.evolve(record, id=f"{record.id}-{n}", person=f"p-{n}") for n in (1, 2) for record in (AWARD,)]
    ledger.append([*COVERED, *two], at=FIRST)
    ledger.append(attrs.evolve(trained("e-1", 8), person="p-2"), at=SECOND)
    seen = []
    done = found(
        ledger, AsOf(on="2026-02-01", known_at=BETWEEN), "2026-02-01", progress=lambda *numbers: seen.append(numbers)
    )
    assert (2, ["p-2"], [(1, 2), (2, 2)]) == (done.people, [one.person for one in done.changed], seen)
    assert [("record", 1)] == list(done.causes().rows)
    assert "p-2" in done._repr_html_()
    assert "e-1, a training of March 4, 2025" == done.table().to_rows()[0]["because"]
    assert [["e-1"]] == [cause["records"] for one in done.to_dict()["changed"] for cause in one["causes"]]
    assert [] == list(found(ledger, "2026-02-01", "2026-02-01").changed)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2026-02-01", "2026-01-01", "until must not be before since"),
        (AsOf(on="2026-02-01"), AsOf(on="2026-02-01", known_at=BETWEEN), "until must not be before since"),
        ("2026-02-01", AsOf(on="2026-02-01", ruleset=board(id="yy-board")), "one credential"),
        (7, "2026-02-01", "since must be a day"),
    ],
)
def test_what_cannot_be_compared(since, until, says):
    """The later moment is later in both clocks, and both are about one credential."""
    with pytest.raises(InvalidValue, match=says):
        found(filled([], [("train", "2025-03-04", 8)]), since, until)


def test_a_document_is_named_by_its_kind():
    """What it is stands in the sentence beside its id."""
    ledger = Ledger()
    ledger.append([document("d-1", "fee"), trained("e-1", 1)], at=SECOND)
    days = date(2026, 1, 1), date(2026, 2, 1)
    causes = record_causes(list(ledger), known=0, since=days[0], until=days[1])
    assert ["d-1, a document (fee) of March 4, 2025", "e-1, a training of March 4, 2025"] == list(map(str, causes))
    assert {date(2025, 3, 4)} == {day_of(entry.record) for entry in ledger}
