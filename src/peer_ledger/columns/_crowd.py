"""
Headlines of many people at once: sums over columns, counts of rows, and one look at each pattern that they come to.

Whoever is out of the ordinary is left to be answered from records: people with several ids, with a filing, a ruling or
anything else but trainings, acts and documents, with trainings that may be one, or with rules that no sum decides.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from peer_ledger.columns._about import Part
from peer_ledger.columns._counts import DocumentRows
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._memory import Memory
from peer_ledger.columns._seen import TrainingShapes
from peer_ledger.columns._some import Some
from peer_ledger.columns._standing import Situations, Standing
from peer_ledger.columns._telling import Telling, Told
from peer_ledger.columns._trainings import Trainings
from peer_ledger.evaluation._crowds import Crowds, Situation
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.presenting.tables import Cell
from peer_ledger.reports import Report

ORDINARY = frozenset({"trainings", "certifications", "documents"})
"""The tables of which rows may be about somebody who is answered from columns."""

MOST_SITUATIONS = 20_000
"""How many situations are remembered."""


class Crowd:
    """
    Answers about people from columns.

    Args:
        crowds: What decides headlines.
        shapes: What is seen of trainings.
        row: Returns the cells of the headline of a report by column, and its days.
        tells_questions: Whether the open questions are told, too.
    """

    def __init__(
        self,
        crowds: Callable[[], Crowds],
        shapes: TrainingShapes,
        row: Callable[[Report], tuple[dict[str, Cell], dict[str, date | None]]],
        *,
        tells_questions: bool,
    ) -> None:
        self._new, self._shapes, self._row, self._tells_questions = crowds, shapes, row, tells_questions
        self._begin()

    def _begin(self) -> None:
        self._crowds = self._new()
        self._standing = Standing(self._crowds)
        self._memory = Memory(self._crowds, self._shapes, self._row, tells_questions=self._tells_questions)

    def told(
        self,
        part: Part,
        trainings: Trainings | None,
        without: Callable[..., Dossier],
        report: Callable[[int], Report],
    ) -> Iterator[Told]:
        """
        Yield the headlines of those people of a part who can be answered from columns.

        Args:
            part: The rows about them.
            trainings: Their trainings; `None` where there is no such table.
            without: Returns what is on file about the person at a place, without what is in some tables.
            report: Returns the report on that person.
        """
        np = numpy()
        if len(self._crowds.situations) > MOST_SITUATIONS:
            self._begin()
        documents = DocumentRows.of(part, self._crowds)
        wanted = _ordinary(part) & ~(documents.are_spent & self._standing.hold_others(part))
        if trainings is not None:
            wanted &= ~trainings.takes_records
        found = self._standing.of(part, np.flatnonzero(wanted), without)
        for some in self._by_layout(found):
            yield from Telling(self._memory, some, trainings, documents, report).told()

    def _by_layout(self, found: Situations) -> Iterator[Some]:
        np = numpy()
        all_situations = self._crowds.situations
        there = np.flatnonzero(found.numbers >= 0)
        layouts: dict[int, dict[int, Situation]] = {}
        for number in np.unique(found.numbers[there]).tolist():
            situation = all_situations[number]
            layouts.setdefault(id(situation.layout), {})[number] = situation
        for of_layout in layouts.values():
            places = there[np.isin(found.numbers[there], list(of_layout))]
            yield Some(of_layout, places, found)


def _ordinary(part: Part) -> Any:
    """Return about whom nothing is said but in the usual tables, as an array."""
    np = numpy()
    found = np.ones(len(part.people), dtype=bool)
    for name, together in part.tables.items():
        if name not in ORDINARY:
            found[np.diff(together.bounds) > 0] = False
    if part.ids:
        found[[place for place, person in enumerate(part.people) if person in part.ids]] = False
    return found
