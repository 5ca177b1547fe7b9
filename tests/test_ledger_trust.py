"""What a ledger refuses, undoes and finishes: replaced files, interrupts, emptied archives, erasures cut short."""

import copy
import json
import os
import pickle
import shutil
import signal
import sqlite3
import sys
from contextlib import closing

import pytest

from children import Child
from peer_ledger import Ledger, TrainingEvent
from peer_ledger.errors import DamagedLedger, InvalidData, InvalidValue, LedgerMisuse, LedgerReplaced, UnknownPerson
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.records import Document


def event(name, person="p-1"):
    return TrainingEvent(id=f"e-{name}", person=person, completed="2025-03-04", title="Ethics for peers")


class Interrupt(BaseException):
    """An exception that nothing catches."""


def interrupted_at(work, step):
    """Do some work, raising at one of the instructions of the store; return whether it came to it."""
    passed = 0

    def trace(frame, kind, _):
        nonlocal passed
        if not frame.f_code.co_filename.endswith("_store.py"):
            return None
        frame.f_trace_opcodes = True
        if kind == "opcode":
            passed += 1
            if passed == step:
                raise Interrupt
        return trace

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 looks for instructions only if a frame asked before
    sys.settrace(trace)
    try:
        work()
    except Interrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_an_append_in_memory_interrupted_at_any_instruction_is_all_or_nothing():
    """The next append goes on from there."""
    step, more = 1, True
    while more:
        ledger = Ledger()
        ledger.append([event(1), event(2)])
        more = interrupted_at(lambda ledger=ledger: ledger.append([event(3), event(4)]), step)
        assert len(ledger) in (2, 4)
        ledger.append(event(5))
        assert len(ledger) in (3, 5), step
        assert ledger.verify()
        assert len(ledger.records_of("p-1")) == len(ledger)
        step += 1
    assert step > 100


def test_an_entry_emptied_in_an_archive_erases_nothing(tmp_path):
    """It is refused by its line, and the ledger keeps its record."""
    ledger = Ledger()
    ledger.append([event(1), event(2)])
    path = tmp_path / "a.jsonl"
    write_archive(ledger, path)
    lines = path.read_text().splitlines()
    line = json.loads(lines[1])
    emptied = {"seq": 1, "recorded_at": line["recorded_at"]}
    emptied |= {"commitment": ledger._store.row(1).commitment.hex(), "digest": line["digest"]}
    path.write_text("\n".join([lines[0], json.dumps(emptied), *lines[2:]]) + "\n")
    with pytest.raises(InvalidData, match="line 2: entry 1 is empty, but no later entry records its erasure"):
        read_archive(path, ledger)
    assert len(ledger.records_of("p-1")) == 2


@pytest.mark.parametrize("how", ["unlink", "rename"])
def test_a_file_that_is_replaced_while_it_is_open_is_refused(tmp_path, how):
    """Neither appending nor reading goes on as if nothing had happened."""
    path, old = tmp_path / "a.ledger", tmp_path / "old"
    with Ledger.open(path) as ledger:
        ledger.append([event(number) for number in range(40)])
    shutil.copy(path, old)
    ledger = Ledger.open(path)
    ledger.append([event(number) for number in range(40, 100)])
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint")
    if how == "unlink":
        path.unlink()
    else:
        old.replace(path)
    with pytest.raises(LedgerReplaced):
        ledger.append(event("new"))
    with pytest.raises(LedgerReplaced):
        len(ledger)
    ledger.close()


def test_a_copy_put_beside_a_dead_processes_log_is_refused_and_left_as_it_is(tmp_path):
    """The log would fill the copy with pages of another state."""
    path, old = tmp_path / "a.ledger", tmp_path / "old"
    with Ledger.open(path) as ledger:
        ledger.append([event(number) for number in range(400)])
    shutil.copy(path, old)
    with Ledger.open(path) as ledger:
        ledger.append([event(number) for number in range(400, 1000)])

    def die(say):
        ledger = Ledger.open(path)
        ledger.append(event("last"))
        say("appended")
        os.kill(os.getpid(), signal.SIGKILL)

    assert Child(die).ended()[1] == ("appended",)
    shutil.copy(old, path)
    for read_only in (True, False):
        with pytest.raises(LedgerReplaced):
            Ledger.open(path, read_only=read_only)
    assert path.read_bytes() == old.read_bytes()


def test_a_purge_that_a_reader_prevented_is_made_up_for_at_the_next_opening(tmp_path):
    """Also when the last process to close was one that only reads."""
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event(1), event(2, "p-2")])
    reader = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    with closing(reader):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entry").fetchall()
        with Ledger.open(path, wait=0.01) as ledger:
            assert not ledger.erase("p-2").purged
            assert not ledger.is_purged()
    with Ledger.open(path) as ledger:
        assert ledger.is_purged()
        with pytest.raises(UnknownPerson):
            ledger.erase("p-2")
    assert b"p-2" not in path.read_bytes()


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_erased_id_stays_in_no_record_of_another_person(tmp_path, kind):
    """The record is kept, without whoever attested it."""
    with Ledger() if kind == "memory" else Ledger.open(tmp_path / "a") as ledger:
        ledger.append([Document(id="d-1", person="p-1", kind="reference-letter", on="2026-02-01", by="w-9")])
        retraction = ledger.retract("d-1", reason="no")
        ledger.append(event(1, "w-9"))
        assert ledger.erase("w-9").rerecorded == (1, 2)
        assert "w-9" not in str([entry.record for entry in ledger])
        assert (ledger.record("d-1").by, ledger.is_withdrawn("d-1")) == (None, True)
        assert ledger.record(retraction.id).retracts == "d-1"
        assert ledger.verify()


def test_a_damaged_head_is_an_answer(tmp_path):
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(event(1))
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE head SET digest = 'x'")
        file.commit()
    with Ledger.open(path, read_only=True) as ledger:
        assert "head" in ledger.verify().problems[0]


def test_a_head_is_taken_as_it_was_noted():
    ledger = Ledger()
    ledger.append(event(1))
    seq, digest = ledger.head
    for noted in (f"{seq}:{digest}", f"{seq}:{digest.upper()}", (seq, digest.upper()), [seq, digest]):
        assert ledger.verify(head=noted)
    for wrong in ("0", "1:abc", 7, (digest, seq)):
        with pytest.raises(InvalidValue, match="head must be"):
            ledger.verify(head=wrong)


@pytest.mark.parametrize("how", [pickle.dumps, copy.deepcopy])
def test_a_ledger_that_is_pickled_says_what_to_do(how):
    with pytest.raises(LedgerMisuse, match="write_archive"):
        how(Ledger())


def test_a_head_without_a_valid_moment_is_damage(tmp_path):
    """An append is refused, and `verify` says so."""
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(event(1))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE head SET recorded_at = 'x'")
    with Ledger.open(path) as ledger:
        with pytest.raises(DamagedLedger, match="moment"):
            ledger.append(event(2))
        assert not ledger.verify()
