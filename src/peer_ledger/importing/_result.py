"""
The result of reading a file: records, rejected rows, and notices of what to check.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import attrs

from peer_ledger._visible import visible
from peer_ledger.importing._card import FileCard, Place, card
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
            `word`, `dates`, `headings`, `sheets`, `total`, `file`, `matrix`, `people`,
            `parts`, `role`.
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


class RejectedRow(NamedTuple):
    """
    A rejected row as in the file; its cells may identify people.

    Attributes:
        line: The line of the file, or the row of the sheet, on which it begins.
        cells: Its cells.
        reason: Why it was rejected first.
        noted: What tells it from rows with the same key that were read, for the file of rejected rows.
    """

    line: int
    cells: tuple[object, ...]
    reason: str
    noted: str = ""


A_FIGURE = "a figure"
"""The word that stands for all grades of a column."""


@attrs.frozen(kw_only=True)
class Asked:
    """
    A word in a column of results that does not say whether its rows took place.

    Attributes:
        column: The heading of the column.
        word: The word; empty for empty cells, `a figure` for grades without the passing mark.
        rows: The number of rows that have it; they are rejected until it is answered.
    """

    column: str
    word: str
    rows: int

    @property
    def answers(self) -> str:
        """How to answer, in Python and on the command line."""
        if self.word == A_FIGURE:
            return "declare the passing mark: pass_mark=70, or --pass-mark 70"
        quoted = self.word if self.word and not re.search(r"[^\w.-]", self.word) else f'"{self.word}"'
        return (
            f"if it did: accept=[{self.word!r}], or --accept {quoted}; "
            f"if not: reject=[{self.word!r}], or --reject {quoted}; "
            f"if the column is about something else: ignore=[{self.column!r}], or --ignore {self.column!r}"
        )

    @property
    def question(self) -> str:
        """What is asked, and how to answer."""
        return f"{self}, which does not say whether it took place; {self.answers}"

    def __str__(self) -> str:
        what = "empty" if not self.word else self.word if self.word == A_FIGURE else repr(self.word)
        return f"{self.column!r} is {what} in {counted(self.rows, 'row')}"


@attrs.frozen(kw_only=True)
class AskedParts:
    """
    Trainings whose hours are the sum of the hours of other rows, which look like their parts: both would count twice.

    Attributes:
        groups: The line of each training, with the lines of its parts.
        rows: The number of rows in these groups; they give no record until it is answered.
    """

    groups: tuple[tuple[int, tuple[int, ...]], ...]
    rows: int

    @property
    def answers(self) -> str:
        """How to answer, in Python and on the command line."""
        return (
            "to record the course: course_parts='whole', or --course-parts whole; to record its parts: "
            "course_parts='parts', or --course-parts parts; if they are different trainings: course_parts='both', or "
            "--course-parts both"
        )

    @property
    def question(self) -> str:
        """What is asked, and how to answer."""
        return f"{self}, and are not recorded, because the hours would count twice; {self.answers}"

    def __str__(self) -> str:
        whole, parts = self.groups[0]
        shown = ", ".join(map(str, parts[:_MOST_SHOWN])) + (" ..." if len(parts) > _MOST_SHOWN else "")
        lines = "line" if len(parts) == 1 else "lines"
        example = f"the amount in line {whole} is that of {lines} {shown}{' together' if len(parts) > 1 else ''}"
        first = "first, " if len(self.groups) > 1 else ""
        return f"{counted(self.rows, 'row')} list courses and their parts, too ({first}{example})"


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
        undone: What says that rows did not take place: the heading, the word and the number of rows, which are among
            those rejected.
        headings: The headings as written.
        rejected_rows: Every rejected row, as in the file.  The cells may identify people, so a repr leaves them out.
        is_partial: Whether the file is one of rejected rows that were corrected: what it does not list is not missing.
        asked: What does not say whether rows took place, until `accept`, `reject`, `pass_mark` or `ignore` answers it;
            and courses listed together with their parts, until `course_parts` answers it.
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
    undone: tuple[tuple[str, str, int], ...] = ()
    asked: tuple[Asked | AskedParts, ...] = ()
    headings: tuple[str, ...] = attrs.field(default=(), repr=False)
    rejected_rows: tuple[RejectedRow, ...] = attrs.field(default=(), repr=False)
    is_partial: bool = False

    def __str__(self) -> str:
        return "\n".join(map(visible, self._lines()))

    def _repr_html_(self) -> str:
        return card(self.card.body(), label=self.summary)

    @property
    def card(self) -> FileCard:
        """What a notebook shows of it."""
        return FileCard(
            summary=self.summary,
            rows=self.rows,
            asked=[asked.question for asked in self.asked],
            rejected=(Place(row.line, row.column, row.value, row.reason) for row in self.rejected),
            rejected_count=self.rejected_count,
            notices=(Place(notice.line, notice.column, notice.value, notice.says) for notice in self.notices),
            notice_count=self.notice_count,
            columns=[*self.columns, *((heading, "not read") for heading in self.ignored)],
        )

    @property
    def summary(self) -> str:
        """The number of rows, and what they gave."""
        kinds = Counter(record.record_type for record in self.records)
        made = ", ".join(counted(count, kind.replace("-", " ")) for kind, count in kinds.items()) or "no records"
        refused, notices = counted(self.rejected_count, "row"), counted(self.notice_count, "notice")
        return f"{counted(self.rows, 'row')} ({self.how}): {made}, {refused} rejected, {notices}"

    @property
    def unread_count(self) -> int:
        """The number of rejected rows, without those that did not take place."""
        return self.rejected_count - sum(rows for _, _, rows in self.undone)

    def _lines(self) -> Iterator[str]:
        yield self.summary
        yield "  read: " + ", ".join(
            heading if heading == field else f"{heading} = {field}" for heading, field in self.columns
        )
        if self.ignored:
            more = f" and {len(self.ignored) - 20} more" if len(self.ignored) > 20 else ""
            yield "  ignored: " + ", ".join(self.ignored[:20]) + more
        yield from self._listed(
            "did not take place",
            [f"{heading!r} is {word!r} in {counted(rows, 'row')}" for heading, word, rows in self.undone],
            len(self.undone),
        )
        yield from self._listed("asked", list(map(str, self.asked)), len(self.asked))
        yield from self._listed("rejected", list(map(str, self.rejected)), self.rejected_count)
        yield from self._listed("notice", list(map(str, self.notices)), self.notice_count)

    def _listed(self, what: str, texts: list[str], count: int) -> Iterator[str]:
        yield from (f"  {what}: {text}" for text in texts[:_MOST_SHOWN])
        if count > _MOST_SHOWN:
            yield f"  {what}: and {count - _MOST_SHOWN} more"
