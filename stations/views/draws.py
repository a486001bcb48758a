"""The administrator's way from a frame to locked arms; statisticians may look."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from stations import presenters, queries, services
from stations.allocation import chance_differences
from stations.forms.draws import DrawForm, LockForm
from stations.models import Allocation


def allocation_list(request: SignedInRequest) -> HttpResponse:
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = services.allocate_stations(by=request.user, seed=form.cleaned_data["seed"], now=timezone.now())
            return redirect("allocation_detail", drawn.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    context = {
        "form": form if request.user.has(Permission.ALLOCATE_STATIONS) else None,
        "allocations": Allocation.objects.select_related("drawn_by", "locked_by").order_by("-id"),
        "locked": queries.locked_allocation(),
    }
    return render(request, "stations/allocation_list.html", context)


def allocation_detail(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation.objects.select_related("frame", "protocol"), pk=allocation_id)
    labels, arms = presenters.arm_labels(allocation), allocation.certificate["arms"]
    chance = chance_differences(len(arms), len(allocation.certificate["sample"]) // len(arms))
    context = {
        "allocation": allocation,
        "arm_labels": labels,
        "balance": presenters.balance_lines(queries.balance_of(allocation), arms, chance),
        "chance": chance,
        "by_arm": presenters.stations_by_arm(allocation),
        "locked": queries.locked_allocation(),
        "draws": Allocation.objects.filter(frame=allocation.frame).count(),
        "may_lock": request.user.has(Permission.ALLOCATE_STATIONS) and allocation.status == Allocation.Status.DRAFT,
    }
    return render(request, "stations/allocation_detail.html", context)


def allocation_lock(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation, pk=allocation_id)
    form = LockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.lock_allocation(by=request.user, allocation=allocation, now=timezone.now())
            messages.success(request, _("The allocation is locked. Keep the certificate outside this system too."))
            return redirect("allocation_detail", allocation.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/allocation_lock.html", {"allocation": allocation, "form": form})


@require_POST
def allocation_discard(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation, pk=allocation_id)
    try:
        services.discard_allocation(by=request.user, allocation=allocation)
        messages.info(request, _("The draft was put aside. It stays on record."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("allocation_list")


def allocation_certificate(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation, pk=allocation_id)
    services.record_certificate_download(by=request.user, allocation=allocation)
    content = json.dumps(allocation.certificate, indent=2, ensure_ascii=False) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="allocation-{allocation.pk}.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
