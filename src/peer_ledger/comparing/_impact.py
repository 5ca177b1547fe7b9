"""
A rule changes: who would stand elsewhere, and because of which requirement.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from html import escape
from typing import Any

import attrs

from peer_ledger._closest import few_of
from peer_ledger.comparing._differences import (
    Difference,
    Requirement,
    answer_of,
    differences,
    requirements_differing,
)
from peer_ledger.comparing._since import Since
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.evaluation import evaluate_all
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._known import Known
from peer_ledger.evaluation._question import RULES, asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._about import first_ids
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import Report
from peer_ledger.reports._html import part
from peer_ledger.rules import RuleSet
from peer_ledger.values._arguments import A_TEXT, an_instance, arguments
from peer_ledger.values._cached import OnlyFields, cached_property
from peer_ledger.values._wording import amount, counted, spoken_day
from peer_ledger.values.dates import as_day

_MOST_SAID = 20
"""How many people the sentences are about; the table has all."""


@attrs.frozen(kw_only=True, slots=False)
class Affected(OnlyFields):
    """
    A person who would stand elsewhere.

    Attributes:
        person: The id of the person.
        before: The report by the rules before.
        after: The report by the rules after.
    """

    person: str
    before: Report = attrs.field(repr=False)
    after: Report = attrs.field(repr=False)
    _since: Since = attrs.field(repr=False, eq=False)

    @cached_property
    def begins(self) -> date | None:
        """
        The first day from which on the answers differ, without a day between on which they do not.

        It is `None` where they differ on every day since the first on file.  It takes some dozens of evaluations when
        it is first read.
        """
        return self._since.before(self.after.on)

    @property
    def changes_status(self) -> bool:
        """Whether the status is another."""
        return self.before.status != self.after.status

    @property
    def hours(self) -> Fraction | None:
        """How many hours more are short, fewer if negative; `None` where one of the two is undetermined."""
        old, new = self.before.hours_short, self.after.hours_short
        return None if old is None or new is None else new - old

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The parts of the answer that are different."""
        return differences(self.before, self.after)

    @property
    def because(self) -> tuple[Requirement, ...]:
        """The requirements that are asked otherwise or met otherwise; empty where only dates or standing differ."""
        return requirements_differing(self.before, self.after)

    def __str__(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.changes_status:
            yield f"{self.person}: {self.after.status} instead of {self.before.status}."
        else:
            yield f"{self.person}: {self.after.status} as before."
        if self.hours:
            unit = self.after.provenance.counts_in
            yield f"{amount(abs(self.hours), unit)} {'more' if self.hours > 0 else 'less'} to make up."
        reasons: tuple[object, ...] = self.because or tuple(
            one for one in self.differences if one.part not in ("status", "hours_short")
        )
        yield from (f"Because of {one}." for one in reasons)
        if self.begins is not None:
            yield f"The answers differ from {spoken_day(self.begins)} on."


@attrs.frozen(kw_only=True)
class RulesAsked:
    """
    A rule set that was asked.

    Attributes:
        ruleset: Its id.
        version: Its version.
        digest: Its digest.
        editions: The ids of its editions.
    """

    ruleset: str
    version: str
    digest: str
    editions: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Impact:
    """
    What a change of rules would change.

    Attributes:
        before: The rules before.
        after: The rules after.
        on: The day.
        people: How many people were looked at.
        affected: Those who would stand elsewhere, in the order of their ids.
    """

    before: RulesAsked
    after: RulesAsked
    on: date
    people: int
    affected: tuple[Affected, ...] = attrs.field(repr=lambda some: f"<{counted(len(some), 'report pair')}>")

    @property
    def title(self) -> str:
        """What it shows."""
        return f"What a change of {self.after.ruleset} would change on {spoken_day(self.on)}"

    @property
    def hours(self) -> Fraction:
        """How many hours more are short in total, over those for whom both are determined."""
        return sum((one.hours for one in self.affected if one.hours is not None), Fraction(0))

    def table(self) -> Table:
        """Return a row for each person who would stand elsewhere."""
        columns: dict[str, ColumnKind] = {
            "person": "text", "before": "category", "after": "category", "hours_more": "hours", "from": "day",
            "due": "day", "because": "text",
        }  # fmt: skip
        rows = tuple(
            (
                one.person, one.before.status, one.after.status, None if one.hours is None else as_decimal(one.hours),
                one.begins, one.after.dates.due.day if one.after.dates.due else None,
                "; ".join(map(str, one.because or one.differences)),
            )
            for one in self.affected
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def totals(self) -> Table:
        """Return how many of the people who would stand elsewhere go from which status to which, most people first."""
        people: Counter[tuple[str, str]] = Counter()
        hours: dict[tuple[str, str], Fraction] = {}
        for one in self.affected:
            key = one.before.status, one.after.status
            people[key] += 1
            hours[key] = hours.get(key, Fraction(0)) + (one.hours or 0)
        columns: dict[str, ColumnKind] = {
            "before": "category", "after": "category", "people": "count", "hours_more": "hours",
        }  # fmt: skip
        rows = tuple(
            (*key, number, as_decimal(hours[key]))
            for key, number in sorted(people.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        return Table(
            headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=f"{self.title}: by status"
        )

    def requirements(self) -> Table:
        """Return for how many people each requirement is asked or met otherwise, and how much more they lack of it."""
        people: Counter[tuple[str, str]] = Counter()
        more: dict[tuple[str, str], Fraction] = {}
        for one in self.affected:
            for reason in one.because:
                finding = reason.after or reason.before
                key = reason.requirement, finding.unit if finding is not None else ""
                people[key] += 1
                more[key] = more.get(key, Fraction(0)) + (reason.hours or 0)
        columns: dict[str, ColumnKind] = {
            "requirement": "category", "people": "count", "more": "hours", "unit": "category",
        }  # fmt: skip
        rows = tuple(
            (name, number, as_decimal(more[name, unit]), unit)
            for (name, unit), number in sorted(people.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        title = f"{self.title}: by requirement"
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=title)

    def to_dict(self) -> dict[str, Any]:
        """Return the impact as plain values, with both reports of each person who would stand elsewhere."""
        return {
            "format": "peer-ledger impact",
            "version": 1,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "on": self.on.isoformat(),
            "people": self.people,
            "affected": [
                {
                    "person": one.person,
                    "begins": None if one.begins is None else one.begins.isoformat(),
                    "hours": None if one.hours is None else str(as_decimal(one.hours)),
                    "because": [str(reason) for reason in one.because],
                    "before": one.before.to_dict(),
                    "after": one.after.to_dict(),
                }
                for one in self.affected
            ],
        }

    def summary(self) -> str:
        """Return the change in total, in sentences."""
        return " ".join(self._summary())

    def __str__(self) -> str:
        people = [f"  {one}" for one in self.affected[:_MOST_SAID]]
        more = len(self.affected) - _MOST_SAID
        return "\n".join([self.summary(), *people, *([f"  And {more} more; the table has all."] if more > 0 else [])])

    def _summary(self) -> Iterator[str]:
        asked = self.before, self.after
        names = [f"{rules.ruleset} {rules.version} (digest {rules.digest[:12]})" for rules in asked]
        yield f"On {spoken_day(self.on)}, by {names[1]} instead of {names[0]}:"
        if not self.affected:
            yield f"nothing changes for any of {counted(self.people, 'person')}.".replace("persons", "people")
            return
        yield f"{len(self.affected)} of {self.people} people would stand elsewhere."
        status = sum(one.changes_status for one in self.affected)
        yield f"{status} would have another status." if status else "None would have another status."
        unit = self.affected[0].after.provenance.counts_in
        hours = self.hours
        if hours:
            yield f"Together they would have {amount(abs(hours), unit)} {'more' if hours > 0 else 'less'} to make up."
        unsure = sum(one.hours is None for one in self.affected)
        if unsure:
            yield f"For {unsure} of them it is not settled how many {amount(Fraction(2), unit).partition(' ')[2]}."

    def _repr_html_(self) -> str:
        tables = [(self.totals(), "By status"), (self.requirements(), "By requirement"), (self.table(), "By person")]
        shown = "\n".join(table.html_part(caption) for table, caption in tables if table.rows)
        return part(f"<p>{escape(self.summary())}</p>\n{shown}", label=self.title)


A_RULESET = an_instance("a RuleSet", RuleSet)


@asks(before=RULES, after=RULES)
def impact(
    ledger: LedgerView,
    *,
    before: str | RuleSet,
    after: str | RuleSet,
    on: date | str,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Impact:
    """
    Return who would stand elsewhere if the rules were others, and because of which requirement.

    A person is affected if the answer is another: the standing, the step, the status, an outcome, the hours short or
    a date.  Everybody's answers are compared first; findings are worked out only for those affected.

    Args:
        ledger: The ledger.
        before: The rules before, or their id.
        after: The rules after, of the same credential: another version, an edited copy, or one edition as
            `only_edition` returns it.
        on: The day.
        rulesets: The rule sets that exist, by id, for `before`, `after` and what they look at; `None` for those that
            can be found by id.
        readings: Questions that the caller answers, by id; one that only one of the rules asks is answered there.
        strict: Whether questions that only cause a caveat also leave answers undetermined.
        people: The ids of the people to look at; `None` for everyone.
        processes: How many processes work on each of the two, this one among them; `None` or 1 for this one alone.
        progress: Called with the number of people so far and of all.

    Raises:
        InvalidValue: The rules are of two credentials; `on` is not a valid date; or `readings` names a question that
            neither of them asks, or an unknown reading.
        RuleSetNotFound: There is no rule set with a given id.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    view, day = ledger.pinned(), as_day(on)
    at_hand = RuleSetsAtHand(rulesets)
    asked = [at_hand.position(rules).known for rules in (before, after)]
    old, new = asked[0].rules, asked[1].rules
    if old.id != new.id:
        raise InvalidValue(
            f"before and after must be rules of one credential, not of {old.id!r} and {new.id!r}; in an edited copy, "
            "keep the id and change the version"
        )
    ids = first_ids(view, people)
    streams = [
        evaluate_all(
            view, on=day, ruleset=known.rules, rulesets=rulesets, readings=_readings(known, asked, readings),
            strict=strict, people=ids, processes=processes,
        )
        for known in asked
    ]  # fmt: skip
    dossiers, basis = Dossiers(view), view.basis
    askings = [
        Asking(RuleSetsAtHand(rulesets), known.rules, _readings(known, asked, readings), strict=strict)
        for known in asked
    ]
    affected = []
    for done, (one, other) in enumerate(zip(*streams, strict=True), 1):
        if answer_of(one) != answer_of(other):
            since = Since((askings[0], askings[1]), dossiers.of(one.person), basis)
            affected.append(Affected(person=one.person, before=one, after=other, since=since))
        if progress is not None:
            progress(done, len(ids))
    return Impact(
        before=_asked(old, asked[0].digest), after=_asked(new, asked[1].digest), on=day, people=len(ids),
        affected=tuple(affected),
    )  # fmt: skip


@arguments(ruleset=A_RULESET, edition=A_TEXT)
def only_edition(ruleset: RuleSet, edition: str) -> RuleSet:
    """
    Return a rule set in which one edition governs whatever the day, to compare it with another edition.

    Args:
        ruleset: The rule set.
        edition: The id of the edition; the other editions of its procedure are left out.

    Raises:
        InvalidValue: There is no such edition; the message lists those there are.
    """
    known = [one.id for one in _editions(ruleset)]
    if edition not in known:
        near = nearest(edition, known)
        raise InvalidValue(f"{ruleset.id} has no edition {shown_name(edition)}{near}; choose from {few_of(known)}")
    procedures = tuple(
        attrs.evolve(
            procedure,
            editions=tuple(attrs.evolve(one, begins=None) for one in procedure.editions if one.id == edition)
            or procedure.editions,
        )
        for procedure in ruleset.procedures
    )
    return attrs.evolve(ruleset, procedures=procedures)


def _readings(known: Known, asked: list[Known], readings: Mapping[str, str] | None) -> dict[str, str]:
    """Return the readings of questions that a rule set asks, and of those that none does, which it will refuse."""
    given = readings or {}
    elsewhere = {name for other in asked for name in other.questions} - known.questions.keys()
    return {name: reading for name, reading in given.items() if name not in elsewhere}


def _editions(rules: RuleSet) -> Iterator[Any]:
    for procedure in rules.procedures:
        yield from procedure.editions


def _asked(rules: RuleSet, digest: str) -> RulesAsked:
    editions = tuple(edition.id for edition in _editions(rules))
    return RulesAsked(ruleset=rules.id, version=rules.version, digest=digest, editions=editions)


def _plain(asked: RulesAsked) -> dict[str, Any]:
    return {**attrs.asdict(asked), "editions": list(asked.editions)}
