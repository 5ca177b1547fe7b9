"""
What is on file about people, from columns: records of training are made only for those who need them.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import cast

from peer_ledger.columns._about import Part
from peer_ledger.columns._seen import TrainingShapes
from peer_ledger.columns._trainings import Trainings
from peer_ledger.evaluation._dossiers import Dossier, Kind, Shared
from peer_ledger.evaluation._training import TrainingByDay
from peer_ledger.ledger._about import About
from peer_ledger.records import Record, TrainingEvent
from peer_ledger.values._cached import cached_property


class ColumnDossier(Dossier):
    """
    Everything on file about one person, of which the trainings are made when they are read.

    Args:
        person: Any of the person's ids.
        about: What is on file, without the trainings.
        shared: The records that belong to no person.
        trainings: Returns the trainings.
        training: The training as the rule set sees it; `None` where that takes the records.
        shapes: What is seen of each shape of trainings.
    """

    def __init__(
        self,
        person: str,
        about: About,
        shared: Shared,
        *,
        trainings: Callable[[], list[TrainingEvent]],
        training: TrainingByDay | None,
        shapes: TrainingShapes,
    ) -> None:
        super().__init__(person, about, shared)
        self._made = trainings
        if training is not None:
            self._training[shapes.kinds] = training

    @property
    def records(self) -> Iterator[Record]:
        """The records on file about the person."""
        return chain(super().records, self._trainings)

    @cached_property
    def _trainings(self) -> list[TrainingEvent]:
        return self._made()

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return cast("list[Kind]", self._trainings) if kind is TrainingEvent else super()._of(kind)


class Dossiers:
    """
    What is on file about each person of a part.

    Args:
        part: The rows about them.
        shared: The records that belong to no person.
        shapes: What is seen of each shape of trainings.

    Attributes:
        trainings: Their trainings; `None` where there is no such table.
    """

    def __init__(self, part: Part, shared: Shared, shapes: TrainingShapes) -> None:
        self._part, self._shared, self._shapes = part, shared, shapes
        together = part.tables.get("trainings")
        self.trainings = None if together is None else Trainings(together, shapes)

    def without(self, place: int, *tables: str) -> Dossier:
        """Return what is on file about the person at a place, as if some tables had no rows."""
        return Dossier(self._part.people[place], self._part.about(place, without=tables), self._shared)

    def of(self, place: int) -> Dossier:
        """Return what is on file about the person at a place."""
        part, person = self._part, self._part.people[place]
        if self.trainings is None:
            return Dossier(person, part.about(place), self._shared)
        return ColumnDossier(
            person,
            part.about(place, without=("trainings",)),
            self._shared,
            trainings=lambda: part.records_in("trainings", place),
            training=self.trainings.of(place),
            shapes=self._shapes,
        )
