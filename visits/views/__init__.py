"""The officer's day, one visit and its log; the supervisor's missed visits and week."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from care.queries import was_offered
from participants.presenters.contacts import plan_state
from participants.queries import masked_names
from participants.safe_contact import CardPurpose
from participants.services import open_safe_contact_card
from risk.queries import scale_in_force
from visits import presenters, queries, services
from visits.forms import ConflictForm, CorrectionForm, MissedReasonForm, VisitLogForm
from visits.models import LogConflict, Visit, VisitLog
from visits.states import LOGGABLE
from visits.weeks import FIRST_YEAR, LAST_YEAR, monday_of

DAYS_SHOWN = range(-1, 6)
ROWS_A_PAGE = 50


def visit_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    day = _day_asked_for(request, today)
    days = sorted({day, *(today + timedelta(days=n) for n in DAYS_SHOWN)})
    counts = queries.day_counts(request.user, days)
    visits = list(queries.visits_on(request.user, day))
    names = masked_names(visit.participant for visit in visits)
    context = {
        "rows": presenters.visit_rows(visits, scale_in_force(today), names),
        "days": counts,
        "day": next(count for count in counts if count.day == day),
        "today": today,
        "plan_made_at": queries.plan_made_at(request.user, monday_of(day)),
    }
    return render(request, "visits/visit_list.html", context)


def visit_detail(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit = _in_scope(request, visit_id)
    (row,) = presenters.visit_rows([visit], scale_in_force(timezone.localdate()))
    context: dict[str, Any] = {"row": row, "participant": visit.participant}
    context["may_log"] = row.is_open and visit.planned_on <= timezone.localdate()
    context["correction"] = queries.waiting_correction(visit)
    context["may_correct"] = context["correction"] is None and queries.may_correct(request.user, visit)
    context["may_move"] = row.kind == "info" and request.user.has(Permission.MOVE_VISITS)
    if row.is_open:
        try:
            context["state"] = plan_state(request.user, visit.participant, timezone.now())
            context["identity"] = open_safe_contact_card(
                by=request.user, participant=visit.participant, purpose=CardPurpose.VISIT, now=timezone.now()
            )
        except StudyError as error:
            context["refusal"] = str(error)
    return render(request, "visits/visit_detail.html", context)


def visit_log(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit = get_object_or_404(queries.visits_to_log(request.user), pk=visit_id)
    form = VisitLogForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            log = services.log_visit(
                by=request.user,
                visit=visit,
                log_id=form.cleaned_data["log_id"],
                outcome=VisitLog.Outcome(form.cleaned_data["outcome"]),
                occurred_at=form.occurred_at(),
                answers=form.answers(),
                note=form.cleaned_data["note"],
                now=now,
            )
        except StudyError as error:
            form.refuse(error)
        else:
            _say_saved(request, log, now)
            if log.new_incident == VisitLog.Answer.YES and visit.station_id == visit.participant.station_id:
                messages.warning(request, _("Something happened since the last visit: fill in the sheet with her now."))
                return redirect("assess_risk", visit.participant.study_code)
            return redirect(f"{reverse('visit_list')}?dia={visit.planned_on.isoformat()}")
    elif not form.is_bound and visit.status not in LOGGABLE:
        return redirect("visit_detail", visit_id=visit.pk)
    return render(request, "visits/visit_log.html", {"form": form, "visit": visit})


def visit_correct(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit = _in_scope(request, visit_id)
    log = get_object_or_404(VisitLog, visit=visit)
    form = CorrectionForm(request.POST or None, log=log)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_log(
                by=request.user,
                log=log,
                correction_id=form.cleaned_data["log_id"],
                content=form.content(),
                reason=LogConflict.Correction(form.cleaned_data["correction"]),
                now=timezone.now(),
            )
        except StudyError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Correction sent. Both stay kept, and your supervisor decides."))
            return redirect("visit_detail", visit_id=visit.pk)
    return render(request, "visits/visit_correct.html", {"form": form, "visit": visit})


def _say_saved(request: SignedInRequest, log: VisitLog, now: datetime) -> None:
    said = _("Visit saved.") if log.received_at == now else _("This visit was already saved: nothing is lost.")
    messages.success(request, f"{log.visit.participant.study_code} · {said}")
    if was_offered(request.user, str(log.pk)):
        messages.info(request, _("That visit may have been hard. On the page “For you” there is somebody to talk to."))


def missed_list(request: SignedInRequest) -> HttpResponse:
    missed = Paginator(queries.visits_to_explain(request.user), ROWS_A_PAGE)
    return render(request, "visits/missed_list.html", {"page": missed.get_page(request.GET.get("page"))})


def explain_missed(request: SignedInRequest, visit_id: UUID) -> HttpResponse:
    visit = _in_scope(request, visit_id)
    form = MissedReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.explain_missed_visit(
                by=request.user,
                visit=visit,
                reason=Visit.MissedReason(form.cleaned_data["reason"]),
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Reason saved."))
            return redirect("missed_list")
    return render(request, "visits/explain_missed.html", {"form": form, "visit": visit})


def conflict_list(request: SignedInRequest) -> HttpResponse:
    conflicts = Paginator(queries.conflicts_to_decide(request.user), ROWS_A_PAGE)
    return render(request, "visits/conflict_list.html", {"page": conflicts.get_page(request.GET.get("page"))})


def conflict_decide(request: SignedInRequest, pair_id: int) -> HttpResponse:
    conflict = get_object_or_404(queries.conflicts_in_reach(request.user), pk=pair_id)
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = LogConflict.Decision(form.cleaned_data["decision"])
        try:
            services.decide_conflict(by=request.user, conflict=conflict, decision=decision, now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Decision saved. Both logs stay kept."))
            return redirect("conflict_list")
    try:
        notes = services.open_conflict(by=request.user, conflict=conflict, now=timezone.now())
    except StudyError as error:
        return render(request, "visits/conflict_decide.html", {"conflict": conflict, "refusal": str(error)})
    rows = presenters.compared(conflict, notes)
    return render(request, "visits/conflict_decide.html", {"conflict": conflict, "rows": rows, "form": form})


def breach_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.logs_with_breaches(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = presenters.breach_rows(page.object_list)
    return render(request, "visits/breach_list.html", {"page": page, "rows": rows})


def _in_scope(request: SignedInRequest, visit_id: UUID) -> Visit:
    return get_object_or_404(queries.visits_in_reach(request.user), pk=visit_id)


def _day_asked_for(request: SignedInRequest, today: date) -> date:
    try:
        day = date.fromisoformat(request.GET.get("dia", ""))
    except ValueError:
        return today
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today
