"""The dose: what was planned and what came of it, by station for readers of the arm, by week for the others."""

import csv
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from monitoring.dose import StationWeek, shown_weeks, total
from monitoring.presenters.dose import STATE_LABELS, dose_chart, dose_finding, station_rows, week_name, week_rows
from monitoring.queries.dose import counted_at, station_weeks, trained_by_station, trained_by_week
from monitoring.shares import shown_share
from stations.queries import study_codes
from visits.weeks import monday_of


def visit_dose(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    weeks, reads_arm = station_weeks(until=today), request.user.has(Permission.READ_ARM)
    trained, shown = trained_by_station(on=today), shown_weeks(weeks)
    complete = [sum(numbers) for numbers in zip(*trained.values(), strict=True)] or [0, 0]
    context = {
        "reads_arm": reads_arm,
        "states": STATE_LABELS.values(),
        "whole": total(weeks),
        "total": shown[-1] if shown else None,
        "trained_pct": shown_share(*complete),
        "finding": dose_finding(weeks, this_monday=monday_of(today)),
        "chart": dose_chart(shown, this_monday=monday_of(today)),
        "stations": station_rows(weeks, study_codes(), trained) if reads_arm and weeks else [],
        "weeks": week_rows(weeks, trained_by_week(weeks, today=today)) if reads_arm else [],
        "shown": [(week_name(week.monday), week) for week in shown] if not reads_arm else [],
        "counted_at": counted_at(),
    }
    return render(request, "monitoring/visit_dose.html", context)


def visit_dose_file(request: SignedInRequest) -> HttpResponse:
    weeks = station_weeks(until=timezone.localdate())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visitas.csv"'
    writer, states = csv.writer(response), [str(label) for label in STATE_LABELS.values()]
    if not request.user.has(Permission.READ_ARM):
        writer.writerow([_("Week of"), *states, _("Planned"), _("Done (per cent)"), _("On time (per cent)")])
        for week in shown_weeks(weeks):
            writer.writerow([week.monday or "", *week.states, week.planned, week.done_pct, week.on_time_pct])
        return response
    _write_stations(writer, weeks, states)
    return response


def _write_stations(writer: Any, weeks: list[StationWeek], states: list[str]) -> None:
    codes, trained = study_codes(), trained_by_week(weeks, today=timezone.localdate())
    more = (_("Planned"), _("Attempted"), _("On time"), _("Without officers"), _("Beside the plan"))
    last = (_("Above the usual"), _("No day left"), _("Officers trained"), _("Officers"))
    writer.writerow([_("Week of"), _("Station"), *states, *more, *last])
    for one in weeks:
        dose = one.dose
        said = (dose.planned, dose.attempted, dose.on_time, dose.without_officers, dose.beside_plan)
        beside = (dose.women_above_usual, dose.short, *trained.get((one.station_id, one.monday), ("", "")))
        writer.writerow([one.monday, codes.get(one.station_id, ""), *dose.states, *said, *beside])
