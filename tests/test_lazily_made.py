"""
Objects of which some attributes are made when they are read.
"""

import copy
import pickle

import attrs
import pytest

from peer_ledger import evaluate, ruleset
from peer_ledger.example import ON, import_example
from peer_ledger.values._lazy import Lazy, when_read


@when_read("area")
@attrs.frozen(kw_only=True, slots=False)
class Square(Lazy):
    side: int
    area: int


@pytest.fixture
def made():
    """A square, and the sides of which the area was worked out."""
    worked_out = []

    def area(square):
        worked_out.append(square.side)
        return square.side**2

    return Square.partly_made({"area": area}, side=3), worked_out


def test_an_attribute_is_made_once_and_only_when_it_is_read(made):
    square, worked_out = made
    assert worked_out == []
    assert (square.area, square.area, worked_out) == (9, 9, [3])


def test_with_another_value_the_rest_is_still_made_when_it_is_read(made):
    """The area is that of the square it was asked of, which nobody read so far; the first square stays as it was."""
    square, worked_out = made
    other = square.but(side=5)
    assert worked_out == []
    assert (other.side, square.side, other.area) == (5, 3, 9)
    assert worked_out == [3]
    assert square.area == 9
    assert worked_out == [3]


def test_what_was_made_is_kept_and_what_is_changed_is_never_made(made):
    square, worked_out = made
    assert (square.but(area=1).area, worked_out) == (1, [])
    assert square.area == 9
    assert (square.but(side=4).area, worked_out) == (9, [3])


def test_an_attribute_that_nothing_makes_is_missing():
    square = Square.partly_made({}, side=3)
    with pytest.raises(AttributeError, match="'Square' object has no attribute 'area'"):
        square.area  # noqa: B018  # reading it is what fails
    with pytest.raises(AttributeError, match="'Square' object has no attribute 'size'"):
        square.size  # noqa: B018


def test_what_another_thread_made_meanwhile_is_taken(made):
    """A thread that found no attribute comes late: another one has made it, and what makes it is gone."""
    square, worked_out = made
    late = vars(Square)["area"].__get__
    assert (square.area, late(square, Square), worked_out) == (9, 9, [3])


def test_it_is_known_what_was_made(made):
    """Asking makes nothing."""
    square, worked_out = made
    assert (square.made_of(["area", "side"]), worked_out) == (["side"], [])
    assert square.area == 9
    assert square.made_of(["area", "side"]) == ["area", "side"]
    assert type(square)(side=1, area=1).made_of(["area"]) == ["area"]


@pytest.mark.parametrize("person", ["p-102", "p-111", "p-113"])
def test_findings_compare_as_if_all_had_been_made_at_once(person):
    """Two reports on one person: of one all was read, of the other nothing."""
    ledger, _ = import_example()
    read, unread = (evaluate(ledger, person, on=ON).findings for _ in range(2))
    eagerly = [attrs.evolve(finding) for finding in read]
    assert all(finding.lines is not None and finding.recorded is not None for finding in eagerly)
    assert [hash(finding) for finding in unread] == [hash(finding) for finding in eagerly]
    assert list(unread) == eagerly
    assert pickle.loads(pickle.dumps(unread)) == read


@pytest.mark.parametrize("copied", [copy.copy, lambda one: pickle.loads(pickle.dumps(one))])
def test_what_is_copied_unread_is_all_there(copied, made):
    """The copy of an object is made whole, and so is that of a report of which nothing was read."""
    square, worked_out = made
    assert vars(copied(square)) == {"side": 3, "area": 9}
    assert worked_out == [3]
    ledger, _ = import_example()
    read, unread = (evaluate(ledger, "p-102", on=ON) for _ in range(2))
    assert read.findings
    assert copied(unread) == read


def test_what_is_worked_out_of_rules_is_not_sent_with_them():
    """Other threads may work more out meanwhile.  The copy is equal, and is found by its own hash."""
    rules = ruleset("us-nc-cpss")
    cited = rules.cited((rules.sources[0].id,))
    state = rules.__getstate__()
    assert {field.name for field in attrs.fields(type(rules))} <= state.keys()
    assert not {"_by_id", "_cited"} & state.keys()
    again = pickle.loads(pickle.dumps(rules))
    assert again == rules
    assert {again: "found"}[rules] == "found"
    assert again.cited((rules.sources[0].id,)) == cited


def test_what_is_on_record_is_the_sum_of_the_lines():
    ledger, _ = import_example()
    findings = [found for person in ledger.people() for found in evaluate(ledger, person, on=ON).findings]
    of_hours = [found for found in findings if found.subject == "hours" and found.lines]
    assert of_hours
    for found in of_hours:
        assert sum(line.recorded or 0 for line in found.lines) == found.recorded
        assert sum(line.counted for line in found.lines) == found.counted
