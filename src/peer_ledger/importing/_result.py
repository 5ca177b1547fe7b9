"""
The result of reading a file: records, rejected rows, and notices of what to check.
"""

from collections import Counter
from collections.abc import Iterator

import attrs

from peer_ledger._visible import visible
from peer_ledger.records import Record
from peer_ledger.values._wording import counted

MOST_LISTED = 1000
"""How many rejected rows, and how many notices, are kept; the rest are only counted."""

_MOST_SHOWN = 10


@attrs.frozen(kw_only=True)
class Rejected:
    """
    A row that gives no record.

    Attributes:
        line: The line of the file, or the row of the sheet, on which it begins.
        column: The letters and the heading of the column at fault; `None` for the whole row.
        value: The cell, without anything that may identify a person; `None` for the whole row.
        reason: Why the row was rejected, and what to do.
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
    Something to check in a row that was read.

    Attributes:
        kind: What it is about: `duplicate`, `hours-a-day`, `future`, `topic`, `course`, `hours`, `amount`, `ids`,
            `word`, `dates`, `headings`, `sheets`, `total`.
        line: The line of the file, or the row of the sheet; `None` for the file as a whole.
        column: The letters and the heading of the column; `None` for the row as a whole.
        value: The cell, without anything that may identify a person; `None` where the cell does not matter.
        says: What to check.
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
        kind: The kind of its rows.
        profile: The id of the profile by which it was read.
        source: The name of the series of files that its records come from.
        how: Its encoding and delimiter, or its sheet.
        columns: The heading and the field of each column that was read.
        ignored: The headings of the columns that were not read.
        rows: The number of rows, without the row of headings and empty rows.
        records: The records, in the order of the rows.
        lines: The line of each record.
        rejected: The first thousand rejected rows.
        rejected_count: The number of rejected rows.
        notices: The first thousand notices.
        notice_count: The number of notices.
    """

    kind: str
    profile: str
    source: str
    how: str
    columns: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    ignored: tuple[str, ...] = attrs.field(repr=False)
    rows: int
    records: tuple[Record, ...] = attrs.field(repr=False)
    lines: tuple[int, ...] = attrs.field(repr=False)
    rejected: tuple[Rejected, ...] = attrs.field(repr=False)
    rejected_count: int
    notices: tuple[Notice, ...] = attrs.field(repr=False)
    notice_count: int

    def __str__(self) -> str:
        return "\n".join(map(visible, self._lines()))

    @property
    def summary(self) -> str:
        """The number of rows, and what they gave."""
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
        yield from self._listed("rejected", list(map(str, self.rejected)), self.rejected_count)
        yield from self._listed("notice", list(map(str, self.notices)), self.notice_count)

    def _listed(self, what: str, texts: list[str], count: int) -> Iterator[str]:
        yield from (f"  {what}: {text}" for text in texts[:_MOST_SHOWN])
        if count > _MOST_SHOWN:
            yield f"  {what}: and {count - _MOST_SHOWN} more"
