"""Who did not answer: by wave and group, how far the groups lie apart, and why."""

import csv
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from accounts.roles import BLINDED_ROLES
from monitoring.attrition import Attrition, attrition, latest_told
from monitoring.consort import Group, stages
from monitoring.presenters import reason_labels, wave_labels
from monitoring.presenters.consort import FlowWords, flow_words
from monitoring.queries.attrition import missed_surveys
from monitoring.queries.consort import attrition_cells, trial_groups
from monitoring.trend_chart import trend
from monitoring.wave_tables import group_reason_table, reason_table
from panel.queries import reads_arm as may_name_groups
from protocol.queries import current_protocol
from surveys.queries.tracking import tracked


@dataclass(frozen=True, slots=True)
class _Found:
    words: FlowWords
    columns: list[str]
    waves: list[Attrition]
    groups: list[Group]


def wave_attrition(request: SignedInRequest) -> HttpResponse:
    found, cases = _found(request), tracked(timezone.localdate())
    reasons = reason_labels({one.reason for one in cases if one.state == "missed"})
    waves = wave_labels(get_language() or "es")
    lines = {name: [wave.shares[place] for wave in found.waves] for place, name in enumerate(found.columns)}
    by_group = missed_surveys() if reasons and may_name_groups(request.user) else []
    last = latest_told(found.waves)
    context = {
        "found": found,
        "rows": [(found.words.stages[wave.stage], wave) for wave in found.waves],
        "last_share": last.shares[-1] if last else None,
        "last_name": found.words.stages[last.stage] if last else "",
        "chart": trend([found.words.stages[wave.stage] for wave in found.waves], lines),
        "reasons": reason_table(cases, reasons, len(waves)) if reasons else [],
        "wave_names": list(waves.values()),
        "by_group": group_reason_table(by_group, reasons, found.groups) if by_group else [],
        "group_names": found.columns[:-1],
    }
    return render(request, "monitoring/wave_attrition.html", context)


def wave_attrition_file(request: SignedInRequest) -> HttpResponse:
    found = _found(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sin-respuesta.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Wave"), *found.columns, _("Difference (points)")])
    for wave in found.waves:
        writer.writerow([found.words.stages[wave.stage], *wave.shares, wave.difference])
    return response


def _found(request: SignedInRequest) -> _Found:
    language, protocol = get_language() or "es", current_protocol()
    reads_arm = may_name_groups(request.user)
    groups = trial_groups(reads_arm=reads_arm)
    arms = {arm.code: arm.label.in_language(language) for arm in protocol.arms} if reads_arm else {}
    words = flow_words(groups, arms, [wave.label.in_language(language) for wave in protocol.waves])
    columns = [*words.groups.values(), _("All")]
    if not groups:
        return _Found(words, columns, [], [])
    given_up = timezone.localdate() - timedelta(days=protocol.instruments.missed_after_days)
    cells = attrition_cells(over_before=given_up)
    counted = stages(groups, cells, waves=len(protocol.waves), hides_small=False)[1:-1]
    return _Found(words, columns, attrition(counted, hides_small=request.user.role in BLINDED_ROLES), groups)
