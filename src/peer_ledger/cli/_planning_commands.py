"""
The commands that ask forward: what to do next, what an answer depends on, who becomes due when.
"""

from datetime import timedelta

from peer_ledger._visible import visible
from peer_ledger.cli._asked import about, asked, show_answer
from peer_ledger.cli._ledger_commands import DONE, Given, opened
from peer_ledger.cli._terminal import say
from peer_ledger.records import Coverage, CoveredType
from peer_ledger.values._wording import counted

_A_YEAR = timedelta(days=365)
_HAPPENS: tuple[CoveredType, ...] = ("certification", "filing")


def plan(given: Given) -> int:
    """Print what one person has to do next."""
    from peer_ledger.planning import plan, read_offers

    offers = () if given.courses is None else read_offers(given.courses)
    with opened(given) as ledger:
        made = plan(about(ledger, given), given.person, by=given.by, offers=offers, least=given.least, **asked(given))
    show_answer(made, given.format)
    return DONE


def fragility(given: Given) -> int:
    """Print what the answer about one person depends on."""
    from peer_ledger.planning import fragility

    with opened(given) as ledger:
        made = fragility(about(ledger, given), given.person, **asked(given))
    show_answer(made, given.format)
    return DONE


def calendar(given: Given) -> int:
    """Print who becomes due when, or write it as a feed."""
    from peer_ledger.planning import due_calendar
    from peer_ledger.values._outputs import bytes_written_whole

    question = asked(given)
    since = question.pop("on")
    with opened(given) as ledger:
        view = ledger.supposing(map(_all_on_file, _HAPPENS)) if given.nothing_more else ledger
        made = due_calendar(view, since=since, until=given.until or since + _A_YEAR, **question)
    if given.ical is None:
        show_answer(made, given.format)
        return DONE
    feed = made.to_ical()
    with bytes_written_whole(given.ical) as file:
        file.write(feed)
    say(f"{counted(len(made.days), 'event')} written to {visible(given.ical)}")
    return DONE


def notices(given: Given) -> int:
    """Print the notices that are due."""
    from peer_ledger.planning import notices

    ahead = {} if given.ahead is None else {"ahead": given.ahead}
    with opened(given) as ledger:
        made = notices(ledger, since=given.since, **ahead, **asked(given))
    show_answer(made, given.format)
    return DONE


def _all_on_file(what: CoveredType) -> Coverage:
    """Return the statement that all records of a kind are on file, whatever the day."""
    return Coverage(id=f"nothing-more-{what}", covers=what)
