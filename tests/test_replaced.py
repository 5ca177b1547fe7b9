"""
A ledger's file that somebody overwrites, replaces or removes is refused: nothing mixes, and nothing acknowledged is lost.

A file is overwritten as `cp` does it, by another process: the file keeps its inode and gets other content.  What it is
overwritten with is drawn: an earlier or a later copy of the same ledger, one from before a purge, another ledger, or
something that is no ledger.  Whoever reads or writes then, before or after, in a process that had it open or in a new
one, either refuses it or has one of the two whole, and what is acknowledged is there in the end.
"""

import os
import random
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from children import Child
from effort import sized
from peer_ledger import Credit, Ledger, TrainingEvent
from peer_ledger.errors import LedgerFileError

SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261129"))
DRAWS = sized(400, 48)
PARTS = 4
KINDS = ("earlier", "earlier", "earlier", "ahead", "other", "twin", "text", "empty")


def event(name, person="p-1", title="Ethics for peers"):
    return TrainingEvent(id=f"e-{name}", person=person, completed="2025-03-04", title=title, credits=[Credit(amount=2)])


def overwrite(source, target, *, keep_time=False):
    """Overwrite a file as the shell's `cp` does; this process never opens it, because that would break its locks."""
    subprocess.run(["cp", *(["-p"] if keep_time else []), str(source), str(target)], check=True)


def told(ledger):
    """Return what a ledger says, entry by entry."""
    return [(entry.digest, entry.record) for entry in ledger]


def told_in(path):
    """Return what a file of its own says."""
    with Ledger.open(path, read_only=True) as ledger:
        assert ledger.verify()
        return told(ledger)


class Story:
    """One ledger, its copies, and what somebody puts over it."""

    def __init__(self, seed, folder):
        self.rng = random.Random(seed)
        self.folder, self.path = folder, folder / "a.ledger"
        self.copies = []
        self.number = 0

    def live(self, ledger):
        """Append, erase and checkpoint, and copy the file now and then."""
        for _ in range(self.rng.randrange(2, 8)):
            what = self.rng.choice(["append", "append", "append", "erase", "checkpoint", "copy"])
            if what == "append":
                ledger.append([self.next() for _ in range(self.rng.choice([1, 2, 5, 60]))])
            elif what == "erase" and (people := list(ledger.people())):
                ledger.erase(self.rng.choice(people))
            elif what == "checkpoint":
                with closing(sqlite3.connect(self.path)) as other:
                    other.execute(f"PRAGMA wal_checkpoint({self.rng.choice(['PASSIVE', 'TRUNCATE'])})")
            elif what == "copy":
                self.copy()

    def next(self):
        self.number += 1
        title = "A long title. " * self.rng.choice([1, 1, 30, 700]) + "End"
        return event(self.number, f"p-{self.rng.randrange(5)}", title)

    def copy(self):
        made = self.folder / f"copy-{len(self.copies)}"
        overwrite(self.path, made)
        self.copies.append(made)

    def source(self, kind):
        """Return a file to overwrite the ledger with, and what it says; `None` for what says nothing."""
        made = self.folder / "source"
        if kind == "text":
            made.write_text("id,person,completed\n" * self.rng.choice([1, 4000]))
            return made, None
        if kind == "empty":
            made.touch()
            return made, None
        if kind in ("other", "twin"):
            with Ledger.open(made) as ledger:
                ledger.append([event(f"o-{n}") for n in range(self.rng.choice([1, 40, 400]))])
        else:
            overwrite(self.rng.choice(self.copies), made)
        if kind == "ahead":
            with Ledger.open(made) as ledger:
                ledger.append([event(f"ahead-{n}") for n in range(self.rng.choice([1, 30]))])
        said = self.folder / "said"
        overwrite(made, said)
        return made, told_in(said)


def overwritten(seed, folder, say):
    """Tell one story; say what was acknowledged and what was refused."""
    story = Story(seed, folder)
    rng, path = story.rng, story.path
    with Ledger.open(path) as ledger:
        ledger.append([story.next() for _ in range(rng.choice([1, 5, 80]))])
    story.copy()
    dies = rng.random() < 0.3
    if dies:

        def die(_):
            writer = Ledger.open(path)
            story.live(writer)
            writer.append(event("last"))
            os.kill(os.getpid(), signal.SIGKILL)

        Child(die).ended()
        story.copies += [made for made in folder.glob("copy-*") if made not in story.copies]
        saved = folder / "saved"
        for suffix in ("", "-wal"):
            overwrite(f"{path}{suffix}", f"{saved}{suffix}")
        whole = told_in(saved)
        opened = []
    else:
        writer = Ledger.open(path)
        opened = [writer, Ledger.open(path, read_only=rng.random() < 0.5)]
        story.live(writer)
        if rng.random() < 0.7:
            told(opened[1])
        whole = told(writer)
        pinned = opened[1].pinned()
    kind = rng.choice(KINDS)
    source, other = story.source(kind)
    overwrite(source, path, keep_time=rng.random() < 0.3)
    states = [whole, *([] if other is None else [other])]

    def attempt(what, work):
        try:
            return work()
        except LedgerFileError as error:
            say(f"{what}: {type(error).__name__}")
            return None

    def reads(what, ledger):
        found = attempt(what, lambda: told(ledger))
        assert found is None or found in states, (kind, what)

    acknowledged = []

    def appends(what, ledger):
        name = event(f"new-{len(acknowledged)}-{what.replace(chr(32), chr(45))}")
        if attempt(what, lambda: ledger.append(name)) is not None:
            acknowledged.append(name)
            say(f"{what}: acknowledged")
            grown = told(ledger)
            assert grown[:-1] in states, (kind, what)
            states.append(grown)

    def opens():
        with Ledger.open(path, read_only=rng.random() < 0.4) as ledger:
            reads("new reader", ledger)
            if ledger._store._writer is not None:
                appends("new writer", ledger)

    turns = [opens]
    if opened:
        turns += [
            lambda: reads("reader", opened[1]),
            lambda: reads("pinned", pinned),
            lambda: appends("writer", opened[0]),
            lambda: reads("writer", opened[0]),
        ]
    rng.shuffle(turns)
    for turn in turns:
        attempt("opening", turn)
    for ledger in opened:
        ledger.close()
    final = attempt("in the end", lambda: told(Ledger.open(path)))
    if acknowledged:
        assert final is not None
        assert acknowledged[-1] in [record for _, record in final], (kind, [e.id for e in acknowledged])
    if final is not None:
        assert final in states, kind
        with Ledger.open(path) as ledger:
            assert ledger.verify(), kind


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_overwrites_a_ledger_it_is_refused_or_whole(tmp_path, part):
    """Nothing mixes, and what is acknowledged is there in the end."""
    said = []
    for number in range(part, DRAWS, PARTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        seed = f"{SEED}/{number}"
        code, lines = Child(lambda say, seed=seed, folder=folder: overwritten(seed, folder, say)).ended()
        assert code == 0, (seed, lines)
        said += lines
    assert {"reader: LedgerReplaced", "writer: LedgerReplaced", "writer: acknowledged"} <= set(said), set(said)
    assert {"opening: LedgerReplaced", "opening: NotALedger"} <= set(said), set(said)
