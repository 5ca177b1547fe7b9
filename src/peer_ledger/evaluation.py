"""
Where a person stands on a day under a rule set: the question that the package exists for.

>>> from peer_ledger import Certification, Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append([
...     Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
...     TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", credits=[
...         Credit(amount=3, topics={"ethics"}), Credit(amount="16.75", topics={"recovery"})]),
... ])
>>> report = evaluate(ledger, "p-1", on="2026-01-15")
>>> report.standing, report.hours_outcome, report.dates["due"].day.isoformat()
('current', 'short', '2026-03-31')
>>> [(finding.requirement, str(finding.short)) for finding in report.findings if finding.result == "short"]
[('training', '1/4')]
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NoReturn

import attrs

from peer_ledger import allocation
from peer_ledger._report_text import report_text, report_to_dict
from peer_ledger._ruleset_files import digest_of
from peer_ledger._standing import Life, Standing, life_on
from peer_ledger._view import LedgerView
from peer_ledger.dates import as_day
from peer_ledger.errors import InvalidValue
from peer_ledger.findings import Case, Finding, Result, findings_of, verdicts_of
from peer_ledger.history import History, history_of
from peer_ledger.questions import Question, Reading, Readings
from peer_ledger.rules import RuleSet, questions_of
from peer_ledger.rulesets import ruleset as find_ruleset

Outcome = Literal["met", "short", "undetermined", "not applicable"]
"""Whether the requirements of the step are all met with what is on file."""

InForce = Literal["yes", "no", "undetermined"]
"""Whether the person may practise on the day."""

DEFAULT = "us-nc-cpss"
"""The rule set that is asked when none is named."""

MOST_COMBINATIONS = 256
"""How many combinations of open questions are looked at; beyond that everything they touch is undetermined."""

MOST_KNOWN = 256
"""Of how many rule sets is kept what depends on them alone."""

UNDETERMINED = "undetermined"


@attrs.frozen(kw_only=True)
class Day:
    """
    One date of an answer.

    Attributes:
        day: The date; `None` when there is none, or it is not decided.
        candidates: All dates that some reading gives, from the earliest; one when it is decided.
        why: Where it comes from.
    """

    day: date | None
    candidates: tuple[date, ...]
    why: str


@attrs.frozen
class Dates(Mapping[str, Day]):
    """
    The dates of an answer by name, those there are: `due`, `late_until`, `opens`, `earning_begins`, `earning_ends`.
    """

    _days: tuple[tuple[str, Day], ...]

    def __getitem__(self, name: str) -> Day:
        return dict(self._days)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._days)

    def __len__(self) -> int:
        return len(self._days)


@attrs.frozen(kw_only=True)
class Alternative:
    """
    What one reading of an open question would give.

    Attributes:
        reading: The reading.
        gives: The components of the answer that would be different from those under the assumed reading.
    """

    reading: Reading
    gives: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class OpenQuestion:
    """
    A question that changes the answer for this person on this day.

    Attributes:
        question: The question.
        alternatives: What each reading would give.
    """

    question: Question
    alternatives: tuple[Alternative, ...]


@attrs.frozen(kw_only=True)
class Ahead:
    """
    An edition that begins before the last day of filing.

    Attributes:
        edition: Its id.
        begins: The first day it governs.
        says: What is new in it.
        outcome: The outcome it would give with what is on file.
    """

    edition: str
    begins: date
    says: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Provenance:
    """
    What an answer was made of.

    Attributes:
        ruleset: The rule set's id.
        version: Its version.
        digest: Its digest.
        edition: The edition that governed; `None` when none did.
        entries: How many entries of the ledger were read.
        known: The number of the ledger's last entry.
    """

    ruleset: str
    version: str
    digest: str
    edition: str | None
    entries: int
    known: int


@attrs.frozen(kw_only=True)
class Report:
    """
    Where a person stands on a day.

    A report has no truth value; ask for its `status`, its `outcome` or its `in_force`.

    Attributes:
        person: The id asked for.
        on: The day.
        standing: Where the certificate is in its life.
        step: What is next: `initial`, `renewal`, `reinstatement`; `None` when nothing can be done.
        in_force: Whether the person may practise on the day.
        outcome: Whether the requirements of the step are all met with what is on file.
        hours_outcome: The same of the hours alone.
        documents_outcome: The same of the documents alone.
        status: The headline.
        dates: Each date where there is one, by name.
        pending_since: The day of a filing that is not decided yet; `None` when there is none.
        findings: How each requirement stands, under the assumed readings.
        questions: What is open and what each answer would give.
        caveats: What was assumed.
        ahead: What a coming edition would change.
        provenance: What the answer was made of.
    """

    person: str
    on: date
    standing: Standing
    step: str | None
    in_force: InForce
    outcome: Outcome
    hours_outcome: Outcome
    documents_outcome: Outcome
    status: str
    dates: Dates
    pending_since: date | None
    findings: tuple[Finding, ...]
    questions: tuple[OpenQuestion, ...]
    caveats: tuple[str, ...]
    ahead: tuple[Ahead, ...]
    provenance: Provenance

    def __str__(self) -> str:
        return report_text(self)

    def to_dict(self) -> dict[str, Any]:
        """
        Give the report as plain values: days as texts, amounts as texts, `version` for the form itself.
        """
        return report_to_dict(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a report is not true or false; ask for its status, outcome or in_force")

    def finding(self, requirement: str) -> Finding:
        """
        Find how a requirement stands.

        Raises:
            InvalidValue: It was not asked; the message lists those that were.
        """
        for finding in self.findings:
            if finding.requirement == requirement:
                return finding
        known = ", ".join(finding.requirement for finding in self.findings) or "none"
        raise InvalidValue(f"no requirement {requirement!r} was asked; there were {known}")


@attrs.frozen(kw_only=True)
class _Answer:
    """The answer under one reading of every question."""

    case: Case
    asked: Mapping[str, str]
    components: Mapping[str, str]
    days: Mapping[str, date | None]

    @property
    def life(self) -> Life:
        """Where the certificate is."""
        return self.case.life


@attrs.frozen(kw_only=True)
class _Known:
    """What depends on a rule set alone."""

    rules: RuleSet
    questions: dict[str, Question]
    digest: str


_KNOWN: dict[int, _Known] = {}


def _known(rules: RuleSet) -> _Known:
    """Work out what depends on a rule set alone, once for each object; hashing one costs more than an answer."""
    known = _KNOWN.get(id(rules))
    if known is None or known.rules is not rules:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        questions = {question.id: question for question in questions_of(rules)}
        known = _KNOWN[id(rules)] = _Known(rules=rules, questions=questions, digest=digest_of(rules))
    return known


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
    Say where a person stands on a day, what is missing, until when, why, and on whose authority.

    Args:
        ledger: What is known; `known_at` gives what was known earlier.
        person: Any of the person's ids.
        on: The day; events after it do not count yet.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.
        strict: Whether what would only be a caveat leaves the answer undetermined, too.
        cycle: A cycle that a renewal has closed, from 1, to be judged as of its filing, or else of the renewal;
            `None` for the step that is next.

    Raises:
        InvalidValue: The day is none, a question or reading is unknown, or no renewal closed that cycle; the message
            lists what there is.
        RuleSetNotFound: There is no such rule set.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    history = history_of(ledger, person, on=as_day(on), credential=rules.id)
    if cycle is not None:
        history = _closed(ledger, history, rules, cycle, readings or {})
    report = _Evaluation(rules, history, readings or {}, strict=strict).report(known=len(ledger))
    disagreement = _disagreement(ledger, history, rules, readings or {}) if cycle is None else None
    return report if disagreement is None else attrs.evolve(report, caveats=(*report.caveats, disagreement))


def _disagreement(ledger: LedgerView, history: History, rules: RuleSet, given: Mapping[str, str]) -> str | None:
    """Say that the board renewed although the hours on file were short; its act stands all the same."""
    grants = life_on(history, rules, Readings(_known(rules).questions.values(), given)).grants
    if len(grants) < 2 or grants[-1].act.act != "renewed":
        return None
    before = _closed(ledger, history, rules, grants[-1].number - 1, given)
    if _Evaluation(rules, before, given, strict=False).hours_fall_short():
        return f"The board renewed on {grants[-1].day}, although the hours on file were short; its act stands."
    return None


def _closed(ledger: LedgerView, history: History, rules: RuleSet, cycle: int, given: Mapping[str, str]) -> History:
    """Give the history as it was when a renewal that is now closed was filed, or else granted."""
    grants = life_on(history, rules, Readings(_known(rules).questions.values(), given)).grants
    closing = [grant for grant in grants if grant.number == cycle + 1]
    if not closing:
        known = ", ".join(str(grant.number - 1) for grant in grants if grant.number > 1) or "none"
        raise InvalidValue(f"no renewal on file closed cycle {cycle}; closed are: {known}")
    grant = closing[-1]
    begun = max((one.day for one in grants if one.number == cycle and one.day <= grant.day), default=grant.day)
    filed = [f for f in history.filings if f.step == "renewal" and begun < (f.sent or f.received or begun) <= grant.day]
    filed = [one for one in filed if one.id == grant.act.filing] or filed
    day = (filed[-1].sent or filed[-1].received or grant.day) if filed else grant.day
    before = history_of(ledger, history.person, on=day, credential=rules.id)
    return attrs.evolve(before, acts=tuple(act for act in before.acts if act.id != grant.act.id), closing=True)


def evaluate_all(
    ledger: LedgerView,
    *,
    on: date | str,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
) -> Iterator[Report]:
    """
    Say where everybody stands, one report a person, in the order of their ids; of a person's ids the first is taken.
    """
    for person in ledger.people():
        if person == min(ledger.same_person(person)):
            yield evaluate(ledger, person, on=on, ruleset=ruleset, readings=readings, strict=strict)


def in_force(
    ledger: LedgerView,
    services: Iterable[tuple[str, date | str]],
    *,
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
) -> Iterator[InForce]:
    """
    Say for many people and service days whether each person might practise on the day.

    Args:
        ledger: What is known.
        services: Pairs of a person and a day.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Yields:
        `yes`, `no` or `undetermined`, in the order of the pairs.

    Raises:
        InvalidValue: A day is none, or a question or reading is unknown.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    for person, day in services:
        history = history_of(ledger, person, on=as_day(day), credential=rules.id)
        yield _Evaluation(rules, history, readings or {}, strict=False).in_force()


@attrs.frozen(kw_only=True)
class Period:
    """
    Some days on which a certificate stood alike.

    Attributes:
        begins: The first of them.
        ends: The day after the last of them.
        standing: Where it stood.
        in_force: Whether the person might practise.
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
    Give a certificate's life as half-open intervals, from the first act on file.

    Args:
        ledger: What is known.
        person: Any of the person's ids.
        until: The day after the last one that is looked at.
        ruleset: The rules, or their id.
        readings: Questions that the caller answers, by id.

    Raises:
        InvalidValue: The day is none, or a question or reading is unknown.
    """
    rules = find_ruleset(ruleset) if isinstance(ruleset, str) else ruleset
    end = as_day(until)
    whole = history_of(ledger, person, on=end, credential=rules.id)
    periods: list[Period] = []
    grants = life_on(whole, rules, Readings(_known(rules).questions.values(), readings)).grants
    day = min((grant.day for grant in grants), default=end)
    while day < end:
        history = history_of(ledger, person, on=day, credential=rules.id)
        standing, force, changes = _Evaluation(rules, history, readings or {}, strict=False).stands()
        recorded = [act.on for act in whole.acts if act.on is not None] + [grant.day for grant in grants]
        recorded += [one.last_day + timedelta(days=1) for one in whole.coverages if one.last_day is not None]
        recorded += [one for filing in whole.filings if (one := filing.sent or filing.received) is not None]
        following = min((one for one in (*recorded, *changes) if one > day), default=end)
        following = min(following, end)
        if periods and (periods[-1].standing, periods[-1].in_force) == (standing, force):
            periods[-1] = attrs.evolve(periods[-1], ends=following)
        else:
            periods.append(Period(begins=day, ends=following, standing=standing, in_force=force))
        day = following
    return tuple(periods)


def check_proof(report: Report) -> tuple[str, ...]:
    """
    Check every answer about hours of a report with other means than those by which it was found.

    Returns:
        What is wrong, in plain words; nothing when all proofs hold.
    """
    return tuple(
        f"{finding.requirement}: {problem}"
        for finding in report.findings
        if (proof := finding.proof) is not None
        for problem in allocation.check_proof(
            proof.plan, proof.cells, proof.allocation, alternatives=proof.alternatives
        )
    )


class _Evaluation:
    """One person, one day, one rule set."""

    def __init__(self, rules: RuleSet, history: History, given: Mapping[str, str], *, strict: bool) -> None:
        self._rules, self._history, self._given = rules, history, dict(given)
        self._questions = _known(rules).questions
        self._strict = strict
        self._answers: list[_Answer] = []
        Readings(self._questions.values(), self._given)

    def report(self, *, known: int) -> Report:
        assumed = self._answer({})
        leaves, complete = self._leaves()
        decided = {
            name: value if complete and all(leaf.components[name] == value for leaf in leaves) else UNDETERMINED
            for name, value in assumed.components.items()
        }
        questions = tuple(self._open_questions(assumed, leaves))
        life = assumed.life
        return Report(
            person=self._history.person,
            on=self._history.on,
            standing=decided["standing"],  # type: ignore[arg-type]  # one of the words of a Standing
            step=life.step,
            in_force=decided["in_force"],  # type: ignore[arg-type]  # one of the words of an InForce
            outcome=decided["outcome"],  # type: ignore[arg-type]  # one of the words of an Outcome
            hours_outcome=decided["hours"],  # type: ignore[arg-type]  # the same
            documents_outcome=decided["documents"],  # type: ignore[arg-type]  # the same
            status=decided["status"],
            dates=Dates(tuple(self._dates(assumed, leaves))),
            pending_since=life.as_of if life.filing is not None else None,
            findings=findings_of(assumed.case),
            questions=questions,
            caveats=tuple(self._caveats(assumed)),
            ahead=tuple(self._ahead(assumed)),
            provenance=Provenance(
                ruleset=self._rules.id,
                version=self._rules.version,
                digest=_known(self._rules).digest,
                edition=life.edition.id if life.edition else None,
                entries=self._history.entries,
                known=known,
            ),
        )

    def in_force(self) -> InForce:
        """Tell whether the person may practise."""
        return self.stands()[1]

    def hours_fall_short(self) -> bool:
        """Tell whether the hours are short under the assumed readings."""
        return self._answer({}).components["hours"] == "short"

    def stands(self) -> tuple[Standing, InForce, tuple[date, ...]]:
        """Give the standing, whether it is in force, and the days on which the calendar alone may change it."""
        found: list[tuple[Standing, InForce]] = []
        changes: set[date] = set()
        waiting: list[dict[str, str]] = [{}]
        while waiting and len(found) + len(waiting) <= MOST_COMBINATIONS:
            taken = waiting.pop()
            readings = Readings(self._questions.values(), {**taken, **self._given})
            life = life_on(self._history, self._rules, readings)
            force = self._in_force(life, readings)
            untaken = next((one for one in readings.asked if one not in taken and self._weighs(one)), None)
            if untaken is not None:
                waiting += [{**taken, untaken: reading.id} for reading in self._questions[untaken].readings]
                continue
            found.append((life.standing, force))
            if life.grant is not None:
                changes.add(life.grant.due + timedelta(days=1))
            if life.late_until is not None:
                changes.add(life.late_until + timedelta(days=1))
        changes |= {
            one.begins.day for p in self._rules.procedures for one in p.editions if one.begins and one.begins.day
        }
        standings, forces = {one for one, _ in found}, {one for _, one in found}
        return (
            next(iter(standings)) if len(standings) == 1 and not waiting else "undetermined",
            next(iter(forces)) if len(forces) == 1 and not waiting else "undetermined",
            tuple(changes),
        )

    def _answer(self, taken: Mapping[str, str]) -> _Answer:
        """Answer under some readings; those that come to the same are answered once."""
        for answer in self._answers:
            if all(reading == self._reading(question, taken) for question, reading in answer.asked.items()):
                return answer
        readings = Readings(self._questions.values(), {**taken, **self._given})
        life = life_on(self._history, self._rules, readings)
        readings.deciding = life.deciding
        case = Case(ruleset=self._rules, history=self._history, readings=readings, life=life)
        verdicts = verdicts_of(case)
        outcome = _outcome(life, [result for _, result in verdicts])
        begins, ends = self._earning_days(case)
        components = {
            "standing": life.standing,
            "in_force": self._in_force(life, readings),
            "outcome": outcome,
            "hours": _outcome(life, [result for subject, result in verdicts if subject == "hours"]),
            "documents": _outcome(life, [result for subject, result in verdicts if subject == "documents"]),
            "status": _status(life, outcome, self._history.on, self._rules.notice_days),
        }
        days = {
            "due": life.grant.due if life.grant and life.step == "renewal" else None,
            "late_until": life.late_until,
            "opens": life.opens,
            "earning_begins": begins,
            "earning_ends": ends,
        }
        asked = {question: self._reading(question, taken) for question in readings.asked}
        answer = _Answer(case=case, asked=asked, components=components, days=days)
        self._answers.append(answer)
        return answer

    def _reading(self, question: str, taken: Mapping[str, str]) -> str:
        return self._given.get(question) or taken.get(question) or self._questions[question].assumed

    def _earning_days(self, case: Case) -> tuple[date | None, date | None]:
        """Give the days on which training counts if it is filed on the last day possible."""
        life = case.life
        if life.filing is None and life.grant is not None and life.step == "renewal":
            life = attrs.evolve(life, as_of=max(life.late_until or life.grant.due, life.as_of))
        begins, ends = attrs.evolve(case, life=life).days(life.edition.earning if life.edition else None)
        return begins, ends if life.filing is None or ends is None else min(ends, life.as_of)

    def _in_force(self, life: Life, readings: Readings) -> InForce:
        if life.standing == "undetermined":
            return "undetermined" if life.grants or life.asks else "no"
        if life.standing == "late":
            return "yes" if readings.of(self._rules.in_force_while_late) else "no"
        return "yes" if life.standing == "current" else "no"

    def _weighs(self, question: str) -> bool:
        return question not in self._given and (self._strict or self._questions[question].weight == "blocking")

    def _leaves(self) -> tuple[list[_Answer], bool]:
        """Give the answers under all combinations of the readings that decide; and whether these were all."""
        leaves: list[_Answer] = []
        waiting: list[dict[str, str]] = [{}]
        while waiting:
            if len(leaves) + len(waiting) > MOST_COMBINATIONS:
                return leaves, False
            taken = waiting.pop()
            answer = self._answer(taken)
            untaken = next((one for one in answer.asked if one not in taken and self._weighs(one)), None)
            if untaken is None:
                leaves.append(answer)
            else:
                waiting += [{**taken, untaken: reading.id} for reading in self._questions[untaken].readings]
        return leaves, True

    def _open_questions(self, assumed: _Answer, leaves: list[_Answer]) -> Iterator[OpenQuestion]:
        """Give the questions of which another reading changes something, alone or together with others."""
        touched = dict.fromkeys(one for leaf in [assumed, *leaves] for one in leaf.asked)
        for question_id in touched:
            if not self._weighs(question_id):
                continue
            question = self._questions[question_id]
            alternatives = tuple(
                Alternative(reading=reading, gives=self._differences(assumed, {question_id: reading.id}))
                for reading in question.readings
            )
            if any(alternative.gives for alternative in alternatives):
                yield OpenQuestion(question=question, alternatives=alternatives)

    def _differences(self, assumed: _Answer, taken: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        other = self._answer(taken)
        changed = [(name, value) for name, value in other.components.items() if assumed.components[name] != value]
        changed += [
            (name, str(value))
            for name, value in other.days.items()
            if value is not None and assumed.days[name] != value
        ]
        return tuple(changed)

    def _caveats(self, assumed: _Answer) -> Iterator[str]:
        for question_id in assumed.asked:
            question = self._questions[question_id]
            if question_id in self._given or self._weighs(question_id):
                continue
            others = [reading for reading in question.readings if reading.id != question.assumed]
            if any(self._differences(assumed, {question_id: reading.id}) for reading in others):
                yield f"{question.asks} Assumed: {question.reading(question.assumed).says}"
        grant = assumed.life.grant
        if assumed.life.asks is not None:
            yield f"The records do not say: {assumed.life.asks}"
        if grant is not None and not grant.day_known:
            yield f"Only the printed expiry is on file; the cycle is taken to have begun on {grant.day}."
        if grant is not None and grant.follows_missing:
            yield f"The renewal of {grant.day} came so late that one before it seems not to be on file."
        if grant is not None and not grant.printed and assumed.life.step == "renewal":
            yield f"No printed expiry is on file; the due date {grant.due} is computed."
        if self._history.on > self._rules.seen_on:
            yield f"The rules were last seen on {self._rules.seen_on} and may have changed since."

    def _dates(self, assumed: _Answer, leaves: list[_Answer]) -> Iterator[tuple[str, Day]]:
        whys = {
            "due": "printed on the certificate" if assumed.life.grant and assumed.life.grant.printed else "computed",
            "late_until": "the last day of filing late",
            "opens": "the first day of filing",
            "earning_begins": "the first day of training that counts",
            "earning_ends": "the last day of training that counts",
        }
        for name, why in whys.items():
            found = {day for leaf in [assumed, *leaves] if (day := leaf.days[name]) is not None}
            if name == "late_until" and found:
                found |= {day for leaf in leaves if (day := leaf.life.lapsed_on) is not None}
            candidates = sorted(found)
            if candidates:
                decided = len(candidates) == 1
                yield name, Day(day=candidates[0] if decided else None, candidates=tuple(candidates), why=why)

    def _ahead(self, assumed: _Answer) -> Iterator[Ahead]:
        life = assumed.life
        procedure = self._rules.procedure(life.step or "")
        last = life.late_until or (life.grant.due if life.grant else None)
        if procedure is None or last is None or life.filing is not None:
            return
        for edition in procedure.editions:
            begins = edition.begins.day if edition.begins else None
            if begins is not None and self._history.on < begins <= last:
                readings = Readings(self._questions.values(), self._given, deciding=begins)
                there = attrs.evolve(life, edition=edition, deciding=begins)
                case = Case(ruleset=self._rules, history=self._history, readings=readings, life=there)
                yield Ahead(
                    edition=edition.id,
                    begins=begins,
                    says=edition.says,
                    outcome=_outcome(there, [result for _, result in verdicts_of(case)]),
                )


def _outcome(life: Life, results: list[Result]) -> Outcome:
    if life.step is None or life.edition is None:
        return "not applicable"
    if "short" in results:
        return "short"
    if "undetermined" in results:
        return "undetermined"
    return "met"


def _status(life: Life, outcome: Outcome, on: date, notice_days: int) -> str:
    if life.standing in ("revoked", "suspended", "surrendered", "inactive", "undetermined", "lapsed", "late"):
        return life.standing
    if life.standing == "not certified":
        return "ready to apply" if outcome == "met" else "not certified"
    if outcome == "met":
        return "compliant"
    if outcome == "undetermined":
        return UNDETERMINED
    due = life.grant.due if life.grant else on
    return "due soon" if on >= due - timedelta(days=notice_days) else "in progress"
