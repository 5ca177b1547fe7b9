"""An argument of a wrong type to a function of the facade is refused by name."""

import inspect
import pickle
from collections.abc import Iterator
from datetime import date

import pytest

import peer_ledger
from peer_ledger import Ledger, PeerLedgerError, Roster, evaluate, ruleset
from peer_ledger.example import ON, SHOWN, import_example

FUNCTIONS = {
    name: one
    for name in peer_ledger.__all__
    if inspect.isfunction(inspect.unwrap(one := getattr(peer_ledger, name)))
} | {"Roster": Roster}  # fmt: skip


class Odd:
    """Something of no use to anybody, whose repr nobody should see."""

    def __repr__(self):
        return "Jane Roe"


WRONG = [
    1.5,
    "Jane Roe",
    b"x",
    ["p-1"],
    {"p-1"},
    {1: 2},
    Odd(),
    Odd,
    7,
    True,
    None,
    ("a", "b"),
    date(2026, 1, 1),
    float("nan"),
]


@pytest.fixture(scope="module")
def right():
    """Return arguments of each name that are right."""
    ledger, _ = import_example()
    report = evaluate(ledger, SHOWN, on=ON)
    return {
        "ledger": ledger, "person": SHOWN, "on": ON, "ruleset": ruleset("us-nc-cpss"), "until": ON, "report": report,
        "reports": [report], "roster": Roster([report]), "paths": [], "text": "format = 1", "ruleset_id": "us-nc-cpss",
        "services": [(SHOWN, ON)],
    }  # fmt: skip


def test_the_functions_of_the_facade_are_driven():
    """The list is the facade's own."""
    assert {"evaluate", "evaluate_all", "in_force", "timeline", "transcript", "ruleset", "import_files"} <= set(
        FUNCTIONS
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_argument_of_a_wrong_type_is_refused_by_name(name, right):
    """A value is accepted, or refused with an error of the package that names the argument and shows nothing of it."""
    function = FUNCTIONS[name]
    signature = inspect.signature(function)
    needed = {
        parameter.name: right[parameter.name]
        for parameter in signature.parameters.values()
        if parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    for parameter in signature.parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        for value in WRONG:
            given = signature.bind(**{**needed, parameter.name: value})
            try:
                made = function(*given.args, **given.kwargs)
                if isinstance(made, Iterator):
                    next(made, None)
            except PeerLedgerError as error:
                if not (isinstance(value, str | date) or isinstance(error, LookupError)):  # right in type
                    assert parameter.name in str(error), (name, parameter.name, value, str(error))
                assert "Roe" not in str(error)


@pytest.mark.parametrize(
    ("says", "wrong"),
    [
        ("readings must be a mapping", {"readings": "p-1"}),
        ("ruleset must be a RuleSet or an id", {"ruleset": 1.5}),
        ("person must be a text", {"person": 17}),
        ("ledger must be a ledger", {"ledger": "our.ledger"}),
        ("on must be a day", {"on": 1.5}),
        ("strict must be True or False", {"strict": "no"}),
        ("cycle must be a whole number", {"cycle": 1.5}),
    ],
)
def test_what_is_said(says, wrong, right):
    """The message begins with the name of the argument and says what it must be."""
    given = {"ledger": right["ledger"], "person": SHOWN, "on": ON} | wrong
    with pytest.raises(PeerLedgerError) as caught:
        evaluate(**given)
    assert str(caught.value).startswith(says)


def test_functions_stay_functions():
    """They keep their name and signature, and can be pickled."""
    assert "on" in inspect.signature(evaluate).parameters
    assert evaluate is pickle.loads(pickle.dumps(evaluate))
    assert "evaluate" == evaluate.__name__
    assert Ledger is not None
