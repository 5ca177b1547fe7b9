"""
Headlines of many people at once: sums over columns, counts of rows, and one look at each pattern that they come to.

Whoever is out of the ordinary is left to be answered from records: people with several ids, with a filing, a ruling or
anything else but trainings, acts and documents, with trainings that may be one, or with rules that no sum decides.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from peer_ledger.columns._about import Part
from peer_ledger.columns._codes import Coded, paired
from peer_ledger.columns._counts import DocumentRows
from peer_ledger.columns._lanes import LaneColumns
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._standing import Situations, Standing
from peer_ledger.columns._trainings import MANY_DAYS, Trainings, TrainingShapes
from peer_ledger.evaluation._crowds import Crowds, Days, Possible, Situation, fields_of
from peer_ledger.evaluation._history import Dossier
from peer_ledger.evaluation._hours_program import HoursProgram
from peer_ledger.evaluation._patterns import Filed, Layout, Pattern
from peer_ledger.evaluation._training import Sums
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import Cell
from peer_ledger.reports import DateName, Report
from peer_ledger.rules import RelativeDate

ORDINARY = frozenset({"trainings", "certifications", "documents"})
"""The tables of which rows may be about somebody who is answered from columns."""

MOST_SITUATIONS = 20_000
"""How many situations are remembered."""

_FIRST, _LAST = 0, MANY_DAYS - 1
_WORDS = ("met", "open", "short")
_RESULTS = (*_WORDS, "undetermined", "not asked")


class Told(NamedTuple):
    """
    The headlines of some people: of each part the different values, and which of them is that of each person.

    Attributes:
        places: The people's places in the part.
        rows: What is said of a person apart from what follows.
        earning_begins: The first day on which training counts; `None` where there is none.
        earning_ends: The last day on which training counts.
        hours_short: The hours that are missing; `None` where that is undetermined.
    """

    places: Any
    rows: Coded
    earning_begins: Coded
    earning_ends: Coded
    hours_short: Coded


class Answer(NamedTuple):
    """
    What is said of everybody in a situation whose hours and documents can be the same.

    Attributes:
        row: The cells.
        are_hours_decided: Whether the outcome of the hours is.
    """

    row: tuple[Cell, ...]
    are_hours_decided: bool


class _Some(NamedTuple):
    """
    People of one layout.

    Attributes:
        layout: The layout.
        places: Their places in the part, as an array.
        situations: The situation of each.
        numbers: The number of each one's situation.
        days: The days of each one's last grant.
    """

    layout: Layout
    places: Any
    situations: dict[int, Situation]
    numbers: Any
    days: Any


class _Window(NamedTuple):
    """
    Some days of each of some people.

    Attributes:
        first: The first day, as a number of the calendar.
        last: The last day.
        begin: The place of the first credit within them, among those of everybody.
        end: The place after the last.
    """

    first: Any
    last: Any
    begin: Any
    end: Any


class Crowd:
    """
    Answers about people from columns.

    Args:
        crowds: What decides headlines.
        shapes: What is seen of trainings.
        row: Returns what is said of a person, given a report.
    """

    def __init__(
        self, crowds: Callable[[], Crowds], shapes: TrainingShapes, row: Callable[[Report], tuple[Cell, ...]]
    ) -> None:
        self._new, self._shapes, self._row = crowds, shapes, row
        self._begin()

    def _begin(self) -> None:
        self._crowds = self._new()
        self._standing = Standing(self._crowds)
        self._columns: dict[int, LaneColumns] = {}
        self._possible: dict[Possible, int] = {}
        self._answers: dict[tuple[int, int], Answer] = {}

    def told(
        self,
        part: Part,
        trainings: Trainings | None,
        dossier: Callable[[int], Dossier],
        report: Callable[[int], Report],
    ) -> Iterator[Told]:
        """
        Yield the headlines of those people of a part who can be answered from columns.

        Args:
            part: The rows about them.
            trainings: Their trainings; `None` where there is no such table.
            dossier: Returns what is on file about the person at a place, without trainings.
            report: Returns the report on that person.
        """
        np = numpy()
        if len(self._crowds.situations) > MOST_SITUATIONS:
            self._begin()
        documents = DocumentRows.of(part, self._crowds)
        wanted = _ordinary(part) & ~documents.are_spent
        if trainings is not None:
            wanted &= ~trainings.takes_records
        found = self._standing.of(part, np.flatnonzero(wanted), dossier)
        for some in self._by_layout(found):
            yield from _Telling(self, some, trainings, documents, report).told()

    def _by_layout(self, found: Situations) -> Iterator[_Some]:
        np = numpy()
        all_situations = self._crowds.situations
        there = np.flatnonzero(found.numbers >= 0)
        layouts: dict[int, dict[int, Situation]] = {}
        for number in np.unique(found.numbers[there]).tolist():
            situation = all_situations[number]
            layouts.setdefault(id(situation.tests.layout), {})[number] = situation
        for of_layout in layouts.values():
            places = there[np.isin(found.numbers[there], list(of_layout))]
            layout = next(iter(of_layout.values())).tests.layout
            yield _Some(layout, places, of_layout, found.numbers[places], found.days[places])

    @property
    def crowds(self) -> Crowds:
        """What decides headlines."""
        return self._crowds

    def columns(self, layout: Layout) -> LaneColumns:
        """Return the lanes of a layout, which the situations hold on to."""
        found = self._columns.get(id(layout))
        if found is None:
            found = self._columns[id(layout)] = LaneColumns(layout)
        return found

    def number(self, possible: Possible) -> int:
        """Return the number of what hours and documents can be."""
        return self._possible.setdefault(possible, len(self._possible))

    def answer(self, situation: Situation, number: int, possible: Possible) -> "Answer":
        """Return what is said of everybody in a situation whose hours and documents can be this."""
        found = self._answers.get((situation.number, number))
        if found is None:
            report = self._crowds.report(situation, possible)
            found = Answer(self._row(report), are_hours_decided=report.hours_outcome != "undetermined")
            self._answers[situation.number, number] = found
        return found

    @property
    def kinds(self) -> int:
        """How many kinds of training are known."""
        return len(self._shapes.kinds.examples)

    @property
    def grain(self) -> int:
        """How many units of an amount an hour has."""
        return self._shapes.kinds.grain


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


class _Telling:
    """The headlines of people of one layout."""

    def __init__(
        self,
        crowd: Crowd,
        some: _Some,
        trainings: Trainings | None,
        documents: DocumentRows,
        report: Callable[[int], Report],
    ) -> None:
        self._crowd, self._crowds, self._some, self._layout = crowd, crowd.crowds, some, some.layout
        self._trainings, self._documents, self._report = trainings, documents, report
        np = numpy()
        self._count = len(some.places)
        self._fine = np.ones(self._count, dtype=bool)
        self._lacking: dict[tuple[int, HoursProgram], Any] = {}
        self._known = sorted(some.situations)
        self._at = np.searchsorted(np.array(self._known), some.numbers)
        self._each = [some.situations[number] for number in self._known]

    def told(self) -> Iterator[Told]:
        """Yield the headlines."""
        np = numpy()
        windows = [self._window(place) for place in range(len(self._layout.stretches))]
        supplies = self._supplies(windows)
        words, codes = self._stands(windows, supplies)
        both, first = paired(codes, self._count)
        fine = self._fine
        possible = np.full(len(first), -1, dtype=np.int64)
        kinds: list[Possible] = []
        for pattern, row in enumerate(first.tolist()):
            rows = np.flatnonzero((both == pattern) & fine) if not fine[row] else [row]
            if len(rows):
                found = self._found(rows[0], words, codes)
                if found is not None:
                    possible[pattern] = len(kinds)
                    kinds.append(found)
        of_people = possible[both]
        told = np.flatnonzero(fine & (of_people >= 0))
        if len(told):
            yield self._answers(told, of_people, kinds, windows, supplies)

    def _answers(
        self, told: Any, of_people: Any, kinds: Sequence[Possible], windows: Sequence[_Window], supplies: list[list[Any]]
    ) -> Told:
        np = numpy()
        numbers = [self._crowd.number(possible) for possible in kinds]
        answers, first = paired([self._at[told], of_people[told]], len(told))
        each = []
        for row in told[first].tolist():
            kind = of_people[row]
            each.append(self._crowd.answer(self._each[self._at[row]], numbers[kind], kinds[kind]))
        begins, ends = self._earning(told)
        is_decided = np.array([answer.are_hours_decided for answer in each], dtype=bool)[answers]
        short = np.where(is_decided, self._short(windows, supplies)[told], -1)
        amounts, of_amounts = np.unique(short, return_inverse=True)
        hours = [None if units < 0 else as_decimal(Fraction(units, self._crowd.grain)) for units in amounts.tolist()]
        rows = Coded(answers, [answer.row for answer in each])
        return Told(self._some.places[told], rows, begins, ends, Coded(of_amounts.reshape(-1), hours))

    def _found(self, row: int, words: list[Any], codes: list[Any]) -> Possible | None:
        """Return how bad hours and documents can be for somebody, by a pattern as the evaluation makes it."""
        values = [int(column[row]) for column in codes]
        pattern: list[object] = []
        place = 0
        for word in words:
            if word == "empty":
                pattern.append(bool(values[place]))
                place += 1
            elif word == "count":
                pattern.append(values[place])
                place += 1
            elif word == "other":
                pattern.append(_RESULTS[values[place]])
                place += 1
            else:
                pattern.append(tuple([_WORDS[value] for value in values[place : place + word]]))
                place += word
        made: Pattern = tuple(pattern)
        person = int(self._some.places[row])
        return self._crowds.possible(self._each[self._at[row]], made, lambda: self._report(person))

    def _window(self, place: int) -> _Window:
        """Return the days of a stretch for everybody, and where they are among the credits."""
        np = numpy()
        stretch = self._layout.stretches[place]
        first, last = self._days((stretch.begins, stretch.ends), [each.tests.filed[stretch.filed] for each in self._each])
        as_of = np.array([each.tests.filed[stretch.filed].as_of.toordinal() for each in self._each])[self._at]
        last = np.minimum(last, as_of)
        if self._trainings is None:
            nowhere = np.zeros(self._count, dtype=np.int64)
            return _Window(first, last, nowhere, nowhere)
        keys = self._trainings.keys
        whose = self._some.places * MANY_DAYS
        begin = np.searchsorted(keys, whose + first, side="left")
        end = np.searchsorted(keys, whose + last, side="right")
        return _Window(first, last, begin, np.maximum(begin, end))

    def _days(
        self, points: tuple[RelativeDate | None, RelativeDate | None], filed: Sequence[Filed]
    ) -> tuple[Any, Any]:
        """Return the days that two relative dates name for everybody, as numbers of the calendar."""
        return (
            self._numbers(self._named(points, filed, place=0), _FIRST),
            self._numbers(self._named(points, filed, place=1), _LAST),
        )

    @staticmethod
    def _numbers(named: tuple[list[date | None], Any], otherwise: int) -> Any:
        days, of_people = named
        numbers = [otherwise if day is None else day.toordinal() for day in days]
        return numpy().array(numbers, dtype=numpy().int64)[of_people]

    def _named(
        self, points: tuple[RelativeDate | None, RelativeDate | None], filed: Sequence[Filed], *, place: int
    ) -> tuple[list[date | None], Any]:
        """
        Return the different days that a relative date names, and which of them is that of each person.

        Args:
            points: The first and the last day.
            filed: What days are counted from in each situation, beside the grant.
            place: Which of the two is asked for.
        """
        np = numpy()
        point = points[place]
        different = {one: number for number, one in enumerate(dict.fromkeys(filed))}
        of_situations = np.array(
            [2 * different[one] + (each.grant is None) for one, each in zip(filed, self._each, strict=True)]
        )
        fields = sorted(fields_of(point))
        columns = [self._some.days[:, field] for field in fields]
        both, first = paired([of_situations[self._at], *columns], self._count)
        only = (point, None) if place == 0 else (None, point)
        found: list[date | None] = []
        for row in first.tolist():
            at = self._at[row]
            own = Days(*self._some.days[row].tolist())
            found.append(self._crowds.day(only, self._each[at].grant, own, filed[at])[place])
        return found, both

    def _supplies(self, windows: Sequence[_Window]) -> list[list[Any]]:
        """Return for each stretch what counts within it, for each column of lanes."""
        np, trainings = numpy(), self._trainings
        columns = self._crowd.columns(self._layout)
        if trainings is None:
            kinds = units = np.zeros(0, dtype=np.int64)
            known = 0
        else:
            kinds, units, known = trainings.kinds, trainings.units, self._crowd.kinds
        sums = columns.sums(kinds, units, known)
        return [[column[window.end] - column[window.begin] for column in sums] for window in windows]

    def _stands(self, windows: Sequence[_Window], supplies: list[list[Any]]) -> tuple[list[Any], list[Any]]:
        """Return what a pattern is made of, and its parts for everybody as arrays of numbers."""
        np, layout, columns = numpy(), self._layout, self._crowd.columns(self._layout)
        words, codes = list[Any](), list[Any]()
        for place, (window, supply) in enumerate(zip(windows, supplies, strict=True)):
            words.append("empty")
            codes.append((window.begin == window.end).astype(np.int64))
            programs = layout.sections[place].places
            words.append(len(programs))
            for program in programs:
                is_short = columns.short(program, supply, favorable=False) > 0
                codes.append(is_short.astype(np.int64) + (columns.short(program, supply, favorable=True) > 0) * is_short)
            for program in layout.others[place]:
                words.append("other")
                codes.append(self._allocated(place, program, window))
        for count in layout.counts:
            window = windows[count.stretch]
            words.append("count")
            as_of = [each.tests.filed[layout.stretches[count.stretch].filed].as_of for each in self._each]
            counted, fine = self._documents.count(
                count, self._some.places, window.first, window.last, lambda row, as_of=as_of: as_of[self._at[row]]
            )
            codes.append(counted)
            self._fine &= fine
        return words, codes

    def _allocated(self, place: int, program: HoursProgram, window: _Window) -> Any:
        """Return how a program stands that takes more than a sum, person by person."""
        np = numpy()
        found, short = np.zeros(self._count, dtype=np.int64), np.zeros(self._count, dtype=object)
        for row, (begin, end) in enumerate(zip(window.begin.tolist(), window.end.tolist(), strict=True)):
            verdicts = program.verdicts_of(Sums([], []) if self._trainings is None else self._trainings.within(begin, end))
            if verdicts is None:
                self._fine[row] = False
                continue
            met, unmet = verdicts
            found[row] = _RESULTS.index(met.result if met is unmet else "open")
            taken = met if self._crowds.counts_unrecorded else unmet
            short[row] = taken.short if taken.result == "short" else 0
        self._lacking[place, program] = short
        return found

    def _short(self, windows: Sequence[_Window], supplies: list[list[Any]]) -> Any:
        """Return the units that are missing under the assumed readings."""
        np, layout, columns = numpy(), self._layout, self._crowd.columns(self._layout)
        total = np.zeros(self._count, dtype=np.int64)
        for place, asked, bare in layout.assumed:
            is_empty = windows[place].begin == windows[place].end
            for program, of_whom in ((asked, ~is_empty), (bare, is_empty)):
                if not program.is_asked:
                    continue
                if program in layout.places:
                    number = layout.places[program]
                    short = np.maximum(columns.short(number, supplies[place], favorable=False), 0)
                    if self._crowds.counts_unrecorded:
                        short = np.where(columns.short(number, supplies[place], favorable=True) > 0, short, 0)
                else:
                    short = (self._lacking[place, program] * program.grain).astype(np.int64)
                total += np.where(of_whom, short, 0)
        return total

    def _earning(self, told: Any) -> tuple[Coded, Coded]:
        """Return the first and the last day on which training counts, of some people."""
        found = []
        names: tuple[DateName, DateName] = ("earning_begins", "earning_ends")
        most = max((len(each.tests.earning) for each in self._each), default=0)
        for place, name in enumerate(names):
            seen = [self._named_each(number, place) for number in range(most)]
            lengths = numpy().array([len(each.tests.earning) for each in self._each])[self._at]
            both, first = paired([lengths, *(of_people for _, of_people in seen), *self._lapses(most)], self._count)
            days: list[date | None] = []
            for row in first.tolist():
                earning = self._each[self._at[row]].tests.earning
                each = tuple([seen[number][0][seen[number][1][row]] for number in range(len(earning))])
                days.append(self._crowds.earning_day(name, each, tuple([filed.lapsed_on for _, _, filed in earning])))
            found.append(Coded(both[told], days))
        return found[0], found[1]

    def _named_each(self, number: int, place: int) -> tuple[list[date | None], Any]:
        """Return the days of one of the pairs of relative dates between which training counts, as `_named` does."""
        np = numpy()
        by_points: dict[int, list[int]] = {}
        for at, each in enumerate(self._each):
            earning = each.tests.earning
            point = earning[number][place] if number < len(earning) else None
            by_points.setdefault(id(point), []).append(at)
        days: list[date | None] = []
        of_people = np.zeros(self._count, dtype=np.int64)
        for ats in by_points.values():
            earning = self._each[ats[0]].tests.earning
            if number >= len(earning):
                days.append(None)
                of_people[np.isin(self._at, ats)] = len(days) - 1
                continue
            begins, ends, _ = earning[number]
            filed = [
                each.tests.earning[number][2] if number < len(each.tests.earning) else Filed(self._crowds.on, None)
                for each in self._each
            ]
            some, both = self._named((begins, ends), filed, place=place)
            mask = np.isin(self._at, ats)
            of_people[mask] = both[mask] + len(days)
            days += some
        return days, of_people

    def _lapses(self, most: int) -> Iterator[Any]:
        """Yield numbers that tell the lapses apart that days are counted from."""
        np = numpy()
        for number in range(most):
            lapsed = [
                each.tests.earning[number][2].lapsed_on if number < len(each.tests.earning) else None
                for each in self._each
            ]
            yield np.array([0 if day is None else day.toordinal() for day in lapsed], dtype=np.int64)[self._at]
