"""A role that nobody stated is told where it may matter."""

import pytest

from peer_ledger.importing import Row, import_rows

HEADINGS = ["ID", "Learner Name", "Title", "Date", "Hours", "Instructor", "Role"]


def told(*lines, headings=HEADINGS, **options):
    """Return what is said of roles; a line gives the title, the instructor and the role."""
    cells = [["p-1", "Ruth Example", title, "2025-02-03", "3", by, role] for title, by, role in lines]
    rows = [Row(number, number, row) for number, row in enumerate([headings, *cells], 1)]
    return [notice.says for notice in import_rows(rows, **options).notices if notice.kind == "role"]


@pytest.mark.parametrize(
    ("title", "by"),
    [
        ("Ethics", "P-1"),
        ("Ethics", "ruth  example"),
        ("Ethics", "Yes"),
        ("Ethics (taught)", ""),
        ("Ethics - Facilitator", ""),
    ],
)
def test_a_row_that_may_be_about_teaching_is_told_once(title, by):
    """The person is named as the instructor, or the title says so; no name is shown."""
    [says] = told(("Ethics", "", ""), (title, by, ""), (title, by, ""))
    assert says.startswith("2 rows may be about teaching, and no role is stated")
    assert "(first in line 3)" in says
    assert "ruth" not in says.casefold()


@pytest.mark.parametrize(
    ("title", "by", "role"),
    [("Ethics", "Ann Other", ""), ("Ethics, instructor-led", "", ""), ("Ethics", "p-1", "taught"), ("Ethics", "", "")],
)
def test_other_rows_are_not_told(title, by, role):
    """Somebody else taught, the role is stated, or nothing is about teaching."""
    assert [] == told((title, by, role))


def test_one_role_for_every_row_is_a_stated_role():
    """As is one that the caller gives."""
    assert [] == told(("Ethics", "p-1", ""), fixed={"role": "taught"})
