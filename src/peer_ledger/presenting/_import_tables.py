"""
The result of an import, as a table and as JSON.
"""

import json
from typing import Any

import attrs

from peer_ledger.importing._batch import ImportedFiles
from peer_ledger.presenting.tables import Cell, Table


def imported_table(done: ImportedFiles) -> Table:
    """
    Return a table of the result of an import.

    Args:
        done: The result of `import_files`.

    Returns:
        A table of the rejected rows, the notices, what is corrected, missing or a likely duplicate, and the files that
        could not be read.
    """
    rows: list[tuple[Cell, ...]] = []
    for file in done.files:
        name, imported, plan = file.name, file.imported, file.plan
        rows += [
            (name, "rejected", str(row.line), row.column or "", row.value or "", row.reason)
            for row in imported.rejected
        ]
        rows += [
            (
                name,
                f"notice: {notice.kind}",
                str(notice.line or ""),
                notice.column or "",
                notice.value or "",
                notice.says,
            )
            for notice in imported.notices
        ]
        rows += [(name, "correction", "", "", correction.old.id, change) for correction, change in plan.changes]
        rows += [(name, "no longer in the file", "", "", record.id, who) for record, who in plan.missed]
        rows += [(name, "likely duplicate", "", "", new, f"is like {old}") for new, old in plan.twice]
        rows += [(name, "new id", "", "", new, f"differs from {old} by a digit") for new, old in plan.near]
        rows += [(name, "likely the same person", "", "", new, f"is written like {old}") for new, old in plan.ids]
    rows += [(name, "not read", "", "", "", str(error)) for name, error in done.unread]
    return Table(headings=("file", "what", "line", "column", "value", "says"), rows=tuple(rows), title="What was read")


def import_to_dict(done: ImportedFiles) -> dict[str, Any]:
    """
    Return the result of an import as plain values for JSON.

    Args:
        done: The result of `import_files`.
    """
    return {
        "appended": done.is_appended,
        "waiting": list(done.waiting),
        "unread": [{"file": name, "says": str(error)} for name, error in done.unread],
        "files": [
            {
                "file": file.name,
                "kind": file.imported.kind,
                "source": file.imported.source,
                "rows": file.imported.rows,
                "records": len(file.imported.records),
                "new": len(file.plan.new),
                "unchanged": file.plan.unchanged,
                "withdrawn": file.plan.withdrawn,
                "asked": [attrs.asdict(asked) for asked in file.imported.asked],
                "did_not_come_about": [
                    {"column": column, "word": word, "rows": rows} for column, word, rows in file.imported.undone
                ],
                "rejected_count": file.imported.rejected_count,
                "notice_count": file.imported.notice_count,
                "rejected": [attrs.asdict(row) for row in file.imported.rejected],
                "notices": [attrs.asdict(notice) for notice in file.imported.notices],
                "corrections": [
                    {"id": correction.old.id, "fields": list(correction.fields), "says": says}
                    for correction, says in file.plan.changes
                ],
                "missing": [{"id": record.id, "says": who} for record, who in file.plan.missed],
                "likely_twice": [{"id": new, "like": old} for new, old in file.plan.twice],
                "new_ids_near_known": [{"id": new, "near": old} for new, old in file.plan.near],
                "likely_one_person": [{"id": new, "like": old} for new, old in file.plan.ids],
            }
            for file in done.files
        ],
    }


def import_written(done: ImportedFiles, form: str) -> str:
    """
    Return the result of an import in one of several forms.

    Args:
        done: The result of `import_files`.
        form: `table` for sentences, `json` for all details, `csv` or `html` for a table of what needs attention.
    """
    if form == "json":
        return json.dumps(import_to_dict(done), indent=2)
    return "\n".join(map(str, done.files)) if form == "table" else imported_table(done).written(form)
