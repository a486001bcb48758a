"""The papers of a session to take away, and whether a certificate is genuine."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations.models import Officer
from stations.queries import study_codes
from training import services
from training.forms.certificates import CodeForm
from training.presenters import papers
from training.presenters.roster_file import roster_csv
from training.presenters.sessions import module_labels
from training.queries.certificates import certificate_with
from training.queries.sessions import roster, sessions


@require_POST
def training_certificates(request: SignedInRequest, session_id: int) -> HttpResponse:
    return _certificates(request, session_id, officer=None)


@require_POST
def training_certificate(request: SignedInRequest, session_id: int, officer_id: int) -> HttpResponse:
    return _certificates(request, session_id, officer=get_object_or_404(Officer, pk=officer_id))


def training_sheet(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    content = papers.signing_sheet(
        session, roster(session), station_code=study_codes()[session.station_id], now=timezone.now()
    )
    return _pdf(content, f"sesion-{session.pk}")


def training_roster(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    text = roster_csv(session, roster(session), station_code=study_codes()[session.station_id])
    headers = {"Content-Disposition": f'attachment; filename="lista-{session.pk}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def training_check(request: SignedInRequest) -> HttpResponse:
    form = CodeForm(request.GET or None)
    certificate = certificate_with(form.cleaned_data["codigo"]) if form.is_valid() else None
    context = {
        "form": form,
        "is_asked": form.is_bound and form.is_valid(),
        "certificate": certificate,
        "label": module_labels().get(certificate.attendance.module, "") if certificate else "",
    }
    return render(request, "training/training_check.html", context)


def _certificates(request: SignedInRequest, session_id: int, *, officer: Officer | None) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    try:
        issued = services.issue_certificates(by=request.user, session=session, now=timezone.now(), officer=officer)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("training_session", session_id=session.pk)
    name = f"constancias-{session.pk}-{officer.pk}" if officer else f"constancias-{session.pk}"
    return _pdf(papers.certificates_pdf(issued, labels=module_labels()), name)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
