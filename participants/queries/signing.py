"""Who signed what, and who has to sign again."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from participants.models import Consent, ConsentSignature, Participant
from participants.status import ENDED
from stations.models import Station
from stations.queries import study_codes


def station_label(station: Station) -> str:
    """Return the study code of a drawn station ("Estación 07"), or else the code of the frame."""
    return study_codes().get(station.pk, station.code)


def women_to_sign_again(user: User) -> QuerySet[Any]:
    """Return the women of a supervisor's station whose consent a newer text overtook, the most urgent first.

    Each carries `lapses_on`, the first day on which something that she agreed to no longer counts.
    """
    overtaken = Consent.objects.to_renew().filter(participant=OuterRef("pk")).order_by("lapses_on")
    women: QuerySet[Any] = Participant.objects.visible_to(user).exclude(status__in=ENDED)
    women = women.annotate(lapses_on=Subquery(overtaken.values("lapses_on")[:1])).filter(lapses_on__isnull=False)
    return women.select_related("sealed_card", "vault_key").order_by("lapses_on", "study_code")


def signatures_of(participant: Participant) -> QuerySet[ConsentSignature]:
    """Return a woman's signatures, the newest first, without the sealed copies."""
    return participant.signatures.defer("sealed_copy").select_related("witnessed_by").order_by("-signed_at", "-pk")


def agreed_by(participant: Participant, on: date) -> dict[str, date | None]:
    """Return, by scope, what she agreed to and what counts on a day, with the day on which it lapses, if it does."""
    return dict(participant.consents.in_force(on).values_list("scope", "lapses_on"))
