"""An optional designation has an outcome of its own: whether it is kept changes nothing about the step beside it."""

from datetime import date

import pytest

from boards import AWARD, COVERED, asked, board, filed, hours, trained
from peer_ledger import Ledger, Roster, evaluate, ruleset
from peer_ledger.evaluation import _leaf as leaf
from peer_ledger.records import Certification, Credit, Designation, Document, Quantity, TrainingEvent
from peer_ledger.rules import ByQuestion, Condition, Question, Reading, TrainingFilter

NC = "us-nc-cpss"
HELD = Designation(id="d", person="p", name="military", awarded="2024-07-01")


def veterans(need=3, **more):
    """Return a requirement for the military designation: so many hours on the military, of those who hold it."""
    counts = TrainingFilter(topics={"military"})
    only = Condition(holds="military")
    return hours(need, "veterans", designation="military", counts=counts, only_if=only, **more)


def told(report):
    return [(kept.designation, kept.outcome) for kept in report.designations]


@pytest.mark.parametrize(("amount", "outcome"), [(3, "met"), ("2.99", "short")])
def test_a_designation_that_is_not_kept_leaves_the_renewal_as_it_is(amount, outcome):
    """8 hours in all, of which so many on the military: the renewal is met either way."""
    records = [AWARD, HELD, trained("a", 8, {"recovery"}), trained("b", amount, {"military"})]
    report = asked(records, "2026-03-20", board(hours(8), veterans()))
    assert (report.outcome, report.hours_outcome, report.status, report.hours_short) == ("met", "met", "compliant", 0)
    assert told(report) == [("military", outcome)]
    finding = report.finding("veterans")
    assert (finding.designation, finding.result, report.finding("training").designation) == ("military", outcome, None)


def test_the_renewal_is_short_whatever_the_designation_is():
    records = [AWARD, HELD, trained("b", 3, {"military"})]
    report = asked(records, "2026-03-20", board(hours(8), veterans()))
    assert (report.outcome, report.hours_short, told(report)) == ("short", 5, [("military", "met")])


def test_nothing_is_told_of_a_designation_that_is_not_held():
    report = asked([AWARD, trained("a", 8)], "2026-03-20", board(hours(8), veterans()))
    assert (report.outcome, report.designations) == ("met", ())


def test_what_is_asked_for_a_designation_stands_apart_in_the_report():
    """In the text, the card, the plain form and the roster."""
    records = [AWARD, HELD, trained("a", 8, {"recovery"}), trained("b", 2, {"military"})]
    rules = board(hours(8), veterans())
    report = asked(records, "2026-03-20", rules)
    renewal, _, rest = str(report).partition("For the designation “military” (short), on which nothing else depends:")
    assert "For recertification:" in renewal
    assert "2 of 3 hours counted; 1 hour missing" in rest
    assert "short" not in renewal
    card = report._repr_html_()
    assert "Everything required is on file, but no application." in card
    assert "For the designation “military” (short)" in card
    assert report.to_dict()["designations"] == [{"designation": "military", "outcome": "short"}]
    row = Roster([report]).table().to_rows()[0]
    assert (row["status"], row["hours"], row["designations"]) == ("compliant", "met", "military: short")
    assert Roster([report]).hours_short(ruleset=rules).to_rows() == []


def open_need():
    """Return rules under which 2 or 3 hours are asked for the designation: what is open is open there alone."""
    readings = (Reading(id="two", says="2."), Reading(id="three", says="3."))
    asks = Question(id="how-many", asks="How many?", readings=readings, assumed="two", weight="blocking")
    need = ByQuestion(by="how-many", values=(("two", 2), ("three", 3)))
    return board(hours(8), veterans(need), questions=(asks,))


def test_a_question_that_decides_a_designation_alone_leaves_the_renewal_decided():
    records = [AWARD, HELD, trained("a", 8, {"recovery"}), trained("b", "2.5", {"military"})]
    report = asked(records, "2026-03-20", open_need())
    assert (report.outcome, report.status, told(report)) == ("met", "compliant", [("military", "undetermined")])
    (question,) = report.questions
    assert question.question.id == "how-many"
    gives = {alternative.reading.id: dict(alternative.gives) for alternative in question.alternatives}
    assert gives == {"two": {}, "three": {"designation:military": "short"}}
    assert "what is required for the designation “military” is short" in str(report)
    assert told(report.assumed) == [("military", "met")]


def test_it_takes_nothing_from_what_is_filed():
    """Of two filings the first meets what the renewal asks, and not what the designation does: it is looked at."""
    records = [AWARD, HELD, trained("a", 8, {"recovery"}), filed("f-1", "2026-03-01"), filed("f-2", "2026-04-01")]
    report = asked(records, "2026-04-20", board(hours(8), veterans()))
    assert (report.outcome, report.pending_since) == ("met", date(2026, 3, 1))


def test_north_carolinas_military_designation_stands_apart():
    """20 hours of which 5 are on the military: renewed, and the designation is 3 short of 8."""
    held = Certification(id="c", person="p", credential=NC, act="awarded", on="2024-03-14", expires="2026-03-31")
    amounts = [("ethics", 3), ("recovery", 12), ("military", 5)]
    training = [
        TrainingEvent(
            id=f"e-{topic}", person="p", completed="2025-06-01", credits=[Credit(amount=amount, topics={topic})]
        )
        for topic, amount in amounts
    ]
    dollars = Quantity(amount=20, unit="us-dollar")
    papers = [Document(id=f"l-{by}", person="p", kind="reference-letter", on="2026-03-01", by=by) for by in ("a", "b")]
    papers.append(Document(id="fee", person="p", kind="fee", on="2026-03-01", value=dollars))
    ledger = Ledger()
    ledger.append([held, HELD, *training, *papers, *COVERED])
    report = evaluate(ledger, "p", on="2026-03-20", readings={"military-kept": "asked"})
    assert (report.outcome, report.status, told(report)) == ("met", "compliant", [("military", "short")])
    assert (report.finding("military-hours").result, report.finding("military-hours").short) == ("short", 3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (NC, {"military"}),
        ("us-ny-crpa", {"family", "military"}),
        ("us-pa-crss", {"problem-gambling", "justice-involved", "supervision"}),
    ],
)
def test_what_is_asked_to_keep_a_designation_is_marked_in_every_bundled_rule_set(name, expected):
    editions = [edition for procedure in ruleset(name).procedures for edition in procedure.editions]
    marked = [one for edition in editions for one in edition.requirements if one.designation]
    assert {requirement.designation for requirement in marked} == expected
    assert all(requirement.only_if.holds == requirement.designation for requirement in marked)


def count_designations(patch):
    """Return to the fault that a designation weighs like the step: in what is joined, or in the definition."""
    patch.setattr(leaf.Leaf, "of_step", property(lambda self: self.parts))


def forget_designations(patch):
    """A question that changes a designation alone is not told."""
    patch.setattr(leaf, "_state_for", lambda name, verdict: leaf.state_of(verdict) if name is None else (name, 0))


@pytest.mark.parametrize("plant", [count_designations, forget_designations])
def test_planted_faults_are_found(monkeypatch, plant):
    plant(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        test_a_question_that_decides_a_designation_alone_leaves_the_renewal_decided()


@pytest.mark.parametrize("name", ["us-ny-crpa", "us-nc-cpss"])
def test_a_designation_that_the_rules_do_not_name_is_told(name):
    """One of another board, or of no board in particular, is nothing to these rules."""
    ledger = Ledger()
    ledger.append(Certification(id="c", person="p", credential=name, act="awarded", on="2025-01-15"))
    for number, credential in enumerate((name, None, "us-oh-cprs")):
        held = {"name": f"older-adults-{number}", "awarded": "2025-02-01", "credential": credential}
        ledger.append(Designation(id=f"d-{number}", person="p", **held))
    told = [str(caveat) for caveat in evaluate(ledger, "p", on="2025-06-01", ruleset=name).caveats]
    said = f"The designation on file (older-adults-0) was not used: {name} does not name it."
    assert [caveat for caveat in told if "older-adults" in caveat] == [said]
