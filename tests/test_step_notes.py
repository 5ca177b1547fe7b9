"""What a rule set's notes say at a step, and dates that are no dates."""

import pytest

from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Ledger,
    Ruling,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
    ruleset_ids,
)
from peer_ledger.errors import InvalidRecord
from peer_ledger.reports import UNLIMITED
from peer_ledger.rules import StepNote
from remarks import in_words, sentences

COVERED = Coverage(id="acts", covers="certification")


def report_of(credential, *records, on, awarded="2024-03-14", expires=None, **also):
    ledger = Ledger()
    award = Certification(id="c", person="p", credential=credential, act="awarded", on=awarded, expires=expires)
    ledger.append([award, COVERED, *records])
    return evaluate(ledger, "p", on=on, ruleset=credential, **also)


@pytest.mark.parametrize(
    ("credential", "words"),
    [
        ("us-oh-cprs", "what a holder must do after a lapse is not known"),
        ("us-tx-mhps", "Fees and late filing (no extra fee for six months"),
        ("us-or-crm", "A renewal should be sent two weeks before the expiration date"),
        ("us-nc-cpss", "Late approvals are not backdated"),
    ],
)
def test_a_note_on_lateness_is_in_the_report_when_the_due_date_is_near_or_past(credential, words):
    """Ninety days before the due date it is not said yet; from then on it is, also after a lapse."""
    expires = "2026-03-31"
    said = {
        on: [caveat for caveat in sentences(report_of(credential, on=on, expires=expires).caveats) if words in caveat]
        for on in ("2025-06-01", "2026-02-01", "2026-04-02", "2026-12-01")
    }
    assert [0, 1, 1, 1] == [len(found) for found in said.values()]
    assert words in str(report_of(credential, on="2026-02-01", expires=expires))


def test_notes_that_bear_on_expiry_are_in_every_rule_set():
    """What to do after the expiry, or that it is not known, can be said in every state of which rules are known."""
    known = [ruleset(name) for name in ruleset_ids() if ruleset(name).grade != "named"]
    assert [] == [one.id for one in known if not any("expiring" in note.bears_on for note in one.step_notes)]


@pytest.mark.parametrize("bears_on", [(), ("late",), ("expiring", "expiring")])
def test_a_note_bears_on_something(bears_on):
    """A note without a step, or with a misspelt one, would never be said."""
    with pytest.raises(InvalidRecord, match="bears_on"):
        StepNote(says="A note.", bears_on=bears_on)


def test_the_day_before_a_printed_day_is_called_so():
    """Michigan prints the day after the last one: October 31 is not printed, November 1 is."""
    report = report_of("us-mi-cpss", on="2025-08-01", awarded="2023-11-01", expires="2025-11-01")
    assert (
        "Recertification is due by October 31, 2025 (the day before the date printed on the certificate, November 1, 2025)."
        in str(report)
    )
    assert "printed on the certificate)" not in str(report)
    assert in_words(report.dates.due.why) == "the day before the date printed on the certificate, November 1, 2025"


def test_a_printed_day_is_called_so():
    """North Carolina prints the last day itself."""
    report = report_of("us-nc-cpss", on="2026-01-15", expires="2026-03-31")
    assert in_words(report.dates.due.why) == "printed on the certificate"
    assert in_words(report_of("us-nc-cpss", on="2026-01-15").dates.due.why) == "calculated"


def test_a_day_that_the_board_moved_is_not_called_printed():
    """The printed date stays on the certificate; the due date is another one."""
    moved = Ruling(
        id="r",
        person="p",
        credential="us-nc-cpss",
        on="2026-01-02",
        requirement="due",
        effect="moves",
        day="2026-05-31",
    )
    report = report_of("us-nc-cpss", moved, on="2026-01-15", expires="2026-03-31")
    assert in_words(report.dates.due.why) == "moved by the board; March 31, 2026 is printed on the certificate"


@pytest.mark.parametrize("on", ["2025-08-01", "2025-11-02", "2027-01-01"])
def test_the_end_of_the_calendar_is_never_printed(on):
    """Probation in Michigan has no known end: no date stands for that, in sentences, cards or data."""
    training = TrainingEvent(id="e", person="p", completed="2024-06-03", credits=[Credit(amount=10)])
    report = report_of("us-mi-cpss", training, on=on, awarded="2023-11-01", expires="2025-11-01")
    assert "2199" not in str(report)
    assert "2199" not in report._repr_html_()
    assert "2199" not in str(report.to_dict())


def test_training_of_any_age_has_no_first_day():
    """The beginning of the calendar is no day from which training counts."""
    report = report_of(
        "us-nc-cpss", on="2019-02-01", awarded="2017-03-14", expires="2019-03-31", strict=True,
        readings={"letters-age": "any-age"},
    )  # fmt: skip
    [question] = [one for one in report.questions if one.question.id == "training-before-2020"]
    answers = {
        alternative.reading.id: dict(alternative.answer)["earning_begins"] for alternative in question.alternatives
    }
    assert answers == {"later": "2017-03-15", "any-time": UNLIMITED}
    assert "training of any age counts" in str(report)
    assert "1900" not in str(report)
    assert report.dates.earning_begins.day is None


def test_the_source_of_a_due_date_is_each_persons_own():
    """Two certificates end on one day, and only one of them has that day printed."""
    ledger = Ledger()
    ledger.append([
        COVERED,
        Certification(id="a", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"),
        Certification(id="b", person="p-2", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
    ])  # fmt: skip
    found = [in_words(report.dates.due.why) for report in evaluate_all(ledger, on="2026-01-15")]
    assert ["printed on the certificate", "calculated"] == found
