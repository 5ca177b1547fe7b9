"""Ids for people who are listed by name: kept in a private file, stable, and never merged by name against the evidence."""

import stat
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import Ledger
from peer_ledger.errors import InvalidData, LedgerFileError
from peer_ledger.importing import (
    NamedPerson,
    import_file,
    import_files,
    import_frame,
    import_rows,
    read_people,
    write_people,
)
from peer_ledger.importing._people import Described, Unidentified, identified
from peer_ledger.importing._text_tables import text_row

LIST = "Name,Course,Completed,Hours\nJane Doe,Ethics,2025-03-04,1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(*lines):
    return [text_row(number, line) for number, line in enumerate(lines, 1)]


def people_of(*lines, **options):
    """Return the ids under which some rows were recorded, in order."""
    imported = import_rows(rows(*lines), people="people.csv", **options)
    return [record.person for record in imported.records], imported


def test_names_get_stable_ids_and_stay_out_of_the_records(folder):
    """The same name, however it is written, has the same id, in this file and in the next."""
    (folder / "list.csv").write_text(LIST + '"DOE,  Jane",WRAP,2025-03-05,1\nJohn Roe,WRAP,2025-03-05,1\n')
    imported = import_file("list.csv", people="people.csv")
    first, second, third = (record.person for record in imported.records)
    assert first == second != third
    assert "doe" not in repr(imported).lower().replace("people.csv", "")
    assert {first: "Jane Doe", third: "John Roe"} == {one.id: one.name for one in read_people("people.csv")}
    again, imported = people_of("Full name,Completed,Hours", "jane doe,2025-06-01,2")
    assert ([first], False) == (again, any(notice.kind == "file" for notice in imported.notices))


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_only_the_owner_can_read_the_file(folder):
    """A new file, and one that was readable for others."""
    people_of("Name,Completed,Hours", "Jane Doe,2025-03-04,1")
    assert 0o600 == stat.S_IMODE(Path("people.csv").stat().st_mode)
    Path("people.csv").chmod(0o644)
    people_of("Name,Completed,Hours", "John Roe,2025-03-04,1")
    assert 0o600 == stat.S_IMODE(Path("people.csv").stat().st_mode)


def test_two_people_with_one_name_are_asked_about(folder):
    """Rows that differ in the birth date are rejected without the name, and so is one that says nothing."""
    table = [
        "First name,Last name,DOB,Completed,Hours",
        "Jane,Doe,1980-01-02,2025-03-04,1",
        "Jane,Doe,1990-05-06,2025-03-04,1",
        "Jane,Doe,,2025-03-05,1",
        "John,Roe,,2025-03-05,1",
    ]
    ids, imported = people_of(*table)
    assert (1, [2, 3, 4]) == (len(ids), [row.line for row in imported.rejected])
    assert "who differ in birth date (lines 2, 3, 4)" in imported.rejected[0].reason
    assert "doe" not in str(imported).lower()
    assert ["John Roe"] == [one.name for one in read_people("people.csv")]

    known = read_people("people.csv")
    twins = [
        NamedPerson(id="a", name="Jane Doe", birth_date="1980-01-02"),
        NamedPerson(id="b", name="Jane Doe", birth_date="1990-05-06"),
    ]
    write_people("people.csv", [*known, *twins])
    ids, imported = people_of(*table)
    assert (["a", "b", known[0].id], [4]) == (ids, [row.line for row in imported.rejected])


def test_one_person_with_two_addresses_is_two_lines_with_one_id(folder):
    """The user's line answers the question for both, and for rows without an address."""
    table = [
        "Name,Email,Completed,Hours",
        "Jo Ray,A@x.org,2025-03-04,1",
        "Jo Ray,b@x.org,2025-03-05,1",
        "Jo Ray,,2025-03-06,1",
    ]
    assert [] == people_of(*table)[0]
    write_people(
        "people.csv",
        [NamedPerson(id="j", name="Jo Ray", email="a@x.org"), NamedPerson(id="j", name="Jo Ray", email="b@x.org")],
    )
    assert ["j", "j", "j"] == people_of(*table)[0]


def test_a_known_name_with_another_address_is_asked_about(folder):
    """A person of an earlier list does not swallow a new one of the same name."""
    [jane], _ = people_of("Name,Email,Completed,Hours", "Jane Doe,a@x.org,2025-03-04,1")
    ids, imported = people_of(
        "Name,Email,Completed,Hours", "Jane Doe,z@x.org,2025-03-04,1", "Jane Doe,a@x.org,2025-03-04,1"
    )
    assert ([jane], [2]) == (ids, [row.line for row in imported.rejected])
    ids, imported = people_of("Name,Completed,Hours", "Jane Doe,2025-04-04,1")
    assert [jane] == ids


def test_what_a_list_adds_is_kept(folder):
    """A person known by name gets the birth date of a later list, and is asked about when another differs."""
    [jane], _ = people_of("Name,Completed,Hours", "Jane Doe,2025-03-04,1")
    assert [jane] == people_of("Name,DOB,Completed,Hours", "Jane Doe,1980-01-02,2025-03-04,1")[0]
    assert "1980-01-02" == read_people("people.csv")[0].birth_date
    assert [] == people_of("Name,DOB,Completed,Hours", "Jane Doe,1990-05-06,2025-03-04,1")[0]


def test_a_named_format_a_matrix_and_letters(folder):
    """Names work wherever ids do."""
    zoom = ["Name (Original Name),Join Time,Leave Time,Duration (Minutes)", "Jane Doe,2025-03-04,2025-03-04,60"]
    [jane], _ = people_of(*zoom, profile="zoom-participants")
    assert [jane] == people_of("Name,Ethics", "Jane Doe,2025-03-04", matrix=True)[0]
    assert [jane] == people_of("Doe\u00a0, Jane,1".replace("Doe\u00a0, ", '"Doe, ').replace("Jane,1", 'Jane",2025-03-04,1'),
                               headings=False, mapping={"person": "A", "completed": "B", "hours": "C"})[0]  # fmt: skip


def test_who_is_left_out_is_not_kept(folder):
    """Somebody in the waiting room gets no id, and no message of a known export shows a name."""
    zoom = ["Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),In Waiting Room"]
    zoom += ["Jane Doe,,2025-03-04,2025-03-04,60,No", "John Roe,,2025-03-04,2025-03-04,1,Yes"]
    assert 1 == len(people_of(*zoom, profile="zoom-participants")[0])
    assert ["Jane Doe"] == [one.name for one in read_people("people.csv")]
    with pytest.raises(InvalidData, match="profile='zoom-participants'") as caught:
        import_rows(rows(*zoom))
    assert "Jane" not in str(caught.value)


def test_totals_and_empty_names_are_nobody(folder):
    """A row of totals gets no person, and a row without a name is rejected."""
    ids, imported = people_of("Name,Completed,Hours", "Total,,1", ",2025-03-04,1")
    assert ([], (), [3]) == (ids, read_people("people.csv"), [row.line for row in imported.rejected])


def test_without_a_column_of_names_the_question_is_which(folder):
    """The message says how to name it."""
    with pytest.raises(InvalidData, match=r"no column of names.*mapping"):
        people_of("Code,Completed,Hours", "4711,2025-03-04,1")
    assert 1 == len(people_of("Who,Completed,Hours", "Jane Doe,2025-03-04,1", mapping={"person": "Who"})[0])


@pytest.mark.parametrize(
    "text",
    ["name,id\n", "id,name,birth date,e-mail\nn 1,Jane,,\n", "id,name,birth date,e-mail\nn-1,,,\n", '"', "id\n\0"],
)
def test_another_file_is_not_taken_for_one_of_people(folder, text):
    """And is not replaced."""
    (folder / "people.csv").write_text(text)
    with pytest.raises(InvalidData, match=r"people\.csv"):
        people_of("Name,Completed,Hours", "Jane Doe,2025-03-04,1")
    assert text == (folder / "people.csv").read_text()


def test_a_folder_is_no_file_of_people(folder):
    """The error names it."""
    (folder / "people.csv").mkdir()
    with pytest.raises(LedgerFileError):
        people_of("Name,Completed,Hours", "Jane Doe,2025-03-04,1")


@given(
    st.lists(
        st.builds(
            Described,
            line=st.integers(2, 99),
            name=st.sampled_from(["Jane Doe", "Doe, Jane", "John Roe"]),
            birth_date=st.sampled_from(["", "1", "2"]),
            email=st.sampled_from(["", "a", "b"]),
        ),
        max_size=8,
    )
)
def test_nobody_is_merged_against_the_evidence(tmp_path_factory, described):
    """No id stands for two birth dates or two addresses, and answers do not depend on the order of the rows."""
    path = tmp_path_factory.mktemp("people") / "people.csv"
    answers, people = identified(path, described)
    seen = {}
    for row, answer in zip(described, answers, strict=True):
        if not isinstance(answer, Unidentified):
            births, emails = seen.setdefault(answer, (set(), set()))
            births.add(row.birth_date)
            emails.add(row.email)
    assert all(len(births - {""}) < 2 and len(emails - {""}) < 2 for births, emails in seen.values())
    backwards, _ = identified(path, described[::-1])
    assert [isinstance(one, Unidentified) for one in answers] == [
        isinstance(one, Unidentified) for one in backwards[::-1]
    ]
    write_people(path, people)
    again, same = identified(path, described)
    assert [one for one in answers if isinstance(one, str)] == [one for one in again if isinstance(one, str)]
    assert people == same


def test_ids_win_over_names_and_addresses_do_not(folder):
    """A list with employee numbers needs no other ids; an e-mail address tells people apart and is no id."""
    assert ["4711"] == people_of("Employee ID,Name,Completed,Hours", "4711,Jane Doe,2025-03-04,1")[0]
    assert () == read_people("people.csv")
    [jane], _ = people_of("Name,Work email,Completed,Hours", "Jane Doe,a@x.org,2025-03-04,1")
    assert jane.startswith("n-")


def test_a_course_catalog_in_the_same_call_names_nobody(folder):
    """Its names are not those of people with trainings."""
    (folder / "courses.csv").write_text("Course Code,Course Title,Name,Hours\nETH-101,Ethics,Trainer,3\n")
    (folder / "list.csv").write_text("Name,Course Code,Completed\nJane Doe,ETH-101,2025-03-04\n")
    done = import_files(Ledger(), ["courses.csv", "list.csv"], people="people.csv")
    assert (True, ["Jane Doe"]) == (done.is_appended, [one.name for one in read_people("people.csv")])


def test_frames_list_people_by_name_too(folder):
    """A birth date of a frame is a day."""
    frame = pd.DataFrame(
        {"Name": ["Jane Doe"], "DOB": pd.to_datetime(["1980-01-02"]), "Completed": ["2025-03-04"], "Hours": [1]}
    )
    import_frame(frame, people="people.csv")
    assert ["1980-01-02"] == [one.birth_date for one in read_people("people.csv")]


@pytest.mark.parametrize("matrix", [True, False])
def test_a_table_that_cannot_be_read_names_nobody(folder, matrix):
    """Nothing is written before it is known what the table is."""
    with pytest.raises(InvalidData):
        people_of("Name,Phone", "Jane Doe,555", matrix=matrix)
    assert () == read_people("people.csv")
