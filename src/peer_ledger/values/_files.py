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
    Open a text file under another name beside its place; move it there once all of it is on the disk.

    Args:
        path: The file. What it held before is replaced, but stays when the writing fails.

    Yields:
        A file to write to, in UTF-8 with a line feed at the end of a line; only the user can read it.
    """
    path = Path(path)
    # In the same folder: a file can be renamed in one step only within its file system.
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
