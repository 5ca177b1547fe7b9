"""The command line: what each command prints, and the codes by which scripts tell what came of it."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from importlib.resources import files

import pytest

import peer_ledger.cli._progress as progress
from peer_ledger import Ledger
from peer_ledger.cli import main
from peer_ledger.ledger import read_archive

TRAININGS = "ID,Title,Date,Hours,Topic\np-1,Ethics,2025-02-03,3,Ethics\np-1,WRAP,2025-06-11,16.75,Recovery\n"
CERTIFICATES = "ID,Certified,Expires\np-1,2024-03-14,2026-03-31\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return what runs a command in a folder of its own and returns its code, its output and its complaints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PEER_LEDGER", raising=False)

    def running(*arguments):
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as stop:
            code = stop.code
        done = capsys.readouterr()
        return code, done.out, done.err

    return running


@pytest.fixture
def filled(run, tmp_path):
    """Return what runs a command where a ledger of one person is."""
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    (tmp_path / "certificates.csv").write_text(CERTIFICATES)
    assert 0 == run("import", "trainings.csv", "certificates.csv")[0]
    return run


def test_import_says_what_it_read_and_what_is_new(run, tmp_path):
    """Importing a file says what was read, as what, and what the ledger makes of it."""
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    code, out, err = run("import", "trainings.csv")
    assert (0, "") == (code, err)
    assert "2 rows (UTF-8, cells separated by commas): 2 training events, 0 rows rejected" in out
    assert "2 new, 0 corrections, 0 unchanged" in out
    assert "0 new, 0 corrections, 2 unchanged" in run("import", "trainings.csv")[1]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert 2 == len(ledger)


def test_import_of_rows_that_are_refused(run, tmp_path):
    """What can be read is appended, what cannot is listed, and the code says so."""
    (tmp_path / "trainings.csv").write_text(TRAININGS + "p-2,Crisis,03/04/2025,1,Crisis\n")
    code, out, _ = run("import", "trainings.csv")
    assert 1 == code
    assert "rejected: line 4, column C 'Date': '03/04/2025' can be" in out
    assert "2 new" in out


def test_corrections_wait_until_somebody_looked(filled, tmp_path):
    """A corrected export is shown and nothing is appended, until the corrections are asked for."""
    (tmp_path / "trainings.csv").write_text(TRAININGS.replace("16.75", "17") + "p-3,New,2025-07-01,1,Crisis\n")
    code, out, err = filled("import", "trainings.csv")
    assert 3 == code
    assert "credits 16.75 hour on recovery -> 17 hour on recovery" in out
    assert "nothing was appended; 1 correction pending" in err
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert 3 == len(ledger)
    assert 0 == filled("import", "trainings.csv", "--corrections")[0]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert 3 + 3 == len(ledger)  # the withdrawal, what replaces it, and what is new


def test_what_a_file_no_longer_lists_waits_too(filled, tmp_path):
    """A row that is gone is shown; it is withdrawn or kept only when somebody says which."""
    narrower = TRAININGS.replace("p-1,Ethics,2025-02-03,3,Ethics\n", "p-1,A,2025-02-01,1,Crisis\n")
    (tmp_path / "trainings.csv").write_text(narrower)
    assert 3 == filled("import", "trainings.csv")[0]
    assert 0 == filled("import", "trainings.csv", "--withdraw-missing")[0]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        days = {record.completed for record in ledger.records_of("p-1") if record.record_type == "training-event"}
    assert {date(2025, 2, 1), date(2025, 6, 11)} == days


MOVED = "ID,Title,Date,Hours\n61,Ethics,2025-02-03,3\n61,Seminar,2026-10-18,8.5\n"


def test_a_corrected_day_does_not_leave_both_rows_in(run, tmp_path):
    """A seminar whose day moves before the last day of the file is there once: 3 + 8.5 hours."""
    (tmp_path / "v.csv").write_text(MOVED)
    assert 0 == run("import", "v.csv")[0]
    (tmp_path / "v.csv").write_text(MOVED.replace("-18", "-08"))
    assert 0 == run("import", "v.csv", "--withdraw-missing", "--corrections", "--complete")[0]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        days = [one.completed for one in ledger.records_of("61") if one.record_type == "training-event"]
    assert [date(2025, 2, 3), date(2026, 10, 8)] == days


def test_nothing_is_complete_while_something_is_missing(run, tmp_path):
    """Whoever is not in a file that lists everybody waits to be decided on, and is withdrawn when that is asked for."""
    (tmp_path / "v.csv").write_text(MOVED + "62,Ethics,2025-02-03,3\n")
    run("import", "v.csv")
    (tmp_path / "v.csv").write_text(MOVED)
    code, _, err = run("import", "v.csv", "--complete")
    assert (3, True) == (code, "declared complete, but 1 record of the series 'spreadsheet'" in err)
    code, out, _ = run("import", "v.csv", "--complete", "--withdraw-missing")
    assert 0 == code
    assert "v.csv: training-event: complete until " in out
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert not [one for one in ledger.records_of("62") if one.record_type == "training-event"]


def test_nothing_is_withdrawn_for_a_row_that_was_rejected(run, tmp_path):
    """A row that cannot be read any more is not taken for one that is gone."""
    (tmp_path / "v.csv").write_text(MOVED)
    run("import", "v.csv")
    (tmp_path / "v.csv").write_text(MOVED.replace("8.5", "much"))
    code, _, err = run("import", "v.csv", "--withdraw-missing")
    assert (3, True) == (code, "rejected: 1 row, which may hold some of the 1 record" in err)


def test_all_files_are_read_before_the_first_is_appended(run, tmp_path):
    """Each file that cannot be read is named, nothing of the others is appended, and no empty ledger is left behind."""
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    (tmp_path / "odd.csv").write_text("Foo,Bar\n1,2\n")
    (tmp_path / "empty.csv").write_text("")
    code, out, err = run("import", "trainings.csv", "odd.csv", "empty.csv")
    assert (2, "") == (code, out)
    assert "peer-ledger: odd.csv: this table cannot be read" in err
    assert "empty.csv: is empty" in err
    assert not (tmp_path / "peers.ledger").exists()
    (tmp_path / "trainings.csv").write_text("ID,Date,Hours\np-1,nonsense,3\n")
    assert 1 == run("import", "trainings.csv")[0]
    assert not (tmp_path / "peers.ledger").exists()


def test_files_of_one_series_are_one_list(run, tmp_path):
    """Two files that are read together are complete together; a row of both that differs waits to be decided on."""
    (tmp_path / "a.csv").write_text(MOVED)
    (tmp_path / "b.csv").write_text("ID,Title,Date,Hours\n62,Ethics,2025-02-03,3\n")
    for _ in range(2):
        assert 0 == run("import", "a.csv", "b.csv", "--complete")[0]
    (tmp_path / "b.csv").write_text("ID,Title,Date,Hours\n63,Ethics,2025-02-03,3\n61,New,2025-05-03,1\n")
    (tmp_path / "a.csv").write_text(MOVED + "61,New,2025-05-03,2\n")
    code, _, err = run("import", "a.csv", "b.csv")
    assert (
        3,
        "b.csv: nothing was appended; 1 correction pending: review the changes, then set corrections=True, or --corrections\n",
    ) == (
        code,
        err,
    )


def test_a_catalog_is_known_to_the_files_after_it(run, tmp_path):
    """A course that is read in the same run tells the hours of the trainings after it."""
    (tmp_path / "courses.csv").write_text("Course Code,Course Title,Hours,Topics\nE-1,Ethics,3,Ethics\n")
    (tmp_path / "trainings.csv").write_text("ID,Course Code,Date\np-1,E-1,2025-02-03\n")
    code, out, _ = run("import", "courses.csv", "trainings.csv")
    assert (0, False) == (code, "is no course" in out)
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert [one.id for one in ledger.shared_records()] == [one.course for one in ledger.records_of("p-1")]


def test_what_waits_for_other_programs(run, tmp_path):
    """What waits to be decided on is all there for another program: counts, every correction, and what is missing."""
    days = [f"p-1,T{day},2025-03-{day:02},1" for day in range(1, 16)]
    (tmp_path / "t.csv").write_text("\n".join(["ID,Title,Date,Hours", *days, ""]))
    assert 0 == run("import", "t.csv")[0]
    changed = [line.removesuffix("1") + "2" for line in days]
    (tmp_path / "t.csv").write_text("\n".join(["ID,Title,Date,Hours", changed[0], *changed[2:], ""]))
    code, out, _ = run("import", "t.csv", "--format", "json")
    made = json.loads(out)
    [file] = made["files"]
    assert (3, False, 2) == (code, made["appended"], len(made["waiting"]))
    assert (0, 14, 1, 14) == (file["new"], len(file["corrections"]), len(file["missing"]), file["rows"])
    assert "(p-1, 2025-03-01): credits 1 hour -> 2 hour" == file["corrections"][0]["says"]
    made = list(csv.DictReader(io.StringIO(run("import", "t.csv", "--format", "csv")[1])))
    assert (14, 1) == tuple(
        sum(row["what"] == what for row in made) for what in ("correction", "no longer in the file")
    )


def test_corrections_are_said_in_words(run, tmp_path):
    """A fee that was corrected is shown as people write it."""
    (tmp_path / "fees.csv").write_text("ID,Document,Date,Value\np-1,Fee,2026-01-05,$20\n")
    run("import", "fees.csv")
    (tmp_path / "fees.csv").write_text("ID,Document,Date,Value\np-1,Fee,2026-01-05,$25\n")
    assert "value 20 us-dollar -> 25 us-dollar" in run("import", "fees.csv")[1]


def test_hours_that_nobody_knows_are_not_none_short(run, tmp_path):
    """Of somebody whose hours are undetermined nobody says that nothing is short."""
    (tmp_path / "trainings.csv").write_text("ID,Title,Date,Hours\np-1,Ethics,2025-02-03,\n")
    (tmp_path / "certificates.csv").write_text(CERTIFICATES)
    run("import", "trainings.csv", "certificates.csv")
    [row] = json.loads(run("status", "--on", "2026-01-15", "--format", "json")[1])
    assert ("undetermined", None) == (row["hours"], row["hours_short"])
    [row] = csv.DictReader(io.StringIO(run("status", "--on", "2026-01-15", "--format", "csv")[1]))
    assert "" == row["hours_short"]


def test_a_dry_run_changes_nothing(run, tmp_path):
    """A dry run says what would be new and makes no file."""
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    code, out, _ = run("import", "trainings.csv", "--dry-run")
    assert (0, True) == (code, "2 new" in out)
    assert not (tmp_path / "peers.ledger").exists()


def test_import_takes_what_headings_do_not_tell(run, tmp_path):
    """Headings, formats, fixed values and delimiters that nobody foresaw are given as arguments."""
    (tmp_path / "odd.csv").write_text("Who;When was it;How much\np-9;03.04.2025;90\n")
    given = ("--map", "person=Who", "--map", "completed=When was it", "--map", "hours=How much")
    assert 0 == run("import", "odd.csv", *given, "--dates", "DD.MM.YYYY", "--fixed", "unit=minute")[0]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        [event] = ledger.records_of("p-9")
    assert (date(2025, 4, 3), "90", "minute") == (event.completed, str(event.credits[0].amount), event.credits[0].unit)


def test_a_complete_file_answers_what_else_is_open(filled):
    """When the file lists all certificates there are, a certificate past its day has lapsed; otherwise nobody knows."""
    assert "undetermined" in filled("status", "--on", "2026-09-01")[1]
    assert 0 == filled("import", "certificates.csv", "--complete")[0]
    assert "lapsed" in filled("status", "--on", "2026-09-01")[1]


def test_a_file_with_refused_rows_is_not_said_to_be_complete(filled, tmp_path):
    """Rows that were refused are not taken for rows that are not there."""
    (tmp_path / "certificates.csv").write_text(CERTIFICATES + "p-2,03/04/2025,\n")
    code, _, err = filled("import", "certificates.csv", "--complete")
    assert (1, "certificates.csv: not declared complete, because rows were rejected\n") == (code, err)
    assert "undetermined" in filled("status", "--on", "2026-09-01")[1]


def test_status_names_the_day_and_its_time_zone(filled, monkeypatch):
    """Today is the default, in the time zone of the rules, and is printed."""
    asked = []

    def today(zone):
        asked.append(zone)
        return date(2026, 1, 15)

    monkeypatch.setattr(progress, "today_in", today)
    code, out, _ = filled("status")
    assert (0, ["America/New_York"]) == (code, asked)
    lines = out.splitlines()
    assert "On January 15, 2026 (America/New_York), by us-nc-cpss:" == lines[0]
    assert ["person", "status", "in", "force"] == lines[1].split()[:4]
    assert ["p-1", "due", "soon", "yes", "2026-03-31", "short"] == lines[2].split()[:6]
    assert "0.25" == lines[2].split()[-1]


def test_status_for_other_programs(filled):
    """The same table as CSV, JSON and HTML."""
    row = {"person": "p-1", "status": "due soon", "hours_short": "0.25", "on": "2026-01-15", "rules": "us-nc-cpss"}
    [made] = csv.DictReader(io.StringIO(filled("status", "--on", "2026-01-15", "--format", "csv")[1]))
    assert row == {name: made[name] for name in row}
    [made] = json.loads(filled("status", "--on", "2026-01-15", "--format", "json")[1])
    assert row == {name: made[name] for name in row}
    page = filled("status", "--on", "2026-01-15", "--format", "html")[1]
    assert page.startswith("<!doctype html>")
    assert "due soon</span>" in page
    assert 'class="totals"' in page


def test_report_of_one_person(filled):
    """A report is sentences, or all of it for another program."""
    code, out, _ = filled("report", "p-1", "--on", "2026-01-15")
    assert (0, "p-1 on January 15, 2026: due soon") == (code, out.splitlines()[2].partition(".")[0])
    assert "19.75 of 20 hours counted; 15 minutes missing" in out
    whole = json.loads(filled("report", "p-1", "--on", "2026-01-15", "--format", "json")[1])
    assert ("peer-ledger report", "p-1") == (whole["format"], whole["person"])
    findings = list(csv.DictReader(io.StringIO(filled("report", "p-1", "--on", "2026-01-15", "--format", "csv")[1])))
    assert ("training", "20", "19.75", "0.25") == tuple(
        findings[0][name] for name in ("requirement", "need", "counted", "short")
    )
    assert "<!doctype html>" in filled("report", "p-1", "--on", "2026-01-15", "--format", "html")[1]


def test_a_reading_closes_a_question(filled):
    """A question that somebody answers is no longer open."""
    asked = "Is every document for this person on file?"
    assert asked in filled("report", "p-1", "--on", "2026-01-15")[1]
    assert asked not in filled("report", "p-1", "--on", "2026-01-15", "--reading", "documents-on-file=all")[1]


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("no record of person 'p-99'", ["report", "p-99"]),
        ("there is no day '2026-02-30'", ["status", "--on", "2026-02-30"]),
        ("there is no rule set", ["status", "--rules", "us-xx"]),
        ("there is no such file", ["status", "--ledger", "none.ledger"]),
        ("there is no such file", ["import", "none.csv"]),
        ("there is no profile", ["import", "trainings.csv", "--profile", "relias"]),
        ("no edition 'renewal-9'", ["rules", "diff", "us-nc-cpss", "renewal-9", "renewal-1"]),
        ("there is no such file", ["rules", "check", "none.toml"]),
        ("there is no type of record", ["export", "--kind", "nothing"]),
        ("write it as NAME=VALUE", ["import", "trainings.csv", "--map", "person"]),
        ("invalid choice", ["status", "--format", "yaml"]),
        ("required", ["report"]),
        ("no question", ["status", "--on", "2026-01-15", "--reading", "late-windw=thirty-days"]),
    ],
)
def test_what_cannot_be_done_is_said_and_counted(filled, said, arguments):
    """What is wrong with arguments and files is said on the error stream, in a line, with code 2."""
    code, out, err = filled(*arguments)
    assert (2, "") == (code, out)
    assert said in err
    assert "Traceback" not in err


def test_rules_are_listed_shown_checked_and_compared(run, tmp_path):
    """What rule sets there are, what one says, whether a file is sound, and what is different between two editions."""
    assert "us-nc-cpss" in run("rules", "list")[1]
    shown = run("rules", "show", "us-nc-cpss")[1]
    assert (
        "renewal-4, from a day between July 1, 2021 and the day the facts were last checked: At least 3 hours of ethics."
        in shown
    )
    assert "us-nc-cpss" == json.loads(run("rules", "show", "us-nc-cpss", "--format", "json")[1])["id"]
    assert (
        "renewal,renewal-4,letters,Two letters of recommendation."
        in run("rules", "show", "us-nc-cpss", "--format", "csv")[1]
    )
    (tmp_path / "bad.toml").write_text("format = 1\nrulset = 3\n")
    code, out, _ = run("rules", "check", "bad.toml")
    assert 1 == code
    assert "did you mean 'rulesets'" in out
    text = files("peer_ledger.rulesets").joinpath("us-nc.toml").read_text("utf-8")
    (tmp_path / "good.toml").write_text(text.replace('topics = ["ethics"]', 'topics = ["ethisc"]'), "utf-8")
    code, out, told = run("rules", "check", "good.toml")
    assert (1, True) == (code, "sound" in out)
    assert "'ethisc' is not one of the declared topics (did you mean 'ethics'?)" in told
    differences = run("rules", "diff", "us-nc-cpss", "renewal-3", "renewal-4")[1]
    assert "At least 3 hours of ethics." in differences
    assert "Both require the same.\n" == run("rules", "diff", "us-nc-cpss", "renewal-3", "renewal-3")[1]


def test_verify_tells_an_altered_ledger(filled, tmp_path):
    """A sound ledger gives 0 and its head; one altered behind its back gives 1, and so does a head that is not there."""
    code, out, _ = filled("verify")
    assert (0, True) == (code, "unaltered" in out)
    head = out.splitlines()[-1]
    assert 0 == filled("verify", "--head", head)[0]
    assert 1 == filled("verify", "--head", head[:-4] + "0000")[0]


@pytest.mark.parametrize("head", ["3:12ab", "3", "x:" + "0" * 64, "3:" + "g" * 64, "3:" + "0" * 65])
def test_a_head_is_given_whole(filled, head):
    """A head that is not a number, a colon and 64 hexadecimal digits is refused, and never taken for an alteration."""
    code, out, err = filled("verify", "--head", head)
    assert (2, "") == (code, out)
    assert "64 hexadecimal digits" in err


def test_every_command_that_shows_a_head_shows_all_of_it(filled, tmp_path):
    """What import prints is what verify takes, in either case of letters."""
    out = filled("import", "trainings.csv")[1]
    head = out.splitlines()[-1].removeprefix("Head of the ledger: ")
    assert 64 == len(head.partition(":")[2])
    assert 0 == filled("verify", "--head", head.upper())[0]
    assert head in filled("verify")[1].splitlines()[0]


def test_export_of_a_table_to_a_file(filled, tmp_path):
    """Records of one type are written as asked; every entry is never written as what its name does not say."""
    assert 0 == filled("export", "--kind", "training-event", "--format", "csv", "--to", "a.csv")[0]
    made = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert ["Ethics", "WRAP"] == [row["title"] for row in made]
    for given in (("--to", "b.csv", "--format", "csv"), ("--to", "b.csv"), ("--to", "b.jsonl", "--format", "csv")):
        code, _, err = filled("export", *given)
        assert (2, True) == (code, "--kind training-event --format csv" in err)
    assert not list(tmp_path.glob("b.*"))
    assert 2 == filled("export")[0]


def test_export_can_be_read_back(filled, tmp_path):
    """What is exported is the ledger, entry by entry; a table of records is for people."""
    assert 0 == filled("export", "--to", "ours.jsonl")[0]
    with Ledger.open("peers.ledger", read_only=True) as ledger:
        assert ledger.head == read_archive("ours.jsonl").head
    made = list(csv.DictReader(io.StringIO(filled("export", "--kind", "training-event", "--format", "csv")[1])))
    assert ["3 hour on ethics", "16.75 hour on recovery"] == [row["credits"] for row in made]


def test_a_cell_that_would_run_is_neutralized(run, tmp_path):
    """A title that a spreadsheet would run as a formula is shown as text in CSV."""
    (tmp_path / "t.csv").write_text('ID,Title,Date,Hours\np-1,"=HYPERLINK(""x"")",2025-02-03,3\n@p,-2+3,2025-02-04,3\n')
    run("import", "t.csv")
    rows = list(csv.DictReader(io.StringIO(run("export", "--kind", "training-event", "--format", "csv")[1])))
    assert {'\'=HYPERLINK("x")', "'-2+3"} == {row["title"] for row in rows}
    assert {"p-1", "'@p"} == {row["person"] for row in rows}


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["import"],
        ["status"],
        ["report"],
        ["plan"],
        ["fragility"],
        ["calendar"],
        ["notices"],
        ["verify"],
        ["export"],
        ["rules", "diff"],
    ],
)
def test_help_has_examples(run, command):
    """Every command explains itself with examples and the codes that scripts can use."""
    code, out, _ = run(*command, "--help")
    assert 0 == code
    assert "examples:\n  peer-ledger" in out
    assert "exit codes:" in out


def test_without_a_command_the_example(run):
    """Nothing given shows the example: what was read, everybody's status, and one report in full."""
    code, out, err = run()
    assert (0, "") == (code, err)
    assert 41 == sum(line.startswith("p-1") and "on February 15" not in line for line in out.splitlines())
    assert "p-102 on February 15, 2026: due soon" in out
    assert 1 == out.count("This is not legal advice")


def started(*arguments, **given):
    return subprocess.run(
        [sys.executable, "-m", "peer_ledger", *arguments], capture_output=True, text=True, check=False, **given
    )


def test_the_module_is_the_program(filled, tmp_path):
    """`python -m peer_ledger` is the same program, whose ledger an environment variable may name."""
    environment = {**os.environ, "PEER_LEDGER": str(tmp_path / "peers.ledger")}
    done = started("report", "p-1", "--on", "2026-01-15", env=environment, cwd="/")
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("Recertification due March 31, 2026. Still missing: 15 minutes of training.")


def test_progress_is_for_terminals_only(filled, monkeypatch, capsys):
    """Long work says how far it has come where somebody looks on, and nowhere else."""
    monkeypatch.setattr(progress, "_BLINK", -1)
    filled("status", "--on", "2026-01-15")
    assert "" == filled("status", "--on", "2026-01-15")[2]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    main(["status", "--on", "2026-01-15"])
    assert "people: 1" in capsys.readouterr().err


def test_whoever_stops_reading_is_not_an_error(filled, tmp_path):
    """A pipe that nobody reads any more ends the program quietly."""
    command = f"{sys.executable} -m peer_ledger rules show us-nc-cpss | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert "" == done.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(["reprot", "p-1"], "report"), (["rules", "shwo", "us-nc-cpss"], "show"), (["status", "--format", "jsn"], "json")],
)
def test_a_mistyped_choice_is_told_with_the_one_that_was_likely_meant(run, typed, meant):
    code, _, err = run(*typed)
    assert (2, True) == (code, f"(did you mean '{meant}'?)" in err)
