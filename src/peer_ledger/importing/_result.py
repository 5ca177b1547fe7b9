"""
What reading a file gives: records, the rows that were refused, and what somebody should look at.
"""

from collections import Counter
from collections.abc import Iterator

import attrs

from peer_ledger.records import Record
from peer_ledger.values._wording import counted

MOST_LISTED = 1000
"""How many refused rows, and how many notices, are kept; the rest are counted."""

_MOST_SAID = 10


@attrs.frozen(kw_only=True)
class Rejected:
    """
    A row that gives no record.

    Attributes:
        line: The line of the file, or the row of the sheet, on which it begins.
        column: The heading and the letters of the column at fault; `None` for the whole row.
        value: What stands there, shown as little as it may; `None` for the whole row.
        reason: Why, and what to do.
    """

    line: int
    column: str | None
    value: str | None
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        shown = f"{self.value} " if self.value and self.value not in self.reason else ""
        return f"{where}: {shown}{self.reason}"


@attrs.frozen(kw_only=True)
class Notice:
    """
    Something in a row that was read and that somebody should look at.

    Attributes:
        kind: What about: `duplicate`, `hours-a-day`, `future`, `topic`, `course`, `hours`, `amount`, `ids`,
            `word`, `dates`, `headings`, `sheets`, `total`.
        line: The line of the file, or the row of the sheet; `None` for the file as a whole.
        column: The heading and the letters of the column; `None` for the row as a whole.
        value: What stands there, shown as little as it may; `None` where that says nothing.
        says: What it is.
    """

    kind: str
    line: int | None
    column: str | None = None
    value: str | None = None
    says: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "the file", self.column)))
        return f"{where}: {self.value} {self.says}" if self.value else f"{where}: {self.says}"


@attrs.frozen(kw_only=True)
class Imported:
    """
    What was read from a file.

    Attributes:
        kind: What its rows are.
        profile: The id of the profile by which it was read.
        source: The name of the series of files that its records come from.
        how: Encoding and delimiter, or the sheet.
        columns: The columns that were read: heading, and the field it was taken for.
        ignored: The headings of those that were not.
        rows: How many rows there were, that of the headings and empty ones apart.
        records: The records, in the order of the rows.
        lines: The line that each record comes from.
        rejected: The rows that give none, the first thousand.
        rejected_count: How many there were.
        notices: What somebody should look at, the first thousand.
        notice_count: How many there were.
    """

    kind: str
    profile: str
    source: str
    how: str
    columns: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    rows: int
    records: tuple[Record, ...] = attrs.field(repr=False)
    lines: tuple[int, ...] = attrs.field(repr=False)
    rejected: tuple[Rejected, ...] = attrs.field(repr=False)
    rejected_count: int
    notices: tuple[Notice, ...] = attrs.field(repr=False)
    notice_count: int

    def __str__(self) -> str:
        return "\n".join(self._lines())

    @property
    def summary(self) -> str:
        """How many rows there were and what became of them."""
        kinds = Counter(record.record_type for record in self.records)
        made = ", ".join(counted(count, kind) for kind, count in kinds.items()) or "no records"
        refused, notices = counted(self.rejected_count, "row"), counted(self.notice_count, "notice")
        return f"{counted(self.rows, 'row')} ({self.how}): {made}, {refused} rejected, {notices}"

    def _lines(self) -> Iterator[str]:
        yield self.summary
        yield "  read: " + ", ".join(
            heading if heading == field else f"{heading} = {field}" for heading, field in self.columns
        )
        if self.ignored:
            more = f" and {len(self.ignored) - 20} more" if len(self.ignored) > 20 else ""
            yield "  ignored: " + ", ".join(self.ignored[:20]) + more
        yield from self._listed("rejected", [str(one) for one in self.rejected], self.rejected_count)
        yield from self._listed("notice", [str(one) for one in self.notices], self.notice_count)

    def _listed(self, what: str, said: list[str], count: int) -> Iterator[str]:
        yield from (f"  {what}: {one}" for one in said[:_MOST_SAID])
        if count > _MOST_SAID:
            yield f"  {what}: and {count - _MOST_SAID} more"
