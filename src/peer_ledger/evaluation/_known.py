"""
What is worked out of a rule set once, for all people and days.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain

import attrs

from peer_ledger.errors import InvalidData
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._budget import work_of
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._general import is_general
from peer_ledger.evaluation._hours_program import HoursProgram, HoursPrograms, programs_of
from peer_ledger.evaluation._lanes import Lanes
from peer_ledger.evaluation._shapes import Shapes
from peer_ledger.evaluation._training import TrainingKinds
from peer_ledger.rules import (
    OF_FACTS,
    RECORDED_TWICE,
    RECORDS_DISAGREE,
    SAME_COURSE,
    UNKNOWN_APPROVALS,
    UNRECORDED_TRAINING,
    Condition,
    Edition,
    Hours,
    Question,
    RuleSet,
    Source,
    gaps_of,
    questions_of,
    with_inner,
)
from peer_ledger.rules._completions import CompletionQuestion
from peer_ledger.rules._words import words_named
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._files import digest_of
from peer_ledger.values._cached import cached_property

MOST_KNOWN = 256
"""For how many rule sets the results that depend on them alone are kept."""


ABOUT_TRAINING = frozenset(
    {UNRECORDED_TRAINING.id, UNKNOWN_APPROVALS, SAME_COURSE.id, RECORDED_TWICE.id, RECORDS_DISAGREE.id}
)
"""The questions about training of any rule set that leave hours undetermined while they are open."""

MOVABLE = frozenset(("due", "late_until", "opens"))
"""The dates that a ruling may move."""


@attrs.frozen(kw_only=True, slots=False)
class Known:
    """
    The results that depend on a rule set alone.

    Attributes:
        rules: The rule set.
        questions: All questions that may be asked under it, by id.
        assumed: The assumed reading of each, by id.
        digest: The digest of the rule set.
        kinds: The kinds of training that its filters tell apart.
        programs: The programs of its hours requirements, by edition and place.
        general: The requirements, by edition and place, of which readings, the deciding date and whether a filing is
            late decide whether they are asked, unless a ruling waives them for one person.
        by_designation: These, and those for which the designations that a person holds decide that, too.
        asks_for_designations: Whether something is asked for a designation, beside a step.
        about_training: The questions about facts that leave hours undetermined while they are open.
        cited_by: The sources that the readings of each question cite, by the id of the question.
        gaps: What is not known of its renewal.
        by_person: The ids of the editions of which some requirement is among the latter alone.
    """

    rules: RuleSet
    questions: dict[str, Question]
    assumed: dict[str, str]
    digest: str
    kinds: TrainingKinds = attrs.field(eq=False, repr=False)
    programs: dict[tuple[str, int], HoursPrograms] = attrs.field(eq=False, repr=False)
    general: frozenset[tuple[str, int]] = attrs.field(eq=False, repr=False)
    by_designation: frozenset[tuple[str, int]] = attrs.field(eq=False, repr=False)

    _lanes: dict[tuple[HoursProgram, ...], Lanes] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    _others_named: dict[str, tuple[str, ...]] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def lanes(self, programs: tuple[HoursProgram, ...]) -> Lanes:
        """Return the lanes of some programs, which are one object wherever they are asked for."""
        found = self._lanes.get(programs)
        return found if found is not None else self._lanes.setdefault(programs, Lanes(programs))

    def asked_hours(self, context: Context, hours: Hours) -> AskedHours | None:
        """Return what a requirement of hours asks in a context; `None` where that is not the same for everybody."""
        programs = self._programs_by_id.get(id(hours))
        return None if programs is None else programs.asked_of(context)

    @cached_property
    def _programs_by_id(self) -> dict[int, HoursPrograms]:
        """The programs by the id of the requirement, which is kept."""
        return {id(programs.hours): programs for programs in self.programs.values()}

    @cached_property
    def shapes(self) -> Shapes:
        """What tells which due dates lead to like states."""
        return Shapes(self.rules, self.questions.values())

    @cached_property
    def asks_for_designations(self) -> bool:
        editions = [edition for procedure in self.rules.procedures for edition in procedure.editions]
        return any(asked.designation is not None for edition in editions for asked in edition.requirements)

    @cached_property
    def named(self) -> frozenset[str]:
        """The names a ruling may refer to: requirements, their parts and caps, and the dates that a ruling may move."""
        editions = [edition for procedure in self.rules.procedures for edition in procedure.editions]
        return MOVABLE.union(*(requirement.ids() for edition in editions for requirement in edition.requirements))

    @cached_property
    def work(self) -> int:
        """The work of judging the requirements of the edition that takes most."""
        editions = [edition for procedure in self.rules.procedures for edition in procedure.editions]
        return max((work_of(edition.requirements) for edition in editions), default=1)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics that its rules name, sorted."""
        return tuple(sorted(set(words_named(self.rules, "topics"))))

    @cached_property
    def designations(self) -> frozenset[str]:
        """The designations that its rules look at."""
        editions = [edition for procedure in self.rules.procedures for edition in procedure.editions]
        asked_for = (asked.designation for edition in editions for asked in edition.requirements)
        return frozenset([*words_named(self.rules, "designations"), *filter(None, asked_for)])

    @cached_property
    def about_training(self) -> frozenset[str]:
        of_completions = [name for name, question in self.questions.items() if isinstance(question, CompletionQuestion)]
        return ABOUT_TRAINING.union(of_completions)

    @cached_property
    def cited_by(self) -> Mapping[str, tuple[Source, ...]]:
        return {
            name: self.rules.cited(tuple(dict.fromkeys(chain.from_iterable(one.cites for one in question.readings))))
            for name, question in self.questions.items()
        }

    def others_named(self, edition: Edition) -> tuple[str, ...]:
        """Return the other credentials that a requirement of an edition depends on, sorted."""
        found = self._others_named.get(edition.id)
        if found is None:
            found = self._others_named[edition.id] = tuple(sorted(set(_others_named(edition))))
        return found

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        return gaps_of(self.rules)

    @cached_property
    def by_person(self) -> frozenset[str]:
        return frozenset(edition for edition, _ in self.by_designation - self.general)


def known(rules: RuleSet, *, is_sound: bool = False) -> Known:
    """
    Return the results that depend on a rule set alone.

    Args:
        rules: The rule set.
        is_sound: Whether it was checked when it was loaded.

    Raises:
        InvalidData: The rule set is not sound; its problems are listed.
    """
    if not is_sound:
        refuse_unsound(rules)
    return _known(rules)


@lru_cache(maxsize=MOST_KNOWN)
def refuse_unsound(rules: RuleSet) -> None:
    """
    Refuse a rule set that is not sound.

    Raises:
        InvalidData: It is not; its problems are listed.
    """
    if problems := problems_of(rules):
        raise InvalidData("rule set", problems)


@lru_cache(maxsize=MOST_KNOWN)
def known_digest(rules: RuleSet) -> str:
    """
    Return the digest of a rule set.
    """
    return digest_of(rules)


@lru_cache(maxsize=MOST_KNOWN)
def _known(rules: RuleSet) -> Known:
    # Rule sets that are equal have the same digest, too: it is made of their values, not of the text of a file.
    questions = {question.id: question for question in (*questions_of(rules), *OF_FACTS)}
    assumed = {question.id: question.assumed for question in questions.values()}
    kinds = TrainingKinds(rules)
    return Known(
        rules=rules,
        questions=questions,
        assumed=assumed,
        digest=known_digest(rules),
        kinds=kinds,
        programs=programs_of(rules, questions.values(), kinds),
        general=frozenset(_asked_by(rules, is_general)),
        by_designation=frozenset(_asked_by(rules, partial(is_general, but_holding=True))),
    )


def _asked_by(rules: RuleSet, decides: Callable[[Condition | None], bool]) -> Iterator[tuple[str, int]]:
    """Yield the requirements, by edition and place, with a condition of which something is true."""
    for procedure in rules.procedures:
        for edition in procedure.editions:
            for place, requirement in enumerate(edition.requirements):
                if decides(requirement.only_if):
                    yield edition.id, place


def _others_named(edition: Edition) -> Iterator[str]:
    for requirement in with_inner(edition.requirements):
        yield from (apart.ruleset for apart in (requirement.not_shared_with if isinstance(requirement, Hours) else ()))
        yield from _credentials_in(requirement.only_if)


def _credentials_in(condition: Condition | None) -> Iterator[str]:
    """Yield the other credentials that a condition names."""
    if condition is not None:
        yield from [condition.credential] if condition.credential is not None else []
        for inner in (*condition.any_of, condition.unless):
            yield from _credentials_in(inner)
