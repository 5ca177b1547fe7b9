"""
What other documents of a kind say of a time that a document leaves open, or that has ended since.

What grows surely is what all documents allow, where they do not contradict each other.  Of what may have ended, the
last word counts: of a time with one beginning anybody's, of others, such as work for several employers, that of the
same writer.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from peer_ledger.evaluation._stated_bounds import Completed, completed, goes_on, has_one_beginning
from peer_ledger.records import Document, Quantity
from peer_ledger.reports._remarks import Remark
from peer_ledger.values.dates import MONTHS

_Later = tuple[list[date], list[Remark]]
"""The days of documents in order, and why each does not count."""

_Stated = tuple[bool, Completed]
"""Whether a time is stated in days, and not in months; and how much of it is complete."""


class OtherPapers:
    """
    Documents of one kind that do not count because of what they state.

    Args:
        papers: The documents in the order of their days, each with why it does not count.
        as_of: The day on which they are looked at, not before their own days.
    """

    def __init__(self, papers: Sequence[tuple[Document, Remark]], as_of: date) -> None:
        self._papers, self._as_of = papers, as_of
        self._settling: dict[_Stated, Remark | None] = {}

    def replace(self, document: Document) -> bool:
        """Return whether one of them is later than a document and says that its time has ended in between."""
        is_over = goes_on(document) == "perhaps" and has_one_beginning(document)
        return is_over and bool(self._papers) and self._papers[-1][0].on > document.on

    def settling(self, document: Document) -> Remark | None:
        """Return why the first of them does not count that settles what a document leaves open; `None` without one."""
        if goes_on(document) == "surely":
            stated = self._complete(document)
            if stated is not None and stated not in self._settling:
                self._settling[stated] = self._within(stated)
            return None if stated is None else self._settling[stated]
        days, why_not = self._by_writer.get(None if has_one_beginning(document) else document.by or "", ([], []))
        place = bisect_right(days, document.on)
        return why_not[place] if place < len(days) else None

    def _within(self, stated: _Stated) -> Remark | None:
        """Return why the first of them does not count that a time does not contradict."""
        in_days, one = stated
        for (other_in_days, other), why_not in self._by_time.items():
            if in_days is other_in_days and one.least <= other.most and other.least <= one.most:
                return why_not
        return None

    @cached_property
    def _by_time(self) -> dict[_Stated, Remark]:
        """Why the first of them does not count that states a time, by the time, in their order."""
        found: dict[_Stated, Remark] = {}
        for document, why_not in self._papers:
            stated = self._complete(document)
            if stated is not None:
                found.setdefault(stated, why_not)
        return found

    @cached_property
    def _by_writer(self) -> dict[str | None, _Later]:
        """Their days and why they do not count, by writer; of all of them for `None`."""
        found: dict[str | None, _Later] = {}
        for document, why_not in self._papers:
            for whose in (None, document.by) if document.by is not None else (None,):
                days, each = found.setdefault(whose, ([], []))
                days.append(document.on)
                each.append(why_not)
        return found

    def _complete(self, document: Document) -> _Stated | None:
        """Return how much is complete of the time that a document states; `None` where it states none."""
        value = document.value
        found = completed(document, value.unit, self._as_of) if isinstance(value, Quantity) else None
        return None if found is None or not isinstance(value, Quantity) else (value.unit not in MONTHS, found)
