"""The administrator's pages of officers: where they serve, who signs in as them, and who moved between arms."""

import secrets
from datetime import date

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
from accounts.roles import Role
from stations import queries, services
from stations.forms.officers import (
    EndForm,
    LinkForm,
    NewAccountForm,
    OfficerForm,
    OfficerSearchForm,
    TransferForm,
    WithdrawForm,
)
from stations.models import Officer, Posting
from stations.presenters import officers as presenters

ROWS_A_PAGE = 100
PASSWORD_BYTES = 12


def officer_list(request: SignedInRequest) -> HttpResponse:
    search = OfficerSearchForm(request.GET)
    found = queries.found_officers(code=search.code, station=search.station, on=timezone.localdate())
    context = {
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "is_filtered": bool(search.code or search.station),
    }
    return render(request, "stations/officer_list.html", context)


def officer_register(request: SignedInRequest) -> HttpResponse:
    form = OfficerForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            officer = services.register_officer(by=request.user, **form.cleaned_data)
            messages.success(request, _("The officer is registered."))
            return redirect("officer_detail", officer.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/officer_register.html", {"form": form})


def officer_detail(request: SignedInRequest, officer_id: int) -> HttpResponse:
    return _detail(request, _officer(officer_id))


def officer_transfer(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer = _officer(officer_id)
    form = TransferForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    move = None
    if request.method == "POST" and form.is_valid():
        station, starts_on = form.cleaned_data["station"], form.cleaned_data["starts_on"]
        if "confirm" in request.POST:
            try:
                services.post_officer(by=request.user, officer=officer, station=station, starts_on=starts_on)
                messages.success(request, _("The officer is posted."))
                return redirect("officer_detail", officer.pk)
            except StudyError as error:
                form.add_error(None, str(error))
        else:
            move = presenters.move_of(officer, station, starts_on=starts_on, today=timezone.localdate())
    return render(request, "stations/officer_transfer.html", {"officer": officer, "form": form, "move": move})


def officer_end(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer = _officer(officer_id)
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_service(by=request.user, officer=officer, ends_on=form.cleaned_data["ends_on"])
            messages.success(request, _("The service ends on that day."))
            return redirect("officer_detail", officer.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/officer_end.html", {"officer": officer, "form": form})


def posting_withdraw(request: SignedInRequest, posting_id: int) -> HttpResponse:
    posting = get_object_or_404(Posting.objects.select_related("officer", "station"), pk=posting_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_posting(
                by=request.user, posting=posting, reason=form.cleaned_data["reason"], now=timezone.now()
            )
            messages.success(request, _("The posting is withdrawn; the one before goes on."))
            return redirect("officer_detail", posting.officer_id)
        except StudyError as error:
            form.add_error(None, str(error))
    return render(request, "stations/posting_withdraw.html", {"posting": posting, "form": form})


@require_POST
def officer_link(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer, form = _officer(officer_id), LinkForm(request.POST)
    if form.is_valid():
        try:
            services.link_account(by=request.user, officer=officer, user=form.cleaned_data["user"])
            messages.success(request, _("The account is linked."))
            return redirect("officer_detail", officer.pk)
        except StudyError as error:
            form.add_error(None, str(error))
    return _detail(request, officer, link=form)


@require_POST
def officer_unlink(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer = _officer(officer_id)
    services.unlink_account(by=request.user, officer=officer)
    messages.success(request, _("The account is no longer this officer's. It sees no station now."))
    return redirect("officer_detail", officer.pk)


@require_POST
def officer_account(request: SignedInRequest, officer_id: int) -> HttpResponse:
    officer, form = _officer(officer_id), NewAccountForm(request.POST)
    if not form.is_valid():
        return _detail(request, officer, create=form)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    filled = form.cleaned_data
    try:
        user = services.open_account(
            by=request.user,
            officer=officer,
            username=filled["username"],
            display_name=filled["display_name"],
            role=Role(filled["role"]),
            password=password,
        )
    except StudyError as error:
        form.add_error(None, str(error))
        return _detail(request, officer, create=form)
    return render(request, "stations/officer_password.html", {"officer": officer, "user": user, "password": password})


def crossing_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.crossings(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    may_manage = request.user.has(Permission.MANAGE_OFFICERS)
    return render(request, "stations/crossing_list.html", {"page": page, "may_manage": may_manage})


def _officer(officer_id: int) -> Officer:
    return get_object_or_404(Officer.objects.select_related("user"), pk=officer_id)


def _detail(
    request: SignedInRequest, officer: Officer, *, link: LinkForm | None = None, create: NewAccountForm | None = None
) -> HttpResponse:
    today: date = timezone.localdate()
    context = {
        "officer": officer,
        "postings": queries.postings_of(officer),
        "today": today,
        "crossings": queries.crossings().filter(officer=officer),
        "link": link or LinkForm(),
        "create": create or NewAccountForm(),
    }
    return render(request, "stations/officer_detail.html", context)
