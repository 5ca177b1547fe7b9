"""A decision diagram says what its paths say, and asks the questions that change that and no other."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.evaluation import _diagrams as diagrams
from peer_ledger.evaluation._diagrams import Diagrams

READINGS = {"a": ("x", "y"), "b": ("x", "y", "z"), "c": ("x", "y"), "d": ("x", "y")}


@st.composite
def trees(draw, left=tuple(READINGS), most=4):
    """Draw the paths of a tree, which may ask the questions in another order on each branch."""
    if not left or not most or draw(st.booleans()):
        return [((), draw(st.integers(0, 2)))]
    asked = draw(st.sampled_from(left))
    rest = tuple(name for name in left if name != asked)
    found = []
    for reading in READINGS[asked]:
        found += [(((asked, reading), *taken), value) for taken, value in draw(trees(rest, most - 1))]
    return found


def everything():
    return [dict(zip(READINGS, readings, strict=True)) for readings in product(*READINGS.values())]


def by_path(paths, readings):
    return next(value for taken, value in paths if all(readings[name] == reading for name, reading in taken))


def by_definition(paths):
    """Return the questions of which another reading changes something while all others stay."""
    return {
        name
        for readings in everything()
        for name, others in READINGS.items()
        for other in others
        if by_path(paths, readings) != by_path(paths, {**readings, name: other})
    }


def wrong(one, other):
    """Return what is wrong with the diagrams of two trees."""
    made = Diagrams(READINGS)
    first, second = made.of(one), made.of(other)
    found = [readings for readings in everything() if made.under(first, readings) != by_path(one, readings)]
    if made.questions_in(first) != by_definition(one):
        found.append("questions")
    same = all(by_path(one, readings) == by_path(other, readings) for readings in everything())
    if (first == second) is not same:
        found.append("same")
    if made.questions_in_any([first, second]) != by_definition(one) | by_definition(other):
        found.append("questions in any")
    return found


@given(trees(), trees())
@effort(200)
def test_a_diagram_is_what_its_paths_say(one, other):
    assert wrong(one, other) == []


def keep_what_makes_no_difference(patch):
    real = diagrams.Diagrams._case

    def fault(self, rank, follows):
        return self._made(rank, follows) if rank == 1 else real(self, rank, follows)

    patch.setattr(diagrams.Diagrams, "_case", fault)


def ask_in_any_order(patch):
    patch.setattr(diagrams.Diagrams, "_in_order", lambda self, rank, follows: self._made(rank, follows))


def take_the_next_reading(patch):
    real = diagrams.Diagrams._taken
    patch.setattr(diagrams.Diagrams, "_taken", lambda self, diagram, rank, place: real(self, diagram, rank, place - 1))


@pytest.mark.parametrize("plant", [keep_what_makes_no_difference, ask_in_any_order, take_the_next_reading])
def test_a_fault_in_diagrams_shows(monkeypatch, plant):
    # One asks a and then b, the other b and then a; one reading of b makes no difference, as to c.
    one = [((("a", a), ("b", b)), (a, b) == ("x", "z")) for a in READINGS["a"] for b in READINGS["b"]]
    other = [((("b", b), ("a", a)), (a, b) == ("x", "z")) for b in READINGS["b"] for a in READINGS["a"]]
    assert wrong(one, other) == []
    plant(monkeypatch)
    assert wrong(one, other) != []
