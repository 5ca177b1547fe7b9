"""A rule set is one frozen thing, whether it was read from TOML or written in Python, and its digest is of what it decides."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import sized
from peer_ledger import rules
from peer_ledger.errors import InvalidRecord, InvalidValue
from peer_ledger.records import MonthDay, Quantity
from peer_ledger.rules import (
    Anniversary,
    AnyOf,
    Birthday,
    ByQuestion,
    Cap,
    CarryOver,
    CheckInput,
    CheckResult,
    Chosen,
    Cohort,
    Cohorts,
    Condition,
    Custom,
    CycleEditions,
    DatedCycle,
    Documents,
    Edition,
    EffectiveFrom,
    FixedDate,
    GrowingAmount,
    Hours,
    InputCredit,
    InputTraining,
    Interval,
    MethodDay,
    NotSharedWith,
    Option,
    Part,
    Procedure,
    Provisional,
    Question,
    Reading,
    ReadingIs,
    Recognition,
    Recurrence,
    RelativeDate,
    RuleSet,
    SessionCount,
    Source,
    Span,
    StepNote,
    TrainingFilter,
    UnitValue,
    UnknownCycle,
    Unstated,
    UnstatedQuantity,
    custom_check,
    edition_question,
    questions_of,
)
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import read_rulesets, ruleset, ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._files import digest_of

TOML = """
format = 1

[[sources]]
id = "PAGE"
title = "The board's page"
address = "https://board.example/page"
kind = "board"
seen = 2026-01-02
dated = "undated"

[[sources]]
id = "CODE"
title = "The code"
address = "https://code.example"
kind = "code"
seen = 2026-01-03

[[rulesets]]
id = "xx-board"
name = "Peer specialist"
body = "The board"
jurisdiction = "xx"
time_zone = "America/Chicago"
version = "2026.1"
seen_on = 2026-01-04
notice_days = 60
cycle = { kind = "anniversary", months = 24, begins = "month" }
cycle_cites = ["PAGE"]
after_early = "renewal"
after_late = { by = "inside", values = { says = "due", body = "renewal", kind = "due" } }
in_force_while_late = true
units = [{ unit = "ceu", hours = "10", cites = ["CODE"] }]
notes = ["A note."]
step_notes = [{ says = "A note of a step.", bears_on = ["expiring"] }]

[[rulesets.questions]]
id = "inside"
asks = "Inside, or on top?"
assumed = "says"
weight = "blocking"
about = "facts"
readings = [
    { id = "says", says = "Inside.", cites = ["PAGE"] },
    { id = "body", says = "On top." },
    { id = "kind", says = "Neither." },
]

[[rulesets.questions]]
id = "surplus"
asks = "Does the surplus count?"
assumed = "yes"
under = { question = "inside", reading = "says" }
first_day = 2020-01-01
last_day = 2021-12-31
readings = [{ id = "yes", says = "Yes." }, { id = "no", says = "No." }, { id = "half", says = "Half of it." }]

[[rulesets.procedures]]
step = "renewal"
decided_by = "due"
filed_when = "received"

[[rulesets.procedures.editions]]
id = "renewal-1"
says = "The first."
opens = { of = "due", months = -2 }
requirements = [
    { kind = "hours", id = "hours", says = "20 hours.", need = "20.50", cites = ["PAGE"] },
]

[[rulesets.procedures.editions]]
id = "renewal-2"
says = "The second."
begins = { day = 2020-07-01, by_method = [{ method = "mail", day = 2020-06-30 }], assumed = false, cites = ["PAGE"] }
late_until = { of = "calendar", day = 2020-05-31, due_from = 2020-03-01, due_until = 2020-04-30 }
requirements = [
    { kind = "sessions", id = "workshops", says = "Two.", need = 2, counts = { roles = ["taught"], deliveries = ["in-person"], approved_by = ["board"], providers = ["school"], courses = ["wrap-1"], shortest = "1.5", unknown_fits = ["length", "roles"] }, earning = { ends = { of = "due" }, cites = ["PAGE"] }, only_if = { late = false }, first_day = 2020-08-01, last_day = 2020-09-30, cites = ["CODE"] },
]

[[rulesets.procedures.editions]]
id = "renewal-3"
says = "The third."
begins = { not_before = 2021-07-01, not_after = 2024-05-31, weight = "caveat", cites = ["PAGE"] }
late_until = { of = "due", days = 30, month_end = true }
earning = { begins = { of = "last-grant", included = false }, ends = { by = "surplus", values = { yes = { of = "filing" }, no = { of = "due" }, half = { of = "due", days = 15 } } }, cites = ["PAGE"] }

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "training"
says = "20 hours."
need = { by = "inside", values = { says = 20, body = "23.5", kind = 21 } }
counts = { topics = ["recovery", "ethics", "crisis"], not_topics = { by = "surplus", values = { yes = [], no = ["forensic", "youth"], half = ["youth"] } } }
together = "exclusive"
earning = { begins = { of = "award" }, cites = ["CODE"] }
repeats = { by = "inside", values = { says = "once", body = "count", kind = "once" } }
only_if = { question = "inside", reading = "says", holds = "military", late = true }
first_day = 2022-01-01
last_day = 2030-01-01
cites = ["PAGE", "CODE"]
parts = [
    { id = "ethics", called = "training on ethics", says = "3 of ethics.", need = 3, counts = { topics = ["ethics"] }, surplus_counts = { by = "surplus", values = { yes = true, no = false, half = false } }, only_if = { holds = "forensic" }, cites = ["PAGE"], together = "shared", parts = [
        { id = "live", says = "1 live.", called = "live training", need = 1, counts = { deliveries = ["in-person"] }, cites = ["PAGE"] },
        { id = "taught", says = "1 taught.", need = "1.5", counts = { roles = ["taught"] }, cites = ["PAGE"] },
    ] },
    { id = "crisis", says = "Some of crisis.", need = { kind = "unstated", says = "what the letter asks" }, within = { begins = { of = "award" }, ends = { of = "due", months = -12 }, cites = ["PAGE"] }, cites = ["PAGE"] },
]
caps = [
    { id = "online", says = "At most 10 online.", at_most = 10, counts = { deliveries = ["self-paced"] }, only_if = { late = true }, cites = ["CODE"] },
]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "letters"
says = "Two letters."
called = "two letters"
document_kind = "reference-letter"
need = 2
at_least = { amount = 12, unit = "month" }
at_most = { amount = 24, unit = "month" }
adds_up = true
grows = { base = 0, each = 1, months = 1, since = { of = "due" }, until = { of = "filing" }, count = "begun" }
from_different = true
within = { begins = { of = "cycle-start" }, cites = ["PAGE"] }
only_if = { holds = "military" }
first_day = 2022-01-01
last_day = 2029-12-31
designation = "forensic"
cites = ["PAGE"]
"""


def built_by_hand():
    """Write the same rule set in Python."""
    board, code = ("PAGE",), ("CODE",)
    return RuleSet(
        id="xx-board",
        name="Peer specialist",
        body="The board",
        jurisdiction="xx",
        time_zone="America/Chicago",
        version="2026.1",
        seen_on=date(2026, 1, 4),
        notice_days=60,
        cycle=Anniversary(months=24, begins="month"),
        cycle_cites=board,
        after_early="renewal",
        after_late=ByQuestion(by="inside", values=(("says", "due"), ("body", "renewal"), ("kind", "due"))),
        in_force_while_late=True,
        units=(UnitValue(unit="ceu", hours="10", cites=code),),
        sources=(
            Source(
                id="PAGE", title="The board's page", address="https://board.example/page", kind="board",
                seen=date(2026, 1, 2), dated="undated",
            ),
            Source(id="CODE", title="The code", address="https://code.example", kind="code", seen=date(2026, 1, 3)),
        ),
        questions=(
            Question(
                id="inside", asks="Inside, or on top?", assumed="says", weight="blocking", about="facts",
                readings=(
                    Reading(id="says", says="Inside.", cites=board),
                    Reading(id="body", says="On top."),
                    Reading(id="kind", says="Neither."),
                ),
            ),
            Question(
                id="surplus", asks="Does the surplus count?", assumed="yes",
                under=ReadingIs(question="inside", reading="says"), first_day="2020-01-01", last_day="2021-12-31",
                readings=(
                    Reading(id="yes", says="Yes."), Reading(id="no", says="No."), Reading(id="half", says="Half of it."),
                ),
            ),
        ),
        procedures=(Procedure(step="renewal", decided_by="due", filed_when="received", editions=editions_by_hand()),),
        notes=("A note.",),
        step_notes=(StepNote(says="A note of a step.", bears_on=("expiring",)),),
    )  # fmt: skip


def editions_by_hand():
    board, code = ("PAGE",), ("CODE",)
    ends = ByQuestion(
        by="surplus",
        values=(
            ("yes", RelativeDate(of="filing")),
            ("no", RelativeDate(of="due")),
            ("half", RelativeDate(of="due", days=15)),
        ),
    )
    return (
        Edition(
            id="renewal-1", says="The first.", opens=RelativeDate(of="due", months=-2),
            requirements=(Hours(id="hours", says="20 hours.", need=Decimal("20.5"), cites=board),),
        ),
        Edition(
            id="renewal-2", says="The second.",
            begins=EffectiveFrom(
                day=date(2020, 7, 1), by_method=(MethodDay(method="mail", day=date(2020, 6, 30)),), assumed=False,
                cites=board,
            ),
            late_until=RelativeDate(
                of="calendar", day=date(2020, 5, 31), due_from=date(2020, 3, 1), due_until=date(2020, 4, 30)
            ),
            requirements=(
                SessionCount(
                    id="workshops", says="Two.", need=2,
                    counts=TrainingFilter(
                        roles={"taught"}, deliveries={"in-person"}, approved_by=["board"], providers=("school",),
                        courses={"wrap-1"}, shortest="1.5", unknown_fits={"length", "roles"},
                    ),
                    earning=Interval(ends=RelativeDate(of="due"), cites=board), only_if=Condition(late=False),
                    first_day="2020-08-01", last_day=date(2020, 9, 30), cites=code,
                ),
            ),
        ),
        Edition(
            id="renewal-3", says="The third.",
            begins=EffectiveFrom(
                not_before=date(2021, 7, 1), not_after=date(2024, 5, 31), weight="caveat", cites=board
            ),
            late_until=RelativeDate(of="due", days=30, month_end=True),
            earning=Interval(begins=RelativeDate(of="last-grant", included=False), ends=ends, cites=board),
            requirements=(hours_by_hand(), letters_by_hand(designation="forensic")),
        ),
    )  # fmt: skip


def hours_by_hand():
    board, code = ("PAGE",), ("CODE",)
    return Hours(
        id="training", says="20 hours.",
        need=ByQuestion(by="inside", values=(("says", Decimal(20)), ("body", Decimal("23.5")), ("kind", Decimal(21)))),
        counts=TrainingFilter(
            topics={"crisis", "ethics", "recovery"},
            not_topics=ByQuestion(
                by="surplus",
                values=(
                    ("yes", frozenset()), ("no", frozenset({"youth", "forensic"})), ("half", frozenset({"youth"})),
                ),
            ),
        ),
        together="exclusive",
        earning=Interval(begins=RelativeDate(of="award"), cites=code),
        repeats=ByQuestion(by="inside", values=(("says", "once"), ("body", "count"), ("kind", "once"))),
        only_if=Condition(question="inside", reading="says", holds="military", late=True),
        first_day="2022-01-01", last_day="2030-01-01", cites=("PAGE", "CODE"),
        parts=(
            Part(
                id="ethics", called="training on ethics", says="3 of ethics.", need="3.0", counts=TrainingFilter(topics={"ethics"}),
                surplus_counts=ByQuestion(by="surplus", values=(("yes", True), ("no", False), ("half", False))),
                only_if=Condition(holds="forensic"), cites=board, together="shared",
                parts=(
                    Part(
                        id="live", says="1 live.", called="live training", need=1, counts=TrainingFilter(deliveries={"in-person"}),
                        cites=board,
                    ),
                    Part(id="taught", says="1 taught.", need="1.5", counts=TrainingFilter(roles={"taught"}), cites=board),
                ),
            ),
            Part(id="crisis", says="Some of crisis.", need=Unstated(says="what the letter asks"), cites=board,
                 within=Interval(begins=RelativeDate(of="award"), ends=RelativeDate(of="due", months=-12), cites=board)),
        ),
        caps=(
            Cap(
                id="online", says="At most 10 online.", at_most=10, counts=TrainingFilter(deliveries={"self-paced"}),
                only_if=Condition(late=True), cites=code,
            ),
        ),
    )  # fmt: skip


def letters_by_hand(**more):
    return Documents(
        id="letters", says="Two letters.", called="two letters", document_kind="reference-letter", need=2,
        at_least=Quantity(amount=12, unit="month"), at_most=Quantity(amount=24, unit="month"), adds_up=True,
        grows=GrowingAmount(
            base=0, each=1, months=1, since=RelativeDate(of="due"), until=RelativeDate(of="filing"), count="begun"
        ),
        from_different=True,
        within=Interval(begins=RelativeDate(of="cycle-start"), cites=("PAGE",)), only_if=Condition(holds="military"),
        first_day="2022-01-01", last_day="2029-12-31", cites=("PAGE",), **more,
    )  # fmt: skip


@custom_check("of-these-tests")
def counts_nothing(asked):
    return CheckResult(counted={})


def rarely_used():
    """Write an edition of what few boards ask."""
    board = ("PAGE",)
    often = Recurrence(
        months=72,
        first=ByQuestion(by="inside", values=(("says", "at-once"), ("body", "after-a-period"), ("kind", "at-once"))),
        cites=board,
    )
    held = Condition(
        credential="xx-other",
        if_unrecorded=ReadingIs(question="held", reading="yes"),
        cycle_from=2,
        cycle_to=9,
        cycle_every=3,
        filed=Span(begins=RelativeDate(of="due")),
        awarded=Span(ends=RelativeDate(of="due", months=-12)),
        any_of=(Condition(holds="youth"), Condition(holds="military"), Condition(cycle_to=1)),
        unless=Condition(holds="forensic"),
        level="full",
    )
    grown = GrowingAmount(
        base="1.5",
        each=12,
        months=12,
        since=RelativeDate(of="due"),
        until=RelativeDate(of="filing"),
        count="begun",
        most=60,
    )
    told = TrainingFilter(
        not_deliveries={"self-paced"},
        not_roles={"attended-in-part"},
        not_approved_by={"nobody"},
        not_providers={"vendor"},
        not_courses={"wrap-2"},
        completed_from="2020-01-01",
        completed_to="2031-12-31",
        any_of=(TrainingFilter(topics={"ethics"}), TrainingFilter(topics={"law"}), TrainingFilter(roles={"taught"})),
    )
    return Edition(
        id="reinstatement-1", says="What few ask.", timely_until=RelativeDate(of="due", days=15),
        in_force_until=RelativeDate(of="due", months=6),
        late_until=RelativeDate(
            of="calendar", day=date(2026, 7, 1), due_until=date(2025, 12, 31), otherwise=RelativeDate(of="due", months=6)
        ),
        requirements=(
            Hours(id="carried", says="20 hours.", need=grown, counts=told, carry_over=CarryOver(at_most=20, cites=board),
                  cites=board),
            Hours(id="whole", says="5 hours.", called="whole hours", need=5, divisible=False, repeats="once-ever", designation="youth", cites=board),
            Hours(id="often", says="3 hours every six years.", need=3, recurs=often, only_if=held, cites=board),
            Hours(id="apart", says="9 hours.", need=9, cites=board,
                  not_shared_with=(NotSharedWith(ruleset="xx-other", requirement="training", cites=board),)),
            SessionCount(id="quarterly", says="One a quarter.", called="a training", need=4, repeats="once", spread=3, designation="youth",
                         cites=board),
            SessionCount(id="seldom", says="One every four years.", recurs=often, cites=board),
            Documents(id="papers", says="Letters.", document_kind="reference-letter", cites=board,
                      need=Unstated(says="how many letters")),
            Documents(id="paid", says="A fee.", document_kind="fee", cites=board,
                      at_least=UnstatedQuantity(says="what it costs", unit="usd")),
            Custom(
                id="steady", says="Some of it in five years.", called="work", check="of-these-tests", subject="hours", unit="year",
                need=5, earning=Interval(ends=RelativeDate(of="due"), cites=board), only_if=held, first_day="2022-01-01",
                last_day="2031-01-01", designation="youth", cites=board,
            ),
            AnyOf(
                id="ways", says="One of two.", called="a way", first_day="2022-01-01", last_day="2031-01-01", only_if=held,
                designation="youth", cites=board,
                options=(
                    Option(id="way-1", says="By hours.", requirements=(Hours(id="w-1", says="9.", need=9, cites=board),)),
                    Option(id="way-2", says="By documents.", requirements=(letters_by_hand(),)),
                    Option(id="way-3", says="By trainings.", requirements=(SessionCount(id="w-3", says="2.", cites=board),)),
                ),
            ),
        ),
    )  # fmt: skip


SMALL = built_by_hand()
WIDE = attrs.evolve(
    SMALL,
    extends="xx-national",
    confidence="high",
    grade="partial",
    gaps=("what a renewal costs",),
    ask="https://board.example",
    recognition=Recognition(accepts="with-conditions", says="With an examination.", cites=("PAGE",)),
    clock_with=("xx-other", "xx-third"),
    questions=(
        *SMALL.questions,
        Question(
            id="held", asks="Is the other one held?", assumed="no", about="facts",
            readings=(Reading(id="yes", says="Yes."), Reading(id="no", says="No.")),
        ),
    ),
    provisional=Provisional(months=6, longest=18, assumed=True, weight="blocking", cites=("PAGE",)),
    procedures=(Procedure(step="reinstatement", editions=(rarely_used(),)),),
)  # fmt: skip
OTHER_CYCLES = [
    FixedDate(begins=MonthDay(7, 1), years=2, phase=1, shortest=6),
    Birthday(birthday=MonthDay(2, 29), years=2, leap_day="March 1"),
    Cohorts(
        document_kind="renewal-cohort",
        cohorts=(
            Cohort(name="spring", begins=MonthDay(5, 1), years=2, phase=1),
            Cohort(name="autumn", begins=MonthDay(11, 1), years=2),
            Cohort(name="winter", begins=MonthDay(2, 1), years=2),
        ),
    ),
    Chosen(document_kind="term", months=(12, 24, 36), begins="month"),
    Anniversary(months=24, first_months=6),
    FixedDate(begins=MonthDay(7, 1), first="joined", working_day=True),
    FixedDate(begins=MonthDay(7, 1), years=2, from_award=True, shortest=12),
    CycleEditions(
        decided_by="grant",
        editions=(
            DatedCycle(cycle=Anniversary(months=12)),
            DatedCycle(first_day=date(2016, 6, 3), cycle=UnknownCycle(says="how long")),
            DatedCycle(first_day=date(2020, 1, 1), cycle=Anniversary(months=24)),
        ),
    ),
]
OPEN = attrs.evolve(
    SMALL,
    cycle=UnknownCycle(says="how long a certificate lasts"),
    cycle_cites=(),
    grade="partial",
    procedures=(
        *SMALL.procedures,
        Procedure(
            step="reinstatement",
            after=("inactive",),
            editions=(
                Edition(
                    id="return-1",
                    says="A return.",
                    requirements=(
                        Hours(id="class", says="The class.", need=18, cites=("PAGE",)),
                        Documents(
                            id="exam",
                            says="An exam.",
                            document_kind="exam",
                            at_least=UnstatedQuantity(says="the points that pass", unit="point"),
                            within=Interval(
                                begins=RelativeDate(of="completion", requirement="class"),
                                ends=RelativeDate(of="last-completion", requirement="class", months=12),
                                cites=("PAGE",),
                            ),
                            cites=("PAGE",),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
SMALL_ONES = [SMALL, WIDE, *(attrs.evolve(SMALL, cycle=cycle) for cycle in OTHER_CYCLES), OPEN]
SAMPLES = [*SMALL_ONES, ruleset("us-nc-cpss")]
NAMES = [
    "small",
    "wide",
    "fixed-date",
    "birthday",
    "cohorts",
    "chosen",
    "first",
    "joined",
    "from-award",
    "editions",
    "open",
    "us-nc-cpss",
]
PROSE = {"title", "name", "called", "body", "says", "asks", "notes", "dated", "confidence", "extends"}
PROSE |= {"grade", "gaps", "ask", "recognition"}


def test_read_and_built_are_the_same():
    """The TOML file and the Python code that say the same give equal objects, alike in hash and digest."""
    (read,) = read_rulesets(TOML)
    assert read == SMALL
    assert hash(read) == hash(SMALL)
    assert digest_of(read) == digest_of(SMALL)


def test_figure_by_question_is_the_same_amount_however_python_writes_it():
    """A figure under a reading may be written 20 or "20.0" in Python, as a figure outside may, and is the same amount."""
    plain_figure = Hours(id="h", says="S.", need=20, cites=("PAGE",))
    assert type(plain_figure.need) is Decimal
    written = attrs.evolve(
        hours_by_hand(), need=ByQuestion(by="inside", values=(("says", 20), ("body", "23.50"), ("kind", 21)))
    )
    assert written == hours_by_hand()
    assert {type(figure) for _, figure in written.need.values} == {Decimal}


def test_equal_rule_sets_have_equal_digests():
    """Rule sets that are equal, one with a figure under a reading as a whole number, have one digest."""
    procedure = SMALL.procedures[0]
    loose = ByQuestion(by="inside", values=(("says", 20), ("body", Decimal("23.5")), ("kind", 21)))
    third = procedure.editions[2]
    third = attrs.evolve(
        third, requirements=(attrs.evolve(hours_by_hand(), need=loose), letters_by_hand(designation="forensic"))
    )
    other = attrs.evolve(SMALL, procedures=(attrs.evolve(procedure, editions=(*procedure.editions[:2], third)),))
    assert (other == SMALL) is (digest_of(other) == digest_of(SMALL))


@pytest.mark.parametrize("value", [1.5, "many", None, -1, frozenset({"x"}), ["a"]], ids=str)
def test_figure_by_question_is_refused_where_the_figure_alone_would_be(value):
    """A value that no figure can have is refused under a reading too."""
    with pytest.raises(InvalidRecord):
        Hours(id="h", says="S.", need=ByQuestion(by="q", values=(("a", value), ("b", Decimal(1)))), cites=("PAGE",))


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_plain_form_gives_the_rule_set_back(one):
    """A rule set turned into plain values, and these into JSON and back, is the same rule set, and so are the values."""
    data = ruleset_to_dict(one)
    assert ruleset_from_dict(data) == one
    through_json = json.loads(json.dumps(data))
    assert through_json == data
    again = ruleset_from_dict(through_json)
    assert again == one
    assert ruleset_to_dict(again) == data


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_rule_set_can_be_shown(one):
    """A rule set has a repr, and equal ones have the same."""
    assert repr(ruleset_from_dict(ruleset_to_dict(one))) == repr(one)


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_order_of_keys_says_nothing(one):
    """The keys of the plain form may stand in any order: JSON written with sorted keys gives the same rule set."""
    assert ruleset_from_dict(json.loads(json.dumps(ruleset_to_dict(one), sort_keys=True))) == one


@pytest.mark.parametrize("path", ["procedures", "editions"])
def test_rule_set_that_is_read_can_be_written_and_read(path):
    """A rule set without procedures, or a procedure without editions, is refused, or is given back by its plain form."""
    editions = {"procedures": (), "editions": (Procedure(step="renewal", editions=()),)}[path]
    bare = attrs.evolve(SMALL, procedures=editions, questions=SMALL.questions[:1], after_late="due")
    assert problems_of(bare) or ruleset_from_dict(ruleset_to_dict(bare)) == bare


def objects_in(value):
    """Yield a rule set and all that is in it."""
    yield value
    if isinstance(value, tuple | frozenset):
        for part in value:
            yield from objects_in(part)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from objects_in(getattr(value, field.name))


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_rule_set_is_frozen_to_the_bottom(one):
    """Nothing in a rule set can be set, and it holds no list, set or dictionary."""
    for part in objects_in(one):
        assert isinstance(part, tuple | frozenset | str | int | Decimal | date | None) or attrs.has(type(part)), part
        if attrs.has(type(part)):
            for field in attrs.fields(type(part)):
                with pytest.raises(attrs.exceptions.FrozenInstanceError):
                    setattr(part, field.name, None)


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_rule_set_and_all_in_it_can_be_keys(one):
    """A rule set and all of its parts are hashable, and equal ones are one key."""
    again = ruleset_from_dict(ruleset_to_dict(one))
    for left, right in zip(objects_in(one), objects_in(again), strict=True):
        if not isinstance(left, frozenset):  # two equal sets may be walked in two orders
            assert hash(left) == hash(right) or left != right
    assert {one: "kept"}[again] == "kept"


def changes(value):
    """Yield all ways to change one thing in a value, each with the names of the fields on the way."""
    if isinstance(value, ByQuestion):
        yield (), attrs.evolve(value, by=f"{value.by}-x")
        for place, (reading, part) in enumerate(value.values):
            rest = (value.values[:place], value.values[place + 1 :])
            yield (), attrs.evolve(value, values=(*rest[0], (f"{reading}-x", part), *rest[1]))
            for names, changed in changes(part):
                yield names, attrs.evolve(value, values=(*rest[0], (reading, changed), *rest[1]))
        yield (), attrs.evolve(value, values=value.values[1:])
    elif isinstance(value, MonthDay):
        yield (), MonthDay(value.month, value.day % 28 + 1)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            for names, changed in (*changes(getattr(value, field.name)), *without(value, field)):
                try:
                    made = attrs.evolve(value, **{field.name: changed})
                except (InvalidRecord, InvalidValue):
                    continue
                yield (f"{type(value).__name__}.{field.name}", *names), made
                if isinstance(changed, str):
                    break
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            for names, changed in changes(part):
                yield names, (*value[:place], changed, *value[place + 1 :])
        yield (), value[1:]
        yield (), (*value, *value[:1])
        yield (), value[::-1]
    else:
        yield from (((), changed) for changed in simple_changes(value))


def without(value, field):
    if field.default is None and getattr(value, field.name) is not None:
        yield (), None


def simple_changes(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | Decimal):
        return [value + 1, value - 1]
    if isinstance(value, date):
        return [date.fromordinal(value.toordinal() + 1)]
    if isinstance(value, frozenset):
        return [value | {"something-else"}, frozenset(sorted(value)[1:])]
    if isinstance(value, str):
        words = [
            "agency",
            "caveat",
            "rules",
            "due",
            "filing",
            "sent",
            "count",
            "exclusive",
            "shared",
            "lapse",
            "initial",
            "documents",
        ]
        words += [
            "once",
            "joined",
            "next-day",
            "complete",
            "once-ever",
            "day-after",
            "provisional",
            "medium",
            "renewal",
            "cycle-start",
            "same-day",
            "February 28",
            "1",
            "7/2",
            "body",
            "no",
            "open",
        ]
        return [f"{value}-x", f"{value}x", *(word for word in words if word != value)]
    return []


@lru_cache
@cache
def all_changes():
    """Return each of the small rule sets with each of the rule sets that differ from it in one thing."""
    return [
        (names, sample, changed) for sample in SMALL_ONES for names, changed in changes(sample) if changed != sample
    ]


def test_every_field_of_every_class_is_changed():
    """The changes that the next tests look at reach every field of every class a rule set is made of."""
    classes = [one for one in vars(rules).values() if isinstance(one, type) and attrs.has(one)]
    classes = {one for one in classes if one.__module__.startswith("peer_ledger.rules.") and one.__name__[0] != "_"}
    classes -= {CheckInput, InputCredit, InputTraining, CheckResult}  # what is asked of a function and told by it
    classes -= {rules.ByQuestion, rules.Readings}  # what a question decides stands within the values
    classes |= {Source, Question, Reading, ReadingIs, Quantity}
    classes |= {Anniversary, FixedDate, Birthday, Cohort, Cohorts, Chosen}
    expected = {f"{one.__name__}.{field.name}" for one in classes for field in attrs.fields(one)}
    assert expected - {name for names, _, _ in all_changes() for name in names} == set()


def test_prose_is_what_explains():
    """The prose fields are those that a digest leaves out, and no others."""
    assert rules.PROSE == PROSE


def test_prose_leaves_the_digest():
    """Changing any one text that only explains changes no digest."""
    changed = [
        (names, one, other) for names, one, other in all_changes() if {name.split(".")[1] for name in names} & PROSE
    ]
    assert len(changed) > 50
    assert [names for names, one, other in changed if digest_of(one) != digest_of(other)] == []


def test_whatever_decides_changes_the_digest():
    """Changing any one thing that is no prose changes the digest, and any two changes differently."""
    inside = [(names, other, {name.split(".")[1] for name in names}) for names, _, other in all_changes()]
    changed = [(names, other) for names, other, fields in inside if not fields & PROSE]
    changed = changed[:: sized(1, 3)]
    found = {digest_of(one): one for one in SMALL_ONES}
    assert [names for names, other in changed if found.setdefault(digest_of(other), other) != other] == []
    assert len(found) > sized(400, 150)


@pytest.mark.parametrize("one", SAMPLES, ids=NAMES)
def test_digest_is_of_the_canonical_form_without_prose(one):
    """The digest is the SHA-256 of the plain form without its prose, as JSON with sorted keys and without blanks."""

    def bare(value):
        if isinstance(value, list):
            return [bare(part) for part in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"by", "values"}:
            return {"by": value["by"], "values": {name: bare(part) for name, part in value["values"].items()}}
        return {name: bare(part) for name, part in value.items() if name not in PROSE}

    text = json.dumps(bare(ruleset_to_dict(one)), sort_keys=True, separators=(",", ":"))
    assert digest_of(one) == hashlib.sha256(text.encode()).hexdigest()


def test_digest_does_not_hang_on_the_hash_seed():
    """Processes with different hash seeds give one plain form and one digest."""
    script = (
        "import json, sys; from peer_ledger.rulesets._files import *; one, = read_rulesets(sys.stdin.read());"
        "print(digest_of(one), json.dumps(ruleset_to_dict(one)))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script], input=TOML, env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(printed) == 1
    assert printed.pop().startswith(digest_of(SMALL))


def test_sound_rule_sets_have_no_problems():
    """Nothing is wrong with the rule sets of these tests."""
    assert [problems_of(one) for one in SAMPLES] == [()] * len(SAMPLES)


def with_requirement(requirement, **more):
    editions = (Edition(id="e", says="S.", requirements=(requirement,)),)
    return attrs.evolve(SMALL, procedures=(Procedure(step="renewal", editions=editions),), **more)


def test_problems_of_a_rule_set_built_by_hand_have_their_paths():
    """A rule set built in Python with wrong citations, readings and figures says all of it, each with its path."""
    part = Part(id="p", says="S.", need=21, cites=("PAEG",))
    requirement = Hours(
        id="p", says="S.", need=20, parts=(part, attrs.evolve(part, id="q", cites=("PAGE",))), cites=("CODE",),
        repeats=ByQuestion(by="insid", values=()), only_if=Condition(question="inside", reading="sayz"),
    )  # fmt: skip
    here = "procedures[0].editions[0].requirements"
    assert Counter(problem.path for problem in problems_of(with_requirement(requirement))) == Counter(
        {
            f"{here}[0].parts[0].cites": 1,
            f"{here}[0].repeats.by": 1,
            f"{here}[0].only_if": 1,
            here: 1,
            f"{here}[0].together": 1,
            f"{here}[0].parts[0].need": 1,
            f"{here}[0].parts[1].need": 1,
        }
    )


@pytest.mark.parametrize("values", [(), (("says", "x"), ("body", 1), ("kind", 2)), ("says", "body"), 5], ids=str)
def test_unsound_values_by_question_are_refused_and_never_stumbled_over(values):
    """Whatever a Python author gives as the values of a question is refused when built, or is a problem of the whole."""
    try:
        need = ByQuestion(by="inside", values=values)
        made = with_requirement(Hours(id="h", says="S.", need=need, cites=("PAGE",)))
    except (InvalidRecord, InvalidValue, TypeError):
        return
    assert problems_of(made)


def test_reading_that_stands_twice_is_a_problem():
    """A value that names one reading twice is refused when built, or is a problem of the whole."""
    pairs = (("says", "due"), ("body", "renewal"), ("kind", "due"), ("says", "renewal"))
    try:
        made = attrs.evolve(SMALL, after_late=ByQuestion(by="inside", values=pairs))
    except InvalidRecord:
        return
    assert problems_of(made)


@given(st.decimals("0.01", "40", places=2), st.lists(st.decimals("0.01", "20", places=2), min_size=2, max_size=4))
def test_parts_that_exclude_each_other_fit_into_their_total(total, needs):
    """Minima of exclusive parts are a problem exactly when one is above the total or all together are."""
    parts = tuple(Part(id=f"p{place}", says="S.", need=need, cites=("PAGE",)) for place, need in enumerate(needs))
    for together in ("exclusive", "shared"):
        hours = Hours(id="h", says="S.", need=total, parts=parts, together=together, cites=("PAGE",))
        wrong = max(needs) > total or (together == "exclusive" and sum(needs) > total)
        assert bool(problems_of(with_requirement(hours))) is wrong


@pytest.mark.parametrize(("cap", "wrong"), [("2.99", True), ("3", False), ("3.01", False)])
def test_cap_leaves_room_for_the_minimum_of_the_same_training(cap, wrong):
    """A cap is a problem exactly when fewer hours are counted than a minimum asks of the same training."""
    ethics = TrainingFilter(topics={"ethics"})
    part = Part(id="p", says="S.", need=3, counts=ethics, cites=("PAGE",))
    deep = Part(id="d", says="S.", need=5, parts=(part,), cites=("PAGE",))
    caps = (Cap(id="c", says="S.", at_most=cap, counts=ethics, cites=("PAGE",)),)
    for parts in ((part,), (deep,)):
        hours = Hours(id="h", says="S.", need=20, parts=parts, caps=caps, cites=("PAGE",))
        assert bool(problems_of(with_requirement(hours))) is wrong


@pytest.mark.parametrize(("cap", "wrong"), [("19.99", True), ("20", False)])
def test_cap_leaves_room_for_the_total_of_the_same_training(cap, wrong):
    """A cap on the very training that a requirement counts is a problem exactly when it is below its minimum."""
    ethics = TrainingFilter(topics={"ethics"})
    caps = (Cap(id="c", says="S.", at_most=cap, counts=ethics, cites=("PAGE",)),)
    hours = Hours(id="h", says="S.", need=20, counts=ethics, caps=caps, cites=("PAGE",))
    assert bool(problems_of(with_requirement(hours))) is wrong


def test_minimum_is_not_above_its_total_under_any_reading():
    """Where one question sets a minimum and its total, the minimum fits under each of its readings."""

    def need(*figures):
        return ByQuestion(by="inside", values=tuple(zip(("says", "body", "kind"), map(Decimal, figures), strict=True)))

    part = Part(id="p", says="S.", need=need(20, 23, 20), cites=("PAGE",))
    hours = Hours(id="h", says="S.", need=need(20, 23, 20), parts=(part,), cites=("PAGE",))
    assert problems_of(with_requirement(hours)) == ()
    crossed = attrs.evolve(hours, parts=(attrs.evolve(part, need=need(21, 20, 20)),))
    assert [problem.path for problem in problems_of(with_requirement(crossed))] == [
        "procedures[0].editions[0].requirements[0].parts[0].need"
    ]


def test_edition_of_unknown_beginning_raises_one_question():
    """An edition whose first day is known as a range raises one question, for the days on which it may have begun."""
    asked = questions_of(SMALL)
    assert [one.id for one in asked] == [
        "inside",
        "surplus",
        "renewal-3-begun",
        "renewal-2-by-mail",
        "unknown-approvals",
    ]
    assert edition_question(SMALL.procedures[0].editions[2]) == "renewal-3-begun"
    begun = asked[2]
    assert (begun.first_day, begun.last_day) == (date(2021, 7, 1), date(2024, 5, 30))
    assert [reading.id for reading in begun.readings] == ["begun", "not-yet"]
    assert (begun.assumed, begun.weight) == ("begun", "caveat")


def test_range_without_end_closes_on_the_day_the_facts_were_seen():
    """A range without an end raises a question until the day before the facts were seen, on which it had begun."""
    edition = SMALL.procedures[0].editions[2]
    begins = attrs.evolve(edition.begins, not_after=None, assumed=False)
    procedure = attrs.evolve(SMALL.procedures[0], editions=(attrs.evolve(edition, begins=begins),))
    begun = questions_of(attrs.evolve(SMALL, procedures=(procedure,)))[2]
    assert (begun.first_day, begun.last_day, begun.assumed) == (date(2021, 7, 1), date(2026, 1, 3), "not-yet")


@pytest.mark.parametrize(
    ("general", "mail", "first_day", "last_day"),
    [
        ({"day": date(2020, 7, 1)}, date(2020, 6, 29), date(2020, 6, 29), date(2020, 6, 30)),
        ({"day": date(2020, 7, 1)}, date(2020, 7, 3), date(2020, 7, 1), date(2020, 7, 2)),
        ({"day": date(2020, 7, 1)}, date(2020, 7, 1), None, None),
        ({"not_before": date(2020, 7, 1), "not_after": date(2020, 8, 1)}, date(2020, 7, 5), date(2020, 7, 1), date(2020, 7, 31)),
        ({"not_before": date(2020, 7, 1)}, date(2020, 6, 5), date(2020, 6, 5), date(2026, 1, 3)),
    ],
)  # fmt: skip
def test_another_day_for_a_method_raises_a_question_about_the_filing(general, mail, first_day, last_day):
    """How it was filed is a question about facts, on the days on which an edition has begun by one way and not by another."""
    begins = EffectiveFrom(**general, by_method=(MethodDay(method="mail", day=mail),), cites=("PAGE",))
    editions = (SMALL.procedures[0].editions[0], attrs.evolve(SMALL.procedures[0].editions[1], begins=begins))
    made = attrs.evolve(SMALL, procedures=(attrs.evolve(SMALL.procedures[0], editions=editions),))
    found = [one for one in questions_of(made) if one.id == "renewal-2-by-mail"]
    assert [(one.first_day, one.last_day, one.about) for one in found] == [(first_day, last_day, "facts")][
        : first_day is not None
    ]


def test_two_procedures_with_editions_of_one_id_do_not_share_a_question():
    """Editions of two procedures that would raise one and the same question are a problem, or raise two."""
    again = attrs.evolve(SMALL.procedures[0], step="reinstatement")
    both = attrs.evolve(SMALL, procedures=(*SMALL.procedures, again))
    ids = [one.id for one in questions_of(both)]
    assert problems_of(both) or len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["e" * 58, "e" * 59, "e" * 64])
def test_question_of_an_edition_exists_however_long_its_id(name):
    """Every id that an edition may have gives its question an id that a question may have, or is a problem."""
    edition = attrs.evolve(SMALL.procedures[0].editions[2], id=name)
    editions = (*SMALL.procedures[0].editions[:2], edition)
    made = attrs.evolve(SMALL, procedures=(attrs.evolve(SMALL.procedures[0], editions=editions),))
    assert problems_of(made) or len(questions_of(made)) == 5


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (lambda: Hours(id="h", says="S.", need=0, cites=("PAGE",)), "need"),
        (lambda: Hours(id="h", says="S.", need=1.5, cites=("PAGE",)), "need"),
        (lambda: Hours(id="h", says="S.", need=1, cites=()), "cites"),
        (lambda: Hours(id="h", says="S.", need=1, cites=["PAGE"]), "cites"),
        (lambda: Hours(id="h", says="S.", need=1, cites="PAGE"), "cites"),
        (lambda: Cap(id="c", says="S.", at_most=1, counts=TrainingFilter(topics={"ethics"}), cites=()), "cites"),
        (lambda: Part(id="p", says="S.", need=1, cites=()), "cites"),
        (lambda: Documents(id="a", says="S.", document_kind="fee", need=0, cites=("PAGE",)), "need"),
        (lambda: Documents(id="a", says="S.", document_kind="fee", cites=()), "cites"),
        (lambda: SessionCount(id="t", says="S.", need=True, cites=("PAGE",)), "need"),
        (lambda: Interval(cites=()), "cites"),
        (lambda: RelativeDate(of="birth"), "of"),
        (lambda: RelativeDate(of="due", months=1201), "months"),
        (lambda: Condition(), "holds"),
        (lambda: Condition(question="q"), "reading"),
        (lambda: Condition(reading="r", late=True), "reading"),
        (lambda: EffectiveFrom(cites=("PAGE",)), "day"),
        (lambda: EffectiveFrom(day=date(2020, 1, 1), not_before=date(2020, 1, 1), cites=("PAGE",)), "day"),
        (lambda: EffectiveFrom(not_before=date(2020, 1, 2), not_after=date(2020, 1, 1), cites=("PAGE",)), "not_after"),
        (lambda: TrainingFilter(topics={"Not A Word"}), "topics"),
        (lambda: Provisional(months=6, longest=5, cites=("PAGE",)), "longest"),
        (lambda: Provisional(longest=5, cites=("PAGE",)), "longest"),
        (lambda: Provisional(months=0, cites=("PAGE",)), "months"),
        (lambda: Provisional(months=6, cites=()), "cites"),
        (lambda: Condition(level="intern"), "level"),
        (lambda: UnitValue(unit="ceu", hours="0", cites=("PAGE",)), "hours"),
        (lambda: UnitValue(unit="ceu", hours="1/0", cites=("PAGE",)), "hours"),
        (lambda: UnitValue(unit="ceu", hours="1.5", cites=("PAGE",)), "hours"),
        (lambda: UnitValue(unit="ceu", hours=10, cites=("PAGE",)), "hours"),
        (lambda: UnitValue(unit="ceu", hours="10", cites=()), "cites"),
        (lambda: Procedure(step="lapse", editions=()), "step"),
        (lambda: attrs.evolve(SMALL, cycle="yearly"), "cycle"),
        (lambda: attrs.evolve(SMALL, procedures=list(SMALL.procedures)), "procedures"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_it_is_built(build, path):
    """A Python author hears at once what a file's author would hear, with the field it is about."""
    with pytest.raises(InvalidRecord) as caught:
        build()
    assert path in [problem.path for problem in caught.value.problems]


def test_range_of_one_day_is_a_day():
    """An edition that began not before and not after one day began on it, and is to say so; the day after is a range."""
    day = date(2020, 1, 1)
    with pytest.raises(InvalidRecord, match="give it as day"):
        EffectiveFrom(not_before=day, not_after=day, cites=("PAGE",))
    assert EffectiveFrom(not_before=day, not_after=date(2020, 1, 2), cites=("PAGE",)).day is None


def test_procedures_and_sources_are_found():
    """A rule set gives its procedure of a step, nothing for a step it has none for, and its sources by id."""
    assert SMALL.procedure("renewal") is SMALL.procedures[0]
    assert SMALL.procedure("initial") is None
    assert SMALL.source("CODE").title == "The code"


@pytest.mark.parametrize(("hours", "ratio"), [("10", "10"), ("5/6", "5/6"), ("10/12", "5/6")])
def test_unit_is_worth_an_exact_ratio_of_hours(hours, ratio):
    """What a unit is worth is exact, also where no decimal is."""
    assert str(UnitValue(unit="ceu", hours=hours, cites=("PAGE",)).ratio) == ratio


@pytest.mark.parametrize(
    ("together", "surplus_counts", "count"),
    [
        ("shared", False, 1),
        ("shared", ByQuestion(by="q", values=(("yes", True), ("no", False))), 1),
        ("shared", True, 0),
        ("exclusive", False, 0),
    ],
)
def test_what_does_not_spill_is_refused_in_a_shared_group(together, surplus_counts, count):
    """Where a minute may serve several parts, turning it away from one limits nothing: the rule must mean a cap."""
    parts = [
        Part(
            id=one,
            says="S.",
            need=1,
            counts=TrainingFilter(topics={one}),
            cites=("PAGE",),
            surplus_counts=surplus_counts,
        )
        for one in ("ethics", "crisis")
    ]
    training = Hours(id="training", says="S.", need=4, parts=(parts[0], attrs.evolve(parts[1], surplus_counts=True)),
                     together=together, cites=("PAGE",))  # fmt: skip
    sample = SAMPLES[0]
    edition = Edition(id="e-1", says="S.", requirements=(training,))
    question = Question(
        id="q", asks="Q?", readings=(Reading(id="yes", says="Y."), Reading(id="no", says="N.")), assumed="yes"
    )
    made = attrs.evolve(
        sample,
        questions=(*sample.questions, question),
        procedures=(Procedure(step="initial", editions=(edition,)),),
    )
    found = [problem for problem in problems_of(made) if problem.path.endswith("parts[0].surplus_counts")]
    assert len(found) == count


def test_a_wrong_value_under_a_reading_is_told_with_its_place():
    """Below each question that it depends on, by the reading."""
    inner = rules.ByQuestion(by="r", values=[("x", 2)])
    with pytest.raises(InvalidRecord, match=r"surplus_counts\.values\.a\.values\.x: must be true or false, not 2"):
        Part(
            id="p",
            says="So many.",
            need=1,
            cites=("P",),
            surplus_counts=rules.ByQuestion(by="q", values=[("a", inner)]),
        )


def test_lists_under_readings_are_frozen():
    """A value that depends on a question can be hashed, whatever it was made of."""
    made = rules.ByQuestion(by="q", values=[("b", ["x"]), ("a", ["y", "z"])])
    assert (("a", ("y", "z")), ("b", ("x",))) == made.values
    assert hash(made)


def test_a_relative_date_is_up_to_a_hundred_years_away():
    """1,200 months before or after, and not one more."""
    assert [-1200, 1200] == [rules.RelativeDate(of="due", months=months).months for months in (-1200, 1200)]
    for months in (-1201, 1201):
        with pytest.raises(InvalidRecord, match="months: must be a whole number from -1200 to 1200"):
            rules.RelativeDate(of="due", months=months)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: rules.Condition(),
            "Condition: holds: is missing, as is every other condition; give any, or leave all out",
        ),
        (lambda: rules.Condition(question="q"), "Condition: reading: give question and reading together"),
        (lambda: rules.Condition(cycle_from=3, cycle_to=2), "Condition: cycle_to: is before cycle_from, 3"),
        (
            lambda: rules.RelativeDate(of="due", otherwise=rules.RelativeDate(of="award")),
            "RelativeDate: otherwise: is never used without due_from or due_until; give either, or leave it out",
        ),
        (
            lambda: rules.Interval(
                begins=rules.RelativeDate(of="due"), ends=rules.RelativeDate(of="due", months=-1), cites=("P",)
            ),
            "Interval: ends: is before begins, or is the same day and not included",
        ),
    ],
)
def test_what_belongs_together_is_told_where_it_is_not(make, says):
    """With the class, the field and what to do."""
    with pytest.raises(InvalidRecord) as refused:
        make()
    assert says == str(refused.value)


def test_one_condition_alone_is_enough():
    """Any of them."""
    assert rules.Condition(late=True).late
