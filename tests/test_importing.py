"""From files to records: what is read, what is refused and why, and what somebody is asked to look at."""

import pickle
import time
import tracemalloc
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import Course, Credit, Ledger, MonthDay, PeerLedgerError, Quantity
from peer_ledger.errors import InvalidData, InvalidValue, LedgerMisuse
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.importing import (
    Column,
    ImportOptions,
    Profile,
    Row,
    _cells,
    complete,
    import_file,
    import_rows,
    plan_import,
    profile,
    profiles,
    read_profiles,
)
from peer_ledger.importing import (
    _layout as _mapping,
)
from peer_ledger.importing._days import DayFormat, DayReader
from peer_ledger.importing._fields import FIELDS
from peer_ledger.importing._profiles import usual_profiles
from peer_ledger.records import Approval
from peer_ledger.values.vocabularies import Term, standard_vocabularies


def rows(*lines):
    """Make the rows of lines of comma-separated cells, from line 1."""
    return [Row(number, number, line.split(",")) for number, line in enumerate(lines, 1)]


def written(folder, text, name="table.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def fields(record, *names):
    return tuple(getattr(record, name) for name in names)


# ------------------------------------------------------------------------------------------------------ kinds of record


def test_trainings_are_found_from_usual_headings():
    """A list of trainings whose headings are usual needs nothing but itself."""
    imported = import_rows(
        rows(
            "Employee ID,Course Title,Completion Date,Hours,Topic,Delivery Method,Provider",
            "e-7,Ethics for peers,2025-03-04,1.50,Ethics,Webinar,Blue Ridge Academy",
        )
    )
    [event] = imported.records
    assert ("e-7", date(2025, 3, 4), "Ethics for peers", "live-online", "blue-ridge-academy") == fields(
        event, "person", "completed", "title", "delivery", "provider"
    )
    assert (Credit(amount="1.5", topics={"ethics"}),) == event.credits
    assert ("training-event", 1, 0, 0) == fields(imported, "kind", "rows", "rejected_count", "notice_count")


def test_hours_on_one_topic_are_part_of_all_hours():
    """Six hours of which two are ethics are two credits: two on ethics, and four on something else."""
    [event] = import_rows(rows("ID,Date,Hours,Ethics Hours", "p-1,2025-03-04,6,2")).records
    assert (Credit(amount=2, topics={"ethics"}), Credit(amount=4, topics=set())) == event.credits


def test_more_hours_on_topics_than_hours_are_refused():
    """Two hours cannot hold three of ethics."""
    imported = import_rows(rows("ID,Date,Hours,Ethics Hours", "p-1,2025-03-04,2,3"))
    assert ((), 1) == (imported.records, imported.rejected_count)
    assert "is less than the sum of the hours on single topics" in str(imported.rejected[0])


def test_no_hours_are_no_credits():
    """A training of 0 hours carries none, and one whose hours are not said may carry any."""
    first, second = import_rows(rows("ID,Date,Hours", "p-1,2025-03-04,0", "p-1,2025-03-05,")).records
    assert ((), None) == (first.credits, second.credits)


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        (Credit(amount="1.5"), "1.5"),
        (Credit(amount="0.5"), ".5"),
        (Credit(amount="1.5"), "1.50 hrs"),
        (Credit(amount="90", unit="minute"), "90 minutes"),
        (Credit(amount="0.1", unit="ceu"), "0.1 CEU"),
        (Credit(amount="2", unit="fifty-minute-hour"), "2 50-minute hours"),
    ],
)
def test_amounts_with_their_units(expected, cell):
    """An amount is taken exactly as written, with the unit behind it where there is one."""
    imported = import_rows(rows("ID,Date,Hours", f"p-1,2025-03-04,{cell}"))
    if cell.startswith("2 50"):  # a figure within a unit is not told from an amount
        assert 1 == imported.rejected_count
    else:
        assert (expected,) == imported.records[0].credits


@pytest.mark.parametrize("cell", ["1,5", "1.2345678", "-1", "1e2", "about 2", "1.5 parsecs", "NaN", "1:30", "12345678"])
def test_what_is_no_amount_is_refused(cell):
    """What is not an exact amount is refused with its place."""
    imported = import_rows([Row(1, 1, ["ID", "Date", "Hours"]), Row(2, 2, ["p-1", "2025-03-04", cell])])
    assert (2, "column C 'Hours'") == fields(imported.rejected[0], "line", "column")


@pytest.mark.parametrize("heading", ["CEUs", "Credits", "Duration"])
def test_a_heading_that_names_no_unit_decides_nothing(heading):
    """Three under 'CEUs' may be three hours or thirty: it is refused until somebody says which."""
    table = rows(f"ID,Date,{heading}", "p-1,2025-03-04,3", "p-1,2025-03-05,3 hours")
    unsaid = import_rows(table)
    assert [Credit(amount=3)] == [credit for event in unsaid.records for credit in event.credits]
    assert "declare the unit of the column" in unsaid.rejected[0].reason
    said = import_rows(table, fixed={"unit": "ceu"})
    assert [("3", "ceu"), ("3", "hour")] == [(str(e.credits[0].amount), e.credits[0].unit) for e in said.records]


def test_minutes_are_minutes():
    """A column headed 'Minutes' holds minutes."""
    [event] = import_rows(rows("ID,Date,Minutes", "p-1,2025-03-04,90")).records
    assert (Credit(amount=90, unit="minute"),) == event.credits


def test_a_unit_is_taken_from_the_cell_the_column_or_the_heading():
    """A cell's own unit comes first, then the column of units, then the heading; hours on a topic say so themselves."""
    table = rows("ID,Date,Minutes,Unit", "p-1,2025-03-04,90,", "p-1,2025-03-05,2,hours", "p-1,2025-03-06,3 hrs,minutes")
    assert [("90", "minute"), ("2", "hour"), ("3", "hour")] == [
        (str(one.credits[0].amount), one.credits[0].unit) for one in import_rows(table).records
    ]
    mixed = import_rows(rows("ID,Date,Minutes,Ethics Hours", "p-1,2025-03-04,120,2"))
    assert "different units" in mixed.rejected[0].reason
    unclear = rows("ID,Date,CEUs,Unit", "p-1,2025-03-04,3,", "p-1,2025-03-05,3,hours")
    assert ([2], 1) == ([one.line for one in import_rows(unclear).rejected], len(import_rows(unclear).records))
    assert 1 == import_rows(rows("ID,Date,CEUs", "p-1,2025-03-04,3"), mapping={"hours": "CEUs"}).rejected_count


def test_a_fixed_field_that_there_is_not():
    """A mistyped field is refused; one that only other kinds have is passed over."""
    table = rows("ID,Date,Hours", "p-1,2025-03-04,3")
    with pytest.raises(InvalidData, match="did you mean 'unit'"):
        import_rows(table, fixed={"untis": "minute"})
    assert 1 == len(import_rows(table, fixed={"credential": "us-nc-cpss"}).records)


CATALOGUE = rows(
    "Course Code,Course Title,Hours,Ethics Hours,Topics,Delivery,Approved By",
    "ETH-101,Ethics for peers,6,2,Recovery,Classroom,NCCPSS",
    "HR-1,Naloxone,1,,Harm reduction,Self study,",
)


def test_a_course_catalog():
    """A catalog gives courses with their codes, hours, topics and approvals."""
    ethics, naloxone = import_rows(CATALOGUE).records
    assert (frozenset({"ETH-101"}), "in-person", frozenset({Approval(by="nccpss")})) == fields(
        ethics, "codes", "delivery", "approvals"
    )
    assert (Credit(amount=2, topics={"ethics"}), Credit(amount=4, topics={"recovery"})) == ethics.credits
    assert (Credit(amount=1, topics={"harm-reduction"}),) == naloxone.credits


RELIAS = (
    "Username,Last Name,First Name,External Course Code,External Course Title,Course Search Filter,Start Date,"
    "Completed Date"
)


def test_relias_takes_hours_and_topics_from_the_catalog():
    """A historical upload holds neither hours nor topics: the event names its course, which tells."""
    courses = import_rows(CATALOGUE).records
    imported = import_rows(
        rows(RELIAS, "jdoe7,Doe,Jane,eth-101,Ethics for peers,,,03/04/25"),
        profile=profile("relias-historical"),
        catalog=courses,
    )
    [event] = imported.records
    assert ("jdoe7", date(2025, 3, 4), courses[0].id, None) == fields(event, "person", "completed", "course", "credits")
    assert ("relias", 0, 0) == fields(imported, "source", "rejected_count", "notice_count")
    assert ("Last Name", "First Name", "Course Search Filter") == imported.ignored


def test_an_unknown_course_is_reported_with_the_nearest():
    """A code with a letter for a digit is recorded without a course, and the likely one is named."""
    imported = import_rows(
        rows(RELIAS, "j7,Doe,Jane,ETH-1O1,Ethics for peers,,,03/04/25"),
        profile=profile("relias-historical"),
        catalog=import_rows(CATALOGUE).records,
    )
    assert imported.records[0].course is None
    assert ["course", "hours"] == [notice.kind for notice in imported.notices]
    assert "line 2, column D 'External Course Code': 'ETH-1O1' is not in the catalog; did you mean 'ETH-101'?" == str(
        imported.notices[0]
    )


def test_hours_of_a_row_against_those_of_its_course():
    """A row that says what its course says adds nothing; one that says otherwise has the last word on the amount."""
    courses = import_rows(CATALOGUE).records
    same, other, single = import_rows(
        rows(
            "ID,Date,Course Code,Hours", "p-1,2025-03-04,ETH-101,6", "p-1,2025-03-05,ETH-101,5", "p-1,2025-03-06,HR-1,2"
        ),
        catalog=courses,
    ).records
    assert None is same.credits
    assert (Credit(amount=5),) == other.credits  # how much of it was ethics is not known
    assert (Credit(amount=2, topics={"harm-reduction"}),) == single.credits


def test_certificates_with_one_act_a_row():
    """A list of acts gives one certification a row."""
    first, second = import_rows(
        rows(
            "Peer ID,Certificate Number,Board Action,Effective Date,Expiration Date",
            "p-1,NC-9,Awarded,2024-03-14,2026-03-31",
            "p-1,NC-9,Made inactive,2025-01-02,",
        ),
        fixed={"credential": "us-nc-cpss"},
    ).records
    assert ("us-nc-cpss", "awarded", date(2024, 3, 14), date(2026, 3, 31), "NC-9") == fields(
        first, "credential", "act", "on", "expires", "number"
    )
    assert ("made-inactive", None) == fields(second, "act", "expires")


def test_certificates_with_a_column_for_each_act():
    """A row with the first award, the last renewal and the expiry is two acts; the expiry is that of the later one."""
    awarded, renewed = import_rows(
        rows("ID,Certified,Last Renewed,Expires", "p-1,2022-05-31,2024-05-20,2026-05-31"), fixed={"credential": "x"}
    ).records
    assert ("awarded", date(2022, 5, 31), None) == fields(awarded, "act", "on", "expires")
    assert ("renewed", date(2024, 5, 20), date(2026, 5, 31)) == fields(renewed, "act", "on", "expires")


def test_a_certificate_of_which_only_the_expiry_is_known():
    """A printed expiry alone is a grant whose day is not known."""
    [only] = import_rows(rows("ID,Expires", "p-1,2026-05-31"), fixed={"credential": "x"}).records
    assert (None, date(2026, 5, 31)) == fields(only, "on", "expires")


def test_filings():
    """An application that was filed, and how."""
    [filing] = import_rows(
        rows("ID,Application Type,Method,Date Sent,Date Received", "p-1,Renewal,By mail,2026-02-01,2026-02-04"),
        fixed={"credential": "x"},
    ).records
    assert ("renewal", date(2026, 2, 1), date(2026, 2, 4)) == fields(filing, "step", "sent", "received")


@pytest.mark.parametrize(
    ("expected", "kind", "value"),
    [
        (Quantity(amount=18, unit="month"), "Reference letter", "18 months"),
        (Quantity(amount=20, unit="us-dollar"), "Fee", "$20"),
        (MonthDay(5, 17), "Birthday", "1980-05-17"),
        (MonthDay(5, 17), "Birthday", "05-17"),
        (date(2020, 1, 2), "Recovery", "2020-01-02"),
        (True, "Background check", "Yes"),
        ("high-school", "Education", "High school"),
        (None, "Reference letter", ""),
    ],
)
def test_attestations_of_every_kind(expected, kind, value):
    """What is attested is read as its kind says; of a birthday the year is forgotten."""
    [document] = import_rows(rows("ID,Document,Date,Value", f"p-1,{kind},2026-01-05,{value}")).records
    assert expected == document.value


def test_designations_verifications_and_coverage():
    """The remaining kinds are found from their headings, too."""
    [held] = import_rows(rows("ID,Designation,Date Awarded", "p-1,Military,2022-05-31")).records
    assert ("military", date(2022, 5, 31)) == fields(held, "name", "awarded")
    [seen] = import_rows(
        rows("ID,Checked On,Board Status,Date Shown", "p-1,2026-02-01,Active,2026-04-30"), fixed={"credential": "x"}
    ).records
    assert ("verification", date(2026, 2, 1), date(2026, 4, 30)) == fields(seen, "record_type", "seen", "shown_until")
    [covered] = import_rows(rows("Covers,From,Until", "Document,2024-01-01,2026-02-01")).records
    assert ("document", None, date(2024, 1, 1)) == fields(covered, "covers", "person", "first_day")


def test_reviews_of_trainings():
    """A training that was approved, and one for which other hours were granted, by the id that an export writes."""
    table = rows(
        "ID,Event ID,Decision,Decided On,Hours,Topics,Reviewed By,Reason",
        "p-1,e-1,Approved,2025-03-04,,,r-9,seen",
        "p-1,e-2,Granted,2025-03-04,1.5,Ethics,r-9,",
        "p-1,e-3,Granted,2025-03-04,,,r-9,",
        "p-1,e-4,Rejected,2025-03-04,2,,r-9,",
    )
    imported = import_rows(table)
    one, other = imported.records
    assert ("e-1", "approved", None, "r-9", "seen") == fields(one, "event", "decision", "credits", "by", "reason")
    assert (Credit(amount="1.5", topics={"ethics"}),) == other.credits
    assert [4, 5] == [one.line for one in imported.rejected]
    assert ("column E 'Hours'", "is empty") == fields(imported.rejected[0], "column", "reason")


def test_rulings_of_the_board():
    """What a ruling does, its figure or its day says, where no column does; a figure is never without a unit."""
    table = rows(
        "ID,Requirement,Ruling Date,Figure Set,New Due Date,From,Until",
        "p-1,training,2025-03-04,14 hours,,2024-04-01,2026-03-31",
        "p-1,due,2025-03-04,,2026-06-30,,",
        "p-1,letters,2025-03-04,,,,",
        "p-1,training,2025-03-04,14,,,",
    )
    imported = import_rows(table, fixed={"credential": "us-nc-cpss"})
    one, other = imported.records
    assert ("sets", Quantity(amount=14, unit="hour"), date(2024, 4, 1)) == fields(one, "effect", "figure", "first_day")
    assert ("moves", date(2026, 6, 30), "due") == fields(other, "effect", "day", "requirement")
    assert [
        "is missing; state what the ruling does: sets, moves or waives",
        "must be an amount and a known unit",
    ] == [one.reason.partition(", such as")[0] for one in imported.rejected]
    [waived] = import_rows(
        rows("ID,Requirement,Effect,Ruling Date", "p-1,letters,Waives,2025-03-04"), fixed={"credential": "x"}
    ).records
    assert ("waives", None, None) == fields(waived, "effect", "figure", "day")


def test_ids_that_are_one_person():
    """Two ids of somebody are one statement, in whichever order they stand; an id is not the same as itself."""
    imported = import_rows(rows("ID,Same As", "p-1,p-7", "p-2,p-2", "p-3,"))
    [one] = imported.records
    assert (frozenset({"p-1", "p-7"}), [3, 4]) == (one.people, [bad.line for bad in imported.rejected])
    assert "must differ from the person's id" in imported.rejected[0].reason
    [other] = import_rows(rows("ID,Same As", "p-7,p-1")).records
    assert one.id == other.id


@pytest.mark.parametrize("kind", FIELDS)
def test_every_kind_has_its_plain_layout_and_its_usual_headings(kind):
    """The plain layout of a kind names each of its fields, and the usual headings know each of them."""
    [plain] = [one for one in map(profile, profiles()) if one.makes == kind and one.id.startswith("plain")]
    [usual] = [one for one in usual_profiles() if one.makes == kind]
    assert list(FIELDS[kind]) == [column.field for column in plain.columns]
    assert set(FIELDS[kind]) == {column.field for column in usual.columns}


# --------------------------------------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("expected", "form", "text"),
    [
        (date(2025, 3, 4), "MM/DD/YYYY", "03/04/2025"),
        (date(2025, 3, 4), "MM/DD/YYYY", "3/4/2025"),
        (date(2025, 4, 3), "DD/MM/YYYY", "03/04/2025"),
        (date(2025, 3, 4), "MM/DD/YY", "03/04/25"),
        (date(2069, 3, 4), "MM/DD/YY", "03/04/69"),
        (date(2025, 3, 4), "D MMM YYYY", "4 March 2025"),
        (date(2025, 9, 4), "MMM D, YYYY", "Sept. 4, 2025"),
        (date(2025, 3, 4), "YYYYMMDD", "20250304"),
        (date(2025, 3, 4), "MM/DD/YYYY hh:mm AM", "03/04/2025 2:30 PM"),
        (None, "MM/DD/YYYY", "13/04/2025"),
        (None, "MM/DD/YYYY", "02/29/2025"),
        (date(2024, 2, 29), "MM/DD/YYYY", "02/29/2024"),
        (None, "MM/DD/YYYY", "03/04/25"),
        (None, "YYYYMMDD", "2025034"),
        (None, "MM/DD/YYYY", "\u0663/4/2025"),
        (None, "MM/DD/YYYY", "01/01/1850"),
    ],
)
def test_days_in_a_declared_format(expected, form, text):
    """A day is read as its format says, or not at all."""
    assert expected == DayFormat(form).read(text)


@pytest.mark.parametrize("form", ["MM/DD", "MM/MM/YYYY", "month", "", "YYYY-MM-DD-DD", "%m/%d/%Y"])
def test_a_format_says_year_month_and_day(form):
    """What does not say all three once is no format."""
    with pytest.raises(PeerLedgerError, match="year, month and day"):
        DayFormat(form)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from("/-."))
@example(date(2025, 3, 4), "/")
@example(date(2025, 3, 13), "/")
@example(date(2025, 12, 12), "/")
def test_a_day_without_a_format_is_read_in_one_way_or_refused(day, sign):
    """Without a declared format a day is read exactly when month and day cannot be taken for each other."""
    text = f"{day.month:02}{sign}{day.day:02}{sign}{day.year}"
    any_of = day.day <= 12 and day.day != day.month
    reader = DayReader([])
    if any_of:
        with pytest.raises(PeerLedgerError, match="declare the format"):
            reader.read(text)
    else:
        assert day == reader.read(text)


def test_an_ambiguous_day_is_rejected_and_the_rest_tells_which():
    """03/04/2025 is refused, and when all other days fit one format only, the report says which."""
    imported = import_rows(rows("ID,Date,Hours", "p-1,03/04/2025,1", "p-1,03/14/2025,1"))
    assert 1 == len(imported.records)
    [rejected] = imported.rejected
    assert (2, "column B 'Date'", "'03/04/2025'") == fields(rejected, "line", "column", "value")
    assert "2025-03-04 (MM/DD/YYYY) or 2025-04-03 (DD/MM/YYYY)" in rejected.reason
    assert [("dates", None)] == [fields(notice, "kind", "line") for notice in imported.notices]
    assert "MM/DD/YYYY" in imported.notices[0].says
    assert 2 == len(
        import_rows(rows("ID,Date,Hours", "p-1,03/04/2025", "p-1,03/14/2025"), dates=["MM/DD/YYYY"]).records
    )


def test_two_declared_formats_that_disagree_decide_nothing():
    """A day that two declared formats read differently is refused as well."""
    imported = import_rows(rows("ID,Date,Hours", "p-1,03/04/2025"), dates=["MM/DD/YYYY", "DD/MM/YYYY"])
    assert 1 == imported.rejected_count


# -------------------------------------------------------------------------------------------------- rows and notices


def test_all_that_is_wrong_with_a_row_is_said():
    """A row with two faults gives two reasons and counts once."""
    imported = import_rows(rows("ID,Date,Hours", "Jane Doe,03/32/2025,much", "p-1,2025-03-04,1"))
    assert (1, 3) == (imported.rejected_count, len(imported.rejected))
    assert {"column A 'ID'", "column B 'Date'", "column C 'Hours'"} == {one.column for one in imported.rejected}


def test_days_that_do_not_fit_each_other_are_refused_with_the_cell():
    """A training that ended before it began is refused at the day it began."""
    imported = import_rows(rows("ID,Start Date,Date,Hours", "p-1,03/14/2025,2025-03-04,1"))
    assert ("line 2, column B 'Start Date': '03/14/2025' 2025-03-14 is after completed, 2025-03-04") == str(
        imported.rejected[0]
    )


@pytest.mark.parametrize("line", [",2025-03-04,1", "p-1,,1"])
def test_a_row_without_what_is_needed_is_refused(line):
    """Nobody, or no day, is no training."""
    imported = import_rows(rows("ID,Date,Hours", line))
    assert [(2, "is empty")] == [(one.line, one.reason.partition(";")[0]) for one in imported.rejected]


def test_a_row_wider_than_the_headings_is_refused():
    """A cell below no heading says that something slipped; empty ones do not matter."""
    imported = import_rows(rows("ID,Date,Hours", "p-1,2025-03-04,3,x", "p-1,2025-03-05,,,"))
    assert (1, 1) == (len(imported.records), imported.rejected_count)


def test_likely_duplicates():
    """Two rows for one person, day and training are both recorded, and somebody is asked to look."""
    imported = import_rows(rows("ID,Title,Date,Hours", "p-1,Ethics,2025-03-04,1", "p-1,ethics ,2025-03-04,1"))
    assert 2 == len({record.id for record in imported.records})
    assert [("duplicate", 3)] == [fields(notice, "kind", "line") for notice in imported.notices]


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ([], ["p-1,A,,2025-03-04,24"]),
        ([2], ["p-1,A,,2025-03-04,24.01"]),
        ([2], ["p-1,A,,2025-03-04,16", "p-1,B,,2025-03-04,9"]),
        ([], ["p-1,A,,2025-03-04,16", "p-2,B,,2025-03-04,9", "p-1,C,,2025-03-05,9"]),
        ([], ["p-1,A,2025-03-03,2025-03-04,48"]),
        ([2], ["p-1,A,2025-03-03,2025-03-04,48.5"]),
    ],
)
def test_more_hours_than_a_day_has(expected, lines):
    """More than 24 hours on one day are noticed, over all trainings of a person; several days have more."""
    imported = import_rows(rows("ID,Title,Started,Completed,Hours", *lines))
    assert expected == [notice.line for notice in imported.notices if notice.kind == "hours-a-day"]
    assert len(lines) == len(imported.records)


@pytest.mark.parametrize(
    ("heads", "line"),
    [
        ("ID,Document,Date,By,Value", "p-1,Reference letter,2026-01-05,w-2,18 months"),
        ("ID,Certified,Expires", "p-1,2024-03-14,2026-03-31"),
        ("ID,Designation,Date Awarded", "p-1,Military,2022-05-31"),
        ("ID,Date,Hours", "p-1,2022-05-31,2"),
    ],
)
def test_rows_that_stand_twice(heads, line):
    """A row of any kind that stands there twice is recorded twice, and somebody is asked to look."""
    imported = import_rows(rows(heads, line, line), fixed={"credential": "x"})
    assert 2 == len(imported.records)
    assert [("duplicate", 3)] == [fields(one, "kind", "line") for one in imported.notices]


def test_two_letters_of_one_day_are_no_duplicates():
    """Letters by different people are different letters."""
    lines = ("p-1,Reference letter,2026-01-05,w-1", "p-1,Reference letter,2026-01-05,w-2")
    assert () == import_rows(rows("ID,Document,Date,By", *lines)).notices


@pytest.mark.parametrize(
    "table", [("ID,Document,Date,Value", "p-1,Fee,2026-01-05,"), ("ID,Document,Date", "p-1,Fee,2026-01-05")]
)
def test_a_fee_without_an_amount_is_noticed(table):
    """A fee of which nobody says how much is recorded, and somebody is asked to look."""
    assert [("amount", "no amount")] == [fields(one, "kind", "says") for one in import_rows(rows(*table)).notices]


def test_ids_that_look_alike():
    """05001 and 5001 are two people until somebody says otherwise, and are pointed out once, without being shown."""
    lines = ("05001,2025-03-04,1", "5001,2025-03-05,1", "5001,2025-03-06,1", "ab-1,2025-03-04,1", "AB-1,2025-03-05,1")
    imported = import_rows(rows("ID,Date,Hours", *lines, "50010,2025-03-04,1"))
    assert [("ids", 3), ("ids", 6)] == [fields(one, "kind", "line") for one in imported.notices]
    assert "5001" not in "".join(map(str, imported.notices))
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows("ID,Date,Hours", lines[0]))).to_append())
    assert (("5001", "05001"),) == plan_import(ledger, import_rows(rows("ID,Date,Hours", lines[1]))).ids


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        ("fee", "Late fee"),
        ("fee", "Renewal Fee"),
        ("fee", "application fee"),
        ("fee", "Recertification fee"),
        ("reference-letter", "Letters of Reference"),
        ("reference-letter", "Letter of recommendation"),
        ("reference-letter", "Recommendation letter"),
        ("reference-letter", "reference"),
    ],
)
def test_what_lists_call_letters_and_fees(expected, name):
    """Letters and fees are known by the names that lists give them."""
    [document] = import_rows(rows("ID,Document,Date", f"p-1,{name},2026-01-05")).records
    assert expected == document.kind


@pytest.mark.parametrize("heading", ["First issued", "Issued", "Date issued"])
def test_what_lists_call_the_day_of_an_award(heading):
    """The day of the first certification is known by the headings that lists give it."""
    [award] = import_rows(rows(f"ID,{heading},Expires", "p-1,2024-03-14,2026-03-31"), fixed={"credential": "x"}).records
    assert ("awarded", date(2024, 3, 14)) == fields(award, "act", "on")


def test_an_unknown_paper_is_shown_with_its_effect():
    """What a list calls a document does not identify anybody: it is shown, with what comes of it and the nearest known."""
    [notice] = import_rows(rows("ID,Document,Date", "p-1,Refrence Letter,2026-01-05")).notices
    assert (
        "line 2, column B 'Document': 'Refrence Letter' is not one of the documents; it is recorded as a new kind of "
        "document, which no rule requires; did you mean 'reference-letter'?"
    ) == str(notice)


@pytest.mark.parametrize(("expected", "cell"), [("1.5", "1,5"), ("0.5", ",5"), ("90", "90"), ("1.25", "1,25 hours")])
def test_decimal_commas(expected, cell):
    """Where amounts are declared to have decimal commas, they are read so."""
    table = [Row(1, 1, ["ID", "Date", "Hours"]), Row(2, 2, ["p-1", "2025-03-04", cell])]
    assert Decimal(expected) == import_rows(table, decimal=",").records[0].credits[0].amount


def test_decimal_commas_are_declared():
    """A comma in a figure is refused with how to declare it, and so is a point where commas are declared."""
    table = [Row(1, 1, ["ID", "Date", "Hours"]), Row(2, 2, ["p-1", "2025-03-04", "1,5"])]
    assert "--decimal ," in import_rows(table).rejected[0].reason
    pointed = [*table[:1], Row(2, 2, ["p-1", "2025-03-04", "1.500"])]
    assert "has a point in a number" in import_rows(pointed, decimal=",").rejected[0].reason
    [layout] = read_profiles(toml(decimal='","', fixed='[{ field = "hours", value = "1,5" }]'))
    [event] = import_rows(rows("Badge,When", "p-1,2025-03-04"), profile=layout).records
    assert Decimal("1.5") == event.credits[0].amount
    with pytest.raises(PeerLedgerError, match="decimal must be"):
        import_rows(table, decimal=";")


def test_days_to_come():
    """A training that is still to come is noticed; an expiry may lie in the future."""
    table = rows("ID,Date,Hours", "p-1,2026-02-15,1", "p-1,2026-02-16,1")
    assert [3] == [notice.line for notice in import_rows(table, today="2026-02-15").notices]
    assert () == import_rows(table).notices
    expiring = rows("ID,Certified,Expires", "p-1,2025-02-16,2027-02-28")
    assert () == import_rows(expiring, today="2026-02-15", fixed={"credential": "x"}).notices


def test_an_unknown_topic_is_kept_and_reported_with_the_nearest():
    """A topic that nobody declared is recorded under its own name, never dropped."""
    imported = import_rows(rows("ID,Date,Hours,Topics", "p-1,2025-03-04,1,Etics; Basket Weaving; Crisis"))
    assert frozenset({"etics", "basket-weaving", "crisis"}) == imported.records[0].credits[0].topics
    [notice] = imported.notices
    assert ("topic", 2, "column D 'Topics'") == fields(notice, "kind", "line", "column")
    assert "did you mean 'ethics'?" in notice.says


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        ({"ethics", "crisis"}, "Ethics; Crisis"),
        ({"ethics", "crisis"}, "Ethics, Crisis"),
        ({"ethics", "crisis"}, "Ethics | Crisis"),
        ({"military"}, "Military and veterans"),
        (set(), "none"),
        (None, ""),
    ],
)
def test_several_topics_in_a_cell(expected, cell):
    """Topics are parted as people part them; an empty cell is unknown, and 'none' is none."""
    table = [Row(1, 1, ["ID", "Date", "Hours", "Topics"]), Row(2, 2, ["p-1", "2025-03-04", "1", cell])]
    assert expected == import_rows(table).records[0].credits[0].topics


def test_an_unknown_delivery_is_unknown():
    """A way of delivery that nobody declared is noticed and recorded as unknown: it must not look like none of the known."""
    imported = import_rows(rows("ID,Date,Delivery,Hours", "p-1,2025-03-04,Carrier pigeon"))
    assert None is imported.records[0].delivery
    assert ["recorded as unknown"] == [one.says[-19:] for one in imported.notices if one.kind == "word"]


@pytest.mark.parametrize("cell", ["#REF!", "#VALUE!"])
def test_errors_of_a_spreadsheet_program_are_refused(cell):
    """An error in a cell is no value, also where any text would do."""
    assert 1 == import_rows(rows("ID,Date,Title,Hours", f"p-1,2025-03-04,{cell}")).rejected_count


NAMES = ["Zyxwvut Qponm", "zyxwvut", "Zyxwvut, Q.", "415-55-0199", "zyxwvut@example.org"]


ANYTHING = st.sampled_from([*NAMES, "", "3"])
SOUND = {
    "person": "p-1",
    "completed": "2025-03-04",
    "on": "2025-03-04",
    "document_kind": "Fee",
    "title": "T",
    "name": "Military",
}


@pytest.mark.parametrize("kind", FIELDS)
@given(st.data())
@effort(sized(100, 50))
def test_no_message_names_anybody(kind, data):
    """Whatever stands in columns that are ignored or that identify people, no message shows it."""
    names = [*FIELDS[kind], "Last Name", "SSN"]
    cells = [data.draw(st.just(SOUND[name]) | ANYTHING if name in SOUND else ANYTHING) for name in names]
    layout = Profile(id="all", says="All", makes=kind, columns=[Column(field=name) for name in FIELDS[kind]])
    table = [Row(1, 1, names), Row(2, 2, cells), Row(3, 3, cells)]
    imported = import_rows(table, profile=layout, today="2025-01-01")
    said = str(imported) + "".join(map(str, (*imported.rejected, *imported.notices))) + repr(imported)
    masked = [name in ("Last Name", "SSN") or FIELDS[kind][name].masked for name in names]
    hidden = {cell for cell, hides in zip(cells, masked, strict=True) if hides and cell in NAMES}
    open_to_see = " ".join(cell for cell, hides in zip(cells, masked, strict=True) if not hides)
    assert not [name for name in hidden if name in said and name not in open_to_see]
    assert not [text for text in ("415-55-0199", "zyxwvut@example.org") if f"'{text}' is" in said]


@pytest.mark.parametrize(
    ("heading", "cell", "shown"),
    [("Learner name", "2025-02-31", False), ("When", "Zyxwvut 2", False), ("When", "2025-02-31", True)],
)
def test_a_refused_cell_is_shown_unless_it_may_name_people(heading, cell, shown):
    """A column of names that was mapped to days by mistake does not show them, nor a column of days a name."""
    [rejected] = import_rows(rows(f"ID,{heading},Hours", f"p-1,{cell},3"), mapping={"completed": heading}).rejected
    assert shown is (cell in str(rejected))
    assert "is not a day" in rejected.reason


def test_what_was_attested_is_not_shown():
    """A value that is refused is not shown, also where it is a figure."""
    imported = import_rows(rows("ID,Document,Date,Value", "p-1,Fee,2025-03-04,415-55-0199"))
    assert ("column D 'Value'", "a text of 11 characters") == fields(imported.rejected[0], "column", "value")
    assert "415" not in str(imported)


# ----------------------------------------------------------------------------------------------------------- headings


def test_headings_below_a_title():
    """Titles and notes above the headings are passed over, and lines are still those of the file."""
    imported = import_rows(rows("Training log 2025", "made by HR,,", "ID,Date,Hours", "p-1,2025-03-04,x"))
    assert (1, 4) == (imported.rows, imported.rejected[0].line)


@pytest.mark.parametrize(
    "heads",
    [
        "Employee ID,Name,Notes,Hours",
        "Badge No.,Name,Activity,Hours",
        "Whoever,Name,Activity,When,Clock hrs",
        "Name,Title,Hours",
    ],
)
def test_names_of_people_are_taken_for_nothing(heads):
    """A column of names is never taken for the title of a course, nor for a designation."""
    with pytest.raises(InvalidData):
        import_rows(rows(heads, "1,Jane Doe,x,2025-03-04,3"))


@pytest.mark.parametrize("heading", ["completed date", "COMPLETED_DATE", " Completed-Date* ", "Completed\nDate"])
def test_headings_without_regard_to_case_and_punctuation(heading):
    """A heading is known however it is written."""
    table = [Row(1, 1, ["Employee Id", heading, "Hours"]), Row(2, 2, ["p-1", "2025-03-04"])]
    assert 1 == len(import_rows(table).records)


def test_hints_are_for_what_the_rows_are():
    """Whoever says that the rows are documents is told what documents need, and nothing of trainings."""
    with pytest.raises(InvalidData) as refused:
        import_rows(rows("Foo,Bar", "a,b"), kind="document")
    assert "person, and document_kind, and on" in str(refused.value)
    assert "completed" not in str(refused.value)


def test_two_columns_for_one_field_are_pointed_out():
    """Where two columns could be the title, the likelier is taken and somebody is told; saying which ends it."""
    table = rows("ID,Date,Hours,Workshop,Course", "p-1,2025-03-04,2,a,b")
    imported = import_rows(table)
    assert ["headings"] == [notice.kind for notice in imported.notices]
    assert "column E 'Course': was read as title, but 'Workshop' fits, too" in str(imported.notices[0])
    said = import_rows(table, mapping={"title": "Workshop"})
    assert ((), "a") == (said.notices, said.records[0].title)


def test_endless_headings_are_cut_in_messages():
    """A heading of several lines and thousands of characters takes one line of sixty in a report."""
    table = [Row(1, 1, ["ID", "Date", "x\ny" * 5000, "Hours"]), Row(2, 2, ["p-1", "2025-03-04", ""])]
    assert ("x yx yx", 63) == (import_rows(table).ignored[0][:7], len(import_rows(table).ignored[0]))


def test_a_mapping_somebody_gives():
    """Headings that nobody foresaw are named by whoever knows them, and that comes first."""
    table = rows("Ticket,Who,When was it,ID,Hours", "9,p-1,2025-03-04,x y,2")
    imported = import_rows(table, mapping={"person": "Who", "completed": "when WAS it"})
    assert ("p-1", date(2025, 3, 4)) == fields(imported.records[0], "person", "completed")
    assert ("Ticket", "ID") == imported.ignored


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Seat time (min)", "minute"),
        ("Duration (min)", "minute"),
        ("Training minutes", "minute"),
        ("Length in minutes", "minute"),
        ("Big number", "hour"),
        ("Hours more or less", "hour"),
        ("Time on task", None),
        ("CE Hours (min)", None),
        ("CEUs (0.1 = 1h)", None),
        ("Credits given", None),
    ],
)
def test_a_heading_that_somebody_names_says_what_its_amounts_are(heading, unit):
    """Minutes are minutes although the column stands for hours; where the heading leaves it open, the row waits."""
    table = rows(f"ID,Date,{heading}", "p-1,2025-03-04,17")
    imported = import_rows(table, mapping={"hours": heading})
    assert imported.rejected_count == (unit is None)
    assert [one.credits[0].unit for one in imported.records] == ([unit] if unit else [])
    said = import_rows(table, mapping={"hours": heading}, fixed={"unit": "minute"})
    assert [one.credits[0].unit for one in said.records] == ["minute"]


def test_minutes_of_a_topic_are_minutes():
    table = rows("ID,Date,Ethics Minutes", "p-1,2025-03-04,30")
    (event,) = import_rows(table, mapping={"hours.ethics": "Ethics Minutes"}).records
    assert (event.credits[0].amount, event.credits[0].unit) == (30, "minute")


def test_a_due_date_makes_no_certificate_of_a_training():
    """People, courses, hours and the day on which a course is due: no certificate expires on that day."""
    with pytest.raises(InvalidData, match="training-event needs a column for completed"):
        import_rows(rows("Employee ID,Course,Due Date,Hours", "7,Annual HIPAA,2026-12-31,1"))
    (found,) = import_rows(rows("Employee ID,Credential,Due Date", "7,us-nc-cpss,2026-12-31")).records
    assert found.expires == date(2026, 12, 31)
    table = rows("Employee ID,Certified,Due Date,Hours", "7,2024-12-04,2026-12-31,1")
    assert import_rows(table, fixed={"credential": "us-nc-cpss"}).kind == "certification"


@pytest.mark.parametrize("word", ["No show", "FAILED", "no", "Withdrawn", "Wait-listed", "In Progress"])
def test_what_did_not_come_about_is_no_training(word):
    """A column that is not read says that somebody was not there: the row is rejected, and what it says is told."""
    table = rows("ID,Course,Date,Hours,Result", f"p-1,x,2025-03-04,2,{word}", "p-1,y,2025-03-05,2,Passed")
    imported = import_rows(table)
    assert [one.title for one in imported.records] == ["y"]
    (rejected,) = imported.rejected
    assert f"'Result' is {word!r}, so what the row lists did not take place; it is not recorded" == rejected.reason


def test_a_certificate_that_is_said_to_be_revoked_is_not_taken_for_one_that_holds():
    table = rows(
        "ID,Certified,Expires,Cert Status", "7,2024-12-04,2026-12-31,Revoked", "8,2024-12-04,2026-12-31,Active"
    )
    imported = import_rows(table, fixed={"credential": "us-nc-cpss"})
    assert [one.person for one in imported.records] == ["8"]
    assert imported.rejected_count == 1


def test_a_row_of_data_is_not_taken_for_the_headings():
    """Two cells of a row read like one heading; the row of headings above it is named by the mapping."""
    table = rows("Learner No.,Activity,Ended,Spent,Theme", "1,Documentation,2025-01-15,3 h,Documentation")
    mapping = {"person": "Learner No.", "completed": "Ended", "hours": "Spent"}
    (found,) = import_rows(table, mapping=mapping).records
    assert (found.person, found.completed) == ("1", date(2025, 1, 15))
    with pytest.raises(InvalidData, match=r"needs a column for|none of the first"):
        import_rows(table)


def test_a_column_of_days_that_is_not_read_is_told():
    """Where nobody knows what days stand for, somebody is told of the column; a date of birth is left out on purpose."""
    headings = "ID,Title,Date,Hours,Board day,DOB,Room,Blank"
    table = rows(headings, "p-1,x,2025-03-04,2,03/05/2025,1980-01-01,7-8,", "p-2,x,2025-03-04,2,,1981-01-01,3-4-5,")
    (notice,) = import_rows(table).notices
    assert (notice.kind, notice.line) == ("headings", None)
    assert (
        notice.says
        == "'Board day' holds days and was not read; if they matter, name their field: mapping={FIELD: 'Board day'}, "
        "or --map FIELD='Board day'"
    )


def test_a_date_beside_an_act_is_the_day_of_the_act():
    (found,) = import_rows(rows("ID,Credential,Act,Date", "p-1,us-nc-cpss,awarded,2025-03-04")).records
    assert found.on == date(2025, 3, 4)
    assert found.act == "awarded"


@pytest.mark.parametrize(
    ("message", "mapping", "heads"),
    [
        ("no column has the heading given for 'title'", {"title": "Course taken"}, "ID,Date,Hours"),
        ("there is no field 'persn' (did you mean 'person'?)", {"persn": "ID"}, "ID,Date,Hours"),
        ("columns A and B have the same heading", {}, "ID,ID,Date"),
        ("needs a column for completed", {}, "ID,Hours,Title"),
        ("needs a column for hours or course (is it 'Length hourly'?)", {}, "ID,Date,Title,Length hourly"),
        ("none of the first 20 rows", {}, "Foo,Bar"),
        ("no kind of record has all of these fields", {"title": "A", "expires": "B"}, "A,B"),
    ],
)
def test_headings_that_do_not_tell(message, mapping, heads):
    """Where headings do not tell, the file is refused with what is missing and how to give it."""
    with pytest.raises(InvalidData) as refused:
        import_rows(rows(heads, "a,b,c"), mapping=mapping)
    assert message in str(refused.value)


# ----------------------------------------------------------------------------------------------------------- profiles


def toml(**changes):
    given = {
        "id": '"ours"',
        "says": '"Ours"',
        "makes": '"training-event"',
        "columns": '[{ field = "person", headings = ["Badge"] }, { field = "completed", headings = ["When"] }]',
        **changes,
    }
    return "format = 1\n[[profiles]]\n" + "".join(f"{name} = {value}\n" for name, value in given.items() if value)


def test_adding_a_profile_needs_no_python(tmp_path):
    """A file of a user's own says headings, days, fixed values and what cells mean, and is used by its path."""
    path = written(
        tmp_path,
        toml(
            dates='["DD.MM.YYYY"]',
            source='"tracker"',
            fixed='[{ field = "delivery", value = "Zoom" }, { field = "hours", value = "2" }]',
            columns='[{ field = "person", headings = ["Badge"] }, { field = "completed", headings = ["When"] }, '
            '{ field = "topics", headings = ["Ethics?"], cells = [{ cell = "y", means = "Ethics" }, '
            '{ cell = "N", means = "none" }] }]',
        ),
        "ours.toml",
    )
    table = written(tmp_path, "Badge;When;Ethics?\np-1;03.04.2025;Y\np-1;04.04.2025;n\n")
    first, second = import_file(table, profile=path).records
    assert (date(2025, 4, 3), "live-online", "tracker") == (first.completed, first.delivery, first.origin.source)
    assert (frozenset({"ethics"}), frozenset()) == (first.credits[0].topics, second.credits[0].topics)
    assert "ours" == profile(f"{path}#ours").id


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("colums: unknown key (did you mean 'columns'?)", toml(colums="[]")),
        ("makes: must be one of", toml(makes='"trainings"')),
        ("columns[0].field: a training-event has no field 'persn' (did you mean 'person'?)", toml(columns='[{ field = "persn" }]')),
        ("columns[0].heading: unknown key", toml(columns='[{ field = "person", heading = ["x"] }]')),
        ("columns: the field 'person' is listed 2 times", toml(columns='[{ field = "person" }, { field = "person", headings = ["x"] }]')),
        ("columns: the heading 'x' is listed for 2 fields", toml(columns='[{ field = "person", headings = ["X"] }, { field = "title", headings = ["x"] }]')),
        ("dates[0]: a format of dates must name", toml(dates='["MM/DD"]')),
        ("key[0]: a training-event has no field", toml(key='["hours.ethics"]')),
        ("fixed[0].field", toml(fixed='[{ field = "nothing", value = "x" }]')),
        ("id: is missing", toml(id="")),
        ("format: must be 1, not 2", toml().replace("format = 1", "format = 2")),
        ("extra: unknown key", "extra = 1\n" + toml()),
        ("is not TOML", "format = "),
        ("says: must be a text", toml(says="2025-03-04")),
    ],
)  # fmt: skip
def test_a_profile_is_read_strictly(where, text):
    """What a file of profiles says that is not meant is refused with its path."""
    with pytest.raises(InvalidData) as refused:
        read_profiles(text)
    assert where in str(refused.value)


def test_all_that_is_wrong_with_profiles_is_said_at_once():
    """Two profiles with three faults are refused with three problems."""
    text = toml(makes='"x"', colums="1") + toml(dates='["x"]', id='"b"').removeprefix("format = 1\n")
    with pytest.raises(InvalidData) as refused:
        read_profiles(text)
    assert ["profiles[0].colums", "profiles[0].makes", "profiles[1].dates[0]"] == sorted(
        problem.path for problem in refused.value.problems
    )


def test_an_unknown_profile_is_named_with_those_there_are():
    """A mistyped name leads to the right one."""
    with pytest.raises(PeerLedgerError, match="did you mean 'relias-historical'"):
        profile("relias-histrical")


@example("format = 1\nprofiles = 3")
@example("format = 1\nprofiles = [3]")
@given(
    st.text(max_size=200)
    | st.builds("format = 1\n[[profiles]]\n{} = {}".format, st.text("abcdeimnklosy.", min_size=1), st.text(max_size=30))
)
def test_no_text_breaks_the_reader_of_profiles(text):
    """Whatever a file of profiles holds, what comes out is profiles or our own error."""
    with suppress(PeerLedgerError):
        assert read_profiles(text)


# ------------------------------------------------------------------------------------------------------ reading again


LIST = ["ID,Title,Date,Hours", "p-1,Ethics,2025-03-04,1", "p-1,Ethics,2025-03-04,1", "p-2,Crisis,2025-05-06,3"]


def test_reading_a_file_again_adds_nothing():
    """The same file twice is the same records; two equal rows stay two."""
    ledger = Ledger()
    assert 3 == ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append()).added
    again = plan_import(ledger, import_rows(rows(*LIST)))
    assert (0, 0, 3, 0) == (len(again.new), len(again.corrections), again.unchanged, len(again.missing))


def test_a_corrected_export_yields_corrections_that_are_shown():
    """What reads otherwise is planned, said, and appended only then."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append())
    plan = plan_import(ledger, import_rows(rows(*LIST[:-1], "p-2,Crisis,2025-05-06,2.5")))
    assert [("credits",)] == [correction.fields for correction in plan.corrections]
    assert "p-2, 2025-05-06): credits 3 hour -> 2.5 hour" in str(plan)
    assert 0 == ledger.append(plan.to_append(corrections=False)).added
    assert 2 == ledger.append(plan.to_append()).added
    assert [Decimal("2.5")] == [one.credits[0].amount for one in ledger.records_of("p-2")]


def test_a_row_that_is_gone_is_missing_and_can_be_withdrawn():
    """A date that was corrected is a new row, and the old one is not counted twice without anybody knowing."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append())
    changed = import_rows(rows(*LIST[:2], "p-1,Ethics,2025-03-05,1", LIST[3]))
    plan = plan_import(ledger, changed)
    assert (1, 1) == (len(plan.new), len(plan.missing))
    ledger.append(plan.to_append(withdraw_missing=True))
    assert [date(2025, 3, 4), date(2025, 3, 5)] == sorted(one.completed for one in ledger.records_of("p-1"))
    assert () == plan_import(ledger, changed).missing


def test_what_lies_outside_an_export_is_not_missing():
    """An export of April says nothing of March, nor of people whom it does not list."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append())
    april = import_rows(rows("ID,Title,Date,Hours", "p-1,Ethics,2025-04-01,1", "p-1,Wellness,2025-04-30,1"))
    assert () == plan_import(ledger, april).missing


def test_the_like_from_elsewhere_is_pointed_out():
    """A training that another source brought already is recorded, and somebody is asked to look."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append())
    plan = plan_import(ledger, import_rows(rows("ID,Title,Date,Hours", "p-2,crisis,2025-05-06,3"), source="other"))
    assert 1 == len(plan.twice)
    assert "likely duplicate" in str(plan)


def test_a_corrected_course_still_tells_the_hours():
    """Events keep their course when the catalog corrects it."""
    ledger = Ledger()
    courses = import_rows(CATALOGUE)
    ledger.append(plan_import(ledger, courses).to_append())
    upload = rows(RELIAS, "j7,Doe,Jane,HR-1,Naloxone,,,03/04/25")
    relias = profile("relias-historical")
    events = import_rows(upload, profile=relias, catalog=ledger.shared_records())
    ledger.append(plan_import(ledger, events).to_append())
    corrected = [*CATALOGUE[:2], Row(3, 3, ["HR-1", "Naloxone", "1.5", "", "Harm reduction", "Self study", ""])]
    ledger.append(plan_import(ledger, import_rows(corrected)).to_append())
    again = import_rows(upload, profile=relias, catalog=ledger.shared_records())
    assert 1 == plan_import(ledger, again).unchanged
    [event] = history_of(ledger, "j7", on=date(2025, 12, 31), credential="us-nc-cpss").events
    assert [Decimal("1.5")] == [credit.amount for credit in event.credits]


def test_a_file_that_lists_all_there_is():
    """That a file is complete is a record of its own, the same each time it is said of one day."""
    imported = import_rows(rows("ID,Expires", "p-1,2026-05-31"), fixed={"credential": "x"})
    [said] = complete(imported, until="2026-02-15", credential="x")
    assert ("certification", "x", date(2026, 2, 15)) == fields(said, "covers", "credential", "last_day")
    assert (said,) == complete(imported, until="2026-02-15", credential="x")
    with pytest.raises(PeerLedgerError):
        complete(import_rows(CATALOGUE), until="2026-02-15")


def test_a_list_of_papers_is_complete_for_its_kinds_only():
    """A list of letters and fees says that there are no others, and nothing of diplomas."""
    table = rows(
        "ID,Document,Date,Value", "p-1,Reference letter,2026-01-05,", "p-1,Fee,2026-01-06,$20", "p-2,Fee,2026-01-07,$20"
    )
    said = complete(import_rows(table), until="2026-02-15")
    assert [("document", "reference-letter"), ("document", "fee")] == [
        fields(one, "covers", "document_kind") for one in said
    ]
    assert 2 == Ledger().append(said).added


def test_the_whole_series_is_compared_when_asked():
    """A day that moved out of the file's days, and a person who is not in it any more, are missing from the series."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, import_rows(rows(*LIST))).to_append())
    left = import_rows(rows(*LIST[:3]))
    assert () == plan_import(ledger, left).missing
    assert ["p-2"] == [record.person for record in plan_import(ledger, left, whole=True).missing]
    other = import_rows(rows(*LIST[:3]), source="other")
    assert () == plan_import(ledger, other, whole=True).missing
    rest = import_rows(rows(LIST[0], LIST[3]))
    assert () == plan_import(ledger, left, whole=True, alongside=[left, rest]).missing


def test_a_file_of_fees_says_nothing_of_letters():
    """Of documents only the kinds that a file lists can be missing from it."""
    ledger = Ledger()
    documents = [
        "ID,Document,Date,Value",
        "p-1,Reference letter,2026-01-05,",
        "p-1,Fee,2026-01-06,$20",
        "p-2,Fee,2026-01-07,$20",
    ]
    ledger.append(plan_import(ledger, import_rows(rows(*documents))).to_append())
    plan = plan_import(ledger, import_rows(rows(documents[0], documents[2])), whole=True)
    assert [("p-2", "fee")] == [fields(record, "person", "kind") for record in plan.missing]


def test_a_file_with_refused_rows_is_not_complete():
    """What was refused may be what would have saved somebody: such a file is not taken to list all there is."""
    imported = import_rows(rows("ID,Expires", "p-1,2026-05-31", "p-2,soon"), fixed={"credential": "x"})
    with pytest.raises(PeerLedgerError, match="rejected: 1 row, so"):
        complete(imported, until="2026-02-15")


# --------------------------------------------------------------------------------------------------------- text files


@pytest.mark.parametrize(
    ("encoding", "delimiter"), list(product(["utf-8", "utf-8-sig", "windows-1252", "utf-16"], [",", ";", "\t", "|"]))
)
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    """Files of the usual encodings and delimiters are read without being told which."""
    lines = ["ID,Title,Date,Hours", 'p-1,"Santé, part 1",2025-03-04,1.5', ",,,", "", "p-2,Señales,2025-03-05,2"]
    text = "\r\n".join(lines).replace('"Santé, part 1"', '"Santé part 1"').replace(",", delimiter)
    imported = import_file(written(tmp_path, text, encoding=encoding))
    assert ["Santé part 1", "Señales"] == [record.title for record in imported.records]
    assert 2 == imported.rows


def test_quoted_line_breaks_keep_their_lines(tmp_path):
    """A cell may go over several lines; what comes after it still has its own line number."""
    path = written(tmp_path, 'ID,Title,Date,Hours\np-1,"Ethics,\n""again""\n",2025-03-04\n\np-1,x,nonsense\n')
    imported = import_file(path)
    assert 'Ethics,\n"again"' == imported.records[0].title
    assert 6 == imported.rejected[0].line


@pytest.mark.parametrize(
    ("line", "said", "text"),
    [
        (3, "opened here and not closed", 'ID,Date,Hours\np-1,2025-03-04\np-2,"2025-03-05\n'),
        (2, "closed within a cell", 'ID,Date,Hours\np-1,"2025"-03-04\np-2,2025-03-05\n'),
    ],
)
def test_broken_quotation_marks_cost_their_rows_only(tmp_path, line, said, text):
    """A row whose quotation marks are broken is refused with its line; the others are read."""
    imported = import_file(written(tmp_path, text))
    assert (1, [line]) == (len(imported.records), [one.line for one in imported.rejected])
    assert said in imported.rejected[0].reason


def test_a_cell_of_a_megabyte_costs_its_row_only(tmp_path):
    """A cell of a megabyte is refused with its line, and takes no more memory than a few times itself."""
    path = written(tmp_path, f"ID,Title,Date,Hours\np-1,{'x' * 2**20},2025-03-04\np-2,y,2025-03-05\n")
    tracemalloc.start()
    imported = import_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ([2], ["p-2"]) == ([one.line for one in imported.rejected], [one.person for one in imported.records])
    assert peak < 12 * 2**20


def test_a_quotation_mark_that_swallows_the_file_is_found(tmp_path):
    """Rows within an open quotation mark are not taken for a cell without end, nor for rows."""
    path = written(tmp_path, 'ID,Title,Date,Hours\np-1,"x,2025-03-04\n' + "p-2,y,2025-03-05\n" * 20_000)
    with pytest.raises(InvalidData, match="line 2: a quotation mark is opened here"):
        import_file(path)


def test_thousands_of_columns(tmp_path):
    """A table of 5,000 columns is read; one of 20,000 is refused."""
    heads, cells = ",".join(f"c{n}" for n in range(5000)), "," * 5000
    imported = import_file(written(tmp_path, f"ID,Date,{heads},Hours\n" + f"p-1,2025-03-04{cells}\n" * 50))
    assert (50, 5000) == (len(imported.records), len(imported.ignored))
    with pytest.raises(InvalidData, match="at most 16384"):
        import_file(written(tmp_path, f"ID,Date,Hours{',x' * 20_000}\n"))


def test_empty_rows_cost_no_memory(tmp_path):
    """A million empty rows are passed over in little memory."""
    path = written(tmp_path, "ID,Date,Hours\n" + ",\n" * sized(300_000, 60_000) + "p-1,2025-03-04\n")
    tracemalloc.start()
    imported = import_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (1, 1) == (imported.rows, len(imported.records))
    assert peak < 8 * 2**20


def test_refused_rows_are_counted_and_not_all_kept(tmp_path):
    """Of ten thousand refused rows a thousand are kept and all are counted."""
    imported = import_file(written(tmp_path, "ID,Date,Hours\n" + "p-1,nonsense\n" * 10_000))
    assert (10_000, 1000) == (imported.rejected_count, len(imported.rejected))
    assert "and 9990 more" in str(imported)


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("is empty", b""),
        ("Excel 97-2003", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        ("PDF", b"%PDF-1.7 ..."),
        ("is a web page, or XML", b"\xef\xbb\xbf\r\n<!DOCTYPE html><table><tr><td>ID,Date,Hours"),
        ("is a web page, or XML", b"<?xml version='1.0'?><Workbook>"),
        ("zero bytes", b"ID,Date,Hours\n\0\0\0"),
        ("no .xlsx workbook", b"PK\x03\x04"),
        ("is longer than", b"x" * (2**23 + 2)),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, said, content):
    """Files that are something else are refused by what they are."""
    with pytest.raises(InvalidData) as refused:
        import_file(written(tmp_path, content))
    assert said in str(refused.value) or "is damaged" in str(refused.value)


def test_a_file_that_is_not_there(tmp_path):
    """A missing file is our own error and the built-in one."""
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        import_file(tmp_path / "none.csv")
    with pytest.raises(PeerLedgerError):
        import_file(tmp_path)


def test_a_declared_encoding_is_held_against_the_file(tmp_path):
    """Bytes that are not of the declared encoding are refused, and so is an encoding that there is not."""
    path = written(tmp_path, "ID,Date,Title,Hours\np-1,2025-03-04,Santé\n", encoding="windows-1252")
    with pytest.raises(InvalidData, match="is not utf-8 after line"):
        import_file(path, encoding="utf-8")
    with pytest.raises(InvalidData, match="is not a known encoding"):
        import_file(path, encoding="klingon")


@given(
    st.binary(max_size=300)
    | st.text(st.sampled_from('ID,Date,Hours\n"p-1;2025-03-04\t\r|\0é'), max_size=80).map(str.encode)
)
@example(b'ID,Date,Hours\n"')
@example(b"ID,Date,Hours\n\xff\xfe")
@example(b"\xff\xfeI\0D\0,\0\0\xd8")
def test_no_bytes_break_the_reader(tmp_path_factory, content):
    """Whatever a file holds, what comes out is a report or our own error."""
    path = written(tmp_path_factory.getbasetemp(), content, "fuzz.csv")
    try:
        imported = import_file(path, today="2026-01-01")
    except PeerLedgerError:
        return
    assert imported.rows == len({*imported.lines}) + imported.rejected_count


DAYS = st.sampled_from(["2025-03-04", "2025-03-05", "2024-01-01", "03/14/2025", "2025-03-04", ""])
CELL = st.text(max_size=12) | st.sampled_from(["p-1", "2025-03-04", "1.5", "Ethics", "=1+1", "n/a", "\ufeff", "#REF!"])
LIKELY = {
    "id": st.sampled_from(["p-1", "p-1", "p-2", "Jane Doe"]),
    "day": st.one_of(DAYS, DAYS, DAYS, CELL),
    "choice": st.sampled_from(["awarded", "renewal", "filing", "full", ""]),
    "amount": st.sampled_from(["1", "2.5", "0", "3 hours", "-1", ""]),
    "term": st.just("us-nc-cpss"),
}


@given(st.sampled_from(list(FIELDS)), st.data())
def test_no_cells_break_any_kind(kind, data):
    """Whatever stands in the columns of any kind, every row is a record or refused, and read again it adds nothing."""
    fields_ = {**FIELDS[kind], **({"hours.ethics": FIELDS[kind]["hours"]} if "hours" in FIELDS[kind] else {})}
    layout = Profile(id="all", says="All", makes=kind, columns=[Column(field=name) for name in fields_])
    cells = data.draw(st.lists(st.tuples(*(LIKELY.get(one.reads, CELL) for one in fields_.values())), max_size=3))
    cells += cells[:1]
    table = [Row(1, 1, list(fields_)), *(Row(line, line, list(row)) for line, row in enumerate(cells, 2))]
    imported = import_rows(table, profile=layout, today="2026-01-01", catalog=[Course(id="c", title="T", codes={"C1"})])
    assert len(cells) == imported.rejected_count + len(set(imported.lines))
    ledger = Ledger()
    ledger.append(plan_import(ledger, imported).to_append())
    assert len(imported.records) == plan_import(ledger, imported).unchanged


# ---------------------------------------------------------------------------------------------- as people keep their lists


@pytest.mark.parametrize(
    "text",
    ["Ethics and boundaries", "Ethics; Boundaries", "Ethics/Boundaries", "boundaries & ethics", "Ethics, Boundaries"]
    + ["Ethics + Boundaries", "Ethics | Boundaries", "Ethics, and Boundaries"],
)
def test_a_cell_of_several_topics(text):
    """However people part them, two topics that are declared are two topics, and nothing is to be looked at."""
    lines = [["ID", "Date", "Hours", "Topics"], ["p-1", "2025-03-04", "3", text]]
    imported = import_rows([Row(number, number, line) for number, line in enumerate(lines, 1)])
    assert frozenset({"ethics", "boundaries"}) == imported.records[0].credits[0].topics
    assert 0 == imported.notice_count


def test_a_cell_of_which_a_part_is_unknown_stays_whole():
    """What nobody declared is not cut up; the declared word in it, or the one nearest to it, is named."""
    imported = import_rows(rows("ID,Date,Hours,Topics", "p-1,2025-03-04,3,Paperwork and ethics"))
    assert frozenset({"paperwork-and-ethics"}) == imported.records[0].credits[0].topics
    assert "did you mean 'ethics'?" in str(imported.notices[0])
    imported = import_rows(rows("ID,Date,Hours,Topics", "p-1,2025-03-04,3,Law and regulation"))
    assert frozenset({"law"}) == imported.records[0].credits[0].topics


def test_what_is_declared_as_a_whole_is_not_parted():
    """A topic of one's own that is named after two others is that topic, also beside others in a cell."""
    words = standard_vocabularies().extended("topics", Term(id="both", name="Ethics and boundaries"))
    imported = import_rows(
        rows("ID,Date,Hours,Topics", "p-1,2025-03-04,3,Crisis; Ethics and boundaries"), vocabularies=words
    )
    assert "both" in imported.records[0].credits[0].topics
    assert "ethics" not in imported.records[0].credits[0].topics


@pytest.mark.parametrize(
    "line",
    ["Total,,,20", ",Total,,20", ",,Total,20", "Grand Total:,,,20", ",,,Total: 20", "p-1 total,,,3", "Sum,,,1"]
    + [",Total hours,,20", "TOTALS,,,20", "Total Jane,,,20"],
)
def test_rows_of_totals_are_noticed_and_no_mistakes(line):
    """A row that holds sums gives no record and is not counted among those that were refused."""
    imported = import_rows(rows("ID,Title,Date,Hours", "p-1,Ethics,2025-03-04,3", line))
    assert (1, 0) == (len(imported.records), imported.rejected_count)
    assert ["line 3: is a row of totals and gives no record"] == list(map(str, imported.notices))


@pytest.mark.parametrize(
    "line", ["p-1,Total,,20", ",Total wellness,,20", ",Total,2025-03-04,20", ",,,20", "p-1,Total,soon,20"]
)
def test_what_only_looks_like_a_total_is_refused(line):
    """A row of somebody, on some day, or of a training called so may be a mistake: it is refused."""
    imported = import_rows(rows("ID,Title,Date,Hours", "p-1,Ethics,2025-03-04,3", line))
    assert (1, 1, 0) == (len(imported.records), imported.rejected_count, imported.notice_count)


def test_an_id_that_stands_once_for_several_rows():
    """Merged cells leave the rows below without an id: they are refused, and the reason says what to do."""
    imported = import_rows(rows("ID,Title,Date,Hours", "p-1,Ethics,2025-03-04,3", ",Crisis,2025-03-05,1"))
    assert "is written once for several rows, write it in each of them" in str(imported.rejected[0])


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        ("90", "1h 30m"),
        ("90", "1 hr 30 min"),
        ("150", "2 hours and 30 minutes"),
        ("65", "1H05M"),
        ("60", "1 hr. 0 mins."),
    ],
)
def test_hours_and_minutes(minutes, text):
    """What is written in hours and minutes is exact in minutes."""
    [event] = import_rows(rows("ID,Date,Duration", f"p-1,2025-03-04,{text}")).records
    assert (Credit(amount=minutes, unit="minute"),) == event.credits


def test_what_may_be_minutes_and_seconds_is_refused():
    """2:30 is two hours and a half, or two minutes and a half: nobody guesses."""
    imported = import_rows(rows("ID,Date,Duration", "p-1,2025-03-04,2:30"))
    assert "write '2h 30m' or '150 minutes'" in str(imported.rejected[0])


def test_thousands_of_headings_are_each_looked_at_once(monkeypatch):
    """A table of very many columns takes no longer for every kind of record that it might hold."""
    looked_at = []
    plain = _mapping.plain_heading
    monkeypatch.setattr(_mapping, "plain_heading", lambda text: looked_at.append(text) or plain(text))
    headings = ["ID", "Title", "Completed", "Hours", *(f"Note {number}" for number in range(5000))]
    imported = import_rows([Row(1, 1, headings), Row(2, 2, ["p-1", "Ethics", "2025-03-04", "3"])])
    assert 1 == len(imported.records)
    assert len(looked_at) < 2 * len(headings)


def test_of_very_many_columns_of_one_heading_some_are_named():
    """The message names twenty of them and counts the rest."""
    with pytest.raises(InvalidData, match=r"columns B and C .* and U and 81 more have the same heading"):
        import_rows([Row(1, 1, ["ID", *["Completed"] * 101])])


def test_a_dotted_key_of_thousands_of_parts_is_refused_at_once():
    """Python's reader takes a time that grows with the square of its length."""
    with pytest.raises(InvalidData, match="is nested more than 40 levels deep"):
        read_profiles("a." * 50_000 + "a = 1")


def test_of_a_cell_of_very_many_unknown_words_some_are_said():
    """Ten of them are said, each once, and the rest counted."""
    words = "; ".join(f"basket weaving {number}" for number in range(300))
    for cell, said in ((words, "; and 290 more such words"), ("weaving; " * 300, "no rule requires")):
        table = [Row(1, 1, ["ID", "Completed", "Hours", "Topics"]), Row(2, 2, ["p-1", "2025-03-04", "3", cell])]
        [notice] = [one for one in import_rows(table).notices if one.kind == "topic"]
        assert notice.says.endswith(said)
        assert len(notice.says) < 2000


def test_a_file_of_unknown_words_is_not_compared_for_ever(monkeypatch):
    """The first unknown words get a suggestion; after so many comparisons the rest are noted without one."""
    monkeypatch.setattr(_cells, "MOST_COMPARED", 2000)
    catalog = [Course(id=f"c-{number}", title="Ethics", codes={f"ETH-{number}"}) for number in range(100)]
    table = [Row(1, 1, ["ID", "Completed", "Course Code"])]
    table += [Row(number, number, ["p-1", "2025-03-04", f"ETHX-{number}"]) for number in range(2, 50)]
    notices = [one.says for one in import_rows(table, catalog=catalog).notices if one.kind == "course"]
    assert 48 == len(notices)
    assert "did you mean" in notices[0]
    assert "is not in the catalog" == notices[-1]
    for heading in ("Topics", "Delivery"):
        table = [Row(1, 1, ["ID", "Completed", "Hours", heading])]
        words = [f"ethicz {'x' * number}" if heading == "Topics" else f"webinars {number}" for number in range(200)]
        table += [Row(line, line, ["p-1", "2025-03-04", "3", word]) for line, word in enumerate(words, 2)]
        said = [one.says for one in import_rows(table).notices if one.kind in {"topic", "word"}]
        assert "did you mean" not in said[-1]


@pytest.mark.parametrize("heading", ["Topics", "Role", "Approved By", "Hours"])
@pytest.mark.parametrize("cell", ["x" + " " * 100_000 + "y", "1" * 100_000], ids=["blanks", "digits"])
def test_a_cell_of_very_many_characters_of_one_kind_is_read_at_once(heading, cell):
    """A hundred thousand blanks or digits in one cell once took minutes."""
    headings = list(dict.fromkeys(["ID", "Completed", "Hours", heading]))
    before = time.process_time()
    import_rows([Row(1, 1, headings), Row(2, 2, ["p-1", "2025-03-04", *["3"] * (len(headings) == 4), cell])])
    assert time.process_time() - before < 5


def test_headings_without_end_are_cut_in_messages():
    """Of a column of days that is not read, and of one that says what did not take place, a line is shown."""
    endless = "a-" * 5000
    table = rows(f"ID,Course,Date,Hours,{endless},Status {endless}", "p-1,x,2025-03-04,2,2025-03-05,no")
    imported = import_rows(table)
    assert all(len(line) < 400 for line in imported.summary.splitlines())
    assert imported.rejected[0].reason.startswith("'Status a-a-")


def test_options_are_one_object_or_given_by_name():
    """Both read the same; a name given beside the object takes its place there, and an unknown name is refused."""
    table = [Row(1, 1, ["Badge", "Completed", "Hours"]), Row(2, 2, ["p-1", "03/04/2025", "3"])]
    options = ImportOptions(mapping={"person": "Badge"}, dates=["MM/DD/YYYY"])
    by_name = import_rows(table, mapping={"person": "Badge"}, dates=["MM/DD/YYYY"])
    assert by_name.records == import_rows(table, options).records
    assert date(2025, 4, 3) == import_rows(table, options, dates=["DD/MM/YYYY"]).records[0].completed
    with pytest.raises(LedgerMisuse, match=r"no import option 'date' \(did you mean 'dates'\?\)"):
        import_rows(table, date=["MM/DD/YYYY"])


@pytest.mark.parametrize(
    ("said", "options"),
    [
        (r"^dates must be a list of texts, such as .*, not a text of 10 characters$", {"dates": "MM/DD/YYYY"}),
        (r"^dates must be a list of texts, such as .*, not 3$", {"dates": ["MM/DD/YYYY", 3]}),
        (
            r"^mapping must be a mapping from texts to texts, such as .*, not a text of 5 characters$",
            {"mapping": "Badge"},
        ),
        (r"^fixed must be a mapping from texts to texts, such as .*, not 3$", {"fixed": {"credential": 3}}),
        (r"^kind must be one of .*, not a list$", {"kind": ["course"]}),
        (r"^kind must be one of .*, not 'cuorse' \(did you mean 'course'\?\)$", {"kind": "cuorse"}),
        (r"^decimal must be '\.' or ',', not a list$", {"decimal": [","]}),
        (r"^profile must be a Profile, .*, not 3$", {"profile": 3}),
        (r"^source must be a text, not a list$", {"source": ["lms"]}),
        (r"^encoding must be a text, not 8$", {"encoding": 8}),
        (r"^delimiter must be a text, not a bytes$", {"delimiter": b";"}),
        (r"^sheet must be a text, not 1$", {"sheet": 1}),
        (r"^vocabularies must be Vocabularies, not a dict$", {"vocabularies": {"topics": ["ethics"]}}),
        (r"^catalog must be records, .*, not None$", {"catalog": None}),
        (r"^catalog must be records, .*, not a text of 7 characters$", {"catalog": "courses"}),
        (r"^catalog must be records, .*, not a text of 6 characters$", {"catalog": ["course"]}),
        (r"^today: .* not 3$", {"today": 3}),
        (r"^today: there is no day '2025-02-30'", {"today": "2025-02-30"}),
    ],
)
def test_an_option_of_another_type_is_refused_by_name(said, options):
    """The message names the option, what it takes and what was given."""
    with pytest.raises(InvalidValue, match=said):
        ImportOptions(**options)


def test_an_option_that_does_not_exist_is_refused_by_name():
    """Building the options refuses it as the functions do, and says that options have names."""
    with pytest.raises(
        LedgerMisuse, match=r"no import option 'date' \(did you mean 'dates'\?\); the options are profile"
    ):
        ImportOptions(date=["MM/DD/YYYY"])
    with pytest.raises(LedgerMisuse, match="import options are given by name"):
        ImportOptions(["MM/DD/YYYY"])


def test_options_cannot_be_changed_in_place():
    """They are frozen throughout, can be hashed, and what is no options object is refused in our own words."""
    options = ImportOptions(mapping={"person": "Badge"})
    with pytest.raises(TypeError):
        options.mapping["person"] = "Other"
    assert hash(options) == hash(ImportOptions(mapping={"person": "Badge"}))
    assert pickle.loads(pickle.dumps(options)) == options
    with pytest.raises(LedgerMisuse, match="options must be ImportOptions"):
        import_rows([], ["MM/DD/YYYY"])
