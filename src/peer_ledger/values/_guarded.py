"""
Texts in a table that is opened in a spreadsheet, corrected and read again: none runs as a formula, and none is changed.
"""

import re

_SIGN = "[=+@\\uff1d\\uff0b\\uff0d\\uff20-]"
_BEFORE = "(^|[;|\\t\\r\\n\\v\\f\u2028\u2029])"  # the beginning of a cell, also where another separator divides cells
_SPACE = '(?:[^\\S\\t\\r\\n\\v\\f\u2028\u2029]|")*'  # nothing that divides cells
_FIGURE = "(?!\\s*-[0-9]+(?:\\.[0-9]+)?\\s*(?:[;|]|$))"
_MARKED = re.compile(f"{_BEFORE}('*)(?={_SPACE}{_SIGN}){_FIGURE}")
_GUARDED = re.compile(f"{_BEFORE}'('*)(?={_SPACE}{_SIGN}){_FIGURE}")


def guarded(text: str) -> str:
    """
    Return a text with an apostrophe before everything that a spreadsheet would run as a formula.

    >>> guarded("=1+1"), guarded("x;=1+1"), guarded("-0.25"), guarded("Ethics = values")
    ("'=1+1", "x;'=1+1", '-0.25', 'Ethics = values')
    """
    return _MARKED.sub(r"\1'\2", text)


def unguarded(text: str) -> str:
    """
    Return the text that was guarded.

    >>> [unguarded(guarded(text)) for text in ("=1+1", "'=1+1", "x;=1+1", "O'Neil")]
    ['=1+1', "'=1+1", 'x;=1+1', "O'Neil"]
    """
    return _GUARDED.sub(r"\1\2", text)
