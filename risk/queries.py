"""What pages, services and the planner read about risk. Nothing here knows an arm."""

from django.db.models import F, QuerySet

from accounts.models import User
from participants.models import Participant, ParticipantQuerySet
from participants.queries import participants_listed
from protocol.queries import current_protocol
from risk import models, scale_file
from risk.models import Alert, Assessment, CurrentRisk
from risk.scale_file import Answer


def scale_in_force() -> models.Scale | None:
    """Return the newest loaded version of the scale that the protocol names, None before one is loaded."""
    return newest_scale(current_protocol().risk.scale)


def newest_scale(code: str) -> models.Scale | None:
    """Return the newest loaded version of a scale."""
    return models.Scale.objects.filter(code=code).order_by("-id").first()


def scale_rules(scale: models.Scale) -> scale_file.Scale:
    """Return a stored scale as the rules that score a form."""
    return scale_file.Scale.model_validate(scale.content)


def current_risk(participant: Participant) -> CurrentRisk | None:
    """Return the level that a woman holds, None while she has none."""
    return CurrentRisk.objects.filter(participant=participant).first()


def last_answers(participant: Participant) -> dict[str, Answer | None]:
    """Return the answers of her last assessment, empty when there is none."""
    last = assessments_of(participant).first()
    return dict(last.answers) if last else {}


def assessments_of(participant: Participant) -> QuerySet[Assessment]:
    """Return a woman's assessments, the latest first, with what a list of them shows."""
    return (
        Assessment.objects.filter(participant=participant)
        .prefetch_related("scale", "alerts")
        .order_by("-assessed_at", "-id")
    )


def participants_with_levels(user: User) -> ParticipantQuerySet:
    """Return the women that a person may list, the highest level first, those without a level before all others."""
    return (
        participants_listed(user)
        .select_related("safe_contact", "sealed_card", "vault_key", "current_risk")
        .order_by(F("current_risk__level_rank").desc(nulls_first=True), "study_code")
    )


def alerts_listed(user: User) -> QuerySet[Alert]:
    """Return the alerts that a person may see: waiting ones by their deadline, then answered ones, the latest first."""
    return (
        Alert.objects.visible_to(user)
        .select_related("participant", "assessment", "responsible", "answered_by")
        .prefetch_related("assessment__scale")
        .order_by(F("answered_at").desc(nulls_first=True), "due_at", "id")
    )
