"""The draw that counts, step by step: promise, reveal, two approvals; and what is given up or lost on the way."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from stations import services
from stations.forms.draws import ApproveForm, CommitForm, LossForm, ReasonForm, RevealForm
from stations.models import Allocation, Commitment
from stations.presenters import draws as presenters
from stations.views.draws import list_context


@require_POST
def commitment_create(request: SignedInRequest) -> HttpResponse:
    form = CommitForm(request.POST)
    if form.is_valid():
        try:
            promised = services.commit_draw(
                by=request.user, public_draw_source=form.cleaned_data["public_draw_source"], now=timezone.now()
            )
            messages.success(request, _("The draw is promised. Publish the promise now, before the numbers are drawn."))
            return redirect("commitment_detail", promised.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/allocation_list.html", list_context(request, commit=form))


def commitment_detail(request: SignedInRequest, commitment_id: int) -> HttpResponse:
    commitment = get_object_or_404(Commitment.objects.select_related("frame", "protocol"), pk=commitment_id)
    revealed = Allocation.objects.filter(commitment=commitment).first()
    if revealed is not None:
        return redirect("allocation_detail", revealed.pk)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = services.reveal_draw(
                by=request.user,
                commitment=commitment,
                public_draw=form.cleaned_data["public_draw"],
                now=timezone.now(),
            )
            messages.success(request, _("The draw is made. Two people must approve it before anybody sees the arms."))
            return redirect("allocation_detail", drawn.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/commitment_detail.html", {"commitment": commitment, "form": form})


def commitment_abandon(request: SignedInRequest, commitment_id: int) -> HttpResponse:
    commitment = get_object_or_404(Commitment, pk=commitment_id)
    form = ReasonForm(request.POST or None, label=_("Abandon the promise"))
    if request.method == "POST" and form.is_valid():
        try:
            services.abandon_commitment(
                by=request.user, commitment=commitment, reason=form.cleaned_data["reason"], now=timezone.now()
            )
            messages.info(request, _("The promise is abandoned. It stays on record."))
            return redirect("allocation_list")
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/give_up.html", {"form": form, "commitment": commitment})


def allocation_approve(request: SignedInRequest, allocation_id: int) -> HttpResponse:
    allocation = get_object_or_404(Allocation.objects.select_related("commitment"), pk=allocation_id)
    out_of_reach = [line for line in presenters.reach_lines(allocation) if line.is_out_of_reach]
    form = ApproveForm(request.POST or None, out_of_reach=out_of_reach)
    if request.method == "POST" and form.is_valid():
        try:
            approved = services.approve_allocation(
                by=request.user,
                allocation=allocation,
                accepted_contrasts=form.cleaned_data.get("accepted", []),
                now=timezone.now(),
            )
            messages.success(request, presenters.approval_message(approved))
            return redirect("allocation_detail", approved.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/allocation_approve.html", {"allocation": allocation, "form": form})


def station_loss(request: SignedInRequest) -> HttpResponse:
    form = LossForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            loss = services.record_station_loss(
                by=request.user,
                allocated=form.cleaned_data["station"],
                lost_on=form.cleaned_data["lost_on"],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
            messages.success(request, _("The loss is recorded. Nothing of the draw has changed."))
            return redirect("allocation_detail", loss.allocated.allocation_id)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/station_loss.html", {"form": form})
