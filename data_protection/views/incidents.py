"""The register of incidents, one of them with its steps, and the draft of the notice."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from data_protection import queries, services
from data_protection.forms.incidents import IncidentForm, StepForm, next_steps
from data_protection.models import DataIncident
from data_protection.presenters import incidents as presenters

ROWS_A_PAGE = 50
LANGUAGES = ("es", "en")
_SERVICES: dict[str, Callable[..., Any]] = {
    "notify": services.record_notification,
    "measure": services.record_measure,
    "women": services.add_women,
    "close": services.close_incident,
}


def data_incident_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.incidents_listed(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = presenters.incident_rows(page.object_list, timezone.now())
    context = {"page": page, "rows": rows, "may_keep": request.user.has(Permission.KEEP_DATA_DESK)}
    return render(request, "data_protection/data_incident_list.html", context)


def data_incident_new(request: SignedInRequest) -> HttpResponse:
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incident = services.open_incident(by=request.user, facts=form.facts(), now=timezone.now())
        except StudyError as error:
            form.add_error("discovered_at", str(error))
        else:
            messages.success(request, _("Written down. The clock runs."))
            return redirect("data_incident_detail", incident.pk)
    return render(request, "data_protection/data_incident_new.html", {"form": form})


def data_incident_detail(request: SignedInRequest, incident_id: int) -> HttpResponse:
    incident = get_object_or_404(queries.incidents_listed(request.user), pk=incident_id)
    forms = next_steps(incident, request.POST) if request.user.has(Permission.KEEP_DATA_DESK) else []
    sent = next((form for form in forms if form.is_bound), None)
    if request.method == "POST" and sent is None:
        messages.error(request, str(services.IncidentMovedOn.message))
        return redirect("data_incident_detail", incident.pk)
    if sent is not None and sent.is_valid() and _take(request, incident, sent):
        return redirect("data_incident_detail", incident.pk)
    (row,) = presenters.incident_rows([incident], timezone.now())
    page = Paginator(queries.women_of(incident), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "page": page,
        "women": [(entry, presenters.telling_state(entry)) for entry in page.object_list],
        "measures": queries.measures_of(incident),
        "categories": presenters.category_labels(incident),
        "forms": {form.step: form for form in forms},
        "words": [(language, presenters.words_for_her(language)) for language in LANGUAGES],
    }
    return render(request, "data_protection/data_incident_detail.html", context)


def data_incident_draft(request: SignedInRequest, incident_id: int, language: str) -> HttpResponse:
    if language not in LANGUAGES:
        raise Http404
    incident = get_object_or_404(queries.incidents_listed(request.user), pk=incident_id)
    services.record_draft(by=request.user, incident=incident)
    content = presenters.authority_draft(
        incident,
        women=queries.women_of(incident).count(),
        measures=list(queries.measures_of(incident)),
        language=language,
    )
    headers = {"Content-Disposition": f'attachment; filename="comunicacion-{incident.pk}-{language}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _take(request: SignedInRequest, incident: DataIncident, form: StepForm) -> bool:
    """Write a step; say whether that went well, or put what went wrong on its form."""
    try:
        _SERVICES[form.step](by=request.user, incident=incident, now=timezone.now(), **form.arguments())
    except StudyError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
