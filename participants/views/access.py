"""Emergency openings and the notices about access that the safety officer looks at; conflicts of interest."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.access import ConflictForm, EmergencyForm, StaffCardForm, VerdictForm
from participants.models import AccessNotice, Conflict, EmergencyOpening
from participants.presenters.access import sealed_reason
from participants.presenters.looking import act_rows

ROWS_A_PAGE = 50
ACTS_SHOWN = 200


def card_emergency(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_for_emergency(request.user), study_code=study_code)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_in_emergency(
                by=request.user,
                participant=participant,
                cause=EmergencyOpening.Cause(form.cleaned_data["cause"]),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error("reason" if isinstance(error, services.ReasonTooShort) else None, str(error))
        else:
            return redirect("safe_contact_card", study_code=study_code)
    return render(request, "participants/card_emergency.html", {"form": form, "participant": participant})


def conflict_declare(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_conflict(by=request.user, participant=participant, now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Declared. This card no longer opens for you; tell your supervisor."))
            return redirect("home")
    return render(request, "participants/conflict_declare.html", {"form": form, "participant": participant})


def access_notice_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.access_notices(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "participants/access_notice_list.html", {"page": page})


def access_notice(request: SignedInRequest, notice_id: int) -> HttpResponse:
    notice = get_object_or_404(queries.access_notices(), pk=notice_id)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.review_notice(
                by=request.user,
                notice=notice,
                verdict=AccessNotice.Verdict(form.cleaned_data["verdict"]),
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("access_notice_list")
    context = {
        "notice": notice,
        "form": form,
        "reason": sealed_reason(notice),
        "conflict": queries.conflict_behind(notice),
        "acts": act_rows(list(queries.acts_behind(notice)[:ACTS_SHOWN])),
    }
    return render(request, "participants/access_notice.html", context)


@require_POST
def conflict_lift(request: SignedInRequest, conflict_id: int) -> HttpResponse:
    conflict = get_object_or_404(Conflict, pk=conflict_id)
    try:
        services.lift_conflict(by=request.user, conflict=conflict, now=timezone.now())
        messages.success(request, _("Lifted: the card opens for this officer again, around a visit."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("access_notice_list")


def staff_list(request: SignedInRequest) -> HttpResponse:
    colleagues = queries.colleagues(request.user, timezone.localdate())
    return render(request, "participants/staff_list.html", {"colleagues": colleagues})


def staff_card_edit(request: SignedInRequest, user_id: int) -> HttpResponse:
    colleague = get_object_or_404(queries.colleagues(request.user, timezone.localdate()), pk=user_id)
    form = StaffCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.seal_staff_card(by=request.user, user=colleague, identity=form.identity(), now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sealed. Nobody can read it; it is only compared."))
            return redirect("staff_list")
    return render(request, "participants/staff_card_edit.html", {"form": form, "colleague": colleague})
