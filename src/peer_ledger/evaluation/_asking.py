"""
What one rule set answers about a person on a day: the report, and the caveats about other records of the person.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._carryover import before_closing
from peer_ledger.evaluation._credentials import credentials_on_file, unknown_credential
from peer_ledger.evaluation._history import Dossier, History
from peer_ledger.evaluation._lifecycle import life_on
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

    def __reduce__(self) -> tuple[Any, ...]:
        # In another process everything but the rule sets and what was said about them is worked out anew.
        how = self.position.given, self._strict
        return _again, (self._at_hand.with_found(self.position.rulesets), self.rules, *how)

    def report(self, dossier: Dossier, on: date, *, basis: Basis, cycle: int | None = None) -> Report:
        """Return the report for a person and day, or for a closed cycle."""
        history = dossier.on(on, credential=self.rules.id)
        if cycle is None:
            answers = Scenarios(self.position, history)
            first = partial(self._first_caveats, answers, self._other_credentials(dossier, history))
            return ReportBuilder(answers, basis=basis, asked=self._asked, caveats=first).report()
        grants = life_on(history, self.rules, self.position.readings()).grants
        renewals = {grant.number - 1: grant for grant in grants if grant.number > 1 and grant.act.act == "renewed"}
        if cycle not in renewals:
            closed = ", ".join(map(str, renewals)) or "none"
            raise InvalidValue(f"no renewal on file closed cycle {cycle}; closed cycles: {closed}")
        history = before_closing(history, grants, renewals[cycle])
        asked = partial(self._asked, cycle)
        return ReportBuilder(Scenarios(self.position, history), basis=basis, asked=asked).report()

    def _asked(self, cycle: int | None = None) -> Asked:
        """Return how reports are asked for here."""
        return Asked(
            readings=tuple(sorted(self.position.given.items())),
            strict=self._strict,
            cycle=cycle,
            texts=tuple((name, text_digest(rules)) for name, rules in sorted(self.position.rulesets.items())),
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
        grants = answers.assumed_life.grants
        is_covered = any(coverage.covers == "training-event" for coverage in answers.history.coverages)
        if not is_covered or len(grants) < 2 or grants[-1].act.act != "renewed":
            return
        before = Scenarios(self.position, before_closing(answers.history, grants, grants[-1]))
        found = before.assumed
        first, last = found.days["earning_begins"], found.days["earning_ends"] or before.history.on
        if found.components["hours"] == "short" and answers.history.covers("training-event", first, last):
            yield remark("renewed-though-short", day=grants[-1].day, unit=self.rules.counts_in)


def _again(at_hand: RuleSetsAtHand, rules: RuleSet, readings: Mapping[str, str], strict: bool) -> Asking:  # noqa: FBT001
    return Asking(at_hand, rules, readings, strict=strict)
