"""Input of any size is refused in bounded time, with the first problems and their number, and nothing of it is kept."""

import json
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import sized
from peer_ledger._closest import closest
from peer_ledger.cli import main
from peer_ledger.errors import (
    MOST_PROBLEMS,
    InvalidData,
    InvalidRecord,
    InvalidValue,
    PeerLedgerError,
    Problem,
    nearest,
)
from peer_ledger.importing import Row, import_file, import_rows
from peer_ledger.importing._days import DayFormat
from peer_ledger.ledger import read_archive
from peer_ledger.records.interchange import read_records, record_from_dict, record_from_json
from peer_ledger.rules import Condition, TrainingFilter
from peer_ledger.rulesets import read_rulesets
from peer_ledger.testing.cases import read_cases, run_case
from peer_ledger.values._fields import is_term
from peer_ledger.values.vocabularies import Term, Vocabulary

EVENT = {"type": "training-event", "id": "e-1", "person": "p-1", "completed": "2025-03-04"}
CREDIT = {"amount": "1", "topics": ["ethics"]}


def large(number):
    """Return lines of JSON that are wrong in as many places."""
    return {
        "unknown keys": EVENT | {f"titel{place}": 1 for place in range(number)},
        "bad credits": EVENT | {"credits": [{"amout": "1"}] * number},
        "good credits": EVENT | {"credits": [CREDIT] * number},
        "topics that are no words": EVENT | {"credits": [CREDIT | {"topics": list(range(number))}]},
        "topics": EVENT | {"credits": [CREDIT | {"topics": [f"t{place}" for place in range(number)]}]},
        "unknown keys in a credit": EVENT | {"credits": [CREDIT | {f"k{place}": 1 for place in range(number)}]},
        "cells of a key": EVENT | {"origin": {"source": "s", "key": [1] * number}},
        "approvals": EVENT | {"approvals": [{"by": 1}] * number},
    }


@pytest.mark.parametrize("name", large(1))
def test_a_line_with_very_many_problems(name):
    """Thirty thousand are refused within a second or two: each costs less than parsing it, once some are found."""
    text = json.dumps(large(30_000)[name])
    begun = time.process_time()
    with pytest.raises(InvalidData) as caught:
        record_from_json(text)
    assert time.process_time() - begun < 2
    assert 0 < len(caught.value.problems) <= MOST_PROBLEMS
    assert len(str(caught.value)) < 20_000


@pytest.mark.parametrize("name", ["unknown keys", "topics that are no words", "bad credits"])
def test_the_number_of_what_was_not_looked_at_is_told(name):
    """The first problem says how many there are."""
    with pytest.raises(InvalidData) as caught:
        record_from_dict(large(30_000)[name])
    assert "30000" in caught.value.problems[0].message


@pytest.mark.parametrize("number", [1, 99, 100, 101, 250])
@pytest.mark.parametrize(
    "make", [lambda some: InvalidData("record", some), lambda some: InvalidRecord("course", "c", some)]
)
def test_problems_are_cut_with_their_number(make, number):
    """An error keeps a hundred problems, and tells how many there were."""
    error = make(tuple(Problem(f"a{place}", "is wrong") for place in range(number)))
    assert (min(number, 100), number) == (len(error.problems), error.total)
    assert (number > 100) == (f"and {number - 100} more" in str(error))


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=5))
def test_a_suggestion_is_a_known_word(word, known):
    """Whatever the word and the known words are."""
    found = closest(word, known)
    assert found is None or found in known
    assert not found or len(word) <= 100


def test_suggestions_take_bounded_time():
    """Neither a huge word nor a huge vocabulary makes a suggestion slow."""
    many = [f"word-{place:06}" for place in range(200_000)]
    words = Vocabulary("topics", tuple(Term(id=word, name=word) for word in many[:20_000]))
    begun = time.process_time()
    for word in ("x" * 10**7, "wrod-000001", "ethics"):
        nearest(word, many)
        words.nearest(word)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("word", ["x", "us-xx", "zz", "renewal"])
def test_a_word_like_no_other_suggests_nothing(word):
    """A suggestion is plausible, or there is none."""
    assert nearest(word, ["us-nc-cpss", "initial", "step", "ethics"]) == ""


def test_refused_texts_are_not_kept():
    """Texts that are refused stay in no cache."""
    is_term("warm-up")
    tracemalloc.start()
    for place in range(sized(200, 15)):
        assert not is_term(f"{place}" + "x" * 100_000)
        for read in (record_from_dict, read_rulesets):
            with pytest.raises((PeerLedgerError, TypeError)):
                read(f"{place}" + "y" * 100_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < sized(2_000_000, 1_000_000)


@pytest.fixture
def huge(tmp_path):
    """Return a file of six gigabytes that takes no room on the disk."""
    path = tmp_path / "huge.toml"
    with open(path, "wb") as file:
        file.truncate(6 * 2**30)
    return path


@pytest.mark.parametrize("read", [read_cases, read_records, read_archive], ids=lambda read: read.__name__)
def test_a_huge_file_is_not_read(huge, read):
    """What is larger than it may be is refused after a part of it."""
    tracemalloc.start()
    with pytest.raises(PeerLedgerError):
        read(huge)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20


def test_a_huge_rule_file_is_not_read(huge, capsys):
    """`rules check` says how long a file may be."""
    tracemalloc.start()
    assert 1 == main(["rules", "check", str(huge)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20
    assert "is longer than" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless device")
def test_an_endless_device_is_not_read(capsys):
    """A device that never ends is read as far as a file may go."""
    assert 1 == main(["rules", "check", "/dev/zero"])


@pytest.mark.parametrize(
    "text", ["MM/DD/YYYY " + "hh1" * 12, "MM/DD/YYYY ss.ss.ss.ss", "YYYY-MM-DD" + " " * 100, "M1D1YYYY"]
)
def test_a_format_that_could_run_forever_is_refused(text):
    """A piece of a time occurs once, and no digit stands between the pieces."""
    with pytest.raises(InvalidValue, match="a format of dates must name year, month and day once each"):
        DayFormat(text)


@given(
    st.lists(
        st.sampled_from(["YYYY", "YY", "MMM", "MM", "M", "DD", "D", "hh", "mm", "ss", "AM", " ", "/", ".", "1"]),
        max_size=14,
    )
)
def test_every_accepted_format_reads_in_no_time(pieces):
    """Any text is read or not within a moment."""
    try:
        style = DayFormat("".join(pieces))
    except InvalidValue:
        return
    begun = time.process_time()
    style.read("1" * 40_000)
    style.read("1/" * 20_000)
    style.read("1" * 10 + "." * 20 + "1" * 1000)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("column", ["Date", "Hours", "Unit", "Delivery", "Topics", "Course Code"])
@pytest.mark.parametrize(
    "piece", ["7-", "1 to ", "Mon, ", "T1:11", "1h ", "3rd ", "1,1", "May 2025", "Roe ", "a|", "1:11 UTC"]
)
def test_a_long_cell_is_read_or_refused_in_no_time(column, piece):
    """Whatever it consists of, and whatever its column holds."""
    sound = {"ID": "p-1", "Title": "T", "Date": "2025-02-03", "Hours": "3"}
    row = {**sound, column: (piece * 70_000)[:70_000]}
    begun = time.process_time()
    imported = import_rows([Row(1, 1, list(row)), Row(2, 2, list(row.values()))])
    assert (imported.rows, time.process_time() - begun < 1) == (1, True)


@pytest.mark.parametrize("kind", [TrainingFilter, Condition])
def test_no_more_alternatives_than_can_be_shown_are_accepted(kind):
    """A sentence names them all: a hundred, and neither one nor a hundred and one."""
    each = [
        TrainingFilter(topics={f"t-{place}"}) if kind is TrainingFilter else Condition(holds=f"t-{place}")
        for place in range(101)
    ]
    assert 100 == len(kind(any_of=tuple(each[:100])).any_of)
    for some in (each[:1], each):
        with pytest.raises(InvalidRecord, match="any_of: must be two to 100"):
            kind(any_of=tuple(some))


@pytest.mark.parametrize("heading", ["2025-03-04T24:00", "Hous {}", "Zebulon {} Quux"])
def test_a_table_with_very_many_unknown_headings_is_refused_at_once(heading, tmp_path):
    """Twelve thousand columns, of one heading or of as many, cost little more than reading them."""
    path = tmp_path / "wide.csv"
    headings = ",".join(heading.format(place) for place in range(12_000))
    path.write_text(f"Course Code,Provider,{headings}\nx,y\n", "utf-8")
    begun = time.process_time()
    with pytest.raises(InvalidData, match=r"not recognized: 1200[0-9] columns"):
        import_file(path, kind="training-event")
    assert time.process_time() - begun < 4


def test_no_difference_from_a_worked_case_is_a_line_without_end(tmp_path):
    """Whatever name an author expects something of, a line with it is cut."""
    name = "a " * 50_000
    path = tmp_path / "cases.toml"
    path.write_text(
        f'[[cases]]\nid = "c"\nsays = "S."\nbasis = "DECIDED"\nruleset = "us-vt-crc"\nperson = "p-1"\non = 2026-01-15\nrecords = []\n'
        f'expect = {{ findings = [{{ requirement = "{name}", result = "met" }}], designations = {{ "{name}" = "met" }}, '
        f'alternatives = {{ "{name}" = {{ "{name}" = {{ outcome = "met" }} }} }} }}\n',
        "utf-8",
    )
    differences = run_case(*read_cases(path)).differences
    assert len(differences) > 3
    assert max(map(len, differences)) < 5000
