"""
Who becomes due, late or lapsed when, if nothing more is recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossier, Dossiers
from peer_ledger.evaluation._over_time import StandingOverTime
from peer_ledger.evaluation._question import asks
from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.ledger import Basis, LedgerView
from peer_ledger.ledger._about import first_ids
from peer_ledger.planning._shown import Shown
from peer_ledger.presenting._frames import loaded
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import DateName, Standing
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_DAY
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import DAY, as_day

_MARKS: Mapping[DateName, str] = {
    "opens": "filing opens",
    "timely_until": "last day to file in time",
    "due": "due",
    "late_until": "last day to file late",
    "reinstate_until": "last day to apply for reinstatement",
}
DEADLINES: frozenset[str] = frozenset({"timely_until", "due", "late_until", "reinstate_until"})
"""The kinds of days by which something is to be done."""


@attrs.frozen(kw_only=True)
class CalendarDay:
    """
    Something that comes about on a day for one person.

    Attributes:
        day: The day.
        person: The first of the person's ids.
        kind: The name of a date of the report, as `due` or `late_until`, or `standing`.
        says: What comes about, in a few words: `due`, `late`.
        is_settled: Whether it is decided; if not, it may also be on another day, or not at all.
        ruleset: The id of the rule set.
    """

    day: date
    person: str
    kind: str
    says: str
    is_settled: bool
    ruleset: str

    @property
    def id(self) -> str:
        """An id that stays the same for the same person, rule set, day and kind; it does not reveal the person."""
        return stable_id(self.ruleset, self.person, self.kind, self.says, self.day)


def stable_id(*parts: object) -> str:
    """Return an id that is made of some parts and reveals none of them."""
    return sha256("\x00".join(map(str, parts)).encode()).hexdigest()[:32]


@attrs.frozen(kw_only=True)
class Calendar(Shown):
    """
    What comes about between two days, if nothing more is recorded.

    Attributes:
        since: The first day.
        until: The day after the last day.
        days: What comes about, by day and person.
    """

    since: date
    until: date
    days: tuple[CalendarDay, ...] = attrs.field(repr=lambda days: f"<{counted(len(days), 'day')}>")

    @property
    def title(self) -> str:
        """What it shows."""
        return f"From {spoken_day(self.since)} until before {spoken_day(self.until)}, if nothing more is recorded"

    def sentences(self) -> Iterator[str]:
        """Yield a sentence for each thing that comes about."""
        if not self.days:
            yield "Nothing happens."
        for found in self.days:
            open_ = "" if found.is_settled else " (not settled)"
            yield f"{spoken_day(found.day)}: {found.person}: {found.says}{open_}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values: days are texts."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "days": [{"id": one.id, **attrs.asdict(one), "day": one.day.isoformat()} for one in self.days],
        }

    def table(self) -> Table:
        """Return a row for each thing that comes about."""
        columns: dict[str, ColumnKind] = {
            "day": "day", "person": "text", "what": "category", "kind": "category", "settled": "flag",
            "rules": "category",
        }  # fmt: skip
        rows = tuple((one.day, one.person, one.says, one.kind, one.is_settled, one.ruleset) for one in self.days)
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def to_ical(self) -> bytes:
        """
        Return an iCalendar file with an all-day event for each thing, to be offered as a feed.

        Ids are stable, and the same calendar is the same file, so that a calendar program that reads the feed again
        moves nothing that has not changed.  Events name people by their ids.

        Raises:
            LedgerMisuse: The extra `icalendar` is not installed.
        """
        ical = loaded("icalendar", extra="icalendar", what="an iCalendar file")
        made = ical.Calendar()
        made.add("prodid", "-//peer_ledger//calendar//EN")
        made.add("version", "2.0")
        made.add("name", "Certifications")
        for one in self.days:
            event = ical.Event()
            event.add("uid", f"{one.id}@peer-ledger")
            event.add("dtstamp", datetime.combine(one.day, time(), UTC))
            event.add("dtstart", one.day)
            event.add("dtend", one.day + DAY)
            event.add("summary", f"{one.person}: {one.says}{'' if one.is_settled else ' (not settled)'}")
            event.add("description", f"By {one.ruleset}, if nothing more is recorded.")
            event.add("transp", "TRANSPARENT")
            made.add_component(event)
        return bytes(made.to_ical())


@asks(since=A_DAY, until=A_DAY)
def due_calendar(
    ledger: LedgerView,
    *,
    since: date | str,
    until: date | str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
) -> Calendar:
    """
    Return who becomes due, late or lapsed when, if nothing more is recorded.

    It has the days on which the standing of a certificate changes and, while nothing is filed, the days of its dates:
    what `evaluate` would answer on each of the days, without asking on each.  Where the ledger is said to hold all acts
    of the board only until some day, standings after it are undetermined; suppose a `Coverage` to see what comes about
    if nothing more happens.

    Args:
        ledger: The ledger.
        since: The first day.
        until: The day after the last day.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        people: The ids of the people; `None` for everyone.

    Raises:
        InvalidValue: A day is not valid, or `until` is before `since`; or `readings` names an unknown question or
            reading.
        RuleSetNotFound: There is no such rule set.
    """
    view, first, end = ledger.pinned(), as_day(since), as_day(until)
    if end < first:
        raise InvalidValue(f"until must not be before since, {first}; it is {end}")
    asking = Asking(RuleSetsAtHand(rulesets), ruleset, readings, strict=strict)
    ids = first_ids(view, people)
    days = [
        found
        for person, dossier in zip(ids, Dossiers(view).of_each(ids), strict=True)
        for found in _of_person(asking, person, dossier, basis=view.basis, first=first, end=end)
    ]
    return Calendar(since=first, until=end, days=tuple(sorted(days, key=lambda one: (one.day, one.person, one.kind))))


def _of_person(
    asking: Asking, person: str, dossier: Dossier, *, basis: Basis, first: date, end: date
) -> Iterator[CalendarDay]:
    over_time = StandingOverTime(asking.position, dossier)
    day, standing = first, over_time.on(first - DAY).standing
    while day < end:
        period = over_time.on(day)
        if period.standing != standing:
            yield _becomes(asking.rules, person, day, period.standing)
        standing, following = period.standing, min(period.ends, end)
        report = asking.report(dossier, day, basis=basis)
        if report.pending_since is None:
            for name, found in report.dates.items():
                if name in _MARKS:
                    for candidate in found.candidates:
                        if day <= candidate < following:
                            yield CalendarDay(
                                day=candidate, person=person, kind=name, says=_MARKS[name],
                                is_settled=found.day is not None, ruleset=asking.rules.id,
                            )  # fmt: skip
        day = following


def _becomes(rules: RuleSet, person: str, day: date, standing: Standing) -> CalendarDay:
    return CalendarDay(
        day=day, person=person, kind="standing", says=standing, is_settled=standing != "undetermined", ruleset=rules.id
    )  # fmt: skip
