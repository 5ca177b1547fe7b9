"""Each figure and day of a rule file is held by a worked case: one step higher or lower, and a case fails."""

from pathlib import Path

import pytest

from effort import sized
from held_figures import Files, all_cases, figures, noticed, places, steps
from peer_ledger import ruleset, ruleset_ids

LISTED = Path(__file__).parent / "samples" / "figures-not-held.txt"
"""
The steps that no case notices, and some of North Carolina that were not tried.

Some can change no answer, as where parts fill the whole, or nothing can be filed later; of the others a case is wanting.
"""


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


def test_every_kind_of_figure_is_moved():
    """Amounts, numbers, days of the calendar, days of the year, and days that are counted from another."""
    kinds = {
        type(value).__name__ for name in ruleset_ids() for _, value, _ in figures(ruleset(name), (), lambda new: new)
    }
    assert kinds == {"int", "Decimal", "date", "MonthDay", "RelativeDate"}


def test_every_figure_is_held_by_a_case_or_listed(every, cases):
    """Nothing else than what is listed can be a step higher or lower without a case that fails."""
    listed = set(LISTED.read_text("utf-8").splitlines())
    found = list(places(every).values())
    assert listed <= {str(alike[0]) for alike in found}, "what is listed and no longer there goes"
    looked_at = [alike for alike in found if str(alike[0]) not in listed][:: sized(1, 200)]
    left = [str(alike[0]) for alike in looked_at if not any(noticed(one, cases[one.ruleset], every) for one in alike)]
    assert left == []
