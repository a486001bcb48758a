"""The administrator brings in the list of stations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from protocol.queries import NoProtocol, current_protocol
from stations import presenters, queries, services
from stations.forms.frame import ConfirmFrameForm, FrameFilesForm
from stations.frame_import import frame_changes


def frame(request: SignedInRequest) -> HttpResponse:
    try:
        rows = queries.frame_with_exclusions()
    except NoProtocol as error:
        return render(request, "stations/no_protocol.html", {"error": error}, status=error.http_status)
    listed = [(station, [presenters.EXCLUSIONS[reason] for reason in reasons]) for station, reasons in rows]
    context = {
        "rows": listed,
        "eligible": sum(not reasons for _station, reasons in rows),
        "wanted": current_protocol().sampling.stations,
        "may_manage": request.user.has(Permission.MANAGE_FRAME),
        "is_locked": queries.locked_allocation() is not None,
    }
    return render(request, "stations/frame.html", context)


def frame_import(request: SignedInRequest) -> HttpResponse:
    form = FrameFilesForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid() or form.rows is None:
        return render(request, "stations/frame_import.html", {"form": form})
    changes = frame_changes(*form.rows)
    context = {
        "changes": [change for change in changes if not change.is_unchanged],
        "unchanged": sum(change.is_unchanged for change in changes),
        "form": ConfirmFrameForm(initial=form.texts),
    }
    return render(request, "stations/frame_preview.html", context)


@require_POST
def frame_confirm(request: SignedInRequest) -> HttpResponse:
    form = ConfirmFrameForm(request.POST)
    if not form.is_valid():
        return redirect("frame_import")
    try:
        stations, districts = form.rows()
        services.import_frame(by=request.user, stations=stations, districts=districts)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("frame_import")
    messages.success(request, _("The frame is up to date."))
    return redirect("frame")
