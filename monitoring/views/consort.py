"""The flow of stations and women through the trial: drawn, as tables, as a file, on paper, and the lists behind it."""

import csv
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import may_open
from accounts.numbers import grouped_count
from accounts.requests import SignedInRequest
from accounts.roles import BLINDED_ROLES, Role
from documents.flow_drawing import Drawing, as_diagram
from documents.pdf import Document
from monitoring.consort import Cell, Group, Stage, stages, wave_stage
from monitoring.presenters import consort as presenters
from monitoring.queries.consort import enrolled_by_station, listed_women, trial_cells, trial_groups
from monitoring.wave_tables import hidden_fates
from panel.queries import reads_arm as may_name_groups
from protocol.queries import current_protocol
from stations.frame_listing import EligibilityFlow, eligibility_flow
from stations.queries import frame_rows
from surveys.queries.tracking import tracked

WOMEN_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Flow:
    groups: list[Group]
    cells: list[Cell]
    stages: list[Stage]
    words: presenters.FlowWords
    hides_small: bool


def trial_flow(request: SignedInRequest) -> HttpResponse:
    flow, stations = _flow(request), eligibility_flow(frame_rows())
    context = {
        "drawing": _drawing(flow, stations, opens_lists=may_open(request.user.role, "trial_flow_list")),
        "finding": presenters.flow_finding(stations, flow.stages) or _("Flow of the study"),
        "groups": flow.words.groups.values(),
        "tables": presenters.stage_tables(flow.stages, flow.words),
        "hides_small": flow.hides_small,
    }
    return render(request, "monitoring/trial_flow.html", context)


def trial_flow_file(request: SignedInRequest) -> HttpResponse:
    flow = _flow(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="flujo.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Stage"), _("Line"), *flow.words.groups.values(), _("Total")])
    for table in presenters.stage_tables(flow.stages, flow.words):
        for label, counts in table.rows:
            writer.writerow([table.title, label, *("" if count is None else count for count in counts)])
    return response


def trial_flow_paper(request: SignedInRequest) -> HttpResponse:
    flow, now = _flow(request), timezone.now()
    document = Document(title=_("Flow of the study"), made_at=now)
    document.facts([(_("As of"), date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT"))])
    for table in presenters.stage_tables(flow.stages, flow.words):
        document.heading(table.title)
        header = ["", *flow.words.groups.values(), _("Total")]
        rows = [
            [label, *("·" if count is None else grouped_count(count) for count in counts)]
            for label, counts in table.rows
        ]
        document.table_of_counts(header, rows)
    document.diagram(as_diagram(_drawing(flow, eligibility_flow(frame_rows()), opens_lists=False)))
    headers = {"Content-Disposition": 'attachment; filename="flujo.pdf"'}
    return HttpResponse(document.content(), content_type="application/pdf", headers=headers)


def _written(count: int | None) -> str:
    return "·" if count is None else grouped_count(count)


def trial_flow_list(request: SignedInRequest, stage: str, line: str, group: str) -> HttpResponse:
    flow = _flow(request)
    found = next((one for one in flow.groups if one.key == group), None)
    of_stage = next((one for one in flow.stages if one.name == stage and line in one.lines), None)
    if found is None or of_stage is None or not presenters.list_url(of_stage, line, found, flow.groups.index(found)):
        raise Http404
    pseudonymous = request.user.role != Role.ADMINISTRATOR
    women = listed_women(found, stage, line, today=timezone.localdate(), pseudonymous=pseudonymous)
    context = {
        "title": flow.words.stages[stage],
        "line": presenters.LINES[line],
        "group": flow.words.groups[group],
        "page": Paginator(women, WOMEN_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "monitoring/trial_flow_list.html", context)


def _flow(request: SignedInRequest) -> _Flow:
    language, protocol = get_language() or "es", current_protocol()
    reads_arm, hides_small = may_name_groups(request.user), request.user.role in BLINDED_ROLES
    groups = trial_groups(reads_arm=reads_arm)
    cells = trial_cells(today=timezone.localdate())
    waves = [wave.label.in_language(language) for wave in protocol.waves]
    arms = {arm.code: arm.label.in_language(language) for arm in protocol.arms} if reads_arm else {}
    totals = hidden_fates(tracked(timezone.localdate()), len(waves)) if hides_small and groups else []
    hidden = {wave_stage(wave): fates for wave, fates in enumerate(totals)}
    found = stages(groups, cells, waves=len(waves), hides_small=hides_small, hidden=hidden) if groups else []
    return _Flow(groups, cells, found, presenters.flow_words(groups, arms, waves), hides_small)


def _drawing(flow: _Flow, stations: EligibilityFlow, *, opens_lists: bool) -> Drawing:
    return presenters.flow_drawing(
        stations,
        flow.groups,
        flow.stages,
        flow.words,
        women=enrolled_by_station(flow.cells),
        hides_small=flow.hides_small,
        opens_lists=opens_lists,
    )
