"""A cache beside a ledger's file answers as the ledger does, or not at all, and keeps nothing that was erased."""

import os
import shutil
import stat
import threading
from datetime import date
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from effort import effort, sized
from lines import count_in_child, ended_at_line, lines_to_look_at
from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Ledger,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
)
from peer_ledger.errors import DamagedLedger, LedgerBusy, LedgerMisuse, OutputRefused
from peer_ledger.ledger import CacheWritten, _cache_file, _cached, _sqlite, back_up, cache, restore, write_cache
from peer_ledger.ledger._about import read_about, read_about_each, read_kinds
from peer_ledger.ledger._chain import Head
from peer_ledger.ledger._known import rows_known
from peer_ledger.records import Document, Origin, Retraction
from test_ledger_machine import PEOPLE, TwoLedgers

ON = date(2026, 1, 15)
SECRET = "a title that nobody else has"


def event(name, person="p-1", **more):
    given = {"completed": "2025-03-04", "title": f"Title {name}", "credits": [Credit(amount="1.5", topics={"ethics"})]}
    return TrainingEvent(id=f"e-{name}", person=person, **given | more)


def some_records():
    return [
        event("1"),
        event("2", origin=Origin(source="lms", key=["17", ""])),
        event("3", "p-2"),
        Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
        Document(id="d-1", person="p-3", kind="reference-letter", on="2025-01-01", by="p-2"),
        SamePerson(id="s-1", people={"p-3", "p-4"}),
        Coverage(id="all", covers="document"),
        event("4", "p-4", title=SECRET),
        event("5", "p-5"),
    ]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "our.ledger"


@pytest.fixture
def ledger(path):
    with Ledger.open(path) as ledger:
        ledger.append(some_records())
        yield ledger


def cache_of(path):
    return path.with_name(path.name + "-cache")


def in_memory(ledger):
    """Return a ledger without a cache that has the same entries in effect, erased ones left out."""
    copy = Ledger()
    copy.append(
        [entry.record for entry in ledger if entry.record is not None and entry.record.record_type != "erasure"]
    )
    return copy


def known(view, *people):
    """Return who of some people is read from the cache."""
    return set(view._store.rows_known(people, view._last))


ALL = ("p-1", "p-2", "p-3", "p-4", "p-5", "nobody")


def check_answers(ledger):
    """Compare all that is read about people with a ledger in memory."""
    there = in_memory(ledger)
    for person in ALL:
        assert there.records_of(person) == ledger.records_of(person)
        about, expected = read_about(ledger, person), read_about(there, person)
        assert (expected.people, expected.entries, expected.records) == (about.people, about.entries, about.records)
    assert list(read_about_each(there, ALL * 2)) == list(read_about_each(ledger, ALL * 2))


# --- what is read from it ---------------------------------------------------------------------------------------------


def test_everybody_is_read_from_it_once_it_is_written(ledger):
    assert known(ledger, *ALL) == set()
    assert CacheWritten(people=5, read=5) == write_cache(ledger)
    assert known(ledger, *ALL) == {"p-1", "p-2", "p-3", "p-4", "p-5"}
    check_answers(ledger)


def test_no_entry_about_a_person_is_read_who_is_in_it(ledger, monkeypatch):
    write_cache(ledger)
    expected = in_memory(ledger)
    for name in ("rows_of", "rows_of_each"):
        monkeypatch.setattr(type(ledger._store), name, None)
    assert expected.records_of("p-4") == ledger.records_of("p-4")
    assert expected.pinned().records_of("p-1") == ledger.pinned().records_of("p-1")
    assert [about.entries for about in read_about_each(ledger, ["p-1", "p-3"])] == [3, 3]


def test_types_of_record_are_told_apart(ledger):
    write_cache(ledger)
    about = read_kinds(ledger, "p-1", frozenset({"certification"}))
    assert (["c-1"], 3) == ([record.id for record in about.records], about.entries)


def test_reports_are_the_same_with_it(ledger):
    before = [evaluate(ledger, person, on=ON).to_dict() for person in ALL[:5]]
    write_cache(ledger)
    assert before == [evaluate(ledger, person, on=ON).to_dict() for person in ALL[:5]]
    assert [report.to_dict() for report in evaluate_all(ledger, on=ON)] == [
        report.to_dict() for report in evaluate_all(in_memory(ledger), on=ON)
    ]


def test_a_supposition_is_told_apart_from_what_is_recorded(ledger):
    write_cache(ledger)
    supposed, expected = (one.supposing(event("more")).without("e-3") for one in (ledger, in_memory(ledger)))
    for person in ALL:
        assert expected.records_of(person) == supposed.records_of(person)
    assert known(ledger, *ALL) >= {"p-5"}
    assert set(rows_known(supposed._store, ALL, supposed._last)) == {"p-3", "p-4", "p-5"}


def test_a_reader_uses_it_that_cannot_write(ledger, path):
    with Ledger.open(path, read_only=True) as reader:
        write_cache(ledger)
        assert known(reader, "p-1") == {"p-1"}
        check_answers(reader)


# --- what was recorded since ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "touched"),
    [
        ([event("new", "p-2")], {"p-2"}),
        ([event("new", "p-6")], set()),
        ([SamePerson(id="s-2", people={"p-1", "p-5"})], {"p-1", "p-5"}),
        ([SamePerson(id="s-2", people={"p-1", "p-4"})], {"p-1", "p-3", "p-4"}),
        ([Retraction(id="r", retracts="e-1", reason="no")], {"p-1"}),
        ([Retraction(id="r", retracts="s-1", reason="no")], {"p-3", "p-4"}),
        ([Coverage(id="all-2", covers="filing")], set()),
        ([event("new", "p-4")], {"p-3", "p-4"}),
    ],
)
def test_whoever_was_touched_since_is_read_from_the_ledger(ledger, path, records, touched):
    """Also for a ledger that was open before, one that is opened later, and one that knows nothing of the cache."""
    write_cache(ledger)
    with Ledger.open(path, read_only=True) as open_before:
        assert known(open_before, *ALL[:5]) == set(ALL[:5])
        ledger.append(records)
        with Ledger.open(path, read_only=True) as opened_later:
            for reader in (ledger, open_before, opened_later):
                assert known(reader, *ALL[:5]) == set(ALL[:5]) - touched
                check_answers(reader)


def test_only_whoever_was_touched_is_read_when_it_is_written_again(ledger):
    write_cache(ledger)
    ledger.append(event("new", "p-4"))
    assert CacheWritten(people=5, read=2) == write_cache(ledger)
    assert CacheWritten(people=5, read=0) == write_cache(ledger)
    check_answers(ledger)
    assert known(ledger, *ALL) == set(ALL[:5])


def test_an_earlier_view_is_answered_as_of_then(ledger):
    """Who has entries since is read from the ledger; who has none, from the cache."""
    then = ledger.pinned()
    ledger.append([event("new", "p-2"), SamePerson(id="s-2", people={"p-1", "p-5"})])
    write_cache(ledger)
    expected = Ledger()
    expected.append(some_records())
    for person in ALL:
        assert expected.records_of(person) == then.records_of(person)
    assert known(then, *ALL) == {"p-3", "p-4"}
    assert known(ledger.known_at("1999-01-01T00:00:00Z"), *ALL) == set()


def test_a_cache_that_is_too_far_behind_is_left_alone(ledger, monkeypatch):
    monkeypatch.setattr(_cached, "_FURTHEST", 2)
    write_cache(ledger)
    ledger.append([event("new", "p-2"), event("new-2", "p-2")])
    assert known(ledger, "p-1") == {"p-1"}
    ledger.append(event("new-3", "p-2"))
    assert known(ledger, "p-1") == {"p-1"}, "it is caught up with step by step"
    ledger.append([event(f"new-{n}", "p-2") for n in range(4, 7)])
    assert known(ledger, "p-1") == set()
    check_answers(ledger)


def test_what_was_touched_is_told_only_of_one_chain(ledger):
    """The first entry must be of this ledger, and none of those after it erased."""
    first, last = (ledger._store.row(seq) for seq in (1, 9))
    first, last = (Head(row.seq, row.recorded_at, row.digest) for row in (first, last))
    assert {"p-1", "p-2", "p-3", "p-4", "p-5"} == ledger._store.touched(first, last)
    assert set() == ledger._store.touched(last, last)
    assert ledger._store.touched(first._replace(digest=last.digest), last) is None
    assert ledger._store.touched(last, first) is None
    assert ledger._store.touched(last._replace(seq=10), last._replace(seq=11)) is None
    ledger.erase("p-5")
    assert ledger._store.touched(first, last) is None
    assert ledger._store.touched(last, ledger._store.head()) is None


def test_who_saw_the_ledger_before_another_does_not_end_its_use(ledger):
    """Of two threads, the one that looked first may come last."""
    write_cache(ledger)
    before = ledger._store.head()
    ledger.append(event("new", "p-2"))
    assert known(ledger, *ALL) == {"p-1", "p-3", "p-4", "p-5"}
    assert {} == ledger._store.cached.rows(ledger._store, before, ALL, 9)
    assert known(ledger, *ALL) == {"p-1", "p-3", "p-4", "p-5"}


def test_a_closed_ledger_does_not_open_it(ledger):
    write_cache(ledger)
    view = ledger.pinned()
    assert len(view.records_of("p-1")) == 3
    ledger.close()
    for ask in (view.records_of, lambda person: list(read_about_each(view, [person]))):
        with pytest.raises(LedgerMisuse, match="closed"):
            ask("p-1")
    assert ledger._store.cached._file is None


def test_an_empty_ledger_needs_none(path):
    with Ledger.open(path) as ledger:
        assert str(write_cache(ledger)) == "0 ids of people in the cache, 0 read from the ledger"
        assert not cache_of(path).exists()
        ledger.append(Coverage(id="all", covers="document"))
        assert CacheWritten(people=0, read=0) == write_cache(ledger)


# --- what is kept in memory -------------------------------------------------------------------------------------------


def in_memory_of(ledger):
    return list(ledger._store.cached._kept._known)


def test_who_was_asked_for_last_is_kept_in_memory(ledger, monkeypatch):
    """The others are forgotten first; a person of more records than all together may have is not kept at all."""
    monkeypatch.setattr(_cached, "_IN_MEMORY", 8)
    write_cache(ledger)
    ledger.records_of("p-2")
    first = ledger.records_of("p-5")
    assert in_memory_of(ledger) == ["p-2", "p-5"]
    assert ledger.records_of("p-2") is ledger.records_of("p-2")
    assert in_memory_of(ledger) == ["p-5", "p-2"]
    assert len(ledger.records_of("p-1")) == 3
    assert in_memory_of(ledger) == ["p-5", "p-2", "p-1"]
    assert len(ledger.records_of("p-3")) == 3
    assert in_memory_of(ledger) == ["p-1", "p-3"]
    assert first == ledger.records_of("p-5")
    monkeypatch.setattr(_cached, "_IN_MEMORY", 3)
    assert len(ledger.records_of("p-4")) == 3
    assert in_memory_of(ledger) == []
    check_answers(ledger)


def test_who_is_kept_in_memory_is_read_again_once_touched(ledger, path):
    write_cache(ledger)
    view = ledger.pinned()
    for person in ALL:
        ledger.records_of(person)
    with Ledger.open(path) as other:
        other.append([SamePerson(id="s-2", people={"p-1", "p-4"}), event("new", "p-5")])
    check_answers(ledger)
    assert len(view.records_of("p-1")) == 3


def test_nothing_is_kept_in_memory_of_who_was_erased(ledger, path):
    """By this ledger at once, and by others once anybody is asked for; closed, it keeps nobody."""
    write_cache(ledger)
    with Ledger.open(path, read_only=True) as reader:
        for person in ALL:
            assert reader.records_of(person) == ledger.records_of(person)
        ledger.erase("p-4")
        assert in_memory_of(ledger) == []
        assert reader.records_of("p-2") == ledger.records_of("p-2")
        assert in_memory_of(reader) == []
        write_cache(ledger)
        reader.records_of("p-1")
        assert in_memory_of(reader) == ["p-1"]
    assert in_memory_of(reader) == []


# --- damaged, foreign, hostile ----------------------------------------------------------------------------------------


def test_no_changed_byte_changes_an_answer(ledger, path):
    write_cache(ledger)
    content = cache_of(path).read_bytes()
    there = in_memory(ledger)
    expected = [there.records_of(person) for person in ALL]
    missed = 0
    for place in range(0, len(content), sized(1, 5)):
        cache_of(path).write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        found = known(ledger, *ALL)
        missed += len(found) < 5
        assert expected == [ledger.records_of(person) for person in ALL], place
    assert missed >= len(range(0, len(content), sized(1, 5))) * 0.9, "it is noticed"


def test_no_length_changes_an_answer(ledger, path):
    write_cache(ledger)
    content = cache_of(path).read_bytes()
    there = in_memory(ledger)
    expected = [there.records_of(person) for person in ALL]
    for length in range(0, len(content), sized(3, 17)):
        for changed in (content[:length], content[length:], content[:length] + content):
            cache_of(path).write_bytes(changed)
            assert expected == [ledger.records_of(person) for person in ALL], length
    cache_of(path).write_bytes(content)
    assert known(ledger, "p-1") == {"p-1"}


def test_the_cache_of_another_ledger_is_not_used(ledger, tmp_path, path):
    """It has the same people, and as many entries, but not the same salts."""
    other = tmp_path / "other.ledger"
    with Ledger.open(other) as another:
        another.append([attrs.evolve(one, title="Another") if hasattr(one, "title") else one for one in some_records()])
        write_cache(another)
    shutil.copy(cache_of(other), cache_of(path))
    assert known(ledger, *ALL) == set()
    check_answers(ledger)


def test_the_cache_of_another_branch_of_the_ledger_is_not_used(ledger, path, tmp_path):
    """Two copies went on apart; each has a cache as of entries that the other does not have."""
    other = tmp_path / "other.ledger"
    back_up(ledger, other)
    ledger.append(event("here"))
    with Ledger.open(other) as another:
        another.append(event("there"))
        write_cache(another)
    shutil.copy(cache_of(other), cache_of(path))
    assert known(ledger, *ALL) == set()
    check_answers(ledger)


def test_a_forged_row_is_not_used(ledger, path):
    """Who can write the folder, but not read the ledger, knows the digest of its last entry, and not its salt."""
    entry = ledger._store.row(ledger.head[0])
    forged = entry._replace(salt=b"0" * 16)
    known_falsely = _cache_file.Known(frozenset({"p-1"}), 1, 1, (event("forged"),))
    with open(cache_of(path), "wb") as file:
        writer = _cache_file.CacheWriter(file, forged, 1)
        writer.write("p-1", _cache_file.row_of(known_falsely))
        writer.done()
    assert known(ledger, *ALL) == set()
    check_answers(ledger)


def test_an_entry_that_cannot_be_read_is_told_only_where_it_is_needed(ledger, monkeypatch):
    """The cache needs the last entry that it knows, and who asks for a person may not."""
    write_cache(ledger)

    def damaged(self, seq):
        raise DamagedLedger(self.path, f"entry {seq} is missing")

    monkeypatch.setattr(_sqlite.SqliteStore, "row", damaged)
    assert known(ledger, *ALL) == set()
    assert in_memory(ledger).records_of("p-1") == ledger.records_of("p-1")


def test_a_cache_in_another_form_is_not_used(ledger, path, monkeypatch):
    write_cache(ledger)
    content = cache_of(path).read_bytes()
    monkeypatch.setattr(_cache_file, "FORM", b"another")
    cache_of(path).write_bytes(content)
    assert known(ledger, *ALL) == set()
    assert CacheWritten(people=5, read=5) == write_cache(ledger)


def test_a_link_is_not_followed(ledger, path, tmp_path):
    write_cache(ledger)
    moved = tmp_path / "elsewhere"
    cache_of(path).rename(moved)
    cache_of(path).symlink_to(moved)
    assert known(ledger, *ALL) == set()
    with pytest.raises(OutputRefused, match="is not a cache"):
        write_cache(ledger)
    content = moved.read_bytes()
    ledger.erase("p-5")
    assert (content, True) == (moved.read_bytes(), cache_of(path).is_symlink())


@pytest.mark.parametrize(
    "make", [Path.mkdir, os.mkfifo, lambda path: path.write_text("notes"), lambda path: Ledger.open(path).close()]
)
def test_what_is_not_a_cache_stays_as_it_is(ledger, path, make):
    make(cache_of(path))
    before = cache_of(path).lstat()
    assert known(ledger, *ALL) == set()
    with pytest.raises(OutputRefused, match="is not a cache"):
        write_cache(ledger)
    assert ledger.erase("p-5").purged
    after = cache_of(path).lstat()
    assert (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)


def test_it_is_private_whatever_was_there(ledger, path):
    write_cache(ledger)
    assert stat.S_IMODE(cache_of(path).stat().st_mode) == 0o600
    cache_of(path).chmod(0o644)
    write_cache(ledger)
    assert stat.S_IMODE(cache_of(path).stat().st_mode) == 0o600


def test_a_cache_that_may_not_be_read_is_not_used(ledger, path, monkeypatch):
    write_cache(ledger)
    cache_of(path).touch()

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(_cache_file.os, "open", refuse)
    assert known(ledger, *ALL) == set()


def test_it_is_written_only_for_a_ledger_open_for_writing(path, ledger):
    with pytest.raises(LedgerMisuse, match="in memory"):
        write_cache(Ledger())
    with Ledger.open(path, read_only=True) as reader, pytest.raises(LedgerMisuse, match="read-only"):
        write_cache(reader)
    assert not cache_of(path).exists()


def test_a_ledger_in_its_place_is_answered_from_itself(ledger, path, tmp_path):
    """A backup of before and another ledger, each put in the place of one that has a cache, which then is gone."""
    other = tmp_path / "other.ledger"
    back_up(ledger, other)
    ledger.append(event("new"))
    write_cache(ledger)
    ledger.close()
    restore(other, path)
    assert not cache_of(path).exists()
    with Ledger.open(path) as restored:
        check_answers(restored)


# --- erasing ----------------------------------------------------------------------------------------------------------


def secret_in(folder):
    """Return the names of the files in a folder that have the secret."""
    return [one.name for one in folder.iterdir() if one.is_file() and SECRET.encode() in one.read_bytes()]


def test_erasing_anybody_removes_it(ledger, path, tmp_path):
    write_cache(ledger)
    assert secret_in(tmp_path) == ["our.ledger-cache", "our.ledger-wal"] or "our.ledger-cache" in secret_in(tmp_path)
    assert ledger.erase("p-3").purged
    assert not cache_of(path).exists()
    assert secret_in(tmp_path) == []
    check_answers(ledger)
    assert CacheWritten(people=3, read=3) == write_cache(ledger)
    check_answers(ledger)


def test_whoever_has_it_open_finds_zeros(ledger, path):
    """A reader of this process, one that looks later, and a program that merely opened the file."""
    write_cache(ledger)
    with Ledger.open(path, read_only=True) as reader, open(cache_of(path), "rb") as file:
        assert known(reader, "p-4") == {"p-4"}
        earlier = os.dup(file.fileno())
        ledger.erase("p-3")
        assert SECRET.encode() not in file.read()
        assert os.pread(earlier, 10**6, 0) == b""
        os.close(earlier)
        assert reader.records_of("p-4") == ()
        assert known(reader, *ALL) == set()
        check_answers(reader)


def test_an_earlier_one_is_overwritten_for_those_who_have_it_open(ledger, path):
    write_cache(ledger)
    with open(cache_of(path), "rb") as file:
        write_cache(ledger)
        assert SECRET.encode() in cache_of(path).read_bytes()
        assert file.read() == b""


def test_an_erasure_through_another_handle_is_seen_by_a_pinned_view(ledger, path):
    write_cache(ledger)
    view = ledger.pinned()
    assert known(view, "p-4") == {"p-4"}
    with Ledger.open(path) as other:
        other.erase("p-4")
    assert view.records_of("p-4") == view.records_of("p-3") == ()


def test_who_is_erased_is_not_answered_before_the_file_is_removed(ledger, path, monkeypatch):
    """Another process was killed between the erasure and the removal, and the file is there as it was."""
    write_cache(ledger)
    assert len(ledger.records_of("p-4")) == 3
    with Ledger.open(path) as other:
        monkeypatch.setattr(other._store, "purge", lambda: False)
        monkeypatch.setattr(other._store, "purge_pending", lambda: None)
        other.erase("p-4")
    assert SECRET.encode() in cache_of(path).read_bytes()
    assert ledger.records_of("p-4") == ()
    assert (set(), []) == (known(ledger, *ALL), in_memory_of(ledger))
    check_answers(ledger)


def test_a_cache_written_meanwhile_has_nothing_of_the_erased(ledger, path, tmp_path, monkeypatch):
    """The erasure comes when the rows are written: what was written is thrown away, and written again."""
    rows, erased = cache._rows, []

    def erasing(*given):
        yield from rows(*given)
        if not erased:
            with Ledger.open(path) as other:
                erased.append(other.erase("p-4"))

    monkeypatch.setattr(cache, "_rows", erasing)
    assert CacheWritten(people=3, read=3) == write_cache(ledger)
    assert not erased[0].purged, "what was being written still had it"
    assert not secret_in(tmp_path)
    assert ledger.purge()
    assert ledger.is_purged()


def test_an_erasure_between_the_parts_of_a_purge_is_not_taken_for_purged(ledger, path, monkeypatch):
    """The cache is removed, written again by another process, and then somebody is erased by one that is killed."""
    ledger.erase("p-5")
    remove, removals = _sqlite.removed, []

    def removing(ledger_path):
        removals.append(remove(ledger_path))
        if len(removals) == 1:
            with Ledger.open(path) as other:
                write_cache(other)
                other._store.purge = lambda: False
                other.erase("p-4")
                other._store.close()
        return removals[0]

    monkeypatch.setattr(_sqlite, "removed", removing)
    with monkeypatch.context() as patch:
        patch.setattr(_sqlite.SqliteStore, "purge_pending", lambda _: None)
        ledger.purge()
    assert (True, False) == (cache_of(path).exists(), ledger.is_purged())
    assert ledger.purge()
    assert not cache_of(path).exists()


def test_erasures_without_end_are_told(ledger, path, monkeypatch, tmp_path):
    numbers = iter(range(100))

    def erasing(*_):
        ledger.append(event(f"more-{next(numbers)}", "p-9"))
        ledger.erase("p-9")
        return iter(())

    monkeypatch.setattr(cache, "_rows", erasing)
    with pytest.raises(LedgerBusy, match="being erased"):
        write_cache(ledger)
    assert not cache_of(path).exists()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_what_cannot_be_removed_is_told(ledger, path, monkeypatch):
    """The erasure stands; the content is said to stay somewhere until a purge."""
    write_cache(ledger)
    with monkeypatch.context() as patch:
        patch.setattr(_cache_file, "overwrite", lambda _: (_ for _ in ()).throw(OSError("no")))
        assert not ledger.erase("p-4").purged
        assert not ledger.is_purged()
    assert ledger.purge()
    assert not cache_of(path).exists()


def test_a_removal_that_was_cut_short_is_completed(ledger, path, monkeypatch):
    """The file is overwritten already, and has its name still."""
    write_cache(ledger)
    size = cache_of(path).stat().st_size
    with monkeypatch.context() as patch:
        patch.setattr(_cache_file.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("cut short")))
        assert not ledger.erase("p-4").purged
    assert (size, set()) == (cache_of(path).stat().st_size, known(ledger, *ALL))
    assert SECRET.encode() not in cache_of(path).read_bytes()
    assert ledger.purge()
    assert not cache_of(path).exists()


# --- killed -----------------------------------------------------------------------------------------------------------


def prepared(folder, *, with_cache):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "our.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(some_records())
        if with_cache:
            write_cache(ledger)
            ledger.append(event("new", "p-2"))
    return path


def killed_at_lines(folder, step, work, *, with_cache):
    """Yield the paths of ledgers whose writers died at lines on their way, and last of one who came to the end."""

    def anew():
        path = prepared(folder / "count", with_cache=with_cache)
        return lambda traced: traced(lambda: work(path))

    count = count_in_child(anew)
    for line in lines_to_look_at(count, step):
        path = prepared(folder / "killed", with_cache=with_cache)
        died, _ = ended_at_line(lambda _, traced, path=path: traced(lambda: work(path)), line)
        assert died is (line < count)
        yield path


@pytest.mark.parametrize("with_cache", [False, True])
def test_a_writer_killed_at_any_line_leaves_a_whole_cache_or_an_earlier_one(tmp_path, with_cache):
    """What was begun is removed by the next who opens the ledger for writing, and by the next cache."""

    def write(path):
        with Ledger.open(path) as ledger:
            write_cache(ledger)

    died = -1
    for path in killed_at_lines(tmp_path, sized(7, 61), write, with_cache=with_cache):
        died += 1
        with Ledger.open(path) as ledger:
            assert known(ledger, *ALL) in (set(), set(ALL[:5]), {"p-1", "p-3", "p-4", "p-5"})
            check_answers(ledger)
            assert [one.name for one in path.parent.iterdir() if one.name.startswith(".")] == []
            write_cache(ledger)
            assert known(ledger, *ALL) == set(ALL[:5])
    assert died > sized(100, 10)


def test_an_erasure_killed_at_any_line_is_completed_by_the_next_writer(tmp_path):
    """Once somebody is erased, nobody answers from the cache, and the next opening for writing removes it."""

    def erase(path):
        with Ledger.open(path) as ledger:
            ledger.erase("p-4")

    erased = []
    for path in killed_at_lines(tmp_path, sized(7, 61), erase, with_cache=True):
        with Ledger.open(path, read_only=True) as reader:
            check_answers(reader)
            erased.append(reader.records_of("p-4") == ())
        with Ledger.open(path) as ledger:
            check_answers(ledger)
            assert ledger.is_purged()
        assert (secret_in(path.parent) == []) is erased[-1]
    assert sorted(erased) == erased
    assert erased.count(False) > sized(20, 2) < erased.count(True)


# --- at the same time -------------------------------------------------------------------------------------------------


def test_readers_in_threads_see_whole_people_while_it_is_written(ledger, path):
    """A person has as many records as were appended together, whoever reads them from where."""
    found, done = [], threading.Event()

    def read(reader):
        while not done.is_set():
            found.append(len(reader.records_of("p-9")) % 3)

    with Ledger.open(path, read_only=True) as reader:
        threads = [threading.Thread(target=read, args=(one,)) for one in (reader, reader, ledger)]
        for thread in threads:
            thread.start()
        for number in range(sized(60, 20)):
            ledger.append([event(f"{number}-{place}", "p-9") for place in range(3)])
            write_cache(ledger)
        done.set()
        for thread in threads:
            thread.join()
        assert set(found) == {0}
        check_answers(reader)


class CachedLedgers(TwoLedgers):
    """The cache is written at any moment, by this process and by others, and nothing is answered otherwise."""

    @rule()
    def write_the_cache(self):
        write_cache(self.file)

    @rule()
    def write_the_cache_through_another_handle(self):
        with Ledger.open(self.path) as other:
            write_cache(other)

    @rule(data=st.data())
    def an_earlier_cache_comes_back(self, data):
        """As from a copy of the folder; what was erased since is not answered."""
        kept = self.folder / "kept"
        if cache_of(self.path).exists() and data.draw(st.booleans(), label="keep it"):
            shutil.copy(cache_of(self.path), kept)
        elif kept.exists():
            shutil.copy(kept, cache_of(self.path))

    @invariant()
    def both_say_the_same_about_people(self):
        for person in PEOPLE:
            there, about = read_about(self.memory, person), read_about(self.file, person)
            assert (there.people, there.entries, there.records) == (about.people, about.entries, about.records)
        assert list(read_about_each(self.memory, PEOPLE)) == list(read_about_each(self.file, PEOPLE))


TestCachedLedgers = CachedLedgers.TestCase
TestCachedLedgers.settings = effort(
    sized(50, 20),
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
