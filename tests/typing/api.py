"""What a type checker must accept; checked by mypy, never run."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

from peer_ledger import Certification, Credit, Ledger, SamePerson, TrainingEvent
from peer_ledger.records import Origin, Record, record_from_json
from peer_ledger.rules import CheckInput, CheckResult, TrainingFilter, custom_check

event = TrainingEvent(
    id="e-1",
    person="p-1",
    completed="2025-03-04",
    credits=[Credit(amount="1.5", topics={"ethics"}), Credit(amount=2, topics=["wellness"]), Credit(amount=Decimal(1))],
)
assert_type(event.completed, date)
assert_type(event.credits, tuple[Credit, ...] | None)
assert_type(Credit(amount=1).amount, Decimal)
assert_type(Credit(amount=1).topics, frozenset[str] | None)
assert_type(SamePerson(id="s", people=["a", "b"]).people, frozenset[str])
assert_type(record_from_json("{}"), Record)
Origin(source="lms", key=["17", "ETH-101"])
Origin(source="lms", key=("17", "ETH-101"))

with Ledger.open("some.ledger", read_only=True) as ledger:
    for entry in ledger.known_at("2026-01-01T00:00Z"):
        assert_type(entry.record, Record | None)
    ledger.append(event)
    ledger.append(event for _ in range(3))


@custom_check("every-hour")
def every_hour(asked: CheckInput) -> CheckResult:
    """Count every hour, and leave out what is no ethics."""
    assert_type(asked.need, Fraction | None)
    for training in asked.trainings:
        assert_type(training.hours, Fraction | None)
        assert_type(asked.fits(training, TrainingFilter(topics={"ethics"})), bool | None)
    return CheckResult(counted={training.id: training.hours or 0 for training in asked.trainings}, possible=Decimal(3))


# What a type checker must refuse: each line below is an error, and an unused ignore is one too.
Credit(amount=1.5)  # type: ignore[arg-type]
Credit(topics={"ethics"})  # type: ignore[call-arg]
TrainingEvent(id="e", person="p")  # type: ignore[call-arg]
TrainingEvent(id="e", person="p", completed=3)  # type: ignore[arg-type]
Certification(id="c", person="p", credential="x", act="promoted", on="2025-01-01")  # type: ignore[arg-type]
event.person = "p-2"  # type: ignore[misc]
CheckResult(counted={"e": 0.5})  # type: ignore[dict-item]


@custom_check("nothing")  # type: ignore[type-var]
def nothing(asked: CheckInput) -> bool:
    """Say only whether it is met, which is not for a judge to say."""
    return asked.need is None
