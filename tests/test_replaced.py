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
import sys
from contextlib import closing

import pytest

from children import Child
from effort import sized
from peer_ledger import Credit, Ledger, TrainingEvent
from peer_ledger.errors import LedgerFileError, LedgerReplaced

SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261129"))
DRAWS = sized(400, 24)
PARTS = sized(4, 2)
KINDS = ("earlier", "earlier", "earlier", "ahead", "twin", "twin", "other", "text", "empty")


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
        self.done = []  # what a twin goes through, too
        self.number = 0

    def live(self, ledger):
        """Append, erase and checkpoint, and copy the file now and then."""
        for _ in range(self.rng.randrange(2, 8)):
            what = self.rng.choice(["append", "append", "append", "erase", "checkpoint", "copy"])
            if what == "append":
                self.done.append(("append", [self.next() for _ in range(self.rng.choice([1, 2, 5, 60]))]))
                ledger.append(self.done[-1][1])
            elif what == "erase" and (people := list(ledger.people())):
                self.done.append(("erase", self.rng.choice(people)))
                ledger.erase(self.done[-1][1])
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
        if kind == "other":
            with Ledger.open(made) as ledger:
                ledger.append([event(f"o-{n}") for n in range(self.rng.choice([1, 40, 400]))])
        elif kind == "twin":
            with Ledger.open(made) as ledger:
                for what, whom in self.done:
                    getattr(ledger, what)(whom)
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
        story.done.append(("append", [story.next() for _ in range(rng.choice([1, 5, 80]))]))
        ledger.append(story.done[0][1])
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


@pytest.fixture
def path(tmp_path):
    """Return a ledger of a hundred entries, closed."""
    path = tmp_path / "a.ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event(number, f"p-{number % 5}") for number in range(100)])
    return path


def test_a_longer_copy_under_a_reader_and_a_writer_is_read_anew_or_refused(tmp_path, path):
    """SQLite would go on with the pages that it has read, and with the number of pages that it knows."""

    def grown(say, more):
        source, target = tmp_path / f"source-{more}", tmp_path / f"target-{more}"
        overwrite(path, source)
        overwrite(path, target)
        with Ledger.open(source) as ledger:
            ledger.append([event(f"more-{number}", f"p-{number % 5}") for number in range(more)])
            longer = told(ledger)
        with Ledger.open(target) as ledger, Ledger.open(target, read_only=True) as reader:
            told(reader)
            view = reader.pinned()
            everybody = [view.records_of(f"p-{number}") for number in range(5)]
            overwrite(source, target)
            try:
                assert told(reader) == longer
                assert [view.records_of(f"p-{number}") for number in range(5)] == everybody
                ledger.append(event("new"))
                say("acknowledged")
            except LedgerReplaced:
                say("refused")
                return
        with Ledger.open(target) as ledger:
            assert ledger.verify()
            assert [record.id for _, record in told(ledger)][-1] == "e-new"
            assert told(ledger)[:-1] == longer

    said = set()
    for more in range(1, 41, sized(2, 5)):
        said |= set(Child(lambda say, more=more: grown(say, more)).end())
    assert said == {"acknowledged", "refused"}


def test_a_log_that_is_removed_is_missed_and_what_was_acknowledged_is_saved(path):
    """Closing saves what only the process that has it open still knows."""

    def removed(say):
        with Ledger.open(path) as ledger:
            ledger.append(event("new"))
            path.with_name("a.ledger-wal").unlink()
            for use in (lambda: ledger.append(event("lost")), lambda: len(ledger)):
                with pytest.raises(LedgerReplaced, match="its log a\\.ledger-wal"):
                    use()

    Child(removed).end()
    assert [record.id for _, record in told_in(path)][-2:] == ["e-99", "e-new"]


def test_a_log_that_is_replaced_is_left_to_whoever_has_it(path):
    """Another process has a log of that name now, and closing must not put an older one in its place."""

    def replaced(say):
        with Ledger.open(path) as ledger:
            ledger.append(event("first"))
            path.with_name("a.ledger-wal").rename(path.with_name("aside"))
            path.with_name("a.ledger-shm").rename(path.with_name("aside-shm"))
            subprocess.run([sys.executable, "-c", APPEND, str(path)], check=True)
            with pytest.raises(LedgerReplaced):
                ledger.append(event("lost"))

    Child(replaced).end()
    assert [record.id for _, record in told_in(path)][-2:] == ["e-99", "e-second"]


APPEND = """
import os, sys
from peer_ledger import Ledger, TrainingEvent
Ledger.open(sys.argv[1]).append(TrainingEvent(id="e-second", person="p-1", completed="2025-03-04"))
os._exit(0)
"""


@pytest.mark.parametrize("when", ["while it works", "before it commits", "when it has committed"])
def test_an_append_during_which_the_file_is_overwritten_is_not_acknowledged(tmp_path, path, when):
    """And nothing of it, or of its log, is in the file that has the name now."""
    other = tmp_path / "other"
    with Ledger.open(other) as ledger:
        ledger.append([event(f"other-{number}") for number in range(30)])

    def during(say):
        ledger = Ledger.open(path)
        store = ledger._store

        def many():
            yield from (event(f"new-{number}", title="A title " * 400 + "End") for number in range(2000))
            if when == "while it works":
                overwrite(other, path)

        if when == "before it commits":
            note = store._note_filed
            store._note_filed = lambda writer: (note(writer), overwrite(other, path))
        elif when == "when it has committed":
            tip = store._writer.tip
            tips = iter([tip, tip, lambda: (overwrite(other, path), tip())[1]])
            store._writer.tip = lambda: next(tips, tip)()
        with pytest.raises(LedgerReplaced):
            ledger.append(many())
        ledger.close()
        say("refused")

    assert ["refused"] == Child(during).end()
    assert path.read_bytes() == other.read_bytes()
    if when != "when it has committed":  # then there is a log, beside which the other file is refused
        assert told_in(path) == told_in(other)


def test_a_long_log_is_moved_into_the_file(path):
    """The ledger does so itself, after it has looked at the file."""
    with Ledger.open(path) as ledger:
        sizes = set()
        for batch in range(12):
            ledger.append([event(f"{batch}-{number}", title="A title " * 200 + "End") for number in range(300)])
            sizes.add(path.with_name("a.ledger-wal").stat().st_size)
    assert max(sizes) < 9 * 2**20
    assert min(sizes) == 0


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
    assert {"reader: LedgerReplaced", "writer: LedgerReplaced", "opening: LedgerReplaced"} <= set(said), set(said)
