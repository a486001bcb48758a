"""The register of erasures: asked for, confirmed by a second administrator, certified."""

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
from participants.forms.erasures import ConfirmForm, ErasureForm
from participants.models import Erasure
from participants.presenters.erasures import certificate_of

ROWS_A_PAGE = 50


def erasure_list(request: SignedInRequest) -> HttpResponse:
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.request_erasure(
                by=request.user,
                participant=form.cleaned_data["study_code"],
                reason=Erasure.Reason(form.cleaned_data["reason"]),
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked for. Another administrator must confirm it."))
            return redirect("erasure_list")
    page = Paginator(queries.erasures_listed(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "participants/erasure_list.html", {"form": form, "page": page})


@require_POST
def destruction_request(request: SignedInRequest) -> HttpResponse:
    try:
        services.request_destruction(by=request.user, now=timezone.now())
        messages.success(request, _("Asked for. Another administrator must confirm it."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("erasure_list")


def erasure_confirm(request: SignedInRequest, erasure_id: int) -> HttpResponse:
    erasure = get_object_or_404(queries.erasures_listed(), pk=erasure_id)
    form = ConfirmForm(request.POST or None, expected=queries.erasure_subject(erasure))
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_erasure(by=request.user, erasure=erasure, now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Confirmed."))
            return redirect("erasure_list")
    return render(request, "participants/erasure_confirm.html", {"erasure": erasure, "form": form})


@require_POST
def erasure_cancel(request: SignedInRequest, erasure_id: int) -> HttpResponse:
    erasure = get_object_or_404(Erasure, pk=erasure_id)
    try:
        services.cancel_erasure(by=request.user, erasure=erasure, now=timezone.now())
        messages.info(request, _("Taken back. Nothing was erased."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("erasure_list")


def erasure_certificate(request: SignedInRequest, erasure_id: int) -> HttpResponse:
    erasure = get_object_or_404(queries.erasures_listed(), pk=erasure_id, done_at__isnull=False)
    services.record_certificate(by=request.user, erasure=erasure)
    headers = {"Content-Disposition": f'attachment; filename="borrado-{erasure.pk}.pdf"'}
    return HttpResponse(certificate_of(erasure), content_type="application/pdf", headers=headers)
