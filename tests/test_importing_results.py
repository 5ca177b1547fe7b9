"""A row that did not take place never counts: columns of results, their words, and what is asked."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger import Ledger, PeerLedgerError
from peer_ledger.importing import Row, import_files, import_rows
from peer_ledger.importing._result_words import result_words
from peer_ledger.importing._results import mode_of

WORDS = result_words()
HEADINGS = WORDS["headings"]


def table(headings, *lines):
    """Return the rows of one training a line, with further columns."""
    rows = [["ID", "Title", "Completion Date", "Hours", *headings]]
    rows += [[f"p-{number}", "Ethics", "2025-02-03", "3", *cells] for number, cells in enumerate(lines, 1)]
    return [Row(number, number, row) for number, row in enumerate(rows, 1)]


def read(heading, *words, **options):
    return import_rows(table([heading], *([word] for word in words)), **options)


def people(imported):
    return [record.person for record in imported.records]


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        *(("Status", word) for word in ("Refunded", "Cancel", "Unenrolled", "Pending", "Expired", "Unsuccessful")),
        *(("Status", word) for word in ("No Credit", "N", "F", "FALSE", "0", "did not achieve pass grade", "In progress")),
        *(("Completion Status", word) for word in ("Completed - Failed", "Waitlisted", "WITHDREW", "Didn't attend", "no-show!")),
        ("Grade", "Fail"),
        ("Grade", "0%"),
        ("Checked In", "No"),
        ("Attended", "FALSE"),
        ("Passed?", "FALSE"),
        ("Approved", "No"),
        ("Approval", "Denied"),
        ("Certificate Rec'd?", "No"),
        ("Verified by Supervisor (Y/N)", "N"),
        ("No Show", "X"),
        ("Cancelled", "TRUE"),
        ("Cancelled", "Cancelled by learner"),
        ("Attended", "\u2717"),
    ],
)  # fmt: skip
def test_a_row_whose_result_says_no_is_not_recorded(heading, word):
    """The row is rejected, and the result counts the word."""
    imported = read(heading, word)
    assert ((), 1, 0) == (imported.records, imported.rejected_count, imported.unread_count)
    assert [(word.strip(), 1)] == [(said, rows) for _, said, rows in imported.undone]
    assert "did not take place" in str(imported)


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        *(("Status", word) for word in ("Completed", "PASSED", "complete - passed", "Attended (late)".replace(" (late)", ""), "y", "TRUE")),
        ("Attended", "\u2713"),
        ("Attended", "x"),
        ("Checked In", "1"),
        ("Checked In", "1.0"),
        ("No Show", "No"),
        ("No Show", ""),
        ("Cancelled", "FALSE"),
        ("Approved By", "NCCPSS"),
        ("Employment Status", "Terminated"),
        ("Pay grade level", "7"),
        ("Attendance notes", "left at noon"),
        ("Certificate on file", "drawer 3"),
    ],
)  # fmt: skip
def test_a_row_whose_result_says_yes_is_recorded(heading, word):
    """So is one of which a column tells something else."""
    imported = read(heading, word)
    assert (["p-1"], ()) == (people(imported), imported.asked)


@pytest.mark.parametrize("word", ["Kompleted", "A", "P", "Full-time", "", "***", "Jan 3"])
def test_an_unknown_word_is_asked_and_answered(word):
    """Its rows wait, the result counts them, and `accept` or `reject` answers for every row that has it."""
    imported = read("Status", word, "Completed", word.upper())
    assert ["p-2"] == people(imported)
    assert 2 == sum(asked.rows for asked in imported.asked)
    assert {"Status"} == {asked.column for asked in imported.asked}
    assert ["p-1", "p-2", "p-3"] == people(read("Status", word, "Completed", word.upper(), accept=[word]))
    refused = read("Status", word, "Completed", word.upper(), reject=[word])
    assert (["p-2"], (), 0) == (people(refused), refused.asked, refused.unread_count)
    assert ["p-1", "p-2", "p-3"] == people(read("Status", word, "Completed", word.upper(), ignore=["status"]))


def test_the_question_says_how_to_answer():
    """In Python and on the command line; a blank is quoted for the shell."""
    [rejected] = read("Status", "On file").rejected
    assert """accept=['On file'], or --accept "On file"; if not: reject=['On file']""" in rejected.reason
    assert "ignore=['Status'], or --ignore 'Status'" in rejected.reason
    assert """accept=[''], or --accept \"\"""" in read("Status", "").rejected[0].reason


def test_a_word_said_to_mean_yes_overrules_the_lists():
    """And one said to mean no does; one cannot mean both."""
    assert ["p-1"] == people(read("Status", "Expired", accept=["expired"]))
    assert [] == people(read("Status", "Completed", reject=["COMPLETED"]))
    with pytest.raises(PeerLedgerError, match="accept and reject must differ; both have 'kept'"):
        read("Status", "Kept", accept=["Kept"], reject=["kept "])


@pytest.mark.parametrize("grade", ["82", "82%", "7.5", "100"])
def test_a_grade_without_a_pass_mark_is_asked(grade):
    """One with it is held against it; a passing word beside it is enough, and a mere completion is not."""
    assert ["a figure"] == [asked.word for asked in read("Final Grade", grade).asked]
    assert ["p-1"] == people(read("Final Grade", grade, pass_mark="7.5"))
    assert [] == people(read("Final Grade", grade, pass_mark=101))
    both = import_rows(table(["Score", "Result"], [grade, "Passed"], [grade, "Completed"], [grade, "Failed"]))
    assert ["p-1"] == people(both)
    assert "--pass-mark" in str(both)


def test_a_pass_mark_is_a_number():
    """It may be written with a percent sign; a word is refused."""
    assert ["p-2"] == people(read("Score", "69.5", "70", pass_mark="70%"))
    assert ["p-1"] == people(read("Score", "69.5", pass_mark=Decimal("69.5")))
    with pytest.raises(PeerLedgerError, match="pass_mark"):
        read("Score", "70", pass_mark="enough")


def test_all_columns_of_results_must_say_yes():
    """A blank beside a yes says nothing; a row of blanks only is asked."""
    rows = table(["Status", "Attended"], ["Completed", "No"], ["Completed", ""], ["", ""], ["Completed", "Yes"])
    imported = import_rows(rows)
    assert ["p-2", "p-4"] == people(imported)
    assert [("Status", "", 1)] == [(asked.column, asked.word, asked.rows) for asked in imported.asked]


def test_certificates_that_have_expired_were_awarded():
    """Their days say the rest; one that was revoked is not taken for one that holds."""
    heads = ["ID", "Certified", "Expires", "Status"]
    lines = [["7", "2020-12-04", "2022-12-31", "Expired"], ["8", "2024-12-04", "2026-12-31", "Revoked"]]
    rows = [Row(number, number, row) for number, row in enumerate([heads, *lines], 1)]
    assert ["7"] == people(import_rows(rows, fixed={"credential": "us-nc-cpss"}))


def written_as(word):
    """Return a strategy of the ways in which a word may be written."""
    forms = [
        word,
        word.upper(),
        word.title(),
        f"  {word} ",
        word.replace(" ", "-"),
        word.replace(" ", "  "),
        f"{word}.",
    ]
    return st.sampled_from(forms)


HEADS = [*HEADINGS["told"], *HEADINGS["grades"], "Completion status", "Final result", "Pass/Fail", "Attended (Y/N)"]
NO_WORDS = sorted(set(WORDS["any"]["no"]))
YES_WORDS = sorted(set(WORDS["any"]["yes"]) - {"1"})


@given(st.sampled_from(HEADS).flatmap(written_as), st.sampled_from(NO_WORDS).flatmap(written_as), st.booleans())
@example("Status", "no show", True)
def test_no_row_whose_result_says_no_ever_adds_an_hour(heading, word, beside):
    """Under any heading and word of the lists, any case and spacing, also beside a column that says yes."""
    columns = ["Outcome", heading] if beside else [heading]
    cells = ["Completed", word] if beside else [word]
    imported = import_rows(table(columns, cells))
    assert () == imported.records


@given(st.sampled_from(HEADINGS["reversed"]).flatmap(written_as), st.sampled_from(YES_WORDS).flatmap(written_as))
def test_a_yes_below_a_heading_that_says_no_adds_no_hour(heading, word):
    """'No show: yes' is a no."""
    assert () == read(heading, word).records


@given(st.sampled_from(HEADINGS["told"]).flatmap(written_as), st.sampled_from(YES_WORDS).flatmap(written_as))
def test_every_yes_is_understood(heading, word):
    """No word of the list is asked about."""
    imported = read(heading, word)
    assert (["p-1"], ()) == (people(imported), imported.asked)


def test_the_lists_do_not_contradict_themselves():
    """No word says yes and no, and every word is written as words are compared."""
    assert set() == set(WORDS["any"]["yes"]) & set(WORDS["any"]["no"])
    assert set(WORDS["passing"]["words"]) <= set(WORDS["any"]["yes"])
    plain = [word for kind in WORDS.values() if isinstance(kind, dict) for words in kind.values() for word in words]
    assert [] == [word for word in plain if word != " ".join(word.lower().split())]
    assert all(mode_of(heading) in ("told", "grade") for heading in (*HEADINGS["told"], *HEADINGS["grades"]))


def test_what_is_asked_keeps_a_file_out_until_it_is_answered(tmp_path):
    """Nothing is appended while a word is not understood; rows that did not take place keep nothing out."""
    path = tmp_path / "list.csv"
    path.write_text(
        "ID,Title,Date,Hours,Status\np-1,A,2025-02-03,3,Completed\np-2,B,2025-02-03,3,Kept\np-3,C,2025-02-03,3,No show\n"
    )
    ledger = Ledger()
    done = import_files(ledger, [path])
    assert (False, 0) == (done.is_appended, len(ledger))
    assert ("'Status' is 'Kept' in 1 row" in done.waiting[0], "accept=['Kept']" in done.waiting[0]) == (True, True)
    assert import_files(ledger, [path], reject=["Kept"]).is_appended
    assert ["p-1"] == sorted(ledger.people())
