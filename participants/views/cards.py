"""Pages about women: the safe-contact card. What stops her visits, too, stands in `visits`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from accounts.roles import Role
from participants import queries, services
from participants.forms.cards import SafeContactForm
from participants.identity import CONTACT_FIELDS
from participants.models import Participant
from participants.presenters.contacts import plan_state
from participants.replanning import request_replan
from participants.safe_contact import CardPurpose
from participants.views.contact_reviews import contact_named


def safe_contact_card(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_for_emergency(request.user), study_code=study_code)
    purpose = CardPurpose.SURVEY if request.user.role == Role.INTERVIEWER else CardPurpose.VISIT
    context: dict[str, object] = {
        "participant": participant,
        "may_review": request.user.has(Permission.OPEN_IDENTITY),
        "may_write": request.user.has(Permission.WRITE_MESSAGES),
        "state": plan_state(request.user, participant, timezone.now()),
    }
    try:
        context["identity"] = services.open_safe_contact_card(
            by=request.user, participant=participant, purpose=purpose, now=timezone.now()
        )
    except StudyError as error:
        context |= {"refusal": str(error), "may_open_in_emergency": _may_open_in_emergency(request, error)}
    return render(request, "participants/safe_contact_card.html", context)


def safe_contact_edit(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    try:
        form = _safe_contact_form(request, participant)
        if request.method == "POST" and form.is_valid():
            services.update_safe_contact(
                by=request.user,
                participant=participant,
                safe_contact=form.safe_contact(),
                changes=form.card_changes(),
                contact_id=contact_named(request.GET.get("contacto", "")),
                now=timezone.now(),
            )
            request_replan(participant.pk)
            messages.success(request, _("Saved."))
            return redirect("safe_contact_card", study_code=study_code)
    except StudyError as error:
        return render(
            request, "participants/safe_contact_card.html", {"participant": participant, "refusal": str(error)}
        )
    return render(request, "participants/safe_contact_edit.html", {"form": form, "participant": participant})


def _safe_contact_form(request: SignedInRequest, participant: Participant) -> SafeContactForm:
    """Fill the form with what was typed, or else with her card, whose opening is recorded."""
    if request.method == "POST":
        return SafeContactForm(request.POST)
    identity = services.open_safe_contact_card(
        by=request.user, participant=participant, purpose=CardPurpose.REVIEW, now=timezone.now()
    )
    plan = participant.safe_contact
    card = {field: getattr(identity, field) for field in CONTACT_FIELDS}
    times = {"safe_weekdays": plan.safe_weekdays, "safe_from": plan.safe_from, "safe_until": plan.safe_until}
    return SafeContactForm(initial={**card, **times, "channel": plan.channel, "message_language": plan.language})


def _may_open_in_emergency(request: SignedInRequest, refusal: StudyError) -> bool:
    is_about_when = isinstance(refusal, services.CardNotDue | services.ConsentMissing | services.OnlyInEmergency)
    return is_about_when and request.user.has(Permission.OPEN_IN_EMERGENCY)


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    return get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
