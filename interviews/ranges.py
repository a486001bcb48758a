"""Which bytes of a file were asked for (RFC 9110, section 14)."""

import re

_ONE = re.compile(r"bytes=(\d*)-(\d*)")


class RangeNotSatisfiable(Exception):
    """What was asked for lies outside of the file."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of a Range header with one range; None to answer with the whole file.

    Several ranges, and what is no range of bytes, are answered with the whole, as the standard allows. Raise
    RangeNotSatisfiable.
    """
    found = _ONE.fullmatch(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    begins, ends = found.groups()
    if not begins:
        if int(ends) == 0:
            raise RangeNotSatisfiable
        return max(0, size - int(ends)), size - 1
    first, last = int(begins), min(int(ends), size - 1) if ends else size - 1
    if ends and int(ends) < int(begins):
        return None
    if first >= size:
        raise RangeNotSatisfiable
    return first, last
