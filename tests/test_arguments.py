"""An argument of a wrong type to a function of the facade is refused by name."""

import inspect
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

import peer_ledger
import peer_ledger.evaluation
import peer_ledger.ledger
from peer_ledger import Ledger, PeerLedgerError, Roster, TrainingEvent, evaluate, ruleset
from peer_ledger.errors import InvalidValue, LedgerFileError, shown
from peer_ledger.example import ON, SHOWN, import_example

FUNCTIONS = {
    name: one
    for package in (peer_ledger, peer_ledger.evaluation, peer_ledger.ledger)
    for name in package.__all__
    if inspect.isfunction(inspect.unwrap(one := getattr(package, name)))
} | {"Roster": Roster}  # fmt: skip
METHODS = [
    name for name, one in inspect.getmembers(Ledger) if callable(one) and not name.startswith("_") and name != "close"
]


class Odd:
    """Something of no use to anybody, whose repr nobody should see."""

    def __repr__(self):
        return "Jane Roe"


def nested(levels):
    """Return a list in a list in a list."""
    made = []
    for _ in range(levels):
        made = [made]
    return made


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
    10**5000,
    "\ud800",
    "\0",
    Decimal("1e999999"),
    Decimal("sNaN"),
    nested(5000),
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
def test_an_argument_of_a_wrong_type_is_refused_by_name(name, right, tmp_path, monkeypatch):
    """A value is accepted, or refused with an error of the package that names the argument and shows nothing of it."""
    monkeypatch.chdir(tmp_path)
    right = right | {"path": tmp_path / "a", "backup": tmp_path / "b", "source": "lms", "keys": [], "records": []}
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
                if not (
                    isinstance(value, str | date) or isinstance(error, LookupError | LedgerFileError)
                ):  # right in type
                    assert parameter.name in str(error), (name, parameter.name, value, str(error))
                assert "Roe" not in str(error) or isinstance(error, LedgerFileError)  # a path is named


@pytest.fixture(params=["memory", "file", "view"])
def ledger(request, tmp_path):
    """Yield a ledger of each kind, with one record."""
    with Ledger() if request.param == "memory" else Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append(TrainingEvent(id="e-1", person="p-1", completed="2025-03-04"))
        yield ledger.pinned() if request.param == "view" else ledger


@pytest.mark.parametrize("name", METHODS)
def test_a_method_refuses_a_wrong_type_with_an_error_of_its_own(name, ledger, tmp_path):
    """Whether it looks into memory or into a file, and whatever the value is."""
    if not hasattr(ledger, name):
        return
    method = getattr(ledger, name)
    signature = inspect.signature(method)
    right = {
        "records": [], "record_id": "e-1", "record_ids": ["e-1"], "changes": {"title": "x"}, "reason": "so", "person": "p-1",
        "moment": "2026-01-01T00:00Z", "path": tmp_path / "b.ledger",
    }  # fmt: skip
    needed = {name for name, one in signature.parameters.items() if one.default is inspect.Parameter.empty}
    for parameter in signature.parameters:
        for value in WRONG:
            given = {name: right[name] for name in needed} | {parameter: value}
            if given.get("path") == "Jane Roe":
                continue
            try:
                made = method(**given)
                if isinstance(made, Iterator):
                    next(made, None)
                if isinstance(made, Ledger):
                    made.close()
            except PeerLedgerError as error:
                assert "Roe" not in str(error)


@pytest.mark.parametrize("value", [one for one in WRONG if not callable(one)], ids=shown)
def test_a_clock_is_a_function(value, tmp_path):
    for make in (Ledger, lambda clock: Ledger.open(tmp_path / "a", clock=clock)):
        with pytest.raises(InvalidValue, match="clock must be a function"):
            make(clock=value)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), True, "5"])
def test_a_wait_is_a_number_of_seconds(value, tmp_path):
    with pytest.raises(InvalidValue, match="wait must be a number of seconds"):
        Ledger.open(tmp_path / "a", wait=value)


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
