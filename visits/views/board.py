"""The supervisor's week by woman and by officer; a visit moved, agreed, undone; the day on paper and in counts."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants.queries import masked_names, participants_listed
from visits import presenters, queries, services
from visits.forms.board import AgreedForm, MoveForm, OfficersForm
from visits.models import Visit, VisitChange
from visits.queries import board, escalation
from visits.weeks import WEEK, WeekInvalid, monday_of, parse_week, week_label

ROWS_A_PAGE = 50


def week_board(request: SignedInRequest) -> HttpResponse:
    monday = _monday_asked_for(request)
    page = Paginator(queries.plans_of_week(request.user, monday), ROWS_A_PAGE).get_page(request.GET.get("page"))
    women = [plan.participant_id for plan in page.object_list]
    visits = queries.visits_of_week(request.user, monday).filter(participant__in=women)
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": presenters.board_rows(page.object_list, visits, monday, today),
        "missing": queries.visits_of_week(request.user, monday)
        .filter(status="planned", first_officer=None, planned_on__gte=today)
        .count(),
        **_week_words(monday),
    }
    return render(request, "visits/week_board.html", context)


def week_officers(request: SignedInRequest) -> HttpResponse:
    monday = _monday_asked_for(request)
    visits = board.visits_by_officer(queries.visits_of_week(request.user, monday))
    rows = presenters.officer_weeks(board.officers_of_week(request.user, monday), visits, monday, timezone.localdate())
    return render(request, "visits/week_officers.html", {"rows": rows, **_week_words(monday)})


def visit_move(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit, now = get_object_or_404(queries.visits_in_reach(request.user), pk=visit_id), timezone.now()
    form = MoveForm(request.POST or None, initial={"to": request.GET.get("dia", visit.planned_on)})
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            services.move_visit(
                by=request.user,
                visit=visit,
                to=filled["to"],
                reason=VisitChange.Reason(filled["reason"]),
                outside=form.outside(),
                now=now,
            )
            messages.success(request, _("The visit is moved."))
            return redirect("visit_move", visit.pk)
        except StudyError as error:
            form.add_error("to", str(error))
    context = {
        "visit": visit,
        "form": form,
        "choices": presenters.choice_rows(board.choices_for(visit, now), visit),
        "changes": board.changes_of(visit),
        "week": week_label(monday_of(visit.planned_on)),
    }
    return render(request, "visits/visit_move.html", context)


def visit_officers(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit, now = get_object_or_404(queries.visits_in_reach(request.user), pk=visit_id), timezone.now()
    rows = presenters.candidate_rows(board.candidates_for(visit, now))
    choices = [(row.officer.pk, row.label) for row in rows if not row.why_not]
    form = OfficersForm(request.POST or None, choices=choices, initial={"officers": _team_asked_for(request, visit)})
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        reason = VisitChange.Reason(filled["reason"])
        try:
            services.choose_officers(
                by=request.user, visit=visit, officer_ids=filled["officers"], reason=reason, now=now
            )
            messages.success(request, _("Chosen: these officers go, and no plan changes that."))
            return redirect("visit_move", visit.pk)
        except StudyError as error:
            form.add_error("officers", str(error))
    barred = [row for row in rows if row.why_not]
    context = {
        "visit": visit,
        "form": form,
        "rows": rows,
        "barred": barred,
        "week": week_label(monday_of(visit.planned_on)),
    }
    return render(request, "visits/visit_officers.html", context)


@require_POST
def change_undo(request: SignedInRequest, change_id: int) -> HttpResponse:
    in_reach = VisitChange.objects.filter(visit__in=queries.visits_in_reach(request.user))
    change = get_object_or_404(in_reach.select_related("visit"), pk=change_id)
    try:
        services.undo_change(by=request.user, change=change, now=timezone.now())
        messages.success(request, _("Undone."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("visit_move", change.visit_id)


def visit_agree(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(participants_listed(request.user), study_code=study_code)
    form = AgreedForm(request.POST or None, initial={"day": timezone.localdate() + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            services.agree_visit(
                by=request.user,
                participant=participant,
                day=day,
                reason=VisitChange.Reason(form.cleaned_data["reason"]),
                now=timezone.now(),
            )
            messages.success(request, _("The visit is planned."))
            return redirect(f"{reverse('week_board')}?semana={week_label(monday_of(day))}")
        except StudyError as error:
            form.add_error("day", str(error))
    return render(request, "visits/visit_agree.html", {"participant": participant, "form": form})


def day_sheet(request: SignedInRequest) -> HttpResponse:
    day = _day_asked_for(request)
    visits = services.print_day_sheet(by=request.user, day=day)
    names = masked_names(visit.participant for visit in visits)
    rows = presenters.visit_rows(visits, None, names)
    return render(request, "visits/day_sheet.html", {"rows": rows, "day": day, "printed_at": timezone.now()})


def station_morning(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {"digest": escalation.digest_for(request.user, today), "today": today}
    return render(request, "visits/station_morning.html", context)


def _team_asked_for(request: SignedInRequest, visit: Visit) -> list[int]:
    """Return who goes now, with whoever was dragged in (`con`) in the place of whom (`sin`)."""
    asked = {name: request.GET.get(name, "") for name in ("con", "sin")}
    coming, going = ([int(asked[name])] if asked[name].isdecimal() else [] for name in ("con", "sin"))
    return [*coming, *(officer for officer in visit.officer_ids if officer not in going)]


def _week_words(monday: date) -> dict[str, object]:
    return {
        "days": [monday + timedelta(days=number) for number in range(WEEK.days)],
        "today": timezone.localdate(),
        "week": week_label(monday),
        "before": week_label(monday - WEEK),
        "after": week_label(monday + WEEK),
    }


def _monday_asked_for(request: SignedInRequest) -> date:
    this_monday = monday_of(timezone.localdate())
    try:
        return parse_week(request.GET.get("semana", week_label(this_monday)))
    except WeekInvalid:
        return this_monday


def _day_asked_for(request: SignedInRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("dia", ""))
    except ValueError:
        return timezone.localdate()
