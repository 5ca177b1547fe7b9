"""The result of an import shows itself as a card in a notebook."""

import re

import pytest

from peer_ledger import Ledger
from peer_ledger.importing import Imported, import_file, import_files


@pytest.fixture
def team(tmp_path):
    def written(text):
        path = tmp_path / "team.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


ROWS = "person,completed,hours,topics,title\np-1,2025-03-04,3,ethics,<b>Ethics</b>\np-2,03/04/2025,2,,<i>\np-3,2025-05-02,90,,Z\n"


def plain(card):
    return re.sub(r"<style.*?</style>|<[^>]*>", " ", card, flags=re.DOTALL)


def test_one_file(team):
    """Of three rows one is rejected for its date, and one has more hours than a day."""
    done = import_file(team(ROWS))
    assert isinstance(done, Imported)
    card = done._repr_html_()
    said = plain(card)
    assert "3 rows (UTF-8, cells separated by commas): 2 training events, 1 row rejected" in said
    assert "Rejected (1)" in said
    assert "declare the format" in said
    assert 'style="width:66.7%"' in card


def test_files_that_were_appended(team):
    card = plain(import_files(Ledger(), [team(ROWS.replace("90", "2"))], partial=True)._repr_html_())
    assert "2 new records appended to the ledger." in card
    assert "2 new, 0 corrections, 0 unchanged" in card


def test_what_is_waiting_and_what_cannot_be_read(team, tmp_path):
    """Nothing is appended of a file of which half was rejected, nor beside a file that is not there."""
    waiting = plain(import_files(Ledger(), [team(f"{ROWS}p-4,04/05/2025,1,,Z\n")])._repr_html_())
    assert "Nothing was appended to the ledger." in waiting
    assert "What you must decide first" in waiting
    unread = plain(import_files(Ledger(), [team(ROWS), tmp_path / "none.csv"])._repr_html_())
    assert "Not read" in unread
    assert "none.csv" in unread


def test_the_same_file_again_is_nothing_new(team):
    ledger = Ledger()
    rows = ROWS.replace("90", "2")
    import_files(ledger, [team(rows)], partial=True)
    assert "Nothing is new for the ledger." in plain(import_files(ledger, [team(rows)], partial=True)._repr_html_())


def test_no_cell_or_heading_becomes_markup(team):
    rows = "person,completed,hours,<script>alert(1)</script>\n<img src=x>,2025-03-04,<b>,x\n"
    card = import_file(team(rows))._repr_html_()
    assert "<script" not in card
    assert "<img" not in card
    assert "&lt;script&gt;" in card


def test_of_many_rejected_rows_the_first_hundred_are_shown(team):
    rows = "person,completed,hours\n" + "".join(f"p-{number},never,1\n" for number in range(250))
    card = import_file(team(rows))._repr_html_()
    assert card.count("is not a day") == 100
    assert "Rejected: the first 100" in card
    assert "Rejected (250)" in card
