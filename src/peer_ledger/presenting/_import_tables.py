"""
What an import read, as a table and as JSON.
"""

import json
from typing import Any

import attrs

from peer_ledger.importing._batch import ImportedFiles
from peer_ledger.presenting.tables import Cell, Table


def imported_table(done: ImportedFiles) -> Table:
    """
    Put what became of some files into a table.

    Args:
        done: What `import_files` gave.

    Returns:
        The rows that were refused, the notices, all that is corrected, missing or likely there twice, and the files
        that could not be read.
    """
    rows: list[tuple[Cell, ...]] = []
    for file in done.files:
        name, imported, plan = file.name, file.imported, file.plan
        rows += [
            (name, "rejected", str(one.line), one.column or "", one.value or "", one.reason)
            for one in imported.rejected
        ]
        rows += [
            (name, f"notice: {one.kind}", str(one.line or ""), one.column or "", one.value or "", one.says)
            for one in imported.notices
        ]
        rows += [(name, "correction", "", "", one.old.id, change) for one, change in plan.changes]
        rows += [(name, "no longer in the file", "", "", one.id, who) for one, who in plan.missed]
        rows += [(name, "likely twice", "", "", new, f"is like {old}") for new, old in plan.twice]
        rows += [(name, "likely one person", "", "", new, f"is written like {old}") for new, old in plan.ids]
    rows += [(name, "not read", "", "", "", str(error)) for name, error in done.unread]
    return Table(headings=("file", "what", "line", "column", "value", "says"), rows=tuple(rows), title="What was read")


def import_to_dict(done: ImportedFiles) -> dict[str, Any]:
    """
    Put what became of some files into what JSON can hold.

    Args:
        done: What `import_files` gave.
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
                "rejected_count": file.imported.rejected_count,
                "notice_count": file.imported.notice_count,
                "rejected": [attrs.asdict(one) for one in file.imported.rejected],
                "notices": [attrs.asdict(one) for one in file.imported.notices],
                "corrections": [
                    {"id": one.old.id, "fields": list(one.fields), "says": says} for one, says in file.plan.changes
                ],
                "missing": [{"id": one.id, "says": who} for one, who in file.plan.missed],
                "likely_twice": [{"id": new, "like": old} for new, old in file.plan.twice],
                "likely_one_person": [{"id": new, "like": old} for new, old in file.plan.ids],
            }
            for file in done.files
        ],
    }


def import_written(done: ImportedFiles, form: str) -> str:
    """
    Write what became of some files in a form.

    Args:
        done: What `import_files` gave.
        form: `table` for sentences, `json` for all of it, `csv` or `html` for what somebody should look at.
    """
    if form == "json":
        return json.dumps(import_to_dict(done), indent=2)
    return "\n".join(map(str, done.files)) if form == "table" else imported_table(done).written(form)
