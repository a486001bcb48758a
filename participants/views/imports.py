"""A file of reports: chosen, looked through row by row, written or taken back."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import may_open
from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.intake import ImportForm
from participants.models import StagedImport
from participants.presenters.imports import PROBLEM, chosen_rows, columns_told, import_choices, import_rows

ROWS_A_PAGE = 100


def report_import(request: SignedInRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            staged = services.stage_reports(by=request.user, now=timezone.now(), **form.upload())
        except StudyError as error:
            form.add_error("file", str(error).splitlines())
        else:
            return redirect("report_import_rows", import_id=staged.pk)
    context = {"form": form, "columns": columns_told(), "back": _way_back(request)}
    return render(request, "participants/report_import.html", context)


def report_import_rows(request: SignedInRequest, import_id: uuid.UUID) -> HttpResponse:
    try:
        rows = services.open_rows(_own(request, import_id))
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("report_import")
    choices = import_choices(rows, request.GET.get("ver", ""))
    chosen = next(choice.value for choice in choices if choice.is_current)
    page = Paginator(chosen_rows(rows, chosen), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "import_id": import_id,
        "choices": choices,
        "page": page,
        "rows": import_rows(page.object_list),
        "is_wrong": chosen == PROBLEM,
        "kept": services.kept_rows(rows.counts),
        "left_out": len({problem.row for problem in rows.problems}) + rows.counts["conflict"],
        "shows_whose": may_open(request.user.role, "report_list"),
    }
    return render(request, "participants/report_import_rows.html", context)


@require_POST
def report_import_write(request: SignedInRequest, import_id: uuid.UUID) -> HttpResponse:
    try:
        counts = services.import_reports(by=request.user, staged=_own(request, import_id), now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("report_import")
    written = services.kept_rows(counts)
    words = ngettext("%(count)s report was written.", "%(count)s reports were written.", written)
    messages.success(request, words % {"count": written})
    return redirect(_way_back(request))


@require_POST
def report_import_discard(request: SignedInRequest, import_id: uuid.UUID) -> HttpResponse:
    services.discard_import(by=request.user, staged=_own(request, import_id), now=timezone.now())
    messages.info(request, _("Taken back. Nothing was written, and the file is gone."))
    return redirect("report_import")


def _own(request: SignedInRequest, import_id: uuid.UUID) -> StagedImport:
    return get_object_or_404(queries.staged_imports(request.user, timezone.now()), pk=import_id)


def _way_back(request: SignedInRequest) -> str:
    return "report_list" if may_open(request.user.role, "report_list") else "home"
