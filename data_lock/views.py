"""Locks: the list, a proposal, one lock with its signatures and what came late, lifting, and checking."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import StudyError
from accounts.permissions import Permission
from accounts.requests import SignedInRequest
from data_lock import presenters, queries, services
from data_lock.forms import CutForm, LeaveOutForm, LiftAskForm, LiftSignForm, ProposeForm, SignForm
from data_lock.models import DataLock
from data_lock.states import LockState

LOCKS_A_PAGE, LATE_A_PAGE = 50, 50


def data_lock_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.locks_listed(request.user), LOCKS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [presenters.lock_row(lock) for lock in page.object_list],
        "to_sign": set(queries.locks_to_sign(request.user).values_list("pk", flat=True)),
        "may_propose": request.user.has(Permission.PROPOSE_DATA_LOCKS),
    }
    return render(request, "data_lock/data_lock_list.html", context)


def data_lock_new(request: SignedInRequest) -> HttpResponse:
    cut_form = CutForm(request.GET if "kind" in request.GET else None, waves=presenters.wave_choices())
    form = ProposeForm(request.POST or None)
    context: dict[str, Any] = {"cut_form": cut_form, "form": form}
    if cut_form.is_bound and cut_form.is_valid():
        said = dict(cut_form.cleaned_data)
        try:
            context |= _looked_at(request, said)
            if request.method == "POST" and form.is_valid():
                lock = services.propose_lock(by=request.user, now=timezone.now(), **said, **form.cleaned_data)
                messages.success(request, _("Proposed: these data are held still. Two people sign now."))
                return redirect("data_lock_detail", lock_id=lock.pk)
        except StudyError as error:
            is_of_form = form.is_bound and "title" in context
            field = error.field if error.field in (form if is_of_form else cut_form).fields else None
            (form if is_of_form else cut_form).add_error(field, str(error))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or cut_form.errors else HTTPStatus.OK
    return render(request, "data_lock/data_lock_new.html", context, status=status)


def data_lock_detail(request: SignedInRequest, lock_id: int) -> HttpResponse:
    return _page(request, _in_scope(request, lock_id))


@require_POST
def data_lock_sign(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock, form = _in_scope(request, lock_id), SignForm(request.POST)
    if form.is_valid():
        try:
            services.sign_lock(by=request.user, lock=lock, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Signed."))
            return redirect("data_lock_detail", lock_id=lock.pk)
        except StudyError as error:
            form.add_error(error.field or None, str(error))
    return _page(request, lock, sign=form)


@require_POST
def data_lock_call_off(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock = _in_scope(request, lock_id)
    try:
        services.call_off_lock(by=request.user, lock=lock, now=timezone.now())
        messages.info(request, _("Called off. These data may change again."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("data_lock_detail", lock_id=lock.pk)


def data_lock_lift(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock = _in_scope(request, lock_id)
    waiting = queries.open_lifting(lock)
    shown = {"lifting": str(waiting.pk)} if waiting else {}
    if request.method == "POST" and request.POST.get("lifting", "") != shown.get("lifting", ""):
        return _moved_on(request, lock)
    form = (LiftSignForm if waiting else LiftAskForm)(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        service = services.sign_lifting if waiting else services.ask_lifting
        said = {name: value for name, value in form.cleaned_data.items() if name not in shown}
        try:
            service(by=request.user, lock=lock, now=timezone.now(), **said)
            messages.success(request, _("Signed."))
            return redirect("data_lock_detail", lock_id=lock.pk)
        except StudyError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    is_hers = waiting is not None and waiting.asked_by_id == request.user.pk
    context = {
        "row": presenters.lock_row(lock),
        "waiting": waiting,
        "form": form,
        "may_sign": lock.state == LockState.LOCKED and not is_hers,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "data_lock/data_lock_lift.html", context, status=status)


def _moved_on(request: SignedInRequest, lock: DataLock) -> HttpResponse:
    """Show how it stands now: who meant to ask signs nothing that another asked for, nor a request not shown to her."""
    messages.error(request, str(services.LiftingMovedOn.message))
    return redirect("data_lock_lift", lock_id=lock.pk)


@require_POST
def data_lock_lift_call_off(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock = _in_scope(request, lock_id)
    try:
        services.call_off_lifting(by=request.user, lock=lock, now=timezone.now())
        messages.info(request, _("Called off. These data stay locked."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("data_lock_detail", lock_id=lock.pk)


@require_POST
def data_lock_check(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock = _in_scope(request, lock_id)
    if services.check_lock(by=request.user, lock=lock, now=timezone.now()).problem:
        messages.error(request, _("Counted again: something is not as it was signed."))
    else:
        messages.success(request, _("Counted again: rows and signatures are as they were."))
    return redirect("data_lock_detail", lock_id=lock.pk)


@require_GET
def data_lock_paper(request: SignedInRequest, lock_id: int) -> HttpResponse:
    lock, now = (
        get_object_or_404(DataLock.objects.visible_to(request.user).signed().listed(), pk=lock_id),
        timezone.now(),
    )
    address = request.build_absolute_uri(reverse("data_lock_detail", args=[lock.pk]))
    signatures, check = list(queries.signatures_of(lock)), queries.last_check(lock)
    paper = presenters.lock_paper(lock, signatures, check, address=address, now=now)
    headers = {"Content-Disposition": f'attachment; filename="cierre-{lock.pk}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def data_lock_leave_out(request: SignedInRequest, lock_id: int, arrival_id: int) -> HttpResponse:
    lock = _in_scope(request, lock_id)
    arrival = get_object_or_404(queries.late_listed(lock), pk=arrival_id)
    form = LeaveOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.leave_out(by=request.user, arrival=arrival, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Decided. It stays kept where it is."))
            return redirect("data_lock_detail", lock_id=lock.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    context = {"row": presenters.lock_row(lock), "late": presenters.late_rows([arrival])[0], "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "data_lock/data_lock_leave_out.html", context, status=status)


def _in_scope(request: SignedInRequest, lock_id: int) -> DataLock:
    return get_object_or_404(DataLock.objects.visible_to(request.user).listed(), pk=lock_id)


def _looked_at(request: SignedInRequest, said: dict[str, Any]) -> dict[str, Any]:
    """Return a cut by name with what is open in it. Raise CutUnknown or CutNotOver."""
    cut = services.cut_of(said["kind"], said["wave"], said["until"], timezone.now())
    found = ((one.code, one.number) for one in queries.open_work(cut))
    return {
        "title": presenters.title_of(cut.kind, cut.wave, cut.until),
        "open": presenters.open_rows(found, request.user),
    }


def _page(request: SignedInRequest, lock: DataLock, *, sign: SignForm | None = None) -> HttpResponse:
    """Show a lock; a signature that was refused keeps what was chosen, but for the password."""
    signatures, check, user = list(queries.signatures_of(lock)), queries.last_check(lock), request.user
    waits = lock.pk in set(queries.locks_to_sign(user).values_list("pk", flat=True))
    late = Paginator(queries.late_listed(lock), LATE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": presenters.lock_row(lock),
        "parts": presenters.part_rows(lock),
        "open": presenters.open_rows(lock.still_open.items(), user),
        "signatures": signatures,
        "lifting": queries.open_lifting(lock),
        "check": check,
        "is_changed_by_right": presenters.is_changed_by_right(lock, check),
        "late_page": late,
        "late": presenters.late_rows(late.object_list),
        "held_surveys": queries.held_surveys(lock),
        "others": [presenters.lock_row(one) for one in queries.earlier_of(lock)],
        "sign": sign or (SignForm() if waits and lock.state == LockState.PROPOSED else None),
        "may_act": user.has(Permission.SIGN_DATA_LOCKS),
        "may_decide": user.has(Permission.PROPOSE_DATA_LOCKS),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sign else HTTPStatus.OK
    return render(request, "data_lock/data_lock_detail.html", context, status=status)
