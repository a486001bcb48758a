"""The administrator brings in a list of attendance: looked at first, then written."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations.forms.frame import LookForm
from stations.presenters.frame import PROBLEM
from stations.queries import study_codes
from training import services
from training.attendance_import import plan_import
from training.forms.imports import AttendanceFileForm
from training.presenters import imports as presenters

ROWS_A_PAGE = 100


def training_import(request: SignedInRequest) -> HttpResponse:
    if not study_codes():
        return redirect("training_list")
    form = AttendanceFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "training/training_import.html", {"form": form})
    return _dry_run(request, form)


@require_POST
def training_import_confirm(request: SignedInRequest) -> HttpResponse:
    form, seen = AttendanceFileForm(request.POST), LookForm(request.POST).seen_fingerprint
    if not form.is_valid():
        return redirect("training_import")
    if form.problems:
        return _dry_run(request, form)
    try:
        services.import_attendance(
            by=request.user,
            rows=form.rows,
            name=form.name,
            now=timezone.now(),
            seen=seen,
            reason=form.cleaned_data["reason"],
        )
    except services.ReasonMissing as error:
        form.add_error("reason", str(error))
    except StudyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is written down."))
        return redirect("training_list")
    return _dry_run(request, form)


def _dry_run(request: SignedInRequest, form: AttendanceFileForm) -> HttpResponse:
    plan = plan_import(form.rows, form.problems, name=form.name, now=timezone.now())
    look = LookForm(request.POST)
    choices = presenters.fate_choices(plan, look.fate)
    current = next(choice.value for choice in choices if choice.is_current)
    context = {
        "form": form,
        "plan": plan,
        "choices": choices,
        "current": current,
        "is_wrong": current == PROBLEM,
        "page": Paginator(presenters.fate_rows(plan, current), ROWS_A_PAGE).get_page(look.page),
        "new_sessions": presenters.new_sessions(plan),
    }
    return render(request, "training/training_import_preview.html", context)
