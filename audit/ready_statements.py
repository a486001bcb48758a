"""Statements kept ready: planned once in each connection to the database, by a name of their own (ADR 41)."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# What each connection to the database has planned, by name; forgotten with the connection.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_PLACE = re.compile(r"\$[0-9]+")


class ReadyStatement:
    """SQL with $1, $2 … where a value is given each time; with constants, these stand as %s and are planned in."""

    def __init__(self, sql: str, constants: Sequence[Any] = ()) -> None:
        self.sql, self._constants = sql, list(constants)
        self.name = f"ready_{sha256(repr((sql, self._constants)).encode()).hexdigest()[:24]}"
        self._places = ", ".join(["%s"] * len(set(_PLACE.findall(sql))))

    @property
    def execution(self) -> str:
        """What a cursor executes, with a value for each place."""
        return f"EXECUTE {self.name} ({self._places})" if self._places else f"EXECUTE {self.name}"

    def plan(self, cursor: Any) -> None:
        """Have the cursor's connection plan it, if it has not yet; that is no question of whoever counts questions."""
        line = cursor.connection
        planned = _planned.setdefault(line, set())
        if self.name in planned:
            return
        with connection.wrap_database_errors, line.cursor() as planning:
            planning.execute(f"PREPARE {self.name} AS {self.sql}", self._constants or None)
        planned.add(self.name)
