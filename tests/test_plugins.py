"""Other distributions' rule sets are found by id when they are asked for, and what is wrong with one harms nothing else."""

import base64
import csv
import hashlib
import importlib
import importlib.metadata
import io
import json
import subprocess
import venv
from functools import cache
from pathlib import Path

import attrs
import pytest

import peer_ledger
from effort import sized
from peer_ledger.cli import main
from peer_ledger.errors import PeerLedgerError
from peer_ledger.rules import ByQuestion
from peer_ledger.rulesets import (
    GROUP,
    RuleSetNotFound,
    UnusableRuleSet,
    ruleset,
    ruleset_from_dict,
    ruleset_ids,
    ruleset_to_dict,
)
from peer_ledger.rulesets._bundled import bundled_files
from peer_ledger.rulesets._registry import _found

SMALL = {
    "id": "us-zz-cpss",
    "name": "Peer specialist of nowhere",
    "body": "The board of nowhere",
    "jurisdiction": "us-zz",
    "time_zone": "America/New_York",
    "version": "1",
    "seen_on": "2026-01-01",
    "cycle": {"kind": "anniversary", "months": 12},
    "cycle_cites": ["PAGE"],
    "sources": [{"id": "PAGE", "title": "A page", "address": "nowhere", "kind": "board", "seen": "2026-01-01"}],
    "procedures": [
        {
            "step": "renewal",
            "editions": [
                {
                    "id": "renewal-1",
                    "says": "7 hours.",
                    "requirements": [{"kind": "hours", "id": "h", "says": "7 hours.", "need": "7", "cites": ["PAGE"]}],
                }
            ],
        }
    ],
}
NOWHERE = ruleset_from_dict(SMALL)
registry = importlib.import_module("peer_ledger.rulesets._registry")
READ_ONCE = cache(registry.read_rulesets)
"""Bundled files are looked for anew by each of the tests, and read once for all of them."""
BUNDLED = frozenset(bundled_files())


class Distribution:
    """What an installed distribution is to an entry point."""

    def __init__(self, name):
        self.name = name


class RelativeDate:
    """An entry point that says when it is loaded."""

    def __init__(self, name, gives, distribution="zz-rules", *, loads=None):
        self.name, self.gives, self.loads = name, gives, loads if loads is not None else []
        self.value, self.group, self.dist = "zz_rules:rules", GROUP, distribution and Distribution(distribution)

    def load(self):
        self.loads.append(self.name)
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


@pytest.fixture
def installed(monkeypatch):
    """Yield a function that says which entry points are installed, and forget them afterward."""
    _found.cache_clear()
    monkeypatch.setattr(registry, "read_rulesets", READ_ONCE)

    def install(*points):
        def entry_points(*, group):
            return points if group == "peer_ledger.rulesets" else ()

        monkeypatch.setattr(importlib.import_module("peer_ledger.values._announced"), "entry_points", entry_points)

    yield install
    _found.cache_clear()


@pytest.mark.parametrize("gives", [NOWHERE, lambda: NOWHERE], ids=["object", "callable"])
def test_plug_in_gives_a_rule_set_or_something_that_gives_one(installed, gives):
    """The value of an entry point is a rule set, or a callable that gives one."""
    installed(RelativeDate("us-zz-cpss", gives))
    assert ruleset("us-zz-cpss") is NOWHERE


def test_only_the_plug_in_asked_for_is_loaded(installed):
    """Asking for one rule set loads its own entry point, once, and no other."""
    loads = []
    installed(
        RelativeDate("us-aa", ImportError("broken"), "aa-rules", loads=loads),
        RelativeDate("us-zz-cpss", NOWHERE, loads=loads),
        RelativeDate("us-bb", SystemExit(1), "bb-rules", loads=loads),
    )
    assert ruleset("us-zz-cpss") is ruleset("us-zz-cpss")
    assert loads == ["us-zz-cpss"]


def test_bundled_rule_set_loads_no_plug_in(installed):
    """Asking for a bundled rule set loads no entry point, whatever is installed."""
    loads = []
    installed(
        RelativeDate("us-aa", ImportError("broken"), loads=loads), RelativeDate("us-zz-cpss", NOWHERE, loads=loads)
    )
    assert ruleset("us-nc-cpss").id == "us-nc-cpss"
    assert loads == []


def test_list_of_ids_loads_nothing(installed):
    """The ids of all rule sets are listed, sorted and once each, and nothing is loaded for it."""
    loads = []
    installed(
        RelativeDate("us-zz-cpss", NOWHERE, loads=loads),
        RelativeDate("us-aa", ImportError(), loads=loads),
        RelativeDate("us-aa", 1),
    )
    assert ruleset_ids() == tuple(sorted({*BUNDLED, "us-aa", "us-zz-cpss"}))
    assert loads == []


def test_two_claims_on_one_id_name_both_distributions(installed):
    """Where two distributions claim one id neither is loaded, and the error names both."""
    loads = []
    installed(
        RelativeDate("us-zz-cpss", NOWHERE, "zz-rules", loads=loads),
        RelativeDate("us-zz-cpss", NOWHERE, "better", loads=loads),
    )
    with pytest.raises(UnusableRuleSet) as caught:
        ruleset("us-zz-cpss")
    assert str(caught.value) == "'us-zz-cpss' is claimed by better and by zz-rules; uninstall all but one"
    assert loads == []


def test_claim_on_a_bundled_id_names_both_distributions(installed):
    """A distribution that claims a bundled id is named beside this one, and not loaded."""
    loads = []
    installed(RelativeDate("us-nc-cpss", NOWHERE, "zz-rules", loads=loads))
    with pytest.raises(UnusableRuleSet) as caught:
        ruleset("us-nc-cpss")
    assert str(caught.value) == "'us-nc-cpss' is claimed by peer-ledger and by zz-rules; uninstall all but one"
    assert loads == []


def test_claims_on_one_id_harm_no_other(installed):
    """Two claims on one id leave every other rule set as it is."""
    installed(RelativeDate("us-aa", 1, "one"), RelativeDate("us-aa", 1, "two"), RelativeDate("us-zz-cpss", NOWHERE))
    assert ruleset("us-zz-cpss") is NOWHERE
    assert ruleset("us-nc-cpss").id == "us-nc-cpss"


def broken():
    raise RuntimeError("no such table")


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        (ImportError("No module named 'zz'"), "cannot be loaded: ImportError: No module named 'zz'"),
        (AttributeError("rules"), "cannot be loaded: AttributeError: rules"),
        (SyntaxError("invalid syntax"), "cannot be loaded: SyntaxError"),
        (RecursionError("too deep"), "cannot be loaded: RecursionError"),
        (SystemExit(3), "cannot be loaded: SystemExit"),
        (broken, "cannot be loaded: RuntimeError: no such table"),
        (lambda needed: NOWHERE, "cannot be loaded: TypeError"),
        (lambda: None, "is not a RuleSet with that id"),
        (SMALL, "is not a RuleSet with that id"),
        (attrs.evolve(NOWHERE, id="us-yy"), "is not a RuleSet with that id"),
        (attrs.evolve(NOWHERE, sources=()), "is not sound:\n  - cycle_cites: 'PAGE' is not one of the sources"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else None,
)
def test_unusable_plug_in_is_named_and_harms_nothing_else(installed, gives, words):
    """A plug-in that cannot be imported, gives something else or an unsound rule set is named with what is wrong."""
    installed(
        RelativeDate("us-zz-cpss", gives, "zz-rules"),
        RelativeDate("us-yy", attrs.evolve(NOWHERE, id="us-yy"), "yy-rules"),
    )
    with pytest.raises(UnusableRuleSet) as caught:
        ruleset("us-zz-cpss")
    assert str(caught.value).startswith("the rule set 'us-zz-cpss' of zz-rules ")
    assert words in str(caught.value)
    assert ruleset("us-yy").id == "us-yy"
    assert ruleset("us-nc-cpss").id == "us-nc-cpss"
    assert ruleset_ids() == tuple(sorted({*BUNDLED, "us-yy", "us-zz-cpss"}))


def unsound(values):
    """Return a rule set of which a figure depends on a question that is not there."""
    (procedure,), need = NOWHERE.procedures, ByQuestion(by="q", values=values)
    (edition,) = procedure.editions
    edition = attrs.evolve(edition, requirements=(attrs.evolve(edition.requirements[0], need=need),))
    return attrs.evolve(NOWHERE, procedures=(attrs.evolve(procedure, editions=(edition,)),))


@pytest.mark.parametrize("values", [(), (("a", "x"), ("b", 2))], ids=["no values", "a text"])
def test_plug_in_that_is_unsound_in_its_values_is_named(installed, values):
    """A rule set that a plug-in gives is refused by name however unsound its values are."""
    installed(RelativeDate("us-zz-cpss", lambda: unsound(values)))
    with pytest.raises(UnusableRuleSet, match=r"^the rule set 'us-zz-cpss' of zz-rules "):
        ruleset("us-zz-cpss")


class Hostile(BaseException):
    """What no program catches, and what cannot even be shown."""

    def __str__(self):
        raise SystemExit("again")


def recursing():
    return recursing()


def put_together():
    """Return a rule set that was put together without the checks of its class."""
    made = object.__new__(type(NOWHERE))
    for field in attrs.fields(type(NOWHERE)):
        object.__setattr__(made, field.name, "us-zz-cpss" if field.name == "id" else object())
    return made


def leaving():
    raise SystemExit(0)


def closing():
    raise GeneratorExit


def long_text():
    raise ValueError("x" * 10**6 + "\x1b[31m")


BAD = [
    recursing,
    put_together,
    leaving,
    closing,
    long_text,
    lambda: 1,
    lambda: object,
    SystemExit(0),
    Hostile(),
    BaseException(),
]


@pytest.mark.parametrize("gives", BAD[:: sized(1, 3)], ids=lambda gives: getattr(gives, "__name__", repr(type(gives))))
def test_every_other_rule_set_is_listed(installed, capsys, gives):
    """`rules list` lists all rule sets that can be used, names the one that cannot, and ends with code 1."""
    installed(
        RelativeDate("us-zz-cpss", gives, "zz-rules"),
        RelativeDate("us-nc-cpss", NOWHERE, "claims-rules"),
        RelativeDate("us-yy", attrs.evolve(NOWHERE, id="us-yy"), "yy-rules"),
        RelativeDate("bad\x1b[31m\nid", 1, "odd\x1brules"),
    )
    assert 1 == main(["rules", "list", "--format", "json"])
    written = capsys.readouterr()
    assert {one["id"] for one in json.loads(written.out)} == {*BUNDLED, "us-yy"} - {"us-nc-cpss"}
    assert "peer-ledger: the rule set 'us-zz-cpss' of zz-rules " in written.err
    assert "'us-nc-cpss' is claimed by claims-rules and by peer-ledger" in written.err
    assert "\x1b" not in written.err
    assert len(written.err) < 5000
    assert ruleset("us-yy").id == "us-yy"


def test_an_interruption_ends_the_list(installed, capsys):
    """The user's own interruption is none of the plug-in's errors."""
    installed(RelativeDate("us-zz-cpss", KeyboardInterrupt()))
    assert 130 == main(["rules", "list"])


@pytest.mark.parametrize(
    "damage",
    [b"\xff\xfe[", b"[peer_ledger.rulesets\nus-a", b"us-a = b", b"[peer_ledger.rulesets]\nus-a", b"=\n[x]\n=", b"\0"],
)
def test_a_damaged_list_of_entry_points_harms_nothing(tmp_path, monkeypatch, capsys, damage):
    """The entry points of another distribution may be damaged in any way."""
    info = tmp_path / "odd_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_bytes(damage)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "read_rulesets", READ_ONCE)
    _found.cache_clear()
    code = main(["rules", "list", "--format", "json"])
    written = capsys.readouterr()
    assert BUNDLED <= {one["id"] for one in json.loads(written.out)}
    assert code in (0, 1)
    assert (code == 1) == bool(written.err)
    assert ruleset("us-nc-cpss").id == "us-nc-cpss"
    if damage.startswith(b"\xff"):
        assert "peer-ledger: the entry points of odd-rules cannot be read\n" == written.err


def test_plug_in_that_is_interrupted_is_no_broken_plug_in(installed):
    """When the user interrupts while a plug-in is imported, that is not taken for an error of the plug-in."""
    installed(RelativeDate("us-zz-cpss", KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        ruleset("us-zz-cpss")


def test_plug_in_that_was_repaired_is_found(installed):
    """An error is not remembered: a plug-in that was repaired meanwhile is found."""
    installed(RelativeDate("us-zz-cpss", ImportError("broken")))
    with pytest.raises(UnusableRuleSet):
        ruleset("us-zz-cpss")
    installed(RelativeDate("us-zz-cpss", NOWHERE))
    assert ruleset("us-zz-cpss") is NOWHERE


def test_plug_in_of_no_known_distribution_is_named_by_its_value(installed):
    """An entry point whose distribution is unknown is named by what it points to."""
    installed(RelativeDate("us-zz-cpss", ImportError("broken"), None))
    with pytest.raises(UnusableRuleSet, match=r"^the rule set 'us-zz-cpss' of zz_rules:rules cannot be loaded"):
        ruleset("us-zz-cpss")


def test_unknown_id_lists_those_there_are(installed):
    """An id that nobody has is refused with the nearest id, and with the first of those there are, bundled and others."""
    installed(RelativeDate("us-zz-cpss", NOWHERE))
    with pytest.raises(RuleSetNotFound) as caught:
        ruleset("us-nc-cps")
    known = sorted({*BUNDLED, "us-zz-cpss"})
    assert str(caught.value) == (
        f"there is no rule set 'us-nc-cps' (did you mean 'us-nc-cpss'?); available: {', '.join(known[:12])} "
        f"and {len(known) - 12} more"
    )


def test_errors_are_those_a_caller_would_catch(installed):
    """What is not found is a LookupError and what cannot be used an ImportError, and both are this package's."""
    installed(RelativeDate("us-zz-cpss", 1))
    for name, kind in (("us-xx", LookupError), ("us-zz-cpss", ImportError)):
        with pytest.raises(kind) as caught:
            ruleset(name)
        assert isinstance(caught.value, PeerLedgerError)


WHEEL = """Wheel-Version: 1.0
Generator: tests
Root-Is-Purelib: true
Tag: py3-none-any
"""


def install(site, name, module, code, ids):
    """Unpack a wheel written by hand: a module, and a .dist-info with entry points and the hashes of all files."""
    info = f"{name.replace('-', '_')}-1.0.dist-info"
    points = "".join(f"{one} = {module}:{what}\n" for one, what in ids.items())
    written = {
        f"{module}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": WHEEL,
        f"{info}/entry_points.txt": f"[{GROUP}]\n{points}",
        f"{info}/INSTALLER": "tests\n",
    }
    record = io.StringIO()
    lines = csv.writer(record, lineterminator="\n")
    for path, text in written.items():
        target = site / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.writerow((path, f"sha256={digest}", len(text.encode())))
    lines.writerow((f"{info}/RECORD", "", ""))
    (site / info / "RECORD").write_text(record.getvalue(), "utf-8")


ASK = """
import sys
import importlib.metadata
from peer_ledger.rulesets import UnusableRuleSet, ruleset, ruleset_ids

assert importlib.metadata.version("zz-rules") == "1.0"
print(*ruleset_ids())
print(ruleset("us-nc-cpss").id, "zz_rules" in sys.modules)
found = ruleset("us-zz-cpss")
print(found.id, found.procedures[0].editions[0].requirements[0].need, ruleset("us-yy-cpss").cycle.months)
for name in ("us-broken", "us-twice"):
    try:
        ruleset(name)
    except UnusableRuleSet as error:
        print(error)
print("broken_rules" in sys.modules, "twice_rules" in sys.modules)
"""


def test_distribution_that_is_really_installed_is_found(tmp_path):
    """A third-party distribution installed into a virtual environment is found there by id, and its neighbors' faults are told."""
    home = tmp_path / "venv"
    venv.EnvBuilder(with_pip=False).create(home)
    (site,) = home.glob("lib/python*/site-packages")
    source = Path(peer_ledger.__file__).parents[1]
    elsewhere = {
        Path(importlib.metadata.distribution(name).locate_file("")) for name in ("attrs", "cattrs", "pendulum")
    }
    (site / "environment.pth").write_text("".join(f"{path}\n" for path in (source, *sorted(elsewhere))), "utf-8")
    small = f"from peer_ledger.rulesets._files import ruleset_from_dict\nSMALL = {ruleset_to_dict(NOWHERE)!r}\n"
    code = (
        f"{small}RULES = ruleset_from_dict(SMALL)\n"
        "def yearly():\n    return ruleset_from_dict(SMALL | {'id': 'us-yy-cpss'})\n"
    )
    install(site, "zz-rules", "zz_rules", code, {"us-zz-cpss": "RULES", "us-yy-cpss": "yearly", "us-twice": "RULES"})
    install(site, "broken-rules", "broken_rules", "import no_such_module_at_all\n", {"us-broken": "RULES"})
    install(site, "twice-rules", "twice_rules", "RULES = 1\n", {"us-twice": "RULES"})
    ran = subprocess.run(
        [home / "bin" / "python", "-I", "-W", "error", "-c", ASK],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        " ".join(sorted({*BUNDLED, "us-broken", "us-twice", "us-yy-cpss", "us-zz-cpss"})),
        "us-nc-cpss False",
        "us-zz-cpss 7 12",
        "the rule set 'us-broken' of broken-rules cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_at_all'",
        "'us-twice' is claimed by twice-rules and by zz-rules; uninstall all but one",
        "False False",
    ]
