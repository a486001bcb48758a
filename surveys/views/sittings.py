"""Before a survey: is she alone? While it is covered: the harmless sheet. After it: how was it?"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from surveys import queries, services
from surveys.decoy import decoy_rows
from surveys.forms.sittings import BeforeForm, CodeForm, DebriefForm
from surveys.models import SurveyCase
from surveys.queries import sittings

View = Callable[..., HttpResponseBase]


def asked_in_private(view: View) -> View:
    """Let a questionnaire be shown only within a sitting, and the harmless sheet in its stead while it is covered."""

    @wraps(view)
    def guarded(request: SignedInRequest, case_id: UUID) -> HttpResponseBase:
        if request.method != "GET":
            return view(request, case_id)
        sitting = sittings.sitting_now(request.user, _case(request, case_id), timezone.now())
        if sitting is None:
            return redirect("survey_before", case_id=case_id)
        if sitting.covered_at is not None:
            return redirect("survey_sheet", case_id=case_id)
        return view(request, case_id)

    return guarded


def survey_before(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id)
    form = BeforeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_sitting(by=request.user, case=case, pin=form.cleaned_data["pin"], now=timezone.now())
        except StudyError as error:
            form.add_error("pin" if isinstance(error, services.PinTooSimple) else None, str(error))
        else:
            return redirect("survey_form", case_id=case.pk)
    return render(request, "surveys/survey_before.html", {"case": case, "form": form})


@require_POST
def survey_cover(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    draft = request.POST.get("draft", "").encode()
    try:
        services.cover_sitting(by=request.user, case=_case(request, case_id), draft=draft, now=timezone.now())
    except StudyError:
        # Whatever went wrong, what is on the screen must be harmless.
        return redirect("survey_list")
    return redirect("survey_sheet", case_id=case_id)


@require_POST
def survey_draft(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    draft = request.POST.get("draft", "").encode()
    try:
        services.keep_draft(by=request.user, case=_case(request, case_id), draft=draft, now=timezone.now())
    except StudyError as error:
        return JsonResponse({"code": error.code, "detail": str(error)}, status=error.http_status)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def survey_sheet(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    form, came_back, is_over = CodeForm(request.POST or None), False, False
    if request.method == "POST" and form.is_valid():
        try:
            found = services.uncover_sitting(
                by=request.user, case=_case(request, case_id), pin=form.cleaned_data["code"], now=timezone.now()
            )
            came_back, is_over = found.is_right, found.is_over
        except StudyError:
            is_over = True
    if is_over:
        logout(request)
    onward = reverse("sign_in") if is_over else reverse("survey_form", args=[case_id]) if came_back else ""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": onward, "came_back": came_back})
    if onward:
        return redirect(onward)
    rows = decoy_rows(get_language() or "es")
    context = {"case_id": case_id, "decoy": rows, "is_wrong": form.is_bound, "navigation": []}
    return render(request, "surveys/survey_sheet.html", context)


def survey_debrief(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id)
    form = DebriefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.debrief_survey(by=request.user, case=case, now=timezone.now(), **form.words())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. Take a moment for yourself before you go on."))
            return redirect("survey_list")
    return render(request, "surveys/survey_debrief.html", {"case": case, "form": form})


def _case(request: SignedInRequest, case_id: UUID) -> SurveyCase:
    return get_object_or_404(queries.cases_in_reach(request.user, timezone.localdate()), pk=case_id)
