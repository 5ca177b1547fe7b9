"""Days that count from the completion of training that another requirement asks for, reckoned by hand and by an oracle."""

from datetime import date, timedelta
from itertools import accumulate, count
from random import Random

import pytest

from boards import AWARD, COVERED, XX, asked, board, document, hours, ruled, trained
from effort import sized
from peer_ledger import Certification, Ledger, evaluate, evaluate_all
from peer_ledger.cli import main
from peer_ledger.columns import evaluate_frame, tables_in, write_parquet
from peer_ledger.errors import InvalidRecord
from peer_ledger.evaluation import _completion as completion
from peer_ledger.evaluation import _general as general
from peer_ledger.evaluation import _quick as quick
from peer_ledger.records import Document, Review, TrainingEvent
from peer_ledger.rules import (
    AnyOf,
    ByQuestion,
    Documents,
    GrowingAmount,
    Interval,
    Option,
    Part,
    Question,
    Reading,
    Recurrence,
    RelativeDate,
    SessionCount,
    TrainingFilter,
    Unstated,
)
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._check import checked_file
from peer_ledger.rulesets._phrases import interval_of, point_of
from remarks import in_words

ON = "2025-12-01"
CLASS = TrainingFilter(courses={"the-class"})


def counted_from(name="class", of="completion", **more):
    return RelativeDate(of=of, requirement=name, **more)


def after(name="class"):
    return Interval(begins=counted_from(name, included=False), cites=("P",))


def year_after(name="class"):
    ends = counted_from(name, "last-completion", months=12)
    return Interval(begins=counted_from(name), ends=ends, cites=("P",))


THE_CLASS = hours(6, "class", counts=CLASS)
LATER = hours(4, "later", counts=TrainingFilter(topics={"ethics"}), earning=after())
EXAM = Documents(id="exam", says="An exam.", document_kind="exam", within=year_after(), cites=("P",))


def of_class(name, amount, day, **more):
    return trained(name, amount, {"recovery"}, day, course="the-class", **more)


def of_ethics(name, amount, day):
    return trained(name, amount, {"ethics"}, day, course="ethics-1", title=name)


def report(*records, on=ON, rules=(THE_CLASS, LATER), **more):
    return asked([AWARD, *records], on, board(*rules), **more)


# After the training.


@pytest.mark.parametrize(("day", "result"), [("2025-03-09", "short"), ("2025-03-10", "short"), ("2025-03-11", "met")])
def test_training_counts_from_the_day_after_the_class(day, result):
    """The class ends on March 10."""
    found = report(of_class("cl", 6, "2025-03-10"), of_ethics("e", 4, day))
    assert (found.finding("later").result, found.questions) == (result, ())


@pytest.mark.parametrize(("day", "result"), [("2025-04-02", "short"), ("2025-04-03", "met")])
def test_a_class_in_parts_is_complete_with_the_part_that_makes_it_enough(day, result):
    """4 hours on March 1 and 2 on April 2 are the 6; what comes on May 1 adds nothing."""
    parts = [of_class("a", 4, "2025-03-01"), of_class("b", 2, "2025-04-02"), of_class("cl", 2, "2025-05-01")]
    assert report(*parts, of_ethics("e", 4, day)).finding("later").result == result


def test_a_first_class_counts_though_another_was_taken_later():
    records = [of_class("a", 6, "2025-03-01"), of_class("b", 6, "2025-05-01"), of_ethics("e", 4, "2025-04-01")]
    assert report(*records).finding("later").result == "met"


def test_a_class_that_a_reviewer_rejected_completes_nothing():
    records = [of_class("a", 6, "2025-03-01"), of_class("b", 6, "2025-05-01"), of_ethics("e", 4, "2025-04-01")]
    rejected = Review(id="r", person="p", event="a", on="2025-06-01", decision="rejected")
    assert report(*records, rejected).finding("later").result == "short"


def test_a_class_before_the_days_on_which_it_counts_completes_nothing():
    """Training counts from the day after the award on June 1, 2024."""
    records = [of_class("a", 6, "2024-06-01"), of_class("b", 6, "2025-05-01"), of_ethics("e", 4, "2025-04-01")]
    assert report(*records).finding("later").result == "short"


def test_the_figure_that_the_board_set_for_a_person_completes_the_class():
    records = [of_class("a", 3, "2025-03-01"), of_class("b", 3, "2025-05-01"), of_ethics("e", 4, "2025-04-01")]
    assert report(*records).finding("later").result == "short"
    assert report(*records, ruled("class", "sets", figure=(3, "hour"))).finding("later").result == "met"


def test_a_line_says_why_training_before_the_class_does_not_count():
    found = report(of_class("cl", 6, "2025-03-10"), of_ethics("e", 4, "2025-03-09")).finding("later")
    [line] = [line for line in found.lines if line.record == "e"]
    assert in_words(line.why_not) == "before March 11, 2025, the first day on which training counts"


# What is not on file.


def test_without_a_class_on_file_what_counts_is_open():
    """The class is missing for certain; whether the 4 hours came after it, nobody can know."""
    found = report(of_ethics("e", 4, "2025-03-09"))
    assert {one.requirement: one.result for one in found.findings} == {"class": "short", "later": "undetermined"}
    later = found.finding("later")
    assert in_words(later.because[0]) == "it is not on file when the training was complete from which days count"
    [line] = [line for line in later.lines if line.record == "e"]
    assert in_words(line.why_not) == "it is not on file from which day it would count"
    assert found.hours_outcome == "short"
    assert [one.question.id for one in found.questions] == []


def test_without_a_class_on_file_too_few_hours_are_too_few():
    assert report(of_ethics("e", "3.75", "2025-03-09")).finding("later").result == "short"


def test_the_question_decides_where_the_class_is_not_on_file_and_not_asked_for_itself():
    """The class is asked of nobody here; so the 4 hours alone decide, and from which day they count is open."""
    never = hours(6, "class", counts=CLASS, last_day="2000-01-01")
    found = report(of_ethics("e", 4, "2025-03-09"), rules=(never, LATER))
    assert found.hours_outcome == "undetermined"
    [asked_] = found.questions
    assert (asked_.question.id, asked_.question.asks) == (
        "class-completed",
        "When was class completed? That is not on file, and other things count from that day.",
    )
    for reading, outcome in (("counts", "met"), ("does-not", "short")):
        answered = report(of_ethics("e", 4, "2025-03-09"), rules=(never, LATER), readings={"class-completed": reading})
        assert (answered.hours_outcome, answered.questions) == (outcome, ())


def test_a_class_of_which_some_hours_are_on_file_is_not_complete():
    found = report(of_class("cl", "5.75", "2025-03-01"), of_ethics("e", 4, "2025-04-01"))
    assert {one.requirement: one.result for one in found.findings} == {"class": "short", "later": "undetermined"}


@pytest.mark.parametrize(
    ("day", "result"),
    [("2025-03-01", "short"), ("2025-03-02", "undetermined"), ("2025-04-01", "undetermined"), ("2025-04-02", "met")],
)
def test_a_training_that_may_be_the_class_leaves_only_the_days_between_open(day, result):
    """Perhaps the class was complete on March 1: that training names no course. For certain it was on April 1."""
    perhaps = trained("a", 6, {"recovery"}, "2025-03-01")
    found = report(perhaps, of_class("b", 6, "2025-04-01"), of_ethics("e", 4, day))
    assert found.finding("later").result == result
    assert [one.question.id for one in found.questions] == (["class-completed"] if result == "undetermined" else [])


@pytest.mark.parametrize(("day", "result"), [("2025-03-02", "undetermined"), ("2025-04-02", "met")])
def test_a_class_of_unknown_length_may_be_complete(day, result):
    unknown = TrainingEvent(id="a", person="p", completed="2025-03-01", course="the-class")
    found = report(unknown, of_class("b", 6, "2025-04-01"), of_ethics("e", 4, day))
    assert found.finding("later").result == result


@pytest.mark.parametrize(("day", "result"), [("2025-03-02", "undetermined"), ("2025-05-02", "met")])
def test_two_records_of_one_day_that_may_be_one_complete_nothing_for_certain(day, result):
    """3 hours on March 1 are on file twice: they may be one training, and the class complete only on May 1."""
    records = [of_class("a", 3, "2025-03-01"), of_class("b", 3, "2025-03-01"), of_class("cl", 3, "2025-05-01")]
    found = report(*records, of_ethics("e", 4, day))
    assert found.finding("later").result == result
    assert [one.question.id for one in found.questions] == (["recorded-twice"] if result == "undetermined" else [])
    for reading, outcome in (("one", "short" if result == "undetermined" else "met"), ("several", "met")):
        answered = report(*records, of_ethics("e", 4, day), readings={"recorded-twice": reading})
        assert answered.finding("later").result == outcome


# Parts, sessions, papers.


def test_a_part_counts_after_another_part():
    """3 of the class and 2 after it: 2 hours of March 1 are too early, and those of March 3 are not."""
    inner = (
        Part(id="class", says="The class.", need=3, counts=CLASS, cites=("P",)),
        Part(
            id="series", says="The series.", need=2, counts=TrainingFilter(topics={"ethics"}), within=after(), cites=("P",)
        ),
    )  # fmt: skip
    course = hours(5, "course", parts=inner, together="exclusive")
    for day, result in (("2025-03-01", "short"), ("2025-03-02", "short"), ("2025-03-03", "met")):
        found = report(of_class("cl", 3, "2025-03-02"), of_ethics("e", 2, day), rules=(course,))
        assert (found.finding("series").result, found.finding("class").result) == (result, "met")


def test_sessions_count_after_a_session_under_each_reading_of_which_one_it_is():
    """Workshop B alone must come first, or A does as well: then that of March 1 is the first one."""
    either = Question(
        id="either",
        asks="Which?",
        readings=(Reading(id="b", says="B."), Reading(id="a-or-b", says="A or B.")),
        assumed="b",
        weight="blocking",
    )
    wanted = (("b", TrainingFilter(courses={"b"})), ("a-or-b", TrainingFilter(courses={"a", "b"})))
    first = SessionCount(id="first", says="One.", counts=ByQuestion(by="either", values=wanted), cites=("P",))
    core = SessionCount(
        id="core", says="The core.", counts=TrainingFilter(courses={"core"}), earning=after("first"), cites=("P",)
    )
    records = [
        trained(name, 1, {"recovery"}, day, course=name)
        for name, day in (("a", "2025-03-01"), ("core", "2025-03-02"), ("b", "2025-03-03"))
    ]
    rules = board(first, core, questions=(either,))
    found = asked([AWARD, *records], ON, rules)
    assert (found.hours_outcome, [one.question.id for one in found.questions]) == ("undetermined", ["either"])
    assert asked([AWARD, *records], ON, rules, readings={"either": "b"}).finding("core").result == "short"
    assert asked([AWARD, *records], ON, rules, readings={"either": "a-or-b"}).finding("core").result == "met"


@pytest.mark.parametrize(
    ("classes", "day", "result"),
    [
        (["2024-11-01"], "2024-10-31", "short"),
        (["2024-11-01"], "2024-11-01", "met"),
        (["2024-11-01"], "2025-11-01", "met"),
        (["2024-11-01"], "2025-11-02", "short"),
        (["2024-11-01", "2025-01-05"], "2025-11-02", "met"),
        ([], "2025-11-02", "undetermined"),
    ],
)
def test_an_exam_counts_within_a_year_of_the_last_class(classes, day, result):
    records = [of_class(f"c-{number}", 6, on) for number, on in enumerate(classes)]
    found = report(*records, document("x", "exam", day), rules=(THE_CLASS, EXAM))
    assert found.finding("exam").result == result
    assert found.documents_outcome == result


def test_an_exam_is_dated_by_the_class_inside_one_of_several_options():
    ways = AnyOf(
        id="way",
        says="Either.",
        options=(
            Option(id="by-class", says="The class.", requirements=(THE_CLASS,)),
            Option(id="by-letter", says="A letter.", requirements=(
                Documents(id="letter", says="A letter.", document_kind="reference-letter", cites=("P",)),
            )),
        ),
        cites=("P",),
    )  # fmt: skip
    found = report(of_class("cl", 6, "2024-11-01"), document("x", "exam", "2024-10-31"), rules=(ways, EXAM))
    assert (found.finding("way").result, found.finding("exam").result) == ("met", "short")


def test_what_follows_may_itself_have_to_be_completed_first():
    """Core after the class, ethics after core: of April 1 and 2, core counts on April 2 alone."""
    core = SessionCount(id="core", says="Core.", counts=TrainingFilter(courses={"core"}), earning=after(), cites=("P",))
    later = hours(4, "later", counts=TrainingFilter(topics={"ethics"}), earning=after("core"))
    records = [of_class("cl", 6, "2025-04-01")]
    records += [trained(f"core-{day[-1]}", 1, {"recovery"}, day, course="core") for day in ("2025-04-01", "2025-04-02")]
    for day, result in (("2025-04-02", "short"), ("2025-04-03", "met")):
        found = report(*records, of_ethics("e", 4, day), rules=(THE_CLASS, core, later))
        assert found.finding("later").result == result


# One by one, in crowds and on columns.


def judged(events, exams):
    """Return whether hours and papers are enough, by going through the days."""
    on_class = sorted((day, amount) for kind, day, amount in events if kind == "class")
    sums = accumulate(amount for _, amount in on_class)
    complete = next((day for (day, _), total in zip(on_class, sums, strict=True) if total >= 6), None)
    late = sum(amount for kind, day, amount in events if kind == "ethics" and complete and day > complete)
    last = on_class[-1][0] if complete else None
    is_in_time = complete and any(complete <= day <= last.replace(year=last.year + 1) for day in exams)
    hours_ = "met" if complete and late >= 4 else "short"
    papers = "met" if is_in_time else "short" if complete or not exams else "undetermined"
    return hours_, papers


def crowd(number):
    """Return the records of many people with a class, ethics and exams on days close to each other, and the answers."""
    random = Random(number)
    records, answers = [], {}
    for place in range(sized(60, 200)):
        person, first = f"p-{place:03}", date(2024, 7, 1)
        days = [first + timedelta(days=random.choice((0, 1, 2, 30, 31))) for _ in range(8)]
        events = [
            (random.choice(("class", "class", "ethics")), day, random.choice((2, 3, 4, 6)))
            for day in days[: random.randrange(7)]
        ]
        events = [event for at, event in enumerate(events) if event[:2] not in [one[:2] for one in events[:at]]]
        exams = [day + timedelta(days=random.choice((0, 364, 365, 366))) for day in days[: random.randrange(3)]]
        records.append(Certification(id=f"c-{person}", person=person, credential=XX, act="awarded", on="2024-06-01"))
        for at, (kind, day, amount) in enumerate(events):
            course, topic = ("the-class", "recovery") if kind == "class" else (f"ethics-{at}", "ethics")
            records.append(
                trained(f"e-{person}-{at}", amount, {topic}, day, course=course, person=person, title=f"{at}")
            )
        records += [Document(id=f"d-{person}-{at}", person=person, kind="exam", on=day) for at, day in enumerate(exams)]
        answers[person] = judged(events, exams)
    return [*COVERED, *records], answers


VERSIONS = count()


def wrong(number, tmp_path=None):
    """Return the people of whom some way of asking gives another answer than going through the days."""
    records, answers = crowd(number)
    rules = board(THE_CLASS, LATER, EXAM, version=f"{next(VERSIONS)}")  # of which nothing is remembered
    ledger = Ledger()
    ledger.append(records)
    alone = [evaluate(ledger, who, on="2026-01-01", ruleset=rules) for who in answers]
    together = evaluate_all(ledger, on="2026-01-01", ruleset=rules)
    single, many = (
        {one.person: (one.hours_outcome, one.documents_outcome) for one in some} for some in (alone, together)
    )
    found = [{who for who, answer in answers.items() if way[who] != answer} for way in (single, many)]
    if tmp_path is not None:
        write_parquet(ledger, tmp_path / str(number))
        table = evaluate_frame(**tables_in(tmp_path / str(number)), on="2026-01-01", ruleset=rules, to="polars").people
        rows = zip(*(table[name] for name in ("person", "hours", "documents")), strict=True)
        columns = {who: (hours_, documents) for who, hours_, documents in rows}
        found.append({who for who, answer in answers.items() if columns[who] != answer})
    return found


@pytest.mark.parametrize("number", range(sized(2, 4)))
def test_crowds_and_columns_answer_as_going_through_the_days_does(number, tmp_path):
    assert wrong(number, tmp_path) == [set(), set(), set()]


def test_the_crowds_lie_on_both_sides_of_each_day():
    answers = [answer for number in range(2) for answer in crowd(number)[1].values()]
    assert {("met", "met"), ("met", "short"), ("short", "met"), ("short", "undetermined")} <= set(answers)


# Faults that are planted.


def take_the_first_training_for_all_of_it(patch):
    real = completion._bounds
    patch.setattr(
        completion, "_bounds", lambda supplies, _, is_last: real(supplies, completion.Fraction(1), is_last=is_last)
    )


def take_the_first_class_for_the_last(patch):
    real = completion._bounds
    patch.setattr(completion, "_bounds", lambda supplies, need, is_last: real(supplies, need, is_last=False))


def take_what_is_not_known_for_any_day(patch):
    patch.setattr(completion, "_NO_DAY", None)


def count_everything_toward_the_class(patch):
    patch.setattr(completion, "counts_as", lambda *_: True)


def look_at_all_days(patch):
    patch.setattr(completion, "completion_days", lambda *_: (None, None))
    patch.setattr("peer_ledger.evaluation._context.completion_days", lambda *_: (None, None))


def sum_hours_though_their_days_depend_on_the_person(patch):
    patch.setattr(general, "is_from_completion", lambda _: False)


def count_papers_though_their_days_depend_on_the_person(patch):
    patch.setattr(quick, "is_from_completion", lambda _: False)


@pytest.mark.parametrize(
    "plant",
    [
        take_the_first_training_for_all_of_it,
        take_the_first_class_for_the_last,
        take_what_is_not_known_for_any_day,
        count_everything_toward_the_class,
        look_at_all_days,
        sum_hours_though_their_days_depend_on_the_person,
        count_papers_though_their_days_depend_on_the_person,
    ],
    ids=lambda plant: plant.__name__,
)
def test_a_planted_fault_shows(plant, monkeypatch):
    plant(monkeypatch)
    try:
        found = wrong(0)
    except AssertionError as error:
        found = [{str(error)}]
    assert any(found)


# What a rule set may say.


def problems(*requirements, **more):
    return [(problem.path, problem.message) for problem in problems_of(board(*requirements, **more))]


def test_days_from_a_completion_are_sound():
    assert problems(THE_CLASS, LATER, EXAM) == []


@pytest.mark.parametrize(
    ("requirements", "path", "says"),
    [
        ((LATER,), "begins.requirement", "'class' is not the id of a requirement of training in this edition, or of a part of one"),
        (
            (hours(6, "clas"), LATER), "begins.requirement",
            "'class' is not the id of a requirement of training in this edition, or of a part of one (did you mean 'clas'?)",
        ),
        (
            (hours(Unstated(says="the hours"), "class"), LATER), "begins.requirement",
            "'class' asks for an amount that no source states, so when it was complete is not known",
        ),
        (
            (hours(6, "class", recurs=Recurrence(months=12, first="at-once", cites=("P",))), LATER),
            "begins.requirement", "'class' recurs, and so is completed more than once",
        ),
        (
            (hours(6, "class", earning=after()),), "begins.requirement",
            "'class' counts from its own completion, directly or through others",
        ),
        (
            (hours(6, "class", earning=after("later")), LATER), "begins.requirement",
            "'later' counts from its own completion, directly or through others",
        ),
        (
            (THE_CLASS, hours(GrowingAmount(
                base=1, each=1, months=12, since=counted_from(), until=RelativeDate(of="due"), count="begun"
            ), "later")), "need.since.of", "'completion' is for the days that count for a requirement or a part alone",
        ),
        (
            (THE_CLASS, hours(4, "later", earning=Interval(
                begins=counted_from(due_from=date(2026, 1, 1)), cites=("P",)
            ))), "earning.begins.of", "'completion' has no due date; leave due_from, due_until and otherwise out",
        ),
    ],
)  # fmt: skip
def test_what_has_no_day_of_completion_is_refused(requirements, path, says):
    found = problems(*requirements)
    assert next(message for at, message in found if at.endswith(path)) == says


@pytest.mark.parametrize("name", ["opens", "timely_until", "late_until", "in_force_until"])
def test_the_days_of_filing_are_not_counted_from_a_completion(name):
    edition = {"late_until": RelativeDate(of="due", days=30), name: counted_from()}
    found = problems(THE_CLASS, edition=edition)
    assert (f"procedures[0].editions[0].{name}.of", AWAY) in found


AWAY = "'completion' is for the days that count for a requirement or a part alone"


def test_the_days_of_a_whole_edition_are_not_counted_from_a_completion():
    assert [message for _, message in problems(THE_CLASS, edition={"earning": after()})] == [AWAY]


def test_a_question_of_ones_own_does_not_take_the_place_of_that_of_a_completion():
    own = Question(
        id="class-completed",
        asks="When?",
        readings=(Reading(id="a", says="A."), Reading(id="b", says="B.")),
        assumed="a",
    )
    [(path, message)] = problems(THE_CLASS, LATER, questions=(own,))
    assert (path, message) == (
        "questions[0].id", "'class-completed' is the id of the question when 'class' was completed; rename it",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong_one",
    [
        {"of": "completion"},
        {"of": "due", "requirement": "class"},
        {"of": "last-completion"},
    ],
)
def test_a_completion_is_one_of_a_requirement(wrong_one):
    with pytest.raises(InvalidRecord, match=r"completion"):
        RelativeDate(**wrong_one)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("the completion of class", {"requirement": "class"}),
        ("the last completion of core-1", {"of": "last-completion", "requirement": "core-1"}),
        ("12 months after the completion of class", {"requirement": "class", "months": 12}),
        ("7 days before the completion of class", {"requirement": "class", "days": -7}),
    ],
)
def test_a_completion_is_written_in_words(text, point):
    assert point_of(text) == {"of": "completion", **point}


def test_an_interval_from_one_completion_to_another_is_written_in_words():
    assert interval_of("after the completion of class to 12 months after the last completion of class") == {
        "begins": {"of": "completion", "requirement": "class", "included": False},
        "ends": {"of": "last-completion", "requirement": "class", "months": 12},
    }
    assert interval_of("after the completion of Class") is None
    assert interval_of("after the completion of ") is None


FILE = """\
format = 1
body = "Board"
time_zone = "America/New_York"
seen = 2026-11-21
sources.PAGE = { title = "The page", board = "https://board.example/renewal" }

[xx-nn-cps]
name = "Peer Specialist"
grade = "partial"
cites = ["PAGE"]

[xx-nn-cps.initial.initial-1]
says = "The class, ethics after it, and an exam."
class = { need = 18, courses = ["the-class"], called = "the class" }
later = { need = "1.5", topics = ["ethics"], earning = "after the completion of class" }
exam = { within = "from the completion of class to 12 months after the last completion of class" }
"""


def test_a_file_says_it_in_a_phrase_and_is_read_back_in_words(capsys, tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(FILE)
    assert main(["rules", "show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "days that count: from the completion of the class (that day not included)" in shown
    assert "from the completion of the class to 12 months after the last completion of the class" in shown


@pytest.mark.parametrize(
    ("before", "after_", "line", "says"),
    [
        (
            "after the completion of class",
            "after the completion of clas",
            15,
            "is not the id of a requirement of training",
        ),
        ("after the completion of class", "after the complete class", 15, "must be days such as"),
    ],
)
def test_a_mistake_is_told_at_its_line(before, after_, line, says):
    [remark] = checked_file(FILE.replace(before, after_, 1))[1]
    assert (remark.line, says in remark.says) == (line, True)
