"""
The known word that a mistyped one resembles, found with bounded work; and lists of known words for messages.
"""

import difflib
from collections.abc import Iterable
from itertools import islice

_LONGEST_WORD = 100
_MOST_COMPARED = 2000


_MOST_LISTED = 12


def few_of(words: Iterable[str]) -> str:
    """
    Return the first words of a list for a message, and how many more there are.

    >>> few_of(["renewal", "initial"]), few_of([])
    ('renewal, initial', 'none')
    >>> few_of(map(str, range(20)))
    '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more'
    """
    listed = list(words)
    more = f" and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    return (", ".join(listed[:_MOST_LISTED]) or "none") + more


def closest(word: str, known: Iterable[str], *, likeness: float = 0.65) -> str | None:
    """
    Return the known word that is most like another; `None` when none is like it, and for a word too long for one.

    Of several that are equally like it, it is the one that begins like it for longest.  The work is bounded: of very
    many known words only the first are compared, however long the words are.

    Args:
        word: The word.
        known: The known words.
        likeness: How alike they are at least, from 0 to 1.

    >>> closest("us-nc-cspp", ["us-nc-cpss", "us-nj-crsp"])
    'us-nc-cpss'
    """
    if not 1 < len(word) <= _LONGEST_WORD:
        return None
    words = [other for other in islice(known, _MOST_COMPARED) if len(other) <= 2 * _LONGEST_WORD]
    matches = difflib.get_close_matches(word, words, n=_MOST_LISTED, cutoff=likeness)
    return max(matches, key=lambda other: (_likeness(word, other), _shared_beginning(word, other)), default=None)


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, word).ratio()


def _shared_beginning(word: str, other: str) -> int:
    """Return how many letters two words begin with in common."""
    pairs = enumerate(zip(word, other, strict=False))
    return next((place for place, (mine, theirs) in pairs if mine != theirs), min(len(word), len(other)))
