"""
One report, made of the answers under every reading.
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
    AnyOf,
    Condition,
    Custom,
    Documents,
    Hours,
    Question,
    SessionCount,
    with_inner,
)
from peer_ledger.rulesets import RuleSetNotFound, ruleset
from peer_ledger.values._wording import counted, spoken_amount

Word = TypeVar("Word", bound=str)
"""One of the words that a component may be."""


class Reporting:
    """
    One report.

    Args:
        answers: The answers for one person and day.
        rules: What is known of the rule set.
        last: The number of the ledger's last entry.
        caveats: What is to be noted before all else.
    """

    def __init__(self, answers: Scenarios, rules: Known, *, last: int, caveats: tuple[str, ...]) -> None:
        self._answers, self._known, self._last, self._first_caveats = answers, rules, last, caveats
        self._assumed = answers.answer({})
        self._leaves, self._complete = answers.leaves()

    def report(self) -> Report:
        """Make the report, and that under the assumed readings where something is open."""
        assumed, leaves = self._assumed, [leaf for _, leaf in self._leaves]
        questions = self._questions
        everything = [assumed, *leaves]
        unanswered = frozenset(filter(self._answers.weighs, assumed.asked))
        if not questions:
            return self._made(assumed.components, everything, (), unanswered, tuple(self._caveats()))
        names = frozenset(one.question.id for one in questions)
        found = [scenario.components for scenario in everything]
        decided: Components = {
            "standing": self._decided(one["standing"] for one in found),
            "in_force": self._decided(one["in_force"] for one in found),
            "outcome": self._decided(one["outcome"] for one in found),
            "hours": self._decided(one["hours"] for one in found),
            "documents": self._decided(one["documents"] for one in found),
            "status": self._decided(one["status"] for one in found),
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
        """Yield the findings; those that hinge on what is not recorded are made anew while that is open."""
        context = attrs.evolve(self._assumed.context, still_open=still_open)
        edition = context.life.edition
        requirements = edition.requirements if edition is not None else ()
        for requirement, one in zip(requirements, self._assumed.verdicts, strict=True):
            is_plain = one.subject == "hours" and not isinstance(requirement, AnyOf)
            is_final = not still_open or (is_plain and UNRECORDED_TRAINING.id not in self._assumed.asked)
            for finding in one.findings() if is_final else check_requirement(context, requirement).findings():
                yield attrs.evolve(finding, curable=self._is_curable(finding)) if finding.result == "short" else finding

    def _counted_before(self, findings: tuple[Finding, ...]) -> Iterator[str]:
        """Say which training that counts lies in the days that counted for the cycle before, too."""
        context, grant = self._assumed.context, self._assumed.life.grant
        if grant is None or grant.act.act != "renewed" or context.life.edition is None:
            return
        asked = {one.id: one for one in context.life.edition.requirements if isinstance(one, Hours)}
        for finding in findings:
            hours = asked.get(finding.requirement)
            early = [line.day for line in finding.lines if line.counted and line.day <= grant.day]
            if hours is None or not early or hours.carry_over or hours.not_shared_with or hours.recurs:
                continue
            first, last = self._days_before(hours.id)
            both = sum(first <= day <= last for day in early)
            if both:
                lie = "lies" if both == 1 else "lie"
                yield (
                    f"{counted(both, 'training')} counted for {hours.id} also {lie} in the days of the cycle renewed "
                    f"on {grant.day}; nothing says whether the hours may serve both."
                )

    def _days_before(self, requirement: str) -> tuple[date, date]:
        """Return the first and last day on which training could count for the cycle closed last; none, where none did."""
        closed = next(reversed(list(closed_steps(self._assumed.context, requirement))), None)
        if closed is None:
            return LAST_DAY, FIRST_DAY
        edition = closed.context.life.edition
        first, last = closed.context.days(closed.hours.earning or (edition.earning if edition is not None else None))
        return first or FIRST_DAY, min(last or LAST_DAY, closed.context.life.as_of)

    def _is_curable(self, finding: Finding) -> bool:
        """Return whether what is done from the day on can still make up for what is short."""
        ends = self._assumed.days["earning_ends"]
        is_over = finding.subject == "hours" and ends is not None and self._answers.history.on > ends
        return self._assumed.life.filing is None and not self._answers.history.closing and not is_over

    @cached_property
    def _questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions."""
        return tuple(self._open_questions())

    def _open_questions(self) -> Iterator[OpenQuestion]:
        """Yield the questions of which another reading changes something, alone or together with others."""
        leaves = [self._assumed, *(leaf for _, leaf in self._leaves)]
        for question_id in filter(self._answers.weighs, dict.fromkeys(one for leaf in leaves for one in leaf.asked)):
            if not self._complete or self._answers.matters(question_id):
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
        assumed = dict(self._assumed.said)
        return tuple((name, value) for name, value in other.said if assumed.get(name) != value)

    def _caveats(self, also: frozenset[str] = frozenset()) -> Iterator[str]:
        assumed, answers = self._assumed, self._answers
        for question_id in assumed.asked:
            question = answers.questions[question_id]
            if answers.is_given(question_id) and question_id not in also:
                continue
            others = [answers.answer({question_id: reading.id}) for reading in question.readings]
            is_shown = question_id in also or (not answers.weighs(question_id) and any(map(self._differences, others)))
            amounts = self._other_amounts(question) if question.about == "rules" else ""
            if is_shown or (amounts and not self._is_open(question_id)):
                yield f"{question.asks} Assumed: {question.reading(question.assumed).says}{amounts}"
        if not self._complete and not also:
            yield "So many questions are open that not all combinations of their answers were looked at; answer some."
        yield from self._doubts(assumed.life)
        grant = assumed.life.grant
        if grant is not None and not grant.day_known:
            yield f"Only the printed expiry is on file; the cycle is taken to have begun on {grant.day}."
        if grant is not None and grant.follows_missing:
            yield f"The renewal of {grant.day} came so late that one before it seems not to be on file."
        if grant is not None and not grant.is_due_known:
            yield "How long it lasts hangs on something about the person that is not on file, and no expiry is printed."
        if grant is not None and not grant.printed and assumed.life.step == "renewal":
            yield f"No printed expiry is on file; the due date {grant.due} is computed."
        if answers.history.on > answers.rules.seen_on:
            yield f"The rules were last seen on {answers.rules.seen_on} and may have changed since."

    def _is_open(self, question_id: str) -> bool:
        """Return whether a question is one of the open ones, which say themselves what they change."""
        return any(one.question.id == question_id for one in self._questions)

    def _other_amounts(self, question: Question) -> str:
        """Say how many hours would be short under the other readings of a question, where it is not as many as here."""
        if self._assumed.components["hours"] != "short":
            return ""
        here, said = dict(_short(self._assumed)), []
        for reading in question.readings:
            there = _short(self._answers.answer({question.id: reading.id}))
            amounts = [f"{spoken_amount(hours, 'hour')} of {name}" for name, hours in there if here.get(name) != hours]
            if amounts:
                said.append(f" Were it “{reading.says.rstrip('.')}”, {' and '.join(amounts)} would be short.")
        return "".join(said)

    def _others(self) -> Iterator[str]:
        """Yield the other credentials on file on which a requirement of the edition hangs."""
        edition, history = self._assumed.life.edition, self._answers.history
        for requirement in with_inner(edition.requirements if edition is not None else ()):
            apart = requirement.not_shared_with if isinstance(requirement, Hours) else ()
            named = {one.ruleset for one in apart} | set(_credentials(requirement.only_if))
            yield from (other for other in named if history.elsewhere(other, history.on).acts)

    def _doubts(self, life: Life) -> Iterator[str]:
        """Say what in the records looks as if it were recorded twice, by mistake, or in vain."""
        acts = Counter(act.on for act in self._answers.history.acts if act.on is not None and act.act != "refused")
        for day in sorted(day for day, times in acts.items() if times > 1):
            yield f"Several acts of the board are on file on {day}; those of one kind are taken for one."
        for before, grant in pairwise(life.grants):
            if grant.act.act == "renewed" and grant.day - before.day < before.due - grant.day:
                yield f"The renewal of {grant.day} is early; if it was recorded twice, {grant.due} is too late."
        yield from self._early_expiry(life)
        rulings = self._answers.history.rulings
        known = self._answers.named
        for ruling in rulings:
            if ruling.requirement not in known:
                yield f"The ruling {ruling.id} is about nothing that these rules name, and was not used."
        yield from self._in_vain(life, {one.requirement: one for one in rulings if one.effect == "sets"})
        for other in sorted(set(self._others())):
            try:
                ruleset(other)
            except RuleSetNotFound:
                yield f"There are no rules of {other} at hand; it is taken to need no hours, and to last as printed."
            else:
                yield f"What is known of {other} is taken as the assumed answers to that rule set's questions give it."
        yield from self._alike()

    def _early_expiry(self, life: Life) -> Iterator[str]:
        """Say where the expiry printed last comes so soon that it may be that of the cycle before."""
        grant = life.grant
        if grant is None or not grant.printed or not grant.day_known or not isinstance(grant.schedule, Anniversary):
            return
        days = (grant.due - grant.day).days + 1
        if grant.act.act == "renewed" and days < 15 * grant.schedule.months:  # half a cycle, at thirty days a month
            yield (
                f"The expiry on file with the renewal of {grant.day} is {days - 1} days after it; if it is that of the "
                "certificate before, it is not the due date."
            )

    def _in_vain(self, life: Life, sets: Mapping[str, Ruling]) -> Iterator[str]:
        """Say which rulings set a figure in a unit that cannot be meant."""
        for one in with_inner(life.edition.requirements if life.edition is not None else ()):
            figure = sets[one.id].figure if one.id in sets else None
            if isinstance(one, SessionCount | Documents) and figure is not None and figure.unit not in one.units:
                units = " or ".join(sorted(one.units))
                yield f"The ruling {sets[one.id].id} is in {figure.unit}, not in {units}, and was not used."
            if (
                isinstance(one, Custom)
                and figure is not None
                and self._assumed.context.in_unit(figure, one.unit) is None
            ):
                yield f"The ruling {sets[one.id].id} is in {figure.unit}, not in {one.unit}, and was not used."

    def _alike(self) -> Iterator[str]:
        """Say which trainings look like one that was recorded twice; all of them count."""
        seen: dict[Any, str] = {}
        for event in self._answers.history.events:
            record = event.record
            kind = (record.completed, record.title, record.course, record.provider, record.credits)
            if event.why_not is None and record.credits and (record.title or record.course):
                if kind in seen:
                    yield f"{seen[kind]} and {record.id} look like one training recorded twice; both count."
                seen[kind] = record.id

    def _dates(self, seen: list[Scenario]) -> Iterator[tuple[DateName, Day]]:
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
            then = {day for leaf in seen if (day := leaf.life.lapsed_on) is not None}
            found |= then if name == "late_until" and found else set()
            candidates = sorted(found)
            if candidates:
                is_everywhere = all(leaf.days[name] is not None or leaf.life.lapsed_on in found for leaf in seen)
                decided = len(candidates) == 1 and self._complete and is_everywhere
                yield name, Day(day=candidates[0] if decided else None, candidates=tuple(candidates), why=why)

    def _ahead(self) -> Iterator[Ahead]:
        life, history, rules = self._assumed.life, self._answers.history, self._answers.rules
        procedure = rules.procedure(life.step or "")
        last = life.late_until or (life.grant.due if life.grant else None)
        if procedure is None or procedure.decided_by != "filing" or last is None or life.filing is not None:
            return
        for edition in procedure.editions:
            begins = (edition.begins.day or edition.begins.not_before) if edition.begins else None
            if begins is not None and history.on < begins <= last:
                readings = self._assumed.context.readings.at(begins)
                there = attrs.evolve(life, edition=edition, deciding=begins)
                still_open = frozenset(filter(self._answers.weighs, self._answers.questions))
                context = Context(ruleset=rules, history=history, readings=readings, life=there, still_open=still_open)
                results = [check_requirement(context, requirement).result for requirement in edition.requirements]
                yield Ahead(edition=edition.id, begins=begins, says=edition.says, outcome=outcome_of(there, results))


def _short(answer: Scenario) -> Iterator[tuple[str, Fraction]]:
    """Yield how many hours are short, of each requirement of hours that is."""
    for one in answer.verdicts:
        if isinstance(one, HoursCheck) and one.result == "short":
            yield one.id, one.short


def _credentials(condition: Condition | None) -> Iterator[str]:
    """Yield the other credentials that a condition names."""
    if condition is not None:
        yield from [condition.credential] if condition.credential is not None else []
        for inner in (*condition.any_of, condition.unless):
            yield from _credentials(inner)
