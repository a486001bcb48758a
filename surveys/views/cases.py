"""The interviewer's pages: whom to ask, the survey, and what to offer afterwards."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from protocol.queries import current_protocol
from surveys import queries, services
from surveys.forms import SurveyForm
from surveys.models import SurveyCase
from surveys.queries import attempts

CASES_PER_PAGE = 30


def survey_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    waiting = queries.cases_waiting(request.user, timezone.localdate(now))
    page = Paginator(waiting, CASES_PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.case_rows(list(page), attempts.attempts_of(list(page)))
    context = {"page": page, "rows": rows, "reminders": attempts.reminders(request.user, waiting, now)}
    return render(request, "surveys/survey_list.html", context)


def survey_form(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(queries.cases_in_reach(request.user, timezone.localdate()), pk=case_id)
    instrument = queries.instrument_in_force()
    if instrument is None:
        return render(request, "surveys/instrument_missing.html")
    rules = queries.instrument_rules(instrument)
    form = SurveyForm(request.POST or None, instrument=rules, period=queries.reference_period(case))
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data["child_in_danger"]
            services.submit_survey(
                by=request.user, case=case, answers=form.checked.answers, child_in_danger=told, now=timezone.now()
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            return redirect("survey_done", case_id=case.pk)
    wave = next(
        row.label.in_language(get_language() or "es") for row in current_protocol().waves if row.code == case.wave
    )
    return render(request, "surveys/survey_form.html", {"form": form, "case": case, "wave_label": wave})


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
