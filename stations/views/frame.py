"""The administrator brings in the list of stations; arm readers look through it and take frozen copies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from protocol.queries import NoProtocol, current_protocol
from stations import queries, services
from stations.forms.frame import FrameFilesForm, FrameSearchForm, LookForm
from stations.frame_import import plan_import
from stations.frame_listing import eligibility_flow, found_rows, shown_rows
from stations.models import Frame
from stations.presenters import frame as presenters

ROWS_A_PAGE = 100


def frame(request: SignedInRequest) -> HttpResponse:
    try:
        rows, wanted = queries.frame_rows(), current_protocol().sampling.stations
    except NoProtocol as error:
        return render(request, "stations/no_protocol.html", {"error": error}, status=error.http_status)
    search = FrameSearchForm(request.GET)
    found = found_rows(rows, search.words)
    listed = [
        (row, [presenters.EXCLUSIONS[reason] for reason in row.exclusions]) for row in shown_rows(found, search.show)
    ]
    context = {
        "page": Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "choices": presenters.frame_choices(found, search.show),
        "flow": eligibility_flow(rows),
        "exclusions": presenters.exclusion_counts(rows),
        "wanted": wanted,
        "frames": queries.frozen_frames(),
        "may_manage": request.user.has(Permission.MANAGE_FRAME),
        "is_locked": queries.locked_allocation() is not None,
    }
    return render(request, "stations/frame.html", context)


def frame_import(request: SignedInRequest) -> HttpResponse:
    form = FrameFilesForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "stations/frame_import.html", {"form": form})
    return _dry_run(request, form)


@require_POST
def frame_confirm(request: SignedInRequest) -> HttpResponse:
    form, seen = FrameFilesForm(request.POST), LookForm(request.POST).seen_fingerprint
    if not form.is_valid():
        return redirect("frame_import")
    if form.read.problems:
        return _dry_run(request, form)
    try:
        services.import_frame(by=request.user, stations=form.read.stations, districts=form.read.districts, seen=seen)
    except StudyError as error:
        messages.error(request, str(error))
        return _dry_run(request, form)
    messages.success(request, _("The frame is up to date."))
    return redirect("frame")


def frame_download(request: SignedInRequest, frame_id: int, part: str) -> HttpResponse:
    frozen = get_object_or_404(Frame, pk=frame_id)
    if part not in presenters.FRAME_PARTS:
        raise Http404
    services.record_frame_download(by=request.user, frame=frozen, part=part)
    content, kind = presenters.frame_part(frozen, part)
    headers = {
        "Content-Disposition": f'attachment; filename="frame-{frozen.sha256[:12]}-{presenters.FRAME_PARTS[part]}"'
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def _dry_run(request: SignedInRequest, form: FrameFilesForm) -> HttpResponse:
    plan, look = plan_import(form.read), LookForm(request.POST)
    choices = presenters.fate_choices(plan, look.fate)
    current = next(choice.value for choice in choices if choice.is_current)
    page = Paginator(presenters.fate_rows(plan, current), ROWS_A_PAGE).get_page(look.page)
    context = {
        "form": form,
        "plan": plan,
        "choices": choices,
        "current": current,
        "is_wrong": current == presenters.PROBLEM,
        "is_locked": queries.locked_allocation() is not None,
        "page": page,
        "rows": page.object_list,
    }
    return render(request, "stations/frame_preview.html", context)
