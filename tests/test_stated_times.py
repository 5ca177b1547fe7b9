"""
A time that a document states of its day, on later days: held against a calendar of its own that tries every beginning.
"""

from calendar import isleap, monthrange
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Certification, Coverage, Document, Filing, Ledger, evaluate, read_rulesets
from peer_ledger.columns import evaluate_frame, tables_of
from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation import _documents as documents
from peer_ledger.evaluation import _stated_bounds as bounds
from peer_ledger.evaluation import evaluate_all
from peer_ledger.records import Quantity
from peer_ledger.values.vocabularies import Term, standard_vocabularies
from remarks import in_words

DAY = timedelta(days=1)


# The calendar of the tests: every day on which the time may have begun is tried.


def complete_months(begun, day):
    """Return the months since a day that are complete on another: its last day stands for what a month does not have."""
    last = monthrange(day.year, day.month)[1]
    return (day.year - begun.year) * 12 + day.month - begun.month - (day.day < min(begun.day, last))


def complete_years(begun, day):
    """Return the years since a day that are complete: of February 29, on February 28 of common years."""
    born = (2, 28) if (begun.month, begun.day) == (2, 29) and not isleap(day.year) else (begun.month, begun.day)
    return day.year - begun.year - ((day.month, day.day) < born)


COMPLETE = {"month": complete_months, "year": complete_years}


def beginnings(amount, unit, stated_on):
    """Return every day on which a time may have begun, given how much of it was complete on a day."""
    longest = (amount + 1) * (366 if unit == "year" else 31) + 5
    days = (stated_on - number * DAY for number in range(longest + 1))
    return [day for day in days if COMPLETE[unit](day, stated_on) == amount]


def expected(amount, unit, stated_on, bound, bound_unit, as_of, kind, *, at_most=False):
    """Return whether a document is enough, or no more than allowed; `None` where the beginnings do not agree."""
    months = {"month": 1, "year": 12}
    whole = amount * months[unit] // months[bound_unit]
    as_stated = whole <= bound if at_most else whole >= bound
    found = {
        COMPLETE[bound_unit](day, as_of) <= bound if at_most else COMPLETE[bound_unit](day, as_of) >= bound
        for day in beginnings(amount, unit, stated_on)
    }
    if kind != "age":  # it may as well have ended on the day of the document
        found.add(as_stated)
    return found.pop() if len(found) == 1 else None


def said(amount, unit, stated_on, bound, bound_unit, as_of, kind, *, at_most=False):
    document = Document(
        id="d", person="p", kind=kind, on=stated_on, value=Quantity(amount=amount, unit=unit)
    )  # fmt: skip
    function = bounds.says_no_more if at_most else bounds.says_enough
    return function(document, Quantity(amount=bound, unit=bound_unit), as_of)


EDGES = [
    date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1),
    date(2024, 1, 31), date(2024, 4, 30), date(2024, 12, 31), date(2025, 1, 1), date(2026, 2, 28), date(2028, 2, 29),
]  # fmt: skip
KINDS = ["age", "recovery", "reference-letter", "work-period", "caregiving"]


@st.composite
def stated(draw):
    """Draw a document and a later day, often a whole number of months or years later, give or take a day."""
    stated_on = draw(st.sampled_from(EDGES) | st.dates(date(2020, 1, 1), date(2028, 12, 31)))
    unit = draw(st.sampled_from(["month", "year"]))
    later = draw(st.integers(0, 40))
    year, month = divmod(stated_on.year * 12 + stated_on.month - 1 + later, 12)
    length = monthrange(year, month + 1)[1]
    near = date(year, month + 1, min(stated_on.day, length)) + draw(st.sampled_from([-1, 0, 0, 1])) * DAY
    as_of = max(stated_on, draw(st.just(near) | st.sampled_from(EDGES)))
    amount = draw(st.integers(0, 30))
    bound_unit = draw(st.sampled_from(["month", "year"]))
    passed = complete_months(stated_on, as_of) + amount * (12 if unit == "year" else 1)
    bound = max(0, passed // (12 if bound_unit == "year" else 1) + draw(st.integers(-2, 3)))
    return amount, unit, stated_on, bound, bound_unit, as_of


@effort(400)
@given(stated(), st.sampled_from(KINDS))
@example((17, "year", date(2025, 1, 10), 18, "year", date(2026, 1, 9)), "age")
@example((17, "year", date(2025, 1, 10), 18, "year", date(2026, 1, 10)), "age")
@example((19, "year", date(2023, 2, 28), 20, "year", date(2024, 2, 28)), "age")
@example((11, "month", date(2025, 2, 28), 12, "month", date(2025, 3, 28)), "age")
@example((1, "year", date(2025, 1, 10), 18, "month", date(2025, 1, 10)), "recovery")
def test_enough_is_what_every_beginning_gives(case, kind):
    assert expected(*case, kind) == said(*case, kind)


@effort(200)
@given(stated(), st.sampled_from(["age", "recovery"]))
@example((30, "year", date(2025, 1, 10), 30, "year", date(2025, 1, 11)), "age")
@example((29, "year", date(2025, 1, 10), 30, "year", date(2026, 1, 10)), "age")
@example((366, "month", date(2025, 1, 10), 30, "year", date(2025, 1, 10)), "age")
@example((372, "month", date(2025, 1, 10), 30, "year", date(2025, 1, 10)), "age")
@example((1, "year", date(2025, 1, 10), 18, "month", date(2025, 1, 10)), "recovery")
def test_too_much_is_what_every_beginning_gives(case, kind):
    """Of complete units: at most 30 years are so until the day before the 31st birthday."""
    assert expected(*case, kind, at_most=True) == said(*case, kind, at_most=True)


SAMPLE = [
    (amount, unit, stated_on, bound, unit, as_of)
    for unit, amount, bound in [("year", 17, 18), ("year", 16, 18), ("year", 19, 20), ("month", 11, 12), ("month", 9, 12)]
    for stated_on in EDGES
    for as_of in [*(day for day in EDGES if day >= stated_on), stated_on + DAY]
]  # fmt: skip


def disagreements():
    return [
        (case, kind) for case in SAMPLE for kind in ("age", "recovery") if expected(*case, kind) != said(*case, kind)
    ]


def take_it_as_stated(patch):
    patch.setattr(bounds, "goes_on", lambda document: None)


def take_perhaps_for_surely(patch):
    patch.setattr(bounds, "goes_on", lambda document: "surely")


def take_surely_for_perhaps(patch):
    patch.setattr(bounds, "goes_on", lambda document: "perhaps")


def forget_the_days_beside_whole_months(patch):
    patch.setattr(bounds, "_is_to_come", lambda day, on: False)


def forget_that_a_shorter_month_ends_sooner(patch):
    patch.setattr(bounds, "_is_to_come", lambda day, on: day > on.day)


def forget_leap_years(patch):
    patch.setattr(bounds, "monthrange", lambda year, month: monthrange(2025, month))


@pytest.mark.parametrize(
    "plant",
    [
        take_it_as_stated, take_perhaps_for_surely, take_surely_for_perhaps, forget_the_days_beside_whole_months,
        forget_that_a_shorter_month_ends_sooner, forget_leap_years,
    ],
)  # fmt: skip
def test_the_calendar_finds_a_fault(monkeypatch, plant):
    """Without one there is no disagreement, and each that is planted makes one."""
    assert disagreements() == []
    bounds._months.cache_clear()
    plant(monkeypatch)
    try:
        assert disagreements() != []
    finally:
        bounds._months.cache_clear()


@pytest.mark.parametrize(
    ("kind", "amount", "days", "result"),
    [
        ("work-period", 60, 30, None), ("work-period", 60, 29, False), ("work-period", 90, 0, True),
        ("work-period", 89, 0, False), ("college-credits", 60, 90, False),
    ],
)  # fmt: skip
def test_days_are_counted(kind, amount, days, result):
    """Of 90 days of work; 60 of them and a month may be enough, if it went on."""
    stated_on = date(2026, 5, 1)
    document = Document(id="d", person="p", kind=kind, on=stated_on, value=Quantity(amount=amount, unit="day"))
    assert result is bounds.says_enough(document, Quantity(amount=90, unit="day"), stated_on + days * DAY)


@pytest.mark.parametrize(("amount", "result"), [("17.5", None), ("17.75", True), ("16.5", False), ("18.5", True)])
def test_parts_of_a_year(amount, result):
    """Less than four months later: 17 years and 9 months are 18 years then, and 17 and a half may be."""
    document = Document(id="d", person="p", kind="age", on="2026-01-10", value=Quantity(amount=amount, unit="year"))
    assert result is bounds.says_enough(document, Quantity(amount=18, unit="year"), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("kind", "stated", "allowed", "days", "result"),
    [
        ("age", ("30.5", "year"), (30, "year"), 0, True),  # 30 years old
        ("age", ("31", "year"), (30, "year"), 0, False),
        ("age", ("2", "year"), ("2.5", "year"), 0, None),  # up to 2 years and 11 months
        ("age", ("30", "month"), ("2.5", "year"), 0, True),
        ("age", ("31", "month"), ("2.5", "year"), 0, False),
        ("work-period", (90, "day"), (90, "day"), 0, True),
        ("work-period", (90, "day"), (90, "day"), 1, None),
        ("work-period", (91, "day"), (90, "day"), 1, False),
        ("term", (18, "month"), (1, "year"), 30, False),  # no time that goes on: exactly as stated
        ("term", (12, "month"), (1, "year"), 30, True),
    ],
)
def test_a_maximum_is_of_complete_units(kind, stated, allowed, days, result):
    """Of a time that goes on; a maximum of part of a year is one of months."""
    stated_on = date(2026, 5, 1)
    (amount, unit), (most, most_unit) = stated, allowed
    document = Document(id="d", person="p", kind=kind, on=stated_on, value=Quantity(amount=amount, unit=unit))
    assert result is bounds.says_no_more(document, Quantity(amount=most, unit=most_unit), stated_on + days * DAY)


@pytest.mark.parametrize(
    ("bound", "as_of", "enough", "no_more"),
    [
        ((12, "month"), "2026-02-28", False, True), ((12, "month"), "2026-03-01", True, True),
        ((12, "month"), "2026-03-31", True, True), ((12, "month"), "2026-04-01", True, False),
        ((1, "year"), "2026-02-28", False, True), ((1, "year"), "2026-03-01", True, True),
        ((1, "year"), "2027-02-28", True, True), ((1, "year"), "2027-03-01", True, False),
        (("1.5", "month"), "2025-04-30", False, True), (("1.5", "month"), "2025-05-01", True, False),
        ((90, "day"), "2025-05-29", False, True), ((90, "day"), "2025-05-30", True, True),
        ((90, "day"), "2025-05-31", True, False), ((90, "hour"), "2026-05-31", None, None),
    ],
)  # fmt: skip
def test_a_day_is_counted_from(bound, as_of, enough, no_more):
    """In recovery since March 1, 2025, whatever the unit that is asked for: 30, 30 and 30 days to May 30."""
    document = Document(id="d", person="p", kind="recovery", on="2025-04-15", value=date(2025, 3, 1))
    amount = Quantity(amount=bound[0], unit=bound[1])
    assert enough is bounds.says_enough(document, amount, date.fromisoformat(as_of))
    assert no_more is bounds.says_no_more(document, amount, date.fromisoformat(as_of))


def test_the_words_say_what_goes_on():
    """An age does; of recovery, of knowing somebody, of work and of care nobody knows; credits of a college do not."""
    words = {term.id: term.goes_on for term in standard_vocabularies()["documents"] if term.goes_on}
    assert words == {
        "age": "surely", "recovery": "perhaps", "reference-letter": "perhaps", "work-period": "perhaps",
        "caregiving": "perhaps",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "goes_on", "told"),
    [
        ("quantity", "always", "must be one of surely, perhaps"), ("word", "surely", "only a day or a quantity can"),
        (None, "perhaps", "only a day or a quantity can"),
    ],
)  # fmt: skip
def test_only_a_time_goes_on(value, goes_on, told):
    assert Term(id="x", name="x", value="quantity", goes_on="surely").goes_on == "surely"
    with pytest.raises(InvalidValue, match=told):
        Term(id="x", name="x", value=value, goes_on=goes_on)


# Requirements.

FILE = """\
format = 1
body = "Board"
time_zone = "America/Chicago"
seen = 2026-11-28
sources.PAGE = { title = "The page", board = "https://board.example/age" }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { months = 24, ends = "anniversary" }

[xx-nn-cps.initial.initial-1]
age = { at_least = "18 years", at_most = "30 years" }

[xx-nn-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
letters = { need = 2, at_least = "12 months", says = "Two letters." }
"""
(RULES,) = read_rulesets(FILE)
COVERED = [Coverage(id="acts", covers="certification"), Coverage(id="documents", covers="document")]


def age(years, on, name="age", person="p"):
    value = None if years is None else Quantity(amount=years, unit="year")
    return Document(id=f"{person}-{name}", person=person, kind="age", on=on, value=value)


def reported(*records, on, **how):
    """Return the report on a person; a roster and a table say the same of the documents."""
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    report = evaluate(ledger, "p", on=on, ruleset=RULES, **how)
    of_roster = {one.person: one.documents_outcome for one in evaluate_all(ledger, on=on, ruleset=RULES, **how)}
    table = evaluate_frame(**tables_of([*COVERED, *records]), on=on, ruleset=RULES, to="pyarrow", **how)
    assert of_roster == {row["person"]: row["documents"] for row in table.people.to_pylist()}
    assert of_roster["p"] == report.documents_outcome
    return report


@pytest.mark.parametrize(
    ("years", "stated_on", "on", "result"),
    [
        (17, "2026-02-01", "2026-02-01", "short"),  # on its own day
        (17, "2026-01-31", "2026-02-01", "undetermined"),  # the birthday may be in between
        (17, "2025-02-02", "2026-02-01", "undetermined"),
        (17, "2025-02-01", "2026-02-01", "met"),  # a birthday is in between
        (16, "2025-02-02", "2026-02-01", "short"),  # not two of them
        (16, "2025-02-01", "2026-02-01", "short"),
        (16, "2025-01-31", "2026-02-01", "undetermined"),
        (30, "2026-02-01", "2026-02-01", "met"),
        (30, "2026-01-31", "2026-02-01", "undetermined"),
        (30, "2025-02-01", "2026-02-01", "short"),
        (29, "2025-02-01", "2026-02-01", "met"),
        (29, "2025-01-31", "2026-02-01", "undetermined"),
        (29, "2024-02-01", "2026-02-01", "short"),
    ],
)
def test_an_age_grows(years, stated_on, on, result):
    """From 18 to 30 years of age."""
    finding = reported(age(years, stated_on), on=on).finding("age")
    assert (result, result == "met") == (finding.result, finding.counted == 1)
    if result == "undetermined":
        assert in_words(finding.because) == "some say how it was on an earlier day than the one that counts"
        assert "it says how it was on" in in_words(finding.lines[0].why_not)


def test_the_day_of_filing_matters():
    """Who was 17 a day before the application may not have been 18 then, whatever the day of asking."""
    filed = Filing(id="f", person="p", credential="xx-nn-cps", step="initial", received="2026-02-01")
    assert reported(age(17, "2026-01-31"), filed, on="2027-06-01").finding("age").result == "undetermined"
    assert reported(age(17, "2026-02-01"), filed, on="2027-06-01").finding("age").result == "short"
    assert reported(age(17, "2025-02-01"), filed, on="2027-06-01").finding("age").result == "met"


@pytest.mark.parametrize(
    ("ages", "result"),
    [
        # 17 by December 1, and still 16 on June 1, 2025: 18 between these days of 2026.
        ([(16, "2025-06-01"), (17, "2025-12-01")], "short"),
        ([(17, "2025-04-01"), (17, "2025-12-01")], "met"),
        ([(17, "2025-12-01"), (None, "2025-12-02")], "undetermined"),
        ([(17, "2025-12-01"), (12, "2025-12-01")], "undetermined"),  # one of them is wrong
        ([(17, "2025-12-01"), (18, "2025-12-02")], "met"),
        ([(17, "2025-12-01"), (17, "2026-05-01")], "short"),  # that of the day decides
    ],
)
def test_several_documents_state_an_age(ages, result):
    """Asked on May 1, 2026: what all of them allow."""
    papers = [age(years, on, f"age-{place}") for place, (years, on) in enumerate(ages)]
    assert result == reported(*papers, on="2026-05-01").finding("age").result


@pytest.mark.parametrize(
    ("stated", "unit", "stated_on", "months", "result"),
    [
        (17, "year", "2026-04-01", 205, "short"),  # 17 years old on April 1 at the earliest, and not 18 on May 1
        (17, "year", "2026-04-01", 204, "undetermined"),  # not 17 years old on April 1: one of them is wrong
        (30, "year", "2026-04-01", 372, "short"),  # 31 years old on May 1 at the latest
        (30, "year", "2026-04-01", 373, "undetermined"),  # more than 30 years old on April 1
    ],
)
def test_two_documents_may_allow_one_age_alone(stated, unit, stated_on, months, result):
    """Asked on May 1, 2026, on which another document states months: 216 are enough, and 372 too many."""
    papers = [
        paper("age-1", "age", stated, unit, stated_on),
        paper("age-2", "age", months, "month", "2026-05-01"),
    ]
    assert result == reported(*papers, on="2026-05-01").finding("age").result


@pytest.mark.parametrize(
    ("born", "result"),
    [
        (date(2008, 5, 2), "short"),  # 18 on the next day
        (date(2008, 5, 1), "met"),  # 18 on that day
        (date(2008, 12, 1), "short"),
        (date(2008, 12, 2), "undetermined"),  # 16 in December: one of them is wrong
    ],
)
def test_a_day_of_birth_says_how_old_somebody_is(born, result):
    """Asked on May 1, 2026, of 18 years, of which another document states 17 on December 1."""
    papers = [age(17, "2025-12-01"), Document(id="born", person="p", kind="age", on="2026-04-01", value=born)]
    assert result == reported(*papers, on="2026-05-01").finding("age").result


AGES = st.lists(
    st.tuples(
        st.integers(15, 32),
        st.sampled_from(["2023-02-28", "2024-02-28", "2024-02-29", "2025-02-27", "2025-02-28", "2025-03-01", "2026-02-27"]),
    ),
    min_size=1,
    max_size=2,
)  # fmt: skip


@effort(60)
@given(st.lists(AGES, min_size=1, max_size=6), st.sampled_from(["2026-02-27", "2026-02-28", "2026-03-01"]))
def test_people_are_as_old_as_their_papers_allow(people, on):
    """Each of a roster: met if every birthday that all papers allow gives it, short if none does."""
    names = ["p", *(f"q-{number}" for number in range(1, len(people)))]
    records = [
        age(years, stated_on, f"age-{place}", person)
        for person, papers in zip(names, people, strict=True)
        for place, (years, stated_on) in enumerate(papers)
    ]
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    reported(*records, on=on)
    for person, papers in zip(names, people, strict=True):
        born = [set(beginnings(years, "year", date.fromisoformat(day))) for years, day in papers]
        possible = set.intersection(*born)
        found = {18 <= complete_years(day, date.fromisoformat(on)) <= 30 for day in possible}
        result = evaluate(ledger, person, on=on, ruleset=RULES).finding("age").result
        if found:  # otherwise the papers contradict each other
            assert result == ({True: "met", False: "short"}[found.pop()] if len(found) == 1 else "undetermined")


AWARD = Certification(id="c", person="p", credential="xx-nn-cps", act="awarded", on="2024-05-31")


def letter(number, months, by, on="2026-01-10"):
    value = None if months is None else Quantity(amount=months, unit="month")
    return Document(id=f"l-{number}", person="p", kind="reference-letter", on=on, by=by, value=value)


@pytest.mark.parametrize(
    ("letters", "result"),
    [
        ([(12, "a"), (12, "b")], "met"),
        ([(12, "a"), (11, "b")], "undetermined"),  # whoever knew the applicant on January 10 may have since
        ([(12, "a"), (8, "b")], "undetermined"),
        ([(12, "a"), (7, "b")], "undetermined"),  # 7 months, perhaps almost 8, and 4 months and 10 days
        ([(12, "a"), (6, "b")], "short"),
        ([(12, "a"), (11, "a")], "short"),  # one writer
        ([(11, "a"), (11, "a")], "short"),
        ([(12, "a"), (None, "a")], "short"),
        ([(12, "a"), (None, "b")], "undetermined"),
        ([(12, "a"), (None, None)], "undetermined"),
        ([(12, "a"), (None, "a"), (None, "b")], "undetermined"),
        ([(None, "a"), (None, "a")], "short"),
        ([(None, None), (None, None)], "undetermined"),
        ([(12, "a"), (11, "b"), (3, "b", "2026-05-01")], "short"),  # the last word of that writer
        ([(12, "a"), (11, "b"), (3, "c", "2026-05-01")], "undetermined"),
        ([(12, "a"), (11, None), (3, None, "2026-05-01")], "undetermined"),  # perhaps of two writers
    ],
)
def test_letters_are_counted_by_writer(letters, result):
    """Two people who have known the applicant for a year."""
    papers = [letter(place, *one) for place, one in enumerate(letters)]
    assert result == reported(AWARD, *papers, on="2026-05-20").finding("letters").result


OTHERS = """\

[xx-nn-cpr]
name = "Peer in Recovery"
cites = ["PAGE"]
cycle = { months = 24, ends = "anniversary" }

[xx-nn-cpr.initial.initial-1]
recovery = "18 months"
work = { document_kind = "work-period", at_least = "12 months", says = "A year of work." }
"""
_, IN_RECOVERY = read_rulesets(FILE + OTHERS)


def paper(name, kind, amount, unit, on, by=None):
    return Document(id=name, person="p", kind=kind, on=on, by=by, value=Quantity(amount=amount, unit=unit))


@pytest.mark.parametrize(
    ("papers", "result"),
    [
        ([(18, "month", "2026-01-10")], "met"),
        ([(18, "month", "2026-01-10"), (3, "month", "2026-05-01")], "short"),  # it began anew
        ([(3, "month", "2026-01-10"), (18, "month", "2026-05-01")], "met"),
        ([(17, "month", "2026-01-10"), (3, "month", "2026-05-01")], "short"),
        ([(18, "month", "2024-08-10"), (3, "month", "2024-12-01")], "undetermined"),  # 3 and 17 months, if it went on
        ([(18, "month", "2024-08-10"), (3, "month", "2024-12-01"), (18, "month", "2026-05-02")], "met"),
        ([(1, "year", "2026-05-20")], "undetermined"),  # it may be 23 months
        ([(12, "month", "2026-05-20")], "short"),
        ([(18, "month", "2026-01-10"), (3, "month", "2026-01-10")], "met"),  # none of them is later
    ],
)
def test_the_last_word_on_recovery_counts(papers, result):
    """18 months of it, asked on May 20, 2026."""
    records = [paper(f"r-{place}", "recovery", *one) for place, one in enumerate(papers)]
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    finding = evaluate(ledger, "p", on="2026-05-20", ruleset=IN_RECOVERY).finding("recovery")
    assert result == finding.result
    if papers[0][:2] == (18, "month") and result == "short":
        assert in_words(finding.lines[0].why_not) == "a later document shows otherwise"
    if papers[0][1] == "year":
        assert in_words(finding.lines[0].why_not) == "it does not say how many months"


@pytest.mark.parametrize(("by", "result"), [("a", "short"), ("b", "undetermined"), (None, "undetermined")])
def test_work_may_be_for_several_employers(by, result):
    """3 months, stated in May by another one, do not say whether 11 months of January went on."""
    records = [
        paper("w-1", "work-period", 11, "month", "2026-01-10", by="a"),
        paper("w-2", "work-period", 3, "month", "2026-05-01", by=by),
    ]
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    assert result == evaluate(ledger, "p", on="2026-05-20", ruleset=IN_RECOVERY).finding("work").result


LETTERS = st.lists(
    st.tuples(st.sampled_from([12, 11, 6, None]), st.sampled_from(["a", "b", None]), st.just("2026-01-10")), max_size=4
)


def letters_count_as_in_every_world(letters):
    """Two writers in every world, in none, or in some: what a letter does not say may be so or not."""
    known = {12: (True,), 11: (True, False), 6: (False,), None: (True, False)}  # 4 months later
    met = set()
    for enough in product(*(known[months] for months, *_ in letters)):
        writers = [by for (_, by, _), counts in zip(letters, enough, strict=True) if counts]
        named, nameless = len({*writers} - {None}), writers.count(None)
        met |= {max(named, min(nameless, 1)) >= 2, named + nameless >= 2}
    result = {True: "met", False: "short"}[met.pop()] if len(met) == 1 else "undetermined"
    papers = [letter(place, *one) for place, one in enumerate(letters)]
    assert result == reported(AWARD, *papers, on="2026-05-20").finding("letters").result


@effort(60)
@given(LETTERS)
def test_letters_count_as_in_every_world(letters):
    letters_count_as_in_every_world(letters)


def test_the_worlds_find_a_fault(monkeypatch):
    """Letters that may be enough counted one each, whoever wrote them."""

    def fault(tally):
        return tally._counted + len(tally._unsure) >= tally._need

    monkeypatch.setattr(documents.DocumentsTally, "may_be_enough", property(fault))
    with pytest.raises(AssertionError):
        letters_count_as_in_every_world([(12, "a", "2026-01-10"), (None, "a", "2026-01-10")])


@pytest.mark.parametrize(("reading", "result"), [("same", "short"), ("different", "undetermined")])
def test_a_letter_without_a_writer_and_a_length_may_be_of_the_same_writer(reading, result):
    """If it is, two people did not write, whatever it would say."""
    papers = [letter(0, 12, "a"), letter(1, None, None)]
    how = {"readings": {"unknown-writers": reading}}
    assert result == reported(AWARD, *papers, on="2026-05-20", **how).finding("letters").result


@pytest.mark.parametrize("unit", ["day", "month", "year"])
def test_a_document_that_states_nothing_says_neither(unit):
    document, amount = Document(id="d", person="p", kind="recovery", on="2026-03-01"), Quantity(amount=2, unit=unit)
    assert bounds.says_enough(document, amount, date(2026, 4, 1)) is None
    assert bounds.says_no_more(document, amount, date(2026, 4, 1)) is None
