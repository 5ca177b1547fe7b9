"""Records in a file of cases may be written shorter, and mean the same."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.errors import InvalidData
from peer_ledger.records.interchange import record_to_dict
from peer_ledger.testing import read_cases, records
from peer_ledger.testing._case_records import file_written_out, shortened, written_out

CASE = """
[groups]
award = [{{ certification = "c", credential = "us-nc-cpss", act = "awarded", on = 2024-03-14 }}]
[[cases]]
id = "a"
says = "A case."
basis = "FURTHER"
ruleset = "us-nc-cpss"
person = "q"
on = 2026-03-01
records = [
    {record},
]
[cases.expect]
standing = "current"
"""


def record_of(record, **known):
    return written_out(tomllib.loads(f"r = {record}")["r"], **known)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (
            '{ training = "e", completed = 2025-02-03, hours = "1.5", topics = ["ethics"] }',
            '{ type = "training-event", id = "e", completed = 2025-02-03, credits = [{ amount = "1.5", topics = ["ethics"] }] }',
        ),
        ('{ training = "e", hours = 3 }', '{ type = "training-event", id = "e", credits = [{ amount = "3" }] }'),
        (
            '{ training = "e", course = "wrap-1", completed = 2025-02-03 }',
            '{ type = "training-event", id = "e", course = "wrap-1", completed = 2025-02-03 }',
        ),
        ('{ document = "d", value = "36 months" }', '{ type = "document", id = "d", value = { quantity = { amount = "36", unit = "month" } } }'),
        ('{ document = "d", value = "$20.50" }', '{ type = "document", id = "d", value = { quantity = { amount = "20.50", unit = "us-dollar" } } }'),
        ('{ document = "d", value = true }', '{ type = "document", id = "d", value = { flag = true } }'),
        ('{ document = "d", value = "april-odd" }', '{ type = "document", id = "d", value = { word = "april-odd" } }'),
        ('{ document = "d", value = 2025-02-03 }', '{ type = "document", id = "d", value = { day = 2025-02-03 } }'),
        ('{ ruling = "r", figure = "12 hours" }', '{ type = "ruling", id = "r", figure = { amount = "12", unit = "hour" } }'),
        ('{ coverage = "k", covers = "document" }', '{ type = "coverage", id = "k", covers = "document" }'),
    ],
)  # fmt: skip
def test_what_a_short_form_stands_for(short, long):
    """Type and id, the hours of one credit, and what a document or a ruling states."""
    assert record_of(short) == record_of(long) == tomllib.loads(f"r = {long}")["r"]


def test_a_record_is_of_the_person_and_for_the_credential_of_its_case():
    """Unless it names others; a coverage is of everybody, and a document for every credential."""
    known = {"person": "p", "credential": "us-xx-yyy"}
    act = record_of('{ certification = "c", act = "awarded" }', **known)
    assert (act["person"], act["credential"]) == ("p", "us-xx-yyy")
    other = record_of('{ certification = "c", credential = "us-xx-zzz", person = "q", act = "awarded" }', **known)
    assert (other["person"], other["credential"]) == ("q", "us-xx-zzz")
    assert record_of('{ coverage = "k", covers = "document" }', **known).keys() == {"type", "id", "covers"}
    assert "credential" not in record_of('{ document = "d", kind = "fee" }', **known)


def test_what_is_written_at_length_stays_as_it_is():
    """`hours` beside `credits` is an unknown key, and so is `training` beside `type`."""
    both = '{ type = "training-event", id = "e", hours = 3, credits = [] }'
    named = '{ training = "e", type = "training-event" }'
    assert record_of(both) == tomllib.loads(f"r = {both}")["r"]
    assert record_of(named) == tomllib.loads(f"r = {named}")["r"]


@effort(200)
@given(record=records(), person=st.none() | st.sampled_from(["p", "x"]), credential=st.none() | st.just("us-nc-cpss"))
def test_every_record_may_be_shortened(record, person, credential):
    """It is given back as it was, and a second time nothing is shorter."""
    long = record_to_dict(record)
    short = shortened(long, person=person, credential=credential)
    assert written_out(short, person=person, credential=credential) == long
    assert len(short) <= len(long)


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ('{ training = "e", completed = 2025-02-03, hours = "many", topics = ["ethics"] }', "hours"),
        ('{ training = "e", completed = 2025-02-03, hours = 3, topics = [1] }', "topics[0]"),
        ('{ document = "d", kind = "fee", on = 2025-02-03, value = 3 }', "value"),
        ('{ document = 3, kind = "fee", on = 2025-02-03 }', "id"),
    ],
)
def test_a_problem_is_told_at_the_key_that_the_file_has(tmp_path, record, path):
    """Whoever wrote `hours` reads of `hours`."""
    file = tmp_path / "a.cases.toml"
    file.write_text(CASE.format(record=record))
    with pytest.raises(InvalidData) as raised:
        read_cases(file)
    (problem,) = raised.value.problems
    assert problem.path == f"cases[0].records[0].{path}"


def test_groups_are_of_the_person_p():
    """A group is shared by cases on several rule sets, so that its acts name theirs."""
    data = tomllib.loads(CASE.format(record='{ filing = "f", step = "renewal", sent = 2026-01-02 }'))
    found = file_written_out(data, "us-nc-cpss")
    assert found["groups"]["award"][0]["person"] == "p"
    assert (found["cases"][0]["records"][0]["person"], found["cases"][0]["records"][0]["credential"]) == (
        "q",
        "us-nc-cpss",
    )
    assert file_written_out({"groups": 1, "cases": [2, {"records": 3}]}, "x") == {
        "groups": 1,
        "cases": [2, {"records": 3}],
    }
