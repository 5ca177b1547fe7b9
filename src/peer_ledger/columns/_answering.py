"""
The answers about the people of one part, in this process or in another one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from peer_ledger.columns._about import Part, part_of
from peer_ledger.columns._crowd import Crowd
from peer_ledger.columns._dossiers import Dossiers
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._parts import PartOf
from peer_ledger.columns._rows_of_answers import Also, AnswerRows
from peer_ledger.columns._seen import TrainingShapes
from peer_ledger.columns._shapes import Rejected, Shapes
from peer_ledger.columns._sources import FrameKind
from peer_ledger.columns._tables import Columns
from peer_ledger.columns._telling import Told
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._crowds import Crowds
from peer_ledger.evaluation._dossiers import Dossier, Shared
from peer_ledger.ledger import Basis, Ledger
from peer_ledger.records import Record
from peer_ledger.reports import Report
from peer_ledger.values._collector import collector_paused


class Request(NamedTuple):
    """
    What there is about the people of one part.

    Attributes:
        tables: The rows about them, by table.
        named: People who are there even if no row is about them.
        ids: All ids of each person who has several, by the first.
    """

    tables: dict[str, PartOf]
    named: list[str]
    ids: Mapping[str, frozenset[str]]


class Answered(NamedTuple):
    """
    The answers about the people of one part.

    Attributes:
        people: A row for each person, as a table of Arrow.
        findings: A row for each person and requirement.
        rejected: The rows that were rejected.
        kind: The library of the tables that were given.
    """

    people: Any
    findings: Any
    rejected: list[Rejected]
    kind: FrameKind = "pyarrow"


class Setting(NamedTuple):
    """
    What all answers of one call rest on.

    Attributes:
        asking: What reports on people.
        on: The day.
        columns: The columns of each table.
        shared: The records about nobody in particular.
        gone: The ids of the withdrawn records.
        also: What is told beside the headline.
    """

    asking: Asking
    on: date
    columns: Mapping[str, Columns]
    shared: list[Record]
    gone: frozenset[str]
    also: tuple[Also, ...]


class Answering:
    """
    Answers about people.

    Args:
        setting: What they rest on.
    """

    def __init__(self, setting: Setting) -> None:
        ledger = Ledger()
        ledger.append(setting.shared)
        self._asking, self._on, self._gone = setting.asking, setting.on, setting.gone
        self._shared = Shared(ledger)
        self._trainings = TrainingShapes(setting.asking.position.known.kinds, self._shared)
        self._shapes = {name: Shapes(of_table) for name, of_table in setting.columns.items()}
        self._rows = AnswerRows(setting.asking.rules, setting.also)
        self._crowd = Crowd(
            lambda: Crowds(self._asking, self._on, self._shared),
            self._trainings,
            self._rows.row,
            tells_questions=self._rows.tells_questions,
        )

    def __call__(self, request: Request) -> Answered:
        """Return the answers about the people of a part."""
        with collector_paused():
            read = [(self._shapes[name], rows) for name, rows in request.tables.items()]
            part = part_of(read, gone=self._gone, ids=request.ids, named=request.named)
            dossiers = Dossiers(part, self._shared, self._trainings)
            told = list(self._told(part, dossiers)) if self._rows.is_told_from_columns else []
            left = numpy().ones(len(part.people), dtype=bool)
            for each in told:
                left[each.places] = False
            reports = {place: self._report(dossiers.of(place)) for place in numpy().flatnonzero(left).tolist()}
            people, findings = self._rows.joined(part.people, told, reports, part.rejected)
        return Answered(people, findings, part.rejected)

    def _told(self, part: Part, dossiers: Dossiers) -> Iterator[Told]:
        return self._crowd.told(
            part, dossiers.trainings, dossiers.without, lambda place: self._report(dossiers.of(place))
        )

    def _report(self, dossier: Dossier) -> Report:
        return self._asking.report(dossier, self._on, basis=Basis(known=0))
