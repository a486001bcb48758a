"""From reports to enrolment in numbers: by station, by month, by reason and by who screened."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Func, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import User
from participants.eligibility import Outcome
from participants.models import IncidentReport, Participant, Screening
from participants.queries.people import is_study_station, serving_station
from participants.recruitment import Flow, FlowCell, Progress, progress
from protocol.queries import current_protocol


@dataclass(frozen=True, slots=True)
class Recruiter:
    """Somebody who screens: what she found, and how often she said that she knew what the station receives."""

    name: str
    role: str
    station_id: int
    screened: int
    eligible: int
    enrolled: int
    knew_arm: int
    before_allocation: int


def recruitment_flow() -> list[FlowCell]:
    """Return the women by station and by the month of their first report, ordered by both.

    A woman who is known to be enrolled from another report of hers is counted there only.
    """
    counting = {"counting": FilteredRelation("screenings", condition=Q(screenings__superseded_at=None))}
    women = IncidentReport.objects.filter(first_report=None).annotate(month=TruncMonth("reported_on"), **counting)
    women = women.filter(Q(participant=None) | Q(counting__participant__isnull=False))
    enrolled = Q(counting__participant__isnull=False)
    counted = (
        women.order_by("station", "month")
        .values_list("station", "month")
        .annotate(
            to_screen=Count("pk", filter=Q(counting__outcome=None)),
            unreachable=Count("pk", filter=Q(counting__outcome=Outcome.UNREACHABLE)),
            not_eligible=Count("pk", filter=Q(counting__outcome=Outcome.NOT_ELIGIBLE)),
            refused=Count("pk", filter=Q(counting__outcome=Outcome.REFUSED)),
            to_enrol=Count("pk", filter=Q(counting__outcome=Outcome.ELIGIBLE) & ~enrolled),
            enrolled=Count("pk", filter=enrolled),
        )
    )
    return [FlowCell(station, month, Flow(*counts)) for station, month, *counts in counted]


def exclusion_counts() -> dict[int, dict[str, int]]:
    """Return station → rule → women who do not meet it. One who fails two rules counts in both."""
    excluded = Screening.objects.counting().filter(outcome=Outcome.NOT_ELIGIBLE)
    counted = (
        excluded.annotate(reason=Func(F("reasons"), function="unnest"))
        .order_by("report__station", "reason")
        .values_list("report__station", "reason")
        .annotate(women=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for station, reason, women in counted:
        found.setdefault(station, {})[reason] = women
    return found


def recruiters() -> list[Recruiter]:
    """Return who screened at which station, by station and name, and how blind they were."""
    counted = (
        Screening.objects.counting()
        .order_by("report__station", "screened_by__display_name", "screened_by", "screener_role")
        .values("report__station", "screened_by", "screened_by__display_name", "screener_role")
        .annotate(
            screened=Count("pk"),
            eligible=Count("pk", filter=Q(outcome__in=(Outcome.ELIGIBLE, Outcome.REFUSED))),
            enrolled=Count("pk", filter=Q(participant__isnull=False)),
            knew_arm=Count("pk", filter=Q(knows_arm=True)),
            before_allocation=Count("pk", filter=Q(station_allocated=False)),
        )
    )
    return [
        Recruiter(
            name=row["screened_by__display_name"],
            role=row["screener_role"],
            station_id=row["report__station"],
            **{name: row[name] for name in ("screened", "eligible", "enrolled", "knew_arm", "before_allocation")},
        )
        for row in counted
    ]


def enrolled_by_day(station_ids: Iterable[int]) -> dict[int, dict[date, int]]:
    """Return the women ever enrolled at each of these stations, by day; one query."""
    women: QuerySet[Any] = Participant.objects.filter(enrolled_station__in=list(station_ids))
    by_day: dict[int, dict[date, int]] = defaultdict(dict)
    women = women.order_by("enrolled_station", "enrolled_on").values_list("enrolled_station", "enrolled_on")
    counted = women.annotate(women=Count("pk"))
    for station, day, count in counted:
        by_day[station][day] = count
    return {station: by_day[station] for station in station_ids}


def enrolment_progress(station_ids: Iterable[int], *, today: date) -> dict[int, Progress]:
    """Return how enrolment goes at each of these stations; every woman ever enrolled there counts."""
    by_day = enrolled_by_day(station_ids)
    sampling = current_protocol().sampling
    return {
        station: progress(
            days,
            wanted=sampling.women_per_station,
            wanted_a_week=sampling.women_per_week,
            today=today,
        )
        for station, days in by_day.items()
    }


def own_progress(user: User, *, today: date) -> Progress | None:
    """Return how enrolment goes at the station where a police user serves; None if it is none of the study's."""
    station = serving_station(user, today)
    if station is None or not is_study_station(station):
        return None
    return enrolment_progress([station.pk], today=today)[station.pk]
