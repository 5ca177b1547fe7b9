"""
Finding judges by their names: those that were registered, and those that other distributions announce.

Nothing is imported to learn which names there are.  What a distribution announces is imported when its judge is first
asked, so that to read a file of rules runs nobody's code.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from peer_ledger._checks import TERM
from peer_ledger.errors import InvalidValue, UnusableJudge, nearest, shown_name
from peer_ledger.rules._asked import Judge

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

JUDGES = "peer_ledger.judges"
"""The entry-point group of other distributions' judges: a name, and the function."""

Function = TypeVar("Function", bound=Judge)

_REGISTERED: dict[str, Judge] = {}
_FOUND: dict[str, tuple[Judge | None, Judge]] = {}


def judge(name: str) -> Callable[[Function], Function]:
    """
    Register a function as the judge of this name, which requirements of the kind `judged` give.

    A function that is defined again at the same place, as when a cell of a notebook is run again, takes the place of
    the one before.

    Args:
        name: A lower-case word or several, as `half-elsewhere`.

    Returns:
        A decorator, which gives the function back.

    Raises:
        InvalidValue: The name is none.
        UnusableJudge: Another function has the name; the message names both.

    >>> from peer_ledger.rules import Asked, Told
    >>> @judge("every-training")
    ... def every_training(asked: Asked) -> Told:
    ...     return Told(counted={one.id: 1 for one in asked.trainings})
    """
    if problem := TERM.problem(name):
        raise InvalidValue(f"the name of a judge {problem}")

    def register(function: Function) -> Function:
        known = _REGISTERED.get(name)
        if known is not None and not _is_same(known, function):
            raise UnusableJudge(name, f"is claimed by {_place(known)} and by {_place(function)}; rename one of them")
        _REGISTERED[name] = function
        return function

    return register


def judge_problem(name: str) -> str | None:
    """
    Look for a judge without importing any.

    Args:
        name: Its name.

    Returns:
        Why none can be asked by that name, with the nearest one that there is; `None` when one can.
    """
    claims = _claims(name)
    if len(claims) > 1:
        return f"{shown_name(name)} {_claimed(claims)}"
    return None if claims or name in _REGISTERED else f"nobody has a judge {shown_name(name)}{_others(name)}"


def find_judge(name: str) -> Judge:
    """
    Find a judge, and import it where a distribution announces it.

    Args:
        name: Its name.

    Raises:
        UnusableJudge: Nobody has it, two claim it, or it cannot be imported; the message names which.
    """
    registered = _REGISTERED.get(name)
    found = _FOUND.get(name)
    if found is None or found[0] is not registered:
        found = _FOUND[name] = registered, _found(name, registered)
    return found[1]


def _found(name: str, registered: Judge | None) -> Judge:
    claims = _claims(name)
    if len(claims) > 1:
        raise UnusableJudge(name, _claimed(claims))
    if not claims:
        if registered is None:
            raise UnusableJudge(name, f"is nobody's{_others(name)}")
        return registered
    where = f"of {_distribution(claims[0])}"
    try:
        loaded = claims[0].load()
    except (Exception, SystemExit) as error:
        raise UnusableJudge(name, f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    if not callable(loaded):
        raise UnusableJudge(name, f"{where} is no function")
    # Importing it may have registered it.
    registered = _REGISTERED.get(name)
    if registered is not None and not _is_same(registered, loaded):
        raise UnusableJudge(
            name, f"is claimed by {_distribution(claims[0])} and by {_place(registered)}; rename one of them"
        )
    function: Judge = loaded
    return function


def _others(name: str) -> str:
    known = sorted({*_REGISTERED, *(point.name for point in _announced())})
    return f"; there are {', '.join(known)}{nearest(name, known)}" if known else "; none is registered or installed"


def _announced() -> Iterable["EntryPoint"]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - who asks for no judge need not wait for it

    return entry_points(group=JUDGES)


def _claims(name: str) -> list["EntryPoint"]:
    return [point for point in _announced() if point.name == name]


def _claimed(claims: list["EntryPoint"]) -> str:
    names = sorted(map(_distribution, claims))
    return f"is claimed by {' and by '.join(names)}; uninstall all but one"


def _distribution(point: "EntryPoint") -> str:
    return point.dist.name if point.dist is not None else point.value


def _is_same(one: Judge, other: Judge) -> bool:
    """Tell whether two functions are one, or were defined at the same place one after the other."""
    return one is other or (_place(one) == _place(other) and "<" not in _place(one))


def _place(function: Judge) -> str:
    module, name = getattr(function, "__module__", "?"), getattr(function, "__qualname__", None)
    return f"{module}.{name or type(function).__qualname__}"
