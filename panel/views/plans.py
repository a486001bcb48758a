"""The plan of the analysis: every version, one in plain words, brought as a file, proposed and locked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from panel import queries, services
from panel.analysis_plan import PlanFileError
from panel.forms.plans import LockForm, PlanForm
from panel.models import PlanVersion
from panel.plan_states import PlanState
from panel.presenters.plans import kind_of, plan_words
from panel.queries.plan_content import read_plan


def plan_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "rows": [(plan, kind_of(plan)) for plan in PlanVersion.objects.listed()],
        "confirmed": queries.confirmed_plan(),
        "may_write": request.user.has(Permission.WRITE_PLAN),
        "unblinding": queries.recorded_unblinding(),
    }
    return render(request, "panel/plan_list.html", context)


def plan_upload(request: SignedInRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, request.FILES or None, is_amendment=queries.confirmed_plan() is not None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file, reason = form.cleaned_data["file"], form.cleaned_data.get("reason", "")
        try:
            stored = services.store_plan(
                by=request.user, source=file.read(), name=file.name, reason=reason, now=timezone.now()
            )
        except PlanFileError as error:
            problems = str(error).splitlines()
        except StudyError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Stored as a draft. Read it here as others will."))
            return redirect("plan_detail", plan_id=stored.pk)
    return render(request, "panel/plan_upload.html", {"form": form, "problems": problems})


def plan_detail(request: SignedInRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(PlanVersion.objects.listed().defer(None), pk=plan_id)
    is_waiting = plan.state == PlanState.PROPOSED
    may_lock = is_waiting and request.user.has(Permission.LOCK_PLAN)
    confirmed = queries.confirmed_plan()
    context = {
        "plan": plan,
        "kind": kind_of(plan),
        "words": plan_words(read_plan(plan), get_language() or "es"),
        "is_confirmed": confirmed is not None and confirmed.pk == plan.pk,
        "may_propose": plan.state == PlanState.DRAFT and request.user.has(Permission.PROPOSE_PLAN),
        "may_lock": may_lock and plan.proposed_by_id != request.user.pk,
        "may_call_off": may_lock,
    }
    return render(request, "panel/plan_detail.html", context)


def plan_file(request: SignedInRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(PlanVersion, pk=plan_id)
    headers = {"Content-Disposition": f'attachment; filename="plan-{plan.version}.toml"'}
    return HttpResponse(bytes(plan.source), content_type="text/plain; charset=utf-8", headers=headers)


@require_POST
def plan_propose(request: SignedInRequest, plan_id: int) -> HttpResponse:
    try:
        services.propose_plan(by=request.user, plan=get_object_or_404(PlanVersion, pk=plan_id), now=timezone.now())
        messages.success(request, _("Proposed. Somebody else locks it."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("plan_detail", plan_id=plan_id)


def plan_lock(request: SignedInRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(PlanVersion.objects.listed(), pk=plan_id)
    form = LockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.lock_plan(by=request.user, plan=plan, now=timezone.now())
            messages.success(request, _("The plan is locked. Nobody can change it any more."))
            return redirect("plan_detail", plan_id=plan_id)
        except StudyError as error:
            form.add_error(None, str(error))
    context = {"plan": plan, "form": form, "is_unblinded": queries.is_unblinded()}
    return render(request, "panel/plan_lock.html", context)


@require_POST
def plan_call_off(request: SignedInRequest, plan_id: int) -> HttpResponse:
    try:
        services.call_off_proposal(by=request.user, plan=get_object_or_404(PlanVersion, pk=plan_id))
        messages.info(request, _("Called off. It is a draft again."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("plan_detail", plan_id=plan_id)
