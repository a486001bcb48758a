"""The report on a release: how far it is, reading it, and taking its parts away."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from panel import services
from panel.models import Release
from panel.presenters.reports import report_standing
from panel.report_parts import TAKEN_AWAY, ReportPart


@require_GET
def release_report(request: SignedInRequest, release_id: int) -> HttpResponse:
    release = _visible(request, release_id)
    if release.requested_by_id != request.user.pk:
        messages.error(request, str(services.ReleaseNotYours()))
        return redirect("release_detail", release_id=release_id)
    standing, body, refused = report_standing(release), "", ""
    if standing.ready:
        try:
            body = services.read_report(by=request.user, release=release, language=_language(), now=timezone.now())
        except StudyError as error:
            refused = str(error)
    context = {"release": release, "standing": standing, "body": body, "refused": refused}
    return render(request, "panel/release_report.html", context)


@require_POST
def release_report_ask(request: SignedInRequest, release_id: int) -> HttpResponse:
    release = _visible(request, release_id)
    try:
        services.ask_report(by=request.user, release=release, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("release_detail", release_id=release_id)
    messages.success(request, _("Asked for. This page says how far it is."))
    return redirect("release_report", release_id=release_id)


@require_GET
def release_report_file(request: SignedInRequest, release_id: int, report_part: str) -> HttpResponseBase:
    release = _visible(request, release_id)
    if report_part not in TAKEN_AWAY:
        raise Http404
    try:
        opened = services.open_report(
            by=request.user, release=release, part=ReportPart(report_part), language=_language(), now=timezone.now()
        )
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("release_detail", release_id=release_id)
    response = StreamingHttpResponse(opened.file.content, content_type=opened.content_type)
    response.headers["Content-Length"] = str(opened.file.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.file.name}"'
    # It must keep its length.
    response.headers["Content-Encoding"] = "identity"
    return response


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "es"


def _visible(request: SignedInRequest, release_id: int) -> Release:
    return get_object_or_404(Release.objects.visible_to(request.user).listed(), pk=release_id)
