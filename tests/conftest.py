"""How long property-based tests look (`PEER_LEDGER_PROFILE=thorough`: ten times as long), and which faults are known."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A machine that is busy with something else is no reason to fail.
settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("PEER_LEDGER_PROFILE", "quick"))


KNOWN_FAULTS = {
    line
    for line in Path(__file__).with_name("known_faults.txt").read_text("utf-8").splitlines()
    if line[:1] not in ("#", "")
}


def pytest_collection_modifyitems(items):
    """Let the tests of known faults fail, and say so in the summary."""
    for item in items:
        name = f"tests/{Path(item.path).name}::{item.originalname}" if hasattr(item, "originalname") else item.nodeid
        if name in KNOWN_FAULTS:
            item.add_marker(pytest.mark.xfail(strict=False, reason="a known fault, not mended yet"))
