"""Her part in the study: a pause, a return, an end, a withdrawal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants import queries, services
from participants.forms.status import ReturnDayForm, StatusForm, WithdrawalForm
from participants.models import Participant
from participants.presenters.part import history_lines, pause_rows
from participants.status import TRANSITIONS

ROWS_A_PAGE = 50


def participant_status(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    form = StatusForm(request.POST or None, following=TRANSITIONS[participant.status])
    if request.method == "POST" and form.is_valid():
        try:
            services.change_status(
                by=request.user,
                participant=participant,
                to=Participant.Status(form.cleaned_data["to"]),
                reason=form.cleaned_data["reason"],
                return_on=form.cleaned_data.get("return_on"),
                now=timezone.now(),
            )
        except StudyError as error:
            form.add_error("return_on" if isinstance(error, services.ReturnDayWrong) else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("participant_history", study_code=study_code)
    return render(request, "participants/participant_status.html", {"form": form, "participant": participant})


def participant_history(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    lines = history_lines(queries.status_history(participant), queries.screening_of(participant))
    context = {"participant": participant, "lines": lines, "pause": queries.pause_of(participant)}
    return render(request, "participants/participant_history.html", context)


def pause_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.women_to_come_back(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = queries.masked_names(pause.participant for pause in page.object_list)
    rows = pause_rows(page.object_list, names, timezone.localdate())
    return render(request, "participants/pause_list.html", {"page": page, "rows": rows})


def pause_postpone(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_listed(request.user), study_code=study_code)
    form = ReturnDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["return_on"]
        try:
            services.postpone_return(by=request.user, participant=participant, return_on=day, now=timezone.now())
        except StudyError as error:
            form.add_error("return_on", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("pause_list")
    return render(request, "participants/pause_postpone.html", {"form": form, "participant": participant})


def participant_withdraw(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = get_object_or_404(queries.participants_to_withdraw(request.user), study_code=study_code)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _withdraw(request, participant, form)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Withdrawn: what she ended has stopped."))
            return redirect("withdrawal_list", study_code=study_code)
    return render(request, "participants/participant_withdraw.html", {"form": form, "participant": participant})


def _withdraw(request: SignedInRequest, participant: Participant, form: WithdrawalForm) -> None:
    words = {
        "by": request.user,
        "participant": participant,
        "now": timezone.now(),
        "reason": form.cleaned_data["reason"],
    }
    if form.is_whole:
        services.withdraw_participant(**words, erase=form.cleaned_data["past"] == "erase")
    else:
        services.withdraw_in_part(**words, parts=form.parts())
