"""Training of which the records do not say whether a cap limits it."""

import pytest

from boards import act, trained
from peer_ledger import Ledger, evaluate
from remarks import in_words


@pytest.mark.parametrize(
    ("delivery", "counted", "why_not"),
    [
        (None, 20, "the records do not say whether it is of the kind that counts"),
        ("live-online", 20, "more than the cap “online” allows"),
        ("in-person", 36, None),
    ],
)
def test_a_cap_is_named_only_for_what_it_surely_limits(delivery, counted, why_not):
    """New Mexico: 40 hours, at most 20 of them online; 36 are on file, and how they were given may not be."""
    ledger = Ledger()
    ledger.append(
        [
            act("c", "awarded", "2024-03-10", credential="us-nm-cpsw", expires="2026-03-31"),
            trained("e", 36, {"recovery"}, delivery=delivery),
        ]
    )
    found = evaluate(ledger, "p", on="2025-12-01", ruleset="us-nm-cpsw").finding("training")
    assert (found.result, found.counted) == ("short", counted)
    # Without a recorded delivery all 36 may have been in person: 4 are missing for certain, and up to 20.
    is_open = "at least 4 hours short; how much more depends on what the records do not say" in (
        in_words(found.because) or ""
    )
    assert is_open == (delivery is None)
    assert [in_words(line.why_not) if line.why_not else None for line in found.lines] == [why_not]
