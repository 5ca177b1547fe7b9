"""
The protocol of every kind of requirement.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, Literal, Protocol, TypeVar, runtime_checkable

from peer_ledger.rules._points import Condition

Subject = Literal["hours", "documents"]
"""What a requirement is about."""


@runtime_checkable
class Kind(Protocol):
    """
    A requirement, as the rest of the package sees it.

    A new kind is a frozen class with these names and a check in `peer_ledger.evaluation`; nothing else depends on it.
    """

    kind: ClassVar[str]
    """The word for the kind in a rule file."""

    @property
    def id(self) -> str:
        """Its id within the rule set's editions."""

    @property
    def says(self) -> str:
        """The rule in a plain sentence."""

    @property
    def called(self) -> str | None:
        """What it asks for, as a noun in a sentence; `None` for its id in words."""

    @property
    def cites(self) -> tuple[str, ...]:
        """The ids of its sources."""

    @property
    def only_if(self) -> Condition | None:
        """When it applies; `None` for always."""

    @property
    def designation(self) -> str | None:
        """The designation that it is asked for; `None` for a requirement of the step itself."""

    @property
    def first_day(self) -> date | None:
        """The first deciding date for which it applies; `None` for the edition's first."""

    @property
    def last_day(self) -> date | None:
        """The last deciding date for which it applies; `None` for the edition's last."""

    @property
    def subject(self) -> Subject:
        """Whether it is about hours or about documents."""

    @property
    def unit(self) -> str:
        """The unit of its figures."""

    @property
    def units(self) -> frozenset[str] | None:
        """The units in which the board may set its figure for one person; `None` for any that converts to hours."""

    @property
    def inner(self) -> tuple[Any, ...]:
        """The requirements of its options; empty for most kinds."""

    def ids(self) -> Iterator[str]:
        """Yield its id and the ids of everything in it that a ruling or a worked case may name."""


Asked = TypeVar("Asked", bound=Kind)


def with_inner(requirements: Iterable[Asked]) -> Iterator[Asked]:
    """
    Yield requirements, each followed by those of its options.
    """
    for requirement in requirements:
        yield requirement
        yield from with_inner(requirement.inner)


def is_requirement(value: Any) -> bool:
    """
    Return whether a value is a requirement of any kind.
    """
    return isinstance(value, Kind)


def are_requirements(value: Any) -> bool:
    """
    Return whether a value is a tuple of requirements.
    """
    return type(value) is tuple and all(map(is_requirement, value))
