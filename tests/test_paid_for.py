"""A fee is spent on one certificate: where two may have cost it, and the record does not say, that is a question."""

from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import COVERED, XX, act, board, document, filed
from effort import effort
from peer_ledger import Coverage, Ledger, Quantity, evaluate, evaluate_all, ruleset, standing_history
from peer_ledger.evaluation import _documents as documents
from peer_ledger.evaluation import _quick as quick
from peer_ledger.rules import Documents
from remarks import in_words

NC, MS, UT = "us-nc-cpss", "us-ms-cpssp", "us-ut-cpss"
YY = "yy-board"
ON = "2026-02-15"
ALL = [*COVERED, Coverage(id="cov-f", covers="filing")]
HELD = [
    act("c-nc", "awarded", "2024-03-14", credential=NC, expires="2026-03-31"),
    act("c-ms", "awarded", "2024-04-14", credential=MS),
]


def fee(name, amount=50, on="2026-02-01", kind="fee", **more):
    return document(name, kind, on, None if amount is None else Quantity(amount=amount, unit="us-dollar"), **more)


def told(records, rules, on=ON, finding="fee", **more):
    """Return how a requirement stands, and the report."""
    ledger = Ledger()
    ledger.append([*ALL, *records])
    report = evaluate(ledger, "p", on=on, ruleset=rules, **more)
    return report.finding(finding).result, report


def costing(name=XX, *, need=1, dollars=None, body="The board", kind="fee"):
    """Return rules of which a renewal asks for some payments, or for a sum."""
    least = None if dollars is None else Quantity(amount=dollars, unit="us-dollar")
    asks = Documents(
        id="fee", says="A fee.", document_kind=kind, need=need, at_least=least, adds_up=least is not None, cites=("P",)
    )
    return attrs.evolve(board(asks), id=name, body=body)


AWARDS = [act("c-x", "awarded", "2024-06-01"), act("c-y", "awarded", "2024-06-01", credential=YY)]


def both(mine, other):
    return {mine.id: mine, other.id: other}


@pytest.mark.parametrize(("rules", "other"), [(NC, MS), (MS, NC)])
def test_one_fee_does_not_silently_serve_two_certificates(rules, other):
    """North Carolina asks $20 at renewal and Mississippi $40; one payment of $50 is on file."""
    result, report = told([*HELD, fee("f")], rules)
    assert (result, [one.ruleset for one in report.provenance.consulted]) == ("undetermined", [other])
    assert in_words(report.finding("fee").because) == "a fee may have been paid for another certificate"
    for reading, expected in (("this", "met"), ("other", "short")):
        assert told([*HELD, fee("f")], rules, readings={"paid-for-this-certificate": reading})[0] == expected
    assert told([*HELD, fee("f", credential=rules)], rules)[0] == "met"
    assert told([*HELD, fee("f", credential=other)], rules)[0] == "short"
    assert told([*HELD, fee("f"), fee("g")], rules)[0] == "met"
    assert told([*HELD, fee("f"), fee("g", credential=other)], rules)[0] == "met"
    assert told([*HELD, fee("f"), fee("g", 10, credential=other)], rules)[0] == "undetermined"


def test_the_question_is_asked_where_it_decides_and_there_alone():
    mine, other = costing(), costing(YY)
    rules = both(mine, other)
    _, report = told([*AWARDS, fee("f")], mine, rulesets=rules)
    assert [one.question.id for one in report.questions] == ["paid-for-this-certificate"]
    assert report.documents_outcome == "undetermined"
    assert "it may have been paid for another certificate" in str(report)
    for one in ([*AWARDS[:1], fee("f")], [*AWARDS, fee("f"), fee("g")]):
        result, report = told(one, mine, rulesets=rules)
        assert (result, report.questions) == ("met", ())


@pytest.mark.parametrize(
    "records",
    [
        [act("c-ut", "awarded", "2024-04-14", credential=UT)],  # Utah asks no fee for a renewal
        [act("c-ms", "awarded", "2014-04-14", credential=MS)],  # lapsed years ago
        [HELD[1], act("s", "surrendered", "2025-12-01", credential=MS)],
        [act("c-ms", "awarded", "2026-02-02", credential=MS)],  # after the day asked about
    ],
)
def test_a_certificate_that_costs_nothing_at_that_time_takes_no_fee(records):
    result, report = told([HELD[0], *records, fee("f")], NC, on="2026-02-01")
    assert (result, report.finding("fee").counted) == ("met", 20)


def filing(name, credential, sent, **more):
    return filed(name, sent, credential=credential, **more)


@pytest.mark.parametrize(
    ("filings", "expected"),
    [
        ([filing("a", NC, "2026-02-03")], {NC: "met", MS: "undetermined"}),
        ([filing("b", MS, "2026-02-03")], {NC: "undetermined", MS: "met"}),
        ([filing("a", NC, "2026-02-03"), filing("b", MS, "2026-02-04")], {NC: "met", MS: "undetermined"}),
        ([filing("a", NC, "2026-02-03"), filing("b", MS, "2026-02-03")], {NC: "undetermined", MS: "undetermined"}),
        ([filing("a", NC, "2026-02-03", step="initial")], {MS: "undetermined"}),
        ([act("r", "renewed", "2026-02-03", credential=MS)], {NC: "undetermined"}),
    ],
)
def test_a_fee_belongs_to_the_first_application_after_it(filings, expected):
    for rules, result in expected.items():
        assert told([*HELD, *filings, fee("f")], rules)[0] == result


def test_an_application_for_a_first_certificate_may_be_what_was_paid_for():
    """Nothing but an application is on file about Mississippi."""
    applied = filing("b", MS, "2026-02-02", step="initial")
    assert told([HELD[0], fee("f")], NC)[0] == "met"
    assert told([HELD[0], applied, fee("f")], NC)[0] == "undetermined"
    assert told([HELD[0], applied, fee("f", step="renewal")], NC)[0] == "met"


@pytest.mark.parametrize(("body", "result"), [("The board", "met"), ("Another board", "undetermined")])
@pytest.mark.parametrize("dollars", [70, 71])
def test_one_payment_to_one_body_may_be_for_both(body, result, dollars):
    """One asks $50 and the other $20: $70 paid at once are enough for both of one body, and $69 are not."""
    mine, other = costing(dollars=50), costing(YY, dollars=20, body=body)
    rules = both(mine, other)
    assert told([*AWARDS, fee("f", dollars)], mine, rulesets=rules)[0] == result
    assert told([*AWARDS, fee("f", 69)], mine, rulesets=rules)[0] == "undetermined"


@pytest.mark.parametrize("kind", ["reference-letter", "exam", "education"])
def test_what_is_about_the_person_serves_any_number_of_boards(kind):
    mine, other = costing(kind=kind), costing(YY, kind=kind)
    result, report = told([*AWARDS, document("d", kind, "2026-02-01")], mine, rulesets=both(mine, other))
    assert (result, report.questions) == ("met", ())


def test_the_rules_of_the_other_certificate_are_an_argument():
    """In a mapping without them nothing says that the other certificate costs a fee; the standing asks the same."""
    ledger = Ledger()
    ledger.append([*ALL, *HELD, fee("f")])
    mine, other = ruleset(NC), ruleset(MS)
    alone = evaluate(ledger, "p", on=ON, ruleset=NC, rulesets={NC: mine})
    assert (alone.finding("fee").result, alone.provenance.consulted) == ("met", ())
    beside = evaluate(ledger, "p", on=ON, ruleset=NC, rulesets={NC: mine, MS: other})
    assert beside == evaluate(ledger, "p", on=ON, ruleset=NC)
    assert [one.ruleset for one in evaluate(ledger, "p", on="2026-01-31", ruleset=NC).provenance.consulted] == []
    assert standing_history(ledger, "p", until=ON, ruleset=NC)[-1].standing == "current"


def expected(unnamed, mine, theirs, need, other_need):
    """Return how a number of payments stands, in all worlds: the other certificate takes no more than it asks for."""
    most = min(unnamed, max(0, other_need - theirs))
    results = {mine + unnamed - taken >= need for taken in range(most + 1)}
    return "undetermined" if len(results) == 2 else "met" if results == {True} else "short"


COUNTS = st.tuples(*[st.integers(0, 3)] * 3, *[st.integers(1, 3)] * 2)


def world(unnamed, mine, theirs, need, other_need, *, are_sums):
    """Return two rule sets, of a number of payments or of as many times $10, and payments of $10."""
    sums = [{"dollars": 10 * asked} if are_sums else {"need": asked} for asked in (need, other_need)]
    names = [*[None] * unnamed, *[XX] * mine, *[YY] * theirs]
    paid = [fee(f"f-{place}", 10, credential=name) for place, name in enumerate(names)]
    return costing(**sums[0]), costing(YY, body="Another board", **sums[1]), [*AWARDS, *paid]


def answers(counts, *, are_sums):
    """Return how one requirement stands alone, among many, and by the reading of the question."""
    mine, other, records = world(*counts, are_sums=are_sums)
    rules = both(mine, other)
    ledger = Ledger()
    ledger.append([*ALL, *records])
    [among] = evaluate_all(ledger, on=ON, ruleset=mine, rulesets=rules)
    result, report = told(records, mine, rulesets=rules)
    return result, report.documents_outcome, among.documents_outcome


@given(COUNTS, st.booleans())
@effort(60)
def test_payments_are_enough_in_all_worlds_in_some_or_in_none(counts, are_sums):
    assert set(answers(counts, are_sums=are_sums)) == {expected(*counts)}


def forget_other_certificates(patch):
    patch.setattr(documents, "left_by_others", lambda paid, *_: {one.id: worth for one, worth in paid})


def leave_it_to_counts(patch):
    patch.setattr(quick, "may_be_paid_for_another", lambda *_: False)


@pytest.mark.parametrize("plant", [forget_other_certificates, leave_it_to_counts])
def test_planted_faults_are_found(monkeypatch, plant):
    plant(monkeypatch)
    some = product(range(2), range(2), range(2), (1,), (1,))
    assert any(set(answers(counts, are_sums=False)) != {expected(*counts)} for counts in some)
