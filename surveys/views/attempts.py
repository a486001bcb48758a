"""The interviewer's tries: written down, and explained where no survey came about."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from surveys import queries, services
from surveys.forms.attempts import AttemptForm, MissedForm
from surveys.models import SurveyCase
from surveys.queries import attempts

CASES_PER_PAGE = 30
_FIELD_OF = {
    services.AttemptOutsideSafeTimes.code: "outside_reason",
    services.NextOutsideSafeTimes.code: "next_at",
    services.AttemptTimeInvalid.code: "attempted_at",
    "override_reason_too_short": "sentence",
    "channel_not_hers": "channel",
}


def survey_attempt(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    now = timezone.now()
    cases = queries.cases_in_reach(request.user, timezone.localdate(now)).select_related("participant__safe_contact")
    case = get_object_or_404(cases, pk=case_id)
    plan = case.participant.safe_contact
    initial = {"outcome": "not_alone", "channel": "visit"} if request.GET.get("sola") == "no" else {}
    form = AttemptForm(request.POST or None, channel=plan.channel, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.log_attempt(by=request.user, case=case, attempt=form.attempt(), now=now)
        except StudyError as error:
            form.add_error(_FIELD_OF.get(error.code), str(error))
        else:
            messages.success(request, _("The attempt is written down."))
            return redirect("survey_list")
    context = {
        "case": case, "form": form, "plan": plan, "next_safe": attempts.next_safe(case.participant, now),
        "tried": attempts.attempts_of([case])[case.pk],
    }  # fmt: skip
    return render(request, "surveys/survey_attempt.html", context)


def survey_missed_list(request: SignedInRequest) -> HttpResponse:
    found = attempts.cases_to_explain(request.user, timezone.localdate())
    page = Paginator(found, CASES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "surveys/survey_missed_list.html", {"page": page, "rows": queries.case_rows(list(page))})


def survey_missed(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    now = timezone.now()
    case = get_object_or_404(queries.cases_in_reach(request.user, timezone.localdate(now)), pk=case_id)
    form = MissedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = SurveyCase.MissedReason(form.cleaned_data["reason"])
        try:
            services.explain_missed_survey(by=request.user, case=case, reason=reason, now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("survey_missed_list")
    tried = attempts.attempts_of([case])[case.pk]
    return render(request, "surveys/survey_missed.html", {"case": case, "form": form, "tried": tried})
