"""
The notices that are due on a day, for whoever sends the mail.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._evaluate import evaluate_all
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.planning._asked import last_day
from peer_ledger.planning._calendar import DEADLINES, CalendarDay, due_calendar, stable_id
from peer_ledger.planning._shown import Shown
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports._lead import lead
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import A_DAY_OR_NONE, a_list_of
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import DAY, as_day

AHEAD = (90, 30, 7, 0)
"""How many days before a deadline a notice is due."""


@attrs.frozen(kw_only=True)
class Notice:
    """
    A notice to one person.

    Attributes:
        id: Its id, the same whenever it is asked for: a sender that keeps the ids it sent sends none twice.
        person: The first of the person's ids.
        on: The day on which it is due.
        day: The day that it is about.
        kind: What the day is: the name of a date, as `due`, or `standing`.
        says: What comes about on that day: `due`, `late`.
        lead: The first line of the person's report: what is due when, and what is missing.
    """

    id: str
    person: str
    on: date
    day: date
    kind: str
    says: str
    lead: str


@attrs.frozen(kw_only=True)
class Notices(Shown):
    """
    The notices that are due on some days.

    Attributes:
        since: The day after which they became due.
        on: The last day on which they became due, for which reports are made.
        all: The notices, by person and day.
    """

    since: date
    on: date
    all: tuple[Notice, ...]

    def __iter__(self) -> Iterator[Notice]:
        """Yield the notices."""
        return iter(self.all)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.all)

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Notices due on {spoken_day(self.on)}"

    def sentences(self) -> Iterator[str]:
        """Yield a line for each notice."""
        if not self.all:
            yield "No notice is due."
        for one in self.all:
            yield f"{one.person}: {one.says} on {spoken_day(one.day)}{_away(one.day - self.on)}. {one.lead}"

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain values: days are texts."""
        return {
            "since": self.since.isoformat(),
            "on": self.on.isoformat(),
            "notices": [
                {**attrs.asdict(one), "on": one.on.isoformat(), "day": one.day.isoformat()} for one in self.all
            ],
        }

    def table(self) -> Table:
        """Return a row for each notice."""
        columns: dict[str, ColumnKind] = {
            "person": "text", "what": "category", "day": "day", "due_on": "day", "lead": "text", "id": "text",
        }  # fmt: skip
        rows = tuple((one.person, one.says, one.day, one.on, one.lead, one.id) for one in self.all)
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)


def _away(left: timedelta) -> str:
    return f", in {counted(left.days, 'day')}" if left.days > 0 else ""


@asks(since=A_DAY_OR_NONE, ahead=a_list_of("whole numbers of days", lambda one: type(one) is int and one >= 0))
def notices(
    ledger: LedgerView,
    *,
    on: date | str,
    since: date | str | None = None,
    ahead: Iterable[int] = AHEAD,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
) -> Notices:
    """
    Return the notices that are due on a day: about deadlines some days ahead, and about certificates that changed.

    A deadline is the next last day that is surely in time: of filing late nothing is said before a certificate is late.
    Asking again returns the same notices with the same ids, so that a sender who was interrupted can start again.  Of
    several notices about one deadline that became due since the last time, only the latest is returned.

    Args:
        ledger: The ledger.
        on: The day, as a rule today.
        since: The day on which they were last sent; `None` for the day before `on`.
        ahead: How many days before a deadline a notice is due.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave the answer undetermined.
        people: The ids of the people; `None` for everyone.

    Raises:
        InvalidValue: A day is not valid, or `since` is after `on`; or `readings` names an unknown question or reading.
        RuleSetNotFound: There is no such rule set.
    """
    view, day, leads = ledger.pinned(), as_day(on), sorted(set(ahead))
    before = day - DAY if since is None else as_day(since)
    if before > day:
        raise InvalidValue(f"since must not be after on, {day}; it is {before}")
    coming = due_calendar(
        view, since=before + DAY, until=day + timedelta(days=max(leads, default=0) + 1), ruleset=ruleset,
        rulesets=rulesets, readings=readings, strict=strict, people=people,
    )  # fmt: skip
    asked = partial(evaluate_all, view, ruleset=ruleset, rulesets=rulesets, readings=readings, strict=strict)
    found = [
        (one, due)
        for one in coming.days
        if (due := _due(one, before, day, leads)) is not None
        and (one.kind == "standing" or one.day == last_day(next(asked(on=due, people=[one.person]))))
    ]
    people = sorted({one.person for one, _ in found})
    firsts = {report.person: lead(report) for report in asked(on=day, people=people)}
    made = [
        Notice(
            id=stable_id(one.id, (one.day - due).days), person=one.person, on=due, day=one.day, kind=one.kind,
            says=one.says, lead=firsts[one.person],
        )
        for one, due in found
    ]  # fmt: skip
    return Notices(since=before, on=day, all=tuple(sorted(made, key=lambda one: (one.person, one.day, one.kind))))


def _due(one: CalendarDay, before: date, day: date, leads: list[int]) -> date | None:
    """Return the latest day, after one day and until another, on which a notice is due; `None` when none is."""
    changes = one.kind == "standing" and one.is_settled
    wanted = leads if one.kind in DEADLINES else [0] if changes else []
    days = (one.day - timedelta(days=lead) for lead in wanted)
    return max((due for due in days if before < due <= day), default=None)
