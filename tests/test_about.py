"""What is read about many people at once is what is read about each of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Ledger, SamePerson, TrainingEvent
from peer_ledger.ledger import _about as about
from peer_ledger.ledger._about import first_ids, read_about, read_about_each

IDS = [f"p-{number}" for number in range(7)]
PAIRS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1])
STEPS = st.one_of(
    st.tuples(st.just("train"), st.sampled_from(IDS)),
    st.tuples(st.just("link"), PAIRS),
    st.tuples(st.just("retract"), st.integers(0, 10)),
    st.tuples(st.just("erase"), st.sampled_from(IDS)),
)


def take(ledger, steps):
    """Record what the steps say, as far as they are possible."""
    for number, (what, whom) in enumerate(steps):
        ids = [entry.record.id for entry in ledger if entry.record and entry.record.record_type != "erasure"]
        if what == "train":
            ledger.append(TrainingEvent(id=f"r-{number}", person=whom, completed="2025-02-03"))
        elif what == "link":
            ledger.append(SamePerson(id=f"r-{number}", people=whom))
        elif what == "retract" and whom < len(ids) and not ledger.is_withdrawn(ids[whom]):
            ledger.retract(ids[whom], reason="entered twice")
        elif what == "erase" and ledger.entries_of(whom):
            ledger.erase(whom)


def differing(ledger):
    """Return the people of whom one reading says other than another, at each moment of the ledger."""
    found = []
    for last in range(len(ledger) + 1):
        view = ledger.pinned()
        view._known_last = last
        asked = [*view.people(), "unheard-of", "\udc80", "p-0", "p-0"]
        found += [
            (last, person)
            for person, together in zip(asked, read_about_each(view, asked), strict=True)
            if together != read_about(view, person)
        ]
        for people in (None, asked):
            firsts = sorted({min(view.same_person(person)) for person in people or view.people()})
            found += [] if first_ids(view, people) == firsts else [(last, "first ids")]
    return found


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_many_are_read_as_each(kind, tmp_path_factory):
    """Links, rings of links, retractions of links and of these, erasures; ids that nobody has or that no file holds."""

    @given(st.lists(STEPS, max_size=12))
    @effort(200)
    def same(steps):
        with Ledger() if kind == "memory" else Ledger.open(tmp_path_factory.mktemp("a") / "a.ledger") as ledger:
            take(ledger, steps)
            assert differing(ledger) == []

    same()


def test_people_of_several_readings_and_lists_come_in_their_order(tmp_path):
    """More people than are read at once, and than fit into one list of a statement, with links between readings."""
    people = [f"p-{number:04}" for number in range(950)]
    with Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append(TrainingEvent(id=f"e-{person}", person=person, completed="2025-02-03") for person in people)
        ledger.append(SamePerson(id="s", people=("p-0003", "p-0901")))
        assert [found.people for found in read_about_each(ledger, people)] == [
            frozenset({"p-0003", "p-0901"} if person in ("p-0003", "p-0901") else {person}) for person in people
        ]
        assert first_ids(ledger) == [person for person in people if person != "p-0901"]
        read = ledger._store.rows_of_each(people, len(ledger))
        assert [len(read[person]) for person in people] == [1 + (person in ("p-0003", "p-0901")) for person in people]


def test_what_is_erased_while_it_is_read_is_read_from_its_text():
    """A reader took the entries before they were erased from the ledger in memory."""
    ledger, record = Ledger(), TrainingEvent(id="r-1", person="p-1", completed="2025-02-03")
    ledger.append(record)
    rows = ledger._store.rows_of("p-1", 1)
    ledger.erase("p-1")
    assert ledger._store.records(rows) == (record,)


@pytest.mark.parametrize("fault", ["other ids are not followed", "retractions are not heeded"])
def test_the_comparison_finds_a_fault(fault, monkeypatch):
    """A link that one reading follows, and one that it ought not to follow."""
    ledger = Ledger()
    take(ledger, [("train", "p-1"), ("train", "p-2"), ("link", ("p-1", "p-2")), ("retract", 2)])
    assert differing(ledger) == []
    if fault == "other ids are not followed":
        monkeypatch.setattr(
            about, "rows_by_id", lambda rows, person, last, read=None: {person: rows.rows_of(person, last)}
        )
        monkeypatch.setattr(about, "joined_among", lambda rows: [])
    else:
        monkeypatch.setattr(
            about, "joined_among", lambda rows: [(row.person, row.other_person) for row in rows if not row.retracts]
        )
    assert differing(ledger)
