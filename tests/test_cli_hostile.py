"""The command line takes anything: no argument, variable, file or stream makes it show a traceback or steer a terminal."""

import argparse
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import Credit, Ledger, TrainingEvent
from peer_ledger._visible import is_hidden
from peer_ledger.cli import main
from peer_ledger.cli._parser import parser
from peer_ledger.presenting import pictures, transcripts
from peer_ledger.presenting.tables import Table

NAUGHTY = (
    "", " ", "\0", "a\0b", "%", "50%done %(x)s", "%s", "\ud800", "\udcff", "x" * 300, "/" + "y/" * 3000, "..", "/", "-", "--",
    "\x1b[31mred", "\u202egnp.exe", "a\nb", "a\rb", "\u2028", "/dev/null", "/dev/zero", "folder", "locked", "not.ledger",
    "null.csv", "='x'", "=x", "x=", "a=b", "a=\x1b", "1:" + "0" * 64, "999999999999999999:" + "f" * 64, "0", "-1", "1e999",
    "2026-02-30", "2026-02-15", "us-nc-cpss", "training-event", "utf-16", "undefined", "idna", "zlib", "MM/DD/YYYY",
    "M" * 2000, "[", "(", "*", "{}", "ours.ledger", "renewal-1", "p-1", "\uff1d1", "\u00e9", "\U0010ffff",
)  # fmt: skip
SHOWN = "this is an error in the program"


def leaves(top, before=()):
    """Yield the words of every command, with its parser."""
    inner = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield before, top
    for action in inner:
        for name, command in action.choices.items():
            yield from leaves(command, (*before, name))


COMMANDS = {" ".join(words): (words, command) for words, command in leaves(parser())}


def test_every_command_is_driven():
    """The list is the parser's own."""
    assert {"import", "status", "report", "verify", "export", "rules list", "rules check"} <= set(COMMANDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a ledger, a folder, an unreadable file and files of other kinds."""
    made = tmp_path_factory.mktemp("hostile")
    before = Path.cwd()
    os.chdir(made)
    (made / "folder").mkdir()
    (made / "locked").write_text("x")
    (made / "locked").chmod(0)
    (made / "not.ledger").write_bytes(b"SQLite format 3\0" + b"x" * 200)
    (made / "null.csv").write_bytes(b"ID,Date,Hours\n\0\0\0,\n")
    with Ledger.open("ours.ledger") as ledger:
        ledger.append(TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", credits=[Credit(amount=3)]))
    yield made
    os.chdir(before)


def arguments(words, command):
    """Return a strategy of arguments for a command: some of its options, and all of its positions."""
    texts = st.sampled_from(NAUGHTY) | st.text(max_size=20)

    def of(action):
        if action.nargs == 0:
            return st.just([action.option_strings[0]])
        value = (texts | st.sampled_from(list(map(str, action.choices)))) if action.choices else texts
        if action.option_strings:
            return value.map(lambda text: [f"{action.option_strings[-1]}={text}"])
        return st.lists(value, min_size=1, max_size=2 if action.nargs == "+" else 1)

    actions = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
    places = [of(action) for action in actions if not action.option_strings]
    options = [of(action) | st.just([]) for action in actions if action.option_strings]
    return st.tuples(*options, *places).map(lambda lists: [*words, *(text for given in lists for text in given)])


def run(given):
    """Run a command in this process; return its code and everything that it wrote."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = main(given)
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.stdout, sys.stderr = before
    written = []
    for stream in (out, err):
        stream.flush()
        written.append(stream.buffer.getvalue().decode())
    return code, *written


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("variable", ["ours.ledger", "50%done %(x)s", "x" * 300])
def test_hostile_arguments(folder, monkeypatch, name, variable):
    """Every command, with any arguments, ends with one of its codes, and writes nothing that steers a terminal."""
    monkeypatch.setenv("PEER_LEDGER", variable)

    @effort(sized(200, 75), suppress_health_check=list(HealthCheck))
    @given(arguments(*COMMANDS[name]))
    def driven(given_):
        code, out, err = run(given_)
        assert code in (0, 1, 2, 3)
        assert SHOWN not in err, err
        assert "Traceback" not in out + err
        forms = [one.removeprefix("--format=") for one in given_ if one.startswith("--format=")]
        if not {"csv", "html"} & {*forms}:
            assert not [one for one in out + err if is_hidden(one) and one != "\n"]

    driven()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("variable", ["50%done %(x)s", "\x1b[31m%", "\udcff%"])
def test_help_with_any_variable(folder, monkeypatch, name, variable):
    """The name of the ledger in the environment is shown as it is."""
    monkeypatch.setenv("PEER_LEDGER", variable)
    code, out, err = run([*COMMANDS[name][0], "--help"])
    assert (0, "") == (code, err)
    assert "\x1b" not in out
    command = COMMANDS[name][1]
    if any(action.dest == "ledger" for action in command._actions):
        assert "%" in out


@pytest.mark.parametrize("given_", [["verify"], ["status"], ["export", "--to", "a"]])
@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "folder", "/dev/null", "locked", "not.ledger", "ours.ledger/x"])
def test_a_name_that_is_no_ledger(folder, given_, name):
    """What cannot be a ledger is refused in a sentence."""
    code, out, err = run([*given_, "--ledger", name])
    if given_ == ["verify"] and code == 1:  # a file that may have been a ledger is damaged, which is an answer
        assert name in ("locked", "not.ledger")
        assert out.startswith(f"{name}: altered or damaged")
        return
    assert (2, "") == (code, out)
    assert err.startswith("peer-ledger: ")
    assert SHOWN not in err


def started(arguments_, **how):
    return subprocess.run(
        [sys.executable, "-m", "peer_ledger", *arguments_],
        capture_output="stdout" not in how,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **how.pop("environment", {})},
        **how,
    )


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams(folder, closing):
    """A command without standard output or standard error does its work and is silent."""
    command = f'"{sys.executable}" -m peer_ledger verify --ledger ours.ledger {closing}'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, env=environment)
    assert 0 == done.returncode
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"" == done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_behind_standard_output(folder):
    """It fails in a sentence."""
    with open("/dev/full", "w") as full:
        done = started(["rules", "list"], stdout=full, stderr=subprocess.PIPE)
    assert 2 == done.returncode
    assert b"peer-ledger: it cannot be written or read: No space left on device\n" == done.stderr


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_ascii_only(folder, environment):
    """What an encoding cannot write is shown as an escape."""
    done = started(["report", "p-1", "--ledger", "ours.ledger", "--on", "2026-01-15"], environment=environment)
    assert (0, b"") == (done.returncode, done.stderr)
    done = started(["verify", "--ledger", "Jos\u00e9"], environment=environment)
    assert 2 == done.returncode
    assert b"Traceback" not in done.stderr
    assert b"Jos" in done.stderr


def test_a_reader_that_leaves(folder):
    """The program ends quietly when the reader of its output has gone, also when it exits."""
    command = f'"{sys.executable}" -m peer_ledger rules show us-nc-cpss --format json | true'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, env=environment)
    assert (0, b"", b"") == (done.returncode, done.stdout, done.stderr)


def test_a_fault_of_the_program_is_told_without_its_text(folder, monkeypatch):
    """An error that nobody raised on purpose may hold anything."""
    monkeypatch.setattr("peer_ledger.cli._rules_commands.ruleset_ids", lambda: {}["Jane Roe"])
    code, out, err = run(["rules", "list"])
    assert (2, "") == (code, out)
    assert err.startswith(f"peer-ledger: {SHOWN}, not in what you entered (KeyError at test_cli_hostile.py, line ")
    assert "Roe" not in err


@pytest.mark.parametrize("kind", ["pipe", "/dev/null"])
@pytest.mark.parametrize("given_", [["import", "--ledger", "new.ledger"], ["rules", "check"]])
def test_what_is_no_file(folder, kind, given_):
    """A pipe and a device are read, or refused in a sentence."""
    if kind == "pipe":
        reading, writing = os.pipe()
        os.write(writing, b"ID,Date,Hours\n")
        os.close(writing)
        kind = f"/dev/fd/{reading}"
    code, _, err = run([*given_, kind])
    assert code in (1, 2)
    assert SHOWN not in err


def test_hostile_names_in_a_report_of_an_import(folder):
    """Names of files, headings and titles are escaped, and add no line."""
    name = "Evil\x1b[31m\nrejected: line 1.csv"
    Path(name).write_text("ID,Title,Date,Hours,Evil\x1b[31m\u202e\np-9,a\u202eb,2025-02-03,3,x\n", encoding="utf-8")
    code, out, err = run(["import", "--ledger", "hostile.ledger", name])
    assert (0, "") == (code, err)
    assert "Evil\\x1b[31m\\x0arejected" in out
    assert "ignored: Evil\\x1b[31m\\u202e" in out
    assert not [one for one in out if is_hidden(one) and one != "\n"]
    assert not [line for line in out.splitlines() if line.startswith("rejected")]


@example("a\nDone: all met.")
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=10))
def test_a_title_is_one_line_of_a_table(text):
    """A cell of a table is on one line, whatever it holds."""
    written = Table(headings=("title",), rows=((text,),)).text()
    assert 2 == len(written.splitlines() + [""] * (not text.strip()))


def test_a_repr_shows_no_title():
    """What a debugger or a log shows of tables, transcripts and pictures names no training."""
    with Ledger() as ledger:
        title = "Recovery of Jane Roe"
        ledger.append(
            TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", title=title, credits=[Credit(amount=3)])
        )
        made = transcripts.transcript(ledger, "p-1")
        picture = pictures.timeline(ledger, "p-1", on="2026-01-15")
    assert title in made.trainings().text()
    for one in (made, made.trainings(), picture, picture.table, Table(headings=("a",), rows=((title,),))):
        assert "Roe" not in repr(one)


@pytest.mark.parametrize("option", ["--format=--", "--ledger=--", "--on=--", "--rules=--"])
def test_two_hyphens_are_no_value(folder, option):
    """Two hyphens after an option are refused by its name."""
    code, _, err = run(["status", option])
    assert 2 == code
    assert f"argument {option.removesuffix('=--')}: expected one argument" in err
