"""Which credentials a person holds: a report for each, and a word on those that no rule set answers for."""

import csv
from datetime import date

import attrs
import pytest

import peer_ledger
from peer_ledger import (
    Certification,
    Credit,
    Filing,
    Ledger,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
    evaluate_credentials,
    ruleset,
    ruleset_ids,
)
from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation import holders
from peer_ledger.importing import import_file
from peer_ledger.records import Verification, check_words
from peer_ledger.rulesets import RuleSetNotFound
from remarks import sentences

VIRGINIA = attrs.evolve(ruleset("us-oh-cprs"), id="us-va-rprs", name="Virginia Registered Peer Recovery Specialist")
ON = "2026-01-15"


def award(credential, person="p", on="2024-03-14", **also):
    return Certification(
        id=f"c-{person}-{credential}", person=person, credential=credential, act="awarded", on=on, **also
    )


def training(person="p"):
    return TrainingEvent(id=f"e-{person}", person=person, completed="2025-02-03", credits=[Credit(amount=20)])


def ledger_of(*records):
    ledger = Ledger()
    ledger.append(list(records))
    return ledger


def test_every_credential_on_file_has_a_report():
    """What is held and what is applied for is answered for, each under its own rules, in the order of the ids."""
    filed = Filing(id="f", person="p", credential="us-il-crss", step="initial", sent="2026-01-02")
    found = evaluate_credentials(ledger_of(award("us-oh-cprs"), filed, training()), "p", on=ON)
    assert ["us-il-crss", "us-oh-cprs"] == [report.provenance.ruleset for report in found]
    assert (len(found), found.unknown, found.person, found.on) == (2, (), "p", date(2026, 1, 15))
    assert (date(2026, 1, 2), None) == tuple(report.pending_since for report in found.reports)
    assert found.report("us-oh-cprs") == evaluate(
        ledger_of(award("us-oh-cprs"), filed, training()), "p", on=ON, ruleset="us-oh-cprs"
    )
    with pytest.raises(InvalidValue, match="did you mean 'us-oh-cprs'"):
        found.report("us-oh-cpr")


def test_nothing_on_file_gives_no_report():
    """A person without any credential has no reports; training alone is none."""
    found = evaluate_credentials(ledger_of(training()), "p", on=ON)
    assert (found.reports, found.unknown) == ((), ())
    assert str(found) == "No credential of p is on file on January 15, 2026."


def test_the_order_of_the_rule_sets_is_that_of_the_reports():
    """Rule sets may be ids, objects or a mapping; what they do not know is told with the nearest of them."""
    ledger = ledger_of(award("us-nc-cpss"), award("us-va-rprs"), award("us-oh-cprs"))
    found = evaluate_credentials(ledger, "p", on=ON, rulesets=[VIRGINIA, "us-nc-cpss"])
    assert ["us-va-rprs", "us-nc-cpss"] == [report.provenance.ruleset for report in found]
    assert ["us-oh-cprs"] == [unknown.credential for unknown in found.unknown]
    by_id = evaluate_credentials(ledger, "p", on=ON, rulesets={"us-va-rprs": VIRGINIA})
    assert by_id.reports == (found.reports[0],)
    assert ["us-nc-cpss", "us-oh-cprs"] == [unknown.credential for unknown in by_id.unknown]


def test_a_credential_whose_rules_were_not_asked_is_not_said_to_have_none():
    """Idaho's two differ in two letters, and both are on file; of a mapping, which holds all that exist, one is unknown."""
    ledger = ledger_of(award("us-id-cpss"), award("us-id-cfsp"))
    [unknown] = evaluate_credentials(ledger, "p", on=ON, rulesets=["us-id-cpss"]).unknown
    assert (unknown.near, unknown.is_known) == (None, True)
    assert str(unknown) == "The rules of us-id-cfsp, which is on file, too, were not asked."
    [unknown] = evaluate_credentials(ledger, "p", on=ON, rulesets={"us-id-cpss": ruleset("us-id-cpss")}).unknown
    assert (unknown.near, unknown.is_known) == ("us-id-cpss", False)
    assert str(unknown).startswith("No rule set covers us-id-cfsp")


def test_a_mistyped_credential_is_told_with_the_nearest_one():
    """`us-va-rpsr` is no credential that a rule set knows, and looks like us-va-rprs."""
    found = evaluate_credentials(ledger_of(award("us-va-rpsr")), "p", on=ON, rulesets=[VIRGINIA, "us-nc-cpss"])
    [unknown] = found.unknown
    assert ("us-va-rpsr", ("c-p-us-va-rpsr",), "us-va-rprs") == (unknown.credential, unknown.records, unknown.near)
    assert str(unknown) == "No rule set covers us-va-rpsr, which is on file in 1 record (did you mean us-va-rprs?)."
    assert str(unknown) in str(found)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"rulesets": ["us-nc-cpss", "us-nc-cpss"]}, "given twice"),
        ({"rulesets": "us-nc-cpss"}, "rulesets must be a list of rule sets"),
        ({"rulesets": {"us-nc-cpss": VIRGINIA}}, "use its own id"),
        ({"readings": {"us-nc-cps": {}}}, "did you mean 'us-nc-cpss'"),
        ({"readings": {"us-nc-cpss": {"ethics-insid": "inside"}}}, "did you mean 'ethics-inside'"),
    ],
)
def test_wrong_arguments_are_refused(arguments, says):
    """The message names the argument and what to write instead."""
    with pytest.raises(InvalidValue, match=says):
        evaluate_credentials(ledger_of(award("us-nc-cpss")), "p", on=ON, **arguments)


def test_an_unknown_id_is_refused():
    """An id among the rule sets that cannot be found is an error, not a credential nobody holds."""
    with pytest.raises(RuleSetNotFound, match="us-nc-cpss"):
        evaluate_credentials(ledger_of(), "p", on=ON, rulesets=["us-nc-cps"])


def test_readings_are_given_by_rule_set():
    """Each rule set has questions of its own, so that readings are given apart."""
    ledger = ledger_of(award("us-nc-cpss"), award("us-oh-cprs"), training())
    plain = evaluate_credentials(ledger, "p", on=ON)
    given = evaluate_credentials(ledger, "p", on=ON, readings={"us-nc-cpss": {"renewal-4-begun": "not-yet"}})
    assert plain.report("us-nc-cpss").hours_outcome == "undetermined"
    assert given.report("us-nc-cpss").hours_outcome == "met"
    assert given.report("us-oh-cprs") == plain.report("us-oh-cprs")


def test_records_after_the_day_are_not_on_file_yet():
    """A certificate awarded later is not held on the day."""
    ledger = ledger_of(award("us-nc-cpss"), award("us-oh-cprs", on="2026-01-16"))
    assert ["us-nc-cpss"] == [report.provenance.ruleset for report in evaluate_credentials(ledger, "p", on=ON)]


@pytest.mark.parametrize("rules", ["us-nc-cpss", "us-il-crss"])
def test_a_report_on_what_is_not_held_names_what_is(rules):
    """Asked about rules under which nothing is on file, the report says which credentials are, and names the call."""
    report = evaluate(ledger_of(award("us-oh-cprs"), training()), "p", on=ON, ruleset=rules)
    assert report.standing in ("undetermined", "not certified")
    first = sentences(report.caveats)[0]
    assert rules in first
    assert "us-oh-cprs" in first
    [named] = [word for word in first.split() if word in peer_ledger.__all__]
    assert named == "evaluate_credentials"


def test_a_report_tells_a_mistyped_credential():
    """The default rules say that what is on file is no known credential, and which one it resembles."""
    report = evaluate(ledger_of(award("us-nc-cspp"), training()), "p", on=ON)
    assert "No rule set covers us-nc-cspp, which is on file in 1 record (did you mean us-nc-cpss?)." in sentences(
        report.caveats
    )


@pytest.mark.parametrize("records", [[], [award("us-nc-cpss"), award("us-oh-cprs")]])
def test_a_report_on_what_is_held_says_nothing_of_others(records):
    """Who holds what is asked about, or nothing at all, is not told of other credentials."""
    report = evaluate(ledger_of(*records, training()), "p", on=ON)
    assert not any("evaluate_credentials" in caveat for caveat in sentences(report.caveats))


def test_holders_are_those_with_an_act_a_filing_or_an_entry():
    """Training alone makes no holder; a person with two ids is listed once, under the first."""
    ledger = ledger_of(
        award("us-nc-cpss", "p-1"),
        training("p-2"),
        award("us-oh-cprs", "p-3"),
        Filing(id="f", person="p-4", credential="us-nc-cpss", step="initial", sent="2026-01-02"),
        Verification(id="v", person="p-5", credential="us-nc-cpss", seen="2026-01-02"),
        award("us-nc-cpss", "p-6", on="2026-01-16"),
        award("us-nc-cpss", "p-8"),
        SamePerson(id="s", people={"p-8", "p-7"}),
    )
    assert ["p-1", "p-4", "p-5", "p-7"] == list(holders(ledger, on=ON))
    assert ["p-3"] == list(holders(ledger, "us-oh-cprs", on=ON))
    assert ["p-1", "p-4", "p-5", "p-6", "p-7"] == list(holders(ledger, on="2026-02-01"))


def test_a_withdrawn_certificate_makes_no_holder():
    """A retracted record is not on file."""
    ledger = ledger_of(award("us-nc-cpss", "p-1"))
    ledger.retract("c-p-1-us-nc-cpss", reason="a mistake")
    assert [] == list(holders(ledger, on=ON))


def test_reports_on_holders_only():
    """With `people`, only they are reported on, each once, in order, and as in the full run."""
    ledger = ledger_of(
        award("us-nc-cpss", "p-1"), training("p-2"), award("us-oh-cprs", "p-3"), award("us-nc-cpss", "p-0")
    )
    everyone = {report.person: report for report in evaluate_all(ledger, on=ON)}
    some = list(evaluate_all(ledger, on=ON, people=holders(ledger, on=ON)))
    assert ["p-0", "p-1"] == [report.person for report in some]
    assert [everyone["p-0"], everyone["p-1"]] == some
    assert ["p-1"] == [report.person for report in evaluate_all(ledger, on=ON, people=["p-1", "p-1"])]


def test_the_check_of_words_finds_unknown_credentials():
    """Given the known ids, a credential that is none of them is a problem with the nearest one."""
    records = [award("us-nc-cspp"), award("us-oh-cprs"), training()]
    assert check_words(records) == ()
    [problem] = check_words(records, credentials=ruleset_ids())
    assert problem.path == "c-p-us-nc-cspp.credential"
    assert problem.message == "'us-nc-cspp' is not the id of a rule set (did you mean 'us-nc-cpss'?)"


def test_import_tells_an_unknown_credential(tmp_path):
    """A credential that no rule set answers for is recorded with a notice that names the nearest one."""
    path = tmp_path / "certificates.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([
            ["Employee ID", "Credential", "Awarded"],
            ["p-1", "us-nc-cspp", "2025-02-03"],
            ["p-2", "us-nc-cpss", "2025-02-04"],
        ])  # fmt: skip
    imported = import_file(path)
    assert ["us-nc-cspp", "us-nc-cpss"] == [record.credential for record in imported.records]
    [notice] = [str(notice) for notice in imported.notices if "is not a credential" in str(notice)]
    assert "us-nc-cpss" in notice
