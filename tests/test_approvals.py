"""Approving bodies: those that rule sets name are declared, and others leave an answer open."""

import csv
from fractions import Fraction

import pytest

from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate, ruleset, ruleset_ids
from peer_ledger.importing import import_file
from peer_ledger.records import Approval, Course
from peer_ledger.rules import bodies_named, check_rule_words
from peer_ledger.values.vocabularies import standard_vocabularies
from remarks import sentences

APPROVERS = standard_vocabularies()["approvers"]


def test_every_body_that_a_bundled_rule_set_names_is_declared():
    """A body without a declared word could be misspelled in records without a hint."""
    named = {body for name in ruleset_ids() for body in bodies_named(ruleset(name).procedures)}
    assert {"icb", "nccpss", "oha", "gmhcn", "pra", "wvcbapp", "nycb", "tx-training-entity"} <= named
    assert named <= {term.id for term in APPROVERS}


def test_a_body_in_a_rule_set_that_is_not_declared_is_found():
    """The check of words looks at approving bodies as it looks at topics."""
    rules = ruleset("us-il-crss")
    assert check_rule_words(rules) == ()
    without = [term for term in APPROVERS if term.id != "icb"]
    known = standard_vocabularies()
    assert len(without) == len(APPROVERS) - 1
    shorter = type(known)(
        tuple(
            type(words)(words.name, tuple(without)) if words.name == "approvers" else words
            for words in map(known.__getitem__, known.NAMES)
        )
    )
    assert any(
        "'icb' is not one of the declared approvers" in str(problem) for problem in check_rule_words(rules, shorter)
    )


def credits_(hours, topics):
    """Return credits of which 15 hours are on some topics, and the rest on another: no surplus of the former matters."""
    rest = [Credit(amount=hours - 15, topics={"crisis"})] if hours > 15 else []
    return [Credit(amount=min(hours, 15), topics=topics), *rest]


def report_of(credential, awarded, body, topics, on, *, hours=40, **also):
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential=credential, act="awarded", on=awarded),
        TrainingEvent(
            id="e", person="p", completed="2025-02-03", title="Week", approvals=[Approval(by=body)] if body else [],
            credits=credits_(hours, topics),
        ),
    ])  # fmt: skip
    return evaluate(ledger, "p", on=on, ruleset=credential, **also)


def of_illinois(body, **also):
    return report_of("us-il-crss", "2024-03-14", body, {"recovery"}, "2026-01-15", **also)


def of_new_york(body, **also):
    topics = {"medication-supported-recovery", "ethics"}
    return report_of("us-ny-crpa", "2023-03-14", body, topics, "2025-03-01", **also)


def test_an_unknown_body_leaves_hours_open():
    """Forty hours that only lack an approval are not short where an unknown word may be that approval."""
    report = of_illinois("illinois-certification-board")
    assert report.hours_outcome == "undetermined"
    assert {finding.result for finding in report.findings if finding.subject == "hours"} == {"undetermined"}
    [asked] = [open_question for open_question in report.questions if open_question.question.id == "unknown-approvals"]
    assert asked.question.about == "facts"
    assert "Known: icb." in asked.question.asks
    assert {"counts": "met", "does-not": "short"} == {
        alternative.reading.id: dict(alternative.answer)["hours"] for alternative in asked.alternatives
    }
    expected = (
        "e is approved by illinois-certification-board, which these rules do not know (did you mean icb?); known: icb."
    )
    assert expected in sentences(report.caveats)
    assert "illinois-certification-board, which these rules do not know" in str(report)


@pytest.mark.parametrize(("reading", "outcome"), [("counts", "met"), ("does-not", "short")])
def test_the_question_can_be_answered(reading, outcome):
    """Whoever knows the body says whether it is one of those that the rules name."""
    assert outcome == of_illinois("some-board", readings={"unknown-approvals": reading}).hours_outcome


@pytest.mark.parametrize("body", ["naadac", None])
def test_a_body_that_is_known_to_be_another_raises_no_question(body):
    """A declared body is not the one that the rules name, and no approval is none."""
    report = of_illinois(body)
    assert (report.hours_outcome, report.finding("training").short) == ("short", Fraction(40))
    assert "unknown-approvals" not in {listed.question.id for listed in report.questions}
    assert not any("do not know" in caveat for caveat in sentences(report.caveats))


def test_an_unknown_body_that_changes_nothing_is_not_mentioned_as_a_question():
    """With too few hours either way there is nothing to ask; the body is still named, as the amount depends on it."""
    report = of_illinois("some-board", hours=10)
    assert (report.hours_outcome, report.finding("training").result) == ("short", "short")
    assert "unknown-approvals" not in {listed.question.id for listed in report.questions}
    assert any("e is approved by some-board" in caveat for caveat in sentences(report.caveats))


def test_an_unknown_body_beside_enough_hours_is_not_mentioned():
    """Where nothing depends on the body, nobody is asked about it."""
    ledger = Ledger()
    ledger.append([
        Certification(id="c", person="p", credential="us-il-crss", act="awarded", on="2024-03-14"),
        *(
            TrainingEvent(
                id=body, person="p", completed="2025-02-03", title=title, approvals=[Approval(by=body)],
                credits=credits_(40, {"recovery"}),
            )
            for body, title in (("icb", "Week"), ("some-board", "Another week"))
        ),
    ])  # fmt: skip
    report = evaluate(ledger, "p", on="2026-01-15", ruleset="us-il-crss")
    assert report.hours_outcome == "met"
    assert "unknown-approvals" not in {listed.question.id for listed in report.questions}
    assert not any("some-board" in caveat for caveat in sentences(report.caveats))


def test_an_unknown_body_of_a_course_is_seen_too():
    """An event without approvals of its own has those of its course."""
    ledger = Ledger()
    ledger.append([
        Course(id="k", title="Week", approvals=[Approval(by="some-board")], credits=credits_(40, {"recovery"})),
        Certification(id="c", person="p", credential="us-il-crss", act="awarded", on="2024-03-14"),
        TrainingEvent(id="e", person="p", completed="2025-02-03", course="k"),
    ])  # fmt: skip
    assert evaluate(ledger, "p", on="2026-01-15", ruleset="us-il-crss").hours_outcome == "undetermined"


def test_another_rule_set_leaves_hours_open_too():
    """New York asks for several lists: an unknown body may be any of them, and a declared one is none."""
    found = of_new_york("nycb-list")
    assert (found.hours_outcome, found.finding("training").result) == ("undetermined", "undetermined")
    [listed] = [one for one in found.questions if one.question.id == "unknown-approvals"]
    assert "nycb-conference, nycb-ethics, nycb-professional-development, nycb-trainer-led" in listed.question.asks
    assert any(
        text.startswith("e is approved by nycb-list, which these rules do not know")
        for text in sentences(found.caveats)
    )
    assert of_new_york("naadac").hours_outcome == "short"


def test_import_finds_a_body_by_its_name_and_tells_an_unknown_one(tmp_path):
    """The name of a declared body gives its word; another is recorded as it is spelled, with a notice."""
    path = tmp_path / "trainings.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([
            ["Employee ID", "Course Title", "Completion Date", "Hours", "Approved by"],
            ["p", "Week", "2025-02-03", "40", "Illinois Certification Board"],
            ["p", "Day", "2025-02-04", "4", "Board of Nowhere"],
        ])  # fmt: skip
    imported = import_file(path)
    assert ["icb", "board-of-nowhere"] == [approval.by for event in imported.records for approval in event.approvals]
    [notice] = [str(notice) for notice in imported.notices if "approvers" in str(notice)]
    assert "it stays open whether this one counts" in notice
