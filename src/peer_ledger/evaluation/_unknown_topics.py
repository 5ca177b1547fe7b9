"""
Topics of training that neither the rules name nor the package declares, and that are most likely misspelled.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from peer_ledger._closest import closest
from peer_ledger.evaluation._event import Event
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.values.vocabularies import standard_vocabularies

_MOST_SAID = 10


def unknown_topics(events: Iterable[Event], named: Sequence[str]) -> Iterator[Remark]:
    """
    Yield a caveat for each topic that no rule of a rule set can ask for, with the topic that was likely meant.

    Args:
        events: The trainings of a person.
        named: The topics that its rules name.
    """
    declared = standard_vocabularies()["topics"]
    found: dict[str, list[str]] = {}
    for event in events:
        if event.why_not is None:
            for topic in sorted({topic for credit in event.credits or () for topic in credit.topics or ()}):
                if topic not in declared:
                    found.setdefault(topic, []).append(event.record.id)
    unknown = sorted(found.keys() - set(named))
    for topic in unknown[:_MOST_SAID]:
        yield remark("unknown-topic", topic=topic, records=tuple(found[topic]), near=_near(topic, tuple(named)) or "")
    if len(unknown) > _MOST_SAID:
        yield remark("more-unknown-topics", number=len(unknown) - _MOST_SAID)


@lru_cache(maxsize=256)
def _near(topic: str, named: tuple[str, ...]) -> str | None:
    """Return the topic that was likely meant; `None` where none is like it."""
    declared = standard_vocabularies()["topics"]
    return closest(topic, named) or declared.find(topic) or declared.nearest(topic)
