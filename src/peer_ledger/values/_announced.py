"""
What other distributions announce as entry points, and using it without trusting it.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, EntryPoint, distributions, entry_points
from typing import TypeVar

from peer_ledger._visible import visible

Result = TypeVar("Result")

_LONGEST_DETAIL = 300


def announced(group: str) -> tuple[EntryPoint, ...]:
    """
    Return the entry points of a group; those of a distribution whose list is damaged are left out.

    Args:
        group: The group, such as `peer_ledger.rulesets`.
    """
    try:
        return tuple(entry_points(group=group))
    except Exception:  # noqa: BLE001 - anybody's list of entry points may be damaged in any way
        sound = [points for _, points in _by_distribution(group) if points is not None]
        return tuple(point for points in sound for point in points)


def damaged_distributions(group: str) -> tuple[str, ...]:
    """
    Return the names of the distributions whose lists of entry points cannot be read.
    """
    return tuple(name for name, points in _by_distribution(group) if points is None)


def _by_distribution(group: str) -> Iterator[tuple[str, tuple[EntryPoint, ...] | None]]:
    """Yield each distribution once, as the import system finds it first, with its entry points of a group."""
    seen = set()
    for distribution in distributions():
        name = _name(distribution)
        if name not in seen:
            seen.add(name)
            try:
                yield name, tuple(distribution.entry_points.select(group=group))
            except Exception:  # noqa: BLE001 - as above
                yield name, None


def _name(distribution: Distribution) -> str:
    try:
        return str(distribution.metadata["Name"])
    except Exception:  # noqa: BLE001 - its metadata may be damaged, too
        return "a distribution without a name"


def distribution_of(point: EntryPoint) -> str:
    """
    Return the name of the distribution that announces something; where it is unknown, what it points to.
    """
    try:
        name = None if point.dist is None else point.dist.name
    except Exception:  # noqa: BLE001 - its metadata may be damaged
        name = None
    return visible(str(name or point.value))


class Failed(Exception):
    """
    The code of another distribution raised something; the text says what.
    """


def trusting_nothing(work: Callable[[], Result]) -> Result:
    """
    Return the result of code of another distribution.

    Args:
        work: Runs the code.

    Raises:
        Failed: It raised anything, `SystemExit` among it; what it raised is the cause.
        KeyboardInterrupt: The user interrupted it.
    """
    try:
        return work()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise Failed(f"{type(error).__name__}: {_text(error)}") from error


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - an exception of their own may fail at this, too
        text = "an error without a text"
    return visible(text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}...")
