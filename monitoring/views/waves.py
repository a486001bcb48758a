"""Where the waves stand: by state, by who asks, and by why surveys were missed. Counts only, and no arm."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from monitoring.presenters import STATE_LABELS, interviewer_labels, reason_labels, wave_labels
from monitoring.wave_tables import interviewer_states, reason_table, wave_states
from surveys.queries.tracking import STATES, tracked


def wave_tracking(request: SignedInRequest) -> HttpResponse:
    found = tracked(timezone.localdate())
    waves = wave_labels(get_language() or "es")
    reasons = reason_labels({one.reason for one in found if one.state == "missed"})
    names = request.user.has(Permission.COORDINATE_SURVEYS)
    people = interviewer_labels({one.interviewer for one in found}, with_names=names)
    context = {
        "states": [STATE_LABELS[state] for state in STATES],
        "waves": wave_states(found, waves) if found else [],
        "people": interviewer_states(found, people, len(waves)) if found else [],
        "reasons": reason_table(found, reasons, len(waves)) if reasons else [],
        "wave_names": list(waves.values()),
    }
    return render(request, "monitoring/wave_tracking.html", context)


def wave_tracking_file(request: SignedInRequest) -> HttpResponse:
    found = tracked(timezone.localdate())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="olas.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Wave"), *(STATE_LABELS[state] for state in STATES), _("Total")])
    for row in wave_states(found, wave_labels(get_language() or "es")):
        cells = ["" if count is None else count for count in (*row.cells, row.total)]
        writer.writerow([row.label or _("Total"), *cells])
    return response
