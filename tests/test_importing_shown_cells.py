"""Which cells messages show: what is needed to correct a word, and nothing that may be a name in the wrong column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger.importing import Row, import_rows

COLUMNS = ["Topics", "Delivery", "Role", "Unit", "Approved by", "Provider"]
FIRST = st.sampled_from(["Jane", "JANE", "jane", "Zoë", "J.", "Mary-Ann", "O'Neil", "Grace"])
LAST = st.sampled_from(["Roe", "roe", "McDuff", "van Dyk", "Núñez", "Doe III"])
NAMES = st.one_of(
    st.tuples(FIRST, LAST).map(" ".join),
    st.tuples(LAST, FIRST).map(", ".join),
    st.tuples(FIRST, FIRST, LAST).map(" ".join),
)


def read(column, *cells):
    heads = ["ID", "Title", "Date", "Hours", column]
    rows = [heads, *([f"p-{number}", "T", "2025-02-03", "3", cell] for number, cell in enumerate(cells))]
    return import_rows([Row(number, number, row) for number, row in enumerate(rows, 1)])


def said(imported):
    """Return everything that is said about a file."""
    values = [str(value) for item in (*imported.rejected, *imported.notices) for value in (item, item.value)]
    return "\n".join([str(imported), *values])


@given(st.sampled_from(COLUMNS), NAMES, st.sampled_from(["{}", "Ethics; {}", "{}|Recovery", "{}\nEthics"]))
def test_a_name_in_a_column_of_words_is_not_shown(column, name, form):
    """However it is written, alone or beside words that are known."""
    imported = read(column, form.format(name))
    assert name not in said(imported)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Topics", "ethcs"), ("Topics", "Ethcs"), ("Topics", "Harm reducton"), ("Delivery", "webinr"), ("Unit", "hors")],
)
def test_a_mistyped_word_is_shown(column, cell):
    """Otherwise nobody would find it."""
    assert repr(cell) in said(read(column, cell))
