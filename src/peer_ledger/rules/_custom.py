"""
Custom checks by name: those that are registered, and those that other distributions announce.

Listing the names imports nothing.  An announced function is imported when its check is first needed, so that reading a
rule file runs no other package's code.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, UnusableCheck, nearest, shown_name
from peer_ledger.records import Credit, Document, TrainingEvent
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._training import TrainingFilter
from peer_ledger.values._fields import TERM

Fits = Callable[["InputTraining", TrainingFilter | ByQuestion | None, "InputCredit | None"], bool | None]


@attrs.frozen(kw_only=True)
class InputCredit:
    """
    A credit as a custom check sees it.

    Attributes:
        record: The credit as recorded: its topics, and the amount in its own unit.
        hours: Its clock hours, converted as the rule set says; `None` where no source says what the unit is worth.
    """

    record: Credit
    hours: Fraction | None


@attrs.frozen(kw_only=True)
class InputTraining:
    """
    A training as a custom check sees it, after course details and reviews have been applied.

    Attributes:
        record: The record; the course may supply details that it leaves out, so prefer the other attributes.
        credits: Its credits; `None` when they are unknown.
        delivery: How it was delivered; `None` when unknown.
        provider: Who provided it; `None` when unknown.
        approved_by: Who approved it as of the day it was completed; `None` when unknown.
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
        """Its clock hours; `None` when the hours of any credit are unknown."""
        total = Fraction(0)
        for credit in self.credits or ():
            if credit.hours is None:
                return None
            total += credit.hours
        return None if self.credits is None else total


@attrs.frozen(kw_only=True)
class CheckInput:
    """
    The input of a custom check: one requirement of one person on one day.

    It contains nothing that was withdrawn, was rejected in review, or is outside the days that count.

    Attributes:
        need: How much is needed, in the unit of the requirement; `None` where no source states it.
        unit: The unit of the requirement.
        first_day: The first day that counts; `None` when there is no limit.
        last_day: The last day that counts; `None` when there is no limit.
        as_of: The day of filing, or the day asked about while nothing is filed; nothing later is included.
        cycle_begins: The first day of the cycle; `None` before the first certification.
        due: The last day of the cycle; `None` before the first certification, and when it is unknown.
        trainings: The trainings that may count, by day.
        documents: The documents filed for this step or for no step in particular, by day.
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
        Return whether a training matches a filter.

        Args:
            training: The training.
            wanted: The filter, as in `counts` of other requirements; it may depend on a question of the rule set.
            credit: The credit to match; `None` for any of the training's credits.

        Returns:
            Whether it matches; `None` when the records do not say.
        """
        return self._fits(training, wanted, credit)


Amount = int | Decimal | Fraction
"""An exact amount, never a binary float."""


@attrs.frozen(kw_only=True)
class CheckResult:
    """
    The result of a custom check: what counted, not whether that is enough.

    It is validated when the check returns, not when it is built: amounts must be exact and not negative, ids must be
    those of records in the input, and no record may count for more than was recorded.

    Attributes:
        counted: The amount that counted, by record id, in the unit of the requirement; a record that is left out
            counted for nothing.
        possible: The total that would count if every unrecorded detail were favorable; `None` when nothing depends on
            unrecorded details.
        because: What is missing and why, in a sentence without a period; `None` when the figures say it all.
        why_not: Why a record, or part of it, did not count, by record id.
        not_recorded: The same for records that do not say enough: which detail is missing, by record id.
            `Roster.unknown_fields` counts these.
    """

    counted: Mapping[str, Amount]
    possible: Amount | None = None
    because: str | None = None
    why_not: Mapping[str, str] = attrs.field(factory=dict)
    not_recorded: Mapping[str, str] = attrs.field(factory=dict)


CustomCheck = Callable[[CheckInput], CheckResult]
"""A function that decides what counts; its result depends on its input alone."""

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

CUSTOM_CHECKS = "peer_ledger.custom_checks"
"""The entry-point group under which distributions announce custom checks, each a name and a function."""

Function = TypeVar("Function", bound=CustomCheck)

_REGISTERED: dict[str, CustomCheck] = {}
_FOUND: dict[str, tuple[CustomCheck | None, CustomCheck]] = {}


def custom_check(name: str) -> Callable[[Function], Function]:
    """
    Register a function under a name that requirements of kind `custom` refer to.

    A function that is defined again in the same place, as when a notebook cell is run again, replaces the earlier one.

    Args:
        name: Lowercase words joined by hyphens, such as `half-elsewhere`.

    Returns:
        A decorator that returns the function unchanged.

    Raises:
        InvalidValue: The name is not valid.
        UnusableCheck: Another function already has the name; the message names both.

    >>> from peer_ledger.rules import CheckInput, CheckResult
    >>> @custom_check("every-training")
    ... def every_training(asked: CheckInput) -> CheckResult:
    ...     return CheckResult(counted={training.id: 1 for training in asked.trainings})
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
    Look up a custom check by name without importing it.

    Args:
        name: Its name.

    Returns:
        Why no check can be used under that name, with the nearest known name; `None` when one can.
    """
    claims = _claims(name)
    if len(claims) > 1:
        return f"{shown_name(name)} {_claimed(claims)}"
    return None if claims or name in _REGISTERED else f"no custom check is named {shown_name(name)}{_others(name)}"


def find_custom_check(name: str) -> CustomCheck:
    """
    Return a custom check by name, importing it if a distribution announces it.

    Args:
        name: Its name.

    Raises:
        UnusableCheck: The name is unknown or claimed twice, or the function cannot be imported; the message says which.
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
    from peer_ledger.values._announced import Failed, distribution_of, trusting_nothing  # noqa: PLC0415 - as below

    where = f"of {distribution_of(claims[0])}"
    try:
        loaded = trusting_nothing(claims[0].load)
    except Failed as failed:
        raise UnusableCheck(name, f"{where} cannot be loaded: {failed}") from failed.__cause__
    if not callable(loaded):
        raise UnusableCheck(name, f"{where} is not a function")
    # Importing the module may also have registered a function under the name.
    registered = _REGISTERED.get(name)
    if registered is not None and not _is_same(registered, loaded):
        raise UnusableCheck(
            name, f"is claimed by {distribution_of(claims[0])} and by {_place(registered)}; rename one of them"
        )
    function: CustomCheck = loaded
    return function


def _others(name: str) -> str:
    known = sorted({*_REGISTERED, *(point.name for point in _announced())})
    return f"{nearest(name, known)}; available: {few_of(known)}" if known else "; none is registered or installed"


def _announced() -> tuple["EntryPoint", ...]:
    from peer_ledger.values._announced import announced  # noqa: PLC0415 - only custom checks wait for it

    return announced(CUSTOM_CHECKS)


def _claims(name: str) -> list["EntryPoint"]:
    return [point for point in _announced() if point.name == name]


def _claimed(claims: list["EntryPoint"]) -> str:
    from peer_ledger.values._announced import distribution_of  # noqa: PLC0415 - as above

    names = sorted(map(distribution_of, claims))
    return f"is claimed by {' and by '.join(names)}; uninstall all but one"


def _is_same(known: CustomCheck, given: CustomCheck) -> bool:
    """Return whether two functions are the same, or the second redefines the first in the same place."""
    return known is given or (_place(known) == _place(given) and "<" not in _place(known))


def _place(function: CustomCheck) -> str:
    module, name = getattr(function, "__module__", "?"), getattr(function, "__qualname__", None)
    return f"{module}.{name or type(function).__qualname__}"
