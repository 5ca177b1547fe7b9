"""What is found again for another person by a pattern of sums and counts is what the person's own records give."""

from datetime import date

import pytest

import test_evaluation as small
from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Ledger,
    Quantity,
    TrainingEvent,
    evaluate,
    evaluate_all,
)
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _lanes as lanes
from peer_ledger.evaluation import _patterns as patterns
from peer_ledger.evaluation import _report_builder as report_builder
from peer_ledger.evaluation import _training as training
from peer_ledger.evaluation import _windows as windows
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._headline import sure_dates
from peer_ledger.evaluation._position import forget_positions
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.rules import Cap, Documents, Part, TrainingFilter

ON = date(2025, 10, 1)
TRAINING = Coverage(id="cov-t", covers="training-event")


def held(person, day="2024-06-01", **more):
    return Certification(id=f"c-{person}", person=person, credential=small.XX, act="awarded", on=day, **more)


def trained(person, hours, day="2025-03-04", topics=("recovery",), **more):
    credits_ = [Credit(amount=hours, topics=topics)] if hours else None
    number = more.pop("number", 0)
    return TrainingEvent(id=f"e-{person}-{number}", person=person, completed=day, credits=credits_, **more)


def with_more_or_less_training():
    return small.rules(small.hours(8)), [[held("a"), trained("a", 9)], [held("b"), trained("b", 2)]], [TRAINING]


def with_topics_known_or_not():
    part = Part(id="ethics", says="Ethics.", cites=("P",), need=3, counts=TrainingFilter(topics={"ethics"}))
    crowd = [
        [held("a"), trained("a", 9, topics=("recovery",))],
        [held("b"), trained("b", 9, topics=None)],
        [held("c"), trained("c", 9, topics=("ethics",))],
    ]
    return small.rules(small.hours(8, parts=(part,))), crowd, [TRAINING]


def with_letters_or_without():
    letters = Documents(id="letters", says="Two letters.", document_kind="reference-letter", need=2, cites=("P",))
    letter = {"kind": "reference-letter", "on": "2025-01-05"}
    crowd = [
        [held("a"), *(Document(id=f"d-{n}", person="a", **letter) for n in range(2))],
        [held("b"), Document(id="d-b", person="b", **letter)],
        [held("c")],
    ]
    return small.rules(letters), crowd, list(small.COVERED)


def with_papers_that_state_too_much():
    """A person may be 30 years of age at the most: a count of papers does not say which of them state more."""
    most = Quantity(amount=30, unit="year")
    age = Documents(id="age", says="At most 30.", document_kind="age", need=1, cites=("P",), at_most=most)
    crowd = [
        [held(who), Document(id=f"d-{who}", person=who, kind="age", on="2025-01-05", value=value)]
        for who, value in (("a", most), ("b", Quantity(amount=31, unit="year")), ("c", None))
    ]
    return small.rules(age), crowd, list(small.COVERED)


def with_all_papers_on_file_or_perhaps():
    letters = Documents(id="letters", says="A letter.", document_kind="reference-letter", need=1, cites=("P",))
    crowd = [[held("a"), Coverage(id="all", person="a", covers="document")], [held("b")]]
    return small.rules(letters), crowd, []


def with_all_papers_of_one_kind_on_file_or_of_another():
    """That all letters are on file says that there is none; that all fees are says nothing of letters."""
    letters = Documents(id="letters", says="A letter.", document_kind="reference-letter", need=1, cites=("P",))
    crowd = [
        [held(who), Coverage(id=f"all-{who}", person=who, covers="document", document_kind=kind)]
        for who, kind in (("a", "reference-letter"), ("b", "fee"))
    ]
    return small.rules(letters), crowd, []


def with_awards_on_different_days():
    """Both certificates are due on one day, and training counts from the day of the award."""
    crowd = [
        [held("a", "2024-06-01", expires="2026-06-01"), trained("a", 9, "2024-07-01")],
        [held("b", "2024-08-01", expires="2026-06-01"), trained("b", 9, "2024-07-01")],
    ]
    return small.rules(small.hours(8)), crowd, [TRAINING]


def with_training_or_without():
    """A question that only training raises decides nothing for somebody without training."""
    asked = small.question("first")
    either = small.by("first", yes=TrainingFilter(topics={"ethics"}), no=TrainingFilter(topics={"recovery", "ethics"}))
    crowd = [[held("a"), trained("a", 2, day="2020-01-01")], [held("b"), trained("b", 9)]]
    return small.rules(small.hours(8, counts=either), questions=(asked,)), crowd, [TRAINING]


def with_more_than_a_cap_allows():
    cap = Cap(id="webinars", says="At most.", cites=("P",), counts=TrainingFilter(deliveries={"webinar"}), at_most=2)
    crowd = [
        [held("a"), trained("a", 9, delivery="in-person")],
        [held("b"), trained("b", 9, delivery="webinar")],
    ]
    return small.rules(small.hours(8, caps=(cap,))), crowd, [TRAINING]


def with_hours_for_two_requirements():
    """What is missing is the same number of hours of one requirement or of the other."""
    ethics = small.hours(3, "ethics", counts=TrainingFilter(topics={"ethics"}))
    others = small.hours(3, "others", counts=TrainingFilter(topics={"recovery"}))
    crowd = [[held("a"), trained("a", 2, topics=("ethics",))], [held("b"), trained("b", 1)]]
    return small.rules(ethics, others), crowd, [TRAINING]


def with_rows_that_may_be_one():
    """Two equal rows: in one case a single one of them is enough, in the other only both are."""
    crowd = [
        [held("a"), *(trained("a", 9, number=number) for number in range(2))],
        [held("b"), *(trained("b", 5, number=number) for number in range(2))],
        [held("c"), trained("c", 9), *(trained("c", 3, "2021-01-01", number=number) for number in (1, 2))],
    ]
    return small.rules(small.hours(8)), crowd, [TRAINING]


def with_rows_that_differ():
    """Two rows that may be one training say different hours: either may be wrong."""
    crowd = [[held("a"), trained("a", 9), trained("a", 10, number=1)], [held("b"), trained("b", 9)]]
    return small.rules(small.hours(8)), crowd, [TRAINING]


CROWDS = [
    with_rows_that_may_be_one,
    with_rows_that_differ,
    with_more_or_less_training,
    with_topics_known_or_not,
    with_letters_or_without,
    with_papers_that_state_too_much,
    with_all_papers_on_file_or_perhaps,
    with_all_papers_of_one_kind_on_file_or_of_another,
    with_awards_on_different_days,
    with_training_or_without,
    with_more_than_a_cap_allows,
    with_hours_for_two_requirements,
]


def headline(report):
    dates = {name: (day.day, day.candidates) for name, day in report.dates.items()}
    outcomes = report.outcome, report.hours_outcome, report.documents_outcome
    return report.standing, report.in_force, *outcomes, report.status, report.hours_short, dates


def differing(rules, people, shared):
    """Return who is answered otherwise together with all others than alone, where nothing is found again."""
    forget_positions()
    everybody = Ledger()
    everybody.append([*shared, *(record for records in people for record in records)])
    together = {found.person: headline(found) for found in evaluate_all(everybody, on=ON, ruleset=rules)}
    found = []
    for records in people:
        forget_positions()
        alone = Ledger()
        alone.append([*shared, *records])
        person = records[0].person
        if headline(evaluate(alone, person, on=ON, ruleset=rules)) != together[person]:
            found.append(person)
    return found


@pytest.mark.parametrize("crowd", CROWDS)
def test_people_in_the_same_states_are_answered_as_each_alone(crowd):
    rules, people, shared = crowd()
    assert differing(rules, people, shared) == []


def count_patterns(monkeypatch):
    """Return where it is noted whether each pattern was found again."""
    seen = []
    real = patterns.PatternOfPerson._found

    def noted(self):
        pattern = real(self)
        seen.append(pattern in self._layout.patterns if pattern is not None else None)
        return pattern

    monkeypatch.setattr(patterns.PatternOfPerson, "_found", noted)
    return seen


def test_parts_are_joined_once_for_all_people_who_come_out_alike(monkeypatch):
    seen = count_patterns(monkeypatch)
    people = [[held(f"p-{n}"), trained(f"p-{n}", 9 if n % 2 else 3)] for n in range(10)]
    assert differing(small.rules(small.hours(8)), people, [TRAINING]) == []
    together = seen[: len(people)]
    assert together == [False, False, *[True] * 8]


def test_training_that_may_be_one_is_not_decided_by_a_pattern_and_unknown_amounts_are(monkeypatch):
    seen = count_patterns(monkeypatch)
    twice = [trained("a", 4, title="Ethics", number=number) for number in range(2)]
    unknown = [[held(person), trained(person, None)] for person in "bd"]
    people = [[held("a"), *twice], unknown[0], [held("c"), trained("c", 9)], unknown[1]]
    assert differing(small.rules(small.hours(8)), people, [TRAINING]) == []
    assert seen[:4] == [None, False, False, True]


@pytest.fixture
def nothing_known():
    """Return what forgets all that is known of rule sets, as is done again after a test with a fault."""
    yield known_rules._known.cache_clear
    known_rules._known.cache_clear()


def forget(kept):
    """Return a fault: of a pattern only some values are kept."""

    def plant(patch):
        real = patterns.PatternOfPerson._found

        def fault(self):
            pattern = real(self)
            return pattern and tuple([value for value in pattern if kept(value)])

        patch.setattr(patterns.PatternOfPerson, "_found", fault)

    return plant


def share_the_days_of_the_first(patch):
    patch.setattr(windows, "is_own", lambda _point: False)


def forget_what_may_count(patch):
    """Training of which the records do not say enough is taken to count for nothing."""
    real = lanes.Lanes.__init__

    def fault(self, programs):
        real(self, programs)
        self._highest = [(below, below) for below, _ in self._highest]

    patch.setattr(lanes.Lanes, "__init__", fault)


def sum_one_credit_too_few(patch):
    """The last training is left out of sums by lanes."""
    real = training.TrainingByDay.supply
    patch.setattr(
        training.TrainingByDay, "supply", lambda self, of, begin, end: real(self, of, begin, end - (begin < end))
    )


def leave_a_lane_out(patch):
    """Of the lanes of a kind, those of the last program are forgotten."""
    real = lanes.Lanes._of_kind

    def fault(self, kind):
        offset, _ = self._offsets[-1]
        self._kinds[kind] = real(self, kind) & (1 << offset) - 1
        return self._kinds[kind]

    patch.setattr(lanes.Lanes, "_of_kind", fault)


def count_all_rows_for_certain(patch):
    patch.setattr(training.TrainingByDay, "least_supply", training.TrainingByDay.supply)


def doubt_no_row(patch):
    patch.setattr(training.TrainingByDay, "is_doubtful", lambda *_: False)


@pytest.mark.parametrize(
    ("crowd", "plant"),
    [
        (with_rows_that_may_be_one, count_all_rows_for_certain),
        (with_rows_that_may_be_one, doubt_no_row),
        (with_more_or_less_training, forget(lambda value: not isinstance(value, tuple))),
        (with_letters_or_without, forget(lambda value: isinstance(value, bool) or not isinstance(value, int))),
        (with_all_papers_on_file_or_perhaps, forget(lambda value: isinstance(value, bool | tuple))),
        (with_more_than_a_cap_allows, forget(lambda value: not isinstance(value, str))),
        (with_awards_on_different_days, share_the_days_of_the_first),
        (with_topics_known_or_not, forget_what_may_count),
        (with_more_or_less_training, sum_one_credit_too_few),
        (with_hours_for_two_requirements, leave_a_lane_out),
    ],
)
def test_a_fault_in_what_is_found_again_shows(monkeypatch, nothing_known, crowd, plant):
    rules, people, shared = crowd()
    orders = people, people[::-1]
    assert [patterns_differ(rules, some, shared, monkeypatch) for some in orders] == [[], []]
    plant(monkeypatch)
    nothing_known()
    assert any(patterns_differ(rules, some, shared, monkeypatch) for some in orders)


def patterns_differ(rules, people, shared, patch):
    """Return who is answered otherwise by pattern than by joining all parts, asked in this order."""
    forget_positions()
    everybody = Ledger()
    everybody.append([*shared, *(record for records in people for record in records)])
    position = Asking(RuleSetsAtHand(None), rules, None)
    dossiers = Dossiers(everybody.pinned())
    found = []
    for person in [records[0].person for records in people]:
        together = headline(position.report(dossiers.of(person), ON, basis=everybody.pinned().basis))
        with patch.context() as without:
            without.setattr(report_builder, "pattern_of", lambda *_: None)
            joined = headline(next(evaluate_all(everybody, on=ON, ruleset=rules, people=[person])))
        if together != joined:
            found.append(person)
    return found


def test_people_are_found_by_pattern_where_one_of_equal_rows_is_enough(monkeypatch):
    """The first of the three is, as is the third, whose equal rows are of days that do not count."""
    seen = count_patterns(monkeypatch)
    rules, people, shared = with_rows_that_may_be_one()
    differing(rules, people, shared)
    assert [found is not None for found in seen[:3]] == [True, False, True]


@pytest.mark.parametrize("end", [FIRST_DAY, LAST_DAY, None])
def test_an_end_of_the_calendar_is_no_date(end):
    """Training counts from a day on, or until one, and without an end on the other side."""
    day = date(2026, 1, 15)
    assert [(name, found.day) for name, found in sure_dates({"earning_begins": end, "earning_ends": day}).items()] == [
        ("earning_ends", day)
    ]
    assert [(name, found.day) for name, found in sure_dates({"earning_begins": day, "earning_ends": end}).items()] == [
        ("earning_begins", day)
    ]
