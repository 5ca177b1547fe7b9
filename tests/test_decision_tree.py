"""A decision tree finds a result again under all readings that agree on what was asked, and compares readings."""

from itertools import product

import pytest

from peer_ledger.evaluation._decision_tree import DecisionTree

READINGS = {"a": ("no", "yes"), "b": ("no", "yes"), "c": ("no", "yes")}


def grown(result):
    """Build the tree of a function that reads readings one at a time, and count how often it was called."""
    tree, calls = DecisionTree(), 0
    for values in product(*READINGS.values()):
        taken = dict(zip(READINGS, values, strict=True))
        if tree.find(taken) is None:
            asked = {}

            def take(question, taken=taken, asked=asked):
                asked[question] = None
                return taken[question] == "yes"

            value = result(take)
            tree.keep(taken, tuple(asked), value)
            calls += 1
    return tree, calls


def depends_on(tree, question, readings_of=READINGS.__getitem__, seen_as=lambda value: value):
    return tree.depends_on(question, readings_of=readings_of, seen_as=seen_as)


def test_an_empty_tree_finds_nothing():
    assert DecisionTree().find({"a": "no"}) is None


def test_a_result_that_asked_nothing_is_found_under_all_readings():
    tree = DecisionTree()
    tree.keep({"a": "no"}, (), 5)
    assert tree.find({"a": "yes"}) == ((), 5)
    assert not depends_on(tree, "a")


def test_a_result_is_found_under_readings_that_agree_on_what_was_asked():
    """`a` decides whether `b` is asked: three results for four combinations of the two, and none asks `c`."""
    tree, calls = grown(lambda take: take("b") if take("a") else None)
    assert calls == 3
    assert tree.find({"a": "no", "b": "yes", "c": "yes"}) == (("a",), None)
    assert tree.find({"a": "yes", "b": "no", "c": "yes"}) == (("a", "b"), False)


def test_a_result_is_not_found_under_a_reading_that_was_not_looked_at():
    tree = DecisionTree()
    tree.keep({"a": "no"}, ("a",), 1)
    assert tree.find({"a": "yes"}) is None


@pytest.mark.parametrize(
    ("result", "deciding"),
    [
        (lambda take: take("a"), "a"),
        (lambda take: take("a") and take("b"), "ab"),
        (lambda take: take("b") if take("a") else take("c"), "abc"),
        (lambda take: (take("a"), take("b"))[1], "b"),
        (lambda take: take("a") != take("b"), "ab"),
        # Both sides of `a` ask the same two questions in another order, and give the same.
        (lambda take: (take("b") and take("c")) if take("a") else (take("c") and take("b")), "bc"),
        # The sides of `a` differ only where `b` and `c` do.
        (lambda take: take("b") if take("a") else (take("b") or take("c")), "abc"),
        (lambda take: 7, ""),
    ],
)
def test_a_question_decides_when_its_readings_alone_change_the_result(result, deciding):
    """The expected questions are those for which two rows of the truth table differ in the question alone."""
    tree, _ = grown(result)
    rows = [dict(zip(READINGS, values, strict=True)) for values in product(*READINGS.values())]
    by_table = {
        question
        for question in READINGS
        for row in rows
        if result(lambda name, row=row: row[name] == "yes")
        != result(lambda name, row=row, question=question: (row[name] == "yes") is not (name == question))
    }
    assert by_table == set(deciding)
    assert {question for question in READINGS if depends_on(tree, question)} == by_table


def test_readings_that_are_not_compared_change_nothing():
    """With `a` held at no, `b` is never asked; with `b` held, it cannot decide."""
    tree, _ = grown(lambda take: take("a") and take("b"))
    held_a, held_b = {**READINGS, "a": ("no",)}, {**READINGS, "b": ("yes",)}
    assert not depends_on(tree, "b", held_a.__getitem__)
    assert not depends_on(tree, "b", held_b.__getitem__)
    assert depends_on(tree, "a", held_b.__getitem__)


def test_only_the_part_of_a_result_that_is_seen_is_compared():
    tree, _ = grown(lambda take: (take("a"), take("b")))
    assert not depends_on(tree, "a", seen_as=lambda value: value[1])
    assert depends_on(tree, "b", seen_as=lambda value: value[1])
