"""
Properties that are worked out once.
"""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class cached_property(Generic[Value]):  # noqa: N801  # it stands for that of functools
    """
    A property that is worked out when it is first read, and kept.

    Before Python 3.12, that of functools takes a lock, which costs more than many a value does.

    Args:
        make: Works it out.

    >>> class Square:
    ...     side = 3
    ...
    ...     @cached_property
    ...     def area(self):
    ...         print("multiplying")
    ...         return self.side**2
    >>> square = Square()
    >>> square.area, square.area
    multiplying
    (9, 9)
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Value: ...

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        # Python calls this only while there is no such attribute.
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._make(instance)
        return value


class OnlyFields:
    """
    The base of an attrs class without slots whose pickles and copies hold its fields, not what was worked out of them.

    >>> import attrs
    >>> @attrs.frozen(slots=False)
    ... class Square(OnlyFields):
    ...     side: int
    ...
    ...     @cached_property
    ...     def area(self):
    ...         return self.side**2
    >>> square = Square(3)
    >>> square.area, square.__getstate__()
    (9, {'side': 3})
    """

    def __getstate__(self) -> dict[str, Any]:
        kind = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }
