"""
A roster: where many people stand, with the tables and counts needed to plan for them.

>>> from peer_ledger import evaluate_all
>>> from peer_ledger.example import ON, import_example
>>> ledger, _ = import_example()
>>> roster = Roster(evaluate_all(ledger, on=ON))
>>> [row["status"] for row in roster.table().only("person", "status").to_rows()][:3]
['compliant', 'due soon', 'late']
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._dossiers import Dossiers
from peer_ledger.evaluation._history import History
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting._answer_tables import as_decimal, findings_table
from peer_ledger.presenting._elsewhere import summary_as_chart, summary_as_gt
from peer_ledger.presenting._missing_fields import RequiredFields, gaps
from peer_ledger.presenting._roster_cells import (
    in_order,
    month_due,
    required_topics,
)
from peer_ledger.presenting._roster_tables import requirements_table, summary_table
from peer_ledger.presenting._roster_view import roster_view
from peer_ledger.presenting.tables import Cell, ColumnKind, Table
from peer_ledger.reports import DecidingQuestion, Report, deciding_questions
from peer_ledger.reports._html import page
from peer_ledger.reports._report import all_reports
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import RuleSetNotFound
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.rulesets._files import digest_of
from peer_ledger.values._arguments import A_COUNT, ITEMS, arguments
from peer_ledger.values._wording import spoken_day

Grouping = Mapping[str, Mapping[str, str]]
"""Columns added by the caller: the value for each person, by column name."""


def _is_grouping(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(isinstance(name, str) and isinstance(people, Mapping) for name, people in value.items())
    )


@attrs.frozen(init=False)
class Roster:
    """
    Where many people stand on one day under one rule set.

    Args:
        reports: Their reports, as `evaluate_all` returns them.
        by: Columns that group the people: the value for each person, by column name, as in
            `{"employer": {"p-1": "Harbor"}}`; unknown for people who are not listed.
        smallest: In tables that count people, figures about fewer people than this are suppressed; 0 suppresses none.
            A reader who knows the total can still compute a single suppressed figure.

    Raises:
        InvalidValue: The reports are about several days or rule sets, or two columns have the same name.
    """

    reports: tuple[Report, ...]
    by: Grouping
    smallest: int

    @arguments(reports=ITEMS, by=(_is_grouping, "a mapping of columns to mappings"), smallest=A_COUNT)
    def __init__(self, reports: Iterable[Report], *, by: Grouping | None = None, smallest: int = 0) -> None:
        found = tuple(all_reports(reports))
        if len({(report.on, report.provenance.ruleset) for report in found}) > 1:
            raise InvalidValue("a roster is about one day and one rule set; these reports are about several")
        self.__attrs_init__(reports=found, by=dict(by or {}), smallest=smallest)

    @property
    def title(self) -> str:
        """What it shows."""
        return _title(self.reports)

    def table(self) -> Table:
        """
        Return one row per person, with what counts, what is needed and what is short for each requirement.

        Amounts are in the requirement's own unit, hours or documents.  An undetermined date is empty; `due_from` is the
        earliest possible due date.  `days_left` is negative after the due date; `late_until` is the last day to file
        late, empty when there is none or it is undetermined.  `file_by` is the day until which a renewal is to be
        filed: in time or, when that is over, late; it is empty once one is filed or filing has closed.  `designations`
        says of each designation that is held whether what is asked for it is there.  The amount short is empty while
        it is undetermined.
        """
        return self._grouped(requirements_table(self.reports), self.title)

    def summary(self) -> Table:
        """
        Return one row per person with what a list of people needs: status, dates, hours and what is missing.

        Hours are those of all requirements of hours together, in the unit that the rule set counts in. They are empty
        where nothing of the kind is asked; `hours_need` is also empty where no source states it, and `hours_short`
        where it is undetermined. `table` has a column for each requirement.
        """
        return self._grouped(summary_table(self.reports), self.title)

    def to_pandas(self, *, wide: bool = False) -> Any:
        """
        Return the summary as a pandas frame with plain numbers: amounts are floats, counts may be missing.

        Args:
            wide: Whether to take the table with a column for each requirement instead.

        Raises:
            LedgerMisuse: The extra `pandas` is not installed.
        """
        return (self.table() if wide else self.summary()).to_frame("pandas", hours="float")

    def to_polars(self, *, wide: bool = False) -> Any:
        """
        Return the summary as a polars frame with plain numbers: amounts are floats.

        Args:
            wide: Whether to take the table with a column for each requirement instead.

        Raises:
            LedgerMisuse: The extra `polars` is not installed.
        """
        return (self.table() if wide else self.summary()).to_frame("polars", hours="float")

    def as_gt(self) -> Any:
        """
        Return the summary as a table of great-tables, to be styled further.

        Raises:
            LedgerMisuse: The extra `great-tables` is not installed.
        """
        counts_in = self.reports[0].provenance.counts_in if self.reports else "hour"
        return summary_as_gt(self.summary(), counts_in=counts_in)

    def to_altair(self) -> Any:
        """
        Return a chart of Altair that shows how many people are due in each month, by status, to be changed further.

        Raises:
            LedgerMisuse: The extra `altair` is not installed.
        """
        return summary_as_chart(self.summary())

    def findings(self) -> Table:
        """Return one row per person and requirement."""
        return self._grouped(findings_table(self.reports), "How each requirement stands")

    def credits(self, ledger: LedgerView) -> Table:
        """
        Return one row per person, requirement for hours, and credit: hours recorded and counted, and why not the rest.

        Args:
            ledger: The records behind the reports, for titles and days.
        """
        columns: dict[str, ColumnKind] = {
            "person": "text", "requirement": "category", "record": "text", "completed": "day", "title": "text",
            "recorded": "hours", "counted": "hours", "why_not": "text",
        }  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for report, history in self._histories(ledger):
            events = {event.record.id: event.record for event in history.events}
            for finding in report.findings:
                for line in finding.lines if finding.unit == report.provenance.counts_in else ():
                    event = events.get(line.record)
                    rows.append(
                        (
                            report.person, finding.requirement, line.record,
                            None if event is None else event.completed, None if event is None else event.title,
                            None if line.recorded is None else as_decimal(line.recorded), as_decimal(line.counted),
                            None if line.why_not is None else str(line.why_not),
                        )
                    )  # fmt: skip
        made = Table(headings=tuple(columns), rows=tuple(rows), kinds=tuple(columns.values()))
        return self._grouped(made, "What each credit counted for")

    def hours_short(self, *, ruleset: RuleSet | None = None) -> Table:
        """
        Return the hours that are short, by requirement with its topics and by the month in which they are due.

        `topics` are the topics that the requirement accepts, separated by `; `, or `any`.  Tables of several rule sets
        can be stacked and summed by topic.

        A part of a requirement has rows of its own.  Its hours are also missing from the whole, so do not add rows of
        different requirements.  The month is empty for people with nothing to renew or with an undetermined due date.

        Args:
            ruleset: The rule set that the reports were made by; `None` to find it by its id.  The topics are unknown
                when it cannot be found or has changed since.
        """
        topics = required_topics(self._rules(ruleset))
        short: dict[tuple[Any, ...], list[tuple[str, Fraction]]] = {}
        unsure: Counter[tuple[Any, ...]] = Counter()
        for report in self.reports:
            month = month_due(report)
            for finding in (found for found in report.findings if found.designation is None):
                asked = topics.get((report.provenance.edition, finding.requirement))
                key = (*self._groups(report.person), month, report.provenance.ruleset, finding.requirement, asked)
                if (
                    finding.unit == report.provenance.counts_in
                    and finding.result == "short"
                    and report.hours_outcome != "undetermined"
                ):
                    short.setdefault(key, []).append((report.person, finding.short))
                elif finding.unit == report.provenance.counts_in and finding.result in ("short", "undetermined"):
                    unsure[key] += 1
        rows = []
        for key in sorted({*short, *unsure}, key=in_order):
            people, hours = len(short.get(key, ())), sum((some for _, some in short.get(key, ())), Fraction(0))
            rows.append((*key, *self._suppressed(people, as_decimal(hours)), *self._suppressed(unsure[key])))
        columns: dict[str, ColumnKind] = {
            "month": "day", "rules": "category", "requirement": "category", "topics": "category", "people": "count",
            "hours": "hours", "people_undetermined": "count",
        }  # fmt: skip
        return self._counted(columns, rows, "Hours short by month due")

    def questions(self) -> Table:
        """
        Return each open question and reading with its outcomes, questions that change the most answers first.
        """
        columns: dict[str, ColumnKind] = {
            "question": "category", "about": "category", "asks": "text", "people": "count", "reading": "category",
            "says": "text", "assumed": "flag", "met": "count", "short": "count", "undetermined": "count",
        }  # fmt: skip
        rows = [
            (
                *group, hinge.question.id, hinge.question.about, hinge.question.asks,
                *self._suppressed(len(hinge.people)), reading.id, reading.says,
                reading.id == hinge.question.assumed,
                *self._outcomes(hinge, reading.id),
            )
            for group, reports in self._by_group()
            for hinge in deciding_questions(reports)
            for reading in hinge.question.readings
        ]  # fmt: skip
        return self._counted(columns, rows, "Questions by the number of people they decide for")

    def unknown_fields(self, ledger: LedgerView, *, ruleset: RuleSet | None = None) -> Table:
        """
        Return the unknown fields that the rules may depend on, and how many people they affect.

        `people_undecided` counts the people whose answer is undetermined because of the field.  For a training or a
        document, a requirement is undetermined and the record was not counted because it does not say enough; for the
        method of a filing, the question that it raises is open; for a certification, the standing or the due date is
        undetermined.  No answer depends on the other fields: a filing has its other day, an unknown day of a
        designation is no limit, and a verification is only an observation.

        Args:
            ledger: The records behind the reports.
            ruleset: The rule set that the reports were made by; `None` to find it by its id.
        """
        asked = RequiredFields(self._rules(ruleset))
        records: Counter[tuple[Any, ...]] = Counter()
        people: Counter[tuple[Any, ...]] = Counter()
        undecided: Counter[tuple[Any, ...]] = Counter()
        for report, history in self._histories(ledger):
            for gap in gaps(report, history, asked):
                key = (*self._groups(report.person), gap.record, gap.field)
                records[key] += gap.records
                people[key] += 1
                undecided[key] += gap.undecides
        rows = [
            (*key, *self._suppressed(people[key], records[key]), *self._suppressed(undecided[key]))
            for key in sorted(people, key=lambda key: (in_order(key[:-2]), -people[key], key[-2:]))
        ]
        columns: dict[str, ColumnKind] = {
            "record": "category",
            "field": "category",
            "people": "count",
            "records": "count",
        }
        return self._counted(columns | {"people_undecided": "count"}, rows, "Fields that are unknown")

    def _repr_html_(self) -> str:
        return roster_view(self.title, self.reports, self.by, self._groups)

    def _rules(self, given: RuleSet | None) -> RuleSet | None:
        """Return the rule set that the reports were made by; `None` when it is no longer available."""
        if not self.reports:
            return None
        made = self.reports[0].provenance
        try:
            found = find_ruleset(made.ruleset) if given is None else given
        except RuleSetNotFound:
            return None
        if (found.id, digest_of(found)) == (made.ruleset, made.digest):
            return found
        if given is not None:
            raise InvalidValue(f"the reports were made by {made.ruleset} {made.version}, not by the rule set given")
        return None

    def _histories(self, ledger: LedgerView) -> Iterator[tuple[Report, History]]:
        view = ledger.pinned()
        dossiers = Dossiers(view)
        for report in self.reports:
            yield report, dossiers.of(report.person).on(report.on, credential=report.provenance.ruleset)

    def _groups(self, person: str) -> tuple[str | None, ...]:
        return tuple(column.get(person) for column in self.by.values())

    def _by_group(self) -> Iterator[tuple[tuple[str | None, ...], list[Report]]]:
        groups: dict[tuple[str | None, ...], list[Report]] = {}
        for report in self.reports:
            groups.setdefault(self._groups(report.person), []).append(report)
        for group in sorted(groups, key=in_order):
            yield group, groups[group]

    def _suppressed(self, people: int, *others: Cell) -> tuple[Cell, ...]:
        """Return a number of people and the figures about them, or `None` for each when the people are too few."""
        return (None,) * (1 + len(others)) if 0 < people < self.smallest else (people, *others)

    def _outcomes(self, hinge: DecidingQuestion, reading: str) -> tuple[int | None, ...]:
        """Count the people by outcome; suppressing one count suppresses all, since the rest would reveal it."""
        counts = tuple(hinge.count(reading, "outcome", outcome) for outcome in ("met", "short", "undetermined"))
        return (None,) * len(counts) if any(0 < count < self.smallest for count in counts) else counts

    def _grouped(self, table: Table, title: str) -> Table:
        """Insert the caller's columns after the person column."""
        self._refuse_names(table.headings)
        return Table(
            headings=(table.headings[0], *self.by, *table.headings[1:]),
            rows=tuple((row[0], *self._groups(str(row[0])), *row[1:]) for row in table.rows),
            kinds=(table.kinds[0], *self._group_kinds(), *table.kinds[1:]),
            title=title,
        )

    def _counted(self, columns: dict[str, ColumnKind], rows: list[tuple[Cell, ...]], title: str) -> Table:
        self._refuse_names(tuple(columns))
        if self.smallest > 1:
            title += f" (figures about fewer than {self.smallest} people are left out)"
        return Table(
            headings=(*self.by, *columns),
            rows=tuple(rows),
            kinds=(*self._group_kinds(), *columns.values()),
            title=title,
        )

    def _group_kinds(self) -> tuple[ColumnKind, ...]:
        return tuple("category" for _ in self.by)

    def _refuse_names(self, taken: tuple[str, ...]) -> None:
        for name in self.by:
            if name in taken:
                raise InvalidValue(f"the table already has a column {name!r}; rename the one in `by`")


def roster_page(roster: Roster) -> str:
    """
    Return a roster as a complete page.
    """
    return page(roster.title, roster._repr_html_())


def _title(reports: tuple[Report, ...]) -> str:
    if not reports:
        return "An empty roster"
    made = reports[0].provenance
    supposed = ", if it were as supposed" if made.supposed or made.without else ""
    people = "1 person stands" if len(reports) == 1 else f"{len(reports)} people stand"
    return f"Where {people} on {spoken_day(reports[0].on)}{supposed} ({made.ruleset})"
