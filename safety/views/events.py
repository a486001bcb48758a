"""Adverse events: written by the safety officer; read, without codes, by the board."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from safety import presenters, queries, services
from safety.forms import EventForm, ReadForm, WithdrawEventForm

EVENTS_PER_PAGE = 50


def event_add(request: SignedInRequest, safety_case_id: int) -> HttpResponse:
    case = get_object_or_404(queries.cases_listed(request.user), pk=safety_case_id)
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        judgement, note = form.judgement(), form.cleaned_data["note"]
        try:
            services.record_event(by=request.user, case=case, judgement=judgement, note=note, now=timezone.now())
        except StudyError as error:
            form.add_error(_field_of(error), str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_detail", safety_case_id=case.pk)
    (row,) = presenters.case_rows([case], timezone.now())
    return render(request, "safety/event_add.html", {"row": row, "form": form})


def event_judge(request: SignedInRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(queries.events_to_judge(request.user), pk=event_id)
    form = EventForm(request.POST or None, initial=presenters.judged(event))
    if request.method == "POST" and form.is_valid():
        judgement, note = form.judgement(), form.cleaned_data["note"]
        try:
            services.judge_event_again(by=request.user, event=event, judgement=judgement, note=note, now=timezone.now())
        except StudyError as error:
            form.add_error(_field_of(error), str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_detail", safety_case_id=event.case_id)
    return render(request, "safety/event_judge.html", {"event": event, "form": form})


def event_withdraw(request: SignedInRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(queries.events_to_judge(request.user), pk=event_id)
    form = WithdrawEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.withdraw_event(by=request.user, event=event, reason=reason, now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("case_detail", safety_case_id=event.case_id)
    return render(request, "safety/event_withdraw.html", {"event": event, "form": form})


def event_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(queries.events_listed(request.user), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "counts": presenters.count_rows(queries.case_counts(now), now),
        "may_acknowledge": request.user.has(Permission.ACKNOWLEDGE_EVENTS),
        "shown": presenters.shown_new(page.object_list),
        "board_size": queries.board_size(),
    }
    return render(request, "safety/event_list.html", context)


@require_POST
def events_read(request: SignedInRequest) -> HttpResponse:
    form = ReadForm(request.POST)
    if form.is_valid():
        services.acknowledge_events(by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("event_list")


def _field_of(error: StudyError) -> str | None:
    return {services.NoteNeeded: "note", services.EventInFuture: "occurred_on"}.get(type(error))
