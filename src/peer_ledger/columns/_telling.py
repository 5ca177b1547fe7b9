"""
Headlines of people for whom the same is summed and counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from peer_ledger.columns._codes import Coded, paired
from peer_ledger.columns._counts import DocumentRows
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._memory import Answer, Memory
from peer_ledger.columns._some import Some
from peer_ledger.columns._trainings import MANY_DAYS, Trainings
from peer_ledger.evaluation._crowds import Possible
from peer_ledger.evaluation._hours_program import HoursProgram
from peer_ledger.evaluation._layout import NO_PLACE, Pattern
from peer_ledger.evaluation._sums import Sums
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.reports import Report

_WORDS = ("met", "open", "short")
_RESULTS = (*_WORDS, "undetermined", "not asked")


class Told(NamedTuple):
    """
    The headlines of some people: of each part the different values, and which of them is that of each person.

    Attributes:
        places: The people's places in the part.
        rows: What is said of a person apart from what follows, by column.
        days: The days of everybody by column, as numbers of the calendar; 0 where there is none.
        on: The day asked about, likewise.
        hours_short: The hours that are missing; `None` where that is undetermined.
        questions: The ids of the open questions; `None` where they are not told.
    """

    places: Any
    rows: Coded
    days: Mapping[str, Any]
    on: int
    hours_short: Coded
    questions: Coded | None


class Window(NamedTuple):
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


class Telling:
    """
    The headlines of people of one layout.

    Args:
        memory: What was found out before.
        some: The people.
        trainings: The trainings of everybody; `None` where there is no such table.
        documents: The documents of everybody.
        report: Returns the report on the person at a place.
    """

    def __init__(
        self,
        memory: Memory,
        some: Some,
        trainings: Trainings | None,
        documents: DocumentRows,
        report: Callable[[int], Report],
    ) -> None:
        self._memory, self._crowds, self._some, self._layout = memory, memory.crowds, some, some.layout
        self._trainings, self._documents, self._report = trainings, documents, report
        self._count, self._fine = len(some), numpy().ones(len(some), dtype=bool)
        self._lacking: dict[tuple[int, HoursProgram], Any] = {}

    def told(self) -> Iterator[Told]:
        """Yield the headlines."""
        np = numpy()
        windows = [self._window(place) for place in range(len(self._layout.stretches))]
        supplies = self._supplies(windows)
        words, codes = self._stands(windows, supplies)
        both, first = paired(codes, self._count)
        fine = self._fine
        questions = self._questions(words, codes, both) if self._memory.tells_questions else None
        possible = np.full(len(first), -1, dtype=np.int64)
        kinds: list[Possible] = []
        for pattern, row in enumerate(first.tolist()):
            one = self._one_of(both, pattern, row)
            found = None if one is None else self._found(one, words, codes)
            if found is not None:
                possible[pattern] = len(kinds)
                kinds.append(found)
        of_people = possible[both]
        told = np.flatnonzero(fine & (of_people >= 0))
        if len(told):
            answers = self._answers(told, of_people, kinds, windows, supplies)
            yield answers._replace(questions=questions and Coded(questions.codes[told], questions.values))

    def _answers(
        self,
        told: Any,
        of_people: Any,
        kinds: Sequence[Possible],
        windows: Sequence[Window],
        supplies: list[list[Any]],
    ) -> Told:
        np = numpy()
        numbers = [self._memory.number(possible) for possible in kinds]
        answers, first = paired([self._some.at[told], of_people[told]], len(told))
        each = []
        for row in told[first].tolist():
            kind = of_people[row]
            each.append(self._memory.answer(self._some.each[self._some.at[row]], numbers[kind], kinds[kind]))
        is_decided = np.array([answer.are_hours_decided for answer in each], dtype=bool)[answers]
        short = np.where(is_decided, self._short(windows, supplies)[told], -1)
        amounts, of_amounts = np.unique(short, return_inverse=True)
        hours = [None if units < 0 else as_decimal(Fraction(units, self._memory.grain)) for units in amounts.tolist()]
        rows = Coded(answers, [answer.row for answer in each])
        days = self._days(told, answers, each)
        return Told(
            places=self._some.places[told],
            rows=rows,
            days=days,
            on=self._crowds.on.toordinal(),
            hours_short=Coded(of_amounts.reshape(-1), hours),
            questions=None,
        )

    def _days(self, told: Any, answers: Any, each: Sequence[Answer]) -> dict[str, Any]:
        """Return the days of those who are told, by column, given their answers."""
        np = numpy()
        begins, ends = self._some.earning()
        found = {"earning_begins": begins[told], "earning_ends": ends[told]}
        for name in each[0].days.keys() - found.keys():
            places = np.full(self._count, NO_PLACE)
            places[told] = np.array([answer.days[name] for answer in each])[answers]
            found[name] = self._some.days_at(places)[told]
        return found

    def _questions(self, words: list[Any], codes: list[Any], patterns: Any) -> Coded:
        """Return the open questions of everybody, and leave out whoever's the pattern does not say."""
        np, some = numpy(), self._some
        windows = some.same_windows()
        both, first = paired([some.at, patterns, windows.codes], self._count)
        found: list[list[str] | None] = []
        for number, row in enumerate(first.tolist()):
            one = self._one_of(both, number, row)
            found.append(None if one is None else self._questions_of(one, self._pattern(one, words, codes), windows))
        self._fine &= ~np.array([names is None for names in found], dtype=bool)[both]
        return Coded(both, found)

    def _one_of(self, both: Any, number: int, row: int) -> int | None:
        """Return somebody of some people whose answers are decided by sums and counts; `row` where it is they."""
        if self._fine[row]:
            return row
        rows = numpy().flatnonzero((both == number) & self._fine)
        return int(rows[0]) if len(rows) else None

    def _questions_of(self, row: int, pattern: Pattern, windows: Coded) -> list[str] | None:
        """Return the open questions of somebody; `None` where the pattern does not say it."""
        situation, person = self._some.each[self._some.at[row]], int(self._some.places[row])
        same: tuple[int, ...] = windows.values[windows.codes[row]]
        return self._crowds.questions(situation, pattern, same, lambda: self._report(person).questions)

    def _found(self, row: int, words: list[Any], codes: list[Any]) -> Possible | None:
        """Return how bad hours and documents can be for somebody."""
        person = int(self._some.places[row])
        made = self._pattern(row, words, codes)
        return self._crowds.possible(self._some.each[self._some.at[row]], made, lambda: self._report(person))

    @staticmethod
    def _pattern(row: int, words: list[Any], codes: list[Any]) -> Pattern:
        """Return how the sums and counts of somebody come out, as the evaluation makes it."""
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
        return tuple(pattern)

    def _window(self, place: int) -> Window:
        """Return the days of a stretch for everybody, and where they are among the credits."""
        np = numpy()
        first, last = self._some.days_of(place)
        if self._trainings is None:
            nowhere = np.zeros(self._count, dtype=np.int64)
            return Window(first, last, nowhere, nowhere)
        keys = self._trainings.keys
        whose = self._some.places * MANY_DAYS
        begin = np.searchsorted(keys, whose + first, side="left")
        end = np.searchsorted(keys, whose + last, side="right")
        return Window(first, last, begin, np.maximum(begin, end))

    def _supplies(self, windows: Sequence[Window]) -> list[list[Any]]:
        """Return for each stretch what counts within it, for each column of lanes."""
        np, trainings = numpy(), self._trainings
        columns = self._memory.columns(self._layout)
        if trainings is None:
            kinds = units = np.zeros(0, dtype=np.int64)
            known = 0
        else:
            kinds, units, known = trainings.kinds, trainings.units, self._memory.kinds
        sums = columns.sums(kinds, units, known)
        return [[column[window.end] - column[window.begin] for column in sums] for window in windows]

    def _stands(self, windows: Sequence[Window], supplies: list[list[Any]]) -> tuple[list[Any], list[Any]]:
        """Return what a pattern is made of, and its parts for everybody as arrays of numbers."""
        np, layout, columns = numpy(), self._layout, self._memory.columns(self._layout)
        words, codes = list[Any](), list[Any]()
        for place in layout.summed:
            window, supply = windows[place], supplies[place]
            words.append("empty")
            codes.append((window.begin == window.end).astype(np.int64))
            programs = layout.sections[place].places
            words.append(len(programs))
            for number in programs:
                is_short = columns.short(number, supply, favorable=False) > 0
                codes.append(is_short.astype(np.int64) + (columns.short(number, supply, favorable=True) > 0) * is_short)
            for program in layout.others[place]:
                words.append("other")
                codes.append(self._allocated(place, program, window))
        for count in layout.counts:
            window = windows[count.stretch]
            words.append("count")
            as_of = self._some.as_of(count.stretch)
            counted, fine = self._documents.count(count, self._some.places, window.first, window.last, as_of)
            codes.append(counted)
            self._fine &= fine
        return words, codes

    def _allocated(self, place: int, program: HoursProgram, window: Window) -> Any:
        """Return how a program stands that takes more than a sum, person by person."""
        np = numpy()
        found, short = np.zeros(self._count, dtype=np.int64), np.zeros(self._count, dtype=object)
        for row, (begin, end) in enumerate(zip(window.begin.tolist(), window.end.tolist(), strict=True)):
            verdicts = program.verdicts_of(Sums({}) if self._trainings is None else self._trainings.within(begin, end))
            if verdicts is None:
                self._fine[row] = False
                continue
            met, unmet = verdicts
            found[row] = _RESULTS.index(met.result if met is unmet else "open")
            taken = met if self._crowds.counts_unrecorded else unmet
            short[row] = taken.short if taken.result == "short" else 0
        self._lacking[place, program] = short
        return found

    def _short(self, windows: Sequence[Window], supplies: list[list[Any]]) -> Any:
        """Return the units that are missing under the assumed readings."""
        np, layout, columns = numpy(), self._layout, self._memory.columns(self._layout)
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
