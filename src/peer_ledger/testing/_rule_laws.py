"""
Laws about a rule set and its reports as a whole.
"""

import json
import sys
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from random import Random
from types import FrameType, ModuleType
from typing import Any

from peer_ledger.reports.schema import shipped_report_schema
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import ruleset_from_dict, ruleset_to_dict
from peer_ledger.testing._situations import Situation, assert_same, content_of


def rule_set_is_sound_and_survives_a_file(situation: Situation) -> None:
    """The rule set is sound, and after writing and reading it is the same rule set with the same digest."""
    rules = situation.ruleset
    assert problems_of(rules) == ()
    again = ruleset_from_dict(json.loads(json.dumps(ruleset_to_dict(rules))))
    assert again == rules
    first, second = situation.report(ruleset=rules), situation.report(ruleset=again)
    assert first.provenance.digest == second.provenance.digest
    assert_same(content_of(first), content_of(second))


def report_survives_json(situation: Situation) -> None:
    """A report survives JSON unchanged, matches the shipped schema, and prints as text."""
    report = situation.report()
    plain = report.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["standing"], plain["status"]) == (report.standing, report.status)
    assert str(report)
    if find_spec("jsonschema") is not None:
        validator = import_module("jsonschema").Draft202012Validator(json.loads(shipped_report_schema()))
        assert [error.message for error in validator.iter_errors(plain)] == []


_CLOCKS = frozenset(
    ("asctime", "clock_gettime", "ctime", "gmtime", "localtime", "monotonic", "perf_counter", "process_time", "time")
)


def neither_clock_nor_chance_plays_a_part(situation: Situation) -> None:
    """Evaluation reads no clock and draws no random numbers, and a second one gives the same answer."""
    ledger = situation.ledger()
    before = situation.ask(ledger)  # whatever is read once per process is read here
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and (name := _outside_source(function)) is not None:
            module = str(frame.f_globals.get("__name__"))
            if module.partition(".")[0] != "hypothesis":  # it measures the time of every garbage collection
                seen[f"{frame.f_code.co_name} in {module} calls {name}"] = None

    held = sys.getprofile()
    sys.setprofile(note)
    try:
        again = situation.ask(ledger)
    finally:
        sys.setprofile(held)
    assert not seen, "; ".join(seen)
    assert_same(before.to_dict(), again.to_dict())


def _outside_source(function: Any) -> str | None:
    """Return the name of a built-in function that reads a clock or draws random numbers; `None` for any other."""
    owner, name = getattr(function, "__self__", None), str(getattr(function, "__name__", ""))
    if isinstance(owner, type) and issubclass(owner, date):
        return f"{owner.__name__}.{name}" if name in ("today", "now", "utcnow") else None
    if isinstance(owner, Random):
        return f"random.{name}"
    if isinstance(owner, ModuleType) and owner.__name__ == "time":
        return f"time.{name}" if name.removesuffix("_ns") in _CLOCKS else None
    return "os.urandom" if name == "urandom" else None
