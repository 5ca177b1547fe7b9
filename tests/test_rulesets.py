"""Every figure of a bundled rule set has its source, and North Carolina's editions are those that its history tells."""

import importlib
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import attrs
import pytest

import peer_ledger
from peer_ledger.evaluation._days import day_of
from peer_ledger.evaluation._editions import UNKNOWN_METHOD, edition_at
from peer_ledger.records import Quantity
from peer_ledger.rules import (
    ByQuestion,
    Condition,
    Documents,
    Edition,
    EffectiveFrom,
    Hours,
    MethodDay,
    Procedure,
    Readings,
    RelativeDate,
    TrainingFilter,
    UnitValue,
    questions_of,
)
from peer_ledger.rules._words import check_rule_words
from peer_ledger.rulesets import read_rulesets, ruleset, ruleset_ids
from peer_ledger.rulesets._bundled import bundled_files
from peer_ledger.testing import read_cases

DAY = timedelta(days=1)
NC = ruleset("us-nc-cpss")
FILES = sorted(
    entry.name
    for entry in files("peer_ledger.rulesets").iterdir()
    if entry.name.endswith(".toml") and not entry.name.endswith(".cases.toml")
)
METHODS = ("mail", "online", None, "carrier-pigeon")


def walk(value, cited=(), path=""):
    """Yield each part of a rule set with its path and with what is cited for it or for what it is a part of."""
    yield path, value, cited
    if isinstance(value, ByQuestion):
        for reading, part in value.values:
            yield from walk(part, cited, f"{path}.{reading}")
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from walk(part, cited, f"{path}[{place}]")
    elif attrs.has(type(value)):
        cited = getattr(value, "cites", ()) or cited
        for field in attrs.fields(type(value)):
            own = value.cycle_cites if field.name == "cycle" else cited
            yield from walk(getattr(value, field.name), own, f"{path}.{field.name}".lstrip("."))


def edition(step, name):
    return next(one for one in NC.procedure(step).editions if one.id == name)


def requirement(step, edition_id, name):
    return next(one for one in edition(step, edition_id).requirements if one.id == name)


@pytest.mark.parametrize("name", FILES)
def test_bundled_file_says_which_rule_sets_it_holds(name):
    """The headings of a bundled file name the rule sets that it holds, and each is found by its id."""
    text = files("peer_ledger.rulesets").joinpath(name).read_text("utf-8")
    held = read_rulesets(text)
    assert {one.id for one in held} == {found for found, file in bundled_files().items() if file == name}
    for one in held:
        assert one.id in ruleset_ids()
        assert ruleset(one.id) == one
        assert one.id.startswith(name.removesuffix(".toml"))


def test_subpackage_is_found_where_it_stands():
    """Nothing at the top of the package stands in the way of the subpackage of the same name."""
    assert importlib.import_module("peer_ledger.rulesets") is peer_ledger.rulesets
    assert peer_ledger.ruleset_ids is peer_ledger.rulesets.ruleset_ids


def test_rule_set_is_read_once():
    """Asking again for a rule set gives the same object."""
    assert ruleset("us-nc-cpss") is ruleset("us-nc-cpss")


def test_every_figure_cites():
    """Every figure stands under a citation, or is among the few of which a reason is written here."""
    uncited = set()
    for path, value, cited in walk(NC):
        is_figure = isinstance(value, int | Decimal | RelativeDate) and not isinstance(value, bool)
        if (is_figure or isinstance(value, UnitValue)) and not cited:
            uncited.add(path)
    by_readings = {path for path in uncited if ".late_until" in path}
    for path in by_readings:
        # The last day of late filing hangs on a question of which each reading has its sources.
        place = int(path.split("editions[")[1].split("]")[0])
        by = NC.procedure("renewal").editions[place].late_until.by
        assert all(reading.cites for reading in Readings(NC.questions).question(by).readings)
    opens = {path for path in uncited if ".opens" in path}
    for path in opens:
        # So does the first day of filing; where none is published, there is none.
        place = int(path.split("editions[")[1].split("]")[0])
        by = NC.procedure("renewal").editions[place].opens
        uncited_readings = {r.id for r in Readings(NC.questions).question(by.by).readings if not r.cites}
        assert {reading: point.due_until for reading, point in by.values if reading in uncited_readings} == {
            "any-time": date(1900, 1, 1)
        }
    assert uncited - by_readings - opens == {
        "notice_days",  # when a table says *due soon*: this library's own figure, inside the 60 to 90 days of the notice
    }


def test_every_source_is_cited_and_every_citation_has_its_source():
    """What is cited is among the sources, and there is no source that nothing cites."""
    cited = set()
    for path, value, _ in walk(NC):
        if path.endswith("cites"):
            cited |= set(value)
    sources = [source.id for source in NC.sources]
    assert sorted(cited - set(sources)) == []
    assert [source for source in sources if source not in cited] == []


def test_every_question_decides_something():
    """Each question is asked by a value or a condition somewhere; none stands there for nothing."""
    used = set()
    for _, value, _ in walk(NC):
        if isinstance(value, ByQuestion):
            used.add(value.by)
        elif isinstance(value, Condition) and value.question:
            used.add(value.question)
    assert [question.id for question in NC.questions if question.id not in used] == []


def test_every_reading_is_held_by_a_worked_case():
    """Of every question that North Carolina's rules leave open, some case says what each reading comes to."""
    held = set()
    for case in read_cases(str(files("peer_ledger.rulesets").joinpath("us-nc.cases.toml"))):
        held |= set(case.readings.items())
        held |= {(one, reading) for one, given in case.expect.get("alternatives", {}).items() for reading in given}
    by_mail = {one.id for one in questions_of(NC) if one.about == "facts" and one.id.endswith("-by-mail")}
    assert by_mail == {
        f"{name}-by-mail"
        for name in ("initial-2", "initial-3", "renewal-2", "renewal-3", "lapse-1-july-2018", "lapse-2")
    }
    readings = {
        (question.id, reading.id)
        for question in questions_of(NC)
        for reading in question.readings
        if reading.id != question.assumed and question.id not in by_mail - {"initial-2-by-mail", "renewal-3-by-mail"}
    }
    assert readings - held == set()


def test_ids_of_questions_are_different():
    """The questions of a rule set, those of its editions' beginnings among them, have different ids."""
    ids = [question.id for question in questions_of(NC)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ruleset_ids())
def test_every_word_is_declared(name):
    """Topics, deliveries, designations, kinds of document, units and methods are words of the vocabularies."""
    assert check_rule_words(ruleset(name)) == ()


def test_undeclared_words_are_told_with_their_places():
    """A word that is misspelled anywhere, also under a reading, is told with its path and the nearest one."""
    renewal = NC.procedure("renewal")
    ethics = ByQuestion(by="q", values=(("a", frozenset({"ethisc"})), ("b", frozenset({"ethics"}))))
    hours = Hours(
        id="h", says="S.", need=1, counts=TrainingFilter(not_topics=ethics, not_roles={"attendet"}), cites=("P",)
    )
    document = Documents(
        id="a", says="S.", document_kind="fee", at_least=Quantity(amount=1, unit="us-dolar"), cites=("P",),
        only_if=Condition(holds="militari"),
    )  # fmt: skip
    edition = Edition(id="e", says="S.", requirements=(hours, document))
    wrong = attrs.evolve(NC, questions=(), procedures=(attrs.evolve(renewal, editions=(edition,)),))
    place = "procedures[0].editions[0].requirements"
    assert [(problem.path, problem.message) for problem in check_rule_words(wrong)] == [
        (
            f"{place}[0].counts.not_topics.values.a",
            "'ethisc' is not one of the declared topics (did you mean 'ethics'?)",
        ),
        (
            f"{place}[0].counts.not_roles",
            "'attendet' is not one of the declared roles (did you mean 'attended'?)",
        ),
        (f"{place}[1].at_least.unit", "'us-dolar' is not one of the declared units (did you mean 'us-dollar'?)"),
        (
            f"{place}[1].only_if.holds",
            "'militari' is not one of the declared designations (did you mean 'military'?)",
        ),
    ]


# The versions of `us-nc.timeline.json`: the edition that holds each, its first day, its first day by mail, and, where
# the day is not known, the range that the evidence leaves.
TIMELINE = {
    "US-NC/initial/1": ("initial", "initial-1", None, None, None),
    "US-NC/initial/2": ("initial", "initial-2", date(2018, 7, 2), date(2018, 6, 30), None),
    "US-NC/initial/3": ("initial", "initial-3", date(2020, 7, 1), date(2020, 6, 30), None),
    "US-NC/initial/4": ("initial", "initial-4", None, None, (date(2021, 7, 1), date(2024, 5, 31))),
    "US-NC/initial/5": ("initial", "initial-5", None, None, (date(2024, 5, 1), date(2026, 1, 25))),
    "US-NC/renewal/1": ("renewal", "renewal-1", None, None, None),
    "US-NC/renewal/2": ("renewal", "renewal-2", date(2018, 7, 2), date(2018, 6, 30), None),
    "US-NC/renewal/3": ("renewal", "renewal-3", date(2020, 7, 1), date(2020, 6, 30), None),
    "US-NC/renewal/4": ("renewal", "renewal-4", None, None, (date(2021, 7, 1), None)),
    "US-NC/late/1": ("renewal", "renewal-1", None, None, None),
    "US-NC/late/2": ("renewal", "renewal-3", date(2020, 7, 1), date(2020, 6, 30), None),
    "US-NC/late/covid-2020": ("renewal", "renewal-2", date(2018, 7, 2), date(2018, 6, 30), None),
    "US-NC/initial/2, the cap seen on May 11, 2020": ("initial", "initial-2-may-2020", date(2020, 5, 11), None, None),
    "US-NC/lapse/1": ("reinstatement", "lapse-1", None, None, None),
    "US-NC/lapse/1, with the fee of 2018": (
        "reinstatement",
        "lapse-1-july-2018",
        date(2018, 7, 2),
        date(2018, 6, 30),
        None,
    ),
    "US-NC/lapse/1, with the hours of A3": ("reinstatement", "lapse-1-may-2020", date(2020, 5, 11), None, None),
    "US-NC/lapse/2": ("reinstatement", "lapse-2", date(2020, 7, 1), date(2020, 6, 30), None),
    "US-NC/lapse/3": ("reinstatement", "lapse-3", None, None, (date(2021, 7, 1), date(2024, 5, 31))),
}


@pytest.mark.parametrize("version", TIMELINE)
def test_version_of_the_timeline_has_its_edition(version):
    """Each version of the program's history has its edition, from its first day, by mail from its postmark."""
    step, name, day, mail, window = TIMELINE[version]
    begins = edition(step, name).begins
    if day is window is None:
        assert begins is None
        return
    assert (day, window) == (begins.day, (begins.not_before, begins.not_after) if begins.day is None else None)
    assert [(way.method, way.day) for way in begins.by_method] == ([("mail", mail)] if mail else [])


def test_every_edition_is_a_version_of_the_timeline():
    """No edition stands in the file that the history does not tell of."""
    told = {(step, name) for step, name, *_ in TIMELINE.values()}
    assert {(one.step, step.id) for one in NC.procedures for step in one.editions} == told


def figure(step, name, requirement_id):
    one = requirement(step, name, requirement_id)
    if isinstance(one, Documents) and one.at_least is not None:  # what each says at least, or all together
        return str(one.at_least.amount)
    return (
        {reading: str(value) for reading, value in one.need.values}
        if isinstance(one.need, ByQuestion)
        else str(one.need)
    )


@pytest.mark.parametrize(
    ("step", "name", "figures"),
    [
        ("initial", "initial-1", {"course": "40", "additional-hours": "20", "references": "2", "fee": "15"}),
        ("initial", "initial-2", {"course": "40", "additional-hours": "20", "fee": "20", "age": "18", "recovery": "12"}),
        ("initial", "initial-3", {"course": "40", "additional-hours": "20", "fee": "20", "age": "18", "recovery": "12"}),
        ("initial", "initial-4", {"course": {"accepted": "40", "refused": "50"}, "additional-hours": "20", "fee": "20", "recovery": "12"}),
        ("initial", "initial-5", {"course": {"accepted": "40", "refused": "50"}, "additional-hours": "20", "age": "18", "recovery": "18"}),
        ("renewal", "renewal-1", {"training": "20", "letters": "2"}),
        ("renewal", "renewal-2", {"training": "20", "letters": "2", "fee": "20"}),
        ("renewal", "renewal-3", {"training": "20", "letters": "2", "fee": "20", "late-fee": "40"}),
        ("renewal", "renewal-4", {"training": {"inside": "20", "on-top": "23"}, "letters": "2", "fee": "20", "late-fee": "40"}),
        ("reinstatement", "lapse-1", {"course": "40"}),
        ("reinstatement", "lapse-2", {"course": "40", "additional-hours": "20", "fee": "20"}),
        ("reinstatement", "lapse-3", {"course": {"accepted": "40", "refused": "50"}, "additional-hours": "20"}),
    ],
)  # fmt: skip
def test_figures_are_those_of_the_timeline(step, name, figures):
    """The hours, counts, fees and durations of each edition are those of its version in the program's history."""
    assert {one: figure(step, name, one) for one in figures} == figures


def test_requirements_that_a_version_did_not_have_are_not_there():
    """Before they are seen there is no fee at renewal unless a reading asks it, no late window, no ethics, no age and no recovery."""
    ids = {(one.step, step.id): {r.id for r in step.requirements} for one in NC.procedures for step in one.editions}
    assert not {"age", "recovery"} & ids["initial", "initial-1"]
    assert ids["renewal", "renewal-1"] == {"training", "letters", "letters-known", "fee"}
    asked = Condition(late=False, question="fee-before-july-2018", reading="fifteen")
    assert requirement("renewal", "renewal-1", "fee").only_if == asked
    assert "late-fee" not in ids["renewal", "renewal-2"]
    assert edition("renewal", "renewal-1").late_until is None
    assert requirement("renewal", "renewal-3", "training").parts == ()
    (ethics,) = requirement("renewal", "renewal-4", "training").parts
    assert ethics.need == 3
    counted = [counts for _, by_list in ethics.counts.values for _, counts in by_list.values]
    assert [counts.topics for counts in counted] == [{"ethics"}] * 4
    assert [counts.shortest for counts in counted] == [None, None, 3, 3]
    first_days = {requirement("initial", "initial-2", name).first_day for name in ("age", "recovery")}
    assert first_days == {date(2020, 4, 14)}


def test_late_window_has_two_readings():
    """From July 2020 on the late window lasts 30 days, or until the end of the month after, and 30 days are assumed."""
    for name in ("renewal-3", "renewal-4"):
        window = edition("renewal", name).late_until
        assert dict(window.values) == {
            "thirty-days": RelativeDate(of="due", month_end=True, days=30),
            "following-month": RelativeDate(of="due", months=1, month_end=True),
        }
        assert Readings(NC.questions).of(window) == RelativeDate(of="due", month_end=True, days=30)


def test_spring_of_2020_is_late_only_for_what_was_due_then():
    """Renewals due in March or April 2020 may have been filed until May 31, 2020, and there was no other late filing."""
    window = dict(edition("renewal", "renewal-2").late_until.values)
    spring = {"due_from": date(2020, 3, 1), "due_until": date(2020, 4, 30)}
    assert window["accepted"] == RelativeDate(of="calendar", day=date(2020, 5, 31), **spring)
    assert window["refused"] == RelativeDate(of="due")


def test_course_certificate_is_limited_to_two_years_from_july_2020():
    """From July 1, 2020 on a course certificate is at most two years old on the day of filing, and before there is no limit."""
    for step, names in (
        ("initial", ("initial-3", "initial-4", "initial-5")),
        ("reinstatement", ("lapse-2", "lapse-3")),
    ):
        for name in names:
            begins = dict(requirement(step, name, "course").earning.begins.values)
            assert begins == {
                "accepted": RelativeDate(of="filing", months=-24),
                "refused": RelativeDate(of="filing", months=-24, included=False),
            }
    for step, name in (("initial", "initial-1"), ("initial", "initial-2"), ("reinstatement", "lapse-1")):
        assert requirement(step, name, "course").earning is None


def test_first_form_of_the_military_designation_is_asked_on_top():
    """On May 11, 2020 the military designation asks 8 hours on the military on top of the 20 (US-NC/desig/military/1)."""
    asked = [
        one for one in edition("initial", "initial-2-may-2020").requirements if isinstance(one, Hours) and one.need == 8
    ]
    assert [one.counts.topics for one in asked] == [frozenset({"military"})]


@pytest.mark.parametrize("deciding", [date(2020, 7, 1), date(2022, 7, 10)], ids=str)
def test_second_form_of_the_military_designation_hangs_on_a_question_while_it_may_not_have_begun(deciding):
    """Between May 11, 2020 and July 11, 2022 it is not known whether 12 and 8 hours are asked already (US-NC/desig/military/2)."""
    readings = Readings(questions_of(NC))
    one = next(
        r
        for r in edition_at(NC.procedure("renewal"), deciding, "online", readings).requirements
        if r.id == "military-hours"
    )
    dated = one.first_day is not None and one.first_day > deciding
    assert dated or (one.only_if is not None and one.only_if.question is not None)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("step", "first", "mail", "before", "then"),
    [
        ("initial", date(2018, 7, 2), date(2018, 6, 30), "initial-1", "initial-2"),
        ("initial", date(2020, 5, 11), date(2020, 5, 11), "initial-2", "initial-2-may-2020"),
        ("initial", date(2020, 7, 1), date(2020, 6, 30), "initial-2-may-2020", "initial-3"),
        ("renewal", date(2018, 7, 2), date(2018, 6, 30), "renewal-1", "renewal-2"),
        ("renewal", date(2020, 7, 1), date(2020, 6, 30), "renewal-2", "renewal-3"),
        ("reinstatement", date(2018, 7, 2), date(2018, 6, 30), "lapse-1", "lapse-1-july-2018"),
        ("reinstatement", date(2020, 5, 11), date(2020, 5, 11), "lapse-1-july-2018", "lapse-1-may-2020"),
        ("reinstatement", date(2020, 7, 1), date(2020, 6, 30), "lapse-1-may-2020", "lapse-2"),
    ],
)
def test_edition_on_the_days_about_a_known_boundary(step, first, mail, before, then, method):
    """An edition governs from its first day, for filings by mail from its postmark, and not on the day before."""
    procedure, readings = NC.procedure(step), Readings(questions_of(NC))
    begins = mail if method == "mail" else first
    for day in sorted({one + offset * DAY for one in (first, mail) for offset in (-1, 0, 1)}):
        assert edition_at(procedure, day, method, readings).id == (then if day >= begins else before), day
    assert readings.asked == ()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("step", "opens", "closes", "before", "then"),
    [
        ("initial", date(2021, 7, 1), date(2024, 5, 31), "initial-3", "initial-4"),
        ("renewal", date(2021, 7, 1), date(2026, 11, 21), "renewal-3", "renewal-4"),
        ("reinstatement", date(2021, 7, 1), date(2024, 5, 31), "lapse-2", "lapse-3"),
    ],
)
def test_edition_on_the_days_about_a_range(step, opens, closes, before, then, method):
    """Within a range the reading taken decides, the assumed one is that it had begun, and outside of it nothing is asked."""
    procedure, questions = NC.procedure(step), questions_of(NC)
    asks = f"{then}-begun"
    for taken in ("begun", "not-yet", None):
        late = {"initial-5-begun": "not-yet"} if step == "initial" else {}
        given = {asks: taken, **late} if taken else late
        for day in (opens - DAY, opens, opens + DAY, closes - DAY):
            readings = Readings(questions, given)
            open_ = day >= opens
            expected = then if open_ and taken != "not-yet" else before
            assert edition_at(procedure, day, method, readings).id == expected, (day, taken)
            assert (asks in readings.asked) is open_
        for day in (closes, closes + DAY):
            readings = Readings(questions, given)
            assert edition_at(procedure, day, method, readings).id == then, (day, taken)
            assert asks not in readings.asked


@pytest.mark.parametrize("taken", ["begun", "not-yet"])
def test_edition_of_eighteen_months_about_the_end_of_its_range(taken):
    """Whether 18 months of recovery are asked hangs on a question to January 24, 2026, and is certain from the day after."""
    procedure = NC.procedure("initial")
    for day, known in ((date(2026, 1, 24), False), (date(2026, 1, 25), True), (date(2026, 1, 26), True)):
        readings = Readings(questions_of(NC), {"initial-5-begun": taken})
        expected = "initial-5" if known or taken == "begun" else "initial-4"
        assert edition_at(procedure, day, None, readings).id == expected
        assert ("initial-5-begun" in readings.asked) is not known


UNSAID = [
    # By mail from June 30, 2020, otherwise from July 1: only on June 30 does it matter how it was filed.
    ("2020-06-29", "yes", False, False), ("2020-06-30", "yes", True, True), ("2020-06-30", "no", False, True),
    ("2020-07-01", "no", True, False), ("2020-07-01", "yes", True, False),
]  # fmt: skip


@pytest.mark.parametrize(("day", "taken", "has_begun", "is_asked"), UNSAID)
def test_filing_that_does_not_say_how_raises_a_question(day, taken, has_begun, is_asked):
    """Where a filing does not say how it was filed, it is asked on the days on which that decides, and on no other."""
    readings = Readings(questions_of(NC), {"renewal-3-by-mail": taken})
    found = edition_at(NC.procedure("renewal"), date.fromisoformat(day), UNKNOWN_METHOD, readings)
    assert (found.id == "renewal-3", "renewal-3-by-mail" in readings.asked) == (has_begun, is_asked)


@pytest.mark.parametrize(
    ("day", "taken", "has_begun", "asked"),
    [
        ("2020-06-30", "yes", False, ()),
        ("2020-07-04", "yes", False, ("by-mail",)),
        ("2020-07-05", "yes", True, ("by-mail",)),
        ("2020-07-04", "no", True, ("by-mail", "begun")),
        ("2020-07-31", "no", True, ("by-mail", "begun")),
        ("2020-08-01", "no", True, ()),
    ],
)
def test_filing_that_does_not_say_how_in_a_range(day, taken, has_begun, asked):
    """By mail a day may be known of which otherwise only a range is; how it was filed is asked first, in all of the range."""
    mail = MethodDay(method="mail", day=date(2020, 7, 5))
    begins = EffectiveFrom(not_before=date(2020, 7, 1), not_after=date(2020, 8, 1), by_method=(mail,), cites=("R1",))
    old, new = Edition(id="old", says="Old."), Edition(id="new", says="New.", begins=begins)
    procedure = Procedure(step="renewal", editions=(old, new))
    readings = Readings(questions_of(attrs.evolve(NC, procedures=(procedure,))), {"new-by-mail": taken})
    assert edition_at(procedure, date.fromisoformat(day), UNKNOWN_METHOD, readings) is (new if has_begun else old)
    assert readings.asked == tuple(f"new-{one}" for one in asked)


def test_method_that_has_the_day_of_all_is_not_asked_for():
    """A day for mail that is the day for everything raises no question, however it was filed."""
    day = date(2020, 7, 1)
    begins = EffectiveFrom(day=day, by_method=(MethodDay(method="mail", day=day),), cites=("R1",))
    old, new = Edition(id="old", says="Old."), Edition(id="new", says="New.", begins=begins)
    procedure = Procedure(step="renewal", editions=(old, new))
    for on, found in ((day - DAY, old), (day, new)):
        assert edition_at(procedure, on, UNKNOWN_METHOD, Readings(())) is found


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [("2026-03-31", -1, "2026-02-28"), ("2026-03-14", -1, "2026-02-28"), ("2024-03-30", -1, "2024-02-29"),
     ("2026-05-31", -3, "2026-02-28"), ("2026-01-31", 1, "2026-02-28")],
)  # fmt: skip
def test_end_of_a_month_earlier_is_the_end_of_that_month(start, months, expected):
    """Counted from whatever day of a month, the end of the month before is its last day."""
    point = RelativeDate(of="calendar", day=date.fromisoformat(start), months=months, month_end=True)
    assert day_of(point, None, date(2026, 1, 1), None) == date.fromisoformat(expected)


def test_finding_an_edition_leaves_the_readings_as_they_were():
    """The deciding date for which an edition is sought does not stay with the readings."""
    readings = Readings(questions_of(NC), deciding=date(2019, 1, 1))
    edition_at(NC.procedure("renewal"), date(2023, 1, 1), None, readings)
    assert readings.deciding == date(2019, 1, 1)


def test_procedure_without_editions_has_none_to_give():
    """Where there is no edition, none is found."""
    bare = attrs.evolve(NC.procedure("renewal"), editions=())
    assert edition_at(bare, date(2023, 1, 1), None, Readings(())) is None


def test_nothing_is_invented_for_planned_trainings():
    """No requirement asks anything of trauma, LGBTQ+, justice involvement, forensic, youth, crisis or older adults."""
    named = set()
    for _, value, _ in walk(NC):
        if isinstance(value, Condition):
            named.add(value.holds)
        elif isinstance(value, TrainingFilter):
            named |= value.topics or frozenset()
    # Training on youth is asked of nobody; it may be among what a cap is about.
    assert named - {None} == {"core-training", "children-and-families", "family", "youth", "ethics", "military"}


def test_file_is_plain_toml():
    """A bundled file can be read by anything that reads TOML, and holds no figure with a point."""
    for name in FILES:
        text = files("peer_ledger.rulesets").joinpath(name).read_text("utf-8")
        floats = []
        tomllib.loads(text, parse_float=lambda figure_, found=floats: found.append(figure_) or 0)
        assert floats == []
