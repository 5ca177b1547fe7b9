"""What the answers to a question mean where one of them has a date and another has none."""

import pytest

from boards import act
from peer_ledger import Ledger, evaluate
from peer_ledger.reports._question_sentences import question_sentences


def meanings(credential, question, on="2024-06-01"):
    """Return what each answer means for somebody certified on January 15, 2024, in the order of the readings."""
    ledger = Ledger()
    ledger.append([act("c", "awarded", "2024-01-15", credential=credential)])
    report = evaluate(ledger, "p", on=on, ruleset=credential)
    [found] = [one for one in report.questions if one.question.id == question]
    *each, _ = question_sentences(found, report.provenance)
    says = [alternative.reading.says.rstrip(".") for alternative in found.alternatives]
    return [sentence.removeprefix(f"{said}: ") for sentence, said in zip(each, says, strict=True)]


@pytest.mark.parametrize(
    ("credential", "question", "means"),
    [
        # Due on January 14, 2026; 30 days after it is February 13.
        (
            "us-sc-cpss-apsc",
            "late-days",
            ["late filing ends on February 13, 2026.", "there is no late filing."],
        ),
        # Probation has no end, or is none.
        (
            "us-mi-cpss",
            "probation-over",
            ["there is no known last day of filing late.", "there is no late filing."],
        ),
        # Due on January 15, 2026, as the assumed term is two years; 14 days before it is January 1.
        (
            "us-tn-cprs",
            "last-two-weeks",
            ["filing is in time until January 1, 2026.", "filing is in time until the due date."],
        ),
        # Due on January 14, 2026; filing in time ends 14 days before it, on December 31, or on that day itself.
        (
            "us-or-crm",
            "last-two-weeks",
            ["filing is in time until the due date.", "filing is in time until December 31, 2025."],
        ),
    ],
)
def test_a_date_that_one_answer_lacks_is_a_difference(credential, question, means):
    assert meanings(credential, question) == means


def test_late_filing_is_not_denied_of_a_certificate_that_has_lapsed():
    """Indiana, after the last day: lapsed if every act is on file, and nothing is said of filing late then."""
    every, _ = meanings("us-in-caprc-ii", "certifications-on-file", on="2026-02-01")
    assert every == "the certification has lapsed; the person may not practice; nothing is required."
