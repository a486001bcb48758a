"""The hub of the desk, a phone reported lost, and the new password afterwards."""

import secrets

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may_open
from accounts.errors import StudyError
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.services import give_password
from data_protection import queries, services
from data_protection.forms.phones import LostPhoneForm
from data_protection.presenters.desk import desk_entries

PASSWORD_BYTES = 9


def data_desk(request: SignedInRequest) -> HttpResponse:
    return render(request, "data_protection/data_desk.html", {"entries": desk_entries(request.user.role)})


def lost_phone(request: SignedInRequest) -> HttpResponse:
    now, by = timezone.now(), request.user
    form = LostPhoneForm(request.POST or None, by=by, accounts=queries.accounts_to_report(by, now))
    if request.method == "POST" and form.is_valid():
        lost_at = form.cleaned_data["lost_at"]
        try:
            incident = services.report_lost_phone(by=by, user=form.user, lost_at=lost_at, now=now)
        except StudyError as error:
            form.add_error(None, str(error))
        else:
            is_own = form.user.pk == by.pk
            if is_own:
                logout(request)
            elif may_open(by.role, "data_incident_detail"):
                messages.success(request, _("Everything that the phone could open has ended."))
                return redirect("data_incident_detail", incident.pk)
            return render(request, "data_protection/lost_phone_done.html", {"incident": incident, "is_own": is_own})
    return render(request, "data_protection/lost_phone.html", {"form": form})


@require_POST
def password_give(request: SignedInRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(User, pk=user_id)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        give_password(by=request.user, user=user, password=password)
    except StudyError as error:
        messages.error(request, str(error))
        return redirect("data_incident_list")
    return render(request, "data_protection/password_given.html", {"person": user, "password": password})
