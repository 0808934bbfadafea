"""The bytes of a file as text, whole or line by line, with numbers, limits and one idea of encoding."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from schemas.errors import InputError, NotFoundError

MAX_BYTES = 64 * 1024 * 1024
"""Most bytes that one line, one row or one document may have: 64 MiB."""

_SKIPPED_AT_ONCE = 1 << 20
_FOREIGN_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file.

    number: counts from 1.
    data:   its bytes without the LF at its end, but with a CR before that; empty when `too_long`.
    too_long: it has more than MAX_BYTES bytes, which were passed over.
    """

    number: int
    data: bytes
    too_long: bool = False


@contextmanager
def open_bytes(path: Path, error: type[InputError]) -> Iterator[BinaryIO]:
    """Open a file behind its UTF-8 byte-order mark, if it has one.

    Raises NotFoundError when there is no such file, and `error` when it cannot be opened or its byte-order mark
    is of another encoding.
    """
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise NotFoundError("file", str(path)) from None
    except OSError as problem:
        raise error(path, f"cannot be opened: {problem.strerror}") from problem
    with stream:
        start = stream.read(4)
        for mark, encoding in _FOREIGN_MARKS.items():
            if start.startswith(mark):
                raise error(path, f"is {encoding} by its byte-order mark; files are read as UTF-8, save it so")
        stream.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        yield stream


def read_lines(path: Path, error: type[InputError]) -> Iterator[Line]:
    """Yield the lines of a file; never more than one of them is in memory. Raises as open_bytes does."""
    with open_bytes(path, error) as stream:
        number = 0
        while data := stream.readline(MAX_BYTES + 1):
            number += 1
            if len(data) > MAX_BYTES and not data.endswith(b"\n"):
                while (rest := stream.readline(_SKIPPED_AT_ONCE)) and not rest.endswith(b"\n"):
                    pass
                yield Line(number, b"", too_long=True)
            else:
                yield Line(number, data.removesuffix(b"\n"))


def read_text(path: Path, error: type[InputError]) -> str:
    """Return the text of a file, its line ends as LF.

    Raises as open_bytes does, and `error` with the line for bytes that are no UTF-8, for a NUL byte, and for more
    than MAX_BYTES.
    """
    with open_bytes(path, error) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise error(path, f"is too large for one document; at most {MAX_BYTES} bytes are read")
    text, problem, position = decode(data)
    if problem:
        raise error(path, problem, data.count(b"\n", 0, position) + 1)
    return unified_line_ends(text)


def decode(data: bytes) -> tuple[str, str, int]:
    """Return bytes as text, what is wrong with them ("" if nothing), and at which byte.

    Where they are no UTF-8 the text holds surrogates, so that what surrounds the fault can still be read.
    """
    problem, position = "", data.find(b"\0")
    if position >= 0:
        problem = "holds a NUL byte; is it text, and is it UTF-8?"
    try:
        return data.decode("utf-8"), problem, position
    except UnicodeDecodeError as fault:
        if not problem:
            position = fault.start
            problem = f"byte 0x{data[position]:02x} is not UTF-8; save the file as UTF-8"
        return data.decode("utf-8", "surrogateescape"), problem, position


def unified_line_ends(text: str) -> str:
    """Return a text with CRLF and CR as LF, without a byte-order mark at its beginning."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
