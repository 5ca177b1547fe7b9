"""A roster and its tables: one line a person, what is short by month, who hinges on what, what is not known."""

import re
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Ledger,
    Quantity,
    TrainingEvent,
    Verification,
    deciding_questions,
    evaluate,
    evaluate_all,
)
from peer_ledger import ruleset as find_ruleset
from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.example import ON as EXAMPLE_DAY
from peer_ledger.example import import_example
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.rosters import Roster
from peer_ledger.rules import CheckResult, Custom, Documents
from peer_ledger.rules import _custom as _judges

ON = "2026-01-15"
READINGS = {"renewal-4-begun": "begun"}
EMPLOYERS = {"p-1": "Harbor", "p-2": "Harbor", "p-3": "Ridge"}


def award(person, on, expires=None):
    return Certification(
        id=f"c-{person}", person=person, credential="us-nc-cpss", act="awarded", on=on, expires=expires
    )


def training(number, person, *some, **given):
    carried = [Credit(amount=hours, topics=topics) for hours, topics in some] if some else None
    return TrainingEvent(id=f"e-{number}", person=person, completed="2025-02-03", credits=carried, **given)


@pytest.fixture(scope="module")
def ledger():
    """
    Due at the end of March: p-1 with 3 + 16.75 hours of 20, p-2 with 20 hours of which 1 of the 3 in ethics.

    Due at the end of April: p-3 with nothing, p-4 with a training of which the hours are not known.
    """
    made = Ledger()
    made.append(
        [
            award("p-1", "2024-03-14", "2026-03-31"),
            award("p-2", "2024-03-20"),
            award("p-3", "2024-04-10"),
            award("p-4", "2024-04-11"),
            training(1, "p-1", (3, {"ethics"}), delivery="in-person", title="=1+1"),
            training(2, "p-1", ("16.75", {"recovery"}), delivery="in-person"),
            training(3, "p-2", (1, {"ethics"}), (19, {"recovery"})),
            training(4, "p-4"),
        ]
    )
    return made


@pytest.fixture(scope="module")
def reports(ledger):
    return list(evaluate_all(ledger, on=ON, readings=READINGS))


def test_a_roster_has_a_line_for_each_person(reports):
    """Status, dates, days left and the figures of each requirement stand in one row, in types of their own."""
    rows = {row["person"]: row for row in Roster(reports).table().to_rows()}
    assert ["p-1", "p-2", "p-3", "p-4"] == list(rows)
    first = rows["p-1"]
    assert ("due soon", "current", "yes", "renewal", "short") == tuple(
        first[name] for name in ("status", "standing", "in_force", "step", "hours")
    )
    assert (date(2026, 3, 31), 75) == (first["due"], first["days_left"])  # 16 days of January, 28 and 31
    assert first["late_until"] == date(2026, 4, 30)  # 30 days, and the month after, end on the same day
    assert (Decimal("19.75"), Decimal(20), Decimal("0.25"), "short") == tuple(
        first[f"training_{name}"] for name in ("have", "need", "short", "is")
    )
    assert (Decimal(3), Decimal(3), Decimal(0), "met") == tuple(
        first[f"ethics_{name}"] for name in ("have", "need", "short", "is")
    )
    assert "documents-on-file" in first["open_questions"]
    assert first["questions"] == len(first["open_questions"].split("; "))


def test_nobody_certified_has_no_due_date():
    """What does not exist for a person is empty, and so are the figures of what is not asked of them."""
    ledger = Ledger()
    ledger.append(training(1, "p-9", (3, {"ethics"})))
    [row] = Roster(evaluate_all(ledger, on=ON)).table().to_rows()
    assert (None, None, None, None) == (row["due"], row["due_from"], row["days_left"], row["late_until"])


def test_hours_short_are_summed_by_the_month_due(reports):
    """March: 0.25 of p-1, and 2 of ethics, also short of the whole, of p-2; April: all of p-3, and p-4 is not decided."""
    expected = [
        ("2026-03-01", "us-nc-cpss", "ethics", "ethics", 1, Decimal(2), 0),
        ("2026-03-01", "us-nc-cpss", "training", "any", 2, Decimal("2.25"), 0),
        ("2026-04-01", "us-nc-cpss", "ethics", "ethics", 1, Decimal(3), 1),
        ("2026-04-01", "us-nc-cpss", "training", "any", 1, Decimal(20), 1),
    ]
    made = Roster(reports).hours_short()
    assert ("month", "rules", "requirement", "topics", "people", "hours", "people_undetermined") == made.headings
    assert expected == [(str(row[0]), *row[1:]) for row in made.rows]


def test_a_count_of_what_there_is_not_is_refused(reports):
    """A misspelled reading, component or value counts nobody: it is an error that lists those there are."""
    [hinge] = [one for one in deciding_questions(reports[:3]) if one.question.id == "documents-on-file"]
    assert 3 == hinge.count("all", "outcome", "short")
    with pytest.raises(InvalidValue, match=r"no reading 'al' .did you mean 'all'.*; available: all, not-all"):
        hinge.count("al", "outcome", "short")
    with pytest.raises(InvalidValue, match=r"no component 'outcom' .*; available: standing, in_force, outcome"):
        hinge.count("all", "outcom", "short")
    with pytest.raises(InvalidValue, match=r"no value of outcome 'shrt' .*; available: met, short, undetermined"):
        hinge.count("all", "outcome", "shrt")


def test_every_value_that_occurs_may_be_counted():
    """Each count of each question of the example can be asked for: no value that occurs is taken for a misspelled one."""
    ledger, _ = import_example()
    found = deciding_questions(evaluate_all(ledger, on=EXAMPLE_DAY))
    asked = [(hinge, *one) for hinge in found for one in hinge.counts]
    assert asked
    for hinge, reading, component, value, many in asked:
        assert many == hinge.count(reading, component, value)


def test_papers_are_no_hours_short():
    """Letters that are known to be missing are short, and in no row of hours."""
    ledger = Ledger()
    ledger.append([award("p-1", "2024-04-10"), Coverage(id="all", covers="document")])
    roster = Roster(evaluate_all(ledger, on=ON, readings=READINGS))
    assert "short" == roster.table().to_rows()[0]["letters_is"]
    assert {"ethics", "training"} == {row["requirement"] for row in roster.hours_short().to_rows()}


def test_questions_come_by_the_number_of_people(reports):
    """Three hinge on whether their documents are on file, and are short of hours whatever the answer."""
    rows = Roster(reports[:3]).questions().to_rows()
    assert [row["people"] for row in rows] == sorted((row["people"] for row in rows), reverse=True)
    documents = {row["reading"]: row for row in rows if row["question"] == "documents-on-file"}
    assert {"all", "not-all"} == set(documents)
    assert (3, 3, "facts") == (documents["all"]["people"], documents["all"]["short"], documents["all"]["about"])
    assert (3, 0) == (documents["not-all"]["short"], documents["not-all"]["undetermined"])
    assert (False, True) == (documents["all"]["assumed"], documents["not-all"]["assumed"])


def test_unknown_fields_are_counted(ledger, reports):
    """Deliveries of two people are unknown, hours of one, who alone is undecided for it; three have no printed expiry."""
    rows = {(row["record"], row["field"]): row for row in Roster(reports).unknown_fields(ledger).to_rows()}
    counts = {
        name: (row["people"], row["records"], row["people_undecided"]) for (kind, name), row in rows.items()
        if kind == "training-event"
    }  # fmt: skip
    assert {"delivery": (2, 2, 1), "credits": (1, 1, 1), "provider": (3, 4, 1), "approvals": (3, 4, 1)} == counts
    assert 3 == rows["certification", "expires"]["people"]


def document(number, person, kind, **given):
    return Document(id=f"a-{number}", person=person, kind=kind, on="2026-01-02", **given)


def gaps_of(*records, ruleset=None, on=ON, **given):
    """Return the unknown fields of a roster of some records, those of certifications apart."""
    ledger = Ledger()
    ledger.append([award("p-1", "2024-04-10", "2026-04-30"), *records])
    roster = Roster(evaluate_all(ledger, on=on, **({"ruleset": ruleset} if ruleset else {}), **given))
    rows = roster.unknown_fields(ledger, ruleset=ruleset).to_rows()
    return {
        (row["record"], row["field"]): (row["people"], row["records"], row["people_undecided"])
        for row in rows
        if row["record"] != "certification"
    }


def requiring(*requirements):
    """Return North Carolina's rules with other requirements in each edition of the renewal."""
    rules = find_ruleset("us-nc-cpss")
    return attrs.evolve(
        rules,
        procedures=tuple(
            attrs.evolve(
                one, editions=tuple(attrs.evolve(edition, requirements=requirements) for edition in one.editions)
            )
            for one in rules.procedures
        ),
    )


def test_unknown_fields_of_papers_are_those_that_rules_ask_for():
    """A rule that asks letters from different writers who say how long makes both unknown; a rule that does not, neither."""
    letters = [document(1, "p-1", "reference-letter"), document(2, "p-1", "reference-letter", by="w-1")]
    asking = Documents(
        id="letters", says="Two letters.", document_kind="reference-letter", need=2, from_different=True,
        at_least=Quantity(amount=6, unit="month"), cites=("R5",),
    )  # fmt: skip
    complete = Coverage(id="all", covers="document")
    found = gaps_of(*letters, complete, ruleset=requiring(asking), readings=READINGS)
    assert {("document", "by"): (1, 1, 0), ("document", "value"): (1, 2, 1)} == found
    plain = attrs.evolve(asking, from_different=False, at_least=None)
    assert {} == gaps_of(*letters, complete, ruleset=requiring(plain), readings=READINGS)


def test_what_a_function_judges_may_ask_for_any_field(monkeypatch):
    """Nobody knows what it looks at in documents; what it says of the records makes a field of a training one that undecides."""
    nobody = CheckResult(counted={}, possible=9, not_recorded={"e": "the records do not say who gave it"})
    monkeypatch.setattr(
        _judges, "_REGISTERED", {"letters": lambda _: CheckResult(counted={}), "providers": lambda _: nobody}
    )
    letters = Custom(
        id="letters", says="Letters.", check="letters", subject="documents", unit="document", need=1, cites=("R5",)
    )
    found = gaps_of(document(1, "p-1", "reference-letter"), ruleset=requiring(letters), readings=READINGS)
    assert {("document", "by"): (1, 1, 0), ("document", "value"): (1, 1, 0)} == found
    half = attrs.evolve(letters, check="providers", subject="hours", unit="hour")
    event = TrainingEvent(id="e", person="p-1", completed="2025-05-05", credits=[Credit(amount=1, topics={"ethics"})])
    readings = {name: reading for name, reading in READINGS.items() if name != "unrecorded-training"}
    assert (1, 1, 1) == gaps_of(event, ruleset=requiring(half), readings=readings)["training-event", "provider"]


def test_unknown_fields_of_filings_are_those_that_count():
    """North Carolina goes by the day something was sent; the method decides on June 30, 2020, when mail came first."""
    sent = Filing(id="f-1", person="p-1", credential="us-nc-cpss", step="renewal", sent="2026-01-05", method="mail")
    received = attrs.evolve(sent, sent=None, received="2026-01-05")
    assert ("filing", "received") not in gaps_of(sent)
    assert (1, 1) == gaps_of(received)["filing", "sent"][:2]
    assert ("filing", "method") not in gaps_of(sent)
    assert (1, 1, 0) == gaps_of(attrs.evolve(sent, method=None))["filing", "method"]
    old = [
        Certification(id="c-0", person="p-9", credential="us-nc-cpss", act="awarded", on="2018-07-10"),
        Filing(id="f-9", person="p-9", credential="us-nc-cpss", step="renewal", sent="2020-06-30"),
        Coverage(id="all", covers="certification"),
    ]
    assert 1 == gaps_of(*old, on="2020-07-01")["filing", "method"][2]


def test_unknown_fields_of_designations_and_looks_at_the_board():
    """Since when a designation is held and until when, and what the board's page showed, may be unknown."""
    held = Designation(id="d-1", person="p-1", name="military")
    seen = Verification(id="v-1", person="p-1", credential="us-nc-cpss", seen="2026-01-02")
    found = gaps_of(held, seen)
    assert {("designation", "awarded"), ("designation", "last_day")} | {
        ("verification", "status"), ("verification", "shown_until")
    } == set(found)  # fmt: skip
    assert {(1, 1, 0)} == set(found.values())
    assert {(1, 1, 0)} == set(gaps_of(held, seen, on="2027-01-15").values())  # the standing is open, not for these
    whole = attrs.evolve(held, awarded="2025-01-01", last_day="2027-01-01")
    assert {} == gaps_of(whole, attrs.evolve(seen, status="active", shown_until="2026-04-30"))


def test_the_topics_of_what_is_short_come_from_its_own_rules(reports):
    """Other rules than those that the reports were made by are refused; where they are gone, topics are unknown."""
    other = attrs.evolve(find_ruleset("us-nc-cpss"), notice_days=10)
    with pytest.raises(InvalidValue, match="not by the rule set given"):
        Roster(reports).hours_short(ruleset=other)
    ledger = Ledger()
    ledger.append(award("p-1", "2024-04-10"))
    roster = Roster(evaluate_all(ledger, on=ON, ruleset=other, readings=READINGS))
    assert {None} == {row["topics"] for row in roster.hours_short().to_rows()}
    assert {"any", "ethics"} == {row["topics"] for row in roster.hours_short(ruleset=other).to_rows()}


def test_what_happened_later_is_no_gap():
    """A training after the day asked about is not counted among those of which something is unknown."""
    ledger = Ledger()
    ledger.append([award("p-1", "2024-03-14"), training(1, "p-1")])
    reports = list(evaluate_all(ledger, on="2025-02-02"))
    fields = {row["field"] for row in Roster(reports).unknown_fields(ledger).to_rows()}
    assert {"expires"} == fields


def test_groups_are_told_apart(ledger, reports):
    """A column that the caller supplies stands in every table; whoever is not named in it is in a group of their own."""
    roster = Roster(reports, by={"employer": EMPLOYERS})
    assert ["Harbor", "Harbor", "Ridge", None] == [row["employer"] for row in roster.table().to_rows()]
    short = [
        (row["employer"], str(row["month"]), row["requirement"], row["hours"]) for row in roster.hours_short().to_rows()
    ]
    assert [
        ("Harbor", "2026-03-01", "ethics", Decimal(2)),
        ("Harbor", "2026-03-01", "training", Decimal("2.25")),
        ("Ridge", "2026-04-01", "ethics", Decimal(3)),
        ("Ridge", "2026-04-01", "training", Decimal(20)),
        (None, "2026-04-01", "ethics", Decimal(0)),
        (None, "2026-04-01", "training", Decimal(0)),
    ] == short
    for made in (roster.findings(), roster.credits(ledger), roster.questions(), roster.unknown_fields(ledger)):
        assert {"Harbor", "Ridge", None} >= {row["employer"] for row in made.to_rows()}
    harbor = [row for row in roster.questions().to_rows() if row["employer"] == "Harbor"]
    assert {2} == {row["people"] for row in harbor if row["question"] == "documents-on-file"}


def test_small_cells_are_suppressed(reports):
    """Figures about one person are left out when two are the fewest that may be told, amounts as well as counts."""
    rows = {(str(row[0]), row[2]): row[4:] for row in Roster(reports, smallest=2).hours_short().rows}
    assert {
        ("2026-03-01", "ethics"): (None, None, 0),
        ("2026-03-01", "training"): (2, Decimal("2.25"), 0),
        ("2026-04-01", "ethics"): (None, None, None),
        ("2026-04-01", "training"): (None, None, None),
    } == rows


def test_a_suppressed_outcome_is_not_what_the_others_leave():
    """Where few of many would come out otherwise, none of the counts is told, as the rest would tell it; else all are."""
    ledger, _ = import_example()
    reports = list(evaluate_all(ledger, on=EXAMPLE_DAY))
    counted = {
        (hinge.question.id, reading.id): tuple(
            hinge.count(reading.id, "outcome", one) for one in ("met", "short", "undetermined")
        )
        for hinge in deciding_questions(reports)
        for reading in hinge.question.readings
    }
    seen = set()
    for fewest in (2, 5, 16):
        for row in Roster(reports, smallest=fewest).questions().to_rows():
            whole = counted[row["question"], row["reading"]]
            is_small = any(0 < one < fewest for one in whole)
            expected = (None, None, None) if is_small else whole
            assert expected == tuple(row[name] for name in ("met", "short", "undetermined"))
            seen.add((is_small, max(whole) >= fewest))
    assert {(True, True), (False, True)} <= seen


def test_nothing_lapsed_is_due_in_a_month():
    """Who has lapsed has nothing to renew: their hours stand without a month, whatever the old due date was."""
    ledger = Ledger()
    ledger.append([award("p-1", "2020-04-10"), Coverage(id="all", covers="certification")])
    roster = Roster(evaluate_all(ledger, on=ON))
    assert "lapsed" == roster.reports[0].standing
    assert {None} == {row["month"] for row in roster.hours_short().to_rows()}


def test_credits_say_what_became_of_them(ledger, reports):
    """For each requirement and credit stand the day, the title, what was recorded and counted, and why not the rest."""
    rows = Roster(reports).credits(ledger).to_rows()
    [ethics] = [row for row in rows if (row["person"], row["requirement"], row["record"]) == ("p-1", "ethics", "e-1")]
    assert (date(2025, 2, 3), "=1+1", Decimal(3), Decimal(3), None) == tuple(
        ethics[name] for name in ("completed", "title", "recorded", "counted", "why_not")
    )
    vague = [row for row in rows if (row["person"], row["requirement"]) == ("p-4", "training")]
    assert (None, "its hours are not recorded") in [(row["recorded"], row["why_not"]) for row in vague]


def test_findings_have_a_row_for_each_person_and_requirement(reports):
    """The table of findings says for each requirement how it stands, with figures that can be calculated with."""
    rows = {(row["person"], row["requirement"]): row for row in Roster(reports).findings().to_rows()}
    found = rows["p-2", "ethics"]
    assert ("short", "training", Decimal(3), Decimal(1), Decimal(2)) == tuple(
        found[name] for name in ("result", "part_of", "need", "counted", "short")
    )


def test_a_roster_is_of_one_day(ledger):
    """Reports of two days do not make a roster, and a column may not take the name of another."""
    with pytest.raises(InvalidValue, match="about one day"):
        Roster([evaluate(ledger, "p-1", on=ON), evaluate(ledger, "p-1", on="2026-01-16")])
    with pytest.raises(InvalidValue, match="'status'"):
        Roster([evaluate(ledger, "p-1", on=ON)], by={"status": {}}).table()


@pytest.mark.parametrize(
    ("expected", "amount"),
    [
        ("0.25", Fraction(1, 4)),
        ("0.333333", Fraction(1, 3)),
        ("0.666667", Fraction(2, 3)),
        ("1", Fraction(9999999, 10000000)),
        ("20", Fraction(20)),
        ("0", Fraction(0)),
        ("100.05", Fraction(2001, 20)),
    ],
)
def test_amounts_become_decimals(expected, amount):
    """An amount that ends is exact; one that does not is rounded to the sixth digit."""
    assert expected == str(as_decimal(amount))


def test_a_roster_says_in_few_words_what_is_missing(reports):
    """In the words of a report: what is missing, what may exist, and what is not decided is not passed over."""
    made = Roster(reports)._repr_html_()
    assert "15 minutes of training; may exist: two letters of recommendation, the $20 fee" in made
    assert "2 hours of ethics training" in made
    assert "not settled: 20 hours of training" in made


def test_a_summary_has_the_hours_of_all_requirements_and_what_is_missing(reports):
    """p-1 has 19.75 of 20 hours and no letters; of p-4 it is not decided what is short."""
    rows = {row["person"]: row for row in Roster(reports).summary().to_rows()}
    first = rows["p-1"]
    assert (date(2026, 3, 31), 75, date(2026, 4, 30)) == (first["due"], first["days_left"], first["late_until"])
    assert (Decimal("19.75"), Decimal(20), Decimal("0.25")) == tuple(
        first[f"hours_{name}"] for name in ("have", "need", "short")
    )
    assert "15 minutes of training; may exist: two letters of recommendation, the $20 fee" == first["missing"]
    assert rows["p-4"]["hours_short"] is None


def test_what_a_board_ended_has_no_hours():
    ledger = Ledger()
    ended = Certification(id="c-9", person="p-9", credential="us-nc-cpss", act="revoked", on="2025-05-01")
    ledger.append([award("p-9", "2024-05-01"), ended])
    [row] = Roster(evaluate_all(ledger, on=ON)).summary().to_rows()
    assert (None, None, None) == (row["hours_have"], row["hours_need"], row["hours_short"])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_roster_becomes_a_short_frame_with_plain_numbers(reports, library):
    roster = Roster(reports, by={"county": {"p-1": "Wake"}})
    made = getattr(roster, f"to_{library}")()
    assert ["person", "county", "status"] == list(made.columns)[:3]
    assert [19.75, 0.25] == [float(made[name][0]) for name in ("hours_have", "hours_short")]
    assert "float64" in str(made["hours_short"].dtype).lower()
    wide = getattr(roster, f"to_{library}")(wide=True)
    assert list(roster.table().headings) == list(wide.columns)


def test_great_tables_takes_the_summary(reports):
    """Its row has the figures without trailing zeros, days as days, and nothing where nothing is known."""
    made = Roster(reports).as_gt().as_raw_html()
    rows = re.findall(r"<tr>(.*?)</tr>", made[made.index("<tbody") :], re.DOTALL)
    cells = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", rows[0], re.DOTALL)]
    assert ["p-1", "due soon", "yes", "2026-03-31", "75", "2026-04-30", "19.75", "20", "0.25"] == cells[:9]


def test_altair_counts_the_people_due_in_each_month(reports):
    made = Roster(reports).to_altair().to_dict()
    assert ("yearmonth", "count") == (made["encoding"]["x"]["timeUnit"], made["encoding"]["y"]["aggregate"])
    dues = {row["person"]: row.get("due") for row in made["data"]["values"]}
    assert {report.person: report.dates.due and str(report.dates.due.day) for report in reports} == dues


@pytest.mark.parametrize(
    ("module", "ask", "extra"),
    [
        ("great_tables", Roster.as_gt, "great-tables"),
        ("altair", Roster.to_altair, "altair"),
        ("pandas", Roster.to_pandas, "pandas"),
        ("polars", Roster.to_polars, "polars"),
    ],
)
def test_what_is_not_installed_is_named(monkeypatch, reports, module, ask, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LedgerMisuse, match=rf"peer-ledger\[{extra}\]"):
        ask(Roster(reports))


def test_a_roster_counts_the_people_of_each_status_and_the_hours_short(reports):
    """0.25 of p-1, 2 of p-2 and 20 of p-3 are short; of p-4 it is not decided."""
    made = Roster(reports)._repr_html_()
    totals = re.sub(r"<[^>]*>", "", re.search(r'<p class="totals">(.*?)</p>', made).group(1))
    for status, number in Counter(report.status for report in reports).items():
        assert re.search(rf"\b{status} {number}\b", totals)
    assert "22.25 hours short for recertification, not counting 1 person for whom that is not settled" in totals


def test_a_roster_shows_the_hours_of_each_month():
    """Seven hours from January to March are 2.33 a month, in quarters 2.5; in the last month nothing is said."""
    ledger = Ledger()
    ledger.append([
        Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"),
        TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", credits=[Credit(amount=13, topics={"ethics"})]),
    ])  # fmt: skip
    shown = {on: Roster(evaluate_all(ledger, on=on))._repr_html_() for on in ("2026-01-15", "2026-03-02")}
    assert "2.5 hours a month" in shown["2026-01-15"]
    assert "a month" not in shown["2026-03-02"]
