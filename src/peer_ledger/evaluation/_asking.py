"""
What one rule set answers about a person on a day: the report, and the caveats about other records of the person.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from peer_ledger.errors import InvalidValue, shown
from peer_ledger.evaluation._carryover import before_closing
from peer_ledger.evaluation._credentials import credentials_on_file, credentials_that_may_be_paid, unknown_credential
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._paid_for import asks_for_payment
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._report_builder import ReportBuilder
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.ledger import Basis
from peer_ledger.reports import Asked, Report
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets.kept import text_digest


class Asking:
    """
    Answers from one rule set about people and days.

    Args:
        at_hand: The rule sets that the answers may depend on.
        ruleset: The rules, or their id.
        readings: The readings that the caller chose, by question.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.

    Attributes:
        position: The rule set, and what the caller says about its questions.
        rules: The rules.
    """

    def __init__(
        self,
        at_hand: RuleSetsAtHand,
        ruleset: str | RuleSet,
        readings: Mapping[str, str] | None,
        *,
        strict: bool = False,
    ) -> None:
        self.position = at_hand.position(ruleset, readings, strict=strict)
        self.rules, self._at_hand = self.position.known.rules, at_hand
        self._strict = strict
        self._costs = asks_for_payment(self.rules)
        self._positions: dict[frozenset[str], Position] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # In another process everything but the rule sets and what was said about them is worked out anew.
        how = self.position.given, self._strict
        return _again, (self._at_hand.with_found(self.position.rulesets), self.rules, *how)

    def position_of(self, dossier: Dossier, on: date) -> Position:
        """
        Return the position to answer from about a person on a day.

        Where a fee on file names no credential, the rules of the person's other credentials say whether it may have
        been paid for one of these.
        """
        others = frozenset(credentials_that_may_be_paid(dossier, self.rules.id, on) if self._costs else ())
        if others <= self.position.consulted.keys():
            return self.position
        found = self._positions.get(others)
        if found is None:
            beside = self._at_hand.beside(self.rules, sorted(others))
            found = self._positions[others] = self.position.beside(beside)
        return found

    def report(self, dossier: Dossier, on: date, *, basis: Basis, cycle: int | None = None) -> Report:
        """Return the report for a person and day, or for a closed cycle."""
        history, position = dossier.on(on, credential=self.rules.id), self.position_of(dossier, on)
        asked = partial(self._asked, position, cycle)
        if cycle is None:
            answers = Scenarios(position, history)
            first = partial(self._first_caveats, answers, self._other_credentials(dossier, history))
            return ReportBuilder(answers, basis=basis, asked=asked, caveats=first).report()
        grants = life_on(history, self.rules, position.readings()).grants
        renewals = {grant.number - 1: grant for grant in grants if grant.number > 1 and grant.act.act == "renewed"}
        if cycle not in renewals:
            closed = ", ".join(map(str, renewals)) or "none"
            raise InvalidValue(f"no renewal on file closed cycle {shown(cycle)}; closed cycles: {closed}")
        history = before_closing(history, grants, renewals[cycle])
        return ReportBuilder(Scenarios(position, history), basis=basis, asked=asked).report()

    def _asked(self, position: Position, cycle: int | None) -> Asked:
        """Return how reports are asked for here."""
        return Asked(
            readings=tuple(sorted(self.position.given.items())),
            strict=self._strict,
            cycle=cycle,
            texts=tuple((name, text_digest(rules)) for name, rules in sorted(position.rulesets.items())),
            installed=self._at_hand.installed,
        )

    def _first_caveats(self, answers: Scenarios, others: tuple[Remark, ...]) -> Iterator[Remark]:
        """Yield the caveats that come before all others."""
        yield from others
        yield from self._disagreement(answers)

    def _other_credentials(self, dossier: Dossier, history: History) -> tuple[Remark, ...]:
        """Return what to say where other credentials are on file, and not the one that was asked about."""
        if history.acts or history.filings or history.verifications:
            return ()
        credentials = credentials_on_file(dossier.records, history.on)
        if not credentials:
            return ()
        known = self._at_hand.known_ids  # looked up now, and not when the caveats are read
        unknown = {name: records for name, records in credentials.items() if known and name not in known}
        return (
            remark("other-credentials", credential=self.rules.id, others=tuple(credentials)),
            *(unknown_credential(name, records, known).caveat for name, records in unknown.items()),
        )

    def _disagreement(self, answers: Scenarios) -> Iterator[Remark]:
        """
        Yield a caveat when the board renewed although the hours on file were short; the renewal still counts.

        It is left out unless the ledger is said to hold all training of that time: it may begin later than the cycle.
        """
        if not any(coverage.covers == "training-event" for coverage in answers.history.coverages):
            return
        grants = answers.assumed_life.grants
        if len(grants) < 2 or grants[-1].act.act != "renewed":
            return
        before = Scenarios(answers.position, before_closing(answers.history, grants, grants[-1]))
        found = before.assumed
        first, last = found.days["earning_begins"], found.days["earning_ends"] or before.history.on
        if found.components["hours"] == "short" and answers.history.covers("training-event", first, last):
            yield remark("renewed-though-short", day=grants[-1].day, unit=self.rules.counts_in)


def _again(at_hand: RuleSetsAtHand, rules: RuleSet, readings: Mapping[str, str], strict: bool) -> Asking:  # noqa: FBT001
    return Asking(at_hand, rules, readings, strict=strict)
