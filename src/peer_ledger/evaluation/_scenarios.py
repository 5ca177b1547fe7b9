"""
The answers for one person and day under every reading of the open questions.

Each part of an answer notes which questions it depends on, and is found again under all readings that agree on them. So
the work grows with the questions that the records touch, not with the number of combinations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, partial

import attrs

from peer_ledger.evaluation import _parts
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decision_tree import DecisionTree, Value
from peer_ledger.evaluation._finders import Finders
from peer_ledger.evaluation._grants import Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._life import Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._outcome import UNDETERMINED, expiry_of, outcome_of, status_of
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._shared_lives import State, States
from peer_ledger.reports import COMPONENTS, Components, DateName, InForce, Standing
from peer_ledger.rules import Readings, RuleSet
from peer_ledger.values.dates import DAY

MOVABLE = frozenset(("due", "late_until", "opens"))
"""The dates that a ruling may move."""


@attrs.frozen(kw_only=True)
class Scenario:
    """
    The answer under one reading of every question.

    Attributes:
        life: The state of the certificate.
        readings: The reading taken of every question.
        verdicts: The results of the requirements.
        asked: The questions that the answer depended on.
        skipped: How many pending filings it passed over, because they lack something.
        components: Its components, by name.
        days: Its dates, by name; `None` for a date that does not exist.
    """

    life: Life
    readings: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    asked: Mapping[str, None]
    skipped: int
    components: Components
    days: Mapping[DateName, date | None]

    @cached_property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Its components and all dates that exist, by name: what a reader sees of it."""
        days = [(name, str(day)) for name, day in self.days.items() if day is not None]
        return (*((name, self.components[name]) for name in COMPONENTS), *days)


class Scenarios:
    """
    The answers of one rule set for one person on one day.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.

    Attributes:
        position: The rule set, and what the caller says about its questions.
        rules: The rules.
        history: The records.
        questions: All questions that may be asked, by id.
        finders: What finds the parts of its answers.
    """

    def __init__(self, position: Position, history: History) -> None:
        self.position, self.rules, self.history = position, position.known.rules, history
        self.questions = position.known.questions
        self._answers = DecisionTree[Scenario]()
        self._otherwise: dict[tuple[str, str], Scenario] = {}
        self._lives: dict[int, DecisionTree[tuple[Life, InForce]]] = {}
        self._grants = DecisionTree[Grants]()
        self.finders = Finders(position, history)

    @cached_property
    def named(self) -> frozenset[str]:
        """The names a ruling may refer to: requirements, their parts and caps, and the dates that a ruling may move."""
        requirements = [
            requirement
            for procedure in self.rules.procedures
            for edition in procedure.editions
            for requirement in edition.requirements
        ]
        return frozenset(name for requirement in requirements for name in requirement.ids()) | MOVABLE

    def answer(self, taken: Mapping[str, str]) -> Scenario:
        """Return the answer under some readings, with the given or else the assumed reading of every other question."""
        readings = {**self.position.base, **taken, **self.position.given}
        found = self._answers.find(readings)
        if found is None:
            asked = dict[str, None]()
            answer = self._worked_out(readings, asked)
            self._answers.keep(readings, tuple(asked), answer)
            return answer
        return found[1]

    @cached_property
    def assumed(self) -> Scenario:
        """The answer under the given or else the assumed reading of every question."""
        return self.answer({})

    def otherwise(self, question: str, reading: str) -> Scenario:
        """
        Return the answer under another reading of one question, with the same standing, results, hours and days.

        This is the assumed answer itself where nothing that it is made of changes.
        """
        found = self._otherwise.get((question, reading))
        if found is None:
            found = self._otherwise[question, reading] = self._under_another(question, reading)
        return found

    def _under_another(self, question: str, reading: str) -> Scenario:
        assumed, base = self.assumed, self.position.base
        if base[question] == reading:
            return assumed
        kept = self._lives[0].find(base)
        full = {**base, question: reading, **self.position.given}
        if assumed.skipped or kept is None or question in kept[0] or not self._is_same(assumed, full):
            return self.answer({question: reading})
        return assumed

    def _is_same(self, assumed: Scenario, full: Mapping[str, str]) -> bool:
        """Return whether the days and verdicts of an answer are the same under other readings, given the same life."""
        finders, life, days = self.finders, assumed.life, assumed.days
        if finders.earning_days(life)(full)[1] != (days["earning_begins"], days["earning_ends"]):
            return False
        return all(
            _weight(verdict) == _weight(finders.verdict(life, place)(full)[1])
            for place, verdict in enumerate(assumed.verdicts)
        )

    def leaves(self) -> tuple[list[tuple[dict[str, str], Scenario]], bool]:
        """Return the answers under all combinations of open readings, and whether all combinations were tried."""
        return self._combinations(lambda taken: (answer := self.answer(taken), answer.asked))

    def matters(self, question: str) -> bool:
        """Return whether the reading of a question changes anything under some combination of all other readings."""
        return self._answers.depends_on(question, readings_of=self._open_readings, seen_as=lambda answer: answer.said)

    def _open_readings(self, question: str) -> tuple[str, ...]:
        """Return the ids of the readings of a question to try: a single one where it leaves nothing undetermined."""
        if question not in self.position.weighing:
            return (self.position.base[question],)
        return tuple(reading.id for reading in self.questions[question].readings)

    def stands(self) -> tuple[Standing, InForce, frozenset[date]]:
        """Return the standing, whether it is in force, and the days on which the passing of time may change either."""
        states, lives = self.lives
        standings, forces, complete = {life.standing for life in lives}, {state.force for state in states.all}, True
        days = {
            day
            for life in lives
            if life.grant
            for day in (
                life.grant.day, life.grant.due, life.timely_until, life.late_until, life.closes, life.in_force_until,
                life.reinstate_until,
            )
        }  # fmt: skip
        if any(life.later for life in lives):
            # Which filing is looked at depends on what each of them lacks, and that may change on any day.
            leaves, complete = self.leaves()
            standings = {leaf.components["standing"] for _, leaf in leaves}
            forces = {leaf.components["in_force"] for _, leaf in leaves}
            days = {self.history.on}
        is_decided = states.complete and complete
        return (
            next(iter(standings)) if len(standings) == 1 and is_decided else UNDETERMINED,
            next(iter(forces)) if len(forces) == 1 and is_decided else UNDETERMINED,
            frozenset(day + DAY for day in days if day is not None),
        )

    def grant_days(self) -> frozenset[date]:
        """Return the days of all grants, under any reading."""
        return frozenset(grant.day for life in self.lives[1] for grant in life.grants)

    def _combinations(
        self, under: Callable[[Mapping[str, str]], tuple[Value, Iterable[str]]]
    ) -> tuple[list[tuple[dict[str, str], Value]], bool]:
        """Return the results under every combination of readings that are asked for, and whether all were tried."""
        found: list[tuple[dict[str, str], Value]] = []
        weighing = self.position.weighing
        waiting: list[dict[str, str]] = [{}]
        while waiting:
            if len(found) + len(waiting) > _parts.MOST_COMBINATIONS:
                return found, False
            taken = waiting.pop()
            value, asked = under(taken)
            # A combination grows by the first question that its result depends on and that it does not decide yet.
            untaken = next((question for question in asked if question in weighing and question not in taken), None)
            if untaken is None:
                found.append((taken, value))
            else:
                waiting += [{**taken, untaken: reading.id} for reading in self.questions[untaken].readings]
        return found, True

    def _life(self, taken: Mapping[str, str]) -> tuple[tuple[Life, InForce], Iterable[str]]:
        asked = dict[str, None]()
        readings = {**self.position.base, **taken, **self.position.given}
        tree = self._lives.setdefault(0, DecisionTree())
        return self._noted(tree, readings, asked, None, partial(self._life_under, skip=0)), asked

    def _life_under(self, readings: Readings, *, skip: int) -> tuple[Life, InForce]:
        life = life_on(self.history, self.rules, readings, grants=self._grants_under, skip=skip)
        return life, in_force_on(life, self.rules, readings, self.history.on)

    def _grants_under(self, history: History, rules: RuleSet, readings: Readings) -> Grants:
        found = self._grants.find(readings.taken)
        if found is None:
            apart = readings.at(None)
            grants = grants_on(history, rules, apart)
            found = apart.asked, grants
            self._grants.keep(readings.taken, *found)
        readings.note(found[0])
        return found[1]

    def _worked_out(self, full: Mapping[str, str], asked: dict[str, None]) -> Scenario:
        found = self._filed(full, asked, 0)
        best = found
        while found.life.later:
            if found.components["outcome"] == "met":
                return found
            found = self._filed(full, asked, found.skipped + 1)
            is_worse = found.components["outcome"] == "short" and best.components["outcome"] == UNDETERMINED
            best = best if is_worse else found
        return best

    def _filed(self, full: Mapping[str, str], asked: dict[str, None], skip: int) -> Scenario:
        """Return the answer that looks at the first pending filing after some, or at the last."""
        tree = self._lives.setdefault(skip, DecisionTree())
        life, force = self._noted(tree, full, asked, None, partial(self._life_under, skip=skip))
        verdicts = tuple(self._verdicts_under(full, asked, life))
        questions, (begins, ends) = self.finders.earning_days(life)(full)
        asked.update(dict.fromkeys(questions))
        outcome = outcome_of(life, [verdict.result for verdict in verdicts])
        return Scenario(
            life=life,
            readings=full,
            verdicts=verdicts,
            asked=asked,
            skipped=skip,
            components={
                "standing": life.standing,
                "in_force": force,
                "outcome": outcome,
                "hours": outcome_of(life, [verdict.result for verdict in verdicts if verdict.subject == "hours"]),
                "documents": outcome_of(
                    life, [verdict.result for verdict in verdicts if verdict.subject == "documents"]
                ),
                "status": status_of(life, outcome, self.history.on, self.rules.notice_days),
            },
            days={**days_of(life), "earning_begins": begins, "earning_ends": ends},
        )

    def _verdicts_under(self, full: Mapping[str, str], asked: dict[str, None], life: Life) -> Iterator[Verdict]:
        """Yield the result of each requirement of the edition."""
        for place, _ in enumerate(life.edition.requirements if life.edition is not None else ()):
            questions, verdict = self.finders.verdict(life, place)(full)
            asked.update(dict.fromkeys(questions))
            yield verdict

    def earning_if_filed_again(self, scenario: Scenario) -> date | None:
        """Return the last day on which training counts for another filing; `None` where there is none."""
        life = attrs.evolve(scenario.life, filing=None, as_of=self.history.on)
        return self.finders.earning_days(life)(scenario.readings)[1][1]

    def context(self, scenario: Scenario) -> Context:
        """Return the records and readings of an answer."""
        return self.finders.context_of(scenario.life, scenario.readings)

    @cached_property
    def assumed_life(self) -> Life:
        """The state of the certificate under the assumed readings."""
        if self._shared is not None:
            states, lives = self._shared
            base = self.position.base.items()
            return next(life for state, life in zip(states.all, lives, strict=True) if state.taken.items() <= base)
        return self._life({})[0][0]

    @cached_property
    def _shared(self) -> tuple[States, list[Life]] | None:
        """The states of the certificate, found again for another person; `None` where they are the person's own."""
        return self.position.lives.of(self.history, self._grants_under, lambda: self._combinations(self._life))

    @cached_property
    def lives(self) -> tuple[States, list[Life]]:
        """
        The states of the certificate under all combinations of open readings, each with the person's own grants.

        The states may be shared with everybody who is in the same ones.
        """
        if self._shared is not None:
            return self._shared
        found, complete = self._combinations(self._life)
        states = [State(taken, life, force) for taken, (life, force) in found]
        return States(states, complete=complete), [state.life for state in states]

    def _noted(
        self,
        tree: DecisionTree[Value],
        full: Mapping[str, str],
        asked: dict[str, None],
        deciding: date | None,
        work: Callable[[Readings], Value],
    ) -> Value:
        """Return a part of the answer, found again or worked out, and add the questions it depended on to `asked`."""
        found = tree.find(full)
        if found is None:
            readings = Readings.known(self.questions, full, deciding=deciding)
            value = work(readings)
            found = readings.asked, value
            tree.keep(full, *found)
        asked.update(dict.fromkeys(found[0]))
        return found[1]


def _weight(verdict: Verdict) -> tuple[str, str, Fraction]:
    """Return what of a verdict is seen in an answer."""
    if verdict.result == "short" and isinstance(verdict, QuickHours | HoursCheck):
        return verdict.subject, verdict.result, verdict.short
    return verdict.subject, verdict.result, Fraction(0)


def days_of(life: Life) -> dict[DateName, date | None]:
    """Return the dates of a certificate by name, apart from the days on which training counts."""
    return {
        "due": life.grant.due if life.grant and life.step in ("renewal", "reinstatement") else None,
        "expiry": expiry_of(life),
        "timely_until": life.timely_until if life.grant and life.timely_until != life.grant.due else None,
        "late_until": life.late_until,
        "reinstate_until": life.reinstate_until,
        "opens": life.opens,
    }
