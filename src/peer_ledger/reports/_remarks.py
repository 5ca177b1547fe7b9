"""
Remarks: what a report says beside its figures, as values.

Why training did not count, what keeps a requirement from being met, where a date comes from, what a reader should know
of the records: each is a kind, with the ids, figures and days that it is about.  The sentence is made from them when it
is read, so that remarks can be filtered, counted and translated without reading sentences.

>>> late = remark("after-last-day", day=date(2026, 3, 31))
>>> late.kind, late["day"].year
('after-last-day', 2026)
>>> str(late)
'after March 31, 2026, the last day on which training counts'
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from math import lcm
from types import MappingProxyType

import attrs

from peer_ledger.allocation import Collision, Units
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.reports import _sentences
from peer_ledger.reports._remark_kinds import RemarkKind

Value = str | int | Fraction | date | tuple[str, ...] | tuple[int, ...] | tuple[Fraction, ...]
"""One thing that a remark is about: an id or a word, a number, an amount, a day, or several of them."""

_NAMES: Mapping[str, str] = MappingProxyType({})


@attrs.frozen(repr=False)
class Remark:
    """
    One thing that a report says beside its figures; `str` gives its sentence.

    Attributes:
        kind: What it says, one of `REMARK_KINDS`.
        values: What it is about, by name: `record` and `records` are ids of records, `day` is a day, amounts are in the
            unit named `unit`.
    """

    kind: RemarkKind
    values: tuple[tuple[str, Value], ...] = ()

    def __getitem__(self, name: str) -> Value:
        """
        Return one of the values.

        Raises:
            InvalidValue: The remark has no such value; the message lists those it has.
        """
        found = dict(self.values)
        if name not in found:
            known = ", ".join(found) or "none"
            raise InvalidValue(f"{self.kind} has no value {shown_name(name)}{nearest(name, found)}; available: {known}")
        return found[name]

    def __contains__(self, name: object) -> bool:
        return any(name == known for known, _ in self.values)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.values)

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records that it is about."""
        found = dict(self.values)
        one, several = found.get("record"), found.get("records", ())
        return (one,) if isinstance(one, str) else tuple(map(str, several)) if isinstance(several, tuple) else ()

    def __str__(self) -> str:
        return self.sentence()

    def __repr__(self) -> str:
        return f"<Remark {self.kind}: {self}>"

    def sentence(self, names: Mapping[str, str] = _NAMES) -> str:
        """
        Return the remark in words: a whole sentence for a caveat, a phrase without a period for a reason.

        Args:
            names: What to call records, by id; a record without a name appears by its id.
        """
        return _sentences.sentence(self.kind, dict(self.values), names)


def remark(kind: RemarkKind, **values: Value) -> Remark:
    """
    Return a remark.

    Args:
        kind: What it says, one of `REMARK_KINDS`.
        values: What it is about.
    """
    return Remark(kind, tuple(values.items())) if values else _about_nothing(kind)


@cache
def _about_nothing(kind: RemarkKind) -> Remark:
    """Return the remark that says the same of everything."""
    return Remark(kind)


def too_little_together(collision: Collision, in_unit: Callable[[Units], Fraction], unit: str) -> Remark:
    """
    Return the remark that requirements need more together than can count for them.

    Args:
        collision: The requirements, and the caps that limit what can count.
        in_unit: Returns an amount of the collision in the unit.
        unit: The unit.
    """
    # Proofs across shared groups weigh figures with fractions; the common denominator gives whole figures to read.
    scale = lcm(*(Fraction(weight.weight).denominator for weight in collision.weights))
    needing = [weight for weight in collision.weights if weight.kind == "minimum"]
    capped = [weight for weight in collision.weights if weight.kind != "minimum"]
    more: dict[str, Value] = {"added": in_unit(collision.short), "makes_up_for": scale} if scale > 1 else {}
    return remark(
        "too-little-together",
        requirements=tuple(weight.name for weight in needing),
        weights=tuple(int(weight.weight * scale) for weight in needing),
        caps=tuple(weight.name for weight in capped),
        cap_weights=tuple(int(weight.weight * scale) for weight in capped),
        cap_amounts=tuple(in_unit(weight.figure) for weight in capped),
        needed=in_unit(collision.needed * scale),
        available=in_unit(collision.available * scale),
        short=in_unit(collision.short * scale),
        unit=unit,
        **more,
    )


def in_words(remarks: Iterable[Remark], names: Mapping[str, str] = _NAMES) -> str:
    """
    Return the reasons of a finding in one sentence, without a period; empty when there are none.

    Args:
        remarks: The reasons.
        names: What to call records, by id.
    """
    return "; ".join(one.sentence(names) for one in remarks)
