"""
The words of columns that tell a result, and how they are compared.
"""

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

_SIGNS = dict.fromkeys("\u2713\u2714\u2611\u2705", "yes") | dict.fromkeys("\u2717\u2718\u2610\u274c", "no")
_NUMBER = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*%?")


@lru_cache(maxsize=1)
def result_words() -> dict[str, Any]:
    """Return the headings and words of results, as `results.toml` lists them."""
    return tomllib.loads(files(__package__).joinpath("results.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def words_of_no() -> frozenset[str]:
    """Return the words that say that a training did not take place."""
    return frozenset(result_words()["any"]["no"])


def plain_word(text: str) -> str:
    """
    Return a word as results are compared: case, punctuation and spacing do not matter.

    >>> plain_word(" No-Show! "), plain_word("\u2714"), plain_word("1.0")
    ('no show', 'yes', '1')
    """
    text = text.strip()
    if text in _SIGNS:
        return _SIGNS[text]
    found = _NUMBER.fullmatch(text)
    if found is not None:
        return format(Decimal(found[1]).normalize(), "f")
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


@lru_cache(maxsize=1)
def words_of_results() -> frozenset[str]:
    """Return every word that tells a result of any kind of row."""
    kinds = [words for kind, words in result_words().items() if kind not in ("format", "headings")]
    return frozenset(word for words in kinds for listed in words.values() for word in listed)
