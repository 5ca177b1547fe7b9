"""
People who filed alike, at random: much the same records, of other hours or filed in another way.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import attrs

from peer_ledger import Certification, Coverage, Credit, Document, Filing, Record, RuleSet, TrainingEvent

ON = date(2026, 1, 15)
TOPICS = "ethics", "recovery", "crisis"
METHODS = "mail", "mail", "online", None


def people_filed_alike(random: Random, rules: RuleSet, count: int) -> list[Record]:
    """Return the records of some people, of whom each two are much alike."""
    records: list[Record] = [Coverage(id="acts", covers="certification")] if random.random() < 0.5 else []
    for number in range(count // 2):
        mine = list(_person(random, rules, f"p-{number}"))
        records += [*mine, *(_another(random, record, f"q-{number}") for record in mine)]
    return records


def _person(random: Random, rules: RuleSet, who: str) -> Iterator[Record]:
    """Yield the records of somebody who filed once or several times, on days near the due date."""
    due = ON + timedelta(days=random.choice((-70, -31, -20, -1, 0, 1, 14, 60, 200)))
    begins = due.replace(year=due.year - 2, day=min(due.day, 28))
    expires = random.choice((due, None))
    yield Certification(id=f"c-{who}", person=who, credential=rules.id, act="awarded", on=begins, expires=expires)
    for place in range(random.randrange(6)):
        topics = {random.choice(TOPICS)} if random.random() < 0.8 else None
        yield TrainingEvent(
            id=f"e-{who}-{place}", person=who, title=f"Title {place}",
            completed=ON - timedelta(days=random.choice((0, 5, 30, 100, 400))),
            credits=[Credit(amount=Decimal(random.randrange(4, 30)) / 2, topics=topics)],
        )  # fmt: skip
    for place in range(random.randrange(4)):
        on = ON - timedelta(days=random.choice((3, 40, 200)))
        yield Document(id=f"d-{who}-{place}", person=who, kind="reference-letter", on=on)
    for place in range(random.choice((1, 1, 2, 3))):
        day = ON - timedelta(days=random.choice((0, 1, 5, 20, 21, 40, 60, 100)))
        known_day = random.choice(("sent", "sent", "received"))
        both = {"received": day + timedelta(days=3)} if known_day == "sent" and random.random() < 0.3 else {}
        method = random.choice(METHODS)
        name = f"f-{who}-{random.randrange(1000)}-{place}"
        yield Filing(
            id=name, person=who, credential=rules.id, step="renewal", method=method, **{known_day: day}, **both
        )


def _another(random: Random, record: Any, who: str) -> Record:
    """Return a record of somebody like another one, who filed in another way or has other hours."""
    changed: dict[str, Any] = {}
    if isinstance(record, Filing) and random.random() < 0.5:
        changed["method"] = random.choice(METHODS)
    if isinstance(record, TrainingEvent) and random.random() < 0.5 and record.credits:
        changed["credits"] = [attrs.evolve(record.credits[0], amount=Decimal(random.randrange(4, 30)) / 2)]
    found: Record = attrs.evolve(record, id=f"{record.id}-{who}", person=who, **changed)
    return found
