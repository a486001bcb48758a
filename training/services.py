"""Recording training: sessions where the arm includes them, who attended, and deviations said as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from stations.models import Officer, Posting, Station
from stations.queries import trained_station_ids
from training.models import Attendance, Session


class NotATrainingStation(StudyError):
    """The station's arm has no training: holding one there is a deviation from the protocol, with a reason."""

    code = "not_a_training_station"
    message = _("The protocol plans no session at this station. If it was held all the same, say why.")
    http_status = 409


class SessionInFuture(StudyError):
    """A session is recorded after it was held."""

    code = "session_in_future"
    message = _("The session's day lies in the future. Record it once it was held.")


class SessionRecorded(StudyError):
    """The same module at the same station on the same day."""

    code = "session_recorded"
    message = _("This session is already recorded.")
    http_status = 409


class OfficerNotPosted(StudyError):
    """Only officers of the station on that day attend its session."""

    code = "officer_not_posted"
    message = _("An officer on the list did not serve at this station on that day.")


@dataclass(frozen=True, slots=True)
class KnowledgeScores:
    """The knowledge test before and after a session, 0 to 100; None where it was not taken."""

    before: int | None = None
    after: int | None = None


@transaction.atomic
def record_session(
    *,
    by: Actor,
    station: Station,
    module: Session.Module,
    held_on: date,
    attended: Mapping[Officer, KnowledgeScores],
    now: datetime,
    trainer: str = "",
    deviation_reason: str = "",
) -> Session:
    """Record a session that was held, and who attended it.

    Raises NotATrainingStation (without a reason, where the arm has no training), SessionInFuture, SessionRecorded,
    OfficerNotPosted.
    """
    require(by, Permission.MANAGE_TRAINING)
    if held_on > timezone.localdate(now):
        raise SessionInFuture
    is_deviation = station.pk not in trained_station_ids()
    if is_deviation and not deviation_reason:
        raise NotATrainingStation
    serving = set(Posting.objects.serving(held_on).filter(station=station).values_list("officer_id", flat=True))
    if {officer.pk for officer in attended} - serving:
        raise OfficerNotPosted
    session, is_new = Session.objects.get_or_create(
        station=station,
        module=module,
        held_on=held_on,
        defaults={"trainer": trainer, "deviation_reason": deviation_reason if is_deviation else ""},
    )
    if not is_new:
        raise SessionRecorded
    Attendance.objects.bulk_create(
        Attendance(session=session, officer=officer, score_before=scores.before, score_after=scores.after)
        for officer, scores in attended.items()
    )
    audit.record(
        actor=by,
        action="training.record_session",
        object_type="training_session",
        object_id=session.pk,
        reason=session.deviation_reason,
        details={"module": int(module), "attended": len(attended)},
    )
    return session
