"""A course and its parts, listed in one file, never count twice without being asked."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger import Ledger, PeerLedgerError
from peer_ledger.cli import main
from peer_ledger.importing import Row, import_files, import_rows

HEADINGS = ["ID", "Title", "Code", "Start Date", "Completion Date", "Minutes"]


def table(*rows):
    """Return rows of one person on one day, given as title and minutes, and then code, start and completion."""
    cells = [HEADINGS]
    for title, minutes, *more in rows:
        code, start, end = (*more, "", "", "2025-02-03")[:3] if len(more) < 3 else more
        cells.append(["p-1", title, code, start, end or "2025-02-03", str(minutes)])
    return [Row(number, number, row) for number, row in enumerate(cells, 1)]


def minutes(imported):
    return sum((Fraction(credit.amount) for record in imported.records for credit in record.credits), Fraction(0))


def groups(imported):
    return [group for asked in imported.asked for group in asked.groups]


ETHICS = [("Ethics", 180), ("Ethics: Module 1", 90), ("Ethics: Module 2", 90)]


def test_a_course_and_its_modules_are_asked_about():
    """None is recorded until it is answered; then three hours are, not six."""
    asked = import_rows(table(*ETHICS, ("Boundaries", 60)))
    assert ([(2, (3, 4))], 60, 3) == (groups(asked), minutes(asked), asked.asked[0].rows)
    assert [5] == list(asked.lines)
    for answer, lines in (("whole", [2, 5]), ("parts", [3, 4, 5]), ("both", [2, 3, 4, 5])):
        imported = import_rows(table(*ETHICS, ("Boundaries", 60)), course_parts=answer)
        assert (lines, ()) == (list(imported.lines), imported.asked)
        assert (answer != "both") is any(notice.kind == "parts" for notice in imported.notices)


@pytest.mark.parametrize(
    "rows",
    [
        [("Peer ethics", 180), ("Module 1", 90), ("Module 2", 90)],
        [("Peer ethics", 180), ("Lesson: values", 90), ("Lesson: duties", 90)],
        [("Peer ethics", 180), ("Values (1 of 2)", 60), ("Duties (2 of 2)", 120)],
        [("Ethics and boundaries", 180), ("Ethics", 90), ("Boundaries", 90)],
        [("Peer ethics", 180, "E1"), ("Values", 90, "E1"), ("Duties", 90, "E1")],
        [("Peer ethics", 180, "E1"), ("Values", 90, "E1-1"), ("Duties", 90, "E1-2")],
        [("Ethics", 180), ("Ethics part I", 180)],
        [("Ethics", 180, "", "2025-01-06", "2025-02-03"), ("Ethics 1", 90, "", "", "2025-01-06"), ("Ethics 2", 90)],
    ],
)
def test_parts_are_recognized(rows):
    """By a title, a number, a code; on the day of the course, or within its days."""
    assert [(2, tuple(range(3, len(rows) + 2)))] == groups(import_rows(table(*rows)))


@pytest.mark.parametrize(
    "rows",
    [
        [("Ethics", 180), ("Ethics: Module 1", 90), ("Ethics: Module 2", 89)],
        [("Ethics", 180), ("Boundaries", 90), ("Recovery", 90)],
        [("Ethics", 180), ("Ethics: Module 1", 90, "", "", "2025-02-02"), ("Ethics: Module 2", 90)],
        [("Ethics", 180), ("Ethics", 180)],
        [("Module 3", 180), ("Module 1", 90), ("Module 2", 90)],
        [("", 180), ("", 90), ("", 90)],
    ],
)
def test_other_rows_are_not_asked_about(rows):
    """Their hours differ, they are on other days, or nothing says that they are parts."""
    imported = import_rows(table(*rows))
    assert ((), len(rows)) == (imported.asked, len(imported.records))


def test_a_row_that_does_not_add_up_is_left_alone():
    """Some of the rows with the course's name are its parts, another is not."""
    imported = import_rows(table(ETHICS[0], ("Ethics update", 100), *ETHICS[1:]))
    assert ([(2, (4, 5))], [3]) == (groups(imported), list(imported.lines))


def test_modules_of_modules_count_once():
    """The course, or what is at the bottom."""
    rows = [
        ("Ethics", 120),
        ("Ethics module 1", 60),
        ("Ethics module 1 lesson 1", 30),
        ("Ethics module 1 lesson 2", 30),
    ]
    rows += [("Ethics module 2", 60), ("Ethics module 2 lesson 1", 30), ("Ethics module 2 lesson 2", 30)]
    assert (0, 120, 120) == tuple(
        minutes(import_rows(table(*rows), course_parts=say)) for say in (None, "whole", "parts")
    )


def test_other_people_have_no_part_in_it():
    """Rows of two people are never a course and its parts."""
    rows = table(*ETHICS)
    rows[2].cells[0] = "p-2"
    assert () == import_rows(rows).asked


def test_the_file_waits(tmp_path, capsys):
    """Nothing of it is appended until the option answers, in Python or on the command line."""
    path = tmp_path / "modules.csv"
    path.write_text("\n".join(",".join(row.cells) for row in table(*ETHICS)))
    done = import_files(Ledger(), [path])
    assert not done.is_appended
    assert "course_parts='whole', or --course-parts whole" in done.waiting[0]
    assert import_files(Ledger(), [path], course_parts="whole").is_appended
    ledger = str(tmp_path / "ledger")
    assert main(["import", "--ledger", ledger, str(path)]) != 0
    assert "--course-parts" in capsys.readouterr().err
    assert main(["import", "--ledger", ledger, "--course-parts", "parts", str(path)]) == 0
    with Ledger.open(ledger) as read:
        assert ["Ethics: Module 1", "Ethics: Module 2"] == sorted(
            record.title for record in read.records_of("p-1") if record.record_type == "training-event"
        )


def test_an_answer_is_one_of_three():
    """Anything else is refused by name."""
    with pytest.raises(PeerLedgerError, match="course_parts must be 'whole', 'parts' or 'both'"):
        import_rows(table(*ETHICS), course_parts="modules")


NOISE = ["Recovery", "Boundaries", "Crisis response", "Advocacy"]


@given(
    parts=st.lists(st.integers(1, 200), min_size=2, max_size=6),
    noise=st.lists(st.tuples(st.sampled_from(NOISE), st.integers(1, 400)), max_size=5),
    order=st.randoms(use_true_random=False),
    off=st.sampled_from([0, 0, 1, -1]),
)
@example(parts=[90, 90], noise=[], order=None, off=0)
@example(parts=[90, 90], noise=[], order=None, off=1)
def test_the_sum_decides(parts, noise, order, off):
    """Parts that add up to their course are asked about, in any order of rows; what is recorded counts once."""
    whole = sum(parts) + off
    rows = [("Ethics", whole)]
    rows += [(f"Ethics: Module {number}", part) for number, part in enumerate(parts, 1)] + noise
    if order is not None:
        order.shuffle(rows)
    others = sum(length for _, length in noise)
    asked = import_rows(table(*rows))
    if off and whole not in _sums(parts):
        assert () == asked.asked
        assert sum(parts) + whole + others == minutes(asked)
    if off:
        return
    assert others == minutes(asked)
    for answer in ("whole", "parts"):
        assert whole + others == minutes(import_rows(table(*rows), course_parts=answer))


def _sums(parts):
    """Return every sum of some of the parts."""
    sums = {0}
    for part in parts:
        sums |= {part + known for known in sums}
    return sums
