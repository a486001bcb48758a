"""What the logs have of a failure: its kind and the places in the code, never its words."""

import logging
import re
from collections.abc import Iterator
from traceback import format_tb
from typing import Any

# What Celery quotes of an error begins with its kind.
_KIND = re.compile(r"[A-Za-z_.]+(?=\()")
_CODE = re.compile(r"[\w.-]+")


class WordlessFormatter(logging.Formatter):
    """Leaves out what an error says: a database quotes the row that it refuses, a parser what it read, and logs stay.

    Instead stand the kinds of it and of those that led to it, each with its places, and a code where it has one: of a
    refusal of the study, of the database's state, of the constraint.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = logging.makeLogRecord(vars(record))
        # Another handler may have written its words down already.
        told.exc_text = None
        if isinstance(told.args, dict) and "exc" in told.args:
            told.args = {**told.args, "exc": _kind_quoted(record)}
        return super().format(told)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that `logging` calls
        return "\n".join(_told(error) for error in _chain(ei[1])) if ei[1] is not None else ""


def _told(error: BaseException) -> str:
    kind, code = type(error), _code_of(error)
    places = "".join(format_tb(error.__traceback__)).rstrip()
    return f"{places}\n{kind.__module__}.{kind.__qualname__}{f' ({code})' if code else ''}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error after those that led to it."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and all(one is not following for one in found):
        found.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return reversed(found)


def _code_of(error: BaseException) -> str:
    """Return what says more of an error and quotes nobody; "" where there is nothing."""
    diag = getattr(error, "diag", None)
    named = (getattr(diag, "constraint_name", None), getattr(diag, "sqlstate", None), getattr(error, "code", None))
    return next((code for code in named if isinstance(code, str) and _CODE.fullmatch(code)), "")


def _kind_quoted(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0].__qualname__
    args = record.args if isinstance(record.args, dict) else {}
    return ", ".join(_KIND.findall(str(args.get("exc", ""))))
