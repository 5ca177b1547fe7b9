"""
Reading files of text: never more than the text may be long, whatever the file is.
"""

from os import PathLike
from pathlib import Path

from peer_ledger.errors import InvalidData, LedgerFileError, LedgerNotFound, Problem

_WIDEST = 4
"""The most bytes of a character in UTF-8."""


def read_text(path: str | PathLike[str], what: str, largest: int) -> str:
    """
    Return the text of a file, of which no more is read than it may hold.

    Args:
        path: The file; a pipe or a device is read like a file.
        what: What it contains, for messages: `rule file`.
        largest: The most characters that it may have.

    Raises:
        LedgerNotFound: There is no such file, or no file can have this name.
        LedgerFileError: It is a folder, or cannot be read.
        InvalidData: It is too large, or not UTF-8.
    """
    file = Path(path)
    try:
        with open(file, "rb") as opened:
            read = opened.read(_WIDEST * largest + 1)
    except FileNotFoundError:
        raise LedgerNotFound(file, "there is no such file") from None
    except ValueError:
        raise LedgerNotFound(file, "no file can have this name") from None
    except OSError as error:
        raise LedgerFileError(file, f"it cannot be read: {error.strerror or type(error).__name__}") from None
    if len(read) > _WIDEST * largest:
        raise InvalidData(what, (Problem("", f"is longer than {largest} characters"),))
    try:
        text = read.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidData(what, (Problem("", f"is not UTF-8 at byte {error.start + 1}"),)) from None
    if len(text) > largest:
        raise InvalidData(what, (Problem("", f"is longer than {largest} characters"),))
    return text.replace("\r\n", "\n")
