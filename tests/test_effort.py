"""Every property looks as long as the profile says, in its own proportion."""

import re
from pathlib import Path

import pytest
from hypothesis import settings

from effort import FULL_ONLY, ONE_IN, ORDINARY, PROFILE, effort, examples, is_quick

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("found", "profile", "ordinary"),
    [(200, "full", 200), (40, "quick", 200), (2000, "thorough", 200), (20_000, "soak", 200), (1, "quick", 1)],
)
def test_a_number_of_examples_is_taken_in_the_proportion_of_the_profile(found, profile, ordinary):
    settings.load_profile(profile)
    try:
        given = examples(ordinary), effort(ordinary).max_examples
    finally:
        settings.load_profile(PROFILE)
    assert (found, found) == given


def test_longer_profiles_draw_new_examples_and_the_others_the_same():
    """Quick and full runs show whether the code changed; longer ones look further."""
    drawn = {name: settings.get_profile(name).derandomize for name in ("quick", "full", "thorough", "soak")}
    assert {"quick": True, "full": True, "thorough": False, "soak": False} == drawn
    assert settings.get_profile("full").max_examples == ORDINARY


def test_no_property_names_a_number_that_no_profile_changes():
    """A fixed `max_examples` would stay what it is in a run of hours."""
    fixed = {
        path.name
        for path in TESTS.glob("test_*.py")
        if re.search(r"settings\([^)]*max_examples=[0-9]", path.read_text("utf-8"))
    }
    assert set() == fixed


def test_what_a_quick_run_leaves_out_is_there():
    """No name is left in the lists of a test that is gone."""
    found = set()
    for path in TESTS.glob("test_*.py"):
        text = path.read_text("utf-8")
        found |= {f"{path.name}::{name}" for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert (ONE_IN.keys() | FULL_ONLY) - found == set()
    one_in_three = next(name for name, one_in in ONE_IN.items() if one_in == 3)
    assert [is_quick(number, one_in_three) for number in range(4)] == [True, False, False, True]
    assert not is_quick(0, next(iter(FULL_ONLY)))
