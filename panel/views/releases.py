"""Releases: the list, asking for one, its page, a second person's decision, the download, what changed."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from panel import queries, services
from panel.forms.releases import DecisionForm, ReleaseForm
from panel.models import Release
from panel.presenters.releases import PANEL, checks_of, kind_of, locks_of, report_of
from panel.release_states import HELD, PENDING, ReleaseState

ROWS_A_PAGE = 50


def release_list(request: SignedInRequest) -> HttpResponse:
    return _list(request, waiting_only=False)


def release_waiting(request: SignedInRequest) -> HttpResponse:
    return _list(request, waiting_only=True)


def release_ask(request: SignedInRequest) -> HttpResponse:
    datasets = queries.datasets(reads_arm=queries.reads_arm(request.user))
    form = ReleaseForm(request.POST or None, user=request.user, datasets=datasets)
    if request.method == "POST" and form.is_valid():
        try:
            release = services.ask_release(
                by=request.user, terms=form.terms, purpose=form.cleaned_data["purpose"], now=timezone.now()
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked for. This page says how far it is."))
            return redirect("release_detail", release_id=release.pk)
    return render(request, "panel/release_ask.html", {"form": form})


def release_detail(request: SignedInRequest, release_id: int) -> HttpResponse:
    release = _visible(request, release_id)
    is_owner = release.requested_by_id == request.user.pk
    comparable = Release.objects.visible_to(request.user).filter(state=ReleaseState.READY, pk__lt=release.pk)
    context = {
        "release": release,
        "kind": kind_of(release),
        "locks": locks_of(release, get_language() or "es"),
        "report": report_of(release),
        "is_owner": is_owner,
        "is_pending": release.state in PENDING - {ReleaseState.WAITING},
        "may_decide": not is_owner and request.user.has(Permission.APPROVE_RELEASES),
        "may_compare": request.user.has(Permission.EXPORT_PANEL),
        "has_panel": PANEL in release.datasets,
        "has_report": is_owner and release.reports.exists(),
        "may_end": is_owner and release.state in HELD,
        "form": DecisionForm(),
        **checks_of(release),
        "revisions": release.revisions.order_by("-number"),
        "earlier": comparable.order_by("-pk")[:10],
    }
    return render(request, "panel/release_detail.html", context)


@require_POST
def release_decide(request: SignedInRequest, release_id: int) -> HttpResponse:
    release, form = _visible(request, release_id), DecisionForm(request.POST)
    decide = services.approve_release if "yes" in request.POST else services.refuse_release
    if form.is_valid():
        try:
            decide(by=request.user, release=release, note=form.cleaned_data["note"], now=timezone.now())
            messages.success(request, _("Your decision was recorded."))
        except StudyError as error:
            messages.error(request, str(error))
    return redirect("release_detail", release_id=release_id)


@require_GET
def release_download(request: SignedInRequest, release_id: int) -> HttpResponseBase:
    release = _visible(request, release_id)
    try:
        opened = services.open_release(by=request.user, release=release, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("release_detail", release_id=release_id)
    response = StreamingHttpResponse(opened.content, content_type="application/zip")
    response.headers["Content-Length"] = str(opened.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.name}"'
    # It is packed already, and must keep its length.
    response.headers["Content-Encoding"] = "identity"
    return response


@require_POST
def release_retry(request: SignedInRequest, release_id: int) -> HttpResponse:
    return _done(request, release_id, services.retry_release, _("It is being made once more."))


@require_POST
def release_check(request: SignedInRequest, release_id: int) -> HttpResponse:
    return _done(request, release_id, services.ask_check, _("It is being made again. This page says what came out."))


@require_POST
def release_end(request: SignedInRequest, release_id: int) -> HttpResponse:
    return _done(request, release_id, services.destroy_release, _("Destroyed. It cannot be brought back."))


@require_GET
def release_changes(request: SignedInRequest, release_id: int, earlier_id: int) -> HttpResponse:
    release, before = _visible(request, release_id), _visible(request, earlier_id)
    try:
        with TemporaryDirectory() as folder:
            changes = services.compare_releases(by=request.user, release=release, earlier=before, folder=Path(folder))
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("release_detail", release_id=release_id)
    context = {"release": release, "earlier": before, "changes": changes}
    return render(request, "panel/release_changes.html", context)


def _list(request: SignedInRequest, *, waiting_only: bool) -> HttpResponse:
    visible = Release.objects.visible_to(request.user)
    releases = visible.listed()
    if waiting_only:
        releases = releases.filter(state=ReleaseState.WAITING)
    page = Paginator(releases, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(release, kind_of(release)) for release in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "waiting_only": waiting_only,
        "may_ask": request.user.has(Permission.EXPORT_PANEL),
        "to_decide": visible.to_decide(request.user).count(),
    }
    return render(request, "panel/release_list.html", context)


def _visible(request: SignedInRequest, release_id: int) -> Release:
    return get_object_or_404(Release.objects.visible_to(request.user).listed(), pk=release_id)


def _done(request: SignedInRequest, release_id: int, service: object, said: str) -> HttpResponse:
    try:
        service(by=request.user, release=_visible(request, release_id), now=timezone.now())  # type: ignore[operator]
        messages.success(request, said)
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("release_detail", release_id=release_id)
