"""
A roster's summary as a table of great-tables and as a chart of Altair, for those who want to go on from there.
"""

from typing import Any

from peer_ledger.presenting._frames import loaded
from peer_ledger.presenting.tables import Table
from peer_ledger.values._wording import units

_HOURS = ["hours_have", "hours_need", "hours_short"]


def summary_as_gt(summary: Table, *, counts_in: str) -> Any:
    """
    Return a summary as a table of great-tables.

    Args:
        summary: The summary.
        counts_in: The unit that the rule set counts in.

    Raises:
        LedgerMisuse: The extra `great-tables` is not installed.
    """
    gt = loaded("great_tables", extra="great-tables", what="a table of great-tables")
    labels = {"hours_have": "counted", "hours_need": "needed", "hours_short": "short"}
    shown = gt.GT(summary.to_frame("pandas", hours="float"), rowname_col="person").tab_header(title=summary.title)
    shown = shown.tab_spanner(label=units(counts_in).capitalize(), columns=_HOURS)
    shown = shown.cols_label({name: labels.get(name, name.replace("_", " ")) for name in summary.headings[1:]})
    words = [name for name, kind in zip(summary.headings, summary.kinds, strict=True) if kind in ("text", "category")]
    shown = shown.cols_align("left", columns=words[1:]).fmt_date(columns=["due", "late_until"], date_style="iso")
    return shown.fmt_number(columns=_HOURS, drop_trailing_zeros=True).sub_missing(missing_text="")


def summary_as_chart(summary: Table) -> Any:
    """
    Return a chart of Altair: how many people are due in each month, by status.

    Args:
        summary: The summary.

    Raises:
        LedgerMisuse: The extra `altair` is not installed.
    """
    altair = loaded("altair", extra="altair", what="a chart of Altair")
    rows = [
        {name: value if isinstance(value, int) else str(value) for name, value in row.items() if value is not None}
        for row in summary.only("person", "status", "due", "days_left").to_rows()
    ]
    return (
        altair.Chart(altair.Data(values=rows), title=summary.title)
        .transform_filter("isValid(datum.due)")
        .mark_bar()
        .encode(
            x=altair.X("due:T", timeUnit="yearmonth", title="Month due"),
            y=altair.Y("count():Q", title="People"),
            color=altair.Color("status:N", title="Status"),
            tooltip=["status:N", "count():Q"],
        )
    )
