"""Pages about risk: the form, what it came to, and the safety officer's alerts."""

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
from participants.replanning import request_replan
from participants.status import ENDED
from risk import presenters, queries, services
from risk.forms import AlertResponseForm, RiskForm
from risk.models import Alert

WOMEN_PER_PAGE = 50
ALERTS_PER_PAGE = 50


def participant_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.participants_with_levels(request.user), WOMEN_PER_PAGE).get_page(request.GET.get("page"))
    names, scale = masked_names(page.object_list), queries.scale_in_force()
    rows = presenters.participant_rows(page.object_list, names, scale, timezone.localdate())
    return render(request, "risk/participant_list.html", {"page": page, "rows": rows})


def assess_risk(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    scale = queries.scale_in_force()
    if scale is None:
        return render(request, "risk/scale_missing.html", {"participant": participant})
    form = RiskForm(request.POST or None, scale=queries.scale_rules(scale))
    if request.method == "POST" and form.is_valid():
        try:
            services.assess_risk(by=request.user, participant=participant, now=timezone.now(), **form.assessment())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            request_replan(participant.pk)
            return redirect("risk_history", study_code=study_code)
    return render(request, "risk/assess_risk.html", {"form": form, "participant": participant})


def risk_history(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    context = {
        "participant": participant,
        "has_left": participant.status in ENDED,
        "history": presenters.history(queries.assessments_of(participant)),
        "held": queries.current_risk(participant),
    }
    return render(request, "risk/risk_history.html", context)


def alert_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.alerts_listed(request.user), ALERTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = presenters.alert_rows(page.object_list, timezone.now())
    return render(request, "risk/alert_list.html", {"page": page, "rows": rows})


def alert_respond(request: SignedInRequest, alert_id: int) -> HttpResponse:
    alert = get_object_or_404(queries.alerts_listed(request.user), pk=alert_id)
    form = AlertResponseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.respond_to_alert(
                by=request.user,
                alert=alert,
                response=Alert.Response(form.cleaned_data["response"]),
                note=form.cleaned_data["note"],
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("alert_list")
    (row,) = presenters.alert_rows([alert], timezone.now())
    return render(request, "risk/alert_respond.html", {"form": form, "row": row})


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    return get_object_or_404(participants_listed(request.user), study_code=study_code)
