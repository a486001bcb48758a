"""What crossed from one arm to another: the ledger for readers of the arm, and its counts for the board."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from monitoring.dose import StationWeek, total
from participants.queries import crossings_of_women
from protocol.queries import current_protocol
from stations.models import Posting
from stations.queries import crossings, study_stations
from training.models import Session
from training.queries.coverage import modules_attended


@dataclass(frozen=True, slots=True)
class Entry:
    """One act that mixed arms: `kind` is officer, woman or session; `who` a code, or how many officers a session had.

    Stations by study code; `from_station` is empty for a session.
    """

    on: date
    kind: str
    who: str
    from_station: str
    to_station: str


@dataclass(frozen=True, slots=True)
class Mixing:
    """The whole in counts: nothing in it says which station, which arm, or who."""

    officers_moved: int
    women_moved: int
    sessions_without_training: int
    trained_without_training: int
    women_weeks_above_usual: int
    women_weeks: int


def ledger_entries() -> list[Entry]:
    """Return every officer and woman who went between arms, and every session at a station without training.

    The latest first. Four queries; for readers of the arm alone, except to be counted.
    """
    drawn = {one.station_id: one for one in study_stations()}
    codes = {pk: one.study_code for pk, one in drawn.items()}
    found = [
        Entry(one.first_day_here, "officer", one.officer.code, codes[one.from_station_id], codes[one.to_station_id])
        for one in crossings()
        if one.from_station_id in codes and one.to_station_id in codes
    ]
    for move in crossings_of_women():
        between = (drawn.get(move.from_station_id), drawn.get(move.to_station_id))
        if move.decided_at and between[0] and between[1] and between[0].arm != between[1].arm:
            day, woman = timezone.localdate(move.decided_at), move.participant.study_code
            found.append(Entry(day, "woman", woman, between[0].study_code, between[1].study_code))
    untrained = _stations_without(training=True)
    held = Session.objects.held().filter(station__in=untrained)
    taught = held.annotate(officers=Count("attendances__officer", filter=Q(attendances__counts=True), distinct=True))
    found += [Entry(one.held_on, "session", str(one.officers), "", codes[one.station_id]) for one in taught]
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.kind, one.who, one.to_station))


def mixing(entries: list[Entry], weeks: list[StationWeek], *, today: date) -> Mixing:
    """Count the ledger, the officers of today who were trained and serve where nobody is, and visits above usual."""
    attended = modules_attended(until=today)
    untrained = _stations_without(training=True)
    serving = Posting.objects.serving(today).filter(station__in=untrained).values_list("officer", flat=True)
    usual = usual_care_weeks(weeks)
    counted = total(usual)
    return Mixing(
        officers_moved=sum(one.kind == "officer" for one in entries),
        women_moved=sum(one.kind == "woman" for one in entries),
        sessions_without_training=sum(one.kind == "session" for one in entries),
        trained_without_training=sum(officer in attended for officer in serving),
        women_weeks_above_usual=counted.women_above_usual,
        women_weeks=counted.women,
    )


def usual_care_weeks(weeks: list[StationWeek]) -> list[StationWeek]:
    """Return the station-weeks of the arms where the risk level does not decide: for readers of the arm."""
    usual = _stations_without(risk_cadence=True)
    return [week for week in weeks if week.station_id in usual]


def _stations_without(*, training: bool = False, risk_cadence: bool = False) -> set[int]:
    """Return the drawn stations whose arm lacks what is asked for."""
    drawn = list(study_stations())
    if not drawn:
        return set()
    arms = {
        arm.code
        for arm in current_protocol().arms
        if (training and arm.training) or (risk_cadence and arm.risk_cadence)
    }
    return {one.station_id for one in drawn if one.arm not in arms}
