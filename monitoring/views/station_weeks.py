"""Enrolment by station and week, whole: for readers of the arm alone, since a week of one station is a small cell."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import SignedInRequest
from monitoring.presenters.station_weeks import counted, file_rows, station_weeks_page
from participants.queries import enrolled_by_day, recruiters, recruitment_flow
from protocol.queries import current_protocol
from stations.queries import study_codes


def station_weeks(request: SignedInRequest) -> HttpResponse:
    codes, page = study_codes(), None
    if codes:
        known = counted(enrolled_by_day(codes), recruitment_flow(), recruiters())
        page = station_weeks_page(known, codes, current_protocol().sampling, today=timezone.localdate())
    return render(request, "monitoring/station_weeks.html", {"page": page if page and page.weeks else None})


def station_weeks_file(request: SignedInRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ingresos-por-estacion.csv"'
    if codes := study_codes():
        known = counted(enrolled_by_day(codes), recruitment_flow(), recruiters())
        sampling, today = current_protocol().sampling, timezone.localdate()
        csv.writer(response).writerows(file_rows(known, codes, sampling, today=today))
    return response
