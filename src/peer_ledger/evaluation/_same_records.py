"""
Which of many records may be of one training, without comparing each with each.

Records that are equal in all that tells are compared once, and only with those that share a title, a course or a
length. So the cost grows with the number of records, and not with its square.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise, product
from typing import Final, NamedTuple, TypeVar

from peer_ledger.records._sameness import Likeness, length_of, same_record

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

MOST_COMPARED: Final = 128
"""How many different records that share a title, a course or a length are compared each with each."""


class Twins(NamedTuple):
    """
    The likenesses of which two records may be of one training.

    Attributes:
        pairs: The pairs; a likeness may be paired with itself.
        is_complete: Whether these are all; otherwise some were too many to compare, and each of them is paired with the
            next one, so that at least as much is connected.
    """

    pairs: list[tuple[Likeness, Likeness]]
    is_complete: bool


def alike_records(likenesses: Iterable[Likeness]) -> Twins:
    """
    Return the likenesses of which two records may be of one training.

    Args:
        likenesses: The likenesses, each of them once.
    """
    found: dict[tuple[Likeness, Likeness], None] = {}
    shared: dict[tuple[object, ...], list[Likeness]] = {}
    for one in likenesses:
        if same_record(one, one) == "likely":
            found[one, one] = None
        for kind, what in _shared(one):
            shared.setdefault((kind, what, one.day, one.role), []).append(one)
    is_complete = True
    for key, some in shared.items():
        if len(some) == 1:
            continue
        is_length = key[0] == "length"
        # A length tells only where one of two records has no title.
        titled = [one for one in some if one.titles] if is_length else []
        others = [one for one in some if not one.titles] if is_length else some
        if len(others) <= MOST_COMPARED:
            pairs = chain(combinations(others, 2), product(others, titled))
            found |= dict.fromkeys(pair for pair in pairs if same_record(*pair) == "likely")
        else:
            found |= dict.fromkeys(pairwise([*others, *titled]))
            is_complete = False
    return Twins(list(found), is_complete)


def _shared(one: Likeness) -> Iterator[tuple[str, Hashable]]:
    """Yield what another record of the training may share: one of these at least."""
    yield from (("title", title) for title in one.titles)
    if one.course is not None:
        yield "course", one.course
    if one.content:
        yield "length", length_of(one.content)


def by_key(keyed: Iterable[tuple[Key, Item]]) -> dict[Key, list[Item]]:
    """Return the items of each key, in their order."""
    found: dict[Key, list[Item]] = {}
    for key, item in keyed:
        found.setdefault(key, []).append(item)
    return found


def joining_pairs(some: Sequence[Item], others: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """
    Yield enough pairs to connect what all pairs of two lists connect; of one list with itself, each with the next one.
    """
    if some is others:
        yield from pairwise(some)
        return
    if some and others:
        yield from ((some[0], other) for other in others)
        yield from ((one, others[0]) for one in some[1:])


def connecting(alike: Mapping[Likeness, Sequence[Item]]) -> Iterator[tuple[Item, Item]]:
    """
    Yield enough pairs of records to connect all that may be of one training, directly or through others.

    Args:
        alike: The records, by likeness.
    """
    for one, other in alike_records(alike).pairs:
        yield from joining_pairs(alike[one], alike[other])


def first_of_each(number: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return of each place the first one that it is connected with."""
    first = list(range(number))

    def root(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return [root(place) for place in range(number)]
