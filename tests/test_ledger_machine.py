"""
A ledger in memory and one in a file, driven side by side against a plain list.

The model restates what a ledger promises from its docstrings alone: withdrawal by recursion over all retractions, one
person by joining pairs until nothing changes, what was known at a moment by comparing moments, the chain by its own
SHA-256.
"""

import json
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import attrs
import pendulum
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from effort import effort, sized
from peer_ledger import testing
from peer_ledger.errors import ConflictingRecords, LedgerMisuse, NotARecord, UnknownPerson, UnknownRecord
from peer_ledger.ledger import Appended, Erased, Ledger
from peer_ledger.ledger.archive import archive_lines
from peer_ledger.records import Coverage, Erasure, Origin, Retraction, SamePerson, TrainingEvent
from peer_ledger.records.interchange import record_from_json

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = ["p-1", "p-2", "p-3", "p-4", "p-5", "nobody"]
IDS = ["e-1", "e-2", "e-3", "e-1~retracted", "a~b", "'", '"\\', "NULL", "0", "%", "x" * 60]
STEPS = [timedelta(0), timedelta(microseconds=1), timedelta(hours=1), timedelta(days=400)]


# What a ledger promises, said again over a list of records in the order of their entries.


def is_retracted(said, record_id):
    return any(
        isinstance(one, Retraction) and one.retracts == record_id and not is_retracted(said, one.id) for one in said
    )


def people_of(said, record):
    if isinstance(record, Retraction):
        return people_of(said, next(one for one in said if one.id == record.retracts))
    if isinstance(record, SamePerson):
        return set(record.people)
    return {getattr(record, "person", None)} - {None}


def ids_of_one(said, person):
    pairs = [set(one.people) for one in said if isinstance(one, SamePerson) and not is_retracted(said, one.id)]
    ids = {person}
    while any(pair & ids and not pair <= ids for pair in pairs):
        ids = ids.union(*(pair for pair in pairs if pair & ids))
    return ids


def in_effect(said, some):
    return tuple(one for one in some if not isinstance(one, Retraction) and not is_retracted(said, one.id))


def next_state(said, record_id):
    stem = re.sub(r"~[0-9]+$", "", record_id)
    number = 2
    while f"{stem}~{number}" in {one.id for one in said}:
        number += 1
    return f"{stem}~{number}"


def chained(before, seq, recorded_at, committed):
    return sha256(b"peer-ledger entry 1\x00" + before + f"{seq} {recorded_at} ".encode() + committed).digest()


# Records that meet each other often.


def some_event():
    return st.builds(
        TrainingEvent,
        id=st.sampled_from(IDS),
        person=testing.people(),
        completed=st.sampled_from(["2025-03-04", "2025-03-05"]),
        title=st.sampled_from([None, "Ethics"]),
    )


def some_link(*names):
    return st.builds(
        SamePerson,
        id=st.sampled_from(names or ["s-1", "s-2", "s-3", "s-4"]),
        people=st.frozensets(testing.people(), min_size=2, max_size=2),
    )


def some_shared():
    return st.builds(
        Coverage, id=st.sampled_from(["c-1", "c-2"]), covers=st.just("filing"), person=st.none() | testing.people()
    )


def some_hostile():
    return st.tuples(testing.records(), st.sampled_from(IDS)).map(lambda pair: attrs.evolve(pair[0], id=pair[1]))


def some_retraction(ids):
    return st.builds(
        Retraction,
        id=st.sampled_from(["r-1", "r-2", "r-3", "r-4"]),
        retracts=st.sampled_from(ids),
        reason=testing.texts(),
    )


def to_append(said):
    """Return new records, records that are there, others under their ids, and retractions of anything and nothing."""
    there = [one for one in said if not isinstance(one, Erasure)]
    again = st.sampled_from(there) if there else st.nothing()
    otherwise = again.map(lambda one: attrs.evolve(one, replaces="something-else"))
    retraction = some_retraction([*IDS, "s-1", "r-1", "r-2", "unknown", *(one.id for one in said)])
    return st.one_of(some_event(), some_link(), some_shared(), retraction, again, otherwise, some_hostile())


class Clock:
    def __init__(self):
        self.now = BEGIN

    def __call__(self):
        return self.now


class TwoLedgers(RuleBasedStateMachine):
    """Both ledgers answer alike, and as the list says."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="peer-ledger-"))
        self.path = self.folder / "a.ledger"
        self.clock = Clock()
        self.memory = Ledger(clock=self.clock)
        self.file = Ledger.open(self.path, clock=self.clock)
        self.entries = []  # (moment, record, or None when it is erased)
        self.moments = [BEGIN]
        self.commitments = {ledger: {} for ledger in ("memory", "file")}  # of what is erased, by sequence number

    def teardown(self):
        self.file.close()
        shutil.rmtree(self.folder)

    @property
    def said(self):
        return [record for _, record in self.entries if record is not None]

    @property
    def last_moment(self):
        return self.entries[-1][0] if self.entries else datetime.min.replace(tzinfo=UTC)

    # Doing the same to both.

    def both(self, act, error=None):
        """Do something to both; they give the same answer, or the same error and stay as they were."""
        answers = []
        for ledger in (self.memory, self.file):
            if error is None:
                answers.append(act(ledger))
                continue
            before = list(archive_lines(ledger))
            with pytest.raises(error) as caught:
                act(ledger)
            assert error is type(caught.value)
            assert before == list(archive_lines(ledger))
            answers.append(str(caught.value))
        assert answers[0] == answers[1]
        return answers[0]

    def draw_at(self, data):
        """Draw the moment to give, in one of its forms, and what is to be recorded: `None` when that is refused."""
        self.clock.now += data.draw(st.sampled_from([-step for step in STEPS] + STEPS), label="the clock moves by")
        if not self.entries or data.draw(st.booleans(), label="by the clock"):
            return None, max(self.clock.now, self.last_moment)
        step = data.draw(
            st.sampled_from([*STEPS, timedelta(microseconds=-1), timedelta(days=-1)]), label="after the last entry by"
        )
        moment = self.last_moment + step
        form = data.draw(
            st.sampled_from(
                [
                    lambda moment: moment,
                    datetime.isoformat,
                    lambda moment: moment.astimezone(timezone(timedelta(hours=-5))),
                    pendulum.instance,
                ]
            )
        )
        return form(moment), None if step < timedelta(0) else moment

    def expected_of(self, given):
        """Say what an append gives: an error's class, or which records are new and how many are not."""
        said, new, unchanged, conflicts = self.said, [], 0, []
        seqs = {record.id: seq for seq, (_, record) in enumerate(self.entries, 1) if record is not None}
        for position, record in enumerate(given, 1):
            if not hasattr(record, "record_type"):
                return NotARecord, position
            if isinstance(record, Erasure):
                return LedgerMisuse, None
            there = next((one for one in said + new if one.id == record.id), None)
            if there == record:
                unchanged += 1
            elif there is not None:
                entry = seqs[record.id] if there in said else None  # one of the same append has no entry yet
                conflicts.append((record.id, entry, position))
            else:
                if isinstance(record, Retraction):
                    target = next((one for one in said + new if one.id == record.retracts), None)
                    if target is None:
                        return UnknownRecord, record.retracts
                    if isinstance(target, Erasure):
                        return LedgerMisuse, None
                new.append(record)
                seqs[record.id] = len(self.entries) + len(new)
        return (ConflictingRecords, conflicts) if conflicts else (None, (new, unchanged))

    def append(self, data, given):
        at, moment = self.draw_at(data)
        error, detail = self.expected_of(given)
        if moment is None:
            self.both(lambda ledger: ledger.append(iter(given), at=at), LedgerMisuse)
        elif error is not None:
            self.both(lambda ledger: ledger.append(iter(given), at=at), error)
            with pytest.raises(error) as caught:
                self.memory.append(given, at=at)
            if error is ConflictingRecords:
                found = [(one.record_id, one.entry, one.position) for one in caught.value.conflicts]
                assert (detail, len(detail)) == (found, caught.value.total)
            elif error is NotARecord:
                assert detail == caught.value.position
            elif error is UnknownRecord:
                assert detail == caught.value.record_id
        else:
            new, unchanged = detail
            last = len(self.entries) + len(new)
            expected = Appended(added=len(new), unchanged=unchanged, last=last)
            # What is noted about the clock, which leaps here by years, has tests of its own.
            done = self.both(lambda ledger: ledger.append(iter(given), at=at))
            assert expected == attrs.evolve(done, notes=())
            self.entries += [(moment, record) for record in new]

    # What happens.

    @initialize(data=st.data())
    def some_links_to_begin_with(self, data):
        """Chains of links are rare by chance, so a history may begin with one."""
        self.append(data, data.draw(st.lists(some_link(), max_size=4, unique_by=lambda one: one.id)))

    @rule(data=st.data())
    def append_one(self, data):
        self.append(data, [data.draw(to_append(self.said))])

    @rule(data=st.data())
    def append_many(self, data):
        self.append(data, data.draw(st.lists(to_append(self.said), max_size=5)))

    @rule(data=st.data(), rubbish=st.sampled_from(["Jane Doe", None, {}, Erasure(id="gone", entries=[1])]))
    def append_what_cannot_be(self, data, rubbish):
        given = data.draw(st.lists(some_event(), max_size=2, unique_by=lambda one: one.id))
        self.append(data, [*given, rubbish])

    @rule(data=st.data(), bare=some_event())
    def append_through_another_handle(self, data, bare):
        """What another process would append is seen at once."""
        error, detail = self.expected_of([bare])
        if error is None:
            moment = max(self.clock.now, self.last_moment)
            with Ledger.open(self.path, clock=self.clock) as other:
                assert other.append(bare) == self.memory.append(bare)
            self.entries += [(moment, record) for record in detail[0]]

    @rule(given=st.lists(some_event(), min_size=1, max_size=3))
    def a_generator_that_raises_leaves_nothing(self, given):
        def broken():
            yield from (attrs.evolve(one, id=f"{one.id}-{number}") for number, one in enumerate(given))
            raise KeyError("the source broke off")

        self.both(lambda ledger: ledger.append(broken()), KeyError)

    @rule(data=st.data(), reason=testing.texts(), by=st.sampled_from((None, "clerk-1")))
    def retract(self, data, reason, by):
        record_id = data.draw(st.sampled_from(["unknown", *(one.id for one in self.said)]), label="retract")
        at, moment = self.draw_at(data)
        target = next((one for one in self.said if one.id == record_id), None)
        error = None
        if target is None:
            error = UnknownRecord
        elif isinstance(target, Erasure) or is_retracted(self.said, record_id) or moment is None:
            error = LedgerMisuse
        done = self.both(lambda ledger: ledger.retract(record_id, reason=reason, by=by, at=at), error)
        if error is None:
            assert (record_id, reason, by) == (done.retracts, done.reason, done.by)
            assert done.id not in {one.id for one in self.said}
            self.entries.append((moment, done))

    @rule(data=st.data())
    def correct(self, data):
        record_id = data.draw(st.sampled_from(["unknown", *(one.id for one in self.said)]), label="correct")
        at, moment = self.draw_at(data)
        old = next((one for one in self.said if one.id == record_id), None)
        changes = data.draw(
            st.sampled_from(
                [{"origin": Origin(source="lms", key=[cell])} for cell in "ab"]
                + [
                    {"origin": getattr(old, "origin", None)},
                    {},
                    {"id": "other"},
                    {"replaces": "other"},
                    {"color": "red"},
                ]
                + [{"person": person} for person in PEOPLE[:2] if isinstance(old, TrainingEvent)]
            )
        )
        possible = changes.keys() <= {"origin", "person"} and any(
            getattr(old, name, None) != new for name, new in changes.items()
        )
        error = None
        if old is None:
            error = UnknownRecord
        elif (
            isinstance(old, Erasure | Retraction)
            or is_retracted(self.said, record_id)
            or not possible
            or moment is None
        ):
            error = LedgerMisuse
        done = self.both(lambda ledger: ledger.correct(record_id, changes, reason="a slip", at=at), error)
        if error is None:
            assert attrs.evolve(old, id=next_state(self.said, record_id), replaces=record_id, **changes) == done
            retraction = list(self.memory)[-2].record
            assert (Retraction, record_id, "a slip") == (type(retraction), retraction.retracts, retraction.reason)
            assert retraction.id not in {one.id for one in self.said}
            self.entries += [(moment, retraction), (moment, done)]

    @rule(data=st.data(), number=st.integers(1, 10**6))
    def link(self, data, number):
        self.append(data, [data.draw(some_link(f"s-{number}"))])

    @precondition(lambda self: any(isinstance(one, SamePerson) for one in self.said))
    @rule(data=st.data(), number=st.integers(1, 10**6))
    def unlink(self, data, number):
        links = [one.id for one in self.said if isinstance(one, SamePerson)]
        link = data.draw(st.sampled_from(links), label="unlink")
        self.append(data, [Retraction(id=f"r-{number}", retracts=link, reason="they are two")])

    @precondition(lambda self: any(isinstance(one, Retraction) for one in self.said))
    @rule(data=st.data(), number=st.integers(1, 10**6))
    def retract_a_retraction(self, data, number):
        retractions = [one.id for one in self.said if isinstance(one, Retraction)]
        retraction = data.draw(st.sampled_from(retractions), label="retract")
        self.append(data, [Retraction(id=f"r-{number}", retracts=retraction, reason="it was right")])

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def erase(self, data, person):
        at, moment = self.draw_at(data)
        said = self.said
        ids = ids_of_one(said, person)
        about = {
            seq: record
            for seq, (_, record) in enumerate(self.entries, 1)
            if record is not None and people_of(said, record) & ids
        }
        if not about or moment is None:
            self.both(lambda ledger: ledger.erase(person, at=at), LedgerMisuse if about else UnknownPerson)
            return
        for name, ledger in (("memory", self.memory), ("file", self.file)):
            lines = list(archive_lines(ledger))
            for seq in about:
                salt, text = re.fullmatch(r'.*?"salt":"(\w+)","record":(.*),"digest":"\w+"}\n', lines[seq]).groups()
                self.commitments[name][seq] = sha256(
                    b"peer-ledger record 1\x00" + bytes.fromhex(salt) + text.encode()
                ).hexdigest()
        types = [record.record_type for record in about.values()]
        counts = {kind: types.count(kind) for kind in types}
        expected = Erased(people=frozenset(ids), entries=tuple(about), counts=counts, purged=True)
        assert expected == self.both(lambda ledger: ledger.erase(person, at=at))
        self.entries = [(when, None if seq in about else record) for seq, (when, record) in enumerate(self.entries, 1)]
        notice = list(self.memory)[-1].record
        assert (Erasure, tuple(about)) == (type(notice), notice.entries)
        self.entries.append((moment, notice))

    @rule()
    def close_and_reopen(self):
        self.file.close()
        self.file = Ledger.open(self.path, create=False, clock=self.clock)

    @rule(step=st.sampled_from([timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1)]))
    def remember_the_moment(self, step):
        self.moments = [*self.moments[-3:], (self.entries[-1][0] if self.entries else BEGIN) + step]

    # What must hold.

    @invariant()
    def both_are_as_the_list_says(self):
        for ledger in (self.memory, self.file):
            self.check_reading(ledger, self.entries)

    @rule(data=st.data())
    def what_was_known_then_stays_known(self, data):
        moments = [*self.moments, *sorted({when for when, _ in self.entries})]
        moment = data.draw(st.sampled_from(moments), label="known at")
        known = [(when, record) for when, record in self.entries if when <= moment]
        for ledger in (self.memory, self.file):
            self.check_reading(ledger.known_at(moment), known)

    @rule()
    def a_reader_reads_the_same_and_cannot_write(self):
        with Ledger.open(self.path, read_only=True) as reader:
            self.check_reading(reader, self.entries)
            assert list(archive_lines(self.file)) == list(archive_lines(reader))
            for act in (
                lambda: reader.append([]),
                lambda: reader.retract("e-1", reason="no"),
                lambda: reader.correct("e-1", {}, reason="no"),
                lambda: reader.erase("p-1"),
            ):
                with pytest.raises(LedgerMisuse):
                    act()

    @rule()
    def the_chain_follows_from_its_description(self):
        for name, ledger in (("memory", self.memory), ("file", self.file)):
            self.check_chain(ledger, self.commitments[name])

    def check_reading(self, view, entries):
        said = [record for _, record in entries if record is not None]
        assert len(entries) == len(view)
        assert [(seq, *entry) for seq, entry in enumerate(entries, 1)] == [
            (e.seq, e.recorded_at, e.record) for e in view
        ]
        assert sorted(set().union(*(people_of(said, one) for one in said))) == list(view.people())
        for person in PEOPLE:
            ids = ids_of_one(said, person)
            assert ids == view.same_person(person)
            about = [
                (seq, record)
                for seq, (_, record) in enumerate(entries, 1)
                if record is not None and people_of(said, record) & ids
            ]
            assert about == [(entry.seq, entry.record) for entry in view.entries_of(person)]
            assert in_effect(said, [record for _, record in about]) == view.records_of(person)
        about_nobody = [one for one in said if not people_of(said, one) and not isinstance(one, Erasure)]
        assert in_effect(said, about_nobody) == view.shared_records()
        types = [record.record_type if record is not None else "erased" for _, record in entries]
        assert [(kind, types.count(kind)) for kind in sorted(set(types))] == list(view.counts().items())
        for seq, (_, record) in enumerate(entries, 1):
            if record is not None:
                assert is_retracted(said, record.id) is view.is_withdrawn(record.id)
                assert (seq, record, record) == (
                    view.entry(record.id).seq,
                    view.entry(record.id).record,
                    view.record(record.id),
                )
        for unknown in {"unknown", *IDS} - {one.id for one in said}:
            for ask in (view.entry, view.record, view.is_withdrawn):
                with pytest.raises(UnknownRecord):
                    ask(unknown)
        integrity = view.verify()
        assert integrity.problems == ()
        assert (len(entries), types.count("erased"), view.head) == (integrity.entries, integrity.erased, integrity.head)

    def check_chain(self, ledger, commitments):
        first, *lines, last = map(json.loads, raw := list(archive_lines(ledger)))
        assert first == {"format": "peer-ledger archive", "version": 1}
        digest = sha256(b"peer-ledger genesis 1").digest()
        assert len(self.entries) == len(lines)
        for seq, ((moment, record), line, text) in enumerate(zip(self.entries, lines, raw[1:-1], strict=True), 1):
            written = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            if record is None:
                assert {"seq", "recorded_at", "commitment", "digest"} == line.keys()
                committed = line["commitment"]
                assert commitments[seq] == committed
            else:
                [content] = re.findall(r',"record":(.*),"digest":"\w+"}\n$', text)
                assert record == record_from_json(content)
                assert json.dumps(line["record"], ensure_ascii=False, separators=(",", ":")) == content
                salt = bytes.fromhex(line["salt"])
                assert len(salt) == 16
                committed = sha256(b"peer-ledger record 1\x00" + salt + content.encode()).hexdigest()
            digest = chained(digest, seq, written, bytes.fromhex(committed))
            assert (seq, written, digest.hex()) == (line["seq"], line["recorded_at"], line["digest"])
        assert {"entries": len(self.entries), "digest": digest.hex()} == last
        assert (len(self.entries), digest.hex()) == ledger.head


TestTwoLedgers = TwoLedgers.TestCase
TestTwoLedgers.settings = effort(
    sized(75, 40),
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
