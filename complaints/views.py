"""Complaints: written down by anybody of the study, looked into by the desk that was chosen."""

from http import HTTPStatus

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
from complaints import presenters, queries, services
from complaints.forms import ComplaintForm, StepForm
from complaints.models import Complaint
from complaints.states import State

COMPLAINTS_PER_PAGE = 50


def complaint_list(request: SignedInRequest) -> HttpResponse:
    found = queries.complaints_listed(request.user)
    page = Paginator(found, COMPLAINTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = presenters.complaint_rows(page.object_list, timezone.localdate())
    context = {"page": page, "rows": rows, "keeps": request.user.has(Permission.KEEP_COMPLAINTS)}
    return render(request, "complaints/complaint_list.html", context)


def complaint_new(request: SignedInRequest) -> HttpResponse:
    form = ComplaintForm(request.POST or None, user=request.user, initial={"study_code": request.GET.get("codigo")})
    if request.method == "POST" and form.is_valid():
        try:
            complaint = services.write_complaint(by=request.user, told=form.told(), now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down as %(number)s. Thank you.") % {"number": complaint})
            return redirect("complaint_list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "complaints/complaint_new.html", {"form": form}, status=status)


def complaint_detail(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    return _page(request, _in_scope(request, complaint_id))


@require_POST
def complaint_take(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    complaint = _in_scope(request, complaint_id)
    try:
        services.take_complaint(by=request.user, complaint=complaint, now=timezone.now())
    except StudyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("complaint_detail", complaint_id=complaint.pk)


@require_POST
def complaint_step(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    complaint = _in_scope(request, complaint_id)
    form = StepForm(request.POST, complaint=complaint)
    if form.is_valid():
        try:
            services.record_complaint_step(
                by=request.user, complaint=complaint, now=timezone.now(), **form.cleaned_data
            )
        except StudyError as error:
            form.add_error("outcome" if isinstance(error, services.OutcomeNeeded) else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("complaint_detail", complaint_id=complaint.pk)
    return _page(request, complaint, form=form)


def _in_scope(request: SignedInRequest, complaint_id: int) -> Complaint:
    found = queries.complaints_listed(request.user).select_related("participant__vault_key").defer(None)
    return get_object_or_404(found, pk=complaint_id)


def _page(request: SignedInRequest, complaint: Complaint, *, form: StepForm | None = None) -> HttpResponse:
    """Show a complaint; its words to its desk alone. A form that was refused keeps what was typed."""
    handles, words, refusal = services.may_handle(request.user, complaint), {}, ""
    if handles:
        try:
            words = services.open_complaint(by=request.user, complaint=complaint)
        except StudyError as error:
            refusal = str(error)
    is_open = complaint.state in {State.IN_HAND, State.ANSWERED}
    (row,) = presenters.complaint_rows([complaint], timezone.localdate())
    context = {
        "row": row,
        "handles": handles,
        "text": words.get("text", ""),
        "refusal": refusal,
        "steps": presenters.step_rows(queries.steps_of(complaint), words),
        "may_take": handles and complaint.state == State.RECEIVED,
        "form": form or (StepForm(complaint=complaint) if handles and is_open else None),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "complaints/complaint_detail.html", context, status=status)
