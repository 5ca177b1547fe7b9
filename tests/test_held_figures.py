"""Each figure and day of a rule file is held by a worked case: one step higher or lower, and a case fails."""

import pytest

from effort import sized
from held_figures import LISTED, Files, all_cases, figures, noticed, places, reasons, steps
from peer_ledger import ruleset, ruleset_ids


@pytest.fixture(scope="module")
def every():
    return {name: ruleset(name) for name in ruleset_ids()}


@pytest.fixture(scope="module")
def cases():
    return all_cases()


def step(name, *path, way):
    """Return one step of a rule set, given the end of its path."""
    found = [one for one in steps(ruleset(name)) if one.path[-len(path) :] == path and one.way == way]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("name", "path", "way", "holds"),
    [
        ("us-dc-cps", ("age", "at_least", "amount"), -1, "dc-apply-less"),
        ("us-az-cprs", ("grows", "complete", "each"), 1, None),
        ("us-mi-cprm", ("fee-90", "only_if", "filed", "ends"), 1, "cprm-fee-91"),
    ],
)  # fmt: skip
def test_a_step_is_noticed_by_its_case(name, path, way, holds, every, cases):
    """Without the case that holds a figure, a step of it is noticed by none."""
    moved = step(name, *path, way=way)
    assert noticed(moved, list(cases[name]), every)
    if holds is not None:
        assert not noticed(moved, [case for case in cases[name] if case.id != holds], every)


def test_without_cases_nothing_is_noticed(every):
    assert not noticed(step("us-dc-cps", "age", "at_least", "amount", way=-1), [], every)


@pytest.mark.parametrize(
    ("name", "path", "stands_in", "at"),
    [
        (  # of an edition that is like another
            "us-ga-cps-mh", "procedures.renewal.editions.renewal-3.requirements.training.need",
            "us-ga-cps-mh", "procedures.renewal.editions.renewal-2.requirements.training.need",
        ),
        (  # of a rule set that extends another
            "us-pa-cfrs", "procedures.renewal.editions.renewal-1.requirements.training.need",
            "us-pa-crs", "procedures.renewal.editions.renewal-1.requirements.training.need",
        ),
        (  # with a figure of its own
            "us-ga-cps-mh", "procedures.renewal.editions.renewal-3.late_until",
            "us-ga-cps-mh", "procedures.renewal.editions.renewal-3.late_until",
        ),
    ],
)  # fmt: skip
def test_a_figure_stands_once_in_a_file(name, path, stands_in, at, every):
    """What an edition or a rule set takes over is the figure of the other one."""
    assert Files(every).root(name, tuple(path.split("."))) == (stands_in, tuple(at.split(".")))


def test_what_stands_for_no_day_is_not_moved():
    """`any time` and `no day` are kept as days before all others, and are no figures."""
    opens = {one.path[-1] for one in steps(ruleset("us-nc-cpss")) if "opens" in one.path}
    assert opens == {"in-its-month"}


def test_every_kind_of_figure_is_moved():
    """Amounts, numbers, days of the calendar, days of the year, and days that are counted from another."""
    kinds = {
        type(value).__name__ for name in ruleset_ids() for _, value, _ in figures(ruleset(name), (), lambda new: new)
    }
    assert kinds == {"int", "Decimal", "date", "MonthDay", "RelativeDate"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b: 1 -> 2\n", "give the reason in a sentence above: a: b: 1 -> 2"),
        ("# It never comes to that.\na: b: 1 -> 2\n\na: d: 1 -> 2\n", "in a sentence above: a: d: 1 -> 2"),
        ("# It never comes to that\na: b: 1 -> 2\n", "in a sentence above: a: b: 1 -> 2"),
        ("# Equal.\na: b: 1 -> 2\n", "in a sentence above: a: b: 1 -> 2"),
        ("# It never comes to that.\n", "one reason, and its steps below"),
        ("a: b: 1 -> 2\n# It never comes to that.\na: d: 1 -> 2\n", "one reason, and its steps below"),
        ("# It never comes to that.\na: b: 1 -> 2\na: b: 1 -> 2\n", "listed twice: a: b: 1 -> 2"),
    ],
)
def test_what_is_listed_has_a_reason(text, says):
    """A step without a sentence above it is not listed, and neither is a reason for nothing."""
    with pytest.raises(ValueError, match=says):
        reasons(text)


def test_reasons_are_read_by_section():
    text = "# It never comes\n# to that.\na: b: 1 -> 2\na: d: 1 -> 2\n\n# Both days are the same one.\ne: f: 1 -> 2\n"
    assert reasons(text) == {
        "a: b: 1 -> 2": "It never comes to that.",
        "a: d: 1 -> 2": "It never comes to that.",
        "e: f: 1 -> 2": "Both days are the same one.",
    }
    assert reasons("") == {}


def test_every_figure_is_held_by_a_case_or_listed(every, cases):
    """Nothing else than what is listed, with its reason, can be a step higher or lower without a case that fails."""
    listed = set(reasons(LISTED.read_text("utf-8")))
    found = list(places(every).values())
    assert listed <= {str(alike[0]) for alike in found}, "what is listed and no longer there goes"
    looked_at = [alike for alike in found if str(alike[0]) not in listed][:: sized(1, 200)]
    left = [str(alike[0]) for alike in looked_at if not any(noticed(one, cases[one.ruleset], every) for one in alike)]
    assert left == []


def test_what_is_listed_is_noticed_by_no_case(every, cases):
    """A listed step that a case notices can change an answer, so that its reason is wrong."""
    listed = reasons(LISTED.read_text("utf-8"))
    looked_at = [alike for alike in places(every).values() if str(alike[0]) in listed][:: sized(1, 6)]
    held = [str(alike[0]) for alike in looked_at if any(noticed(one, cases[one.ruleset], every) for one in alike)]
    assert held == []
