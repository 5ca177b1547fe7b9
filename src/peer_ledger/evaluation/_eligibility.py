"""
Eligibility: whether the kind and the day of a training count.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final

from peer_ledger.evaluation._event import Event
from peer_ledger.records import Credit
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import UNKNOWN_APPROVALS, WANTED, ByQuestion, Readings, TrainingFilter
from peer_ledger.rules._approvals import ApprovalQuestion
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import WORTH

NOT_KNOWN: Final = date.max
"""What stands for the first day that counts where no day is known, so that nothing counts."""

_AFTER_FILING = remark("after-filing")
_WANTED_AND_UNWANTED = tuple((name, f"not_{name}") for name in WANTED)


def counts_as(
    wanted: TrainingFilter | ByQuestion | None, event: Event, credit: Credit | None, readings: Readings
) -> bool | None:
    """Return whether training is of a kind that counts; `None` when the records do not say."""
    training: TrainingFilter | None = readings.of(wanted)
    if training is None:
        return True
    # All conditions must hold: a single False decides, and otherwise a single unknown leaves the answer unknown.
    answers: list[bool | None] = []
    fits = training.unknown_fits
    for name, without in _WANTED_AND_UNWANTED:
        words: frozenset[str] | None = getattr(training, name)
        unwanted: frozenset[str] | None = readings.of(getattr(training, without))
        if words is not None or unwanted:
            known = _known(name, event, credit)
            if known is not None or name not in fits:
                fitting = _by_bodies if name == "approved_by" else _by_words
                answers += fitting(words, unwanted, known, readings)
    first, last = training.completed_from, training.completed_to
    answers.append(
        (first is None or first <= event.record.completed) and (last is None or event.record.completed <= last)
    )
    if training.any_of:
        options = [counts_as(option, event, credit, readings) for option in training.any_of]
        answers.append(True if True in options else None if None in options else False)
    if training.shortest is not None:
        length = length_of(training, event)
        if length is not None or "length" not in fits:
            answers.append(None if length is None else length >= training.shortest)
    if False in answers:
        return False
    return None if None in answers else True


def unknown_bodies(bodies: Iterable[str] | None, readings: Readings) -> frozenset[str]:
    """Return the approving bodies that the rule set does not know, as far as it asks for approvals."""
    question = readings.find(UNKNOWN_APPROVALS)
    return question.unknown(bodies or ()) if isinstance(question, ApprovalQuestion) else frozenset()


def _by_words(
    words: frozenset[str] | None, unwanted: frozenset[str] | None, known: Iterable[str] | None, _readings: Readings
) -> list[bool | None]:
    """Return whether a word that is wanted is recorded, and none that is not."""
    return [_meets(words, known), _avoids(unwanted, known)]


def _by_bodies(
    words: frozenset[str] | None, unwanted: frozenset[str] | None, known: Iterable[str] | None, readings: Readings
) -> list[bool | None]:
    """Return whether an approval is by a body that is wanted, and by none that is not, with bodies that are unknown."""
    meets, avoids = _meets(words, known), _avoids(unwanted, known)
    if words is not None and meets is False:
        meets = _is_named(words, known, readings)
    elif unwanted and avoids is True:
        is_named = _is_named(unwanted, known, readings)
        avoids = None if is_named is None else not is_named
    return [meets, avoids]


def _is_named(named: frozenset[str], bodies: Iterable[str] | None, readings: Readings) -> bool | None:
    """Return whether a body that the rule set does not know is one of some that it names; `None` where that is open."""
    question = readings.find(UNKNOWN_APPROVALS)
    if not isinstance(question, ApprovalQuestion) or not question.unknown(bodies or ()):
        return False
    if readings.take(UNKNOWN_APPROVALS) != "counts":
        return False
    # It is one of all bodies that the rule set names; which of them it is, the records do not say.
    return True if named >= question.named_bodies else None


def _known(name: str, event: Event, credit: Credit | None) -> Iterable[str] | None:
    """Return the words recorded for one property of a training; `None` when the records do not say."""
    if name == "topics":
        return credit.topics if credit is not None else None
    if name == "approved_by":
        return event.approved_by
    word: str | None = {
        "deliveries": event.delivery,
        "roles": event.record.role,
        "providers": event.provider,
        "courses": event.record.course,
    }[name]
    return None if word is None else (word,)


def length_of(training: TrainingFilter, event: Event) -> Fraction | None:
    """Return how many hours an event has on the topics wanted; `None` when the records do not say."""
    length = Fraction(0)
    for credit, amount in zip(event.credits or (), event.amounts, strict=True):
        if _meets(training.topics, credit.topics) is not False:
            worth = WORTH.get(credit.unit)
            if worth is None:
                return None
            length += amount * worth
    return None if event.credits is None else length


def _meets(wanted: frozenset[str] | None, known: Iterable[str] | None) -> bool | None:
    if wanted is None:
        return True
    return None if known is None else not wanted.isdisjoint(known)


def _avoids(unwanted: frozenset[str] | None, known: Iterable[str] | None) -> bool | None:
    if not unwanted:
        return True
    return None if known is None else frozenset(unwanted).isdisjoint(known)


class Days:
    """
    The days on which training counts.

    Args:
        first: The first day; `None` where there is none.
        last: The last day; `None` where there is none.
        as_of: The day of filing, after which nothing counts.
    """

    def __init__(self, first: date | None, last: date | None, as_of: date) -> None:
        self._first, self._last, self._as_of = first, last, as_of

    def why_outside(self, event: Event) -> Remark | None:
        """Return the reason why an event is outside these days; `None` when it is inside."""
        day = event.record.completed
        if event.why_not is not None:
            return event.why_not
        if self._first == NOT_KNOWN:
            return remark("days-not-known")
        if self._first is not None and day < self._first:
            return self._before
        if day > self._as_of:
            return _AFTER_FILING
        return self._after if self._last is not None and day > self._last else None

    @cached_property
    def _before(self) -> Remark:
        assert self._first is not None, "only a first day can be missed"
        return remark("before-first-day", day=self._first)

    @cached_property
    def _after(self) -> Remark:
        assert self._last is not None, "only a last day can be missed"
        return remark("after-last-day", day=self._last)
