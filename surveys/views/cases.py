"""The interviewer's pages: whom to ask, the survey, and what to offer afterwards."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from protocol.queries import current_protocol
from surveys import presenters, queries, services
from surveys.decoy import decoy_rows
from surveys.models import SurveyCase
from surveys.queries import attempts, sittings
from surveys.views.sittings import asked_in_private
from surveys.views.web_form import with_web_form
from surveys.xforms.form import MOST_BYTES

CASES_PER_PAGE = 30


def survey_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    waiting = queries.cases_waiting(request.user, timezone.localdate(now))
    page = Paginator(waiting, CASES_PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.case_rows(list(page), attempts.attempts_of(list(page)))
    context = {"page": page, "rows": rows, "reminders": attempts.reminders(request.user, waiting, now)}
    return render(request, "surveys/survey_list.html", context)


@asked_in_private
@with_web_form
def survey_form(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = queries.cases_in_reach(request.user, timezone.localdate()).filter(pk=case_id).first()
    if case is None and request.method == "POST":
        # Somebody else took over while she was asked: what she answered is not lost.
        case = queries.case_asked_before(request.user, case_id)
    if case is None:
        raise Http404
    if request.method == "POST":
        return _sent(request, case)
    instrument = queries.instrument_of(case)
    if instrument is None:
        return render(request, "surveys/instrument_missing.html")
    wave = next(
        row.label.in_language(get_language() or "es") for row in current_protocol().waves if row.code == case.wave
    )
    context = {
        "case": case, "wave_label": wave, "instrument": instrument, "words": presenters.form_words(),
        "prefill": {"reference_period": queries.reference_period(case)},
        "earlier": [one.xml for one in sittings.answers_before(request.user, case, timezone.now())],
        "decoy": decoy_rows(get_language() or "es"),
    }  # fmt: skip
    return render(request, "surveys/survey_form.html", context)


def _sent(request: SignedInRequest, case: SurveyCase) -> JsonResponse:
    file = request.FILES.get("xml_submission_file")
    content = file.read(MOST_BYTES + 1) if file else b""
    try:
        services.submit_survey(by=request.user, case=case, content=content, now=timezone.now())
    except StudyError as error:
        return JsonResponse({"code": error.code, "detail": str(error)}, status=error.http_status)
    return JsonResponse({"next": reverse("survey_done", args=[case.pk])})


def survey_done(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases_in_reach(request.user, timezone.localdate()), pk=case_id)
    if case.status in (SurveyCase.Status.DUE, SurveyCase.Status.LATE):
        return redirect("survey_form", case_id=case.pk)
    language = get_language() or "es"
    lines = [
        {"name": line.name, "number": line.number, "note": line.note.in_language(language)}
        for line in current_protocol().support
    ]
    return render(request, "surveys/survey_done.html", {"case": case, "lines": lines})
