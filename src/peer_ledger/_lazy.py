"""
Loading what a façade names only when it is asked for.

Building all classes of the package takes a third of a second, and most programs need few of them.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """
    Give a package what loads its names when they are first asked for.

    Args:
        package: The package.
        homes: Its modules, and the names that each gives to it, parted by blanks.

    Returns:
        Its `__getattr__` and its `__dir__`.
    """
    origins = {name: module for module, names in homes.items() for name in names.split()}

    def load(name: str) -> Any:
        if name in origins:
            value = getattr(import_module(f"{package}.{origins[name]}"), name)
            setattr(sys.modules[package], name, value)
            return value
        if not name.startswith("_") and find_spec(f"{package}.{name}") is not None:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *origins})

    return load, listed
