"""
Recognizing the export of a known system by its headings, so that nobody reads it without its profile by mistake.
"""

from collections.abc import Iterable, Iterator, Sequence

from peer_ledger.importing._headings import Headings
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._profiles import Profile, profile, profiles
from peer_ledger.importing._text_tables import Row

_FEWEST = 4
_SHARE = 0.7


def like_known(rows: Iterable[Row]) -> str | None:
    """
    Return the name of the profile whose headings those of a table are; `None` if it is like no system's export.

    Args:
        rows: The rows among which the headings are.
    """
    for row in rows:
        if row.fault is None:
            written = {text for text in Headings.of(row).plain if text}
            if len(written) >= _FEWEST and (found := _best(written)) is not None:
                return found
    return None


def how_to_name(name: str) -> str:
    """Return how to name a profile, in Python and on the command line."""
    return f"the headings are those of {profile(name).says}; name its profile: profile={name!r}, or --profile {name}"


def _best(written: set[str]) -> str | None:
    shares = [(_share(written, known), known.id) for known in _systems()]
    share, name = max(shares)
    return name if share >= _SHARE else None


def _systems() -> Iterator[Profile]:
    """Yield the profiles of systems whose files have headings."""
    return (found for name in profiles() if not name.startswith("plain-") and (found := profile(name)).has_headings)


def _share(written: set[str], known: Profile) -> float:
    """Return which part of the headings a profile knows; 0 when it misses one that it needs."""
    needed = [set(column.plain_headings) for column in known.columns if column.field in ("person", "completed")]
    needed += [{plain_heading(test.heading)} for test in known.only]
    if not all(group & written for group in needed):
        return 0
    texts: Sequence[str] = [*known.ignored, *(text for column in known.columns for text in column.all_headings)]
    return len(written & set(map(plain_heading, texts))) / len(written)
