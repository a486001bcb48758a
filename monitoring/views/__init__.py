"""Is the study sound, and what needs somebody? Counts only."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from prometheus_client import CONTENT_TYPE_LATEST

from accounts.access import may_open
from accounts.requests import SignedInRequest
from accounts.roles import BLINDED_ROLES
from audit.queries import latest_checkpoint
from monitoring import queries
from monitoring.consort import FATES
from monitoring.forms import StationChoiceForm
from monitoring.metrics import exposition
from monitoring.presenters import (
    age_words,
    blinding_counts,
    case_age_rows,
    exclusion_rows,
    job_label,
    recruiter_rows,
    recruitment_tables,
    referral_line,
    wave_labels,
    without_small,
)
from monitoring.presenters.consort import LINES as CONSORT_LINES
from monitoring.presenters.enrolment import enrolment
from monitoring.presenters.overview import overview_lines, overview_waves
from monitoring.queries.health import backup_now, health_at, queue_length
from participants.queries import enrolled_by_day, exclusion_counts, recruiters, recruitment_flow
from protocol.queries import current_protocol
from referrals.queries import referral_counts
from risk.presenters import scale_level_rows
from risk.queries import overdue_reassessments, scale_in_force, scale_rules
from safety.queries import open_case_ages, waiting_counts
from stations.queries import latest_check, study_codes
from surveys.queries.tracking import tracked
from visits.queries import oldest_unsent

INCIDENTS_PER_PAGE = 50


def health(request: HttpRequest) -> HttpResponse:
    database = queries.database_answers()
    answer = {
        "database": database,
        "queue": queries.queue_answers(),
        "jobs_on_time": database and not any(job.is_late for job in queries.job_states(now=timezone.now())),
        "backup_on_time": database and not backup_now(timezone.now()).is_old,
    }
    is_serving = answer["database"] and answer["queue"]
    said = {"status": "ok" if is_serving else "failing", **answer}
    # What a proxy kept would say that all is well while it is not.
    return JsonResponse(said, status=200 if is_serving else 503, headers={"Cache-Control": "no-store"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a watching program that shows the key of the settings; without a key set there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Key ")
    if not settings.METRICS_KEY or not secrets.compare_digest(shown.encode(), settings.METRICS_KEY.encode()):
        raise Http404
    numbers = exposition(health_at(timezone.now()))
    return HttpResponse(numbers, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def study_overview(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    protocol = current_protocol()
    monday = today - timedelta(days=today.weekday())
    lines, is_blinded = queries.station_lines(monday=monday, today=today), _is_blinded(request)
    waiting, overdue = waiting_counts(now)
    position, head = queries.audit_head()
    context = {
        "monday": monday,
        "lines": overview_lines(lines, hides_small=is_blinded),
        "hides_small": is_blinded,
        "target": protocol.sampling.women_per_station,
        "target_a_week": protocol.sampling.women_per_week,
        "enrolled": sum(line.enrolled for line in lines),
        "wanted": protocol.sampling.women_per_station * protocol.sampling.stations,
        "planned": sum(line.planned for line in lines),
        "done": sum(line.done for line in lines),
        "missed": sum(line.missed for line in lines),
        "sheets_overdue": overdue_reassessments(today).count(),
        "fates": [CONSORT_LINES[fate] for fate in FATES],
        "waves": overview_waves(tracked(today), wave_labels(get_language() or "es"), hides_small=is_blinded),
        "oldest_unsent": age_words(oldest_unsent(), now),
        "alerts_waiting": waiting,
        "alerts_overdue": overdue,
        "referrals": referral_line(referral_counts()),
        "jobs": [(job_label(job.job), job) for job in queries.job_states(now=now)],
        "allocation_differs": bool((check := latest_check()) and check.problem),
        "allocation_check": check,
        "case_ages": case_age_rows(open_case_ages(now)),
        "backup": backup_now(now),
        "audit_position": position,
        "audit_head": head,
        "checkpoint": latest_checkpoint(),
        "queue_length": queue_length(),
        "opens_checkpoints": may_open(getattr(request.user, "role", None), "checkpoint_list"),
    }
    return render(request, "monitoring/study_overview.html", context)


def low_level_incidents(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    scale = scale_in_force(today)
    found = queries.incidents_at_low_level(request.user, today=today)
    page = Paginator(found, INCIDENTS_PER_PAGE).get_page(request.GET.get("page"))
    levels = scale_level_rows(scale_rules(scale), None) if scale else []
    rows = [(one, levels[one.rank].label if one.rank < len(levels) else "") for one in page.object_list]
    opens = may_open(request.user.role, "risk_history")
    return render(request, "monitoring/low_level_incidents.html", {"page": page, "rows": rows, "opens": opens})


def recruitment(request: SignedInRequest) -> HttpResponse:
    codes, is_blinded = study_codes(), _is_blinded(request)
    choice = StationChoiceForm(request.GET if not is_blinded else None, codes=codes)
    protocol = current_protocol() if codes else None
    rules = protocol.screening if protocol else None
    excluded = exclusion_rows(exclusion_counts(), rules, station=choice.station, language=get_language() or "es")
    who, days = recruiters(), enrolled_by_day(codes)
    today = timezone.localdate()
    context = {
        **recruitment_tables(recruitment_flow(), codes, station=choice.station, hides_small=is_blinded),
        "enrolment": protocol
        and enrolment(days, codes, protocol.sampling, station=choice.station, today=today, hides_small=is_blinded),
        "excluded": without_small(excluded) if is_blinded else excluded,
        "choice": choice,
        "is_blinded": is_blinded,
        "recruiters": [] if is_blinded else recruiter_rows(who, codes),
        **blinding_counts(who, hides_small=is_blinded),
    }
    return render(request, "monitoring/recruitment.html", context)


def _is_blinded(request: HttpRequest) -> bool:
    return getattr(request.user, "role", None) in BLINDED_ROLES
