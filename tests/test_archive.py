"""Archives: what is written reads back the same, and whatever was torn or altered is refused by its line."""

import json
import os
import random
import re
import tempfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import testing
from peer_ledger.errors import InvalidData, LedgerMisuse, PeerLedgerError
from peer_ledger.ledger import Ledger
from peer_ledger.ledger._store import MemoryStore
from peer_ledger.ledger.archive import archive_lines, read_archive, write_archive
from peer_ledger.records import Course, Credit, Erasure, Origin, Retraction, SamePerson, TrainingEvent
from peer_ledger.records.interchange import record_to_json

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = ["memory", "file"]
PLACE = re.compile(r"line ([0-9]+)(: record(\.(?!line ).+)?)?")

few = effort(40)


def event(record_id="e-1", person="p-1", **fields):
    return TrainingEvent(id=record_id, person=person, **{"completed": "2025-03-04", **fields})


def new_ledger(kind, folder):
    return Ledger() if kind == "memory" else Ledger.open(folder / f"{len(list(folder.iterdir()))}.ledger")


def lines_of(ledger):
    return "".join(archive_lines(ledger))


def erased_since(ledger, view):
    """Find what a view lacks because of an erasure that it does not know."""
    later = [entry.record for entry in ledger if entry.seq > len(view) and isinstance(entry.record, Erasure)]
    return {seq for erasure in later for seq in erasure.entries if seq <= len(view)}


def read_text(folder, text, into=None):
    """Read an archive of this text."""
    path = folder / "archive.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_archive(path, into)


def refused(folder, text, *, line=None, says=None, into=None):
    """Assert that an archive is refused: with a place in it, and with the ledger as it was."""
    ledger = Ledger() if into is None else into
    before = lines_of(ledger)
    with pytest.raises(InvalidData, match=says) as caught:
        read_text(folder, text, ledger)
    assert before == lines_of(ledger)
    for problem in caught.value.problems:
        assert PLACE.fullmatch(problem.path), problem
    places = [int(PLACE.fullmatch(problem.path)[1]) for problem in caught.value.problems]
    if line is not None:
        assert [line] == places or (isinstance(line, range) and places[0] in line), caught.value
    return caught.value


def a_history(ledger):
    """Record something of everything: links, corrections, withdrawals, an erasure, and what was said again after it."""
    ledger.append([event("e-1", title="Ethics"), event("e-2", "p-2", credits=[Credit(amount="1.5")])], at=NOON)
    ledger.append([Course(id="c-1", title='Zoë\u2028"\\', codes={"ETH-101", "<b>"})], at=NOON)
    ledger.append(event("e-3", "p-3", origin=Origin(source="lms", key=["17", ""], occurrence=2)), at=NOON + HOUR)
    ledger.correct("e-2", {"credits": [Credit(amount=2)]}, reason="a slip", at=NOON + 2 * HOUR)
    ledger.retract(ledger.retract("e-1", reason="no", at=NOON + 3 * HOUR).id, reason="yes", at=NOON + 3 * HOUR)
    ledger.append(SamePerson(id="s-1", people=["p-2", "p-4"]), at=NOON + 4 * HOUR)
    ledger.erase("p-4", at=NOON + 5 * HOUR)
    ledger.append(event("e-2", "p-2"), at=NOON + 6 * HOUR)
    ledger.append(Retraction(id="r-1", retracts="e-3", reason="no"), at=NOON + 6 * HOUR)
    return ledger


@pytest.fixture(scope="module")
def text():
    """The archive of a history of 12 entries, hence of 14 lines."""
    return lines_of(a_history(Ledger()))


def parted(text):
    """Part a text into lines at line feeds, and at nothing else that Unicode takes for the end of a line."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")]


# An archive written by hand, from the format's description.


def forged(*contents):
    """
    Write an archive whose digests all fit, whatever its entries say.

    Each content is a record or its JSON, or `None` for an entry that is erased.
    """
    digest = sha256(b"peer-ledger genesis 1").digest()
    lines = [{"format": "peer-ledger archive", "version": 1}]
    for seq, content in enumerate(contents, 1):
        salt, moment = seq.to_bytes(16), "2026-03-01T12:00:00.000000Z"
        record = content if isinstance(content, str | None) else record_to_json(content)
        committed = sha256(b"peer-ledger record 1\0" + salt + (record or "").encode()).digest()
        digest = sha256(b"peer-ledger entry 1\0" + digest + f"{seq} {moment} ".encode() + committed).digest()
        line = {"seq": seq, "recorded_at": moment}
        line |= (
            {"commitment": committed.hex()} if record is None else {"salt": salt.hex(), "record": json.loads(record)}
        )
        lines.append({**line, "digest": digest.hex()})
    lines.append({"entries": len(contents), "digest": digest.hex()})
    return "".join(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n" for line in lines)


# Random histories.


STEPS = st.one_of(
    st.tuples(st.just("append"), st.lists(testing.records(), min_size=1, max_size=2)),
    st.tuples(st.just("event"), testing.people()),
    st.tuples(st.just("event"), testing.people()),
    st.tuples(st.sampled_from(["retract", "correct", "retract", "again"]), st.integers(0, 30)),
    st.tuples(st.just("link"), st.frozensets(testing.people(), min_size=2, max_size=2)),
    st.tuples(st.just("erase"), testing.people()),
)


def carry_out(ledger, steps, begin=0):
    """Let a ledger live through a history; steps that are refused are part of it."""
    for number, (what, how) in enumerate(steps, begin):
        try:
            take_step(ledger, number, what, how)
        except PeerLedgerError:
            continue
    return ledger


def take_step(ledger, number, what, how):
    at = NOON + number // 2 * HOUR
    if what == "append":
        ledger.append(how, at=at)
    elif what == "event":
        ledger.append(event(f"e-{number}", how), at=at)
    elif what == "again":
        ledger.append(event(f"e-{how % 10}"), at=at)
    elif what == "link":
        ledger.append(SamePerson(id=f"s-{number}", people=how), at=at)
    elif what == "erase":
        ledger.erase(how, at=at)
    else:
        ids = [entry.record.id for entry in ledger if entry.record is not None]
        chosen = ids[how % len(ids)] if ids else "nothing"
        if what == "retract":
            ledger.retract(chosen, reason="no", at=at)
        else:
            ledger.correct(chosen, {"origin": Origin(source="lms", key=[str(number)])}, reason="no", at=at)


histories = st.lists(STEPS, max_size=14)


# Round trips.


@given(histories)
@few
def test_round_trip_from_memory_to_a_file_and_back(steps):
    """A ledger goes from memory through a file back into memory with the same bytes, digests and answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = carry_out(Ledger(), steps)
        assert len(memory) == write_archive(memory, folder / "1.jsonl")
        with Ledger.open(folder / "a.ledger") as file:
            assert file is read_archive(folder / "1.jsonl", file)
            assert len(memory) == write_archive(file, folder / "2.jsonl")
            again = read_archive(folder / "2.jsonl")
            write_archive(again, folder / "3.jsonl")
            assert (folder / "1.jsonl").read_bytes() == (folder / "2.jsonl").read_bytes()
            assert (folder / "1.jsonl").read_bytes() == (folder / "3.jsonl").read_bytes()
            for ledger in (file, again):
                assert memory.head == ledger.head
                assert list(memory) == list(ledger)
                assert memory.counts() == ledger.counts()
                assert list(memory.people()) == list(ledger.people())
                for person in memory.people():
                    assert memory.records_of(person) == ledger.records_of(person)
                    assert memory.entries_of(person) == ledger.entries_of(person)
                assert ledger.verify(memory.head).problems == ()


@given(histories, histories, st.sampled_from(KINDS))
@few
def test_reading_into_a_ledger_that_holds_the_beginning(before, after, kind):
    """What a ledger lacks of an archive is added, what was erased since is erased there too, and it verifies."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = carry_out(Ledger(), before)
        with read_text(folder, lines_of(whole), new_ledger(kind, folder)) as copy:
            heads = copy.head
            carry_out(whole, after, begin=len(before))
            read_text(folder, lines_of(whole), copy)
            assert lines_of(whole) == lines_of(copy)
            assert list(whole) == list(copy)
            assert list(whole.people()) == list(copy.people())
            assert copy.verify(heads).problems == ()
            read_text(folder, lines_of(whole), copy)
            assert lines_of(whole) == lines_of(copy)


@given(histories, histories, st.sampled_from(KINDS))
@few
def test_reading_into_a_ledger_that_holds_all_and_more(before, after, kind):
    """An older archive of a ledger adds nothing to it, and brings back nothing that was erased since."""
    with tempfile.TemporaryDirectory() as name, new_ledger(kind, Path(name)) as ledger:
        carry_out(ledger, before)
        older = lines_of(ledger)
        carry_out(ledger, after, begin=len(before))
        whole = lines_of(ledger)
        assert ledger is read_text(Path(name), older, ledger)
        assert whole == lines_of(ledger)
        assert ledger.verify().problems == ()


@given(histories, st.integers(0, 14))
@few
def test_an_archive_of_what_was_known(steps, number):
    """A view of an earlier moment is archived as the ledger was, and reads back to the head that it had."""
    ledger = carry_out(Ledger(), steps)
    view = ledger.known_at(NOON + number // 2 * HOUR)
    if erased_since(ledger, view):
        with pytest.raises(LedgerMisuse, match="erased since"):
            lines_of(view)
        return
    lines = list(archive_lines(view))
    assert list(archive_lines(ledger))[: len(view) + 1] == lines[:-1]
    assert {"entries": view.head[0], "digest": view.head[1]} == json.loads(lines[-1])
    with tempfile.TemporaryDirectory() as name:
        assert len(view) == write_archive(view, Path(name) / "a.jsonl")
        again = read_archive(Path(name) / "a.jsonl")
        assert view.head == again.head
        assert list(view) == list(again)
        assert lines_of(ledger) == lines_of(read_text(Path(name), lines_of(ledger), again))


@pytest.mark.parametrize("kind", KINDS)
def test_the_format(kind, tmp_path):
    """The first line names the format, each further one is an entry, the last counts them and repeats the digest."""
    with new_ledger(kind, tmp_path) as ledger:
        assert lines_of(ledger) == forged()
        a_history(ledger)
        first, *entries, last = map(json.loads, archive_lines(ledger))
        assert first == {"format": "peer-ledger archive", "version": 1}
        assert {"entries": 12, "digest": ledger.head[1]} == last
        assert [*range(1, 13)] == [entry["seq"] for entry in entries]
        erased = {2, 5, 6, 9}
        for entry in entries:
            content = ["commitment"] if entry["seq"] in erased else ["salt", "record"]
            assert ["seq", "recorded_at", *content, "digest"] == list(entry)
        assert entries[3]["recorded_at"] == "2026-03-01T13:00:00.000000Z"
        assert entries[9]["record"] == {"type": "erasure", "id": "erasure-10", "entries": [2, 5, 6, 9]}


def test_an_archive_made_by_hand(tmp_path):
    """An archive that another program wrote by the description is read, and is written in the same bytes."""
    text = forged(event("e-1"), None, Retraction(id="r-1", retracts="e-1", reason="no"), Erasure(id="x", entries=[2]))
    ledger = read_text(tmp_path, text)
    assert text == lines_of(ledger)
    assert ledger.verify().problems == ()
    assert ledger.is_withdrawn("e-1")


def test_writing_twice_gives_the_same_bytes(tmp_path):
    """The same ledger is always written in the same bytes, line feeds and UTF-8 whatever the platform."""
    ledger = a_history(Ledger())
    write_archive(ledger, str(tmp_path / "1.jsonl"))
    write_archive(ledger, tmp_path / "2.jsonl")
    first = (tmp_path / "1.jsonl").read_bytes()
    assert first == (tmp_path / "2.jsonl").read_bytes() == lines_of(ledger).encode()
    assert b"\r" not in first
    assert "Zoë\u2028".encode() in first


def test_many_entries(tmp_path):
    """More entries than are handled at a time make the round trip, with what refers far back."""
    ledger = Ledger()
    ledger.append(event(f"e-{number}", f"p-{number % 7}") for number in range(1700))
    ledger.append(Retraction(id=f"r-{number}", retracts=f"e-{number}", reason="no") for number in range(600))
    ledger.erase("p-3")
    ledger.append(event(f"e-{number}", f"p-{number % 7}", title="Again") for number in range(3, 1700, 7))
    with Ledger.open(tmp_path / "a.ledger") as file:
        read_text(tmp_path, lines_of(ledger), file)
        assert lines_of(ledger) == lines_of(file)
        assert ledger.records_of("p-0") == file.records_of("p-0")
        assert file.verify().problems == ()


# Into a ledger that parts from it.


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_that_parts_from_the_archive(tmp_path, kind, text):
    """An archive of another ledger, or of one that went another way, is refused at the first entry that differs."""
    other = Ledger()
    other.append(event("e-1", title="Ethics"), at=NOON)
    with new_ledger(kind, tmp_path) as ledger:
        ledger.append(event("e-1", title="Ethics"), at=NOON)
        refused(tmp_path, lines_of(other), line=2, says="entry 1 of the ledger is different", into=ledger)
        refused(tmp_path, text, line=2, says="entry 1 of the ledger is different", into=ledger)
    whole = Ledger()
    whole.append([event(f"e-{number}", title="Ethics") for number in range(1, 5)], at=NOON)
    beginning = lines_of(whole)
    with read_text(tmp_path, beginning, new_ledger(kind, tmp_path)) as ledger:
        longer = read_text(tmp_path, beginning)
        longer.append([event("e-5", "p-5"), event("e-6", "p-6")])
        ledger.append(event("e-5", "p-5"))
        refused(tmp_path, lines_of(longer), line=6, says="entry 5 of the ledger is different", into=ledger)
        ledger.append([event("e-7", "p-7"), event("e-8", "p-8")])
        refused(tmp_path, lines_of(longer), line=6, says="entry 5 of the ledger is different", into=ledger)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_added_when_the_last_line_is_wrong(tmp_path, kind):
    """An archive that is good for 1,200 entries and wrong at its end adds nothing."""
    source = Ledger()
    source.append([event("e-0"), event("x-0", "p-2"), SamePerson(id="s-1", people=["p-2", "p-3"])], at=NOON)
    source.append([Retraction(id="r-1", retracts="s-1", reason="no"), event("x-1", "p-3")], at=NOON + HOUR)
    beginning = lines_of(source)
    source.append(event(f"e-{number}") for number in range(1, 1200))
    source.erase("p-2")
    source.append(event("x-0", "p-2"))
    lines = parted(lines_of(source))
    with read_text(tmp_path, beginning, new_ledger(kind, tmp_path)) as ledger:
        refused(tmp_path, "".join(lines[:-1]), line=1208, says="archive is incomplete", into=ledger)
        refused(tmp_path, "".join([*lines[:-1], lines[-1].replace("1206", "1207")]), line=1208, into=ledger)
        assert (event("x-0", "p-2"),) == ledger.records_of("p-2")
        assert [entry.seq for entry in ledger.entries_of("p-3")] == [3, 4, 5]
        assert list(ledger.known_at(NOON).people()) == ["p-1", "p-2", "p-3"]
        assert ledger.is_withdrawn("s-1")
        assert ledger.verify().problems == ()
        read_text(tmp_path, "".join(lines), ledger)
        assert lines_of(source) == lines_of(ledger)


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_archive_of_somebody_erased_since(tmp_path, kind):
    """An archive that still holds what the ledger has erased, and retractions of it, brings nothing of it back."""
    with new_ledger(kind, tmp_path) as ledger:
        ledger.append([event("e-1"), event("e-2", "p-2"), SamePerson(id="s-1", people=["p-1", "p-3"])])
        ledger.retract("e-1", reason="no")
        ledger.retract("s-1", reason="no")
        older = lines_of(ledger)
        ledger.erase("p-1")
        whole = lines_of(ledger)
        read_text(tmp_path, older, ledger)
        assert whole == lines_of(ledger)
        assert list(ledger.people()) == ["p-2"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_archive_of_somebody_erased_since(tmp_path, kind):
    """An archive in which somebody is erased whom the ledger still holds erases them there, and frees their ids."""
    source = Ledger()
    source.append([event("e-1"), event("e-2", "p-2")])
    with read_text(tmp_path, lines_of(source), new_ledger(kind, tmp_path)) as ledger:
        source.erase("p-1")
        source.append(event("e-1", "p-3"))
        read_text(tmp_path, lines_of(source), ledger)
        assert ((), (event("e-1", "p-3"),)) == (ledger.records_of("p-1"), ledger.records_of("p-3"))
        assert lines_of(source) == lines_of(ledger)
        assert ledger.verify().problems == ()


def test_erased_content_leaves_the_file(tmp_path):
    """What an archive says was erased leaves no byte in the ledger's file."""
    source = Ledger()
    source.append([event("e-1", title="Title of p-1"), event("e-2", "p-2", title="Title of p-2")])
    with Ledger.open(tmp_path / "a.ledger") as copy:
        read_text(tmp_path, lines_of(source), copy)
        source.erase("p-1")
        read_text(tmp_path, lines_of(source), copy)
        found = b"".join(file.read_bytes() for file in tmp_path.glob("a.ledger*"))
    assert b"Title of p-2" in found
    assert b"Title of p-1" not in found


def test_reading_into_a_ledger_opened_to_be_read(tmp_path, text):
    """A ledger that was opened read-only cannot be filled."""
    with Ledger.open(tmp_path / "a.ledger"):
        pass
    with Ledger.open(tmp_path / "a.ledger", read_only=True) as ledger:
        with pytest.raises(LedgerMisuse, match="opened read-only"):
            read_text(tmp_path, text, ledger)
        assert len(ledger) == 0


# Torn and altered.


def test_torn_after_any_line(tmp_path, text):
    """An archive that lacks lines at its end is torn: refused at the line that is missing."""
    lines = parted(text)
    assert len(lines) == 14
    for kept in range(1, 14):
        refused(tmp_path, "".join(lines[:kept]), line=kept + 1, says="archive is incomplete")
    refused(tmp_path, b"", line=1)


def test_torn_at_any_byte(tmp_path, text):
    """An archive cut off at any byte is refused at the line that was cut, unless only the last line feed is gone."""
    whole = text.encode()
    for length in range(0, len(whole) - 1, 4):
        complete = whole[: length + 1].count(b"\n")
        refused(tmp_path, whole[:length], line=complete + 1)
    assert text == lines_of(read_text(tmp_path, whole[:-1]))


def test_every_line_left_out(tmp_path, text):
    """An archive without one of its lines is refused where that line should be."""
    lines = parted(text)
    for number in range(13):
        refused(tmp_path, "".join(lines[:number] + lines[number + 1 :]), line=number + 1)


def test_every_line_twice(tmp_path, text):
    """An archive with a line twice is refused at the second of them."""
    lines = parted(text)
    for number in range(14):
        refused(tmp_path, "".join(lines[: number + 1] + lines[number:]), line=number + 2)


def test_lines_in_another_order(tmp_path, text):
    """An archive with two lines in each other's place is refused at the first of them or right after it."""
    lines = parted(text)
    for one in range(14):
        for other in range(one + 1, 14):
            swapped = [*lines]
            swapped[one], swapped[other] = lines[other], lines[one]
            refused(tmp_path, "".join(swapped), line=range(one + 1, one + 3))


def test_lines_of_another_archive(tmp_path, text):
    """A line of another archive is refused there or right after it, however alike the two are."""
    lines, others = parted(text), parted(lines_of(a_history(Ledger())))
    for number in range(1, 14):
        mixed = [*lines[:number], others[number], *lines[number + 1 :]]
        refused(tmp_path, "".join(mixed), line=range(number + 1, number + 3))


@pytest.mark.parametrize("added", ["\n", " \n", "{}\n", "null\n", "x\n", '{"entries":12,"digest":"00"}\n', "\x00"])
def test_lines_added(tmp_path, text, added):
    """A line that does not belong is refused wherever it stands, or right after it; an empty one too."""
    lines = parted(text)
    for number in range(15):
        refused(tmp_path, "".join([*lines[:number], added, *lines[number:]]), line=range(number + 1, number + 3))


def same_or_refused(folder, altered, text):
    """Read an altered archive: it is refused, or it is the same ledger; nothing else may come of it."""
    try:
        ledger = read_text(folder, altered)
    except InvalidData as error:
        for problem in error.problems:
            assert PLACE.fullmatch(problem.path), problem
        return False
    assert text == lines_of(ledger)
    return True


def test_any_byte_altered(tmp_path, text):
    """One byte changed anywhere is refused, but where JSON takes another byte for the same."""
    whole = text.encode()
    dice = random.Random(1)
    others = b'0129"\\{}[],: \n\rabcfz\xc3\xff\0'
    same = 0
    for position in range(0, len(whole), 3):
        altered = whole[:position] + bytes([dice.choice(others)]) + whole[position + 1 :]
        same += same_or_refused(tmp_path, altered, text)
    assert same < len(whole) // 20


@given(st.data())
def test_random_bytes_altered(text, data):
    """However many bytes are changed, put in or left out, what is read is the same ledger or nothing."""
    whole = text.encode()
    altered = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        position = data.draw(st.integers(0, len(altered) - 1), label="position")
        length = data.draw(st.integers(0, 3), label="bytes replaced")
        altered[position : position + length] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"1", b'"', b" ", b"\n"])
        )
    with tempfile.TemporaryDirectory() as name:
        same_or_refused(Path(name), bytes(altered), text)


def values_of(lines):
    """Yield the place of every value in the objects of an archive's lines."""

    def below(value, place):
        if isinstance(value, dict | list):
            for key in value if isinstance(value, dict) else range(len(value)):
                yield from below(value[key], (*place, key))
        yield place

    for number, line in enumerate(lines):
        yield from ((number, place) for place in below(json.loads(line), ()) if place)


# What JSON has besides texts and whole numbers; 1.0 and true are equal to 1 in Python.
OTHERWISE = [
    None,
    True,
    0,
    1,
    -1,
    1.0,
    2**64,
    10**400,
    "",
    "x",
    "p-9",
    "2026-03-01T12:00:00.000000Z",
    "0" * 64,
    [],
    [[]],
    {},
]


def test_any_value_altered(tmp_path, text):
    """Any value replaced by any other, or left out, is refused, unless it means the same."""
    lines = parted(text)
    dice = random.Random(1)
    for number, place in values_of(lines):
        for other in [*dice.sample(OTHERWISE, 6), KeyError]:
            data = json.loads(lines[number])
            inner = data
            for key in place[:-1]:
                inner = inner[key]
            if other is KeyError:
                del inner[place[-1]]
            else:
                inner[place[-1]] = other
            altered = [*lines[:number], json.dumps(data, separators=(",", ":")) + "\n", *lines[number + 1 :]]
            same_or_refused(tmp_path, "".join(altered), text)


def test_an_entry_blanked_behind_the_back(tmp_path, text):
    """An entry emptied without an erasure that says so is refused, or the ledger that was read names it."""
    lines = parted(text)
    line = json.loads(lines[1])
    salt, content = bytes.fromhex(line.pop("salt")), lines[1].partition('"record":')[2].rpartition(',"digest"')[0]
    del line["record"]
    line["commitment"] = sha256(b"peer-ledger record 1\0" + salt + content.encode()).hexdigest()
    altered = "".join([lines[0], json.dumps(line) + "\n", *lines[2:]])
    try:
        ledger = read_text(tmp_path, altered)
    except InvalidData:
        return
    assert ledger.verify().problems == ("entry 1 is empty, but no later entry records its erasure",)


def test_an_erasure_that_erased_nothing(tmp_path):
    """An erasure of an entry that is still there is refused, or the ledger that was read names it."""
    try:
        ledger = read_text(tmp_path, forged(event(), Erasure(id="x", entries=[1])))
    except InvalidData:
        pass
    else:
        assert ledger.verify().problems == ("entry 1 is recorded as erased, but is not",)


@pytest.mark.parametrize(
    "first",
    [
        {"format": "peer-ledger archive", "version": 2},
        {"format": "peer-ledger archive", "version": "1"},
        {"format": "peer-ledger archive"},
        {"version": 1},
        {"format": "another archive", "version": 1},
        {"format": "peer-ledger archive", "version": 1, "more": 1},
        {"type": "course", "id": "c-1", "title": "Ethics"},
        [],
        None,
        1,
    ],
    ids=json.dumps,
)
def test_another_first_line(tmp_path, text, first):
    """A file that does not begin as an archive of this version is refused, and the message says how one does."""
    lines = parted(text)
    begin = r'must begin with {"format":"peer-ledger archive","version":1}'
    refused(tmp_path, "".join([json.dumps(first) + "\n", *lines[1:]]), line=1, says=re.escape(begin))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"[" * 100_000 + b"\n", "nested too deeply"),
        (b'{"seq":' * 50_000 + b"\n", "nested too deeply"),
        (b"\xff\xfe\n", "not UTF-8 at byte 1"),
        (b'{"seq":1,"recorded_at":"\xc3"}\n', "not UTF-8 at byte 25"),
        (b'{"seq":' + b"9" * 10_000 + b"}\n", "too many digits"),
        (b'{"seq":1,"seq":1}\n', "'seq' twice"),
        (b'{"seq":NaN}\n', "NaN is not a JSON number"),
        (b'{"seq":1} {"seq":2}\n', "not JSON"),
        (b"\xef\xbb\xbf{}\n", "not JSON"),
        (b"\n", "not JSON"),
        (b'"text"\n', "an entry must have the keys"),
        (b'{"seq":1}\n', "an entry must have the keys"),
        (b'{"entries":12}\n', "an entry must have the keys"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_line_that_is_no_entry(tmp_path, text, line, says):
    """A line that is no JSON object of an entry is refused with its number and what is wrong with it."""
    lines = [part.encode() for part in parted(text)]
    for number in (1, 6, 12):
        refused(tmp_path, b"".join([*lines[:number], line, *lines[number + 1 :]]), line=number + 1, says=says)


def test_a_huge_line(tmp_path, text):
    """A line longer than any entry can be is refused by its number, without all of it in memory."""
    lines = parted(text)
    path = tmp_path / "huge.jsonl"
    with open(path, "wb") as file:
        file.write("".join(lines[:3]).encode())
        file.seek(2**26)
        file.write(b" ")
    tracemalloc.start()
    try:
        with pytest.raises(InvalidData, match="line 4: is longer than 16777216 bytes"):
            read_archive(path)
        assert tracemalloc.get_traced_memory()[1] < 3 * 2**24
    finally:
        tracemalloc.stop()


def test_the_longest_records_fit(tmp_path):
    """A record as long as one can be in its longest field is archived and read back."""
    longest = event(origin=Origin(source="s" * 10_000, key=["\U0001f600" * 10_000] * 100), title='"' * 10_000)
    ledger = Ledger()
    ledger.append(longest)
    assert (longest,) == read_text(tmp_path, lines_of(ledger)).records_of("p-1")


def test_several_wrong_records_are_listed_together(tmp_path):
    """Records that cannot be read are all listed, each with its line and path, and nothing is said of their digests."""
    ledger = Ledger()
    ledger.append([event(f"e-{number}") for number in range(1, 6)])
    lines = parted(lines_of(ledger))
    lines[2] = lines[2].replace('"person":"p-1"', '"persn":"p-1"')
    lines[4] = lines[4].replace("2025-03-04", "2025-02-30")
    caught = refused(tmp_path, "".join(lines))
    assert [problem.path for problem in caught.problems] == [
        "line 3: record.persn",
        "line 3: record.person",
        "line 5: record.completed",
    ]


def test_at_most_a_hundred_problems_are_listed(tmp_path):
    """Of a thousand wrong records the first hundred are listed."""
    ledger = Ledger()
    ledger.append([event(f"e-{number}") for number in range(1000)])
    caught = refused(tmp_path, lines_of(ledger).replace("2025-03-04", "2025-02-30"))
    assert [f"line {number}: record.completed" for number in range(2, 102)] == [p.path for p in caught.problems]


def test_what_refers_to_a_wrong_record_is_not_wrong_itself(tmp_path):
    """The cause is told and not what follows from it, such as a retraction of a record that cannot be read."""
    ledger = Ledger()
    ledger.append([event("e-1"), Retraction(id="r-1", retracts="e-1", reason="no"), event("e-2")])
    text = lines_of(ledger).replace('"id":"e-1","person"', '"id":"e-1","persn":1,"person"')
    caught = refused(tmp_path, text)
    assert [problem.path for problem in caught.problems] == ["line 2: record.persn"]


@pytest.mark.parametrize(
    ("contents", "line", "says"),
    [
        ([Retraction(id="r-1", retracts="e-1", reason="no")], 2, "retracts 'e-1', which does not exist before it"),
        ([Retraction(id="r-1", retracts="e-1", reason="no"), event("e-1")], 2, "retracts 'e-1'"),
        ([Retraction(id="r-1", retracts="r-1", reason="no")], 2, "retracts 'r-1'"),
        ([None, Erasure(id="x", entries=[1]), Retraction(id="r-1", retracts="e-1", reason="no")], 4, "retracts 'e-1'"),
        ([event("e-1"), event("e-2"), event("e-1", "p-2")], 4, "the id 'e-1' is already used before it"),
        ([event("e-1"), event("e-1")], 3, "the id 'e-1'"),
        ([*(event(f"e-{number}") for number in range(600)), event("e-1")], 602, "the id 'e-1'"),
    ],
)
def test_entries_that_contradict_each_other(tmp_path, contents, line, says):
    """An id twice, or a retraction of what is not there, is refused also where every digest fits."""
    refused(tmp_path, forged(*contents), line=line, says=f"read: line {line}: {says}")


@pytest.mark.parametrize("kind", KINDS)
def test_contradictions_with_what_the_ledger_holds(tmp_path, kind):
    """An id that the ledger's own beginning has is twice as well, and what is retracted may be found in it."""
    with read_text(tmp_path, forged(event("e-1"), event("e-2")), new_ledger(kind, tmp_path)) as ledger:
        text = forged(event("e-1"), event("e-2"), event("e-3"), event("e-2", "p-2"))
        refused(tmp_path, text, line=5, says="read: line 5: the id 'e-2'", into=ledger)
        read_text(tmp_path, forged(event("e-1"), event("e-2"), Retraction(id="r", retracts="e-1", reason="no")), ledger)
        assert [record.id for record in ledger.records_of("p-1")] == ["e-2"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"seq":4', '"seq":5', "entry 4 was expected here, not 5"),
        ('"seq":4', '"seq":"4"', "entry 4 was expected here"),
        ('"seq":4', '"seq":true', "entry 4 was expected here"),
        ("2026-03-01T13:", "2026-03-01T11:", "earlier than in the entry before"),
        (".000000Z", "Z", "recorded_at must be a moment written as"),
        ("2026-03-01T13", "2026-02-30T13", "recorded_at must be a moment written as"),
        ("2026-03-01T13:00:00.000000Z", "2026-03-01T14:00:00.000000Z", "does not follow"),
        ('"salt":"', '"salt":"0', "salt must be a text of 32 hexadecimal digits"),
        ('"digest":"', '"digest":"0', "digest must be a text of 64 hexadecimal digits"),
        ('"e-3"', '"e-4"', "does not follow"),
    ],
)
def test_what_is_said_of_an_altered_entry(tmp_path, text, old, new, says):
    """An entry altered in any of its parts is refused with its line and a message that fits."""
    lines = parted(text)
    assert old in lines[4]
    refused(
        tmp_path, "".join([*lines[:4], lines[4].replace(old, new), *lines[5:]]), line=5, says=f"read: line 5: .*{says}"
    )


def test_a_last_line_that_does_not_fit(tmp_path, text):
    """A last line with another count or digest is refused by its number."""
    lines = parted(text)
    for other in ({"entries": 11}, {"digest": "0" * 64}, {"digest": None}, {"entries": "12"}):
        last = json.dumps({**json.loads(lines[-1]), **other}) + "\n"
        refused(tmp_path, "".join([*lines[:-1], last]), line=14, says="does not match the 12 entries before it")


# Writing.


def test_an_error_midway_leaves_the_old_archive(tmp_path):
    """When the writing fails, at whatever entry, what was there stays, and nothing lies beside it."""
    path = tmp_path / "archives" / "a.jsonl"
    path.parent.mkdir()
    path.write_text("the old archive")

    class Broken(MemoryStore):
        def rows(self, last):
            yield from islice(super().rows(last), before[0])
            raise KeyError("broken off")

    before = [0]
    ledger = a_history(Ledger(store=Broken()))
    for before[0] in (0, 1, 12):
        with pytest.raises(KeyError):
            write_archive(ledger, path)
        assert [file.name for file in path.parent.iterdir()] == ["a.jsonl"]
        assert path.read_text() == "the old archive"


def test_a_full_disk_leaves_the_old_archive(tmp_path, monkeypatch):
    """An archive that cannot be brought to the disk does not take the old one's place."""
    path = tmp_path / "a.jsonl"
    path.write_text("the old archive")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_archive(a_history(Ledger()), path)
    assert [path] == list(tmp_path.iterdir())
    assert path.read_text() == "the old archive"


def test_writing_replaces_what_was_there(tmp_path):
    """A new archive takes the old one's place and tells how many entries it holds."""
    path = tmp_path / "a.jsonl"
    path.write_text("the old archive" * 10_000)
    ledger = a_history(Ledger())
    assert write_archive(ledger, path) == 12
    assert lines_of(ledger) == path.read_text("utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_the_entries_counted_are_those_written(tmp_path, monkeypatch):
    """An append that another makes meanwhile is neither written nor counted."""
    ledger = a_history(Ledger())
    fsync = os.fsync

    def meanwhile(handle):
        ledger.append(event("e-9", "p-9"))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert write_archive(ledger, tmp_path / "a.jsonl") == 12
    assert (len(read_archive(tmp_path / "a.jsonl")), len(ledger)) == (12, 13)


def test_an_archive_that_is_not_there(tmp_path):
    """A file that is not there is told as such, by reading and by writing into no folder."""
    with pytest.raises(FileNotFoundError):
        read_archive(tmp_path / "a.jsonl")
    with pytest.raises(FileNotFoundError):
        write_archive(Ledger(), tmp_path / "folder" / "a.jsonl")


def test_a_read_archive_is_a_ledger_like_any_other(tmp_path, text):
    """What was read can be appended to, corrected and erased, and goes on from the head that it had."""
    ledger = read_text(tmp_path, text)
    head = ledger.head
    ledger.append(event("e-9", "p-9"))
    ledger.correct("e-1", {"title": "Boundaries"}, reason="a slip")
    ledger.erase("p-9")
    assert len(ledger) == 16
    assert ledger.verify(head).problems == ()
    assert attrs.evolve(event("e-1~2"), title="Boundaries", replaces="e-1") == ledger.record("e-1~2")
