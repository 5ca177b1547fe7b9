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
    found: dict[str, dict[str, None]] = {}
    for event in events:
        if event.why_not is None:
            for credit in event.credits or ():
                for topic in credit.topics or ():
                    if not _is_declared(topic):
                        found.setdefault(topic, {})[event.record.id] = None
    unknown = sorted(found.keys() - set(named))
    for topic in unknown[:_MOST_SAID]:
        yield remark("unknown-topic", topic=topic, records=tuple(found[topic]), near=_near(topic, tuple(named)) or "")
    if len(unknown) > _MOST_SAID:
        yield remark("more-unknown-topics", number=len(unknown) - _MOST_SAID)


@lru_cache(maxsize=1024)
def _is_declared(topic: str) -> bool:
    return topic in standard_vocabularies()["topics"]


@lru_cache(maxsize=256)
def _near(topic: str, named: tuple[str, ...]) -> str | None:
    """Return the topic that was likely meant; `None` where none is like it."""
    declared = standard_vocabularies()["topics"]
    return closest(topic, named) or declared.find(topic) or declared.nearest(topic)
