"""Tables without headings, completion matrices, and that Python and the command line read alike."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import Course, Credit, Ledger
from peer_ledger.cli import main
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.importing import Row, import_file, import_files, import_rows, plan_import
from peer_ledger.importing._lettered import lettered_mapping
from peer_ledger.importing._text_tables import text_row

CERTIFICATES = "ID,Certified,Expires\np-1,2024-03-14,2026-03-31\n"
WIDE = "ID,Name,Department,Ethics,Crisis\np-1,Jane,North,2025-03-04,\np-2,John,South,2025-03-05,2025-03-06\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(*lines):
    return [text_row(number, line) for number, line in enumerate(lines, 1)]


def completions(imported):
    return [(record.person, record.title, str(record.completed)) for record in imported.records]


# ------------------------------------------------------------------------------------------------------- no headings


@pytest.mark.parametrize(
    ("person", "day", "hours"), [("A", "C", "B"), ("a", "c", "b"), ("1", "3", "2"), (" A ", "3", "B")]
)
def test_columns_are_named_by_letter_or_number(person, day, hours):
    """The first row is read like the others, and messages name the column by its letter."""
    mapping = {"person": person, "completed": day, "hours": hours}
    imported = import_rows(rows("p-1,3,2025-03-04", "p-2,x,2025-03-05"), headings=False, mapping=mapping)
    assert [("p-1", None, "2025-03-04")] == completions(imported)
    assert [(2, "column B")] == [(row.line, row.column) for row in imported.rejected]
    assert (("column A", "person"), ("column B", "hours"), ("column C", "completed")) == imported.columns


@pytest.mark.parametrize("text", ["ID", "BY", "DAY"])
def test_letters_that_are_usual_headings_are_columns(text):
    """A table may have more than two hundred columns, none of which is recognized by its letters."""
    width = 2800
    cells = [""] * width
    cells[0], cells[1], cells[2] = "p-1", "2025-03-04", "3"
    imported = import_rows(
        [Row(1, 1, cells)], headings=False, mapping={"person": "A", "completed": "B", "hours": "C", "title": text}
    )
    assert 4 == len(imported.columns)
    assert ("p-1", None) == (imported.records[0].person, imported.records[0].title)


@pytest.mark.parametrize("text", ["Hours worked", "0", "ABCD", "99999", "-1", "", "A1", "\u00e9"])
def test_a_column_named_by_something_else_is_refused(text):
    """With the field, and what was expected."""
    with pytest.raises(InvalidData, match="named by its letter or number, such as 'C' or '3'"):
        import_rows(rows("p-1,2025-03-04"), headings=False, mapping={"person": "A", "completed": text})


def test_a_column_that_is_not_there_is_refused():
    """The table has two columns."""
    with pytest.raises(InvalidData, match=r"hours.*there is no column C; the table has 2 columns"):
        import_rows(rows("p-1,2025-03-04"), headings=False, mapping={"person": "A", "completed": "B", "hours": "C"})


def test_without_headings_what_is_missing_is_told():
    """A table of which only the people are known is no list of trainings."""
    with pytest.raises(InvalidData, match="completed"):
        import_rows(rows("p-1,2025-03-04"), headings=False, mapping={"person": "A"}, kind="training-event")


@given(st.integers(1, 16384))
def test_a_letter_and_its_number_are_one_column(number):
    """Whatever the column."""
    [letters] = [heading.removeprefix("column ") for heading in lettered_mapping({"x": str(number)}).values()]
    assert lettered_mapping({"x": letters}) == lettered_mapping({"x": str(number)})


# ------------------------------------------------------------------------------------------------------------ matrices


def test_a_matrix_gives_a_record_for_each_completion():
    """In the order of the rows; names and departments are no courses."""
    imported = import_rows(rows(*WIDE.splitlines()), matrix=True)
    assert [
        ("p-1", "Ethics", "2025-03-04"),
        ("p-2", "Ethics", "2025-03-05"),
        ("p-2", "Crisis", "2025-03-06"),
    ] == completions(imported)
    assert (2, 3, 3) == (imported.rows, imported.lines[-1], len(imported.lines))
    assert ("Name", "Department") == imported.ignored
    ledger = Ledger()
    ledger.append(plan_import(ledger, imported).to_append())
    assert 3 == plan_import(ledger, import_rows(rows(*WIDE.splitlines()), matrix=True)).unchanged


def test_courses_may_be_named():
    """Other columns of days are then not read."""
    table = ["ID,Hired,Ethics", "p-1,2020-01-02,2025-03-04"]
    assert 2 == len(import_rows(rows(*table), matrix=True).records)
    assert [("p-1", "Ethics", "2025-03-04")] == completions(import_rows(rows(*table), matrix=["Ethics"]))
    with pytest.raises(InvalidData, match=r"no column has one of the headings given \(did you mean 'Ethics'"):
        import_rows(rows(*table), matrix=["Ethic"])


WORDS = ["complete", "Completed", "DONE", "yes", "x", "passed", "\u2713"]
NOT = ["", "no", "Not started", "in progress", "overdue", "exempt", "n/a", "-", "expired", "failed"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_needs_a_day(word):
    """Without one it is rejected; with one for all it is read."""
    table = ["ID,Ethics", f"p-1,{word}", "p-2,2025-03-04"]
    imported = import_rows(rows(*table), matrix=True)
    assert [("p-2", "Ethics", "2025-03-04")] == completions(imported)
    [rejected] = imported.rejected
    assert (2, "column B 'Ethics'") == (rejected.line, rejected.column)
    assert "and not when" in rejected.reason
    imported = import_rows(rows(*table), matrix=True, fixed={"completed": "2025-06-30", "hours": "2"})
    assert [("p-1", "Ethics", "2025-06-30"), ("p-2", "Ethics", "2025-03-04")] == completions(imported)
    assert [2, 2] == [record.credits[0].amount for record in imported.records]


@pytest.mark.parametrize("word", NOT)
def test_a_course_that_was_not_completed_gives_nothing(word):
    """Neither a record nor a rejection; words are counted."""
    imported = import_rows(rows("ID,Ethics", f"p-1,{word}", "p-2,2025-03-04"), matrix=True)
    assert (1, 0) == (len(imported.records), imported.rejected_count)
    told = ["no record for 1 cell of courses that were not completed"] if word not in ("", "-", "n/a") else []
    assert told == [notice.says for notice in imported.notices if notice.kind == "matrix"]


@pytest.mark.parametrize("word", ["maybe", "03/04/2025", "45", "Complete 3/4/2025"])
def test_a_cell_that_is_neither_is_rejected(word):
    """Nothing is guessed."""
    imported = import_rows(rows("ID,Ethics,Crisis", f"p-1,{word},2025-03-04"), matrix=True)
    assert [("p-1", "Crisis", "2025-03-04")] == completions(imported)
    assert ["column B 'Ethics'"] == [row.column for row in imported.rejected]


def test_a_heading_that_is_a_code_of_the_catalog_is_the_course():
    """Hours come from it."""
    course = Course(id="c-1", title="Ethics", codes=["ETH-101"], credits=[Credit(amount=3)])
    imported = import_rows(rows("ID,ETH-101,Crisis", "p-1,2025-03-04,2025-03-05"), matrix=True, catalog=[course])
    assert ["c-1", None] == [record.course for record in imported.records]
    assert [3] == [notice.line for notice in imported.notices if "number of hours" in notice.says] or [2] == [
        notice.line for notice in imported.notices if "number of hours" in notice.says
    ]


def test_hours_a_day_are_counted_over_all_courses():
    """Three courses of nine hours on one day are told."""
    imported = import_rows(
        rows("ID,A1,B1,C1", "p-1,2025-03-04,2025-03-04,2025-03-04"), matrix=True, fixed={"hours": "9"}
    )
    assert ["hours-a-day"] == [notice.kind for notice in imported.notices]


def test_two_courses_of_one_name_are_refused():
    """Their records could not be told apart."""
    with pytest.raises(InvalidData, match="columns B and C have the same heading"):
        import_rows(rows("ID,Ethics,Ethics", "p-1,2025-03-04,2025-03-04"), matrix=True)


def test_a_matrix_without_people_or_courses_is_refused():
    """The message says how to name the people."""
    for table in (["Who,Ethics", "p-1,2025-03-04"], ["ID,Name", "p-1,Jane"]):
        with pytest.raises(InvalidData, match="no row has a heading of people and one of a course; name the column"):
            import_rows(rows(*table), matrix=True)
    assert 1 == len(import_rows(rows("Who,Ethics", "p-1,2025-03-04"), matrix=True, mapping={"person": "Who"}).records)


def test_a_row_that_cannot_be_read_is_rejected_once(folder):
    """Not once for each course."""
    (folder / "wide.csv").write_text('ID,Ethics,Crisis\np-1,"x"y,2025-03-04\np-2,2025-03-04,2025-03-04\n')
    imported = import_file("wide.csv", matrix=True)
    assert (1, 2) == (imported.rejected_count, len(imported.records))


@pytest.mark.parametrize("matrix", ["Ethics", 1, [], [1], None])
def test_another_kind_of_option_is_refused(matrix):
    """A list of headings, or whether."""
    with pytest.raises(InvalidValue, match="matrix must be True, False or a list of headings"):
        import_rows([], matrix=matrix)


# ------------------------------------------------------------------------------------ Python and the command line


def in_python(folder, files, **options):
    """Return what `import_files` records in a new ledger."""
    done = import_files("python.ledger", files, **options)
    return done, recorded("python.ledger")


def on_the_command_line(folder, files, *options):
    """Return what `peer-ledger import` records in a new ledger."""
    code = main(["import", *files, "--ledger", "shell.ledger", *options])
    return code, recorded("shell.ledger")


def recorded(name):
    with Ledger.open(name) as ledger:
        return [record for person in ledger.people() for record in ledger.records_of(person)]


@pytest.mark.parametrize(
    ("text", "options", "arguments"),
    [
        (CERTIFICATES, {}, []),
        (CERTIFICATES, {"credential": "us-oh-cprs"}, ["--rules", "us-oh-cprs"]),
        (CERTIFICATES, {"fixed": {"credential": "us-pa-cps"}}, ["--fixed", "credential=us-pa-cps"]),
        (
            "p-1,2025-03-04,3\n",
            {"headings": False, "mapping": {"person": "A", "completed": "2", "hours": "C"}},
            ["--no-headings", "--map", "person=A", "--map", "completed=2", "--map", "hours=C"],
        ),
        (WIDE, {"matrix": True}, ["--matrix"]),
        (WIDE, {"matrix": ["Ethics"]}, ["--matrix", "--course", "Ethics"]),
        (
            "User Email,Join Time,Duration (Minutes)\na@b.c,2025-03-04 09:00,60\n",
            {"profile": "zoom-participants", "fixed": {"title": "Ethics"}},
            ["--profile", "zoom-participants", "--fixed", "title=Ethics"],
        ),
    ],
)  # fmt: skip
def test_python_and_the_command_line_record_the_same(folder, text, options, arguments):
    """Whatever the arguments, the records are equal, ids included."""
    (folder / "list.csv").write_text(text)
    done, expected = in_python(folder, ["list.csv"], **options)
    code, found = on_the_command_line(folder, ["list.csv"], *arguments)
    assert (True, 0) == (done.is_appended, code)
    assert expected == found
    assert expected


def test_names_are_read_alike(folder):
    """One file of people serves both."""
    (folder / "list.csv").write_text("Name,Completed,Hours\nJane Doe,2025-03-04,3\n")
    _, expected = in_python(folder, ["list.csv"], people="people.csv")
    code, found = on_the_command_line(folder, ["list.csv"], "--people", "people.csv")
    assert (0, expected) == (code, found)


def test_certificates_without_a_credential_are_refused_as_a_whole(folder):
    """When the caller takes the default away, nothing is appended, and the message says what to name."""
    (folder / "list.csv").write_text(CERTIFICATES)
    ledger = Ledger()
    done = import_files(ledger, ["list.csv"], credential=None)
    assert (False, 0, ["list.csv"]) == (done.is_appended, len(ledger), [name for name, _ in done.unread])
    assert "a certification needs a credential, and no column gives it" in str(done)
    with pytest.raises(InvalidData, match="needs a credential"):
        import_file("list.csv")
    assert 1 == len(import_file("list.csv", fixed={"credential": "us-nc-cpss"}).records)


def test_the_default_credential_is_that_of_the_command_line(folder):
    """North Carolina's, as everywhere."""
    (folder / "list.csv").write_text(CERTIFICATES)
    _, [record] = in_python(folder, ["list.csv"])
    assert ("us-nc-cpss", date(2024, 3, 14)) == (record.credential, record.on)
