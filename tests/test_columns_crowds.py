"""People who are answered together, from columns, are answered as one by one from a ledger; so are all others."""

from datetime import date

import attrs
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ordinary
from effort import effort, looked_at
from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Filing,
    Ledger,
    TrainingEvent,
    evaluate_all,
    ruleset,
    ruleset_ids,
)
from peer_ledger.columns import (
    _counts,
    _crowd,
    _lanes,
    _seen,
    _some,
    _standing,
    _telling,
    _trainings,
    evaluate_frame,
    tables_of,
)
from peer_ledger.columns._codes import Coded
from peer_ledger.columns._rows_of_answers import AnswerRows
from peer_ledger.evaluation import _crowds
from peer_ledger.evaluation import _shapes as shapes
from peer_ledger.evaluation._position import forget_positions

SEEDS = st.integers(0, 10_000)


EACH_TIME, IN_ONE = {"repeats": "each-time"}, {"one-ethics-certificate": "one"}


def from_a_ledger(records, day, rules, readings=None, also=()):
    ledger = Ledger()
    ledger.append(records)
    reports = evaluate_all(ledger, on=day, ruleset=rules, readings=readings)
    return AnswerRows(rules, also).tables(reports, ())[0].to_pylist()


def from_columns(records, day, rules, *, is_flat=False, **how):
    tables = tables_of(records)
    if is_flat and "trainings" in tables:
        tables["trainings"] = flat(tables["trainings"])
    found = evaluate_frame(**tables, on=day, ruleset=rules, to="pyarrow", **how)
    assert found.rejected.num_rows == 0
    return found.people.to_pylist()


def flat(trainings):
    """Return a table of trainings with a single credit each, whose amount, unit and topics are columns."""
    rows = trainings.drop_columns(["credits"])
    credits_ = [each[0] if each else {} for each in trainings.column("credits").to_pylist()]
    for name, kind in (("amount", pa.decimal128(13, 6)), ("unit", pa.string()), ("topics", pa.list_(pa.string()))):
        rows = rows.append_column(name, pa.array([credit.get(name) for credit in credits_], kind))
    return rows


def single(records):
    """Return records, with one credit at most of each training."""
    return [
        attrs.evolve(record, credits=record.credits[:1] or None)
        if isinstance(record, TrainingEvent) and record.credits is not None
        else record
        for record in records
    ]


@pytest.mark.parametrize("name", looked_at(ruleset_ids()))
def test_people_are_answered_together_as_they_are_one_by_one(name):
    rules = ruleset(name)

    @given(SEEDS, st.sampled_from([70, 1_000_000]), st.booleans(), st.sampled_from([(), ("questions",)]))
    @effort(6)
    def agree(seed, at_once, is_flat, also):
        records, day = ordinary.people(rules, 30, seed), ordinary.day_for(seed)
        if is_flat:
            records = single(records)
        found = from_columns(records, day, rules, rows_at_once=at_once, is_flat=is_flat, also=also)
        assert from_a_ledger(records, day, rules, also=also) == found

    agree()


def told_from_columns(monkeypatch):
    """Return a list that grows by how many people are answered from columns at a time."""
    told, real = [], _crowd.Crowd.told

    def spied(*asked):
        for some in real(*asked):
            told.append(len(some.places))
            yield some

    monkeypatch.setattr(_crowd.Crowd, "told", spied)
    return told


def told_among(names, monkeypatch):
    """Return how many people under some rule sets there are, and how many of them are answered from columns."""
    told, people = told_from_columns(monkeypatch), 0
    for name in names:
        rules = ruleset(name)
        people += len(from_columns(ordinary.people(rules, 40, 5), ordinary.day_for(5), rules))
    return people, sum(told)


def test_most_ordinary_people_are_answered_from_columns(monkeypatch):
    people, told = told_among(["us-nc-cpss", "us-oh-cprs", "us-or-pss", "us-ut-cpss", "us-vt-crc"], monkeypatch)
    assert told > people / 2


def count_a_day_too_many(patch):
    real = _telling.Telling._window

    def fault(self, place):
        window = real(self, place)
        if self._trainings is None:
            return window
        keys = self._some.places * _trainings.MANY_DAYS + window.last + 1
        return window._replace(end=np.searchsorted(self._trainings.keys, keys, side="right"))

    patch.setattr(_telling.Telling, "_window", fault)


def take_enough_for_too_little(patch):
    real = _lanes.LaneColumns.short
    patch.setattr(_lanes.LaneColumns, "short", lambda self, *asked, **how: real(self, *asked, **how) + 1)


def take_unknown_details_as_known(patch):
    real = _lanes.LaneColumns.short
    patch.setattr(_lanes.LaneColumns, "short", lambda self, *asked, favorable: real(self, *asked, favorable=True))


def take_the_columns_of_another_lane(patch):
    real = _lanes.LaneColumns._look_at

    def fault(self, known):
        real(self, known)
        self._groups = [0] * len(self._groups)

    patch.setattr(_lanes.LaneColumns, "_look_at", fault)


def count_every_letter(patch):
    def fault(self, rows, whose, number):
        counts = np.bincount(whose, minlength=number)
        return counts, counts

    patch.setattr(_counts.DocumentRows, "_writers", fault)


def count_for_any_step(patch):
    real = _counts.DocumentRows.count
    patch.setattr(
        _counts.DocumentRows, "count", lambda self, count, *rest: real(self, count._replace(step="initial"), *rest)
    )


def take_nothing_for_covered(patch):
    patch.setattr(_crowds.Crowds, "states_documents", False)


def pass_over_filings(patch):
    patch.setattr(_crowd, "_ordinary", lambda part: np.ones(len(part.people), dtype=bool))


def believe_the_columns(patch):
    """Nobody looks whether the records say other days than the columns."""
    patch.setattr(
        _standing.Standing,
        "_number_of",
        staticmethod(lambda found, grant, days: -1 if found is None else found.situation.number),
    )


def pass_over_late_renewals(patch):
    """Only the last act is looked at."""
    real = _standing.Standing._acts

    def fault(self, together):
        acts = real(self, together)
        return acts._replace(begins=np.ones_like(acts.begins))

    patch.setattr(_standing.Standing, "_acts", fault)
    believe_the_columns(patch)


def take_every_act_for_plain(patch):
    real = _standing.Standing._acts
    patch.setattr(
        _standing.Standing, "_acts", lambda self, *asked: real(self, *asked)._replace(is_plain=np.array([True]))
    )
    real_note = _standing.Standing._note

    def fault(self, together, plain, lasts):
        before = plain.copy()
        real_note(self, together, plain, lasts)
        plain[:] = before

    patch.setattr(_standing.Standing, "_acts", lambda self, together: real(self, together))
    patch.setattr(_standing.Standing, "_note", fault)
    believe_the_columns(patch)


def forget_since_when_acts_are_on_file(patch):
    patch.setattr(_crowds.Crowds, "on_file_since", lambda self, what: 0)


def forget_trainings_that_may_be_one(patch):
    patch.setattr(_trainings.Trainings, "_may_be_alike", lambda self: np.zeros(len(self._bounds) - 1, dtype=bool))


def compare_no_titles(patch):
    """What decides whether two records may be of one training is taken to be the same for all."""
    real = _seen.TrainingShapes._of
    patch.setattr(_seen.TrainingShapes, "_of", lambda self, *asked: attrs.evolve(real(self, *asked), like=0))


def take_an_unknown_amount_for_none(patch):
    real = _seen.TrainingShapes._look_at

    def fault(self, seen):
        vague = self.kinds.vague
        known = [tuple((kind, 0 if kind in vague else units) for kind, units in one.credits or ()) for one in seen]
        real(self, [attrs.evolve(one, credits=some) for one, some in zip(seen, known, strict=True)])

    patch.setattr(_seen.TrainingShapes, "_look_at", fault)


def take_the_pattern_of_another(patch):
    """All patterns are taken for the first one of their layout."""
    real = _telling.Telling._found
    kept = {}

    def fault(self, *asked):
        return kept.setdefault(id(self._layout), real(self, *asked))

    patch.setattr(_telling.Telling, "_found", fault)


def take_the_days_of_the_first_person(patch):
    real = _some.Some.__init__

    def fault(self, *asked):
        real(self, *asked)
        self._grants[:], self._days[:] = self._grants[0], self._days[0]

    patch.setattr(_some.Some, "__init__", fault)


def take_the_days_of_the_first_grant(patch):
    real = _some.Some.__init__

    def fault(self, *asked):
        real(self, *asked)
        self._grants[:] = self._grants[0]

    patch.setattr(_some.Some, "__init__", fault)


def take_all_due_dates_for_alike(patch):
    """Only what is on file tells shapes of due dates apart."""
    real = _standing.Standing._keys
    patch.setattr(_standing.Standing, "_keys", lambda self, *asked: real(self, *asked)[:, :2])


def take_the_order_of_days_for_all(patch):
    """Days are compared with each other, and not with those that the rules name."""
    patch.setattr(shapes.Shapes, "around", lambda self, on: [])


def decide_days_on_which_readings_disagree(patch):
    patch.setattr(_some.Some, "_decided", lambda self, seen: np.stack(seen).max(axis=0))


def plain(person, on, expires="2026-03-31", act="awarded", credential="us-nc-cpss"):
    day = date.fromisoformat(on)
    return Certification(
        id=f"c-{person}", person=person, credential=credential, act=act, on=day, expires=date.fromisoformat(expires)
    )


def letters(person, *by):
    return [
        Document(id=f"d-{person}-{place}", person=person, kind="reference-letter", on="2025-06-30", by=writer)
        for place, writer in enumerate(by)
    ]


# Of two people in the same states, only the second is out of the ordinary.
FILED = [
    plain("p-1", "2024-03-14"),
    plain("p-2", "2024-03-14"),
    Filing(id="f", person="p-2", credential="us-nc-cpss", step="renewal", method="online", sent="2026-03-01"),
]
# What is on file since February 15, 2024 says of the second alone that there is no renewal.
STATED = [
    Coverage(id="v", covers="certification", first_day="2024-02-15"),
    plain("p-1", "2024-02-01"),
    plain("p-2", "2024-02-20"),
]
# Two letters by one writer are one, and all of them are on file.
WRITTEN = [
    plain("p-1", "2024-03-14"),
    plain("p-2", "2024-03-14"),
    *letters("p-1", "w-1", "w-2"),
    *letters("p-2", "w-1", "w-1"),
    Coverage(id="v", covers="document", document_kind="reference-letter"),
]
CASES = [
    (WRITTEN, date(2026, 1, 15), ruleset("us-nc-cpss")),
    (FILED, date(2026, 4, 10), ruleset("us-nc-cpss")),
    (STATED, date(2027, 6, 30), ruleset("us-nc-cpss")),
]
FAULTS = [
    count_a_day_too_many,
    take_enough_for_too_little,
    take_unknown_details_as_known,
    take_the_columns_of_another_lane,
    count_every_letter,
    count_for_any_step,
    take_nothing_for_covered,
    pass_over_filings,
    pass_over_late_renewals,
    take_every_act_for_plain,
    forget_since_when_acts_are_on_file,
    forget_trainings_that_may_be_one,
    compare_no_titles,
    take_an_unknown_amount_for_none,
    take_the_pattern_of_another,
    take_the_days_of_the_first_person,
    take_the_days_of_the_first_grant,
    take_all_due_dates_for_alike,
    take_the_order_of_days_for_all,
    decide_days_on_which_readings_disagree,
]
LOOKED_AT = [
    "us-nc-cpss",
    "us-wi-cps",
    "us-ct-rss",
    "us-or-pss",
    "us-oh-cprs",
    "us-ne-cpss",
    "us-ut-cpss",
    "us-ar-prps",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_what_is_answered_together_shows(fault, monkeypatch):
    cases = CASES + [
        (ordinary.people(rules, 40, seed), ordinary.day_for(seed), rules)
        for seed in range(6)
        for rules in map(ruleset, LOOKED_AT)
    ]
    fault(monkeypatch)
    for records, day, rules in cases:
        forget_positions()
        try:
            found = from_columns(records, day, rules)
        except (ValueError, IndexError, KeyError, TypeError, AssertionError):
            return
        finally:
            forget_positions()
        if found != from_a_ledger(records, day, rules):
            return
    raise AssertionError("nothing differs")


def take_the_amount_of_the_first(patch):
    patch.setattr(_seen.Seen, "credits_of", lambda self, size: self.credits or ())
    real = _seen.Amounts.of

    def fault(rows, order):
        amounts = real(rows, order)
        return amounts._replace(sizes=amounts.sizes[:1].repeat(len(amounts.sizes)))

    patch.setattr(_seen.Amounts, "of", fault)


def take_all_for_short(patch):
    patch.setattr(_seen.TrainingShapes, "_lengths_of", lambda self, shapes, amounts: 0)


def compare_without_amounts(patch):
    patch.setattr(_seen.Seen, "likeness_of", lambda self, size: self.likeness)


def take_minutes_for_hours(patch):
    patch.setattr(_seen, "_minutes_of", lambda example: 60)


def trained(person, *amounts, unit="hour", topics="ethics", day="2025-02-0{}", title=None):
    return [
        TrainingEvent(
            id=f"e-{person}-{unit}-{topics}-{day}-{place}", person=person, completed=day.format(place), title=title,
            delivery="in-person", credits=[Credit(amount=amount, unit=unit, topics={topics})],
        )
        for place, amount in enumerate(amounts, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "told"), [("2025-02-0{}", 2), ("2025-02-01", 0)])
def test_only_trainings_of_one_person_and_day_may_be_one(day, told, monkeypatch):
    """Both people have two hours on each of two days, or twice on one, and no title tells these trainings apart."""
    from_columns_alone = told_from_columns(monkeypatch)
    records = [plain("p-1", "2024-03-14"), plain("p-2", "2024-03-14")]
    records += [*trained("p-1", "2", "2", day=day), *trained("p-2", "2", "2", day=day)]
    from_columns(records, date(2026, 1, 15), ruleset("us-nc-cpss"))
    assert told == sum(from_columns_alone)


# Two hours and 120 minutes of one day and title may be one training; ethics of three hours in one certificate is one.
SESSIONS = [
    plain("p-1", "2024-03-14"),
    *trained("p-1", "12", topics="recovery"),
    *trained("p-1", "3"),
    *trained("p-1", "0.5", "2", topics="crisis", day="2025-03-0{}", title="Crisis"),
    *trained("p-1", "40", "120", unit="minute", topics="crisis", day="2025-03-0{}", title="Crisis"),
]
MINUTES = [
    *(plain(person, "2024-03-14") for person in ("p-1", "p-2")),
    *(each for person in ("p-1", "p-2") for each in trained(person, "17", topics="crisis")),
    *trained("p-1", "240", unit="minute"),
    *trained("p-2", "150", "100", unit="minute"),
]


@pytest.mark.parametrize(
    "fault", [take_the_amount_of_the_first, take_all_for_short, compare_without_amounts, take_minutes_for_hours]
)
def test_a_fault_in_what_is_seen_of_amounts_shows(fault, monkeypatch):
    nc, day = ruleset("us-nc-cpss"), date(2026, 1, 15)
    by_hand = [(SESSIONS, day, nc, EACH_TIME), (MINUTES, day, nc, IN_ONE)]
    some = [
        (single(ordinary.people(rules, 40, seed)), ordinary.day_for(seed), rules, None)
        for seed in range(6)
        for rules in map(ruleset, LOOKED_AT)
    ]
    assert all(
        from_a_ledger(*case, readings=readings) == from_columns(*case, readings=readings, is_flat=True)
        for *case, readings in by_hand
    )
    fault(monkeypatch)
    for *case, readings in (*by_hand, *some):
        forget_positions()
        found = from_columns(*case, readings=readings, is_flat=True)
        forget_positions()
        if found != from_a_ledger(*case, readings=readings):
            return
    raise AssertionError("nothing differs")


def take_all_days_for_different(patch):
    real = _some.Some.same_windows
    patch.setattr(
        _some.Some,
        "same_windows",
        lambda self: Coded(*(real(self)[:1]), [tuple(range(99))[: len(v)] for v in real(self)[1]]),
    )


def take_the_questions_of_the_first(patch):
    real = _crowds.Crowds.questions
    found = []

    def fault(self, *asked):
        found.append(real(self, *asked))
        return found[0]

    patch.setattr(_crowds.Crowds, "questions", fault)


def take_the_questions_of_another_pattern(patch):
    real = _telling.Telling._questions
    patch.setattr(_telling.Telling, "_questions", lambda self, words, codes, both: real(self, words, codes, both * 0))


def forget_an_open_question(patch):
    real = _crowds.Crowds.questions
    patch.setattr(_crowds.Crowds, "questions", lambda self, *asked: (real(self, *asked) or [])[1:])


@pytest.mark.parametrize(
    "fault",
    [
        take_all_days_for_different,
        take_the_questions_of_the_first,
        take_the_questions_of_another_pattern,
        forget_an_open_question,
    ],
)
def test_a_fault_in_what_questions_are_told_together_shows(fault, monkeypatch):
    also = ("questions",)
    cases = [
        (ordinary.people(rules, 80, seed), ordinary.day_for(seed), rules)
        for seed in range(6)
        for rules in map(ruleset, LOOKED_AT)
    ]
    fault(monkeypatch)
    for case in cases:
        forget_positions()
        found = from_columns(*case, also=also, rows_at_once=300)
        forget_positions()
        if found != from_a_ledger(*case, also=also):
            return
    raise AssertionError("nothing differs")


def test_training_that_nobody_approved_is_not_taken_for_training_of_which_that_is_unknown():
    """All else is the same in the two rows."""
    rules, day = ruleset("us-or-fss"), date(2024, 7, 15)
    approvals = {"p-1": None, "p-2": ()}
    records = [plain(person, "2022-07-27", expires="2025-07-26", credential="us-or-fss") for person in approvals] + [
        TrainingEvent(id=f"e-{person}", person=person, completed="2023-02-01", provider="board", approvals=known)
        for person, known in approvals.items()
    ]
    found = from_columns(records, day, rules)
    assert found == from_a_ledger(records, day, rules)
    assert [row["hours"] for row in found] == ["undetermined", "short"]
