"""
The answers for one person and day under every reading of the open questions.

Each part of an answer notes which questions it depends on, and is found again under all readings that agree on them. So
the work grows with the questions that the records touch, not with the number of combinations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import attrs

from peer_ledger.evaluation import _parts
from peer_ledger.evaluation._alike import JOINING
from peer_ledger.evaluation._budget import times
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decision_tree import DecisionTree, Value
from peer_ledger.evaluation._finders import Finders, finders_in
from peer_ledger.evaluation._grants import FindGrants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._lives import Lives
from peer_ledger.evaluation._one_world import MOST_SETTLED, settled_worlds
from peer_ledger.evaluation._outcome import all_seen, days_of
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenario import Scenario, components_of, goodness, judged, may_be_met, weight_of
from peer_ledger.evaluation._shared_lives import LifeKey, State, States, due_of
from peer_ledger.evaluation._training_sums import TrainingSums
from peer_ledger.reports import InForce
from peer_ledger.rules import RECORDS_DISAGREE, Readings
from peer_ledger.values._cached import cached_property


class Scenarios:
    """
    The answers of one rule set for one person on one day.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.
        grants: Returns the grants, as `grants_on` does.

    Attributes:
        position: The rule set, and what the caller says about its questions.
        rules: The rules.
        history: The records.
        questions: All questions that may be asked, by id.
        certificate: The states of the certificate, each under some readings.
    """

    def __init__(self, position: Position, history: History, grants: FindGrants = grants_on) -> None:
        self.position, self.rules, self.history = position, position.known.rules, history
        self.questions = position.known.questions
        self._answers: DecisionTree[Scenario] = DecisionTree()
        self._otherwise: dict[tuple[str, str], Scenario] = {}
        self.certificate = Lives(position, history, grants)
        self._in_worlds: dict[tuple[str, ...], list[list[Finders]]] = {}
        self._looked_at = 1  # how many filings, each in how many worlds, one combination of readings looks at

    @cached_property
    def finders(self) -> Finders:
        """What finds the parts of its answers."""
        return Finders(self.position, self.history, self.sums)

    @cached_property
    def sums(self) -> TrainingSums:
        """The sums of the training, under the readings of what is the same."""
        return TrainingSums(self.history, self.position.known.kinds)

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
        # What another filing lacks may change, too.
        if not (assumed.skipped or assumed.life.later):
            full = {**base, question: reading, **self.position.given}
            if self._is_life_same(assumed.life, full, question) and self._is_same(assumed, full, question):
                return assumed
        return self.answer({question: reading})

    def _is_life_same(self, life: Life, full: Mapping[str, str], question: str) -> bool:
        """Return whether everything that is seen of a life is the same under another reading of a question."""
        kept = self.certificate.kept(self.position.base)
        if kept is None or question not in kept[0]:
            return kept is not None
        (_, force, asked_beside_grants) = kept[1]
        other, other_force = life, force
        if question in asked_beside_grants:
            other, other_force = self.certificate.life(full, {}, 0)
        else:
            grants, ended = self.certificate.grants(Readings.known(self.questions, full))
            was = self.certificate.grants(Readings.known(self.questions, self.position.base))
            if ended != was[1]:
                return False
            other = life.with_grants(grants)
        return other_force == force and all_seen(other) == all_seen(life)

    def _is_same(self, assumed: Scenario, full: Mapping[str, str], question: str) -> bool:
        """Return whether the days and verdicts are the same under another reading of a question, given the life."""
        finders, life, days = self.finders, assumed.life, assumed.days
        *of_verdicts, of_days = assumed.on
        earning = days["earning_begins"], days["earning_ends"]
        if question in of_days and finders.earning_days(life)(full)[1] != earning:
            return False
        return all(
            weight_of(verdict) == weight_of(finders.verdict(life, place)(full)[1])
            for place, (verdict, on) in enumerate(zip(assumed.verdicts, of_verdicts, strict=True))
            if question in on
        )

    def leaves(self) -> tuple[list[tuple[dict[str, str], Scenario]], bool]:
        """Return the answers under all combinations of open readings, and whether all combinations were tried."""
        found, complete = self.combinations(lambda taken: (answer := self.answer(taken), answer.asked))
        return [(taken, one) for taken, answer in found for one in (answer, *answer.elsewhere)], complete

    def matters(self, question: str) -> bool:
        """Return whether the reading of a question changes anything under some combination of all other readings."""
        return self._answers.depends_on(question, readings_of=self._open_readings, seen_as=lambda answer: answer.said)

    def _open_readings(self, question: str) -> tuple[str, ...]:
        """Return the ids of the readings of a question to try: a single one where it leaves nothing undetermined."""
        if question not in self.position.weighing:
            return (self.position.base[question],)
        return tuple(reading.id for reading in self.questions[question].readings)

    def grant_days(self) -> frozenset[date]:
        """Return the days of all grants, under any reading."""
        return frozenset(grant.day for life in self.lives[1] for grant in life.grants)

    @cached_property
    def work(self) -> int:
        """The work that one combination of readings takes."""
        return self.position.known.work * times(len(self.history.trainings))

    def combinations(
        self,
        under: Callable[[Mapping[str, str]], tuple[Value, Iterable[str]]],
        begun: Iterable[dict[str, str]] = ({},),
    ) -> tuple[list[tuple[dict[str, str], Value]], bool]:
        """Return the results under every combination of readings, from those begun with, and whether all were tried."""
        found: list[tuple[dict[str, str], Value]] = []
        weighing = self.position.weighing
        waiting = list(begun)
        while waiting:
            number = len(found) + len(waiting)
            if number > _parts.FEWEST_COMBINATIONS and number > _parts.most_combinations(self.work * self._looked_at):
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
        return self.certificate.life(readings, asked, 0), asked

    def _worked_out(self, full: Mapping[str, str], asked: dict[str, None]) -> Scenario:
        looked_at = list(self._each_filed(full, asked, self.finders))
        self._looked_at = max(self._looked_at, len(looked_at))
        joining = [question for question, reading in JOINING.items() if question in asked and full[question] == reading]
        if any(may_be_met(earlier, joining) for earlier in looked_at[:-1]):
            found = self._in_one_world(full, asked, joining, len(looked_at))
            if found is not None:
                return found
        return judged(looked_at)

    def _in_one_world(
        self, full: Mapping[str, str], asked: dict[str, None], joining: Sequence[str], filings: int
    ) -> Scenario | None:
        """
        Return the worst answer in which the same trainings are one for all filings.

        It is `None` where there are too many ways, or where the record by which most counts is taken to be right.
        """
        if not joining or (RECORDS_DISAGREE.id in asked and RECORDS_DISAGREE.id not in joining):
            return None
        worlds = self._worlds(joining, filings)
        self._looked_at = max(self._looked_at, filings * sum(map(len, worlds)))
        found = [[judged(list(self._each_filed(full, asked, one))) for one in together] for together in worlds]
        if not found:
            return None
        least = [min(answers, key=goodness) for answers in found]
        worst = min(least, key=goodness)
        each = chain.from_iterable(found) if RECORDS_DISAGREE.id not in self.position.given else least
        others = {answer.said: answer for answer in each if answer.said != worst.said}
        return attrs.evolve(worst, elsewhere=tuple(others.values()))

    def _worlds(self, joining: Sequence[str], filings: int) -> list[list[Finders]]:
        """Return what finds the parts of an answer in each world that the trainings allow, as `settled_worlds` does."""
        key = tuple(joining)
        if key not in self._in_worlds:
            finer = [question for question in joining if question not in self.position.given]
            most = min(MOST_SETTLED, _parts.most_combinations(self.work * filings))
            worlds = settled_worlds(self.history.trainings, joining, finer, most) or ()
            self._in_worlds[key] = finders_in(worlds, self.position, self.history, self.finders)
        return self._in_worlds[key]

    def _each_filed(self, full: Mapping[str, str], asked: dict[str, None], finders: Finders) -> Iterator[Scenario]:
        """Yield the answers that look at one pending filing after the other, until one meets what is asked."""
        found = self._filed(full, asked, 0, finders)
        yield found
        while found.life.later and found.components["outcome"] != "met":
            found = self._filed(full, asked, found.skipped + 1, finders)
            yield found

    def _filed(self, full: Mapping[str, str], asked: dict[str, None], skip: int, finders: Finders) -> Scenario:
        """Return the answer that looks at the first pending filing after some, or at the last."""
        life, force = self.certificate.life(full, asked, skip)
        found = self._verdicts_under(full, life, finders)
        verdicts = tuple([verdict for _, verdict in found])
        of_days, (begins, ends) = self.finders.earning_days(life)(full)
        on = (*[questions for questions, _ in found], of_days)
        for questions in on:
            asked.update(dict.fromkeys(questions))
        return Scenario(
            life=life,
            readings=full,
            verdicts=verdicts,
            asked=asked,
            on=on,
            skipped=skip,
            components=components_of(life, verdicts, force, self.history.on, self.rules.notice_days),
            days={**days_of(life), "earning_begins": begins, "earning_ends": ends},
            settled=finders.settled,
        )

    def _verdicts_under(
        self, full: Mapping[str, str], life: Life, finders: Finders
    ) -> list[tuple[tuple[str, ...], Verdict]]:
        """Return the verdict on each requirement of the edition, with the questions that it depended on."""
        places = range(len(life.edition.requirements) if life.edition is not None else 0)
        like = self.__dict__.get("assumed")
        if finders.settled is not None or like is None or like.settled is not None or like.life.seen != life.seen:
            return [finders.verdict(life, place)(full) for place in places]
        # Under the assumed readings they are known: what depends on no other reading stays.
        changed = {question for question, reading in like.readings.items() if full[question] != reading}
        return [
            (asked, verdict) if changed.isdisjoint(asked) else self.finders.verdict(life, place)(full)
            for place, asked, verdict in zip(places, like.on[:-1], like.verdicts, strict=True)
        ]

    def context(self, scenario: Scenario) -> Context:
        """Return the records and readings of an answer."""
        context = self.finders.context_of(scenario.life, scenario.readings)
        return context if scenario.settled is None else attrs.evolve(context, settled=scenario.settled)

    @cached_property
    def assumed_life(self) -> Life:
        """The state of the certificate under the assumed readings."""
        if self.shared is not None:
            states, grants = self.shared
            return states.assumed(self.position.base).life.with_grants(grants)
        return self._life({})[0][0]

    @cached_property
    def life_key(self) -> tuple[LifeKey, tuple[Grant, ...]] | None:
        """What states that others share follow from, and the person's grants; `None` for states of its own."""
        return self.position.lives.key(self.history, self.certificate.grants)

    @cached_property
    def shared(self) -> tuple[States, tuple[Grant, ...]] | None:
        """The states of the certificate that others share, and the person's grants; `None` for states of its own."""
        if self.life_key is None:
            return None
        key, grants = self.life_key
        states = self.position.lives.states(key, lambda: self.combinations(self._life))
        return None if states is None else (states, grants)

    @cached_property
    def lives(self) -> tuple[States, list[Life]]:
        """
        The states of the certificate under all combinations of open readings, each with the person's own grants.

        The states may be shared with everybody who is in the same ones.
        """
        if self.shared is not None:
            states, grants = self.shared
            return states, [state.life.with_grants(grants) for state in states.all]
        found, complete = self.combinations(self._life)
        own = [State(taken, life, due_of(life), force) for taken, (life, force) in found]
        return States(own, complete=complete), [state.life for state in own]
