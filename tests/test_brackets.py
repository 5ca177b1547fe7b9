"""Brackets that are two for one, or one for two, are read as they were meant, and only below a rule set."""

import pytest

from peer_ledger.rulesets._brackets import A_TABLE, steps_mended, with_brackets_mended

TABLE = {"says": "Anything."}


def mended(data):
    found, problems = with_brackets_mended(data)
    return found, [(problem.path, problem.message) for problem in problems]


@pytest.mark.parametrize(
    "data",
    [
        {"rulesets": [TABLE]},  # a list of rule sets, as it stands in a file of the long form
        {"xx-nn-cps": {"requirements": [{"id": "letters"}]}},
        {"xx-nn-cps": {"requirements": [{"drop": ["letters"]}, TABLE]}},
        {"xx-nn-cps": {"renewal": [3]}},
        {"xx-nn-cps": {"renewal": [TABLE, {}]}},
        {"xx-nn-cps": {"renewal": []}},
        {"xx-nn-cps": {"step_notes": {"says": "Anything.", "when": 3}}},
    ],
)
def test_what_was_meant_as_it_stands_stays(data):
    assert mended(data) == (data, [])


@pytest.mark.parametrize(
    ("data", "found", "path"),
    [
        ({"sources": [{"PAGE": TABLE}]}, {"sources": {"PAGE": TABLE}}, "sources"),
        ({"xx-nn-cps": [TABLE]}, {"xx-nn-cps": TABLE}, "xx-nn-cps"),
        ({"xx-nn-cps": {"renewal": [TABLE, TABLE]}}, {"xx-nn-cps": {"renewal": TABLE}}, "xx-nn-cps.renewal"),
        ({"xx-nn-cps": {"requirements": [TABLE]}}, {"xx-nn-cps": {"requirements": TABLE}}, "xx-nn-cps.requirements"),
    ],
)
def test_a_list_where_a_table_was_meant_is_told_and_read_as_one(data, found, path):
    assert mended(data) == (found, [(path, A_TABLE)])


def test_one_note_is_a_list_of_one():
    found, ((path, message),) = mended({"xx-nn-cps": {"step_notes": TABLE}})
    assert (found, path) == ({"xx-nn-cps": {"step_notes": [TABLE]}}, "xx-nn-cps.step_notes")
    assert message == "must be a list of tables, whose name stands in double brackets"


@pytest.mark.parametrize(
    ("data", "path", "steps"),
    [
        (
            {"xx-nn-cps": [{"renewal": [TABLE]}]},
            ("xx-nn-cps", 0, "renewal", 0, "says"),
            ["xx-nn-cps", "renewal", "says"],
        ),
        (
            {"xx-nn-cps": {"requirements": [{"id": "letters"}]}},
            ("xx-nn-cps", "requirements", 0, "id"),
            ["xx-nn-cps", "requirements", 0, "id"],
        ),
        ({"rulesets": [TABLE]}, ("rulesets", 0, "says"), ["rulesets", 0, "says"]),
        ({"xx-nn-cps": [TABLE]}, ("xx-nn-cps", 0, "says", 3, "more"), ["xx-nn-cps", "says", 3, "more"]),
    ],
)
def test_a_path_leaves_out_the_places_in_lists_that_were_meant_as_tables(data, path, steps):
    assert list(steps_mended(data, path)) == steps
