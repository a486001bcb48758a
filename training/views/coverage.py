"""How far the officers of each station are trained, and who misses what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from stations.queries import study_codes
from training.presenters.coverage import coverage_rows, score_rows
from training.presenters.sessions import module_labels
from training.queries.coverage import coverage, score_changes


def training_coverage(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    lines = coverage(on=today)
    modules = module_labels() if lines else {}
    context = {
        "rows": coverage_rows(lines),
        "modules": modules,
        "scores": score_rows(score_changes(), codes=study_codes(), modules=modules) if lines else [],
        "may_manage": request.user.has(Permission.MANAGE_TRAINING),
        "today": today,
    }
    return render(request, "training/training_coverage.html", context)
