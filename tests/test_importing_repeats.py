"""Rows with equal keys, of which some are rejected, corrected in the file of rejected rows, and imported again."""

import csv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger import Ledger
from peer_ledger.importing import import_file, import_files, plan_import, write_rejected

HEADINGS = ["No", "ID", "Title", "Date", "Hours"]
# What becomes of a row's cells: the number of cells that are wrong decides how much of its key can be read.
FAULTS = {
    "hours": {4: "six"},
    "day": {3: "soon"},
    "no day": {3: ""},
    "person": {1: "Jane Doe"},
    "person and day": {1: "Jane Doe", 3: "03/04/2025"},
    "person, day and hours": {1: "p-1.0 x", 3: "soon", 4: "six"},
    "too long": {5: "x"},
}
ROW = st.tuples(
    st.sampled_from(["p-1", "p-1", "p-2"]),
    st.sampled_from(["Ethics", "Ethics", "WRAP"]),
    st.sampled_from(["2025-02-03", "2025-02-03", "2025-02-04"]),
    st.sampled_from(["1", "1", "2", "2.5"]),
)


def write(path, rows, headings=HEADINGS):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headings, *rows])


def broken(row, fault):
    cells = dict(enumerate(row)) | FAULTS.get(fault, {})
    return [cells[place] for place in sorted(cells)]


def correct(path, rows, which):
    """Correct those of the rejected rows whose numbers are given, and leave the others."""
    headings, *rejected = csv.reader(path.read_text().splitlines())
    first = headings.index("No")
    corrected = [
        [*cells[:first], *rows[int(cells[first])]] if int(cells[first]) in which else cells for cells in rejected
    ]
    write(path, corrected, headings)


def trainings(ledger):
    return [record for person in ("p-1", "p-2") for record in ledger.records_of(person)]


def content(ledger):
    return Counter((one.person, one.title, one.completed, one.credits) for one in trainings(ledger))


def imported(ledger, path):
    done = import_files(ledger, [path], partial=True, missing="keep", **SESSIONS)
    assert () == done.waiting
    return done.files[0].imported


LIVES = st.lists(ROW, min_size=1, max_size=9).flatmap(
    lambda rows: st.tuples(
        st.just([[str(number), *row] for number, row in enumerate(rows)]),
        st.lists(st.sampled_from([None, None, *FAULTS]), min_size=len(rows), max_size=len(rows)),
        st.sets(st.integers(0, len(rows) - 1)),
    )
)
# Sessions whose hours add up to those of another are no parts of it.
SESSIONS = {"course_parts": "both"}
EQUAL = ["p-1", "Ethics", "2025-02-03", "1"]


@given(LIVES)
@example(([["0", *EQUAL], ["1", *EQUAL]], ["hours", None], set()))
@example(([["0", *EQUAL], ["1", *EQUAL]], ["day", None], set()))
@example(([["0", *EQUAL], ["1", *EQUAL], ["2", *EQUAL]], ["too long", None, "day"], {2}))
@example(([["0", *EQUAL[:3], "2"], ["1", *EQUAL]], ["day", None], set()))
def test_rows_corrected_in_two_rounds_give_what_a_correct_file_gives(life):
    """Whatever was wrong, and whichever rows are corrected first: the same trainings, and the correct file changes nothing."""
    rows, faults, first = life
    with TemporaryDirectory() as folder:
        file, right, rejected = (Path(folder, name) for name in ("list.csv", "right.csv", "rejected.csv"))
        write(file, [broken(row, fault) for row, fault in zip(rows, faults, strict=True)])
        write(right, rows)
        whole, ledger = Ledger(), Ledger()
        assert import_files(whole, [right], **SESSIONS).is_appended
        read = imported(ledger, file)
        for which in (first, set(range(len(rows)))):
            if read.rejected_rows:
                write_rejected(read, rejected)
                correct(rejected, rows, which)
                read = imported(ledger, rejected)
                before = len(ledger)
                assert () == import_files(ledger, [rejected], partial=True, **SESSIONS).waiting
                assert before == len(ledger)  # again, it adds nothing
        assert 0 == read.rejected_count
        assert content(whole) == content(ledger)
        if "too long" not in faults:
            assert {one.id for one in trainings(whole)} == {one.id for one in trainings(ledger)}
        plan = plan_import(ledger, import_file(right, **SESSIONS))
        assert ((), (), ()) == (plan.new, plan.corrections, plan.missing)
        assert len(rows) == plan.unchanged


@given(st.lists(ROW, min_size=1, max_size=9).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_the_rows_does_not_matter(orders):
    """Two sessions of one day, listed the other way round, are not corrections of each other."""
    with TemporaryDirectory() as folder:
        file, ledger = Path(folder, "list.csv"), Ledger()
        for number, rows in enumerate(orders):
            write(file, [[str(place), *row] for place, row in enumerate(rows)])
            plan = plan_import(ledger, import_file(file, **SESSIONS))
            assert ((), ()) == (plan.corrections, plan.missing)
            assert (0 if number else len(rows)) == len(plan.new)
            ledger.append(plan.to_append())


def test_a_session_that_is_no_longer_listed_is_the_one_that_is_missing(tmp_path):
    """Not the last of those with its key."""
    file, ledger = tmp_path / "list.csv", Ledger()
    write(file, [["0", *EQUAL[:3], "1"], ["1", *EQUAL[:3], "2"]])
    imported(ledger, file)
    write(file, [["1", *EQUAL[:3], "2"]])
    plan = plan_import(ledger, import_file(file))
    assert ((), (), 1) == (plan.new, plan.corrections, plan.unchanged)
    assert [1] == [int(record.credits[0].amount) for record in plan.missing]
    write(file, [["1", *EQUAL[:3], "3"], ["0", *EQUAL[:3], "1"]])
    [correction] = plan_import(ledger, import_file(file)).corrections
    assert (2, 3) == (int(correction.old.credits[0].amount), int(correction.new.credits[0].amount))


def test_the_same_row_that_stays_broken_in_each_months_export_is_one_training(tmp_path):
    """It is corrected each month in a new file of rejected rows."""
    ledger = Ledger()
    rows = [["0", *EQUAL], ["1", *EQUAL]]
    for month, place in enumerate([0, 1, 0], 1):
        more = [[str(2 + number), "p-2", f"T{number}", "2025-03-04", "1"] for number in range(month)]
        listed = [*more, *rows]
        file, rejected = tmp_path / f"{month}.csv", tmp_path / f"rejected-{month}.csv"
        write(file, [broken(row, "day" if row is rows[place] else None) for row in listed])
        write_rejected(imported(ledger, file), rejected)
        correct(rejected, {int(row[0]): row for row in listed}, {place})
        imported(ledger, rejected)
        assert (
            2
            == content(ledger)[
                "p-1", "Ethics", ledger.records_of("p-1")[0].completed, ledger.records_of("p-1")[0].credits
            ]
        )


@pytest.mark.parametrize("spoiled", ["soon", "2025-02-03"])
def test_a_row_whose_result_was_corrected_is_a_second_one(tmp_path, spoiled):
    """A session that was marked as failed by mistake."""
    file, rejected, ledger = tmp_path / "list.csv", tmp_path / "rejected.csv", Ledger()
    headings = [*HEADINGS, "Status"]
    write(file, [["0", *EQUAL[:2], spoiled, "1", "Failed"], ["1", *EQUAL, "Passed"]], headings)
    write_rejected(imported(ledger, file), rejected)
    rejected.write_text(rejected.read_text().replace("Failed\n", "Passed\n").replace("soon", "2025-02-03"))
    assert 0 == imported(ledger, rejected).rejected_count
    assert 2 == len(trainings(ledger))


def test_so_many_rows_may_be_equal_that_they_are_not_noted(tmp_path):
    """More than two hundred: a corrected row is a new one all the same, and the correct file changes nothing."""
    file, rejected, ledger = tmp_path / "list.csv", tmp_path / "rejected.csv", Ledger()
    rows = [[str(number), *EQUAL] for number in range(300)]
    write(file, [broken(rows[0], "day"), *rows[1:]])
    write_rejected(imported(ledger, file), rejected)
    assert 1000 > len(rejected.read_text())
    correct(rejected, rows, {0})
    imported(ledger, rejected)
    assert 300 == len(trainings(ledger))
    write(file, rows)
    plan = plan_import(ledger, import_file(file))
    assert ((), (), (), 300) == (plan.new, plan.corrections, plan.missing, plan.unchanged)


def fixed(path, **changes):
    text = path.read_text()
    for before, after in changes.items():
        text = text.replace(before, after)
    path.write_text(text)


@pytest.mark.parametrize(
    ("table", "options", "changes", "hours"),
    [
        (
            "4711,Ethics,soon,1\n4711,Ethics,2025-02-03,1\n",
            {"headings": False, "mapping": {"person": "A", "title": "B", "completed": "C", "hours": "D"}},
            {"soon": "2025-02-03"},
            [1, 1],
        ),
        (
            "Name,Title,Date,Hours\nJane Doe,Ethics,soon,1\nJane Doe,Ethics,2025-02-03,1\n",
            {"people": "people.csv"},
            {"soon": "2025-02-03"},
            [1, 1],
        ),
        (
            "ID,Ethics,Crisis,WRAP\n4711,2025-02-03,complete,soon\n4711,2025-02-04,,\n",
            {"matrix": True, "fixed": {"hours": "1"}},
            {",complete,": ",2025-02-05,", ",soon": ",2025-02-06"},
            [1, 1, 1, 1],
        ),
    ],
)
def test_any_table_is_corrected_with_the_options_it_was_read_with(
    tmp_path, monkeypatch, table, options, changes, hours
):
    """One without headings, a list of names, and a matrix: nothing is lost, and nothing is there twice."""
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(table)
    ledger = Ledger()
    done = import_files(ledger, ["list.csv"], partial=True, **options)
    write_rejected(done.files[0].imported, "rejected.csv")
    fixed(Path("rejected.csv"), **changes)
    again = import_files(ledger, ["rejected.csv"], partial=True, **options)
    assert ((), 0) == (again.waiting, again.rejected_count)
    records = [record for person in ledger.people() for record in ledger.records_of(person)]
    assert hours == [int(record.credits[0].amount) for record in records]
    fixed(Path("list.csv"), **changes)
    right = import_file("list.csv", **options)
    plan = plan_import(ledger, right)
    assert ((), (), (), len(hours)) == (plan.new, plan.corrections, plan.missing, plan.unchanged)
