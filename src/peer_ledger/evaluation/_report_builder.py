"""
The report, built from the answers under every reading.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, TypeVar

import attrs

from peer_ledger.evaluation._carryover import closed_steps
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of
from peer_ledger.evaluation._requirements import check_requirement
from peer_ledger.evaluation._scenarios import Known, Scenario, Scenarios
from peer_ledger.records import Ruling
from peer_ledger.reports import (
    Ahead,
    Alternative,
    Components,
    DateName,
    Dates,
    Day,
    Finding,
    OpenQuestion,
    Provenance,
    Report,
)
from peer_ledger.rules import (
    UNRECORDED_TRAINING,
    Anniversary,
    Condition,
    Hours,
    Question,
    with_inner,
)
from peer_ledger.rulesets import RuleSetNotFound, ruleset
from peer_ledger.values._wording import counted, spoken_amount, spoken_day

Word = TypeVar("Word", bound=str)
"""One of the words that a component may be."""


class Reporting:
    """
    Builds one report.

    Args:
        answers: The answers for one person and day.
        rules: The results that depend on the rule set alone.
        last: The number of the ledger's last entry.
        caveats: Caveats to put before all others.
    """

    def __init__(self, answers: Scenarios, rules: Known, *, last: int, caveats: tuple[str, ...]) -> None:
        self._answers, self._known, self._last, self._first_caveats = answers, rules, last, caveats
        self._assumed = answers.answer({})
        self._leaves, self._complete = answers.leaves()

    def report(self) -> Report:
        """Return the report; where a question is open, it holds the report under the assumed readings, too."""
        assumed, leaves = self._assumed, [leaf for _, leaf in self._leaves]
        questions = self._questions
        everything = [assumed, *leaves]
        unanswered = frozenset(filter(self._answers.weighs, assumed.asked))
        if not questions:
            return self._made(assumed.components, everything, (), unanswered, tuple(self._caveats()))
        names = frozenset(open_question.question.id for open_question in questions)
        found = [scenario.components for scenario in everything]
        decided: Components = {
            "standing": self._decided(components["standing"] for components in found),
            "in_force": self._decided(components["in_force"] for components in found),
            "outcome": self._decided(components["outcome"] for components in found),
            "hours": self._decided(components["hours"] for components in found),
            "documents": self._decided(components["documents"] for components in found),
            "status": self._decided(components["status"] for components in found),
        }
        report = self._made(decided, everything, questions, unanswered, tuple(self._caveats()))
        taken = tuple(self._caveats(also=names))
        return attrs.evolve(report, under_assumed=self._made(assumed.components, [assumed], (), frozenset(), taken))

    def _decided(self, values: Iterable[Word]) -> Word | Literal["undetermined"]:
        """Return the value under every reading; *undetermined* when they differ or not all were looked at."""
        different = set(values)
        return different.pop() if self._complete and len(different) == 1 else UNDETERMINED

    def _made(
        self,
        components: Components,
        seen: list[Scenario],
        questions: tuple[OpenQuestion, ...],
        still_open: frozenset[str],
        caveats: tuple[str, ...],
    ) -> Report:
        life, history, rules = self._assumed.life, self._answers.history, self._answers.rules
        findings = tuple(self._findings(still_open))
        return Report(
            person=history.person,
            on=history.on,
            standing=components["standing"],
            step=life.step,
            in_force=components["in_force"],
            outcome=components["outcome"],
            hours_outcome=components["hours"],
            documents_outcome=components["documents"],
            status=components["status"],
            dates=Dates(**dict(self._dates(seen))),
            pending_since=life.as_of if life.filing is not None else None,
            findings=findings,
            questions=questions,
            caveats=(*self._first_caveats, *caveats, *self._counted_before(findings)),
            ahead=tuple(self._ahead()),
            provenance=Provenance(
                ruleset=rules.id,
                version=rules.version,
                digest=self._known.digest,
                edition=life.edition.id if life.edition else None,
                entries=history.entries,
                known=self._last,
            ),
        )

    def _findings(self, still_open: frozenset[str]) -> Iterator[Finding]:
        """Yield the findings; those that depend on missing records are made again while that question is open."""
        context = attrs.evolve(self._assumed.context, still_open=still_open)
        edition = context.life.edition
        requirements = edition.requirements if edition is not None else ()
        for requirement, verdict in zip(requirements, self._assumed.verdicts, strict=True):
            is_plain = verdict.subject == "hours" and not requirement.inner
            is_final = not still_open or (is_plain and UNRECORDED_TRAINING.id not in self._assumed.asked)
            for finding in verdict.findings() if is_final else check_requirement(context, requirement).findings():
                yield attrs.evolve(finding, curable=self._is_curable(finding)) if finding.result == "short" else finding

    def _counted_before(self, findings: tuple[Finding, ...]) -> Iterator[str]:
        """Yield a caveat for training that counts now and falls in the days that counted for the cycle before."""
        context, grant = self._assumed.context, self._assumed.life.grant
        if grant is None or grant.act.act != "renewed" or context.life.edition is None:
            return
        asked = {rule.id: rule for rule in context.life.edition.requirements if isinstance(rule, Hours)}
        for finding in findings:
            hours = asked.get(finding.requirement)
            early = [line.day for line in finding.lines if line.counted and line.day <= grant.day]
            if hours is None or not early or hours.carry_over or hours.not_shared_with or hours.recurs:
                continue
            first, last = self._days_before(hours.id)
            both = sum(first <= day <= last for day in early)
            if both:
                fall = "falls" if both == 1 else "fall"
                yield (
                    f"{counted(both, 'training')} counted for {hours.id} also {fall} in the certification period "
                    f"renewed on {spoken_day(grant.day)}; no source says whether hours may count for both."
                )

    def _days_before(self, requirement: str) -> tuple[date, date]:
        """Return the days on which training could count for the last closed cycle; an empty interval without one."""
        closed = next(reversed(list(closed_steps(self._assumed.context, requirement))), None)
        if closed is None:
            return LAST_DAY, FIRST_DAY
        edition = closed.context.life.edition
        first, last = closed.context.days(closed.hours.earning or (edition.earning if edition is not None else None))
        return first or FIRST_DAY, min(last or LAST_DAY, closed.context.life.as_of)

    def _is_curable(self, finding: Finding) -> bool:
        """Return whether what is short can still be made up for after the day asked about."""
        ends = self._assumed.days["earning_ends"]
        is_over = finding.subject == "hours" and ends is not None and self._answers.history.on > ends
        return self._assumed.life.filing is None and not self._answers.history.closing and not is_over

    @cached_property
    def _questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions."""
        return tuple(self._open_questions())

    def _open_questions(self) -> Iterator[OpenQuestion]:
        """Yield the questions whose readings change something, alone or together, in the order of the rule set."""
        asked = {question for leaf in (self._assumed, *(leaf for _, leaf in self._leaves)) for question in leaf.asked}
        for question_id in filter(self._answers.weighs, self._answers.questions):
            if question_id in asked and (not self._complete or self._answers.matters(question_id)):
                question = self._answers.questions[question_id]
                found = [(reading, self._answers.answer({question_id: reading.id})) for reading in question.readings]
                yield OpenQuestion(
                    question=question,
                    alternatives=tuple(
                        Alternative(reading=reading, answer=answer.said, gives=self._differences(answer))
                        for reading, answer in found
                    ),
                )

    def _differences(self, other: Scenario) -> tuple[tuple[str, str], ...]:
        """Return the components and dates of another answer that differ from the assumed one."""
        assumed = dict(self._assumed.said)
        return tuple((name, value) for name, value in other.said if assumed.get(name) != value)

    def _caveats(self, also: frozenset[str] = frozenset()) -> Iterator[str]:
        """
        Yield what a reader should know beside the findings.

        Args:
            also: Open questions whose assumed readings are to be named, for the report under these readings.
        """
        assumed, answers = self._assumed, self._answers
        for question_id, question in answers.questions.items():
            if question_id not in assumed.asked or (answers.is_given(question_id) and question_id not in also):
                continue
            others = [answers.answer({question_id: reading.id}) for reading in question.readings]
            is_shown = question_id in also or (not answers.weighs(question_id) and any(map(self._differences, others)))
            amounts = self._other_amounts(question) if question.about == "rules" else ""
            if is_shown or (amounts and not self._is_open(question_id)):
                yield f"{question.asks} Assumed: {question.reading(question.assumed).says}{amounts}"
        if not self._complete and not also:
            yield "Too many questions are open: not all combinations of their answers were tried. Answer some of them."
        yield from self._doubts(assumed.life)
        grant = assumed.life.grant
        if grant is not None and not grant.day_known:
            begun = spoken_day(grant.day)
            yield f"Only the printed expiry is on file; the certification period is assumed to begin on {begun}."
        if grant is not None and grant.follows_missing:
            yield f"The renewal of {spoken_day(grant.day)} came so late that an earlier one seems not to be on file."
        if grant is not None and not grant.is_due_known:
            yield "The length of the period depends on a fact that is not on file, and no expiry date is recorded."
        if grant is not None and not grant.printed and assumed.life.step == "renewal":
            yield f"No printed expiry is on file; the due date, {spoken_day(grant.due)}, is computed."
        if answers.history.on > answers.rules.seen_on:
            yield f"The rules were last checked on {spoken_day(answers.rules.seen_on)}, and may have changed since."

    def _is_open(self, question_id: str) -> bool:
        """Return whether a question is listed as open: then it says itself what it changes."""
        return any(listed.question.id == question_id for listed in self._questions)

    def _other_amounts(self, question: Question) -> str:
        """Return how many hours would be short under other readings of a question, where that differs from here."""
        if self._assumed.components["hours"] != "short":
            return ""
        here, said = dict(_short(self._assumed)), []
        for reading in question.readings:
            short = _short(self._answers.answer({question.id: reading.id}))
            amounts = [f"{spoken_amount(hours, 'hour')} of {name}" for name, hours in short if here.get(name) != hours]
            if amounts:
                said.append(f" If it were “{reading.says.rstrip('.')}”, {' and '.join(amounts)} would be short.")
        return "".join(said)

    def _others(self) -> Iterator[str]:
        """Yield the other credentials on file that a requirement of the edition depends on."""
        edition, history = self._assumed.life.edition, self._answers.history
        for requirement in with_inner(edition.requirements if edition is not None else ()):
            apart = requirement.not_shared_with if isinstance(requirement, Hours) else ()
            named = {separate.ruleset for separate in apart} | set(_credentials(requirement.only_if))
            yield from (other for other in named if history.elsewhere(other, history.on).acts)

    def _doubts(self, life: Life) -> Iterator[str]:
        """Yield a caveat for each record that looks like a duplicate, like a mistake, or that has no effect."""
        acts = Counter(act.on for act in self._answers.history.acts if act.on is not None and act.act != "refused")
        for day in sorted(day for day, times in acts.items() if times > 1):
            yield f"Several acts of the board are on file for {spoken_day(day)}; acts of the same kind count as one."
        for before, grant in pairwise(life.grants):
            if grant.act.act == "renewed" and grant.day - before.day < before.due - grant.day:
                renewed, due = spoken_day(grant.day), spoken_day(grant.due)
                yield f"The renewal of {renewed} is early; if it was recorded twice, the due date {due} is too late."
        yield from self._early_expiry(life)
        rulings = self._answers.history.rulings
        known = self._answers.named
        for ruling in rulings:
            if ruling.requirement not in known:
                yield f"Ruling {ruling.id} refers to an unknown requirement and was ignored."
        yield from self._unusable(life, {ruling.requirement: ruling for ruling in rulings if ruling.effect == "sets"})
        for other in sorted(set(self._others())):
            try:
                ruleset(other)
            except RuleSetNotFound:
                yield f"No rules for {other} are available; it is assumed to need no hours and to end as printed."
            else:
                yield f"For {other}, the questions that its rules leave open have their assumed answers."
        yield from self._alike()

    def _early_expiry(self, life: Life) -> Iterator[str]:
        """Yield a caveat when the last printed expiry comes so soon that it may belong to the cycle before."""
        grant = life.grant
        if grant is None or not grant.printed or not grant.day_known or not isinstance(grant.schedule, Anniversary):
            return
        days = (grant.due - grant.day).days + 1
        if grant.act.act == "renewed" and days < 15 * grant.schedule.months:  # half a cycle, at thirty days a month
            yield (
                f"The expiry on file with the renewal of {spoken_day(grant.day)} is {days - 1} days after it; if it "
                "belongs to the certificate before, it is not the due date."
            )

    def _unusable(self, life: Life, sets: Mapping[str, Ruling]) -> Iterator[str]:
        """Yield a caveat for each ruling that sets a figure in a unit that its requirement does not use."""
        for rule in with_inner(life.edition.requirements if life.edition is not None else ()):
            figure = sets[rule.id].figure if rule.id in sets else None
            if figure is None:
                continue
            if rule.units is not None and not self._assumed.context.is_usable(figure, rule):
                units = " or ".join(sorted(rule.units))
                yield f"Ruling {sets[rule.id].id} is in {figure.unit}, not in {units}, and was ignored."

    def _alike(self) -> Iterator[str]:
        """Yield a caveat for each training that looks like another one recorded twice; all of them count."""
        seen: dict[Any, str] = {}
        for event in self._answers.history.events:
            record = event.record
            kind = (record.completed, record.title, record.course, record.provider, record.credits)
            if event.why_not is None and record.credits and (record.title or record.course):
                if kind in seen:
                    yield f"{seen[kind]} and {record.id} look like the same training recorded twice; both count."
                seen[kind] = record.id

    def _dates(self, seen: list[Scenario]) -> Iterator[tuple[DateName, Day]]:
        """Yield each date that exists in some answer, decided where all answers agree on it."""
        grant = self._assumed.life.grant
        whys: Mapping[DateName, str] = {
            "due": "printed on the certificate" if grant and grant.printed else "computed",
            "expiry": "printed on the certificate" if grant and grant.printed else "computed",
            "timely_until": "the last day of filing in time",
            "late_until": "the last day of filing late",
            "reinstate_until": "the last day on which a reinstatement may be filed",
            "opens": "the first day of filing",
            "earning_begins": "the first day of training that counts",
            "earning_ends": "the last day of training that counts",
        }
        for name, why in whys.items():
            found = {day for leaf in seen if (day := leaf.days[name]) is not None and day != LAST_DAY}
            # A lapsed certificate has no last day of filing late any more: what was it counts among the candidates.
            lapsed = {day for leaf in seen if (day := leaf.life.lapsed_on) is not None}
            found |= lapsed if name == "late_until" and found else set()
            candidates = sorted(found)
            if candidates:
                is_everywhere = all(leaf.days[name] is not None or leaf.life.lapsed_on in found for leaf in seen)
                decided = len(candidates) == 1 and self._complete and is_everywhere
                yield name, Day(day=candidates[0] if decided else None, candidates=tuple(candidates), why=why)

    def _ahead(self) -> Iterator[Ahead]:
        """Yield the editions that begin before the last day of filing, each with the outcome it would give."""
        life, history, rules = self._assumed.life, self._answers.history, self._answers.rules
        procedure = rules.procedure(life.step or "")
        last = life.late_until or (life.grant.due if life.grant else None)
        if procedure is None or procedure.decided_by != "filing" or last is None or life.filing is not None:
            return
        for edition in procedure.editions:
            begins = (edition.begins.day or edition.begins.not_before) if edition.begins else None
            if begins is not None and history.on < begins <= last:
                readings = self._assumed.context.readings.at(begins)
                future = attrs.evolve(life, edition=edition, deciding=begins)
                still_open = frozenset(filter(self._answers.weighs, self._answers.questions))
                context = Context(ruleset=rules, history=history, readings=readings, life=future, still_open=still_open)
                results = [check_requirement(context, requirement).result for requirement in edition.requirements]
                yield Ahead(edition=edition.id, begins=begins, says=edition.says, outcome=outcome_of(future, results))


def _short(answer: Scenario) -> Iterator[tuple[str, Fraction]]:
    """Yield the id and the missing hours of each hours requirement that is short."""
    for verdict in answer.verdicts:
        if isinstance(verdict, HoursCheck) and verdict.result == "short":
            yield verdict.id, verdict.short


def _credentials(condition: Condition | None) -> Iterator[str]:
    """Yield the other credentials that a condition names."""
    if condition is not None:
        yield from [condition.credential] if condition.credential is not None else []
        for inner in (*condition.any_of, condition.unless):
            yield from _credentials(inner)
