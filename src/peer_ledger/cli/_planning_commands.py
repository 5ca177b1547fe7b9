"""
The commands that ask forward: what to do next, what an answer depends on, who becomes due when.
"""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from peer_ledger._visible import visible
from peer_ledger.cli._ledger_commands import DONE, Given, opened
from peer_ledger.cli._progress import day_asked
from peer_ledger.cli._terminal import say, show
from peer_ledger.errors import UnknownPerson
from peer_ledger.ledger import Ledger
from peer_ledger.records import Coverage, CoveredType
from peer_ledger.rulesets import ruleset
from peer_ledger.values._wording import counted

if TYPE_CHECKING:
    from peer_ledger.planning._shown import Shown

_A_YEAR = timedelta(days=365)
_HAPPENS: tuple[CoveredType, ...] = ("certification", "filing")


def plan(given: Given) -> int:
    """Print what one person has to do next."""
    from peer_ledger.planning import plan, read_offers

    offers = () if given.courses is None else read_offers(given.courses)
    with opened(given) as ledger:
        _show(
            plan(_of(ledger, given), given.person, by=given.by, offers=offers, least=given.least, **_asked(given)),
            given,
        )
    return DONE


def fragility(given: Given) -> int:
    """Print what the answer about one person depends on."""
    from peer_ledger.planning import fragility

    with opened(given) as ledger:
        _show(fragility(_of(ledger, given), given.person, **_asked(given)), given)
    return DONE


def calendar(given: Given) -> int:
    """Print who becomes due when, or write it as a feed."""
    from peer_ledger.planning import due_calendar
    from peer_ledger.values._outputs import bytes_written_whole

    asked = _asked(given)
    since = asked.pop("on")
    with opened(given) as ledger:
        view = ledger.supposing(map(_all_on_file, _HAPPENS)) if given.nothing_more else ledger
        made = due_calendar(view, since=since, until=given.until or since + _A_YEAR, **asked)
    if given.ical is None:
        _show(made, given)
        return DONE
    feed = made.to_ical()
    with bytes_written_whole(given.ical) as file:
        file.write(feed)
    say(f"{counted(len(made.days), 'event')} written to {visible(given.ical)}")
    return DONE


def notices(given: Given) -> int:
    """Print the notices that are due."""
    from peer_ledger.planning import notices

    asked = _asked(given)
    ahead = {} if given.ahead is None else {"ahead": given.ahead}
    with opened(given) as ledger:
        _show(notices(ledger, since=given.since, **ahead, **asked), given)
    return DONE


def _all_on_file(what: CoveredType) -> Coverage:
    """Return the statement that all records of a kind are on file, whatever the day."""
    return Coverage(id=f"nothing-more-{what}", covers=what)


def _of(ledger: Ledger, given: Given) -> Ledger:
    """Return the ledger if it knows the person."""
    if not ledger.entries_of(given.person):
        raise UnknownPerson(given.person)
    return ledger


def _asked(given: Given) -> dict[str, Any]:
    rules = ruleset(given.rules)
    return {
        "on": day_asked(given, rules), "ruleset": rules, "readings": dict(given.reading),
        "strict": given.strict,
    }  # fmt: skip


def _show(made: "Shown", given: Given) -> None:
    if given.format == "table":
        text = str(made)
    elif given.format == "json":
        text = json.dumps(made.to_dict(), indent=2)
    else:
        text = made.to_table().written(given.format)
    show(text.rstrip(), given.format)
