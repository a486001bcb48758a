"""Stations that leave the study: events, which change nothing of what was drawn."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.actors import Actor
from accounts.errors import StudyError
from accounts.permissions import Permission, require
from accounts.queries import person_of
from stations.models import AllocatedStation, Allocation, StationLoss


class LossReasonMissing(StudyError):
    """A lost station is explained."""

    code = "loss_reason_missing"
    message = _("Say why the station left the study.")


class LossInFuture(StudyError):
    """A loss is recorded once it happened."""

    code = "loss_in_future"
    message = _("The day lies in the future. Record the loss once it happened.")


class NotInTheStudy(StudyError):
    """Only a station of the locked allocation can be lost."""

    code = "not_in_the_study"
    message = _("Only a station of the study's own draw can be lost to it.")
    http_status = 409


class LostAlready(StudyError):
    """A station is lost once."""

    code = "lost_already"
    message = _("The loss of this station is already recorded.")
    http_status = 409


@transaction.atomic
def record_station_loss(
    *, by: Actor, allocated: AllocatedStation, lost_on: date, reason: str, now: datetime
) -> StationLoss:
    """Record that a station left the study: no woman is enrolled there any more; arm and analysis stay as they were.

    Raises LossReasonMissing, LossInFuture, NotInTheStudy, LostAlready.
    """
    require(by, Permission.ALLOCATE_STATIONS)
    if not reason.strip():
        raise LossReasonMissing
    if lost_on > timezone.localdate(now):
        raise LossInFuture
    held = AllocatedStation.objects.select_for_update(of=("self",)).select_related("allocation").get(pk=allocated.pk)
    if held.allocation.status != Allocation.Status.LOCKED:
        raise NotInTheStudy
    if StationLoss.objects.filter(allocated=held).exists():
        raise LostAlready
    loss = StationLoss.objects.create(
        allocated=held, lost_on=lost_on, reason=reason.strip(), recorded_at=now, recorded_by=person_of(by)
    )
    audit.record(
        actor=by,
        action="stations.record_loss",
        object_type="station",
        object_id=held.study_code,
        reason=loss.reason,
        details={"lost_on": lost_on.isoformat()},
    )
    return loss
