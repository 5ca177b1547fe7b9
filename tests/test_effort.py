"""Every property looks as long as the profile says, in its own proportion."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

from effort import ORDINARY, effort, examples

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("found", "profile", "ordinary"),
    [(200, "quick", 200), (40, "brief", 200), (2000, "thorough", 200), (20_000, "soak", 200), (1, "brief", 1)],
)
def test_a_number_of_examples_is_taken_in_the_proportion_of_the_profile(found, profile, ordinary):
    settings.load_profile(profile)
    try:
        given = examples(ordinary), effort(ordinary).max_examples
    finally:
        settings.load_profile(os.environ.get("PEER_LEDGER_PROFILE", "quick"))
    assert (found, found) == given


def test_longer_profiles_draw_new_examples_and_ordinary_ones_the_same():
    """The ordinary run tells whether the code changed; longer ones look further."""
    drawn = {name: settings.get_profile(name).derandomize for name in ("brief", "quick", "thorough", "soak")}
    assert {"brief": True, "quick": True, "thorough": False, "soak": False} == drawn
    assert settings.get_profile("quick").max_examples == ORDINARY


def test_no_property_names_a_number_that_no_profile_changes():
    """A fixed `max_examples` would stay what it is in a run of hours."""
    fixed = {
        path.name
        for path in TESTS.glob("test_*.py")
        if re.search(r"settings\([^)]*max_examples=[0-9]", path.read_text("utf-8"))
    }
    assert set() == fixed
