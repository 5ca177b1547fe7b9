"""
Messages between processes: their length and their bytes, over pipes.

>>> import io
>>> pipe = io.BytesIO()
>>> send(pipe, b"a message")
>>> _ = pipe.seek(0)
>>> receive(pipe), receive(pipe)
(bytearray(b'a message'), None)
"""

from typing import Protocol

_LENGTH = 8


class Pipe(Protocol):
    """
    One end of a pipe, which may read and write less than it is asked to.
    """

    def readinto(self, buffer: memoryview, /) -> int | None: ...

    def write(self, data: memoryview, /) -> int | None: ...


def send(pipe: Pipe, message: bytes) -> None:
    """
    Write a message.

    Raises:
        OSError: Nobody reads it any more.
    """
    for part in (len(message).to_bytes(_LENGTH), message):
        rest = memoryview(part)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]


def receive(pipe: Pipe) -> bytearray | None:
    """Return the next message; `None` when whoever writes has ended, even in the middle of one."""
    length = _exactly(pipe, _LENGTH)
    return None if length is None else _exactly(pipe, int.from_bytes(length))


def _exactly(pipe: Pipe, size: int) -> bytearray | None:
    found = bytearray(size)
    rest = memoryview(found)
    while rest:
        count = pipe.readinto(rest)
        if not count:
            return None
        rest = rest[count:]
    return found
