"""What a reader sees of an answer under some readings differs where an outcome differs, and nowhere else."""

from datetime import date
from types import SimpleNamespace

import pytest

from peer_ledger.evaluation import _leaf as leaf_file
from peer_ledger.evaluation._leaf import Leaf, state_of

EARNING = (date(2025, 1, 1), None)
MET, OPEN, SHORT, NOT_ASKED = 0, 1, 2, -1


@pytest.fixture
def said(monkeypatch):
    """Return what a leaf says, whose components are how bad hours and documents are."""
    monkeypatch.setattr(leaf_file, "days_of", lambda _: {"due": date(2026, 1, 1)})
    state = SimpleNamespace(components_of=lambda worst, *_: dict(zip(("hours", "documents"), worst, strict=True)))
    made = Leaf(state, None, None, [], date(2026, 1, 1), 0)
    return lambda *states: made.said(EARNING, states)


def test_the_worst_of_hours_and_of_documents_is_said_and_the_dates(said):
    days = (date(2026, 1, 1), *EARNING)
    assert said() == (MET, MET, *days)
    assert said((True, OPEN), (True, SHORT), (False, OPEN), (False, MET)) == (SHORT, OPEN, *days)
    assert said((False, SHORT), (True, OPEN)) == (OPEN, SHORT, *days)


def test_each_outcome_of_a_designation_is_said_and_one_that_is_not_asked_is_not(said):
    """The worst of what is asked for it counts; nothing of it alters the hours and documents of the step."""
    nothing = said()
    assert said(("military", NOT_ASKED)) == nothing
    seen = {said(("military", badness)) for badness in (NOT_ASKED, MET, OPEN, SHORT)}
    assert len(seen) == 4
    assert said(("military", MET), ("military", SHORT)) == said(("military", SHORT))
    assert said(("military", NOT_ASKED), ("military", MET)) == said(("military", MET))
    assert said(("military", MET), ("veteran", OPEN)) == said(("veteran", OPEN), ("military", MET))
    assert said(("military", OPEN)) != said(("veteran", OPEN))
    assert said(("military", SHORT))[:2] == nothing[:2]


@pytest.mark.parametrize(("subject", "is_hours"), [("hours", True), ("documents", False)])
@pytest.mark.parametrize(
    ("result", "badness"), [("met", MET), ("undetermined", OPEN), ("short", SHORT), ("not asked", MET)]
)
def test_a_verdict_is_on_hours_or_not_and_so_bad(subject, is_hours, result, badness):
    assert state_of(SimpleNamespace(subject=subject, result=result)) == (is_hours, badness)
