"""
Reports on everybody from several processes are those of one; no process is left, whatever ends the work.

Most tests work as where nobody can look whether there is an answer: every process answers a few requests in turn, this
one, too, so that it does not depend on the machine who answers what.
"""

import os
import pickle
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import PROFILE, effort, looked_at, sized
from peer_ledger import (
    Certification,
    Course,
    Coverage,
    Credit,
    Ledger,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
    ruleset_ids,
)
from peer_ledger.errors import DamagedLedger, InvalidValue, LedgerMisuse
from peer_ledger.evaluation import _everybody as everybody
from peer_ledger.evaluation import _processes as processes
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._frames import receive, send
from peer_ledger.evaluation._worker import READY, serve
from peer_ledger.example import ON as EXAMPLE_DAY
from peer_ledger.example import import_example
from peer_ledger.ledger._sqlite_file import SCHEMA
from peer_ledger.rules import Custom
from peer_ledger.rules import _custom as checks
from peer_ledger.testing import days_about, lives

ON = "2026-01-15"
SECONDS = 60
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="it looks for processes in /proc")
FEW = [f"p-{number:04}" for number in range(8)]
MANY = sized(1500, 800)
PARTS = ("findings", "questions", "caveats", "designations", "ahead", "provenance", "under_assumed", "asked")


def training(number, person, **more):
    credits_of = [Credit(amount=str(number % 25 + 1), topics={"ethics"} if number % 3 else {"recovery"})]
    return TrainingEvent(id=f"e-{number}", person=person, completed="2025-02-03", credits=credits_of, **more)


def filled(ledger, count=40):
    """Return a ledger with some people, a course, two ids of one person, and something that was withdrawn."""
    award = {"credential": "us-nc-cpss", "act": "awarded", "on": "2024-03-14", "expires": "2026-03-31"}
    records = [
        Coverage(id="acts", covers="certification"),
        Course(id="k-1", title="Ethics", credits=[Credit(amount=6)]),
    ]
    for number in range(count):
        person = f"p-{number:04}"
        records.append(Certification(id=f"c-{number}", person=person, **award))
        records.append(training(number, person, course="k-1" if number % 5 == 0 else None))
    records += [
        SamePerson(id="s", people=("p-0003", f"p-{count - 1:04}")),
        Coverage(id="own", covers="document", person="p-0002"),
    ]
    ledger.append(records)
    ledger.retract("e-4", reason="entered twice")
    return ledger


def opened(kind, folder):
    return Ledger() if kind == "memory" else Ledger.open(folder / "a.ledger")


def whole(report):
    """Return everything that a report says."""
    return report.to_dict(), report.hours_short, report.assumed.to_dict(), str(report)


def told(reports):
    return [whole(report) for report in reports]


KINDS = ["memory", "file"][sized(0, 1) :]
"""Where the ledger is; it is the file that several processes are made for."""

IN_FULL = pytest.mark.skipif(PROFILE == "quick", reason="starts a notebook, which takes long")


@pytest.fixture
def started(monkeypatch):
    """The processes that are started, most of them by small requests."""
    found, real = [], processes._started
    monkeypatch.setattr(processes, "_started", lambda: found.append(real()) or found[-1])
    monkeypatch.setattr(everybody, "BATCH", 7)
    monkeypatch.setattr(processes, "CAN_LOOK", False)
    monkeypatch.setattr(processes, "OPEN", 2)
    yield found
    assert all(process.poll() is not None for process in found)


@pytest.fixture(autouse=True)
def in_time():
    """Nothing waits forever."""

    def late(*_):
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(2 * SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


# The same reports.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "how", [{}, {"strict": True, "people": FEW}, {"readings": {"documents-on-file": "all"}}][:: sized(1, 3)]
)
def test_reports_progress_and_order_are_those_of_one_process(kind, how, tmp_path, started):
    """Whole reports, with what they say about the ledger."""
    with opened(kind, tmp_path) as ledger:
        filled(ledger, 20)
        said, alone = [], []
        one = told(evaluate_all(ledger, on=ON, progress=lambda *now: alone.append(now), **how))
        two = told(evaluate_all(ledger, on=ON, processes=2, progress=lambda *now: said.append(now), **how))
    assert one == two
    assert said == alone == [(done, len(one)) for done in range(1, 1 + len(one))]
    assert len(started) == 1


def test_some_people_are_reported_on_under_their_first_ids(tmp_path, started):
    """As in one process: a second id stands for the first, and nothing is on file about an unknown one."""
    with filled(Ledger.open(tmp_path / "a.ledger")) as ledger:
        people = ["unheard-of", "\udc80", *(f"p-{number:04}" for number in range(39, 20, -1))]
        two = list(evaluate_all(ledger, on=ON, people=people, processes=2))
        assert told(two) == told(evaluate_all(ledger, on=ON, people=people))
        assert [report.person for report in two] == sorted({*people, "p-0003"} - {"p-0039"})
    assert len(started) == 1


def test_the_example_is_reported_on(started):
    ledger, _ = import_example()
    assert told(evaluate_all(ledger, on=EXAMPLE_DAY, processes=2)) == told(evaluate_all(ledger, on=EXAMPLE_DAY))
    assert len(started) == 1


@pytest.mark.parametrize("name", looked_at(ruleset_ids(), always_one=True)[:: sized(1, 40)])
@pytest.mark.parametrize("kind", KINDS)
def test_random_lives_are_reported_on(name, kind, tmp_path, started):
    """People with whatever can be on file, asked on a day that matters to one of them."""
    rules, drawn = ruleset(name), []

    @given(lives(rules), st.data())
    @effort(sized(100, 60))
    def draw(records, data):
        drawn.append((records, data.draw(days_about(rules, records))))

    draw()
    days = sorted({day for _, day in drawn})[:: max(1, len(drawn) // 2)]
    with opened(kind, tmp_path) as ledger:
        for number, (records, _) in enumerate(drawn):
            for record in records:
                moved = moved_to(record, number)
                with suppress(Exception):  # what is about nobody is there already
                    ledger.append(moved)
        for day in days:
            one, two = (told(evaluate_all(ledger, on=day, ruleset=rules, processes=count)) for count in (None, 2))
            assert len(one) > len(drawn) // 2
            assert one == two
    assert len(started) == len(days)


def moved_to(record, number):
    """Return the record of somebody else, with an id of its own."""
    changes = {"id": f"{number}-{record.id}"}
    for name in ("person", "event", "replaces"):
        value = getattr(record, name, None)
        if value is not None:
            changes[name] = f"{number}-{value}"
    if isinstance(record, SamePerson):
        changes["people"] = [f"{number}-{person}" for person in record.people]
    return attrs.evolve(record, **changes)


@pytest.mark.parametrize("kind", KINDS)
def test_what_changes_meanwhile_is_not_reported(kind, tmp_path, started):
    """Records, links and people that are appended after the first report, and a view as of an earlier entry."""
    with opened(kind, tmp_path) as ledger:
        filled(ledger, 90)
        expected = told(evaluate_all(ledger, on=ON))
        reports = evaluate_all(ledger, on=ON, processes=2)
        found = [next(reports)]
        ledger.append(
            [training(900, "p-0070"), training(901, "p-new"), SamePerson(id="s-2", people=("p-0000", "p-0080"))]
        )
        ledger.retract("c-75", reason="not theirs")
        found += reports
        assert told(found) == expected
        earlier = ledger.pinned()
        earlier._known_last = 101
        assert told(evaluate_all(earlier, on=ON, processes=3)) == told(evaluate_all(earlier, on=ON))
    assert len(started) == 1 + 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_stays_what_it_was(kind, tmp_path, started):
    """Whatever becomes of the ledger: its parts rest on what came with it; it can be copied by pickling."""
    ledger = filled(opened(kind, tmp_path))
    expected = told(evaluate_all(ledger, on=ON))
    reports = list(evaluate_all(ledger, on=ON, processes=2))
    ledger.erase("p-0001")
    ledger.close()
    assert [pickle.loads(pickle.dumps(report)) for report in reports[:5]] == reports[:5]
    assert told(reports) == expected


def test_parts_that_are_read_are_made_by_the_processes(started, monkeypatch):
    """Whoever reads findings gets them from there after a while; whoever looks into one report does not."""
    here = []
    real = everybody._Here.report
    monkeypatch.setattr(
        everybody._Here, "report", lambda self, person, about: here.append(person) or real(self, person, about)
    )
    ledger = filled(Ledger(), sized(100, 70))
    expected = [(report.findings, report.caveats) for report in evaluate_all(ledger, on=ON)]
    found = [(report.findings, report.caveats) for report in evaluate_all(ledger, on=ON, processes=2)]
    assert found == expected
    assert 0 < len(here) <= processes.OPEN * everybody.BATCH  # those asked for before any report was read
    here.clear()
    reports = list(evaluate_all(ledger, on=ON, processes=2))
    place = processes.OPEN * everybody.BATCH  # those before it are from here
    assert reports[place].findings == expected[place][0]
    assert here == [reports[place].person]
    assert everybody.HEADLINE == tuple(
        field.name for field in attrs.fields(type(reports[0])) if field.name not in everybody.PARTS
    )
    assert {*everybody.PARTS} == {*PARTS}


@pytest.mark.parametrize(
    ("how_many", "expected"), [(0, ()), (3, ()), (1, ("findings", "caveats"))], ids=["none", "few", "all"]
)
def test_what_is_asked_for_is_what_most_reports_are_read_for(how_many, expected, started, monkeypatch):
    """From the first report on, whoever made it: of other processes, and of this one before the turn of a report."""
    asked, made, real_ask, real_made = [], [], processes._Process.ask, everybody._Made
    monkeypatch.setattr(processes._Process, "ask", lambda to, one: asked.append(one.parts) or real_ask(to, one))
    monkeypatch.setattr(everybody, "_Made", lambda *given: made.append(given[4:]) or real_made(*given))
    for number, report in enumerate(evaluate_all(filled(Ledger(), sized(150, 85)), on=ON, processes=2)):
        if how_many and number % how_many == 0:
            assert report.findings
            assert isinstance(report.caveats, tuple)
    assert asked[:2] == [(), ()]
    assert len(asked) > 4
    assert set(asked[2:]) == {expected}
    assert made[:4] == [(), (), (expected,), (expected,)]  # two in their turn, two ahead of it


@pytest.mark.parametrize("kind", KINDS)
def test_reports_that_are_kept_are_those_that_are_dropped(kind, tmp_path, monkeypatch):
    """Some are made at once where the caller keeps them; an error comes after the reports before it, in both ways."""
    with filled(opened(kind, tmp_path), 60) as ledger:
        dropped = told(evaluate_all(ledger, on=ON))
        made, real = [], everybody._Made
        monkeypatch.setattr(everybody, "_Made", lambda *given: made.append(given) or real(*given))
        assert told(list(evaluate_all(ledger, on=ON))) == dropped
        assert 0 < len(made) <= 1 + len(dropped) // everybody.AT_ONCE
        made.clear()
        assert told(evaluate_all(ledger, on=ON)) == dropped
        assert not made
        real_report = Asking.report

        def failing(asking, dossier, *given, **more):
            if "p-0031" in dossier.people:
                raise ValueError("p-0031")
            return real_report(asking, dossier, *given, **more)

        monkeypatch.setattr(Asking, "report", failing)
        kept, seen = [], []
        with pytest.raises(ValueError, match="p-0031"):
            kept.extend(evaluate_all(ledger, on=ON))
        with pytest.raises(ValueError, match="p-0031"):
            seen.extend(map(whole, evaluate_all(ledger, on=ON)))
        assert told(kept) == seen == dropped[:31]


def test_few_people_and_one_process_need_no_other(started):
    """People of one request are reported on here."""
    assert len(list(evaluate_all(filled(Ledger(), 6), on=ON, processes=2))) == 5
    assert len(list(evaluate_all(filled(Ledger(), 20), on=ON, processes=1))) == 19
    assert len(started) == 0
    assert len(list(evaluate_all(filled(Ledger(), 20), on=ON, processes=9))) == 19
    assert len(started) == 2


# What goes wrong.


def test_what_cannot_be_answered_there_is_answered_or_raised_here(tmp_path, started, monkeypatch):
    """An entry that cannot be read is told after the reports before it, as in one process."""
    with filled(Ledger.open(tmp_path / "a.ledger")) as ledger:
        expected = told(evaluate_all(ledger, on=ON))
    with closing(sqlite3.connect(tmp_path / "a.ledger")) as connection:
        connection.execute("DROP TRIGGER entry_is_as_it_was")
        connection.execute("UPDATE entry SET record = '{}' WHERE id = 'e-25'")
        connection.execute(SCHEMA[-1])
        connection.commit()
    with Ledger.open(tmp_path / "a.ledger", read_only=True) as ledger:
        for count in (None, 2):
            reports, found = evaluate_all(ledger, on=ON, processes=count), []
            with pytest.raises(DamagedLedger, match="has a record that cannot be read"):
                found.extend(whole(next(reports)) for _ in range(30))
            assert found == expected[: len(found)]
            assert len(started) == (count or 1) - 1
    monkeypatch.setattr(processes._Asked, "answer", lambda asked: None)
    assert told(evaluate_all(filled(Ledger()), on=ON, processes=2)) == expected


def test_a_custom_check_that_only_this_process_knows_is_told(started, monkeypatch):
    monkeypatch.setattr(checks, "_REGISTERED", {"here-alone": lambda given: checks.CheckResult(counted={})})
    monkeypatch.setattr(checks, "_FOUND", {})
    with pytest.raises(LedgerMisuse, match=r"no custom check is named 'here-alone'(?s:.*)leave processes out"):
        list(evaluate_all(filled(Ledger()), on=ON, ruleset=with_custom("here-alone"), processes=2))
    assert len(started) == 1


def with_custom(check):
    """Return North Carolina's rules with one more requirement in each edition."""
    rules = ruleset("us-nc-cpss")
    extra = Custom(
        id="more",
        says="More.",
        cites=rules.procedures[0].editions[0].requirements[0].cites,
        check=check,
        subject="documents",
        unit="document",
        need=1,
    )
    changed = [
        attrs.evolve(
            procedure,
            editions=tuple(
                attrs.evolve(edition, requirements=(*edition.requirements, extra)) for edition in procedure.editions
            ),
        )
        for procedure in rules.procedures
    ]
    return attrs.evolve(rules, procedures=tuple(changed))


def test_rules_that_cannot_be_sent_are_refused(started, monkeypatch):
    monkeypatch.setattr(everybody, "_Answering", lambda *_: None)
    with pytest.raises(InvalidValue, match="ruleset cannot be sent to other processes"):
        list(evaluate_all(filled(Ledger()), on=ON, processes=2))
    assert len(started) == 1


def test_a_process_that_cannot_begin_says_why(tmp_path, started, monkeypatch):
    """The file is another ledger by now; or there is nothing to start."""
    with filled(Ledger.open(tmp_path / "b.ledger"), 20):
        pass
    with filled(Ledger.open(tmp_path / "a.ledger"), 20) as ledger:
        real = everybody.place_of
        monkeypatch.setattr(everybody, "place_of", lambda view: real(view)._replace(path=tmp_path / "b.ledger"))
        with pytest.raises(LedgerMisuse, match=r"could not begin its work .LedgerReplaced: .*; leave processes out"):
            list(evaluate_all(ledger, on=ON, processes=2))
        monkeypatch.setattr(processes.sys, "executable", "")
        with pytest.raises(LedgerMisuse, match="no Python is known"):
            list(evaluate_all(ledger, on=ON, processes=2))
        monkeypatch.setattr(processes.sys, "executable", str(tmp_path / "none"))
        with pytest.raises(LedgerMisuse, match=r"no process can be started .No such file"):
            list(evaluate_all(ledger, on=ON, processes=2))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("after", "killed"), [(0, 1), (1, 0), (25, 1), (60, 0)][:: sized(1, 2)])
def test_a_killed_process_is_told(kind, killed, after, tmp_path, started, monkeypatch):
    """At its start, after the first report, in the middle, and near the end: never fewer reports without an error."""
    with opened(kind, tmp_path) as ledger:
        filled(ledger, 120)
        reports = evaluate_all(ledger, on=ON, processes=3)
        if after == 0:
            real = processes._started
            monkeypatch.setattr(processes, "_started", lambda: started_and_killed(real(), len(started) - 1 == killed))
        found = [next(reports) for _ in range(after)]
        if after:
            started[killed].kill()
        with pytest.raises(LedgerMisuse, match="a process was ended by signal 9 before it answered; if memory ran out"):
            found.extend(reports)
    assert after <= len(found) < 119
    assert [report.person for report in found] == sorted(report.person for report in found)


def started_and_killed(process, is_killed):
    if is_killed:
        process.kill()
    return process


def test_an_early_end_leaves_no_process(started):
    """When the caller stops, or its own work fails."""
    ledger = filled(Ledger(), 100)
    reports = evaluate_all(ledger, on=ON, processes=2)
    next(reports)
    reports.close()
    assert [process.poll() is None for process in started] == [False]

    def stop(done, of):
        raise ValueError(done, of)

    with pytest.raises(ValueError, match="1, 99"):
        list(evaluate_all(ledger, on=ON, processes=2, progress=stop))


def test_arguments_are_checked():
    """By name."""
    for wrong in (0, -1, True, 2.0, "2"):
        with pytest.raises(InvalidValue, match="processes must be a whole number from 1, or None"):
            evaluate_all(Ledger(), on=ON, processes=wrong)
    for wrong in (3, object, lambda done: done):
        with pytest.raises(InvalidValue, match="progress must be a function of two numbers, or None"):
            evaluate_all(Ledger(), on=ON, progress=wrong)
    assert list(evaluate_all(Ledger(), on=ON, progress=max)) == []


# As a program.

WORK = """
import sys
from peer_ledger import Ledger, evaluate_all
def everybody():
    with Ledger.open({path!r}, read_only=True) as ledger:
        for report in evaluate_all(ledger, on="2026-01-15", processes=2):
            print(report.person, report.status, {more}, flush=True)
{call}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("asked") / "a.ledger"
    with Ledger.open(path) as ledger:
        filled(ledger, MANY)
    return path


class Program:
    """A program that has several processes, all of which can be found by a mark in their environment."""

    def __init__(self, arguments, **how):
        self.mark = f"MARK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), name: value},
            start_new_session=True,
            **how,
        )

    def others(self):
        """Return the processes that it started and that have not ended."""
        found = []
        for place in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if self.mark.encode() in place.read_bytes() and int(place.parent.name) != self.process.pid:
                    found.append(int(place.parent.name))
        return found

    def ends(self):
        """Wait until none of them is left."""
        until = time.monotonic() + SECONDS
        while self.others() and time.monotonic() < until:
            time.sleep(0.02)
        return self.others() == []


def program(path, call, more="len(report.findings)"):
    return WORK.format(path=str(path), call=call, more=more)


@pytest.mark.parametrize("way", ["a script without a guard", "python -c", "standard input", "a thread"][:: sized(1, 4)])
def test_it_works_wherever_it_is_called(way, file, tmp_path):
    """Nothing is imported from the caller, who need not be a module that can be imported."""
    call = "import threading; thread = threading.Thread(target=everybody); thread.start(); thread.join()"
    code = program(file, call if way == "a thread" else "everybody()", "0")
    (tmp_path / "script.py").write_text(code)
    arguments = {"python -c": ["-c", code], "standard input": ["-"]}.get(way, [str(tmp_path / "script.py")])
    asked = Program(arguments, stdin=subprocess.PIPE)
    out, err = asked.process.communicate(code if way == "standard input" else None, timeout=SECONDS)
    assert (asked.process.returncode, err) == (0, "")
    with Ledger.open(file, read_only=True) as ledger:
        assert out.splitlines() == [f"{r.person} {r.status} 0" for r in evaluate_all(ledger, on=ON)]


@IN_FULL
def test_it_works_in_a_notebook(file):
    """In a cell, whose kernel has several threads."""
    client, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    cell = nbformat.v4.new_code_cell(program(file, "everybody()", "0"))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    client.NotebookClient(notebook, timeout=SECONDS).execute()
    said = "".join(output.text for output in cell.outputs if output.name == "stdout")
    assert len(said.splitlines()) == MANY - 1


def when_begun(asked):
    """No process is started yet, or one is being started."""


def when_others_start(asked):
    """Python is importing modules in the other processes, which ignore nothing yet."""
    until = time.monotonic() + SECONDS
    while not any(is_importing(pid) for pid in asked.others()) and time.monotonic() < until:
        time.sleep(0.001)


def is_importing(pid):
    with suppress(OSError):
        command, maps = (Path(f"/proc/{pid}/{name}").read_text() for name in ("cmdline", "maps"))
        return processes.START in command and "decimal" in maps
    return False


def when_reports_come(asked):
    asked.process.stdout.readline()


def when_many_came(asked):
    for _ in range(MANY // 5):
        asked.process.stdout.readline()


@ON_LINUX
@pytest.mark.parametrize(
    "moment", [when_begun, when_others_start, when_reports_come, when_many_came][:: sized(1, 3)] * sized(3, 1)
)
def test_an_interrupt_ends_all_processes(moment, file):
    """The keyboard interrupts the whole group of processes; one is told of, that of the program that asked."""
    asked = Program(["-c", program(file, "print('begun', flush=True); everybody()")])
    asked.process.stdout.readline()
    moment(asked)
    os.killpg(asked.process.pid, signal.SIGINT)
    out, err = asked.process.communicate(timeout=SECONDS)
    assert asked.process.returncode == -signal.SIGINT, err
    assert re.findall("^KeyboardInterrupt", err, re.MULTILINE) == ["KeyboardInterrupt"], err
    # It may come while another error is handled, which is then told of, too.
    assert err.count("Traceback") == 1 + err.count("During handling of the above exception"), err
    assert out.count("\n") < MANY - 1
    assert asked.ends()


@ON_LINUX
def test_no_process_outlives_the_program(file):
    """Not even when it is killed and can end nobody."""
    asked = Program(["-c", program(file, "everybody()")])
    asked.process.stdout.readline()
    assert len(asked.others()) == 1
    asked.process.kill()
    asked.process.communicate(timeout=SECONDS)
    assert asked.ends()


# Who answers what.


class Other:
    """Another process that has begun, and has answered, whenever it is drawn so."""

    def __init__(self, data, number):
        self.data, self.number, self.unread, self.has_begun = data, number, deque(), False

    def is_free(self):
        self.has_begun = self.has_begun or self.data.draw(st.booleans())
        while self.unread and self.data.draw(st.booleans()):
            self.read()
        return self.has_begun and len(self.unread) < processes.AHEAD

    def ask(self, request):
        asked = processes._Asked(request, self)
        self.unread.append(asked)
        return asked

    def read(self):
        asked = self.unread.popleft()
        cannot = self.data.draw(st.booleans())
        asked.received = pickle.dumps(None if cannot else (self.number, asked.request))


@given(st.data(), st.integers(0, 40), st.integers(1, 12), st.integers(0, 3), st.sets(st.integers(0, 39)))
@effort(200)
def test_every_task_is_done_once_and_answered_in_order(data, count, most, others, fails):
    """By another process or by this one, whoever is ready when; an error comes in its turn; few are read ahead."""
    read, yielded, ahead, done = [], [], [], []

    def tasks():
        for number in range(count):
            read.append(number)
            ahead.append(len(read) - len(yielded))
            yield number

    def here(task):
        assert task == len(yielded)
        return ahead_of_its_turn(task)

    def ahead_of_its_turn(task):
        done.append(task)
        if task in fails:
            raise ValueError(task)
        return "here", -task

    failed = None
    try:
        drawn = [Other(data, number) for number in range(others)]
        how = {"there": lambda task: -task, "here": here, "ahead": ahead_of_its_turn}
        for request, (who, answered) in processes._answers(tasks(), most, drawn, **how):
            assert answered == -len(yielded)
            assert request == (None if who == "here" else answered)
            yielded.append(len(yielded))
    except ValueError as error:
        failed = error.args[0]
    assert failed in {None, *fails}
    assert yielded == list(range(count if failed is None else failed))
    assert all(done.count(task) == 1 for task in done if task not in fails)
    assert max(ahead, default=0) <= most


@pytest.mark.parametrize("cannot", [False, True])
def test_this_process_takes_the_first_task_and_others_the_last(cannot):
    """So that little of what is done here waits for its turn; what cannot be done before is tried again in its turn."""

    def ahead(task):
        if cannot:
            raise ValueError(task)
        return "ahead"

    others = [Keen(), Keen()]
    turns = processes._answers(
        iter(range(12)), 9, others, there=lambda task: task, here=lambda task: "here", ahead=ahead
    )
    assert [next(turns) for _ in range(3)] == [(None, "here")] * 3
    assert [other.asked for other in others] == [[8, 7, 6], [5, 4, 3]]
    assert [answer for _, answer in turns] == [*range(3, 9), *["here" if cannot else "ahead"] * 3]


class Keen(Other):
    """Another process that takes three requests at once and answers when it is waited for."""

    def __init__(self):
        super().__init__(None, 0)
        self.asked = []

    def is_free(self):
        return len(self.unread) < 3

    def ask(self, request):
        self.asked.append(request)
        return super().ask(request)

    def read(self):
        asked = self.unread.popleft()
        asked.received = pickle.dumps(asked.request)


def test_this_process_works_while_others_start(tmp_path, monkeypatch):
    """Without waiting for them; the reports are the same, however little they had to do."""
    with filled(Ledger.open(tmp_path / "a.ledger"), sized(400, 150)) as ledger:
        expected = told(evaluate_all(ledger, on=ON))
        real, done = processes._Process.is_free, [0]
        monkeypatch.setattr(everybody, "BATCH", 7)
        monkeypatch.setattr(processes._Process, "is_free", lambda process: done[-1] > 30 and real(process))
        answered = told(evaluate_all(ledger, on=ON, processes=2, progress=lambda so_far, of: done.append(so_far)))
        assert answered == expected


# The messages.


class Slow:
    """One end of a pipe that takes and gives a few bytes at a time."""

    def __init__(self, held=b""):
        self.held = bytearray(held)

    def write(self, data):
        self.held += bytes(data[:3])
        return len(data[:3])

    def readinto(self, buffer):
        some = bytes(self.held[: min(2, len(buffer))])
        buffer[: len(some)] = some
        del self.held[: len(some)]
        return len(some)


@given(st.lists(st.binary(max_size=40)), st.integers(min_value=0))
@effort(100)
def test_messages_arrive_whole_or_not_at_all(messages, cut):
    """In their order; what was cut short is no message."""
    pipe = Slow()
    for message in messages:
        send(pipe, message)
    length = len(pipe.held)
    kept = pipe.held[: length - cut % (length + 1)]
    lengths = [8 + len(message) for message in messages]
    complete = sum(sum(lengths[: number + 1]) <= len(kept) for number in range(len(lengths)))
    pipe.held = kept
    assert [receive(pipe) for _ in range(complete)] == messages[:complete]
    assert receive(pipe) is None


def doubling(fails_at):
    def answer(request):
        if request == fails_at:
            raise ValueError("it is told by nothing")
        return 2 * request

    return answer


def refusing():
    raise ValueError("not today")


def served(*requests):
    """Return what is answered to requests, and how often the end was told."""
    asked, answers, ends = Slow(), Slow(), []
    for request in requests:
        send(asked, pickle.dumps(request))
    serve(asked, answers, lambda: ends.append(threading.current_thread()))
    found = []
    while (message := receive(answers)) is not None:
        found.append(pickle.loads(message))
    return found, len(ends)


def test_requests_are_answered_in_order():
    """What fails is answered by nothing, and what follows is answered all the same."""
    assert served((doubling, (3,)), 1, 2, 3, 4) == ([READY, 2, 4, None, 8], 1)
    assert served((refusing, ()), 1) == (["ValueError: not today"], 1)
    assert served() == ([], 1)
    assert date.fromisoformat(ON) == date(2026, 1, 15)


def test_a_report_asked_for_alone_is_the_same(started):
    """Every person's report is that of `evaluate`."""
    ledger = filled(Ledger(), 22)
    for report in evaluate_all(ledger, on=ON, processes=3):
        assert whole(report) == whole(evaluate(ledger, report.person, on=ON))
    assert len(started) == 2
