"""Under which locks data stand, in the words of a release and its report."""

from collections.abc import Iterable, Mapping
from typing import Any

from panel.columns import Label

NOT_LOCKED = Label(
    "No están cerrados: todavía se podían corregir cuando se congelaron.",
    "Not locked: they could still be corrected when they were frozen.",
)
_LOCKED = Label(
    "Cierre {lock}: {what}; cerrado con dos firmas el {locked_on} (SHA-256 {sha256}).",
    "Lock {lock}: {what}; locked on {locked_on}, signed by two (SHA-256 {sha256}).",
)
_REST = Label("Lo que ningún cierre nombra no estaba cerrado.", "What no lock names was not locked.")
_WHAT = {
    "surveys": Label("encuestas de la ola {wave}", "surveys of the wave {wave}"),
    "visits": Label("registros de visitas hasta el {until}", "logs of visits until {until}"),
    "sheets": Label("fichas hasta el {until}", "sheets until {until}"),
    "everything": Label("todo hasta el {until}", "everything until {until}"),
}


def locks_text(locks: Iterable[Mapping[str, Any]], language: str) -> str:
    """Return under which locks data stand, as `data_lock.queries.locks_standing` names them, or that they do not."""
    lines = [
        _LOCKED.in_language(language).format(what=_WHAT[one["kind"]].in_language(language).format(**one), **one)
        for one in locks
    ]
    return " ".join([*lines, _REST.in_language(language)]) if lines else NOT_LOCKED.in_language(language)
