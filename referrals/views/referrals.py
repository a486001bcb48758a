"""What is to be followed, a woman's referrals, an offer, and the steps after it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants.models import Participant
from participants.queries import masked_names, participants_listed
from participants.reach import require_may_know
from referrals import presenters, queries, services
from referrals.forms import OfferForm, StepForm, next_steps
from referrals.models import Referral

ROWS_A_PAGE = 50
_SERVICES: dict[str, Callable[..., Referral]] = {
    "answer": services.answer_offer,
    "take_back": services.answer_offer,
    "sent": services.record_sent,
    "outcome": services.record_outcome,
}


def referral_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.referrals_to_follow(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = masked_names(referral.participant for referral in page.object_list)
    rows = presenters.referral_rows(page.object_list, timezone.localdate(), names=names)
    return render(request, "referrals/referral_list.html", {"page": page, "rows": rows})


def participant_referrals(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    refusal = _refusal(request, participant)
    found = [] if refusal else queries.referrals_of(request.user, participant)
    rows = presenters.referral_rows(found, timezone.localdate())
    context = {"participant": participant, "rows": rows, "refusal": refusal}
    return render(request, "referrals/participant_referrals.html", context)


def referral_offer(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    offered = queries.services_in_force(queries.district_of_station(participant.station))
    form = OfferForm(request.POST or None, services=offered)
    if request.method == "POST" and form.is_valid():
        try:
            referral = services.offer_referral(
                by=request.user, participant=participant, now=timezone.now(), **form.arguments()
            )
        except StudyError as error:
            form.add_error(_field_of(error), str(error))
        else:
            messages.success(request, _("Saved. If she answered already, write it here."))
            return redirect("referral_detail", referral_id=referral.pk)
    return render(request, "referrals/referral_offer.html", {"participant": participant, "form": form})


def referral_detail(request: SignedInRequest, referral_id: int) -> HttpResponse:
    referral = get_object_or_404(queries.referrals_in_reach(request.user), pk=referral_id)
    forms = next_steps(referral, request.POST if request.method == "POST" else None)
    sent = next((form for form in forms if form.is_bound), None)
    if request.method == "POST" and sent is None:
        messages.error(request, str(services.ReferralMovedOn.message))
        return redirect("referral_detail", referral_id=referral.pk)
    if sent is not None and sent.is_valid() and _take(request, referral, sent):
        return redirect("referral_detail", referral_id=referral.pk)
    notes, refusal = _notes(request, referral)
    (row,) = presenters.referral_rows([referral], timezone.localdate())
    steps = presenters.step_rows(queries.steps_of(referral), notes)
    context = {"row": row, "steps": steps, "forms": [] if refusal else forms, "refusal": refusal}
    return render(request, "referrals/referral_detail.html", context)


def _take(request: SignedInRequest, referral: Referral, form: StepForm) -> bool:
    """Write a step; say whether that went well, or put what went wrong on its form."""
    try:
        if form.cleaned_data["seen"] != referral.standing:
            raise services.ReferralMovedOn
        _SERVICES[form.step](by=request.user, referral=referral, now=timezone.now(), **form.arguments())
    except StudyError as error:
        form.add_error(_field_of(error), str(error))
        return False
    messages.success(request, _("Saved."))
    return True


def _refusal(request: SignedInRequest, participant: Participant) -> str:
    """Return why this person may not know of her now, "" if she may."""
    try:
        require_may_know(request.user, participant, timezone.now())
    except StudyError as error:
        return str(error)
    return ""


def _notes(request: SignedInRequest, referral: Referral) -> tuple[dict[int, str], str]:
    """Open the notes; or say why they stay closed."""
    try:
        return dict(services.open_notes(by=request.user, referral=referral, now=timezone.now())), ""
    except StudyError as error:
        return {}, str(error)


def _field_of(error: StudyError) -> str | None:
    return "on" if isinstance(error, services.StepDayWrong) else None


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    listed = participants_listed(request.user).select_related("station")
    return get_object_or_404(listed, study_code=study_code)
