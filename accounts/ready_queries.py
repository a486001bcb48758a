"""Queries kept ready: asked so often that writing their SQL costs more than answering them.

The SQL is written once in a process and planned once in a connection (ADR 41). A query set is made with `Asked` in the
place of each value that differs. The rule stays where it is, in the query set; only the text of its SQL and its plan
are kept. What is not `Asked` is a constant: never a day, never a person.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

from audit.ready_statements import ReadyStatement

Row = TypeVar("Row", bound=models.Model)
_PLACE = re.compile(r"%(s|%)")


class Asked(Expression):
    """Stands in a query set for a value that is given each time by `name`, of the kind of `field`."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a place in the SQL, and this as what will stand there."""
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Written:
    """A query as PostgreSQL gets it, the names of what is asked in their order, and what makes an object of a row."""

    statement: ReadyStatement
    asked: tuple[str, ...]
    loads: Callable[[Any], models.Model]


class ReadyQuery(Generic[Row]):
    """A query set whose SQL is kept. `make` gives it the first time it is asked.

    `after` is executed before it in the same message to the database, for the locks that it takes: each of the two sees
    what was committed until its own beginning, as if they had been sent one by one.
    """

    def __init__(self, make: Callable[[], models.QuerySet[Row]], *, after: "ReadyQuery[Any] | None" = None) -> None:
        self._make, self._after = make, after

    def first(self, **values: Any) -> Row | None:
        """Return the first row for these values, None where there is none. Raise KeyError for a value that lacks."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def all(self, **values: Any) -> list[Row]:
        """Return the rows for these values, loaded as the query set loads them. Raise KeyError for one that lacks."""
        written = self._written
        message = [*self._before, written]
        given = [values[name] for one in message for name in one.asked]
        with connection.cursor() as cursor:
            for one in message:
                one.statement.plan(cursor)
            cursor.execute("; ".join(one.statement.execution for one in message), given)
            return [written.loads(row) for row in cursor.fetchall()]  # type: ignore[misc]

    @property
    def _before(self) -> "list[_Written]":
        return [self._after._written] if self._after else []  # noqa: SLF001 - another of this class

    @cached_property
    def _written(self) -> _Written:
        query = self._make().query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        asked = tuple(param.name for param in params if isinstance(param, Asked))
        constants = [param for param in params if not isinstance(param, Asked)]
        numbers = iter(range(1, len(asked) + 1))
        stands = iter(params)

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%%" if constants else "%"
            return f"${next(numbers)}" if isinstance(next(stands), Asked) else "%s"

        return _Written(ReadyStatement(_PLACE.sub(place, sql), constants), asked, _loader(compiler))


def _loader(compiler: Any) -> Callable[[Any], models.Model]:
    """Return what makes an object of a row, with what the query set joined and added."""
    select, klass, added = compiler.select, compiler.klass_info, compiler.annotation_col_map
    start, end = klass["select_fields"][0], klass["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    alias = connection.alias
    converters = compiler.get_converters([column[0] for column in select])
    joined = get_related_populators(klass, select, alias)  # type: ignore[call-arg] # stubs of Django 6

    def loads(row: Any) -> models.Model:
        if converters:
            row = next(iter(compiler.apply_converters([row], converters)))
        loaded = klass["model"].from_db(alias, names, row[start:end])
        for populator in joined:
            populator.populate(row, loaded)
        for name, place in added.items():
            setattr(loaded, name, row[place])
        return loaded

    return loads
