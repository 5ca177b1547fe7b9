"""Which cells messages show: what is needed to correct a cell, and nothing that may be about a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger.errors import InvalidData
from peer_ledger.importing import Row, import_rows

COLUMNS = ["Topics", "Delivery", "Role", "Unit", "Approved by", "Provider"]
FIRST = st.sampled_from(["Jane", "JANE", "jane", "Zoë", "J.", "Mary-Ann", "O'Neil", "Grace"])
LAST = st.sampled_from(["Roe", "roe", "McDuff", "van Dyk", "Núñez", "Doe III"])
NAMES = st.one_of(
    st.tuples(FIRST, LAST).map(" ".join),
    st.tuples(LAST, FIRST).map(", ".join),
    st.tuples(FIRST, FIRST, LAST).map(" ".join),
)
WORDS = st.one_of(NAMES, LAST, st.sampled_from(["roe@example.org", "jroe"]))
"""What names a person, also in a single word."""

NUMBERS = ["415-55-0199", "919-555-0199", "(919) 555-0199", "9195550199", "415550199", "919.555.0199", "919 555 0199"]
FORMS = ["{}", "{} 2", "2 {}", "2025-02-03 {}", "{} 2025-02-03", "{}, 3 hours", "3 {}", "5/6 {} 1975", "14:30 {}"]

PLACES = [
    ("training-event", "Date"),
    ("training-event", "Start Date"),
    ("training-event", "Hours"),
    ("training-event", "Unit"),
    ("training-event", "Delivery"),
    ("training-event", "Role"),
    ("training-event", "Course Code"),
    ("certification", "Act"),
    ("certification", "Level"),
    ("certification", "Credential"),
    ("certification", "Date"),
    ("certification", "Expires"),
    ("filing", "Step"),
    ("filing", "Method"),
    ("filing", "Sent"),
    ("filing", "Designation"),
    ("verification", "Seen"),
    ("verification", "Status"),
    ("verification", "Shown until"),
    ("coverage", "Covers"),
    ("review", "Decision"),
    ("review", "Record"),
    ("ruling", "Effect"),
    ("ruling", "Figure"),
    ("ruling", "Day"),
    ("ruling", "Requirement"),
]
FIELDS = {
    "ID": "person",
    "Start Date": "started",
    "Course Code": "course",
    "Shown until": "shown_until",
    "Record": "event",
}
_OF = {"Credential": "us-nc-cpss"}
GIVEN = {
    "training-event": {"Date": "2025-02-03", "Hours": "3", "Title": "T"},
    "certification": {"Act": "awarded", "Date": "2025-02-03", **_OF},
    "filing": {"Step": "renewal", "Sent": "2025-02-03", **_OF},
    "verification": {"Seen": "2025-02-03", "Status": "active", **_OF},
    "coverage": {"Covers": "document", **_OF},
    "review": {"Record": "e-1", "Decision": "approved", "Date": "2025-02-03", **_OF},
    "ruling": {"Requirement": "hours", "Effect": "sets", "Date": "2025-02-03", "Figure": "3 hours", **_OF},
}


def read(column, *cells):
    heads = ["ID", "Title", "Date", "Hours", column]
    rows = [heads, *([f"p-{number}", "T", "2025-02-03", "3", cell] for number, cell in enumerate(cells))]
    return import_rows([Row(number, number, row) for number, row in enumerate(rows, 1)])


def read_as(kind, column, cell):
    """Read one row of a kind, with a cell in one of its columns."""
    row = {"ID": "p-1", **GIVEN[kind], column: cell}
    fields = {**FIELDS, "Date": "completed" if kind == "training-event" else "on"}
    mapping = {fields.get(heading, heading.lower()): heading for heading in row}
    rows = [Row(1, 1, list(row)), Row(2, 2, list(row.values()))]
    return import_rows(rows, kind=kind, mapping=mapping)


def said(imported):
    """Return everything that is said about a file."""
    values = [str(value) for item in (*imported.rejected, *imported.notices) for value in (item, item.value)]
    return "\n".join([str(imported), *values])


@given(st.sampled_from(COLUMNS), NAMES, st.sampled_from(["{}", "Ethics; {}", "{}|Recovery", "{}\nEthics"]))
def test_a_name_in_a_column_of_words_is_not_shown(column, name, form):
    """However it is written, alone or beside words that are known."""
    imported = read(column, form.format(name))
    assert name not in said(imported)


@pytest.mark.parametrize(("kind", "column"), PLACES)
@given(st.data())
def test_what_is_about_a_person_is_not_shown_in_a_column_of_days_amounts_or_words_of_a_list(kind, column, data):
    """A name, a number of a person, also within what the column holds, or beside it; the place is told."""
    text = data.draw(st.one_of(WORDS, st.sampled_from(NUMBERS)))
    cell = data.draw(st.sampled_from(FORMS)).format(text)
    imported = read_as(kind, column, cell)
    told = said(imported)
    assert (text in told, imported.rows) == (False, 1)
    for rejected in imported.rejected:
        assert (rejected.line, column in (rejected.column or "")) == (2, True)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("kind", "column"), [("training-event", "Date"), ("training-event", "Hours")])
def test_a_number_of_a_person_is_not_shown_among_days_and_amounts(kind, column, number):
    """Like those of telephones and Social Security: they have more digits than amounts, and other groups than days."""
    imported = read_as(kind, column, number)
    assert ([], 1) == ([text for text in (said(imported),) if number in text], len(imported.rejected))


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Topics", "ethcs"), ("Topics", "Ethcs"), ("Topics", "Harm reducton"), ("Delivery", "webinr"), ("Unit", "hors")],
)
def test_a_mistyped_word_is_shown(column, cell):
    """Otherwise nobody would find it."""
    assert repr(cell) in said(read(column, cell))


@pytest.mark.parametrize(
    ("kind", "column", "cell"),
    [
        ("training-event", "Date", "2025-02-31"),
        ("training-event", "Date", "13/32/2025"),
        ("training-event", "Date", "June 31st, 2025"),
        ("training-event", "Date", "Monday, 31 June 2025 14:30"),
        ("training-event", "Date", "2025-02-31T14:30:00.123Z"),
        ("training-event", "Date", "Jun 3 - Jul 4, 2025"),
        ("training-event", "Hours", "1,5"),
        ("training-event", "Hours", "1.2345678"),
        ("training-event", "Hours", "-3 hours"),
        ("certification", "Act", "renwed"),
        ("certification", "Level", "provisionl"),
        ("filing", "Step", "reinstatment"),
    ],
)
def test_a_cell_that_can_only_be_meant_for_its_column_is_shown(kind, column, cell):
    """What is written as days and amounts are, and a slip of a word."""
    assert repr(cell) in said(read_as(kind, column, cell))


@pytest.mark.parametrize(("field", "text"), [("completed", "Jane Roe 2"), ("hours", "3 Roe"), ("unit", "Roe")])
def test_a_value_for_every_row_is_not_shown_either(field, text):
    rows = [Row(1, 1, ["ID", "Title"]), Row(2, 2, ["p-1", "T"])]
    with pytest.raises(InvalidData) as caught:
        import_rows(rows, fixed={"completed": "2025-02-03", field: text})
    assert "Roe" not in str(caught.value)
