"""
Certificates that a person holds beside the one that a life is about, and the training for them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from peer_ledger.records import Certification, Credit, Record, TrainingEvent
from peer_ledger.rules import RuleSet
from peer_ledger.testing._edge_days import FIRST, LAST
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._mentions import mentions_of
from peer_ledger.values.dates import DAY, months_after

Draw = Callable[[SearchStrategy[Any]], Any]

_APART = (-200, -31, -1, 0, 1, 31, 200)
"""By how many days the awards of two certificates differ."""


def held_beside(
    draw: Draw, others: Iterable[RuleSet], records: Sequence[Record], *, person: str, mark: str
) -> Iterator[Record]:
    """
    Yield the acts and the training of other certificates, awarded near the acts of a life.

    Args:
        draw: Draws a value from a strategy.
        others: The rule sets of the other certificates.
        records: The life.
        person: The person's id.
        mark: The beginning of the ids of all records.
    """
    acts = [record.on for record in records if isinstance(record, Certification) and record.on is not None]
    for place, rules in enumerate(others):
        if not acts or draw(st.integers(0, 3)) == 0:
            continue
        day = _clamped(draw(st.sampled_from(acts)) + draw(st.sampled_from(_APART)) * DAY)
        months, name = mentions_of(rules).months, f"{mark}o-{place}"
        yield Certification(id=name, person=person, credential=rules.id, act="awarded", on=day)
        if draw(st.integers(0, 2)) == 0:
            again = _clamped(months_after(day, months) + draw(st.sampled_from((-31, -1, 0, 1))) * DAY)
            yield Certification(id=f"{name}-r", person=person, credential=rules.id, act="renewed", on=again)
        for number in range(draw(st.integers(0, 3))):
            first, last = day + DAY, _clamped(months_after(day, months))
            yield _training(draw, rules, f"{name}-{number}", person, draw(st.dates(first, max(first, last))))


def _training(draw: Draw, rules: RuleSet, name: str, person: str, day: date) -> TrainingEvent:
    """Return a training that meets a figure of a rule set exactly, or misses it a little."""
    targets = [target for some in mentions_of(rules).targets.values() for target in some]
    target = draw(st.sampled_from(targets)) if targets else None
    topics = target.words.get("topics", ()) if target is not None else ()
    amount = draw(st.sampled_from(target.amounts if target is not None else (Decimal(1),)))
    return TrainingEvent(
        id=name, person=person, completed=day, delivery="in-person",
        credits=[Credit(amount=amount, topics={draw(st.sampled_from(topics))} if topics else {"recovery"})],
    )  # fmt: skip


def _clamped(day: date) -> date:
    return min(max(day, FIRST), LAST)
