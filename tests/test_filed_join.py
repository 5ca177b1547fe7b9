"""The headline of people who filed more than once, joined from parts: it is the one that looks at every combination."""

from datetime import date

import attrs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import test_evaluation as small
from effort import effort, looked_at, sized
from peer_ledger import Filing, Ledger, TrainingEvent, evaluate, ruleset, ruleset_ids
from peer_ledger.evaluation import _filed_join as filed_join
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.evaluation._filed_join import headline_of_filed
from peer_ledger.evaluation._headline import headline_of_all
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._known import known
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.rules import Cap, Condition, RelativeDate, TrainingFilter, Unstated
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing import days_about, lives

DAYS = date(2026, 5, 20), date(2026, 6, 20), date(2026, 8, 1)
METHODS = "mail", "online", None


def differences(rules, records, day, *, strict=False):
    """Return the fields in which the joined headline of a life differs from that of all combinations."""
    ledger = Ledger()
    ledger.append(records)
    history = history_of(ledger, "p", on=day, credential=rules.id)
    position = Position(known(rules, is_sound=True), {}, consulted=consulted_by(rules), strict=strict)
    first, second = Scenarios(position, history), Scenarios(position, history)
    joined, defined = headline_of_filed(first, Join(first)), headline_of_all(second)
    if joined is None:
        return None
    return [
        name
        for name in (one.name for one in attrs.fields(type(joined)))
        if getattr(joined, name) != getattr(defined, name)
    ]


@st.composite
def small_rules(draw):
    """Rules with a late window of some months, depending on a question or not."""
    rules = draw(small.rule_sets())
    procedure = rules.procedures[0]
    months = [RelativeDate(of="due", months=number) for number in (1, 3)]
    one = draw(st.sampled_from(rules.questions))
    late = small.ByQuestion(
        by=one.id, values=tuple((reading.id, months[place % 2]) for place, reading in enumerate(one.readings))
    )
    editions = tuple(
        attrs.evolve(edition, late_until=draw(st.sampled_from([None, months[1], late])))
        for edition in procedure.editions
    )
    return attrs.evolve(rules, procedures=(attrs.evolve(procedure, editions=editions), *rules.procedures[1:]))


@st.composite
def filed(draw):
    """Draw a life with two or three pending applications, and trainings with titles of their own."""
    records = [
        attrs.evolve(record, title=f"Title {place}", course=None) if isinstance(record, TrainingEvent) else record
        for place, record in enumerate(draw(small.lives()))
        if getattr(record, "act", None) != "renewed"
    ]
    days = draw(
        st.lists(st.sampled_from(["2026-04-01", "2026-05-10", "2026-06-10", "2026-07-05"]), min_size=2, max_size=3)
    )
    for place, day in enumerate(days):
        name = draw(st.sampled_from(["sent", "sent", "received"]))
        method = draw(st.sampled_from(METHODS))
        records.append(
            Filing(id=f"f-{place}", person="p", credential=small.XX, step="renewal", method=method, **{name: day})
        )
    return records


SMALL = st.tuples(small_rules(), filed(), st.sampled_from(DAYS), st.booleans())


def found_differences(asked):
    rules, records, day, strict = asked
    return differences(rules, records, day, strict=strict)


@given(SMALL)
@effort(sized(400, 80))
def test_a_joined_headline_of_several_filings_is_the_defined_one(asked):
    assert found_differences(asked) in (None, [])


@pytest.mark.parametrize("name", looked_at(ruleset_ids()))
def test_a_joined_headline_of_filings_is_the_defined_one_under_bundled_rules(name):
    rules = ruleset(name)

    @given(st.data())
    @effort(10)
    def agree(data):
        records = data.draw(lives(rules))
        day = data.draw(days_about(rules, records))
        assert differences(rules, records, day) in (None, [])

    agree()


def judge_the_last(patch):
    patch.setattr(filed_join, "judged", lambda looked_at: looked_at[-1])


def judge_the_first(patch):
    patch.setattr(filed_join, "judged", lambda looked_at: looked_at[0])


def join_each_by_itself(patch):
    """Filings may take different readings of a question that both ask."""
    real = filed_join.together
    patch.setattr(
        filed_join, "together", lambda parts, *more: real([[((), v) for _, v in part] for part in parts], *more)
    )


def take_the_first_reading_of_all(patch):
    patch.setattr(filed_join, "_varies", lambda _: False)


def forget_hours(patch):
    real = filed_join._with
    patch.setattr(filed_join, "_with", lambda sofar, effect: sofar if effect[1] == (True, 2) else real(sofar, effect))


@pytest.mark.parametrize("plant", [judge_the_first, take_the_first_reading_of_all, forget_hours])
def test_the_comparison_finds_a_fault(monkeypatch, plant):
    plant(monkeypatch)
    find(
        SMALL,
        lambda asked: bool(found_differences(asked)),
        settings=settings(max_examples=sized(10_000, 3_000), phases=[Phase.generate], database=None, deadline=None),
    )


def twice(*days):
    """Return as many applications, sent on some days."""
    return [
        Filing(id=f"f-{day}", person="p", credential=small.XX, step="renewal", method="mail", sent=day) for day in days
    ]


@pytest.mark.parametrize("faulty", [False, True])
def test_two_requirements_take_the_same_reading_of_a_question(monkeypatch, faulty):
    """Under each reading the one or the other asks 9 hours where 8 are on file: both applications are short."""
    rules = small.rules(
        small.hours(small.by("first", yes=8, no=9)),
        small.hours(small.by("first", yes=9, no=8), "other"),
        questions=(small.question("first"),),
    )
    if faulty:
        join_each_by_itself(monkeypatch)
    ledger = small.ledger_of(small.event("e", (8, None)), *twice("2026-04-01", "2026-04-20"))
    report = evaluate(ledger, "p", on="2026-05-01", ruleset=rules)
    assert report.outcome == ("undetermined" if faulty else "short")


@pytest.mark.parametrize("faulty", [False, True])
def test_a_later_filing_that_is_short_is_not_judged_where_an_earlier_one_is_open(monkeypatch, faulty):
    """The first came in time, and a limit that no source states decides; the second came late, and asks 20 hours."""
    cap = Cap(
        id="self-study", says="Some.", at_most=Unstated(says="the limit"), cites=("P",),
        counts=TrainingFilter(deliveries={"self-paced"}),
    )  # fmt: skip
    rules = small.rules(small.hours(8, caps=(cap,)), small.hours(20, "late", only_if=Condition(late=True)))
    procedure = rules.procedures[0]
    edition = attrs.evolve(procedure.editions[0], late_until=RelativeDate(of="due", months=3))
    rules = attrs.evolve(rules, procedures=(attrs.evolve(procedure, editions=(edition,)), *rules.procedures[1:]))
    if faulty:
        judge_the_last(monkeypatch)
    ledger = small.ledger_of(small.event("e", (9, None), delivery="self-paced"), *twice("2026-05-20", "2026-06-20"))
    report = evaluate(ledger, "p", on="2026-07-01", ruleset=rules)
    assert (report.pending_since, report.outcome) == (
        (date(2026, 6, 20), "short") if faulty else (date(2026, 5, 20), "undetermined")
    )
