"""The administrator's list of sessions, one session, and planning, moving or withdrawing it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations.queries import study_codes
from training import services
from training.forms.sessions import ChangeForm, ListForm, PlanForm, WithdrawForm
from training.models import Session
from training.presenters import sessions as presenters
from training.queries.sessions import recorded, roster, sessions, sessions_shown
from training.states import may_become

SESSIONS_A_PAGE = 50
FIELD_OF_ERROR = {
    services.NotATrainingStation: "deviation_reason",
    services.SessionTaken: "held_on",
    services.NobodyMissing: "kind",
    services.RegularSessionFirst: "kind",
    services.SessionsUsedUp: "kind",
}


def training_list(request: SignedInRequest) -> HttpResponse:
    codes, look = study_codes(), ListForm(request.GET)
    page = Paginator(sessions_shown(look.show), SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": presenters.session_rows(page, codes),
        "page": page,
        "show": look.show,
        "filters": presenters.FILTERS.items(),
        "has_stations": bool(codes),
        "modules": presenters.module_labels().items() if codes else (),
    }
    return render(request, "training/training_list.html", context)


def training_plan(request: SignedInRequest) -> HttpResponse:
    if not study_codes():
        return redirect("training_list")
    form = PlanForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            session = services.plan_session(
                by=request.user,
                station=form.chosen_station(),
                kind=Session.Kind(filled["kind"]),
                modules=filled["modules"],
                facts=form.facts(),
                deviation_reason=filled["deviation_reason"],
            )
        except StudyError as error:
            form.add_error(FIELD_OF_ERROR.get(type(error)), str(error))
        else:
            messages.success(request, _("The session is planned."))
            return redirect("training_session", session_id=session.pk)
    return render(request, "training/training_plan.html", {"form": form})


def training_session(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    labels = presenters.module_labels()
    lines = presenters.roster_lines(session, roster(session), recorded(session))
    context = {
        "session": session,
        "station_code": study_codes()[session.station_id],
        "modules": [(number, labels.get(number, "")) for number in session.modules],
        "status_kind": presenters.STATUS_KINDS[Session.Status(session.status)],
        "lines": lines,
        "has_certificates": session.status == Session.Status.HELD and any(line.attended for line in lines),
        "may_change": may_become(session.status, Session.Status.HELD),
        "may_write": may_become(session.status, Session.Status.WITHDRAWN),
    }
    return render(request, "training/training_session.html", context)


def training_change(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    form = ChangeForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(
                by=request.user, session=session, facts=form.facts(), seen=form.cleaned_data["seen"]
            )
        except StudyError as error:
            form.add_error(FIELD_OF_ERROR.get(type(error)), str(error))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("training_session", session_id=session.pk)
    return render(request, "training/training_change.html", {"form": form, "session": session})


def training_withdraw(request: SignedInRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions(), pk=session_id)
    form = WithdrawForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            services.withdraw_session(by=request.user, session=session, reason=filled["reason"], seen=filled["seen"])
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The session is withdrawn."))
            return redirect("training_session", session_id=session.pk)
    return render(request, "training/training_withdraw.html", {"form": form, "session": session})


def _asked_for(request: SignedInRequest) -> dict[str, Any]:
    """Return what the address fills in: the link of a station whose officers miss something."""
    return {
        "station": request.GET.get("station"),
        "kind": request.GET.get("kind", Session.Kind.REGULAR),
        "modules": request.GET.getlist("modules"),
    }
