"""
Text that a terminal shows as it is: without characters that steer the terminal or turn the reading direction.
"""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""What Persian words and emoji are written with; they join their neighbors, and hide nothing."""


def visible(text: str, *, keep: str = "") -> str:
    r"""
    Return a text with everything escaped that is not shown: controls, line ends, marks of direction, lone surrogates.

    Args:
        text: Any text, such as a file name, a heading or a title.
        keep: The characters that stay as they are, such as line feeds in a text of several lines.

    >>> print(visible("Evil\x1b[31m\nheading"))
    Evil\x1b[31m\x0aheading
    """
    if text.isprintable():
        return text
    return "".join(
        _escaped(character) if is_hidden(character) and character not in keep else character for character in text
    )


def is_hidden(character: str) -> bool:
    """Return whether a character steers a terminal, ends a line or turns the reading direction."""
    return not character.isprintable() and unicodedata.category(character) in _HIDDEN and character not in _JOINERS


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
