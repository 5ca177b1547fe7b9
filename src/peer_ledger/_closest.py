"""
The known word that a mistyped one resembles, found with bounded work.
"""

import difflib
from collections.abc import Iterable
from itertools import islice

_LONGEST_WORD = 100
_MOST_COMPARED = 2000


def closest(word: str, known: Iterable[str], *, likeness: float = 0.65) -> str | None:
    """
    Return the known word that is most like another; `None` when none is like it, and for a word too long for one.

    The work is bounded: of very many known words only the first are compared, however long the words are.

    Args:
        word: The word.
        known: The known words.
        likeness: How alike they are at least, from 0 to 1.
    """
    if not 1 < len(word) <= _LONGEST_WORD:
        return None
    words = [other for other in islice(known, _MOST_COMPARED) if len(other) <= 2 * _LONGEST_WORD]
    matches = difflib.get_close_matches(word, words, n=1, cutoff=likeness)
    return matches[0] if matches else None
