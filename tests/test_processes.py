"""Reports on everybody from several processes are those of one."""

import multiprocessing
import os
import signal

import pytest

from peer_ledger import Certification, Coverage, Credit, Ledger, TrainingEvent, evaluate_all
from peer_ledger.errors import InvalidValue, LedgerMisuse

ON = "2026-01-15"


def filled(ledger, count=120):
    """Return a ledger with some people."""
    ledger.append(Coverage(id="acts", covers="certification"))
    for number in range(count):
        person = f"p-{number:04}"
        award = {"credential": "us-nc-cpss", "act": "awarded", "on": "2024-03-14", "expires": "2026-03-31"}
        ledger.append(
            [
                Certification(id=f"c-{number}", person=person, **award),
                TrainingEvent(
                    id=f"e-{number}",
                    person=person,
                    completed="2025-02-03",
                    credits=[Credit(amount=str(number % 25 + 1))],
                ),
            ]
        )
    ledger.retract("e-7", reason="entered twice")
    return ledger


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_reports_progress_and_order_are_those_of_one_process(kind, tmp_path):
    """Whole reports, with what they say about the ledger."""
    ledger = filled(Ledger() if kind == "memory" else Ledger.open(tmp_path / "a.ledger"))
    said, alone = [], []
    one = [r.to_dict() for r in evaluate_all(ledger, on=ON, progress=lambda *now: alone.append(now))]
    two = [r.to_dict() for r in evaluate_all(ledger, on=ON, processes=2, progress=lambda *now: said.append(now))]
    assert one == two
    assert said == alone == [(done, 120) for done in range(1, 121)]


def test_a_killed_process_is_told_and_an_early_end_leaves_none():
    """The error says what to do; closing ends all processes."""
    ledger = filled(Ledger(), 600)
    reports = evaluate_all(ledger, on=ON, processes=2)
    next(reports)
    reports.close()
    assert multiprocessing.active_children() == []
    reports = evaluate_all(ledger, on=ON, processes=2)
    next(reports)
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    with pytest.raises(LedgerMisuse, match="give fewer processes"):
        list(reports)
    assert multiprocessing.active_children() == []


def test_arguments_are_checked():
    """By name."""
    with pytest.raises(InvalidValue, match="processes must be"):
        evaluate_all(Ledger(), on=ON, processes=0)
    with pytest.raises(InvalidValue, match="progress must be"):
        evaluate_all(Ledger(), on=ON, progress=3)
