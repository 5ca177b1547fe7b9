"""Receipts: a report is made again byte for byte, and whatever moved is named."""

import json
import sqlite3

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peer_ledger.proving._receipts as receipts
import peer_ledger.proving._verifying as verifying
from boards import AWARD, COVERED, act, board, hours, trained
from effort import effort
from peer_ledger import Ledger, evaluate, evaluate_all
from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.proving import read_receipt, receipt, report_json, verify_receipt
from peer_ledger.rules import ByQuestion, Question, Reading
from peer_ledger.rulesets import keep_rules

FIRST, SECOND = "2026-01-10T12:00Z", "2026-02-10T12:00Z"
MANY = Question(
    id="many", asks="How many?", assumed="eight", weight="caveat",
    readings=(Reading(id="eight", says="8.", cites=("P",)), Reading(id="nine", says="9.", cites=("P",))),
)  # fmt: skip
RULES = board(hours(ByQuestion(by="many", values=(("eight", 8), ("nine", 9)))), questions=(MANY,))
OTHERS = {RULES.id: RULES}


def ledger_with(*more, path=None):
    ledger = Ledger() if path is None else Ledger.open(path)
    ledger.append([*COVERED, AWARD, trained("e-1", 8), *more], at=FIRST)
    return ledger


def kept(ledger, person="p", on="2026-02-01", **more):
    """Return a report and its receipt, as read back from a file."""
    report = evaluate(ledger, person, on=on, **{"ruleset": RULES, **more})
    return report, read_receipt(receipt(report, ledger).text())


def moved(found):
    return [mismatch.moved for mismatch in found.mismatches]


@effort(60)
@given(
    st.sampled_from(("2025-01-01", "2026-02-01", "2026-07-01", "2027-01-01")),
    st.sampled_from(({}, {"many": "nine"}, {"many": "eight"})),
    st.booleans(),
    st.sampled_from((None, 1)),
    st.booleans(),
    st.lists(st.sampled_from((1, 3, 8)), max_size=2),
)
def test_a_report_is_made_again_byte_for_byte(on, readings, strict, cycle, is_closed, later):
    """However it was asked for, and whatever was recorded since."""
    renewed = act("c-2", "renewed", "2024-12-01")
    ledger = ledger_with(renewed)
    asked = {"readings": readings, "strict": strict, "cycle": cycle, "rulesets": OTHERS if is_closed else None}
    report, made = kept(ledger, on=on, **asked)
    ledger.append([trained(f"late-{n}", amount) for n, amount in enumerate(later)], at=SECOND)
    if later:
        ledger.retract("e-1", reason="wrong", at=SECOND)
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert found
    assert (report_json(report), []) == (report_json(found.report), moved(found))
    assert json.loads(report_json(report)) == report.to_dict()


def test_a_receipt_is_short_and_has_what_was_asked():
    """Head, digests, version and question; nothing of the records."""
    ledger = ledger_with()
    report, made = kept(ledger, readings={"many": "nine"}, strict=True)
    assert len(made.text()) < 1200
    assert (ledger.head, {"many": "nine"}, True) == ((made.entries, made.head), made.readings, made.strict)
    assert ({RULES.id: report.provenance.digest}, None) == (made.rules, made.cycle)
    assert "e-1" not in made.text()
    assert "many answered with nine" in str(made)
    everybody = [receipt(one, ledger) for one in evaluate_all(ledger, on="2026-02-01", ruleset=RULES, strict=True)]
    assert [made.person] == [one.person for one in everybody]


def test_an_answer_of_an_earlier_state_is_made_again():
    """The receipt holds up to which entry the ledger was known."""
    ledger = ledger_with()
    ledger.append(trained("e-2", 5), at=SECOND)
    report = evaluate(ledger.known_at(FIRST), "p", on="2026-02-01", ruleset=RULES)
    made = receipt(report, ledger)
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert found
    assert found.report == report != evaluate(ledger, "p", on="2026-02-01", ruleset=RULES)


def test_kept_rules_are_found():
    """Rules that have no id to be found by are taken from the ledger, the ones of the receipt among several."""
    ledger = ledger_with()
    keep_rules(ledger, RULES, at=FIRST)
    report, made = kept(ledger)
    keep_rules(ledger, board(hours(30), version="3"), at=SECOND)
    found = verify_receipt(made, ledger)
    assert found
    assert found.report == report


def test_a_ledger_that_moved_is_named(tmp_path):
    """Entries missing at the end, another ledger, and an altered record."""
    ledger = ledger_with(path=tmp_path / "a.ledger")
    ledger.append(trained("e-2", 1), at=SECOND)
    _, made = kept(ledger)
    assert ["ledger"] == moved(verify_receipt(made, ledger.known_at(FIRST), rulesets=OTHERS))
    assert "entries are missing at its end" in str(verify_receipt(made, ledger.known_at(FIRST), rulesets=OTHERS))
    other = ledger_with(trained("e-2", 1))
    found = verify_receipt(made, other, rulesets=OTHERS)
    assert "ledger" in moved(found)
    ledger.close()
    with sqlite3.connect(tmp_path / "a.ledger") as file:
        triggers = file.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        file.execute("UPDATE entry SET record = replace(record, '\"8\"', '\"6\"') WHERE id = 'e-1'")
        for _, trigger in triggers:
            file.execute(trigger)
    file.close()
    with Ledger.open(tmp_path / "a.ledger") as ledger:
        found = verify_receipt(made, ledger, rulesets=OTHERS)
        assert (False, {"ledger"}) == (bool(found), {*moved(found)})
        assert "The ledger was altered: entry 4" in str(found)


def test_an_erasure_is_named():
    """Nothing of the person is left; that somebody else was erased is said, and the report comes out the same."""
    ledger = ledger_with(attrs.evolve(trained("q-1", 1), person="q"))
    _, made = kept(ledger)
    ledger.erase("q")
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert (True, ["erased"]) == (bool(found), moved(found))
    ledger.erase("p")
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert (False, ["erased"]) == (bool(found), moved(found))


def test_rules_that_moved_are_named():
    """What they decide, their wording alone, and that they are gone."""
    ledger = ledger_with()
    _, made = kept(ledger)
    harder = {RULES.id: attrs.evolve(RULES, procedures=board(hours(30)).procedures)}
    found = verify_receipt(made, ledger, rulesets=harder)
    assert (False, ["rules"]) == (bool(found), moved(found))
    assert "30" in report_json(found.report)
    worded = {RULES.id: attrs.evolve(RULES, body="Another board")}
    found = verify_receipt(made, ledger, rulesets=worded)
    assert (False, ["wording"]) == (bool(found), moved(found))
    found = verify_receipt(made, ledger)
    assert (None, ["rules"]) == (found.report, moved(found))
    assert "There is no rule set xx-board any longer" in str(found)
    assert "The report cannot be made again" in found._repr_html_()


def test_the_package_and_what_is_installed_are_named(monkeypatch):
    """Another version, and other rule sets that can be found, are said though the report is the same."""
    ledger = ledger_with()
    _, made = kept(ledger)
    monkeypatch.setattr(verifying, "package_version", lambda: "99.0")
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert (True, ["package"]) == (bool(found), moved(found))
    monkeypatch.undo()
    monkeypatch.setattr(RuleSetsAtHand, "known_ids", ("xx-board", "yy-board"))
    found = verify_receipt(made, ledger, rulesets=OTHERS)
    assert (True, ["installed"]) == (bool(found), moved(found))


CHANGES = {
    "person": "q", "on": "2026-02-02", "ruleset": "us-nc-cpss", "readings": {"many": "nine"}, "strict": True, "cycle": 1,
    "entries": 2, "head": "0" * 64, "erased": 1, "known_at": "2026-01-11T12:00:00.000000Z", "rules": {},
    "texts": {}, "installed": None, "package": "0.0.1", "report": "0" * 64,
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_receipt_that_was_changed_is_refused(name):
    """Whatever was changed in its text; where its digest was made to fit, what comes out is not what it says."""
    ledger = ledger_with()
    _, made = kept(ledger)
    changed = {**made.to_dict(), name: CHANGES[name]}
    with pytest.raises(InvalidValue, match="this receipt was changed"):
        read_receipt(json.dumps(changed))
    body = {key: value for key, value in changed.items() if key not in ("format", "version", "digest")}
    sealed = read_receipt(json.dumps({**changed, "digest": receipts._sha256(receipts._compact(body))}))
    found = verify_receipt(sealed, ledger, rulesets=OTHERS)
    assert found.mismatches or found.is_same
    wanted = {
        "entries": "ledger", "head": "ledger", "known_at": "ledger", "erased": "erased", "rules": "rules",
        "package": "package", "cycle": "question", "ruleset": "question", "texts": "question", "person": "report", "on": "report", "readings": "report",
        "report": "report", "installed": None, "strict": None,
    }.get(name)  # fmt: skip
    assert wanted is None or wanted in moved(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "not a receipt"),
        ('{"format": "peer-ledger receipt", "version": 9}', "of version 9"),
        ('{"format": "peer-ledger receipt", "version": 1}', "not whole: missing or unknown: cycle, entries"),
    ],
)
def test_what_is_no_receipt(text, says):
    """It is refused with what is wrong."""
    with pytest.raises(InvalidValue, match=says):
        read_receipt(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [("on", "2026-02-30"), ("entries", -1), ("entries", True), ("head", "x" * 64), ("rules", []), ("strict", 1),
     ("readings", {"many": 3}), ("known_at", "yesterday"), ("person", None), ("cycle", "1")],
)  # fmt: skip
def test_a_receipt_with_a_wrong_value_is_refused(name, value):
    """The message names the field."""
    _, made = kept(ledger_with())
    with pytest.raises(InvalidValue, match=f"not whole: {name} cannot be"):
        read_receipt(json.dumps({**made.to_dict(), name: value}))


def test_what_has_no_receipt():
    """A supposition, and a ledger that has fewer entries than the report knew."""
    ledger = ledger_with()
    for view in (ledger.supposing(trained("e-9", 3)), ledger.without("e-1")):
        with pytest.raises(LedgerMisuse, match="a report on a supposition has no receipt"):
            receipt(evaluate(view, "p", on="2026-02-01", ruleset=RULES), ledger)
    with pytest.raises(LedgerMisuse, match="the report knew 4 entries, and this ledger has 0"):
        receipt(evaluate(ledger, "p", on="2026-02-01", ruleset=RULES), Ledger())
    empty = Ledger()
    found = verify_receipt(kept(empty)[1], empty, rulesets=OTHERS)
    assert found
    assert found.to_dict()["is_same"]
    assert [] == found.table().to_rows()
