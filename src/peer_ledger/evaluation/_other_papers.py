"""
What other documents of a kind say of a time that a document leaves open, or that has ended since.

What grows surely is what all documents allow, where they do not contradict each other.  Of what may have ended, the
last word counts: of a time with one beginning anybody's, of others, such as work for several employers, that of the
same writer.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from peer_ledger.evaluation._stated_bounds import Completed, completed, goes_on, has_one_beginning
from peer_ledger.records import Document
from peer_ledger.reports._remarks import Remark
from peer_ledger.values._cached import cached_property

_Later = tuple[list[date], list[Remark]]
"""The days of documents in order, and why each does not count."""


class OtherPapers:
    """
    Documents of one kind that do not count because of what they state.

    Args:
        papers: The documents in the order of their days, each with why it does not count.
        as_of: The day on which they are looked at, not before their own days.
    """

    def __init__(self, papers: Sequence[tuple[Document, Remark]], as_of: date) -> None:
        self._papers, self._as_of = papers, as_of
        self._settling: dict[Completed, Remark | None] = {}

    def replace(self, document: Document) -> bool:
        """Return whether one of them is later than a document and says that its time has ended in between."""
        is_over = goes_on(document) == "perhaps" and has_one_beginning(document)
        return is_over and bool(self._papers) and self._papers[-1][0].on > document.on

    def settling(self, document: Document) -> Remark | None:
        """Return why the first of them does not count that settles what a document leaves open; `None` without one."""
        if goes_on(document) == "surely":
            months = self._months_of(document)
            return None if months is None else self._within(months)
        days, why_not = self._by_writer.get(None if has_one_beginning(document) else document.by or "", ([], []))
        place = bisect_right(days, document.on)
        return why_not[place] if place < len(days) else None

    def _within(self, months: Completed) -> Remark | None:
        """Return why the first of them does not count that a time does not contradict, given its complete months."""
        if months not in self._settling:
            not_contradicted = (
                why_not
                for other, why_not in self._by_time.items()
                if months.least <= other.most and other.least <= months.most
            )
            self._settling[months] = next(not_contradicted, None)
        return self._settling[months]

    @cached_property
    def _by_time(self) -> dict[Completed, Remark]:
        """Why the first of them does not count that states a time, by its complete months, in their order."""
        found: dict[Completed, Remark] = {}
        for document, why_not in self._papers:
            months = self._months_of(document)
            if months is not None:
                found.setdefault(months, why_not)
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

    def _months_of(self, document: Document) -> Completed | None:
        """Return how many months are complete of the time that a document states; `None` where it states days."""
        return completed(document, "month", self._as_of)
