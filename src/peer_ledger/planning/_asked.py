"""
Many questions about one person, on days and suppositions, put to one rule set.
"""

from collections.abc import Mapping
from datetime import date

from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.ledger import LedgerView
from peer_ledger.reports import DateName, Finding, Report
from peer_ledger.rules import UNRECORDED_TRAINING, RuleSet

_LAST_DAYS: tuple[DateName, ...] = ("timely_until", "due", "late_until", "reinstate_until")


class Asked:
    """
    The answers of one rule set about one person, as `evaluate` gives them.

    Args:
        person: Any of the person's ids.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.

    Attributes:
        rules: The rules.
        counts_unrecorded: Whether the caller says that training counts of which details are not recorded.
    """

    def __init__(
        self,
        person: str,
        ruleset: str | RuleSet,
        rulesets: Mapping[str, RuleSet] | None,
        readings: Mapping[str, str] | None,
        *,
        strict: bool,
    ) -> None:
        self.person = person
        self._asking = Asking(RuleSetsAtHand(rulesets), ruleset, readings, strict=strict)
        self.rules = self._asking.rules
        self.counts_unrecorded = (readings or {}).get(UNRECORDED_TRAINING.id) == "counts"

    def on(self, view: LedgerView, day: date) -> Report:
        """Return the report on a day."""
        return self._asking.report(Dossiers(view).of(self.person), day, basis=view.basis)

    def assumed_context(self, view: LedgerView, day: date) -> Context:
        """Return the records and readings of the answer on a day under the assumed readings."""
        history = Dossiers(view).of(self.person).on(day, credential=self.rules.id)
        answers = Scenarios(self._asking.position, history)
        return answers.finders.context_of(answers.assumed.life, answers.assumed.readings)


def last_day(report: Report) -> date | None:
    """Return the last day, surely in time, of what can still be done; `None` when no day is known."""
    dates = dict(report.dates.items())
    days = [dates[name].candidates[0] for name in _LAST_DAYS if name in dates and dates[name].candidates]
    return next((day for day in days if day >= report.on), None)


def of_step(report: Report) -> tuple[Finding, ...]:
    """Return the findings of the step itself, under the assumed readings."""
    return tuple(finding for finding in report.assumed.findings if finding.designation is None)
