"""Whose phone a person may report, and whose cards a phone may hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from data_protection.models import IncidentWoman
from participants.looking import LOOKS, Look
from participants.models import Participant
from participants.queries import colleagues
from phone.queries import women_held
from protocol.queries import current_protocol
from stations.queries import station_ids_of
from visits.models import Visit

# Acts that bring what a card holds onto a screen.
_SHOWN = frozenset({Look.CARD, Look.CONTACT, Look.COPY, Look.ENROLLED})
CARD_ACTIONS = tuple(action for action, look in LOOKS.items() if look in _SHOWN)


def accounts_to_report(by: User, now: datetime) -> QuerySet[User]:
    """Return whose phone a person may report lost: her own, a supervisor her station's, an administrator anybody's."""
    if by.role == Role.ADMINISTRATOR:
        return User.objects.order_by("username")
    own = User.objects.filter(pk=by.pk)
    if by.role == Role.SUPERVISOR:
        own = User.objects.filter(pk__in=[by.pk, *colleagues(by, timezone.localdate(now)).values_list("pk", flat=True)])
    return own.order_by("username")


def women_on_phone(user: User, lost_at: datetime | None, now: datetime) -> Mapping[int, IncidentWoman.How]:
    """Return by participant id how each woman may be found on a phone of this account.

    Those whose cards lay on a phone of it that was not closed by then, and those whose card it opened, both within the
    protocol's days before it was lost; and those of the visits of its stations from that day until the protocol's days
    ahead: until it is reported, the phone goes on showing them.
    """
    terms, today = current_protocol().data_rights, timezone.localdate(now)
    since = min(lost_at or now, now)
    lost_on = timezone.localdate(since)
    visits = Visit.objects.exclude(status=Visit.Status.SUPERSEDED).filter(
        station__in=station_ids_of(user, on=lost_on) | station_ids_of(user, on=today),
        planned_on__range=(lost_on, today + timedelta(days=terms.phone_days_ahead)),
    )
    opened = Event.objects.filter(
        actor=user.audit_name,
        action__in=CARD_ACTIONS,
        object_type="participant",
        at__gte=since - timedelta(days=terms.phone_days_back),
    )
    listed = dict.fromkeys(visits.values_list("participant", flat=True).order_by(), IncidentWoman.How.LIST)
    codes = set(opened.values_list("object_id", flat=True).order_by())
    carded = Participant.objects.filter(study_code__in=codes).values_list("pk", flat=True)
    back = timedelta(days=terms.phone_days_back)
    held = dict.fromkeys(women_held(user, closed_after=since, given_from=lost_on - back), IncidentWoman.How.PHONE)
    return {**listed, **dict.fromkeys(carded, IncidentWoman.How.CARD), **held}
