"""The act by which the groups get their names: what follows from it, asked for, approved, called off."""

from django.contrib import messages
from django.forms import Form
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
from panel.forms.plans import RequestForm, UnblindingApproveForm, UnblindingAskForm
from panel.models import Unblinding
from panel.presenters.plans import group_names, why_nobody_approves
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
    form = UnblindingApproveForm(request.POST)
    if form.is_valid():
        asked, typed = form.cleaned_data["request"], form.cleaned_data["typed_hash"]
        try:
            services.approve_unblinding(by=request.user, request=_shown(asked), typed_hash=typed, now=timezone.now())
            messages.success(request, _("Recorded. The groups have their names for those whom the protocol lets know."))
            return redirect("unblinding_page")
        except services.UnblindingMovedOn as error:
            messages.error(request, str(error))
            return redirect("unblinding_page")
        except StudyError as error:
            form.add_error(error.field or None, str(error))
    return _page(request, approve=form)


@require_POST
def unblinding_call_off(request: SignedInRequest) -> HttpResponse:
    form = RequestForm(request.POST)
    asked = form.cleaned_data["request"] if form.is_valid() else None
    try:
        services.call_off_unblinding(by=request.user, request=_shown(asked), now=timezone.now())
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


def _shown(number: int | None) -> Unblinding:
    """Return the request that the page showed: nobody approves or calls off another one unseen."""
    found = None if number is None else Unblinding.objects.filter(pk=number).first()
    if found is None:
        raise services.UnblindingMovedOn
    return found


def _page(request: SignedInRequest, *, ask: Form | None = None, approve: Form | None = None) -> HttpResponse:
    recorded, waiting, plan = queries.recorded_unblinding(), queries.open_request(), queries.confirmed_plan()
    until, user = queries.follow_up_until(timezone.localdate()), request.user
    may_act = recorded is None and user.has(Permission.UNBLIND)
    second = queries.request_to_approve(user) if may_act else None
    may_ask = may_act and not waiting and plan is not None
    _say_of(request, [form for form, is_shown in ((ask, may_ask), (approve, second)) if form and not is_shown])
    context = {
        "recorded": recorded,
        "waiting": waiting,
        "plan": plan,
        "until": until,
        "is_data_locked": queries.are_outcomes_locked(),
        "may_act": may_act,
        "ask": (ask or UnblindingAskForm(until=until)) if may_ask else None,
        "approve": (approve or UnblindingApproveForm(initial={"request": second.pk})) if second else None,
        "why_not": why_nobody_approves(waiting, plan),
        "may_take_candidates": recorded is not None and user.has(Permission.READ_ARM),
        "called_off": Unblinding.objects.called_off(),
        "groups": group_names(current_protocol(), get_language() or "es") if queries.reads_arm(user) else [],
    }
    return render(request, "panel/unblinding_page.html", context)


def _say_of(request: SignedInRequest, refused: list[Form]) -> None:
    """Say why something was refused, where it cannot be done any more and its form is gone."""
    for form in refused:
        for error in form.non_field_errors():
            messages.error(request, str(error))
