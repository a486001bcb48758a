"""What two versions of a scale say differently."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from risk.scale_file import Scale

_NAMED_BY = {"items": "id", "levels": "code", "override": "code", "alerts": "code", "answers": "code"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its place, what was said before and after; None where it was not there."""

    place: str
    before: object
    after: object


def changes(before: Scale, after: Scale) -> tuple[Change, ...]:
    """Return what differs between two versions of a scale, in the order of the file; the version itself aside."""
    old, new = (dict(_flat("", scale.model_dump(mode="json", exclude={"version"}))) for scale in (before, after))
    return tuple(
        Change(place, old.get(place), new.get(place))
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    )


def _flat(place: str, said: Any) -> Iterator[tuple[str, object]]:
    """Yield every value by its place; things of a list by their id or code, so that a new one shifts no other."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _flat(f"{place}.{key}" if place else key, value)
    elif isinstance(said, list):
        named_by = _NAMED_BY.get(place.rpartition(".")[2], "")
        for number, value in enumerate(said):
            name = value.get(named_by, number) if isinstance(value, dict) else number
            yield from _flat(f"{place}[{name}]", value)
    elif said not in (None, ""):
        yield place, said
