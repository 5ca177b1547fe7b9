"""
Noticing a clock that is wrong: what it says lies implausibly far from what a ledger already has.
"""

from datetime import UTC, datetime, timedelta

LEAP = timedelta(days=1827)
"""Five years, the time without an entry that is told: no program keeps records and records nothing for so long."""

_BEHIND = timedelta(days=1)
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment before which no clock could have shown this program."""
_YEAR = 365.25


def clock_notes(clock: datetime | None, moment: str, before: str) -> tuple[str, ...]:
    """
    Return what is to be said about the moment of an append.

    Args:
        clock: What the clock shows; `None` when the caller gave the moment.
        moment: The moment of recording.
        before: The moment of the last entry; empty when there is none.
    """
    notes = []
    if before and (gap := _moment(moment) - _moment(before)) > LEAP:
        notes.append(
            f"recorded at {moment}, {_years(gap)} after the last entry before; if the clock is wrong, correct it "
            "before you record more: no later entry can have an earlier moment"
        )
    if clock is not None and before and (gap := _moment(before) - clock) > _BEHIND:
        notes.append(
            f"the clock shows {clock:%Y-%m-%d}, which is {_years(gap)} before the last entry; what was appended has "
            f"that entry's moment, {before}; check the clock"
        )
    if clock is not None and not before and clock < _WRITTEN:
        notes.append(f"the clock shows {clock:%Y-%m-%d}, when this program did not exist; check the clock")
    return tuple(notes)


def leap(seq: int, moment: datetime, before: datetime) -> str | None:
    """Return what is to be said about an entry that was recorded long after the one before it."""
    if moment - before <= LEAP:
        return None
    return (
        f"entry {seq} was recorded {_years(moment - before)} after entry {seq - 1}, at "
        f"{moment:%Y-%m-%d}: the clock may have been wrong at one of them"
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _years(gap: timedelta) -> str:
    if gap < timedelta(days=_YEAR):
        return f"{gap.days} days" if gap.days != 1 else "1 day"
    years = int(gap.days / _YEAR)
    return f"{years} years" if years != 1 else "1 year"
