"""What becomes of a missed visit that nobody explains, and the station's morning in counts: nothing vanishes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Permission, require
from audit.services import record
from participants.models import Participant
from protocol.queries import current_protocol
from safety.models import SafetyCase
from safety.queries import is_known
from safety.rules import MISSED_VISITS, UNEXPLAINED_VISIT
from safety.services import Origin, raise_case
from visits.models import StationDigest
from visits.queries import escalation


@transaction.atomic
def escalate_missed(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Tell the supervisor, then at a high level the safety officer, of missed visits that lack their reason too long.

    The safety officer gets one case for each woman, by the same rule in every arm. Return how many visits came before
    each. Conditional updates: safe to run twice, and twice at once.
    """
    require(by, Permission.PLAN_VISITS)
    rules = current_protocol().escalation
    told = escalation.to_tell_supervisor(now - timedelta(hours=rules.supervisor_hours)).update(escalated_at=now)
    grave = escalation.to_tell_safety(now - timedelta(hours=rules.safety_hours), rules.levels)
    women = sorted(set(grave.values_list("participant", flat=True)))
    safety = 0
    for participant in Participant.objects.filter(pk__in=women).order_by("pk").select_for_update(no_key=True):
        hers = grave.filter(participant=participant)
        last = hers.order_by("-planned_on", "pk").first()
        fresh = hers.update(safety_told_at=now)
        if last is not None and fresh:
            origin = Origin(SafetyCase.Origin.MISSED, str(last.pk))
            raise_case(by=by, participant=participant, rule=UNEXPLAINED_VISIT, origin=origin, now=now)
        safety += fresh
    if told or safety:
        details = {"supervisor": told, "safety": safety}
        record(actor=by, action="visits.escalate_missed", object_type="visit", details=details)
    return told, safety


@transaction.atomic
def raise_missed_in_a_row(*, by: Actor, now: datetime) -> int:
    """Raise a case about each woman at a high level whose last visits were all missed; return how many were raised.

    The same levels, number and days in every arm. One that waits, or was answered since the last visit was missed, is
    not raised again: safe to run twice, and twice at once.
    """
    require(by, Permission.PLAN_VISITS)
    missed, raised = escalation.missed_in_a_row(now), 0
    women = Participant.objects.filter(pk__in=missed.keys()).order_by("pk")
    for participant in women.select_for_update(of=("self",), no_key=True):
        visit = missed[participant.pk]
        if is_known(participant, MISSED_VISITS, since=visit.status_changed_at):
            continue
        origin = Origin(SafetyCase.Origin.MISSED, str(visit.pk))
        raise_case(by=by, participant=participant, rule=MISSED_VISITS, origin=origin, now=now)
        raised += 1
    if raised:
        details = {"women": raised}
        record(actor=by, action="visits.raise_missed_in_a_row", object_type="visit", details=details)
    return raised


@transaction.atomic
def make_digests(*, by: Actor, now: datetime) -> int:
    """Write each station's counts for today where that is not done yet; return how many were written."""
    require(by, Permission.PLAN_VISITS)
    today = timezone.localdate(now)
    done = set(StationDigest.objects.filter(made_for=today).values_list("station", flat=True))
    counts = escalation.station_counts(now)
    StationDigest.objects.bulk_create(
        (
            StationDigest(station_id=station, made_for=today, made_at=now, **numbers)
            for station, numbers in counts.items()
            if station not in done
        ),
        ignore_conflicts=True,
    )
    written = len(counts.keys() - done)
    if written:
        record(
            actor=by,
            action="visits.make_digests",
            object_type="day",
            object_id=today.isoformat(),
            details={"stations": written},
        )
    return written
