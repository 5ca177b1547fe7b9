"""
Writing files that appear under their names only when they are complete.
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
    Yield a temporary text file next to its target, and move it into place once all of it is on disk.

    Args:
        path: The target. Its former content is replaced, but stays when writing fails.

    Yields:
        The file to write to: UTF-8, with lines that end in a line feed, and readable only by its owner.
    """
    path = Path(path)
    # In the same folder, because a file can be renamed atomically only within its file system.
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
