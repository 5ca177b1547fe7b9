"""
Attributes that are made when they are first read.
"""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, Self

import attrs


class Lazy:
    """
    The base of a frozen attrs class whose objects may leave some of their attributes to be made when they are read.

    An attribute stays what it was made to be. Comparing, hashing, copying and pickling read all attributes, so an
    object behaves as if everything had been made at once.

    >>> import attrs
    >>> @attrs.frozen(kw_only=True)
    ... class Square(Lazy):
    ...     side: int
    ...     area: int
    >>> square = Square.partly_made({"area": lambda square: print("multiplying") or square.side**2}, side=3)
    >>> square.area, square.area
    multiplying
    (9, 9)
    >>> square == Square(side=3, area=9)
    True
    """

    __slots__ = ("_makers",)
    _makers: dict[str, Callable[[Any], Any]]

    @classmethod
    def partly_made(cls, makers: dict[str, Callable[[Any], Any]], **known: Any) -> Self:
        """
        Return an object of which only some attributes are known.

        Args:
            makers: What makes each of the other attributes, by name. Each is called with the object, and then dropped.
            known: The attributes that are known, by name.
        """
        made = cls.__new__(cls)
        put = object.__setattr__
        put(made, "_makers", makers)
        for name, value in known.items():
            put(made, name, value)
        return made

    def but(self, **changes: Any) -> Self:
        """
        Return the same object with other values of some attributes; what was not made yet is made when it is read.

        Args:
            changes: The other values, by name.
        """
        known = dict(changes)
        makers: dict[str, Callable[[Any], Any]] = {}
        unmade = getattr(self, "_makers", ())
        for name in _names(type(self)):  # type: ignore[arg-type]  # a class is hashable
            if name in changes:
                continue
            if name in unmade:
                makers[name] = partial(_read, self, name)
            else:
                known[name] = getattr(self, name)
        return self.partly_made(makers, **known)

    def made_of(self, names: Iterable[str]) -> list[str]:
        """Return those of some attributes, given by name, that are known or were made."""
        unmade = getattr(self, "_makers", ())
        return [name for name in names if name not in unmade]

    def __getattr__(self, name: str) -> Any:
        # Python calls this only for an attribute that is not there.
        try:
            makers = object.__getattribute__(self, "_makers")
        except AttributeError:
            makers = {}
        maker = makers.get(name)
        if maker is None:
            return object.__getattribute__(self, name)  # another thread may have made it just now
        value = maker(self)
        object.__setattr__(self, name, value)
        makers.pop(name, None)  # so that what it was made from is freed
        return value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the attributes of a class."""
    return tuple([field.name for field in attrs.fields(kind)])


def _read(made: Lazy, name: str, _: Any) -> Any:
    return getattr(made, name)
