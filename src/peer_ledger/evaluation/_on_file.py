"""
How what answers under single readings count on file comes out for one person.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._documents import DocumentsTally
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._paid_for import PAID, may_be_paid_for_another
from peer_ledger.evaluation._quick import count_of
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._variants import NotShared, VariantsOnDays
from peer_ledger.evaluation._windows import Days
from peer_ledger.records import Document
from peer_ledger.reports import Result
from peer_ledger.rules import DOCUMENTS_ON_FILE, UNKNOWN_WRITERS, Documents
from peer_ledger.values._cached import cached_property


class Counted(NamedTuple):
    """
    How documents that are counted come out.

    Attributes:
        same: How the requirement stands if there are no others, and those without a writer are by the same one.
        different: How it stands if there are no others, and those are by different ones.
        is_by_writer: Whether the question arises.
        is_covered: Whether all documents are known to be on file.
    """

    same: Result
    different: Result
    is_by_writer: bool
    is_covered: bool


class OnFile:
    """
    How what is counted comes out for one person.

    Args:
        scenarios: The answers for one person and day.
        found: What is counted.
        windows: The days of each of its stretches.
        grants: The person's grants.

    Raises:
        NotShared: Some of it may have been paid for another certificate.
    """

    def __init__(
        self, scenarios: Scenarios, found: VariantsOnDays, windows: Sequence[Days], grants: tuple[Grant, ...]
    ) -> None:
        self._scenarios, self._found, self._windows, self._grants = scenarios, found, windows, grants
        self._history = scenarios.history
        self._counted: dict[int, Counted] = {}
        self._by_kind: dict[str, list[Document]] = {}
        for document in self._history.documents:
            self._by_kind.setdefault(document.kind, []).append(document)
        paid = {count.kind for count, _ in found.variants.counts if count.kind in PAID and self._of_kind(count.kind)}
        if any(may_be_paid_for_another(kind, self._history, scenarios.position.rulesets) for kind in paid):
            raise NotShared

    @cached_property
    def all(self) -> list[Counted]:
        """How everything that is counted comes out."""
        return [self._at(place) for place in range(len(self._found.variants.counts))]

    @property
    def is_stated(self) -> bool:
        """Whether it matters what some of the documents state."""
        return any(count.is_stated and self._of_kind(count.kind) for count, _ in self._found.variants.counts)

    def result(self, place: int, taken: Mapping[str, str]) -> Result:
        """Return how a requirement stands under some readings."""
        counted = self._at(place)
        found = counted.different if taken[UNKNOWN_WRITERS.id] == "different" else counted.same
        is_elsewhere = not counted.is_covered and taken[DOCUMENTS_ON_FILE.id] == "not-all"
        return "met" if is_elsewhere else found

    def asked(self, place: int, taken: Mapping[str, str]) -> Iterator[str]:
        """Yield the questions that arise because of what is on file."""
        counted = self._at(place)
        if counted.is_by_writer:
            yield UNKNOWN_WRITERS.id
        found = counted.different if taken[UNKNOWN_WRITERS.id] == "different" else counted.same
        if found != "met" and not counted.is_covered:
            yield DOCUMENTS_ON_FILE.id

    def _of_kind(self, kind: str) -> list[Document]:
        return self._by_kind.get(kind, [])

    def _at(self, place: int) -> Counted:
        found = self._counted.get(place)
        if found is None:
            found = self._counted[place] = self._count(place)
        return found

    def _count(self, place: int) -> Counted:
        count, _ = self._found.variants.counts[place]
        documents = self._of_kind(count.kind)
        if documents and count.is_stated:
            return self._as_stated(place)
        days, as_of = self._windows[count.stretch], self._found.stretches[count.stretch][2].as_of
        least, most = count_of(documents, count.step, days, as_of, from_different=count.from_different)
        is_covered = least < count.need and self._history.covers("document", days[0], as_of, document_kind=count.kind)
        return Counted(
            "met" if least >= count.need else "short",
            "met" if most >= count.need else "short",
            is_by_writer=least < count.need <= most,
            is_covered=is_covered,
        )

    def _as_stated(self, place: int) -> Counted:
        """Return how documents come out of which it matters what they state."""
        variant, where = self._found.variants.counted_in[place]
        life = self._found.life(variant).with_grants(self._grants)
        context = self._scenarios.finders.context_of(life, variant.full)
        requirement = life.edition.requirements[where] if life.edition is not None else None
        assert isinstance(requirement, Documents), "documents are counted"
        tally = DocumentsTally(context, requirement)
        same, different = (self._under(reading, tally, context, requirement) for reading in ("same", "different"))
        return Counted(
            same.if_all_are_on_file,
            different.if_all_are_on_file,
            is_by_writer=UNKNOWN_WRITERS.id in tally.raised,
            is_covered=tally.is_covered,
        )

    @staticmethod
    def _under(reading: str, tally: DocumentsTally, context: Context, requirement: Documents) -> DocumentsTally:
        """Return how documents come out under a reading of whether unknown writers are the same."""
        if UNKNOWN_WRITERS.id not in tally.raised or context.readings.take(UNKNOWN_WRITERS.id) == reading:
            return tally
        return DocumentsTally(context.under(UNKNOWN_WRITERS.id, reading), requirement)
