"""The ledger of what mixed the arms: act by act for readers of the arm, in counts for the board."""

import csv

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from monitoring.presenters.dose import ENTRY_LABELS, mixing_figures, station_rows
from monitoring.queries.contamination import ledger_entries, mixing, usual_care_weeks
from monitoring.queries.dose import counted_at, station_weeks
from stations.queries import study_codes

ENTRIES_A_PAGE = 50


def ledger(request: SignedInRequest) -> HttpResponse:
    today, reads_arm = timezone.localdate(), request.user.has(Permission.READ_ARM)
    entries, weeks = ledger_entries(), station_weeks(until=today)
    listed = [(ENTRY_LABELS[one.kind], one) for one in entries] if reads_arm else []
    usual = usual_care_weeks(weeks) if reads_arm else []
    context = {
        "reads_arm": reads_arm,
        "figures": mixing_figures(mixing(entries, weeks, today=today), hides_small=not reads_arm),
        "page": Paginator(listed, ENTRIES_A_PAGE).get_page(request.GET.get("page")),
        "usual": [row for row in station_rows(usual, study_codes(), {}) if row.dose.women],
        "counted_at": counted_at(),
    }
    return render(request, "monitoring/ledger.html", context)


def ledger_file(request: SignedInRequest) -> HttpResponse:
    today, reads_arm = timezone.localdate(), request.user.has(Permission.READ_ARM)
    entries = ledger_entries()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mezclas.csv"'
    writer = csv.writer(response)
    if reads_arm:
        writer.writerow([_("Day"), _("What happened"), _("Who"), _("From"), _("To")])
        for one in entries:
            writer.writerow([one.on, ENTRY_LABELS[one.kind], one.who, one.from_station, one.to_station])
        return response
    writer.writerow([_("What happened"), _("How many")])
    counted = mixing(entries, station_weeks(until=today), today=today)
    for figure in mixing_figures(counted, hides_small=True):
        writer.writerow([figure.label, figure.number])
    return response
