"""Whatever stands at any place of a rule set is read or refused in words of the package, at once."""

import json
import time
import tomllib
from functools import partial
from importlib.resources import files

import pytest

from effort import sized
from fuzz_inputs import toml_text
from peer_ledger import PeerLedgerError, ruleset
from peer_ledger.errors import InvalidData
from peer_ledger.rulesets import read_rulesets, ruleset_from_dict, ruleset_to_dict
from peer_ledger.testing import read_cases

WRONG = [
    [], {}, 7, -1, True, "x", "", "0", [[]], [{}], [7], {"a": []}, {"kind": "x"}, {"kind": []}, {"by": "q"},
    {"by": [], "a": []}, {"by": "q", "values": {"a": []}}, "1 year", "1e99999999", "9" * 5000, "9" * 5000 + " months after due",
    10**30, "a " * 3000,
]  # fmt: skip
FILES = ("us-vt", "us-oh", "us-fl", "us-id")
"""Files that together have every short form."""

RULES = ("us-oh-cyps", "us-mo-crpr", "us-nc-cpss")
"""Rule sets with requirements of every kind."""

SECONDS = 5


def places(value, path=(), kinds=()):
    """Yield the path of everything inside a value, with the keys above it, whatever their position in lists."""
    yield path, kinds[-4:]
    if isinstance(value, dict):
        kind = value.get("kind")
        for key, one in value.items():
            yield from places(one, (*path, key), (*kinds, (kind if isinstance(kind, str) else None, key)))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from places(one, (*path, place), kinds)


def replaced(value, path, new):
    """Return a value with another one at a path."""
    if not path:
        return new
    made = dict(value) if isinstance(value, dict) else list(value)
    made[path[0]] = replaced(value[path[0]], path[1:], new)
    return made


def written(name):
    """Return a file of rule sets as its author wrote it, as plain values."""
    return tomllib.loads(files("peer_ledger.rulesets").joinpath(f"{name}.toml").read_text("utf-8"))


def as_values():
    """Yield rule sets as plain values, also one whose cycle was another one before, and what reads one."""
    for name in RULES:
        whole = json.loads(json.dumps(ruleset_to_dict(ruleset(name))))
        yield whole, ruleset_from_dict
        later = {"first_day": "2020-01-01", "cycle": {"kind": "anniversary", "months": 12, "begins": "same-day"}}
        editions = [{"first_day": None, "cycle": whole["cycle"]}, later]
        yield {"cycle": {"kind": "editions", "decided_by": "grant", "editions": editions}}, partial(with_more, whole)


def with_more(whole, part):
    """Read a rule set of which a part is another one; what is no part of one takes the place of all of it."""
    return ruleset_from_dict({**whole, **part} if isinstance(part, dict) else part)


def as_files():
    """Yield files as their authors wrote them, and what reads one."""
    for name in FILES[: sized(4, 1)]:
        yield written(name), lambda value: read_rulesets(toml_text(value))


@pytest.mark.parametrize("make", [as_values, as_files])
def test_whatever_stands_at_any_place_is_read_or_refused(make):
    """Values of every wrong kind at each place, one at a time, never raise anything else, and never take long."""
    seen, number = set(), 0
    for whole, read in make():
        for path, kinds in places(whole):
            if kinds in seen:
                continue
            seen.add(kinds)
            number += 1
            if number % sized(1, 4):
                continue
            for wrong in WRONG[number % sized(3, 23) :: sized(3, 23)]:
                given = replaced(whole, path, wrong)
                begun = time.process_time()
                try:
                    read(given)
                except PeerLedgerError as error:
                    assert len(str(error)) < 100_000
                assert time.process_time() - begun < SECONDS, (path, wrong)
    assert number > 100


@pytest.mark.parametrize("number", ["0x" + "F" * 9000, "0o" + "7" * 9000, "0b" + "1" * 30_000])
def test_a_whole_number_that_no_message_can_show_is_refused(number, tmp_path):
    """TOML writes whole numbers in other bases with any number of digits, which Python does not write in base 10."""
    text = toml_text(written("us-vt")).replace('"need" = 20', f'"need" = {number}', 1)
    assert number in text
    with pytest.raises(InvalidData, match="rule file"):
        read_rulesets(text)
    path = tmp_path / "cases.toml"
    path.write_text(f'[[cases]]\nid = "a"\nsays = {number}\n', "utf-8")
    with pytest.raises(InvalidData, match="file of cases"):
        read_cases(path)


def test_a_whole_number_in_another_base_is_a_number():
    """It is told as what it is: more than hours can be."""
    text = toml_text(written("us-vt")).replace('"need" = 20', '"need" = 0x7FFFFFFFFFFFFFFF', 1)
    with pytest.raises(InvalidData, match="9223372036854775807"):
        read_rulesets(text)


def test_an_amount_with_an_exponent_is_no_amount():
    """It may be a number that no computer holds."""
    text = toml_text(written("us-vt")).replace('"need" = 20', '"need" = "1e99999999"', 1)
    begun = time.process_time()
    with pytest.raises(InvalidData, match="rule file"):
        read_rulesets(text)
    assert time.process_time() - begun < SECONDS


def test_a_cohort_of_nobody_is_a_problem_and_nothing_else():
    """A cycle by cohorts, of which there are none, has no length to be looked at."""
    whole = json.loads(json.dumps(ruleset_to_dict(ruleset("us-mo-crpr"))))
    assert whole["cycle"]["kind"] == "cohorts"
    with pytest.raises(InvalidData, match="cohorts"):
        ruleset_from_dict(whole | {"cycle": whole["cycle"] | {"cohorts": []}})
