"""
The answer for one person and day under every reading of the questions that their records touch.

What a part of the answer asked for is noted while it is worked out, and the part is found again under all readings that
agree in it; so the work grows with what the records touch, not with the number of combinations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

import attrs

from peer_ledger.errors import InvalidData
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decision_tree import Branch, Memo, Value
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._outcome import UNDETERMINED, expiry_of, outcome_of, status_of
from peer_ledger.evaluation._requirements import Verdict, check_requirement
from peer_ledger.records.interchange import MOST_PROBLEMS
from peer_ledger.reports import COMPONENTS, Components, InForce, Standing
from peer_ledger.rules import OF_FACTS, Question, Readings, Requirement, RuleSet, ids_of, questions_of
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._files import digest_of

MOST_COMBINATIONS = 4096
"""How many combinations of open questions are looked at; beyond that everything they touch is undetermined."""

MOST_KNOWN = 256
"""Of how many rule sets is kept what depends on them alone."""

MOVABLE = frozenset(("due", "late_until", "opens"))
"""The dates that a ruling may move."""


@attrs.frozen(kw_only=True)
class Known:
    """
    What depends on a rule set alone.
    """

    rules: RuleSet
    questions: dict[str, Question]
    assumed: dict[str, str]
    digest: str


_KNOWN: dict[int, Known] = {}


def known(rules: RuleSet, *, is_sound: bool = False) -> Known:
    """
    Work out what depends on a rule set alone, once for each object; hashing one costs more than an answer.

    Args:
        rules: The rule set.
        is_sound: Whether it was looked through when it was loaded.

    Raises:
        InvalidData: It is not sound; all that is wrong is listed.
    """
    found = _KNOWN.get(id(rules))
    if found is None or found.rules is not rules:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        if not is_sound and (problems := problems_of(rules)):
            raise InvalidData("rule set", problems[:MOST_PROBLEMS])
        questions = {question.id: question for question in (*questions_of(rules), *OF_FACTS)}
        assumed = {question.id: question.assumed for question in questions.values()}
        found = _KNOWN[id(rules)] = Known(rules=rules, questions=questions, assumed=assumed, digest=digest_of(rules))
    return found


@attrs.frozen(kw_only=True)
class Scenario:
    """
    The answer under one reading of every question.

    Attributes:
        context: What the requirements were held against.
        judged: The requirements, each held against the records.
        asked: The questions that something in it depended on, each with the reading taken.
        components: Its components, by name.
        days: Its dates, by name; `None` where there is none.
        said: Every component and every date there is, by name.
    """

    context: Context
    verdicts: tuple[Verdict, ...]
    asked: Mapping[str, str]
    components: Components
    days: Mapping[str, date | None]
    said: tuple[tuple[str, str], ...] = attrs.field(init=False)

    @said.default
    def _all_said(self) -> tuple[tuple[str, str], ...]:
        days = [(name, str(day)) for name, day in self.days.items() if day is not None]
        return (*((name, self.components[name]) for name in COMPONENTS), *days)

    @property
    def life(self) -> Life:
        """Where the certificate is."""
        return self.context.life


class Scenarios:
    """
    The answers of one rule set for one person on one day.

    Args:
        rules: The rules.
        history: The records.
        given: Questions that are answered.
        strict: Whether a question of little weight leaves the answer undetermined, too.

    Raises:
        InvalidValue: A question or reading given is unknown.
    """

    def __init__(self, rules: Known, history: History, given: Mapping[str, str], *, strict: bool = False) -> None:
        Readings(rules.questions.values(), given)
        self.rules, self.history, self.questions = rules.rules, history, rules.questions
        self._given, self._strict = given, strict
        self._base = {**rules.assumed, **given}
        self._answers = Memo[Scenario]()
        self._lives = Memo[tuple[Life, InForce]]()
        self._verdicts: dict[Any, Memo[Verdict]] = {}

    @cached_property
    def named(self) -> frozenset[str]:
        """What a ruling may be about: requirements, their parts and caps, and the dates that can be moved."""
        requirements = [
            one for step in self.rules.procedures for edition in step.editions for one in edition.requirements
        ]
        return frozenset(name for one in requirements for name in ids_of(one)) | MOVABLE

    def weighs(self, question: str) -> bool:
        """Return whether a question leaves the answer undetermined while it is open."""
        return question not in self._given and (self._strict or self.questions[question].weight == "blocking")

    def is_given(self, question: str) -> bool:
        """Return whether the caller answered a question."""
        return question in self._given

    def answer(self, taken: Mapping[str, str]) -> Scenario:
        """Answer under some readings, the given ones, and otherwise those assumed."""
        readings = {**self._base, **taken, **self._given}
        found = self._answers.find(readings)
        if found is None:
            asked = dict[str, None]()
            answer = self._worked_out(readings, asked)
            self._answers.keep(readings, tuple(asked), answer)
            return answer
        return found[1]

    def leaves(self) -> tuple[list[tuple[dict[str, str], Scenario]], bool]:
        """Return the answers under all combinations of the readings that decide; and whether these were all."""
        return self._combinations(lambda taken: (answer := self.answer(taken), answer.asked))

    def matters(self, question: str) -> bool:
        """Return whether, in some combination of all other readings, another reading of a question changes anything."""
        return self._is_apart(self._answers.root, question, {})

    def _is_apart(self, node: Any, question: str, fixed: dict[str, str]) -> bool:
        """Look below a node for the question, and there whether its readings lead to different answers."""
        if type(node) is not Branch:
            return False
        ways = self._ways(node, fixed)
        if node.question != question:
            return any(self._is_apart(below, question, taken) for taken, below in ways)
        return any(self._differ(ways[0][1], below, fixed) for _, below in ways[1:])

    def _differ(self, one: Any, other: Any, fixed: dict[str, str]) -> bool:
        """Return whether two trees give different answers under some readings on which both agree."""
        if type(one) is Branch:
            return any(self._differ(below, other, taken) for taken, below in self._ways(one, fixed))
        if type(other) is Branch:
            return any(self._differ(one, below, taken) for taken, below in self._ways(other, fixed))
        return bool(one[1].said != other[1].said)

    def _ways(self, node: "Branch", fixed: dict[str, str]) -> list[tuple[dict[str, str], Any]]:
        """Return the ways on from a node, each with the readings taken so far."""
        question = node.question
        if question in fixed:
            return [(fixed, node.below[fixed[question]])]
        if not self.weighs(question):
            return [(fixed, node.below[self._base[question]])]
        return [
            ({**fixed, question: reading.id}, node.below[reading.id]) for reading in self.questions[question].readings
        ]

    def stands(self) -> tuple[Standing, InForce, frozenset[date]]:
        """Return the standing, whether it is in force, and the days on which the calendar alone may change it."""
        leaves, complete = self._combinations(self._life)
        standings = {life.standing for _, (life, _) in leaves}
        forces = {force for _, (_, force) in leaves}
        days = {
            day
            for _, (life, _) in leaves
            if life.grant
            for day in (
                life.grant.day, life.grant.due, life.timely_until, life.late_until, life.in_force_until,
                life.reinstate_until,
            )
        }  # fmt: skip
        return (
            next(iter(standings)) if len(standings) == 1 and complete else UNDETERMINED,
            next(iter(forces)) if len(forces) == 1 and complete else UNDETERMINED,
            frozenset(day + timedelta(days=1) for day in days if day is not None),
        )

    def grant_days(self) -> frozenset[date]:
        """Return the days on which a certificate was granted, by any reading."""
        leaves, _ = self._combinations(self._life)
        return frozenset(grant.day for _, (life, _) in leaves for grant in life.grants)

    def _combinations(
        self, under: Callable[[Mapping[str, str]], tuple[Value, Iterable[str]]]
    ) -> tuple[list[tuple[dict[str, str], Value]], bool]:
        """Look at every combination of readings that makes a difference, as far as there are not too many."""
        found: list[tuple[dict[str, str], Value]] = []
        waiting: list[dict[str, str]] = [{}]
        while waiting:
            if len(found) + len(waiting) > MOST_COMBINATIONS:
                return found, False
            taken = waiting.pop()
            value, asked = under(taken)
            untaken = next((one for one in asked if one not in taken and self.weighs(one)), None)
            if untaken is None:
                found.append((taken, value))
            else:
                waiting += [{**taken, untaken: reading.id} for reading in self.questions[untaken].readings]
        return found, True

    def _life(self, taken: Mapping[str, str]) -> tuple[tuple[Life, InForce], Iterable[str]]:
        asked = dict[str, None]()
        life = self._noted(self._lives, {**self._base, **taken, **self._given}, asked, None, self._life_under)
        return life, asked

    def _life_under(self, readings: Readings) -> tuple[Life, InForce]:
        life = life_on(self.history, self.rules, readings)
        return life, in_force_on(life, self.rules, readings, self.history.on)

    def _worked_out(self, full: Mapping[str, str], asked: dict[str, None]) -> Scenario:
        life, force = self._noted(self._lives, full, asked, None, self._life_under)
        verdicts = tuple(self._verdicts_under(full, asked, life))
        readings = Readings.known(self.questions, full, deciding=life.deciding)
        context = Context(ruleset=self.rules, history=self.history, readings=readings, life=life)
        begins, ends = _earning_days(context)
        asked.update(dict.fromkeys(readings.asked))
        outcome = outcome_of(life, [one.result for one in verdicts])
        return Scenario(
            context=context,
            verdicts=verdicts,
            asked={question: full[question] for question in asked},
            components={
                "standing": life.standing,
                "in_force": force,
                "outcome": outcome,
                "hours": outcome_of(life, [one.result for one in verdicts if one.subject == "hours"]),
                "documents": outcome_of(life, [one.result for one in verdicts if one.subject == "documents"]),
                "status": status_of(life, outcome, self.history.on, self.rules.notice_days),
            },
            days={
                "due": life.grant.due if life.grant and life.step in ("renewal", "reinstatement") else None,
                "expiry": expiry_of(life),
                "timely_until": life.timely_until if life.grant and life.timely_until != life.grant.due else None,
                "late_until": life.late_until,
                "reinstate_until": life.reinstate_until,
                "opens": life.opens,
                "earning_begins": begins,
                "earning_ends": ends,
            },
        )

    def _verdicts_under(self, full: Mapping[str, str], asked: dict[str, None], life: Life) -> Iterator[Verdict]:
        """Judge each requirement of the edition; what a verdict depends on beside the readings is in the key."""
        if life.edition is None:
            return
        grants = tuple((grant.anchor, grant.day, grant.begins, grant.due) for grant in life.grants)
        where = (life.step, life.edition.id, life.deciding, life.as_of, life.timely_until, life.lapsed_on, grants)
        for place, requirement in enumerate(life.edition.requirements):
            memo = self._verdicts.setdefault((*where, place), Memo())
            yield self._noted(memo, full, asked, life.deciding, partial(self._judged, life, requirement))

    def _judged(self, life: Life, requirement: Requirement, readings: Readings) -> Verdict:
        return check_requirement(
            Context(ruleset=self.rules, history=self.history, readings=readings, life=life), requirement
        )

    def _noted(
        self,
        memo: Memo[Value],
        full: Mapping[str, str],
        asked: dict[str, None],
        deciding: date | None,
        work: Callable[[Readings], Value],
    ) -> Value:
        """Find a part of the answer again, or work it out; and note what it asked for."""
        found = memo.find(full)
        if found is None:
            readings = Readings.known(self.questions, full, deciding=deciding)
            value = work(readings)
            found = readings.asked, value
            memo.keep(full, *found)
        asked.update(dict.fromkeys(found[0]))
        return found[1]


def _earning_days(context: Context) -> tuple[date | None, date | None]:
    """Return the days on which training counts if it is filed on the last day in time, or, once that is over, late."""
    life = context.life
    if life.filing is None and life.grant is not None and life.step == "renewal":
        in_time = life.timely_until or life.grant.due
        last = in_time if life.as_of <= in_time else max(life.late_until or in_time, in_time)
        life = attrs.evolve(life, as_of=max(last, life.as_of))
    begins, ends = attrs.evolve(context, life=life).days(life.edition.earning if life.edition else None)
    return begins, ends if life.filing is None or ends is None else min(ends, life.as_of)
