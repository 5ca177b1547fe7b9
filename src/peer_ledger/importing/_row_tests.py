"""
Which rows of a file a profile reads: a system lists enrollments, and only some of them are completions.
"""

from collections import Counter
from collections.abc import Iterator

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing._cell_text import clean, folded
from peer_ledger.importing._headings import Headings
from peer_ledger.importing._profile_parts import RowTest
from peer_ledger.importing._profiles import Profile
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted


class RowTests:
    """
    The tests of the rows of one file.

    Args:
        profile: The profile, which lists them.
        headings: The row of headings.

    Raises:
        InvalidData: There is no column for a test that every row must pass.
    """

    def __init__(self, profile: Profile, headings: Row) -> None:
        known = Headings.of(headings)
        self._tests: list[tuple[int, RowTest, bool]] = []
        self._left_out: Counter[str] = Counter()
        for test in profile.only:
            place = known.column(test.heading)
            if place is None:
                what = f"the profile {profile.id} chooses rows by {test.heading!r}, and no column has this heading"
                raise InvalidData("table", (Problem("headings", what),))
            self._tests.append((place, test, True))
        for test in profile.leave_out:
            if (place := known.column(test.heading)) is not None:
                self._tests.append((place, test, False))

    def keep(self, row: Row) -> bool:
        """Return whether a row is read, and count it otherwise."""
        for place, test, wanted in self._tests:
            if row.fault is None and _holds(row, place, test) is not wanted:
                self._left_out[_why(test, wanted=wanted)] += 1
                return False
        return True

    def notices(self) -> Iterator[str]:
        """Yield how many rows were left out, and why."""
        for why, count in self._left_out.items():
            yield f"{counted(count, 'row')} left out, because {why}"


def _holds(row: Row, place: int, test: RowTest) -> bool:
    text = folded(str(clean(row.cells[place]))) if place < len(row.cells) else ""
    return text in {folded(cell) for cell in test.cells} if test.cells else bool(text)


def _why(test: RowTest, *, wanted: bool) -> str:
    cells = " or ".join(map(repr, test.cells))
    if wanted:
        return f"{test.heading!r} is not {cells}" if cells else f"{test.heading!r} is empty"
    return f"{test.heading!r} is {cells}" if cells else f"{test.heading!r} is not empty"
