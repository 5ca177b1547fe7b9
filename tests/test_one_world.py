"""Several applications and records that look alike: what is one training is one for every application."""

from datetime import date

import pytest

from boards import AWARD, COVERED, XX, board, hours
from peer_ledger import Ledger, evaluate
from peer_ledger.evaluation import _one_world, _scenarios
from peer_ledger.evaluation._event import event_of
from peer_ledger.evaluation._scenario import goodness
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.records import Certification, Credit, Document, Filing, Origin, Quantity, TrainingEvent
from peer_ledger.rules import Edition, EffectiveFrom, Interval, Part, Procedure, RelativeDate, TrainingFilter

NC, MS = "us-nc-cpss", "us-ms-cpssp"
LISTS = ("one", "two", "three")
DAYS = tuple(date(2025, month, 1) for month in (7, 8, 9))
"""On these three days an application was sent."""

SINCE = Interval(begins=RelativeDate(of="last-grant", included=False), ends=RelativeDate(of="due"), cites=("P",))
ONCE = board(edition={"earning": SINCE, "requirements": (hours(20, repeats="once"),)})
ETHICS = Part(
    id="ethics", says="3 hours.", need=3, counts=TrainingFilter(topics={"ethics"}), surplus_counts=False, cites=("P",)
)
STRICTER = board(
    procedures=(
        Procedure(
            step="renewal",
            editions=(
                Edition(id="any", says="20 hours of any kind.", earning=SINCE, requirements=(hours(20),)),
                Edition(
                    id="ethics",
                    says="3 of the 20 hours on ethics, and no more of these count.",
                    begins=EffectiveFrom(day=date(2025, 8, 1), cites=("P",)),
                    earning=SINCE,
                    requirements=(hours(20, parts=(ETHICS,)),),
                ),
            ),
        ),
    )
)


def training(name, day, amount, topic="recovery", **more):
    carried = [Credit(amount=amount, topics={topic})]
    return TrainingEvent(id=name, person="p", completed=day, credits=carried, provider="nami", **more)


def listed(source, amount, topic="recovery"):
    """A row of one list about a training of March 1, 2025."""
    return training(source, date(2025, 3, 1), amount, topic, title="WRAP", origin=Origin(source=source, key=(source,)))


def filed(day, credential):
    return Filing(id=f"f-{day}", person="p", credential=credential, step="renewal", method="online", sent=day)


def papers(credential, dollars):
    """All that is asked for besides training."""
    yield Certification(id="c", person="p", credential=credential, act="awarded", on="2024-03-14")
    for name in ("a", "b"):
        yield Document(id=f"l-{name}", person="p", kind="reference-letter", on="2025-06-01", by=name)
    for kind in ("in-service-training", "employment"):
        yield Document(id=kind, person="p", kind=kind, on="2025-06-01")
    value = Quantity(amount=dollars, unit="us-dollar")
    yield Document(id="fee", person="p", kind="fee", on="2025-06-01", value=value)


def on_the_last_of_2025(rules, *records, readings):
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    return evaluate(ledger, "p", on="2025-12-31", ruleset=rules, readings=readings)


def beside_three_rows(credential):
    """5 hours until the first application, 5 more until the second, and 5 more until the third."""
    yield training("e-0", "2025-04-01", 3, "ethics")
    yield training("e-1", "2025-04-02", 2)
    for day in DAYS:
        yield filed(day, credential)
        yield training(f"e-{day.month}", day.replace(day=15), 5)


def judged(rules, records, readings):
    """The outcome, the days on which training may end to count, and since when the application judged is pending."""
    report = on_the_last_of_2025(rules, *records, readings=readings)
    return report.outcome, report.dates.earning_ends.candidates, report.pending_since


def rows_of_three_lists(credential, answer):
    """Three rows of 5 hours: one training, two or three."""
    records = (*papers(credential, 40), *(listed(one, 5) for one in LISTS), *beside_three_rows(credential))
    readings = {} if answer is None else {"recorded-twice": answer}
    # Whether a course counts again is open in North Carolina; here it does, so that only records of one training are one.
    return judged(credential, records, readings | ({"repeats": "each-time"} if credential == NC else {}))


def trainings_of_one_title(answer):
    """Three trainings of 5 hours on three days: of one course, of two or of three."""
    rows = [training(one, date(2025, 3, place), 5, title="WRAP") for place, one in enumerate(LISTS, 1)]
    return judged(ONCE, (AWARD, *rows, *beside_three_rows(XX)), {} if answer is None else {"same-course": answer})


def two_lists_that_disagree(**readings):
    """
    One list says 17 hours on ethics, another one 8 hours on recovery; 3 hours on ethics are certain.

    The first application may be made with hours of any kind, the second one with no more than 3 on ethics.
    """
    rows = (listed("one", 17, "ethics"), listed("two", 8), training("e", "2025-04-01", 3, "ethics"))
    records = (AWARD, *rows, filed(date(2025, 7, 1), XX), filed(date(2025, 8, 15), XX))
    report = on_the_last_of_2025(STRICTER, *records, readings=readings)
    finding = report.finding("training")
    return report.outcome, report.pending_since, finding.counted, finding.short


# 20 hours are there with the first application if the rows are three, with the second if they are two, and with the third
# if they are one: 15 + 5, 10 + 10 and 5 + 15.
OPEN, SEVERAL, ONE = (("met", days, days[-1]) for days in (DAYS, DAYS[:1], DAYS[2:]))

# If the first list is right, 20 hours are there for the first application: 17 + 3. Nobody looks at the second one, with
# which only 3 of them would count. If the other list is right, 8 + 3 hours are there for both, and 9 are missing. If both
# are, because they are of two trainings, 17 + 8 + 3.
FIRST, SECOND = date(2025, 7, 1), date(2025, 8, 15)

CASES = {
    "North Carolina, open": (lambda: rows_of_three_lists(NC, None), OPEN),
    "North Carolina, several": (lambda: rows_of_three_lists(NC, "several"), SEVERAL),
    "North Carolina, one": (lambda: rows_of_three_lists(NC, "one"), ONE),
    "Mississippi, open": (lambda: rows_of_three_lists(MS, None), OPEN),
    "Mississippi, several": (lambda: rows_of_three_lists(MS, "several"), SEVERAL),
    "Mississippi, one": (lambda: rows_of_three_lists(MS, "one"), ONE),
    "courses, open": (lambda: trainings_of_one_title(None), OPEN),
    "courses, different": (lambda: trainings_of_one_title("different"), SEVERAL),
    "courses, same": (lambda: trainings_of_one_title("same"), ONE),
    "lists, open": (two_lists_that_disagree, ("undetermined", SECOND, 11, 9)),
    "lists, least": (
        lambda: two_lists_that_disagree(**{"recorded-twice": "one", "records-disagree": "least"}),
        ("short", SECOND, 11, 9),
    ),
    "lists, most": (
        lambda: two_lists_that_disagree(**{"recorded-twice": "one", "records-disagree": "most"}),
        ("met", FIRST, 20, 0),
    ),
    "lists, several": (lambda: two_lists_that_disagree(**{"recorded-twice": "several"}), ("met", FIRST, 20, 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_one_training_is_one_for_every_application(case):
    found, expected = CASES[case]
    assert found() == expected


@pytest.mark.parametrize(("pairs", "worlds"), [(1, 2), (6, 64), (7, None)])
def test_of_too_many_records_that_disagree_no_world_is_looked_at(pairs, worlds):
    """Of each pair one or the other record is right, which makes two to the power of their number."""
    records = [
        training(f"{one}-{day}", date(2025, 3, day), amount, title=f"WRAP {day}", origin=Origin(source=one, key=(one,)))
        for day in range(1, pairs + 1)
        for one, amount in (("one", 5), ("two", 6))
    ]
    joining = ("recorded-twice", "records-disagree")
    found = _one_world.settled_worlds([event_of(one, None, {}, date(2025, 12, 31)) for one in records], joining, ())
    assert (found if found is None else sum(map(len, found))) == worlds


@pytest.mark.parametrize(("trainings", "worlds"), [(3, 5), (5, 52), (6, None)])
def test_of_too_many_trainings_that_may_be_of_one_course_no_world_is_looked_at(trainings, worlds):
    """Three things can be sorted into groups in 5 ways, five in 52, and six in 203."""
    records = [training(f"e-{day}", date(2025, 3, day), 5, title="WRAP") for day in range(1, trainings + 1)]
    events, course = [event_of(one, None, {}, date(2025, 12, 31)) for one in records], ("same-course",)
    found = _one_world.settled_worlds(events, course, course)
    assert (found if found is None else sum(map(len, found))) == worlds


@pytest.mark.parametrize(("pairs", "worlds"), [(6, 64), (7, None)])
def test_of_too_many_pairs_of_trainings_that_may_be_of_one_course_no_world_is_looked_at(pairs, worlds):
    """Each pair is of one course or of two, which makes two to the power of their number."""
    days = [date(2025, 3, day) for day in range(1, 2 * pairs + 1)]
    titles = ["WRAP", "Ethics", "Boundaries", "Grief", "Housing", "Advocacy", "Wellness"]
    records = [training(f"e-{place}", day, 5, title=titles[place // 2]) for place, day in enumerate(days)]
    events, course = [event_of(one, None, {}, date(2025, 12, 31)) for one in records], ("same-course",)
    found = _one_world.settled_worlds(events, course, course)
    assert (found if found is None else sum(map(len, found))) == worlds


def test_where_only_some_ways_of_joining_records_are_too_many_no_world_is_looked_at():
    """Six rows of one title: five courses at most if two lists wrote down one training, in 52 ways; six if not, in 203."""
    rows = [training(f"e-{day}", date(2025, 4, day), 5, title="WRAP") for day in range(1, 5)]
    events = [event_of(one, None, {}, date(2025, 12, 31)) for one in (listed("one", 5), listed("two", 5), *rows)]
    both = ("same-course", "recorded-twice")
    assert _one_world.settled_worlds(events[1:], both, both) is not None
    assert _one_world.settled_worlds(events, both, both) is None


def take_the_least_for_each_application(patch):
    patch.setattr(_scenarios, "settled_worlds", lambda *_: None)


def leave_out_what_lies_between(patch):
    real = _one_world.settled_worlds
    patch.setattr(_scenarios, "settled_worlds", lambda events, joining, *_: real(events, joining, ()))


def join_less_where_the_answer_is_given(patch):
    real = _one_world.settled_worlds
    patch.setattr(_scenarios, "settled_worlds", lambda events, joining, *_: real(events, joining, joining))


def take_every_record_for_right(patch):
    patch.setattr(_one_world, "wrong_ones", lambda *_: [frozenset()])


def take_the_best_world(patch):
    patch.setattr(_scenarios, "goodness", lambda answer: tuple(-each for each in goodness(answer)))


def forget_the_other_worlds(patch):
    patch.setattr(Scenarios, "leaves", lambda self: self.combinations(lambda taken: _with_asked(self.answer(taken))))


def _with_asked(found):
    return found, found.asked


def forget_that_courses_are_one(patch):
    patch.setattr(_one_world, "_courses", lambda events, *_: [[[place] for place, _ in enumerate(events)]])


@pytest.mark.parametrize(
    "plant",
    [
        take_the_least_for_each_application,
        leave_out_what_lies_between,
        join_less_where_the_answer_is_given,
        take_every_record_for_right,
        take_the_best_world,
        forget_the_other_worlds,
        forget_that_courses_are_one,
    ],
)
def test_planted_faults_are_found(monkeypatch, plant):
    plant(monkeypatch)
    assert any(found() != expected for found, expected in CASES.values())
