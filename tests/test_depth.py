"""Rules and data nested thousands of levels deep are refused in plain words, wherever they come from."""

import hashlib
import json

import pytest

from peer_ledger import Ledger, PeerLedgerError, ruleset
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.importing import import_file
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.records import RuleSetText, TrainingEvent, read_records, record_from_json
from peer_ledger.rules import ByQuestion, Condition, Part, TrainingFilter
from peer_ledger.rules._depth import MOST_INSIDE, MOST_LEVELS
from peer_ledger.rulesets import kept_ruleset, read_rulesets, ruleset_from_dict, ruleset_to_dict

LATE = Condition(late=True)
ETHICS = TrainingFilter(topics={"ethics"})


def part(*parts):
    return Part(id="p", says="S.", need=1, parts=parts, together="shared" if parts else None, cites=("A",))


def by_question(value):
    return ByQuestion(by="q", values=(("a", value), ("b", 1)))


GROWING = {
    "filters": (lambda one: TrainingFilter(any_of=(one, ETHICS)), ETHICS),
    "conditions": (lambda one: Condition(any_of=(one, LATE)), LATE),
    "conditions that must not hold": (lambda one: Condition(unless=one), LATE),
    "conditions of both kinds": (lambda one: Condition(any_of=(Condition(unless=one), LATE)), LATE),
    "parts": (lambda one: part(one, part()), part()),
    "values by question": (by_question, by_question(2)),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
def test_rules_built_in_python_are_bounded_when_they_are_built(name):
    """What can be built can also be shown, compared and hashed; one level more is refused in plain words."""
    make, whole = GROWING[name]
    levels = 0
    with pytest.raises(InvalidValue, match=f"is nested more than {MOST_LEVELS} levels deep; write it with fewer"):  # noqa: PT012
        while levels < 3000:
            whole = make(whole)
            levels += 1
            assert repr(whole)
            assert whole == whole  # noqa: PLR0124
            assert hash(whole) is not None
    assert levels == (MOST_LEVELS - 1 if name != "conditions of both kinds" else (MOST_LEVELS - 1) // 2)


@pytest.mark.parametrize("width", [2, 3, 50])
def test_a_rule_that_stands_in_many_places_is_as_many(width):
    """Few objects, each of which holds the last several times, would be looked at without end."""
    for make, whole in (
        (lambda one: TrainingFilter(any_of=(one,) * width), ETHICS),
        (lambda one: Condition(any_of=(one,) * width), LATE),
        (lambda one: part(*(one,) * width), part()),
    ):
        inside, one = 1, whole
        with pytest.raises(InvalidValue, match=f"holds more than {MOST_INSIDE}"):  # noqa: PT012
            while True:
                one = make(one)
                inside = width * inside + 1
                assert inside <= MOST_INSIDE + 1  # itself, and the most within it
        assert width * inside > MOST_INSIDE


def nested(levels, opening='{"any_of": [', closing="]}", inner='{"late": true}'):
    return opening * levels + inner + closing * levels


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 300, 3000])
@pytest.mark.parametrize("key", ["any_of", "unless", "by"])
def test_a_rule_set_from_plain_values_is_bounded(key, levels):
    """As many levels as a caller likes are one or more problems, and nothing else."""
    value = 1 if key == "by" else {"late": True}
    for _ in range(levels):
        value = (
            {key: value} if key == "unless" else {"any_of": [value, {"late": True}]} if key == "any_of" else
            {"by": "q", "values": {"a": value, "b": 1}}
        )  # fmt: skip
    whole = json.loads(json.dumps(ruleset_to_dict(ruleset("us-vt-crc"))))
    asked = [one for part in whole["procedures"] for edition in part["editions"] for one in edition["requirements"]]
    requirement = next(one for one in asked if one["kind"] == "hours")
    requirement["need" if key == "by" else "only_if"] = value
    with pytest.raises(InvalidData, match="deep"):
        ruleset_from_dict(whole)


@pytest.mark.parametrize("levels", [41, 3000, 100_000])
@pytest.mark.parametrize("text", ["a = {0}1{1}", "only_if.any_of = {0}{{ late = true }}{1}"])
def test_a_rule_file_is_bounded(text, levels):
    with pytest.raises(InvalidData, match=r"nested more than 40 levels deep|longer than"):
        read_rulesets("format = 1\n" + text.format("[" * levels, "]" * levels))


@pytest.mark.parametrize("levels", [50, 900, 3000, 100_000])
@pytest.mark.parametrize("place", ["credits", "title", "approvals", "type", "origin", "person", "more"])
def test_lines_of_json_are_bounded(place, levels, tmp_path):
    """A file of records, an archive, and a table of JSON: whatever is nested in them, at any place of a record."""
    event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04")
    deep = "[" * levels + "]" * levels
    record = {"type": "training-event", "id": "e-1", "person": "p-1", "completed": "2025-03-04", place: "DEEP"}
    line = json.dumps(record).replace('"DEEP"', deep)
    with pytest.raises(PeerLedgerError):
        record_from_json(line)
    path = tmp_path / "lines"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InvalidData, match="line 1"):
        read_records(path)
    with Ledger() as ledger:
        ledger.append(event)
        write_archive(ledger, tmp_path / "archive")
    head, entry = (tmp_path / "archive").read_text("utf-8").splitlines()[:2]
    for number, damaged in enumerate((head[:-1] + f', "x": {deep}}}', entry[:-1] + f', "x": {deep}}}')):
        path.write_text("\n".join([damaged, entry] if number == 0 else [head, damaged]) + "\n", "utf-8")
        with pytest.raises(PeerLedgerError):
            read_archive(path)
    table = tmp_path / "table.json"
    table.write_text(json.dumps([record]).replace('"DEEP"', deep), "utf-8")
    with pytest.raises(PeerLedgerError):
        import_file(table, kind="course")


@pytest.mark.parametrize("levels", [50, 900, 3000])
def test_a_kept_rule_set_is_bounded(levels):
    """What a ledger keeps as the text of a rule set may be anything."""
    whole = json.dumps(ruleset_to_dict(ruleset("us-vt-crc")), ensure_ascii=True)
    text = f'{whole[:-1]}, "more": {nested(levels)}}}'
    kept = RuleSetText(
        id="r-1", ruleset="us-vt-crc", version="1", digest=hashlib.sha256(text.encode()).hexdigest(), text=text
    )
    with Ledger() as ledger, pytest.raises(PeerLedgerError):  # noqa: PT012
        ledger.append(kept)
        kept_ruleset(ledger, "us-vt-crc")
