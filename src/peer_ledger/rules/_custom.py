"""
Custom checks by name: those registered, and those that other distributions announce.

Nothing is imported to learn which names there are.  What a distribution announces is imported when its check is first
asked, so that to read a file of rules runs nobody's code.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import attrs

from peer_ledger.errors import InvalidValue, UnusableCheck, nearest, shown_name
from peer_ledger.records import Credit, Document, TrainingEvent
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._training import TrainingFilter
from peer_ledger.values._fields import TERM

Fits = Callable[["InputTraining", TrainingFilter | ByQuestion | None, "InputCredit | None"], bool | None]


@attrs.frozen(kw_only=True)
class InputCredit:
    """
    A credit that a custom check looks at.

    Attributes:
        record: The credit as it stands: its topics, and its amount in its own unit.
        hours: How many clock hours it is, by what the rule set says of its unit; `None` where nobody says.
    """

    record: Credit
    hours: Fraction | None


@attrs.frozen(kw_only=True)
class InputTraining:
    """
    A training that a custom check looks at, with what its course fills in and as a reviewer granted it.

    Attributes:
        record: The record; what it leaves out may be known all the same, so take what stands beside it.
        credits: What it carries; `None` when that is unknown.
        delivery: How it was given; `None` when unknown.
        provider: Who gave it; `None` when unknown.
        approved_by: Who approves it on the day it was completed; `None` when unknown.
    """

    record: TrainingEvent
    credits: tuple[InputCredit, ...] | None
    delivery: str | None
    provider: str | None
    approved_by: frozenset[str] | None

    @property
    def id(self) -> str:
        """The id of its record."""
        return self.record.id

    @property
    def day(self) -> date:
        """The day on which it was completed."""
        return self.record.completed

    @property
    def hours(self) -> Fraction | None:
        """How many clock hours it has; `None` where of some of it that is not known."""
        total = Fraction(0)
        for one in self.credits or ():
            if one.hours is None:
                return None
            total += one.hours
        return None if self.credits is None else total


@attrs.frozen(kw_only=True)
class CheckInput:
    """
    What a custom check is given: one requirement of one person on one day.

    There is nothing in it of what was withdrawn, rejected in review, or lies outside of the days that count.

    Attributes:
        need: How much is needed, in the unit of the requirement; `None` where no source states it.
        unit: That unit.
        first_day: The first day that counts; `None` where it is not limited.
        last_day: The last day that counts; `None` where it is not limited.
        as_of: The day of filing, or the day asked about while nothing is filed; nothing later is in here.
        cycle_begins: The first day of the cycle; `None` before any certificate.
        due: The last day of the cycle; `None` before any certificate, and where nobody knows it.
        trainings: The trainings that may count, by day.
        documents: The documents for this step or for none, by day.
    """

    need: Fraction | None
    unit: str
    first_day: date | None
    last_day: date | None
    as_of: date
    cycle_begins: date | None
    due: date | None
    trainings: tuple[InputTraining, ...]
    documents: tuple[Document, ...]
    _fits: Fits = attrs.field(eq=False, repr=False)

    def fits(
        self, training: InputTraining, wanted: TrainingFilter | ByQuestion | None, credit: InputCredit | None = None
    ) -> bool | None:
        """
        Return whether a training is of some kind.

        Args:
            training: The training.
            wanted: The kind, as in `counts` of other requirements; it may depend on a question of the rule set.
            credit: The one of its credits that is meant; `None` for any of them.

        Returns:
            `None` where the records do not say.
        """
        return self._fits(training, wanted, credit)


Amount = int | Decimal | Fraction
"""An exact amount; a binary float is none."""


@attrs.frozen(kw_only=True)
class CheckResult:
    """
    What a custom check returns: what counted.  Whether that is enough is not its business.

    Nothing is checked when it is built, but when it is taken: amounts are exact and 0 or more, ids are those of what
    was asked about, and of nothing more counts than was recorded.

    Attributes:
        counted: How much of what counted, by the id of the record and in the unit of the requirement; what is not named
            counted for nothing.
        possible: How much would count in all if everything that is not recorded were as it must be; `None` where
            nothing depends on that.
        because: What is missing and why, in a sentence without a full stop; `None` for how much there is of how much
            is needed.
        why_not: Why something, or a part of it, did not count, by the id of the record.  A reason that begins with
            `the records do not say` makes it one of the gaps that `Roster.unknown_fields` lists.
    """

    counted: Mapping[str, Amount]
    possible: Amount | None = None
    because: str | None = None
    why_not: Mapping[str, str] = attrs.field(factory=dict)


CustomCheck = Callable[[CheckInput], CheckResult]
"""A function that says what counts: of equal questions it tells equal things, and looks at nothing else."""

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

CUSTOM_CHECKS = "peer_ledger.custom_checks"
"""The entry-point group of other distributions' custom checks: a name, and the function."""

Function = TypeVar("Function", bound=CustomCheck)

_REGISTERED: dict[str, CustomCheck] = {}
_FOUND: dict[str, tuple[CustomCheck | None, CustomCheck]] = {}


def custom_check(name: str) -> Callable[[Function], Function]:
    """
    Register a function under a name that requirements of the kind `custom` refer to.

    A function that is defined again at the same place, as when a cell of a notebook is run again, takes the place of
    the one before.

    Args:
        name: A lower-case word or several, as `half-elsewhere`.

    Returns:
        A decorator, which gives the function back.

    Raises:
        InvalidValue: The name is none.
        UnusableCheck: Another function has the name; the message names both.

    >>> from peer_ledger.rules import CheckInput, CheckResult
    >>> @custom_check("every-training")
    ... def every_training(asked: CheckInput) -> CheckResult:
    ...     return CheckResult(counted={one.id: 1 for one in asked.trainings})
    """
    if problem := TERM.problem(name):
        raise InvalidValue(f"the name of a custom check {problem}")

    def register(function: Function) -> Function:
        known = _REGISTERED.get(name)
        if known is not None and not _is_same(known, function):
            raise UnusableCheck(name, f"is claimed by {_place(known)} and by {_place(function)}; rename one of them")
        _REGISTERED[name] = function
        return function

    return register


def custom_check_problem(name: str) -> str | None:
    """
    Look for a custom check without importing any.

    Args:
        name: Its name.

    Returns:
        Why none can be asked by that name, with the nearest one that there is; `None` when one can.
    """
    claims = _claims(name)
    if len(claims) > 1:
        return f"{shown_name(name)} {_claimed(claims)}"
    return None if claims or name in _REGISTERED else f"no custom check is named {shown_name(name)}{_others(name)}"


def find_custom_check(name: str) -> CustomCheck:
    """
    Find a custom check, and import it where a distribution announces it.

    Args:
        name: Its name.

    Raises:
        UnusableCheck: Nobody has it, two claim it, or it cannot be imported; the message names which.
    """
    registered = _REGISTERED.get(name)
    found = _FOUND.get(name)
    if found is None or found[0] is not registered:
        found = _FOUND[name] = registered, _found(name, registered)
    return found[1]


def _found(name: str, registered: CustomCheck | None) -> CustomCheck:
    claims = _claims(name)
    if len(claims) > 1:
        raise UnusableCheck(name, _claimed(claims))
    if not claims:
        if registered is None:
            raise UnusableCheck(name, f"is not known{_others(name)}")
        return registered
    where = f"of {_distribution(claims[0])}"
    try:
        loaded = claims[0].load()
    except (Exception, SystemExit) as error:
        raise UnusableCheck(name, f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    if not callable(loaded):
        raise UnusableCheck(name, f"{where} is no function")
    # Importing it may have registered it.
    registered = _REGISTERED.get(name)
    if registered is not None and not _is_same(registered, loaded):
        raise UnusableCheck(
            name, f"is claimed by {_distribution(claims[0])} and by {_place(registered)}; rename one of them"
        )
    function: CustomCheck = loaded
    return function


def _others(name: str) -> str:
    known = sorted({*_REGISTERED, *(point.name for point in _announced())})
    return f"; there are {', '.join(known)}{nearest(name, known)}" if known else "; none is registered or installed"


def _announced() -> Iterable["EntryPoint"]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - without custom checks nobody waits for it

    return entry_points(group=CUSTOM_CHECKS)


def _claims(name: str) -> list["EntryPoint"]:
    return [point for point in _announced() if point.name == name]


def _claimed(claims: list["EntryPoint"]) -> str:
    names = sorted(map(_distribution, claims))
    return f"is claimed by {' and by '.join(names)}; uninstall all but one"


def _distribution(point: "EntryPoint") -> str:
    return point.dist.name if point.dist is not None else point.value


def _is_same(one: CustomCheck, other: CustomCheck) -> bool:
    """Return whether two functions are one, or were defined at the same place one after the other."""
    return one is other or (_place(one) == _place(other) and "<" not in _place(one))


def _place(function: CustomCheck) -> str:
    module, name = getattr(function, "__module__", "?"), getattr(function, "__qualname__", None)
    return f"{module}.{name or type(function).__qualname__}"
