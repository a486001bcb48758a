"""Each role's first page: what needs her today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import SignedInRequest
from accounts.roles import Role
from monitoring.presenters.needs import need_rows, usual_page
from protocol.queries import current_protocol


def today(request: SignedInRequest) -> HttpResponse:
    # Without one there is nothing to do but to load it, and whoever asks is told so.
    current_protocol()
    now = timezone.now()
    usual_url, usual_label = usual_page(Role(request.user.role))
    context = {
        "rows": need_rows(request.user, now=now),
        "usual_url": usual_url,
        "usual_label": usual_label,
        "now": now,
    }
    return render(request, "monitoring/today.html", context)
