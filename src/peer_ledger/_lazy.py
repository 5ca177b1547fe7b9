"""
Lazy loading of a package's public names, each when it is first used.

Building every class of the package takes a third of a second, and most programs need only a few.
"""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import get_data
from typing import Any

_LISTED = re.compile(r"^from (\S+) import (\w+) as \2$", re.MULTILINE)


def attach(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """
    Return the functions that a package needs to load its names lazily.

    The names are listed only in the stub beside the package's `__init__`, which type checkers also read.

    Args:
        package: The package's name.

    Returns:
        Its `__getattr__`, its `__dir__` and its `__all__`.
    """
    stub = get_data(package, "__init__.pyi")
    assert stub is not None, f"{package} comes with a stub"
    homes = {name: module for module, name in _LISTED.findall(stub.decode())}

    def load(name: str) -> Any:
        if name in homes:
            value = getattr(import_module(homes[name]), name)
            setattr(sys.modules[package], name, value)
            return value
        if not name.startswith("_") and find_spec(f"{package}.{name}") is not None:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return load, listed, sorted(homes)
