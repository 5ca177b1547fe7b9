"""What files, ledgers, rules and plug-ins say is shown by every command without a character that steers the terminal."""

import importlib
import io
import re
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from peer_ledger import Certification, Credit, Document, Ledger, Retraction, Review, Ruling, TrainingEvent, ruleset
from peer_ledger._visible import is_hidden
from peer_ledger.cli import main
from peer_ledger.records import Filing
from peer_ledger.rulesets import keep_rules
from test_cli_hostile import COMMANDS

FORGED = "forged: everything is met"
BIDI = f"Evil\u202e\u2066\u200b\n{FORGED}"
"""What records and rules may hold."""

EVIL = f"Evil\x1b[31m\x07\x9b\u202e\n{FORGED}"
"""What file names, headings and cells may hold."""

RULES = f'''
format = 1

[[rulesets]]
extends = "us-nc-cpss"
id = "evil"
name = "{BIDI.encode("unicode_escape").decode().replace(chr(92) + "x", chr(92) + "u00")}"
seen_on = 2026-11-21
'''
_PROGRESS = re.compile(r"\r(?:\w+ [0-9,]+[^\r\n\x1b]*)?\x1b\[K")
"""What a command writes to a terminal while it works."""

FORMS = ["table", "json", "csv", "html"]
registry = importlib.import_module("peer_ledger.rulesets._registry")


def filled(path):
    """Return a ledger whose records hold hostile texts wherever they may."""
    with Ledger.open(path) as ledger:
        ledger.append(
            [
                Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", number=BIDI),
                *(
                    TrainingEvent(
                        id=f"e-{number}",
                        person="p-1",
                        completed=f"2025-02-0{number}",
                        title=BIDI if number < 3 else f"{BIDI}{number}",
                        evidence=BIDI,
                        credits=[Credit(amount=3, topics={"ethics"})],
                    )
                    for number in range(1, 5)
                ),
                Document(id="d-1", person="p-1", kind="reference-letter", on="2025-03-01", credential="us-nc-cpss"),
                Filing(id="f-1", person="p-1", credential="us-nc-cpss", step="renewal", sent="2026-01-05"),
                Review(id="r-1", person="p-1", event="e-1", decision="rejected", on="2025-03-01", reason=BIDI),
                Ruling(
                    id="u-1", person="p-1", credential="us-nc-cpss", on="2025-03-01", requirement="ethics",
                    effect="waives", reason=BIDI,
                ),
            ]
        )  # fmt: skip
        ledger.append(Retraction(id="x-1", retracts="e-4", reason=BIDI))
        keep_rules(ledger, ruleset("us-nc-cpss"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Go to a folder whose name, and whose files' names and contents, are hostile; there is a plug-in as well."""
    tmp_path, monkeypatch = tmp_path_factory.mktemp("shown"), pytest.MonkeyPatch()
    made = tmp_path / EVIL
    made.mkdir()
    monkeypatch.chdir(made)
    filled(f"{EVIL}.ledger")
    heads = f"ID,Title,Date,Hours,{EVIL!s},Status".replace("\n", " ")
    rows = [
        f"p-1,{EVIL},2025-02-03,3,x,Completed",
        f"{EVIL},T,{EVIL} 2,3 {EVIL},x,{EVIL}",
        f"p-1,T,2025-13-13,3,x,{EVIL}",
    ]
    text = "\n".join([heads, *('"' + row.replace(",", '","') + '"' for row in rows)]) + "\n"
    Path(f"{EVIL}.csv").write_text(text, "utf-8")
    book = openpyxl.Workbook()
    for title in ("Evil\u202e", "Other\u2066"):
        sheet = book.create_sheet(title)
        sheet.append(["ID", BIDI, "Date", "Hours"])
        sheet.append(["p-1", BIDI, BIDI, "3"])
    book.save(f"{EVIL}.xlsx")
    Path(f"{EVIL}.toml").write_text(RULES, "utf-8")
    Path(f"{EVIL}-wrong.toml").write_text(RULES.replace("seen_on", '"se\\u001b[31m\\u202e" = 1\nseen_on'), "utf-8")
    Path(f"{EVIL}-cases.toml").write_text(
        '[[cases]]\nname = "Evil\\u001b[31m\\u202e\\nforged: everything is met"\nsays = "x"\n', "utf-8"
    )
    Path("profile.toml").write_text(
        'format = 1\n[[profiles]]\nid = "evil"\nsays = "Evil\\u202e\\nforged: everything is met"\nmakes = "training-event"\n'
        '[[profiles.columns]]\nfield = "person"\nheadings = ["Evil\\u202e\\nforged: everything is met"]\n', "utf-8"
    )  # fmt: skip
    Path(f"{EVIL}-offers.csv").write_text(
        f'id,title,hours,topics\no-1,"{EVIL}",3,ethics\no-2,"{BIDI}",3,"{EVIL}"\n', "utf-8"
    )
    Path(f"{EVIL}-receipt.txt").write_text(f'{EVIL}\n{{"a": "{BIDI}"}}\n', "utf-8")
    Path("given").mkdir()
    Path("given", f"{EVIL}.parquet").write_bytes(b"PAR1")
    distribution = tmp_path / "plugins" / "evil-1.0.dist-info"
    distribution.mkdir(parents=True)
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\x1b[31m\u202e\nVersion: 1.0\n", "utf-8")
    (distribution / "entry_points.txt").write_text(
        "[peer_ledger.rulesets]\nevil\x1b[31m\u202e = evil_module:value\nother = evil_\x1b[31m:x\nthird = evil_rules:RULES\n",
        "utf-8",
    )
    (tmp_path / "plugins" / "evil_rules.py").write_text(
        f"class Evil:\n    def __repr__(self): return {EVIL!r}\nraise RuntimeError({EVIL!r})\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path / "plugins")
    importlib.invalidate_caches()
    registry._found.cache_clear()
    yield made
    monkeypatch.undo()
    importlib.invalidate_caches()
    registry._found.cache_clear()


def driven():
    """Return the arguments with which each command reads what is hostile; some of them more than once."""
    ledger, on, rules = ["--ledger", f"{EVIL}.ledger"], ["--on", "2026-03-01"], ["--rules", f"{EVIL}.toml"]
    asked = [*ledger, *on]
    return {
        "import": [
            [*ledger, f"{EVIL}.csv"],
            [*ledger, f"{EVIL}.csv", "--dry-run", "--accept", EVIL, "--ignore", EVIL, "--source", BIDI],
            [*ledger, f"{EVIL}.xlsx"],
            [*ledger, f"{EVIL}.xlsx", "--sheet", EVIL],
            [*ledger, f"{EVIL}.xlsx", "--sheet", "Evil\u202e"],
            [*ledger, f"{EVIL}.csv", "--profile", "profile.toml"],
            [*ledger, f"{EVIL}.csv", "--map", f"title={EVIL}", "--fixed", f"unit={EVIL}", "--dates", EVIL],
            [*ledger, f"{EVIL}.csv", "--rejected", f"{EVIL}.rejected.csv", "--partial", "--people", f"{EVIL}.people"],
            [*ledger, "none\x1b[31m.csv", f"{EVIL}.toml"],
        ],
        "status": [asked, [*asked, *rules]],
        "report": [["p-1", *asked], ["p-1", *asked, *rules], [EVIL, *asked], ["p-1", *asked, "--reading", f"{EVIL}=x"]],
        "roster": [["given", *on], [EVIL, *on]],
        "compare": [["p-1", *asked, "--with", f"{EVIL}.toml"]],
        "impact": [["us-nc-cpss", f"{EVIL}.toml", *asked]],
        "changes": [[*asked, "--since", "2025-01-01", *rules]],
        "receipt": [["p-1", *asked], ["p-1", *asked, "--to", f"{EVIL}.receipt"]],
        "verify-receipt": [[f"{EVIL}-receipt.txt", *ledger]],
        "packet": [["p-1", *asked], ["p-1", *asked, "--to", f"{EVIL}.html"]],
        "audit": [[*asked, "--size", "1", "--seed", BIDI, "--to", f"{EVIL}-audit"]],
        "plan": [["p-1", *asked], ["p-1", *asked, "--courses", f"{EVIL}-offers.csv"]],
        "fragility": [["p-1", *asked]],
        "calendar": [asked, [*asked, "--ical", f"{EVIL}.ics"]],
        "notices": [[*asked, "--since", "2026-01-01"]],
        "rules list": [[]],
        "rules stale": [[f"{EVIL}.toml"], []],
        "rules show": [[f"{EVIL}.toml"], [EVIL]],
        "rules keys": [[EVIL], []],
        "rules new": [[EVIL], ["us-zz-x", "--to", f"{EVIL}.new.toml"]],
        "rules format": [[f"{EVIL}-wrong.toml"], [f"{EVIL}.toml"], ["--check", f"{EVIL}-cases.toml"]],
        "rules check": [[f"{EVIL}.toml"], [f"{EVIL}-wrong.toml"]],
        "rules test": [
            [f"{EVIL}.toml", "--examples", "1"],
            [f"{EVIL}.toml", "--examples", "0", "--cases", f"{EVIL}-cases.toml"],
        ],
        "rules diff": [["us-nc-cpss", f"{EVIL}.toml"], [f"{EVIL}.toml", "2025-01-01", "2026-01-01"]],
        "verify": [ledger, [*ledger, "--head", EVIL]],
        "backup": [[*ledger, "--to", f"{EVIL}.backup"]],
        "restore": [[f"{EVIL}.csv", "--ledger", f"{EVIL}.other"], [f"{EVIL}.ledger", "--ledger", f"{EVIL}.other"]],
        "purge": [ledger],
        "cache": [ledger],
        "export": [
            *([*ledger, "--kind", kind] for kind in ("training-event", "review", "ruling", "retraction", "rule-set")),
            [*ledger, "--to", f"{EVIL}.jsonl"],
            [*ledger, "--to", f"{EVIL}-folder", "--format", "parquet"],
        ],
    }


def test_every_command_is_walked():
    assert set(COMMANDS) == set(driven())


class Terminal(io.TextIOWrapper):
    """A stream that is a terminal."""

    def isatty(self):
        return True


def shown_on_a_terminal(given):
    """Run a command in this process, on a terminal; return its code and everything that it wrote."""
    streams = [Terminal(io.BytesIO(), "utf-8") for _ in range(2)]
    with mock.patch("sys.stdout", streams[0]), mock.patch("sys.stderr", streams[1]):
        try:
            code = main(given)
        except SystemExit as stop:
            code = stop.code
    for stream in streams:
        stream.flush()
    return code, *(stream.buffer.getvalue().decode() for stream in streams)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_what_is_hostile_escaped(name, form, folder, monkeypatch):
    """Neither its answer nor its errors hold a control, a mark of direction, or a line that a text added."""
    monkeypatch.setenv("PEER_LEDGER", f"{EVIL}.ledger")
    words, command = COMMANDS[name]
    has_forms = any(action.dest == "format" for action in command._actions)
    if form != "table" and not has_forms:
        pytest.skip("it has one form")
    for given in [*driven()[name], ["--help"]]:
        forms = ["--format", form] if has_forms and "parquet" not in given else []
        code, out, err = shown_on_a_terminal([*words, *given, *forms])
        assert code in (0, 1, 2, 3)
        assert "Traceback" not in out + err
        err = _PROGRESS.sub("", err)
        assert not [one for one in out + err if is_hidden(one) and one != "\n"]
        for text in (err, out if form == "table" else ""):
            assert not [line for line in text.splitlines() if line.strip().startswith(FORGED)]


def test_what_is_walked_is_shown(folder):
    """Otherwise nothing would be tested: each of these texts appears, escaped."""
    shown = {
        "import": ["\\x1b[31m", "\\u202e"], "rules list": ["\\x1b[31m"], "rules show": ["\\u202e"],
        "packet": ["\\u202e"], "export": ["\\u202e"], "verify": ["\\x1b[31m"],
    }  # fmt: skip
    for name, texts in shown.items():
        told = "".join("".join(shown_on_a_terminal([*COMMANDS[name][0], *given])[1:]) for given in driven()[name])
        for text in texts:
            assert text in told, name
