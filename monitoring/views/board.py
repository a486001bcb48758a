"""The board's own page: the week and the whole in counts, and the signed check of the audit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import SignedInRequest
from accounts.roles import Role
from monitoring.presenters.board import board_paper, board_sections, checkpoint_words, week_words
from monitoring.presenters.needs import need_rows
from monitoring.queries.board import ONE_WEEK, BoardWeek, board_week
from visits.weeks import monday_of


def board_page(request: SignedInRequest) -> HttpResponse:
    week, now = _last_week(), timezone.now()
    is_board = request.user.role == Role.ETHICS_BOARD
    context = {
        "needs": need_rows(request.user, now=now) if is_board else [],
        "sections": board_sections(week),
        "week": week_words(week),
        "checkpoint": week.checkpoint,
        "checkpoint_words": checkpoint_words(week),
        "now": now,
    }
    return render(request, "monitoring/board_page.html", context)


def board_page_paper(request: SignedInRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="semana.pdf"'}
    content = board_paper(_last_week(), now=timezone.now())
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _last_week() -> BoardWeek:
    """Count the last week that is over."""
    return board_week(monday_of(timezone.localdate()) - ONE_WEEK)
