"""
Objects whose fields are set one by one, for whoever knows that the values need no check.
"""

from collections.abc import Callable
from typing import Any

import attrs


def setters_of(cls: type) -> dict[str, Callable[[Any, Any], None]]:
    """
    Return what sets each field of a new object of a class with slots, by name and in their order.

    It sets the fields of frozen objects, too, and checks and converts nothing.
    """
    return {field.name: getattr(cls, field.name).__set__ for field in attrs.fields(cls)}
