"""
The states of one person's certificate on one day, each under some readings.
"""

from collections.abc import Mapping

from peer_ledger.evaluation._decision_tree import DecisionTree
from peer_ledger.evaluation._filings import Filings, WorkOut
from peer_ledger.evaluation._grants import FindGrants, Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._position import Position
from peer_ledger.reports import InForce
from peer_ledger.rules import Procedure, Readings, RuleSet

Kept = tuple[tuple[str, ...], tuple[Life, InForce, frozenset[str]]]
"""The questions that a state depended on; the state, whether it is in force, and those asked beside the grants."""


class Lives:
    """
    The states of one person's certificate.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.
        grants: Returns the grants, as `grants_on` does.
    """

    def __init__(self, position: Position, history: History, grants: FindGrants) -> None:
        self._rules, self._questions = position.known.rules, position.known.questions
        self._history, self._grants_on = history, grants
        self._lives: dict[int, DecisionTree[tuple[Life, InForce, frozenset[str]]]] = {}
        self._grants = _tree_of_grants(self._rules, history) if grants is grants_on else DecisionTree[Grants]()
        self._filings: dict[tuple[str, int], DecisionTree[Filings]] = {}

    def kept(self, full: Mapping[str, str]) -> Kept | None:
        """Return what was found under some readings of the first pending filing; `None` when nothing was asked yet."""
        tree = self._lives.get(0)
        return None if tree is None else tree.find(full)

    def life(self, full: Mapping[str, str], asked: dict[str, None], skip: int) -> tuple[Life, InForce]:
        """
        Return the state under some readings, and whether the certificate is in force.

        Args:
            full: The reading of every question.
            asked: Takes the questions that it depended on.
            skip: How many of the pending filings to pass over.
        """
        tree = self._lives.setdefault(skip, DecisionTree())
        found = tree.find(full)
        if found is None:
            readings = Readings.known(self._questions, full)
            of_grants, grants = self._grants_found(readings)
            life = life_on(
                self._history, self._rules, readings, grants=lambda *_: grants, filings=self._filings_found, skip=skip
            )
            force = in_force_on(life, self._rules, readings, self._history.on)
            found = tuple(dict.fromkeys((*of_grants, *readings.asked))), (life, force, frozenset(readings.asked))
            tree.keep(full, *found)
        asked.update(dict.fromkeys(found[0]))
        return found[1][:2]

    def beside_grants(self, full: Mapping[str, str]) -> tuple[Life, InForce, frozenset[str]]:
        """Return the state under some readings, whether it is in force, and the questions asked beside the grants."""
        self.life(full, {}, 0)
        kept = self.kept(full)
        assert kept is not None, "it was found just now"
        return kept[1]

    def granted(self, full: Mapping[str, str]) -> tuple[tuple[str, ...], Grants]:
        """Return the grants under some readings, with the questions that they depend on."""
        return self._grants_found(Readings.known(self._questions, full))

    def grants(self, readings: Readings) -> Grants:
        """Return the grants under some readings, which note the questions that they depend on."""
        asked, grants = self._grants_found(readings)
        readings.note(asked)
        return grants

    def _filings_found(self, procedure: Procedure, grant: Grant | None, readings: Readings, work: WorkOut) -> Filings:
        """Return the undecided filings for a step after a grant, found once for all that are pending."""
        tree = self._filings.setdefault((procedure.step, id(grant)), DecisionTree())  # all grants are kept
        found = tree.find(readings.taken)
        if found is None:
            apart = readings.at(None)
            filings = work(apart)
            found = apart.asked, filings
            tree.keep(readings.taken, *found)
        readings.note(found[0])
        return found[1]

    def _grants_found(self, readings: Readings) -> tuple[tuple[str, ...], Grants]:
        """Return the grants under some readings, with the questions that they depend on."""
        found = self._grants.find(readings.taken)
        if found is None:
            apart = readings.at(None)
            grants = self._grants_on(self._history, self._rules, apart)
            found = apart.asked, grants
            self._grants.keep(readings.taken, *found)
        return found


def _tree_of_grants(rules: RuleSet, history: History) -> DecisionTree[Grants]:
    """Return where grants are kept: beside what they follow from, where they are the same on other days."""
    if rules.clock_with or rules.unending or None in [act.on for act in history.acts]:
        return DecisionTree()
    # The rule set is kept, so that no other one gets the same id.
    kept: tuple[RuleSet, DecisionTree[Grants]] = history.granted.setdefault(id(rules), (rules, DecisionTree()))
    return kept[1]
