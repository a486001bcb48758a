"""Some phones of a station for the demonstration, as they last said how they stand, and sheets that came from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from participants.queries import colleagues, serving_station
from risk.models import Assessment, PhoneSheet
from risk.sheet_content import SheetMark
from simulation.loading import Loading
from simulation.team import SUPERVISOR_LOGIN
from visits.services import DeviceState, hear_of_device, register_device

_REGISTERED_DAYS_AGO = 60


@dataclass(frozen=True, slots=True)
class _Phone:
    """How long ago it was heard of, and what it said then."""

    heard: timedelta
    unsent: int = 0
    oldest: timedelta = timedelta()
    clock_skew_s: int = 2


_PHONES = (
    _Phone(heard=timedelta(minutes=4)),
    _Phone(heard=timedelta(minutes=50), unsent=3, oldest=timedelta(hours=2)),
    _Phone(heard=timedelta(hours=3), unsent=2, oldest=timedelta(hours=31), clock_skew_s=-540),
    _Phone(heard=timedelta(days=4)),
)
# How much the phone's score was off, why it is looked at, and whether the supervisor did.
_SHEETS = (
    (0, SheetMark.LATE, False),
    (-1, SheetMark.SCORE_DIFFERS, False),
    (0, SheetMark.RESCUED, True),
)


def load_phones(load: Loading) -> int:
    """Register phones of officers of the supervisor whom the demonstration names; return how many."""
    supervisor, today = User.objects.get(username=SUPERVISOR_LOGIN.username), timezone.localdate(load.now)
    officers = colleagues(supervisor, today).filter(role=Role.OFFICER).order_by("pk")
    owners = list(zip(officers, _PHONES, strict=False))
    for officer, phone in owners:
        _register(officer, phone, load.now)
    latest = Assessment.objects.filter(participant__station=serving_station(supervisor, today)).select_related("scale")
    for assessment, (off, mark, is_seen) in zip(latest.order_by("-assessed_at", "-pk"), _SHEETS, strict=False):
        PhoneSheet.objects.create(
            assessment=assessment,
            sheet_id=uuid5(NAMESPACE_OID, f"sheet {assessment.pk}"),
            filled_at=assessment.assessed_at,
            received_at=min(load.now, assessment.assessed_at + timedelta(hours=30)),
            device_score=None if assessment.score is None else assessment.score + off,
            device_level=assessment.computed_level,
            device_version=str(assessment.scale),
            marks=[str(mark)],
            seen_at=load.now - timedelta(hours=1) if is_seen else None,
            seen_by=supervisor if is_seen else None,
        )
    return len(owners)


def _register(officer: User, phone: _Phone, now: datetime) -> None:
    heard_at = now - phone.heard
    device_id = uuid5(NAMESPACE_OID, f"phone {officer.pk}")
    register_device(by=officer, device_id=device_id, now=heard_at - timedelta(days=_REGISTERED_DAYS_AGO))
    state = DeviceState(
        clock_skew_s=phone.clock_skew_s,
        unsent_count=phone.unsent,
        oldest_unsent_at=now - phone.oldest + timedelta(seconds=phone.clock_skew_s) if phone.unsent else None,
    )
    hear_of_device(by=officer, device_id=device_id, state=state, now=heard_at)
