"""
The JSON Schema (2020-12) of a report's plain form, generated from its classes.

`python -m peer_ledger.reports.schema > report.schema.json` writes it as it is shipped.
"""

from importlib.resources import files

import attrs

from peer_ledger.reports._parts import Dates
from peer_ledger.reports._plain import FORMAT, LEFT_OUT, VERSION
from peer_ledger.reports._remark_kinds import RemarkKind
from peer_ledger.reports._report import Report
from peer_ledger.values._json import Json
from peer_ledger.values._json_schema import annotated_object, closed, schema_file, schema_text

SHIPPED = "report.schema.json"


@attrs.frozen
class _PlainRemark:
    """The plain form of a `Remark`."""

    kind: RemarkKind
    says: str
    values: dict[str, str | int | bool | tuple[str | int, ...]]


def report_schema() -> Json:
    """
    Return the schema of what `Report.to_dict` returns.
    """
    defs: Json = {"Remark": annotated_object(_PlainRemark, {})}
    report = annotated_object(Report, defs, left_out=LEFT_OUT, sparse=(Dates,))
    head = {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    return schema_file("A report of peer_ledger", closed({**head, **report["properties"]}), defs)


def shipped_report_schema() -> str:
    """
    Return the schema that comes with the package, as text.
    """
    return files("peer_ledger.reports").joinpath(SHIPPED).read_text("utf-8")


if __name__ == "__main__":
    print(schema_text(report_schema()), end="")
