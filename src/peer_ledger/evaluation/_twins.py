"""
Trainings of which some may be of one course, and some may be one because two records are of one training.

Of one course may be any number of trainings. Records of one training are alike, all of them: a record that looks like
either of two different ones is of one of these trainings, or of neither.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import components_of
from peer_ledger.records._sameness import same_record

Pair = tuple[int, int]
"""Two nodes."""

MOST_PAIRS: Final = 12
"""Of how many pairs of records that may be of one training all combinations are tried."""


class Twins:
    """
    What joins some nodes, each a training or all that surely are of one course.

    Args:
        node_of: The node of each training, by the id of its record.
        named: The pairs of nodes that may be of one course.
        twins: The pairs of records that may be of one training, and are not alike as courses.
    """

    def __init__(
        self, node_of: Mapping[str, int], named: Collection[Pair], twins: Sequence[tuple[Event, Event]]
    ) -> None:
        self._node_of, self._named, self._twins = node_of, named, twins

    def may_be_one(self, nodes: Sequence[int]) -> bool:
        """Return whether nodes may be one without two different records being of one training."""
        twins = [pair for pair in self._twins if all(self._node_of[event.record.id] in nodes for event in pair)]
        courses = _grouped(nodes, [pair for pair in self._named if {*pair} <= {*nodes}])
        if len(courses) == 1 or len(twins) > MOST_PAIRS:
            return True
        return any(self._joins(courses, chosen) for chosen in combinations(twins, len(courses) - 1))

    def _joins(self, courses: Sequence[Sequence[int]], twins: Sequence[tuple[Event, Event]]) -> bool:
        """Return whether some pairs of records join all of some courses, and no two records joined differ."""
        course_of = {node: place for place, course in enumerate(courses) for node in course}
        joined = [(course_of[self._node_of[a.record.id]], course_of[self._node_of[b.record.id]]) for a, b in twins]
        if len(components_of(len(courses), joined)) > 1:
            return False
        events = list({event.record.id: event for pair in twins for event in pair}.values())
        place_of = {event.record.id: place for place, event in enumerate(events)}
        pairs = [(place_of[one.record.id], place_of[other.record.id]) for one, other in twins]
        return not any(
            same_record(events[one].likeness, events[other].likeness) == "different"
            for training in components_of(len(events), pairs)
            for one, other in combinations(training, 2)
        )


def _grouped(nodes: Sequence[int], pairs: Iterable[Pair]) -> list[list[int]]:
    """Return nodes sorted into those that are connected by pairs."""
    place_of = {node: place for place, node in enumerate(nodes)}
    inner = [(place_of[one], place_of[other]) for one, other in pairs]
    return [[nodes[place] for place in group] for group in components_of(len(nodes), inner)]
