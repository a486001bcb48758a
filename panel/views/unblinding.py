"""The act by which the groups get their names: what follows from it, asked for, approved, called off."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from panel import queries, services
from panel.forms.plans import UnblindingApproveForm, UnblindingAskForm
from panel.models import Unblinding
from panel.presenters.plans import group_names
from protocol.queries import current_protocol


def unblinding_page(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@require_POST
def unblinding_ask(request: SignedInRequest) -> HttpResponse:
    form = UnblindingAskForm(request.POST, until=queries.follow_up_until(timezone.localdate()))
    if form.is_valid():
        reason, early_reason = form.cleaned_data["reason"], form.cleaned_data.get("early_reason", "")
        try:
            services.ask_unblinding(by=request.user, reason=reason, early_reason=early_reason, now=timezone.now())
            messages.success(
                request, _("Asked for. Somebody of another role approves it; either of you may call it off.")
            )
            return redirect("unblinding_page")
        except StudyError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _page(request, ask=form)


@require_POST
def unblinding_approve(request: SignedInRequest) -> HttpResponse:
    form, waiting = UnblindingApproveForm(request.POST), queries.open_request()
    if waiting is not None and form.is_valid():
        try:
            typed = form.cleaned_data["typed_hash"]
            services.approve_unblinding(by=request.user, request=waiting, typed_hash=typed, now=timezone.now())
            messages.success(request, _("Recorded. The groups have their names for those whom the protocol lets know."))
            return redirect("unblinding_page")
        except StudyError as error:
            form.add_error(error.field or None, str(error))
    return _page(request, approve=form)


@require_POST
def unblinding_call_off(request: SignedInRequest) -> HttpResponse:
    waiting = queries.open_request()
    try:
        if waiting is None:
            raise services.UnblindingMovedOn
        services.call_off_unblinding(by=request.user, request=waiting, now=timezone.now())
        messages.info(request, _("Called off. Nothing was named."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("unblinding_page")


@require_GET
def candidate_file(request: SignedInRequest) -> HttpResponse:
    try:
        content = services.give_candidates(by=request.user)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("unblinding_page")
    headers = {"Content-Disposition": 'attachment; filename="sorteos-por-letra.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def _page(request: SignedInRequest, **bound: Any) -> HttpResponse:
    recorded, waiting, plan = queries.recorded_unblinding(), queries.open_request(), queries.confirmed_plan()
    until, user = queries.follow_up_until(timezone.localdate()), request.user
    may_act = recorded is None and user.has(Permission.UNBLIND)
    is_second = waiting is not None and user.pk != waiting.asked_by_id and user.role != waiting.asked_role
    context = {
        "recorded": recorded,
        "waiting": waiting,
        "plan": plan,
        "until": until,
        "may_act": may_act,
        "ask": bound.get("ask") or UnblindingAskForm(until=until) if may_act and not waiting and plan else None,
        "approve": bound.get("approve") or UnblindingApproveForm() if may_act and is_second else None,
        "may_take_candidates": recorded is not None and user.has(Permission.READ_ARM),
        "called_off": Unblinding.objects.called_off(),
        "groups": group_names(current_protocol(), get_language() or "es") if queries.reads_arm(user) else [],
    }
    return render(request, "panel/unblinding_page.html", context)
