"""
Attributes that are made when they are first read.
"""

from collections.abc import Callable
from typing import Any, Self


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
