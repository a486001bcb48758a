"""Where to get help, for everyone in the field; and the directory as administrators keep it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import StudyError
from accounts.requests import SignedInRequest
from participants.queries import serving_station
from referrals import presenters, queries, services
from referrals.forms import ServiceForm

ROWS_A_PAGE = 50


def help_directory(request: SignedInRequest) -> HttpResponse:
    station = serving_station(request.user, timezone.localdate())
    found = queries.services_in_force(queries.district_of_station(station))
    return render(request, "referrals/help_directory.html", {"groups": presenters.service_groups(found)})


def service_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.services_listed(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    cards = [presenters.service_card(service) for service in page.object_list]
    return render(request, "referrals/service_list.html", {"page": page, "cards": cards})


def service_add(request: SignedInRequest) -> HttpResponse:
    form = ServiceForm(request.POST or None, districts=queries.districts_listed())
    if request.method == "POST" and form.is_valid():
        try:
            services.add_service(by=request.user, entry=form.entry(), now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("service_list")
    return render(request, "referrals/service_edit.html", {"form": form})


def service_change(request: SignedInRequest, service_id: int) -> HttpResponse:
    service = get_object_or_404(queries.services_listed(), pk=service_id, retired_at=None)
    form = ServiceForm(
        request.POST or None, districts=queries.districts_listed(), initial=presenters.form_values(service)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_service(by=request.user, service=service, entry=form.entry(), now=timezone.now())
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("service_list")
    return render(request, "referrals/service_edit.html", {"form": form, "service": service})


@require_POST
def service_retire(request: SignedInRequest, service_id: int) -> HttpResponse:
    service = get_object_or_404(queries.services_listed(), pk=service_id)
    try:
        services.retire_service(by=request.user, service=service, now=timezone.now())
        messages.success(request, _("It is offered no more. To offer it again, write it anew."))
    except StudyError as error:
        messages.error(request, str(error))
    return redirect("service_list")
