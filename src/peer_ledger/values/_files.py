"""
Files that appear under their name only when they are complete.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def written_whole(path: str | Path) -> Iterator[TextIO]:
    """
    Write a text file beside its place, and put it there when all of it is on the disk.

    Args:
        path: The file; what it held before is replaced, and stays when the writing fails.

    Yields:
        A file to write to, in UTF-8 with a line feed at the end of a line; nobody but the user can read it.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
