"""
The public questions: one person, everyone, many days, a whole life.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import attrs

from peer_ledger import allocation
from peer_ledger.errors import InvalidValue, nearest, shown, shown_name
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._credentials import CredentialReports, read_credentials, unknown_credential
from peer_ledger.evaluation._dossiers import Dossier, Dossiers
from peer_ledger.evaluation._everybody import reports_on
from peer_ledger.evaluation._over_time import Period, StandingOverTime
from peer_ledger.evaluation._question import READINGS_BY_RULES, RULE_SETS, asks
from peer_ledger.evaluation._rule_sets import ChosenRuleSets, RuleSets, RuleSetsAtHand, ruleset_id
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._about import first_ids
from peer_ledger.reports import InForce, Report
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import (
    A_DAY,
    A_NUMBER_OR_NONE,
    ITEMS,
    an_instance,
    arguments,
)
from peer_ledger.values.dates import as_day

MOST_PEOPLE = 1000
"""For how many people `in_force` keeps what it found out."""


@asks(cycle=A_NUMBER_OR_NONE)
def evaluate(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
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
        rulesets: The rule sets that exist, by id: `ruleset` is looked up in it, and so is every rule set that the rules
            look at.  `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        cycle: The number, from 1, of a cycle that a renewal closed, to be checked as of its filing or, without one, as
            of the renewal; `None` for the next step.

    Raises:
        InvalidValue: `on` is not a valid date, `readings` names an unknown question or reading, or no renewal closed
            the cycle; the message lists the valid choices.
        RuleSetNotFound: There is no such rule set.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    view = ledger.pinned()
    asking = Asking(RuleSetsAtHand(rulesets), ruleset, readings, strict=strict)
    return asking.report(Dossiers(view).of(person), as_day(on), basis=view.basis, cycle=cycle)


@asks()
def evaluate_all(
    ledger: LedgerView,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[Report]:
    """
    Yield one report per person, in the order of their ids; a person with several ids is listed under the first.

    The ledger is read as it is when the first report is requested.

    Args:
        ledger: The ledger.
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id: `ruleset` is looked up in it, and so is every rule set that the rules
            look at.  `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        people: The ids of the people to report on, as `holders` yields them; `None` for everyone.
        processes: How many processes work on it, this one among them; `None` or 1 for this one alone.  Each other takes
            half a second to start.
        progress: Called with the number of reports so far and of all, before each report is yielded.

    Raises:
        InvalidValue: `on` is not a valid date; `readings` names an unknown question or reading; or the rule set cannot
            be sent to other processes.
        RuleSetNotFound: There is no such rule set.
        InvalidData: A rule set given is not sound; its problems are listed.
        LedgerMisuse: A process could not be started, or ended early.
    """
    view, day = ledger.pinned(), as_day(on)
    asking = partial(Asking, RuleSetsAtHand(rulesets), ruleset, readings, strict=strict)
    ids = first_ids(view, people)
    for done, report in enumerate(reports_on(view, ids, asking, day, processes=processes or 1), 1):
        if progress is not None:
            progress(done, len(ids))
        yield report


@asks()
def holders(ledger: LedgerView, ruleset: str | RuleSet = DEFAULT, *, on: date | str) -> Iterator[str]:
    """
    Yield the ids of the people who hold a credential, held it or applied for it, in order.

    Training and documents are not read, so that a large ledger is passed through quickly.

    Args:
        ledger: The ledger, read as it is when the first id is requested.
        ruleset: The rules of the credential, or their id.
        on: The day; records after it do not count yet.

    Yields:
        The first of each person's ids.

    Raises:
        InvalidValue: `on` is not a valid date.
        RuleSetNotFound: There is no such rule set.
    """
    view, day = ledger.pinned(), as_day(on)
    credential = ruleset_id(ruleset)
    for person in view.people():
        about, credentials = read_credentials(view, person, day)
        if credential in credentials and person == min(about.people):
            yield person


@asks(rulesets=RULE_SETS, readings=READINGS_BY_RULES)
def evaluate_credentials(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    rulesets: RuleSets | None = None,
    readings: Mapping[str, Mapping[str, str]] | None = None,
    strict: bool = False,
) -> CredentialReports:
    """
    Return a report on each credential that a person holds, held or applies for, whichever body awards it.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day; events after it do not count yet.
        rulesets: The rule sets to ask, or their ids; their order is that of the reports.  Other rule sets that their
            rules look at are found by id, except in a mapping from ids to rule sets, which holds all that exist.
            `None` for all that can be found by id, sorted.
        readings: Questions that the caller answers: by the rule set's id, then by the question's.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.

    Returns:
        The reports, and the credentials on file that none of these rule sets knows, each with the nearest id.

    Raises:
        InvalidValue: `on` is not a valid date; `readings` names an unknown rule set, question or reading; or a rule set
            is given twice.
        RuleSetNotFound: There is no rule set with a given id.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    view, day, known, chosen = ledger.pinned(), as_day(on), ChosenRuleSets(rulesets), readings or {}
    for name in chosen:
        if name not in known:
            raise InvalidValue(f"readings: there is no rule set {shown_name(name)}{nearest(name, known)}")
    dossier, (_, credentials) = Dossiers(view).of(person), read_credentials(view, person, day)
    held = [name for name in known if name in credentials]
    asking = [Asking(known.at_hand, known[name], chosen.get(name), strict=strict) for name in held]
    return CredentialReports(
        person=person,
        on=day,
        reports=tuple(asked.report(dossier, day, basis=view.basis) for asked in asking),
        unknown=tuple(
            unknown_credential(credential, records, known, known.at_hand.known_ids)
            for credential, records in credentials.items()
            if credential not in known
        ),
    )


@asks(services=ITEMS)
def in_force(
    ledger: LedgerView,
    services: Iterable[tuple[str, date | str]],
    *,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
) -> Iterator[InForce]:
    """
    Yield whether each person could practice on each service day, for many people and days.

    Where rulings changed very many cycles again, it is undetermined, as in `standing_history`.

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
    asking, dossiers = Asking(RuleSetsAtHand(None), ruleset, readings), Dossiers(view)
    found: dict[str, StandingOverTime] = {}
    for person, day in _pairs(services):
        if person not in found:
            if len(found) >= MOST_PEOPLE:
                found.clear()
            found[person] = _over_time(asking, dossiers.of(person))
        yield found[person].on(as_day(day)).in_force


def _over_time(asking: Asking, dossier: Dossier) -> StandingOverTime:
    return StandingOverTime(asking.position_of(dossier, date.max), dossier)


def _pairs(services: Iterable[Any]) -> Iterator[tuple[str, date | str]]:
    for service in services:
        if not (isinstance(service, tuple | list) and len(service) == 2 and isinstance(service[0], str)):
            raise InvalidValue(f"services must be pairs of a person's id and a day, not {shown(service)}")
        yield service[0], service[1]


@asks(until=A_DAY)
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

    It is undetermined from the ruling on before which rulings changed 250,000 cycles again: those of 500 rulings that
    each move the due dates of 500 cycles.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        until: The day after the last day of interest.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Raises:
        InvalidValue: `until` is not a valid date, or `readings` names an unknown question or reading.
    """
    end = as_day(until)
    over_time = _over_time(Asking(RuleSetsAtHand(None), ruleset, readings), Dossiers(ledger.pinned()).of(person))
    periods: list[Period] = []
    day = over_time.first_day
    while day is not None and day < end:
        period = over_time.on(day)
        following = min(period.ends, end)
        if periods and (periods[-1].standing, periods[-1].in_force) == (period.standing, period.in_force):
            periods[-1] = attrs.evolve(periods[-1], ends=following)
        else:
            periods.append(attrs.evolve(period, ends=following))
        day = following
    return tuple(periods)


@arguments(report=an_instance("a report, as evaluate returns it", Report))
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
