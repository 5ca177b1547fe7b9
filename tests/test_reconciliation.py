"""Reading a source again: what is new, corrected, unchanged and withdrawn, and that appending the plan settles it."""

import tempfile
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import testing
from peer_ledger.errors import InvalidRecord, InvalidValue, LedgerMisuse, NotARecord, UnknownRecord
from peer_ledger.ledger import Ledger
from peer_ledger.ledger.archive import archive_lines
from peer_ledger.ledger.reconciliation import Reconciliation, number_rows, reconcile
from peer_ledger.records import Course, Credit, Retraction, TrainingEvent

KINDS = ["memory", "file"]

# A row of an export: whose it is, the course, the hours.
A, B, C = ("p-1", "ETH-101", "1"), ("p-1", "ETH-101", "2"), ("p-2", "CRI-200", "1.5")


def read(*rows, source="lms"):
    """Read the rows of an export; the person and the course identify one."""
    origins = number_rows(source, [row[:2] for row in rows])
    return [
        TrainingEvent(
            origin=origin, person=row[0], completed="2025-03-04", title=row[1], credits=[Credit(amount=row[2])]
        )
        for origin, row in zip(origins, rows, strict=True)
    ]


def event(record_id, person="p-1", **fields):
    return TrainingEvent(id=record_id, person=person, **{"completed": "2025-03-04", **fields})


def new_ledger(kind, folder):
    return Ledger() if kind == "memory" else Ledger.open(folder / "a.ledger")


@pytest.fixture(params=KINDS)
def ledger(request, tmp_path):
    with new_ledger(request.param, tmp_path) as ledger:
        yield ledger


def settle(ledger, records):
    """Reconcile, append the plan, and give it."""
    plan = reconcile(ledger, records)
    ledger.append(plan.to_append())
    return plan


def hours(ledger, person):
    """Return the hours in effect of a person's events, in the order of their entries."""
    return [str(credit.amount) for record in ledger.records_of(person) for credit in record.credits]


def numbers(plan):
    return len(plan.new), len(plan.corrections), plan.unchanged, len(plan.withdrawn)


# Numbering.


def test_rows_with_equal_keys_are_numbered():
    """Rows with equal keys are told apart by their order, whatever stands between them."""
    keys = [("a", "b"), ["c"], ("a", "b"), ("ab",), ("a", "b", ""), ["a", "b"]]
    origins = list(number_rows("lms", iter(keys)))
    assert [origin.occurrence for origin in origins] == [1, 1, 2, 1, 1, 3]
    assert [tuple(key) for key in keys] == [origin.key for origin in origins]
    assert {"lms"} == {origin.source for origin in origins}


def test_rows_are_numbered_one_by_one():
    """Rows are numbered as they come, so an export of any length needs no more than its keys."""
    keys = iter([("a",), ("a",)])
    origins = number_rows("lms", keys)
    assert next(origins).occurrence == 1
    assert next(keys) == ("a",)
    assert list(origins) == []


@pytest.mark.parametrize(("source", "key"), [("", ("a",)), ("lms", ()), ("lms", ("a\x00",))])
def test_keys_that_cannot_be(source, key):
    """A source without a name, or a key without cells or with a character that no cell has, is refused."""
    with pytest.raises(InvalidRecord, match="Origin"):
        list(number_rows(source, [key]))


def test_a_key_of_something_else_than_texts_is_refused():
    with pytest.raises(InvalidValue, match="cells, which are texts"):
        list(number_rows("lms", [(1,)]))


# Reading again.


def test_the_first_reading_is_all_new(ledger):
    """Of a source that was never read every row is new, in the order of its rows."""
    plan = reconcile(ledger, read(A, C))
    assert Reconciliation(new=tuple(read(A, C)), corrections=(), unchanged=0, withdrawn=()) == plan
    assert read(A, C) == list(plan.to_append())


def test_the_same_file_twice_adds_nothing(ledger):
    """A file that was read already has nothing new to say."""
    settle(ledger, read(A, C))
    plan = settle(ledger, read(A, C))
    assert Reconciliation(new=(), corrections=(), unchanged=2, withdrawn=()) == plan
    assert list(plan.to_append()) == []
    assert len(ledger) == 2


def test_two_equal_sessions_stay_two(ledger):
    """Two equal rows are two trainings, also when the file is read again or a third one comes."""
    settle(ledger, read(A, A))
    assert hours(ledger, "p-1") == ["1", "1"]
    assert numbers(settle(ledger, read(A, A))) == (0, 0, 2, 0)
    assert numbers(settle(ledger, read(A, A, A))) == (1, 0, 2, 0)
    assert hours(ledger, "p-1") == ["1", "1", "1"]


def test_a_changed_row_is_a_correction(ledger):
    """A row that changed under its key is a correction, shown before anything is appended."""
    settle(ledger, read(A, C))
    before = list(archive_lines(ledger))
    plan = reconcile(ledger, read(B, C), reason="the export of May")
    [old], [new] = read(A), read(B)
    [correction] = plan.corrections
    assert old == correction.old
    assert attrs.evolve(new, id=f"{old.id}~2", replaces=old.id) == correction.new
    assert (old.id, "the export of May") == (correction.retraction.retracts, correction.retraction.reason)
    assert correction.fields == ("credits",)
    assert numbers(plan) == (0, 1, 1, 0)
    assert before == list(archive_lines(ledger))
    assert [correction.retraction, correction.new] == list(plan.to_append())
    ledger.append(plan.to_append())
    assert hours(ledger, "p-1") == ["2"]
    assert ledger.is_withdrawn(old.id)


def test_the_reason_that_is_given_when_none_is(ledger):
    """A retraction of a correction says why even if the caller did not."""
    settle(ledger, read(A))
    assert settle(ledger, read(B)).corrections[0].retraction.reason == "its source now says something else"


def test_every_field_that_changed_is_named(ledger):
    """A correction names all fields that differ, those that were unknown before or are now included."""
    ledger.append(event("e-1", title="Ethics", delivery="in-person", credits=[Credit(amount=1)]))
    again = event(
        "e-1", "p-2", completed="2025-03-05", course="c-1", credits=[Credit(amount="1.0")], delivery="in-person"
    )
    [correction] = reconcile(ledger, [again]).corrections
    assert {"person", "completed", "title", "course"} == set(correction.fields)
    assert len(correction.fields) == 4


def test_a_row_that_changes_back(ledger):
    """A row that reads A, then B, then A again is in effect as A; each state is an entry."""
    ids = []
    for row in (A, B, A, B):
        settle(ledger, read(row))
        [record] = ledger.records_of("p-1")
        assert Decimal(row[2]) == record.credits[0].amount
        assert numbers(reconcile(ledger, read(row))) == (0, 0, 1, 0)
        ids.append(record.id)
    stem = read(A)[0].id
    assert [stem, f"{stem}~2", f"{stem}~3", f"{stem}~4"] == ids
    assert len(ledger) == 7


def test_equal_keys_swapped(ledger):
    """Two rows with one key in each other's place are two corrections, and together say the same."""
    settle(ledger, read(A, B, C))
    assert numbers(settle(ledger, read(B, A, C))) == (0, 2, 1, 0)
    assert sorted(hours(ledger, "p-1")) == ["1", "2"]
    assert numbers(settle(ledger, read(B, A, C))) == (0, 0, 3, 0)


def test_other_keys_swapped(ledger):
    """Rows with other keys may stand in any order."""
    settle(ledger, read(A, C, B))
    assert numbers(reconcile(ledger, read(C, A, B))) == (0, 0, 3, 0)


def test_a_row_that_is_gone(ledger):
    """A row that the source no longer has says nothing; its record stays."""
    settle(ledger, read(A, C))
    assert numbers(settle(ledger, read(A))) == (0, 0, 1, 0)
    assert hours(ledger, "p-2") == ["1.5"]


def test_sources_are_apart(ledger):
    """Equal rows of two series of files are two records."""
    settle(ledger, read(A))
    assert numbers(settle(ledger, read(A, source="another"))) == (1, 0, 0, 0)
    assert hours(ledger, "p-1") == ["1", "1"]


def test_the_same_record_twice_among_those_read(ledger):
    """The same record given twice counts once; two different ones under one id are refused."""
    assert numbers(reconcile(ledger, read(A) + read(A))) == (1, 0, 0, 0)
    with pytest.raises(LedgerMisuse, match="number_rows distinguishes equal keys") as caught:
        reconcile(ledger, read(A) + read(B))
    assert repr(read(A)[0].id) in str(caught.value)
    assert len(ledger) == 0


@pytest.mark.parametrize("rubbish", ["Jane Doe", None, {"id": "e-1"}], ids=["text", "None", "dict"])
def test_what_is_no_record(ledger, rubbish):
    """Something among those read that is no record is refused with its position, as by an append."""
    with pytest.raises(NotARecord) as caught:
        reconcile(ledger, [event("e-1"), rubbish])
    assert caught.value.position == 2


def test_nothing_read(ledger):
    """A source without rows has nothing to say."""
    settle(ledger, read(A))
    assert Reconciliation(new=(), corrections=(), unchanged=0, withdrawn=()) == reconcile(ledger, iter([]))


def test_a_plan_appended_twice(ledger):
    """A plan that was carried out, and is carried out again, adds nothing."""
    settle(ledger, read(A))
    plan = reconcile(ledger, read(B, C))
    assert ((first := ledger.append(plan.to_append())).added, first.unchanged) == (3, 0)
    assert ((again := ledger.append(plan.to_append())).added, again.unchanged) == (0, 3)


def test_more_rows_than_are_compared_at_a_time(ledger):
    """1,200 rows of which every third changed are 800 unchanged and 400 corrected."""
    rows = [(f"p-{number % 5}", f"C-{number}", "1") for number in range(1200)]
    settle(ledger, read(*rows))
    changed = [(person, course, "2" if number % 3 == 0 else hour) for number, (person, course, hour) in enumerate(rows)]
    assert numbers(settle(ledger, read(*changed))) == (0, 400, 800, 0)
    assert numbers(reconcile(ledger, read(*changed))) == (0, 0, 1200, 0)


def test_records_about_nobody(ledger):
    """A catalog is read again like anything else."""
    course = Course(id="c-1", title="Ethics")
    settle(ledger, [course])
    assert numbers(settle(ledger, [course])) == (0, 0, 1, 0)
    settle(ledger, [Course(id="c-1", title="Ethics for peers")])
    assert [record.title for record in ledger.shared_records()] == ["Ethics for peers"]


def test_a_view_is_reconciled_as_it_was_known(ledger):
    """What was recorded after a moment is new to the view of that moment."""
    ledger.append(read(A), at="2026-01-01T00:00Z")
    ledger.append(read(A, A)[1:] + read(C), at="2026-02-01T00:00Z")
    view = ledger.known_at("2026-01-15T00:00Z")
    assert numbers(reconcile(view, read(A, A, C))) == (2, 0, 1, 0)
    assert numbers(reconcile(ledger, read(A, A, C))) == (0, 0, 3, 0)


def test_a_ledger_opened_to_be_read_can_be_compared(tmp_path):
    """To compare needs no right to write."""
    with Ledger.open(tmp_path / "a") as ledger:
        settle(ledger, read(A))
    with Ledger.open(tmp_path / "a", read_only=True) as ledger:
        assert numbers(reconcile(ledger, read(B, C))) == (1, 1, 0, 0)


# What was done by hand.


def test_a_row_withdrawn_by_hand_stays_withdrawn(ledger):
    """A row that somebody withdrew is reported and not recorded again, whether it changed since or not."""
    settle(ledger, read(A, C))
    ledger.retract(read(A)[0].id, reason="another person's")
    for row in (A, B):
        plan = settle(ledger, read(row, C))
        assert Reconciliation(new=(), corrections=(), unchanged=1, withdrawn=tuple(read(row))) == plan
    assert (ledger.records_of("p-1"), len(ledger)) == ((), 3)


def test_a_later_state_withdrawn_by_hand_stays_withdrawn(ledger):
    """A row of which the corrected state was withdrawn does not come back as what it was before."""
    settle(ledger, read(A))
    new = settle(ledger, read(B)).corrections[0].new
    ledger.retract(new.id, reason="another person's")
    for row in (A, B):
        assert numbers(settle(ledger, read(row))) == (0, 0, 0, 1)
    assert ledger.records_of("p-1") == ()


def test_a_withdrawal_that_is_withdrawn(ledger):
    """A row whose withdrawal was withdrawn is compared again."""
    settle(ledger, read(A))
    done = ledger.retract(read(A)[0].id, reason="another person's")
    ledger.retract(done.id, reason="it was theirs")
    assert numbers(reconcile(ledger, read(A))) == (0, 0, 1, 0)
    assert numbers(settle(ledger, read(B))) == (0, 1, 0, 0)
    assert hours(ledger, "p-1") == ["2"]


def test_a_row_corrected_by_hand(ledger):
    """A row corrected by hand is unchanged if the source agrees now, and otherwise a correction of that state."""
    settle(ledger, read(A))
    by_hand = ledger.correct(read(A)[0].id, {"credits": [Credit(amount=2)]}, reason="the certificate says 2")
    assert numbers(reconcile(ledger, read(B))) == (0, 0, 1, 0)
    plan = reconcile(ledger, read(A))
    assert by_hand == plan.corrections[0].old
    assert (f"{read(A)[0].id}~3", by_hand.id) == (plan.corrections[0].new.id, plan.corrections[0].new.replaces)


def test_what_links_states_is_no_difference(ledger):
    """The id of a later state and what it replaces are not what a row says, so they make no correction."""
    ledger.append(event("e-1"))
    ledger.correct("e-1", {"title": "Ethics"}, reason="a slip")
    assert numbers(reconcile(ledger, [event("e-1", title="Ethics")])) == (0, 0, 1, 0)


def test_ids_that_look_like_later_states(ledger):
    """Records whose own ids end like those of later states are records of their own: read twice, nothing changes."""
    given = [
        event("a"),
        event("a~2", title="B"),
        event("a~3", title="C"),
        event("b~7", "p-2"),
        event("b", "p-2", title="D"),
    ]
    settle(ledger, given)
    assert numbers(settle(ledger, given)) == (0, 0, 5, 0)
    ledger.correct("b~7", {"title": "E"}, reason="a slip")
    assert numbers(reconcile(ledger, [*given[:3], given[4]])) == (0, 0, 4, 0)
    plan = settle(ledger, [event("a", title="F"), *given[1:3]])
    assert [correction.old.id for correction in plan.corrections] == ["a"]
    assert {"F", "B", "C"} == {record.title for record in ledger.records_of("p-1")}


def test_a_later_state_beside_a_new_record_of_its_name(ledger):
    """A new record may have the id that a correction would take; both are appended."""
    ledger.append(event("a"))
    plan = settle(ledger, [event("a", title="B"), event("a~2", title="C")])
    assert numbers(plan) == (1, 1, 0, 0)
    assert {"B", "C"} == {record.title for record in ledger.records_of("p-1")}


# After an erasure.


def test_rows_of_an_erased_person_are_new(ledger):
    """Importing an erased person's rows again records them again; the others are unchanged."""
    settle(ledger, read(A, C))
    settle(ledger, read(B, C))
    ledger.erase("p-1")
    assert numbers(settle(ledger, read(A, C))) == (1, 0, 1, 0)
    assert hours(ledger, "p-1") == ["1"]
    assert numbers(reconcile(ledger, read(A, C))) == (0, 0, 2, 0)
    assert numbers(settle(ledger, read(B, C))) == (0, 1, 1, 0)


def about(person, title):
    """Read the row e-1 when it named this person."""
    return [event("e-1", person, title=title)]


@pytest.mark.parametrize(
    ("people", "erased"),
    [
        (["p-1", "p-2"], "p-1"),
        (["p-1", "p-2", "p-1"], "p-2"),
        (["p-1", "p-1", "p-2"], "p-1"),
        (["p-2", "p-1", "p-1", "p-2"], "p-1"),
        (["p-1", "p-2", "p-3", "p-2", "p-3"], "p-2"),
    ],
)
def test_a_row_that_named_somebody_who_was_erased(ledger, people, erased):
    """A row that went from person to person is found in its present state, whichever earlier ones are erased."""
    for number, person in enumerate(people):
        settle(ledger, about(person, f"title {number}"))
    ledger.erase(erased)
    last = len(people) - 1
    assert numbers(settle(ledger, about(people[-1], f"title {last}"))) == (0, 0, 1, 0)
    assert numbers(settle(ledger, about(people[-1], "another title"))) == (0, 1, 0, 0)
    assert [record.title for record in ledger.records_of(people[-1])] == ["another title"]


# The law.


ROWS = st.tuples(
    st.sampled_from(["p-1", "p-2", "p-3"]), st.sampled_from(["ETH-101", "CRI-200"]), st.sampled_from(["1", "1.5", "2"])
)
HAPPENINGS = st.one_of(
    st.tuples(st.just("read"), st.lists(ROWS, max_size=6)),
    st.tuples(st.just("read"), st.lists(ROWS, max_size=6)),
    st.tuples(st.sampled_from(["withdraw", "restore", "correct"]), st.integers(0, 20)),
    st.tuples(st.just("erase"), st.sampled_from(["p-1", "p-2", "p-3"])),
)


def bare(record):
    """Return what a row says, apart from which state of it this is."""
    return record.origin, record.person, record.credits[0].amount


@given(st.lists(HAPPENINGS, max_size=10), st.lists(ROWS, max_size=6), st.sampled_from(KINDS))
def test_the_law(happenings, rows, kind):
    """When a plan is carried out the source has nothing more to say, and what is in effect is what was read."""
    with tempfile.TemporaryDirectory() as name, new_ledger(kind, Path(name)) as ledger:
        says, by_hand = {}, {}  # by origin: what each row says at last, and the withdrawals by hand
        for what, how in [*happenings, ("read", rows)]:
            in_effect = [record for person in ledger.people() for record in ledger.records_of(person)]
            chosen = in_effect[how % len(in_effect)] if isinstance(how, int) and in_effect else None
            if what == "read":
                read_and_settle(ledger, read(*how), says, by_hand)
            elif what == "erase" and how in set(ledger.people()):
                ledger.erase(how)
                says = {origin: said for origin, said in says.items() if said[1] != how}
                by_hand = {origin: done for origin, done in by_hand.items() if origin in says}
            elif what == "withdraw" and chosen:
                by_hand[chosen.origin] = ledger.retract(chosen.id, reason="by hand")
            elif what == "correct" and chosen and chosen.credits[0].amount != 9:
                corrected = ledger.correct(chosen.id, {"credits": [Credit(amount=9)]}, reason="by hand")
                says[chosen.origin] = bare(corrected)
            elif what == "restore" and by_hand:
                origin = list(by_hand)[how % len(by_hand)]
                ledger.retract(by_hand.pop(origin).id, reason="restored")
            found = [bare(record) for person in ledger.people() for record in ledger.records_of(person)]
            expected = {origin: said for origin, said in says.items() if origin not in by_hand}
            assert expected == {said[0]: said for said in found}
            assert len(expected) == len(found)
        assert ledger.verify().problems == ()


def read_and_settle(ledger, records, says, by_hand):
    """Carry out a plan that is as the model says, and see that it is the last one."""
    withdrawn = tuple(one for one in records if one.origin in by_hand)
    rest = [one for one in records if one.origin not in by_hand]
    new = tuple(one for one in rest if one.origin not in says)
    changed = [one for one in rest if one.origin in says and says[one.origin] != bare(one)]
    plan = settle(ledger, records)
    assert (new, withdrawn) == (plan.new, plan.withdrawn)
    assert [bare(one) for one in changed] == [bare(correction.new) for correction in plan.corrections]
    assert len(rest) - len(new) - len(changed) == plan.unchanged
    says |= {one.origin: bare(one) for one in rest}
    last = Reconciliation(new=(), corrections=(), unchanged=len(rest), withdrawn=withdrawn)
    assert last == reconcile(ledger, records)


@given(st.lists(testing.records(), max_size=6), st.lists(testing.records(), max_size=6))
@effort(50)
def test_the_law_for_records_of_every_type(first, second):
    """Any records, read and read otherwise under the same ids, are settled by one plan each."""
    ledger = Ledger()
    for given_then in (first, second):
        known = {entry.record.id for entry in ledger}
        records = [
            attrs.evolve(one, id=f"x-{number}", replaces=None)
            for number, one in enumerate(given_then)
            if not isinstance(one, Retraction)
        ]
        plan = reconcile(ledger, records)
        assert [one for one in records if one.id not in known] == list(plan.new)
        ledger.append(plan.to_append())
        assert (0, 0, len(records), 0) == numbers(reconcile(ledger, records))
    assert ledger.verify()


def test_reconciling_what_is_not_there_leaves_it_unknown(ledger):
    """A comparison appends nothing, so what it found new is still unknown afterward."""
    reconcile(ledger, read(A))
    with pytest.raises(UnknownRecord):
        ledger.record(read(A)[0].id)
