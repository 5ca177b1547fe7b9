"""
What an allocation is asked about: requirements, caps, cells of counted training, and the errors of each.

Amounts are whole numbers of one small unit (minutes, hundredths of an hour); which one is the caller's business.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs

from peer_ledger.errors import PeerLedgerError, Problem, nearest, shown, shown_name

Amount: TypeAlias = int | Fraction
"""A whole number of units; a fraction only where shared trees or overlapping caps force one."""

MOST = 10**15
"""The largest figure that is taken, in units."""


def whole(value: Amount) -> Amount:
    """Write a fraction that is a whole number as one."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def to_names(names: Iterable[str]) -> frozenset[str]:
    """Freeze a set of names; a single text is one name, not its letters."""
    return frozenset((names,)) if isinstance(names, str) else frozenset(names)


@attrs.frozen(kw_only=True)
class Requirement:
    """
    A minimum, and what is asked within it.

    Everything that sits in a requirement or anywhere below it counts for its minimum.  A requirement with children also
    has a rest of its own, which bears its name: what sits there counts for it alone and for none of its children.

    Attributes:
        name: Its name, unlike that of any other.
        minimum: How many units must sit in it or below it.
        maximum: How many units at most may sit in it or below it; `None` for no limit.  A bucket whose surplus must
            not spill into the total above has a maximum that equals its minimum.
        children: What is asked within it.
        group: Whether a unit sits in one child (`"exclusive"`) or may serve several at once, each child looking at the
            same units by itself (`"shared"`).  One child alone is exclusive, whatever is said.

    >>> ethics = Requirement(name="ethics", minimum=3)
    >>> Requirement(name="training", minimum=20, children=[ethics]).children[0].minimum
    3
    """

    name: str
    minimum: int = 0
    maximum: int | None = None
    children: tuple["Requirement", ...] = attrs.field(default=(), converter=tuple)
    group: Literal["exclusive", "shared"] | None = None


@attrs.frozen(kw_only=True)
class Cap:
    """
    A limit on how many units of some cells may be counted.

    Attributes:
        name: Its name, unlike that of any other cap.
        limit: The most that may be counted of the cells that lie in it, in units.
        within: The cap inside which it lies; `None` when it lies in none.
        covers: Requirements that nothing outside this cap can serve, as `{"ethics"}` when it limits ethics itself: a
            plan whose minima could then never be met is refused, and so is a cell that serves them from outside.

    >>> online = Cap(name="online", limit=10)
    >>> Cap(name="self-paced", limit=4, within="online").within
    'online'
    """

    name: str
    limit: int
    within: str | None = None
    covers: frozenset[str] = attrs.field(default=frozenset(), converter=to_names)


def _check_amount(cell: "Cell", _attribute: "attrs.Attribute[int]", amount: Any) -> None:
    if type(amount) is not int or not 0 <= amount <= MOST:
        raise InvalidCell((Problem("amount", f"must be a whole number from 0 to 10**15, not {shown(amount)}"),))
    if not cell.serves:
        raise InvalidCell((Problem("serves", "is empty; leave out what can serve no requirement"),))


@attrs.frozen(kw_only=True)
class Cell:
    """
    An amount of counted training, all of one kind.

    Attributes:
        amount: How much, in units.
        serves: The requirements in which it may sit; the name of one with children means its rest.
        caps: The caps in which it lies; of nested ones the innermost is enough.
        key: What orders cells that are alike otherwise, and tells them apart in an assignment: a completion day
            followed by an id, say.  The keys of one call must be hashable and comparable.
        divisible: Whether it may be split between requirements.

    Raises:
        InvalidCell: The amount is not a whole number of units, or it serves nothing.

    >>> Cell(amount=6, serves={"training"}, caps="online", key="2025-03-04 e-1").caps
    frozenset({'online'})
    """

    serves: frozenset[str] = attrs.field(converter=to_names)
    caps: frozenset[str] = attrs.field(default=frozenset(), converter=to_names)
    key: Any = ""
    divisible: bool = True
    amount: int = attrs.field(validator=_check_amount)


def _to_options(options: Iterable[Iterable[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(map(tuple, options))


@attrs.frozen(kw_only=True)
class Alternatives:
    """
    Several readings of what was done, of which one counts: a course taken twice, with unequal hours.

    Attributes:
        options: The cells of each; an empty option is allowed.

    Raises:
        InvalidCell: There is no option.

    >>> first, again = Cell(amount=3, serves={"ethics"}), Cell(amount=2, serves={"ethics", "training"})
    >>> len(Alternatives(options=[[first], [again]]).options)
    2
    """

    options: tuple[tuple[Cell, ...], ...] = attrs.field(converter=_to_options)

    def __attrs_post_init__(self) -> None:
        if not self.options:
            raise InvalidCell(
                (Problem("options", "is empty; one of several readings must count, if only an empty one"),)
            )


def _listed(problems: tuple[Problem, ...]) -> str:
    return str(problems[0]) if len(problems) == 1 else "".join(f"\n  - {problem}" for problem in problems)


@attrs.define(eq=False, slots=False)
class InvalidPlan(PeerLedgerError, ValueError):
    """
    Requirements and caps do not make a plan; all that is wrong is listed at once.

    Attributes:
        problems: Everything that is wrong.
    """

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"these requirements and caps cannot be compiled: {_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class InvalidCell(PeerLedgerError, ValueError):
    """
    A cell is not what is meant, or is not one of this plan.

    Attributes:
        problems: Everything that is wrong with it.
    """

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"this cell cannot be allocated: {_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class TooManyCombinations(PeerLedgerError, ValueError):
    """
    What cannot be divided leaves more combinations than may be tried.

    Attributes:
        combinations: How many there are.
        most: How many may be tried.
    """

    combinations: int
    most: int

    def __str__(self) -> str:
        return (
            f"alternatives and indivisible cells leave {self.combinations} combinations, and at most {self.most} are "
            "tried; state fewer of them, let cells be divided, or raise most_combinations"
        )


@attrs.define(eq=False, slots=False)
class NotABoolean(PeerLedgerError, TypeError):
    """
    An answer was taken for a yes or a no.

    Attributes:
        message: What to ask instead.
    """

    message: str

    def __str__(self) -> str:
        return self.message


def unknown_names(field: str, what: str, names: Iterable[object], known: Iterable[str]) -> list[Problem]:
    """Say of each name that is not among the known ones what it may have meant."""
    possible = list(known)
    listed = ", ".join(possible[:12]) or "none"
    return [
        Problem(field, f"no {what} {shown_name(name)}{nearest(name, possible)}; there is: {listed}")
        for name in sorted(names, key=repr)
        if name not in possible
    ]
