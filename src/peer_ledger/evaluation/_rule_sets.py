"""
The rule sets of an answer, all found before it is begun.

Nothing else in this package looks a rule set up by its id, so that an answer depends on its arguments alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.evaluation._known import Known, known, refuse_unsound
from peer_ledger.evaluation._paid_for import asks_for_payment
from peer_ledger.evaluation._position import Position, position_on
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import RuleSetNotFound, consulted_by, ruleset_ids
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.rulesets._consulted import reached_from
from peer_ledger.values._cached import cached_property

RuleSets = Mapping[str, RuleSet] | Iterable[str | RuleSet]
"""Rule sets, or their ids; or a mapping from ids to rule sets."""


class RuleSetsAtHand:
    """
    The rule sets that answers may depend on: those of a mapping and no others, or else all that can be found by id.

    Args:
        given: The mapping; `None` for all that can be found.
        first: Rule sets that take the place of those found by their ids.

    Attributes:
        is_closed: Whether only those of a mapping are at hand.

    Raises:
        InvalidValue: A rule set is given under an id that is not its own.
    """

    def __init__(self, given: Mapping[str, RuleSet] | None, first: Mapping[str, RuleSet] | None = None) -> None:
        self._given, self.is_closed = {**(first or {}), **(given or {})}, given is not None
        for name, rules in self._given.items():
            if rules.id != name:
                raise InvalidValue(f"rulesets: {shown_name(name)} is the key of {rules.id!r}; use its own id")

    def position(
        self, ruleset: str | RuleSet, readings: Mapping[str, str] | None = None, *, strict: bool = False
    ) -> Position:
        """
        Return what a caller takes as given, with the rule sets that the one asked looks at.

        Args:
            ruleset: The rules, or their id.
            readings: The readings that the caller chose, by question.
            strict: Whether questions that only cause a caveat also leave the answer undetermined.

        Raises:
            InvalidValue: A question or reading given is unknown.
            InvalidData: The rule set, or one that it looks at, is not sound; its problems are listed.
            RuleSetNotFound: There is no rule set with this id.
        """
        asked = self._asked(ruleset)
        return position_on(asked, readings or {}, strict=strict, consulted=self._consulted_by(asked.rules))

    def beside(self, rules: RuleSet, names: Iterable[str]) -> dict[str, RuleSet]:
        """
        Return the rule sets of other credentials that cost a fee, and those that these look at, by id.

        Args:
            rules: The rules asked.
            names: The ids of the other credentials, of which some may have no rule set.
        """
        found: dict[str, RuleSet] = {}
        for name in names:
            other = self._given.get(name) or self._registered(name)
            if other is not None and asks_for_payment(known(other, is_sound=name not in self._given).rules):
                found |= {name: other, **self._consulted_by(other)}
        return {name: found[name] for name in found if name != rules.id}

    def _registered(self, name: str) -> RuleSet | None:
        if self.is_closed:
            return None
        try:
            return find_ruleset(name)
        except RuleSetNotFound:
            return None

    @cached_property
    def known_ids(self) -> tuple[str, ...]:
        """The ids of all rule sets that can be found; none where only those of a mapping are at hand."""
        return () if self.is_closed else ruleset_ids()

    @cached_property
    def installed(self) -> str | None:
        """The digest of the ids of all rule sets that can be found; `None` where only those of a mapping are."""
        return None if self.is_closed else sha256("\n".join(self.known_ids).encode()).hexdigest()

    def with_found(self, rulesets: Mapping[str, RuleSet]) -> "RuleSetsAtHand":
        """Return the same with rule sets that were found by id, so that they need not be found again."""
        return RuleSetsAtHand(self._given if self.is_closed else None, {**rulesets, **self._given})

    def _asked(self, ruleset: str | RuleSet) -> Known:
        if isinstance(ruleset, RuleSet):
            return known(ruleset)
        if ruleset in self._given:
            return known(self._given[ruleset])
        if self.is_closed:
            near, there = nearest(ruleset, self._given), few_of(sorted(self._given))
            raise RuleSetNotFound(f"ruleset: rulesets has no {shown_name(ruleset)}{near}; it has {there}")
        return known(find_ruleset(ruleset), is_sound=True)

    def _consulted_by(self, rules: RuleSet) -> dict[str, RuleSet]:
        found = reached_from(rules, self._given.get) if self.is_closed else consulted_by(rules, self._given)
        for name in found.keys() & self._given.keys():
            refuse_unsound(found[name])
        return found


class ChosenRuleSets:
    """
    The rule sets to ask about a person's credentials, in order; one that was given by its id is found by it.

    Args:
        given: Those that a caller named; `None` for all that can be found by id.

    Attributes:
        at_hand: The rule sets that the answers may depend on.

    Raises:
        InvalidValue: A rule set is given twice, or under an id that is not its own.
        RuleSetNotFound: There is no rule set with a given id.
        InvalidData: A rule set given is not sound; its problems are listed.
    """

    def __init__(self, given: RuleSets | None = None) -> None:
        self._found: dict[str, str | RuleSet] = {}
        if isinstance(given, Mapping):
            self._found |= given
            self.at_hand = RuleSetsAtHand(given)
            return
        for rules in ruleset_ids() if given is None else given:
            name = rules if isinstance(rules, str) else rules.id
            if name in self._found:
                raise InvalidValue(f"rulesets: {shown_name(name)} is given twice; leave one out")
            is_named = isinstance(rules, str) and given is not None
            self._found[name] = find_ruleset(name) if is_named else rules
        self.at_hand = RuleSetsAtHand(
            None, {name: rules for name, rules in self._found.items() if isinstance(rules, RuleSet)}
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __getitem__(self, name: str) -> str | RuleSet:
        """Return a rule set, or the id under which it can be found."""
        return self._found[name]


def ruleset_id(ruleset: str | RuleSet) -> str:
    """
    Return the id of a rule set, which is looked up if it is given by its id.

    Raises:
        RuleSetNotFound: There is no rule set with this id.
    """
    return (find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset).id
