"""
What a reader of a report should know beside its findings: what was assumed, and what looks odd in the records.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from peer_ledger._closest import few_of
from peer_ledger.evaluation._alike import JOINING
from peer_ledger.evaluation._by_reading import ByReading
from peer_ledger.evaluation._carryover import closed_steps
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._eligibility import unknown_bodies
from peer_ledger.evaluation._filing_caveats import filing_caveats
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._unknown_topics import unknown_topics
from peer_ledger.records import Ruling
from peer_ledger.reports import Finding
from peer_ledger.reports._remarks import Remark, Value, remark
from peer_ledger.rules import (
    UNKNOWN_APPROVALS,
    Anniversary,
    Hours,
    Question,
    UnknownCycle,
    bodies_named,
    with_inner,
)
from peer_ledger.values.vocabularies import standard_vocabularies

BEARS_ON_EXPIRY = frozenset({"current", "filing closed", "pending", "late", "lapsed", "undetermined"})
"""The standings in which a due date that is near or past matters."""


class Caveats:
    """
    The caveats of one answer.

    Args:
        answers: The answers for one person and day.
        by_reading: The same under single readings.
        complete: Whether the answers under all combinations of readings were looked at.
        listed: The questions that the report lists as open: those say themselves what they change.
    """

    def __init__(self, answers: Scenarios, by_reading: ByReading, *, complete: bool, listed: frozenset[str]) -> None:
        self._answers, self._by_reading, self._complete, self._listed = answers, by_reading, complete, listed
        self._assumed = by_reading.assumed

    def all(self, also: frozenset[str] = frozenset()) -> Iterator[Remark]:
        """
        Yield what a reader should know beside the findings.

        Args:
            also: Open questions whose assumed readings are to be named, for the report under these readings.
        """
        assumed, answers = self._assumed, self._answers
        is_short = assumed.components["hours"] == "short"
        looked_at = also.union(self._by_reading.differing)
        for question_id, question in answers.questions.items():
            if question_id not in looked_at:
                continue
            is_given = question_id in answers.position.given
            if question_id not in also and (is_given or question_id not in assumed.asked):
                continue
            is_shown = question_id in also or self._is_decided_otherwise(question)
            has_amounts = is_short and (question.about == "rules" or question_id in JOINING)
            amounts = self._other_amounts(question) if has_amounts else {}
            if is_shown or (amounts and question_id not in self._listed):
                said = question.reading(question.assumed).says
                yield remark("assumed-reading", question=question_id, asks=question.asks, reading=said, **amounts)
        if not self._complete and not also:
            yield remark("not-all-readings")
        yield from self._unknown_bodies()
        yield from self._unknown_topics()
        yield from self._doubts(assumed.life)
        grant = assumed.life.grant
        if grant is not None and not grant.day_known and grant.day != FIRST_DAY:
            yield remark("begin-assumed", day=grant.day)
        if grant is not None and grant.follows_missing:
            yield remark("renewal-missing", day=grant.day)
        if grant is not None and not grant.is_due_known:
            # Which edition of the cycle it is under depends on the grant, as does whether it is provisional.
            is_unstated = isinstance(grant.rule, UnknownCycle) or grant.level == "provisional"
            yield remark("end-not-known" if is_unstated else "length-not-known")
        if grant is not None and not grant.printed and assumed.life.step == "renewal":
            yield remark("due-computed", day=grant.due)
        yield from filing_caveats(assumed, answers.history)
        yield from self._step_notes()
        yield from self._of_rules()

    def _of_rules(self) -> Iterator[Remark]:
        """Yield what is not known of the rules, and when they were seen."""
        rules = self._answers.rules
        if rules.grade == "partial":
            gaps = self._answers.position.known.gaps
            yield remark("rules-incomplete", gaps=gaps, body=rules.body, ask=rules.ask or "")
        if self._answers.history.on > rules.seen_on:
            yield remark("rules-seen", day=rules.seen_on)

    def _step_notes(self) -> Iterator[Remark]:
        """Yield the notes of the rule set that bear on the next step, or on a due date that is near or past."""
        life, on = self._assumed.life, self._answers.history.on
        bears_on: set[str | None] = {life.step}
        grant = life.grant
        if grant is not None and life.standing in BEARS_ON_EXPIRY:
            days = timedelta(days=self._answers.rules.notice_days)
            is_near = life.standing != "current" or (grant.is_due_known and grant.due - on <= days)
            bears_on |= {"expiring"} if is_near else set()
        yield from (
            remark("note", text=note.says)
            for note in self._answers.rules.step_notes
            if not bears_on.isdisjoint(note.bears_on)
        )

    def _unknown_topics(self) -> Iterator[Remark]:
        """Yield a caveat for each topic on file that the rules do not know, unless the hours are met."""
        if self._assumed.components["hours"] != "met":
            yield from unknown_topics(self._answers.history.events, self._answers.position.known.topics)

    def _unknown_bodies(self) -> Iterator[Remark]:
        """Yield a caveat for each approving body that the rules do not know, unless the hours are met."""
        if UNKNOWN_APPROVALS not in self._assumed.asked or self._assumed.components["hours"] == "met":
            return
        readings, words = self._answers.context(self._assumed).readings, standard_vocabularies()["approvers"]
        found: dict[str, list[str]] = {}
        for event in self._answers.history.events:
            for body in unknown_bodies(event.approved_by, readings) if event.why_not is None else ():
                found.setdefault(body, []).append(event.record.id)
        for body, records in sorted(found.items()):
            near = words.find(body) or words.nearest(body)
            known = few_of(sorted(bodies_named(self._answers.rules.procedures)))
            yield remark("unknown-approver", body=body, records=tuple(records), near=near or "", known=known)

    def _is_decided_otherwise(self, question: Question) -> bool:
        """Return whether a question that leaves nothing undetermined has a reading under which the answer differs."""
        if question.id in self._answers.position.weighing:
            return False
        return self._by_reading.is_decided_otherwise(question.id)

    def _other_amounts(self, question: Question) -> dict[str, Value]:
        """Return how many hours would be short under other readings of a question, where that differs from here."""
        assumed, readings, rows = self._assumed.short, list[str](), list[tuple[int, str, Fraction]]()
        here = dict(assumed)
        for reading, short in self._by_reading.shorts(question.id):
            others = [(len(readings), name, hours) for name, hours in short if here.get(name) != hours]
            if others:
                readings.append(question.reading(reading).says)
                rows += others
        if not rows:
            return {}
        places, names, amounts = zip(*rows, strict=True)
        return {
            "readings": tuple(readings), "of_reading": places, "requirements": names, "amounts": amounts,
            "unit": self._answers.rules.counts_in,
        }  # fmt: skip

    def _others(self) -> Iterator[str]:
        """Yield the other credentials on file that a requirement of the edition depends on, in order."""
        edition, history = self._assumed.life.edition, self._answers.history
        named = () if edition is None else self._answers.position.known.others_named(edition)
        return (other for other in named if history.elsewhere(other, history.on).acts)

    def _doubts(self, life: Life) -> Iterator[Remark]:
        """Yield a caveat for each act that looks like a duplicate, and each record that has no effect."""
        days = [act.on for act in self._answers.history.acts if act.on is not None and act.act != "refused"]
        for day in sorted({day for day in days if days.count(day) > 1}) if len({*days}) < len(days) else ():
            yield remark("several-acts", day=day)
        for before, grant in pairwise(life.grants):
            is_known = before.is_due_known and grant.is_due_known
            if is_known and grant.act.act == "renewed" and grant.day - before.day < before.due - grant.day:
                yield remark("early-renewal", day=grant.day, due=grant.due)
        yield from self._early_expiry(life)
        rulings = self._answers.history.rulings
        known = self._answers.position.known.named
        for ruling in rulings:
            if ruling.requirement not in known:
                yield remark("ruling-unknown-requirement", record=ruling.id)
        sets = {ruling.requirement: ruling for ruling in rulings if ruling.effect == "sets"}
        yield from self._unusable(life, sets) if sets else ()
        for other in self._others():
            if other in self._answers.position.rulesets:
                yield remark("other-rules-assumed", credential=other)
            else:
                yield remark("no-other-rules", credential=other)
        yield from self._unused()

    def _unused(self) -> Iterator[Remark]:
        """Yield a caveat where a level or a designation is recorded of a certificate whose rules do not look at it."""
        rules, looked_at = self._answers.rules, self._answers.position.known.designations
        levels = {act.level: None for act in self._answers.history.acts if act.level is not None}
        if rules.provisional is None and levels:
            yield remark("level-not-used", levels=tuple(levels), ruleset=rules.id)
        held = [held for held in self._answers.history.designations if held.credential == rules.id]
        unknown = dict.fromkeys(held.name for held in held if held.name not in looked_at)
        if unknown:
            yield remark("designation-not-used", designations=tuple(unknown), ruleset=rules.id)

    def _early_expiry(self, life: Life) -> Iterator[Remark]:
        """Yield a caveat when the last printed expiry comes so soon that it may belong to the cycle before."""
        grant = life.grant
        if grant is None or not grant.printed or not grant.day_known or not isinstance(grant.schedule, Anniversary):
            return
        days = (grant.due - grant.day).days + 1
        if grant.act.act == "renewed" and days < 15 * grant.schedule.months:  # half a cycle, at thirty days a month
            yield remark("early-expiry", day=grant.day, number=days - 1)

    def _unusable(self, life: Life, sets: Mapping[str, Ruling]) -> Iterator[Remark]:
        """Yield a caveat for each ruling that sets a figure in a unit that its requirement does not use."""
        for rule in with_inner(life.edition.requirements if life.edition is not None else ()):
            figure = sets[rule.id].figure if rule.id in sets else None
            if figure is None:
                continue
            if rule.units is not None and not self._answers.context(self._assumed).is_usable(figure, rule):
                known = tuple(sorted(rule.units))
                yield remark("ruling-other-unit", record=sets[rule.id].id, ruling_unit=figure.unit, units=known)

    def counted_before(self, findings: tuple[Finding, ...]) -> Iterator[Remark]:
        """Yield a caveat for training that counts now and falls in the days that counted for the cycle before."""
        context, grant = self._answers.context(self._assumed), self._assumed.life.grant
        if grant is None or grant.act.act != "renewed" or context.life.edition is None:
            return
        edition = context.life.edition
        asked = {rule.id: rule for rule in edition.requirements if isinstance(rule, Hours)}
        for finding in findings:
            hours = asked.get(finding.requirement)
            if hours is None or hours.carry_over or hours.not_shared_with or hours.recurs:
                continue
            begins = context.days(hours.earning or edition.earning)[0]
            if begins is not None and begins > grant.day:
                continue
            early = [line.day for line in finding.lines if line.counted and line.day <= grant.day]
            if not early:
                continue
            first, last = self._days_before(hours.id)
            both = sum(first <= day <= last for day in early)
            if both:
                unit = self._answers.rules.counts_in
                yield remark("counted-before", trainings=both, requirement=hours.id, day=grant.day, unit=unit)

    def _days_before(self, requirement: str) -> tuple[date, date]:
        """Return the days on which training could count for the last closed cycle; an empty interval without one."""
        closed = next(reversed(list(closed_steps(self._answers.context(self._assumed), requirement))), None)
        if closed is None:
            return LAST_DAY, FIRST_DAY
        edition = closed.context.life.edition
        first, last = closed.context.days(closed.hours.earning or (edition.earning if edition is not None else None))
        return first or FIRST_DAY, min(last or LAST_DAY, closed.context.life.as_of)
