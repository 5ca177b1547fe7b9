"""What could be meant in two ways is refused or told, and never guessed."""

from decimal import Decimal

import pytest

from peer_ledger import Ledger
from peer_ledger.errors import InvalidData
from peer_ledger.importing import Row, import_rows, plan_import


def read(headings, *lines, **options):
    """Read a table of comma-separated lines."""
    rows = [line.split(",") for line in (headings, *lines)]
    return import_rows([Row(number, number, row) for number, row in enumerate(rows, 1)], **options)


def hours(imported):
    """Return the hours of each record, minutes as hours."""
    worth = {"hour": 1, "minute": Decimal(60)}
    return [credit.amount / worth[credit.unit] for record in imported.records for credit in record.credits]


@pytest.mark.parametrize("cells", ["8,3,3", "3,3,8", "3,,3", ",3,3", "3,3,x"])
def test_columns_of_hours_that_disagree_are_refused_until_told_which(cells):
    """Eight under one heading and three under another is neither."""
    headings, line = "ID,Date,Hours,CE Hours,Contact Hours", f"p-1,2025-02-03,{cells}"
    imported = read(headings, line)
    assert ((), 1) == (imported.records, imported.rejected_count)
    assert "mapping={'hours': HEADING}, or --map hours=HEADING" in imported.rejected[0].reason or cells.endswith("x")
    assert 1 == len(read(headings, "p-1,2025-02-03,3,3.0,3").records)


def test_the_column_that_was_named_counts():
    """Whatever the others say."""
    headings, line = "ID,Date,Hours,CE Hours,Contact Hours", "p-1,2025-02-03,8,3,3"
    assert [3] == hours(read(headings, line, mapping={"hours": "CE Hours"}))
    assert [8] == hours(read(headings, line, mapping={"hours": "Hours"}))


@pytest.mark.parametrize(
    ("expected", "cells"),
    [
        ("2.5", "2,30"),
        ("2", "2,120"),
        ("1.5", "1.5,90"),
        ("2", "2,"),
        ("2", "2,0"),
        ("0.75", "0,45"),
        ("1.5", ",90"),
        (None, "1,50"),
        (None, "1.5,30"),
        (None, "2,90"),
        (None, "3,150"),
    ],
)
def test_hours_beside_minutes(expected, cells):
    """They add up, or are the same time; where either may be, the row is refused."""
    imported = read("ID,Date,Hours,Minutes", f"p-1,2025-02-03,{cells}")
    assert ([] if expected is None else [Decimal(expected)]) == hours(imported)
    assert (expected is None) is (imported.rejected_count == 1)
    added = [notice.says for notice in imported.notices]
    assert (expected == "2.5") is ("1 row: the minutes in a column of their own were added" in " ".join(added))


def test_minutes_that_are_the_same_time_elsewhere_are_not_added():
    """After a row of 2 hours that are 120 minutes, 2 hours beside 30 minutes contradict it."""
    imported = read("ID,Date,Hours,Minutes", "p-1,2025-02-03,2,120", "p-1,2025-02-04,2,30")
    assert ([2], [3]) == (hours(imported), [row.line for row in imported.rejected])


def test_a_job_title_is_no_training():
    """The course is the title; the other column is told, and both can be named."""
    headings, line = "ID,Title,Course,Date,Hours", "p-1,CFO,Ethics,2025-02-03,3"
    imported = read(headings, line)
    assert (["Ethics"], 1) == ([record.title for record in imported.records], imported.notice_count)
    assert ["CFO"] == [record.title for record in read(headings, line, mapping={"title": "Title"}).records]
    assert ["WRAP"] == [record.title for record in read(headings, line, fixed={"title": "WRAP"}).records]
    coded = read(headings, "p-1,Ethics,ETH-101,2025-02-03,3")
    assert [("Ethics", "ETH-101")] == [(record.title, record.course) for record in coded.records]


def test_a_fixed_value_takes_the_place_of_a_usual_column():
    """A unit and a credential only fill in where a row names none."""
    headings, line = "ID,Date,Hours,Delivery,Unit", "p-1,2025-02-03,3,Webinar,hours"
    [record] = read(headings, line, fixed={"delivery": "Classroom", "unit": "minute"}).records
    assert ("in-person", "hour") == (record.delivery, record.credits[0].unit)


def test_a_column_that_holds_answers_is_no_column_of_days():
    """'Attended' may hold the day, or yes and no."""
    imported = read("ID,Attended,Date,Hours", "p-1,Yes,2025-02-03,3", "p-2,No,2025-02-03,3")
    assert ["p-1"] == [record.person for record in imported.records]
    assert [("Attended", "No", 1)] == list(imported.undone)
    assert 1 == len(read("ID,Attended,Hours", "p-1,2025-02-03,3").records)


def test_an_ignored_column_fills_no_field():
    """It is as if it were not there."""
    [record] = read("ID,Title,Date,Hours,Topic", "p-1,A,2025-02-03,3,Ethics", ignore=["TOPIC"]).records
    assert record.credits[0].topics is None


def test_course_codes_are_kept_without_a_catalog():
    """One notice for the file; capitals and blanks make no other course."""
    lines = ["p-1,ETH 101,2025-02-03,3", "p-1,eth 101,2025-03-03,3", "p-1,HR-1,2025-03-03,1", "p-1,,2025-03-04,1"]
    imported = read("ID,Course Code,Date,Hours", *lines)
    assert ["ETH-101", "ETH-101", "HR-1", None] == [record.course for record in imported.records]
    assert ["3 rows: the course code was recorded, but there is no catalog to look it up in (first in line 2)"] == [
        notice.says for notice in imported.notices
    ]


def test_a_code_that_is_not_in_the_catalog_is_kept_unless_it_is_like_one_that_is():
    """ETH-1O1 may be ETH-101 with a letter for a digit."""
    catalog = read("Course Code,Course Title,Hours", "ETH-101,Ethics,3").records
    lines = ["p-1,ETH-1O1,2025-02-03,3", "p-1,WELL-7,2025-03-03,3", "p-1,ETH-101,2025-03-05,3"]
    imported = read("ID,Course Code,Date,Hours", *lines, catalog=catalog)
    assert [None, "WELL-7", catalog[0].id] == [record.course for record in imported.records]


def test_an_id_that_a_program_made_a_number_is_told():
    """4711.0 beside 4711 would be two people; the message does not show the id."""
    imported = read("ID,Date,Hours", "4711,2025-02-03,3", "4711.0,2025-02-04,3")
    assert (["4711"], 1) == ([record.person for record in imported.records], imported.rejected_count)
    assert "ends in '.0': a program made a number of the id" in imported.rejected[0].reason
    assert "4711" not in str(imported.rejected[0])


def test_a_certificate_that_expires_on_its_first_day_is_told():
    """It is recorded as it stands."""
    imported = read("ID,Certified,Expires", "p-1,2024-03-14,2024-03-14", fixed={"credential": "us-nc-cpss"})
    assert (1, ["is the day of the act itself"]) == (
        len(imported.records),
        [notice.says.partition(";")[0] for notice in imported.notices],
    )


@pytest.mark.parametrize(
    ("expected", "person"),
    [("4711", "4721"), ("4711", "4171"), (None, "5824"), (None, "471"), (None, "4711"), ("4712", "9712")],
)
def test_a_new_id_that_differs_from_a_known_one_by_a_digit_is_told(expected, person):
    """Also one with two digits exchanged; a known id is not new."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, read("ID,Date,Hours", "4711,2025-02-03,3", "4712,2025-02-03,3")).to_append())
    plan = plan_import(ledger, read("ID,Date,Hours", f"{person},2025-03-03,3"))
    assert ([] if expected is None else [(person, expected)]) == list(plan.near)
    assert (expected is not None) is (f"new id: {person} differs from {expected} by a digit" in str(plan))


def test_a_roster_of_new_people_is_not_a_list_of_mistakes():
    """Consecutive numbers of many new people are told to nobody."""
    ledger = Ledger()
    ledger.append(plan_import(ledger, read("ID,Date,Hours", "4711,2025-02-03,3")).to_append())
    plan = plan_import(ledger, read("ID,Date,Hours", *(f"471{number},2025-02-03,3" for number in range(2, 9))))
    assert () == plan.near


def test_a_row_of_data_taken_for_headings_shows_no_names():
    """Columns that were not recognized are counted; only headings near known ones are shown."""
    rows = [
        Row(1, 1, ["Title", "Hours", "Horus", "Ruth Example", "Recovery with Ruth"]),
        Row(2, 2, ["Ethics", "3", "", "", ""]),
    ]
    with pytest.raises(InvalidData) as caught:
        import_rows(rows, kind="training-event")
    assert "not recognized: 3 columns, among them 'Horus'" in str(caught.value)
    assert "Ruth" not in str(caught.value)
