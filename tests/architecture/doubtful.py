"""A query about data for everybody who can be asked one, for the tests that look at every page."""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from quality.models import QualityQuery
from stations.queries import study_stations
from surveys.models import SurveyCase
from visits.models import Visit


def queries() -> list[object]:
    """Return a query about a visit of each station, and one about a survey of each interviewer."""
    now = timezone.now()
    dated = {
        "state_changed_at": now,
        "opened_at": now,
        "happened_at": now,
        "due_on": timezone.localdate(now),
    }
    visits = [Visit.objects.filter(station=drawn.station_id).order_by("pk").first() for drawn in study_stations()]
    made = [
        QualityQuery(
            rule="twice", key=visit.pk, desk="station", station_id=visit.station_id,
            participant_id=visit.participant_id, about=visit.pk, facts={"minutes": 9}, **dated,
        )
        for visit in visits if visit is not None
    ]  # fmt: skip
    for person in User.objects.filter(role=Role.INTERVIEWER).order_by("pk"):
        case = SurveyCase.objects.filter(participant__interviewer=person).order_by("pk").first()
        if case is not None:
            made.append(
                QualityQuery(
                    rule="same_answers", key=case.pk, desk="interviewer", person=person, about=case.pk,
                    participant_id=case.participant_id, facts={"wave": case.wave}, **dated,
                )
            )  # fmt: skip
    QualityQuery.objects.bulk_create(made, ignore_conflicts=True)
    return list(QualityQuery.objects.order_by("pk").values_list("pk", flat=True))


DOUBTFUL_OBJECTS: dict[str, Callable[[], list[object]]] = {"quality_id": queries}
