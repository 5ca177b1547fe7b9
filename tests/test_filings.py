"""Filings: incomplete, repeated, sent or received, too early, late and too late; and what follows when none was made."""

from datetime import date

import attrs
import pytest

from boards import AWARD, COVERED, asked, board, document, filed, trained
from peer_ledger import Coverage, Ledger, Roster, evaluate, evaluate_all, ruleset, standing_history
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.records import Certification, Credit, Document, Filing, Quantity, TrainingEvent
from peer_ledger.rules import (
    OF_FACTS,
    ByQuestion,
    Documents,
    Procedure,
    Question,
    Reading,
    Readings,
    RelativeDate,
    questions_of,
)
from peer_ledger.rules.soundness import problems_of
from remarks import in_words, sentences

NC = "us-nc-cpss"
HELD = Certification(id="c", person="p", credential=NC, act="awarded", on="2024-03-14", expires="2026-03-31")
TRAINED = [
    TrainingEvent(id="e-1", person="p", completed="2025-06-01", credits=[Credit(amount=3, topics={"ethics"})]),
    TrainingEvent(id="e-2", person="p", completed="2025-09-01", credits=[Credit(amount=17, topics={"recovery"})]),
]
WINDOW = {"late-window": "thirty-days"}


def letter(name, on, by):
    return Document(id=name, person="p", kind="reference-letter", on=on, by=by)


def paid(name, on, dollars):
    return Document(id=name, person="p", kind="fee", on=on, value=Quantity(amount=dollars, unit="us-dollar"))


def nc_filing(name, sent=None, **more):
    return Filing(**{"id": name, "person": "p", "credential": NC, "step": "renewal", "sent": sent, **more})


def nc(records, on, *, covered=COVERED, **readings):
    """Ask about somebody certified in North Carolina who has all the hours, and whose certificate expires on March 31."""
    ledger = Ledger()
    ledger.append([HELD, *TRAINED, *covered, *records])
    return evaluate(ledger, "p", on=on, readings={**WINDOW, **readings})


INCOMPLETE = [letter("l-1", "2026-03-20", "w-1"), paid("fee-1", "2026-03-31", 20), nc_filing("f-1", "2026-03-31")]
COMPLETED = [letter("l-2", "2026-04-10", "w-2"), paid("fee-2", "2026-04-10", 40), nc_filing("f-2", "2026-04-10")]


def test_an_incomplete_filing_does_not_shut_out_a_later_complete_one():
    """One letter on March 31; the other and the late fee on April 10, when it is filed again: complete, and late."""
    report = nc([*INCOMPLETE, *COMPLETED], "2026-04-15")
    assert (report.outcome, report.documents_outcome, report.status) == ("met", "met", "late")
    assert report.pending_since == date(2026, 4, 10)
    assert "An earlier application lacks something; that of April 10, 2026 is looked at instead." in sentences(
        report.caveats
    )


def test_what_an_incomplete_filing_lacks_can_still_be_cured_until_filing_closes():
    report = nc(INCOMPLETE, "2026-04-15")
    assert (report.outcome, report.status, report.finding("letters").short) == ("short", "pending", 1)
    assert report.finding("letters").curable is True
    assert any("a complete one may be filed until April 30, 2026" in caveat for caveat in sentences(report.caveats))
    assert nc(INCOMPLETE, "2026-05-01").finding("letters").curable is False


def test_a_letter_after_the_only_filing_does_not_belong_to_it():
    report = nc([*INCOMPLETE, letter("l-2", "2026-04-10", "w-2")], "2026-04-15")
    assert report.finding("letters").short == 1
    assert [in_words(line.why_not) for line in report.finding("letters").lines] == [None, "after the filing"]


def test_a_second_filing_takes_nothing_from_a_complete_one():
    """All was there on March 20; what was filed on April 10 once more is late, and needs no late fee."""
    first = [letter("a", "2026-03-01", "w-1"), letter("b", "2026-03-01", "w-2"), paid("fee-1", "2026-03-20", 20)]
    filings = [nc_filing("f-1", "2026-03-20"), nc_filing("f-2", "2026-04-10")]
    report = nc([*first, *filings], "2026-04-15")
    assert (report.outcome, report.status, report.pending_since) == ("met", "pending", date(2026, 3, 20))


def test_of_two_incomplete_filings_the_later_says_what_is_missing():
    """The second has both letters and lacks the late fee."""
    report = nc([*INCOMPLETE, letter("l-2", "2026-04-10", "w-2"), nc_filing("f-2", "2026-04-10")], "2026-04-15")
    assert (report.outcome, report.finding("letters").result, report.finding("late-fee").short) == ("short", "met", 20)


def test_what_is_filed_again_may_depend_on_a_question():
    """Whether the second letter counts hangs on a reading: under one the first filing is complete, and else neither."""
    old = [letter("l-0", "2023-01-01", "w-0"), letter("l-1", "2026-03-20", "w-1"), paid("fee-1", "2026-03-31", 20)]
    records = [*old, nc_filing("f-1", "2026-03-31"), *COMPLETED]
    for reading, filed_on, status in (("any-age", "2026-03-31", "pending"), ("this-cycle", "2026-04-10", "late")):
        report = nc(records, "2026-04-15", **{"letters-age": reading})
        assert (report.outcome, report.status, report.pending_since) == ("met", status, date.fromisoformat(filed_on))


def test_a_filing_in_time_that_nobody_has_decided_is_pending_and_not_late():
    """Filed on March 31 with everything: from April 1 on it is pending, and only a refusal ends that."""
    papers = [letter("a", "2026-03-01", "w-1"), letter("b", "2026-03-01", "w-2"), paid("fee-1", "2026-03-20", 20)]
    records = [*papers, nc_filing("f-1", "2026-03-31")]
    assert nc(records, "2026-03-31").status == "compliant"
    for on in ("2026-04-01", "2026-05-01", "2026-09-01"):
        report = nc(records, on)
        assert (report.standing, report.status, report.in_force) == ("pending", "pending", "no")
        assert str(report).splitlines()[2].startswith(f"p on {_spoken(on)}: pending. ")
        assert "an application that was filed in time is not decided yet" in str(report)
        assert report.to_dict()["standing"] == "pending"
    late = nc([*papers, paid("fee-2", "2026-04-01", 20), nc_filing("f-1", "2026-04-01")], "2026-04-02")
    assert (late.standing, late.outcome) == ("late", "met")
    assert "an application that was filed late is not decided yet" in str(late)
    refused = Certification(id="x", person="p", credential=NC, act="refused", on="2026-05-09", filing="f-1")
    assert nc([*records, refused], "2026-05-09").standing == "lapsed"


def _spoken(day):
    return f"{date.fromisoformat(day):%B} {date.fromisoformat(day).day}, {day[:4]}"


def test_pending_late_and_in_time_stand_in_the_history_of_a_life():
    ledger = Ledger()
    ledger.append([HELD, *TRAINED, *COVERED, *INCOMPLETE, *COMPLETED])
    periods = standing_history(ledger, "p", until="2026-05-10", readings=WINDOW)
    assert [(str(period.begins), period.standing) for period in periods] == [
        ("2024-03-14", "current"),
        ("2026-04-01", "pending"),
        ("2026-04-10", "late"),
    ]


# The day it was sent, and the day it was received.


def test_what_was_received_too_late_may_have_been_sent_in_time():
    """North Carolina counts the day of sending; only May 2 is on file, two days after the late window."""
    report = nc([nc_filing("f", method="mail", received="2026-05-02")], "2026-05-05", **{"late-training": "counts"})
    assert (report.standing, report.status) == ("undetermined", "undetermined")
    assert [question.question.id for question in report.questions] == ["filing-sent"]
    standings = {reading.reading.id: dict(reading.answer)["standing"] for reading in report.questions[0].alternatives}
    assert standings == {"in-time": "pending", "late": "late", "same-day": "lapsed"}
    assert report.assumed.pending_since == date(2026, 5, 2)


@pytest.mark.parametrize("ids", [("f-1", "f-2"), ("f-2", "f-1")])
def test_of_two_filings_that_count_on_one_day_the_one_received_later_is_the_later(ids):
    """Both were sent in time if they were sent in time at all, so both count on March 31; neither has a letter."""
    days = zip(ids, ("2026-04-05", "2026-04-10"), strict=True)
    filings = [nc_filing(name, method="mail", received=day) for name, day in days]
    report = nc(filings, "2026-04-15", **{"filing-sent": "in-time"})
    assert (report.outcome, report.status, report.pending_since) == ("short", "pending", date(2026, 4, 10))


@pytest.mark.parametrize(
    ("method", "received"), [("mail", "2026-03-31"), ("online", "2026-05-02"), (None, "2026-03-30")]
)
def test_a_day_that_changes_nothing_or_follows_is_no_question(method, received):
    """Received in time it was sent in time; what is filed online arrives on the same day."""
    report = nc([nc_filing("f", method=method, received=received)], "2026-05-05")
    assert [question.question.id for question in report.questions] == []
    assert report.standing == ("pending" if received < "2026-04" else "lapsed")


MS = "us-ms-cpssp"


def ms(records, on, **readings):
    """Ask about somebody certified in Mississippi in 2016 and renewed in 2019, whose renewal is due on 2023-09-29."""
    acts = [("c-1", "awarded", "2016-05-10"), ("c-2", "renewed", "2019-09-20")]
    held = [Certification(id=name, person="p", credential=MS, act=kind, on=day) for name, kind, day in acts]
    ledger = Ledger()
    ledger.append([*held, *COVERED, *records])
    return evaluate(ledger, "p", on=on, ruleset=MS, readings=readings)


def ms_filing(**days):
    return Filing(id="f", person="p", credential=MS, step="renewal", method="mail", **days)


def test_what_was_sent_in_time_may_have_been_received_too_late():
    """Mississippi counts the receipt by September 29, 2023; only the sending on the 28th is on file."""
    report = ms([ms_filing(sent="2023-09-28")], "2023-10-10")
    assert report.standing == "undetermined"
    assert [question.question.id for question in report.questions] == ["filing-received"]
    standings = {reading.reading.id: dict(reading.answer)["standing"] for reading in report.questions[0].alternatives}
    assert standings == {"in-time": "pending", "late": "lapsed", "too-late": "lapsed"}


@pytest.mark.parametrize(
    ("days", "on", "standing"),
    [
        ({"sent": "2023-09-28"}, "2023-09-29", "current"),
        ({"sent": "2023-09-28", "received": "2023-09-29"}, "2023-10-10", "pending"),
        ({"sent": "2023-09-28", "received": "2023-09-30"}, "2023-10-10", "lapsed"),
        ({"sent": "2023-09-30"}, "2023-10-10", "lapsed"),
    ],
)
def test_where_receipt_counts_the_day_of_sending_decides_nothing(days, on, standing):
    report = ms([ms_filing(**days)], on)
    assert (report.standing, report.questions) == (standing, ())


def test_what_has_not_arrived_yet_is_not_filed_where_receipt_counts():
    """Sent on the 25th, received on the 28th: on the 26th nothing is filed."""
    days = {"sent": "2023-09-25", "received": "2023-09-28"}
    assert ms([ms_filing(**days)], "2023-09-27").pending_since is None
    assert ms([ms_filing(**days)], "2023-09-28").pending_since == date(2023, 9, 28)


# Whose letters, and for which step.


def test_two_letters_without_a_writer_are_not_by_two_people():
    """Two writers are asked for; nothing on file says that there are two, nor that there is one."""
    papers = [letter("a", "2026-03-01", None), letter("b", "2026-03-02", None), paid("fee-1", "2026-03-20", 20)]
    report = nc(papers, "2026-03-25")
    assert (report.documents_outcome, report.finding("letters").result) == ("undetermined", "undetermined")
    assert [question.question.id for question in report.questions] == ["unknown-writers"]
    for reading, result, short in (("different", "met", 0), ("same", "short", 1)):
        known = nc(papers, "2026-03-25", **{"unknown-writers": reading}).finding("letters")
        assert (known.result, known.short) == (result, short)


@pytest.mark.parametrize(
    ("writers", "result"),
    [
        ([None], "short"),
        (["w-1"], "short"),
        (["w-1", "w-1"], "short"),
        (["w-1", None], "undetermined"),
        (["w-1", "w-1", None], "undetermined"),
        ([None, None, None], "undetermined"),
        (["w-1", "w-2"], "met"),
        (["w-1", "w-2", None], "met"),
    ],
)
def test_how_many_writers_there_are_is_bounded_by_those_who_are_named(writers, result):
    letters = [letter(f"l-{place}", "2026-03-01", by) for place, by in enumerate(writers)]
    assert nc([*letters, paid("fee", "2026-03-20", 20)], "2026-03-25").documents_outcome == result


def references(*, different):
    """Return rules of which a renewal asks for three references."""
    return board(
        Documents(
            id="references",
            says="Three.",
            document_kind="reference-letter",
            need=3,
            from_different=different,
            cites=("P",),
        )
    )


@pytest.mark.parametrize(
    ("writers", "different", "result"),
    [
        ([None, None, None], False, "met"),
        ([None, None, None], True, "undetermined"),
        (["a", "b", None], True, "undetermined"),
        (["a", None], True, "short"),
        (["a", "b", "c"], True, "met"),
    ],
)
def test_writers_matter_only_where_different_ones_are_asked_for(writers, different, result):
    letters = [document(f"l-{place}", "reference-letter", by=by) for place, by in enumerate(writers)]
    assert asked([AWARD, *letters], "2026-05-01", references(different=different)).documents_outcome == result


def test_a_fee_that_was_paid_for_one_step_does_not_silently_serve_another():
    """20 dollars came before a renewal that was refused; nothing says that they were meant for the reinstatement."""
    refused = Certification(id="x", person="p", credential=NC, act="refused", on="2026-05-09", filing="f-1")
    records = [paid("fee-1", "2026-03-20", 20), nc_filing("f-1", "2026-03-31"), refused]
    report = nc(records, "2026-06-01")
    assert (report.step, report.finding("fee").result) == ("reinstatement", "undetermined")
    for reading, result in (("this", "met"), ("other", "short")):
        assert nc(records, "2026-06-01", **{"given-for-this-step": reading}).finding("fee").result == result
    told = attrs.evolve(records[0], step="reinstatement")
    assert nc([told, *records[1:]], "2026-06-01").finding("fee").result == "met"
    again = [*records, paid("fee-2", "2026-05-20", 20)]
    assert nc(again, "2026-06-01").finding("fee").result == "met"


def test_for_which_step_a_letter_was_given_is_told_by_the_day_that_counts():
    """
    One letter is on file, and two applications that came by mail in April: a renewal on the 10th, another one on the 5th.

    If the renewal was sent in time, by March 31, it is the first one after the letter; if it was late, the other one is.
    """
    other = nc_filing("f-1", step="initial", method="mail", received="2026-04-05")
    records = [letter("l-1", "2026-03-20", "w-1"), nc_filing("f-2", method="mail", received="2026-04-10"), other]
    for sent, reason in (("in-time", None), ("same-day", "perhaps-for-other-step")):
        finding = nc(records, "2026-04-15", **{"filing-sent": sent, "letters-age": "any-age"}).finding("letters")
        why = [line.why_not.kind if line.why_not is not None else None for line in finding.lines]
        assert (finding.counted, why) == (0 if reason else 1, [reason])


@pytest.mark.parametrize(("sent", "result"), [("in-time", "met"), ("same-day", "undetermined")])
def test_the_day_that_counts_of_another_renewal_tells_for_which_step_a_letter_was_given(sent, result):
    """
    The letter of March 20 names no step; after it came a renewal by mail, another application, and a renewal online.

    If the renewal by mail was sent in time, by March 31, the letter came with it. If it was sent on the day of its
    receipt, April 10, the other application of April 5 was the first one after the letter.
    """
    other = nc_filing("f-1", step="initial", method="mail", received="2026-04-05")
    mailed = nc_filing("f-2", method="mail", received="2026-04-10")
    online = nc_filing("f-3", "2026-04-08", method="online")
    second = attrs.evolve(letter("l-2", "2026-04-06", "w-2"), step="renewal")
    fee = attrs.evolve(paid("fee-1", "2026-04-08", 40), step="renewal")
    records = [letter("l-1", "2026-03-20", "w-1"), second, fee, mailed, other, online]
    assert nc(records, "2026-04-15", **{"filing-sent": sent, "letters-age": "any-age"}).documents_outcome == result


INITIAL = nc_filing("f-0", "2024-06-05", step="initial")


@pytest.mark.parametrize(
    ("early", "late", "result", "short"),
    [
        (["w-1"], ["w-1"], "short", 1),  # whichever step the first one is for, one person wrote both
        (["w-2"], ["w-1"], "undetermined", 0),  # two people, if the first one is for this step
        ([None], ["w-1"], "undetermined", 0),  # the same, if somebody else wrote it
        (["w-1"], ["w-1", "w-2"], "met", 0),
        ([], ["w-1"], "short", 1),
    ],
)
@pytest.mark.parametrize("rules", [NC, "board"])
def test_for_which_step_a_letter_was_given_is_open_only_where_that_decides(early, late, result, short, rules):
    """Of two writers; the early letters came before an application for the first certificate, and name no step."""
    letters = [letter(f"a-{place}", "2024-06-03", by) for place, by in enumerate(early)]
    letters += [letter(f"b-{place}", "2025-06-01", by) for place, by in enumerate(late)]
    if rules == NC:
        report = nc([INITIAL, paid("fee", "2025-06-01", 20), *letters], "2025-07-01", **{"letters-age": "any-age"})
    else:
        two = Documents(
            id="letters", says="Two.", document_kind="reference-letter", need=2, from_different=True, cites=("P",)
        )  # fmt: skip
        first = attrs.evolve(INITIAL, credential=AWARD.credential)
        report = asked([AWARD, *COVERED, first, *letters], "2025-07-01", board(two))
    found = report.finding("letters")
    assert (found.result, found.short, report.assumed.finding("letters").result) == (
        result, short, "met" if result == "met" else "short"
    )  # fmt: skip


def fees(**more):
    """Return rules of which every step asks for a fee of 30 dollars."""
    fee = Documents(
        id="fee", says="30 dollars.", document_kind="fee", at_least=Quantity(amount=30, unit="us-dollar"), adds_up=True,
        cites=("P",),
    )  # fmt: skip
    steps = ("initial", "renewal", "reinstatement")
    found = {step: board(fee, edition={"id": f"{step}-1", "earning": None}).procedures[0].editions for step in steps}
    return board(procedures=tuple(Procedure(step=step, editions=editions) for step, editions in found.items()), **more)


@pytest.mark.parametrize(
    ("day", "result"), [("2024-05-01", "undetermined"), ("2024-05-10", "undetermined"), ("2024-05-11", "met")]
)
def test_a_fee_that_came_before_another_application_may_have_been_for_that(day, result):
    """Applied for on May 10, 2024, and certified on June 1: what was paid until then may not be for the renewal."""
    dollars = Quantity(amount=30, unit="us-dollar")
    records = [AWARD, filed("f", "2024-05-10", step="initial"), document("fee", "fee", day, dollars)]
    assert asked(records, "2026-05-01", fees()).documents_outcome == result


def test_a_diploma_serves_any_number_of_steps():
    education = Documents(id="education", says="A diploma.", document_kind="education", cites=("P",))
    records = [AWARD, filed("f", "2024-05-10", step="initial"), document("d", "education", "2024-05-01")]
    assert asked(records, "2026-05-01", board(education)).documents_outcome == "met"


# Too early, late, too late.


def test_what_is_filed_before_filing_opens_is_said():
    """Ohio opens 90 days before the expiry of March 13, 2026: on December 13, 2025."""
    held = Certification(id="c", person="p", credential="us-oh-cprs", act="awarded", on="2024-03-14")
    for sent, is_said in (("2025-12-12", True), ("2025-12-13", False)):
        ledger = Ledger()
        ledger.append([held, *COVERED, Filing(id="f", person="p", credential="us-oh-cprs", step="renewal", sent=sent)])
        report = evaluate(ledger, "p", on="2026-01-01", ruleset="us-oh-cprs")
        says = f"The application of {_spoken(sent)} came before filing opens, on December 13, 2025"
        assert any(caveat.startswith(says) for caveat in sentences(report.caveats)) is is_said


CRM = "us-or-crm"
CLOSES = {"last-two-weeks": "closed"}
"""The reading that a renewal is refused in the two weeks before the expiration date; sources only say to send it before."""


def crm(records, on, *, covered=COVERED, filings=(), readings=CLOSES, **more):
    """Ask about a mentor certified in Oregon on 2024-02-10: due on 2026-02-09, to be filed by 2026-01-26; all is there."""
    held = Certification(id="c", person="p", credential=CRM, act="awarded", on="2024-02-10")
    topics = {"substance-use", "ethics", "suicide-prevention", "oral-health"}
    training = TrainingEvent(id="e", person="p", completed="2025-03-01", credits=[Credit(amount=20, topics=topics)])
    sent = [Filing(id=f"f-{day}", person="p", credential=CRM, step="renewal", sent=day) for day in filings]
    fee = Document(id="fee", person="p", kind="fee", on="2026-01-02", value=Quantity(amount=100, unit="us-dollar"))
    ledger = Ledger()
    ledger.append([held, training, fee, *covered, *sent, *records])
    return evaluate(ledger, "p", on=on, ruleset=CRM, readings=readings, **more)


def test_nobody_is_compliant_who_did_not_file_before_filing_closed():
    """Due on February 9, 2026; the last day of filing is January 26, and there is no filing late."""
    found = {on: crm([], on) for on in ("2026-01-26", "2026-01-27", "2026-02-01", "2026-02-09", "2026-02-10")}
    assert [(report.standing, report.status, report.in_force) for report in found.values()] == [
        ("current", "compliant", "yes"),
        ("filing closed", "filing closed", "yes"),
        ("filing closed", "filing closed", "yes"),
        ("filing closed", "filing closed", "yes"),
        ("lapsed", "lapsed", "no"),
    ]
    first = str(found["2026-01-26"])
    assert "File by January 26, 2026." in first
    closed = found["2026-02-01"]
    assert str(closed).splitlines()[2].startswith("p on February 1, 2026: filing closed. ")
    assert "Filing for recertification closed on January 26, 2026; the certification expires" in str(closed)
    assert closed.to_dict()["status"] == "filing closed"
    assert Roster([closed]).table().to_rows()[0]["status"] == "filing closed"


def test_whether_filing_closes_before_the_due_date_is_open_where_no_source_decides():
    """From the day after on nobody who did not file is compliant, and the report names the question."""
    for on, standing in (("2026-01-26", "current"), ("2026-01-27", "undetermined"), ("2026-02-09", "undetermined")):
        report = crm([], on, readings={})
        assert (report.standing, "last-two-weeks") == (standing, report.questions[0].question.id)
        assert (report.status == "compliant") is (standing == "current")
        assert report.dates.timely_until.day is None


def test_whether_filing_closed_with_nothing_filed_is_a_question_where_filings_may_be_missing():
    report = crm([], "2026-02-01", covered=COVERED[:1])
    assert (report.standing, report.status) == ("undetermined", "undetermined")
    assert [question.question.id for question in report.questions] == ["filings-on-file"]
    standings = {reading.reading.id: dict(reading.answer)["standing"] for reading in report.questions[0].alternatives}
    assert standings == {"all": "filing closed", "not-all": "current"}
    known = Coverage(id="k", covers="filing")
    assert crm([], "2026-02-01", covered=(COVERED[0], known)).status == "filing closed"


@pytest.mark.parametrize(
    ("day", "status", "in_force"), [("2026-01-26", "compliant", "yes"), ("2026-01-27", "filing closed", "yes")]
)
def test_the_last_day_of_filing_and_the_day_after_it_are_not_the_same(day, status, in_force):
    """What came on January 26 is pending; what came on the 27th renews nothing, and that is said."""
    report = crm([], "2026-02-01", filings=[day])
    assert (report.status, report.in_force) == (status, in_force)
    says = "The application of January 27, 2026 came after filing had closed, on January 26, 2026, and does not renew"
    assert any(caveat.startswith(says) for caveat in sentences(report.caveats)) is (status != "compliant")
    after = crm([], "2026-02-20", filings=[day])
    assert after.standing == ("pending" if status == "compliant" else "lapsed")
    assert any(caveat.startswith(says) for caveat in sentences(after.caveats)) is (status != "compliant")


def tennessee(**more):
    """Return rules as one would write Tennessee's: the application 14 days before the expiry, else it expires."""
    return board(edition={"timely_until": RelativeDate(of="due", days=-14), **more})


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2026-05-17", ("compliant", "pending")),
        ("2026-05-18", ("filing closed", "lapsed")),
        (None, ("filing closed", "lapsed")),
    ],
)
def test_tennessee_as_one_would_write_it(sent, expected):
    """Due on May 31, 2026, filed by the 17th or not at all."""
    records = [AWARD, trained("e", 8), *([filed("f", sent)] if sent else [])]
    assert tuple(asked(records, on, tennessee()).status for on in ("2026-05-20", "2026-06-10")) == expected


def test_where_late_filing_is_possible_before_the_expiry_filing_closes_with_it():
    """New York's application day is 45 days before the expiry; until that day it is late, and accepted."""
    rules = tennessee(late_until=RelativeDate(of="due"))
    assert problems_of(rules) == ()
    records = [AWARD, trained("e", 8)]
    assert asked(records, "2026-05-20", rules).status == "compliant"
    late = asked([*records, filed("f", "2026-05-20")], "2026-05-25", rules)
    assert late.status == "compliant"
    assert "The application of May 20, 2026 is late: it was to be filed by May 17, 2026." in sentences(late.caveats)
    assert asked([*records, filed("f", "2026-05-20")], "2026-06-10", rules).standing == "late"
    assert ruleset("us-ny-crpa").procedure("renewal").editions[0].late_until == RelativeDate(of="due")


def test_a_last_day_in_force_does_not_override_a_question_on_being_in_force_while_late():
    """One says yes for a month, and the other leaves open whether it is in force at all: the day would win silently."""
    readings = (Reading(id="yes", says="Yes.", cites=("P",)), Reading(id="no", says="No.", cites=("P",)))
    question = Question(id="late", asks="In force?", readings=readings, assumed="no")
    window = {"late_until": RelativeDate(of="due", months=2)}
    month = {"in_force_until": RelativeDate(of="due", months=1)}
    by_question = {
        "in_force_while_late": ByQuestion(by="late", values=(("yes", True), ("no", False))),
        "questions": (question,),
    }
    assert problems_of(board(edition={**window, **month}, in_force_while_late=True)) == ()
    assert problems_of(board(edition=window, **by_question)) == ()
    [problem] = problems_of(board(edition={**window, **month}, **by_question))
    assert problem.path.endswith("editions[0].in_force_until")
    assert "overrides in_force_while_late, which depends on a question" in problem.message


def test_filing_late_cannot_end_before_the_due_date():
    """Nor under one of several readings; the last day to file in time may lie before it."""
    early, due = RelativeDate(of="due", days=-7), RelativeDate(of="due")
    asks = Question(
        id="end", asks="Until when?", readings=(Reading(id="a", says="A."), Reading(id="b", says="B.")), assumed="a"
    )
    by_question = ByQuestion(by="end", values=(("a", due), ("b", early)))
    for name, found in (("late_until", early), ("late_until.values.b", by_question)):
        rules = board(edition={"late_until": found}, questions=(asks,) if found is by_question else ())
        (problem,) = problems_of(rules)
        assert problem.path == f"procedures[0].editions[0].{name}"
        assert "before the due date, whatever that is; nothing could be filed late (the last day" in problem.message
    assert problems_of(tennessee()) == ()


def test_what_is_lost_with_the_last_day_is_the_same_for_everybody_at_once():
    """Some are known to have all their filings on file, and some are not: each is answered as alone."""
    people = []
    for name, covers in (("a", "filing"), ("b", "certification"), ("c", None)):
        people.append(Certification(id=f"c-{name}", person=name, credential=CRM, act="awarded", on="2024-02-10"))
        people += [Coverage(id=f"k-{name}", person=name, covers=covers)] if covers else []
    ledger = Ledger()
    ledger.append(people)
    found = {
        report.person: report.standing for report in evaluate_all(ledger, on="2026-02-01", ruleset=CRM, readings=CLOSES)
    }
    assert found == {"a": "filing closed", "b": "filing closed", "c": "undetermined"}


def test_a_reinstatement_that_was_filed_after_its_last_day_is_none():
    """Lapsed on May 31, 2026, reinstated until July 30: what is filed on the 31st begins anew."""
    late = {"late_until": RelativeDate(of="lapse", days=60)}
    editions = {
        step: board(edition={"id": f"{step}-1", **more}).procedures[0].editions
        for step, more in (("initial", {"earning": None}), ("renewal", {}), ("reinstatement", late))
    }
    ruleset = board(procedures=tuple(Procedure(step=step, editions=found) for step, found in editions.items()))
    for sent, step in (("2026-07-30", "reinstatement"), ("2026-07-31", "initial")):
        report = asked([AWARD, filed("f", sent, step="reinstatement")], "2026-08-15", ruleset)
        assert (report.standing, report.step) == ("lapsed", step)


@pytest.mark.parametrize(
    ("receipts", "first"),
    [(("2026-03-04", "2026-03-02"), "f-2"), (("2026-03-02", "2026-03-04"), "f-1"), (("2026-03-04", None), "f-2")],
)
def test_of_applications_sent_on_one_day_the_one_received_first_is_the_first(receipts, first):
    """Where the receipt is not on file, the day sent stands for it; the ids decide only what both days leave open."""
    ledger = Ledger()
    ledger.append(
        [
            HELD,
            *(
                Filing(id=f"f-{number}", person="p", credential=NC, step="renewal", sent="2026-03-01", received=day)
                for number, day in enumerate(receipts, 1)
            ),
        ]
    )
    rules = ruleset(NC)
    history = history_of(ledger, "p", on=date(2026, 3, 10), credential=rules.id)
    life = life_on(history, rules, Readings((*questions_of(rules), *OF_FACTS)))
    assert life.filing.id == first
