"""
Attributes that are made when they are first read.
"""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, Self, TypeVar

import attrs

Made = TypeVar("Made", bound="Lazy")


class Lazy:
    """
    The base of a frozen attrs class whose objects may leave some of their attributes to be made when they are read.

    The class has no slots, and `when_read` names these attributes.  An attribute stays what it was made to be.
    Comparing, hashing, copying and pickling read all attributes, so an object behaves as if everything had been made at
    once.

    >>> import attrs
    >>> @when_read("area")
    ... @attrs.frozen(kw_only=True, slots=False)
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

    @classmethod
    def partly_made(cls, makers: dict[str, Callable[[Any], Any]], **known: Any) -> Self:
        """
        Return an object of which only some attributes are known.

        Args:
            makers: What makes each of the other attributes, by name. Each is called with the object, and then dropped.
            known: The attributes that are known, by name.
        """
        made = cls.__new__(cls)
        known["_makers"] = makers
        object.__setattr__(made, "__dict__", known)  # all at once, since many objects are made
        return made

    def but(self, **changes: Any) -> Self:
        """
        Return the same object with other values of some attributes; what was not made yet is made when it is read.

        Args:
            changes: The other values, by name.
        """
        known = dict(changes)
        makers: dict[str, Callable[[Any], Any]] = {}
        unmade = self._unmade
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
        unmade = self._unmade
        return [name for name in names if name not in unmade]

    @property
    def _unmade(self) -> dict[str, Callable[[Any], Any]]:
        """What makes the attributes that were not read yet, by name."""
        makers: dict[str, Callable[[Any], Any]] = vars(self).get("_makers", {})
        return makers

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _names(type(self))}  # type: ignore[arg-type]  # as above


def when_read(*names: str) -> Callable[[type[Made]], type[Made]]:
    """
    Return a decorator of a class on top of that of attrs, which lets some attributes be made when they are read.

    Args:
        names: The names of the attributes.
    """

    def decorated(cls: type[Made]) -> type[Made]:
        for name in names:
            setattr(cls, name, _WhenRead(name))
        return cls

    return decorated


class _WhenRead:
    """An attribute that is made when it is read; Python comes here only while an object has none of the name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Lazy | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name, makers = self._name, instance._unmade
        maker = makers.get(name)
        if maker is None:
            return _made_meanwhile(instance, name)
        value = vars(instance)[name] = maker(instance)
        makers.pop(name, None)  # so that what it was made from is freed
        return value


def _made_meanwhile(instance: Lazy, name: str) -> Any:
    """Return an attribute that another thread has made just now."""
    try:
        return vars(instance)[name]
    except KeyError:
        raise AttributeError(f"{type(instance).__name__!r} object has no attribute {name!r}") from None


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the attributes of a class."""
    return tuple([field.name for field in attrs.fields(kind)])


def _read(made: Lazy, name: str, _: Any) -> Any:
    return getattr(made, name)
