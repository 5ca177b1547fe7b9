"""
The declared words, as plain values.
"""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from peer_ledger._closest import closest
from peer_ledger.errors import shown

_LONGEST = 100


@lru_cache(maxsize=1)
def declared() -> dict[str, Any]:
    """Return the vocabularies that come with the package, as plain values."""
    return tomllib.loads(files("peer_ledger.values").joinpath("vocabularies.toml").read_text("utf-8"))


def misspelled(value: object, vocabulary: str | None) -> str:
    """
    Return how a message shows a value that is not a declared word, with the word that was probably meant.

    Args:
        value: The value.
        vocabulary: The vocabulary that declares the words; `None` for none.

    Returns:
        The value itself when it differs from a declared word only in capitals, spaces or punctuation; otherwise only
        its length, because it may be a name.

    >>> misspelled("Ethics", "topics"), misspelled("ethic", "topics")
    ("'Ethics', which is written 'ethics'", "a text of 5 characters (did you mean 'ethics'?)")
    >>> misspelled("Jane Doe", "topics"), misspelled(3, "topics")
    ('a text of 8 characters', '3')
    """
    known = [term["id"] for term in declared().get(vocabulary or "", ())]
    if not isinstance(value, str) or not known:
        return shown(value)
    plain = "-".join(re.findall(r"[a-z0-9]+", value[:_LONGEST].lower()))
    if plain in known and value.isascii() and len(value) < _LONGEST:
        return f"{value!r}, which is written {plain!r}"
    near = closest(plain, known, likeness=0.8)
    return shown(value) + ("" if near is None else f" (did you mean {near!r}?)")
