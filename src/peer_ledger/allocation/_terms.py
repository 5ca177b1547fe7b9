"""
The terms of an allocation: demands, limits, cells of training, and their errors.

Amounts are whole numbers of one small unit, such as a minute or a hundredth of an hour.  The caller chooses the unit.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import PeerLedgerError, Problem, nearest, shown, shown_name

Units: TypeAlias = int | Fraction
"""A number of units: whole, except where shared groups or overlapping limits force a fraction."""

MOST = 10**15
"""The largest figure that is accepted, in units."""


def whole(value: Units) -> Units:
    """Return a fraction that is a whole number as an `int`, and anything else unchanged."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def to_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as a frozen set; a single text is one name, not its letters."""
    return frozenset((names,)) if isinstance(names, str) else frozenset(names)


@attrs.frozen(kw_only=True)
class Demand:
    """
    A minimum that amounts must meet, with smaller demands inside it.

    Everything placed in a demand or anywhere below it counts toward its minimum.  A demand with children also has a
    *rest* under its own name: what is placed there counts toward this demand and toward none of its children.

    Attributes:
        name: Its name, different from every other demand's.
        minimum: How many units must be placed in it or below it.
        maximum: How many units at most may be placed in it or below it; `None` for no limit.  A topic whose surplus
            must not count toward the total above it has a maximum equal to its minimum.
        children: The demands inside it.
        group: Whether a unit is placed in one child (`"exclusive"`) or may serve several children at once, each looking
            at the same units (`"shared"`).  It must be stated where there are several children, and changes nothing
            where there is one.

    >>> ethics = Demand(name="ethics", minimum=3)
    >>> Demand(name="training", minimum=20, children=[ethics]).children[0].minimum
    3
    """

    name: str
    minimum: int = 0
    maximum: int | None = None
    children: tuple["Demand", ...] = attrs.field(default=(), converter=tuple)
    group: Literal["exclusive", "shared"] | None = None


@attrs.frozen(kw_only=True)
class Limit:
    """
    The most that may be counted of some cells.

    Attributes:
        name: Its name, different from every other limit's.
        maximum: The most that may be counted of the cells under it, in units.
        within: The name of the limit that this one is nested in; `None` for none.

    >>> online = Limit(name="online", maximum=10)
    >>> Limit(name="self-paced", maximum=4, within="online").within
    'online'
    """

    name: str
    maximum: int
    within: str | None = None


def _check_amount(cell: "Cell", _attribute: "attrs.Attribute[int]", amount: Any) -> None:
    if type(amount) is not int or not 0 <= amount <= MOST:
        raise InvalidCell(
            (Problem("amount", f"must be a whole number of units from 0 to 10**15, not {shown(amount)}"),)
        )
    if not cell.serves:
        raise InvalidCell((Problem("serves", "is empty; leave out cells that serve no demand"),))


@attrs.frozen(kw_only=True)
class Cell:
    """
    An amount of training, all of one kind.

    Attributes:
        amount: How much, in units.
        serves: The demands in which it may be placed; the name of a demand with children means its rest.
        limits: The limits that apply to it; of nested limits the innermost is enough.
        key: Orders cells that are otherwise alike, and identifies them in an assignment: a completion day followed by
            an id, for example.  The keys of one call must be hashable and comparable.
        divisible: Whether it may be split between demands.

    Raises:
        InvalidCell: The amount is not a whole number of units, or the cell serves nothing.

    >>> Cell(amount=6, serves={"training"}, limits="online", key="2025-03-04 e-1").limits
    frozenset({'online'})
    """

    serves: frozenset[str] = attrs.field(converter=to_names)
    limits: frozenset[str] = attrs.field(default=frozenset(), converter=to_names)
    key: Any = ""
    divisible: bool = True
    amount: int = attrs.field(validator=_check_amount)


class Amount(NamedTuple):
    """
    An amount of training, all of one kind and divisible, that no assignment needs to name; see `Plan.shortfall_of`.

    Attributes:
        amount: How much, in units; not checked.
        serves: The demands in which it may be placed; one or more.
        limits: The limits that apply to it.
    """

    amount: int
    serves: frozenset[str]
    limits: frozenset[str]


def _to_options(options: Iterable[Iterable[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(map(tuple, options))


@attrs.frozen(kw_only=True)
class Alternatives:
    """
    Several options of which exactly one counts, such as a course taken twice for different numbers of hours.

    Attributes:
        options: The cells of each option; an empty option is allowed.

    Raises:
        InvalidCell: There is no option.

    >>> first, again = Cell(amount=3, serves={"ethics"}), Cell(amount=2, serves={"ethics", "training"})
    >>> len(Alternatives(options=[[first], [again]]).options)
    2
    """

    options: tuple[tuple[Cell, ...], ...] = attrs.field(converter=_to_options)

    def __attrs_post_init__(self) -> None:
        if not self.options:
            raise InvalidCell((Problem("options", "is empty; state at least one option, even one without cells"),))


def _listed(problems: tuple[Problem, ...]) -> str:
    return str(problems[0]) if len(problems) == 1 else "".join(f"\n  - {problem}" for problem in problems)


@attrs.define(eq=False, slots=False)
class InvalidPlan(PeerLedgerError, ValueError):
    """
    Demands and limits do not form a plan; everything wrong is listed at once.

    Attributes:
        problems: Everything that is wrong.
    """

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"these demands and limits cannot be compiled: {_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class InvalidCell(PeerLedgerError, ValueError):
    """
    A cell is malformed, or names something that its plan does not have.

    Attributes:
        problems: Everything that is wrong with it.
    """

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"this cell cannot be allocated: {_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class TooManyCombinations(PeerLedgerError, ValueError):
    """
    Alternatives and indivisible cells leave more combinations than may be tried.

    Attributes:
        combinations: How many there are.
        most: How many may be tried.
    """

    combinations: int
    most: int

    def __str__(self) -> str:
        return (
            f"alternatives and indivisible cells leave {self.combinations} combinations, and at most {self.most} are "
            "tried; pass fewer of them, make cells divisible, or raise most_combinations"
        )


@attrs.define(eq=False, slots=False)
class NotABoolean(PeerLedgerError, TypeError):
    """
    An allocation was used as a boolean.

    Attributes:
        message: What to use instead.
    """

    message: str

    def __str__(self) -> str:
        return self.message


def unknown_names(field: str, what: str, names: Iterable[object], known: Iterable[str]) -> list[Problem]:
    """Return a problem for each unknown name, with the nearest known name and a list of the known ones."""
    possible = list(known)
    return [
        Problem(field, f"no {what} {shown_name(name)}{nearest(name, possible)}; known: {few_of(possible)}")
        for name in sorted(names, key=repr)
        if name not in possible
    ]
