"""The answer is the one that all readings give, says what is open, and is the same however it was asked for."""

import gc
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import (
    Ledger,
    check_proof,
    deciding_questions,
    evaluate,
    evaluate_all,
    in_force,
    standing_history,
)
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.evaluation import _finders as engine
from peer_ledger.evaluation import _hours_program as hours_program
from peer_ledger.evaluation import _over_time
from peer_ledger.evaluation import _parts as parts
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._dossiers import Dossiers, history_of
from peer_ledger.example import import_example
from peer_ledger.records import (
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Quantity,
    Review,
    Ruling,
    TrainingEvent,
)
from peer_ledger.rules import (
    FILING_RECEIVED,
    FILING_SENT,
    FILINGS_ON_FILE,
    GIVEN_FOR,
    OF_FACTS,
    PAID_FOR,
    RECORDS_DISAGREE,
    Anniversary,
    ByQuestion,
    Cap,
    Condition,
    Documents,
    Edition,
    EffectiveFrom,
    Hours,
    Interval,
    Part,
    Procedure,
    Question,
    Reading,
    ReadingIs,
    RelativeDate,
    RuleSet,
    Source,
    TrainingFilter,
    Unstated,
)
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import ruleset as bundled
from peer_ledger.testing import days_about
from peer_ledger.testing import lives as bundled_lives
from remarks import in_words, sentences

PAGE = Source(id="P", title="The page", address="https://board.example", kind="board", seen=date(2026, 1, 2))
NC = "us-nc-cpss"
XX = "xx-board"
DAY = timedelta(days=1)


def question(name, *readings, weight="blocking", **more):
    answers = tuple(Reading(id=one, says=f"{one}.", cites=("P",)) for one in readings or ("yes", "no"))
    return Question(id=name, asks=f"Is it {name}?", readings=answers, assumed=answers[0].id, weight=weight, **more)


def by(name, **values):
    return ByQuestion(by=name, values=tuple(values.items()))


def rules(*requirements, questions=(), **more):
    """A rule set with one edition of renewal, whose cycles are two years from day to day."""
    edition = Edition(
        id="renewal-1",
        says="All of it.",
        earning=Interval(begins=RelativeDate(of="last-grant", included=False), cites=("P",)),
        requirements=requirements,
    )
    return RuleSet(
        **{
            "id": XX,
            "name": "Peer specialist",
            "body": "The board",
            "jurisdiction": "xx",
            "time_zone": "UTC",
            "version": "1",
            "seen_on": date(2026, 1, 4),
            "cycle": Anniversary(months=24),
            "cycle_cites": ("P",),
            "sources": (PAGE,),
            "questions": questions,
            "procedures": (Procedure(step="renewal", editions=(edition,)),),
            **more,
        }
    )


def hours(need, name="training", **more):
    return Hours(id=name, says="So many hours.", need=need, cites=("P",), **more)


def event(name, *carried, day="2025-03-04", **more):
    carried = [Credit(amount=amount, topics=topics) for amount, topics in carried]
    return TrainingEvent(id=name, person="p", completed=day, **{"credits": carried or None, **more})


AWARD = Certification(id="c", person="p", credential=XX, act="awarded", on="2024-06-01")
COVERED = Coverage(id="cov-a", covers="document"), Coverage(id="cov-c", covers="certification")


def ledger_of(*records):
    ledger = Ledger()
    ledger.append([AWARD, *COVERED, *records])
    return ledger


# What all readings give.

TOPICS = ("ethics", "recovery", "crisis")


@st.composite
def rule_sets(draw):
    """Rule sets whose figures, conditions and questions hang on up to five questions, some on each other."""
    names = [f"q-{number}" for number in range(draw(st.integers(1, 5)))]
    questions = []
    for place, name in enumerate(names):
        under = None
        if place and draw(st.booleans()):
            above = questions[draw(st.integers(0, place - 1))]
            under = ReadingIs(question=above.id, reading=draw(st.sampled_from([one.id for one in above.readings])))
        first = draw(st.sampled_from([None, None, None, date(2025, 6, 1)]))
        readings = draw(st.sampled_from([("a", "b"), ("a", "b", "c")]))
        weight = draw(st.sampled_from(["blocking", "blocking", "caveat"]))
        questions.append(question(name, *readings, weight=weight, under=under, first_day=first))

    def varying(values):
        if draw(st.booleans()):
            return draw(values)
        one = draw(st.sampled_from(questions))
        return ByQuestion(by=one.id, values=tuple((reading.id, draw(values)) for reading in one.readings))

    def condition():
        one = draw(st.sampled_from(questions))
        reading = draw(st.sampled_from([reading.id for reading in one.readings]))
        return draw(st.sampled_from([None, Condition(question=one.id, reading=reading)]))

    figures = st.sampled_from([Decimal(figure) for figure in (2, 3, 4)])
    together = draw(st.sampled_from(["exclusive", "shared"]))
    parts = tuple(
        Part(
            id=topic, says="Of which.", need=varying(figures), counts=TrainingFilter(topics={topic}), cites=("P",),
            surplus_counts=varying(st.booleans()) if together == "exclusive" else True, only_if=condition(),
        )
        for topic in draw(st.lists(st.sampled_from(TOPICS), unique=True, max_size=2))
    )  # fmt: skip
    caps = tuple(
        Cap(id="cap", says="At most.", at_most=varying(figures), counts=TrainingFilter(topics={"crisis"}), cites=("P",))
        for _ in range(draw(st.integers(0, 1)))
    )
    needs = st.sampled_from([Decimal(figure) for figure in (8, 9, 10, 11)])
    requirements = [
        hours(varying(needs), parts=parts, together=together, caps=caps),
        hours(
            varying(figures),
            "more",
            only_if=condition(),
            repeats=varying(st.sampled_from(["count", "once"])),
            designation=draw(st.sampled_from([None, None, "military"])),
        ),
        Documents(
            id="letter",
            says="A letter.",
            document_kind="reference-letter",
            only_if=condition(),
            cites=("P",),
            need=draw(st.integers(1, 2)),
            from_different=draw(st.booleans()),
        ),
    ]
    made = rules(*requirements[: draw(st.integers(1, 3))], questions=tuple(questions))
    assume(problems_of(made) == ())
    return attrs.evolve(
        made,
        in_force_while_late=varying(st.booleans()),
        after_late=varying(st.sampled_from(["due", "renewal"])),
        after_early=varying(st.sampled_from(["due", "renewal"])),
    )


IDLE = (FILINGS_ON_FILE, FILING_RECEIVED, FILING_SENT, GIVEN_FOR, PAID_FOR, RECORDS_DISAGREE)
"""The questions that do not arise, because in these lives nothing is filed and filing ends with the certificate."""


@st.composite
def lives(draw):
    """A certificate, perhaps renewed, some training, perhaps a letter, and perhaps nothing said of what is on file."""
    records = [AWARD]
    if draw(st.booleans()):
        day = draw(st.sampled_from([date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 20)]))
        records.append(Certification(id="c-2", person="p", credential=XX, act="renewed", on=day))
    for number in range(draw(st.integers(0, 5))):
        topics = draw(st.sampled_from([None, frozenset(), {"ethics"}, {"recovery"}, {"crisis"}, {"ethics", "crisis"}]))
        day = draw(st.sampled_from([date(2024, 6, 2), date(2025, 3, 4), date(2026, 6, 1), date(2026, 7, 1)]))
        amount = draw(st.sampled_from([2, Decimal("2.5"), 3, 4]))
        names = draw(
            st.sampled_from(
                [{}, {"course": "c-1"}, {"title": "Ethics"}, {"title": "ETHICS."}, {"title": f"Title {number}"}]
            )
        )
        records.append(event(f"e-{number}", (amount, topics), day=day, **names))
    for number in range(draw(st.sampled_from([0, 1, 1, 2, 2, 3]))):
        by = draw(st.sampled_from([None, None, "w-1", "w-2"]))
        records.append(Document(id=f"a-{number}", person="p", kind="reference-letter", on=date(2025, 3, 4), by=by))
    return records + draw(st.lists(st.sampled_from(COVERED), unique=True))


@given(
    rule_sets(),
    lives(),
    st.sampled_from([date(2025, 5, 31), date(2025, 6, 1), date(2026, 6, 1), date(2026, 8, 1)]),
    st.booleans(),
)
@effort(sized(100, 40))
def test_decided_is_what_all_combinations_of_readings_agree_in(ruleset, records, on, strict):
    """The definition, word for word: every combination of the open readings is asked for by itself."""
    ledger = Ledger()
    ledger.append(records)
    report = evaluate(ledger, "p", on=on, ruleset=ruleset, strict=strict)
    everything = (*ruleset.questions, *(one for one in OF_FACTS if one not in IDLE))
    free = [one for one in everything if strict or one.weight == "blocking"]
    names = [one.id for one in free]
    answers = [
        evaluate(ledger, "p", on=on, ruleset=ruleset, readings=dict(zip(names, taken, strict=True)))
        for taken in product(*([reading.id for reading in one.readings] for one in free))
    ]
    for name in ("standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status"):
        values = {getattr(answer, name) for answer in answers}
        assert getattr(report, name) == (values.pop() if len(values) == 1 else "undetermined"), name
    for name in ("due", "late_until", "earning_begins", "earning_ends"):
        days = {found.day for answer in answers if (found := getattr(answer.dates, name)) is not None}
        shown = getattr(report.dates, name)
        assert set(() if shown is None else shown.candidates) == days
    kept = {answer.designations for answer in answers}
    assert report.standing == "undetermined" or len(kept) > 1 or kept == {report.designations}
    assert {one.question.id for one in report.questions} == open_by_definition(free, names, answers)
    assert check_proof(report) == check_proof(report.assumed) == ()


def open_by_definition(free, names, answers):
    """A question is open when changing its reading alone, in some combination, changes a component or a date."""
    said = {}
    for taken, answer in zip(product(*([one.id for one in q.readings] for q in free)), answers, strict=True):
        days = tuple((name, day.candidates) for name, day in answer.dates.items())
        parts = answer.standing, answer.in_force, answer.outcome, answer.hours_outcome, answer.documents_outcome
        said[taken] = (*parts, answer.status, answer.designations, days)
    found = set()
    for place, name in enumerate(names):
        groups = {}
        for taken, answer in said.items():
            groups.setdefault(taken[:place] + taken[place + 1 :], set()).add(answer)
        if any(len(group) > 1 for group in groups.values()):
            found.add(name)
    return found


def test_questions_that_matter_only_together_are_both_open():
    """Ethics on top needs more hours, unless the surplus counts: each alone changes nothing, both together do."""
    ruleset = rules(
        hours(by("first", yes=8, no=by("second", yes=8, no=9))), questions=(question("first"), question("second"))
    )
    report = evaluate(ledger_of(event("e", (8, None))), "p", on="2025-06-01", ruleset=ruleset)
    assert report.outcome == "undetermined"
    assert [one.question.id for one in report.questions] == ["first", "second"]
    closed = evaluate(
        ledger_of(event("e", (8, None))), "p", on="2025-06-01", ruleset=ruleset, readings={"first": "yes"}
    )
    assert (closed.outcome, closed.questions) == ("met", ())


def test_a_question_that_changes_nothing_is_not_mentioned():
    """8 or 9 hours are asked, and 9 are there."""
    ruleset = rules(hours(by("first", yes=8, no=9)), questions=(question("first"),))
    report = evaluate(ledger_of(event("e", (9, None))), "p", on="2025-06-01", ruleset=ruleset)
    assert (report.outcome, report.questions) == ("met", ())
    assert "Is it first?" not in str(report)
    assert "not settled" not in str(report)
    assert report.assumed is report


def test_more_combinations_than_can_be_looked_at_leave_the_answer_undetermined_and_are_named(monkeypatch):
    """Of nine questions that one requirement asks there are 512 combinations; the report says which they are."""
    monkeypatch.setattr(parts, "MOST_COMBINATIONS", 511)
    names = [f"q-{number}" for number in range(9)]
    asked = tuple(Part(id=f"part-{name}", says="So many.", need=by(name, yes=1, no=2), cites=("P",)) for name in names)
    ruleset = rules(hours(20, parts=asked, together="exclusive"), questions=tuple(question(name) for name in names))
    ledger = ledger_of(event("e", (20, None)))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset)
    assert {report.standing, report.in_force, report.outcome, report.status} == {"undetermined"}
    assert [one.question.id for one in report.questions] == names
    assert any("not all combinations" in caveat for caveat in sentences(report.caveats))
    assert report.assumed.outcome == "met"
    some = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset, readings={"q-0": "yes"})
    assert (some.standing, some.in_force, some.outcome) == ("current", "yes", "met")
    assert not any("not all combinations" in caveat for caveat in sentences(some.caveats))


def test_many_questions_of_which_no_requirement_asks_many_leave_nothing_undetermined_but_what_they_change(monkeypatch):
    """Nine requirements ask one question each: the 512 combinations of all are not looked at."""
    monkeypatch.setattr(parts, "MOST_COMBINATIONS", 511)
    names = [f"q-{number}" for number in range(9)]
    requirements = [hours(by(name, yes=1, no=9), f"hours-{name}") for name in names]
    ruleset = rules(*requirements, questions=tuple(question(name) for name in names))
    report = evaluate(ledger_of(event("e", (8, None))), "p", on="2025-06-01", ruleset=ruleset)
    assert (report.standing, report.in_force, report.outcome) == ("current", "yes", "undetermined")
    assert [one.question.id for one in report.questions] == names
    assert not any("not all combinations" in caveat for caveat in sentences(report.caveats))
    enough = evaluate(ledger_of(event("e", (9, None))), "p", on="2025-06-01", ruleset=ruleset)
    assert (enough.outcome, enough.questions) == ("met", ())


def test_each_answer_says_what_every_component_would_be_and_what_differs_from_the_assumed_one():
    ruleset = rules(hours(by("first", yes=8, no=9)), questions=(question("first"),))
    report = evaluate(ledger_of(event("e", (8, None))), "p", on="2026-05-01", ruleset=ruleset)
    [one] = report.questions
    assumed, other = one.alternatives
    assert (assumed.reading.id, assumed.gives) == ("yes", ())
    assert dict(assumed.answer)["status"] == "compliant"
    assert other.reading.cites == ("P",)
    assert dict(other.gives) == {"outcome": "short", "hours": "short", "status": "due soon"}
    assert dict(other.answer)["due"] == "2026-05-31"


def test_a_question_cites_what_its_readings_cite_in_their_order_and_each_source_once():
    """The first reading rests on a code and on the page, the second on the page."""
    asked = question("first")
    cited = [
        attrs.evolve(reading, cites=cites) for reading, cites in zip(asked.readings, (("C", "P"), ("P",)), strict=True)
    ]
    code = attrs.evolve(PAGE, id="C", title="The code")
    ruleset = rules(
        hours(by("first", yes=8, no=9)), questions=(attrs.evolve(asked, readings=tuple(cited)),), sources=(PAGE, code)
    )
    [one] = evaluate(ledger_of(event("e", (8, None))), "p", on="2026-05-01", ruleset=ruleset).questions
    assert [source.id for source in one.cites] == ["C", "P"]


def test_the_full_report_under_the_assumed_readings_is_an_attribute_away():
    ruleset = rules(hours(by("first", yes=8, no=9)), questions=(question("first"),))
    report = evaluate(ledger_of(event("e", (8, None))), "p", on="2026-05-01", ruleset=ruleset)
    assert (report.status, report.assumed.status) == ("undetermined", "compliant")
    assert (report.assumed.questions, report.assumed.assumed) == ((), report.assumed)
    assert "Is it first? Assumed: yes." in sentences(report.assumed.caveats)


def test_a_caveat_is_named_and_a_strict_call_leaves_it_open():
    ruleset = rules(hours(by("first", yes=8, no=9)), questions=(question("first", weight="caveat"),))
    ledger = ledger_of(event("e", (8, None)))
    report = evaluate(ledger, "p", on="2026-05-01", ruleset=ruleset)
    assert (report.status, report.questions) == ("compliant", ())
    assert "Is it first? Assumed: yes." in sentences(report.caveats)
    strict = evaluate(ledger, "p", on="2026-05-01", ruleset=ruleset, strict=True)
    assert (strict.status, [one.question.id for one in strict.questions]) == ("undetermined", ["first"])


@pytest.mark.parametrize("readings", [{"frist": "yes"}, {"first": "yess"}])
def test_a_reading_that_is_not_there_is_refused_with_those_that_are(readings):
    ruleset = rules(hours(by("first", yes=8, no=9)), questions=(question("first"),))
    ledger = ledger_of()
    for ask in (
        lambda: evaluate(ledger, "p", on="2026-05-01", ruleset=ruleset, readings=readings),
        lambda: list(evaluate_all(ledger, on="2026-05-01", ruleset=ruleset, readings=readings)),
        lambda: list(in_force(ledger, [("p", "2026-05-01")], ruleset=ruleset, readings=readings)),
        lambda: standing_history(ledger, "p", until="2026-05-01", ruleset=ruleset, readings=readings),
    ):
        with pytest.raises(InvalidValue, match="did you mean"):
            ask()


def test_a_rule_set_that_is_not_sound_is_refused_before_anything_is_answered():
    ruleset = rules(hours(by("frist", yes=8, no=9)), questions=(question("first"),))
    with pytest.raises(InvalidData, match="'frist' is not one of the questions"):
        evaluate(ledger_of(), "p", on="2026-05-01", ruleset=ruleset)


# The cost grows with what the records touch.


def test_a_person_whom_no_question_touches_is_answered_once(monkeypatch):
    """The questions hang on requirements that are not asked of somebody without the designation."""
    names = [f"q-{number}" for number in range(20)]
    touched = [hours(by(name, yes=1, no=9), f"hours-{name}", only_if=Condition(holds="military")) for name in names]
    ruleset = rules(hours(8), *touched, questions=tuple(question(name) for name in names))
    looked_at, is_asked = Counter(), Context.is_asked
    monkeypatch.setattr(Context, "is_asked", lambda self, rule: looked_at.update([rule.id]) or is_asked(self, rule))
    report = evaluate(ledger_of(event("e", (8, None))), "p", on="2025-06-01", ruleset=ruleset)
    assert report.outcome == "met"
    assert looked_at.keys() >= {f"hours-{name}" for name in names}
    assert max(looked_at.values()) <= 3
    assert report.questions == ()


real = engine.check_requirement


def test_what_a_question_does_not_touch_is_worked_out_once(monkeypatch):
    """Of three requirements one hangs on the question: it is judged under both readings, the others once."""
    ruleset = rules(
        hours(8), hours(by("first", yes=8, no=9), "other"), hours(2, "third"), questions=(question("first"),)
    )
    worked = Counter()
    compiled = hours_program.HoursProgram.__init__
    monkeypatch.setattr(
        hours_program.HoursProgram,
        "__init__",
        lambda self, context, one, kinds: worked.update([one.id]) or compiled(self, context, one, kinds),
    )
    assert evaluate(ledger_of(event("e", (8, None))), "p", on="2025-06-01", ruleset=ruleset).outcome == "undetermined"
    assert worked == {"training": 1, "other": 2, "third": 1}


# Records that are not all on file.


def test_what_no_coverage_speaks_of_is_one_question_for_each_kind_of_record():
    letter = Documents(id="letter", says="A letter.", document_kind="reference-letter", cites=("P",))
    fee = Documents(id="fee", says="A fee.", document_kind="fee", cites=("P",))
    ledger = Ledger()
    ledger.append([AWARD, event("e", (8, None))])
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8), letter, fee))
    assert (report.hours_outcome, report.documents_outcome) == ("met", "undetermined")
    assert [one.question.id for one in report.questions] == ["documents-on-file"]
    assert [finding.result for finding in report.findings] == ["met", "undetermined", "undetermined"]
    for reading, outcome in (("all", "short"), ("not-all", "met")):
        closed = evaluate(
            ledger,
            "p",
            on="2025-06-01",
            ruleset=rules(hours(8), letter, fee),
            readings={"documents-on-file": reading},
        )
        assert (closed.documents_outcome, closed.questions) == (outcome, ())


def test_past_the_last_day_it_is_asked_whether_every_act_is_on_file():
    ledger = Ledger()
    ledger.append([AWARD, COVERED[0]])
    report = evaluate(ledger, "p", on="2026-06-01", ruleset=rules(hours(8)))
    assert (report.standing, report.in_force, report.status) == ("undetermined",) * 3
    assert [one.question.id for one in report.questions] == ["certifications-on-file"]
    closed = evaluate(ledger, "p", on="2026-06-01", ruleset=rules(hours(8)), readings={"certifications-on-file": "all"})
    assert (closed.standing, closed.in_force) == ("lapsed", "no")
    assert list(in_force(ledger, [("p", "2026-06-01")], ruleset=rules(hours(8)))) == ["undetermined"]


# Figures that nobody states.


def thresholds(need, **more):
    return rules(hours(need, **more))


LETTER = Unstated(says="the hours that the board's letter asks")


def test_an_unknown_number_of_hours_gives_the_threshold():
    """14 hours are on file: it is met if the letter asks 14 or fewer."""
    ledger = ledger_of(event("e", (10, {"ethics"}), (4, {"recovery"})))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(LETTER)))
    finding = report.finding("training")
    assert (report.outcome, finding.result, finding.need, finding.counted) == ("undetermined", "undetermined", None, 14)
    assert (
        in_words(finding.because) == "no source states the hours that the board's letter asks; "
        "it is met if that is at most 14 hours, and short if it is more"
    )
    assert "14 hours counted" in str(report)
    assert report.to_dict()["findings"][0]["need"] is None


@pytest.mark.parametrize(("figure", "result"), [("14", "met"), ("14.25", "short")])
def test_a_ruling_states_the_number_for_the_person(figure, result):
    ruling = Ruling(
        id="r", person="p", credential=XX, on="2024-06-01", requirement="training", effect="sets",
        figure=Quantity(amount=figure, unit="hour"),
    )  # fmt: skip
    ledger = ledger_of(event("e", (14, None)), ruling)
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(LETTER)))
    assert (report.outcome, report.finding("training").result) == (result, result)


def test_an_unknown_number_does_not_hide_what_is_short_whatever_it_is():
    """3 hours of ethics are asked within the unknown number, and 2 are there."""
    ethics = Part(id="ethics", says="3 of ethics.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    ledger = ledger_of(event("e", (2, {"ethics"}), (12, {"recovery"})))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(LETTER, parts=(ethics,))))
    assert (report.outcome, report.finding("ethics").result) == ("short", "short")


amounts = st.sampled_from([Decimal(one) for one in ("0.25", "1", "1.5", "2", "3")])


@given(
    st.lists(st.tuples(amounts, st.sampled_from([{"ethics"}, {"recovery"}, {"crisis"}])), max_size=5),
    st.sampled_from(["need", "part", "cap"]),
)
def test_the_threshold_is_where_the_stated_figure_would_turn_the_answer(carried, where):
    """Every quarter of an hour is tried as if it were stated; the last that is met is the one the finding names."""

    def made(figure):
        part = Part(
            id="ethics", says="Ethics.", need=figure if where == "part" else 1, counts=TrainingFilter(topics={"ethics"}),
            cites=("P",),
        )  # fmt: skip
        cap = Cap(
            id="cap", says="At most.", at_most=figure if where == "cap" else 3, counts=TrainingFilter(topics={"crisis"}),
            cites=("P",),
        )  # fmt: skip
        return rules(hours(figure if where == "need" else 4, parts=(part,), caps=(cap,)))

    ledger = ledger_of(event("e", *carried) if carried else event("e", credits=()))
    finding = evaluate(ledger, "p", on="2025-06-01", ruleset=made(Unstated(says="it"))).finding("training")
    quarters = [Decimal(number) / 4 for number in range(1, 80)]
    met = [one for one in quarters if problems_of(made(one)) == () and is_met(ledger, made(one))]
    [said] = [reason for reason in finding.because if reason.kind == "figure-decides"] or [None]
    if not met:
        assert finding.result == "short" or where == "cap" or (said["amount"], said["is_cap"]) == (0, False)
    elif where == "part" and met[-1] == 4:  # a part is no more than its whole; the finding may say more of it
        assert (said["amount"] >= 4, said["is_cap"], said["is_sure"]) == (True, False, True)
    elif where == "cap" and len(met) == len(quarters):
        assert finding.result == "met" or (said["amount"] in (0, Fraction(1, 4)), said["is_cap"]) == (True, True)
    else:
        least = where == "cap"
        assert (said["amount"], said["is_cap"], said["is_sure"]) == (met[0] if least else met[-1], least, True)


def is_met(ledger, ruleset):
    return evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset).outcome == "met"


# The smallest addition.


def test_a_finding_names_the_smallest_addition_and_what_it_must_serve():
    """2 of 3 hours of ethics and 5 others, of 20: one hour of ethics, and 12 of anything."""
    ethics = Part(id="ethics", says="3 of ethics.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    ledger = ledger_of(event("e", (2, {"ethics"}), (5, {"recovery"})))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(20, parts=(ethics,))))
    finding = report.finding("training")
    assert finding.short == 13
    assert sorted((one.serves[0], one.amount) for one in finding.additions) == [
        ("ethics", Fraction(1)),
        ("training", Fraction(12)),
    ]
    assert "Still missing: 12 hours of training, 1 hour of ethics." in str(report).splitlines()[0]


# What cannot be split, and what was repeated.

HALVES = (
    Part(id="ethics", says="3.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",)),
    Part(id="crisis", says="3.", need=3, counts=TrainingFilter(topics={"crisis"}), cites=("P",)),
)
BOTH = {"ethics", "crisis"}


@pytest.mark.parametrize(("divisible", "short"), [(True, 0), (False, 1)])
def test_a_credit_is_split_between_parts_unless_the_rule_says_otherwise(divisible, short):
    """2 + 2 + 2 hours that may serve both parts of 3: split, all 6 sit; as wholes, one part has 4 and the other 2."""
    ruleset = rules(hours(6, parts=HALVES, together="exclusive", divisible=divisible))
    ledger = ledger_of(event("e", (2, BOTH), (2, BOTH), (2, BOTH)))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset)
    assert (report.finding("training").short, check_proof(report)) == (short, ())


def test_more_ways_to_place_wholes_than_can_be_looked_at_leave_it_undetermined_or_short():
    """40 credits of half an hour each sit in one of two parts: 2 to the 40th ways. 20 hours may do; 19.5 cannot."""
    ruleset = rules(hours(20, parts=HALVES, together="exclusive", divisible=False))
    carried = [("0.5", BOTH) for _ in range(40)]
    for some, outcome in ((carried, "undetermined"), (carried[1:], "short")):
        report = evaluate(ledger_of(event("e", *some)), "p", on="2025-06-01", ruleset=ruleset)
        assert report.outcome == outcome
        assert check_proof(report) == ()


def test_equal_repeats_of_many_courses_are_no_combinations():
    """30 courses were taken twice each, the second time for no more: the first times count, 30 of 30."""
    ruleset = rules(hours(30, repeats="once"))
    twice = [
        event(f"e-{number}-{time}", (1, None), course=f"c-{number}", day=f"2025-03-{time:02}")
        for number in range(30)
        for time in (1, 2)
    ]
    report = evaluate(ledger_of(*twice), "p", on="2025-06-01", ruleset=ruleset)
    assert report.outcome == "met"
    left = [
        line.record
        for line in report.finding("training").lines
        if line.why_not is not None and line.why_not.kind == "same-course"
    ]
    assert left == [f"e-{number}-2" for number in sorted(range(30), key=lambda one: f"e-{one}-2")]


@pytest.mark.parametrize(
    ("topics", "outcome"),
    [({"crisis"}, "short"), (None, "undetermined"), (frozenset(), "met"), ({"recovery"}, "met")],
)
def test_training_of_which_nobody_knows_whether_a_cap_holds_leaves_it_open(topics, outcome):
    """At most 3 of the 8 hours on crisis: of 8 hours on nobody knows what, perhaps 3 count and perhaps all."""
    cap = Cap(id="cap", says="At most 3.", at_most=3, counts=TrainingFilter(topics={"crisis"}), cites=("P",))
    report = evaluate(ledger_of(event("e", (8, topics))), "p", on="2025-06-01", ruleset=rules(hours(8, caps=(cap,))))
    assert report.outcome == outcome


# One roster.


def test_over_a_roster_one_table_says_how_many_hinge_on_each_question_and_with_what_outcomes():
    """Two of three people hinge on the first question, one of them on the second too."""
    ruleset = rules(
        hours(by("first", yes=8, no=9)),
        hours(by("second", yes=1, no=9), "other"),
        questions=(question("first"), question("second")),
    )
    ledger = Ledger()
    for person, amount in (("a", 8), ("b", 8), ("c", 9)):
        ledger.append(
            [
                Certification(id=f"c-{person}", person=person, credential=XX, act="awarded", on="2024-06-01"),
                TrainingEvent(id=f"e-{person}", person=person, completed="2025-03-04", credits=[Credit(amount=amount)]),
                *COVERED,
            ]
        )
    first, second = deciding_questions(evaluate_all(ledger, on="2025-06-01", ruleset=ruleset))
    assert (first.question.id, first.people) == ("first", ("a", "b"))
    assert (second.question.id, second.people) == ("second", ("a", "b"))
    assert first.count("yes", "outcome", "met") == 2
    assert first.count("no", "outcome", "short") == 2
    assert first.count("no", "outcome", "met") == 0
    fixed = deciding_questions(
        evaluate_all(ledger, on="2025-06-01", ruleset=ruleset, readings={"first": "yes", "second": "yes"})
    )
    assert fixed == ()


def test_a_roster_is_taken_as_it_is_when_it_is_first_asked_about():
    ledger = ledger_of(event("e", (8, None)))
    reports = evaluate_all(ledger, on="2025-06-01", ruleset=rules(hours(8)))
    first = next(reports)
    ledger.append(Certification(id="c-z", person="z", credential=XX, act="awarded", on="2024-06-01"))
    assert (first.person, list(reports)) == ("p", [])


def test_in_force_in_bulk_is_what_the_reports_say():
    ruleset = rules(hours(8))
    ledger = ledger_of(Certification(id="c-2", person="p", credential=XX, act="renewed", on="2026-07-15"))
    days = [date(2024, 5, 31) + timedelta(days=number) for number in range(0, 900, 7)] + [
        date(2026, 5, 31),
        date(2026, 6, 1),
    ]
    bulk = list(in_force(ledger, [("p", day) for day in days], ruleset=ruleset))
    assert bulk == [evaluate(ledger, "p", on=day, ruleset=ruleset).in_force for day in days]
    assert set(bulk) == {"yes", "no"}


def test_in_force_for_many_days_looks_at_one_day_of_each_period(monkeypatch):
    """Certified June 1, 2024, late from June 1, 2026, renewed July 15, 2026: few days of 900 have to be looked at."""
    ruleset = rules(hours(8))
    ledger = ledger_of(Certification(id="c-2", person="p", credential=XX, act="renewed", on="2026-07-15"))
    days = [date(2024, 5, 31) + timedelta(days=number) for number in range(900)]
    looked_at = []
    real = _over_time._stands
    monkeypatch.setattr(_over_time, "_stands", lambda answers: looked_at.append(answers.history.on) or real(answers))
    bulk = list(in_force(ledger, [("p", day) for day in days], ruleset=ruleset))
    looked_at_for_all = len(looked_at)
    assert bulk == [evaluate(ledger, "p", on=day, ruleset=ruleset).in_force for day in days]
    assert looked_at_for_all < 15
    for order in (days[::-1], random.Random(1).sample(days, len(days))):
        looked_at.clear()
        found = dict(zip(order, in_force(ledger, [("p", day) for day in order], ruleset=ruleset), strict=True))
        assert len(looked_at) < 25
        assert found == dict(zip(days, bulk, strict=True))


def test_in_force_backward_over_a_lapse_sees_the_late_window_before_it():
    """In force until June 1, 2026, then late but in force for six months; each day is asked about before earlier ones."""
    plain = rules(hours(8))
    late = attrs.evolve(plain.procedures[0].editions[0], late_until=RelativeDate(of="due", months=6))
    procedures = (Procedure(step="renewal", editions=(late,)),)
    ruleset = attrs.evolve(plain, procedures=procedures, in_force_while_late=True)
    days = [date(2027, 6, 30) - timedelta(days=number) for number in range(0, 500, 20)]
    bulk = list(in_force(ledger_of(), [("p", day) for day in days], ruleset=ruleset))
    assert bulk == [evaluate(ledger_of(), "p", on=day, ruleset=ruleset).in_force for day in days]
    assert (bulk.count("no"), bulk[-1]) == (11, "yes")


ORDERED = ("us-nc-cpss", "us-or-crm", "us-tx-mhps", "us-ky-apss")


@given(st.sampled_from(ORDERED), st.data())
@effort(60)
def test_in_force_is_the_same_in_whatever_order_days_are_asked_about(name, data):
    chosen = bundled(name)
    records = data.draw(bundled_lives(chosen))
    days = data.draw(st.lists(days_about(chosen, records), min_size=1, max_size=12))
    ledger = Ledger()
    ledger.append(records)
    bulk = list(in_force(ledger, [("p", day) for day in days], ruleset=chosen))
    assert bulk == [evaluate(ledger, "p", on=day, ruleset=chosen).in_force for day in days]


def test_a_life_changes_on_the_days_of_editions_known_as_a_range_and_by_method():
    """A late window that begins between two days leaves open, from the first to the last, whether one is late."""
    window = Edition(
        id="renewal-2",
        says="A late window.",
        late_until=RelativeDate(of="due", months=6),
        begins=EffectiveFrom(not_before=date(2026, 6, 10), not_after=date(2026, 6, 20), cites=("P",)),
    )
    plain = rules(hours(8))
    first = plain.procedures[0].editions[0]
    ruleset = attrs.evolve(plain, procedures=(Procedure(step="renewal", editions=(first, window)),))
    periods = standing_history(ledger_of(), "p", until="2026-07-01", ruleset=ruleset)
    assert [(period.begins.isoformat(), period.standing) for period in periods] == [
        ("2024-06-01", "current"),
        ("2026-06-01", "lapsed"),
        ("2026-06-10", "undetermined"),
        ("2026-06-20", "late"),
    ]


# What was corrected is still meant by those who named it before.


def test_a_corrected_course_still_fills_what_its_events_leave_out():
    ledger = ledger_of(Course(id="eth", title="Ethics", credits=[Credit(amount=2)]), event("e", course="eth"))
    ledger.correct("eth", {"credits": [Credit(amount=8)]}, reason="a slip")
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8))).outcome == "met"
    ledger.correct("eth~2", {"credits": [Credit(amount=7)]}, reason="another")
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8))).finding("training").short == 1


def test_another_course_whose_id_looks_like_a_later_state_is_not_taken_for_one():
    ledger = ledger_of(
        Course(id="eth", title="Ethics", credits=[Credit(amount=2)]),
        Course(id="eth~7", title="Other", credits=[Credit(amount=8)]),
        event("e", course="eth"),
    )
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8))).finding("training").short == 6


def test_a_review_stands_when_the_event_it_is_about_is_corrected():
    rejected = Review(id="r", person="p", event="e", decision="rejected", on="2025-04-01")
    ledger = ledger_of(event("e", (8, None)), rejected)
    ledger.correct("e", {"delivery": "in-person"}, reason="a slip")
    [one] = history_of(ledger, "p", on=date(2025, 6, 1), credential=XX).events
    assert (one.record.id, in_words(one.why_not)) == ("e~2", "rejected in review on April 1, 2025")


def test_the_last_review_counts_whichever_state_it_names():
    reviews = [
        Review(id="r-1", person="p", event="e", decision="rejected", on="2025-04-01"),
        Review(id="r-2", person="p", event="e~2", decision="approved", on="2025-04-02"),
    ]
    ledger = ledger_of(event("e", (8, None)), *reviews)
    ledger.correct("e", {"delivery": "in-person"}, reason="a slip")
    [one] = history_of(ledger, "p", on=date(2025, 6, 1), credential=XX).events
    assert in_words(one.why_not) is None


def test_an_act_decides_a_filing_that_was_corrected_since():
    filing = Filing(id="f", person="p", credential=XX, step="renewal", sent="2026-05-20")
    refused = Certification(id="c-2", person="p", credential=XX, act="refused", on="2026-05-25", filing="f")
    ledger = ledger_of(filing, refused)
    ledger.correct("f", {"sent": "2026-05-21"}, reason="a slip")
    assert evaluate(ledger, "p", on="2026-05-28", ruleset=rules(hours(8))).pending_since is None


def test_a_dossier_looked_at_on_a_day_is_the_history_of_that_day():
    ledger = ledger_of(event("e", (8, None)))
    dossier = Dossiers(ledger).of("p")
    for day in (date(2025, 3, 3), date(2025, 3, 4)):
        assert dossier.on(day, credential=XX) == history_of(ledger, "p", on=day, credential=XX)


# Cycles.


def test_a_renewal_that_comes_long_after_the_due_date_says_that_one_before_it_seems_to_be_missing():
    """Due on May 31, 2014, renewed in May 2018: that closes the cycle to May 31, 2018, and the next ends in 2020."""
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c-1", person="p", credential=XX, act="awarded", on="2012-06-01"),
            Certification(id="c-2", person="p", credential=XX, act="renewed", on="2018-05-10"),
        ]
    )
    report = evaluate(ledger, "p", on="2019-01-01", ruleset=rules(hours(8)))
    assert (report.standing, report.dates.due.day) == ("current", date(2020, 5, 31))
    assert any("an earlier one seems not to be on file" in caveat for caveat in sentences(report.caveats))


# What the board did.


def acts(*some):
    return [
        Certification(id=f"a-{place}", person="p", credential=XX, act=act, on=on, expires=expires)
        for place, (act, on, expires) in enumerate(some)
    ]


def asked(records, on, **more):
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    return evaluate(ledger, "p", on=on, ruleset=rules(hours(8)), **more)


def test_an_act_that_two_systems_recorded_is_one_act():
    """Awarded on March 14, 2024 and renewed once: due on March 13, 2028, not 2030; a printed expiry says more than none."""
    twice = acts(("awarded", "2024-03-14", None), ("renewed", "2026-03-10", None), ("renewed", "2026-03-10", None))
    report = asked(twice, "2026-06-01")
    assert report.dates.due.day == date(2028, 3, 13)
    assert any("acts of the same kind count as one" in caveat for caveat in sentences(report.caveats))
    for order in (1, -1):
        printed = [("renewed", "2026-03-10", None), ("renewed", "2026-03-10", "2028-03-31")][::order]
        report = asked(acts(("awarded", "2024-03-14", None), *printed), "2026-06-01")
        assert report.dates.due.day == date(2028, 3, 31)


def test_a_second_renewal_of_a_cycle_that_has_barely_begun_is_noted():
    some = acts(("awarded", "2024-03-14", None), ("renewed", "2026-03-05", None), ("renewed", "2026-03-10", None))
    assert any(
        "is early; if it was recorded twice" in caveat for caveat in sentences(asked(some, "2026-06-01").caveats)
    )


@pytest.mark.parametrize("order", [1, -1])
def test_acts_of_one_day_take_effect_in_one_order_however_they_were_recorded(order):
    """A suspension of the day of a reinstatement is lifted by it."""
    some = [("suspended", "2025-01-10", None), ("reinstated", "2025-01-10", None)][::order]
    assert asked(acts(("awarded", "2024-03-14", None), *some), "2025-02-01").standing == "current"


def test_a_suspension_that_is_lifted_leaves_the_cycle_as_it_was():
    some = acts(("awarded", "2024-03-14", None), ("suspended", "2025-01-10", None), ("reinstated", "2025-03-10", None))
    report = asked([*some, event("e", (8, None), day="2024-06-01")], "2025-06-01")
    assert (report.dates.due.day, report.outcome) == (date(2026, 3, 13), "met")


def test_a_reinstatement_after_a_revocation_begins_another_cycle():
    some = acts(("awarded", "2024-03-14", None), ("revoked", "2025-01-10", None), ("reinstated", "2025-03-10", None))
    assert asked(some, "2025-06-01").dates.due.day == date(2027, 3, 9)


@pytest.mark.parametrize("expires", ["1900-01-01", "2199-12-31"])
def test_a_date_at_the_end_of_the_calendar_stops_nobody(expires):
    ledger = Ledger()
    ledger.append([AWARD, Certification(id="z", person="z", credential=XX, act="awarded", expires=expires)])
    assert [one.person for one in evaluate_all(ledger, on="2025-06-01", ruleset=rules(hours(8)))] == ["p", "z"]


def test_cycles_of_a_month_come_to_an_end():
    """Awarded on June 1, 2024 and renewed on June 28: the next cycle is July."""
    ruleset = rules(hours(8), cycle=Anniversary(months=1))
    ledger = ledger_of(Certification(id="c-2", person="p", credential=XX, act="renewed", on="2024-06-28"))
    assert evaluate(ledger, "p", on="2024-07-02", ruleset=ruleset).dates.due.day == date(2024, 7, 31)


def test_an_edition_may_be_chosen_by_the_first_day_of_the_cycle():
    """The second edition begins within the cycle; it governs the next one."""
    plain = rules(hours(8))
    first = plain.procedures[0].editions[0]
    second = Edition(
        id="renewal-2", says="9.", requirements=(hours(9),), begins=EffectiveFrom(day=date(2025, 1, 1), cites=("P",))
    )
    editions = Procedure(step="renewal", decided_by="cycle-start", editions=(first, second))
    ledger = ledger_of(Certification(id="c-2", person="p", credential=XX, act="renewed", on="2026-05-20"))
    for on, edition in (("2025-05-01", "renewal-1"), ("2026-05-31", "renewal-2")):
        report = evaluate(ledger, "p", on=on, ruleset=attrs.evolve(plain, procedures=(editions,)))
        assert report.provenance.edition == edition


# Rulings.


def ruling(requirement, effect, figure=None, unit="hour", **more):
    quantity = None if figure is None else Quantity(amount=figure, unit=unit)
    return Ruling(
        id="r", person="p", credential=XX, **{"on": "2025-01-01", "requirement": requirement, "effect": effect,
        "figure": quantity, **more},
    )  # fmt: skip


def test_a_ruling_waives_a_part_or_a_cap_as_it_waives_a_requirement():
    ethics = Part(id="ethics", says="3.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    cap = Cap(id="cap", says="At most 3.", at_most=3, counts=TrainingFilter(topics={"crisis"}), cites=("P",))
    ruleset = rules(hours(8, parts=(ethics,)), hours(8, "other", caps=(cap,)))
    crisis = event("e", (8, {"crisis"}))
    for requirement, results in (("ethics", ["met", "short"]), ("cap", ["short", "met"])):
        report = evaluate(ledger_of(crisis, ruling(requirement, "waives")), "p", on="2025-06-01", ruleset=ruleset)
        assert [report.finding(one).result for one in ("training", "other")] == results


def test_a_ruling_sets_figures_in_their_unit_and_numbers_of_documents_and_caps():
    letters = Documents(id="letters", says="2.", document_kind="reference-letter", need=2, cites=("P",))
    cap = Cap(id="cap", says="At most 3.", at_most=3, counts=TrainingFilter(topics={"crisis"}), cites=("P",))
    ruleset = rules(hours(20, caps=(cap,)), letters)
    letter = Document(id="l", person="p", kind="reference-letter", on="2025-03-04")
    some = [event("e", (5, {"recovery"}), (5, {"crisis"})), letter]
    for one, met in (
        (ruling("training", "sets", 480, "minute"), ["met", "short"]),
        (ruling("training", "sets", 481, "minute"), ["short", "short"]),
        (ruling("letters", "sets", 1, "document"), ["short", "met"]),
    ):
        report = evaluate(ledger_of(*some, one), "p", on="2025-06-01", ruleset=ruleset)
        assert [finding.result for finding in report.findings] == met
    report = evaluate(ledger_of(*some, ruling("cap", "sets", 5)), "p", on="2025-06-01", ruleset=ruleset)
    assert report.finding("training").counted == 10


def test_a_ruling_about_nothing_is_noted():
    report = evaluate(ledger_of(ruling("lettres", "waives")), "p", on="2025-06-01", ruleset=rules(hours(8)))
    assert any("Ruling r refers to an unknown requirement" in caveat for caveat in sentences(report.caveats))


def test_a_ruling_moves_the_due_date_of_its_own_cycle_and_the_last_day_of_filing_late():
    due = ruling("due", "moves", day=date(2026, 8, 31))
    assert evaluate(ledger_of(due), "p", on="2026-07-01", ruleset=rules(hours(8))).standing == "current"
    late = ruling("late_until", "moves", day=date(2026, 8, 31))
    report = evaluate(ledger_of(late), "p", on="2026-07-01", ruleset=rules(hours(8)))
    assert (report.standing, report.dates.late_until.day) == ("late", date(2026, 8, 31))
    renewed = Certification(id="c-2", person="p", credential=XX, act="renewed", on="2026-05-20")
    later = ruling("due", "moves", day=date(2028, 8, 31), on="2027-01-01")
    periods = standing_history(ledger_of(renewed, later), "p", until="2028-08-01", ruleset=rules(hours(8)))
    assert [period.standing for period in periods] == ["current"]


# Documents.


def fee(name, amount=None, on="2025-03-04", by=None):
    value = None if amount is None else Quantity(amount=amount, unit="us-dollar")
    return Document(id=name, person="p", kind="fee", on=on, value=value, by=by)


FEE = Documents(
    id="fee",
    says="20 dollars.",
    document_kind="fee",
    at_least=Quantity(amount=20, unit="us-dollar"),
    adds_up=True,
    cites=("P",),
)


@pytest.mark.parametrize(
    ("paid", "result", "counted", "short"),
    [
        ([None], "undetermined", 0, 0),
        ([15], "short", 15, 5),
        ([15, None], "undetermined", 15, 0),
        ([15, 5], "met", 20, 0),
        ([15, 15], "met", 20, 0),
        ([], "short", 0, 20),
    ],
)
def test_fees_add_up_and_one_without_an_amount_is_not_called_short(paid, result, counted, short):
    some = [fee(f"f-{place}", amount) for place, amount in enumerate(paid)]
    finding = evaluate(ledger_of(*some), "p", on="2025-06-01", ruleset=rules(hours(8), FEE)).finding("fee")
    assert (finding.result, finding.counted, finding.short, finding.unit) == (result, counted, short, "us-dollar")
    assert sum(line.counted for line in finding.lines) == finding.counted


def test_of_letters_by_one_writer_one_counts_and_more_than_are_asked_are_not_needed():
    letters = Documents(
        id="letters", says="2.", document_kind="reference-letter", need=2, from_different=True, cites=("P",)
    )  # fmt: skip
    some = [
        Document(id=f"l-{place}", person="p", kind="reference-letter", on="2025-03-04", by=by)
        for place, by in enumerate(["w-1", "w-1", "w-2", "w-3"])
    ]
    finding = evaluate(ledger_of(*some), "p", on="2025-06-01", ruleset=rules(hours(8), letters)).finding("letters")
    assert [in_words(line.why_not) for line in finding.lines] == [
        None,
        "a second document from the same person",
        None,
        "not needed",
    ]
    assert (finding.result, finding.counted, finding.recorded) == ("met", 2, 4)


# What a filing fixes.


def test_a_designation_awarded_after_the_filing_asks_nothing_of_it():
    military = hours(9, "military", only_if=Condition(holds="military"))
    filing = Filing(id="f", person="p", credential=XX, step="renewal", sent="2026-03-01")
    held = Designation(id="d", person="p", name="military", awarded="2026-03-15")
    ledger = ledger_of(event("e", (8, None)), filing, held)
    report = evaluate(ledger, "p", on="2026-03-20", ruleset=rules(hours(8), military))
    assert (report.hours_outcome, report.finding("military").result) == ("met", "not asked")


def test_a_closed_cycle_is_judged_with_what_was_decided_until_the_renewal():
    some = [
        event("e", (8, None)),
        Filing(id="f", person="p", credential=XX, step="renewal", sent="2026-03-01"),
        Review(id="r", person="p", event="e", decision="rejected", on="2026-03-10"),
        Certification(id="c-2", person="p", credential=XX, act="renewed", on="2026-03-20", filing="f"),
    ]
    report = evaluate(ledger_of(*some), "p", on="2026-06-01", ruleset=rules(hours(8)), cycle=1)
    assert report.hours_outcome == "short"
    for first, is_said in ((date(2024, 6, 2), True), (date(2024, 6, 3), False), (None, True)):
        all_training = Coverage(id="all-training", covers="training-event", first_day=first)
        report = evaluate(ledger_of(*some, all_training), "p", on="2026-06-01", ruleset=rules(hours(8)))
        assert any("although the hours on file were short" in caveat for caveat in sentences(report.caveats)) is is_said
    report = evaluate(ledger_of(*some), "p", on="2026-06-01", ruleset=rules(hours(8)))
    assert not any("although the hours on file were short" in caveat for caveat in sentences(report.caveats))


# Figures that add up.


def test_what_sits_in_several_shared_parts_counts_once_however_deep_they_lie():
    """6 hours on both topics serve both inner parts; of the whole, 6 of 6 are counted."""
    inner = tuple(
        Part(id=topic, says="6.", need=6, counts=TrainingFilter(topics={topic}), cites=("P",))
        for topic in ("ethics", "crisis")
    )
    part = Part(id="both", says="6.", need=6, parts=inner, together="shared", cites=("P",))
    report = evaluate(ledger_of(event("e", (6, BOTH))), "p", on="2025-06-01", ruleset=rules(hours(6, parts=(part,))))
    assert [(one.requirement, one.counted) for one in report.findings] == [
        ("training", 6),
        ("both", 6),
        ("ethics", 6),
        ("crisis", 6),
    ]
    assert all(in_words(line.why_not) is None for line in report.finding("training").lines)


def test_what_a_reviewer_did_not_grant_is_left_out_with_that_reason():
    granted = Review(
        id="r", person="p", event="e", decision="granted", on="2025-04-01", credits=[Credit(amount=2)]
    )  # fmt: skip
    finding = evaluate(
        ledger_of(event("e", (10, None)), granted), "p", on="2025-06-01", ruleset=rules(hours(8))
    ).finding("training")
    assert (finding.recorded, finding.counted) == (10, 2)
    assert [(line.recorded, in_words(line.why_not)) for line in finding.lines] == [
        (8, "not granted in review"),
        (2, None),
    ]


# What the records leave out.


def test_training_without_hours_or_kind_is_a_question_where_the_answer_depends_on_it():
    """6 of 8 hours, and one training of unknown length: a question that a caller may close either way."""
    ledger = ledger_of(event("e", (6, None)), event("v"))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8)))
    assert (report.outcome, report.finding("training").result) == ("undetermined", "undetermined")
    assert [one.question.id for one in report.questions] == ["unrecorded-training"]
    for reading, outcome in (("counts", "met"), ("does-not", "short")):
        readings = {"unrecorded-training": reading}
        assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8)), readings=readings).outcome == outcome


def test_training_of_unknown_length_leaves_nothing_open_that_it_could_not_bring():
    """3 hours of ethics are asked; what is on recovery brings none, however long it was."""
    ethics = Part(id="ethics", says="3.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    ledger = ledger_of(
        event("e", (9, {"recovery"})), event("u", credits=[Credit(amount=1, unit="ceu", topics={"recovery"})])
    )
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8, parts=(ethics,)))).outcome == "short"
    live = hours(8, counts=TrainingFilter(deliveries={"in-person"}))
    ledger = ledger_of(event("e", (6, None), delivery="in-person"), event("v", delivery="self-paced"))
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=rules(live)).outcome == "short"


def test_a_part_is_not_called_short_while_the_records_do_not_say_what_the_training_was_on():
    ethics = Part(id="ethics", says="3.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    ledger = ledger_of(event("e", (5, None)))
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(hours(8, parts=(ethics,))))
    assert (report.finding("training").result, report.finding("ethics").result) == ("short", "undetermined")


# A coming edition.


def test_what_is_ahead_is_not_called_met_on_papers_that_are_not_on_file_and_may_begin_on_an_unknown_day():
    letter = Documents(id="letter", says="A letter.", document_kind="reference-letter", cites=("P",))
    plain = rules(hours(8))
    first = plain.procedures[0].editions[0]
    begins = EffectiveFrom(not_before=date(2025, 9, 1), not_after=date(2025, 12, 1), cites=("P",))
    second = Edition(id="renewal-2", says="A letter is asked.", requirements=(hours(8), letter), begins=begins)
    ruleset = attrs.evolve(plain, procedures=(Procedure(step="renewal", editions=(first, second)),))
    ledger = Ledger()
    ledger.append([AWARD, COVERED[1], event("e", (8, None))])
    [ahead] = evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset).ahead
    assert (ahead.edition, ahead.begins, ahead.outcome) == ("renewal-2", date(2025, 9, 1), "undetermined")


# Whether it can still be cured, and when it expires.


def test_what_is_short_can_be_cured_until_nothing_more_can_be_filed():
    """Due on May 31, 2026: what the filing of March lacks, another one may have until then."""
    filing = Filing(id="f", person="p", credential=XX, step="renewal", sent="2026-03-01")
    for records, on, curable in (
        ([], "2026-03-20", True),
        ([filing], "2026-03-20", True),
        ([filing], "2026-05-31", True),
        ([filing], "2026-06-01", False),
    ):
        report = evaluate(ledger_of(*records), "p", on=on, ruleset=rules(hours(8)))
        assert report.finding("training").curable is curable
    met = evaluate(ledger_of(event("e", (8, None))), "p", on="2026-03-20", ruleset=rules(hours(8)))
    assert met.finding("training").curable is None


def test_the_expiry_is_what_is_printed_and_the_due_date_what_a_ruling_made_of_it():
    printed = Certification(id="c", person="p", credential=XX, act="awarded", on="2024-06-01", expires="2026-05-31")
    ledger = Ledger()
    ledger.append([printed, *COVERED, ruling("due", "moves", day=date(2026, 8, 31))])
    dates = evaluate(ledger, "p", on="2026-03-20", ruleset=rules(hours(8))).dates
    assert (dates.expiry.day, dates.due.day) == (date(2026, 5, 31), date(2026, 8, 31))


# How long one training is.


@pytest.mark.parametrize(
    ("carried", "fits", "result"),
    [
        ([("1.5", {"ethics"}), ("1.5", {"ethics", "crisis"})], {"length"}, "met"),
        ([("3", {"ethics"})], {"length"}, "met"),
        ([("2.75", {"ethics"}), ("8", {"crisis"})], {"length"}, "short"),
        ([("2", {"ethics"}), ("8", None)], {"length", "topics"}, "met"),
        ([("2", {"ethics"}), ("8", None)], {"length"}, "undetermined"),
        ([("2", {"ethics"}), ("8", None)], {"topics"}, "met"),
    ],
)
def test_a_training_that_is_too_short_does_not_count_where_a_length_is_asked(carried, fits, result):
    """3 hours of ethics in one training: its credits on ethics are added up, and those of unknown topics may be on it."""
    ethics = hours(3, "ethics", counts=TrainingFilter(topics={"ethics"}, shortest=3, unknown_fits=fits))
    ledger = ledger_of(event("e", *carried))
    outcome = evaluate(ledger, "p", on="2025-06-01", ruleset=rules(ethics)).finding("ethics").result
    assert outcome == result
    two = ledger_of(*(event(f"e-{number}", ("1.5", {"ethics"})) for number in range(2)))
    assert evaluate(two, "p", on="2025-06-01", ruleset=rules(ethics)).finding("ethics").short == 3


def test_nothing_that_an_answer_was_made_from_refers_back_to_itself():
    """What is read once is freed at once; else a loop over a roster would grow until the collector comes."""
    example, _ = import_example()
    gc.collect()
    gc.disable()
    try:
        for report in evaluate_all(example, on="2026-03-01"):
            assert None not in (report.findings, report.questions, sentences(report.caveats))
            if report.under_assumed is not None:
                assert report.under_assumed.findings is not None
        del report
        assert 0 == gc.collect()
    finally:
        gc.enable()
