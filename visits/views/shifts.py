"""When officers are there: the list of a station's, one officer's shift, and her absences."""

from datetime import time

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from protocol.queries import current_protocol
from stations.models import Officer
from visits import presenters, services
from visits.forms.shifts import AbsenceForm, ShiftForm
from visits.models import Absence
from visits.queries import staffing

ROWS_A_PAGE = 50


def shift_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(staffing.officers_in_reach(request.user, on=today), ROWS_A_PAGE).get_page(request.GET.get("page"))
    absences = staffing.absences_from(page.object_list, today)
    rules = current_protocol().assignment
    context = {"page": page, "rows": presenters.officer_rows(page.object_list, absences, rules, today), "rules": rules}
    return render(request, "visits/shift_list.html", context)


def shift_edit(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer, now = _in_reach(request, officer_id), timezone.now()
    form = ShiftForm(request.POST or None, initial=_shift_now(officer))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_shift(by=request.user, officer=officer, times=form.times(), now=now)
            messages.success(request, _("Saved. Her visits were shared out anew."))
            return redirect("shift_list")
        except StudyError as error:
            form.add_error(None, str(error))
    today = timezone.localdate(now)
    context = {"officer": officer, "form": form, "absences": staffing.absences_from([officer], today)[officer.pk]}
    return render(request, "visits/shift_edit.html", context)


def absence_add(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer, now = _in_reach(request, officer_id), timezone.now()
    form = AbsenceForm(request.POST or None, initial={"starts_on": timezone.localdate(now)})
    preview = None
    if request.method == "POST" and form.is_valid():
        words = {"by": request.user, "officer": officer, "now": now, **form.cleaned_data}
        try:
            if "confirm" in request.POST:
                _absence, counts = services.record_absence(**words)
                messages.success(request, presenters.shared_out(counts))
                return redirect("shift_edit", officer.pk)
            period = (form.cleaned_data["starts_on"], form.cleaned_data["ends_on"])
            preview = presenters.changes(staffing.visits_if_away(officer, period, now))
        except StudyError as error:
            form.add_error(None, str(error))
    context = {"officer": officer, "form": form, "preview": preview}
    return render(request, "visits/absence_add.html", context)


@require_POST
def absence_withdraw(request: SignedInRequest, absence_id: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.select_related("officer"), pk=absence_id)
    officer = _in_reach(request, absence.officer_id)
    try:
        counts = services.withdraw_absence(by=request.user, absence=absence, now=timezone.now())
        messages.success(request, presenters.shared_out(counts))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("shift_edit", officer.pk)


def _in_reach(request: SignedInRequest, officer_id: int) -> Officer:
    return get_object_or_404(staffing.officers_in_reach(request.user, on=timezone.localdate()), pk=officer_id)


def _shift_now(officer: Officer) -> dict[str, object]:
    """Return the shift to show: the officer's own, or what counts while she has none."""
    shift = getattr(officer, "shift", None)
    if shift is None:
        cadence, rules = current_protocol().cadence, current_protocol().assignment
        hours = (cadence.earliest or time(8), cadence.latest)
        return {
            "weekdays": list(range(1, 8)), "starts_at": hours[0], "ends_at": hours[1],
            "visits_a_day": rules.visits_a_day,
        }  # fmt: skip
    fields = ("weekdays", "starts_at", "ends_at", "visits_a_day")
    return {field: getattr(shift, field) for field in fields}
