"""How a woman's status changed, and who rests."""

from datetime import date

from django.db.models import F

from accounts.models import User
from participants.models import Participant, ParticipantQuerySet, Screening, StatusChange, StatusChangeQuerySet
from participants.status import STAYS_PAUSED


def status_history(participant: Participant) -> StatusChangeQuerySet:
    """Return every change of a woman's status, the latest first, with who made it."""
    return participant.status_changes.select_related("by").order_by("-at", "-pk")


def screening_of(participant: Participant) -> Screening | None:
    """Return the screening that found her eligible; None where she was enrolled before screenings were kept."""
    return Screening.objects.filter(participant=participant).select_related("screened_by").first()


def women_to_come_back(user: User) -> StatusChangeQuerySet:
    """Return the pauses in force at a supervisor's station: those due first, those without a day last."""
    return (
        StatusChange.objects.filter(participant__in=Participant.objects.visible_to(user))
        .latest_pauses()
        .select_related("participant__sealed_card", "participant__vault_key")
        .order_by(F("expected_return_on").asc(nulls_last=True), "participant__study_code", "pk")
    )


def pause_of(participant: Participant) -> StatusChange | None:
    """Return the last word about the pause in which a woman rests, None unless she rests."""
    return participant.status_changes.latest_pauses().first()


def participants_to_return(today: date) -> ParticipantQuerySet:
    """Return the women whose pause ends by itself by today, by id."""
    over = StatusChange.objects.latest_pauses().filter(expected_return_on__lte=today).exclude(reason__in=STAYS_PAUSED)
    return Participant.objects.filter(pk__in=over.values("participant")).order_by("pk")
