"""Pages about risk: the form, what it came to, and scales."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may_open
from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from participants.models import Participant
from participants.queries import masked_names, participants_listed
from participants.replanning import request_replan
from participants.status import ENDED
from protocol.queries import current_protocol
from risk import presenters, queries, services
from risk.charts import band_strip
from risk.forms import LoweringForm, RiskForm, TryScaleForm
from risk.scale_diff import changes
from risk.scale_file import BY_HAND

WOMEN_PER_PAGE = 50
LEDGER_PER_PAGE = 50


def participant_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.participants_with_levels(request.user), WOMEN_PER_PAGE).get_page(request.GET.get("page"))
    names, scale = masked_names(page.object_list), queries.scale_in_force(timezone.localdate())
    rows = presenters.participant_rows(page.object_list, names, scale, timezone.localdate())
    return render(request, "risk/participant_list.html", {"page": page, "rows": rows})


def assess_risk(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant = _in_scope(request, study_code)
    scale = queries.scale_in_force(timezone.localdate())
    if scale is None:
        return render(request, "risk/scale_missing.html", {"participant": participant})
    form = RiskForm(request.POST or None, scale=queries.asked_rules(scale, timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        try:
            services.assess_risk(by=request.user, participant=participant, now=timezone.now(), **form.assessment())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            request_replan(participant.pk)
            return redirect("risk_history", study_code=study_code)
    return render(request, "risk/assess_risk.html", {"form": form, "participant": participant})


def risk_history(request: SignedInRequest, study_code: str) -> HttpResponse:
    participant, today = _in_scope(request, study_code), timezone.localdate()
    sheets = list(queries.assessments_of(participant))
    context = {
        "participant": participant,
        "has_left": participant.status in ENDED,
        "history": presenters.history(sheets),
        "course": presenters.course(sheets, queries.reports_after(participant), today),
        "held": queries.current_risk(participant),
        "decides": request.user.has(Permission.LOWER_RISK),
        "waiting": presenters.lowering_rows(filter(None, [queries.lowering_waiting(participant)]), timezone.now()),
    }
    return render(request, "risk/risk_history.html", context)


def reassessment_list(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    women = queries.reassessments_listed(request.user, today)
    page = Paginator(women, WOMEN_PER_PAGE).get_page(request.GET.get("page"))
    names, scale = masked_names(page.object_list), queries.scale_in_force(today)
    rows = presenters.participant_rows(page.object_list, names, scale, today)
    return render(request, "risk/reassessment_list.html", {"page": page, "rows": rows})


def lowering_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.lowerings_to_decide(request.user), WOMEN_PER_PAGE).get_page(request.GET.get("page"))
    rows = presenters.lowering_rows(page.object_list, timezone.now())
    return render(request, "risk/lowering_list.html", {"page": page, "rows": rows})


def lowering_decide(request: SignedInRequest, lowering_id: int) -> HttpResponse:
    lowering = get_object_or_404(queries.lowerings_listed(request.user), pk=lowering_id)
    (row,) = presenters.lowering_rows([lowering], timezone.now())
    form = LoweringForm(request.POST or None, to_label=row.to_label, held_label=row.held_label)
    if request.method == "POST" and form.is_valid():
        decide = services.confirm_lowering if form.lowers else services.decline_lowering
        note, now = form.cleaned_data["note"], timezone.now()
        try:
            decide(by=request.user, lowering=lowering, reason=form.reason, note=note, now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            request_replan(lowering.participant_id)
            messages.success(request, _("Saved."))
            return redirect("risk_history", study_code=lowering.participant.study_code)
    return render(request, "risk/lowering_decide.html", {"form": form, "row": row})


def risk_ledger(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.changed_levels(request.user), LEDGER_PER_PAGE).get_page(request.GET.get("page"))
    rows = presenters.ledger_rows(page.object_list)
    may_compare = may_open(request.user.role, "risk_acceptance")
    return render(request, "risk/risk_ledger.html", {"page": page, "rows": rows, "may_compare": may_compare})


def risk_acceptance(request: SignedInRequest) -> HttpResponse:
    return render(request, "risk/risk_acceptance.html", {"lines": queries.acceptance_by_station()})


def scale_list(request: SignedInRequest) -> HttpResponse:
    scales = list(queries.scales_loaded())
    in_force = queries.scale_in_force(timezone.localdate())
    return render(request, "risk/scale_list.html", {"scales": scales, "in_force": in_force})


def scale_detail(request: SignedInRequest, scale_id: int) -> HttpResponse:
    scale, today = get_object_or_404(queries.scales_loaded(), pk=scale_id), timezone.localdate()
    rules, before = queries.asked_rules(scale, today), queries.version_before(scale)
    protocol = current_protocol()
    is_ours = protocol.risk.scale == scale.code
    context = {
        "scale": scale,
        "rules": rules,
        "items": presenters.scale_item_rows(rules),
        "levels": presenters.scale_level_rows(rules, protocol if is_ours else None),
        "overrides": [(presenters.override_labels(rules)[o.code], o.steps) for o in rules.override],
        "strip": band_strip(rules),
        "before": before,
        "changes": changes(queries.scale_rules(before), queries.scale_rules(scale)) if before else (),
        "in_force": queries.scale_in_force(today) if is_ours else None,
        "is_ours": is_ours,
        "may_try": may_open(request.user.role, "scale_try"),
    }
    return render(request, "risk/scale_detail.html", context)


def scale_try(request: SignedInRequest, scale_id: int) -> HttpResponse:
    scale = get_object_or_404(queries.scales_loaded(), pk=scale_id)
    rules = queries.asked_rules(scale, timezone.localdate())
    if rules.kind == BY_HAND:
        raise Http404
    form = TryScaleForm(request.POST or None, scale=rules)
    shown = (
        presenters.explained(rules, form.answers(), form.overrides())
        if request.method == "POST" and form.is_valid()
        else None
    )
    return render(request, "risk/scale_try.html", {"form": form, "scale": scale, "shown": shown})


def _in_scope(request: SignedInRequest, study_code: str) -> Participant:
    return get_object_or_404(participants_listed(request.user), study_code=study_code)
