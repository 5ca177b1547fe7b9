"""What an answer says beside its requirements: the days that it names, and the word that stands above it."""

from datetime import date

import pytest

from boards import AWARD, COVERED, act, asked, board, filed, hours, trained
from peer_ledger import Ledger, evaluate
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._known import known
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.records import Course
from peer_ledger.rules import ByQuestion, Interval, Question, Reading, RelativeDate, TrainingFilter
from remarks import sentences

TO_FILING = {
    "earning": Interval(begins=RelativeDate(of="award"), ends=RelativeDate(of="filing"), cites=("P",)),
    "late_until": RelativeDate(of="due", days=90),
}


@pytest.mark.parametrize(
    ("on", "ends"),
    [
        ("2026-01-01", date(2026, 5, 31)),
        ("2026-05-31", date(2026, 5, 31)),
        ("2026-06-01", date(2026, 8, 29)),
        ("2026-08-29", date(2026, 8, 29)),
    ],
)
def test_training_until_the_filing_counts_until_the_last_day_of_filing(on, ends):
    """Due on May 31, 2026; once that is over, it may be filed late until 90 days after it, August 29."""
    assert asked([AWARD], on, board(edition=TO_FILING)).dates.earning_ends.day == ends


def test_once_it_is_filed_training_counts_until_then():
    report = asked([AWARD, filed("f", "2026-05-10")], "2026-05-20", board(edition=TO_FILING))
    assert report.dates.earning_ends.day == date(2026, 5, 10)


@pytest.mark.parametrize(
    ("records", "on", "status"),
    [
        ([], "2025-06-01", "in progress"),
        ([], "2026-03-01", "in progress"),
        ([], "2026-03-02", "due soon"),
        ([], "2026-05-31", "due soon"),
        ([trained("e", 8)], "2026-05-31", "compliant"),
        ([], "2026-06-01", "lapsed"),
        ([act("s", "suspended", "2025-02-01")], "2025-06-01", "suspended"),
        ([act("s", "surrendered", "2025-02-01")], "2025-06-01", "surrendered"),
        ([act("s", "made-inactive", "2025-02-01")], "2025-06-01", "inactive"),
        ([act("s", "revoked", "2025-02-01")], "2025-06-01", "revoked"),
    ],
)
def test_one_word_says_where_somebody_stands(records, on, status):
    """90 days before May 31, 2026 is March 2: from then on what is short is due soon."""
    report = asked([AWARD, *records], on, board(hours(8)))
    assert report.status == status
    assert report.in_force == ("yes" if status in {"in progress", "due soon", "compliant"} else "no")


# What is short otherwise.


def test_how_much_would_be_short_otherwise_is_told():
    """8 hours are short of 8, or 12 of 12: short they are by either answer, and not as many."""
    question = Question(
        id="twelve", asks="Are 12 asked?",
        readings=(Reading(id="no", says="No.", cites=("P",)), Reading(id="yes", says="Yes, by the page.", cites=("P",))),
        assumed="no", weight="blocking",
    )  # fmt: skip
    need = ByQuestion(by="twelve", values=(("no", 8), ("yes", 12)))
    report = asked([AWARD, trained("e", 2)], "2025-06-01", board(hours(need), questions=(question,)))
    assert (report.hours_outcome, report.finding("training").short, report.questions) == ("short", 6, ())
    says = "Are 12 asked? Assumed: No. If it were “Yes, by the page”, 10 hours of training would be missing."
    assert says in sentences(report.caveats)
    given = asked(
        [AWARD, trained("e", 2)], "2025-06-01", board(hours(need), questions=(question,)), readings={"twelve": "no"}
    )
    assert not any("12" in caveat for caveat in sentences(given.caveats))
    open_ = asked([AWARD, trained("e", 9)], "2025-06-01", board(hours(need), questions=(question,)))
    assert [one.question.id for one in open_.questions] == ["twelve"]
    assert not any("If it were" in caveat for caveat in sentences(open_.caveats))


# What is said aloud.


def test_a_report_calls_trainings_by_their_titles_where_it_has_the_ledger():
    """Its own title, or else that of its course, or else its id; of what is too old only the sum is given."""
    ledger = Ledger()
    ledger.append(
        [
            AWARD,
            *COVERED,
            Course(id="c-1", title="Boundaries at work"),
            trained("e-1", 1, {"other"}, day="2024-07-01", title="Listening"),
            trained("e-2", 1, {"other"}, day="2024-07-01", course="c-1"),
            trained("e-3", 1, {"other"}, day="2024-07-01"),
            *(trained(f"old-{day}", day, day=f"2024-05-0{day}") for day in (1, 2)),
        ]
    )
    recovery = TrainingFilter(topics={"recovery"})
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=board(hours(8, counts=recovery)))
    for text, names in (
        (report.text(ledger), ["Listening", "Boundaries at work", "e-3"]),
        (str(report), ["e-1", "e-2", "e-3"]),
    ):
        _, heading, after = text.partition("\nWhat was not counted, and why:\n")
        left = after.partition("\n\n")[0].splitlines()
        assert heading
        assert left == [
            "  For “So many hours”:",
            "    2 trainings, 3 hours: before June 2, 2024, the first day on which training counts.",
            f"    {'; '.join(f'1 hour on July 1, 2024 ({name})' for name in names)}: not of the kind that counts.",
        ]
    assert report.text() == str(report)


# The order of open questions.


def _open(question_id: str, *, needs: int) -> tuple[Question, ByQuestion]:
    """A blocking question, and a figure that its answer decides: 1 hour, or more."""
    readings = (Reading(id="no", says="No.", cites=("P",)), Reading(id="yes", says="Yes.", cites=("P",)))
    question = Question(id=question_id, asks="More?", readings=readings, assumed="no", weight="blocking")
    return question, ByQuestion(by=question_id, values=(("no", 1), ("yes", needs)))


@pytest.mark.parametrize("reversed_", [False, True])
def test_open_questions_come_in_the_order_of_the_rule_set(reversed_):
    """Whichever requirement is checked first: 2 hours meet 1 and not 3, for each of two requirements."""
    (early, one_need), (later, other_need) = _open("z-early", needs=3), _open("a-later", needs=3)
    requirements = [hours(one_need, "one"), hours(other_need, "other")]
    rules = board(*(reversed(requirements) if reversed_ else requirements), questions=(early, later))
    report = asked([AWARD, trained("e", 2)], "2025-06-01", rules)
    assert [listed.question.id for listed in report.questions] == ["z-early", "a-later"]
    assert [caveat for caveat in sentences(report.assumed.caveats) if caveat.startswith("More?")] == [
        "More? Assumed: No."
    ] * 2


FROM_FILING = {
    "earning": Interval(begins=RelativeDate(of="filing", months=-24), ends=RelativeDate(of="filing"), cites=("P",)),
    "late_until": RelativeDate(of="due", days=90),
}


def test_another_reading_may_leave_two_applications_pending():
    """
    Due on May 31, 2026. One application came on June 20, another was sent on July 10, and one was refused on June 10.

    If the first was sent in time, it is the one that was refused. If it was sent late, both are pending, and it is looked
    at first: training of June 25, 2024, is no older than two years on June 20, but is on July 10.
    """
    rules = board(hours(8), edition=FROM_FILING)
    ledger = Ledger()
    ledger.append(
        [
            *COVERED,
            AWARD,
            filed("f-1", None, received="2026-06-20"),
            filed("f-2", "2026-07-10"),
            act("x", "refused", "2026-06-10"),
            trained("e", 8, day="2024-06-25"),
        ]
    )
    position = Position(known(rules, is_sound=True), {}, consulted={})
    answers = Scenarios(position, history_of(ledger, "p", on=date(2026, 7, 20), credential=rules.id))
    assert ("f-2", 0) == (answers.assumed.life.filing.id, answers.assumed.life.later)
    assert "short" == answers.assumed.components["outcome"]
    for reading, filing, outcome in (("late", "f-1", "met"), ("in-time", "f-2", "short")):
        found = answers.otherwise("filing-sent", reading)
        assert (filing, outcome) == (found.life.filing.id, found.components["outcome"])
    report = evaluate(ledger, "p", on="2026-07-20", ruleset=rules)
    assert "undetermined" == report.outcome
    assert ["filing-sent"] == [one.question.id for one in report.questions]
