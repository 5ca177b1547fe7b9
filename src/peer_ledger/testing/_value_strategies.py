"""
Strategies for days, amounts, texts, ids, words and credits that prefer edges.
"""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from peer_ledger.records import Credit
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.values.dates import FIRST_YEAR, LAST_YEAR
from peer_ledger.values.vocabularies import standard_vocabularies

Built = TypeVar("Built")

_EDGE_DAYS = [
    date(FIRST_YEAR, 1, 1),
    date(2000, 2, 29),
    date(2018, 6, 30),
    date(2020, 7, 1),
    date(2024, 2, 29),
    date(2024, 12, 31),
    date(2025, 1, 31),
    date(LAST_YEAR, 12, 31),
]
_EDGE_AMOUNTS = [
    "0.000001",
    "0.1",
    "0.25",
    "0.375",
    "1",
    "1.33",
    "1.5",
    "2.99",
    "3",
    "19.75",
    "20",
    "22.5",
    "9999999.999999",
]
_EDGE_TEXTS = [
    "a",
    "'",
    '"',
    "\\",
    "<script>alert(1)</script>",
    "=1+1",
    "Zoë\u2028Ünï",
    "\U0001f600",
    "two\nlines",
    "x" * 10_000,
]


def days() -> SearchStrategy[date]:
    """Return days of the calendar, often leap days and the ends of months and years."""
    return st.sampled_from(_EDGE_DAYS) | st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def amounts(*, zero: bool = False) -> SearchStrategy[Decimal]:
    """
    Return exact amounts, often those that a binary float cannot hold.

    Args:
        zero: Whether 0 is allowed.
    """
    small = st.integers(0 if zero else 1, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
    return st.sampled_from(_EDGE_AMOUNTS).map(Decimal) | small


def texts() -> SearchStrategy[str]:
    """Return texts that a record may hold, including hostile ones."""
    written = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).map(str.strip)
    return st.sampled_from(_EDGE_TEXTS) | written.filter(bool)


def identifiers() -> SearchStrategy[str]:
    """Return ids of records."""
    return st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


def people() -> SearchStrategy[str]:
    """Return ids of people; only a few, so that several records are about the same person."""
    return st.sampled_from([f"p-{number}" for number in range(1, 6)])


def words(vocabulary: str) -> SearchStrategy[str]:
    """
    Return words of a standard vocabulary, and sometimes undeclared ones.

    Args:
        vocabulary: The vocabulary's name, such as `topics`.
    """
    declared = [term.id for term in standard_vocabularies()[vocabulary]]
    undeclared = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)
    return st.sampled_from(declared) | undeclared if declared else undeclared


def credits() -> SearchStrategy[Credit]:
    """Return credits with unknown topics, none, one or several."""
    return st.builds(
        Credit,
        amount=amounts(),
        unit=words("units"),
        topics=st.none() | st.frozensets(words("topics"), max_size=3),
    )


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Return the values of a strategy, and `None`."""
    return st.none() | strategy
