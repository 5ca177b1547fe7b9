"""The plain form of a report: its types, its shipped schema, and real reports, held against each other."""

import json
import pickle
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Literal, NotRequired, Required, get_args, get_origin, get_type_hints

import attrs
import pytest
from jsonschema import Draft202012Validator

from boards import AWARD, asked, board, filed, hours, trained
from effort import sized
from peer_ledger import Ledger, evaluate
from peer_ledger.example import import_example
from peer_ledger.reports import COMPONENTS, STATUSES, Components, Dates, DatesDict, ReportDict
from peer_ledger.reports._terms import DATE_NAMES
from peer_ledger.reports.schema import report_schema, shipped_report_schema
from peer_ledger.values._json_schema import schema_text

PLAIN = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}


def schema_of(hint):
    """Return the JSON Schema of a type, without formats of texts."""
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin is UnionType or str(origin) == "typing.Union":
        return {"anyOf": [schema_of(one) for one in inside]}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inside[1])}
    if origin is list:
        return {"type": "array", "items": schema_of(inside[0])}
    assert origin not in (Required, NotRequired)
    hints = get_type_hints(hint)
    return {
        "type": "object",
        "properties": {name: schema_of(one) for name, one in hints.items()},
        "required": sorted(hint.__required_keys__),
        "additionalProperties": False,
    }


def bare(schema, defs):
    """Return a part of the shipped schema with its references replaced, and without formats of texts."""
    if "$ref" in schema:
        return bare(defs[schema["$ref"].removeprefix("#/$defs/")], defs)
    if "const" in schema:
        return {"enum": [schema["const"]]}
    if "enum" in schema:
        return {"enum": schema["enum"]}
    if "anyOf" in schema:
        return {"anyOf": [bare(one, defs) for one in schema["anyOf"]]}
    if "prefixItems" in schema:  # a pair of texts is a list of texts to a type checker
        (items,) = {json.dumps(bare(one, defs)) for one in schema["prefixItems"]}
        return {"type": "array", "items": json.loads(items)}
    if schema["type"] == "array":
        return {"type": "array", "items": bare(schema["items"], defs)}
    if schema["type"] == "object" and "properties" not in schema:
        return {"type": "object", "additionalProperties": bare(schema["additionalProperties"], defs)}
    if schema["type"] == "object":
        return {
            "type": "object",
            "properties": {name: bare(one, defs) for name, one in schema["properties"].items()},
            "required": sorted(schema.get("required", [])),
            "additionalProperties": schema["additionalProperties"],
        }
    return {"type": schema["type"]}


@cache
def some_reports():
    """Return reports in which every part of a report occurs."""
    return tuple(_some_reports())


def _some_reports():
    ledger, _ = import_example()
    for person in list(ledger.people())[:: sized(1, 30)]:
        for on in ("2024-01-15", "2026-03-01", "2030-01-01"):
            yield evaluate(ledger, person, on=on)
            yield evaluate(ledger, person, on=on, strict=True)
    yield asked([AWARD, filed("f", "2026-05-10"), trained("e", "1.25")], "2026-05-20", board(hours(8)))


def test_the_shipped_schema_is_the_generated_one():
    assert schema_text(report_schema()) == shipped_report_schema()


def test_the_types_of_the_plain_form_say_what_the_shipped_schema_says():
    shipped = json.loads(shipped_report_schema())
    assert bare(shipped, shipped["$defs"]) == schema_of(ReportDict)


def test_real_reports_are_what_the_types_of_the_plain_form_say():
    validator = Draft202012Validator(schema_of(ReportDict))
    plain = [report.to_dict() for report in some_reports()]
    assert [] == [error.message for one in plain for error in validator.iter_errors(one)]
    for part in ("findings", "questions", "caveats"):
        assert any(one[part] for one in plain), part


def test_a_planted_fault_in_a_report_is_found():
    plain = next(iter(some_reports())).to_dict()
    validator = Draft202012Validator(schema_of(ReportDict))
    for wrong in ({"status": "fine"}, {"step": "designation"}, {"dates": {"deu": {}}}, {"on": None}, {"extra": 1}):
        assert list(validator.iter_errors({**plain, **wrong})), wrong


def test_the_names_of_components_and_dates_are_those_of_their_classes():
    assert tuple(Components.__annotations__) == COMPONENTS
    assert tuple(Dates.__annotations__) == tuple(DatesDict.__annotations__) == DATE_NAMES


def test_dates_yield_those_there_are_and_a_typo_is_an_error():
    """Awarded on June 1, 2024, for two years: due on May 31, 2026."""
    dates = asked([AWARD], "2026-01-01", board()).dates
    assert {name: str(day.day) for name, day in dates.items()}["due"] == "2026-05-31"
    assert dict(dates.items()) == {name: day for name in DATE_NAMES if (day := getattr(dates, name)) is not None}
    assert dates.reinstate_until is None
    with pytest.raises(AttributeError, match="deu"):
        dates.deu  # noqa: B018


def test_every_status_of_a_report_is_listed():
    assert {report.status for report in some_reports()} <= set(STATUSES)


# What is made only when it is read.


def _lazy_report(records, ruleset):
    ledger = Ledger()
    ledger.append(records)
    return evaluate(ledger, "p", on="2025-06-01", ruleset=ruleset), ledger


@pytest.mark.parametrize("use", [pickle.dumps, hash, repr, str, attrs.asdict, attrs.evolve])
def test_a_report_is_the_same_whatever_is_read_of_it_first(use):
    """Reading a part early or late, or all of it for a copy, changes none of it."""
    records = [AWARD, trained("e-1", 3), trained("e-2", 2)]
    report, _ = _lazy_report(records, board(hours(8)))
    other, _ = _lazy_report(records, board(hours(8)))
    use(report)
    assert report.to_dict() == other.to_dict()
    assert report == other == pickle.loads(pickle.dumps(report))
    assert hash(report) == hash(other)
    assert str(report) == str(other)
    assert attrs.evolve(other, status="lapsed").findings == report.findings


def test_a_report_says_what_was_on_file_when_it_was_asked_for():
    """Training that is appended before the findings are read is not in them."""
    report, ledger = _lazy_report([AWARD, trained("e-1", 3)], board(hours(8)))
    ledger.append(trained("e-2", 5))
    assert (report.outcome, report.hours_short) == ("short", 5)
    assert report.finding("training").counted == 3
    assert evaluate(ledger, "p", on="2025-06-01", ruleset=board(hours(8))).finding("training").counted == 8


def test_a_report_has_no_attribute_that_it_does_not_name():
    report, _ = _lazy_report([AWARD], board(hours(8)))
    assert not hasattr(report, "fundings")
    with pytest.raises(AttributeError, match="'Report' object has no attribute 'fundings'"):
        report.fundings  # noqa: B018
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        report.findings = ()


def test_missing_hours_add_up_over_requirements():
    """3 of 8 and 3 of 4: 5 and 1 are missing, 6 in all; met, none are."""
    two = board(hours(8), hours(4, "other"))
    assert asked([AWARD, trained("e", 3)], "2025-06-01", two).hours_short == 6
    assert asked([AWARD, trained("e", 8)], "2025-06-01", two).hours_short == Fraction(0)
