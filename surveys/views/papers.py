"""Surveys on paper, entered by two; and surveys corrected afterwards, with their history."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from surveys import presenters, queries, services
from surveys.differences import differences
from surveys.forms.papers import CompareForm, CorrectionForm
from surveys.models import SubmissionVersion, SurveyCase
from surveys.own_words import takes_text
from surveys.queries import papers, sittings
from surveys.schedule import ANSWERED
from surveys.views.web_form import with_web_form
from surveys.xforms.form import MOST_BYTES

Save = Callable[..., object]


def survey_history(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _answered(request, case_id)
    context = {
        "case": case, "form": CorrectionForm(), "versions": papers.history_of(case.submission, _language()),
        "entries": papers.entries_of(case), "has_texts": takes_text(case.submission.instrument.content),
    }  # fmt: skip
    return render(request, "surveys/survey_history.html", context)


def survey_texts(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _answered(request, case_id)
    try:
        found = services.open_own_words(by=request.user, case=case, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("survey_history", case_id=case.pk)
    rows = presenters.own_words_rows(found, case.submission.instrument.content, _language())
    return render(request, "surveys/survey_texts.html", {"case": case, "rows": rows})


@with_web_form
def survey_correct(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case, form = _answered(request, case_id), CorrectionForm(request.GET)
    if not form.is_valid():
        return redirect("survey_history", case_id=case.pk)
    reason, now = SubmissionVersion.Reason(form.cleaned_data["motivo"]), timezone.now()
    onward = reverse("survey_history", args=[case.pk])
    if request.method == "POST":
        save = partial(services.correct_survey, by=request.user, case=case, reason=reason, now=now)
        return _sent(request, save, onward)
    try:
        words = services.open_own_words(by=request.user, case=case, now=now)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect(onward)
    send = f"{reverse('survey_correct', args=[case.pk])}?motivo={reason}"
    instrument = case.submission.instrument
    told = presenters.told_before(case.submission.answers, words, instrument.content)
    earlier = [sittings.as_submission(instrument, told)]
    context = {"instrument": instrument, "prefill": {}, "earlier": earlier, "send": send, "back": onward}
    return _write(request, case, context)


def paper_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "to_enter": papers.papers_to_enter(request.user, today),
        "to_compare": papers.papers_to_compare(request.user, today),
    }
    return render(request, "surveys/paper_list.html", context)


@with_web_form
def paper_enter(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(papers.papers_to_enter(request.user, timezone.localdate()), pk=case_id)
    back = reverse("paper_list")
    if request.method == "POST":
        return _sent(request, partial(services.enter_paper, by=request.user, case=case, now=timezone.now()), back)
    prefill = {"reference_period": queries.reference_period(case)}
    context = {"instrument": queries.instrument_of(case), "prefill": prefill, "back": back}
    return _write(request, case, {**context, "send": reverse("paper_enter", args=[case.pk])})


def paper_compare(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(papers.papers_to_compare(request.user, timezone.localdate()), pk=case_id)
    entries = papers.entries_of(case)
    rows = papers.rows_of(differences(*(one.answers for one in entries)), entries[0].instrument, _language())
    form = CompareForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_paper(by=request.user, case=case, choices=form.cleaned_data, now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The survey is saved."))
            return redirect("paper_list")
    return render(request, "surveys/paper_compare.html", {"case": case, "form": form, "entries": entries})


def _write(request: SignedInRequest, case: SurveyCase, context: dict[str, object]) -> HttpResponse:
    if context["instrument"] is None:
        return render(request, "surveys/instrument_missing.html")
    return render(request, "surveys/survey_write.html", {"case": case, "words": presenters.form_words(), **context})


def _sent(request: SignedInRequest, save: Save, onward: str) -> JsonResponse:
    file = request.FILES.get("xml_submission_file")
    try:
        save(content=file.read(MOST_BYTES + 1) if file else b"")
    except StudyError as error:
        return JsonResponse({"code": error.code, "detail": str(error)}, status=error.http_status)
    return JsonResponse({"next": onward})


def _answered(request: SignedInRequest, case_id: UUID) -> SurveyCase:
    cases = queries.cases_in_reach(request.user, timezone.localdate()).filter(
        status__in=ANSWERED, submission__isnull=False
    )
    return get_object_or_404(cases.select_related("submission__instrument"), pk=case_id)


def _language() -> str:
    return get_language() or "es"
