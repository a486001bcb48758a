"""Who was trained: coverage of the stations whose arm includes training, and what the knowledge tests say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, Min

from protocol.queries import current_protocol
from stations.models import AllocatedStation, Officer, Posting
from stations.queries import study_stations, trained_station_ids
from training.models import Attendance, Session


@dataclass(frozen=True, slots=True)
class StationCoverage:
    """A station's officers of a day: how many attended each module, how many all, and who misses what, by code."""

    station: AllocatedStation
    officers: int
    attended: dict[int, int]
    complete: int
    missing: dict[int, list[Officer]]

    @property
    def incomplete(self) -> list[tuple[Officer, list[int]]]:
        """Return the officers who miss a module, by code, each with the modules."""
        modules: dict[Officer, list[int]] = {}
        for module, officers in self.missing.items():
            for officer in officers:
                modules.setdefault(officer, []).append(module)
        return sorted(modules.items(), key=lambda pair: pair[0].code)

    @property
    def missed_modules(self) -> list[int]:
        return [module for module, officers in self.missing.items() if officers]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The knowledge test of a module at a station: means of those who took it before and after."""

    station_id: int
    module: int
    tested: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def coverage(*, on: date) -> list[StationCoverage]:
    """Return the coverage of each training station on a day, in four queries whatever the number of stations.

    An officer counts where she serves that day, wherever she attended; whoever came after the session misses it.
    """
    if not study_stations().exists():
        return []
    modules, trained = current_protocol().training.numbers, trained_station_ids()
    drawn = list(study_stations().filter(station_id__in=trained))
    serving: dict[int, list[Officer]] = {}
    postings = Posting.objects.serving(on).filter(station__in=trained)
    for posting in postings.select_related("officer").order_by("officer__code"):
        serving.setdefault(posting.station_id, []).append(posting.officer)
    attended = modules_attended(until=on)
    return [_of_station(one, serving.get(one.station_id, []), attended, modules) for one in drawn]


def coverage_by_day(days: Collection[date]) -> dict[tuple[int, date], tuple[int, int]]:
    """Return, by training station and day, the officers serving then who had all modules by then, and all of them.

    As `coverage` counts a day; four queries for any number of days.
    """
    if not days or not study_stations().exists():
        return {}
    modules, trained = current_protocol().training.numbers, trained_station_ids()
    postings = (
        Posting.objects.standing().filter(station__in=trained).values_list("station", "officer", "starts_on", "ends_on")
    )
    served, complete = list(postings), _complete_since(modules)
    found = {}
    for day in days:
        serving = {
            (at, officer) for at, officer, begins, ends in served if begins <= day and (ends is None or ends >= day)
        }
        for station in trained:
            officers = [officer for at, officer in serving if at == station]
            whole = sum(officer in complete and complete[officer] <= day for officer in officers)
            found[station, day] = (whole, len(officers))
    return found


def _complete_since(modules: Collection[int]) -> dict[int, date]:
    """Return officer id → the day since which she has every module; one query."""
    rows = Attendance.objects.filter(counts=True, session__in=Session.objects.held(), module__in=modules)
    first = rows.order_by("officer", "module").values_list("officer", "module").annotate(day=Min("session__held_on"))
    days: dict[int, list[date]] = {}
    for officer, _module, day in first:
        days.setdefault(officer, []).append(day)
    return {officer: max(own) for officer, own in days.items() if len(own) == len(modules)}


def _of_station(
    drawn: AllocatedStation, officers: list[Officer], attended: dict[int, set[int]], modules: tuple[int, ...]
) -> StationCoverage:
    missing = {
        module: [officer for officer in officers if module not in attended.get(officer.pk, set())] for module in modules
    }
    return StationCoverage(
        station=drawn,
        officers=len(officers),
        attended={module: len(officers) - len(missing[module]) for module in modules},
        complete=sum(attended.get(officer.pk, set()) >= set(modules) for officer in officers),
        missing=missing,
    )


def modules_attended(*, until: date, apart_from: Session | None = None) -> dict[int, set[int]]:
    """Return officer id → the modules that she attended in sessions held until that day, included; one query."""
    rows = Attendance.objects.filter(counts=True, session__in=Session.objects.held().filter(held_on__lte=until))
    if apart_from is not None:
        rows = rows.exclude(session=apart_from)
    attended: dict[int, set[int]] = {}
    for officer, module in rows.order_by("officer", "module").values_list("officer", "module"):
        attended.setdefault(officer, set()).add(module)
    return attended


def officers_missing(station_id: int, modules: list[int], *, on: date) -> list[Officer]:
    """Return, by code, the officers serving at a station on a day who attended not all of these modules until then."""
    attended = modules_attended(until=on)
    postings = Posting.objects.serving(on).filter(station=station_id).select_related("officer")
    officers = [posting.officer for posting in postings.order_by("officer__code")]
    return [officer for officer in officers if set(modules) - attended.get(officer.pk, set())]


def score_changes() -> list[ScoreChange]:
    """Return, by the station of the session and module, the tests of officers who took both; one query."""
    rows = (
        Attendance.objects.filter(session__in=Session.objects.held())
        .exclude(score_before=None)
        .exclude(score_after=None)
        .values("module", station=F("session__station"))
        .annotate(tested=Count("pk"), before=Avg("score_before"), after=Avg("score_after"))
        .order_by("station", "module")
    )
    return [ScoreChange(row["station"], row["module"], row["tested"], row["before"], row["after"]) for row in rows]
