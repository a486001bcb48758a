"""Rehearsals and the page of any draw; statisticians may look."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from protocol.queries import NoProtocol, current_protocol
from stations import queries, services
from stations.balance import chance_differences
from stations.certificate import certificate_text
from stations.design import design_of
from stations.forms.draws import CommitForm, DrawForm, ReasonForm
from stations.models import Allocation
from stations.presenters import draws as presenters
from stations.presenters import pictures

REDRAW = Path(settings.BASE_DIR) / "scripts" / "redraw.py"


def allocation_list(request: SignedInRequest) -> HttpResponse:
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = services.allocate_stations(by=request.user, seed=form.cleaned_data["seed"], now=timezone.now())
            return redirect("allocation_detail", drawn.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/allocation_list.html", list_context(request, rehearsal=form))


def list_context(
    request: SignedInRequest, *, rehearsal: DrawForm | None = None, commit: CommitForm | None = None
) -> dict[str, object]:
    """Return what the list of draws shows; forms that were typed in come back as they are."""
    may_draw, locked = request.user.has(Permission.ALLOCATE_STATIONS), queries.locked_allocation()
    promised = queries.open_commitment()
    try:
        facts = presenters.design_facts(design_of(current_protocol()))
    except NoProtocol:
        facts = []
    return {
        "rehearsal": (rehearsal or DrawForm()) if may_draw else None,
        "commit": (commit or CommitForm()) if may_draw and locked is None and promised is None else None,
        "promised": promised,
        "locked": locked,
        "facts": facts,
        "draws": queries.draws(),
        "abandoned": queries.abandoned_commitments(),
    }


def allocation_detail(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(queries.draws().select_related("frame", "protocol"), pk=allocation_id)
    is_open = presenters.shows_arms(allocation)
    context = {
        "allocation": allocation,
        "shows_arms": is_open,
        "facts": presenters.design_facts(queries.design_of_draw(allocation)),
        "reach": presenters.reach_lines(allocation),
        "constraint": (constraint := presenters.constraint_lines(allocation)),
        "scores": pictures.score_picture(constraint),
        "sample": queries.sample_of(allocation),
        "approvals": allocation.approvals.select_related("approved_by"),
        "locked": queries.locked_allocation(),
        "draws": Allocation.objects.filter(frame=allocation.frame).count(),
        "may_draw": request.user.has(Permission.ALLOCATE_STATIONS),
        "may_approve": queries.may_be_approved_by(request.user, allocation),
        "check": queries.latest_check() if allocation.status == Allocation.Status.LOCKED else None,
        **(_arms_context(allocation) if is_open else {}),
    }
    return render(request, "stations/allocation_detail.html", context)


def _arms_context(allocation: Allocation) -> dict[str, object]:
    arms = queries.design_of_draw(allocation).arm_codes
    per_arm = len(allocation.certificate["sample"]) // len(arms)
    chance = chance_differences(len(arms), per_arm) if per_arm > 1 else None
    labels, balance = presenters.arm_labels(allocation), queries.balance_of(allocation)
    by_arm = presenters.stations_by_arm(allocation)
    return {
        "arm_labels": labels,
        "balance": presenters.balance_lines(balance, arms, chance),
        "love": pictures.love_picture(balance, dict(zip(arms, labels, strict=True)), chance),
        "chance": chance,
        "by_arm": by_arm,
        "city": pictures.map_picture(allocation.frame, by_arm),
    }


def allocation_discard(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation, pk=allocation_id)
    form = ReasonForm(request.POST or None, label=_("Put this draft aside"))
    if allocation.is_rehearsal:
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data.get("reason", "")
            services.discard_allocation(by=request.user, allocation=allocation, reason=reason)
            messages.info(request, _("The draft was put aside. It stays on record."))
            return redirect("allocation_list")
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/give_up.html", {"form": form, "allocation": allocation})


def allocation_certificate(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation, pk=allocation_id)
    if not presenters.shows_arms(allocation):
        raise PermissionDenied
    services.record_certificate_download(by=request.user, allocation=allocation)
    content = certificate_text(allocation.certificate)
    headers = {"Content-Disposition": f'attachment; filename="allocation-{allocation.pk}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def redraw_script(request: SignedInRequest) -> FileResponse:
    return FileResponse(REDRAW.open("rb"), as_attachment=True, filename=REDRAW.name, content_type="text/x-python")
