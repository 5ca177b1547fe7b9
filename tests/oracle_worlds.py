"""
What may have been: a person's records, completed in every way that they leave open, and what the oracle says of each.

The definition is exhaustive.  Every completion is judged by itself, and a component of the answer is decided exactly when
all of them agree.  What is open about trainings and filings:

* whether two trainings are the same course, where the records make that only likely;
* whether two rows that are alike are one training that was entered twice;
* when a filing was sent of which only the receipt is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations, pairwise, product
from math import prod
from typing import Any

import attrs

import oracle_nc
from oracle_nc import Answer, Held, Oracle

MOST_WAYS = 5000
"""Of more ways to group trainings the finest and the coarsest of each part are looked at."""

MOST_BLOCKS = 8
"""
So many trainings that may be one are put together in all ways.  Of more, none of the pairs that are alike is taken to be
the same, or all, or each alone: fewer trainings never make an answer better, so that these tell most of what is decided.
"""


# ---------------------------------------------------------------------------------------------------------- trainings


def differ(one: str | None, other: str | None) -> bool:
    """Whether two details are known and not the same."""
    return None not in {one, other} and one != other


@dataclass
class Looks:
    """What is on file about which course a training was; a `listed` one is in the catalog, perhaps with another title."""

    listed: bool
    course: str | None
    titles: set[str]
    provider: str | None


def plain(title: str | None) -> str | None:
    """A title without its capitals and its spacing."""
    return None if title is None else " ".join(title.casefold().split())


class Trainings:
    """
    The trainings of a person that may count on a day, and which of them are the same.

    Args:
        oracle: The oracle that knows which records stand and whose they are.
        on: The day.
        events: The trainings, where they are known already.
    """

    def __init__(self, oracle: Oracle, on: date, events: Iterable[Any] = ()) -> None:
        self.oracle = oracle
        held = oracle.grant(on)
        early = oracle.readings.get("training-before-2020") == "any-time" and held and held.day < date(2020, 7, 1)
        first = date.min if early else held.day if held else date.max
        mine = events or (event for event in oracle.mine("training-event") if first <= event.completed <= on)
        self.events = sorted(mine, key=lambda event: event.id)
        self.codes = {code.casefold(): course for course in oracle.courses.values() for code in course.codes or ()}
        known = sorted((review for review in oracle.mine("review") if review.on <= on), key=lambda review: review.on)
        last = {review.event: review.decision for review in known}
        self.accepted = {event for event, decision in last.items() if decision in ("approved", "granted")}
        self.rejected = {event for event, decision in last.items() if decision == "rejected"}
        self.seen = {event.id: self.looks(event) for event in self.events}

    def right_ones(self, group: list[Any]) -> list[Any]:
        """
        Of rows of one training those that may be right, each with the details that only others have, or without them.

        Where they say the same, or a reviewer accepted one or rejected all but one, that is one of them.  A row without
        hours, or of the same hours and unknown topics, contradicts nothing by that.
        """
        if len(group) == 1 and group[0].credits is not None:
            return group
        standing = [event for event in group if event.id not in self.rejected] or group
        standing = [event for event in standing if event.id in self.accepted] or standing
        standing = [event for event in standing if not any(self.says_less(event, other) for other in standing)]
        found = {str((self.carried(event), self.seen[event.id].course)): event for event in standing}
        details = ("course", "title", "provider")
        filled = {
            name: next((getattr(event, name) for event in group if getattr(event, name)), None) for name in details
        }
        rows = [attrs.evolve(event, credits=self.credits(event)) for event in found.values()]
        whole = [attrs.evolve(row, **{name: getattr(row, name) or filled[name] for name in details}) for row in rows]
        # What only a row says that is wrong about the hours may be wrong, too, or right.
        return whole + [row for row in rows if row not in whole and len(rows) > 1]

    def with_names(self, rows: Sequence[Any], entered: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
        """
        The rows as they are, and with the courses that two lists name in one training taken for one course.

        Two lists may have a code of their own for a course; or one of them is wrong.
        """
        named = [sorted({course for event in group if (course := self.seen[event.id].course)}) for group in entered]
        several = [names for names in named if len(names) > 1]
        for taken in product((False, True), repeat=len(several)):
            pairs = [pair for names, are_one in zip(several, taken, strict=True) if are_one for pair in pairwise(names)]
            name_of = {name: min(names, key=self.is_unlisted) for names in joined_names(pairs) for name in names}
            yield [attrs.evolve(row, course=name_of.get(self.seen[row.id].course or "", row.course)) for row in rows]

    def is_unlisted(self, course: str) -> tuple[bool, str]:
        """Whether a course is in no catalog, and its name."""
        return course not in self.oracle.courses, course

    def says_less(self, one: Any, other: Any) -> bool:
        """Whether a row of one training leaves out its hours, its topics or its course, and another row agrees and has it."""
        if self.contradict(one, other):
            return False
        ours, theirs = self.carried(one), self.carried(other)
        if self.credits(one) is None:
            return self.credits(other) is not None
        if ours == theirs:
            return self.seen[one.id].course is None and self.seen[other.id].course is not None
        is_vague = [any(topics is None for _, topics in carried) for carried in (ours, theirs)]
        return is_vague == [True, False] and self.hours(one) == self.hours(other)

    def contradict(self, one: Any, other: Any) -> bool:
        """Whether two rows of one training say another delivery, course or provider."""
        a, b = self.seen[one.id], self.seen[other.id]
        return differ(one.delivery, other.delivery) or differ(a.course, b.course) or differ(a.provider, b.provider)

    def credits(self, event: Any) -> Any:
        """The credits of a training, or those of its course."""
        if event.credits is None and event.course in self.oracle.courses:
            return self.oracle.courses[event.course].credits
        return event.credits

    def looks(self, event: Any) -> Looks:
        """Which course a training was, its course filling what it does not say itself."""
        course = self.oracle.courses.get(event.course) or self.codes.get((event.course or "").casefold())
        return Looks(
            listed=course is not None,
            course=course.id if course else event.course and event.course.casefold(),
            titles={plain(title) for title in (event.title, course.title if course else None)} - {None},
            provider=event.provider or (course.provider if course else None),
        )

    def same_course(self, one: Any, other: Any) -> str:
        """
        How two trainings stand to each other as courses: "same", "likely" the same, "unlike", or "different".

        A course of the catalog is certain, and so is a code where the provider does not leave it open.  A title is not:
        equal titles, where nothing else tells the courses apart, are likely to be one course.  Different providers give
        different courses, unless the course is one.
        """
        a, b = self.seen[one.id], self.seen[other.id]
        if a.course and b.course:
            if a.course != b.course:
                return "different"
            if a.listed or a.provider == b.provider:
                return "same"
            is_other = differ(a.provider, b.provider) and a.titles and b.titles and not a.titles & b.titles
            return "different" if is_other else "likely"
        if differ(a.provider, b.provider):
            return "different"
        return "likely" if a.titles & b.titles else "unlike"

    def entered_twice(self, one: Any, other: Any) -> str:
        """
        How two rows stand to each other as rows of one training: "likely" one, "unlike", or "different", never "same".

        They are of one day and one role, and not both accepted by a reviewer.  Two titles are two trainings, unless their
        course is one.  In one list they are alike when they say the same hours of the same topics, and the same course,
        the same title, or no title.  Two lists write the same training differently, and so does one list under two ids
        of a person: an equal title or course is enough, and without a title equal hours are.
        """
        if one.completed != other.completed or one.role != other.role or {one.id, other.id} <= self.accepted:
            return "different"
        a, b = self.seen[one.id], self.seen[other.id]
        lists = [(row.origin and row.origin.source, row.person) for row in (one, other)]
        if lists[0] != lists[1]:
            if a.titles & b.titles or self.same_course(one, other) in ("same", "likely"):
                return "likely"
            if a.titles and b.titles:
                return "different"
            return "likely" if self.hours(one) == self.hours(other) else "unlike"
        ours, theirs = self.carried(one), self.carried(other)
        courses = self.same_course(one, other)
        if ours != theirs or courses == "different" or differ(a.provider, b.provider):
            return "different"
        if courses in ("same", "likely"):
            return "likely"
        if a.titles and b.titles:
            return "different"
        return "unlike" if a.titles or b.titles else "likely"

    def hours(self, event: Any) -> Any:
        """How long a training was."""
        return sum(hours for hours, _ in self.carried(event))

    def carried(self, event: Any) -> list[tuple[Any, list[str] | None]]:
        """What a training carries, in hours: so much on each set of topics, in however many parts it is written down."""
        found: dict[Any, Any] = {}
        for credit in self.credits(event) or ():
            topics = None if credit.topics is None else frozenset(credit.topics)
            hours = oracle_nc.Fraction(credit.amount) * oracle_nc.HOURS_OF.get(credit.unit, 1)
            found[topics] = found.get(topics, 0) + hours
        return sorted(
            ((hours, None if topics is None else sorted(topics)) for topics, hours in found.items()),
            key=str,
        )

    def partitions(self, relation: Any) -> list[list[list[Any]]]:
        """All ways to group trainings in which no group has two that differ, and whatever is certain is together."""
        pairs = {pair: relation(*pair) for pair in combinations(self.events, 2)}
        certain = [pair for pair, found in pairs.items() if found == "same"]
        likely = [pair for pair, found in pairs.items() if found == "likely"]
        apart = list(self._apart(pairs, grouped(self.events, certain)))
        parts = []
        for ids in grouped(self.events, [*certain, *likely]):
            within = [pair for pair in likely if pair[0] in ids]
            parts.append(self._partitions(ids, [pair for pair in certain if pair[0] in ids], within, apart))
        if prod(map(len, parts)) > MOST_WAYS:
            parts = [[min(part, key=len), max(part, key=len)] if len(part) > 1 else part for part in parts]
        return [[group for part in taken for group in part] for taken in product(*parts)]

    @staticmethod
    def _apart(pairs: Mapping[tuple[Any, Any], str], blocks: Sequence[Sequence[Any]]) -> Iterator[set[str]]:
        """
        The pairs that are not the same.

        Of two certain courses all trainings must differ: of one in the catalog a training that does not name its provider
        may be the same as one by a provider, although another one of the course was by somebody else.
        """
        block_of = {event.id: place for place, block in enumerate(blocks) for event in block}
        alike = {
            frozenset({block_of[one.id], block_of[other.id]})
            for (one, other), found in pairs.items()
            if found == "likely"
        }
        for (one, other), found in pairs.items():
            if found == "different" and frozenset({block_of[one.id], block_of[other.id]}) not in alike:
                yield {one.id, other.id}

    @staticmethod
    def _partitions(events: list[Any], certain: Any, likely: Any, apart: list[set[str]]) -> list[list[list[Any]]]:
        """The ways to group some trainings of which none is like any other one."""
        found: dict[Any, list[list[Any]]] = {}
        blocks = grouped(events, certain)
        for groups in (
            set_partitions(blocks, likely) if len(blocks) <= MOST_BLOCKS else some_ways(events, certain, likely)
        ):
            key = tuple(tuple(event.id for event in group) for group in groups)
            together = [set(ids) for ids in key if len(ids) > 1]
            if not any(pair <= ids for ids in together for pair in apart):
                found[key] = groups
        return list(found.values())


def set_partitions(blocks: list[list[Any]], likely: Any) -> Iterator[list[list[Any]]]:
    """All ways to put blocks together, each group connected by likely pairs."""
    if not blocks:
        yield []
        return
    first, *rest = blocks
    for size in range(len(rest) + 1):
        for chosen in combinations(range(len(rest)), size):
            together = [*first, *(event for place in chosen for event in rest[place])]
            ids = {event.id for event in together}
            inner = [pair for pair in likely if {pair[0].id, pair[1].id} <= ids]
            within = [
                (one, other) for block in (first, *(rest[place] for place in chosen)) for one, other in pairwise(block)
            ]
            if len(grouped(together, [*within, *inner])) == 1:
                others = [block for place, block in enumerate(rest) if place not in chosen]
                for groups in set_partitions(others, likely):
                    yield [together, *groups]


def some_ways(events: list[Any], certain: Any, likely: Any) -> Iterator[list[list[Any]]]:
    """The ways in which none of the likely pairs is the same, all of them are, or one alone."""
    count = len(likely)
    alone = [tuple(at == one for at in range(count)) for one in range(count)]
    for taken in [(False,) * count, (True,) * count, *alone]:
        yield grouped(events, [*certain, *(pair for pair, same in zip(likely, taken, strict=True) if same)])


def joined_names(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Names in groups, those of each pair together."""
    groups: list[set[str]] = []
    for pair in pairs:
        apart = [group for group in groups if group.isdisjoint(pair)]
        groups = [*apart, set(pair).union(*(group for group in groups if group not in apart))]
    return groups


def grouped(events: Sequence[Any], pairs: Iterable[tuple[Any, Any]]) -> list[list[Any]]:
    """Events in groups, those of each pair together."""
    of = {event.id: {event.id} for event in events}
    for one, other in pairs:
        together = of[one.id] | of[other.id]
        for event_id in together:
            of[event_id] = together
    by_id = {event.id: event for event in events}
    return [[by_id[event_id] for event_id in sorted(ids)] for ids in {min(ids): ids for ids in of.values()}.values()]


def told_apart(oracle: Oracle, on: date) -> Iterator[list[Any]]:
    """
    The records with every training entered once, and with a course of its own or one that it shares.
    """
    trainings = Trainings(oracle, on)
    ids = {event.id for event in trainings.events}
    others = [record for record in oracle.all if record.id not in ids]
    told: set[Any] = set()
    for entered in trainings.partitions(trainings.entered_twice):
        for rows in product(*(trainings.right_ones(group) for group in entered)):
            for kept in trainings.with_names(rows, entered):
                once = Trainings(oracle, on, kept)
                # Where a course counts each time, it does not matter which trainings are of one.
                counts_once = oracle.readings["repeats"] == "once"
                for courses in once.partitions(once.same_course) if counts_once else [[[event] for event in kept]]:
                    # Two ways that join and keep the same are one.
                    key = frozenset(frozenset((event.id, event.credits) for event in group) for group in courses)
                    if key in told:
                        continue
                    told.add(key)
                    named = {event.id: group[0].id for group in courses for event in group}
                    yield [*others, *(decided(event, named[event.id]) for event in kept)]


def decided(event: Any, course: str) -> Any:
    """A training of a course by another name, which no other one has that was not said to be the same."""
    return attrs.evolve(event, course=f"course-of-{course}")


# ------------------------------------------------------------------------------------------------------------ filings


def days_sent(records: Sequence[Any], oracle: Oracle, on: date) -> Iterator[tuple[list[Any], bool]]:
    """
    The records with a day sent in every filing for a renewal, and whether these are the days that are assumed.

    When filings were sent is one question: all of them in time, which is assumed, all of them late, or each on the day of
    its receipt.
    """
    filings = [filing for filing in oracle.mine("filing") if filing.sent is None and filing.step == "renewal"]
    ids = {filing.id for filing in filings}
    others = [record for record in records if record.id not in ids]
    ways = [*zip(*(possible_days(filing, oracle, on) for filing in filings), strict=True)] if filings else [()]
    for days in dict.fromkeys(ways):
        sent = (attrs.evolve(filing, sent=day) for filing, day in zip(filings, days, strict=True))
        yield [*others, *sent], days == ways[0]


def possible_days(filing: Any, oracle: Oracle, on: date) -> tuple[date, date, date]:
    """
    The days on which a filing may have been sent: in time, late, or when it was received.

    What was filed online was received when it was sent.  What was received in time was sent in time, and is taken to have
    been sent on that day.  What was received later was sent on the last day on which it was in time, or on the last one on
    which it could be filed late, or when it was received.
    """
    arrived: date = filing.received
    method = filing.method or "unsaid"
    held = oracle.grant(on)
    if held is None or method == "online" or not held.due < arrived <= on:
        return arrived, arrived, arrived
    open_days = (arrived - number * oracle_nc.ONE_DAY for number in range((arrived - held.due).days))
    last = next((day for day in open_days if oracle.is_open(held.due, day, method)), arrived)
    return held.due, last, arrived


# ----------------------------------------------------------------------------------------------------------- together


@dataclass
class Worlds:
    """
    The answers about everything that may be so, one for each world.

    Attributes:
        answers: They all.
        on_file: Since when each filing is shown as pending, by its id: since it was sent or, where that is not on file, since
            it arrived.
    """

    answers: list[Answer]
    on_file: Mapping[str, date]

    def values(self, name: str) -> set[Any]:
        """What a component may be."""
        return {getattr(answer, name) for answer in self.answers}

    @cached_property
    def is_renewal(self) -> bool:
        """Whether the next step is a renewal whatever is so."""
        return self.values("step") == {"renewal"}

    @cached_property
    def assumed(self) -> list[Answer]:
        """The answers if filings were sent when they are assumed to have been."""
        return [answer for answer in self.answers if answer.as_assumed]

    def since(self, answer: Answer) -> date | None:
        """Since when an answer says that a filing is pending."""
        return None if answer.filing is None else self.on_file[answer.filing]

    def shown_as_of(self, day: date | None) -> list[str | None]:
        """The filings that may be meant by one that is pending since a day."""
        return [filing for filing, since in self.on_file.items() if since == day] if day is not None else [None]

    def judging(self, filing: str | None) -> "Worlds":
        """What is said in those worlds in which a filing is judged."""
        return Worlds([answer for answer in self.assumed if answer.filing == filing], self.on_file)

    def of_filing(self, filing: str | None) -> "Worlds":
        """What is said of a filing, in those worlds, too, in which another one is judged."""
        each = [filed for answer in self.assumed for filed in answer.each or [answer] if filed.filing == filing]
        return Worlds(each, self.on_file)

    def held(self, requirement: str) -> list[Held | None]:
        """How a requirement may stand."""
        return [answer.findings.get(requirement) for answer in self.answers]


def worlds(records: Sequence[Any], person: str, readings: Sequence[Mapping[str, str]], on: date) -> Worlds:
    """
    Judge everything that may be so, under all readings that are given.
    """
    found: list[Answer] = []
    for taken in readings:
        oracle = Oracle(records, person, taken)
        for one in told_apart(oracle, on):
            for dated, as_assumed in days_sent(one, Oracle(one, person, taken, like=oracle), on):
                for answer in Oracle(dated, person, taken, like=oracle).answers(on):
                    answer.as_assumed = as_assumed
                    found.append(answer)
    filings = Oracle(records, person, readings[0]).mine("filing")
    return Worlds(found, {filing.id: filing.sent or filing.received for filing in filings})
