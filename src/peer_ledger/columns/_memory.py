"""
What is remembered while many people are answered from columns.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from peer_ledger.columns._lanes import LaneColumns
from peer_ledger.columns._seen import TrainingShapes
from peer_ledger.evaluation._crowds import Crowds, Possible, Situation
from peer_ledger.evaluation._layout import Layout
from peer_ledger.presenting.tables import Cell
from peer_ledger.reports import Report


class Answer(NamedTuple):
    """
    What is said of everybody in a situation whose hours and documents can be the same.

    Attributes:
        row: The cells by column, but those that hold days.
        days: The place of the day in each column of days, among the days that the states follow from.
        are_hours_decided: Whether the outcome of the hours is.
    """

    row: Mapping[str, Cell]
    days: Mapping[str, int]
    are_hours_decided: bool


class Memory:
    """
    What was found out about situations and layouts.

    Args:
        crowds: What decides headlines.
        shapes: What is seen of trainings.
        row: Returns the cells of the headline of a report by column, and its days.
        tells_questions: Whether the open questions are told, too.

    Attributes:
        crowds: What decides headlines.
        tells_questions: Whether the open questions are told, too.
    """

    def __init__(
        self,
        crowds: Crowds,
        shapes: TrainingShapes,
        row: Callable[[Report], tuple[dict[str, Cell], dict[str, date | None]]],
        *,
        tells_questions: bool,
    ) -> None:
        self.crowds, self._shapes, self._row, self.tells_questions = crowds, shapes, row, tells_questions
        self._columns: dict[int, LaneColumns] = {}
        self._possible: dict[Possible, int] = {}
        self._answers: dict[tuple[int, int], Answer] = {}

    def columns(self, layout: Layout) -> LaneColumns:
        """Return the lanes of a layout, which the situations hold on to."""
        found = self._columns.get(id(layout))
        if found is None:
            found = self._columns[id(layout)] = LaneColumns(layout)
        return found

    def number(self, possible: Possible) -> int:
        """Return the number of what hours and documents can be."""
        return self._possible.setdefault(possible, len(self._possible))

    def answer(self, situation: Situation, number: int, possible: Possible) -> Answer:
        """Return what is said of everybody in a situation whose hours and documents can be this."""
        found = self._answers.get((situation.number, number))
        if found is None:
            report = self.crowds.report(situation, possible)
            cells, days = self._row(report)
            found = Answer(
                cells,
                {name: situation.draft.place_of[day] for name, day in days.items()},
                are_hours_decided=report.hours_outcome != "undetermined",
            )
            self._answers[situation.number, number] = found
        return found

    @property
    def kinds(self) -> int:
        """How many kinds of training are known."""
        return len(self._shapes.kinds.examples)

    @property
    def grain(self) -> int:
        """How many units of an amount an hour has."""
        grain: int = self._shapes.kinds.grain
        return grain
