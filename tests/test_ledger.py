"""The ledger by example: what every method gives and refuses, in memory and in a file alike."""

import gc
import json
import logging
import os
import shutil
import sqlite3
import tempfile
import traceback
import tracemalloc
import weakref
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from time import process_time

import attrs
import pendulum
import pytest

from effort import sized
from peer_ledger.cli import main
from peer_ledger.errors import (
    Conflict,
    ConflictingRecords,
    DamagedLedger,
    DiskFull,
    InvalidRecord,
    InvalidValue,
    LedgerBusy,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
    NewerFormat,
    NotALedger,
    NotARecord,
    PeerLedgerError,
    UnknownPerson,
    UnknownRecord,
)
from peer_ledger.ledger import Appended, Entry, Erased, Ledger
from peer_ledger.ledger.archive import read_archive, write_archive
from peer_ledger.ledger.reconciliation import reconcile
from peer_ledger.records import (
    RECORD_TYPES,
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Erasure,
    Filing,
    Origin,
    Quantity,
    Record,
    Retraction,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)
from peer_ledger.records.interchange import record_from_json, record_to_json

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GENESIS = sha256(b"peer-ledger genesis 1").hexdigest()
MARK = "Jane Doe"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


def event(record_id="e-1", person="p-1", **fields):
    return TrainingEvent(id=record_id, person=person, **{"completed": "2025-03-04", **fields})


def link(record_id, *people):
    return SamePerson(id=record_id, people=people)


def retraction(record_id, retracts, reason="a slip"):
    return Retraction(id=record_id, retracts=retracts, reason=reason)


def one_of_each():
    """Return a record of every type that a user appends, all about one person where they are about anybody."""
    return [
        event("e-1", title="Ethics", credits=[Credit(amount="1.5", topics={"ethics"})], evidence="drawer 3"),
        Course(id="c-1", title="Ethics", codes={"ETH-101"}),
        Designation(id="d-1", person="p-1", name="military", awarded="2025-01-01"),
        Certification(id="ce-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", number="17"),
        Verification(id="v-1", person="p-1", credential="us-nc-cpss", seen="2026-01-05", number="17"),
        Filing(id="f-1", person="p-1", credential="us-nc-cpss", step="renewal", sent="2026-02-01"),
        Document(id="a-1", person="p-1", kind="reference-letter", on="2026-02-01"),
        Review(id="re-1", person="p-1", event="e-1", decision="approved", on="2026-02-02", reason="seen"),
        Ruling(
            id="ru-1", person="p-1", credential="us-nc-cpss", on="2026-02-03", requirement="ethics", effect="waives"
        ),
        Coverage(id="co-1", covers="filing", person="p-1"),
        link("s-1", "p-1", "p-2"),
        retraction("r-1", "c-1"),
    ]


def lines_of(ledger, folder):
    """Return the whole of a ledger in its own words, to see whether anything changed."""
    write_archive(ledger, folder / "all.jsonl")
    return (folder / "all.jsonl").read_text("utf-8")


def tamper(path, *statements):
    """Change a ledger's file behind its back, past the trigger that forbids it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        name = "entry_is_as_it_was"
        ((trigger,),) = sql.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchall()
        sql.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            sql.execute(statement)
        sql.execute(trigger)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "file"])
def ledger(request, tmp_path, clock):
    with Ledger(clock=clock) if request.param == "memory" else Ledger.open(tmp_path / "a", clock=clock) as ledger:
        yield ledger


@pytest.fixture
def path(tmp_path):
    """A ledger's file that holds one record of each type."""
    with Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append(one_of_each(), at=NOON)
    return tmp_path / "a.ledger"


@pytest.fixture
def unchanged(ledger, tmp_path):
    """A check that a refused operation changed nothing."""

    class Unchanged:
        def __enter__(self):
            self.before = lines_of(ledger, tmp_path)

        def __exit__(self, *_):
            assert self.before == lines_of(ledger, tmp_path)

    return Unchanged()


# Appending.


def test_one_record(ledger):
    """One record becomes one entry, which says where it stands and when it was recorded."""
    assert Appended(added=1, unchanged=0, last=1) == ledger.append(event())
    entry = Entry(seq=1, recorded_at=NOON, record=event(), digest=ledger.head[1])
    assert [entry] == list(ledger)
    assert entry == ledger.entry("e-1")
    assert event() == ledger.record("e-1")


@pytest.mark.parametrize("take", [list, tuple, iter, dict.fromkeys, lambda some: (one for one in some)])
def test_many_records(ledger, take):
    """Any iterable of records is appended in its order, all at one moment."""
    given = one_of_each()
    assert Appended(added=12, unchanged=0, last=12) == ledger.append(take(given))
    assert [(seq, NOON, record) for seq, record in enumerate(given, 1)] == [
        (entry.seq, entry.recorded_at, entry.record) for entry in ledger
    ]


def test_every_type_is_appended():
    """One of each means every type there is but an erasure and a kept rule set, which have tests of their own."""
    assert RECORD_TYPES.keys() - {"erasure", "rule-set"} == {record.record_type for record in one_of_each()}


def test_nothing(ledger):
    """To append nothing is no error and adds nothing."""
    assert Appended(added=0, unchanged=0, last=0) == ledger.append([])
    ledger.append(event())
    assert Appended(added=0, unchanged=0, last=1) == ledger.append([])


def test_the_same_again_is_passed_over(ledger, unchanged):
    """A record that is there in the same words is counted as unchanged, and nothing is added for it."""
    given = one_of_each()
    ledger.append(given)
    with unchanged:
        assert Appended(added=0, unchanged=12, last=12) == ledger.append(given)
        assert Appended(added=0, unchanged=1, last=12) == ledger.append(given[3])
    assert Appended(added=1, unchanged=2, last=13) == ledger.append([given[0], event("e-2"), event("e-2")])


def test_equal_amounts_are_the_same_words(ledger):
    """1.50 hours are 1.5 hours, so the record that says so is the same."""
    ledger.append(event(credits=[Credit(amount="1.50")]))
    assert Appended(added=0, unchanged=1, last=1) == ledger.append(event(credits=[Credit(amount="1.5")]))


def test_a_conflict_names_both_and_appends_nothing(ledger, unchanged):
    """The same id with other content is an error that names entry, position and fields, and nothing is appended."""
    ledger.append([event("e-1", title="Ethics"), event("e-2"), link("s-1", "p-1", "p-2")])
    given = [event("e-9"), event("e-2", "p-2", course="c-1"), event("e-1", title="Ethics"), event("s-1", "p-3")]
    with unchanged, pytest.raises(ConflictingRecords) as caught:
        ledger.append(given)
    assert (
        Conflict("e-2", 2, 2, ("person", "course")),
        Conflict("s-1", 3, 4, ("type", "people", "person", "completed", "role")),
    ) == caught.value.conflicts
    assert caught.value.total == 2
    message = str(caught.value)
    assert "'e-2': entry 2 and record 2 of those to append differ in person, course" in message
    assert "'s-1': entry 3 and record 4 of those to append differ in" in message
    assert isinstance(caught.value, ValueError)


def test_a_conflict_within_one_append(ledger, unchanged):
    """Two different records under one id are a conflict also when neither was there before."""
    with unchanged, pytest.raises(ConflictingRecords) as caught:
        ledger.append([event("e-1"), event("e-2"), event("e-1", title="Ethics")])
    [conflict] = caught.value.conflicts
    assert (conflict.record_id, conflict.position, conflict.fields) == ("e-1", 3, ("title",))


def test_a_conflict_with_a_withdrawn_record(ledger, unchanged):
    """A withdrawn record keeps its id: the same words are unchanged, other words a conflict."""
    ledger.append(event())
    ledger.retract("e-1", reason="a slip")
    with unchanged:
        assert Appended(added=0, unchanged=1, last=2) == ledger.append(event())
        with pytest.raises(ConflictingRecords):
            ledger.append(event(title="Ethics"))


def test_the_first_hundred_conflicts_are_listed_and_all_are_counted(ledger, unchanged):
    """Of 1,201 conflicts the first hundred are listed, and the message says how many more there are."""
    ledger.append(event(f"e-{number}") for number in range(1201))
    with unchanged, pytest.raises(ConflictingRecords) as caught:
        ledger.append(event(f"e-{number}", title="Ethics") for number in range(1201))
    assert [f"e-{number}" for number in range(100)] == [conflict.record_id for conflict in caught.value.conflicts]
    assert caught.value.total == 1201
    assert "and 1101 more" in str(caught.value)


def test_a_conflict_is_told_whatever_follows_it(ledger):
    """What comes after a conflict is judged as if it had not been there, however far away it is."""
    ledger.append(event("e-0"))
    fill = [event(f"f-{number}") for number in range(600)]
    given = [event("e-0", title="Ethics"), event("e-1"), *fill, retraction("r-1", "e-1"), event("e-1", title="Other")]
    with pytest.raises(ConflictingRecords) as caught:
        ledger.append(given)
    assert [conflict.record_id for conflict in caught.value.conflicts] == ["e-0", "e-1"]


def test_a_retraction_beside_what_it_retracts(ledger):
    """A retraction may come in the same append as what it retracts, near or far behind it."""
    ledger.append(event(f"e-{number}") for number in range(600))
    far = [retraction(f"r-{number}", f"e-{number}") for number in range(599)]
    given = [event("n-1"), retraction("r-n", "n-1"), event("n-2"), *far, retraction("r-m", "n-2")]
    assert Appended(added=603, unchanged=0, last=1203) == ledger.append(given)
    assert [record.id for record in ledger.records_of("p-1")] == ["e-599"]


def test_a_retraction_of_nothing(ledger, unchanged):
    """A retraction of what is not there, or comes only after it, is refused by name."""
    ledger.append(event("e-0"))
    for given in ([retraction("r-1", "e-1")], [retraction("r-1", "e-1"), event("e-1")], [retraction("r-1", "r-1")]):
        with unchanged, pytest.raises(UnknownRecord, match="to be retracted by 'r-1'") as caught:
            ledger.append([event("e-2"), *given])
        assert given[0].retracts == caught.value.record_id
        assert isinstance(caught.value, LookupError)


class Odd:
    """Something whose repr gives away what it should not."""

    def __repr__(self):
        return MARK


@pytest.mark.parametrize(
    ("rubbish", "found"),
    [
        ("e-1", "a text of 3 characters"),
        (None, "None"),
        ({"type": "course"}, "a dict"),
        (TrainingEvent, "a type"),
        ([event()], "a list"),
        (Odd(), "an Odd"),
    ],
    ids=["text", "None", "dict", "class", "list", "object"],
)
def test_what_is_no_record(ledger, unchanged, rubbish, found):
    """Something other than a record is refused with its position and its type, and nothing is appended."""
    ledger.append(event("e-0"))
    for before in (0, 1, 600):
        with unchanged, pytest.raises(NotARecord) as caught:
            ledger.append([*(event(f"e-{number}") for number in range(before)), rubbish, event("last")])
        assert (before + 1, found) == (caught.value.position, caught.value.found)
        assert f"record {before + 1} of those to append is {found}" in str(caught.value)
        assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("rubbish", [None, 17, Odd(), TrainingEvent], ids=["None", "number", "object", "class"])
def test_what_is_no_record_and_no_iterable(ledger, unchanged, rubbish):
    """Something that is neither a record nor an iterable of any is refused like something in one."""
    with unchanged, pytest.raises(NotARecord) as caught:
        ledger.append(rubbish)
    assert caught.value.position == 1


class Invented(TrainingEvent):
    """A type of record that no file could be read back to."""


@pytest.mark.parametrize(
    "invented",
    [Record(id="x-1"), Invented(id="x-1", person="p-1", completed="2025-03-04")],
    ids=["base", "subclass"],
)
def test_a_type_of_record_that_is_none_of_the_package(ledger, unchanged, invented):
    """A record of the base class or of a subclass could not be read back, so it is refused as no record."""
    for given in (invented, [event(), invented]):
        with unchanged, pytest.raises(NotARecord):
            ledger.append(given)


def test_an_erasure_cannot_be_appended_retracted_or_corrected(ledger, unchanged):
    """Only Ledger.erase records an erasure, and nothing takes one back."""
    ledger.append([event(), event("e-2", "p-2")])
    ledger.erase("p-1")
    erasure = list(ledger)[-1].record
    for act in (
        lambda: ledger.append(Erasure(id="x-1", entries=[1])),
        lambda: ledger.append([event("e-3"), erasure]),
        lambda: ledger.append(retraction("r-1", erasure.id)),
        lambda: ledger.append([event("e-3"), retraction("r-1", erasure.id)]),
        lambda: ledger.retract(erasure.id, reason="no"),
        lambda: ledger.correct(erasure.id, {"entries": [2]}, reason="no"),
    ):
        with unchanged, pytest.raises(LedgerMisuse, match="erasure"):
            act()


@pytest.mark.parametrize(
    "error", [KeyError("broken off"), KeyboardInterrupt(), GeneratorExit(), sqlite3.OperationalError()]
)
def test_a_generator_that_raises_leaves_nothing(ledger, unchanged, error):
    """What a generator raises comes through as it is, and nothing that it gave before is there."""

    def broken():
        yield from (event(f"e-{number}", f"p-{number % 9}") for number in range(700))
        raise error

    ledger.append(event("first"))
    with unchanged, pytest.raises(type(error)) as caught:
        ledger.append(broken())
    assert error is caught.value
    assert list(ledger.people()) == ["p-1"]
    with pytest.raises(UnknownRecord):
        ledger.record("e-699")
    assert Appended(added=1, unchanged=0, last=2) == ledger.append(event("e-699"))
    assert (list(ledger.people()), len(ledger.records_of("p-1"))) == (["p-1"], 2)


def test_a_generator_that_reads_the_ledger_sees_it_as_it_was(ledger):
    """Until an append has ended nobody sees any of it, not even what is being appended."""
    seen = []

    def reading():
        for number in range(1200):
            if number in {0, 600, 1199}:
                seen.append((len(ledger), list(ledger.people()), ledger.counts(), len(ledger.records_of("p-1"))))
            yield event(f"e-{number}")

    ledger.append(event("first"))
    ledger.append(reading())
    assert seen == [(1, ["p-1"], {"training-event": 1}, 1)] * 3
    assert len(ledger) == 1201


def test_an_append_within_an_append(ledger):
    """An append that begins while another is in progress is refused, and the other one is none the worse."""

    def nested():
        yield event("e-1")
        for act in (
            lambda: ledger.append(event("e-2")),
            lambda: ledger.retract("e-0", reason="no"),
            lambda: ledger.correct("e-0", {"title": "No"}, reason="no"),
            lambda: ledger.erase("p-1"),
        ):
            with pytest.raises(LedgerMisuse, match="in progress"):
                act()
        yield event("e-3")

    ledger.append(event("e-0"))
    assert Appended(added=2, unchanged=0, last=3) == ledger.append(nested())
    assert [entry.record.id for entry in ledger] == ["e-0", "e-1", "e-3"]


def test_to_undo_costs_no_more_than_to_do():
    """An append that fails at its end costs about as much as one that does not, however many records are taken back."""

    def stream(count, *, fails):
        yield from (event(f"e-{number}") for number in range(count))
        if fails:
            raise KeyError("broken off")

    def cost(*, fails):
        begin = process_time()
        with pytest.raises(KeyError) if fails else nullcontext():
            Ledger().append(stream(sized(20_000, 5_000), fails=fails))
        return process_time() - begin

    assert min(cost(fails=True) for _ in range(2)) < 3 * min(cost(fails=False) for _ in range(2))


def test_many_records_cost_the_memory_of_a_few(tmp_path):
    """20,000 records from a generator need less than a tenth of the memory that all of them together would."""

    def stream(count):
        for number in range(count):
            credits_of_it = [Credit(amount=number % 9 + 1)]
            yield event(f"e-{number}", f"p-{number % 100}", title=f"Training {number}", credits=credits_of_it)

    with Ledger.open(tmp_path / "a") as ledger:
        ledger.append(event("first"))
        tracemalloc.start()
        try:
            some = list(stream(2000))
            size_of_all = 10 * tracemalloc.get_traced_memory()[0]
            del some
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            assert Appended(added=20_000, unchanged=0, last=20_001) == ledger.append(stream(20_000))
            peak_of_append = tracemalloc.get_traced_memory()[1] - before
            tracemalloc.reset_peak()
            assert [*range(1, 3001)] == [entry.seq for entry in islice(ledger, 3000)]
            peak_of_reading = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
        assert len(ledger) == 20_001
        assert [record.id for record in ledger.records_of("p-17")[:2]] == ["e-17", "e-117"]
    assert peak_of_append < size_of_all / 10
    assert peak_of_reading < size_of_all / 3  # a page of a thousand entries at a time


# The two clocks.


def test_two_clocks(ledger):
    """When it happened and when it was learned are apart: what is recorded late was not known before."""
    ledger.append(event("e-1", completed="2025-03-04"), at="2025-04-01T00:00Z")
    ledger.append(event("e-2", completed="2020-01-01"), at="2025-05-01T00:00Z")
    ledger.retract("e-1", reason="a slip", at="2025-06-01T00:00Z")

    def ids(moment):
        return [record.id for record in ledger.known_at(moment).records_of("p-1")]

    assert ids("2025-03-31T23:59:59.999999Z") == []
    assert ids("2025-04-01T00:00Z") == ["e-1"]
    assert ids("2025-04-30T23:59:59.999999Z") == ["e-1"]
    assert ids("2025-05-01T00:00Z") == ["e-1", "e-2"]
    assert ids("2025-06-01T00:00Z") == ["e-2"] == [record.id for record in ledger.records_of("p-1")]


def test_known_at_reads_like_the_ledger_did(ledger):
    """A view of an earlier moment answers every question as the ledger did then, and its head was the ledger's."""
    ledger.append([event("e-1"), event("e-2", "p-2"), Course(id="c-1", title="Ethics")], at=NOON)
    head = ledger.head
    ledger.append([link("s-1", "p-1", "p-2"), event("e-3", "p-3"), retraction("r-1", "c-1")], at=NOON + HOUR)
    view = ledger.known_at(NOON)
    assert (3, head) == (len(view), view.head)
    assert [entry.seq for entry in view] == [1, 2, 3]
    assert list(view.people()) == ["p-1", "p-2"]
    assert {"p-1"} == view.same_person("p-1")
    assert [entry.seq for entry in view.entries_of("p-1")] == [1]
    assert (event("e-1"),) == view.records_of("p-1")
    assert [record.id for record in view.shared_records()] == ["c-1"]
    assert view.counts() == {"course": 1, "training-event": 2}
    assert view.is_withdrawn("c-1") is False
    assert view.verify()
    for ask in (view.entry, view.record, view.is_withdrawn):
        with pytest.raises(UnknownRecord):
            ask("e-3")
    assert len(view.known_at("2030-01-01T00:00Z").records_of("p-1") + view.records_of("p-2")) == 2
    assert len(view.known_at(NOON - HOUR)) == 0


def test_a_view_stays_as_it_is(ledger):
    """What is appended later does not enter a view that was taken before, not even at its own moment."""
    ledger.append(event("e-1"), at=NOON)
    view = ledger.known_at(NOON + HOUR)
    ledger.append(event("e-2"), at=NOON)
    assert [record.id for record in view.records_of("p-1")] == ["e-1"]
    assert [record.id for record in ledger.known_at(NOON).records_of("p-1")] == ["e-1", "e-2"]


def test_a_view_of_an_erased_person(ledger):
    """What was erased since is erased in a view of an earlier moment, which still verifies."""
    ledger.append([event("e-1"), event("e-2", "p-2")], at=NOON)
    ledger.erase("p-1", at=NOON + HOUR)
    view = ledger.known_at(NOON)
    assert [None, event("e-2", "p-2")] == [entry.record for entry in view]
    assert (list(view.people()), view.records_of("p-1")) == (["p-2"], ())
    assert view.counts() == {"erased": 1, "training-event": 1}
    assert view.verify().problems == ()
    assert view.verify().erased == 1


def test_the_clock_is_asked_when_no_moment_is_given(ledger, clock):
    """Without a moment the ledger's clock tells it, for every kind of change."""
    for act in (
        lambda: ledger.append(event("e-1")),
        lambda: ledger.retract("e-1", reason="a slip"),
        lambda: ledger.append(event("e-2")),
        lambda: ledger.correct("e-2", {"title": "Ethics"}, reason="a slip"),
        lambda: ledger.erase("p-1"),
    ):
        clock.now += HOUR
        act()
        assert clock.now == list(ledger)[-1].recorded_at


def test_a_clock_that_runs_backwards_is_held(ledger, clock):
    """A clock that is behind the last entry counts as standing still at it, so that what was known never changes."""
    ledger.append(event("e-1"), at=NOON)
    clock.now = NOON - HOUR
    ledger.append(event("e-2"))
    clock.now = NOON + timedelta(microseconds=1)
    ledger.append(event("e-3"))
    assert [NOON, NOON, clock.now] == [entry.recorded_at for entry in ledger]
    assert [record.id for record in ledger.known_at(NOON).records_of("p-1")] == ["e-1", "e-2"]
    assert ledger.known_at(NOON - timedelta(microseconds=1)).records_of("p-1") == ()


def test_the_clock_of_the_system():
    """A ledger without a clock of its own records the present moment."""
    ledger = Ledger()
    before = datetime.now(UTC)
    ledger.append(event())
    assert before <= ledger.entry("e-1").recorded_at <= datetime.now(UTC)


@pytest.mark.parametrize("told", [datetime.fromisoformat("2026-03-01T12:00"), date(2026, 3, 1), None, 0.5, "noon"])
def test_a_clock_that_tells_no_moment(told):
    """A clock without a time zone, or none at all, is refused when it is asked."""
    ledger = Ledger(clock=lambda: told)
    with pytest.raises(InvalidValue):
        ledger.append(event())
    assert len(ledger) == 0


def changes(ledger):
    """Return every way to change a ledger at a moment."""
    return [
        lambda at: ledger.append(event("new"), at=at),
        lambda at: ledger.append([], at=at),
        lambda at: ledger.retract("e-1", reason="no", at=at),
        lambda at: ledger.correct("e-1", {"title": "No"}, reason="no", at=at),
        lambda at: ledger.erase("p-1", at=at),
    ]


def test_nothing_is_recorded_before_the_last_entry(ledger, unchanged):
    """A moment earlier than that of the last entry is refused; the same moment is not."""
    ledger.append([event(), event("e-2", "p-2")], at=NOON)
    for change in changes(ledger):
        with unchanged, pytest.raises(LedgerMisuse, match=r"2026-03-01T12:00:00\.000000Z"):
            change(NOON - timedelta(microseconds=1))
    changes(ledger)[0](NOON)
    assert ledger.entry("new").recorded_at == NOON


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime.fromisoformat("2026-03-01T12:00"), "time zone"),
        (pendulum.naive(2026, 3, 1), "time zone"),
        (date(2026, 3, 1), "a day"),
        (pendulum.date(2026, 3, 1), "a day"),
        ("2026-03-01", "with its offset"),
        ("2026-03-01T12:00", "with its offset"),
        ("2026-02-30T12:00Z", "no moment"),
        ("noon", "with its offset"),
        (1772366400, "a datetime"),
    ],
)
def test_what_is_no_moment(ledger, unchanged, moment, said):
    """A datetime without its zone, a day, or a text that is no moment is refused wherever a moment is meant."""
    ledger.append([event(), event("e-2", "p-2")], at=NOON)
    for act in [*changes(ledger), ledger.known_at, ledger.known_at(NOON).known_at]:
        with unchanged, pytest.raises(InvalidValue, match=said):
            act(moment)


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        "2026-03-01T12:00Z",
        "2026-03-01 12:00:00.000+00:00",
        "2026-03-01T07:00-05:00",
        datetime.fromisoformat("2026-03-01T17:30:00+05:30"),
        pendulum.datetime(2026, 3, 1, 7, tz="America/New_York"),
        pendulum.instance(NOON),
    ],
    ids=str,
)
def test_what_is_a_moment(ledger, moment):
    """A moment in any zone, also one of pendulum's, is recorded and looked up as the same moment in UTC."""
    for change in changes(ledger)[:1]:
        change(moment)
    assert ledger.entry("new").recorded_at == NOON
    assert type(ledger.entry("new").recorded_at) is datetime
    assert timedelta(0) == ledger.entry("new").recorded_at.utcoffset()
    assert (len(ledger.known_at(moment)), len(ledger.known_at(NOON - timedelta(microseconds=1)))) == (1, 0)


# Withdrawing and correcting.


def test_retract(ledger):
    """A withdrawn record is as if it had never been, and stays in the ledger."""
    ledger.append([event("e-1"), event("e-2")])
    done = ledger.retract("e-1", reason="another person", by="p-9", at=NOON + HOUR)
    assert (done.retracts, done.reason, done.by) == ("e-1", "another person", "p-9")
    assert done == list(ledger)[-1].record
    assert (ledger.is_withdrawn("e-1"), ledger.is_withdrawn("e-2")) == (True, False)
    assert [record.id for record in ledger.records_of("p-1")] == ["e-2"]
    assert ["e-1", "e-2", done.id] == [entry.record.id for entry in ledger.entries_of("p-1")]
    assert event("e-1") == ledger.record("e-1")


def test_a_retraction_can_be_retracted(ledger):
    """A retraction of a retraction brings the record back, and one of that withdraws it again."""
    ledger.append(event())
    last = "e-1"
    for count in range(1, 6):
        last = ledger.retract(last, reason="again").id
        assert (count % 2 == 1) is ledger.is_withdrawn("e-1")
        assert count % 2 == len(ledger.records_of("p-1")) ^ 1
    assert len({entry.record.id for entry in ledger}) == 6


def test_two_retractions_of_one_record(ledger):
    """A record stays withdrawn until every retraction of it is withdrawn."""
    ledger.append([event(), retraction("r-1", "e-1"), retraction("r-2", "e-1")])
    ledger.retract("r-2", reason="no")
    assert ledger.is_withdrawn("e-1")
    ledger.retract("r-1", reason="no")
    assert not ledger.is_withdrawn("e-1")
    first, second = ledger.retract("e-1", reason="yes").id, ledger.entry("e-1").record.id
    assert ledger.is_withdrawn(second)
    assert first not in {"r-1", "r-2"}


def test_a_long_chain_of_retractions(ledger):
    """A retraction of a retraction of ... 3,000 deep is followed to its end."""
    names = ["e-1", *(f"r-{number}" for number in range(3000))]
    ledger.append([event(), *(retraction(name, before) for before, name in pairwise(names))])
    assert (ledger.is_withdrawn("e-1"), ledger.is_withdrawn("r-0")) == (False, True)
    assert (event(),) == ledger.records_of("p-1")
    ledger.retract(names[-1], reason="the last one")
    assert (ledger.is_withdrawn("e-1"), ledger.records_of("p-1")) == (True, ())


def test_retract_what_cannot_be(ledger, unchanged):
    """Only what is there and in effect can be withdrawn, and only with a reason."""
    ledger.append(event())
    done = ledger.retract("e-1", reason="a slip")
    with unchanged:
        with pytest.raises(UnknownRecord, match="'e-2'"):
            ledger.retract("e-2", reason="no")
        with pytest.raises(LedgerMisuse, match="'e-1' is already withdrawn"):
            ledger.retract("e-1", reason="no")
    ledger.retract(done.id, reason="a slip")
    with unchanged:
        with pytest.raises(LedgerMisuse, match="already withdrawn"):
            ledger.retract(done.id, reason="no")
        with pytest.raises(InvalidRecord, match="reason"):
            ledger.retract("e-1", reason="")


def test_a_retraction_finds_an_id_that_is_free(ledger):
    """The id that a retraction would have may be in use for something else, and then it gets another."""
    ledger.append([event("e-1"), event("e-1~retracted"), event("e-1~retracted~2"), event("e-1~retracted~retracted")])
    for record_id in ("e-1", "e-1~retracted", "e-1~retracted~2"):
        assert record_id == ledger.retract(record_id, reason="a slip").retracts
    assert [record.id for record in ledger.records_of("p-1")] == ["e-1~retracted~retracted"]


@pytest.mark.parametrize("length", [180, 190, 191, 198, 199, 200])
def test_the_longest_ids(ledger, length):
    """A record is withdrawn, corrected and read again however long its id is, as long as it may be one."""
    record_id = "x" * length
    ledger.append(event(record_id))
    plan = reconcile(ledger, [event(record_id, title="Ethics")])
    assert plan.corrections[0].old == event(record_id)
    ledger.append(plan.to_append())
    again = ledger.correct(plan.corrections[0].new.id, {"title": "Boundaries"}, reason="a slip")
    assert [again] == list(ledger.records_of("p-1"))
    assert len(reconcile(ledger, [event(record_id, title="Ethics")]).corrections) == 1
    done = ledger.retract(again.id, reason="a slip")
    ledger.retract(done.id, reason="a slip")
    assert [again] == list(ledger.records_of("p-1"))


def test_correct(ledger):
    """A correction withdraws the old record and appends a changed one that says what it replaces."""
    ledger.append(event(title="Ethics", credits=[Credit(amount=3)]), at=NOON)
    new = ledger.correct(
        "e-1", {"credits": [Credit(amount=2)]}, reason="the certificate says 2", by="p-9", at=NOON + HOUR
    )
    assert event("e-1~2", replaces="e-1", title="Ethics", credits=[Credit(amount=2)]) == new
    _, withdrawal, entry = ledger
    assert (
        withdrawal.record.retracts,
        withdrawal.record.reason,
        withdrawal.record.by,
    ) == ("e-1", "the certificate says 2", "p-9")
    assert new == entry.record
    assert (withdrawal.recorded_at, entry.recorded_at) == (NOON + HOUR, NOON + HOUR)
    assert (new,) == ledger.records_of("p-1")


def test_corrections_are_numbered(ledger):
    """Each correction of a record takes the next number that is free: ~2, ~3, and so on."""
    ledger.append([event("e-1"), event("e-1~4"), event("a~b")])
    for record_id, title, expected in [
        ("e-1", "B", "e-1~2"),
        ("e-1~2", "C", "e-1~3"),
        ("e-1~3", "B", "e-1~5"),
        ("a~b", "B", "a~b~2"),
        ("a~b~2", "C", "a~b~3"),
    ]:
        new = ledger.correct(record_id, {"title": title}, reason="a slip")
        assert (expected, record_id) == (new.id, new.replaces)


def test_an_id_that_only_looks_like_a_later_state(ledger):
    """A record whose own id ends in ~101 is no state of another: its correction is ~101~2."""
    ledger.append([event("course~101"), event("course~102")])
    assert ledger.correct("course~101", {"title": "B"}, reason="a slip").id == "course~101~2"
    assert ledger.correct("course~102", {"title": "B"}, reason="a slip").id == "course~102~2"


@pytest.mark.parametrize("record", one_of_each()[:-1], ids=lambda record: record.record_type)
def test_every_type_can_be_corrected(ledger, record):
    """A record of any type but a retraction can be corrected, here by where it came from."""
    ledger.append(record)
    origin = Origin(source="lms", key=["17"])
    new = ledger.correct(record.id, {"origin": origin}, reason="a slip")
    assert attrs.evolve(record, id=f"{record.id}~2", replaces=record.id, origin=origin) == new
    assert ledger.is_withdrawn(record.id)


def test_the_person_of_a_record_can_be_corrected(ledger):
    """A record that was about the wrong person moves to the right one; both see what happened to it."""
    ledger.append(event())
    new = ledger.correct("e-1", {"person": "p-2"}, reason="another person")
    assert ((), (new,)) == (ledger.records_of("p-1"), ledger.records_of("p-2"))
    assert (
        [entry.seq for entry in ledger.entries_of("p-1")],
        [entry.seq for entry in ledger.entries_of("p-2")],
    ) == ([1, 2], [3])


def test_correct_what_cannot_be(ledger, unchanged):
    """Only what is there and in effect can be corrected, only in its fields, only to something else that is valid."""
    ledger.append([event("e-1", title="Ethics"), event("e-2")])
    done = ledger.retract("e-2", reason="a slip")
    with unchanged:
        with pytest.raises(UnknownRecord, match="'e-3'"):
            ledger.correct("e-3", {"title": "No"}, reason="no")
        with pytest.raises(LedgerMisuse, match="already withdrawn"):
            ledger.correct("e-2", {"title": "No"}, reason="no")
        with pytest.raises(LedgerMisuse, match="is a retraction"):
            ledger.correct(done.id, {}, reason="no")
        for same in ({}, {"title": "Ethics"}, {"completed": date(2025, 3, 4)}):
            with pytest.raises(LedgerMisuse, match="nothing changes"):
                ledger.correct("e-1", same, reason="no")
        for field in ("id", "replaces", "color"):
            with pytest.raises(LedgerMisuse, match=field):
                ledger.correct("e-1", {"title": "No", field: "no"}, reason="no")
        with pytest.raises(InvalidRecord) as caught:
            ledger.correct("e-1", {"completed": "2025-02-30", "person": ""}, reason="no")
        assert [problem.path for problem in caught.value.problems] == ["person", "completed"]
        with pytest.raises(LedgerMisuse, match="mapping"):
            ledger.correct("e-1", ["title"], reason="no")
        with pytest.raises(InvalidRecord, match="reason"):
            ledger.correct("e-1", {"title": "No"}, reason="")


def test_who_decided_and_why_are_corrected_like_any_other_field():
    ledger = Ledger()
    ledger.append(
        Review(id="r-1", person="p-1", event="e-1", decision="approved", on="2025-03-04", by="p-8", reason="a")
    )
    new = ledger.correct("r-1", {"by": "p-7", "reason": "b"}, reason="another reviewer", by="p-9")
    assert (new.by, new.reason) == ("p-7", "b")
    assert [entry.record.by for entry in ledger] == ["p-8", "p-9", "p-7"]


def test_a_ledger_without_entries_is_a_ledger_and_true():
    assert Ledger()
    assert Ledger().known_at("2025-03-04T00:00Z")
    assert not len(Ledger())


def test_two_different_records_under_one_id_in_one_append_are_named_without_an_entry_that_never_was():
    ledger = Ledger()
    with pytest.raises(ConflictingRecords) as caught:
        ledger.append([event("e-1", title="One"), event("e-1", title="Two")])
    [conflict] = caught.value.conflicts
    assert (conflict.entry, conflict.position, conflict.fields) == (None, 2, ("title",))
    assert "an earlier record and record 2" in str(caught.value)


def test_what_is_recorded_about_nobody_is_not_what_says_that_somebody_was_erased():
    ledger = Ledger()
    ledger.append([event("e-1", "p-1"), Course(id="c-1", title="Ethics")])
    ledger.erase("p-1")
    assert [record.id for record in ledger.shared_records()] == ["c-1"]


# One person under several ids.


def test_links_are_followed_from_id_to_id(ledger):
    """Whoever is linked to somebody who is linked is one person, until a link is withdrawn."""
    ledger.append([event(f"e-{number}", f"p-{number}") for number in range(1, 6)])
    ledger.append([link("s-3", "p-3", "p-4"), link("s-1", "p-1", "p-2"), link("s-2", "p-2", "p-3")])
    everybody = {"p-1", "p-2", "p-3", "p-4"}
    for person in everybody:
        assert everybody == ledger.same_person(person)
        assert [record.id for record in ledger.records_of(person)] == ["e-1", "e-2", "e-3", "e-4", "s-3", "s-1", "s-2"]
    assert {"p-5"} == ledger.same_person("p-5")
    assert {"unheard-of"} == ledger.same_person("unheard-of")
    withdrawal = ledger.retract("s-2", reason="they are two")
    assert ({"p-1", "p-2"}, {"p-3", "p-4"}) == (ledger.same_person("p-1"), ledger.same_person("p-4"))
    assert [record.id for record in ledger.records_of("p-1")] == ["e-1", "e-2", "s-1"]
    ledger.retract(withdrawal.id, reason="they are one")
    assert everybody == ledger.same_person("p-4")


def test_links_in_a_ring(ledger):
    """Links that close a ring are followed once, and one of them may go without parting anybody."""
    ledger.append([link("s-1", "p-1", "p-2"), link("s-2", "p-2", "p-3"), link("s-3", "p-3", "p-1")])
    assert {"p-1", "p-2", "p-3"} == ledger.same_person("p-2")
    assert [entry.seq for entry in ledger.entries_of("p-2")] == [1, 2, 3]
    ledger.retract("s-3", reason="a slip")
    assert {"p-1", "p-2", "p-3"} == ledger.same_person("p-1")


# Reading.


def test_people_counts_and_length(ledger):
    """People are sorted, types are counted in the order of their names, and every entry counts."""
    assert (list(ledger.people()), ledger.counts(), len(ledger), list(ledger)) == ([], {}, 0, [])
    ledger.append([event("e-1", "p-2"), event("e-2", "p-10"), Coverage(id="c-1", covers="filing", person="p-1")])
    ledger.append([Coverage(id="c-2", covers="filing"), link("s-1", "p-9", "P-1"), retraction("r-1", "e-2")])
    assert list(ledger.people()) == ["P-1", "p-1", "p-10", "p-2", "p-9"]
    assert list(ledger.counts().items()) == [
        ("coverage", 2),
        ("retraction", 1),
        ("same-person", 1),
        ("training-event", 2),
    ]
    assert len(ledger) == 6
    ledger.erase("p-2")
    assert ledger.counts() == {
        "coverage": 2,
        "erased": 1,
        "erasure": 1,
        "retraction": 1,
        "same-person": 1,
        "training-event": 1,
    }
    assert len(ledger) == 7


def test_records_about_nobody(ledger):
    """Courses and coverage for everybody are shared, those withdrawn left out, and are about no person."""
    ledger.append([Course(id="c-1", title="Ethics"), Coverage(id="co-1", covers="filing"), event()])
    ledger.append([Course(id="c-2", title="Other"), Coverage(id="co-2", covers="filing", person="p-1")])
    ledger.retract("c-1", reason="a slip")
    assert [record.id for record in ledger.shared_records()] == ["co-1", "c-2"]
    assert [record.id for record in ledger.records_of("p-1")] == ["e-1", "co-2"]


@pytest.mark.parametrize("unheard", ["p-9", "", "P-1", "p-1 ", "%", "p-_", "Zoë", "\ud800", "x" * 300])
def test_a_person_nobody_heard_of(ledger, unheard):
    """An id that appears nowhere, or can be none, gives nothing and is no error."""
    ledger.append(event())
    assert ((), (), {unheard}) == (ledger.entries_of(unheard), ledger.records_of(unheard), ledger.same_person(unheard))
    for ask in (ledger.record, ledger.entry, ledger.is_withdrawn):
        with pytest.raises(UnknownRecord) as caught:
            ask(unheard)
        assert unheard == caught.value.record_id
    with pytest.raises(UnknownPerson) as caught:
        ledger.erase(unheard)
    assert unheard == caught.value.person


def test_nobody_in_particular_is_no_person(ledger, unchanged):
    """What is about nobody belongs to no person, so it can be neither read nor erased as one."""
    ledger.append([Course(id="c-1", title="Ethics"), event()])
    with unchanged:
        assert ledger.records_of("None") == ()
        with pytest.raises(UnknownPerson):
            ledger.erase("None")


def test_asking_about_one_person_reads_nobody_else(path):
    """A record of somebody else that cannot be read disturbs no answer about this person."""
    with Ledger.open(path) as ledger:
        ledger.append([event("e-7", "p-7"), event("e-8", "p-8")])
    tamper(path, "UPDATE entry SET record = '{' WHERE id = 'e-8'")
    with Ledger.open(path) as ledger:
        assert (event("e-7", "p-7"),) == ledger.records_of("p-7")
        assert event("e-7", "p-7") == ledger.record("e-7")
        with pytest.raises(DamagedLedger, match="entry 14"):
            ledger.records_of("p-8")
        with pytest.raises(DamagedLedger, match="entry 14"):
            list(ledger)


def test_entries_cannot_be_changed(ledger):
    """Entries and answers are frozen, so that nobody alters by accident what was read."""
    done = ledger.append(event())
    for frozen in (ledger.entry("e-1"), done, ledger.record("e-1"), ledger.verify()):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(frozen, attrs.fields(type(frozen))[0].name, None)


# Erasing.


def test_erase(ledger):
    """Everything about a person is gone, of others nothing, and a new entry says which entries it was."""
    ledger.append([event("e-1"), event("e-2", "p-2"), Coverage(id="c-1", covers="filing", person="p-1")])
    ledger.append([Course(id="c-2", title="Ethics")])
    ledger.retract("e-1", reason="a slip")
    others = ledger.records_of("p-2"), ledger.shared_records(), ledger.entries_of("p-2")
    head = ledger.head
    erased = ledger.erase("p-1", at=NOON + HOUR)
    counts = {"training-event": 1, "coverage": 1, "retraction": 1}
    assert Erased(people=frozenset({"p-1"}), entries=(1, 3, 5), counts=counts, purged=True) == erased
    assert [entry.record and entry.record.id for entry in ledger][:-1] == [None, "e-2", None, "c-2", None]
    notice = list(ledger)[-1]
    assert (notice.seq, notice.recorded_at, notice.record.entries) == (6, NOON + HOUR, (1, 3, 5))
    assert others[0] == ledger.records_of("p-2")
    assert others[1] == ledger.shared_records()
    assert others[2] == ledger.entries_of("p-2")
    assert (list(ledger.people()), ledger.records_of("p-1"), ledger.entries_of("p-1")) == (["p-2"], (), ())
    assert (bool(ledger.verify()), ledger.verify().erased) == (True, 3)
    assert ledger.verify(head)
    for record_id in ("e-1", "c-1", "e-1~retracted"):
        for ask in (ledger.record, ledger.entry, ledger.is_withdrawn):
            with pytest.raises(UnknownRecord):
                ask(record_id)


def test_erase_under_every_id(ledger):
    """All ids of a person are erased, whichever of them is given, the links between them included."""
    ledger.append([event(f"e-{number}", f"p-{number}") for number in range(1, 5)])
    ledger.append([link("s-1", "p-1", "p-2"), link("s-2", "p-2", "p-3"), link("s-3", "p-3", "p-4")])
    ledger.retract("s-3", reason="they are two")
    erased = ledger.erase("p-3")
    assert ({"p-1", "p-2", "p-3"}, (1, 2, 3, 5, 6, 7, 8)) == (erased.people, erased.entries)
    assert list(ledger.people()) == ["p-4"]
    assert (event("e-4", "p-4"),) == ledger.records_of("p-4")
    assert ledger.verify()


def test_erase_somebody_unknown(ledger, unchanged):
    """Somebody of whom nothing is recorded, or no longer, cannot be erased."""
    ledger.append([event(), event("e-2", "p-2")])
    ledger.erase("p-1")
    for person in ("p-1", "p-9", "erasure-3"):
        with unchanged, pytest.raises(UnknownPerson, match=repr(person)) as caught:
            ledger.erase(person)
        assert isinstance(caught.value, LookupError)


def test_an_erased_id_is_free_again(ledger):
    """Importing an erased person's rows again records them again, under the same ids."""
    ledger.append(event())
    ledger.retract("e-1", reason="a slip")
    ledger.erase("p-1")
    assert Appended(added=1, unchanged=0, last=4) == ledger.append(event(title="Otherwise"))
    assert (False, (event(title="Otherwise"),)) == (ledger.is_withdrawn("e-1"), ledger.records_of("p-1"))
    assert ledger.retract("e-1", reason="a slip")
    assert (len(ledger), ledger.erase("p-1").entries) == (5, (4, 5))
    assert ledger.verify()


@pytest.mark.parametrize("taken", [["erasure-2"], ["x", "erasure-3"], ["erasure-4", "erasure-4~2", "y"]])
def test_nothing_that_has_its_id_hinders_an_erasure(ledger, taken):
    """An erasure is the law's to ask for, so a record that happens to have its id does not stop it."""
    ledger.append([event(name, "p-2" if name == "y" else "p-1") for name in taken])
    assert {"p-1"} == ledger.erase("p-1").people
    assert ledger.verify()
    assert "p-1" not in set(ledger.people())


def test_what_is_erased_is_in_no_memory():
    """After an erasure a ledger in memory keeps no hold of what was erased."""
    ledger = Ledger()
    record = event(title="Title of p-1")
    kept = weakref.ref(record)
    ledger.append(record)
    del record
    assert kept() is not None
    ledger.erase("p-1")
    gc.collect()
    assert kept() is None


def test_what_is_erased_is_in_no_file(tmp_path):
    """After an erasure no byte of what was erased is in the file or beside it."""
    with Ledger.open(tmp_path / "a") as ledger:
        ledger.append(event(f"e-{number}", f"p-{number}", title=f"Title of {number}") for number in range(300))
        assert ledger.erase("p-117").purged
        found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Title of 118" in found
    assert b"Title of 117" not in found


def test_a_reader_may_delay_the_purge(tmp_path):
    """When somebody is reading at the time, the erasure says that nothing was purged, and the next one purges it."""
    with Ledger.open(tmp_path / "a", wait=0.01) as ledger:
        ledger.append([event(title="Title of p-1"), event("e-2", "p-2")])
        with closing(sqlite3.connect(tmp_path / "a", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM entry").fetchall()
            assert ((erased := ledger.erase("p-1")).entries == (1,), erased.purged) == (True, False)
            reader.execute("COMMIT")
        assert ledger.erase("p-2").purged
        assert not [file for file in tmp_path.iterdir() if b"Title of p-1" in file.read_bytes()]


# Noting down and verifying.


def test_head(ledger):
    """The head of an empty ledger is that of every empty ledger; later it is the last entry's number and digest."""
    assert ledger.head == (0, GENESIS)
    ledger.append(event("e-1"))
    ledger.append(event("e-2"), at=NOON + HOUR)
    assert (2, list(ledger)[-1].digest) == ledger.head
    assert (1, ledger.entry("e-1").digest) == ledger.known_at(NOON).head


def test_two_ledgers_of_the_same_records_have_other_digests():
    """Digests are salted, so that nobody can try whether a person is in a ledger whose digests are known."""
    heads = set()
    for _ in range(3):
        ledger = Ledger()
        ledger.append([event("e-1"), event("e-2")], at=NOON)
        heads.add(ledger.head)
    assert len(heads) == 3


def test_verify(ledger):
    """A ledger that nobody altered verifies, against every head it ever had, and says how much it read."""
    heads = [ledger.head]
    for number in range(4):
        ledger.append(event(f"e-{number}", f"p-{number}"))
        heads.append(ledger.head)
    ledger.erase("p-1")
    found = ledger.verify()
    assert (5, 1, ledger.head, ()) == (found.entries, found.erased, found.head, found.problems)
    assert f"5 entries, 1 of them erased; unaltered; head 5:{ledger.head[1]}" in str(found)
    for head in [*heads, ledger.head]:
        assert ledger.verify(head)


def test_verify_against_a_head_that_never_was(ledger):
    """A head of another ledger, or of one that had more, is told apart by its number."""
    ledger.append([event("e-1"), event("e-2")])
    for head in ((1, ledger.head[1]), (2, "00" * 32), (3, ledger.head[1]), (0, "00" * 32)):
        found = ledger.verify(head)
        assert not found
        assert (f"entry {head[0]} does not have the digest that was noted down",) == found.problems
        assert "altered" in str(found)


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        (1, "record = replace(record, '2025-03-04', '2025-03-05')"),
        (2, "recorded_at = '2026-03-01T12:00:00.000001Z'"),
        (1, "person = 'p-3'"),
        (11, "other_person = 'p-3'"),
        (12, "retracts = 'd-1'"),
        (1, "id = 'e-0'"),
        (1, "type = 'course'"),
        (3, "salt = zeroblob(16)"),
        (3, "commitment = zeroblob(32)"),
        (12, "digest = zeroblob(32)"),
        (1, "record = NULL, salt = NULL"),
        (1, "type=NULL, id=NULL, person=NULL, other_person=NULL, retracts=NULL, record=NULL, salt=NULL"),
    ],
)
def test_verify_finds_what_was_altered(path, entry, change):
    """A change behind the ledger's back is found, and its entry named."""
    tamper(path, f"UPDATE entry SET {change} WHERE seq = {entry}")
    with Ledger.open(path) as ledger:
        found = ledger.verify()
    assert not found
    assert any(problem.startswith((f"entry {entry}:", f"entry {entry} is")) for problem in found.problems)


def test_a_head_that_was_kept_as_json(ledger):
    """A head noted down as JSON comes back as a list, and is the same head."""
    ledger.append(event("e-1"))
    noted = json.loads(json.dumps(ledger.head))
    ledger.append(event("e-2"))
    assert ledger.verify(noted).problems == ()


def test_verify_tells_what_it_found_before_it_could_read_no_further(path):
    """An entry that cannot be read at all does not hide those altered before it."""
    tamper(path, "UPDATE entry SET person = 'p-3' WHERE seq = 1", "UPDATE entry SET recorded_at = 'noon' WHERE seq = 7")
    with Ledger.open(path) as ledger:
        first, second = ledger.verify().problems
    assert first.startswith("entry 1: its type, id or person differs")
    assert second.startswith("entry 7 and what follows:")


# Files.


def test_open_makes_a_file_and_finds_it_again(tmp_path):
    """A ledger in a file is there again when it is opened again, by text or by path."""
    with Ledger.open(str(tmp_path / "a")) as ledger:
        ledger.append(one_of_each())
        entries = list(ledger)
    for again in (tmp_path / "a", str(tmp_path / "a")):
        with Ledger.open(again, create=False) as ledger:
            assert entries == list(ledger)


def test_readers_beside_a_writer(path):
    """Who has the file open sees what another appends, as soon as the append has ended and not before."""

    def seen_by_reader():
        yield event("e-7")
        counts.append(len(reader))

    with Ledger.open(path) as writer, Ledger.open(path, read_only=True) as reader, Ledger.open(path) as other:
        counts = [len(reader)]
        writer.append(seen_by_reader())
        assert [*counts, len(reader), len(other)] == [12, 12, 13, 13]
        other.append(event("e-8"))
        assert writer.head == reader.head == other.head


def test_a_ledger_opened_to_be_read(path, tmp_path):
    """A ledger that was opened read-only answers everything and refuses every change."""
    with Ledger.open(path) as ledger:
        before = lines_of(ledger, tmp_path)
    with Ledger.open(path, read_only=True) as ledger:
        for change in [*changes(ledger), lambda at: read_archive(tmp_path / "all.jsonl", ledger)]:
            with pytest.raises(LedgerMisuse, match="opened read-only"):
                change(None)
        assert before == lines_of(ledger, tmp_path)
        assert ledger.verify()


def test_a_closed_ledger(path):
    """A ledger that was closed says so; its file is neither torn nor altered."""
    ledger = Ledger.open(path)
    view = ledger.known_at(NOON)
    ledger.close()
    ledger.close()
    for act in (
        lambda: ledger.records_of("p-1"),
        lambda: ledger.append(event("e-7")),
        lambda: ledger.erase("p-1"),
        lambda: ledger.head,
        lambda: list(view),
        ledger.verify,
    ):
        with pytest.raises(LedgerMisuse, match="closed"):
            act()


def test_closing_a_ledger_in_memory():
    """A ledger in memory stays as it is when it is closed."""
    with Ledger() as ledger:
        ledger.append(event())
    assert (event(),) == ledger.records_of("p-1")


def open_in(folder):
    return Ledger.open(folder / "a")


def test_open_what_is_not_there(tmp_path):
    """A folder that is not there, or a file that is not to be made, is told as not found and nothing is made."""
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(LedgerNotFound, match="no such file"):
            Ledger.open(tmp_path / "a", **options)
    with pytest.raises(LedgerNotFound, match="no such folder") as caught:
        Ledger.open(tmp_path / "folder" / "a")
    assert tmp_path / "folder" / "a" == caught.value.path
    assert isinstance(caught.value, FileNotFoundError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\0", b"x" * 5000, b"{}\n"])
def test_open_another_programs_file(tmp_path, content):
    """A file of another program is no ledger, and is left as it is."""
    (tmp_path / "a").write_bytes(content)
    for options in ({}, {"read_only": True}, {"create": False}):
        with pytest.raises(NotALedger):
            Ledger.open(tmp_path / "a", **options)
    assert content == (tmp_path / "a").read_bytes()


def test_open_another_programs_database(tmp_path):
    """A SQLite file of another program is no ledger either, and a folder is none."""
    with closing(sqlite3.connect(tmp_path / "a")) as sql:
        sql.execute("CREATE TABLE entry (seq INTEGER)")
    content = (tmp_path / "a").read_bytes()
    with pytest.raises(NotALedger, match="another program"):
        open_in(tmp_path)
    with pytest.raises(NotALedger, match="folder"):
        Ledger.open(tmp_path)
    assert content == (tmp_path / "a").read_bytes()


def test_open_a_newer_format(path):
    """A ledger of a later version of the package asks for an upgrade."""
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("PRAGMA user_version = 2")
    with pytest.raises(NewerFormat, match="upgrade"):
        Ledger.open(path)


def test_open_a_torn_or_altered_file(path):
    """A ledger's file that was cut off, or has other tables, is damaged; nothing is done to it."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096])
    with pytest.raises(DamagedLedger):
        Ledger.open(path)
    assert whole[:4096] == path.read_bytes()
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE other (x)")
    with pytest.raises(DamagedLedger):
        Ledger.open(path)


def test_open_where_nothing_can_be_written(path, monkeypatch):
    """A file that refuses to be written can be opened read-only, and says so."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LedgerNotWritable, match="read_only=True") as caught:
        Ledger.open(path)
    assert isinstance(caught.value, PermissionError)
    with Ledger.open(path, read_only=True) as ledger:
        assert len(ledger) == 12


def test_open_where_no_file_can_be_made(tmp_path, monkeypatch):
    """A folder that refuses a new file is told as such."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(LedgerNotWritable, match="Permission denied"):
        open_in(tmp_path)


def test_another_process_that_writes_for_too_long(path):
    """A change waits as long as it was told to for another that is in progress, then says that the ledger is busy."""
    with Ledger.open(path, wait=0.01) as ledger, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusy) as caught:
            ledger.append(event("e-7"))
        assert isinstance(caught.value, TimeoutError)
        assert len(ledger.records_of("p-1")) == 10  # of the twelve all but the course and its retraction
        other.execute("ROLLBACK")
        assert Appended(added=1, unchanged=0, last=13) == ledger.append(event("e-7"))


def test_a_full_disk(path, tmp_path):
    """When no room is left nothing of the append is kept, and the ledger can still be read."""
    with Ledger.open(path) as ledger:
        before = lines_of(ledger, tmp_path)
        pages = ledger._store._writer._all("PRAGMA page_count")[0][0]
        ledger._store._writer._all(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DiskFull):
            ledger.append(event(f"e-{number}", evidence="x" * 5000) for number in range(7, 40))
        assert before == lines_of(ledger, tmp_path)
        assert ledger.verify()
        ledger._store._writer._all("PRAGMA max_page_count = 100000")
        assert ledger.append(event("e-7")).last == 13


def test_errors_of_files_are_of_one_family(tmp_path):
    """Whatever is wrong with a file is a LedgerFileError and an OSError that names the file."""
    for error in (LedgerNotFound, NotALedger, NewerFormat, DamagedLedger, LedgerNotWritable, DiskFull, LedgerBusy):
        assert issubclass(error, LedgerFileError)
        assert issubclass(error, OSError)
        assert issubclass(error, PeerLedgerError)
        assert str(tmp_path) in str(error(tmp_path, "is wrong"))


def test_a_ledger_copied_while_it_is_closed(path, tmp_path):
    """A closed ledger is one file, and a copy of it is the same ledger."""
    shutil.copy(path, tmp_path / "copy")
    with Ledger.open(path) as ledger, Ledger.open(tmp_path / "copy") as copy:
        assert list(ledger) == list(copy)


# What a message may say.


def marked():
    """Return records whose every text and text-like value names somebody."""
    common = {"origin": Origin(source="lms", key=[MARK, "17"])}
    about = {**common, "person": "p-1"}
    board = {**about, "credential": "us-nc-cpss"}
    return [
        TrainingEvent(
            id="m-1",
            **about,
            completed="2025-03-04",
            title=f"Notes on {MARK}",
            evidence=f"/letters/{MARK}.pdf",
            credits=[Credit(amount=1, topics={"ethics"})],
            approvals=[Approval(by="naadac", number=MARK)],
        ),
        Course(id="m-2", **common, title=MARK, codes={MARK}, approvals=[Approval(by="naadac", number=MARK)]),
        Certification(id="m-3", **board, act="awarded", on="2024-03-14", number=MARK),
        Verification(id="m-4", **board, seen="2026-01-05", number=MARK),
        Review(id="m-5", **about, event="m-1", decision="rejected", on="2026-01-05", reason=MARK),
        Ruling(
            id="m-6",
            **board,
            on="2026-01-05",
            requirement="ethics",
            effect="sets",
            figure=Quantity(amount=3, unit="hour"),
            reason=MARK,
        ),
        Retraction(id="m-7", retracts="m-4", reason=MARK, **common),
        Document(id="m-8", **about, kind="reference-letter", on="2026-02-01"),
    ]


def said_by(act):
    """Return all that an error says, as a log would show it: its message, its repr and its traceback."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it is read
        act()
    assert isinstance(caught.value, PeerLedgerError), caught.value
    return "\n".join([str(caught.value), repr(caught.value), *traceback.format_exception(caught.value)])


def test_no_message_of_a_ledger_holds_free_text(ledger, caplog):
    """No error of any method repeats what a record says in words, whatever is done with it."""
    caplog.set_level(logging.DEBUG)
    ledger.append(marked())
    bad = f"{MARK}\x00"
    acts = [
        *(lambda one=one: ledger.append(attrs.evolve(one, replaces="other")) for one in marked()),
        lambda: ledger.append(attrs.evolve(marked()[0], title=f"Other notes on {MARK}")),
        lambda: ledger.append([event("x-1"), MARK]),
        lambda: ledger.append([{"title": MARK}]),
        lambda: ledger.append(MARK),
        lambda: ledger.append([Odd()]),
        lambda: ledger.append(Retraction(id="x-1", retracts="nothing", reason=MARK)),
        lambda: ledger.append(event("x-1"), at=MARK),
        lambda: ledger.known_at(MARK),
        lambda: ledger.retract("m-1", reason=bad),
        lambda: ledger.retract("m-4", reason=MARK),
        lambda: ledger.retract("nothing", reason=MARK),
        lambda: ledger.retract("m-1", reason=MARK, by=MARK),
        lambda: ledger.retract("m-1", reason=MARK, at=MARK),
        lambda: ledger.correct("m-1", {}, reason=MARK),
        lambda: ledger.correct("m-7", {}, reason=MARK),
        *(
            lambda name=name: ledger.correct("m-1", {name: bad}, reason=MARK)
            for name in attrs.fields_dict(TrainingEvent)
            if name not in {"id", "replaces"}
        ),
        lambda: ledger.correct("m-2", {"codes": [bad]}, reason=MARK),
        lambda: reconcile(ledger, [marked()[0], attrs.evolve(marked()[0], title=f"Other notes on {MARK}")]),
    ]
    for act in acts:
        assert MARK not in said_by(act)
    assert MARK not in caplog.text


def test_no_repr_holds_free_text(ledger, tmp_path):
    """No repr of anything that a ledger gives shows what a record says in words."""
    done = ledger.append(marked())
    assert MARK in lines_of(ledger, tmp_path)
    plan = reconcile(ledger, [attrs.evolve(marked()[0], title=f"Other notes on {MARK}"), *marked()[1:]])
    view = ledger.known_at(NOON)
    given = [
        *marked(),
        *ledger,
        *ledger.records_of("p-1"),
        ledger,
        view,
        done,
        plan,
        plan.corrections,
        ledger.retract("m-1", reason=MARK),
        ledger.correct("m-2", {"title": f"Other than {MARK}"}, reason=MARK),
        ledger.verify(),
        ledger.counts(),
        Origin(source="lms", key=[MARK]),
        ledger.erase("p-1"),
    ]
    assert (repr(ledger), repr(view)) == ("<Ledger of 12 entries>", "<LedgerView of 8 entries>")
    for one in given:
        assert MARK not in repr(one)
        assert MARK not in str(one)


def test_no_message_about_a_file_holds_free_text(tmp_path, capsys, caplog):
    """No finding about a damaged file or archive, and no overview of one, repeats what a record says in words."""
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "a"
    with Ledger.open(path) as ledger:
        ledger.append(marked())
        archive = lines_of(ledger, tmp_path).splitlines(keepends=True)
    for command in ("status", "verify"):
        main([command, "--ledger", str(path)])
    said = [*capsys.readouterr()]
    altered = [
        "record = substr(record, 1, length(record) - 9)",
        f'record = replace(record, \'"id"\', \'"{MARK}":"{MARK}","id"\')',
        f'record = replace(record, \'"type":"\', \'"type":"{MARK}\')',
        f"record = replace(record, '2025-03-04', '{MARK}')",
        f"record = '{MARK}'",
        f"id = '{MARK}' || seq",
        f"type = '{MARK}'",
        f"recorded_at = '{MARK}'",
        f"retracts = '{MARK}'",
    ]
    for number, change in enumerate(altered):
        copy = tmp_path / f"copy-{number}"
        shutil.copy(path, copy)
        tamper(copy, f"UPDATE entry SET {change}")
        with Ledger.open(copy) as ledger:
            found = ledger.verify()
            assert not found
            said += [str(found), repr(found)]
            for ask in (lambda ledger=ledger: list(ledger), lambda ledger=ledger: ledger.records_of("p-1")):
                try:
                    ask()
                except PeerLedgerError as error:
                    said += traceback.format_exception(error)
        for command in ("status", "verify"):
            main([command, "--ledger", str(copy)])
        said += capsys.readouterr()
    torn = tmp_path / "torn.jsonl"
    for number, line in enumerate(archive[1:-1], 1):
        middle = line.index(MARK) + 4 if MARK in line else 30
        for changed in (
            line[:middle],
            line.replace('"type":"', f'"type":"{MARK}'),
            line.replace('"id"', f'"{MARK}":1,"id"'),
            line.replace('"id":"', f'"id":"{MARK}'),
            line.replace('"person":"p-1"', f'"person":"{MARK}"'),
            line.replace(":", f':"{MARK}"', 1),
            line.replace("2026", MARK, 1),
            line.replace(MARK, f"{MARK} Smith"),
            line.replace('"m-4"', f'"{MARK}"'),
            json.dumps({MARK: MARK}) + "\n",
        ):
            if changed != line:
                torn.write_text("".join([*archive[:number], changed, *archive[number + 1 :]]), "utf-8")
                said.append(said_by(lambda: read_archive(torn)))
                text = changed.partition('"record":')[2].rpartition(',"digest"')[0]
                with nullcontext() if not text else pytest.raises(PeerLedgerError) as caught:
                    if text:
                        record_from_json(text + "}")
                if text:
                    said += traceback.format_exception(caught.value)
    assert MARK not in "\n".join(said)
    assert MARK not in caplog.text


def test_a_name_in_the_place_of_an_id_is_not_repeated(ledger):
    """What is looked up and cannot be an id may be a name that slipped into its place; no message repeats it."""
    ledger.append(marked())
    for act in (
        lambda: ledger.record(MARK),
        lambda: ledger.entry(MARK),
        lambda: ledger.is_withdrawn(MARK),
        lambda: ledger.retract(MARK, reason="no"),
        lambda: ledger.correct(MARK, {"title": "No"}, reason="no"),
        lambda: ledger.correct("m-1", {MARK: "no"}, reason="no"),
        lambda: ledger.erase(MARK),
    ):
        with pytest.raises(PeerLedgerError) as caught:
            act()
        assert MARK not in "".join(traceback.format_exception(caught.value))


def test_the_marks_are_where_they_should_be():
    """The records of these tests do hold the name, in every field that takes free text."""
    for record in marked():
        assert MARK in record_to_json(record)
