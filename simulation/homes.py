"""Where the synthetic women and interviewers live: most women where they reported, none in the district of who asks."""

from collections.abc import Sequence
from dataclasses import replace

from participants.identity import Identity
from simulation.loading import Loading
from stations.models import District, Station

_AWAY_FROM_EACH_OTHER = 5
_ELSEWHERE_EVERY = 8


def interviewer_homes(load: Loading) -> list[str]:
    """Return a district for each interviewer, in their order: another for each person, none of her women's stations."""
    districts, stations = _districts(), _station_districts(load)
    asks = len(load.team.interviewers)
    return [_home(districts, number, set(stations[number::asks])) for number in range(asks)]


def with_homes(load: Loading) -> list[Identity]:
    """Return the women's cards with the district where each lives: every eighth in another than her station's."""
    stations, taken = _station_districts(load), set(interviewer_homes(load))
    others = [district for district in _districts() if district not in taken]
    own = [stations[station] for station in load.world.women.station.tolist()]
    return [
        replace(card, home_district=others[row % len(others)] if row % _ELSEWHERE_EVERY == 0 and others else district)
        for row, (card, district) in enumerate(zip(load.world.women.identities, own, strict=True))
    ]


def _districts() -> list[str]:
    return list(District.objects.order_by("ubigeo").values_list("ubigeo", flat=True))


def _station_districts(load: Loading) -> list[str]:
    known = dict(Station.objects.values_list("pk", "district"))
    return [known[station] for station in load.stations]


def _home(districts: Sequence[str], number: int, not_in: set[str]) -> str:
    """Return a district, another for each person, that is none of those."""
    first = number * _AWAY_FROM_EACH_OTHER % len(districts)
    return next(district for district in (*districts[first:], *districts[:first]) if district not in not_in)
