"""What a function judges: how it is found, what it is asked, what it may tell, and what is made of that."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import metadata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, COVERED, XX, act, asked, board, document, filed, hours, ruled, trained
from peer_ledger import Ledger, evaluate, read_rulesets
from peer_ledger.errors import InvalidData, InvalidRecord, InvalidValue, PeerLedgerError, UnusableCheck
from peer_ledger.records import Course, Credit, Quantity, Retraction, Review, TrainingEvent
from peer_ledger.rules import (
    AnyOf,
    ByQuestion,
    CheckInput,
    CheckResult,
    Condition,
    Custom,
    Interval,
    Option,
    Question,
    Reading,
    RelativeDate,
    TrainingFilter,
    UnitValue,
    Unstated,
    custom_check,
    find_custom_check,
)
from peer_ledger.rules import (
    _custom as _judges,
)
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._files import digest_of
from peer_ledger.values._wording import units
from remarks import in_words, sentences

ON = "2026-01-15"


@pytest.fixture(autouse=True)
def judges(monkeypatch):
    """Forget what a test registers, and let nothing be installed unless it says so."""
    monkeypatch.setattr(_judges, "_REGISTERED", {})
    monkeypatch.setattr(_judges, "_FOUND", {})
    points = []
    monkeypatch.setattr(_judges, "_announced", lambda: points)
    return points


def custom_requirement(need=3, name="steady", **more):
    given = {"subject": "hours", "unit": "training", "check": name, **more}
    return Custom(id="j", says="Judged.", need=need, cites=("P",), **given)


def told(function, records, requirement=None, on=ON, **more):
    """Return the finding of one requirement that a function judges, of somebody certified on June 1, 2024."""
    _judges._REGISTERED["steady"] = function
    rules = more.pop("ruleset", None) or board(requirement or custom_requirement())
    return next(
        one for one in asked([AWARD, *records], on=on, ruleset=rules, **more).findings if one.requirement == "j"
    )


def each(asked_):
    """Count every training."""
    return CheckResult(counted={one.id: 1 for one in asked_.trainings})


def every_hour(asked_):
    return CheckResult(counted={one.id: one.hours or 0 for one in asked_.trainings})


def captured(records, requirement=None, **more):
    """Return what a judge is asked."""
    seen = []

    def look(one):
        seen.append(one)
        return CheckResult(counted={})

    told(look, records, requirement, **more)
    return seen[0]


# How it is found.


def test_a_function_is_registered_under_a_name():
    """The decorator gives the function back, and the name finds it."""

    def steady(asked_):
        return CheckResult(counted={})

    assert custom_check("steady-years")(steady) is steady
    assert find_custom_check("steady-years") is steady


def test_a_second_function_of_one_name_is_refused_with_both():
    custom_check("steady")(each)
    with pytest.raises(UnusableCheck) as caught:
        custom_check("steady")(every_hour)
    assert str(caught.value).startswith("the custom check 'steady' is claimed by ")
    assert "each and by " in str(caught.value)
    assert "every_hour; rename" in str(caught.value)
    assert find_custom_check("steady") is custom_check("steady")(each)


def test_a_function_that_is_defined_again_takes_its_own_place():
    """As when a cell of a notebook runs twice; two functions within functions are not told apart by their names."""
    first, second = ({}, {})
    for names in (first, second):
        exec("def again(asked):\n    return None", {"__name__": "__main__"}, names)
    custom_check("again")(first["again"])
    custom_check("again")(second["again"])
    assert find_custom_check("again") is second["again"]
    custom_check("lambda")(lambda asked_: None)
    with pytest.raises(UnusableCheck):
        custom_check("lambda")(lambda asked_: None)


@pytest.mark.parametrize("name", ["Jane Doe", "", "a.b", "a:b", 3, None])
def test_what_is_no_name_is_refused(name):
    """A path to a module is none, and is not repeated."""
    with pytest.raises(InvalidValue) as caught:
        custom_check(name)
    assert "Jane" not in str(caught.value)


class Announced:
    """An entry point that says when it is loaded."""

    def __init__(self, name, gives, distribution="zz-rules"):
        self.name, self.gives, self.value = name, gives, "zz_rules:judge"
        self.dist = distribution and type("Distribution", (), {"name": distribution})
        self.loaded = 0

    def load(self):
        self.loaded += 1
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


def test_a_distribution_announces_a_judge_and_is_loaded_when_it_is_asked(judges):
    """Neither to read a rule set that names it, nor to look through one, imports anything; to ask it does, once."""
    point = Announced("steady", each)
    judges += [point, Announced("other", ImportError())]
    rules = board(custom_requirement())
    assert problems_of(rules) == ()
    assert ruleset_from_dict(ruleset_to_dict(rules)) == rules
    assert point.loaded == 0
    report = asked([AWARD, *(trained(f"e-{one}", 1, title=f"{one}") for one in range(3))], on=ON, ruleset=rules)
    assert report.hours_outcome == "met"
    assert asked([AWARD], on=ON, ruleset=rules).hours_outcome == "short"
    assert (point.loaded, judges[1].loaded) == (1, 0)


def test_a_module_that_registers_what_its_distribution_announces_is_one_claim(judges):
    custom_check("steady")(each)
    judges += [Announced("steady", each)]
    assert find_custom_check("steady") is each


def test_two_claims_on_one_name_name_both(judges):
    """Two distributions are a problem of the rule set; one and a function of somebody else, when it is asked."""
    judges += [Announced("steady", each, "zz-rules"), Announced("steady", each, "better")]
    (problem,) = problems_of(board(custom_requirement()))
    assert problem.path == "procedures[0].editions[0].requirements[0].check"
    assert problem.message == "'steady' is claimed by better and by zz-rules; uninstall all but one"
    with pytest.raises(UnusableCheck, match="better and by zz-rules"):
        find_custom_check("steady")
    del judges[1]
    custom_check("steady")(every_hour)
    with pytest.raises(UnusableCheck, match=r"zz-rules and by .*every_hour; rename"):
        find_custom_check("steady")


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        (ImportError("No module named 'zz'"), "of zz-rules cannot be loaded: ImportError: No module named 'zz'"),
        (SystemExit(3), "of zz-rules cannot be loaded: SystemExit: 3"),
        (3, "of zz-rules is not a function"),
    ],
)
def test_a_judge_that_cannot_be_loaded_is_named(judges, gives, words):
    judges += [Announced("steady", gives)]
    with pytest.raises(UnusableCheck) as caught:
        asked([AWARD], on=ON, ruleset=board(custom_requirement()))
    assert str(caught.value) == f"the custom check 'steady' {words}"
    assert caught.value.__cause__ is (gives if isinstance(gives, BaseException) else None)
    judges[:] = [Announced("steady", each)]
    assert asked([AWARD], on=ON, ruleset=board(custom_requirement())).hours_outcome == "short"


def test_an_interruption_is_none_of_its_faults(judges):
    judges += [Announced("steady", KeyboardInterrupt())]
    with pytest.raises(KeyboardInterrupt):
        find_custom_check("steady")


TOML = """
format = 1
[[sources]]
id = "P"
title = "The page"
address = "https://board.example"
kind = "board"
seen = 2026-01-02
[[rulesets]]
id = "xx-board"
name = "Peer specialist"
body = "The board"
jurisdiction = "xx"
time_zone = "UTC"
version = "1"
seen_on = 2026-01-04
cycle = { kind = "anniversary", months = 24 }
cycle_cites = ["P"]
[[rulesets.procedures]]
step = "renewal"
[[rulesets.procedures.editions]]
id = "renewal-1"
says = "All of it."
requirements = [
    { kind = "custom", id = "j", says = "Judged.", check = "steady", subject = "hours", unit = "training", need = 3, cites = ["P"] },
]
"""


def test_a_name_that_nobody_has_is_a_problem_of_the_file():
    """With the place and the nearest name that there is."""
    custom_check("steady-years")(each)
    with pytest.raises(InvalidData) as caught:
        read_rulesets(TOML)
    (problem,) = caught.value.problems
    assert problem.path == "rulesets[0].procedures[0].editions[0].requirements[0].check"
    assert problem.message == (
        "no custom check is named 'steady' (did you mean 'steady-years'?); available: steady-years"
    )
    _judges._REGISTERED.clear()
    with pytest.raises(InvalidData, match="no custom check is named 'steady'; none is registered or installed"):
        read_rulesets(TOML)
    with pytest.raises(
        UnusableCheck, match=r"^the custom check 'steady' is not known; none is registered or installed"
    ):
        find_custom_check("steady")


def test_a_file_names_no_module():
    """A path is no name, so that to read a file cannot import anything."""
    for name in ("os:system", "os.system", "Os"):
        with pytest.raises(InvalidData, match=r"check: must be a declared word"):
            read_rulesets(TOML.replace('"steady"', f'"{name}"'))


def test_it_is_data_like_every_other_kind():
    """Read, built by hand, written and read again it is the same; what decides is in the digest."""
    custom_check("steady")(each)
    custom_check("other")(each)
    (rules,) = read_rulesets(TOML)
    requirement = rules.procedures[0].editions[0].requirements[0]
    assert requirement == custom_requirement()
    assert hash(requirement) == hash(custom_requirement())
    assert ruleset_from_dict(ruleset_to_dict(rules)) == rules
    digests = {
        digest_of(board(one))
        for one in (
            custom_requirement(),
            custom_requirement(need=4),
            custom_requirement(name="other"),
            custom_requirement(unit="month"),
            custom_requirement(subject="documents"),
        )
    }
    assert len(digests) == 5
    assert digest_of(board(custom_requirement())) == digest_of(
        board(attrs.evolve(custom_requirement(), says="In other words."))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"check": "os:system"},
        {"subject": "letters"},
        {"unit": "Month"},
        {"need": 1.5},
        {"need": 0},
        {"cites": ()},
    ],
)
def test_what_is_not_meant_is_refused(wrong):
    with pytest.raises(InvalidRecord, match=next(iter(wrong))):
        attrs.evolve(custom_requirement(), **wrong)


def test_to_look_for_judges_is_left_to_who_asks_for_one():
    """Neither the package nor its rules look at what is installed until a judge is asked for."""
    code = "import sys, peer_ledger.rules; print('importlib.metadata' in sys.modules)"
    clean = "import sys; sys.modules.pop('importlib.metadata', None)\n"
    done = subprocess.run([sys.executable, "-c", clean + code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


def test_what_is_installed_is_found(tmp_path, monkeypatch):
    """An entry point in the group `peer_ledger.custom_checks` of a distribution's metadata is enough."""
    (tmp_path / "zz_judges.py").write_text(
        "from peer_ledger.rules import CheckResult\ndef none(asked):\n    return CheckResult(counted={})\n"
    )
    info = tmp_path / "zz_judges-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-judges\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[peer_ledger.custom_checks]\nzz-none = zz_judges:none\n")
    monkeypatch.setattr(_judges, "_announced", lambda: metadata.entry_points(group=_judges.CUSTOM_CHECKS))
    monkeypatch.syspath_prepend(tmp_path)
    assert problems_of(board(custom_requirement(name="zz-none"))) == ()
    assert "zz_judges" not in sys.modules
    assert find_custom_check("zz-none").__module__ == "zz_judges"
    monkeypatch.delitem(sys.modules, "zz_judges")


# What it is asked.


def test_it_is_asked_with_figures_and_days():
    """The cycle from June 1, 2024 is due on May 31, 2026; training counts from the day after the award."""
    found = captured([], custom_requirement(need="2.5", unit="hour"), on=ON)
    assert found == CheckInput(
        need=Fraction(5, 2), unit="hour", first_day=date(2024, 6, 2), last_day=None, as_of=date(2026, 1, 15),
        cycle_begins=date(2024, 6, 1), due=date(2026, 5, 31), trainings=(), documents=(), fits=None,
    )  # fmt: skip


def test_own_days_take_the_place_of_those_of_the_edition():
    own = Interval(begins=RelativeDate(of="due", months=-12, days=1), ends=RelativeDate(of="due"), cites=("P",))
    found = captured(
        [trained("early", 1, day="2025-05-31"), trained("e", 1, day="2025-06-01")], custom_requirement(earning=own)
    )
    assert (found.first_day, found.last_day) == (date(2025, 6, 1), date(2026, 5, 31))
    assert [one.id for one in found.trainings] == ["e"]


def test_before_any_certificate_there_is_no_cycle():
    rules = board(
        procedures=(
            attrs.evolve(board(custom_requirement()).procedures[0], step="initial", editions=(
                attrs.evolve(board(custom_requirement()).procedures[0].editions[0], earning=None),)),
        )
    )  # fmt: skip
    _judges._REGISTERED["steady"] = lambda one: seen.append(one) or CheckResult(counted={})
    seen = []
    assert asked([trained("e", 1, day="2001-01-01")], on=ON, ruleset=rules).hours_outcome == "short"
    assert {(one.cycle_begins, one.due, one.first_day) for one in seen} == {(None, None, None)}
    assert [one.id for one in seen[0].trainings] == ["e"]


def test_after_a_filing_it_is_asked_as_of_that_day():
    records = [trained("e", 1, day="2025-05-01"), trained("after", 1, day="2025-05-02"), filed("f", "2025-05-01")]
    found = captured([*records, document("a", "fee", on="2025-05-02")])
    assert found.as_of == date(2025, 5, 1)
    assert ([one.id for one in found.trainings], found.documents) == (["e"], ())


def test_trainings_come_as_they_stand_and_by_day():
    """What a course fills in is there, and what a reviewer granted; what was withdrawn or rejected is not."""
    records = [
        Course(id="wrap", title="WRAP", credits=[Credit(amount=2, topics={"wellness"})], delivery="in-person", provider="board"),
        TrainingEvent(id="filled", person="p", completed="2025-03-02", course="wrap"),
        trained("granted", 9, day="2025-03-01"),
        Review(id="v", person="p", event="granted", decision="granted", credits=[Credit(amount="1.5")], on="2025-04-01"),
        trained("rejected", 9),
        Review(id="w", person="p", event="rejected", decision="rejected", on="2025-04-01"),
        trained("withdrawn", 9),
        Retraction(id="r", retracts="withdrawn", reason="a mistake"),
        trained("later", 9, day="2026-01-16"),
        trained("minutes", 1, day="2025-03-03", credits=[Credit(amount=50, unit="minute"), Credit(amount=1, unit="unheard-of")]),
        TrainingEvent(id="vague", person="p", completed="2025-03-04"),
    ]  # fmt: skip
    found = captured(records)
    assert [one.id for one in found.trainings] == ["granted", "filled", "minutes", "vague"]
    granted, filled, minutes, vague = found.trainings
    assert (granted.hours, filled.hours, minutes.hours, vague.hours) == (Fraction(3, 2), 2, None, None)
    assert [one.hours for one in minutes.credits] == [Fraction(5, 6), None]
    assert (filled.delivery, filled.provider, filled.day) == ("in-person", "board", date(2025, 3, 2))
    assert filled.credits[0].record.topics == {"wellness"}
    assert (vague.credits, vague.provider, vague.approved_by) == (None, None, None)


@given(st.permutations(range(5)))
def test_the_order_of_recording_is_not_to_be_seen(order):
    """In whatever order they were recorded, the question is the same."""
    records = [
        trained("e-1", 1, day="2025-03-02"), trained("e-2", 2), trained("e-3", 3), document("a-1", "fee"), document("a-2", "fee")
    ]  # fmt: skip
    assert captured(records) == captured([records[place] for place in order])


def test_of_units_it_is_told_what_the_rules_say():
    """A point is a quarter of an hour here; to count in points it divides."""
    rules = board(custom_requirement(unit="point", need=6), units=(UnitValue(unit="point", hours="1/4", cites=("P",)),))
    records = [trained("e", 1), trained("f", 1, credits=[Credit(amount=2, unit="point")])]
    finding = told(
        lambda one: CheckResult(counted={some.id: some.hours * 4 for some in one.trainings}), records, ruleset=rules
    )
    assert (finding.result, finding.counted, finding.unit) == ("met", 6, "point")
    assert [(line.recorded, line.counted) for line in finding.lines] == [(4, 4), (2, 2)]


def test_it_may_ask_of_what_kind_a_training_is():
    """Yes, no or unknown, of all of it or of one credit, and under the readings taken."""
    kind = TrainingFilter(topics={"ethics"})
    found = captured(
        [
            trained("e-1", 1, credits=[Credit(amount=1, topics={"ethics"}), Credit(amount=1, topics={"law"})]),
            trained("e-2", 1, {"law"}),
            trained("e-3", 1),
        ]
    )
    assert [found.fits(one, kind) for one in found.trainings] == [True, False, None]
    assert [found.fits(found.trainings[0], kind, one) for one in found.trainings[0].credits] == [True, False]
    assert found.fits(found.trainings[2], None) is True


def test_a_kind_may_hang_on_a_question():
    """Then the finding does, and both answers are told."""
    readings = (Reading(id="yes", says="It does.", cites=("P",)), Reading(id="no", says="It does not.", cites=("P",)))
    law = Question(id="law", asks="Does law count?", readings=readings, assumed="yes", weight="blocking")
    kind = ByQuestion(by="law", values=(("yes", None), ("no", TrainingFilter(topics={"ethics"}))))
    rules = board(custom_requirement(need=1), questions=(law,))
    function = lambda one: CheckResult(counted={some.id: 1 for some in one.trainings if one.fits(some, kind)})  # noqa: E731
    _judges._REGISTERED["steady"] = function
    report = asked([AWARD, trained("e", 1, {"law"})], on=ON, ruleset=rules)
    assert (report.hours_outcome, [one.question.id for one in report.questions]) == ("undetermined", ["law"])
    assert told(function, [trained("e", 1, {"law"})], ruleset=rules, readings={"law": "no"}).result == "short"


def test_nothing_it_is_asked_can_be_altered():
    found = captured([trained("e", 1)])
    for one in (found, found.trainings[0], found.trainings[0].credits[0], found.trainings[0].record):
        for field in attrs.fields(type(one)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(one, field.name, None)


# What is made of what it tells.


def test_met_short_and_by_how_much():
    """Three are needed."""
    two = [trained("e-1", 1), trained("e-2", 1, day="2025-03-05")]
    finding = told(each, two)
    assert (finding.result, finding.short, finding.because) == ("short", 1, ())
    assert (finding.need, finding.counted, finding.eligible, finding.recorded) == (3, 2, 2, 2)
    finding = told(each, [*two, trained("e-3", 1, day="2025-03-06")])
    assert (finding.result, finding.short, in_words(finding.because)) == ("met", 0, None)
    assert (finding.says, [one.id for one in finding.cites], finding.unit) == ("Judged.", ["P"], "training")


def test_every_training_has_its_line_once():
    """With its hours, what counted of it, and why the rest did not."""
    records = [
        trained("early", 4, day="2024-06-01"),
        trained("most", 4),
        trained("none", 2, day="2025-03-05"),
        trained("all", 1, day="2025-03-06"),
        TrainingEvent(id="vague", person="p", completed="2025-03-07"),
    ]

    def some(asked_):
        return CheckResult(
            counted={"most": Decimal("2.5"), "all": 1}, why_not={"most": "half of it", "all": "never shown"}
        )

    finding = told(some, records, custom_requirement(unit="hour", need="3.5"))
    assert finding.result == "met"
    assert [(line.record, line.recorded, line.counted, in_words(line.why_not)) for line in finding.lines] == [
        ("early", 4, 0, "before June 2, 2024, the first day on which training counts"),
        ("most", 4, Fraction(5, 2), "half of it"),
        ("none", 2, 0, "not of what counts here, or not needed"),
        ("all", 1, 1, None),
        ("vague", None, 0, "its hours are not recorded"),
    ]
    assert (finding.recorded, finding.counted) == (11, Fraction(7, 2))


def test_in_its_own_words():
    found = told(lambda _: CheckResult(counted={}, because="Nobody was there"), [])
    assert (found.result, in_words(found.because)) == ("short", "Nobody was there")
    assert (
        in_words(
            told(
                lambda _: CheckResult(counted={"e": 1}, because="All."), [trained("e", 1)], custom_requirement(need=1)
            ).because
        )
        is None
    )


@pytest.mark.parametrize(
    ("expected", "possible", "reading"),
    [
        ("undetermined", 3, None),
        ("met", 3, "counts"),
        ("short", 3, "does-not"),
        ("short", 2, None),
        ("short", None, None),
    ],
)
def test_what_is_not_recorded_is_a_question(expected, possible, reading):
    """Where only what is possible is enough, it is asked whether training counts of which the records do not say enough."""
    readings = {} if reading is None else {"unrecorded-training": reading}
    function = lambda _: CheckResult(counted={"e": 1}, possible=possible)  # noqa: E731
    _judges._REGISTERED["steady"] = function
    report = asked([AWARD, trained("e", 1)], on=ON, ruleset=board(custom_requirement()), readings=readings)
    assert report.hours_outcome == expected
    (finding,) = report.findings
    assert (finding.result, finding.short) == (expected, 2 if expected == "short" else 0)
    assert [one.question.id for one in report.questions] == (
        ["unrecorded-training"] if expected == "undetermined" else []
    )


def test_a_figure_that_nobody_states():
    """It is not asked to guess; the finding says up to which figure it is met, until a ruling sets it."""
    requirement = custom_requirement(need=Unstated(says="the number of the letter"))
    assert captured([], requirement).need is None
    finding = told(each, [trained("e", 1)], requirement)
    assert (finding.result, finding.need) == ("undetermined", None)
    assert (
        in_words(finding.because)
        == "no source states the number of the letter; it is met if that is at most 1 training"
    )
    assert told(each, [trained("e", 1), ruled("j", "sets", figure=(1, "training"))], requirement).result == "met"


@pytest.mark.parametrize(
    ("need", "unit", "figure", "used"),
    [
        (5, "training", (5, "training"), True),
        (3, "training", (5, "hour"), False),
        (3, "month", (5, "training"), False),
        (5, "hour", (300, "minute"), True),
        (3, "hour", (5, "training"), False),
    ],
)
def test_a_ruling_sets_the_figure_in_its_unit(need, unit, figure, used):
    """In hours from any unit of known worth; in another unit it is not used, and that is said."""
    _judges._REGISTERED["steady"] = each
    report = asked([AWARD, ruled("j", "sets", figure=figure)], on=ON, ruleset=board(custom_requirement(unit=unit)))
    assert report.findings[0].need == need
    assert (
        any(
            one.startswith(f"Ruling r is in {units(figure[1])}, not in {units(unit)}")
            for one in sentences(report.caveats)
        )
        is not used
    )


def test_a_ruling_waives_it_and_nobody_is_asked():
    report = told(lambda _: 1 / 0, [ruled("j", "waives")])
    assert (report.result, report.unit, report.subject) == ("not asked", "training", "hours")


def test_it_is_asked_only_where_it_is_asked():
    finding = told(
        lambda _: 1 / 0, [], custom_requirement(only_if=Condition(late=True), unit="month", subject="documents")
    )
    assert (finding.result, finding.unit, finding.subject) == ("not asked", "month", "documents")
    assert told(lambda _: 1 / 0, [], custom_requirement(first_day="2030-01-01")).result == "not asked"


def test_it_may_be_one_of_several_ways():
    """Of which one is enough."""
    ways = (
        Option(id="w-1", says="By hours.", requirements=(hours(8),)),
        Option(id="w-2", says="By number.", requirements=(custom_requirement(need=2),)),
    )
    _judges._REGISTERED["steady"] = each
    rules = board(AnyOf(id="ways", says="One of two.", options=ways, cites=("P",)))
    results = [
        asked(
            [AWARD, *(trained(f"e-{one}", 1, title=f"{one}") for one in range(count))], on=ON, ruleset=rules
        ).hours_outcome
        for count in (1, 2)
    ]
    assert results == ["short", "met"]


# Documents.


def writers(asked_):
    """Count letters of different writers."""
    first = {one.by: one.id for one in reversed(asked_.documents) if one.kind == "reference-letter" and one.by}
    vague = sum(one.kind == "reference-letter" and one.by is None for one in asked_.documents)
    counted = dict.fromkeys(first.values(), 1)
    why = {
        one.id: "of a writer that counts already"
        for one in asked_.documents
        if one.by in first and one.id not in counted
    }
    return CheckResult(counted=counted, possible=len(counted) + vague, why_not=why)


PAPERS = {"subject": "documents", "unit": "document", "need": 2}


def test_documents_have_lines_where_the_judge_speaks_of_them():
    records = [
        document("a-1", "reference-letter", by="w-1"),
        document("a-2", "reference-letter", by="w-1", on="2025-03-05"),
        document("b", "fee"),
        trained("e", 1),
    ]
    finding = told(writers, records, custom_requirement(**PAPERS))
    assert (finding.result, finding.subject, finding.short) == ("short", "documents", 1)
    assert [(line.record, line.recorded, line.counted, in_words(line.why_not)) for line in finding.lines] == [
        ("a-1", 1, 1, None),
        ("a-2", 1, 0, "of a writer that counts already"),
    ]
    other = document("a-3", "reference-letter", by="w-2")
    assert told(writers, [*records, other], custom_requirement(**PAPERS)).result == "met"


def test_documents_that_need_not_be_on_file_are_a_question():
    """As of documents: what is missing is missing where all are on file, and asked for otherwise."""
    _judges._REGISTERED["steady"] = writers
    ledger = Ledger()
    ledger.append([AWARD, COVERED[1], document("a-1", "reference-letter", by="w-1")])
    report = evaluate(ledger, "p", on=ON, ruleset=board(custom_requirement(**PAPERS)))
    assert (report.documents_outcome, report.hours_outcome) == ("undetermined", "met")
    assert [one.question.id for one in report.questions] == ["documents-on-file"]
    vague = [document("a-1", "reference-letter", by="w-1"), document("a-2", "reference-letter")]
    assert told(writers, vague, custom_requirement(**PAPERS)).result == "undetermined"


def test_documents_of_other_steps_and_days_are_not_shown():
    """Unless it names days of its own, any day will do."""
    records = [
        document("a", "fee", on="2001-01-01"),
        document("b", "fee", step="initial"),
        document("d", "fee", step="renewal"),
    ]
    assert [one.id for one in captured(records, custom_requirement(**PAPERS)).documents] == ["a", "d"]
    own = Interval(begins=RelativeDate(of="cycle-start"), ends=RelativeDate(of="cycle-start", months=6), cites=("P",))
    assert captured(records, custom_requirement(**PAPERS, earning=own)).documents == ()
    assert [one.id for one in captured(records, custom_requirement(earning=own)).documents] == ["a", "d"]


def test_quantities_that_documents_state_add_up():
    """In their unit; what states none counts for nothing."""
    records = [document("a", "work", value=Quantity(amount=300, unit="day")), document("b", "work")]
    days = custom_requirement(subject="documents", unit="day", need=300)
    finding = told(
        lambda one: CheckResult(counted={"a": 300}, why_not={"b": "it does not say how many days"}), records, days
    )
    assert finding.result == "met"
    assert [(line.record, line.recorded) for line in finding.lines] == [("a", 300), ("b", None)]


# What it may not tell.


class Sneaky(dict):
    def items(self):
        raise RuntimeError("Jane Doe")

    keys = __iter__ = items


@pytest.mark.parametrize(
    ("tells", "words"),
    [
        (lambda _: 1 / 0, "raised ZeroDivisionError"),
        (lambda _: (_ for _ in ()).throw(ValueError("Jane Doe")), "raised ValueError"),
        (lambda _, __: None, "raised TypeError"),
        (lambda one: setattr(one, "need", 0), "raised FrozenInstanceError"),
        (lambda _: None, "must return a CheckResult, not None"),
        (lambda _: {"e": 1}, "must return a CheckResult, not a dict"),
        (lambda _: "met", "must return a CheckResult, not a text of 3 characters"),
        (lambda _: CheckResult(counted=None), "must return what counted, and why not, as mappings from ids"),
        (lambda _: CheckResult(counted=Sneaky(e=1)), "must return what counted, and why not, as mappings from ids"),
        (lambda _: CheckResult(counted={"e": 0.5}), "counts 0.5, a binary float where exactness counts, of 'e'"),
        (lambda _: CheckResult(counted={"e": float("nan")}), "counts nan, a binary float"),
        (lambda _: CheckResult(counted={"e": True}), "counts True, which is not an exact amount, of 'e'"),
        (lambda _: CheckResult(counted={"e": Decimal("NaN")}), "counts a Decimal, which is not an exact amount, of 'e'"),
        (lambda _: CheckResult(counted={"e": "1"}), "counts '1', which is not an exact amount, of 'e'"),
        (lambda _: CheckResult(counted={"e": None}), "counts None, which is not an exact amount, of 'e'"),
        (lambda _: CheckResult(counted={"e": -1}), "counts -1, which is less than 0, of 'e'"),
        (lambda _: CheckResult(counted={"e": 2}), "counts 2 of 'e', but only 1 is recorded"),
        (lambda _: CheckResult(counted={"x": 1}), "counts 'x', which it was not given"),
        (lambda _: CheckResult(counted={"Jane Doe": 1}), "counts a text of 8 characters, which it was not given"),
        (lambda _: CheckResult(counted={("e",): 1}), "counts a tuple, which it was not given"),
        (lambda _: CheckResult(counted={"early": 1}), "counts 'early', which it was not given"),
        (lambda _: CheckResult(counted={"rejected": 1}), "counts 'rejected', which it was not given"),
        (lambda _: CheckResult(counted={"withdrawn": 1}), "counts 'withdrawn', which it was not given"),
        (lambda _: CheckResult(counted={"a": 1}), "counts 'a', which it was not given"),
        (lambda _: CheckResult(counted={}, why_not={"x": "No."}), "says why 'x' did not count, which it was not given"),
        (lambda _: CheckResult(counted={}, why_not={"e": 3}), "must say why 'e' did not count in a plain text, not 3"),
        (lambda _: CheckResult(counted={}, why_not={"e": ""}), "must say why 'e' did not count in a plain text"),
        (lambda _: CheckResult(counted={}, because=["Jane"]), "must say what is missing in a plain text, not a list"),
        (lambda _: CheckResult(counted={}, because="a\x00b"), "must say what is missing in a plain text"),
        (lambda _: CheckResult(counted={}, possible=0.5), "returned as possible 0.5, a binary float where exactness counts,"),
        (lambda _: CheckResult(counted={}, possible=-1), "returned as possible -1, which is less than 0,"),
        (lambda _: CheckResult(counted={"e": 1}, possible=0), "returned 0 possible, which is less than the 1 that counted"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(tells, words):
    """The error names the judge and what is wrong, shows nothing of anybody, and is caused by what was raised."""
    records = [
        trained("e", 1),
        trained("early", 1, day="2024-06-01"),
        trained("rejected", 1),
        Review(id="w", person="p", event="rejected", decision="rejected", on="2025-04-01"),
        trained("withdrawn", 1),
        Retraction(id="r", retracts="withdrawn", reason="a mistake"),
        document("a", "fee"),
        act("s", "renewed", "2031-01-01"),
    ]
    with pytest.raises(UnusableCheck) as caught:
        told(tells, records)
    assert str(caught.value).startswith(f"the custom check 'steady' {words}")
    assert "Jane" not in str(caught.value)
    assert isinstance(caught.value, PeerLedgerError | RuntimeError)
    assert (caught.value.__cause__ is not None) == (words.startswith("raised") or words.endswith("mappings from ids"))


def test_of_hours_that_nobody_knows_none_counts():
    vague = TrainingEvent(id="e", person="p", completed="2025-03-07")
    with pytest.raises(UnusableCheck, match="counts 1 of 'e', but its amount is not recorded"):
        told(lambda _: CheckResult(counted={"e": 1}), [vague], custom_requirement(unit="hour"))
    assert told(each, [vague], custom_requirement(need=1)).result == "met"
    nothing = attrs.evolve(vague, credits=())
    with pytest.raises(UnusableCheck, match="counts 1 of 'e', but only 0 is recorded"):
        told(lambda _: CheckResult(counted={"e": 1}), [nothing], custom_requirement(unit="hour"))


def test_another_requirement_is_not_harmed():
    """A judge that is not asked, because nobody is certified, may be as broken as it likes."""
    _judges._REGISTERED["steady"] = lambda _: 1 / 0
    suspended = act("s", "suspended", "2025-01-01")
    assert asked([AWARD, suspended], on=ON, ruleset=board(custom_requirement())).outcome == "not applicable"
    assert XX == board().id
