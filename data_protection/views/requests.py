"""Requests about women's own data: taken in, worked on, and her copy made where she is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from accounts.roles import Role
from data_protection import queries, services
from data_protection.forms.incidents import StepForm
from data_protection.forms.requests import CorrectionForm, RequestForm, next_steps
from data_protection.models import DataRequest
from data_protection.presenters import requests as presenters

ROWS_A_PAGE = 50
_SERVICES: dict[str, Callable[..., Any]] = {
    "verify": services.verify_requester,
    "extend": services.extend_term,
    "answer": services.answer_request,
    "refuse": services.refuse_request,
    "take_back": services.take_back_request,
}


def data_request_list(request: SignedInRequest) -> HttpResponse:
    found = queries.requests_listed(request.user, timezone.now())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = presenters.request_rows(page.object_list, timezone.localdate())
    return render(request, "data_protection/data_request_list.html", {"page": page, "rows": rows})


def data_request_new(request: SignedInRequest) -> HttpResponse:
    form = RequestForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            taken = services.take_request(by=request.user, now=timezone.now(), **form.arguments())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Taken in as %(number)s. Give her this number on paper.") % {"number": taken})
            return redirect("data_request_detail", taken.pk)
    return render(request, "data_protection/data_request_new.html", {"form": form})


def data_request_detail(request: SignedInRequest, request_id: int) -> HttpResponse:
    found = get_object_or_404(queries.requests_listed(request.user, timezone.now()), pk=request_id)
    forms = next_steps(found, request.POST) if request.user.has(Permission.KEEP_DATA_DESK) else []
    sent = next((form for form in forms if form.is_bound), None)
    if request.method == "POST" and sent is None:
        messages.error(request, str(services.RequestMovedOn.message))
        return redirect("data_request_detail", found.pk)
    if sent is not None and sent.is_valid() and _take(request, found, sent):
        return redirect("data_request_detail", found.pk)
    (row,) = presenters.request_rows([found], timezone.localdate())
    context = {
        "row": row,
        "forms": forms,
        "steps": queries.steps_of(found),
        "missing": presenters.missing_words(found),
        "half": queries.HALF_OF.get(Role(request.user.role)) if found.kind in queries.COPIED else None,
    }
    return render(request, "data_protection/data_request_detail.html", context)


@require_POST
def data_request_copy(request: SignedInRequest, request_id: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(queries.requests_listed(request.user, now), pk=request_id)
    try:
        identity = services.open_copy(by=request.user, request=found, now=now)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("data_request_detail", found.pk)
    half = queries.HALF_OF[Role(request.user.role)]
    content = presenters.copy_of(found, identity, half=half, now=now)
    headers = {"Content-Disposition": f'attachment; filename="copia-{found.pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def data_request_correct(request: SignedInRequest, request_id: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(
        queries.requests_listed(request.user, now), pk=request_id, kind=DataRequest.Kind.RECTIFICATION
    )
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_card(by=request.user, request=found, changes=form.changes(), now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Corrected. She is found by what is right from now on."))
            return redirect("data_request_detail", found.pk)
    return render(request, "data_protection/data_request_correct.html", {"form": form, "found": found})


@require_POST
def data_request_erase(request: SignedInRequest, request_id: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(queries.requests_listed(request.user, now), pk=request_id)
    try:
        services.ask_erasure(by=request.user, request=found, now=now)
        messages.success(request, _("Asked for. Another administrator must confirm it."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("data_request_detail", found.pk)


def _take(request: SignedInRequest, found: DataRequest, form: StepForm) -> bool:
    """Write a step; say whether that went well, or put what went wrong on its form."""
    try:
        _SERVICES[form.step](by=request.user, request=found, now=timezone.now(), **form.arguments())
    except StudyError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
