"""A life written as a worked case reads back as it was, and runs."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Certification, Document, Ledger, evaluate, ruleset
from peer_ledger.testing import as_case, days_about, lives, read_cases, records, run_cases

NC = ruleset("us-nc-cpss")


@pytest.fixture(scope="module")
def path():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "written.cases.toml"


@given(records=st.lists(records(), max_size=4), on=st.dates(date(2000, 1, 1), date(2050, 1, 1)))
@effort(50)
def test_every_record_reads_back(path, records, on):
    """Whatever a record may hold, hostile texts among it."""
    expect = {"standing": "current"}
    text = as_case(records, on=on, person="somebody", says='a "quoted" one\n', case_id="\\", expect=expect)
    path.write_text(text, "utf-8")
    (case,) = read_cases(path)
    assert (tuple(records), on, "somebody") == (case.records, case.on, case.person)
    assert ('a "quoted" one\n', "\\", "us-nc-cpss", {}) == (case.says, case.id, case.ruleset, case.readings)


def test_a_word_that_looks_like_a_day_stays_a_word(path):
    """Written without its kind, it would be read as a day."""
    document = Document(id="d", person="p", kind="term", on="2026-01-02", value="2026-01-01")
    path.write_text(as_case([document], on="2026-01-15", expect={"standing": "current"}), "utf-8")
    (case,) = read_cases(path)
    assert case.records == (document,)


@given(data=st.data())
@effort(25)
def test_a_life_runs_with_what_was_found(path, data):
    """The report of the life is what the case expects, and what comes of it."""
    life = data.draw(lives(NC))
    on = data.draw(days_about(NC, life))
    readings = {"late-window": "following-month"}
    ledger = Ledger()
    ledger.append(life)
    report = evaluate(ledger, "p", on=on, readings=readings)
    path.write_text(as_case(life, on=on, ruleset=NC, readings=readings, expect=report), "utf-8")
    (result,) = run_cases(path)
    assert result.passed, str(result)
    assert result.report == report


def test_what_is_expected_is_written_as_the_file_has_it(path):
    """Components, dates and findings stand there as somebody would write them by hand."""
    award = Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14")
    wanted = {
        "standing": "current",
        "dates": {"due": date(2026, 3, 31)},
        "findings": [{"requirement": "training", "counted": "0"}],
    }
    text = as_case([award], on="2026-01-15", expect=wanted)
    assert text.splitlines()[-3:] == [
        'standing = "current"',
        "dates = { due = 2026-03-31 }",
        'findings = [{ requirement = "training", counted = "0" }]',
    ]
    path.write_text(text, "utf-8")
    (result,) = run_cases(path)
    assert result.passed, str(result)


def test_several_cases_stand_in_one_file(path):
    award = Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14")
    expect = {"standing": "current"}
    texts = [as_case([award], on="2026-01-15", case_id=f"case-{number}", expect=expect) for number in (1, 2)]
    path.write_text("\n\n".join(texts), "utf-8")
    assert ["case-1", "case-2"] == [case.id for case in read_cases(path)]
