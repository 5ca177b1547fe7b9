"""What is right in one rule set is right in another: kinds of answers of which a second bundled rule set is the proof."""

import attrs
import pytest

from peer_ledger import Certification, Coverage, Credit, Document, Filing, Ledger, TrainingEvent, evaluate, ruleset
from peer_ledger.importing import import_file
from peer_ledger.rules import RelativeDate
from peer_ledger.rules.soundness import problems_of
from remarks import in_words, sentences

COVERED = (Coverage(id="k", covers="document"), Coverage(id="a", covers="certification"))


def report_on(name, *records, on, covered=COVERED, **also):
    ledger = Ledger()
    ledger.append([*covered, *records])
    return evaluate(ledger, "p", on=on, ruleset=name, **also)


def held(name, awarded, expires=None):
    return Certification(id="c", person="p", credential=name, act="awarded", on=awarded, expires=expires)


def filed(name, sent):
    return Filing(id="f", person="p", credential=name, step="renewal", method="online", sent=sent)


# Courses.


@pytest.mark.parametrize(("codes", "counted"), [(("HR-1", "hr-1"), 13), (("HR-1", "HR-2"), 20)])
def test_codes_that_no_catalog_has_tell_courses_apart_where_a_program_counts_once(tmp_path, codes, counted):
    """Nebraska counts a program once: 6 hours on ethics, and 7 hours once or twice, from a list without a catalog."""
    rows = ["Employee ID,Course Code,Course Title,Completion Date,Hours,Topics", "p,ETH,Ethics,2024-01-03,6,ethics"]
    rows += [f"p,{code},Part {place},2024-0{place + 2}-03,7,recovery" for place, code in enumerate(codes)]
    file = tmp_path / "list.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    trainings = import_file(str(file)).records
    award = held("us-ne-cpss", "2023-10-01")
    assert counted == report_on("us-ne-cpss", award, *trainings, on="2025-01-15").finding("training").counted


# Applications.


@pytest.mark.parametrize(
    ("name", "awarded", "expires", "sent", "opens"),
    [
        # 90 days before January 31, 2027: 31 to the end of December, 31 to that of November, and 28 more.
        ("us-or-pss", "2024-02-01", "2027-01-31", "2026-11-01", "November 2, 2026"),
        ("us-or-pss", "2024-02-01", "2027-01-31", "2026-11-02", None),
        # Three months before June 30, 2026.
        ("us-pa-cps", "2024-07-01", "2026-06-30", "2026-03-29", "March 30, 2026"),
        ("us-pa-cps", "2024-07-01", "2026-06-30", "2026-03-30", None),
    ],
)
def test_what_is_filed_before_filing_opens_is_said(name, awarded, expires, sent, opens):
    report = report_on(
        name, held(name, awarded, expires), filed(name, sent), on="2026-12-01" if "or" in name else "2026-04-01"
    )
    said = [text for text in sentences(report.caveats) if "came before filing opens" in text]
    assert len(said) == (opens is not None)
    assert all(f"before filing opens, on {opens};" in text for text in said)


@pytest.mark.parametrize(("sent", "is_said"), [("2026-05-31", False), ("2026-06-01", True)])
def test_what_is_filed_after_the_last_day_in_time_is_said(sent, is_said):
    """New York's youth peer advocates file 30 days before the expiration date of June 30, 2026: by May 31."""
    name = "us-ny-ypa"
    report = report_on(name, held(name, "2024-07-01", "2026-06-30"), filed(name, sent), on="2026-06-15")
    assert is_said is any("May 31, 2026" in text and "late" in text for text in sentences(report.caveats))


@pytest.mark.parametrize(
    ("name", "awarded", "expires", "last", "after"),
    [
        ("us-tn-cprs", "2024-04-01", "2026-04-01", "2026-03-18", "2026-03-19"),  # 14 days before
    ],
)
def test_whether_filing_closed_is_open_where_filings_may_be_missing(name, awarded, expires, last, after):
    """Nothing says that all applications are on file: one may have come in time."""
    award = held(name, awarded, expires)
    assert report_on(name, award, on=last, covered=COVERED[:1]).standing == "current"
    report = report_on(name, award, on=after, covered=COVERED[:1])
    assert report.standing == "undetermined"
    assert "filings-on-file" in [question.question.id for question in report.questions]
    assert report_on(name, award, on=after).standing == "filing closed"


# Letters of unknown writers.


@pytest.mark.parametrize(
    ("name", "requirement"),
    [("us-mi-cpss", "letters"), ("us-mn-mhcps", "letters"), ("us-ut-cpss", "references"), ("us-id-cpss", "references")],
)
@pytest.mark.parametrize(
    ("writers", "result"),
    [((None, None), "undetermined"), (("a", None), "undetermined"), (("a", "b"), "met"), (("a", "a"), "short")],
)
def test_two_letters_are_by_two_people_only_where_that_is_on_file(name, requirement, writers, result):
    """Each asks two people for a letter."""
    letters = [
        Document(id=f"l-{place}", person="p", kind="reference-letter", on="2026-01-02", by=by)
        for place, by in enumerate(writers)
    ]
    assert result == report_on(name, *letters, on="2026-02-01").finding(requirement).result


# A renewal although the hours on file were short.


@pytest.mark.parametrize(
    ("name", "awarded", "renewed"),
    [("us-nc-cpss", "2022-03-14", "2024-03-20"), ("us-oh-cprs", "2022-03-14", "2024-03-01")],
)
@pytest.mark.parametrize("begins", [None, "2022-03-01", "2023-06-01"])
def test_a_renewal_with_too_few_hours_is_told_only_if_all_training_is_on_file(name, awarded, renewed, begins):
    """North Carolina asks 20 hours and Ohio 30; 10 are on file, of which the ledger may hold only the last year."""
    acts = [held(name, awarded), Certification(id="r", person="p", credential=name, act="renewed", on=renewed)]
    training = TrainingEvent(id="e", person="p", completed="2023-09-01", credits=[Credit(amount=10, topics={"ethics"})])
    known = [Coverage(id="t", covers="training-event", first_day=begins)] if begins else []
    report = report_on(name, *acts, training, *known, on="2024-06-01")
    said = any("although the hours on file were short" in text for text in sentences(report.caveats))
    assert said is (begins == "2022-03-01")


# Questions, figures and windows.


@pytest.mark.parametrize(("amount", "most"), [("30", "30 hours"), ("29.75", "29.75 hours"), ("0.25", "15 minutes")])
def test_an_unstated_need_is_met_by_what_there_is_if_it_is_at_most_that(amount, most):
    """No source states how many hours Tennessee asks for two years."""
    training = TrainingEvent(
        id="e", person="p", completed="2025-05-01", credits=[Credit(amount=amount, topics={"recovery"})]
    )
    award = held("us-tn-cprs", "2024-04-01", "2026-04-01")
    report = report_on("us-tn-cprs", award, training, on="2026-03-01", readings={"term": "two-years"})
    found = report.finding("training")
    assert ("undetermined", 0) == (found.result, found.short)
    assert any(
        f"it is met if that is at most {most}, and short if it is more" in in_words(why) for why in found.because
    )


@pytest.mark.parametrize("name", ["us-oh-cprs", "us-il-crss", "us-tx-mhps"])
@pytest.mark.parametrize("expires", [None, "2026-03-31"])
def test_the_last_day_is_mentioned_only_where_it_is_computed(name, expires):
    question = next(one for one in ruleset(name).questions if one.id == "last-day")
    award = attrs.evolve(held(name, "2024-04-01", expires), level="full" if name == "us-tx-mhps" else None)
    report = report_on(name, award, on="2026-03-01")
    assert any(text.startswith(question.asks) for text in sentences(report.caveats)) is (expires is None)


@pytest.mark.parametrize("name", ["us-nc-cpss", "us-ny-ypa", "us-ga-cps-mh"])
def test_a_late_window_before_the_due_date_is_unsound(name):
    rules = ruleset(name)

    def with_late_until(days):
        point = RelativeDate(of="due", days=days)
        return attrs.evolve(
            rules,
            procedures=tuple(
                attrs.evolve(
                    procedure,
                    editions=tuple(
                        attrs.evolve(edition, late_until=point, timely_until=None, in_force_until=None)
                        for edition in procedure.editions
                    ),
                )
                if procedure.step == "renewal"
                else procedure
                for procedure in rules.procedures
            ),
        )

    def told(days):
        return [problem for problem in problems_of(with_late_until(days)) if problem.path.endswith("late_until")]

    assert told(-1)
    assert not told(1)
