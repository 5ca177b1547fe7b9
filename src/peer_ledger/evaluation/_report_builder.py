"""
The report, built from the answers under every reading: the headline at once, everything else when it is read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypedDict

import attrs

from peer_ledger.evaluation._alike_caveats import alike_caveats
from peer_ledger.evaluation._by_reading import ByReading
from peer_ledger.evaluation._caveats import Caveats
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._filed_join import headline_of_filed
from peer_ledger.evaluation._filed_patterns import headline_by_pattern
from peer_ledger.evaluation._headline import Headline, assumed_headline, headline_of_all, hours_short
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._known import known_digest
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of
from peer_ledger.evaluation._patterns import PatternOfPerson, answers_by_reading, pattern_of
from peer_ledger.evaluation._relevance import questions_that_matter
from peer_ledger.evaluation._requirements import check_requirement
from peer_ledger.evaluation._scenario import Answer, Scenario
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.ledger import Basis
from peer_ledger.reports import (
    DESIGNATION,
    UNLIMITED,
    Ahead,
    Alternative,
    Asked,
    ConsultedRules,
    DesignationOutcome,
    Finding,
    OpenQuestion,
    Outcome,
    Provenance,
    Report,
)
from peer_ledger.reports._remarks import Remark
from peer_ledger.rules import (
    Documents,
    Hours,
)
from peer_ledger.values._cached import cached_property

_ENDS = frozenset({FIRST_DAY.isoformat(), LAST_DAY.isoformat()})


class _Given(TypedDict):
    """What is shown of an answer under a reading of a question."""

    answer: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...]
    hours_short: Fraction | None


class ReportBuilder:
    """
    Builds one report.

    The builder holds on to what it needs, and so does a report until all of it was read: the person's history as it was
    when the report was asked for, whatever is appended afterward.

    Args:
        answers: The answers for one person and day.
        basis: What the ledger shows: up to which entry, and what of it is supposed.
        asked: Returns how the report was asked for.
        caveats: Returns the caveats to put before all others.
    """

    def __init__(
        self,
        answers: Scenarios,
        *,
        basis: Basis,
        asked: Callable[[], Asked],
        caveats: Callable[[], Iterable[Remark]] = tuple,
    ) -> None:
        self._answers, self._basis, self._asked, self._first = answers, basis, asked, caveats
        self._given: dict[int, _Given] = {}

    def report(self) -> Report:
        """Return the report; where a question is open, it holds the report under the assumed readings, too."""
        parts: dict[str, Callable[[Report], Any]] = {
            "findings": lambda _: tuple(self._findings(self._unanswered)),
            "designations": lambda _: self._designations,
            "questions": lambda _: self._questions,
            "caveats": lambda report: self._all_caveats(report.findings),
            "ahead": lambda _: self._ahead,
            "under_assumed": self._under_assumed,
        }
        found = self._pattern and self._pattern.headline(self._joined)
        found = found or headline_by_pattern(self._answers, self._joined) or self._join.headline()
        found = found or headline_of_filed(self._answers, self._join)
        return self._made(found or headline_of_all(self._answers), parts)

    def _under_assumed(self, _: Report) -> Report | None:
        """Return the report under the assumed readings; `None` when no question is open."""
        if not self._questions:
            return None
        parts: dict[str, Callable[[Report], Any]] = {
            "findings": lambda _: tuple(self._findings(frozenset())),
            "designations": lambda _: _designation_outcomes(_outcomes_in([self._assumed]), complete=True),
            "questions": lambda _: (),
            "caveats": lambda report: self._all_caveats(report.findings, also=self._listed),
            "ahead": lambda _: self._ahead,
            "under_assumed": lambda _: None,
        }
        return self._made(assumed_headline(self._assumed), parts)

    def _made(self, headline: Headline, parts: dict[str, Callable[[Report], Any]]) -> Report:
        """Return a report with its headline, of which the parts are made when they are read."""
        history, components, edition = self._answers.history, headline.components, headline.edition
        return Report.partly_made(
            {**parts, "provenance": lambda _: self._provenance(edition), "asked": lambda _: self._asked()},
            person=history.person,
            on=history.on,
            standing=components["standing"],
            step=headline.step,
            in_force=components["in_force"],
            outcome=components["outcome"],
            hours_outcome=components["hours"],
            documents_outcome=components["documents"],
            status=components["status"],
            hours_short=headline.hours_short,
            dates=headline.dates,
            pending_since=headline.filed_on,
        )

    @cached_property
    def _pattern(self) -> PatternOfPerson | None:
        """How sums and counts come out; `None` where these do not decide the headline."""
        return pattern_of(self._answers, self._joined)

    def _joined(self) -> Join:
        return self._join

    @cached_property
    def _join(self) -> Join:
        return Join(self._answers)

    @cached_property
    def _by_reading(self) -> ByReading:
        """The answers under single readings."""
        return answers_by_reading(self._answers, self._joined)

    @property
    def _assumed(self) -> Scenario:
        return self._by_reading.assumed

    @cached_property
    def _leaves(self) -> tuple[list[Scenario], bool]:
        """The answers under all combinations of open readings, and whether all combinations were tried."""
        leaves, complete = self._answers.leaves()
        return [leaf for _, leaf in leaves], complete

    @property
    def _complete(self) -> bool:
        """Whether all combinations of open readings were looked at."""
        is_decided = self._pattern is not None and self._pattern.mattering(self._joined) is not None
        return is_decided or self._join.leaves is not None or self._leaves[1]

    @cached_property
    def _unanswered(self) -> frozenset[str]:
        """The questions that findings may leave open: all, since one may arise under the reading of another one."""
        weighing = self._answers.position.weighing
        return frozenset() if weighing.isdisjoint(self._assumed.asked) else weighing

    @cached_property
    def _designations(self) -> tuple[DesignationOutcome, ...]:
        """The outcome of each designation that is held, decided where the answers under all readings agree on it."""
        if not self._answers.position.known.asks_for_designations:
            return ()
        joined = self._join.designations()
        if joined is not None:
            return _designation_outcomes(joined, complete=True)
        leaves, complete = self._leaves
        return _designation_outcomes(_outcomes_in([self._assumed, *leaves]), complete=complete)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(listed.question.id for listed in self._questions)

    def _provenance(self, edition: str | None) -> Provenance:
        history, rules = self._answers.history, self._answers.rules
        return Provenance(
            ruleset=rules.id,
            credential=rules.name,
            body=rules.body,
            ask=rules.ask,
            grade=rules.grade,
            gaps=self._answers.position.known.gaps,
            version=rules.version,
            digest=self._answers.position.known.digest,
            consulted=tuple(
                ConsultedRules(ruleset=other.id, version=other.version, digest=known_digest(other))
                for other in self._answers.position.consulted.values()
            ),
            edition=edition,
            counts_in=rules.counts_in,
            entries=history.entries,
            known=self._basis.known,
            supposed=self._basis.supposed,
            without=self._basis.without,
        )

    @cached_property
    def _first_caveats(self) -> tuple[Remark, ...]:
        return tuple(self._first())

    def _all_caveats(self, findings: tuple[Finding, ...], also: frozenset[str] = frozenset()) -> tuple[Remark, ...]:
        caveats = Caveats(self._answers, self._by_reading, complete=self._complete, listed=self._listed)
        alike = alike_caveats(self._answers, self._assumed, findings, self._listed - also)
        return (*self._first_caveats, *caveats.all(also=also), *alike, *caveats.counted_before(findings))

    def _findings(self, still_open: frozenset[str]) -> Iterator[Finding]:
        """Yield the findings; one on which the readings of questions that are still open disagree is undetermined."""
        context = self._answers.context(self._assumed)
        # Which trainings are one is open here, even where it is settled for all filings together.
        opened = context.opened(still_open) if still_open else context
        about_training = self._answers.position.known.about_training
        is_open_of_hours = bool(still_open) and not about_training.isdisjoint(self._assumed.asked)
        edition = context.life.edition
        requirements = edition.requirements if edition is not None else ()
        names = {} if edition is None else self._answers.position.called(edition)
        for requirement, verdict in zip(requirements, self._assumed.verdicts, strict=True):
            if verdict.result == "not asked" and isinstance(requirement, Hours | Documents):
                yield self._not_asked(context, requirement)
                continue
            is_plain = verdict.subject == "hours" and not requirement.inner
            is_final = not still_open or (is_plain and not is_open_of_hours)
            check = None
            if not is_final:
                check = check_requirement(opened, requirement)
            if check is None or (context.settled is not None and check.result != UNDETERMINED):
                check = check_requirement(context, requirement)
            for finding in check.findings():
                curable = self._is_curable(finding) if finding.result == "short" else None
                known = {
                    "curable": curable,
                    "designation": requirement.designation,
                    "called": names.get(finding.requirement),
                }
                changes = {name: value for name, value in known.items() if getattr(finding, name) != value}
                yield finding.but(**changes) if changes else finding

    def _not_asked(self, context: Context, requirement: Hours | Documents) -> Finding:
        """Return the finding of a requirement that is not asked, which is the same for everybody without a ruling."""
        made, key = self._answers.position.not_asked, id(requirement)
        found = None if context.history.is_ruled_on else made.get(key)
        if found is None:
            [finding] = check_requirement(context, requirement).findings()
            found = finding.but(designation=requirement.designation, called=requirement.called)
            if not context.history.is_ruled_on:
                made[key] = found
        return found

    def _is_curable(self, finding: Finding) -> bool:
        """Return whether what is short can still be made up for, by filing again if need be."""
        life, history = self._assumed.life, self._answers.history
        is_closed = history.closing or (life.closes is not None and history.on > life.closes)
        return not is_closed and (finding.subject != "hours" or self._is_earning)

    @cached_property
    def _is_earning(self) -> bool:
        """Whether training would still count if a filing was made on the day."""
        on = self._answers.history.on
        again = attrs.evolve(self._assumed.life, filing=None, as_of=on)
        _, (_, ends) = self._answers.finders.earning_days(again)(self._assumed.readings)
        return ends is None or on <= ends

    @cached_property
    def _questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions."""
        return tuple(self._open_questions())

    def _open_questions(self) -> Iterator[OpenQuestion]:
        """Yield the questions whose readings change something, alone or together, in the order of the rule set."""
        possible, cited_by = self._possible(), self._answers.position.known.cited_by
        for question_id, question in self._answers.questions.items():
            if question_id in possible:
                yield OpenQuestion(
                    question=question,
                    alternatives=tuple(
                        [
                            Alternative(reading=reading, **self._alternative(question_id, reading.id))
                            for reading in question.readings
                        ]
                    ),
                    cites=cited_by[question_id],
                )

    def _alternative(self, question: str, reading: str) -> _Given:
        """Return what the answer is under a reading, which is one object for all readings that give the same."""
        answer = self._by_reading.under(question, reading)
        found = self._given.get(id(answer))
        if found is None:
            found = {
                "answer": _shown(answer.said),
                "gives": self._differences(answer),
                "hours_short": hours_short(answer),
            }
            self._given[id(answer)] = found  # the answers are kept
        return found

    def _possible(self) -> frozenset[str]:
        """Return the questions that matter or, where not all combinations were tried, may matter."""
        answers = self._answers
        found = (
            self._pattern.mattering(self._joined)
            if self._pattern
            else questions_that_matter(self._join, answers.position)
        )
        if found is not None:
            return found
        leaves, complete = self._leaves
        asked = {question for leaf in (self._assumed, *leaves) for question in leaf.asked}
        asked &= answers.position.weighing
        return frozenset(question for question in asked if not complete or answers.matters(question))

    def _differences(self, other: Answer) -> tuple[tuple[str, str], ...]:
        """Return the components and dates of another answer that differ from the assumed one."""
        assumed, found = dict(self._assumed.said), dict(other.said)
        for name in assumed:
            if name.startswith(DESIGNATION) and name not in found:
                found[name] = "not applicable"
        return _shown([(name, value) for name, value in found.items() if assumed.get(name) != value])

    @cached_property
    def _ahead(self) -> tuple[Ahead, ...]:
        return tuple(self._editions_ahead())

    def _editions_ahead(self) -> Iterator[Ahead]:
        """Yield the editions that begin before the last day of filing, each with the outcome it would give."""
        life, history, rules = self._assumed.life, self._answers.history, self._answers.rules
        procedure = rules.procedure(life.step or "")
        last = life.late_until or (life.grant.due if life.grant else None)
        if procedure is None or procedure.decided_by != "filing" or last is None or life.filing is not None:
            return
        for edition in procedure.editions:
            begins = (edition.begins.day or edition.begins.not_before) if edition.begins else None
            if begins is not None and history.on < begins <= last:
                readings = self._answers.context(self._assumed).readings.at(begins)
                future = attrs.evolve(life, edition=edition, deciding=begins)
                position = self._answers.position
                context = Context(
                    ruleset=rules, history=history, readings=readings, life=future, rulesets=position.rulesets,
                    still_open=position.weighing,
                )  # fmt: skip
                of_step = [asked for asked in edition.requirements if asked.designation is None]
                results = [check_requirement(context, requirement).result for requirement in of_step]
                yield Ahead(edition=edition.id, begins=begins, says=edition.says, outcome=outcome_of(future, results))


def _outcomes_in(answers: Sequence[Scenario]) -> dict[str, frozenset[Outcome]]:
    """Return the outcomes of each designation in some answers; one that is left out there has none."""
    names = {name for answer in answers for name in answer.designations}
    return {name: frozenset([answer.designations.get(name, "not applicable") for answer in answers]) for name in names}


def _designation_outcomes(found: Mapping[str, frozenset[Outcome]], *, complete: bool) -> tuple[DesignationOutcome, ...]:
    """Return the outcome of each designation, decided where there is one."""
    return tuple(
        DesignationOutcome(
            designation=name, outcome=next(iter(outcomes)) if complete and len(outcomes) == 1 else UNDETERMINED
        )
        for name, outcomes in sorted(found.items())
    )


def _shown(said: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return components and dates as they are shown: the ends of the calendar stand for no known day."""
    return tuple([(name, UNLIMITED if value in _ENDS else value) for name, value in said])
