"""
What changed between two moments, and why.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import attrs

from peer_ledger.comparing._causes import Cause, calendar, causes_of, record_causes, rules_cause
from peer_ledger.comparing._differences import Difference, answer_of, differences
from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation import evaluate_all
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._question import asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import Entry, LedgerView
from peer_ledger.ledger._about import first_ids
from peer_ledger.ledger._view import shared_entries
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import Report
from peer_ledger.reports._html import part
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.rulesets._files import digest_of
from peer_ledger.values._arguments import an_instance
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import as_day, as_moment, moment_text

_MOST_SAID = 20


def _to_moment(moment: datetime | str | None) -> str | None:
    return None if moment is None else moment_text(as_moment(moment))


@attrs.frozen(kw_only=True)
class AsOf:
    """
    One of the two moments that are compared.

    Attributes:
        on: The day that is asked about.
        known_at: The moment up to which the ledger is read, with its time zone; `None` for all of it.
        ruleset: The rules, or their id; `None` for those that both moments share.

    Raises:
        InvalidValue: `on` is not a valid date, or `known_at` is not a moment.
    """

    on: date = attrs.field(converter=as_day)
    known_at: str | None = attrs.field(default=None, converter=_to_moment)
    ruleset: str | RuleSet | None = None

    def __str__(self) -> str:
        known = "" if self.known_at is None else f", as known at {self.known_at}"
        named = self.ruleset.id if isinstance(self.ruleset, RuleSet) else self.ruleset
        return spoken_day(self.on) + known + ("" if named is None else f", by {named}")


@attrs.frozen(kw_only=True)
class Change:
    """
    A person whose answer is another, and why.

    Attributes:
        person: The id of the person.
        before: The report before.
        after: The report after.
        causes: Why: causes that suffice together, and of which none can be left out.
        otherwise: Other sets of causes that each would have sufficed, too; empty when there is only one explanation.
        is_complete: Whether `otherwise` has all of them.
    """

    person: str
    before: Report = attrs.field(repr=False)
    after: Report = attrs.field(repr=False)
    causes: tuple[Cause, ...]
    otherwise: tuple[tuple[Cause, ...], ...] = ()
    is_complete: bool = True

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The parts of the answer that are different."""
        return differences(self.before, self.after)

    def __str__(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        old, new = self.before.status, self.after.status
        others = [str(one) for one in self.differences if one.part != "status"]
        yield f"{self.person}: {new} instead of {old}." if old != new else f"{self.person}: {new} as before."
        if others:
            yield f"{others[0][:1].upper()}{'; '.join(others)[1:]}."
        yield f"Because of {_together(self.causes)}."
        yield from (f"{_first_capital(_together(causes))} would have been enough, too." for causes in self.otherwise)


def _together(causes: Sequence[Cause]) -> str:
    *others, last = map(str, causes)
    return f"{'; '.join(others)}; and {last}, together" if others else last


def _first_capital(text: str) -> str:
    return text if text[:4] != "the " else f"T{text[1:]}"


@attrs.frozen(kw_only=True)
class Changes:
    """
    Who stands elsewhere than before, and why.

    Attributes:
        since: The moment before.
        until: The moment after.
        people: How many people were looked at.
        changed: Those whose answer is another, in the order of their ids.
    """

    since: AsOf
    until: AsOf
    people: int
    changed: tuple[Change, ...] = attrs.field(repr=lambda some: f"<{counted(len(some), 'change')}>")

    @property
    def title(self) -> str:
        """What it shows."""
        return f"What changed from {self.since} to {self.until}"

    def table(self) -> Table:
        """Return a row for each person whose answer is another."""
        columns: dict[str, ColumnKind] = {
            "person": "text", "before": "category", "after": "category", "different": "text", "because": "text",
            "otherwise": "text",
        }  # fmt: skip
        rows = tuple(
            (
                one.person, one.before.status, one.after.status, "; ".join(map(str, one.differences)),
                _together(one.causes), " or ".join(map(_together, one.otherwise)) or None,
            )
            for one in self.changed
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def causes(self) -> Table:
        """Return for how many people each kind of cause takes part in the explanation."""
        people = Counter(kind for one in self.changed for kind in {cause.kind for cause in one.causes})
        rows = tuple(sorted(people.items(), key=lambda pair: (-pair[1], pair[0])))
        kinds: tuple[ColumnKind, ...] = ("category", "count")
        return Table(headings=("cause", "people"), rows=rows, kinds=kinds, title=f"{self.title}: causes")

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as plain values, with both reports of each person whose answer is another."""
        return {
            "format": "peer-ledger changes",
            "version": 1,
            "since": str(self.since),
            "until": str(self.until),
            "people": self.people,
            "changed": [
                {
                    "person": one.person,
                    "causes": [_plain(cause) for cause in one.causes],
                    "otherwise": [[_plain(cause) for cause in causes] for causes in one.otherwise],
                    "is_complete": one.is_complete,
                    "differences": [attrs.asdict(difference) for difference in one.differences],
                    "before": one.before.to_dict(),
                    "after": one.after.to_dict(),
                }
                for one in self.changed
            ],
        }

    def summary(self) -> str:
        """Return in a sentence how many answers are others."""
        return f"From {self.since} to {self.until}: {len(self.changed)} of {self.people} people stand elsewhere."

    def __str__(self) -> str:
        people = [f"  {one}" for one in self.changed[:_MOST_SAID]]
        more = len(self.changed) - _MOST_SAID
        return "\n".join([self.summary(), *people, *([f"  And {more} more; the table has all."] if more > 0 else [])])

    def _repr_html_(self) -> str:
        tables = [(self.causes(), "Causes"), (self.table(), "By person")]
        shown = "\n".join(table.html_part(caption) for table, caption in tables if table.rows)
        return part(f"<p>{escape(self.summary())}</p>\n{shown}", label=self.title)


def _plain(cause: Cause) -> dict[str, Any]:
    return {**attrs.asdict(cause), "records": list(cause.records), "corrects": list(cause.corrects)}


A_MOMENT = an_instance("a day, as a date or as '2026-02-15', or an AsOf", date, str, AsOf)


@asks(since=A_MOMENT, until=A_MOMENT)
def changes(
    ledger: LedgerView,
    *,
    since: date | str | AsOf,
    until: date | str | AsOf,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
    processes: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Changes:
    """
    Return who stands elsewhere at one moment than at another, and why.

    The moments may differ in the day, in what was known and in the rules.  Between them lie the possible causes: the
    calendar, the rules, and what came to the records, which is every entry known only after, and every record of a day
    between the two.  Records that withdraw or replace one another are one cause, such as a correction.

    A set of causes *explains* a change if the answer is the one after when these causes are there and no other is, and
    is another as soon as any one of them is missing.  So removing any named cause removes the change, and nothing named
    is superfluous.  *The answer* is what `impact` compares: the standing, the step, the status, the outcomes, the hours
    short and the dates.

    Causes that act together are named together: training of last week counts only because it is on file and because
    the week has passed.  Where several sets explain a change, as when each of two trainings would be enough, `causes`
    is the one that remains when causes are left out one after the other as long as the others suffice: first what is
    about nobody in particular, then the latest records, at last the rules and the calendar.  `otherwise` has the other
    sets; to undo the change, something of each set must go.

    Args:
        ledger: The ledger.
        since: The moment before: a day, or an `AsOf` with a day, a moment up to which entries are known, and rules.
        until: The moment after.
        ruleset: The rules of both moments, or their id, unless they say others.
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave answers undetermined.
        people: The ids of the people to look at; `None` for everyone.
        processes: How many processes work on each of the two, this one among them; `None` or 1 for this one alone.
        progress: Called with the number of people so far and of all.

    Raises:
        InvalidValue: `until` is before `since`, by the day or by what was known; the rules are of two credentials; or
            `readings` names an unknown question or reading.
        RuleSetNotFound: There is no rule set with a given id.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    moments = [moment if isinstance(moment, AsOf) else AsOf(on=moment) for moment in (since, until)]
    whole = ledger.pinned()
    at_hand = RuleSetsAtHand(rulesets)
    sides = [
        _Side(
            view=whole if moment.known_at is None else whole.known_at(moment.known_at),
            on=moment.on,
            rules=at_hand.position(ruleset if moment.ruleset is None else moment.ruleset).known.rules,
        )
        for moment in moments
    ]
    comparing = _Comparing(sides[0], sides[1], rulesets, dict(readings or {}), strict=strict)
    found: list[Change] = []
    total = 0
    for total, (person, before, after) in enumerate(comparing.reports(people, processes), 1):
        if answer_of(before) != answer_of(after):
            found.append(comparing.change(person, before, after))
        if progress is not None:
            progress(total, comparing.total)
    return Changes(since=moments[0], until=moments[1], people=total, changed=tuple(found))


@attrs.frozen(kw_only=True)
class _Side:
    """What is asked at one of the two moments."""

    view: LedgerView
    on: date
    rules: RuleSet


class _Comparing:
    """Compares the answers at two moments, and finds out why they differ."""

    def __init__(
        self,
        before: _Side,
        after: _Side,
        rulesets: Mapping[str, RuleSet] | None,
        readings: Mapping[str, str],
        *,
        strict: bool,
    ) -> None:
        if after.on < before.on or len(after.view) < len(before.view):
            raise InvalidValue("until must not be before since, neither in its day nor in what was known then")
        if before.rules.id != after.rules.id:
            raise InvalidValue(
                f"since and until must be about one credential, not {before.rules.id!r} and {after.rules.id!r}"
            )
        self._before, self._after = before, after
        self._asking: dict[str, Any] = {"rulesets": rulesets, "readings": readings, "strict": strict}
        self._askings = {
            side.rules: Asking(RuleSetsAtHand(rulesets), side.rules, readings, strict=strict)
            for side in (before, after)
        }
        self._shared: list[Entry] | None = None
        self.total = 0

    def reports(self, people: Iterable[str] | None, processes: int | None) -> Iterator[tuple[str, Report, Report]]:
        """Yield each person with the report before and the report after."""
        old, new = ({*first_ids(side.view, people)} for side in (self._before, self._after))
        both, single = sorted(old & new), sorted(old ^ new)
        self.total = len(both) + len(single)
        streams = [
            evaluate_all(
                side.view, on=side.on, ruleset=side.rules, people=both, processes=processes, **self._asking
            )
            for side in (self._before, self._after)
        ]  # fmt: skip
        for before, after in zip(*streams, strict=True):
            yield before.person, before, after
        for person in single:  # known at one of the moments, or joined to another id since
            before, after = (self._report(side, side.view, person, side.on) for side in (self._before, self._after))
            yield person, before, after

    def change(self, person: str, before: Report, after: Report) -> Change:
        """Return why the answer for a person is another."""
        wanted = answer_of(after)
        tried: dict[frozenset[Cause], bool] = {}
        possible = self._possible(person, before)

        def suffices(some: Sequence[Cause]) -> bool:
            key = frozenset(some)
            if key not in tried:
                tried[key] = self._answer(person, possible, key) == wanted
            return tried[key]

        (first, *others), is_complete = causes_of(possible, suffices, self._shared_among(possible))
        return Change(
            person=person, before=before, after=after, causes=first, otherwise=tuple(others), is_complete=is_complete
        )

    def _possible(self, person: str, before: Report) -> tuple[Cause, ...]:
        """Return all possible causes; without all of them the answer is the one before."""
        old, new = self._before, self._after
        same: list[Cause] = []
        if digest_of(old.rules) != digest_of(new.rules):
            same.append(rules_cause(_named(old.rules), _named(new.rules)))
        if old.on != new.on:
            same.append(calendar(old.on, new.on))
        known = old.view.basis.known
        records = record_causes(self._entries(person), known=known, since=old.on, until=new.on)
        if self._answer(person, (*same, *records), frozenset()) != answer_of(before):
            # Something of the days between was known before and had told then what was to come.
            records = record_causes(self._entries(person), known=known, since=new.on, until=new.on)
        return (*same, *records)

    def _shared_among(self, possible: Iterable[Cause]) -> frozenset[Cause]:
        """Return the causes that are about nobody in particular."""
        ids = {entry.record.id for entry in self._shared or () if entry.record is not None}
        return frozenset(cause for cause in possible if cause.records and ids.issuperset(cause.records))

    def _entries(self, person: str) -> list[Entry]:
        if self._shared is None:
            self._shared = list(shared_entries(self._after.view))
        entries = {entry.seq: entry for entry in (*self._after.view.entries_of(person), *self._shared)}
        return [entries[number] for number in sorted(entries)]

    def _answer(self, person: str, possible: Iterable[Cause], there: frozenset[Cause]) -> tuple[Any, ...]:
        """Return the answer when of all possible causes only some are there."""
        gone = [name for cause in possible if cause not in there for name in cause.records]
        kinds = {cause.kind for cause in possible if cause not in there}
        view = self._after.view.without(gone) if gone else self._after.view
        on = self._before.on if "calendar" in kinds else self._after.on
        side = self._before if "rules" in kinds else self._after
        return answer_of(self._report(side, view, person, on))

    def _report(self, side: _Side, view: LedgerView, person: str, on: date) -> Report:
        """Return a report by the rules of one side."""
        return self._askings[side.rules].report(Dossiers(view).of(person), on, basis=view.basis)


def _named(rules: RuleSet) -> str:
    return f"{rules.id} {rules.version} ({digest_of(rules)[:12]})"
