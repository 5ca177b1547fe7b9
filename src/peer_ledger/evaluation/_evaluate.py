"""
The public questions: one person, everyone, many days, a whole life.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial

import attrs

from peer_ledger import allocation
from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._carryover import before_closing
from peer_ledger.evaluation._history import Dossier, History, Shared, filed_on
from peer_ledger.evaluation._known import Known, known
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._report_builder import ReportBuilder
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.ledger import LedgerView
from peer_ledger.reports import InForce, Report, Standing
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.dates import DAY, as_day

MOST_DOSSIERS = 1000
"""For how many people `in_force` keeps what it read."""


def evaluate(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    cycle: int | None = None,
) -> Report:
    """
    Return a report on one person on a day: the standing, what is missing, the dates, the reasons and the sources.

    Args:
        ledger: The ledger; `known_at` returns it as it was known earlier.
        person: Any of the person's ids.
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        cycle: The number, from 1, of a cycle that a renewal closed, to be checked as of its filing or, without one, as
            of the renewal; `None` for the next step.

    Raises:
        InvalidValue: `on` is not a valid date, `readings` names an unknown question or reading, or no renewal closed
            the cycle; the message lists the valid choices.
        RuleSetNotFound: There is no such rule set.
        InvalidData: The rule set given is not sound; its problems are listed.
    """
    view = ledger.pinned()
    asking = _Asking(ruleset, readings, strict=strict)
    return asking.report(Dossier(view, person), as_day(on), last=len(view), cycle=cycle)


def evaluate_all(
    ledger: LedgerView,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
) -> Iterator[Report]:
    """
    Yield one report per person, in the order of their ids; a person with several ids is listed under the first.

    The ledger is read as it is when the first report is requested.
    """
    view, day = ledger.pinned(), as_day(on)
    asking, shared = _Asking(ruleset, readings, strict=strict), Shared(view)
    for person in view.people():
        dossier = Dossier(view, person, shared)
        if person == min(dossier.people):
            yield asking.report(dossier, day, last=len(view))


def in_force(
    ledger: LedgerView,
    services: Iterable[tuple[str, date | str]],
    *,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
) -> Iterator[InForce]:
    """
    Yield whether each person could practice on each service day, for many people and days.

    Args:
        ledger: The ledger, read as it is when the first answer is requested.
        services: Pairs of a person and a day; pairs of one person are fastest side by side.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Yields:
        `yes`, `no` or `undetermined`, in the order of the pairs.

    Raises:
        InvalidValue: A day is not a valid date, or `readings` names an unknown question or reading.
    """
    view = ledger.pinned()
    asking, shared = _Asking(ruleset, readings), Shared(view)
    dossiers: dict[str, Dossier] = {}
    for person, day in services:
        if person not in dossiers:
            if len(dossiers) >= MOST_DOSSIERS:
                dossiers.clear()
            dossiers[person] = Dossier(view, person, shared)
        yield asking.answers(dossiers[person], as_day(day)).stands()[1]


@attrs.frozen(kw_only=True)
class Period:
    """
    Consecutive days on which the standing of a certificate stayed the same.

    Attributes:
        begins: The first day.
        ends: The day after the last day.
        standing: The standing.
        in_force: Whether the person could practice.
    """

    begins: date
    ends: date
    standing: Standing
    in_force: InForce


def standing_history(
    ledger: LedgerView,
    person: str,
    *,
    until: date | str,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
) -> tuple[Period, ...]:
    """
    Return the standing of a certificate over time, as half-open intervals from the first act on file.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        until: The day after the last day of interest.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Raises:
        InvalidValue: `until` is not a valid date, or `readings` names an unknown question or reading.
    """
    asking, dossier, end = _Asking(ruleset, readings), Dossier(ledger.pinned(), person), as_day(until)
    whole = dossier.on(end, credential=asking.rules.id)
    grants = asking.answers(dossier, end).grant_days()
    recorded = {*grants} | set(_days_in(whole)) | set(asking.days_of_rules())
    recorded |= {act.on for other in asking.rules.clock_with for act in whole.elsewhere(other, end).acts if act.on}
    periods: list[Period] = []
    day = min((*grants, *(act.on for act in whole.acts if act.on is not None)), default=end)
    while day < end:
        standing, force, changes = asking.answers(dossier, day).stands()
        following = min((change for change in recorded | changes if day < change < end), default=end)
        if periods and (periods[-1].standing, periods[-1].in_force) == (standing, force):
            periods[-1] = attrs.evolve(periods[-1], ends=following)
        else:
            periods.append(Period(begins=day, ends=following, standing=standing, in_force=force))
        day = following
    return tuple(periods)


def _days_in(history: History) -> Iterator[date]:
    """Yield the days on which a record may change the standing."""
    yield from (act.on for act in history.acts if act.on is not None)
    yield from (filed_on(filing) for filing in history.filings)
    yield from (filing.received for filing in history.filings if filing.received is not None)
    yield from (coverage.last_day + DAY for coverage in history.coverages if coverage.last_day is not None)
    yield from (ruling.on for ruling in history.rulings)
    yield from (document.on for document in history.documents)


def check_proof(report: Report) -> tuple[str, ...]:
    """
    Check every hours finding of a report by other means than those that found it.

    Returns:
        The problems, in plain words; empty when all proofs hold.
    """
    return tuple(
        f"{finding.requirement}: {problem}"
        for finding in report.findings
        if (proof := finding.proof) is not None
        for problem in allocation.check_proof(
            proof.plan, proof.cells, proof.allocation, alternatives=proof.alternatives
        )
    )


class _Asking:
    """Answers from one rule set about people and days."""

    def __init__(self, ruleset: str | RuleSet, readings: Mapping[str, str] | None, *, strict: bool = False) -> None:
        self.rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
        self._known: Known = known(self.rules, is_sound=isinstance(ruleset, str))
        self._position = Position(self._known, readings or {}, strict=strict)

    def days_of_rules(self) -> Iterator[date]:
        """Yield the days on which the rules may change the standing."""
        for begins in (edition.begins for procedure in self.rules.procedures for edition in procedure.editions):
            if begins is not None:
                known_days = (begins.day, begins.not_before, begins.not_after)
                yield from (day for day in known_days if day is not None)
                yield from (exception.day for exception in begins.by_method)
        for question in self._known.questions.values():
            if question.first_day is not None:
                yield question.first_day
            if question.last_day is not None:
                yield question.last_day + DAY

    def answers(self, dossier: Dossier, on: date) -> Scenarios:
        """Return the scenarios for a person and day."""
        return Scenarios(self._position, dossier.on(on, credential=self.rules.id))

    def report(self, dossier: Dossier, on: date, *, last: int, cycle: int | None = None) -> Report:
        """Return the report for a person and day, or for a closed cycle."""
        history = dossier.on(on, credential=self.rules.id)
        if cycle is None:
            answers = Scenarios(self._position, history)
            return ReportBuilder(answers, last=last, caveats=partial(self._disagreement, answers)).report()
        grants = life_on(history, self.rules, self._position.readings()).grants
        renewals = {grant.number - 1: grant for grant in grants if grant.number > 1 and grant.act.act == "renewed"}
        if cycle not in renewals:
            closed = ", ".join(map(str, renewals)) or "none"
            raise InvalidValue(f"no renewal on file closed cycle {cycle}; closed cycles: {closed}")
        history = before_closing(history, grants, renewals[cycle])
        return ReportBuilder(Scenarios(self._position, history), last=last).report()

    def _disagreement(self, answers: Scenarios) -> Iterator[str]:
        """Yield a caveat when the board renewed although the hours on file were short; the renewal still counts."""
        grants = answers.assumed_life.grants
        if len(grants) < 2 or grants[-1].act.act != "renewed":
            return
        before = Scenarios(self._position, before_closing(answers.history, grants, grants[-1]))
        if before.answer({}).components["hours"] == "short":
            renewed = spoken_day(grants[-1].day)
            yield f"The board renewed on {renewed}, although the hours on file were short; the renewal counts."
